#include "sdk.h"

uint32_t sdk_tlv_put(uint8_t *to, uint32_t at, uint32_t tag, const void *value, uint32_t len) {
    if (tag > 0xFF)
        to[at++] = (uint8_t)(tag >> 8);
    to[at++] = (uint8_t)tag;
    if (len > 0x7F)
        to[at++] = 0x81;
    to[at++] = (uint8_t)len;
    memmove(to + at, value, len);
    return at + len;
}

uint32_t sdk_tlv_wrap(uint8_t *to, uint32_t from, uint32_t at, uint32_t tag) {
    uint32_t len = at - from;
    uint32_t head = (tag > 0xFF ? 2u : 1u) + (len > 0x7F ? 2u : 1u);
    memmove(to + from + head, to + from, len);
    return sdk_tlv_put(to, from, tag, to + from + head, len);
}
