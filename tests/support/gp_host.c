#include "support/gp_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

/* ---- OpenSSL ---- */

static const EVP_CIPHER *cipher_of(uint8_t protocol, size_t key_len, bool cbc) {
    if (protocol == 0x02)
        return cbc ? EVP_des_ede3_cbc() : EVP_des_ede3_ecb();
    if (protocol == 0xF3)
        return cbc ? EVP_sm4_cbc() : EVP_sm4_ecb();
    switch (key_len) {
    case 16:
        return cbc ? EVP_aes_128_cbc() : EVP_aes_128_ecb();
    case 24:
        return cbc ? EVP_aes_192_cbc() : EVP_aes_192_ecb();
    default:
        return cbc ? EVP_aes_256_cbc() : EVP_aes_256_ecb();
    }
}

static void cipher(const EVP_CIPHER *type, const uint8_t *key, const uint8_t *iv, bool encrypt,
                   const uint8_t *in, uint8_t *out, size_t len) {
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0;
    assert_int_equal(EVP_CipherInit_ex(ctx, type, NULL, key, iv, encrypt), 1);
    EVP_CIPHER_CTX_set_padding(ctx, 0);
    assert_int_equal(EVP_CipherUpdate(ctx, out, &n, in, (int)len), 1);
    assert_int_equal(n, (int)len);
    EVP_CIPHER_CTX_free(ctx);
}

/* A two-key triple DES key as OpenSSL wants it; single DES is the same key three times. */
static void des_key(const uint8_t *key, bool single, uint8_t out[24]) {
    memcpy(out, key, 8);
    memcpy(out + 8, single ? key : key + 8, 8);
    memcpy(out + 16, key, 8);
}

static void block_cipher(uint8_t protocol, const uint8_t *key, size_t key_len, bool cbc,
                         const uint8_t *iv, bool encrypt, const uint8_t *in, uint8_t *out,
                         size_t len) {
    uint8_t des[24];
    static const uint8_t zeros[16];
    if (protocol == 0x02)
        des_key(key, false, des);
    cipher(cipher_of(protocol, key_len, cbc), protocol == 0x02 ? des : key, iv ? iv : zeros,
           encrypt, in, out, len);
}

void gp_cmac(uint8_t protocol, const uint8_t *key, size_t key_len, const uint8_t *data, size_t len,
             uint8_t mac[16]) {
    static const char *const aes[] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"};
    char name[16];
    size_t out_len = 0;
    snprintf(name, sizeof name, "%s", protocol == 0xF3 ? "SM4-CBC" : aes[key_len / 8 - 2]);
    EVP_MAC *type = EVP_MAC_fetch(NULL, "CMAC", NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(type);
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
                           OSSL_PARAM_construct_end()};
    assert_int_equal(EVP_MAC_init(ctx, key, key_len, params), 1);
    assert_int_equal(EVP_MAC_update(ctx, data, len), 1);
    assert_int_equal(EVP_MAC_final(ctx, mac, &out_len, 16), 1);
    assert_int_equal(out_len, 16);
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(type);
}

static size_t pad80(uint8_t *data, size_t len, size_t block) {
    data[len++] = 0x80;
    while (len % block)
        data[len++] = 0;
    return len;
}

void gp_retail_mac(const uint8_t key[16], const uint8_t iv[8], const uint8_t *data, size_t len,
                   uint8_t mac[8]) {
    uint8_t *padded = malloc(len + 16), single[24], full[24], block[8];
    assert_non_null(padded);
    if (len)
        memcpy(padded, data, len);
    len = pad80(padded, len, 8);
    des_key(key, true, single);
    des_key(key, false, full);
    memcpy(block, iv, 8);
    for (size_t at = 0; at < len; at += 8) {
        for (int i = 0; i < 8; i++)
            block[i] ^= padded[at + i];
        cipher(EVP_des_ede3_ecb(), at + 8 == len ? full : single, NULL, true, block, block, 8);
    }
    memcpy(mac, block, 8);
    free(padded);
}

/* ---- keys and cryptograms ---- */

void gp_default_keys(struct gp_host *h, uint8_t protocol, uint8_t key_len, uint8_t version,
                     uint8_t level) {
    memset(h, 0, sizeof *h);
    h->protocol = protocol;
    h->key_len = key_len;
    h->version = version;
    h->level = level;
    h->size = 8;
    for (uint8_t i = 0; i < key_len; i++)
        h->enc[i] = h->mac[i] = h->dek[i] = (uint8_t)(0x40 + i);
}

static void derive02(const struct gp_host *h, const uint8_t *key, uint8_t constant, uint8_t *out) {
    uint8_t data[16] = {0x01, constant, (uint8_t)(h->sequence >> 8), (uint8_t)h->sequence};
    block_cipher(0x02, key, 16, true, NULL, true, data, out, 16);
}

static void derive03(const struct gp_host *h, const uint8_t *key, uint8_t constant, size_t len,
                     uint8_t *out) {
    uint8_t data[16 + 32] = {0}, block[16];
    data[11] = constant;
    data[13] = (uint8_t)(len * 8 >> 8);
    data[14] = (uint8_t)(len * 8);
    memset(data + 16, h->challenge, h->size);
    memcpy(data + 16 + h->size, h->card_challenge, h->size);
    for (size_t at = 0; at < len; at += 16) {
        data[15]++;
        gp_cmac(h->protocol, key, h->key_len, data, 16u + 2u * h->size, block);
        memcpy(out + at, block, len - at < 16 ? len - at : 16);
    }
}

static void cryptogram02(const struct gp_host *h, bool of_card, uint8_t out[8]) {
    uint8_t data[32], host[8], iv[8] = {0}, result[24];
    memset(host, h->challenge, 8);
    memcpy(data, of_card ? host : h->card_challenge, 8);
    memcpy(data + 8, of_card ? h->card_challenge : host, 8);
    size_t len = pad80(data, 16, 8);
    block_cipher(0x02, h->s_enc, 16, true, iv, true, data, result, len);
    memcpy(out, result + len - 8, 8);
}

static void cryptogram(const struct gp_host *h, bool of_card, uint8_t *out) {
    if (h->protocol == 0x02)
        cryptogram02(h, of_card, out);
    else
        derive03(h, h->s_mac, of_card ? 0x00 : 0x01, h->size, out);
}

static void session_keys(struct gp_host *h) {
    if (h->protocol == 0x02) {
        derive02(h, h->enc, 0x82, h->s_enc);
        derive02(h, h->mac, 0x01, h->s_mac);
        derive02(h, h->mac, 0x02, h->s_rmac);
        derive02(h, h->dek, 0x81, h->s_dek);
    } else {
        derive03(h, h->enc, 0x04, h->key_len, h->s_enc);
        derive03(h, h->mac, 0x06, h->key_len, h->s_mac);
        derive03(h, h->mac, 0x07, h->key_len, h->s_rmac);
        memcpy(h->s_dek, h->dek, sizeof h->s_dek);
    }
}

/* ---- opening ---- */

static unsigned status_of(const struct test_card *t) {
    return (unsigned)t->response[t->response_len - 2] << 8 | t->response[t->response_len - 1];
}

static unsigned transmit(struct test_card *t, const uint8_t *command, size_t len) {
    assert_int_equal(onecard_transmit(t->card, command, len, t->response, &t->response_len),
                     ONECARD_OK);
    while (onecard_idle(t->card))
        ;
    return status_of(t);
}

unsigned gp_initialize(struct test_card *t, struct gp_host *h) {
    uint8_t command[22] = {(uint8_t)(0x80 | h->channel), 0x50, h->version, 0x00, h->size};
    uint8_t expected[16];
    memset(command + 5, h->challenge, h->size);
    h->r_mac = false;
    unsigned sw = transmit(t, command, 6u + h->size);
    if (sw != 0x9000)
        return sw;
    const uint8_t *r = t->response;
    h->answer_len = (uint32_t)t->response_len - 2;
    h->used_version = r[10];
    assert_int_equal(r[11], h->protocol);
    if (h->protocol == 0x02) {
        assert_int_equal(h->answer_len, 28);
        h->sequence = (uint32_t)r[12] << 8 | r[13];
        memcpy(h->card_challenge, r + 12, 8);
        r += 20;
    } else {
        h->options = r[12];
        assert_int_equal(h->answer_len, 13u + 2u * h->size + (h->options & 0x10 ? 3 : 0));
        assert_int_equal(h->options & 0x01, h->size == 16);
        memcpy(h->card_challenge, r + 13, h->size);
        r += 13 + h->size;
        if (h->options & 0x10)
            h->sequence =
                (uint32_t)r[h->size] << 16 | (uint32_t)r[h->size + 1] << 8 | r[h->size + 2];
    }
    session_keys(h);
    cryptogram(h, true, expected);
    return memcmp(expected, r, h->size) ? 0xBAD0 : 0x9000;
}

/* The chained MAC over a header and data; moves the chain on. */
static void command_mac(struct gp_host *h, const uint8_t *header, size_t header_len,
                        const uint8_t *data, size_t len, uint8_t *mac) {
    uint8_t *message = malloc(16 + header_len + len + 16);
    size_t at = 0;
    assert_non_null(message);
    if (h->protocol != 0x02) {
        memcpy(message, h->chain, 16);
        at = 16;
    }
    memcpy(message + at, header, header_len);
    if (len)
        memcpy(message + at + header_len, data, len);
    at += header_len + len;
    if (h->protocol != 0x02) {
        gp_cmac(h->protocol, h->s_mac, h->key_len, message, at, h->chain);
    } else {
        static const uint8_t zeros[8];
        uint8_t icv[8], single[24];
        memcpy(icv, h->chain, 8);
        des_key(h->s_mac, true, single);
        if (memcmp(icv, zeros, 8))
            cipher(EVP_des_ede3_ecb(), single, NULL, true, icv, icv, 8);
        gp_retail_mac(h->s_mac, icv, message, at, h->chain);
    }
    memcpy(mac, h->chain, h->size);
    free(message);
}

unsigned gp_authenticate(struct test_card *t, struct gp_host *h) {
    uint8_t command[5 + 32] = {(uint8_t)(0x84 | h->channel), 0x82, h->level, 0x00,
                               (uint8_t)(2 * h->size)};
    uint8_t header[5];
    memset(h->chain, 0, sizeof h->chain);
    memset(h->counter, 0, sizeof h->counter);
    cryptogram(h, false, command + 5);
    memcpy(header, command, 5);
    header[0] = 0x84;
    command_mac(h, header, 5, command + 5, h->size, command + 5 + h->size);
    unsigned sw = transmit(t, command, 5u + 2u * h->size);
    memcpy(h->r_chain, h->chain, 16);
    h->r_mac = h->level & 0x10;
    return sw;
}

unsigned gp_open(struct test_card *t, struct gp_host *h) {
    unsigned sw = gp_initialize(t, h);
    return sw == 0x9000 ? gp_authenticate(t, h) : sw;
}

/* ---- commands ---- */

static size_t put_header(uint8_t *to, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2, size_t lc) {
    to[0] = cla;
    to[1] = ins;
    to[2] = p1;
    to[3] = p2;
    if (lc <= 255) {
        to[4] = (uint8_t)lc;
        return 5;
    }
    to[4] = 0;
    to[5] = (uint8_t)(lc >> 8);
    to[6] = (uint8_t)lc;
    return 7;
}

static void counter_iv(const struct gp_host *h, uint8_t first, uint8_t iv[16]) {
    uint8_t counter[16];
    memcpy(counter, h->counter, 16);
    counter[0] = first;
    block_cipher(h->protocol, h->s_enc, h->key_len, false, NULL, true, counter, iv, 16);
}

static size_t encipher_data(struct gp_host *h, uint8_t *data, size_t len) {
    uint8_t iv[16];
    if (h->protocol != 0x02) {
        for (int i = 15; i >= 0 && ++h->counter[i] == 0; i--)
            ;
        counter_iv(h, 0x00, iv);
    }
    if (!len)
        return 0;
    len = pad80(data, len, h->protocol == 0x02 ? 8 : 16);
    block_cipher(h->protocol, h->s_enc, h->key_len, true, h->protocol == 0x02 ? NULL : iv, true,
                 data, data, len);
    return len;
}

size_t gp_wrap(struct gp_host *h, uint8_t ins, uint8_t p1, uint8_t p2, const void *data, size_t len,
               uint8_t *out) {
    uint8_t *body = malloc(len + 64), header[7], mac[16];
    uint8_t cla = h->level & 0x01 ? 0x84 : 0x80;
    size_t plain_len = len, mac_len = h->level & 0x01 ? h->size : 0;
    assert_non_null(body);
    if (len)
        memcpy(body, data, len);
    if (h->protocol == 0x02 && mac_len) { /* MAC over the plain data, then encipher */
        size_t n = put_header(header, cla, ins, p1, p2, plain_len + mac_len);
        command_mac(h, header, n, body, plain_len, mac);
    }
    if (h->level & 0x02)
        len = encipher_data(h, body, len);
    size_t n = put_header(header, cla, ins, p1, p2, len + mac_len);
    if (h->protocol != 0x02 && mac_len)
        command_mac(h, header, n, body, len, mac);
    header[0] |= h->channel;
    memcpy(out, header, n);
    if (len)
        memcpy(out + n, body, len);
    memcpy(out + n + len, mac, mac_len);
    free(body);
    size_t total = n + len + mac_len;
    if (!(len + mac_len))
        total = 4;
    out[total++] = 0;
    if (n == 7)
        out[total++] = 0;
    return total;
}

/* Check and strip the MAC of an answer, decipher it. */
static void take_answer(struct test_card *t, struct gp_host *h, uint8_t ins, uint8_t p1, uint8_t p2,
                        const void *data, size_t len) {
    uint8_t mac[16];
    size_t answer_len = t->response_len - 2;
    unsigned sw = status_of(t);
    bool good = sw == 0x9000 || sw >> 8 == 0x62 || sw >> 8 == 0x63;
    memcpy(h->data, t->response, answer_len);
    h->len = answer_len;
    if (!h->r_mac || (h->protocol != 0x02 && !good))
        return;
    assert_true(answer_len >= h->size);
    h->len -= h->size;
    uint8_t *message = malloc(h->len + len + 64);
    size_t at = 0;
    assert_non_null(message);
    if (h->protocol == 0x02) {
        at = put_header(message, 0x80, ins, p1, p2, len);
        if (len)
            memcpy(message + at, data, len);
        at += len;
        message[at++] = (uint8_t)h->len;
    } else {
        memcpy(message, h->chain, 16);
        at = 16;
    }
    memcpy(message + at, h->data, h->len);
    memcpy(message + at + h->len, t->response + answer_len, 2);
    at += h->len + 2;
    if (h->protocol == 0x02) {
        gp_retail_mac(h->s_rmac, h->r_chain, message, at, mac);
        memcpy(h->r_chain, mac, 8);
    } else {
        gp_cmac(h->protocol, h->s_rmac, h->key_len, message, at, mac);
    }
    free(message);
    assert_memory_equal(mac, h->data + h->len, h->size);
    if (!(h->level & 0x20) || !h->len)
        return;
    uint8_t iv[16];
    counter_iv(h, 0x80, iv);
    block_cipher(h->protocol, h->s_enc, h->key_len, true, iv, false, h->data, h->data, h->len);
    while (h->len && !h->data[h->len - 1])
        h->len--;
    assert_true(h->len && h->data[h->len - 1] == 0x80);
    h->len--;
}

unsigned gp_send(struct test_card *t, struct gp_host *h, uint8_t ins, uint8_t p1, uint8_t p2,
                 const void *data, size_t len) {
    uint8_t *command = malloc(len + 64);
    assert_non_null(command);
    size_t n = gp_wrap(h, ins, p1, p2, data, len, command);
    unsigned sw = transmit(t, command, n);
    free(command);
    take_answer(t, h, ins, p1, p2, data, len);
    return sw;
}

static size_t from_hex(const char *hex, uint8_t *out) {
    size_t len = 0;
    for (; *hex; hex++) {
        unsigned byte;
        if (*hex == ' ')
            continue;
        assert_int_equal(sscanf(hex, "%2x", &byte), 1);
        out[len++] = (uint8_t)byte;
        hex++;
    }
    return len;
}

unsigned gp_send_hex(struct test_card *t, struct gp_host *h, const char *header, const char *data) {
    uint8_t head[4], body[600];
    assert_int_equal(from_hex(header, head), 3);
    return gp_send(t, h, head[0], head[1], head[2], body, from_hex(data, body));
}

/* ---- keys ---- */

void gp_encipher(const struct gp_host *h, const uint8_t *in, uint8_t *out, size_t len) {
    block_cipher(h->protocol, h->s_dek, h->key_len, h->protocol != 0x02, NULL, true, in, out, len);
}

size_t gp_key_field(const struct gp_host *h, uint8_t type, const uint8_t *key, size_t len,
                    uint8_t *out) {
    uint8_t value[32] = {0}, check[16];
    size_t block = h && h->protocol != 0x02 ? 16 : 8, full = (len + block - 1) / block * block;
    memcpy(value, key, len);
    if (h)
        gp_encipher(h, value, value, full);
    else
        full = len;
    size_t at = 0;
    out[at++] = type;
    out[at++] = (uint8_t)(full + (type != 0x80));
    if (type != 0x80)
        out[at++] = (uint8_t)len;
    memcpy(out + at, value, full);
    at += full;
    memset(check, type == 0x80 ? 0 : 1, sizeof check);
    block_cipher(type == 0x80   ? 0x02
                 : type == 0x88 ? 0x03
                                : 0xF3,
                 key, len, false, NULL, true, check, check, type == 0x80 ? 8 : 16);
    out[at++] = 3;
    memcpy(out + at, check, 3);
    return at + 3;
}

unsigned gp_put_keys(struct test_card *t, struct gp_host *h, bool plain, uint8_t old, uint8_t type,
                     const struct gp_host *keys) {
    uint8_t data[255];
    size_t at = 1;
    data[0] = keys->version;
    at += gp_key_field(plain ? NULL : h, type, keys->enc, keys->key_len, data + at);
    at += gp_key_field(plain ? NULL : h, type, keys->mac, keys->key_len, data + at);
    at += gp_key_field(plain ? NULL : h, type, keys->dek, keys->key_len, data + at);
    if (!plain)
        return gp_send(t, h, 0xD8, old, 0x81, data, at);
    uint8_t command[262] = {0x80, 0xD8, old, 0x81, (uint8_t)at};
    memcpy(command + 5, data, at);
    return transmit(t, command, 5 + at);
}
