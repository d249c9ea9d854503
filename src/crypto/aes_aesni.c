/* AES with the instructions of x86-64. A call of mbedtls for each block costs more than the block:
 * here a chain stays in a register, and blocks that do not wait for each other go side by side. */
#include "crypto/aes.h"

#ifdef CRYPTO_AES_AESNI

#include <immintrin.h>

#define FAST __attribute__((target("aes,sse2")))
#define FAST_INLINE FAST static inline __attribute__((always_inline))

#define LANES 4 /* an instruction takes as many cycles until its result is there */

bool aes_aesni_present(void) {
    return __builtin_cpu_supports("aes");
}

FAST_INLINE __m128i block_at(const uint8_t *p) {
    return _mm_loadu_si128((const void *)p);
}

FAST_INLINE __m128i round_key(const struct aes_schedule *s, int i) {
    return _mm_loadu_si128((const void *)(s->keys + 4 * i));
}

/* lanes and inverse are constants at each call. */
FAST_INLINE void through_lanes(const struct aes_schedule *s, const uint8_t *in, uint8_t *out,
                               int lanes, bool inverse) {
    __m128i x[LANES], key = round_key(s, 0);
    for (int i = 0; i < lanes; i++)
        x[i] = _mm_xor_si128(block_at(in + 16 * i), key);
    for (int r = 1; r < s->rounds; r++) {
        key = round_key(s, r);
        for (int i = 0; i < lanes; i++)
            x[i] = inverse ? _mm_aesdec_si128(x[i], key) : _mm_aesenc_si128(x[i], key);
    }
    key = round_key(s, s->rounds);
    for (int i = 0; i < lanes; i++) {
        x[i] = inverse ? _mm_aesdeclast_si128(x[i], key) : _mm_aesenclast_si128(x[i], key);
        _mm_storeu_si128((void *)(out + 16 * i), x[i]);
    }
}

FAST_INLINE void through(const struct aes_schedule *s, const uint8_t *in, uint8_t *out,
                         size_t blocks, bool inverse) {
    for (; blocks >= LANES; blocks -= LANES, in += 16 * LANES, out += 16 * LANES)
        through_lanes(s, in, out, LANES, inverse);
    for (; blocks > 0; blocks--, in += 16, out += 16)
        through_lanes(s, in, out, 1, inverse);
}

FAST void aes_aesni_encrypt(const struct aes_schedule *s, const uint8_t *in, uint8_t *out,
                            size_t blocks) {
    through(s, in, out, blocks, false);
}

FAST void aes_aesni_decrypt(const struct aes_schedule *s, const uint8_t *in, uint8_t *out,
                            size_t blocks) {
    through(s, in, out, blocks, true);
}

FAST void aes_aesni_chain(const struct aes_schedule *s, uint8_t chain[16], const uint8_t *data,
                          size_t blocks) {
    const __m128i first = round_key(s, 0), last = round_key(s, s->rounds);
    const uint32_t *end = s->keys + 4 * s->rounds;
    __m128i x = block_at(chain);
    for (; blocks > 0; blocks--, data += 16) {
        x = _mm_xor_si128(x, _mm_xor_si128(block_at(data), first));
        for (const uint32_t *key = s->keys + 4; key < end; key += 4)
            x = _mm_aesenc_si128(x, _mm_loadu_si128((const void *)key));
        x = _mm_aesenclast_si128(x, last);
    }
    _mm_storeu_si128((void *)chain, x);
}

#else

/* Nothing on other processors: ISO C wants a declaration in every file. */
typedef int aes_aesni_absent;

#endif
