/* Making a card from a profile: the commands that load, install and personalise it, sent as APDUs
 * to the card like anybody else's (F6). */
#ifndef ONECARD_MAKER_H
#define ONECARD_MAKER_H

#include "onecard/card.h"
#include "profile.h"

/* Send all commands of the profile to a blank card in pre-issuance, and end pre-issuance as the
 * last one. Returns 0; else message says which step failed, with the status word. */
int maker_run(struct onecard *card, const struct onecard_port *port, const struct profile *profile,
              char message[PROFILE_MESSAGE_MAX]);

#endif
