/* Making things durable: one record for everything staged. */
#include "store/state.h"

#define CHANGES_MAX 64u /* secrets that one transaction can write */
#define WIPES_MAX 32u
#define VAULT_SECTORS_MANY 3u /* from here on commands join them, idle time or not */

/* Secrets of a commit: where the new ones lie, and which old ones are to be wiped. */
struct secrets {
    uint32_t new_addr[CHANGES_MAX];
    uint32_t new_size[CHANGES_MAX];
    uint32_t new_count;
    struct {
        uint32_t addr, size;
    } old[WIPES_MAX];
    uint32_t old_count; /* may exceed WIPES_MAX */
    uint32_t len;       /* bytes of entries that they add to the record */
    uint8_t root[16];   /* before the change */
    bool raise;         /* the port's counter, too */
};

/* Is name a secret just before the staged entry at offset? */
static bool secret_before(const struct store *s, store_name name, uint32_t offset) {
    const struct object *o = store_index_find(s, name);
    bool secret = o && !(o->flags & OBJECT_ABSENT) && o->flags & OBJECT_SECRET;
    uint32_t at = 0;
    struct entry e;
    while (at < offset && store_format_entry_next(s->tx, s->tx_len, &at, &e)) {
        if (e.op == OP_DELETE_OWNER && STORE_OWNER(e.name) == STORE_OWNER(name))
            secret = false;
        else if (e.name == name && (e.op == OP_CREATE || e.op == OP_DELETE))
            secret = e.op == OP_CREATE && e.a & OBJECT_SECRET;
    }
    return secret;
}

/* Entries that carry secret bytes stay in RAM; OP_AREA entries stand for them. */
static bool entry_stays(const struct store *s, const struct entry *e, uint32_t offset) {
    if (e->op == OP_CREATE)
        return (e->a & OBJECT_SECRET) != 0;
    return e->op == OP_WRITE && secret_before(s, e->name, offset);
}

static enum onecard_err change_secret(struct store *s, const struct object *o, const struct view *v,
                                      struct secrets *c) {
    uint8_t content[SECRET_MAX];
    if (c->new_count == CHANGES_MAX)
        return ONECARD_E_TOO_BIG;
    enum onecard_err err = store_read(s, o->name, 0, content, v->size);
    if (!err)
        err = store_vault_put(s, o->name, content, v->size, &c->new_addr[c->new_count]);
    bytes_wipe(content, v->size);
    if (err)
        return err;
    c->new_size[c->new_count] = v->size;
    store_vault_root_change(s, c->new_addr[c->new_count++], true);
    c->len += FORMAT_ENTRY_SIZE + 4;
    return ONECARD_OK;
}

static bool writes_secret(const struct object *o, const struct view *v) {
    return o->flags & OBJECT_STAGED && v->exists && v->flags & OBJECT_SECRET;
}

static void note_old(struct store *s, const struct object *o, struct secrets *c) {
    if (c->old_count < WIPES_MAX) {
        c->old[c->old_count].addr = o->at;
        c->old[c->old_count].size = o->size;
    }
    c->old_count++;
    store_vault_root_change(s, o->at, false);
}

static bool is_old_secret(const struct object *o) {
    return o->flags & OBJECT_STAGED && o->flags & OBJECT_SECRET && !(o->flags & OBJECT_ABSENT);
}

static void secrets_begin(struct store *s, struct secrets *c) {
    c->new_count = c->old_count = c->len = 0;
    memcpy(c->root, s->root, sizeof c->root);
    c->raise = store_counter_due(s, s->tx_secrets != 0);
    s->counter += c->raise;
}

/* Bytes of staged entries that go into the record. */
static uint32_t plain_len(const struct store *s) {
    uint32_t at = 0, len = s->tx_len;
    struct entry e;
    if (s->tx_secrets == 0)
        return len;
    for (uint32_t from = 0; store_format_entry_next(s->tx, s->tx_len, &at, &e); from = at)
        if (entry_stays(s, &e, from))
            len -= at - from;
    return len;
}

/* Areas that the transaction will write, and the bytes that they take. */
static uint32_t areas_needed(const struct store *s, uint32_t *out_bytes) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->object_count; i++) {
        struct view v = store_stage_view(s, &s->objects[i]);
        if (!writes_secret(&s->objects[i], &v))
            continue;
        *out_bytes += store_vault_area_size(s, v.size);
        count++;
    }
    return count;
}

/* Bytes of areas that must leave their sectors with the old secrets. There must be room for them
 * before the commit: after it, it is too late to refuse. */
static uint32_t areas_along(const struct store *s, bool *out_replaces) {
    uint32_t seen[WIPES_MAX], count = 0, bytes = 0;
    for (uint32_t i = 0; i < s->object_count && count < WIPES_MAX; i++) {
        const struct object *o = &s->objects[i];
        uint32_t n = 0, sector = o->at / s->g.sector_size;
        if (!is_old_secret(o))
            continue;
        while (n < count && seen[n] != sector)
            n++;
        if (n < count)
            continue;
        seen[count++] = sector;
        bytes += store_vault_along(s, o->at, true);
    }
    *out_replaces = count > 0;
    return bytes;
}

static enum onecard_err secrets_prepare(struct store *s, struct secrets *c) {
    enum onecard_err err = ONECARD_OK;
    if (c->raise || s->tx_secrets)
        c->len = FORMAT_ENTRY_SIZE + store_vault_root_size(s);
    if (s->tx_secrets == 0)
        return ONECARD_OK;
    if (s->root_wrong)
        return ONECARD_E_CORRUPT;
    for (uint32_t i = 0; i < s->object_count; i++)
        if (is_old_secret(&s->objects[i]))
            store_vault_replacing(s, s->objects[i].at);
    bool replaces;
    uint32_t bytes = 0, count = areas_needed(s, &bytes);
    bytes += areas_along(s, &replaces);
    err =
        store_log_room(s, plain_len(s) + c->len + count * (FORMAT_ENTRY_SIZE + 4), s->keep_commit);
    if (!err && bytes > 0)
        err = store_vault_room(s, bytes, replaces);
    for (uint32_t i = 0; i < s->object_count && !err; i++) {
        const struct object *o = &s->objects[i];
        struct view v = store_stage_view(s, o);
        if (writes_secret(o, &v))
            err = change_secret(s, o, &v, c);
    }
    /* Only now: moves in between may have given the old ones other places. */
    for (uint32_t i = 0; i < s->object_count && !err; i++)
        if (is_old_secret(&s->objects[i]))
            note_old(s, &s->objects[i], c);
    return err;
}

static enum onecard_err secrets_wipe(struct store *s, const struct secrets *c) {
    enum onecard_err err = ONECARD_OK;
    bool swept = false;
    if (c->old_count > WIPES_MAX)
        return store_vault_sweep(s);
    for (uint32_t i = 0; i < c->old_count && !err && !swept; i++)
        err = store_vault_wipe(s, c->old[i].addr, c->old[i].size, &swept);
    return err;
}

/* The commit did not happen: the new secrets must not stay either. */
static void secrets_undo(struct store *s, const struct secrets *c) {
    bool swept = false;
    memcpy(s->root, c->root, sizeof s->root);
    s->counter -= c->raise;
    for (uint32_t i = 0; i < c->new_count && !s->broken && !swept; i++)
        (void)store_vault_wipe(s, c->new_addr[i], c->new_size[i], &swept);
    if (s->tx_secrets && s->vault == FORMAT_NO_SECTOR)
        store_vault_resume(s);
}

static enum onecard_err put_secrets(struct store *s, const struct secrets *c) {
    uint8_t tag[FORMAT_ROOT_MAX];
    enum onecard_err err = ONECARD_OK;
    uint32_t n = 0;
    if (c->len == 0)
        return ONECARD_OK;
    for (uint32_t i = 0; i < s->object_count && n < c->new_count && !err; i++) {
        const struct object *o = &s->objects[i];
        struct view v = store_stage_view(s, o);
        uint8_t word[4];
        if (!writes_secret(o, &v))
            continue;
        put_le32(word, c->new_addr[n++]);
        err = store_record_entry(s, o->name, v.size, OP_AREA, word, sizeof word);
    }
    store_vault_root_tag(s, tag);
    return err ? err : store_record_entry(s, 0, 0, OP_ROOT, tag, store_vault_root_size(s));
}

static enum onecard_err put_plain(struct store *s) {
    uint32_t at = 0;
    struct entry e;
    enum onecard_err err = ONECARD_OK;
    if (s->tx_secrets == 0)
        return store_record_put(s, s->tx, s->tx_len);
    for (uint32_t from = 0; !err && store_format_entry_next(s->tx, s->tx_len, &at, &e); from = at)
        if (!entry_stays(s, &e, from))
            err = store_record_put(s, s->tx + from, at - from);
    return err;
}

/* Pieces that the staged entries can take: one for each with bytes or a new size. */
static uint32_t pieces_needed(const struct store *s, uint32_t have) {
    uint32_t most = s->tx_len / (FORMAT_ENTRY_SIZE + 1) + BATCH_MAX;
    uint32_t at = 0, need = BATCH_MAX;
    struct entry e;
    if (most <= have)
        return most;
    while (store_format_entry_next(s->tx, s->tx_len, &at, &e))
        need += e.op == OP_WRITE || e.op == OP_RESIZE;
    return need;
}

/* While free sectors are few, each commit pays for the space it takes: reading so much of the
 * oldest sector that a whole turn of the log frees what a whole turn of commits uses. */
static enum onecard_err pay(struct store *s, uint32_t len) {
    enum onecard_err err = ONECARD_OK;
    bool joined;
    uint32_t due = s->free_sectors <= s->keep_commit + 1 ? len * 8 : 0;
    while (!err && due > 0 && s->free_sectors <= s->keep_commit + 1) {
        uint32_t scanned;
        err = store_collect_step(s, &scanned);
        if (scanned == 0)
            break;
        due -= min_u32(due, scanned);
    }
    if (!err && s->crowded) /* idle time should have done it long ago */
        err = store_collect_crowd(s, 2, &joined);
    return err == ONECARD_E_FULL ? ONECARD_OK : err;
}

/* Secrets made room before they took a sector that they give back when the old ones are wiped. */
static enum onecard_err log_room(struct store *s, uint32_t len, bool secrets) {
    if (!secrets)
        return store_log_room(s, len, s->keep_commit);
    enum onecard_err err = store_log_room(s, len, s->keep_collect);
    return err == ONECARD_E_FULL ? store_log_room(s, len, 0) : err;
}

static enum onecard_err commit_record(struct store *s, const struct secrets *c, uint32_t len,
                                      const uint8_t **out_entries, uint32_t *out_len) {
    enum onecard_err err = store_record_begin(s, RECORD_COMMIT, len);
    if (!err)
        err = put_plain(s);
    if (!err)
        err = put_secrets(s, c);
    if (!err)
        err = store_record_end(s, out_entries, out_len);
    return err;
}

/* What the record says is durable: it cannot be refused any more. Old secrets that found no way to
 * be wiped (room was made for it) end the session; power-up wipes them before anything else. */
static enum onecard_err committed(enum onecard_err wiped) {
    return wiped == ONECARD_E_FULL ? ONECARD_E_IO : wiped;
}

static enum onecard_err commit_staged(struct store *s) {
    struct secrets c;
    bool joined;
    const uint8_t *entries = NULL;
    uint32_t entries_len = 0;
    uint32_t len = plain_len(s);
    secrets_begin(s, &c);
    enum onecard_err err = store_collect_pieces(s, pieces_needed(s, s->piece_cap - s->piece_used));
    if (!err)
        err = secrets_prepare(s, &c);
    if (!err)
        err = log_room(s, len + c.len, s->tx_secrets != 0);
    if (err) {
        secrets_undo(s, &c);
        return err;
    }
    err = commit_record(s, &c, len + c.len, &entries, &entries_len);
    if (!err)
        err = store_flash_sync(s);
    if (!err && c.raise)
        err = store_counter_raise(s);
    if (!err)
        err = store_apply_record(s, entries, entries_len, s->head);
    if (!err)
        err = committed(secrets_wipe(s, &c));
    if (!err && s->tx_secrets && s->vault_sectors > VAULT_SECTORS_MANY) {
        (void)store_vault_idle(s, &joined); /* if it is refused, there will be time for it yet */
        err = s->broken ? ONECARD_E_IO : ONECARD_OK;
    }
    if (!err)
        err = pay(s, format_record_size(&s->g, len + c.len));
    return err;
}

enum onecard_err store_commit(struct store *s) {
    if (s->tx_len == 0)
        return ONECARD_OK;
    enum onecard_err err = s->broken ? ONECARD_E_IO : commit_staged(s);
    if (err && err != ONECARD_E_FULL && err != ONECARD_E_TOO_BIG)
        s->broken = true;
    store_stage_reset(s);
    if (s->loading.finished)
        store_large_settle(s); /* it is an object now, or nothing */
    return err;
}

/* ---- outside the transaction ---- */

/* The end of a record that changes something now: the root where there is a new one. */
static enum onecard_err now_end(struct store *s, bool root, bool raise) {
    const uint8_t *entries;
    uint32_t len;
    uint8_t tag[FORMAT_ROOT_MAX];
    enum onecard_err err = ONECARD_OK;
    store_vault_root_tag(s, tag);
    if (root)
        err = store_record_entry(s, 0, 0, OP_ROOT, tag, store_vault_root_size(s));
    if (!err)
        err = store_record_end(s, &entries, &len);
    if (!err)
        err = store_flash_sync(s);
    if (!err && raise)
        err = store_counter_raise(s);
    return err ? err : store_apply_record(s, entries, len, s->head);
}

static enum onecard_err now_plain(struct store *s, store_name name, uint32_t offset,
                                  const void *data, uint32_t len, bool raise) {
    uint32_t total = FORMAT_ENTRY_SIZE + len;
    if (raise)
        total += FORMAT_ENTRY_SIZE + store_vault_root_size(s);
    enum onecard_err err = store_collect_pieces(s, BATCH_MAX);
    if (!err)
        err = store_log_room(s, total, s->keep_commit);
    if (!err)
        err = store_record_begin(s, RECORD_COMMIT, total);
    if (!err)
        err = store_record_entry(s, name, offset, OP_WRITE, data, len);
    return err ? err : now_end(s, raise, raise);
}

static enum onecard_err now_record(struct store *s, store_name name, uint32_t size, uint32_t addr,
                                   uint32_t len, bool raise) {
    uint8_t word[4];
    put_le32(word, addr);
    enum onecard_err err = store_record_begin(s, RECORD_COMMIT, len);
    if (!err)
        err = store_record_entry(s, name, size, OP_AREA, word, sizeof word);
    return err ? err : now_end(s, true, raise);
}

static enum onecard_err now_secret(struct store *s, store_name name, uint32_t offset,
                                   const void *data, uint32_t len, bool raise) {
    uint8_t content[SECRET_MAX];
    uint32_t addr;
    bool swept;
    enum onecard_err err = store_collect_pieces(s, BATCH_MAX);
    struct object *o = store_index_find(s, name);
    uint32_t size = o->size;
    uint32_t record = FORMAT_ENTRY_SIZE + 4 + FORMAT_ENTRY_SIZE + store_vault_root_size(s);
    if (!err)
        err = store_vault_get(s, o, content);
    if (err)
        return err;
    memcpy(content + offset, data, len);
    store_vault_replacing(s, o->at);
    err = store_log_room(s, record, s->keep_commit);
    if (!err)
        err = store_vault_room(
            s, store_vault_area_size(s, size) + store_vault_along(s, o->at, false), true);
    if (!err)
        err = store_vault_put(s, name, content, size, &addr);
    bytes_wipe(content, size);
    bool put = !err;
    if (!err)
        err = log_room(s, record, true);
    if (err == ONECARD_E_FULL && put)
        (void)store_vault_wipe(s, addr, size, &swept);
    if (err == ONECARD_E_FULL && s->vault == FORMAT_NO_SECTOR)
        store_vault_resume(s);
    if (err)
        return err;
    uint32_t old = store_index_find(s, name)->at;
    store_vault_root_change(s, old, false);
    store_vault_root_change(s, addr, true);
    err = now_record(s, name, size, addr, record, raise);
    return err ? err : committed(store_vault_wipe(s, old, size, &swept));
}

enum onecard_err store_write_now(struct store *s, store_name name, uint32_t offset,
                                 const void *data, uint32_t len) {
    const struct object *o = store_index_find(s, name);
    if (!o || o->flags & OBJECT_ABSENT)
        return ONECARD_E_NOT_FOUND;
    if (o->flags & OBJECT_LARGE)
        return ONECARD_E_STATE;
    if (offset > o->size || len > o->size - offset)
        return ONECARD_E_RANGE;
    if (len > 0xFFF)
        return ONECARD_E_TOO_BIG;
    if (s->broken)
        return ONECARD_E_IO;
    if (len == 0)
        return ONECARD_OK;
    bool raise = store_counter_due(s, true);
    s->counter += raise;
    enum onecard_err err = o->flags & OBJECT_SECRET ? now_secret(s, name, offset, data, len, raise)
                                                    : now_plain(s, name, offset, data, len, raise);
    if (err == ONECARD_E_FULL || err == ONECARD_E_TOO_BIG || err == ONECARD_E_CORRUPT)
        s->counter -= raise;
    if (err == ONECARD_OK)
        err = pay(s, format_record_size(&s->g, FORMAT_ENTRY_SIZE + len));
    else if (err != ONECARD_E_FULL && err != ONECARD_E_TOO_BIG && err != ONECARD_E_CORRUPT)
        s->broken = true;
    return err;
}
