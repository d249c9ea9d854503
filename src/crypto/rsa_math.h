/* Inside src/crypto: odd moduli of any length that RSA has, in Montgomery form. Time depends on
 * lengths only, except where public exponents are named. Limbs are those of sm2_limb.h. */
#ifndef CRYPTO_RSA_MATH_H
#define CRYPTO_RSA_MATH_H

#include "crypto/crypto.h"
#include "crypto/sm2_limb.h"

#define RSA_EXTRA (64 / SM2_LIMB_BITS)                       /* limbs of a 64-bit factor */
#define RSA_LIMBS_MAX (CRYPTO_RSA_MAX * 8 / SM2_LIMB_BITS)   /* of n */
#define RSA_SECRET_LIMBS_MAX (RSA_LIMBS_MAX / 2 + RSA_EXTRA) /* of a prime and such a factor */

struct rsa_modulus {
    uint32_t limbs;
    sm2_limb inverse; /* -1/m mod 2^SM2_LIMB_BITS */
    sm2_limb m[RSA_LIMBS_MAX];
    sm2_limb r2[RSA_LIMBS_MAX]; /* R^2 mod m, R = 2^(limbs SM2_LIMB_BITS) */
};

/* m is odd and above 2^low_bit, and low_bit is no more than a few limbs below the top. */
void rsa_modulus_set(struct rsa_modulus *mod, const sm2_limb *m, uint32_t limbs, uint32_t low_bit);

/* r = a b / R mod m, for a below R and b below m, or both below m. */
void rsa_mul(sm2_limb *r, const sm2_limb *a, const sm2_limb *b, const struct rsa_modulus *mod);

/* r = a R mod m, in Montgomery form; a has a_limbs, at most twice those of m. */
void rsa_enter(sm2_limb *r, const sm2_limb *a, uint32_t a_limbs, const struct rsa_modulus *mod);

/* r = a / R: out of Montgomery form. */
void rsa_leave(sm2_limb *r, const sm2_limb *a, const struct rsa_modulus *mod);

/* r = a - b mod m. */
void rsa_sub(sm2_limb *r, const sm2_limb *a, const sm2_limb *b, const struct rsa_modulus *mod);

/* r = a^exponent, in Montgomery form; exponent has exponent_limbs, all of which count. m has at
 * most RSA_SECRET_LIMBS_MAX limbs. */
void rsa_power(sm2_limb *r, const sm2_limb *a, const sm2_limb *exponent, uint32_t exponent_limbs,
               const struct rsa_modulus *mod);

/* The same for a short, public exponent, and any modulus. */
void rsa_power_public(sm2_limb *r, const sm2_limb *a, uint32_t exponent,
                      const struct rsa_modulus *mod);

/* r = a b + r, where r has a_limbs + b_limbs and holds no more than a_limbs before. */
void rsa_multiply_add(sm2_limb *r, const sm2_limb *a, uint32_t a_limbs, const sm2_limb *b,
                      uint32_t b_limbs);

/* Big-endian bytes to limbs, and back; what is beyond the bytes is 0. */
void rsa_from_bytes(sm2_limb *r, uint32_t limbs, const uint8_t *bytes, size_t len);
void rsa_to_bytes(uint8_t *bytes, size_t len, const sm2_limb *a);

#endif
