/* The card-wide PIN as a service to all applets: GlobalPlatform CVM (GPCS 2.3.1 clause 8.2, Global
 * PIN). Its value and try counter are PIN 0 of owner 0 (keys/pin.h); its state belongs to the whole
 * card: it outlives SELECT and is shared by all channels, and a reset clears it (F5).
 *
 * Any applet may verify and ask; whoever calls one of the managing functions has made sure of the
 * CVM management privilege, or is the issuer's domain. */
#ifndef KEYS_CVM_H
#define KEYS_CVM_H

#include "keys/pin.h"

#define CVM_OWNER 0u
#define CVM_NUMBER 0u

/* States of GPCS 8.2.2; none: the card has no such PIN. */
enum cvm_state {
    CVM_NONE = 0,
    CVM_ACTIVE = 1,    /* nothing was submitted yet */
    CVM_INVALID = 2,   /* the last submission was wrong (INVALID_SUBMISSION) */
    CVM_VALIDATED = 3, /* it was right; access rules see security_status.card_pin */
    CVM_BLOCKED = 4,   /* no tries are left */
};

enum cvm_state keys_cvm_state(struct keys *k);

/* Is it VALIDATED? Asked before each command: reads nothing. */
static inline bool keys_cvm_verified(const struct keys *k) {
    return k->cvm == CVM_VALIDATED;
}

/* At reset and power-off: nothing was submitted (F5). */
static inline void keys_cvm_forget(struct keys *k) {
    k->cvm = 0;
}

/* As keys_pin_info(). NOT_FOUND: the card has none. */
enum onecard_err keys_cvm_info(struct keys *k, struct pin_info *out_info);

/* Compare; the try counter is written first. As keys_pin_verify(); status->card_pin follows. */
enum onecard_err keys_cvm_verify(struct keys *k, struct security_status *status,
                                 enum pin_format format, const uint8_t *value, uint32_t len);

/* Forget that it was verified, or that a try was wrong. Always allowed: it only takes away. */
void keys_cvm_reset(struct keys *k, struct security_status *status);

/* A new value; the tries start again, and are at most `tries` from now on (1 to 15; 0: as before,
 * or 3 for the first value). The first value makes the PIN, of 4 to 12 digits (raw: bytes).
 * PARAM, FORMAT, RANGE, EXISTS (used before), FULL. */
enum onecard_err keys_cvm_update(struct keys *k, struct security_status *status,
                                 enum pin_format format, uint8_t tries, const uint8_t *value,
                                 uint32_t len);

/* The tries start again; it has to be verified anew. NOT_FOUND. */
enum onecard_err keys_cvm_unblock(struct keys *k, struct security_status *status);

/* No tries are left, at once. NOT_FOUND. */
enum onecard_err keys_cvm_block(struct keys *k, struct security_status *status);

#endif
