/* The rules of flash (S3), enforced and counted. */
#include "port/host/image.h"

#include <string.h>
#include <unistd.h>

static uint64_t load(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Programming clears bits; asking for a 1 where a 0 is breaks the rule. */
static bool bits_only_fall(const uint8_t *old, const uint8_t *new, uint32_t len) {
    uint64_t rise = 0;
    uint32_t i = 0;
    for (; i + 8 <= len; i += 8)
        rise |= load(new + i) & ~load(old + i);
    for (; i < len; i++)
        rise |= (uint64_t)(new[i] & ~old[i]);
    return rise == 0;
}

#define BYTES(n) (0x0101010101010101ull * (n))

/* Eight counters at a time: the top bit of a byte gets set where it has reached the limit. */
static bool words_left(const uint8_t *programs, uint32_t words, uint32_t limit) {
    uint64_t over = 0;
    uint32_t i = 0;
    for (; i + 8 <= words && limit < 128; i += 8) {
        uint64_t v = load(programs + i);
        over |= ((v + BYTES(128 - limit)) | v) & BYTES(128);
    }
    for (; i < words; i++)
        over |= programs[i] >= limit;
    return over == 0;
}

static void words_count(uint8_t *programs, uint32_t words) {
    uint32_t i = 0;
    for (; i + 8 <= words; i += 8) {
        uint64_t v = load(programs + i) + BYTES(1);
        memcpy(programs + i, &v, sizeof v);
    }
    for (; i < words; i++)
        programs[i]++;
}

enum onecard_err flash_program(void *ctx, uint32_t offset, const void *data, uint32_t len) {
    struct onecard_host *host = ctx;
    const struct onecard_flash *f = &host->port.flash; /* its sizes are powers of two */
    uint64_t size = (uint64_t)f->sector_size * f->sector_count;
    if (host->read_only || len == 0 || (uint64_t)offset + len > size)
        return ONECARD_E_IO;
    if (((offset | len) & (f->word_size - 1)) != 0 ||
        ((offset ^ (offset + len - 1)) & ~(f->program_max - 1)) != 0)
        return ONECARD_E_IO;
    uint8_t *at = host->flash + offset;
    uint8_t *programs = host->word_programs + (offset >> host->word_shift);
    uint32_t words = len >> host->word_shift;
    uint32_t limit = f->programs_per_word < 255 ? f->programs_per_word : 255;
    if (!words_left(programs, words, limit) || !bits_only_fall(at, data, len))
        return ONECARD_E_IO;
    /* Contents first: a process killed between the two has counted too little, never too much. */
    memcpy(at, data, len);
    words_count(programs, words);
    host->totals[0]++;
    host->totals[1] += len;
    return ONECARD_OK;
}

/* What holds the value already is left alone: in memory it may be a page that was never written. */
static void set(uint8_t *p, uint8_t value, size_t len) {
    if (p[0] != value || memcmp(p, p + 1, len - 1) != 0)
        memset(p, value, len);
}

enum onecard_err flash_erase(void *ctx, uint32_t sector) {
    struct onecard_host *host = ctx;
    const struct onecard_flash *f = &host->port.flash;
    if (host->read_only || sector >= f->sector_count)
        return ONECARD_E_IO;
    size_t offset = (size_t)sector * f->sector_size;
    set(host->flash + offset, 0xFF, f->sector_size);
    set(host->word_programs + offset / f->word_size, 0, f->sector_size / f->word_size);
    host->sector_erases[sector]++;
    host->totals[2]++;
    return ONECARD_OK;
}

enum onecard_err flash_barrier(void *ctx) {
    struct onecard_host *host = ctx;
    if (host->fd < 0 || host->no_sync)
        return ONECARD_OK;
    if (host->read_only)
        return ONECARD_E_IO;
    return fdatasync(host->fd) == 0 ? ONECARD_OK : ONECARD_E_IO;
}
