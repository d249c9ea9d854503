/* DES and 3DES, ours beside mbedtls: single bits of key and text, random cases, weak keys, the
 * complementation property, and MAC chains, whose inner permutations are left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <mbedtls/des.h>

#include "crypto/crypto.h"
#include "crypto/hex.h"

#ifndef CASES
#define CASES 4000
#endif
enum { TEXT = 80, BLOCK = 8 };

static size_t key_size(enum crypto_alg alg) {
    return crypto_alg_find(alg)->key_size;
}

/* One block by mbedtls. */
static void oracle(enum crypto_alg alg, const uint8_t *raw, bool decrypt, const uint8_t *in,
                   uint8_t *out) {
    mbedtls_des_context one;
    mbedtls_des3_context three;
    if (alg == CRYPTO_DES) {
        mbedtls_des_init(&one);
        (decrypt ? mbedtls_des_setkey_dec : mbedtls_des_setkey_enc)(&one, raw);
        mbedtls_des_crypt_ecb(&one, in, out);
        mbedtls_des_free(&one);
        return;
    }
    mbedtls_des3_init(&three);
    if (alg == CRYPTO_TDES2)
        (decrypt ? mbedtls_des3_set2key_dec : mbedtls_des3_set2key_enc)(&three, raw);
    else
        (decrypt ? mbedtls_des3_set3key_dec : mbedtls_des3_set3key_enc)(&three, raw);
    mbedtls_des3_crypt_ecb(&three, in, out);
    mbedtls_des3_free(&three);
}

/* Both directions of one block. */
static void same_as_oracle(enum crypto_alg alg, const uint8_t *raw, const uint8_t *text) {
    struct crypto_key key;
    uint8_t got[BLOCK], want[BLOCK];
    assert_int_equal(crypto_key_set(&key, alg, raw, key_size(alg)), ONECARD_OK);
    assert_int_equal(crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, text, got, sizeof got),
                     ONECARD_OK);
    oracle(alg, raw, false, text, want);
    assert_memory_equal(got, want, BLOCK);
    assert_int_equal(crypto_cipher(&key, CRYPTO_ECB, CRYPTO_DECRYPT, NULL, text, got, sizeof got),
                     ONECARD_OK);
    oracle(alg, raw, true, text, want);
    assert_memory_equal(got, want, BLOCK);
    crypto_key_wipe(&key);
}

static const enum crypto_alg algs[] = {CRYPTO_DES, CRYPTO_TDES2, CRYPTO_TDES3};
enum { ALGS = sizeof algs / sizeof *algs };

/* The schedule is linear in the key's bits, the permutations in the block's: each bit alone. */
static void test_single_bits(void **state) {
    (void)state;
    for (size_t i = 0; i < ALGS; i++) {
        for (size_t bit = 0; bit < 8 * key_size(algs[i]); bit++) {
            uint8_t raw[24] = {0}, text[BLOCK] = {0};
            raw[bit / 8] = (uint8_t)(0x80 >> bit % 8);
            same_as_oracle(algs[i], raw, text);
        }
        for (size_t bit = 0; bit < 64; bit++) {
            uint8_t raw[24] = {1}, text[BLOCK] = {0};
            text[bit / 8] = (uint8_t)(0x80 >> bit % 8);
            same_as_oracle(algs[i], raw, text);
        }
    }
}

static void test_random(void **state) {
    (void)state;
    struct noise n = {11};
    for (size_t i = 0; i < ALGS; i++) {
        for (int c = 0; c < CASES; c++) {
            uint8_t raw[24], text[BLOCK];
            noise_fill(&n, raw, sizeof raw);
            noise_fill(&n, text, sizeof text);
            same_as_oracle(algs[i], raw, text);
        }
    }
}

static void encrypt(const uint8_t *raw, const uint8_t *in, uint8_t *out) {
    struct crypto_key key;
    crypto_key_set(&key, CRYPTO_DES, raw, 8);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, in, out, BLOCK);
    crypto_key_wipe(&key);
}

/* NIST SP 800-67, 3.3.2: under a weak key, and under a pair of semi-weak ones, a second
 * encipherment undoes the first. */
static void test_weak_keys(void **state) {
    static const char *const pairs[][2] = {
        {"0101010101010101", "0101010101010101"}, {"fefefefefefefefe", "fefefefefefefefe"},
        {"e0e0e0e0f1f1f1f1", "e0e0e0e0f1f1f1f1"}, {"1f1f1f1f0e0e0e0e", "1f1f1f1f0e0e0e0e"},
        {"011f011f010e010e", "1f011f010e010e01"}, {"01e001e001f101f1", "e001e001f101f101"},
        {"01fe01fe01fe01fe", "fe01fe01fe01fe01"}, {"1fe01fe00ef10ef1", "e01fe01ff10ef10e"},
        {"1ffe1ffe0efe0efe", "fe1ffe1ffe0efe0e"}, {"e0fee0fef1fef1fe", "fee0fee0fef1fef1"}};
    (void)state;
    struct noise n = {12};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        uint8_t first[8], second[8], text[BLOCK], out[BLOCK];
        hex(first, 8, pairs[i][0]);
        hex(second, 8, pairs[i][1]);
        noise_fill(&n, text, sizeof text);
        encrypt(first, text, out);
        assert_memory_not_equal(out, text, BLOCK);
        encrypt(second, out, out);
        assert_memory_equal(out, text, BLOCK);
    }
}

/* E of the complements is the complement of E; parity bits do not matter. */
static void test_complement_and_parity(void **state) {
    (void)state;
    struct noise n = {13};
    for (int c = 0; c < 200; c++) {
        uint8_t raw[8], text[BLOCK], plain[BLOCK], odd[BLOCK];
        noise_fill(&n, raw, sizeof raw);
        noise_fill(&n, text, sizeof text);
        encrypt(raw, text, plain);
        raw[c % 8] ^= 1;
        encrypt(raw, text, odd);
        assert_memory_equal(odd, plain, BLOCK);
        for (size_t i = 0; i < 8; i++) {
            raw[i] = (uint8_t)~raw[i];
            text[i] = (uint8_t)~text[i];
            plain[i] = (uint8_t)~plain[i];
        }
        encrypt(raw, text, odd);
        assert_memory_equal(odd, plain, BLOCK);
    }
}

/* ISO/IEC 9797-1 algorithms 1 and 3, block after block, by mbedtls. */
static void oracle_mac(enum crypto_alg alg, const uint8_t *raw, bool retail, uint8_t *chain,
                       const uint8_t *message, size_t blocks) {
    for (size_t b = 0; b < blocks; b++) {
        for (size_t i = 0; i < BLOCK; i++)
            chain[i] ^= message[b * BLOCK + i];
        oracle(retail && b + 1 < blocks ? CRYPTO_DES : alg, raw, false, chain, chain);
    }
}

static void one_mac(struct noise *n, enum crypto_alg alg, bool retail) {
    uint8_t raw[24], iv[BLOCK], text[TEXT + BLOCK], want[BLOCK], got[BLOCK];
    const enum crypto_pad pad = (enum crypto_pad)noise_below(n, 3);
    const enum crypto_mac_kind kind = retail ? CRYPTO_MAC_RETAIL : CRYPTO_MAC_CBC;
    size_t len = noise_below(n, TEXT + 1), padded;
    struct crypto_key key;
    struct crypto_mac mac;
    noise_fill(n, raw, sizeof raw);
    noise_fill(n, text, sizeof text);
    noise_fill(n, iv, sizeof iv);
    if (pad == CRYPTO_PAD_NONE)
        len -= len % BLOCK;
    if (pad != CRYPTO_PAD_80 && len == 0)
        len = BLOCK;
    uint8_t whole[TEXT + BLOCK];
    memcpy(whole, text, sizeof whole);
    padded = len;
    crypto_pad_add(whole, &padded, sizeof whole, BLOCK, pad);
    memcpy(want, iv, BLOCK);
    oracle_mac(alg, raw, retail, want, whole, padded / BLOCK);

    crypto_key_set(&key, alg, raw, key_size(alg));
    assert_int_equal(crypto_mac_once(&key, kind, pad, iv, text, len, got, BLOCK), ONECARD_OK);
    assert_memory_equal(got, want, BLOCK);
    const size_t part = noise_below(n, len + 1);
    assert_int_equal(crypto_mac_start(&mac, &key, kind, pad, iv), ONECARD_OK);
    crypto_mac_update(&mac, text, part);
    crypto_mac_update(&mac, text + part, len - part);
    assert_int_equal(crypto_mac_finish(&mac, got, BLOCK), ONECARD_OK);
    assert_memory_equal(got, want, BLOCK);
    crypto_key_wipe(&key);
}

static void test_macs(void **state) {
    (void)state;
    struct noise n = {14};
    for (int c = 0; c < CASES; c++) {
        one_mac(&n, CRYPTO_DES, false);
        one_mac(&n, CRYPTO_TDES2, c % 2);
        one_mac(&n, CRYPTO_TDES3, c % 2);
    }
}

/* Several at once are what each is alone: all ciphers, kinds and lengths, and what is refused. */
static void several_macs(struct noise *n) {
    static const enum crypto_alg all[] = {CRYPTO_DES,   CRYPTO_DES,    CRYPTO_TDES2,
                                          CRYPTO_TDES3, CRYPTO_AES128, CRYPTO_SM4};
    enum { MOST = 8 };
    static struct crypto_key keys[MOST];
    struct crypto_mac_job jobs[MOST];
    uint8_t raw[24], text[2 * TEXT], want[MOST][CRYPTO_BLOCK_MAX] = {{0}};
    const size_t count = noise_below(n, MOST + 1);
    enum onecard_err err = ONECARD_OK;
    noise_fill(n, text, sizeof text);
    for (size_t i = 0; i < count; i++) {
        const enum crypto_alg alg = all[noise_below(n, sizeof all / sizeof *all)];
        noise_fill(n, raw, sizeof raw);
        crypto_key_set(&keys[i], alg, raw, key_size(alg));
        jobs[i] = (struct crypto_mac_job){
            .key = &keys[i],
            .kind = (enum crypto_mac_kind)(noise_below(n, 40) ? 1 + noise_below(n, 2) : 3),
            .pad = (enum crypto_pad)(noise_below(n, 40) ? 1 + noise_below(n, 2) : 0),
            .data = text + noise_below(n, TEXT),
            .len = noise_below(n, TEXT + 1)};
        if (keys[i].info->block_size != BLOCK)
            jobs[i].kind = CRYPTO_MAC_CBC;
        else if (alg == CRYPTO_DES && noise_below(n, 40))
            jobs[i].kind = CRYPTO_MAC_CBC;
        if (err == ONECARD_OK)
            err = crypto_mac_once(&keys[i], jobs[i].kind, jobs[i].pad, NULL, jobs[i].data,
                                  jobs[i].len, want[i], keys[i].info->block_size);
    }
    assert_int_equal(crypto_macs(jobs, count), err);
    for (size_t i = 0; i < count && err == ONECARD_OK; i++)
        assert_memory_equal(jobs[i].mac, want[i], keys[i].info->block_size);
    for (size_t i = 0; i < count; i++)
        crypto_key_wipe(&keys[i]);
}

static void test_several_macs(void **state) {
    (void)state;
    struct noise n = {15};
    static const uint8_t raw[1];
    struct crypto_key empty = {.info = NULL};
    struct crypto_mac_job job = {.key = &empty, .kind = CRYPTO_MAC_CBC, .data = raw, .len = 1};
    for (int c = 0; c < CASES; c++)
        several_macs(&n);
    assert_int_equal(crypto_macs(&job, 1), ONECARD_E_PARAM);
}

/* What one call refuses, short message or long. */
static void test_mac_refusals(void **state) {
    uint8_t raw[16] = {1}, text[TEXT] = {0}, out[BLOCK];
    struct crypto_key key;
    (void)state;
    crypto_key_set(&key, CRYPTO_TDES2, raw, sizeof raw);
    for (size_t len = 4; len <= TEXT; len += TEXT - 4) {
        assert_int_equal(
            crypto_mac_once(&key, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, text, len, out, 0),
            ONECARD_E_PARAM);
        assert_int_equal(
            crypto_mac_once(&key, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, text, len, out, 9),
            ONECARD_E_PARAM);
        assert_int_equal(
            crypto_mac_once(&key, CRYPTO_MAC_RETAIL, CRYPTO_PAD_NONE, NULL, text, len - 1, out, 8),
            ONECARD_E_PARAM);
        assert_int_equal(
            crypto_mac_once(&key, (enum crypto_mac_kind)9, CRYPTO_PAD_80, NULL, text, len, out, 8),
            ONECARD_E_PARAM);
    }
    assert_int_equal(crypto_mac_once(&key, CRYPTO_MAC_CBC, CRYPTO_PAD_NONE, NULL, text, 0, out, 8),
                     ONECARD_E_PARAM);
    crypto_key_wipe(&key);
    assert_int_equal(crypto_mac_once(&key, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, text, 8, out, 8),
                     ONECARD_E_PARAM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_bits),  cmocka_unit_test(test_random),
        cmocka_unit_test(test_weak_keys),    cmocka_unit_test(test_complement_and_parity),
        cmocka_unit_test(test_macs),         cmocka_unit_test(test_several_macs),
        cmocka_unit_test(test_mac_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
