/* The pool of applet memories: edges, and a long random history against a model that only knows
 * which bytes are taken (F1: blocks never overlap; F8: what is given back can be taken again). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"
#include "base/random.h"

/* A block's header; what a caller sees of it is that it cannot have all of the pool. */
#define HEAD 8u

static void test_empty_and_tiny(void **state) {
    (void)state;
    uint64_t area[4];
    struct pool p;
    for (uint32_t size = 0; size < HEAD; size++) {
        pool_init(&p, area, size);
        assert_int_equal(pool_largest(&p), 0);
        assert_null(pool_take(&p, 0));
        assert_null(pool_take(&p, 1));
    }
    pool_init(&p, area, HEAD + 7); /* rounded down: a header, and nothing behind it */
    assert_int_equal(pool_largest(&p), 0);
    assert_null(pool_take(&p, 1));
    pool_init(&p, area, HEAD + 8);
    assert_int_equal(pool_largest(&p), 8);
    void *block = pool_take(&p, 8);
    assert_ptr_equal(block, (uint8_t *)area + HEAD);
    assert_null(pool_take(&p, 0));
    pool_give(&p, block);
    assert_non_null(pool_take(&p, 0)); /* a block of nothing is a block */
}

static void test_sizes_that_are_too_large(void **state) {
    (void)state;
    uint64_t area[128];
    struct pool p;
    pool_init(&p, area, sizeof area);
    assert_int_equal(pool_largest(&p), sizeof area - HEAD);
    static const uint32_t sizes[] = {sizeof area - HEAD + 1,
                                     sizeof area,
                                     sizeof area + 1,
                                     0x7FFFFFFF,
                                     0x80000000,
                                     0xFFFFFFF0,
                                     0xFFFFFFF7,
                                     0xFFFFFFF8,
                                     0xFFFFFFFF};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        assert_null(pool_take(&p, sizes[i]));
    assert_non_null(pool_take(&p, sizeof area - HEAD));
    assert_int_equal(pool_largest(&p), 0);
    pool_give(&p, NULL); /* allowed */
}

/* Gaps that lie side by side become one, whichever goes first. */
static void test_gaps_join(void **state) {
    (void)state;
    static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                         {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    uint64_t area[3 * 8];
    for (size_t o = 0; o < 6; o++) {
        struct pool p;
        void *block[3];
        pool_init(&p, area, sizeof area);
        for (int i = 0; i < 3; i++) {
            block[i] = pool_take(&p, 64 - HEAD);
            assert_non_null(block[i]);
        }
        assert_null(pool_take(&p, 1));
        for (int i = 0; i < 3; i++)
            pool_give(&p, block[orders[o][i]]);
        assert_int_equal(pool_largest(&p), sizeof area - HEAD);
        assert_non_null(pool_take(&p, sizeof area - HEAD));
    }
}

/* F7: what is given back is wiped. */
static void test_wiped(void **state) {
    (void)state;
    static const uint8_t zeros[256];
    uint64_t area[64];
    struct pool p;
    memset(area, 0xFF, sizeof area);
    pool_init(&p, area, sizeof area);
    uint8_t *before = pool_take(&p, 40), *block = pool_take(&p, 101), *after = pool_take(&p, 40);
    memset(before, 0xAA, 40);
    memset(block, 0xBB, 101);
    memset(after, 0xCC, 40);
    pool_give(&p, block);
    assert_memory_equal(block, zeros, 101);
    for (int i = 0; i < 40; i++) { /* and nobody else is */
        assert_int_equal(before[i], 0xAA);
        assert_int_equal(after[i], 0xCC);
    }
}

/* ---- against a model ---- */

#define POOL_SIZE 4096u
#define BLOCKS 40u

struct model {
    struct {
        uint8_t *at;
        uint32_t size;
        uint8_t fill;
    } blocks[BLOCKS];
    uint32_t count;
};

/* The longest run of bytes that no block (with its header) covers. */
static uint32_t model_longest(const struct model *m, const uint8_t *base) {
    static uint8_t taken[POOL_SIZE];
    memset(taken, 0, sizeof taken);
    for (uint32_t i = 0; i < m->count; i++) {
        uint32_t from = (uint32_t)(m->blocks[i].at - base) - HEAD;
        memset(taken + from, 1, HEAD + ((m->blocks[i].size + 7u) & ~7u));
    }
    uint32_t longest = 0, run = 0;
    for (uint32_t i = 0; i < POOL_SIZE; i++) {
        run = taken[i] ? 0 : run + 1;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void check_contents(const struct model *m) {
    for (uint32_t i = 0; i < m->count; i++)
        for (uint32_t k = 0; k < m->blocks[i].size; k++)
            assert_int_equal(m->blocks[i].at[k], m->blocks[i].fill);
}

static void test_random_history(void **state) {
    (void)state;
    uint64_t *area = malloc(POOL_SIZE);
    uint8_t *base = (uint8_t *)area;
    struct pool p;
    struct model m = {.count = 0};
    pool_init(&p, area, POOL_SIZE);
    unsigned refused = 0;
    for (int round = 0; round < 20000; round++) {
        if (m.count && (m.count == BLOCKS || random_below(2))) {
            uint32_t i = random_below(m.count);
            pool_give(&p, m.blocks[i].at);
            m.blocks[i] = m.blocks[--m.count];
        } else {
            uint32_t size = random_below(random_below(8) ? 200 : 1500);
            uint32_t longest = model_longest(&m, base);
            uint8_t *at = pool_take(&p, size);
            /* the gap that is left behind a block is too small to be one: up to a header more */
            if (!at) {
                refused++;
                assert_true(HEAD + ((size + 7u) & ~7u) + HEAD > longest);
                continue;
            }
            assert_true(HEAD + ((size + 7u) & ~7u) <= longest);
            assert_int_equal((uintptr_t)at % 8, 0);
            assert_true(at >= base + HEAD && at + size <= base + POOL_SIZE);
            memset(at, round, size);
            m.blocks[m.count].at = at;
            m.blocks[m.count].size = size;
            m.blocks[m.count++].fill = (uint8_t)round;
        }
        check_contents(&m); /* no block lies in another */
        uint32_t largest = pool_largest(&p), longest = model_longest(&m, base);
        assert_true(largest <= longest && largest + 2 * HEAD >= longest);
        if (largest) { /* what it promises it gives */
            void *all = pool_take(&p, largest);
            assert_non_null(all);
            check_contents(&m);
            pool_give(&p, all);
        }
    }
    assert_true(refused > 100);
    while (m.count)
        pool_give(&p, m.blocks[--m.count].at);
    assert_int_equal(pool_largest(&p), POOL_SIZE - HEAD);
    free(area);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_and_tiny), cmocka_unit_test(test_sizes_that_are_too_large),
        cmocka_unit_test(test_gaps_join),      cmocka_unit_test(test_wiped),
        cmocka_unit_test(test_random_history),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
