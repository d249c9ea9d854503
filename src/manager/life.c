/* SET STATUS (GPCS 2.3.1 11.10): the life cycles of the card, of domains and of applications. */
#include "manager/inside.h"

/* Figure 5-1. SECURED ends pre-issuance for ever (F6); TERMINATED ends everything. */
static bool card_can_go(uint8_t from, uint8_t to, uint32_t privileges) {
    switch (to) {
    case CARD_INITIALIZED:
        return from == CARD_OP_READY;
    case CARD_SECURED:
        return from == CARD_OP_READY || from == CARD_INITIALIZED ||
               (from == CARD_LOCKED && privileges & PRIVILEGE_CARD_LOCK);
    case CARD_LOCKED:
        return from == CARD_SECURED && privileges & PRIVILEGE_CARD_LOCK;
    case CARD_TERMINATED:
        return from != CARD_TERMINATED && privileges & PRIVILEGE_CARD_TERMINATE;
    default:
        return false;
    }
}

static uint16_t set_card(struct manager *m, const struct manager_session *s, uint8_t to) {
    uint8_t now = m->registry.card_life_cycle;
    /* the first two steps are the issuer's alone */
    if (s->domain && (to == CARD_INITIALIZED || now == CARD_OP_READY || now == CARD_INITIALIZED))
        return SW_CONDITIONS;
    if (!card_can_go(now, to, domain_privileges(m, s->domain)))
        return SW_CONDITIONS;
    return content_finish(m, registry_set_card(&m->registry, to, to == CARD_INITIALIZED));
}

/* Table 11-5: b8 locks, and takes back what it did. A domain can be called PERSONALIZED; the state
 * that something is in already, which clients ask for to be sure, is no transition. */
static bool next_state(const struct registry_entry *e, uint8_t to, uint8_t *out) {
    if (to & APPLET_LOCKED) {
        *out = e->life_cycle | APPLET_LOCKED;
        return !(e->life_cycle & APPLET_LOCKED);
    }
    if (e->life_cycle & APPLET_LOCKED) {
        *out = e->life_cycle & (uint8_t)~APPLET_LOCKED;
        return true;
    }
    *out = to;
    if (to == e->life_cycle)
        return true;
    return e->type == REGISTRY_DOMAIN && to == DOMAIN_PERSONALIZED &&
           e->life_cycle == APPLET_SELECTABLE;
}

static const struct registry_entry *find(struct manager *m, const struct manager_session *s,
                                         const struct apdu *c) {
    const struct registry_entry *e = registry_find_any(&m->registry, c->data, c->lc);
    if (!e || (e->type != REGISTRY_INSTANCE && e->type != REGISTRY_DOMAIN))
        return NULL;
    bool global = domain_privileges(m, s->domain) & PRIVILEGE_GLOBAL_LOCK;
    return global || domain_reaches(m, s, e) ? e : NULL;
}

/* A domain that is locked serves nobody: the sessions with its keys end (5.3.2.4). */
static uint16_t finish_locks(struct manager *m, const struct manager_session *s,
                             enum onecard_err err) {
    uint16_t status = content_finish(m, err);
    if (status == SW_OK)
        m->upcalls->review_channels(m->upcalls->runtime, s->domain, NULL, &s->scp);
    return status;
}

static uint16_t set_application(struct manager *m, const struct manager_session *s,
                                const struct apdu *c) {
    const struct registry_entry *e = find(m, s, c);
    uint8_t state;
    if (!e)
        return SW_REFERENCE_NOT_FOUND;
    if (!next_state(e, c->p2, &state))
        return SW_CONDITIONS;
    return finish_locks(m, s, registry_set_life_cycle(&m->registry, e->context, state));
}

/* A domain and all that is associated with it, below it too. */
static uint16_t set_domain(struct manager *m, const struct manager_session *s,
                           const struct apdu *c) {
    const struct registry_entry *domain = find(m, s, c);
    enum onecard_err err = ONECARD_OK;
    uint8_t state;
    if (!domain || domain->type != REGISTRY_DOMAIN)
        return SW_REFERENCE_NOT_FOUND;
    if (!next_state(domain, c->p2, &state))
        return SW_CONDITIONS;
    for (uint32_t i = 0; i < m->registry.count && !err; i++) {
        const struct registry_entry *e = &m->registry.entries[i];
        bool theirs =
            e == domain || ((e->type == REGISTRY_INSTANCE || e->type == REGISTRY_DOMAIN) &&
                            domain_above(m, domain->context, e->domain));
        if (theirs && next_state(e, c->p2, &state))
            err = registry_set_life_cycle(&m->registry, e->context, state);
    }
    return finish_locks(m, s, err);
}

uint16_t domain_set_status(struct manager *m, struct manager_session *s, const struct apdu *c,
                           struct apdu_answer *answer) {
    (void)answer;
    if (m->registry.card_life_cycle == CARD_LOCKED && c->p1 != 0x80)
        return SW_CONDITIONS;
    switch (c->p1) {
    case 0x80:
        return set_card(m, s, c->p2);
    case 0x40:
        return set_application(m, s, c);
    case 0x60:
        return set_domain(m, s, c);
    default:
        return SW_WRONG_P1P2;
    }
}
