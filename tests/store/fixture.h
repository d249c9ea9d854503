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

/* A port whose power fails after so many operations of the flash. */
struct failing {
    struct onecard_port port;
    const struct onecard_port *real;
    uint32_t operations;
};

static inline enum onecard_err failing_program(void *ctx, uint32_t offset, const void *data,
                                               uint32_t len) {
    struct failing *f = ctx;
    if (f->operations == 0)
        return ONECARD_E_IO;
    f->operations--;
    return f->real->flash_program(f->real->ctx, offset, data, len);
}

static inline enum onecard_err failing_erase(void *ctx, uint32_t sector) {
    struct failing *f = ctx;
    if (f->operations == 0)
        return ONECARD_E_IO;
    f->operations--;
    return f->real->flash_erase(f->real->ctx, sector);
}

static inline enum onecard_err failing_barrier(void *ctx) {
    struct failing *f = ctx;
    return f->real->flash_barrier(f->real->ctx);
}

static inline enum onecard_err failing_key(void *ctx, uint8_t key[ONECARD_DEVICE_KEY_SIZE]) {
    struct failing *f = ctx;
    return f->real->device_key(f->real->ctx, key);
}

static inline void failing_port(struct bench *b, struct failing *f) {
    *f = (struct failing){.port = *b->port, .real = b->port};
    f->port.ctx = f;
    f->port.flash_program = failing_program;
    f->port.flash_erase = failing_erase;
    f->port.flash_barrier = failing_barrier;
    f->port.device_key = failing_key;
}

/* Power up without a cut; then so many operations are left. */
static inline void failing_power_up(struct bench *b, struct failing *f, uint32_t operations) {
    struct arena arena = bench_arena(b);
    f->operations = UINT32_MAX;
    assert_int_equal(store_open(&f->port, &arena, &b->s), ONECARD_OK);
    f->operations = operations;
}

#endif
