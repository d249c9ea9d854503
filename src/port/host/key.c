/* The device key (S6): from a file of 64 hex digits, or the published development key. */
#include "port/host/image.h"
#include "base/bytes.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Published on purpose: an image under this key protects nothing. */
static const char development_key[ONECARD_DEVICE_KEY_SIZE + 1] = "onecard public development key!!";

static int hex_value(int c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = tolower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum onecard_err parse_key(FILE *file, uint8_t *key, const char *path, char *message,
                                  size_t message_size) {
    unsigned digits = 0, line = 1;
    int c;
    while ((c = getc(file)) != EOF) {
        if (c == '\n')
            line++;
        if (isspace(c))
            continue;
        int value = hex_value(c);
        if (value < 0 || digits == 2 * ONECARD_DEVICE_KEY_SIZE)
            return host_fail(message, message_size, ONECARD_E_FORMAT,
                             "%s, line %u: a device key is 64 hex digits and nothing else", path,
                             line);
        key[digits / 2] = (uint8_t)(digits % 2 ? key[digits / 2] | value : value << 4);
        digits++;
    }
    if (digits != 2 * ONECARD_DEVICE_KEY_SIZE)
        return host_fail(message, message_size, ONECARD_E_FORMAT,
                         "%s: a device key is 64 hex digits, here are %u", path, digits);
    return ONECARD_OK;
}

enum onecard_err device_key_load(struct onecard_host *host, const char *path, char *message,
                                 size_t message_size) {
    if (!path) {
        memcpy(host->device_key, development_key, sizeof host->device_key);
        host->development_key = true;
        return ONECARD_OK;
    }
    FILE *file = fopen(path, "re");
    if (!file)
        return host_fail(message, message_size, ONECARD_E_NOT_FOUND, "device key %s: %s", path,
                         strerror(errno));
    enum onecard_err err = parse_key(file, host->device_key, path, message, message_size);
    fclose(file);
    return err;
}

enum onecard_err device_key_get(void *ctx, uint8_t key[ONECARD_DEVICE_KEY_SIZE]) {
    const struct onecard_host *host = ctx;
    memcpy(key, host->device_key, ONECARD_DEVICE_KEY_SIZE);
    return ONECARD_OK;
}
