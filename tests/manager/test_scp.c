/* Secure channels: SCP02, SCP03, SCP03 with SM4, all options and levels, against a host of its own
 * on OpenSSL. GPCS 2.3.1 10 and appendix E, Amendment D 1.2 (F6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/content.h"
#include "support/gp_host.h"

#define ISD "08A000000151000000"

static const struct kind {
    uint8_t protocol, key_len, version, type;
} kinds[] = {
    {0x02, 16, 0x20, 0x80}, {0x03, 16, 0x30, 0x88}, {0x03, 24, 0x31, 0x88},
    {0x03, 32, 0x32, 0x88}, {0xF3, 16, 0x38, 0x89},
};
#define KINDS (sizeof kinds / sizeof *kinds)

/* A card whose issuer's domain has keys of every kind, pre-issuance over. */
static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    struct gp_host h;
    test_card_blank(t);
    for (size_t i = 0; i < KINDS; i++) {
        gp_default_keys(&h, kinds[i].protocol, kinds[i].key_len, kinds[i].version, 0);
        EXPECT_SW(gp_put_keys(t, NULL, true, 0, kinds[i].type, &h), 0x9000);
    }
    EXPECT(t, "80F0800F", "9000");
    test_card_reopen(t);
    *state = t;
    return 0;
}

static int teardown(void **state) {
    test_card_free(*state);
    free(*state);
    return 0;
}

static void keys_of(struct gp_host *h, const struct kind *k, uint8_t level) {
    gp_default_keys(h, k->protocol, k->key_len, k->version, level);
}

/* An answer with data, one without, one that is refused; several, so that chains are seen. */
static void talk(struct test_card *t, struct gp_host *h) {
    static const uint8_t issuer[] = {0x4F, 0x08, 0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00};
    for (int i = 0; i < 3; i++) {
        EXPECT_SW(gp_send_hex(t, h, "F28002", "4F00"), 0x9000);
        assert_true(h->len > 12 && h->data[0] == 0xE3);
        assert_memory_equal(h->data + 2, issuer, sizeof issuer);
        EXPECT_SW(gp_send_hex(t, h, "F24002", "4F00"), 0x6A88);
        assert_int_equal(h->len, 0);
        EXPECT_SW(gp_send_hex(t, h, "CA0066", ""), 0x9000);
        assert_int_equal(h->data[0], 0x66);
        EXPECT_SW(gp_send_hex(t, h, "E29000", "DF010401020304"), 0x9000);
        EXPECT_SW(gp_send_hex(t, h, "CADF01", ""), 0x9000);
        assert_int_equal(h->len, 7);
        EXPECT_SW(gp_send_hex(t, h, "000000", ""), 0x6D00);
    }
}

static void test_levels(void **state) {
    static const uint8_t levels[] = {0x00, 0x01, 0x03, 0x10, 0x11, 0x13, 0x33};
    struct test_card *t = *state;
    struct gp_host h;
    for (size_t k = 0; k < KINDS; k++) {
        for (size_t l = 0; l < sizeof levels; l++) {
            bool des = kinds[k].protocol == 0x02;
            keys_of(&h, &kinds[k], levels[l]);
            h.challenge = (uint8_t)(k * 16 + l);
            bool offered = des ? levels[l] != 0x33 : levels[l] != 0x10;
            unsigned sw = gp_open(t, &h);
            EXPECT_SW(sw, offered ? 0x9000 : 0x6A86);
            if (offered)
                talk(t, &h);
        }
    }
}

/* Amendment D 1.2: challenges, cryptograms and MACs of 16 bytes. */
static void test_s16(void **state) {
    static const uint8_t levels[] = {0x01, 0x03, 0x11, 0x13, 0x33};
    struct test_card *t = *state;
    struct gp_host h;
    for (size_t k = 0; k < KINDS; k++) {
        for (size_t l = 0; l < sizeof levels; l++) {
            keys_of(&h, &kinds[k], levels[l]);
            h.size = 16;
            unsigned sw = gp_open(t, &h);
            EXPECT_SW(sw, kinds[k].protocol == 0x02 ? 0x6700 : 0x9000);
            if (sw == 0x9000)
                talk(t, &h);
        }
    }
}

/* The options i of a key version, set by data group 8F10, and what each allows. */
static void test_options(void **state) {
    static const struct {
        uint8_t kind, options;
        bool r_mac, r_enc;
    } rows[] = {
        {0, 0x15, false, false}, {0, 0x35, true, false},  {0, 0x55, false, false},
        {0, 0x75, true, false},  {1, 0x00, false, false}, {1, 0x10, false, false},
        {1, 0x20, true, false},  {1, 0x30, true, false},  {1, 0x60, true, true},
        {1, 0x70, true, true},   {4, 0x00, false, false}, {4, 0x70, true, true},
    };
    struct test_card *t = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct kind *k = &kinds[rows[i].kind];
        struct gp_host h;
        keys_of(&h, &kinds[2], 0x03);
        EXPECT_SW(gp_open(t, &h), 0x9000);
        uint8_t group[7] = {0x8F, 0x10, 0x04, k->version, rows[i].options, 0x00, 0x00};
        EXPECT_SW(gp_send(t, &h, 0xE2, 0x88, 0x00, group, sizeof group), 0x9000);
        uint8_t first[16], second[16];
        for (int round = 0; round < 2; round++) {
            keys_of(&h, k, 0x03);
            EXPECT_SW(gp_open(t, &h), 0x9000);
            if (k->protocol != 0x02)
                assert_int_equal(h.options, rows[i].options);
            memcpy(round ? second : first, h.card_challenge, 16);
            talk(t, &h);
        }
        assert_memory_not_equal(first, second, 8); /* SCP02's begins with its counter */
        keys_of(&h, k, 0x13);
        EXPECT_SW(gp_open(t, &h), rows[i].r_mac ? 0x9000 : 0x6A86);
        keys_of(&h, k, 0x33);
        EXPECT_SW(gp_open(t, &h), rows[i].r_enc ? 0x9000 : 0x6A86);
    }
}

/* A challenge that the host can compute: SCP02 (E.4.2.3), SCP03 (6.2.2.1). */
static void test_pseudo_random_challenges(void **state) {
    static const uint8_t aid[8] = {0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00}, zeros[8] = {0};
    struct test_card *t = *state;
    struct gp_host h;
    uint8_t mac[16];
    for (int i = 0; i < 3; i++) {
        keys_of(&h, &kinds[0], 0x01);
        EXPECT_SW(gp_open(t, &h), 0x9000);
        assert_int_equal(h.sequence, i);
        gp_retail_mac(h.s_mac, zeros, aid, sizeof aid, mac);
        assert_memory_equal(h.card_challenge + 2, mac, 6);
        keys_of(&h, &kinds[1], 0x01);
        EXPECT_SW(gp_open(t, &h), 0x9000);
        assert_int_equal(h.sequence, i + 1);
        uint8_t data[16 + 3 + 8] = {[11] = 0x02, [14] = 0x40, [15] = 0x01, [18] = (uint8_t)(i + 1)};
        memcpy(data + 19, aid, sizeof aid);
        gp_cmac(0x03, h.enc, 16, data, sizeof data, mac);
        assert_memory_equal(h.card_challenge, mac, 8);
    }
}

/* ---- the ways to be refused ---- */

static void expect_closed(struct test_card *t) {
    EXPECT(t, "80F28002024F00", "6982");
    EXPECT(t, "84F280020A4F000102030405060708", "6982");
}

/* One bit wrong anywhere in the MAC or the data, a replay, a command left out, and one in plain:
 * the session is over (F6). */
static void test_broken_mac_ends_the_session(void **state) {
    static const uint8_t levels[] = {0x01, 0x03, 0x13, 0x33};
    struct test_card *t = *state;
    struct gp_host h;
    for (size_t k = 0; k < KINDS; k++) {
        for (size_t l = 0; l < sizeof levels; l++) {
            if (kinds[k].protocol == 0x02 && levels[l] == 0x33)
                continue;
            uint8_t command[64], copy[64];
            size_t len = 64;
            for (size_t at = 1; at < len - 1; at++) {
                keys_of(&h, &kinds[k], levels[l]);
                EXPECT_SW(gp_open(t, &h), 0x9000);
                len = gp_wrap(&h, 0xF2, 0x80, 0x02, "\x4F", 2, command);
                memcpy(copy, command, len);
                if (at == 4) /* Lc: another length is another format */
                    continue;
                command[at] ^= 0x01;
                assert_int_equal(
                    onecard_transmit(t->card, command, len, t->response, &t->response_len), 0);
                assert_int_equal(t->response_len, 2);
                assert_int_equal(t->response[0] << 8 | t->response[1], 0x6982);
                /* the right one comes too late */
                onecard_transmit(t->card, copy, len, t->response, &t->response_len);
                assert_int_equal(t->response[0] << 8 | t->response[1], 0x6982);
                expect_closed(t);
            }
            keys_of(&h, &kinds[k], levels[l]); /* replay */
            EXPECT_SW(gp_open(t, &h), 0x9000);
            len = gp_wrap(&h, 0xF2, 0x80, 0x02, "\x4F", 2, command);
            for (int i = 0; i < 2; i++) {
                onecard_transmit(t->card, command, len, t->response, &t->response_len);
                const uint8_t *sw = t->response + t->response_len - 2;
                assert_int_equal(sw[0] << 8 | sw[1], i ? 0x6982 : 0x9000);
            }
            expect_closed(t);
            keys_of(&h, &kinds[k], levels[l]); /* one left out */
            EXPECT_SW(gp_open(t, &h), 0x9000);
            gp_wrap(&h, 0xF2, 0x80, 0x02, "\x4F", 2, command);
            h.r_mac = false;
            EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x6982);
            expect_closed(t);
            keys_of(&h, &kinds[k], levels[l]); /* one in plain */
            EXPECT_SW(gp_open(t, &h), 0x9000);
            EXPECT(t, "80F28002024F00", "6982");
            h.r_mac = false;
            EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x6982);
        }
    }
}

/* F5: SELECT, reset, power and a new INITIALIZE UPDATE close it. */
static void test_what_closes(void **state) {
    struct test_card *t = *state;
    uint8_t atr[ONECARD_ATR_MAX];
    struct gp_host h;
    for (size_t k = 0; k < KINDS; k++) {
        for (int how = 0; how < 5; how++) {
            keys_of(&h, &kinds[k], 0x01);
            EXPECT_SW(gp_open(t, &h), 0x9000);
            if (how == 0)
                select_manager(t);
            else if (how == 1)
                onecard_power_on(t->card, atr);
            else if (how == 2)
                test_card_reopen(t);
            else if (how == 3)
                EXPECT(t, "8050000008 0102030405060708 00", "*9000");
            else
                EXPECT(t, "80500500080102030405060708", "6A88");
            EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x6982);
        }
    }
}

/* Nothing may come between the two commands, and each comes once. */
static void test_opening_in_order(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    EXPECT(t, "84820100100102030405060708090A0B0C0D0E0F10", "6985");
    for (size_t k = 0; k < KINDS; k++) {
        keys_of(&h, &kinds[k], 0x01);
        EXPECT_SW(gp_initialize(t, &h), 0x9000);
        EXPECT(t, "80CA9F7F00", "6982");
        EXPECT_SW(gp_authenticate(t, &h), 0x6985);
        EXPECT_SW(gp_initialize(t, &h), 0x9000);
        EXPECT_SW(gp_authenticate(t, &h), 0x9000);
        EXPECT_SW(gp_authenticate(t, &h), 0x6985);
        EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x6982);
    }
    EXPECT(t, "8050200007 01020304050607", "6700");
    EXPECT(t, "8050200009 010203040506070809", "6700");
    EXPECT(t, "8050200208 0102030405060708", "6A86");
    EXPECT(t, "8050210008 0102030405060708", "6A88");
    EXPECT(t, "80500000080102030405060708 01", "6C1C");
}

/* ---- failures are counted, and slow the card down ---- */

static uint8_t failures(struct test_card *t, const struct kind *k) {
    struct scp_version v;
    assert_int_equal(scp_version_get(&t->card->keys, 0, k->version, &v), ONECARD_OK);
    return v.failures;
}

static uint32_t waited;
static void count_delay(void *ctx, uint32_t milliseconds) {
    (void)ctx;
    waited = milliseconds;
}

/* A wrong cryptogram, a wrong MAC: counted before they are compared, over power cuts; the wait
 * doubles; one success ends it. Each version counts its own. */
static void test_failures(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    onecard_host_port(t->host)->delay = count_delay;
    test_card_reopen(t);
    for (size_t k = 0; k < KINDS; k++) {
        uint32_t expected = 0;
        for (int i = 0; i < 12; i++) {
            waited = 0;
            keys_of(&h, &kinds[k], 0x01);
            EXPECT_SW(gp_initialize(t, &h), 0x9000);
            if (i >= 3)
                expected = i == 3 ? SCP_DELAY_FIRST : 2 * expected;
            if (expected > SCP_DELAY_MAX)
                expected = SCP_DELAY_MAX;
            assert_int_equal(waited, expected);
            h.s_mac[0] ^= 0x02; /* of both protocols: MAC, and SCP03's cryptogram */
            h.s_enc[0] ^= 0x02; /* SCP02's cryptogram */
            EXPECT_SW(gp_authenticate(t, &h), 0x6982);
            assert_int_equal(failures(t, &kinds[k]), i + 1);
            if (i == 5)
                test_card_reopen(t);
        }
        keys_of(&h, &kinds[k], 0x01); /* MAC right, cryptogram wrong */
        EXPECT_SW(gp_initialize(t, &h), 0x9000);
        if (kinds[k].protocol == 0x02) {
            h.s_enc[0] ^= 0x02;
            EXPECT_SW(gp_authenticate(t, &h), 0x6300);
            assert_int_equal(failures(t, &kinds[k]), 13);
        }
        for (size_t other = k + 1; other < KINDS; other++)
            assert_int_equal(failures(t, &kinds[other]), 0);
        keys_of(&h, &kinds[k], 0x01);
        EXPECT_SW(gp_open(t, &h), 0x9000);
        assert_int_equal(failures(t, &kinds[k]), 0);
        talk(t, &h);
    }
}

/* ---- R-MAC sessions ---- */

static void test_r_mac_sessions(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    for (size_t k = 0; k < KINDS; k++) {
        bool des = kinds[k].protocol == 0x02;
        keys_of(&h, &kinds[k], 0x01);
        EXPECT_SW(gp_open(t, &h), 0x9000);
        EXPECT_SW(gp_send_hex(t, &h, "780003", ""), 0x6985); /* none is open */
        EXPECT_SW(gp_send_hex(t, &h, "7A1001", "0201"), 0x6A80);
        EXPECT_SW(gp_send_hex(t, &h, "7A1002", "0101"), 0x6A86);
        EXPECT_SW(gp_send_hex(t, &h, "7A1001", "020102"), 0x9000);
        memcpy(h.r_chain, h.chain, 8);
        h.r_mac = true;
        talk(t, &h);
        EXPECT_SW(gp_send_hex(t, &h, "780003", ""), 0x9000); /* carries the last MAC */
        h.r_mac = false;
        talk(t, &h);
        assert_int_equal(t->response_len, 2);
        if (!des)
            continue;
        /* P1 00: the MAC runs along and is told at the end */
        EXPECT_SW(gp_send_hex(t, &h, "7A0001", "00"), 0x9000);
        memcpy(h.r_chain, h.chain, 8);
        EXPECT_SW(gp_send_hex(t, &h, "CAD300", ""), 0x6A88);
        uint8_t message[] = {0x80, 0xCA, 0xD3, 0x00, 0x00, 0x00, 0x6A, 0x88};
        gp_retail_mac(h.s_rmac, h.r_chain, message, sizeof message, h.r_chain);
        h.r_mac = true;
        EXPECT_SW(gp_send_hex(t, &h, "780003", ""), 0x9000);
    }
}

/* The level that a version demands at least. */
static void test_lowest_level(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    keys_of(&h, &kinds[1], 0x03);
    EXPECT_SW(gp_open(t, &h), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E28800", "8F100430700300"), 0x9000);
    keys_of(&h, &kinds[1], 0x01);
    EXPECT_SW(gp_open(t, &h), 0x6982);
    keys_of(&h, &kinds[1], 0x13);
    EXPECT_SW(gp_open(t, &h), 0x9000);
    talk(t, &h);
}

/* Long commands, in the extended form, through every level. */
static void test_extended_length(void **state) {
    static const uint8_t levels[] = {0x01, 0x03, 0x13, 0x33};
    struct test_card *t = *state;
    struct gp_host h;
    uint8_t data[1000] = {0xDF, 0x02, 0x82, 0x01, 0xF0};
    for (size_t k = 0; k < KINDS; k++) {
        for (size_t l = 0; l < sizeof levels; l++) {
            if (kinds[k].protocol == 0x02 && levels[l] & 0x20)
                continue;
            keys_of(&h, &kinds[k], levels[l]);
            EXPECT_SW(gp_open(t, &h), 0x9000);
            EXPECT_SW(gp_send(t, &h, 0xE2, 0x90, 0x00, data, 5 + 0x1F0), 0x9000);
            talk(t, &h);
        }
    }
}

/* Each logical channel has a session of its own (GPCS 10.3). */
static void test_channels(void **state) {
    struct test_card *t = *state;
    struct gp_host a, b;
    EXPECT(t, "0070000001", "01 9000");
    keys_of(&a, &kinds[1], 0x33);
    keys_of(&b, &kinds[0], 0x13);
    b.channel = 1;
    EXPECT_SW(gp_open(t, &a), 0x9000);
    EXPECT_SW(gp_open(t, &b), 0x9000);
    talk(t, &a);
    talk(t, &b);
    talk(t, &a);
    EXPECT(t, "00708001", "9000");
    talk(t, &a);
    EXPECT(t, "0070000001", "01 9000");
    b.r_mac = false;
    EXPECT_SW(gp_send_hex(t, &b, "F28002", "4F00"), 0x6982);
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(test_levels),
        EACH(test_s16),
        EACH(test_options),
        EACH(test_pseudo_random_challenges),
        EACH(test_broken_mac_ends_the_session),
        EACH(test_what_closes),
        EACH(test_opening_in_order),
        EACH(test_failures),
        EACH(test_r_mac_sessions),
        EACH(test_lowest_level),
        EACH(test_extended_length),
        EACH(test_channels),
    };
    return cmocka_run_group_tests_name("scp", tests, NULL, NULL);
}
