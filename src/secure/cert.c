/* Certificates taken apart, their signatures, and the roots. */
#include "secure/cert.h"

#include <string.h>

#include "base/bytes.h"
#include "secure/cert_store.h"

enum onecard_err cert_parse(const uint8_t *bytes, uint32_t len, struct cert *out) {
    if (len != CERT_SIZE || bytes[CERT_AT_VERSION] != CERT_VERSION)
        return ONECARD_E_FORMAT;
    *out = (struct cert){.roles = bytes[CERT_AT_ROLES],
                         .issuer = bytes + CERT_AT_ISSUER,
                         .serial = bytes + CERT_AT_SERIAL,
                         .not_before = get_be16(bytes + CERT_AT_NOT_BEFORE),
                         .not_after = get_be16(bytes + CERT_AT_NOT_AFTER),
                         .public_key = bytes + CERT_AT_KEY,
                         .signature = bytes + CERT_AT_SIGNATURE,
                         .body = bytes};
    const bool roles_ok = out->roles != 0 && (out->roles & ~CERT_ROLE_ALL) == 0 &&
                          (!(out->roles & CERT_ROLE_CA) || out->roles == CERT_ROLE_CA);
    return roles_ok && get_be16(bytes + CERT_AT_RFU) == 0 && out->not_before <= out->not_after
               ? ONECARD_OK
               : ONECARD_E_FORMAT;
}

enum onecard_err cert_key_name(const uint8_t public_key[CRYPTO_SM2_PUBLIC], uint8_t name[4]) {
    uint8_t digest[CRYPTO_DIGEST_MAX];
    enum onecard_err err = crypto_digest_once(CRYPTO_SM3, public_key, CRYPTO_SM2_PUBLIC, digest);
    memcpy(name, digest, 4);
    return err;
}

enum onecard_err cert_check_signature(const uint8_t issuer_key[CRYPTO_SM2_PUBLIC],
                                      const uint8_t *body, uint32_t len,
                                      const uint8_t signature[CRYPTO_SM2_SIGNATURE]) {
    struct crypto_digest digest;
    uint8_t value[CRYPTO_DIGEST_MAX];
    enum onecard_err err = crypto_sm2_digest_start(&digest, NULL, 0, issuer_key);
    if (err != ONECARD_OK)
        return err;
    crypto_digest_update(&digest, body, len);
    crypto_digest_finish(&digest, value);
    return crypto_sm2_verify(issuer_key, value, signature);
}

/* ---- roots ---- */

static store_name root_name(uint32_t owner, uint32_t n) {
    return STORE_NAME(owner, CERT_KIND, CERT_NUMBER_ROOT + n);
}

enum onecard_err cert_root_set(struct store *s, uint32_t owner, uint32_t n, const uint8_t *key,
                               uint32_t len) {
    if (n >= CERT_ROOTS || (len != 0 && len != CRYPTO_SM2_PUBLIC))
        return ONECARD_E_PARAM;
    enum onecard_err err = len ? crypto_sm2_check(key) : ONECARD_OK;
    if (err == ONECARD_OK)
        err = cert_cache_clear(s, owner); /* a CA of the root that goes must not stay */
    if (err != ONECARD_OK)
        return err;
    return len ? cert_put(s, root_name(owner, n), key, len) : store_delete(s, root_name(owner, n));
}

enum onecard_err cert_root_find(const struct store *s, uint32_t owner, const uint8_t name[4],
                                uint8_t key[CRYPTO_SM2_PUBLIC]) {
    for (uint32_t n = 0; n < CERT_ROOTS; n++) {
        uint8_t its_name[4];
        enum onecard_err err = store_read(s, root_name(owner, n), 0, key, CRYPTO_SM2_PUBLIC);
        if (err == ONECARD_E_NOT_FOUND)
            continue;
        if (err == ONECARD_OK)
            err = cert_key_name(key, its_name);
        if (err != ONECARD_OK)
            return err;
        if (memcmp(its_name, name, 4) == 0)
            return ONECARD_OK;
    }
    return ONECARD_E_NOT_FOUND;
}

enum onecard_err cert_put(struct store *s, store_name name, const uint8_t *value, uint32_t len) {
    uint32_t size;
    enum onecard_err err = store_size(s, name, &size);
    if (err == ONECARD_OK && size != len)
        err = store_delete(s, name);
    else if (err == ONECARD_OK)
        return store_write(s, name, 0, value, len);
    if (err == ONECARD_OK || err == ONECARD_E_NOT_FOUND)
        err = store_create(s, name, len, STORE_SECRET);
    return err == ONECARD_OK ? store_write(s, name, 0, value, len) : err;
}
