/* A monotonic counter in a file (S6): as good against roll-back as the place where the file lies,
 * which should not be the one where the image lies.
 *
 * Two lines of text, 4 KiB apart, so that a write that fails spoils one only; the higher value that
 * has the right checksum counts. An empty file is a counter at zero. */
#include "port/host/image.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LINE_SIZE 40u
#define LINE_APART 4096

/* FNV-1a: against accidents only. */
static uint32_t checksum(uint32_t value) {
    uint32_t sum = 2166136261u;
    for (int i = 0; i < 4; i++)
        sum = (sum ^ (value >> 8 * i & 0xFF)) * 16777619u;
    return sum;
}

static void line_make(char line[LINE_SIZE], uint32_t value) {
    memset(line, ' ', LINE_SIZE);
    int n = snprintf(line, LINE_SIZE, "onecard counter %010" PRIu32 " %08" PRIx32, value,
                     checksum(value));
    line[n] = ' ';
    line[LINE_SIZE - 1] = '\n';
}

/* false: no such line, or a damaged one. */
static bool line_read(int fd, unsigned number, uint32_t *out_value) {
    char line[LINE_SIZE + 1] = "", right[LINE_SIZE];
    if (pread(fd, line, LINE_SIZE, (off_t)number * LINE_APART) != (ssize_t)LINE_SIZE ||
        sscanf(line, "onecard counter %10" SCNu32, out_value) != 1)
        return false;
    line_make(right, *out_value);
    return memcmp(line, right, LINE_SIZE) == 0;
}

static enum onecard_err counter_get(void *ctx, uint32_t *out_value) {
    const struct onecard_host *host = ctx;
    *out_value = host->counter;
    return ONECARD_OK;
}

static enum onecard_err counter_set(void *ctx, uint32_t value) {
    struct onecard_host *host = ctx;
    char line[LINE_SIZE];
    if (host->read_only || value <= host->counter)
        return ONECARD_E_IO;
    line_make(line, value);
    if (pwrite(host->counter_fd, line, LINE_SIZE, (off_t)(value & 1) * LINE_APART) !=
            (ssize_t)LINE_SIZE ||
        (!host->no_sync && fdatasync(host->counter_fd) != 0))
        return ONECARD_E_IO;
    host->counter = value;
    return ONECARD_OK;
}

enum onecard_err counter_open(struct onecard_host *host, const char *path, bool create,
                              char *message, size_t message_size) {
    int flags = (host->read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | (create ? O_CREAT : 0);
    uint32_t value[2] = {0, 0};
    if (!path)
        return ONECARD_OK;
    host->counter_fd = open(path, flags, 0600);
    if (host->counter_fd < 0)
        return host_fail(message, message_size,
                         errno == ENOENT ? ONECARD_E_NOT_FOUND : ONECARD_E_IO,
                         "counter %s: %s; without it nobody can tell whether this is the newest "
                         "image (an empty file is a counter at zero)",
                         path, strerror(errno));
    if (flock(host->counter_fd, (host->read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0)
        return host_fail(message, message_size, ONECARD_E_BUSY,
                         "counter %s is in use: each card needs one of its own", path);
    bool first = line_read(host->counter_fd, 0, &value[0]);
    bool second = line_read(host->counter_fd, 1, &value[1]);
    if (!first && !second && lseek(host->counter_fd, 0, SEEK_END) != 0)
        return host_fail(message, message_size, ONECARD_E_FORMAT, "%s is not a counter", path);
    host->counter = first ? value[0] : 0;
    if (second && value[1] > host->counter)
        host->counter = value[1];
    host->port.counter_read = counter_get;
    host->port.counter_raise = counter_set;
    return ONECARD_OK;
}

void counter_close(struct onecard_host *host) {
    if (host->counter_fd >= 0)
        close(host->counter_fd);
    host->counter_fd = -1;
}
