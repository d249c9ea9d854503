/* bench_load CARD_READER NULL_READER CAP: loads a package over a secure channel through PC/SC,
 * against the bare exchange of the same commands with a card that answers 9000 to everything.
 * bench_pcsc.py sets the readers up. Exit status 1 if something is refused.
 *
 * The machine is shared: loads and bare exchanges take turns, each block's time is the median over
 * the rounds, and a load takes what its blocks take. Where others keep the processors busy, the
 * lower decile says what it would be without them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../tools/onecard/cap_file.h"
#include "../../tools/onecard/gp.h"

enum { ROUNDS = 101, BLOCKS_MAX = 300 };

static const double GOAL = 1.3;

static const struct {
    const char *kvn, *level; /* 3DES keys, AES keys */
} modes[] = {{"20", "01"}, {"20", "03"}, {"30", "01"}, {"30", "33"}};

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
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
    size_t room = gp_session_room(session);
    b->count = 0;
    for (size_t at = 0; at < len && b->count < BLOCKS_MAX; at += room) {
        size_t n = len - at < room ? len - at : room;
        uint8_t plain[5 + 255 + 1] = {0x80, 0xE8, at + n == len ? 0x80 : 0x00, (uint8_t)b->count,
                                      (uint8_t)n};
        memcpy(plain + 5, bytes + at, n);
        b->len[b->count] = gp_session_wrap(session, plain, 5 + n + 1, b->wire[b->count]);
        b->count++;
    }
}

/* What each block took in each round, in microseconds. */
struct samples {
    double us[BLOCKS_MAX][ROUNDS];
};

static int exchange(struct gp_link *link, const struct blocks *b, struct samples *out, int round) {
    uint8_t answer[GP_ANSWER_MAX];
    char message[200];
    for (size_t i = 0; i < b->count; i++) {
        size_t len = sizeof answer;
        double start = now_us();
        if (!gp_pcsc_transmit(&link->pcsc, b->wire[i], b->len[i], answer, &len, message,
                              sizeof message) ||
            len < 2 || answer[len - 2] != 0x90) {
            fprintf(stderr, "bench_load: LOAD, block %zu was not answered with 9000\n", i);
            return 1;
        }
        out->us[i][round] = now_us() - start;
    }
    return 0;
}

static void sort(struct samples *s, size_t count) {
    for (size_t i = 0; i < count; i++)
        qsort(s->us[i], ROUNDS, sizeof s->us[i][0], by_value);
}

/* Of sorted samples: what the blocks take in all, each at that place of its order. */
static double sum_at(const struct samples *s, size_t count, int place) {
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += s->us[i][place];
    return sum;
}

static void report(const struct gp_session *session, size_t count, struct samples *load,
                   struct samples *bare) {
    sort(load, count);
    sort(bare, count);
    double load_us = sum_at(load, count, ROUNDS / 2), bare_us = sum_at(bare, count, ROUNDS / 2);
    double quiet = sum_at(load, count, ROUNDS / 10) / sum_at(bare, count, ROUNDS / 10);
    printf("  SCP%02X level %02X, %zu blocks: %7.1f us, the last block %6.1f us of them; bare "
           "exchange %7.1f us: ratio %.2f, of lower deciles %.2f, goal at most %.1f: %s\n",
           session->scp, session->level, count, load_us, load->us[count - 1][ROUNDS / 2], bare_us,
           load_us / bare_us, quiet, GOAL, load_us <= GOAL * bare_us ? "met" : "MISSED");
    fflush(stdout);
}

static int measure(struct gp *card, struct gp_link *null, const struct cap *cap,
                   const uint8_t *bytes, size_t len) {
    static struct blocks blocks;
    static struct samples load, bare;
    for (int i = 0; i < ROUNDS; i++) {
        int status = make_room(&card->link, &cap->description.package);
        wrap(&blocks, &card->link.session, bytes, len);
        if (!status && i % 2)
            status = exchange(null, &blocks, &bare, i);
        if (!status)
            status = exchange(&card->link, &blocks, &load, i);
        if (!status && i % 2 == 0)
            status = exchange(null, &blocks, &bare, i);
        if (status)
            return status;
    }
    report(&card->link.session, blocks.count, &load, &bare);
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
    printf("loading %zu bytes through PC/SC, MACs and translation included, %d rounds:\n", len,
           ROUNDS);
    int status = gp_link_open_reader(&card.link, argv[1]);
    if (!status)
        status = gp_link_open_reader(&null, argv[2]);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0] && !status; i++) {
        card.options.kvn = modes[i].kvn;
        card.options.level = modes[i].level;
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
