#include "manager/registry.h"

#include <string.h>

#include "base/bytes.h"

/* The card's own record: 0 version of the records 1 | 1 life cycle 1 | 2 pre-issuance 1 | 3 zero 13
 */
#define CARD_RECORD STORE_NAME(0, KIND_REGISTRY, 0)
#define CARD_RECORD_SIZE 16u
#define RECORDS_VERSION 2u

enum {
    AT_TYPE = 0,
    AT_LIFE_CYCLE = 1,
    AT_AID = 2,
    AT_PACKAGE = 19,
    AT_PRIVILEGES = 21,
    AT_VERSION = 24,
    AT_MODULES = 26,
    AT_DOMAIN = 27,
    AT_IMPLICIT = 29,
    RECORD_HEAD = 32,
    RECORD_MAX = RECORD_HEAD + MODULES_MAX * (1 + AID_MAX),
};

static store_name record_name(uint32_t context) {
    return STORE_NAME(0, KIND_REGISTRY, context);
}

enum onecard_err registry_format(struct store *store) {
    uint8_t record[CARD_RECORD_SIZE] = {RECORDS_VERSION, CARD_OP_READY, 1};
    enum onecard_err err = store_create(store, CARD_RECORD, sizeof record, STORE_PLAIN);
    return err ? err : store_write(store, CARD_RECORD, 0, record, sizeof record);
}

static enum onecard_err load_entry(struct registry_entry *e, const struct store *store,
                                   uint32_t context) {
    uint8_t record[RECORD_HEAD];
    enum onecard_err err = store_read(store, record_name(context), 0, record, sizeof record);
    if (err)
        return err == ONECARD_E_RANGE ? ONECARD_E_CORRUPT : err;
    if (record[AT_AID] > AID_MAX)
        return ONECARD_E_CORRUPT;
    e->context = (uint16_t)context;
    e->package = get_le16(record + AT_PACKAGE);
    e->domain = get_le16(record + AT_DOMAIN);
    e->implicit = record[AT_IMPLICIT];
    e->type = record[AT_TYPE];
    e->life_cycle = record[AT_LIFE_CYCLE];
    memcpy(e->privileges, record + AT_PRIVILEGES, 3);
    e->aid.len = record[AT_AID];
    memcpy(e->aid.value, record + AT_AID + 1, AID_MAX);
    uint32_t size;
    e->limited = store_size(store, STORE_NAME(context, KIND_QUOTA, 0), &size) == ONECARD_OK ||
                 store_size(store, STORE_NAME(e->package, KIND_QUOTA, 0), &size) == ONECARD_OK;
    e->code_checked = false;
    return ONECARD_OK;
}

enum onecard_err registry_load(struct registry *r, struct store *store) {
    uint16_t checked[REGISTRY_MAX];
    uint32_t checked_count = 0;
    for (uint32_t i = 0; i < r->count; i++)
        if (r->entries[i].code_checked)
            checked[checked_count++] = r->entries[i].context;

    r->store = store;
    r->generation++;
    r->count = 0;
    uint8_t card[CARD_RECORD_SIZE];
    enum onecard_err err = store_read(store, CARD_RECORD, 0, card, sizeof card);
    if (err)
        return err == ONECARD_E_NOT_FOUND || err == ONECARD_E_RANGE ? ONECARD_E_FOREIGN : err;
    if (card[0] != RECORDS_VERSION)
        return ONECARD_E_FOREIGN;
    r->card_life_cycle = card[1];
    r->pre_issuance = card[2] != 0;

    store_name name = record_name(1);
    while (store_next(store, name, &name) == ONECARD_OK && STORE_OWNER(name) == 0 &&
           STORE_KIND(name) == KIND_REGISTRY) {
        if (r->count == REGISTRY_MAX)
            return ONECARD_E_CORRUPT;
        err = load_entry(&r->entries[r->count], store, STORE_NUMBER(name));
        if (err)
            return err;
        for (uint32_t i = 0; i < checked_count; i++)
            if (checked[i] == r->entries[r->count].context)
                r->entries[r->count].code_checked = true;
        r->count++;
        name++;
    }
    return ONECARD_OK;
}

struct registry_entry *registry_entry(struct registry *r, uint32_t context) {
    for (uint32_t i = 0; i < r->count; i++)
        if (r->entries[i].context == context)
            return &r->entries[i];
    return NULL;
}

const struct registry_entry *registry_find_context(const struct registry *r, uint32_t context) {
    for (uint32_t i = 0; i < r->count; i++)
        if (r->entries[i].context == context)
            return &r->entries[i];
    return NULL;
}

struct registry_entry *registry_find(struct registry *r, enum registry_type type,
                                     const uint8_t *aid, uint32_t aid_len) {
    for (uint32_t i = 0; i < r->count; i++) {
        struct registry_entry *e = &r->entries[i];
        if (e->type == type && e->aid.len == aid_len && !memcmp(e->aid.value, aid, aid_len))
            return e;
    }
    return NULL;
}

struct registry_entry *registry_find_any(struct registry *r, const uint8_t *aid, uint32_t aid_len) {
    for (uint32_t i = 0; i < r->count; i++) {
        struct registry_entry *e = &r->entries[i];
        if (e->aid.len == aid_len && !memcmp(e->aid.value, aid, aid_len))
            return e;
    }
    return NULL;
}

static bool selectable(const struct registry_entry *e) {
    return (e->type == REGISTRY_INSTANCE || e->type == REGISTRY_DOMAIN) &&
           (e->life_cycle & (APPLET_SELECTABLE | APPLET_LOCKED)) == APPLET_SELECTABLE;
}

struct registry_entry *registry_select(struct registry *r, const uint8_t *aid, uint32_t aid_len,
                                       uint32_t after) {
    for (uint32_t i = 0; i < r->count; i++) {
        struct registry_entry *e = &r->entries[i];
        if (selectable(e) && e->context > after && e->aid.len >= aid_len &&
            !memcmp(e->aid.value, aid, aid_len))
            return e;
    }
    return NULL;
}

struct registry_entry *registry_implicit(struct registry *r, uint32_t channel, bool contactless) {
    const uint8_t interface = contactless ? IMPLICIT_CONTACTLESS : IMPLICIT_CONTACT;
    struct registry_entry *by_privilege = NULL;
    for (uint32_t i = 0; i < r->count; i++) {
        struct registry_entry *e = &r->entries[i];
        if (!selectable(e))
            continue;
        if (e->implicit & interface && (e->implicit & IMPLICIT_CHANNEL) == channel)
            return e;
        if (!channel && registry_privileges(e) & PRIVILEGE_CARD_RESET)
            by_privilege = e;
    }
    return by_privilege;
}

enum onecard_err registry_detail(const struct registry *r, uint32_t context,
                                 struct registry_detail *out) {
    uint8_t record[RECORD_MAX];
    uint32_t size;
    enum onecard_err err = store_size(r->store, record_name(context), &size);
    if (!err && (size > sizeof record || size < RECORD_HEAD))
        err = ONECARD_E_CORRUPT;
    if (!err)
        err = store_read(r->store, record_name(context), 0, record, size);
    if (err)
        return err;
    memset(out, 0, sizeof *out);
    out->version_major = record[AT_VERSION];
    out->version_minor = record[AT_VERSION + 1];
    uint32_t at = RECORD_HEAD;
    for (uint32_t i = 0; i < record[AT_MODULES]; i++) {
        uint32_t len = at < size ? record[at++] : AID_MAX + 1;
        if (i == MODULES_MAX || len > AID_MAX || at + len > size)
            return ONECARD_E_CORRUPT;
        out->modules[i].len = (uint8_t)len;
        memcpy(out->modules[i].value, record + at, len);
        at += len;
        out->module_count++;
    }
    return ONECARD_OK;
}

bool registry_has_module(const struct registry *r, const struct registry_entry *package,
                         const uint8_t *aid, uint32_t aid_len) {
    struct registry_detail detail;
    if (registry_detail(r, package->context, &detail))
        return false;
    for (uint32_t i = 0; i < detail.module_count; i++)
        if (detail.modules[i].len == aid_len && !memcmp(detail.modules[i].value, aid, aid_len))
            return true;
    return false;
}

uint32_t registry_new_context(const struct registry *r) {
    uint32_t context = 1; /* entries are in order of contexts: the first gap is free */
    for (uint32_t i = 0; i < r->count && r->entries[i].context == context; i++)
        context++;
    return context <= 4095 ? context : 0;
}

enum onecard_err registry_add(struct registry *r, const struct registry_entry *entry,
                              uint8_t version_major, uint8_t version_minor,
                              const struct aid *modules, uint32_t module_count) {
    if (r->count == REGISTRY_MAX)
        return ONECARD_E_FULL;
    if (module_count > MODULES_MAX)
        return ONECARD_E_TOO_BIG;
    uint8_t record[RECORD_MAX] = {0};
    record[AT_TYPE] = entry->type;
    record[AT_LIFE_CYCLE] = entry->life_cycle;
    record[AT_AID] = entry->aid.len;
    memcpy(record + AT_AID + 1, entry->aid.value, entry->aid.len);
    put_le16(record + AT_PACKAGE, entry->package);
    memcpy(record + AT_PRIVILEGES, entry->privileges, 3);
    record[AT_VERSION] = version_major;
    record[AT_VERSION + 1] = version_minor;
    record[AT_MODULES] = (uint8_t)module_count;
    put_le16(record + AT_DOMAIN, entry->domain);
    record[AT_IMPLICIT] = entry->implicit;
    uint32_t size = RECORD_HEAD;
    for (uint32_t i = 0; i < module_count; i++) {
        record[size++] = modules[i].len;
        memcpy(record + size, modules[i].value, modules[i].len);
        size += modules[i].len;
    }
    store_name name = record_name(entry->context);
    enum onecard_err err = store_create(r->store, name, size, STORE_PLAIN);
    return err ? err : store_write(r->store, name, 0, record, size);
}

enum onecard_err registry_remove(struct registry *r, uint32_t context) {
    enum onecard_err err = store_delete_owner(r->store, context);
    return err ? err : store_delete(r->store, record_name(context));
}

enum onecard_err registry_life_cycle(const struct registry *r, uint32_t context,
                                     uint8_t *out_life_cycle) {
    return store_read(r->store, context ? record_name(context) : CARD_RECORD, AT_LIFE_CYCLE,
                      out_life_cycle, 1); /* it stands in the same place of both kinds */
}

enum onecard_err registry_set_life_cycle(struct registry *r, uint32_t context, uint8_t life_cycle) {
    return store_write(r->store, record_name(context), AT_LIFE_CYCLE, &life_cycle, 1);
}

enum onecard_err registry_set_privileges(struct registry *r, uint32_t context,
                                         uint32_t privileges) {
    const uint8_t bytes[3] = {(uint8_t)(privileges >> 16), (uint8_t)(privileges >> 8),
                              (uint8_t)privileges};
    return store_write(r->store, record_name(context), AT_PRIVILEGES, bytes, sizeof bytes);
}

enum onecard_err registry_set_domain(struct registry *r, uint32_t context, uint32_t domain) {
    uint8_t bytes[2];
    put_le16(bytes, (uint16_t)domain);
    return store_write(r->store, record_name(context), AT_DOMAIN, bytes, sizeof bytes);
}

enum onecard_err registry_set_implicit(struct registry *r, uint32_t context, uint8_t implicit) {
    return store_write(r->store, record_name(context), AT_IMPLICIT, &implicit, 1);
}

enum onecard_err registry_set_card(struct registry *r, uint8_t life_cycle, bool pre_issuance) {
    uint8_t state[2] = {life_cycle, pre_issuance && r->pre_issuance};
    return store_write(r->store, CARD_RECORD, 1, state, sizeof state);
}
