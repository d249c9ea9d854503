/* The host's side of GlobalPlatform's cryptography, from mbedtls: nothing here is the card's own
 * code, so that the two check each other; but for SM4, which mbedtls has not. Lengths are whole
 * blocks where not said otherwise. */
#ifndef ONECARD_GP_CRYPTO_H
#define ONECARD_GP_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GP_KEY_MAX = 32, GP_BLOCK_MAX = 16 };

struct gp_key {
    uint8_t len; /* 16, 24, 32 */
    bool sm4;    /* SM4 takes the place of AES */
    uint8_t value[GP_KEY_MAX];
};

/* 3DES; key of 8 (single DES), 16 or 24 bytes. iv NULL: zeros. out may be in. */
void gp_des_cbc(const uint8_t *key, size_t key_len, bool encrypt, const uint8_t *iv,
                const uint8_t *in, size_t len, uint8_t *out);

/* ISO/IEC 9797-1 algorithm 3 ("retail") over data of any length, padded with 80 00 ... */
void gp_des_retail_mac(const uint8_t key[16], const uint8_t iv[8], const uint8_t *data, size_t len,
                       uint8_t mac[8]);

/* The last block of 3DES-CBC over padded data. */
void gp_des_full_mac(const uint8_t key[16], const uint8_t *data, size_t len, uint8_t mac[8]);

void gp_aes_cbc(const struct gp_key *key, bool encrypt, const uint8_t iv[16], const uint8_t *in,
                size_t len, uint8_t *out);

/* AES-CMAC over data of any length. */
void gp_aes_cmac(const struct gp_key *key, const uint8_t *data, size_t len, uint8_t mac[16]);

/* The counter-mode derivation of SCP03 (GPCS amendment D 4.1.5). */
void gp_aes_derive(const struct gp_key *key, uint8_t constant, const uint8_t *context,
                   size_t context_len, uint8_t *out, size_t out_len);

/* Append 80 00 ... up to a whole block; there must be room. Returns the new length. */
size_t gp_pad(uint8_t *data, size_t len, size_t block);

/* The length without such padding; false if it is none. */
bool gp_unpad(const uint8_t *data, size_t *len);

/* Key check value, 3 bytes: of a 3DES key (zeros enciphered), or an AES or SM4 one (01 enciphered).
 */
void gp_key_check(const struct gp_key *key, bool aes, uint8_t check[3]);

/* Same length, same bytes, in constant time. */
bool gp_same(const uint8_t *a, const uint8_t *b, size_t len);

#endif
