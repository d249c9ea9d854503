/* Host calls: random numbers, messages to a person. */
#include "base/text.h"
#include "firewall/handlers.h"

int32_t handle_random(struct door *d, const struct call_argument *a) {
    return crypto_random_bytes(d->random, a[0].bytes, a[0].len);
}

int32_t handle_trace(struct door *d, const struct call_argument *a) {
    if (!d->port->trace)
        return ONECARD_OK;
    struct text t;
    text_init(&t);
    text_add_bytes(&t, a[0].bytes, a[0].len);
    d->port->trace(d->port->ctx, ONECARD_TRACE_NOTE, t.line);
    return ONECARD_OK;
}
