/* Repeatable numbers for tests that compare with a model. */
#ifndef BASE_TEST_RANDOM_H
#define BASE_TEST_RANDOM_H

#include <stdint.h>

static uint64_t random_state = 1;

/* 0 to below - 1 (xorshift64). */
static inline uint32_t random_below(uint32_t below) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % below;
}

#endif
