/* DES and 3DES in the table, by mbedtls. FIPS 46-3.
 *
 * Only the encryption schedule is kept. Decryption runs the same subkeys backwards: mbedtls stores
 * two words for each round in the order of use, so the reversed schedule is a copy, pair by pair.
 */
#include "crypto/block.h"

#include "base/bytes.h"

static void reverse_pairs(uint32_t *to, const uint32_t *from, size_t words) {
    for (size_t i = 0; i < words; i += 2) {
        to[i] = from[words - 2 - i];
        to[i + 1] = from[words - 1 - i];
    }
}

static enum onecard_err des_set(struct crypto_key *key, const uint8_t *bytes) {
    mbedtls_des_setkey(key->u.des.sk, bytes);
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
    mbedtls_des_setkey(sk, k1);
    mbedtls_des_setkey(middle, k2);
    reverse_pairs(sk + 32, middle, 32);
    if (k3 == k1)
        for (size_t i = 0; i < 32; i++)
            sk[64 + i] = sk[i];
    else
        mbedtls_des_setkey(sk + 64, k3);
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
