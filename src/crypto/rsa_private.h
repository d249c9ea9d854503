/* Inside src/crypto: the private operation of RSA, from what rests in flash. */
#ifndef CRYPTO_RSA_PRIVATE_H
#define CRYPTO_RSA_PRIVATE_H

#include "crypto/crypto.h"

/* A private key: two primes of half bytes each, 1/q mod p, and the exponent. */
struct rsa_private {
    const uint8_t *p, *q, *inverse;
    uint32_t half, exponent;
};

/* n = p q, 2 half bytes. FORMAT: p or q is even, or n has not all of its bits. */
enum onecard_err rsa_private_modulus(const struct rsa_private *key, uint8_t *n);

/* out = in^d mod n, 2 half bytes, checked. PARAM: in is not below n. FORMAT: the numbers are no
 * key. IO: the result is not right, and out is zeros; or the generator failed. */
enum onecard_err rsa_private_power(struct crypto_random *random, const struct rsa_private *key,
                                   const uint8_t *in, uint8_t *out);

#endif
