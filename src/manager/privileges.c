/* Privileges as INSTALL brings them (GPCS 2.3.1 6.6; table 6-1's dependencies). */
#include "manager/inside.h"

bool privileges_take(const struct tlv *field, uint32_t *out) {
    if (field->len > 3)
        return false;
    *out = 0;
    for (uint32_t i = 0; i < field->len; i++)
        *out |= (uint32_t)field->value[i] << (16 - 8 * i);
    return true;
}

/* Only a domain can have them. */
#define OF_DOMAINS                                                                                 \
    (PRIVILEGE_DAP | PRIVILEGE_DELEGATED | PRIVILEGE_MANDATED_DAP | PRIVILEGE_AUTHORIZED |         \
     PRIVILEGE_TOKENS | PRIVILEGE_RECEIPTS)
/* Only the issuer gives them away: they reach beyond a domain's own part of the card. */
#define OF_ISSUER                                                                                  \
    (PRIVILEGE_CARD_LOCK | PRIVILEGE_CARD_TERMINATE | PRIVILEGE_CARD_RESET | PRIVILEGE_CVM |       \
     PRIVILEGE_MANDATED_DAP | PRIVILEGE_TOKENS | PRIVILEGE_GLOBAL_DELETE | PRIVILEGE_GLOBAL_LOCK | \
     PRIVILEGE_GLOBAL_REGISTRY | PRIVILEGE_FINAL | PRIVILEGE_RECEIPTS)

bool privileges_fit(uint32_t p, bool domain) {
    if (p & ~PRIVILEGES_SUPPORTED || domain != ((p & PRIVILEGE_DOMAIN) != 0) ||
        (!domain && p & OF_DOMAINS))
        return false;
    if (p & PRIVILEGE_DELEGATED && p & PRIVILEGE_AUTHORIZED)
        return false;
    return !(p & PRIVILEGE_MANDATED_DAP) || p & PRIVILEGE_DAP;
}

bool privileges_may_give(struct manager *m, const struct manager_session *s, uint32_t p,
                         bool delegated) {
    /* with a token it is the issuer who gives */
    return s->domain == 0 || delegated || !(p & OF_ISSUER & ~domain_privileges(m, s->domain));
}

enum onecard_err privileges_take_over(struct manager *m, uint32_t context, uint32_t privileges) {
    const uint32_t single = privileges & (PRIVILEGE_CARD_RESET | PRIVILEGE_FINAL);
    enum onecard_err err = ONECARD_OK;
    for (uint32_t i = 0; single && i < m->registry.count && !err; i++) {
        const struct registry_entry *e = &m->registry.entries[i];
        uint32_t has = registry_privileges(e);
        if (e->context != context && has & single)
            err = registry_set_privileges(&m->registry, e->context, has & ~single);
    }
    return err;
}
