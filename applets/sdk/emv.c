#include "sdk.h"

enum { HEADER = 0x6A, TRAILER = 0xBC, PADDING = 0xBB, FORMAT_DYNAMIC = 0x05, SHA1 = 0x01 };
enum { HASH = 20, AROUND = 4 + HASH + 1 };

/* Bytes of modulus; a CARD_E_ code. */
static int32_t modulus_of(uint32_t key) {
    uint8_t public_key[4 + 256];
    int32_t len = card_key_public(key, public_key, sizeof public_key);
    if (len < 0)
        return len;
    return len >= 4 + 64 && len <= 4 + (int32_t)SDK_EMV_MODULUS_MAX ? len - 4 : CARD_E_PARAM;
}

int32_t sdk_emv_sign(uint32_t key, const void *dynamic, uint32_t len, const void *terminal,
                     uint32_t terminal_len, uint8_t *out, uint32_t out_len) {
    uint8_t block[SDK_EMV_MODULUS_MAX + SDK_EMV_TERMINAL_MAX];
    int32_t size = modulus_of(key);
    if (size < 0)
        return size;
    uint32_t n = (uint32_t)size;
    if (len > n - AROUND || terminal_len > SDK_EMV_TERMINAL_MAX || out_len < n)
        return CARD_E_TOO_BIG;
    uint8_t *hash = block + n - 1 - HASH;
    memset(block, PADDING, n);
    block[0] = HEADER;
    block[1] = FORMAT_DYNAMIC;
    block[2] = SHA1;
    block[3] = (uint8_t)len;
    memcpy(block + 4, dynamic, len);
    memcpy(hash, terminal, terminal_len); /* what the hash goes over stands in one piece */
    int32_t result = card_digest(CARD_SHA1, block + 1, n - 2 - HASH + terminal_len, out, HASH);
    memcpy(hash, out, HASH);
    block[n - 1] = TRAILER;
    return result < 0 ? result : card_key_sign(key, CARD_SIGN_RAW, block, n, out, n);
}

uint32_t sdk_emv_cda(const void *number, uint32_t len, uint8_t information,
                     const uint8_t cryptogram[SDK_CRYPTOGRAM], const uint8_t transaction[20],
                     uint8_t out[1 + 8 + 1 + SDK_CRYPTOGRAM + 20]) {
    uint32_t at = 0;
    out[at++] = (uint8_t)len;
    memcpy(out + at, number, len);
    at += len;
    out[at++] = information;
    memcpy(out + at, cryptogram, SDK_CRYPTOGRAM);
    at += SDK_CRYPTOGRAM;
    memcpy(out + at, transaction, 20);
    return at + 20;
}
