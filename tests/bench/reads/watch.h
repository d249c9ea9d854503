/* Counts what instrumented code reads of a stretch of memory. */
#ifndef READS_WATCH_H
#define READS_WATCH_H

#include <stddef.h>
#include <stdint.h>

struct reads {
    uint64_t count; /* loads; a copy or a comparison is one */
    uint64_t bytes;
};

/* From now on, reads of this memory count. */
void watch_begin(const void *base, size_t size);

/* What was read since the last call. */
struct reads watch_take(void);

#endif
