#include "runtime/runtime.h"

#include <string.h>

#include "base/tlv.h"

enum { P2_OCCURRENCE = 0x03, P2_ANSWER = 0x0C, P2_NO_FCI = 0x0C, P2_FMD = 0x08 };
enum occurrence { FIRST = 0, LAST = 1, NEXT = 2, PREVIOUS = 3 }; /* ISO/IEC 7816-4 table 63 */

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
    scp_close(&channel->session.scp);
    channel->selected = SELECTED_NOTHING;
    security_status_clear(&channel->status); /* F5 */
    channel->status.contactless = card->port.interface != 0;
    fs_selection_reset(&channel->selection);
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

/* ---- selecting one ---- */

static uint16_t select_domain(struct onecard *card, struct channel *channel, uint32_t context,
                              struct apdu_answer *answer) {
    select_close(card, channel, true);
    channel->selected = SELECTED_DOMAIN;
    channel->session.domain = context;
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
    uint64_t fuel = card->port.fuel_per_command;
    enum onecard_err err = applet_open(card, &channel->applet, e->context, &fuel);
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

static uint16_t select_context(struct onecard *card, struct channel *channel, uint32_t context,
                               const struct apdu *command, struct apdu_answer *answer) {
    const struct registry_entry *e = registry_entry(&card->manager.registry, context);
    if (!e || e->type != REGISTRY_INSTANCE)
        return select_domain(card, channel, context, answer);
    return select_applet(card, channel, e, command, answer);
}

/* ---- without a SELECT ---- */

/* As by SELECT, but nobody hears the answer. */
static uint16_t select_silently(struct onecard *card, struct channel *channel, uint32_t context) {
    static const struct apdu by_default = {.ins = 0xA4, .p1 = 0x04};
    uint8_t unheard[64];
    struct apdu_answer answer = {.data = unheard, .capacity = sizeof unheard};
    uint16_t status = select_context(card, channel, context, &by_default, &answer);
    return is_warning(status) ? SW_OK : status;
}

static uint32_t default_context(struct onecard *card, const struct channel *channel) {
    if (life_locked(card))
        return life_final(card);
    const struct registry_entry *e =
        registry_implicit(&card->manager.registry, channel->number, card->port.interface != 0);
    return e ? e->context : 0;
}

void select_default(struct onecard *card, struct channel *channel) {
    select_close(card, channel, false);
    uint32_t context = default_context(card, channel);
    /* An applet that refuses leaves the card to its issuer. */
    if (select_silently(card, channel, context) != SW_OK)
        select_silently(card, channel, 0);
}

uint16_t select_first(struct onecard *card, struct channel *channel, const struct channel *origin) {
    uint32_t context = default_context(card, channel);
    select_close(card, channel, false);
    if (origin->number) {
        if (origin->selected == SELECTED_NOTHING)
            return SW_OK;
        context =
            origin->selected == SELECTED_APPLET ? origin->applet.context : origin->session.domain;
    }
    return select_silently(card, channel, context);
}

/* ---- which one: context numbers, with 0 for the issuer's domain and NOBODY for none ---- */

#define NOBODY (-1)

static int match_after(struct onecard *card, const struct apdu *name, int after) {
    const struct aid *issuer = &card->manager.registry.issuer;
    if (after < 0 && name->lc <= issuer->len && !memcmp(issuer->value, name->data, name->lc))
        return 0;
    struct registry_entry *e = registry_select(&card->manager.registry, name->data, name->lc,
                                               after < 0 ? 0 : (uint32_t)after);
    return e ? e->context : NOBODY;
}

static const struct aid *aid_of(struct onecard *card, uint32_t context) {
    const struct registry_entry *e = registry_entry(&card->manager.registry, context);
    return e ? &e->aid : &card->manager.registry.issuer;
}

/* The one whose whole AID it is. It comes before all that only begin with it. */
static int match_full(struct onecard *card, const struct apdu *name) {
    for (int at = match_after(card, name, NOBODY); at != NOBODY; at = match_after(card, name, at)) {
        if (aid_of(card, (uint32_t)at)->len == name->lc)
            return at;
    }
    return NOBODY;
}

/* The first that matches, or the one after `now`, in this order: the full match, then by context.
 */
static int match_next(struct onecard *card, const struct apdu *name, int full, int now) {
    if (now == NOBODY && full != NOBODY)
        return full;
    int next = match_after(card, name, now == full ? NOBODY : now);
    return next != NOBODY && next == full ? match_after(card, name, next) : next;
}

/* The last one before `stop`; NOBODY as stop: the last of all. */
static int match_before(struct onecard *card, const struct apdu *name, int full, int stop) {
    int found = NOBODY;
    for (int at = match_next(card, name, full, NOBODY); at != NOBODY && at != stop;
         at = match_next(card, name, full, at))
        found = at;
    return found;
}

static int selected_context(const struct channel *channel) {
    switch (channel->selected) {
    case SELECTED_APPLET:
        return channel->applet.context;
    case SELECTED_DOMAIN:
        return (int)channel->session.domain;
    default:
        return NOBODY;
    }
}

static int match(struct onecard *card, const struct channel *channel, const struct apdu *name,
                 enum occurrence occurrence) {
    int full = match_full(card, name), now = selected_context(channel);
    switch (occurrence) {
    case NEXT:
        return match_next(card, name, full, now);
    case LAST:
        return match_before(card, name, full, NOBODY);
    case PREVIOUS:
        return now == NOBODY ? NOBODY : match_before(card, name, full, now);
    default:
        return match_next(card, name, full, NOBODY);
    }
}

/* GPCS 6.4.2.1.2 and table 11-83: a locked card has its final application alone. */
static uint16_t select_on_locked_card(struct onecard *card, struct channel *channel,
                                      const struct apdu *command, struct apdu_answer *answer) {
    uint32_t final = life_final(card);
    const struct aid *aid = aid_of(card, final);
    if (card->manager.registry.card_life_cycle == CARD_TERMINATED || command->lc > aid->len ||
        memcmp(aid->value, command->data, command->lc))
        return SW_FUNCTION_UNSUPPORTED;
    uint16_t status = select_context(card, channel, final, command, answer);
    return status == SW_OK ? SW_WARN_DEACTIVATED : status;
}

uint16_t select_by_name(struct onecard *card, struct channel *channel, const struct apdu *command,
                        struct apdu_answer *answer) {
    if (command->p2 & ~(P2_OCCURRENCE | P2_ANSWER) || (command->p2 & P2_ANSWER) == P2_FMD)
        return SW_WRONG_P1P2;
    if (command->lc > AID_MAX)
        return SW_WRONG_LENGTH;
    uint16_t status;
    if (life_locked(card)) {
        status = select_on_locked_card(card, channel, command, answer);
    } else {
        int context = match(card, channel, command, (enum occurrence)(command->p2 & P2_OCCURRENCE));
        if (context == NOBODY)
            return SW_FILE_NOT_FOUND;
        status = select_context(card, channel, (uint32_t)context, command, answer);
    }
    if ((command->p2 & P2_ANSWER) == P2_NO_FCI)
        answer->len = 0;
    return status;
}
