#include "slots.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "transport/vpcd.h"

/* ---- addresses ---- */

/* Split HOST:PORT; *out_host is allocated, without brackets. Returns the port, or 0. */
static unsigned split_address(const char *address, char **out_host) {
    const char *colon = strrchr(address, ':');
    char *end = NULL;
    unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;
    *out_host = NULL;
    if (!colon || colon == address || colon[1] < '0' || colon[1] > '9' || *end || port < 1 ||
        port > 65535)
        return 0;
    size_t len = (size_t)(colon - address);
    if (address[0] == '[' && address[len - 1] == ']')
        *out_host = strndup(address + 1, len - 2);
    else
        *out_host = strndup(address, len);
    return *out_host ? (unsigned)port : 0;
}

int slots_init(struct slots *s, const char *command, const char *address,
               const struct image_options *options, bool traced) {
    char *host;
    memset(s, 0, sizeof *s);
    s->command = command;
    s->options = options;
    s->traced = traced;
    s->port = split_address(address, &host);
    s->host = host;
    if (!s->port)
        return complain(EXIT_USAGE, command, "--vpcd %s: HOST:PORT is wanted, such as %s:%s",
                        address, VPCD_HOST, VPCD_PORT);
    return EXIT_OK;
}

/* ---- slots ---- */

static char *port_text(unsigned port) {
    char text[12];
    snprintf(text, sizeof text, "%u", port);
    return strdup(text);
}

static struct slot *at_address(const struct slots *s, const char *host, const char *port,
                               unsigned *out_number) {
    for (unsigned i = 0; i < s->count; i++) {
        if (strcmp(s->slot[i]->host, host) == 0 && strcmp(s->slot[i]->port, port) == 0) {
            *out_number = i;
            return s->slot[i];
        }
    }
    return NULL;
}

static int add_slot(struct slots *s, const char *host, unsigned port, unsigned *out_number) {
    if (s->count == SLOTS_MAX)
        return complain(EXIT_FAILED, s->command, "there are %u slots already, and no more",
                        (unsigned)SLOTS_MAX);
    if (port > 65535)
        return complain(EXIT_FAILED, s->command, "slot %u would be at port %u: there is none",
                        s->count, port);
    struct slot *slot = malloc(sizeof *slot);
    char *own_host = strdup(host), *own_port = port_text(port);
    if (!slot || !own_host || !own_port) {
        free(slot);
        free(own_host);
        free(own_port);
        return complain(EXIT_FAILED, s->command, "out of memory");
    }
    slot_init(slot, own_host, own_port);
    *out_number = s->count;
    s->slot[s->count++] = slot;
    return EXIT_OK;
}

/* The slot at an address, made if there is none. */
static int slot_at(struct slots *s, const char *host, unsigned port, unsigned *out_number) {
    char text[12];
    snprintf(text, sizeof text, "%u", port);
    return at_address(s, host, text, out_number) ? EXIT_OK : add_slot(s, host, port, out_number);
}

static int next_plain(struct slots *s, unsigned *out_number) {
    for (unsigned i = 0; i < s->count; i++) {
        if (!s->slot[i]->path) {
            *out_number = i;
            return EXIT_OK;
        }
    }
    unsigned port = s->port + s->plain, unused;
    char text[12];
    snprintf(text, sizeof text, "%u", port);
    while (at_address(s, s->host, text, &unused)) /* taken by IMAGE@HOST:PORT */
        snprintf(text, sizeof text, "%u", ++port);
    int status = add_slot(s, s->host, port, out_number);
    if (!status)
        s->plain = port + 1 - s->port;
    return status;
}

/* ---- cards ---- */

/* IMAGE@HOST:PORT, unless a file has the whole name. *out_path is allocated; *out_host NULL if
 * there is no address. */
static unsigned split_target(const char *what, char **out_path, char **out_host) {
    const char *at = strrchr(what, '@');
    unsigned port = 0;
    char resolved[PATH_MAX];
    *out_host = NULL;
    if (at && at > what && !realpath(what, resolved))
        port = split_address(at + 1, out_host);
    *out_path = port ? strndup(what, (size_t)(at - what)) : strdup(what);
    return port;
}

static bool same_file(const char *a, const char *b) {
    char first[PATH_MAX], second[PATH_MAX];
    return realpath(a, first) && realpath(b, second) && strcmp(first, second) == 0;
}

static int refuse_second(const struct slots *s, const char *path) {
    for (unsigned i = 0; i < s->count; i++)
        if (s->slot[i]->path && same_file(s->slot[i]->path, path))
            return complain(EXIT_FAILED, s->command, "%s is in slot %u already", path, i);
    return EXIT_OK;
}

/* Every card of a process is under the same key: said once. */
static void notice_key(struct slots *s, const struct slot *slot) {
    if (onecard_host_development_key(slot->image.host) && !s->key_noticed)
        image_warn_of_development_key(s->count > 1 ? "all cards here" : slot->path);
    s->key_noticed = true;
}

static int load(struct slots *s, const char *path, unsigned number, bool start) {
    struct slot *slot = s->slot[number];
    if (slot->path)
        return complain(EXIT_FAILED, s->command, "slot %u, at %s:%s, has %s in it", number,
                        slot->host, slot->port, slot->path);
    /* each card has a screen of its own */
    struct image_options options = *s->options;
    char screen[PATH_MAX];
    if (options.screen && number) {
        snprintf(screen, sizeof screen, "%s.%u", options.screen, number);
        options.screen = screen;
    }
    int status = slot_load(slot, s->command, path, &options, s->traced);
    if (!status && s->labelled)
        slot->trace.label = slot->path;
    if (!status && start) {
        notice_key(s, slot);
        status = slot_start(slot, s->command);
    }
    return status;
}

int slots_insert(struct slots *s, const char *what, int number, bool start, unsigned *out_number) {
    char *path, *host;
    unsigned port = split_target(what, &path, &host);
    unsigned chosen = 0, count = s->count, plain = s->plain;
    int status = EXIT_OK;
    if (!path)
        status = complain(EXIT_FAILED, s->command, "out of memory");
    if (!status)
        status = refuse_second(s, path);
    if (!status && number >= (int)s->count)
        status = complain(EXIT_FAILED, s->command, "there is no slot %d", number);
    if (!status && port)
        status = slot_at(s, host, port, &chosen);
    else if (!status && number >= 0)
        chosen = (unsigned)number;
    else if (!status)
        status = next_plain(s, &chosen);
    if (!status)
        status = load(s, path, chosen, start);
    if (status && s->count > count) { /* no empty slot stays of one that was refused */
        slot_free(s->slot[--s->count]);
        free(s->slot[s->count]);
        s->plain = plain;
    }
    free(path);
    free(host);
    *out_number = chosen;
    return status;
}

int slots_start(struct slots *s) {
    int status = EXIT_OK;
    for (unsigned i = 0; i < s->count && !status; i++) {
        notice_key(s, s->slot[i]);
        status = slot_start(s->slot[i], s->command);
    }
    return status;
}

int slots_remove(struct slots *s, const char *which, unsigned *out_number) {
    char *end;
    unsigned long number = strtoul(which, &end, 10);
    bool is_number = *which >= '0' && *which <= '9' && !*end;
    for (unsigned i = 0; i < s->count; i++) {
        struct slot *slot = s->slot[i];
        if (is_number ? i != number : !slot->path || !same_file(slot->path, which))
            continue;
        if (!slot->path)
            return complain(EXIT_FAILED, s->command, "slot %u is empty", i);
        fprintf(stderr, "onecard: %s: taken out of slot %u\n", slot->path, i);
        slot_remove(slot);
        *out_number = i;
        return EXIT_OK;
    }
    if (is_number)
        return complain(EXIT_FAILED, s->command, "there is no slot %s", which);
    return complain(EXIT_FAILED, s->command, "%s is in no slot", which);
}

void slots_list(const struct slots *s, FILE *out) {
    static const char *const states[] = {
        [SLOT_EMPTY] = "empty", [SLOT_WAITING] = "waiting", [SLOT_IN_READER] = "in-reader"};
    for (unsigned i = 0; i < s->count; i++) {
        struct slot *slot = s->slot[i];
        const char *bracket = strchr(slot->host, ':') ? "[" : "";
        fprintf(out, "%u %s %s%s%s:%s%s%s\n", i, states[atomic_load(&slot->state)], bracket,
                slot->host, *bracket ? "]" : "", slot->port, slot->path ? " " : "",
                slot->path ? slot->path : "");
    }
}

void slots_free(struct slots *s) {
    for (unsigned i = 0; i < s->count; i++) {
        slot_free(s->slot[i]);
        free(s->slot[i]);
    }
    s->count = 0;
    free((char *)s->host);
    s->host = NULL;
}
