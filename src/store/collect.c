/* Collection: the oldest sector's live bytes move to the newest end of the log, then the sector is
 * erased. Always the oldest: every entry that a live one hides is older than it, so what is dead
 * can be dropped without a trace, and all sectors wear alike. */
#include "store/state.h"

#define MOVE_MAX 1024u   /* bytes that one step moves, roughly */
#define SMALL_STATE 240u /* objects up to this size move in one entry */
#define FRAGMENT 128u    /* pieces below this size are joined to a neighbour that moves */
#define SCAN_MAX 64u     /* entries that one step looks at */

/* Bytes that one entry moves: small sectors move smaller stretches. */
static uint32_t move_max(const struct store *s) {
    return min_u32(MOVE_MAX, store_log_payload(s) / 2);
}

static uint32_t move_cost(const struct move *m) {
    return FORMAT_ENTRY_SIZE + m->len;
}

static void batch_add(struct store *s, store_name name, uint32_t op, uint32_t offset, uint32_t len,
                      const uint8_t *data) {
    struct move *m = &s->batch[s->batch_count++];
    m->name = name;
    m->op = (uint16_t)op;
    m->offset = offset;
    m->len = (uint16_t)len;
    m->data = data;
    s->batch_len += move_cost(m);
}

/* Is that part of the object in the batch already? */
static bool batch_has(const struct store *s, store_name name, uint32_t op, uint32_t offset) {
    for (uint32_t i = 0; i < s->batch_count; i++) {
        const struct move *m = &s->batch[i];
        if (m->name != name)
            continue;
        if (m->op == op && op != OP_WRITE)
            return true;
        if (m->op == OP_STATE)
            return true;
        if (m->op == OP_WRITE && op == OP_WRITE && offset >= m->offset &&
            offset < m->offset + m->len)
            return true;
    }
    return false;
}

/* Bytes that the batch can still take: bounded work, and the end of the newest sector. */
static uint32_t batch_room(const struct store *s) {
    uint32_t frame = format_record_size(&s->g, 2 * FORMAT_ENTRY_SIZE) + 8 * s->g.unit;
    uint32_t room = s->pos + frame < s->g.sector_size ? s->g.sector_size - s->pos - frame : 0;
    if (room < 64 || s->batch_apart) /* too little to be of use: the next sector */
        room = store_log_payload(s) - frame;
    room = min_u32(room, MOVE_MAX + 256);
    return s->batch_count == BATCH_MAX || room <= s->batch_len ? 0 : room - s->batch_len;
}

static bool in_sector(const struct store *s, uint32_t addr, uint32_t sector) {
    return addr / s->g.sector_size == sector;
}

/* A run of bytes from piece i on: neighbours go along if they lie in the same sector or are small.
 */
static uint32_t run_length(const struct store *s, uint16_t i, uint32_t most) {
    uint32_t sector = piece_addr(&s->pieces[i]) / s->g.sector_size;
    uint32_t len = 0;
    uint32_t offset = s->pieces[i].offset;
    while (i != PIECE_NONE && s->pieces[i].offset == offset + len && len < most) {
        const struct piece *p = &s->pieces[i];
        if (len > 0 && !in_sector(s, piece_addr(p), sector) && p->len >= FRAGMENT)
            break;
        len += p->len;
        i = p->next;
    }
    return min_u32(len, most);
}

/* Put the pieces of o that lie in [from, to) of the flash into the batch. false: it is full. */
static bool move_pieces(struct store *s, const struct object *o, uint32_t from, uint32_t to) {
    for (uint16_t i = (uint16_t)o->at; i != PIECE_NONE; i = s->pieces[i].next) {
        const struct piece *p = &s->pieces[i];
        if (piece_addr(p) + p->len <= from || piece_addr(p) >= to)
            continue;
        uint32_t offset = p->offset, end = p->offset + (uint32_t)p->len;
        while (offset < end && batch_has(s, o->name, OP_WRITE, offset))
            offset++;
        if (offset == end)
            continue;
        uint32_t room = batch_room(s);
        if (room <= FORMAT_ENTRY_SIZE + 16)
            return false;
        uint32_t most = min_u32(room - FORMAT_ENTRY_SIZE, move_max(s));
        uint32_t len = offset == p->offset ? run_length(s, i, most) : min_u32(end - offset, most);
        batch_add(s, o->name, OP_WRITE, offset, len, NULL);
        if (offset + len < end)
            return false;
    }
    return true;
}

static bool move_plain(struct store *s, const struct object *o, const struct entry *e) {
    uint32_t from = (uint32_t)(e->data - s->g.base), to = from + e->len;
    bool shape = e->op != OP_WRITE && o->home == s->tail;
    uint32_t pieces;
    if (batch_has(s, o->name, OP_STATE, 0))
        return true;
    bool touched = shape;
    for (uint16_t i = (uint16_t)o->at; i != PIECE_NONE && !touched; i = s->pieces[i].next) {
        uint32_t addr = piece_addr(&s->pieces[i]);
        touched = addr < to && addr + s->pieces[i].len > from;
    }
    if (!touched)
        return true;
    if (o->size <= SMALL_STATE && o->size > 0 && store_index_covered(s, o, &pieces) == o->size &&
        !batch_has(s, o->name, OP_WRITE, 0) && !batch_has(s, o->name, OP_META, 0)) {
        if (batch_room(s) < FORMAT_ENTRY_SIZE + o->size)
            return false;
        batch_add(s, o->name, OP_STATE, 0, o->size, NULL);
        return true;
    }
    if (shape && !batch_has(s, o->name, OP_META, 0)) {
        if (batch_room(s) < FORMAT_ENTRY_SIZE + 4)
            return false;
        batch_add(s, o->name, OP_META, 0, 4, NULL);
    }
    return move_pieces(s, o, from, to);
}

/* An entry that only needs to be said again. */
static bool move_again(struct store *s, store_name name, const struct entry *e) {
    if (batch_has(s, name, e->op, 0))
        return true;
    if (batch_room(s) < FORMAT_ENTRY_SIZE + e->len)
        return false;
    batch_add(s, name, e->op, 0, e->len, e->data);
    return true;
}

static bool large_is(const struct store *s, const struct object *o, const struct entry *e) {
    return format_is_large(e) && get_le32(e->data + 4) == o->size &&
           get_le32(e->data + 8) ==
               (uint32_t)~store_crc32_update(UINT32_MAX, s->g.base + o->at, o->size);
}

/* Put what is live of an entry of the oldest sector into the batch. false: no room for it. */
static bool move_entry(struct store *s, const struct entry *e) {
    if (e->op == OP_ROOT)
        return s->root_home != s->tail || move_again(s, 0, e);
    if (e->op == OP_DELETE || e->op == OP_DELETE_OWNER || e->op >= OP_TAIL)
        return true;
    const struct object *o = store_index_find(s, e->name);
    if (!o || o->flags & OBJECT_ABSENT)
        return true;
    if (e->op == OP_LARGE || e->op == OP_AREA) {
        uint32_t kind = e->op == OP_LARGE ? OBJECT_LARGE : OBJECT_SECRET;
        if (!(o->flags & kind) || o->home != s->tail || o->at != get_le32(e->data))
            return true;
        /* An older object of that name may have lain in the same place. */
        if (e->op == OP_LARGE && !large_is(s, o, e))
            return true;
        return move_again(s, o->name, e);
    }
    if (o->flags & OBJECT_STORED_FLAGS)
        return true;
    return move_plain(s, o, e);
}

static enum onecard_err put_bytes(struct store *s, const struct object *o, const struct move *m) {
    uint8_t buf[128];
    uint32_t offset = m->op == OP_STATE ? 0 : m->offset;
    enum onecard_err err = ONECARD_OK;
    for (uint32_t done = 0; done < m->len && !err;) {
        uint32_t n = min_u32(m->len - done, sizeof buf);
        store_index_read(s, o, offset + done, buf, n);
        err = store_record_put(s, buf, n);
        done += n;
    }
    return err;
}

static enum onecard_err put_move(struct store *s, const struct move *m) {
    uint8_t head[FORMAT_ENTRY_SIZE], word[4];
    const struct object *o = store_index_find(s, m->name);
    switch (m->op) {
    case OP_META:
        put_le32(word, o->size);
        return store_record_entry(s, m->name, 0, OP_META, word, sizeof word);
    case OP_WRITE:
    case OP_STATE: {
        store_format_entry_write(head, m->name, m->op == OP_STATE ? 0 : m->offset, m->op, m->len);
        enum onecard_err err = store_record_put(s, head, sizeof head);
        return err ? err : put_bytes(s, o, m);
    }
    case OP_ROOT:
        return store_record_entry(s, 0, 0, OP_ROOT, s->root_tag, m->len);
    default: /* OP_LARGE, OP_AREA: word for word */
        return store_record_entry(s, m->name, m->op == OP_AREA ? o->size : 0, m->op, m->data,
                                  m->len);
    }
}

/* The sector has nothing left that counts. */
static void tail_release(struct store *s) {
    uint32_t old = s->tail;
    s->tail = s->sectors[old].next;
    struct start start;
    (void)store_format_start_read(&s->g, s->tail, &start);
    s->tail_seq = start.seq;
    s->collecting = false;
    s->sync_due = true;
    store_sector_free(s, old);
}

static uint32_t tail_next_seq(const struct store *s) {
    struct start start;
    (void)store_format_start_read(&s->g, s->sectors[s->tail].next, &start);
    return start.seq;
}

/* Write the batch, and if the sector is done, that it is no longer part of the log. */
static enum onecard_err batch_write(struct store *s, bool done) {
    const uint8_t *entries;
    uint32_t len = s->batch_len + (done ? FORMAT_ENTRY_SIZE : 0);
    if (len == 0)
        return ONECARD_OK;
    enum onecard_err err = store_log_room(s, len, s->keep_collect);
    if (err == ONECARD_E_FULL) /* what a full sector holds may for once take more than one */
        err = store_log_room(s, len, 0);
    if (!err)
        err = store_record_begin(s, RECORD_MOVE, len);
    for (uint32_t i = 0; i < s->batch_count && !err; i++)
        err = put_move(s, &s->batch[i]);
    if (!err && done)
        err = store_record_entry(s, tail_next_seq(s), 0, OP_TAIL, NULL, 0);
    if (!err)
        err = store_record_end(s, &entries, &len);
    if (!err)
        err = store_apply_record(s, entries, len, s->head);
    s->batch_count = s->batch_len = 0;
    if (!err && done)
        tail_release(s);
    return err;
}

static bool tail_begin(struct store *s) {
    struct start start, next;
    if (s->tail == s->head || s->collect_damaged)
        return false;
    if (!store_format_start_read(&s->g, s->tail, &start) ||
        !store_format_start_read(&s->g, s->sectors[s->tail].next, &next))
        return false;
    store_walk_begin(&s->collect_walk, &s->g, s->tail, start.seq, next.prev_end);
    s->collect_walk.check = true;
    s->collect_record.len = s->collect_entry = 0;
    s->collecting = true;
    return true;
}

/* The next entry of the oldest sector; *out_from is where it begins. */
static bool tail_entry(struct store *s, struct entry *e, uint32_t *out_from) {
    for (;;) {
        *out_from = s->collect_entry;
        if (s->collect_entry < s->collect_record.len &&
            store_format_entry_next(s->collect_record.entries, s->collect_record.len,
                                    &s->collect_entry, e))
            return true;
        if (!store_walk_next(&s->collect_walk, &s->collect_record))
            return false;
        s->collect_entry = 0;
    }
}

enum onecard_err store_collect_step(struct store *s, uint32_t *out_scanned) {
    struct entry e;
    uint32_t from;
    *out_scanned = 0;
    if (!s->collecting && !tail_begin(s))
        return ONECARD_OK;
    uint32_t before = s->collect_walk.pos;
    bool done = false;
    s->batch_count = s->batch_len = 0;
    s->batch_apart = false;
    for (uint32_t i = 0; i < SCAN_MAX; i++) {
        if (!tail_entry(s, &e, &from)) {
            done = true;
            break;
        }
        bool moved = move_entry(s, &e);
        if (!moved && s->batch_count == 0) { /* what is left of the newest sector is too short */
            s->batch_apart = true;
            moved = move_entry(s, &e);
        }
        if (!moved) {
            s->collect_entry = from; /* again, after what is in the batch */
            break;
        }
    }
    if (done && s->collect_walk.pos != s->collect_walk.end) {
        s->collect_damaged = true; /* erasing it would destroy what may still be read */
        s->collecting = false;
        done = false;
    }
    enum onecard_err err = batch_write(s, done);
    *out_scanned = s->collect_damaged ? 0 : s->collect_walk.pos - before + 1;
    return err;
}

/* ---- joining pieces ---- */

static struct object *most_pieces(const struct store *s, uint32_t *out_pieces) {
    struct object *best = NULL;
    *out_pieces = 1;
    for (uint32_t i = 0; i < s->object_count; i++) {
        struct object *o = &s->objects[i];
        uint32_t pieces;
        if (o->flags & (OBJECT_STORED_FLAGS | OBJECT_ABSENT) || o->at == PIECE_NONE)
            continue;
        (void)store_index_covered(s, o, &pieces);
        if (pieces > *out_pieces) {
            *out_pieces = pieces;
            best = o;
        }
    }
    return best;
}

/* The stretch of at most MOVE_MAX bytes of o that holds most pieces. Holes between them become
 * bytes (zeros): else they would keep pieces apart that are many. */
static void densest(const struct store *s, const struct object *o, uint32_t *out_offset,
                    uint32_t *out_len) {
    uint32_t best = 0;
    for (uint16_t i = (uint16_t)o->at; i != PIECE_NONE; i = s->pieces[i].next) {
        uint32_t offset = s->pieces[i].offset, end = offset, count = 0;
        for (uint16_t j = i; j != PIECE_NONE; j = s->pieces[j].next) {
            uint32_t next = s->pieces[j].offset + (uint32_t)s->pieces[j].len;
            if (next - offset > move_max(s))
                break;
            end = next;
            count++;
        }
        if (count > best) {
            best = count;
            *out_offset = offset;
            *out_len = end - offset;
        }
    }
}

/* Rewrite part of the object in most pieces as one piece. */
static enum onecard_err join_pieces(struct store *s, bool *out_done) {
    uint32_t pieces, offset = 0, len = 0;
    const struct object *o = most_pieces(s, &pieces);
    *out_done = false;
    if (!o)
        return ONECARD_OK;
    densest(s, o, &offset, &len);
    if (len == 0)
        return ONECARD_OK;
    store_name name = o->name;
    enum onecard_err err = store_log_room(s, FORMAT_ENTRY_SIZE + len, s->keep_commit);
    if (err)
        return err;
    s->batch_count = s->batch_len = 0;
    batch_add(s, name, OP_WRITE, offset, len, NULL);
    uint32_t used = s->piece_used;
    err = batch_write(s, false);
    *out_done = s->piece_used < used;
    return err;
}

enum onecard_err store_collect_pieces(struct store *s, uint32_t need) {
    enum onecard_err err = ONECARD_OK;
    bool done = true;
    while (!err && done && s->piece_cap - s->piece_used < need)
        err = join_pieces(s, &done);
    if (!err && s->piece_cap - s->piece_used < need)
        return ONECARD_E_FULL;
    return err;
}

/* ---- between commands ---- */

/* Free sectors that idle time provides, and how many of them erased. */
static uint32_t goal(const struct store *s) {
    return s->g.sector_count < 16 ? s->keep_commit + 1 : s->keep_commit + 2;
}

bool store_idle(struct store *s) {
    uint32_t scanned = 0;
    bool joined = false;
    if (s->broken || s->look)
        return false;
    if (s->vault_sectors > 1 && s->free_sectors >= s->keep_collect &&
        store_vault_idle(s, &joined) == ONECARD_OK && joined)
        return true;
    if (s->piece_cap - s->piece_used < s->piece_cap / 4) {
        if (join_pieces(s, &joined) == ONECARD_OK && joined)
            return true;
    }
    if (s->free_sectors < goal(s)) {
        if (store_collect_step(s, &scanned) == ONECARD_OK && scanned)
            return true;
    }
    if (s->clean_sectors < goal(s) && s->clean_sectors < s->free_sectors) {
        uint32_t sector = store_sector_least_worn(s, SECTOR_DIRTY);
        return store_sector_erase(s, sector, true) == ONECARD_OK;
    }
    return (s->level_due || s->loading.moving) && store_level_step(s);
}
