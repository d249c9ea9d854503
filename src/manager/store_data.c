/* STORE DATA (GPCS 2.3.1 11.11): to the application under personalisation, or to the domain itself.
 */
#include "base/bytes.h"
#include "fs/fs.h"
#include "fs/perso.h"
#include "keys/cvm.h"
#include "manager/inside.h"

/* P1, table 11-91. */
enum {
    P1_LAST = 0x80,
    P1_ENCIPHERED = 0x60, /* both bits: the values of data groups are under the data key */
    P1_STRUCTURE = 0x18,
    P1_DGI = 0x08,
    P1_BER = 0x10,
};

/* Data groups for a domain. */
enum {
    DGI_OBJECTS = 0x0070,      /* data objects, BER-TLV (11.11.3.2) */
    DGI_KEY_VERSION = 0x8F10,  /* ours: what a key version does; docs/globalplatform.md */
    DGI_CARD_PIN = FS_DGI_PIN, /* the card-wide PIN, issuer's domain only */
};

void store_data_forget(struct manager *m, struct manager_session *s) {
    pool_give(m->pool, s->store_data);
    s->store_data = NULL;
    s->store_len = 0;
    s->store_block = 0;
    s->chain_ins = 0;
}

/* A domain with keys of its own is its owner's, and nobody else's (F2). */
bool content_may_personalise(struct manager *m, const struct manager_session *s,
                             const struct registry_entry *e) {
    if (e->domain != s->domain || e->life_cycle & APPLET_LOCKED)
        return false;
    return e->type != REGISTRY_DOMAIN || !scp_has_keys(m->keys, e->context);
}

/* What INSTALL [for personalization] named, if it may still be personalised: another session may
 * have locked it, or given it to another domain, since then. Else NULL. */
static const struct registry_entry *personalised(struct manager *m,
                                                 const struct manager_session *s) {
    const struct registry_entry *e = registry_entry(&m->registry, s->personalised);
    return e && content_may_personalise(m, s, e) ? e : NULL;
}

/* ---- to an application: each command as it is, it knows the chain ---- */

static uint16_t forward(struct manager *m, struct manager_session *s, const struct apdu *c) {
    uint16_t status =
        m->upcalls->personalise_instance(m->upcalls->runtime, s->personalised, c, &s->scp);
    if (c->p1 & P1_LAST || status != SW_OK) {
        if (status != SW_OK)
            content_finish(m, ONECARD_E_DENIED);
        s->personalised = 0;
    }
    return status == SW_OK ? content_finish(m, ONECARD_OK) : status;
}

/* ---- to the domain itself ---- */

/* Objects that a domain can be given; others are what the card is. */
static bool is_settable(uint32_t tag) {
    return tag == 0x42 || tag == 0x45 || tag == 0xCF || tag == 0x9F7F || tag == DATA_PERSONALISER ||
           tag == DATA_PREPERSONALISER || tag == 0x5F50 || (tag >= 0xDF00 && tag <= 0xDF7F) ||
           (tag >= 0xBF00 && tag <= 0xBF7F);
}

static bool length_fits(const struct tlv *object) {
    switch (object->tag) {
    case 0xCF:
        return object->len == 10;
    case 0x9F7F:
        return object->len == 42;
    case DATA_PERSONALISER:
    case DATA_PREPERSONALISER:
        return object->len == DATA_PERSONALISER_LEN;
    default:
        return true;
    }
}

/* 4F to the issuer's domain is its new name (11.11.3.2): nobody else may have it. */
static enum onecard_err rename_issuer(struct manager *m, uint32_t domain, const struct tlv *name) {
    const struct aid *now = &m->registry.issuer;
    if (domain || name->len < AID_MIN || name->len > AID_MAX)
        return ONECARD_E_FORMAT;
    if (name->len == now->len && !memcmp(name->value, now->value, name->len))
        return ONECARD_OK;
    if (content_is_taken(m, "STORE DATA", name))
        return ONECARD_E_FORMAT;
    const struct aid aid = content_aid(name);
    return registry_set_issuer(&m->registry, &aid);
}

static enum onecard_err store_object(struct manager *m, uint32_t domain, const struct tlv *object) {
    if (object->tag == 0x4F)
        return rename_issuer(m, domain, object);
    if (!is_settable(object->tag) || !length_fits(object))
        return ONECARD_E_FORMAT;
    return fs_object_write(m->store, domain, object->tag, object->value, object->len);
}

static enum onecard_err store_objects(struct manager *m, uint32_t domain, const uint8_t *data,
                                      uint32_t len) {
    const uint8_t *p = data, *end = data + len;
    struct tlv object;
    while (p != end) {
        if (!tlv_next(&p, end, &object))
            return ONECARD_E_FORMAT;
        enum onecard_err err = store_object(m, domain, &object);
        if (err)
            return err;
    }
    return ONECARD_OK;
}

/* version 1, options i 1, lowest level 1, and 01 if it answers to 00. */
static enum onecard_err set_version(struct manager *m, uint32_t domain, const uint8_t *data,
                                    uint32_t len) {
    struct scp_version v;
    const struct key_ref ref = {domain, len ? scp_number(data[0], SCP_KEY_ENC) : 0, NULL};
    struct key_info info;
    if (len != 4 || data[3] > 1 || data[2] & ~0x33)
        return ONECARD_E_FORMAT;
    enum onecard_err err = scp_version_get(m->keys, domain, data[0], &v);
    if (!err)
        err = keys_info(m->keys, &ref, &info);
    if (err)
        return err;
    static const uint8_t scp02[] = {0x15, 0x35, 0x55, 0x75};
    static const uint8_t scp03[] = {0x00, 0x10, 0x20, 0x30, 0x60, 0x70};
    const bool des = info.block_size == 8;
    const uint8_t *known = des ? scp02 : scp03;
    bool found = false;
    for (uint32_t i = 0; i < (des ? sizeof scp02 : sizeof scp03); i++)
        found |= known[i] == data[1];
    if (!found)
        return ONECARD_E_FORMAT;
    v.options = data[1];
    v.level_min = data[2];
    err = scp_version_set(m->keys, domain, data[0], &v);
    return err || !data[3] ? err : scp_default_set(m->keys, domain, data[0]);
}

/* The card-wide PIN: a new one takes the place of the one before, and is to be verified anew. The
 * issuer unblocks it so; it has no PUK (docs/firewall.md). */
static enum onecard_err store_card_pin(struct manager *m, const uint8_t *data, uint32_t len) {
    struct tlv number;
    if (!tlv_find(data, len, 0x80, &number) || number.len != 1 || number.value[0] != CVM_NUMBER)
        return ONECARD_E_FORMAT;
    enum onecard_err err = keys_pin_delete(m->keys, CVM_OWNER, CVM_NUMBER);
    if (err && err != ONECARD_E_NOT_FOUND)
        return err;
    err = fs_perso_dgi(m->keys, CVM_OWNER, DGI_CARD_PIN, data, len);
    keys_cvm_forget(m->keys);
    return err == ONECARD_E_RANGE ? ONECARD_E_FORMAT : err; /* its length */
}

static enum onecard_err store_group(struct manager *m, uint32_t domain, uint16_t dgi,
                                    const uint8_t *data, uint32_t len) {
    switch (dgi) {
    case DGI_OBJECTS:
        return store_objects(m, domain, data, len);
    case DGI_KEY_VERSION:
        return set_version(m, domain, data, len);
    case DGI_CARD_PIN:
        return domain ? ONECARD_E_DENIED : store_card_pin(m, data, len);
    default:
        return ONECARD_E_UNSUPPORTED;
    }
}

/* Deciphered where it stands; method 2 padding is always there. */
static enum onecard_err decipher(const struct manager_session *s, uint8_t *value, uint32_t *len) {
    size_t plain = *len;
    enum onecard_err err = scp_decrypt(&s->scp, value, value, *len);
    if (!err)
        err = crypto_pad_strip(value, &plain, scp_block(&s->scp));
    *len = (uint32_t)plain;
    return err;
}

static enum onecard_err store_groups(struct manager *m, struct manager_session *s, uint32_t domain,
                                     bool enciphered) {
    const uint8_t *data = s->store_data;
    uint32_t len = s->store_len;
    enum onecard_err err = ONECARD_OK;
    while (len && !err) {
        uint16_t dgi;
        const uint8_t *value;
        uint32_t value_len;
        err = fs_perso_next(&data, &len, &dgi, &value, &value_len);
        if (!err && enciphered)
            err = decipher(s, s->store_data + (value - s->store_data), &value_len);
        if (!err)
            err = store_group(m, domain, dgi, value, value_len);
    }
    return err;
}

/* All blocks are there. */
static enum onecard_err store_all(struct manager *m, struct manager_session *s, uint32_t domain,
                                  uint8_t p1) {
    if ((p1 & P1_STRUCTURE) == P1_DGI)
        return store_groups(m, s, domain, (p1 & P1_ENCIPHERED) == P1_ENCIPHERED);
    if (p1 & P1_ENCIPHERED)
        return ONECARD_E_UNSUPPORTED;
    return store_objects(m, domain, s->store_data, s->store_len);
}

static uint16_t take_block(struct manager *m, struct manager_session *s, const struct apdu *c) {
    if (!c->lc)
        return SW_WRONG_LENGTH;
    if (c->p2 != s->store_block || (s->store_block && (c->p1 & 0x7F) != (s->store_p1 & 0x7F)))
        return SW_WRONG_P1P2;
    if (!s->store_data)
        s->store_data = pool_take(m->pool, STORE_DATA_MAX);
    if (!s->store_data || c->lc > STORE_DATA_MAX - s->store_len)
        return SW_NO_SPACE;
    memcpy(s->store_data + s->store_len, c->data, c->lc);
    s->store_len += c->lc;
    s->store_p1 = c->p1;
    s->store_block++;
    return SW_OK;
}

uint16_t domain_store_data(struct manager *m, struct manager_session *s, const struct apdu *c,
                           struct apdu_answer *answer) {
    uint32_t domain = s->domain;
    (void)answer;
    if (s->personalised) {
        const struct registry_entry *e = personalised(m, s);
        if (e && e->type == REGISTRY_INSTANCE)
            return forward(m, s, c);
        if (!e) {
            s->personalised = 0;
            store_data_forget(m, s);
            return SW_CONDITIONS;
        }
        domain = e->context;
    }
    uint16_t status = take_block(m, s, c);
    if (status == SW_OK && !(c->p1 & P1_LAST))
        return SW_OK;
    s->personalised = 0;
    if (status == SW_OK) {
        enum onecard_err err = store_all(m, s, domain, c->p1);
        status = content_finish(m, err);
        if (err == ONECARD_E_UNSUPPORTED)
            status = SW_REFERENCE_NOT_FOUND;
        if (err)
            keys_forget(m->keys);
    }
    store_data_forget(m, s);
    return status;
}
