/* EMV's RSA certificates and signed data, as a terminal checks them; signed by OpenSSL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "secure/cert_emv.h"
#include "secure/emv_signer.h"

static const uint8_t issuer_id[4] = {0x62, 0x00, 0x12, 0xFF};
static const uint8_t pan[10] = {0x62, 0x00, 0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x3F, 0xFF};
static const uint8_t static_data[] = "static data to be authenticated, as 9F4A and the AFL say";
static const uint8_t three[1] = {3};

static struct emv_signer scheme, issuer, card, big_issuer, small_card, nobody;

static int make_keys(void **state) {
    (void)state;
    signer_make(&scheme, 1408);
    signer_make(&issuer, 1024);
    signer_make(&big_issuer, 1376); /* does not fit below the scheme's */
    signer_make(&card, 1024);
    signer_make(&small_card, 640);
    signer_make(&nobody, 1408);
    return 0;
}

static int free_keys(void **state) {
    (void)state;
    struct emv_signer *all[6] = {&scheme, &issuer, &big_issuer, &card, &small_card, &nobody};
    for (size_t i = 0; i < 6; i++)
        signer_free(all[i]);
    return 0;
}

static struct cert_emv_key key_of(const struct emv_signer *s) {
    struct cert_emv_key key = {.modulus_len = (uint32_t)s->len, .exponent = {3}, .exponent_len = 1};
    memcpy(key.modulus, s->modulus, s->len);
    return key;
}

static struct cert_emv_bytes bytes(const void *data, size_t len) {
    return (struct cert_emv_bytes){data, (uint32_t)len};
}

/* A certificate with all that belongs to it. */
struct given {
    uint8_t cert[256], remainder[256];
    size_t cert_len, remainder_len;
};

static struct given issuer_cert(const struct emv_signer *by, const struct emv_signer *of) {
    struct given g = {.cert_len = by->len};
    g.remainder_len =
        signer_certify(by, 0x02, issuer_id, 4, of, (const uint8_t *)"", 0, g.cert, g.remainder);
    return g;
}

static struct given card_cert(const struct emv_signer *by, const struct emv_signer *of) {
    struct given g = {.cert_len = by->len};
    g.remainder_len =
        signer_certify(by, 0x04, pan, 10, of, static_data, sizeof static_data, g.cert, g.remainder);
    return g;
}

static enum onecard_err recover_issuer(const struct emv_signer *by, const struct given *g,
                                       struct cert_emv_key *out) {
    const struct cert_emv_key key = key_of(by);
    return cert_emv_issuer(&key, bytes(g->cert, g->cert_len), bytes(g->remainder, g->remainder_len),
                           bytes(three, 1), out);
}

static enum onecard_err recover_card(const struct cert_emv_key *by, const struct given *g,
                                     struct cert_emv_key *out) {
    return cert_emv_card(by, bytes(g->cert, g->cert_len), bytes(g->remainder, g->remainder_len),
                         bytes(three, 1), bytes(static_data, sizeof static_data), out);
}

/* ---- the schemes' test keys of specs/vectors.json ---- */

static void published_checksum(void **state) {
    (void)state;
    static const char modulus[] =
        "CCDBA686E2EFB84CE2EA01209EEB53BEF21AB6D353274FF8391D7035D76E2156CAEDD07510E07DAFCACABB7CCB"
        "0950"
        "BA2F0A3CEC313C52EE6CD09EF00401A3D6CC5F68CA5FCD0AC6132141FAFD1CFA36A2692D02DDC27EDA4CD5BEA6"
        "FF21"
        "913B513CE78BF33E6877AA5B605BC69A534F3777CBED6376BA649C72516A7E16AF85";
    static const uint8_t rid[5] = {0xA0, 0x00, 0x00, 0x03, 0x33};
    static const uint8_t published[20] = {0xA5, 0xE4, 0x4B, 0xB0, 0xE1, 0xFA, 0x4F,
                                          0x96, 0xA1, 0x17, 0x09, 0x18, 0x66, 0x70,
                                          0xD0, 0x83, 0x50, 0x57, 0xD3, 0x5E};
    struct cert_emv_key key = {
        .modulus_len = 128, .exponent = {0x01, 0x00, 0x01}, .exponent_len = 3};
    uint8_t checksum[20];
    for (size_t i = 0; i < 128; i++) {
        unsigned byte;
        assert_int_equal(sscanf(modulus + 2 * i, "%2x", &byte), 1);
        key.modulus[i] = (uint8_t)byte;
    }
    assert_int_equal(cert_emv_checksum(rid, 0x80, &key, checksum), ONECARD_OK);
    assert_memory_equal(checksum, published, 20);
}

/* ---- chains ---- */

static void keys_recovered(void **state) {
    (void)state;
    const struct emv_signer *issuers[] = {&issuer, &big_issuer}, *cards[] = {&card, &small_card};
    for (size_t i = 0; i < 2; i++) {
        struct cert_emv_key by, of;
        const struct given first = issuer_cert(&scheme, issuers[i]);
        assert_int_equal(recover_issuer(&scheme, &first, &by), ONECARD_OK);
        assert_int_equal(by.modulus_len, issuers[i]->len);
        assert_memory_equal(by.modulus, issuers[i]->modulus, by.modulus_len);
        assert_int_equal(by.exponent_len, 1);
        assert_int_equal(by.exponent[0], 3);
        assert_memory_equal(by.id, issuer_id, 4);
        assert_memory_equal(by.expiry, "\x12\x35", 2);
        assert_memory_equal(by.serial, "\0\0\x77", 3);
        assert_true(cert_emv_issuer_fits(by.id, pan, sizeof pan));
        for (size_t c = 0; c < 2; c++) {
            const struct given second = card_cert(issuers[i], cards[c]);
            assert_int_equal(recover_card(&by, &second, &of), ONECARD_OK);
            assert_int_equal(of.modulus_len, cards[c]->len);
            assert_memory_equal(of.modulus, cards[c]->modulus, of.modulus_len);
            assert_memory_equal(of.id, pan, 10);
        }
    }
}

static void wrong_certificates(void **state) {
    (void)state;
    struct cert_emv_key by, of;
    struct given g = issuer_cert(&scheme, &big_issuer), h = g;
    assert_true(g.remainder_len > 0);
    assert_int_equal(recover_issuer(&nobody, &g, &by), ONECARD_E_WRONG);
    for (size_t at = 0; at < g.cert_len; at += 7) {
        h = g;
        h.cert[at] ^= 1;
        assert_int_equal(recover_issuer(&scheme, &h, &by), ONECARD_E_WRONG);
    }
    h = g;
    h.remainder[0] ^= 1;
    assert_int_equal(recover_issuer(&scheme, &h, &by), ONECARD_E_WRONG);
    h = g;
    h.remainder_len--;
    assert_int_equal(recover_issuer(&scheme, &h, &by), ONECARD_E_WRONG);
    h = g;
    h.cert_len--;
    assert_int_equal(recover_issuer(&scheme, &h, &by), ONECARD_E_FORMAT);
    memset(h.cert, 0xFF, sizeof h.cert); /* above the modulus */
    h.cert_len = g.cert_len;
    assert_int_equal(recover_issuer(&scheme, &h, &by), ONECARD_E_WRONG);
    /* one kind is not taken for the other */
    assert_int_equal(recover_issuer(&scheme, &g, &by), ONECARD_OK);
    h = card_cert(&scheme, &card);
    assert_int_equal(recover_issuer(&scheme, &h, &by), ONECARD_E_WRONG);
    const struct cert_emv_key key = key_of(&scheme);
    assert_int_equal(recover_card(&key, &g, &of), ONECARD_E_WRONG);
    /* other static data */
    assert_int_equal(recover_card(&key, &h, &of), ONECARD_OK);
    assert_int_equal(cert_emv_card(&key, bytes(h.cert, h.cert_len),
                                   bytes(h.remainder, h.remainder_len), bytes(three, 1),
                                   bytes(static_data, 3), &of),
                     ONECARD_E_WRONG);
    assert_int_equal(cert_emv_card(&key, bytes(h.cert, h.cert_len),
                                   bytes(h.remainder, h.remainder_len), bytes("\x05", 1),
                                   bytes(static_data, sizeof static_data), &of),
                     ONECARD_E_WRONG);
}

/* Right signature and hash over fields that are not as they must be. */
static void wrong_fields(void **state) {
    (void)state;
    static const struct {
        const char *what;
        size_t at;
        uint8_t value;
    } table[] = {{"hash algorithm", 10, 2},   {"key algorithm", 11, 2},
                 {"key length 0", 12, 0},     {"key without its remainder", 12, 150},
                 {"key shorter", 12, 127},    {"exponent length", 13, 3},
                 {"exponent of none", 13, 0}, {"padding", 14 + 130, 0x00}};
    uint8_t content[256] = {0x02, 0x62, 0x00, 0x12, 0xFF, 0x12, 0x35, 0, 0, 0x77, 1, 1, 128, 1};
    const size_t n = scheme.len - 22;
    struct given g = {.cert_len = scheme.len};
    struct cert_emv_key out;
    memset(content + 14, 0xBB, n - 14);
    memcpy(content + 14, issuer.modulus, 128);
    signer_sign_block(&scheme, content, three, 1, g.cert);
    assert_int_equal(recover_issuer(&scheme, &g, &out), ONECARD_OK);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint8_t changed[256];
        memcpy(changed, content, n);
        changed[table[i].at] = table[i].value;
        signer_sign_block(&scheme, changed, three, 1, g.cert);
        if (recover_issuer(&scheme, &g, &out) != ONECARD_E_FORMAT)
            fail_msg("%s", table[i].what);
    }
    /* keys that cannot be one */
    struct cert_emv_key key = key_of(&scheme);
    key.exponent_len = 0;
    assert_int_equal(
        cert_emv_issuer(&key, bytes(g.cert, g.cert_len), bytes("", 0), bytes(three, 1), &out),
        ONECARD_E_FORMAT);
    key = key_of(&scheme);
    key.modulus_len = 20;
    assert_int_equal(cert_emv_issuer(&key, bytes(g.cert, 20), bytes("", 0), bytes(three, 1), &out),
                     ONECARD_E_FORMAT);
}

/* ---- signed data ---- */

static void signed_static_data(void **state) {
    (void)state;
    uint8_t content[256] = {0x03, 0x01, 0xDA, 0xC5}, sad[256], code[2];
    const struct cert_emv_key key = key_of(&issuer), other = key_of(&card);
    memset(content + 4, 0xBB, issuer.len - 26);
    signer_sign_block(&issuer, content, static_data, sizeof static_data, sad);
    assert_int_equal(
        cert_emv_static(&key, bytes(sad, issuer.len), bytes(static_data, sizeof static_data), code),
        ONECARD_OK);
    assert_memory_equal(code, "\xDA\xC5", 2);
    assert_int_equal(cert_emv_static(&key, bytes(sad, issuer.len), bytes(static_data, 5), code),
                     ONECARD_E_WRONG);
    assert_int_equal(cert_emv_static(&other, bytes(sad, issuer.len),
                                     bytes(static_data, sizeof static_data), code),
                     ONECARD_E_WRONG);
    content[100] = 0;
    signer_sign_block(&issuer, content, static_data, sizeof static_data, sad);
    assert_int_equal(
        cert_emv_static(&key, bytes(sad, issuer.len), bytes(static_data, sizeof static_data), code),
        ONECARD_E_FORMAT);
}

static void signed_dynamic_data(void **state) {
    (void)state;
    const struct cert_emv_key key = key_of(&card);
    const uint8_t number[4] = {1, 2, 3, 4};
    uint8_t content[256], sdad[256], out[256];
    uint32_t out_len = 0;
    const uint32_t most = (uint32_t)card.len - 25;
    for (uint32_t len = 0; len <= most; len += 23) {
        content[0] = 0x05;
        content[1] = 0x01;
        content[2] = (uint8_t)len;
        memset(content + 3, 0xBB, most);
        for (uint32_t i = 0; i < len; i++)
            content[3 + i] = (uint8_t)i;
        signer_sign_block(&card, content, number, 4, sdad);
        assert_int_equal(
            cert_emv_dynamic(&key, bytes(sdad, card.len), bytes(number, 4), out, &out_len),
            ONECARD_OK);
        assert_int_equal(out_len, len);
        assert_memory_equal(out, content + 3, len);
        assert_int_equal(
            cert_emv_dynamic(&key, bytes(sdad, card.len), bytes(number, 3), out, &out_len),
            ONECARD_E_WRONG); /* replayed to another number */
    }
    content[2] = (uint8_t)(most + 1);
    signer_sign_block(&card, content, number, 4, sdad);
    assert_int_equal(cert_emv_dynamic(&key, bytes(sdad, card.len), bytes(number, 4), out, &out_len),
                     ONECARD_E_FORMAT);
}

static void issuer_identifiers(void **state) {
    (void)state;
    static const struct {
        uint8_t id[4];
        bool fits;
    } table[] = {{{0x62, 0x0F, 0xFF, 0xFF}, true},  {{0x62, 0x00, 0x12, 0x34}, true},
                 {{0x62, 0x00, 0x12, 0x35}, false}, {{0x62, 0xFF, 0xFF, 0xFF}, false},
                 {{0x63, 0x0F, 0xFF, 0xFF}, false}, {{0x62, 0x0F, 0x12, 0x34}, false},
                 {{0xFF, 0xFF, 0xFF, 0xFF}, false}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(cert_emv_issuer_fits(table[i].id, pan, sizeof pan), table[i].fits);
    assert_false(cert_emv_issuer_fits(table[1].id, pan, 3));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_checksum), cmocka_unit_test(keys_recovered),
        cmocka_unit_test(wrong_certificates), cmocka_unit_test(wrong_fields),
        cmocka_unit_test(signed_static_data), cmocka_unit_test(signed_dynamic_data),
        cmocka_unit_test(issuer_identifiers),
    };
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
