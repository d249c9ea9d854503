/* Collection: the oldest sector's live bytes move to the newest end of the log, then the sector is
 * erased. Always the oldest: every entry that a live one hides is older than it, so what is dead
 * can be dropped without a trace, and all sectors wear alike. */
#include "store/state.h"

#define MOVE_MAX 1024u   /* bytes that one step moves, roughly */
#define SMALL_STATE 240u /* objects up to this size always move whole */
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

/* With room to spare, what moves takes its neighbours along: whole objects become one piece again,
 * and what is newer than the piece that has to move needs no move of its own. When room is short,
 * that would win it too late. */
static bool spare(const struct store *s) {
    return s->free_sectors > s->keep_commit &&
           store_available(s) > s->g.sector_size * s->g.sector_count / 8;
}

/* Bytes from *offset up to end that are seen in piece, from the first to the last; without those in
 * the batch. */
static uint32_t stretch(const struct store *s, const struct object *o, uint16_t piece,
                        uint32_t *offset, uint32_t end) {
    uint32_t from = end, to = end;
    struct span span;
    for (uint32_t at = *offset; at < end; at += span.len) {
        span = store_index_span(s, o, at, end);
        if (span.piece != piece || batch_has(s, o->name, OP_WRITE, at))
            continue;
        from = min_u32(from, at);
        to = at + span.len;
    }
    *offset = from;
    return to - from;
}

/* Bytes from offset on that move together: those in the oldest sector, and small ones between. */
static uint32_t together(const struct store *s, const struct object *o, uint32_t offset,
                         uint32_t most) {
    uint32_t len = 0;
    while (len < most && offset + len < o->size) {
        const struct span span = store_index_span(s, o, offset + len, o->size);
        if (span.piece == PIECE_NONE ||
            (span.len >= FRAGMENT && span.addr / s->g.sector_size != s->tail))
            break;
        len += span.len;
    }
    return min_u32(len, most);
}

/* Put what is seen of a piece into the batch. false: the batch is full. */
static bool move_piece(struct store *s, const struct object *o, uint16_t piece,
                       const struct entry *e) {
    const uint32_t begin = e->op == OP_STATE ? 0 : e->a, end = begin + e->len;
    for (;;) {
        uint32_t offset = begin;
        const uint32_t len = stretch(s, o, piece, &offset, end), room = batch_room(s);
        if (len == 0)
            return true;
        if (room <= FORMAT_ENTRY_SIZE + 16)
            return false;
        const uint32_t most = min_u32(room - FORMAT_ENTRY_SIZE, move_max(s));
        uint32_t moved = together(s, o, offset, most);
        if (spare(s) && moved < len)
            moved = min_u32(len, most);
        batch_add(s, o->name, OP_WRITE, offset, moved, NULL);
        if (moved == most) { /* it may end within what the next entry has to take up */
            s->split = o->name;
            return false;
        }
    }
}

/* Will bytes of the object have to move? */
static bool in_tail(const struct store *s, const struct object *o) {
    uint16_t i = (uint16_t)o->at;
    while (i != PIECE_NONE && piece_addr(&s->pieces[i]) / s->g.sector_size != s->tail)
        i = s->pieces[i].next;
    return i != PIECE_NONE;
}

/* May the object move in one entry? */
static bool moves_whole(const struct store *s, const struct object *o, const struct entry *e) {
    const uint32_t most = spare(s) ? move_max(s) : e->len > SMALL_STATE ? e->len : SMALL_STATE;
    return o->name != s->split && o->size > 0 && o->size <= most &&
           !batch_has(s, o->name, OP_WRITE, 0) && !batch_has(s, o->name, OP_META, 0) &&
           in_tail(s, o) && store_index_whole(s, o);
}

static bool move_plain(struct store *s, const struct object *o, const struct entry *e) {
    const bool shape = e->op != OP_WRITE && o->home == s->tail;
    const uint16_t piece =
        store_index_piece(s, o, (uint32_t)(e->data - s->g.base) - FORMAT_ENTRY_SIZE);
    const bool bytes = piece != PIECE_NONE && (e->op == OP_WRITE || e->op == OP_STATE);
    if ((!shape && !bytes) || batch_has(s, o->name, OP_STATE, 0))
        return true;
    if (moves_whole(s, o, e)) {
        const bool fits = batch_room(s) >= FORMAT_ENTRY_SIZE + o->size;
        if (fits)
            batch_add(s, o->name, OP_STATE, 0, o->size, NULL);
        if (fits || s->batch_count > 0)
            return fits;
        /* Its beginning fills the newest sector. */
    }
    if (shape && !batch_has(s, o->name, OP_META, 0)) {
        if (batch_room(s) < FORMAT_ENTRY_SIZE + 4)
            return false;
        batch_add(s, o->name, OP_META, 0, 4, NULL);
    }
    return !bytes || move_piece(s, o, piece, e);
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
    s->split = 0;
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

/* A stretch of an object, and how many pieces go away when it becomes one. */
struct gain {
    store_name name;
    uint32_t offset, len;
    uint32_t pieces;
};

/* Pieces that begin at or behind from and end before to. */
static uint32_t pieces_within(const struct store *s, const struct object *o, uint32_t from,
                              uint32_t to) {
    uint32_t count = 0;
    for (uint16_t i = (uint16_t)o->at; i != PIECE_NONE; i = s->pieces[i].next)
        count += store_index_within(s, i, from, to);
    return count;
}

/* The best stretch of an object. Holes in it become bytes (zeros): else they would keep pieces
 * apart that are many. */
static void best_stretch(const struct store *s, const struct object *o, struct gain *best) {
    const uint32_t len = min_u32(o->size, move_max(s)), step = (len + 1) / 2;
    if (store_index_pieces(s, o) <= best->pieces + 1)
        return;
    for (uint32_t offset = 0; len > 0; offset = min_u32(offset + step, o->size - len)) {
        const uint32_t pieces = pieces_within(s, o, offset, offset + len);
        if (pieces > best->pieces + 1)
            *best = (struct gain){o->name, offset, len, pieces - 1};
        if (offset + len == o->size)
            break;
    }
}

/* Rewrite the stretch of an object that lies in most pieces as one: of the given object, or of any.
 */
static enum onecard_err join_pieces(struct store *s, const struct object *of, bool *out_done) {
    struct gain best = {0, 0, 0, 0};
    *out_done = false;
    for (uint32_t i = 0; i < s->object_count && !of; i++)
        if (!(s->objects[i].flags & (OBJECT_STORED_FLAGS | OBJECT_ABSENT)))
            best_stretch(s, &s->objects[i], &best);
    if (of)
        best_stretch(s, of, &best);
    if (best.pieces == 0)
        return ONECARD_OK;
    enum onecard_err err = store_log_room(s, FORMAT_ENTRY_SIZE + best.len, s->keep_commit);
    if (err)
        return err;
    s->batch_count = s->batch_len = 0;
    const struct object *o = store_index_find(s, best.name);
    const bool whole = best.len == o->size && store_index_whole(s, o);
    batch_add(s, best.name, whole ? OP_STATE : OP_WRITE, best.offset, best.len, NULL);
    uint32_t used = s->piece_used;
    err = batch_write(s, false);
    *out_done = s->piece_used < used;
    return err;
}

enum onecard_err store_collect_crowd(struct store *s, uint32_t times, bool *out_done) {
    const struct object *o = s->crowded ? store_index_find(s, s->crowded) : NULL;
    *out_done = false;
    if (!o || o->flags & (OBJECT_STORED_FLAGS | OBJECT_ABSENT)) {
        s->crowded = 0;
        return ONECARD_OK;
    }
    if (store_index_pieces(s, o) < times * store_index_crowd(o))
        return ONECARD_OK;
    s->crowded = 0;
    return join_pieces(s, o, out_done);
}

enum onecard_err store_collect_pieces(struct store *s, uint32_t need) {
    enum onecard_err err = ONECARD_OK;
    bool done = true;
    while (!err && done && s->piece_cap - s->piece_used < need)
        err = join_pieces(s, NULL, &done);
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
    if (s->piece_cap - s->piece_used < s->piece_cap / 8) {
        if (join_pieces(s, NULL, &joined) == ONECARD_OK && joined)
            return true;
    }
    if (s->crowded && store_collect_crowd(s, 1, &joined) == ONECARD_OK && joined)
        return true;
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
