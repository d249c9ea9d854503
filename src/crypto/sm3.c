/* SM3 (GB/T 32905-2016). Only shifts, sums and logic: constant time as written. */
#include "crypto/block.h"

#include <string.h>

#include "base/bytes.h"

static inline uint32_t rotl(uint32_t x, unsigned n) {
    return x << (n & 31) | x >> (-n & 31);
}

static inline uint32_t p0(uint32_t x) {
    return x ^ rotl(x, 9) ^ rotl(x, 17);
}

static inline uint32_t p1(uint32_t x) {
    return x ^ rotl(x, 15) ^ rotl(x, 23);
}

/* FF and GG of clause 4.3: parity in rounds 0 to 15, then majority and choice. */
static inline uint32_t ff(unsigned j, uint32_t x, uint32_t y, uint32_t z) {
    return j < 16 ? x ^ y ^ z : ((x | y) & z) | (x & y);
}

static inline uint32_t gg(unsigned j, uint32_t x, uint32_t y, uint32_t z) {
    return j < 16 ? x ^ y ^ z : ((y ^ z) & x) ^ z;
}

/* W of clause 5.3.2 as a window of 16 words: w[j % 16] becomes W(j + 16). */
static inline void expand(uint32_t w[16], unsigned j) {
    w[j & 15] = p1(w[j & 15] ^ w[(j + 7) & 15] ^ rotl(w[(j + 13) & 15], 15)) ^
                rotl(w[(j + 3) & 15], 7) ^ w[(j + 10) & 15];
}

struct sm3_vars {
    uint32_t a, b, c, d, e, f, g, h;
};

/* One round of clause 5.3.3. The eight variables keep their places: callers turn the names. */
static inline void step(unsigned j, uint32_t w, uint32_t w4, uint32_t a, uint32_t *b, uint32_t c,
                        uint32_t *d, uint32_t e, uint32_t *f, uint32_t g, uint32_t *h) {
    const uint32_t t = rotl(j < 16 ? 0x79CC4519u : 0x7A879D8Au, j);
    const uint32_t a12 = rotl(a, 12);
    const uint32_t ss1 = rotl(a12 + e + t, 7);
    *d += ff(j, a, *b, c) + (ss1 ^ a12) + (w ^ w4);
    *h = p0(*h + gg(j, e, *f, g) + ss1 + w);
    *b = rotl(*b, 9);
    *f = rotl(*f, 19);
}

/* Four rounds bring each value back to its name. */
static inline void four_steps(unsigned j, uint32_t w[16], struct sm3_vars *v) {
    const unsigned i = j & 15;
    step(j, w[i], w[(i + 4) & 15], v->a, &v->b, v->c, &v->d, v->e, &v->f, v->g, &v->h);
    step(j + 1, w[(i + 1) & 15], w[(i + 5) & 15], v->d, &v->a, v->b, &v->c, v->h, &v->e, v->f,
         &v->g);
    step(j + 2, w[(i + 2) & 15], w[(i + 6) & 15], v->c, &v->d, v->a, &v->b, v->g, &v->h, v->e,
         &v->f);
    step(j + 3, w[(i + 3) & 15], w[(i + 7) & 15], v->b, &v->c, v->d, &v->a, v->f, &v->g, v->h,
         &v->e);
}

/* CF of clause 5.3. */
static void compress(uint32_t state[8], const uint8_t *block) {
    uint32_t w[16];
    struct sm3_vars v = {state[0], state[1], state[2], state[3],
                         state[4], state[5], state[6], state[7]};
    for (unsigned i = 0; i < 16; i++)
        w[i] = get_be32(block + 4 * i);
#pragma GCC unroll 16
    for (unsigned j = 0; j < 64; j += 4) {
        /* Round j needs W(j + 4). */
        if (j >= 12)
            for (unsigned k = j + 4; k < j + 8; k++)
                expand(w, k);
        four_steps(j, w, &v);
    }
    state[0] ^= v.a;
    state[1] ^= v.b;
    state[2] ^= v.c;
    state[3] ^= v.d;
    state[4] ^= v.e;
    state[5] ^= v.f;
    state[6] ^= v.g;
    state[7] ^= v.h;
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
        compress(s->state, s->block);
    }
    for (; len >= 64; data += 64, len -= 64)
        compress(s->state, data);
    memcpy(s->block, data, len);
}

static void sm3_finish(struct crypto_digest *d, uint8_t *out) {
    struct crypto_sm3 *s = &d->u.sm3;
    size_t used = (size_t)(s->length & 63);
    s->block[used++] = 0x80;
    if (used > 56) {
        memset(s->block + used, 0, 64 - used);
        compress(s->state, s->block);
        used = 0;
    }
    memset(s->block + used, 0, 56 - used);
    put_be32(s->block + 56, (uint32_t)(s->length >> 29));
    put_be32(s->block + 60, (uint32_t)(s->length << 3));
    compress(s->state, s->block);
    for (int i = 0; i < 8; i++)
        put_be32(out + 4 * i, s->state[i]);
}

const struct crypto_digest_ops crypto_sm3_ops = {sm3_start, sm3_update, sm3_finish};
