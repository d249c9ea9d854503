/* The CRC of the store beside one made bit by bit, for lengths that take every way through it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/format.h"

static uint32_t bit_by_bit(uint32_t crc, const uint8_t *p, size_t len) {
    while (len--) {
        crc ^= *p++;
        for (int i = 0; i < 8; i++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
    }
    return crc;
}

static void test_known(void **state) {
    (void)state;
    assert_int_equal(~store_crc32_update(UINT32_MAX, "123456789", 9), 0xCBF43926);
}

static void test_lengths(void **state) {
    (void)state;
    uint8_t data[1024 + 16];
    uint32_t start = UINT32_MAX, seed = 1;
    for (size_t len = 0; len <= 1024; len++) {
        for (size_t i = 0; i < sizeof data; i++) {
            seed = seed * 1664525 + 1013904223;
            data[i] = (uint8_t)(seed >> 24);
        }
        const uint8_t *p = data + len % 16;
        uint32_t crc = store_crc32_update(start, p, len);
        assert_int_equal(crc, bit_by_bit(start, p, len));
        size_t part = len * 3 / 7; /* in two pieces */
        assert_int_equal(
            store_crc32_update(store_crc32_update(start, p, part), p + part, len - part), crc);
        start = crc;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
