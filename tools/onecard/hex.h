/* Bytes as hex digits, as people and scripts write them. */
#ifndef ONECARD_HEX_H
#define ONECARD_HEX_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Bytes that text of this length can hold at most. */
#define HEX_BYTES_MAX(text_len) ((text_len) / 2u)

/* Read hex digits, two a byte, blanks allowed between bytes.
 * out: HEX_BYTES_MAX(strlen(text)) bytes are always enough; no more than max are written.
 * Returns NULL, or what is wrong; *out_column is then the character, counted from 1. */
const char *hex_parse(const char *text, uint8_t *out, size_t max, size_t *out_len,
                      size_t *out_column);

/* Write bytes in upper-case hex, without a line end. */
void hex_print(FILE *to, const uint8_t *bytes, size_t len);

#endif
