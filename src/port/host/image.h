/* Inside the host port: one simulated flash, in an image file or in memory.
 *
 * An image file is a header page, the flash contents, an erase counter per sector and a program
 * counter per word; docs/image.md has it to the byte. The whole file is mapped, so that a program
 * operation is in the kernel's hands when it returns: kill -9 loses nothing. */
#ifndef PORT_HOST_IMAGE_H
#define PORT_HOST_IMAGE_H

#include "onecard/host.h"

#include "mbedtls/aes.h"

#define IMAGE_MAGIC "onecard image\n\x1a" /* 16 bytes with its terminating zero */
#define IMAGE_VERSION 1u
#define IMAGE_HEADER_SIZE 4096u

/* Offsets in the header page; all numbers are little-endian. */
enum image_header_offset {
    IMAGE_AT_VERSION = 16,
    IMAGE_AT_HEADER_SIZE = 20,
    IMAGE_AT_SECTOR_SIZE = 24,
    IMAGE_AT_SECTOR_COUNT = 28,
    IMAGE_AT_WORD_SIZE = 32,
    IMAGE_AT_PROGRAM_MAX = 36,
    IMAGE_AT_PROGRAMS_PER_WORD = 40,
    IMAGE_AT_CRC = 44, /* CRC-32 of the bytes before it */
    IMAGE_AT_SERIAL = 48,
    IMAGE_AT_PROGRAMS = 64,
    IMAGE_AT_PROGRAM_BYTES = 72,
    IMAGE_AT_ERASES = 80,
};

struct onecard_host {
    struct onecard_port port;
    uint8_t *flash;          /* port.flash.base, for writing; NULL-free even when read_only */
    uint32_t *sector_erases; /* one per sector */
    uint8_t *word_programs;  /* one per word, since its last erase; stops at 255 */
    uint32_t word_shift;     /* log2 of port.flash.word_size */
    uint64_t *totals;        /* programs, program bytes, erases */
    uint64_t memory_totals[3];
    uint8_t *map; /* the mapped file, or the counters of a flash in memory; NULL for a clone */
    size_t map_size;
    size_t flash_map_size; /* of a flash in memory, a clone's counters included; 0 for a file */
    void (*trace)(void *ctx, enum onecard_trace_kind kind, const char *text);
    void *trace_ctx;
    char *screen_file, *sensor_file; /* copies; NULL: none */
    int fd;                          /* the image file; -1 for a flash in memory */
    int counter_fd;                  /* the monotonic counter's file; -1: none */
    uint32_t counter;
    bool read_only;
    bool no_sync;
    bool development_key;
    uint8_t device_key[ONECARD_DEVICE_KEY_SIZE];
    bool seeded; /* entropy comes from the seed: AES-256-CTR under SHA-256(seed), from block 0 */
    uint8_t seed_serial[ONECARD_SERIAL_SIZE];
    mbedtls_aes_context random_key;
    uint64_t random_block;
    uint8_t random_pool[16];
    size_t random_left;
};

/* Say in message what was wrong; returns err, so that it can end a function. */
enum onecard_err host_fail(char *message, size_t message_size, enum onecard_err err,
                           const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Is this a geometry that port.h allows? Says in message what is not. */
enum onecard_err image_check_geometry(const struct onecard_flash *flash, char *message,
                                      size_t message_size);

/* Make, or open and check, the image file; on success host->fd, map, flash and counters are set. */
enum onecard_err host_image_create(struct onecard_host *host, const char *path, bool force,
                                   char *message, size_t message_size);
enum onecard_err host_image_open(struct onecard_host *host, const char *path, char *message,
                                 size_t message_size);
void host_image_close(struct onecard_host *host);

/* Flash in memory: pages that were never written are shared with every other such flash. */
enum onecard_err memory_create(struct onecard_host *host, char *message, size_t message_size);
void memory_close(struct onecard_host *host);
void memory_clone_geometry(const struct onecard_host_template *t, struct onecard_flash *flash);
enum onecard_err memory_clone(struct onecard_host *host, const struct onecard_host_template *t,
                              char *message, size_t message_size);

/* The file of the monotonic counter; path may be NULL. create: it may not exist yet. */
enum onecard_err counter_open(struct onecard_host *host, const char *path, bool create,
                              char *message, size_t message_size);
void counter_close(struct onecard_host *host);

/* The port's functions, over a struct onecard_host. */
enum onecard_err flash_program(void *ctx, uint32_t offset, const void *data, uint32_t len);
enum onecard_err flash_erase(void *ctx, uint32_t sector);
enum onecard_err flash_barrier(void *ctx);
enum onecard_err entropy_fill(void *ctx, void *buf, size_t len);
enum onecard_err device_key_get(void *ctx, uint8_t key[ONECARD_DEVICE_KEY_SIZE]);

/* A serial number for a new chip: random, or the seed's. */
enum onecard_err entropy_serial(struct onecard_host *host, uint8_t serial[ONECARD_SERIAL_SIZE]);

void screen_show(void *ctx, const struct onecard_screen *screen);
enum onecard_biometric sensor_ask(void *ctx);

void entropy_seed(struct onecard_host *host, const uint8_t *seed, size_t seed_len);
enum onecard_err device_key_load(struct onecard_host *host, const char *path, char *message,
                                 size_t message_size);

#endif
