/* The door, with an applet that tries to break out: rules F1, F2, F3, F5 (transience), F8, and what
 * a trap leaves behind. Two instances of probe and hello are on the card. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/card.h"

#define PROBE_1 "00A404000AF06F6E6563617264FF0100"
#define PROBE_2 "00A404000AF06F6E6563617264FF0200"

static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_make(t, "test/probe.yaml");
    *state = t;
    return 0;
}

static int teardown(void **state) {
    test_card_free(*state);
    free(*state);
    return 0;
}

/* Bytes of probe's memory: the first address that a read traps at. */
static uint32_t memory_size(struct test_card *t) {
    uint32_t low = 0, high = 0x10000;
    while (low < high) {
        char command[32];
        uint32_t middle = low + (high - low) / 2;
        snprintf(command, sizeof command, "8028000004%08X", (unsigned)middle);
        EXPECT(t, PROBE_1, "*9000");
        const char *answer = test_card_send(t, command);
        if (!strcmp(answer, "6F00"))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* F1: every pointer and length at and beyond the edges of linear memory; what lies within is done,
 * what reaches out by one byte ends the command with 6F00. */
static void test_f1_pointers(void **state) {
    struct test_card *t = *state;
    uint32_t size = memory_size(t);
    assert_true(size > 2048 && size < 16384);
    const struct {
        uint8_t ins;      /* probe's raw call */
        const char *head; /* arguments before pointer and length */
    } calls[] = {{0x20, ""},         {0x21, "00000000"}, {0x22, ""}, {0x23, "00000000"},
                 {0x24, "00000000"}, {0x2A, "00000000"}, {0x2B, ""}};
    const struct {
        uint32_t pointer, len;
        bool inside;
    } ranges[] = {
        {size, 0, true},
        {size - 1, 1, true},
        {size - 4, 4, true},
        {size - 1, 2, false},
        {size, 1, false},
        {size + 1, 0, false},
        {0xFFFFFFFF, 1, false},
        {0xFFFFFFFF, 2, false},
        {0xFFFFFFFF, 0xFFFFFFFF, false},
        {0, size + 1, false},
        {1, size, false},
        {2048, 0xFFFFFFFF, false},
        {0x10000, 1, false},
        {0x80000000, 0x80000000, false},
    };
    for (size_t c = 0; c < sizeof calls / sizeof *calls; c++) {
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
            char command[64];
            snprintf(command, sizeof command, "80%02X0000%02X%s%08X%08X", calls[c].ins,
                     (unsigned)(8 + strlen(calls[c].head) / 2), calls[c].head,
                     (unsigned)ranges[r].pointer, (unsigned)ranges[r].len);
            EXPECT(t, PROBE_1, "*9000");
            const char *answer = test_card_send(t, command);
            bool stopped = !strcmp(answer, "6F00");
            if (stopped == ranges[r].inside)
                fail_msg("%s answered %s", command, answer);
            if (stopped) /* deselected, and the card goes on */
                EXPECT(t, command, "6985");
        }
    }
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
}

/* F1: the applet's own loads and stores. */
static void test_f1_memory(void **state) {
    struct test_card *t = *state;
    uint32_t size = memory_size(t);
    char command[32];
    for (unsigned i = 0; i < 2; i++) {
        uint32_t at[] = {size, 0xFFFFFFFF};
        snprintf(command, sizeof command, "8029000004%08X", (unsigned)at[i]);
        EXPECT(t, PROBE_1, "*9000");
        EXPECT(t, command, "6F00");
        assert_non_null(strstr(t->last_trace, "trap in F06F6E6563617264FF01 process(): "));
        assert_non_null(strstr(t->last_trace, "memory"));
    }
    /* Its memory says one page and does not grow beyond what it was given. */
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "802D00000400000001", "0001FFFF 9000");
}

/* F2, F3: files of another instance, of the same package or not, have no name to ask by. */
static void test_f2_f3_files(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "802C000008 00000777 00000010", "*9000"); /* file 0777 */
    EXPECT(t, "8025000008 00000000 00000777", "*9000");
    EXPECT(t, PROBE_2, "*9000");
    EXPECT(t, "8025000008 00000000 00000777", "FFFFFFFE 9000"); /* CARD_E_NOT_FOUND */
    EXPECT(t, "8025000008 00000000 00000001", "FFFFFFFE 9000"); /* hello's */
    /* every number that a file could have: only its own answer */
    unsigned found = 0;
    for (unsigned file = 0; file < 0x200; file++) {
        char command[32];
        snprintf(command, sizeof command, "8026000004%08X", file);
        const char *answer = test_card_send(t, command);
        assert_string_equal(answer + 8, "9000");
        found += answer[0] != 'F';
    }
    assert_in_range(found, 1, 2); /* its data file, and perhaps the root */
    /* numbers beyond 16 bits do not wrap into another's */
    EXPECT(t, "8026000004 00010000", "FFFFFFFE 9000");
    EXPECT(t, "8026000004 FFFFFFFF", "FFFFFFFE 9000");
    EXPECT(t, "8025000008 00010000 00000101", "FFFFFFFE 9000");
    EXPECT(t, "8025000008 00000000 00010101", "FFFFFFFE 9000");
    /* what one instance writes, the other does not read */
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "800A0055", "00000000 9000");
    EXPECT(t, PROBE_2, "*9000");
    EXPECT(t, "800B0000", "00 9000");
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "800B0000", "55 9000");
}

/* Memory is fresh at every SELECT, and kept between commands. */
static void test_memory_is_transient(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "80060000", "00000001 9000");
    EXPECT(t, "80060000", "00000002 9000");
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "80060000", "00000001 9000");
    EXPECT(t, PROBE_2, "*9000");
    EXPECT(t, "80060000", "00000001 9000");
    uint8_t atr[ONECARD_ATR_MAX];
    onecard_power_on(t->card, atr);
    EXPECT(t, PROBE_2, "*9000");
    EXPECT(t, "80060000", "00000001 9000");
}

/* F8: a runaway ends its command, and nothing else. */
static void test_f8_runaways(void **state) {
    struct test_card *t = *state;
    const struct {
        const char *command, *trace;
    } rows[] = {{"80010000", "unreachable"}, {"80020000", "fuel"}, {"8003FFFF", "stack"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        EXPECT(t, PROBE_1, "*9000");
        EXPECT(t, rows[i].command, "6F00");
        if (!strstr(t->last_trace, rows[i].trace))
            fail_msg("%s: the trace says '%s'", rows[i].command, t->last_trace);
        EXPECT(t, "80060000", "6985");
        EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
        EXPECT(t, "8010000000", "*9000");
    }
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "80030005", "*9000"); /* a little recursion is fine */
}

/* What a trap, an abort and a commit leave in files. */
static void test_transactions(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "800A0011", "00000000 9000");
    EXPECT(t, "80070022", "6F00"); /* written, then trapped */
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "800B0000", "11 9000");
    EXPECT(t, "80080033", "6F00"); /* written, committed, written, trapped */
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "800B0000", "33 9000");
    EXPECT(t, "80090044", "00000000 9000"); /* written, aborted */
    EXPECT(t, "800B0000", "33 9000");
    test_card_reopen(t);
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "800B0000", "33 9000");
    /* a command whose answer does not fit its Le is undone: it will come again */
    EXPECT(t, "800A005502", "6C04");
    EXPECT(t, "800B0000", "33 9000");
}

/* Traps in the other entries. */
static void test_traps_in_entries(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "800C0E02", "00000000 9000"); /* deselect() writes DE at 13 */
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "800B000D", "DE 9000");
    EXPECT(t, "800C0D00", "00000000 9000");
    EXPECT(t, "800C0E01", "00000000 9000"); /* deselect() traps: nobody is the worse for it */
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
    EXPECT(t, "8010000000", "*9000");
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "800C0E00", "00000000 9000");
    EXPECT(t, "800C0F02", "00000000 9000"); /* select() refuses */
    EXPECT(t, PROBE_1, "6985");
    EXPECT(t, "80060000", "6985"); /* nothing is selected */
    EXPECT(t, PROBE_2, "*9000");
    EXPECT(t, "800C0F01", "00000000 9000"); /* select() traps */
    EXPECT(t, PROBE_2, "6F00");
    EXPECT(t, "80060000", "6985");
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
}

/* Status words and answers as an applet gives them. */
static void test_status_words(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "80050000040000900000", "41 9000");
    EXPECT(t, "80050000040000628200", "41 6282"); /* a warning carries data */
    EXPECT(t, "80050000040000631000", "41 6310");
    EXPECT(t, "80050000040000930200", "41 9302"); /* the applet's own */
    EXPECT(t, "80050000040000698500", "6985");    /* an error carries none */
    EXPECT(t, "80050000040000123400", "6F00");    /* not a status word */
    EXPECT(t, "80050000040001900000", "6F00");
    EXPECT(t, "8005000004FFFFFFFF00", "6F00");
}

/* Long answers: 61xx and GET RESPONSE with a short Le, at once with an extended one. */
static void test_long_answers(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "8004010000", "*FF9000"); /* 256 bytes: just fits */
    assert_int_equal(t->response_len, 258);
    EXPECT(t, "8004010100", "*FF6101");
    EXPECT(t, "00C0000001", "00 9000");
    EXPECT(t, "00C0000000", "6985");  /* all was fetched */
    EXPECT(t, "8004030000", "*6100"); /* 768: 256, and more than 255 left */
    EXPECT(t, "00C0000000", "*6100");
    EXPECT(t, "00C0000010", "*61F0");
    assert_int_equal(t->response_len, 18);
    EXPECT(t, "00C00000F0", "*9000");
    assert_int_equal(t->response_len, 242);
    EXPECT(t, "8004030000", "*6100");
    EXPECT(t, "80060000", "*9000"); /* any other command forgets the rest */
    EXPECT(t, "00C0000000", "6985");
    EXPECT(t, "80040300000000", "*9000"); /* extended Le */
    assert_int_equal(t->response_len, 770);
    EXPECT(t, "80040300", "*6100"); /* no Le: what a short buffer takes */
    assert_int_equal(t->response_len, 258);
    EXPECT(t, "80041001000000", "6F00"); /* beyond the longest answer, 4096: the applet says so */
}

/* Data arrive as they were sent, in any form. */
static void test_command_data(void **state) {
    struct test_card *t = *state;
    EXPECT(t, PROBE_1, "*9000");
    EXPECT(t, "800D0000", "00000000 0000 00000000 9000");
    EXPECT(t, "800D000002AABB", "00000002 AABB 00000000 9000");
    EXPECT(t, "800D000002AABB00", "00000002 AABB 00000100 9000");
    EXPECT(t, "800D0000000002AABB0000", "00000002 AABB 00010000 9000");
    EXPECT(t, "900D000002AABB", "9000");
    EXPECT(t, "800D000001CC00", "00000003 AACC 00000100 9000");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_f1_pointers),  cmocka_unit_test(test_f1_memory),
        cmocka_unit_test(test_f2_f3_files),  cmocka_unit_test(test_memory_is_transient),
        cmocka_unit_test(test_f8_runaways),  cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_status_words), cmocka_unit_test(test_long_answers),
        cmocka_unit_test(test_command_data), cmocka_unit_test(test_traps_in_entries),
    };
    return cmocka_run_group_tests_name("door", tests, setup, teardown);
}
