/* Life cycles of card and applets (GPCS 2.3.1 clause 5): who may be selected, and what an applet
 * may change of its own state or the card's. */
#include "runtime/runtime.h"

bool life_locked(const struct onecard *card) {
    return card->manager.registry.card_life_cycle == CARD_LOCKED ||
           card->manager.registry.card_life_cycle == CARD_TERMINATED;
}

uint32_t life_final(const struct onecard *card) {
    const struct registry *r = &card->manager.registry;
    for (uint32_t i = 0; i < r->count; i++) {
        const struct registry_entry *e = &r->entries[i];
        if ((e->type == REGISTRY_INSTANCE || e->type == REGISTRY_DOMAIN) &&
            registry_privileges(e) & PRIVILEGE_FINAL &&
            (e->life_cycle & (APPLET_SELECTABLE | APPLET_LOCKED)) == APPLET_SELECTABLE)
            return e->context;
    }
    return 0;
}

/* Leave everybody but the final application alone. */
static void lock(struct onecard *card) {
    struct channel *basic = &card->basic;
    uint32_t final = life_final(card);
    channel_close_all(card);
    bool stays = basic->selected == SELECTED_APPLET
                     ? basic->applet.context == final
                     : basic->selected == SELECTED_DOMAIN && basic->session.domain == final;
    if (!stays)
        select_default(card, basic);
}

void life_enforce(struct onecard *card) {
    bool locked = life_locked(card);
    if (locked && !card->locked && !card->fault)
        lock(card);
    card->locked = locked;
}

enum onecard_err life_refresh(struct onecard *card) {
    if (!card->registry_staged)
        return ONECARD_OK;
    card->registry_staged = false;
    return registry_load(&card->manager.registry, card->store);
}

/* ---- what the door asks for ---- */

int32_t life_get(void *runtime, uint32_t context) {
    struct onecard *card = runtime;
    uint8_t state;
    enum onecard_err err = registry_life_cycle(&card->manager.registry, context, &state);
    return err ? (int32_t)err : state;
}

/* GPCS 5.1.1: LOCKED from SECURED alone; TERMINATED from wherever the card is, but not before it
 * was issued. */
static enum onecard_err set_card(struct registry *r, uint8_t now, uint8_t state) {
    if (r->pre_issuance || now == CARD_TERMINATED || (state == CARD_LOCKED && now != CARD_SECURED))
        return ONECARD_E_STATE;
    return registry_set_card(r, state, false);
}

/* GPCS 5.3.1: an application's own states have bit 8 clear and the three low bits set. It can lock
 * itself, but not unlock; and that it is selectable is not its to say. */
static enum onecard_err set_instance(struct registry *r, uint32_t context, uint8_t now,
                                     uint8_t state) {
    if (state != APPLET_LOCKED && ((state & 0x07) != 0x07 || state & APPLET_LOCKED))
        return ONECARD_E_PARAM;
    if ((now & (APPLET_SELECTABLE | APPLET_LOCKED)) != APPLET_SELECTABLE)
        return ONECARD_E_STATE;
    return registry_set_life_cycle(r, context, state == APPLET_LOCKED ? now | state : state);
}

int32_t life_set(void *runtime, uint32_t context, uint8_t state) {
    struct onecard *card = runtime;
    struct registry *r = &card->manager.registry;
    uint8_t now;
    enum onecard_err err = registry_life_cycle(r, context, &now);
    if (!err)
        err = context ? set_instance(r, context, now, state) : set_card(r, now, state);
    if (!err)
        card->registry_staged = true;
    return err;
}
