/* Malformed and odd APDUs, by table, against a card with hello on it (ISO/IEC 7816-4 clause 5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/card.h"

struct row {
    const char *command, *answer, *why;
};

static void run_table(struct test_card *t, const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        test_card_send(t, HELLO_SELECT);
        test_card_expect(t, rows[i].command, rows[i].answer, rows[i].why, (int)i);
    }
}

static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_make(t, "test/hello.yaml");
    *state = t;
    return 0;
}

static int teardown(void **state) {
    test_card_free(*state);
    free(*state);
    return 0;
}

#define GREETING "48656C6C6F2066726F6D206F6E656361726421"

static void test_lengths(void **state) {
    static const struct row rows[] = {
        {"", "6700", "nothing at all"},
        {"80", "6700", "one byte"},
        {"801000", "6700", "three bytes"},
        {"80100000", GREETING "9000", "case 1: the answer is simply sent (T=1)"},
        {"8010000000", GREETING "9000", "case 2 short, Le 256"},
        {"8010000013", GREETING "9000", "case 2 short, exact"},
        {"80100000FF", GREETING "9000", "case 2 short, longer than the answer"},
        {"8010000005", "6C13", "case 2 short, shorter than the answer"},
        {"80100000000000", GREETING "9000", "case 2 extended, Le 65536"},
        {"80100000000013", GREETING "9000", "case 2 extended, exact"},
        {"80100000000001", "6C13", "case 2 extended, shorter"},
        {"801000000000", "6700", "extended, but only two bytes of length"},
        {"8020000003616263", "9000", "case 3 short"},
        {"80200000036162", "6700", "case 3 short, a byte is missing"},
        {"802000000361626300", "9000", "case 4 short"},
        {"80200000036162630000", "6700", "two bytes of Le after a short Lc"},
        {"80200000000003616263", "9000", "case 3 extended"},
        {"802000000000036162630000", "9000", "case 4 extended"},
        {"8020000000000361626300", "6700", "one byte of Le after an extended Lc"},
        {"802000000000036162", "6700", "case 3 extended, a byte is missing"},
        {"8020000000000061", "6700", "extended Lc of 0 with data"},
        {"80200000", "6700", "hello: no text"},
        {"802000004100", "6700", "Lc 65 with one byte"},
    };
    run_table(*state, rows, sizeof rows / sizeof *rows);
}

static void test_classes_and_instructions(void **state) {
    static const struct row rows[] = {
        {"FF100000", "6E00", "class FF is not one (5.4.1)"},
        {"20100000", "6E00", "classes 2x and 3x are reserved"},
        {"3FCA0000", "6E00", "classes 2x and 3x are reserved"},
        {"81100000", "6881", "channel 1 is not open"},
        {"01A4040000", "6881", "channel 1 is not open"},
        {"43A4040000", "6881", "channel 7, further coding"},
        {"C0100000", "6881", "channel 4, further coding, proprietary"},
        {"00100000", "6E00", "hello has class 80 only"},
        {"84100000", "6E00", "secure messaging bits reach the applet untouched"},
        {"A0100000", "6E00", "a proprietary class reaches the applet"},
        {"80600000", "6D00", "INS 6x is none (5.4.2)"},
        {"80900000", "6D00", "INS 9x is none"},
        {"80500000", "6D00", "hello does not know it"},
        {"80100100", "6A86", "P1"},
        {"80100001", "6A86", "P2"},
    };
    run_table(*state, rows, sizeof rows / sizeof *rows);
}

static void test_selection(void **state) {
    struct test_card *t = *state;
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
    EXPECT(t, "00A4040009F06F6E656361726401", HELLO_FCI "9000");
    EXPECT(t, "00A4040C09F06F6E656361726401", "9000");     /* no FCI wanted */
    EXPECT(t, "00A4040005F06F6E656300", HELLO_FCI "9000"); /* partial name */
    EXPECT(t, "00A4040205F06F6E656300", "6A82");           /* next: there is one only */
    EXPECT(t, "8010000000", GREETING "9000");              /* and it stays selected */
    EXPECT(t, "00A4040006F06F6E65636300", "6A82");         /* a name that nobody has */
    EXPECT(t, "8010000000", GREETING "9000");
    EXPECT(t, "00A4040003F06F6E00", HELLO_FCI "9000");
    EXPECT(t, "00A4040011F06F6E65636172640100000000000000000000", "6700"); /* 17 bytes */
    EXPECT(t, "00A4040109F06F6E65636172640100", HELLO_FCI "9000");         /* last occurrence */
    EXPECT(t, "00A4041009F06F6E65636172640100", "6A86");
    EXPECT(t, "00A4040000", "*9000"); /* no name: the issuer security domain */
    EXPECT(t, "8010000000", "6D00");
    EXPECT(t, "00A4040008A00000015100000000", "*9000");
    EXPECT(t, "00A40400", "*9000");
    EXPECT(t, "00A4040002A00000", "*9000");
}

/* GET RESPONSE and 61xx need an answer over 256 bytes: the test applet of the firewall's tests has
 * one; here, what can be said without it. */
static void test_get_response(void **state) {
    static const struct row rows[] = {
        {"00C0000000", "6985", "nothing waits"},
        {"00C0010000", "6A86", "P1"},
        {"00C000000101", "6700", "data"},
    };
    run_table(*state, rows, sizeof rows / sizeof *rows);
}

static void test_chaining(void **state) {
    struct test_card *t = *state;
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
    EXPECT(t, "9020000003616263", "9000");
    EXPECT(t, "9020000003646566", "9000");
    EXPECT(t, "802000000167", "9000");
    EXPECT(t, "8030000000", "61626364656667 9000");
    /* another command in between: the chain is gone, and the card says so (5.3.3) */
    EXPECT(t, "9020000003616263", "9000");
    EXPECT(t, "8030000000", "6883");
    EXPECT(t, "8030000000", "61626364656667 9000");
    /* a chain by itself longer than hello's text */
    char command[5 * 2 + 60 * 2 + 1] = "902000003C";
    memset(command + 10, '4', 120);
    EXPECT(t, command, "9000");
    command[0] = '8';
    EXPECT(t, command, "6700");
    /* reset forgets an open chain */
    uint8_t atr[ONECARD_ATR_MAX];
    command[0] = '9';
    EXPECT(t, command, "9000");
    onecard_power_on(t->card, atr);
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
}

/* A chain or command beyond what the port states gets 6700, and no byte more is kept. */
static void test_too_long(void **state) {
    struct test_card *t = *state;
    uint32_t max = onecard_host_port(t->host)->command_max;
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
    char *chained = malloc(10 + 510 + 1);
    strcpy(chained, "90200000FF");
    memset(chained + 10, '5', 510);
    chained[520] = 0;
    uint32_t sent = 0;
    while (sent + 255 <= max) {
        EXPECT(t, chained, "9000");
        sent += 255;
    }
    EXPECT(t, chained, "6700");
    free(chained);
    EXPECT(t, "8010000000", GREETING "9000");
    if (max < 65535) {
        char *longer = malloc(14 + 2 * (size_t)(max + 1) + 1);
        sprintf(longer, "8020000000%04X", (unsigned)(max + 1));
        memset(longer + 14, '5', 2 * (size_t)(max + 1));
        longer[14 + 2 * (size_t)(max + 1)] = 0;
        EXPECT(t, longer, "6700");
        free(longer);
    }
}

static void test_power(void **state) {
    struct test_card *t = *state;
    uint8_t atr[ONECARD_ATR_MAX], command[4] = {0x80, 0x10, 0, 0};
    size_t len;
    onecard_power_off(t->card);
    assert_int_equal(onecard_transmit(t->card, command, 4, t->response, &len), ONECARD_E_STATE);
    size_t atr_len = onecard_power_on(t->card, atr);
    uint8_t check = 0;
    for (size_t i = 1; i < atr_len; i++)
        check ^= atr[i];
    assert_int_equal(check, 0);      /* TCK, ISO/IEC 7816-3 8.2.5 */
    EXPECT(t, "8010000000", "6D00"); /* the issuer security domain is selected by default */
}

/* hello itself, as the issue states it. */
static void test_hello(void **state) {
    struct test_card *t = *state;
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
    EXPECT(t, "802000000568656C6C6F", "9000");
    EXPECT(t, "8030000000", "68656C6C6F 9000");
    EXPECT(t, "8040000004", "00000001 9000");
    EXPECT(t, "8040000002", "6C04"); /* undone: it does not count */
    EXPECT(t, "8040000004", "00000002 9000");
    test_card_reopen(t);
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
    EXPECT(t, "8030000000", "68656C6C6F 9000");
    EXPECT(t, "8040000004", "00000003 9000");
}

/* F6: after pre-issuance nobody changes what is on the card in plain. */
static void test_pre_issuance_is_over(void **state) {
    struct test_card *t = *state;
    EXPECT(t, "00A4040008A000000151000000", "*9000");
    EXPECT(t, "80E602000E09F06F6E6563617264020000000000", "6982");
    EXPECT(t, "80E80000021234", "6982");
    EXPECT(t, "80E600000100", "6982");
    EXPECT(t, "80E400000B4F09F06F6E656361726401", "6982");
    EXPECT(t, "80F0800700", "6982");
    EXPECT(t, "80F0800F00", "6982");
    EXPECT(t, "80F0800100", "6982");
    EXPECT(t, "80E20000021234", "6982");
    EXPECT(t, HELLO_SELECT, HELLO_FCI "9000");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_classes_and_instructions),
        cmocka_unit_test(test_selection),
        cmocka_unit_test(test_get_response),
        cmocka_unit_test(test_chaining),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_power),
        cmocka_unit_test(test_hello),
        cmocka_unit_test(test_pre_issuance_is_over),
    };
    return cmocka_run_group_tests_name("apdu", tests, setup, teardown);
}
