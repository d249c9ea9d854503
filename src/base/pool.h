/* The pool that applet memories, instances and working space come from: blocks taken and given
 * back in any order, from one area whose size the port states. First fit; blocks carry a header. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool {
    uint8_t *base; /* 8-byte aligned */
    uint32_t size; /* bytes */
};

void pool_init(struct pool *p, void *base, uint32_t size);

/* size bytes, 8-byte aligned, contents undefined; NULL if no gap is large enough. */
void *pool_take(struct pool *p, uint32_t size);

/* Give back what pool_take() gave, wiped first. NULL is allowed. */
void pool_give(struct pool *p, void *block);

/* Bytes of the largest block that pool_take() would give now. */
uint32_t pool_largest(const struct pool *p);

#endif
