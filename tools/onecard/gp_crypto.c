#include "gp_crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "crypto/crypto.h"
#include "mbedtls/aes.h"
#include "mbedtls/cmac.h"
#include "mbedtls/des.h"

/* mbedtls fails here only without memory, or for key lengths that callers never give. */
static void must(int err) {
    if (err) {
        fputs("onecard gp: mbedtls failed\n", stderr);
        abort();
    }
}

/* ---- DES ---- */

static void des_single_cbc(const uint8_t *key, bool encrypt, uint8_t iv[8], const uint8_t *in,
                           size_t len, uint8_t *out) {
    mbedtls_des_context c;
    mbedtls_des_init(&c);
    must(encrypt ? mbedtls_des_setkey_enc(&c, key) : mbedtls_des_setkey_dec(&c, key));
    must(mbedtls_des_crypt_cbc(&c, encrypt ? MBEDTLS_DES_ENCRYPT : MBEDTLS_DES_DECRYPT, len, iv, in,
                               out));
    mbedtls_des_free(&c);
}

void gp_des_cbc(const uint8_t *key, size_t key_len, bool encrypt, const uint8_t *iv,
                const uint8_t *in, size_t len, uint8_t *out) {
    uint8_t moved[8] = {0};
    if (iv)
        memcpy(moved, iv, sizeof moved);
    if (key_len == 8) {
        des_single_cbc(key, encrypt, moved, in, len, out);
        return;
    }
    mbedtls_des3_context c;
    mbedtls_des3_init(&c);
    if (key_len == 24)
        must(encrypt ? mbedtls_des3_set3key_enc(&c, key) : mbedtls_des3_set3key_dec(&c, key));
    else
        must(encrypt ? mbedtls_des3_set2key_enc(&c, key) : mbedtls_des3_set2key_dec(&c, key));
    must(mbedtls_des3_crypt_cbc(&c, encrypt ? MBEDTLS_DES_ENCRYPT : MBEDTLS_DES_DECRYPT, len, moved,
                                in, out));
    mbedtls_des3_free(&c);
}

/* A copy of data with padding; freed by the caller. */
static uint8_t *padded(const uint8_t *data, size_t len, size_t *out_len) {
    uint8_t *copy = malloc(len + GP_BLOCK_MAX);
    must(!copy);
    if (len)
        memcpy(copy, data, len);
    *out_len = gp_pad(copy, len, 8);
    return copy;
}

void gp_des_retail_mac(const uint8_t key[16], const uint8_t iv[8], const uint8_t *data, size_t len,
                       uint8_t mac[8]) {
    size_t size;
    uint8_t *copy = padded(data, len, &size);
    uint8_t last[8];
    /* Single DES over all blocks, then the last one through the other key and back. */
    gp_des_cbc(key, 8, true, iv, copy, size, copy);
    memcpy(last, copy + size - 8, 8);
    gp_des_cbc(key + 8, 8, false, NULL, last, 8, last);
    gp_des_cbc(key, 8, true, NULL, last, 8, mac);
    free(copy);
}

void gp_des_full_mac(const uint8_t key[16], const uint8_t *data, size_t len, uint8_t mac[8]) {
    size_t size;
    uint8_t *copy = padded(data, len, &size);
    gp_des_cbc(key, 16, true, NULL, copy, size, copy);
    memcpy(mac, copy + size - 8, 8);
    free(copy);
}

/* ---- AES ---- */

static void sm4_cbc(const struct gp_key *key, bool encrypt, uint8_t iv[16], const uint8_t *in,
                    size_t len, uint8_t *out) {
    struct crypto_key k;
    must(crypto_key_set(&k, CRYPTO_SM4, key->value, key->len));
    must(
        crypto_cipher(&k, CRYPTO_CBC, encrypt ? CRYPTO_ENCRYPT : CRYPTO_DECRYPT, iv, in, out, len));
    crypto_key_wipe(&k);
}

static void sm4_cmac(const struct gp_key *key, const uint8_t *data, size_t len, uint8_t mac[16]) {
    struct crypto_key k;
    must(crypto_key_set(&k, CRYPTO_SM4, key->value, key->len));
    must(crypto_mac_once(&k, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, data, len, mac, 16));
    crypto_key_wipe(&k);
}

void gp_aes_cbc(const struct gp_key *key, bool encrypt, const uint8_t iv[16], const uint8_t *in,
                size_t len, uint8_t *out) {
    mbedtls_aes_context c;
    uint8_t moved[16];
    memcpy(moved, iv, sizeof moved);
    if (key->sm4) {
        sm4_cbc(key, encrypt, moved, in, len, out);
        return;
    }
    mbedtls_aes_init(&c);
    must(encrypt ? mbedtls_aes_setkey_enc(&c, key->value, key->len * 8u)
                 : mbedtls_aes_setkey_dec(&c, key->value, key->len * 8u));
    must(mbedtls_aes_crypt_cbc(&c, encrypt ? MBEDTLS_AES_ENCRYPT : MBEDTLS_AES_DECRYPT, len, moved,
                               in, out));
    mbedtls_aes_free(&c);
}

void gp_aes_cmac(const struct gp_key *key, const uint8_t *data, size_t len, uint8_t mac[16]) {
    const mbedtls_cipher_type_t type = key->len == 16   ? MBEDTLS_CIPHER_AES_128_ECB
                                       : key->len == 24 ? MBEDTLS_CIPHER_AES_192_ECB
                                                        : MBEDTLS_CIPHER_AES_256_ECB;
    if (key->sm4) {
        sm4_cmac(key, data, len, mac);
        return;
    }
    must(mbedtls_cipher_cmac(mbedtls_cipher_info_from_type(type), key->value, key->len * 8u, data,
                             len, mac));
}

void gp_aes_derive(const struct gp_key *key, uint8_t constant, const uint8_t *context,
                   size_t context_len, uint8_t *out, size_t out_len) {
    uint8_t input[16 + 2 * GP_BLOCK_MAX] = {0}, block[16];
    input[11] = constant;
    put_be16(input + 13, (uint16_t)(out_len * 8));
    memcpy(input + 16, context, context_len);
    for (size_t at = 0; at < out_len; at += sizeof block) {
        input[15] = (uint8_t)(at / sizeof block + 1);
        gp_aes_cmac(key, input, 16 + context_len, block);
        memcpy(out + at, block, out_len - at < sizeof block ? out_len - at : sizeof block);
    }
    bytes_wipe(block, sizeof block);
}

/* ---- both ---- */

size_t gp_pad(uint8_t *data, size_t len, size_t block) {
    data[len++] = 0x80;
    while (len % block)
        data[len++] = 0;
    return len;
}

bool gp_unpad(const uint8_t *data, size_t *len) {
    size_t n = *len;
    while (n > 0 && data[n - 1] == 0)
        n--;
    if (n == 0 || data[n - 1] != 0x80)
        return false;
    *len = n - 1;
    return true;
}

void gp_key_check(const struct gp_key *key, bool aes, uint8_t check[3]) {
    static const uint8_t zero[16];
    uint8_t block[16];
    memset(block, aes ? 1 : 0, sizeof block);
    if (aes)
        gp_aes_cbc(key, true, zero, block, 16, block);
    else
        gp_des_cbc(key->value, key->len, true, NULL, block, 8, block);
    memcpy(check, block, 3);
}

bool gp_same(const uint8_t *a, const uint8_t *b, size_t len) {
    uint8_t differ = 0;
    for (size_t i = 0; i < len; i++)
        differ |= a[i] ^ b[i];
    return differ == 0;
}
