/* Asymmetric keys as bytes: lengths and schemes are checked here, against the table. */
#include "crypto/pk.h"

#include <string.h>

#include "base/bytes.h"
#include "crypto/asymmetric.h"

static const struct crypto_pk_ops *ops_of(enum crypto_alg alg) {
    const struct crypto_alg_info *info = crypto_alg_find(alg);
    return info != NULL ? info->pk : NULL;
}

static uint32_t len_of(const struct crypto_pk_ops *ops, uint32_t size, uint32_t head,
                       uint32_t halves) {
    return size >= ops->size_min && size <= ops->size_max && size % 2 == 0
               ? head + size / 2 * halves
               : 0;
}

uint32_t crypto_pk_value_len(enum crypto_alg alg, uint32_t size) {
    const struct crypto_pk_ops *ops = ops_of(alg);
    return ops != NULL ? len_of(ops, size, ops->value_head, ops->value_halves) : 0;
}

uint32_t crypto_pk_private_len(enum crypto_alg alg, uint32_t size) {
    const struct crypto_pk_ops *ops = ops_of(alg);
    return ops != NULL ? len_of(ops, size, ops->private_head, ops->private_halves) : 0;
}

uint32_t crypto_pk_public_len(enum crypto_alg alg, uint32_t size) {
    const struct crypto_pk_ops *ops = ops_of(alg);
    return ops != NULL ? len_of(ops, size, ops->public_head, ops->public_halves) : 0;
}

/* The size that len bytes mean, if len is what this size needs. */
static uint32_t size_of(const struct crypto_pk_ops *ops, uint32_t len, uint32_t head,
                        uint32_t halves) {
    const uint32_t size = len > head ? (len - head) * 2 / halves : 0;
    return size != 0 && len_of(ops, size, head, halves) == len ? size : 0;
}

uint32_t crypto_pk_size_of_value(enum crypto_alg alg, uint32_t len) {
    const struct crypto_pk_ops *ops = ops_of(alg);
    return ops != NULL ? size_of(ops, len, ops->value_head, ops->value_halves) : 0;
}

uint32_t crypto_pk_size_of_public(enum crypto_alg alg, uint32_t len) {
    const struct crypto_pk_ops *ops = ops_of(alg);
    return ops != NULL ? size_of(ops, len, ops->public_head, ops->public_halves) : 0;
}

enum crypto_scheme crypto_pk_wrap_scheme(enum crypto_alg alg) {
    const struct crypto_pk_ops *ops = ops_of(alg);
    return ops != NULL ? (enum crypto_scheme)ops->wrap : CRYPTO_PK_NONE;
}

enum onecard_err crypto_pk_generate(struct crypto_random *random, enum crypto_alg alg,
                                    uint32_t size, uint32_t exponent, uint8_t *out_private) {
    if (crypto_pk_private_len(alg, size) == 0)
        return ONECARD_E_PARAM;
    return ops_of(alg)->generate(random, size, exponent, out_private);
}

enum onecard_err crypto_pk_import(struct crypto_random *random, enum crypto_alg alg,
                                  const uint8_t *value, uint32_t len, uint8_t *out_private) {
    const uint32_t size = crypto_pk_size_of_value(alg, len);
    return size != 0 ? ops_of(alg)->import(random, size, value, out_private) : ONECARD_E_PARAM;
}

enum onecard_err crypto_pk_check(enum crypto_alg alg, const uint8_t *public_key, uint32_t len) {
    const uint32_t size = crypto_pk_size_of_public(alg, len);
    return size != 0 ? ops_of(alg)->check(size, public_key) : ONECARD_E_PARAM;
}

enum onecard_err crypto_pk_public(const struct crypto_pk_key *key, uint8_t *out_public) {
    const uint32_t len = crypto_pk_public_len((enum crypto_alg)key->alg, key->size);
    if (len == 0)
        return ONECARD_E_PARAM;
    if (key->has_private)
        return ops_of((enum crypto_alg)key->alg)->public_part(key, out_public);
    memcpy(out_public, key->bytes, len);
    return ONECARD_OK;
}

enum onecard_err crypto_pk_sign(struct crypto_random *random, const struct crypto_pk_key *key,
                                enum crypto_scheme scheme, enum crypto_alg digest_alg,
                                const uint8_t *digest, uint32_t len, uint8_t *out,
                                uint32_t *out_len) {
    const struct crypto_pk_ops *ops = ops_of((enum crypto_alg)key->alg);
    if (ops == NULL || !key->has_private)
        return ONECARD_E_PARAM;
    return ops->sign(random, key, scheme, digest_alg, digest, len, out, out_len);
}

enum onecard_err crypto_pk_verify(const struct crypto_pk_key *key, enum crypto_scheme scheme,
                                  enum crypto_alg digest_alg, const uint8_t *digest, uint32_t len,
                                  const uint8_t *signature, uint32_t signature_len) {
    const struct crypto_pk_ops *ops = ops_of((enum crypto_alg)key->alg);
    if (ops == NULL)
        return ONECARD_E_PARAM;
    return ops->verify(key, scheme, digest_alg, digest, len, signature, signature_len);
}

enum onecard_err crypto_pk_encrypt(struct crypto_random *random, const struct crypto_pk_key *key,
                                   enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                   uint8_t *out, uint32_t *out_len) {
    const struct crypto_pk_ops *ops = ops_of((enum crypto_alg)key->alg);
    if (ops == NULL || ops->encrypt == NULL)
        return ONECARD_E_PARAM;
    return ops->encrypt(random, key, scheme, in, len, out, out_len);
}

enum onecard_err crypto_pk_decrypt(struct crypto_random *random, const struct crypto_pk_key *key,
                                   enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                   uint8_t *out, uint32_t *out_len) {
    const struct crypto_pk_ops *ops = ops_of((enum crypto_alg)key->alg);
    if (ops == NULL || ops->decrypt == NULL || !key->has_private)
        return ONECARD_E_PARAM;
    return ops->decrypt(random, key, scheme, in, len, out, out_len);
}

enum onecard_err crypto_pk_agree(struct crypto_random *random, const struct crypto_pk_key *key,
                                 enum crypto_scheme scheme, const struct crypto_pk_agreement *with,
                                 uint8_t *out_key, uint32_t key_len, uint8_t tags[CRYPTO_PK_TAGS]) {
    const struct crypto_pk_ops *ops = ops_of((enum crypto_alg)key->alg);
    if (ops == NULL || ops->agree == NULL || !key->has_private || key_len == 0)
        return ONECARD_E_PARAM;
    return ops->agree(random, key, scheme, with, out_key, key_len, tags);
}
