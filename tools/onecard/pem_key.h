/* Asymmetric keys out of PEM files, as OpenSSL writes them, in the form that a card takes
 * (src/crypto/pk.h). */
#ifndef ONECARD_PEM_KEY_H
#define ONECARD_PEM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/pk.h"

/* Read the key of that algorithm: its value, or the public key. NULL, or what is wrong with the
 * file. out_value: wipe it after use. */
const char *pem_key_read(const char *path, enum crypto_alg algorithm, bool public_only,
                         uint8_t out_value[CRYPTO_PK_VALUE_MAX], size_t *out_len);

#endif
