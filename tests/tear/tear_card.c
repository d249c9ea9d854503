/* The tear machine on a whole card (S1, S2): for each command of each scenario, the power is cut in
 * every single flash operation of that command, in every way that flash fails, with further cuts
 * during recovery. Then the card must be as before the command or as after it, stay so, and go on
 * working. And the same for the making of a card, at operations spread over all of it.
 *
 * usage: tear_card BUILD_DIR [share [--summary]]
 * share: try one operation in so many (1: all of them). The last line is "N cuts, N wrong"; with
 * --summary one follows for the test runner. */
#include "tear/flash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/onecard/maker.h"
#include "../../tools/onecard/profile.h"
#include "runtime/runtime.h"
#include "transit/terminal.h"

#define ANSWER_MAX 4098u

struct world {
    struct tear_flash flash;
    struct onecard *card;
    void *memory;
    size_t memory_size;
    uint8_t answer[ANSWER_MAX];
    size_t answer_len;
    uint8_t *start; /* the flash before the session */
    uint64_t random;
    uint64_t cuts, wrong;
    const char *where; /* geometry */
    unsigned share;
};

static const struct {
    const char *name;
    struct onecard_flash flash;
} geometries[] = {
    {"4 KiB, words of 4, single words, 2 programs", {4096, 64, 4, 4, 2, NULL}},
    {"4 KiB, words of 4, 256 bytes, 1 program", {4096, 64, 4, 256, 1, NULL}},
    {"16 KiB, words of 8, 256 bytes, 1 program", {16384, 16, 8, 256, 1, NULL}},
    {"128 KiB, words of 4, single words, 4 programs", {131072, 8, 4, 4, 4, NULL}},
};

/* ---- a card that can lose power ---- */

/* Its own generator, beside the flash's that decides what weak bits read. It begins anew with each
 * replay, so that the same commands leave the same state. */
static uint64_t entropy_state;

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    (void)ctx;
    uint8_t *out = buf;
    for (size_t i = 0; i < len; i++) {
        entropy_state = entropy_state * 6364136223846793005u + 1442695040888963407u;
        out[i] = (uint8_t)(entropy_state >> 56);
    }
    return ONECARD_OK;
}

static enum onecard_err device_key(void *ctx, uint8_t key[ONECARD_DEVICE_KEY_SIZE]) {
    (void)ctx;
    memset(key, 0x5A, ONECARD_DEVICE_KEY_SIZE);
    return ONECARD_OK;
}

static uint32_t any(struct world *w, uint32_t n) {
    w->random = w->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->random >> 33) % n;
}

static void wrong(struct world *w, const char *what, const char *detail, uint64_t operation) {
    w->wrong++;
    printf("wrong: %s, operation %llu, %s: %s: %s\n", w->where, (unsigned long long)operation,
           tear_mode_name(w->flash.mode), what, detail);
}

static void world_open(struct world *w, const struct onecard_flash *geometry, const char *name) {
    tear_flash_init(&w->flash, geometry, 1);
    struct onecard_port *p = &w->flash.port;
    p->entropy = entropy;
    p->device_key = device_key;
    p->command_max = 4096;
    p->response_max = ANSWER_MAX - 2;
    p->pool_size = 48 * 1024;
    p->fuel_per_command = 1000000;
    w->flash.journalled = true;
    w->where = name;
    w->random = 1;
    w->memory_size = onecard_memory_size(p);
    w->memory = malloc(w->memory_size);
    w->start = malloc(tear_flash_snapshot_size(&w->flash));
    if (!w->memory || !w->start)
        abort();
}

static void world_free(struct world *w) {
    tear_flash_free(&w->flash);
    free(w->memory);
    free(w->start);
}

static enum onecard_err power_up(struct world *w) {
    uint8_t atr[ONECARD_ATR_MAX];
    w->card = NULL;
    enum onecard_err err = onecard_open(&w->flash.port, w->memory, w->memory_size, &w->card);
    if (!err)
        onecard_power_on(w->card, atr);
    return err;
}

/* Power up after a cut; up to two more cuts fall into the recovery. */
static enum onecard_err recover(struct world *w) {
    enum tear_mode mode = w->flash.mode;
    for (int more = 0;; more++) {
        tear_flash_power_up(&w->flash);
        if (more < 2 && any(w, 3) == 0)
            tear_flash_cut(&w->flash, any(w, 8), mode);
        enum onecard_err err = power_up(w);
        if (w->flash.off) {
            w->cuts++;
            continue;
        }
        w->flash.cut_at = UINT64_MAX;
        w->flash.mode = mode;
        return err;
    }
}

/* All objects with their names, sizes and contents, as one number. */
static uint64_t state_of(struct world *w) {
    static uint8_t content[STORE_SIZE_MAX];
    const struct store *s = w->card->store;
    uint64_t hash = 14695981039346656037u;
    store_name name = 0;
    uint32_t size;
    while (!store_next(s, name, &name)) {
        if (store_size(s, name, &size) || store_read(s, name, 0, content, size))
            return 0;
        const uint32_t head[2] = {name, size};
        for (size_t i = 0; i < sizeof head; i++)
            hash = (hash ^ ((const uint8_t *)head)[i]) * 1099511628211u;
        for (uint32_t i = 0; i < size; i++)
            hash = (hash ^ content[i]) * 1099511628211u;
        name++;
    }
    return hash;
}

static uint16_t send(struct world *w, const uint8_t *command, size_t len) {
    if (onecard_transmit(w->card, command, len, w->answer, &w->answer_len))
        return 0;
    for (int i = 0; i < 3 && onecard_idle(w->card); i++)
        ;
    return (uint16_t)(w->answer[w->answer_len - 2] << 8 | w->answer[w->answer_len - 1]);
}

/* ---- scenarios ---- */

/* A command in hex, or one made from the answer to the one before. */
struct step {
    const char *hex;
    size_t (*make)(const uint8_t *answer, uint8_t *command);
    uint16_t status; /* that it must have */
};

struct scenario {
    const char *name, *profile;
    const struct step *steps;
};

#define PURCHASE_KEY                                                                               \
    {                                                                                              \
        0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22,  \
            0x11                                                                                   \
    }

static size_t make_credit(const uint8_t *answer, uint8_t *command) {
    static const uint8_t key[16] = PURCHASE_KEY;
    static const struct terminal_deal deal = {.amount = {0, 0, 0x10, 0},
                                              .type = 0x02,
                                              .terminal = {0, 0x11, 0x22, 0x33, 0x44, 0x55},
                                              .datetime = {0x20, 0x25, 1, 2, 3, 4, 5}};
    uint8_t session[8];
    terminal_credit(key, &deal, answer, command, session);
    return 16;
}

static size_t make_debit(const uint8_t *answer, uint8_t *command) {
    static const uint8_t key[16] = PURCHASE_KEY, number[4] = {0, 0, 0, 1};
    static const struct terminal_deal deal = {.amount = {0, 0, 0, 0x64},
                                              .type = 0x06,
                                              .terminal = {0, 0x11, 0x22, 0x33, 0x44, 0x55},
                                              .datetime = {0x20, 0x25, 1, 2, 3, 4, 6}};
    uint8_t session[8];
    terminal_debit(key, &deal, number, answer, command, session);
    return 20;
}

static const struct step hello_steps[] = {
    {"00A4040009F06F6E65636172640100", NULL, 0x9000},
    {"802000000568656C6C6F", NULL, 0x9000},
    {"8040000004", NULL, 0x9000},
    {"8030000000", NULL, 0x9000},
    {"8040000002", NULL, 0x6C04},
    {"8040000004", NULL, 0x9000},
    {"80200000406162636465666768696A6B6C6D6E6F7071727374757678797A6162636465666768696A6B6C6D6E6F707"
     "1"
     "727374757678797A6162636465666768696A6B6C6D6E",
     NULL, 0x9000},
    {NULL, NULL, 0},
};

/* A load, a purchase, and what a terminal reads after them. */
static const struct step transit_steps[] = {
    {"00A4040008A00000063201010500", NULL, 0x9000},
    {"0020000003123456", NULL, 0x9000},
    {"805000020B010000100000112233445510", NULL, 0x9000},
    {NULL, make_credit, 0x9000},
    {"805001020B01000000640011223344550F", NULL, 0x9000},
    {NULL, make_debit, 0x9000},
    {"805C000204", NULL, 0x9000},
    {"00B201C417", NULL, 0x9000},
    {NULL, NULL, 0},
};

static const struct scenario scenarios[] = {
    {"hello", "test/hello.yaml", hello_steps},
    {"transit", "test/transit.yaml", transit_steps},
};

static size_t step_command(const struct step *step, const uint8_t *answer, uint8_t *command) {
    if (step->make)
        return step->make(answer, command);
    size_t len = 0;
    for (const char *p = step->hex; *p; p += 2, len++) {
        unsigned byte;
        if (sscanf(p, "%2x", &byte) != 1)
            abort();
        command[len] = (uint8_t)byte;
    }
    return len;
}

/* From the start of the session, all steps before number `count`, undisturbed. */
static bool replay(struct world *w, const struct scenario *scenario, unsigned count) {
    uint8_t command[512];
    entropy_state = 1;
    tear_flash_restore(&w->flash, w->start);
    tear_flash_power_up(&w->flash);
    if (power_up(w))
        return false;
    for (unsigned i = 0; i < count; i++) {
        size_t len = step_command(&scenario->steps[i], w->answer, command);
        uint16_t status = send(w, command, len);
        if (status != scenario->steps[i].status) {
            printf("%s: step %u of %s answers %04X\n", w->where, i, scenario->name, status);
            return false;
        }
    }
    return true;
}

/* The state is the one before or the one after, and stays so. VERIFY writes its try counter before
 * it compares: where `spent` says so, a try less is the state between (F5). */
static void check(struct world *w, uint64_t before, uint64_t after, bool may_spend,
                  uint64_t operation) {
    uint64_t now = state_of(w);
    if (now != before && now != after && !may_spend)
        wrong(w, "the state", "is neither before nor after", operation);
    for (int again = 0; again < 2; again++) {
        tear_flash_power_up(&w->flash);
        if (power_up(w))
            wrong(w, "power-up", "does not work any more", operation);
        else if (state_of(w) != now)
            wrong(w, "the state", "changed from one power-up to the next", operation);
    }
    if (w->flash.violation[0])
        wrong(w, "flash", w->flash.violation, operation);
}

/* Cut in every operation of one step, in one mode. */
static void tear_step(struct world *w, const struct scenario *scenario, unsigned step,
                      enum tear_mode mode) {
    uint8_t command[512];
    bool verify = scenario->steps[step].hex && !strncmp(scenario->steps[step].hex, "0020", 4);
    if (!replay(w, scenario, step)) {
        wrong(w, scenario->name, "does not run", step);
        return;
    }
    uint64_t before = state_of(w);
    if (!replay(w, scenario, step + 1)) {
        wrong(w, scenario->name, "does not run", step);
        return;
    }
    uint64_t after = state_of(w);
    for (uint64_t operation = any(w, w->share);; operation += w->share) {
        if (!replay(w, scenario, step))
            abort();
        size_t len = step_command(&scenario->steps[step], w->answer, command);
        tear_flash_cut(&w->flash, operation, mode);
        send(w, command, len);
        if (!w->flash.off)
            return; /* the command has no operation of that number */
        w->cuts++;
        enum onecard_err err = recover(w);
        if (err) {
            wrong(w, "power-up after the cut", onecard_err_text(err), operation);
            continue;
        }
        check(w, before, after, verify, operation);
        len = step_command(&scenario->steps[0], NULL, command);
        if (w->card && send(w, command, len) != scenario->steps[0].status)
            wrong(w, scenario->name, "does not go on working", operation);
        if (w->wrong > 20)
            return;
    }
}

static bool read_profile(const char *build, const char *name, struct profile *profile) {
    char path[300], message[PROFILE_MESSAGE_MAX];
    snprintf(path, sizeof path, "%s/applets/%s", build, name);
    if (!profile_read(path, profile, message))
        return true;
    printf("%s\n", message);
    return false;
}

static bool make_card(struct world *w, const struct profile *profile) {
    char message[PROFILE_MESSAGE_MAX];
    if (onecard_format(&w->flash.port, w->memory, w->memory_size) || power_up(w))
        return false;
    if (!maker_run(w->card, &w->flash.port, profile, message))
        return true;
    printf("%s: %s\n", w->where, message);
    return false;
}

static void tear_scenario(struct world *w, const struct scenario *scenario,
                          const struct profile *profile) {
    if (!make_card(w, profile)) {
        wrong(w, scenario->name, "the card cannot be made", 0);
        return;
    }
    tear_flash_save(&w->flash, w->start);
    for (unsigned step = 0; scenario->steps[step].status; step++)
        for (enum tear_mode mode = TEAR_NOT_BEGUN; mode < TEAR_MODES; mode++)
            tear_step(w, scenario, step, mode);
}

/* ---- the making of a card ---- */

/* Delete what a torn making left, as somebody who makes cards would. */
static bool clear_card(struct world *w, const struct profile *profile) {
    static const uint8_t select[] = {0x00, 0xA4, 0x04, 0x00, 0x00};
    send(w, select, sizeof select);
    for (size_t i = 0; i < profile->package_count; i++) {
        const struct cap_aid *aid = &profile->packages[i].cap.description.package;
        uint8_t command[32] = {0x80, 0xE4, 0x00, 0x80, (uint8_t)(aid->len + 2), 0x4F, aid->len};
        memcpy(command + 7, aid->value, aid->len);
        uint16_t status = send(w, command, 7u + aid->len);
        if (status != SW_OK && status != SW_REFERENCE_NOT_FOUND)
            return false;
    }
    return true;
}

static void tear_making(struct world *w, const struct profile *profile) {
    char message[PROFILE_MESSAGE_MAX];
    tear_flash_power_up(&w->flash); /* no cut is planned any more */
    if (onecard_format(&w->flash.port, w->memory, w->memory_size))
        abort();
    tear_flash_save(&w->flash, w->start);
    uint64_t first = w->flash.operations;
    if (power_up(w) || maker_run(w->card, &w->flash.port, profile, message)) {
        wrong(w, "making a card", message, 0);
        return;
    }
    uint64_t total = w->flash.operations - first, made = state_of(w);
    for (uint64_t operation = any(w, 4 * w->share); operation < total;
         operation += 1 + any(w, 8 * w->share)) {
        tear_flash_restore(&w->flash, w->start);
        tear_flash_power_up(&w->flash);
        if (power_up(w))
            abort();
        tear_flash_cut(&w->flash, operation, (enum tear_mode)any(w, TEAR_MODES));
        maker_run(w->card, &w->flash.port, profile, message);
        if (!w->flash.off)
            continue;
        w->cuts++;
        enum onecard_err err = recover(w);
        if (err) {
            wrong(w, "power-up after a torn making", onecard_err_text(err), operation);
            continue;
        }
        if (w->card->manager.registry.pre_issuance) {
            if (!clear_card(w, profile))
                wrong(w, "a torn making", "cannot be deleted", operation);
            else if (maker_run(w->card, &w->flash.port, profile, message))
                wrong(w, "making it again", message, operation);
        }
        if (state_of(w) != made)
            wrong(w, "a card made again", "is another one", operation);
        if (w->flash.violation[0])
            wrong(w, "flash", w->flash.violation, operation);
        if (w->wrong > 20)
            return;
    }
}

int main(int argc, char **argv) {
    const char *build = argc > 1 ? argv[1] : "build";
    unsigned share = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
    bool summary = argc > 3 && !strcmp(argv[3], "--summary");
    uint64_t cuts = 0, bad = 0;
    for (size_t g = 0; g < sizeof geometries / sizeof *geometries; g++) {
        for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
            struct world w = {.share = share ? share : 1};
            struct profile profile;
            if (!read_profile(build, scenarios[i].profile, &profile))
                return 1;
            world_open(&w, &geometries[g].flash, geometries[g].name);
            tear_scenario(&w, &scenarios[i], &profile);
            tear_making(&w, &profile);
            printf("%-10s %-48s %8llu cuts, %llu wrong\n", scenarios[i].name, w.where,
                   (unsigned long long)w.cuts, (unsigned long long)w.wrong);
            cuts += w.cuts;
            bad += w.wrong;
            world_free(&w);
            profile_free(&profile);
        }
    }
    printf("%llu cuts, %llu wrong\n", (unsigned long long)cuts, (unsigned long long)bad);
    if (summary)
        printf("%d passed, %d failed\n", bad == 0, bad != 0);
    return bad != 0;
}
