/* Sectors: which are free, erasing them, and the log's way from one to the next. */
#include "store/state.h"

static void count(struct store *s, uint32_t state, uint32_t by) {
    if (state == SECTOR_DIRTY || state == SECTOR_CLEAN)
        s->free_sectors += by;
    if (state == SECTOR_CLEAN)
        s->clean_sectors += by;
    if (state == SECTOR_DATA || state == SECTOR_VAULT)
        s->fixed_sectors += by;
    if (state == SECTOR_VAULT)
        s->vault_sectors += by;
}

void store_sector_set(struct store *s, uint32_t sector, enum sector_state state) {
    count(s, s->sectors[sector].state, (uint32_t)-1);
    s->sectors[sector].state = (uint8_t)state;
    count(s, state, 1);
    s->sectors[sector].known_blank = false;
}

void store_sector_free(struct store *s, uint32_t sector) {
    store_sector_set(s, sector, SECTOR_DIRTY);
}

enum onecard_err store_sector_erase(struct store *s, uint32_t sector, bool mark) {
    uint8_t bytes[FORMAT_MARK_SIZE];
    enum onecard_err err = ONECARD_OK;
    if (s->look)
        return ONECARD_E_STATE;
    if (s->sync_due)
        err = store_flash_sync(s);
    if (err || s->broken)
        return ONECARD_E_IO;
    store_sector_set(s, sector, SECTOR_DIRTY);
    if (s->port->flash_erase(s->port->ctx, sector) != ONECARD_OK) {
        s->broken = true;
        return ONECARD_E_IO;
    }
    /* Now and then it is time to look whether others have fallen behind. A move that a power-off
     * ends has worn its new place for nothing, so not at every erase. */
    if ((++s->sectors[sector].erases + sector) % LEVEL_EVERY == 0)
        s->level_due = true;
    if (!mark)
        return ONECARD_OK;
    store_format_mark_write(&s->g, s->sectors[sector].erases, bytes);
    err = store_flash_write(s, sector * s->g.sector_size, bytes, sizeof bytes);
    if (!err) {
        store_sector_set(s, sector, SECTOR_CLEAN);
        s->sectors[sector].known_blank = true;
    }
    return err;
}

/* The least worn sector in a state; among equals the next one after the log's newest, so that free
 * space stays together. */
uint32_t store_sector_least_worn(const struct store *s, enum sector_state state) {
    uint32_t best = FORMAT_NO_SECTOR;
    for (uint32_t i = 1; i <= s->g.sector_count; i++) {
        uint32_t n = (s->head + i) % s->g.sector_count;
        if (s->sectors[n].state == state &&
            (best == FORMAT_NO_SECTOR || s->sectors[n].erases < s->sectors[best].erases))
            best = n;
    }
    return best;
}

uint32_t store_sector_most_worn(const struct store *s, enum sector_state state) {
    uint32_t best = FORMAT_NO_SECTOR;
    for (uint32_t i = 0; i < s->g.sector_count; i++)
        if (s->sectors[i].state == state &&
            (best == FORMAT_NO_SECTOR || s->sectors[i].erases > s->sectors[best].erases))
            best = i;
    return best;
}

static uint32_t next_of(const struct store *s, enum sector_state state) {
    return s->worn ? store_sector_most_worn(s, state) : store_sector_least_worn(s, state);
}

/* A sector that was clean before this power-up may hold the traces of a cut. */
static bool still_blank(struct store *s, uint32_t sector) {
    if (s->sectors[sector].known_blank)
        return true;
    if (store_format_blank(format_sector(&s->g, sector) + FORMAT_MARK_SIZE,
                           s->g.sector_size - FORMAT_MARK_SIZE))
        return true;
    store_sector_set(s, sector, SECTOR_DIRTY);
    return false;
}

enum onecard_err store_sector_take(struct store *s, uint32_t keep, uint32_t *out_sector) {
    if (s->free_sectors <= keep)
        return ONECARD_E_FULL;
    while (s->clean_sectors > 0) {
        *out_sector = next_of(s, SECTOR_CLEAN);
        if (still_blank(s, *out_sector))
            return ONECARD_OK;
    }
    *out_sector = next_of(s, SECTOR_DIRTY);
    return store_sector_erase(s, *out_sector, true);
}

enum onecard_err store_sector_start(struct store *s, uint32_t sector, const struct start *start) {
    uint32_t at = sector * s->g.sector_size + FORMAT_START_AT;
    uint8_t body[32], seal[16] = {0};
    memset(body, 0xFF, sizeof body);
    store_format_start_write(start, body);
    put_le32(seal, store_format_start_seal(&s->g, start->seq, get_le32(body + 20)));
    enum onecard_err err = store_mark_write(s, at);
    if (err)
        return err;
    uint32_t body_size = align_up(FORMAT_START_SIZE, s->g.unit);
    err = store_flash_write(s, at + s->g.unit, body, body_size);
    if (!err)
        err = store_flash_write(s, at + s->g.unit + body_size, seal, s->g.unit);
    return err;
}

/* An erased sector whose start the port took; those it refuses (see store_record_begin()) are
 * erased again some time. */
enum onecard_err store_sector_open(struct store *s, uint32_t keep, const struct start *start,
                                   enum sector_state state, uint32_t *out_sector) {
    enum onecard_err err;
    for (uint32_t tries = 0; tries <= s->g.sector_count; tries++) {
        err = store_sector_take(s, keep, out_sector);
        if (err)
            return err;
        err = store_sector_start(s, *out_sector, start);
        if (!err) {
            store_sector_set(s, *out_sector, state);
            return ONECARD_OK;
        }
        if (s->broken || s->sectors[*out_sector].known_blank)
            break;
        store_sector_set(s, *out_sector, SECTOR_DIRTY);
    }
    s->broken = true;
    return err;
}

bool store_log_walk(const struct store *s, uint32_t sector, struct walk *w) {
    struct start start, next;
    uint32_t end = s->log_end;
    if (sector != s->head) {
        if (!store_format_start_read(&s->g, s->sectors[sector].next, &next))
            return false;
        end = next.prev_end;
    }
    if (end < s->g.first || end > s->g.sector_size ||
        !store_format_start_read(&s->g, sector, &start))
        return false;
    store_walk_begin(w, &s->g, sector, start.seq, end);
    return true;
}

enum onecard_err store_log_advance(struct store *s, uint32_t keep) {
    uint32_t sector;
    struct start start = {.seq = s->next_seq,
                          .prev = s->head,
                          .prev_end = s->log_end,
                          .tail = s->tail_seq,
                          .kind = START_LOG};
    enum onecard_err err = store_sector_open(s, keep, &start, SECTOR_LOG, &sector);
    if (err)
        return err;
    s->sectors[s->head].next = (uint16_t)sector;
    s->head = sector;
    s->head_seq = s->next_seq++;
    s->head_seed = store_format_seed(&s->g, s->head_seq);
    s->pos = s->log_end = s->g.first;
    return ONECARD_OK;
}

uint32_t store_log_payload(const struct store *s) {
    return s->g.sector_size - s->g.first;
}

static uint32_t room_needed(const struct store *s, uint32_t len) {
    return format_record_size(&s->g, len + FORMAT_ENTRY_SIZE) + RECORD_SKIPS * s->g.unit;
}

enum onecard_err store_log_room(struct store *s, uint32_t len, uint32_t keep) {
    uint32_t need = room_needed(s, len);
    if (need > store_log_payload(s))
        return ONECARD_E_TOO_BIG;
    uint32_t turns = 0;
    while (s->pos + need > s->g.sector_size) {
        enum onecard_err err = ONECARD_OK;
        uint32_t scanned = 0;
        if (s->free_sectors > keep)
            err = store_log_advance(s, keep);
        else if (store_level_yield(s))
            continue;
        else if (keep <= s->keep_collect)
            return ONECARD_E_FULL;
        else {
            err = store_collect_step(s, &scanned);
            if (!err && scanned == 0)
                return ONECARD_E_FULL;
            turns += scanned;
            if (turns / s->g.sector_size > s->g.sector_count) /* twice round: nothing to win */
                return ONECARD_E_FULL;
        }
        if (err)
            return err;
    }
    return ONECARD_OK;
}

/* Sectors that are never filled: one is being written, the others are kept free; one more where a
 * transaction may leave much of a sector unused because it does not fit. */
static uint32_t reserve(const struct store *s) {
    uint32_t eighth = s->g.sector_count / 8;
    uint32_t least = s->keep_commit + (s->tx_cap > s->g.sector_size / 4 ? 2 : 1);
    return eighth > least ? eighth : least;
}

uint32_t store_used(const struct store *s) {
    return s->live_bytes + s->object_count * STORE_OBJECT_COST;
}

uint32_t store_available(const struct store *s) {
    uint32_t away = reserve(s) + s->fixed_sectors - store_level_borrows(s);
    if (away >= s->g.sector_count)
        return 0;
    uint64_t usable = (uint64_t)(s->g.sector_count - away) * store_log_payload(s);
    usable -= usable / 16; /* records' frames, and ends of sectors */
    uint32_t used = store_used(s);
    return usable > used ? (uint32_t)(usable - used) : 0;
}
