/* The biometric gate: the port's sensor says whether the person is the right one, and a counter of
 * the owner's own says how often it may be asked in vain (F5). No template and no measurement ever
 * comes into the card's core.
 *
 * The counter is PIN-like: a secret object of the owner, written to flash before the sensor is
 * asked, never part of a transaction. */
#ifndef KEYS_GATE_H
#define KEYS_GATE_H

#include "keys/keys.h"

#define GATE_NUMBER 0x0100u /* among objects of KEYS_KIND_PIN, beyond the numbers of PINs */
#define GATE_TRIES_MAX 15u

/* Ask the sensor; sets or clears status->biometric. WRONG: no match, a try is lost. BLOCKED.
 * NOT_FOUND: the owner has set up no gate. UNSUPPORTED: the port has no sensor, or it is not ready;
 * no try is lost. STATE: the gate was made in the open transaction. IO. */
enum onecard_err keys_gate_verify(struct keys *k, uint32_t owner, struct security_status *status,
                                  const struct onecard_port *port);

/* Tries that are left. NOT_FOUND. */
enum onecard_err keys_gate_tries(struct keys *k, uint32_t owner, uint8_t *out_tries);

/* Set up the gate with this many tries (1 to GATE_TRIES_MAX), or start the count again; 0 blocks
 * it, at once. The caller has made sure that this may be. PARAM, NOT_FOUND (to block), FULL. */
enum onecard_err keys_gate_set(struct keys *k, uint32_t owner, struct security_status *status,
                               uint32_t tries);

#endif
