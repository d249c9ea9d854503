/* Large objects: contiguous, written once, run in place.
 *
 * Those that fit into a sector share sectors, one behind the other; a longer one gets adjacent
 * sectors of its own. Either way an object exists once a commit says where it lies; till then its
 * bytes are nobody's. */
#include "store/state.h"

/* The one being written: what is in s->loading may be finished, and wait for the commit. */
static struct loading *current(struct store *s) {
    return s->second.active ? &s->second : &s->loading;
}

static const struct loading *current_const(const struct store *s) {
    return s->second.active ? &s->second : &s->loading;
}

static bool touches(const struct store *s, const struct loading *l, uint32_t sector) {
    return l->active && sector >= l->addr / s->g.sector_size &&
           sector <= (l->addr + l->size - 1) / s->g.sector_size;
}

static bool pending_in(const struct store *s, uint32_t sector) {
    return touches(s, &s->loading, sector) || touches(s, &s->second, sector);
}

void store_large_vacant(struct store *s, uint32_t sector) {
    if (pending_in(s, sector))
        return;
    if (s->code == sector)
        s->code = FORMAT_NO_SECTOR;
    store_sector_free(s, sector);
}

/* Where the last live object of a shared sector ends. */
static uint32_t shared_end(const struct store *s, uint32_t sector) {
    uint32_t end = s->g.first;
    for (uint32_t i = 0; i < s->object_count; i++) {
        const struct object *o = &s->objects[i];
        uint32_t offset = o->at - sector * s->g.sector_size;
        if (o->flags & OBJECT_LARGE && o->at / s->g.sector_size == sector && offset + o->size > end)
            end = align_up(offset + o->size, s->g.unit);
    }
    return end;
}

/* A shared sector takes more only if nothing lies behind its live objects: what an interrupted or
 * deleted one left may be weak. */
void store_large_open(struct store *s) {
    s->code = FORMAT_NO_SECTOR;
    for (uint32_t i = 0; i < s->g.sector_count; i++) {
        struct start start;
        if (s->sectors[i].state != SECTOR_DATA || !store_format_start_read(&s->g, i, &start) ||
            start.kind != START_CODE || !start.sealed)
            continue;
        uint32_t end = shared_end(s, i);
        if (!store_format_blank(format_sector(&s->g, i) + end, s->g.sector_size - end))
            continue;
        if (s->code == FORMAT_NO_SECTOR || end < s->code_pos) {
            s->code = i;
            s->code_pos = end;
        }
    }
}

/* Bytes that an object takes in a shared sector: a mark first, as before a record, so that a load
 * that was cut cannot go unnoticed; and words that may refuse the mark. */
static uint32_t frame(const struct store *s, uint32_t size) {
    return align_up(size, s->g.unit) + (1 + RECORD_SKIPS) * s->g.unit;
}

static bool shared_fits(const struct store *s, uint32_t size) {
    return s->code != FORMAT_NO_SECTOR && s->code_pos + frame(s, size) <= s->g.sector_size;
}

static enum onecard_err shared_sector(struct store *s) {
    struct start start = {.prev = FORMAT_NO_SECTOR, .kind = START_CODE};
    uint32_t scanned = 1;
    uint64_t turned = 0; /* twice round: nothing to win */
    while (s->free_sectors <= s->keep_commit && scanned &&
           turned <= 2ull * s->g.sector_size * s->g.sector_count) {
        enum onecard_err err = store_collect_step(s, &scanned);
        if (err)
            return err;
        turned += scanned;
    }
    enum onecard_err err = store_sector_open(s, s->keep_commit, &start, SECTOR_DATA, &s->code);
    if (err)
        s->code = FORMAT_NO_SECTOR;
    s->code_pos = s->g.first;
    return err;
}

static enum onecard_err reserve_shared(struct store *s, struct loading *l) {
    const uint32_t size = l->size;
    enum onecard_err err = ONECARD_OK;
    if (!shared_fits(s, size))
        err = shared_sector(s);
    if (err)
        return err;
    for (uint32_t i = 0; i <= RECORD_SKIPS; i++) {
        l->addr = s->code * s->g.sector_size + s->code_pos + s->g.unit;
        err = store_mark_write(s, l->addr - s->g.unit);
        s->code_pos += s->g.unit;
        if (!err) {
            s->code_pos += align_up(size, s->g.unit);
            return ONECARD_OK;
        }
    }
    return err;
}

static bool is_free(const struct store *s, uint32_t sector) {
    return s->sectors[sector].state == SECTOR_DIRTY || s->sectors[sector].state == SECTOR_CLEAN;
}

/* A run of count free sectors, and leaving enough of them: the last one before the log comes round
 * to it, or for what will stay the most worn one. */
bool store_large_find(const struct store *s, uint32_t count, uint32_t *out_first,
                      uint32_t *out_erases) {
    uint32_t length = 0, sum = 0;
    bool found = false;
    *out_erases = 0;
    if (count == 0)
        return false;
    for (uint32_t i = 0; i < s->g.sector_count; i++) {
        length = is_free(s, i) ? length + 1 : 0;
        sum = length ? sum + s->sectors[i].erases : 0;
        if (length > count)
            sum -= s->sectors[i - count].erases;
        if (length >= count && (!found || !s->worn || sum / count > *out_erases)) {
            *out_first = i + 1 - count;
            *out_erases = sum / count;
            found = true;
        }
    }
    return found && s->free_sectors >= count + s->keep_commit;
}

static enum onecard_err reserve_run(struct store *s, struct loading *l) {
    uint32_t count = store_large_run(s, l->size);
    uint32_t first = 0, scanned = 1, erases;
    uint64_t turned = 0;
    while (!store_large_find(s, count, &first, &erases)) {
        enum onecard_err err = store_collect_step(s, &scanned);
        turned += scanned;
        if (err)
            return err;
        if (scanned == 0 && s->head == s->tail && s->free_sectors > s->keep_commit)
            err = store_log_advance(s, s->keep_commit);
        else if (scanned == 0 || turned > 2ull * s->g.sector_size * s->g.sector_count)
            return ONECARD_E_FULL;
        if (err)
            return err;
    }
    for (uint32_t i = 0; i < count; i++)
        store_sector_set(s, first + i, SECTOR_DATA);
    l->addr = first * s->g.sector_size;
    return ONECARD_OK;
}

uint32_t store_large_run(const struct store *s, uint32_t size) {
    return (size + s->g.sector_size - 1) / s->g.sector_size;
}

static uint32_t sectors_needed(const struct store *s, uint32_t size, bool shared) {
    if (shared)
        return shared_fits(s, size) ? 0 : 1;
    return store_large_run(s, size);
}

bool store_large_shares(const struct store *s, uint32_t size) {
    return frame(s, size) <= store_log_payload(s);
}

enum onecard_err store_large_place(struct store *s, store_name name, uint32_t size, bool shared) {
    struct loading *l = s->loading.active ? &s->second : &s->loading;
    *l = (struct loading){.name = name, .size = size, .shared = shared, .crc = UINT32_MAX};
    enum onecard_err err = shared ? reserve_shared(s, l) : reserve_run(s, l);
    if (!err)
        l->active = true;
    return err;
}

enum onecard_err store_large_begin(struct store *s, store_name name, uint32_t size) {
    const struct object *o = store_index_find(s, name);
    (void)store_level_yield(s);
    if (s->second.active || (s->loading.active && !s->loading.finished))
        return ONECARD_E_STATE;
    if (size == 0)
        return ONECARD_E_PARAM;
    if (size > STORE_SIZE_MAX)
        return ONECARD_E_TOO_BIG;
    if (o && store_stage_view(s, o).exists)
        return ONECARD_E_EXISTS;
    if (s->broken)
        return ONECARD_E_IO;
    bool shared = store_large_shares(s, size);
    if (sectors_needed(s, size, shared) * store_log_payload(s) + 64 > store_available(s) ||
        (!o && s->object_count == s->object_cap))
        return ONECARD_E_FULL;
    enum onecard_err err = store_large_place(s, name, size, shared);
    if (err && err != ONECARD_E_FULL)
        s->broken = true;
    return err;
}

/* Sectors of its own are erased when the first byte comes: one erase per sector of code at most. */
static enum onecard_err prepare(struct store *s, uint32_t addr) {
    const struct loading *l = current(s);
    if (l->shared || addr % s->g.sector_size != 0)
        return ONECARD_OK;
    enum onecard_err err = store_sector_erase(s, addr / s->g.sector_size, false);
    if (!err)
        store_sector_set(s, addr / s->g.sector_size, SECTOR_DATA);
    return err;
}

static enum onecard_err put(struct store *s, const uint8_t *data, uint32_t len) {
    struct loading *l = current(s);
    enum onecard_err err = ONECARD_OK;
    while (len > 0 && !err) {
        uint32_t addr = l->addr + l->flushed;
        uint32_t n = min_u32(len, s->g.sector_size - addr % s->g.sector_size);
        err = prepare(s, addr);
        if (!err)
            err = store_flash_write(s, addr, data, n);
        l->flushed += n;
        data += n;
        len -= n;
    }
    return err;
}

static enum onecard_err flush(struct store *s) {
    struct loading *l = current(s);
    if (l->buffered == 0)
        return ONECARD_OK;
    memset(l->buffer + l->buffered, 0xFF, s->g.unit - l->buffered);
    l->buffered = 0;
    return put(s, l->buffer, s->g.unit);
}

enum onecard_err store_large_fill(struct store *s, const uint8_t *data, uint32_t len) {
    struct loading *l = current(s);
    enum onecard_err err = ONECARD_OK;
    l->crc = store_crc32_update(l->crc, data, len);
    l->written += len;
    if (l->buffered) {
        uint32_t n = min_u32(len, s->g.unit - l->buffered);
        memcpy(l->buffer + l->buffered, data, n);
        l->buffered += n;
        data += n;
        len -= n;
        if (l->buffered == s->g.unit)
            err = flush(s);
    }
    uint32_t whole = len & ~(s->g.unit - 1);
    if (!err && whole)
        err = put(s, data, whole);
    if (!err && len > whole) {
        l->buffered = len - whole;
        memcpy(l->buffer, data + whole, l->buffered);
    }
    if (!err && l->written == l->size)
        err = flush(s);
    return err;
}

enum onecard_err store_large_append(struct store *s, const void *data, uint32_t len) {
    const struct loading *l = current(s);
    if (!l->active || l->finished || l->moving)
        return ONECARD_E_STATE;
    if (len > l->size - l->written)
        return ONECARD_E_RANGE;
    return len ? store_large_fill(s, data, len) : ONECARD_OK;
}

const uint8_t *store_large_data(const struct store *s, uint32_t *out_len) {
    const struct loading *l = current_const(s);
    if (!l->active || l->moving)
        return NULL;
    *out_len = min_u32(l->flushed, l->written);
    return s->g.base + l->addr;
}

const uint8_t *store_large_tail(const struct store *s, uint32_t *out_len) {
    const struct loading *l = current_const(s);
    if (!l->active || l->moving)
        return NULL;
    *out_len = l->written - min_u32(l->flushed, l->written);
    return l->buffer;
}

/* Sectors of its own have no marks; the entry says how worn they are: the most worn one, then how
 * far each is behind it. */
uint32_t store_large_entry(const struct store *s, uint8_t data[FORMAT_LARGE_MAX]) {
    const struct loading *l = current_const(s);
    uint32_t first = l->addr / s->g.sector_size, most = 0;
    uint32_t count = store_large_run(s, l->written);
    for (uint32_t i = 0; i < count; i++)
        most = s->sectors[first + i].erases > most ? s->sectors[first + i].erases : most;
    put_le32(data, l->addr);
    put_le32(data + 4, l->written);
    put_le32(data + 8, ~l->crc);
    put_le32(data + 12, most);
    if (l->shared)
        return FORMAT_LARGE_SIZE;
    for (uint32_t i = 0; i < count; i++)
        data[FORMAT_LARGE_SIZE + i] = (uint8_t)min_u32(most - s->sectors[first + i].erases, 255);
    return FORMAT_LARGE_SIZE + count;
}

bool store_large_stated(const struct store *s, const struct object *o, uint32_t *out_crc) {
    struct walk w;
    struct record r;
    bool found = false;
    if (!store_log_walk(s, o->home, &w))
        return false;
    while (w.pos != w.end && store_walk_next(&w, &r)) {
        uint32_t offset = 0;
        struct entry e;
        while (store_format_entry_next(r.entries, r.len, &offset, &e))
            if (format_is_large(&e) && e.name == o->name && get_le32(e.data) == o->at &&
                get_le32(e.data + 4) == o->size) { /* the last one counts */
                *out_crc = get_le32(e.data + 8);
                found = true;
            }
    }
    return found;
}

enum onecard_err store_large_finish(struct store *s) {
    struct loading *l = current(s);
    uint8_t data[FORMAT_LARGE_MAX];
    if (!l->active || l->finished || l->moving || l->written == 0)
        return ONECARD_E_STATE;
    const struct object *o = store_index_find(s, l->name);
    if (o && store_stage_view(s, o).exists)
        return ONECARD_E_EXISTS;
    enum onecard_err err = flush(s);
    if (err)
        return err;
    err = store_stage_large(s, l->name, data, store_large_entry(s, data));
    l->finished = err == ONECARD_OK;
    return err;
}

/* Give back what holds no object: the sectors behind a shorter one, or all. */
static void give_back(struct store *s, const struct loading *l) {
    uint32_t to = (l->addr + l->size - 1) / s->g.sector_size;
    for (uint32_t i = l->addr / s->g.sector_size; i <= to; i++)
        if (s->sectors[i].state == SECTOR_DATA && s->sectors[i].live == 0)
            store_large_vacant(s, i);
}

/* The commit that states it is done. The next one begins right behind it, however much was
 * reserved: after a power-up it would, and what a cut left further on may not show. */
void store_large_settle(struct store *s) {
    const struct loading first = s->loading, second = s->second;
    const struct loading *last = second.active && second.shared ? &second : &first;
    if (last->finished && last->shared && s->code == last->addr / s->g.sector_size)
        s->code_pos = last->addr % s->g.sector_size + align_up(last->written, s->g.unit);
    s->loading.active = s->loading.finished = s->loading.moving = false;
    s->second.active = s->second.finished = false;
    give_back(s, &first);
    if (second.active)
        give_back(s, &second);
}

void store_large_abandon(struct store *s) {
    if (!s->loading.active || s->loading.moving)
        return;
    if (s->loading.finished) { /* its creation is staged: that must go too */
        s->loading.finished = s->second.finished = false;
        store_abort(s);
    }
    store_large_settle(s);
}
