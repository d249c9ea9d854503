/* AES in the table, by mbedtls (with the processor's AES instructions on x86-64). FIPS 197. */
#include "crypto/block.h"

#include <string.h>

#include "base/bytes.h"

static enum onecard_err aes_set(struct crypto_key *key, const uint8_t *bytes, size_t len) {
    mbedtls_aes_init(&key->u.aes.ctx);
    memset(key->u.aes.raw, 0, sizeof key->u.aes.raw);
    memcpy(key->u.aes.raw, bytes, len);
    return mbedtls_aes_setkey_enc(&key->u.aes.ctx, bytes, (unsigned)len * 8) == 0 ? ONECARD_OK
                                                                                  : ONECARD_E_IO;
}

static enum onecard_err aes128_set(struct crypto_key *key, const uint8_t *bytes) {
    return aes_set(key, bytes, 16);
}

static enum onecard_err aes192_set(struct crypto_key *key, const uint8_t *bytes) {
    return aes_set(key, bytes, 24);
}

static enum onecard_err aes256_set(struct crypto_key *key, const uint8_t *bytes) {
    return aes_set(key, bytes, 32);
}

static void aes_encrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                        size_t blocks) {
    mbedtls_aes_context *ctx = (mbedtls_aes_context *)(uintptr_t)&key->u.aes.ctx; /* read only */
    for (; blocks > 0; blocks--, in += 16, out += 16)
        (void)mbedtls_aes_crypt_ecb(ctx, MBEDTLS_AES_ENCRYPT, in, out);
}

/* The card deciphers seldom: the second schedule is made when it is needed, and costs no RAM. */
static void aes_decrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                        size_t blocks) {
    mbedtls_aes_context ctx;
    mbedtls_aes_init(&ctx);
    (void)mbedtls_aes_setkey_dec(&ctx, key->u.aes.raw, key->info->key_size * 8u);
    for (; blocks > 0; blocks--, in += 16, out += 16)
        (void)mbedtls_aes_crypt_ecb(&ctx, MBEDTLS_AES_DECRYPT, in, out);
    mbedtls_aes_free(&ctx);
}

const struct crypto_block_ops crypto_aes128_ops = {
    .set = aes128_set, .encrypt = aes_encrypt, .decrypt = aes_decrypt};
const struct crypto_block_ops crypto_aes192_ops = {
    .set = aes192_set, .encrypt = aes_encrypt, .decrypt = aes_decrypt};
const struct crypto_block_ops crypto_aes256_ops = {
    .set = aes256_set, .encrypt = aes_encrypt, .decrypt = aes_decrypt};
