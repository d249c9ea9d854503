/* PINs, blocking, and file updates by the issuer (JR/T 0025.1, 84 and 04: secure messaging). */
#include "transit.h"

static int32_t pin_status(int32_t result) {
    uint8_t info[7];
    switch (result) {
    case 0:
        return CARD_SW_OK;
    case CARD_E_WRONG:
        if (card_pin_info(PIN, info, sizeof info) >= 0 && info[3] > 0)
            return 0x63C0 | info[3];
        return SW_BLOCKED;
    case CARD_E_BLOCKED:
        return SW_BLOCKED;
    case CARD_E_NOT_FOUND:
        return CARD_SW_CONDITIONS;
    case CARD_E_FORMAT:
    case CARD_E_RANGE:
    case CARD_E_EXISTS:
        return CARD_SW_DATA;
    default:
        return sdk_status(result);
    }
}

/* ---- PINs ---- */

/* Old PIN, FF, new PIN. Either may be filled with more FF. */
static int32_t pin_change(const uint8_t *data, uint32_t lc) {
    uint32_t old = 0, new;
    while (old < lc && data[old] != 0xFF)
        old++;
    for (new = old; new < lc &&data[new] == 0xFF;)
        new ++;
    if (old == 0 || new == lc)
        return CARD_SW_DATA;
    return pin_status(card_pin_change(PIN, CARD_PIN_BCD, data, old, data + new, lc - new));
}

/* New PIN, MAC under the folded reload key. */
static int32_t pin_reload(const uint8_t *data, uint32_t lc) {
    if (lc <= 4 || lc > 4 + PIN_MAX)
        return CARD_SW_LENGTH;
    if (card_key_derive(KEY_PIN_RELOAD, CARD_DERIVE_FOLD, NULL, 0, CARD_USE_MAC_VERIFY,
                        SLOT_RELOAD) < 0)
        return CARD_SW_CONDITIONS;
    int32_t result = card_key_mac_verify(CARD_KEY_SESSION(SLOT_RELOAD), CARD_MAC_CBC | CARD_PAD_80,
                                         NULL, 0, data, lc - 4, data + lc - 4, 4);
    if (result == CARD_E_BLOCKED)
        return SW_BLOCKED;
    if (result < 0)
        return SW_WRONG_MAC;
    return pin_status(card_pin_reset(PIN, CARD_PIN_BCD, data, lc - 4));
}

int32_t pin_command(void) {
    uint8_t data[2 * PIN_MAX + 1];
    uint32_t lc = card_apdu_lc();
    if (p1p2() & 0xFEFF)
        return CARD_SW_P1P2;
    if (lc < 2 || lc > sizeof data)
        return CARD_SW_LENGTH;
    card_apdu_data(0, data, lc);
    return p1p2() ? pin_change(data, lc) : pin_reload(data, lc);
}

static struct sdk_secure secure;

/* The PIN comes enciphered; it becomes the PIN, and its tries start again. */
int32_t pin_unblock(void) {
    if (p1p2() > 1)
        return CARD_SW_P1P2;
    int32_t sw = sdk_secure_open(KEY_PIN_UNBLOCK, &secure);
    if (sw == CARD_SW_OK)
        sw = sdk_secure_decipher(KEY_PIN_UNBLOCK, &secure);
    if (sw == CARD_SW_OK && (secure.len < 2 || secure.len > PIN_MAX))
        sw = CARD_SW_DATA;
    if (sw == CARD_SW_OK)
        sw = pin_status(card_pin_reset(PIN, CARD_PIN_BCD, secure.data, secure.len));
    memset(&secure, 0, sizeof secure);
    return sw;
}

/* ---- the application's life ---- */

/* Durable first: in memory it counts at once. */
static int32_t set_life(uint8_t new) {
    if (card_apdu_lc() != SDK_MAC)
        return CARD_SW_LENGTH;
    int32_t sw = sdk_secure_open(KEY_MAINTENANCE, &secure);
    if (sw != CARD_SW_OK)
        return sw;
    state.life = new;
    int32_t result = state_write(&state.life, &state.life + 1);
    if (result >= 0)
        result = card_tx_commit();
    if (result < 0)
        return sdk_status(result);
    life = new;
    return CARD_SW_OK;
}

/* P2 00: until it is unblocked; 01: for ever. */
int32_t application_block(void) {
    if (p1p2() > 1)
        return CARD_SW_P1P2;
    return set_life(p1p2() ? LIFE_BLOCKED_FOREVER : LIFE_BLOCKED);
}

int32_t application_unblock(void) {
    return p1p2() ? CARD_SW_P1P2 : set_life(LIFE_IN_USE);
}

/* The whole card: after this command only the final application answers (GPCS CARD_LOCKED). It
 * takes an instance with the Card Lock privilege. */
int32_t card_block(void) {
    if (p1p2())
        return CARD_SW_P1P2;
    if (card_apdu_lc() != SDK_MAC)
        return CARD_SW_LENGTH;
    int32_t sw = sdk_secure_open(KEY_MAINTENANCE, &secure);
    if (sw != CARD_SW_OK)
        return sw;
    return card_lock() < 0 ? CARD_SW_CONDITIONS : CARD_SW_OK;
}

/* ---- files ---- */

/* UPDATE BINARY, UPDATE RECORD with a MAC, or enciphered as well: the files' rules say which. */
int32_t secure_file_command(void) {
    int32_t sw = sdk_secure_open(KEY_MAINTENANCE, &secure);
    if (sw == CARD_SW_OK)
        sw = sdk_secure_file_command(KEY_MAINTENANCE, &secure);
    memset(&secure, 0, sizeof secure);
    return sw;
}
