/* Arithmetic modulo p = 2^256 - 2^224 - 2^96 + 2^64 - 1.
 *
 * Montgomery's reduction is nearly free here: -1/p mod 2^64 is 1, so the factor m of each step is
 * the lowest limb itself, and m p is shifts of m. */
#include "crypto/sm2_field.h"

#include "base/bytes.h"

const struct sm2_num sm2_p = SM2_NUM(0xFFFFFFFF, 0xFFFFFFFF, 0x00000000, 0xFFFFFFFF, 0xFFFFFFFF,
                                     0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE);
const struct sm2_num sm2_field_one = SM2_NUM(0x00000001, 0x00000000, 0xFFFFFFFF, 0x00000000,
                                             0x00000000, 0x00000000, 0x00000000, 0x00000001);
const struct sm2_num sm2_field_b = SM2_NUM(0x2BC0DD42, 0x90D23063, 0xE9B537AB, 0x71CF379A,
                                           0x5EA51C3C, 0x52798150, 0xBA20E2C8, 0x240FE188);
/* 2^512 mod p */
static const struct sm2_num field_two_512 = SM2_NUM(0x00000003, 0x00000002, 0xFFFFFFFF, 0x00000002,
                                                    0x00000001, 0x00000001, 0x00000002, 0x00000004);

void sm2_num_from_bytes(struct sm2_num *r, const uint8_t bytes[32]) {
    const size_t step = SM2_LIMB_BITS / 8;
    for (size_t i = 0; i < SM2_LIMBS; i++) {
        sm2_limb limb = 0;
        for (size_t j = 0; j < step; j++)
            limb = (sm2_limb)(limb << 8 | bytes[32 - step * (i + 1) + j]);
        r->v[i] = limb;
    }
}

void sm2_num_to_bytes(uint8_t bytes[32], const struct sm2_num *a) {
    for (unsigned i = 0; i < 32; i++)
        bytes[31 - i] = (uint8_t)(a->v[i * 8 / SM2_LIMB_BITS] >> (i * 8 % SM2_LIMB_BITS));
}

#if SM2_LIMB_BITS == 64

/* p has the limbs P0 P1 P0 P3. */
#define P0 0xFFFFFFFFFFFFFFFFu
#define P1 0xFFFFFFFF00000000u
#define P3 0xFFFFFFFEFFFFFFFFu

/* r = t - p if that is not negative (carry: t has one bit more), else t. */
SM2_INLINE void sub_p_once(struct sm2_num *r, sm2_limb t0, sm2_limb t1, sm2_limb t2, sm2_limb t3,
                           sm2_carry carry) {
    sm2_carry borrow = 0;
    sm2_limb d0 = sm2_sbb(t0, P0, &borrow), d1 = sm2_sbb(t1, P1, &borrow);
    sm2_limb d2 = sm2_sbb(t2, P0, &borrow), d3 = sm2_sbb(t3, P3, &borrow);
    sm2_limb keep = sm2_mask((sm2_limb)(borrow & (carry ^ 1)));
    r->v[0] = d0 ^ ((d0 ^ t0) & keep);
    r->v[1] = d1 ^ ((d1 ^ t1) & keep);
    r->v[2] = d2 ^ ((d2 ^ t2) & keep);
    r->v[3] = d3 ^ ((d3 ^ t3) & keep);
}

/* Two steps at once: t, of four limbs, becomes (t + M p) / 2^128, where M (limbs m0, m1) is what
 * makes it exact. m0 is limb 0; m1 is limb 1 of t + m0 p, that is t1 + m0 - m0 2^32. Then
 * (t + M p) / 2^128 = M 2^128 - M 2^96 - M / 2^32 + m1 + t / 2^128, and what m1 carried over. */
SM2_INLINE void reduce_two(sm2_limb *t0, sm2_limb *t1, sm2_limb *t2, sm2_limb *t3) {
    sm2_carry carry = 0, borrow = 0;
    const sm2_limb m0 = *t0, x = m0 << 32;
    const sm2_limb m1 = sm2_sbb(sm2_adc(*t1, m0, &carry), x, &borrow);
    const sm2_limb y = m0 >> 32 | m1 << 32, z = m1 >> 32;
    sm2_limb r0 = sm2_sbb(*t2, y, &borrow), r1 = sm2_sbb(*t3, x | z, &borrow);
    sm2_limb r2 = sm2_sbb(m0, y, &borrow), r3 = sm2_sbb(m1, z, &borrow);
    *t0 = sm2_adc(r0, m1, &carry);
    *t1 = sm2_adc(r1, 0, &carry);
    *t2 = sm2_adc(r2, 0, &carry);
    *t3 = sm2_adc(r3, 0, &carry); /* the last carry and borrow cancel: the whole is below 2^256 */
}

/* r = t / 2^256 mod p, for t below p 2^256. The low half is reduced alone, to at most p; with the
 * high half, which is below p, one conditional subtraction remains. */
SM2_INLINE void reduce(struct sm2_num *r, const sm2_limb t[8]) {
    sm2_limb t0 = t[0], t1 = t[1], t2 = t[2], t3 = t[3];
    sm2_carry carry = 0;
    reduce_two(&t0, &t1, &t2, &t3);
    reduce_two(&t0, &t1, &t2, &t3);
    t0 = sm2_adc(t0, t[4], &carry);
    t1 = sm2_adc(t1, t[5], &carry);
    t2 = sm2_adc(t2, t[6], &carry);
    t3 = sm2_adc(t3, t[7], &carry);
    sub_p_once(r, t0, t1, t2, t3, carry);
}

/* The six mixed products, doubled, and the four squares. */
SM2_INLINE void sqr_wide(sm2_limb t[8], const sm2_limb a[4]) {
    sm2_limb high = 0, s1 = 0, s3 = 0, s5 = 0, s7 = 0;
    sm2_carry carry = 0;
    t[1] = sm2_mac(a[0], a[1], 0, &high);
    t[2] = sm2_mac(a[0], a[2], 0, &high);
    t[3] = sm2_mac(a[0], a[3], 0, &high);
    t[4] = high;
    high = 0;
    t[3] = sm2_mac(a[1], a[2], t[3], &high);
    t[4] = sm2_mac(a[1], a[3], t[4], &high);
    t[5] = high;
    high = 0;
    t[5] = sm2_mac(a[2], a[3], t[5], &high);
    t[6] = high;
    t[7] = t[6] >> 63;
    t[6] = t[6] << 1 | t[5] >> 63;
    t[5] = t[5] << 1 | t[4] >> 63;
    t[4] = t[4] << 1 | t[3] >> 63;
    t[3] = t[3] << 1 | t[2] >> 63;
    t[2] = t[2] << 1 | t[1] >> 63;
    t[1] = t[1] << 1;
    t[0] = sm2_mac(a[0], a[0], 0, &s1);
    sm2_limb s2 = sm2_mac(a[1], a[1], 0, &s3);
    sm2_limb s4 = sm2_mac(a[2], a[2], 0, &s5);
    sm2_limb s6 = sm2_mac(a[3], a[3], 0, &s7);
    t[1] = sm2_adc(t[1], s1, &carry);
    t[2] = sm2_adc(t[2], s2, &carry);
    t[3] = sm2_adc(t[3], s3, &carry);
    t[4] = sm2_adc(t[4], s4, &carry);
    t[5] = sm2_adc(t[5], s5, &carry);
    t[6] = sm2_adc(t[6], s6, &carry);
    t[7] = sm2_adc(t[7], s7, &carry);
}

#else

/* acc + limb, with the sign. */
SM2_INLINE int64_t plus(int64_t acc, sm2_limb limb) {
    return acc + (int64_t)(uint64_t)limb;
}

SM2_INLINE int64_t minus(int64_t acc, sm2_limb limb) {
    return acc - (int64_t)(uint64_t)limb;
}

/* r = t / 2^256 mod p, for t below p 2^256, in 32-bit limbs. Step i adds m p 2^(32 i) with the m
 * that clears limb i; p being what it is, m is limb i itself, and m p clears it, adds m to limbs i
 * + 2 and i + 8, and takes it from limbs i + 3 and i + 7. All steps together, limb by limb: */
SM2_INLINE void reduce(struct sm2_num *r, const sm2_limb t[16]) {
    sm2_limb m[8];
    struct sm2_num high;
    int64_t acc = 0;
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
        acc = plus(acc, t[i]);
        if (i >= 2 && i < 10)
            acc = plus(acc, m[i - 2]);
        if (i >= 3 && i < 11)
            acc = minus(acc, m[i - 3]);
        if (i >= 7 && i < 15)
            acc = minus(acc, m[i - 7]);
        if (i >= 8)
            acc = plus(acc, m[i - 8]);
        if (i < 8)
            m[i] = (sm2_limb)acc;
        else
            high.v[i - 8] = (sm2_limb)acc;
        acc >>= 32;
    }
    sm2_num_reduce_once(r, &high, (sm2_carry)acc, &sm2_p);
}

static void sqr_wide(sm2_limb t[16], const sm2_limb a[8]) {
    sm2_mul_wide(t, a, a);
}

#endif

void sm2_field_mul(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b) {
    sm2_limb t[2 * SM2_LIMBS];
    sm2_mul_wide(t, a->v, b->v);
    reduce(r, t);
}

void sm2_field_sqr(struct sm2_num *r, const struct sm2_num *a) {
    sm2_limb t[2 * SM2_LIMBS];
    sqr_wide(t, a->v);
    reduce(r, t);
}

#if SM2_LIMB_BITS == 64

/* Written out, because compilers keep the limbs in registers only then. */
void sm2_field_add(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b) {
    sm2_carry carry = 0;
    sm2_limb t0 = sm2_adc(a->v[0], b->v[0], &carry), t1 = sm2_adc(a->v[1], b->v[1], &carry);
    sm2_limb t2 = sm2_adc(a->v[2], b->v[2], &carry), t3 = sm2_adc(a->v[3], b->v[3], &carry);
    sub_p_once(r, t0, t1, t2, t3, carry);
}

void sm2_field_sub(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b) {
    sm2_carry carry = 0, borrow = 0;
    sm2_limb t0 = sm2_sbb(a->v[0], b->v[0], &borrow), t1 = sm2_sbb(a->v[1], b->v[1], &borrow);
    sm2_limb t2 = sm2_sbb(a->v[2], b->v[2], &borrow), t3 = sm2_sbb(a->v[3], b->v[3], &borrow);
    sm2_limb mask = sm2_mask(borrow);
    r->v[0] = sm2_adc(t0, mask, &carry);
    r->v[1] = sm2_adc(t1, mask & P1, &carry);
    r->v[2] = sm2_adc(t2, mask, &carry);
    r->v[3] = sm2_adc(t3, mask & P3, &carry);
}

#else

void sm2_field_add(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b) {
    sm2_num_add_mod(r, a, b, &sm2_p);
}

void sm2_field_sub(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b) {
    sm2_num_sub_mod(r, a, b, &sm2_p);
}

#endif

/* r = a^(2^n) b */
static void sqr_n_mul(struct sm2_num *r, const struct sm2_num *a, int n, const struct sm2_num *b) {
    struct sm2_num t;
    sm2_field_sqr(&t, a);
    for (int i = 1; i < n; i++)
        sm2_field_sqr(&t, &t);
    sm2_field_mul(r, &t, b);
}

/* a^(p - 2). In words p - 2 is FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF 00000000 FFFFFFFF
 * FFFFFFFD; xN is a to the power of N ones. */
void sm2_field_inv(struct sm2_num *r, const struct sm2_num *a) {
    struct sm2_num x3, x15, x30, x31, x32, t;
    sqr_n_mul(&t, a, 1, a);
    sqr_n_mul(&x3, &t, 1, a);
    sqr_n_mul(&t, &x3, 3, &x3); /* 6 ones */
    sqr_n_mul(&t, &t, 6, &t);   /* 12 */
    sqr_n_mul(&x15, &t, 3, &x3);
    sqr_n_mul(&x30, &x15, 15, &x15);
    sqr_n_mul(&x31, &x30, 1, a);
    sqr_n_mul(&x32, &x31, 1, a);
    sqr_n_mul(&t, &x31, 33, &x32);
    sqr_n_mul(&t, &t, 32, &x32);
    sqr_n_mul(&t, &t, 32, &x32);
    sqr_n_mul(&t, &t, 32, &x32);
    sqr_n_mul(&t, &t, 64, &x32);
    sqr_n_mul(&t, &t, 30, &x30);
    sqr_n_mul(r, &t, 2, a);
    bytes_wipe(&t, sizeof t);
}

void sm2_field_from_num(struct sm2_num *r, const struct sm2_num *a) {
    sm2_field_mul(r, a, &field_two_512);
}

bool sm2_field_from_bytes(struct sm2_num *r, const uint8_t bytes[32]) {
    struct sm2_num a, d;
    sm2_num_from_bytes(&a, bytes);
    sm2_limb below = sm2_num_sub(&d, &a, &sm2_p);
    for (int i = 0; i < SM2_LIMBS; i++)
        a.v[i] &= sm2_mask(below);
    sm2_field_from_num(r, &a);
    return below != 0;
}

void sm2_field_to_num(struct sm2_num *r, const struct sm2_num *a) {
    static const struct sm2_num plain_one = SM2_NUM(1, 0, 0, 0, 0, 0, 0, 0);
    sm2_field_mul(r, a, &plain_one);
}

void sm2_field_to_bytes(uint8_t bytes[32], const struct sm2_num *a) {
    struct sm2_num plain;
    sm2_field_to_num(&plain, a);
    sm2_num_to_bytes(bytes, &plain);
    bytes_wipe(&plain, sizeof plain);
}
