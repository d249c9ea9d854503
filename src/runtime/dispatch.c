#include "runtime/runtime.h"

enum { INS_SELECT = 0xA4, INS_GET_RESPONSE = 0xC0, INS_MANAGE_CHANNEL = 0x70 };

uint16_t dispatch_commit(struct onecard *card, uint16_t status) {
    if (status == SW_UNKNOWN) {
        store_abort(card->store);
        return status;
    }
    if (!store_dirty(card->store))
        return status;
    enum onecard_err err = store_commit(card->store);
    if (err == ONECARD_E_IO)
        card->fault = err;
    return err ? apdu_status(err) : status;
}

/* ISO/IEC 7816-4 5.4.1: the interindustry class bytes name a channel in their low bits, and so do
 * GlobalPlatform's (GPCS 11.1.4). 0 if it is the basic channel or the class is the applet's own. */
static uint8_t class_channel(uint8_t cla) {
    if ((cla & 0x60) == 0x00) /* 0x, 1x, 8x, 9x: first coding */
        return cla & 0x03;
    if (cla & 0x40) /* 4x to 7x, Cx to Fx: further coding */
        return (uint8_t)(4 + (cla & 0x0F));
    return 0; /* 2x and 3x were refused, Ax and Bx are proprietary */
}

static uint16_t run_applet(struct onecard *card, struct channel *channel,
                           const struct apdu *command, struct apdu_answer *answer) {
    bool trapped;
    uint16_t status = applet_run(card, &channel->applet, EXPORT_PROCESS, command, answer, channel,
                                 false, &trapped);
    if (trapped) {
        store_abort(card->store);
        select_close(card, channel, false);
        return status;
    }
    uint16_t wrong_le = answer_wrong_le(command, answer->len);
    if (wrong_le && (status == SW_OK || (status >> 8) == 0x62 || (status >> 8) == 0x63)) {
        /* It will be asked again with the right Le: it must not happen twice. */
        store_abort(card->store);
        answer->len = 0;
        return wrong_le;
    }
    return dispatch_commit(card, status);
}

static uint16_t to_selected(struct onecard *card, struct channel *channel,
                            const struct apdu *command, struct apdu_answer *answer) {
    switch (channel->selected) {
    case SELECTED_APPLET:
        return run_applet(card, channel, command, answer);
    case SELECTED_DOMAIN: {
        uint16_t status = manager_process(&card->manager, command, answer);
        return status;
    }
    default:
        return SW_CONDITIONS;
    }
}

/* A name that no applet has may still be a DF of the selected one (GPCS 6.4.2). */
static uint16_t run_select(struct onecard *card, struct channel *channel,
                           const struct apdu *command, struct apdu_answer *answer) {
    uint16_t status = select_by_name(card, channel, command, answer);
    if (status != SW_FILE_NOT_FOUND || channel->selected != SELECTED_APPLET)
        return status;
    status = to_selected(card, channel, command, answer);
    return status == SW_INS_UNSUPPORTED || status == SW_CLA_UNSUPPORTED ? SW_FILE_NOT_FOUND
                                                                        : status;
}

uint16_t dispatch_command(struct onecard *card, struct channel *channel, const struct apdu *command,
                          struct apdu_answer *answer) {
    uint8_t cla = command->cla;
    if (cla == 0xFF || (cla & 0xE0) == 0x20)
        return SW_CLA_UNSUPPORTED;
    if (class_channel(cla))
        return SW_CHANNEL_UNSUPPORTED;
    if ((command->ins & 0xF0) == 0x60 || (command->ins & 0xF0) == 0x90)
        return SW_INS_UNSUPPORTED; /* 5.4.2: these would be procedure bytes */
    /* Some readers repeat the class of the command whose answer they fetch. */
    if (command->ins == INS_GET_RESPONSE && (cla == 0x00 || channel->pending_len))
        return answer_get_response(card, channel, command, answer);
    channel->pending_len = channel->pending_at = 0; /* what was not fetched is gone */
    if (cla == 0x00 && command->ins == INS_MANAGE_CHANNEL)
        return SW_FUNCTION_UNSUPPORTED;
    uint16_t status = cla == 0x00 && command->ins == INS_SELECT && command->p1 == 0x04
                          ? run_select(card, channel, command, answer)
                          : to_selected(card, channel, command, answer);
    uint16_t wrong_le = answer_wrong_le(command, answer->len);
    if (wrong_le && status == SW_OK) {
        answer->len = 0;
        return wrong_le;
    }
    return answer_shape(card, channel, command, answer, status);
}
