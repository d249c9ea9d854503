/* F4, F5, S1, S2: one applet debits, calls another, which credits. The power fails at every single
 * flash operation of that, in every way that flash fails: afterwards both have happened or neither,
 * for ever; what they have together is what it was. The life cycle of an applet and of the card go
 * the same way, and a try counter that the callee used is never given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../tools/onecard/maker.h"
#include "../../tools/onecard/profile.h"
#include "support/card.h"
#include "tear/flash.h"

#define PEER_1 "00A404000AF06F6E6563617264FE0100"
#define PEER_2 "00A404000AF06F6E6563617264FE0200"
#define CALL_2 "0AF06F6E6563617264FE02"

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
    assert_true(onecard_power_on(t->card, atr) > 0);
}

static int start(void **state) {
    static const struct onecard_flash geometry = {4096, 32, 4, 256, 2, NULL};
    struct test_card *t = &rig.card;
    struct profile profile;
    char path[300], message[PROFILE_MESSAGE_MAX];
    const char *build = getenv("BUILD_DIR");
    (void)state;
    tear_flash_init(&rig.flash, &geometry, 815);
    rig.flash.journalled = true;
    t->memory_size = onecard_memory_size(&rig.flash.port);
    t->memory = malloc(t->memory_size);
    t->response = malloc(ONECARD_RESPONSE_APDU_MAX(&rig.flash.port));
    rig.snapshot = malloc(tear_flash_snapshot_size(&rig.flash));
    snprintf(path, sizeof path, "%s/applets/test/peer.yaml", build ? build : "build");
    if (profile_read(path, &profile, message))
        fail_msg("%s", message);
    assert_int_equal(onecard_format(&rig.flash.port, t->memory, t->memory_size), ONECARD_OK);
    power_up();
    if (maker_run(t->card, &rig.flash.port, &profile, message))
        fail_msg("%s", message);
    profile_free(&profile);
    power_up();
    EXPECT(t, PEER_1, "*9000");
    EXPECT(t, "8004016400", "00000000 9000"); /* 100 here */
    EXPECT(t, PEER_2, "*9000");
    EXPECT(t, "8004013200", "00000000 9000"); /* 50 there */
    EXPECT(t, "802500000100", "*9000");
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

static unsigned byte_of(const char *select, const char *p1p2) {
    char line[32];
    EXPECT(&rig.card, select, "*9000");
    snprintf(line, sizeof line, "8005%s00", p1p2);
    EXPECT(&rig.card, line, "*9000");
    return rig.card.response[0];
}

/* ---- what may be found afterwards: false old, true new ---- */

static bool transferred(void) {
    unsigned here = byte_of(PEER_1, "0001"), there = byte_of(PEER_2, "0001");
    assert_int_equal(here + there, 150);
    assert_true(here == 100 || here == 93);
    return here == 93;
}

static bool locked_itself(void) {
    const char *answer = test_card_send(&rig.card, PEER_1);
    if (!strcmp(answer, "6A82"))
        return true;
    EXPECT(&rig.card, "8010000000", "0000000F 9000");
    return false;
}

static bool card_locked(void) {
    const char *answer = test_card_send(&rig.card, PEER_1);
    if (!strcmp(answer, "6A81"))
        return true;
    EXPECT(&rig.card, "8014000000", "0000000F 9000");
    return false;
}

static bool changed(void) {
    EXPECT(&rig.card, PEER_1, "*9000");
    EXPECT(&rig.card, "8031000000", "*9000");
    assert_true(rig.card.response[0] == 0x00 || rig.card.response[0] == 0x7F);
    return rig.card.response[0];
}

static const struct {
    const char *name, *command, *answer;
    bool (*happened)(void);
} cases[] = {
    {"transfer",
     "8028000710" CALL_2 "0000000E"
     "0700",
     "000000009000", transferred},
    {"lock itself", "8011008000", "000000009000", locked_itself},
    {"lock the card", "8012000000", "000000009000", card_locked},
    {"everything that lasts", "8030000000", "9000", changed},
};

/* Cut at flash operation n. false: the command needs no more than n. */
static bool cut(size_t i, uint64_t n, enum tear_mode mode) {
    struct test_card *t = &rig.card;
    uint8_t command[64], answer[300];
    size_t len = 0, command_len = strlen(cases[i].command) / 2;
    for (size_t k = 0; k < command_len; k++) {
        unsigned byte;
        sscanf(cases[i].command + 2 * k, "%2x", &byte);
        command[k] = (uint8_t)byte;
    }
    tear_flash_restore(&rig.flash, rig.snapshot);
    tear_flash_power_up(&rig.flash);
    power_up();
    EXPECT(t, PEER_1, "*9000");
    tear_flash_cut(&rig.flash, n, mode);
    enum onecard_err err = onecard_transmit(t->card, command, command_len, answer, &len);
    bool torn = rig.flash.off;
    assert_true(torn || (!err && len == strlen(cases[i].answer) / 2));
    tear_flash_power_up(&rig.flash);
    power_up();
    bool done = cases[i].happened();
    assert_true(torn || done); /* an answer means that it happened */
    tear_flash_power_up(&rig.flash);
    power_up();
    assert_int_equal(cases[i].happened(), done); /* for ever */
    return torn;
}

static void test_f4_s1_every_cut(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int mode = 0; mode < TEAR_MODES; mode++) {
            uint64_t n = 0;
            while (cut(i, n, (enum tear_mode)mode))
                n++;
            assert_true(n > 0);
        }
    }
}

/* F5: a wrong PIN in the callee, which traps: the abort undoes all, but not the try. */
static void test_f4_f5_tries_torn(void **state) {
    (void)state;
    struct test_card *t = &rig.card;
    static const uint8_t command[] = {0x80, 0x20, 0x00, 0x10, 0x0F, 0x0A, 0xF0, 0x6F, 0x6E, 0x65,
                                      0x63, 0x61, 0x72, 0x64, 0xFE, 0x02, 0x00, 0x00, 0x00, 0x0C};
    for (int mode = 0; mode < TEAR_MODES; mode++) {
        bool torn = true;
        for (uint64_t n = 0; torn; n++) {
            uint8_t answer[300];
            size_t len = 0;
            tear_flash_restore(&rig.flash, rig.snapshot);
            tear_flash_power_up(&rig.flash);
            power_up();
            EXPECT(t, PEER_1, "*9000");
            tear_flash_cut(&rig.flash, n, (enum tear_mode)mode);
            enum onecard_err err = onecard_transmit(t->card, command, sizeof command, answer, &len);
            torn = rig.flash.off;
            assert_true(torn || (!err && len == 2 && answer[0] == 0x6F));
            tear_flash_power_up(&rig.flash);
            power_up();
            EXPECT(t, PEER_2, "*9000");
            const char *tries = test_card_send(t, "00200000");
            if (!torn)
                assert_string_equal(tries, "63C2");
            else
                assert_true(!strcmp(tries, "63C2") || !strcmp(tries, "63C3"));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_f4_s1_every_cut),
        cmocka_unit_test(test_f4_f5_tries_torn),
    };
    return cmocka_run_group_tests_name("F4, torn", tests, start, stop);
}
