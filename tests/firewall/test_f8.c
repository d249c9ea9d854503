/* F8: an applet cannot starve, crash or brick the card. Every kind of misbehaviour in every entry:
 * it ends that command alone, what it did is undone, and everybody else goes on. */
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

static const char *const hows[HOW_COUNT] = {"well",    "trap",     "refuse", "loop",
                                            "recurse", "read",     "write",  "pointer",
                                            "divide",  "indirect", "status"};

/* Less fuel than the host has: the sanitizers are slow. */
static void little_fuel(struct test_card *t) {
    onecard_host_port(t->host)->fuel_per_command = 1000000;
    test_card_reopen(t);
}

static void open_card(struct attack *a) {
    attack_open(a, "test/attack.yaml");
    little_fuel(&a->t);
    attack_select(a, 1);
}

static int setup(void **state) {
    struct attack *a = calloc(1, sizeof *a);
    open_card(a);
    *state = a;
    return 0;
}

static int teardown(void **state) {
    attack_close(*state);
    free(*state);
    return 0;
}

/* What the applet says next of itself: select, deselect, uninstall, share. */
static void tell(struct attack *a, unsigned select, unsigned deselect) {
    char command[64];
    snprintf(command, sizeof command, "8017000004%02X%02X0000", select, deselect);
    EXPECT(&a->t, command, "9000");
}

static bool is_trap(unsigned how) {
    return how != HOW_WELL && how != HOW_REFUSE && how != HOW_STATUS;
}

/* Others answer, and the pool has what it had. */
static void expect_well(struct attack *a, uint32_t pool, const char *entry, unsigned how) {
    EXPECT(&a->t, HELLO_SELECT, HELLO_FCI "9000");
    EXPECT(&a->t, "8010000000", "*9000");
    const uint32_t now = pool_largest(&a->t.card->pool);
    if (now != pool)
        fail_msg("F8: %s in %s: the pool had %u bytes, and has %u", hows[how], entry,
                 (unsigned)pool, (unsigned)now);
    attack_select(a, 2);
    assert_int_equal(HOST(a, object_size, 0x9F71), 4);
    EXPECT(&a->t, HELLO_SELECT, HELLO_FCI "9000");
}

static uint32_t pool_beside_hello(struct attack *a) {
    EXPECT(&a->t, HELLO_SELECT, HELLO_FCI "9000");
    return pool_largest(&a->t.card->pool);
}

static void test_f8_process(void **state) {
    struct attack *a = *state;
    const uint32_t pool = pool_beside_hello(a);
    for (unsigned how = 0; how < HOW_COUNT; how++) {
        char command[16];
        attack_select(a, 1);
        snprintf(command, sizeof command, "8016%02X00", how);
        EXPECT(&a->t, command, how == HOW_WELL ? "9000" : how == HOW_REFUSE ? "6985" : "6F00");
        /* a trap deselects; a bad status word is only a failed command */
        if (!!strcmp(test_card_send(&a->t, "80140000"), "6985") == is_trap(how))
            fail_msg("F8: %s in process: the applet %s", hows[how],
                     is_trap(how) ? "goes on" : "is gone");
        expect_well(a, pool, "process", how);
    }
}

/* What a command had changed before it misbehaved is undone (S1 for a command). */
static void test_f8_process_undone(void **state) {
    struct attack *a = *state;
    for (unsigned n = 0; n < 3; n++) {
        attack_put(a, 0, "\xAA\xBB\xCC\xDD", 4);
        attack_call(a, ATTACK_TRAP, HOST_object_write,
                    (const uint32_t[ATTACK_SLOTS]){0x9F02, a->scratch, 4});
        assert_int_equal(HOST(a, object_size, 0x9F02), -2);
    }
}

static void test_f8_select(void **state) {
    struct attack *a = *state;
    const uint32_t pool = pool_beside_hello(a);
    for (unsigned how = 0; how < HOW_COUNT; how++) {
        attack_select(a, 1);
        tell(a, how, 0);
        EXPECT(&a->t, HELLO_SELECT, HELLO_FCI "9000");
        const char *select = "00A404000C" ATTACK_PACKAGE "010100";
        EXPECT(&a->t, select, how == HOW_WELL ? "*9000" : how == HOW_REFUSE ? "6985" : "6F00");
        EXPECT(&a->t, "80140000", how == HOW_WELL ? "*9000" : "6985");
        expect_well(a, pool, "select", how);
        if (how == HOW_WELL)
            continue;
        /* the instance itself is lost to whoever made it so, and to nobody else: a new card */
        attack_close(a);
        open_card(a);
    }
}

/* deselect() cannot keep the next one from being selected. */
static void test_f8_deselect(void **state) {
    struct attack *a = *state;
    const uint32_t pool = pool_beside_hello(a);
    for (unsigned how = 0; how < HOW_COUNT; how++) {
        attack_select(a, 1);
        tell(a, 0, how);
        expect_well(a, pool, "deselect", how);
        attack_select(a, 1);
        attack_select(a, 1); /* itself, again */
        EXPECT(&a->t, "00A4040008A000000151000000", "*9000");
    }
}

/* ---- entries that the card manager calls: on a blank card ---- */

struct blank {
    struct test_card t;
    struct package *package;
};

static void blank_open(struct blank *b) {
    test_card_blank(&b->t);
    little_fuel(&b->t);
    b->package = package_read("test/attack.cap");
    struct package *hello = package_read("hello.cap");
    EXPECT_SW(load_package(&b->t, b->package->aid, &b->package->load, 255), 0x9000);
    EXPECT_SW(load_package(&b->t, hello->aid, &hello->load, 255), 0x9000);
    EXPECT_SW(install_as(&b->t, 0x0C, hello->aid, hello->applet, hello->applet, ""), 0x9000);
    package_free(hello);
}

static void blank_close(struct blank *b) {
    package_free(b->package);
    test_card_free(&b->t);
}

static const struct aid one = {12, "\xF0\x6F\x6E\x65\x63\x61\x72\x64\xFF\x60\x01\x01"};

/* install() that fails leaves nothing, whatever it had made, and can be tried again. */
static void test_f8_install(void **state) {
    (void)state;
    struct blank b;
    blank_open(&b);
    const struct content before = content_now(&b.t);
    for (unsigned how = HOW_COUNT; how-- > 0;) {
        const char parameters[2] = {(char)how, 0};
        unsigned sw =
            install_as(&b.t, 0x0C, b.package->aid, b.package->applet, one, how ? parameters : "");
        EXPECT_SW(sw, how == HOW_WELL ? 0x9000 : how == HOW_REFUSE ? 0x6985 : 0x6F00);
        if (how == HOW_WELL)
            break;
        EXPECT_CONTENT(&b.t, &before);
        EXPECT_SW(select_aid(&b.t, one), 0x6A82);
        assert_true(hello_count(&b.t, AID_OF(HELLO_APPLET)) != 0);
        select_manager(&b.t);
    }
    EXPECT_SW(select_aid(&b.t, one), 0x9000);
    blank_close(&b);
}

/* uninstall() cannot keep an instance on the card. */
static void test_f8_uninstall(void **state) {
    (void)state;
    struct blank b;
    blank_open(&b);
    for (unsigned how = 0; how < HOW_COUNT; how++) {
        char command[64];
        EXPECT_SW(install_as(&b.t, 0x0C, b.package->aid, b.package->applet, one, ""), 0x9000);
        EXPECT_SW(select_aid(&b.t, one), 0x9000);
        snprintf(command, sizeof command, "80170000040000%02X00", how);
        EXPECT(&b.t, command, "9000");
        select_manager(&b.t);
        EXPECT_SW(delete_aid(&b.t, one, false), 0x9000);
        EXPECT_SW(select_aid(&b.t, one), 0x6A82);
        assert_true(hello_count(&b.t, AID_OF(HELLO_APPLET)) != 0);
        select_manager(&b.t);
    }
    blank_close(&b);
}

/* Personalisation runs process(): a trap there ends that STORE DATA, and undoes it. */
static void test_f8_personalisation(void **state) {
    (void)state;
    struct blank b;
    blank_open(&b);
    EXPECT_SW(install_as(&b.t, 0x0C, b.package->aid, b.package->applet, one, ""), 0x9000);
    const struct content before = content_now(&b.t);
    static const char for_one[] = "80E620001200000CF06F6E6563617264FF600101000000";
    EXPECT(&b.t, for_one, "009000");
    EXPECT(&b.t, "80E28000 0A 7000 07 80029F02 530177", "9000");
    struct content after = content_now(&b.t);
    assert_int_equal(after.objects, before.objects + 1);
    /* a group that is refused takes the whole command with it */
    EXPECT(&b.t, for_one, "009000");
    EXPECT(&b.t, "80E28000 14 7000 07 80029F03 530177 7000 07 80029F02 530177", "*6A89");
    assert_int_equal(content_now(&b.t).objects, after.objects);
    blank_close(&b);
}

/* A power-down in the middle of it all: a card that was trapped in every way opens again. */
static void test_f8_reopen_after_traps(void **state) {
    struct attack *a = *state;
    for (unsigned how = 1; how < HOW_COUNT; how++) {
        char command[16];
        attack_select(a, 1);
        snprintf(command, sizeof command, "8016%02X00", how);
        test_card_send(&a->t, command);
        test_card_reopen(&a->t);
    }
    attack_select(a, 1);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_f8_process),
        TEST(test_f8_process_undone),
        TEST(test_f8_select),
        TEST(test_f8_deselect),
        cmocka_unit_test(test_f8_install),
        cmocka_unit_test(test_f8_uninstall),
        cmocka_unit_test(test_f8_personalisation),
        TEST(test_f8_reopen_after_traps),
    };
    return cmocka_run_group_tests_name("F8", tests, NULL, NULL);
}
