#include "transport/vpcd_link.h"

#include <string.h>

#include "base/bytes.h"

enum control { CONTROL_OFF = 0, CONTROL_ON = 1, CONTROL_RESET = 2, CONTROL_ATR = 4 };

static void power_on(struct vpcd_link *link) {
    link->atr_len = link->card.power_on(link->card.ctx, link->atr);
    link->powered = true;
}

static void power_off(struct vpcd_link *link) {
    if (link->powered)
        link->card.power_off(link->card.ctx);
    link->powered = false;
}

void vpcd_link_insert(struct vpcd_link *link, const struct vpcd_card *card) {
    link->card = *card;
    link->in_start = link->in_end = 0;
    link->out_len = 0;
    power_on(link);
}

void vpcd_link_remove(struct vpcd_link *link) {
    power_off(link);
    /* Commands carry PINs and answers carry data: they do not outlive the connection. */
    bytes_wipe(link->in, sizeof link->in);
    bytes_wipe(link->out, sizeof link->out);
}

bool vpcd_link_quiet(const struct vpcd_link *link) {
    return link->in_start == link->in_end;
}

size_t vpcd_link_room(struct vpcd_link *link, uint8_t **out_at) {
    if (vpcd_link_quiet(link)) {
        link->in_start = link->in_end = 0;
    } else if (link->in_start > 0) {
        memmove(link->in, link->in + link->in_start, link->in_end - link->in_start);
        link->in_end -= link->in_start;
        link->in_start = 0;
    }
    *out_at = link->in + link->in_end;
    return sizeof link->in - link->in_end;
}

void vpcd_link_received(struct vpcd_link *link, size_t len) {
    link->in_end += len;
}

static enum vpcd_step answer(struct vpcd_link *link, size_t len) {
    put_be16(link->out, (uint16_t)len);
    link->out_len = VPCD_LENGTH_SIZE + len;
    return VPCD_SEND;
}

static enum vpcd_step obey_control(struct vpcd_link *link, uint8_t control) {
    switch (control) {
    case CONTROL_OFF:
        power_off(link);
        return VPCD_DONE;
    case CONTROL_ON:
    case CONTROL_RESET:
        power_on(link);
        return VPCD_DONE;
    case CONTROL_ATR:
        memcpy(link->out + VPCD_LENGTH_SIZE, link->atr, link->atr_len);
        return answer(link, link->atr_len);
    default: /* the protocol gives it no meaning and no answer */
        return VPCD_DONE;
    }
}

static enum vpcd_step obey_command(struct vpcd_link *link, const uint8_t *command, size_t len) {
    size_t response_len = 0;
    if (reader_command(&link->card.view, command, len, link->out + VPCD_LENGTH_SIZE, &response_len))
        return answer(link, response_len);
    if (!link->powered || !link->card.transmit(link->card.ctx, command, len,
                                               link->out + VPCD_LENGTH_SIZE, &response_len))
        return VPCD_MUTE;
    return answer(link, response_len);
}

enum vpcd_step vpcd_link_step(struct vpcd_link *link) {
    const uint8_t *message = link->in + link->in_start;
    size_t have = link->in_end - link->in_start;
    if (have < VPCD_LENGTH_SIZE)
        return VPCD_WAIT;
    size_t len = get_be16(message);
    if (have < VPCD_LENGTH_SIZE + len)
        return VPCD_WAIT;
    message += VPCD_LENGTH_SIZE;
    link->in_start += VPCD_LENGTH_SIZE + len;
    if (len == 0)
        return VPCD_DONE;
    if (len == 1)
        return obey_control(link, message[0]);
    return obey_command(link, message, len);
}
