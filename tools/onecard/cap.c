/* onecard cap: make a CAP from a Wasm module, and show what is in one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_file.h"
#include "commands.h"
#include "firewall/calls.h"
#include "hex.h"
#include "manager/code.h"
#include "options.h"
#include "vm/module_info.h"

static const struct usage usage = {
    .command = "cap",
    .arguments = "make MODULE.wasm FILE.cap | show FILE.cap",
    .text =
        "make: packs a Wasm module into a CAP file that GlobalPlatform clients can load. AIDs and\n"
        "      version are what the module says (CARD_PACKAGE in its source).\n"
        "show: prints what is in a CAP file, and whether a card would take it (exit status 1 if "
        "not).\n",
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

static int make(const char *module, const char *file) {
    size_t len;
    uint8_t *wasm = read_file(module, &len);
    if (!wasm)
        return complain(EXIT_FAILED, "cap", "%s cannot be read", module);
    struct cap_description description;
    char name[200];
    base_name(module, name, sizeof name);
    const char *wrong = len > CAP_LOAD_FILE_MAX ? "larger than 65,535 bytes, which a CAP can hold"
                                                : cap_describe_module(wasm, len, &description);
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
    static uint8_t scratch[65536];
    static const struct vm_resolver resolver = {NULL, calls_resolve};
    static const struct vm_limits limits = {.memory_max = CODE_MEMORY_MAX,
                                            .table_max = CODE_TABLE_MAX};
    static const struct vm_sink sink = {NULL, sink_nowhere};
    struct vm_report report = {0};
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
