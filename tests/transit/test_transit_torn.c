/* S1, S2 with money: the power fails at every single flash operation of a closing command, in every
 * way that flash fails. Afterwards balance, counter, log, proof and records all are old, or all are
 * new, and stay so; GET TRANSACTION PROVE tells the terminal which, and what it does then leaves
 * exactly one transaction. */
#include "../../tools/onecard/maker.h"
#include "../../tools/onecard/profile.h"
#include "tear/flash.h"
#include "transit/fixture.h"

static struct rig {
    struct test_card card; /* without a host: its flash is this one */
    struct tear_flash flash;
    uint8_t *snapshot;
} rig;

static void power_up(void) {
    struct test_card *t = &rig.card;
    uint8_t atr[ONECARD_ATR_MAX];
    onecard_close(t->card);
    t->card = NULL;
    assert_int_equal(onecard_open(&rig.flash.port, t->memory, t->memory_size, &t->card),
                     ONECARD_OK);
    onecard_power_on(t->card, atr);
}

static int start(void **state) {
    static const struct onecard_flash geometry = {4096, 32, 4, 256, 2, NULL};
    struct test_card *t = &rig.card;
    struct profile profile;
    char path[300], message[PROFILE_MESSAGE_MAX];
    const char *build = getenv("BUILD_DIR");
    (void)state;
    tear_flash_init(&rig.flash, &geometry, 4711);
    rig.flash.journalled = true;
    t->memory_size = onecard_memory_size(&rig.flash.port);
    t->memory = malloc(t->memory_size);
    t->response = malloc(ONECARD_RESPONSE_APDU_MAX(&rig.flash.port));
    rig.snapshot = malloc(tear_flash_snapshot_size(&rig.flash));
    snprintf(path, sizeof path, "%s/applets/test/transit.yaml", build ? build : "build");
    if (profile_read(path, &profile, message))
        fail_msg("%s", message);
    assert_int_equal(onecard_format(&rig.flash.port, t->memory, t->memory_size), ONECARD_OK);
    power_up();
    if (maker_run(t->card, &rig.flash.port, &profile, message))
        fail_msg("%s", message);
    profile_free(&profile);
    power_up();
    EXPECT(t, SELECT, "*9000");
    load(t, 2, 1000);
    tear_flash_save(&rig.flash, rig.snapshot);
    return 0;
}

static int stop(void **state) {
    (void)state;
    onecard_close(rig.card.card);
    tear_flash_free(&rig.flash);
    free(rig.card.memory);
    free(rig.card.response);
    free(rig.snapshot);
    return 0;
}

/* ---- the two transactions ---- */

static void open_gate(struct said *s) {
    struct terminal_deal deal = deal_of(0x09, 300);
    char ride[120] = "80DC00F030";
    for (int i = 0; i < 48; i++)
        strcat(ride, "44");
    EXPECT(&rig.card, SELECT, "*9000");
    assert_int_equal(begin_offline(&rig.card, "0302", &deal, s), 0x9000);
    EXPECT(&rig.card, "80DC27D008 27017D0101000304", "9000");
    EXPECT(&rig.card, ride, "9000");
}

static void open_load(struct said *s) {
    struct terminal_deal deal = deal_of(0x02, 500);
    EXPECT(&rig.card, SELECT, "*9000");
    EXPECT(&rig.card, VERIFY, "9000");
    assert_int_equal(begin_online(&rig.card, "0002", KEY_A, &deal, s), 0x9000);
}

/* Is the record (bus or ride) the new one? Only the gate writes them. */
static bool gate_records_new(void) {
    EXPECT(&rig.card, "00B202D400", "*9000");
    bool bus = rig.card.response[3] == 1;
    bool ride = send_status(&rig.card, "00B201F430") == 0x9000;
    assert_int_equal(bus, ride);
    return bus;
}

static const struct {
    const char *name;
    void (*open)(struct said *s);
    const char *proof; /* GET TRANSACTION PROVE, counter after increment */
    uint32_t after;    /* balance; 1000 before */
    bool records;
} cases[] = {
    {"metro gate", open_gate, "805A0009020001", 700, true},
    {"load", open_load, "805A0002020002", 1500, false},
};

/* All old or all new? */
static bool happened(unsigned i) {
    struct test_card *t = &rig.card;
    EXPECT(t, SELECT, "*9000");
    uint32_t balance = balance_of(t, 2);
    bool done = balance != 1000;
    assert_int_equal(balance, done ? cases[i].after : 1000);
    assert_int_equal(send_status(t, cases[i].proof), done ? 0x9000 : 0x9406);
    assert_int_equal(send_status(t, "00B202C417"), done ? 0x9000 : 0x6A83);
    if (cases[i].records)
        assert_int_equal(gate_records_new(), done);
    return done;
}

/* Cut at flash operation n. false: the command needs no more than n. */
static bool cut(unsigned i, uint64_t n, enum tear_mode mode) {
    struct test_card *t = &rig.card;
    struct said s;
    uint8_t answer[300];
    size_t len = 0;
    tear_flash_restore(&rig.flash, rig.snapshot);
    tear_flash_power_up(&rig.flash);
    power_up();
    cases[i].open(&s);
    tear_flash_cut(&rig.flash, n, mode);
    enum onecard_err err = onecard_transmit(t->card, s.closing, s.closing_len, answer, &len);
    bool torn = rig.flash.off;
    assert_true(torn || (!err && len == (cases[i].records ? 10u : 6u)));
    tear_flash_power_up(&rig.flash);
    power_up();
    bool done = happened(i);
    assert_true(torn || done); /* an answer means that it happened */
    assert_true(err || len == 2 || done);
    tear_flash_power_up(&rig.flash);
    power_up();
    assert_int_equal(happened(i), done); /* for ever */
    if (!done) {                         /* the terminal tries again */
        cases[i].open(&s);
        assert_int_equal(close_it(t, &s), 0x9000);
        assert_true(happened(i));
    }
    assert_int_equal(rig.flash.violation[0], 0);
    return torn;
}

static void test_torn(void **state) {
    (void)state;
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int mode = 0; mode < TEAR_MODES; mode++) {
            uint64_t n = 0;
            while (cut(i, n, (enum tear_mode)mode))
                n++;
            assert_true(n > 0);
        }
    }
}

/* Nothing is written before the closing command: INITIALIZE and UPDATE CAPP DATA CACHE touch no
 * flash at all. */
static void test_no_early_writes(void **state) {
    struct said s;
    (void)state;
    tear_flash_restore(&rig.flash, rig.snapshot);
    tear_flash_power_up(&rig.flash);
    power_up();
    EXPECT(&rig.card, SELECT, "*9000");
    uint64_t before = rig.flash.operations;
    open_gate(&s);
    assert_int_equal(rig.flash.operations, before);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_torn),
                                       cmocka_unit_test(test_no_early_writes)};
    return cmocka_run_group_tests_name("transit, torn", tests, start, stop);
}
