/* An image opened for looking: nothing is ever written to it. */
#ifndef ONECARD_LOOK_H
#define ONECARD_LOOK_H

#include "base/arena.h"
#include "image.h"
#include "store/inspect.h"

struct look {
    struct onecard_host *host;
    void *memory;
    struct arena arena;
};

/* Open the image file. Returns 0, or the exit status after a line on standard error. */
int look_open(struct look *look, const char *command, const char *path,
              const struct image_options *options);
void look_close(struct look *look);

/* What a store name stands for: "file 0015", "key 1". */
void look_name(store_name name, char *text, size_t size);

#endif
