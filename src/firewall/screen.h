/* What an applet wants to show on a visible card, until it is committed. A person must never see a
 * balance that a power cut then takes back: text that a command stages reaches the port only after
 * its commit has succeeded, and is dropped with everything else at an abort or trap.
 *
 * There is one screen, and the last commit owns it. The card does not store what is shown: a screen
 * that keeps its picture without power shows an earlier committed state, never one that was not.
 * When the instance that is shown is deleted (or nobody knows any more who is shown, after a
 * reset), the screen is cleared (F7). */
#ifndef FIREWALL_SCREEN_H
#define FIREWALL_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "onecard/port.h"

/* One for each card; zero at power-on. */
struct screen {
    bool staged;
    uint8_t len;
    uint8_t aid_len;
    uint8_t aid[16];
    uint16_t owner; /* of what is staged */
    uint16_t shown; /* of what is on the screen; 0: unknown */
    uint32_t marks;
    char text[ONECARD_SCREEN_TEXT_MAX + 1];
};

/* Stage text (UTF-8, len bytes without zero) and marks; replaces what was staged before.
 * TOO_BIG; FORMAT (not UTF-8, or control characters but line feed); PARAM (unknown marks). */
enum onecard_err screen_stage(struct screen *s, uint32_t owner, const uint8_t *aid, uint8_t aid_len,
                              const uint8_t *text, uint32_t len, uint32_t marks);

/* The commit succeeded: hand what is staged to the port. */
void screen_commit(struct screen *s, const struct onecard_port *port);

/* The changes were undone, and this with them. */
void screen_abort(struct screen *s);

/* An instance is going: stage an empty screen if it is, or may be, what is shown. */
void screen_forget(struct screen *s, uint32_t owner);

#endif
