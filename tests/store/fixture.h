/* A store on flash in memory, for the tests of this folder. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "onecard/host.h"
#include "store/store.h"

struct bench {
    struct onecard_host *host;
    struct onecard_port *port;
    void *memory;
    size_t size;
    struct store *s;
};

static inline struct arena bench_arena(struct bench *b) {
    struct arena arena;
    arena_init(&arena, b->memory, b->size);
    return arena;
}

static inline void power_up(struct bench *b) {
    struct arena arena = bench_arena(b);
    assert_int_equal(store_open(b->port, &arena, &b->s), ONECARD_OK);
}

static inline void set_up(struct bench *b, const struct onecard_host_options *options) {
    char message[200] = "";
    assert_int_equal(onecard_host_memory(options, &b->host, message, sizeof message), ONECARD_OK);
    b->port = onecard_host_port(b->host);
    b->size = store_memory_size(b->port) + 64;
    b->memory = malloc(b->size);
    struct arena arena = bench_arena(b);
    assert_int_equal(store_format(b->port, &arena), ONECARD_OK);
    power_up(b);
}

static inline void tear_down(struct bench *b) {
    free(b->memory);
    onecard_host_close(b->host);
}

/* The flash as an attacker or a failing cell sees it. */
static inline uint8_t *bench_flash(struct bench *b) {
    return (uint8_t *)(uintptr_t)b->port->flash.base;
}

static inline uint32_t bench_flash_size(const struct bench *b) {
    return b->port->flash.sector_size * b->port->flash.sector_count;
}

/* Does the flash hold these bytes anywhere? The offset, or UINT32_MAX. */
static inline uint32_t bench_find(struct bench *b, const void *bytes, uint32_t len) {
    for (uint32_t i = 0; i + len <= bench_flash_size(b); i++)
        if (memcmp(bench_flash(b) + i, bytes, len) == 0)
            return i;
    return UINT32_MAX;
}

#endif
