/* SM2 in the shape of pk.h. */
#include "crypto/asymmetric.h"

#include <string.h>

#include "base/bytes.h"

static enum onecard_err sm2_generate(struct crypto_random *random, uint32_t size, uint32_t exponent,
                                     uint8_t *out) {
    (void)size;
    return exponent == 0 ? crypto_sm2_generate(random, out, out + 32) : ONECARD_E_PARAM;
}

static enum onecard_err sm2_import(struct crypto_random *random, uint32_t size,
                                   const uint8_t *value, uint8_t *out) {
    memmove(out, value, size);
    enum onecard_err err = crypto_sm2_public(random, out, out + size);
    if (err != ONECARD_OK)
        bytes_wipe(out, size);
    return err == ONECARD_E_PARAM ? ONECARD_E_FORMAT : err;
}

static enum onecard_err sm2_check(uint32_t size, const uint8_t *public_key) {
    (void)size;
    return crypto_sm2_check(public_key);
}

static const uint8_t *point_of(const struct crypto_pk_key *key) {
    return key->has_private ? key->bytes + 32 : key->bytes;
}

static enum onecard_err sm2_public(const struct crypto_pk_key *key, uint8_t *out) {
    memcpy(out, point_of(key), CRYPTO_SM2_PUBLIC);
    return ONECARD_OK;
}

static bool signing_fits(enum crypto_scheme scheme, enum crypto_alg digest_alg, uint32_t len) {
    return scheme == CRYPTO_PK_SM2 && digest_alg == CRYPTO_SM3 && len == 32;
}

static enum onecard_err sm2_sign(struct crypto_random *random, const struct crypto_pk_key *key,
                                 enum crypto_scheme scheme, enum crypto_alg digest_alg,
                                 const uint8_t *digest, uint32_t len, uint8_t *out,
                                 uint32_t *out_len) {
    if (!signing_fits(scheme, digest_alg, len))
        return ONECARD_E_PARAM;
    if (*out_len < CRYPTO_SM2_SIGNATURE)
        return ONECARD_E_RANGE;
    *out_len = CRYPTO_SM2_SIGNATURE;
    return crypto_sm2_sign(random, key->bytes, point_of(key), digest, out);
}

static enum onecard_err sm2_verify(const struct crypto_pk_key *key, enum crypto_scheme scheme,
                                   enum crypto_alg digest_alg, const uint8_t *digest, uint32_t len,
                                   const uint8_t *signature, uint32_t signature_len) {
    if (!signing_fits(scheme, digest_alg, len))
        return ONECARD_E_PARAM;
    if (signature_len != CRYPTO_SM2_SIGNATURE)
        return ONECARD_E_WRONG;
    return crypto_sm2_verify(point_of(key), digest, signature);
}

static enum onecard_err sm2_encrypt(struct crypto_random *random, const struct crypto_pk_key *key,
                                    enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                    uint8_t *out, uint32_t *out_len) {
    if (scheme != CRYPTO_PK_SM2 || len == 0 || len > UINT32_MAX - CRYPTO_SM2_OVERHEAD)
        return ONECARD_E_PARAM;
    if (*out_len < len + CRYPTO_SM2_OVERHEAD)
        return ONECARD_E_RANGE;
    *out_len = len + CRYPTO_SM2_OVERHEAD;
    return crypto_sm2_encrypt(random, point_of(key), in, len, out);
}

static enum onecard_err sm2_decrypt(struct crypto_random *random, const struct crypto_pk_key *key,
                                    enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                    uint8_t *out, uint32_t *out_len) {
    if (scheme != CRYPTO_PK_SM2)
        return ONECARD_E_PARAM;
    if (len <= CRYPTO_SM2_OVERHEAD)
        return ONECARD_E_FORMAT;
    if (*out_len < len - CRYPTO_SM2_OVERHEAD)
        return ONECARD_E_RANGE;
    *out_len = len - CRYPTO_SM2_OVERHEAD;
    return crypto_sm2_decrypt(random, key->bytes, in, len, out);
}

static enum onecard_err sm2_agree(struct crypto_random *random, const struct crypto_pk_key *key,
                                  enum crypto_scheme scheme, const struct crypto_pk_agreement *with,
                                  uint8_t *out_key, uint32_t key_len, uint8_t *tags) {
    uint8_t own_z[32], peer_z[32];
    if (scheme != CRYPTO_PK_SM2 || with->ephemeral == NULL || !with->ephemeral->has_private ||
        with->ephemeral->alg != CRYPTO_SM2 || with->peer_len != 2u * CRYPTO_SM2_PUBLIC ||
        tags == NULL)
        return ONECARD_E_PARAM;
    enum onecard_err err = crypto_sm2_z(with->own_id, with->own_id_len, point_of(key), own_z);
    if (err == ONECARD_OK)
        err = crypto_sm2_z(with->peer_id, with->peer_id_len, with->peer, peer_z);
    if (err != ONECARD_OK)
        return err;
    const struct crypto_sm2_agreement agreement = {
        .initiator = with->initiator,
        .own_private = key->bytes,
        .own_ephemeral_private = with->ephemeral->bytes,
        .own_ephemeral_public = point_of(with->ephemeral),
        .peer_public = with->peer,
        .peer_ephemeral_public = with->peer + CRYPTO_SM2_PUBLIC,
        .own_z = own_z,
        .peer_z = peer_z,
    };
    return crypto_sm2_agree(random, &agreement, out_key, key_len, tags, tags + 32);
}

const struct crypto_pk_ops crypto_sm2_ops = {
    .size_min = 32,
    .size_max = 32,
    .value_halves = 2,
    .private_halves = 6,
    .public_halves = 4,
    .wrap = CRYPTO_PK_SM2,
    .generate = sm2_generate,
    .import = sm2_import,
    .check = sm2_check,
    .public_part = sm2_public,
    .sign = sm2_sign,
    .verify = sm2_verify,
    .encrypt = sm2_encrypt,
    .decrypt = sm2_decrypt,
    .agree = sm2_agree,
};
