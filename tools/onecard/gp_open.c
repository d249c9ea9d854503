/* Selecting a security domain and opening a secure channel to it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/bytes.h"
#include "commands.h"
#include "gp.h"
#include "hex.h"

static const char COMMAND[] = "gp";

/* GlobalPlatform's test key, which cards are delivered with; published. */
static const char DEFAULT_KEY[] = "404142434445464748494A4B4C4D4E4F";

int gp_aid_parse(const char *text, struct gp_aid *out) {
    size_t len, column;
    const char *wrong = hex_parse(text, out->value, sizeof out->value, &len, &column);
    if (wrong || len < 5)
        return complain(EXIT_USAGE, COMMAND, "%s: an AID has 5 to 16 bytes, in hex", text);
    out->len = (uint8_t)len;
    return EXIT_OK;
}

int gp_key_parse(const char *what, const char *hex, struct gp_key *out) {
    size_t len, column;
    const char *wrong = hex_parse(hex, out->value, sizeof out->value, &len, &column);
    if (wrong)
        return complain(EXIT_USAGE, COMMAND, "%s: character %zu %s", what, column, wrong);
    if (len != 16 && len != 24 && len != 32)
        return complain(EXIT_USAGE, COMMAND, "%s: a key has 16, 24 or 32 bytes, not %zu", what,
                        len);
    out->len = (uint8_t)len;
    return EXIT_OK;
}

static int take_keys(struct gp *gp) {
    const struct gp_options *o = &gp->options;
    const char *all = o->key ? o->key : DEFAULT_KEY;
    int status = gp_key_parse(o->enc ? "--enc" : "--key", o->enc ? o->enc : all, &gp->keys.enc);
    if (!status)
        status = gp_key_parse(o->mac ? "--mac" : "--key", o->mac ? o->mac : all, &gp->keys.mac);
    if (!status)
        status = gp_key_parse(o->dek ? "--dek" : "--key", o->dek ? o->dek : all, &gp->keys.dek);
    return status;
}

int gp_byte_parse(const char *what, const char *text, uint8_t *out) {
    char *end;
    unsigned long value = strtoul(text, &end, 16);
    if (*end || end == text || value > 255)
        return complain(EXIT_USAGE, COMMAND, "%s %s: a byte in hex is wanted", what, text);
    *out = (uint8_t)value;
    return EXIT_OK;
}

static int take_level(const char *text, uint8_t scp, uint8_t *out) {
    static const struct {
        const char *name;
        uint8_t level;
    } levels[] = {{"auth", 0x00}, {"mac", 0x01}, {"enc", 0x03}, {"rmac", 0x11}, {"full", 0x33}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (strcmp(text, levels[i].name) == 0) {
            *out = levels[i].level;
            if (scp == 2 && *out == 0x33)
                *out = 0x13; /* all that SCP02 has */
            return EXIT_OK;
        }
    }
    int status = gp_byte_parse("--level", text, out);
    if (!status && ((*out & ~0x33) || ((*out & 0x32) && !(*out & 0x01))))
        status = complain(EXIT_USAGE, COMMAND,
                          "--level %s: auth, mac, enc, rmac, full, or 00 01 03 11 13 33 are levels",
                          text);
    return status;
}

static int take_diversification(const char *text, enum gp_diversification *out) {
    static const char *const names[] = {"none", "emv", "visa2"};
    for (unsigned i = 0; i < 3; i++) {
        if (!text || strcmp(text, names[i]) == 0) {
            *out = (enum gp_diversification)i;
            return EXIT_OK;
        }
    }
    return complain(EXIT_USAGE, COMMAND, "--diversify %s: none, emv or visa2 are wanted", text);
}

int gp_select(struct gp *gp) {
    int status = EXIT_OK;
    if (gp->options.domain)
        status = gp_aid_parse(gp->options.domain, &gp->domain);
    if (!status)
        status =
            gp_link_send(&gp->link, 0x00, 0xA4, 0x04, 0x00, gp->domain.value, gp->domain.len, true);
    if (!status) { /* 6F {84} */
        const uint8_t *fci, *aid;
        size_t fci_len, aid_len;
        gp->named = gp->domain;
        if (gp_tlv_value(gp->link.answer, gp->link.len, 0x6F, &fci, &fci_len) &&
            gp_tlv_value(fci, fci_len, 0x84, &aid, &aid_len) && aid_len <= sizeof gp->named.value) {
            gp->named.len = (uint8_t)aid_len;
            memcpy(gp->named.value, aid, aid_len);
        }
    }
    if (!status && gp->link.sw == 0x6283) {
        fputs("onecard gp: the card is locked\n", stderr);
        return EXIT_OK;
    }
    if (!status && gp->link.sw != 0x9000)
        status = gp_link_refused(&gp->link, "SELECT of the security domain");
    return status;
}

/* The card says which protocol it speaks; the S16 form of SCP03 wants a longer challenge. */
static int initialize(struct gp *gp, uint8_t version, uint8_t challenge[GP_CHALLENGE_MAX]) {
    for (size_t size = 8; size <= GP_CHALLENGE_MAX; size += 8) {
        int status = gp_link_send(&gp->link, 0x80, 0x50, version, 0x00, challenge, size, true);
        if (status)
            return status;
        if (gp->link.sw != 0x6700 && gp->link.sw != 0x6A80)
            break;
    }
    if (gp->link.sw == 0x6A88)
        return complain(EXIT_FAILED, COMMAND, "the card has no keys of version %02X: see --kvn",
                        version);
    if (gp->link.sw != 0x9000)
        return gp_link_refused(&gp->link, "INITIALIZE UPDATE");
    const char *wrong = gp_initialize_parse(gp->link.answer, gp->link.len, &gp->init);
    if (wrong)
        return complain(EXIT_FAILED, COMMAND, "INITIALIZE UPDATE: %s", wrong);
    return EXIT_OK;
}

int gp_open_channel(struct gp *gp) {
    const struct gp_options *o = &gp->options;
    uint8_t challenge[GP_CHALLENGE_MAX], cryptogram[GP_CHALLENGE_MAX], version = 0, level = 0;
    enum gp_diversification how = GP_DIVERSIFY_NONE;
    if (o->plain)
        return EXIT_OK;
    int status = take_keys(gp);
    if (!status && o->kvn)
        status = gp_byte_parse("--kvn", o->kvn, &version);
    if (!status)
        status = take_diversification(o->diversify, &how);
    if (status)
        return status;
    if (getrandom(challenge, sizeof challenge, 0) != (ssize_t)sizeof challenge)
        return complain(EXIT_FAILED, COMMAND, "no random numbers: %s", strerror(errno));
    status = initialize(gp, version, challenge);
    if (!status)
        status = take_level(o->level ? o->level : "mac", gp->init.scp, &level);
    if (status)
        return status;
    const char *wrong = gp_keys_diversify(&gp->keys, how, gp->init.diversification);
    if (!wrong)
        wrong =
            gp_session_begin(&gp->link.session, &gp->keys, &gp->init, challenge, level, cryptogram);
    if (wrong) /* another try would count; the card counts them */
        return complain(EXIT_FAILED, COMMAND, "%s", wrong);
    return gp_link_must(&gp->link, "EXTERNAL AUTHENTICATE", 0x80, 0x82, level, 0x00, cryptogram,
                        gp->init.size, false);
}
