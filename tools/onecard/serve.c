/* onecard serve: the card in a PC/SC reader, until interrupted. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "commands.h"
#include "image.h"
#include "options.h"
#include "trace.h"
#include "transport/vpcd.h"

static const char COMMAND[] = "serve";

static struct image_options image_options;
static bool traced;
static const char *address = VPCD_HOST ":" VPCD_PORT;

static const struct option options[] = {
    {"--vpcd", "HOST:PORT", "where the reader listens (" VPCD_HOST ":" VPCD_PORT ")", NULL,
     &address},
    {"--trace", NULL, "explain each command on standard output", &traced, NULL},
    {"--screen", "FILE", "keep what the card's screen shows in this file", NULL,
     &image_options.screen},
    {"--sensor", "FILE", "a biometric sensor: 'match' or 'no-match' in this file", NULL,
     &image_options.sensor},
    IMAGE_DEVICE_KEY_OPTION(image_options),
    IMAGE_SEED_OPTION(image_options),
};

static const struct usage usage = {
    .command = "serve",
    .arguments = "IMAGE",
    .text =
        "Puts the card in IMAGE into a virtual PC/SC reader (vpcd of vsmartcard, in pcscd) until\n"
        "interrupted. It waits for the reader to come up, and waits again when it goes away.\n",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .arguments_min = 1,
    .arguments_max = 1,
};

struct session {
    struct image image;
    struct trace trace;
    int stop_fd;
    char *host;
    const char *port;
};

/* ---- the card, as the reader sees it ---- */

static size_t card_power_on(void *ctx, uint8_t atr[ONECARD_ATR_MAX]) {
    struct session *s = ctx;
    size_t len = onecard_power_on(s->image.card, atr);
    if (traced)
        trace_power_on(&s->trace, atr, len);
    return len;
}

static void card_power_off(void *ctx) {
    struct session *s = ctx;
    onecard_power_off(s->image.card);
    if (traced)
        trace_power_off(&s->trace);
}

static bool card_transmit(void *ctx, const uint8_t *command, size_t command_len, uint8_t *response,
                          size_t *response_len) {
    struct session *s = ctx;
    struct trace_exchange exchange;
    if (traced)
        trace_begin(&s->trace, &exchange, s->image.card, command, command_len);
    enum onecard_err err =
        onecard_transmit(s->image.card, command, command_len, response, response_len);
    if (traced)
        trace_end(&s->trace, &exchange, err, response, *response_len);
    if (err)
        complain(EXIT_FAILED, COMMAND, "the card gave no answer: %s", onecard_err_text(err));
    return err == ONECARD_OK;
}

static bool card_idle(void *ctx) {
    struct session *s = ctx;
    return onecard_idle(s->image.card);
}

static void card_says(void *ctx, enum onecard_trace_kind kind, const char *text) {
    struct session *s = ctx;
    if (traced)
        trace_note(&s->trace, kind, text);
}

static void reader_event(void *ctx, enum vpcd_event event, const char *detail) {
    struct session *s = ctx;
    switch (event) {
    case VPCD_NO_READER:
        fprintf(stderr, "onecard: waiting for a reader at %s:%s (%s)\n", s->host, s->port, detail);
        break;
    case VPCD_INSERTED:
        fprintf(stderr, "onecard: in the reader at %s:%s\n", s->host, s->port);
        break;
    case VPCD_REMOVED:
        fprintf(stderr, "onecard: out of the reader: %s\n", detail);
        break;
    }
}

/* ---- the command ---- */

/* Split HOST:PORT. An IPv6 address stands in brackets. */
static int take_address(struct session *s) {
    s->host = strdup(address);
    if (!s->host)
        return complain(EXIT_FAILED, COMMAND, "out of memory");
    char *colon = strrchr(s->host, ':');
    char *end = NULL;
    unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;
    if (!colon || colon == s->host || *end || port < 1 || port > 65535)
        return complain(EXIT_USAGE, COMMAND, "--vpcd %s: HOST:PORT is wanted, such as %s:%s",
                        address, VPCD_HOST, VPCD_PORT);
    *colon = '\0';
    s->port = colon + 1;
    size_t len = strlen(s->host);
    if (s->host[0] == '[' && s->host[len - 1] == ']') {
        s->host[len - 1] = '\0';
        memmove(s->host, s->host + 1, len - 1);
    }
    return EXIT_OK;
}

/* From now on a signal that asks us to end makes stop_fd readable, and does nothing else. */
static int watch_signals(struct session *s) {
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGHUP);
    signal(SIGPIPE, SIG_IGN); /* the card outlives whoever read its trace */
    if (sigprocmask(SIG_BLOCK, &stops, NULL) == 0)
        s->stop_fd = signalfd(-1, &stops, SFD_CLOEXEC);
    if (s->stop_fd < 0)
        return complain(EXIT_FAILED, COMMAND, "cannot watch for signals: %s", strerror(errno));
    return EXIT_OK;
}

static int serve(struct session *s) {
    const struct vpcd_card card = {s, card_power_on, card_power_off, card_transmit, card_idle};
    const struct vpcd_options reader = {.host = s->host,
                                        .port = s->port,
                                        .stop_fd = s->stop_fd,
                                        .event = reader_event,
                                        .event_ctx = s};
    enum onecard_err err = vpcd_serve(&card, &reader);
    return err ? complain(EXIT_FAILED, COMMAND, "%s", onecard_err_text(err)) : EXIT_OK;
}

int command_serve(int argc, char **argv) {
    int count, status;
    if (!options_parse(&usage, argc, argv, &count, &status))
        return status;
    struct session session = {.trace = {.out = stdout}, .stop_fd = -1};
    image_options.trace = card_says;
    image_options.trace_ctx = &session;
    image_options.response_max = VPCD_MESSAGE_MAX - 2; /* data and status word fit one message */
    status = take_address(&session);
    if (status == EXIT_OK)
        status = watch_signals(&session);
    if (status == EXIT_OK)
        status = image_open(&session.image, COMMAND, argv[0], &image_options);
    if (status == EXIT_OK)
        status = serve(&session);
    image_close(&session.image);
    if (session.stop_fd >= 0)
        close(session.stop_fd);
    free(session.host);
    return status;
}
