#include "slot.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "commands.h"
#include "transport/vpcd.h"

void slot_init(struct slot *slot, char *host, char *port) {
    memset(slot, 0, sizeof *slot);
    slot->host = host;
    slot->port = port;
    slot->stop_fd = -1;
}

void slot_free(struct slot *slot) {
    slot_remove(slot);
    free(slot->host);
    free(slot->port);
}

/* ---- the trace ---- */

/* What one exchange printed, at once: lines of different cards do not mix. */
static void show(struct slot *s) {
    fflush(s->trace.out);
    fwrite(s->text, 1, s->text_size, stdout);
    fflush(stdout);
    rewind(s->trace.out);
}

static void card_says(void *ctx, enum onecard_trace_kind kind, const char *text) {
    struct slot *s = ctx;
    if (s->traced)
        trace_note(&s->trace, kind, text);
}

/* ---- the card, as the reader sees it ---- */

static size_t card_power_on(void *ctx, uint8_t atr[ONECARD_ATR_MAX]) {
    struct slot *s = ctx;
    size_t len = onecard_power_on(s->image.card, atr);
    if (s->traced) {
        trace_power_on(&s->trace, atr, len);
        show(s);
    }
    return len;
}

static void card_power_off(void *ctx) {
    struct slot *s = ctx;
    onecard_power_off(s->image.card);
    if (s->traced) {
        trace_power_off(&s->trace);
        show(s);
    }
}

static bool card_transmit(void *ctx, const uint8_t *command, size_t command_len, uint8_t *response,
                          size_t *response_len) {
    struct slot *s = ctx;
    struct trace_exchange exchange;
    if (s->traced)
        trace_begin(&s->trace, &exchange, s->image.card, command, command_len);
    enum onecard_err err =
        onecard_transmit(s->image.card, command, command_len, response, response_len);
    if (s->traced) {
        trace_end(&s->trace, &exchange, err, response, *response_len);
        show(s);
    }
    if (err)
        fprintf(stderr, "onecard: %s: the card gave no answer: %s\n", s->path,
                onecard_err_text(err));
    return err == ONECARD_OK;
}

static bool card_idle(void *ctx) {
    struct slot *s = ctx;
    return onecard_idle(s->image.card);
}

static void reader_event(void *ctx, enum vpcd_event event, const char *detail) {
    struct slot *s = ctx;
    switch (event) {
    case VPCD_NO_READER:
        fprintf(stderr, "onecard: %s: waiting for a reader at %s:%s (%s)\n", s->path, s->host,
                s->port, detail);
        break;
    case VPCD_INSERTED:
        fprintf(stderr, "onecard: %s: in the reader at %s:%s\n", s->path, s->host, s->port);
        break;
    case VPCD_REMOVED:
        fprintf(stderr, "onecard: %s: out of the reader: %s\n", s->path, detail);
        break;
    }
    atomic_store(&s->state, event == VPCD_INSERTED ? SLOT_IN_READER : SLOT_WAITING);
}

static struct reader_view view_of(const struct slot *s) {
    const struct onecard_port *port = onecard_host_port(s->image.host);
    struct reader_view view = {.contactless = port->interface == 1};
    reader_uid(port->serial, view.uid);
    view.ats_len = (uint8_t)onecard_ats(s->image.card, view.ats);
    return view;
}

static void *serve(void *ctx) {
    struct slot *s = ctx;
    const struct vpcd_card card = {.ctx = s,
                                   .power_on = card_power_on,
                                   .power_off = card_power_off,
                                   .transmit = card_transmit,
                                   .idle = card_idle,
                                   .view = view_of(s)};
    const struct vpcd_options reader = {.host = s->host,
                                        .port = s->port,
                                        .stop_fd = s->stop_fd,
                                        .event = reader_event,
                                        .event_ctx = s};
    enum onecard_err err = vpcd_serve(&card, &reader);
    if (err)
        fprintf(stderr, "onecard: %s: %s\n", s->path, onecard_err_text(err));
    return NULL;
}

/* ---- in and out ---- */

int slot_load(struct slot *slot, const char *command, const char *path,
              const struct image_options *options, bool traced) {
    struct image_options own = *options;
    own.trace = card_says;
    own.trace_ctx = slot;
    own.quiet_key = true;
    own.response_max = VPCD_MESSAGE_MAX - 2; /* data and status word fit one message */
    slot->traced = traced;
    slot->path = strdup(path);
    slot->trace.out = open_memstream(&slot->text, &slot->text_size);
    if (!slot->path || !slot->trace.out) {
        slot_remove(slot);
        return complain(EXIT_FAILED, command, "out of memory");
    }
    int status = image_open(&slot->image, command, path, &own);
    if (status)
        slot_remove(slot);
    return status;
}

int slot_start(struct slot *slot, const char *command) {
    atomic_store(&slot->state, SLOT_WAITING);
    slot->stop_fd = eventfd(0, EFD_CLOEXEC);
    int err = slot->stop_fd < 0 ? errno : pthread_create(&slot->thread, NULL, serve, slot);
    if (err) {
        complain(EXIT_FAILED, command, "%s: cannot serve it: %s", slot->path, strerror(err));
        slot_remove(slot);
        return EXIT_FAILED;
    }
    slot->running = true;
    return EXIT_OK;
}

void slot_remove(struct slot *slot) {
    if (slot->running) {
        eventfd_write(slot->stop_fd, 1);
        pthread_join(slot->thread, NULL);
    }
    slot->running = false;
    if (slot->stop_fd >= 0)
        close(slot->stop_fd);
    slot->stop_fd = -1;
    image_close(&slot->image);
    if (slot->trace.out)
        fclose(slot->trace.out);
    free(slot->text);
    free(slot->path);
    slot->trace = (struct trace){0};
    slot->text = slot->path = NULL;
    atomic_store(&slot->state, SLOT_EMPTY);
}
