/* The open transaction: entries as they will stand in the record, and what reads see of them. */
#include "store/state.h"

static bool next_of(const struct store *s, store_name name, uint32_t *offset, struct entry *out) {
    while (store_format_entry_next(s->tx, s->tx_len, offset, out)) {
        if (out->op == OP_DELETE_OWNER ? STORE_OWNER(out->name) == STORE_OWNER(name)
                                       : out->name == name)
            return true;
    }
    return false;
}

struct view store_stage_view(const struct store *s, const struct object *o) {
    struct view v = {.exists = !(o->flags & OBJECT_ABSENT),
                     .size = o->size,
                     .flags = o->flags & OBJECT_STORED_FLAGS};
    uint32_t offset = 0;
    struct entry e;
    if (!(o->flags & OBJECT_STAGED))
        return v;
    while (next_of(s, o->name, &offset, &e)) {
        switch (e.op) {
        case OP_CREATE:
            v = (struct view){true, get_le32(e.data), e.a};
            break;
        case OP_LARGE:
            v = (struct view){true, get_le32(e.data + 4), OBJECT_LARGE};
            break;
        case OP_RESIZE:
            v.size = get_le32(e.data);
            break;
        case OP_DELETE:
        case OP_DELETE_OWNER:
            v.exists = false;
            break;
        default:
            break;
        }
    }
    return v;
}

static void clear_from(uint8_t *buf, uint32_t offset, uint32_t len, uint32_t from) {
    if (from <= offset)
        memset(buf, 0, len);
    else if (from < offset + len)
        memset(buf + (from - offset), 0, offset + len - from);
}

void store_stage_overlay(const struct store *s, store_name name, uint32_t offset, uint8_t *buf,
                         uint32_t len) {
    uint32_t at = 0;
    struct entry e;
    while (next_of(s, name, &at, &e)) {
        if (e.op == OP_CREATE)
            memset(buf, 0, len);
        else if (e.op == OP_RESIZE)
            clear_from(buf, offset, len, get_le32(e.data));
        else if (e.op == OP_LARGE) {
            memcpy(buf, s->g.base + get_le32(e.data) + offset, len);
        } else if (e.op == OP_WRITE) {
            uint32_t from = e.a > offset ? e.a : offset;
            uint32_t to = min_u32(e.a + e.len, offset + len);
            if (from < to)
                memcpy(buf + (from - offset), e.data + (from - e.a), to - from);
        }
    }
}

static void unstage(struct store *s, struct object *o) {
    o->flags &= (uint16_t)~OBJECT_STAGED;
    if (o->flags & OBJECT_ABSENT)
        store_index_remove(s, o);
}

static void unstage_owner(struct store *s, uint32_t owner) {
    for (uint32_t i = store_index_lower(s, owner << 20);
         i < s->object_count && STORE_OWNER(s->objects[i].name) == owner; i++)
        s->objects[i].flags &= (uint16_t)~OBJECT_STAGED;
}

/* The transaction is over, one way or the other. */
void store_stage_reset(struct store *s) {
    uint32_t at = 0;
    struct entry e;
    while (store_format_entry_next(s->tx, s->tx_len, &at, &e)) {
        struct object *o = store_index_find(s, e.name);
        if (o)
            unstage(s, o);
        if (e.op == OP_DELETE_OWNER)
            unstage_owner(s, STORE_OWNER(e.name));
    }
    if (s->tx_secrets)
        bytes_wipe(s->tx, s->tx_len);
    s->tx_len = s->tx_growth = s->tx_objects = s->tx_secrets = 0;
}

/* Where staging ends, what is kept for deletions left aside. */
static uint32_t stage_end(const struct store *s) {
    return min_u32(s->tx_cap - STAGE_KEPT, s->limit.transaction);
}

static enum onecard_err stage_entry(struct store *s, store_name name, uint32_t a, uint32_t op,
                                    const void *data, uint32_t len) {
    /* Deleting must always be possible: the last entries' room is kept for it. */
    const uint32_t end = op == OP_DELETE || op == OP_DELETE_OWNER ? s->tx_cap : stage_end(s);
    if (s->tx_len + FORMAT_ENTRY_SIZE + len > end)
        return ONECARD_E_TOO_BIG;
    store_format_entry_write(s->tx + s->tx_len, name, a, op, len);
    if (len)
        memcpy(s->tx + s->tx_len + FORMAT_ENTRY_SIZE, data, len);
    s->tx_len += FORMAT_ENTRY_SIZE + len;
    return ONECARD_OK;
}

static struct object *stage_object(struct store *s, store_name name) {
    struct object *o = store_index_find(s, name);
    if (!o) {
        o = store_index_insert(s, name);
        if (o)
            o->flags = OBJECT_ABSENT;
    }
    return o;
}

/* ---- limits (F8) ---- */

struct store_usage store_usage(const struct store *s, uint32_t owner) {
    struct store_usage usage = {0, 0};
    uint32_t i = store_index_lower(s, STORE_NAME(owner, STORE_KIND_COUNTED, 0));
    for (; i < s->object_count && STORE_OWNER(s->objects[i].name) == owner; i++) {
        const struct view v = store_stage_view(s, &s->objects[i]);
        usage.objects += v.exists;
        usage.bytes += v.exists ? v.size + STORE_OBJECT_COST : 0;
    }
    return usage;
}

struct store_limit store_limit(struct store *s, const struct store_limit *limit) {
    static const struct store_limit none = {0, STORE_NO_LIMIT, STORE_NO_LIMIT, STORE_NO_LIMIT};
    const struct store_limit before = s->limit;
    s->limit = limit ? *limit : none;
    return before;
}

uint32_t store_staged(const struct store *s) {
    return s->tx_len;
}

/* Owners have few objects and rarely make one: they are counted when it matters, so that no sum has
 * to follow aborts and power cuts. */
static bool limit_allows(const struct store *s, store_name name, uint32_t bytes, uint32_t objects) {
    if (STORE_OWNER(name) != s->limit.owner || STORE_KIND(name) < STORE_KIND_COUNTED ||
        (s->limit.bytes == STORE_NO_LIMIT && s->limit.objects == STORE_NO_LIMIT))
        return true;
    const struct store_usage usage = store_usage(s, s->limit.owner);
    return (uint64_t)usage.bytes + bytes <= s->limit.bytes &&
           usage.objects + objects <= s->limit.objects;
}

/* Is there room for an object of size bytes more? */
static bool room_for(const struct store *s, uint32_t size) {
    uint64_t taken = (uint64_t)s->tx_growth + s->tx_objects * STORE_OBJECT_COST;
    return taken + size + STORE_OBJECT_COST <= store_available(s);
}

enum onecard_err store_create(struct store *s, store_name name, uint32_t size,
                              enum store_flags flags) {
    uint8_t word[4];
    if (size > STORE_SIZE_MAX || (flags == STORE_SECRET && size > SECRET_MAX))
        return ONECARD_E_TOO_BIG;
    struct object *o = store_index_find(s, name);
    if (o && store_stage_view(s, o).exists)
        return ONECARD_E_EXISTS;
    if (!limit_allows(s, name, size + STORE_OBJECT_COST, 1) || !room_for(s, size) ||
        (!o && s->object_count == s->object_cap))
        return ONECARD_E_FULL;
    put_le32(word, size);
    enum onecard_err err = stage_entry(s, name, (uint32_t)flags, OP_CREATE, word, sizeof word);
    if (err)
        return err;
    stage_object(s, name)->flags |= OBJECT_STAGED;
    s->tx_growth += size;
    s->tx_objects++;
    s->tx_secrets += flags == STORE_SECRET;
    return ONECARD_OK;
}

enum onecard_err store_stage_large(struct store *s, store_name name, const uint8_t *data,
                                   uint32_t len) {
    if (!store_index_find(s, name) && s->object_count == s->object_cap)
        return ONECARD_E_FULL;
    enum onecard_err err = stage_entry(s, name, 0, OP_LARGE, data, len);
    if (err)
        return err;
    stage_object(s, name)->flags |= OBJECT_STAGED;
    s->tx_objects++;
    return ONECARD_OK;
}

/* The last entry for name if it is a WRITE that holds [offset, offset + len). */
static uint8_t *staged_bytes(struct store *s, store_name name, uint32_t offset, uint32_t len) {
    uint32_t at = 0;
    struct entry e, last = {.op = 0};
    while (next_of(s, name, &at, &e))
        last = e;
    if (last.op != OP_WRITE || last.a > offset || last.a + last.len < offset + len)
        return NULL;
    return s->tx + (last.data - s->tx) + (offset - last.a);
}

/* Bytes that follow those of the transaction's last entry: make that entry longer. */
static bool extend_last(struct store *s, store_name name, uint32_t offset, const void *data,
                        uint32_t len) {
    uint32_t at = 0;
    struct entry e, last = {.op = 0};
    while (store_format_entry_next(s->tx, s->tx_len, &at, &e))
        last = e;
    if (last.op != OP_WRITE || last.name != name || last.a + last.len != offset ||
        last.len + len > 0xFFF || s->tx_len + len > stage_end(s))
        return false;
    uint8_t *head = s->tx + (last.data - s->tx) - FORMAT_ENTRY_SIZE;
    store_format_entry_write(head, name, last.a, OP_WRITE, last.len + len);
    memcpy(s->tx + s->tx_len, data, len);
    s->tx_len += len;
    return true;
}

enum onecard_err store_write(struct store *s, store_name name, uint32_t offset, const void *data,
                             uint32_t len) {
    struct object *o = store_index_find(s, name);
    if (!o)
        return ONECARD_E_NOT_FOUND;
    struct view v = store_stage_view(s, o);
    if (!v.exists)
        return ONECARD_E_NOT_FOUND;
    if (offset > v.size || len > v.size - offset)
        return ONECARD_E_RANGE;
    if (v.flags & OBJECT_LARGE)
        return ONECARD_E_STATE;
    if (len == 0)
        return ONECARD_OK;
    if (len > 0xFFF)
        return ONECARD_E_TOO_BIG;
    if (o->flags & OBJECT_STAGED) {
        uint8_t *bytes = staged_bytes(s, name, offset, len);
        if (bytes) {
            memcpy(bytes, data, len);
            return ONECARD_OK;
        }
        if (extend_last(s, name, offset, data, len))
            return ONECARD_OK;
    }
    enum onecard_err err = stage_entry(s, name, offset, OP_WRITE, data, len);
    if (err)
        return err;
    o->flags |= OBJECT_STAGED;
    s->tx_secrets += (v.flags & OBJECT_SECRET) != 0;
    return ONECARD_OK;
}

enum onecard_err store_resize(struct store *s, store_name name, uint32_t size) {
    uint8_t word[4];
    struct object *o = store_index_find(s, name);
    if (!o)
        return ONECARD_E_NOT_FOUND;
    struct view v = store_stage_view(s, o);
    if (!v.exists)
        return ONECARD_E_NOT_FOUND;
    if (v.flags)
        return ONECARD_E_STATE;
    if (size > STORE_SIZE_MAX)
        return ONECARD_E_TOO_BIG;
    if (size == v.size)
        return ONECARD_OK;
    if (size > v.size && (!limit_allows(s, name, size - v.size, 0) || !room_for(s, size - v.size)))
        return ONECARD_E_FULL;
    put_le32(word, size);
    enum onecard_err err = stage_entry(s, name, 0, OP_RESIZE, word, sizeof word);
    if (err)
        return err;
    o->flags |= OBJECT_STAGED;
    if (size > v.size)
        s->tx_growth += size - v.size;
    return ONECARD_OK;
}

enum onecard_err store_delete(struct store *s, store_name name) {
    struct object *o = store_index_find(s, name);
    if (!o)
        return ONECARD_E_NOT_FOUND;
    struct view v = store_stage_view(s, o);
    if (!v.exists)
        return ONECARD_E_NOT_FOUND;
    enum onecard_err err = stage_entry(s, name, 0, OP_DELETE, NULL, 0);
    if (err)
        return err;
    o->flags |= OBJECT_STAGED;
    s->tx_secrets += (v.flags & OBJECT_SECRET) != 0;
    return ONECARD_OK;
}

enum onecard_err store_delete_owner(struct store *s, uint32_t owner) {
    if (owner > STORE_OWNER(UINT32_MAX))
        return ONECARD_E_PARAM;
    uint32_t first = store_index_lower(s, owner << 20);
    uint32_t i = first;
    if (i == s->object_count || STORE_OWNER(s->objects[i].name) != owner)
        return ONECARD_OK;
    enum onecard_err err = stage_entry(s, owner << 20, 0, OP_DELETE_OWNER, NULL, 0);
    if (err)
        return err;
    for (; i < s->object_count && STORE_OWNER(s->objects[i].name) == owner; i++) {
        s->objects[i].flags |= OBJECT_STAGED;
        s->tx_secrets += (s->objects[i].flags & OBJECT_SECRET) != 0;
    }
    return ONECARD_OK;
}

uint32_t store_room(const struct store *s) {
    const uint32_t used = s->tx_len + FORMAT_ENTRY_SIZE, end = stage_end(s);
    return used < end ? end - used : 0;
}

bool store_dirty(const struct store *s) {
    return s->tx_len != 0;
}

void store_abort(struct store *s) {
    if (s->tx_len)
        store_stage_reset(s);
    if (s->loading.finished)
        store_large_abandon(s);
}
