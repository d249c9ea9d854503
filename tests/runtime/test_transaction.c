/* A command is a transaction: whatever it changes that lasts, of every kind, is there at its end or
 * undone together, by every way in which it can end; but try counters are never given back (F5). In
 * a shared call the same holds for both (F4). The power cut stands in test_share_torn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/card.h"

#define PEER_1 "00A404000AF06F6E6563617264FE0100"
#define PEER_2 "00A404000AF06F6E6563617264FE0200"
#define CALL_1 "0AF06F6E6563617264FE01"
#define CALL_2 "0AF06F6E6563617264FE02"

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

/* All changes of peer 1 are there, its list of callers too, or none is; now and after a power cut.
 */
static void expect_changes(struct test_card *t, bool all, const char *file, int line) {
    for (int i = 0; i < 2; i++) {
        test_card_expect(t, PEER_1, "*9000", file, line);
        test_card_expect(t, "8031000000", all ? "7F 9000" : "00 9000", file, line);
        test_card_expect(t, PEER_2, "*9000", file, line);
        test_card_expect(t, "802000100F" CALL_1 "0000000100",
                         all ? "00000000 9000" : "FFFFFFFE A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5 9000",
                         file, line);
        test_card_reopen(t);
    }
}

static void test_f5_every_end(void **state) {
    struct test_card *t = *state;
    const struct {
        const char *command, *answer;
        bool all;
    } rows[] = {
        {"8030000100", "00000000 9000", false}, /* abort */
        {"8030000200", "6F00", false},          /* trap */
        {"8030000300", "6F00", false},          /* fuel */
        {"8030000101", "6C04", false},          /* an answer that does not fit */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char tries[8];
        EXPECT(t, PEER_1, "*9000");
        EXPECT(t, "002000000431323334", "9000");
        EXPECT(t, rows[i].command, rows[i].answer);
        EXPECT(t, PEER_1, "*9000");
        snprintf(tries, sizeof tries, "63C2");
        EXPECT(t, "00200000", tries); /* the wrong PIN stays counted */
        expect_changes(t, rows[i].all, __FILE__, __LINE__);
    }
}

static void test_error_status_undoes_nothing(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8030000400", "6985");
    expect_changes(t, true, __FILE__, __LINE__);
}

static void test_commit_then_trap(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8030000500", "6F00");
    expect_changes(t, true, __FILE__, __LINE__);
}

static void test_abort_then_again(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8030000600", "9000");
    expect_changes(t, true, __FILE__, __LINE__);
}

/* Capacity: the change that does not fit is not made at all; those before it are. */
static void test_capacity(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8030000700", "FFFFFFFE 9000"); /* the object is not there */
    expect_changes(t, true, __FILE__, __LINE__);
}

/* F4: a callee changes all of its own, and the caller's command ends in each way. */
static void test_f4_callee_and_caller(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "80250000010000", "00000000 9000");
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, "802300110F" CALL_1 "0000001000", "00000000 00000000 9000"); /* aborted */
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8031000000", "00 9000");
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, "802100110F" CALL_1 "0000001002", "6C04"); /* undone for the wrong Le */
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8031000000", "00 9000");
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, "802100110F" CALL_1 "0000001000", "00000000 9000");
    expect_changes(t, true, __FILE__, __LINE__);
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(test_f5_every_end),     EACH(test_error_status_undoes_nothing),
        EACH(test_commit_then_trap), EACH(test_abort_then_again),
        EACH(test_capacity),         EACH(test_f4_callee_and_caller),
    };
    return cmocka_run_group_tests_name("transactions", tests, NULL, NULL);
}
