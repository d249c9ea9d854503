/* PKCS #1 v1.5 encryption (RFC 8017, 7.2) that is no oracle: a cryptogram whose padding is wrong
 * deciphers to bytes that only this key and this cryptogram give, in the same time. Whoever asks
 * learns nothing from the answer (Bleichenbacher 1998; "implicit rejection"). */
#include "crypto/asymmetric.h"

#include <string.h>

#include "base/bytes.h"

#define PADDING 11u /* 00 02, at least eight bytes, 00 */

/* ---- enciphering ---- */

/* len random bytes, none of them 0 */
static enum onecard_err fill_nonzero(struct crypto_random *random, uint8_t *buf, size_t len) {
    for (size_t i = 0; i < len;) {
        uint8_t fresh[16];
        enum onecard_err err = crypto_random_bytes(random, fresh, sizeof fresh);
        if (err != ONECARD_OK)
            return err;
        for (size_t j = 0; j < sizeof fresh && i < len; j++)
            if (fresh[j] != 0)
                buf[i++] = fresh[j];
    }
    return ONECARD_OK;
}

enum onecard_err crypto_rsa_encrypt(struct crypto_random *random, struct crypto_rsa *rsa,
                                    const uint8_t *message, size_t len, uint8_t *out) {
    uint8_t block[CRYPTO_RSA_MAX];
    const size_t size = crypto_rsa_size(rsa);
    if (size < PADDING || len > size - PADDING)
        return ONECARD_E_PARAM;
    block[0] = 0;
    block[1] = 2;
    enum onecard_err err = fill_nonzero(random, block + 2, size - len - 3);
    block[size - len - 1] = 0;
    memcpy(block + size - len, message, len);
    if (err == ONECARD_OK)
        err = crypto_rsa_raw_public(rsa, block, out);
    bytes_wipe(block, sizeof block);
    return err;
}

/* ---- deciphering, without a branch or an address that depends on the block ---- */

/* All ones if a is 0, or below b; values below 2^31. */
static uint32_t mask_zero(uint32_t a) {
    return (uint32_t)((int32_t)(a - 1) >> 31);
}
static uint32_t mask_below(uint32_t a, uint32_t b) {
    return (uint32_t)((int32_t)(a - b) >> 31);
}
static uint32_t choose(uint32_t mask, uint32_t yes, uint32_t no) {
    return (yes & mask) | (no & ~mask);
}

/* What a wrong block deciphers to. */
static void make_substitute(const struct crypto_rsa *rsa, const uint8_t *in, size_t size,
                            struct crypto_rsa_substitute *out) {
    uint8_t seed[32], block[32];
    const size_t room = size - PADDING;
    out->len = 0;
    (void)crypto_hmac_once(CRYPTO_SHA256, rsa->secret, size / 2, in, size, seed);
    for (uint32_t i = 0; i * sizeof block < room + sizeof block; i++) {
        uint8_t counter[4];
        put_be32(counter, i);
        (void)crypto_hmac_once(CRYPTO_SHA256, seed, sizeof seed, counter, sizeof counter, block);
        if (i == 0) /* any length from 0 to room */
            out->len = (uint32_t)((uint64_t)get_be32(block) * (room + 1) >> 32);
        else
            memcpy(out->bytes + (i - 1) * sizeof block, block, sizeof block);
    }
    bytes_wipe(seed, sizeof seed);
    bytes_wipe(block, sizeof block);
}

/* Where the zero behind the padding stands, and whether the padding is right (all ones). */
static uint32_t find_end(const uint8_t *block, size_t size, uint32_t *out_good) {
    uint32_t at = 0, found = 0;
    for (uint32_t i = 2; i < size; i++) {
        const uint32_t zero = mask_zero(block[i]);
        at |= i & zero & ~found;
        found |= zero;
    }
    *out_good = mask_zero(block[0]) & mask_zero(block[1] ^ 2u) & found & ~mask_below(at, 10);
    return at;
}

/* Move bytes left by distance, which is below len rounded up to a power of two. */
static void shift_left(uint8_t *bytes, uint32_t len, uint32_t distance) {
    for (uint32_t step = 1; step < len; step <<= 1) {
        const uint32_t move = ~mask_zero(distance & step);
        for (uint32_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)choose(move, i + step < len ? bytes[i + step] : 0, bytes[i]);
    }
}

uint32_t crypto_rsa_unpad(uint8_t *block, uint32_t size, const struct crypto_rsa_substitute *other,
                          uint8_t *out) {
    uint32_t good;
    const uint32_t room = size - PADDING, at = find_end(block, size, &good);
    shift_left(block + PADDING, room, (at - 10) & good);
    for (uint32_t i = 0; i < room; i++)
        out[i] = (uint8_t)choose(good, block[PADDING + i], other->bytes[i]);
    return choose(good, size - 1 - at, other->len);
}

enum onecard_err crypto_rsa_decrypt(struct crypto_random *random, struct crypto_rsa *rsa,
                                    const uint8_t *in, uint8_t *out, size_t *out_len) {
    uint8_t block[CRYPTO_RSA_MAX];
    struct crypto_rsa_substitute other = {0};
    const size_t size = crypto_rsa_size(rsa);
    if (!rsa->has_private)
        return ONECARD_E_PARAM;
    enum onecard_err err = crypto_rsa_raw_private(random, rsa, in, block);
    make_substitute(rsa, in, size, &other);
    if (err == ONECARD_OK)
        *out_len = crypto_rsa_unpad(block, (uint32_t)size, &other, out);
    bytes_wipe(block, sizeof block);
    bytes_wipe(&other, sizeof other);
    return err;
}
