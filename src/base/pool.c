#include "base/pool.h"

#include "base/bytes.h"

/* Blocks follow each other without gaps; each begins with its size (header included). */
struct block {
    uint32_t size;
    uint32_t used;
};

#define ALIGN 8u

static struct block *block_at(const struct pool *p, uint32_t offset) {
    return (struct block *)(void *)(p->base + offset);
}

void pool_init(struct pool *p, void *base, uint32_t size) {
    p->base = base;
    p->size = size & ~(ALIGN - 1);
    if (p->size >= sizeof(struct block)) {
        block_at(p, 0)->size = p->size;
        block_at(p, 0)->used = 0;
    } else {
        p->size = 0;
    }
}

/* Free neighbours become one block, so that what was given back can be taken again in any size. */
static void join_next(const struct pool *p, uint32_t offset) {
    struct block *b = block_at(p, offset);
    while (offset + b->size < p->size && !block_at(p, offset + b->size)->used)
        b->size += block_at(p, offset + b->size)->size;
}

void *pool_take(struct pool *p, uint32_t size) {
    if (size > p->size)
        return NULL;
    uint32_t need = (size + (uint32_t)sizeof(struct block) + (ALIGN - 1)) & ~(ALIGN - 1);
    for (uint32_t at = 0; at < p->size; at += block_at(p, at)->size) {
        struct block *b = block_at(p, at);
        if (b->used)
            continue;
        join_next(p, at);
        if (b->size < need)
            continue;
        if (b->size - need > sizeof(struct block)) {
            struct block *rest = block_at(p, at + need);
            rest->size = b->size - need;
            rest->used = 0;
            b->size = need;
        }
        b->used = 1;
        return b + 1;
    }
    return NULL;
}

void pool_give(struct pool *p, void *block) {
    if (!block)
        return;
    struct block *b = (struct block *)block - 1;
    bytes_wipe(block, b->size - sizeof *b);
    b->used = 0;
    join_next(p, (uint32_t)((uint8_t *)b - p->base));
}

uint32_t pool_largest(const struct pool *p) {
    uint32_t largest = 0;
    for (uint32_t at = 0; at < p->size; at += block_at(p, at)->size) {
        if (block_at(p, at)->used)
            continue;
        join_next(p, at);
        uint32_t room = block_at(p, at)->size - (uint32_t)sizeof(struct block);
        if (room > largest)
            largest = room;
    }
    return largest;
}
