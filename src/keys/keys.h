/* Keys: made, used and deleted by number, never read (F7).
 *
 * A key belongs to an owner (F2) and rests in the store as a secret object (S6) with algorithm,
 * usage mask, version and try counter. Session keys are derived into volatile slots that the
 * caller owns. Every use names what it does with the key; a use that the mask does not allow fails
 * with ONECARD_E_DENIED, before anything else is looked at. docs/keys.md has the layouts.
 *
 * Changes are staged in the store's open transaction, except try counters, which are written at
 * once and never take part in it (F5). */
#ifndef KEYS_KEYS_H
#define KEYS_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/apdu.h"
#include "crypto/pk.h"
#include "keys/status.h"
#include "store/store.h"

#define KEYS_KIND_KEY 6u /* store kinds */
#define KEYS_KIND_PIN 7u
#define KEYS_KIND_PIECES 10u

#define KEYS_SIZE_MAX 32u /* bytes of a symmetric key */

/* In an algorithm's number: an asymmetric key without its private half. */
#define KEY_PUBLIC_ONLY 0x80u

/* What a key may be used for. */
enum key_usage {
    KEY_ENCRYPT = 0x0001,
    KEY_DECRYPT = 0x0002,
    KEY_MAC = 0x0004,
    KEY_MAC_VERIFY = 0x0008,
    KEY_SIGN = 0x0010,
    KEY_VERIFY = 0x0020,
    KEY_DERIVE = 0x0040,
    KEY_WRAP = 0x0080,
    KEY_UNWRAP = 0x0100,
    KEY_AUTH_EXTERNAL = 0x0200, /* the outside proves that it has the key */
    KEY_AUTH_INTERNAL = 0x0400, /* the card proves it */
    KEY_AGREE = 0x0800,
    KEY_USAGE_ALL = 0x0FFF,
};

/* What a key is, at creation. */
struct key_spec {
    uint8_t algorithm;    /* enum crypto_alg: a block cipher, or an asymmetric one, which may have
                             KEY_PUBLIC_ONLY added */
    uint8_t version;      /* the issuer's number, told in answers; no meaning here */
    uint16_t usage;       /* enum key_usage bits */
    uint8_t tries_max;    /* wrong MACs and cryptograms in a row until it blocks; 0: not counted */
    const uint8_t *rules; /* access rules (ACCESS_USE) for the standard commands; NULL: always */
    uint8_t rules_len;
};

struct key_info {
    uint8_t algorithm, version;
    uint16_t usage;
    uint16_t size;      /* bytes; of the modulus for RSA */
    uint8_t block_size; /* bytes of a cipher block; 0: an asymmetric key */
    uint8_t tries_left, tries_max;
};

/* A session slot: a derived key, ready for use. Caller-owned, belongs to one channel and one
 * selection. Zero means empty. Must not be moved while it is in use. */
struct key_session {
    union {
        struct crypto_key key;
        struct {
            const struct crypto_alg_info *info; /* as in key: what the slot holds; NULL: empty */
            uint8_t bytes[CRYPTO_PK_PUBLIC_MAX];
        } pk; /* a public key, or a curve's pair, as crypto/pk.h has them */
    };
    uint8_t raw[KEYS_SIZE_MAX];
    uint16_t size; /* of an asymmetric key */
    bool fresh;    /* made by keys_generate_session(): nothing else may be wrapped */
    uint16_t usage;
    uint8_t algorithm, version;
    uint16_t owner;  /* who derived it: nobody else can use it (F2) */
    uint32_t parent; /* store name of the key on which wrong tries count; 0: none */
};

/* Wipe one slot. The runtime does this to all at reset, SELECT and deselect (F5). */
void key_session_clear(struct key_session *session);

/* Prepared schedules of the keys used last. Volatile. */
#ifndef KEYS_CACHE_SIZE
#define KEYS_CACHE_SIZE 4u
#endif
struct key_cached {
    struct crypto_key key;
    uint8_t raw[KEYS_SIZE_MAX];
    uint32_t name; /* store name, 0: empty */
    uint16_t usage;
    uint8_t algorithm, version, size;
    uint8_t tries_left, tries_max;
};

/* One for each card, in memory of the caller. */
struct keys {
    struct store *store;
    struct crypto_random *random;
    struct key_cached cache[KEYS_CACHE_SIZE];
    uint8_t cache_next;
    uint8_t cvm;    /* the last submission of the card-wide PIN, enum cvm_state (keys/cvm.h) */
    bool unsettled; /* the open transaction may have changed keys: do not cache */
};

/* Bind to a store and a generator, with an empty cache. */
void keys_open(struct keys *k, struct store *s, struct crypto_random *random);

/* Wipe the cache: at reset, power-off and when the card closes. */
void keys_forget(struct keys *k);

/* Wipe what is cached of an owner: whoever calls store_delete_owner() calls this too (F7). */
void keys_forget_owner(struct keys *k, uint32_t owner);

/* ---- the key itself ---- */

/* Which key: a session slot if session is not NULL, else a stored key. owner is that of
 * the selected instance in both cases. */
struct key_ref {
    uint32_t owner;
    uint16_t number;
    struct key_session *session;
};

/* Create. value: len bytes, exactly the algorithm's key size (PARAM); for an asymmetric key the
 * value or the public key of crypto/pk.h. PARAM too for an unknown algorithm or an empty or unknown
 * usage; FORMAT (rules, a value that is no key), EXISTS, FULL. */
enum onecard_err keys_create(struct keys *k, uint32_t owner, uint16_t number,
                             const struct key_spec *spec, const uint8_t *value, uint32_t len);

/* Create a key that nobody knows. size: of an asymmetric key (bytes of modulus, or 32), 0 for a
 * cipher. exponent: RSA's, 0 means 65537. PARAM, FORMAT, EXISTS, FULL, IO. RSA takes long: seconds
 * on a host, minutes on a board. */
enum onecard_err keys_generate(struct keys *k, uint32_t owner, uint16_t number,
                               const struct key_spec *spec, uint32_t size, uint32_t exponent);

/* The same into a session slot: a cipher's key, or the pair of a curve (an ephemeral one, for key
 * agreement). PARAM: RSA, tries, an algorithm or usage that does not exist. */
enum onecard_err keys_generate_session(struct keys *k, uint32_t owner, const struct key_spec *spec,
                                       struct key_session *out_session);

/* A public key from outside, whose origin the caller has checked (a certificate), into a slot.
 * usage: of KEY_VERIFY, KEY_ENCRYPT, KEY_WRAP; DENIED for others. PARAM, FORMAT: no public key of
 * that algorithm. */
enum onecard_err keys_load_public(struct keys *k, uint32_t owner, uint8_t algorithm, uint16_t usage,
                                  const uint8_t *public_key, uint32_t len,
                                  struct key_session *out_session);

/* Create, or replace the value and version if it exists (algorithm, usage and rules stay, the try
 * counter starts again), from a value enciphered under another key of the same owner:
 *     ECB(wrap key, value), then the first 3 bytes of ECB(value, zeros) as a check, or no check.
 * Under RSA the value is enciphered by PKCS #1 v1.5, under SM2 as C1 C3 C2. An asymmetric key's
 * value gets the padding of ISO/IEC 9797-1 method 2 before ECB; its check value is the beginning of
 * SHA-256 of the public key.
 * number: the new key. wrap: a key with KEY_UNWRAP. spec: NULL to replace.
 * WRONG: the check value does not match (counts as a try of the wrap key). */
enum onecard_err keys_import(struct keys *k, const struct key_ref *wrap, uint16_t number,
                             const struct key_spec *spec, uint8_t version, const uint8_t *wrapped,
                             uint32_t len, const uint8_t *check, uint32_t check_len);

/* Replace the value and version of a key that exists; the try counter starts again. */
enum onecard_err keys_update(struct keys *k, uint32_t owner, uint16_t number, uint8_t version,
                             const uint8_t *value, uint32_t len);

/* An RSA key that comes in pieces (EMV CPS). begin says what it will be; an unfinished one of the
 * same owner is forgotten. PARAM, FORMAT, FULL. */
enum onecard_err keys_pieces_begin(struct keys *k, uint32_t owner, uint16_t number,
                                   const struct key_spec *spec);

/* The low byte of the DGI. */
enum key_piece {
    KEY_PIECE_INVERSE = 1, /* 1/q mod p */
    KEY_PIECE_DQ = 2,      /* d mod (q - 1) */
    KEY_PIECE_DP = 3,      /* d mod (p - 1) */
    KEY_PIECE_Q = 4,
    KEY_PIECE_P = 5,
};

/* One piece, in any order, all of one length, that of a prime; the first two are not needed, and
 * only their length is looked at. The key is created with the last of the other three.
 * NOT_FOUND: nothing was begun. FORMAT: lengths differ, or these are no key; and what
 * keys_create() says. */
enum onecard_err keys_piece(struct keys *k, uint32_t owner, enum key_piece piece,
                            const uint8_t *bytes, uint32_t len);

/* Delete; the value is overwritten at commit (F7). NOT_FOUND. */
enum onecard_err keys_delete(struct keys *k, uint32_t owner, uint16_t number);

/* Put the try counter at zero for good, now. STATE if the key counts no tries. */
enum onecard_err keys_block(struct keys *k, uint32_t owner, uint16_t number);

/* Start the try counter again: the owner's decision. */
enum onecard_err keys_unblock(struct keys *k, uint32_t owner, uint16_t number);

/* ---- using it ---- */

/* All of these give: NOT_FOUND (no key, empty slot), DENIED (usage), BLOCKED (try counter),
 * PARAM (lengths, unknown mode, algorithm cannot do it), CORRUPT. */

enum onecard_err keys_info(struct keys *k, const struct key_ref *ref, struct key_info *out_info);

/* Encipher or decipher len bytes; in and out may be the same. iv: a block, moved on; NULL means
 * zeros for CBC, and for ECB. Usage: KEY_ENCRYPT or KEY_DECRYPT. */
enum onecard_err keys_cipher(struct keys *k, const struct key_ref *ref, enum crypto_mode mode,
                             enum crypto_direction direction, uint8_t *iv, const uint8_t *in,
                             uint8_t *out, uint32_t len);

/* MAC over len bytes; the leftmost mac_len bytes (4 to the block size). iv: a block, or NULL for
 * zeros. Usage: KEY_MAC. */
enum onecard_err keys_mac(struct keys *k, const struct key_ref *ref, enum crypto_mac_kind kind,
                          enum crypto_pad pad, const uint8_t *iv, const uint8_t *data, uint32_t len,
                          uint8_t *out_mac, uint32_t mac_len);

/* Compare in constant time. WRONG. A counted key (or a session derived from one) loses a try
 * before the comparison and gets them back after success. Usage: KEY_MAC_VERIFY. */
enum onecard_err keys_mac_verify(struct keys *k, const struct key_ref *ref,
                                 enum crypto_mac_kind kind, enum crypto_pad pad, const uint8_t *iv,
                                 const uint8_t *data, uint32_t len, const uint8_t *mac,
                                 uint32_t mac_len);

/* One of several MACs under session keys, with an iv of zeros. */
struct key_mac_job {
    struct key_ref ref; /* of a session slot */
    enum crypto_mac_kind kind;
    enum crypto_pad pad;
    const uint8_t *data;
    uint32_t len;
    uint8_t *mac; /* to be compared, or written */
    uint32_t mac_len;
    bool verify;
};
#define KEYS_MACS_MAX 4u

/* Several at once: keys_mac_verify() of those to verify, in their order; then, if they are right,
 * keys_mac() of the others. Nothing is written before. PARAM too for a stored key. */
enum onecard_err keys_macs(struct keys *k, const struct key_mac_job *jobs, uint32_t count);

/* A piece of a message. */
struct keys_part {
    const uint8_t *data;
    uint32_t len;
};

/* The same over count parts, as if they were one message, IV zeros and no padding added: the parts
 * of a CBC or retail MAC are whole blocks together. */
enum onecard_err keys_mac_parts(struct keys *k, const struct key_ref *ref,
                                enum crypto_mac_kind kind, const struct keys_part *parts,
                                uint32_t count, uint8_t *out_mac, uint32_t mac_len);
enum onecard_err keys_mac_parts_verify(struct keys *k, const struct key_ref *ref,
                                       enum crypto_mac_kind kind, const struct keys_part *parts,
                                       uint32_t count, const uint8_t *mac, uint32_t mac_len);

/* ---- using asymmetric keys ----
 *
 * Errors as above; PARAM too for an asymmetric operation with a cipher's key and the other way
 * round, for a scheme that is not the algorithm's, and for a private operation with a public key.
 */

/* How to sign: the scheme, and the digest that is made of the data, or was made of it. */
struct key_how {
    uint8_t scheme;   /* enum crypto_scheme */
    uint8_t digest;   /* enum crypto_alg; CRYPTO_NONE for RAW */
    bool is_digested; /* data is the finished digest (SM2: with Z in it) */
};

/* The public part, of a stored key or a slot; needs no usage, and a blocked key gives it too.
 * *out_len: room comes in, length goes out. RANGE: no room. */
enum onecard_err keys_public(struct keys *k, const struct key_ref *ref, uint8_t *out,
                             uint32_t *out_len);

/* The digest that SM2 signs: SM3 of Z, of the identity (NULL: the default) and the key, and data.
 * Needs no usage. */
enum onecard_err keys_sm2_digest(struct keys *k, const struct key_ref *ref, const uint8_t *id,
                                 uint32_t id_len, const uint8_t *data, uint32_t len,
                                 uint8_t out[32]);

/* Sign data of len bytes. Usage: KEY_SIGN. The signature has passed a check (IO). SM2 without
 * is_digested takes the default identity. */
enum onecard_err keys_sign(struct keys *k, const struct key_ref *ref, const struct key_how *how,
                           const uint8_t *data, uint32_t len, uint8_t *out, uint32_t *out_len);

/* WRONG: not its signature; a counted key loses a try before and gets them back after success.
 * Usage: KEY_VERIFY. */
enum onecard_err keys_verify(struct keys *k, const struct key_ref *ref, const struct key_how *how,
                             const uint8_t *data, uint32_t len, const uint8_t *signature,
                             uint32_t signature_len);

/* crypto_pk_encrypt() and crypto_pk_decrypt(). in and out do not overlap. Usage: KEY_ENCRYPT,
 * KEY_DECRYPT. What fails to decipher (WRONG, FORMAT) costs a counted key a try. */
enum onecard_err keys_pk_encrypt(struct keys *k, const struct key_ref *ref,
                                 enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                 uint8_t *out, uint32_t *out_len);
enum onecard_err keys_pk_decrypt(struct keys *k, const struct key_ref *ref,
                                 enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                 uint8_t *out, uint32_t *out_len);

/* Agree on a key with somebody else: the common key goes into a slot. Usage: KEY_AGREE, of the
 * ephemeral key too. with->ephemeral is taken from `ephemeral` (NULL: none), and a slot given there
 * is wiped, whatever comes out. spec: algorithm (a cipher's), version and usage of the new key. */
enum onecard_err keys_agree(struct keys *k, const struct key_ref *ref, enum crypto_scheme scheme,
                            const struct crypto_pk_agreement *with, const struct key_ref *ephemeral,
                            const struct key_spec *spec, struct key_session *out_session,
                            uint8_t tags[CRYPTO_PK_TAGS]);

/* Give a key to somebody else: the fresh key of a slot, enciphered as keys_import() takes it.
 * DENIED: the slot's key was not made by keys_generate_session(). Usage of wrap: KEY_WRAP. */
enum onecard_err keys_wrap(struct keys *k, const struct key_ref *wrap,
                           const struct key_session *session, uint8_t *out, uint32_t *out_len);

/* ---- deriving: one table, src/keys/derive.c ---- */

/* D: the data given. E: one block under the parent key. ~: all bits inverted. */
enum key_derivation { /* numbers stand in the applets' interface: never renumber */
                      KEYS_DERIVE_DIVERSIFY =
                          1, /* E(D) | E(~D), D 8 (3DES); AES and SM4: E(D | ~D), D 8; also the
                                UDK of EMV and PBOC (D = Y) */
                      KEYS_DERIVE_BLOCK =
                          2, /* 3DES: E(D), D 8, a DES key: purse sessions (D = random 4, online
                                seq 2, 8000, or offline seq 2, low 2 of terminal seq), process
                                keys; AES and SM4: E(D), D 16 */
                      KEYS_DERIVE_FOLD =
                          3, /* left 8 XOR right 8 of a 3DES key, a DES key: TAC, reload; no D */
                      KEYS_DERIVE_EMV =
                          4, /* 3DES: E(0^6 D) | E(0^6 ~D); AES and SM4: E(0^6 D 0^6 ~D);
                                D = ATC 2: application cryptogram, MAC, encipherment sessions */
                      KEYS_DERIVE_CBC =
                          5, /* E in CBC, IV 0, over D of the parent's size: SCP02 sessions */
                      KEYS_DERIVE_CMAC =
                          6, /* CMAC over D (1 to 64 bytes), AES-128 and SM4 (D once), AES-256 (over
                                D, and D with byte 15 one more): SP 800-108 counter, SCP03 */
                      KEYS_DERIVE_COPY = 7, /* the key itself into a slot, schedule ready; no D */
};

/* Derive into a slot. usage: of the new key; DENIED if the table's row does not offer it, or the
 * parent has not KEY_DERIVE. The slot inherits the parent's version and counts on its tries. A
 * slot may derive into another slot (two-level diversification), or into itself. */
enum onecard_err keys_derive(struct keys *k, const struct key_ref *parent,
                             enum key_derivation derivation, const uint8_t *data, uint32_t len,
                             uint16_t usage, struct key_session *out_session);

/* ---- authentication (7816-4 11.5): cipher or MAC of a challenge ---- */

/* A challenge of len bytes (4 to 16), kept in status for one EXTERNAL AUTHENTICATE. IO. */
enum onecard_err keys_challenge(struct keys *k, struct security_status *status, uint8_t *out,
                                uint32_t len);

/* Check cryptogram = ECB(key, challenge padded with zeros to a block) and set the key's bit in
 * status. ref is a stored key, number below 256, or a session with `number` naming the bit.
 * The challenge is used up either way. STATE: no challenge. WRONG: a try is lost, and all of
 * status is cleared (F5). Usage: KEY_AUTH_EXTERNAL. */
enum onecard_err keys_auth_external(struct keys *k, const struct key_ref *ref,
                                    struct security_status *status, const uint8_t *cryptogram,
                                    uint32_t len);

/* out = ECB(key, data), len a multiple of the block. Usage: KEY_AUTH_INTERNAL. */
enum onecard_err keys_auth_internal(struct keys *k, const struct key_ref *ref, const uint8_t *data,
                                    uint32_t len, uint8_t *out);

/* ---- the standard commands as one component ---- */

/* Answer VERIFY (20), CHANGE REFERENCE DATA (24), RESET RETRY COUNTER (2C), GET CHALLENGE (84),
 * EXTERNAL (82) and INTERNAL AUTHENTICATE (88) for an owner, with the rules of the PINs and keys.
 * P2: PIN number in the low 5 bits; key number. 6D00: not one of these commands. */
uint16_t keys_command(struct keys *k, uint32_t owner, struct security_status *status,
                      const struct apdu *command, struct apdu_answer *answer);

#endif
