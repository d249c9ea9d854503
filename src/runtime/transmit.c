/* From bytes to a whole command, and back. */
#include "runtime/runtime.h"

#include <string.h>

#include "base/bytes.h"

#define CLA_CHAINING 0x10u

/* Chaining is defined for the first interindustry coding and used alike with 8x (5.4.1, GPCS). */
static bool class_can_chain(uint8_t cla) {
    return (cla & 0x60) == 0x00;
}

static bool same_chain(const struct chain *chain, const struct apdu *c) {
    return chain->cla == (c->cla & ~CLA_CHAINING) && chain->ins == c->ins && chain->p1 == c->p1 &&
           chain->p2 == c->p2;
}

/* Join a command to the chain. Returns a status word to answer with at once, or 0: *c is then the
 * whole command. */
static uint16_t join_chain(struct onecard *card, struct apdu *c) {
    struct chain *chain = &card->chain;
    bool more = class_can_chain(c->cla) && (c->cla & CLA_CHAINING);
    if (!chain->open && !more)
        return 0;
    if (chain->open && !same_chain(chain, c)) {
        chain->open = false;
        return SW_LAST_CHAINED_EXPECTED;
    }
    if (!chain->open) {
        *chain = (struct chain){.open = true,
                                .cla = c->cla & (uint8_t)~CLA_CHAINING,
                                .ins = c->ins,
                                .p1 = c->p1,
                                .p2 = c->p2};
    }
    if (c->lc > card->port.command_max - chain->len) {
        chain->open = false;
        return SW_WRONG_LENGTH;
    }
    if (c->lc)
        memcpy(card->chain_data + chain->len, c->data, c->lc);
    chain->len += c->lc;
    if (more)
        return SW_OK;
    chain->open = false;
    c->data = card->chain_data;
    c->lc = chain->len;
    return 0;
}

enum onecard_err onecard_transmit(struct onecard *card, const uint8_t *command, size_t command_len,
                                  uint8_t *response, size_t *response_len) {
    if (!card->powered)
        return ONECARD_E_STATE;
    if (card->fault)
        return card->fault;
    struct apdu_answer answer = {.data = response, .capacity = card->port.response_max};
    struct apdu c;
    uint16_t status;
    if (!apdu_parse(command, command_len, &c) || c.lc > card->port.command_max) {
        card->chain.open = false;
        status = SW_WRONG_LENGTH;
    } else {
        status = join_chain(card, &c);
        if (!status)
            status = dispatch_command(card, &card->channel, &c, &answer);
    }
    if (card->fault)
        return card->fault;
    put_be16(response + answer.len, status);
    *response_len = answer.len + 2u;
    return ONECARD_OK;
}
