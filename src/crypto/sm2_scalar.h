/* Inside src/crypto: arithmetic modulo n, the order of SM2's group. Scalars are plain numbers below
 * n. All functions run in constant time; results may be the same object as arguments. */
#ifndef CRYPTO_SM2_SCALAR_H
#define CRYPTO_SM2_SCALAR_H

#include "crypto/sm2_limb.h"

extern const struct sm2_num sm2_n;

void sm2_scalar_mul(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b);
void sm2_scalar_add(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b);
void sm2_scalar_sub(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b);
/* r = 1 / a; 0 for 0. */
void sm2_scalar_inv(struct sm2_num *r, const struct sm2_num *a);
/* r = a mod n, for any a of 256 bits. */
void sm2_scalar_reduce(struct sm2_num *r, const struct sm2_num *a);
/* r = 64 bytes, big-endian, mod n. */
void sm2_scalar_from_wide(struct sm2_num *r, const uint8_t bytes[64]);
/* false if the number is not in 1 to n - 1; r is then 0. */
bool sm2_scalar_from_bytes(struct sm2_num *r, const uint8_t bytes[32]);

#endif
