/* Inside src/crypto: what is signed by RSA (RFC 8017). */
#ifndef CRYPTO_RSA_ENCODE_H
#define CRYPTO_RSA_ENCODE_H

#include "crypto/crypto.h"

/* EMSA-PKCS1-v1_5 (9.2) and EMSA-PSS (9.1) with a salt of the digest's length: size bytes to be
 * raised to the private power. PARAM: not a SHA digest, or size is too short for it. */
enum onecard_err rsa_encode_pkcs1(enum crypto_alg digest_alg, const uint8_t *digest, uint8_t *block,
                                  uint32_t size);
enum onecard_err rsa_encode_pss(struct crypto_random *random, enum crypto_alg digest_alg,
                                const uint8_t *digest, uint8_t *block, uint32_t size);

#endif
