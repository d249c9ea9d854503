/* make bench: the card in this process. A trivial command, SELECT, and a counter that commits, on
 * flash in memory; memory of a card; many cards at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../tools/onecard/maker.h"
#include "../../tools/onecard/profile.h"
#include "onecard/host.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void must(bool good, const char *what) {
    if (good)
        return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

struct bench_card {
    struct onecard_host *host;
    struct onecard *card;
    void *memory;
    uint8_t *response;
};

static const uint8_t select_hello[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xF0, 0x6F, 0x6E,
                                       0x65, 0x63, 0x61, 0x72, 0x64, 0x01, 0x00};

static void make_card(struct bench_card *b, const struct profile *profile) {
    struct onecard_host_options options = {.sector_count = 64};
    char message[PROFILE_MESSAGE_MAX];
    uint8_t atr[ONECARD_ATR_MAX];
    must(!onecard_host_memory(&options, &b->host, message, sizeof message), "no flash in memory");
    struct onecard_port *port = onecard_host_port(b->host);
    size_t size = onecard_memory_size(port);
    b->memory = malloc(size);
    b->response = malloc(ONECARD_RESPONSE_APDU_MAX(port));
    must(b->memory && b->response, "out of memory");
    must(!onecard_format(port, b->memory, size) && !onecard_open(port, b->memory, size, &b->card),
         "cannot make a card");
    if (maker_run(b->card, port, profile, message))
        must(false, message);
    onecard_power_on(b->card, atr);
}

static void send(struct bench_card *b, const uint8_t *command, size_t len) {
    size_t response_len;
    must(!onecard_transmit(b->card, command, len, b->response, &response_len), "no answer");
    must(b->response[response_len - 2] == 0x90, "not 9000");
}

static void measure(struct bench_card *b, const char *what, const uint8_t *command, size_t len) {
    send(b, select_hello, sizeof select_hello);
    double best = 0;
    for (int round = 0; round < 5; round++) {
        unsigned count = 0;
        double start = now(), spent;
        do {
            for (int i = 0; i < 2000; i++) {
                send(b, command, len);
                if (command[1] == 0x40)
                    onecard_idle(b->card);
            }
            count += 2000;
            spent = now() - start;
        } while (spent < 0.2);
        if (count / spent > best)
            best = count / spent;
    }
    printf("%-44s %10.0f /s %8.0f ns\n", what, best, 1e9 / best);
}

static long resident(void) {
    FILE *f = fopen("/proc/self/statm", "r");
    long pages = 0, total;
    if (f && fscanf(f, "%ld %ld", &total, &pages) != 2)
        pages = 0;
    if (f)
        fclose(f);
    return pages * 4096;
}

static void many_cards(const struct profile *profile, unsigned count) {
    struct bench_card *cards = calloc(count, sizeof *cards);
    must(cards != NULL, "out of memory");
    long before = resident();
    double start = now();
    for (unsigned i = 0; i < count; i++) {
        make_card(&cards[i], profile);
        send(&cards[i], select_hello, sizeof select_hello);
    }
    double spent = now() - start;
    printf("%-44s %10.1f KiB each, flash included; %.2f ms to make one\n", "cards in one process",
           (double)(resident() - before) / count / 1024, spent / count * 1e3);
    for (unsigned i = 0; i < count; i++) {
        onecard_close(cards[i].card);
        onecard_host_close(cards[i].host);
        free(cards[i].memory);
        free(cards[i].response);
    }
    free(cards);
}

int main(int argc, char **argv) {
    static const uint8_t greet[] = {0x80, 0x10, 0, 0, 0}, recall[] = {0x80, 0x30, 0, 0, 0},
                         count[] = {0x80, 0x40, 0, 0, 4};
    struct profile profile;
    char message[PROFILE_MESSAGE_MAX];
    const char *path = argc > 1 ? argv[1] : "build/applets/test/hello.yaml";
    if (profile_read(path, &profile, message))
        must(false, message);
    struct bench_card b;
    make_card(&b, &profile);
    printf("In process, one core, flash in memory; CPU time, best of 5\n");
    measure(&b, "trivial command (greeting, 19 bytes)", greet, sizeof greet);
    measure(&b, "SELECT by full AID", select_hello, sizeof select_hello);
    measure(&b, "read of a file (2 host calls)", recall, sizeof recall);
    measure(&b, "counter: read, add, one commit", count, sizeof count);
    printf("%-44s %10.1f KiB beside its flash\n", "memory of a card",
           (double)onecard_memory_size(onecard_host_port(b.host)) / 1024);
    many_cards(&profile, argc > 2 ? (unsigned)atoi(argv[2]) : 1000);
    onecard_close(b.card);
    onecard_host_close(b.host);
    free(b.memory);
    free(b.response);
    profile_free(&profile);
    return 0;
}
