/* Who signs EMV's RSA certificates and data, for tests: keys and the bare private operation by
 * OpenSSL, the blocks written down a second time from EMV Book 2. */
#ifndef SECURE_EMV_SIGNER_H
#define SECURE_EMV_SIGNER_H

#include <stdint.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

struct emv_signer {
    BIGNUM *n, *d, *p, *q;
    uint8_t modulus[256];
    size_t len;
};

static inline void signer_make(struct emv_signer *s, unsigned bits) {
    BIGNUM *e = BN_new();
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    BN_set_word(e, 3);
    memset(s, 0, sizeof *s);
    assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits), 1);
    assert_int_equal(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e), 1);
    assert_int_equal(EVP_PKEY_keygen(ctx, &key), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &s->n), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_D, &s->d), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_FACTOR1, &s->p), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_FACTOR2, &s->q), 1);
    s->len = (size_t)BN_bn2bin(s->n, s->modulus);
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(ctx);
    BN_free(e);
}

static inline void signer_free(struct emv_signer *s) {
    BN_free(s->n);
    BN_free(s->d);
    BN_free(s->p);
    BN_free(s->q);
}

static inline void signer_sign(const struct emv_signer *s, const uint8_t *block, uint8_t *out) {
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *m = BN_bin2bn(block, (int)s->len, NULL), *r = BN_new();
    assert_int_equal(BN_mod_exp(r, m, s->d, s->n, ctx), 1);
    BN_bn2binpad(r, out, (int)s->len);
    BN_free(m);
    BN_free(r);
    BN_CTX_free(ctx);
}

/* 6A, content, the hash over content and more, BC. content has len - 22 bytes. */
static inline void signer_sign_block(const struct emv_signer *s, const uint8_t *content,
                                     const uint8_t *more, size_t more_len, uint8_t *out) {
    uint8_t block[256] = {0x6A}, message[2048];
    unsigned hash_len = 0;
    const size_t n = s->len - 22;
    memcpy(block + 1, content, n);
    memcpy(message, content, n);
    memcpy(message + n, more, more_len);
    assert_int_equal(EVP_Digest(message, n + more_len, block + 1 + n, &hash_len, EVP_sha1(), NULL),
                     1);
    block[s->len - 1] = 0xBC;
    signer_sign(s, block, out);
}

/* A certificate for the key of `of`: format 02 (id 4) or 04 (id 10), exponent 03; more: static
 * data. remainder gets what did not fit; returns its length. */
static inline size_t signer_certify(const struct emv_signer *by, uint8_t format, const uint8_t *id,
                                    size_t id_len, const struct emv_signer *of, const uint8_t *more,
                                    size_t more_len, uint8_t *out, uint8_t *remainder) {
    static const uint8_t middle[7] = {0x12, 0x35, 0x00, 0x00, 0x77, 0x01, 0x01};
    uint8_t content[256], tail[2048];
    size_t n = 0, rest = 0;
    content[n++] = format;
    memcpy(content + n, id, id_len);
    n += id_len;
    memcpy(content + n, middle, 7);
    n += 7;
    content[n++] = (uint8_t)of->len;
    content[n++] = 1;
    const size_t room = by->len - 22 - n;
    const size_t here = of->len < room ? of->len : room;
    memset(content + n, 0xBB, room);
    memcpy(content + n, of->modulus, here);
    rest = of->len - here;
    memcpy(remainder, of->modulus + here, rest);
    memcpy(tail, remainder, rest);
    tail[rest] = 3;
    memcpy(tail + rest + 1, more, more_len);
    signer_sign_block(by, content, tail, rest + 1 + more_len, out);
    return rest;
}

#endif
