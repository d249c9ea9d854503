#include "support/fuzz_card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/onecard/maker.h"
#include "../../tools/onecard/profile.h"
#include "support/ram_port.h"

/* A fuzz target is one program with one card: these may be globals. */
static struct ram_port ram;
static void *memory;
static size_t memory_size;
static struct onecard *card;
static uint8_t *response;

static void must(bool good, const char *what) {
    if (good)
        return;
    fprintf(stderr, "fuzz card: %s\n", what);
    abort();
}

void fuzz_card_make(const char *profile_name) {
    ram_port_open(&ram);
    memory_size = onecard_memory_size(&ram.port);
    memory = malloc(memory_size);
    response = malloc(ONECARD_RESPONSE_APDU_MAX(&ram.port));
    must(memory && response, "no memory");
    must(!onecard_format(&ram.port, memory, memory_size), "cannot format");
    if (profile_name) {
        char path[300], message[PROFILE_MESSAGE_MAX];
        const char *build = getenv("BUILD_DIR");
        snprintf(path, sizeof path, "%s/applets/%s", build ? build : "build", profile_name);
        struct profile profile;
        if (profile_read(path, &profile, message))
            must(false, message);
        must(!onecard_open(&ram.port, memory, memory_size, &card), "cannot open");
        if (maker_run(card, &ram.port, &profile, message))
            must(false, message);
        profile_free(&profile);
        onecard_close(card);
    }
    ram_port_keep(&ram);
}

struct onecard *fuzz_card_fresh(void) {
    uint8_t atr[ONECARD_ATR_MAX];
    ram_port_restore(&ram);
    must(!onecard_open(&ram.port, memory, memory_size, &card), "cannot open");
    onecard_power_on(card, atr);
    return card;
}

void fuzz_card_send(struct onecard *c, const uint8_t *command, size_t len) {
    size_t response_len = 0;
    must(!onecard_transmit(c, command, len, response, &response_len), "no answer");
    must(response_len >= 2 && response_len <= ONECARD_RESPONSE_APDU_MAX(&ram.port),
         "an answer of impossible length");
    must((response[response_len - 2] & 0xF0) == 0x60 || (response[response_len - 2] & 0xF0) == 0x90,
         "an impossible status word");
    for (int i = 0; i < 8 && onecard_idle(c); i++)
        ;
}

void fuzz_card_send_all(struct onecard *c, const uint8_t *data, size_t size) {
    while (size) {
        size_t len = *data++;
        size--;
        if (len == 0 && size >= 2) {
            len = (size_t)data[0] << 8 | data[1];
            data += 2;
            size -= 2;
        }
        if (len > size)
            len = size;
        fuzz_card_send(c, data, len);
        data += len;
        size -= len;
    }
}
