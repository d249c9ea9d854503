/* A CAP file of any bytes through the tool's reader; and the same bytes as a load file and as a
 * module that describes itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/onecard/cap_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char path[64];
    if (!path[0])
        snprintf(path, sizeof path, "/tmp/onecard-fuzz-cap-%d", (int)getpid());
    FILE *f = fopen(path, "wb");
    if (!f)
        abort();
    fwrite(data, 1, size, f);
    fclose(f);
    struct cap cap;
    if (!cap_read(path, &cap))
        cap_free(&cap);
    unlink(path);
    memset(&cap, 0, sizeof cap);
    cap_parse(data, size, &cap);
    struct cap_description description;
    cap_describe_module(data, size, &description);
    return 0;
}
