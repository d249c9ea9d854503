/* Levelling (S3): the log wears its sectors alike, but large objects and secrets stay where they
 * are, and what stays keeps its sector from its share of erases. Where one has fallen behind, its
 * content moves to the most worn free place, where it rests while the others catch up. And shared
 * sectors that are half empty are joined.
 *
 * A move is a copy, some hundred bytes a step, and then one record that says where the object lies
 * now: a cut leaves the old place or the new one, and whatever else was written is nobody's. */
#include "store/state.h"

#define COPY_STEP 512u

/* Erases that a sector may be behind: one move is worth so many turns of the log, and sectors stay
 * within about twice that of each other. */
static uint32_t allowance(uint32_t erases) {
    return 6 + erases / 40;
}

static bool stays(const struct store *s, uint32_t sector) {
    return s->sectors[sector].state == SECTOR_VAULT ||
           (s->sectors[sector].state == SECTOR_DATA && s->sectors[sector].live > 0);
}

/* Mean erases of the sectors that take turns. (Not the most worn one: what is new goes to the least
 * worn sectors, and would at once seem to be behind a single one.) */
static uint32_t turning(const struct store *s) {
    uint64_t sum = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->g.sector_count; i++) {
        sum += stays(s, i) ? 0 : s->sectors[i].erases;
        count += !stays(s, i);
    }
    return count ? (uint32_t)(sum / count) : 0;
}

/* The least worn sector with content that stays, if it is too far behind. */
static uint32_t laggard(const struct store *s) {
    uint32_t mean = turning(s), worst = FORMAT_NO_SECTOR;
    for (uint32_t i = 0; i < s->g.sector_count; i++)
        if (stays(s, i) && s->sectors[i].erases + allowance(mean) < mean &&
            (worst == FORMAT_NO_SECTOR || s->sectors[i].erases < s->sectors[worst].erases))
            worst = i;
    return worst;
}

static const struct object *large_in(const struct store *s, uint32_t sector) {
    uint32_t from = sector * s->g.sector_size, to = from + s->g.sector_size;
    for (uint32_t i = 0; i < s->object_count; i++) {
        const struct object *o = &s->objects[i];
        if (o->flags & OBJECT_LARGE && o->at < to && o->at + o->size > from)
            return o;
    }
    return NULL;
}

/* Objects in a sector that others share lie behind its header. */
static bool is_shared(const struct store *s, const struct object *o) {
    return o->at % s->g.sector_size != 0;
}

/* ---- half empty ---- */

/* Bytes that the objects of a shared sector take anywhere; 0 if it is none. */
static uint32_t shared_bytes(const struct store *s, uint32_t sector) {
    uint32_t bytes = 0;
    for (uint32_t i = 0; i < s->object_count && s->sectors[sector].live > 0; i++) {
        const struct object *o = &s->objects[i];
        if (!(o->flags & OBJECT_LARGE) || o->at / s->g.sector_size != sector || !is_shared(s, o))
            continue;
        bytes += align_up(o->size, s->g.unit) + (1 + RECORD_SKIPS) * s->g.unit;
    }
    return bytes;
}

/* The emptiest shared sector that is at most half full, if its objects fit into the one that takes
 * the next, or if two such can share a new one. */
static uint32_t sparse(const struct store *s) {
    uint32_t least = store_log_payload(s) / 2 + 1, found = FORMAT_NO_SECTOR, count = 0;
    for (uint32_t i = 0; i < s->g.sector_count; i++) {
        if (s->sectors[i].state != SECTOR_DATA || i == s->code)
            continue;
        uint32_t bytes = shared_bytes(s, i);
        count += bytes > 0 && bytes <= store_log_payload(s) / 2;
        if (bytes > 0 && bytes < least) {
            least = bytes;
            found = i;
        }
    }
    uint32_t room = s->code == FORMAT_NO_SECTOR ? 0 : s->g.sector_size - s->code_pos;
    return least <= room || count > 1 ? found : FORMAT_NO_SECTOR;
}

/* ---- a move ---- */

bool store_level_yield(struct store *s) {
    if (!s->loading.moving)
        return false;
    store_large_settle(s);
    return true;
}

uint32_t store_level_borrows(const struct store *s) {
    const struct loading *l = &s->loading;
    if (!l->moving)
        return 0;
    if (!l->shared)
        return store_large_run(s, l->size);
    return s->sectors[l->addr / s->g.sector_size].live == 0;
}

static bool move_begin(struct store *s, const struct object *o) {
    uint32_t crc, from = o->at;
    if (!store_large_stated(s, o, &crc) ||
        crc != (uint32_t)~store_crc32_update(UINT32_MAX, s->g.base + from, o->size) ||
        store_large_place(s, o->name, o->size, is_shared(s, o)) != ONECARD_OK)
        return false;
    s->loading.moving = true;
    s->loading.from = from;
    s->loading.expected = crc;
    return true;
}

/* The copy is complete: from now on the object is there. */
static bool move_end(struct store *s) {
    struct loading *l = &s->loading;
    uint8_t data[FORMAT_LARGE_MAX];
    const uint8_t *entries;
    uint32_t len = FORMAT_ENTRY_SIZE + FORMAT_LARGE_MAX, crc = ~l->crc;
    if (crc != l->expected ||
        crc != (uint32_t)~store_crc32_update(UINT32_MAX, s->g.base + l->addr, l->size) ||
        store_log_room(s, len, s->keep_collect) != ONECARD_OK || !l->moving)
        return false;
    uint32_t size = store_large_entry(s, data);
    enum onecard_err err = store_record_begin(s, RECORD_MOVE, FORMAT_ENTRY_SIZE + size);
    if (!err)
        err = store_record_entry(s, l->name, 0, OP_LARGE, data, size);
    if (!err)
        err = store_record_end(s, &entries, &len);
    if (!err)
        err = store_apply_record(s, entries, len, s->head);
    if (err) {
        s->broken = true;
        return false;
    }
    s->moves++;
    s->sync_due = true; /* before the old place is erased */
    l->finished = true;
    store_large_settle(s);
    return true;
}

static bool move_on(struct store *s) {
    struct loading *l = &s->loading;
    const struct object *o = store_index_find(s, l->name);
    bool there = o && o->flags & OBJECT_LARGE && o->at == l->from && o->size == l->size;
    if (there && l->written < l->size) {
        uint32_t n = min_u32(l->size - l->written, COPY_STEP);
        if (store_large_fill(s, s->g.base + l->from + l->written, n) == ONECARD_OK)
            return true;
    } else if (there && move_end(s)) {
        return true;
    }
    (void)store_level_yield(s);
    s->level_due = false;
    return false;
}

/* ---- which ---- */

/* Is there a free sector that has been erased so much more often that a move is worth it? */
static bool worth(const struct store *s, uint32_t sector, uint32_t erases) {
    return erases >= s->sectors[sector].erases + allowance(erases) / 2;
}

static uint32_t most_worn_free(const struct store *s) {
    uint32_t clean = store_sector_most_worn(s, SECTOR_CLEAN);
    uint32_t state = clean == FORMAT_NO_SECTOR ? SECTOR_DIRTY : SECTOR_CLEAN;
    uint32_t sector = store_sector_most_worn(s, (enum sector_state)state);
    return sector == FORMAT_NO_SECTOR ? 0 : s->sectors[sector].erases;
}

#define SEARCH_EVERY 4u /* erases of all sectors */

/* Collect until a place for so many sectors is free. On a crowded chip that may never be, and each
 * try wears it by up to a turn of the log: so only in one turn out of four, counted by the marks,
 * which no power-off resets. */
static bool make_room(struct store *s, uint32_t sectors) {
    uint32_t mean = turning(s), scanned = 0;
    if (mean != s->level_mean) {
        s->level_mean = mean;
        s->level_turned = 0;
    }
    if (mean % SEARCH_EVERY != 0 || store_available(s) / store_log_payload(s) < sectors ||
        s->level_turned / s->g.sector_size > s->g.sector_count)
        return false;
    s->worn = false; /* that is for what stays, not for the log */
    enum onecard_err err = store_collect_step(s, &scanned);
    s->level_turned += scanned;
    return !err && scanned > 0;
}

static bool level_run(struct store *s, uint32_t sector, const struct object *o) {
    uint32_t first, erases, count = store_large_run(s, o->size);
    if (!store_large_find(s, count, &first, &erases) || !worth(s, sector, erases))
        return make_room(s, count);
    return move_begin(s, o);
}

static bool level_one(struct store *s, uint32_t sector, const struct object *o) {
    if (s->code == sector ||
        (s->code != FORMAT_NO_SECTOR && !worth(s, sector, s->sectors[s->code].erases)))
        s->code = FORMAT_NO_SECTOR;
    if (s->code == FORMAT_NO_SECTOR && s->free_sectors <= s->keep_commit)
        return make_room(s, 1);
    if (s->code == FORMAT_NO_SECTOR && !worth(s, sector, most_worn_free(s)))
        return false;
    return move_begin(s, o);
}

static bool level(struct store *s, uint32_t sector) {
    const struct object *o = large_in(s, sector);
    bool stepped = false;
    s->worn = true;
    if (s->sectors[sector].state == SECTOR_VAULT) {
        if (s->free_sectors <= s->keep_commit)
            stepped = make_room(s, 1);
        else if (worth(s, sector, most_worn_free(s))) {
            s->vault = FORMAT_NO_SECTOR;
            stepped = store_vault_vacate(s, sector) == ONECARD_OK;
        }
    } else if (o) {
        stepped = is_shared(s, o) ? level_one(s, sector, o) : level_run(s, sector, o);
    }
    s->worn = false;
    return stepped;
}

bool store_level_step(struct store *s) {
    if (s->loading.active)
        return s->loading.moving && move_on(s);
    uint32_t sector = laggard(s);
    if (sector != FORMAT_NO_SECTOR && level(s, sector))
        return true;
    sector = s->broken ? FORMAT_NO_SECTOR : sparse(s);
    s->worn = true;
    bool begun = sector != FORMAT_NO_SECTOR && s->free_sectors > s->keep_commit &&
                 move_begin(s, large_in(s, sector));
    s->worn = false;
    s->level_due = begun;
    return begun;
}

uint32_t store_moves(const struct store *s) {
    return s->moves;
}
