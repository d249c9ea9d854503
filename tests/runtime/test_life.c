/* Life cycles of the card and of applets: what an applet may change, and what follows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/registry.h"

#define PEER_AID "\xF0\x6F\x6E\x65\x63\x61\x72\x64\xFE"
#define PEER_1 "00A404000AF06F6E6563617264FE0100"
#define PEER_2 "00A404000AF06F6E6563617264FE0200"
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

/* States of its own, kept over power; not those that are not its to set. */
static void test_own_states(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8010000000", "0000000F 9000"); /* as install() left it */
    EXPECT(t, "8011002700", "00000000 9000");
    EXPECT(t, "8011002F00", "00000000 9000");
    EXPECT(t, "8010000000", "0000002F 9000");
    const char *refused[] = {"8011000000", "8011000300", "8011000600", "8011008F00",
                             "801100FF00", "8011012700", "8011010F00"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        EXPECT(t, refused[i], "FFFFFFFF 9000");
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, "8010000000", "0000000F 9000"); /* each its own */
    test_card_reopen(t);
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8010000000", "0000002F 9000");
    EXPECT(t, "8011000700", "00000000 9000"); /* back: its own business */
    EXPECT(t, "8014000000", "0000000F 9000"); /* the card is SECURED */
}

/* It can lock itself, and stays selected; nobody selects it again. Undone with its command. */
static void test_lock_itself(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8016000000", "0000000F 9000"); /* aborted */
    EXPECT(t, "8017000001", "6C04");          /* not done for the wrong Le */
    EXPECT(t, "8010000000", "0000000F 9000");
    EXPECT(t, "8011008000", "00000000 9000");
    EXPECT(t, "8010000000", "0000008F 9000");
    EXPECT(t, "8011000F00", "FFFFFFF5 9000"); /* CARD_E_STATE: it cannot unlock itself */
    EXPECT(t, "8011008000", "FFFFFFF5 9000");
    EXPECT(t, PEER_1, "6A82");
    EXPECT(t, "8010000000", "0000008F 9000");
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, PEER_1, "6A82");
    test_card_reopen(t);
    EXPECT(t, PEER_1, "6A82");
}

/* Without the privilege nobody locks or terminates. */
static void test_privileges(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, "8012000000", "FFFFFFF8 9000"); /* CARD_E_DENIED */
    EXPECT(t, "8013000000", "FFFFFFF8 9000");
    EXPECT(t, "8014000000", "0000000F 9000");
    set_privileges(t, context_of(t, PEER_AID "\x02", 10), PRIVILEGE_CARD_LOCK);
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, "8013000000", "FFFFFFF8 9000");
    EXPECT(t, "8012000000", "00000000 9000");
}

/* CARD_LOCKED: the issuer's domain alone, with a warning; channels close (GPCS 5.1.1.4). */
static void test_card_locked(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8015000000", "6F00"); /* locked, then trapped: undone */
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8014000000", "0000000F 9000");
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "01A404000AF06F6E6563617264FE0100", "*9000");
    EXPECT(t, "8112000000", "00000000 9000"); /* on channel 1, which is closed by it */
    for (int i = 0; i < 2; i++) {
        EXPECT(t, "8114000000", "6881");
        EXPECT(t, "8014000000", "6D00"); /* the domain is selected */
        EXPECT(t, "0070000001", "6A81");
        EXPECT(t, PEER_1, "6A81");
        EXPECT(t, HELLO_SELECT, "6A81");
        EXPECT(t, "00A4040009F06F6E6563617264FF00", "6A81");
        EXPECT(t, DOMAIN, "*6283");
        EXPECT(t, "00A4040000", "*6283");
        EXPECT(t, "00A4040003A0000000", "*6283");
        test_card_reopen(t);
    }
    set_card_life(t, CARD_SECURED);
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "0070000001", "01 9000");
}

/* The final application takes the domain's place. */
static void test_final_application(void **state) {
    struct test_card *t = *state;
    set_privileges(t, context_of(t, PEER_AID "\x02", 10), PRIVILEGE_FINAL);
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8012000000", "00000000 9000");
    EXPECT(t, "8002000000", "01010080 9000"); /* peer 2, selected anew */
    EXPECT(t, "8010000000", "0000000F 9000");
    EXPECT(t, DOMAIN, "6A81");
    EXPECT(t, PEER_1, "6A81");
    EXPECT(t, PEER_2, "*6283");
    test_card_reopen(t);
    EXPECT(t, "8002000000", "01010080 9000");
    EXPECT(t, PEER_2, "*6283");
    set_card_life(t, CARD_TERMINATED);
    EXPECT(t, "80CA000000", "47455444 9000"); /* GET DATA, and nothing else */
    EXPECT(t, "8002000000", "6985");
    EXPECT(t, PEER_2, "6A81");
}

/* TERMINATED: for ever. */
static void test_terminated(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8013000000", "00000000 9000");
    for (int i = 0; i < 2; i++) {
        EXPECT(t, "8014000000", "6985");
        EXPECT(t, "0070000001", "6985");
        EXPECT(t, PEER_1, "6A81");
        EXPECT(t, DOMAIN, "6A81");
        EXPECT(t, "80F0800F00", "6985");
        EXPECT(t, "80E60C0000", "6985");
        test_card_reopen(t);
    }
}

/* Before the card was issued an applet cannot end it. */
static void test_pre_issuance(void **state) {
    struct test_card *t = *state;
    const uint8_t bytes[3] = {CARD_INITIALIZED, 1};
    assert_int_equal(store_write(t->card->store, STORE_NAME(0, KIND_REGISTRY, 0), 1, bytes, 2), 0);
    registry_done(t);
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8012000000", "FFFFFFF5 9000");
    EXPECT(t, "8013000000", "FFFFFFF5 9000");
    set_card_life(t, CARD_OP_READY); /* issued in plain, but not SECURED: no way to lock */
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8012000000", "FFFFFFF5 9000");
    EXPECT(t, "8013000000", "00000000 9000");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_own_states, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lock_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(test_privileges, setup, teardown),
        cmocka_unit_test_setup_teardown(test_card_locked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_final_application, setup, teardown),
        cmocka_unit_test_setup_teardown(test_terminated, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pre_issuance, setup, teardown),
    };
    return cmocka_run_group_tests_name("life", tests, NULL, NULL);
}
