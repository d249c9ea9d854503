/* The table of algorithms. A new one is a line here, and a file with its functions. */
#include "crypto/asymmetric.h"
#include "crypto/block.h"

#define CIPHER(name, key, block, ops)                                                              \
    { name, CRYPTO_KIND_CIPHER, key, block, 0, ops, NULL, NULL }
#define DIGEST(name, block, size, ops)                                                             \
    { name, CRYPTO_KIND_DIGEST, 0, block, size, NULL, ops, NULL }
#define ASYMMETRIC(name, key, ops)                                                                 \
    { name, CRYPTO_KIND_ASYMMETRIC, key, 0, 0, NULL, NULL, ops }

static const struct crypto_alg_info algs[] = {
    [CRYPTO_DES] = CIPHER("DES", 8, 8, &crypto_des_ops),
    [CRYPTO_TDES2] = CIPHER("3DES-2", 16, 8, &crypto_tdes2_ops),
    [CRYPTO_TDES3] = CIPHER("3DES-3", 24, 8, &crypto_tdes3_ops),
    [CRYPTO_AES128] = CIPHER("AES-128", 16, 16, &crypto_aes128_ops),
    [CRYPTO_AES192] = CIPHER("AES-192", 24, 16, &crypto_aes192_ops),
    [CRYPTO_AES256] = CIPHER("AES-256", 32, 16, &crypto_aes256_ops),
    [CRYPTO_SM4] = CIPHER("SM4", 16, 16, &crypto_sm4_ops),
    [CRYPTO_SHA1] = DIGEST("SHA-1", 64, 20, &crypto_sha1_ops),
    [CRYPTO_SHA224] = DIGEST("SHA-224", 64, 28, &crypto_sha224_ops),
    [CRYPTO_SHA256] = DIGEST("SHA-256", 64, 32, &crypto_sha256_ops),
#ifdef MBEDTLS_SHA512_C
    [CRYPTO_SHA384] = DIGEST("SHA-384", 128, 48, &crypto_sha384_ops),
    [CRYPTO_SHA512] = DIGEST("SHA-512", 128, 64, &crypto_sha512_ops),
#endif
    [CRYPTO_SM3] = DIGEST("SM3", 64, 32, &crypto_sm3_ops),
    [CRYPTO_RSA] = ASYMMETRIC("RSA", 0, &crypto_rsa_ops),
    [CRYPTO_P256] = ASYMMETRIC("P-256", 32, &crypto_p256_ops),
    [CRYPTO_SM2] = ASYMMETRIC("SM2", 32, &crypto_sm2_ops),
};

const struct crypto_alg_info *crypto_alg_find(enum crypto_alg alg) {
    if ((size_t)alg >= sizeof algs / sizeof algs[0] || algs[alg].name == NULL)
        return NULL;
    return &algs[alg];
}
