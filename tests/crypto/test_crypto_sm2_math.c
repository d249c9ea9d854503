/* The numbers under SM2: field, scalars and points beside OpenSSL, with their edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "crypto/hex.h"
#include "crypto/sm2_point.h"
#include "crypto/sm2_scalar.h"

/* Random cases of each kind; test_crypto_sm2_limb32.c takes fewer. */
#ifndef CASES
#define CASES 4000
#endif

static const uint8_t p_bytes[32] = {
    0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

struct oracle {
    BN_CTX *ctx;
    BIGNUM *p, *n;
    EC_GROUP *group;
};

static struct oracle oracle;

static int setup(void **state) {
    (void)state;
    oracle.ctx = BN_CTX_new();
    oracle.group = EC_GROUP_new_by_curve_name(NID_sm2);
    oracle.p = BN_bin2bn(p_bytes, 32, NULL);
    oracle.n = BN_dup(EC_GROUP_get0_order(oracle.group));
    return oracle.group == NULL;
}

static int teardown(void **state) {
    (void)state;
    BN_free(oracle.p);
    BN_free(oracle.n);
    EC_GROUP_free(oracle.group);
    BN_CTX_free(oracle.ctx);
    return 0;
}

/* Numbers worth trying: near 0, near the modulus, words of ones and zeros; else random. Below m. */
static BIGNUM *pick(struct noise *noise, const BIGNUM *m) {
    uint8_t bytes[32];
    BIGNUM *a;
    switch (noise_below(noise, 6)) {
    case 0:
        a = BN_new();
        BN_set_word(a, noise_below(noise, 5));
        break;
    case 1:
        a = BN_dup(m);
        BN_sub_word(a, 1 + noise_below(noise, 5));
        break;
    case 2:
        for (int i = 0; i < 32; i += 4)
            memset(bytes + i, noise_below(noise, 2) ? 0xFF : 0, 4);
        a = BN_bin2bn(bytes, 32, NULL);
        break;
    default:
        noise_fill(noise, bytes, 32);
        a = BN_bin2bn(bytes, 32, NULL);
    }
    BN_mod(a, a, m, oracle.ctx);
    return a;
}

static void bytes_of(uint8_t out[32], const BIGNUM *a) {
    BN_bn2binpad(a, out, 32);
}

static void field_is(const struct sm2_num *got, const BIGNUM *want) {
    uint8_t g[32], w[32];
    sm2_field_to_bytes(g, got);
    bytes_of(w, want);
    assert_memory_equal(g, w, 32);
}

static void num_is(const struct sm2_num *got, const BIGNUM *want) {
    uint8_t g[32], w[32];
    sm2_num_to_bytes(g, got);
    bytes_of(w, want);
    assert_memory_equal(g, w, 32);
}

static void test_field(void **state) {
    (void)state;
    struct noise noise = {21};
    BIGNUM *want = BN_new();
    for (int i = 0; i < CASES; i++) {
        BIGNUM *a = pick(&noise, oracle.p), *b = pick(&noise, oracle.p);
        uint8_t bytes[32];
        struct sm2_num x, y, r;
        bytes_of(bytes, a);
        assert_true(sm2_field_from_bytes(&x, bytes));
        bytes_of(bytes, b);
        assert_true(sm2_field_from_bytes(&y, bytes));
        sm2_field_mul(&r, &x, &y);
        BN_mod_mul(want, a, b, oracle.p, oracle.ctx);
        field_is(&r, want);
        sm2_field_sqr(&r, &x);
        BN_mod_sqr(want, a, oracle.p, oracle.ctx);
        field_is(&r, want);
        sm2_field_add(&r, &x, &y);
        BN_mod_add(want, a, b, oracle.p, oracle.ctx);
        field_is(&r, want);
        sm2_field_sub(&r, &x, &y);
        BN_mod_sub(want, a, b, oracle.p, oracle.ctx);
        field_is(&r, want);
        if (i % 8 == 0) {
            sm2_field_inv(&r, &x);
            if (BN_is_zero(a))
                BN_zero(want);
            else
                BN_mod_inverse(want, a, oracle.p, oracle.ctx);
            field_is(&r, want);
        }
        BN_free(a);
        BN_free(b);
    }
    BN_free(want);
}

static void test_field_range(void **state) {
    (void)state;
    uint8_t bytes[32];
    struct sm2_num r;
    memcpy(bytes, p_bytes, 32);
    assert_false(sm2_field_from_bytes(&r, bytes)); /* p */
    bytes[31]--;
    assert_true(sm2_field_from_bytes(&r, bytes)); /* p - 1 */
    memset(bytes, 0xFF, 32);
    assert_false(sm2_field_from_bytes(&r, bytes));
    memset(bytes, 0, 32);
    assert_true(sm2_field_from_bytes(&r, bytes));
    assert_true(sm2_num_is_zero(&r));
}

static void test_scalar(void **state) {
    (void)state;
    struct noise noise = {22};
    BIGNUM *want = BN_new();
    for (int i = 0; i < CASES; i++) {
        BIGNUM *a = pick(&noise, oracle.n), *b = pick(&noise, oracle.n);
        uint8_t bytes[64];
        struct sm2_num x, y, r;
        bytes_of(bytes, a);
        assert_int_equal(sm2_scalar_from_bytes(&x, bytes), !BN_is_zero(a));
        bytes_of(bytes, b);
        assert_int_equal(sm2_scalar_from_bytes(&y, bytes), !BN_is_zero(b));
        sm2_scalar_mul(&r, &x, &y);
        BN_mod_mul(want, a, b, oracle.n, oracle.ctx);
        num_is(&r, want);
        sm2_scalar_add(&r, &x, &y);
        BN_mod_add(want, a, b, oracle.n, oracle.ctx);
        num_is(&r, want);
        sm2_scalar_sub(&r, &x, &y);
        BN_mod_sub(want, a, b, oracle.n, oracle.ctx);
        num_is(&r, want);
        noise_fill(&noise, bytes, 64);
        if (i % 5 == 0)
            memset(bytes, 0xFF, 32 + 32 * (unsigned)(i % 2));
        sm2_scalar_from_wide(&r, bytes);
        BN_bin2bn(bytes, 64, want);
        BN_mod(want, want, oracle.n, oracle.ctx);
        num_is(&r, want);
        if (i % 8 == 0) {
            sm2_scalar_inv(&r, &x);
            if (BN_is_zero(a))
                BN_zero(want);
            else
                BN_mod_inverse(want, a, oracle.n, oracle.ctx);
            num_is(&r, want);
        }
        BN_free(a);
        BN_free(b);
    }
    BN_free(want);
}

static void test_scalar_range(void **state) {
    (void)state;
    uint8_t bytes[32];
    struct sm2_num r;
    bytes_of(bytes, oracle.n);
    assert_false(sm2_scalar_from_bytes(&r, bytes));
    bytes[31]--;
    assert_true(sm2_scalar_from_bytes(&r, bytes));
    memset(bytes, 0xFF, 32);
    assert_false(sm2_scalar_from_bytes(&r, bytes));
    assert_true(sm2_num_is_zero(&r));
}

/* x y of a point of OpenSSL; false if infinite */
static bool point_bytes(uint8_t out[64], const EC_POINT *point) {
    uint8_t raw[65];
    if (EC_POINT_point2oct(oracle.group, point, POINT_CONVERSION_UNCOMPRESSED, raw, 65,
                           oracle.ctx) != 65)
        return false;
    memcpy(out, raw + 1, 64);
    return true;
}

static void point_is(const struct sm2_point *got, const EC_POINT *want) {
    uint8_t g[64], w[64];
    struct sm2_affine affine;
    bool finite = point_bytes(w, want);
    assert_int_equal(sm2_point_to_affine(&affine, got), finite);
    if (finite) {
        sm2_affine_to_bytes(g, &affine);
        assert_memory_equal(g, w, 64);
    }
}

static void random_blind(struct noise *noise, struct sm2_num *blind) {
    uint8_t bytes[32];
    noise_fill(noise, bytes, 32);
    bytes[0] = 1;
    assert_true(sm2_field_from_bytes(blind, bytes));
}

static void load_num(struct sm2_num *r, const BIGNUM *a) {
    uint8_t bytes[32];
    bytes_of(bytes, a);
    sm2_num_from_bytes(r, bytes);
}

static void test_products(void **state) {
    (void)state;
    struct noise noise = {23};
    EC_POINT *want = EC_POINT_new(oracle.group), *base = EC_POINT_new(oracle.group);
    for (int i = 0; i < CASES / 4; i++) {
        BIGNUM *k = pick(&noise, oracle.n), *m = pick(&noise, oracle.n);
        struct sm2_num kn, blind;
        struct sm2_point r;
        uint8_t bytes[64];
        load_num(&kn, k);
        random_blind(&noise, &blind);
        sm2_point_base(&r, &kn, &blind);
        EC_POINT_mul(oracle.group, want, k, NULL, NULL, oracle.ctx);
        point_is(&r, want);
        if (!BN_is_zero(m)) {
            struct sm2_affine a;
            EC_POINT_mul(oracle.group, base, m, NULL, NULL, oracle.ctx);
            assert_true(point_bytes(bytes, base));
            assert_true(sm2_affine_from_bytes(&a, bytes));
            sm2_point_mul(&r, &kn, &a, &blind);
            EC_POINT_mul(oracle.group, want, NULL, base, k, oracle.ctx);
            point_is(&r, want);
        }
        BN_free(k);
        BN_free(m);
    }
    EC_POINT_free(want);
    EC_POINT_free(base);
}

/* Sums of all kinds: different, equal, opposite, infinite on either side. */
static void test_complete_sums(void **state) {
    (void)state;
    struct noise noise = {24};
    EC_POINT *want = EC_POINT_new(oracle.group);
    BIGNUM *k = BN_new();
    static const int small[] = {0, 1, 2, 3, -1, -2, -3};
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 7; j++) {
            struct sm2_point points[2], sum;
            struct sm2_num n, blind;
            const int both[2] = {small[i], small[j]};
            for (int s = 0; s < 2; s++) {
                BN_set_word(k, (BN_ULONG)(both[s] < 0 ? -both[s] : both[s]));
                if (both[s] < 0)
                    BN_sub(k, oracle.n, k);
                load_num(&n, k);
                random_blind(&noise, &blind);
                sm2_point_base(&points[s], &n, &blind);
            }
            BN_set_word(k, (BN_ULONG)(both[0] + both[1] + 10));
            BN_sub_word(k, 10);
            BN_nnmod(k, k, oracle.n, oracle.ctx);
            EC_POINT_mul(oracle.group, want, k, NULL, NULL, oracle.ctx);
            sm2_point_add(&sum, &points[0], &points[1]);
            point_is(&sum, want);
            struct sm2_affine a;
            if (sm2_point_to_affine(&a, &points[1])) {
                sm2_point_add_affine(&sum, &points[0], &a);
                point_is(&sum, want);
            }
        }
    BN_free(k);
    EC_POINT_free(want);
}

/* s G + t a with every relation between the two products that has a special case. */
static void test_joint(void **state) {
    (void)state;
    struct noise noise = {25};
    EC_POINT *want = EC_POINT_new(oracle.group), *base = EC_POINT_new(oracle.group);
    BIGNUM *x = BN_new(), *y = BN_new();
    for (int i = 0; i < CASES / 4; i++) {
        BIGNUM *s = pick(&noise, oracle.n), *t = pick(&noise, oracle.n);
        BIGNUM *m = pick(&noise, oracle.n);
        struct sm2_num sn, tn, xn;
        struct sm2_affine a;
        uint8_t bytes[64];
        if (BN_is_zero(m))
            BN_one(m);
        if (i % 4 == 0) { /* s = t m or s = -t m: the two products are equal or opposite */
            BN_mod_mul(s, t, m, oracle.n, oracle.ctx);
            if (i % 8 == 0)
                BN_mod_sub(s, oracle.n, s, oracle.n, oracle.ctx);
        }
        EC_POINT_mul(oracle.group, base, m, NULL, NULL, oracle.ctx);
        assert_true(point_bytes(bytes, base));
        assert_true(sm2_affine_from_bytes(&a, bytes));
        EC_POINT_mul(oracle.group, want, s, base, t, oracle.ctx);
        load_num(&sn, s);
        load_num(&tn, t);
        if (EC_POINT_is_at_infinity(oracle.group, want)) {
            memset(&xn, 0, sizeof xn);
            assert_false(sm2_point_verify(&sn, &tn, &a, &xn));
        } else {
            EC_POINT_get_affine_coordinates(oracle.group, want, x, y, oracle.ctx);
            BN_mod(x, x, oracle.n, oracle.ctx);
            load_num(&xn, x);
            assert_true(sm2_point_verify(&sn, &tn, &a, &xn));
            BN_mod_add(x, x, BN_value_one(), oracle.n, oracle.ctx);
            load_num(&xn, x);
            assert_false(sm2_point_verify(&sn, &tn, &a, &xn));
        }
        BN_free(s);
        BN_free(t);
        BN_free(m);
    }
    BN_free(x);
    BN_free(y);
    EC_POINT_free(want);
    EC_POINT_free(base);
}

/* A point whose x lies between n and p: its x modulo n is x - n. */
static void test_x_above_order(void **state) {
    (void)state;
    EC_POINT *point = EC_POINT_new(oracle.group);
    BIGNUM *x = BN_dup(oracle.n);
    BN_add_word(x, 1);
    while (!EC_POINT_set_compressed_coordinates(oracle.group, point, x, 0, oracle.ctx))
        BN_add_word(x, 1);
    assert_true(BN_cmp(x, oracle.p) < 0);
    uint8_t bytes[64];
    struct sm2_affine a;
    struct sm2_num s, t, want;
    assert_true(point_bytes(bytes, point));
    assert_true(sm2_affine_from_bytes(&a, bytes));
    BN_sub(x, x, oracle.n);
    load_num(&want, x);
    BN_zero(x);
    load_num(&s, x);
    BN_one(x);
    load_num(&t, x);
    assert_true(sm2_point_verify(&s, &t, &a, &want)); /* 0 G + 1 a */
    EC_POINT_free(point);
    BN_free(x);
}

static void test_off_curve(void **state) {
    (void)state;
    struct noise noise = {26};
    uint8_t bytes[64];
    struct sm2_affine a;
    struct sm2_num one = SM2_NUM(1, 0, 0, 0, 0, 0, 0, 0);
    struct sm2_point g;
    sm2_point_base(&g, &one, &sm2_field_one);
    assert_true(sm2_point_to_affine(&a, &g));
    sm2_affine_to_bytes(bytes, &a);
    for (int i = 0; i < 512; i++) { /* any flipped bit leaves the curve */
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_false(sm2_affine_from_bytes(&a, bytes));
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    assert_true(sm2_affine_from_bytes(&a, bytes));
    memset(bytes, 0, 64); /* (0, 0) is no way to write infinity */
    assert_false(sm2_affine_from_bytes(&a, bytes));
    memcpy(bytes, p_bytes, 32);
    assert_false(sm2_affine_from_bytes(&a, bytes));
    noise_fill(&noise, bytes, 64);
    assert_false(sm2_affine_from_bytes(&a, bytes));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_field),     cmocka_unit_test(test_field_range),
        cmocka_unit_test(test_scalar),    cmocka_unit_test(test_scalar_range),
        cmocka_unit_test(test_products),  cmocka_unit_test(test_complete_sums),
        cmocka_unit_test(test_joint),     cmocka_unit_test(test_x_above_order),
        cmocka_unit_test(test_off_curve),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
