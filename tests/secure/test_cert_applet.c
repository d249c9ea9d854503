/* Certificates and EMV's dynamic signatures through the door (tests/applets/secure). The outside is
 * OpenSSL; the terminal's checks are those of src/secure/cert_emv.c, which test_cert_emv.c holds
 * against OpenSSL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "secure/cert_emv.h"
#include "secure/cert_issuer.h"
#include "secure/emv_signer.h"
#include "support/card.h"

#define SELECT "00A4040009F06F6E6563617264F2"

enum { YEAR = 7, DAY = 7 * 365 };

static struct issuer root, ca, peer;
static struct emv_signer icc;

static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_make(t, "test/secure.yaml");
    *state = t;
    issuer_make(&root);
    issuer_make(&ca);
    issuer_make(&peer);
    signer_make(&icc, 1152);
    return 0;
}

static int teardown(void **state) {
    test_card_free(*state);
    free(*state);
    issuer_free(&root);
    issuer_free(&ca);
    issuer_free(&peer);
    signer_free(&icc);
    return 0;
}

/* Extended length; the answer stays in t. */
static void send(struct test_card *t, uint8_t ins, uint8_t p1, uint8_t p2, const uint8_t *data,
                 size_t len) {
    static char text[4096];
    int n = sprintf(text, "80%02X%02X%02X00", ins, p1, p2);
    if (len)
        n += sprintf(text + n, "%04X", (unsigned)len);
    for (size_t i = 0; i < len; i++)
        n += sprintf(text + n, "%02X", data[i]);
    sprintf(text + n, "0000");
    test_card_send(t, text);
}

static int32_t number(struct test_card *t, uint8_t ins, uint8_t p1, uint8_t p2, const uint8_t *data,
                      size_t len) {
    send(t, ins, p1, p2, data, len);
    assert_int_equal(t->response_len, 6);
    const uint8_t *r = t->response;
    return (int32_t)((uint32_t)r[0] << 24 | (uint32_t)r[1] << 16 | (uint32_t)r[2] << 8 | r[3]);
}

static const struct wish ca_wish = {0x80, 1, 0, 60000}, peer_wish = {0x02, 5, DAY, DAY};

static int32_t peer_signs(struct test_card *t) {
    uint8_t data[64 + 7];
    memcpy(data + 64, "request", 7);
    issuer_sign(&peer, data + 64, 7, data);
    return number(t, 0xE6, 0, 0, data, sizeof data);
}

static void verified_key(void **state) {
    struct test_card *t = *state;
    uint8_t chain[312], list[256];
    issuer_certify(&root, &ca, &ca_wish, chain);
    issuer_certify(&ca, &peer, &peer_wish, chain + 156);
    EXPECT(t, SELECT, "*9000");
    assert_int_equal(number(t, 0xE4, 0x02, YEAR, chain, 312), ONECARD_E_NOT_FOUND);
    assert_int_equal(number(t, 0xE0, 0, 0, root.public_key, 64), 0);
    assert_int_equal(peer_signs(t), ONECARD_E_NOT_FOUND); /* the slot is empty */
    assert_int_equal(number(t, 0xE4, 0x02, YEAR, chain, 312), 0);
    assert_int_equal(peer_signs(t), 0);
    assert_int_equal(number(t, 0xE4, 0x01, YEAR, chain, 312), ONECARD_E_DENIED);
    assert_int_equal(number(t, 0xE4, 0x02, YEAR + 1, chain, 312), ONECARD_E_STATE);
    assert_int_equal(number(t, 0xE4, 0x02, 0xFF, chain, 312), 0);
    chain[300] ^= 1;
    assert_int_equal(number(t, 0xE4, 0x02, YEAR, chain, 312), ONECARD_E_WRONG);
    chain[300] ^= 1;
    assert_int_equal(peer_signs(t), 0); /* what was verified before stays */
    /* F5: of this selection; the CA stays known, over a power cut too */
    test_card_reopen(t);
    EXPECT(t, SELECT, "*9000");
    assert_int_equal(peer_signs(t), ONECARD_E_NOT_FOUND);
    assert_int_equal(number(t, 0xE4, 0x02, YEAR, chain + 156, 156), 0);
    assert_int_equal(peer_signs(t), 0);
    /* revoked */
    assert_int_equal(number(t, 0xE2, 0, 0, chain, 0), 0);
    const struct revoked it[] = {{&ca, 0, 5}};
    const size_t len = issuer_revoke(&root, 9, it, 1, list);
    assert_int_equal(number(t, 0xE2, 0, 0, list, len), 9);
    assert_int_equal(number(t, 0xE2, 0, 0, list, len), 9);
    assert_int_equal(number(t, 0xE4, 0x02, YEAR, chain + 156, 156), ONECARD_E_BLOCKED);
    assert_int_equal(number(t, 0xE4, 0x02, YEAR, chain, 312), ONECARD_E_BLOCKED);
    assert_int_equal(number(t, 0xE2, 0, 0, chain, 0), 9);
}

/* F1, and numbers that name nothing. */
static void arguments(void **state) {
    struct test_card *t = *state;
    uint8_t bytes[312] = {0};
    EXPECT(t, SELECT, "*9000");
    assert_int_equal(number(t, 0xE0, 2, 0, root.public_key, 64), ONECARD_E_PARAM);
    assert_int_equal(number(t, 0xE0, 0, 0, bytes, 64), ONECARD_E_FORMAT);
    assert_int_equal(number(t, 0xE0, 0, 0, bytes, 0), ONECARD_E_NOT_FOUND);
    assert_int_equal(number(t, 0xE4, 2, YEAR, bytes, 312), ONECARD_E_FORMAT);
    assert_int_equal(number(t, 0xE4, 2, YEAR, bytes, 0), ONECARD_E_FORMAT);
    assert_int_equal(number(t, 0xE2, 0, 0, bytes, 1), ONECARD_E_FORMAT);
}

/* ---- signed dynamic data ---- */

static void make_icc_key(struct test_card *t) {
    uint8_t value[4 + 144] = {0, 0, 0, 3};
    assert_int_equal(BN_bn2binpad(icc.p, value + 4, 72), 72);
    assert_int_equal(BN_bn2binpad(icc.q, value + 76, 72), 72);
    assert_int_equal(number(t, 0xF2, 0, 0, value, sizeof value), 0);
}

static enum onecard_err check(struct test_card *t, const uint8_t *terminal, uint32_t terminal_len,
                              uint8_t *out, uint32_t *out_len) {
    struct cert_emv_key key = {.modulus_len = 144, .exponent = {3}, .exponent_len = 1};
    memcpy(key.modulus, icc.modulus, 144);
    assert_int_equal(t->response_len, 146);
    return cert_emv_dynamic(&key, (struct cert_emv_bytes){t->response, 144},
                            (struct cert_emv_bytes){terminal, terminal_len}, out, out_len);
}

static void dynamic_signature(void **state) {
    struct test_card *t = *state;
    uint8_t data[400], out[256];
    uint32_t len = 0;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 3 + 1);
    EXPECT(t, SELECT, "*9000");
    assert_int_equal(number(t, 0xF4, 9, 0, data, 13), ONECARD_E_NOT_FOUND);
    make_icc_key(t);
    for (unsigned dynamic = 0; dynamic <= 119; dynamic += 17) {
        for (unsigned terminal = 0; terminal <= 252; terminal += 63) {
            send(t, 0xF4, (uint8_t)dynamic, 0, data, dynamic + terminal);
            assert_int_equal(check(t, data + dynamic, terminal, out, &len), ONECARD_OK);
            assert_int_equal(len, dynamic);
            assert_memory_equal(out, data, dynamic);
            assert_int_equal(check(t, data + dynamic, terminal + 1, out, &len), ONECARD_E_WRONG);
        }
    }
    assert_int_equal(number(t, 0xF4, 120, 0, data, 120), ONECARD_E_TOO_BIG);
    assert_int_equal(number(t, 0xF4, 0, 0, data, 253), ONECARD_E_TOO_BIG);
}

/* CDA: number, cryptogram and transaction in one signature. */
static void combined_signature(void **state) {
    struct test_card *t = *state;
    uint8_t data[4 + 1 + 8 + 20 + 4], out[256], right[34] = {4};
    uint32_t len = 0;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i + 0x80);
    memcpy(right + 1, data, 33);
    EXPECT(t, SELECT, "*9000");
    make_icc_key(t);
    send(t, 0xF6, 0, 0, data, sizeof data);
    assert_int_equal(check(t, data + 33, 4, out, &len), ONECARD_OK);
    assert_int_equal(len, sizeof right);
    assert_memory_equal(out, right, sizeof right);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(verified_key, setup, teardown),
        cmocka_unit_test_setup_teardown(arguments, setup, teardown),
        cmocka_unit_test_setup_teardown(dynamic_signature, setup, teardown),
        cmocka_unit_test_setup_teardown(combined_signature, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
