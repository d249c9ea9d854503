/* bench_many PROFILE [CARDS]: that many personalised cards in this process, each opened, powered
 * and used. The library's example for many cards (docs/many-cards.md). */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../tools/onecard/maker.h"
#include "../../tools/onecard/profile.h"
#include "support/many.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void must(bool good, const char *what) {
    if (good)
        return;
    fprintf(stderr, "bench_many: %s\n", what);
    exit(1);
}

/* A card of that profile on flash in memory, and its flash as a template. */
static struct onecard_host_template *personalise(const char *profile_path) {
    char message[PROFILE_MESSAGE_MAX] = "";
    struct profile profile;
    struct onecard_host *host;
    struct onecard *card;
    struct onecard_host_template *template = NULL;
    must(!profile_read(profile_path, &profile, message), message);
    must(!onecard_host_memory(NULL, &host, message, sizeof message), message);
    const struct onecard_port *port = onecard_host_port(host);
    size_t size = onecard_memory_size(port);
    void *memory = malloc(size);
    must(memory, "out of memory");
    must(!onecard_format(port, memory, size) && !onecard_open(port, memory, size, &card),
         "cannot make a card");
    if (maker_run(card, port, &profile, message))
        must(false, message);
    while (onecard_idle(card))
        ;
    onecard_close(card);
    must(!onecard_host_template_make(host, &template, message, sizeof message), message);
    onecard_host_close(host);
    profile_free(&profile);
    free(memory);
    return template;
}

static void print_sizes(const struct many_memory *before, const struct many_memory *after,
                        const struct many_card *card, size_t cards) {
    const struct onecard_port *port = onecard_host_port(card->host);
    size_t own = after->own - before->own, flash = after->flash - before->flash;
    printf("  RAM of a card beside its flash: %.1f KiB in use, %.1f KiB reserved; goal under 64\n",
           (double)(own - flash) / 1024 / (double)cards, (double)onecard_memory_size(port) / 1024);
    printf("  flash of a card that it does not share: %.1f KiB of %u KiB\n",
           (double)flash / 1024 / (double)cards,
           (unsigned)(port->flash.sector_size / 1024 * port->flash.sector_count));
    printf("  all of them: %.0f MiB; file descriptors: %zu for all\n", (double)own / (1 << 20),
           after->descriptors - before->descriptors);
}

int main(int argc, char **argv) {
    static const uint8_t select[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xF0, 0x6F, 0x6E,
                                     0x65, 0x63, 0x61, 0x72, 0x64, 0x01, 0x00};
    static const uint8_t count[] = {0x80, 0x40, 0x00, 0x00, 0x04};
    size_t cards = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
    must(argc > 1 && cards > 0, "usage: bench_many PROFILE [CARDS]");
    struct many_card *all = calloc(cards, sizeof *all);
    must(all, "out of memory");
    struct many_memory before = many_measure();
    struct onecard_host_template *template = personalise(argv[1]);
    double start = now();
    for (size_t i = 0; i < cards; i++) {
        const char *wrong = many_clone(&all[i], template);
        must(!wrong, wrong);
    }
    double opened = now();
    for (size_t i = 0; i < cards; i++)
        must(many_send(&all[i], select, sizeof select, NULL) &&
                 many_send(&all[i], count, sizeof count, NULL),
             "a card does not work");
    double used = now();
    struct many_memory after = many_measure();
    printf("%zu personalised cards in one process: opened and powered %.2f s, SELECT and COUNT on "
           "each %.2f s\n",
           cards, opened - start, used - opened);
    print_sizes(&before, &after, &all[0], cards);
    for (size_t i = 0; i < cards; i++)
        many_free(&all[i]);
    onecard_host_template_close(template);
    free(all);
    return 0;
}
