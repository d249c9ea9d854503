/* bench_load CARD_READER NULL_READER CAP: loads a package over a secure channel through PC/SC,
 * against the bare exchange of commands of the same lengths with a card that answers 9000 to
 * everything. bench_pcsc.py sets the readers up. Exit status 1 if something is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../tools/onecard/cap_file.h"
#include "../../tools/onecard/gp.h"

enum { ROUNDS = 25, BLOCKS_MAX = 600, BLOCK = 247 /* what fits beside a MAC */ };

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

/* The LOAD commands as they go over the wire: made before, so that the time is the card's and not
 * the client's. */
struct blocks {
    uint8_t wire[BLOCKS_MAX][GP_COMMAND_MAX];
    size_t len[BLOCKS_MAX];
    size_t count;
};

static void wrap(struct blocks *b, struct gp_session *session, const uint8_t *bytes, size_t len) {
    b->count = 0;
    for (size_t at = 0; at < len && b->count < BLOCKS_MAX; at += BLOCK) {
        size_t n = len - at < BLOCK ? len - at : BLOCK;
        uint8_t plain[5 + BLOCK + 1] = {0x80, 0xE8, at + n == len ? 0x80 : 0x00, (uint8_t)b->count,
                                        (uint8_t)n};
        memcpy(plain + 5, bytes + at, n);
        b->len[b->count] = gp_session_wrap(session, plain, 5 + n + 1, b->wire[b->count]);
        b->count++;
    }
}

static int exchange(struct gp_link *link, const struct blocks *b, double *out_ms) {
    uint8_t answer[GP_ANSWER_MAX];
    char message[200];
    double start = now_ms();
    for (size_t i = 0; i < b->count; i++) {
        size_t len = sizeof answer;
        if (!gp_pcsc_transmit(&link->pcsc, b->wire[i], b->len[i], answer, &len, message,
                              sizeof message) ||
            len < 2 || answer[len - 2] != 0x90) {
            fprintf(stderr, "bench_load: LOAD, block %zu was not answered with 9000\n", i);
            return 1;
        }
    }
    *out_ms = now_ms() - start;
    return 0;
}

static int measure(struct gp *card, struct gp_link *null, const struct cap *cap,
                   const uint8_t *bytes, size_t len) {
    static struct blocks blocks;
    double loads[ROUNDS], bare[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        int status = make_room(&card->link, &cap->description.package);
        wrap(&blocks, &card->link.session, bytes, len);
        if (!status)
            status = exchange(&card->link, &blocks, &loads[i]);
        if (!status)
            status = exchange(null, &blocks, &bare[i]);
        if (status)
            return status;
    }
    double load_ms = median(loads), bare_ms = median(bare);
    printf(
        "loading %zu bytes through PC/SC, SCP%02X's MACs and translation included: %.2f ms; bare "
        "exchange of the same blocks %.2f ms\n  ratio %.2f, goal at most %.1f: %s\n",
        len, card->link.session.scp, load_ms, bare_ms, load_ms / bare_ms, GOAL,
        load_ms <= GOAL * bare_ms ? "met" : "MISSED");
    return 0;
}

int main(int argc, char **argv) {
    static struct gp card;
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
    for (size_t i = 0; i < 2 && !status; i++) { /* 3DES keys, AES keys */
        card.options.kvn = i ? "30" : "20";
        card.link.session.open = false; /* SELECT goes in plain */
        status = gp_select(&card);
        if (!status)
            status = gp_open_channel(&card);
        if (!status)
            status = measure(&card, &null, &cap, bytes, len);
    }
    gp_link_close(&card.link);
    gp_link_close(&null);
    cap_free(&cap);
    free(bytes);
    return status;
}
