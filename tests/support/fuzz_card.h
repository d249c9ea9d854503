/* A card for fuzz targets, put back to the same state before each input. */
#ifndef SUPPORT_FUZZ_CARD_H
#define SUPPORT_FUZZ_CARD_H

#include "onecard/card.h"

/* Make the card once: blank in pre-issuance (profile NULL), or from a profile of build/applets. */
void fuzz_card_make(const char *profile);

/* Power it on as it was made. */
struct onecard *fuzz_card_fresh(void);

/* Send one command; aborts if the card does not answer with a status word. */
void fuzz_card_send(struct onecard *card, const uint8_t *command, size_t len);

/* Send commands that stand in data one after the other: length 1 (0: length 2 follows), bytes. */
void fuzz_card_send_all(struct onecard *card, const uint8_t *data, size_t size);

#endif
