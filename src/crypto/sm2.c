/* SM2 keys, nonces and signatures (GB/T 32918.1 and .2). */
#include "crypto/sm2.h"

#include <string.h>

#include "base/bytes.h"
#include "crypto/sm2_scalar.h"

/* ---- nonces ---- */

static void nonce_block(const uint8_t *secret, const uint8_t fresh[32], const uint8_t message[32],
                        uint8_t counter, uint8_t out[32]) {
    struct crypto_hmac hmac;
    (void)crypto_hmac_start(&hmac, CRYPTO_SM3, secret, secret != NULL ? 32 : 0);
    crypto_hmac_update(&hmac, &counter, 1);
    crypto_hmac_update(&hmac, fresh, 32);
    crypto_hmac_update(&hmac, message, 32);
    crypto_hmac_finish(&hmac, out);
}

enum onecard_err sm2_nonce_make(struct crypto_random *random, const uint8_t *secret,
                                const uint8_t message[32], struct sm2_nonce *out) {
    uint8_t fresh[32], wide[96];
    enum onecard_err err = crypto_random_bytes(random, fresh, sizeof fresh);
    if (err != ONECARD_OK)
        return err;
    for (uint8_t i = 0; i < 3; i++)
        nonce_block(secret, fresh, message, i, wide + 32 * i);
    sm2_scalar_from_wide(&out->k, wide); /* 512 bits: no bias worth the name */
    sm2_num_from_bytes(&out->blind, wide + 64);
    sm2_num_reduce_once(&out->blind, &out->blind, 0, &sm2_p);
    if (sm2_num_is_zero(&out->k) || sm2_num_is_zero(&out->blind))
        err = ONECARD_E_IO; /* one in 2^256: a fault */
    bytes_wipe(fresh, sizeof fresh);
    bytes_wipe(wide, sizeof wide);
    return err;
}

/* ---- keys ---- */

bool sm2_private_from_bytes(struct sm2_num *d, const uint8_t bytes[32]) {
    static const struct sm2_num one = SM2_NUM(1, 0, 0, 0, 0, 0, 0, 0);
    struct sm2_num next;
    if (!sm2_scalar_from_bytes(d, bytes))
        return false;
    sm2_scalar_add(&next, d, &one);
    bool good = sm2_num_is_zero(&next) == 0;
    if (!good)
        bytes_wipe(d, sizeof *d);
    bytes_wipe(&next, sizeof next);
    return good;
}

static bool base_affine(struct sm2_affine *r, const struct sm2_num *k,
                        const struct sm2_num *blind) {
    struct sm2_point point;
    sm2_point_base(&point, k, blind);
    bool good = sm2_point_to_affine(r, &point);
    bytes_wipe(&point, sizeof point);
    return good;
}

enum onecard_err crypto_sm2_public(struct crypto_random *random, const uint8_t private_key[32],
                                   uint8_t public_key[64]) {
    static const uint8_t label[32] = "public";
    struct sm2_num d;
    struct sm2_nonce nonce;
    struct sm2_affine point;
    if (!sm2_private_from_bytes(&d, private_key))
        return ONECARD_E_PARAM;
    enum onecard_err err = sm2_nonce_make(random, private_key, label, &nonce);
    if (err == ONECARD_OK && !base_affine(&point, &d, &nonce.blind))
        err = ONECARD_E_IO;
    if (err == ONECARD_OK)
        sm2_affine_to_bytes(public_key, &point);
    bytes_wipe(&d, sizeof d);
    bytes_wipe(&nonce, sizeof nonce);
    return err;
}

enum onecard_err crypto_sm2_generate(struct crypto_random *random, uint8_t private_key[32],
                                     uint8_t public_key[64]) {
    static const uint8_t label[32] = "generate";
    struct sm2_nonce nonce;
    enum onecard_err err = sm2_nonce_make(random, NULL, label, &nonce);
    if (err == ONECARD_OK) {
        sm2_num_to_bytes(private_key, &nonce.k);
        err = crypto_sm2_public(random, private_key, public_key);
        if (err == ONECARD_E_PARAM)
            err = ONECARD_E_IO; /* n - 1: one in 2^256 */
    }
    if (err != ONECARD_OK)
        bytes_wipe(private_key, 32);
    bytes_wipe(&nonce, sizeof nonce);
    return err;
}

enum onecard_err crypto_sm2_check(const uint8_t public_key[64]) {
    struct sm2_affine point;
    return sm2_affine_from_bytes(&point, public_key) ? ONECARD_OK : ONECARD_E_FORMAT;
}

/* ---- Z and the message digest (GB/T 32918.2, 5.5 and 6.1) ---- */

#define ID_MAX 8191 /* its length in bits has 16 bits */

enum onecard_err crypto_sm2_z(const uint8_t *id, size_t id_len, const uint8_t public_key[64],
                              uint8_t z[32]) {
    /* a, b, xG, yG */
    static const uint8_t curve[128] = {
        0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFC, 0x28, 0xE9, 0xFA, 0x9E, 0x9D, 0x9F, 0x5E, 0x34, 0x4D, 0x5A, 0x9E, 0x4B, 0xCF,
        0x65, 0x09, 0xA7, 0xF3, 0x97, 0x89, 0xF5, 0x15, 0xAB, 0x8F, 0x92, 0xDD, 0xBC, 0xBD, 0x41,
        0x4D, 0x94, 0x0E, 0x93, 0x32, 0xC4, 0xAE, 0x2C, 0x1F, 0x19, 0x81, 0x19, 0x5F, 0x99, 0x04,
        0x46, 0x6A, 0x39, 0xC9, 0x94, 0x8F, 0xE3, 0x0B, 0xBF, 0xF2, 0x66, 0x0B, 0xE1, 0x71, 0x5A,
        0x45, 0x89, 0x33, 0x4C, 0x74, 0xC7, 0xBC, 0x37, 0x36, 0xA2, 0xF4, 0xF6, 0x77, 0x9C, 0x59,
        0xBD, 0xCE, 0xE3, 0x6B, 0x69, 0x21, 0x53, 0xD0, 0xA9, 0x87, 0x7C, 0xC6, 0x2A, 0x47, 0x40,
        0x02, 0xDF, 0x32, 0xE5, 0x21, 0x39, 0xF0, 0xA0};
    static const uint8_t default_id[16] = {'1', '2', '3', '4', '5', '6', '7', '8',
                                           '1', '2', '3', '4', '5', '6', '7', '8'};
    struct crypto_digest digest;
    uint8_t bits[2];
    if (id == NULL) {
        id = default_id;
        id_len = sizeof default_id;
    }
    if (id_len > ID_MAX)
        return ONECARD_E_PARAM;
    put_be16(bits, (uint16_t)(id_len * 8));
    (void)crypto_digest_start(&digest, CRYPTO_SM3);
    crypto_digest_update(&digest, bits, 2);
    crypto_digest_update(&digest, id, id_len);
    crypto_digest_update(&digest, curve, sizeof curve);
    crypto_digest_update(&digest, public_key, 64);
    crypto_digest_finish(&digest, z);
    return ONECARD_OK;
}

enum onecard_err crypto_sm2_digest_start(struct crypto_digest *digest, const uint8_t *id,
                                         size_t id_len, const uint8_t public_key[64]) {
    uint8_t z[32];
    enum onecard_err err = crypto_sm2_z(id, id_len, public_key, z);
    if (err != ONECARD_OK)
        return err;
    (void)crypto_digest_start(digest, CRYPTO_SM3);
    crypto_digest_update(digest, z, sizeof z);
    return ONECARD_OK;
}

/* ---- signatures (GB/T 32918.2, 6 and 7) ---- */

/* r = e + x mod n */
static void digest_plus_x(struct sm2_num *r, const uint8_t digest[32], const struct sm2_affine *a) {
    struct sm2_num e, x;
    sm2_num_from_bytes(&e, digest);
    sm2_scalar_reduce(&e, &e);
    sm2_field_to_num(&x, &a->x);
    sm2_scalar_reduce(&x, &x); /* p < 2 n */
    sm2_scalar_add(r, &e, &x);
}

bool sm2_sign_with(const struct sm2_num *d, const uint8_t digest[32], const struct sm2_nonce *nonce,
                   uint8_t signature[64]) {
    static const struct sm2_num one = SM2_NUM(1, 0, 0, 0, 0, 0, 0, 0);
    struct sm2_affine point;
    struct sm2_num r, s, t, inverse;
    if (!base_affine(&point, &nonce->k, &nonce->blind))
        return false;
    digest_plus_x(&r, digest, &point);
    sm2_scalar_add(&t, &r, &nonce->k);
    /* s = (k - r d) / (1 + d) = (k + r) / (1 + d) - r: d is used once, in a sum */
    sm2_scalar_add(&inverse, d, &one);
    sm2_scalar_inv(&inverse, &inverse);
    sm2_scalar_mul(&s, &t, &inverse);
    sm2_scalar_sub(&s, &s, &r);
    bool good = !(sm2_num_is_zero(&r) | sm2_num_is_zero(&t) | sm2_num_is_zero(&s));
    sm2_num_to_bytes(signature, &r);
    sm2_num_to_bytes(signature + 32, &s);
    bytes_wipe(&inverse, sizeof inverse);
    bytes_wipe(&t, sizeof t);
    return good;
}

bool sm2_sign_consistent(const struct sm2_num *d, const uint8_t public_key[64],
                         const uint8_t digest[32], const uint8_t signature[64],
                         const struct sm2_num *blind) {
    struct sm2_point point;
    struct sm2_affine own;
    struct sm2_num r, s, k, x;
    if (!sm2_scalar_from_bytes(&r, signature) || !sm2_scalar_from_bytes(&s, signature + 32) ||
        !sm2_affine_from_bytes(&own, public_key))
        return false;
    sm2_scalar_add(&k, &r, &s);
    sm2_scalar_mul(&k, &k, d);
    sm2_scalar_add(&k, &k, &s);
    sm2_num_from_bytes(&x, digest);
    sm2_scalar_reduce(&x, &x);
    sm2_scalar_sub(&x, &r, &x);
    sm2_point_base(&point, &k, blind);
    bool good = sm2_point_has_x(&point, &x);
    sm2_point_base(&point, d, blind);
    good = sm2_point_is(&point, &own) && good;
    bytes_wipe(&point, sizeof point);
    bytes_wipe(&k, sizeof k);
    return good;
}

enum onecard_err crypto_sm2_sign(struct crypto_random *random, const uint8_t private_key[32],
                                 const uint8_t public_key[64], const uint8_t digest[32],
                                 uint8_t signature[64]) {
    struct sm2_num d;
    struct sm2_nonce nonce;
    if (!sm2_private_from_bytes(&d, private_key))
        return ONECARD_E_PARAM;
    enum onecard_err err = sm2_nonce_make(random, private_key, digest, &nonce);
    if (err == ONECARD_OK) {
        bool good = sm2_sign_with(&d, digest, &nonce, signature);
        sm2_field_sqr(&nonce.blind, &nonce.blind); /* other coordinates for the check */
        good = sm2_sign_consistent(&d, public_key, digest, signature, &nonce.blind) && good;
        if (!good)
            err = ONECARD_E_IO;
    }
    if (err != ONECARD_OK)
        bytes_wipe(signature, 64);
    bytes_wipe(&d, sizeof d);
    bytes_wipe(&nonce, sizeof nonce);
    return err;
}

enum onecard_err crypto_sm2_verify(const uint8_t public_key[64], const uint8_t digest[32],
                                   const uint8_t signature[64]) {
    struct sm2_affine point;
    struct sm2_num r, s, t, e, x;
    if (!sm2_affine_from_bytes(&point, public_key))
        return ONECARD_E_FORMAT;
    if (!sm2_scalar_from_bytes(&r, signature) || !sm2_scalar_from_bytes(&s, signature + 32))
        return ONECARD_E_WRONG;
    sm2_scalar_add(&t, &r, &s);
    if (sm2_num_is_zero(&t))
        return ONECARD_E_WRONG;
    sm2_num_from_bytes(&e, digest);
    sm2_scalar_reduce(&e, &e);
    sm2_scalar_sub(&x, &r, &e);
    return sm2_point_verify(&s, &t, &point, &x) ? ONECARD_OK : ONECARD_E_WRONG;
}
