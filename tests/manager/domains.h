/* What the tests of supplementary domains share: an issued card, a bank and a metro, their keys and
 * applications, and OpenSSL that signs for them. */
#ifndef MANAGER_DOMAINS_H
#define MANAGER_DOMAINS_H

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "manager/content.h"
#include "support/gp_host.h"

static struct package *hello, *files, *channel;

#define BANK AID_OF("\xD1\x56\x00\x00\x01\x01")
#define METRO AID_OF("\xD1\x56\x00\x00\x01\x02")
#define ONE AID_OF("\xF0\x01\x02\x03\x04\x01")
#define TWO AID_OF("\xF0\x01\x02\x03\x04\x02")

static inline int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    struct gp_host h;
    hello = package_read("hello.cap");
    files = package_read("test/files.cap");
    channel = package_read("test/channel.cap");
    test_card_blank(t);
    gp_default_keys(&h, 0x02, 16, 0x20, 0);
    EXPECT_SW(gp_put_keys(t, NULL, true, 0, 0x80, &h), 0x9000);
    gp_default_keys(&h, 0x03, 16, 0x30, 0);
    EXPECT_SW(gp_put_keys(t, NULL, true, 0, 0x88, &h), 0x9000);
    EXPECT(t, "80E28800078F100430700001", "9000");
    EXPECT(t, "80F0800F", "9000");
    test_card_reopen(t);
    *state = t;
    return 0;
}

static inline int teardown(void **state) {
    package_free(hello);
    package_free(files);
    package_free(channel);
    test_card_free(*state);
    free(*state);
    return 0;
}

/* ---- talking to a domain ---- */

static inline void open_with(struct test_card *t, struct gp_host *h, struct aid domain,
                             uint8_t protocol, uint8_t version) {
    EXPECT_SW(select_aid(t, domain), 0x9000);
    gp_default_keys(h, protocol, 16, version, 0x13);
    EXPECT_SW(gp_open(t, h), 0x9000);
}

static inline void open_issuer(struct test_card *t, struct gp_host *h) {
    open_with(t, h, DOMAIN_AID, 0x03, 0x30);
}

/* The bank's own keys, version 01. */
static inline void bank_keys(struct gp_host *h) {
    gp_default_keys(h, 0x03, 16, 0x01, 0x13);
    memset(h->enc, 0xB1, 16);
    memset(h->mac, 0xB2, 16);
    memset(h->dek, 0xB3, 16);
}

static inline void open_bank(struct test_card *t, struct gp_host *h) {
    EXPECT_SW(select_aid(t, BANK), 0x9000);
    bank_keys(h);
    EXPECT_SW(gp_open(t, h), 0x9000);
}

/* parameters: the whole field, C9 and what is in it. */
static inline unsigned make_domain_with(struct test_card *t, struct gp_host *h, struct aid aid,
                                        const char *privileges, size_t len, const char *parameters,
                                        size_t parameters_len) {
    struct fields f = {.len = 0};
    fields_add(&f, "\xA0\x00\x00\x01\x51\x53\x50", 7);
    fields_add(&f, "\xA0\x00\x00\x01\x51\x53\x50\x41", 8);
    fields_add(&f, aid.value, aid.len);
    fields_add(&f, privileges, len);
    fields_add(&f, parameters, parameters_len);
    fields_add(&f, NULL, 0);
    return gp_send(t, h, 0xE6, 0x0C, 0, f.bytes, f.len);
}

static inline unsigned make_domain(struct test_card *t, struct gp_host *h, struct aid aid,
                                   const char *privileges, size_t len) {
    return make_domain_with(t, h, aid, privileges, len, "\xC9\x04\x81\x02\x03\x70", 6);
}

/* A bank with its own keys, of those privileges. */
static inline void make_bank(struct test_card *t, const char *privileges, size_t len) {
    struct gp_host h, keys;
    open_issuer(t, &h);
    EXPECT_SW(make_domain(t, &h, BANK, privileges, len), 0x9000);
    open_with(t, &h, BANK, 0x03, 0x00); /* no keys yet: the issuer's open it */
    assert_int_equal(h.used_version, 0x30);
    bank_keys(&keys);
    EXPECT_SW(gp_put_keys(t, &h, false, 0, 0x88, &keys), 0x9000);
}

static inline void load_fields(struct fields *f, const struct package *p, struct aid domain,
                               const uint8_t *hash, size_t hash_len) {
    f->len = 0;
    fields_add(f, p->aid.value, p->aid.len);
    fields_add(f, domain.value, domain.len);
    fields_add(f, hash, hash_len);
    fields_add(f, NULL, 0);
}

static inline unsigned send_blocks(struct test_card *t, struct gp_host *h, const uint8_t *bytes,
                                   size_t left) {
    unsigned sw = 0x9000;
    for (uint8_t number = 0; left && sw == 0x9000; number++) {
        size_t step = left < 200 ? left : 200;
        sw = gp_send(t, h, 0xE8, step == left ? P1_LAST : 0, number, bytes, step);
        bytes += step;
        left -= step;
    }
    return sw;
}

static inline unsigned load_into(struct test_card *t, struct gp_host *h, const struct package *p,
                                 struct aid domain) {
    struct fields f;
    load_fields(&f, p, domain, NULL, 0);
    fields_add(&f, NULL, 0);
    unsigned sw = gp_send(t, h, 0xE6, 0x02, 0, f.bytes, f.len);
    return sw == 0x9000 ? send_blocks(t, h, p->load.bytes, p->load.len) : sw;
}

static inline void install_fields(struct fields *f, const struct package *p, struct aid instance) {
    f->len = 0;
    fields_add(f, p->aid.value, p->aid.len);
    fields_add(f, p->applet.value, p->applet.len);
    fields_add(f, instance.value, instance.len);
    fields_add(f, "", 1);
    fields_add(f, "\xC9", 2);
}

static inline unsigned install(struct test_card *t, struct gp_host *h, const struct package *p,
                               struct aid instance) {
    struct fields f;
    install_fields(&f, p, instance);
    fields_add(&f, NULL, 0);
    return gp_send(t, h, 0xE6, 0x0C, 0, f.bytes, f.len);
}

static inline void move_fields(struct fields *f, struct aid what, struct aid to) {
    f->len = 0;
    fields_add(f, to.value, to.len);
    fields_add(f, NULL, 0);
    fields_add(f, what.value, what.len);
    fields_add(f, NULL, 0);
    fields_add(f, NULL, 0);
}

static inline unsigned move(struct test_card *t, struct gp_host *h, struct aid what,
                            struct aid to) {
    struct fields f;
    move_fields(&f, what, to);
    fields_add(&f, NULL, 0);
    return gp_send(t, h, 0xE6, 0x10, 0, f.bytes, f.len);
}

static inline unsigned gp_delete(struct test_card *t, struct gp_host *h, struct aid aid,
                                 bool related) {
    struct fields f = {.bytes = {0x4F}, .len = 1};
    fields_add(&f, aid.value, aid.len);
    return gp_send(t, h, 0xE4, 0, related ? 0x80 : 0, f.bytes, f.len);
}

/* ---- OpenSSL signs ---- */

static inline EVP_PKEY *rsa_key(int bits) {
    EVP_PKEY *key = EVP_RSA_gen((unsigned)bits);
    assert_non_null(key);
    return key;
}

static inline EVP_PKEY *ec_key(bool sm2) {
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, sm2 ? "SM2" : "EC", "P-256");
    assert_non_null(key);
    return key;
}

/* PUT KEY of the public part. */
static inline unsigned put_public(struct test_card *t, struct gp_host *h, uint8_t version,
                                  EVP_PKEY *key, bool sm2) {
    uint8_t data[400];
    size_t len = 0;
    data[len++] = version;
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
        BIGNUM *n = NULL, *e = NULL;
        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n);
        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e);
        int n_len = BN_num_bytes(n), e_len = BN_num_bytes(e);
        data[len++] = 0xA1;
        if (n_len > 255)
            data[len++] = 0x82, data[len++] = (uint8_t)(n_len >> 8);
        else
            data[len++] = 0x81;
        data[len++] = (uint8_t)n_len;
        len += (size_t)BN_bn2bin(n, data + len);
        data[len++] = 0xA0;
        data[len++] = (uint8_t)e_len;
        len += (size_t)BN_bn2bin(e, data + len);
        BN_free(n);
        BN_free(e);
    } else {
        size_t point = 0;
        data[len++] = 0xB0;
        data[len++] = 65;
        assert_int_equal(
            EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, data + len, 65, &point),
            1);
        assert_int_equal(point, 65);
        len += point;
        data[len++] = 0xF0;
        data[len++] = 1;
        data[len++] = sm2 ? 0xF8 : 0x00;
    }
    data[len++] = 0;
    return gp_send(t, h, 0xD8, 0x00, 0x01, data, len);
}

enum how { RSA_SHA1, RSA_SHA256, RSA_PSS, P256, SM2 };

/* r and s out of the DER of an EC signature. */
static inline size_t raw_signature(uint8_t *signature, size_t len) {
    const uint8_t *p = signature;
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)len);
    assert_non_null(sig);
    BN_bn2binpad(ECDSA_SIG_get0_r(sig), signature, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(sig), signature + 32, 32);
    ECDSA_SIG_free(sig);
    return 64;
}

static inline size_t sign(EVP_PKEY *key, enum how how, const uint8_t *data, size_t len,
                          uint8_t signature[300]) {
    const EVP_MD *md = how == RSA_SHA1 ? EVP_sha1() : how == SM2 ? EVP_sm3() : EVP_sha256();
    size_t out = 300;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *inner = NULL;
    assert_int_equal(EVP_DigestSignInit(ctx, &inner, md, NULL, key), 1);
    if (how == SM2)
        assert_true(EVP_PKEY_CTX_set1_id(inner, "1234567812345678", 16) > 0);
    if (how == RSA_PSS) {
        EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, 32);
    }
    assert_int_equal(EVP_DigestSign(ctx, signature, &out, data, len), 1);
    EVP_MD_CTX_free(ctx);
    return how >= P256 ? raw_signature(signature, out) : out;
}

static inline void expect_data(const struct gp_host *h, const char *hex, const char *why) {
    char got[1024] = "", want[1024];
    size_t n = 0;
    for (size_t i = 0; i < h->len; i++)
        sprintf(got + 2 * i, "%02X", h->data[i]);
    for (const char *p = hex; *p; p++)
        if (*p != ' ')
            want[n++] = *p;
    want[n] = 0;
    if (strcmp(got, want))
        fail_msg("%s: %s\n  instead of %s", why, got, want);
}

static inline size_t digest(const char *name, const struct package *p, uint8_t hash[64]) {
    size_t len = 0;
    assert_int_equal(
        EVP_Q_digest(NULL, name, NULL, p->cap.load_file, p->cap.load_file_len, hash, &len), 1);
    return len;
}

/* Add the token of the issuer over P1, P2, length and data. */
static inline void add_token(struct fields *f, uint8_t p1, EVP_PKEY *key, enum how how) {
    uint8_t data[300] = {p1, 0x00, (uint8_t)f->len}, token[300];
    memcpy(data + 3, f->bytes, f->len);
    size_t len = sign(key, how, data, 3 + f->len, token);
    if (len > 127)
        f->bytes[f->len++] = 0x81;
    f->bytes[f->len++] = (uint8_t)len;
    memcpy(f->bytes + f->len, token, len);
    f->len += len;
}

/* Receipt: over the confirmation's data, the names that the command was about, and what else. */
static inline void expect_receipt_with(const struct gp_host *h, const uint8_t key[16],
                                       uint16_t counter, const struct aid *names, size_t count,
                                       const void *more, size_t more_len) {
    uint8_t data[200], mac[16];
    assert_int_equal(h->len, 2 + 16 + 3 + 11);
    assert_int_equal(h->data[0], h->len - 1);
    assert_int_equal(h->data[1], 16);
    assert_int_equal(h->data[18], 2);
    assert_int_equal(h->data[19] << 8 | h->data[20], counter);
    assert_int_equal(h->data[21], 10);
    size_t len = 14;
    memcpy(data, h->data + 18, len);
    for (size_t i = 0; i < count; i++) {
        data[len++] = names[i].len;
        memcpy(data + len, names[i].value, names[i].len);
        len += names[i].len;
    }
    if (more_len)
        memcpy(data + len, more, more_len);
    gp_cmac(0x03, key, 16, data, len + more_len, mac);
    assert_memory_equal(mac, h->data + 2, 16);
}

static inline void expect_receipt(const struct gp_host *h, const uint8_t key[16], uint16_t counter,
                                  const struct aid *names, size_t count) {
    expect_receipt_with(h, key, counter, names, count, NULL, 0);
}

#endif
