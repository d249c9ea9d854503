/* A card with the purses of tests/applets/transit.yaml, and a terminal that talks to it. */
#ifndef TRANSIT_FIXTURE_H
#define TRANSIT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/runtime.h"
#include "support/card.h"
#include "transit/terminal.h"

#define SELECT "00A4040008A00000063201010500"        /* empty, published keys */
#define SELECT_EDGE "00A4040009A0000000038698070100" /* near the ends of counters and limits */
#define VERIFY "0020000003123456"
#define TERMINAL "001122334455"
#define DATETIME "20111221214822"

#define KEY_A "11223344556677888877665544332211" /* purchase 1, load 1 */
#define KEY_TAC "00112233445566778899AABBCCDDEEFF"
#define KEY_UNLOAD "C1C2C3C4C5C6C7C8D1D2D3D4D5D6D7D8"
#define KEY_OVERDRAFT "E1E2E3E4E5E6E7E8F1F2F3F4F5F6F7F8"
#define KEY_MAINTENANCE "60616263646566676869606162636465"
#define KEY_PIN_UNBLOCK "70717273747576777879707172737475"
#define KEY_PIN_RELOAD "80818283848586878889808182838485"

static inline int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_make(t, "test/transit.yaml");
    *state = t;
    return 0;
}

static inline int teardown(void **state) {
    test_card_free(*state);
    free(*state);
    return 0;
}

static inline size_t hex(uint8_t *out, const char *text) {
    size_t n = 0;
    unsigned byte;
    while (*text) {
        if (*text == ' ') {
            text++;
            continue;
        }
        assert_int_equal(sscanf(text, "%2x", &byte), 1);
        out[n++] = (uint8_t)byte;
        text += 2;
    }
    return n;
}

static inline const char *send_bytes(struct test_card *t, const uint8_t *command, size_t len) {
    char text[600];
    for (size_t i = 0; i < len; i++)
        sprintf(text + 2 * i, "%02X", command[i]);
    return test_card_send(t, text);
}

/* The status word of the last answer. */
static inline unsigned status_of(const struct test_card *t) {
    return (unsigned)(t->response[t->response_len - 2] << 8 | t->response[t->response_len - 1]);
}

static inline unsigned send_status(struct test_card *t, const char *command) {
    test_card_send(t, command);
    return status_of(t);
}

/* The card's next random numbers. */
static inline void force_random(struct test_card *t, const char *text) {
    static uint8_t bytes[16];
    crypto_random_force(&t->card->random, bytes, hex(bytes, text));
}

static inline uint32_t balance_of(struct test_card *t, uint8_t purse) {
    char command[16];
    sprintf(command, "805C00%02X04", purse);
    assert_int_equal(send_status(t, command), 0x9000);
    return (uint32_t)t->response[0] << 24 | (uint32_t)t->response[1] << 16 |
           (uint32_t)t->response[2] << 8 | t->response[3];
}

static inline struct terminal_deal deal_of(uint8_t type, uint32_t amount) {
    struct terminal_deal deal = {.type = type,
                                 .amount = {(uint8_t)(amount >> 24), (uint8_t)(amount >> 16),
                                            (uint8_t)(amount >> 8), (uint8_t)amount}};
    hex(deal.terminal, TERMINAL);
    hex(deal.datetime, DATETIME);
    return deal;
}

/* What was said in a transaction. */
struct said {
    uint8_t answer[20]; /* of INITIALIZE */
    uint8_t session[8];
    uint8_t closing[24]; /* command */
    size_t closing_len;
    uint8_t result[8]; /* of the closing command */
};

/* INITIALIZE with P1 P2 and key index. Returns its status word. */
static inline unsigned begin(struct test_card *t, const char *p1p2, uint8_t index,
                             const struct terminal_deal *deal, struct said *s) {
    char command[64];
    sprintf(command, "8050%s0B%02X%02X%02X%02X%02X" TERMINAL "00", p1p2, index, deal->amount[0],
            deal->amount[1], deal->amount[2], deal->amount[3]);
    unsigned status = send_status(t, command);
    if (status == 0x9000)
        memcpy(s->answer, t->response, t->response_len - 2);
    return status;
}

static inline unsigned close_it(struct test_card *t, struct said *s) {
    send_bytes(t, s->closing, s->closing_len);
    memcpy(s->result, t->response, t->response_len - 2);
    return status_of(t);
}

/* INITIALIZE FOR LOAD (or UNLOAD), and the closing command ready in s. */
static inline unsigned begin_online(struct test_card *t, const char *p1p2, const char *key,
                                    const struct terminal_deal *deal, struct said *s) {
    uint8_t bytes[16];
    hex(bytes, key);
    unsigned status = begin(t, p1p2, 1, deal, s);
    terminal_credit(bytes, deal, s->answer, s->closing, s->session);
    s->closing_len = 16;
    return status;
}

/* INITIALIZE FOR PURCHASE, WITHDRAW or CAPP, and DEBIT ready in s. */
static inline unsigned begin_offline(struct test_card *t, const char *p1p2,
                                     const struct terminal_deal *deal, struct said *s) {
    static const uint8_t number[4] = {0, 0, 0, 1};
    uint8_t key[16];
    hex(key, KEY_A);
    unsigned status = begin(t, p1p2, 1, deal, s);
    terminal_debit(key, deal, number, s->answer, s->closing, s->session);
    s->closing_len = 20;
    return status;
}

/* Put money on a purse (1 ED, 2 EP). */
static inline void load(struct test_card *t, uint8_t purse, uint32_t amount) {
    struct said s;
    char p1p2[5];
    struct terminal_deal deal = deal_of(purse, amount);
    sprintf(p1p2, "00%02X", purse);
    EXPECT(t, VERIFY, "9000");
    assert_int_equal(begin_online(t, p1p2, KEY_A, &deal, &s), 0x9000);
    assert_int_equal(close_it(t, &s), 0x9000);
}

/* A command of class 04 or 84 (without MAC) as the issuer sends it. Returns the status word. */
static inline unsigned send_secure(struct test_card *t, const char *key, const char *command) {
    uint8_t bytes[300], k[16], challenge[8];
    assert_int_equal(send_status(t, "0084000008"), 0x9000);
    memcpy(challenge, t->response, 8);
    hex(k, key);
    size_t len = hex(bytes, command);
    send_bytes(t, bytes, terminal_secure(k, challenge, 8, bytes, len));
    return status_of(t);
}

#endif
