/* Who signs certificates and revocation lists, for tests: SM2 keys and signatures by OpenSSL, the
 * layout written down a second time from specs/ecny.md. */
#ifndef SECURE_CERT_ISSUER_H
#define SECURE_CERT_ISSUER_H

#include <stdint.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

struct issuer {
    EVP_PKEY *key;
    uint8_t public_key[64];
    uint8_t name[4];
};

static inline void issuer_make(struct issuer *i) {
    uint8_t point[80], digest[32];
    size_t len = 0;
    unsigned digest_len = 0;
    i->key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    assert_non_null(i->key);
    assert_int_equal(EVP_PKEY_get_octet_string_param(i->key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY,
                                                     point, sizeof point, &len),
                     1);
    assert_int_equal(len, 65); /* 04 x y */
    memcpy(i->public_key, point + 1, 64);
    assert_int_equal(EVP_Digest(i->public_key, 64, digest, &digest_len, EVP_sm3(), NULL), 1);
    memcpy(i->name, digest, 4);
}

static inline void issuer_free(struct issuer *i) {
    EVP_PKEY_free(i->key);
}

/* r s of SM3(Z | message), default identity. */
static inline void issuer_sign(const struct issuer *i, const uint8_t *message, size_t len,
                               uint8_t signature[64]) {
    uint8_t der[80];
    const uint8_t *at = der;
    size_t n = sizeof der;
    EVP_PKEY_CTX *pctx = EVP_PKEY_CTX_new_from_pkey(NULL, i->key, NULL);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_PKEY_CTX_set1_id(pctx, "1234567812345678", 16), 1);
    EVP_MD_CTX_set_pkey_ctx(ctx, pctx);
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sm3(), NULL, i->key), 1);
    assert_int_equal(EVP_DigestSign(ctx, der, &n, message, len), 1);
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)n);
    assert_non_null(sig);
    BN_bn2binpad(ECDSA_SIG_get0_r(sig), signature, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(sig), signature + 32, 32);
    ECDSA_SIG_free(sig);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_CTX_free(pctx);
}

struct wish {
    uint8_t roles;
    uint32_t serial;
    uint16_t from, to;
};

/* 156 bytes for the key of subject, signed by i. */
static inline void issuer_certify(const struct issuer *i, const struct issuer *subject,
                                  const struct wish *w, uint8_t out[156]) {
    const uint8_t head[28] = {
        1,
        w->roles,
        4, /* class */
        1, /* capabilities: may receive from persons */
        0x10,
        0x32,
        0x54,
        0x76,
        0x98,
        0xBA,
        0xDC,
        0xFE, /* subject */
        i->name[0],
        i->name[1],
        i->name[2],
        i->name[3],
        (uint8_t)(w->serial >> 24),
        (uint8_t)(w->serial >> 16),
        (uint8_t)(w->serial >> 8),
        (uint8_t)w->serial,
        (uint8_t)(w->from >> 8),
        (uint8_t)w->from,
        (uint8_t)(w->to >> 8),
        (uint8_t)w->to,
        0,
        7, /* policy */
        0,
        0,
    };
    memcpy(out, head, 28);
    memcpy(out + 28, subject->public_key, 64);
    issuer_sign(i, out, 92, out + 92);
}

struct revoked {
    const struct issuer *by;
    uint32_t from, to;
};

/* Returns the list's length. */
static inline size_t issuer_revoke(const struct issuer *root, uint16_t version,
                                   const struct revoked *entries, size_t count, uint8_t *out) {
    size_t n = 10;
    const uint8_t head[10] = {0xC2,
                              1,
                              (uint8_t)(version >> 8),
                              (uint8_t)version,
                              root->name[0],
                              root->name[1],
                              root->name[2],
                              root->name[3],
                              (uint8_t)(count >> 8),
                              (uint8_t)count};
    memcpy(out, head, 10);
    for (size_t e = 0; e < count; e++) {
        const uint32_t words[2] = {entries[e].from, entries[e].to};
        memcpy(out + n, entries[e].by->name, 4);
        n += 4;
        for (size_t b = 0; b < 8; b++)
            out[n++] = (uint8_t)(words[b / 4] >> (24 - 8 * (b % 4)));
    }
    issuer_sign(root, out, n, out + n);
    return n + 64;
}

#endif
