/* Inside src/crypto: the field of SM2's curve, p = 2^256 - 2^224 - 2^96 + 2^64 - 1 (GB/T 32918.5).
 * Elements are in Montgomery form (times 2^256) and below p. All functions run in constant time;
 * results may be the same object as arguments. */
#ifndef CRYPTO_SM2_FIELD_H
#define CRYPTO_SM2_FIELD_H

#include "crypto/sm2_limb.h"

extern const struct sm2_num sm2_p;         /* the prime itself, not in Montgomery form */
extern const struct sm2_num sm2_field_one; /* 1 */
extern const struct sm2_num sm2_field_b;   /* b of the curve y^2 = x^3 - 3 x + b */

void sm2_field_mul(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b);
void sm2_field_sqr(struct sm2_num *r, const struct sm2_num *a);
void sm2_field_add(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b);
void sm2_field_sub(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b);
/* r = 1 / a; 0 for 0. */
void sm2_field_inv(struct sm2_num *r, const struct sm2_num *a);

/* Into and out of Montgomery form. from: false (and r = 0) if the number is not below p. */
bool sm2_field_from_bytes(struct sm2_num *r, const uint8_t bytes[32]);
void sm2_field_to_bytes(uint8_t bytes[32], const struct sm2_num *a);
/* r = the plain number, below p. */
void sm2_field_to_num(struct sm2_num *r, const struct sm2_num *a);
void sm2_field_from_num(struct sm2_num *r, const struct sm2_num *a);

#endif
