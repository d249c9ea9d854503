/* SM4 with the AES instructions of x86-64: the S-box of AES between two affine maps (sm4_affine.h).
 * No address depends on data; the shuffles that hold the maps are register operations.
 *
 * A register holds the same word of four blocks; two such sets go through the rounds side by side,
 * because one alone mostly waits for its own results. */
#include "crypto/sm4.h"

#ifdef CRYPTO_SM4_AESNI

#include <immintrin.h>
#include <string.h>

#include "base/bytes.h"
#include "crypto/sm4_affine.h"

#define WIDE __attribute__((target("aes,ssse3")))
#define WIDE_INLINE WIDE static inline __attribute__((always_inline))

bool sm4_aesni_present(void) {
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("ssse3");
}

WIDE_INLINE __m128i affine(__m128i x, __m128i low_table, __m128i high_table) {
    const __m128i nibble = _mm_set1_epi8(0x0F);
    __m128i low = _mm_shuffle_epi8(low_table, _mm_and_si128(x, nibble));
    __m128i high = _mm_shuffle_epi8(high_table, _mm_and_si128(_mm_srli_epi32(x, 4), nibble));
    return _mm_xor_si128(low, high);
}

/* The S-box on 16 bytes, which come out where ShiftRows put them: the caller's shuffles bring them
 * back, together with rotations by whole bytes. */
WIDE_INLINE __m128i substitute_shifted(__m128i x) {
    x = affine(x, _mm_setr_epi8(SM4_PRE_LOW), _mm_setr_epi8(SM4_PRE_HIGH));
    x = _mm_aesenclast_si128(x, _mm_setzero_si128());
    return affine(x, _mm_setr_epi8(SM4_POST_LOW), _mm_setr_epi8(SM4_POST_HIGH));
}

WIDE_INLINE __m128i rotate(__m128i x, int n) {
    return _mm_or_si128(_mm_slli_epi32(x, n), _mm_srli_epi32(x, 32 - n));
}

/* T of clause 6.2. L(x) = x + (x <<< 24) + ((x + (x <<< 8) + (x <<< 16)) <<< 2). */
WIDE_INLINE __m128i mix(__m128i word) {
    const __m128i back = _mm_setr_epi8(0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3);
    const __m128i back8 = _mm_setr_epi8(7, 0, 13, 10, 11, 4, 1, 14, 15, 8, 5, 2, 3, 12, 9, 6);
    const __m128i back16 = _mm_setr_epi8(10, 7, 0, 13, 14, 11, 4, 1, 2, 15, 8, 5, 6, 3, 12, 9);
    const __m128i back24 = _mm_setr_epi8(13, 10, 7, 0, 1, 14, 11, 4, 5, 2, 15, 8, 9, 6, 3, 12);
    __m128i s = substitute_shifted(word);
    __m128i x = _mm_shuffle_epi8(s, back);
    __m128i inner =
        _mm_xor_si128(x, _mm_xor_si128(_mm_shuffle_epi8(s, back8), _mm_shuffle_epi8(s, back16)));
    return _mm_xor_si128(_mm_xor_si128(x, _mm_shuffle_epi8(s, back24)), rotate(inner, 2));
}

/* Four blocks: rows of the 4 x 4 matrix of words become columns, in big-endian words. */
WIDE_INLINE void transpose(__m128i x[4]) {
    __m128i a = _mm_unpacklo_epi32(x[0], x[1]), b = _mm_unpacklo_epi32(x[2], x[3]);
    __m128i c = _mm_unpackhi_epi32(x[0], x[1]), d = _mm_unpackhi_epi32(x[2], x[3]);
    x[0] = _mm_unpacklo_epi64(a, b);
    x[1] = _mm_unpackhi_epi64(a, b);
    x[2] = _mm_unpacklo_epi64(c, d);
    x[3] = _mm_unpackhi_epi64(c, d);
}

WIDE_INLINE __m128i swap_words(__m128i x) {
    return _mm_shuffle_epi8(x, _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
}

WIDE_INLINE __m128i sum4(__m128i a, __m128i b, uint32_t rk, __m128i newest) {
    __m128i early = _mm_xor_si128(_mm_xor_si128(a, b), _mm_set1_epi32((int)rk));
    return _mm_xor_si128(early, newest);
}

/* The 32 rounds and the reversal R on sets of four blocks; sets is a constant at each call. */
WIDE_INLINE void rounds(const uint32_t rk[32], __m128i (*x)[4], int sets) {
    for (int i = 0; i < 32; i += 4) {
        for (int s = 0; s < sets; s++)
            x[s][0] = _mm_xor_si128(x[s][0], mix(sum4(x[s][1], x[s][2], rk[i], x[s][3])));
        for (int s = 0; s < sets; s++)
            x[s][1] = _mm_xor_si128(x[s][1], mix(sum4(x[s][2], x[s][3], rk[i + 1], x[s][0])));
        for (int s = 0; s < sets; s++)
            x[s][2] = _mm_xor_si128(x[s][2], mix(sum4(x[s][3], x[s][0], rk[i + 2], x[s][1])));
        for (int s = 0; s < sets; s++)
            x[s][3] = _mm_xor_si128(x[s][3], mix(sum4(x[s][0], x[s][1], rk[i + 3], x[s][2])));
    }
    for (int s = 0; s < sets; s++) {
        __m128i t = x[s][0], u = x[s][1];
        x[s][0] = x[s][3];
        x[s][1] = x[s][2];
        x[s][2] = u;
        x[s][3] = t;
    }
}

WIDE_INLINE void crypt_sets(const uint32_t rk[32], const uint8_t *in, uint8_t *out, int sets) {
    __m128i x[2][4];
    for (int s = 0; s < sets; s++) {
        for (int i = 0; i < 4; i++)
            x[s][i] = swap_words(_mm_loadu_si128((const void *)(in + 64 * s + 16 * i)));
        transpose(x[s]);
    }
    rounds(rk, x, sets);
    for (int s = 0; s < sets; s++) {
        transpose(x[s]);
        for (int i = 0; i < 4; i++)
            _mm_storeu_si128((void *)(out + 64 * s + 16 * i), swap_words(x[s][i]));
    }
}

WIDE static void crypt_one(const uint32_t rk[32], const uint8_t *in, uint8_t *out) {
    __m128i x[1][4];
    __m128i block = swap_words(_mm_loadu_si128((const void *)in));
    x[0][0] = block;
    x[0][1] = _mm_shuffle_epi32(block, 1);
    x[0][2] = _mm_shuffle_epi32(block, 2);
    x[0][3] = _mm_shuffle_epi32(block, 3);
    rounds(rk, x, 1);
    block = _mm_unpacklo_epi64(_mm_unpacklo_epi32(x[0][0], x[0][1]),
                               _mm_unpacklo_epi32(x[0][2], x[0][3]));
    _mm_storeu_si128((void *)out, swap_words(block));
}

WIDE static void crypt_four(const uint32_t rk[32], const uint8_t *in, uint8_t *out) {
    crypt_sets(rk, in, out, 1);
}

WIDE static void crypt_eight(const uint32_t rk[32], const uint8_t *in, uint8_t *out) {
    crypt_sets(rk, in, out, 2);
}

void sm4_aesni_crypt(const uint32_t round_keys[32], const uint8_t *in, uint8_t *out,
                     size_t blocks) {
    for (; blocks >= 8; blocks -= 8, in += 128, out += 128)
        crypt_eight(round_keys, in, out);
    for (; blocks >= 4; blocks -= 4, in += 64, out += 64)
        crypt_four(round_keys, in, out);
    for (; blocks > 0; blocks--, in += 16, out += 16)
        crypt_one(round_keys, in, out);
}

WIDE void sm4_aesni_key(uint32_t round_keys[32], const uint8_t key[16]) {
    const __m128i back = _mm_setr_epi8(0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3);
    uint32_t k[4] = {get_be32(key) ^ SM4_FK0, get_be32(key + 4) ^ SM4_FK1,
                     get_be32(key + 8) ^ SM4_FK2, get_be32(key + 12) ^ SM4_FK3};
    for (unsigned i = 0; i < 32; i++) {
        uint32_t sum = k[(i + 1) & 3] ^ k[(i + 2) & 3] ^ sm4_ck(i) ^ k[(i + 3) & 3];
        __m128i s = _mm_shuffle_epi8(substitute_shifted(_mm_set1_epi32((int)sum)), back);
        uint32_t b = (uint32_t)_mm_cvtsi128_si32(s);
        k[i & 3] ^= b ^ (b << 13 | b >> 19) ^ (b << 23 | b >> 9); /* L' of clause 7.3.1 */
        round_keys[i] = k[i & 3];
    }
    bytes_wipe(k, sizeof k);
}

#else

/* Nothing on other processors: ISO C wants a declaration in every file. */
typedef int sm4_aesni_absent;

#endif
