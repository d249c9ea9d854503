/* The demo card as a reader app sees it (docs/demo-card.md). */
#include "transit/fixture.h"

static int setup_demo(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_make(t, "demo.yaml");
    *state = t;
    return 0;
}

static void test_reader(void **state) {
    struct test_card *t = *state;
    /* the directory leads to the purse */
    EXPECT(t, "00A404000E325041592E5359532E444446303100", "*9000");
    assert_memory_equal(t->response + 27, "\xA0\x00\x00\x06\x32\x01\x01\x05\x50\x08MOT_T_EP", 18);
    EXPECT(t, "00A404000E315041592E5359532E444446303100", "*880101 9000");
    EXPECT(t, "00B2010C00", "*50084D4F545F545F45508701019000");
    EXPECT(t, SELECT, "*0103290000000000 03 01 03104870990000000014 20250101 20351231 0000 9000");
    EXPECT(t, "00B095001E",
           "0103290000000000 03 01 03104870990000000014 20250101 20351231 0000 9000");
    EXPECT(t, "00B097000B", "00000156 3100 2900 0001 00 9000");
    EXPECT(t, "805C000204", "00001388 9000");
    EXPECT(t, "805C000104", "00000000 9000");
}

/* Rides and transactions agree with each other, and with the balance. */
static void test_history(void **state) {
    struct test_card *t = *state;
    static const uint32_t amounts[] = {400, 0, 200, 400, 0},
                          balances[] = {5000, 5400, 5400, 5600, 6000};
    EXPECT(t, SELECT, "*9000");
    for (unsigned i = 0; i < 5; i++) {
        char command[16], money[9];
        sprintf(command, "00B2%02XF430", i + 1);
        const char *answer = test_card_send(t, command);
        sprintf(money, "%08X", (unsigned)amounts[i]);
        assert_memory_equal(answer + 2 * 17, money, 8);
        sprintf(money, "%08X", (unsigned)balances[i]);
        assert_memory_equal(answer + 2 * 21, money, 8);
        char when[15];
        memcpy(when, answer + 2 * 25, 14);
        sprintf(command, "00B2%02XC417", i + 1);
        answer = test_card_send(t, command);
        sprintf(money, "%08X", (unsigned)amounts[i]);
        assert_memory_equal(answer + 2 * 5, money, 8);
        assert_memory_equal(answer + 2 * 16, when, 14);
    }
    EXPECT(t, "00B206C417", "0000 000000 00001770 02 290000000099 20260301081500 9000");
    EXPECT(t, "00B207C417", "6A83");
    EXPECT(t, "00B206F430", "6A83");
}

/* A bus ride on it goes on where the history ended. */
static void test_ride(void **state) {
    struct test_card *t = *state;
    static const uint8_t number[4] = {0, 0, 0, 1};
    struct said s;
    struct terminal_deal deal = deal_of(0x06, 200);
    uint8_t key[16];
    hex(key, "30313233343536373839303132333435");
    EXPECT(t, SELECT, "*9000");
    assert_int_equal(begin(t, "0102", 1, &deal, &s), 0x9000);
    assert_memory_equal(s.answer, "\x00\x00\x13\x88\x00\x05", 6);
    terminal_debit(key, &deal, number, s.answer, s.closing, s.session);
    s.closing_len = 20;
    assert_int_equal(close_it(t, &s), 0x9000);
    EXPECT(t, "805C000204", "000012C0 9000");
    EXPECT(t, "805A0006020006", "*9000");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reader),
                                       cmocka_unit_test(test_history), cmocka_unit_test(test_ride)};
    return cmocka_run_group_tests_name("demo card", tests, setup_demo, teardown);
}
