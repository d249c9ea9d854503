/* onecard gp load, install, domain, delete, extradite: INSTALL, LOAD and DELETE (GPCS 11). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cap_file.h"
#include "commands.h"
#include "gp.h"
#include "hex.h"

static const char COMMAND[] = "gp";

enum {
    INS_INSTALL = 0xE6,
    INS_LOAD = 0xE8,
    INS_DELETE = 0xE4,
    FOR_LOAD = 0x02,
    FOR_INSTALL_SELECTABLE = 0x0C,
    FOR_EXTRADITION = 0x10,
    PARAMETERS_MAX = 127,
    TAG_TOKEN = 0x9E,
};

/* Where GlobalPlatform cards keep the security domain of their own make (GPCS does not say, clients
 * assume it). */
static const char DOMAIN_PACKAGE[] = "A0000001515350", DOMAIN_MODULE[] = "A000000151535041";

/* ---- data fields: lengths and values one after the other ---- */

void gp_field_add(struct gp_field *f, const void *bytes, size_t len) {
    if (len > sizeof f->bytes - f->len) {
        f->full = true;
        return;
    }
    if (len)
        memcpy(f->bytes + f->len, bytes, len);
    f->len += len;
}

void gp_field_byte(struct gp_field *f, size_t value) {
    uint8_t byte = (uint8_t)value;
    gp_field_add(f, &byte, 1);
}

void gp_field_value(struct gp_field *f, const void *bytes, size_t len) {
    if (len > 255) {
        gp_field_byte(f, 0x82);
        gp_field_byte(f, len >> 8);
    } else if (len > 127) {
        gp_field_byte(f, 0x81);
    }
    gp_field_byte(f, len & 0xFF);
    gp_field_add(f, bytes, len);
}

int gp_send_field(struct gp *gp, const char *doing, uint8_t ins, uint8_t p1, uint8_t p2,
                  const struct gp_field *f) {
    if (f->full)
        return complain(EXIT_FAILED, COMMAND, "%s: its data are too long", doing);
    return gp_link_must(&gp->link, doing, 0x80, ins, p1, p2, f->bytes, f->len, true);
}

/* ---- load ---- */

static struct gp_aid from_cap(const struct cap_aid *aid) {
    struct gp_aid out = {.len = aid->len};
    memcpy(out.value, aid->value, aid->len);
    return out;
}

static int install_for_load(struct gp *gp, const struct cap *cap) {
    struct gp_field f = {.len = 0};
    const struct cap_aid *package = &cap->description.package;
    gp_field_value(&f, package->value, package->len);
    gp_field_value(&f, gp->domain.value, gp->domain.len); /* none: the domain we talk to */
    int status = gp_add_hash(gp, &f, cap->load_file, cap->load_file_len);
    if (!status)
        gp_field_byte(&f, 0); /* parameters */
    if (!status)
        status = gp_add_token(gp, &f, FOR_LOAD, 0, 0);
    return status ? status : gp_send_field(gp, "INSTALL [for load]", INS_INSTALL, FOR_LOAD, 0, &f);
}

/* The DAP block, if there is one; then tag C4 and its length, and the load file. */
static uint8_t *wrap_load_file(const struct cap *cap, const uint8_t *dap, size_t dap_len,
                               size_t *out_len) {
    size_t len = cap->load_file_len, at = dap_len;
    uint8_t *whole = malloc(dap_len + len + 6);
    if (!whole)
        return NULL;
    memcpy(whole, dap, dap_len);
    whole[at++] = 0xC4;
    if (len > 0xFFFF) {
        whole[at++] = 0x83;
        whole[at++] = (uint8_t)(len >> 16);
        whole[at++] = (uint8_t)(len >> 8);
    } else if (len > 0xFF) {
        whole[at++] = 0x82;
        whole[at++] = (uint8_t)(len >> 8);
    } else if (len > 0x7F) {
        whole[at++] = 0x81;
    }
    whole[at++] = (uint8_t)len;
    memcpy(whole + at, cap->load_file, len);
    *out_len = at + len;
    return whole;
}

/* Only for a person who waits, on one line that is written over. */
static void progress(const struct gp *gp, size_t done, size_t all) {
    if (gp->options.verbose || !isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r%zu of %zu bytes, %zu %%", done, all, done * 100 / all);
    if (done == all)
        fputc('\n', stderr);
    fflush(stderr);
}

static int load_blocks(struct gp *gp, const uint8_t *bytes, size_t len) {
    size_t room = gp_session_room(&gp->link.session);
    int status = EXIT_OK;
    unsigned block = 0;
    for (size_t at = 0; at < len && !status; block++) {
        size_t n = len - at < room ? len - at : room;
        bool last = at + n == len;
        char doing[40];
        snprintf(doing, sizeof doing, "LOAD, block %u", block);
        /* Block numbers have one byte and begin again. */
        status = gp_link_must(&gp->link, doing, 0x80, INS_LOAD, last ? 0x80 : 0x00, (uint8_t)block,
                              bytes + at, n, true);
        at += n;
        if (!status)
            progress(gp, at, len);
    }
    return status;
}

static int load(struct gp *gp, const struct cap *cap) {
    uint8_t dap[GP_DAP_MAX];
    size_t len, dap_len;
    int status = gp_make_dap(gp, cap->load_file, cap->load_file_len, dap, &dap_len);
    if (status)
        return status;
    uint8_t *bytes = wrap_load_file(cap, dap, dap_len, &len);
    if (!bytes)
        return complain(EXIT_FAILED, COMMAND, "out of memory");
    status = install_for_load(gp, cap);
    if (!status)
        status = load_blocks(gp, bytes, len);
    free(bytes);
    const struct gp_aid names[] = {from_cap(&cap->description.package), gp->named};
    return status ? status : gp_show_receipt(gp, names, 2);
}

static int open_cap(const char *path, struct cap *cap) {
    const char *wrong = cap_read(path, cap);
    return wrong ? complain(EXIT_FAILED, COMMAND, "%s: %s", path, wrong) : EXIT_OK;
}

int gp_load(struct gp *gp, int count, char **words) {
    struct cap cap;
    (void)count;
    int status = open_cap(words[0], &cap);
    if (status)
        return status;
    status = load(gp, &cap);
    cap_free(&cap);
    return status;
}

/* ---- install ---- */

static int install(struct gp *gp, const struct gp_aid *package, const struct gp_aid *module,
                   const struct gp_aid *instance) {
    const struct gp_options *o = &gp->options;
    struct gp_field f = {.len = 0};
    uint8_t privileges[3], parameters[2 + PARAMETERS_MAX];
    size_t privileges_len, len = 0, column;
    int status = gp_privileges(gp, privileges, &privileges_len);
    if (status)
        return status;
    const char *wrong = o->parameters ? hex_parse(o->parameters, parameters + 2,
                                                  sizeof parameters - 2, &len, &column)
                                      : NULL;
    if (wrong)
        return complain(EXIT_USAGE, COMMAND, "--parameters: character %zu %s", column, wrong);
    parameters[0] = 0xC9;
    parameters[1] = (uint8_t)len;
    gp_field_value(&f, package->value, package->len);
    gp_field_value(&f, module->value, module->len);
    gp_field_value(&f, instance->value, instance->len);
    gp_field_value(&f, privileges, privileges_len);
    gp_field_value(&f, parameters, len + 2);
    status = gp_add_token(gp, &f, FOR_INSTALL_SELECTABLE, 0, 0);
    if (!status)
        status = gp_send_field(gp, "INSTALL [for install and make selectable]", INS_INSTALL,
                               FOR_INSTALL_SELECTABLE, 0, &f);
    const struct gp_aid names[] = {*package, *instance};
    return status ? status : gp_show_receipt(gp, names, 2);
}

/* install CAP: load it, and an instance of each of its applets under the applet's own AID. */
static int install_cap(struct gp *gp, const char *path) {
    struct cap cap;
    int status = open_cap(path, &cap);
    if (status)
        return status;
    status = load(gp, &cap);
    struct gp_aid package = from_cap(&cap.description.package);
    for (size_t i = 0; i < cap.description.applet_count && !status; i++) {
        struct gp_aid applet = from_cap(&cap.description.applets[i]);
        status = install(gp, &package, &applet, &applet);
    }
    cap_free(&cap);
    return status;
}

int gp_install(struct gp *gp, int count, char **words) {
    struct gp_aid package, module, instance;
    if (count == 1)
        return install_cap(gp, words[0]);
    int status = gp_aid_parse(words[0], &package);
    if (!status)
        status = gp_aid_parse(words[1], &module);
    if (!status)
        status = gp_aid_parse(words[count == 3 ? 2 : 1], &instance);
    return status ? status : install(gp, &package, &module, &instance);
}

int gp_domain(struct gp *gp, int count, char **words) {
    static const char domain_privilege[] = "80";
    struct gp_aid package, module, instance;
    int status = gp_aid_parse(count > 1 ? words[1] : DOMAIN_PACKAGE, &package);
    if (!status)
        status = gp_aid_parse(count > 2 ? words[2] : DOMAIN_MODULE, &module);
    if (!status)
        status = gp_aid_parse(words[0], &instance);
    if (!gp->options.privileges)
        gp->options.privileges = domain_privilege;
    return status ? status : install(gp, &package, &module, &instance);
}

/* ---- delete, extradite ---- */

int gp_delete(struct gp *gp, int count, char **words) {
    struct gp_aid aid;
    int status = EXIT_OK;
    for (int i = 0; i < count && !status; i++)
        status = gp_aid_parse(words[i], &aid); /* all of them before anything is deleted */
    for (int i = 0; i < count && !status; i++) {
        struct gp_field f = {.len = 0};
        (void)gp_aid_parse(words[i], &aid);
        gp_field_byte(&f, 0x4F);
        gp_field_value(&f, aid.value, aid.len);
        const uint8_t p2 = gp->options.related ? 0x80 : 0x00;
        status = gp_add_token(gp, &f, 0, p2, TAG_TOKEN);
        if (!status)
            status = gp_send_field(gp, words[i], INS_DELETE, 0, p2, &f);
        if (!status)
            status = gp_show_receipt(gp, &aid, 1);
    }
    return status;
}

int gp_extradite(struct gp *gp, int count, char **words) {
    struct gp_aid what, to;
    struct gp_field f = {.len = 0};
    (void)count;
    int status = gp_aid_parse(words[0], &what);
    if (!status)
        status = gp_aid_parse(words[1], &to);
    if (status)
        return status;
    gp_field_value(&f, to.value, to.len);
    gp_field_byte(&f, 0);
    gp_field_value(&f, what.value, what.len);
    gp_field_byte(&f, 0);
    gp_field_byte(&f, 0);
    status = gp_add_token(gp, &f, FOR_EXTRADITION, 0, 0);
    if (!status)
        status =
            gp_send_field(gp, "INSTALL [for extradition]", INS_INSTALL, FOR_EXTRADITION, 0, &f);
    const struct gp_aid names[] = {gp->named, what, to};
    return status ? status : gp_show_receipt(gp, names, 3);
}
