/* The personalisation of an instance, as a profile describes it: files, keys, PINs, data objects
 * and the applet's own groups become DGIs for STORE DATA (docs/personalisation.md). */
#ifndef ONECARD_DATA_GROUPS_H
#define ONECARD_DATA_GROUPS_H

#include "yaml_walk.h"

struct data_group {
    uint16_t id;
    uint8_t *data;
    size_t len;
    size_t line; /* in the profile */
};

struct data_groups {
    struct data_group *groups;
    size_t count;
};

/* The words of an instance that describe its personalisation; each may be NULL. */
struct data_group_nodes {
    yaml_node_t *files, *keys, *pins, *objects, *groups;
};

/* Turn them into groups, in this order: PINs, keys, files, objects, own groups. false with the
 * message set in w; out_groups is to be freed either way. */
bool data_groups_read(struct yaml_walk *w, const struct data_group_nodes *nodes,
                      struct data_groups *out_groups);

/* The card-wide PIN (`card-pin` of a profile), a group for the issuer's domain. */
bool data_groups_card_pin(struct yaml_walk *w, yaml_node_t *node, struct data_groups *out_groups);

void data_groups_free(struct data_groups *groups);

#endif
