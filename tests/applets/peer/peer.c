/* peer: an applet for tests that may be selected on several channels at once, and whose instances
 * call each other. */
#include "sdk.h"

CARD_PACKAGE("F06F6E6563617264FE50", "1.0", "F06F6E6563617264FE");

enum {
    FID_DATA = 0x0101,
    FID_NEW = 0x0102,
    TAG_NEW = 0x9F31,
    TAG_OLD = 0x9F32,
    PIN = 0,
    PIN_NEW = 5,
    KEY = 1,
    KEY_NEW = 9,
};

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

/* ---- calling another: command data are length, AID, operation 4, bytes for it ---- */

static uint8_t given[256], answered[256];

static int32_t call_given(uint32_t len, uint32_t out_size) {
    uint32_t aid = given[0];
    if (len < 1 + aid + 4 || out_size > sizeof answered)
        return CARD_E_PARAM;
    return card_share_call(given + 1, aid, sdk_get_be32(given + 1 + aid), given + 5 + aid,
                           len - 5 - aid, answered, out_size);
}

static int32_t call(uint32_t out_size) {
    return call_given((uint32_t)card_apdu_data(0, given, sizeof given), out_size);
}

/* Result 4, then what was answered; all of it if the call failed, to see that nothing is in it. */
static int32_t call_and_tell(uint32_t out_size) {
    for (uint32_t i = 0; i < sizeof answered; i++)
        answered[i] = 0xA5;
    int32_t result = call(out_size);
    reply_number(result);
    card_apdu_reply(answered, result < 0 ? out_size : (uint32_t)result);
    return CARD_SW_OK;
}

static int32_t write_at(uint32_t offset, uint8_t value) {
    return card_file_write((uint32_t)data_file(), offset, &value, 1);
}

/* A debit here and a credit there, in one transaction: offset 1 of both files. */
static int32_t transfer(uint8_t amount) {
    uint8_t balance;
    card_file_read((uint32_t)data_file(), 1, &balance, 1);
    if (balance < amount)
        return CARD_SW_CONDITIONS;
    write_at(1, (uint8_t)(balance - amount));
    int32_t result = call(0);
    if (result < 0)
        card_tx_abort();
    return reply_number(result);
}

/* ---- everything that lasts, changed at once ---- */

static void change_all(void) {
    static const uint8_t key[16] = {1}, spec[] = {CARD_AES128, 1, 0, CARD_USE_DERIVE, 0};
    static const uint8_t pin[] = {0x80, 1, PIN_NEW, 0x81, 1,  CARD_PIN_ASCII,
                                  0x87, 4, 49,      50,   51, 52};
    write_at(4, 0x77);
    sdk_file_new(FID_NEW, 8);
    card_object_write(TAG_NEW, "new", 3);
    card_object_delete(TAG_OLD);
    card_key_create(KEY_NEW, spec, sizeof spec, key, sizeof key);
    card_perso_group(0x8200, pin, sizeof pin);
    card_self_set_state(0x1F);
    card_share_allow("\0", 1);
}

/* A bit for each of the changes that is there. */
static uint8_t changed(void) {
    uint8_t value = 0, info[8];
    card_file_read((uint32_t)data_file(), 4, &value, 1);
    return (uint8_t)((value == 0x77) | (card_file_find(CARD_FILE_ROOT, FID_NEW) >= 0) << 1 |
                     (card_object_size(TAG_NEW) >= 0) << 2 | (card_object_size(TAG_OLD) < 0) << 3 |
                     (card_key_info(KEY_NEW, info, 8) >= 0) << 4 |
                     (card_pin_info(PIN_NEW, info, 7) >= 0) << 5 |
                     (card_self_state() == 0x1F) << 6);
}

/* A wrong PIN, all changes, then the end that is wished. */
static int32_t change_all_and_end(uint32_t end) {
    card_pin_verify(PIN, CARD_PIN_ASCII, "9999", 4);
    change_all();
    switch (end) {
    case 1:
        return reply_number(card_tx_abort());
    case 2:
        __builtin_trap();
    case 3:
        for (volatile uint32_t i = 0;; i++)
            ;
    case 4:
        return CARD_SW_CONDITIONS;
    case 5:
        card_tx_commit();
        __builtin_trap();
    case 6: /* abort, and begin anew */
        card_tx_abort();
        change_all();
        return CARD_SW_OK;
    case 7: /* more than a transaction holds: nothing of that change, but of the others */
        for (uint32_t i = 0; i < 64; i++)
            if (card_object_write(0x9F40 + i, buffer, sizeof buffer) == CARD_E_TOO_BIG)
                return reply_number((int32_t)card_object_size(0x9F40 + i));
        return CARD_SW_FAILED;
    default:
        return CARD_SW_OK;
    }
}

static int32_t calling(uint8_t ins, uint32_t p) {
    int32_t result;
    switch (ins) {
    case 0x20:
        return call_and_tell(p);
    case 0x21: /* write P2, call, and return 9000 whatever came of it */
        write_at(2, (uint8_t)p);
        return reply_number(call(sizeof answered));
    case 0x22: /* the same, and commit */
        write_at(2, (uint8_t)p);
        call(sizeof answered);
        return reply_number(card_tx_commit());
    case 0x23: /* the same, abort, and write something else */
        write_at(2, (uint8_t)p);
        call(sizeof answered);
        reply_number(card_tx_abort());
        return reply_number(write_at(2, (uint8_t)(p + 1)));
    case 0x24: /* the same, and an error of its own */
        write_at(2, (uint8_t)p);
        call(sizeof answered);
        return CARD_SW_SECURITY;
    case 0x25: /* who may call it */
        return reply_number(
            card_share_allow(given, (uint32_t)card_apdu_data(0, given, sizeof given)));
    case 0x26: /* data and answer overlap */
        card_apdu_data(0, given, sizeof given);
        return reply_number(card_share_call(given + 1, given[0], 1, given + 32, 16, given + p, 16));
    case 0x27: /* P1P2 calls, for benchmarks */
        result = card_apdu_data(0, given, sizeof given);
        for (uint32_t i = 0; i < p; i++)
            call_given((uint32_t)result, 16);
        return CARD_SW_OK;
    case 0x28:
        return transfer((uint8_t)p);
    case 0x29:
        return reply_number(card_share_caller(buffer, sizeof buffer));
    case 0x2A: /* calls until the fuel is gone */
        result = card_apdu_data(0, given, sizeof given);
        for (;;)
            call_given((uint32_t)result, 16);
    case 0x2B:
        return reply_number((int32_t)card_tx_room());
    case 0x2C: /* P1P2 crossings of the door, for benchmarks */
        for (volatile uint32_t i = 0; i < p; i++)
            card_apdu_lc();
        return CARD_SW_OK;
    case 0x2D: /* and the loop without them */
        for (volatile uint32_t i = 0; i < p; i++)
            ;
        return CARD_SW_OK;
    default:
        return CARD_SW_INS;
    }
}

/* ---- being called ---- */

/* What the data ask for, called from within: the result 4. */
static int32_t call_on(void) {
    uint32_t len = (uint32_t)card_apdu_data(0, given, sizeof given);
    int32_t result = call_given(len, 64);
    if (result < 0)
        return reply_number(result), 0;
    card_apdu_reply(answered, (uint32_t)result);
    return 0;
}

CARD_ENTRY(share) {
    uint8_t first = 0;
    uint32_t size = (uint32_t)card_apdu_data(0, buffer, sizeof buffer);
    first = buffer[0];
    switch (card_apdu_header()) {
    case 1: /* echo */
        card_apdu_reply(buffer, size);
        return 0;
    case 2: /* who calls */
        card_apdu_reply(buffer, (uint32_t)card_share_caller(buffer, 16));
        return 0;
    case 3: /* write, answer, trap */
        write_at(3, first);
        card_apdu_reply("secret", 6);
        __builtin_trap();
    case 4: /* runs away */
        for (volatile uint32_t i = 0;; i++)
            ;
    case 5:
        write_at(3, first);
        return 0;
    case 6: /* answers, then refuses */
        card_apdu_reply("secret", 6);
        return CARD_E_DENIED;
    case 7: /* calls on */
        return call_on();
    case 8: /* returns what it is told */
        card_apdu_reply("secret", 6);
        return (int32_t)sdk_get_be32(buffer);
    case 9: /* ends the caller's transaction, or not */
        write_at(3, first);
        reply_number(card_tx_commit());
        reply_number(card_tx_abort());
        return 0;
    case 10: /* its memory is fresh */
        reply_number((int32_t)++count);
        reply_number(entered);
        return 0;
    case 11: /* more than fits */
        reply_number(card_apdu_reply(buffer, sizeof buffer));
        return 0;
    case 12: /* a wrong PIN, then a trap */
        card_pin_verify(PIN, CARD_PIN_ASCII, "9999", 4);
        __builtin_trap();
    case 13: /* what it may know of the selection that goes on outside */
        reply_number((int32_t)card_security_pins());
        reply_number(card_apdu_interface() << 8 | card_apdu_channel());
        return 0;
    case 14: { /* a credit */
        uint8_t balance;
        card_file_read((uint32_t)data_file(), 1, &balance, 1);
        write_at(1, (uint8_t)(balance + first));
        return 0;
    }
    case 16:
        change_all();
        return 0;
    case 0x0F000000: /* a session key in slot 0, and a use of it */
        derive();
        slot_mac();
        return 0;
    default:
        return CARD_E_UNSUPPORTED;
    }
}

CARD_ENTRY(install) {
    if (card_self_set_state(0x0F) < 0 && card_self_state() != 3)
        return CARD_SW_FAILED;
    int32_t result = sdk_file_new(FID_DATA, 16);
    if (result >= 0)
        result = card_object_write(TAG_OLD, "old", 3);
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
    if (ins >= 0x20 && ins <= 0x2F)
        return calling(ins, p);
    if (ins == 0x30)
        return change_all_and_end(p);
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
    case 0x31:
        buffer[0] = changed();
        card_apdu_reply(buffer, 1);
        return CARD_SW_OK;
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
    case 0x50: { /* INITIALIZE UPDATE: write, have another write and trap, then open the channel */
        static const uint8_t other[] = {0xF0, 0x6F, 0x6E, 0x65, 0x63, 0x61, 0x72, 0x64, 0xFE, 2};
        write_at(2, 0x5C);
        card_share_call(other, sizeof other, 3, "\x5D", 1, answered, 16);
        return card_scp_command();
    }
    case 0xCA:
        return reply_number(0x47455444);
    case 0xE2:
        return card_perso_command();
    default:
        return CARD_SW_INS;
    }
}
