/* The host port: cards in image files or in memory, on a desktop.
 *
 * An image file is simulated NOR flash: geometry, contents, and counters of programs and erases;
 * docs/image.md has the format. The simulation enforces the rules of flash (S3). */
#ifndef ONECARD_HOST_H
#define ONECARD_HOST_H

#include "onecard/port.h"

struct onecard_host; /* one port: one image, one card */

/* What a new image looks like, and how the port behaves. Zero-initialise, then set what differs
 * from the defaults. */
struct onecard_host_options {
    /* geometry of a new image; 0 means 4 KiB sectors, 64 of them, 4-byte words, 256-byte programs,
     * 2 programs a word */
    uint32_t sector_size, sector_count, word_size, program_max, programs_per_word;
    /* entropy: NULL for the system's; else a seed, so that a run repeats byte for byte */
    const uint8_t *seed;
    size_t seed_len;
    /* file with the device key, 64 hex digits (S6); NULL for the published development key */
    const char *device_key_file;
    /* file with a monotonic counter (port.h), made with a new image; NULL: there is none */
    const char *counter_file;
    bool no_sync; /* barrier does not flush to disk: for benchmarks and fuzzing only */
    void (*trace)(void *ctx, enum onecard_trace_kind kind, const char *text);
    void *trace_ctx;
    /* A visible card: what it shows goes to trace (ONECARD_TRACE_SCREEN), and to this file, written
     * anew each time; docs/firewall.md has its form. NULL: to trace alone, if that is set. */
    const char *screen_file;
    /* A biometric sensor: each time it is asked, the first word of this file is its answer:
     * "match", "no-match", or anything else for a sensor that is not ready. NULL: no sensor. */
    const char *sensor_file;
};

/* Each returns ONECARD_OK and a port, or an error and a line in message (message_size bytes, may
 * be 0) that says what was wrong and what to do. */

/* A new image file, erased. ONECARD_E_EXISTS unless force is set. */
enum onecard_err onecard_host_create(const char *path, bool force,
                                     const struct onecard_host_options *options,
                                     struct onecard_host **out_host, char *message,
                                     size_t message_size);

/* An image file that exists. ONECARD_E_BUSY if another process has it open; ONECARD_E_FOREIGN,
 * ONECARD_E_CORRUPT. read_only: nothing is ever written (program and erase fail). */
enum onecard_err onecard_host_open(const char *path, bool read_only,
                                   const struct onecard_host_options *options,
                                   struct onecard_host **out_host, char *message,
                                   size_t message_size);

/* Flash in memory, erased. Holds no file descriptor; sectors never written cost no memory. (One
 * descriptor is open for all of them together, as long as there is one.) */
enum onecard_err onecard_host_memory(const struct onecard_host_options *options,
                                     struct onecard_host **out_host, char *message,
                                     size_t message_size);

/* Many cards alike: make one, freeze its flash, and begin as many as you like from there. A clone
 * is flash in memory that costs nothing until it is written; it has all that the original had, keys
 * and card numbers too, but a serial number and random numbers of its own. Options as for
 * onecard_host_memory(), without the geometry. The device key must be the original's. */
struct onecard_host_template;

/* Freeze what the flash of `from` holds now; no card may be open on it meanwhile. A template holds
 * one file descriptor, its clones none. ONECARD_E_NO_MEMORY. */
enum onecard_err onecard_host_template_make(const struct onecard_host *from,
                                            struct onecard_host_template **out_template,
                                            char *message, size_t message_size);
enum onecard_err onecard_host_clone(const struct onecard_host_template *from,
                                    const struct onecard_host_options *options,
                                    struct onecard_host **out_host, char *message,
                                    size_t message_size);

/* Clones that were made go on. NULL is allowed. */
void onecard_host_template_close(struct onecard_host_template *t);

/* The port to hand to onecard_open(); valid until onecard_host_close(). Its sizes (command_max and
 * so on) are the host's defaults and may be changed before that. */
struct onecard_port *onecard_host_port(struct onecard_host *host);

/* Operations since the image was made, and per sector. */
struct onecard_host_counters {
    uint64_t programs; /* program operations */
    uint64_t program_bytes;
    uint64_t erases;
};
void onecard_host_counters(const struct onecard_host *host, struct onecard_host_counters *out);
uint32_t onecard_host_sector_erases(const struct onecard_host *host, uint32_t sector);

/* true if the published development key protects the image. */
bool onecard_host_development_key(const struct onecard_host *host);

void onecard_host_close(struct onecard_host *host);

#endif
