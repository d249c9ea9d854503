/* The store in RAM, and the calls between its parts. Nothing outside src/store includes this. */
#ifndef STORE_STATE_H
#define STORE_STATE_H

#include "store/format.h"
#include "store/seal.h"

/* ---- index: where each object's bytes lie ---- */

enum object_flags {
    OBJECT_SECRET = 1, /* the numbers of enum store_flags where they mean the same */
    OBJECT_LARGE = 2,
    OBJECT_IMPLIED = 4, /* replay met bytes of it, but not yet the entry that states it */
    OBJECT_STAGED = 8,  /* the open transaction has entries for it */
    OBJECT_ABSENT = 16, /* exists in the open transaction only */
};
#define OBJECT_STORED_FLAGS 3u /* those that rest in flash */

#define PIECE_NONE 0xFFFFu
#define INDEX_RECENT 64u

struct object {
    store_name name;
    uint32_t size;
    uint32_t at;   /* plain: newest piece, or PIECE_NONE; large and secret: address */
    uint16_t home; /* sector with the entry that states it */
    uint16_t flags;
};

/* An entry of the log that gives bytes to a plain object. A list per object, newest first: an entry
 * hides those behind it. Where in the object its bytes belong stands in flash, so that a piece
 * costs six bytes of RAM, and a change one piece, wherever it falls. */
struct piece {
    uint16_t addr_low, addr_high; /* of the entry, in halves */
    uint16_t next;
};

static inline uint32_t piece_addr(const struct piece *p) {
    return p->addr_low | (uint32_t)p->addr_high << 16;
}

/* Bytes of an object that lie together. */
struct span {
    uint16_t piece; /* that holds them, or PIECE_NONE: they are zeros */
    uint32_t addr;  /* where they lie */
    uint32_t len;
};

/* ---- sectors ---- */

enum sector_state {
    SECTOR_DIRTY, /* nothing live; to be erased */
    SECTOR_CLEAN, /* erased and marked */
    SECTOR_LOG,
    SECTOR_DATA,  /* large objects */
    SECTOR_VAULT, /* secrets */
};

struct sector {
    uint32_t erases;
    uint16_t next; /* the log's next newer sector */
    uint16_t live; /* large objects or secrets that touch it */
    uint8_t state;
    bool known_blank; /* clean since this power-up: needs no check before use */
};

/* ---- a large object on its way ---- */
struct loading {
    bool active, finished;
    bool shared; /* in a sector that others share; else in sectors of its own */
    bool moving; /* the store's own: a copy of an object on its way to another place */
    store_name name;
    uint32_t from;     /* moving: where the object lies */
    uint32_t expected; /* moving: its checksum */
    uint32_t addr, size;
    uint32_t written, flushed; /* appended; programmed (in whole words) */
    uint32_t crc;
    uint32_t buffered; /* bytes that do not fill a word yet */
    uint8_t buffer[16];
};

#define STAGE_KEPT 64u /* bytes of the transaction that only deletions may use */
#define BATCH_MAX 16u  /* entries that one step of collection moves */
#define SECRET_MAX 512u
#define LEVEL_EVERY 8u /* erases */

/* What one entry of a move record will say. */
struct move {
    store_name name;
    uint16_t op;
    uint16_t len;        /* of its data */
    uint32_t offset;     /* OP_WRITE: where in the object */
    const uint8_t *data; /* OP_LARGE: the old entry's data */
};

struct store {
    const struct onecard_port *port;
    struct geometry g;
    bool broken;     /* the flash failed: nothing works until the next power-up */
    bool look;       /* opened for looking: nothing is ever written */
    bool unfinished; /* power-up found what a cut had left */
    bool sync_due;   /* a sector was freed by moves that no barrier covers yet */

    struct object *objects; /* sorted by name */
    uint32_t object_count, object_cap;
    uint16_t *recent; /* INDEX_RECENT positions in objects that were found lately */
    struct piece *pieces;
    uint32_t piece_cap, piece_used;
    uint32_t piece_ends; /* those that end an object; hardly ever any */
    uint16_t piece_free;
    store_name crowded;  /* object that lies in very many pieces; 0: none is known */
    uint32_t live_bytes; /* sizes of plain objects in all */

    struct sector *sectors;
    uint32_t keep_commit;   /* free sectors that a commit leaves to the collector and recovery */
    uint32_t keep_collect;  /* those that the collector leaves to recovery */
    uint32_t keep_recovery; /* with fewer free ones, records are made durable one by one */
    uint32_t free_sectors;  /* dirty and clean */
    uint32_t clean_sectors;
    uint32_t fixed_sectors; /* data and vault */
    uint32_t vault_sectors;

    /* the log: newest sector, where its valid part ends, and where the next record goes */
    uint32_t head, head_seq, head_seed, log_end, pos;
    uint32_t tail, tail_seq;
    uint32_t next_seq;

    /* record on its way to flash */
    uint32_t out_at; /* address of out[0] */
    uint32_t out_len;
    uint32_t out_total; /* bytes of entries, RESUME included */
    uint32_t out_crc;
    uint8_t out[256 + 16];

    /* the open transaction: entries as they will stand in the record */
    uint8_t *tx;
    uint32_t tx_len, tx_cap;
    struct store_limit limit;
    uint32_t tx_growth;  /* bytes that live_bytes grows by */
    uint32_t tx_objects; /* objects it creates */
    uint32_t tx_secrets; /* entries for secret objects in it */

    /* secrets */
    struct seal seal;
    uint32_t vault;     /* sector that takes new secrets, or FORMAT_NO_SECTOR */
    uint32_t vault_pos; /* offset in it */
    uint32_t secret_version;
    uint8_t root[16];
    uint8_t root_tag[FORMAT_ROOT_MAX]; /* the committed one */
    uint16_t root_home; /* sector with the entry that states the root; FORMAT_NO_SECTOR if none */
    uint32_t counter;   /* the port's, as the image states it; 0: never stated */
    uint32_t counter_left; /* commits until it is raised again */
    bool root_wrong;       /* the secrets are not those that were committed together */

    /* collection */
    bool collecting;      /* the tail sector is being read */
    bool collect_damaged; /* its records do not add up: leave it alone */
    struct walk collect_walk;
    struct record collect_record; /* the record being read, from collect_entry on */
    uint32_t collect_entry;
    store_name split; /* object that a step moved in part: the rest goes the same way */
    struct move batch[BATCH_MAX];
    uint32_t batch_count, batch_len; /* batch_len: bytes of entries it will take */
    bool batch_apart;                /* it goes to a new sector */

    /* large objects */
    uint32_t code;     /* sector that takes the next one, or FORMAT_NO_SECTOR */
    uint32_t code_pos; /* offset in it */
    struct loading loading;
    struct loading second; /* begun when loading was finished, for the same commit */

    /* levelling */
    bool level_due;        /* sectors may have fallen behind, or become half empty */
    bool worn;             /* what is being placed will stay: the most worn sector is right */
    uint32_t level_turned; /* bytes of the log collected to find a place ... */
    uint32_t level_mean;   /* ... while sectors were so worn */
    uint32_t moves;        /* of large objects since power-up */
};

/* index.c */
void store_index_init(struct store *s);
struct object *store_index_find(const struct store *s, store_name name);
uint32_t store_index_lower(const struct store *s, store_name name);  /* first position >= name */
struct object *store_index_insert(struct store *s, store_name name); /* NULL if full */
void store_index_remove(struct store *s, struct object *o);
/* The entry at addr gives bytes to o: newer than all that it has. false: no piece is left, and
 * nothing has changed. */
bool store_index_put(struct store *s, struct object *o, uint32_t addr);
/* The entry at addr ends o at size: bytes beyond are zeros. false: no piece is left. */
bool store_index_cut(struct store *s, struct object *o, uint32_t size, uint32_t addr);
void store_index_clear(struct store *s, struct object *o); /* drop all pieces */
/* Which bytes lie at offset, and how many of them together; at most up to end, which is beyond. */
struct span store_index_span(const struct store *s, const struct object *o, uint32_t offset,
                             uint32_t end);
/* The piece that the entry at addr is, or PIECE_NONE: nothing of it is left. */
uint16_t store_index_piece(const struct store *s, const struct object *o, uint32_t addr);
void store_index_read(const struct store *s, const struct object *o, uint32_t offset, uint8_t *buf,
                      uint32_t len);
uint32_t store_index_pieces(const struct store *s, const struct object *o);
/* So many pieces an object may lie in: finding its bytes takes as long as they are many. */
static inline uint32_t store_index_crowd(const struct object *o) {
    return 64 + o->size / 128;
}
/* Do the bytes of a piece belong into [from, to)? */
bool store_index_within(const struct store *s, uint16_t piece, uint32_t from, uint32_t to);
bool store_index_whole(const struct store *s, const struct object *o); /* no holes */

/* apply.c: one entry of a valid record into the index; home is its sector. */
enum onecard_err store_apply_record(struct store *s, const uint8_t *entries, uint32_t len,
                                    uint32_t home);
void store_apply_forget(struct store *s, struct object *o);

/* stage.c */
struct view {
    bool exists;
    uint32_t size, flags;
};
struct view store_stage_view(const struct store *s, const struct object *o);
void store_stage_overlay(const struct store *s, store_name name, uint32_t offset, uint8_t *buf,
                         uint32_t len);
void store_stage_reset(struct store *s);

/* record.c: programming */
enum onecard_err store_flash_write(struct store *s, uint32_t addr, const void *data, uint32_t len);
/* Zeros over anything; then those that a record, a sector's start and a secret begin with. Refusal
 * is not yet failure. */
enum onecard_err store_flash_write_zeros(struct store *s, uint32_t addr, uint32_t len);
enum onecard_err store_mark_write(struct store *s, uint32_t addr);
enum onecard_err store_flash_sync(struct store *s);
/* The next record, of len bytes of entries in all. There must be room (store_log_room()). */
#define RECORD_SKIPS 4u /* words that may refuse a mark */
enum onecard_err store_record_begin(struct store *s, uint32_t type, uint32_t len);
enum onecard_err store_record_put(struct store *s, const void *data, uint32_t len);
enum onecard_err store_record_entry(struct store *s, store_name name, uint32_t a, uint32_t op,
                                    const void *data, uint32_t len);
/* Seals it. out_entries: where its entries lie in flash (RESUME left out). */
enum onecard_err store_record_end(struct store *s, const uint8_t **out_entries, uint32_t *out_len);

/* sector.c */
void store_sector_free(struct store *s, uint32_t sector); /* nothing in it is live any more */
void store_sector_set(struct store *s, uint32_t sector, enum sector_state state);
enum onecard_err store_sector_erase(struct store *s, uint32_t sector, bool mark);
/* An erased, marked sector; erases one if there is none. FULL if fewer than keep would stay. */
enum onecard_err store_sector_take(struct store *s, uint32_t keep, uint32_t *out_sector);
enum onecard_err store_sector_start(struct store *s, uint32_t sector, const struct start *start);
uint32_t store_sector_least_worn(const struct store *s, enum sector_state state);
uint32_t store_sector_most_worn(const struct store *s, enum sector_state state);
enum onecard_err store_sector_open(struct store *s, uint32_t keep, const struct start *start,
                                   enum sector_state state, uint32_t *out_sector);
/* Walk a sector of the log as far as it counts; false: its header is damaged. */
bool store_log_walk(const struct store *s, uint32_t sector, struct walk *w);
/* Begin a new sector of the log; the one before ends at log_end. */
enum onecard_err store_log_advance(struct store *s, uint32_t keep);
/* Make room for a record of len bytes of entries in the newest sector, collecting if need be. */
enum onecard_err store_log_room(struct store *s, uint32_t len, uint32_t keep);
uint32_t store_log_payload(const struct store *s);
uint32_t store_used(const struct store *s);
uint32_t store_available(const struct store *s); /* bytes that new objects can take */

/* collect.c */
/* One bounded step; *out_scanned: bytes of the oldest sector that it is through with, 0 if there is
 * nothing to collect. */
enum onecard_err store_collect_step(struct store *s, uint32_t *out_scanned);
enum onecard_err store_collect_pieces(struct store *s,
                                      uint32_t need); /* merge until so many are free */
/* Join pieces of the crowded object, if it has so many times more of them than it should. */
enum onecard_err store_collect_crowd(struct store *s, uint32_t times, bool *out_done);

/* large.c */
void store_large_open(struct store *s);                    /* at power-up */
void store_large_vacant(struct store *s, uint32_t sector); /* the last object in it is gone */
void store_large_settle(struct store *s);
/* Take a place for size bytes, to be filled by store_large_fill(). */
bool store_large_shares(const struct store *s, uint32_t size);
enum onecard_err store_large_place(struct store *s, store_name name, uint32_t size, bool shared);
enum onecard_err store_large_fill(struct store *s, const uint8_t *data, uint32_t len);
/* The checksum that was stated for an object; false: the entry is not found. */
bool store_large_stated(const struct store *s, const struct object *o, uint32_t *out_crc);
/* Data of the OP_LARGE entry for what was written; its length. */
uint32_t store_large_entry(const struct store *s, uint8_t data[FORMAT_LARGE_MAX]);
uint32_t store_large_run(const struct store *s, uint32_t size); /* sectors that it takes */
/* A run of that many free sectors, the most worn one; false if there is none. */
bool store_large_find(const struct store *s, uint32_t count, uint32_t *out_first,
                      uint32_t *out_erases);
enum onecard_err store_stage_large(struct store *s, store_name name, const uint8_t *data,
                                   uint32_t len); /* stage.c */

/* counter.c */
/* Does the next commit raise the port's counter? */
bool store_counter_due(struct store *s, bool secrets);
/* The commit that states it is durable. */
enum onecard_err store_counter_raise(struct store *s);
/* At format: the value to state. At power-up: is the image the one that the counter knows? */
enum onecard_err store_counter_format(struct store *s);
enum onecard_err store_counter_open(struct store *s);

/* level.c */
/* One bounded step; false: there is nothing to do. */
bool store_level_step(struct store *s);
/* A command needs the room: forget a move under way. false: there is none. */
bool store_level_yield(struct store *s);
uint32_t store_level_borrows(const struct store *s); /* sectors that such a move holds */

/* vault.c */
enum onecard_err store_vault_put(struct store *s, store_name name, const uint8_t *content,
                                 uint32_t size, uint32_t *out_addr);
/* Make room for so many bytes of areas, before a change. gives_back: a sector will be emptied by
 * it.
 */
enum onecard_err store_vault_room(struct store *s, uint32_t bytes, bool replaces);
enum onecard_err store_vault_get(const struct store *s, const struct object *o, uint8_t *content);
void store_vault_replacing(struct store *s, uint32_t addr); /* before a change */
/* Bytes of areas that must leave their sector when the one at addr is wiped, and, if staged_go, all
 * that the open transaction changes. */
uint32_t store_vault_along(const struct store *s, uint32_t addr, bool staged_go);
/* After replacing: it did not come to that. */
void store_vault_resume(struct store *s);
/* *out_swept: everything that is not live is wiped, and secrets may lie elsewhere. */
enum onecard_err store_vault_wipe(struct store *s, uint32_t addr, uint32_t size, bool *out_swept);
/* Between commands: join sectors that are half empty. */
enum onecard_err store_vault_idle(struct store *s, bool *out_done);
enum onecard_err store_vault_sweep(struct store *s);
enum onecard_err store_vault_vacate(struct store *s, uint32_t sector);
enum onecard_err store_vault_open(struct store *s); /* at power-up: finish what a cut left */
/* Join sectors until so many are free, or no more can be joined. */
enum onecard_err store_vault_tidy(struct store *s, uint32_t keep);
/* Is there a sound area for that name? */
bool store_vault_check(const struct store *s, store_name name, uint32_t size, uint32_t addr);
void store_vault_root_change(struct store *s, uint32_t addr, bool add);
/* Data of an OP_ROOT entry, and its length. */
void store_vault_root_tag(const struct store *s, uint8_t tag[FORMAT_ROOT_MAX]);
uint32_t store_vault_root_size(const struct store *s);
uint32_t store_vault_area_size(const struct store *s, uint32_t size);

#endif
