/* Command APDUs taken apart (ISO/IEC 7816-4 5.1, 5.2): the seven forms at their edges, every body
 * of up to three bytes, random ones against a model, and the table of status words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/apdu.h"
#include "base/random.h"
#include "onecard/error.h"

/* What a body means, from its length down: the standard's table 5 as conditions. */
static bool model(const uint8_t *b, size_t n, struct apdu *out) {
    memset(out, 0, sizeof *out);
    if (n == 0)
        return true; /* case 1 */
    if (n == 1) {    /* case 2S */
        out->has_le = true;
        out->ne = b[0] == 0 ? 256 : b[0];
        return true;
    }
    if (b[0] != 0) { /* 3S, 4S */
        size_t lc = b[0];
        out->lc = (uint32_t)lc;
        if (n == 1 + lc)
            return true;
        if (n != 2 + lc)
            return false;
        out->has_le = true;
        out->ne = b[n - 1] == 0 ? 256 : b[n - 1];
        return true;
    }
    if (n < 3)
        return false;
    size_t word = (size_t)b[1] * 256 + b[2];
    out->extended = true;
    if (n == 3) { /* 2E */
        out->has_le = true;
        out->ne = word == 0 ? 65536 : (uint32_t)word;
        return true;
    }
    if (word == 0)
        return false;
    out->lc = (uint32_t)word; /* 3E, 4E */
    if (n == 3 + word)
        return true;
    if (n != 5 + word)
        return false;
    size_t le = (size_t)b[n - 2] * 256 + b[n - 1];
    out->has_le = true;
    out->ne = le == 0 ? 65536 : (uint32_t)le;
    return true;
}

/* The body in a buffer of exactly its length. */
static bool compare(const uint8_t *body, size_t len) {
    uint8_t *bytes = malloc(4 + len);
    assert_non_null(bytes);
    memcpy(bytes, "\x80\x10\x01\x02", 4);
    if (len)
        memcpy(bytes + 4, body, len);
    struct apdu got, want;
    bool good = apdu_parse(bytes, 4 + len, &got);
    bool should = model(bytes + 4, len, &want);
    if (good != should)
        fail_msg("a body of %zu bytes, %02X..: %d", len, len ? body[0] : 0, good);
    if (good) {
        assert_int_equal(got.cla, 0x80);
        assert_int_equal(got.ins, 0x10);
        assert_int_equal(got.p1, 0x01);
        assert_int_equal(got.p2, 0x02);
        assert_int_equal(got.lc, want.lc);
        assert_int_equal(got.ne, want.ne);
        assert_int_equal(got.has_le, want.has_le);
        assert_int_equal(got.extended, want.extended);
        assert_non_null(got.data); /* also where there is none of it */
        if (got.lc)                /* the data lie where the length ends */
            assert_ptr_equal(got.data, bytes + 4 + (got.extended ? 3 : 1));
        assert_true(got.data + got.lc <= bytes + 4 + len);
    }
    free(bytes);
    return good;
}

static void test_too_short(void **state) {
    (void)state;
    struct apdu out;
    for (size_t len = 0; len < 4; len++) {
        uint8_t *bytes = calloc(1, len ? len : 1);
        assert_false(apdu_parse(bytes, len, &out));
        free(bytes);
    }
}

static void test_every_short_body(void **state) {
    (void)state;
    unsigned good = compare(NULL, 0);
    for (unsigned a = 0; a < 256; a++) {
        uint8_t body[3] = {(uint8_t)a};
        good += compare(body, 1);
        for (unsigned b = 0; b < 256; b++) {
            body[1] = (uint8_t)b;
            good += compare(body, 2);
        }
    }
    for (unsigned v = 0; v < 0x10000; v++) {
        uint8_t body[3] = {(uint8_t)(random_below(4)), (uint8_t)(v >> 8), (uint8_t)v};
        good += compare(body, 3);
        body[0] = 0;
        good += compare(body, 3);
    }
    assert_true(good > 65536);
}

/* Lengths at the edges of each form, with as many bytes as they say, and a few more or less. */
static void test_edges(void **state) {
    (void)state;
    static const uint32_t lcs[] = {1, 2, 127, 128, 254, 255, 256, 257, 0x7FFF, 0xFFFE, 0xFFFF};
    static uint8_t body[0x10000 + 16];
    for (size_t i = 0; i < sizeof lcs / sizeof *lcs; i++) {
        for (int extended = lcs[i] > 255; extended <= 1; extended++) {
            size_t head = extended ? 3 : 1;
            body[0] = extended ? 0 : (uint8_t)lcs[i];
            if (extended) {
                body[1] = (uint8_t)(lcs[i] >> 8);
                body[2] = (uint8_t)lcs[i];
            }
            static const struct {
                int more;
                bool short_good, extended_good;
            } tails[] = {{-1, false, false}, {0, true, true},   {1, true, false},
                         {2, false, true},   {3, false, false}, {4, false, false}};
            for (size_t k = 0; k < sizeof tails / sizeof *tails; k++) {
                size_t len = head + lcs[i] + (size_t)tails[k].more;
                bool good = compare(body, len);
                if (len == 1 || (extended && len == 3))
                    continue; /* the length alone is an Le */
                assert_int_equal(good, extended ? tails[k].extended_good : tails[k].short_good);
            }
        }
    }
    /* the data of an extended command of 65,535 bytes with an Le behind them */
    body[0] = 0;
    body[1] = body[2] = 0xFF;
    body[3 + 0xFFFF] = 0x01;
    body[4 + 0xFFFF] = 0x02;
    assert_true(compare(body, 5 + 0xFFFF));
}

static void test_random_bodies(void **state) {
    (void)state;
    unsigned good = 0;
    for (int round = 0; round < 200000; round++) {
        uint8_t body[80];
        size_t len = random_below(sizeof body);
        for (size_t i = 0; i < len; i++)
            body[i] = (uint8_t)random_below(256);
        if (len && random_below(4)) /* mostly nearly right */
            body[0] = (uint8_t)(len - 1 - random_below(2));
        if (len >= 3 && random_below(2)) {
            body[0] = body[1] = 0;
            body[2] = (uint8_t)(len - 3 - 2 * random_below(2));
        }
        good += compare(body, len);
    }
    assert_true(good > 20000 && good < 180000);
}

/* Every error has a status word of class 6x (or 9000), and a name. */
static void test_status_words(void **state) {
    (void)state;
    assert_int_equal(apdu_status(ONECARD_OK), 0x9000);
    for (int err = -1; err >= ONECARD_E_TRAP; err--) {
        uint16_t sw = apdu_status(err);
        assert_true(sw >= 0x6200 && sw <= 0x6FFF);
        assert_string_not_equal(onecard_err_text((enum onecard_err)err), onecard_err_text(0));
        /* 6F00 is for applets that fail, and for what nobody foresaw */
        assert_true((sw == 0x6F00) == (err == ONECARD_E_TRAP));
    }
    static const int unknown[] = {1, ONECARD_E_TRAP - 1, 127, -128, -256, 0x10000, -65536};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_int_equal(apdu_status(unknown[i]), 0x6F00);
    assert_non_null(onecard_err_text((enum onecard_err) - 99));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_too_short),    cmocka_unit_test(test_every_short_body),
        cmocka_unit_test(test_edges),        cmocka_unit_test(test_random_bodies),
        cmocka_unit_test(test_status_words),
    };
    return cmocka_run_group_tests_name("apdu_parse", tests, NULL, NULL);
}
