/* Host calls: transactions. One is always open; the runtime commits it when the entry returns. */
#include "firewall/handlers.h"

int32_t handle_tx_commit(struct door *d, const struct call_argument *a) {
    (void)a;
    if (d->nested || *d->doomed)
        return ONECARD_E_STATE;
    enum onecard_err err = store_commit(d->store);
    if (err)
        screen_abort(d->screen);
    else
        screen_commit(d->screen, d->port);
    return err;
}

int32_t handle_tx_abort(struct door *d, const struct call_argument *a) {
    (void)a;
    if (d->nested)
        return ONECARD_E_STATE;
    store_abort(d->store);
    screen_abort(d->screen);
    *d->doomed = false;
    return ONECARD_OK;
}

int32_t handle_tx_room(struct door *d, const struct call_argument *a) {
    (void)a;
    return (int32_t)store_room(d->store);
}
