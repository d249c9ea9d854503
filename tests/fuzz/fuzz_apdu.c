/* Any sequence of commands to an issued card with hello and probe on it: always a status word, and
 * never a crash. */
#include "support/fuzz_card.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    fuzz_card_make("test/probe.yaml");
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct onecard *card = fuzz_card_fresh();
    fuzz_card_send_all(card, data, size);
    onecard_close(card);
    return 0;
}
