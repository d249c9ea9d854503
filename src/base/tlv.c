#include "base/tlv.h"

#include <string.h>

static bool take_tag(const uint8_t **p, const uint8_t *end, uint32_t *tag) {
    if (*p == end)
        return false;
    uint32_t t = *(*p)++;
    if ((t & 0x1F) == 0x1F) {
        int more = 0;
        do {
            if (*p == end || more == 2)
                return false;
            t = t << 8 | *(*p)++;
            more++;
        } while (t & 0x80);
    }
    *tag = t;
    return true;
}

static bool take_length(const uint8_t **p, const uint8_t *end, uint32_t *len) {
    if (*p == end)
        return false;
    uint32_t first = *(*p)++;
    if (first < 0x80) {
        *len = first;
        return true;
    }
    uint32_t bytes = first & 0x7F;
    if (bytes == 0 || bytes > 3 || (size_t)(end - *p) < bytes)
        return false;
    uint32_t v = 0;
    while (bytes--)
        v = v << 8 | *(*p)++;
    *len = v;
    return true;
}

bool tlv_next(const uint8_t **cursor, const uint8_t *end, struct tlv *out) {
    const uint8_t *p = *cursor;
    uint32_t tag, len;
    if (!take_tag(&p, end, &tag) || !take_length(&p, end, &len) || (size_t)(end - p) < len)
        return false;
    out->tag = tag;
    out->len = len;
    out->value = p;
    *cursor = p + len;
    return true;
}

bool tlv_find(const uint8_t *data, size_t len, uint32_t tag, struct tlv *out) {
    const uint8_t *end = data + len;
    while (tlv_next(&data, end, out))
        if (out->tag == tag)
            return true;
    return false;
}

bool tlv_take_lv(const uint8_t **cursor, const uint8_t *end, struct tlv *out) {
    const uint8_t *p = *cursor;
    if (p == end || (size_t)(end - p) - 1 < *p)
        return false;
    out->tag = 0;
    out->len = *p;
    out->value = p + 1;
    *cursor = p + 1 + *p;
    return true;
}

static size_t put_head(uint8_t head[7], uint32_t tag, size_t value_len) {
    size_t n = 0;
    if (tag > 0xFFFF)
        head[n++] = (uint8_t)(tag >> 16);
    if (tag > 0xFF)
        head[n++] = (uint8_t)(tag >> 8);
    head[n++] = (uint8_t)tag;
    if (value_len > 0xFFFF)
        return 0; /* no data object on the card is that long */
    if (value_len > 0xFF) {
        head[n++] = 0x82;
        head[n++] = (uint8_t)(value_len >> 8);
    } else if (value_len > 0x7F) {
        head[n++] = 0x81;
    }
    head[n++] = (uint8_t)value_len;
    return n;
}

bool tlv_put(uint8_t *data, size_t capacity, size_t *len, uint32_t tag, const void *value,
             size_t value_len) {
    uint8_t head[7];
    size_t head_len = put_head(head, tag, value_len);
    if (!head_len || capacity - *len < head_len || capacity - *len - head_len < value_len)
        return false;
    memcpy(data + *len, head, head_len);
    if (value_len)
        memcpy(data + *len + head_len, value, value_len);
    *len += head_len + value_len;
    return true;
}

bool tlv_wrap(uint8_t *data, size_t capacity, size_t *len, size_t start, uint32_t tag) {
    uint8_t head[7];
    size_t value_len = *len - start;
    size_t head_len = put_head(head, tag, value_len);
    if (!head_len || capacity - *len < head_len)
        return false;
    memmove(data + start + head_len, data + start, value_len);
    memcpy(data + start, head, head_len);
    *len += head_len;
    return true;
}
