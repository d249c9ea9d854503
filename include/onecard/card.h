/* Embed a card: open it on a port, power it, exchange APDUs.
 *
 * A card is one struct onecard in memory that the caller gives; there are no globals, so a process
 * can hold thousands, and different cards can run in different threads. One card must not be
 * entered by two threads at once. onecard/host.h makes ports on a desktop (image files, memory). */
#ifndef ONECARD_CARD_H
#define ONECARD_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "onecard/error.h"
#include "onecard/port.h"

struct onecard;

#define ONECARD_ATR_MAX 33 /* bytes, ISO/IEC 7816-3 8.1 */

#define ONECARD_ATS_MAX 20 /* bytes, ISO/IEC 14443-4 5.2, with 15 historical bytes */

/* Longest command and answer APDU in bytes for a port: header, extended Lc and Le, data, SW. */
#define ONECARD_COMMAND_APDU_MAX(port) ((size_t)(port)->command_max + 9u)
#define ONECARD_RESPONSE_APDU_MAX(port) ((size_t)(port)->response_max + 2u)

/* Bytes of memory that onecard_open() needs for this port. */
size_t onecard_memory_size(const struct onecard_port *port);

/* Erase the port's flash and write a blank card in pre-issuance on it (F6).
 * memory and memory_size: as for onecard_open(); free for other use afterwards. */
enum onecard_err onecard_format(const struct onecard_port *port, void *memory, size_t memory_size);

/* Open the card that rests in the port's flash. Recovery from a power cut happens here (S1).
 * memory:      memory_size bytes, aligned for any type, owned by the card until onecard_close().
 * Errors: ONECARD_E_NO_MEMORY (memory_size too small), ONECARD_E_FOREIGN (no card there),
 * ONECARD_E_CORRUPT, ONECARD_E_IO, ONECARD_E_PARAM (geometry or sizes the card cannot work with).
 */
enum onecard_err onecard_open(const struct onecard_port *port, void *memory, size_t memory_size,
                              struct onecard **out_card);

/* Power off, wipe the card's memory, and give it back to the caller. NULL is allowed. */
void onecard_close(struct onecard *card);

/* Power on, or warm reset if it is on: clears every volatile state (F5) and gives the ATR
 * (ISO/IEC 7816-3); if the port's interface is contactless, the one that a PC/SC reader makes of
 * the ATS: 3B 8n 80 01, historical bytes, TCK. atr: ONECARD_ATR_MAX bytes; returns the ATR's
 * length. After ONECARD_E_IO the flash is read anew, as after a power cut; 0 is returned if that
 * fails: the card is mute. */
size_t onecard_power_on(struct onecard *card, uint8_t *atr);

/* The answer to select of a contactless card, with the same historical bytes as the ATR: TL, T0,
 * TA(1), TB(1), TC(1), then them. Whoever speaks ISO/IEC 14443-4 for the card may raise what it
 * says of frame sizes and rates. ats: ONECARD_ATS_MAX bytes; returns the length, which is ats[0].
 */
size_t onecard_ats(const struct onecard *card, uint8_t ats[ONECARD_ATS_MAX]);

/* Power off: wipes volatile state. Commands fail with ONECARD_E_STATE until onecard_power_on(). */
void onecard_power_off(struct onecard *card);

/* One command APDU in, one response APDU out (ISO/IEC 7816-4 clause 5).
 * command:   command_len bytes; anything, malformed commands are answered with a status word.
 * response:  at least ONECARD_RESPONSE_APDU_MAX(port) bytes; gets data and SW1 SW2.
 *            It must not overlap command.
 * Everything that the command committed is durable when this returns (S1).
 * Errors (no answer was made): ONECARD_E_STATE when powered off, ONECARD_E_IO when the port's
 * flash failed so that the card cannot say what is stored; power it up again. */
enum onecard_err onecard_transmit(struct onecard *card, const uint8_t *command, size_t command_len,
                                  uint8_t *response, size_t *response_len);

/* One step of the work that waits for the time between commands: collection and erasing (S5).
 * Transports call it while no command is there. Returns true if there is more to do. */
bool onecard_idle(struct onecard *card);

/* The AID of the applet or security domain selected on the basic channel, for traces.
 * aid: 16 bytes; returns its length, 0 if none is selected or the power is off. */
size_t onecard_selected(const struct onecard *card, uint8_t aid[16]);

/* The same on any logical channel, 0 to 19; 0 too if that channel is not open. */
size_t onecard_selected_on(const struct onecard *card, uint32_t channel, uint8_t aid[16]);

#endif
