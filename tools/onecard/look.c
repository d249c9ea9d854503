#include "look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "fs/fs.h"
#include "hex.h"
#include "keys/keys.h"
#include "manager/registry.h"

int look_open(struct look *look, const char *command, const char *path,
              const struct image_options *options) {
    struct onecard_host_options host = {.device_key_file = options->device_key};
    char message[512] = "";
    memset(look, 0, sizeof *look);
    if (onecard_host_open(path, true, &host, &look->host, message, sizeof message))
        return complain(EXIT_FAILED, command, "%s", message);
    size_t size = store_memory_size(onecard_host_port(look->host)) + 65536;
    look->memory = malloc(size);
    if (!look->memory) {
        look_close(look);
        return complain(EXIT_FAILED, command, "out of memory");
    }
    arena_init(&look->arena, look->memory, size);
    return EXIT_OK;
}

void look_close(struct look *look) {
    free(look->memory);
    if (look->host)
        onecard_host_close(look->host);
    memset(look, 0, sizeof *look);
}

void look_name(store_name name, char *text, size_t size) {
    static const struct {
        unsigned kind;
        const char *what;
        bool hex;
    } kinds[] = {
        {KIND_REGISTRY, "registry record", false},
        {KIND_WASM, "module", false},
        {KIND_IMAGE, "translated code", false},
        {KIND_QUOTA, "quota", false},
        {FS_KIND_FILE, "file", true},
        {FS_KIND_OBJECT, "data object", true},
        {KEYS_KIND_KEY, "key", true},
        {KEYS_KIND_PIN, "PIN", false},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].kind != STORE_KIND(name))
            continue;
        snprintf(text, size, kinds[i].hex ? "%s %04X" : "%s %u", kinds[i].what,
                 (unsigned)STORE_NUMBER(name));
        return;
    }
    snprintf(text, size, "kind %u number %u", (unsigned)STORE_KIND(name),
             (unsigned)STORE_NUMBER(name));
}
