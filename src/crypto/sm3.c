/* SM3 (GB/T 32905-2016). Only shifts, sums and logic: constant time as written. */
#include "crypto/block.h"

#include <string.h>

#include "base/bytes.h"

/* Where size counts, one copy of four rounds runs in a loop; elsewhere they are written out 16
 * times, so that every index and constant is known. */
#ifdef __OPTIMIZE_SIZE__
#define SM3_INLINE static inline
#else
#define SM3_INLINE static inline __attribute__((always_inline))
#endif

SM3_INLINE uint32_t rotl(uint32_t x, unsigned n) {
    return x << (n & 31) | x >> (-n & 31);
}

SM3_INLINE uint32_t p0(uint32_t x) {
    return x ^ rotl(x, 9) ^ rotl(x, 17);
}

SM3_INLINE uint32_t p1(uint32_t x) {
    return x ^ rotl(x, 15) ^ rotl(x, 23);
}

/* FF and GG of clause 4.3: parity in rounds 0 to 15, then majority and choice. */
SM3_INLINE uint32_t ff(unsigned j, uint32_t x, uint32_t y, uint32_t z) {
    return j < 16 ? x ^ y ^ z : (x & y) + ((x ^ y) & z);
}

SM3_INLINE uint32_t gg(unsigned j, uint32_t x, uint32_t y, uint32_t z) {
    return j < 16 ? x ^ y ^ z : ((y ^ z) & x) ^ z;
}

/* W of clause 5.3.2 as a window of 16 words: w[j % 16] becomes W(j + 16). */
SM3_INLINE void expand(uint32_t w[16], unsigned j) {
    w[j & 15] = p1(w[j & 15] ^ w[(j + 7) & 15] ^ rotl(w[(j + 13) & 15], 15)) ^
                rotl(w[(j + 3) & 15], 7) ^ w[(j + 10) & 15];
}

struct sm3_vars {
    uint32_t a, b, c, d, e, f, g, h;
};

/* One round of clause 5.3.3. The eight variables keep their places: callers turn the names. */
SM3_INLINE void step(unsigned j, uint32_t w, uint32_t w4, uint32_t a, uint32_t *b, uint32_t c,
                     uint32_t *d, uint32_t e, uint32_t *f, uint32_t g, uint32_t *h) {
    const uint32_t t = rotl(j < 16 ? 0x79CC4519u : 0x7A879D8Au, j);
    const uint32_t a12 = rotl(a, 12);
    const uint32_t ss1 = rotl(a12 + (e + t), 7);
    *d = (*d + (w ^ w4) + ff(j, a, *b, c)) + (ss1 ^ a12);
    *h = p0((*h + w + gg(j, e, *f, g)) + ss1);
    *b = rotl(*b, 9);
    *f = rotl(*f, 19);
}

/* Four rounds bring each value back to its name. */
SM3_INLINE void four_steps(unsigned j, uint32_t w[16], struct sm3_vars *v) {
    const unsigned i = j & 15;
    step(j, w[i], w[(i + 4) & 15], v->a, &v->b, v->c, &v->d, v->e, &v->f, v->g, &v->h);
    step(j + 1, w[(i + 1) & 15], w[(i + 5) & 15], v->d, &v->a, v->b, &v->c, v->h, &v->e, v->f,
         &v->g);
    step(j + 2, w[(i + 2) & 15], w[(i + 6) & 15], v->c, &v->d, v->a, &v->b, v->g, &v->h, v->e,
         &v->f);
    step(j + 3, w[(i + 3) & 15], w[(i + 7) & 15], v->b, &v->c, v->d, &v->a, v->f, &v->g, v->h,
         &v->e);
}

/* Round j needs W(j + 4): each group of four is expanded just before. */
SM3_INLINE void four_expanded(unsigned j, uint32_t w[16], struct sm3_vars *v) {
    expand(w, j + 4);
    expand(w, j + 5);
    expand(w, j + 6);
    expand(w, j + 7);
    four_steps(j, w, v);
}

SM3_INLINE void all_steps(uint32_t w[16], struct sm3_vars *v) {
#ifdef __OPTIMIZE_SIZE__
    for (unsigned j = 0; j < 12; j += 4)
        four_steps(j, w, v);
    for (unsigned j = 12; j < 64; j += 4)
        four_expanded(j, w, v);
#else
    four_steps(0, w, v);
    four_steps(4, w, v);
    four_steps(8, w, v);
    four_expanded(12, w, v);
    four_expanded(16, w, v);
    four_expanded(20, w, v);
    four_expanded(24, w, v);
    four_expanded(28, w, v);
    four_expanded(32, w, v);
    four_expanded(36, w, v);
    four_expanded(40, w, v);
    four_expanded(44, w, v);
    four_expanded(48, w, v);
    four_expanded(52, w, v);
    four_expanded(56, w, v);
    four_expanded(60, w, v);
#endif
}

/* CF of clause 5.3, over blocks of 64 bytes. */
SM3_INLINE void compress_all(uint32_t state[8], const uint8_t *data, size_t blocks) {
    for (; blocks > 0; blocks--, data += 64) {
        uint32_t w[16];
        struct sm3_vars v = {state[0], state[1], state[2], state[3],
                             state[4], state[5], state[6], state[7]};
        for (unsigned i = 0; i < 16; i++)
            w[i] = get_be32(data + 4 * i);
        all_steps(w, &v);
        state[0] ^= v.a;
        state[1] ^= v.b;
        state[2] ^= v.c;
        state[3] ^= v.d;
        state[4] ^= v.e;
        state[5] ^= v.f;
        state[6] ^= v.g;
        state[7] ^= v.h;
    }
}

#if defined(__x86_64__) && defined(__GNUC__)
/* The same code where rotations need not move their operand first (BMI2): a fifth faster. */
__attribute__((target("bmi,bmi2"))) static void compress_bmi(uint32_t state[8], const uint8_t *data,
                                                             size_t blocks) {
    compress_all(state, data, blocks);
}

static bool bmi_present(void) {
    return __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}
#endif

static void compress(uint32_t state[8], const uint8_t *data, size_t blocks) {
#if defined(__x86_64__) && defined(__GNUC__)
    if (bmi_present()) {
        compress_bmi(state, data, blocks);
        return;
    }
#endif
    compress_all(state, data, blocks);
}

static void sm3_start(struct crypto_digest *d) {
    static const uint32_t iv[8] = {0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
                                   0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E};
    memcpy(d->u.sm3.state, iv, sizeof iv);
    d->u.sm3.length = 0;
}

static void sm3_update(struct crypto_digest *d, const uint8_t *data, size_t len) {
    struct crypto_sm3 *s = &d->u.sm3;
    size_t used = (size_t)(s->length & 63);
    s->length += len;
    if (used > 0) {
        size_t n = 64 - used < len ? 64 - used : len;
        memcpy(s->block + used, data, n);
        data += n;
        len -= n;
        if (used + n < 64)
            return;
        compress(s->state, s->block, 1);
    }
    compress(s->state, data, len / 64);
    memcpy(s->block, data + (len & ~(size_t)63), len & 63);
}

static void sm3_finish(struct crypto_digest *d, uint8_t *out) {
    struct crypto_sm3 *s = &d->u.sm3;
    size_t used = (size_t)(s->length & 63);
    s->block[used++] = 0x80;
    if (used > 56) {
        memset(s->block + used, 0, 64 - used);
        compress(s->state, s->block, 1);
        used = 0;
    }
    memset(s->block + used, 0, 56 - used);
    put_be32(s->block + 56, (uint32_t)(s->length >> 29));
    put_be32(s->block + 60, (uint32_t)(s->length << 3));
    compress(s->state, s->block, 1);
    for (int i = 0; i < 8; i++)
        put_be32(out + 4 * i, s->state[i]);
}

const struct crypto_digest_ops crypto_sm3_ops = {sm3_start, sm3_update, sm3_finish};
