/* The tear machine on the store alone (S1): random histories against a model, with the power cut
 * after random operations in every way that flash fails, and again during recovery; and every
 * single operation of chosen commits, exhaustively.
 *
 * usage: tear_store [seconds [first-seed [--once | --summary]]]
 * The last line is "N cuts, N wrong"; with --summary one follows for the test runner. */
#include "tear/flash.h"
#include "tear/model.h"
#include "store/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct machine {
    struct tear_flash flash;
    struct model model;
    struct rng rng;
    void *memory;
    size_t memory_size;
    struct store *s;
    uint64_t cuts, wrong;
    uint64_t moves; /* of large objects */
    uint64_t seed;
    const char *name; /* of the geometry */
    bool disk;        /* only cuts that a disk knows; else only those of flash */
};

static const struct {
    const char *name;
    struct onecard_flash flash;
} geometries[] = {
    {"4 KiB, words of 4, single words, 2 programs", {4096, 24, 4, 4, 2, NULL}},
    {"4 KiB, words of 4, 256 bytes, 2 programs", {4096, 24, 4, 256, 2, NULL}},
    {"4 KiB, words of 4, 256 bytes, 1 program", {4096, 24, 4, 256, 1, NULL}},
    {"1 KiB, words of 1, 16 bytes, 1 program", {1024, 48, 1, 16, 1, NULL}},
    {"1 KiB, words of 4, single words, 2 programs", {1024, 48, 4, 4, 2, NULL}},
    {"4 KiB, words of 8, single words, 1 program", {4096, 20, 8, 8, 1, NULL}},
    {"4 KiB, words of 16, single words, 2 programs", {4096, 20, 16, 16, 2, NULL}},
    {"16 KiB, words of 4, single words, 4 programs", {16384, 10, 4, 4, 4, NULL}},
    {"128 KiB, words of 4, single words, 4 programs", {131072, 8, 4, 4, 4, NULL}},
    {"128 KiB, words of 8, 256 bytes, 1 program", {131072, 8, 8, 256, 1, NULL}},
};
#define GEOMETRIES (sizeof geometries / sizeof geometries[0])

static void report(struct machine *m, const char *what) {
    m->wrong++;
    printf("wrong: seed %llu, operation %llu, %s, %s: %s\n", (unsigned long long)m->seed,
           (unsigned long long)m->flash.operations, m->name, tear_mode_name(m->flash.mode), what);
}

static enum onecard_err open_store(struct machine *m) {
    struct arena arena;
    arena_init(&arena, m->memory, m->memory_size);
    return store_open(&m->flash.port, &arena, &m->s);
}

static enum tear_mode any_mode(struct machine *m) {
    return m->disk ? TEAR_REORDERED : (enum tear_mode)rng_below(&m->rng, TEAR_REORDERED);
}

/* Power up after a cut; up to three more cuts fall into the recovery. false: it is beyond help. */
static bool recover(struct machine *m) {
    for (uint32_t cuts = 0;; cuts++) {
        tear_flash_power_up(&m->flash);
        if (cuts < 3 && rng_below(&m->rng, 2))
            tear_flash_cut(&m->flash, rng_below(&m->rng, 12), any_mode(m));
        enum onecard_err err = open_store(m);
        if (m->flash.off) {
            m->cuts++;
            continue;
        }
        m->flash.cut_at = UINT64_MAX;
        if (err)
            report(m, onecard_err_text(err));
        return err == ONECARD_OK;
    }
}

/* The state is one of those allowed, and stays so over power-ups. */
static bool check(struct machine *m) {
    const char *wrong = model_settle(&m->model, m->s);
    for (uint32_t again = rng_below(&m->rng, 3); again > 0 && !wrong; again--) {
        tear_flash_power_up(&m->flash);
        enum onecard_err err = open_store(m);
        wrong = err ? onecard_err_text(err) : model_compare(&m->model.committed, m->s);
    }
    if (!wrong && m->flash.violation[0])
        wrong = m->flash.violation;
    if (wrong)
        report(m, wrong);
    return !wrong;
}

/* A chip whose sectors are not worn alike: what stays in the less worn ones is moved (S3). */
static void age(struct machine *m) {
    struct geometry g;
    if (store_format_geometry(&g, &m->flash.port))
        return;
    for (uint32_t i = 0; i < g.sector_count; i++)
        store_format_mark_write(&g, rng_below(&m->rng, 60), m->flash.data + i * g.sector_size);
}

static bool begin(struct machine *m, uint32_t geometry, uint64_t seed) {
    const struct onecard_flash *f = &geometries[geometry].flash;
    struct arena arena;
    struct store_info info;
    m->name = geometries[geometry].name;
    m->seed = seed;
    m->rng.state = seed * 77 + geometry;
    m->disk = rng_below(&m->rng, 4) == 0;
    tear_flash_init(&m->flash, f, seed);
    m->flash.journalled = m->disk;
    if (rng_below(&m->rng, 2))
        tear_flash_count(&m->flash, rng_below(&m->rng, 5));
    m->memory_size = store_memory_size(&m->flash.port) + 16;
    m->memory = malloc(m->memory_size);
    arena_init(&arena, m->memory, m->memory_size);
    if (rng_below(&m->rng, 2))
        age(m);
    if (store_format(&m->flash.port, &arena) || open_store(m)) {
        report(m, "cannot be formatted");
        return false;
    }
    store_info(m->s, &info);
    uint32_t fill = 30 + rng_below(&m->rng, 60); /* percent */
    uint32_t limit = f->sector_size >= 4096 ? 2500 : 600;
    model_init(&m->model, limit, f->sector_size >= 4096 ? 9000 : 3000,
               (uint32_t)((uint64_t)info.bytes_free * fill / 100));
    return true;
}

static void end(struct machine *m) {
    model_free(&m->model);
    free(m->memory);
    tear_flash_free(&m->flash);
}

/* One history: steps until so many cuts were made. */
static void history(struct machine *m, uint32_t geometry, uint64_t seed, uint32_t cuts) {
    bool sound = begin(m, geometry, seed);
    uint64_t until = m->cuts + cuts;
    uint32_t distance = 1 + rng_below(&m->rng, 200);
    while (sound && m->cuts < until) {
        const char *wrong = NULL;
        if (m->flash.cut_at == UINT64_MAX)
            tear_flash_cut(&m->flash, rng_below(&m->rng, distance), any_mode(m));
        enum onecard_err err = model_step(&m->model, m->s, &m->rng, &wrong);
        if (m->flash.off) {
            m->cuts++;
            m->moves += store_moves(m->s);
            model_power_off(&m->model);
            sound = recover(m) && check(m);
            continue;
        }
        if (!wrong && err && err != ONECARD_E_FULL && err != ONECARD_E_TOO_BIG)
            wrong = onecard_err_text(err);
        if (!wrong && m->flash.violation[0])
            wrong = m->flash.violation;
        if (wrong)
            report(m, wrong);
        sound = !wrong;
    }
    end(m);
}

/* S1 for the first moment of a chip: the power fails at every single operation of formatting. What
 * is there then is an empty store or none, and formatting again makes one, with the wear kept. */
static void formats(struct machine *m, uint32_t geometry, uint64_t seed) {
    bool sound = begin(m, geometry, seed);
    uint8_t *worn = malloc(tear_flash_snapshot_size(&m->flash));
    tear_flash_save(&m->flash, worn);
    for (uint64_t at = 0; sound; at++) {
        struct arena arena;
        struct store_info info;
        tear_flash_restore(&m->flash, worn);
        arena_init(&arena, m->memory, m->memory_size);
        tear_flash_cut(&m->flash, at, any_mode(m));
        (void)store_format(&m->flash.port, &arena);
        if (!m->flash.off)
            break; /* it took no more operations than that */
        m->cuts++;
        tear_flash_power_up(&m->flash);
        enum onecard_err err = open_store(m);
        if (err == ONECARD_OK)
            store_info(m->s, &info);
        else
            info.objects = 0; /* there is none, or damaged beyond what a cut of a card does */
        arena_init(&arena, m->memory, m->memory_size);
        if (info.objects != 0)
            sound = false;
        else if (store_format(&m->flash.port, &arena) || open_store(m))
            sound = false;
        else
            store_info(m->s, &info);
        if (!sound || info.objects != 0 || m->flash.violation[0]) {
            report(m, m->flash.violation[0] ? m->flash.violation : "format that was cut");
            sound = false;
        }
    }
    free(worn);
    end(m);
}

static double seconds(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
    double limit = argc > 1 ? atof(argv[1]) : 10;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    bool single = argc > 3 && strcmp(argv[3], "--once") == 0;
    bool summary = argc > 3 && strcmp(argv[3], "--summary") == 0;
    struct machine m = {0};
    double start = seconds();
    do {
        for (uint32_t g = 0; g < GEOMETRIES && m.wrong < 20; g++)
            history(&m, g, seed, 150);
        formats(&m, (uint32_t)(seed % GEOMETRIES), seed);
        seed++;
    } while (!single && seconds() - start < limit && m.wrong < 20);
    printf("%llu large objects moved\n", (unsigned long long)m.moves);
    printf("%llu cuts, %llu wrong\n", (unsigned long long)m.cuts, (unsigned long long)m.wrong);
    if (summary)
        printf("%d passed, %d failed\n", m.wrong == 0, m.wrong != 0);
    return m.wrong != 0;
}
