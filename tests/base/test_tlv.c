/* BER-TLV (ISO/IEC 7816-4 6.3, ISO/IEC 8825-1 8.1): every edge by table, and random bytes against a
 * model that is written another way. Buffers are exactly as long as they say, so that reading over
 * their end is noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "base/tlv.h"

static size_t from_hex(const char *hex, uint8_t *out) {
    size_t len = 0;
    for (; *hex; hex += *hex == ' ' ? 1 : 2) {
        unsigned byte;
        if (*hex == ' ')
            continue;
        assert_int_equal(sscanf(hex, "%2x", &byte), 1);
        out[len++] = (uint8_t)byte;
    }
    return len;
}

/* ---- reading ---- */

static void test_next(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        bool good;
        uint32_t tag, len, taken;
    } rows[] = {
        {"", false, 0, 0, 0},
        {"80", false, 0, 0, 0}, /* no length */
        {"80 00", true, 0x80, 0, 2},
        {"80 01", false, 0, 0, 0}, /* no value */
        {"80 01 AA", true, 0x80, 1, 3},
        {"80 01 AA BB", true, 0x80, 1, 3},
        {"00 00", true, 0x00, 0, 2}, /* padding of 6.3 is up to the caller */
        {"1F", false, 0, 0, 0},
        {"9F 36", false, 0, 0, 0},
        {"9F 36 00", true, 0x9F36, 0, 3},
        {"5F 81 02 00", true, 0x5F8102, 0, 4},
        {"DF 81 80 01 00", false, 0, 0, 0}, /* four bytes of tag */
        {"DF 81 81 81", false, 0, 0, 0},
        {"1F 00 00", true, 0x1F00, 0, 3},
        {"7F 21 00", true, 0x7F21, 0, 3},
        {"80 80", false, 0, 0, 0}, /* indefinite */
        {"80 80 00 00", false, 0, 0, 0},
        {"80 81", false, 0, 0, 0},
        {"80 81 00", true, 0x80, 0, 3}, /* longer than needed: 6.3 allows it */
        {"80 81 01 AA", true, 0x80, 1, 4},
        {"80 81 02 AA", false, 0, 0, 0},
        {"80 82 00", false, 0, 0, 0},
        {"80 82 00 01 AA", true, 0x80, 1, 5},
        {"80 83 00 00 01 AA", true, 0x80, 1, 6},
        {"80 83 00 00", false, 0, 0, 0},
        {"80 84 00 00 00 01 AA", false, 0, 0, 0}, /* five bytes of length */
        {"80 FF", false, 0, 0, 0},
        {"80 83 FF FF FF", false, 0, 0, 0},
        {"80 7F", false, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t bytes[64];
        size_t len = from_hex(rows[i].bytes, bytes);
        uint8_t *exact = malloc(len ? len : 1);
        memcpy(exact, bytes, len);
        const uint8_t *cursor = exact;
        struct tlv out;
        if (tlv_next(&cursor, exact + len, &out) != rows[i].good)
            fail_msg("%s", rows[i].bytes);
        assert_ptr_equal(cursor, exact + rows[i].taken);
        if (rows[i].good) {
            assert_int_equal(out.tag, rows[i].tag);
            assert_int_equal(out.len, rows[i].len);
            assert_ptr_equal(out.value + out.len, cursor);
        }
        free(exact);
    }
}

static void test_find(void **state) {
    (void)state;
    uint8_t bytes[64];
    struct tlv out;
    size_t len = from_hex("84 01 11 A5 03 9F65 00 84 00 9F65 01 22 81 02 33", bytes);
    assert_true(tlv_find(bytes, len, 0x84, &out)); /* the first of two */
    assert_int_equal(out.len, 1);
    assert_int_equal(out.value[0], 0x11);
    assert_true(tlv_find(bytes, len, 0x9F65, &out)); /* on this level, not within A5 */
    assert_int_equal(out.len, 1);
    assert_int_equal(out.value[0], 0x22);
    assert_false(tlv_find(bytes, len, 0x81, &out)); /* cut short */
    assert_false(tlv_find(bytes, len, 0x9F, &out));
    assert_false(tlv_find(bytes, 0, 0x84, &out));
    assert_false(tlv_find(bytes, 1, 0x84, &out));
    assert_true(tlv_find(bytes, 3, 0x84, &out));
}

static void test_take_lv(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        bool good;
        uint32_t len;
    } rows[] = {
        {"", false, 0},     {"00", true, 0},     {"01", false, 0},
        {"01 AA", true, 1}, {"02 AA", false, 0}, {"01 AA BB", true, 1},
        {"FF", false, 0},   {"80 01", false, 0}, {"02 AA BB", true, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t bytes[64];
        size_t len = from_hex(rows[i].bytes, bytes);
        uint8_t *exact = malloc(len ? len : 1);
        memcpy(exact, bytes, len);
        const uint8_t *cursor = exact;
        struct tlv out;
        if (tlv_take_lv(&cursor, exact + len, &out) != rows[i].good)
            fail_msg("%s", rows[i].bytes);
        assert_ptr_equal(cursor, exact + (rows[i].good ? 1 + rows[i].len : 0));
        if (rows[i].good) {
            assert_int_equal(out.len, rows[i].len);
            assert_ptr_equal(out.value, exact + 1);
        }
        free(exact);
    }
    uint8_t longest[256] = {255};
    const uint8_t *cursor = longest;
    struct tlv out;
    assert_true(tlv_take_lv(&cursor, longest + 256, &out));
    assert_int_equal(out.len, 255);
    cursor = longest;
    assert_false(tlv_take_lv(&cursor, longest + 255, &out));
}

/* ---- writing ---- */

/* Lengths at which the form changes, with room for exactly that and for one byte less. */
static void test_put(void **state) {
    (void)state;
    static const struct {
        uint32_t tag;
        size_t value_len, head;
    } rows[] = {
        {0x80, 0, 2},      {0x80, 1, 2},          {0x80, 0x7F, 2},    {0x80, 0x80, 3},
        {0x80, 0xFF, 3},   {0x80, 0x100, 4},      {0x80, 0xFFFF, 4},  {0x9F36, 0, 3},
        {0x9F36, 0x80, 4}, {0x5F8102, 0x7F, 4},   {0x5F8102, 256, 6}, {0x00, 0, 2},
        {0xBE, 0x7F, 2},   {0x5F8102, 0xFFFF, 6},
    };
    uint8_t *value = calloc(1, 0x10000);
    for (size_t i = 0; i < 0x10000; i++)
        value[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t want = rows[i].head + rows[i].value_len;
        for (size_t before = 0; before <= 3; before += 3) {
            uint8_t *data = malloc(before + want);
            memset(data, 0xEE, before + want);
            size_t len = before;
            assert_false(
                tlv_put(data, before + want - 1, &len, rows[i].tag, value, rows[i].value_len));
            assert_int_equal(len, before); /* and nothing changed */
            for (size_t k = 0; k < before + want; k++)
                assert_int_equal(data[k], 0xEE);
            assert_true(tlv_put(data, before + want, &len, rows[i].tag, value, rows[i].value_len));
            assert_int_equal(len, before + want);
            const uint8_t *cursor = data + before;
            struct tlv out;
            assert_true(tlv_next(&cursor, data + len, &out));
            assert_int_equal(out.tag, rows[i].tag);
            assert_int_equal(out.len, rows[i].value_len);
            assert_memory_equal(out.value, value, out.len);
            /* the same made by wrapping what is there */
            len = before;
            if (rows[i].value_len)
                memcpy(data + before, value, rows[i].value_len);
            len += rows[i].value_len;
            size_t short_len = len;
            assert_false(tlv_wrap(data, before + want - 1, &short_len, before, rows[i].tag));
            assert_int_equal(short_len, len);
            assert_true(tlv_wrap(data, before + want, &len, before, rows[i].tag));
            assert_int_equal(len, before + want);
            cursor = data + before;
            assert_true(tlv_next(&cursor, data + len, &out));
            assert_int_equal(out.tag, rows[i].tag);
            assert_int_equal(out.len, rows[i].value_len);
            assert_memory_equal(out.value, value, out.len);
            free(data);
        }
    }
    /* nothing on the card is longer than 65,535 bytes */
    uint8_t data[8];
    size_t len = 0;
    assert_false(tlv_put(data, SIZE_MAX, &len, 0x80, value, 0x10000));
    assert_false(tlv_put(data, 0, &len, 0x80, NULL, 0));
    assert_true(tlv_put(data, 2, &len, 0x80, NULL, 0));
    assert_false(tlv_put(data, 2, &len, 0x80, NULL, 0)); /* full */
    free(value);
}

/* ---- against a model ---- */

/* The rules once more, by position instead of by cursor. Returns the bytes taken, 0 if none. */
static size_t model_next(const uint8_t *p, size_t len, uint32_t *tag, size_t *value_at,
                         size_t *value_len) {
    size_t tag_len = 1;
    if (len && (p[0] & 0x1F) == 0x1F)
        for (tag_len = 2; tag_len < len && p[tag_len - 1] & 0x80;)
            tag_len++;
    if (tag_len > 3 || len < tag_len + 1)
        return 0;
    if (tag_len > 1 && p[tag_len - 1] & 0x80)
        return 0;
    *tag = 0;
    for (size_t i = 0; i < tag_len; i++)
        *tag = *tag * 256 + p[i];
    size_t form = p[tag_len] < 0x80 ? 0 : p[tag_len] - 0x80u;
    if (p[tag_len] >= 0x80 && (form < 1 || form > 3))
        return 0;
    if (len < tag_len + 1 + form)
        return 0;
    *value_len = form ? 0 : p[tag_len];
    for (size_t i = 0; i < form; i++)
        *value_len = *value_len * 256 + p[tag_len + 1 + i];
    *value_at = tag_len + 1 + form;
    return *value_at + *value_len <= len ? *value_at + *value_len : 0;
}

static void test_random_bytes(void **state) {
    (void)state;
    static const uint8_t likely[] = {0x80, 0x81, 0x82, 0x83, 0x84, 0x00, 0x01, 0x02,
                                     0x9F, 0x5F, 0x1F, 0xFF, 0x7F, 0x03, 0x84, 0xA5};
    unsigned good = 0, bad = 0;
    for (int round = 0; round < 200000; round++) {
        size_t len = random_below(24);
        uint8_t *bytes = malloc(len ? len : 1);
        for (size_t i = 0; i < len; i++)
            bytes[i] =
                random_below(2) ? likely[random_below(sizeof likely)] : (uint8_t)random_below(256);
        const uint8_t *cursor = bytes;
        size_t at = 0;
        for (;;) {
            struct tlv out;
            uint32_t tag = 0;
            size_t value_at = 0, value_len = 0;
            size_t taken = model_next(bytes + at, len - at, &tag, &value_at, &value_len);
            bool is = tlv_next(&cursor, bytes + len, &out);
            assert_int_equal(is, taken != 0);
            if (!is)
                break;
            good++;
            assert_int_equal(out.tag, tag);
            assert_int_equal(out.len, value_len);
            assert_ptr_equal(out.value, bytes + at + value_at);
            at += taken;
            assert_ptr_equal(cursor, bytes + at);
        }
        bad += at != len;
        free(bytes);
    }
    assert_true(good > 10000 && bad > 10000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next),         cmocka_unit_test(test_find),
        cmocka_unit_test(test_take_lv),      cmocka_unit_test(test_put),
        cmocka_unit_test(test_random_bytes),
    };
    return cmocka_run_group_tests_name("tlv", tests, NULL, NULL);
}
