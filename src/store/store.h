/* Named objects in flash, with transactions that survive a power cut at every flash operation.
 *
 * An object is a name and up to 64 KiB of bytes. Small objects change by transactions: everything
 * staged between two commits becomes durable at once or not at all (S1). Large objects (code) are
 * written once, contiguously, and run in place (S5). docs/store.md has the format to the byte.
 *
 * There is always an open transaction: the first staged change begins it, store_commit() makes it
 * durable, store_abort() forgets it. Reads see staged changes. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "onecard/port.h"
#include "base/arena.h"

/* A name: owner context in the upper half (F2; 0 is the card itself), then kind and number.
 * The store gives the parts no meaning but two: objects are listed by owner, and deleted by owner.
 */
typedef uint32_t store_name;
#define STORE_NAME(owner, kind, number)                                                            \
    ((store_name)(owner) << 20 | (store_name)(kind) << 16 | (store_name)(number))
#define STORE_OWNER(name) ((uint32_t)(name) >> 20)         /* 0 to 4095 */
#define STORE_KIND(name) (((uint32_t)(name) >> 16) & 0xFu) /* 0 to 15 */
#define STORE_NUMBER(name) ((uint32_t)(name)&0xFFFFu)      /* 0 to 65535 */

#define STORE_SIZE_MAX 65536u /* bytes of one object */

/* How an object rests in flash. Fixed at creation. */
enum store_flags {
    STORE_PLAIN = 0,
    STORE_SECRET = 1, /* encrypted and authenticated under the device key (S6), and overwritten at
                         once when changed or deleted (F7); at most 512 bytes */
};

struct store;

/* Bytes of arena that store_open() takes for this port. */
size_t store_memory_size(const struct onecard_port *port);

/* Erase everything and write an empty store. Uses arena memory only during the call. */
enum onecard_err store_format(const struct onecard_port *port, struct arena *arena);

/* Find the state that was committed last, finish what a power cut left, and be ready (S1).
 * ONECARD_E_FOREIGN: no store there. ONECARD_E_CORRUPT: damaged beyond what a power cut does. */
enum onecard_err store_open(const struct onecard_port *port, struct arena *arena,
                            struct store **out_store);

/* ---- reading: committed state with the open transaction's changes on top ---- */

/* Size in bytes of an object. ONECARD_E_NOT_FOUND. */
enum onecard_err store_size(const struct store *s, store_name name, uint32_t *out_size);

/* Copy len bytes from offset. ONECARD_E_NOT_FOUND; ONECARD_E_RANGE (nothing is copied);
 * ONECARD_E_CORRUPT (a secret object fails its authentication). */
enum onecard_err store_read(const struct store *s, store_name name, uint32_t offset, void *buf,
                            uint32_t len);

/* Pointer to the whole content if it lies in one piece in flash, unchanged by the open
 * transaction; else NULL. Valid until the next commit, abort or idle step. Large objects stay where
 * they are until they are deleted, or store_idle() moves one: then store_moves() counts. */
const uint8_t *store_map(const struct store *s, store_name name, uint32_t *out_size);

/* The first object with a name >= from, in order of names. ONECARD_E_NOT_FOUND at the end. */
enum onecard_err store_next(const struct store *s, store_name from, store_name *out_name);

/* ---- staging changes ---- */

/* A new object of size bytes, all zero. ONECARD_E_EXISTS, ONECARD_E_FULL, ONECARD_E_TOO_BIG. */
enum onecard_err store_create(struct store *s, store_name name, uint32_t size,
                              enum store_flags flags);

/* Change len bytes at offset. ONECARD_E_NOT_FOUND, ONECARD_E_RANGE, ONECARD_E_TOO_BIG (the
 * transaction would exceed its capacity), ONECARD_E_FULL. Nothing is staged on an error. */
enum onecard_err store_write(struct store *s, store_name name, uint32_t offset, const void *data,
                             uint32_t len);

/* Change the size; new bytes are zero. Not for secret or large objects. */
enum onecard_err store_resize(struct store *s, store_name name, uint32_t size);

/* Delete one object, or all of an owner. ONECARD_E_NOT_FOUND (store_delete only). Always possible,
 * on a full card too. */
enum onecard_err store_delete(struct store *s, store_name name);
enum onecard_err store_delete_owner(struct store *s, uint32_t owner);

/* ---- limits of one owner (F8) ---- */

#define STORE_KIND_COUNTED 4u /* kinds below are the card manager's own: no limit counts them */
#define STORE_OBJECT_COST 28u /* bytes that an object takes besides its content, about */
#define STORE_NO_LIMIT UINT32_MAX

/* What an owner has, staged changes included. */
struct store_usage {
    uint32_t bytes; /* contents, and STORE_OBJECT_COST for each object */
    uint32_t objects;
};
struct store_usage store_usage(const struct store *s, uint32_t owner);

/* The most that one owner may come to have, and that anybody may stage; each may be STORE_NO_LIMIT.
 * What would exceed it is refused: FULL by store_create() and store_resize(), TOO_BIG by whatever
 * stages. Deleting is always possible. */
struct store_limit {
    uint32_t owner;
    uint32_t bytes;
    uint32_t objects;
    uint32_t transaction; /* bytes of the open transaction, as store_staged() counts them */
};

/* Put a limit in force, and give back the one that was; NULL: none. There is one at a time. */
struct store_limit store_limit(struct store *s, const struct store_limit *limit);

/* Bytes that the open transaction has staged. */
uint32_t store_staged(const struct store *s);

/* Bytes that the open transaction can still stage (with the overhead of one more write off). */
uint32_t store_room(const struct store *s);

/* Is anything staged? */
bool store_dirty(const struct store *s);

/* Make everything staged durable, with one barrier. On ONECARD_E_FULL nothing changed and the
 * transaction is gone; on ONECARD_E_IO the card must be powered up again. */
enum onecard_err store_commit(struct store *s);

/* Forget everything staged. */
void store_abort(struct store *s);

/* ---- outside the transaction ---- */

/* Change len bytes of an object durably now, whatever becomes of the open transaction: for try
 * counters (F5). The object must not be created, resized or deleted by the open transaction; if
 * the transaction staged other bytes of it, they stay staged. */
enum onecard_err store_write_now(struct store *s, store_name name, uint32_t offset,
                                 const void *data, uint32_t len);

/* ---- large objects: contiguous, written once ---- */

/* Reserve room for an object of size bytes, to be filled in order by store_large_append(). One at
 * a time, and two in a transaction: the second once the first is finished. A power cut or
 * store_large_abandon() gives the room back. ONECARD_E_FULL, ONECARD_E_EXISTS, ONECARD_E_STATE (one
 * is being written, or two are finished). May erase and move other objects. */
enum onecard_err store_large_begin(struct store *s, store_name name, uint32_t size);

/* ONECARD_E_RANGE beyond the reserved size. */
enum onecard_err store_large_append(struct store *s, const void *data, uint32_t len);

/* What has been appended so far, readable in place: whole words of flash, and everything once the
 * reserved size is reached or after store_large_finish(). NULL if none is being written. */
const uint8_t *store_large_data(const struct store *s, uint32_t *out_len);

/* The bytes behind those, which do not fill a word of flash yet; out_len may be 0. They are the
 * store's and move with the next append. NULL if none is being written. */
const uint8_t *store_large_tail(const struct store *s, uint32_t *out_len);

/* Its content is complete (it may be shorter than reserved): stage its creation in the open
 * transaction. An abort gives the room back. */
enum onecard_err store_large_finish(struct store *s);

/* Forget what is being written. What was finished in the open transaction goes with it, and all
 * else that is staged. */
void store_large_abandon(struct store *s);

/* ---- between commands ---- */

/* One bounded step of collection or erasing. true if there is more to do. */
bool store_idle(struct store *s);

/* How many large objects store_idle() has given another place since store_open(): a caller who
 * keeps pointers from store_map() fetches them anew when this has changed. */
uint32_t store_moves(const struct store *s);

/* For tools and limits. */
struct store_info {
    uint32_t objects;     /* live objects */
    uint32_t bytes_total; /* of flash */
    uint32_t bytes_live;  /* that live objects occupy, overhead included */
    uint32_t bytes_free;  /* that new objects could take after full collection */
};
void store_info(const struct store *s, struct store_info *out_info);

#endif
