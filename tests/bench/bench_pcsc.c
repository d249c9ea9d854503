/* bench_pcsc CARD_READER NULL_READER: round trips through PC/SC of a card with hello selected,
 * against a card that answers 9000 to everything, taking turns in one run. bench_pcsc.py sets the
 * readers up. Exit status 1 if PC/SC fails. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <winscard.h>

enum { TURNS = 200, COMMANDS_A_TURN = 25, SAMPLES = TURNS * COMMANDS_A_TURN };

static const double GOAL = 1.2; /* times the null card's round trip */

struct side {
    const char *name;
    SCARDHANDLE card;
    double samples[SAMPLES]; /* microseconds */
    size_t count;
};

static bool ok(const char *doing, LONG result) {
    if (result == SCARD_S_SUCCESS)
        return true;
    fprintf(stderr, "bench_pcsc: %s: %s\n", doing, pcsc_stringify_error(result));
    return false;
}

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static bool transmit(SCARDHANDLE card, const uint8_t *command, size_t len) {
    uint8_t answer[258];
    DWORD answer_len = sizeof answer;
    if (!ok("SCardTransmit",
            SCardTransmit(card, SCARD_PCI_T1, command, len, NULL, answer, &answer_len)))
        return false;
    if (answer_len >= 2 && answer[answer_len - 2] == 0x90 && answer[answer_len - 1] == 0)
        return true;
    fputs("bench_pcsc: a command was not answered with 9000\n", stderr);
    return false;
}

static bool take_turn(struct side *side, const uint8_t *command, size_t len) {
    for (int i = 0; i < COMMANDS_A_TURN; i++) {
        double start = now_us();
        if (!transmit(side->card, command, len))
            return false;
        side->samples[side->count++] = now_us() - start;
    }
    return true;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints a line; returns the median. */
static double report(struct side *side) {
    double sum = 0;
    qsort(side->samples, side->count, sizeof side->samples[0], by_value);
    for (size_t i = 0; i < side->count; i++)
        sum += side->samples[i];
    double mean = sum / (double)side->count, median = side->samples[side->count / 2];
    printf("  %-10s median %6.1f us  mean %6.1f us  p99 %6.1f us  %7.0f round trips/s\n",
           side->name, median, mean, side->samples[side->count * 99 / 100], 1e6 / mean);
    side->count = 0;
    return median;
}

static bool compare(const char *what, struct side *card, struct side *null, const uint8_t *command,
                    size_t len) {
    for (int turn = 0; turn < TURNS; turn++)
        if (!take_turn(card, command, len) || !take_turn(null, command, len))
            return false;
    printf("round trip through PC/SC, %s:\n", what);
    double ratio = report(card) / report(null);
    printf("  ratio of medians %.2f, goal at most %.1f: %s\n", ratio, GOAL,
           ratio <= GOAL ? "met" : "MISSED");
    return true;
}

static bool connect(SCARDCONTEXT context, const char *reader, SCARDHANDLE *card) {
    DWORD protocol;
    return ok("SCardConnect", SCardConnect(context, reader, SCARD_SHARE_EXCLUSIVE,
                                           SCARD_PROTOCOL_T1, card, &protocol));
}

int main(int argc, char **argv) {
    static const uint8_t select[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xF0, 0x6F, 0x6E,
                                     0x65, 0x63, 0x61, 0x72, 0x64, 0x01, 0x00};
    static const uint8_t greet[] = {0x80, 0x10, 0x00, 0x00, 0x00};
    static const uint8_t read_text[] = {0x80, 0x30, 0x00, 0x00, 0x00};
    static struct side card = {.name = "onecard"}, null = {.name = "null card"};
    SCARDCONTEXT context;
    if (argc != 3) {
        fputs("usage: bench_pcsc CARD_READER NULL_READER\n", stderr);
        return 2;
    }
    bool good = ok("SCardEstablishContext",
                   SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context)) &&
                connect(context, argv[1], &card.card) && connect(context, argv[2], &null.card) &&
                transmit(card.card, select, sizeof select) &&
                compare("GREET", &card, &null, greet, sizeof greet) &&
                compare("READ TEXT", &card, &null, read_text, sizeof read_text) &&
                compare("SELECT", &card, &null, select, sizeof select);
    /* A reader that loses its program and its card at the same moment is lost itself. */
    good = good && ok("SCardDisconnect", SCardDisconnect(card.card, SCARD_RESET_CARD)) &&
           ok("SCardDisconnect", SCardDisconnect(null.card, SCARD_RESET_CARD));
    return good ? 0 : 1;
}
