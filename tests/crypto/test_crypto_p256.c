/* P-256: signatures and agreement beside OpenSSL; edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>

#include "crypto/crypto.h"
#include "crypto/hex.h"

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return ONECARD_OK;
}

static struct noise seed = {51}, noise = {52};
static struct crypto_random rng;
static EC_GROUP *group;

static int setup(void **state) {
    (void)state;
    group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    return group == NULL || crypto_random_open(&rng, entropy, &seed, NULL, 0) != ONECARD_OK;
}

static int teardown(void **state) {
    (void)state;
    EC_GROUP_free(group);
    crypto_random_close(&rng);
    return 0;
}

/* k times a point (NULL: the base point), by OpenSSL */
static void openssl_mul(const uint8_t k[32], const uint8_t *point, uint8_t out[64]) {
    EC_POINT *r = EC_POINT_new(group), *p = EC_POINT_new(group);
    BIGNUM *n = BN_bin2bn(k, 32, NULL);
    uint8_t raw[65] = {4};
    if (point != NULL) {
        memcpy(raw + 1, point, 64);
        assert_int_equal(EC_POINT_oct2point(group, p, raw, 65, NULL), 1);
        EC_POINT_mul(group, r, NULL, p, n, NULL);
    } else {
        EC_POINT_mul(group, r, n, NULL, NULL, NULL);
    }
    assert_int_equal(EC_POINT_point2oct(group, r, POINT_CONVERSION_UNCOMPRESSED, raw, 65, NULL),
                     65);
    memcpy(out, raw + 1, 64);
    BN_free(n);
    EC_POINT_free(r);
    EC_POINT_free(p);
}

/* The equation of ECDSA, by OpenSSL: x(e/s G + r/s Q) = r mod n */
static bool openssl_verify(const uint8_t q[64], const uint8_t e[32], const uint8_t signature[64]) {
    BN_CTX *ctx = BN_CTX_new();
    const BIGNUM *n = EC_GROUP_get0_order(group);
    BIGNUM *r = BN_bin2bn(signature, 32, NULL), *s = BN_bin2bn(signature + 32, 32, NULL);
    BIGNUM *u = BN_bin2bn(e, 32, NULL), *v = BN_new(), *x = BN_new();
    EC_POINT *p = EC_POINT_new(group), *sum = EC_POINT_new(group);
    uint8_t raw[65] = {4};
    memcpy(raw + 1, q, 64);
    EC_POINT_oct2point(group, p, raw, 65, ctx);
    BN_mod_inverse(s, s, n, ctx);
    BN_mod_mul(u, u, s, n, ctx);
    BN_mod_mul(v, r, s, n, ctx);
    EC_POINT_mul(group, sum, u, p, v, ctx);
    EC_POINT_get_affine_coordinates(group, sum, x, NULL, ctx);
    BN_mod(x, x, n, ctx);
    bool good = BN_cmp(x, r) == 0;
    BN_free(r);
    BN_free(s);
    BN_free(u);
    BN_free(v);
    BN_free(x);
    EC_POINT_free(p);
    EC_POINT_free(sum);
    BN_CTX_free(ctx);
    return good;
}

static void test_beside_openssl(void **state) {
    (void)state;
    for (int i = cases(60); i > 0; i--) {
        uint8_t d[32], q[64], want[64], e[32], signature[64], d2[32], q2[64], z[32], z2[32];
        assert_int_equal(crypto_p256_generate(&rng, d, q), ONECARD_OK);
        openssl_mul(d, NULL, want);
        assert_memory_equal(q, want, 64);
        assert_int_equal(crypto_p256_public(&rng, d, want), ONECARD_OK);
        assert_memory_equal(q, want, 64);
        noise_fill(&noise, e, 32);
        assert_int_equal(crypto_p256_sign(&rng, d, q, e, 32, signature), ONECARD_OK);
        assert_true(openssl_verify(q, e, signature));
        assert_int_equal(crypto_p256_verify(q, e, 32, signature), ONECARD_OK);
        signature[noise_below(&noise, 64)] ^= (uint8_t)(1 << noise_below(&noise, 8));
        assert_int_equal(crypto_p256_verify(q, e, 32, signature), ONECARD_E_WRONG);
        assert_int_equal(crypto_p256_generate(&rng, d2, q2), ONECARD_OK);
        assert_int_equal(crypto_p256_agree(&rng, d, q2, z), ONECARD_OK);
        assert_int_equal(crypto_p256_agree(&rng, d2, q, z2), ONECARD_OK);
        assert_memory_equal(z, z2, 32);
        openssl_mul(d, q2, want);
        assert_memory_equal(z, want, 32);
        /* a key pair that does not match never signs */
        assert_int_equal(crypto_p256_sign(&rng, d, q2, e, 32, signature), ONECARD_E_IO);
    }
}

/* A right signature with r or s put to 0, n, n + 1, 2^256 - 1 and to each other; and its twin n -
 * s, which ECDSA takes as well. */
static void test_edges_of_signatures(void **state) {
    (void)state;
    static const char *const numbers[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000001",
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550",
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632552",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"};
    uint8_t d[32], q[64], e[32], good[64], signature[64];
    assert_int_equal(crypto_p256_generate(&rng, d, q), ONECARD_OK);
    noise_fill(&noise, e, 32);
    assert_int_equal(crypto_p256_sign(&rng, d, q, e, 32, good), ONECARD_OK);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (int half = 0; half < 2; half++) {
            memcpy(signature, good, 64);
            hex(signature + 32 * half, 32, numbers[i]);
            assert_int_equal(crypto_p256_verify(q, e, 32, signature), ONECARD_E_WRONG);
        }
    memcpy(signature, good + 32, 32);
    memcpy(signature + 32, good, 32);
    assert_int_equal(crypto_p256_verify(q, e, 32, signature), ONECARD_E_WRONG);
    BIGNUM *s = BN_bin2bn(good + 32, 32, NULL);
    BN_sub(s, EC_GROUP_get0_order(group), s);
    memcpy(signature, good, 32);
    BN_bn2binpad(s, signature + 32, 32);
    BN_free(s);
    assert_int_equal(crypto_p256_verify(q, e, 32, signature), ONECARD_OK);
}

static void test_edges(void **state) {
    (void)state;
    uint8_t d[32] = {0}, q[64], e[32] = {1}, signature[64] = {0}, z[32];
    assert_int_equal(crypto_p256_public(&rng, d, q), ONECARD_E_PARAM); /* 0 */
    d[31] = 1;
    assert_int_equal(crypto_p256_public(&rng, d, q), ONECARD_OK);
    hex(d, 32, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    assert_int_equal(crypto_p256_public(&rng, d, q), ONECARD_E_PARAM); /* n */
    d[31]--;
    assert_int_equal(crypto_p256_public(&rng, d, q), ONECARD_OK);               /* n - 1 */
    assert_int_equal(crypto_p256_verify(q, e, 32, signature), ONECARD_E_WRONG); /* r = s = 0 */
    memset(signature, 0xFF, 64);
    assert_int_equal(crypto_p256_verify(q, e, 32, signature), ONECARD_E_WRONG);
    assert_int_equal(crypto_p256_check(q), ONECARD_OK);
    q[63] ^= 1;
    assert_int_equal(crypto_p256_check(q), ONECARD_E_FORMAT);
    assert_int_equal(crypto_p256_verify(q, e, 32, signature), ONECARD_E_FORMAT);
    assert_int_equal(crypto_p256_agree(&rng, d, q, z), ONECARD_E_FORMAT);
    assert_int_equal(crypto_p256_sign(&rng, d, q, e, 32, signature), ONECARD_E_PARAM);
    memset(q, 0, 64);
    assert_int_equal(crypto_p256_check(q), ONECARD_E_FORMAT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beside_openssl),
        cmocka_unit_test(test_edges_of_signatures),
        cmocka_unit_test(test_edges),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
