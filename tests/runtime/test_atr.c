/* ATR, ATS and historical bytes: one description, and it says what the card does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/card.h"

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

static size_t power_on(struct test_card *t, uint32_t channels, uint8_t interface,
                       uint8_t atr[ONECARD_ATR_MAX]) {
    onecard_host_port(t->host)->channels = channels;
    onecard_host_port(t->host)->interface = interface;
    test_card_reopen(t);
    size_t len = onecard_power_on(t->card, atr);
    uint8_t check = 0;
    for (size_t i = 1; i < len; i++)
        check ^= atr[i];
    assert_int_equal(check, 0); /* TCK, ISO/IEC 7816-3 8.2.5 */
    return len;
}

/* The number of channels that the third function byte tells is the number that can be open. */
static void test_channels_are_told(void **state) {
    struct test_card *t = *state;
    const struct {
        uint32_t channels, open;
        uint8_t byte;
    } rows[] = {{1, 1, 0xC0}, {2, 2, 0xD9}, {0, 4, 0xDB},
                {7, 7, 0xDE}, {8, 8, 0xDF}, {20, 20, 0xDF}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t atr[ONECARD_ATR_MAX];
        assert_int_equal(power_on(t, rows[i].channels, 0, atr), 20);
        assert_int_equal(atr[10], rows[i].byte);
        uint32_t open = 1;
        while (strcmp(test_card_send(t, "0070000001"), "6A81"))
            open++;
        assert_int_equal(open, rows[i].open);
    }
}

static void test_both_interfaces_say_the_same(void **state) {
    struct test_card *t = *state;
    static const uint8_t contact[] = {0x3B, 0x8D, 0x81, 0x31, 0xFE, 0x45};
    static const uint8_t contactless[] = {0x3B, 0x8D, 0x80, 0x01};
    uint8_t atr[ONECARD_ATR_MAX], other[ONECARD_ATR_MAX], ats[ONECARD_ATS_MAX];
    assert_int_equal(power_on(t, 20, 0, atr), sizeof contact + 13 + 1);
    assert_memory_equal(atr, contact, sizeof contact);
    assert_int_equal(power_on(t, 20, 1, other), sizeof contactless + 13 + 1);
    assert_memory_equal(other, contactless, sizeof contactless);
    assert_memory_equal(atr + sizeof contact, other + sizeof contactless, 13);
    assert_int_equal(onecard_ats(t->card, ats), 18);
    assert_int_equal(ats[0], 18);
    assert_int_equal(ats[1], 0x78);
    assert_memory_equal(ats + 5, atr + sizeof contact, 13);
    power_on(t, 20, 0, atr);
}

/* Chaining and extended lengths are announced because they work. */
static void test_capabilities_work(void **state) {
    struct test_card *t = *state;
    uint8_t atr[ONECARD_ATR_MAX];
    power_on(t, 20, 0, atr);
    EXPECT(t, "00A4040005F06F6E656300", HELLO_FCI "9000"); /* partial name */
    EXPECT(t, "902000000161", "9000");
    EXPECT(t, "802000000162", "9000");
    EXPECT(t, "8030000000", "6162 9000");
    EXPECT(t, "80200000000003616263", "9000");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_channels_are_told),
        cmocka_unit_test(test_both_interfaces_say_the_same),
        cmocka_unit_test(test_capabilities_work),
    };
    return cmocka_run_group_tests_name("atr", tests, setup, teardown);
}
