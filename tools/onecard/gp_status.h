/* What cards answer to GET STATUS and GET DATA, taken apart: outside bytes of unknown cards. */
#ifndef ONECARD_GP_STATUS_H
#define ONECARD_GP_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GP_AID_MAX = 16, GP_MODULES_MAX = 16 };

struct gp_aid {
    uint8_t len;
    uint8_t value[GP_AID_MAX];
};

/* One entry of a registry. Lengths of 0: the card does not say. */
struct gp_entry {
    struct gp_aid aid;
    uint8_t life_cycle;
    uint8_t privileges_len; /* 0, 1, 3 */
    uint8_t privileges[3];
    struct gp_aid domain;  /* CC: its security domain */
    struct gp_aid package; /* C4: its load file */
    uint8_t version[2];    /* CE */
    uint8_t version_len;
    unsigned module_count; /* 84 */
    struct gp_aid modules[GP_MODULES_MAX];
};

/* Take the next entry out of an answer (without its status word) from *at on. Returns NULL with
 * *out_any false at the end; else what is wrong. tlv: templates E3 (P2 = 02), else the older form;
 * with_modules: the older form of P1 = 10 lists them. */
const char *gp_entry_next(const uint8_t *data, size_t len, size_t *at, bool tlv, bool with_modules,
                          struct gp_entry *out, bool *out_any);

/* Card recognition data (tag 66). */
struct gp_recognition {
    bool known;
    unsigned version[3]; /* of GlobalPlatform; parts that are not there are 0 */
    struct {
        uint8_t scp, i;
    } channels[8];
    unsigned channel_count;
};
const char *gp_recognition_parse(const uint8_t *data, size_t len, struct gp_recognition *out);

/* The value of a primitive or constructed object: data begins with its tag (1 or 2 bytes). */
bool gp_tlv_value(const uint8_t *data, size_t len, uint32_t tag, const uint8_t **out_value,
                  size_t *out_len);

#endif
