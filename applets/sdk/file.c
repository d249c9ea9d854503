#include "sdk.h"

int32_t sdk_file_new(uint16_t fid, uint32_t size) {
    /* File control parameters, ISO/IEC 7816-4 table 10. There is no rule (tag 86) in it: nothing is
     * allowed from outside. */
    const uint8_t fcp[] = {
        0x62,          13,       /* template */
        0x82,          1,  0x01, /* transparent */
        0x83,          2,  (uint8_t)(fid >> 8),
        (uint8_t)fid, /* identifier */
        0x80,          2,  (uint8_t)(size >> 8),
        (uint8_t)size,    /* bytes */
        0x88,          0, /* no short identifier */
    };
    return card_file_create(CARD_FILE_ROOT, fcp, sizeof fcp);
}
