/* How secrets rest (S6): encrypted and authenticated under keys derived from the device key.
 *
 * Deterministic authenticated encryption in the manner of SIV (RFC 5297): a tag over name, size,
 * version and content is also the counter block of the encryption. No nonce can be used twice, so
 * a power cut that makes the store repeat a version number gives nothing away. */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "onecard/port.h"

#include "mbedtls/aes.h"

#define SEAL_TAG_SIZE 16u

struct seal {
    mbedtls_aes_context mac;  /* tags */
    mbedtls_aes_context enc;  /* key stream */
    mbedtls_aes_context root; /* binds the set of all secrets; salts the log */
};

enum onecard_err store_seal_init(struct seal *k, const struct onecard_port *port);
void store_seal_wipe(struct seal *k);

/* 64 bits that only the holder of the device key knows. */
uint64_t store_seal_salt(const struct seal *k);

/* out: SEAL_TAG_SIZE bytes of tag, then len encrypted bytes. */
void store_seal_close(const struct seal *k, uint32_t name, uint32_t version, const uint8_t *in,
                      uint32_t len, uint8_t *out);
/* ONECARD_E_CORRUPT if anything was changed or belongs elsewhere; out is wiped then. */
enum onecard_err store_seal_open(const struct seal *k, uint32_t name, uint32_t version,
                                 const uint8_t *in, uint32_t len, uint8_t *out);

/* A 16-byte image of a tag that nobody without the key can compute. */
void store_seal_image(const struct seal *k, const uint8_t tag[SEAL_TAG_SIZE], uint8_t out[16]);

#endif
