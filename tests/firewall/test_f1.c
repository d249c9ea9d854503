/* F1: an applet reaches bytes only in its own linear memory; every pointer and length is checked
 * once, before use. The attacks are generated from the table of host calls: every call, every
 * buffer, every edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/attack.h"

static int setup(void **state) {
    struct attack *a = calloc(1, sizeof *a);
    attack_open(a, "test/attack.yaml");
    attack_furnish(a);
    *state = a;
    return 0;
}

static int teardown(void **state) {
    attack_close(*state);
    free(*state);
    return 0;
}

/* The card and everybody else on it are as before. */
static void expect_well(struct attack *a) {
    EXPECT(&a->t, HELLO_SELECT, HELLO_FCI "9000");
    EXPECT(&a->t, "8010000000", "*9000");
    attack_select(a, 1);
}

/* ---- edges ---- */

struct range {
    uint32_t pointer, len;
    bool inside;
};

static size_t edges(const struct attack *a, struct range out[32]) {
    const uint32_t size = a->size;
    const struct range ranges[] = {
        /* within, to the last byte */
        {0, 0, true},
        {size, 0, true},
        {size - 1, 0, true},
        {size - 1, 1, true},
        {size - 16, 16, true},
        {a->scratch, 16, true},
        {0, 1, true},
        /* beyond by one, in every way */
        {size, 1, false},
        {size - 1, 2, false},
        {size - 16, 17, false},
        {size + 1, 0, false},
        {0, size + 1, false},
        {1, size, false},
        /* far away */
        {0x10000, 0, false},
        {0x10000, 1, false},
        {0x10000 - 1, 2, false},
        {0x7FFFFFFF, 1, false},
        {0x80000000, 0, false},
        {0xFFFFFFFF, 0, false},
        {0, 0x80000000, false},
        {0, 0xFFFFFFFF, false},
        {0, 0x10001, false},
        /* sums that wrap into memory */
        {0xFFFFFFFF, 1, false},
        {0xFFFFFFFF, 2, false},
        {0xFFFFFFFF, 0xFFFFFFFF, false},
        {0xFFFFFFF0, 0x20, false},
        {0x20, 0xFFFFFFF0, false},
        {0x80000000, 0x80000000, false},
        {0x80000000, 0x80000010, false},
        {a->scratch, 0 - a->scratch, false},
        {a->scratch, 16 - a->scratch, false},
    };
    memcpy(out, ranges, sizeof ranges);
    return sizeof ranges / sizeof *ranges;
}

static uint64_t programs(const struct attack *a) {
    struct onecard_host_counters counters;
    onecard_host_counters(a->t.host, &counters);
    return counters.programs + counters.erases;
}

static void try_range(struct attack *a, const struct attack_row *row, unsigned slot,
                      const struct range *r) {
    uint32_t arguments[ATTACK_SLOTS] = {0};
    unsigned at = 0;
    for (const char *p = row->arguments; *p; p++) /* the others are empty, and within */
        if (*p == 'v')
            at++;
        else
            arguments[at] = a->scratch, at += 2;
    arguments[slot] = r->pointer;
    arguments[slot + 1] = r->len;
    const uint64_t before = programs(a);
    struct attack_outcome o = attack_call(a, ATTACK_UNDO, row->number, arguments);
    if (o.trapped == r->inside)
        fail_msg("F1: %s, slot %u: pointer %08X, length %08X %s", row->name, slot,
                 (unsigned)r->pointer, (unsigned)r->len,
                 o.trapped ? "was stopped" : "was not stopped");
    if (!o.trapped)
        return;
    assert_non_null(strstr(a->t.last_trace, "host"));
    assert_int_equal(programs(a), before); /* stopped before anything was done */
}

static void test_f1_every_call_every_edge(void **state) {
    struct attack *a = *state;
    struct range ranges[32];
    const size_t count = edges(a, ranges);
    unsigned tried = 0;
    for (size_t i = 0; i < attack_row_count; i++) {
        const struct attack_row *row = &attack_rows[i];
        unsigned slot = 0;
        for (const char *p = row->arguments; *p; p++) {
            for (size_t r = 0; *p != 'v' && r < count; r++, tried++)
                try_range(a, row, slot, &ranges[r]);
            slot += *p == 'v' ? 1 : 2;
        }
    }
    assert_true(tried > 1500);
    expect_well(a);
}

/* The first bad buffer stops the call, also when it is the last of several. */
static void test_f1_all_buffers_at_once(void **state) {
    struct attack *a = *state;
    for (size_t i = 0; i < attack_row_count; i++) {
        const struct attack_row *row = &attack_rows[i];
        uint32_t arguments[ATTACK_SLOTS] = {0};
        unsigned at = 0, buffers = 0;
        for (const char *p = row->arguments; *p; p++) {
            if (*p == 'v') {
                at++;
                continue;
            }
            arguments[at++] = a->size - 8;
            arguments[at++] = 9;
            buffers++;
        }
        if (buffers)
            assert_true(attack_call(a, ATTACK_UNDO, row->number, arguments).trapped);
    }
    expect_well(a);
}

/* ---- buffers that lie over each other, and arguments at random ---- */

static uint32_t random_state;
static uint32_t random_next(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

static uint32_t random_value(void) {
    static const uint32_t values[] = {
        0,       1,       2,          3,          4,          5,         7,      8,      15,
        16,      31,      32,         0x0101,     0x0102,     0x0103,    0x0201, 0x0202, 0x0203,
        0x9F01,  0x00FF,  0x0FFF,     0x6200,     0x7000,     0x8000,    0x8200, 0xFFFF, 0x10000,
        0x10001, 0x10004, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, ATTACK_FID};
    return values[random_next() % (sizeof values / sizeof *values)];
}

static uint32_t random_len(void) {
    static const uint32_t lens[] = {0,  1,  2,  3,  4,  5,  7,  8,   9,   13,
                                    15, 16, 17, 24, 32, 33, 64, 255, 256, 600};
    return lens[random_next() % (sizeof lens / sizeof *lens)];
}

/* Any call with any arguments ends in a result or in a trap of the applet, never of the card (this
 * runs under the address sanitizer), and changes nothing outside of the buffers it may write. */
static void test_f1_random_calls(void **state) {
    struct attack *a = *state;
    random_state = 20260101;
    for (unsigned n = 0; n < 12000; n++) {
        const struct attack_row *row = &attack_rows[random_next() % attack_row_count];
        uint32_t arguments[ATTACK_SLOTS] = {0};
        unsigned at = 0;
        const bool overlap = random_next() % 2;
        for (const char *p = row->arguments; *p; p++) {
            if (*p == 'v') {
                arguments[at++] = random_value();
                continue;
            }
            arguments[at] = a->scratch + (overlap ? random_next() % 4 : 600 * (at / 2 % 3));
            at++;
            arguments[at++] = random_len();
        }
        struct attack_outcome o = attack_call(a, ATTACK_UNDO, row->number, arguments);
        if (o.trapped && strcmp(row->name, "apdu_reply") != 0)
            fail_msg("%s trapped: %s", row->name, a->t.last_trace);
    }
    expect_well(a);
}

/* What a call may write it may write there alone: the rest of memory stays. */
static void test_f1_writes_stay_in_their_buffer(void **state) {
    struct attack *a = *state;
    static uint8_t pattern[ATTACK_SCRATCH], now[ATTACK_SCRATCH];
    for (size_t i = 0; i < attack_row_count; i++) {
        const struct attack_row *row = &attack_rows[i];
        if (!strchr(row->arguments, 'w'))
            continue;
        for (unsigned variant = 0; variant < 3; variant++) {
            uint32_t arguments[ATTACK_SLOTS] = {0};
            bool mine[ATTACK_SCRATCH] = {false};
            unsigned at = 0, offset = 64;
            for (const char *p = row->arguments; *p; p++) {
                if (*p == 'v') {
                    static const uint32_t values[3] = {0, 1, 0x0101};
                    arguments[at++] = values[variant];
                    continue;
                }
                const uint32_t len = variant == 2 ? 32 : 16;
                arguments[at++] = a->scratch + offset;
                arguments[at++] = len;
                for (uint32_t k = 0; *p == 'w' && k < len; k++)
                    mine[offset + k] = true;
                offset += 128;
            }
            memset(pattern, 0x5C, sizeof pattern);
            attack_put(a, 0, pattern, sizeof pattern);
            attack_call(a, ATTACK_UNDO, row->number, arguments);
            attack_get(a, 0, now, sizeof now);
            for (size_t k = 0; k < sizeof now; k++)
                if (!mine[k] && now[k] != 0x5C)
                    fail_msg("F1: %s wrote at %zu, outside of its buffer", row->name, k);
        }
    }
}

/* ---- the applet's own loads, stores and calls ---- */

static void test_f1_own_accesses(void **state) {
    struct attack *a = *state;
    static const struct {
        enum attack_how how;
        const char *trace;
    } rows[] = {{HOW_READ, "memory"},
                {HOW_WRITE, "memory"},
                {HOW_POINTER, "host"},
                {HOW_INDIRECT, "undefined"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char command[16];
        snprintf(command, sizeof command, "8016%02X00", rows[i].how);
        attack_select(a, 1);
        EXPECT(&a->t, command, "6F00");
        if (!strstr(a->t.last_trace, rows[i].trace))
            fail_msg("the trace says '%s'", a->t.last_trace);
        EXPECT(&a->t, "80140000", "6985"); /* deselected */
        expect_well(a);
    }
}

/* F1 for what the card itself reads and writes: an applet that is selected finds nothing of the one
 * before it in its memory. */
static void test_f1_f7_memory_is_fresh(void **state) {
    struct attack *a = *state;
    static uint8_t secret[ATTACK_SCRATCH], seen[ATTACK_SCRATCH];
    memset(secret, 0xA7, sizeof secret);
    for (unsigned next = 1; next <= 4; next++) {
        attack_select(a, 1);
        attack_put(a, 0, secret, sizeof secret);
        attack_select(a, next);
        attack_get(a, 0, seen, sizeof seen);
        for (size_t k = 0; k < sizeof seen; k++)
            assert_int_equal(seen[k], 0);
    }
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_f1_every_call_every_edge), TEST(test_f1_all_buffers_at_once),
        TEST(test_f1_random_calls),          TEST(test_f1_writes_stay_in_their_buffer),
        TEST(test_f1_own_accesses),          TEST(test_f1_f7_memory_is_fresh),
    };
    return cmocka_run_group_tests_name("F1", tests, NULL, NULL);
}
