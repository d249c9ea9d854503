/* bench_purse PROFILE [IMAGE]: what a transit reader does most. READ BINARY of 32 bytes, UPDATE
 * BINARY of 16, and a purse debit (INITIALIZE and DEBIT: session key, MAC1, MAC2, TAC, one commit),
 * on flash in memory (processor time), and, given a file name, durable on disk (time on the wall).
 * The terminal's cryptography does not count. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../tools/onecard/maker.h"
#include "../../tools/onecard/profile.h"
#include "crypto/crypto.h"
#include "onecard/host.h"
#include "transit/terminal.h"

enum { CREDIT = 90000 }; /* a purse's counters end at 65535 */

static const uint8_t key[16] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,
                                0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11};

static struct crypto_key master; /* the terminal's */

static struct bench {
    struct onecard_host *host;
    struct onecard *card;
    void *memory;
    uint8_t *response;
    size_t response_len;
    clockid_t clock; /* processor time; on disk the time on the wall */
} b;

static void must(bool good, const char *what) {
    if (good)
        return;
    fprintf(stderr, "bench_purse: %s\n", what);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(b.clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void open_card(const struct profile *profile, const char *image) {
    struct onecard_host_options options = {.sector_count = 256};
    char message[PROFILE_MESSAGE_MAX];
    uint8_t atr[ONECARD_ATR_MAX];
    enum onecard_err err =
        image ? onecard_host_create(image, true, &options, &b.host, message, sizeof message)
              : onecard_host_memory(&options, &b.host, message, sizeof message);
    must(!err, message);
    struct onecard_port *port = onecard_host_port(b.host);
    size_t size = onecard_memory_size(port);
    b.memory = malloc(size);
    b.response = malloc(ONECARD_RESPONSE_APDU_MAX(port));
    must(b.memory && b.response, "out of memory");
    must(!onecard_format(port, b.memory, size) && !onecard_open(port, b.memory, size, &b.card),
         "cannot make a card");
    if (maker_run(b.card, port, profile, message))
        must(false, message);
    onecard_power_on(b.card, atr);
}

static void close_card(void) {
    onecard_close(b.card);
    onecard_host_close(b.host);
    free(b.memory);
    free(b.response);
}

static const uint8_t *send(const uint8_t *command, size_t len) {
    must(!onecard_transmit(b.card, command, len, b.response, &b.response_len), "no answer");
    if (b.response[b.response_len - 2] != 0x90)
        fprintf(stderr, "%02X%02X to %02X%02X\n", b.response[b.response_len - 2],
                b.response[b.response_len - 1], command[0], command[1]);
    must(b.response[b.response_len - 2] == 0x90, "not 9000");
    return b.response;
}

static void select_purse(void) {
    static const uint8_t select[] = {0x00, 0xA4, 0x04, 0x00, 0x08, 0xA0, 0x00,
                                     0x00, 0x06, 0x32, 0x01, 0x01, 0x05, 0x00};
    send(select, sizeof select);
}

static const struct terminal_deal loading = {.amount = {0, 1, CREDIT >> 8 & 0xFF, CREDIT & 0xFF},
                                             .type = 0x02,
                                             .datetime = {0x20, 0x26, 3, 3, 8, 0, 0}};
static const struct terminal_deal buying = {
    .amount = {0, 0, 0, 1}, .type = 0x06, .datetime = {0x20, 0x26, 3, 3, 8, 0, 0}};

static void initialise_command(uint8_t command[17], uint8_t p1, uint8_t p2,
                               const struct terminal_deal *deal) {
    const uint8_t head[6] = {0x80, 0x50, p1, p2, 0x0B, 0x01};
    uint8_t bytes[sizeof *deal]; /* amount 4, type 1, terminal 6 .. */
    memcpy(bytes, deal, sizeof bytes);
    memcpy(command, head, 6);
    memcpy(command + 6, bytes, 4);
    memcpy(command + 10, bytes + 5, 6);
    command[16] = 0; /* Le */
}

static void load_purse(void) {
    static const uint8_t verify[] = {0x00, 0x20, 0x00, 0x00, 0x03, 0x12, 0x34, 0x56};
    uint8_t command[20], session[8];
    select_purse();
    send(verify, sizeof verify);
    initialise_command(command, 0x00, 0x02, &loading);
    terminal_credit(key, &loading, send(command, 17), command, session);
    send(command, 16);
}

/* The terminal's part of a purchase: DEBIT for the card's answer. As terminal_debit(), but light,
 * by the card's own cryptography and with the master key ready: what it does between the card's
 * commands, to caches and branch predictors, is not to be counted as the card's time. */
static void make_debit(uint32_t number, const uint8_t *answer, uint8_t command[20]) {
    static const uint8_t head[7] = {0x80, 0x54, 0x01, 0x00, 0x0F, 0, 0};
    struct crypto_key session;
    uint8_t data[8];
    if (!master.info)
        crypto_key_set(&master, CRYPTO_TDES2, key, sizeof key);
    memcpy(command, head, sizeof head);
    command[7] = (uint8_t)(number >> 8);
    command[8] = (uint8_t)number;
    memcpy(command + 9, buying.datetime, sizeof buying.datetime);
    memcpy(data, answer + 11, 4);
    memcpy(data + 4, answer + 4, 2);
    memcpy(data + 6, command + 7, 2);
    crypto_cipher(&master, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, data, data, sizeof data);
    crypto_key_set(&session, CRYPTO_DES, data, sizeof data);
    crypto_mac_once(&session, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, (const uint8_t *)&buying,
                    sizeof buying, command + 16, 4);
}

static void debit(uint32_t number) {
    uint8_t command[20];
    initialise_command(command, 0x01, 0x02, &buying);
    make_debit(number, send(command, 17), command);
    send(command, 20);
    while (onecard_idle(b.card))
        ;
}

static void print(const char *what, double rate, double goal) {
    printf("  %-44s %10.0f /s %9.2f us", what, rate, 1e6 / rate);
    if (goal > 0)
        printf("   goal %.0f: %s", goal, rate >= goal ? "met" : "MISSED");
    putchar('\n');
}

static double best(double a, double c) {
    return a > c ? a : c;
}

/* What a debit costs the flash, collection included. */
static void print_flash(const struct onecard_host_counters *before, uint32_t debits) {
    struct onecard_host_counters after;
    onecard_host_counters(b.host, &after);
    printf("  %-44s %10.1f bytes, %.2f programs, %.4f erases\n", "flash for a debit",
           (double)(after.program_bytes - before->program_bytes) / debits,
           (double)(after.programs - before->programs) / debits,
           (double)(after.erases - before->erases) / debits);
}

/* The best of many batches. What the terminal needs is measured beside each, and taken off. */
static double measure_debits(uint32_t batches, uint32_t size, bool show) {
    double rate = 0;
    uint8_t answer[20] = {0}, command[20];
    struct onecard_host_counters before;
    load_purse();
    select_purse();
    onecard_host_counters(b.host, &before);
    for (uint32_t i = 0; i < batches; i++) {
        double start = now();
        for (uint32_t k = 0; k < size; k++)
            debit(k);
        double middle = now();
        for (uint32_t k = 0; k < size; k++)
            make_debit(k, answer, command);
        rate = best(rate, size / (2 * middle - start - now()));
    }
    if (show)
        print_flash(&before, batches * size);
    return rate;
}

static double measure_command(const uint8_t *command, size_t len, double seconds) {
    uint32_t done = 0;
    double start = now(), spent;
    do {
        for (int i = 0; i < 50; i++) {
            send(command, len);
            onecard_idle(b.card);
        }
        done += 50;
        spent = now() - start;
    } while (spent < seconds);
    return done / spent;
}

static void measure_all(const struct profile *profile, const char *image) {
    static const uint8_t read[] = {0x00, 0xB0, 0x97, 0x00, 0x20},
                         update[21] = {0x00, 0xD6, 0x96, 0x00, 0x10, 0x01, 0x02};
    double debits = 0, reads = 0, updates = 0, seconds = image ? 1 : 0.3;
    b.clock = image ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID;
    printf("%s\n", image ? "image file, durable at every commit, time on the wall"
                         : "flash in memory, processor time");
    for (int round = 0; round < (image ? 1 : 5); round++) {
        open_card(profile, image);
        debits = best(debits,
                      image ? measure_debits(1, 400, true) : measure_debits(25, 2000, round == 0));
        reads = best(reads, measure_command(read, sizeof read, seconds));
        updates = best(updates, measure_command(update, sizeof update, seconds));
        close_card();
    }
    print("purse debit (INITIALIZE + DEBIT)", debits, image ? 0 : 400000);
    print("READ BINARY, 32 bytes", reads, image ? 0 : 1500000);
    print("UPDATE BINARY, 16 bytes", updates, 0);
}

int main(int argc, char **argv) {
    struct profile profile;
    char message[PROFILE_MESSAGE_MAX];
    if (argc < 2) {
        fputs("usage: bench_purse PROFILE [IMAGE]\n", stderr);
        return 2;
    }
    if (profile_read(argv[1], &profile, message))
        must(false, message);
    measure_all(&profile, NULL);
    if (argc > 2) {
        measure_all(&profile, argv[2]);
        unlink(argv[2]);
    }
    profile_free(&profile);
    return 0;
}
