/* Chains of certificates, and the cache of verified CAs. */
#include <string.h>

#include "base/bytes.h"
#include "secure/cert_store.h"

static store_name cached_name(uint32_t owner, uint32_t n) {
    return STORE_NAME(owner, CERT_KIND, CERT_NUMBER_CACHED + n);
}

/* ---- the cache ---- */

enum onecard_err cert_cache_clear(struct store *s, uint32_t owner) {
    for (uint32_t n = 0; n < CERT_CACHED; n++) {
        enum onecard_err err = store_delete(s, cached_name(owner, n));
        if (err != ONECARD_OK && err != ONECARD_E_NOT_FOUND)
            return err;
    }
    return ONECARD_OK;
}

/* The cached CA whose `len` bytes at `at` are these. */
static enum onecard_err cache_find(const struct store *s, uint32_t owner, uint32_t at,
                                   const uint8_t *bytes, uint32_t len, uint8_t entry[CACHED_SIZE]) {
    for (uint32_t n = 0; n < CERT_CACHED; n++) {
        enum onecard_err err = store_read(s, cached_name(owner, n), 0, entry, CACHED_SIZE);
        if (err == ONECARD_OK && memcmp(entry + at, bytes, len) == 0)
            return ONECARD_OK;
        if (err != ONECARD_OK && err != ONECARD_E_NOT_FOUND)
            return err;
    }
    return ONECARD_E_NOT_FOUND;
}

/* Keep a CA in a free place. Without one, or without room, it is as good as verified, only not
 * kept. */
static enum onecard_err cache_add(struct store *s, uint32_t owner,
                                  const uint8_t entry[CACHED_SIZE]) {
    for (uint32_t n = 0; n < CERT_CACHED; n++) {
        uint32_t size;
        enum onecard_err err = store_size(s, cached_name(owner, n), &size);
        if (err == ONECARD_OK)
            continue;
        if (err == ONECARD_E_NOT_FOUND)
            err = cert_put(s, cached_name(owner, n), entry, CACHED_SIZE);
        if (err == ONECARD_E_FULL || err == ONECARD_E_TOO_BIG) {
            const enum onecard_err gone = store_delete(s, cached_name(owner, n));
            return gone == ONECARD_E_NOT_FOUND ? ONECARD_OK : gone;
        }
        return err;
    }
    return ONECARD_OK;
}

/* ---- one certificate ---- */

static enum onecard_err check_day(const struct cert *cert, uint16_t day) {
    return day == CERT_DAY_UNKNOWN || (cert->not_before <= day && day <= cert->not_after)
               ? ONECARD_OK
               : ONECARD_E_STATE;
}

static enum onecard_err check_standing(const struct store *s, uint32_t owner,
                                       const struct cert *cert, uint16_t day) {
    enum onecard_err err = check_day(cert, day);
    return err == ONECARD_OK ? cert_list_check(s, owner, cert->issuer, cert->serial) : err;
}

/* Dates and standing of a CA that was cached; the same as when it came. */
static enum onecard_err check_cached(const struct store *s, uint32_t owner,
                                     const uint8_t entry[CACHED_SIZE], uint16_t day) {
    uint8_t whole[CERT_SIZE] = {0}; /* its signature was checked, and is not kept */
    struct cert ca;
    memcpy(whole, entry + CACHED_AT_BODY, CERT_BODY);
    if (cert_parse(whole, sizeof whole, &ca) != ONECARD_OK)
        return ONECARD_E_CORRUPT;
    return check_standing(s, owner, &ca, day);
}

static enum onecard_err verify_ca(struct store *s, uint32_t owner, const struct cert *ca,
                                  uint16_t day) {
    uint8_t entry[CACHED_SIZE], found[CACHED_SIZE], root[CRYPTO_SM2_PUBLIC];
    enum onecard_err err = check_standing(s, owner, ca, day);
    if (err == ONECARD_OK)
        err = crypto_digest_once(CRYPTO_SM3, ca->body, CERT_SIZE, entry + CACHED_AT_HASH);
    if (err == ONECARD_OK)
        err = cert_key_name(ca->public_key, entry + CACHED_AT_NAME);
    if (err != ONECARD_OK)
        return err;
    memcpy(entry + CACHED_AT_BODY, ca->body, CERT_BODY);
    err = cache_find(s, owner, CACHED_AT_HASH, entry + CACHED_AT_HASH, 32, found);
    if (err != ONECARD_E_NOT_FOUND)
        return err;
    err = cert_root_find(s, owner, ca->issuer, root);
    if (err == ONECARD_E_NOT_FOUND &&
        cache_find(s, owner, CACHED_AT_NAME, ca->issuer, 4, found) == ONECARD_OK)
        return ONECARD_E_DENIED; /* a third level */
    if (err == ONECARD_OK)
        err = cert_check_signature(root, ca->body, CERT_BODY, ca->signature);
    return err == ONECARD_OK ? cache_add(s, owner, entry) : err;
}

/* Who signed this one: the CA that came with it, a cached one, or a root. */
static enum onecard_err find_issuer(const struct store *s, uint32_t owner, const struct cert *cert,
                                    const struct cert *with, uint16_t day,
                                    uint8_t key[CRYPTO_SM2_PUBLIC]) {
    uint8_t entry[CACHED_SIZE], name[4];
    enum onecard_err err;
    if (with != NULL) {
        err = cert_key_name(with->public_key, name);
        if (err != ONECARD_OK)
            return err;
        if (memcmp(name, cert->issuer, 4) != 0)
            return ONECARD_E_NOT_FOUND;
        memcpy(key, with->public_key, CRYPTO_SM2_PUBLIC);
        return ONECARD_OK;
    }
    err = cache_find(s, owner, CACHED_AT_NAME, cert->issuer, 4, entry);
    if (err == ONECARD_E_NOT_FOUND)
        return cert_root_find(s, owner, cert->issuer, key);
    if (err == ONECARD_OK)
        err = check_cached(s, owner, entry, day);
    memcpy(key, entry + CACHED_AT_BODY + CERT_AT_KEY, CRYPTO_SM2_PUBLIC);
    return err;
}

static enum onecard_err verify_end(const struct store *s, uint32_t owner, const struct cert *cert,
                                   const struct cert *with, uint16_t day) {
    uint8_t issuer[CRYPTO_SM2_PUBLIC];
    enum onecard_err err = check_standing(s, owner, cert, day);
    if (err == ONECARD_OK)
        err = find_issuer(s, owner, cert, with, day, issuer);
    return err == ONECARD_OK ? cert_check_signature(issuer, cert->body, CERT_BODY, cert->signature)
                             : err;
}

enum onecard_err cert_verify(struct store *s, uint32_t owner, const uint8_t *certificates,
                             uint32_t len, uint8_t roles, uint16_t day,
                             uint8_t out_public_key[CRYPTO_SM2_PUBLIC]) {
    const bool chain = len == 2 * CERT_SIZE;
    struct cert ca, last;
    if (len != CERT_SIZE && !chain)
        return ONECARD_E_FORMAT;
    enum onecard_err err = cert_parse(certificates + len - CERT_SIZE, CERT_SIZE, &last);
    if (err == ONECARD_OK && chain)
        err = cert_parse(certificates, CERT_SIZE, &ca);
    if (err == ONECARD_OK && chain && ca.roles != CERT_ROLE_CA)
        err = ONECARD_E_FORMAT;
    if (err == ONECARD_OK && ((last.roles & roles) == 0 || (chain && last.roles == CERT_ROLE_CA)))
        err = ONECARD_E_DENIED;
    if (err == ONECARD_OK && chain)
        err = verify_ca(s, owner, &ca, day);
    if (err == ONECARD_OK)
        err = last.roles == CERT_ROLE_CA ? verify_ca(s, owner, &last, day)
                                         : verify_end(s, owner, &last, chain ? &ca : NULL, day);
    if (err == ONECARD_OK)
        err = crypto_sm2_check(last.public_key);
    if (err == ONECARD_OK)
        memcpy(out_public_key, last.public_key, CRYPTO_SM2_PUBLIC);
    return err;
}
