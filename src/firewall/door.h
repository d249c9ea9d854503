/* The one door out of the sandbox. Each call of an applet passes door_call(): the number, the
 * privilege, every pointer and length (F1), the fuel; then the handler, which names objects only
 * with the owner that the runtime gave (F2). */
#ifndef FIREWALL_DOOR_H
#define FIREWALL_DOOR_H

#include "base/apdu.h"
#include "base/pool.h"
#include "base/upcalls.h"
#include "crypto/crypto.h"
#include "firewall/screen.h"
#include "fs/fs.h"
#include "keys/keys.h"
#include "keys/pin.h"
#include "onecard/port.h"
#include "secure/scp.h"
#include "secure/sm.h"
#include "store/store.h"
#include "vm/vm.h"

#define DOOR_SESSIONS 4u /* session keys that a selection can hold */

/* Who is at the door: one run of one entry of one instance. Filled by the runtime. */
struct door {
    /* of the card */
    const struct onecard_port *port;
    struct store *store;
    struct crypto_random *random;
    struct keys *keys;
    struct screen *screen;
    const struct upcalls *upcalls;
    struct pool *pool;
    /* of the instance */
    struct vm_instance *instance; /* NULL while its start function runs */
    uint32_t owner;               /* its context */
    uint32_t package;             /* its package's context */
    uint8_t aid[16];
    uint8_t aid_len;
    uint8_t privileges[3];
    struct key_session *sessions[DOOR_SESSIONS]; /* from the pool at first use; NULL: empty */
    struct sm_session sm;
    /* of this run */
    const struct apdu *command;
    struct apdu_answer *answer;
    struct security_status *status;
    struct fs_selection *selection;
    struct scp_session *scp; /* the channel's secure channel with the domain's keys; may be NULL */
    bool scp_answering;      /* the command came through it: so goes the answer */
    uint8_t *command_buffer; /* takes a command that is unwrapped, which may lie in it; or NULL */
    uint32_t command_buffer_size;
    bool unwrapping;           /* the buffer was used */
    struct apdu inner;         /* command points here once it is unwrapped */
    bool nested;               /* the run is part of another's transaction: no commit, no abort */
    bool *doomed;              /* a callee trapped: the transaction can only abort (F4) */
    const uint8_t *caller_aid; /* who calls share(); NULL in other entries */
    uint8_t caller_aid_len;
    enum onecard_err fault; /* the port failed: the card must be powered up again */
};

/* Session slot n of the instance; make: with memory from the pool if it has none yet. NULL if
 * there is no such slot, or it is empty, or the pool is used up. */
struct key_session *door_session(struct door *d, uint32_t n, bool make);

/* Wipe all session slots, give their memory back, and end secure messaging: at deselect, and after
 * a run outside of a selection (F5). */
void door_forget_sessions(struct door *d);

/* vm_host_fn; host_ctx is the struct door. */
enum vm_trap door_call(void *host_ctx, struct vm_instance *instance, uint32_t number,
                       const uint32_t *args, uint32_t *result);

/* After an entry, when its changes are durable: protect the answer if its command was unwrapped.
 * Returns the status word to send. */
uint16_t door_protect(struct door *d, struct apdu_answer *answer, uint16_t status);

#endif
