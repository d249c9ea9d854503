/* SM2 public-key encryption (GB/T 32918.4) and key agreement (GB/T 32918.3). */
#include "crypto/sm2.h"

#include <string.h>

#include "base/bytes.h"
#include "crypto/sm2_scalar.h"

uint8_t sm2_kdf_xor(const struct crypto_digest *z, uint8_t *out, size_t len) {
    uint8_t block[32], any = 0;
    for (uint32_t counter = 1; len > 0; counter++) {
        struct crypto_digest digest = *z;
        uint8_t bytes[4];
        size_t n = len < sizeof block ? len : sizeof block;
        put_be32(bytes, counter);
        crypto_digest_update(&digest, bytes, 4);
        crypto_digest_finish(&digest, block);
        for (size_t i = 0; i < n; i++) {
            any |= block[i];
            out[i] ^= block[i];
        }
        out += n;
        len -= n;
    }
    bytes_wipe(block, sizeof block);
    return any;
}

/* xy = the affine coordinates of k a. False on a fault (a is on the curve, k is not 0). */
static bool multiply(const struct sm2_num *k, const struct sm2_affine *a,
                     const struct sm2_num *blind, uint8_t xy[64]) {
    struct sm2_point point;
    struct sm2_affine affine;
    sm2_point_mul(&point, k, a, blind);
    bool good = sm2_point_to_affine(&affine, &point);
    sm2_affine_to_bytes(xy, &affine);
    bytes_wipe(&point, sizeof point);
    bytes_wipe(&affine, sizeof affine);
    return good;
}

/* C3 = SM3(x2 message y2) */
static void tag(const uint8_t xy[64], const uint8_t *message, size_t len, uint8_t out[32]) {
    struct crypto_digest digest;
    (void)crypto_digest_start(&digest, CRYPTO_SM3);
    crypto_digest_update(&digest, xy, 32);
    crypto_digest_update(&digest, message, len);
    crypto_digest_update(&digest, xy + 32, 32);
    crypto_digest_finish(&digest, out);
}

/* Encipher with one nonce; false if the key stream is all zeros (6.1 A5), or on a fault. */
static bool encrypt_with(const struct sm2_nonce *nonce, const struct sm2_affine *to,
                         const uint8_t *message, size_t len, uint8_t *out) {
    struct sm2_point c1;
    struct sm2_affine affine;
    struct crypto_digest z;
    uint8_t xy[64];
    sm2_point_base(&c1, &nonce->k, &nonce->blind);
    if (!sm2_point_to_affine(&affine, &c1) || !multiply(&nonce->k, to, &nonce->blind, xy))
        return false;
    out[0] = 0x04;
    sm2_affine_to_bytes(out + 1, &affine);
    tag(xy, message, len, out + 65);
    memmove(out + 97, message, len);
    (void)crypto_digest_start(&z, CRYPTO_SM3);
    crypto_digest_update(&z, xy, sizeof xy);
    uint8_t any = sm2_kdf_xor(&z, out + 97, len);
    bytes_wipe(&z, sizeof z);
    bytes_wipe(xy, sizeof xy);
    return any != 0;
}

enum onecard_err crypto_sm2_encrypt(struct crypto_random *random, const uint8_t public_key[64],
                                    const uint8_t *message, size_t len, uint8_t *out) {
    struct sm2_affine to;
    uint8_t digest[32];
    if (len == 0)
        return ONECARD_E_PARAM;
    if (!sm2_affine_from_bytes(&to, public_key))
        return ONECARD_E_FORMAT;
    (void)crypto_digest_once(CRYPTO_SM3, message, len, digest);
    /* A short message can meet a key stream of zeros: once in 256 for one byte. */
    for (int attempt = 0; attempt < 64; attempt++) {
        struct sm2_nonce nonce;
        enum onecard_err err = sm2_nonce_make(random, digest, public_key, &nonce);
        if (err != ONECARD_OK)
            return err;
        bool good = encrypt_with(&nonce, &to, message, len, out);
        bytes_wipe(&nonce, sizeof nonce);
        if (good)
            return ONECARD_OK;
    }
    bytes_wipe(out, len + CRYPTO_SM2_OVERHEAD);
    return ONECARD_E_IO;
}

enum onecard_err crypto_sm2_decrypt(struct crypto_random *random, const uint8_t private_key[32],
                                    const uint8_t *in, size_t in_len, uint8_t *out) {
    struct sm2_num d;
    struct sm2_nonce nonce;
    struct sm2_affine c1;
    struct crypto_digest z;
    uint8_t xy[64], check[32], label[32] = "decrypt";
    if (in_len <= CRYPTO_SM2_OVERHEAD || in[0] != 0x04 || !sm2_affine_from_bytes(&c1, in + 1))
        return ONECARD_E_FORMAT;
    if (!sm2_private_from_bytes(&d, private_key))
        return ONECARD_E_PARAM;
    const size_t len = in_len - CRYPTO_SM2_OVERHEAD;
    enum onecard_err err = sm2_nonce_make(random, private_key, label, &nonce);
    if (err == ONECARD_OK && !multiply(&d, &c1, &nonce.blind, xy))
        err = ONECARD_E_IO;
    if (err == ONECARD_OK) {
        memcpy(out, in + CRYPTO_SM2_OVERHEAD, len);
        (void)crypto_digest_start(&z, CRYPTO_SM3);
        crypto_digest_update(&z, xy, sizeof xy);
        uint8_t any = sm2_kdf_xor(&z, out, len);
        tag(xy, out, len, check);
        if (any == 0 || !bytes_equal_ct(check, in + 65, 32)) {
            bytes_wipe(out, len);
            err = ONECARD_E_WRONG;
        }
        bytes_wipe(&z, sizeof z);
    }
    bytes_wipe(&d, sizeof d);
    bytes_wipe(&nonce, sizeof nonce);
    bytes_wipe(xy, sizeof xy);
    return err;
}

/* ---- key agreement ---- */

/* 2^127 + (x mod 2^127) (6.1 A4) */
static void half_x(struct sm2_num *r, const uint8_t xy[64]) {
    uint8_t bytes[32] = {0};
    memcpy(bytes + 16, xy + 16, 16);
    bytes[16] |= 0x80;
    sm2_num_from_bytes(r, bytes);
}

/* t = d + x r mod n, x from the own ephemeral point (6.1 A5). */
static void own_scalar(struct sm2_num *t, const struct sm2_num *d, const struct sm2_num *r,
                       const uint8_t ephemeral_public[64]) {
    struct sm2_num x;
    half_x(&x, ephemeral_public);
    sm2_scalar_mul(t, &x, r);
    sm2_scalar_add(t, t, d);
}

/* P + x R of the peer, all public; false if it is infinite. */
static bool peer_point(struct sm2_affine *r, const struct sm2_affine *peer,
                       const struct sm2_affine *ephemeral, const uint8_t ephemeral_bytes[64]) {
    struct sm2_num x;
    struct sm2_point sum;
    half_x(&x, ephemeral_bytes);
    sm2_point_mul(&sum, &x, ephemeral, &sm2_field_one);
    sm2_point_add_affine(&sum, &sum, peer);
    return sm2_point_to_affine(r, &sum);
}

/* S = SM3(prefix yU SM3(xU ZA ZB x1 y1 x2 y2)) (6.1 A9, A10) */
static void confirmation(uint8_t prefix, const uint8_t u[64], const uint8_t inner[32],
                         uint8_t out[32]) {
    struct crypto_digest digest;
    (void)crypto_digest_start(&digest, CRYPTO_SM3);
    crypto_digest_update(&digest, &prefix, 1);
    crypto_digest_update(&digest, u + 32, 32);
    crypto_digest_update(&digest, inner, 32);
    crypto_digest_finish(&digest, out);
}

static void derive(const struct crypto_sm2_agreement *a, const uint8_t u[64], uint8_t *key,
                   size_t key_len, uint8_t own_tag[32], uint8_t peer_tag[32]) {
    const uint8_t *z_first = a->initiator ? a->own_z : a->peer_z;
    const uint8_t *z_second = a->initiator ? a->peer_z : a->own_z;
    const uint8_t *first = a->initiator ? a->own_ephemeral_public : a->peer_ephemeral_public;
    const uint8_t *second = a->initiator ? a->peer_ephemeral_public : a->own_ephemeral_public;
    struct crypto_digest digest;
    uint8_t inner[32];
    (void)crypto_digest_start(&digest, CRYPTO_SM3);
    crypto_digest_update(&digest, u, 64);
    crypto_digest_update(&digest, z_first, 32);
    crypto_digest_update(&digest, z_second, 32);
    memset(key, 0, key_len);
    (void)sm2_kdf_xor(&digest, key, key_len);
    (void)crypto_digest_start(&digest, CRYPTO_SM3);
    crypto_digest_update(&digest, u, 32);
    crypto_digest_update(&digest, z_first, 32);
    crypto_digest_update(&digest, z_second, 32);
    crypto_digest_update(&digest, first, 64);
    crypto_digest_update(&digest, second, 64);
    crypto_digest_finish(&digest, inner);
    /* The responder's tag has 02, the initiator's 03. */
    confirmation(a->initiator ? 0x03 : 0x02, u, inner, own_tag);
    confirmation(a->initiator ? 0x02 : 0x03, u, inner, peer_tag);
    bytes_wipe(inner, sizeof inner);
}

enum onecard_err crypto_sm2_agree(struct crypto_random *random,
                                  const struct crypto_sm2_agreement *a, uint8_t *key,
                                  size_t key_len, uint8_t own_tag[32], uint8_t peer_tag[32]) {
    struct sm2_num d, r, t;
    struct sm2_affine peer, ephemeral, sum;
    struct sm2_nonce nonce;
    uint8_t u[64];
    if (!sm2_affine_from_bytes(&peer, a->peer_public) ||
        !sm2_affine_from_bytes(&ephemeral, a->peer_ephemeral_public) ||
        !peer_point(&sum, &peer, &ephemeral, a->peer_ephemeral_public))
        return ONECARD_E_FORMAT;
    bool good = sm2_private_from_bytes(&d, a->own_private);
    good = sm2_scalar_from_bytes(&r, a->own_ephemeral_private) && good;
    enum onecard_err err = good ? ONECARD_OK : ONECARD_E_PARAM;
    if (err == ONECARD_OK)
        err = sm2_nonce_make(random, a->own_private, a->peer_ephemeral_public, &nonce);
    if (err == ONECARD_OK) {
        own_scalar(&t, &d, &r, a->own_ephemeral_public);
        if (sm2_num_is_zero(&t) || !multiply(&t, &sum, &nonce.blind, u))
            err = ONECARD_E_IO;
        else
            derive(a, u, key, key_len, own_tag, peer_tag);
        bytes_wipe(&nonce, sizeof nonce);
    }
    bytes_wipe(&d, sizeof d);
    bytes_wipe(&r, sizeof r);
    bytes_wipe(&t, sizeof t);
    bytes_wipe(u, sizeof u);
    return err;
}
