/* The numbers under RSA's private operation, beside OpenSSL: random moduli of all lengths, numbers
 * at their edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/bn.h>

#include "crypto/hex.h"
#include "crypto/pk.h"
#include "crypto/rsa_math.h"

static struct noise noise = {91}, seed = {92};
static BN_CTX *bn;

static int setup(void **state) {
    (void)state;
    bn = BN_CTX_new();
    return bn == NULL;
}

static int teardown(void **state) {
    (void)state;
    BN_CTX_free(bn);
    return 0;
}

#define BYTES_MAX CRYPTO_RSA_MAX

/* A number of limbs and the same for OpenSSL. */
static BIGNUM *random_number(sm2_limb *a, uint32_t limbs, const BIGNUM *below) {
    uint8_t bytes[BYTES_MAX];
    const size_t len = limbs * sizeof *a;
    noise_fill(&noise, bytes, len);
    const size_t kind = noise_below(&noise, 8);
    if (kind == 0)
        memset(bytes, 0, len);
    else if (kind == 1)
        memset(bytes, 0xFF, len);
    BIGNUM *n = BN_bin2bn(bytes, (int)len, NULL);
    if (below != NULL) {
        if (kind == 1) { /* the largest */
            BN_copy(n, below);
            BN_sub_word(n, 1);
        } else {
            BN_mod(n, n, below, bn);
        }
    }
    assert_int_equal(BN_bn2binpad(n, bytes, (int)len), (int)len);
    rsa_from_bytes(a, limbs, bytes, len);
    return n;
}

static void expect(const BIGNUM *want, const sm2_limb *got, uint32_t limbs) {
    uint8_t a[BYTES_MAX], b[BYTES_MAX];
    const size_t len = limbs * sizeof *got;
    assert_int_equal(BN_bn2binpad(want, a, (int)len), (int)len);
    rsa_to_bytes(b, len, got);
    assert_memory_equal(a, b, len);
}

/* An odd modulus whose highest bits may be zeros; R. */
static BIGNUM *random_modulus(struct rsa_modulus *mod, uint32_t limbs, BIGNUM **out_r) {
    sm2_limb m[RSA_LIMBS_MAX];
    BIGNUM *n = random_number(m, limbs, NULL);
    const uint32_t bits = limbs * SM2_LIMB_BITS - (uint32_t)noise_below(&noise, 2 * SM2_LIMB_BITS);
    BN_mask_bits(n, (int)bits);
    BN_set_bit(n, (int)bits - 1);
    BN_set_bit(n, 0);
    uint8_t bytes[BYTES_MAX];
    BN_bn2binpad(n, bytes, (int)(limbs * sizeof *m));
    rsa_from_bytes(m, limbs, bytes, limbs * sizeof *m);
    /* one bit, or some more, below the top */
    rsa_modulus_set(mod, m, limbs, bits - 1 - (uint32_t)noise_below(&noise, 3));
    *out_r = BN_new();
    BN_set_bit(*out_r, (int)(limbs * SM2_LIMB_BITS));
    return n;
}

static void test_products(void **state) {
    (void)state;
    for (int i = 0; i < 4000; i++) {
        const uint32_t limbs = 3 + (uint32_t)noise_below(&noise, RSA_LIMBS_MAX - 2);
        struct rsa_modulus mod;
        BIGNUM *r, *m = random_modulus(&mod, limbs, &r), *want = BN_new(), *inverse = BN_new();
        sm2_limb a[RSA_LIMBS_MAX], b[RSA_LIMBS_MAX], got[RSA_LIMBS_MAX];
        assert_non_null(BN_mod_inverse(inverse, r, m, bn));
        /* any a below R, b below m */
        BIGNUM *x = random_number(a, limbs, i % 2 ? m : NULL), *y = random_number(b, limbs, m);
        rsa_mul(got, a, b, &mod);
        BN_mod_mul(want, x, y, m, bn);
        BN_mod_mul(want, want, inverse, m, bn);
        expect(want, got, limbs);
        rsa_mul(b, b, b, &mod); /* over its inputs */
        BN_mod_sqr(want, y, m, bn);
        BN_mod_mul(want, want, inverse, m, bn);
        expect(want, b, limbs);
        if (i % 2) {
            rsa_sub(got, a, got, &mod);
            BN_mod_mul(want, x, y, m, bn);
            BN_mod_mul(want, want, inverse, m, bn);
            BN_mod_sub(want, x, want, m, bn);
            expect(want, got, limbs);
        }
        BN_free(x);
        BN_free(y);
        BN_free(m);
        BN_free(r);
        BN_free(want);
        BN_free(inverse);
    }
}

/* Into Montgomery form from any length up to twice the modulus's, and out. */
static void test_in_and_out(void **state) {
    (void)state;
    for (int i = 0; i < 2000; i++) {
        const uint32_t limbs = 3 + (uint32_t)noise_below(&noise, RSA_LIMBS_MAX - 2);
        uint32_t longer = 1 + (uint32_t)noise_below(&noise, 2 * limbs);
        if (longer > RSA_LIMBS_MAX)
            longer = RSA_LIMBS_MAX;
        struct rsa_modulus mod;
        sm2_limb a[RSA_LIMBS_MAX], got[RSA_LIMBS_MAX];
        BIGNUM *r, *m = random_modulus(&mod, limbs, &r), *x = random_number(a, longer, NULL);
        BIGNUM *want = BN_new();
        rsa_enter(got, a, longer, &mod);
        BN_mod_mul(want, x, r, m, bn);
        expect(want, got, limbs);
        rsa_leave(got, got, &mod);
        BN_mod(want, x, m, bn);
        expect(want, got, limbs);
        BN_free(x);
        BN_free(m);
        BN_free(r);
        BN_free(want);
    }
}

static void test_powers(void **state) {
    (void)state;
    for (int i = 0; i < 300; i++) {
        const uint32_t limbs = 3 + (uint32_t)noise_below(&noise, 8);
        const uint32_t exponent_limbs = 1 + (uint32_t)noise_below(&noise, 4);
        struct rsa_modulus mod;
        sm2_limb a[RSA_LIMBS_MAX], e[RSA_LIMBS_MAX], got[RSA_LIMBS_MAX];
        BIGNUM *r, *m = random_modulus(&mod, limbs, &r), *x = random_number(a, limbs, m);
        BIGNUM *power = random_number(e, exponent_limbs, NULL), *want = BN_new();
        rsa_enter(got, a, limbs, &mod);
        rsa_power(got, got, e, exponent_limbs, &mod);
        rsa_leave(got, got, &mod);
        BN_mod_exp(want, x, power, m, bn);
        expect(want, got, limbs);
        const uint32_t small = i == 0 ? 1 : i == 1 ? 0xFFFFFFFF : (uint32_t)noise_next(&noise) | 1;
        rsa_enter(got, a, limbs, &mod);
        rsa_power_public(got, got, small, &mod);
        rsa_leave(got, got, &mod);
        BN_set_word(power, small);
        BN_mod_exp(want, x, power, m, bn);
        expect(want, got, limbs);
        BN_free(x);
        BN_free(m);
        BN_free(r);
        BN_free(power);
        BN_free(want);
    }
}

static void test_multiply_add(void **state) {
    (void)state;
    for (int i = 0; i < 2000; i++) {
        const uint32_t n = 1 + (uint32_t)noise_below(&noise, RSA_LIMBS_MAX / 2);
        const uint32_t k = 1 + (uint32_t)noise_below(&noise, RSA_LIMBS_MAX / 2);
        sm2_limb a[RSA_LIMBS_MAX], b[RSA_LIMBS_MAX], r[RSA_LIMBS_MAX] = {0};
        BIGNUM *x = random_number(a, n, NULL), *y = random_number(b, k, NULL);
        BIGNUM *z = random_number(r, n, NULL), *want = BN_new();
        rsa_multiply_add(r, a, n, b, k);
        BN_mul(want, x, y, bn);
        BN_add(want, want, z);
        expect(want, r, n + k);
        BN_free(x);
        BN_free(y);
        BN_free(z);
        BN_free(want);
    }
}

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return ONECARD_OK;
}

/* Moduli that do not fill their limbs, and exponents of all lengths: sign, and verify by mbedtls.
 */
static void test_sizes_and_exponents(void **state) {
    (void)state;
    static const struct {
        uint16_t size;
        uint32_t exponent;
    } keys[] = {{128, 3}, {130, 17}, {132, 0x7FFFFFFF}, {134, 65537}, {142, 0x00FFFFFF}};
    struct crypto_random rng;
    assert_int_equal(crypto_random_open(&rng, entropy, &seed, NULL, 0), ONECARD_OK);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        uint8_t bytes[CRYPTO_PK_PRIVATE_MAX], digest[32], signature[256];
        enum onecard_err err =
            crypto_pk_generate(&rng, CRYPTO_RSA, keys[i].size, keys[i].exponent, bytes);
        assert_int_equal(err, ONECARD_OK);
        const struct crypto_pk_key key = {CRYPTO_RSA, true, keys[i].size, bytes};
        for (int round = 0; round < 10; round++) {
            uint32_t len = sizeof signature;
            noise_fill(&noise, digest, sizeof digest);
            assert_int_equal(crypto_pk_sign(&rng, &key, CRYPTO_PK_PSS, CRYPTO_SHA256, digest, 32,
                                            signature, &len),
                             ONECARD_OK);
            assert_int_equal(
                crypto_pk_verify(&key, CRYPTO_PK_PSS, CRYPTO_SHA256, digest, 32, signature, len),
                ONECARD_OK);
        }
    }
    crypto_random_close(&rng);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_in_and_out),
        cmocka_unit_test(test_powers),
        cmocka_unit_test(test_multiply_add),
        cmocka_unit_test(test_sizes_and_exponents),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
