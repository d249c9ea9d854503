/* RSA in the shape of pk.h. */
#include "crypto/asymmetric.h"

#include <string.h>

#include "base/bytes.h"
#include "crypto/rsa_private.h"

#define USUAL_EXPONENT 65537u

static enum onecard_err open_private(struct crypto_rsa *rsa, const struct crypto_pk_key *key) {
    const uint32_t half = key->size / 2u;
    const uint8_t *p = key->bytes + 4;
    return crypto_rsa_open_crt(rsa, p, p + half, p + 2 * half, half, get_be32(key->bytes));
}

/* n = p q */
static enum onecard_err modulus(const struct crypto_pk_key *key, uint8_t *n) {
    const uint32_t half = key->size / 2u;
    const uint8_t *p = key->bytes + 4;
    const struct rsa_private primes = {p, p + half, p + 2 * half, half, get_be32(key->bytes)};
    return rsa_private_modulus(&primes, n);
}

static enum onecard_err rsa_public(const struct crypto_pk_key *key, uint8_t *out) {
    memcpy(out, key->bytes, 4);
    return modulus(key, out + 4);
}

/* The public half of any key. */
static enum onecard_err open_public(struct crypto_rsa *rsa, const struct crypto_pk_key *key) {
    uint8_t n[CRYPTO_RSA_MAX];
    if (!key->has_private)
        return crypto_rsa_open_public(rsa, key->bytes + 4, key->size, key->bytes, 4);
    enum onecard_err err = modulus(key, n);
    return err == ONECARD_OK ? crypto_rsa_open_public(rsa, n, key->size, key->bytes, 4) : err;
}

/* ---- making ---- */

/* The pair is one: what the private half makes of a number, the public half takes back. p or q that
 * is no prime fails here. */
static enum onecard_err prove(struct crypto_random *random, uint32_t size, const uint8_t *bytes) {
    const struct crypto_pk_key key = {CRYPTO_RSA, true, (uint16_t)size, bytes};
    uint8_t block[CRYPTO_RSA_MAX];
    struct crypto_rsa rsa;
    enum onecard_err err = open_private(&rsa, &key);
    if (err != ONECARD_OK)
        return err;
    err = crypto_random_bytes(random, block, size);
    block[0] &= 0x7F; /* below the modulus */
    if (err == ONECARD_OK) {
        err = crypto_rsa_raw_private(random, &rsa, block, block);
        if (err == ONECARD_E_IO)
            err = ONECARD_E_FORMAT;
    }
    crypto_rsa_close(&rsa);
    bytes_wipe(block, sizeof block);
    return err;
}

static enum onecard_err rsa_import(struct crypto_random *random, uint32_t size,
                                   const uint8_t *value, uint8_t *out) {
    const uint32_t half = size / 2;
    if (out != value)
        memcpy(out, value, 4 + size);
    enum onecard_err err = crypto_rsa_crt(out + 4, out + 4 + half, half, out + 4 + size);
    if (err == ONECARD_OK)
        err = prove(random, size, out);
    if (err == ONECARD_E_PARAM)
        err = ONECARD_E_FORMAT; /* the exponent */
    if (err != ONECARD_OK)
        bytes_wipe(out, 4 + 3 * half);
    return err;
}

static enum onecard_err rsa_generate(struct crypto_random *random, uint32_t size, uint32_t exponent,
                                     uint8_t *out) {
    if (exponent == 0)
        exponent = USUAL_EXPONENT;
    put_be32(out, exponent);
    enum onecard_err err =
        crypto_rsa_generate(random, size * 8u, exponent, out + 4, out + 4 + size / 2);
    return err == ONECARD_OK ? rsa_import(random, size, out, out) : err;
}

static enum onecard_err rsa_check(uint32_t size, const uint8_t *public_key) {
    const struct crypto_pk_key key = {CRYPTO_RSA, false, (uint16_t)size, public_key};
    struct crypto_rsa rsa;
    enum onecard_err err = public_key[4] & 0x80 ? open_public(&rsa, &key) : ONECARD_E_FORMAT;
    if (err == ONECARD_OK)
        crypto_rsa_close(&rsa);
    return err;
}

/* ---- using ---- */

static bool digest_fits(enum crypto_alg digest_alg, uint32_t len) {
    const struct crypto_alg_info *info = crypto_alg_find(digest_alg);
    return info != NULL && info->kind == CRYPTO_KIND_DIGEST && info->digest_size == len;
}

static bool signing_fits(const struct crypto_pk_key *key, enum crypto_scheme scheme,
                         enum crypto_alg digest_alg, uint32_t len) {
    if (scheme == CRYPTO_PK_RAW)
        return len == key->size;
    return (scheme == CRYPTO_PK_PKCS1 || scheme == CRYPTO_PK_PSS) && digest_fits(digest_alg, len);
}

static enum crypto_rsa_scheme scheme_of(enum crypto_scheme scheme) {
    return scheme == CRYPTO_PK_PSS ? CRYPTO_RSA_PSS : CRYPTO_RSA_PKCS1;
}

static enum onecard_err rsa_sign(struct crypto_random *random, const struct crypto_pk_key *key,
                                 enum crypto_scheme scheme, enum crypto_alg digest_alg,
                                 const uint8_t *digest, uint32_t len, uint8_t *out,
                                 uint32_t *out_len) {
    struct crypto_rsa rsa;
    if (!signing_fits(key, scheme, digest_alg, len))
        return ONECARD_E_PARAM;
    if (*out_len < key->size)
        return ONECARD_E_RANGE;
    enum onecard_err err = open_private(&rsa, key);
    if (err != ONECARD_OK)
        return err;
    err = scheme == CRYPTO_PK_RAW
              ? crypto_rsa_raw_private(random, &rsa, digest, out)
              : crypto_rsa_sign(random, &rsa, scheme_of(scheme), digest_alg, digest, out);
    crypto_rsa_close(&rsa);
    if (err == ONECARD_OK)
        *out_len = key->size;
    else
        bytes_wipe(out, key->size);
    return err;
}

/* signature to the power of e is what was signed */
static enum onecard_err raw_verify(struct crypto_rsa *rsa, const uint8_t *data, uint32_t len,
                                   const uint8_t *signature) {
    uint8_t block[CRYPTO_RSA_MAX];
    enum onecard_err err = crypto_rsa_raw_public(rsa, signature, block);
    if (err == ONECARD_E_PARAM) /* not below the modulus */
        return ONECARD_E_WRONG;
    return err != ONECARD_OK || bytes_equal_ct(block, data, len) ? err : ONECARD_E_WRONG;
}

static enum onecard_err rsa_verify(const struct crypto_pk_key *key, enum crypto_scheme scheme,
                                   enum crypto_alg digest_alg, const uint8_t *digest, uint32_t len,
                                   const uint8_t *signature, uint32_t signature_len) {
    struct crypto_rsa rsa;
    if (!signing_fits(key, scheme, digest_alg, len))
        return ONECARD_E_PARAM;
    if (signature_len != key->size)
        return ONECARD_E_WRONG;
    enum onecard_err err = open_public(&rsa, key);
    if (err != ONECARD_OK)
        return err;
    err = scheme == CRYPTO_PK_RAW
              ? raw_verify(&rsa, digest, len, signature)
              : crypto_rsa_verify(&rsa, scheme_of(scheme), digest_alg, digest, signature);
    crypto_rsa_close(&rsa);
    return err;
}

static enum onecard_err rsa_encrypt(struct crypto_random *random, const struct crypto_pk_key *key,
                                    enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                    uint8_t *out, uint32_t *out_len) {
    struct crypto_rsa rsa;
    if ((scheme != CRYPTO_PK_RAW || len != key->size) && scheme != CRYPTO_PK_PKCS1)
        return ONECARD_E_PARAM;
    if (*out_len < key->size)
        return ONECARD_E_RANGE;
    enum onecard_err err = open_public(&rsa, key);
    if (err != ONECARD_OK)
        return err;
    err = scheme == CRYPTO_PK_RAW ? crypto_rsa_raw_public(&rsa, in, out)
                                  : crypto_rsa_encrypt(random, &rsa, in, len, out);
    crypto_rsa_close(&rsa);
    if (err == ONECARD_OK)
        *out_len = key->size;
    return err;
}

static enum onecard_err rsa_decrypt(struct crypto_random *random, const struct crypto_pk_key *key,
                                    enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                    uint8_t *out, uint32_t *out_len) {
    struct crypto_rsa rsa;
    size_t found = key->size;
    if (len != key->size || (scheme != CRYPTO_PK_RAW && scheme != CRYPTO_PK_PKCS1))
        return ONECARD_E_PARAM;
    if (*out_len < (scheme == CRYPTO_PK_RAW ? key->size : key->size - 11u))
        return ONECARD_E_RANGE;
    enum onecard_err err = open_private(&rsa, key);
    if (err != ONECARD_OK)
        return err;
    err = scheme == CRYPTO_PK_RAW ? crypto_rsa_raw_private(random, &rsa, in, out)
                                  : crypto_rsa_decrypt(random, &rsa, in, out, &found);
    crypto_rsa_close(&rsa);
    if (err == ONECARD_OK)
        *out_len = (uint32_t)found;
    return err;
}

const struct crypto_pk_ops crypto_rsa_ops = {
    .size_min = CRYPTO_PK_RSA_MIN,
    .size_max = CRYPTO_RSA_MAX,
    .value_head = 4,
    .value_halves = 2,
    .private_head = 4,
    .private_halves = 3,
    .public_head = 4,
    .public_halves = 2,
    .wrap = CRYPTO_PK_PKCS1,
    .generate = rsa_generate,
    .import = rsa_import,
    .check = rsa_check,
    .public_part = rsa_public,
    .sign = rsa_sign,
    .verify = rsa_verify,
    .encrypt = rsa_encrypt,
    .decrypt = rsa_decrypt,
};
