#include "runtime/runtime.h"

#include <string.h>

#include "base/tlv.h"

enum { P2_NEXT = 0x02, P2_OCCURRENCE = 0x03, P2_ANSWER = 0x0C, P2_NO_FCI = 0x0C, P2_FMD = 0x08 };

void select_close(struct onecard *card, struct channel *channel, bool tell) {
    if (channel->selected == SELECTED_APPLET) {
        if (tell) {
            static const struct apdu none = {0};
            uint8_t unheard[1];
            struct apdu_answer answer = {.data = unheard, .capacity = 0};
            bool trapped;
            uint16_t status = applet_run(card, &channel->applet, EXPORT_DESELECT, &none, &answer,
                                         channel, false, &trapped);
            dispatch_commit(card, trapped ? status : SW_OK);
        }
        applet_close(card, &channel->applet);
    } else if (channel->selected == SELECTED_DOMAIN) {
        manager_deselect(&card->manager, &channel->session);
    }
    channel->selected = SELECTED_NOTHING;
    security_status_clear(&channel->status); /* F5 */
    channel->status.contactless = card->port.interface != 0;
    fs_selection_reset(&channel->selection);
}

void select_default(struct onecard *card, struct channel *channel) {
    select_close(card, channel, false);
    channel->selected = SELECTED_DOMAIN;
}

bool select_elsewhere(const struct onecard *card, const struct channel *channel, uint32_t context) {
    for (uint32_t i = 0; i < CHANNELS_MAX; i++) {
        const struct channel *other = card->channels[i];
        if (other && other != channel && other->selected == SELECTED_APPLET &&
            other->applet.context == context)
            return true;
    }
    return false;
}

static uint16_t select_domain(struct onecard *card, struct channel *channel,
                              struct apdu_answer *answer) {
    select_close(card, channel, true);
    channel->selected = SELECTED_DOMAIN;
    return manager_select(&card->manager, &channel->session, answer);
}

/* The FCI of an applet that gave none of its own (7.4.1, GPCS 9.4). */
static void default_fci(const struct registry_entry *e, struct apdu_answer *answer) {
    size_t len = 0;
    if (tlv_put(answer->data, answer->capacity, &len, 0x84, e->aid.value, e->aid.len) &&
        tlv_wrap(answer->data, answer->capacity, &len, 0, 0x6F))
        answer->len = (uint32_t)len;
}

static bool is_warning(uint16_t status) {
    return (status >> 8) == 0x62 || (status >> 8) == 0x63;
}

static uint16_t select_applet(struct onecard *card, struct channel *channel,
                              const struct registry_entry *e, const struct apdu *command,
                              struct apdu_answer *answer) {
    bool again = select_elsewhere(card, channel, e->context);
    if (again && !applet_selects_again(card, e->context))
        return SW_CONDITIONS; /* GPCS 6.4.2.1.2; the selection stays */
    select_close(card, channel, true);
    enum onecard_err err = applet_open(card, &channel->applet, e->context);
    if (err)
        return err == ONECARD_E_TRAP ? SW_UNKNOWN : apdu_status(err);
    channel->selected = SELECTED_APPLET;
    bool trapped;
    uint16_t status =
        applet_run(card, &channel->applet, again ? EXPORT_SELECT_AGAIN : EXPORT_SELECT, command,
                   answer, channel, false, &trapped);
    if (!answer->len)
        default_fci(e, answer);
    status = dispatch_commit(card, status);
    if (status != SW_OK && !is_warning(status)) {
        select_close(card, channel, false);
        answer->len = 0;
    }
    return status;
}

uint16_t select_first(struct onecard *card, struct channel *channel, const struct channel *origin) {
    static const struct apdu by_default = {.ins = 0xA4, .p1 = 0x04};
    uint8_t unheard[1];
    struct apdu_answer answer = {.data = unheard, .capacity = 0};
    select_default(card, channel);
    if (!origin->number || origin->selected == SELECTED_DOMAIN) {
        channel->session.domain = origin->number ? origin->session.domain : 0;
        return SW_OK;
    }
    if (origin->selected == SELECTED_NOTHING) {
        select_close(card, channel, false);
        return SW_OK;
    }
    const struct registry_entry *e =
        registry_entry(&card->manager.registry, origin->applet.context);
    uint16_t status = select_applet(card, channel, e, &by_default, &answer);
    return is_warning(status) ? SW_OK : status;
}

/* ---- which one: context numbers, with 0 for the domain and NOBODY for none ---- */

#define NOBODY (-1)

static int match_after(struct onecard *card, const struct apdu *name, int after) {
    if (after < 0 && name->lc <= ISD_AID_LEN && !memcmp(ISD_AID, name->data, name->lc))
        return 0;
    struct registry_entry *e = registry_select(&card->manager.registry, name->data, name->lc,
                                               after < 0 ? 0 : (uint32_t)after);
    return e ? e->context : NOBODY;
}

/* The one whose whole AID it is. It comes before all that only begin with it. */
static int match_full(struct onecard *card, const struct apdu *name) {
    for (int at = match_after(card, name, NOBODY); at != NOBODY; at = match_after(card, name, at)) {
        uint32_t len =
            at ? registry_entry(&card->manager.registry, (uint32_t)at)->aid.len : ISD_AID_LEN;
        if (len == name->lc)
            return at;
    }
    return NOBODY;
}

static int match_first(struct onecard *card, const struct apdu *name) {
    int full = match_full(card, name);
    return full != NOBODY ? full : match_after(card, name, NOBODY);
}

static int match_next(struct onecard *card, const struct channel *channel,
                      const struct apdu *name) {
    if (channel->selected == SELECTED_NOTHING)
        return match_first(card, name);
    int full = match_full(card, name);
    int now = channel->selected == SELECTED_APPLET ? channel->applet.context : 0;
    int next = match_after(card, name, now == full ? NOBODY : now);
    return next != NOBODY && next == full ? match_after(card, name, next) : next;
}

uint16_t select_by_name(struct onecard *card, struct channel *channel, const struct apdu *command,
                        struct apdu_answer *answer) {
    uint8_t occurrence = command->p2 & P2_OCCURRENCE;
    if (command->p2 & ~(P2_OCCURRENCE | P2_ANSWER) || (occurrence && occurrence != P2_NEXT) ||
        (command->p2 & P2_ANSWER) == P2_FMD)
        return SW_WRONG_P1P2;
    if (command->lc > AID_MAX)
        return SW_WRONG_LENGTH;
    int context =
        occurrence == P2_NEXT ? match_next(card, channel, command) : match_first(card, command);
    if (context == NOBODY)
        return SW_FILE_NOT_FOUND;
    uint16_t status =
        context ? select_applet(card, channel,
                                registry_entry(&card->manager.registry, (uint32_t)context), command,
                                answer)
                : select_domain(card, channel, answer);
    if ((command->p2 & P2_ANSWER) == P2_NO_FCI)
        answer->len = 0;
    return status;
}
