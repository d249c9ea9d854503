/* RSA certificates and signed data of EMV and PBOC cards (EMV Book 2, 5 and 6): what a terminal
 * recovers and checks, and the block that a card signs. Pure functions; the card's own signature is
 * made with its stored key (docs/certificates.md).
 *
 *     recovered, N bytes      6A | format 1 | ... | hash 20 | BC
 *     02 issuer's key         id 4, expiry 2, serial 3, algorithms 01 01, lengths 2, key N - 36
 *     04 card's key           PAN 10, expiry 2, serial 3, algorithms 01 01, lengths 2, key N - 42
 *     03 static data          01, authentication code 2, BB..
 *     05 dynamic data         01, length 1, data, BB..
 *
 * The hash is SHA-1 over everything between 6A and itself, then what is named with each function.
 */
#ifndef SECURE_CERT_EMV_H
#define SECURE_CERT_EMV_H

#include <stdint.h>

#include "crypto/crypto.h"

#define CERT_EMV_MODULUS_MAX CRYPTO_RSA_MAX /* EMV allows 248 */
#define CERT_EMV_MODULUS_MIN CRYPTO_RSA_MIN
#define CERT_EMV_EXPONENT_MAX 3u

struct cert_emv_bytes {
    const uint8_t *data;
    uint32_t len;
};

/* A public key, and what its certificate says about it. */
struct cert_emv_key {
    uint8_t modulus[CERT_EMV_MODULUS_MAX];
    uint32_t modulus_len;
    uint8_t exponent[CERT_EMV_EXPONENT_MAX];
    uint32_t exponent_len;
    uint8_t id[10];    /* issuer identifier (4, filled with F) or PAN (10, filled with F), BCD */
    uint8_t expiry[2]; /* MMYY, BCD: its last month */
    uint8_t serial[3];
};

/* The checksum of a scheme's key as it is published: SHA-1 of RID 5, index, modulus, exponent. */
enum onecard_err cert_emv_checksum(const uint8_t rid[5], uint8_t index,
                                   const struct cert_emv_key *key, uint8_t checksum[20]);

/* The issuer's key out of its certificate (90), with remainder (92) and exponent (9F32), under the
 * scheme's key; hash: remainder, exponent. WRONG: not that key's certificate. FORMAT: lengths,
 * algorithms. */
enum onecard_err cert_emv_issuer(const struct cert_emv_key *scheme, struct cert_emv_bytes cert,
                                 struct cert_emv_bytes remainder, struct cert_emv_bytes exponent,
                                 struct cert_emv_key *out_key);

/* The card's key (9F46, 9F48, 9F47) under the issuer's; hash: remainder, exponent, static data. */
enum onecard_err cert_emv_card(const struct cert_emv_key *issuer, struct cert_emv_bytes cert,
                               struct cert_emv_bytes remainder, struct cert_emv_bytes exponent,
                               struct cert_emv_bytes static_data, struct cert_emv_key *out_key);

/* Signed static data (93) under the issuer's key; hash: the static data. */
enum onecard_err cert_emv_static(const struct cert_emv_key *issuer, struct cert_emv_bytes signature,
                                 struct cert_emv_bytes static_data, uint8_t out_code[2]);

/* Signed dynamic data (9F4B) under the card's key; hash: what the terminal gave (DDOL; for CDA the
 * unpredictable number). out: the dynamic data, up to the modulus less 25 bytes. */
enum onecard_err cert_emv_dynamic(const struct cert_emv_key *card, struct cert_emv_bytes signature,
                                  struct cert_emv_bytes terminal_data, uint8_t *out,
                                  uint32_t *out_len);

/* Does an issuer identifier (3 to 8 digits, filled with F) begin this PAN (BCD)? */
bool cert_emv_issuer_fits(const uint8_t id[4], const uint8_t *pan, uint32_t pan_len);

#endif
