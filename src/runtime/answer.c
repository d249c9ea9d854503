#include "runtime/runtime.h"

#include <string.h>

/* ISO/IEC 7816-4 5.6: with these status words data go back, with the other 6xxx none do. 9xxx
 * belong to the applet. */
static bool carries_data(uint16_t status) {
    uint8_t sw1 = (uint8_t)(status >> 8);
    return sw1 >= 0x90 || sw1 == 0x61 || sw1 == 0x62 || sw1 == 0x63;
}

uint16_t answer_wrong_le(const struct apdu *command, uint32_t len) {
    if (!command->has_le || len <= command->ne || len > 256)
        return 0; /* it fits, or goes out in pieces */
    return (uint16_t)(SW_WRONG_LE | (len & 0xFF));
}

static uint16_t bytes_left(uint32_t left) {
    return (uint16_t)(SW_BYTES_LEFT | (left > 255 ? 0 : left));
}

uint16_t answer_shape(struct onecard *card, const struct apdu *command, struct apdu_answer *answer,
                      uint16_t status) {
    if (!carries_data(status) && !answer->keep)
        answer->len = 0;
    /* Without Le the answer is simply sent (T=1), as far as a reader's short buffer takes it. */
    uint32_t most = command->has_le ? command->ne : command->extended ? 65536 : 256;
    if (answer->len <= most)
        return status;
    struct pending *p = &card->pending;
    transmit_take_buffer(card);
    *p = (struct pending){.channel = command->channel, .len = answer->len - most, .status = status};
    memcpy(card->buffer, answer->data + most, p->len);
    answer->len = most;
    return bytes_left(p->len);
}

bool answer_waits(const struct onecard *card, uint8_t channel) {
    return card->pending.at != card->pending.len && card->pending.channel == channel;
}

void answer_forget(struct onecard *card, uint8_t channel) {
    if (card->pending.channel == channel)
        card->pending.at = card->pending.len = 0;
}

uint16_t answer_get_response(struct onecard *card, const struct apdu *command,
                             struct apdu_answer *answer) {
    struct pending *p = &card->pending;
    if (command->p1 || command->p2)
        return SW_WRONG_P1P2;
    if (command->lc)
        return SW_WRONG_LENGTH;
    if (!answer_waits(card, command->channel))
        return SW_CONDITIONS;
    uint32_t left = p->len - p->at;
    uint32_t len = command->has_le ? command->ne : 256;
    if (len > left)
        len = left;
    memcpy(answer->data, card->buffer + p->at, len);
    answer->len = len;
    p->at += len;
    left -= len;
    return left ? bytes_left(left) : p->status;
}
