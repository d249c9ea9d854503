/* Secrets (S6, F7) lie in sectors of their own: there they can be wiped with zeros where a word
 * takes a second program, and erased without touching the log where it does not. The log says
 * where each one lies, so that a transaction changes secrets and other objects at once.
 *
 * A secret's area: the mark of zeros, version, tag, encrypted bytes, padded with zeros. */
#include "store/state.h"

uint32_t store_vault_area_size(const struct store *s, uint32_t size) {
    return s->g.unit + align_up(FORMAT_AREA_OVERHEAD + size, s->g.unit);
}

enum onecard_err store_vault_get(const struct store *s, const struct object *o, uint8_t *content) {
    const uint8_t *area = s->g.base + o->at + s->g.unit;
    if (s->root_wrong)
        return ONECARD_E_CORRUPT;
    return store_seal_open(&s->seal, o->name, get_le32(area), area + 4, o->size, content);
}

bool store_vault_check(const struct store *s, store_name name, uint32_t size, uint32_t addr) {
    uint8_t content[SECRET_MAX];
    uint64_t flash = (uint64_t)s->g.sector_size * s->g.sector_count;
    if (size > SECRET_MAX || (uint64_t)addr + store_vault_area_size(s, size) > flash)
        return false;
    const uint8_t *area = s->g.base + addr + s->g.unit;
    enum onecard_err err = store_seal_open(&s->seal, name, get_le32(area), area + 4, size, content);
    bytes_wipe(content, size);
    return err == ONECARD_OK;
}

/* The sum over all secrets' images, modulo 2^128; kept current with every change. */
void store_vault_root_change(struct store *s, uint32_t addr, bool add) {
    uint8_t image[16];
    uint32_t carry = add ? 0 : 1;
    store_seal_image(&s->seal, s->g.base + addr + s->g.unit + 4, image);
    for (uint32_t i = 0; i < 16; i++) {
        carry += s->root[i] + (uint32_t)(add ? image[i] : (uint8_t)~image[i]);
        s->root[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

uint32_t store_vault_root_size(const struct store *s) {
    return s->counter ? FORMAT_ROOT_MAX : FORMAT_ROOT_MAX - 4;
}

/* The tag is over the sum and, if the counter is used, its value; which follows it. */
void store_vault_root_tag(const struct store *s, uint8_t tag[FORMAT_ROOT_MAX]) {
    uint8_t content[sizeof s->root + 4], full[SEAL_TAG_SIZE + sizeof content];
    memcpy(content, s->root, sizeof s->root);
    put_le32(content + sizeof s->root, s->counter);
    store_seal_close(&s->seal, 0, 0, content, sizeof s->root + (s->counter ? 4 : 0), full);
    memcpy(tag, full, FORMAT_ROOT_MAX - 4);
    put_le32(tag + FORMAT_ROOT_MAX - 4, s->counter);
}

static enum onecard_err vault_sector(struct store *s, uint32_t keep) {
    struct start start = {
        .seq = 0, .prev = FORMAT_NO_SECTOR, .prev_end = 0, .tail = 0, .kind = START_VAULT};
    uint32_t scanned = 1;
    uint64_t turned = 0; /* twice round: nothing to win */
    if (s->free_sectors <= s->keep_commit)
        (void)store_level_yield(s);
    while (s->free_sectors <= keep && scanned &&
           turned <= 2ull * s->g.sector_size * s->g.sector_count) {
        enum onecard_err err = store_collect_step(s, &scanned);
        if (err)
            return err;
        turned += scanned;
    }
    enum onecard_err err = store_sector_open(s, keep, &start, SECTOR_VAULT, &s->vault);
    if (err) {
        s->vault = FORMAT_NO_SECTOR;
        return err;
    }
    s->vault_pos = s->g.first;
    return ONECARD_OK;
}

/* Where the next area of so many bytes goes. */
static enum onecard_err vault_place(struct store *s, uint32_t area, uint32_t *out_addr) {
    uint32_t refused = 0;
    if (s->vault != FORMAT_NO_SECTOR && s->vault_pos + area > s->g.sector_size)
        s->vault = FORMAT_NO_SECTOR;
    for (;;) {
        if (s->vault == FORMAT_NO_SECTOR) {
            enum onecard_err err = vault_sector(s, s->keep_collect);
            if (err)
                return err;
        }
        *out_addr = s->vault * s->g.sector_size + s->vault_pos;
        enum onecard_err err = store_mark_write(s, *out_addr);
        if (!err) {
            s->vault_pos += area;
            return ONECARD_OK;
        }
        if (s->broken || s->look || ++refused > RECORD_SKIPS) {
            s->broken = true;
            return ONECARD_E_IO;
        }
        s->vault_pos += s->g.unit; /* see store_record_begin() */
        if (s->vault_pos + area > s->g.sector_size)
            s->vault = FORMAT_NO_SECTOR;
    }
}

static enum onecard_err vault_write(struct store *s, uint8_t *area, uint32_t size,
                                    uint32_t *out_addr) {
    uint32_t total = store_vault_area_size(s, size);
    uint32_t used = FORMAT_AREA_OVERHEAD + size;
    memset(area + used, 0, total - s->g.unit - used);
    enum onecard_err err = vault_place(s, total, out_addr);
    return err ? err : store_flash_write(s, *out_addr + s->g.unit, area, total - s->g.unit);
}

enum onecard_err store_vault_put(struct store *s, store_name name, const uint8_t *content,
                                 uint32_t size, uint32_t *out_addr) {
    uint8_t area[FORMAT_AREA_OVERHEAD + SECRET_MAX + 16];
    put_le32(area, ++s->secret_version);
    store_seal_close(&s->seal, name, s->secret_version, content, size, area + 4);
    return vault_write(s, area, size, out_addr);
}

/* A place to which a secret's bytes move as they are. */
static enum onecard_err vault_copy(struct store *s, const struct object *o, uint32_t *out_addr) {
    uint8_t area[FORMAT_AREA_OVERHEAD + SECRET_MAX + 16];
    memcpy(area, s->g.base + o->at + s->g.unit, FORMAT_AREA_OVERHEAD + o->size);
    return vault_write(s, area, o->size, out_addr);
}

struct vault_batch {
    store_name name[BATCH_MAX];
    uint32_t addr[BATCH_MAX];
    uint32_t size[BATCH_MAX];
    uint32_t count;
};

static enum onecard_err batch_commit(struct store *s, const struct vault_batch *b) {
    const uint8_t *entries;
    uint32_t len = b->count * (FORMAT_ENTRY_SIZE + 4);
    enum onecard_err err = store_log_room(s, len, s->keep_collect);
    if (err == ONECARD_E_FULL) /* the sector that is left gives one back */
        err = store_log_room(s, len, 0);
    if (!err)
        err = store_record_begin(s, RECORD_MOVE, len);
    for (uint32_t i = 0; i < b->count && !err; i++) {
        uint8_t word[4];
        put_le32(word, b->addr[i]);
        err = store_record_entry(s, b->name[i], b->size[i], OP_AREA, word, sizeof word);
    }
    if (!err)
        err = store_record_end(s, &entries, &len);
    return err ? err : store_apply_record(s, entries, len, s->head);
}

/* Bytes of live areas in a vault sector, and how many they are. */
static uint32_t live_bytes(const struct store *s, uint32_t sector, uint32_t *out_count) {
    uint32_t bytes = 0;
    *out_count = 0;
    for (uint32_t i = 0; i < s->object_count; i++) {
        const struct object *o = &s->objects[i];
        if (!(o->flags & OBJECT_SECRET) || o->at / s->g.sector_size != sector)
            continue;
        bytes += store_vault_area_size(s, o->size);
        ++*out_count;
    }
    return bytes;
}

/* Another sector for secrets where an old one is given back for it: that may be the last one. */
static enum onecard_err vault_borrow(struct store *s) {
    enum onecard_err err = vault_sector(s, s->keep_collect);
    return err == ONECARD_E_FULL ? vault_sector(s, 0) : err;
}

static bool vault_fits(const struct store *s, uint32_t bytes) {
    return s->vault != FORMAT_NO_SECTOR && s->vault_pos + bytes <= s->g.sector_size;
}

/* Room for what leaves a sector, in the log and in another sector, before the first copy: half a
 * move would leave copies that nobody knows of. */
static enum onecard_err vacate_room(struct store *s, uint32_t sector) {
    uint32_t count, bytes = live_bytes(s, sector, &count);
    if (count == 0)
        return ONECARD_OK;
    uint32_t log =
        count * (FORMAT_ENTRY_SIZE + 4) + count / BATCH_MAX * format_record_size(&s->g, 0);
    log = min_u32(log, store_log_payload(s) / 2);
    enum onecard_err err = store_log_room(s, log, s->keep_collect);
    if (err == ONECARD_E_FULL)
        err = store_log_room(s, log, 0);
    if (err || vault_fits(s, bytes + RECORD_SKIPS * s->g.unit))
        return err;
    return vault_borrow(s);
}

/* Move everything live out of a vault sector and erase it. */
enum onecard_err store_vault_vacate(struct store *s, uint32_t sector) {
    struct vault_batch b = {.count = 0};
    if (s->vault == sector)
        s->vault = FORMAT_NO_SECTOR;
    enum onecard_err err = vacate_room(s, sector);
    for (uint32_t i = 0; i < s->object_count && !err; i++) {
        const struct object *o = &s->objects[i];
        if (!(o->flags & OBJECT_SECRET) || o->at / s->g.sector_size != sector)
            continue;
        b.name[b.count] = o->name;
        b.size[b.count] = o->size;
        err = vault_copy(s, o, &b.addr[b.count]);
        if (!err && ++b.count == BATCH_MAX) {
            err = batch_commit(s, &b);
            b.count = 0;
        }
    }
    if (!err && b.count)
        err = batch_commit(s, &b);
    if (err)
        return err;
    s->sync_due = true;
    return store_sector_erase(s, sector, true);
}

void store_vault_replacing(struct store *s, uint32_t addr) {
    /* Where wiping means erasing the sector, nothing new may go there. */
    if (s->g.programs_per_word == 1 && s->vault == addr / s->g.sector_size)
        s->vault = FORMAT_NO_SECTOR;
}

uint32_t store_vault_along(const struct store *s, uint32_t addr, bool staged_go) {
    uint32_t bytes = 0;
    for (uint32_t i = 0; i < s->object_count && s->g.programs_per_word == 1; i++) {
        const struct object *o = &s->objects[i];
        bool goes = o->at == addr || (staged_go && o->flags & OBJECT_STAGED);
        if (o->flags & OBJECT_SECRET && o->at / s->g.sector_size == addr / s->g.sector_size &&
            !goes)
            bytes += store_vault_area_size(s, o->size);
    }
    return bytes;
}

enum onecard_err store_vault_wipe(struct store *s, uint32_t addr, uint32_t size, bool *out_swept) {
    *out_swept = false;
    uint32_t sector = addr / s->g.sector_size;
    if (s->g.programs_per_word == 1) {
        if (s->sectors[sector].state != SECTOR_VAULT)
            return ONECARD_OK; /* erased already, for another secret of this transaction */
        return store_vault_vacate(s, sector);
    }
    enum onecard_err err =
        store_flash_write_zeros(s, addr + s->g.unit, store_vault_area_size(s, size) - s->g.unit);
    if (err == ONECARD_E_IO && !s->broken) { /* a cut in an erase may use up words and not show */
        *out_swept = true;
        return store_vault_sweep(s);
    }
    if (!err && s->sectors[sector].live == 0 && sector != s->vault)
        store_sector_free(s, sector);
    return err;
}

/* The secret that lies at addr, if one does. */
static const struct object *secret_at(const struct store *s, uint32_t addr) {
    for (uint32_t i = 0; i < s->object_count; i++)
        if (s->objects[i].flags & OBJECT_SECRET && s->objects[i].at == addr)
            return &s->objects[i];
    return NULL;
}

static bool all_zero(const uint8_t *p, uint32_t len) {
    uint8_t any = 0;
    while (len--)
        any |= *p++;
    return any == 0;
}

/* Is everything in a vault sector live, wiped or erased? *out_end: where erased flash begins. */
static bool vault_tidy(const struct store *s, uint32_t sector, uint32_t *out_end) {
    const uint8_t *base = format_sector(&s->g, sector);
    uint32_t pos = s->g.first;
    *out_end = pos;
    while (pos < s->g.sector_size) {
        bool zero = all_zero(base + pos, s->g.unit);
        const struct object *o = zero ? secret_at(s, sector * s->g.sector_size + pos) : NULL;
        if (o) {
            pos += store_vault_area_size(s, o->size);
            *out_end = pos;
            continue;
        }
        if (zero)
            *out_end = pos + s->g.unit;
        else if (!store_format_blank(base + pos, s->g.unit))
            return false;
        pos += s->g.unit;
    }
    return true;
}

static void vault_adopt(struct store *s, uint32_t sector, uint32_t end) {
    const uint8_t *base = format_sector(&s->g, sector);
    /* Zeros at the end may be the mark of an area that was never written, or not visibly. */
    if (end > s->g.first && all_zero(base + end - s->g.unit, s->g.unit))
        end = min_u32(store_walk_behind(&s->g, end), s->g.sector_size);
    uint32_t room = s->g.sector_size - end;
    if (s->vault == FORMAT_NO_SECTOR || room > s->g.sector_size - s->vault_pos) {
        s->vault = sector;
        s->vault_pos = end;
    }
}

/* Where the next secret goes if nobody says so: behind those that lie there. */
void store_vault_resume(struct store *s) {
    for (uint32_t i = 0; i < s->g.sector_count && !s->broken; i++) {
        uint32_t end;
        if (s->sectors[i].state == SECTOR_VAULT && vault_tidy(s, i, &end))
            vault_adopt(s, i, end);
    }
}

/* The emptiest sector of those with at most so many live bytes moves into the one that takes new
 * ones, if they fit. */
static enum onecard_err vault_join(struct store *s, uint32_t least, bool *out_done) {
    uint32_t count;
    if (s->vault == FORMAT_NO_SECTOR)
        store_vault_resume(s);
    uint32_t room = s->vault == FORMAT_NO_SECTOR ? 0 : s->g.sector_size - s->vault_pos;
    uint32_t sparse = FORMAT_NO_SECTOR;
    *out_done = false;
    for (uint32_t i = 0; i < s->g.sector_count && s->vault_sectors > 1; i++) {
        if (s->sectors[i].state != SECTOR_VAULT || i == s->vault)
            continue;
        uint32_t bytes = live_bytes(s, i, &count);
        if (bytes <= least) {
            least = bytes;
            sparse = i;
        }
    }
    if (sparse == FORMAT_NO_SECTOR || least + RECORD_SKIPS * s->g.unit > room)
        return ONECARD_OK;
    *out_done = true;
    return store_vault_vacate(s, sparse);
}

/* Secrets that never change would keep sector after sector half empty. */
enum onecard_err store_vault_idle(struct store *s, bool *out_done) {
    return vault_join(s, store_log_payload(s) / 2, out_done);
}

/* On a full chip a further sector for secrets is only borrowed: an old one is given back for it.
 * Before anything new is written, since nobody knows of that yet. */
enum onecard_err store_vault_room(struct store *s, uint32_t bytes, bool replaces) {
    bool joined;
    if (vault_fits(s, bytes))
        return ONECARD_OK;
    bool erased = s->g.programs_per_word == 1; /* the old sector is given back anyway */
    enum onecard_err err = erased && replaces ? vault_borrow(s) : vault_sector(s, s->keep_collect);
    if (err || erased || s->free_sectors > s->keep_commit + 1)
        return err;
    uint32_t room = store_log_payload(s) - (RECORD_SKIPS + 1) * s->g.unit;
    return vault_join(s, bytes < room ? room - bytes : 0, &joined);
}

/* Wipe whatever is neither live nor erased: after changes too many to remember. */
enum onecard_err store_vault_sweep(struct store *s) {
    enum onecard_err err = ONECARD_OK;
    for (uint32_t i = 0; i < s->g.sector_count && !err; i++) {
        uint32_t end;
        if (s->sectors[i].state == SECTOR_VAULT && !vault_tidy(s, i, &end))
            err = store_vault_vacate(s, i);
    }
    return err;
}

/* ---- power-up ---- */

static bool is_vault(const struct store *s, uint32_t sector) {
    struct start start;
    return s->sectors[sector].state == SECTOR_DIRTY &&
           store_format_start_read(&s->g, sector, &start) && start.kind == START_VAULT;
}

static void check_root(struct store *s) {
    uint8_t tag[FORMAT_ROOT_MAX];
    bool any = false;
    memset(s->root, 0, sizeof s->root);
    for (uint32_t i = 0; i < s->object_count; i++) {
        const struct object *o = &s->objects[i];
        if (!(o->flags & OBJECT_SECRET))
            continue;
        uint32_t version = get_le32(s->g.base + o->at + s->g.unit);
        if (version > s->secret_version)
            s->secret_version = version;
        store_vault_root_change(s, o->at, true);
        any = true;
    }
    store_vault_root_tag(s, tag);
    s->root_wrong =
        (any || s->root_home != FORMAT_NO_SECTOR) && !bytes_equal_ct(tag, s->root_tag, sizeof tag);
}

/* What is left to wipe goes, with what is live in its sector, to those that are tidy: these first.
 */
enum onecard_err store_vault_open(struct store *s) {
    enum onecard_err err = ONECARD_OK;
    check_root(s);
    s->vault = FORMAT_NO_SECTOR;
    store_vault_resume(s);
    for (uint32_t i = 0; i < s->g.sector_count && !err && !s->look; i++) {
        uint32_t end;
        bool vault = s->sectors[i].state == SECTOR_VAULT;
        /* Nothing live and nothing secret in it: it is erased when its turn comes. */
        if ((!vault && !is_vault(s, i)) || vault_tidy(s, i, &end))
            continue;
        err = vault ? store_vault_vacate(s, i) : store_sector_erase(s, i, true);
    }
    return err;
}

/* Cuts may leave more sectors for secrets than are needed: back to what the log keeps free. */
enum onecard_err store_vault_tidy(struct store *s, uint32_t keep) {
    enum onecard_err err = ONECARD_OK;
    bool joined = true;
    while (!err && joined && s->free_sectors < keep)
        err = vault_join(s, store_log_payload(s), &joined);
    return err;
}
