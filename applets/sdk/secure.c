#include "sdk.h"

enum { SW_NO_CHALLENGE = 0x6984, SW_WRONG_MAC = 0x6988, SW_BLOCKED = 0x6983 };

static int32_t verify(uint32_t key, const uint8_t *iv, const struct sdk_secure *s, uint32_t len) {
    int32_t result = card_key_mac_verify(key, CARD_MAC_RETAIL | CARD_PAD_80, iv, 8, s->command, len,
                                         s->command + len, SDK_MAC);
    switch (result) {
    case 0:
        return CARD_SW_OK;
    case CARD_E_WRONG:
        return SW_WRONG_MAC;
    case CARD_E_BLOCKED:
        return SW_BLOCKED;
    default:
        return CARD_SW_CONDITIONS;
    }
}

int32_t sdk_secure_open(uint32_t key, struct sdk_secure *s) {
    uint8_t challenge[16];
    uint32_t lc = card_apdu_lc();
    if (lc < SDK_MAC || lc > 255)
        return CARD_SW_LENGTH;
    memset(challenge, 0, sizeof challenge);
    int32_t size = card_challenge_take(challenge, sizeof challenge);
    if (size != 4 && size != 8)
        return SW_NO_CHALLENGE;
    sdk_put_be32(s->command, card_apdu_header());
    s->command[4] = (uint8_t)lc;
    card_apdu_data(0, s->command + 5, lc);
    s->data = s->command + 5;
    s->len = lc - SDK_MAC;
    return verify(key, challenge, s, 5 + s->len);
}

int32_t sdk_secure_decipher(uint32_t key, struct sdk_secure *s) {
    uint8_t *p = s->data;
    uint32_t size = s->len;
    if (size == 0 || size % 8 != 0)
        return CARD_SW_DATA;
    if (card_key_cipher(key, CARD_CIPHER_ECB_DECRYPT, NULL, 0, p, size) < 0)
        return CARD_SW_CONDITIONS;
    uint32_t end = 1u + p[0];
    if (end > size || size - end > 7)
        return CARD_SW_DATA;
    for (uint32_t i = end; i < size; i++)
        if (p[i] != (i == end ? 0x80 : 0x00))
            return CARD_SW_DATA;
    s->data = p + 1;
    s->len = p[0];
    return CARD_SW_OK;
}
