/* secure: an applet for tests, and an example of secure messaging (ISO/IEC 7816-4), EMV
 * scripts, certificates and signed dynamic data. The standard commands reach its files in plain,
 * protected, or as a script. */
#include "sdk.h"

CARD_PACKAGE("F06F6E6563617264F250", "1.0", "F06F6E6563617264F2");

enum {
    KEY_MASTER = 0x0041,     /* of session keys, as a reader and the card share it */
    KEY_SCRIPT_MAC = 0x0051, /* card keys (UDK) of scripts, and the SM4 ones after them */
    KEY_SCRIPT_ENC = 0x0052,
    KEY_CARD = 0x0053, /* UDK for application cryptograms */
};
enum { SLOT_MAC = 0, SLOT_ENC = 1 };

static uint8_t selected;
static uint8_t buffer[512];
static struct sdk_secure script;

static int32_t reply_number(int32_t v) {
    uint8_t bytes[4];
    sdk_put_be32(bytes, (uint32_t)v);
    card_apdu_reply(bytes, 4);
    return CARD_SW_OK;
}

/* INS 50, P1: number of the MAC key, the cipher key behind it; P2: 01 no cipher key, 02 headers
 * free, 04 enciphered only, upper half: length of MACs. Data: the counter. */
static int32_t open(void) {
    uint32_t p = sdk_p1p2(), key = p >> 8;
    uint32_t how = (p & 0xF0) >> 4;
    how |= p & 2 ? CARD_SM_HEADER_FREE : 0;
    how |= p & 4 ? CARD_SM_ENCIPHERED_ONLY : 0;
    int32_t len = card_apdu_data(0, buffer, sizeof buffer);
    return reply_number(
        card_sm_open(how, key, p & 1 ? CARD_SM_NO_KEY : key + 1, buffer, (uint32_t)len));
}

/* INS 52: both sides know the master key and a random number of each (GET CHALLENGE 8; data 8).
 * Session keys are CMACs over 1 or 2 and the numbers; the numbers are the first counter. */
static int32_t agree(void) {
    uint8_t label[17];
    if (card_apdu_lc() != 8 || card_challenge_take(label + 1, 8) != 8)
        return CARD_SW_CONDITIONS;
    card_apdu_data(0, label + 9, 8);
    label[0] = 1;
    int32_t result = card_key_derive(KEY_MASTER, CARD_DERIVE_CMAC, label, sizeof label,
                                     CARD_USE_MAC | CARD_USE_MAC_VERIFY, SLOT_MAC);
    label[0] = 2;
    if (result >= 0)
        result = card_key_derive(KEY_MASTER, CARD_DERIVE_CMAC, label, sizeof label,
                                 CARD_USE_ENCRYPT | CARD_USE_DECRYPT, SLOT_ENC);
    if (result >= 0)
        result =
            card_sm_open(0, CARD_KEY_SESSION(SLOT_MAC), CARD_KEY_SESSION(SLOT_ENC), label + 1, 16);
    return result < 0 ? CARD_SW_CONDITIONS : CARD_SW_OK;
}

/* INS F0 with data ATC 2, cryptogram 8: what the script commands that follow are about. P1 01: with
 * the SM4 keys. */
static uint8_t transaction[10];
static uint8_t mac_len;

static int32_t begin_script(void) {
    uint32_t keys = sdk_p1p2() >> 8 ? 0x10 : 0;
    mac_len = (uint8_t)sdk_p1p2();
    card_apdu_data(0, transaction, sizeof transaction);
    int32_t result = card_key_derive(KEY_SCRIPT_MAC + keys, CARD_DERIVE_EMV, transaction, 2,
                                     CARD_USE_MAC_VERIFY, SLOT_MAC);
    if (result >= 0)
        result = card_key_derive(KEY_SCRIPT_ENC + keys, CARD_DERIVE_EMV, transaction, 2,
                                 CARD_USE_DECRYPT, SLOT_ENC);
    return result < 0 ? CARD_SW_CONDITIONS : CARD_SW_OK;
}

static int32_t run_script(void) {
    int32_t sw =
        sdk_script_open(CARD_KEY_SESSION(SLOT_MAC), mac_len, transaction, transaction + 2, &script);
    if (sw == CARD_SW_OK && sdk_ins() == 0x24 && sdk_p1p2() == 2) /* PIN CHANGE, hidden twice */
        return card_pin_counterpart(0, CARD_KEY_SESSION(SLOT_ENC), KEY_CARD, script.data,
                                    script.len) < 0
                   ? CARD_SW_DATA
                   : CARD_SW_OK;
    if (sw == CARD_SW_OK && sdk_ins() == 0x24) { /* PIN CHANGE */
        sw = sdk_secure_decipher(CARD_KEY_SESSION(SLOT_ENC), &script);
        if (sw == CARD_SW_OK && card_pin_reset(0, CARD_PIN_BLOCK_2, script.data, script.len) < 0)
            sw = CARD_SW_DATA;
        return sw;
    }
    return sw == CARD_SW_OK ? sdk_secure_file_command(CARD_KEY_SESSION(SLOT_ENC), &script) : sw;
}

/* ---- certificates, signed dynamic data ---- */

enum { KEY_ICC = 0x0071, SLOT_PEER = 2 };

/* INS E0, P1: root. E2: revocation list. E4, P1: roles, P2: years since 2020, FF unknown. E6: a
 * signature (64) by the verified key, and the message. */
static int32_t certificates(void) {
    uint32_t p = sdk_p1p2(), day = (p & 0xFF) == 0xFF ? CARD_DAY_UNKNOWN : (p & 0xFF) * 365;
    uint32_t len = (uint32_t)card_apdu_data(0, buffer, sizeof buffer);
    switch (sdk_ins()) {
    case 0xE0:
        return reply_number(card_cert_root(p >> 8, buffer, len));
    case 0xE2:
        return reply_number(card_cert_list(buffer, len));
    case 0xE4:
        return reply_number(card_cert_verify(SLOT_PEER, p >> 8, day, buffer, len));
    default:
        return reply_number(card_key_verify(CARD_KEY_SESSION(SLOT_PEER),
                                            CARD_SIGN_SM2 | CARD_SIGN_WITH(CARD_SM3), buffer + 64,
                                            len - 64, buffer, 64));
    }
}

/* INS F2: e 4, p, q: the card's RSA key. F4, P1: bytes of dynamic data, which come first; the rest
 * is the terminal's. F6: CDA over a number of 4 bytes, information, cryptogram, hash; the rest. */
static int32_t signed_data(void) {
    static uint8_t signature[SDK_EMV_MODULUS_MAX];
    static const uint8_t spec[5] = {CARD_RSA, 1, 0, CARD_USE_SIGN, 0};
    uint8_t dynamic[64];
    uint32_t len = (uint32_t)card_apdu_data(0, buffer, sizeof buffer), cut = sdk_p1p2() >> 8;
    int32_t result;
    if (sdk_ins() == 0xF2)
        return reply_number(card_key_create(KEY_ICC, spec, sizeof spec, buffer, len));
    if (sdk_ins() == 0xF4) {
        result = sdk_emv_sign(KEY_ICC, buffer, cut, buffer + cut, len - cut, signature,
                              sizeof signature);
    } else {
        cut = sdk_emv_cda(buffer, 4, buffer[4], buffer + 5, buffer + 13, dynamic);
        result =
            sdk_emv_sign(KEY_ICC, dynamic, cut, buffer + 33, len - 33, signature, sizeof signature);
    }
    if (result < 0)
        return reply_number(result);
    card_apdu_reply(signature, (uint32_t)result);
    return CARD_SW_OK;
}

/* What a test wants to see from within. */
static int32_t look(void) {
    uint8_t header[4], byte[1] = {'A'};
    uint32_t p = sdk_p1p2();
    switch (sdk_ins()) {
    case 0x10: /* the command: header, length, Ne, data */
        sdk_put_be32(header, card_apdu_header());
        card_apdu_reply(header, 4);
        reply_number((int32_t)card_apdu_lc());
        reply_number((int32_t)card_apdu_ne());
        card_apdu_reply(buffer, (uint32_t)card_apdu_data(0, buffer, sizeof buffer));
        return CARD_SW_OK;
    case 0x12: /* any status word */
        card_apdu_reply(byte, 1);
        return (int32_t)p;
    case 0x14:
        __builtin_trap();
    case 0x16:
        return reply_number(card_sm_unwrap());
    case 0x18: /* as many bytes of answer as fit; how many more were asked for goes unanswered */
        for (; p; p--)
            if (card_apdu_reply(byte, 1) < 0)
                return CARD_SW_NO_SPACE;
        return CARD_SW_OK;
    case 0x1A:
        return reply_number(card_sm_open(0, 1, 2, buffer, 8));
    case 0x1C:
        return reply_number(card_sm_close());
    default:
        return CARD_SW_INS;
    }
}

static int32_t run(void) {
    int32_t sw;
    switch (sdk_ins()) {
    case 0x50:
        return open();
    case 0x52:
        return agree();
    case 0xE0:
    case 0xE2:
    case 0xE4:
    case 0xE6:
        return certificates();
    case 0xF0:
        return begin_script();
    case 0xF2:
    case 0xF4:
    case 0xF6:
        return signed_data();
    default:
        sw = card_security_command();
        if (sw == CARD_SW_INS)
            sw = card_file_command();
        return sw == CARD_SW_INS ? look() : sw;
    }
}

CARD_ENTRY(install) {
    return CARD_SW_OK;
}

CARD_ENTRY(select) {
    selected = 1;
    return CARD_SW_OK;
}

CARD_ENTRY(process) {
    if (!selected)
        return card_apdu_header() >> 16 == 0x80E2 ? card_perso_command() : CARD_SW_INS;
    if (mac_len && (sdk_cla() & 0x04)) /* a script is open: x4 and xC are its own */
        return run_script();
    if (sdk_cla() & 0x0C) {
        int32_t sw = card_sm_unwrap();
        if (sw != CARD_SW_OK)
            return sw;
    }
    return run();
}
