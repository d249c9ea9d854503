/* DES: the schedule and the rounds. Lookups depend on key and data: see docs/crypto.md. */
#include "crypto/des.h"

#include <stdbool.h>

#include "base/bytes.h"
#include "crypto/des_table.h"

/* ---- the schedule ---- */

/* Swap the bits of x under mask with those n places higher. */
static uint64_t swap_bits(uint64_t x, unsigned n, uint64_t mask) {
    uint64_t t = (x ^ x >> n) & mask;
    return x ^ t ^ t << n;
}

/* PC-1: the key as a matrix of 8 by 8 bits, transposed. Its columns from the left are C, in reverse
 * order from the right D; the fourth is shared, the last is parity. */
static void permuted_choice_1(const uint8_t key[8], uint32_t *c, uint32_t *d) {
    uint64_t x = get_le64(key); /* the last byte on top: columns are read upwards */
    x = swap_bits(x, 7, 0x00AA00AA00AA00AAu);
    x = swap_bits(x, 14, 0x0000CCCC0000CCCCu);
    x = swap_bits(x, 28, 0x00000000F0F0F0F0u);
    /* Byte i of x, from below, is now column 8 - i. */
    *c = (uint32_t)(x >> 56 & 0xFF) << 20 | (uint32_t)(x >> 48 & 0xFF) << 12 |
         (uint32_t)(x >> 40 & 0xFF) << 4 | (uint32_t)(x >> 36 & 0x0F);
    *d = (uint32_t)(x >> 8 & 0xFF) << 20 | (uint32_t)(x >> 16 & 0xFF) << 12 |
         (uint32_t)(x >> 24 & 0xFF) << 4 | (uint32_t)(x >> 32 & 0x0F);
}

/* x: 28 bits, and above them whatever. */
static inline uint32_t permuted_choice_2(const uint32_t table[4][128], uint32_t x) {
    return table[0][x >> 21 & 127] | table[1][x >> 14 & 127] | table[2][x >> 7 & 127] |
           table[3][x & 127];
}

void des_schedule(uint64_t sk[DES_ROUNDS], const uint8_t key[8]) {
    /* Places that C and D have been turned left: one more in rounds 1, 2, 9 and 16, else two. */
    static const uint8_t turned[DES_ROUNDS] = {1,  2,  4,  6,  8,  10, 12, 14,
                                               15, 17, 19, 21, 23, 25, 27, 28};
    uint32_t c, d;
    permuted_choice_1(key, &c, &d);
    /* Each twice in a row: turning is looking at another place. */
    const uint64_t cc = (uint64_t)c << 28 | c, dd = (uint64_t)d << 28 | d;
#if defined(DES_HALF_64) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC unroll 16 /* the places are constants then; boards spare the 2.6 KB */
#endif
    for (unsigned round = 0; round < DES_ROUNDS; round++) {
        const unsigned at = 28u - turned[round];
        uint32_t x = permuted_choice_2(des_pc2[0], (uint32_t)(cc >> at)),
                 y = permuted_choice_2(des_pc2[1], (uint32_t)(dd >> at));
        sk[round] = (uint64_t)(x << 16 | (y & 0xFFFF)) << 32 | (x & 0xFFFF0000u) | y >> 16;
    }
}

/* ---- the rounds ---- */

static inline uint32_t rotate32(uint32_t x, unsigned n) {
    return x << n | x >> (32 - n);
}

#ifdef DES_HALF_64

typedef uint64_t des_half;
struct halves {
    des_half l, r;
};

static inline des_half half_of(uint32_t x) {
    const uint32_t six = 0x3F3F3F3F;
    return (uint64_t)(rotate32(x, 29) & six) << 32 | (rotate32(x, 1) & six);
}

static inline uint32_t half_back(des_half h) {
    const uint32_t inner = 0x1E1E1E1E; /* the outer two of each six are neighbours' bits */
    return rotate32(((uint32_t)h & inner) | rotate32((uint32_t)(h >> 32) & inner, 4), 31);
}

/* Exclusive or of eight lookups is a tree here, and must stay one: compilers make a chain of it,
 * which costs a fifth of the time. */
static inline uint64_t as_written(uint64_t x) {
    __asm__("" : "+r"(x));
    return x;
}

/* f of the half that went into t, with m. Boxes whose bytes take one operation to get come first.
 */
static inline uint64_t mixed(uint64_t t, uint64_t m) {
    const uint32_t low = (uint32_t)t, high = (uint32_t)(t >> 32);
    uint64_t x = as_written(m ^ des_sp64[0][(uint8_t)low]);
    x = as_written(x ^ des_sp64[1][(uint8_t)(low >> 8)]);
    uint64_t y = as_written(des_sp64[3][low >> 24] ^ des_sp64[2][(uint8_t)(low >> 16)]);
    uint64_t z = as_written(des_sp64[4][(uint8_t)high] ^ des_sp64[7][t >> 56]);
    z = as_written(z ^ des_sp64[5][(uint8_t)(high >> 8)]);
    x = as_written(x ^ y);
    z = as_written(z ^ des_sp64[6][(uint8_t)(high >> 16)]);
    return x ^ z;
}

/* 16 rounds and the exchange of the halves. The half that goes into the lookups has its round's key
 * in it; the other takes the next key, which is known before, so that no key comes between one
 * round's lookups and the next. */
static inline struct halves pass(struct halves h, const uint64_t *k, int step) {
    uint64_t l = h.l, odd = k[0], even, r = h.r ^ odd;
    for (int round = 2; round < (int)DES_ROUNDS; round += 2) {
        even = k[step];
        l = mixed(r, as_written(l ^ even));
        k += 2 * step;
        r ^= odd;
        odd = k[0];
        r = mixed(l, as_written(r ^ odd));
        l ^= even;
    }
    even = k[step];
    l = mixed(r, as_written(l ^ even));
    return (struct halves){mixed(l, r ^ odd), l ^ even};
}

#else

typedef uint32_t des_half;
struct halves {
    des_half l, r;
};

static inline des_half half_of(uint32_t x) {
    return rotate32(x, 1);
}

static inline uint32_t half_back(des_half h) {
    return rotate32(h, 31);
}

static inline uint32_t four_boxes(unsigned box, uint32_t t) {
    return des_sp32[box][t & 63] ^ des_sp32[box + 1][t >> 8 & 63] ^
           des_sp32[box + 2][t >> 16 & 63] ^ des_sp32[box + 3][t >> 24 & 63];
}

static inline struct halves pass(struct halves h, const uint64_t *k, int step) {
    for (int round = 0; round < (int)DES_ROUNDS; round++) {
        const uint64_t key = k[round * step];
        const uint32_t f = four_boxes(0, h.r ^ (uint32_t)key) ^
                           four_boxes(4, rotate32(h.r, 28) ^ (uint32_t)(key >> 32));
        h = (struct halves){h.r, h.l ^ f};
    }
    return (struct halves){h.r, h.l};
}

#endif

static struct halves passes_of(struct halves h, const uint64_t *k, int step, unsigned passes) {
    for (int i = 0; i < (int)passes; i++)
        h = pass(h, k + i * step * (int)DES_ROUNDS, step);
    return h;
}

/* ---- the permutations at both ends ---- */

/* Exchange the bits of *b under mask with those of *a that are n places higher. */
static inline void exchange(uint32_t *a, uint32_t *b, unsigned n, uint32_t mask) {
    uint32_t t = (*a >> n ^ *b) & mask;
    *b ^= t;
    *a ^= t << n;
}

static inline struct halves initial(const uint8_t *block) {
    uint32_t l = get_be32(block), r = get_be32(block + 4);
    exchange(&l, &r, 4, 0x0F0F0F0F);
    exchange(&l, &r, 16, 0x0000FFFF);
    exchange(&r, &l, 2, 0x33333333);
    exchange(&r, &l, 8, 0x00FF00FF);
    exchange(&l, &r, 1, 0x55555555);
    return (struct halves){half_of(l), half_of(r)};
}

static inline void final(struct halves h, uint8_t *block) {
    uint32_t l = half_back(h.l), r = half_back(h.r);
    exchange(&l, &r, 1, 0x55555555);
    exchange(&r, &l, 8, 0x00FF00FF);
    exchange(&r, &l, 2, 0x33333333);
    exchange(&l, &r, 16, 0x0000FFFF);
    exchange(&l, &r, 4, 0x0F0F0F0F);
    put_be32(block, l);
    put_be32(block + 4, r);
}

static void blocks_singly(const struct des_keys *keys, const uint8_t *in, uint8_t *out,
                          size_t blocks) {
    for (; blocks > 0; blocks--, in += DES_BLOCK, out += DES_BLOCK)
        final(passes_of(initial(in), keys->sk, keys->step, keys->passes), out);
}

#ifndef DES_HALF_64
void des_blocks(const struct des_keys *keys, const uint8_t *in, uint8_t *out, size_t blocks) {
    blocks_singly(keys, in, out, blocks);
}
#endif

static inline struct halves both(struct halves a, struct halves b) {
    return (struct halves){a.l ^ b.l, a.r ^ b.r};
}

void des_chain(const uint64_t *sk, unsigned passes, unsigned last_passes, uint8_t chain[DES_BLOCK],
               const uint8_t *data, size_t blocks) {
    struct halves h = initial(chain), block = initial(data);
    for (; blocks > 1; blocks--) {
        h = both(h, block);
        data += DES_BLOCK;
        block = initial(data); /* here, so that the processor does it beside the rounds */
        h = passes_of(h, sk, 1, passes);
    }
    final(passes_of(both(h, block), sk, 1, last_passes), chain);
}

#ifdef DES_HALF_64

/* ---- chains and blocks side by side ---- */

/* A chain or a block on its way. Its halves stay here between passes only. */
struct walk {
    struct halves h;
    const uint64_t *k;     /* the next pass's keys */
    unsigned left;         /* passes of this block */
    struct des_lane *lane; /* of a chain */
};

static inline void end_pass(struct walk *w, struct halves h) {
    w->h = (struct halves){h.r, h.l};
    w->k += DES_ROUNDS;
    w->left--;
}

static void pass_one(struct walk *w) {
    struct halves h = pass(w->h, w->k, 1);
    end_pass(w, (struct halves){h.r, h.l});
}

/* No key goes in early here: the neighbour's round fills the wait. */
static void pass_two(struct walk *w) {
    struct halves a = w[0].h, b = w[1].h;
    const uint64_t *ka = w[0].k, *kb = w[1].k;
    for (unsigned round = 0; round < DES_ROUNDS; round += 2) {
        a.l = mixed(a.r ^ ka[round], a.l);
        b.l = mixed(b.r ^ kb[round], b.l);
        a.r = mixed(a.l ^ ka[round + 1], a.r);
        b.r = mixed(b.l ^ kb[round + 1], b.r);
    }
    end_pass(&w[0], a);
    end_pass(&w[1], b);
}

static void pass_three(struct walk *w) {
    struct halves a = w[0].h, b = w[1].h, c = w[2].h;
    const uint64_t *ka = w[0].k, *kb = w[1].k, *kc = w[2].k;
    for (unsigned round = 0; round < DES_ROUNDS; round += 2) {
        a.l = mixed(a.r ^ ka[round], a.l);
        b.l = mixed(b.r ^ kb[round], b.l);
        c.l = mixed(c.r ^ kc[round], c.l);
        a.r = mixed(a.l ^ ka[round + 1], a.r);
        b.r = mixed(b.l ^ kb[round + 1], b.r);
        c.r = mixed(c.l ^ kc[round + 1], c.r);
    }
    end_pass(&w[0], a);
    end_pass(&w[1], b);
    end_pass(&w[2], c);
}

/* By the number of walks. */
static void (*const passes_together[DES_LANES])(struct walk *) = {pass_one, pass_two, pass_three};

/* Take the next block where one is done. false: that was the last. */
static bool walk_on(struct walk *w) {
    struct des_lane *lane = w->lane;
    if (w->left > 0)
        return true;
    if (lane->blocks == 0) {
        final(w->h, lane->chain);
        return false;
    }
    w->h = both(w->h, initial(lane->data));
    w->k = lane->sk;
    lane->data += DES_BLOCK;
    lane->blocks--;
    w->left = lane->blocks > 0 ? lane->passes : lane->last_passes;
    return true;
}

void des_chains(struct des_lane *lanes, unsigned count) {
    struct walk w[DES_LANES];
    for (unsigned i = 0; i < count; i++)
        w[i] = (struct walk){.lane = &lanes[i]};
    while (count > 0) {
        for (unsigned i = 0; i < count;)
            if (walk_on(&w[i]))
                i++;
            else
                w[i] = w[--count];
        if (count > 0)
            passes_together[count - 1](w);
    }
    bytes_wipe(w, sizeof w);
}

/* In ECB no block waits for another. What goes side by side takes its keys forwards. */
static void blocks_together(const uint64_t *sk, unsigned passes, const uint8_t *in, uint8_t *out,
                            size_t blocks) {
    struct walk w[DES_LANES];
    while (blocks > 0) {
        const unsigned count = blocks < DES_LANES ? (unsigned)blocks : DES_LANES;
        for (unsigned i = 0; i < count; i++)
            w[i] = (struct walk){.h = initial(in + i * DES_BLOCK), .k = sk, .left = passes};
        for (unsigned i = 0; i < passes; i++)
            passes_together[count - 1](w);
        for (unsigned i = 0; i < count; i++)
            final(w[i].h, out + i * DES_BLOCK);
        in += count * DES_BLOCK;
        out += count * DES_BLOCK;
        blocks -= count;
    }
    bytes_wipe(w, sizeof w);
}

void des_blocks(const struct des_keys *keys, const uint8_t *in, uint8_t *out, size_t blocks) {
    if (blocks < 2) {
        blocks_singly(keys, in, out, blocks);
    } else if (keys->step > 0) {
        blocks_together(keys->sk, keys->passes, in, out, blocks);
    } else {
        uint64_t turned[3 * DES_ROUNDS];
        for (unsigned i = 0; i < keys->passes * DES_ROUNDS; i++)
            turned[i] = *(keys->sk - i);
        blocks_together(turned, keys->passes, in, out, blocks);
        bytes_wipe(turned, sizeof turned);
    }
}

#endif
