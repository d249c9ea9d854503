#include "crypto/rsa_encode.h"

#include <string.h>

#include "base/bytes.h"

/* ---- PKCS #1 v1.5 ---- */

/* The last bytes of the object identifiers; RFC 8017, 9.2, note 1. */
static bool put_digest_info(enum crypto_alg digest_alg, uint8_t len, uint8_t head[19],
                            uint32_t *head_len) {
    static const uint8_t sha1[15] = {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E,
                                     0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14};
    static const uint8_t sha2[19] = {0x30, 0x00, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                     0x65, 0x03, 0x04, 0x02, 0x00, 0x05, 0x00, 0x04, 0x00};
    static const uint8_t last[] = {
        [CRYPTO_SHA256] = 1, [CRYPTO_SHA384] = 2, [CRYPTO_SHA512] = 3, [CRYPTO_SHA224] = 4};
    if (digest_alg == CRYPTO_SHA1) {
        memcpy(head, sha1, sizeof sha1);
        *head_len = sizeof sha1;
        return true;
    }
    if (digest_alg >= sizeof last || last[digest_alg] == 0)
        return false;
    memcpy(head, sha2, sizeof sha2);
    head[1] = (uint8_t)(17 + len);
    head[14] = last[digest_alg];
    head[18] = len;
    *head_len = sizeof sha2;
    return true;
}

enum onecard_err rsa_encode_pkcs1(enum crypto_alg digest_alg, const uint8_t *digest, uint8_t *block,
                                  uint32_t size) {
    const struct crypto_alg_info *info = crypto_alg_find(digest_alg);
    uint8_t head[19];
    uint32_t head_len;
    if (info == NULL || !put_digest_info(digest_alg, info->digest_size, head, &head_len) ||
        size < 11 + head_len + info->digest_size)
        return ONECARD_E_PARAM;
    const uint32_t padding = size - 3 - head_len - info->digest_size;
    block[0] = 0;
    block[1] = 1;
    memset(block + 2, 0xFF, padding);
    block[2 + padding] = 0;
    memcpy(block + 3 + padding, head, head_len);
    memcpy(block + 3 + padding + head_len, digest, info->digest_size);
    return ONECARD_OK;
}

/* ---- PSS ---- */

/* out ^= MGF1(seed), the mask generation of appendix B.2.1 */
static void mask(enum crypto_alg alg, uint32_t digest_len, const uint8_t *seed, uint8_t *out,
                 uint32_t len) {
    uint8_t bytes[CRYPTO_DIGEST_MAX], counter[4];
    for (uint32_t at = 0, i = 0; at < len; at += digest_len, i++) {
        struct crypto_digest digest;
        put_be32(counter, i);
        (void)crypto_digest_start(&digest, alg);
        crypto_digest_update(&digest, seed, digest_len);
        crypto_digest_update(&digest, counter, sizeof counter);
        crypto_digest_finish(&digest, bytes);
        for (uint32_t j = 0; j < digest_len && at + j < len; j++)
            out[at + j] ^= bytes[j];
    }
}

enum onecard_err rsa_encode_pss(struct crypto_random *random, enum crypto_alg digest_alg,
                                const uint8_t *digest, uint8_t *block, uint32_t size) {
    static const uint8_t zeros[8];
    const struct crypto_alg_info *info = crypto_alg_find(digest_alg);
    if (info == NULL || info->kind != CRYPTO_KIND_DIGEST || size < 2u * info->digest_size + 2u)
        return ONECARD_E_PARAM;
    /* zeros, 01, salt; then H = digest(8 zeros, digest, salt); then BC */
    const uint32_t len = info->digest_size, masked = size - len - 1;
    uint8_t *salt = block + masked - len, *h = block + masked;
    struct crypto_digest m;
    memset(block, 0, masked - len);
    block[masked - len - 1] = 1;
    enum onecard_err err = crypto_random_bytes(random, salt, len);
    if (err != ONECARD_OK)
        return err;
    (void)crypto_digest_start(&m, digest_alg);
    crypto_digest_update(&m, zeros, sizeof zeros);
    crypto_digest_update(&m, digest, len);
    crypto_digest_update(&m, salt, len);
    crypto_digest_finish(&m, h);
    mask(digest_alg, len, h, block, masked);
    block[0] &= 0x7F; /* below the modulus, whose first bit is set */
    block[size - 1] = 0xBC;
    return ONECARD_OK;
}
