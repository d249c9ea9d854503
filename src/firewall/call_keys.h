/* What the host calls of keys share. */
#ifndef FIREWALL_CALL_KEYS_H
#define FIREWALL_CALL_KEYS_H

#include "firewall/handlers.h"

/* Stored keys are 0 to FFFF; session slots follow. */
#define KEY_SESSION_BASE 0x10000u

/* The key of that number. NOT_FOUND: a slot that is empty, or none. */
int32_t key_of(struct door *d, uint32_t key, struct key_ref *ref);

/* The bytes of key_create()'s spec; its rules point into them. PARAM. */
int32_t key_spec_of(const struct call_argument *a, struct key_spec *spec);

#endif
