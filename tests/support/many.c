#include "support/many.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *many_clone(struct many_card *c, const struct onecard_host_template *from) {
    static char message[200];
    uint8_t atr[ONECARD_ATR_MAX];
    memset(c, 0, sizeof *c);
    if (onecard_host_clone(from, NULL, &c->host, message, sizeof message))
        return message;
    struct onecard_port *port = onecard_host_port(c->host);
    size_t size = onecard_memory_size(port);
    c->memory = malloc(size);
    if (!c->memory)
        return "out of memory";
    if (onecard_open(port, c->memory, size, &c->card))
        return "the clone does not open";
    return onecard_power_on(c->card, atr) ? NULL : "the clone does not power up";
}

bool many_send(struct many_card *c, const uint8_t *command, size_t len, uint8_t *out) {
    uint8_t response[4096 + 2];
    size_t response_len;
    if (onecard_transmit(c->card, command, len, response, &response_len))
        return false;
    if (out && response_len - 2 <= 64)
        memcpy(out, response, response_len - 2);
    return response[response_len - 2] == 0x90 && response[response_len - 1] == 0x00;
}

void many_free(struct many_card *c) {
    onecard_close(c->card);
    if (c->host)
        onecard_host_close(c->host);
    free(c->memory);
    memset(c, 0, sizeof *c);
}

static size_t page_tables(void) {
    char line[256];
    size_t kib = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmPTE: %zu kB", &kib) == 1)
            break;
    if (f)
        fclose(f);
    return kib * 1024;
}

static size_t descriptors(void) {
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count - 3; /* ".", "..", and the folder's own */
}

struct many_memory many_measure(void) {
    struct many_memory m = {.descriptors = descriptors(), .own = page_tables()};
    char line[512];
    bool flash = false;
    FILE *f = fopen("/proc/self/smaps", "r");
    while (f && fgets(line, sizeof line, f)) {
        size_t kib;
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
            flash = strstr(line, "memfd:onecard") != NULL;
            m.flashes += flash;
        } else if (sscanf(line, "Anonymous: %zu kB", &kib) == 1) {
            m.own += kib * 1024;
            m.flash += flash ? kib * 1024 : 0;
        }
    }
    if (f)
        fclose(f);
    return m;
}
