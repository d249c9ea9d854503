/* The bytes of the store on flash. docs/store.md is the specification; this is its code: constants,
 * the shapes of sector header, record and entry, and a walker over the records of a sector. Nothing
 * here writes, so the inspector and the store proper share it. */
#ifndef STORE_FORMAT_H
#define STORE_FORMAT_H

#include "store/store.h"
#include "base/bytes.h"

#include <string.h>

/* What the code needs to know of the flash. */
struct geometry {
    const uint8_t *base;
    uint32_t sector_size;
    uint32_t sector_count;
    uint32_t word; /* word_size of the port */
    uint32_t unit; /* alignment of all that the store writes: the word, at least 4 */
    uint32_t programs_per_word;
    uint32_t chunk; /* most bytes of one program; a power of two, at most 256 */
    uint32_t first; /* where records begin in a sector */
    uint64_t salt;  /* from the device key; goes into every checksum */
};

#define FORMAT_MARK_SIZE 16u
#define FORMAT_START_AT FORMAT_MARK_SIZE
#define FORMAT_START_SIZE 24u
#define FORMAT_ENTRY_SIZE 8u /* entry without its data */
#define FORMAT_HEAD_SIZE 4u  /* length and type of a record */
#define FORMAT_CRC_SIZE 4u
#define FORMAT_NO_SECTOR 0xFFFFu
/* Data of an OP_LARGE entry; a byte more for each sector if it has several of its own. */
#define FORMAT_LARGE_SIZE 16u
#define FORMAT_LARGE_MAX (FORMAT_LARGE_SIZE + 65u)
#define FORMAT_ROOT_MAX 12u      /* data of an OP_ROOT entry: tag, and counter if it is used */
#define FORMAT_AREA_OVERHEAD 20u /* version and tag before a secret's bytes */

/* "1crd": what a sector begins with once it has been erased completely. */
#define FORMAT_MARK_MAGIC 0x64726331u
#define FORMAT_VERSION 1u

enum start_kind { START_LOG = 0x10, START_VAULT = 0x20, START_CODE = 0x30 };

struct mark {
    uint32_t erases;
    uint32_t sector_size, sector_count, word;
};

/* Written when an erased sector is taken into use. */
struct start {
    uint32_t seq;      /* order of the log's sectors */
    uint32_t prev;     /* sector before it in the log, FORMAT_NO_SECTOR for none */
    uint32_t prev_end; /* where the valid log ends there */
    uint32_t tail;     /* seq of the oldest sector of the log when this was written */
    uint32_t kind;     /* enum start_kind */
    bool sealed;
};

enum record_type { RECORD_COMMIT = 1, RECORD_MOVE = 2, RECORD_RECOVERY = 3 };

enum entry_op {
    OP_WRITE = 1,        /* a: offset; data: bytes */
    OP_STATE = 2,        /* a: flags; data: the whole content; replaces the object */
    OP_CREATE = 3,       /* a: flags; data: size, 4 bytes; a new object, all zero */
    OP_META = 4,         /* a: flags; data: size; restates an object without its bytes */
    OP_RESIZE = 5,       /* data: size */
    OP_DELETE = 6,       /* */
    OP_DELETE_OWNER = 7, /* name: any of the owner */
    OP_LARGE = 8,   /* data: address, size, CRC, wear; sectors of its own: how far each is behind */
    OP_AREA = 9,    /* a: size; data: address in a vault sector */
    OP_ROOT = 10,   /* data: 8 bytes that bind all secrets, and the counter's value if any */
    OP_TAIL = 11,   /* name: seq of the oldest sector of the log from now on */
    OP_RESUME = 12, /* name: where the valid log ends before this record */
};

struct entry {
    store_name name;
    uint32_t a;
    uint32_t op;
    uint32_t len;
    const uint8_t *data;
};

struct record {
    uint32_t pos;  /* offset in the sector */
    uint32_t next; /* where the next one would begin */
    uint32_t type;
    uint32_t len; /* bytes of entries */
    const uint8_t *entries;
};

static inline uint32_t align_up(uint32_t v, uint32_t to) {
    return (v + to - 1) & ~(to - 1);
}

static inline bool format_is_large(const struct entry *e) {
    return e->op == OP_LARGE && e->len >= FORMAT_LARGE_SIZE && e->len <= FORMAT_LARGE_MAX;
}

static inline uint32_t min_u32(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ONECARD_E_PARAM for a geometry that the store cannot work with. */
enum onecard_err store_format_geometry(struct geometry *g, const struct onecard_port *port);

static inline const uint8_t *format_sector(const struct geometry *g, uint32_t sector) {
    return g->base + (size_t)sector * g->sector_size;
}

/* CRC-32 (IEEE 802.3, reflected); begin with ~0 or a seed, the caller inverts at the end. */
uint32_t store_crc32_update(uint32_t crc, const void *data, size_t len);

/* Is all of it erased? */
bool store_format_blank(const uint8_t *p, uint32_t len);

/* ---- sector header ---- */
bool store_format_mark_read(const struct geometry *g, uint32_t sector, struct mark *out);
void store_format_mark_write(const struct geometry *g, uint32_t erases,
                             uint8_t out[FORMAT_MARK_SIZE]);
bool store_format_start_read(const struct geometry *g, uint32_t sector, struct start *out);
void store_format_start_write(const struct start *start, uint8_t out[FORMAT_START_SIZE]);
uint32_t store_format_start_seal(const struct geometry *g, uint32_t seq, uint32_t crc);

/* ---- records ---- */

/* Mixed into the checksum of each record of a sector, so that bytes from another time, card or
 * place are no records (and an applet cannot forge any). */
uint32_t store_format_seed(const struct geometry *g, uint32_t seq);

static inline uint32_t format_record_size(const struct geometry *g, uint32_t len) {
    return g->unit + align_up(FORMAT_HEAD_SIZE + len + FORMAT_CRC_SIZE, g->unit) + g->unit;
}

uint32_t store_format_head(uint32_t len, uint32_t type);
uint32_t store_format_record_seal(uint32_t seed, uint32_t pos, uint32_t crc);

/* Shape only: is there a record's head at pos that fits before end? */
bool store_format_record_parse(const struct geometry *g, const uint8_t *sector, uint32_t pos,
                               uint32_t end, struct record *out);
bool store_format_record_sealed(const struct geometry *g, const uint8_t *sector, uint32_t seed,
                                const struct record *r);
bool store_format_record_intact(const struct geometry *g, const uint8_t *sector, uint32_t seed,
                                const struct record *r);

/* The entry at *offset in a record; false at the end or if it does not fit. */
bool store_format_entry_next(const uint8_t *entries, uint32_t len, uint32_t *offset,
                             struct entry *out);
void store_format_entry_write(uint8_t out[FORMAT_ENTRY_SIZE], store_name name, uint32_t a,
                              uint32_t op, uint32_t len);

/* ---- walking a sector ---- */
struct walk {
    const struct geometry *g;
    const uint8_t *sector;
    uint32_t seed;
    uint32_t pos;  /* where the valid log ends so far */
    uint32_t last; /* where the record before pos began; pos if there is none */
    uint32_t end;  /* stated by the next sector's header; or the sector's size */
    bool open_end; /* end is not stated: this is the newest sector */
    bool check;    /* verify the checksum of every record */
};

void store_walk_begin(struct walk *w, const struct geometry *g, uint32_t sector, uint32_t seq,
                      uint32_t end);

/* The next valid record. false: the valid log ends at w->pos (short of a stated end: damage). */
bool store_walk_next(struct walk *w, struct record *out);

/* At the open end: a record whose bits are all there though its seal is not (in doubt). */
bool store_walk_doubtful(const struct walk *w, struct record *out);

/* Where a recovery may write if everything from last on is blank. */
uint32_t store_walk_behind(const struct geometry *g, uint32_t last);

#endif
