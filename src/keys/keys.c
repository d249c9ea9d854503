/* Keys at rest: making, replacing, deleting, counting, and the cache of schedules. */
#include "keys/key.h"

#include <string.h>

#include "base/bytes.h"

/* ---- the cache ---- */

static void cached_wipe(struct key_cached *entry) {
    crypto_key_wipe(&entry->key);
    bytes_wipe(entry, sizeof *entry);
}

void keys_open(struct keys *k, struct store *s, struct crypto_random *random) {
    memset(k, 0, sizeof *k);
    k->store = s;
    k->random = random;
}

void keys_forget(struct keys *k) {
    for (uint32_t i = 0; i < KEYS_CACHE_SIZE; i++)
        cached_wipe(&k->cache[i]);
    k->unsettled = store_dirty(k->store);
}

void keys_forget_owner(struct keys *k, uint32_t owner) {
    for (uint32_t i = 0; i < KEYS_CACHE_SIZE; i++)
        if (k->cache[i].name == 0 || STORE_OWNER(k->cache[i].name) == owner)
            cached_wipe(&k->cache[i]);
    k->unsettled = true;
}

/* The open transaction changes this key: what it becomes is not to be kept, because an abort would
 * take it back. */
static void cache_drop(struct keys *k, store_name name) {
    for (uint32_t i = 0; i < KEYS_CACHE_SIZE; i++)
        if (k->cache[i].name == name)
            cached_wipe(&k->cache[i]);
    k->unsettled = true;
}

static struct key_cached *cache_find(struct keys *k, store_name name) {
    for (uint32_t i = 0; i < KEYS_CACHE_SIZE; i++)
        if (k->cache[i].name == name)
            return &k->cache[i];
    return NULL;
}

static const struct crypto_alg_info *alg_of(uint8_t algorithm) {
    return crypto_alg_find((enum crypto_alg)(algorithm & ~KEY_PUBLIC_ONLY));
}

/* Bytes of the value behind a head; 0: no such key. */
static uint32_t value_len(const uint8_t head[KEY_HEAD]) {
    const uint8_t algorithm = head[KEY_AT_ALGORITHM];
    const enum crypto_alg alg = (enum crypto_alg)(algorithm & ~KEY_PUBLIC_ONLY);
    const struct crypto_alg_info *info = crypto_alg_find(alg);
    if (info == NULL)
        return 0;
    if (info->kind == CRYPTO_KIND_CIPHER)
        return info->key_size == head[KEY_AT_SIZE] ? info->key_size : 0;
    return algorithm & KEY_PUBLIC_ONLY ? crypto_pk_public_len(alg, 2u * head[KEY_AT_SIZE])
                                       : crypto_pk_private_len(alg, 2u * head[KEY_AT_SIZE]);
}

/* Only a cipher's key stays in the cache; an asymmetric one is fetched for each use. */
static enum onecard_err read_key(const struct keys *k, store_name name, struct key_cached *entry) {
    uint8_t head[KEY_HEAD];
    enum onecard_err err = store_read(k->store, name, 0, head, sizeof head);
    if (err != ONECARD_OK)
        return err;
    entry->tries_left = head[KEY_AT_TRIES_LEFT];
    entry->tries_max = head[KEY_AT_TRIES_MAX];
    entry->algorithm = head[KEY_AT_ALGORITHM];
    entry->version = head[KEY_AT_VERSION];
    entry->usage = get_be16(head + KEY_AT_USAGE);
    entry->size = head[KEY_AT_SIZE];
    const struct crypto_alg_info *info = alg_of(entry->algorithm);
    if (value_len(head) == 0)
        return ONECARD_E_CORRUPT;
    if (info->kind == CRYPTO_KIND_ASYMMETRIC) {
        entry->key.info = info;
        return ONECARD_OK;
    }
    err = store_read(k->store, name, KEY_HEAD, entry->raw, entry->size);
    return err == ONECARD_OK
               ? crypto_key_set(&entry->key, entry->algorithm, entry->raw, entry->size)
               : err;
}

static enum onecard_err cache_load(struct keys *k, store_name name, struct key_cached **out) {
    uint32_t size;
    *out = cache_find(k, name);
    if (*out != NULL && store_size(k->store, name, &size) == ONECARD_OK)
        return ONECARD_OK;
    if (*out != NULL) { /* its owner was deleted in the store, behind this layer (F7) */
        cached_wipe(*out);
        return ONECARD_E_NOT_FOUND;
    }
    struct key_cached *entry = &k->cache[k->cache_next];
    k->cache_next = (uint8_t)((k->cache_next + 1u) % KEYS_CACHE_SIZE);
    cached_wipe(entry);
    enum onecard_err err = read_key(k, name, entry);
    if (err != ONECARD_OK) {
        cached_wipe(entry);
        return err == ONECARD_E_PARAM || err == ONECARD_E_RANGE ? ONECARD_E_CORRUPT : err;
    }
    if (k->unsettled && !store_dirty(k->store))
        k->unsettled = false;
    entry->name = k->unsettled ? 0 : name;
    *out = entry;
    return ONECARD_OK;
}

/* ---- a key for one use ---- */

void key_session_clear(struct key_session *session) {
    crypto_key_wipe(&session->key);
    bytes_wipe(session, sizeof *session);
}

static enum onecard_err view_session(const struct key_ref *ref, struct key_view *out) {
    const struct key_session *session = ref->session;
    if (session->key.info == NULL || session->owner != ref->owner)
        return ONECARD_E_NOT_FOUND;
    const bool is_cipher = session->key.info->kind == CRYPTO_KIND_CIPHER;
    out->key = &session->key;
    out->raw = is_cipher ? session->raw : session->pk.bytes;
    out->usage = session->usage;
    out->algorithm = (uint8_t)(session->algorithm & ~KEY_PUBLIC_ONLY);
    out->public_only = (session->algorithm & KEY_PUBLIC_ONLY) != 0;
    out->version = session->version;
    out->size = is_cipher ? session->key.info->key_size : session->size;
    out->counter = session->parent;
    out->tries_left = out->tries_max = 0;
    out->slot = true;
    return ONECARD_OK;
}

static enum onecard_err view_stored(struct keys *k, const struct key_ref *ref,
                                    struct key_view *out) {
    struct key_cached *entry;
    const store_name name = key_name(ref->owner, ref->number);
    enum onecard_err err = cache_load(k, name, &entry);
    if (err != ONECARD_OK)
        return err;
    const bool is_cipher = entry->key.info->kind == CRYPTO_KIND_CIPHER;
    out->key = &entry->key;
    out->raw = is_cipher ? entry->raw : NULL;
    out->usage = entry->usage;
    out->algorithm = (uint8_t)(entry->algorithm & ~KEY_PUBLIC_ONLY);
    out->public_only = (entry->algorithm & KEY_PUBLIC_ONLY) != 0;
    out->version = entry->version;
    out->size = is_cipher ? entry->size : (uint16_t)(2u * entry->size);
    out->counter = entry->tries_max != 0 ? name : 0;
    out->tries_left = entry->tries_left;
    out->tries_max = entry->tries_max;
    out->slot = false;
    return ONECARD_OK;
}

enum onecard_err key_use(struct keys *k, const struct key_ref *ref, uint16_t usage,
                         struct key_view *out) {
    enum onecard_err err = ref->session != NULL ? view_session(ref, out) : view_stored(k, ref, out);
    if (err != ONECARD_OK)
        return err;
    if ((out->usage & usage) != usage)
        return ONECARD_E_DENIED;
    if (usage != 0 && out->tries_max != 0 && out->tries_left == 0)
        return ONECARD_E_BLOCKED;
    return ONECARD_OK;
}

enum onecard_err key_use_cipher(struct keys *k, const struct key_ref *ref, uint16_t usage,
                                struct key_view *out) {
    enum onecard_err err = key_use(k, ref, usage, out);
    return err == ONECARD_OK && out->key->info->kind != CRYPTO_KIND_CIPHER ? ONECARD_E_PARAM : err;
}

enum onecard_err key_use_pair(struct keys *k, const struct key_ref *ref, uint16_t usage,
                              bool needs_private, struct key_view *out, struct key_pair *out_pair) {
    enum onecard_err err = key_use(k, ref, usage, out);
    if (err != ONECARD_OK)
        return err;
    if (out->key->info->kind != CRYPTO_KIND_ASYMMETRIC || (needs_private && out->public_only))
        return ONECARD_E_PARAM;
    const enum crypto_alg alg = (enum crypto_alg)out->algorithm;
    const uint32_t len = out->public_only ? crypto_pk_public_len(alg, out->size)
                                          : crypto_pk_private_len(alg, out->size);
    out_pair->key.alg = out->algorithm;
    out_pair->key.has_private = !out->public_only;
    out_pair->key.size = out->size;
    out_pair->key.bytes = out->slot ? out->raw : out_pair->bytes;
    return out->slot ? ONECARD_OK
                     : store_read(k->store, key_name(ref->owner, ref->number), KEY_HEAD,
                                  out_pair->bytes, len);
}

enum onecard_err keys_info(struct keys *k, const struct key_ref *ref, struct key_info *out_info) {
    struct key_view view;
    enum onecard_err err = key_use(k, ref, 0, &view);
    if (err != ONECARD_OK)
        return err;
    out_info->algorithm = (uint8_t)(view.algorithm | (view.public_only ? KEY_PUBLIC_ONLY : 0));
    out_info->version = view.version;
    out_info->usage = view.usage;
    out_info->size = view.size;
    out_info->block_size = view.key->info->block_size;
    out_info->tries_left = view.tries_left;
    out_info->tries_max = view.tries_max;
    return ONECARD_OK;
}

/* ---- try counters (F5) ---- */

/* Counters are read from flash each time they are about to fall: what the cache knows could only
 * be stale in the attacker's favour. */
static enum onecard_err tries_read(const struct keys *k, store_name name, uint8_t tries[2]) {
    return store_read(k->store, name, KEY_AT_TRIES_LEFT, tries, 2);
}

enum onecard_err key_tries_set(struct keys *k, store_name name, uint8_t tries) {
    enum onecard_err err = store_write_now(k->store, name, KEY_AT_TRIES_LEFT, &tries, 1);
    struct key_cached *entry = cache_find(k, name);
    if (entry == NULL)
        return err;
    if (err == ONECARD_OK)
        entry->tries_left = tries;
    else
        cached_wipe(entry);
    return err;
}

enum onecard_err key_try_spend(struct keys *k, const struct key_view *view) {
    uint8_t tries[2];
    if (view->counter == 0)
        return ONECARD_OK;
    enum onecard_err err = tries_read(k, view->counter, tries);
    if (err == ONECARD_OK && tries[0] == 0)
        err = ONECARD_E_BLOCKED;
    return err == ONECARD_OK ? key_tries_set(k, view->counter, (uint8_t)(tries[0] - 1)) : err;
}

enum onecard_err key_try_restore(struct keys *k, const struct key_view *view) {
    uint8_t tries[2];
    if (view->counter == 0)
        return ONECARD_OK;
    enum onecard_err err = tries_read(k, view->counter, tries);
    return err == ONECARD_OK ? key_tries_set(k, view->counter, tries[1]) : err;
}

uint8_t key_tries(struct keys *k, const struct key_ref *ref) {
    struct key_view view;
    uint8_t tries[2];
    if (key_use(k, ref, 0, &view) != ONECARD_OK || view.counter == 0 ||
        tries_read(k, view.counter, tries) != ONECARD_OK)
        return 0xFF;
    return tries[0];
}

static enum onecard_err set_counted(struct keys *k, uint32_t owner, uint16_t number, bool full) {
    uint8_t tries[2];
    const store_name name = key_name(owner, number);
    enum onecard_err err = tries_read(k, name, tries);
    if (err == ONECARD_OK && tries[1] == 0)
        err = ONECARD_E_STATE;
    return err == ONECARD_OK ? key_tries_set(k, name, full ? tries[1] : 0) : err;
}

enum onecard_err keys_block(struct keys *k, uint32_t owner, uint16_t number) {
    return set_counted(k, owner, number, false);
}

enum onecard_err keys_unblock(struct keys *k, uint32_t owner, uint16_t number) {
    return set_counted(k, owner, number, true);
}

/* ---- making, replacing, deleting ---- */

enum onecard_err key_value_make(struct keys *k, uint8_t algorithm, const uint8_t *value,
                                uint32_t len, uint8_t *out, uint32_t *out_len, uint8_t *out_size) {
    const enum crypto_alg alg = (enum crypto_alg)(algorithm & ~KEY_PUBLIC_ONLY);
    const bool public_only = (algorithm & KEY_PUBLIC_ONLY) != 0;
    const struct crypto_alg_info *info = crypto_alg_find(alg);
    if (info == NULL || (public_only && info->kind != CRYPTO_KIND_ASYMMETRIC))
        return ONECARD_E_PARAM;
    if (info->kind == CRYPTO_KIND_ASYMMETRIC) {
        const uint32_t size =
            public_only ? crypto_pk_size_of_public(alg, len) : crypto_pk_size_of_value(alg, len);
        *out_size = (uint8_t)(size / 2);
        *out_len = public_only ? len : crypto_pk_private_len(alg, size);
        if (!public_only)
            return crypto_pk_import(k->random, alg, value, len, out);
        enum onecard_err err = crypto_pk_check(alg, value, len);
        if (err == ONECARD_OK)
            memcpy(out, value, len);
        return err;
    }
    if (info->kind != CRYPTO_KIND_CIPHER || info->key_size != len || len > KEYS_SIZE_MAX)
        return ONECARD_E_PARAM;
    *out_size = (uint8_t)len;
    *out_len = len;
    memcpy(out, value, len);
    return ONECARD_OK;
}

/* NULL rules: the standard commands may always use it */
static const uint8_t always[2] = {ACCESS_USE, ACCESS_CONTACT | ACCESS_CONTACTLESS};

static enum onecard_err check_spec(const struct key_spec *spec) {
    if (spec->usage == 0 || (spec->usage & ~KEY_USAGE_ALL) != 0)
        return ONECARD_E_PARAM;
    if (spec->rules != NULL && !access_rules_valid(spec->rules, spec->rules_len))
        return ONECARD_E_FORMAT;
    return ONECARD_OK;
}

enum onecard_err key_object_create(struct keys *k, uint32_t owner, uint16_t number,
                                   const struct key_spec *spec, const uint8_t *rest, uint32_t len,
                                   uint8_t size) {
    const uint8_t *rules = spec->rules != NULL ? spec->rules : always;
    const uint8_t rules_len = spec->rules != NULL ? spec->rules_len : sizeof always;
    uint8_t object[KEY_OBJECT_MAX];
    enum onecard_err err = check_spec(spec);
    if (err != ONECARD_OK)
        return err;
    object[KEY_AT_TRIES_LEFT] = object[KEY_AT_TRIES_MAX] = spec->tries_max;
    object[KEY_AT_ALGORITHM] = spec->algorithm;
    object[KEY_AT_VERSION] = spec->version;
    put_be16(object + KEY_AT_USAGE, spec->usage);
    object[KEY_AT_SIZE] = size;
    object[KEY_AT_RULES_LEN] = rules_len;
    memcpy(object + KEY_HEAD, rest, len);
    memcpy(object + KEY_HEAD + len, rules, rules_len);
    const store_name name = key_name(owner, number);
    const uint32_t total = KEY_HEAD + len + rules_len;
    cache_drop(k, name);
    err = store_create(k->store, name, total, STORE_SECRET);
    if (err == ONECARD_OK) {
        err = store_write(k->store, name, 0, object, total);
        if (err != ONECARD_OK)
            store_delete(k->store, name); /* no key of zeros is left behind */
    }
    bytes_wipe(object, KEY_HEAD + len);
    return err;
}

enum onecard_err keys_create(struct keys *k, uint32_t owner, uint16_t number,
                             const struct key_spec *spec, const uint8_t *value, uint32_t len) {
    uint8_t rest[CRYPTO_PK_PRIVATE_MAX], size;
    uint32_t rest_len;
    enum onecard_err err = check_spec(spec);
    if (err == ONECARD_OK)
        err = key_value_make(k, spec->algorithm, value, len, rest, &rest_len, &size);
    if (err != ONECARD_OK)
        return err;
    err = key_object_create(k, owner, number, spec, rest, rest_len, size);
    bytes_wipe(rest, rest_len);
    return err;
}

enum onecard_err keys_update(struct keys *k, uint32_t owner, uint16_t number, uint8_t version,
                             const uint8_t *value, uint32_t len) {
    uint8_t object[KEY_HEAD + CRYPTO_PK_PRIVATE_MAX], size;
    uint32_t rest_len;
    const store_name name = key_name(owner, number);
    enum onecard_err err = store_read(k->store, name, 0, object, KEY_HEAD);
    if (err != ONECARD_OK)
        return err;
    err = key_value_make(k, object[KEY_AT_ALGORITHM], value, len, object + KEY_HEAD, &rest_len,
                         &size);
    if (err != ONECARD_OK)
        return err;
    cache_drop(k, name);
    if (object[KEY_AT_SIZE] != size)
        err = ONECARD_E_PARAM;
    if (err == ONECARD_OK && object[KEY_AT_TRIES_LEFT] != object[KEY_AT_TRIES_MAX])
        err = key_tries_set(k, name, object[KEY_AT_TRIES_MAX]);
    /* from the version on: the counter is not part of the transaction */
    object[KEY_AT_VERSION] = version;
    if (err == ONECARD_OK)
        err = store_write(k->store, name, KEY_AT_VERSION, object + KEY_AT_VERSION,
                          KEY_HEAD - KEY_AT_VERSION + rest_len);
    bytes_wipe(object + KEY_HEAD, rest_len);
    return err;
}

enum onecard_err keys_delete(struct keys *k, uint32_t owner, uint16_t number) {
    const store_name name = key_name(owner, number);
    cache_drop(k, name);
    return store_delete(k->store, name);
}

bool key_allowed(struct keys *k, uint32_t owner, uint16_t number,
                 const struct security_status *status) {
    uint8_t head[KEY_HEAD], rules[ACCESS_RULES_MAX];
    const store_name name = key_name(owner, number);
    if (store_read(k->store, name, 0, head, sizeof head) != ONECARD_OK ||
        head[KEY_AT_RULES_LEN] > sizeof rules ||
        store_read(k->store, name, KEY_HEAD + value_len(head), rules, head[KEY_AT_RULES_LEN]) !=
            ONECARD_OK)
        return false;
    return access_allowed(rules, head[KEY_AT_RULES_LEN], ACCESS_USE, status);
}
