#include "secure/cert_emv.h"

#include <string.h>

#include "base/bytes.h"

enum { HEADER = 0x6A, TRAILER = 0xBC, PADDING = 0xBB, SHA1 = 0x01, RSA = 0x01 };
enum { FORMAT_ISSUER = 0x02, FORMAT_STATIC = 0x03, FORMAT_CARD = 0x04, FORMAT_DYNAMIC = 0x05 };

#define HASH 20u
#define PARTS_MAX 3u

/* ---- what all have in common ---- */

static enum onecard_err open_key(const struct cert_emv_key *key, struct crypto_rsa *rsa) {
    return crypto_rsa_open_public(rsa, key->modulus, key->modulus_len, key->exponent,
                                  key->exponent_len);
}

/* Undo the signature; block has room for CERT_EMV_MODULUS_MAX. */
static enum onecard_err recover(const struct cert_emv_key *key, struct cert_emv_bytes signature,
                                uint8_t *block) {
    struct crypto_rsa rsa;
    if (key->modulus_len < CERT_EMV_MODULUS_MIN || key->modulus_len > CERT_EMV_MODULUS_MAX ||
        key->exponent_len == 0 || key->exponent_len > CERT_EMV_EXPONENT_MAX ||
        signature.len != key->modulus_len)
        return ONECARD_E_FORMAT;
    enum onecard_err err = open_key(key, &rsa);
    if (err == ONECARD_OK)
        err = crypto_rsa_raw_public(&rsa, signature.data, block);
    crypto_rsa_close(&rsa);
    return err == ONECARD_E_PARAM ? ONECARD_E_WRONG : err; /* a number above the modulus */
}

/* Header, format, trailer, and the hash over the block and the parts. */
static enum onecard_err check(const uint8_t *block, uint32_t n, uint8_t format,
                              const struct cert_emv_bytes *parts, uint32_t count) {
    struct crypto_digest digest;
    uint8_t hash[CRYPTO_DIGEST_MAX];
    if (block[0] != HEADER || block[1] != format || block[n - 1] != TRAILER)
        return ONECARD_E_WRONG;
    enum onecard_err err = crypto_digest_start(&digest, CRYPTO_SHA1);
    if (err != ONECARD_OK)
        return err;
    crypto_digest_update(&digest, block + 1, n - 2 - HASH);
    for (uint32_t i = 0; i < count; i++)
        crypto_digest_update(&digest, parts[i].data, parts[i].len);
    crypto_digest_finish(&digest, hash);
    return memcmp(hash, block + n - 1 - HASH, HASH) == 0 ? ONECARD_OK : ONECARD_E_WRONG;
}

static bool all_padding(const uint8_t *p, uint32_t len) {
    while (len-- > 0)
        if (*p++ != PADDING)
            return false;
    return true;
}

/* ---- certified keys ---- */

/* The key of len bytes stands from `at` on; what does not fit before the hash is the remainder. */
static enum onecard_err take_key(const uint8_t *block, uint32_t n, uint32_t at, uint32_t len,
                                 struct cert_emv_bytes remainder, struct cert_emv_key *out) {
    const uint32_t room = n - at - HASH - 1;
    const uint32_t here = len < room ? len : room;
    if (len < CERT_EMV_MODULUS_MIN || len > CERT_EMV_MODULUS_MAX || remainder.len != len - here ||
        !all_padding(block + at + here, room - here))
        return ONECARD_E_FORMAT;
    memcpy(out->modulus, block + at, here);
    if (remainder.len)
        memcpy(out->modulus + here, remainder.data, remainder.len);
    out->modulus_len = len;
    return ONECARD_OK;
}

/* The part behind the identifier: expiry, serial, algorithms, lengths. */
static enum onecard_err take_certified(const uint8_t *block, uint32_t n, uint32_t id_len,
                                       struct cert_emv_bytes remainder,
                                       struct cert_emv_bytes exponent, struct cert_emv_key *out) {
    const uint8_t *p = block + 2 + id_len;
    memset(out, 0, sizeof *out);
    memcpy(out->id, block + 2, id_len);
    memcpy(out->expiry, p, 2);
    memcpy(out->serial, p + 2, 3);
    if (p[5] != SHA1 || p[6] != RSA || p[8] != exponent.len || exponent.len == 0 ||
        exponent.len > CERT_EMV_EXPONENT_MAX)
        return ONECARD_E_FORMAT;
    memcpy(out->exponent, exponent.data, exponent.len);
    out->exponent_len = exponent.len;
    return take_key(block, n, 2 + id_len + 9, p[7], remainder, out);
}

static enum onecard_err certified(const struct cert_emv_key *by, uint8_t format, uint32_t id_len,
                                  struct cert_emv_bytes cert, const struct cert_emv_bytes *parts,
                                  uint32_t count, struct cert_emv_key *out_key) {
    uint8_t block[CERT_EMV_MODULUS_MAX];
    enum onecard_err err = recover(by, cert, block);
    if (err == ONECARD_OK)
        err = check(block, cert.len, format, parts, count);
    return err == ONECARD_OK ? take_certified(block, cert.len, id_len, parts[0], parts[1], out_key)
                             : err;
}

enum onecard_err cert_emv_issuer(const struct cert_emv_key *scheme, struct cert_emv_bytes cert,
                                 struct cert_emv_bytes remainder, struct cert_emv_bytes exponent,
                                 struct cert_emv_key *out_key) {
    const struct cert_emv_bytes parts[PARTS_MAX] = {remainder, exponent};
    return certified(scheme, FORMAT_ISSUER, 4, cert, parts, 2, out_key);
}

enum onecard_err cert_emv_card(const struct cert_emv_key *issuer, struct cert_emv_bytes cert,
                               struct cert_emv_bytes remainder, struct cert_emv_bytes exponent,
                               struct cert_emv_bytes static_data, struct cert_emv_key *out_key) {
    const struct cert_emv_bytes parts[PARTS_MAX] = {remainder, exponent, static_data};
    return certified(issuer, FORMAT_CARD, 10, cert, parts, 3, out_key);
}

enum onecard_err cert_emv_checksum(const uint8_t rid[5], uint8_t index,
                                   const struct cert_emv_key *key, uint8_t checksum[20]) {
    struct crypto_digest digest;
    uint8_t hash[CRYPTO_DIGEST_MAX];
    enum onecard_err err = crypto_digest_start(&digest, CRYPTO_SHA1);
    if (err != ONECARD_OK)
        return err;
    crypto_digest_update(&digest, rid, 5);
    crypto_digest_update(&digest, &index, 1);
    crypto_digest_update(&digest, key->modulus, key->modulus_len);
    crypto_digest_update(&digest, key->exponent, key->exponent_len);
    crypto_digest_finish(&digest, hash);
    memcpy(checksum, hash, HASH);
    return ONECARD_OK;
}

/* ---- signed data ---- */

enum onecard_err cert_emv_static(const struct cert_emv_key *issuer, struct cert_emv_bytes signature,
                                 struct cert_emv_bytes static_data, uint8_t out_code[2]) {
    uint8_t block[CERT_EMV_MODULUS_MAX];
    enum onecard_err err = recover(issuer, signature, block);
    if (err == ONECARD_OK)
        err = check(block, signature.len, FORMAT_STATIC, &static_data, 1);
    if (err == ONECARD_OK &&
        (block[2] != SHA1 || !all_padding(block + 5, signature.len - 5 - HASH - 1)))
        err = ONECARD_E_FORMAT;
    if (err == ONECARD_OK)
        memcpy(out_code, block + 3, 2);
    return err;
}

enum onecard_err cert_emv_dynamic(const struct cert_emv_key *card, struct cert_emv_bytes signature,
                                  struct cert_emv_bytes terminal_data, uint8_t *out,
                                  uint32_t *out_len) {
    uint8_t block[CERT_EMV_MODULUS_MAX];
    enum onecard_err err = recover(card, signature, block);
    if (err == ONECARD_OK)
        err = check(block, signature.len, FORMAT_DYNAMIC, &terminal_data, 1);
    if (err != ONECARD_OK)
        return err;
    const uint32_t room = signature.len - 4 - HASH - 1, len = block[3];
    if (block[2] != SHA1 || len > room || !all_padding(block + 4 + len, room - len))
        return ONECARD_E_FORMAT;
    memcpy(out, block + 4, len);
    *out_len = len;
    return ONECARD_OK;
}

/* ---- identifiers ---- */

static uint8_t digit(const uint8_t *bcd, uint32_t n) {
    return n % 2 == 0 ? bcd[n / 2] >> 4 : bcd[n / 2] & 0x0F;
}

bool cert_emv_issuer_fits(const uint8_t id[4], const uint8_t *pan, uint32_t pan_len) {
    uint32_t n = 0;
    while (n < 8 && digit(id, n) != 0x0F) {
        if (n / 2 >= pan_len || digit(id, n) != digit(pan, n))
            return false;
        n++;
    }
    for (uint32_t rest = n; rest < 8; rest++)
        if (digit(id, rest) != 0x0F)
            return false;
    return n >= 3;
}
