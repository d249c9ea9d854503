/* Any sequence of commands to the demo card's purse from somebody who has no key: always a status
 * word, and not a fen more or less. */
#include <stdlib.h>
#include <string.h>

#include "support/fuzz_card.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    fuzz_card_make("demo.yaml");
    return 0;
}

static const uint8_t select_purse[] = {0x00, 0xA4, 0x04, 0x00, 0x08, 0xA0, 0x00,
                                       0x00, 0x06, 0x32, 0x01, 0x01, 0x05, 0x00};

static void check_balance(struct onecard *card, uint8_t purse, const uint8_t expected[6]) {
    const uint8_t command[] = {0x80, 0x5C, 0x00, purse, 0x04};
    uint8_t answer[8192];
    size_t len = 0;
    if (onecard_transmit(card, command, sizeof command, answer, &len) || len != 6 ||
        memcmp(answer, expected, 6) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct onecard *card = fuzz_card_fresh();
    fuzz_card_send(card, select_purse, sizeof select_purse);
    fuzz_card_send_all(card, data, size);
    /* Whatever the last command was, an open chain too (6883): a reset ends it. */
    uint8_t atr[ONECARD_ATR_MAX];
    onecard_power_on(card, atr);
    fuzz_card_send(card, select_purse, sizeof select_purse);
    check_balance(card, 0x01, (const uint8_t[]){0, 0, 0, 0, 0x90, 0});
    check_balance(card, 0x02, (const uint8_t[]){0, 0, 0x13, 0x88, 0x90, 0});
    onecard_close(card);
    return 0;
}
