/* Logical channels: MANAGE CHANNEL, the classes that name one, who is selected where, and what each
 * channel keeps to itself (F5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/card.h"

#define PEER_1 "A404000AF06F6E6563617264FE0100"
#define PEER_2 "A404000AF06F6E6563617264FE0200"
#define HELLO "A4040009F06F6E65636172640100"
#define DOMAIN "A4040008A00000015100000000"

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

static void reset(struct test_card *t) {
    uint8_t atr[ONECARD_ATR_MAX];
    assert_true(onecard_power_on(t->card, atr) > 0);
}

struct row {
    const char *command, *answer, *why;
};

static void run_table(struct test_card *t, const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++)
        test_card_expect(t, rows[i].command, rows[i].answer, rows[i].why, (int)i);
}

static void test_manage(void **state) {
    static const struct row rows[] = {
        {"0070000001", "01 9000", "the card assigns the lowest number"},
        {"0070000001", "02 9000", "and the next"},
        {"0070000000", "03 9000", "Le 00"},
        {"00700000", "04 9000", "no Le: simply sent"},
        {"00700007", "9000", "by number"},
        {"00700007", "6A86", "it is open already"},
        {"0070001300", "9000", "19, the last; nothing to answer for Le"},
        {"00700014", "6A86", "no such number"},
        {"0170000001", "05 9000", "from a supplementary channel"},
        {"4370000001", "06 9000", "from channel 7"},
        {"4570000001", "6881", "from a channel that is not open"},
        {"00708001", "9000", "close"},
        {"00708001", "6200", "it is closed already"},
        {"00708000", "6A86", "the basic channel is always open"},
        {"02708000", "9000", "close the channel of the class byte"},
        {"02708000", "6881", "which is gone then"},
        {"43708000", "9000", "and so with the further coding"},
        {"00708014", "6A86", "no such number"},
        {"0070000001", "01 9000", "the lowest that is free"},
        {"00704000", "6A86", "P1"},
        {"0070000101", "6A86", "open already"},
        {"0470000001", "6882", "secure messaging"},
        {"007000000101", "6700", "data"},
        {"8070000001", "6D00", "not a command of the proprietary class"},
    };
    reset(*state);
    run_table(*state, rows, sizeof rows / sizeof *rows);
}

/* As many as the port says, and the pool is not used up by them. */
static void test_all_channels(void **state) {
    struct test_card *t = *state;
    reset(t);
    for (int i = 1; i < 20; i++) {
        char answer[16];
        snprintf(answer, sizeof answer, "%02X9000", (unsigned)i);
        EXPECT(t, "0070000001", answer);
    }
    EXPECT(t, "0070000001", "6A81");
    EXPECT(t, "00" PEER_1, "*9000");
    EXPECT(t, "C0020000", "6D00"); /* channel 4, the domain */
    EXPECT(t, "4F" HELLO, "*9000");
    EXPECT(t, "CF10000000", "*9000");
    EXPECT(t, "8002000000", "01010080 9000");
    for (int i = 1; i < 20; i++) {
        char command[16];
        snprintf(command, sizeof command, "007080%02X", (unsigned)i);
        EXPECT(t, command, "9000");
    }
    /* opened and closed a thousand times, nothing is lost */
    for (int i = 0; i < 1000; i++) {
        EXPECT(t, "0070000001", "01 9000");
        EXPECT(t, "01" PEER_2, "*9000");
        EXPECT(t, "00708001", "9000");
    }
    reset(t);
    EXPECT(t, "01" PEER_1, "6881");
}

/* 6881 for each class that names a channel which is not open; the chaining bit makes no difference.
 */
static void test_classes(void **state) {
    static const struct row rows[] = {
        {"81100000", "6881", "channel 1"},
        {"01" HELLO, "6881", "channel 1, interindustry"},
        {"97100000", "6881", "channel 3, chaining, secure messaging"},
        {"13100000", "6881", "channel 3, chaining, interindustry"},
        {"40" HELLO, "6881", "channel 4, further coding"},
        {"50" HELLO, "6881", "the same, chaining"},
        {"7F" HELLO, "6881", "channel 19, chaining, secure messaging"},
        {"C0100000", "6881", "channel 4, proprietary"},
        {"D0100000", "6881", "the same, chaining"},
        {"EF100000", "6881", "channel 19, secure messaging"},
        {"F0100000", "6881", "the same, chaining"},
        {"FF100000", "6E00", "no class at all"},
        {"20100000", "6E00", "reserved"},
        {"30100000", "6E00", "reserved"},
        {"A0100000", "6E00", "proprietary, basic channel: hello has no such class"},
        {"B3100000", "6E00", "proprietary, basic channel"},
        {"8010000000", "*9000", "the basic channel is not the worse for any of it"},
    };
    reset(*state);
    test_card_send(*state, "00" HELLO);
    run_table(*state, rows, sizeof rows / sizeof *rows);
}

/* The applet sees its own class on every channel; what came is there if it asks. */
static void test_class_as_on_the_basic_channel(void **state) {
    static const struct row rows[] = {
        {"0070000001", "01 9000", ""},
        {"00700004", "9000", ""},
        {"00700013", "9000", ""},
        {"00" PEER_1, "*9000", ""},
        {"01" PEER_1, "*9000", "selected twice"},
        {"40" PEER_1, "*9000", ""},
        {"4F" PEER_1, "*9000", ""},
        {"8002000000", "01010080 9000", "the first by select()"},
        {"8102000000", "02010181 9000", "the others by select_again()"},
        {"C002000000", "020104C0 9000", ""},
        {"CF02000000", "020113CF 9000", ""},
        {"EF02000000", "020213EF 9000", "class 84 as the applet sees it"},
        {"8002000000", "01020080 9000", "memory of its own on each channel"},
    };
    reset(*state);
    run_table(*state, rows, sizeof rows / sizeof *rows);
}

/* An applet without select_again() is selected on one channel at a time; the selection stays. */
static void test_selected_once(void **state) {
    static const struct row rows[] = {
        {"0070000001", "01 9000", ""},
        {"00" HELLO, "*9000", ""},
        {"01" HELLO, "6985", "selected on the basic channel"},
        {"8110000000", "6D00", "the domain is still selected on channel 1"},
        {"01" PEER_1, "*9000", ""},
        {"01" HELLO, "6985", ""},
        {"8102000000", "01010181 9000", "and peer stays"},
        {"00" PEER_1, "*9000", "which leaves hello"},
        {"8002000000", "02010080 9000", ""},
        {"01" HELLO, "*9000", ""},
        {"00" HELLO, "6985", ""},
        {"01" HELLO, "*9000", "again on the same channel: not a second selection"},
        {"0170000001", "6985", "a channel opened from channel 1 would have it as well"},
        {"00708001", "9000", ""},
        {"00" HELLO, "*9000", ""},
    };
    reset(*state);
    run_table(*state, rows, sizeof rows / sizeof *rows);
}

/* What a new channel begins with: the domain from the basic one, else what is selected there. */
static void test_first_selection(void **state) {
    struct test_card *t = *state;
    reset(t);
    EXPECT(t, "00" HELLO, "*9000");
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "8102000000", "6D00"); /* the issuer's domain */
    EXPECT(t, "01" PEER_1, "*9000");
    EXPECT(t, "0170000001", "02 9000");
    EXPECT(t, "8202000000", "02010282 9000"); /* peer, by select_again() */
    EXPECT(t, "81010000", "6F00");            /* a trap ends its own channel's selection only */
    EXPECT(t, "8102000000", "6985");
    EXPECT(t, "8202000000", "02020282 9000");
    EXPECT(t, "0170000001", "03 9000"); /* nothing selected there: nothing here */
    EXPECT(t, "8302000000", "6985");
    /* an applet that refuses: the channel is not opened */
    EXPECT(t, "82040F0200", "00000000 9000");
    EXPECT(t, "0270000001", "6985");
    EXPECT(t, "C002000000", "6881");
    EXPECT(t, "82040F0000", "00000000 9000");
    EXPECT(t, "0270000001", "04 9000");
    EXPECT(t, "C002000000", "020104C0 9000");
}

/* What a trace is told of who is selected where. */
static void test_selected_on(void **state) {
    struct test_card *t = *state;
    uint8_t aid[16];
    reset(t);
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "00700005", "9000");
    EXPECT(t, "01" PEER_1, "*9000");
    EXPECT(t, "41" HELLO, "*9000");
    assert_int_equal(onecard_selected_on(t->card, 0, aid), 8);
    assert_int_equal(onecard_selected_on(t->card, 1, aid), 10);
    assert_int_equal(onecard_selected_on(t->card, 2, aid), 0);
    assert_int_equal(onecard_selected_on(t->card, 5, aid), 9);
    assert_int_equal(onecard_selected_on(t->card, 20, aid), 0);
    assert_int_equal(onecard_selected_on(t->card, 0xFFFFFFFF, aid), 0);
    EXPECT(t, "81010000", "6F00");
    assert_int_equal(onecard_selected_on(t->card, 1, aid), 0);
}

/* F5: a PIN verified on one channel is not verified on another, for the same applet; closing and
 * selecting again clears it. The try counter is one and the same. */
static void test_f5_pins(void **state) {
    static const struct row rows[] = {
        {"0070000001", "01 9000", ""},
        {"00" PEER_1, "*9000", ""},
        {"01" PEER_1, "*9000", ""},
        {"002000000431323334", "9000", ""},
        {"8007000000", "00000001 9000", "verified here"},
        {"8107000000", "00000000 9000", "not there"},
        {"012000000439393939", "63C2", "a wrong one there"},
        {"8007000000", "00000001 9000", "changes nothing here"},
        {"002000000439393939", "63C1", "but the counter is the same"},
        {"8007000000", "00000000 9000", ""},
        {"012000000431323334", "9000", ""},
        {"8107000000", "00000001 9000", ""},
        {"00708001", "9000", "closed"},
        {"0070000001", "01 9000", ""},
        {"01" PEER_1, "*9000", ""},
        {"8107000000", "00000000 9000", "cleared"},
    };
    reset(*state);
    run_table(*state, rows, sizeof rows / sizeof *rows);
}

/* F5: session keys belong to one channel and selection. */
static void test_f5_session_keys(void **state) {
    static const struct row rows[] = {
        {"0070000001", "01 9000", ""},
        {"00" PEER_1, "*9000", ""},
        {"01" PEER_1, "*9000", ""},
        {"8009000200", "FFFFFFFE 9000", "slot 2 is empty"},
        {"8008000200", "00000000 9000", "derive"},
        {"8009000200", "00000000 9000", "use"},
        {"8109000200", "FFFFFFFE 9000", "not on the other channel"},
        {"8108000200", "00000000 9000", ""},
        {"01" PEER_1, "*9000", "selected anew"},
        {"8109000200", "FFFFFFFE 9000", "gone"},
        {"8009000200", "00000000 9000", "here it is still"},
        {"8008000400", "FFFFFFFF 9000", "there are four slots"},
    };
    reset(*state);
    run_table(*state, rows, sizeof rows / sizeof *rows);
}

/* GET RESPONSE and chains belong to their channel. */
static void test_answers_and_chains(void **state) {
    static const struct row rows[] = {
        {"0070000001", "01 9000", ""},
        {"00" PEER_1, "*9000", ""},
        {"01" PEER_2, "*9000", ""},
        {"8003010400", "*6104", "four bytes wait on channel 0"},
        {"01C0000004", "6985", "not on channel 1"},
        {"8102000000", "01010181 9000", "a command there is no matter"},
        {"00C0000004", "00010203 9000", ""},
        {"8003010400", "*6104", ""},
        {"8103010200", "*6102", "a long answer on channel 1 takes the place"},
        {"00C0000004", "6985", "and the first is gone"},
        {"01C0000002", "0001 9000", ""},
        {"8103010200", "*6102", "a class as that of the command"},
        {"81C0000002", "0001 9000", ""},
        {"8003010400", "*6104", "an answer waits on channel 0"},
        {"9106000002CCCC", "9000", "a chain on channel 1 takes the buffer"},
        {"00C0000004", "6985", ""},
        {"8003010400", "*6104", "and a long answer takes it from the chain"},
        {"8106000001DD", "6883", ""},
        {"00C0000004", "00010203 9000", ""},
        {"9006000002AAAA", "9000", "a chain on channel 0"},
        {"8102000000", "*9000", "whole commands on channel 1 do not touch it"},
        {"8006000001BB", "AAAABB 9000", ""},
        {"9006000002AAAA", "9000", ""},
        {"9106000002CCCC", "9000", "another chain on channel 1"},
        {"8006000001BB", "6883", "whoever lost his chain is told"},
        {"8006000001BB", "BB 9000", ""},
        {"8106000001DD", "CCCCDD 9000", ""},
        {"9106000002CCCC", "9000", ""},
        {"9006000002AAAA", "9000", ""},
        {"9106000002CCCC", "6883", ""},
        {"8006000001BB", "AAAABB 9000", ""},
        {"D006000001BB", "6881", "channel 4 is not open"},
        {"9006000002AAAA", "9000", ""},
        {"97100000", "6881", "a class that names no channel does not end the chain"},
        {"8006000001BB", "AAAABB 9000", ""},
        {"9106000002CCCC", "9000", ""},
        {"00708001", "9000", "closing a channel ends its chain"},
        {"0070000001", "01 9000", ""},
        {"01" PEER_2, "*9000", ""},
        {"8106000001DD", "DD 9000", ""},
    };
    reset(*state);
    run_table(*state, rows, sizeof rows / sizeof *rows);
}

/* Reset closes all; memory for applets runs out with 6A84 and comes back. */
static void test_memory(void **state) {
    struct test_card *t = *state;
    reset(t);
    EXPECT(t, "00" PEER_1, "*9000");
    int fitted = 0;
    for (int i = 1; i < 20; i++) {
        char command[64];
        if (!strcmp(test_card_send(t, "0070000001"), "6A84"))
            break;
        snprintf(command, sizeof command, "%02X" PEER_1, (unsigned)(i < 4 ? i : 0x40 + i - 4));
        if (!strcmp(test_card_send(t, command), "6A84"))
            break;
        fitted++;
    }
    assert_in_range(fitted, 4, 18);
    reset(t);
    EXPECT(t, "8102000000", "6881");
    EXPECT(t, "00" PEER_1, "*9000");
    EXPECT(t, "8002000000", "01010080 9000");
}

/* A port with fewer channels. */
static void test_few_channels(void **state) {
    struct test_card *t = *state;
    uint32_t *channels = &onecard_host_port(t->host)->channels, before = *channels;
    *channels = 0; /* the default, 4 */
    test_card_reopen(t);
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "00700003", "9000");
    EXPECT(t, "00700004", "6A81");
    EXPECT(t, "0070000001", "02 9000");
    EXPECT(t, "0070000001", "6A81");
    EXPECT(t, "00708004", "6A81");
    *channels = 1;
    test_card_reopen(t);
    EXPECT(t, "0070000001", "6A81");
    EXPECT(t, "0070000101", "6A81");
    EXPECT(t, "01" HELLO, "6881");
    *channels = 21;
    struct onecard *other;
    assert_int_equal(onecard_open(onecard_host_port(t->host), t->memory, t->memory_size, &other),
                     ONECARD_E_PARAM);
    *channels = before;
    test_card_reopen(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_manage),
        cmocka_unit_test(test_all_channels),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_class_as_on_the_basic_channel),
        cmocka_unit_test(test_selected_once),
        cmocka_unit_test(test_first_selection),
        cmocka_unit_test(test_selected_on),
        cmocka_unit_test(test_f5_pins),
        cmocka_unit_test(test_f5_session_keys),
        cmocka_unit_test(test_answers_and_chains),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_few_channels),
    };
    return cmocka_run_group_tests_name("channels", tests, setup, teardown);
}
