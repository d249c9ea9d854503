/* The index: objects sorted by name, and the entries of the log that hold their bytes. */
#include "store/state.h"

void store_index_init(struct store *s) {
    s->object_count = 0;
    s->piece_used = s->piece_ends = 0;
    s->crowded = 0;
    s->piece_free = s->piece_cap ? 0 : PIECE_NONE;
    for (uint32_t i = 0; i < s->piece_cap; i++)
        s->pieces[i].next = i + 1 < s->piece_cap ? (uint16_t)(i + 1) : PIECE_NONE;
}

/* Without branches that depend on the names: the processor cannot guess them anyway. */
uint32_t store_index_lower(const struct store *s, store_name name) {
    const struct object *base = s->objects;
    uint32_t n = s->object_count;
    while (n > 1) {
        uint32_t half = n / 2;
        base += base[half - 1].name < name ? half : 0;
        n -= half;
    }
    uint32_t at = (uint32_t)(base - s->objects);
    return at + (n == 1 && base->name < name);
}

struct object *store_index_find(const struct store *s, store_name name) {
    /* Commands use few objects many times: where the last one of this kind of name was found. */
    uint16_t *recent = &s->recent[(name ^ name >> 13 ^ name >> 20) % INDEX_RECENT];
    if (*recent < s->object_count && s->objects[*recent].name == name)
        return &s->objects[*recent];
    uint32_t at = store_index_lower(s, name);
    *recent = (uint16_t)at;
    if (at < s->object_count && s->objects[at].name == name)
        return &s->objects[at];
    return NULL;
}

struct object *store_index_insert(struct store *s, store_name name) {
    if (s->object_count == s->object_cap)
        return NULL;
    uint32_t at = store_index_lower(s, name);
    struct object *o = &s->objects[at];
    memmove(o + 1, o, (s->object_count - at) * sizeof *o);
    s->object_count++;
    o->name = name;
    o->size = 0;
    o->at = PIECE_NONE;
    o->home = FORMAT_NO_SECTOR;
    o->flags = 0;
    return o;
}

void store_index_remove(struct store *s, struct object *o) {
    uint32_t at = (uint32_t)(o - s->objects);
    s->object_count--;
    memmove(o, o + 1, (s->object_count - at) * sizeof *o);
}

/* ---- pieces ---- */

/* What an entry gives to its object. */
struct extent {
    uint32_t from, to;
    bool zeros; /* it ends the object: what older entries say from there on is void */
};

static inline struct extent extent_at(const uint8_t *flash, uint32_t addr) {
    const uint8_t *p = flash + addr;
    const uint32_t head = get_le32(p + 4), len = head >> 16 & 0xFFFu, op = head >> 28;
    if (op == OP_WRITE)
        return (struct extent){head & 0xFFFFu, (head & 0xFFFFu) + len, false};
    if (op == OP_STATE)
        return (struct extent){0, len, false};
    return (struct extent){get_le32(p + FORMAT_ENTRY_SIZE), STORE_SIZE_MAX, true};
}

static inline struct extent extent_of(const struct store *s, uint16_t i) {
    return extent_at(s->g.base, piece_addr(&s->pieces[i]));
}

static bool piece_push(struct store *s, struct object *o, uint32_t addr) {
    const uint16_t i = s->piece_free;
    if (i == PIECE_NONE)
        return false;
    struct piece *p = &s->pieces[i];
    s->piece_free = p->next;
    s->piece_used++;
    p->addr_low = (uint16_t)addr;
    p->addr_high = (uint16_t)(addr >> 16);
    p->next = (uint16_t)o->at;
    o->at = i;
    return true;
}

/* Drop a piece; before: the one in front of it. The one that followed it. */
static uint16_t piece_drop(struct store *s, struct object *o, uint16_t before, uint16_t i) {
    const uint16_t next = s->pieces[i].next;
    if (s->piece_ends && extent_of(s, i).zeros)
        s->piece_ends--;
    s->pieces[i].next = s->piece_free;
    s->piece_free = i;
    s->piece_used--;
    if (before == PIECE_NONE)
        o->at = next;
    else
        s->pieces[before].next = next;
    return next;
}

void store_index_clear(struct store *s, struct object *o) {
    while (o->at != PIECE_NONE)
        (void)piece_drop(s, o, PIECE_NONE, (uint16_t)o->at);
}

/* The entry was found sound when it was applied. Flash that has changed since must still not lead
 * out of its sector. */
static struct span span_in(const struct store *s, uint16_t piece, uint32_t skip, uint32_t len) {
    const uint32_t entry = piece_addr(&s->pieces[piece]) & (s->g.sector_size - 1);
    const uint32_t room = s->g.sector_size - entry - FORMAT_ENTRY_SIZE;
    if (skip + len > room)
        return (struct span){PIECE_NONE, 0, len};
    return (struct span){piece, piece_addr(&s->pieces[piece]) + FORMAT_ENTRY_SIZE + skip, len};
}

struct span store_index_span(const struct store *s, const struct object *o, uint32_t offset,
                             uint32_t end) {
    for (uint16_t i = (uint16_t)o->at; i != PIECE_NONE; i = s->pieces[i].next) {
        const struct extent e = extent_of(s, i);
        if (e.from > offset) {
            end = min_u32(end, e.from);
        } else if (offset < e.to) {
            if (e.zeros)
                break;
            return span_in(s, i, offset - e.from, min_u32(end, e.to) - offset);
        }
    }
    return (struct span){PIECE_NONE, 0, end - offset};
}

/* Is a byte of piece i still seen? */
static bool seen(const struct store *s, const struct object *o, uint16_t i, struct extent e) {
    struct span span;
    for (uint32_t offset = e.from; offset < e.to; offset += span.len) {
        span = store_index_span(s, o, offset, e.to);
        if (span.piece == i)
            return true;
    }
    return false;
}

/* Entries that end the object and have no bytes behind them any more. */
static void drop_idle_ends(struct store *s, struct object *o) {
    uint16_t oldest = PIECE_NONE; /* piece with bytes */
    for (uint16_t i = (uint16_t)o->at; i != PIECE_NONE; i = s->pieces[i].next)
        if (!extent_of(s, i).zeros)
            oldest = i;
    uint16_t i = oldest == PIECE_NONE ? (uint16_t)o->at : s->pieces[oldest].next;
    while (i != PIECE_NONE)
        i = piece_drop(s, o, oldest, i);
}

/* The next piece from i on that has bytes in [from, to); before: the one in front of it. Counts
 * those that it passes, and their bytes. Power-up spends most of its time here. */
static uint16_t next_under(const struct store *s, uint16_t i, uint32_t from, uint32_t to,
                           uint16_t *before, uint32_t *count, uint32_t *bytes) {
    const struct piece *pieces = s->pieces;
    const uint8_t *base = s->g.base;
    for (; i != PIECE_NONE; i = pieces[i].next) {
        const struct extent e = extent_at(base, piece_addr(&pieces[i]));
        if (e.from < to && e.to > from)
            break;
        *bytes += e.to - e.from;
        *before = i;
        ++*count;
    }
    return i;
}

/* Pieces that the newest one, which holds [from, to), has hidden. Every other piece was seen
 * before, and is. Behind one that held all of [from, to) nothing changes: it hid that part already.
 */
static void drop_hidden(struct store *s, struct object *o, uint32_t from, uint32_t to) {
    uint16_t before = (uint16_t)o->at, i = s->pieces[before].next;
    uint32_t count = 0, newer = to - from; /* bytes in newer pieces: no more than that is hidden */
    bool dropped = false, covers = false;
    while (!covers) {
        i = next_under(s, i, from, to, &before, &count, &newer);
        if (i == PIECE_NONE)
            break;
        const struct extent e = extent_of(s, i);
        covers = e.from <= from && e.to >= to;
        if (!e.zeros &&
            ((e.from >= from && e.to <= to) || (newer >= e.to - e.from && !seen(s, o, i, e)))) {
            i = piece_drop(s, o, before, i);
            dropped = true;
        } else {
            newer += e.to - e.from;
            before = i;
            i = s->pieces[i].next;
            count++;
        }
    }
    if (dropped && s->piece_ends)
        drop_idle_ends(s, o);
    if (count > store_index_crowd(o))
        s->crowded = o->name;
}

bool store_index_put(struct store *s, struct object *o, uint32_t addr) {
    const struct extent e = extent_at(s->g.base, addr);
    if (e.from == e.to)
        return true;
    if (!piece_push(s, o, addr))
        return false;
    drop_hidden(s, o, e.from, e.to);
    return true;
}

bool store_index_cut(struct store *s, struct object *o, uint32_t size, uint32_t addr) {
    uint16_t before = PIECE_NONE;
    bool beyond = false; /* a piece has bytes on both sides */
    for (uint16_t i = (uint16_t)o->at; i != PIECE_NONE;) {
        const struct extent e = extent_of(s, i);
        if (e.from >= size) {
            i = piece_drop(s, o, before, i);
        } else {
            beyond |= !e.zeros && e.to > size;
            before = i;
            i = s->pieces[i].next;
        }
    }
    drop_idle_ends(s, o);
    if (!beyond)
        return true;
    if (!piece_push(s, o, addr))
        return false;
    s->piece_ends++;
    drop_hidden(s, o, size, STORE_SIZE_MAX);
    return true;
}

uint16_t store_index_piece(const struct store *s, const struct object *o, uint32_t addr) {
    uint16_t i = (uint16_t)o->at;
    while (i != PIECE_NONE && piece_addr(&s->pieces[i]) != addr)
        i = s->pieces[i].next;
    return i;
}

void store_index_read(const struct store *s, const struct object *o, uint32_t offset, uint8_t *buf,
                      uint32_t len) {
    while (len > 0) {
        const struct span span = store_index_span(s, o, offset, offset + len);
        if (span.piece == PIECE_NONE)
            memset(buf, 0, span.len);
        else
            memcpy(buf, s->g.base + span.addr, span.len);
        buf += span.len;
        offset += span.len;
        len -= span.len;
    }
}

uint32_t store_index_pieces(const struct store *s, const struct object *o) {
    uint32_t count = 0;
    for (uint16_t i = (uint16_t)o->at; i != PIECE_NONE; i = s->pieces[i].next)
        count++;
    return count;
}

bool store_index_within(const struct store *s, uint16_t piece, uint32_t from, uint32_t to) {
    const struct extent e = extent_of(s, piece);
    return e.from >= from && (e.to <= to || e.zeros);
}

bool store_index_whole(const struct store *s, const struct object *o) {
    struct span span = {0, 0, 0};
    for (uint32_t offset = 0; offset < o->size && span.piece != PIECE_NONE; offset += span.len)
        span = store_index_span(s, o, offset, o->size);
    return span.piece != PIECE_NONE;
}
