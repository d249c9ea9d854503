/* Asymmetric keys: making them on the card, and using them. */
#include "keys/key.h"

#include <string.h>

#include "base/bytes.h"

/* ---- making ---- */

/* A new value as it rests. */
static enum onecard_err generate(struct keys *k, uint8_t algorithm, uint32_t size,
                                 uint32_t exponent, uint8_t *out, uint32_t *out_len,
                                 uint8_t *out_size) {
    const struct crypto_alg_info *info = crypto_alg_find((enum crypto_alg)algorithm);
    if (info != NULL && info->kind == CRYPTO_KIND_CIPHER && size == 0 && exponent == 0) {
        *out_len = *out_size = info->key_size;
        return crypto_random_bytes(k->random, out, info->key_size);
    }
    if (info == NULL || info->kind != CRYPTO_KIND_ASYMMETRIC)
        return ONECARD_E_PARAM;
    *out_len = crypto_pk_private_len((enum crypto_alg)algorithm, size);
    *out_size = (uint8_t)(size / 2);
    return crypto_pk_generate(k->random, (enum crypto_alg)algorithm, size, exponent, out);
}

enum onecard_err keys_generate(struct keys *k, uint32_t owner, uint16_t number,
                               const struct key_spec *spec, uint32_t size, uint32_t exponent) {
    uint8_t rest[CRYPTO_PK_PRIVATE_MAX], value_size;
    uint32_t len, there;
    /* not after minutes of work */
    if (store_size(k->store, key_name(owner, number), &there) == ONECARD_OK)
        return ONECARD_E_EXISTS;
    enum onecard_err err = generate(k, spec->algorithm, size, exponent, rest, &len, &value_size);
    if (err != ONECARD_OK)
        return err;
    err = key_object_create(k, owner, number, spec, rest, len, value_size);
    bytes_wipe(rest, sizeof rest);
    return err;
}

static void fill_pair(struct key_session *slot, uint32_t owner, uint8_t algorithm, uint32_t size,
                      uint16_t usage, const uint8_t *bytes, uint32_t len) {
    key_session_clear(slot);
    slot->pk.info = crypto_alg_find((enum crypto_alg)(algorithm & ~KEY_PUBLIC_ONLY));
    memcpy(slot->pk.bytes, bytes, len);
    slot->size = (uint16_t)size;
    slot->usage = usage;
    slot->algorithm = algorithm;
    slot->owner = (uint16_t)owner;
}

enum onecard_err keys_generate_session(struct keys *k, uint32_t owner, const struct key_spec *spec,
                                       struct key_session *out_session) {
    uint8_t rest[CRYPTO_PK_PRIVATE_MAX], value_size;
    uint32_t len;
    const struct crypto_alg_info *info = crypto_alg_find((enum crypto_alg)spec->algorithm);
    if (info == NULL || info->kind == CRYPTO_KIND_DIGEST || info->key_size == 0 ||
        spec->usage == 0 || (spec->usage & ~KEY_USAGE_ALL) != 0 || spec->tries_max != 0)
        return ONECARD_E_PARAM;
    const bool is_cipher = info->kind == CRYPTO_KIND_CIPHER;
    enum onecard_err err =
        generate(k, spec->algorithm, is_cipher ? 0 : info->key_size, 0, rest, &len, &value_size);
    if (err != ONECARD_OK)
        return err;
    if (is_cipher)
        err = key_session_fill(out_session, owner, spec->algorithm, spec->version, spec->usage, 0,
                               rest);
    else
        fill_pair(out_session, owner, spec->algorithm, info->key_size, spec->usage, rest, len);
    if (err == ONECARD_OK) {
        out_session->version = spec->version;
        out_session->fresh = true;
    }
    bytes_wipe(rest, sizeof rest);
    return err;
}

enum onecard_err keys_load_public(struct keys *k, uint32_t owner, uint8_t algorithm, uint16_t usage,
                                  const uint8_t *public_key, uint32_t len,
                                  struct key_session *out_session) {
    (void)k;
    const enum crypto_alg alg = (enum crypto_alg)algorithm;
    if (usage == 0)
        return ONECARD_E_PARAM;
    if ((usage & ~(KEY_VERIFY | KEY_ENCRYPT | KEY_WRAP)) != 0)
        return ONECARD_E_DENIED;
    enum onecard_err err = crypto_pk_check(alg, public_key, len);
    if (err == ONECARD_OK)
        fill_pair(out_session, owner, (uint8_t)(algorithm | KEY_PUBLIC_ONLY),
                  crypto_pk_size_of_public(alg, len), usage, public_key, len);
    return err;
}

/* ---- the public part ---- */

enum onecard_err keys_public(struct keys *k, const struct key_ref *ref, uint8_t *out,
                             uint32_t *out_len) {
    struct key_view view;
    struct key_pair pair;
    enum onecard_err err = key_use_pair(k, ref, 0, false, &view, &pair);
    if (err == ONECARD_OK) {
        const uint32_t len = crypto_pk_public_len((enum crypto_alg)pair.key.alg, pair.key.size);
        if (*out_len < len)
            err = ONECARD_E_RANGE;
        else
            err = crypto_pk_public(&pair.key, out);
        *out_len = len;
    }
    bytes_wipe(&pair, sizeof pair);
    return err;
}

static enum onecard_err sm2_digest(const struct crypto_pk_key *key, const uint8_t *id,
                                   uint32_t id_len, const uint8_t *data, uint32_t len,
                                   uint8_t out[32]) {
    uint8_t public_key[CRYPTO_SM2_PUBLIC];
    struct crypto_digest digest;
    if (key->alg != CRYPTO_SM2)
        return ONECARD_E_PARAM;
    enum onecard_err err = crypto_pk_public(key, public_key);
    if (err == ONECARD_OK)
        err = crypto_sm2_digest_start(&digest, id, id_len, public_key);
    if (err != ONECARD_OK)
        return err;
    crypto_digest_update(&digest, data, len);
    crypto_digest_finish(&digest, out);
    return ONECARD_OK;
}

enum onecard_err keys_sm2_digest(struct keys *k, const struct key_ref *ref, const uint8_t *id,
                                 uint32_t id_len, const uint8_t *data, uint32_t len,
                                 uint8_t out[32]) {
    struct key_view view;
    struct key_pair pair;
    enum onecard_err err = key_use_pair(k, ref, 0, false, &view, &pair);
    if (err == ONECARD_OK)
        err = sm2_digest(&pair.key, id, id_len, data, len, out);
    bytes_wipe(&pair, sizeof pair);
    return err;
}

/* What was spent stays lost only if the outside was wrong. */
static enum onecard_err settle(struct keys *k, const struct key_view *view, enum onecard_err err) {
    if (err == ONECARD_E_WRONG || err == ONECARD_E_FORMAT)
        return err;
    enum onecard_err restored = key_try_restore(k, view);
    return err != ONECARD_OK ? err : restored;
}

/* ---- signatures ---- */

/* What is signed: the data itself, or the digest of them in buf. */
struct signed_bytes {
    const uint8_t *bytes;
    uint32_t len;
    uint8_t buf[CRYPTO_DIGEST_MAX];
};

static enum onecard_err digest_of(const struct crypto_pk_key *key, const struct key_how *how,
                                  const uint8_t *data, uint32_t len, struct signed_bytes *out) {
    out->bytes = data;
    out->len = len;
    if (how->is_digested || how->scheme == CRYPTO_PK_RAW)
        return ONECARD_OK;
    const struct crypto_alg_info *info = crypto_alg_find((enum crypto_alg)how->digest);
    if (info == NULL || info->kind != CRYPTO_KIND_DIGEST)
        return ONECARD_E_PARAM;
    out->bytes = out->buf;
    out->len = info->digest_size;
    if (how->scheme == CRYPTO_PK_SM2)
        return how->digest == CRYPTO_SM3 ? sm2_digest(key, NULL, 0, data, len, out->buf)
                                         : ONECARD_E_PARAM;
    return crypto_digest_once((enum crypto_alg)how->digest, data, len, out->buf);
}

enum onecard_err keys_sign(struct keys *k, const struct key_ref *ref, const struct key_how *how,
                           const uint8_t *data, uint32_t len, uint8_t *out, uint32_t *out_len) {
    struct key_view view;
    struct key_pair pair;
    struct signed_bytes from;
    enum onecard_err err = key_use_pair(k, ref, KEY_SIGN, true, &view, &pair);
    if (err == ONECARD_OK)
        err = digest_of(&pair.key, how, data, len, &from);
    if (err == ONECARD_OK)
        err = crypto_pk_sign(k->random, &pair.key, (enum crypto_scheme)how->scheme,
                             (enum crypto_alg)how->digest, from.bytes, from.len, out, out_len);
    bytes_wipe(&pair, sizeof pair);
    return err;
}

enum onecard_err keys_verify(struct keys *k, const struct key_ref *ref, const struct key_how *how,
                             const uint8_t *data, uint32_t len, const uint8_t *signature,
                             uint32_t signature_len) {
    struct key_view view;
    struct key_pair pair;
    struct signed_bytes from;
    enum onecard_err err = key_use_pair(k, ref, KEY_VERIFY, false, &view, &pair);
    if (err == ONECARD_OK)
        err = digest_of(&pair.key, how, data, len, &from);
    if (err == ONECARD_OK)
        err = key_try_spend(k, &view);
    if (err == ONECARD_OK)
        err = settle(k, &view,
                     crypto_pk_verify(&pair.key, (enum crypto_scheme)how->scheme,
                                      (enum crypto_alg)how->digest, from.bytes, from.len, signature,
                                      signature_len));
    bytes_wipe(&pair, sizeof pair);
    return err;
}

/* ---- encipherment ---- */

enum onecard_err keys_pk_encrypt(struct keys *k, const struct key_ref *ref,
                                 enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                 uint8_t *out, uint32_t *out_len) {
    struct key_view view;
    struct key_pair pair;
    enum onecard_err err = key_use_pair(k, ref, KEY_ENCRYPT, false, &view, &pair);
    if (err == ONECARD_OK)
        err = crypto_pk_encrypt(k->random, &pair.key, scheme, in, len, out, out_len);
    bytes_wipe(&pair, sizeof pair);
    return err;
}

enum onecard_err keys_pk_decrypt(struct keys *k, const struct key_ref *ref,
                                 enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                 uint8_t *out, uint32_t *out_len) {
    struct key_view view;
    struct key_pair pair;
    enum onecard_err err = key_use_pair(k, ref, KEY_DECRYPT, true, &view, &pair);
    if (err == ONECARD_OK)
        err = key_try_spend(k, &view);
    if (err == ONECARD_OK)
        err = settle(k, &view,
                     crypto_pk_decrypt(k->random, &pair.key, scheme, in, len, out, out_len));
    bytes_wipe(&pair, sizeof pair);
    return err;
}

/* ---- key agreement ---- */

static bool agrees_on(const struct key_spec *spec) {
    const struct crypto_alg_info *info = crypto_alg_find((enum crypto_alg)spec->algorithm);
    return info != NULL && info->kind == CRYPTO_KIND_CIPHER && spec->usage != 0;
}

enum onecard_err keys_agree(struct keys *k, const struct key_ref *ref, enum crypto_scheme scheme,
                            const struct crypto_pk_agreement *with, const struct key_ref *ephemeral,
                            const struct key_spec *spec, struct key_session *out_session,
                            uint8_t tags[CRYPTO_PK_TAGS]) {
    struct key_view view, other_view;
    struct key_pair pair, other;
    struct crypto_pk_agreement agreement = *with;
    uint8_t bytes[KEYS_SIZE_MAX];
    enum onecard_err err = key_use_pair(k, ref, KEY_AGREE, true, &view, &pair);
    agreement.ephemeral = NULL;
    if (err == ONECARD_OK && ephemeral != NULL) {
        err = key_use_pair(k, ephemeral, KEY_AGREE, true, &other_view, &other);
        agreement.ephemeral = &other.key;
    }
    if (err == ONECARD_OK && !agrees_on(spec))
        err = ONECARD_E_PARAM;
    if (err == ONECARD_OK && (spec->usage & ~KEY_USAGE_SESSION) != 0)
        err = ONECARD_E_DENIED;
    if (err == ONECARD_OK)
        err = crypto_pk_agree(k->random, &pair.key, scheme, &agreement, bytes,
                              crypto_alg_find((enum crypto_alg)spec->algorithm)->key_size, tags);
    if (ephemeral != NULL && ephemeral->session != NULL &&
        ephemeral->session->owner == ephemeral->owner)
        key_session_clear(ephemeral->session); /* once, whatever came of it */
    if (err == ONECARD_OK)
        err = key_session_fill(out_session, ref->owner, spec->algorithm, spec->version, spec->usage,
                               view.counter, bytes);
    bytes_wipe(&pair, sizeof pair);
    bytes_wipe(&other, sizeof other);
    bytes_wipe(bytes, sizeof bytes);
    return err;
}
