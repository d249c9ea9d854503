/* Host calls: the person who holds the card. The card-wide PIN, the biometric gate, the screen. */
#include <string.h>

#include "firewall/handlers.h"
#include "keys/cvm.h"
#include "keys/gate.h"

int32_t handle_cvm_verify(struct door *d, const struct call_argument *a) {
    if (a[0].value > PIN_BLOCK_2)
        return ONECARD_E_PARAM;
    return keys_cvm_verify(d->keys, d->status, (enum pin_format)a[0].value, a[1].bytes, a[1].len);
}

int32_t handle_cvm_info(struct door *d, const struct call_argument *a) {
    struct pin_info info = {0};
    enum onecard_err err = keys_cvm_info(d->keys, &info);
    if (err && err != ONECARD_E_NOT_FOUND)
        return err;
    const uint8_t state = (uint8_t)keys_cvm_state(d->keys);
    const uint8_t out[7] = {state,           info.format,    info.length_min, info.length_max,
                            info.tries_left, info.tries_max, info.set};
    if (a[0].len < sizeof out)
        return ONECARD_E_RANGE;
    memcpy(a[0].bytes, out, sizeof out);
    return state;
}

int32_t handle_cvm_reset(struct door *d, const struct call_argument *a) {
    (void)a;
    keys_cvm_reset(d->keys, d->status);
    return ONECARD_OK;
}

int32_t handle_cvm_update(struct door *d, const struct call_argument *a) {
    if (a[0].value > PIN_BLOCK_2 || a[1].value > 15)
        return ONECARD_E_PARAM;
    return keys_cvm_update(d->keys, d->status, (enum pin_format)a[0].value, (uint8_t)a[1].value,
                           a[2].bytes, a[2].len);
}

int32_t handle_cvm_unblock(struct door *d, const struct call_argument *a) {
    (void)a;
    return keys_cvm_unblock(d->keys, d->status);
}

int32_t handle_cvm_block(struct door *d, const struct call_argument *a) {
    (void)a;
    return keys_cvm_block(d->keys, d->status);
}

int32_t handle_biometric_verify(struct door *d, const struct call_argument *a) {
    (void)a;
    return keys_gate_verify(d->keys, d->owner, d->status, d->port);
}

int32_t handle_biometric_tries(struct door *d, const struct call_argument *a) {
    (void)a;
    uint8_t tries;
    enum onecard_err err = keys_gate_tries(d->keys, d->owner, &tries);
    return err ? (int32_t)err : tries;
}

int32_t handle_biometric_set(struct door *d, const struct call_argument *a) {
    return keys_gate_set(d->keys, d->owner, d->status, a[0].value);
}

int32_t handle_display_show(struct door *d, const struct call_argument *a) {
    if (!d->port->display)
        return ONECARD_E_UNSUPPORTED;
    return screen_stage(d->screen, d->owner, d->aid, d->aid_len, a[1].bytes, a[1].len, a[0].value);
}
