#include "store/seal.h"
#include "base/bytes.h"

#include <string.h>

static void block(const mbedtls_aes_context *key, const uint8_t in[16], uint8_t out[16]) {
    /* mbedtls takes the context as not const, but does not change it. */
    mbedtls_aes_context *k = (mbedtls_aes_context *)(uintptr_t)key;
    (void)mbedtls_aes_crypt_ecb(k, MBEDTLS_AES_ENCRYPT, in, out);
}

/* Sub-key i is the device key's encryption of "onecard store", 00, 00, i (AES-128 below AES-256).
 */
static void derive(mbedtls_aes_context *device, uint8_t i, mbedtls_aes_context *out) {
    uint8_t in[16] = "onecard store";
    uint8_t key[16];
    in[15] = i;
    block(device, in, key);
    mbedtls_aes_init(out);
    (void)mbedtls_aes_setkey_enc(out, key, 128);
    bytes_wipe(key, sizeof key);
}

enum onecard_err store_seal_init(struct seal *k, const struct onecard_port *port) {
    uint8_t key[ONECARD_DEVICE_KEY_SIZE];
    mbedtls_aes_context device;
    enum onecard_err err = port->device_key(port->ctx, key);
    if (err)
        return err;
    mbedtls_aes_init(&device);
    (void)mbedtls_aes_setkey_enc(&device, key, 256);
    bytes_wipe(key, sizeof key);
    derive(&device, 1, &k->mac);
    derive(&device, 2, &k->enc);
    derive(&device, 3, &k->root);
    bytes_wipe(&device, sizeof device);
    return ONECARD_OK;
}

void store_seal_wipe(struct seal *k) {
    bytes_wipe(k, sizeof *k);
}

uint64_t store_seal_salt(const struct seal *k) {
    uint8_t in[16] = "log salt";
    uint8_t out[16];
    block(&k->root, in, out);
    return get_le64(out);
}

static void xor_into(uint8_t *to, const uint8_t *from, uint32_t len) {
    for (uint32_t i = 0; i < len; i++)
        to[i] ^= from[i];
}

/* CBC-MAC; sound because the first block states the length, so no message is a prefix of another.
 */
static void tag_of(const struct seal *k, uint32_t name, uint32_t version, const uint8_t *in,
                   uint32_t len, uint8_t tag[16]) {
    put_le32(tag, 0x65726373); /* "scre" */
    put_le32(tag + 4, name);
    put_le32(tag + 8, version);
    put_le32(tag + 12, len);
    block(&k->mac, tag, tag);
    for (uint32_t i = 0; i < len; i += 16) {
        xor_into(tag, in + i, len - i < 16 ? len - i : 16);
        block(&k->mac, tag, tag);
    }
}

static void crypt(const struct seal *k, const uint8_t tag[16], const uint8_t *in, uint32_t len,
                  uint8_t *out) {
    uint8_t counter[16], stream[16];
    memcpy(counter, tag, 16);
    for (uint32_t i = 0; i < len; i += 16) {
        uint32_t n = len - i < 16 ? len - i : 16;
        block(&k->enc, counter, stream);
        for (uint32_t j = 0; j < n; j++)
            out[i + j] = in[i + j] ^ stream[j];
        put_le32(counter, get_le32(counter) + 1);
    }
    bytes_wipe(stream, sizeof stream);
}

void store_seal_close(const struct seal *k, uint32_t name, uint32_t version, const uint8_t *in,
                      uint32_t len, uint8_t *out) {
    tag_of(k, name, version, in, len, out);
    crypt(k, out, in, len, out + SEAL_TAG_SIZE);
}

enum onecard_err store_seal_open(const struct seal *k, uint32_t name, uint32_t version,
                                 const uint8_t *in, uint32_t len, uint8_t *out) {
    uint8_t tag[SEAL_TAG_SIZE];
    crypt(k, in, in + SEAL_TAG_SIZE, len, out);
    tag_of(k, name, version, out, len, tag);
    if (bytes_equal_ct(tag, in, SEAL_TAG_SIZE))
        return ONECARD_OK;
    bytes_wipe(out, len);
    return ONECARD_E_CORRUPT;
}

void store_seal_image(const struct seal *k, const uint8_t tag[SEAL_TAG_SIZE], uint8_t out[16]) {
    block(&k->root, tag, out);
}
