/* Host calls: life cycles. The registry is the card manager's: the runtime changes it for us. */
#include "firewall/handlers.h"

enum { LIFE_CARD = 0, LIFE_CARD_LOCKED = 0x7F, LIFE_CARD_TERMINATED = 0xFF };

int32_t handle_self_state(struct door *d, const struct call_argument *a) {
    (void)a;
    return d->upcalls->life_get(d->upcalls->runtime, d->owner);
}

int32_t handle_self_set_state(struct door *d, const struct call_argument *a) {
    if (a[0].value > 0xFF)
        return ONECARD_E_PARAM;
    return d->upcalls->life_set(d->upcalls->runtime, d->owner, (uint8_t)a[0].value);
}

int32_t handle_state(struct door *d, const struct call_argument *a) {
    (void)a;
    return d->upcalls->life_get(d->upcalls->runtime, LIFE_CARD);
}

int32_t handle_lock(struct door *d, const struct call_argument *a) {
    (void)a;
    return d->upcalls->life_set(d->upcalls->runtime, LIFE_CARD, LIFE_CARD_LOCKED);
}

int32_t handle_terminate(struct door *d, const struct call_argument *a) {
    (void)a;
    return d->upcalls->life_set(d->upcalls->runtime, LIFE_CARD, LIFE_CARD_TERMINATED);
}
