/* Inside src/crypto: DES (FIPS 46-3), bare. */
#ifndef CRYPTO_DES_H
#define CRYPTO_DES_H

#include <stddef.h>
#include <stdint.h>

#define DES_ROUNDS 16u
#define DES_BLOCK 8u

/* How a half of the block is held between rounds: on 64-bit machines spread over eight bytes, one
 * for each box, so that a round has no rotation and no mask; on others as it is. CRYPTO_DES_32
 * takes the second on any machine (tests). */
#if UINTPTR_MAX > UINT32_MAX && !defined(CRYPTO_DES_32)
#define DES_HALF_64
#endif

/* 16 round keys of eight times six bits (make_des_table.py says where), in the order of
 * encryption. Parity bits are ignored. */
void des_schedule(uint64_t sk[DES_ROUNDS], const uint8_t key[8]);

/* Where a pass of 16 rounds takes its keys. */
struct des_keys {
    const uint64_t *sk; /* the schedules of one key, or of three, each in its order of use */
    unsigned passes;    /* 1 or 3 */
    int step;           /* 1; or -1 with sk at the last key: decipherment */
};

/* ECB over whole blocks; in and out are equal or apart. */
void des_blocks(const struct des_keys *keys, const uint8_t *in, uint8_t *out, size_t blocks);

/* chain = the last block of CBC that begins with chain, over at least one block: all but the last
 * with the first `passes` of the schedules, the last with `last_passes`. The permutations between
 * two blocks cancel and are left out. */
void des_chain(const uint64_t *sk, unsigned passes, unsigned last_passes, uint8_t chain[DES_BLOCK],
               const uint8_t *data, size_t blocks);

#ifdef DES_HALF_64
#define DES_LANES 3u

/* One of several chains that run side by side: as des_chain(), but beginning with zeros. Used up.
 */
struct des_lane {
    const uint64_t *sk;
    unsigned passes, last_passes;
    uint8_t *chain; /* comes out */
    const uint8_t *data;
    size_t blocks;
};

/* Up to DES_LANES chains at once: the rounds of one fill the waits of another. */
void des_chains(struct des_lane *lanes, unsigned count);
#endif

#endif
