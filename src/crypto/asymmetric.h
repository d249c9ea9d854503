/* Inside src/crypto: what RSA and P-256 share, and what an asymmetric algorithm must offer to stand
 * in the table (pk.h). */
#ifndef CRYPTO_ASYMMETRIC_H
#define CRYPTO_ASYMMETRIC_H

#include "crypto/pk.h"

/* crypto_random_bytes() in the shape that mbedtls calls. */
int crypto_random_mbedtls(void *random, unsigned char *buf, size_t len);

/* What a block with wrong padding deciphers to: a length, and bytes of any length. */
struct crypto_rsa_substitute {
    uint32_t len;
    uint8_t bytes[CRYPTO_RSA_MAX - 11 + CRYPTO_DIGEST_MAX];
};

/* The message in a block of PKCS #1 type 2, or the substitute, to out (size - 11 bytes); returns
 * its length. Time depends on size only; block is used up. */
uint32_t crypto_rsa_unpad(uint8_t *block, uint32_t size, const struct crypto_rsa_substitute *other,
                          uint8_t *out);

/* The functions of pk.h for one algorithm; lengths have been checked against the key's size. NULL:
 * the algorithm does not do it. */
struct crypto_pk_ops {
    /* sizes that a key may have, even ones */
    uint16_t size_min, size_max;
    uint8_t value_head, value_halves; /* lengths: head + halves * size / 2 */
    uint8_t private_head, private_halves;
    uint8_t public_head, public_halves;
    uint8_t wrap; /* enum crypto_scheme: how keys are enciphered; 0: not */
    enum onecard_err (*generate)(struct crypto_random *random, uint32_t size, uint32_t exponent,
                                 uint8_t *out);
    enum onecard_err (*import)(struct crypto_random *random, uint32_t size, const uint8_t *value,
                               uint8_t *out);
    enum onecard_err (*check)(uint32_t size, const uint8_t *public_key);
    enum onecard_err (*public_part)(const struct crypto_pk_key *key, uint8_t *out);
    enum onecard_err (*sign)(struct crypto_random *random, const struct crypto_pk_key *key,
                             enum crypto_scheme scheme, enum crypto_alg digest_alg,
                             const uint8_t *digest, uint32_t len, uint8_t *out, uint32_t *out_len);
    enum onecard_err (*verify)(const struct crypto_pk_key *key, enum crypto_scheme scheme,
                               enum crypto_alg digest_alg, const uint8_t *digest, uint32_t len,
                               const uint8_t *signature, uint32_t signature_len);
    enum onecard_err (*encrypt)(struct crypto_random *random, const struct crypto_pk_key *key,
                                enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                uint8_t *out, uint32_t *out_len);
    enum onecard_err (*decrypt)(struct crypto_random *random, const struct crypto_pk_key *key,
                                enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                uint8_t *out, uint32_t *out_len);
    enum onecard_err (*agree)(struct crypto_random *random, const struct crypto_pk_key *key,
                              enum crypto_scheme scheme, const struct crypto_pk_agreement *with,
                              uint8_t *out_key, uint32_t key_len, uint8_t *tags);
};

extern const struct crypto_pk_ops crypto_rsa_ops, crypto_p256_ops, crypto_sm2_ops;

#endif
