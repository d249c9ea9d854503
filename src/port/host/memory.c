/* Flash in memory. Erased flash reads FF, fresh pages of the kernel read 00: so every flash is a
 * private mapping of one file in memory that is all FF, and a page costs nothing until it is
 * written. That file is the one thing that the flashes of a process share; it exists while one of
 * them does. Clones map the file of their template in the same way. */
#include "port/host/image.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static pthread_mutex_t blank_lock = PTHREAD_MUTEX_INITIALIZER;
static int blank_fd = -1;
static size_t blank_size;
static size_t blank_users;

/* MAP_NORESERVE: what is never written needs no promise of memory for ten thousand cards. */
static uint8_t *map_private(int fd, size_t size) {
    int kind = MAP_PRIVATE | MAP_NORESERVE | (fd < 0 ? MAP_ANONYMOUS : 0);
    uint8_t *map = mmap(NULL, size, PROT_READ | PROT_WRITE, kind, fd, 0);
    return map == MAP_FAILED ? NULL : map;
}

static enum onecard_err no_memory(size_t size, char *message, size_t message_size) {
    return host_fail(message, message_size, ONECARD_E_NO_MEMORY,
                     "no memory for a flash of %zu bytes: %s", size, strerror(errno));
}

/* ---- erased flash ---- */

static bool blank_grow(size_t size) {
    static const size_t chunk = 65536;
    if (blank_fd < 0) {
        blank_fd = memfd_create("onecard erased flash", MFD_CLOEXEC);
        blank_size = 0;
    }
    if (blank_fd < 0)
        return false;
    uint8_t *ff = malloc(chunk);
    if (!ff)
        return false;
    memset(ff, 0xFF, chunk);
    while (blank_size < size && pwrite(blank_fd, ff, chunk, (off_t)blank_size) == (ssize_t)chunk)
        blank_size += chunk;
    free(ff);
    return blank_size >= size;
}

static void blank_release(void) {
    if (blank_users == 0 && blank_fd >= 0) {
        close(blank_fd);
        blank_fd = -1;
    }
}

static uint8_t *blank_map(size_t size) {
    uint8_t *map = NULL;
    pthread_mutex_lock(&blank_lock);
    if (blank_grow(size))
        map = map_private(blank_fd, size);
    if (map)
        blank_users++;
    else
        blank_release();
    pthread_mutex_unlock(&blank_lock);
    return map;
}

static void blank_unmap(uint8_t *map, size_t size) {
    munmap(map, size);
    pthread_mutex_lock(&blank_lock);
    blank_users--;
    blank_release();
    pthread_mutex_unlock(&blank_lock);
}

/* ---- one flash ---- */

static size_t flash_size(const struct onecard_flash *f) {
    return (size_t)f->sector_size * f->sector_count;
}

/* Erases of each sector, then programs of each word. */
static size_t counters_size(const struct onecard_flash *f) {
    return (size_t)f->sector_count * sizeof(uint32_t) + flash_size(f) / f->word_size;
}

static void set_counters(struct onecard_host *host, uint8_t *counters) {
    host->sector_erases = (uint32_t *)(void *)counters;
    host->word_programs = counters + (size_t)host->port.flash.sector_count * sizeof(uint32_t);
    host->totals = host->memory_totals;
}

enum onecard_err memory_create(struct onecard_host *host, char *message, size_t message_size) {
    size_t size = flash_size(&host->port.flash);
    host->map_size = counters_size(&host->port.flash);
    host->map = map_private(-1, host->map_size);
    if (!host->map)
        return no_memory(size, message, message_size);
    host->flash = blank_map(size);
    if (!host->flash) {
        munmap(host->map, host->map_size);
        host->map = NULL;
        return no_memory(size, message, message_size);
    }
    host->flash_map_size = size;
    host->port.flash_sparse = true;
    set_counters(host, host->map);
    return ONECARD_OK;
}

void memory_close(struct onecard_host *host) {
    if (!host->map) { /* a clone: flash and counters lie in one mapping */
        munmap(host->flash, host->flash_map_size);
        return;
    }
    blank_unmap(host->flash, host->flash_map_size);
    munmap(host->map, host->map_size);
}

/* ---- clones ---- */

/* A file in memory: flash, then counters. Nobody writes it any more. */
struct onecard_host_template {
    struct onecard_flash geometry;
    uint64_t totals[3];
    size_t size;
    int fd;
};

static bool write_all(int fd, const uint8_t *bytes, size_t len) {
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static bool write_flash(int fd, const struct onecard_host *host) {
    const struct onecard_flash *f = &host->port.flash;
    return write_all(fd, host->flash, flash_size(f)) &&
           write_all(fd, (const uint8_t *)host->sector_erases,
                     f->sector_count * sizeof *host->sector_erases) &&
           write_all(fd, host->word_programs, flash_size(f) / f->word_size);
}

enum onecard_err onecard_host_template_make(const struct onecard_host *from,
                                            struct onecard_host_template **out_template,
                                            char *message, size_t message_size) {
    const struct onecard_flash *f = &from->port.flash;
    struct onecard_host_template *t = calloc(1, sizeof *t);
    if (!t)
        return no_memory(flash_size(f), message, message_size);
    t->geometry = *f;
    t->geometry.base = NULL;
    memcpy(t->totals, from->totals, sizeof t->totals);
    t->size = flash_size(f) + counters_size(f);
    t->fd = memfd_create("onecard template", MFD_CLOEXEC);
    if (t->fd < 0 || !write_flash(t->fd, from)) {
        enum onecard_err err = no_memory(t->size, message, message_size);
        onecard_host_template_close(t);
        return err;
    }
    *out_template = t;
    return ONECARD_OK;
}

void onecard_host_template_close(struct onecard_host_template *t) {
    if (!t)
        return;
    if (t->fd >= 0)
        close(t->fd);
    free(t);
}

void memory_clone_geometry(const struct onecard_host_template *t, struct onecard_flash *flash) {
    *flash = t->geometry;
}

enum onecard_err memory_clone(struct onecard_host *host, const struct onecard_host_template *t,
                              char *message, size_t message_size) {
    host->flash = map_private(t->fd, t->size);
    if (!host->flash)
        return no_memory(t->size, message, message_size);
    host->flash_map_size = t->size;
    set_counters(host, host->flash + flash_size(&t->geometry));
    memcpy(host->memory_totals, t->totals, sizeof t->totals);
    return ONECARD_OK;
}
