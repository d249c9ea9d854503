/* RSA by mbedtls (PKCS #1 v2.2): CRT, blinded, and every private result checked with the public key
 * before it is released. mbedtls's big numbers allocate, for the life of a struct crypto_rsa. */
#include "crypto/crypto.h"

#include <string.h>

#include <mbedtls/md.h>

#include "base/bytes.h"
#include "crypto/asymmetric.h"

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

enum onecard_err crypto_rsa_open_private(struct crypto_rsa *rsa, const uint8_t *p, const uint8_t *q,
                                         size_t prime_len, const uint8_t *e, size_t e_len) {
    mbedtls_rsa_init(&rsa->ctx, MBEDTLS_RSA_PKCS_V15, 0);
    rsa->has_private = false;
    if (!size_fits(2 * prime_len))
        return ONECARD_E_PARAM;
    /* mbedtls finds D and the CRT numbers, and completes N. */
    if (mbedtls_rsa_import_raw(&rsa->ctx, NULL, 0, p, prime_len, q, prime_len, NULL, 0, e, e_len) ==
            0 &&
        mbedtls_rsa_complete(&rsa->ctx) == 0 && mbedtls_rsa_check_pubkey(&rsa->ctx) == 0 &&
        mbedtls_rsa_get_len(&rsa->ctx) == 2 * prime_len) {
        rsa->has_private = true;
        return ONECARD_OK;
    }
    crypto_rsa_close(rsa);
    return ONECARD_E_FORMAT;
}

/* ---- from what rests in flash ---- */

/* a * b mod m, all below 2^32 */
static uint32_t mul_mod(uint32_t a, uint32_t b, uint32_t m) {
    return (uint32_t)((uint64_t)a * b % m);
}

/* 1/a mod m; 0 if there is none. Euclid's steps depend on a: callers hide it. */
static uint32_t inverse_mod(uint32_t a, uint32_t m) {
    int64_t x = 1, y = 0;
    uint32_t r = m;
    while (a > 1 && r != 0) {
        const uint32_t quotient = a / r, rest = a % r;
        const int64_t next = x - (int64_t)quotient * y;
        a = r;
        r = rest;
        x = y;
        y = next;
    }
    return a == 1 ? (uint32_t)(x < 0 ? x + m : x) : 0;
}

/* d = 1/e mod (prime - 1) = (1 + k (prime - 1)) / e with k = -1/(prime - 1) mod e: one short
 * division instead of a long inverse, whose time would tell of the prime. */
static int short_exponent(struct crypto_random *random, const mbedtls_mpi *prime, uint32_t e,
                          mbedtls_mpi *d) {
    mbedtls_mpi less;
    mbedtls_mpi_uint rest = 0;
    uint32_t k = 0, blind = 0;
    mbedtls_mpi_init(&less);
    int err = mbedtls_mpi_sub_int(&less, prime, 1);
    if (err == 0)
        err = mbedtls_mpi_mod_int(&rest, &less, (mbedtls_mpi_sint)e);
    /* prime - 1 and e may have a factor in common: then no factor hides, and there is no key */
    for (int attempt = 0; attempt < 64 && k == 0 && err == 0; attempt++) {
        if (crypto_random_bytes(random, &blind, sizeof blind) != ONECARD_OK)
            err = -1;
        blind %= e;
        k = mul_mod(blind, inverse_mod(mul_mod(blind, (uint32_t)rest, e), e), e);
    }
    if (err == 0 && k == 0)
        err = MBEDTLS_ERR_RSA_KEY_CHECK_FAILED;
    if (err == 0)
        err = mbedtls_mpi_mul_int(&less, &less, e - k);
    if (err == 0)
        err = mbedtls_mpi_add_int(&less, &less, 1);
    if (err == 0)
        err = mbedtls_mpi_div_int(d, NULL, &less, (mbedtls_mpi_sint)e);
    mbedtls_mpi_free(&less);
    return err;
}

static int fill_crt(struct crypto_random *random, mbedtls_rsa_context *ctx, const uint8_t *p,
                    const uint8_t *q, const uint8_t *inverse, size_t prime_len, uint32_t e) {
    int err = mbedtls_mpi_read_binary(&ctx->P, p, prime_len);
    if (err == 0)
        err = mbedtls_mpi_read_binary(&ctx->Q, q, prime_len);
    if (err == 0)
        err = mbedtls_mpi_read_binary(&ctx->QP, inverse, prime_len);
    if (err == 0)
        err = mbedtls_mpi_mul_mpi(&ctx->N, &ctx->P, &ctx->Q);
    if (err == 0)
        err = mbedtls_mpi_lset(&ctx->E, (mbedtls_mpi_sint)e);
    if (err == 0)
        err = short_exponent(random, &ctx->P, e, &ctx->DP);
    return err == 0 ? short_exponent(random, &ctx->Q, e, &ctx->DQ) : err;
}

enum onecard_err crypto_rsa_open_crt(struct crypto_random *random, struct crypto_rsa *rsa,
                                     const uint8_t *p, const uint8_t *q, const uint8_t *inverse,
                                     size_t prime_len, uint32_t e) {
    mbedtls_rsa_init(&rsa->ctx, MBEDTLS_RSA_PKCS_V15, 0);
    rsa->has_private = false;
    if (!size_fits(2 * prime_len) || !exponent_fits(e))
        return ONECARD_E_PARAM;
    int err = p[prime_len - 1] & q[prime_len - 1] & 1
                  ? fill_crt(random, &rsa->ctx, p, q, inverse, prime_len, e)
                  : MBEDTLS_ERR_RSA_KEY_CHECK_FAILED;
    rsa->ctx.len = mbedtls_mpi_size(&rsa->ctx.N);
    if (err == 0 && (rsa->ctx.len != 2 * prime_len || mbedtls_rsa_check_pubkey(&rsa->ctx) != 0))
        err = MBEDTLS_ERR_RSA_KEY_CHECK_FAILED;
    if (err == 0) {
        rsa->has_private = true;
        return ONECARD_OK;
    }
    crypto_rsa_close(rsa);
    return err == MBEDTLS_ERR_RSA_KEY_CHECK_FAILED ? ONECARD_E_FORMAT : error_of(err);
}

enum onecard_err crypto_rsa_crt(const uint8_t *p, const uint8_t *q, size_t prime_len,
                                uint8_t *inverse) {
    mbedtls_mpi a, b;
    mbedtls_mpi_init(&a);
    mbedtls_mpi_init(&b);
    int err = mbedtls_mpi_read_binary(&a, p, prime_len);
    if (err == 0)
        err = mbedtls_mpi_read_binary(&b, q, prime_len);
    if (err == 0)
        err = mbedtls_mpi_inv_mod(&b, &b, &a);
    if (err == 0)
        err = mbedtls_mpi_write_binary(&b, inverse, prime_len);
    mbedtls_mpi_free(&a);
    mbedtls_mpi_free(&b);
    if (err == MBEDTLS_ERR_MPI_NOT_ACCEPTABLE || err == MBEDTLS_ERR_MPI_BAD_INPUT_DATA)
        return ONECARD_E_FORMAT;
    return error_of(err);
}

void crypto_rsa_close(struct crypto_rsa *rsa) {
    mbedtls_rsa_free(&rsa->ctx); /* wipes its numbers */
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
    if (!rsa->has_private || !below_modulus(rsa, in))
        return ONECARD_E_PARAM;
    return error_of(mbedtls_rsa_private(&rsa->ctx, crypto_random_mbedtls, random, in, out));
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
    mbedtls_md_type_t md = md_of(digest_alg);
    if (!rsa->has_private || md == MBEDTLS_MD_NONE)
        return ONECARD_E_PARAM;
    unsigned len = crypto_alg_find(digest_alg)->digest_size;
    if (scheme == CRYPTO_RSA_PKCS1) {
        mbedtls_rsa_set_padding(&rsa->ctx, MBEDTLS_RSA_PKCS_V15, 0);
        return error_of(mbedtls_rsa_rsassa_pkcs1_v15_sign(&rsa->ctx, crypto_random_mbedtls, random,
                                                          MBEDTLS_RSA_PRIVATE, md, len, digest,
                                                          signature));
    }
    if (scheme != CRYPTO_RSA_PSS)
        return ONECARD_E_PARAM;
    mbedtls_rsa_set_padding(&rsa->ctx, MBEDTLS_RSA_PKCS_V21, (int)md);
    return error_of(mbedtls_rsa_rsassa_pss_sign(&rsa->ctx, crypto_random_mbedtls, random,
                                                MBEDTLS_RSA_PRIVATE, md, len, digest, signature));
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
