/* Attacks on content management: sessions that are to end, loads whose domain goes, counters at
 * their end, the card's buffer between channels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/content.h"
#include "support/gp_host.h"

#define BANK AID_OF("\xD1\x56\x00\x00\x01\x01")

static const struct kind {
    uint8_t protocol, key_len, version, type;
} kinds[] = {{0x02, 16, 0x20, 0x80}, {0x03, 16, 0x30, 0x88}, {0xF3, 16, 0x38, 0x89}};
#define KINDS (sizeof kinds / sizeof *kinds)

static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    struct gp_host h;
    test_card_blank(t);
    for (size_t i = 0; i < KINDS; i++) {
        gp_default_keys(&h, kinds[i].protocol, kinds[i].key_len, kinds[i].version, 0);
        EXPECT_SW(gp_put_keys(t, NULL, true, 0, kinds[i].type, &h), 0x9000);
    }
    EXPECT(t, "80F0800F", "9000");
    test_card_reopen(t);
    *state = t;
    return 0;
}

static int teardown(void **state) {
    test_card_free(*state);
    free(*state);
    return 0;
}

static void open_issuer(struct test_card *t, struct gp_host *h, const struct kind *k,
                        uint8_t level) {
    select_manager(t);
    gp_default_keys(h, k->protocol, k->key_len, k->version, level);
    EXPECT_SW(gp_open(t, h), 0x9000);
}

/* F6: R-MACs that EXTERNAL AUTHENTICATE asked for can be ended; the C-MACs that it asked for stay
 * demanded, and no command in plain is taken. */
static void test_f6_ending_r_macs_keeps_c_macs(void **state) {
    static const uint8_t levels[] = {0x11, 0x13, 0x33};
    struct test_card *t = *state;
    struct gp_host h;
    for (size_t k = 0; k < KINDS; k++) {
        for (size_t l = 0; l < sizeof levels; l++) {
            if (kinds[k].protocol == 0x02 && levels[l] & 0x20)
                continue;
            open_issuer(t, &h, &kinds[k], levels[l]);
            EXPECT_SW(gp_send_hex(t, &h, "780003", ""), 0x9000);
            h.r_mac = false;
            h.level &= 0x03;
            EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x9000);
            EXPECT(t, "80F28002024F0000", "6982"); /* in plain */
            EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x6982);
        }
    }
}

/* The class byte is under the MAC. Ax and Bx are no classes of secure channels. */
static void test_classes_that_no_mac_covers(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    uint8_t command[300];
    for (size_t k = 0; k < KINDS; k++) {
        for (uint8_t cla = 0xA4; cla <= 0xB4; cla = (uint8_t)(cla + 0x10)) {
            open_issuer(t, &h, &kinds[k], 0x01);
            size_t len = gp_wrap(&h, 0xF2, 0x80, 0x02, "\x4F\x00", 2, command);
            command[0] = cla;
            assert_int_equal(onecard_transmit(t->card, command, len, t->response, &t->response_len),
                             ONECARD_OK);
            assert_int_equal(t->response_len, 2);
            assert_memory_equal(t->response, "\x69\x82", 2);
            EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x6982); /* it is closed */
        }
    }
}

/* The sequence counter of SCP02 has 16 bits. With them used up no session opens: its keys and
 * challenges would be those of an old one. */
static void test_scp02_counter_never_comes_again(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    struct scp_version v;
    assert_int_equal(scp_version_get(&t->card->keys, 0, 0x20, &v), ONECARD_OK);
    v.sequence = 0xFFFF;
    assert_int_equal(scp_version_set(&t->card->keys, 0, 0x20, &v), ONECARD_OK);
    assert_int_equal(store_commit(t->card->store), ONECARD_OK);
    open_issuer(t, &h, &kinds[0], 0x01);
    assert_int_equal(h.sequence, 0xFFFF);
    gp_default_keys(&h, 0x02, 16, 0x20, 0x01);
    EXPECT_SW(gp_open(t, &h), 0x6985);
    test_card_reopen(t);
    EXPECT_SW(gp_open(t, &h), 0x6985);
    /* new keys begin anew */
    open_issuer(t, &h, &kinds[1], 0x01);
    struct gp_host keys;
    gp_default_keys(&keys, 0x02, 16, 0x20, 0x01);
    keys.enc[0] ^= 0x10;
    EXPECT_SW(gp_put_keys(t, &h, false, 0x20, 0x80, &keys), 0x9000);
    EXPECT_SW(gp_open(t, &keys), 0x9000);
}

static unsigned make_bank(struct test_card *t, struct gp_host *h) {
    struct fields f = {.len = 0};
    fields_add(&f, "\xA0\x00\x00\x01\x51\x53\x50", 7);
    fields_add(&f, "\xA0\x00\x00\x01\x51\x53\x50\x41", 8);
    fields_add(&f, BANK.value, BANK.len);
    fields_add(&f, "\x80", 1);
    fields_add(&f, NULL, 0);
    fields_add(&f, NULL, 0);
    return gp_send(t, h, 0xE6, 0x0C, 0, f.bytes, f.len);
}

/* F6: a load file that goes to a domain goes nowhere once that domain is deleted; least of all to
 * the next one that gets its context. */
static void test_f6_domain_deleted_while_its_load_comes(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    struct fields f = {.len = 0};
    struct package *hello = package_read("hello.cap");
    open_issuer(t, &h, &kinds[1], 0x01);
    EXPECT_SW(make_bank(t, &h), 0x9000);
    fields_add(&f, hello->aid.value, hello->aid.len);
    fields_add(&f, BANK.value, BANK.len);
    for (int i = 0; i < 3; i++)
        fields_add(&f, NULL, 0);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x02, 0, f.bytes, f.len), 0x9000);
    EXPECT_SW(gp_send(t, &h, 0xE8, 0, 0, hello->load.bytes, 200), 0x9000);
    f = (struct fields){.bytes = {0x4F}, .len = 1};
    fields_add(&f, BANK.value, BANK.len);
    EXPECT_SW(gp_send(t, &h, 0xE4, 0, 0, f.bytes, f.len), 0x9000);
    EXPECT_SW(gp_send(t, &h, 0xE8, 0, 1, hello->load.bytes + 200, 200), 0x6985);
    assert_null(t->card->manager.load);
    assert_int_equal(t->card->manager.registry.count, 0);
    package_free(hello);
}

/* F6: a domain goes with all below it, however deep: nothing is left to whoever gets its context
 * next. */
static void test_f6_deep_domains(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    struct registry *r = &t->card->manager.registry;
    for (uint16_t i = 1; i <= 40; i++) {
        struct registry_entry e = {.context = i,
                                   .domain = (uint16_t)(i - 1),
                                   .type = REGISTRY_DOMAIN,
                                   .life_cycle = APPLET_SELECTABLE,
                                   .privileges = {0x80, 0x40, 0x00},
                                   .aid = BANK};
        e.aid.value[5] = (uint8_t)i;
        assert_int_equal(registry_add(r, &e, 0, 0, NULL, 0), ONECARD_OK);
    }
    assert_int_equal(store_commit(t->card->store), ONECARD_OK);
    assert_int_equal(registry_load(r, t->card->store), ONECARD_OK);
    open_issuer(t, &h, &kinds[1], 0x01);
    struct fields f = {.bytes = {0x4F}, .len = 1};
    fields_add(&f, BANK.value, BANK.len);
    f.bytes[7] = 1;
    EXPECT_SW(gp_send(t, &h, 0xE4, 0, 0x80, f.bytes, f.len), 0x9000);
    assert_int_equal(r->count, 0);
}

/* F2: commands in parts, in plain, lie in the card's buffer when they are whole; what another
 * channel had there is not mixed with them. */
static void test_f2_parts_and_other_channels(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    EXPECT(t, "0070000001", "01 9000");
    open_issuer(t, &h, &kinds[1], 0x00);
    EXPECT(t, "91E28000 04 42024142", "9000"); /* a chain on channel 1 begins */
    EXPECT(t, "80E48000 02 4F05", "9000");     /* DELETE of what is not there, in two parts */
    EXPECT(t, "80E40000 05 F0F0F0F0F0", "6A88");
    EXPECT(t, "81E28000 04 45024344", "6883"); /* its beginning is gone, and it is told so */
}

#define FOR_PERSONALISATION "0000 06F00102030401 000000"
#define DGI_FILE(number) "6200 17 6211 820101 8302" number "80020004 8800 860201C0 5302 0A0B"

/* The package and an instance F00102030401 of it. */
static void install_files(struct test_card *t, struct gp_host *h) {
    struct package *files = package_read("test/files.cap");
    struct fields f = {.len = 0};
    fields_add(&f, files->aid.value, files->aid.len);
    for (int i = 0; i < 4; i++)
        fields_add(&f, NULL, 0);
    EXPECT_SW(gp_send(t, h, 0xE6, 0x02, 0, f.bytes, f.len), 0x9000);
    size_t at = 0;
    for (uint8_t number = 0; at < files->load.len; number++) {
        size_t left = files->load.len - at, step = left < 200 ? left : 200;
        const uint8_t p1 = step == left ? P1_LAST : 0;
        EXPECT_SW(gp_send(t, h, 0xE8, p1, number, files->load.bytes + at, step), 0x9000);
        at += step;
    }
    f.len = 0;
    fields_add(&f, files->aid.value, files->aid.len);
    fields_add(&f, files->applet.value, files->applet.len);
    fields_add(&f, "\xF0\x01\x02\x03\x04\x01", 6);
    fields_add(&f, "", 1);
    fields_add(&f, "\xC9", 2);
    fields_add(&f, NULL, 0);
    EXPECT_SW(gp_send(t, h, 0xE6, 0x0C, 0, f.bytes, f.len), 0x9000);
    package_free(files);
}

/* F6: STORE DATA goes to an application of the session's own domain. Once another session locked it
 * or gave it away, what is left of its personalisation does not get there. */
static void test_f6_given_away_while_personalised(void **state) {
    struct test_card *t = *state;
    struct gp_host a, b;
    EXPECT(t, "0070000001", "01 9000");
    open_issuer(t, &a, &kinds[1], 0x01);
    EXPECT_SW(make_bank(t, &a), 0x9000);
    install_files(t, &a);
    gp_default_keys(&b, 0x02, 16, 0x20, 0x01);
    b.channel = 1;
    EXPECT_SW(gp_open(t, &b), 0x9000);
    EXPECT_SW(gp_send_hex(t, &a, "E62000", FOR_PERSONALISATION), 0x9000);
    EXPECT_SW(gp_send_hex(t, &a, "E20800", DGI_FILE("0001")), 0x9000);
    EXPECT_SW(gp_send_hex(t, &b, "F04080", "F00102030401"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &a, "E28801", DGI_FILE("0002")), 0x6985);
    EXPECT_SW(gp_send_hex(t, &b, "F04000", "F00102030401"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &a, "E62000", FOR_PERSONALISATION), 0x9000);
    EXPECT_SW(gp_send_hex(t, &a, "E20800", DGI_FILE("0002")), 0x9000);
    EXPECT_SW(gp_send_hex(t, &b, "E61000", "06D15600000101 00 06F00102030401 000000"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &a, "E28801", DGI_FILE("0003")), 0x6985);
}

/* F6: sequences of commands end with the session that began them. */
static void test_f6_new_session_begins_anew(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    struct package *hello = package_read("hello.cap");
    struct fields f = {.len = 0};
    open_issuer(t, &h, &kinds[1], 0x01);
    install_files(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", FOR_PERSONALISATION), 0x9000);
    EXPECT_SW(gp_open(t, &h), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E28800", DGI_FILE("0001")), 0x6A88); /* not for the domain */
    fields_add(&f, hello->aid.value, hello->aid.len);
    for (int i = 0; i < 4; i++)
        fields_add(&f, NULL, 0);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x02, 0, f.bytes, f.len), 0x9000);
    EXPECT_SW(gp_send(t, &h, 0xE8, 0, 0, hello->load.bytes, 200), 0x9000);
    EXPECT_SW(gp_open(t, &h), 0x9000);
    EXPECT_SW(gp_send(t, &h, 0xE8, 0, 1, hello->load.bytes + 200, 200), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "E21000", "DF0104 0102"), 0x9000);
    EXPECT_SW(gp_open(t, &h), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E29001", "0304"), 0x6A86);
    EXPECT(t, "80E4800002 4F05", "9000"); /* a part */
    EXPECT_SW(gp_open(t, &h), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "4F06 F00102030401"), 0x9000);
    package_free(hello);
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(test_f6_ending_r_macs_keeps_c_macs),
        EACH(test_classes_that_no_mac_covers),
        EACH(test_scp02_counter_never_comes_again),
        EACH(test_f6_domain_deleted_while_its_load_comes),
        EACH(test_f6_deep_domains),
        EACH(test_f2_parts_and_other_channels),
        EACH(test_f6_given_away_while_personalised),
        EACH(test_f6_new_session_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
