/* onecard new: make a card from a profile. */
#include <errno.h>
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
    IMAGE_COUNTER_OPTION(image_options),
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

/* Make the card in a new file at path. Nothing is left there if the card refuses the profile. */
static int make(const char *path, bool overwrite, const struct profile *profile) {
    char message[PROFILE_MESSAGE_MAX];
    struct image image;
    image_options.trace = tell;
    int status = image_create(&image, "new", path, overwrite, &image_options);
    if (status)
        return status;
    if (maker_run(image.card, onecard_host_port(image.host), profile, message)) {
        status = complain(EXIT_FAILED, "new", "%s: %s", profile_path, message);
        unlink(path);
    }
    image_close(&image);
    return status;
}

/* Is the image open in another process? Then it must not be replaced under its feet. */
static bool in_use(const char *path) {
    const struct onecard_host_options host_options = {.device_key_file = image_options.device_key};
    char message[512];
    struct onecard_host *host;
    enum onecard_err err =
        onecard_host_open(path, false, &host_options, &host, message, sizeof message);
    if (!err)
        onecard_host_close(host);
    if (err == ONECARD_E_BUSY)
        complain(EXIT_FAILED, "new", "%s", message);
    return err == ONECARD_E_BUSY;
}

/* An image that exists gives way only once the new one is whole. */
static int replace(const char *path, const struct profile *profile) {
    char beside[PATH_MAX];
    int n = snprintf(beside, sizeof beside, "%s.new", path);
    if (n < 0 || (size_t)n >= sizeof beside)
        return complain(EXIT_FAILED, "new", "%s: the name is too long", path);
    if (in_use(path))
        return EXIT_FAILED;
    int status = make(beside, true, profile);
    if (!status && rename(beside, path)) {
        unlink(beside);
        status = complain(EXIT_FAILED, "new", "cannot replace %s: %s", path, strerror(errno));
    }
    return status;
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
    bool replaces = force && access(argv[0], F_OK) == 0;
    status = replaces ? replace(argv[0], &profile) : make(argv[0], false, &profile);
    profile_free(&profile);
    return status;
}
