/* What others than the card's holder of keys have to sign: DAPs, tokens; and receipts, checked
 * (GPCS 2.3.1 appendices B and C). */
#ifndef ONECARD_GP_SIGN_H
#define ONECARD_GP_SIGN_H

#include "gp_crypto.h"
#include "gp_status.h"

enum { GP_SIGNATURE_MAX = 256, GP_HASH_MAX = 64 };

/* Sign data with the key in a file: a private key in PEM (RSA of up to 1024 bits: PKCS #1 v1.5 with
 * SHA-1, longer ones: PSS with SHA-256, as B.3 has it; P-256: ECDSA with SHA-256, SM2: SM3 and the
 * default identity, both as r and s), or a line "aes HEX", "sm4 HEX" (CMAC) or "3des HEX" (retail
 * MAC). Returns NULL, or what is wrong. */
const char *gp_sign(const char *path, const uint8_t *data, size_t len,
                    uint8_t out[GP_SIGNATURE_MAX], size_t *out_len);

/* A key of the second kind: its value, and whether it is 3DES. Returns NULL, or what is wrong with
 * the file. Wipe the key after use. */
const char *gp_mac_key_read(const char *path, struct gp_key *out_key, bool *out_des);

/* The MAC under a key of the second kind; *out_len 16 or 8. */
const char *gp_sign_mac(const char *path, const uint8_t *data, size_t len, uint8_t out[16],
                        size_t *out_len);

/* The hash of a load file: sha1, sha256, sha384, sha512, sm3. Returns NULL, or what is wrong. */
const char *gp_hash(const char *name, const uint8_t *data, size_t len, uint8_t out[GP_HASH_MAX],
                    size_t *out_len);

/* A confirmation as it stands in an answer (table 11-11): outside bytes. */
struct gp_receipt {
    const uint8_t *mac; /* NULL: the card confirms nothing */
    size_t mac_len;
    const uint8_t *confirmed; /* counter, card, and what else it has put there, with lengths */
    size_t confirmed_len;
    unsigned counter;
    const uint8_t *card; /* its unique data */
    size_t card_len;
};
const char *gp_receipt_parse(const uint8_t *answer, size_t len, struct gp_receipt *out);

/* Is it a MAC of that key over what it confirms and these names (C.5)? Returns NULL, or why not. */
const char *gp_receipt_check(const struct gp_receipt *r, const char *key_path,
                             const struct gp_aid *names, unsigned count);

#endif
