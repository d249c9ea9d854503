/* Commands of class FF: PC/SC (part 3, 3.2.2) lets programs ask the reader, not the card, what the
 * reader learnt when it found a contactless card. A virtual reader hands everything on, so whoever
 * puts the card into it answers them. */
#ifndef TRANSPORT_READER_COMMAND_H
#define TRANSPORT_READER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "onecard/card.h"

enum { READER_UID_SIZE = 4 };

/* What a reader knows of a contactless card. */
struct reader_view {
    bool contactless;
    uint8_t uid[READER_UID_SIZE];
    uint8_t ats_len;
    uint8_t ats[ONECARD_ATS_MAX];
};

/* A UID that stays with the chip: one size, first byte xF (ISO/IEC 14443-3 6.5.4: a fixed number
 * that need not be unique), the rest made from the chip's serial number. */
void reader_uid(const uint8_t serial[ONECARD_SERIAL_SIZE], uint8_t uid[READER_UID_SIZE]);

/* Answer the command if it is one to the reader: FF CA 00 00 (the UID) and FF CA 01 00 (the ATS);
 * 6A81 from a reader with contacts. response: ONECARD_ATS_MAX + 2 bytes. false: it is the card's.
 */
bool reader_command(const struct reader_view *view, const uint8_t *command, size_t len,
                    uint8_t *response, size_t *out_len);

#endif
