/* onecard gp info and list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "commands.h"
#include "gp.h"
#include "hex.h"
#include "names.h"

static const char COMMAND[] = "gp";

static void print_line(const char *what, const uint8_t *bytes, size_t len) {
    printf("%-18s", what);
    hex_print(stdout, bytes, len);
    putchar('\n');
}

/* ---- info ---- */

static void print_recognition(const uint8_t *data, size_t len) {
    struct gp_recognition r;
    const char *wrong = gp_recognition_parse(data, len, &r);
    if (wrong) {
        printf("%-18s%s\n", "recognition", wrong);
        return;
    }
    if (r.known)
        printf("%-18s%u.%u.%u\n", "GlobalPlatform", r.version[0], r.version[1], r.version[2]);
    for (unsigned i = 0; i < r.channel_count; i++)
        printf("%-18sSCP%02X, i = %02X\n", "secure channel", r.channels[i].scp, r.channels[i].i);
}

/* Card production life cycle data, 42 bytes (GPCS H.6 leaves them to the systems that use them). */
static void print_production(const uint8_t *data, size_t len) {
    const uint8_t *value;
    size_t size;
    if (!gp_tlv_value(data, len, 0x9F7F, &value, &size)) {
        value = data; /* some cards give the value alone */
        size = len;
    }
    if (size != 42) {
        print_line("production (9F7F)", data, len);
        return;
    }
    print_line("chip maker, type", value, 4);
    print_line("system, release", value + 4, 6);
    print_line("chip serial", value + 12, 4);
    print_line("chip batch", value + 16, 2);
}

static const char *key_type(unsigned type) {
    static const struct {
        unsigned type;
        const char *name;
    } types[] = {{0x80, "3DES"},       {0x81, "3DES"},       {0x82, "3DES-CBC"},
                 {0x88, "AES"},        {0x89, "SM4"},        {0x90, "HMAC"},
                 {0xA0, "RSA public"}, {0xA1, "RSA public"}, {0xB0, "EC public"},
                 {0xB8, "SM2 public"}, {0xF0, "EC curve"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].type == type)
            return types[i].name;
    return "key";
}

/* C0 in E0: number, version, then type and length for each component. */
static void print_keys(const uint8_t *data, size_t len) {
    const uint8_t *list;
    size_t size;
    if (!gp_tlv_value(data, len, 0xE0, &list, &size)) {
        print_line("keys (E0)", data, len);
        return;
    }
    for (size_t at = 0; at + 6 <= size && list[at] == 0xC0 && list[at + 1] <= size - at - 2u;
         at += 2u + list[at + 1]) {
        const uint8_t *c = list + at + 2;
        if (list[at + 1] < 4)
            break;
        if (c[2] == 0xFF && list[at + 1] >= 6) /* table 11-29 */
            printf("%-18sversion %02X, number %u: %s, %u bytes\n", "key", c[1], c[0],
                   key_type(c[3]), (unsigned)c[4] << 8 | c[5]);
        else
            printf("%-18sversion %02X, number %u: %s, %u bytes\n", "key", c[1], c[0],
                   key_type(c[2]), c[3] ? c[3] : 256u); /* one byte has no room for that */
    }
}

int gp_info(struct gp *gp) {
    static const struct {
        uint16_t tag;
        const char *name;
        void (*print)(const uint8_t *data, size_t len);
    } objects[] = {{0x9F7F, NULL, print_production},    {0x0066, NULL, print_recognition},
                   {0x00E0, NULL, print_keys},          {0x0042, "issuer (IIN)", NULL},
                   {0x0045, "card number (CIN)", NULL}, {0x00C1, "sequence counter", NULL},
                   {0x00CF, "diversification", NULL},   {0x0067, "capabilities", NULL}};
    const uint8_t *fci, *aid;
    size_t fci_len, aid_len;
    if (gp_tlv_value(gp->link.answer, gp->link.len, 0x6F, &fci, &fci_len) &&
        gp_tlv_value(fci, fci_len, 0x84, &aid, &aid_len))
        print_line("security domain", aid, aid_len);
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        uint16_t tag = objects[i].tag;
        int status =
            gp_link_send(&gp->link, 0x80, 0xCA, (uint8_t)(tag >> 8), (uint8_t)tag, NULL, 0, true);
        if (status)
            return status;
        if (gp->link.sw != 0x9000)
            continue; /* a card need not have it */
        if (objects[i].print)
            objects[i].print(gp->link.answer, gp->link.len);
        else
            print_line(objects[i].name, gp->link.answer, gp->link.len);
    }
    return EXIT_OK;
}

/* ---- list ---- */

const char *gp_life_cycle_text(uint8_t kind, uint8_t state) {
    if (kind == 0x80) {
        switch (state) {
        case 0x01:
            return "OP_READY";
        case 0x07:
            return "INITIALIZED";
        case 0x0F:
            return "SECURED";
        case 0x7F:
            return "CARD_LOCKED";
        case 0xFF:
            return "TERMINATED";
        default:
            return "?";
        }
    }
    if (kind == 0x20 || kind == 0x10)
        return state == 0x01 ? "LOADED" : "?";
    if (state & 0x80)
        return "LOCKED";
    switch (state) {
    case 0x03:
        return "INSTALLED";
    case 0x07:
        return "SELECTABLE";
    case 0x0F:
        return "PERSONALIZED";
    default:
        return "of its own";
    }
}

/* GPCS 6.6.1, from the first byte's highest bit down. */
static void print_privileges(const struct gp_entry *e) {
    static const char *const names[] = {
        "security-domain",
        "dap",
        "delegated",
        "card-lock",
        "card-terminate",
        "default",
        "cvm",
        "mandated-dap",
        "trusted-path",
        "authorized",
        "token",
        "global-delete",
        "global-lock",
        "global-registry",
        "final",
        "global-service",
        "receipt",
        "ciphered-load",
        "contactless-activation",
        "contactless-self",
    };
    uint32_t bits = 0;
    for (unsigned i = 0; i < e->privileges_len; i++)
        bits |= (uint32_t)e->privileges[i] << (24 - 8 * i);
    /* A mandated DAP domain and a DAP domain have their lower bits as well. */
    const char *before = "";
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (bits & (0x80000000u >> i)) {
            printf("%s%s", before, names[i]);
            before = ",";
        }
    }
}

static void print_aid(const struct gp_aid *aid, int width) {
    uint8_t families;
    const char *name = names_applet(aid->value, aid->len, &families);
    hex_print(stdout, aid->value, aid->len);
    int used = 2 * aid->len;
    if (name)
        used += printf(" (%s)", name);
    printf("%*s", width > used ? width - used : 1, "");
}

static void print_entry(uint8_t kind, const struct gp_entry *e) {
    static const struct {
        uint8_t kind;
        const char *name;
    } kinds[] = {{0x80, "card"}, {0x40, "applet"}, {0x20, "package"}, {0x10, "package"}};
    const char *name = "";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind)
            name = kinds[i].name;
    if (kind == 0x40 && e->privileges_len && (e->privileges[0] & 0x80))
        name = "domain";
    printf("%-8s ", name);
    print_aid(&e->aid, 44);
    printf("%02X %-12s ", e->life_cycle, gp_life_cycle_text(kind, e->life_cycle));
    if (e->version_len == 2)
        printf("version %u.%u ", e->version[0], e->version[1]);
    if (kind == 0x80 || kind == 0x40)
        print_privileges(e);
    if (e->package.len) {
        printf(" from ");
        hex_print(stdout, e->package.value, e->package.len);
    }
    if (e->domain.len &&
        !(e->domain.len == e->aid.len && memcmp(e->domain.value, e->aid.value, e->aid.len) == 0)) {
        printf(" under ");
        hex_print(stdout, e->domain.value, e->domain.len);
    }
    putchar('\n');
    for (unsigned i = 0; i < e->module_count; i++) {
        printf("  applet ");
        print_aid(&e->modules[i], 0);
        putchar('\n');
    }
}

static int print_answer(const struct gp_link *link, uint8_t kind, bool tlv) {
    struct gp_entry entry;
    size_t at = 0;
    bool any;
    const char *wrong;
    while (
        !(wrong = gp_entry_next(link->answer, link->len, &at, tlv, kind == 0x10, &entry, &any)) &&
        any)
        print_entry(kind, &entry);
    return wrong ? complain(EXIT_FAILED, COMMAND, "GET STATUS, P1 %02X: %s", kind, wrong) : EXIT_OK;
}

/* One kind of entry, page by page. *out_supported: the card knows this kind or form. */
static int list_kind(struct gp *gp, uint8_t kind, bool tlv, bool *out_supported) {
    static const uint8_t all[] = {0x4F, 0x00};
    struct gp_link *link = &gp->link;
    uint8_t p2 = tlv ? 0x02 : 0x00;
    *out_supported = true;
    for (unsigned page = 0; page < 1000; page++) { /* a card may lie about the end */
        int status =
            gp_link_send(link, 0x80, 0xF2, kind, page ? p2 | 0x01 : p2, all, sizeof all, true);
        if (status)
            return status;
        if (link->sw == 0x6A88)
            return EXIT_OK; /* none */
        if (link->sw != 0x9000 && link->sw != 0x6310) {
            *out_supported = link->sw != 0x6A86 && link->sw != 0x6A80 && link->sw != 0x6D00;
            return *out_supported ? gp_link_refused(link, "GET STATUS") : EXIT_OK;
        }
        bool more = link->sw == 0x6310;
        status = print_answer(link, kind, tlv);
        if (status || !more)
            return status;
    }
    return complain(EXIT_FAILED, COMMAND, "GET STATUS: there is no end to it");
}

int gp_list(struct gp *gp) {
    static const uint8_t kinds[] = {0x80, 0x40, 0x10};
    for (size_t i = 0; i < sizeof kinds; i++) {
        bool supported;
        int status = list_kind(gp, kinds[i], true, &supported);
        if (!status && !supported)
            status = list_kind(gp, kinds[i], false, &supported);
        if (!status && !supported && kinds[i] == 0x10) /* packages without what is in them */
            status = list_kind(gp, 0x20, false, &supported);
        if (!status && !supported)
            status = gp_link_refused(&gp->link, "GET STATUS");
        if (status)
            return status;
    }
    return EXIT_OK;
}
