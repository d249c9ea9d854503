/* RSA (PKCS #1 v2.2): keys and the public operation by mbedtls, the private one by rsa_private.c.
 * mbedtls's big numbers allocate, for the life of a struct crypto_rsa. */
#include "crypto/crypto.h"

#include <string.h>

#include <mbedtls/md.h>

#include "base/bytes.h"
#include "crypto/asymmetric.h"
#include "crypto/rsa_encode.h"
#include "crypto/rsa_private.h"

int crypto_random_mbedtls(void *random, unsigned char *buf, size_t len) {
    return crypto_random_bytes(random, buf, len) == ONECARD_OK ? 0 : -1;
}

/* What went wrong, as far as callers care. */
static enum onecard_err error_of(int mbedtls) {
    switch (mbedtls) {
    case 0:
        return ONECARD_OK;
    case MBEDTLS_ERR_MPI_ALLOC_FAILED:
        return ONECARD_E_NO_MEMORY;
    case MBEDTLS_ERR_RSA_BAD_INPUT_DATA:
        return ONECARD_E_PARAM;
    case MBEDTLS_ERR_RSA_OUTPUT_TOO_LARGE:
        return ONECARD_E_TOO_BIG;
    default:
        return ONECARD_E_IO;
    }
}

/* mbedtls takes it as a signed number on 32-bit processors */
static bool exponent_fits(uint32_t e) {
    return e >= 3 && e % 2 == 1 && e <= 0x7FFFFFFF;
}

static bool size_fits(size_t modulus) {
    return modulus >= CRYPTO_RSA_MIN && modulus <= CRYPTO_RSA_MAX;
}

enum onecard_err crypto_rsa_open_public(struct crypto_rsa *rsa, const uint8_t *n, size_t n_len,
                                        const uint8_t *e, size_t e_len) {
    mbedtls_rsa_init(&rsa->ctx, MBEDTLS_RSA_PKCS_V15, 0);
    rsa->has_private = false;
    if (!size_fits(n_len))
        return ONECARD_E_PARAM;
    if (mbedtls_rsa_import_raw(&rsa->ctx, n, n_len, NULL, 0, NULL, 0, NULL, 0, e, e_len) == 0 &&
        mbedtls_rsa_complete(&rsa->ctx) == 0 && mbedtls_rsa_check_pubkey(&rsa->ctx) == 0 &&
        mbedtls_rsa_get_len(&rsa->ctx) == n_len)
        return ONECARD_OK;
    crypto_rsa_close(rsa);
    return ONECARD_E_FORMAT;
}

static struct rsa_private private_of(const struct crypto_rsa *rsa) {
    const uint32_t half = (uint32_t)crypto_rsa_size(rsa) / 2;
    const struct rsa_private key = {rsa->secret, rsa->secret + half, rsa->secret + 2 * half, half,
                                    rsa->exponent};
    return key;
}

enum onecard_err crypto_rsa_open_crt(struct crypto_rsa *rsa, const uint8_t *p, const uint8_t *q,
                                     const uint8_t *inverse, size_t prime_len, uint32_t e) {
    const struct rsa_private key = {p, q, inverse, (uint32_t)prime_len, e};
    uint8_t n[CRYPTO_RSA_MAX], exponent[4];
    mbedtls_rsa_init(&rsa->ctx, MBEDTLS_RSA_PKCS_V15, 0);
    rsa->has_private = false;
    if (!size_fits(2 * prime_len) || !exponent_fits(e))
        return ONECARD_E_PARAM;
    enum onecard_err err = rsa_private_modulus(&key, n);
    put_be32(exponent, e);
    if (err == ONECARD_OK)
        err = crypto_rsa_open_public(rsa, n, 2 * prime_len, exponent, sizeof exponent);
    if (err != ONECARD_OK)
        return err;
    memcpy(rsa->secret, p, prime_len);
    memcpy(rsa->secret + prime_len, q, prime_len);
    memcpy(rsa->secret + 2 * prime_len, inverse, prime_len);
    rsa->exponent = e;
    rsa->has_private = true;
    return ONECARD_OK;
}

enum onecard_err crypto_rsa_open_private(struct crypto_rsa *rsa, const uint8_t *p, const uint8_t *q,
                                         size_t prime_len, const uint8_t *e, size_t e_len) {
    uint8_t inverse[CRYPTO_RSA_MAX / 2];
    uint32_t exponent = 0;
    mbedtls_rsa_init(&rsa->ctx, MBEDTLS_RSA_PKCS_V15, 0);
    rsa->has_private = false;
    if (!size_fits(2 * prime_len) || e_len > 4)
        return ONECARD_E_PARAM;
    for (size_t i = 0; i < e_len; i++)
        exponent = exponent << 8 | e[i];
    enum onecard_err err = crypto_rsa_crt(p, q, prime_len, inverse);
    if (err == ONECARD_OK)
        err = crypto_rsa_open_crt(rsa, p, q, inverse, prime_len, exponent);
    bytes_wipe(inverse, sizeof inverse);
    return err;
}

/* r = 1/a mod (m - less), of len bytes; FORMAT: there is none. */
static enum onecard_err inverse_of(const uint8_t *a, const uint8_t *m, int less, size_t len,
                                   mbedtls_mpi *r) {
    mbedtls_mpi modulus;
    mbedtls_mpi_init(&modulus);
    int err = mbedtls_mpi_read_binary(&modulus, m, len);
    if (err == 0)
        err = mbedtls_mpi_sub_int(&modulus, &modulus, less);
    if (err == 0)
        err = mbedtls_mpi_read_binary(r, a, len);
    if (err == 0)
        err = mbedtls_mpi_inv_mod(r, r, &modulus);
    mbedtls_mpi_free(&modulus);
    if (err == MBEDTLS_ERR_MPI_NOT_ACCEPTABLE || err == MBEDTLS_ERR_MPI_BAD_INPUT_DATA)
        return ONECARD_E_FORMAT;
    return error_of(err);
}

enum onecard_err crypto_rsa_crt(const uint8_t *p, const uint8_t *q, size_t prime_len,
                                uint8_t *inverse) {
    mbedtls_mpi r;
    mbedtls_mpi_init(&r);
    enum onecard_err err = inverse_of(q, p, 0, prime_len, &r);
    if (err == ONECARD_OK)
        err = error_of(mbedtls_mpi_write_binary(&r, inverse, prime_len));
    mbedtls_mpi_free(&r);
    return err;
}

enum onecard_err crypto_rsa_exponent(const uint8_t *p, const uint8_t *dp, size_t prime_len,
                                     uint32_t *out_e) {
    uint8_t e[4] = {0};
    mbedtls_mpi r;
    mbedtls_mpi_init(&r);
    enum onecard_err err = inverse_of(dp, p, 1, prime_len, &r);
    if (err == ONECARD_OK && mbedtls_mpi_write_binary(&r, e, sizeof e) != 0)
        err = ONECARD_E_FORMAT;
    mbedtls_mpi_free(&r);
    *out_e = get_be32(e);
    return err == ONECARD_OK && !exponent_fits(*out_e) ? ONECARD_E_FORMAT : err;
}

void crypto_rsa_close(struct crypto_rsa *rsa) {
    mbedtls_rsa_free(&rsa->ctx);
    bytes_wipe(rsa->secret, sizeof rsa->secret);
    rsa->has_private = false;
}

size_t crypto_rsa_size(const struct crypto_rsa *rsa) {
    return mbedtls_rsa_get_len(&rsa->ctx);
}

enum onecard_err crypto_rsa_modulus(const struct crypto_rsa *rsa, uint8_t *n) {
    size_t len = crypto_rsa_size(rsa);
    if (len == 0)
        return ONECARD_E_PARAM;
    return error_of(mbedtls_rsa_export_raw(&rsa->ctx, n, len, NULL, 0, NULL, 0, NULL, 0, NULL, 0));
}

enum onecard_err crypto_rsa_generate(struct crypto_random *random, size_t modulus_bits, uint32_t e,
                                     uint8_t *p, uint8_t *q) {
    if (modulus_bits % 16 != 0 || !size_fits(modulus_bits / 8) || !exponent_fits(e))
        return ONECARD_E_PARAM;
    mbedtls_rsa_context ctx;
    mbedtls_rsa_init(&ctx, MBEDTLS_RSA_PKCS_V15, 0);
    int err =
        mbedtls_rsa_gen_key(&ctx, crypto_random_mbedtls, random, (unsigned)modulus_bits, (int)e);
    if (err == 0)
        err = mbedtls_rsa_export_raw(&ctx, NULL, 0, p, modulus_bits / 16, q, modulus_bits / 16,
                                     NULL, 0, NULL, 0);
    mbedtls_rsa_free(&ctx);
    return error_of(err);
}

/* Numbers are the same length as the modulus, which has no leading zeros. */
static bool below_modulus(const struct crypto_rsa *rsa, const uint8_t *in) {
    uint8_t n[CRYPTO_RSA_MAX];
    return crypto_rsa_modulus(rsa, n) == ONECARD_OK && memcmp(in, n, crypto_rsa_size(rsa)) < 0;
}

enum onecard_err crypto_rsa_raw_public(struct crypto_rsa *rsa, const uint8_t *in, uint8_t *out) {
    if (!below_modulus(rsa, in))
        return ONECARD_E_PARAM;
    return error_of(mbedtls_rsa_public(&rsa->ctx, in, out));
}

enum onecard_err crypto_rsa_raw_private(struct crypto_random *random, struct crypto_rsa *rsa,
                                        const uint8_t *in, uint8_t *out) {
    if (!rsa->has_private)
        return ONECARD_E_PARAM;
    const struct rsa_private key = private_of(rsa);
    return rsa_private_power(random, &key, in, out);
}

static mbedtls_md_type_t md_of(enum crypto_alg digest) {
    switch (digest) {
    case CRYPTO_SHA1:
        return MBEDTLS_MD_SHA1;
    case CRYPTO_SHA224:
        return MBEDTLS_MD_SHA224;
    case CRYPTO_SHA256:
        return MBEDTLS_MD_SHA256;
    case CRYPTO_SHA384:
        return MBEDTLS_MD_SHA384;
    case CRYPTO_SHA512:
        return MBEDTLS_MD_SHA512;
    default:
        return MBEDTLS_MD_NONE;
    }
}

enum onecard_err crypto_rsa_sign(struct crypto_random *random, struct crypto_rsa *rsa,
                                 enum crypto_rsa_scheme scheme, enum crypto_alg digest_alg,
                                 const uint8_t *digest, uint8_t *signature) {
    uint8_t block[CRYPTO_RSA_MAX];
    const uint32_t size = (uint32_t)crypto_rsa_size(rsa);
    if (!rsa->has_private || md_of(digest_alg) == MBEDTLS_MD_NONE)
        return ONECARD_E_PARAM;
    enum onecard_err err = ONECARD_E_PARAM;
    if (scheme == CRYPTO_RSA_PKCS1)
        err = rsa_encode_pkcs1(digest_alg, digest, block, size);
    else if (scheme == CRYPTO_RSA_PSS)
        err = rsa_encode_pss(random, digest_alg, digest, block, size);
    return err == ONECARD_OK ? crypto_rsa_raw_private(random, rsa, block, signature) : err;
}

enum onecard_err crypto_rsa_verify(struct crypto_rsa *rsa, enum crypto_rsa_scheme scheme,
                                   enum crypto_alg digest_alg, const uint8_t *digest,
                                   const uint8_t *signature) {
    mbedtls_md_type_t md = md_of(digest_alg);
    if (crypto_rsa_size(rsa) == 0 || md == MBEDTLS_MD_NONE)
        return ONECARD_E_PARAM;
    unsigned len = crypto_alg_find(digest_alg)->digest_size;
    int err;
    if (scheme == CRYPTO_RSA_PKCS1) {
        mbedtls_rsa_set_padding(&rsa->ctx, MBEDTLS_RSA_PKCS_V15, 0);
        err = mbedtls_rsa_rsassa_pkcs1_v15_verify(&rsa->ctx, NULL, NULL, MBEDTLS_RSA_PUBLIC, md,
                                                  len, digest, signature);
    } else if (scheme == CRYPTO_RSA_PSS) {
        mbedtls_rsa_set_padding(&rsa->ctx, MBEDTLS_RSA_PKCS_V21, (int)md);
        err = mbedtls_rsa_rsassa_pss_verify(&rsa->ctx, NULL, NULL, MBEDTLS_RSA_PUBLIC, md, len,
                                            digest, signature);
    } else {
        return ONECARD_E_PARAM;
    }
    if (err == MBEDTLS_ERR_MPI_ALLOC_FAILED)
        return ONECARD_E_NO_MEMORY;
    return err == 0 ? ONECARD_OK : ONECARD_E_WRONG;
}
