/* The life of a card in memory: open, power, idle, close. */
#include "runtime/runtime.h"

#include <string.h>

#include "base/bytes.h"
#include "keys/cvm.h"

#define STACK_SLOTS 1024u /* 4-byte slots of the value stack that all applets share */
#define CALL_DEPTH 64u

static bool port_ok(const struct onecard_port *p) {
    return p->flash.base && p->flash_program && p->flash_erase && p->flash_barrier && p->entropy &&
           p->device_key && p->command_max >= 256 && p->command_max <= 65535 &&
           p->response_max >= 256 && p->response_max <= 65535 && p->pool_size &&
           p->channels <= CHANNELS_MAX;
}

static size_t aligned(size_t size) {
    return (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
}

static uint32_t buffer_size(const struct onecard_port *port) {
    return port->command_max > port->response_max ? port->command_max : port->response_max;
}

size_t onecard_memory_size(const struct onecard_port *port) {
    return ARENA_ALIGN + aligned(sizeof(struct onecard)) + aligned(store_memory_size(port)) +
           aligned(STACK_SLOTS * sizeof(uint32_t)) + aligned(port->pool_size) +
           aligned(buffer_size(port));
}

enum onecard_err onecard_format(const struct onecard_port *port, void *memory, size_t memory_size) {
    if (!port_ok(port))
        return ONECARD_E_PARAM;
    struct arena arena;
    arena_init(&arena, memory, memory_size);
    enum onecard_err err = store_format(port, &arena);
    if (err)
        return err;
    struct store *store;
    arena_init(&arena, memory, memory_size);
    err = store_open(port, &arena, &store);
    return err ? err : manager_format(store);
}

static enum onecard_err open_parts(struct onecard *card) {
    struct arena *arena = &card->arena;
    enum onecard_err err = store_open(&card->port, arena, &card->store);
    if (err)
        return err;
    uint32_t *stack = arena_alloc(arena, STACK_SLOTS * sizeof(uint32_t));
    uint8_t *pool = arena_alloc(arena, card->port.pool_size);
    card->buffer = arena_alloc(arena, buffer_size(&card->port));
    if (!stack || !pool || !card->buffer)
        return ONECARD_E_NO_MEMORY;
    card->stack = (struct vm_stack){
        .base = stack, .top = stack, .limit = stack + STACK_SLOTS, .depth_max = CALL_DEPTH};
    pool_init(&card->pool, pool, card->port.pool_size);
    card->upcalls = (struct upcalls){.runtime = card,
                                     .run_instance = applet_run_outside,
                                     .personalise_instance = applet_personalise,
                                     .forget_instance = applet_forget_instance,
                                     .review_channels = applet_review_channels,
                                     .share = share_call,
                                     .life_get = life_get,
                                     .life_set = life_set,
                                     .scp_domain = applet_scp_domain};
    const struct manager_parts parts = {.port = &card->port,
                                        .store = card->store,
                                        .pool = &card->pool,
                                        .keys = &card->keys,
                                        .upcalls = &card->upcalls,
                                        .work = card->buffer,
                                        .work_size = card->port.command_max};
    err = crypto_random_open(&card->random, card->port.entropy, card->port.ctx, NULL, 0);
    keys_open(&card->keys, card->store, &card->random);
    return err ? err : manager_open(&card->manager, &parts);
}

enum onecard_err onecard_open(const struct onecard_port *port, void *memory, size_t memory_size,
                              struct onecard **out_card) {
    if (!port_ok(port))
        return ONECARD_E_PARAM;
    struct arena arena;
    arena_init(&arena, memory, memory_size);
    struct onecard *card = arena_alloc(&arena, sizeof *card);
    if (!card)
        return ONECARD_E_NO_MEMORY;
    memset(card, 0, sizeof *card);
    card->port = *port;
    card->arena = arena;
    card->arena_start = arena.used;
    card->channels[0] = &card->basic;
    enum onecard_err err = open_parts(card);
    if (err) {
        bytes_wipe(memory, memory_size);
        return err;
    }
    *out_card = card;
    return ONECARD_OK;
}

void onecard_close(struct onecard *card) {
    if (!card)
        return;
    crypto_random_close(&card->random);
    bytes_wipe(card->arena.base, card->arena.used);
}

/* The port failed, and the store stopped where it was: find out what flash really holds. */
static enum onecard_err read_anew(struct onecard *card) {
    crypto_random_close(&card->random);
    card->arena.used = card->arena_start;
    return open_parts(card);
}

size_t onecard_power_on(struct onecard *card, uint8_t *atr) {
    onecard_power_off(card);
    if (card->fault && read_anew(card))
        return 0;
    card->fault = manager_tidy(&card->manager); /* what was under way when the power went */
    if (card->fault)
        return 0;
    card->locked = life_locked(card);
    select_default(card, &card->basic);
    if (card->fault)
        return 0;
    card->powered = true;
    return atr_make(card, atr);
}

void onecard_power_off(struct onecard *card) {
    if (!card->fault) /* else the store is not in a state to be asked */
        store_abort(card->store);
    channel_close_all(card);
    select_close(card, &card->basic, false);
    keys_forget(&card->keys);
    keys_cvm_forget(&card->keys);
    memset(&card->screen, 0, sizeof card->screen);
    card->pending = (struct pending){0};
    card->chain = (struct chain){0};
    card->basic.chain_lost = false;
    bytes_wipe(card->buffer, buffer_size(&card->port));
    card->powered = false;
}

bool onecard_idle(struct onecard *card) {
    if (card->fault)
        return false;
    uint32_t moves = store_moves(card->store);
    bool more = store_idle(card->store);
    if (store_moves(card->store) != moves)
        applet_code_moved(card);
    return more;
}

size_t onecard_selected_on(const struct onecard *card, uint32_t channel, uint8_t aid[16]) {
    const struct channel *c = channel < CHANNELS_MAX ? card->channels[channel] : NULL;
    if (!card->powered || !c || c->selected == SELECTED_NOTHING)
        return 0;
    if (c->selected == SELECTED_APPLET) {
        memcpy(aid, c->applet.door.aid, c->applet.door.aid_len);
        return c->applet.door.aid_len;
    }
    const struct registry_entry *e =
        registry_find_context(&card->manager.registry, c->session.domain);
    const struct aid *of = e ? &e->aid : &card->manager.registry.issuer;
    memcpy(aid, of->value, of->len);
    return of->len;
}

size_t onecard_selected(const struct onecard *card, uint8_t aid[16]) {
    return onecard_selected_on(card, 0, aid);
}
