/* A card in the virtual PC/SC reader of vsmartcard (vpcd), over TCP.
 *
 * The reader listens, the card connects. Start order does not matter: the card waits for a reader,
 * and waits again when it goes away. */
#ifndef TRANSPORT_VPCD_H
#define TRANSPORT_VPCD_H

#include "onecard/error.h"
#include "transport/vpcd_link.h"

#define VPCD_HOST "127.0.0.1"
#define VPCD_PORT "35963" /* of the first slot; slot n listens on VPCD_PORT + n */

enum vpcd_event {
    VPCD_NO_READER, /* nobody listens there, once until somebody does; detail says why */
    VPCD_INSERTED,  /* connected: the card is in the reader */
    VPCD_REMOVED,   /* the reader went away, or the card gave no answer; detail says which */
};

struct vpcd_options {
    const char *host; /* name or address */
    const char *port; /* decimal */
    int stop_fd;      /* vpcd_serve() returns soon after this becomes readable */
    void (*event)(void *ctx, enum vpcd_event event, const char *detail);
    void *event_ctx;
};

/* Keep the card in the reader until stop_fd says stop. A command under way is finished and answered
 * first. ONECARD_E_NO_MEMORY, or ONECARD_OK after a stop. */
enum onecard_err vpcd_serve(const struct vpcd_card *card, const struct vpcd_options *options);

#endif
