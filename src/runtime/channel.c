/* Logical channels (ISO/IEC 7816-4 5.4, 11.1.2; GPCS 6.4, 11.7). */
#include "runtime/runtime.h"

#include <string.h>

#define CLA_PROPRIETARY 0x80u
#define CLA_FURTHER 0x40u
#define CLA_FURTHER_SM 0x20u
#define CLA_CHAINING 0x10u
#define FURTHER_FIRST 4u /* the first channel that the further coding names */

bool channel_class(uint8_t cla, struct class_byte *out) {
    if (cla == 0xFF || (cla & 0xE0) == 0x20)
        return false;
    *out = (struct class_byte){.base = cla};
    if ((cla & 0xE0) == 0xA0)
        return true; /* Ax and Bx: the applet's own, on the basic channel */
    out->chained = cla & CLA_CHAINING;
    if (!(cla & CLA_FURTHER)) {
        out->channel = cla & 0x03;
        out->base = cla & 0x8C;
        return true;
    }
    out->channel = (uint8_t)(FURTHER_FIRST + (cla & 0x0F));
    out->base = cla & CLA_PROPRIETARY;
    /* Secure messaging with the header left out: 08 in the first interindustry coding; and 84, the
     * only one that GlobalPlatform has (table 11-12), in the proprietary one. */
    if (cla & CLA_FURTHER_SM)
        out->base |= cla & CLA_PROPRIETARY ? 0x04 : 0x08;
    return true;
}

uint32_t channel_count(const struct onecard *card) {
    return card->port.channels ? card->port.channels : CHANNELS_DEFAULT;
}

static void close_channel(struct onecard *card, struct channel *channel, bool tell) {
    select_close(card, channel, tell);
    answer_forget(card, channel->number);
    if (card->chain.channel == channel->number)
        card->chain.open = false;
    card->channels[channel->number] = NULL;
    pool_give(&card->pool, channel);
}

void channel_close_all(struct onecard *card) {
    for (uint32_t i = 1; i < CHANNELS_MAX; i++)
        if (card->channels[i])
            close_channel(card, card->channels[i], false);
}

static uint16_t open_channel(struct onecard *card, const struct channel *origin, uint8_t number) {
    struct channel *channel = pool_take(&card->pool, sizeof *channel);
    if (!channel)
        return SW_NO_SPACE;
    memset(channel, 0, sizeof *channel);
    channel->number = number;
    card->channels[number] = channel;
    uint16_t status = select_first(card, channel, origin);
    if (status != SW_OK)
        close_channel(card, channel, false);
    return status;
}

static uint16_t manage_open(struct onecard *card, const struct apdu *command,
                            struct apdu_answer *answer) {
    const struct channel *origin = card->channels[command->channel];
    if (life_locked(card))
        return SW_FUNCTION_UNSUPPORTED;
    uint32_t number = command->p2, count = channel_count(card);
    if (number >= CHANNELS_MAX)
        return SW_WRONG_P1P2;
    if (!number)
        for (number = 1; number < count && card->channels[number];)
            number++;
    else if (number < count && card->channels[number])
        return SW_WRONG_P1P2;
    if (number >= count)
        return SW_FUNCTION_UNSUPPORTED;
    uint16_t status = open_channel(card, origin, (uint8_t)number);
    if (status == SW_OK && !command->p2)
        answer->data[answer->len++] = (uint8_t)number;
    return status;
}

static uint16_t manage_close(struct onecard *card, const struct apdu *command) {
    uint32_t number = command->p2 ? command->p2 : command->channel;
    if (!number || number >= CHANNELS_MAX)
        return SW_WRONG_P1P2; /* the basic channel is always open */
    if (number >= channel_count(card))
        return SW_FUNCTION_UNSUPPORTED;
    if (!card->channels[number])
        return SW_WARN_NO_INFORMATION;
    close_channel(card, card->channels[number], true);
    return SW_OK;
}

uint16_t channel_manage(struct onecard *card, const struct apdu *command,
                        struct apdu_answer *answer) {
    if (command->cla)
        return SW_SM_UNSUPPORTED;
    if (command->lc)
        return SW_WRONG_LENGTH;
    if (command->p1 == 0x00)
        return manage_open(card, command, answer);
    return command->p1 == 0x80 ? manage_close(card, command) : SW_WRONG_P1P2;
}
