/* A new PIN as EMV and PBOC issuers send it in a script: hidden twice, under the script's session
 * key and under four bytes of the card's own key. Neither may come into an applet's memory. */
#include <string.h>

#include "base/bytes.h"
#include "keys/key.h"
#include "keys/pin.h"

enum { BLOCK = 8, MASKED = 4, ENCIPHERED = 16 };

/* length 08, block, 80 00.. */
static enum onecard_err decipher(struct keys *k, const struct key_ref *cipher, const uint8_t *data,
                                 uint8_t block[BLOCK]) {
    static const uint8_t tail[ENCIPHERED - 1 - BLOCK] = {0x80};
    uint8_t plain[ENCIPHERED];
    enum onecard_err err =
        keys_cipher(k, cipher, CRYPTO_ECB, CRYPTO_DECRYPT, NULL, data, plain, ENCIPHERED);
    if (err == ONECARD_OK &&
        (plain[0] != BLOCK || memcmp(plain + 1 + BLOCK, tail, sizeof tail) != 0))
        err = ONECARD_E_FORMAT;
    memcpy(block, plain + 1, BLOCK);
    bytes_wipe(plain, sizeof plain);
    return err;
}

/* 00000000 and the last four bytes of the left half of the card's key. */
static enum onecard_err unmask(struct keys *k, const struct key_ref *mask, uint8_t block[BLOCK]) {
    struct key_view view;
    enum onecard_err err = key_use(k, mask, KEY_DERIVE, &view);
    if (err != ONECARD_OK)
        return err;
    if (view.size != 16)
        return ONECARD_E_PARAM;
    for (uint32_t i = MASKED; i < BLOCK; i++)
        block[i] ^= view.raw[i];
    return ONECARD_OK;
}

enum onecard_err keys_pin_counterpart(struct keys *k, uint32_t owner, uint8_t number,
                                      struct security_status *status, const struct key_ref *cipher,
                                      const struct key_ref *mask, const uint8_t *data,
                                      uint32_t len) {
    uint8_t block[BLOCK] = {0};
    if (len != ENCIPHERED)
        return ONECARD_E_PARAM;
    enum onecard_err err = decipher(k, cipher, data, block);
    if (err == ONECARD_OK)
        err = unmask(k, mask, block);
    if (err == ONECARD_OK && (block[0] & 0xF0) != 0x00)
        err = ONECARD_E_FORMAT;
    block[0] |= 0x20; /* otherwise it is a block of format 2 */
    if (err == ONECARD_OK)
        err = keys_pin_reset(k, owner, number, status, PIN_BLOCK_2, block, sizeof block);
    bytes_wipe(block, sizeof block);
    return err;
}
