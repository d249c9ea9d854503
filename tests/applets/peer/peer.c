/* peer: an applet for tests that may be selected on several channels at once. */
#include "sdk.h"

CARD_PACKAGE("F06F6E6563617264FE50", "1.0", "F06F6E6563617264FE");

enum { FID_DATA = 0x0101, PIN = 0, KEY = 1 };

static uint32_t count;  /* transient: of this selection alone */
static uint8_t entered; /* 1: by select(), 2: by select_again() */
static uint8_t buffer[512];

static int32_t reply_number(int32_t v) {
    uint8_t bytes[4];
    sdk_put_be32(bytes, (uint32_t)v);
    card_apdu_reply(bytes, 4);
    return CARD_SW_OK;
}

static int32_t data_file(void) {
    return card_file_find(CARD_FILE_ROOT, FID_DATA);
}

static int32_t derive(void) {
    static const uint8_t value[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    return reply_number(card_key_derive(KEY, CARD_DERIVE_DIVERSIFY, value, sizeof value,
                                        CARD_USE_MAC, (uint32_t)sdk_p1p2()));
}

static int32_t slot_mac(void) {
    uint8_t mac[8];
    return reply_number(card_key_mac(CARD_KEY_SESSION((uint32_t)sdk_p1p2()),
                                     CARD_MAC_CMAC + CARD_PAD_NONE, NULL, 0, "abc", 3, mac,
                                     sizeof mac));
}

CARD_ENTRY(install) {
    if (card_self_set_state(0x0F) < 0 && card_self_state() != 3)
        return CARD_SW_FAILED;
    int32_t result = sdk_file_new(FID_DATA, 16);
    return result < 0 ? sdk_status(result) : CARD_SW_OK;
}

CARD_ENTRY(select) {
    uint8_t refuse = 0;
    entered = 1;
    card_file_read((uint32_t)data_file(), 15, &refuse, 1);
    return refuse == 1 ? CARD_SW_CONDITIONS : CARD_SW_OK;
}

CARD_ENTRY(select_again) {
    uint8_t refuse = 0;
    entered = 2;
    card_file_read((uint32_t)data_file(), 15, &refuse, 1);
    return refuse ? CARD_SW_CONDITIONS : CARD_SW_OK;
}

CARD_ENTRY(process) {
    uint8_t ins = sdk_ins();
    uint32_t p = sdk_p1p2();
    if (sdk_cla() == 0x00)
        return card_security_command();
    switch (ins) {
    case 0x01:
        __builtin_trap();
    case 0x02: /* how it was selected, how often it was asked, channel, class as it came */
        buffer[0] = entered;
        buffer[1] = (uint8_t)++count;
        buffer[2] = (uint8_t)card_apdu_channel();
        buffer[3] = (uint8_t)card_apdu_class();
        card_apdu_reply(buffer, 4);
        return CARD_SW_OK;
    case 0x03: /* P1P2 bytes of answer */
        for (uint32_t i = 0; i < sizeof buffer; i++)
            buffer[i] = (uint8_t)i;
        card_apdu_reply(buffer, p < sizeof buffer ? p : sizeof buffer);
        return CARD_SW_OK;
    case 0x04: /* P1 offset, P2 value */
        buffer[0] = (uint8_t)p;
        return reply_number(card_file_write((uint32_t)data_file(), p >> 8, buffer, 1));
    case 0x05: /* P1P2 offset */
        card_file_read((uint32_t)data_file(), p, buffer, 1);
        card_apdu_reply(buffer, 1);
        return CARD_SW_OK;
    case 0x06: /* what came, joined */
        card_apdu_reply(buffer, (uint32_t)card_apdu_data(0, buffer, sizeof buffer));
        return CARD_SW_OK;
    case 0x07:
        return reply_number((int32_t)card_security_pins());
    case 0x08:
        return derive();
    case 0x09:
        return slot_mac();
    case 0x10:
        return reply_number(card_self_state());
    case 0x11:
        return reply_number(card_self_set_state(p));
    case 0x12:
        return reply_number(card_lock());
    case 0x13:
        return reply_number(card_terminate());
    case 0x14:
        return reply_number(card_state());
    case 0x15: /* lock the card, then trap: undone */
        card_lock();
        __builtin_trap();
    case 0x16: /* lock itself, then abort: undone */
        card_self_set_state(0x80);
        card_tx_abort();
        return reply_number(card_self_state());
    case 0x17: /* lock itself, and answer more than a short Le may ask for */
        card_self_set_state(0x80);
        return reply_number(card_self_state());
    case 0x18: /* GET DATA or whatever: what it is asked */
        return reply_number((int32_t)card_apdu_header());
    case 0xCA:
        return reply_number(0x47455444);
    case 0xE2:
        return card_perso_command();
    default:
        return CARD_SW_INS;
    }
}
