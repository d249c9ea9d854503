#include "sdk.h"

enum {
    SW_SECURITY = 0x6982,
    SW_BLOCKED = 0x6983,
    SW_NO_CHALLENGE = 0x6984,
    SW_NO_MAC = 0x6987,
    SW_WRONG_MAC = 0x6988
};
enum { DO_PLAIN = 0x81, DO_CRYPTOGRAM = 0x87, DO_MAC = 0x8E };
enum { HEADER = 5, BEFORE_DATA = 2 + SDK_CRYPTOGRAM, BLOCK_MAX = 16 };

static int32_t mac_status(int32_t result) {
    switch (result) {
    case 0:
        return CARD_SW_OK;
    case CARD_E_WRONG:
        card_security_clear(); /* as any failed authentication (F5) */
        return SW_WRONG_MAC;
    case CARD_E_BLOCKED:
        return SW_BLOCKED;
    default:
        return CARD_SW_CONDITIONS;
    }
}

/* The header with Lc, room bytes, and the data behind it. */
static void take_command(struct sdk_secure *s, uint32_t room) {
    sdk_put_be32(s->command, card_apdu_header());
    s->len = card_apdu_lc();
    s->command[HEADER - 1] = (uint8_t)s->len;
    s->data = s->command + HEADER + room;
    s->object = 0;
    card_apdu_data(0, s->data, s->len);
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
    take_command(s, 0);
    s->len -= SDK_MAC;
    return mac_status(card_key_mac_verify(key, CARD_MAC_RETAIL | CARD_PAD_80, challenge, 8,
                                          s->command, HEADER + s->len, s->data + s->len, SDK_MAC));
}

/* ---- scripts ---- */

/* A data object with a length of one byte, or two (81); it ends where the next begins. */
static uint8_t *object_take(uint8_t **at, const uint8_t *end, uint8_t tag, uint32_t *len) {
    uint8_t *p = *at;
    if (end - p < 2 || *p++ != tag)
        return NULL;
    *len = *p++;
    if (*len == 0x81) {
        if (p == end)
            return NULL;
        *len = *p++;
    } else if (*len > 0x7F) {
        return NULL;
    }
    if ((uint32_t)(end - p) < *len)
        return NULL;
    *at = p + *len;
    return p;
}

/* Format 1: [81 or 87] 8E and nothing else. covered: bytes of data under the MAC. */
static int32_t take_objects(struct sdk_secure *s, uint32_t mac_len, uint32_t *covered,
                            const uint8_t **mac) {
    uint8_t *at = s->data, *end = s->data + s->len;
    uint32_t len = 0;
    uint8_t *value = NULL;
    if (at < end && (*at == DO_PLAIN || *at == DO_CRYPTOGRAM)) {
        s->object = *at;
        value = object_take(&at, end, *at, &len);
        if (!value || !len)
            return SW_WRONG_MAC;
    }
    *covered = (uint32_t)(at - s->data);
    if (at == end)
        return SW_NO_MAC;
    uint32_t size;
    *mac = object_take(&at, end, DO_MAC, &size);
    if (!*mac || size != mac_len || at != end)
        return SW_WRONG_MAC;
    s->data = value;
    s->len = len;
    return CARD_SW_OK;
}

/* Format 2: data and MAC. */
static int32_t take_tail(struct sdk_secure *s, uint32_t mac_len, uint32_t *covered,
                         const uint8_t **mac) {
    if (s->len < mac_len)
        return SW_NO_MAC;
    s->len -= mac_len;
    *covered = s->len;
    *mac = s->data + s->len;
    return CARD_SW_OK;
}

static uint32_t script_mac(uint32_t key) {
    uint8_t info[8];
    const int tdes = card_key_info(key, info, sizeof info) >= 0 && info[5] == 8;
    return (tdes ? CARD_MAC_RETAIL : CARD_MAC_CBC) | CARD_PAD_80;
}

int32_t sdk_script_open(uint32_t key, uint32_t mac_len, const uint8_t *atc,
                        const uint8_t *cryptogram, struct sdk_secure *s) {
    uint32_t covered;
    const uint8_t *mac;
    if (card_apdu_lc() > 255)
        return CARD_SW_LENGTH;
    take_command(s, BEFORE_DATA);
    sdk_copy(s->command + HEADER, atc, 2);
    sdk_copy(s->command + HEADER + 2, cryptogram, SDK_CRYPTOGRAM);
    int32_t sw = (sdk_cla() & 0x0F) == 0x0C ? take_objects(s, mac_len, &covered, &mac)
                                            : take_tail(s, mac_len, &covered, &mac);
    if (sw != CARD_SW_OK)
        return sw;
    return mac_status(card_key_mac_verify(key, script_mac(key), NULL, 0, s->command,
                                          HEADER + BEFORE_DATA + covered, mac, mac_len));
}

/* ---- encipherment ---- */

static int32_t decipher_object(uint32_t key, struct sdk_secure *s, uint32_t block) {
    uint8_t *p = s->data + 1;
    uint32_t size = s->len - 1;
    if (s->data[0] != 0x01 || size == 0 || size % block != 0)
        return CARD_SW_DATA;
    if (card_key_cipher(key, CARD_CIPHER_CBC_DECRYPT, NULL, 0, p, size) < 0)
        return CARD_SW_CONDITIONS;
    uint32_t end = size;
    while (end > size - block && p[end - 1] == 0x00)
        end--;
    if (end == size - block || p[end - 1] != 0x80)
        return CARD_SW_DATA;
    s->data = p;
    s->len = end - 1;
    return CARD_SW_OK;
}

static int32_t decipher_counted(uint32_t key, struct sdk_secure *s, uint32_t block) {
    uint8_t *p = s->data;
    uint32_t size = s->len;
    if (size == 0 || size % block != 0)
        return CARD_SW_DATA;
    if (card_key_cipher(key, CARD_CIPHER_ECB_DECRYPT, NULL, 0, p, size) < 0)
        return CARD_SW_CONDITIONS;
    uint32_t end = 1u + p[0];
    if (end > size || size - end >= block)
        return CARD_SW_DATA;
    for (uint32_t i = end; i < size; i++)
        if (p[i] != (i == end ? 0x80 : 0x00))
            return CARD_SW_DATA;
    s->data = p + 1;
    s->len = p[0];
    return CARD_SW_OK;
}

int32_t sdk_secure_decipher(uint32_t key, struct sdk_secure *s) {
    uint8_t info[8];
    if (card_key_info(key, info, sizeof info) < 0)
        return CARD_SW_CONDITIONS;
    if (s->object == DO_PLAIN)
        return CARD_SW_DATA;
    return s->object ? decipher_object(key, s, info[5]) : decipher_counted(key, s, info[5]);
}

/* The rules are asked first as if the data were plain. If they refuse, nothing has happened yet,
 * and it may be that they want it enciphered. */
int32_t sdk_secure_file_command(uint32_t key, struct sdk_secure *s) {
    int32_t sw = SW_SECURITY;
    if (s->object != DO_CRYPTOGRAM)
        sw = card_file_command_unwrapped(CARD_SM_MAC, s->data, s->len);
    if (sw != SW_SECURITY || sdk_secure_decipher(key, s) != CARD_SW_OK)
        return sw;
    return card_file_command_unwrapped(CARD_SM_MAC | CARD_SM_ENCIPHERED, s->data, s->len);
}
