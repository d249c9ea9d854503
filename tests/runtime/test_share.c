/* F4: one applet reaches another only through share_call(): it is found by AID if it lists the
 * caller, data are copied, depth and re-entry are bounded, and both have one transaction. Three
 * instances of peer; what each operation does stands in tests/applets/peer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/registry.h"

#define AID_1 "0AF06F6E6563617264FE01"
#define AID_2 "0AF06F6E6563617264FE02"
#define AID_3 "0AF06F6E6563617264FE03"
#define AID_HELLO "09F06F6E656361726401"
#define PEER_1 "00A404000AF06F6E6563617264FE0100"
#define PEER_2 "00A404000AF06F6E6563617264FE0200"
#define PEER_3 "00A404000AF06F6E6563617264FE0300"

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

/* A command of the caller's with callee, operation and bytes as its data. */
static const char *command(const char *head, const char *aid, const char *operation,
                           const char *data) {
    static char line[700];
    snprintf(line, sizeof line, "%s%02X%s%s%s00", head,
             (unsigned)(strlen(aid) + strlen(operation) + strlen(data)) / 2, aid, operation, data);
    return line;
}

/* Call, with room for 16 bytes of answer: result 4, then the answer, or the room if it failed. */
#define CALL(t, aid, operation, data, answer)                                                      \
    EXPECT(t, command("80200010", aid, operation, data), answer)

static void allow(struct test_card *t, const char *select, const char *list) {
    char line[400];
    EXPECT(t, select, "*9000");
    snprintf(line, sizeof line, *list ? "80250000%02X%s00" : "8025000000%.0u%s",
             (unsigned)strlen(list) / 2, list);
    EXPECT(t, line, "00000000 9000");
}

#define UNTOUCHED "A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5"
#define WIPED "00000000000000000000000000000000"
#define NOT_FOUND "FFFFFFFE"
#define STATE "FFFFFFF5"
#define TRAP "FFFFFFEE"

static void test_f4_call(void **state) {
    struct test_card *t = *state;
    allow(t, PEER_2, AID_1);
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "00000001", "112233", "00000003 112233 9000");
    CALL(t, AID_2, "00000001", "", "00000000 9000");
    CALL(t, AID_2, "00000002", "", "0000000A F06F6E6563617264FE01 9000"); /* who calls */
    CALL(t, AID_2, "00000099", "", "FFFFFFF3" WIPED "9000");              /* its own error */
    EXPECT(t, "8029000000", STATE "9000"); /* nobody calls a process() */
    /* an answer that does not fit is the callee's error to deal with */
    CALL(t, AID_2, "0000000B", "", "00000004 FFFFFFF9 9000");
    EXPECT(t, command("80200000", AID_2, "00000001", ""), "00000000 9000");
    /* data and answer must not overlap: 32 to 47 and .. */
    const struct {
        const char *p1p2, *answer;
    } rows[] = {{"0011", "FFFFFFFF"}, {"001F", "FFFFFFFF"}, {"0020", "FFFFFFFF"},
                {"002F", "FFFFFFFF"}, {"0010", "00000010"}, {"0030", "00000010"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[64], answer[16];
        snprintf(line, sizeof line, "8026%s0B" AID_2 "00", rows[i].p1p2);
        snprintf(answer, sizeof answer, "%s9000", rows[i].answer);
        EXPECT(t, line, answer);
    }
}

/* Without being on the callee's list, nobody gets in; and whatever the reason is, the caller sees
 * the same: code, buffer and fuel. */
static void test_f4_stranger(void **state) {
    struct test_card *t = *state;
    static const char *const nobody[] = {
        AID_2,                    /* no list */
        AID_1,                    /* itself, no list */
        AID_HELLO,                /* no entry "share" */
        "0AF06F6E6563617264FE09", /* not there */
        "09F06F6E6563617264FE",   /* a part of an AID: there is no partial match */
        "08A000000151000000",     /* the issuer's domain */
        "0AF06F6E6563617264FE50", /* a package */
        "00",
        "05FFFFFFFFFF",
    };
    EXPECT(t, PEER_1, "*9000");
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
        CALL(t, nobody[i], "00000001", "112233", NOT_FOUND UNTOUCHED "9000");
    /* lists that have others on them */
    static const char *const lists[] = {AID_3,
                                        "0AF06F6E6563617264FE00",
                                        "09F06F6E6563617264FE",
                                        "8AF06F6E6563617264FE02",
                                        "88F06F6E65636172FF",
                                        "0BF06F6E6563617264FE0100",
                                        (AID_2 AID_3)};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        allow(t, PEER_2, lists[i]);
        EXPECT(t, PEER_1, "*9000");
        CALL(t, AID_2, "00000001", "112233", NOT_FOUND UNTOUCHED "9000");
    }
    /* and lists that have it */
    static const char *const good[] = {AID_1,
                                       "00",
                                       "81F0",
                                       "88F06F6E6563617264",
                                       "8AF06F6E6563617264FE01",
                                       (AID_3 AID_1),
                                       "89F06F6E6563617264FE"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        allow(t, PEER_2, good[i]);
        EXPECT(t, PEER_1, "*9000");
        CALL(t, AID_2, "00000001", "112233", "00000003 112233 9000");
    }
    allow(t, PEER_2, "");
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "00000001", "112233", NOT_FOUND UNTOUCHED "9000");
}

/* The same, told by fuel: a caller that calls until it is stopped gets as far with each. */
static void test_f4_stranger_by_fuel(void **state) {
    struct test_card *t = *state;
    onecard_host_port(t->host)->fuel_per_command = 100000;
    test_card_reopen(t);
    allow(t, PEER_3, AID_2);
    static const char *const nobody[] = {AID_2, AID_3, "0AF06F6E6563617264FE09",
                                         "0AF06F6E6563617264FF01"};
    int counts[4];
    for (size_t i = 0; i < 4; i++) {
        EXPECT(t, PEER_1, "*9000");
        /* the most calls that one command can make */
        int low = 1, high = 1000;
        while (low < high) {
            char head[16];
            int middle = (low + high + 1) / 2;
            snprintf(head, sizeof head, "8027%04X", (unsigned)middle);
            EXPECT(t, PEER_1, "*9000");
            const char *answer = test_card_send(t, command(head, nobody[i], "00000001", "1122"));
            if (!strcmp(answer, "9000"))
                low = middle;
            else
                high = middle - 1;
        }
        counts[i] = low;
    }
    assert_in_range(counts[0], 50, 900);
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(counts[i], counts[0]);
}

/* Lists that are none are refused, and the one before stays. */
static void test_f4_lists(void **state) {
    struct test_card *t = *state;
    allow(t, PEER_2, AID_1);
    static const char *const wrong[] = {
        "01",
        "04F06F6E65",
        "0AF06F6E6563617264FE",
        "80",
        "8000",
        "11F06F6E6563617264FE01010203040506",
        "91F06F6E",
        (AID_1 "05F06F6E"),
        "FF",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char line[100];
        snprintf(line, sizeof line, "80250000%02X%s00", (unsigned)strlen(wrong[i]) / 2, wrong[i]);
        EXPECT(t, line, "FFFFFFF4 9000");
    }
    char line[400] = "8025000089";
    for (int i = 0; i < 137; i++)
        strcat(line, "00");
    strcat(line, "00");
    EXPECT(t, line, "FFFFFFF9 9000");
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "00000001", "11", "00000001 11 9000");
    test_card_reopen(t); /* it lasts */
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "00000001", "11", "00000001 11 9000");
}

/* The callee may refuse on its own; what it had answered is gone, and its refusal looks like
 * absence. It cannot say anything that is not its to say. */
static void test_f4_callee_lies(void **state) {
    struct test_card *t = *state;
    allow(t, PEER_2, "00");
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "00000006", "", NOT_FOUND WIPED "9000");
    const struct {
        const char *returned, *seen;
    } rows[] = {
        {"00000000", "00000006"}, {"00009000", "00000006"}, {"7FFFFFFF", "00000006"},
        {"FFFFFFFF", "FFFFFFFF"}, {"FFFFFFF8", NOT_FOUND},  {"FFFFFFF2", "FFFFFFF2"},
        {"FFFFFFF1", STATE},      {"FFFFFFEF", STATE}, /* CARD_E_IO: "flash failed" */
        {"FFFFFFEE", STATE},                           /* "it trapped" */
        {"80000000", STATE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char answer[80];
        snprintf(answer, sizeof answer, "%s%s9000", rows[i].seen,
                 rows[i].seen[0] == '0' ? "736563726574" : WIPED);
        CALL(t, AID_2, "00000008", rows[i].returned, answer);
    }
    CALL(t, AID_2, "00000001", "11", "00000001 11 9000"); /* nothing is doomed by that */
}

/* Depth and re-entry are bounded; nobody hides in between. */
static void test_f4_depth_and_reentry(void **state) {
    struct test_card *t = *state;
    allow(t, PEER_1, "00");
    allow(t, PEER_2, "00");
    allow(t, PEER_3, "00");
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_1, "00000001", "11", STATE UNTOUCHED "9000"); /* itself */
    /* 1 calls 2, which calls: 2 itself, 1, 3 */
    CALL(t, AID_2, "00000007",
         AID_2 "00000001"
               "11",
         "00000004" STATE "9000");
    CALL(t, AID_2, "00000007",
         AID_1 "00000001"
               "11",
         "00000004" STATE "9000");
    CALL(t, AID_2, "00000007",
         AID_3 "00000001"
               "1122",
         "00000002 1122 9000");
    CALL(t, AID_2, "00000007", AID_3 "00000002", "0000000A F06F6E6563617264FE02 9000");
    /* 1 calls 2, which calls 3, which calls 1, 2, 3 */
    static const char *const back[] = {AID_1, AID_2, AID_3};
    for (size_t i = 0; i < 3; i++) {
        char data[120];
        snprintf(data, sizeof data, AID_3 "00000007%s0000000111", back[i]);
        CALL(t, AID_2, "00000007", data, "00000004" STATE "9000");
    }
    /* selected on another channel is not running: it can be called, in a memory of its own */
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "01A404000AF06F6E6563617264FE0200", "*9000");
    EXPECT(t, "8102000000", "01010181 9000");
    CALL(t, AID_2, "0000000A", "", "00000008 00000001 00000000 9000");
    CALL(t, AID_2, "0000000A", "", "00000008 00000001 00000000 9000");
    EXPECT(t, "8102000000", "01020181 9000"); /* where it is selected, nothing has happened */
}

/* Calls within calls, as deep as the card allows and no deeper: five instances. */
static void test_f4_depth(void **state) {
    struct test_card *t = *state;
    struct onecard *card = t->card;
    allow(t, PEER_2, "00");
    EXPECT(t, PEER_1, "*9000");
    /* one that waits for an answer at each depth: made up in the runtime's own list */
    struct applet waiting[SHARE_DEPTH];
    memset(waiting, 0, sizeof waiting);
    for (unsigned n = 0; n <= SHARE_DEPTH; n++) {
        if (n) {
            waiting[n - 1].context = (uint16_t)(4000 + n);
            waiting[n - 1].door.caller_aid = (const uint8_t *)"x";
            waiting[n - 1].outer = card->running;
            card->running = &waiting[n - 1];
        }
        CALL(t, AID_2, "00000001", "11",
             n < SHARE_DEPTH ? "00000001 11 9000" : STATE UNTOUCHED "9000");
    }
    card->running = NULL;
    assert_true(SHARE_DEPTH >= 2);
}

/* F5: what was proven to the caller is not proven to the callee. */
static void test_f4_f5_status(void **state) {
    struct test_card *t = *state;
    allow(t, PEER_2, "00");
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "002000000431323334", "9000");
    EXPECT(t, "8007000000", "00000001 9000");
    CALL(t, AID_2, "0000000D", "", "00000008 00000000 00000000 9000");
    EXPECT(t, "8007000000", "00000001 9000");
    /* session keys of a call are the callee's, and gone after it */
    EXPECT(t, "8008000000", "00000000 9000");
    CALL(t, AID_2, "0F000000", "", "00000008 00000000 00000000 9000");
    EXPECT(t, "8009000000", "00000000 9000");
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, "8009000000", NOT_FOUND "9000");
    /* the interface is told as it is */
    onecard_host_port(t->host)->interface = 1;
    test_card_reopen(t);
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "0000000D", "", "00000008 00000000 00000100 9000");
    onecard_host_port(t->host)->interface = 0;
}

static void expect_byte(struct test_card *t, const char *select, const char *p1p2,
                        const char *value) {
    char line[32], answer[16];
    EXPECT(t, select, "*9000");
    snprintf(line, sizeof line, "8005%s00", p1p2);
    snprintf(answer, sizeof answer, "%s9000", value);
    EXPECT(t, line, answer);
}

/* One transaction over both: it is the caller's to end. */
static void test_f4_one_transaction(void **state) {
    struct test_card *t = *state;
    allow(t, PEER_2, "00");
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, command("80210011", AID_2, "00000005", "22"), "00000000 9000");
    expect_byte(t, PEER_1, "0002", "11");
    expect_byte(t, PEER_2, "0003", "22");
    /* aborted by the caller: the callee's change goes too */
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, command("80230033", AID_2, "00000005", "44"), "00000000 00000000 9000");
    expect_byte(t, PEER_1, "0002", "34");
    expect_byte(t, PEER_2, "0003", "22");
    /* committed by the caller */
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, command("80220055", AID_2, "00000005", "66"), "00000000 9000");
    test_card_reopen(t);
    expect_byte(t, PEER_1, "0002", "55");
    expect_byte(t, PEER_2, "0003", "66");
    /* the callee ends nothing */
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "00000009", "77", "00000008" STATE STATE "9000");
    expect_byte(t, PEER_2, "0003", "77");
    /* a wrong Le undoes both */
    EXPECT(t, PEER_1, "*9000");
    char line[100];
    snprintf(line, sizeof line,
             "8021008810" AID_2 "00000005"
             "99"
             "02");
    EXPECT(t, line, "6C04");
    expect_byte(t, PEER_1, "0002", "55");
    expect_byte(t, PEER_2, "0003", "77");
}

/* A trapped callee is an error to its caller, and the transaction can only abort. */
static void test_f4_callee_traps(void **state) {
    struct test_card *t = *state;
    allow(t, PEER_2, "00");
    const char *const operations[] = {"00000003", "00000004"};
    for (size_t i = 0; i < 2; i++) {
        EXPECT(t, PEER_1, "*9000");
        EXPECT(t, "8004021100", "00000000 9000");
        /* it goes on and says 9000: nothing was done, and it does not look so */
        const char *got = test_card_send(t, command("80210022", AID_2, operations[i], "33"));
        assert_string_equal(got, "6F00");
        assert_non_null(strstr(t->last_trace, i ? "fuel" : "share(): unreachable"));
        if (!i) {
            CALL(t, AID_2, "00000001", "11", "00000001 11 9000"); /* the caller is still selected */
            /* it cannot commit, but abort and do something else */
            EXPECT(t, command("80220022", AID_2, operations[i], "33"), "6F00");
            expect_byte(t, PEER_1, "0002", "11");
            EXPECT(t, command("80230022", AID_2, operations[i], "33"), "00000000 00000000 9000");
            expect_byte(t, PEER_1, "0002", "23");
            EXPECT(t, "8004021100", "00000000 9000");
            /* an error status of its own stays what it is */
            EXPECT(t, command("80240022", AID_2, operations[i], "33"), "6982");
        }
        expect_byte(t, PEER_1, "0002", "11");
        expect_byte(t, PEER_2, "0003", "00");
    }
    /* two deep: the one in between is told, and the one outside as well */
    allow(t, PEER_3, "00");
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "00000007",
         AID_3 "00000003"
               "44",
         "6F00");
    expect_byte(t, PEER_3, "0003", "00");
}

/* F5: the try counter that a callee used up is not given back by the abort. */
static void test_f4_f5_tries(void **state) {
    struct test_card *t = *state;
    allow(t, PEER_2, "00");
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "0000000C", "", "6F00");
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "0000000C", "", "6F00");
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, "00200000", "63C1");
    EXPECT(t, "002000000431323334", "9000");
}

/* F8: the callee burns the caller's fuel, the pool gets everything back, and a full pool is an
 * error. */
static void test_f4_f8_exhaustion(void **state) {
    struct test_card *t = *state;
    allow(t, PEER_2, "00");
    EXPECT(t, PEER_1, "*9000");
    uint32_t free_before = pool_largest(&t->card->pool);
    CALL(t, AID_2, "00000001", "11", "00000001 11 9000");
    assert_int_equal(pool_largest(&t->card->pool), free_before);
    EXPECT(t, command("80200010", AID_2, "00000004", ""), "6F00"); /* both run dry */
    EXPECT(t, PEER_1, "*9000");
    assert_int_equal(pool_largest(&t->card->pool), free_before);
    EXPECT(t, command("802A0000", AID_2, "00000001", "11"), "6F00"); /* calls without end */
    EXPECT(t, PEER_1, "*9000");
    /* no memory for the callee */
    void *rest = pool_take(&t->card->pool, pool_largest(&t->card->pool) - 64);
    assert_non_null(rest);
    CALL(t, AID_2, "00000001", "11", "FFFFFFFA" UNTOUCHED "9000");
    CALL(t, AID_3, "00000001", "11",
         NOT_FOUND UNTOUCHED "9000"); /* who may not call learns nothing */
    pool_give(&t->card->pool, rest);
    CALL(t, AID_2, "00000001", "11", "00000001 11 9000");
}

/* A callee trapped: the secure channel, which makes its counters durable, cannot be used to make
 * what the callee left half done so, too. */
static void test_f4_trap_and_secure_channel(void **state) {
    struct test_card *t = *state;
    static const uint8_t key[16] = {1};
    allow(t, PEER_2, AID_1);
    for (uint8_t id = 1; id <= 3; id++)
        assert_int_equal(scp_key_put(&t->card->keys, 0, 0x30, id, CRYPTO_AES128, key, sizeof key),
                         ONECARD_OK);
    assert_int_equal(store_commit(t->card->store), ONECARD_OK);
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8050300008000000000000000000", "6985");
    EXPECT(t, "8005000200", "00 9000"); /* its own */
    test_card_reopen(t);
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8005000200", "00 9000");
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, "8005000300", "00 9000");
}

/* An instance that is not selectable or locked cannot be called. */
static void test_f4_life_cycle(void **state) {
    struct test_card *t = *state;
    allow(t, PEER_2, "00");
    uint32_t peer = context_of(t, "\xF0\x6F\x6E\x65\x63\x61\x72\x64\xFE\x02", 10);
    const uint8_t states[] = {APPLET_INSTALLED, APPLET_LOCKED | 0x0F};
    for (size_t i = 0; i < sizeof states; i++) {
        set_life_cycle(t, peer, states[i]);
        EXPECT(t, PEER_1, "*9000");
        CALL(t, AID_2, "00000001", "11", NOT_FOUND UNTOUCHED "9000");
    }
    set_life_cycle(t, peer, 0x0F);
    EXPECT(t, PEER_1, "*9000");
    CALL(t, AID_2, "00000001", "11", "00000001 11 9000");
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(test_f4_call),
        EACH(test_f4_stranger),
        EACH(test_f4_stranger_by_fuel),
        EACH(test_f4_lists),
        EACH(test_f4_callee_lies),
        EACH(test_f4_depth_and_reentry),
        EACH(test_f4_depth),
        EACH(test_f4_f5_status),
        EACH(test_f4_one_transaction),
        EACH(test_f4_callee_traps),
        EACH(test_f4_f5_tries),
        EACH(test_f4_f8_exhaustion),
        EACH(test_f4_life_cycle),
        EACH(test_f4_trap_and_secure_channel),
    };
    return cmocka_run_group_tests_name("F4", tests, NULL, NULL);
}
