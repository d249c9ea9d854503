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
    KEY_AT_SIZE = 6,
    KEY_AT_RULES_LEN = 7,
    KEY_HEAD = 8,
};

/* Points into the cache or into a slot: good until the next call of this layer. */
struct key_view {
    const struct crypto_key *key;
    const uint8_t *raw;
    store_name counter; /* the key on which wrong tries count */
    uint16_t usage;
    uint8_t algorithm, version, size, tries_left, tries_max;
    bool slot; /* the counter is another key's: look there */
};

static inline store_name key_name(uint32_t owner, uint16_t number) {
    return STORE_NAME(owner, KEYS_KIND_KEY, number);
}

/* Find a key and check that it may be used so (usage 0: only find). NOT_FOUND, DENIED, BLOCKED. */
enum onecard_err key_use(struct keys *k, const struct key_ref *ref, uint16_t usage,
                         struct key_view *out);

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
