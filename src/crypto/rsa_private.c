/* The private operation of RSA: CRT, constant time, hidden by factors from the generator, and
 * checked before it is released. docs/crypto.md says how. */
#include "crypto/rsa_private.h"

#include <string.h>

#include "base/bytes.h"
#include "crypto/rsa_math.h"

#define HALF_LIMBS_MAX (RSA_LIMBS_MAX / 2)

static uint32_t limbs_of(uint32_t bytes) {
    return (bytes * 8 + SM2_LIMB_BITS - 1) / SM2_LIMB_BITS;
}

/* ---- 1/e: numbers modulo the short, odd exponent, below 2^31 ---- */

struct short_modulus {
    uint32_t e, inverse; /* -1/e mod 2^32 */
};

static void short_set(struct short_modulus *s, uint32_t e) {
    uint32_t x = e;
    for (int i = 0; i < 4; i++)
        x *= 2 - e * x;
    s->e = e;
    s->inverse = 0 - x;
}

/* t / 2^32 mod e, for t below 2^62 */
static uint32_t short_reduce(const struct short_modulus *s, uint64_t t) {
    const uint32_t q = (uint32_t)t * s->inverse;
    const uint64_t r = (t + (uint64_t)q * s->e) >> 32; /* below 2 e */
    const uint64_t difference = r - s->e;
    return (uint32_t)(difference + (s->e & (uint64_t)((int64_t)difference >> 63)));
}

/* 2^(32 words) mod e; all of it is public */
static uint32_t short_two_to(uint32_t words, uint32_t e) {
    uint64_t r = 1 % e;
    while (words-- > 0)
        r = (r << 32) % e;
    return (uint32_t)r;
}

/* a mod e, for a of `limbs` limbs */
static uint32_t short_of(const struct short_modulus *s, const sm2_limb *a, uint32_t limbs) {
    uint32_t r = 0;
    const uint32_t words = limbs * (SM2_LIMB_BITS / 32);
    for (uint32_t i = 0; i < words; i++) {
        const uint32_t bit = i * 32;
        const uint32_t word = (uint32_t)(a[bit / SM2_LIMB_BITS] >> bit % SM2_LIMB_BITS);
        r = short_reduce(s, (uint64_t)r + word);
    }
    return short_reduce(s, (uint64_t)r * short_two_to(words + 1, s->e));
}

/* 1/a mod m; 0 if there is none. Euclid's steps depend on a: the caller hides it. */
static uint32_t inverse_mod(uint32_t a, uint32_t m) {
    int64_t x = 1, y = 0;
    uint32_t r = m;
    while (a > 1 && r != 0) {
        const uint32_t quotient = a / r, rest = a % r;
        const int64_t next = x - (int64_t)quotient * y;
        a = r;
        r = rest;
        x = y;
        y = next;
    }
    return a == 1 ? (uint32_t)(x < 0 ? x + m : x) : 0;
}

/* 1/a mod e, a hidden by a random factor. 0: there is none (so it seems after 64 factors). */
static enum onecard_err short_inverse(struct crypto_random *random, const struct short_modulus *s,
                                      uint32_t a, uint32_t *out) {
    *out = 0;
    for (int attempt = 0; attempt < 64 && *out == 0; attempt++) {
        uint32_t factor;
        enum onecard_err err = crypto_random_bytes(random, &factor, sizeof factor);
        if (err != ONECARD_OK)
            return err;
        factor = short_reduce(s, factor);
        /* 1 / (a factor / 2^32), times factor / 2^32 */
        const uint32_t hidden = inverse_mod(short_reduce(s, (uint64_t)a * factor), s->e);
        *out = short_reduce(s, (uint64_t)hidden * factor);
    }
    return ONECARD_OK;
}

/* ---- one prime ---- */

/* Everything about one prime. */
struct half {
    sm2_limb prime[HALF_LIMBS_MAX];
    sm2_limb less[HALF_LIMBS_MAX + 1];           /* prime - 1 */
    sm2_limb exponent[RSA_SECRET_LIMBS_MAX + 1]; /* d mod (prime - 1), hidden */
    sm2_limb hidden[RSA_SECRET_LIMBS_MAX];       /* prime times a random factor */
    sm2_limb result[RSA_SECRET_LIMBS_MAX];
    struct rsa_modulus mod;
};

/* 64 random bits in limbs. */
static enum onecard_err random_factor(struct crypto_random *random, sm2_limb factor[RSA_EXTRA]) {
    return crypto_random_bytes(random, factor, RSA_EXTRA * sizeof *factor);
}

/* r = a / e, which has no rest: limb by limb from the lowest, by the inverse of e. */
static void divide_exactly(sm2_limb *r, const sm2_limb *a, uint32_t limbs, uint32_t e) {
    sm2_limb inverse = e, high = 0;
    for (int i = 0; i < 5; i++)
        inverse *= 2 - e * inverse;
    for (uint32_t i = 0; i < limbs; i++) {
        sm2_carry borrow = 0;
        sm2_limb next = 0;
        r[i] = sm2_sbb(a[i], high, &borrow) * inverse;
        (void)sm2_mac(r[i], e, 0, &next);
        high = next + borrow;
    }
}

/* exponent = d mod (prime - 1) = (1 + k (prime - 1)) / e, with k = -1 / (prime - 1) mod e; then a
 * random multiple of prime - 1 is added, of 63 bits. */
static enum onecard_err find_exponent(struct crypto_random *random, struct half *h, uint32_t limbs,
                                      uint32_t e) {
    struct short_modulus s;
    sm2_limb k[RSA_EXTRA], sum[HALF_LIMBS_MAX + 1] = {1};
    uint32_t inverse;
    short_set(&s, e);
    memcpy(h->less, h->prime, limbs * sizeof *h->less);
    h->less[0] &= ~(sm2_limb)1;
    enum onecard_err err = short_inverse(random, &s, short_of(&s, h->less, limbs), &inverse);
    if (err == ONECARD_OK && inverse == 0)
        err = ONECARD_E_FORMAT;
    if (err == ONECARD_OK)
        err = random_factor(random, k);
    if (err != ONECARD_OK)
        return err;
    const sm2_limb times = e - inverse;
    rsa_multiply_add(sum, h->less, limbs, &times, 1);
    memset(h->exponent, 0, sizeof h->exponent);
    divide_exactly(h->exponent, sum, limbs + 1, e);
    k[RSA_EXTRA - 1] >>= 1;
    rsa_multiply_add(h->exponent, h->less, limbs, k, RSA_EXTRA);
    bytes_wipe(k, sizeof k);
    bytes_wipe(sum, sizeof sum);
    return ONECARD_OK;
}

/* The modulus of the power is the prime times a random number of 64 bits: so all that is computed
 * with differs from time to time, and the exponent is hidden, too. */
static enum onecard_err hide_prime(struct crypto_random *random, struct half *h, uint32_t limbs,
                                   uint32_t half_bytes) {
    sm2_limb factor[RSA_EXTRA];
    enum onecard_err err = random_factor(random, factor);
    if (err != ONECARD_OK)
        return err;
    factor[0] |= 1;
    factor[RSA_EXTRA - 1] |= (sm2_limb)1 << (SM2_LIMB_BITS - 1);
    memset(h->hidden, 0, sizeof h->hidden);
    rsa_multiply_add(h->hidden, h->prime, limbs, factor, RSA_EXTRA);
    rsa_modulus_set(&h->mod, h->hidden, limbs + RSA_EXTRA, half_bytes * 8 + 62);
    bytes_wipe(factor, sizeof factor);
    return ONECARD_OK;
}

/* result = c^d mod prime, in Montgomery form modulo the prime, which h->mod then is. */
static enum onecard_err power_modulo_prime(struct crypto_random *random, struct half *h,
                                           const struct rsa_private *key, const sm2_limb *c) {
    const uint32_t limbs = limbs_of(key->half);
    enum onecard_err err = find_exponent(random, h, limbs, key->exponent);
    if (err == ONECARD_OK)
        err = hide_prime(random, h, limbs, key->half);
    if (err != ONECARD_OK)
        return err;
    rsa_enter(h->result, c, limbs_of(2 * key->half), &h->mod);
    rsa_power(h->result, h->result, h->exponent, limbs + RSA_EXTRA, &h->mod);
    rsa_leave(h->result, h->result, &h->mod);
    rsa_modulus_set(&h->mod, h->prime, limbs, key->half * 8 - 1);
    rsa_enter(h->result, h->result, limbs + RSA_EXTRA, &h->mod);
    return ONECARD_OK;
}

/* ---- both ---- */

static bool primes_fit(const struct rsa_private *key) {
    const uint32_t last = key->half - 1;
    return key->half >= CRYPTO_RSA_MIN / 2 && key->half <= CRYPTO_RSA_MAX / 2 &&
           key->exponent >= 3 && key->exponent % 2 == 1 && key->exponent <= 0x7FFFFFFF &&
           (key->p[last] & key->q[last] & 1) != 0 && (key->p[0] & key->q[0] & 0x80) != 0;
}

static void multiply_primes(sm2_limb *n, const struct rsa_private *key) {
    sm2_limb p[HALF_LIMBS_MAX], q[HALF_LIMBS_MAX];
    const uint32_t limbs = limbs_of(key->half);
    rsa_from_bytes(p, limbs, key->p, key->half);
    rsa_from_bytes(q, limbs, key->q, key->half);
    memset(n, 0, RSA_LIMBS_MAX * sizeof *n);
    rsa_multiply_add(n, p, limbs, q, limbs);
    bytes_wipe(p, sizeof p);
    bytes_wipe(q, sizeof q);
}

enum onecard_err rsa_private_modulus(const struct rsa_private *key, uint8_t *n) {
    sm2_limb product[RSA_LIMBS_MAX];
    if (!primes_fit(key))
        return ONECARD_E_FORMAT;
    multiply_primes(product, key);
    rsa_to_bytes(n, 2 * key->half, product);
    return n[0] & 0x80 ? ONECARD_OK : ONECARD_E_FORMAT;
}

/* m = mq + q ((mp - mq) / q mod p) */
static void combine(sm2_limb *m, const struct rsa_private *key, struct half *p, struct half *q) {
    const uint32_t limbs = limbs_of(key->half);
    sm2_limb t[HALF_LIMBS_MAX];
    rsa_leave(m, q->result, &q->mod);
    rsa_enter(t, m, limbs, &p->mod);
    rsa_sub(t, p->result, t, &p->mod);
    rsa_from_bytes(q->result, limbs, key->inverse, key->half);
    rsa_mul(t, q->result, t, &p->mod);
    rsa_multiply_add(m, q->prime, limbs, t, limbs);
    bytes_wipe(t, sizeof t);
}

/* m^e = c modulo n? All of it but m is public. */
static bool is_right(const sm2_limb *m, const sm2_limb *c, const struct rsa_modulus *n,
                     uint32_t exponent) {
    sm2_limb power[RSA_LIMBS_MAX];
    rsa_enter(power, m, n->limbs, n);
    rsa_power_public(power, power, exponent, n);
    rsa_leave(power, power, n);
    const bool equal = bytes_equal_ct(power, c, n->limbs * sizeof *c);
    bytes_wipe(power, sizeof power);
    return equal;
}

static bool below(const sm2_limb *a, const sm2_limb *b, uint32_t limbs) {
    sm2_carry borrow = 0;
    for (uint32_t i = 0; i < limbs; i++)
        (void)sm2_sbb(a[i], b[i], &borrow);
    return borrow != 0;
}

enum onecard_err rsa_private_power(struct crypto_random *random, const struct rsa_private *key,
                                   const uint8_t *in, uint8_t *out) {
    struct half p, q;
    struct rsa_modulus *n = &p.mod; /* after the primes are done with */
    sm2_limb c[RSA_LIMBS_MAX], m[2 * HALF_LIMBS_MAX] = {0}, product[RSA_LIMBS_MAX];
    const uint32_t size = 2 * key->half, limbs = limbs_of(size);
    if (!primes_fit(key))
        return ONECARD_E_FORMAT;
    multiply_primes(product, key);
    rsa_from_bytes(c, limbs, in, size);
    if (!below(c, product, limbs))
        return ONECARD_E_PARAM;
    rsa_from_bytes(p.prime, limbs_of(key->half), key->p, key->half);
    rsa_from_bytes(q.prime, limbs_of(key->half), key->q, key->half);
    enum onecard_err err = power_modulo_prime(random, &p, key, c);
    if (err == ONECARD_OK)
        err = power_modulo_prime(random, &q, key, c);
    if (err == ONECARD_OK) {
        combine(m, key, &p, &q);
        rsa_modulus_set(n, product, limbs, size * 8 - 2);
        rsa_to_bytes(out, size, m);
        if (!is_right(m, c, n, key->exponent)) {
            bytes_wipe(out, size);
            err = ONECARD_E_IO;
        }
    }
    bytes_wipe(&p, sizeof p);
    bytes_wipe(&q, sizeof q);
    bytes_wipe(m, sizeof m);
    bytes_wipe(product, sizeof product);
    return err;
}
