/* F8: quotas of packages and instances, each used up: what exceeds it is refused or ends that
 * command alone, others go on, and what is deleted is free again. They are set by INSTALL and told
 * early (6A84). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "manager/content.h"
#include "support/attack.h"

enum { FULL = -5, TOO_BIG = -7, OBJECT_COST = 28, OBJECT_HEAD = 8 };

static const struct aid one = {12, "\xF0\x6F\x6E\x65\x63\x61\x72\x64\xFF\x60\x01\x01"};
static const struct aid two = {12, "\xF0\x6F\x6E\x65\x63\x61\x72\x64\xFF\x60\x01\x02"};

struct quotas {
    struct attack a;
    struct package *package;
};

static int setup(void **state) {
    struct quotas *q = calloc(1, sizeof *q);
    test_card_blank(&q->a.t);
    onecard_host_port(q->a.t.host)->fuel_per_command = 1000000;
    test_card_reopen(&q->a.t);
    q->package = package_read("test/attack.cap");
    *state = q;
    return 0;
}

static int teardown(void **state) {
    struct quotas *q = *state;
    package_free(q->package);
    test_card_free(&q->a.t);
    free(q);
    return 0;
}

/* ---- commands with system parameters ---- */

static size_t unhex(const char *hex, uint8_t *out) {
    size_t len = 0;
    for (unsigned byte; *hex; hex++)
        if (*hex != ' ') {
            assert_int_equal(sscanf(hex++, "%2x", &byte), 1);
            out[len++] = (uint8_t)byte;
        }
    return len;
}

static void add_system(struct fields *parameters, const char *ef) {
    uint8_t bytes[100];
    const size_t len = unhex(ef, bytes);
    if (len) {
        parameters->bytes[parameters->len++] = 0xEF;
        fields_add(parameters, bytes, len);
    }
}

static unsigned announce(struct quotas *q, const char *ef) {
    struct fields f = {.len = 0}, parameters = {.len = 0};
    add_system(&parameters, ef);
    fields_add(&f, q->package->aid.value, q->package->aid.len);
    fields_add(&f, NULL, 0);
    fields_add(&f, NULL, 0);
    fields_add(&f, parameters.bytes, parameters.len);
    fields_add(&f, NULL, 0);
    select_manager(&q->a.t);
    return content_send(&q->a.t, 0xE6, 0x02, 0, f.bytes, f.len);
}

static unsigned load(struct quotas *q, const char *ef) {
    unsigned sw = announce(q, ef);
    return sw == 0x9000 ? load_blocks(&q->a.t, q->package->load.bytes, q->package->load.len, 255)
                        : sw;
}

static unsigned install(struct quotas *q, struct aid instance, const char *ef) {
    struct fields f = {.len = 0}, parameters = {.bytes = {0xC9, 0x00}, .len = 2};
    add_system(&parameters, ef);
    fields_add(&f, q->package->aid.value, q->package->aid.len);
    fields_add(&f, q->package->applet.value, q->package->applet.len);
    fields_add(&f, instance.value, instance.len);
    fields_add(&f, "", 1);
    fields_add(&f, parameters.bytes, parameters.len);
    fields_add(&f, NULL, 0);
    select_manager(&q->a.t);
    return content_send(&q->a.t, 0xE6, 0x0C, 0, f.bytes, f.len);
}

static void begin(struct attack *a, unsigned instance) {
    attack_select(a, instance);
    EXPECT(&a->t, "80140000", "*9000");
    a->scratch = (uint32_t)a->t.response[2] << 8 | a->t.response[3];
}

static uint32_t memory_need(struct quotas *q) {
    begin(&q->a, 1);
    struct vm_image image;
    struct registry *r = &q->a.t.card->manager.registry;
    assert_int_equal(manager_code(&q->a.t.card->manager, &r->entries[0], &image), 0);
    return image.memory_initial;
}

/* ---- flash and objects ---- */

static int32_t write_object(struct attack *a, uint32_t tag, uint32_t len) {
    return HOST(a, object_write, tag, a->scratch, len);
}

/* The instance has one object of its own from install(): 4 bytes. */
#define FIRST (OBJECT_COST + OBJECT_HEAD + 4)

static void test_f8_flash(void **state) {
    struct quotas *q = *state;
    struct attack *a = &q->a;
    EXPECT_SW(load(q, ""), 0x9000);
    EXPECT_SW(install(q, one, "C804 00000400"), 0x9000); /* 1024 bytes */
    EXPECT_SW(install(q, two, ""), 0x9000);
    begin(a, 1);
    /* exactly full, and not a byte more */
    const uint32_t left = 1024 - FIRST - OBJECT_COST - OBJECT_HEAD;
    assert_int_equal(write_object(a, 0x9F01, left + 1), FULL);
    assert_int_equal(HOST(a, object_size, 0x9F01), -2);
    assert_int_equal(write_object(a, 0x9F01, left), 0);
    assert_int_equal(write_object(a, 0x9F02, 1), FULL);
    assert_int_equal(write_object(a, 0x9F01, left + 1), FULL);
    assert_int_equal(HOST(a, object_size, 0x9F01), (int32_t)left);
    attack_put(a, 0, "\x62\x0B\x82\x01\x01\x83\x02\x01\x01\x80\x02\x00\x20", 13);
    assert_int_equal(HOST(a, file_create, 0, a->scratch, 13), FULL);
    assert_int_equal(HOST(a, biometric_set, 3), FULL);
    attack_put(a, 0, "\x04\x01\x0F\xFF\x00", 5);
    assert_int_equal(HOST(a, key_create, 0, a->scratch, 5, a->scratch, 16), FULL);
    /* what is there may be changed, and goes on after a power-down */
    assert_int_equal(HOST(a, object_patch, 0x9F01, 0, a->scratch, 100), 0);
    test_card_reopen(&a->t);
    begin(a, 1);
    assert_int_equal(write_object(a, 0x9F02, 1), FULL);
    /* another instance is not concerned */
    begin(a, 2);
    assert_int_equal(write_object(a, 0x9F01, 1500), 0);
    /* shrinking and deleting make room */
    begin(a, 1);
    assert_int_equal(write_object(a, 0x9F01, 10), 0);
    assert_int_equal(write_object(a, 0x9F02, 100), 0);
    assert_int_equal(HOST(a, object_delete, 0x9F01), 0);
    assert_int_equal(HOST(a, object_delete, 0x9F02), 0);
    assert_int_equal(write_object(a, 0x9F01, left), 0);
}

/* An abort and a trap give back what they had taken. */
static void test_f8_flash_after_abort(void **state) {
    struct quotas *q = *state;
    struct attack *a = &q->a;
    EXPECT_SW(load(q, ""), 0x9000);
    EXPECT_SW(install(q, one, "C802 0400"), 0x9000);
    begin(a, 1);
    for (unsigned n = 0; n < 10; n++) {
        const enum attack_mode mode = n % 2 ? ATTACK_UNDO : ATTACK_TRAP;
        const uint32_t arguments[ATTACK_SLOTS] = {0x9F01, a->scratch, 900};
        struct attack_outcome o = attack_call(a, mode, HOST_object_write, arguments);
        assert_int_equal(mode == ATTACK_UNDO ? o.result : 0, 0);
        assert_int_equal(HOST(a, object_size, 0x9F01), -2);
    }
    assert_int_equal(write_object(a, 0x9F01, 900), 0);
}

static void test_f8_objects(void **state) {
    struct quotas *q = *state;
    struct attack *a = &q->a;
    EXPECT_SW(load(q, ""), 0x9000);
    EXPECT_SW(install(q, one, "DF610105"), 0x9000);
    begin(a, 1);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(write_object(a, 0x9F01 + i, 1), 0);
    assert_int_equal(write_object(a, 0x9F10, 0), FULL);
    attack_put(a, 0, "\x04\x01\x0F\xFF\x00", 5);
    assert_int_equal(HOST(a, key_create, 0, a->scratch, 5, a->scratch, 16), FULL);
    assert_int_equal(HOST(a, object_delete, 0x9F01), 0);
    assert_int_equal(HOST(a, key_create, 0, a->scratch, 5, a->scratch, 16), 0);
    assert_int_equal(HOST(a, biometric_set, 1), FULL);
    assert_int_equal(HOST(a, key_delete, 0), 0);
    assert_int_equal(HOST(a, biometric_set, 1), 0);
}

/* install() itself may already be too much: nothing is left of it. */
static void test_f8_install_exceeds(void **state) {
    struct quotas *q = *state;
    EXPECT_SW(load(q, ""), 0x9000);
    const struct content before = content_now(&q->a.t);
    EXPECT_SW(install(q, one, "C802 0027"), 0x6A84); /* one byte less than it makes */
    EXPECT_CONTENT(&q->a.t, &before);
    EXPECT_SW(install(q, one, "C802 0028"), 0x9000);
}

/* A package's flash and objects are what all its instances have together. */
static void test_f8_package_sums(void **state) {
    struct quotas *q = *state;
    struct attack *a = &q->a;
    EXPECT_SW(load(q, "C802 0400 DF610103"), 0x9000);
    EXPECT_SW(install(q, one, ""), 0x9000);
    EXPECT_SW(install(q, two, ""), 0x9000);
    begin(a, 1);
    assert_int_equal(write_object(a, 0x9F01, 500), 0);
    begin(a, 2);
    assert_int_equal(write_object(a, 0x9F01, 1), FULL); /* three objects there are */
    begin(a, 1);
    assert_int_equal(HOST(a, object_delete, 0x9F01), 0);
    begin(a, 2);
    const uint32_t left = 1024 - 2 * FIRST - OBJECT_COST - OBJECT_HEAD;
    assert_int_equal(write_object(a, 0x9F01, left + 1), FULL);
    assert_int_equal(write_object(a, 0x9F01, left), 0);
    /* no third instance: told before its install() runs */
    struct aid three = one;
    three.value[11] = 3;
    EXPECT_SW(install(q, three, ""), 0x6A84);
    assert_non_null(strstr(a->t.last_trace, "quota"));
}

/* ---- memory and code ---- */

static void test_f8_memory(void **state) {
    struct quotas *q = *state;
    char ef[32];
    EXPECT_SW(load(q, ""), 0x9000);
    EXPECT_SW(install(q, one, ""), 0x9000);
    const uint32_t need = memory_need(q);
    select_manager(&q->a.t);
    const struct content before = content_now(&q->a.t);
    snprintf(ef, sizeof ef, "C702%04X", (unsigned)need - 1);
    EXPECT_SW(install(q, two, ef), 0x6A84);
    assert_non_null(strstr(q->a.t.last_trace, "memory"));
    EXPECT_CONTENT(&q->a.t, &before);
    snprintf(ef, sizeof ef, "C702%04X", (unsigned)need);
    EXPECT_SW(install(q, two, ef), 0x9000);
    begin(&q->a, 2);
}

static void test_f8_memory_of_package(void **state) {
    struct quotas *q = *state;
    const struct content before = content_now(&q->a.t);
    EXPECT_SW(load(q, "C702 0400"), 0x6A84);
    assert_non_null(strstr(q->a.t.last_trace, "memory"));
    EXPECT_CONTENT(&q->a.t, &before);
    EXPECT_SW(load(q, "C702 4000"), 0x9000);
    EXPECT_SW(install(q, one, "C702 0400"), 0x6A84);
    EXPECT_SW(install(q, one, "C704 00010000"), 0x9000);
}

static void test_f8_code(void **state) {
    struct quotas *q = *state;
    const struct content before = content_now(&q->a.t);
    EXPECT_SW(announce(q, "C604 7FFFFFFF"), 0x6A84); /* before a block is sent */
    EXPECT_CONTENT(&q->a.t, &before);
    EXPECT_SW(load(q, "C602 0100"), 0x6A84);
    assert_non_null(strstr(q->a.t.last_trace, "quota"));
    EXPECT_CONTENT(&q->a.t, &before);
    EXPECT_SW(load(q, "C602 7000"), 0x9000); /* the load file's own size would do */
}

/* ---- a command's fuel, stack and transaction ---- */

static void test_f8_fuel(void **state) {
    struct quotas *q = *state;
    struct attack *a = &q->a;
    EXPECT_SW(load(q, ""), 0x9000);
    EXPECT_SW(install(q, one, "DF62022000"), 0x9000); /* 8192 */
    EXPECT_SW(install(q, two, ""), 0x9000);
    begin(a, 1);
    EXPECT(&a->t, "80180010", "*9000"); /* a little is fine */
    EXPECT(&a->t, "80160300", "6F00");
    assert_non_null(strstr(a->t.last_trace, "fuel"));
    EXPECT(&a->t, "80140000", "6985");
    /* many small commands burn as much as they like: it is per command */
    begin(a, 1);
    for (unsigned n = 0; n < 50; n++)
        EXPECT(&a->t, "80180010", "*9000");
    /* what burns more than that the other may do */
    begin(a, 2);
    for (unsigned n = 0; n < 4; n++)
        assert_int_equal(HOST(a, random, a->scratch, 2048), 0);
}

static void test_f8_depth(void **state) {
    struct quotas *q = *state;
    struct attack *a = &q->a;
    EXPECT_SW(load(q, ""), 0x9000);
    EXPECT_SW(install(q, one, "DF650108"), 0x9000);
    EXPECT_SW(install(q, two, ""), 0x9000);
    begin(a, 1);
    EXPECT(&a->t, "80180003", "*9000");
    EXPECT(&a->t, "80180010", "6F00");
    assert_non_null(strstr(a->t.last_trace, "stack"));
    begin(a, 2); /* whose depth is the card's */
    EXPECT(&a->t, "80180010", "*9000");
    begin(a, 1);
    EXPECT(&a->t, "80180003", "*9000");
}

static void test_f8_stack(void **state) {
    struct quotas *q = *state;
    struct attack *a = &q->a;
    EXPECT_SW(load(q, ""), 0x9000);
    EXPECT_SW(install(q, one, "DF640140"), 0x9000); /* 64 slots */
    EXPECT_SW(install(q, two, ""), 0x9000);
    begin(a, 1);
    EXPECT(&a->t, "80180001", "*9000");
    EXPECT(&a->t, "80180020", "6F00");
    assert_non_null(strstr(a->t.last_trace, "stack"));
    begin(a, 2);
    EXPECT(&a->t, "80180020", "*9000");
}

static void test_f8_transaction(void **state) {
    struct quotas *q = *state;
    struct attack *a = &q->a;
    EXPECT_SW(load(q, ""), 0x9000);
    EXPECT_SW(install(q, one, "DF63020258"), 0x9000); /* 600 bytes */
    EXPECT_SW(install(q, two, ""), 0x9000);
    begin(a, 1);
    assert_in_range(HOST(a, tx_room, 0), 550, 600);
    assert_int_equal(write_object(a, 0x9F01, 150), 0);
    assert_int_equal(write_object(a, 0x9F01, 100), 0); /* one command each */
    assert_int_equal(write_object(a, 0x9F01, 700), TOO_BIG);
    assert_int_equal(HOST(a, object_size, 0x9F01), 100);
    assert_int_equal(HOST(a, object_delete, 0x9F01), 0); /* deleting is always possible */
    begin(a, 2);
    assert_true(HOST(a, tx_room, 0) > 1000);
    assert_int_equal(write_object(a, 0x9F01, 700), 0);
}

/* The narrower of package and instance holds. */
static void test_f8_narrower(void **state) {
    struct quotas *q = *state;
    struct attack *a = &q->a;
    EXPECT_SW(load(q, "DF63020258 DF650108"), 0x9000);
    EXPECT_SW(install(q, one, "DF63020FFF DF650140"), 0x9000);
    EXPECT_SW(install(q, two, "DF630201F4"), 0x9000);
    begin(a, 1);
    assert_in_range(HOST(a, tx_room, 0), 550, 600);
    EXPECT(&a->t, "80180010", "6F00");
    begin(a, 2);
    assert_in_range(HOST(a, tx_room, 0), 450, 500);
}

/* ---- parameters ---- */

static void test_quota_parameters(void **state) {
    struct quotas *q = *state;
    static const char *const wrong[] = {
        "C803 000400", "C801 40", "C805 0000000400", "DF6100", "DF6105 0000000001", "C802 04", "C7",
    };
    EXPECT_SW(load(q, ""), 0x9000);
    const struct content before = content_now(&q->a.t);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        EXPECT_SW(install(q, one, wrong[i]), 0x6A80);
        EXPECT_CONTENT(&q->a.t, &before);
    }
    /* zero limits nothing; tags of others are passed over */
    EXPECT_SW(install(q, one, "C702 0000 C802 0000 DF610100 CF0100 D702 1000"), 0x9000);
    begin(&q->a, 1);
    assert_int_equal(write_object(&q->a, 0x9F01, 1000), 0);
    /* it goes with its instance */
    select_manager(&q->a.t);
    EXPECT_SW(delete_aid(&q->a.t, one, false), 0x9000);
    EXPECT_SW(install(q, one, "C802 0040"), 0x9000);
    select_manager(&q->a.t);
    EXPECT_SW(delete_aid(&q->a.t, one, false), 0x9000);
    EXPECT_CONTENT(&q->a.t, &before);
    EXPECT_SW(install(q, one, ""), 0x9000);
    begin(&q->a, 1);
    assert_int_equal(write_object(&q->a, 0x9F01, 1000), 0);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_f8_flash),
        TEST(test_f8_flash_after_abort),
        TEST(test_f8_objects),
        TEST(test_f8_install_exceeds),
        TEST(test_f8_package_sums),
        TEST(test_f8_memory),
        TEST(test_f8_memory_of_package),
        TEST(test_f8_code),
        TEST(test_f8_fuel),
        TEST(test_f8_depth),
        TEST(test_f8_stack),
        TEST(test_f8_transaction),
        TEST(test_f8_narrower),
        TEST(test_quota_parameters),
    };
    return cmocka_run_group_tests_name("F8: quotas", tests, NULL, NULL);
}
