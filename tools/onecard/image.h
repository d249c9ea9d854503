/* A card image, opened for a command: host port and card together, with the options that every
 * command takes and the messages that a person needs. */
#ifndef ONECARD_IMAGE_H
#define ONECARD_IMAGE_H

#include "onecard/card.h"
#include "onecard/host.h"
#include "options.h"

#define IMAGE_SEED_MAX 64 /* bytes */

/* Pool for applets' memory: room for many channels, since a program has few cards. */
#define IMAGE_POOL_SIZE (128u * 1024u)

struct image_options {
    const char *device_key; /* --device-key FILE */
    const char *counter;    /* --counter FILE */
    const char *seed;       /* --seed HEX */
    const char *screen;     /* --screen FILE */
    const char *sensor;     /* --sensor FILE */
    uint32_t response_max;  /* most bytes of answer data; 0: as many as the port allows */
    bool contactless;       /* the card answers as one without contacts */
    bool quiet_key;         /* say nothing of the published development key */
    /* for traps, refusals and notes of the card; may be NULL */
    void (*trace)(void *ctx, enum onecard_trace_kind kind, const char *text);
    void *trace_ctx;
};

/* The rows of a command's option table that fill o, a struct image_options of static storage. */
#define IMAGE_DEVICE_KEY_OPTION(o)                                                                 \
    {                                                                                              \
        "--device-key", "FILE", "the key that secrets rest under: 64 hex digits", NULL,            \
            &(o).device_key                                                                        \
    }
#define IMAGE_COUNTER_OPTION(o)                                                                    \
    {                                                                                              \
        "--counter", "FILE", "monotonic counter: an image older than it knows is refused", NULL,   \
            &(o).counter                                                                           \
    }
#define IMAGE_SEED_OPTION(o)                                                                       \
    {                                                                                              \
        "--seed", "HEX", "random numbers from this seed: a run repeats byte for byte", NULL,       \
            &(o).seed                                                                              \
    }

struct image {
    struct onecard_host *host;
    struct onecard *card;
    void *memory; /* the card's */
    uint8_t seed[IMAGE_SEED_MAX];
};

/* Open the card in an image file, or make a new file with a blank card in pre-issuance (force:
 * even if the file exists). Says on standard error when the published development key protects it.
 * Returns 0, or the exit status after a line on standard error. */
int image_open(struct image *image, const char *command, const char *path,
               const struct image_options *options);
int image_create(struct image *image, const char *command, const char *path, bool force,
                 const struct image_options *options);

void image_close(struct image *image);

/* One line on standard error for images under the published development key. */
void image_warn_of_development_key(const char *names);

#endif
