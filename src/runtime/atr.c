#include "runtime/runtime.h"

/* T=1 alone, no extra guard time, IFSC 254, default waiting times (ISO/IEC 7816-3 8.2, 11.4). The
 * historical bytes are compact TLV (ISO/IEC 7816-4 8.1.1) and state what the runtime does. */
size_t atr_make(const struct onecard_port *port, uint8_t atr[ONECARD_ATR_MAX]) {
    static const uint8_t historical[] = {
        0x80, /* category: compact TLV, no status */
        0x73, /* card capabilities, three bytes: */
        0xD0, /*   selection by full and partial DF name, by file identifier */
        0x21, /*   data units of one byte, FF as first byte of a tag is allowed */
        0xC0, /*   command chaining, extended length; the basic channel alone */
        0x67, 'o', 'n', 'e', 'c', 'a', 'r', 'd', /* pre-issuing data */
    };
    (void)port;
    size_t len = 0;
    atr[len++] = 0x3B;
    atr[len++] = 0x80 | sizeof historical; /* TD1 follows */
    atr[len++] = 0x81;                     /* T=1, TD2 follows */
    atr[len++] = 0x31;                     /* T=1, TA3 and TB3 follow */
    atr[len++] = 0xFE;                     /* IFSC 254 */
    atr[len++] = 0x45;                     /* BWI 4, CWI 5 */
    for (size_t i = 0; i < sizeof historical; i++)
        atr[len++] = historical[i];
    uint8_t check = 0;
    for (size_t i = 1; i < len; i++)
        check ^= atr[i];
    atr[len++] = check;
    return len;
}
