/* Image files: made, opened, checked, locked. */
#include "port/host/image.h"
#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool power_of_two(uint32_t v) {
    return v != 0 && (v & (v - 1)) == 0;
}

enum onecard_err image_check_geometry(const struct onecard_flash *f, char *message,
                                      size_t message_size) {
    const char *wrong = NULL;
    if (!power_of_two(f->sector_size) || f->sector_size < 1024 || f->sector_size > 128 * 1024)
        wrong = "the sector size must be a power of two from 1 KiB to 128 KiB";
    else if (f->sector_count < 4 || f->sector_count > 65535)
        wrong = "there must be 4 to 65535 sectors";
    else if ((uint64_t)f->sector_size * f->sector_count > UINT32_MAX)
        wrong = "the flash must be smaller than 4 GiB";
    else if (!power_of_two(f->word_size) || f->word_size > 16)
        wrong = "a word must have 1, 2, 4, 8 or 16 bytes";
    else if (!power_of_two(f->program_max) || f->program_max < f->word_size ||
             f->program_max > f->sector_size)
        wrong = "the largest program must be a power of two from a word to a sector";
    else if (f->programs_per_word == 0)
        wrong = "a word must take at least one program between erases";
    if (wrong)
        return host_fail(message, message_size, ONECARD_E_PARAM, "flash geometry: %s", wrong);
    return ONECARD_OK;
}

static uint32_t header_crc(const uint8_t *header) {
    uint32_t crc = 0xFFFFFFFFu;
    for (unsigned i = 0; i < IMAGE_AT_CRC; i++) {
        crc ^= header[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1u)));
    }
    return ~crc;
}

static void header_write(uint8_t *header, const struct onecard_flash *f) {
    memcpy(header, IMAGE_MAGIC, sizeof IMAGE_MAGIC);
    put_le32(header + IMAGE_AT_VERSION, IMAGE_VERSION);
    put_le32(header + IMAGE_AT_HEADER_SIZE, IMAGE_HEADER_SIZE);
    put_le32(header + IMAGE_AT_SECTOR_SIZE, f->sector_size);
    put_le32(header + IMAGE_AT_SECTOR_COUNT, f->sector_count);
    put_le32(header + IMAGE_AT_WORD_SIZE, f->word_size);
    put_le32(header + IMAGE_AT_PROGRAM_MAX, f->program_max);
    put_le32(header + IMAGE_AT_PROGRAMS_PER_WORD, f->programs_per_word);
    put_le32(header + IMAGE_AT_CRC, header_crc(header));
}

static enum onecard_err header_read(const uint8_t *header, const char *path,
                                    struct onecard_flash *f, char *message, size_t message_size) {
    if (memcmp(header, IMAGE_MAGIC, sizeof IMAGE_MAGIC) != 0)
        return host_fail(message, message_size, ONECARD_E_FOREIGN,
                         "%s is not a card image (it does not begin with \"onecard image\")", path);
    uint32_t version = get_le32(header + IMAGE_AT_VERSION);
    if (version != IMAGE_VERSION)
        return host_fail(message, message_size, ONECARD_E_FOREIGN,
                         "%s is a card image of version %u; this program reads version %u", path,
                         version, IMAGE_VERSION);
    if (get_le32(header + IMAGE_AT_CRC) != header_crc(header) ||
        get_le32(header + IMAGE_AT_HEADER_SIZE) != IMAGE_HEADER_SIZE)
        return host_fail(message, message_size, ONECARD_E_CORRUPT,
                         "%s: the header is damaged (its checksum does not match)", path);
    f->sector_size = get_le32(header + IMAGE_AT_SECTOR_SIZE);
    f->sector_count = get_le32(header + IMAGE_AT_SECTOR_COUNT);
    f->word_size = get_le32(header + IMAGE_AT_WORD_SIZE);
    f->program_max = get_le32(header + IMAGE_AT_PROGRAM_MAX);
    f->programs_per_word = get_le32(header + IMAGE_AT_PROGRAMS_PER_WORD);
    return image_check_geometry(f, message, message_size);
}

static size_t image_size(const struct onecard_flash *f) {
    size_t flash = (size_t)f->sector_size * f->sector_count;
    return IMAGE_HEADER_SIZE + flash + (size_t)f->sector_count * 4 + flash / f->word_size;
}

static enum onecard_err image_lock(int fd, bool shared, const char *path, char *message,
                                   size_t message_size) {
    if (flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0)
        return ONECARD_OK;
    if (errno == EWOULDBLOCK)
        return host_fail(message, message_size, ONECARD_E_BUSY,
                         "%s is in use: another process has this card; end it first", path);
    return host_fail(message, message_size, ONECARD_E_IO, "cannot lock %s: %s", path,
                     strerror(errno));
}

static enum onecard_err image_map(struct onecard_host *host, const char *path, char *message,
                                  size_t message_size) {
    const struct onecard_flash *f = &host->port.flash;
    size_t flash = (size_t)f->sector_size * f->sector_count;
    int protection = host->read_only ? PROT_READ : PROT_READ | PROT_WRITE;
    host->map_size = image_size(f);
    host->map = mmap(NULL, host->map_size, protection, MAP_SHARED, host->fd, 0);
    if (host->map == MAP_FAILED) {
        host->map = NULL;
        return host_fail(message, message_size, ONECARD_E_IO, "cannot map %s: %s", path,
                         strerror(errno));
    }
    host->flash = host->map + IMAGE_HEADER_SIZE;
    host->sector_erases = (uint32_t *)(void *)(host->flash + flash);
    host->word_programs = host->flash + flash + (size_t)f->sector_count * 4;
    host->totals = (uint64_t *)(void *)(host->map + IMAGE_AT_PROGRAMS);
    memcpy(host->port.serial, host->map + IMAGE_AT_SERIAL, sizeof host->port.serial);
    return ONECARD_OK;
}

/* The directory too must reach the disk, or a new image may be gone after a power failure. */
static void sync_directory(const char *path) {
    char *copy = strdup(path);
    if (!copy)
        return;
    char *slash = strrchr(copy, '/');
    if (slash)
        slash[slash == copy ? 1 : 0] = '\0';
    int fd = open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(copy);
}

/* The header goes last: what is left of an interrupted creation is refused as foreign. */
static enum onecard_err image_fill(struct onecard_host *host, const char *path, char *message,
                                   size_t message_size) {
    size_t size = image_size(&host->port.flash);
    int err = 0;
    if (ftruncate(host->fd, 0) != 0 || ftruncate(host->fd, (off_t)size) != 0)
        err = errno;
    else
        err = posix_fallocate(host->fd, 0, (off_t)size); /* a full disk must say so now */
    if (err != 0)
        return host_fail(message, message_size, ONECARD_E_IO, "cannot write %s: %s", path,
                         strerror(err));
    enum onecard_err mapped = image_map(host, path, message, message_size);
    if (mapped)
        return mapped;
    const struct onecard_flash *f = &host->port.flash;
    memset(host->flash, 0xFF, (size_t)f->sector_size * f->sector_count);
    if (!host->no_sync)
        fsync(host->fd);
    if (entropy_serial(host, host->port.serial))
        return host_fail(message, message_size, ONECARD_E_IO, "no random numbers");
    memcpy(host->map + IMAGE_AT_SERIAL, host->port.serial, sizeof host->port.serial);
    header_write(host->map, f);
    if (!host->no_sync) {
        if (fsync(host->fd) != 0)
            return host_fail(message, message_size, ONECARD_E_IO, "cannot write %s: %s", path,
                             strerror(errno));
        sync_directory(path);
    }
    return ONECARD_OK;
}

enum onecard_err host_image_create(struct onecard_host *host, const char *path, bool force,
                                   char *message, size_t message_size) {
    int flags = O_RDWR | O_CREAT | O_CLOEXEC | (force ? 0 : O_EXCL);
    host->fd = open(path, flags, 0600); /* keys rest in it */
    if (host->fd < 0) {
        if (errno == EEXIST)
            return host_fail(message, message_size, ONECARD_E_EXISTS,
                             "%s exists already; --force replaces it", path);
        return host_fail(message, message_size, ONECARD_E_IO, "cannot create %s: %s", path,
                         strerror(errno));
    }
    enum onecard_err err = image_lock(host->fd, false, path, message, message_size);
    if (!err)
        err = image_fill(host, path, message, message_size);
    if (err)
        host_image_close(host);
    return err;
}

static enum onecard_err image_check(struct onecard_host *host, const char *path, char *message,
                                    size_t message_size) {
    uint8_t header[IMAGE_AT_CRC + 4];
    struct stat st;
    if (fstat(host->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return host_fail(message, message_size, ONECARD_E_FOREIGN, "%s is not a file", path);
    ssize_t got = pread(host->fd, header, sizeof header, 0);
    if (got < 0)
        return host_fail(message, message_size, ONECARD_E_IO, "cannot read %s: %s", path,
                         strerror(errno));
    if ((size_t)got < sizeof header)
        return host_fail(message, message_size, ONECARD_E_FOREIGN,
                         "%s is not a card image (only %zd bytes long)", path, got);
    enum onecard_err err = header_read(header, path, &host->port.flash, message, message_size);
    if (err)
        return err;
    size_t size = image_size(&host->port.flash);
    if ((uint64_t)st.st_size != size)
        return host_fail(
            message, message_size, ONECARD_E_CORRUPT, "%s is %s: %lld bytes instead of %zu", path,
            (uint64_t)st.st_size < size ? "cut short" : "too long", (long long)st.st_size, size);
    return ONECARD_OK;
}

enum onecard_err host_image_open(struct onecard_host *host, const char *path, char *message,
                                 size_t message_size) {
    host->fd = open(path, (host->read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK);
    if (host->fd < 0)
        return host_fail(message, message_size,
                         errno == ENOENT ? ONECARD_E_NOT_FOUND : ONECARD_E_IO, "cannot open %s: %s",
                         path, strerror(errno));
    enum onecard_err err = image_lock(host->fd, host->read_only, path, message, message_size);
    if (!err)
        err = image_check(host, path, message, message_size);
    if (!err)
        err = image_map(host, path, message, message_size);
    if (err)
        host_image_close(host);
    return err;
}

void host_image_close(struct onecard_host *host) {
    if (host->map)
        munmap(host->map, host->map_size);
    if (host->fd >= 0)
        close(host->fd);
    host->map = NULL;
    host->fd = -1;
}
