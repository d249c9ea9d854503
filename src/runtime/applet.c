#include "runtime/runtime.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "keys/cvm.h"
#include "manager/code.h"

static const char *const export_names[EXPORT_COUNT] = {
    [EXPORT_INSTALL] = "install",
    [EXPORT_SELECT] = "select",
    [EXPORT_SELECT_AGAIN] = "select_again",
    [EXPORT_PROCESS] = "process",
    [EXPORT_SHARE] = "share",
    [EXPORT_DESELECT] = "deselect",
    [EXPORT_UNINSTALL] = "uninstall",
};

/* ---- code ---- */

/* An entry is "() -> i32" or "() -> ()"; anything else is as if it were not there. */
static int find_export(const struct vm_image *image, const char *name) {
    struct vm_type type;
    int index = vm_image_export(image, name, &type);
    if (index < 0 || type.param_count || (type.result_count && type.result != VM_I32))
        return -1;
    return index;
}

static enum onecard_err code_find(struct onecard *card, uint32_t package,
                                  struct applet_code *out_code) {
    for (uint32_t i = 0; i < APPLET_CODES; i++) {
        if (card->codes[i].package == package &&
            card->codes[i].generation == card->manager.registry.generation) {
            *out_code = card->codes[i];
            return ONECARD_OK;
        }
    }
    struct registry_entry *e = registry_entry(&card->manager.registry, package);
    if (!e)
        return ONECARD_E_CORRUPT;
    struct vm_image image;
    enum onecard_err err = manager_code(&card->manager, e, &image);
    if (err)
        return err;
    struct applet_code *code = &card->codes[card->codes_next];
    card->codes_next = (card->codes_next + 1) % APPLET_CODES;
    code->package = (uint16_t)package;
    code->generation = card->manager.registry.generation;
    code->image = image;
    for (int i = 0; i < EXPORT_COUNT; i++)
        code->exports[i] = find_export(&code->image, export_names[i]);
    *out_code = *code;
    return ONECARD_OK;
}

/* The bytes are the same as before, so they need no check and the exports stay. */
static void follow(struct onecard *card, struct channel *channel) {
    struct applet *a = &channel->applet;
    if (code_open(&card->manager, a->code.package, false, &a->code.image) == ONECARD_OK)
        vm_instance_move(a->instance, &a->code.image);
    else
        select_close(card, channel, false);
}

void applet_code_moved(struct onecard *card) {
    for (uint32_t i = 0; i < APPLET_CODES; i++)
        card->codes[i].package = 0;
    for (uint32_t i = 0; i < CHANNELS_MAX; i++)
        if (card->channels[i] && card->channels[i]->selected == SELECTED_APPLET)
            follow(card, card->channels[i]);
}

/* ---- traps ---- */

static void tell_trap(struct onecard *card, const struct applet *a, enum vm_trap trap,
                      const char *where) {
    if (!card->port.trace)
        return;
    struct vm_trap_info info = {.trap = trap, .function = UINT32_MAX};
    if (a->instance)
        vm_instance_trap_info(a->instance, &info);
    struct text t;
    text_init(&t);
    text_add(&t, "trap in ");
    text_add_hex(&t, a->door.aid, a->door.aid_len);
    text_add(&t, " ");
    text_add(&t, where);
    text_add(&t, "(): ");
    text_add(&t, vm_trap_name(trap));
    if (info.function != UINT32_MAX) {
        text_add(&t, ", function ");
        text_add_number(&t, info.function);
        text_add(&t, ", offset ");
        text_add_number(&t, info.offset);
    }
    card->port.trace(card->port.ctx, ONECARD_TRACE_TRAP, t.line);
}

/* ---- instances ---- */

enum onecard_err applet_open(struct onecard *card, struct applet *a, uint32_t context,
                             uint64_t *fuel) {
    memset(a, 0, sizeof *a);
    struct registry_entry *e = registry_entry(&card->manager.registry, context);
    if (!e || e->type != REGISTRY_INSTANCE)
        return ONECARD_E_NOT_FOUND;
    enum onecard_err err = code_find(card, e->package, &a->code);
    if (err)
        return err;
    a->context = (uint16_t)context;
    a->limited = e->limited;
    a->door.port = &card->port;
    a->door.store = card->store;
    a->door.random = &card->random;
    a->door.keys = &card->keys;
    a->door.upcalls = &card->upcalls;
    a->door.pool = &card->pool;
    a->door.screen = &card->screen;
    a->door.owner = context;
    a->door.package = e->package;
    memcpy(a->door.aid, e->aid.value, e->aid.len);
    a->door.aid_len = e->aid.len;
    memcpy(a->door.privileges, e->privileges, sizeof a->door.privileges);

    const struct vm_image *image = &a->code.image;
    uint32_t place = (image->instance_size + 7u) & ~7u;
    a->block = pool_take(&card->pool, place + image->memory_initial);
    if (!a->block)
        return ONECARD_E_NO_MEMORY;
    a->door.doomed = &card->doomed;
    struct limits outer;
    uint64_t left = *fuel;
    limits_enter(card, a, &outer, &left);
    uint64_t given = left; /* its quota may be less */
    enum vm_trap trap =
        vm_instance_init(&a->instance, image, a->block, (uint8_t *)a->block + place,
                         image->memory_initial, &card->stack, door_call, &a->door, &left);
    limits_leave(card, &outer);
    *fuel -= given - left;
    if (trap) {
        tell_trap(card, a, trap, "start");
        applet_close(card, a);
        return ONECARD_E_TRAP;
    }
    a->door.instance = a->instance;
    return ONECARD_OK;
}

static bool has_export(struct onecard *card, uint32_t context, enum applet_export entry) {
    struct applet_code code;
    const struct registry_entry *e = registry_entry(&card->manager.registry, context);
    return e && !code_find(card, e->package, &code) && code.exports[entry] >= 0;
}

bool applet_selects_again(struct onecard *card, uint32_t context) {
    return has_export(card, context, EXPORT_SELECT_AGAIN);
}

bool applet_shares(struct onecard *card, uint32_t context) {
    return has_export(card, context, EXPORT_SHARE);
}

void applet_close(struct onecard *card, struct applet *a) {
    door_forget_sessions(&a->door);
    pool_give(&card->pool, a->block);
    a->block = NULL;
    a->instance = NULL;
    a->context = 0;
}

/* Run an export that is there, with everything in its door but what the caller of this put there.
 */
static enum vm_trap enter(struct onecard *card, struct applet *a, enum applet_export entry,
                          const struct apdu *command, struct apdu_answer *answer, uint64_t *fuel,
                          uint32_t result[2]) {
    struct door *d = &a->door;
    d->answer = answer;
    d->status->sm = 0; /* of the current command only */
    d->status->card_pin = keys_cvm_verified(&card->keys);
    d->fault = ONECARD_OK;
    d->unwrapping = false;
    a->outer = card->running;
    card->running = a;
    struct limits outer;
    uint64_t left = *fuel;
    limits_enter(card, a, &outer, &left);
    uint64_t given = left; /* its quota may be less */
    enum vm_trap trap =
        vm_instance_call(a->instance, (uint32_t)a->code.exports[entry], NULL, result, &left);
    limits_leave(card, &outer);
    *fuel -= given - left;
    card->running = a->outer;
    d->status = NULL; /* they may have been the caller's own */
    d->selection = NULL;
    if (d->unwrapping || d->command != command) {
        transmit_take_buffer(card); /* it was unwrapped there, or was about to be */
        bytes_wipe(card->buffer, command->lc);
    }
    if (d->fault)
        card->fault = d->fault;
    if (trap) {
        tell_trap(card, a, trap, export_names[entry]);
        answer->len = 0;
    }
    return trap;
}

/* For a run outside of a selection: nothing is proven, nothing selected. */
static void nothing_proven(const struct onecard *card, struct security_status *status,
                           struct fs_selection *selection) {
    memset(status, 0, sizeof *status);
    status->contactless = card->port.interface != 0;
    fs_selection_reset(selection);
}

uint16_t applet_run(struct onecard *card, struct applet *a, enum applet_export entry,
                    const struct apdu *command, struct apdu_answer *answer, struct channel *channel,
                    bool nested, bool *out_trapped) {
    *out_trapped = false;
    a->door.command = command;
    if (a->code.exports[entry] < 0)
        return entry == EXPORT_PROCESS ? SW_INS_UNSUPPORTED : SW_OK;
    struct security_status no_status;
    struct fs_selection no_selection;
    if (channel)
        a->door.scp = &channel->session.scp;
    a->door.scp_answering = false;
    if (!channel)
        nothing_proven(card, &no_status, &no_selection);
    a->door.status = channel ? &channel->status : &no_status;
    a->door.selection = channel ? &channel->selection : &no_selection;
    /* A chain is over when its command is answered; but outside of a selection the outer command
     * may lie there. */
    a->door.command_buffer = channel && !nested ? card->buffer : NULL;
    a->door.command_buffer_size = card->port.command_max;
    a->door.nested = nested;
    uint64_t fuel = card->port.fuel_per_command;
    uint32_t result[2] = {SW_OK, 0};
    if (enter(card, a, entry, command, answer, &fuel, result)) {
        *out_trapped = true;
        return SW_UNKNOWN;
    }
    uint16_t status = (uint16_t)result[0];
    /* A status word has SW1 6x or 9x (5.6); anything else is the applet's mistake. */
    bool valid = result[0] <= 0xFFFF &&
                 ((status & 0xF000u) == 0x9000u || (status >= SW_BYTES_LEFT && status <= 0x6FFFu));
    return valid ? status : SW_UNKNOWN;
}

bool applet_share(struct onecard *card, struct applet *a, const struct apdu *command,
                  struct apdu_answer *answer, uint64_t *fuel, int32_t *out_result) {
    struct security_status no_status;
    struct fs_selection no_selection;
    nothing_proven(card, &no_status, &no_selection);
    a->door.command = command;
    a->door.status = &no_status;
    a->door.selection = &no_selection;
    a->door.command_buffer = NULL; /* the outer command may lie in the card's */
    a->door.command_buffer_size = 0;
    a->door.nested = true;
    uint32_t result[2] = {0, 0};
    if (enter(card, a, EXPORT_SHARE, command, answer, fuel, result))
        return true;
    *out_result = (int32_t)result[0];
    return false;
}

/* ---- what the manager asks for ---- */

static uint16_t run_outside(struct onecard *card, uint32_t context, enum applet_export entry,
                            const struct apdu *command, struct scp_session *scp) {
    struct applet a;
    uint64_t fuel = card->port.fuel_per_command;
    enum onecard_err err = applet_open(card, &a, context, &fuel);
    if (err)
        return apdu_status(err);
    a.door.scp = scp;
    uint8_t unheard[1]; /* nobody asks for an answer here */
    struct apdu_answer answer = {.data = unheard, .capacity = 0};
    bool trapped;
    uint16_t status = applet_run(card, &a, entry, command, &answer, NULL, true, &trapped);
    applet_close(card, &a);
    if (card->doomed) /* the manager aborts whatever is not 9000 */
        status = SW_UNKNOWN;
    card->doomed = false;
    return status;
}

uint16_t applet_run_outside(void *runtime, uint32_t context, enum applet_entry entry,
                            const struct apdu *command) {
    return run_outside(runtime, context,
                       entry == APPLET_INSTALL ? EXPORT_INSTALL : EXPORT_UNINSTALL, command, NULL);
}

uint16_t applet_personalise(void *runtime, uint32_t context, const struct apdu *command,
                            struct scp_session *scp) {
    return run_outside(runtime, context, EXPORT_PROCESS, command, scp);
}

uint16_t applet_scp_domain(void *runtime, uint32_t context, struct scp_domain *out_domain) {
    struct onecard *card = runtime;
    return manager_scp_domain(&card->manager, context, out_domain);
}

/* Opened, or only challenged: both come from keys that may be gone. */
static void review_channel(struct onecard *card, struct channel *channel, uint32_t owner,
                           const uint8_t *gone) {
    const struct scp_session *scp = &channel->session.scp;
    bool applet = channel->selected == SELECTED_APPLET;
    uint32_t context = applet ? channel->applet.context : channel->session.domain;
    bool replaced = gone && scp->owner == owner && scp_versions_has(gone, scp->version);
    if (!replaced && manager_scp_stands(&card->manager, context, scp))
        return;
    if (applet)
        scp_close(&channel->session.scp);
    else
        manager_end_channel(&card->manager, &channel->session);
}

void applet_review_channels(void *runtime, uint32_t owner, const uint8_t *gone,
                            const struct scp_session *except) {
    struct onecard *card = runtime;
    for (uint32_t i = 0; i < CHANNELS_MAX; i++) {
        struct channel *channel = card->channels[i];
        if (channel && channel->session.scp.state && &channel->session.scp != except)
            review_channel(card, channel, owner, gone);
    }
}

void applet_forget_instance(void *runtime, uint32_t context) {
    struct onecard *card = runtime;
    keys_forget_owner(&card->keys, context); /* F7 */
    screen_forget(&card->screen, context);
    for (uint32_t i = 0; i < CHANNELS_MAX; i++) {
        struct channel *channel = card->channels[i];
        if (!channel)
            continue;
        manager_forget_instance(&channel->session, context);
        bool here = channel->selected == SELECTED_APPLET ? channel->applet.context == context
                                                         : channel->selected == SELECTED_DOMAIN &&
                                                               channel->session.domain == context;
        if (here)
            select_close(card, channel, false);
    }
}
