/* Inside src/crypto: 256-bit numbers in limbs, 64 bits each on hosts and 32 on boards, least first.
 * Everything here runs in constant time. */
#ifndef CRYPTO_SM2_LIMB_H
#define CRYPTO_SM2_LIMB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SIZEOF_INT128__) && !defined(SM2_LIMB_32)
typedef uint64_t sm2_limb;
__extension__ typedef unsigned __int128 sm2_wide;
#define SM2_LIMB_BITS 64
#else
typedef uint32_t sm2_limb;
typedef uint64_t sm2_wide;
#define SM2_LIMB_BITS 32
#endif
#define SM2_LIMBS (256 / SM2_LIMB_BITS)

#if SM2_LIMB_BITS == 64 && defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define SM2_CARRY_INSTRUCTIONS 1
#endif

#define SM2_INLINE static inline __attribute__((always_inline))

/* A number, or an element of the field in Montgomery form. */
struct sm2_num {
    sm2_limb v[SM2_LIMBS];
};

/* Constants are written as eight 32-bit words, least first. */
#if SM2_LIMB_BITS == 64
#define SM2_PAIR(low, high) ((sm2_limb)(high) << 32 | (low))
#define SM2_NUM(a, b, c, d, e, f, g, h)                                                            \
    {                                                                                              \
        { SM2_PAIR(a, b), SM2_PAIR(c, d), SM2_PAIR(e, f), SM2_PAIR(g, h) }                         \
    }
#else
#define SM2_NUM(a, b, c, d, e, f, g, h)                                                            \
    {                                                                                              \
        { a, b, c, d, e, f, g, h }                                                                 \
    }
#endif

typedef unsigned char sm2_carry; /* 0 or 1 */

/* a + b + *carry; the carry out goes to *carry. */
SM2_INLINE sm2_limb sm2_adc(sm2_limb a, sm2_limb b, sm2_carry *carry) {
#ifdef SM2_CARRY_INSTRUCTIONS
    unsigned long long r;
    *carry = _addcarry_u64(*carry, a, b, &r);
    return r;
#else
    sm2_wide r = (sm2_wide)a + b + *carry;
    *carry = (sm2_carry)(r >> SM2_LIMB_BITS);
    return (sm2_limb)r;
#endif
}

/* a - b - *borrow; the borrow out goes to *borrow. */
SM2_INLINE sm2_limb sm2_sbb(sm2_limb a, sm2_limb b, sm2_carry *borrow) {
#ifdef SM2_CARRY_INSTRUCTIONS
    unsigned long long r;
    *borrow = _subborrow_u64(*borrow, a, b, &r);
    return r;
#else
    sm2_wide r = (sm2_wide)a - b - *borrow;
    *borrow = (sm2_carry)(r >> SM2_LIMB_BITS & 1);
    return (sm2_limb)r;
#endif
}

/* a b + c + *high: the low limb; the high one goes to *high. Never overflows. */
SM2_INLINE sm2_limb sm2_mac(sm2_limb a, sm2_limb b, sm2_limb c, sm2_limb *high) {
#if defined(__ARM_FEATURE_DSP) && !defined(__aarch64__)
    /* One instruction of the Cortex-M4, which compilers do not find by themselves. */
    __asm__("umaal %0, %1, %2, %3" : "+r"(c), "+r"(*high) : "r"(a), "r"(b));
    return c;
#else
    sm2_wide r = (sm2_wide)a * b + c + *high;
    *high = (sm2_limb)(r >> SM2_LIMB_BITS);
    return (sm2_limb)r;
#endif
}

/* All ones if bit is 1, 0 if it is 0. The compiler must not see that it is a choice. */
SM2_INLINE sm2_limb sm2_mask(sm2_limb bit) {
    sm2_limb mask = (sm2_limb)0 - bit;
    __asm__("" : "+r"(mask));
    return mask;
}

/* r = a where mask is ones, else r stays. */
SM2_INLINE void sm2_num_choose(struct sm2_num *r, const struct sm2_num *a, sm2_limb mask) {
    for (int i = 0; i < SM2_LIMBS; i++)
        r->v[i] ^= (r->v[i] ^ a->v[i]) & mask;
}

/* 1 if a is zero, else 0. */
SM2_INLINE sm2_limb sm2_num_is_zero(const struct sm2_num *a) {
    sm2_limb any = 0;
    for (int i = 0; i < SM2_LIMBS; i++)
        any |= a->v[i];
    return ((any | ((sm2_limb)0 - any)) >> (SM2_LIMB_BITS - 1)) ^ 1;
}

SM2_INLINE sm2_limb sm2_num_bit(const struct sm2_num *a, unsigned i) {
    return a->v[i / SM2_LIMB_BITS] >> (i % SM2_LIMB_BITS) & 1;
}

/* r = a - b; returns the borrow. */
SM2_INLINE sm2_carry sm2_num_sub(struct sm2_num *r, const struct sm2_num *a,
                                 const struct sm2_num *b) {
    sm2_carry borrow = 0;
#pragma GCC unroll 8
    for (int i = 0; i < SM2_LIMBS; i++)
        r->v[i] = sm2_sbb(a->v[i], b->v[i], &borrow);
    return borrow;
}

/* r = a + b; returns the carry. */
SM2_INLINE sm2_carry sm2_num_add(struct sm2_num *r, const struct sm2_num *a,
                                 const struct sm2_num *b) {
    sm2_carry carry = 0;
#pragma GCC unroll 8
    for (int i = 0; i < SM2_LIMBS; i++)
        r->v[i] = sm2_adc(a->v[i], b->v[i], &carry);
    return carry;
}

/* r = a - m if carry is set or a >= m, else a: a number below 2 m becomes one below m. */
SM2_INLINE void sm2_num_reduce_once(struct sm2_num *r, const struct sm2_num *a, sm2_carry carry,
                                    const struct sm2_num *m) {
    struct sm2_num d;
    sm2_carry borrow = sm2_num_sub(&d, a, m);
    *r = *a;
    sm2_num_choose(r, &d, sm2_mask((sm2_limb)(carry | (borrow ^ 1))));
}

/* r = a + b mod m, for a and b below m. */
SM2_INLINE void sm2_num_add_mod(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b,
                                const struct sm2_num *m) {
    struct sm2_num sum;
    sm2_carry carry = sm2_num_add(&sum, a, b);
    sm2_num_reduce_once(r, &sum, carry, m);
}

/* r = a - b mod m, for a and b below m. */
SM2_INLINE void sm2_num_sub_mod(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b,
                                const struct sm2_num *m) {
    struct sm2_num difference, back;
    sm2_limb mask = sm2_mask(sm2_num_sub(&difference, a, b));
    for (int i = 0; i < SM2_LIMBS; i++)
        back.v[i] = m->v[i] & mask;
    (void)sm2_num_add(r, &difference, &back);
}

#if SM2_LIMB_BITS == 64

/* t[0..4] += a b, where t[4] is new: the low halves of the products in one chain of carries, the
 * high ones in another. */
SM2_INLINE void sm2_mul_row(sm2_limb *t, sm2_limb a, const sm2_limb b[4]) {
    sm2_limb h0 = 0, h1 = 0, h2 = 0, h3 = 0;
    sm2_limb l0 = sm2_mac(a, b[0], 0, &h0), l1 = sm2_mac(a, b[1], 0, &h1);
    sm2_limb l2 = sm2_mac(a, b[2], 0, &h2), l3 = sm2_mac(a, b[3], 0, &h3);
    sm2_carry carry = 0;
    t[0] = sm2_adc(t[0], l0, &carry);
    t[1] = sm2_adc(t[1], l1, &carry);
    t[2] = sm2_adc(t[2], l2, &carry);
    t[3] = sm2_adc(t[3], l3, &carry);
    t[4] = h3 + carry; /* no overflow: the whole is below 2^320 */
    carry = 0;
    t[1] = sm2_adc(t[1], h0, &carry);
    t[2] = sm2_adc(t[2], h1, &carry);
    t[3] = sm2_adc(t[3], h2, &carry);
    t[4] += carry;
}

SM2_INLINE void sm2_mul_wide(sm2_limb t[8], const sm2_limb a[4], const sm2_limb b[4]) {
    t[0] = t[1] = t[2] = t[3] = 0;
    sm2_mul_row(t, a[0], b);
    sm2_mul_row(t + 1, a[1], b);
    sm2_mul_row(t + 2, a[2], b);
    sm2_mul_row(t + 3, a[3], b);
}

#else

SM2_INLINE void sm2_mul_wide(sm2_limb t[16], const sm2_limb a[8], const sm2_limb b[8]) {
    for (int i = 0; i < 8; i++)
        t[i] = 0;
    for (int i = 0; i < 8; i++) {
        sm2_limb high = 0;
#pragma GCC unroll 8
        for (int j = 0; j < 8; j++)
            t[i + j] = sm2_mac(a[i], b[j], t[i + j], &high);
        t[i + 8] = high;
    }
}

#endif

/* 32 bytes, big-endian. */
void sm2_num_from_bytes(struct sm2_num *r, const uint8_t bytes[32]);
void sm2_num_to_bytes(uint8_t bytes[32], const struct sm2_num *a);

#endif
