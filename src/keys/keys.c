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
    k->cvm = 0; /* F5 */
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
    if (entry->size > sizeof entry->raw)
        return ONECARD_E_CORRUPT;
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
    out->key = &session->key;
    out->raw = session->raw;
    out->usage = session->usage;
    out->algorithm = session->algorithm;
    out->version = session->version;
    out->size = session->key.info->key_size;
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
    out->key = &entry->key;
    out->raw = entry->raw;
    out->usage = entry->usage;
    out->algorithm = entry->algorithm;
    out->version = entry->version;
    out->size = entry->size;
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

enum onecard_err keys_info(struct keys *k, const struct key_ref *ref, struct key_info *out_info) {
    struct key_view view;
    enum onecard_err err = key_use(k, ref, 0, &view);
    if (err != ONECARD_OK)
        return err;
    out_info->algorithm = view.algorithm;
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

static bool is_cipher_key(uint8_t algorithm, uint32_t len) {
    const struct crypto_alg_info *info = crypto_alg_find(algorithm);
    return info != NULL && info->kind == CRYPTO_KIND_CIPHER && info->key_size == len &&
           len <= KEYS_SIZE_MAX;
}

enum onecard_err keys_create(struct keys *k, uint32_t owner, uint16_t number,
                             const struct key_spec *spec, const uint8_t *value, uint32_t len) {
    /* NULL rules: the standard commands may always use it */
    static const uint8_t always[2] = {ACCESS_USE, ACCESS_CONTACT | ACCESS_CONTACTLESS};
    const uint8_t *rules = spec->rules != NULL ? spec->rules : always;
    const uint8_t rules_len = spec->rules != NULL ? spec->rules_len : sizeof always;
    uint8_t object[KEY_HEAD + KEYS_SIZE_MAX + ACCESS_RULES_MAX];
    if (!is_cipher_key(spec->algorithm, len) || spec->usage == 0 ||
        (spec->usage & ~KEY_USAGE_ALL) != 0)
        return ONECARD_E_PARAM;
    if (!access_rules_valid(rules, rules_len))
        return ONECARD_E_FORMAT;
    object[KEY_AT_TRIES_LEFT] = object[KEY_AT_TRIES_MAX] = spec->tries_max;
    object[KEY_AT_ALGORITHM] = spec->algorithm;
    object[KEY_AT_VERSION] = spec->version;
    put_be16(object + KEY_AT_USAGE, spec->usage);
    object[KEY_AT_SIZE] = (uint8_t)len;
    object[KEY_AT_RULES_LEN] = rules_len;
    memcpy(object + KEY_HEAD, value, len);
    memcpy(object + KEY_HEAD + len, rules, rules_len);
    const store_name name = key_name(owner, number);
    const uint32_t size = KEY_HEAD + len + rules_len;
    cache_drop(k, name);
    enum onecard_err err = store_create(k->store, name, size, STORE_SECRET);
    if (err == ONECARD_OK) {
        err = store_write(k->store, name, 0, object, size);
        if (err != ONECARD_OK)
            store_delete(k->store, name); /* no key of zeros is left behind */
    }
    bytes_wipe(object, sizeof object);
    return err;
}

enum onecard_err keys_update(struct keys *k, uint32_t owner, uint16_t number, uint8_t version,
                             const uint8_t *value, uint32_t len) {
    uint8_t object[KEY_HEAD + KEYS_SIZE_MAX];
    const store_name name = key_name(owner, number);
    enum onecard_err err = store_read(k->store, name, 0, object, KEY_HEAD);
    if (err != ONECARD_OK)
        return err;
    if (object[KEY_AT_SIZE] != len || len > KEYS_SIZE_MAX)
        return ONECARD_E_PARAM;
    cache_drop(k, name);
    if (object[KEY_AT_TRIES_LEFT] != object[KEY_AT_TRIES_MAX]) {
        err = key_tries_set(k, name, object[KEY_AT_TRIES_MAX]);
        if (err != ONECARD_OK)
            return err;
    }
    /* from the version on: the counter is not part of the transaction */
    object[KEY_AT_VERSION] = version;
    memcpy(object + KEY_HEAD, value, len);
    err = store_write(k->store, name, KEY_AT_VERSION, object + KEY_AT_VERSION,
                      KEY_HEAD - KEY_AT_VERSION + len);
    bytes_wipe(object, sizeof object);
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
        store_read(k->store, name, KEY_HEAD + head[KEY_AT_SIZE], rules, head[KEY_AT_RULES_LEN]) !=
            ONECARD_OK)
        return false;
    return access_allowed(rules, head[KEY_AT_RULES_LEN], ACCESS_USE, status);
}
