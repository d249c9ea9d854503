/* One applet calls another (F4): found by its AID, allowed by its list, run in a memory of its own
 * within the caller's command, fuel and transaction. */
#include "runtime/runtime.h"

#include <string.h>

#include "base/bytes.h"
#include "firewall/share.h"

#define MEMORY_STEP 16u /* bytes of memory that a unit of fuel clears and wipes */

/* Calls within calls, and whether the instance is one of those that wait for an answer. */
static uint32_t depth(const struct onecard *card) {
    uint32_t n = 0;
    for (const struct applet *a = card->running; a; a = a->outer)
        n += a->door.caller_aid != NULL;
    return n;
}

static bool is_running(const struct onecard *card, uint32_t context) {
    for (const struct applet *a = card->running; a; a = a->outer)
        if (a->context == context)
            return true;
    return false;
}

/* The instance that is called, if it is there for this caller. Whoever is not meant learns nothing:
 * one answer for all reasons, and no fuel for any of them. */
static const struct registry_entry *find_callee(struct onecard *card, const struct share_call *call,
                                                const struct registry_entry *caller) {
    const struct registry_entry *e =
        registry_find(&card->manager.registry, REGISTRY_INSTANCE, call->aid, call->aid_len);
    if (!e || (e->life_cycle & (APPLET_SELECTABLE | APPLET_LOCKED)) != APPLET_SELECTABLE ||
        !share_allowed(card->store, e->context, caller->aid.value, caller->aid.len) ||
        !applet_shares(card, e->context))
        return NULL;
    return e;
}

/* What a callee may return: zero, or a code of the applets' interface. Anything else is no answer,
 * and in particular does not pass for the card's own failure. */
static int32_t sane(int32_t result) {
    if (result >= 0)
        return 0;
    if (result == ONECARD_E_DENIED) /* its own refusal looks like absence, too */
        return ONECARD_E_NOT_FOUND;
    return result >= ONECARD_E_CORRUPT ? result : ONECARD_E_STATE;
}

static int32_t run(struct onecard *card, struct applet *a, const struct share_call *call,
                   const struct registry_entry *caller) {
    uint8_t header[4];
    put_be32(header, call->operation);
    const struct apdu command = {.cla = header[0],
                                 .ins = header[1],
                                 .p1 = header[2],
                                 .p2 = header[3],
                                 .sent_cla = header[0],
                                 .lc = call->in_len,
                                 .ne = call->out_size,
                                 .has_le = true,
                                 .data = call->in};
    struct apdu_answer answer = {.data = call->out, .capacity = call->out_size};
    struct aid from = caller->aid; /* the registry may be read anew meanwhile */
    a->door.caller_aid = from.value;
    a->door.caller_aid_len = from.len;
    int32_t result = 0;
    bool trapped = applet_share(card, a, &command, &answer, call->fuel, &result);
    result = card->fault ? ONECARD_E_IO : trapped ? ONECARD_E_TRAP : sane(result);
    if (trapped)
        card->doomed = true;
    if (!result)
        return (int32_t)answer.len;
    if (call->out_size)
        bytes_wipe(call->out, call->out_size);
    return result;
}

int32_t share_call(void *runtime, const struct share_call *call) {
    struct onecard *card = runtime;
    if (depth(card) >= SHARE_DEPTH)
        return ONECARD_E_STATE;
    const struct registry_entry *caller = registry_entry(&card->manager.registry, call->caller);
    if (!caller)
        return ONECARD_E_NOT_FOUND;
    const struct registry_entry *e = find_callee(card, call, caller);
    if (!e)
        return ONECARD_E_NOT_FOUND;
    if (is_running(card, e->context))
        return ONECARD_E_STATE;
    struct applet a;
    enum onecard_err err = applet_open(card, &a, e->context, call->fuel);
    if (err == ONECARD_E_TRAP)
        card->doomed = true;
    if (err)
        return err;
    uint64_t clearing = a.code.image.memory_initial / MEMORY_STEP;
    *call->fuel -= clearing < *call->fuel ? clearing : *call->fuel;
    int32_t result = run(card, &a, call, caller);
    applet_close(card, &a);
    return result;
}
