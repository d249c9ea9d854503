#include "crypto/rsa_math.h"

#include <string.h>

#include "base/bytes.h"

#if SM2_LIMB_BITS == 64
#define LIMB_BITS_LOG 6
#define WINDOW 5
#else
#define LIMB_BITS_LOG 5
#define WINDOW 4 /* half the memory */
#endif
#define TABLE (1u << WINDOW)

/* r = a - m if carry is set or a >= m, else a. */
static void reduce_once(sm2_limb *r, const sm2_limb *a, sm2_limb carry, const sm2_limb *m,
                        uint32_t limbs) {
    sm2_limb difference[RSA_LIMBS_MAX];
    sm2_carry borrow = 0;
    for (uint32_t i = 0; i < limbs; i++)
        difference[i] = sm2_sbb(a[i], m[i], &borrow);
    const sm2_limb mask = sm2_mask(carry | (borrow ^ 1u));
    for (uint32_t i = 0; i < limbs; i++)
        r[i] = (difference[i] & mask) | (a[i] & ~mask);
}

/* a = 2 a mod m */
static void twice(sm2_limb *a, const struct rsa_modulus *mod) {
    sm2_limb carry = 0;
    for (uint32_t i = 0; i < mod->limbs; i++) {
        const sm2_limb next = a[i] >> (SM2_LIMB_BITS - 1);
        a[i] = a[i] << 1 | carry;
        carry = next;
    }
    reduce_once(a, a, carry, mod->m, mod->limbs);
}

void rsa_modulus_set(struct rsa_modulus *mod, const sm2_limb *m, uint32_t limbs, uint32_t low_bit) {
    sm2_limb x = m[0]; /* right in three bits; each step doubles them */
    for (int i = 0; i < 5; i++)
        x *= 2 - m[0] * x;
    mod->inverse = 0 - x;
    mod->limbs = limbs;
    memcpy(mod->m, m, limbs * sizeof *m);
    memset(mod->r2, 0, sizeof mod->r2);
    mod->r2[low_bit / SM2_LIMB_BITS] = (sm2_limb)1 << low_bit % SM2_LIMB_BITS;
    for (uint32_t bit = low_bit; bit < limbs * SM2_LIMB_BITS; bit++)
        twice(mod->r2, mod); /* R */
    for (uint32_t i = 0; i < limbs; i++)
        twice(mod->r2, mod); /* R 2^limbs */
    for (int i = 0; i < LIMB_BITS_LOG; i++)
        rsa_mul(mod->r2, mod->r2, mod->r2, mod); /* R 2^(2 limbs) .. R 2^(limbs bits) */
}

#if SM2_LIMB_BITS == 64 && defined(__x86_64__) && defined(__GNUC__)

/* Column by column: three limbs in registers take the products of a column, so that nothing is
 * stored in between. Compilers do not keep such a sum without a detour: two instructions by hand.
 */
struct column {
    sm2_limb low, middle, high;
};

SM2_INLINE void column_add(struct column *c, sm2_limb a, sm2_limb b) {
    sm2_limb product_low, product_high;
    __asm__("mulq %3" : "=a"(product_low), "=d"(product_high) : "0"(a), "rm"(b) : "cc");
    __asm__("addq %3, %0\n\tadcq %4, %1\n\tadcq $0, %2"
            : "+r"(c->low), "+r"(c->middle), "+r"(c->high)
            : "r"(product_low), "r"(product_high)
            : "cc");
}

SM2_INLINE void column_next(struct column *c) {
    c->low = c->middle;
    c->middle = c->high;
    c->high = 0;
}

/* t = a b / R, not below m yet; returns the limb above. */
static sm2_limb multiply(sm2_limb *t, const sm2_limb *a, const sm2_limb *b,
                         const struct rsa_modulus *mod) {
    const uint32_t n = mod->limbs;
    const sm2_limb *m = mod->m;
    sm2_limb q[RSA_LIMBS_MAX];
    struct column c = {0, 0, 0};
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < i; j++) {
            column_add(&c, a[j], b[i - j]);
            column_add(&c, q[j], m[i - j]);
        }
        column_add(&c, a[i], b[0]);
        q[i] = c.low * mod->inverse;
        column_add(&c, q[i], m[0]); /* the column is 0 now */
        column_next(&c);
    }
    for (uint32_t i = n; i < 2 * n; i++) {
        for (uint32_t j = i - n + 1; j < n; j++) {
            column_add(&c, a[j], b[i - j]);
            column_add(&c, q[j], m[i - j]);
        }
        t[i - n] = c.low;
        column_next(&c);
    }
    bytes_wipe(q, n * sizeof *q);
    return c.low;
}

#else

/* r = t + x b + high over n limbs; returns the limb above. r is t, or one limb below it. Four at a
 * time by hand, because a board's build is for size. */
static sm2_limb row(sm2_limb *r, const sm2_limb *t, sm2_limb x, const sm2_limb *b, uint32_t n,
                    sm2_limb high) {
    for (; n >= 4; n -= 4, r += 4, t += 4, b += 4) {
        r[0] = sm2_mac(x, b[0], t[0], &high);
        r[1] = sm2_mac(x, b[1], t[1], &high);
        r[2] = sm2_mac(x, b[2], t[2], &high);
        r[3] = sm2_mac(x, b[3], t[3], &high);
    }
    for (; n > 0; n--)
        *r++ = sm2_mac(x, *b++, *t++, &high);
    return high;
}

/* t = a b / R, not below m yet; returns the limb above. Row by row: on a Cortex-M4 each step is one
 * instruction. */
static sm2_limb multiply(sm2_limb *t, const sm2_limb *a, const sm2_limb *b,
                         const struct rsa_modulus *mod) {
    const uint32_t n = mod->limbs;
    sm2_limb top = 0;
    memset(t, 0, n * sizeof *t);
    for (uint32_t i = 0; i < n; i++) {
        sm2_limb low = 0;
        sm2_carry carry = 0, carry_m = 0;
        const sm2_limb high = sm2_adc(top, row(t, t, a[i], b, n, 0), &carry);
        const sm2_limb q = t[0] * mod->inverse;
        (void)sm2_mac(q, mod->m[0], t[0], &low); /* becomes 0, and falls off */
        t[n - 1] = sm2_adc(high, row(t, t + 1, q, mod->m + 1, n - 1, low), &carry_m);
        top = (sm2_limb)carry + carry_m;
    }
    return top;
}

#endif

void rsa_mul(sm2_limb *r, const sm2_limb *a, const sm2_limb *b, const struct rsa_modulus *mod) {
    sm2_limb t[RSA_LIMBS_MAX];
    const sm2_limb top = multiply(t, a, b, mod);
    reduce_once(r, t, top, mod->m, mod->limbs);
    bytes_wipe(t, mod->limbs * sizeof *t);
}

void rsa_enter(sm2_limb *r, const sm2_limb *a, uint32_t a_limbs, const struct rsa_modulus *mod) {
    const uint32_t n = mod->limbs;
    sm2_limb part[RSA_LIMBS_MAX] = {0}, high[RSA_LIMBS_MAX], r3[RSA_LIMBS_MAX];
    /* a = high R + low: high R^3 / R + low R^2 / R */
    rsa_mul(r3, mod->r2, mod->r2, mod);
    for (uint32_t i = n; i < a_limbs; i++)
        part[i - n] = a[i];
    rsa_mul(high, part, r3, mod);
    for (uint32_t i = 0; i < n; i++)
        part[i] = i < a_limbs ? a[i] : 0;
    rsa_mul(part, part, mod->r2, mod);
    sm2_carry carry = 0;
    for (uint32_t i = 0; i < n; i++)
        part[i] = sm2_adc(part[i], high[i], &carry);
    reduce_once(r, part, carry, mod->m, n);
    bytes_wipe(part, sizeof part);
    bytes_wipe(high, sizeof high);
}

void rsa_leave(sm2_limb *r, const sm2_limb *a, const struct rsa_modulus *mod) {
    sm2_limb one[RSA_LIMBS_MAX] = {1};
    rsa_mul(r, a, one, mod);
}

void rsa_sub(sm2_limb *r, const sm2_limb *a, const sm2_limb *b, const struct rsa_modulus *mod) {
    sm2_carry borrow = 0, carry = 0;
    for (uint32_t i = 0; i < mod->limbs; i++)
        r[i] = sm2_sbb(a[i], b[i], &borrow);
    const sm2_limb mask = sm2_mask(borrow);
    for (uint32_t i = 0; i < mod->limbs; i++)
        r[i] = sm2_adc(r[i], mod->m[i] & mask, &carry);
}

/* ---- powers ---- */

/* WINDOW bits from bit `at` on. */
static sm2_limb window_at(const sm2_limb *exponent, uint32_t limbs, uint32_t at) {
    const uint32_t limb = at / SM2_LIMB_BITS, shift = at % SM2_LIMB_BITS;
    sm2_limb bits = exponent[limb] >> shift;
    if (shift > SM2_LIMB_BITS - WINDOW && limb + 1 < limbs)
        bits |= exponent[limb + 1] << (SM2_LIMB_BITS - shift);
    return bits & (TABLE - 1);
}

/* Every entry is read. */
static void choose_entry(sm2_limb *r, const sm2_limb *table, uint32_t n, sm2_limb wanted) {
    memset(r, 0, n * sizeof *r);
    for (sm2_limb entry = 0; entry < TABLE; entry++) {
        const sm2_limb off = entry ^ wanted;
        const sm2_limb mask = sm2_mask(((off | ((sm2_limb)0 - off)) >> (SM2_LIMB_BITS - 1)) ^ 1);
        for (uint32_t i = 0; i < n; i++)
            r[i] |= table[entry * n + i] & mask;
    }
}

void rsa_power(sm2_limb *r, const sm2_limb *a, const sm2_limb *exponent, uint32_t exponent_limbs,
               const struct rsa_modulus *mod) {
    const uint32_t n = mod->limbs, bits = exponent_limbs * SM2_LIMB_BITS;
    sm2_limb table[TABLE * RSA_SECRET_LIMBS_MAX], entry[RSA_SECRET_LIMBS_MAX];
    rsa_leave(table, mod->r2, mod); /* R: one */
    memcpy(table + n, a, n * sizeof *a);
    for (uint32_t i = 2; i < TABLE; i++)
        rsa_mul(table + i * n, table + (i - 1) * n, table + n, mod);
    uint32_t at = (bits - 1) / WINDOW * WINDOW;
    choose_entry(r, table, n, window_at(exponent, exponent_limbs, at));
    while (at > 0) {
        at -= WINDOW;
        for (int i = 0; i < WINDOW; i++)
            rsa_mul(r, r, r, mod);
        choose_entry(entry, table, n, window_at(exponent, exponent_limbs, at));
        rsa_mul(r, r, entry, mod);
    }
    bytes_wipe(table, sizeof table);
    bytes_wipe(entry, sizeof entry);
}

void rsa_power_public(sm2_limb *r, const sm2_limb *a, uint32_t exponent,
                      const struct rsa_modulus *mod) {
    sm2_limb base[RSA_LIMBS_MAX];
    int bit = 31;
    while (bit > 0 && (exponent >> bit & 1) == 0)
        bit--;
    memcpy(base, a, mod->limbs * sizeof *a);
    memmove(r, a, mod->limbs * sizeof *a);
    while (bit-- > 0) {
        rsa_mul(r, r, r, mod);
        if (exponent >> bit & 1)
            rsa_mul(r, r, base, mod);
    }
}

void rsa_multiply_add(sm2_limb *r, const sm2_limb *a, uint32_t a_limbs, const sm2_limb *b,
                      uint32_t b_limbs) {
    for (uint32_t i = 0; i < b_limbs; i++) {
        sm2_limb high = 0;
        sm2_carry carry = 0;
        for (uint32_t j = 0; j < a_limbs; j++)
            r[i + j] = sm2_mac(b[i], a[j], r[i + j], &high);
        r[i + a_limbs] = sm2_adc(r[i + a_limbs], high, &carry);
    }
}

/* ---- bytes ---- */

void rsa_from_bytes(sm2_limb *r, uint32_t limbs, const uint8_t *bytes, size_t len) {
    memset(r, 0, limbs * sizeof *r);
    for (size_t i = 0; i < len; i++)
        r[i / sizeof *r] |= (sm2_limb)bytes[len - 1 - i] << 8 * (i % sizeof *r);
}

void rsa_to_bytes(uint8_t *bytes, size_t len, const sm2_limb *a) {
    for (size_t i = 0; i < len; i++)
        bytes[len - 1 - i] = (uint8_t)(a[i / sizeof *a] >> 8 * (i % sizeof *a));
}
