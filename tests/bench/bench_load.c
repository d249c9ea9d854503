/* bench_load CARD_READER NULL_READER CAP: loads a package over a secure channel through PC/SC,
 * against the bare exchange of commands of the same lengths with a card that answers 9000 to
 * everything. bench_pcsc.py sets the readers up. Exit status 1 if something is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../tools/onecard/cap_file.h"
#include "../../tools/onecard/gp.h"

enum { ROUNDS = 15, BLOCK = 247 }; /* what fits beside a MAC */

static const double GOAL = 1.3;

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *samples) {
    qsort(samples, ROUNDS, sizeof samples[0], by_value);
    return samples[ROUNDS / 2];
}

/* The load file as it goes over: tag, length, content. */
static uint8_t *load_file(const char *path, struct cap *cap, size_t *out_len) {
    const char *wrong = cap_read(path, cap);
    if (wrong) {
        fprintf(stderr, "bench_load: %s: %s\n", path, wrong);
        return NULL;
    }
    uint8_t *bytes = malloc(cap->load_file_len + 4);
    if (!bytes)
        return NULL;
    bytes[0] = 0xC4;
    bytes[1] = 0x82;
    bytes[2] = (uint8_t)(cap->load_file_len >> 8);
    bytes[3] = (uint8_t)cap->load_file_len;
    memcpy(bytes + 4, cap->load_file, cap->load_file_len);
    *out_len = cap->load_file_len + 4;
    return bytes;
}

/* DELETE with related objects, then INSTALL [for load]. */
static int make_room(struct gp_link *link, const struct cap_aid *package) {
    uint8_t data[32] = {0x4F, package->len};
    memcpy(data + 2, package->value, package->len);
    int status =
        gp_link_must(link, "DELETE", 0x80, 0xE4, 0x00, 0x80, data, package->len + 2u, true);
    if (status)
        return status;
    data[0] = package->len;
    memcpy(data + 1, package->value, package->len);
    memset(data + 1 + package->len, 0, 4);
    return gp_link_must(link, "INSTALL [for load]", 0x80, 0xE6, 0x02, 0x00, data, package->len + 5u,
                        true);
}

/* secured: the commands are as long without a secure channel as with one. */
static int send_blocks(struct gp_link *link, const uint8_t *bytes, size_t len, bool secured,
                       double *out_ms) {
    uint8_t padded[255] = {0};
    double start = now_ms();
    unsigned block = 0;
    for (size_t at = 0; at < len; at += BLOCK, block++) {
        size_t n = len - at < BLOCK ? len - at : BLOCK;
        memcpy(padded, bytes + at, n);
        int status = gp_link_must(link, "LOAD", 0x80, 0xE8, at + n == len ? 0x80 : 0x00,
                                  (uint8_t)block, padded, secured ? n : n + 8, true);
        if (status)
            return status;
    }
    *out_ms = now_ms() - start;
    return 0;
}

static int measure(struct gp *card, struct gp_link *null, const struct cap *cap,
                   const uint8_t *bytes, size_t len) {
    double loads[ROUNDS], bare[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        int status = make_room(&card->link, &cap->description.package);
        if (!status)
            status = send_blocks(&card->link, bytes, len, true, &loads[i]);
        if (!status)
            status = send_blocks(null, bytes, len, false, &bare[i]);
        if (status)
            return status;
    }
    double load_ms = median(loads), bare_ms = median(bare);
    printf("loading %zu bytes through PC/SC, MACs and translation included: %.2f ms; bare exchange "
           "of the same blocks %.2f ms\n  ratio %.2f, goal at most %.1f: %s\n",
           len, load_ms, bare_ms, load_ms / bare_ms, GOAL,
           load_ms <= GOAL * bare_ms ? "met" : "MISSED");
    return 0;
}

int main(int argc, char **argv) {
    static struct gp card = {.options = {.kvn = "20"}};
    static struct gp_link null;
    struct cap cap;
    size_t len = 0;
    if (argc != 4) {
        fputs("usage: bench_load CARD_READER NULL_READER CAP\n", stderr);
        return 2;
    }
    uint8_t *bytes = load_file(argv[3], &cap, &len);
    if (!bytes)
        return 1;
    int status = gp_link_open_reader(&card.link, argv[1]);
    if (!status)
        status = gp_link_open_reader(&null, argv[2]);
    if (!status)
        status = gp_select(&card);
    if (!status)
        status = gp_open_channel(&card);
    if (!status)
        status = measure(&card, &null, &cap, bytes, len);
    gp_link_close(&card.link);
    gp_link_close(&null);
    cap_free(&cap);
    free(bytes);
    return status;
}
