/* Entries into the index: the same code for a commit, for moves, and for replay at power-up. */
#include "store/state.h"

static bool address_fits(const struct store *s, uint32_t addr, uint32_t size) {
    uint64_t end = (uint64_t)s->g.sector_size * s->g.sector_count;
    return addr <= end && size <= end - addr;
}

/* Large objects and secrets hold the sectors they lie in. */
static void hold(struct store *s, uint32_t addr, uint32_t size, bool add) {
    if (size == 0)
        return;
    for (uint32_t i = addr / s->g.sector_size; i <= (addr + size - 1) / s->g.sector_size; i++) {
        struct sector *sector = &s->sectors[i];
        sector->live = (uint16_t)(sector->live + (add ? 1 : -1));
        if (!add && sector->live == 0 && sector->state == SECTOR_DATA)
            store_large_vacant(s, i);
    }
}

/* Everything of an object but its place in the table. */
void store_apply_forget(struct store *s, struct object *o) {
    if (o->flags & OBJECT_ABSENT)
        return;
    if (o->flags & OBJECT_LARGE) {
        s->level_due = true;
        hold(s, o->at, o->size, false);
    } else if (o->flags & OBJECT_SECRET) {
        hold(s, o->at, 1, false);
        s->live_bytes -= o->size;
    } else {
        store_index_clear(s, o);
        s->live_bytes -= o->size;
    }
    o->at = PIECE_NONE;
    o->size = 0;
    o->flags &= (uint16_t)~OBJECT_STORED_FLAGS;
}

/* Where an entry begins in flash. */
static uint32_t entry_addr(const struct store *s, const struct entry *e) {
    return (uint32_t)(e->data - s->g.base) - FORMAT_ENTRY_SIZE;
}

/* What lies beyond the new end must not come back when the object grows again. An object that grows
 * has nothing there. */
static bool set_size(struct store *s, struct object *o, uint32_t size, const struct entry *e,
                     bool known) {
    const bool grows = known && size > o->size;
    s->live_bytes += size - o->size;
    o->size = size;
    return grows || store_index_cut(s, o, size, entry_addr(s, e));
}

static struct object *obtain(struct store *s, store_name name, uint32_t implied) {
    struct object *o = store_index_find(s, name);
    if (!o) {
        o = store_index_insert(s, name);
        if (o)
            o->flags = (uint16_t)implied;
    }
    if (o && (o->flags & OBJECT_ABSENT)) {
        o->flags &= (uint16_t)~OBJECT_ABSENT;
        o->flags |= (uint16_t)implied;
    }
    return o;
}

static enum onecard_err apply_write(struct store *s, const struct entry *e) {
    struct object *o = obtain(s, e->name, OBJECT_IMPLIED);
    if (!o)
        return ONECARD_E_NO_MEMORY;
    if (e->a + e->len > STORE_SIZE_MAX)
        return ONECARD_E_CORRUPT;
    /* A record in doubt is applied where it lies and again where recovery copied it. Then a write
     * may meet an object that a later entry has shrunk or replaced by another kind already. */
    if (o->flags & OBJECT_STORED_FLAGS)
        return ONECARD_OK;
    return store_index_put(s, o, entry_addr(s, e)) ? ONECARD_OK : ONECARD_E_NO_MEMORY;
}

/* Create, state, restate, resize: entries that say what an object is. */
static enum onecard_err apply_shape(struct store *s, const struct entry *e, uint32_t home) {
    uint32_t size = e->op == OP_STATE ? e->len : get_le32(e->data);
    struct object *o = obtain(s, e->name, 0);
    if (!o)
        return ONECARD_E_NO_MEMORY;
    if (size > STORE_SIZE_MAX || (e->op != OP_RESIZE && e->a & OBJECT_STORED_FLAGS))
        return ONECARD_E_CORRUPT;
    if (e->op == OP_STATE || e->op == OP_CREATE)
        store_apply_forget(s, o);
    if (o->flags & OBJECT_STORED_FLAGS)
        return ONECARD_OK; /* see apply_write() */
    bool known = !(o->flags & OBJECT_IMPLIED);
    o->flags &= (uint16_t)~OBJECT_IMPLIED;
    o->home = (uint16_t)home;
    bool fits = set_size(s, o, size, e, known);
    if (fits && e->op == OP_STATE)
        fits = store_index_put(s, o, entry_addr(s, e));
    return fits ? ONECARD_OK : ONECARD_E_NO_MEMORY;
}

/* Sectors without a header cannot remember how worn they are; the entry does it for them. What it
 * says of one that has been erased since is less than its mark says. */
static void remember_wear(struct store *s, const struct entry *e, uint32_t first) {
    uint32_t most = get_le32(e->data + 12);
    for (uint32_t i = 0; FORMAT_LARGE_SIZE + i < e->len && first + i < s->g.sector_count; i++) {
        uint32_t erases = most - min_u32(most, e->data[FORMAT_LARGE_SIZE + i]);
        if (s->sectors[first + i].erases < erases)
            s->sectors[first + i].erases = erases;
    }
}

static enum onecard_err apply_large(struct store *s, const struct entry *e, uint32_t home) {
    uint32_t addr = get_le32(e->data), size = get_le32(e->data + 4);
    if (!address_fits(s, addr, size) || size > STORE_SIZE_MAX || size == 0)
        return ONECARD_E_CORRUPT;
    struct object *o = obtain(s, e->name, 0);
    if (!o)
        return ONECARD_E_NO_MEMORY;
    hold(s, addr, size, true); /* first: the old place may be the same */
    remember_wear(s, e, addr / s->g.sector_size);
    store_apply_forget(s, o);
    o->flags = (uint16_t)((o->flags & ~(unsigned)OBJECT_IMPLIED) | OBJECT_LARGE);
    o->at = addr;
    o->size = size;
    o->home = (uint16_t)home;
    return ONECARD_OK;
}

static enum onecard_err apply_area(struct store *s, const struct entry *e, uint32_t home) {
    uint32_t addr = get_le32(e->data);
    if (e->a > SECRET_MAX || !address_fits(s, addr, store_vault_area_size(s, e->a)) ||
        addr % s->g.unit != 0 || addr % s->g.sector_size < s->g.first)
        return ONECARD_E_CORRUPT;
    struct object *o = obtain(s, e->name, 0);
    if (!o)
        return ONECARD_E_NO_MEMORY;
    hold(s, addr, 1, true);
    store_apply_forget(s, o);
    o->flags = (uint16_t)((o->flags & ~(unsigned)OBJECT_IMPLIED) | OBJECT_SECRET);
    o->at = addr;
    o->size = e->a;
    s->live_bytes += o->size;
    o->home = (uint16_t)home;
    return ONECARD_OK;
}

static void apply_delete(struct store *s, struct object *o) {
    store_apply_forget(s, o);
    store_index_remove(s, o);
}

static void apply_delete_owner(struct store *s, uint32_t owner) {
    uint32_t at = store_index_lower(s, owner << 20);
    while (at < s->object_count && STORE_OWNER(s->objects[at].name) == owner)
        apply_delete(s, &s->objects[at]);
}

/* Bytes of data that entries other than WRITE and STATE must have. */
static bool length_right(const struct entry *e) {
    static const uint8_t length[] = {
        [OP_CREATE] = 4, [OP_META] = 4, [OP_RESIZE] = 4,
        [OP_AREA] = 4,   [OP_ROOT] = 8, [OP_RESUME] = 0,
    };
    if (e->op == OP_WRITE || e->op == OP_STATE || format_is_large(e))
        return true;
    if (e->op == OP_ROOT && e->len == FORMAT_ROOT_MAX)
        return true;
    return e->op != 0 && e->op != OP_LARGE && e->op < sizeof length && e->len == length[e->op];
}

static enum onecard_err apply_entry(struct store *s, const struct entry *e, uint32_t home) {
    struct object *o;
    if (!length_right(e))
        return ONECARD_E_CORRUPT;
    switch (e->op) {
    case OP_WRITE:
        return apply_write(s, e);
    case OP_STATE:
    case OP_CREATE:
    case OP_META:
    case OP_RESIZE:
        return apply_shape(s, e, home);
    case OP_DELETE:
        o = store_index_find(s, e->name);
        if (o)
            apply_delete(s, o);
        return ONECARD_OK;
    case OP_DELETE_OWNER:
        apply_delete_owner(s, STORE_OWNER(e->name));
        return ONECARD_OK;
    case OP_LARGE:
        return apply_large(s, e, home);
    case OP_AREA:
        return apply_area(s, e, home);
    case OP_ROOT:
        memcpy(s->root_tag, e->data, e->len);
        s->counter = e->len == FORMAT_ROOT_MAX ? get_le32(e->data + 8) : 0;
        put_le32(s->root_tag + 8, s->counter);
        s->root_home = (uint16_t)home;
        return ONECARD_OK;
    default: /* TAIL, RESUME: not about objects */
        return ONECARD_OK;
    }
}

enum onecard_err store_apply_record(struct store *s, const uint8_t *entries, uint32_t len,
                                    uint32_t home) {
    uint32_t offset = 0;
    struct entry e;
    while (store_format_entry_next(entries, len, &offset, &e)) {
        enum onecard_err err = apply_entry(s, &e, home);
        if (err)
            return err;
    }
    return offset == len ? ONECARD_OK : ONECARD_E_CORRUPT;
}
