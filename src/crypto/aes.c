/* AES in the table: schedules by mbedtls; the rounds too, but by aes_aesni.c where the processor
 * has instructions for them. FIPS 197. */
#include "crypto/aes.h"

#include <string.h>

#include "base/bytes.h"
#include "crypto/block.h"

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

#ifdef CRYPTO_AES_AESNI
static struct aes_schedule schedule(const mbedtls_aes_context *ctx) {
    return (struct aes_schedule){ctx->rk, ctx->nr};
}
#endif

static void aes_encrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                        size_t blocks) {
#ifdef CRYPTO_AES_AESNI
    if (aes_aesni_present()) {
        const struct aes_schedule s = schedule(&key->u.aes.ctx);
        aes_aesni_encrypt(&s, in, out, blocks);
        return;
    }
#endif
    mbedtls_aes_context *ctx = (mbedtls_aes_context *)(uintptr_t)&key->u.aes.ctx; /* read only */
    for (; blocks > 0; blocks--, in += 16, out += 16)
        (void)mbedtls_aes_crypt_ecb(ctx, MBEDTLS_AES_ENCRYPT, in, out);
}

static void aes_chain(const struct crypto_key *key, uint8_t *chain, const uint8_t *data,
                      size_t blocks) {
#ifdef CRYPTO_AES_AESNI
    if (aes_aesni_present()) {
        const struct aes_schedule s = schedule(&key->u.aes.ctx);
        aes_aesni_chain(&s, chain, data, blocks);
        return;
    }
#endif
    for (; blocks > 0; blocks--, data += 16) {
        crypto_xor(chain, chain, data, 16);
        aes_encrypt(key, chain, chain, 1);
    }
}

static void decrypt_with(mbedtls_aes_context *ctx, const uint8_t *in, uint8_t *out, size_t blocks) {
#ifdef CRYPTO_AES_AESNI
    if (aes_aesni_present()) {
        const struct aes_schedule s = schedule(ctx);
        aes_aesni_decrypt(&s, in, out, blocks);
        return;
    }
#endif
    for (; blocks > 0; blocks--, in += 16, out += 16)
        (void)mbedtls_aes_crypt_ecb(ctx, MBEDTLS_AES_DECRYPT, in, out);
}

/* The card deciphers seldom: the second schedule is made when it is needed, and costs no RAM. */
static void aes_decrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                        size_t blocks) {
    mbedtls_aes_context ctx;
    mbedtls_aes_init(&ctx);
    (void)mbedtls_aes_setkey_dec(&ctx, key->u.aes.raw, key->info->key_size * 8u);
    decrypt_with(&ctx, in, out, blocks);
    mbedtls_aes_free(&ctx);
}

const struct crypto_block_ops crypto_aes128_ops = {
    .set = aes128_set, .encrypt = aes_encrypt, .decrypt = aes_decrypt, .chain = aes_chain};
const struct crypto_block_ops crypto_aes192_ops = {
    .set = aes192_set, .encrypt = aes_encrypt, .decrypt = aes_decrypt, .chain = aes_chain};
const struct crypto_block_ops crypto_aes256_ops = {
    .set = aes256_set, .encrypt = aes_encrypt, .decrypt = aes_decrypt, .chain = aes_chain};
