/* onecard cap: make a CAP from a Wasm module, and show what is in one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_file.h"
#include "commands.h"
#include "firewall/calls.h"
#include "hex.h"
#include "manager/code.h"
#include "manager/load_file.h"
#include "options.h"
#include "vm/module_info.h"

static struct { const char *package, *applets, *version, *interface; } options;

static const struct option option_list[] = {
    {"--package", "AID", "make: of the package", NULL, &options.package},
    {"--applet", "AID[,AID]", "make: of its applets", NULL, &options.applets},
    {"--version", "N.N", "make: of the package", NULL, &options.version},
    {"--interface", "N.N", "make: of the card interface that it was built for", NULL,
     &options.interface},
};

static const struct usage usage = {
    .command = "cap",
    .arguments = "make MODULE.wasm FILE.cap | show FILE.cap",
    .text =
        "make: packs a Wasm module into a CAP file that GlobalPlatform clients can load. AIDs and\n"
        "      versions are what the module says (CARD_PACKAGE in its source), or the options.\n"
        "show: prints what is in a CAP file, and whether a card would take it (exit status 1 if "
        "not).\n",
    .options = option_list,
    .option_count = sizeof option_list / sizeof *option_list,
    .arguments_min = 2,
    .arguments_max = 3,
};

/* What is longer than any CAP is cut off behind CAP_LOAD_FILE_MAX. */
static uint8_t *read_file(const char *path, size_t *out_len) {
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    uint8_t *data = malloc(CAP_LOAD_FILE_MAX + 1);
    *out_len = data ? fread(data, 1, CAP_LOAD_FILE_MAX + 1, f) : 0;
    bool bad = !data || ferror(f);
    fclose(f);
    if (bad) {
        free(data);
        return NULL;
    }
    return data;
}

/* "build/applets/hello.wasm" -> "hello" */
static void base_name(const char *path, char *out, size_t size) {
    const char *slash = strrchr(path, '/');
    snprintf(out, size, "%s", slash ? slash + 1 : path);
    char *dot = strrchr(out, '.');
    if (dot)
        *dot = 0;
}

/* The AIDs between commas. */
static bool take_applets(const char *text, struct cap_description *d) {
    d->applet_count = 0;
    for (const char *p = text; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        if (d->applet_count == CAP_APPLETS_MAX ||
            !cap_aid_parse(p, strcspn(p, ","), &d->applets[d->applet_count++]))
            return false;
    return true;
}

/* The options go before what the module says; between them all has to be there. */
static const char *describe(const uint8_t *wasm, size_t len, struct cap_description *d) {
    const char *wrong = cap_read_section(wasm, len, d);
    if (wrong)
        return wrong;
    if (options.package && !cap_aid_parse(options.package, strlen(options.package), &d->package))
        return "--package is not an AID in hex";
    if (options.applets && !take_applets(options.applets, d))
        return "--applet is not one to 8 AIDs in hex, with commas";
    if (options.version &&
        !cap_version_parse(options.version, strlen(options.version), &d->major, &d->minor))
        return "--version is not a version like 1.0";
    if (options.interface && !cap_version_parse(options.interface, strlen(options.interface),
                                                &d->api_major, &d->api_minor))
        return "--interface is not a version like 1.0";
    if (!d->package.len || !d->applet_count || (!d->api_major && !options.package))
        return "the module does not say its package and applet AIDs (CARD_PACKAGE in its source); "
               "--package and --applet would";
    if (!d->api_major) { /* not built with our headers: for this card, then */
        d->api_major = CARD_API_MAJOR;
        d->api_minor = CARD_API_MINOR;
    }
    return NULL;
}

static int make(const char *module, const char *file) {
    size_t len;
    uint8_t *wasm = read_file(module, &len);
    if (!wasm)
        return complain(EXIT_FAILED, "cap", "%s cannot be read", module);
    struct cap_description description;
    char name[200];
    base_name(module, name, sizeof name);
    const char *wrong = len > CAP_LOAD_FILE_MAX ? "larger than 65,535 bytes, which a CAP can hold"
                                                : describe(wasm, len, &description);
    const char *path = module;
    if (!wrong) {
        wrong = cap_write(file, name, &description, wasm, len);
        path = file;
    }
    free(wasm);
    return wrong ? complain(EXIT_FAILED, "cap", "%s: %s", path, wrong) : EXIT_OK;
}

static void show_aid(const char *label, const struct cap_aid *aid) {
    printf("%-10s", label);
    hex_print(stdout, aid->value, aid->len);
    printf("\n");
}

/* ---- what is in the module ---- */

static void show_name(const char *label, const uint8_t *name, uint32_t len) {
    printf("%-10s", label);
    for (uint32_t i = 0; i < len; i++)
        putchar(name[i] >= 0x20 && name[i] < 0x7F ? name[i] : '?');
    printf("\n");
}

static void show_import(void *ctx, const struct vm_module_import *import) {
    (void)ctx;
    show_name("imports", import->name, import->name_len);
}

static void show_export(void *ctx, const struct vm_module_export *export) {
    (void)ctx;
    if (export->kind == 0)
        show_name("exports", export->name, export->name_len);
}

static enum onecard_err sink_nowhere(void *ctx, const void *data, uint32_t len) {
    (void)ctx;
    (void)data;
    (void)len;
    return ONECARD_OK;
}

/* Would a card take it? Translates it as the loader does, and throws the result away. */
static int show_verdict(const struct cap *cap) {
    const struct cap_description *d = &cap->description;
    static uint8_t scratch[65536];
    static const struct vm_resolver resolver = {NULL, calls_resolve};
    static const struct vm_limits limits = {.memory_max = CODE_MEMORY_MAX,
                                            .table_max = CODE_TABLE_MAX};
    static const struct vm_sink sink = {NULL, sink_nowhere};
    struct vm_report report = {0};
    if (d->api_major != CARD_API_MAJOR || d->api_minor > CARD_API_MINOR) {
        printf(
            "%-10sa card refuses it: built for version %u.%u of the card interface, this one has "
            "%u.%u\n",
            "verdict", d->api_major, d->api_minor, CARD_API_MAJOR, CARD_API_MINOR);
        return EXIT_FAILED;
    }
    enum onecard_err err = vm_translate(cap->wasm, (uint32_t)cap->wasm_len, &limits, &resolver,
                                        scratch, sizeof scratch, &sink, &report);
    if (err) {
        printf("%-10sa card refuses it: %s, at byte %u of the module\n", "verdict",
               report.reason ? report.reason : onecard_err_text(err), (unsigned)report.offset);
        return EXIT_FAILED;
    }
    printf("%-10s%u bytes of translated code, %u bytes to translate it\n", "on a card",
           (unsigned)report.image_size, (unsigned)report.scratch_used);
    return EXIT_OK;
}

static int show_module(const struct cap *cap) {
    static const struct vm_module_visitor visitor = {NULL, show_import, show_export};
    struct vm_module_info info;
    if (vm_module_info(cap->wasm, (uint32_t)cap->wasm_len, &visitor, &info))
        return complain(EXIT_FAILED, "cap", "the module's sections cannot be followed");
    printf("%-10s%u functions, %u bytes; %u bytes of data\n", "code", (unsigned)info.function_count,
           (unsigned)info.code_size, (unsigned)info.data_size);
    if (info.has_heap_base)
        printf("%-10s%u bytes (__heap_base)\n", "memory", (unsigned)info.heap_base);
    else if (info.has_memory)
        printf("%-10s%u pages of 64 KiB\n", "memory", (unsigned)info.memory_pages);
    else
        printf("%-10snone\n", "memory");
    return show_verdict(cap);
}

static int show(const char *file) {
    struct cap cap;
    const char *wrong = cap_read(file, &cap);
    if (wrong)
        return complain(EXIT_FAILED, "cap", "%s: %s", file, wrong);
    const struct cap_description *d = &cap.description;
    show_aid("package", &d->package);
    printf("%-10s%u.%u\n", "version", d->major, d->minor);
    printf("%-10s%u.%u\n", "interface", d->api_major, d->api_minor);
    for (size_t i = 0; i < d->applet_count; i++)
        show_aid("applet", &d->applets[i]);
    printf("%-10s%zu bytes\n", "load file", cap.load_file_len);
    printf("%-10s%zu bytes\n", "module", cap.wasm_len);
    int status = show_module(&cap);
    cap_free(&cap);
    return status;
}

int command_cap(int argc, char **argv) {
    int count, status;
    if (!options_parse(&usage, argc, argv, &count, &status))
        return status;
    if (!strcmp(argv[0], "make") && count == 3)
        return make(argv[1], argv[2]);
    if (!strcmp(argv[0], "show") && count == 2)
        return show(argv[1]);
    return complain(EXIT_USAGE, "cap", "say 'make MODULE.wasm FILE.cap' or 'show FILE.cap'");
}
