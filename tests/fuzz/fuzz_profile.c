/* A profile of any bytes: a card's description, or a message that says what is wrong where. It
 * stands beside the built CAP files, so that what it names can be there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/onecard/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[300];

static void remove_file(void) {
    unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!path[0]) {
        const char *build = getenv("BUILD_DIR");
        snprintf(path, sizeof path, "%s/applets/fuzz-%d.yaml", build ? build : "build",
                 (int)getpid());
        atexit(remove_file);
    }
    FILE *f = fopen(path, "wb");
    if (!f)
        abort();
    fwrite(data, 1, size, f);
    fclose(f);
    struct profile profile;
    char message[PROFILE_MESSAGE_MAX];
    if (!profile_read(path, &profile, message))
        profile_free(&profile);
    else if (strncmp(message, path, strlen(path)) != 0)
        abort(); /* a refusal names the file */
    return 0;
}
