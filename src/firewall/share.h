/* Who may call whom (F4): the list that an instance keeps of its callers. */
#ifndef FIREWALL_SHARE_H
#define FIREWALL_SHARE_H

#include <stdbool.h>

#include "store/store.h"

#define SHARE_KIND 3u       /* store kind: one object, the list as share_allow() took it */
#define SHARE_LIST_MAX 136u /* bytes */

/* Stage a new list of an instance; empty: nobody. FORMAT, TOO_BIG, FULL. */
enum onecard_err share_allow(struct store *s, uint32_t owner, const uint8_t *list, uint32_t len);

/* Is that AID on the instance's list? */
bool share_allowed(const struct store *s, uint32_t owner, const uint8_t *aid, uint32_t aid_len);

#endif
