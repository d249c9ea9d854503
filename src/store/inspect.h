/* Looking at a store without changing it: for `onecard show` and `onecard check`. Nothing here ever
 * programs or erases, so a port that was opened for reading only will do. No content is reported.
 */
#ifndef STORE_INSPECT_H
#define STORE_INSPECT_H

#include "store/store.h"

/* Open for looking: the state that the next power-up would find, without making it durable. Every
 * change fails with ONECARD_E_STATE. Errors and memory as for store_open(). */
enum onecard_err store_look(const struct onecard_port *port, struct arena *arena,
                            struct store **out_store);

/* ---- what is there ---- */

enum store_rest { STORE_REST_PLAIN, STORE_REST_SECRET, STORE_REST_LARGE };

struct store_object_info {
    store_name name;
    uint32_t size;
    enum store_rest rest;
    uint32_t pieces;  /* entries of the log that hold bytes of it */
    uint32_t address; /* of its first byte; 0 if that is zero and nowhere */
};

/* The first object with a name >= from. ONECARD_E_NOT_FOUND at the end. */
enum onecard_err store_inspect_object(const struct store *s, store_name from,
                                      struct store_object_info *out_info);

enum store_sector_use {
    STORE_SECTOR_DIRTY, /* free, to be erased */
    STORE_SECTOR_CLEAN, /* free and erased */
    STORE_SECTOR_LOG,   /* transactions */
    STORE_SECTOR_DATA,  /* large objects */
    STORE_SECTOR_VAULT, /* secrets */
};
const char *store_sector_use_text(enum store_sector_use use);

struct store_sector_info {
    enum store_sector_use use;
    uint32_t erases;   /* as far as the store knows */
    uint32_t sequence; /* of a log sector: its place in time; else 0 */
    uint32_t objects;  /* large objects or secrets that lie in it */
};
/* ONECARD_E_RANGE beyond the last sector. */
enum onecard_err store_inspect_sector(const struct store *s, uint32_t sector,
                                      struct store_sector_info *out_info);

struct store_record_info {
    uint32_t sector, offset;
    uint32_t bytes;       /* in flash */
    const char *type;     /* "commit", "move", "recovery" */
    uint32_t entries;     /* how many things it says */
    store_name first;     /* what the first of them is about */
    const char *first_op; /* "write", "create", ... */
};
/* The newest records of the log, at most max of them, oldest first. Returns how many. */
uint32_t store_inspect_records(const struct store *s, struct store_record_info *out, uint32_t max);

/* ---- is it sound? ---- */

enum store_finding_kind {
    STORE_FOUND_NO_STORE,  /* no sector header anywhere */
    STORE_FOUND_GEOMETRY,  /* the headers speak of another flash geometry */
    STORE_FOUND_OTHER_KEY, /* written under another device key */
    STORE_FOUND_CHAIN,     /* a sector of the log is missing or unreadable */
    STORE_FOUND_BREAK,     /* a sector's records end before the log went on elsewhere */
    STORE_FOUND_RECORD,    /* a record's checksum does not match */
    STORE_FOUND_OBJECT,    /* an object cannot be put together */
    STORE_FOUND_LARGE,     /* a large object's checksum does not match */
    STORE_FOUND_SECRET,    /* a secret was changed, moved or replaced */
    STORE_FOUND_SECRETS,   /* the secrets are not the set that was committed last */
    STORE_FOUND_TOO_BIG,   /* more objects than this port has memory for */
    STORE_FOUND_CUT,       /* not damage: a power cut left something to be finished */
};

struct store_finding {
    enum store_finding_kind kind;
    uint32_t sector, offset; /* where in flash */
    store_name name;         /* of the object concerned, 0 if none */
};
const char *store_finding_text(enum store_finding_kind kind);
bool store_finding_is_damage(enum store_finding_kind kind);

/* Verify everything: headers, every record's checksum, large objects, secrets. found is called for
 * each finding. Returns how many were damage; arena memory is given back. */
uint32_t store_check(const struct onecard_port *port, struct arena *arena,
                     void (*found)(void *ctx, const struct store_finding *finding), void *ctx);

#endif
