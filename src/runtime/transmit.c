/* From bytes to a whole command, and back. */
#include "runtime/runtime.h"

#include <string.h>

#include "base/bytes.h"

#define CLA_CHAINING 0x10u

static bool same_chain(const struct chain *chain, const struct apdu *c, uint8_t sent_cla) {
    return chain->sent_cla == sent_cla && chain->ins == c->ins && chain->p1 == c->p1 &&
           chain->p2 == c->p2;
}

void transmit_take_buffer(struct onecard *card) {
    if (card->chain.open) /* its next part must not be taken for a whole command */
        card->channels[card->chain.channel]->chain_lost = true;
    card->chain.open = false;
    card->pending.at = card->pending.len = 0;
}

static void begin_chain(struct onecard *card, const struct apdu *c, uint8_t sent_cla) {
    transmit_take_buffer(card);
    card->chain = (struct chain){.open = true,
                                 .channel = c->channel,
                                 .sent_cla = sent_cla,
                                 .ins = c->ins,
                                 .p1 = c->p1,
                                 .p2 = c->p2};
}

/* Join a command to the chain of its channel. Returns a status word to answer with at once, or 0:
 * *c is then the whole command. */
static uint16_t join_chain(struct onecard *card, struct channel *channel, struct apdu *c,
                           bool more) {
    struct chain *chain = &card->chain;
    uint8_t sent_cla = c->sent_cla ^ (more ? CLA_CHAINING : 0);
    bool mine = chain->open && chain->channel == c->channel;
    if (channel->chain_lost) {
        channel->chain_lost = false;
        return SW_LAST_CHAINED_EXPECTED;
    }
    if (mine && !same_chain(chain, c, sent_cla)) {
        chain->open = false;
        return SW_LAST_CHAINED_EXPECTED;
    }
    if (!mine && !more)
        return 0;
    if (!mine)
        begin_chain(card, c, sent_cla);
    if (c->lc > card->port.command_max - chain->len) {
        chain->open = false;
        return SW_WRONG_LENGTH;
    }
    if (c->lc)
        memcpy(card->buffer + chain->len, c->data, c->lc);
    chain->len += c->lc;
    if (more)
        return SW_OK;
    chain->open = false;
    c->data = card->buffer;
    c->lc = chain->len;
    return 0;
}

/* 5.4.1: the class byte says on which channel, and whether more is to come. */
static uint16_t take_class(struct onecard *card, struct apdu *c, bool *out_more) {
    struct class_byte class;
    if (!channel_class(c->cla, &class))
        return SW_CLA_UNSUPPORTED;
    if (class.channel >= CHANNELS_MAX || !card->channels[class.channel])
        return SW_CHANNEL_UNSUPPORTED;
    c->cla = class.base;
    c->channel = class.channel;
    *out_more = class.chained;
    return 0;
}

static uint16_t answer_command(struct onecard *card, const uint8_t *command, size_t command_len,
                               struct apdu_answer *answer) {
    struct apdu c;
    if (!apdu_parse(command, command_len, &c) || c.lc > card->port.command_max) {
        card->chain.open = false;
        return SW_WRONG_LENGTH;
    }
    bool more;
    uint16_t status = take_class(card, &c, &more);
    if (status)
        return status;
    struct channel *channel = card->channels[c.channel];
    status = join_chain(card, channel, &c, more);
    return status ? status : dispatch_command(card, channel, &c, answer);
}

enum onecard_err onecard_transmit(struct onecard *card, const uint8_t *command, size_t command_len,
                                  uint8_t *response, size_t *response_len) {
    if (!card->powered)
        return ONECARD_E_STATE;
    if (card->fault)
        return card->fault;
    struct apdu_answer answer = {.data = response, .capacity = card->port.response_max};
    uint16_t status = answer_command(card, command, command_len, &answer);
    if (card->fault)
        return card->fault;
    put_be16(response + answer.len, status);
    *response_len = answer.len + 2u;
    return ONECARD_OK;
}
