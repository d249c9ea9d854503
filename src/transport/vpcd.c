#include "transport/vpcd.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RETRY_MS = 100 };

enum outcome {
    OUTCOME_STOP,   /* stop_fd said so */
    OUTCOME_READY,  /* go on */
    OUTCOME_REMOVED /* no connection, or none any more */
};

/* Why the last connection failed or ended, for people. */
struct reason {
    const char *text;
};

/* Wait for events on fd (-1: only for time to pass). OUTCOME_REMOVED: time is up. */
static enum outcome wait_for(int fd, short events, int stop_fd, int timeout_ms) {
    struct pollfd polled[2] = {{.fd = stop_fd, .events = POLLIN}, {.fd = fd, .events = events}};
    int n;
    do
        n = poll(polled, 2, timeout_ms);
    while (n < 0 && errno == EINTR);
    if (polled[0].revents)
        return OUTCOME_STOP;
    return n > 0 ? OUTCOME_READY : OUTCOME_REMOVED;
}

/* ---- connecting ---- */

static void set_option(int fd, int level, int name) {
    const int on = 1;
    (void)setsockopt(fd, level, name, &on, sizeof on); /* without it all works, only slower */
}

/* *out_fd: a connected, non-blocking socket. */
static enum outcome connect_to(const struct addrinfo *address, int stop_fd, int *out_fd,
                               struct reason *reason) {
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                    address->ai_protocol);
    if (fd < 0) {
        reason->text = strerror(errno);
        return OUTCOME_REMOVED;
    }
    enum outcome outcome = OUTCOME_READY;
    int err = connect(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
    if (err == EINPROGRESS) {
        socklen_t size = sizeof err;
        outcome = wait_for(fd, POLLOUT, stop_fd, -1);
        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size) != 0)
            err = errno;
    }
    if (outcome == OUTCOME_READY && err) {
        reason->text = strerror(err);
        outcome = OUTCOME_REMOVED;
    }
    if (outcome != OUTCOME_READY) {
        close(fd);
        return outcome;
    }
    set_option(fd, IPPROTO_TCP, TCP_NODELAY);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE);
    *out_fd = fd;
    return OUTCOME_READY;
}

static enum outcome connect_reader(const struct vpcd_options *options, int *out_fd,
                                   struct reason *reason) {
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    int err = getaddrinfo(options->host, options->port, &hints, &list);
    if (err) {
        reason->text = gai_strerror(err);
        return OUTCOME_REMOVED;
    }
    enum outcome outcome = OUTCOME_REMOVED;
    for (const struct addrinfo *a = list; a && outcome == OUTCOME_REMOVED; a = a->ai_next)
        outcome = connect_to(a, options->stop_fd, out_fd, reason);
    freeaddrinfo(list);
    return outcome;
}

/* Try until a reader is there. */
static enum outcome await_reader(const struct vpcd_options *options, int *out_fd) {
    struct reason reason = {""};
    bool told = false;
    for (;;) {
        enum outcome outcome = connect_reader(options, out_fd, &reason);
        if (outcome != OUTCOME_REMOVED)
            return outcome;
        if (!told)
            options->event(options->event_ctx, VPCD_NO_READER, reason.text);
        told = true;
        if (wait_for(-1, 0, options->stop_fd, RETRY_MS) == OUTCOME_STOP)
            return OUTCOME_STOP;
    }
}

/* ---- connected ---- */

static enum outcome send_all(int fd, int stop_fd, const uint8_t *bytes, size_t len) {
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n >= 0) {
            bytes += n;
            len -= (size_t)n;
        } else if (errno == EAGAIN) {
            enum outcome outcome = wait_for(fd, POLLOUT, stop_fd, -1);
            if (outcome != OUTCOME_READY)
                return outcome;
        } else if (errno != EINTR) {
            return OUTCOME_REMOVED;
        }
    }
    return OUTCOME_READY;
}

static enum outcome receive(int fd, int stop_fd, struct vpcd_link *link) {
    uint8_t *at;
    size_t room = vpcd_link_room(link, &at);
    ssize_t n = recv(fd, at, room, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return wait_for(fd, POLLIN, stop_fd, -1);
    if (n <= 0)
        return OUTCOME_REMOVED;
    vpcd_link_received(link, (size_t)n);
    return OUTCOME_READY;
}

/* Obey what has been received.
 *
 * vpcd sends length and body apart, and Nagle's algorithm at its end holds the body back until the
 * length is acknowledged: at once, if we ask for it. The kernel forgets that wish by itself. Where
 * an answer goes back, the acknowledgement goes with it. */
static enum outcome obey(int fd, int stop_fd, struct vpcd_link *link, struct reason *reason) {
    enum vpcd_step step;
    bool answered = false;
    while ((step = vpcd_link_step(link)) != VPCD_WAIT) {
        if (step == VPCD_MUTE) {
            reason->text = "the card gave no answer";
            return OUTCOME_REMOVED;
        }
        if (step == VPCD_SEND) {
            enum outcome outcome = send_all(fd, stop_fd, link->out, link->out_len);
            if (outcome != OUTCOME_READY)
                return outcome;
            answered = true;
        }
    }
    if (!answered)
        set_option(fd, IPPROTO_TCP, TCP_QUICKACK);
    return OUTCOME_READY;
}

/* One insertion, from connect to disconnect. */
static enum outcome serve_connection(int fd, int stop_fd, struct vpcd_link *link,
                                     struct reason *reason) {
    reason->text = "the reader went away";
    bool work = true; /* the card may have work for the time between commands */
    for (;;) {
        enum outcome outcome = OUTCOME_READY;
        if (vpcd_link_quiet(link)) {
            /* A step at a time, and a look at the reader after each; without work, just wait. */
            work = work && link->card.idle(link->card.ctx);
            outcome = wait_for(fd, POLLIN, stop_fd, work ? 0 : -1);
            if (work && outcome == OUTCOME_REMOVED)
                continue; /* no command is waiting */
        } /* else the rest of a message is on its way: there is nothing to look at before */
        if (outcome == OUTCOME_READY)
            outcome = receive(fd, stop_fd, link);
        if (outcome == OUTCOME_READY)
            outcome = obey(fd, stop_fd, link, reason);
        if (outcome != OUTCOME_READY)
            return outcome;
        work = true;
    }
}

enum onecard_err vpcd_serve(const struct vpcd_card *card, const struct vpcd_options *options) {
    struct vpcd_link *link = malloc(sizeof *link);
    if (!link)
        return ONECARD_E_NO_MEMORY;
    int fd = -1;
    while (await_reader(options, &fd) == OUTCOME_READY) {
        struct reason reason;
        options->event(options->event_ctx, VPCD_INSERTED, "");
        vpcd_link_insert(link, card);
        enum outcome outcome = serve_connection(fd, options->stop_fd, link, &reason);
        vpcd_link_remove(link);
        close(fd);
        if (outcome == OUTCOME_STOP)
            break;
        options->event(options->event_ctx, VPCD_REMOVED, reason.text);
        /* A card that is taken out shows as absent for a moment, and a reader that hangs up at once
         * is not called in a busy loop. */
        if (wait_for(-1, 0, options->stop_fd, RETRY_MS) == OUTCOME_STOP)
            break;
    }
    free(link);
    return ONECARD_OK;
}
