/* Flash that loses power: a port for the tear machine.
 *
 * It enforces the rules of flash (S3) like the host port, and ends after a given number of program
 * and erase operations, leaving the last one in one of the states in which real flash is found
 * then. From the cut on every operation fails, until the next power-up. It knows nothing of what
 * runs on it, so the same machine tears the store alone and a whole card. */
#ifndef TESTS_TEAR_FLASH_H
#define TESTS_TEAR_FLASH_H

#include "onecard/port.h"

enum tear_mode {
    TEAR_NOT_BEGUN, /* the operation did nothing */
    TEAR_DONE,      /* it was complete, but nobody heard of it */
    TEAR_SOME_BITS, /* some of its bits are done; a sector is half erased */
    TEAR_WEAK,      /* what it touched reads differently from one power-up to the next */
    TEAR_REORDERED, /* a disk: of all writes since the last barrier, any may be missing */
    TEAR_MODES
};
const char *tear_mode_name(enum tear_mode mode);

struct tear_write { /* since the last barrier, for TEAR_REORDERED */
    uint32_t offset, len;
    uint32_t bytes; /* where its old and new bytes lie in the journal */
};

struct tear_flash {
    struct onecard_port port; /* hand this to the store or the card */
    uint32_t size;
    uint8_t *data;     /* what reads see */
    uint8_t *programs; /* per word */
    uint8_t *before;   /* weak bytes: the two contents between which they float; ... */
    uint8_t *after;
    uint32_t weak_from, weak_to; /* ... this range of them */
    uint32_t weak_grain;         /* bytes that float together; 0: each bit alone */
    uint64_t random;

    uint32_t counter; /* the monotonic one; hand it out by tear_flash_count() */

    uint64_t operations; /* since the beginning */
    uint64_t cut_at;     /* operation that the power fails in; UINT64_MAX for none */
    enum tear_mode mode;
    bool off;           /* the power has failed */
    bool journalled;    /* keep what TEAR_REORDERED needs (slower) */
    char violation[96]; /* a rule of flash was broken; empty if not */

    struct tear_write *writes;
    uint32_t write_count, write_cap;
    uint8_t *journal;
    uint32_t journal_len, journal_cap;
};

void tear_flash_init(struct tear_flash *t, const struct onecard_flash *geometry, uint64_t seed);
void tear_flash_free(struct tear_flash *t);

/* Give the port a monotonic counter. Raising it is an operation, too. */
void tear_flash_count(struct tear_flash *t, uint32_t interval);

/* The power fails in the operation that is so many operations ahead (0: the next one). */
void tear_flash_cut(struct tear_flash *t, uint64_t ahead, enum tear_mode mode);

/* Power comes back: weak words read anew, no cut is planned. */
void tear_flash_power_up(struct tear_flash *t);

/* The whole flash, to try many cuts of one command: to holds size bytes contents, then counts. */
size_t tear_flash_snapshot_size(const struct tear_flash *t);
void tear_flash_save(const struct tear_flash *t, uint8_t *to);
void tear_flash_restore(struct tear_flash *t, const uint8_t *from);

#endif
