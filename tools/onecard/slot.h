/* One card in one place of a virtual reader: its image, the address where the reader listens, and
 * the thread that serves it. Cards are independent; a long command in one holds up no other. */
#ifndef ONECARD_SLOT_H
#define ONECARD_SLOT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "image.h"
#include "trace.h"

enum slot_state { SLOT_EMPTY, SLOT_WAITING, SLOT_IN_READER };

struct slot {
    char *host, *port; /* where the reader listens; owned */
    char *path;        /* of the image, as the user wrote it; owned; NULL: empty */
    struct image image;
    bool traced;
    struct trace trace; /* into text, which goes out a whole exchange at a time */
    char *text;
    size_t text_size;
    int stop_fd; /* an eventfd: tells the thread to end */
    bool running;
    pthread_t thread;
    atomic_int state; /* enum slot_state */
};

/* A slot without a card. host and port are taken over, freed by slot_free(). */
void slot_init(struct slot *slot, char *host, char *port);
void slot_free(struct slot *slot);

/* Open the image for an empty slot. label: names the card in the trace, where there are several.
 * Returns 0, or an exit status after a line on standard error. */
int slot_load(struct slot *slot, const char *command, const char *path,
              const struct image_options *options, bool traced);

/* Serve the card until slot_remove(). Returns as slot_load(). */
int slot_start(struct slot *slot, const char *command);

/* Take the card out: the command under way is answered, then the image is closed. */
void slot_remove(struct slot *slot);

#endif
