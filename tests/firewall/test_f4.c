/* F4, attacked: a callee that misbehaves in every way, makes every host call there is, calls back,
 * and lies; and a caller that does the same to it. tests/runtime/test_share.c has what sharing is
 * to do when all are honest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/pool.h"
#include "runtime/runtime.h"
#include "support/attack.h"

enum { NOT_FOUND = -2, TOO_BIG = -7, STATE = -11, TRAPPED = -18, WRONG = -10, ASCII = 2 };
enum { DENIED = -8, BLOCKED = -9 };
enum { OP_MISBEHAVE = 0, OP_WHO = 1, OP_CALL = 2, OP_FILL = 3 };
enum { AT_AID = 0, AT_DATA = 32, AT_OUT = 512, OUT_SIZE = 512 };

static enum onecard_biometric no_sensor(void *ctx) {
    (void)ctx;
    return ONECARD_BIOMETRIC_NO_SENSOR;
}

/* Instances 1 to 4 are furnished, and take calls from anybody. */
static int setup(void **state) {
    struct attack *a = calloc(1, sizeof *a);
    attack_open(a, "test/attack.yaml");
    onecard_host_port(a->t.host)->fuel_per_command = 2000000;
    onecard_host_port(a->t.host)->biometric = no_sensor;
    test_card_reopen(&a->t);
    for (unsigned i = 1; i <= 4; i++) {
        attack_select(a, i);
        attack_furnish(a);
        attack_put(a, 0, "\0", 1);
        assert_int_equal(HOST(a, share_allow, a->scratch, 1), 0);
    }
    attack_select(a, 1);
    *state = a;
    return 0;
}

static int teardown(void **state) {
    attack_close(*state);
    free(*state);
    return 0;
}

/* ---- calls ---- */

static const uint8_t aid_head[11] = {0xF0, 0x6F, 0x6E, 0x65, 0x63, 0x61,
                                     0x72, 0x64, 0xFF, 0x60, 0x01};

static void put_aid(struct attack *a, unsigned callee) {
    uint8_t aid[12];
    memcpy(aid, aid_head, sizeof aid_head);
    aid[11] = (uint8_t)callee;
    attack_put(a, AT_AID, aid, sizeof aid);
}

/* The selected instance calls another; data of len bytes lie at AT_DATA. */
static struct attack_outcome share(struct attack *a, enum attack_mode mode, unsigned callee,
                                   uint32_t operation, uint32_t len) {
    put_aid(a, callee);
    return attack_call(a, mode, HOST_share_call,
                       (const uint32_t[ATTACK_SLOTS]){a->scratch + AT_AID, 12, operation,
                                                      a->scratch + AT_DATA, len,
                                                      a->scratch + AT_OUT, OUT_SIZE});
}

/* What the callee finds at the start of its scratch. */
static uint8_t callee_scratch[64];

/* Have the callee make a host call. Returns what it said its result was. */
static int32_t by_callee(struct attack *a, enum attack_mode mode, unsigned callee, uint32_t number,
                         const uint32_t arguments[ATTACK_SLOTS], int32_t *out_share) {
    uint8_t data[2 + 4 * ATTACK_SLOTS + sizeof callee_scratch], answer[4] = {0};
    put_be16(data, (uint16_t)number);
    for (unsigned i = 0; i < ATTACK_SLOTS; i++)
        put_be32(data + 2 + 4 * i, arguments[i]);
    memcpy(data + 2 + 4 * ATTACK_SLOTS, callee_scratch, sizeof callee_scratch);
    attack_put(a, AT_DATA, data, sizeof data);
    struct attack_outcome o = share(a, mode, callee, OP_CALL, sizeof data);
    *out_share = o.result;
    if (o.trapped || o.result < 4)
        return 0;
    /* what the call itself put into the answer stands before its result */
    attack_get(a, AT_OUT + (uint32_t)o.result - 4, answer, 4);
    return (int32_t)get_be32(answer);
}

#define CALLEE(a, callee, name, ...)                                                               \
    callee_host(a, callee, HOST_##name, (const uint32_t[ATTACK_SLOTS]){__VA_ARGS__})
static int32_t callee_host(struct attack *a, unsigned callee, uint32_t number,
                           const uint32_t arguments[ATTACK_SLOTS]) {
    int32_t shared;
    const int32_t result = by_callee(a, ATTACK_KEEP, callee, number, arguments, &shared);
    assert_true(shared >= 4);
    return result;
}

static void expect_well(struct attack *a, uint32_t pool) {
    EXPECT(&a->t, HELLO_SELECT, HELLO_FCI "9000");
    EXPECT(&a->t, "8010000000", "*9000");
    assert_int_equal(pool_largest(&a->t.card->pool), pool);
    attack_select(a, 1);
}

static uint32_t pool_beside_hello(struct attack *a) {
    EXPECT(&a->t, HELLO_SELECT, HELLO_FCI "9000");
    const uint32_t pool = pool_largest(&a->t.card->pool);
    attack_select(a, 1);
    return pool;
}

/* ---- misbehaviour ---- */

/* Every way to fail in share(): the caller gets a code, not more, and its transaction can only
 * abort when the callee trapped. */
static void test_f4_f8_callee_misbehaves(void **state) {
    struct attack *a = *state;
    const uint32_t pool = pool_beside_hello(a);
    for (unsigned how = 0; how < HOW_COUNT; how++) {
        char command[64];
        attack_select(a, 2);
        snprintf(command, sizeof command, "8017000004000000%02X", how);
        EXPECT(&a->t, command, "9000");
        attack_select(a, 1);
        struct attack_outcome o = share(a, ATTACK_UNDO, 2, OP_MISBEHAVE, 0);
        switch (how) {
        case HOW_LOOP: /* it burnt the caller's fuel: the caller is over, too */
            assert_true(o.trapped);
            break;
        case HOW_WELL:
        case HOW_REFUSE:
        case HOW_STATUS: /* positive results mean nothing more than zero */
            assert_int_equal(o.result, 0);
            break;
        default:
            assert_int_equal(o.result, TRAPPED);
        }
        /* kept, it is undone all the same if the callee trapped */
        o = share(a, ATTACK_KEEP, 2, OP_MISBEHAVE, 0);
        if (how != HOW_WELL && how != HOW_REFUSE && how != HOW_STATUS)
            assert_int_equal(o.status, 0x6F00);
        expect_well(a, pool);
    }
}

/* The answer goes where the caller gave room, and not a byte beyond. */
static void test_f4_f1_answer_stays_in_its_room(void **state) {
    struct attack *a = *state;
    uint8_t pattern[64], seen[64];
    for (uint32_t room = 0; room < 4; room++) {
        for (uint32_t fill = 0; fill < 6; fill++) {
            uint8_t data[4];
            put_be32(data, fill);
            put_aid(a, 2);
            attack_put(a, AT_DATA, data, 4);
            memset(pattern, 0x5A, sizeof pattern);
            attack_put(a, AT_OUT, pattern, sizeof pattern);
            struct attack_outcome o =
                attack_call(a, ATTACK_UNDO, HOST_share_call,
                            (const uint32_t[ATTACK_SLOTS]){a->scratch + AT_AID, 12, OP_FILL,
                                                           a->scratch + AT_DATA, 4,
                                                           a->scratch + AT_OUT + 16, room});
            assert_int_equal(o.result, fill <= room ? (int32_t)fill : TOO_BIG);
            attack_get(a, AT_OUT, seen, sizeof seen);
            for (uint32_t i = 0; i < sizeof seen; i++)
                if (i < 16 || i >= 16 + room)
                    assert_int_equal(seen[i], 0x5A);
        }
    }
}

/* ---- who is who ---- */

/* The caller's name comes from the runtime, through every instance in between. */
static void test_f4_caller_is_told_by_the_runtime(void **state) {
    struct attack *a = *state;
    uint8_t aid[12];
    for (unsigned caller = 1; caller <= 4; caller++) {
        const unsigned callee = caller % 4 + 1;
        attack_select(a, caller);
        struct attack_outcome o = share(a, ATTACK_KEEP, callee, OP_WHO, 0);
        assert_int_equal(o.result, 12);
        attack_get(a, AT_OUT, aid, 12);
        assert_memory_equal(aid, aid_head, sizeof aid_head);
        assert_int_equal(aid[11], caller);
    }
    attack_select(a, 1);
    assert_int_equal(HOST(a, share_caller, a->scratch, 16), STATE); /* nobody called it */
}

/* F2, F5: the callee acts as itself: its own objects, nothing of the caller's, and nothing that was
 * proven to either. */
static void test_f4_f2_callee_is_itself(void **state) {
    struct attack *a = *state;
    const uint32_t at = a->scratch;
    attack_put(a, 0, "caller's", 8);
    assert_int_equal(HOST(a, object_write, 0x9F05, at, 8), 0);
    attack_put(a, 0, "1234", 4);
    assert_int_equal(HOST(a, pin_verify, 0, ASCII, at, 4), 0);
    assert_int_equal(HOST(a, key_derive, 0, 7, at, 0, 0x0FFF, 0), 0);
    assert_int_equal(HOST(a, challenge, at, 8), 0);
    assert_int_equal(CALLEE(a, 2, object_size, 0x9F05), NOT_FOUND);
    assert_int_equal(CALLEE(a, 2, security_pins, 0), 0);
    assert_int_equal(CALLEE(a, 2, key_info, 0x10000, at, 8), NOT_FOUND);
    assert_int_equal(CALLEE(a, 2, challenge_take, at, 16), STATE);
    assert_int_equal(CALLEE(a, 2, object_size, ATTACK_TAG), 8); /* its own */
    /* and what it proves itself is not the caller's, nor lasts */
    assert_int_equal(CALLEE(a, 2, key_derive, 0, 7, at, 0, 0x0FFF, 1) <= 0, true);
    assert_int_equal(CALLEE(a, 2, key_info, 0x10001, at, 8), NOT_FOUND);
    assert_int_equal(HOST(a, key_info, 0x10001, at, 8), NOT_FOUND);
    assert_int_equal(HOST(a, security_pins, 0), 1);
    assert_int_equal(HOST(a, key_info, 0x10000, at, 8), 0);
}

/* ---- the transaction ---- */

static void test_f4_callee_cannot_end_it(void **state) {
    struct attack *a = *state;
    assert_int_equal(CALLEE(a, 2, tx_commit, 0), STATE);
    assert_int_equal(CALLEE(a, 2, tx_abort, 0), STATE);
    /* what the callee wrote goes with the caller's abort */
    int32_t shared;
    const uint32_t arguments[ATTACK_SLOTS] = {0x9F06, a->scratch, 4};
    assert_int_equal(by_callee(a, ATTACK_UNDO, 2, HOST_object_write, arguments, &shared), 0);
    assert_true(shared >= 4);
    assert_int_equal(CALLEE(a, 2, object_size, 0x9F06), NOT_FOUND);
    by_callee(a, ATTACK_TRAP, 2, HOST_object_write, arguments, &shared);
    assert_int_equal(CALLEE(a, 2, object_size, 0x9F06), NOT_FOUND);
    assert_int_equal(by_callee(a, ATTACK_KEEP, 2, HOST_object_write, arguments, &shared), 0);
    assert_int_equal(CALLEE(a, 2, object_size, 0x9F06), 4);
}

/* F5: a try that the callee lost is lost, whatever becomes of the transaction. */
static void test_f4_f5_tries_of_callee(void **state) {
    struct attack *a = *state;
    int32_t shared;
    const uint32_t arguments[ATTACK_SLOTS] = {0, ASCII, a->scratch, 4};
    memcpy(callee_scratch, "9999", 4);
    for (unsigned n = 0; n < 5; n++)
        by_callee(a, n % 2 ? ATTACK_UNDO : ATTACK_TRAP, 2, HOST_pin_verify, arguments, &shared);
    attack_select(a, 2);
    attack_put(a, 0, "1234", 4);
    assert_int_equal(HOST(a, pin_verify, 0, ASCII, a->scratch, 4), BLOCKED);
    attack_select(a, 1); /* the caller's own PIN 0 is another */
    attack_put(a, 0, "1234", 4);
    assert_int_equal(HOST(a, pin_verify, 0, ASCII, a->scratch, 4), 0);
}

/* The card-wide PIN is everybody's: what a callee proves or spoils holds at once for its caller. */
static void test_f4_f5_card_pin(void **state) {
    struct attack *a = *state;
    attack_select(a, 3);
    attack_put(a, 0, "1234", 4);
    assert_int_equal(HOST(a, cvm_update, ASCII, 5, a->scratch, 4), 0);
    attack_select(a, 1);
    memcpy(callee_scratch, "1234", 4);
    assert_int_equal(CALLEE(a, 2, cvm_verify, ASCII, a->scratch, 4), 0);
    assert_int_equal(HOST(a, cvm_info, a->scratch, 7), 3);
    memcpy(callee_scratch, "4321", 4);
    assert_int_equal(CALLEE(a, 2, cvm_verify, ASCII, a->scratch, 4), WRONG);
    assert_int_equal(HOST(a, cvm_info, a->scratch, 7), 2);
    /* and managing it needs the callee's own privilege, not the caller's */
    assert_int_equal(CALLEE(a, 2, cvm_block, 0), DENIED);
    assert_int_equal(CALLEE(a, 3, cvm_block, 0), 0);
    attack_select(a, 3);
    assert_int_equal(CALLEE(a, 2, cvm_unblock, 0), DENIED);
}

/* ---- anything ---- */

static uint32_t random_state;
static uint32_t random_next(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* A callee that makes any host call with any arguments, shared calls to others and back included:
 * the card and its neighbours go on. */
static void test_f4_random_calls_by_callee(void **state) {
    struct attack *a = *state;
    const uint32_t pool = pool_beside_hello(a);
    random_state = 424242;
    for (unsigned n = 0; n < 3000; n++) {
        static const uint32_t values[] = {0,      1,      2,       3,          4,         8,
                                          0x0101, 0x9F01, 0x0203,  0x0102,     0xFFFF,    0x10000,
                                          0x8000, 0x8200, 0x10001, 0xFFFFFFFF, 0x80000000};
        const struct attack_row *row = &attack_rows[random_next() % attack_row_count];
        uint32_t arguments[ATTACK_SLOTS] = {0};
        unsigned at = 0;
        for (const char *p = row->arguments; *p; p++) {
            if (*p == 'v') {
                arguments[at++] = values[random_next() % (sizeof values / sizeof *values)];
            } else if (random_next() % 16 == 0) { /* beyond: the callee traps */
                arguments[at++] = a->size - 4;
                arguments[at++] = 8;
            } else {
                arguments[at] = a->scratch + random_next() % 8 + 100 * at;
                at++;
                arguments[at++] = random_next() % 3 ? 16 : 12;
            }
        }
        int32_t shared;
        const unsigned callee = 2 + random_next() % 3;
        for (size_t k = 0; k < sizeof callee_scratch; k++)
            callee_scratch[k] = (uint8_t)random_next();
        if (random_next() % 2) { /* somebody's AID */
            memcpy(callee_scratch, aid_head, sizeof aid_head);
            callee_scratch[11] = (uint8_t)(1 + random_next() % 4);
        }
        by_callee(a, ATTACK_UNDO, callee, row->number, arguments, &shared);
        if (n % 500 == 0)
            expect_well(a, pool);
    }
    expect_well(a, pool);
    for (unsigned i = 1; i <= 4; i++) {
        attack_select(a, i);
        assert_int_equal(HOST(a, object_size, ATTACK_TAG), 8);
    }
}

/* Calls that go round: 1 calls 2, which calls whom it is told. Only who is not in it already is
 * reached. */
static void test_f4_reentry(void **state) {
    struct attack *a = *state;
    int32_t shared;
    const uint32_t arguments[ATTACK_SLOTS] = {a->scratch,       12, OP_WHO, a->scratch + 64, 0,
                                              a->scratch + 128, 16};
    memcpy(callee_scratch, aid_head, sizeof aid_head);
    for (unsigned third = 1; third <= 4; third++) {
        callee_scratch[11] = (uint8_t)third;
        assert_int_equal(by_callee(a, ATTACK_UNDO, 2, HOST_share_call, arguments, &shared),
                         third <= 2 ? STATE : 12);
        assert_true(shared >= 4);
    }
    struct attack_outcome o = share(a, ATTACK_UNDO, 1, OP_WHO, 0); /* itself */
    assert_int_equal(o.result, STATE);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_f4_f8_callee_misbehaves),
        TEST(test_f4_f1_answer_stays_in_its_room),
        TEST(test_f4_caller_is_told_by_the_runtime),
        TEST(test_f4_f2_callee_is_itself),
        TEST(test_f4_callee_cannot_end_it),
        TEST(test_f4_f5_tries_of_callee),
        TEST(test_f4_f5_card_pin),
        TEST(test_f4_random_calls_by_callee),
        TEST(test_f4_reentry),
    };
    return cmocka_run_group_tests_name("F4", tests, NULL, NULL);
}
