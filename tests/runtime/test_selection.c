/* SELECT by name in all its forms, and what is selected without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/registry.h"

#define PEER_AID "\xF0\x6F\x6E\x65\x63\x61\x72\x64\xFE"
#define PEER_1_FCI "6F0C840AF06F6E6563617264FE01 9000"
#define PEER_2_FCI "6F0C840AF06F6E6563617264FE02 9000"
#define PEER_3_FCI "6F0C840AF06F6E6563617264FE03 9000"
#define DOMAIN "00A4040008A00000015100000000"

static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_make(t, "test/peer.yaml");
    *state = t;
    return 0;
}

static int teardown(void **state) {
    test_card_free(*state);
    free(*state);
    return 0;
}

static void test_full_and_partial(void **state) {
    struct test_card *t = *state;
    EXPECT(t, "00A404000AF06F6E6563617264FE0100", PEER_1_FCI);
    EXPECT(t, "00A404000AF06F6E6563617264FE0200", PEER_2_FCI);
    EXPECT(t, "00A4040009F06F6E6563617264FE00", PEER_1_FCI); /* partial: the first */
    EXPECT(t, "00A4040008F06F6E656361726400", PEER_1_FCI);
    EXPECT(t, "00A4040009F06F6E65636172640100", HELLO_FCI "9000");
    EXPECT(t, "00A404000BF06F6E6563617264FE010000", "6A82"); /* longer than any */
    EXPECT(t, "8010000000", "*9000");                        /* hello stays selected */
    EXPECT(t, "00A4040008F06F6E65636172FF00", "6A82");
    EXPECT(t, "8010000000", "*9000");
    EXPECT(t, DOMAIN, "*9000");
    EXPECT(t, "00A4040000", "*9000"); /* without a name: the issuer's domain */
    EXPECT(t, "8010000000", "6D00");
    EXPECT(t, "00A4040009F06F6E6563617264FF00", "6A82"); /* the domain stays too */
    EXPECT(t, "8010000000", "6D00");
}

static void test_occurrences(void **state) {
    struct test_card *t = *state;
    EXPECT(t, DOMAIN, "*9000");
    EXPECT(t, "00A4040008F06F6E656361726400", PEER_1_FCI);
    EXPECT(t, "00A4040208F06F6E656361726400", PEER_2_FCI);
    EXPECT(t, "00A4040208F06F6E656361726400", PEER_3_FCI);
    EXPECT(t, "00A4040208F06F6E656361726400", HELLO_FCI "9000");
    EXPECT(t, "00A4040208F06F6E656361726400", "6A82"); /* no more; hello stays */
    EXPECT(t, "8010000000", "*9000");
    EXPECT(t, "00A4040308F06F6E656361726400", PEER_3_FCI); /* previous */
    EXPECT(t, "00A4040308F06F6E656361726400", PEER_2_FCI);
    EXPECT(t, "00A4040308F06F6E656361726400", PEER_1_FCI);
    EXPECT(t, "00A4040308F06F6E656361726400", "6A82");
    EXPECT(t, "8002000000", "*9000");
    EXPECT(t, "00A4040108F06F6E656361726400", HELLO_FCI "9000"); /* last */
    EXPECT(t, "00A4040008F06F6E656361726400", PEER_1_FCI);       /* first */
    EXPECT(t, "00A4040208F06F6E656361726408", "6C0E");           /* a short Le: not done */
    /* no name matches all, the issuer's domain first */
    EXPECT(t, "00A4040000", "*9000");
    EXPECT(t, "00A4040200", PEER_1_FCI);
    EXPECT(t, "00A4040200", PEER_2_FCI);
    EXPECT(t, "00A4040100", HELLO_FCI "9000");
    EXPECT(t, "00A4040300", PEER_3_FCI);
    /* P2 */
    EXPECT(t, "00A4040C09F06F6E656361726401", "9000");
    EXPECT(t, "00A4040409F06F6E65636172640100", HELLO_FCI "9000");
    EXPECT(t, "00A4040809F06F6E65636172640100", "6A86");
    EXPECT(t, "00A4041009F06F6E65636172640100", "6A86");
}

/* An instance that is not selectable, or locked, is not there: GPCS 5.3.1. */
static void test_not_selectable(void **state) {
    struct test_card *t = *state;
    uint32_t peer = context_of(t, PEER_AID "\x01", 10);
    EXPECT(t, "00A4040009F06F6E65636172640100", HELLO_FCI "9000");
    const uint8_t states[] = {APPLET_INSTALLED, APPLET_LOCKED | APPLET_SELECTABLE,
                              APPLET_LOCKED | 0x0F};
    for (size_t i = 0; i < sizeof states; i++) {
        set_life_cycle(t, peer, states[i]);
        EXPECT(t, "00A4040009F06F6E65636172640100", HELLO_FCI "9000");
        EXPECT(t, "00A404000AF06F6E6563617264FE0100", "6A82");
        EXPECT(t, "8010000000", "*9000");
        EXPECT(t, "00A4040009F06F6E6563617264FE00", PEER_2_FCI);
    }
    set_life_cycle(t, peer, 0x7F);
    EXPECT(t, "00A404000AF06F6E6563617264FE0100", PEER_1_FCI);
}

/* Selected without SELECT, GPCS 6.4.2.1.1 and 6.4.3.1. */
static void test_by_default(void **state) {
    struct test_card *t = *state;
    uint32_t peer = context_of(t, PEER_AID "\x01", 10);
    uint8_t aid[16];
    assert_int_equal(onecard_selected(t->card, aid), 8); /* the issuer's domain */
    set_privileges(t, peer, PRIVILEGE_CARD_RESET);
    assert_int_equal(onecard_selected(t->card, aid), 10);
    EXPECT(t, "8002000000", "01010080 9000");
    EXPECT(t, DOMAIN, "*9000"); /* which does not keep the issuer away */
    /* its select entry refuses: the issuer's domain */
    EXPECT(t, "00A404000AF06F6E6563617264FE0100", PEER_1_FCI);
    EXPECT(t, "80040F01", "00000000 9000");
    test_card_reopen(t);
    assert_int_equal(onecard_selected(t->card, aid), 8);
    EXPECT(t, "00A404000AF06F6E6563617264FE0100", "6985");
    set_privileges(t, peer, 0);
    /* by interface and channel */
    uint32_t other = context_of(t, PEER_AID "\x02", 10);
    set_implicit(t, other, IMPLICIT_CONTACTLESS);
    assert_int_equal(onecard_selected(t->card, aid), 8);
    onecard_host_port(t->host)->interface = 1;
    test_card_reopen(t);
    assert_int_equal(onecard_selected(t->card, aid), 10);
    assert_int_equal(aid[9], 2);
    onecard_host_port(t->host)->interface = 0;
    set_implicit(t, other, IMPLICIT_CONTACT | IMPLICIT_CONTACTLESS | 3);
    assert_int_equal(onecard_selected(t->card, aid), 8);
    EXPECT(t, "00700002", "9000");
    EXPECT(t, "8202000000", "6D00");
    EXPECT(t, "00700003", "9000");
    EXPECT(t, "8302000000", "01010383 9000");
    EXPECT(t, "00708003", "9000");
    EXPECT(t, "02700003", "9000"); /* from channel 2: what is selected there */
    EXPECT(t, "8302000000", "6D00");
    set_life_cycle(t, other, APPLET_LOCKED | APPLET_SELECTABLE);
    EXPECT(t, "00700003", "9000");
    EXPECT(t, "8302000000", "6D00"); /* it is locked: the issuer's domain */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_full_and_partial, setup, teardown),
        cmocka_unit_test_setup_teardown(test_occurrences, setup, teardown),
        cmocka_unit_test_setup_teardown(test_not_selectable, setup, teardown),
        cmocka_unit_test_setup_teardown(test_by_default, setup, teardown),
    };
    return cmocka_run_group_tests_name("selection", tests, NULL, NULL);
}
