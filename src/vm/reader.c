#include "vm/reader.h"

#include <stddef.h>

#include "base/bytes.h"
#include "vm/bits.h"

bool vm_reader_fault(struct vm_reader *r, enum onecard_err err, bool malformed,
                     const char *reason) {
    if (r->err == ONECARD_OK) {
        r->err = err;
        r->malformed = malformed;
        r->reason = reason;
        r->reason_at = vm_reader_offset(r);
    }
    r->at = r->end;
    return false;
}

bool vm_reader_malformed(struct vm_reader *r, const char *reason) {
    return vm_reader_fault(r, ONECARD_E_FORMAT, true, reason);
}

bool vm_reader_invalid(struct vm_reader *r, const char *reason) {
    return vm_reader_fault(r, ONECARD_E_FORMAT, false, reason);
}

bool vm_reader_unsupported(struct vm_reader *r, const char *reason) {
    return vm_reader_fault(r, ONECARD_E_UNSUPPORTED, false, reason);
}

uint8_t vm_reader_no_byte(struct vm_reader *r) {
    vm_reader_malformed(r, "unexpected end");
    return 0;
}

/* Four bytes of a number at once, where the reader has five: their bits, up to where the number
 * ends, go to *out. Returns how many bytes it takes, nothing is read yet; 5: the fifth has not been
 * looked at (linkers leave room like this); 0: too near the end. */
static inline uint32_t four_bytes(const struct vm_reader *r, uint32_t *out) {
    if (r->end - r->at < 5)
        return 0;
    uint32_t w = get_le32(r->at), ends = ~w & 0x80808080u;
    uint32_t v = (w & 0x7F) | (w >> 1 & 0x3F80) | (w >> 2 & 0x1FC000) | (w >> 3 & 0xFE00000);
    uint32_t bytes = ends ? (ctz32(ends) >> 3) + 1 : 4;
    *out = v & ((1u << 7 * bytes) - 1);
    return ends ? bytes : 5;
}

uint32_t vm_reader_u32_long(struct vm_reader *r) {
    uint32_t v, bytes = four_bytes(r, &v);
    if (bytes == 5 && r->at[4] <= 0x0F)
        v |= (uint32_t)r->at[4] << 28;
    else if (bytes == 5)
        bytes = 0;
    r->at += bytes;
    if (bytes)
        return v;
    v = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t b = vm_reader_byte(r);
        if (r->err)
            return 0;
        if (shift == 28 && b > 0x0F) {
            vm_reader_malformed(r,
                                b & 0x80 ? "integer representation too long" : "integer too large");
            return 0;
        }
        v |= (uint32_t)(b & 0x7F) << shift;
        if (!(b & 0x80))
            return v;
    }
}

/* bits: 32 or 64. The last byte may only hold the sign beyond the value's bits. */
static uint64_t signed_leb(struct vm_reader *r, unsigned bits) {
    uint64_t v = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t b = vm_reader_byte(r);
        if (r->err)
            return 0;
        v |= (uint64_t)(b & 0x7F) << shift;
        if (shift + 7 >= bits) {
            unsigned used = bits - shift;
            uint8_t top = (uint8_t)((b & 0x7F) >> (used - 1));
            if (b & 0x80) {
                vm_reader_malformed(r, "integer representation too long");
                return 0;
            }
            if (top != 0 && top != 0x7F >> (used - 1)) {
                vm_reader_malformed(r, "integer too large");
                return 0;
            }
            return v;
        }
        if (!(b & 0x80))
            return b & 0x40 ? v | ~(uint64_t)0 << (shift + 7) : v;
    }
}

int32_t vm_reader_s32_long(struct vm_reader *r) {
    uint32_t v, bytes = four_bytes(r, &v);
    if (bytes == 5) {
        uint8_t last = r->at[4]; /* ends the number, and what it has beyond 32 bits is the sign */
        if (last <= 0x07 || (last >= 0x78 && last <= 0x7F)) {
            r->at += 5;
            return (int32_t)(v | (uint32_t)last << 28);
        }
    } else if (bytes) {
        uint32_t sign = 1u << (7 * bytes - 1);
        r->at += bytes;
        return (int32_t)((v ^ sign) - sign);
    }
    return (int32_t)(uint32_t)signed_leb(r, 32);
}

int64_t vm_reader_s64(struct vm_reader *r) {
    return (int64_t)signed_leb(r, 64);
}

uint32_t vm_reader_count(struct vm_reader *r) {
    uint32_t n = vm_reader_u32(r);
    if (r->err == ONECARD_OK && n > (uint32_t)(r->end - r->at)) {
        vm_reader_malformed(r, "length out of bounds");
        return 0;
    }
    return n;
}

const uint8_t *vm_reader_bytes(struct vm_reader *r, uint32_t *out_len) {
    uint32_t n = vm_reader_count(r);
    const uint8_t *p = r->at;
    *out_len = n;
    if (r->err)
        return NULL;
    r->at += n;
    return p;
}

static bool utf8(const uint8_t *p, uint32_t len) {
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    for (uint32_t i = 0; i < len;) {
        uint8_t b = p[i++];
        unsigned more = b < 0x80   ? 0
                        : b < 0xC0 ? 9
                        : b < 0xE0 ? 1
                        : b < 0xF0 ? 2
                        : b < 0xF8 ? 3
                                   : 9;
        if (more == 9 || more > len - i)
            return false;
        uint32_t c = more ? b & (0x3Fu >> more) : b;
        for (unsigned k = 0; k < more; k++, i++) {
            if ((p[i] & 0xC0) != 0x80)
                return false;
            c = c << 6 | (p[i] & 0x3F);
        }
        if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
            return false;
    }
    return true;
}

const uint8_t *vm_reader_name(struct vm_reader *r, uint32_t *out_len) {
    const uint8_t *p = vm_reader_bytes(r, out_len);
    if (p && !utf8(p, *out_len)) {
        vm_reader_malformed(r, "malformed UTF-8 encoding");
        return NULL;
    }
    return p;
}
