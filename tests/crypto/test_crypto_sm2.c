/* SM2 as a protocol: the standard's examples, thousands of random cases beside OpenSSL, wrong and
 * faulty input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "crypto/hex.h"
#include "crypto/sm2.h"

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return ONECARD_OK;
}

static struct noise seed = {31}, noise = {32};
static struct crypto_random rng;

static int setup(void **state) {
    (void)state;
    return crypto_random_open(&rng, entropy, &seed, NULL, 0) != ONECARD_OK;
}

static int teardown(void **state) {
    (void)state;
    crypto_random_close(&rng);
    return 0;
}

static void digest_of(const uint8_t public_key[64], const char *id, const void *message, size_t len,
                      uint8_t out[32]) {
    struct crypto_digest digest;
    assert_int_equal(crypto_sm2_digest_start(&digest, (const uint8_t *)id,
                                             id != NULL ? strlen(id) : 0, public_key),
                     ONECARD_OK);
    crypto_digest_update(&digest, message, len);
    crypto_digest_finish(&digest, out);
}

/* ---- GB/T 32918.5-2017, annexes A to C ---- */

static const char example_d[] = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8";
static const char example_k[] = "59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21";
static const char example_p[] = "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
                                "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13";

static void test_example_signature(void **state) {
    (void)state;
    uint8_t d[32], p[64], own[64], z[32], want[64], e[32], signature[64], bytes[32];
    struct sm2_num dn;
    struct sm2_nonce nonce;
    hex(d, 32, example_d);
    hex(p, 64, example_p);
    assert_int_equal(crypto_sm2_public(&rng, d, own), ONECARD_OK);
    assert_memory_equal(own, p, 64);
    assert_int_equal(crypto_sm2_z(NULL, 0, p, z), ONECARD_OK);
    hex(want, 32, "B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3");
    assert_memory_equal(z, want, 32);
    digest_of(p, NULL, "message digest", 14, e);
    hex(want, 32, "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640");
    assert_memory_equal(e, want, 32);
    hex(bytes, 32, example_k);
    sm2_num_from_bytes(&nonce.k, bytes);
    nonce.blind = sm2_field_b; /* any */
    assert_true(sm2_private_from_bytes(&dn, d));
    assert_true(sm2_sign_with(&dn, e, &nonce, signature));
    hex(want, 64,
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
        "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");
    assert_memory_equal(signature, want, 64);
    assert_true(sm2_sign_consistent(&dn, p, e, signature, &sm2_field_b));
    assert_int_equal(crypto_sm2_verify(p, e, signature), ONECARD_OK);
}

static void test_example_encryption(void **state) {
    (void)state;
    uint8_t d[32], in[200], out[100];
    hex(d, 32, example_d);
    size_t len = hex(in, sizeof in,
                     "04"
                     "04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"
                     "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
                     "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"
                     "21886CA989CA9C7D58087307CA93092D651EFA");
    assert_int_equal(crypto_sm2_decrypt(&rng, d, in, len, out), ONECARD_OK);
    assert_memory_equal(out, "encryption standard", 19);
}

static void test_example_agreement(void **state) {
    (void)state;
    static const char *const secrets[4] = {
        "81EB26E941BB5AF16DF116495F90695272AE2CD63D6C4AE1678418BE48230029",
        "785129917D45A9EA5437A59356B82338EAADDA6CEB199088F14AE10DEFA229B5",
        "D4DE15474DB74D06491C440D305E012400990F3E390C7E87153C12DB2EA60BB3",
        "7E07124814B309489125EAED101113164EBF0F3458C5BD88335C1F9D596243D6"};
    uint8_t d[4][32], p[4][64], z[2][32], key[16], own[32], peer[32], want[32];
    for (int i = 0; i < 4; i++) {
        hex(d[i], 32, secrets[i]);
        assert_int_equal(crypto_sm2_public(&rng, d[i], p[i]), ONECARD_OK);
    }
    crypto_sm2_z(NULL, 0, p[0], z[0]);
    crypto_sm2_z(NULL, 0, p[1], z[1]);
    struct crypto_sm2_agreement a = {true, d[0], d[2], p[2], p[1], p[3], z[0], z[1]};
    struct crypto_sm2_agreement b = {false, d[1], d[3], p[3], p[0], p[2], z[1], z[0]};
    assert_int_equal(crypto_sm2_agree(&rng, &a, key, 16, own, peer), ONECARD_OK);
    hex(want, 16, "6C89347354DE2484C60B4AB1FDE4C6E5");
    assert_memory_equal(key, want, 16);
    hex(want, 32, "18C7894B3816DF16CF07B05C5EC0BEF5D655D58F779CC1B400A4F3884644DB88");
    assert_memory_equal(own, want, 32);
    hex(want, 32, "D3A0FE15DEE185CEAE907A6B595CC32A266ED7B3367E9983A896DC32FA20F8EB");
    assert_memory_equal(peer, want, 32);
    uint8_t key_b[16], own_b[32], peer_b[32];
    assert_int_equal(crypto_sm2_agree(&rng, &b, key_b, 16, own_b, peer_b), ONECARD_OK);
    assert_memory_equal(key_b, key, 16);
    assert_memory_equal(own_b, peer, 32);
    assert_memory_equal(peer_b, own, 32);
}

/* ---- beside OpenSSL ---- */

static EVP_PKEY *openssl_key(const uint8_t d[32], const uint8_t p[64]) {
    uint8_t raw[65] = {4};
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *n = BN_bin2bn(d, 32, NULL);
    memcpy(raw + 1, p, 64);
    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0);
    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, raw, sizeof raw);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, n);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params), 1);
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_free(n);
    return key;
}

/* DER: SEQUENCE of what follows; one byte or two of length are enough here. */
static size_t der_sequence(uint8_t *out, const uint8_t *body, size_t len) {
    size_t n = 0;
    out[n++] = 0x30;
    if (len >= 256) {
        out[n++] = 0x82;
        out[n++] = (uint8_t)(len >> 8);
    } else if (len >= 128) {
        out[n++] = 0x81;
    }
    out[n++] = (uint8_t)len;
    memcpy(out + n, body, len);
    return n + len;
}

static size_t der_integer(uint8_t *out, const uint8_t number[32]) {
    size_t skip = 0, n = 0;
    while (skip < 31 && number[skip] == 0)
        skip++;
    bool sign = number[skip] & 0x80;
    out[n++] = 2;
    out[n++] = (uint8_t)(32 - skip + sign);
    if (sign)
        out[n++] = 0;
    memcpy(out + n, number + skip, 32 - skip);
    return n + 32 - skip;
}

static size_t der_octets(uint8_t *out, const uint8_t *bytes, size_t len) {
    size_t n = 0;
    out[n++] = 4;
    if (len >= 128)
        out[n++] = 0x81;
    out[n++] = (uint8_t)len;
    memcpy(out + n, bytes, len);
    return n + len;
}

/* Reads a DER length; *in moves on. */
static size_t der_length(const uint8_t **in) {
    size_t len = *(*in)++;
    if (len == 0x81)
        len = *(*in)++;
    else if (len == 0x82) {
        len = (size_t)((*in)[0] << 8 | (*in)[1]);
        *in += 2;
    }
    return len;
}

static void der_read_integer(const uint8_t **in, uint8_t number[32]) {
    assert_int_equal(*(*in)++, 2);
    size_t len = der_length(in), skip = len > 32 ? len - 32 : 0;
    memset(number, 0, 32);
    memcpy(number + 32 - (len - skip), *in + skip, len - skip);
    *in += len;
}

static bool openssl_verify(EVP_PKEY *key, const char *id, const uint8_t *message, size_t len,
                           const uint8_t signature[64]) {
    uint8_t body[80], der[84];
    size_t n = der_integer(body, signature);
    n += der_integer(body + n, signature + 32);
    n = der_sequence(der, body, n);
    EVP_PKEY_CTX *pctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX_set1_id(pctx, id, strlen(id));
    EVP_MD_CTX_set_pkey_ctx(ctx, pctx);
    assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, EVP_sm3(), NULL, key), 1);
    bool good = EVP_DigestVerify(ctx, der, n, message, len) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_CTX_free(pctx);
    return good;
}

static void openssl_sign(EVP_PKEY *key, const char *id, const uint8_t *message, size_t len,
                         uint8_t signature[64]) {
    uint8_t der[100];
    const uint8_t *in = der + 2;
    size_t n = sizeof der;
    EVP_PKEY_CTX *pctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX_set1_id(pctx, id, strlen(id));
    EVP_MD_CTX_set_pkey_ctx(ctx, pctx);
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sm3(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(ctx, der, &n, message, len), 1);
    der_read_integer(&in, signature);
    der_read_integer(&in, signature + 32);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_CTX_free(pctx);
}

enum { KEYS = 60, MESSAGES = 20 };

static void test_signatures_beside_openssl(void **state) {
    (void)state;
    for (int k = 0; k < KEYS; k++) {
        uint8_t d[32], p[64], message[150], e[32], signature[64];
        assert_int_equal(crypto_sm2_generate(&rng, d, p), ONECARD_OK);
        assert_int_equal(crypto_sm2_check(p), ONECARD_OK);
        EVP_PKEY *key = openssl_key(d, p);
        for (int m = 0; m < MESSAGES; m++) {
            const char *id = m % 2 ? "1234567812345678" : "ALICE123@YAHOO.COM";
            size_t len = noise_below(&noise, sizeof message);
            noise_fill(&noise, message, len);
            digest_of(p, m % 4 == 1 ? NULL : id, message, len, e);
            assert_int_equal(crypto_sm2_sign(&rng, d, p, e, signature), ONECARD_OK);
            assert_true(openssl_verify(key, id, message, len, signature));
            assert_int_equal(crypto_sm2_verify(p, e, signature), ONECARD_OK);
            openssl_sign(key, id, message, len, signature);
            assert_int_equal(crypto_sm2_verify(p, e, signature), ONECARD_OK);
            size_t bit = noise_below(&noise, 512);
            signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_equal(crypto_sm2_verify(p, e, signature), ONECARD_E_WRONG);
        }
        EVP_PKEY_free(key);
    }
}

static void test_encryption_beside_openssl(void **state) {
    (void)state;
    for (int i = 0; i < 400; i++) {
        uint8_t d[32], p[64], message[120], ours[220], body[260], der[270], back[200];
        size_t len = 1 + noise_below(&noise, sizeof message), n, back_len = sizeof back;
        noise_fill(&noise, message, len);
        assert_int_equal(crypto_sm2_generate(&rng, d, p), ONECARD_OK);
        EVP_PKEY *key = openssl_key(d, p);
        EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
        /* ours to theirs */
        assert_int_equal(crypto_sm2_encrypt(&rng, p, message, len, ours), ONECARD_OK);
        n = der_integer(body, ours + 1);
        n += der_integer(body + n, ours + 33);
        n += der_octets(body + n, ours + 65, 32);
        n += der_octets(body + n, ours + 97, len);
        n = der_sequence(der, body, n);
        assert_int_equal(EVP_PKEY_decrypt_init(ctx), 1);
        assert_int_equal(EVP_PKEY_decrypt(ctx, back, &back_len, der, n), 1);
        assert_int_equal(back_len, len);
        assert_memory_equal(back, message, len);
        /* theirs to ours */
        const uint8_t *in = der + 1;
        n = sizeof der;
        assert_int_equal(EVP_PKEY_encrypt_init(ctx), 1);
        assert_int_equal(EVP_PKEY_encrypt(ctx, der, &n, message, len), 1);
        der_length(&in);
        ours[0] = 4;
        der_read_integer(&in, ours + 1);
        der_read_integer(&in, ours + 33);
        for (int part = 0; part < 2; part++) {
            assert_int_equal(*in++, 4);
            size_t part_len = der_length(&in);
            memcpy(ours + (part ? 97 : 65), in, part_len);
            in += part_len;
        }
        assert_int_equal(crypto_sm2_decrypt(&rng, d, ours, len + 97, back), ONECARD_OK);
        assert_memory_equal(back, message, len);
        /* tampered: nothing comes out */
        size_t bit = (1 + noise_below(&noise, len + 96)) * 8;
        ours[bit / 8] ^= 1;
        memset(back, 0xAA, len);
        enum onecard_err err = crypto_sm2_decrypt(&rng, d, ours, len + 97, back);
        assert_int_equal(err, bit / 8 <= 64 ? ONECARD_E_FORMAT : ONECARD_E_WRONG);
        for (size_t j = 0; err == ONECARD_E_WRONG && j < len; j++)
            assert_int_equal(back[j], 0);
        EVP_PKEY_CTX_free(ctx);
        EVP_PKEY_free(key);
    }
}

static void test_agreement_both_sides(void **state) {
    (void)state;
    for (int i = 0; i < 100; i++) {
        uint8_t d[4][32], p[4][64], z[2][32], key[2][40], tags[4][32];
        for (int j = 0; j < 4; j++)
            assert_int_equal(crypto_sm2_generate(&rng, d[j], p[j]), ONECARD_OK);
        crypto_sm2_z((const uint8_t *)"card", 4, p[0], z[0]);
        crypto_sm2_z((const uint8_t *)"terminal", 8, p[1], z[1]);
        struct crypto_sm2_agreement a = {true, d[0], d[2], p[2], p[1], p[3], z[0], z[1]};
        struct crypto_sm2_agreement b = {false, d[1], d[3], p[3], p[0], p[2], z[1], z[0]};
        assert_int_equal(crypto_sm2_agree(&rng, &a, key[0], 40, tags[0], tags[1]), ONECARD_OK);
        assert_int_equal(crypto_sm2_agree(&rng, &b, key[1], 40, tags[2], tags[3]), ONECARD_OK);
        assert_memory_equal(key[0], key[1], 40);
        assert_memory_equal(tags[0], tags[3], 32);
        assert_memory_equal(tags[1], tags[2], 32);
        z[1][0] ^= 1; /* another identity: another key */
        assert_int_equal(crypto_sm2_agree(&rng, &b, key[1], 40, tags[2], tags[3]), ONECARD_OK);
        assert_memory_not_equal(key[0], key[1], 40);
        p[3][5] ^= 1;
        assert_int_equal(crypto_sm2_agree(&rng, &a, key[0], 40, tags[0], tags[1]),
                         ONECARD_E_FORMAT);
    }
}

/* ---- edges ---- */

static const char order[] = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123";

/* n + by */
static void near_order(uint8_t out[32], int by) {
    hex(out, 32, order);
    out[31] = (uint8_t)(out[31] + by); /* 23h: no carry for small by */
}

static void test_private_range(void **state) {
    (void)state;
    uint8_t d[32] = {0}, p[64];
    assert_int_equal(crypto_sm2_public(&rng, d, p), ONECARD_E_PARAM);
    d[31] = 1;
    assert_int_equal(crypto_sm2_public(&rng, d, p), ONECARD_OK);
    near_order(d, -2);
    assert_int_equal(crypto_sm2_public(&rng, d, p), ONECARD_OK);
    near_order(d, -1);
    assert_int_equal(crypto_sm2_public(&rng, d, p), ONECARD_E_PARAM);
    near_order(d, 0);
    assert_int_equal(crypto_sm2_public(&rng, d, p), ONECARD_E_PARAM);
    memset(d, 0xFF, 32);
    assert_int_equal(crypto_sm2_public(&rng, d, p), ONECARD_E_PARAM);
    assert_int_equal(crypto_sm2_sign(&rng, d, p, d, p), ONECARD_E_PARAM);
}

static void test_signature_range(void **state) {
    (void)state;
    uint8_t d[32], p[64], e[32] = {7}, good[64], bad[64];
    crypto_sm2_generate(&rng, d, p);
    assert_int_equal(crypto_sm2_sign(&rng, d, p, e, good), ONECARD_OK);
    for (int half = 0; half < 2; half++)
        for (int what = 0; what < 4; what++) {
            memcpy(bad, good, 64);
            if (what == 0)
                memset(bad + 32 * half, 0, 32);
            else if (what == 3)
                memset(bad + 32 * half, 0xFF, 32);
            else
                near_order(bad + 32 * half, what - 1);
            assert_int_equal(crypto_sm2_verify(p, e, bad), ONECARD_E_WRONG);
        }
    /* t = r + s = 0 mod n */
    struct sm2_num r, s;
    near_order(bad, 0);
    sm2_num_from_bytes(&s, bad);
    sm2_num_from_bytes(&r, good);
    sm2_num_sub(&s, &s, &r);
    memcpy(bad, good, 32);
    sm2_num_to_bytes(bad + 32, &s);
    assert_int_equal(crypto_sm2_verify(p, e, bad), ONECARD_E_WRONG);
    p[0] ^= 1;
    assert_int_equal(crypto_sm2_verify(p, e, good), ONECARD_E_FORMAT);
    assert_int_equal(crypto_sm2_check(p), ONECARD_E_FORMAT);
    assert_int_equal(crypto_sm2_encrypt(&rng, p, e, 32, (uint8_t[200]){0}), ONECARD_E_FORMAT);
}

/* A digest above n (it is reduced) signs and verifies. */
static void test_digest_above_order(void **state) {
    (void)state;
    uint8_t d[32], p[64], e[32], signature[64];
    crypto_sm2_generate(&rng, d, p);
    memset(e, 0xFF, 32);
    assert_int_equal(crypto_sm2_sign(&rng, d, p, e, signature), ONECARD_OK);
    assert_int_equal(crypto_sm2_verify(p, e, signature), ONECARD_OK);
}

/* A bit flipped in the result, the nonce's product (another r), or the key is never given out. */
static void test_faults_are_seen(void **state) {
    (void)state;
    uint8_t d[32], p[64], e[32] = {9}, signature[64];
    struct sm2_num dn;
    struct sm2_nonce nonce;
    crypto_sm2_generate(&rng, d, p);
    assert_true(sm2_private_from_bytes(&dn, d));
    assert_int_equal(sm2_nonce_make(&rng, d, e, &nonce), ONECARD_OK);
    assert_true(sm2_sign_with(&dn, e, &nonce, signature));
    assert_true(sm2_sign_consistent(&dn, p, e, signature, &nonce.blind));
    for (int bit = 0; bit < 512; bit++) {
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(sm2_sign_consistent(&dn, p, e, signature, &nonce.blind));
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (int bit = 1; bit < 256; bit++) { /* a consistent signature of a key that changed */
        d[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (sm2_private_from_bytes(&dn, d)) {
            assert_true(sm2_sign_with(&dn, e, &nonce, signature));
            assert_false(sm2_sign_consistent(&dn, p, e, signature, &nonce.blind));
            uint8_t out[64];
            assert_int_equal(crypto_sm2_sign(&rng, d, p, e, out), ONECARD_E_IO);
            for (int i = 0; i < 64; i++)
                assert_int_equal(out[i], 0);
        }
        d[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* A generator that always gives the same bytes: nonces still differ with message and key. */
static void test_weak_generator(void **state) {
    (void)state;
    static const uint8_t same[32] = {0};
    uint8_t d[2][32], p[2][64], e[32] = {1}, s[3][64];
    crypto_sm2_generate(&rng, d[0], p[0]);
    crypto_sm2_generate(&rng, d[1], p[1]);
    crypto_random_force(&rng, same, 32);
    assert_int_equal(crypto_sm2_sign(&rng, d[0], p[0], e, s[0]), ONECARD_OK);
    crypto_random_force(&rng, same, 32);
    assert_int_equal(crypto_sm2_sign(&rng, d[1], p[1], e, s[1]), ONECARD_OK);
    e[0] ^= 1;
    crypto_random_force(&rng, same, 32);
    assert_int_equal(crypto_sm2_sign(&rng, d[0], p[0], e, s[2]), ONECARD_OK);
    assert_memory_not_equal(s[0], s[1], 32);
    /* r - e is the nonce's x: it must differ between the two messages */
    s[2][0] ^= 1;
    assert_memory_not_equal(s[0], s[2], 32);
}

static void test_short_input(void **state) {
    (void)state;
    uint8_t d[32], p[64], in[200] = {4}, out[200];
    crypto_sm2_generate(&rng, d, p);
    assert_int_equal(crypto_sm2_encrypt(&rng, p, in, 0, out), ONECARD_E_PARAM);
    assert_int_equal(crypto_sm2_encrypt(&rng, p, in, 1, out), ONECARD_OK);
    assert_int_equal(crypto_sm2_decrypt(&rng, d, out, 98, in), ONECARD_OK);
    assert_int_equal(in[0], 4);
    assert_int_equal(crypto_sm2_decrypt(&rng, d, out, 97, in), ONECARD_E_FORMAT);
    assert_int_equal(crypto_sm2_decrypt(&rng, d, out, 0, in), ONECARD_E_FORMAT);
    out[0] = 2;
    assert_int_equal(crypto_sm2_decrypt(&rng, d, out, 98, in), ONECARD_E_FORMAT);
    uint8_t z[32];
    assert_int_equal(crypto_sm2_z(d, 8192, p, z), ONECARD_E_PARAM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example_signature),
        cmocka_unit_test(test_example_encryption),
        cmocka_unit_test(test_example_agreement),
        cmocka_unit_test(test_signatures_beside_openssl),
        cmocka_unit_test(test_encryption_beside_openssl),
        cmocka_unit_test(test_agreement_both_sides),
        cmocka_unit_test(test_private_range),
        cmocka_unit_test(test_signature_range),
        cmocka_unit_test(test_digest_above_order),
        cmocka_unit_test(test_faults_are_seen),
        cmocka_unit_test(test_weak_generator),
        cmocka_unit_test(test_short_input),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
