/* Flash in memory. Erased flash reads FF, fresh pages of the kernel read 00: so every flash is a
 * private mapping of one file in memory that is all FF, and a page costs nothing until it is
 * written. That file is the one thing that the flashes of a process share; it exists while one of
 * them does. */
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
    uint8_t *map = MAP_FAILED;
    pthread_mutex_lock(&blank_lock);
    if (blank_grow(size))
        map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, blank_fd, 0);
    if (map != MAP_FAILED)
        blank_users++;
    else
        blank_release();
    pthread_mutex_unlock(&blank_lock);
    return map == MAP_FAILED ? NULL : map;
}

static void blank_unmap(uint8_t *map, size_t size) {
    munmap(map, size);
    pthread_mutex_lock(&blank_lock);
    blank_users--;
    blank_release();
    pthread_mutex_unlock(&blank_lock);
}

enum onecard_err memory_create(struct onecard_host *host, char *message, size_t message_size) {
    const struct onecard_flash *f = &host->port.flash;
    size_t size = (size_t)f->sector_size * f->sector_count;
    size_t erases = (size_t)f->sector_count * sizeof *host->sector_erases;
    host->map_size = erases + size / f->word_size;
    host->map =
        mmap(NULL, host->map_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (host->map == MAP_FAILED) {
        host->map = NULL;
        return host_fail(message, message_size, ONECARD_E_NO_MEMORY,
                         "no memory for a flash of %zu bytes: %s", size, strerror(errno));
    }
    host->flash = blank_map(size);
    if (!host->flash) {
        munmap(host->map, host->map_size);
        host->map = NULL;
        return host_fail(message, message_size, ONECARD_E_NO_MEMORY,
                         "no memory for a flash of %zu bytes", size);
    }
    host->flash_map_size = size;
    host->sector_erases = (uint32_t *)(void *)host->map;
    host->word_programs = host->map + erases;
    host->totals = host->memory_totals;
    return ONECARD_OK;
}

void memory_close(struct onecard_host *host) {
    blank_unmap(host->flash, host->flash_map_size);
    munmap(host->map, host->map_size);
}
