/* What a domain lets others do with what is associated with it. The parameters are those of the
 * UICC configuration (tables 6-3 to 6-6), which clients send when they make a domain. */
#include "manager/inside.h"

/* Of each policy one byte; the same bits mean the same in all. */
enum {
    BY_ABOVE = 0x80,      /* a domain above it with Authorized Management */
    BY_FAMILY = 0x40,     /* any in its hierarchy with that privilege */
    BY_ISSUER = 0x20,     /* the issuer's domain */
    BY_AUTHORIZED = 0x10, /* whoever on the card has that privilege */
    BY_DELEGATED = 0x08,  /* one with Delegated Management below such a domain above it */
};

/* The object: which are stated, then their values. */
#define POLICY_SIZE (1u + POLICIES)

static store_name policy_name(uint32_t domain) {
    return STORE_NAME(domain, KIND_QUOTA, 1);
}

bool policy_take(const struct tlv *applet, struct policy *out) {
    static const struct {
        uint8_t tag, policy;
    } tags[] = {
        {0x82, POLICY_HERE}, {0x83, POLICY_DELETE}, {0x84, POLICY_DELETE}, {0x87, POLICY_AWAY}};
    memset(out, 0, sizeof *out);
    if (applet->len <= 1) /* a byte alone is how older cards wanted it; it says nothing to us */
        return true;
    for (uint32_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        struct tlv found;
        if (!content_find(applet->value, applet->len, tags[i].tag, &found))
            return false;
        if (!found.tag)
            continue;
        /* one client sends the byte twice */
        if (found.len != 1 && (found.len != 2 || found.value[1] != found.value[0]))
            return false;
        out->stated |= (uint8_t)(1u << tags[i].policy);
        out->by[tags[i].policy] = found.value[0];
    }
    return true;
}

enum onecard_err policy_save(struct manager *m, uint32_t domain, const struct policy *p) {
    uint8_t bytes[POLICY_SIZE] = {p->stated};
    if (!p->stated)
        return ONECARD_OK;
    memcpy(bytes + 1, p->by, POLICIES);
    enum onecard_err err = store_create(m->store, policy_name(domain), sizeof bytes, STORE_PLAIN);
    return err ? err : store_write(m->store, policy_name(domain), 0, bytes, sizeof bytes);
}

static bool admits(struct manager *m, uint32_t by, uint32_t domain, uint32_t who) {
    const uint32_t privileges = domain_privileges(m, who);
    const bool authorized = privileges & PRIVILEGE_AUTHORIZED;
    const bool above = who != domain && domain_above(m, who, domain);
    if (by & BY_ISSUER && who == 0)
        return true;
    if (authorized && (by & BY_AUTHORIZED || (by & BY_ABOVE && above) ||
                       (by & BY_FAMILY && domain_root(m, who) == domain_root(m, domain))))
        return true;
    if (!(by & BY_DELEGATED) || !(privileges & PRIVILEGE_DELEGATED))
        return false;
    const uint32_t upper = domain_with(m, who, PRIVILEGE_AUTHORIZED);
    return upper != DOMAIN_NONE && upper != domain && domain_above(m, upper, domain);
}

bool policy_admits(struct manager *m, uint32_t domain, enum policy_kind kind, uint32_t who,
                   bool otherwise) {
    uint8_t bytes[POLICY_SIZE];
    if (who == domain)
        return true;
    if (!domain || store_read(m->store, policy_name(domain), 0, bytes, sizeof bytes) ||
        !(bytes[0] & 1u << kind))
        return otherwise;
    return admits(m, bytes[1 + kind], domain, who);
}

bool policy_admits_to(struct manager *m, const struct registry_entry *e, enum policy_kind kind,
                      uint32_t who, bool otherwise) {
    if (e->context == e->domain)
        return who == e->domain || otherwise;
    return policy_admits(m, e->domain, kind, who, otherwise);
}
