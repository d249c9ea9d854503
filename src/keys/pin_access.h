/* Inside src/keys: what the standard commands ask about a PIN. */
#ifndef KEYS_PIN_ACCESS_H
#define KEYS_PIN_ACCESS_H

#include "keys/pin.h"

/* Do the PIN's rules allow the operation (ACCESS_VERIFY, _CHANGE, _RESET)? */
bool pin_allowed(struct keys *k, uint32_t owner, uint8_t number, uint8_t operation,
                 const struct security_status *status);

/* Bytes that the PIN's value takes in its own format; 0: no PIN, or no value. */
uint32_t pin_value_size(struct keys *k, uint32_t owner, uint8_t number);

#endif
