/* PUT KEY in the extended format (GPCS 2.3.1 11.8.2.3.2): FF in front of each type, key usage and
 * key access behind the check value; and how GET DATA tells of such keys (table 11-29). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/domains.h"

/* A field of a symmetric key: what gp_key_field() makes, FF in front, usage and access behind. */
static size_t extended(const struct gp_host *h, uint8_t type, const uint8_t *key, size_t key_len,
                       const char *tail, size_t tail_len, uint8_t *out) {
    out[0] = 0xFF;
    size_t len = 1 + gp_key_field(h, type, key, key_len, out + 1);
    memcpy(out + len, tail, tail_len);
    return len + tail_len;
}
#define TAIL(text) text, sizeof(text) - 1

static unsigned put_set(struct test_card *t, struct gp_host *h, uint8_t type,
                        const struct gp_host *keys) {
    uint8_t data[250] = {keys->version};
    size_t len = 1;
    len += extended(h, type, keys->enc, keys->key_len, TAIL("\x01\x38\x01\x01"), data + len);
    len += extended(h, type, keys->mac, keys->key_len, TAIL("\x01\x34\x01\x00"), data + len);
    len += extended(h, type, keys->dek, keys->key_len, TAIL("\x01\xC8\x00"), data + len);
    return gp_send(t, h, 0xD8, 0x00, 0x81, data, len);
}

/* Sets of each kind open channels, and are told of as they came. */
static void test_sets(void **state) {
    static const struct {
        uint8_t protocol, size, version, type;
    } kinds[] = {{0x03, 16, 0x41, 0x88},
                 {0x03, 24, 0x42, 0x88},
                 {0x03, 32, 0x43, 0x88},
                 {0x02, 16, 0x44, 0x80},
                 {0xF3, 16, 0x45, 0x89}};
    struct test_card *t = *state;
    struct gp_host h, keys;
    char want[200];
    make_bank(t, "\x80", 1);
    open_bank(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "DF0001AA"), 0x9000);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        open_bank(t, &h);
        gp_default_keys(&keys, kinds[i].protocol, kinds[i].size, kinds[i].version, 0x01);
        EXPECT_SW(put_set(t, &h, kinds[i].type, &keys), 0x9000);
        assert_int_equal(h.len, 1 + 3 * 3); /* version and check values, as in the basic format */
        assert_int_equal(h.data[0], kinds[i].version);
        EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20101"), 0x9000); /* for E0's sake */
        EXPECT_SW(gp_send_hex(t, &h, "CA00E0", ""), 0x9000);
        sprintf(want,
                "E0%02X C00A01%02XFF%02X00%02X01380101 C00A02%02XFF%02X00%02X01340100 "
                "C00903%02XFF%02X00%02X01C800",
                12 + 12 + 11, kinds[i].version, kinds[i].type, kinds[i].size, kinds[i].version,
                kinds[i].type, kinds[i].size, kinds[i].version, kinds[i].type, kinds[i].size);
        expect_data(&h, want, "key information");
        EXPECT_SW(select_aid(t, BANK), 0x9000);
        EXPECT_SW(gp_open(t, &keys), 0x9000);
        EXPECT_SW(gp_send_hex(t, &keys, "CA00E0", ""), 0x9000);
        struct gp_host back;
        bank_keys(&back);
        EXPECT_SW(gp_put_keys(t, &keys, false, 0, 0x88, &back), 0x9000);
        char drop[9];
        sprintf(drop, "D201%02X", kinds[i].version);
        EXPECT_SW(gp_send_hex(t, &keys, "E40000", drop), 0x9000);
        EXPECT_SW(select_aid(t, BANK), 0x9000);
        EXPECT(t, "80CA00E000", "E012C00401018810C00402018810C00403018810 9000");
    }
}

/* A new value in the basic format takes usage and access away; the version's new number too. */
static void test_replaced(void **state) {
    struct test_card *t = *state;
    struct gp_host h, keys;
    make_bank(t, "\x80", 1);
    open_bank(t, &h);
    gp_default_keys(&keys, 0x03, 16, 0x05, 0x01);
    EXPECT_SW(put_set(t, &h, 0x88, &keys), 0x9000);
    keys.version = 0x06;
    EXPECT_SW(gp_put_keys(t, &h, false, 0x05, 0x88, &keys), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "CA00E0", ""), 0x9000);
    expect_data(&h,
                "E024 C00401018810 C00402018810 C00403018810 C00401068810 C00402068810"
                "C00403068810",
                "basic");
}

static void put_rsa(struct test_card *t, struct gp_host *h, EVP_PKEY *key, bool tails,
                    unsigned want) {
    uint8_t data[400] = {0x70, 0xFF, 0xA1, 0x81, 0x80};
    BIGNUM *n = NULL;
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n);
    size_t len = 5 + (size_t)BN_bn2bin(n, data + 5);
    BN_free(n);
    if (tails) { /* some put them behind each part */
        memcpy(data + len, "\x00\x01\x81\x01\x00", 5);
        len += 5;
    }
    memcpy(data + len, "\xFF\xA0\x03\x01\x00\x01\x00\x01\x81\x01\x00", 11);
    len += 11;
    EXPECT_SW(gp_send(t, h, 0xD8, 0x00, 0x01, data, len), want);
}

/* Public keys: parts, each with FF; they check tokens like any other. */
static void test_public(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    EVP_PKEY *rsa = rsa_key(1024);
    struct fields f;
    uint8_t hash[64], data[400];
    make_bank(t, "\xA0", 1);
    for (int round = 0; round < 4; round++) {
        EVP_PKEY *key = round < 2 ? rsa : ec_key(round == 3);
        open_issuer(t, &h);
        if (round < 2) {
            put_rsa(t, &h, key, round == 1, 0x9000);
        } else {
            size_t point = 0, len = 0;
            memcpy(data, "\x70\xFF\xB0\x41", 4);
            EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, data + 4, 65, &point);
            len = 4 + point;
            memcpy(data + len, "\xFF\xF0\x01\x00\x00\x01\x81", 7); /* access left out */
            data[len + 3] = round == 3 ? 0xF8 : 0x00;
            EXPECT_SW(gp_send(t, &h, 0xD8, 0x00, 0x01, data, len + 7), 0x9000);
        }
        EXPECT_SW(gp_send_hex(t, &h, "CA00E0", ""), 0x9000);
        static const char *const told[] = {"C00E0170FFA10080FFA0000301810100",
                                           "C00E0170FFA10080FFA0000301810100",
                                           "C0090170FFB00041018100", "C0090170FFB80041018100"};
        char want[200] = "", got[400] = "";
        strcpy(want, told[round]);
        for (size_t i = h.len - strlen(want) / 2; i < h.len; i++)
            sprintf(got + strlen(got), "%02X", h.data[i]);
        assert_string_equal(got, want);
        open_bank(t, &h);
        load_fields(&f, hello, BANK, hash, digest("SHA256", hello, hash));
        add_token(&f, 0x02, key, round < 2 ? RSA_SHA1 : round == 3 ? SM2 : P256);
        EXPECT_SW(gp_send(t, &h, 0xE6, 0x02, 0, f.bytes, f.len), 0x9000);
        open_issuer(t, &h);
        EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20170"), 0x9000);
        if (round >= 2)
            EVP_PKEY_free(key);
    }
    EVP_PKEY_free(rsa);
}

/* What contradicts a key's place, or the format; nothing of it is left then. */
static void test_refused(void **state) {
    static const struct {
        uint8_t version, id;
        const char *tail;
        size_t tail_len;
        unsigned sw;
    } rows[] = {
        {0x05, 0x01, TAIL("\x01\x34\x01\x01"), 0x6A80}, /* ENC that may only make MACs */
        {0x05, 0x02, TAIL("\x01\x38\x01\x01"), 0x6A80}, /* MAC that may only encipher */
        {0x05, 0x03, TAIL("\x01\x44\x01\x01"), 0x6A80}, /* DEK without confidentiality */
        {0x70, 0x01, TAIL("\x01\x44\x01\x00"), 0x6A80}, /* a token's that computes */
        {0x71, 0x01, TAIL("\x01\x81\x01\x00"), 0x6A80}, /* a receipt's that verifies */
        {0x05, 0x01, TAIL("\x01\x38\x01\x02"), 0x6A80}, /* not for the domain itself */
        {0x05, 0x01, TAIL("\x03\x38\x00\x00\x00"), 0x6A80},
        {0x05, 0x01, TAIL("\x01\x38\x02\x00\x00"), 0x6A80},
        {0x05, 0x01, TAIL("\x01"), 0x6A80},
        {0x05, 0x01, TAIL(""), 0x6A80},
        {0x05, 0x01, TAIL("\x00\x00\x00"), 0x6A80},
        {0x05, 0x01, TAIL("\x00\x00"), 0x9000},
        {0x05, 0x01, TAIL("\x00"), 0x9000},
        {0x05, 0x01, TAIL("\x02\x38\x80\x01\x00"), 0x9000},
        {0x71, 0x01, TAIL("\x01\x44\x01\x00"), 0x9000},
        {0x05, 0x07, TAIL("\x01\x01\x01\x00"), 0x9000}, /* of no place that we know */
    };
    struct test_card *t = *state;
    struct gp_host h;
    uint8_t key[16], data[100];
    memset(key, 0x5A, sizeof key);
    make_bank(t, "\x80", 1);
    open_bank(t, &h);
    struct store_info before, now;
    store_info(t->card->store, &before);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        data[0] = rows[i].version;
        size_t len = 1 + extended(&h, 0x88, key, 16, rows[i].tail, rows[i].tail_len, data + 1);
        unsigned sw = gp_send(t, &h, 0xD8, 0x00, rows[i].id, data, len);
        if (sw != rows[i].sw)
            fail_msg("row %zu: %04X", i, sw);
        if (sw == 0x9000) {
            sprintf((char *)data, "D001%02XD201%02X", rows[i].id, rows[i].version);
            EXPECT_SW(gp_send_hex(t, &h, "E40000", (char *)data), 0x9000);
        }
    }
    EXPECT_SW(gp_send_hex(t, &h, "D80001", "05FF"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "D80001", "05FF88"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "D80001", "05FFFF0100"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "D80001", "70FFA10101A00101"), 0x6A80);
    store_info(t->card->store, &now);
    assert_int_equal(now.objects, before.objects);
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {EACH(test_sets), EACH(test_replaced), EACH(test_public),
                                       EACH(test_refused)};
    return cmocka_run_group_tests_name("extended", tests, NULL, NULL);
}
