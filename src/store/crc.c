/* CRC-32, as in IEEE 802.3. Boards take the table of 16, hosts one for eight bytes at a time, and
 * for what is long the product without carries of x86-64. */
#include "store/format.h"

#if defined(__arm__) || defined(ONECARD_SMALL)

uint32_t store_crc32_update(uint32_t crc, const void *data, size_t len) {
    static const uint32_t nibble[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
        0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
        0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    };
    const uint8_t *p = data;
    while (len--) {
        crc ^= *p++;
        crc = crc >> 4 ^ nibble[crc & 15];
        crc = crc >> 4 ^ nibble[crc & 15];
    }
    return crc;
}

#else

#include "store/crc_table.h"

static uint32_t by_table(uint32_t crc, const uint8_t *p, size_t len) {
    for (; len >= 8; p += 8, len -= 8) {
        uint32_t a = crc ^ get_le32(p);
        uint32_t b = get_le32(p + 4);
        crc = crc_table[7][a & 255] ^ crc_table[6][a >> 8 & 255] ^ crc_table[5][a >> 16 & 255] ^
              crc_table[4][a >> 24] ^ crc_table[3][b & 255] ^ crc_table[2][b >> 8 & 255] ^
              crc_table[1][b >> 16 & 255] ^ crc_table[0][b >> 24];
    }
    while (len--)
        crc = crc >> 8 ^ crc_table[0][(crc ^ *p++) & 255];
    return crc;
}

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define FOLDS __attribute__((target("pclmul,sse2")))
#define FOLDS_INLINE FOLDS static inline __attribute__((always_inline))

#define LANES 4 /* of 16 bytes, that do not wait for each other */
#define LONG (2 * 16 * LANES)

FOLDS_INLINE __m128i block_at(const uint8_t *p) {
    return _mm_loadu_si128((const void *)p);
}

/* 16 bytes as they are further back by what the two powers of x in k say, each for one half: as
 * far as the CRC goes they may be added to those that stand there. */
FOLDS_INLINE __m128i moved(__m128i x, __m128i k) {
    return _mm_xor_si128(_mm_clmulepi64_si128(x, k, 0x00), _mm_clmulepi64_si128(x, k, 0x11));
}

/* At least LONG bytes. All but the last few are folded into 16 bytes with the same CRC. */
FOLDS static uint32_t by_folding(uint32_t crc, const uint8_t *p, size_t len) {
    /* x^(n + 32) and x^(n - 32) modulo the polynomial, reflected, for n of 512 and of 128 bits */
    const __m128i far = _mm_set_epi64x(0x1C6E41596, 0x154442BD4);
    const __m128i near = _mm_set_epi64x(0x0CCAA009E, 0x1751997D0);
    __m128i x[LANES];
    uint8_t folded[16];
    for (int i = 0; i < LANES; i++)
        x[i] = block_at(p + 16 * i);
    x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128((int)crc));
    for (p += 16 * LANES, len -= 16 * LANES; len >= 16 * LANES; p += 16 * LANES, len -= 16 * LANES)
        for (int i = 0; i < LANES; i++)
            x[i] = _mm_xor_si128(moved(x[i], far), block_at(p + 16 * i));
    for (int i = 1; i < LANES; i++)
        x[0] = _mm_xor_si128(moved(x[0], near), x[i]);
    for (; len >= 16; p += 16, len -= 16)
        x[0] = _mm_xor_si128(moved(x[0], near), block_at(p));
    _mm_storeu_si128((void *)folded, x[0]);
    return by_table(by_table(0, folded, sizeof folded), p, len);
}

uint32_t store_crc32_update(uint32_t crc, const void *data, size_t len) {
    if (len >= LONG && __builtin_cpu_supports("pclmul"))
        return by_folding(crc, data, len);
    return by_table(crc, data, len);
}

#else

uint32_t store_crc32_update(uint32_t crc, const void *data, size_t len) {
    return by_table(crc, data, len);
}

#endif

#endif
