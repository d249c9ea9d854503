/* A cursor over the bytes of a Wasm module. The first fault stays: later reads give zeros, so a
 * caller may check once after several reads. */
#ifndef VM_READER_H
#define VM_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "onecard/error.h"

struct vm_reader {
    const uint8_t *base; /* of the whole module, for offsets */
    const uint8_t *at;
    const uint8_t *end;
    enum onecard_err err;
    bool malformed;
    const char *reason;
    uint32_t reason_at;
};

static inline uint32_t vm_reader_offset(const struct vm_reader *r) {
    return (uint32_t)(r->at - r->base);
}

/* Note the first fault and stop: nothing more can be read. Always returns false. */
bool vm_reader_malformed(struct vm_reader *r, const char *reason);
bool vm_reader_invalid(struct vm_reader *r, const char *reason);
bool vm_reader_unsupported(struct vm_reader *r, const char *reason);
bool vm_reader_fault(struct vm_reader *r, enum onecard_err err, bool malformed, const char *reason);

/* What the inline functions below leave: nothing to read, more bytes than one. */
uint8_t vm_reader_no_byte(struct vm_reader *r);
uint32_t vm_reader_u32_long(struct vm_reader *r);
int32_t vm_reader_s32_long(struct vm_reader *r);
int64_t vm_reader_s64(struct vm_reader *r);
/* A length and that many bytes. NULL after a fault. */
const uint8_t *vm_reader_bytes(struct vm_reader *r, uint32_t *out_len);
/* The same, checked to be UTF-8. */
const uint8_t *vm_reader_name(struct vm_reader *r, uint32_t *out_len);

static inline uint8_t vm_reader_byte(struct vm_reader *r) {
    return r->at < r->end ? *r->at++ : vm_reader_no_byte(r);
}

static inline uint32_t vm_reader_u32(struct vm_reader *r) {
    if (r->at < r->end && *r->at < 0x80)
        return *r->at++;
    return vm_reader_u32_long(r);
}

static inline int32_t vm_reader_s32(struct vm_reader *r) {
    if (r->at < r->end && *r->at < 0x80)
        return (int32_t)((*r->at++ ^ 0x40u) - 0x40u); /* bit 6 is the sign */
    return vm_reader_s32_long(r);
}

/* The number of entries of a vector; each takes at least a byte. */
uint32_t vm_reader_count(struct vm_reader *r);

#endif
