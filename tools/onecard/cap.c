/* onecard cap: make a CAP from a Wasm module, and show what is in one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_file.h"
#include "commands.h"
#include "hex.h"
#include "options.h"

static const struct usage usage = {
    .command = "cap",
    .arguments = "make MODULE.wasm FILE.cap | show FILE.cap",
    .text =
        "make: packs a Wasm module into a CAP file that GlobalPlatform clients can load. AIDs and\n"
        "      version are what the module says (CARD_PACKAGE in its source).\n"
        "show: prints what is in a CAP file.\n",
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
    printf("%-10s%zu bytes\n", "module", cap.wasm_len);
    printf("%-10s%zu bytes\n", "load file", cap.load_file_len);
    cap_free(&cap);
    return EXIT_OK;
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
