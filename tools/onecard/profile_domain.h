/* What a profile says of the issuer's security domain: its keys and its data (docs/profiles.md). */
#ifndef ONECARD_PROFILE_DOMAIN_H
#define ONECARD_PROFILE_DOMAIN_H

#include <stdint.h>

#include "yaml_walk.h"

struct profile_domain_key {
    uint8_t version; /* 1 to 6F */
    uint8_t type;    /* as PUT KEY has it: 80, 88, 89 */
    uint8_t size;
    uint8_t value[3][32];      /* ENC, MAC, DEK */
    bool has_options, answers; /* set how the version works; it answers to version 00 */
    uint8_t options, level;
    size_t line;
};

struct profile_domain {
    struct profile_domain_key *keys;
    size_t key_count;
    uint8_t objects[128]; /* data objects, BER-TLV */
    size_t objects_len;
};

/* node may be NULL: an empty domain. false with w's message set. Free it either way. */
bool profile_domain_read(struct yaml_walk *w, yaml_node_t *node, struct profile_domain *out);
void profile_domain_free(struct profile_domain *domain);

#endif
