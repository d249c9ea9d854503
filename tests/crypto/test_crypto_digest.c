/* Digests and HMAC: the standards' examples, and random cases beside OpenSSL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/crypto.h"
#include "crypto/hex.h"

static void expect(enum crypto_alg alg, const char *text, const char *digest) {
    uint8_t want[64], got[64];
    size_t n = hex(want, sizeof want, digest);
    assert_int_equal(crypto_digest_once(alg, text, strlen(text), got), ONECARD_OK);
    assert_int_equal(n, crypto_alg_find(alg)->digest_size);
    assert_memory_equal(got, want, n);
}

static void test_standard_examples(void **state) {
    (void)state;
    /* GB/T 32905, appendix A */
    expect(CRYPTO_SM3, "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    expect(CRYPTO_SM3, "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
           "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    /* FIPS 180, examples */
    expect(CRYPTO_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
    expect(CRYPTO_SHA224, "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
    expect(CRYPTO_SHA256, "abc",
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(CRYPTO_SHA384, "abc",
           "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
           "8086072ba1e7cc2358baeca134c825a7");
    expect(CRYPTO_SHA512, "abc",
           "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
           "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

static const struct {
    enum crypto_alg alg;
    const char *name;
} besides[] = {
    {CRYPTO_SHA1, "SHA1"},     {CRYPTO_SHA224, "SHA224"}, {CRYPTO_SHA256, "SHA256"},
    {CRYPTO_SHA384, "SHA384"}, {CRYPTO_SHA512, "SHA512"}, {CRYPTO_SM3, "SM3"},
};

enum { DATA = 700, CASES = 1500 };

static void one_beside(struct noise *n, enum crypto_alg alg, const EVP_MD *md) {
    uint8_t data[DATA], key[200], want[64], got[64];
    unsigned want_len = 0;
    struct crypto_digest digest, copy;
    struct crypto_hmac hmac;
    size_t len = noise_below(n, DATA), key_len = noise_below(n, sizeof key), at = 0;
    noise_fill(n, data, len);
    noise_fill(n, key, key_len);
    EVP_Digest(data, len, want, &want_len, md, NULL);
    assert_int_equal(crypto_digest_start(&digest, alg), ONECARD_OK);
    while (at < len) {
        size_t part = noise_below(n, len - at + 1);
        crypto_digest_update(&digest, data + at, part);
        at += part;
    }
    copy = digest;
    crypto_digest_finish(&digest, got);
    assert_memory_equal(got, want, want_len);
    crypto_digest_finish(&copy, got);
    assert_memory_equal(got, want, want_len);

    HMAC(md, key, (int)key_len, data, len, want, &want_len);
    assert_int_equal(crypto_hmac_start(&hmac, alg, key, key_len), ONECARD_OK);
    at = noise_below(n, len + 1);
    crypto_hmac_update(&hmac, data, at);
    crypto_hmac_update(&hmac, data + at, len - at);
    crypto_hmac_finish(&hmac, got);
    assert_memory_equal(got, want, want_len);
}

static void test_beside_openssl(void **state) {
    (void)state;
    struct noise n = {3};
    for (size_t i = 0; i < sizeof besides / sizeof besides[0]; i++) {
        EVP_MD *md = EVP_MD_fetch(NULL, besides[i].name, NULL);
        assert_non_null(md);
        for (int c = 0; c < CASES; c++)
            one_beside(&n, besides[i].alg, md);
        EVP_MD_free(md);
    }
}

/* Every length around the block boundary, where padding changes. */
static void test_every_length(void **state) {
    (void)state;
    uint8_t data[300], want[64], got[64];
    unsigned want_len;
    memset(data, 0x5A, sizeof data);
    for (size_t i = 0; i < sizeof besides / sizeof besides[0]; i++) {
        EVP_MD *md = EVP_MD_fetch(NULL, besides[i].name, NULL);
        for (size_t len = 0; len < sizeof data; len++) {
            EVP_Digest(data, len, want, &want_len, md, NULL);
            crypto_digest_once(besides[i].alg, data, len, got);
            assert_memory_equal(got, want, want_len);
        }
        EVP_MD_free(md);
    }
}

static void test_wrong_use(void **state) {
    (void)state;
    uint8_t out[64];
    struct crypto_digest digest;
    struct crypto_hmac hmac;
    assert_int_equal(crypto_digest_once(CRYPTO_SM4, "", 0, out), ONECARD_E_PARAM);
    assert_int_equal(crypto_digest_start(&digest, CRYPTO_NONE), ONECARD_E_PARAM);
    crypto_digest_update(&digest, "a", 1); /* harmless */
    crypto_digest_finish(&digest, out);
    assert_int_equal(crypto_hmac_start(&hmac, CRYPTO_RSA, out, 1), ONECARD_E_PARAM);
    crypto_hmac_finish(&hmac, out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standard_examples),
        cmocka_unit_test(test_beside_openssl),
        cmocka_unit_test(test_every_length),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
