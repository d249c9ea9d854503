/* SM4 in portable C (GB/T 32907-2016).
 *
 * Where there are caches, the S-box is a circuit: no address and no branch depends on data. A lane
 * is a 32-bit word of a block; vectors carry the same word of four blocks. The planes of the
 * circuit are the lane shifted right by 0 to 7: only bit 0 of each byte means something, and the
 * rest is masked at the end, which saves all packing. */
#include "crypto/sm4.h"

#include <string.h>

#include "base/bytes.h"

/* Vectors only where the processor has them, and there is a use: the table takes one word. */
#ifndef SM4_LANES
#if !defined(CRYPTO_SM4_TABLE) && (defined(__SSE2__) || defined(__ARM_NEON))
#define SM4_LANES 4
#else
#define SM4_LANES 1
#endif
#endif

#if SM4_LANES == 4
typedef uint32_t sm4_lane __attribute__((vector_size(16)));
#else
typedef uint32_t sm4_lane;
#endif

#ifdef CRYPTO_SM4_TABLE

static const uint8_t sbox[256] = {
    0xD6, 0x90, 0xE9, 0xFE, 0xCC, 0xE1, 0x3D, 0xB7, 0x16, 0xB6, 0x14, 0xC2, 0x28, 0xFB, 0x2C, 0x05,
    0x2B, 0x67, 0x9A, 0x76, 0x2A, 0xBE, 0x04, 0xC3, 0xAA, 0x44, 0x13, 0x26, 0x49, 0x86, 0x06, 0x99,
    0x9C, 0x42, 0x50, 0xF4, 0x91, 0xEF, 0x98, 0x7A, 0x33, 0x54, 0x0B, 0x43, 0xED, 0xCF, 0xAC, 0x62,
    0xE4, 0xB3, 0x1C, 0xA9, 0xC9, 0x08, 0xE8, 0x95, 0x80, 0xDF, 0x94, 0xFA, 0x75, 0x8F, 0x3F, 0xA6,
    0x47, 0x07, 0xA7, 0xFC, 0xF3, 0x73, 0x17, 0xBA, 0x83, 0x59, 0x3C, 0x19, 0xE6, 0x85, 0x4F, 0xA8,
    0x68, 0x6B, 0x81, 0xB2, 0x71, 0x64, 0xDA, 0x8B, 0xF8, 0xEB, 0x0F, 0x4B, 0x70, 0x56, 0x9D, 0x35,
    0x1E, 0x24, 0x0E, 0x5E, 0x63, 0x58, 0xD1, 0xA2, 0x25, 0x22, 0x7C, 0x3B, 0x01, 0x21, 0x78, 0x87,
    0xD4, 0x00, 0x46, 0x57, 0x9F, 0xD3, 0x27, 0x52, 0x4C, 0x36, 0x02, 0xE7, 0xA0, 0xC4, 0xC8, 0x9E,
    0xEA, 0xBF, 0x8A, 0xD2, 0x40, 0xC7, 0x38, 0xB5, 0xA3, 0xF7, 0xF2, 0xCE, 0xF9, 0x61, 0x15, 0xA1,
    0xE0, 0xAE, 0x5D, 0xA4, 0x9B, 0x34, 0x1A, 0x55, 0xAD, 0x93, 0x32, 0x30, 0xF5, 0x8C, 0xB1, 0xE3,
    0x1D, 0xF6, 0xE2, 0x2E, 0x82, 0x66, 0xCA, 0x60, 0xC0, 0x29, 0x23, 0xAB, 0x0D, 0x53, 0x4E, 0x6F,
    0xD5, 0xDB, 0x37, 0x45, 0xDE, 0xFD, 0x8E, 0x2F, 0x03, 0xFF, 0x6A, 0x72, 0x6D, 0x6C, 0x5B, 0x51,
    0x8D, 0x1B, 0xAF, 0x92, 0xBB, 0xDD, 0xBC, 0x7F, 0x11, 0xD9, 0x5C, 0x41, 0x1F, 0x10, 0x5A, 0xD8,
    0x0A, 0xC1, 0x31, 0x88, 0xA5, 0xCD, 0x7B, 0xBD, 0x2D, 0x74, 0xD0, 0x12, 0xB8, 0xE5, 0xB4, 0xB0,
    0x89, 0x69, 0x97, 0x4A, 0x0C, 0x96, 0x77, 0x7E, 0x65, 0xB9, 0xF1, 0x09, 0xC5, 0x6E, 0xC6, 0x84,
    0x18, 0xF0, 0x7D, 0xEC, 0x3A, 0xDC, 0x4D, 0x20, 0x79, 0xEE, 0x5F, 0x3E, 0xD7, 0xCB, 0x39, 0x48,
};

static inline sm4_lane substitute(sm4_lane x) {
    return (uint32_t)sbox[x >> 24] << 24 | (uint32_t)sbox[x >> 16 & 0xFF] << 16 |
           (uint32_t)sbox[x >> 8 & 0xFF] << 8 | sbox[x & 0xFF];
}

#else

#include "crypto/sm4_circuit.h"

static inline sm4_lane substitute(sm4_lane word) {
    sm4_lane x[8], y[8];
    for (int i = 0; i < 8; i++)
        x[i] = word >> i;
    sm4_circuit(x, y);
    sm4_lane out = y[0] & 0x01010101;
    for (int i = 1; i < 8; i++)
        out |= (y[i] & 0x01010101) << i;
    return out;
}

#endif

static inline sm4_lane rotate(sm4_lane x, int n) {
    return x << n | x >> (32 - n);
}

/* T of clause 6.2: L after the S-boxes. */
static inline sm4_lane mix(sm4_lane word) {
    sm4_lane b = substitute(word);
    return b ^ rotate(b, 2) ^ rotate(b, 10) ^ rotate(b, 18) ^ rotate(b, 24);
}

#if SM4_LANES == 1
static inline uint32_t word_of(sm4_lane x) {
    return x;
}

static inline sm4_lane lane_of(uint32_t w) {
    return w;
}
#else
static inline uint32_t word_of(sm4_lane x) {
    return x[0];
}

static inline sm4_lane lane_of(uint32_t w) {
    sm4_lane x = {w, w, w, w};
    return x;
}
#endif

void sm4_plain_key(uint32_t round_keys[32], const uint8_t key[16]) {
    uint32_t k[4] = {get_be32(key) ^ SM4_FK0, get_be32(key + 4) ^ SM4_FK1,
                     get_be32(key + 8) ^ SM4_FK2, get_be32(key + 12) ^ SM4_FK3};
    for (unsigned i = 0; i < 32; i++) {
        uint32_t sum = k[(i + 1) & 3] ^ k[(i + 2) & 3] ^ k[(i + 3) & 3] ^ sm4_ck(i);
        uint32_t b = word_of(substitute(lane_of(sum)));
        k[i & 3] ^= b ^ (b << 13 | b >> 19) ^ (b << 23 | b >> 9); /* L' of clause 7.3.1 */
        round_keys[i] = k[i & 3];
    }
    bytes_wipe(k, sizeof k);
}

static void rounds(const uint32_t rk[32], sm4_lane x[4]) {
    sm4_lane a = x[0], b = x[1], c = x[2], d = x[3];
    for (int i = 0; i < 32; i += 4) {
        a ^= mix(b ^ c ^ d ^ rk[i]);
        b ^= mix(c ^ d ^ a ^ rk[i + 1]);
        c ^= mix(d ^ a ^ b ^ rk[i + 2]);
        d ^= mix(a ^ b ^ c ^ rk[i + 3]);
    }
    x[0] = d; /* the reverse transformation R */
    x[1] = c;
    x[2] = b;
    x[3] = a;
}

#if SM4_LANES == 1

void sm4_plain_crypt(const uint32_t round_keys[32], const uint8_t *in, uint8_t *out,
                     size_t blocks) {
    for (; blocks > 0; blocks--, in += 16, out += 16) {
        sm4_lane x[4];
        for (int w = 0; w < 4; w++)
            x[w] = get_be32(in + 4 * w);
        rounds(round_keys, x);
        for (int w = 0; w < 4; w++)
            put_be32(out + 4 * w, x[w]);
    }
}

#else

void sm4_plain_crypt(const uint32_t round_keys[32], const uint8_t *in, uint8_t *out,
                     size_t blocks) {
    while (blocks > 0) {
        size_t n = blocks < SM4_LANES ? blocks : SM4_LANES;
        uint32_t words[4][SM4_LANES] = {{0}};
        sm4_lane x[4];
        for (size_t i = 0; i < n; i++)
            for (int w = 0; w < 4; w++)
                words[w][i] = get_be32(in + 16 * i + 4 * w);
        memcpy(x, words, sizeof x);
        rounds(round_keys, x);
        memcpy(words, x, sizeof x);
        for (size_t i = 0; i < n; i++)
            for (int w = 0; w < 4; w++)
                put_be32(out + 16 * i + 4 * w, words[w][i]);
        in += 16 * n;
        out += 16 * n;
        blocks -= n;
    }
}

#endif
