/* The slots of "onecard serve": which card is where, and why one cannot go in. */
#ifndef ONECARD_SLOTS_H
#define ONECARD_SLOTS_H

#include <stdio.h>

#include "slot.h"

enum { SLOTS_MAX = 256 };

struct slots {
    const char *command; /* for messages */
    const struct image_options *options;
    bool traced;
    bool labelled;    /* the trace names the card: there are, or can be, several */
    const char *host; /* of cards that name no address; plain n goes to port + n */
    unsigned port;
    unsigned plain;   /* such slots so far */
    bool key_noticed; /* the published development key was spoken of */
    unsigned count;
    struct slot *slot[SLOTS_MAX];
};

/* address: HOST:PORT, an IPv6 address in brackets. Returns 0 or an exit status after a line on
 * standard error, like the others. */
int slots_init(struct slots *s, const char *command, const char *address,
               const struct image_options *options, bool traced);

/* Put IMAGE or IMAGE@HOST:PORT into a slot: the one of that address; else that number, if it is not
 * negative; else the first empty one; else a new one. It opens the image and, if start is set,
 * serves it. *out_number: the slot. */
int slots_insert(struct slots *s, const char *what, int number, bool start, unsigned *out_number);

/* Serve all that was inserted without start. */
int slots_start(struct slots *s);

/* which: a slot's number, or the image in it. */
int slots_remove(struct slots *s, const char *which, unsigned *out_number);

/* A line for each slot: number, state, address, image. */
void slots_list(const struct slots *s, FILE *out);

/* Take all cards out. */
void slots_free(struct slots *s);

#endif
