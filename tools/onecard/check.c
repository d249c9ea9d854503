/* onecard check: is an image sound, and if not, what is wrong where. */
#include <stdio.h>

#include "commands.h"
#include "look.h"

static struct image_options image_options;

static const struct option options[] = {
    IMAGE_DEVICE_KEY_OPTION(image_options),
    IMAGE_SEED_OPTION(image_options),
};

static const struct usage usage = {
    .command = "check",
    .arguments = "IMAGE",
    .text =
        "Reads all of IMAGE and verifies every checksum, and secrets under the device key. Says\n"
        "what is wrong and where. Nothing is written. Exit status: 0 sound, 1 not.\n",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .arguments_min = 1,
    .arguments_max = 1,
};

static void tell(void *ctx, const struct store_finding *f) {
    (void)ctx;
    printf("%s: sector %u, offset %u: %s", store_finding_is_damage(f->kind) ? "damage" : "note",
           (unsigned)f->sector, (unsigned)f->offset, store_finding_text(f->kind));
    if (f->name) {
        char text[48];
        look_name(f->name, text, sizeof text);
        printf(" (context %u's %s)", (unsigned)STORE_OWNER(f->name), text);
    }
    printf("\n");
}

int command_check(int argc, char **argv) {
    int count, status;
    if (!options_parse(&usage, argc, argv, &count, &status))
        return status;
    struct look look;
    status = look_open(&look, "check", argv[0], &image_options);
    if (status)
        return status;
    uint32_t damaged = store_check(onecard_host_port(look.host), &look.arena, tell, NULL);
    if (damaged)
        printf("%s: not sound, %u findings\n", argv[0], (unsigned)damaged);
    else
        printf("%s: sound\n", argv[0]);
    look_close(&look);
    return damaged ? EXIT_FAILED : EXIT_OK;
}
