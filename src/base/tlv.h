/* BER-TLV as smart cards use it (ISO/IEC 7816-4 6.3; ISO/IEC 8825-1): tags of one to three bytes,
 * lengths of one to four. Reading never runs over the end; writing never over the capacity. */
#ifndef BASE_TLV_H
#define BASE_TLV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tlv {
    uint32_t tag; /* its bytes, big-endian: 0x4F, 0x9F65, 0x5F5F01 */
    uint32_t len;
    const uint8_t *value;
};

/* Take the data object at *cursor apart and move *cursor behind it. false (and *cursor unmoved) if
 * nothing well formed and complete stands there. */
bool tlv_next(const uint8_t **cursor, const uint8_t *end, struct tlv *out);

/* The first data object of that tag on this level; false if there is none. */
bool tlv_find(const uint8_t *data, size_t len, uint32_t tag, struct tlv *out);

/* Take "length, value" with a one-byte length, as INSTALL has it (GPCS 11.5.2.3). */
bool tlv_take_lv(const uint8_t **cursor, const uint8_t *end, struct tlv *out);

/* Append tag, length and value at data[*len]. false (and nothing changed) if capacity is exceeded.
 * value may be NULL if value_len is 0. */
bool tlv_put(uint8_t *data, size_t capacity, size_t *len, uint32_t tag, const void *value,
             size_t value_len);

/* Put a tag and length in front of what was appended since `start`, which becomes its value. */
bool tlv_wrap(uint8_t *data, size_t capacity, size_t *len, size_t start, uint32_t tag);

#endif
