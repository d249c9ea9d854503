/* Keys that come and go enciphered: import under another key, and fresh keys given away. */
#include "keys/key.h"

#include <string.h>

#include "base/bytes.h"

#define CHECK_SIZE 3u /* bytes of a key check value */

/* How a key is enciphered under an asymmetric one. */
static enum crypto_scheme wrap_scheme(const struct key_view *wrap) {
    return crypto_pk_wrap_scheme((enum crypto_alg)wrap->algorithm);
}

/* The algorithm of the key to come: the spec's, or that of the key to replace. */
static enum onecard_err import_algorithm(struct keys *k, uint32_t owner, uint16_t number,
                                         const struct key_spec *spec, uint8_t *algorithm) {
    if (spec != NULL) {
        *algorithm = spec->algorithm;
        return ONECARD_OK;
    }
    return store_read(k->store, key_name(owner, number), KEY_AT_ALGORITHM, algorithm, 1);
}

static const struct crypto_alg_info *alg_of(uint8_t algorithm) {
    return crypto_alg_find((enum crypto_alg)(algorithm & ~KEY_PUBLIC_ONLY));
}

/* ---- check values ---- */

/* Of an asymmetric key: SHA-256 of its public part. */
static enum onecard_err pair_check_value(struct keys *k, uint8_t algorithm, const uint8_t *value,
                                         uint32_t len, uint8_t out[CRYPTO_DIGEST_MAX]) {
    struct key_pair pair;
    uint8_t public_key[CRYPTO_PK_PUBLIC_MAX], size;
    uint32_t rest_len;
    enum onecard_err err = key_value_make(k, algorithm, value, len, pair.bytes, &rest_len, &size);
    if (err != ONECARD_OK)
        return err;
    pair.key.alg = (uint8_t)(algorithm & ~KEY_PUBLIC_ONLY);
    pair.key.has_private = (algorithm & KEY_PUBLIC_ONLY) == 0;
    pair.key.size = (uint16_t)(2u * size);
    pair.key.bytes = pair.bytes;
    err = crypto_pk_public(&pair.key, public_key);
    if (err == ONECARD_OK)
        err = crypto_digest_once(CRYPTO_SHA256, public_key,
                                 crypto_pk_public_len((enum crypto_alg)pair.key.alg, pair.key.size),
                                 out);
    bytes_wipe(&pair, sizeof pair);
    return err;
}

/* Of a cipher's key: what it makes of zeros. */
static enum onecard_err cipher_check_value(uint8_t algorithm, const uint8_t *value, uint32_t len,
                                           uint8_t out[CRYPTO_DIGEST_MAX]) {
    struct crypto_key key;
    enum onecard_err err = crypto_key_set(&key, (enum crypto_alg)algorithm, value, len);
    memset(out, 0, CRYPTO_BLOCK_MAX);
    if (err == ONECARD_OK)
        err = crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, out, out, key.info->block_size);
    crypto_key_wipe(&key);
    return err;
}

static enum onecard_err compare_check_value(struct keys *k, const struct key_view *wrap,
                                            uint8_t algorithm, const uint8_t *value, uint32_t len,
                                            const uint8_t *check) {
    uint8_t right[CRYPTO_DIGEST_MAX];
    enum onecard_err err = alg_of(algorithm)->kind == CRYPTO_KIND_CIPHER
                               ? cipher_check_value(algorithm, value, len, right)
                               : pair_check_value(k, algorithm, value, len, right);
    if (err == ONECARD_E_FORMAT ||
        err == ONECARD_E_PARAM) /* no key came out: as wrong as another */
        memset(right, ~check[0], sizeof right);
    else if (err != ONECARD_OK)
        return err;
    err = key_compare_counted(k, wrap, right, check, CHECK_SIZE);
    bytes_wipe(right, sizeof right);
    return err;
}

/* ---- import ---- */

/* Under a cipher's key: ECB; an asymmetric key's value has padding. */
static enum onecard_err unwrap_ecb(const struct key_view *wrap, const uint8_t *wrapped,
                                   uint32_t len, const struct crypto_alg_info *info, uint8_t *value,
                                   uint32_t *out_len) {
    const uint32_t block = wrap->key->info->block_size;
    const bool is_cipher = info->kind == CRYPTO_KIND_CIPHER;
    size_t found = len;
    /* a cipher's key that does not fill its last block was filled by the sender */
    if (len == 0 || len % block != 0 ||
        len > (is_cipher ? (info->key_size + block - 1) / block * block : *out_len))
        return ONECARD_E_PARAM;
    if (is_cipher && len < info->key_size)
        return ONECARD_E_PARAM;
    enum onecard_err err =
        crypto_cipher(wrap->key, CRYPTO_ECB, CRYPTO_DECRYPT, NULL, wrapped, value, len);
    if (err == ONECARD_OK && !is_cipher && crypto_pad_strip(value, &found, block) != ONECARD_OK)
        err = ONECARD_E_WRONG;
    *out_len = is_cipher ? info->key_size : (uint32_t)found;
    return err;
}

/* Under RSA or SM2. A try is lost before, and comes back if something like a key came out. */
static enum onecard_err unwrap_pair(struct keys *k, const struct key_ref *ref,
                                    struct key_view *wrap, const uint8_t *wrapped, uint32_t len,
                                    const struct crypto_alg_info *info, uint8_t *value,
                                    uint32_t *out_len) {
    struct key_pair pair;
    enum onecard_err err = key_use_pair(k, ref, KEY_UNWRAP, true, wrap, &pair);
    if (err == ONECARD_OK)
        err = key_try_spend(k, wrap);
    if (err == ONECARD_OK)
        err = crypto_pk_decrypt(k->random, &pair.key, wrap_scheme(wrap), wrapped, len, value,
                                out_len);
    bytes_wipe(&pair, sizeof pair);
    if (err == ONECARD_E_FORMAT || err == ONECARD_E_RANGE ||
        (err == ONECARD_OK && info->kind == CRYPTO_KIND_CIPHER && *out_len != info->key_size))
        err = ONECARD_E_WRONG;
    return err == ONECARD_OK ? key_try_restore(k, wrap) : err;
}

static enum onecard_err unwrap(struct keys *k, const struct key_ref *ref, struct key_view *wrap,
                               const uint8_t *wrapped, uint32_t len, uint8_t algorithm,
                               uint8_t *value, uint32_t *out_len) {
    const struct crypto_alg_info *info = alg_of(algorithm);
    enum onecard_err err = key_use(k, ref, KEY_UNWRAP, wrap);
    if (err != ONECARD_OK)
        return err;
    if (info == NULL || info->kind == CRYPTO_KIND_DIGEST)
        return ONECARD_E_PARAM;
    return wrap->key->info->kind == CRYPTO_KIND_CIPHER
               ? unwrap_ecb(wrap, wrapped, len, info, value, out_len)
               : unwrap_pair(k, ref, wrap, wrapped, len, info, value, out_len);
}

enum onecard_err keys_import(struct keys *k, const struct key_ref *wrap, uint16_t number,
                             const struct key_spec *spec, uint8_t version, const uint8_t *wrapped,
                             uint32_t len, const uint8_t *check, uint32_t check_len) {
    struct key_view view;
    uint8_t value[CRYPTO_PK_VALUE_MAX + CRYPTO_BLOCK_MAX], algorithm;
    uint32_t value_len = sizeof value;
    if (check_len != 0 && check_len != CHECK_SIZE)
        return ONECARD_E_PARAM;
    enum onecard_err err = import_algorithm(k, wrap->owner, number, spec, &algorithm);
    if (err == ONECARD_OK)
        err = unwrap(k, wrap, &view, wrapped, len, algorithm, value, &value_len);
    if (err == ONECARD_OK && check_len != 0)
        err = compare_check_value(k, &view, algorithm, value, value_len, check);
    if (err == ONECARD_OK)
        err = spec != NULL ? keys_create(k, wrap->owner, number, spec, value, value_len)
                           : keys_update(k, wrap->owner, number, version, value, value_len);
    bytes_wipe(value, sizeof value);
    return err;
}

/* ---- giving a fresh key away ---- */

static enum onecard_err wrap_ecb(const struct key_view *wrap, const struct key_session *session,
                                 uint8_t *out, uint32_t *out_len) {
    uint8_t value[KEYS_SIZE_MAX + CRYPTO_BLOCK_MAX] = {0};
    const uint32_t size = session->key.info->key_size, block = wrap->key->info->block_size;
    const uint32_t len = (size + block - 1) / block * block;
    if (*out_len < len)
        return ONECARD_E_RANGE;
    memcpy(value, session->raw, size);
    *out_len = len;
    enum onecard_err err =
        crypto_cipher(wrap->key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, value, out, len);
    bytes_wipe(value, sizeof value);
    return err;
}

enum onecard_err keys_wrap(struct keys *k, const struct key_ref *wrap,
                           const struct key_session *session, uint8_t *out, uint32_t *out_len) {
    struct key_view view;
    struct key_pair pair;
    enum onecard_err err = key_use(k, wrap, KEY_WRAP, &view);
    if (err != ONECARD_OK)
        return err;
    if (session->key.info == NULL || session->owner != wrap->owner)
        return ONECARD_E_NOT_FOUND;
    if (!session->fresh)
        return ONECARD_E_DENIED;
    if (session->key.info->kind != CRYPTO_KIND_CIPHER)
        return ONECARD_E_PARAM;
    if (view.key->info->kind == CRYPTO_KIND_CIPHER)
        return wrap_ecb(&view, session, out, out_len);
    err = key_use_pair(k, wrap, KEY_WRAP, false, &view, &pair);
    if (err == ONECARD_OK)
        err = crypto_pk_encrypt(k->random, &pair.key, wrap_scheme(&view), session->raw,
                                session->key.info->key_size, out, out_len);
    bytes_wipe(&pair, sizeof pair);
    return err;
}
