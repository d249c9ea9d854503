#include "runtime/runtime.h"

enum {
    INS_MANAGE_CHANNEL = 0x70,
    INS_SELECT = 0xA4,
    INS_GET_RESPONSE = 0xC0,
    INS_GET_DATA = 0xCA, /* and CB */
};

void dispatch_abort(struct onecard *card) {
    store_abort(card->store);
    screen_abort(&card->screen);
    card->doomed = false;
    if (life_refresh(card))
        card->fault = ONECARD_E_IO;
}

/* A callee trapped, and its caller went on: nothing of the command remains, and it must not look as
 * if it had been done. */
static uint16_t abort_doomed(struct onecard *card, uint16_t status) {
    dispatch_abort(card);
    bool failed = (status >> 8) >= 0x64 && (status >> 8) <= 0x6F;
    return failed ? status : SW_UNKNOWN;
}

uint16_t dispatch_commit(struct onecard *card, uint16_t status) {
    if (status == SW_UNKNOWN) {
        dispatch_abort(card);
        return status;
    }
    if (card->doomed)
        return abort_doomed(card, status);
    enum onecard_err err = store_dirty(card->store) ? store_commit(card->store) : ONECARD_OK;
    enum onecard_err refresh = life_refresh(card);
    if (!err)
        err = refresh;
    if (err == ONECARD_E_IO)
        card->fault = err;
    if (err)
        screen_abort(&card->screen);
    else
        screen_commit(&card->screen, &card->port);
    return err ? apdu_status(err) : status;
}

static uint16_t run_applet(struct onecard *card, struct channel *channel,
                           const struct apdu *command, struct apdu_answer *answer) {
    bool trapped;
    uint16_t status = applet_run(card, &channel->applet, EXPORT_PROCESS, command, answer, channel,
                                 false, &trapped);
    if (trapped) {
        dispatch_abort(card);
        select_close(card, channel, false);
        return status;
    }
    struct door *door = &channel->applet.door;
    uint16_t wrong_le = answer_wrong_le(door->command, answer->len); /* unwrapped, if it was */
    if (wrong_le && (status == SW_OK || (status >> 8) == 0x62 || (status >> 8) == 0x63)) {
        /* It will be asked again with the right Le: it must not happen twice. */
        dispatch_abort(card);
        answer->len = 0;
        return door_protect(door, answer, wrong_le);
    }
    return door_protect(door, answer, dispatch_commit(card, status));
}

static uint16_t to_selected(struct onecard *card, struct channel *channel,
                            const struct apdu *command, struct apdu_answer *answer) {
    switch (channel->selected) {
    case SELECTED_APPLET:
        return run_applet(card, channel, command, answer);
    case SELECTED_DOMAIN: {
        if (command->cla & 0x0C || channel->session.chain_ins)
            transmit_take_buffer(card); /* it will be unwrapped there, or its parts joined */
        uint16_t status = manager_process(&card->manager, &channel->session, command, answer);
        if (status == SW_OK) /* what it changed is committed, and with it what applets show */
            screen_commit(&card->screen, &card->port);
        else
            screen_abort(&card->screen);
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

/* GPCS 5.1.1.5: of a terminated card, the final application answers GET DATA and nothing else. */
static bool allowed(const struct onecard *card, const struct apdu *command) {
    return card->manager.registry.card_life_cycle != CARD_TERMINATED ||
           (command->ins & 0xFE) == INS_GET_DATA || command->ins == INS_GET_RESPONSE ||
           (command->ins == INS_SELECT && command->p1 == 0x04);
}

static uint16_t answer_whole(struct onecard *card, struct channel *channel,
                             const struct apdu *command, struct apdu_answer *answer) {
    if ((command->ins & 0xF0) == 0x60 || (command->ins & 0xF0) == 0x90)
        return SW_INS_UNSUPPORTED; /* 5.4.2: these would be procedure bytes */
    /* Some readers repeat the class of the command whose answer they fetch. */
    if (command->ins == INS_GET_RESPONSE &&
        (command->cla == 0x00 || answer_waits(card, command->channel)))
        return answer_get_response(card, command, answer);
    answer_forget(card, command->channel); /* what was not fetched is gone */
    if (!allowed(card, command))
        return SW_CONDITIONS;
    if (command->ins == INS_MANAGE_CHANNEL && !(command->sent_cla & 0x80))
        return channel_manage(card, command, answer); /* it may have closed this very channel */
    uint16_t status = command->cla == 0x00 && command->ins == INS_SELECT && command->p1 == 0x04
                          ? run_select(card, channel, command, answer)
                          : to_selected(card, channel, command, answer);
    uint16_t wrong_le = answer_wrong_le(command, answer->len);
    if (wrong_le && status == SW_OK) {
        answer->len = 0;
        return wrong_le;
    }
    return answer_shape(card, command, answer, status);
}

uint16_t dispatch_command(struct onecard *card, struct channel *channel, const struct apdu *command,
                          struct apdu_answer *answer) {
    uint16_t status = answer_whole(card, channel, command, answer);
    life_enforce(card);
    return status;
}
