/* The other side of the purse, for tests and benchmarks: what a terminal, a top-up host or the
 * issuer computes, after specs/purse.md, by mbedtls and nothing of the card. */
#ifndef TRANSIT_TERMINAL_H
#define TRANSIT_TERMINAL_H

#include <stdint.h>
#include <string.h>

#include <mbedtls/des.h>

/* ---- primitives ---- */

static inline void terminal_tdes(const uint8_t key[16], const uint8_t in[8], uint8_t out[8]) {
    mbedtls_des3_context ctx;
    mbedtls_des3_init(&ctx);
    mbedtls_des3_set2key_enc(&ctx, key);
    mbedtls_des3_crypt_ecb(&ctx, in, out);
    mbedtls_des3_free(&ctx);
}

/* CBC-MAC, padding 80 00.. always; the last block by single DES, or, with a second half of the key,
 * by ISO/IEC 9797-1 algorithm 3. */
static inline void terminal_cbc(const uint8_t *key, const uint8_t *key2, const uint8_t *iv,
                                const uint8_t *data, size_t len, uint8_t mac[4]) {
    uint8_t block[8] = {0};
    mbedtls_des_context ctx;
    mbedtls_des_init(&ctx);
    mbedtls_des_setkey_enc(&ctx, key);
    if (iv)
        memcpy(block, iv, 8);
    for (size_t i = 0; i < len / 8 * 8 + 8; i++) {
        block[i % 8] ^= i < len ? data[i] : i == len ? 0x80 : 0x00;
        if (i % 8 == 7)
            mbedtls_des_crypt_ecb(&ctx, block, block);
    }
    if (key2) {
        mbedtls_des_setkey_dec(&ctx, key2);
        mbedtls_des_crypt_ecb(&ctx, block, block);
        mbedtls_des_setkey_enc(&ctx, key);
        mbedtls_des_crypt_ecb(&ctx, block, block);
    }
    mbedtls_des_free(&ctx);
    memcpy(mac, block, 4);
}

static inline void terminal_mac(const uint8_t session[8], const uint8_t *data, size_t len,
                                uint8_t mac[4]) {
    terminal_cbc(session, NULL, NULL, data, len, mac);
}

/* Under the left half XOR the right half: TAC, reload. */
static inline void terminal_folded_mac(const uint8_t key[16], const uint8_t *data, size_t len,
                                       uint8_t mac[4]) {
    uint8_t folded[8];
    for (int i = 0; i < 8; i++)
        folded[i] = key[i] ^ key[8 + i];
    terminal_cbc(folded, NULL, NULL, data, len, mac);
}

static inline void terminal_session(const uint8_t key[16], const uint8_t random[4],
                                    const uint8_t counter[2], const uint8_t tail[2],
                                    uint8_t session[8]) {
    uint8_t d[8];
    memcpy(d, random, 4);
    memcpy(d + 4, counter, 2);
    memcpy(d + 6, tail, 2);
    terminal_tdes(key, d, session);
}

/* Lengthen a command (class 04 or 84, Lc without the MAC) by its MAC. Returns its new length. */
static inline size_t terminal_secure(const uint8_t key[16], const uint8_t *challenge,
                                     size_t challenge_len, uint8_t *command, size_t len) {
    uint8_t iv[8] = {0};
    memcpy(iv, challenge, challenge_len);
    command[4] = (uint8_t)(command[4] + 4);
    terminal_cbc(key, key + 8, iv, command, len, command + len);
    return len + 4;
}

/* ---- a transaction ---- */

/* amount, type, terminal, date, time: what MACs are made of. */
struct terminal_deal {
    uint8_t amount[4], type, terminal[6], datetime[7];
};

/* DEBIT for the answer of INITIALIZE FOR PURCHASE. 20 bytes; out_session: of this purchase. */
static inline void terminal_debit(const uint8_t key[16], const struct terminal_deal *deal,
                                  const uint8_t number[4], const uint8_t *answer,
                                  uint8_t command[20], uint8_t out_session[8]) {
    static const uint8_t head[5] = {0x80, 0x54, 0x01, 0x00, 0x0F};
    terminal_session(key, answer + 11, answer + 4, number + 2, out_session);
    memcpy(command, head, 5);
    memcpy(command + 5, number, 4);
    memcpy(command + 9, deal->datetime, 7);
    terminal_mac(out_session, (const uint8_t *)deal, sizeof *deal, command + 16);
}

/* CREDIT FOR LOAD (or DEBIT FOR UNLOAD) for the answer of its INITIALIZE. 16 bytes. */
static inline void terminal_credit(const uint8_t key[16], const struct terminal_deal *deal,
                                   const uint8_t *answer, uint8_t command[16],
                                   uint8_t out_session[8]) {
    static const uint8_t load[5] = {0x80, 0x52, 0x00, 0x00, 0x0B},
                         unload[5] = {0x80, 0x54, 0x03, 0x00, 0x0B}, tail[2] = {0x80, 0x00};
    terminal_session(key, answer + 8, answer + 4, tail, out_session);
    memcpy(command, deal->type == 0x03 ? unload : load, 5);
    memcpy(command + 5, deal->datetime, 7);
    terminal_mac(out_session, (const uint8_t *)deal, sizeof *deal, command + 12);
}

#endif
