/* The other side of secure messaging (ICAO 9303-11 9.8, BSI TR-03110-3 F) by OpenSSL and nothing of
 * the card: commands are protected, answers are checked and opened. */
#ifndef SECURE_SM_TERMINAL_H
#define SECURE_SM_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

struct sm_terminal {
    const char *cipher; /* "DES-EDE", "AES-128", "AES-256", "SM4" */
    uint8_t mac[32], enc[32];
    size_t key_len;
    size_t block;
    bool encipher; /* commands */
    size_t mac_len;
    uint8_t counter[16];
};

static inline void terminal_name(const struct sm_terminal *t, const char *mode, char name[24]) {
    snprintf(name, 24, "%s-%s", t->cipher, mode);
}

static inline void terminal_evp(const char *name, const uint8_t *key, const uint8_t *iv,
                                bool encrypt, const uint8_t *in, size_t len, uint8_t *out) {
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int done = 0;
    assert_non_null(cipher);
    assert_int_equal(EVP_CipherInit_ex2(ctx, cipher, key, iv, encrypt, NULL), 1);
    EVP_CIPHER_CTX_set_padding(ctx, 0);
    assert_int_equal(EVP_CipherUpdate(ctx, out, &done, in, (int)len), 1);
    assert_int_equal(done, (int)len);
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
}

/* ISO/IEC 9797-1 algorithm 3 over whole blocks: DES by DES-EDE with one key twice. */
static inline void terminal_retail(const uint8_t key[16], const uint8_t *data, size_t len,
                                   uint8_t mac[8]) {
    uint8_t left[16], block[8] = {0};
    memcpy(left, key, 8);
    memcpy(left + 8, key, 8);
    for (size_t i = 0; i < len; i += 8) {
        for (size_t j = 0; j < 8; j++)
            block[j] ^= data[i + j];
        terminal_evp("DES-EDE-ECB", i + 8 == len ? key : left, NULL, true, block, 8, block);
    }
    memcpy(mac, block, 8);
}

static inline void terminal_mac_of(const struct sm_terminal *t, const uint8_t *data, size_t len,
                                   uint8_t mac[16]) {
    if (t->block == 8) {
        terminal_retail(t->mac, data, len, mac);
        return;
    }
    char name[24];
    size_t mac_len;
    terminal_name(t, "CBC", name);
    EVP_MAC *cmac = EVP_MAC_fetch(NULL, "CMAC", NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(cmac);
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
                           OSSL_PARAM_construct_end()};
    assert_int_equal(EVP_MAC_init(ctx, t->mac, t->key_len, params), 1);
    EVP_MAC_update(ctx, data, len);
    assert_int_equal(EVP_MAC_final(ctx, mac, &mac_len, 16), 1);
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(cmac);
}

static inline void terminal_cipher(const struct sm_terminal *t, bool encrypt, uint8_t *data,
                                   size_t len) {
    char name[24];
    uint8_t iv[16] = {0};
    if (t->block == 16) {
        terminal_name(t, "ECB", name);
        terminal_evp(name, t->enc, NULL, true, t->counter, 16, iv);
    }
    terminal_name(t, "CBC", name);
    terminal_evp(name, t->enc, iv, encrypt, data, len, data);
}

static inline void terminal_count(struct sm_terminal *t) {
    for (size_t i = t->block; i-- > 0 && ++t->counter[i] == 0;)
        ;
}

static inline size_t terminal_pad(const struct sm_terminal *t, uint8_t *data, size_t len) {
    data[len++] = 0x80;
    while (len % t->block != 0)
        data[len++] = 0;
    return len;
}

static inline size_t terminal_object(uint8_t *out, uint8_t tag, const uint8_t *value, size_t len) {
    size_t n = 0;
    out[n++] = tag;
    if (len > 0xFF) {
        out[n++] = 0x82;
        out[n++] = (uint8_t)(len >> 8);
    } else if (len > 0x7F) {
        out[n++] = 0x81;
    }
    out[n++] = (uint8_t)len;
    memcpy(out + n, value, len);
    return n + len;
}

/* The MAC that belongs behind these data objects of a command (or an answer: header NULL). */
static inline void terminal_mac_objects(const struct sm_terminal *t, const uint8_t *header,
                                        const uint8_t *objects, size_t len, uint8_t mac[16]) {
    uint8_t message[4096];
    size_t n = t->block;
    memcpy(message, t->counter, n);
    if (header) {
        memcpy(message + n, header, 4);
        n = terminal_pad(t, message, n + 4);
    }
    if (len) {
        memcpy(message + n, objects, len);
        n = terminal_pad(t, message, n + len);
    }
    terminal_mac_of(t, message, n, mac);
}

/* Data objects of a command, without 8E. le: -1 none; below 256 one byte, else two. */
static inline size_t terminal_objects(const struct sm_terminal *t, uint8_t ins, const uint8_t *data,
                                      size_t len, int le, uint8_t *out) {
    uint8_t value[2048];
    size_t n = 0;
    if (len && t->encipher) {
        const size_t indicator = ins & 1 ? 0 : 1;
        value[0] = 0x01;
        memcpy(value + indicator, data, len);
        const size_t padded = terminal_pad(t, value + indicator, len);
        terminal_cipher(t, true, value + indicator, padded);
        n += terminal_object(out + n, indicator ? 0x87 : 0x85, value, padded + indicator);
    } else if (len) {
        n += terminal_object(out + n, 0x81, data, len);
    }
    const uint8_t bytes[2] = {(uint8_t)(le >> 8), (uint8_t)le};
    if (le >= 256)
        n += terminal_object(out + n, 0x97, bytes, 2);
    else if (le >= 0)
        n += terminal_object(out + n, 0x97, bytes + 1, 1);
    return n;
}

/* A whole command, extended if it must be. header: class with its secure messaging bits. Returns
 * its length. */
static inline size_t terminal_protect(struct sm_terminal *t, const uint8_t header[4],
                                      const uint8_t *data, size_t len, int le, uint8_t *out) {
    uint8_t objects[4096], mac[16];
    terminal_count(t);
    size_t n = terminal_objects(t, header[1], data, len, le, objects);
    terminal_mac_objects(t, (header[0] & 0x0C) == 0x0C ? header : NULL, objects, n, mac);
    n += terminal_object(objects + n, 0x8E, mac, t->mac_len);
    size_t at = 4;
    memcpy(out, header, 4);
    const bool extended = n > 255 || le >= 256;
    if (extended) {
        out[at++] = 0;
        out[at++] = (uint8_t)(n >> 8);
    }
    out[at++] = (uint8_t)n;
    memcpy(out + at, objects, n);
    at += n;
    out[at++] = 0;
    if (extended)
        out[at++] = 0;
    return at;
}

/* Check and open an answer (without the outer status word). Returns the bytes of data, *status from
 * 99; -1 if anything is not as it should be. */
static inline int terminal_open(struct sm_terminal *t, uint8_t ins, const uint8_t *answer,
                                size_t len, uint8_t *out, unsigned *status) {
    uint8_t mac[16];
    const uint8_t *p = answer;
    const size_t tail = 4 + 2 + t->mac_len;
    int n = 0;
    terminal_count(t);
    if (len < tail)
        return -1;
    const size_t covered = len - 2 - t->mac_len;
    const uint8_t *word = answer + covered - 4, *code = answer + covered;
    if (word[0] != 0x99 || word[1] != 2 || code[0] != 0x8E || code[1] != t->mac_len)
        return -1;
    terminal_mac_objects(t, NULL, answer, covered, mac);
    if (memcmp(mac, code + 2, t->mac_len) != 0)
        return -1;
    *status = (unsigned)(word[2] << 8 | word[3]);
    if (p == word)
        return 0;
    const uint8_t tag = *p++;
    size_t size = *p++;
    if (size == 0x81) {
        size = *p++;
    } else if (size == 0x82) {
        size = (size_t)(p[0] << 8 | p[1]);
        p += 2;
    }
    if (p + size != word)
        return -1;
    if (tag == 0x81) {
        memcpy(out, p, size);
        return (int)size;
    }
    if (tag != (ins & 1 ? 0x85 : 0x87) || (tag == 0x87 && *p != 0x01))
        return -1;
    n = (int)size - (tag == 0x87);
    memcpy(out, p + (tag == 0x87), (size_t)n);
    terminal_cipher(t, false, out, (size_t)n);
    while (n > 0 && out[n - 1] == 0)
        n--;
    return n > 0 && out[n - 1] == 0x80 ? n - 1 : -1;
}

#endif
