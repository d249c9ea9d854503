/* onecard new: make a card from a profile. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "image.h"
#include "maker.h"
#include "options.h"

static struct image_options image_options;
static const char *profile_path;
static bool force;

static const struct option options[] = {
    {"--profile", "FILE", "what is on the card, in YAML; else the demo card", NULL, &profile_path},
    {"--force", NULL, "overwrite an image that exists", &force, NULL},
    IMAGE_DEVICE_KEY_OPTION(image_options),
    IMAGE_SEED_OPTION(image_options),
};

static const struct usage usage = {
    .command = "new",
    .arguments = "IMAGE",
    .text = "Makes a card: writes a blank one into a new image file, then loads, installs and\n"
            "personalises what the profile says, by commands to the card, and ends pre-issuance.\n",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .arguments_min = 1,
    .arguments_max = 1,
};

/* applets/demo.yaml beside the program. */
static bool find_demo(char *path, size_t size) {
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0)
        return false;
    self[len] = 0;
    *strrchr(self, '/') = 0;
    int n = snprintf(path, size, "%s/applets/demo.yaml", self);
    return n > 0 && (size_t)n < size;
}

static void tell(void *ctx, enum onecard_trace_kind kind, const char *text) {
    (void)ctx;
    (void)kind;
    fprintf(stderr, "onecard new: card: %s\n", text);
}

int command_new(int argc, char **argv) {
    int count, status;
    if (!options_parse(&usage, argc, argv, &count, &status))
        return status;
    char demo[PATH_MAX + 32], message[PROFILE_MESSAGE_MAX];
    if (!profile_path) {
        if (!find_demo(demo, sizeof demo))
            return complain(EXIT_FAILED, "new", "cannot find the demo profile: give --profile");
        profile_path = demo;
    }
    struct profile profile;
    if (profile_read(profile_path, &profile, message))
        return complain(EXIT_FAILED, "new", "%s", message);
    struct image image;
    image_options.trace = tell;
    status = image_create(&image, "new", argv[0], force, &image_options);
    if (!status) {
        if (maker_run(image.card, onecard_host_port(image.host), &profile, message)) {
            status = complain(EXIT_FAILED, "new", "%s: %s", profile_path, message);
            unlink(argv[0]);
        }
        image_close(&image);
    }
    profile_free(&profile);
    return status;
}
