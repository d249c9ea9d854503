/* Any sequence of commands on any channels of a card whose applets may be selected many times and
 * call each other (F4, F5): always a status word, never a crash; and when all channels are closed
 * and nobody is selected, every byte of the pool is back. */
#include <stdlib.h>

#include "runtime/runtime.h"
#include "support/fuzz_card.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t whole; /* the pool's largest block when the card was fresh */

static void select_domain(struct onecard *card) {
    static const uint8_t command[] = {0x00, 0xA4, 0x04, 0x00};
    fuzz_card_send(card, command, sizeof command);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    fuzz_card_make("test/peer.yaml");
    struct onecard *card = fuzz_card_fresh();
    select_domain(card);
    whole = pool_largest(&card->pool);
    onecard_close(card);
    return 0;
}

static void must(bool good) {
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct onecard *card = fuzz_card_fresh();
    fuzz_card_send_all(card, data, size);
    must(!card->running && !card->doomed && card->stack.depth == 0 &&
         card->stack.top == card->stack.base);
    select_domain(card); /* which may be told that a chain was lost */
    if (!life_locked(card)) {
        for (uint8_t n = 1; n < CHANNELS_MAX; n++) {
            const uint8_t close[] = {0x00, 0x70, 0x80, n};
            fuzz_card_send(card, close, sizeof close);
            must(!card->channels[n] || life_locked(card));
        }
        select_domain(card);
    }
    /* whatever happened to it, the issuer's domain is there again or the card is at its end */
    if (card->basic.selected == SELECTED_DOMAIN && !life_locked(card))
        must(pool_largest(&card->pool) == whole);
    onecard_close(card);
    return 0;
}
