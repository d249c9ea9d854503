/* Reading: committed state with the open transaction's changes on top. */
#include "store/state.h"

static const struct object *visible(const struct store *s, store_name name, struct view *v) {
    const struct object *o = store_index_find(s, name);
    if (!o)
        return NULL;
    *v = store_stage_view(s, o);
    return v->exists ? o : NULL;
}

enum onecard_err store_size(const struct store *s, store_name name, uint32_t *out_size) {
    struct view v;
    if (!visible(s, name, &v))
        return ONECARD_E_NOT_FOUND;
    *out_size = v.size;
    return ONECARD_OK;
}

static enum onecard_err read_secret(const struct store *s, const struct object *o, uint32_t offset,
                                    uint8_t *buf, uint32_t len) {
    uint8_t content[SECRET_MAX];
    enum onecard_err err = store_vault_get(s, o, content);
    if (!err)
        memcpy(buf, content + offset, len);
    bytes_wipe(content, o->size);
    return err;
}

/* What is committed, as far as it reaches; zeros beyond. */
static enum onecard_err read_committed(const struct store *s, const struct object *o,
                                       uint32_t offset, uint8_t *buf, uint32_t len) {
    uint32_t have = o->flags & OBJECT_ABSENT || offset >= o->size ? 0 : o->size - offset;
    uint32_t n = min_u32(have, len);
    memset(buf + n, 0, len - n);
    if (n == 0)
        return ONECARD_OK;
    if (o->flags & OBJECT_SECRET)
        return read_secret(s, o, offset, buf, n);
    if (o->flags & OBJECT_LARGE)
        memcpy(buf, s->g.base + o->at + offset, n);
    else
        store_index_read(s, o, offset, buf, n);
    return ONECARD_OK;
}

enum onecard_err store_read(const struct store *s, store_name name, uint32_t offset, void *buf,
                            uint32_t len) {
    struct view v;
    const struct object *o = store_index_find(s, name);
    if (!o)
        return ONECARD_E_NOT_FOUND;
    if (o->flags == 0) { /* nearly always: plain, and nothing staged */
        if (offset > o->size || len > o->size - offset)
            return ONECARD_E_RANGE;
        store_index_read(s, o, offset, buf, len);
        return ONECARD_OK;
    }
    v = store_stage_view(s, o);
    if (!v.exists)
        return ONECARD_E_NOT_FOUND;
    if (offset > v.size || len > v.size - offset)
        return ONECARD_E_RANGE;
    enum onecard_err err = read_committed(s, o, offset, buf, len);
    if (!err && o->flags & OBJECT_STAGED)
        store_stage_overlay(s, name, offset, buf, len);
    return err;
}

const uint8_t *store_map(const struct store *s, store_name name, uint32_t *out_size) {
    const struct object *o = store_index_find(s, name);
    if (!o || o->flags & (OBJECT_STAGED | OBJECT_ABSENT | OBJECT_SECRET))
        return NULL;
    *out_size = o->size;
    if (o->flags & OBJECT_LARGE)
        return s->g.base + o->at;
    if (o->size == 0)
        return s->g.base;
    const struct span span = store_index_span(s, o, 0, o->size);
    return span.piece == PIECE_NONE || span.len != o->size ? NULL : s->g.base + span.addr;
}

enum onecard_err store_next(const struct store *s, store_name from, store_name *out_name) {
    for (uint32_t i = store_index_lower(s, from); i < s->object_count; i++) {
        const struct object *o = &s->objects[i];
        if (o->flags & OBJECT_STAGED && !store_stage_view(s, o).exists)
            continue;
        *out_name = o->name;
        return ONECARD_OK;
    }
    return ONECARD_E_NOT_FOUND;
}

void store_info(const struct store *s, struct store_info *out_info) {
    out_info->objects = s->object_count;
    out_info->bytes_total = s->g.sector_size * s->g.sector_count;
    out_info->bytes_live = store_used(s) + s->fixed_sectors * s->g.sector_size;
    out_info->bytes_free = store_available(s);
}
