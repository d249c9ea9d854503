/* DES and 3DES in the table, by mbedtls. FIPS 46-3.
 *
 * Only the encryption schedule is kept. Decryption runs the same subkeys backwards: mbedtls stores
 * two words for each round in the order of use, so the reversed schedule is a copy, pair by pair.
 */
#include "crypto/block.h"

#include "base/bytes.h"
#include "crypto/des.h"
#include "crypto/des_table.h"

/* Swap the bits of x under mask with those n places higher. */
static uint64_t swap_bits(uint64_t x, unsigned n, uint64_t mask) {
    uint64_t t = (x ^ x >> n) & mask;
    return x ^ t ^ t << n;
}

/* PC-1: the key as a matrix of 8 by 8 bits, transposed. Its columns from the left are C, in reverse
 * order from the right D; the fourth is shared, the last is parity. */
static void permuted_choice_1(const uint8_t key[8], uint32_t *c, uint32_t *d) {
    uint64_t x = 0;
    for (int i = 7; i >= 0; i--) /* the last byte on top: columns are read upwards */
        x = x << 8 | key[i];
    x = swap_bits(x, 7, 0x00AA00AA00AA00AAu);
    x = swap_bits(x, 14, 0x0000CCCC0000CCCCu);
    x = swap_bits(x, 28, 0x00000000F0F0F0F0u);
    /* Byte i of x, from below, is now column 8 - i. */
    *c = (uint32_t)(x >> 56 & 0xFF) << 20 | (uint32_t)(x >> 48 & 0xFF) << 12 |
         (uint32_t)(x >> 40 & 0xFF) << 4 | (uint32_t)(x >> 36 & 0x0F);
    *d = (uint32_t)(x >> 8 & 0xFF) << 20 | (uint32_t)(x >> 16 & 0xFF) << 12 |
         (uint32_t)(x >> 24 & 0xFF) << 4 | (uint32_t)(x >> 32 & 0x0F);
}

static uint32_t rotate28(uint32_t x, unsigned n) {
    return (x << n | x >> (28 - n)) & 0x0FFFFFFF;
}

static uint32_t permuted_choice_2(const uint32_t table[4][128], uint32_t x) {
    return table[0][x >> 21] | table[1][x >> 14 & 127] | table[2][x >> 7 & 127] | table[3][x & 127];
}

/* What mbedtls_des_setkey() makes, four times faster: a card sets up a session key for each purse
 * command. */
void des_schedule(uint32_t sk[32], const uint8_t key[8]) {
    uint32_t c, d;
    permuted_choice_1(key, &c, &d);
    for (unsigned round = 0; round < 16; round++) {
        /* one place in rounds 1, 2, 9 and 16, else two */
        unsigned places = 0x8103u >> round & 1 ? 1 : 2;
        c = rotate28(c, places);
        d = rotate28(d, places);
        uint32_t x = permuted_choice_2(des_pc2[0], c), y = permuted_choice_2(des_pc2[1], d);
        sk[2 * round] = (x & 0xFFFF0000u) | y >> 16;
        sk[2 * round + 1] = x << 16 | (y & 0xFFFFu);
    }
}

static void reverse_pairs(uint32_t *to, const uint32_t *from, size_t words) {
    for (size_t i = 0; i < words; i += 2) {
        to[i] = from[words - 2 - i];
        to[i + 1] = from[words - 1 - i];
    }
}

static enum onecard_err des_set(struct crypto_key *key, const uint8_t *bytes) {
    des_schedule(key->u.des.sk, bytes);
    return ONECARD_OK;
}

static void des_encrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                        size_t blocks) {
    mbedtls_des_context *ctx = (mbedtls_des_context *)(uintptr_t)&key->u.des; /* read only */
    for (; blocks > 0; blocks--, in += 8, out += 8)
        (void)mbedtls_des_crypt_ecb(ctx, in, out);
}

static void des_decrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                        size_t blocks) {
    mbedtls_des_context ctx;
    reverse_pairs(ctx.sk, key->u.des.sk, 32);
    for (; blocks > 0; blocks--, in += 8, out += 8)
        (void)mbedtls_des_crypt_ecb(&ctx, in, out);
    bytes_wipe(&ctx, sizeof ctx);
}

/* E(K1) D(K2) E(K3): the middle schedule runs backwards. */
static void des3_schedule(uint32_t sk[96], const uint8_t *k1, const uint8_t *k2,
                          const uint8_t *k3) {
    uint32_t middle[32];
    des_schedule(sk, k1);
    des_schedule(middle, k2);
    reverse_pairs(sk + 32, middle, 32);
    if (k3 == k1)
        for (size_t i = 0; i < 32; i++)
            sk[64 + i] = sk[i];
    else
        des_schedule(sk + 64, k3);
    bytes_wipe(middle, sizeof middle);
}

static enum onecard_err tdes2_set(struct crypto_key *key, const uint8_t *bytes) {
    des3_schedule(key->u.des3.sk, bytes, bytes + 8, bytes);
    return ONECARD_OK;
}

static enum onecard_err tdes3_set(struct crypto_key *key, const uint8_t *bytes) {
    des3_schedule(key->u.des3.sk, bytes, bytes + 8, bytes + 16);
    return ONECARD_OK;
}

static void des3_encrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                         size_t blocks) {
    mbedtls_des3_context *ctx = (mbedtls_des3_context *)(uintptr_t)&key->u.des3; /* read only */
    for (; blocks > 0; blocks--, in += 8, out += 8)
        (void)mbedtls_des3_crypt_ecb(ctx, in, out);
}

static void des3_decrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                         size_t blocks) {
    mbedtls_des3_context ctx;
    reverse_pairs(ctx.sk, key->u.des3.sk, 96);
    for (; blocks > 0; blocks--, in += 8, out += 8)
        (void)mbedtls_des3_crypt_ecb(&ctx, in, out);
    bytes_wipe(&ctx, sizeof ctx);
}

/* The first 32 words of a 3DES schedule are K1's. */
static void des3_encrypt_first(const struct crypto_key *key, const uint8_t *in, uint8_t *out) {
    des_encrypt(key, in, out, 1);
}

const struct crypto_block_ops crypto_des_ops = {des_set, des_encrypt, des_decrypt, NULL};
const struct crypto_block_ops crypto_tdes2_ops = {tdes2_set, des3_encrypt, des3_decrypt,
                                                  des3_encrypt_first};
const struct crypto_block_ops crypto_tdes3_ops = {tdes3_set, des3_encrypt, des3_decrypt,
                                                  des3_encrypt_first};
