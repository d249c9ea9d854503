/* A card in a PC/SC reader. libpcsclite is loaded when it is needed: no other command waits for it,
 * and a machine without it has all the others. */
#ifndef ONECARD_GP_PCSC_H
#define ONECARD_GP_PCSC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gp_pcsc {
    void *library;
    long context, card; /* as winscard.h has them */
    bool has_context, connected;
    unsigned long protocol;
};

/* Connect to the first reader whose name contains `reader` ("" is in every one) and that has a
 * card, for ourselves alone. false: message says why not, and which readers there are. */
bool gp_pcsc_open(struct gp_pcsc *p, const char *reader, char *message, size_t message_size);

/* *len: room, then the answer's length. */
bool gp_pcsc_transmit(struct gp_pcsc *p, const uint8_t *command, size_t command_len,
                      uint8_t *answer, size_t *len, char *message, size_t message_size);

/* Resets the card, so that nothing stays open. */
void gp_pcsc_close(struct gp_pcsc *p);

#endif
