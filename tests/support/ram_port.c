#include "support/ram_port.h"

#include <stdlib.h>
#include <string.h>

#define SECTOR 4096u

static enum onecard_err program(void *ctx, uint32_t offset, const void *data, uint32_t len) {
    struct ram_port *p = ctx;
    const uint8_t *from = data;
    for (uint32_t i = 0; i < len; i++)
        p->flash[offset + i] &= from[i];
    return ONECARD_OK;
}

static enum onecard_err erase(void *ctx, uint32_t sector) {
    struct ram_port *p = ctx;
    memset(p->flash + sector * SECTOR, 0xFF, SECTOR);
    return ONECARD_OK;
}

static enum onecard_err barrier(void *ctx) {
    (void)ctx;
    return ONECARD_OK;
}

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    struct ram_port *p = ctx;
    uint8_t *out = buf;
    for (size_t i = 0; i < len; i++) {
        p->random = p->random * 6364136223846793005u + 1442695040888963407u;
        out[i] = (uint8_t)(p->random >> 56);
    }
    return ONECARD_OK;
}

static enum onecard_err device_key(void *ctx, uint8_t key[ONECARD_DEVICE_KEY_SIZE]) {
    (void)ctx;
    memset(key, 0x5A, ONECARD_DEVICE_KEY_SIZE);
    return ONECARD_OK;
}

void ram_port_open(struct ram_port *p) {
    memset(p, 0, sizeof *p);
    p->flash = malloc(RAM_PORT_SIZE);
    p->snapshot = malloc(RAM_PORT_SIZE);
    if (!p->flash || !p->snapshot)
        abort();
    memset(p->flash, 0xFF, RAM_PORT_SIZE);
    p->random = 1;
    p->port = (struct onecard_port){
        .ctx = p,
        .flash = {.sector_size = SECTOR,
                  .sector_count = RAM_PORT_SIZE / SECTOR,
                  .word_size = 4,
                  .program_max = 256,
                  .programs_per_word = 2,
                  .base = p->flash},
        .flash_program = program,
        .flash_erase = erase,
        .flash_barrier = barrier,
        .entropy = entropy,
        .device_key = device_key,
        .command_max = 4096,
        .response_max = 4096,
        .pool_size = 64 * 1024,
        .fuel_per_command = 200000,
    };
}

void ram_port_keep(struct ram_port *p) {
    memcpy(p->snapshot, p->flash, RAM_PORT_SIZE);
}

void ram_port_restore(struct ram_port *p) {
    memcpy(p->flash, p->snapshot, RAM_PORT_SIZE);
    p->random = 1;
}
