/* P-256 in the shape of pk.h. */
#include "crypto/asymmetric.h"

#include <string.h>

#include "base/bytes.h"

static enum onecard_err p256_generate(struct crypto_random *random, uint32_t size,
                                      uint32_t exponent, uint8_t *out) {
    (void)size;
    return exponent == 0 ? crypto_p256_generate(random, out, out + 32) : ONECARD_E_PARAM;
}

static enum onecard_err p256_import(struct crypto_random *random, uint32_t size,
                                    const uint8_t *value, uint8_t *out) {
    memmove(out, value, size);
    enum onecard_err err = crypto_p256_public(random, out, out + size);
    if (err != ONECARD_OK)
        bytes_wipe(out, size);
    return err == ONECARD_E_PARAM ? ONECARD_E_FORMAT : err;
}

static enum onecard_err p256_check(uint32_t size, const uint8_t *public_key) {
    (void)size;
    return crypto_p256_check(public_key);
}

static const uint8_t *point_of(const struct crypto_pk_key *key) {
    return key->has_private ? key->bytes + 32 : key->bytes;
}

static enum onecard_err p256_public(const struct crypto_pk_key *key, uint8_t *out) {
    memcpy(out, point_of(key), CRYPTO_P256_PUBLIC);
    return ONECARD_OK;
}

static bool signing_fits(enum crypto_scheme scheme, enum crypto_alg digest_alg, uint32_t len) {
    const struct crypto_alg_info *info = crypto_alg_find(digest_alg);
    return scheme == CRYPTO_PK_ECDSA && info != NULL && info->kind == CRYPTO_KIND_DIGEST &&
           info->digest_size == len;
}

static enum onecard_err p256_sign(struct crypto_random *random, const struct crypto_pk_key *key,
                                  enum crypto_scheme scheme, enum crypto_alg digest_alg,
                                  const uint8_t *digest, uint32_t len, uint8_t *out,
                                  uint32_t *out_len) {
    if (!signing_fits(scheme, digest_alg, len))
        return ONECARD_E_PARAM;
    if (*out_len < CRYPTO_P256_SIGNATURE)
        return ONECARD_E_RANGE;
    *out_len = CRYPTO_P256_SIGNATURE;
    return crypto_p256_sign(random, key->bytes, point_of(key), digest, len, out);
}

static enum onecard_err p256_verify(const struct crypto_pk_key *key, enum crypto_scheme scheme,
                                    enum crypto_alg digest_alg, const uint8_t *digest, uint32_t len,
                                    const uint8_t *signature, uint32_t signature_len) {
    if (!signing_fits(scheme, digest_alg, len))
        return ONECARD_E_PARAM;
    if (signature_len != CRYPTO_P256_SIGNATURE)
        return ONECARD_E_WRONG;
    return crypto_p256_verify(point_of(key), digest, len, signature);
}

/* ANSI X9.63 (SEC 1, 3.6.1): SHA-256(z counter info), the counter from 1. */
static void derive(const uint8_t z[32], const struct crypto_pk_agreement *with, uint8_t *out,
                   uint32_t len) {
    uint8_t block[32], counter[4];
    struct crypto_digest digest;
    for (uint32_t i = 1; len > 0; i++) {
        const uint32_t n = len < sizeof block ? len : (uint32_t)sizeof block;
        put_be32(counter, i);
        (void)crypto_digest_start(&digest, CRYPTO_SHA256);
        crypto_digest_update(&digest, z, 32);
        crypto_digest_update(&digest, counter, sizeof counter);
        crypto_digest_update(&digest, with->info, with->info_len);
        crypto_digest_finish(&digest, block);
        memcpy(out, block, n);
        out += n;
        len -= n;
    }
    bytes_wipe(block, sizeof block);
}

static enum onecard_err p256_agree(struct crypto_random *random, const struct crypto_pk_key *key,
                                   enum crypto_scheme scheme,
                                   const struct crypto_pk_agreement *with, uint8_t *out_key,
                                   uint32_t key_len, uint8_t *tags) {
    uint8_t z[32];
    (void)tags;
    if (scheme != CRYPTO_PK_ECDH || with->peer_len != CRYPTO_P256_PUBLIC)
        return ONECARD_E_PARAM;
    enum onecard_err err = crypto_p256_agree(random, key->bytes, with->peer, z);
    if (err == ONECARD_OK)
        derive(z, with, out_key, key_len);
    bytes_wipe(z, sizeof z);
    return err;
}

const struct crypto_pk_ops crypto_p256_ops = {
    .size_min = 32,
    .size_max = 32,
    .value_halves = 2,
    .private_halves = 6,
    .public_halves = 4,
    .generate = p256_generate,
    .import = p256_import,
    .check = p256_check,
    .public_part = p256_public,
    .sign = p256_sign,
    .verify = p256_verify,
    .agree = p256_agree,
};
