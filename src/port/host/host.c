/* The face of the host port (onecard/host.h). */
#include "port/host/image.h"
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum onecard_err host_fail(char *message, size_t message_size, enum onecard_err err,
                           const char *format, ...) {
    if (message && message_size > 0) {
        va_list args;
        va_start(args, format);
        vsnprintf(message, message_size, format, args);
        va_end(args);
    }
    return err;
}

/* Lean, so that a card takes less than 64 KiB beside its flash; who has few cards may give more. */
static void port_defaults(struct onecard_port *port) {
    port->command_max = 4096;
    port->response_max = 4096;
    port->pool_size = 28 * 1024;
    port->channels = 20;
    port->fuel_per_command = 50u * 1000 * 1000;
}

static void trace_forward(void *ctx, enum onecard_trace_kind kind, const char *text) {
    const struct onecard_host *host = ctx;
    host->trace(host->trace_ctx, kind, text);
}

/* A card in a file is one that somebody may stand before; those in memory do not wait. */
static void wait_a_while(void *ctx, uint32_t milliseconds) {
    (void)ctx;
    struct timespec left = {.tv_sec = milliseconds / 1000,
                            .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    while (nanosleep(&left, &left))
        ;
}

static void port_finish(struct onecard_host *host) {
    struct onecard_port *port = &host->port;
    port_defaults(port);
    port->ctx = host;
    port->flash.base = host->flash;
    while (port->flash.word_size >> host->word_shift != 1)
        host->word_shift++;
    port->flash_program = flash_program;
    port->flash_erase = flash_erase;
    port->flash_barrier = flash_barrier;
    port->entropy = entropy_fill;
    port->device_key = device_key_get;
    port->trace = host->trace ? trace_forward : NULL;
    port->display = host->trace || host->screen_file ? screen_show : NULL;
    port->biometric = host->sensor_file ? sensor_ask : NULL;
}

static uint32_t or_default(uint32_t value, uint32_t otherwise) {
    return value ? value : otherwise;
}

static void host_free(struct onecard_host *host) {
    counter_close(host);
    free(host->screen_file);
    free(host->sensor_file);
    bytes_wipe(host, sizeof *host);
    free(host);
}

static bool copy_path(const char *path, char **out_copy) {
    *out_copy = path ? strdup(path) : NULL;
    return *out_copy || !path;
}

/* like: the geometry; NULL for what the options say. fresh: a new flash, not one that exists. */
static enum onecard_err host_new(const struct onecard_host_options *options,
                                 const struct onecard_host_template *like, bool read_only,
                                 bool fresh, struct onecard_host **out_host, char *message,
                                 size_t message_size) {
    static const struct onecard_host_options none;
    const struct onecard_host_options *o = options ? options : &none;
    struct onecard_host *host = calloc(1, sizeof *host);
    if (!host)
        return host_fail(message, message_size, ONECARD_E_NO_MEMORY, "out of memory");
    host->fd = host->counter_fd = -1;
    host->read_only = read_only;
    host->no_sync = o->no_sync;
    host->trace = o->trace;
    host->trace_ctx = o->trace_ctx;
    if (!copy_path(o->screen_file, &host->screen_file) ||
        !copy_path(o->sensor_file, &host->sensor_file)) {
        host_free(host);
        return host_fail(message, message_size, ONECARD_E_NO_MEMORY, "out of memory");
    }
    struct onecard_flash *f = &host->port.flash;
    f->sector_size = or_default(o->sector_size, 4096);
    f->sector_count = or_default(o->sector_count, 64);
    f->word_size = or_default(o->word_size, 4);
    f->program_max = or_default(o->program_max, 256);
    f->programs_per_word = or_default(o->programs_per_word, 2);
    if (like)
        memory_clone_geometry(like, f);
    if (o->seed)
        entropy_seed(host, o->seed, o->seed_len);
    enum onecard_err err = device_key_load(host, o->device_key_file, message, message_size);
    if (!err)
        err = image_check_geometry(f, message, message_size);
    if (!err)
        err = counter_open(host, o->counter_file, fresh, message, message_size);
    if (err)
        host_free(host);
    else
        *out_host = host;
    return err;
}

static enum onecard_err host_finish(struct onecard_host *host, enum onecard_err err,
                                    struct onecard_host **out_host) {
    if (err) {
        host_free(host);
        return err;
    }
    port_finish(host);
    *out_host = host;
    return ONECARD_OK;
}

enum onecard_err onecard_host_create(const char *path, bool force,
                                     const struct onecard_host_options *options,
                                     struct onecard_host **out_host, char *message,
                                     size_t message_size) {
    struct onecard_host *host;
    enum onecard_err err = host_new(options, NULL, false, true, &host, message, message_size);
    if (err)
        return err;
    err = host_finish(host, host_image_create(host, path, force, message, message_size), out_host);
    if (!err)
        host->port.delay = wait_a_while;
    return err;
}

enum onecard_err onecard_host_open(const char *path, bool read_only,
                                   const struct onecard_host_options *options,
                                   struct onecard_host **out_host, char *message,
                                   size_t message_size) {
    struct onecard_host *host;
    enum onecard_err err = host_new(options, NULL, read_only, false, &host, message, message_size);
    if (err)
        return err;
    err = host_finish(host, host_image_open(host, path, message, message_size), out_host);
    if (!err)
        host->port.delay = wait_a_while;
    return err;
}

enum onecard_err onecard_host_memory(const struct onecard_host_options *options,
                                     struct onecard_host **out_host, char *message,
                                     size_t message_size) {
    struct onecard_host *host;
    enum onecard_err err = host_new(options, NULL, false, true, &host, message, message_size);
    if (err)
        return err;
    err = entropy_serial(host, host->port.serial);
    if (!err)
        err = memory_create(host, message, message_size);
    return host_finish(host, err, out_host);
}

enum onecard_err onecard_host_clone(const struct onecard_host_template *from,
                                    const struct onecard_host_options *options,
                                    struct onecard_host **out_host, char *message,
                                    size_t message_size) {
    struct onecard_host *host;
    enum onecard_err err = host_new(options, from, false, true, &host, message, message_size);
    if (err)
        return err;
    err = entropy_serial(host, host->port.serial);
    if (!err)
        err = memory_clone(host, from, message, message_size);
    return host_finish(host, err, out_host);
}

struct onecard_port *onecard_host_port(struct onecard_host *host) {
    return &host->port;
}

void onecard_host_counters(const struct onecard_host *host, struct onecard_host_counters *out) {
    out->programs = host->totals[0];
    out->program_bytes = host->totals[1];
    out->erases = host->totals[2];
}

uint32_t onecard_host_sector_erases(const struct onecard_host *host, uint32_t sector) {
    return sector < host->port.flash.sector_count ? host->sector_erases[sector] : 0;
}

bool onecard_host_development_key(const struct onecard_host *host) {
    return host->development_key;
}

void onecard_host_close(struct onecard_host *host) {
    if (!host)
        return;
    if (host->flash_map_size)
        memory_close(host);
    else
        host_image_close(host);
    host_free(host);
}
