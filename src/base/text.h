/* Short lines for a person (traces), built without libc. What does not fit is cut off. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define TEXT_MAX 160

struct text {
    char line[TEXT_MAX]; /* always NUL-terminated */
    size_t len;
};

void text_init(struct text *t);
void text_add(struct text *t, const char *s);
void text_add_bytes(struct text *t, const uint8_t *p, size_t len); /* characters as they are */
void text_add_number(struct text *t, uint32_t v);
void text_add_hex(struct text *t, const uint8_t *p, size_t len);

#endif
