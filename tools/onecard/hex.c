#include "hex.h"

static int digit_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

const char *hex_parse(const char *text, uint8_t *out, size_t max, size_t *out_len,
                      size_t *out_column) {
    size_t len = 0;
    const char *p = text;
    for (;;) {
        while (*p == ' ' || *p == '\t')
            p++;
        *out_column = (size_t)(p - text) + 1;
        if (!*p)
            break;
        int high = digit_value(*p);
        if (high < 0)
            return "is not a hex digit";
        p++;
        int low = digit_value(*p);
        *out_column = (size_t)(p - text) + 1;
        if (low < 0)
            return *p && *p != ' ' && *p != '\t' ? "is not a hex digit"
                                                 : "is missing: half a byte stands before it";
        if (len == max)
            return "is too much: too many bytes";
        out[len++] = (uint8_t)(high << 4 | low);
        p++;
    }
    *out_len = len;
    return len ? NULL : "is missing: there are no hex digits";
}

void hex_print(FILE *to, const uint8_t *bytes, size_t len) {
    static const char digits[] = "0123456789ABCDEF";
    char block[512];
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        block[used++] = digits[bytes[i] >> 4];
        block[used++] = digits[bytes[i] & 15];
        if (used == sizeof block || i + 1 == len) {
            fwrite(block, 1, used, to);
            used = 0;
        }
    }
}
