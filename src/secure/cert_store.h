/* Inside src/secure: what of certificates lasts. */
#ifndef SECURE_CERT_STORE_H
#define SECURE_CERT_STORE_H

#include "secure/cert.h"

/* Numbers of an owner's objects of CERT_KIND. */
enum cert_number { CERT_NUMBER_ROOT = 0, CERT_NUMBER_CACHED = 16, CERT_NUMBER_LIST = 32 };

/* A CA that was verified: CERT_CACHED_SIZE bytes. */
enum cert_cached_layout {
    CACHED_AT_NAME = 0,  /* of its key, 4 */
    CACHED_AT_HASH = 4,  /* SM3 of the whole certificate, 32 */
    CACHED_AT_BODY = 36, /* CERT_BODY */
    CACHED_SIZE = 128,
};

/* Create or replace a sealed object. */
enum onecard_err cert_put(struct store *s, store_name name, const uint8_t *value, uint32_t len);

/* The root of that name. NOT_FOUND. */
enum onecard_err cert_root_find(const struct store *s, uint32_t owner, const uint8_t name[4],
                                uint8_t key[CRYPTO_SM2_PUBLIC]);

/* Forget verified CAs. */
enum onecard_err cert_cache_clear(struct store *s, uint32_t owner);

/* Is that serial of that issuer on the list? ONECARD_E_BLOCKED if it is. */
enum onecard_err cert_list_check(const struct store *s, uint32_t owner, const uint8_t issuer[4],
                                 const uint8_t serial[4]);

#endif
