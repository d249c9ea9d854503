/* What the programs that measure the store share: a store on a chip in memory or in a file, half of
 * it filled with files that nobody touches. */
#ifndef BENCH_STORE_H
#define BENCH_STORE_H

#include "onecard/host.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench {
    struct onecard_host *host;
    struct onecard_port *port;
    void *memory;
    size_t size;
    struct store *s;
    struct onecard_host_counters before;
    double start;
};

static inline void must(enum onecard_err err, const char *what) {
    if (err) {
        fprintf(stderr, "store: %s: %s\n", what, onecard_err_text(err));
        exit(1);
    }
}

static inline void open_store(struct bench *b) {
    struct arena arena;
    arena_init(&arena, b->memory, b->size);
    must(store_open(b->port, &arena, &b->s), "open");
}

static inline void begin_with(struct bench *b, uint32_t sectors, const char *path,
                              uint32_t objects) {
    struct onecard_host_options options = {.sector_count = sectors};
    char message[200] = "";
    struct arena arena;
    enum onecard_err err =
        path ? onecard_host_create(path, true, &options, &b->host, message, sizeof message)
             : onecard_host_memory(&options, &b->host, message, sizeof message);
    must(err, message);
    b->port = onecard_host_port(b->host);
    b->port->store_objects = objects;
    b->size = store_memory_size(b->port) + 16;
    b->memory = calloc(1, b->size);
    arena_init(&arena, b->memory, b->size);
    must(store_format(b->port, &arena), "format");
    open_store(b);
}

static inline void begin(struct bench *b, uint32_t sectors, const char *path) {
    begin_with(b, sectors, path, 0);
}

static inline void end(struct bench *b) {
    free(b->memory);
    onecard_host_close(b->host);
}

/* Files of 1 KiB until so many percent of the chip are live. */
static inline void fill(struct bench *b, uint32_t percent) {
    static uint8_t data[1024];
    struct store_info info;
    for (uint32_t i = 0;; i++) {
        store_info(b->s, &info);
        if ((uint64_t)info.bytes_live * 100 >= (uint64_t)info.bytes_total * percent)
            return;
        memset(data, (int)i, sizeof data);
        must(store_create(b->s, STORE_NAME(9, 0, i), sizeof data, STORE_PLAIN), "fill");
        must(store_write(b->s, STORE_NAME(9, 0, i), 0, data, sizeof data), "fill");
        must(store_commit(b->s), "fill");
        while (store_idle(b->s))
            ;
    }
}

static uint32_t random_state = 1;
static inline uint32_t below(uint32_t n) {
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)random_state * n >> 32);
}

#endif
