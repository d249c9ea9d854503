/* Access rules in words, as profiles have them: "always", "never", "pin 0", "key 3 and mac", "pin 0
 * or key 1"; or one such for each interface. */
#ifndef ONECARD_ACCESS_WORDS_H
#define ONECARD_ACCESS_WORDS_H

#include "yaml_walk.h"

#define ACCESS_WORDS_MAX 64u /* bytes of rules */

struct access_bytes {
    uint8_t bytes[ACCESS_WORDS_MAX];
    size_t len;
};

/* Append the entries for one operation (an ACCESS_ bit of keys/status.h). node: a text, or a
 * mapping with "contact" and "contactless". false with the message set. */
bool access_words_read(struct yaml_walk *w, yaml_node_t *node, const char *what, uint8_t operation,
                       struct access_bytes *rules);

#endif
