/* Digests and HMAC (FIPS 180-4, FIPS 198-1). SHA by mbedtls; SM3 is in sm3.c. */
#include "crypto/block.h"

#include <string.h>

#include "base/bytes.h"

/* mbedtls's software SHA cannot fail; its codes are for hardware replacements, which we have not.
 */

static void sha1_start(struct crypto_digest *d) {
    mbedtls_sha1_init(&d->u.sha1);
    (void)mbedtls_sha1_starts_ret(&d->u.sha1);
}

static void sha1_update(struct crypto_digest *d, const uint8_t *data, size_t len) {
    (void)mbedtls_sha1_update_ret(&d->u.sha1, data, len);
}

static void sha1_finish(struct crypto_digest *d, uint8_t *out) {
    (void)mbedtls_sha1_finish_ret(&d->u.sha1, out);
}

static void sha224_start(struct crypto_digest *d) {
    mbedtls_sha256_init(&d->u.sha256);
    (void)mbedtls_sha256_starts_ret(&d->u.sha256, 1);
}

static void sha256_start(struct crypto_digest *d) {
    mbedtls_sha256_init(&d->u.sha256);
    (void)mbedtls_sha256_starts_ret(&d->u.sha256, 0);
}

static void sha256_update(struct crypto_digest *d, const uint8_t *data, size_t len) {
    (void)mbedtls_sha256_update_ret(&d->u.sha256, data, len);
}

static void sha256_finish(struct crypto_digest *d, uint8_t *out) {
    uint8_t full[32]; /* mbedtls's prototype asks for 32 bytes for SHA-224 too */
    (void)mbedtls_sha256_finish_ret(&d->u.sha256, full);
    memcpy(out, full, d->info->digest_size);
    bytes_wipe(full, sizeof full);
}

const struct crypto_digest_ops crypto_sha1_ops = {sha1_start, sha1_update, sha1_finish};
const struct crypto_digest_ops crypto_sha224_ops = {sha224_start, sha256_update, sha256_finish};
const struct crypto_digest_ops crypto_sha256_ops = {sha256_start, sha256_update, sha256_finish};

#ifdef MBEDTLS_SHA512_C
static void sha384_start(struct crypto_digest *d) {
    mbedtls_sha512_init(&d->u.sha512);
    (void)mbedtls_sha512_starts_ret(&d->u.sha512, 1);
}

static void sha512_start(struct crypto_digest *d) {
    mbedtls_sha512_init(&d->u.sha512);
    (void)mbedtls_sha512_starts_ret(&d->u.sha512, 0);
}

static void sha512_update(struct crypto_digest *d, const uint8_t *data, size_t len) {
    (void)mbedtls_sha512_update_ret(&d->u.sha512, data, len);
}

static void sha512_finish(struct crypto_digest *d, uint8_t *out) {
    uint8_t full[64];
    (void)mbedtls_sha512_finish_ret(&d->u.sha512, full);
    memcpy(out, full, d->info->digest_size);
    bytes_wipe(full, sizeof full);
}

const struct crypto_digest_ops crypto_sha384_ops = {sha384_start, sha512_update, sha512_finish};
const struct crypto_digest_ops crypto_sha512_ops = {sha512_start, sha512_update, sha512_finish};
#endif

enum onecard_err crypto_digest_start(struct crypto_digest *digest, enum crypto_alg alg) {
    const struct crypto_alg_info *info = crypto_alg_find(alg);
    digest->info = NULL;
    if (info == NULL || info->kind != CRYPTO_KIND_DIGEST)
        return ONECARD_E_PARAM;
    digest->info = info;
    info->digest->start(digest);
    return ONECARD_OK;
}

void crypto_digest_update(struct crypto_digest *digest, const void *data, size_t len) {
    if (digest->info != NULL && len > 0)
        digest->info->digest->update(digest, data, len);
}

void crypto_digest_finish(struct crypto_digest *digest, uint8_t *out) {
    if (digest->info != NULL)
        digest->info->digest->finish(digest, out);
    bytes_wipe(digest, sizeof *digest);
}

enum onecard_err crypto_digest_once(enum crypto_alg alg, const void *data, size_t len,
                                    uint8_t *out) {
    struct crypto_digest digest;
    enum onecard_err err = crypto_digest_start(&digest, alg);
    if (err != ONECARD_OK)
        return err;
    crypto_digest_update(&digest, data, len);
    crypto_digest_finish(&digest, out);
    return ONECARD_OK;
}

enum onecard_err crypto_hmac_start(struct crypto_hmac *hmac, enum crypto_alg alg,
                                   const uint8_t *key, size_t key_len) {
    enum onecard_err err = crypto_digest_start(&hmac->inner, alg);
    if (err != ONECARD_OK)
        return err;
    const size_t block = hmac->inner.info->block_size;
    uint8_t pad[sizeof hmac->outer_pad] = {0};
    if (key_len > block)
        (void)crypto_digest_once(alg, key, key_len, pad);
    else if (key_len > 0)
        memcpy(pad, key, key_len);
    for (size_t i = 0; i < block; i++) {
        hmac->outer_pad[i] = pad[i] ^ 0x5C;
        pad[i] ^= 0x36;
    }
    crypto_digest_update(&hmac->inner, pad, block);
    bytes_wipe(pad, sizeof pad);
    return ONECARD_OK;
}

void crypto_hmac_update(struct crypto_hmac *hmac, const void *data, size_t len) {
    crypto_digest_update(&hmac->inner, data, len);
}

void crypto_hmac_finish(struct crypto_hmac *hmac, uint8_t *out) {
    const struct crypto_alg_info *info = hmac->inner.info;
    if (info == NULL)
        return;
    uint8_t inner[CRYPTO_DIGEST_MAX];
    crypto_digest_finish(&hmac->inner, inner);
    hmac->inner.info = info;
    info->digest->start(&hmac->inner);
    crypto_digest_update(&hmac->inner, hmac->outer_pad, info->block_size);
    crypto_digest_update(&hmac->inner, inner, info->digest_size);
    crypto_digest_finish(&hmac->inner, out);
    bytes_wipe(inner, sizeof inner);
    bytes_wipe(hmac, sizeof *hmac);
}

enum onecard_err crypto_hmac_once(enum crypto_alg alg, const uint8_t *key, size_t key_len,
                                  const void *data, size_t len, uint8_t *out) {
    struct crypto_hmac hmac;
    enum onecard_err err = crypto_hmac_start(&hmac, alg, key, key_len);
    if (err != ONECARD_OK)
        return err;
    crypto_hmac_update(&hmac, data, len);
    crypto_hmac_finish(&hmac, out);
    return ONECARD_OK;
}
