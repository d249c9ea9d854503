/* The card-wide PIN: a PIN of the card itself, and a state that all channels share. */
#include "keys/cvm.h"

/* The submission as the whole card sees it. */
static void submitted(struct keys *k, struct security_status *status, enum cvm_state state) {
    k->cvm = (uint8_t)state;
    status->card_pin = state == CVM_VALIDATED;
}

enum onecard_err keys_cvm_info(struct keys *k, struct pin_info *out_info) {
    return keys_pin_info(k, CVM_OWNER, CVM_NUMBER, out_info);
}

enum cvm_state keys_cvm_state(struct keys *k) {
    struct pin_info info;
    if (keys_cvm_verified(k))
        return CVM_VALIDATED;
    if (keys_cvm_info(k, &info) != ONECARD_OK)
        return CVM_NONE;
    if (info.tries_left == 0)
        return CVM_BLOCKED;
    return k->cvm == CVM_INVALID ? CVM_INVALID : CVM_ACTIVE;
}

enum onecard_err keys_cvm_verify(struct keys *k, struct security_status *status,
                                 enum pin_format format, const uint8_t *value, uint32_t len) {
    /* The bits of PINs are the selected applet's; PIN 0 of the card must not set its PIN 0. */
    struct security_status own = {0};
    enum onecard_err err =
        keys_pin_verify(k, CVM_OWNER, CVM_NUMBER, &own, format, value, len, NULL);
    submitted(k, status, err == ONECARD_OK ? CVM_VALIDATED : CVM_INVALID);
    return err;
}

void keys_cvm_reset(struct keys *k, struct security_status *status) {
    submitted(k, status, CVM_ACTIVE);
}

static enum onecard_err first_value(struct keys *k, enum pin_format format, uint8_t tries,
                                    const uint8_t *value, uint32_t len) {
    const struct pin_spec spec = {.format = (uint8_t)format,
                                  .length_min = 4,
                                  .length_max = 12,
                                  .tries_max = tries != 0 ? tries : 3,
                                  .puk = PIN_NONE};
    return len == 0 ? ONECARD_E_FORMAT
                    : keys_pin_create(k, CVM_OWNER, CVM_NUMBER, &spec, value, len);
}

enum onecard_err keys_cvm_update(struct keys *k, struct security_status *status,
                                 enum pin_format format, uint8_t tries, const uint8_t *value,
                                 uint32_t len) {
    struct security_status own = {0};
    struct pin_info info;
    if (tries > 15)
        return ONECARD_E_PARAM;
    enum onecard_err err = keys_cvm_info(k, &info);
    if (err == ONECARD_E_NOT_FOUND) {
        err = first_value(k, format, tries, value, len);
    } else if (err == ONECARD_OK) {
        err = len == 0 ? ONECARD_E_FORMAT
                       : keys_pin_reset(k, CVM_OWNER, CVM_NUMBER, &own, format, value, len);
        if (err == ONECARD_OK && tries != 0)
            err = keys_pin_set_tries(k, CVM_OWNER, CVM_NUMBER, tries);
    }
    if (err == ONECARD_OK)
        submitted(k, status, CVM_ACTIVE);
    return err;
}

enum onecard_err keys_cvm_unblock(struct keys *k, struct security_status *status) {
    struct security_status own = {0};
    enum onecard_err err = keys_pin_reset(k, CVM_OWNER, CVM_NUMBER, &own, PIN_RAW, NULL, 0);
    if (err == ONECARD_OK)
        submitted(k, status, CVM_ACTIVE);
    return err;
}

enum onecard_err keys_cvm_block(struct keys *k, struct security_status *status) {
    enum onecard_err err = keys_pin_block(k, CVM_OWNER, CVM_NUMBER);
    if (err == ONECARD_OK)
        submitted(k, status, CVM_ACTIVE);
    return err;
}
