/* The handlers behind the door, one for each line of calls.def, in one file for each group. */
#ifndef FIREWALL_HANDLERS_H
#define FIREWALL_HANDLERS_H

#include "firewall/door.h"

/* An argument that passed the door's checks. */
struct call_argument {
    uint32_t value;
    uint8_t *bytes; /* in linear memory, len bytes; for r and w */
    uint32_t len;
};

/* call_scp.c: what door_protect() does where scp_unwrap() took the command. */
uint16_t door_scp_protect(struct door *d, struct apdu_answer *answer, uint16_t status);

/* Each returns its result, negative for an enum onecard_err. */
#define GROUP(text)
#define CALL(number, name, result, arguments, names, privilege, cost, text)                        \
    int32_t handle_##name(struct door *d, const struct call_argument *a);
#include "firewall/calls.def"
#undef CALL
#undef GROUP

#endif
