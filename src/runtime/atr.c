/* What the card says of itself when it is powered: ATR, ATS and the historical bytes in both. */
#include "runtime/runtime.h"

#include <string.h>

enum { HISTORICAL_MAX = 15 }; /* what an ATR takes */

/* Third software function byte: ISO/IEC 7816-4 8.1.1.2.7. */
enum {
    CAN_CHAIN = 0x80,
    CAN_EXTENDED = 0x40,
    CHANNEL_BY_CARD = 0x10,   /* MANAGE CHANNEL with P2 = 00 */
    CHANNEL_BY_READER = 0x08, /* with P2 = a number */
    CHANNELS_8_OR_MORE = 0x07,
};

static uint8_t third_function_byte(const struct onecard *card) {
    uint32_t channels = channel_count(card);
    uint8_t byte = CAN_CHAIN | CAN_EXTENDED;
    if (channels == 1)
        return byte;
    byte |= CHANNEL_BY_CARD | CHANNEL_BY_READER;
    return (uint8_t)(byte | (channels >= 8 ? CHANNELS_8_OR_MORE : channels - 1));
}

/* The one description: compact TLV (ISO/IEC 7816-4 8.1.1). Returns the length. */
static size_t historical_bytes(const struct onecard *card, uint8_t out[HISTORICAL_MAX]) {
    const uint8_t bytes[] = {
        0x80, /* category: compact TLV, no status */
        0x73, /* card capabilities, three bytes: */
        0xD0, /*   selection by full and partial DF name, by file identifier */
        0x21, /*   data units of one byte, FF as first byte of a tag is allowed */
        third_function_byte(card),
        0x67,
        'o',
        'n',
        'e',
        'c',
        'a',
        'r',
        'd', /* pre-issuing data */
    };
    memcpy(out, bytes, sizeof bytes);
    return sizeof bytes;
}

static size_t add_check(uint8_t *atr, size_t len) {
    uint8_t check = 0;
    for (size_t i = 1; i < len; i++)
        check ^= atr[i];
    atr[len] = check;
    return len + 1;
}

/* What a reader makes of an ATS for programs that know ATRs only (PC/SC part 3, 3.1.3.2.3.1). */
static size_t contactless_atr(const struct onecard *card, uint8_t *atr) {
    size_t n = historical_bytes(card, atr + 4);
    atr[0] = 0x3B;
    atr[1] = (uint8_t)(0x80 | n);
    atr[2] = 0x80; /* T=0, TD2 follows */
    atr[3] = 0x01; /* T=1 */
    return add_check(atr, 4 + n);
}

/* T=1 alone, no extra guard time, IFSC 254, default waiting times (ISO/IEC 7816-3 8.2, 11.4). */
size_t atr_make(const struct onecard *card, uint8_t atr[ONECARD_ATR_MAX]) {
    if (card->port.interface)
        return contactless_atr(card, atr);
    size_t n = historical_bytes(card, atr + 6);
    atr[0] = 0x3B;
    atr[1] = (uint8_t)(0x80 | n); /* TD1 follows */
    atr[2] = 0x81;                /* T=1, TD2 follows */
    atr[3] = 0x31;                /* T=1, TA3 and TB3 follow */
    atr[4] = 0xFE;                /* IFSC 254 */
    atr[5] = 0x45;                /* BWI 4, CWI 5 */
    return add_check(atr, 6 + n);
}

/* ISO/IEC 14443-4 5.2. The rate is the lowest, 106 kbit/s, which every front end has. */
size_t onecard_ats(const struct onecard *card, uint8_t ats[ONECARD_ATS_MAX]) {
    size_t n = historical_bytes(card, ats + 5);
    ats[0] = (uint8_t)(5 + n); /* TL counts itself */
    ats[1] = 0x78;             /* TA(1), TB(1), TC(1) follow; FSCI 8: frames of 256 bytes */
    ats[2] = 0x80;             /* the same rate both ways: 106 kbit/s only */
    ats[3] = 0x80;             /* FWI 8: 77 ms, extended when a command takes longer; SFGI 0 */
    ats[4] = 0x02;             /* CID is taken, NAD is not */
    return 5 + n;
}
