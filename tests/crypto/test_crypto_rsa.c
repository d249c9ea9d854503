/* RSA: keys made here and signatures both ways beside OpenSSL; wrong use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "crypto/crypto.h"
#include "crypto/hex.h"

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return ONECARD_OK;
}

static struct noise seed = {41}, noise = {42};
static struct crypto_random rng;
static const uint8_t exponent[3] = {1, 0, 1};

static int setup(void **state) {
    (void)state;
    return crypto_random_open(&rng, entropy, &seed, NULL, 0) != ONECARD_OK;
}

static int teardown(void **state) {
    (void)state;
    crypto_random_close(&rng);
    return 0;
}

/* OpenSSL's form of the same key, from n and the primes. */
static EVP_PKEY *openssl_key(const uint8_t *n, const uint8_t *p, const uint8_t *q, size_t len) {
    BN_CTX *bn = BN_CTX_new();
    BIGNUM *v[8]; /* n e d p q dp dq qinv */
    static const char *const names[8] = {
        OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
    BIGNUM *p1 = BN_new(), *q1 = BN_new(), *phi = BN_new();
    for (int i = 0; i < 8; i++)
        v[i] = BN_new();
    BN_bin2bn(n, (int)len, v[0]);
    BN_bin2bn(exponent, 3, v[1]);
    BN_bin2bn(p, (int)len / 2, v[3]);
    BN_bin2bn(q, (int)len / 2, v[4]);
    BN_sub(p1, v[3], BN_value_one());
    BN_sub(q1, v[4], BN_value_one());
    BN_mul(phi, p1, q1, bn);
    assert_non_null(BN_mod_inverse(v[2], v[1], phi, bn));
    BN_mod(v[5], v[2], p1, bn);
    BN_mod(v[6], v[2], q1, bn);
    BN_mod_inverse(v[7], v[4], v[3], bn);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    for (int i = 0; i < 8; i++)
        OSSL_PARAM_BLD_push_BN(build, names[i], v[i]);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params), 1);
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    for (int i = 0; i < 8; i++)
        BN_free(v[i]);
    BN_free(p1);
    BN_free(q1);
    BN_free(phi);
    BN_CTX_free(bn);
    return key;
}

static const struct {
    enum crypto_alg alg;
    const char *name;
} digests[] = {{CRYPTO_SHA1, "SHA1"},
               {CRYPTO_SHA224, "SHA224"},
               {CRYPTO_SHA256, "SHA256"},
               {CRYPTO_SHA384, "SHA384"}};

static EVP_PKEY_CTX *scheme_ctx(EVP_PKEY *key, int which, int sign, int padding) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    assert_int_equal(sign ? EVP_PKEY_sign_init(ctx) : EVP_PKEY_verify_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, padding), 1);
    assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, EVP_get_digestbyname(digests[which].name)),
                     1);
    if (padding == RSA_PKCS1_PSS_PADDING)
        EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, sign ? RSA_PSS_SALTLEN_DIGEST : RSA_PSS_SALTLEN_AUTO);
    return ctx;
}

static void one_signature(struct crypto_rsa *rsa, struct crypto_rsa *public_part, EVP_PKEY *key,
                          int which, enum crypto_rsa_scheme scheme) {
    uint8_t digest[64], signature[256];
    size_t len = crypto_alg_find(digests[which].alg)->digest_size;
    size_t size = crypto_rsa_size(rsa), got = sizeof signature;
    int padding = scheme == CRYPTO_RSA_PSS ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;
    noise_fill(&noise, digest, sizeof digest);
    assert_int_equal(crypto_rsa_sign(&rng, rsa, scheme, digests[which].alg, digest, signature), 0);
    EVP_PKEY_CTX *ctx = scheme_ctx(key, which, 0, padding);
    assert_int_equal(EVP_PKEY_verify(ctx, signature, size, digest, len), 1);
    EVP_PKEY_CTX_free(ctx);
    ctx = scheme_ctx(key, which, 1, padding);
    assert_int_equal(EVP_PKEY_sign(ctx, signature, &got, digest, len), 1);
    EVP_PKEY_CTX_free(ctx);
    assert_int_equal(crypto_rsa_verify(public_part, scheme, digests[which].alg, digest, signature),
                     ONECARD_OK);
    signature[noise_below(&noise, size)] ^= (uint8_t)(1 << noise_below(&noise, 8));
    assert_int_equal(crypto_rsa_verify(public_part, scheme, digests[which].alg, digest, signature),
                     ONECARD_E_WRONG);
}

static void one_key(size_t bits) {
    uint8_t p[128], q[128], n[256], in[256], out[256], back[256];
    struct crypto_rsa rsa, public_part;
    assert_int_equal(crypto_rsa_generate(&rng, bits, 65537, p, q), ONECARD_OK);
    assert_int_equal(crypto_rsa_open_private(&rsa, p, q, bits / 16, exponent, 3), ONECARD_OK);
    assert_int_equal(crypto_rsa_size(&rsa), bits / 8);
    assert_int_equal(crypto_rsa_modulus(&rsa, n), ONECARD_OK);
    assert_int_equal(crypto_rsa_open_public(&public_part, n, bits / 8, exponent, 3), ONECARD_OK);
    EVP_PKEY *key = openssl_key(n, p, q, bits / 8);
    for (int i = cases(20); i > 0; i--)
        for (int which = 0; which < 4; which++) {
            one_signature(&rsa, &public_part, key, which, CRYPTO_RSA_PKCS1);
            one_signature(&rsa, &public_part, key, which, CRYPTO_RSA_PSS);
        }
    for (int i = cases(50); i > 0; i--) {
        noise_fill(&noise, in, bits / 8);
        in[0] &= 0x3F;
        assert_int_equal(crypto_rsa_raw_private(&rng, &rsa, in, out), ONECARD_OK);
        assert_int_equal(crypto_rsa_raw_public(&public_part, out, back), ONECARD_OK);
        assert_memory_equal(in, back, bits / 8);
    }
    memset(in, 0, sizeof in); /* 0 and n: the edges of what is allowed */
    assert_int_equal(crypto_rsa_raw_private(&rng, &rsa, in, out), ONECARD_OK);
    assert_memory_equal(in, out, bits / 8);
    assert_int_equal(crypto_rsa_raw_private(&rng, &rsa, n, out), ONECARD_E_PARAM);
    assert_int_equal(crypto_rsa_raw_public(&public_part, n, out), ONECARD_E_PARAM);
    assert_int_equal(crypto_rsa_raw_private(&rng, &public_part, in, out), ONECARD_E_PARAM);
    assert_int_equal(crypto_rsa_sign(&rng, &public_part, CRYPTO_RSA_PKCS1, CRYPTO_SHA1, in, out),
                     ONECARD_E_PARAM);
    assert_int_equal(crypto_rsa_sign(&rng, &rsa, CRYPTO_RSA_PKCS1, CRYPTO_SM3, in, out),
                     ONECARD_E_PARAM);
    EVP_PKEY_free(key);
    crypto_rsa_close(&rsa);
    crypto_rsa_close(&public_part);
}

static void test_1024(void **state) {
    (void)state;
    one_key(1024);
}

static void test_1152(void **state) { /* 144 bytes, as EMV issuers have */
    (void)state;
    one_key(1152);
}

static void test_2048(void **state) {
    (void)state;
    one_key(2048);
}

/* A bit that changed in memory, in a prime or in 1/q mod p: the private result is checked with the
 * public exponent, and never comes out wrong (the Bellcore attack). */
static void test_fault_in_crt(void **state) {
    (void)state;
    uint8_t p[64], q[64], in[128] = {0, 1}, out[128], right[128];
    struct crypto_rsa rsa;
    assert_int_equal(crypto_rsa_generate(&rng, 1024, 65537, p, q), ONECARD_OK);
    assert_int_equal(crypto_rsa_open_private(&rsa, p, q, 64, exponent, 3), ONECARD_OK);
    assert_int_equal(crypto_rsa_raw_private(&rng, &rsa, in, right), ONECARD_OK);
    for (unsigned bit = 0; bit < 3 * 64 * 8; bit += 11) {
        rsa.secret[bit / 8] ^= (uint8_t)(1u << bit % 8);
        memset(out, 0, sizeof out);
        assert_int_not_equal(crypto_rsa_raw_private(&rng, &rsa, in, out), ONECARD_OK);
        for (size_t i = 0; i < sizeof out; i++)
            assert_int_equal(out[i], 0);
        rsa.secret[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(crypto_rsa_raw_private(&rng, &rsa, in, out), ONECARD_OK);
    assert_memory_equal(out, right, sizeof out);
    crypto_rsa_close(&rsa);
}

static void test_wrong_keys(void **state) {
    (void)state;
    uint8_t n[257], e = 2;
    struct crypto_rsa rsa;
    memset(n, 0xFF, sizeof n);
    assert_int_equal(crypto_rsa_open_public(&rsa, n, 257, exponent, 3), ONECARD_E_PARAM);
    assert_int_equal(crypto_rsa_open_public(&rsa, n, 63, exponent, 3), ONECARD_E_PARAM);
    assert_int_equal(crypto_rsa_open_public(&rsa, n, 128, &e, 1), ONECARD_E_FORMAT);
    n[127] = 0xFE; /* even */
    assert_int_equal(crypto_rsa_open_public(&rsa, n, 128, exponent, 3), ONECARD_E_FORMAT);
    n[0] = 0; /* leading zero */
    n[127] = 0xFF;
    assert_int_equal(crypto_rsa_open_public(&rsa, n, 128, exponent, 3), ONECARD_E_FORMAT);
    assert_int_equal(crypto_rsa_generate(&rng, 1000, 65537, n, n), ONECARD_E_PARAM);
    assert_int_equal(crypto_rsa_generate(&rng, 4096, 65537, n, n), ONECARD_E_PARAM);
    assert_int_equal(crypto_rsa_generate(&rng, 1024, 4, n, n), ONECARD_E_PARAM);
    memset(n, 0, sizeof n);
    assert_int_equal(crypto_rsa_open_private(&rsa, n, n, 64, exponent, 3), ONECARD_E_FORMAT);
    crypto_rsa_close(&rsa);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_1024),       cmocka_unit_test(test_1152),
        cmocka_unit_test(test_2048),       cmocka_unit_test(test_fault_in_crt),
        cmocka_unit_test(test_wrong_keys),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
