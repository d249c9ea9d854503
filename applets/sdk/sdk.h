/* What applets share: small things on top of the host calls (include/onecard/applet.h). */
#ifndef SDK_SDK_H
#define SDK_SDK_H

#include "onecard/applet.h"

typedef __SIZE_TYPE__ size_t;
#ifndef NULL
#define NULL ((void *)0)
#endif

void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int value, size_t len);
int memcmp(const void *a, const void *b, size_t len);

/* The command's header byte by byte. */
static inline uint8_t sdk_cla(void) {
    return (uint8_t)(card_apdu_header() >> 24);
}
static inline uint8_t sdk_ins(void) {
    return (uint8_t)(card_apdu_header() >> 16);
}
static inline uint16_t sdk_p1p2(void) {
    return (uint16_t)card_apdu_header();
}

static inline void sdk_put_be32(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}
static inline uint32_t sdk_get_be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A new transparent file of size bytes (at most 65535), all zero, in the applet's root. Only the
 * applet itself can reach it: standard file commands are never allowed. Returns its number or a
 * CARD_E_ code. */
int32_t sdk_file_new(uint16_t fid, uint32_t size);

/* The status word for a result below zero, as most commands answer it. */
int32_t sdk_status(int32_t error);

#endif
