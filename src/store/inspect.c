#include "store/inspect.h"
#include "store/state.h"

/* ---- what is there ---- */

enum onecard_err store_inspect_object(const struct store *s, store_name from,
                                      struct store_object_info *out_info) {
    store_name name;
    enum onecard_err err = store_next(s, from, &name);
    if (err)
        return err;
    const struct object *o = store_index_find(s, name);
    *out_info = (struct store_object_info){.name = name, .size = o->size, .pieces = 1};
    if (o->flags & (OBJECT_SECRET | OBJECT_LARGE)) {
        out_info->rest = o->flags & OBJECT_SECRET ? STORE_REST_SECRET : STORE_REST_LARGE;
        out_info->address = o->at;
        return ONECARD_OK;
    }
    out_info->pieces = store_index_pieces(s, o);
    out_info->address = o->size ? store_index_span(s, o, 0, o->size).addr : 0;
    return ONECARD_OK;
}

const char *store_sector_use_text(enum store_sector_use use) {
    static const char *const text[] = {"to be erased", "erased", "log", "large objects", "secrets"};
    return (uint32_t)use < sizeof text / sizeof text[0] ? text[use] : "?";
}

enum onecard_err store_inspect_sector(const struct store *s, uint32_t sector,
                                      struct store_sector_info *out_info) {
    struct start start;
    if (sector >= s->g.sector_count)
        return ONECARD_E_RANGE;
    const struct sector *from = &s->sectors[sector];
    *out_info = (struct store_sector_info){
        .use = (enum store_sector_use)from->state, .erases = from->erases, .objects = from->live};
    if (from->state == SECTOR_LOG && store_format_start_read(&s->g, sector, &start))
        out_info->sequence = start.seq;
    return ONECARD_OK;
}

static const char *op_text(uint32_t op) {
    static const char *const text[] = {
        [OP_WRITE] = "write",
        [OP_STATE] = "state",
        [OP_CREATE] = "create",
        [OP_META] = "restate",
        [OP_RESIZE] = "resize",
        [OP_DELETE] = "delete",
        [OP_DELETE_OWNER] = "delete owner",
        [OP_LARGE] = "large",
        [OP_AREA] = "secret",
        [OP_ROOT] = "root of secrets",
        [OP_TAIL] = "tail",
        [OP_RESUME] = "resume",
    };
    return op < sizeof text / sizeof text[0] && text[op] ? text[op] : "?";
}

static struct store_record_info describe(const struct store *s, uint32_t sector,
                                         const struct record *r) {
    static const char *const types[] = {"?", "commit", "move", "recovery"};
    struct store_record_info info = {.sector = sector,
                                     .offset = r->pos,
                                     .bytes = format_record_size(&s->g, r->len),
                                     .type = types[r->type <= RECORD_RECOVERY ? r->type : 0]};
    uint32_t offset = 0;
    struct entry e;
    while (store_format_entry_next(r->entries, r->len, &offset, &e)) {
        if (info.entries++ == 0) {
            info.first = e.name;
            info.first_op = op_text(e.op);
        }
    }
    return info;
}

uint32_t store_inspect_records(const struct store *s, struct store_record_info *out, uint32_t max) {
    uint32_t count = 0;
    for (uint32_t sector = s->tail;; sector = s->sectors[sector].next) {
        struct walk w;
        struct record r;
        if (!store_log_walk(s, sector, &w))
            break;
        while (w.pos != w.end && max > 0 && store_walk_next(&w, &r)) {
            if (count == max)
                memmove(out, out + 1, --count * sizeof *out);
            out[count++] = describe(s, sector, &r);
        }
        if (sector == s->head)
            break;
    }
    return count;
}

/* ---- is it sound? ---- */

const char *store_finding_text(enum store_finding_kind kind) {
    static const char *const text[] = {
        [STORE_FOUND_NO_STORE] = "there is no store here: no sector has a header",
        [STORE_FOUND_GEOMETRY] = "the sector headers are of a flash of another geometry",
        [STORE_FOUND_OTHER_KEY] = "no log under this device key: written under another one?",
        [STORE_FOUND_CHAIN] = "a sector of the log is missing or its header is damaged",
        [STORE_FOUND_BREAK] = "the records of a sector break off before the log leaves it",
        [STORE_FOUND_RECORD] = "a record's checksum does not match",
        [STORE_FOUND_OBJECT] = "an object cannot be put together",
        [STORE_FOUND_LARGE] = "a large object's checksum does not match",
        [STORE_FOUND_SECRET] = "a secret was changed, moved or replaced",
        [STORE_FOUND_SECRETS] = "the secrets are not the set that was committed last",
        [STORE_FOUND_TOO_BIG] = "more objects than there is memory for",
        [STORE_FOUND_CUT] = "a power cut left something that the next power-up finishes",
    };
    return (uint32_t)kind < sizeof text / sizeof text[0] ? text[kind] : "?";
}

bool store_finding_is_damage(enum store_finding_kind kind) {
    return kind != STORE_FOUND_CUT;
}

struct check {
    void (*found)(void *ctx, const struct store_finding *finding);
    void *ctx;
    uint32_t damage;
};

static void report(struct check *c, enum store_finding_kind kind, uint32_t sector, uint32_t offset,
                   store_name name) {
    struct store_finding finding = {kind, sector, offset, name};
    c->damage += store_finding_is_damage(kind);
    c->found(c->ctx, &finding);
}

/* Every record of a log sector, though some may be damaged: a seal still tells where one ends. */
static void check_records(struct check *c, const struct store *s, uint32_t sector) {
    struct walk w;
    struct record r;
    if (!store_log_walk(s, sector, &w)) {
        report(c, STORE_FOUND_CHAIN, sector, 0, 0);
        return;
    }
    while (w.pos != w.end) {
        uint32_t pos = w.pos;
        if (!store_walk_next(&w, &r)) {
            report(c, STORE_FOUND_BREAK, sector, pos, 0);
            return;
        }
        if (!store_format_record_intact(w.g, w.sector, w.seed, &r))
            report(c, STORE_FOUND_RECORD, sector, r.pos, 0);
    }
}

static bool large_sound(const struct store *s, const struct object *o) {
    uint32_t crc;
    if (!store_large_stated(s, o, &crc))
        return s->unfinished; /* it may be stated by the record in doubt only */
    return crc == (uint32_t)~store_crc32_update(UINT32_MAX, s->g.base + o->at, o->size);
}

static void check_objects(struct check *c, const struct store *s) {
    for (uint32_t i = 0; i < s->object_count; i++) {
        const struct object *o = &s->objects[i];
        uint32_t sector = o->at / s->g.sector_size, offset = o->at % s->g.sector_size;
        if (o->flags & OBJECT_SECRET && !store_vault_check(s, o->name, o->size, o->at))
            report(c, STORE_FOUND_SECRET, sector, offset, o->name);
        if (o->flags & OBJECT_LARGE && !large_sound(s, o))
            report(c, STORE_FOUND_LARGE, sector, offset, o->name);
        if (o->flags & OBJECT_IMPLIED)
            report(c, STORE_FOUND_OBJECT, o->home, 0, o->name);
    }
    if (s->root_wrong)
        report(c, STORE_FOUND_SECRETS, 0, 0, 0);
}

/* Why does it not open? */
static void explain(struct check *c, const struct onecard_port *port, enum onecard_err err) {
    struct geometry g;
    bool marks = false, starts = false, geometry = false;
    if (store_format_geometry(&g, port)) {
        report(c, STORE_FOUND_GEOMETRY, 0, 0, 0);
        return;
    }
    for (uint32_t i = 0; i < g.sector_count; i++) {
        struct mark mark;
        struct start start;
        if (store_format_mark_read(&g, i, &mark)) {
            marks = true;
            geometry |= mark.sector_size != g.sector_size || mark.sector_count != g.sector_count ||
                        mark.word != g.word;
        }
        starts |= store_format_start_read(&g, i, &start);
    }
    enum store_finding_kind kind = STORE_FOUND_CHAIN;
    if (geometry)
        kind = STORE_FOUND_GEOMETRY;
    else if (!marks && !starts)
        kind = STORE_FOUND_NO_STORE;
    else if (err == ONECARD_E_FOREIGN)
        kind = starts ? STORE_FOUND_OTHER_KEY : STORE_FOUND_NO_STORE;
    else if (err == ONECARD_E_NO_MEMORY)
        kind = STORE_FOUND_TOO_BIG;
    report(c, kind, 0, 0, 0);
}

uint32_t store_check(const struct onecard_port *port, struct arena *arena,
                     void (*found)(void *ctx, const struct store_finding *finding), void *ctx) {
    struct check c = {found, ctx, 0};
    size_t mark = arena->used;
    struct store *s;
    enum onecard_err err = store_look(port, arena, &s);
    if (err) {
        explain(&c, port, err);
        return c.damage;
    }
    for (uint32_t sector = s->tail;; sector = s->sectors[sector].next) {
        check_records(&c, s, sector);
        if (sector == s->head)
            break;
    }
    check_objects(&c, s);
    if (s->unfinished)
        report(&c, STORE_FOUND_CUT, s->head, s->log_end, 0);
    arena->used = mark;
    return c.damage;
}
