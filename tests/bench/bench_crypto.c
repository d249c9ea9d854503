/* Operations per second of src/crypto beside mbedtls and OpenSSL in one run. Every figure is the
 * best of several short rounds of processor time, because the machine has other work. */
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/rsa.h>
#include <mbedtls/aes.h>
#include <mbedtls/des.h>
#include <mbedtls/ecp.h>
#include <mbedtls/rsa.h>
#include <mbedtls/sha256.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crypto/crypto.h"
#include "crypto/hex.h"
#include "crypto/pk.h"
#include "crypto/rsa_keys.h"
#include "crypto/sm2.h"
#include "crypto/sm4.h"

enum { ROUNDS = 12, BULK = 8192 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Seconds for one call, the best of ROUNDS rounds of about 8 ms. */
static double measure(void (*run)(void *), void *arg) {
    double best = 1e9;
    long times = 1;
    for (int round = 0; round < ROUNDS;) {
        double start = now();
        for (long i = 0; i < times; i++)
            run(arg);
        double took = now() - start;
        if (took < 0.008 && times < (1L << 24)) {
            times *= took < 0.001 ? 8 : 2;
            continue;
        }
        if (took / (double)times < best)
            best = took / (double)times;
        round++;
    }
    return best;
}

/* What all runs work on. */
static struct {
    uint8_t data[BULK], out[BULK + 256], key[32], iv[16], digest[64];
    struct crypto_key des, tdes, aes, sm4;
    struct crypto_random random;
    struct noise noise;
    uint8_t d[32], p[64], e[32], signature[64], cipher[200];
    struct sm2_num dn;
    struct crypto_rsa rsa;
    mbedtls_rsa_context mbed_rsa;
    uint8_t p256[96], p256_signature[64], rsa_signature[256];
    uint8_t rsa_bytes[2][2][CRYPTO_PK_PRIVATE_MAX];
    struct crypto_pk_key rsa_pair[2], rsa_public[2]; /* 1024, 2048 bits */
    EVP_PKEY_CTX *rsa_2048, *rsa_verify[2], *p256_sign, *p256_verify;
    uint8_t p256_der[100], openssl_signature[256];
    size_t p256_der_len;
    EVP_CIPHER_CTX *evp;
    EVP_MD *sm3, *sha256;
    EVP_PKEY *sm2;
    EVP_PKEY_CTX *sm2_sign, *sm2_verify, *rsa_sign;
    uint8_t der[100];
    size_t der_len;
    mbedtls_ecp_group sm2_group;
    mbedtls_aes_context mbed_aes;
    mbedtls_des3_context mbed_des3;
} w;

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return ONECARD_OK;
}

/* ---- ours ---- */

static void sm3_bulk(void *a) {
    (void)a;
    crypto_digest_once(CRYPTO_SM3, w.data, BULK, w.digest);
}
static void sha256_bulk(void *a) {
    (void)a;
    crypto_digest_once(CRYPTO_SHA256, w.data, BULK, w.digest);
}
static void one_block(void *key) {
    crypto_cipher(key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, w.out, w.out, 16);
}
static void ctr_bulk(void *key) {
    crypto_cipher(key, CRYPTO_CTR, CRYPTO_ENCRYPT, w.iv, w.data, w.out, BULK);
}
static void cbc_bulk(void *key) {
    crypto_cipher(key, CRYPTO_CBC, CRYPTO_ENCRYPT, w.iv, w.data, w.out, BULK);
}
static void plain_block(void *key) {
    sm4_plain_crypt(((struct crypto_key *)key)->u.sm4, w.out, w.out, 1);
}
static void plain_bulk(void *key) {
    sm4_plain_crypt(((struct crypto_key *)key)->u.sm4, w.data, w.out, BULK / 16);
}
static void set_sm4(void *a) {
    (void)a;
    crypto_key_set(&w.sm4, CRYPTO_SM4, w.key, 16);
}
static void mac_des(void *key) {
    crypto_mac_once(key, CRYPTO_MAC_CBC, CRYPTO_PAD_NONE, NULL, w.data, 16, w.digest, 4);
}
static void mac_retail(void *key) {
    crypto_mac_once(key, CRYPTO_MAC_RETAIL, CRYPTO_PAD_NONE, NULL, w.data, 16, w.digest, 4);
}
static void set_and_mac_des(void *a) {
    (void)a;
    crypto_key_set(&w.des, CRYPTO_DES, w.key, 8);
    mac_des(&w.des);
}
static void set_and_mac_tdes(void *a) {
    (void)a;
    crypto_key_set(&w.tdes, CRYPTO_TDES2, w.key, 16);
    mac_retail(&w.tdes);
}
static void random_4(void *a) {
    (void)a;
    crypto_random_bytes(&w.random, w.out, 4);
}
static void random_32(void *a) {
    (void)a;
    crypto_random_bytes(&w.random, w.out, 32);
}
static void sign_bare(void *a) {
    struct sm2_nonce nonce;
    (void)a;
    sm2_nonce_make(&w.random, w.d, w.e, &nonce);
    sm2_sign_with(&w.dn, w.e, &nonce, w.signature);
}
static void sign_checked(void *a) {
    (void)a;
    crypto_sm2_sign(&w.random, w.d, w.p, w.e, w.signature);
}
static void verify(void *a) {
    (void)a;
    if (crypto_sm2_verify(w.p, w.e, w.signature) != ONECARD_OK)
        puts("bench: a signature does not verify");
}
static void sm2_encrypt(void *a) {
    (void)a;
    crypto_sm2_encrypt(&w.random, w.p, w.data, 32, w.cipher);
}
static void sm2_decrypt(void *a) {
    (void)a;
    crypto_sm2_decrypt(&w.random, w.d, w.cipher, 32 + CRYPTO_SM2_OVERHEAD, w.out);
}
static void sm2_generate(void *a) {
    uint8_t d[32], p[64];
    (void)a;
    crypto_sm2_generate(&w.random, d, p);
}
static void rsa_private(void *a) {
    (void)a;
    crypto_rsa_raw_private(&w.random, &w.rsa, w.data, w.out);
}
static void p256_sign(void *a) {
    (void)a;
    crypto_p256_sign(&w.random, w.p256, w.p256 + 32, w.e, 32, w.p256_signature);
}
static void p256_verify(void *a) {
    (void)a;
    if (crypto_p256_verify(w.p256 + 32, w.e, 32, w.p256_signature) != ONECARD_OK)
        puts("bench: a signature does not verify");
}
static void p256_agree(void *a) {
    (void)a;
    crypto_p256_agree(&w.random, w.p256, w.p256 + 32, w.out);
}
/* As a card does it: the key comes from flash for each use. */
static void rsa_sign(void *key) {
    uint32_t len = sizeof w.rsa_signature;
    if (crypto_pk_sign(&w.random, key, CRYPTO_PK_PKCS1, CRYPTO_SHA256, w.e, 32, w.rsa_signature,
                       &len) != ONECARD_OK)
        puts("bench: no signature");
}
static void rsa_verify(void *key) {
    if (crypto_pk_verify(key, CRYPTO_PK_PKCS1, CRYPTO_SHA256, w.e, 32, w.rsa_signature,
                         ((struct crypto_pk_key *)key)->size) != ONECARD_OK)
        puts("bench: a signature does not verify");
}

/* ---- mbedtls ---- */

static void mbed_aes_block(void *a) {
    (void)a;
    mbedtls_aes_crypt_ecb(&w.mbed_aes, MBEDTLS_AES_ENCRYPT, w.out, w.out);
}
static void mbed_sha256(void *a) {
    (void)a;
    mbedtls_sha256_ret(w.data, BULK, w.digest, 0);
}
static void mbed_des3_mac(void *a) {
    uint8_t chain[8];
    mbedtls_des_context first;
    (void)a;
    mbedtls_des3_set2key_enc(&w.mbed_des3, w.key);
    mbedtls_des_setkey_enc(&first, w.key);
    mbedtls_des_crypt_ecb(&first, w.data, chain);
    for (int i = 0; i < 8; i++)
        chain[i] ^= w.data[8 + i];
    mbedtls_des3_crypt_ecb(&w.mbed_des3, chain, w.digest);
}
static void mbed_sm2_base(void *a) {
    mbedtls_mpi k;
    mbedtls_ecp_point r;
    (void)a;
    mbedtls_mpi_init(&k);
    mbedtls_ecp_point_init(&r);
    mbedtls_mpi_read_binary(&k, w.d, 32);
    mbedtls_ecp_mul(&w.sm2_group, &r, &k, &w.sm2_group.G, NULL, NULL);
    mbedtls_mpi_free(&k);
    mbedtls_ecp_point_free(&r);
}
static int mbed_random(void *ctx, unsigned char *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return 0;
}
static void mbed_rsa(void *a) {
    (void)a;
    mbedtls_rsa_private(&w.mbed_rsa, mbed_random, &w.noise, w.data, w.out);
}

/* ---- OpenSSL ---- */

static void openssl_digest(void *md) {
    EVP_Digest(w.data, BULK, w.digest, NULL, md, NULL);
}
static void openssl_bulk(void *a) {
    int n;
    (void)a;
    EVP_EncryptUpdate(w.evp, w.out, &n, w.data, BULK);
}
static void openssl_block(void *a) {
    int n;
    (void)a;
    EVP_EncryptUpdate(w.evp, w.out, &n, w.data, 16);
}
static void openssl_sign(void *ctx) {
    w.der_len = sizeof w.der;
    EVP_PKEY_sign(ctx, w.der, &w.der_len, w.e, 32);
}
static void openssl_verify(void *ctx) {
    EVP_PKEY_verify(ctx, w.der, w.der_len, w.e, 32);
}
static void openssl_rsa(void *ctx) {
    size_t len = 256;
    EVP_PKEY_sign(ctx, w.openssl_signature, &len, w.data, 128);
}
static void openssl_rsa_2048(void *ctx) {
    size_t len = 256;
    EVP_PKEY_sign(ctx, w.openssl_signature, &len, w.data, 256);
}
static void openssl_rsa_verify(void *ctx) {
    EVP_PKEY_verify(ctx, w.openssl_signature, 128, w.data, 128);
}
static void openssl_p256_sign(void *ctx) {
    w.p256_der_len = sizeof w.p256_der;
    EVP_PKEY_sign(ctx, w.p256_der, &w.p256_der_len, w.e, 32);
}
static void openssl_p256_verify(void *ctx) {
    EVP_PKEY_verify(ctx, w.p256_der, w.p256_der_len, w.e, 32);
}

static void use_evp(const char *name) {
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_EncryptInit_ex2(w.evp, cipher, w.key, w.iv, NULL);
    EVP_CIPHER_CTX_set_padding(w.evp, 0);
    EVP_CIPHER_free(cipher);
}

/* ---- output ---- */

static void bulk(const char *name, const char *who, double seconds, double bytes) {
    printf("%-34s %-12s %10.1f MB/s\n", name, who, bytes / seconds / 1e6);
}

static void operations(const char *name, const char *who, double seconds) {
    printf("%-34s %-12s %10.0f /s %10.3f us\n", name, who, 1 / seconds, seconds * 1e6);
}

static void load_sm2_group(void) {
    mbedtls_ecp_group *g = &w.sm2_group;
    mbedtls_ecp_group_init(g);
    mbedtls_mpi_read_string(&g->P, 16,
                            "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF");
    mbedtls_mpi_read_string(&g->B, 16,
                            "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93");
    mbedtls_mpi_read_string(&g->N, 16,
                            "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123");
    mbedtls_ecp_point_read_string(
        &g->G, 16, "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7",
        "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0");
    g->pbits = g->nbits = 256;
    g->h = 1;
}

/* Keys as they rest in a card's flash. */
static bool prepare_keys(void) {
    static const char *const values[2] = {RSA_1024, RSA_2048};
    for (int i = 0; i < 2; i++) {
        uint8_t value[CRYPTO_PK_VALUE_MAX];
        const uint32_t len = (uint32_t)hex(value, sizeof value, values[i]);
        if (crypto_pk_import(&w.random, CRYPTO_RSA, value, len, w.rsa_bytes[i][0]) != ONECARD_OK)
            return false;
        w.rsa_pair[i] =
            (struct crypto_pk_key){CRYPTO_RSA, true, (uint16_t)(len - 4), w.rsa_bytes[i][0]};
        w.rsa_public[i] =
            (struct crypto_pk_key){CRYPTO_RSA, false, (uint16_t)(len - 4), w.rsa_bytes[i][1]};
        if (crypto_pk_public(&w.rsa_pair[i], w.rsa_bytes[i][1]) != ONECARD_OK)
            return false;
    }
    return crypto_p256_generate(&w.random, w.p256, w.p256 + 32) == ONECARD_OK;
}

static bool prepare(void) {
    w.noise.state = 7;
    noise_fill(&w.noise, w.data, sizeof w.data);
    noise_fill(&w.noise, w.key, sizeof w.key);
    noise_fill(&w.noise, w.e, sizeof w.e);
    w.data[0] &= 0x3F;
    crypto_key_set(&w.des, CRYPTO_DES, w.key, 8);
    crypto_key_set(&w.tdes, CRYPTO_TDES2, w.key, 16);
    crypto_key_set(&w.aes, CRYPTO_AES128, w.key, 16);
    crypto_key_set(&w.sm4, CRYPTO_SM4, w.key, 16);
    mbedtls_aes_init(&w.mbed_aes);
    mbedtls_aes_setkey_enc(&w.mbed_aes, w.key, 128);
    if (crypto_random_open(&w.random, entropy, &w.noise, NULL, 0) != ONECARD_OK ||
        crypto_sm2_generate(&w.random, w.d, w.p) != ONECARD_OK ||
        !sm2_private_from_bytes(&w.dn, w.d))
        return false;
    uint8_t p[128], q[128], e[3] = {1, 0, 1};
    if (crypto_rsa_generate(&w.random, 1024, 65537, p, q) != ONECARD_OK ||
        crypto_rsa_open_private(&w.rsa, p, q, 64, e, 3) != ONECARD_OK)
        return false;
    mbedtls_rsa_init(&w.mbed_rsa, MBEDTLS_RSA_PKCS_V15, 0);
    if (mbedtls_rsa_import_raw(&w.mbed_rsa, NULL, 0, p, 64, q, 64, NULL, 0, e, 3) != 0 ||
        mbedtls_rsa_complete(&w.mbed_rsa) != 0)
        return false;
    load_sm2_group();
    w.evp = EVP_CIPHER_CTX_new();
    w.sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    w.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    w.sm2 = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    w.sm2_sign = EVP_PKEY_CTX_new_from_pkey(NULL, w.sm2, NULL);
    w.sm2_verify = EVP_PKEY_CTX_new_from_pkey(NULL, w.sm2, NULL);
    EVP_PKEY *rsa_key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);
    w.rsa_sign = EVP_PKEY_CTX_new_from_pkey(NULL, rsa_key, NULL);
    w.rsa_verify[0] = EVP_PKEY_CTX_new_from_pkey(NULL, rsa_key, NULL);
    EVP_PKEY_free(rsa_key);
    rsa_key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
    w.rsa_2048 = EVP_PKEY_CTX_new_from_pkey(NULL, rsa_key, NULL);
    EVP_PKEY_free(rsa_key);
    EVP_PKEY *p256 = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    w.p256_sign = EVP_PKEY_CTX_new_from_pkey(NULL, p256, NULL);
    w.p256_verify = EVP_PKEY_CTX_new_from_pkey(NULL, p256, NULL);
    EVP_PKEY_free(p256);
    if (!prepare_keys() || EVP_PKEY_sign_init(w.rsa_2048) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(w.rsa_2048, RSA_NO_PADDING) != 1 ||
        EVP_PKEY_verify_init(w.rsa_verify[0]) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(w.rsa_verify[0], RSA_NO_PADDING) != 1 ||
        EVP_PKEY_sign_init(w.p256_sign) != 1 || EVP_PKEY_verify_init(w.p256_verify) != 1)
        return false;
    return EVP_PKEY_sign_init(w.sm2_sign) == 1 && EVP_PKEY_verify_init(w.sm2_verify) == 1 &&
           EVP_PKEY_sign_init(w.rsa_sign) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(w.rsa_sign, RSA_NO_PADDING) == 1;
}

static void digests_and_ciphers(void) {
    bulk("SM3", "onecard", measure(sm3_bulk, NULL), BULK);
    bulk("SM3", "openssl", measure(openssl_digest, w.sm3), BULK);
    bulk("SHA-256", "onecard", measure(sha256_bulk, NULL), BULK);
    bulk("SHA-256", "mbedtls", measure(mbed_sha256, NULL), BULK);
    bulk("SHA-256", "openssl", measure(openssl_digest, w.sha256), BULK);
    bulk("SM4 one block", "onecard", measure(one_block, &w.sm4), 16);
    bulk("SM4 one block, circuit", "onecard", measure(plain_block, &w.sm4), 16);
    use_evp("SM4-ECB");
    bulk("SM4 one block", "openssl", measure(openssl_block, NULL), 16);
    bulk("SM4-CTR", "onecard", measure(ctr_bulk, &w.sm4), BULK);
    bulk("SM4-ECB, circuit", "onecard", measure(plain_bulk, &w.sm4), BULK);
    use_evp("SM4-CTR");
    bulk("SM4-CTR", "openssl", measure(openssl_bulk, NULL), BULK);
    bulk("SM4-CBC", "onecard", measure(cbc_bulk, &w.sm4), BULK);
    use_evp("SM4-CBC");
    bulk("SM4-CBC", "openssl", measure(openssl_bulk, NULL), BULK);
    operations("SM4 key set-up", "onecard", measure(set_sm4, NULL));
    bulk("AES-128 one block", "onecard", measure(one_block, &w.aes), 16);
    bulk("AES-128 one block", "mbedtls", measure(mbed_aes_block, NULL), 16);
    bulk("AES-128-CTR", "onecard", measure(ctr_bulk, &w.aes), BULK);
    use_evp("AES-128-CTR");
    bulk("AES-128-CTR", "openssl", measure(openssl_bulk, NULL), BULK);
}

static void macs(void) {
    operations("DES CBC-MAC 16 bytes", "onecard", measure(mac_des, &w.des));
    operations("the same with key set-up", "onecard", measure(set_and_mac_des, NULL));
    operations("3DES retail MAC 16 bytes", "onecard", measure(mac_retail, &w.tdes));
    operations("the same with key set-up", "onecard", measure(set_and_mac_tdes, NULL));
    operations("the same with key set-up", "mbedtls", measure(mbed_des3_mac, NULL));
    operations("random 4 bytes", "onecard", measure(random_4, NULL));
    operations("random 32 bytes", "onecard", measure(random_32, NULL));
}

static void asymmetric(void) {
    operations("SM2 sign, bare", "onecard", measure(sign_bare, NULL));
    operations("SM2 sign, checked", "onecard", measure(sign_checked, NULL));
    operations("SM2 sign", "openssl", measure(openssl_sign, w.sm2_sign));
    operations("SM2 verify", "onecard", measure(verify, NULL));
    operations("SM2 verify", "openssl", measure(openssl_verify, w.sm2_verify));
    operations("SM2 base product, generic curve", "mbedtls", measure(mbed_sm2_base, NULL));
    operations("SM2 key pair", "onecard", measure(sm2_generate, NULL));
    operations("SM2 encrypt 32 bytes", "onecard", measure(sm2_encrypt, NULL));
    operations("SM2 decrypt 32 bytes", "onecard", measure(sm2_decrypt, NULL));
    operations("RSA-1024 private, blinded, checked", "onecard", measure(rsa_private, NULL));
    operations("RSA-1024 private, blinded, checked", "mbedtls", measure(mbed_rsa, NULL));
    operations("RSA-1024 private", "openssl", measure(openssl_rsa, w.rsa_sign));
    static const char *const sign_names[2] = {"RSA-1024 sign, key from flash",
                                              "RSA-2048 sign, key from flash"};
    static const char *const verify_names[2] = {"RSA-1024 verify", "RSA-2048 verify"};
    for (int i = 0; i < 2; i++) {
        operations(sign_names[i], "onecard", measure(rsa_sign, &w.rsa_pair[i]));
        operations(verify_names[i], "onecard", measure(rsa_verify, &w.rsa_public[i]));
    }
    operations("RSA-2048 private", "openssl", measure(openssl_rsa_2048, w.rsa_2048));
    openssl_rsa(w.rsa_sign);
    operations("RSA-1024 verify", "openssl", measure(openssl_rsa_verify, w.rsa_verify[0]));
    operations("P-256 sign, checked", "onecard", measure(p256_sign, NULL));
    operations("P-256 sign", "openssl", measure(openssl_p256_sign, w.p256_sign));
    operations("P-256 verify", "onecard", measure(p256_verify, NULL));
    operations("P-256 verify", "openssl", measure(openssl_p256_verify, w.p256_verify));
    operations("P-256 agree", "onecard", measure(p256_agree, NULL));
}

int main(void) {
    if (!prepare()) {
        fprintf(stderr, "bench_crypto: set-up failed\n");
        return 1;
    }
    digests_and_ciphers();
    macs();
    asymmetric();
    return 0;
}
