/* F5: authentication belongs to one selection; reset, deselect and failure clear it. A try counter
 * is written before the comparison and takes part in no transaction: every counter there is,
 * through commit, abort, trap, power-down, and flash that fails at every operation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/attack.h"

enum { BLOCKED = -9, WRONG = -10, STATE = -11, MANAGER = 3, ASCII = 2, MAC_CMAC = 0x0003 };
enum { BAD = 0, GOOD = 256, OUT = 512 }; /* offsets in the scratch */

static enum onecard_biometric finger;
static enum onecard_biometric ask(void *ctx) {
    (void)ctx;
    return finger;
}

static int setup(void **state) {
    struct attack *a = calloc(1, sizeof *a);
    attack_open(a, "test/attack.yaml");
    onecard_host_port(a->t.host)->biometric = ask;
    test_card_reopen(&a->t);
    attack_select(a, MANAGER);
    attack_put(a, 0, "1234", 4);
    assert_int_equal(HOST(a, cvm_update, ASCII, 5, a->scratch, 4), 0);
    attack_furnish(a);
    *state = a;
    return 0;
}

static int teardown(void **state) {
    attack_close(*state);
    free(*state);
    return 0;
}

/* ---- everything that counts tries ---- */

enum kind { COUNT_PIN, COUNT_PUK, COUNT_KEY, COUNT_CVM, COUNT_GATE };

static unsigned tries_of(struct attack *a, enum kind kind) {
    uint8_t info[8];
    switch (kind) {
    case COUNT_PIN:
    case COUNT_PUK:
        assert_int_equal(HOST(a, pin_info, kind == COUNT_PUK, a->scratch + OUT, 7), 0);
        attack_get(a, OUT, info, 7);
        return info[3];
    case COUNT_KEY:
        assert_int_equal(HOST(a, key_info, 0, a->scratch + OUT, 8), 0);
        attack_get(a, OUT, info, 8);
        return info[6];
    case COUNT_CVM:
        HOST(a, cvm_info, a->scratch + OUT, 7);
        attack_get(a, OUT, info, 7);
        return info[4];
    default:
        return (unsigned)HOST(a, biometric_tries, 0);
    }
}

/* A wrong attempt; the scratch holds wrong bytes from BAD on. */
struct counted {
    const char *name;
    uint32_t call;
    enum kind kind;
    bool challenge, slot; /* what has to be open */
};

static const struct counted counted[] = {
    {"pin_verify", HOST_pin_verify, COUNT_PIN, false, false},
    {"pin_change", HOST_pin_change, COUNT_PIN, false, false},
    {"pin_unblock", HOST_pin_unblock, COUNT_PUK, false, false},
    {"key_mac_verify", HOST_key_mac_verify, COUNT_KEY, false, false},
    {"key_mac_verify of a session", HOST_key_mac_verify, COUNT_KEY, false, true},
    {"key_macs", HOST_key_macs, COUNT_KEY, false, true},
    {"auth_external", HOST_auth_external, COUNT_KEY, true, false},
    {"key_import", HOST_key_import, COUNT_KEY, false, false},
    {"cvm_verify", HOST_cvm_verify, COUNT_CVM, false, false},
    {"biometric_verify", HOST_biometric_verify, COUNT_GATE, false, false},
};
#define COUNTED (sizeof counted / sizeof *counted)

static void arguments_of(const struct attack *a, const struct counted *c,
                         uint32_t out[ATTACK_SLOTS]) {
    const uint32_t bad = a->scratch + BAD;
    const uint32_t rows[][ATTACK_SLOTS] = {
        {0, ASCII, bad, 4},
        {0, ASCII, bad, 4, bad, 4},
        {0, ASCII, bad, 8, bad, 0},
        {0, MAC_CMAC, bad, 0, bad, 16, bad, 8},
        {0x10000, MAC_CMAC, bad, 0, bad, 16, bad, 8},
        {bad + 32, 6, bad, 16, bad, 8},
        {0, 0, bad, 16},
        {0, 1, 1, bad, 16, bad, 3},
        {ASCII, bad, 4},
        {0},
    };
    memcpy(out, rows[c - counted], sizeof rows[0]);
}

/* Wrong values; behind them key_macs()'s list: verify the CMAC under slot 0. */
static void put_wrong(struct attack *a) {
    attack_put(a, BAD, "9999999999999999", 16);
    attack_put(a, BAD + 32, "\x00\x88\x00\x03\x00\x10", 6);
}

static struct attack_outcome attempt(struct attack *a, const struct counted *c,
                                     enum attack_mode mode) {
    uint32_t arguments[ATTACK_SLOTS];
    put_wrong(a);
    finger = ONECARD_BIOMETRIC_NO_MATCH;
    if (c->challenge)
        assert_int_equal(HOST(a, challenge, a->scratch + OUT, 16), 0);
    if (c->slot)
        assert_int_equal(HOST(a, key_derive, 0, 7, a->scratch, 0, 0x0FFF, 0), 0);
    arguments_of(a, c, arguments);
    return attack_call(a, mode, c->call, arguments);
}

static void again(struct attack *a) {
    test_card_reopen(&a->t);
    attack_select(a, MANAGER);
}

/* Each try that was answered, or that a trap swallowed, is gone for good. */
static void test_f5_every_counter_every_end(void **state) {
    struct attack *a = *state;
    for (size_t i = 0; i < COUNTED; i++) {
        const struct counted *c = &counted[i];
        static const enum attack_mode modes[] = {ATTACK_KEEP, ATTACK_UNDO, ATTACK_TRAP};
        /* each kind starts fresh */
        assert_int_equal(HOST(a, pin_reset, 0, ASCII, a->scratch, 0), 0);
        assert_int_equal(HOST(a, pin_reset, 1, ASCII, a->scratch, 0), 0);
        assert_int_equal(HOST(a, key_unblock, 0), 0);
        for (size_t m = 0; m < 3; m++) {
            const unsigned before = tries_of(a, c->kind);
            assert_true(before >= 2);
            struct attack_outcome o = attempt(a, c, modes[m]);
            if (modes[m] != ATTACK_TRAP)
                assert_int_equal(o.result, WRONG);
            if (tries_of(a, c->kind) != before - 1)
                fail_msg("F5: %s, way %zu: %u tries, then %u", c->name, m, before,
                         tries_of(a, c->kind));
            again(a); /* and after a power-down */
            assert_int_equal(tries_of(a, c->kind), before - 1);
        }
    }
}

/* At zero everything is refused, the right value too, and stays so. */
static void test_f5_every_counter_at_zero(void **state) {
    struct attack *a = *state;
    for (size_t i = 0; i < COUNTED; i++) {
        const struct counted *c = &counted[i];
        assert_int_equal(HOST(a, pin_reset, 0, ASCII, a->scratch, 0), 0);
        assert_int_equal(HOST(a, pin_reset, 1, ASCII, a->scratch, 0), 0);
        assert_int_equal(HOST(a, key_unblock, 0), 0);
        assert_int_equal(HOST(a, cvm_unblock, 0), 0);
        assert_int_equal(HOST(a, biometric_set, 5), 0);
        for (unsigned left = tries_of(a, c->kind); left; left--)
            assert_int_equal(attempt(a, c, left % 2 ? ATTACK_UNDO : ATTACK_KEEP).result, WRONG);
        assert_int_equal(tries_of(a, c->kind), 0);
        for (unsigned n = 0; n < 2; n++) {
            finger = ONECARD_BIOMETRIC_MATCH;
            attack_put(a, GOOD, "1234", 4);
            attack_put(a, GOOD + 16, "87654321", 8);
            const uint32_t good = a->scratch + GOOD, out = a->scratch + OUT;
            switch (c->kind) {
            case COUNT_PIN:
                assert_int_equal(HOST(a, pin_verify, 0, ASCII, good, 4), BLOCKED);
                assert_int_equal(HOST(a, pin_change, 0, ASCII, good, 4, good + 16, 8), BLOCKED);
                assert_int_equal(HOST(a, security_pins, 0), 0);
                break;
            case COUNT_PUK:
                assert_int_equal(HOST(a, pin_unblock, 0, ASCII, good + 16, 8, good, 4), BLOCKED);
                break;
            case COUNT_KEY:
                assert_int_equal(HOST(a, key_mac, 0, MAC_CMAC, out, 0, out, 16, out, 8), BLOCKED);
                assert_int_equal(HOST(a, key_cipher, 0, 0x0101, out, 0, out, 16), BLOCKED);
                assert_int_equal(HOST(a, key_derive, 0, 7, out, 0, 1, 0), BLOCKED);
                assert_int_equal(HOST(a, auth_internal, 0, out, 16, out, 16), BLOCKED);
                break;
            case COUNT_CVM:
                assert_int_equal(HOST(a, cvm_verify, ASCII, good, 4), BLOCKED);
                break;
            default:
                assert_int_equal(HOST(a, biometric_verify, 0), BLOCKED);
            }
            again(a);
        }
    }
}

/* ---- flash that fails under the counter ---- */

static struct {
    enum onecard_err (*program)(void *ctx, uint32_t offset, const void *data, uint32_t len);
    unsigned left; /* operations that still work */
} flash;

static enum onecard_err program(void *ctx, uint32_t offset, const void *data, uint32_t len) {
    if (!flash.left)
        return ONECARD_E_IO;
    flash.left--;
    return flash.program(ctx, offset, data, len);
}

/* One APDU with the attempt, without help from the frame: the card may give no answer. Returns true
 * if it answered. */
static bool raw_attempt(struct attack *a, const struct counted *c) {
    uint8_t command[5 + 2 + 4 * ATTACK_SLOTS + 1] = {0x80, 0x10, 0, 0, 2 + 4 * ATTACK_SLOTS};
    uint32_t arguments[ATTACK_SLOTS];
    arguments_of(a, c, arguments);
    command[5] = (uint8_t)(c->call >> 8);
    command[6] = (uint8_t)c->call;
    for (unsigned i = 0; i < ATTACK_SLOTS; i++)
        for (unsigned k = 0; k < 4; k++)
            command[7 + 4 * i + k] = (uint8_t)(arguments[i] >> (24 - 8 * k));
    return onecard_transmit(a->t.card, command, sizeof command, a->t.response,
                            &a->t.response_len) == ONECARD_OK;
}

/* Whatever operation fails: nobody learns whether a guess was right without the try being gone. */
static void test_f5_every_counter_on_failing_flash(void **state) {
    struct attack *a = *state;
    struct onecard_port *port = onecard_host_port(a->t.host);
    flash.program = port->flash_program;
    flash.left = UINT32_MAX;
    port->flash_program = program;
    again(a);
    for (size_t i = 0; i < COUNTED; i++) {
        const struct counted *c = &counted[i];
        bool answered = false;
        for (unsigned works = 0; !answered; works++) {
            assert_true(works < 40);
            flash.left = UINT32_MAX;
            assert_int_equal(HOST(a, pin_reset, 0, ASCII, a->scratch, 0), 0);
            assert_int_equal(HOST(a, pin_reset, 1, ASCII, a->scratch, 0), 0);
            assert_int_equal(HOST(a, key_unblock, 0), 0);
            assert_int_equal(HOST(a, cvm_unblock, 0), 0);
            assert_int_equal(HOST(a, biometric_set, 5), 0);
            put_wrong(a);
            finger = ONECARD_BIOMETRIC_NO_MATCH;
            if (c->challenge)
                assert_int_equal(HOST(a, challenge, a->scratch + OUT, 16), 0);
            if (c->slot)
                assert_int_equal(HOST(a, key_derive, 0, 7, a->scratch, 0, 0x0FFF, 0), 0);
            const unsigned before = tries_of(a, c->kind);
            flash.left = works;
            answered = raw_attempt(a, c);
            flash.left = UINT32_MAX;
            again(a);
            const unsigned now = tries_of(a, c->kind);
            if (answered ? now != before - 1 : now != before && now != before - 1)
                fail_msg("F5: %s, flash fails after %u operations: %u tries, then %u", c->name,
                         works, before, now);
        }
    }
}

/* ---- states ---- */

/* PINs 0 and 1, key 0, a challenge, a session slot. */
static void prove_all(struct attack *a) {
    const uint32_t good = a->scratch + GOOD, out = a->scratch + OUT;
    attack_put(a, GOOD, "1234", 4);
    attack_put(a, GOOD + 16, "87654321", 8);
    assert_int_equal(HOST(a, pin_verify, 0, ASCII, good, 4), 0);
    assert_int_equal(HOST(a, pin_verify, 1, ASCII, good + 16, 8), 0);
    assert_int_equal(HOST(a, challenge, out, 16), 0);
    assert_int_equal(HOST(a, key_cipher, 0, 0x0101, out, 0, out, 16), 0);
    assert_int_equal(HOST(a, auth_external, 0, 0, out, 16), 0);
    assert_int_equal(HOST(a, challenge, out, 8), 0);
    assert_int_equal(HOST(a, key_derive, 0, 7, out, 0, 0x0FFF, 0), 0);
    finger = ONECARD_BIOMETRIC_MATCH;
    assert_int_equal(HOST(a, biometric_verify, 0), 0);
    assert_int_equal(HOST(a, security_pins, 0), 3);
    assert_int_equal(HOST(a, security_key, 0), 1);
}

static void expect_nothing(struct attack *a) {
    assert_int_equal(HOST(a, security_pins, 0), 0);
    for (uint32_t key = 0; key < 256; key += 15)
        assert_int_equal(HOST(a, security_key, key), 0);
    assert_int_equal(HOST(a, challenge_take, a->scratch, 16), STATE);
    assert_int_equal(HOST(a, key_info, 0x10000, a->scratch, 8), -2);
}

static void test_f5_what_ends_a_selection(void **state) {
    struct attack *a = *state;
    uint8_t atr[ONECARD_ATR_MAX];
    for (unsigned way = 0; way < 6; way++) {
        prove_all(a);
        switch (way) {
        case 0: /* the same again */
            break;
        case 1: /* another, and back */
            attack_select(a, 1);
            expect_nothing(a);
            break;
        case 2: /* the security domain, and back */
            EXPECT(&a->t, "00A4040008A000000151000000", "*9000");
            break;
        case 3:
            onecard_power_on(a->t.card, atr);
            break;
        case 4: /* a trap */
            EXPECT(&a->t, "80160100", "6F00");
            break;
        default:
            test_card_reopen(&a->t);
        }
        attack_select(a, MANAGER);
        expect_nothing(a);
    }
}

/* A failed authentication clears: a wrong PIN that PIN, a wrong cryptogram everything. */
static void test_f5_failure_clears(void **state) {
    struct attack *a = *state;
    prove_all(a);
    attack_put(a, BAD, "9999", 4);
    assert_int_equal(HOST(a, pin_verify, 0, ASCII, a->scratch + BAD, 4), WRONG);
    assert_int_equal(HOST(a, security_pins, 0), 2);
    prove_all(a);
    attack_put(a, BAD, "9999999999999999", 16);
    assert_int_equal(HOST(a, auth_external, 0, 0, a->scratch + BAD, 16), WRONG);
    assert_int_equal(HOST(a, security_pins, 0), 0);
    assert_int_equal(HOST(a, security_key, 0), 0);
    assert_int_equal(HOST(a, challenge_take, a->scratch, 16), STATE);
    prove_all(a);
    assert_int_equal(HOST(a, security_clear, 0), 0);
    assert_int_equal(HOST(a, security_pins, 0), 0);
    assert_int_equal(HOST(a, security_key, 0), 0);
}

/* The same instance on two channels: what is proven on one is not on the other, and what is lost on
 * one stays on the other; but the tries are the same, and the card-wide PIN is for all. */
static void test_f5_channels(void **state) {
    struct attack *a = *state;
    prove_all(a);
    attack_put(a, BAD, "1234", 4);
    assert_int_equal(HOST(a, cvm_verify, ASCII, a->scratch + BAD, 4), 0);
    attack_open_channel(a);
    const unsigned other = a->channel;
    attack_select(a, MANAGER);
    expect_nothing(a);
    assert_int_equal(HOST(a, cvm_info, a->scratch, 7), 3);
    const unsigned tries = tries_of(a, COUNT_PIN);
    attack_put(a, BAD, "9999999999999999", 16);
    assert_int_equal(HOST(a, pin_verify, 0, ASCII, a->scratch + BAD, 4), WRONG);
    assert_int_equal(HOST(a, challenge, a->scratch + OUT, 16), 0);
    assert_int_equal(HOST(a, auth_external, 0, 0, a->scratch + BAD, 16), WRONG);
    assert_int_equal(HOST(a, cvm_verify, ASCII, a->scratch + BAD, 4), WRONG);
    /* back on the first: its own proofs hold, the common ones do not */
    a->channel = 0;
    assert_int_equal(HOST(a, security_pins, 0), 3);
    assert_int_equal(HOST(a, security_key, 0), 1);
    assert_int_equal(HOST(a, key_info, 0x10000, a->scratch, 8), 0);
    assert_int_equal(HOST(a, cvm_info, a->scratch, 7), 2);
    assert_int_equal(tries_of(a, COUNT_PIN), tries - 1);
    /* closing the other, or a trap on it, takes nothing from this one */
    a->channel = other;
    EXPECT(&a->t, other == 1 ? "81160100" : "82160100", "6F00");
    a->channel = 0;
    assert_int_equal(HOST(a, security_pins, 0), 3);
    EXPECT(&a->t, other == 1 ? "00708001" : "00708002", "9000");
    assert_int_equal(HOST(a, security_pins, 0), 3);
    assert_int_equal(HOST(a, key_info, 0x10000, a->scratch, 8), 0);
}

/* F1 on two channels: two memories. */
static void test_f1_f5_memories_of_channels(void **state) {
    struct attack *a = *state;
    uint8_t seen[8];
    attack_put(a, 0, "channel0", 8);
    attack_open_channel(a);
    attack_select(a, MANAGER);
    attack_get(a, 0, seen, 8);
    assert_memory_equal(seen, "\0\0\0\0\0\0\0\0", 8);
    attack_put(a, 0, "channel1", 8);
    a->channel = 0;
    attack_get(a, 0, seen, 8);
    assert_memory_equal(seen, "channel0", 8);
}

/* A challenge is good for one answer, right or wrong, and for one selection. */
static void test_f5_challenge_once(void **state) {
    struct attack *a = *state;
    const uint32_t out = a->scratch + OUT;
    assert_int_equal(HOST(a, challenge, out, 16), 0);
    assert_int_equal(HOST(a, key_cipher, 0, 0x0101, out, 0, out, 16), 0);
    assert_int_equal(HOST(a, auth_external, 0, 0, out, 16), 0);
    assert_int_equal(HOST(a, auth_external, 0, 0, out, 16), STATE); /* a replay */
    assert_int_equal(HOST(a, challenge, out, 16), 0);
    assert_int_equal(HOST(a, key_cipher, 0, 0x0101, out, 0, out, 16), 0);
    attack_select(a, MANAGER);
    assert_int_equal(HOST(a, auth_external, 0, 0, out, 16), STATE);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_f5_every_counter_every_end),
        TEST(test_f5_every_counter_at_zero),
        TEST(test_f5_every_counter_on_failing_flash),
        TEST(test_f5_what_ends_a_selection),
        TEST(test_f5_failure_clears),
        TEST(test_f5_channels),
        TEST(test_f1_f5_memories_of_channels),
        TEST(test_f5_challenge_once),
    };
    return cmocka_run_group_tests_name("F5", tests, NULL, NULL);
}
