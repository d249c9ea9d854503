/* Start-up: find the state that was committed last, and make every decision durable that a power
 * cut left open, before anybody sees an answer. */
#include "store/inspect.h"
#include "store/state.h"

#define TRANSACTION_DEFAULT 4096u

/* ---- memory ---- */

static uint32_t flash_kib(const struct onecard_port *port) {
    return (uint32_t)((uint64_t)port->flash.sector_size * port->flash.sector_count / 1024);
}

/* One for each KiB of flash, if the port does not say. */
static uint32_t object_cap(const struct onecard_port *port) {
    uint32_t cap = port->store_objects ? port->store_objects : min_u32(flash_kib(port), 4096);
    return cap < 64 ? 64 : cap;
}

/* Every object in one piece or two, stretches of large files, and room for changes in between: the
 * more there is, the less often pieces must be joined. */
static uint32_t piece_cap(const struct onecard_port *port) {
    uint32_t cap = 2u * object_cap(port) + min_u32(flash_kib(port) * 4, 16384);
    return cap > 16384 ? 16384 : (uint32_t)cap;
}

static uint32_t tx_cap(const struct onecard_port *port) {
    uint32_t cap = port->store_transaction ? port->store_transaction : TRANSACTION_DEFAULT;
    uint32_t most = port->flash.sector_size - 320; /* a record lies in one sector */
    return min_u32(cap < 256 ? 256 : cap, most);
}

static size_t round_up(size_t v) {
    return (v + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
}

size_t store_memory_size(const struct onecard_port *port) {
    return round_up(sizeof(struct store)) + round_up(object_cap(port) * sizeof(struct object)) +
           round_up(piece_cap(port) * sizeof(struct piece)) +
           round_up(port->flash.sector_count * sizeof(struct sector)) + round_up(tx_cap(port)) +
           round_up(INDEX_RECENT * sizeof(uint16_t));
}

static enum onecard_err store_new(const struct onecard_port *port, struct arena *arena,
                                  struct store **out) {
    struct geometry g;
    if (store_format_geometry(&g, port))
        return ONECARD_E_PARAM;
    struct store *s = arena_alloc(arena, sizeof *s);
    if (!s)
        return ONECARD_E_NO_MEMORY;
    memset(s, 0, sizeof *s);
    s->port = port;
    s->g = g;
    s->object_cap = object_cap(port);
    s->piece_cap = piece_cap(port);
    s->tx_cap = tx_cap(port);
    store_limit(s, NULL);
    s->objects = arena_alloc(arena, s->object_cap * sizeof *s->objects);
    s->pieces = arena_alloc(arena, s->piece_cap * sizeof *s->pieces);
    s->sectors = arena_alloc(arena, g.sector_count * sizeof *s->sectors);
    s->tx = arena_alloc(arena, s->tx_cap);
    s->recent = arena_alloc(arena, INDEX_RECENT * sizeof *s->recent);
    if (!s->objects || !s->pieces || !s->sectors || !s->tx || !s->recent)
        return ONECARD_E_NO_MEMORY;
    memset(s->recent, 0, INDEX_RECENT * sizeof *s->recent);
    memset(s->sectors, 0, g.sector_count * sizeof *s->sectors);
    /* One recovery after another may need a sector each, if sectors are small. */
    s->keep_collect = g.sector_size < 16384 ? 2 : 1;
    s->keep_commit = s->keep_collect + 1;
    s->keep_recovery = s->keep_collect;
    s->objects[0].name = 0; /* the search looks at it even in an empty table */
    store_index_init(s);
    s->vault = s->code = FORMAT_NO_SECTOR;
    s->root_home = FORMAT_NO_SECTOR;
    enum onecard_err err = store_seal_init(&s->seal, port);
    if (err)
        return err;
    s->g.salt = store_seal_salt(&s->seal);
    *out = s;
    return ONECARD_OK;
}

/* ---- format ---- */

/* A sector's wear survives a new store. */
static void read_wear(struct store *s) {
    struct mark mark;
    for (uint32_t i = 0; i < s->g.sector_count; i++)
        if (store_format_mark_read(&s->g, i, &mark))
            s->sectors[i].erases = mark.erases;
}

/* May format leave a sector as it is? Unmarked, it counts as dirty and is erased before its use. */
static bool leave_alone(const struct store *s, uint32_t sector) {
    return s->port->flash_sparse && sector > 0 &&
           store_format_blank(format_sector(&s->g, sector), s->g.sector_size);
}

static enum onecard_err format_all(struct store *s) {
    enum onecard_err err = ONECARD_OK;
    struct start start = {
        .seq = 1, .prev = FORMAT_NO_SECTOR, .prev_end = 0, .tail = 1, .kind = START_LOG};
    const uint8_t *entries;
    uint32_t len = FORMAT_ENTRY_SIZE;
    uint8_t tag[FORMAT_ROOT_MAX];
    read_wear(s);
    for (uint32_t i = 0; i < s->g.sector_count; i++)
        store_sector_set(s, i, SECTOR_DIRTY);
    s->free_sectors = s->g.sector_count; /* they were counted as dirty before they were set */
    for (uint32_t i = s->g.sector_count; i-- > 0 && !err;)
        if (!leave_alone(s, i))
            err = store_sector_erase(s, i, true);
    if (!err)
        err = store_sector_start(s, 0, &start);
    if (err)
        return err;
    store_sector_set(s, 0, SECTOR_LOG);
    s->head_seq = 1;
    s->head_seed = store_format_seed(&s->g, 1);
    s->pos = s->log_end = s->g.first;
    err = store_counter_format(s);
    if (!err && s->counter)
        len += FORMAT_ENTRY_SIZE + FORMAT_ROOT_MAX;
    /* A log without a record is taken for a torn beginning. */
    if (!err)
        err = store_record_begin(s, RECORD_COMMIT, len);
    if (!err)
        err = store_record_entry(s, 1, 0, OP_TAIL, NULL, 0);
    store_vault_root_tag(s, tag);
    if (!err && s->counter)
        err = store_record_entry(s, 0, 0, OP_ROOT, tag, sizeof tag);
    if (!err)
        err = store_record_end(s, &entries, &len);
    if (!err)
        err = store_flash_sync(s);
    return err || !s->counter ? err : store_counter_raise(s);
}

enum onecard_err store_format(const struct onecard_port *port, struct arena *arena) {
    struct arena work = *arena;
    struct store *s;
    enum onecard_err err = store_new(port, &work, &s);
    if (!err)
        err = format_all(s);
    return err;
}

/* ---- survey: what each sector is ---- */

struct survey {
    uint32_t head;      /* sector of the newest start that has records */
    struct start start; /* its start */
    uint32_t highest;   /* highest seq that any start states */
    bool ghost;         /* a start newer than the head's, without records: never to be used */
    bool any_mark, foreign, any_start;
};

/* Has the log gone on in this sector? Its start alone says nothing yet: where a recovery began it,
 * the record in doubt counts until it has been restated here. */
static bool has_record(const struct store *s, uint32_t sector, uint32_t seq) {
    struct walk w;
    struct record r;
    store_walk_begin(&w, &s->g, sector, seq, 0);
    return store_walk_next(&w, &r) || store_walk_doubtful(&w, &r);
}

static void survey_sector(struct store *s, uint32_t i, struct survey *v) {
    struct mark mark;
    struct start start;
    const uint8_t *base = format_sector(&s->g, i);
    bool marked = store_format_mark_read(&s->g, i, &mark);
    if (marked) {
        v->any_mark = true;
        v->foreign |= mark.sector_size != s->g.sector_size ||
                      mark.sector_count != s->g.sector_count || mark.word != s->g.word;
        s->sectors[i].erases = mark.erases;
    }
    bool started = store_format_start_read(&s->g, i, &start);
    bool clean = marked && !started &&
                 store_format_blank(base + FORMAT_START_AT, s->g.first - FORMAT_START_AT);
    store_sector_set(s, i, clean ? SECTOR_CLEAN : SECTOR_DIRTY);
    if (!started || start.kind != START_LOG)
        return;
    v->any_start = true;
    if (start.seq > v->highest)
        v->highest = start.seq;
    bool newer = v->head == FORMAT_NO_SECTOR || start.seq > v->start.seq;
    if (start.sealed && newer && has_record(s, i, start.seq)) {
        v->head = i;
        v->start = start;
    }
}

static void average_wear(struct store *s) {
    uint64_t sum = 0;
    uint32_t known = 0;
    for (uint32_t i = 0; i < s->g.sector_count; i++) {
        sum += s->sectors[i].erases;
        known += s->sectors[i].erases != 0;
    }
    for (uint32_t i = 0; i < s->g.sector_count; i++)
        if (s->sectors[i].erases == 0 && known)
            s->sectors[i].erases = (uint32_t)(sum / known);
}

static enum onecard_err survey(struct store *s, struct survey *v) {
    memset(v, 0, sizeof *v);
    v->head = FORMAT_NO_SECTOR;
    s->free_sectors = s->g.sector_count;
    s->clean_sectors = s->fixed_sectors = s->vault_sectors = 0;
    for (uint32_t i = 0; i < s->g.sector_count; i++)
        s->sectors[i].state = SECTOR_DIRTY;
    for (uint32_t i = 0; i < s->g.sector_count; i++)
        survey_sector(s, i, v);
    if (!v->any_mark && !v->any_start)
        return ONECARD_E_FOREIGN;
    if (v->foreign || v->head == FORMAT_NO_SECTOR) /* another geometry, or another device key */
        return ONECARD_E_FOREIGN;
    v->ghost = v->highest > v->start.seq;
    return ONECARD_OK;
}

/* ---- the end of the log ---- */

struct log_end {
    uint32_t sector, end;
    struct start start;
    uint32_t tail;  /* seq of the oldest sector */
    bool truncated; /* sectors that followed are void */
    /* All commits but the newest had their barrier; what follows the last but one may be partly
     * missing on a disk, and begins here: */
    uint32_t unsure_sector, unsure_pos;
};

struct scan {
    uint32_t end;       /* of the valid log */
    uint32_t commits;   /* in it */
    uint32_t recent[2]; /* where the newest two end, newest first */
    uint32_t tail;      /* newest word about the oldest sector; what the start said if none */
};

/* Walk a sector's records; checksums are verified from offset verify on. */
static struct scan scan_sector(struct store *s, uint32_t sector, const struct start *start,
                               uint32_t end, uint32_t verify) {
    struct scan scan = {.tail = start->tail};
    struct walk w;
    struct record r;
    store_walk_begin(&w, &s->g, sector, start->seq, end);
    w.check = w.pos >= verify;
    while (w.pos != end && store_walk_next(&w, &r)) {
        uint32_t offset = 0;
        struct entry e;
        w.check = w.pos >= verify;
        if (r.type == RECORD_COMMIT) {
            scan.recent[1] = scan.recent[0];
            scan.recent[0] = r.next;
            scan.commits++;
        }
        while (store_format_entry_next(r.entries, r.len, &offset, &e))
            if (e.op == OP_TAIL && e.name > scan.tail)
                scan.tail = e.name;
    }
    scan.end = w.pos;
    return scan;
}

static uint32_t unsure_from(const struct store *s, const struct scan *scan, uint32_t need) {
    return scan->commits >= need ? scan->recent[need - 1] : s->g.first;
}

/* The same with everything verified that follows the newest need commits but one: older records are
 * durable, and if one of them is damaged, that must not cost what came after it. */
static struct scan verify_sector(struct store *s, uint32_t sector, const struct start *start,
                                 uint32_t end, uint32_t need) {
    struct scan scan = scan_sector(s, sector, start, end, UINT32_MAX);
    for (;;) {
        struct scan sure = scan_sector(s, sector, start, end, unsure_from(s, &scan, need));
        if (sure.end == scan.end)
            return sure;
        scan = sure;
    }
}

/* Step to the sector before in the log. */
static bool step_back(const struct store *s, uint32_t *sector, struct start *start,
                      uint32_t *out_end) {
    uint32_t seq = start->seq;
    *out_end = start->prev_end;
    *sector = start->prev;
    return *sector < s->g.sector_count && store_format_start_read(&s->g, *sector, start) &&
           start->sealed && start->kind == START_LOG && start->seq < seq &&
           *out_end >= s->g.first && *out_end <= s->g.sector_size;
}

static bool content_missing(const struct store *s, const struct record *r, bool current_only);

/* A record in doubt counts, so its word about the tail does: an earlier power-up may have found it
 * sealed, and the sectors it gives up may be in use again. */
static uint32_t doubtful_tail(const struct store *s, const struct log_end *log) {
    struct walk w;
    struct record r;
    struct entry e;
    uint32_t offset = 0, tail = log->tail;
    store_walk_begin(&w, &s->g, log->sector, log->start.seq, 0);
    w.pos = log->end;
    if (!store_walk_doubtful(&w, &r) || content_missing(s, &r, false))
        return tail;
    while (store_format_entry_next(r.entries, r.len, &offset, &e))
        if (e.op == OP_TAIL && e.name > tail)
            tail = e.name;
    return tail;
}

/* Verify checksums from the newest sector back to the last commit but one. Where one fails, the log
 * ends. out->sector and start: where to begin; out->end: a stated end, or 0. */
static enum onecard_err find_end(struct store *s, struct log_end *out) {
    uint32_t sector = out->sector, end = out->end, need = 2;
    struct start start = out->start;
    bool newest = true;
    for (;;) {
        struct scan scan = verify_sector(s, sector, &start, end, need);
        if (newest || scan.end != end) {
            out->truncated |= !newest;
            out->sector = sector;
            out->end = scan.end;
            out->start = start;
            out->tail = scan.tail;
            if (!out->truncated)
                out->tail = doubtful_tail(s, out);
            need = 2;
        }
        newest = false;
        out->unsure_sector = sector;
        out->unsure_pos = unsure_from(s, &scan, need);
        if (scan.commits >= need || start.prev == FORMAT_NO_SECTOR || start.seq <= out->tail)
            return ONECARD_OK;
        need -= scan.commits;
        if (!step_back(s, &sector, &start, &end))
            return ONECARD_E_CORRUPT;
    }
}

/* Link the log's sectors from the newest to the oldest. */
static enum onecard_err chain(struct store *s, const struct log_end *log) {
    uint32_t sector = log->sector;
    struct start start = log->start;
    s->sectors[sector].next = FORMAT_NO_SECTOR;
    for (;;) {
        uint32_t newer = sector, end;
        store_sector_set(s, sector, SECTOR_LOG);
        if (start.seq <= log->tail)
            break;
        if (!step_back(s, &sector, &start, &end))
            return ONECARD_E_CORRUPT;
        s->sectors[sector].next = (uint16_t)newer;
    }
    s->tail = sector;
    s->tail_seq = start.seq;
    return ONECARD_OK;
}

static enum onecard_err replay_sector(struct store *s, uint32_t sector, uint32_t end) {
    struct walk w;
    struct record r;
    struct start start;
    if (!store_format_start_read(&s->g, sector, &start))
        return ONECARD_E_CORRUPT;
    store_walk_begin(&w, &s->g, sector, start.seq, end);
    while (w.pos != end && store_walk_next(&w, &r)) {
        enum onecard_err err = store_apply_record(s, r.entries, r.len, sector);
        if (err)
            return err;
    }
    return w.pos == end ? ONECARD_OK : ONECARD_E_CORRUPT;
}

static enum onecard_err replay(struct store *s, const struct log_end *log) {
    uint32_t sector = s->tail;
    enum onecard_err err = ONECARD_OK;
    while (!err) {
        uint32_t next = s->sectors[sector].next;
        struct start start;
        if (sector == log->sector)
            return replay_sector(s, sector, log->end);
        if (!store_format_start_read(&s->g, next, &start) || start.prev_end < s->g.first ||
            start.prev_end > s->g.sector_size)
            return ONECARD_E_CORRUPT;
        err = replay_sector(s, sector, start.prev_end);
        sector = next;
    }
    return err;
}

/* ---- contents that a record speaks of ---- */

/* Large objects and secrets lie outside the record that states them. */
static bool content_there(const struct store *s, const struct entry *e) {
    uint32_t addr = e->op == OP_LARGE || e->op == OP_AREA ? get_le32(e->data) : 0;
    uint64_t flash = (uint64_t)s->g.sector_size * s->g.sector_count;
    if (e->op == OP_LARGE) {
        uint32_t size = get_le32(e->data + 4);
        return addr <= flash && size <= flash - addr &&
               (uint32_t)~store_crc32_update(UINT32_MAX, s->g.base + addr, size) ==
                   get_le32(e->data + 8);
    }
    return e->op != OP_AREA || store_vault_check(s, e->name, e->a, addr);
}

/* Does the record state something that is missing, and that no later one replaced? */
static bool content_missing(const struct store *s, const struct record *r, bool current_only) {
    uint32_t offset = 0;
    struct entry e;
    while (store_format_entry_next(r->entries, r->len, &offset, &e)) {
        if (!format_is_large(&e) && (e.op != OP_AREA || e.len != 4))
            continue;
        const struct object *o = store_index_find(s, e.name);
        if (current_only && (!o || o->at != get_le32(e.data)))
            continue;
        if (!content_there(s, &e))
            return true;
    }
    return false;
}

/* The first record of the unsure stretch whose contents are missing: there the log ends. */
static bool find_missing(const struct store *s, struct log_end *log) {
    uint32_t sector = log->unsure_sector;
    for (;;) {
        struct start start, next;
        struct walk w;
        struct record r;
        bool last = sector == log->sector;
        if (!store_format_start_read(&s->g, sector, &start) ||
            (!last && !store_format_start_read(&s->g, s->sectors[sector].next, &next)))
            return false;
        uint32_t end = last ? log->end : next.prev_end;
        store_walk_begin(&w, &s->g, sector, start.seq, end);
        for (uint32_t from = w.pos; w.pos != end && store_walk_next(&w, &r); from = w.pos) {
            if (r.pos < log->unsure_pos && sector == log->unsure_sector)
                continue;
            if (content_missing(s, &r, true)) {
                *log = (struct log_end){
                    .sector = sector, .end = from, .start = start, .truncated = true};
                return true;
            }
        }
        if (last)
            return false;
        sector = s->sectors[sector].next;
    }
}

/* ---- decisions ---- */

/* The log's end as a power cut left it. */
struct doubt {
    bool any;    /* something lies behind the valid end */
    bool record; /* a whole record without a sound seal: it counts */
    struct record doubtful;
    const uint8_t *entries; /* what of it counts */
    uint32_t len;
    bool tame;       /* a recovery record behind it is found: no record here counts without it */
    uint32_t behind; /* where the newest sector is surely erased again */
};

static struct doubt look_behind(struct store *s, const struct log_end *log) {
    struct doubt d = {.any = false};
    const uint8_t *base = format_sector(&s->g, log->sector);
    uint32_t last = s->g.sector_size;
    if (store_format_blank(base + log->end, s->g.sector_size - log->end))
        return d;
    d.any = true;
    while (base[last - 1] == 0xFF)
        last--;
    d.behind = store_walk_behind(&s->g, last);
    struct walk w;
    store_walk_begin(&w, &s->g, log->sector, log->start.seq, 0);
    w.pos = log->end;
    d.record = !log->truncated && store_walk_doubtful(&w, &d.doubtful);
    struct record r;
    d.tame = !log->truncated;
    if (store_format_record_parse(&s->g, base, log->end, s->g.sector_size, &r)) {
        uint32_t end = r.pos + format_record_size(&s->g, r.len);
        bool followed =
            end + s->g.unit <= s->g.sector_size && !store_format_blank(base + end, s->g.unit);
        /* A disk may have lost its body, but neither its seal nor what followed it. */
        if (followed && store_format_record_sealed(&s->g, base, w.seed, &r))
            d.tame = false;
        if (d.behind <= end)
            d.behind = end + s->g.unit;
    }
    return d;
}

/* The doubtful record's entries without its RESUME; none if its contents are not all there. */
static void take_entries(const struct store *s, struct doubt *d) {
    uint32_t offset = 0;
    struct entry e;
    d->entries = d->doubtful.entries;
    d->len = 0;
    if (!d->record || content_missing(s, &d->doubtful, false))
        return;
    d->len = d->doubtful.len;
    if (store_format_entry_next(d->entries, d->len, &offset, &e) && e.op == OP_RESUME) {
        d->entries += offset;
        d->len -= offset;
    }
}

static enum onecard_err write_decision(struct store *s, const uint8_t *entries, uint32_t len) {
    const uint8_t *out;
    uint32_t out_len;
    bool resume = s->pos != s->log_end;
    uint8_t tail[FORMAT_ENTRY_SIZE];
    if (!resume && len == 0) { /* a new sector needs a record to count */
        store_format_entry_write(tail, s->tail_seq, 0, OP_TAIL, 0);
        entries = tail;
        len = sizeof tail;
    }
    enum onecard_err err = store_record_begin(s, RECORD_RECOVERY, len);
    if (!err)
        err = store_record_put(s, entries, len);
    if (!err)
        err = store_record_end(s, &out, &out_len);
    if (!err)
        err = store_flash_sync(s);
    return err ? err : store_apply_record(s, out, out_len, s->head);
}

/* Sectors outside the log: what lies in them? */
static void classify(struct store *s) {
    for (uint32_t i = 0; i < s->g.sector_count; i++) {
        struct start start;
        if (s->sectors[i].live == 0 || s->sectors[i].state == SECTOR_LOG)
            continue;
        bool vault = store_format_start_read(&s->g, i, &start) && start.kind == START_VAULT;
        store_sector_set(s, i, vault ? SECTOR_VAULT : SECTOR_DATA);
    }
}

static enum onecard_err decide(struct store *s, const struct log_end *log, const struct doubt *d,
                               bool ghost) {
    s->pos = s->log_end = log->end;
    s->unfinished = d->any || ghost || log->truncated;
    if (s->look || (!d->any && !ghost && !log->truncated))
        return ONECARD_OK;
    uint32_t need = format_record_size(&s->g, d->len + FORMAT_ENTRY_SIZE) + 8 * s->g.unit;
    if (d->tame && !ghost && d->behind + need <= s->g.sector_size) {
        s->pos = d->behind;
    } else {
        enum onecard_err err = store_log_advance(s, 0);
        if (err)
            return err;
    }
    return write_decision(s, d->entries, d->len);
}

/* Bytes without the entry that states their object: damage. */
static bool any_implied(const struct store *s) {
    for (uint32_t i = 0; i < s->object_count; i++)
        if (s->objects[i].flags & OBJECT_IMPLIED)
            return true;
    return false;
}

/* Secrets that a cut left to be wiped, then the reserve of free sectors, which a recovery may have
 * used: the next one must not find it empty. All this may use the last free sector. */
static enum onecard_err tidy(struct store *s) {
    uint32_t commit = s->keep_commit, collect = s->keep_collect, scanned = 1;
    s->keep_commit = s->keep_collect = 0;
    enum onecard_err err = store_vault_open(s);
    if (!err && !s->look)
        err = store_vault_tidy(s, commit);
    uint64_t turned = 0; /* twice round: nothing to win */
    while (!err && scanned && !s->look && s->free_sectors <= collect &&
           turned <= 2ull * s->g.sector_size * s->g.sector_count) {
        err = store_collect_step(s, &scanned);
        turned += scanned;
    }
    s->keep_commit = commit;
    s->keep_collect = collect;
    return err == ONECARD_E_FULL ? ONECARD_OK : err;
}

/* Back to an empty index, for another try with a shorter log. */
static void forget(struct store *s) {
    store_index_init(s);
    for (uint32_t i = 0; i < s->g.sector_count; i++) {
        s->sectors[i].live = 0;
        s->sectors[i].erases = 0;
    }
    s->live_bytes = 0;
    s->root_home = FORMAT_NO_SECTOR;
    s->counter = 0;
}

/* The index as of log: what is valid, and the record in doubt where it lies now, so that what it
 * speaks of is not taken for free space. */
static enum onecard_err build(struct store *s, struct log_end *log, struct doubt *d) {
    enum onecard_err err = find_end(s, log);
    if (!err)
        err = chain(s, log);
    if (!err)
        err = replay(s, log);
    if (err)
        return err;
    *d = look_behind(s, log);
    take_entries(s, d);
    return store_apply_record(s, d->entries, d->len, log->sector);
}

static enum onecard_err find_state(struct store *s, struct survey *v, struct log_end *log,
                                   struct doubt *d) {
    enum onecard_err err = survey(s, v);
    *log = (struct log_end){.sector = v->head, .start = v->start};
    while (!err) {
        err = build(s, log, d);
        if (err || !find_missing(s, log))
            break;
        forget(s);
        err = survey(s, v);
    }
    return err;
}

static enum onecard_err recover(struct store *s) {
    struct survey v;
    struct log_end log;
    struct doubt d;
    enum onecard_err err = find_state(s, &v, &log, &d);
    if (err)
        return err;
    s->head = log.sector;
    s->head_seq = log.start.seq;
    s->head_seed = store_format_seed(&s->g, s->head_seq);
    s->next_seq = v.highest + 1;
    s->sync_due = true; /* what was read may not be on the disk yet */
    classify(s);
    average_wear(s);
    err = decide(s, &log, &d, v.ghost);
    /* Once more: restated, a record that deletes an object and makes it anew frees the sector that
     * the new one lies in, which was held already. */
    classify(s);
    if (!err && !s->look && any_implied(s))
        err = ONECARD_E_CORRUPT;
    s->level_due = false;
    if (!err)
        store_large_open(s);
    if (!err)
        err = store_counter_open(s);
    return err ? err : tidy(s);
}

static enum onecard_err open_as(const struct onecard_port *port, struct arena *arena, bool look,
                                struct store **out_store) {
    struct store *s;
    size_t mark = arena->used;
    enum onecard_err err = store_new(port, arena, &s);
    if (!err) {
        s->look = look;
        err = recover(s);
    }
    if (err) {
        arena->used = mark;
        return err;
    }
    *out_store = s;
    return ONECARD_OK;
}

enum onecard_err store_open(const struct onecard_port *port, struct arena *arena,
                            struct store **out_store) {
    return open_as(port, arena, false, out_store);
}

enum onecard_err store_look(const struct onecard_port *port, struct arena *arena,
                            struct store **out_store) {
    return open_as(port, arena, true, out_store);
}
