/* Commands of security domains over an open secure channel, and the unwrapping itself: whatever
 * comes, a status word. The first byte chooses: 0 the issuer's domain at level 00 (each command's
 * parser); 1 a supplementary domain with authorized management at level 00; 2 SCP03 at level 33,
 * the bytes being what is enciphered, under right MACs; 3 SCP02 at level 13 likewise. */
#include "support/fuzz_card.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/runtime.h"
#include "secure/scp_inside.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    fuzz_card_make("test/issued.yaml");
    return 0;
}

/* As if EXTERNAL AUTHENTICATE had been right: keys of zeros. */
static struct scp_session *open_session(struct onecard *card, uint8_t protocol, uint8_t level) {
    struct scp_session *s = &card->basic.session.scp;
    memset(s, 0, sizeof *s);
    s->state = SCP_OPEN;
    s->protocol = protocol;
    s->options = protocol == SCP_02 ? SCP02_DEFAULT : SCP03_DEFAULT;
    s->version = protocol == SCP_02 ? 0x20 : 0x30;
    s->level = level;
    s->algorithm = protocol == SCP_02 ? CRYPTO_TDES2 : CRYPTO_AES128;
    s->key_size = 16;
    s->size = 8;
    s->r_session = level & SCP_R_MAC ? 2 : 0;
    return s;
}

static void make_domain(struct onecard *card) {
    static const uint8_t install[] = {0x80, 0xE6, 0x0C, 0x00, 0x20, 0x07, 0xA0, 0x00, 0x00, 0x01,
                                      0x51, 0x53, 0x50, 0x08, 0xA0, 0x00, 0x00, 0x01, 0x51, 0x53,
                                      0x50, 0x41, 0x06, 0xD1, 0x56, 0x00, 0x00, 0x01, 0x01, 0x03,
                                      0x80, 0x40, 0x00, 0x02, 0xC9, 0x00, 0x00};
    static const uint8_t select[] = {0x00, 0xA4, 0x04, 0x00, 0x06, 0xD1,
                                     0x56, 0x00, 0x00, 0x01, 0x01};
    fuzz_card_send(card, install, sizeof install);
    fuzz_card_send(card, select, sizeof select);
    if (!card->basic.session.domain)
        abort(); /* the domain was not made */
    open_session(card, SCP_03, 0);
}

/* The MAC that the card expects over this header and data. */
static void right_mac(const struct scp_session *s, const uint8_t *header, const uint8_t *data,
                      size_t len, uint8_t mac[8]) {
    static const uint8_t zeros[8];
    struct crypto_key key;
    struct crypto_mac m;
    uint8_t icv[8], full[16];
    memcpy(icv, s->chain, sizeof icv);
    if (s->protocol == SCP_02 && memcmp(icv, zeros, 8)) {
        crypto_key_set(&key, CRYPTO_DES, s->mac, 8);
        crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, icv, icv, 8);
    }
    crypto_key_set(&key, s->algorithm, s->mac, 16);
    if (s->protocol == SCP_02) {
        crypto_mac_start(&m, &key, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, icv);
    } else {
        crypto_mac_start(&m, &key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL);
        crypto_mac_update(&m, s->chain, 16);
    }
    crypto_mac_update(&m, header, 5);
    crypto_mac_update(&m, data, len);
    crypto_mac_finish(&m, full, s->protocol == SCP_02 ? 8 : 16);
    memcpy(mac, full, 8);
}

/* SCP02 MACs what comes out of deciphering. */
static size_t plain_of(const struct scp_session *s, const uint8_t *data, size_t len,
                       uint8_t out[255]) {
    struct crypto_key key;
    memcpy(out, data, len);
    if (s->protocol != SCP_02 || !len || len % 8)
        return len;
    size_t plain = len;
    crypto_key_set(&key, s->algorithm, s->enc, 16);
    crypto_cipher(&key, CRYPTO_CBC, CRYPTO_DECRYPT, NULL, out, out, len);
    return crypto_pad_strip(out, &plain, 8) ? len : plain;
}

/* instruction, P1, P2, length, data: wrapped with a right MAC. */
static void send_wrapped(struct onecard *card, const uint8_t *data, size_t size) {
    const struct scp_session *s = &card->basic.session.scp;
    while (size >= 4 && s->state == SCP_OPEN) {
        uint8_t command[270], header[5], plain[255];
        size_t len = data[3] > 240 ? 240 : data[3];
        if (len > size - 4)
            len = size - 4;
        command[0] = header[0] = 0x84;
        memcpy(command + 1, data, 3);
        memcpy(header + 1, data, 3);
        size_t plain_len = plain_of(s, data + 4, len, plain);
        header[4] = (uint8_t)(plain_len + 8);
        command[4] = (uint8_t)(len + 8);
        memcpy(command + 5, data + 4, len);
        right_mac(s, header, plain, plain_len, command + 5 + len);
        fuzz_card_send(card, command, 5 + len + 8);
        data += 4 + len;
        size -= 4 + len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size)
        return 0;
    struct onecard *card = fuzz_card_fresh();
    switch (data[0] & 3) {
    case 0:
        open_session(card, SCP_03, 0);
        fuzz_card_send_all(card, data + 1, size - 1);
        break;
    case 1:
        open_session(card, SCP_03, 0);
        make_domain(card);
        fuzz_card_send_all(card, data + 1, size - 1);
        break;
    case 2:
        open_session(card, SCP_03, 0x33);
        send_wrapped(card, data + 1, size - 1);
        break;
    default:
        open_session(card, SCP_02, 0x13);
        send_wrapped(card, data + 1, size - 1);
        break;
    }
    onecard_close(card);
    return 0;
}
