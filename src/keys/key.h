/* Inside src/keys: a key made ready for one use, and its try counter. */
#ifndef KEYS_KEY_H
#define KEYS_KEY_H

#include "keys/keys.h"

/* The secret object of a key: KEY_HEAD bytes, the value, the access rules. */
enum key_layout {
    KEY_AT_TRIES_LEFT = 0, /* first, so that counting touches one byte */
    KEY_AT_TRIES_MAX = 1,
    KEY_AT_ALGORITHM = 2,
    KEY_AT_VERSION = 3,
    KEY_AT_USAGE = 4, /* 2 bytes */
    KEY_AT_SIZE = 6,  /* bytes of a cipher's key; half of an asymmetric key's size */
    KEY_AT_RULES_LEN = 7,
    KEY_HEAD = 8,
};

/* Points into the cache or into a slot: good until the next call of this layer. */
struct key_view {
    const struct crypto_key *key; /* of an asymmetric key, only its info */
    const uint8_t *raw;           /* a cipher's key; a slot's asymmetric key; else NULL */
    store_name counter;           /* the key on which wrong tries count */
    uint16_t usage;
    uint16_t size;
    uint8_t algorithm, version, tries_left, tries_max;
    bool slot;        /* the counter is another key's: look there */
    bool public_only; /* an asymmetric key without its private half */
};

/* Longest object: head, value, rules. */
#define KEY_OBJECT_MAX (KEY_HEAD + CRYPTO_PK_PRIVATE_MAX + ACCESS_RULES_MAX)

/* An asymmetric key out of flash; wipe it after use. */
struct key_pair {
    struct crypto_pk_key key;
    uint8_t bytes[CRYPTO_PK_PRIVATE_MAX];
};

static inline store_name key_name(uint32_t owner, uint16_t number) {
    return STORE_NAME(owner, KEYS_KIND_KEY, number);
}

/* Find a key and check that it may be used so (usage 0: only find). NOT_FOUND, DENIED, BLOCKED. */
enum onecard_err key_use(struct keys *k, const struct key_ref *ref, uint16_t usage,
                         struct key_view *out);

/* The same, and it must be a cipher's key (PARAM). */
enum onecard_err key_use_cipher(struct keys *k, const struct key_ref *ref, uint16_t usage,
                                struct key_view *out);

/* The same, and it must be an asymmetric key (PARAM), with its private half if that is needed. */
enum onecard_err key_use_pair(struct keys *k, const struct key_ref *ref, uint16_t usage,
                              bool needs_private, struct key_view *out, struct key_pair *out_pair);

/* A value as it rests, from what comes in. *out_size: what KEY_AT_SIZE says; returns through
 * *out_len the bytes written to out (CRYPTO_PK_PRIVATE_MAX at most). PARAM, FORMAT. */
enum onecard_err key_value_make(struct keys *k, uint8_t algorithm, const uint8_t *value,
                                uint32_t len, uint8_t *out, uint32_t *out_len, uint8_t *out_size);

/* Create an object from a value as it rests. */
enum onecard_err key_object_create(struct keys *k, uint32_t owner, uint16_t number,
                                   const struct key_spec *spec, const uint8_t *rest, uint32_t len,
                                   uint8_t size);

/* Put a cipher's key into a slot. What the slot held may be the source of bytes. */
enum onecard_err key_session_fill(struct key_session *slot, uint32_t owner, uint8_t algorithm,
                                  uint8_t version, uint16_t usage, store_name counter,
                                  const uint8_t *bytes);

/* What a derived, agreed or fresh session key may be used for at most. */
#define KEY_USAGE_SESSION                                                                          \
    (KEY_ENCRYPT | KEY_DECRYPT | KEY_MAC | KEY_MAC_VERIFY | KEY_AUTH_EXTERNAL |                    \
     KEY_AUTH_INTERNAL | KEY_DERIVE | KEY_WRAP | KEY_UNWRAP)

/* Take a try before a comparison, durably; put all back after success. Nothing happens to a key
 * that counts none. BLOCKED, and store_write_now()'s errors. */
enum onecard_err key_try_spend(struct keys *k, const struct key_view *view);
enum onecard_err key_try_restore(struct keys *k, const struct key_view *view);

/* Compare what must be secret until it is known to be right; a counted key pays first (F5).
 * WRONG, BLOCKED, and store_write_now()'s errors. */
enum onecard_err key_compare_counted(struct keys *k, const struct key_view *view,
                                     const uint8_t *right, const uint8_t *given, uint32_t len);

/* Tries that a key has left; 0xFF if it counts none. */
uint8_t key_tries(struct keys *k, const struct key_ref *ref);

/* Write a try counter now, and let the cache know. */
enum onecard_err key_tries_set(struct keys *k, store_name name, uint8_t tries);

/* The stored access rules of a key allow ACCESS_USE? */
bool key_allowed(struct keys *k, uint32_t owner, uint16_t number,
                 const struct security_status *status);

#endif
