/* A bump allocator over memory that somebody else owns. Nothing is freed one by one: take a mark
 * and return to it. The card's only way to get memory after the port gave it (no malloc). */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#define ARENA_ALIGN 8u

struct arena {
    uint8_t *base; /* ARENA_ALIGN-aligned */
    size_t size;
    size_t used;
};

static inline void arena_init(struct arena *a, void *memory, size_t size) {
    size_t skew = (size_t)(-(uintptr_t)memory & (ARENA_ALIGN - 1));
    a->base = (uint8_t *)memory + (skew <= size ? skew : 0);
    a->size = skew <= size ? size - skew : 0;
    a->used = 0;
}

/* size bytes, ARENA_ALIGN-aligned, not cleared; NULL if there is no room. */
static inline void *arena_alloc(struct arena *a, size_t size) {
    if (size > a->size - a->used)
        return NULL;
    void *p = a->base + a->used;
    size_t step = (size + (ARENA_ALIGN - 1)) & ~(size_t)(ARENA_ALIGN - 1);
    a->used = step < a->size - a->used ? a->used + step : a->size;
    return p;
}

#endif
