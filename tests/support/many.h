/* Many cards in one process: one made from a profile, the others cloned from it. */
#ifndef SUPPORT_MANY_H
#define SUPPORT_MANY_H

#include "onecard/card.h"
#include "onecard/host.h"

struct many_card {
    struct onecard_host *host;
    struct onecard *card;
    void *memory;
};

/* Clone, open and power up. NULL, or what failed. */
const char *many_clone(struct many_card *c, const struct onecard_host_template *from);

/* One command; true if the status word is 9000. out takes the data (64 bytes), may be NULL. */
bool many_send(struct many_card *c, const uint8_t *command, size_t len, uint8_t *out);

void many_free(struct many_card *c);

/* What /proc/self says of this process, in bytes. */
struct many_memory {
    size_t own;         /* private pages, page tables included */
    size_t flash;       /* those of flashes in memory among them */
    size_t flashes;     /* mappings of such flashes */
    size_t descriptors; /* open files */
};
struct many_memory many_measure(void);

#endif
