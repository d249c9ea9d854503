/* The tree of security domains (GPCS 7.2), and what privileges allow (6.6). */
#include <string.h>

#include "manager/inside.h"

/* All but delegated management, DAP and mandated DAP: those would bind the issuer's own hands. */
#define ISSUER_PRIVILEGES                                                                          \
    (PRIVILEGE_DOMAIN | PRIVILEGE_CARD_LOCK | PRIVILEGE_CARD_TERMINATE | PRIVILEGE_CARD_RESET |    \
     PRIVILEGE_CVM | PRIVILEGE_TRUSTED_PATH | PRIVILEGE_AUTHORIZED | PRIVILEGE_TOKENS |            \
     PRIVILEGE_GLOBAL_DELETE | PRIVILEGE_GLOBAL_LOCK | PRIVILEGE_GLOBAL_REGISTRY |                 \
     PRIVILEGE_FINAL | PRIVILEGE_RECEIPTS)

#define DEPTH_MAX (REGISTRY_MAX + 1u) /* a chain of domains is no longer */

static struct registry_entry *entry_of(struct manager *m, uint32_t domain) {
    return domain ? registry_entry(&m->registry, domain) : NULL;
}

uint32_t domain_find(struct manager *m, const uint8_t *aid, uint32_t len, uint32_t otherwise) {
    if (!len)
        return otherwise;
    if (len == m->registry.issuer.len && !memcmp(aid, m->registry.issuer.value, len))
        return 0;
    const struct registry_entry *e = registry_find(&m->registry, REGISTRY_DOMAIN, aid, len);
    return e ? e->context : DOMAIN_NONE;
}

void domain_aid(struct manager *m, uint32_t domain, struct aid *out) {
    const struct registry_entry *e = entry_of(m, domain);
    *out = e ? e->aid : m->registry.issuer;
}

/* There is one that is selected by default, and one final application: whoever got the privilege
 * took it from the issuer's domain (6.6.2). */
uint32_t domain_privileges(struct manager *m, uint32_t domain) {
    const struct registry_entry *e = entry_of(m, domain);
    if (e)
        return registry_privileges(e);
    uint32_t taken = 0;
    for (uint32_t i = 0; i < m->registry.count; i++)
        taken |= registry_privileges(&m->registry.entries[i]);
    return ISSUER_PRIVILEGES & ~(taken & (PRIVILEGE_CARD_RESET | PRIVILEGE_FINAL));
}

static uint32_t above(struct manager *m, uint32_t domain) {
    const struct registry_entry *e = entry_of(m, domain);
    return e ? e->domain : 0;
}

bool domain_above(struct manager *m, uint32_t upper, uint32_t domain) {
    for (uint32_t i = 0; i < DEPTH_MAX; i++) {
        if (domain == upper)
            return true;
        uint32_t next = above(m, domain);
        if (next == domain)
            return false;
        domain = next;
    }
    return false;
}

uint32_t domain_root(struct manager *m, uint32_t domain) {
    for (uint32_t i = 0; i < DEPTH_MAX; i++) {
        uint32_t next = above(m, domain);
        if (next == domain)
            break;
        domain = next;
    }
    return domain;
}

uint32_t domain_with(struct manager *m, uint32_t domain, uint32_t privilege) {
    for (uint32_t i = 0; i < DEPTH_MAX; i++) {
        if (domain_privileges(m, domain) & privilege)
            return domain;
        uint32_t next = above(m, domain);
        if (next == domain)
            break;
        domain = next;
    }
    return DOMAIN_NONE;
}

uint16_t domain_may_manage(struct manager *m, const struct manager_session *s, const char *what,
                           bool *out_delegated) {
    uint32_t privileges = domain_privileges(m, s->domain);
    const char *reason = NULL;
    *out_delegated = !(privileges & PRIVILEGE_AUTHORIZED);
    if (m->registry.card_life_cycle == CARD_LOCKED)
        reason = "the card is locked";
    else if (!(privileges & (PRIVILEGE_AUTHORIZED | PRIVILEGE_DELEGATED)))
        reason = "this domain has neither Authorized nor Delegated Management";
    if (reason)
        content_tell(m, what, reason, 0, false);
    return reason ? SW_CONDITIONS : SW_OK;
}

bool domain_reaches(struct manager *m, const struct manager_session *s,
                    const struct registry_entry *e) {
    return e->context == s->domain || domain_above(m, s->domain, e->domain);
}

static bool is_locked(struct manager *m, uint32_t domain) {
    const struct registry_entry *e = entry_of(m, domain);
    return e && e->life_cycle & APPLET_LOCKED;
}

uint16_t manager_scp_domain(struct manager *m, uint32_t context, struct scp_domain *out) {
    const struct registry_entry *e = entry_of(m, context);
    uint32_t owner = e && e->type == REGISTRY_INSTANCE ? e->domain : context;
    bool locked = is_locked(m, owner);
    for (uint32_t i = 0; i < DEPTH_MAX && owner && !scp_has_keys(m->keys, owner); i++) {
        uint32_t next = above(m, owner);
        if (next == owner)
            break;
        owner = next;
        locked |= is_locked(m, owner);
    }
    *out = (struct scp_domain){.keys = m->keys,
                               .port = m->port,
                               .owner = owner,
                               .aid = e ? e->aid.value : m->registry.issuer.value,
                               .aid_len = e ? e->aid.len : m->registry.issuer.len};
    data_diversification(m, owner, out->diversification);
    return locked ? SW_CONDITIONS : SW_OK;
}

bool manager_scp_stands(struct manager *m, uint32_t context, const struct scp_session *scp) {
    struct scp_domain d;
    if (manager_scp_domain(m, context, &d) != SW_OK)
        return false;
    /* a domain that deleted its own last keys goes on with the session that did it */
    return scp->owner == context || scp->owner == d.owner;
}
