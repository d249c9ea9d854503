/* The card's end of the vpcd protocol, as bytes in and bytes out; vpcd.c moves them over TCP.
 *
 * Each message is a length of 2 bytes, big-endian, and that many bytes. From the reader, one byte
 * is a control (0 off, 1 on, 2 reset, 4 give the ATR; only 4 is answered), more is a command APDU,
 * and its answer is one message. The reader asks for the ATR to see whether the card is there. */
#ifndef TRANSPORT_VPCD_LINK_H
#define TRANSPORT_VPCD_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "onecard/card.h"
#include "transport/reader_command.h"

enum { VPCD_LENGTH_SIZE = 2, VPCD_MESSAGE_MAX = 65535 };

/* What is put into the reader. All functions get ctx. */
struct vpcd_card {
    void *ctx;
    /* Power on or reset; fills in the ATR and returns its length. */
    size_t (*power_on)(void *ctx, uint8_t atr[ONECARD_ATR_MAX]);
    void (*power_off)(void *ctx);
    /* response takes VPCD_MESSAGE_MAX bytes. false: the card gives no answer. */
    bool (*transmit)(void *ctx, const uint8_t *command, size_t command_len, uint8_t *response,
                     size_t *response_len);
    /* One step of work between commands; true if there is more. */
    bool (*idle)(void *ctx);
    struct reader_view view; /* for commands to the reader */
};

enum vpcd_step {
    VPCD_WAIT, /* nothing more to do until bytes come */
    VPCD_SEND, /* out[0] to out[out_len - 1] must go to the reader */
    VPCD_DONE, /* a message was obeyed that has no answer */
    VPCD_MUTE, /* the card gives no answer: take it out of the reader */
};

struct vpcd_link {
    struct vpcd_card card;
    bool powered;
    size_t atr_len;
    uint8_t atr[ONECARD_ATR_MAX];
    size_t in_start, in_end; /* received and not yet obeyed: in[in_start] to in[in_end - 1] */
    size_t out_len;
    uint8_t in[VPCD_LENGTH_SIZE + VPCD_MESSAGE_MAX];
    uint8_t out[VPCD_LENGTH_SIZE + VPCD_MESSAGE_MAX];
};

/* The card goes into the reader: it is powered on, so that its ATR is there when first asked for.
 */
void vpcd_link_insert(struct vpcd_link *link, const struct vpcd_card *card);

/* Where to put bytes from the reader; returns how many fit, at least 1 after VPCD_WAIT. */
size_t vpcd_link_room(struct vpcd_link *link, uint8_t **out_at);

/* len bytes were put there. Call vpcd_link_step() until it says VPCD_WAIT. */
void vpcd_link_received(struct vpcd_link *link, size_t len);

/* Obey the next whole message. */
enum vpcd_step vpcd_link_step(struct vpcd_link *link);

/* Is no message begun? */
bool vpcd_link_quiet(const struct vpcd_link *link);

/* The card leaves the reader. */
void vpcd_link_remove(struct vpcd_link *link);

#endif
