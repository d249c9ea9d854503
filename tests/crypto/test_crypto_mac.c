/* MACs: ISO/IEC 9797-1 and SP 800-38B examples, the published purse and PBOC examples, and random
 * cases beside OpenSSL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "crypto/crypto.h"
#include "crypto/hex.h"

struct mac_example {
    enum crypto_alg alg;
    enum crypto_mac_kind kind;
    enum crypto_pad pad;
    const char *key, *iv, *data, *mac;
};

static const struct mac_example examples[] = {
    /* ISO/IEC 9797-1, annex B: "Now is the time for all " with K = 0123456789ABCDEF (and
     * FEDCBA9876543210 as second key), and "Now is the time for it"; algorithm 1, then 3 */
    {CRYPTO_DES, CRYPTO_MAC_CBC, CRYPTO_PAD_ZERO, "0123456789abcdef", NULL,
     "4e6f7720697320746865 2074696d6520666f7220616c6c20", "70a30640cc76dd8b"},
    {CRYPTO_DES, CRYPTO_MAC_CBC, CRYPTO_PAD_80, "0123456789abcdef", NULL,
     "4e6f7720697320746865 2074696d6520666f7220616c6c20", "10e1f0f108341b6d"},
    {CRYPTO_DES, CRYPTO_MAC_CBC, CRYPTO_PAD_ZERO, "0123456789abcdef", NULL,
     "4e6f7720697320746865 2074696d6520666f72206974", "e45b3ad2b7cc0856"},
    {CRYPTO_TDES2, CRYPTO_MAC_RETAIL, CRYPTO_PAD_ZERO, "0123456789abcdeffedcba9876543210", NULL,
     "4e6f7720697320746865 2074696d6520666f7220616c6c20", "a1c72e74ea3fa9b6"},
    {CRYPTO_TDES2, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, "0123456789abcdeffedcba9876543210", NULL,
     "4e6f7720697320746865 2074696d6520666f7220616c6c20", "e9086230ca3be796"},
    /* NIST SP 800-38B, appendix D: AES-128, two and three key 3DES */
    {CRYPTO_AES128, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, "2b7e151628aed2a6abf7158809cf4f3c", NULL, "",
     "bb1d6929e95937287fa37d129b756746"},
    {CRYPTO_AES128, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, "2b7e151628aed2a6abf7158809cf4f3c", NULL,
     "6bc1bee22e409f96e93d7e117393172a", "070a16b46b4d4144f79bdd9dd04a287c"},
    {CRYPTO_AES128, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, "2b7e151628aed2a6abf7158809cf4f3c", NULL,
     "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
     "dfa66747de9ae63030ca32611497c827"},
    {CRYPTO_TDES3, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE,
     "8aa83bf8cbda1062 0bc1bf19fbb6cd58 bc313d4a371ca8b5", NULL, "", "b7a688e122ffaf95"},
    {CRYPTO_TDES3, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE,
     "8aa83bf8cbda1062 0bc1bf19fbb6cd58 bc313d4a371ca8b5", NULL,
     "6bc1bee22e409f96e93d7e117393172aae2d8a57", "743ddbe0ce2dc2ed"},
    /* purse load (cnblogs 4280376): MAC1 over balance, amount, type, terminal; MAC2 */
    {CRYPTO_DES, CRYPTO_MAC_CBC, CRYPTO_PAD_80, "9b1d924e05595603", NULL,
     "00000000 00001000 01 001122334455", "2988ae5a"},
    {CRYPTO_DES, CRYPTO_MAC_CBC, CRYPTO_PAD_80, "9b1d924e05595603", NULL,
     "00001000 01 001122334455 20111221214822", "3a845bf0"},
    {CRYPTO_DES, CRYPTO_MAC_CBC, CRYPTO_PAD_80, "3b75c79cfa8c2327", NULL,
     "00000000 00000010 02 666666666666", "0d39adbb"},
    {CRYPTO_DES, CRYPTO_MAC_CBC, CRYPTO_PAD_80, "03015bea347ea231", NULL,
     "00000000 00001234 02 000000000001", "6c394d64"},
    /* purse purchase (cnblogs 4280430) */
    {CRYPTO_DES, CRYPTO_MAC_CBC, CRYPTO_PAD_80, "003238abc57659dd", NULL,
     "00001000 06 001122334455 20120229135100", "f15cab75"},
    {CRYPTO_DES, CRYPTO_MAC_CBC, CRYPTO_PAD_80, "003238abc57659dd", NULL, "00001000", "56988a13"},
    /* PBOC extended application: R-MAC with the terminal's random as IV (cnblogs 4467101) */
    {CRYPTO_TDES2, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, "d5f1fe4a7f8c20fdec49150ba2e00edf",
     "1234567812345678", "05700700000000000000", "1c895f11"},
};

static void test_examples(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const struct mac_example *e = &examples[i];
        uint8_t k[32], iv[16], data[64], want[16], got[16];
        struct crypto_key key;
        struct crypto_mac mac;
        size_t key_len = hex(k, sizeof k, e->key);
        size_t len = hex(data, sizeof data, e->data);
        size_t mac_len = hex(want, sizeof want, e->mac);
        if (e->iv != NULL)
            hex(iv, sizeof iv, e->iv);
        assert_int_equal(crypto_key_set(&key, e->alg, k, key_len), ONECARD_OK);
        assert_int_equal(crypto_mac_once(&key, e->kind, e->pad, e->iv != NULL ? iv : NULL, data,
                                         len, got, mac_len),
                         ONECARD_OK);
        assert_memory_equal(got, want, mac_len);
        crypto_mac_start(&mac, &key, e->kind, e->pad, e->iv != NULL ? iv : NULL);
        crypto_mac_update(&mac, data, len);
        assert_int_equal(crypto_mac_check(&mac, want, mac_len), ONECARD_OK);
        want[0] ^= 1;
        crypto_mac_start(&mac, &key, e->kind, e->pad, e->iv != NULL ? iv : NULL);
        crypto_mac_update(&mac, data, len);
        assert_int_equal(crypto_mac_check(&mac, want, mac_len), ONECARD_E_WRONG);
    }
}

/* Session keys and diversification of specs: what 3DES-ECB must give. */
static void test_published_derivations(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"11223344556677888877665544332211", "11223344 0000 8000", "9b1d924e05595603"},
        {"3F3F3F3F3F3F3F3F1122334455667788", "4E066548 0000 8000", "3b75c79cfa8c2327"},
        {"3F013F013F013F013F013F013F013F01", "F9CABA91 0000 8000", "03015bea347ea231"},
        {"11223344556677888877665544332211", "11223344 0000 0001", "003238abc57659dd"},
        {"c4d689158ad9fb9d23105b91ce046d0e", "2011000270735501 dfeefffd8f8caafe",
         "b8a15da5f7043c317d9fd8f8dfe2bd75"},
        {"b8a15da5f7043c317d9fd8f8dfe2bd75", "00000000000003d3 000000000000fc2c",
         "4a43440b2d932acdc4e2776ed562ee43"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t k[16], in[16], want[16], out[16];
        struct crypto_key key;
        hex(k, 16, rows[i][0]);
        size_t len = hex(in, 16, rows[i][1]);
        hex(want, 16, rows[i][2]);
        crypto_key_set(&key, CRYPTO_TDES2, k, 16);
        crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, in, out, len);
        assert_memory_equal(out, want, len);
    }
}

enum { DATA = 80, CASES = 1500 };

struct beside {
    enum crypto_alg alg;
    const char *cbc;
};

static const struct beside besides[] = {
    {CRYPTO_TDES2, "DES-EDE-CBC"},  {CRYPTO_TDES3, "DES-EDE3-CBC"}, {CRYPTO_AES128, "AES-128-CBC"},
    {CRYPTO_AES192, "AES-192-CBC"}, {CRYPTO_AES256, "AES-256-CBC"}, {CRYPTO_SM4, "SM4-CBC"},
};

static void openssl_cbc(const char *name, const uint8_t *key, const uint8_t *iv, const uint8_t *in,
                        uint8_t *out, size_t len) {
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0;
    assert_int_equal(EVP_CipherInit_ex2(ctx, cipher, key, iv, 1, NULL), 1);
    EVP_CIPHER_CTX_set_padding(ctx, 0);
    assert_int_equal(EVP_CipherUpdate(ctx, out, &n, in, (int)len), 1);
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
}

static void openssl_cmac(const char *name, const uint8_t *key, size_t key_len, const uint8_t *in,
                         size_t len, uint8_t *out) {
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
    OSSL_PARAM params[] = {
        OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_CIPHER, (char *)(uintptr_t)name, 0), OSSL_PARAM_END};
    size_t n = 0;
    assert_int_equal(EVP_MAC_init(ctx, key, key_len, params), 1);
    assert_int_equal(EVP_MAC_update(ctx, in, len), 1);
    assert_int_equal(EVP_MAC_final(ctx, out, &n, 16), 1);
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(mac);
}

/* Our MAC with the data in random pieces. */
static void pieces(struct noise *n, const struct crypto_key *key, enum crypto_mac_kind kind,
                   enum crypto_pad pad, const uint8_t *iv, const uint8_t *in, size_t len,
                   uint8_t *out) {
    struct crypto_mac mac;
    assert_int_equal(crypto_mac_start(&mac, key, kind, pad, iv), ONECARD_OK);
    while (len > 0) {
        size_t part = noise_below(n, len + 1);
        crypto_mac_update(&mac, in, part);
        in += part;
        len -= part;
    }
    assert_int_equal(crypto_mac_finish(&mac, out, key->info->block_size), ONECARD_OK);
}

static void one_beside(struct noise *n, const struct beside *b) {
    const struct crypto_alg_info *info = crypto_alg_find(b->alg);
    uint8_t raw[32], iv[16], in[DATA + 32] = {0}, chain[DATA + 32], want[16], got[16];
    struct crypto_key key;
    noise_fill(n, raw, sizeof raw);
    noise_fill(n, iv, sizeof iv);
    size_t len = 1 + noise_below(n, DATA), padded = len;
    noise_fill(n, in, len);
    crypto_key_set(&key, b->alg, raw, info->key_size);

    if (b->alg != CRYPTO_TDES2) { /* OpenSSL's CMAC has no two-key 3DES */
        openssl_cmac(b->cbc, raw, info->key_size, in, len, want);
        pieces(n, &key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, in, len, got);
        assert_memory_equal(got, want, info->block_size);
    }
    enum crypto_pad pad = noise_below(n, 2) ? CRYPTO_PAD_ZERO : CRYPTO_PAD_80;
    crypto_pad_add(in, &padded, sizeof in, info->block_size, pad);
    openssl_cbc(b->cbc, raw, iv, in, chain, padded);
    pieces(n, &key, CRYPTO_MAC_CBC, pad, iv, in, len, got);
    assert_memory_equal(got, chain + padded - info->block_size, info->block_size);
    pieces(n, &key, CRYPTO_MAC_CBC, CRYPTO_PAD_NONE, iv, in, padded, got);
    assert_memory_equal(got, chain + padded - info->block_size, info->block_size);

    if (info->block_size == 8) { /* algorithm 3: single DES up to the last block but one */
        uint8_t k111[24], last[8];
        for (int i = 0; i < 3; i++)
            memcpy(k111 + 8 * i, raw, 8);
        openssl_cbc("DES-EDE3-CBC", k111, iv, in, chain, padded);
        const uint8_t *before = padded > 8 ? chain + padded - 16 : iv;
        openssl_cbc(b->cbc, raw, before, in + padded - 8, last, 8);
        pieces(n, &key, CRYPTO_MAC_RETAIL, pad, iv, in, len, got);
        assert_memory_equal(got, last, 8);
        struct crypto_key single;
        crypto_key_set(&single, CRYPTO_DES, raw, 8);
        pieces(n, &single, CRYPTO_MAC_CBC, pad, iv, in, len, got);
        assert_memory_equal(got, chain + padded - 8, 8);
    }
}

static void test_beside_openssl(void **state) {
    (void)state;
    struct noise n = {2};
    for (size_t i = 0; i < sizeof besides / sizeof besides[0]; i++)
        for (int c = 0; c < CASES; c++)
            one_beside(&n, &besides[i]);
}

static void test_wrong_use(void **state) {
    (void)state;
    uint8_t b[16] = {0}, out[16];
    struct crypto_key des, sm4;
    struct crypto_mac mac;
    crypto_key_set(&des, CRYPTO_DES, b, 8);
    crypto_key_set(&sm4, CRYPTO_SM4, b, 16);
    assert_int_equal(crypto_mac_start(&mac, &des, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, NULL),
                     ONECARD_E_PARAM); /* needs two keys */
    assert_int_equal(crypto_mac_start(&mac, &sm4, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, NULL),
                     ONECARD_E_PARAM);
    assert_int_equal(crypto_mac_start(&mac, &sm4, CRYPTO_MAC_CMAC, CRYPTO_PAD_80, NULL),
                     ONECARD_E_PARAM);
    assert_int_equal(crypto_mac_start(&mac, &sm4, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, b),
                     ONECARD_E_PARAM);
    assert_int_equal(crypto_mac_start(&mac, &sm4, (enum crypto_mac_kind)7, CRYPTO_PAD_NONE, NULL),
                     ONECARD_E_PARAM);
    crypto_mac_update(&mac, b, 16); /* harmless after a failed start */
    assert_int_equal(crypto_mac_finish(&mac, out, 8), ONECARD_E_PARAM);
    assert_int_equal(crypto_mac_once(&des, CRYPTO_MAC_CBC, CRYPTO_PAD_NONE, NULL, b, 9, out, 8),
                     ONECARD_E_PARAM);
    assert_int_equal(crypto_mac_once(&des, CRYPTO_MAC_CBC, CRYPTO_PAD_NONE, NULL, b, 0, out, 8),
                     ONECARD_E_PARAM);
    assert_int_equal(crypto_mac_once(&des, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, b, 8, out, 9),
                     ONECARD_E_PARAM);
    assert_int_equal(crypto_mac_once(&des, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, b, 8, out, 0),
                     ONECARD_E_PARAM);
    crypto_mac_start(&mac, &des, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL);
    assert_int_equal(crypto_mac_check(&mac, b, 3), ONECARD_E_PARAM); /* too short to mean much */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_published_derivations),
        cmocka_unit_test(test_beside_openssl),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
