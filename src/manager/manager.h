/* The security domains: GlobalPlatform content management (GPCS 2.3.1). The issuer's domain and the
 * supplementary ones are the applications of the card that are not Wasm, and the only ones that
 * change what is on the card (F6).
 *
 * A blank card is in pre-issuance: the issuer's domain takes content commands in plain, until SET
 * STATUS moves the card to SECURED. From then on a secure channel of the domain that is selected is
 * needed. docs/globalplatform.md says clause by clause what there is. */
#ifndef MANAGER_MANAGER_H
#define MANAGER_MANAGER_H

#include "base/pool.h"
#include "base/upcalls.h"
#include "keys/keys.h"
#include "manager/load_file.h"
#include "manager/registry.h"
#include "secure/scp.h"
#include "vm/vm.h"

/* What a logical channel knows while a security domain is selected on it; of an applet's selection
 * only scp, the secure channel with its domain's keys. The runtime owns it: it clears it and sets
 * domain before manager_select(). */
struct manager_session {
    uint32_t domain;       /* context of the selected domain; 0: the issuer's */
    uint32_t personalised; /* context that STORE DATA goes to; 0: none */
    struct scp_session scp;
    uint8_t status_p1;    /* GET STATUS: what was asked for, */
    uint8_t status_scope; /* which part of it, and ... */
    uint32_t status_next; /* ... context that the next page begins with */
    uint8_t *store_data;  /* STORE DATA for the domain itself as it comes in, from the pool */
    uint32_t store_len;
    uint8_t store_block; /* the number that the next block must have */
    uint8_t store_p1;
    uint8_t chain_ins, chain_p2; /* a command in parts lies in store_data instead; 0: none does */
};
#define STORE_DATA_MAX 2048u /* bytes of all blocks for a domain itself */

/* What the manager needs of the card. All must outlive it. */
struct manager_parts {
    const struct onecard_port *port;
    struct store *store;
    struct pool *pool; /* for the translator's working space, and a load's checks */
    struct keys *keys;
    const struct upcalls *upcalls;
    uint8_t *work; /* for commands that are unwrapped; free whenever a command is given */
    uint32_t work_size;
};

struct manager {
    const struct onecard_port *port;
    struct store *store;
    struct pool *pool;
    struct keys *keys;
    const struct upcalls *upcalls;
    uint8_t *work;
    uint32_t work_size;
    struct registry registry;
    struct manager_session *loader; /* whose INSTALL [for load] is under way; NULL: nobody's */
    uint8_t next_block;
    uint16_t load_domain; /* that the package will be associated with */
    bool load_delegated;
    struct load_file *load;    /* from the pool while a load is under way */
    struct combined *combined; /* likewise: load.c; NULL: the load is one by itself */
};

/* Stage a blank card in pre-issuance on an empty store, and commit it. */
enum onecard_err manager_format(struct store *store);

/* Read the registry. */
enum onecard_err manager_open(struct manager *m, const struct manager_parts *parts);

/* Packages that were never made whole go: at power-up, and whenever nothing is staged. */
enum onecard_err manager_tidy(struct manager *m);

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

/* Whose keys open a secure channel for an instance or a domain, and for whom (GPCS 7.3.2: a domain
 * without keys uses those of the one above it). 9000; 6985 if a domain on the way to those keys is
 * locked and gives no service (5.3.2.4); *out_domain is set all the same. */
uint16_t manager_scp_domain(struct manager *m, uint32_t context, struct scp_domain *out_domain);

/* Would the secure channel of that instance or domain be opened with the same domain's keys today?
 * Not if it went to another domain, its domain got keys of its own, or is locked. */
bool manager_scp_stands(struct manager *m, uint32_t context, const struct scp_session *scp);

/* End the secure channel of a domain that is selected, with all that was begun through it. */
void manager_end_channel(struct manager *m, struct manager_session *session);

/* The translated code of a package, authenticated or checked against its Wasm at the first use
 * after onecard_open() (S6). ONECARD_E_CORRUPT if it is not what the loader wrote. */
enum onecard_err manager_code(struct manager *m, struct registry_entry *package,
                              struct vm_image *out_image);

#endif
