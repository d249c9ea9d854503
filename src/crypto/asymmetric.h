/* Inside src/crypto: what rsa.c and p256.c share. */
#ifndef CRYPTO_ASYMMETRIC_H
#define CRYPTO_ASYMMETRIC_H

#include <stddef.h>

/* crypto_random_bytes() in the shape that mbedtls calls. */
int crypto_random_mbedtls(void *random, unsigned char *buf, size_t len);

#endif
