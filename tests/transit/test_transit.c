/* The purse: published examples, states, counters, limits, logs, composite purchases. */
#include "transit/fixture.h"

/* ---- the published examples (specs/vectors.json), through APDUs ---- */

static void test_vector_ed_load(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, VERIFY, "9000");
    force_random(t, "11223344");
    EXPECT(t, "805000010B 01 00001000 001122334455 00",
           "00000000 0000 01 00 11223344 2988AE5A 9000");
    EXPECT(t, "805200000B 20111221214822 3A845BF0", "*9000");
    assert_int_equal(balance_of(t, 1), 0x1000);
    EXPECT(t, "805C000104", "00001000 9000");
    EXPECT(t, "805C000204", "00000000 9000");
}

static void test_vectors_ep_load(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, VERIFY, "9000");
    force_random(t, "4E066548");
    EXPECT(t, "805000020B 02 00000010 666666666666 00",
           "00000000 0000 00 00 4E066548 0D39ADBB 9000");
    force_random(t, "F9CABA91");
    EXPECT(t, "805000020B 03 00001234 000000000001 00",
           "00000000 0000 03 00 F9CABA91 6C394D64 9000");
}

static void test_vector_ep_purchase(void **state) {
    struct test_card *t = *state;
    uint8_t key[16], message[22], tac[4];
    char answer[40];
    EXPECT(t, SELECT, "*9000");
    load(t, 2, 0x1000);
    force_random(t, "11223344");
    EXPECT(t, "805001020B 01 00001000 001122334455 00", "00001000 0000 000000 01 00 11223344 9000");
    hex(key, KEY_TAC);
    size_t len = hex(message, "00001000 06 001122334455 00000001 20120229135100");
    terminal_folded_mac(key, message, len, tac);
    sprintf(answer, "%02X%02X%02X%02X 56988A13 9000", tac[0], tac[1], tac[2], tac[3]);
    EXPECT(t, "805401000F 00000001 20120229135100 F15CAB75", answer);
    assert_int_equal(balance_of(t, 2), 0);
    /* the published TAC key folds to 88..88 */
    uint8_t folded[8];
    for (int i = 0; i < 8; i++)
        folded[i] = key[i] ^ key[i + 8];
    assert_memory_equal(folded, "\x88\x88\x88\x88\x88\x88\x88\x88", 8);
}

/* ---- every kind: answers, MACs, TACs, proofs, log ---- */

static void mac_of(const uint8_t session[8], const char *message, uint8_t mac[4]) {
    uint8_t bytes[64];
    size_t len = hex(bytes, message);
    terminal_mac(session, bytes, len, mac);
}

static void tac_of(const char *message, uint8_t tac[4]) {
    uint8_t key[16], bytes[64];
    hex(key, KEY_TAC);
    size_t len = hex(bytes, message);
    terminal_folded_mac(key, bytes, len, tac);
}

static void expect_proof(struct test_card *t, const char *command, const uint8_t mac[4],
                         const uint8_t tac[4]) {
    assert_int_equal(send_status(t, command), 0x9000);
    assert_int_equal(t->response_len, 10);
    assert_memory_equal(t->response, mac, 4);
    assert_memory_equal(t->response + 4, tac, 4);
}

static void test_load_and_unload(void **state) {
    struct test_card *t = *state;
    struct said s;
    uint8_t mac[4], tac[4];
    struct terminal_deal deal = deal_of(0x01, 0x500);
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, VERIFY, "9000");
    EXPECT(t, "805A0001020001", "9406");
    assert_int_equal(begin_online(t, "0001", KEY_A, &deal, &s), 0x9000);
    mac_of(s.session, "00000000 00000500 01" TERMINAL, mac); /* MAC1 */
    assert_memory_equal(s.answer + 12, mac, 4);
    assert_int_equal(close_it(t, &s), 0x9000);
    tac_of("00000500 0000 00000500 01" TERMINAL DATETIME, tac);
    assert_memory_equal(s.result, tac, 4);
    expect_proof(t, "805A0001020001", s.closing + 12, tac);
    EXPECT(t, "00B201C417", "0000 000000 00000500 01" TERMINAL DATETIME "9000");

    deal = deal_of(0x03, 0x200);
    assert_int_equal(begin_online(t, "0501", KEY_UNLOAD, &deal, &s), 0x9000);
    mac_of(s.session, "00000500 00000200 03" TERMINAL, mac);
    assert_memory_equal(s.answer + 12, mac, 4);
    assert_int_equal(s.answer[5], 1); /* one online counter for load and unload */
    assert_int_equal(close_it(t, &s), 0x9000);
    mac_of(s.session, "00000300 0001 00000200 03" TERMINAL DATETIME, mac); /* MAC3 */
    tac_of("00000300 0001 00000200 03" TERMINAL DATETIME, tac);
    assert_memory_equal(s.result, mac, 4);
    expect_proof(t, "805A0003020002", mac, tac);
    EXPECT(t, "00B201C417", "0001 000000 00000200 03" TERMINAL DATETIME "9000");
    EXPECT(t, "00B202C417", "0000 000000 00000500 01" TERMINAL DATETIME "9000");
    EXPECT(t, "00B203C417", "6A83");
    assert_int_equal(balance_of(t, 1), 0x300);
}

/* Purchase and withdrawal from ED, purchase from EP. */
static void test_offline_kinds(void **state) {
    struct test_card *t = *state;
    static const struct {
        const char *p1p2;
        uint8_t type, purse;
    } rows[] = {{"0101", 0x05, 1}, {"0201", 0x04, 1}, {"0102", 0x06, 2}};
    EXPECT(t, SELECT, "*9000");
    load(t, 1, 0x1000);
    load(t, 2, 0x1000);
    for (unsigned i = 0; i < 3; i++) {
        struct said s;
        struct terminal_deal deal = deal_of(rows[i].type, 0x100);
        char text[100];
        uint8_t mac[4], tac[4];
        uint32_t before = balance_of(t, rows[i].purse);
        assert_int_equal(begin_offline(t, rows[i].p1p2, &deal, &s), 0x9000);
        assert_int_equal(t->response_len, 17);
        assert_int_equal(close_it(t, &s), 0x9000);
        sprintf(text, "00000100%02X" TERMINAL "00000001" DATETIME, rows[i].type);
        tac_of(text, tac);
        mac_of(s.session, "00000100", mac);
        assert_memory_equal(s.result, tac, 4);
        assert_memory_equal(s.result + 4, mac, 4);
        assert_int_equal(balance_of(t, rows[i].purse), before - 0x100);
        sprintf(text, "805A00%02X02%02X%02X", rows[i].type, s.answer[4], s.answer[5] + 1);
        expect_proof(t, text, mac, tac);
        sprintf(text, "%02X%02X 000000 00000100 %02X" TERMINAL DATETIME "9000", s.answer[4],
                s.answer[5], rows[i].type);
        EXPECT(t, "00B201C417", text);
        EXPECT(t, "805A0006020009", "9406");
    }
    EXPECT(t, "805A0000020001", "6A86"); /* no such type */
    EXPECT(t, "805A000A020001", "6A86");
    EXPECT(t, "805A0006020000", "9406"); /* no counter is 0 after increment */
    EXPECT(t, "805A00060101", "6700");
}

/* UPDATE OVERDRAW LIMIT, and what GET BALANCE says then. */
static unsigned set_overdraft(struct test_card *t, uint32_t limit, struct said *s) {
    uint8_t key[16], message[20];
    static const uint8_t tail[2] = {0x80, 0};
    unsigned status = send_status(t, "8050040107 01" TERMINAL "00");
    if (status != 0x9000)
        return status;
    assert_int_equal(t->response_len, 4 + 2 + 3 + 2 + 4 + 4 + 2);
    memcpy(s->answer, t->response, 19);
    hex(key, KEY_OVERDRAFT);
    terminal_session(key, s->answer + 11, s->answer + 4, tail, s->session);
    memcpy(message, s->answer, 4); /* MAC1: balance, old limit, 07, terminal */
    memcpy(message + 4, s->answer + 6, 3);
    message[7] = 0x07;
    hex(message + 8, TERMINAL);
    terminal_mac(s->session, message, 14, message + 14);
    assert_memory_equal(s->answer + 15, message + 14, 4);
    hex(s->closing, "805800000E");
    s->closing[5] = (uint8_t)(limit >> 16);
    s->closing[6] = (uint8_t)(limit >> 8);
    s->closing[7] = (uint8_t)limit;
    hex(s->closing + 8, DATETIME);
    memcpy(message, s->closing + 5, 3); /* MAC2: new limit, 07, terminal, date, time */
    message[3] = 0x07;
    hex(message + 4, TERMINAL DATETIME);
    terminal_mac(s->session, message, 17, s->closing + 15);
    s->closing_len = 19;
    return close_it(t, s);
}

static void test_overdraft(void **state) {
    struct test_card *t = *state;
    struct said s;
    uint8_t tac[4];
    EXPECT(t, SELECT, "*9000");
    load(t, 1, 0x100);
    assert_int_equal(set_overdraft(t, 0x50, &s), 0x9000);
    tac_of("00000150 0001 000050 07" TERMINAL DATETIME, tac);
    assert_memory_equal(s.result, tac, 4);
    expect_proof(t, "805A0007020002", s.closing + 15, tac);
    EXPECT(t, "00B201C417", "0001 000050 00000050 07" TERMINAL DATETIME "9000");
    EXPECT(t, "805C000104", "00000150 9000"); /* with overdraft */
    EXPECT(t, "805C010104", "00000050 9000"); /* limit */
    EXPECT(t, "805C020104", "00000000 9000"); /* used */
    EXPECT(t, "805C030104", "00000100 9000"); /* own */
    struct terminal_deal deal = deal_of(0x05, 0x120);
    assert_int_equal(begin_offline(t, "0101", &deal, &s), 0x9000);
    assert_memory_equal(s.answer + 6, "\x00\x00\x50", 3);
    assert_int_equal(close_it(t, &s), 0x9000);
    EXPECT(t, "805C000104", "00000030 9000");
    EXPECT(t, "805C020104", "00000020 9000");
    EXPECT(t, "805C030104", "00000000 9000");
    EXPECT(t, "805C010204", "00000000 9000"); /* EP has none */
    EXPECT(t, "805C020204", "00000000 9000");
    assert_int_equal(set_overdraft(t, 0x1F, &s), 0x6985); /* 20 are used */
    assert_int_equal(set_overdraft(t, 0x20, &s), 0x9000);
    EXPECT(t, "805C000104", "00000000 9000");
    EXPECT(t, "805C040104", "6A86");
    EXPECT(t, "805C000304", "6A86");
    EXPECT(t, "805C000004", "6A86");
    EXPECT(t, "805C00020101", "6700");
    EXPECT(t, "805C000203", "6C04");
}

/* ---- states ---- */

/* INITIALIZE and what may follow it: only its own closing command. */
static void test_states(void **state) {
    struct test_card *t = *state;
    static const char *const closings[] = {
        "805200000B" DATETIME "00000000",
        "805401000F 00000001" DATETIME "00000000",
        "805403000B" DATETIME "00000000",
        "805800000E 000000" DATETIME "00000000",
        "80DC26D010 26017D00000000000000000000000000",
    };
    static const struct {
        const char *command;
        int closing; /* its own: 9302 for the wrong MAC */
        bool composite;
    } opens[] = {
        {NULL, -1, false}, /* idle */
        {"805000010B 01 00000001" TERMINAL "00", 0, false},
        {"805000020B 01 00000001" TERMINAL "00", 0, false},
        {"805001010B 01 00000001" TERMINAL "00", 1, false},
        {"805001020B 01 00000001" TERMINAL "00", 1, false},
        {"805002010B 01 00000001" TERMINAL "00", 1, false},
        {"805003020B 01 00000001" TERMINAL "00", 1, true},
        {"805005010B 01 00000001" TERMINAL "00", 2, false},
        {"8050040107 01" TERMINAL "00", 3, false},
    };
    EXPECT(t, SELECT, "*9000");
    load(t, 1, 100);
    load(t, 2, 100);
    for (unsigned o = 0; o < sizeof opens / sizeof *opens; o++) {
        for (unsigned c = 0; c < 5; c++) {
            if (opens[o].command)
                EXPECT(t, opens[o].command, "*9000");
            const char *want = (int)c == opens[o].closing     ? "9302"
                               : c == 4 && opens[o].composite ? "9000"
                                                              : "6901";
            test_card_expect(t, closings[c], want, opens[o].command, (int)c);
            if (c != 4)
                EXPECT(t, closings[c], "6901"); /* it is over now, whatever was said */
        }
    }
    assert_int_equal(balance_of(t, 1), 100);
    assert_int_equal(balance_of(t, 2), 100);
}

/* What lies between INITIALIZE and DEBIT: looking is allowed, all else ends it. */
static void test_between(void **state) {
    struct test_card *t = *state;
    static const struct {
        const char *command, *answer;
        unsigned debit;
    } rows[] = {
        {"805C000204", "*9000", 0x9000}, {"00B095001E", "*9000", 0x9000},
        {"00B201C417", "*9000", 0x9000}, {"805A0006020099", "9406", 0x9000},
        {"00B29FC417", "6A83", 0x9000},  {VERIFY, "9000", 0x6901},
        {"0084000004", "*9000", 0x6901}, {"00A4000C020015", "9000", 0x6901},
        {SELECT, "*9000", 0x6901},       {"00CA004200", "6A88", 0x6901},
        {"80FF0000", "6D00", 0x6901},    {"8050010205 01 00000001", "6700", 0x6901},
        {"8050010200", "6700", 0x6901},
    };
    EXPECT(t, SELECT, "*9000");
    load(t, 2, 1000);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct said s;
        struct terminal_deal deal = deal_of(0x06, 1);
        assert_int_equal(begin_offline(t, "0102", &deal, &s), 0x9000);
        test_card_expect(t, rows[i].command, rows[i].answer, "between", (int)i);
        unsigned status = close_it(t, &s);
        if (status != rows[i].debit)
            fail_msg("DEBIT after %s: %04X", rows[i].command, status);
    }
    uint8_t atr[ONECARD_ATR_MAX];
    struct said s;
    struct terminal_deal deal = deal_of(0x06, 1);
    assert_int_equal(begin_offline(t, "0102", &deal, &s), 0x9000);
    onecard_power_on(t->card, atr);
    EXPECT(t, SELECT, "*9000");
    assert_int_equal(close_it(t, &s), 0x6901);
}

/* Every byte of DEBIT matters, and a wrong one costs the transaction, not money. */
static void test_wrong_macs(void **state) {
    struct test_card *t = *state;
    struct said s;
    struct terminal_deal deal = deal_of(0x06, 5);
    EXPECT(t, SELECT, "*9000");
    load(t, 2, 100);
    for (unsigned i = 7; i < 20; i++) { /* the first two bytes of its number are not covered */
        assert_int_equal(begin_offline(t, "0102", &deal, &s), 0x9000);
        s.closing[i] ^= 0x01;
        assert_int_equal(close_it(t, &s), 0x9302);
        s.closing[i] ^= 0x01;
        assert_int_equal(close_it(t, &s), 0x6901);
    }
    /* a DEBIT of the last session does not work in the next */
    assert_int_equal(begin_offline(t, "0102", &deal, &s), 0x9000);
    struct said next;
    assert_int_equal(begin_offline(t, "0102", &deal, &next), 0x9000);
    assert_int_equal(close_it(t, &s), 0x9302);
    /* another key index, another amount than the MAC says */
    assert_int_equal(begin(t, "0102", 2, &deal, &next), 0x9000);
    assert_int_equal(next.answer[9], 2); /* its version */
    assert_int_equal(close_it(t, &s), 0x9302);
    /* an Le that is too short: nothing happened, and the terminal begins anew */
    assert_int_equal(begin_offline(t, "0102", &deal, &s), 0x9000);
    s.closing[s.closing_len++] = 0x04;
    assert_int_equal(close_it(t, &s), 0x6C08);
    EXPECT(t, "805A0006020001", "9406");
    assert_int_equal(balance_of(t, 2), 100);
    EXPECT(t, "00B202C417", "6A83");
    /* a counted key is used up by wrong MACs: load key 3 has three tries */
    EXPECT(t, VERIFY, "9000");
    for (unsigned i = 0; i < 3; i++) {
        EXPECT(t, "805000020B 03 00000001" TERMINAL "00", "*9000");
        EXPECT(t, "805200000B" DATETIME "00000000", "9302");
    }
    EXPECT(t, "805000020B 03 00000001" TERMINAL "00", "6983");
}

/* ---- INITIALIZE's own refusals ---- */

static void test_initialise_refusals(void **state) {
    struct test_card *t = *state;
    static const struct {
        const char *command, *answer;
    } before_pin[] =
        {
            {"805000010B 01 00000001" TERMINAL "00", "6982"},
            {"805000020B 01 00000001" TERMINAL "00", "6982"},
            {"805001010B 01 00000001" TERMINAL "00", "6982"},
            {"805002010B 01 00000001" TERMINAL "00", "6982"},
            {"805005010B 01 00000001" TERMINAL "00", "6982"},
            {"8050040107 01" TERMINAL "00", "6982"},
            {"805001020B 01 00000000" TERMINAL "00", "*9000"}, /* EP and CAPP go without */
            {"805003020B 01 00000000" TERMINAL "00", "*9000"},
        },
      with_pin[] = {
          {"805001020B 01 00000001" TERMINAL "00", "9401"},
          {"805001010B 01 00000001" TERMINAL "00", "9401"},
          {"805002010B 01 00000001" TERMINAL "00", "9401"},
          {"805003020B 01 00000001" TERMINAL "00", "9401"},
          {"805005010B 01 00000001" TERMINAL "00", "9401"},
          {"805001020B 03 00000000" TERMINAL "00", "9403"},
          {"805000020B 04 00000001" TERMINAL "00", "9403"},
          {"805000020B FF 00000001" TERMINAL "00", "9403"},
          {"8050040107 02" TERMINAL "00", "9403"},
          {"805000020B 01 000186A1" TERMINAL "00", "6985"}, /* more than it may hold */
          {"805000020B 01 FFFFFFFF" TERMINAL "00", "6985"},
          {"805000010B 01 80000000" TERMINAL "00", "6985"},
          {"805000020B 01 000186A0" TERMINAL "00", "*9000"},
          {"805000000B 01 00000001" TERMINAL "00", "6A86"},
          {"805000030B 01 00000001" TERMINAL "00", "6A86"},
          {"805002020B 01 00000001" TERMINAL "00", "6A86"}, /* EP gives no cash */
          {"805003010B 01 00000001" TERMINAL "00", "6A86"},
          {"805005020B 01 00000001" TERMINAL "00", "6A86"},
          {"8050040207 01" TERMINAL "00", "6A86"},
          {"805006010B 01 00000001" TERMINAL "00", "6A86"},
          {"805001020A 01 00000001"
           "0011223344"
           "00",
           "6700"},
          {"805001020C 01 00000001" TERMINAL "00"
           "00",
           "6700"},
          {"805004010B 01 00000001" TERMINAL "00", "6700"},
          {"845001020B 01 00000001" TERMINAL "00", "6D00"},
          {"A05001020B 01 00000001" TERMINAL "00", "6E00"},
      };
    EXPECT(t, SELECT, "*9000");
    for (unsigned i = 0; i < sizeof before_pin / sizeof *before_pin; i++)
        test_card_expect(t, before_pin[i].command, before_pin[i].answer, "without PIN", (int)i);
    EXPECT(t, VERIFY, "9000");
    for (unsigned i = 0; i < sizeof with_pin / sizeof *with_pin; i++)
        test_card_expect(t, with_pin[i].command, with_pin[i].answer, "with PIN", (int)i);
}

/* Counters at FFFF, and the most that a purse may hold: the second purse begins near them. */
static void test_ends(void **state) {
    struct test_card *t = *state;
    struct said s;
    EXPECT(t, SELECT_EDGE, "*9000");
    EXPECT(t, VERIFY, "9000");
    struct terminal_deal deal = deal_of(0x06, 1);
    assert_int_equal(begin_offline(t, "0102", &deal, &s), 0x9000); /* FFFE: the last one */
    assert_int_equal(close_it(t, &s), 0x9000);
    EXPECT(t, "805A000602FFFF", "*9000");
    assert_int_equal(begin_offline(t, "0102", &deal, &s), 0x9402);
    assert_int_equal(begin_offline(t, "0302", &deal, &s), 0x9402);
    deal = deal_of(0x02, 1);
    assert_int_equal(begin_online(t, "0002", KEY_A, &deal, &s), 0x9402); /* online: it was there */
    deal = deal_of(0x05, 1);
    assert_int_equal(begin_offline(t, "0101", &deal, &s), 0x9000);
    assert_int_equal(close_it(t, &s), 0x9000);
    assert_int_equal(begin_offline(t, "0101", &deal, &s), 0x9402);
    deal = deal_of(0x01, 0x1000 - 0x63); /* the purse is full with it */
    assert_int_equal(begin_online(t, "0001", KEY_A, &deal, &s), 0x9000);
    assert_int_equal(close_it(t, &s), 0x9000);
    assert_int_equal(balance_of(t, 1), 0x1000);
    assert_int_equal(begin_online(t, "0001", KEY_A, &deal, &s), 0x9402);
    /* money is still there to be seen */
    EXPECT(t, "805C030104", "00000FCE 9000");
    EXPECT(t, "805C000204", "00000063 9000");
}

/* ---- log ---- */

/* Ten are kept, the newest first; readers stop at 6A83. */
static void test_log(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    load(t, 2, 100);
    for (unsigned i = 0; i < 12; i++) {
        struct said s;
        struct terminal_deal deal = deal_of(0x06, i);
        assert_int_equal(begin_offline(t, "0102", &deal, &s), 0x9000);
        assert_int_equal(close_it(t, &s), 0x9000);
    }
    for (unsigned i = 1; i <= 10; i++) {
        char command[16], answer[100];
        sprintf(command, "00B2%02XC417", i);
        sprintf(answer, "%04X 000000 %08X 06" TERMINAL DATETIME "9000", 12 - i, 12 - i);
        EXPECT(t, command, answer);
    }
    EXPECT(t, "00B20BC417", "6A83");
    assert_int_equal(balance_of(t, 2), 100 - 66);
}

/* ---- composite purchases ---- */

#define RIDE_HEAD "0000001122334455 01 0001 0105 0001 00"
#define ZEROS_19 "00000000000000000000000000000000000000"

/* A ride of 48 bytes as the reader writes it. */
static void ride(char *out, const char *type, uint32_t amount, uint32_t balance) {
    sprintf(out, "%s" RIDE_HEAD "%08X%08X" DATETIME "2900 1030290000000001 000000000000", type,
            amount, balance);
}

static unsigned gate(struct test_card *t, const char *ride_type, const char *record,
                     uint32_t amount) {
    struct said s;
    struct terminal_deal deal = deal_of(0x09, amount);
    char text[200], command[300];
    uint32_t before = balance_of(t, 2);
    assert_int_equal(begin_offline(t, "0302", &deal, &s), 0x9000);
    sprintf(command, "80DC26D010%s", record);
    EXPECT(t, command, "9000");
    ride(text, ride_type, amount, before - amount);
    sprintf(command, "80DC00F030%s", text);
    EXPECT(t, command, "9000");
    return close_it(t, &s);
}

static void test_metro(void **state) {
    struct test_card *t = *state;
    char text[200];
    EXPECT(t, SELECT, "*9000");
    load(t, 2, 1000);
    EXPECT(t, "00B201F430", "6A83");
    assert_int_equal(gate(t, "03", "26017D 010100 11111111111111111111", 0), 0x9000);
    EXPECT(t, "00B201D400", "*9000");
    assert_memory_equal(t->response, "\x26\x01\x7D\x01\x01\x00\x11\x11", 8);
    assert_int_equal(t->response_len, 130);
    EXPECT(t, "00B201C417", "0000 000000 00000000 09" TERMINAL DATETIME "9000");
    EXPECT(t, "805A0009020001", "*9000");
    assert_int_equal(gate(t, "04", "26017D 010100 22222222222222222222", 300), 0x9000);
    assert_int_equal(balance_of(t, 2), 700);
    ride(text, "04", 300, 700);
    strcat(text, "9000");
    EXPECT(t, "00B201F430", text);
    ride(text, "03", 0, 1000);
    strcat(text, "9000");
    EXPECT(t, "00B202F430", text);
    EXPECT(t, "00B203F430", "6A83");
    EXPECT(t, "00B201C417", "0001 000000 0000012C 09" TERMINAL DATETIME "9000");
}

/* The bus finds its record by number, or by the first byte of its id. Nothing is there before
 * DEBIT, and nothing at all if DEBIT fails. */
static void test_bus(void **state) {
    struct test_card *t = *state;
    struct said s;
    struct terminal_deal deal = deal_of(0x09, 200);
    EXPECT(t, SELECT, "*9000");
    load(t, 2, 1000);
    assert_int_equal(begin_offline(t, "0302", &deal, &s), 0x9000);
    EXPECT(t, "80DC02D408 27017D0101000102", "9000");
    EXPECT(t, "80DC27D008 27017D0101000304", "9000"); /* again: the later one counts */
    EXPECT(t, "00B202D400", "*9000");
    assert_memory_equal(t->response, "\x27\x01\x7D\x00\x00", 5);
    s.closing[19] ^= 1;
    assert_int_equal(close_it(t, &s), 0x9302);
    EXPECT(t, "00B202D400", "*9000");
    assert_memory_equal(t->response, "\x27\x01\x7D\x00\x00", 5);
    assert_int_equal(begin_offline(t, "0302", &deal, &s), 0x9000);
    EXPECT(t, "80DC27D008 27017D0101000304", "9000");
    assert_int_equal(close_it(t, &s), 0x9000);
    EXPECT(t, "00B202D400", "*9000");
    assert_memory_equal(t->response, "\x27\x01\x7D\x01\x01\x00\x03\x04\x00", 9);
    assert_int_equal(balance_of(t, 2), 800);
    /* what was collected for one transaction is not left for the next */
    assert_int_equal(begin_offline(t, "0302", &deal, &s), 0x9000);
    EXPECT(t, "80DC27D008 27017D0101000999", "9000");
    assert_int_equal(begin_offline(t, "0302", &deal, &s), 0x9000);
    assert_int_equal(close_it(t, &s), 0x9000);
    EXPECT(t, "00B202D400", "*9000");
    assert_memory_equal(t->response, "\x27\x01\x7D\x01\x01\x00\x03\x04\x00", 9);
}

static void test_composite_refusals(void **state) {
    struct test_card *t = *state;
    static const struct {
        const char *command, *answer;
    } rows[] = {
        {"80DC01C417" ZEROS_19 "00000000", "6A86"},               /* the log is not for terminals */
        {"80DC01A81E" ZEROS_19 "0000000000000000000000", "6A86"}, /* nor is file 15 */
        {"80DC01F430"
         "00",
         "6700"},                  /* malformed: Lc */
        {"80DC01F001 00", "6A86"}, /* 1E is written at its end only */
        {"80DC00F42F" ZEROS_19 ZEROS_19 "000000000000000000", "6A86"},
        {"80DC00F02F" ZEROS_19 ZEROS_19 "000000000000000000", "6700"},
        {"80DC28D008 28017D0101000102", "6A83"}, /* no such id */
        {"80DC03D408 27017D0101000102", "6A83"}, /* no such record */
        {"80DC00D408 27017D0101000102", "6A83"},
        {"80DC02D408 26017D0101000102", "6A80"}, /* another id */
        {"80DC02D408 27017C0101000102", "6A80"}, /* another length */
        {"80DC02D405 27017D0101", "6700"},
        {"80DC01B808 09017D0101000102", "6A83"},  /* 17 is no record file on this card */
        {"80DC01C808 AA290001010001 02", "6A82"}, /* there is no 19 */
        {"80DC02D608 27017D0101000102", "6A86"},
    };
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "80DC27D008 27017D0101000102", "6901");
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        EXPECT(t, "805003020B 01 00000000" TERMINAL "00", "*9000");
        test_card_expect(t, rows[i].command, rows[i].answer, "composite", (int)i);
    }
    /* four records at most */
    EXPECT(t, "805003020B 01 00000000" TERMINAL "00", "*9000");
    for (unsigned i = 0; i < 4; i++)
        EXPECT(t, "80DC27D008 27017D0101000102", "9000");
    EXPECT(t, "80DC27D008 27017D0101000102", "6A84");
}

/* City Union: 17 with ids of one byte, 19 as ETC sends it; a locked record. */
static void test_city_union(void **state) {
    struct test_card *t = *state;
    struct said s;
    struct terminal_deal deal = deal_of(0x09, 0);
    char etc[200] = "80DCAAC82BAA2900";
    for (unsigned i = 0; i < 40; i++)
        strcat(etc, "5A");
    EXPECT(t, SELECT_EDGE, "*9000");
    assert_int_equal(begin_offline(t, "0302", &deal, &s), 0x9000);
    EXPECT(t, etc, "9000");
    EXPECT(t, "80DC09B808 092E00FFFFFFFFFF", "9000");
    EXPECT(t, "80DC0AB808 0A2E00FFFFFFFFFF", "9407"); /* locked */
    EXPECT(t, "80DC02BC08 0A2E00FFFFFFFFFF", "9407");
    assert_int_equal(close_it(t, &s), 0x9000);
    EXPECT(t, "00B201CC00", "*5A5A9000");
    EXPECT(t, "00B201BC00", "*9000");
    assert_memory_equal(t->response, "\x09\x2E\x00\xFF", 4);
}

/* ---- personalisation ---- */

static void test_not_personalised(void **state) {
    struct test_card *t = *state;
    EXPECT(t, "00A4040009A0000006320101050200", "6985");
    EXPECT(t, "805C000204", "6985");
    /* a terminal's STORE DATA is none */
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "80E2800000", "6D00");
    EXPECT(t, "80E2800005 8200028001", "6D00");
    EXPECT(t, "00E2000005 8200028001", "6986"); /* that is APPEND RECORD, without a current file */
    /* and the card manager takes none after pre-issuance (F6) */
    EXPECT(t, "00A4040000", "*9000");
    EXPECT(t, "80E620000E 0000 08 A000000632010105 000000", "6982");
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        EACH(test_vector_ed_load),
        EACH(test_vectors_ep_load),
        EACH(test_vector_ep_purchase),
        EACH(test_load_and_unload),
        EACH(test_offline_kinds),
        EACH(test_overdraft),
        EACH(test_states),
        EACH(test_between),
        EACH(test_wrong_macs),
        EACH(test_initialise_refusals),
        EACH(test_ends),
        EACH(test_log),
        EACH(test_metro),
        EACH(test_bus),
        EACH(test_composite_refusals),
        EACH(test_city_union),
        EACH(test_not_personalised),
    };
    return cmocka_run_group_tests_name("transit", tests, NULL, NULL);
}
