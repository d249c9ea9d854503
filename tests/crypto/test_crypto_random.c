/* The generator: seeding, health tests, the repeatable mode. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "crypto/crypto.h"
#include "crypto/hex.h"

struct source {
    struct noise noise;
    int stuck_after; /* calls until it gives one byte for ever; -1 never */
    int fail_after;  /* calls until it fails; -1 never */
    int biased;      /* 7 of 8 bytes are the same */
    int calls;
};

static enum onecard_err source_read(void *ctx, void *buf, size_t len) {
    struct source *s = ctx;
    int call = s->calls++;
    if (s->fail_after >= 0 && call >= s->fail_after)
        return ONECARD_E_IO;
    noise_fill(&s->noise, buf, len);
    if (s->stuck_after >= 0 && call >= s->stuck_after)
        memset(buf, 0x55, len);
    for (size_t i = 0; s->biased && i < len; i++)
        if (noise_below(&s->noise, 8) != 0)
            ((uint8_t *)buf)[i] = 0x42;
    return ONECARD_OK;
}

static void test_repeats_with_its_entropy(void **state) {
    (void)state;
    uint8_t a[300], b[300];
    for (int different = 0; different < 2; different++) {
        struct source s1 = {{9}, -1, -1, 0, 0}, s2 = {{9 + (unsigned)different}, -1, -1, 0, 0};
        struct crypto_random r1, r2;
        assert_int_equal(crypto_random_open(&r1, source_read, &s1, NULL, 0), ONECARD_OK);
        assert_int_equal(crypto_random_open(&r2, source_read, &s2, NULL, 0), ONECARD_OK);
        for (size_t at = 0, step = 1; at + step <= 300; at += step, step = step * 2) {
            assert_int_equal(crypto_random_bytes(&r1, a + at, step), ONECARD_OK);
            assert_int_equal(crypto_random_bytes(&r2, b + at, step), ONECARD_OK);
        }
        if (different)
            assert_memory_not_equal(a, b, 255);
        else
            assert_memory_equal(a, b, 255);
        crypto_random_close(&r1);
        crypto_random_close(&r2);
    }
}

static void test_personal_bytes_matter(void **state) {
    (void)state;
    uint8_t a[32], b[32];
    struct source s1 = {{9}, -1, -1, 0, 0}, s2 = {{9}, -1, -1, 0, 0};
    struct crypto_random r1, r2;
    crypto_random_open(&r1, source_read, &s1, (const uint8_t *)"card 1", 6);
    crypto_random_open(&r2, source_read, &s2, (const uint8_t *)"card 2", 6);
    crypto_random_bytes(&r1, a, 32);
    crypto_random_bytes(&r2, b, 32);
    assert_memory_not_equal(a, b, 32);
    crypto_random_close(&r1);
    crypto_random_close(&r2);
}

static void test_spread(void **state) {
    (void)state;
    struct source s = {{10}, -1, -1, 0, 0};
    struct crypto_random r;
    static uint8_t big[100000];
    unsigned count[256] = {0}, low = ~0u, high = 0;
    crypto_random_open(&r, source_read, &s, NULL, 0);
    assert_int_equal(crypto_random_bytes(&r, big, sizeof big), ONECARD_OK);
    for (size_t i = 0; i < sizeof big; i++)
        count[big[i]]++;
    for (int i = 0; i < 256; i++) {
        low = count[i] < low ? count[i] : low;
        high = count[i] > high ? count[i] : high;
    }
    assert_in_range(low, 290, 390); /* mean 391, deviation 20 */
    assert_in_range(high, 391, 491);
    crypto_random_close(&r);
}

static void test_short_draws_differ_and_leave_no_trace(void **state) {
    (void)state;
    struct source s = {{11}, -1, -1, 0, 0};
    struct crypto_random r;
    uint8_t a[8], b[8];
    crypto_random_open(&r, source_read, &s, NULL, 0);
    for (int i = 0; i < 100; i++) {
        crypto_random_bytes(&r, a, 8);
        crypto_random_bytes(&r, b, 8);
        assert_memory_not_equal(a, b, 8);
        for (size_t at = 0; at + 8 <= sizeof r.pool; at++)
            assert_memory_not_equal(r.pool + at, b, 8);
    }
    crypto_random_close(&r);
}

static void test_failing_source(void **state) {
    (void)state;
    struct source s = {{12}, -1, 0, 0, 0};
    struct crypto_random r;
    uint8_t b[40];
    assert_int_equal(crypto_random_open(&r, source_read, &s, NULL, 0), ONECARD_E_IO);
    assert_int_equal(crypto_random_bytes(&r, b, 4), ONECARD_E_IO); /* never opened */
    s.fail_after = 1;
    s.calls = 0;
    assert_int_equal(crypto_random_open(&r, source_read, &s, NULL, 0), ONECARD_OK);
    assert_int_equal(crypto_random_reseed(&r), ONECARD_E_IO);
    crypto_random_close(&r);
}

static void test_health(void **state) {
    (void)state;
    struct crypto_random r;
    struct source stuck = {{13}, 0, -1, 0, 0};
    assert_int_equal(crypto_random_open(&r, source_read, &stuck, NULL, 0), ONECARD_E_IO);

    struct source later = {{13}, 1, -1, 0, 0};
    uint8_t b[40];
    assert_int_equal(crypto_random_open(&r, source_read, &later, NULL, 0), ONECARD_OK);
    assert_int_equal(crypto_random_reseed(&r), ONECARD_E_IO);
    later.stuck_after = -1; /* recovered, but once failed is failed */
    assert_int_equal(crypto_random_reseed(&r), ONECARD_E_IO);
    crypto_random_close(&r);

    struct source biased = {{14}, -1, -1, 1, 0};
    int failed = crypto_random_open(&r, source_read, &biased, NULL, 0) != ONECARD_OK;
    for (int i = 0; i < 60 && !failed; i++) /* 60 seeds: more than five windows */
        failed = crypto_random_reseed(&r) != ONECARD_OK;
    assert_true(failed);
    crypto_random_close(&r);

    struct source good = {{15}, -1, -1, 0, 0};
    assert_int_equal(crypto_random_open(&r, source_read, &good, NULL, 0), ONECARD_OK);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(crypto_random_reseed(&r), ONECARD_OK);
    assert_int_equal(crypto_random_bytes(&r, b, sizeof b), ONECARD_OK);
    crypto_random_close(&r);
}

/* A source that gives exactly these bytes, over and over. */
struct script {
    const uint8_t *bytes;
    size_t len, at;
};

static enum onecard_err script_read(void *ctx, void *buf, size_t len) {
    struct script *s = ctx;
    for (size_t i = 0; i < len; i++)
        ((uint8_t *)buf)[i] = s->bytes[s->at++ % s->len];
    return ONECARD_OK;
}

/* Reseeds until the script was read once; does the test raise its alarm? */
static bool alarm_raised(const uint8_t *bytes, size_t len) {
    struct crypto_random r;
    struct script s = {bytes, len, 0};
    enum onecard_err err = crypto_random_open(&r, script_read, &s, NULL, 0);
    while (err == ONECARD_OK && s.at < len)
        err = crypto_random_reseed(&r);
    crypto_random_close(&r);
    return err != ONECARD_OK;
}

/* SP 800-90B 4.4.1: the alarm comes with the 31st equal byte in a row, wherever it stands, not with
 * the 30th. */
static void test_repetition_count_cutoff(void **state) {
    (void)state;
    static uint8_t bytes[48 * 8];
    for (size_t run = 28; run <= 34; run++)
        for (size_t start = 0; start + run < sizeof bytes; start += 23) {
            for (size_t i = 0; i < sizeof bytes; i++)
                bytes[i] = (uint8_t)(i * 7);
            memset(bytes + start, 0x33, run);
            /* its neighbours are other bytes */
            if (start > 0)
                bytes[start - 1] = 0x34;
            if (start + run < sizeof bytes)
                bytes[start + run] = 0x34;
            assert_int_equal(alarm_raised(bytes, sizeof bytes), run >= 31);
        }
}

/* SP 800-90B 4.4.2: in a window of 512 bytes the first one comes 325 times, or 324. */
static void test_adaptive_proportion_cutoff(void **state) {
    (void)state;
    static uint8_t bytes[48 * 11]; /* one window and a bit */
    for (size_t hits = 320; hits <= 330; hits++) {
        const size_t others = 512 - hits; /* spread evenly, the last byte of the window is one */
        size_t count = 0, run = 0, longest = 0;
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (i + 1) * others / 512 != i * others / 512 ? (uint8_t)(i % 200) : 0xEE;
        for (size_t i = 0; i < 512; i++) {
            count += bytes[i] == bytes[0];
            run = i > 0 && bytes[i] == bytes[i - 1] ? run + 1 : 1;
            longest = run > longest ? run : longest;
        }
        assert_int_equal(bytes[0], 0xEE);
        assert_int_equal(count, hits);
        assert_in_range(longest, 1, 30); /* the other test keeps still */
        assert_int_equal(alarm_raised(bytes, sizeof bytes), hits >= 325);
    }
}

/* The generator fetches new entropy by itself, and stops where it gets none: zeros, and an error.
 */
static void test_reseeds_by_itself(void **state) {
    (void)state;
    struct source s = {{18}, -1, -1, 0, 0};
    struct crypto_random r;
    uint8_t b[32];
    static const uint8_t zeros[32];
    assert_int_equal(crypto_random_open(&r, source_read, &s, NULL, 0), ONECARD_OK);
    int calls = s.calls, draws = 0;
    while (s.calls == calls && draws < 20000) {
        assert_int_equal(crypto_random_bytes(&r, b, sizeof b), ONECARD_OK);
        draws++;
    }
    assert_in_range(draws, 9990, 10010);
    s.fail_after = s.calls;
    enum onecard_err err = ONECARD_OK;
    for (draws = 0; err == ONECARD_OK && draws < 20000; draws++)
        err = crypto_random_bytes(&r, b, sizeof b);
    assert_int_equal(err, ONECARD_E_IO);
    assert_memory_equal(b, zeros, sizeof b);
    assert_int_equal(crypto_random_bytes(&r, b, sizeof b), ONECARD_E_IO);
    s.fail_after = -1; /* the source is back: no alarm was raised, so that the card goes on */
    assert_int_equal(crypto_random_bytes(&r, b, sizeof b), ONECARD_OK);
    crypto_random_close(&r);
}

static void test_forced(void **state) {
    (void)state;
    struct source s = {{16}, -1, -1, 0, 0};
    struct crypto_random r;
    static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6};
    uint8_t got[8];
    crypto_random_open(&r, source_read, &s, NULL, 0);
    crypto_random_force(&r, bytes, sizeof bytes);
    crypto_random_bytes(&r, got, 4);
    assert_memory_equal(got, bytes, 4);
    crypto_random_bytes(&r, got, 8);
    assert_memory_equal(got, bytes + 4, 2);
    assert_memory_not_equal(got + 2, "\0\0\0\0\0\0", 6);
    crypto_random_close(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeats_with_its_entropy),
        cmocka_unit_test(test_personal_bytes_matter),
        cmocka_unit_test(test_spread),
        cmocka_unit_test(test_short_draws_differ_and_leave_no_trace),
        cmocka_unit_test(test_failing_source),
        cmocka_unit_test(test_health),
        cmocka_unit_test(test_repetition_count_cutoff),
        cmocka_unit_test(test_adaptive_proportion_cutoff),
        cmocka_unit_test(test_reseeds_by_itself),
        cmocka_unit_test(test_forced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
