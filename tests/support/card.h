/* A card on flash in memory for tests: made, powered, talked to in hex. */
#ifndef SUPPORT_CARD_H
#define SUPPORT_CARD_H

#include "onecard/card.h"
#include "onecard/host.h"

struct test_card {
    struct onecard_host *host;
    struct onecard *card;
    void *memory;
    size_t memory_size;
    uint8_t *response;
    size_t response_len; /* with the status word */
    char last_trace[200];
    char hex[140000]; /* the last answer in hex */
};

/* A blank card in pre-issuance, powered on. seed makes it repeatable. */
void test_card_blank(struct test_card *t);

/* A card made from a profile in build/applets (BUILD_DIR), pre-issuance ended, powered on. */
void test_card_make(struct test_card *t, const char *profile);

/* Close the card and open it again from the same flash, as after a power cut; powered on. */
void test_card_reopen(struct test_card *t);

void test_card_free(struct test_card *t);

/* Send a command (hex, blanks allowed); the answer in hex, in upper case, status word last, without
 * blanks. Valid until the next one. Fails the test if the card does not answer. */
const char *test_card_send(struct test_card *t, const char *command_hex);

/* Send, and compare with what is expected (hex, blanks allowed); "*" at its front means that only
 * the end has to match. */
#define EXPECT(t, command, answer) test_card_expect(t, command, answer, __FILE__, __LINE__)
void test_card_expect(struct test_card *t, const char *command_hex, const char *answer_hex,
                      const char *file, int line);

#define HELLO_SELECT "00A4040009F06F6E65636172640100"
#define HELLO_FCI "6F0B8409F06F6E656361726401"

#endif
