/* The four functions that the compiler itself may call; three are one instruction (bulk memory). */
#include "sdk.h"

void *memcpy(void *to, const void *from, size_t len) {
    return __builtin_memcpy(to, from, len);
}

void *memmove(void *to, const void *from, size_t len) {
    return __builtin_memmove(to, from, len);
}

void *memset(void *to, int value, size_t len) {
    return __builtin_memset(to, value, len);
}

int memcmp(const void *a, const void *b, size_t len) {
    const uint8_t *x = a;
    const uint8_t *y = b;
    for (; len; len--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}
