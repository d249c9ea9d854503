/* A load file of any bytes into a blank card in pre-issuance, in blocks whose sizes the input
 * chooses; then an installation, if it was accepted. The card must go on working. */
#include <string.h>

#include "base/bytes.h"
#include "support/fuzz_card.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    fuzz_card_make(NULL);
    return 0;
}

/* Input: block size 1, then the load file from its tag C4 on. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint8_t install_load[] = {0x80, 0xE6, 0x02, 0x00, 0x0F, 0x0A, 0xF0,
                                           0x6F, 0x6E, 0x65, 0x63, 0x61, 0x72, 0x64,
                                           0x01, 0x50, 0x00, 0x00, 0x00, 0x00};
    static const uint8_t install[] = {
        0x80, 0xE6, 0x0C, 0x00, 0x25, 0x0A, 0xF0, 0x6F, 0x6E, 0x65, 0x63, 0x61, 0x72, 0x64,
        0x01, 0x50, 0x09, 0xF0, 0x6F, 0x6E, 0x65, 0x63, 0x61, 0x72, 0x64, 0x01, 0x09, 0xF0,
        0x6F, 0x6E, 0x65, 0x63, 0x61, 0x72, 0x64, 0x01, 0x01, 0x00, 0x02, 0xC9, 0x00, 0x00};
    static const uint8_t select[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xF0, 0x6F, 0x6E,
                                     0x65, 0x63, 0x61, 0x72, 0x64, 0x01, 0x00};
    static const uint8_t count[] = {0x80, 0x40, 0x00, 0x00, 0x04};
    if (size < 2)
        return 0;
    struct onecard *card = fuzz_card_fresh();
    size_t block = data[0] ? data[0] : 1;
    data++;
    size--;
    fuzz_card_send(card, install_load, sizeof install_load);
    for (uint8_t number = 0; size; number++) {
        uint8_t command[5 + 255];
        size_t step = size < block ? size : block;
        command[0] = 0x80;
        command[1] = 0xE8;
        command[2] = step == size ? 0x80 : 0x00;
        command[3] = number;
        command[4] = (uint8_t)step;
        memcpy(command + 5, data, step);
        fuzz_card_send(card, command, 5 + step);
        data += step;
        size -= step;
    }
    fuzz_card_send(card, install, sizeof install);
    fuzz_card_send(card, select, sizeof select);
    fuzz_card_send(card, count, sizeof count);
    onecard_close(card);
    return 0;
}
