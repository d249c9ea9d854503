/* Host calls: PINs, authentication, the security status of this selection (F5). */
#include <string.h>

#include "base/bytes.h"
#include "firewall/handlers.h"

/* PIN numbers and formats that do not fit their type name nothing. */
static bool pin_named(const struct call_argument *number, const struct call_argument *format) {
    return number->value < STATUS_PINS && format->value <= PIN_BLOCK_2;
}

int32_t handle_security_command(struct door *d, const struct call_argument *a) {
    (void)a;
    return keys_command(d->keys, d->owner, d->status, d->command, d->answer);
}

int32_t handle_pin_verify(struct door *d, const struct call_argument *a) {
    if (!pin_named(&a[0], &a[1]))
        return ONECARD_E_NOT_FOUND;
    return keys_pin_verify(d->keys, d->owner, (uint8_t)a[0].value, d->status,
                           (enum pin_format)a[1].value, a[2].bytes, a[2].len, NULL);
}

int32_t handle_pin_change(struct door *d, const struct call_argument *a) {
    if (!pin_named(&a[0], &a[1]))
        return ONECARD_E_NOT_FOUND;
    return keys_pin_change(d->keys, d->owner, (uint8_t)a[0].value, d->status,
                           (enum pin_format)a[1].value, a[2].bytes, a[2].len, a[3].bytes, a[3].len,
                           NULL);
}

int32_t handle_pin_unblock(struct door *d, const struct call_argument *a) {
    if (!pin_named(&a[0], &a[1]))
        return ONECARD_E_NOT_FOUND;
    return keys_pin_unblock(d->keys, d->owner, (uint8_t)a[0].value, d->status,
                            (enum pin_format)a[1].value, a[2].bytes, a[2].len, a[3].bytes, a[3].len,
                            NULL);
}

int32_t handle_pin_reset(struct door *d, const struct call_argument *a) {
    if (!pin_named(&a[0], &a[1]))
        return ONECARD_E_NOT_FOUND;
    return keys_pin_reset(d->keys, d->owner, (uint8_t)a[0].value, d->status,
                          (enum pin_format)a[1].value, a[2].bytes, a[2].len);
}

int32_t handle_pin_block(struct door *d, const struct call_argument *a) {
    return a[0].value < STATUS_PINS ? keys_pin_block(d->keys, d->owner, (uint8_t)a[0].value)
                                    : ONECARD_E_NOT_FOUND;
}

int32_t handle_pin_info(struct door *d, const struct call_argument *a) {
    struct pin_info info;
    if (a[0].value >= STATUS_PINS)
        return ONECARD_E_NOT_FOUND;
    enum onecard_err err = keys_pin_info(d->keys, d->owner, (uint8_t)a[0].value, &info);
    if (err)
        return err;
    uint8_t out[7] = {info.format,    info.length_min, info.length_max, info.tries_left,
                      info.tries_max, info.puk,        info.set};
    if (a[1].len < sizeof out)
        return ONECARD_E_RANGE;
    memcpy(a[1].bytes, out, sizeof out);
    return ONECARD_OK;
}

int32_t handle_security_pins(struct door *d, const struct call_argument *a) {
    (void)a;
    return (int32_t)d->status->pins;
}

int32_t handle_security_key(struct door *d, const struct call_argument *a) {
    uint32_t n = a[0].value;
    return n < STATUS_KEYS ? (int32_t)(d->status->keys[n / 32] >> n % 32 & 1) : 0;
}

int32_t handle_security_clear(struct door *d, const struct call_argument *a) {
    (void)a;
    security_status_clear(d->status);
    return ONECARD_OK;
}

int32_t handle_challenge(struct door *d, const struct call_argument *a) {
    return keys_challenge(d->keys, d->status, a[0].bytes, a[0].len);
}

int32_t handle_challenge_take(struct door *d, const struct call_argument *a) {
    uint8_t len = d->status->challenge_len;
    if (!len)
        return ONECARD_E_STATE;
    if (a[0].len < len)
        return ONECARD_E_RANGE;
    memcpy(a[0].bytes, d->status->challenge, len);
    bytes_wipe(d->status->challenge, sizeof d->status->challenge);
    d->status->challenge_len = 0;
    return len;
}

int32_t handle_auth_external(struct door *d, const struct call_argument *a) {
    if (a[0].value > 0xFFFF || a[1].value >= STATUS_KEYS)
        return ONECARD_E_NOT_FOUND;
    struct key_ref ref = {.owner = d->owner, .number = (uint16_t)a[0].value};
    return keys_auth_external(d->keys, &ref, d->status, a[2].bytes, a[2].len);
}

int32_t handle_auth_internal(struct door *d, const struct call_argument *a) {
    if (a[0].value > 0xFFFF)
        return ONECARD_E_NOT_FOUND;
    if (a[2].len < a[1].len)
        return ONECARD_E_RANGE;
    struct key_ref ref = {.owner = d->owner, .number = (uint16_t)a[0].value};
    return keys_auth_internal(d->keys, &ref, a[1].bytes, a[1].len, a[2].bytes);
}

int32_t handle_security_messaging(struct door *d, const struct call_argument *a) {
    if (a[0].value > 0x0F)
        return ONECARD_E_PARAM;
    d->status->sm = (uint8_t)a[0].value;
    return ONECARD_OK;
}
