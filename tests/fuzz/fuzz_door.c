/* The door from inside: any sequence of host calls with any arguments, made by tests/applets/attack
 * on a card with files, keys and PINs; each command kept, undone or trapped. The card always
 * answers, its neighbours go on, and what the applet says of itself at the end is still true. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "support/fuzz_card.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SLOTS = 10, SCRATCH = 2048, POKE = 0xFF, COMMANDS_MAX = 64 };

static const char *const arguments_of[256] = {
#define GROUP(text)
#define CALL(number, name, result, arguments, names, privilege, cost, text) [number] = arguments,
#include "firewall/calls.def"
#undef CALL
#undef GROUP
};

static uint32_t scratch;

static const uint8_t select_attack[] = {0x00, 0xA4, 0x04, 0x00, 0x0C, 0xF0, 0x6F, 0x6E, 0x65,
                                        0x63, 0x61, 0x72, 0x64, 0xFF, 0x60, 0x01, 0x03};
static const uint8_t select_hello[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xF0, 0x6F,
                                       0x6E, 0x65, 0x63, 0x61, 0x72, 0x64, 0x01};

static uint16_t transmit(struct onecard *card, const uint8_t *command, size_t len,
                         uint8_t *response, size_t *response_len) {
    if (onecard_transmit(card, command, len, response, response_len) || *response_len < 2)
        abort();
    while (onecard_idle(card))
        ;
    return get_be16(response + *response_len - 2);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    static const uint8_t where[] = {0x80, 0x14, 0x00, 0x00, 0x00};
    uint8_t response[8192];
    size_t len;
    (void)argc;
    (void)argv;
    fuzz_card_make("test/attack.yaml");
    struct onecard *card = fuzz_card_fresh();
    if (transmit(card, select_attack, sizeof select_attack, response, &len) != 0x9000 ||
        transmit(card, where, sizeof where, response, &len) != 0x9000)
        abort();
    scratch = get_be32(response);
    onecard_close(card);
    return 0;
}

/* ---- the input: records of a call, or of bytes for the scratch ---- */

struct input {
    const uint8_t *at;
    size_t left;
};

static uint32_t take(struct input *in, size_t bytes) {
    uint32_t v = 0;
    for (; bytes && in->left; bytes--, in->left--)
        v = v << 8 | *in->at++;
    return v;
}

/* Two bytes of input for each slot: numbers as they are, near session slots, or near the end. */
static uint32_t number(uint32_t v) {
    switch (v >> 8) {
    case 0xFE:
        return 0x10000u + (v & 0xFF);
    case 0xFD:
        return 0xFFFFFF00u | (v & 0xFF);
    default:
        return v;
    }
}

static size_t make_call(struct input *in, uint32_t call, uint8_t command[64]) {
    static const uint8_t head[] = {0x80, 0x10, 0x00, 0x00, 2 + 4 * SLOTS};
    memset(command, 0, 64);
    memcpy(command, head, sizeof head);
    command[2] = (uint8_t)(take(in, 1) % 3); /* kept, undone, trapped */
    put_be16(command + 5, (uint16_t)call);
    unsigned slot = 0;
    for (const char *p = arguments_of[call]; *p; p++) {
        const uint32_t first = take(in, 2);
        put_be32(command + 7 + 4 * slot++,
                 *p == 'v'
                     ? number(first)
                     : (first >> 12 == 0xF ? 0xFFFFF000u + first : scratch + first % SCRATCH));
        if (*p != 'v')
            put_be32(command + 7 + 4 * slot++, number(take(in, 2)) % 4096);
    }
    return sizeof head + 2 + 4 * SLOTS + 1; /* and Le */
}

static size_t make_poke(struct input *in, uint8_t command[64]) {
    static const uint8_t head[] = {0x80, 0x13, 0x00, 0x00};
    const uint32_t offset = take(in, 2) % (SCRATCH - 48);
    uint32_t len = take(in, 1) % 48;
    len = len < in->left ? len : (uint32_t)in->left;
    memcpy(command, head, sizeof head);
    command[4] = (uint8_t)(4 + len);
    put_be32(command + 5, scratch + offset);
    memcpy(command + 9, in->at, len);
    in->at += len;
    in->left -= len;
    return 9 + len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct onecard *card = fuzz_card_fresh();
    struct input in = {data, size};
    uint8_t command[64], response[8192];
    size_t len;
    transmit(card, select_attack, sizeof select_attack, response, &len);
    for (unsigned n = 0; in.left && n < COMMANDS_MAX; n++) {
        const uint32_t call = take(&in, 1);
        if (call != POKE && !arguments_of[call])
            continue;
        const size_t command_len =
            call == POKE ? make_poke(&in, command) : make_call(&in, call, command);
        if (transmit(card, command, command_len, response, &len) == 0x6985) /* it had trapped */
            transmit(card, select_attack, sizeof select_attack, response, &len);
    }
    /* the neighbour is as it was */
    static const uint8_t count[] = {0x80, 0x10, 0x00, 0x00, 0x00};
    uint8_t atr[ONECARD_ATR_MAX];
    onecard_power_on(card, atr);
    if (transmit(card, select_hello, sizeof select_hello, response, &len) != 0x9000 ||
        transmit(card, count, sizeof count, response, &len) != 0x9000)
        abort();
    onecard_close(card);
    return 0;
}
