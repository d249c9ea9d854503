/* Test vectors as text, and a small repeatable generator of test data. */
#ifndef TESTS_CRYPTO_HEX_H
#define TESTS_CRYPTO_HEX_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hex digits (spaces allowed) to bytes; returns their number. */
static inline size_t hex(uint8_t *out, size_t capacity, const char *text) {
    size_t n = 0;
    for (; *text != 0; text++) {
        unsigned byte;
        if (*text == ' ')
            continue;
        int got = sscanf(text, "%2x", &byte);
        assert(got == 1 && n < capacity);
        (void)got;
        out[n++] = (uint8_t)byte;
        text++;
    }
    return n;
}

/* How many random cases: the usual number, for which a test takes seconds, times CRYPTO_TIMES
 * ("make differential"). */
static inline int cases(int usual) {
    const char *times = getenv("CRYPTO_TIMES");
    return times != NULL && atoi(times) > 0 ? usual * atoi(times) : usual;
}

/* xorshift64*: the same data in every run. */
struct noise {
    uint64_t state;
};

static inline uint64_t noise_next(struct noise *n) {
    n->state ^= n->state >> 12;
    n->state ^= n->state << 25;
    n->state ^= n->state >> 27;
    return n->state * 0x2545F4914F6CDD1Du;
}

static inline void noise_fill(struct noise *n, uint8_t *buf, size_t len) {
    for (size_t i = 0; i < len; i++)
        buf[i] = (uint8_t)(noise_next(n) >> 32);
}

/* 0 to limit - 1 */
static inline size_t noise_below(struct noise *n, size_t limit) {
    return (size_t)((noise_next(n) >> 16) % limit);
}

#endif
