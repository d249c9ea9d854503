/* onecard gp lock, unlock, state, rename, store-data, send: SET STATUS, STORE DATA, and whatever
 * else (GPCS 11). */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "commands.h"
#include "gp.h"
#include "hex.h"

static const char COMMAND[] = "gp";

enum {
    INS_SET_STATUS = 0xF0,
    INS_STORE_DATA = 0xE2,
    INS_INSTALL = 0xE6,
    FOR_PERSONALIZATION = 0x20,
    SCOPE_CARD = 0x80,
    SCOPE_APPLICATION = 0x40,
    SCOPE_DOMAIN = 0x60, /* and its applications */
};

/* ---- privileges ---- */

int gp_privileges(const struct gp *gp, uint8_t out[3], size_t *out_len) {
    static const struct {
        const char *name;
        uint8_t bytes[3];
    } names[] = {
        {"security-domain", {0x80, 0, 0}},
        {"dap", {0xC0, 0, 0}},
        {"delegated", {0xA0, 0, 0}},
        {"card-lock", {0x10, 0, 0}},
        {"card-terminate", {0x08, 0, 0}},
        {"default", {0x04, 0, 0}},
        {"cvm", {0x02, 0, 0}},
        {"mandated-dap", {0xC1, 0, 0}},
        {"trusted-path", {0, 0x80, 0}},
        {"authorized", {0x80, 0x40, 0}},
        {"token", {0, 0x20, 0}},
        {"global-delete", {0, 0x10, 0}},
        {"global-lock", {0, 0x08, 0}},
        {"global-registry", {0, 0x04, 0}},
        {"final", {0, 0x02, 0}},
        {"global-service", {0, 0x01, 0}},
        {"receipt", {0, 0, 0x80}},
        {"ciphered-load", {0, 0, 0x40}},
    };
    const char *text = gp->options.privileges;
    size_t column;
    memset(out, 0, 3);
    *out_len = 1;
    if (!text)
        return EXIT_OK;
    if (!hex_parse(text, out, 3, out_len, &column) && *out_len != 2)
        return EXIT_OK;
    memset(out, 0, 3);
    for (const char *p = text; *p;) {
        size_t len = strcspn(p, ","), i = 0;
        while (i < sizeof names / sizeof *names &&
               (strlen(names[i].name) != len || memcmp(names[i].name, p, len) != 0))
            i++;
        if (i == sizeof names / sizeof *names)
            return complain(EXIT_USAGE, COMMAND,
                            "--privileges %s: 1 or 3 bytes in hex, or names with commas, such as "
                            "security-domain,card-lock",
                            text);
        for (unsigned j = 0; j < 3; j++)
            out[j] |= names[i].bytes[j];
        p += len + (p[len] == ',');
    }
    *out_len = out[1] || out[2] ? 3 : 1;
    return EXIT_OK;
}

/* ---- SET STATUS ---- */

static int set_status(struct gp *gp, uint8_t scope, uint8_t state, const struct gp_aid *aid) {
    return gp_link_must(&gp->link, "SET STATUS", 0x80, INS_SET_STATUS, scope, state, aid->value,
                        aid->len, false);
}

/* "card", or an application's AID; with --related a domain and what is under it. */
static int lock_or_unlock(struct gp *gp, const char *what, bool lock) {
    struct gp_aid aid = {.len = 0};
    if (strcmp(what, "card") == 0)
        return set_status(gp, SCOPE_CARD, lock ? 0x7F : 0x0F, &aid);
    int status = gp_aid_parse(what, &aid);
    if (status)
        return status;
    /* Unlocking gives the state before the lock back, whatever the other bits say. */
    return set_status(gp, gp->options.related ? SCOPE_DOMAIN : SCOPE_APPLICATION,
                      lock ? 0x80 : 0x00, &aid);
}

int gp_lock(struct gp *gp, int count, char **words) {
    (void)count;
    return lock_or_unlock(gp, words[0], true);
}

int gp_unlock(struct gp *gp, int count, char **words) {
    (void)count;
    return lock_or_unlock(gp, words[0], false);
}

int gp_state(struct gp *gp, int count, char **words) {
    static const struct {
        const char *name;
        uint8_t state;
    } states[] = {{"initialized", 0x07}, {"secured", 0x0F}, {"terminated", 0xFF}};
    static const struct gp_aid none;
    (void)count;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(words[0], states[i].name) == 0)
            return set_status(gp, SCOPE_CARD, states[i].state, &none);
    return complain(EXIT_USAGE, COMMAND,
                    "state %s: initialized, secured or terminated (for ever) are wanted", words[0]);
}

/* ---- STORE DATA ---- */

/* store-data AID HEX ...: INSTALL [for personalization], then each as a block; "-" as AID: for the
 * domain itself. */
int gp_store_data(struct gp *gp, int count, char **words) {
    struct gp_aid aid;
    uint8_t data[255];
    size_t len = 0, column;
    int status = EXIT_OK;
    if (strcmp(words[0], "-") != 0) {
        status = gp_aid_parse(words[0], &aid);
        if (status)
            return status;
        data[len++] = 0;
        data[len++] = 0;
        data[len++] = aid.len;
        memcpy(data + len, aid.value, aid.len);
        len += aid.len;
        data[len++] = 0;
        data[len++] = 0;
        data[len++] = 0;
        status = gp_link_must(&gp->link, "INSTALL [for personalization]", 0x80, INS_INSTALL,
                              FOR_PERSONALIZATION, 0, data, len, true);
    }
    for (int i = 1; i < count && !status; i++) {
        const char *wrong = hex_parse(words[i], data, sizeof data, &len, &column);
        if (wrong)
            return complain(EXIT_USAGE, COMMAND, "data %d: character %zu %s", i, column, wrong);
        char doing[40];
        snprintf(doing, sizeof doing, "STORE DATA, block %d", i - 1);
        status = gp_link_must(&gp->link, doing, 0x80, INS_STORE_DATA, i + 1 == count ? 0x80 : 0x00,
                              (uint8_t)(i - 1), data, len, true);
    }
    bytes_wipe(data, sizeof data);
    return status;
}

/* rename AID: STORE DATA of 4F (GPCS 11.11), as the well-known clients have it. */
int gp_rename(struct gp *gp, int count, char **words) {
    struct gp_aid aid;
    uint8_t data[2 + sizeof aid.value] = {0x4F};
    (void)count;
    int status = gp_aid_parse(words[0], &aid);
    if (status)
        return status;
    data[1] = aid.len;
    memcpy(data + 2, aid.value, aid.len);
    return gp_link_must(&gp->link, "STORE DATA of the new AID", 0x80, INS_STORE_DATA, 0x90, 0x00,
                        data, 2u + aid.len, false);
}

/* ---- whatever else ---- */

/* send HEX ...: commands as they are, secured if the session is; prints the answers. */
int gp_send_raw(struct gp *gp, int count, char **words) {
    for (int i = 0; i < count; i++) {
        uint8_t c[5 + 255 + 1];
        size_t len, column;
        const char *wrong = hex_parse(words[i], c, sizeof c, &len, &column);
        if (wrong)
            return complain(EXIT_USAGE, COMMAND, "command %d: character %zu %s", i + 1, column,
                            wrong);
        size_t lc = len > 5 ? c[4] : 0;
        if (len < 4 || (lc && len != 5 + lc && len != 6 + lc) || (len > 5 && !lc))
            return complain(EXIT_USAGE, COMMAND, "command %d is not a short command", i + 1);
        int status =
            gp_link_send(&gp->link, c[0], c[1], c[2], c[3], c + 5, lc, len == 5 || len == 6 + lc);
        if (status)
            return status;
        hex_print(stdout, gp->link.answer, gp->link.len);
        printf("%04X\n", gp->link.sw);
    }
    return EXIT_OK;
}
