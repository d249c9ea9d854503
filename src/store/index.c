/* The index: objects sorted by name, and the pieces in which plain objects lie. */
#include "store/state.h"

void store_index_init(struct store *s) {
    s->object_count = 0;
    s->piece_used = 0;
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

static uint16_t piece_new(struct store *s, uint32_t offset, uint32_t len, uint32_t addr,
                          uint16_t next) {
    uint16_t i = s->piece_free;
    if (i == PIECE_NONE)
        return i;
    struct piece *p = &s->pieces[i];
    s->piece_free = p->next;
    s->piece_used++;
    p->offset = (uint16_t)offset;
    p->len = (uint16_t)len;
    piece_place(p, addr);
    p->next = next;
    return i;
}

static uint16_t piece_drop(struct store *s, uint16_t i) {
    uint16_t next = s->pieces[i].next;
    s->pieces[i].next = s->piece_free;
    s->piece_free = i;
    s->piece_used--;
    return next;
}

void store_index_clear(struct store *s, struct object *o, uint32_t from) {
    uint16_t before = PIECE_NONE;
    uint16_t i = (uint16_t)o->at;
    while (i != PIECE_NONE && s->pieces[i].offset < from) {
        struct piece *p = &s->pieces[i];
        if (p->offset + (uint32_t)p->len > from)
            p->len = (uint16_t)(from - p->offset);
        before = i;
        i = p->next;
    }
    if (before == PIECE_NONE)
        o->at = PIECE_NONE;
    else
        s->pieces[before].next = PIECE_NONE;
    while (i != PIECE_NONE)
        i = piece_drop(s, i);
}

/* New bytes hide the old ones under them. false: no piece is left (then nothing has changed but
 * what the new bytes would have hidden). */
bool store_index_put(struct store *s, struct object *o, uint32_t offset, uint32_t len,
                     uint32_t addr) {
    uint32_t end = offset + len;
    uint16_t before = PIECE_NONE;
    uint16_t i = (uint16_t)o->at;
    if (len == 0)
        return true;
    while (i != PIECE_NONE && s->pieces[i].offset + (uint32_t)s->pieces[i].len <= offset) {
        before = i;
        i = s->pieces[i].next;
    }
    if (i != PIECE_NONE && s->pieces[i].offset < offset) {
        struct piece *p = &s->pieces[i];
        uint32_t p_end = p->offset + (uint32_t)p->len;
        if (p_end > end) { /* the new bytes split it */
            uint16_t rest =
                piece_new(s, end, p_end - end, piece_addr(p) + (end - p->offset), p->next);
            if (rest == PIECE_NONE)
                return false;
            p->next = rest;
        }
        p->len = (uint16_t)(offset - p->offset);
        before = i;
        i = p->next;
    }
    while (i != PIECE_NONE && s->pieces[i].offset + (uint32_t)s->pieces[i].len <= end)
        i = piece_drop(s, i);
    if (i != PIECE_NONE && s->pieces[i].offset < end) {
        struct piece *p = &s->pieces[i];
        uint32_t cut = end - p->offset;
        p->offset = (uint16_t)end;
        p->len = (uint16_t)(p->len - cut);
        piece_place(p, piece_addr(p) + cut);
    }
    uint16_t fresh = piece_new(s, offset, len, addr, i);
    uint16_t link = fresh == PIECE_NONE ? i : fresh;
    if (before == PIECE_NONE)
        o->at = link;
    else
        s->pieces[before].next = link;
    return fresh != PIECE_NONE;
}

void store_index_read(const struct store *s, const struct object *o, uint32_t offset, uint8_t *buf,
                      uint32_t len) {
    uint32_t end = offset + len;
    uint16_t i = (uint16_t)o->at;
    while (i != PIECE_NONE && s->pieces[i].offset + (uint32_t)s->pieces[i].len <= offset)
        i = s->pieces[i].next;
    if (i != PIECE_NONE && s->pieces[i].offset <= offset &&
        s->pieces[i].offset + (uint32_t)s->pieces[i].len >= end) { /* in one piece: mostly */
        memcpy(buf, s->g.base + piece_addr(&s->pieces[i]) + (offset - s->pieces[i].offset), len);
        return;
    }
    while (offset < end) {
        if (i == PIECE_NONE || s->pieces[i].offset >= end) {
            memset(buf, 0, end - offset);
            return;
        }
        const struct piece *p = &s->pieces[i];
        if (p->offset > offset) { /* a hole */
            memset(buf, 0, p->offset - offset);
            buf += p->offset - offset;
            offset = p->offset;
        }
        uint32_t skip = offset - p->offset;
        uint32_t n = min_u32(p->len - skip, end - offset);
        memcpy(buf, s->g.base + piece_addr(p) + skip, n);
        buf += n;
        offset += n;
        i = p->next;
    }
}

uint32_t store_index_covered(const struct store *s, const struct object *o, uint32_t *pieces) {
    uint32_t bytes = 0, count = 0;
    for (uint16_t i = (uint16_t)o->at; i != PIECE_NONE; i = s->pieces[i].next) {
        bytes += s->pieces[i].len;
        count++;
    }
    *pieces = count;
    return bytes;
}
