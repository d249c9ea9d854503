/* make bench: crossing the door, and a shared call. One command makes many of them, so that what is
 * measured is the call and not the command around it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../tools/onecard/maker.h"
#include "../../tools/onecard/profile.h"
#include "onecard/card.h"
#include "onecard/host.h"

#define CALLS 10000u

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

static struct onecard *card;
static uint8_t *response;

static void send(const uint8_t *command, size_t len) {
    size_t response_len;
    must(!onecard_transmit(card, command, len, response, &response_len), "no answer");
    must(response[response_len - 2] == 0x90, "not 9000");
    while (onecard_idle(card))
        ;
}

/* Nanoseconds of one call: the best of several commands. */
static double measure(const uint8_t *command, size_t len) {
    double best = 1;
    for (int round = 0; round < 20; round++) {
        double start = now();
        send(command, len);
        double spent = (now() - start) / CALLS;
        if (spent < best)
            best = spent;
    }
    return best * 1e9;
}

int main(int argc, char **argv) {
    static const uint8_t select_1[] = {0x00, 0xA4, 0x04, 0x00, 0x0A, 0xF0, 0x6F, 0x6E,
                                       0x65, 0x63, 0x61, 0x72, 0x64, 0xFE, 0x01, 0x00};
    static const uint8_t select_2[] = {0x00, 0xA4, 0x04, 0x00, 0x0A, 0xF0, 0x6F, 0x6E,
                                       0x65, 0x63, 0x61, 0x72, 0x64, 0xFE, 0x02, 0x00};
    static const uint8_t allow_all[] = {0x80, 0x25, 0x00, 0x00, 0x01, 0x00, 0x00};
    /* length, AID, operation "echo", 16 bytes */
    static const uint8_t calls[] = {0x80, 0x27, CALLS >> 8, CALLS & 0xFF,
                                    0x1F, 0x0A, 0xF0,       0x6F,
                                    0x6E, 0x65, 0x63,       0x61,
                                    0x72, 0x64, 0xFE,       0x02,
                                    0,    0,    0,          1,
                                    1,    2,    3,          4,
                                    5,    6,    7,          8,
                                    9,    10,   11,         12,
                                    13,   14,   15,         16};
    static const uint8_t crossings[] = {0x80, 0x2C, CALLS >> 8, CALLS & 0xFF};
    static const uint8_t loops[] = {0x80, 0x2D, CALLS >> 8, CALLS & 0xFF};
    struct onecard_host *host;
    struct profile profile;
    char message[PROFILE_MESSAGE_MAX];
    uint8_t atr[ONECARD_ATR_MAX];
    must(argc == 2, "usage: bench_share PROFILE");
    must(!profile_read(argv[1], &profile, message), message);
    must(!onecard_host_memory(NULL, &host, message, sizeof message), message);
    struct onecard_port *port = onecard_host_port(host);
    size_t size = onecard_memory_size(port);
    void *memory = malloc(size);
    response = malloc(ONECARD_RESPONSE_APDU_MAX(port));
    must(memory && response, "out of memory");
    must(!onecard_format(port, memory, size) && !onecard_open(port, memory, size, &card),
         "cannot make a card");
    must(!maker_run(card, port, &profile, message), message);
    onecard_power_on(card, atr);
    send(select_2, sizeof select_2);
    send(allow_all, sizeof allow_all);
    send(select_1, sizeof select_1);
    double loop = measure(loops, sizeof loops);
    printf("%-44s %12.0f ns\n", "crossing the door (a call without arguments)",
           measure(crossings, sizeof crossings) - loop);
    printf("%-44s %12.0f ns\n", "shared call, 16 bytes there and back",
           measure(calls, sizeof calls));
    onecard_close(card);
    onecard_host_close(host);
    profile_free(&profile);
    free(memory);
    free(response);
    return 0;
}
