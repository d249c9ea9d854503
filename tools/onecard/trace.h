/* A live account, for a person, of what a card is asked and what it answers. PINs and keys in
 * commands are masked (names.h says which). */
#ifndef ONECARD_TRACE_H
#define ONECARD_TRACE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "onecard/card.h"

struct trace {
    FILE *out;
    const char *label; /* before each exchange, where there are several cards; or NULL */
};

/* One command under way. */
struct trace_exchange {
    struct timespec start;
};

void trace_power_on(struct trace *trace, const uint8_t *atr, size_t atr_len);
void trace_power_off(struct trace *trace);

/* Before and after onecard_transmit(); the time between them is shown. */
void trace_begin(struct trace *trace, struct trace_exchange *exchange, const struct onecard *card,
                 const uint8_t *command, size_t len);
void trace_end(struct trace *trace, const struct trace_exchange *exchange, enum onecard_err err,
               const uint8_t *response, size_t len);

/* A command to the applet of that AID (of no bytes: none), as trace_begin() shows it. */
void trace_command(struct trace *trace, const uint8_t *aid, size_t aid_len, const uint8_t *command,
                   size_t len);

/* What the card itself has to say: a trap, a refusal. */
void trace_note(struct trace *trace, enum onecard_trace_kind kind, const char *text);

#endif
