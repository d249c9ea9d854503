/* Session slots of an instance: memory only for those in use, since a selection rarely needs all.
 */
#include <string.h>

#include "firewall/door.h"

struct key_session *door_session(struct door *d, uint32_t n, bool make) {
    if (n >= DOOR_SESSIONS)
        return NULL;
    if (!d->sessions[n] && make) {
        d->sessions[n] = pool_take(d->pool, sizeof *d->sessions[n]);
        if (d->sessions[n])
            memset(d->sessions[n], 0, sizeof *d->sessions[n]);
    }
    return d->sessions[n];
}

void door_forget_sessions(struct door *d) {
    for (uint32_t n = 0; n < DOOR_SESSIONS; n++) {
        if (!d->sessions[n])
            continue;
        key_session_clear(d->sessions[n]);
        pool_give(d->pool, d->sessions[n]);
        d->sessions[n] = NULL;
    }
    sm_close(&d->sm);
}
