/* The issuer security domain: GlobalPlatform content management (GPCS 2.3.1). It is the one
 * application of the card that is not Wasm, and the only one that changes what is on the card (F6).
 *
 * Part 1 has pre-issuance only: a blank card takes content commands in plain until SET STATUS moves
 * the card to SECURED. From then on every one of them is refused with 6982. */
#ifndef MANAGER_MANAGER_H
#define MANAGER_MANAGER_H

#include "base/pool.h"
#include "base/upcalls.h"
#include "manager/load_file.h"
#include "manager/registry.h"
#include "vm/vm.h"

#define ISD_AID "\xA0\x00\x00\x01\x51\x00\x00\x00"
#define ISD_AID_LEN 8u

/* What a logical channel knows while a security domain is selected on it. The runtime owns it: it
 * clears it and sets domain before manager_select(). */
struct manager_session {
    uint32_t domain;       /* context of the selected domain; 0: the issuer's */
    uint32_t personalised; /* context that STORE DATA goes to; 0: none */
};

struct manager {
    const struct onecard_port *port;
    struct store *store;
    struct pool *pool; /* for the translator's working space */
    const struct upcalls *upcalls;
    struct registry registry;
    struct manager_session *loader; /* whose INSTALL [for load] is under way; NULL: nobody's */
    uint8_t next_block;
    struct load_file load;
};

/* Stage a blank card in pre-issuance on an empty store, and commit it. */
enum onecard_err manager_format(struct store *store);

/* Read the registry. All pointers must outlive the manager. */
enum onecard_err manager_open(struct manager *m, const struct onecard_port *port,
                              struct store *store, struct pool *pool,
                              const struct upcalls *upcalls);

/* A security domain is selected on a channel: put its FCI into the answer (GPCS 11.9.3). */
uint16_t manager_select(struct manager *m, struct manager_session *session,
                        struct apdu_answer *answer);

/* It is deselected, or the card is reset: what the session began is abandoned, and it is wiped. */
void manager_deselect(struct manager *m, struct manager_session *session);

/* A command while it is selected. Commits or aborts what it changes before it returns. */
uint16_t manager_process(struct manager *m, struct manager_session *session,
                         const struct apdu *command, struct apdu_answer *answer);

/* An instance goes: nobody personalises it any more. */
void manager_forget_instance(struct manager_session *session, uint32_t context);

/* The translated code of a package, authenticated or checked against its Wasm at the first use
 * after onecard_open() (S6). ONECARD_E_CORRUPT if it is not what the loader wrote. */
enum onecard_err manager_code(struct manager *m, struct registry_entry *package,
                              struct vm_image *out_image);

#endif
