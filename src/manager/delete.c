/* DELETE (GPCS 2.3.1 11.2): applications, packages, domains; keys. */
#include "manager/inside.h"

/* The applet is told; what it does then is undone, and its wish to stay is not binding for the
 * issuer (9.5). */
static void say_goodbye(struct manager *m, const struct registry_entry *e) {
    static const struct apdu none = {0};
    if (e->type == REGISTRY_INSTANCE)
        m->upcalls->run_instance(m->upcalls->runtime, e->context, APPLET_UNINSTALL, &none);
    store_abort(m->store);
    m->upcalls->forget_instance(m->upcalls->runtime, e->context);
}

/* Does the entry go when `gone` goes with all that is related to it: a package's instances, a
 * domain's applications and packages, theirs in turn? */
static bool is_related(struct manager *m, const struct registry_entry *gone,
                       const struct registry_entry *e) {
    if (e == gone)
        return true;
    if (e->type == REGISTRY_INSTANCE) {
        if (e->package == gone->context)
            return true;
        const struct registry_entry *package = registry_entry(&m->registry, e->package);
        if (gone->type == REGISTRY_DOMAIN && package &&
            domain_above(m, gone->context, package->domain))
            return true;
    }
    return gone->type == REGISTRY_DOMAIN && domain_above(m, gone->context, e->domain);
}

/* All in one commit (S1). */
static uint16_t delete_entry(struct manager *m, const struct registry_entry *gone, bool related) {
    struct registry *r = &m->registry;
    uint16_t contexts[REGISTRY_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->count; i++)
        if (is_related(m, gone, &r->entries[i]))
            contexts[count++] = r->entries[i].context;
    if (count > 1 && !related)
        return SW_CONDITIONS;
    for (uint32_t i = 0; i < count; i++)
        say_goodbye(m, registry_entry(r, contexts[i]));
    enum onecard_err err = ONECARD_OK;
    for (uint32_t i = 0; i < count && !err; i++)
        err = registry_remove(r, contexts[i]);
    return err ? content_finish(m, err) : SW_OK;
}

/* Without Global Delete: what is in reach, unless the domain that it belongs to says otherwise. */
static bool may_delete(struct manager *m, const struct manager_session *s,
                       const struct registry_entry *e) {
    return policy_admits_to(m, e, POLICY_DELETE, s->domain, domain_reaches(m, s, e));
}

static uint16_t delete_content(struct manager *m, struct manager_session *s, const struct apdu *c,
                               const struct tlv *aid, struct apdu_answer *answer) {
    bool delegated;
    struct tlv token;
    static const struct tlv alone = {0};
    const uint32_t privileges = domain_privileges(m, s->domain);
    const bool global = privileges & PRIVILEGE_GLOBAL_DELETE;
    uint16_t status = SW_OK;
    if (global)
        delegated = !(privileges & PRIVILEGE_AUTHORIZED);
    else
        status = domain_may_manage(m, s, "DELETE", &delegated);
    if (status != SW_OK)
        return status;
    const struct registry_entry *e = registry_find_any(&m->registry, aid->value, aid->len);
    if (!e || e->type == REGISTRY_LOADING || !(global || may_delete(m, s, e)))
        return SW_REFERENCE_NOT_FOUND;
    if (e->context == s->domain) /* it would saw off its own branch */
        return SW_CONDITIONS;
    load_abandon(m); /* it may be for a domain that goes */
    /* 9E: a token for deleting; where it is given it has to be right (11.2.2.3.3) */
    if (content_find(c->data, c->lc, 0x9E, &token) && token.tag) {
        const uint8_t *head = token.value - (token.len < 0x80 ? 2 : token.len < 0x100 ? 3 : 4);
        status = trust_token(m, s->domain, &alone, c, head, &token);
        if (status != SW_OK)
            return status;
    }
    const struct aid name = e->aid;
    status = delete_entry(m, e, c->p2 & 0x80);
    if (status != SW_OK)
        return status;
    enum onecard_err err = trust_confirm(m, s->domain, delegated, &name, 1, NULL, 0, answer);
    return content_finish(m, err);
}

/* ---- keys (11.2.2.3.2): D0 identifier, D2 version; either alone means all that match ---- */

static bool is_meant(uint16_t number, const struct tlv *id, const struct tlv *version) {
    return (!id->tag || (number & 0xFF) == id->value[0]) &&
           (!version->tag || number >> 8 == version->value[0]);
}

static uint16_t delete_keys(struct manager *m, struct manager_session *s, const struct tlv *id,
                            const struct tlv *version) {
    struct scp_key_info info;
    uint32_t from = 0, count = 0;
    uint8_t gone[SCP_VERSIONS_SIZE] = {0};
    enum onecard_err err = ONECARD_OK;
    if (s->domain == 0 && m->registry.card_life_cycle == CARD_LOCKED)
        return SW_CONDITIONS;
    while (!err && scp_key_next(m->keys, s->domain, from, &info) == ONECARD_OK) {
        from = info.number + 1u;
        if (!is_meant(info.number, id, version))
            continue;
        count++;
        if ((info.number & 0xFF) <= SCP_KEY_DEK)
            scp_versions_add(gone, (uint8_t)(info.number >> 8));
        err = scp_key_delete(m->keys, s->domain, (uint8_t)(info.number >> 8), (uint8_t)info.number);
    }
    if (!count)
        return SW_REFERENCE_NOT_FOUND;
    /* the issuer's last way in stays */
    if (!err && s->domain == 0 && !m->registry.pre_issuance && !scp_has_keys(m->keys, 0)) {
        store_abort(m->store);
        keys_forget(m->keys);
        return SW_CONDITIONS;
    }
    uint16_t status = content_finish(m, err);
    if (status == SW_OK) /* sessions with those keys end; this one may go on */
        m->upcalls->review_channels(m->upcalls->runtime, s->domain, gone, &s->scp);
    return status;
}

uint16_t domain_delete(struct manager *m, struct manager_session *s, const struct apdu *c,
                       struct apdu_answer *answer) {
    struct tlv aid, id, version;
    if (c->p1 || c->p2 & 0x7F)
        return SW_WRONG_P1P2;
    if (!content_find(c->data, c->lc, 0x4F, &aid) || !content_find(c->data, c->lc, 0xD0, &id) ||
        !content_find(c->data, c->lc, 0xD2, &version))
        return SW_WRONG_DATA;
    if (aid.tag) {
        struct tlv another;
        const uint8_t *behind = aid.value + aid.len;
        if (id.tag || version.tag ||
            !content_find(behind, (uint32_t)(c->data + c->lc - behind), 0x4F, &another) ||
            another.tag)
            return SW_WRONG_DATA;
        return delete_content(m, s, c, &aid, answer);
    }
    if ((!id.tag && !version.tag) || (id.tag && id.len != 1) || (version.tag && version.len != 1))
        return SW_WRONG_DATA;
    uint16_t status = delete_keys(m, s, &id, &version);
    if (status == SW_OK)
        answer->data[answer->len++] = 0;
    return status;
}
