/* onecard serve: cards in a PC/SC reader, until interrupted. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "commands.h"
#include "control.h"
#include "options.h"
#include "slots.h"
#include "transport/vpcd.h"

static const char COMMAND[] = "serve";

static struct image_options image_options;
static bool traced;
static const char *address = VPCD_HOST ":" VPCD_PORT;
static const char *control_path;

static const struct option options[] = {
    {"--vpcd", "HOST:PORT", "where the reader listens (" VPCD_HOST ":" VPCD_PORT ")", NULL,
     &address},
    {"--control", "SOCKET", "a socket for \"onecard control\": cards in and out", NULL,
     &control_path},
    {"--contactless", NULL, "the cards answer as ones without contacts", &image_options.contactless,
     NULL},
    {"--trace", NULL, "explain each command on standard output", &traced, NULL},
    {"--screen", "FILE", "keep what the card's screen shows in this file", NULL,
     &image_options.screen},
    {"--sensor", "FILE", "a biometric sensor: 'match' or 'no-match' in this file", NULL,
     &image_options.sensor},
    IMAGE_DEVICE_KEY_OPTION(image_options),
    IMAGE_COUNTER_OPTION(image_options),
    IMAGE_SEED_OPTION(image_options),
};

static const struct usage usage = {
    .command = "serve",
    .arguments = "IMAGE[@HOST:PORT] ...",
    .text =
        "Puts the card in IMAGE into a virtual PC/SC reader (vpcd of vsmartcard, in pcscd) until\n"
        "interrupted. It waits for the reader to come up, and waits again when it goes away.\n"
        "Further cards go into further slots: at PORT + 1, PORT + 2 and so on, or where their\n"
        "@HOST:PORT says. With --control there may be none at first.\n",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .arguments_min = 0,
    .arguments_max = -1,
};

/* From now on a signal that asks us to end makes the descriptor readable, and does nothing else,
 * in no thread. */
static int watch_signals(int *out_fd) {
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGHUP);
    signal(SIGPIPE, SIG_IGN); /* the card outlives whoever read its trace */
    if (sigprocmask(SIG_BLOCK, &stops, NULL) == 0)
        *out_fd = signalfd(-1, &stops, SFD_CLOEXEC);
    if (*out_fd < 0)
        return complain(EXIT_FAILED, COMMAND, "cannot watch for signals: %s", strerror(errno));
    return EXIT_OK;
}

/* Until a signal; requests meanwhile. control: -1 if there is no socket. */
static void run(struct slots *slots, int stop_fd, int control) {
    for (;;) {
        struct pollfd polled[2] = {{.fd = stop_fd, .events = POLLIN},
                                   {.fd = control, .events = POLLIN}};
        if (poll(polled, 2, -1) < 0 && errno != EINTR)
            return;
        if (polled[0].revents)
            return;
        if (polled[1].revents)
            control_serve(control, stop_fd, slots);
    }
}

static int serve(struct slots *slots, int stop_fd) {
    int control = -1;
    if (control_path) {
        control = control_listen(COMMAND, control_path);
        if (control < 0)
            return EXIT_FAILED;
    }
    int status = slots_start(slots);
    if (!status)
        run(slots, stop_fd, control);
    if (control >= 0) {
        close(control);
        unlink(control_path);
    }
    return status;
}

int command_serve(int argc, char **argv) {
    int count, status, stop_fd = -1;
    struct slots slots;
    unsigned number;
    if (!options_parse(&usage, argc, argv, &count, &status))
        return status;
    if (count == 0 && !control_path)
        return complain(EXIT_USAGE, COMMAND, "too few arguments; usage: onecard serve [OPTIONS] %s",
                        usage.arguments);
    if (image_options.counter && (count != 1 || control_path))
        return complain(
            EXIT_USAGE, COMMAND,
            "--counter FILE belongs to one card: serve that one alone, without --control");
    status = slots_init(&slots, COMMAND, address, &image_options, traced);
    if (status)
        return status;
    slots.labelled = count > 1 || control_path;
    status = watch_signals(&stop_fd);
    for (int i = 0; i < count && !status; i++) /* all of them, or none */
        status = slots_insert(&slots, argv[i], -1, false, &number);
    if (!status)
        status = serve(&slots, stop_fd);
    slots_free(&slots);
    if (stop_fd >= 0)
        close(stop_fd);
    return status;
}
