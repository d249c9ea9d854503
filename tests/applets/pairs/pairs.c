/* pairs: the host calls of asymmetric keys, one for each instruction (class 80). Data: the numbers
 * of the call, 4 bytes each; then for bytes that the card reads, a length in 2 bytes and the bytes;
 * for bytes that it writes, how many there is room for, in 2 bytes. Answer: the result, 4 bytes,
 * and what was written. STORE DATA personalises. */
#include "sdk.h"

CARD_PACKAGE("F06F6E6563617264FD50", "1.0", "F06F6E6563617264FD");

static uint8_t in[1400], out[512];
static uint32_t at, length;

static uint32_t number(void) {
    const uint32_t v = sdk_get_be32(in + at);
    at += 4;
    return v;
}

struct bytes {
    const uint8_t *p;
    uint32_t len;
};

static struct bytes bytes(void) {
    struct bytes b = {in + at + 2, (uint32_t)in[at] << 8 | in[at + 1]};
    at += 2 + b.len;
    return b;
}

static uint32_t room(void) {
    const uint32_t len = (uint32_t)in[at] << 8 | in[at + 1];
    at += 2;
    return len <= sizeof out ? len : sizeof out;
}

static int32_t answer(int32_t result, uint32_t written) {
    uint8_t head[4];
    sdk_put_be32(head, (uint32_t)result);
    card_apdu_reply(head, 4);
    if (result >= 0)
        card_apdu_reply(out, written);
    return CARD_SW_OK;
}

static int32_t answer_length(int32_t result) {
    return answer(result, (uint32_t)result);
}

CARD_ENTRY(process) {
    struct bytes a, b;
    uint32_t n[4], len;
    const uint8_t ins = sdk_ins();
    if (ins == 0xE2)
        return card_perso_command();
    at = 0;
    length = (uint32_t)card_apdu_data(0, in, sizeof in);
    switch (ins) {
    case 0x21: /* create */
        n[0] = number(), a = bytes(), b = bytes();
        return answer(card_key_create(n[0], a.p, a.len, b.p, b.len), 0);
    case 0x22: /* import */
        n[0] = number(), n[1] = number(), n[2] = number(), a = bytes(), b = bytes();
        return answer(card_key_import(n[0], n[1], n[2], a.p, a.len, b.p, b.len), 0);
    case 0x23: /* info */
        n[0] = number();
        return answer(card_key_info(n[0], out, 8), 8);
    case 0x24: /* MAC */
        n[0] = number(), n[1] = number(), a = bytes();
        return answer(card_key_mac(n[0], n[1], NULL, 0, a.p, a.len, out, 8), 8);
    case 0x25: /* delete */
        return answer(card_key_delete(number()), 0);
    case 83:
        n[0] = number(), a = bytes(), n[1] = number(), n[2] = number();
        return answer(card_key_generate(n[0], a.p, a.len, n[1], n[2]), 0);
    case 84:
        n[0] = number(), len = room();
        return answer_length(card_key_public(n[0], out, len));
    case 85:
        n[0] = number(), n[1] = number(), n[2] = number(), a = bytes();
        return answer(card_key_load_public(n[0], n[1], n[2], a.p, a.len), 0);
    case 86:
        n[0] = number(), n[1] = number(), a = bytes(), len = room();
        return answer_length(card_key_sign(n[0], n[1], a.p, a.len, out, len));
    case 87:
        n[0] = number(), n[1] = number(), a = bytes(), b = bytes();
        return answer(card_key_verify(n[0], n[1], a.p, a.len, b.p, b.len), 0);
    case 88:
        n[0] = number(), n[1] = number(), a = bytes(), len = room();
        return answer_length(card_key_encrypt(n[0], n[1], a.p, a.len, out, len));
    case 89:
        n[0] = number(), n[1] = number(), a = bytes(), len = room();
        return answer_length(card_key_decrypt(n[0], n[1], a.p, a.len, out, len));
    case 90:
        n[0] = number(), n[1] = number(), a = bytes(), b = bytes(), len = room();
        return answer(card_key_agree(n[0], n[1], a.p, a.len, b.p, b.len, out, len), len);
    case 91:
        n[0] = number(), n[1] = number(), len = room();
        return answer_length(card_key_wrap(n[0], n[1], out, len));
    case 92:
        n[0] = number(), a = bytes(), b = bytes(), len = room();
        return answer(card_sm2_digest(n[0], a.p, a.len, b.p, b.len, out, len), len);
    case 0x2F: /* decipher in place: the two must not overlap */
        n[0] = number(), n[1] = number(), a = bytes();
        return answer(card_key_decrypt(n[0], n[1], a.p, a.len, in + 20, 300), 0);
    default:
        return CARD_SW_INS;
    }
}

CARD_ENTRY(install) {
    return CARD_SW_OK;
}

CARD_ENTRY(select) {
    return CARD_SW_OK;
}

CARD_ENTRY(deselect) {
    return CARD_SW_OK;
}
