/* Host calls: sharing (F4). Who calls is told by the runtime, never by the caller. */
#include <string.h>

#include "firewall/handlers.h"
#include "firewall/share.h"
#include "keys/cvm.h"

static bool overlap(const struct call_argument *a, const struct call_argument *b) {
    return a->len && b->len && a->value < b->value + b->len && b->value < a->value + a->len;
}

/* The callee's fuel may be more than one burn() takes. */
static void burn(struct door *d, uint64_t amount) {
    while (amount > UINT32_MAX && vm_instance_burn(d->instance, UINT32_MAX))
        amount -= UINT32_MAX;
    vm_instance_burn(d->instance, amount > UINT32_MAX ? UINT32_MAX : (uint32_t)amount);
}

int32_t handle_share_call(struct door *d, const struct call_argument *a) {
    if (!d->instance)
        return ONECARD_E_STATE;
    if (overlap(&a[2], &a[3]))
        return ONECARD_E_PARAM;
    uint64_t before = vm_instance_fuel(d->instance), left = before;
    const struct share_call call = {.caller = d->owner,
                                    .aid = a[0].bytes,
                                    .aid_len = a[0].len,
                                    .operation = a[1].value,
                                    .in = a[2].bytes,
                                    .in_len = a[2].len,
                                    .out = a[3].bytes,
                                    .out_size = a[3].len,
                                    .fuel = &left};
    int32_t result = d->upcalls->share(d->upcalls->runtime, &call);
    burn(d, before - left);
    if (d->status) /* the callee may have verified it, or spoilt it */
        d->status->card_pin = keys_cvm_verified(d->keys);
    return result;
}

int32_t handle_share_caller(struct door *d, const struct call_argument *a) {
    if (!d->caller_aid)
        return ONECARD_E_STATE;
    if (a[0].len < d->caller_aid_len)
        return ONECARD_E_RANGE;
    memcpy(a[0].bytes, d->caller_aid, d->caller_aid_len);
    return d->caller_aid_len;
}

int32_t handle_share_allow(struct door *d, const struct call_argument *a) {
    return share_allow(d->store, d->owner, a[0].bytes, a[0].len);
}
