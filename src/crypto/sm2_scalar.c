/* Arithmetic modulo n by Montgomery's method. A product of plain numbers takes two reductions;
 * there are few, so scalars never stay in Montgomery form outside this file. */
#include "crypto/sm2_scalar.h"

#include "base/bytes.h"

const struct sm2_num sm2_n = SM2_NUM(0x39D54123, 0x53BBF409, 0x21C6052B, 0x7203DF6B, 0xFFFFFFFF,
                                     0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE);
/* 2^512 mod n */
static const struct sm2_num order_two_512 = SM2_NUM(0x7C114F20, 0x901192AF, 0xDE6FA2FA, 0x3464504A,
                                                    0x3AFFE0D4, 0x620FC84C, 0xA22B3D3B, 0x1EB5E412);

#if SM2_LIMB_BITS == 64
#define MINUS_INVERSE 0x327F9E8872350975u /* -1/n mod 2^64 */
#else
#define MINUS_INVERSE 0x72350975u /* -1/n mod 2^32 */
#endif

#if SM2_LIMB_BITS == 64

/* t, of five limbs and more, loses its lowest by adding m n; the carry goes in and out. */
SM2_INLINE void reduce_step(sm2_limb *t, sm2_carry *carry) {
    sm2_limb row[5] = {t[0], t[1], t[2], t[3], 0};
    sm2_mul_row(row, t[0] * MINUS_INVERSE, sm2_n.v);
    t[1] = row[1];
    t[2] = row[2];
    t[3] = row[3];
    t[4] = sm2_adc(t[4], row[4], carry);
}

/* r = a b / 2^256 mod n, for a b below n 2^256. */
static void montgomery(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b) {
    sm2_limb t[8];
    sm2_carry carry = 0;
    sm2_mul_wide(t, a->v, b->v);
    reduce_step(t, &carry);
    reduce_step(t + 1, &carry);
    reduce_step(t + 2, &carry);
    reduce_step(t + 3, &carry);
    const struct sm2_num sum = {{t[4], t[5], t[6], t[7]}};
    sm2_num_reduce_once(r, &sum, carry, &sm2_n);
}

#else

/* r = a b / 2^256 mod n, for a b below n 2^256. */
static void montgomery(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b) {
    sm2_limb t[SM2_LIMBS + 1] = {0};
    for (int i = 0; i < SM2_LIMBS; i++) {
        sm2_limb high = 0, high2 = 0;
        sm2_carry carry = 0, carry2 = 0;
#pragma GCC unroll 8
        for (int j = 0; j < SM2_LIMBS; j++)
            t[j] = sm2_mac(a->v[i], b->v[j], t[j], &high);
        sm2_limb next = sm2_adc(t[SM2_LIMBS], high, &carry);
        const sm2_limb m = t[0] * MINUS_INVERSE;
        (void)sm2_mac(m, sm2_n.v[0], t[0], &high2);
#pragma GCC unroll 8
        for (int j = 1; j < SM2_LIMBS; j++)
            t[j - 1] = sm2_mac(m, sm2_n.v[j], t[j], &high2);
        t[SM2_LIMBS - 1] = sm2_adc(next, high2, &carry2);
        t[SM2_LIMBS] = (sm2_limb)(carry + carry2);
    }
    struct sm2_num sum;
    for (int i = 0; i < SM2_LIMBS; i++)
        sum.v[i] = t[i];
    sm2_num_reduce_once(r, &sum, (sm2_carry)t[SM2_LIMBS], &sm2_n);
}

#endif

void sm2_scalar_mul(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b) {
    struct sm2_num t;
    montgomery(&t, a, &order_two_512);
    montgomery(r, &t, b);
    bytes_wipe(&t, sizeof t);
}

void sm2_scalar_add(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b) {
    sm2_num_add_mod(r, a, b, &sm2_n);
}

void sm2_scalar_sub(struct sm2_num *r, const struct sm2_num *a, const struct sm2_num *b) {
    sm2_num_sub_mod(r, a, b, &sm2_n);
}

/* a^(n - 2), four bits at a time; the exponent is public. */
void sm2_scalar_inv(struct sm2_num *r, const struct sm2_num *a) {
    static const struct sm2_num one = SM2_NUM(1, 0, 0, 0, 0, 0, 0, 0);
    static const struct sm2_num two = SM2_NUM(2, 0, 0, 0, 0, 0, 0, 0);
    struct sm2_num power[16], acc, exponent;
    (void)sm2_num_sub(&exponent, &sm2_n, &two);
    montgomery(&power[0], &one, &order_two_512);
    montgomery(&power[1], a, &order_two_512);
    for (int i = 2; i < 16; i++)
        montgomery(&power[i], &power[i - 1], &power[1]);
    acc = power[0];
    for (int i = 63; i >= 0; i--) {
        unsigned digit =
            (unsigned)(exponent.v[i * 4 / SM2_LIMB_BITS] >> (i * 4 % SM2_LIMB_BITS) & 15);
        for (int k = 0; k < 4; k++)
            montgomery(&acc, &acc, &acc);
        montgomery(&acc, &acc, &power[digit]);
    }
    montgomery(r, &acc, &one);
    bytes_wipe(power, sizeof power);
    bytes_wipe(&acc, sizeof acc);
}

void sm2_scalar_reduce(struct sm2_num *r, const struct sm2_num *a) {
    sm2_num_reduce_once(r, a, 0, &sm2_n); /* 2^256 < 2 n */
}

void sm2_scalar_from_wide(struct sm2_num *r, const uint8_t bytes[64]) {
    struct sm2_num high, low;
    sm2_num_from_bytes(&high, bytes);
    sm2_num_from_bytes(&low, bytes + 32);
    montgomery(&high, &high, &order_two_512); /* high 2^256 mod n */
    sm2_scalar_reduce(&low, &low);
    sm2_scalar_add(r, &high, &low);
    bytes_wipe(&high, sizeof high);
    bytes_wipe(&low, sizeof low);
}

bool sm2_scalar_from_bytes(struct sm2_num *r, const uint8_t bytes[32]) {
    struct sm2_num d;
    sm2_num_from_bytes(r, bytes);
    sm2_limb good = sm2_num_sub(&d, r, &sm2_n) & (sm2_num_is_zero(r) ^ 1);
    for (int i = 0; i < SM2_LIMBS; i++)
        r->v[i] &= sm2_mask(good);
    bytes_wipe(&d, sizeof d);
    return good != 0;
}
