/* The compiler calls __sanitizer_cov_load*() before each load of the code that it instruments
 * (-fsanitize-coverage=trace-loads); copies and comparisons are sent here by their names (see
 * tests/bench/rules.mk), since the library's are not instrumented. This file itself is not. */
#include "watch.h"

#include <string.h>

static uintptr_t from;
static size_t len;
static struct reads seen;

void watch_begin(const void *base, size_t size) {
    from = (uintptr_t)base;
    len = size;
    seen = (struct reads){0, 0};
}

struct reads watch_take(void) {
    const struct reads taken = seen;
    seen = (struct reads){0, 0};
    return taken;
}

static void note(const void *at, size_t size) {
    if ((uintptr_t)at - from >= len || size == 0)
        return;
    seen.count++;
    seen.bytes += size;
}

void __sanitizer_cov_load1(uint8_t *at);
void __sanitizer_cov_load2(uint16_t *at);
void __sanitizer_cov_load4(uint32_t *at);
void __sanitizer_cov_load8(uint64_t *at);
void __sanitizer_cov_load16(void *at);
void *watch_memcpy(void *to, const void *at, size_t size);
void *watch_memmove(void *to, const void *at, size_t size);
int watch_memcmp(const void *a, const void *b, size_t size);

void __sanitizer_cov_load1(uint8_t *at) {
    note(at, 1);
}

void __sanitizer_cov_load2(uint16_t *at) {
    note(at, 2);
}

void __sanitizer_cov_load4(uint32_t *at) {
    note(at, 4);
}

void __sanitizer_cov_load8(uint64_t *at) {
    note(at, 8);
}

void __sanitizer_cov_load16(void *at) {
    note(at, 16);
}

void *watch_memcpy(void *to, const void *at, size_t size) {
    note(at, size);
    return memcpy(to, at, size);
}

void *watch_memmove(void *to, const void *at, size_t size) {
    note(at, size);
    return memmove(to, at, size);
}

/* Up to the byte that tells them apart, and no further. */
int watch_memcmp(const void *a, const void *b, size_t size) {
    size_t same = 0;
    while (same < size && ((const uint8_t *)a)[same] == ((const uint8_t *)b)[same])
        same++;
    const size_t looked = same < size ? same + 1 : size;
    note(a, looked);
    note(b, looked);
    return memcmp(a, b, size);
}
