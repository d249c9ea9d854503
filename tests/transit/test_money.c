/* S2: money is conserved. A long random history of right, wrong, broken off, repeated and replayed
 * transactions, with resets and reopened cards, beside a model of two numbers. */
#include "transit/fixture.h"

enum { STEPS = 12000, KEPT = 16 };

static struct world {
    uint64_t random;
    uint32_t balance[2], counters[2][2]; /* what the card must have */
    bool pin;
    struct said old[KEPT]; /* closing commands that were sent once */
    unsigned old_count;
} w;

static uint32_t below(uint32_t n) {
    w.random = w.random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w.random >> 33) % n;
}

static const struct {
    const char *p1p2;
    uint8_t type;
    uint8_t purse;   /* index of balance */
    uint8_t offline; /* index of counter */
    bool pin, adds;
    const char *key; /* online */
} kinds[] = {
    {"0102", 0x06, 1, 1, false, false, NULL},      {"0302", 0x09, 1, 1, false, false, NULL},
    {"0101", 0x05, 0, 1, true, false, NULL},       {"0201", 0x04, 0, 1, true, false, NULL},
    {"0001", 0x01, 0, 0, true, true, KEY_A},       {"0002", 0x02, 1, 0, true, true, KEY_A},
    {"0501", 0x03, 0, 0, true, false, KEY_UNLOAD},
};

static const uint32_t most[2] = {0x7FFFFFFF, 0x000186A0};

static void check_money(struct test_card *t) {
    assert_int_equal(balance_of(t, 1), w.balance[0]);
    assert_int_equal(balance_of(t, 2), w.balance[1]);
}

static void choose(struct test_card *t) {
    EXPECT(t, SELECT, "*9000");
    w.pin = below(4) != 0;
    if (w.pin)
        EXPECT(t, VERIFY, "9000");
}

/* What INITIALIZE must say. */
static unsigned opening_status(unsigned k, uint32_t amount) {
    if (kinds[k].pin && !w.pin)
        return 0x6982;
    uint32_t balance = w.balance[kinds[k].purse];
    if (kinds[k].adds)
        return amount > most[kinds[k].purse] - balance ? 0x6985 : 0x9000;
    return amount > balance ? 0x9401 : 0x9000;
}

static void expect_proof_of_last(struct test_card *t, unsigned k, bool there) {
    char command[32];
    sprintf(command, "805A00%02X02%04X", kinds[k].type,
            (unsigned)w.counters[kinds[k].purse][kinds[k].offline] + (there ? 0 : 1));
    assert_int_equal(send_status(t, command), there ? 0x9000 : 0x9406);
}

static void close_right(struct test_card *t, unsigned k, uint32_t amount, struct said *s) {
    uint32_t *balance = &w.balance[kinds[k].purse];
    expect_proof_of_last(t, k, false);
    assert_int_equal(close_it(t, s), 0x9000);
    *balance = kinds[k].adds ? *balance + amount : *balance - amount;
    w.counters[kinds[k].purse][kinds[k].offline]++;
    expect_proof_of_last(t, k, true);
    w.old[w.old_count++ % KEPT] = *s;
}

static void transact(struct test_card *t) {
    struct said s;
    unsigned k = below(sizeof kinds / sizeof *kinds);
    uint32_t amount = below(8) ? below(500) : below(0x20000);
    struct terminal_deal deal = deal_of(kinds[k].type, amount);
    unsigned status = kinds[k].key ? begin_online(t, kinds[k].p1p2, kinds[k].key, &deal, &s)
                                   : begin_offline(t, kinds[k].p1p2, &deal, &s);
    assert_int_equal(status, opening_status(k, amount));
    if (status != 0x9000)
        return;
    switch (below(8)) {
    case 0: /* broken off */
        return;
    case 1: { /* a bit of it is wrong */
        size_t at = s.closing_len - 1 - below(4);
        s.closing[at] ^= (uint8_t)(1u << below(8));
        assert_int_equal(close_it(t, &s), 0x9302);
        s.closing[at] ^= 0xFF;
        assert_int_equal(close_it(t, &s), 0x6901);
        return;
    }
    case 2: /* another transaction's end */
        if (w.old_count) {
            struct said old = w.old[below(w.old_count < KEPT ? w.old_count : KEPT)];
            status = close_it(t, &old);
            assert_true(status == 0x9302 || status == 0x6901);
        }
        return;
    case 3: /* the power fails before it */
        test_card_reopen(t);
        choose(t);
        assert_int_equal(close_it(t, &s), 0x6901);
        return;
    case 4: /* twice */
        close_right(t, k, amount, &s);
        assert_int_equal(close_it(t, &s), 0x6901);
        return;
    default:
        close_right(t, k, amount, &s);
    }
}

static void test_history(void **state) {
    struct test_card *t = *state;
    w.random = 20260303;
    choose(t);
    for (unsigned i = 0; i < STEPS; i++) {
        transact(t);
        switch (below(40)) {
        case 0:
            test_card_reopen(t);
            /* fall through */
        case 1:
            choose(t);
            check_money(t);
        }
    }
    check_money(t);
    /* the counters counted every success, and nothing else */
    uint32_t successes = 0;
    for (int i = 0; i < 4; i++)
        successes += w.counters[i / 2][i % 2];
    assert_int_equal(successes, w.old_count);
    assert_true(successes > STEPS / 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_history, setup, teardown)};
    return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
