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
    if (modulus_bits % 16 != 0 || !size_fits(modulus_bits / 8) || e < 3 || e % 2 == 0 ||
        e > 0x7FFFFFFF)
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
    return err == 0 ? ONECARD_OK : ONECARD_E_WRONG;
}
