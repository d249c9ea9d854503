/* The biometric gate and its counter, which falls before the sensor is asked (F5). */
#include "keys/gate.h"

enum gate_layout { GATE_AT_TRIES_LEFT = 0, GATE_AT_TRIES_MAX = 1, GATE_SIZE = 2 };

static store_name gate_name(uint32_t owner) {
    return STORE_NAME(owner, KEYS_KIND_PIN, GATE_NUMBER);
}

static enum onecard_err write_tries(struct keys *k, uint32_t owner, uint8_t tries) {
    return store_write_now(k->store, gate_name(owner), GATE_AT_TRIES_LEFT, &tries, 1);
}

/* No sensor, or none that is ready, costs no try: nothing was compared. */
static enum onecard_err ask(struct keys *k, uint32_t owner, const uint8_t gate[GATE_SIZE],
                            const struct onecard_port *port) {
    enum onecard_err err = write_tries(k, owner, (uint8_t)(gate[GATE_AT_TRIES_LEFT] - 1));
    if (err != ONECARD_OK)
        return err;
    switch (port->biometric(port->ctx)) {
    case ONECARD_BIOMETRIC_MATCH:
        return write_tries(k, owner, gate[GATE_AT_TRIES_MAX]);
    case ONECARD_BIOMETRIC_NO_SENSOR:
        err = write_tries(k, owner, gate[GATE_AT_TRIES_LEFT]);
        return err != ONECARD_OK ? err : ONECARD_E_UNSUPPORTED;
    default:
        return ONECARD_E_WRONG;
    }
}

enum onecard_err keys_gate_verify(struct keys *k, uint32_t owner, struct security_status *status,
                                  const struct onecard_port *port) {
    uint8_t gate[GATE_SIZE];
    status->biometric = false;
    enum onecard_err err = store_read(k->store, gate_name(owner), 0, gate, sizeof gate);
    if (err != ONECARD_OK)
        return err;
    if (port->biometric == NULL)
        return ONECARD_E_UNSUPPORTED;
    if (gate[GATE_AT_TRIES_LEFT] == 0)
        return ONECARD_E_BLOCKED;
    err = ask(k, owner, gate, port);
    status->biometric = err == ONECARD_OK;
    return err;
}

enum onecard_err keys_gate_tries(struct keys *k, uint32_t owner, uint8_t *out_tries) {
    return store_read(k->store, gate_name(owner), GATE_AT_TRIES_LEFT, out_tries, 1);
}

enum onecard_err keys_gate_set(struct keys *k, uint32_t owner, struct security_status *status,
                               uint32_t tries) {
    const store_name name = gate_name(owner);
    const uint8_t gate[GATE_SIZE] = {(uint8_t)tries, (uint8_t)tries};
    uint32_t size;
    if (tries > GATE_TRIES_MAX)
        return ONECARD_E_PARAM;
    status->biometric = false;
    enum onecard_err err = store_size(k->store, name, &size);
    if (err == ONECARD_OK)
        return tries == 0 ? write_tries(k, owner, 0)
                          : store_write_now(k->store, name, 0, gate, sizeof gate);
    if (err != ONECARD_E_NOT_FOUND || tries == 0)
        return err;
    err = store_create(k->store, name, sizeof gate, STORE_SECRET);
    if (err == ONECARD_OK) {
        err = store_write(k->store, name, 0, gate, sizeof gate);
        if (err != ONECARD_OK)
            store_delete(k->store, name);
    }
    return err;
}
