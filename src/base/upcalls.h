/* The calls that go up through the layers; all others go down. The VM calls the door (vm_host_fn in
 * vm/vm.h, handed to each instance), and the manager calls the runtime (below, handed down when the
 * card is opened). The door calls the runtime for sharing (F4) and life cycles. */
#ifndef BASE_UPCALLS_H
#define BASE_UPCALLS_H

#include <stdint.h>

#include "base/apdu.h"

struct scp_session;
struct scp_domain;

/* An applet's entry that the manager asks the runtime to run outside of a selection. */
enum applet_entry {
    APPLET_INSTALL,   /* export "install": data are the install parameters (C9) */
    APPLET_UNINSTALL, /* export "uninstall", if the applet has one */
};

/* One applet calls another (F4). The bytes lie in the caller's memory: in is only read, out only
 * written, and they do not overlap. */
struct share_call {
    uint32_t caller; /* context */
    const uint8_t *aid;
    uint32_t aid_len;
    uint32_t operation;
    const uint8_t *in;
    uint32_t in_len;
    uint8_t *out;
    uint32_t out_size;
    uint64_t *fuel; /* what the caller has left; the callee burns of it */
};

struct upcalls {
    void *runtime;
    /* The manager to the runtime: run an entry of the instance of that context number in a memory
     * of its own. Returns a status word; changes are staged, not committed. */
    uint16_t (*run_instance)(void *runtime, uint32_t context, enum applet_entry entry,
                             const struct apdu *command);
    /* The manager to the runtime: hand a STORE DATA command to the instance's export "process". scp
     * is the secure channel that it came through. Status word and changes as above. */
    uint16_t (*personalise_instance)(void *runtime, uint32_t context, const struct apdu *command,
                                     struct scp_session *scp);
    /* The manager to the runtime: an instance or domain is about to be deleted; deselect it
     * wherever it is selected. */
    void (*forget_instance)(void *runtime, uint32_t context);
    /* The manager to the runtime: keys, associations or locks have changed. Secure channels on any
     * logical channel, but for `except`, that do not stand any more end (manager_scp_stands()), and
     * so do those with the keys of `owner` of a version whose bit is set in gone (16 bytes; NULL:
     * of none). */
    void (*review_channels)(void *runtime, uint32_t owner, const uint8_t *gone,
                            const struct scp_session *except);
    /* The door to the runtime: run the entry "share" of another instance. Returns the bytes in out,
     * or an error as the host call share_call() tells it; out is then wiped. */
    int32_t (*share)(void *runtime, const struct share_call *call);
    /* The door to the runtime: the life cycle of an instance, or of the card (context 0). Setting
     * is staged. Results are those of host calls: a state, or an enum onecard_err: PARAM (no such
     * state), STATE (not from the present one). */
    int32_t (*life_get)(void *runtime, uint32_t context);
    int32_t (*life_set)(void *runtime, uint32_t context, uint8_t state);
    /* The door to the manager, through the runtime: whose keys open the secure channel of an
     * instance (GPCS 10.8). 9000, or 6985: its domain is locked. */
    uint16_t (*scp_domain)(void *runtime, uint32_t context, struct scp_domain *out_domain);
};

#endif
