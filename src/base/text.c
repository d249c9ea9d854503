#include "base/text.h"

void text_init(struct text *t) {
    t->len = 0;
    t->line[0] = 0;
}

static void add_char(struct text *t, char c) {
    if (t->len + 1 < sizeof t->line) {
        t->line[t->len++] = c;
        t->line[t->len] = 0;
    }
}

void text_add(struct text *t, const char *s) {
    while (*s)
        add_char(t, *s++);
}

void text_add_bytes(struct text *t, const uint8_t *p, size_t len) {
    for (size_t i = 0; i < len; i++)
        add_char(t, p[i] >= 0x20 && p[i] < 0x7F ? (char)p[i] : '.');
}

void text_add_number(struct text *t, uint32_t v) {
    char digits[10];
    int n = 0;
    do {
        digits[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    while (n)
        add_char(t, digits[--n]);
}

void text_add_hex(struct text *t, const uint8_t *p, size_t len) {
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < len; i++) {
        add_char(t, hex[p[i] >> 4]);
        add_char(t, hex[p[i] & 15]);
    }
}
