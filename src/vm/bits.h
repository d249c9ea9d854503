/* Integer operations that C lacks, and accesses to pairs of slots. */
#ifndef VM_BITS_H
#define VM_BITS_H

#include <stdint.h>
#include <string.h>

static inline uint32_t imm32(const uint16_t *p) {
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}

static inline uint64_t get64(const uint32_t *p) {
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

static inline void put64(uint32_t *p, uint64_t v) {
    memcpy(p, &v, 8);
}

/* Linear memory: no alignment. */
static inline uint8_t get_uint8_t(const uint8_t *p) {
    uint8_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline int8_t get_int8_t(const uint8_t *p) {
    int8_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint16_t get_uint16_t(const uint8_t *p) {
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline int16_t get_int16_t(const uint8_t *p) {
    int16_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint32_t get_uint32_t(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline int32_t get_int32_t(const uint8_t *p) {
    int32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t get_uint64_t(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void put_uint8_t(uint8_t *p, uint8_t v) {
    memcpy(p, &v, sizeof v);
}

static inline void put_uint16_t(uint8_t *p, uint16_t v) {
    memcpy(p, &v, sizeof v);
}

static inline void put_uint32_t(uint8_t *p, uint32_t v) {
    memcpy(p, &v, sizeof v);
}

static inline void put_uint64_t(uint8_t *p, uint64_t v) {
    memcpy(p, &v, sizeof v);
}

static inline uint32_t clz32(uint32_t x) {
    return x ? (uint32_t)__builtin_clz(x) : 32;
}

static inline uint32_t ctz32(uint32_t x) {
    return x ? (uint32_t)__builtin_ctz(x) : 32;
}

static inline uint32_t popcount32(uint32_t x) {
    x -= x >> 1 & 0x55555555u;
    x = (x & 0x33333333u) + (x >> 2 & 0x33333333u);
    return ((x + (x >> 4)) & 0x0F0F0F0Fu) * 0x01010101u >> 24;
}

static inline uint64_t clz64(uint64_t x) {
    uint32_t high = (uint32_t)(x >> 32);
    return high ? clz32(high) : 32 + clz32((uint32_t)x);
}

static inline uint64_t ctz64(uint64_t x) {
    uint32_t low = (uint32_t)x;
    return low ? ctz32(low) : 32 + ctz32((uint32_t)(x >> 32));
}

static inline uint64_t popcount64(uint64_t x) {
    return popcount32((uint32_t)x) + popcount32((uint32_t)(x >> 32));
}

#endif
