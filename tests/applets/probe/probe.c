/* probe: an applet for tests that misbehaves on demand (class 80; the instruction says how). */
#include "sdk.h"

CARD_PACKAGE("F06F6E6563617264FF50", "1.0", "F06F6E6563617264FF");

enum { FID_DATA = 0x0101 };

static uint32_t memory_count; /* transient: 0 after every SELECT */
static uint8_t buffer[1024];

static uint32_t argument(uint32_t index) {
    uint8_t bytes[4] = {0};
    card_apdu_data(index * 4, bytes, 4);
    return sdk_get_be32(bytes);
}

static int32_t reply_number(int32_t v) {
    uint8_t bytes[4];
    sdk_put_be32(bytes, (uint32_t)v);
    card_apdu_reply(bytes, 4);
    return CARD_SW_OK;
}

static void *pointer(uint32_t at) {
    return (void *)at;
}

/* Recursion that the compiler cannot turn into a loop. */
static uint32_t recurse(volatile uint32_t depth) {
    return depth ? 1 + recurse(depth - 1) * 2 : card_apdu_lc();
}

static int32_t data_file(void) {
    return card_file_find(CARD_FILE_ROOT, FID_DATA);
}

static int32_t write_data(uint8_t value) {
    return card_file_write((uint32_t)data_file(), 0, &value, 1);
}

/* INS 20 to 2F: host calls with pointers and lengths that the test chooses. */
static int32_t raw_call(uint8_t ins) {
    uint32_t a = argument(0), b = argument(1), c = argument(2);
    switch (ins) {
    case 0x20:
        return reply_number(card_apdu_reply(pointer(a), b));
    case 0x21:
        return reply_number(card_apdu_data(a, pointer(b), c));
    case 0x22:
        return reply_number(card_random(pointer(a), b));
    case 0x23:
        return reply_number(card_file_read((uint32_t)data_file(), a, pointer(b), c));
    case 0x24:
        return reply_number(card_file_write((uint32_t)data_file(), a, pointer(b), c));
    case 0x25:
        return reply_number(card_file_find(a, b));
    case 0x26:
        return reply_number(card_file_size(a));
    case 0x27:
        return reply_number(card_file_read(a, b, buffer, c <= sizeof buffer ? c : sizeof buffer));
    case 0x28:
        return reply_number(*(volatile uint8_t *)pointer(a));
    case 0x29:
        *(volatile uint8_t *)pointer(a) = 1;
        return CARD_SW_OK;
    case 0x2A:
        return reply_number(card_file_create(a, pointer(b), c));
    case 0x2B:
        return reply_number(card_self_aid(pointer(a), b));
    case 0x2C:
        return reply_number(sdk_file_new((uint16_t)a, b));
    case 0x2D:
        return reply_number((int32_t)(__builtin_wasm_memory_size(0) << 16 |
                                      (__builtin_wasm_memory_grow(0, a) & 0xFFFF)));
    default:
        return CARD_SW_INS;
    }
}

CARD_ENTRY(install) {
    uint8_t how = 0;
    card_apdu_data(0, &how, 1);
    int32_t result = sdk_file_new(FID_DATA, 16);
    if (result < 0)
        return sdk_status(result);
    if (how == 1)
        __builtin_trap();
    if (how == 2)
        return CARD_SW_CONDITIONS;
    return CARD_SW_OK;
}

CARD_ENTRY(select) {
    uint8_t value = 0;
    card_file_read((uint32_t)data_file(), 15, &value, 1);
    if (value == 1)
        __builtin_trap();
    return value == 2 ? CARD_SW_CONDITIONS : CARD_SW_OK;
}

CARD_ENTRY(deselect) {
    uint8_t value = 0;
    card_file_read((uint32_t)data_file(), 14, &value, 1);
    if (value == 1)
        __builtin_trap();
    if (value == 2) {
        value = 0xDE;
        card_file_write((uint32_t)data_file(), 13, &value, 1);
    }
    return CARD_SW_OK;
}

CARD_ENTRY(process) {
    uint8_t ins = sdk_ins();
    uint32_t p = sdk_p1p2();
    if (ins >= 0x20 && ins <= 0x2F)
        return raw_call(ins);
    switch (ins) {
    case 0x01:
        __builtin_trap();
    case 0x02:
        for (volatile uint32_t i = 0;; i++)
            ;
    case 0x03:
        return reply_number((int32_t)recurse(p));
    case 0x04: /* P1P2 bytes of answer: 00 01 02 .. */
        for (uint32_t i = 0; i < sizeof buffer; i++)
            buffer[i] = (uint8_t)i;
        for (uint32_t left = p; left;) {
            uint32_t step = left < sizeof buffer ? left : sizeof buffer;
            if (card_apdu_reply(buffer, step) < 0)
                return CARD_SW_FAILED;
            left -= step;
        }
        return CARD_SW_OK;
    case 0x05: /* return any status word, with a byte of answer */
        card_apdu_reply("A", 1);
        return (int32_t)argument(0);
    case 0x06:
        return reply_number((int32_t)++memory_count);
    case 0x07: /* write, then trap: undone */
        write_data((uint8_t)p);
        __builtin_trap();
    case 0x08: /* write, commit, write, trap: the first stays */
        write_data((uint8_t)p);
        card_tx_commit();
        write_data((uint8_t)(p + 1));
        __builtin_trap();
    case 0x09: /* write, abort */
        write_data((uint8_t)p);
        return reply_number(card_tx_abort());
    case 0x0A: /* write */
        return reply_number(write_data((uint8_t)p));
    case 0x0B: /* P1P2 = offset: a byte of the data file */
        card_file_read((uint32_t)data_file(), p, buffer, 1);
        card_apdu_reply(buffer, 1);
        return CARD_SW_OK;
    case 0x0C: /* write at any offset: P1 offset, P2 value */
        buffer[0] = (uint8_t)p;
        return reply_number(card_file_write((uint32_t)data_file(), p >> 8, buffer, 1));
    case 0x0D: /* length of the command's data, its first and last byte, Ne */
        reply_number((int32_t)card_apdu_lc());
        card_apdu_data(0, buffer, 1);
        card_apdu_data(card_apdu_lc() - 1, buffer + 1, 1);
        card_apdu_reply(buffer, 2);
        return reply_number((int32_t)card_apdu_ne());
    case 0x0E:
        return reply_number((int32_t)card_tx_room());
    case 0xA4: /* SELECT that reached the applet */
        return CARD_SW_INS;
    default:
        return CARD_SW_INS;
    }
}
