/* Asymmetric keys as bytes (crypto/pk.h): beside OpenSSL, both ways; PKCS #1 v1.5 encryption, that
 * it is no oracle; random cases and edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "base/bytes.h"
#include "crypto/hex.h"
#include "crypto/pk.h"
#include "crypto/rsa_keys.h"

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return ONECARD_OK;
}

static struct noise seed = {71}, noise = {72};
static struct crypto_random rng;

static int setup(void **state) {
    (void)state;
    return crypto_random_open(&rng, entropy, &seed, NULL, 0) != ONECARD_OK;
}

static int teardown(void **state) {
    (void)state;
    crypto_random_close(&rng);
    return 0;
}

/* ---- RSA beside OpenSSL ---- */

struct rsa_key {
    struct crypto_pk_key pair, half;
    uint8_t pair_bytes[CRYPTO_PK_PRIVATE_MAX], half_bytes[CRYPTO_PK_PUBLIC_MAX];
    EVP_PKEY *openssl;
};

/* OpenSSL's form: from n, e and d, found here from the primes. */
static EVP_PKEY *openssl_rsa(const uint8_t *value, size_t size) {
    BN_CTX *bn = BN_CTX_new();
    BIGNUM *e = BN_bin2bn(value, 4, NULL), *p = BN_bin2bn(value + 4, (int)size / 2, NULL);
    BIGNUM *q = BN_bin2bn(value + 4 + size / 2, (int)size / 2, NULL);
    BIGNUM *n = BN_new(), *d = BN_new(), *phi = BN_new(), *one = BN_new();
    BN_one(one);
    BN_mul(n, p, q, bn);
    BN_sub(p, p, one);
    BN_sub(q, q, one);
    BN_mul(phi, p, q, bn);
    assert_non_null(BN_mod_inverse(d, e, phi, bn));
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_D, d);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params), 1);
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BIGNUM *all[7] = {e, p, q, n, d, phi, one};
    for (int i = 0; i < 7; i++)
        BN_free(all[i]);
    BN_CTX_free(bn);
    return key;
}

static void rsa_open(struct rsa_key *k, const char *text) {
    uint8_t value[CRYPTO_PK_VALUE_MAX];
    const size_t len = hex(value, sizeof value, text);
    const uint32_t size = crypto_pk_size_of_value(CRYPTO_RSA, (uint32_t)len);
    assert_int_equal(size, len - 4);
    assert_int_equal(crypto_pk_import(&rng, CRYPTO_RSA, value, (uint32_t)len, k->pair_bytes),
                     ONECARD_OK);
    k->pair = (struct crypto_pk_key){CRYPTO_RSA, true, (uint16_t)size, k->pair_bytes};
    k->half = (struct crypto_pk_key){CRYPTO_RSA, false, (uint16_t)size, k->half_bytes};
    assert_int_equal(crypto_pk_public(&k->pair, k->half_bytes), ONECARD_OK);
    assert_int_equal(
        crypto_pk_check(CRYPTO_RSA, k->half_bytes, crypto_pk_public_len(CRYPTO_RSA, size)),
        ONECARD_OK);
    k->openssl = openssl_rsa(value, size);
}

static size_t openssl_crypt(EVP_PKEY *key, bool encrypt, int padding, const uint8_t *in, size_t len,
                            uint8_t *out) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    size_t out_len = CRYPTO_RSA_MAX;
    assert_int_equal(encrypt ? EVP_PKEY_encrypt_init(ctx) : EVP_PKEY_decrypt_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, padding), 1);
    int good = encrypt ? EVP_PKEY_encrypt(ctx, out, &out_len, in, len)
                       : EVP_PKEY_decrypt(ctx, out, &out_len, in, len);
    EVP_PKEY_CTX_free(ctx);
    return good == 1 ? out_len : SIZE_MAX;
}

/* Messages of every length, enciphered by one and deciphered by the other. */
static void one_pkcs1_key(const char *text, uint32_t step) {
    struct rsa_key k;
    uint8_t message[256], cryptogram[256], back[256];
    rsa_open(&k, text);
    const uint32_t size = k.pair.size;
    for (uint32_t len = 0; len <= size - 11; len += step) {
        uint32_t out_len = sizeof cryptogram, back_len = sizeof back;
        noise_fill(&noise, message, len);
        assert_int_equal(crypto_pk_encrypt(&rng, len & 4 ? &k.pair : &k.half, CRYPTO_PK_PKCS1,
                                           message, len, cryptogram, &out_len),
                         ONECARD_OK);
        assert_int_equal(out_len, size);
        assert_int_equal(openssl_crypt(k.openssl, false, RSA_PKCS1_PADDING, cryptogram, size, back),
                         len);
        assert_memory_equal(back, message, len);
        assert_int_equal(
            openssl_crypt(k.openssl, true, RSA_PKCS1_PADDING, message, len, cryptogram), size);
        assert_int_equal(
            crypto_pk_decrypt(&rng, &k.pair, CRYPTO_PK_PKCS1, cryptogram, size, back, &back_len),
            ONECARD_OK);
        assert_int_equal(back_len, len);
        assert_memory_equal(back, message, len);
    }
    uint32_t out_len = sizeof cryptogram;
    assert_int_equal(
        crypto_pk_encrypt(&rng, &k.half, CRYPTO_PK_PKCS1, message, size - 10, cryptogram, &out_len),
        ONECARD_E_PARAM);
    out_len = size - 1;
    assert_int_equal(
        crypto_pk_encrypt(&rng, &k.half, CRYPTO_PK_PKCS1, message, 5, cryptogram, &out_len),
        ONECARD_E_RANGE);
    out_len = size - 12;
    assert_int_equal(
        crypto_pk_decrypt(&rng, &k.pair, CRYPTO_PK_PKCS1, cryptogram, size, back, &out_len),
        ONECARD_E_RANGE);
    out_len = sizeof back;
    assert_int_equal(
        crypto_pk_decrypt(&rng, &k.half, CRYPTO_PK_PKCS1, cryptogram, size, back, &out_len),
        ONECARD_E_PARAM);
    assert_int_equal(
        crypto_pk_decrypt(&rng, &k.pair, CRYPTO_PK_PKCS1, cryptogram, size - 1, back, &out_len),
        ONECARD_E_PARAM);
    EVP_PKEY_free(k.openssl);
}

static void test_pkcs1_encryption(void **state) {
    (void)state;
    one_pkcs1_key(RSA_1024, 2);
    one_pkcs1_key(RSA_1152_E3, 7);
    one_pkcs1_key(RSA_1536, 20);
    one_pkcs1_key(RSA_2048, 35);
}

/* Blocks made by hand: what is deciphered from a right one is its message; every wrong one gives
 * OK, too, with bytes that repeat, that no part of the block shows in, and with lengths of all
 * kinds. */
static void test_wrong_padding_is_not_told(void **state) {
    (void)state;
    struct rsa_key k;
    uint8_t block[128], cryptogram[128], a[256], b[256];
    uint32_t a_len, b_len;
    unsigned lengths[118] = {0}, different = 0;
    rsa_open(&k, RSA_1024);
    for (int i = 0; i < 700; i++) {
        /* the first 14 are edges; then anything with a right beginning but a zero in the padding,
         * or no zero at all */
        noise_fill(&noise, block, sizeof block);
        block[0] = 0;
        block[1] = 2;
        for (int j = 2; j < 128; j++)
            block[j] |= 1;
        if (i < 8) /* a zero within the first eight bytes of padding */
            block[2 + i] = 0;
        else if (i == 8) { /* the shortest padding: all is message */
            block[10] = 0;
        } else if (i == 9) { /* an empty message */
            block[127] = 0;
        } else if (i == 10) { /* type 1 */
            block[1] = 1;
            block[40] = 0;
        } else if (i == 11) { /* the first byte */
            block[0] = 1;
            block[40] = 0;
        } else if (i == 12) /* no zero at all */
            block[127] |= 1;
        else if (i % 3 == 0)
            block[2 + noise_below(&noise, 8)] = 0;
        else if (i % 3 == 1)
            block[1] = (uint8_t)(block[5] ^ (block[5] == 2));
        size_t at = 2;
        while (at < 128 && block[at] != 0)
            at++;
        const bool right = block[0] == 0 && block[1] == 2 && at >= 10 && at < 128;
        openssl_crypt(k.openssl, true, RSA_NO_PADDING, block, 128, cryptogram);
        a_len = b_len = sizeof a;
        assert_int_equal(
            crypto_pk_decrypt(&rng, &k.pair, CRYPTO_PK_PKCS1, cryptogram, 128, a, &a_len),
            ONECARD_OK);
        assert_int_equal(
            crypto_pk_decrypt(&rng, &k.pair, CRYPTO_PK_PKCS1, cryptogram, 128, b, &b_len),
            ONECARD_OK);
        assert_int_equal(a_len, b_len);
        assert_memory_equal(a, b, a_len);
        if (right) {
            assert_int_equal(a_len, 127 - at);
            assert_memory_equal(a, block + at + 1, a_len);
        } else {
            assert_in_range(a_len, 0, 117);
            lengths[a_len]++;
            if (a_len >= 8)
                assert_memory_not_equal(a, block + 128 - a_len, 8);
        }
    }
    for (int i = 0; i < 118; i++) {
        different += lengths[i] != 0;
        assert_in_range(lengths[i], 0, 30); /* 6 are expected */
    }
    assert_in_range(different, 90, 118);
    EVP_PKEY_free(k.openssl);
}

/* RAW, both directions, thousands of numbers. */
static void test_raw(void **state) {
    (void)state;
    static const char *const keys[] = {RSA_1024, RSA_1152_E3, RSA_2048};
    for (size_t i = 0; i < 3; i++) {
        struct rsa_key k;
        uint8_t in[256], out[256], back[256];
        rsa_open(&k, keys[i]);
        const uint32_t size = k.pair.size;
        for (int round = 0; round < cases(i == 2 ? 20 : 100); round++) {
            uint32_t len = sizeof out;
            noise_fill(&noise, in, size);
            in[0] &= 0x7F;
            assert_int_equal(crypto_pk_encrypt(&rng, &k.half, CRYPTO_PK_RAW, in, size, out, &len),
                             ONECARD_OK);
            assert_int_equal(openssl_crypt(k.openssl, false, RSA_NO_PADDING, out, size, back),
                             size);
            assert_memory_equal(in, back, size);
            assert_int_equal(
                crypto_pk_sign(&rng, &k.pair, CRYPTO_PK_RAW, CRYPTO_NONE, in, size, out, &len),
                ONECARD_OK);
            assert_int_equal(openssl_crypt(k.openssl, true, RSA_NO_PADDING, out, size, back), size);
            assert_memory_equal(in, back, size);
            assert_int_equal(
                crypto_pk_verify(&k.half, CRYPTO_PK_RAW, CRYPTO_NONE, in, size, out, size),
                ONECARD_OK);
            out[noise_below(&noise, size)] ^= 4;
            assert_int_equal(
                crypto_pk_verify(&k.half, CRYPTO_PK_RAW, CRYPTO_NONE, in, size, out, size),
                ONECARD_E_WRONG);
        }
        uint32_t len = sizeof out; /* the modulus itself and beyond */
        assert_int_equal(crypto_pk_sign(&rng, &k.pair, CRYPTO_PK_RAW, CRYPTO_NONE, k.half_bytes + 4,
                                        size, out, &len),
                         ONECARD_E_PARAM);
        assert_int_equal(
            crypto_pk_verify(&k.half, CRYPTO_PK_RAW, CRYPTO_NONE, in, size, k.half_bytes + 4, size),
            ONECARD_E_WRONG);
        assert_int_equal(crypto_pk_encrypt(&rng, &k.half, CRYPTO_PK_RAW, in, size - 1, out, &len),
                         ONECARD_E_PARAM);
        EVP_PKEY_free(k.openssl);
    }
}

/* Both signature schemes by a key that was opened from its five numbers. */
static void test_signatures(void **state) {
    (void)state;
    static const struct {
        enum crypto_alg alg;
        const char *name;
    } digests[] = {{CRYPTO_SHA1, "SHA1"},
                   {CRYPTO_SHA224, "SHA224"},
                   {CRYPTO_SHA256, "SHA256"},
                   {CRYPTO_SHA384, "SHA384"},
                   {CRYPTO_SHA512, "SHA512"}};
    static const char *const keys[] = {RSA_1024, RSA_1152_E3, RSA_1536, RSA_2048};
    static struct rsa_key opened[4];
    for (int i = 0; i < 4; i++)
        rsa_open(&opened[i], keys[i]);
    for (int i = 0; i < cases(100); i++) {
        struct rsa_key k = opened[i % 4];
        uint8_t digest[64], signature[256];
        const size_t which = noise_below(&noise, 5);
        const uint32_t digest_len = crypto_alg_find(digests[which].alg)->digest_size;
        const bool pss = i / 4 % 2 && !(i % 4 == 0 && which == 4); /* 1024 bits are too few */
        uint32_t len = sizeof signature;
        noise_fill(&noise, digest, sizeof digest);
        assert_int_equal(crypto_pk_sign(&rng, &k.pair, pss ? CRYPTO_PK_PSS : CRYPTO_PK_PKCS1,
                                        digests[which].alg, digest, digest_len, signature, &len),
                         ONECARD_OK);
        EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, k.openssl, NULL);
        assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
        EVP_PKEY_CTX_set_rsa_padding(ctx, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
        EVP_PKEY_CTX_set_signature_md(ctx, EVP_get_digestbyname(digests[which].name));
        if (pss)
            EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST);
        assert_int_equal(EVP_PKEY_verify(ctx, signature, len, digest, digest_len), 1);
        EVP_PKEY_CTX_free(ctx);
        assert_int_equal(crypto_pk_verify(&k.half, pss ? CRYPTO_PK_PSS : CRYPTO_PK_PKCS1,
                                          digests[which].alg, digest, digest_len, signature, len),
                         ONECARD_OK);
    }
    for (int i = 0; i < 4; i++)
        EVP_PKEY_free(opened[i].openssl);
}

/* A prime, its inverse or the exponent that changed at rest: nothing comes out (fault check). */
static void test_fault_at_rest_gives_no_signature(void **state) {
    (void)state;
    struct rsa_key k;
    uint8_t digest[32] = {1}, signature[256];
    rsa_open(&k, RSA_1024);
    const uint32_t len = crypto_pk_private_len(CRYPTO_RSA, 128);
    for (uint32_t at = 4; at < len; at += 5) {
        uint32_t out_len = sizeof signature;
        k.pair_bytes[at] ^= (uint8_t)(1u << at % 8);
        memset(signature, 0, sizeof signature);
        enum onecard_err err = crypto_pk_sign(&rng, &k.pair, CRYPTO_PK_PKCS1, CRYPTO_SHA256, digest,
                                              32, signature, &out_len);
        if (err == ONECARD_OK)
            fail_msg("a signature by a key that changed in byte %u", at);
        for (size_t i = 0; i < sizeof signature; i++)
            assert_int_equal(signature[i], 0);
        k.pair_bytes[at] ^= (uint8_t)(1u << at % 8);
    }
    EVP_PKEY_free(k.openssl);
}

/* ---- curves ---- */

/* The same, for the private half and the public one of a pair. */
static void test_fault_at_rest_of_curves(void **state) {
    (void)state;
    static const struct {
        enum crypto_alg alg, digest;
        enum crypto_scheme scheme;
    } table[] = {{CRYPTO_P256, CRYPTO_SHA256, CRYPTO_PK_ECDSA},
                 {CRYPTO_SM2, CRYPTO_SM3, CRYPTO_PK_SM2}};
    for (size_t i = 0; i < 2; i++) {
        uint8_t bytes[96], digest[32] = {7}, signature[64];
        struct crypto_pk_key key = {(uint8_t)table[i].alg, true, 32, bytes};
        assert_int_equal(crypto_pk_generate(&rng, table[i].alg, 32, 0, bytes), ONECARD_OK);
        for (unsigned bit = 0; bit < 96 * 8; bit += 29) {
            uint32_t len = sizeof signature;
            memset(signature, 0, sizeof signature);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            if (crypto_pk_sign(&rng, &key, table[i].scheme, table[i].digest, digest, 32, signature,
                               &len) == ONECARD_OK)
                fail_msg("algorithm %d: a signature by a key that changed in bit %u", table[i].alg,
                         bit);
            for (size_t j = 0; j < sizeof signature; j++)
                assert_int_equal(signature[j], 0);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
}

/* ECDH with the derivation of X9.63, beside OpenSSL's, for all lengths of key and of info. */
static void test_x963(void **state) {
    (void)state;
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "X963KDF", NULL);
    for (uint32_t len = 1; len <= 100; len++) {
        uint8_t a[96], b[96], z[32], info[64], ours[100], theirs[100], other[100];
        struct crypto_pk_key key = {CRYPTO_P256, true, 32, a}, peer = {CRYPTO_P256, true, 32, b};
        assert_int_equal(crypto_pk_generate(&rng, CRYPTO_P256, 32, 0, a), ONECARD_OK);
        assert_int_equal(crypto_pk_generate(&rng, CRYPTO_P256, 32, 0, b), ONECARD_OK);
        const uint32_t info_len = (uint32_t)noise_below(&noise, sizeof info);
        noise_fill(&noise, info, sizeof info);
        struct crypto_pk_agreement with = {
            .peer = b + 32, .peer_len = 64, .info = info, .info_len = info_len};
        assert_int_equal(crypto_pk_agree(&rng, &key, CRYPTO_PK_ECDH, &with, ours, len, NULL),
                         ONECARD_OK);
        with.peer = a + 32;
        assert_int_equal(crypto_pk_agree(&rng, &peer, CRYPTO_PK_ECDH, &with, other, len, NULL),
                         ONECARD_OK);
        assert_memory_equal(ours, other, len);
        assert_int_equal(crypto_p256_agree(&rng, a, b + 32, z), ONECARD_OK);
        EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
        OSSL_PARAM params[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char[]){"SHA256"}, 0),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, z, sizeof z),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, info_len),
            OSSL_PARAM_construct_end()};
        assert_int_equal(EVP_KDF_derive(ctx, theirs, len, params), 1);
        EVP_KDF_CTX_free(ctx);
        assert_memory_equal(ours, theirs, len);
    }
    EVP_KDF_free(kdf);
}

/* Points of the peer that are none: off the curve, infinity's bytes, coordinates of p and beyond.
 */
static void test_bad_points_of_a_peer(void **state) {
    (void)state;
    for (int sm2 = 0; sm2 < 2; sm2++) {
        const enum crypto_alg alg = sm2 ? CRYPTO_SM2 : CRYPTO_P256;
        const enum crypto_scheme scheme = sm2 ? CRYPTO_PK_SM2 : CRYPTO_PK_ECDH;
        uint8_t own[96], once[96], other[96], peer[128], key[16], tags[64];
        assert_int_equal(crypto_pk_generate(&rng, alg, 32, 0, own), ONECARD_OK);
        assert_int_equal(crypto_pk_generate(&rng, alg, 32, 0, once), ONECARD_OK);
        assert_int_equal(crypto_pk_generate(&rng, alg, 32, 0, other), ONECARD_OK);
        const struct crypto_pk_key a = {(uint8_t)alg, true, 32, own};
        const struct crypto_pk_key e = {(uint8_t)alg, true, 32, once};
        struct crypto_pk_agreement with = {
            .peer = peer, .peer_len = sm2 ? 128 : 64, .ephemeral = sm2 ? &e : NULL};
        for (int half = 0; half <= sm2; half++)
            for (int wrong = 0; wrong < 6; wrong++) {
                memcpy(peer, other + 32, 64);
                memcpy(peer + 64, other + 32, 64);
                uint8_t *point = peer + 64 * half;
                if (wrong == 1)
                    point[63] ^= 1;
                else if (wrong == 2)
                    memset(point, 0, 64);
                else if (wrong == 3)
                    memset(point, 0xFF, 32);
                else if (wrong == 4)
                    memset(point + 32, 0xFF, 32);
                else if (wrong == 5)
                    memset(point + 32, 0, 32);
                assert_int_equal(crypto_pk_agree(&rng, &a, scheme, &with, key, 16, tags),
                                 wrong ? ONECARD_E_FORMAT : ONECARD_OK);
            }
        with.peer_len--;
        assert_int_equal(crypto_pk_agree(&rng, &a, scheme, &with, key, 16, tags), ONECARD_E_PARAM);
        with.peer_len++;
        assert_int_equal(
            crypto_pk_agree(&rng, &a, sm2 ? CRYPTO_PK_ECDH : CRYPTO_PK_SM2, &with, key, 16, tags),
            ONECARD_E_PARAM);
        assert_int_equal(crypto_pk_agree(&rng, &a, scheme, &with, key, 0, tags), ONECARD_E_PARAM);
        with.ephemeral = NULL;
        if (sm2)
            assert_int_equal(crypto_pk_agree(&rng, &a, scheme, &with, key, 16, tags),
                             ONECARD_E_PARAM);
    }
}

/* Lengths come from the table only. */
static void test_lengths(void **state) {
    (void)state;
    assert_int_equal(crypto_pk_value_len(CRYPTO_RSA, 128), 132);
    assert_int_equal(crypto_pk_private_len(CRYPTO_RSA, 256), CRYPTO_PK_PRIVATE_MAX);
    assert_int_equal(crypto_pk_public_len(CRYPTO_RSA, 256), CRYPTO_PK_PUBLIC_MAX);
    assert_int_equal(crypto_pk_private_len(CRYPTO_SM2, 32), 96);
    assert_int_equal(crypto_pk_public_len(CRYPTO_P256, 32), 64);
    static const struct {
        enum crypto_alg alg;
        uint32_t size;
    } none[] = {{CRYPTO_RSA, 0},   {CRYPTO_RSA, 126}, {CRYPTO_RSA, 129},  {CRYPTO_RSA, 258},
                {CRYPTO_P256, 31}, {CRYPTO_SM2, 48},  {CRYPTO_AES128, 16}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(crypto_pk_value_len(none[i].alg, none[i].size), 0);
        assert_int_equal(crypto_pk_private_len(none[i].alg, none[i].size), 0);
        assert_int_equal(crypto_pk_public_len(none[i].alg, none[i].size), 0);
    }
    for (uint32_t len = 0; len < 600; len++) {
        const uint32_t size = crypto_pk_size_of_value(CRYPTO_RSA, len);
        assert_int_equal(size, len >= 132 && len <= 260 && len % 2 == 0 ? len - 4 : 0);
        assert_int_equal(crypto_pk_size_of_value(CRYPTO_SM2, len), len == 32 ? 32 : 0);
        assert_int_equal(crypto_pk_size_of_public(CRYPTO_P256, len), len == 64 ? 32 : 0);
        assert_int_equal(crypto_pk_size_of_public(CRYPTO_AES128, len), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pkcs1_encryption),
        cmocka_unit_test(test_wrong_padding_is_not_told),
        cmocka_unit_test(test_raw),
        cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_fault_at_rest_gives_no_signature),
        cmocka_unit_test(test_fault_at_rest_of_curves),
        cmocka_unit_test(test_x963),
        cmocka_unit_test(test_bad_points_of_a_peer),
        cmocka_unit_test(test_lengths),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
