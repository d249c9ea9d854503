/* Inside src/crypto: what a block cipher and a digest must offer to stand in the table. */
#ifndef CRYPTO_BLOCK_H
#define CRYPTO_BLOCK_H

#include <string.h>

#include "crypto/crypto.h"

/* A CBC for `together`: what chain() or retail() takes, but beginning with zeros. */
struct crypto_chain {
    const struct crypto_key *key;
    uint8_t *chain; /* comes out */
    const uint8_t *data;
    size_t blocks;
    bool retail; /* all of it, with its end */
};
#define CRYPTO_CHAINS 3u

struct crypto_block_ops {
    enum onecard_err (*set)(struct crypto_key *key, const uint8_t *bytes);
    /* ECB over blocks whole blocks; in and out are equal or apart. */
    void (*encrypt)(const struct crypto_key *key, const uint8_t *in, uint8_t *out, size_t blocks);
    void (*decrypt)(const struct crypto_key *key, const uint8_t *in, uint8_t *out, size_t blocks);
    /* chain = the last block of a CBC that begins with chain, over at least one block. NULL where
     * it is not faster than block after block. */
    void (*chain)(const struct crypto_key *key, uint8_t *chain, const uint8_t *data, size_t blocks);
    /* The same with K1 only, but, if last, the last block with all of the key: the retail MAC.
     * NULL where there is none. */
    void (*retail)(const struct crypto_key *key, uint8_t *chain, const uint8_t *data, size_t blocks,
                   bool last);
    /* Up to CRYPTO_CHAINS chains at once, under keys of all ciphers that have this same function.
     * NULL where it is not faster than chain after chain. */
    void (*together)(const struct crypto_chain *chains, size_t count);
};

struct crypto_digest_ops {
    void (*start)(struct crypto_digest *digest);
    void (*update)(struct crypto_digest *digest, const uint8_t *data, size_t len);
    void (*finish)(struct crypto_digest *digest, uint8_t *out);
};

extern const struct crypto_block_ops crypto_des_ops, crypto_tdes2_ops, crypto_tdes3_ops;
extern const struct crypto_block_ops crypto_aes128_ops, crypto_aes192_ops, crypto_aes256_ops;
extern const struct crypto_block_ops crypto_sm4_ops;
extern const struct crypto_digest_ops crypto_sha1_ops, crypto_sha224_ops, crypto_sha256_ops;
extern const struct crypto_digest_ops crypto_sha384_ops, crypto_sha512_ops, crypto_sm3_ops;

/* Blocks have 8 or 16 bytes: no division, which costs as much as half a block of DES. */
static inline size_t crypto_blocks(size_t len, size_t block) {
    return len / 8 >> (block == 16);
}

/* Bytes beyond the last whole block. */
static inline size_t crypto_beyond(size_t len, size_t block) {
    return len & (block - 1);
}

/* out is equal to a or b, or apart. */
static inline void crypto_xor(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t len) {
    size_t i = 0;
    for (; len - i >= sizeof(size_t); i += sizeof(size_t)) { /* as many at a time as a register */
        size_t x, y;
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        x ^= y;
        memcpy(out + i, &x, sizeof x);
    }
    for (; i < len; i++)
        out[i] = (uint8_t)(a[i] ^ b[i]);
}

#endif
