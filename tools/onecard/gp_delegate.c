/* onecard gp: DAPs, tokens and receipts in its commands (GPCS 2.3.1 9.2.1, 9.3.9, appendix C). */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "gp.h"
#include "gp_sign.h"
#include "hex.h"

static const char COMMAND[] = "gp";

enum { TAG_DAP = 0xE2, TAG_AID = 0x4F, TAG_SIGNATURE = 0xC3 };

/* ---- tokens ---- */

int gp_add_token(struct gp *gp, struct gp_field *f, uint8_t p1, uint8_t p2, uint8_t tag) {
    uint8_t data[3 + sizeof f->bytes] = {p1, p2, (uint8_t)f->len}, token[GP_SIGNATURE_MAX];
    size_t len;
    if (!gp->options.token) {
        if (!tag)
            gp_field_byte(f, 0);
        return EXIT_OK;
    }
    if (f->len > 255) /* its length would be told in another way */
        return complain(EXIT_FAILED, COMMAND, "the data that a token is for are too long");
    memcpy(data + 3, f->bytes, f->len);
    const char *wrong = gp_sign(gp->options.token, data, 3 + f->len, token, &len);
    if (wrong)
        return complain(EXIT_FAILED, COMMAND, "--token %s: %s", gp->options.token, wrong);
    if (tag)
        gp_field_byte(f, tag);
    gp_field_value(f, token, len);
    return EXIT_OK;
}

/* ---- the hash of a load file, and what is signed of it ---- */

static int make_hash(struct gp *gp, const uint8_t *load_file, size_t len, uint8_t out[GP_HASH_MAX],
                     size_t *out_len) {
    const struct gp_options *o = &gp->options;
    *out_len = 0;
    if (!o->hash && !o->dap && !o->token)
        return EXIT_OK;
    const char *name = o->hash ? o->hash : "sha256";
    const char *wrong = gp_hash(name, load_file, len, out, out_len);
    return wrong ? complain(EXIT_USAGE, COMMAND, "--hash %s: %s", name, wrong) : EXIT_OK;
}

int gp_add_hash(struct gp *gp, struct gp_field *f, const uint8_t *load_file, size_t len) {
    uint8_t hash[GP_HASH_MAX];
    size_t hash_len;
    int status = make_hash(gp, load_file, len, hash, &hash_len);
    if (!status)
        gp_field_value(f, hash, hash_len);
    return status;
}

/* Tag and BER length. */
static size_t put_head(uint8_t *out, uint8_t tag, size_t len) {
    size_t at = 0;
    out[at++] = tag;
    if (len > 0xFF) {
        out[at++] = 0x82;
        out[at++] = (uint8_t)(len >> 8);
    } else if (len > 0x7F) {
        out[at++] = 0x81;
    }
    out[at++] = (uint8_t)len;
    return at;
}

int gp_make_dap(struct gp *gp, const uint8_t *load_file, size_t len, uint8_t out[GP_DAP_MAX],
                size_t *out_len) {
    const struct gp_options *o = &gp->options;
    uint8_t hash[GP_HASH_MAX], signature[GP_SIGNATURE_MAX], inner[GP_DAP_MAX];
    struct gp_aid domain = gp->domain;
    size_t hash_len, signature_len, at;
    *out_len = 0;
    if (!o->dap)
        return EXIT_OK;
    int status = o->dap_domain ? gp_aid_parse(o->dap_domain, &domain) : EXIT_OK;
    if (!status && !domain.len)
        status = complain(EXIT_USAGE, COMMAND, "--dap: whose it is, say --dap-domain");
    if (!status)
        status = make_hash(gp, load_file, len, hash, &hash_len);
    if (status)
        return status;
    const char *wrong = gp_sign(o->dap, hash, hash_len, signature, &signature_len);
    if (wrong)
        return complain(EXIT_FAILED, COMMAND, "--dap %s: %s", o->dap, wrong);
    at = put_head(inner, TAG_AID, domain.len);
    memcpy(inner + at, domain.value, domain.len);
    at += domain.len;
    at += put_head(inner + at, TAG_SIGNATURE, signature_len);
    memcpy(inner + at, signature, signature_len);
    at += signature_len;
    *out_len = put_head(out, TAG_DAP, at);
    memcpy(out + *out_len, inner, at);
    *out_len += at;
    return EXIT_OK;
}

/* ---- receipts ---- */

int gp_show_receipt(struct gp *gp, const struct gp_aid *names, unsigned count) {
    const char *key = gp->options.receipt_key;
    struct gp_receipt r;
    const char *wrong = gp_receipt_parse(gp->link.answer, gp->link.len, &r);
    if (!wrong && r.mac) {
        printf("receipt  ");
        hex_print(stdout, r.mac, r.mac_len);
        printf(" number %u of card ", r.counter);
        hex_print(stdout, r.card, r.card_len);
        putchar('\n');
    }
    if (!key)
        return EXIT_OK; /* whoever does not ask for one need not get one */
    if (!wrong)
        wrong = gp_receipt_check(&r, key, names, count);
    return wrong ? complain(EXIT_FAILED, COMMAND, "it was done, but: %s", wrong) : EXIT_OK;
}
