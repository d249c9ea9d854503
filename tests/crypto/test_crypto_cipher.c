/* Block ciphers, modes and padding: the standards' examples, and random cases beside OpenSSL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "crypto/crypto.h"
#include "crypto/hex.h"
#include "crypto/sm4.h"

struct example {
    enum crypto_alg alg;
    const char *key, *plain, *cipher;
};

static const struct example examples[] = {
    /* FIPS 197, appendix C */
    {CRYPTO_AES128, "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
     "69c4e0d86a7b0430d8cdb78070b4c55a"},
    {CRYPTO_AES192, "000102030405060708090a0b0c0d0e0f1011121314151617",
     "00112233445566778899aabbccddeeff", "dda97ca4864cdfe06eaf70a0ec0d7191"},
    {CRYPTO_AES256, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "00112233445566778899aabbccddeeff", "8ea2b7ca516745bfeafc49904b496089"},
    /* NIST SP 800-17: DES */
    {CRYPTO_DES, "0123456789abcdef", "4e6f772069732074", "3fa40e8a984d4815"},
    /* NIST SP 800-67, appendix B: 3DES */
    {CRYPTO_TDES3, "0123456789abcdef 23456789abcdef01 456789abcdef0123",
     "5468652071756663 6b2062726f776e20 666f78206a756d70",
     "a826fd8ce53b855f cce21c8112256fe6 68d5c05dd9b6b900"},
    /* GB/T 32907, appendix A.1 */
    {CRYPTO_SM4, "0123456789abcdeffedcba9876543210", "0123456789abcdeffedcba9876543210",
     "681edf34d206965e86b3e94f536e4246"},
};

static void test_standard_examples(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        uint8_t k[32], p[32], c[32], out[32];
        struct crypto_key key;
        size_t key_len = hex(k, sizeof k, examples[i].key);
        size_t len = hex(p, sizeof p, examples[i].plain);
        hex(c, sizeof c, examples[i].cipher);
        assert_int_equal(crypto_key_set(&key, examples[i].alg, k, key_len), ONECARD_OK);
        assert_int_equal(crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, p, out, len), 0);
        assert_memory_equal(out, c, len);
        assert_int_equal(crypto_cipher(&key, CRYPTO_ECB, CRYPTO_DECRYPT, NULL, out, out, len), 0);
        assert_memory_equal(out, p, len);
        crypto_key_wipe(&key);
    }
}

/* GB/T 32907, appendix A.2: a million encipherments of the same block under its own value. */
static void test_sm4_million(void **state) {
    (void)state;
    uint8_t block[16], want[16];
    struct crypto_key key;
    hex(block, 16, "0123456789abcdeffedcba9876543210");
    hex(want, 16, "595298c7c6fd271f0402f804c33d3f66");
    assert_int_equal(crypto_key_set(&key, CRYPTO_SM4, block, 16), ONECARD_OK);
    for (int i = 0; i < 1000000; i++)
        crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, block, block, 16);
    assert_memory_equal(block, want, 16);
}

/* All ways of SM4 agree, at every number of blocks that the vector code treats differently. */
static void test_sm4_ways(void **state) {
    (void)state;
    struct noise n = {4};
    uint8_t key[16], in[40 * 16], a[40 * 16], b[40 * 16];
    for (size_t blocks = 1; blocks <= 40; blocks++) {
        uint32_t rk[32];
        struct crypto_key k;
        noise_fill(&n, key, 16);
        noise_fill(&n, in, sizeof in);
        crypto_key_set(&k, CRYPTO_SM4, key, 16);
        sm4_plain_key(rk, key);
        assert_memory_equal(rk, k.u.sm4, sizeof rk);
        sm4_plain_crypt(rk, in, a, blocks);
        crypto_cipher(&k, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, in, b, blocks * 16);
        assert_memory_equal(a, b, blocks * 16);
        crypto_cipher(&k, CRYPTO_ECB, CRYPTO_DECRYPT, NULL, b, b, blocks * 16);
        assert_memory_equal(in, b, blocks * 16);
    }
}

struct beside {
    enum crypto_alg alg;
    const char *ecb, *cbc, *ctr; /* OpenSSL's names */
};

static const struct beside besides[] = {
    {CRYPTO_DES, "DES-EDE3-ECB", "DES-EDE3-CBC", NULL}, /* with K K K */
    {CRYPTO_TDES2, "DES-EDE-ECB", "DES-EDE-CBC", NULL},
    {CRYPTO_TDES3, "DES-EDE3-ECB", "DES-EDE3-CBC", NULL},
    {CRYPTO_AES128, "AES-128-ECB", "AES-128-CBC", "AES-128-CTR"},
    {CRYPTO_AES192, "AES-192-ECB", "AES-192-CBC", "AES-192-CTR"},
    {CRYPTO_AES256, "AES-256-ECB", "AES-256-CBC", "AES-256-CTR"},
    {CRYPTO_SM4, "SM4-ECB", "SM4-CBC", "SM4-CTR"},
};

static void openssl(const char *name, int encrypt, const uint8_t *key, const uint8_t *iv,
                    const uint8_t *in, uint8_t *out, size_t len) {
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0, rest = 0;
    assert_non_null(cipher);
    assert_int_equal(EVP_CipherInit_ex2(ctx, cipher, key, iv, encrypt, NULL), 1);
    EVP_CIPHER_CTX_set_padding(ctx, 0);
    assert_int_equal(EVP_CipherUpdate(ctx, out, &n, in, (int)len), 1);
    assert_int_equal(EVP_CipherFinal_ex(ctx, out + n, &rest), 1);
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
}

enum { DATA = 600, CASES = 400 };

static void one_beside(struct noise *n, const struct beside *b) {
    const struct crypto_alg_info *info = crypto_alg_find(b->alg);
    uint8_t raw[32], iv[16], iv2[16], in[DATA], want[DATA], got[DATA];
    struct crypto_key key;
    noise_fill(n, raw, sizeof raw);
    noise_fill(n, iv, sizeof iv);
    noise_fill(n, in, sizeof in);
    if (noise_below(n, 8) == 0)
        memset(iv, 0xFF, sizeof iv); /* the counter wraps */
    size_t len = noise_below(n, DATA / 16) * 16;
    assert_int_equal(crypto_key_set(&key, b->alg, raw, info->key_size), ONECARD_OK);
    if (b->alg == CRYPTO_DES) {
        memcpy(raw + 8, raw, 8);
        memcpy(raw + 16, raw, 8);
    }
    openssl(b->ecb, 1, raw, NULL, in, want, len);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, in, got, len);
    assert_memory_equal(got, want, len);
    openssl(b->ecb, 0, raw, NULL, in, want, len);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_DECRYPT, NULL, in, got, len);
    assert_memory_equal(got, want, len);

    openssl(b->cbc, 1, raw, iv, in, want, len);
    memcpy(iv2, iv, 16);
    size_t part = noise_below(n, len / 16 + 1) * 16; /* in two calls: the iv carries on */
    crypto_cipher(&key, CRYPTO_CBC, CRYPTO_ENCRYPT, iv2, in, got, part);
    crypto_cipher(&key, CRYPTO_CBC, CRYPTO_ENCRYPT, iv2, in + part, got + part, len - part);
    assert_memory_equal(got, want, len);
    memcpy(iv2, iv, 16);
    crypto_cipher(&key, CRYPTO_CBC, CRYPTO_DECRYPT, iv2, got, got, part); /* in place */
    crypto_cipher(&key, CRYPTO_CBC, CRYPTO_DECRYPT, iv2, got + part, got + part, len - part);
    assert_memory_equal(got, in, len);

    if (b->ctr != NULL) {
        size_t odd = noise_below(n, DATA);
        openssl(b->ctr, 1, raw, iv, in, want, odd);
        memcpy(iv2, iv, 16);
        part = noise_below(n, odd / 16 + 1) * 16;
        crypto_cipher(&key, CRYPTO_CTR, CRYPTO_ENCRYPT, iv2, in, got, part);
        crypto_cipher(&key, CRYPTO_CTR, CRYPTO_DECRYPT, iv2, in + part, got + part, odd - part);
        assert_memory_equal(got, want, odd);
    }
    crypto_key_wipe(&key);
}

static void test_beside_openssl(void **state) {
    (void)state;
    struct noise n = {1};
    for (size_t i = 0; i < sizeof besides / sizeof besides[0]; i++)
        for (int c = 0; c < CASES; c++)
            one_beside(&n, &besides[i]);
}

/* CTR over a cipher with 8-byte blocks, which OpenSSL has not: beside our own ECB. */
static void test_des_ctr(void **state) {
    (void)state;
    uint8_t raw[8] = {1, 2, 3, 4, 5, 6, 7, 8}, zeros[20] = {0}, out[20], counters[24], want[24];
    uint8_t iv[8] = {0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    struct crypto_key key;
    hex(counters, 24, "000000000000ffff 0000000000010000 0000000000010001");
    crypto_key_set(&key, CRYPTO_DES, raw, 8);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, counters, want, 24);
    crypto_cipher(&key, CRYPTO_CTR, CRYPTO_ENCRYPT, iv, zeros, out, 20);
    assert_memory_equal(out, want, 20);
}

static void test_wrong_use(void **state) {
    (void)state;
    uint8_t b[32] = {0}, iv[16] = {0};
    struct crypto_key key;
    assert_int_equal(crypto_key_set(&key, CRYPTO_AES128, b, 15), ONECARD_E_PARAM);
    assert_int_equal(crypto_key_set(&key, CRYPTO_SHA1, b, 0), ONECARD_E_PARAM);
    assert_int_equal(crypto_key_set(&key, CRYPTO_NONE, b, 0), ONECARD_E_PARAM);
    assert_int_equal(crypto_key_set(&key, (enum crypto_alg)999, b, 16), ONECARD_E_PARAM);
    assert_int_equal(crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, b, b, 16),
                     ONECARD_E_PARAM); /* empty */
    assert_int_equal(crypto_key_set(&key, CRYPTO_AES128, b, 16), ONECARD_OK);
    assert_int_equal(crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, b, b, 17),
                     ONECARD_E_PARAM);
    assert_int_equal(crypto_cipher(&key, CRYPTO_CTR, CRYPTO_ENCRYPT, NULL, b, b, 16),
                     ONECARD_E_PARAM);
    assert_int_equal(crypto_cipher(&key, (enum crypto_mode)9, CRYPTO_ENCRYPT, iv, b, b, 16),
                     ONECARD_E_PARAM);
    assert_int_equal(crypto_cipher(&key, CRYPTO_CBC, CRYPTO_DECRYPT, NULL, b, b, 0), ONECARD_OK);
    crypto_key_wipe(&key);
    assert_int_equal(crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, b, b, 16),
                     ONECARD_E_PARAM);
}

static void test_padding(void **state) {
    (void)state;
    uint8_t buf[24];
    memset(buf, 0xAA, sizeof buf);
    size_t len = 0;
    assert_int_equal(crypto_pad_add(buf, &len, 24, 8, CRYPTO_PAD_NONE), ONECARD_OK);
    assert_int_equal(len, 0);
    assert_int_equal(crypto_pad_add(buf, &len, 24, 8, CRYPTO_PAD_ZERO), ONECARD_OK);
    assert_int_equal(len, 8); /* an empty message is one block (ISO/IEC 9797-1, 6.3.2) */
    assert_int_equal(crypto_pad_add(buf, &len, 24, 8, CRYPTO_PAD_ZERO), ONECARD_OK);
    assert_int_equal(len, 8);
    assert_int_equal(crypto_pad_add(buf, &len, 24, 8, CRYPTO_PAD_80), ONECARD_OK);
    assert_int_equal(len, 16);
    assert_int_equal(buf[8], 0x80);
    len = 17;
    assert_int_equal(crypto_pad_add(buf, &len, 23, 8, CRYPTO_PAD_80), ONECARD_E_TOO_BIG);
    assert_int_equal(crypto_pad_add(buf, &len, 24, 8, CRYPTO_PAD_NONE), ONECARD_E_PARAM);
    assert_int_equal(crypto_pad_add(buf, &len, 24, 8, CRYPTO_PAD_80), ONECARD_OK);
    assert_int_equal(len, 24);
    for (size_t n = 0; n < 8; n++) { /* every content length of the last block */
        memset(buf, 0x80, 8);
        memset(buf + 8, 0, 8);
        size_t l = 8 + n;
        memset(buf + 8, 0x80, n);
        assert_int_equal(crypto_pad_add(buf, &l, 16, 8, CRYPTO_PAD_80), ONECARD_OK);
        assert_int_equal(crypto_pad_strip(buf, &l, 8), ONECARD_OK);
        assert_int_equal(l, 8 + n);
    }
    memset(buf, 0, 16);
    buf[7] = 0x80;
    len = 16; /* the mark lies outside the last block */
    assert_int_equal(crypto_pad_strip(buf, &len, 8), ONECARD_E_FORMAT);
    buf[14] = 0x80;
    buf[15] = 1;
    assert_int_equal(crypto_pad_strip(buf, &len, 8), ONECARD_E_FORMAT);
    len = 0;
    assert_int_equal(crypto_pad_strip(buf, &len, 8), ONECARD_E_FORMAT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standard_examples), cmocka_unit_test(test_sm4_million),
        cmocka_unit_test(test_sm4_ways),          cmocka_unit_test(test_beside_openssl),
        cmocka_unit_test(test_des_ctr),           cmocka_unit_test(test_wrong_use),
        cmocka_unit_test(test_padding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
