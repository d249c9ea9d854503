#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "hex.h"

enum { MESSAGE_SIZE = 512 };

/* Fill the host's options from the command's. Returns 0 or an exit status. */
static int host_options(struct image *image, const char *command, const struct image_options *from,
                        struct onecard_host_options *to) {
    memset(to, 0, sizeof *to);
    to->device_key_file = from->device_key;
    to->counter_file = from->counter;
    to->screen_file = from->screen;
    to->sensor_file = from->sensor;
    to->trace = from->trace;
    to->trace_ctx = from->trace_ctx;
    if (from->seed) {
        size_t column;
        const char *wrong =
            hex_parse(from->seed, image->seed, IMAGE_SEED_MAX, &to->seed_len, &column);
        if (wrong)
            return complain(EXIT_USAGE, command, "--seed: character %zu %s", column, wrong);
        to->seed = image->seed;
    }
    return EXIT_OK;
}

void image_warn_of_development_key(const char *names) {
    fprintf(stderr,
            "onecard: %s: the published development key protects its secrets, that is, nothing "
            "does (see --device-key)\n",
            names);
}

static int card_failed(struct image *image, const char *command, const char *path,
                       const char *doing, enum onecard_err err) {
    image_close(image);
    if (err == ONECARD_E_FOREIGN)
        return complain(EXIT_FAILED, command,
                        "%s: cannot %s: there is none in it, or one of another version, or of "
                        "another device key (see --device-key)",
                        path, doing);
    if (err == ONECARD_E_ROLLED_BACK)
        return complain(EXIT_FAILED, command,
                        "%s: cannot %s: its counter (--counter) knows another state than this "
                        "image: an older copy was put back, or the counter is another card's",
                        path, doing);
    return complain(EXIT_FAILED, command, "%s: cannot %s: %s", path, doing, onecard_err_text(err));
}

/* The host is there: bring up the card on it. */
static int open_card(struct image *image, const char *command, const char *path,
                     const struct image_options *options, bool format) {
    struct onecard_port *port = onecard_host_port(image->host);
    if (options->response_max && port->response_max > options->response_max)
        port->response_max = options->response_max;
    port->pool_size = IMAGE_POOL_SIZE;
    size_t size = onecard_memory_size(port);
    port->interface = options->contactless;
    if (onecard_host_development_key(image->host) && !options->quiet_key)
        image_warn_of_development_key(path);
    image->memory = malloc(size);
    if (!image->memory)
        return card_failed(image, command, path, "open the card", ONECARD_E_NO_MEMORY);
    if (format) {
        enum onecard_err err = onecard_format(port, image->memory, size);
        if (err)
            return card_failed(image, command, path, "write a blank card", err);
    }
    enum onecard_err err = onecard_open(port, image->memory, size, &image->card);
    if (err)
        return card_failed(image, command, path, "open the card", err);
    return EXIT_OK;
}

int image_open(struct image *image, const char *command, const char *path,
               const struct image_options *options) {
    struct onecard_host_options host;
    char message[MESSAGE_SIZE] = "";
    memset(image, 0, sizeof *image);
    int status = host_options(image, command, options, &host);
    if (status)
        return status;
    if (onecard_host_open(path, false, &host, &image->host, message, sizeof message))
        return complain(EXIT_FAILED, command, "%s", message);
    return open_card(image, command, path, options, false);
}

int image_create(struct image *image, const char *command, const char *path, bool force,
                 const struct image_options *options) {
    struct onecard_host_options host;
    char message[MESSAGE_SIZE] = "";
    memset(image, 0, sizeof *image);
    int status = host_options(image, command, options, &host);
    if (status)
        return status;
    if (onecard_host_create(path, force, &host, &image->host, message, sizeof message))
        return complain(EXIT_FAILED, command, "%s", message);
    return open_card(image, command, path, options, true);
}

void image_close(struct image *image) {
    onecard_close(image->card);
    free(image->memory);
    if (image->host)
        onecard_host_close(image->host);
    memset(image, 0, sizeof *image);
}
