/* Protected commands from anybody (ISO/IEC 7816-4 10), and from somebody who has the keys and makes
 * bad objects: a status word, nothing read or written too far, an open session only after a good
 * command, and an answer that fits. Input: how 1, header 4, capacity 1, data objects; bit 1 of how
 * puts the right 8E behind them. */
#include <stdlib.h>
#include <string.h>

#include "secure/sm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 6, OBJECTS_MAX = 1024 };

static void check(bool good) {
    if (!good)
        abort();
}

static void slot_make(struct key_session *slot, uint8_t algorithm, uint16_t usage) {
    static const uint8_t value[CRYPTO_KEY_MAX] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    memset(slot, 0, sizeof *slot);
    slot->usage = usage;
    slot->algorithm = algorithm;
    check(crypto_key_set(&slot->key, algorithm, value, crypto_alg_find(algorithm)->key_size) ==
          ONECARD_OK);
}

/* 8E over what stands there, as the card will check it: its counter one further. */
static size_t add_mac(const struct sm_session *session, const struct sm_keys *keys,
                      const uint8_t *header, uint8_t *objects, size_t len) {
    uint8_t counter[16], padded[16] = {0}, pad[16] = {0x80}, mac[16];
    const uint32_t block = session->block;
    memcpy(counter, session->counter, sizeof counter);
    counter[block - 1]++;
    memcpy(padded, header, 4);
    padded[4] = 0x80;
    struct keys_part parts[4] = {{counter, block}};
    uint32_t n = 1;
    if ((header[0] & 0x0C) == 0x0C)
        parts[n++] = (struct keys_part){padded, block};
    if (len) {
        parts[n++] = (struct keys_part){objects, (uint32_t)len};
        parts[n++] = (struct keys_part){pad, block - (uint32_t)len % block};
    }
    check(keys_mac_parts(keys->keys, &keys->mac, block == 8 ? CRYPTO_MAC_RETAIL : CRYPTO_MAC_CMAC,
                         parts, n, mac, 8) == ONECARD_OK);
    objects[len] = 0x8E;
    objects[len + 1] = 8;
    memcpy(objects + len + 2, mac, 8);
    return len + 10;
}

static void answer_it(struct sm_session *session, const struct sm_keys *keys, uint8_t room) {
    static const uint16_t words[] = {SW_OK, SW_WARN_EOF, SW_WRONG_DATA, SW_WRONG_LE};
    uint8_t *bytes = malloc(room + 1u);
    check(bytes != NULL);
    memset(bytes, 0x5A, room);
    struct apdu_answer answer = {.data = bytes, .capacity = room, .len = room / 2u};
    const uint16_t status = sm_wrap(session, keys, &answer, words[room % 4]);
    check(answer.len <= room && (status == words[room % 4] || answer.len == 0));
    check(session->open == (status != SW_UNKNOWN));
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint8_t algorithms[] = {CRYPTO_TDES2, CRYPTO_AES128, CRYPTO_AES256, CRYPTO_SM4};
    static struct key_session mac, enc;
    static const uint8_t counter[16] = {7};
    if (size < HEAD || size > HEAD + OBJECTS_MAX)
        return 0;
    const uint8_t algorithm = algorithms[data[0] >> 6];
    struct keys no_store = {0};
    slot_make(&mac, algorithm, KEY_MAC | KEY_MAC_VERIFY);
    slot_make(&enc, algorithm, KEY_ENCRYPT | KEY_DECRYPT);
    const struct sm_keys keys = {&no_store, {0, 0, &mac}, {0, 0, &enc}};
    struct sm_session session = {.enc = data[0] & 2 ? SM_NO_KEY : 1};
    const uint16_t how =
        (data[0] & 4 ? SM_HEADER_FREE : 0) | (data[0] & 8 ? SM_ENCIPHERED_ONLY : 0);
    if (sm_open(&session, &keys, how, counter, mac.key.info->block_size) != ONECARD_OK)
        return 0;
    /* exact sizes, for the sanitiser to watch */
    size_t len = size - HEAD;
    uint8_t *objects = malloc(len + 10);
    uint8_t *buffer = malloc(len + 1);
    check(objects != NULL && buffer != NULL);
    memcpy(objects, data + HEAD, len);
    if (data[0] & 1)
        len = add_mac(&session, &keys, data + 1, objects, len);
    const struct apdu outer = {.cla = data[1],
                               .ins = data[2],
                               .p1 = data[3],
                               .p2 = data[4],
                               .sent_cla = data[1],
                               .lc = (uint32_t)len,
                               .data = objects};
    struct apdu inner;
    uint8_t level = 0;
    const uint16_t status =
        sm_unwrap(&session, &keys, &outer, buffer, (uint32_t)(size - HEAD), &inner, &level);
    check(session.open == (status == SW_OK) && (level & STATUS_SM_MAC || status != SW_OK));
    if (status == SW_OK) {
        uint8_t sum = 0;
        for (uint32_t i = 0; i < inner.lc; i++)
            sum ^= inner.data[i];
        check(inner.lc != 0 || sum == 0);
        answer_it(&session, &keys, data[5]);
    }
    free(buffer);
    free(objects);
    return 0;
}
