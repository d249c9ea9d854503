/* Modes of operation: ECB, CBC, CTR (NIST SP 800-38A). Padding: ISO/IEC 9797-1. */
#include "crypto/block.h"

#include <string.h>

#include "base/bytes.h"

/* Bytes handed to a cipher at once: as many as the widest vector code takes. */
#define BATCH_BYTES (16 * CRYPTO_BLOCK_MAX)

static void cbc_encrypt(const struct crypto_key *key, uint8_t *iv, const uint8_t *in, uint8_t *out,
                        size_t len) {
    const size_t block = key->info->block_size;
    const uint8_t *chain = iv;
    for (size_t at = 0; at < len; at += block) {
        crypto_xor(out + at, in + at, chain, block);
        key->info->block->encrypt(key, out + at, out + at, 1);
        chain = out + at;
    }
    memmove(iv, chain, block);
}

static void cbc_decrypt(const struct crypto_key *key, uint8_t *iv, const uint8_t *in, uint8_t *out,
                        size_t len) {
    const size_t block = key->info->block_size;
    uint8_t plain[BATCH_BYTES], next[CRYPTO_BLOCK_MAX];
    while (len > 0) {
        size_t n = len < BATCH_BYTES ? len : BATCH_BYTES;
        key->info->block->decrypt(key, in, plain, crypto_blocks(n, block));
        memcpy(next, in + n - block, block);
        crypto_xor(plain, plain, iv, block);
        crypto_xor(plain + block, plain + block, in, n - block);
        memcpy(out, plain, n);
        memcpy(iv, next, block);
        in += n;
        out += n;
        len -= n;
    }
    bytes_wipe(plain, sizeof plain);
}

static void counter_step(uint8_t *counter, size_t block) {
    for (size_t i = block; i-- > 0;)
        if (++counter[i] != 0)
            break;
}

static void ctr_crypt(const struct crypto_key *key, uint8_t *iv, const uint8_t *in, uint8_t *out,
                      size_t len) {
    const size_t block = key->info->block_size;
    uint8_t stream[BATCH_BYTES];
    while (len > 0) {
        size_t n = len < BATCH_BYTES ? len : BATCH_BYTES;
        size_t blocks = crypto_blocks(n + block - 1, block);
        for (size_t i = 0; i < blocks; i++) {
            memcpy(stream + i * block, iv, block);
            counter_step(iv, block);
        }
        key->info->block->encrypt(key, stream, stream, blocks);
        crypto_xor(out, in, stream, n);
        in += n;
        out += n;
        len -= n;
    }
    bytes_wipe(stream, sizeof stream);
}

enum onecard_err crypto_cipher(const struct crypto_key *key, enum crypto_mode mode,
                               enum crypto_direction direction, uint8_t *iv, const uint8_t *in,
                               uint8_t *out, size_t len) {
    if (key->info == NULL || (direction != CRYPTO_ENCRYPT && direction != CRYPTO_DECRYPT))
        return ONECARD_E_PARAM;
    const size_t block = key->info->block_size;
    if (mode == CRYPTO_CTR) {
        if (iv == NULL)
            return ONECARD_E_PARAM;
        ctr_crypt(key, iv, in, out, len);
        return ONECARD_OK;
    }
    if (crypto_beyond(len, block) != 0)
        return ONECARD_E_PARAM;
    if (mode == CRYPTO_ECB) {
        if (direction == CRYPTO_ENCRYPT)
            key->info->block->encrypt(key, in, out, crypto_blocks(len, block));
        else
            key->info->block->decrypt(key, in, out, crypto_blocks(len, block));
        return ONECARD_OK;
    }
    if (mode != CRYPTO_CBC)
        return ONECARD_E_PARAM;
    uint8_t zeros[CRYPTO_BLOCK_MAX] = {0};
    if (direction == CRYPTO_ENCRYPT)
        cbc_encrypt(key, iv != NULL ? iv : zeros, in, out, len);
    else
        cbc_decrypt(key, iv != NULL ? iv : zeros, in, out, len);
    return ONECARD_OK;
}

enum onecard_err crypto_pad_add(uint8_t *buf, size_t *len, size_t capacity, size_t block,
                                enum crypto_pad pad) {
    if (block == 0 || (block & (block - 1)) != 0)
        return ONECARD_E_PARAM;
    size_t fill = (0 - *len) & (block - 1);
    if (pad == CRYPTO_PAD_NONE)
        return fill == 0 ? ONECARD_OK : ONECARD_E_PARAM;
    if (pad == CRYPTO_PAD_80 ? fill == 0 : *len == 0)
        fill = block;
    if (*len > capacity || fill > capacity - *len)
        return ONECARD_E_TOO_BIG;
    memset(buf + *len, 0, fill);
    if (pad == CRYPTO_PAD_80)
        buf[*len] = 0x80;
    *len += fill;
    return ONECARD_OK;
}

enum onecard_err crypto_pad_strip(const uint8_t *buf, size_t *len, size_t block) {
    if (block == 0 || *len == 0 || *len % block != 0)
        return ONECARD_E_FORMAT;
    /* From the end: searching while only zeros were seen; found at the 80. No early way out, so
     * that a padding oracle has nothing to time. */
    uint32_t searching = 1, found = 0;
    size_t content = 0;
    for (size_t i = 0; i < block; i++) {
        size_t at = *len - 1 - i;
        uint32_t zero = ((uint32_t)buf[at] - 1u) >> 31;
        uint32_t mark = (((uint32_t)buf[at] ^ 0x80u) - 1u) >> 31;
        uint32_t hit = searching & mark;
        content |= at & (size_t)(0 - (size_t)hit);
        found |= hit;
        searching &= zero;
    }
    if (!found)
        return ONECARD_E_FORMAT;
    *len = content;
    return ONECARD_OK;
}
