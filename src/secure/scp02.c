/* SCP02 (GPCS 2.3.1 appendix E): two-key 3DES, explicit initiation, C-MAC on the modified command
 * with the ICV enciphered, three keys. */
#include <string.h>

#include "base/bytes.h"
#include "secure/scp_inside.h"

#define MAC_SIZE 8u

/* Constants of the derivation data (table E-1's session keys, E.4.1). */
enum { FOR_C_MAC = 0x01, FOR_R_MAC = 0x02, FOR_DEK = 0x81, FOR_ENC = 0x82 };

static enum onecard_err session_key(struct scp_session *s, const struct scp_domain *d, uint8_t id,
                                    uint8_t constant, uint16_t sequence, uint8_t *out) {
    uint8_t data[16] = {0x01, constant};
    put_be16(data + 2, sequence);
    return scp_derive(s, d, id, KEYS_DERIVE_CBC, data, sizeof data, out, 16);
}

/* The authentication cryptogram: a full 3DES CBC-MAC (E.3). */
static enum onecard_err cryptogram(const struct scp_session *s, const uint8_t *first,
                                   const uint8_t *second, uint8_t out[8]) {
    uint8_t data[16];
    struct crypto_key key;
    memcpy(data, first, 8);
    memcpy(data + 8, second, 8);
    enum onecard_err err = scp_key_ready(s, s->enc, &key);
    if (!err)
        err = crypto_mac_once(&key, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, data, sizeof data, out, 8);
    crypto_key_wipe(&key);
    return err;
}

/* Random, or the first bytes of a MAC over the AID, which the host can compute beforehand
 * (E.4.2.3). */
static enum onecard_err card_challenge(const struct scp_session *s, const struct scp_domain *d,
                                       uint8_t out[6]) {
    if (!(s->options & SCP02_PSEUDO))
        return crypto_random_bytes(d->keys->random, out, 6);
    struct crypto_key key;
    enum onecard_err err = scp_key_ready(s, s->mac, &key);
    if (!err)
        err = crypto_mac_once(&key, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, NULL, d->aid, d->aid_len, out,
                              6);
    crypto_key_wipe(&key);
    return err;
}

enum onecard_err scp02_begin(struct scp_session *s, const struct scp_domain *d,
                             const struct scp_version *counts, const uint8_t *challenge,
                             struct apdu_answer *answer) {
    if (counts->sequence > 0xFFFF) /* its two bytes are used up: an old session would come again */
        return ONECARD_E_STATE;
    uint16_t sequence = (uint16_t)counts->sequence;
    uint8_t *mine = answer->data + answer->len; /* sequence 2, challenge 6, cryptogram 8 */
    enum onecard_err err = session_key(s, d, SCP_KEY_ENC, FOR_ENC, sequence, s->enc);
    if (!err)
        err = session_key(s, d, SCP_KEY_MAC, FOR_C_MAC, sequence, s->mac);
    if (!err)
        err = session_key(s, d, SCP_KEY_MAC, FOR_R_MAC, sequence, s->rmac);
    if (!err)
        err = session_key(s, d, SCP_KEY_DEK, FOR_DEK, sequence, s->dek);
    put_be16(mine, sequence);
    if (!err)
        err = card_challenge(s, d, mine + 2);
    if (!err)
        err = cryptogram(s, challenge, mine, mine + 8);
    if (!err)
        err = cryptogram(s, mine, challenge, s->cryptogram);
    answer->len += 16;
    return err;
}

/* The chained MAC of a command: the ICV is the last MAC, enciphered with single DES (E.3.4). That
 * is what a chain that begins with zeros makes of one more block before the message. */
static enum onecard_err command_mac(const struct scp_session *s, const uint8_t *header,
                                    uint32_t header_len, const uint8_t *data, uint32_t len,
                                    uint8_t out[8]) {
    static const uint8_t zeros[MAC_SIZE];
    struct crypto_key key;
    struct crypto_mac mac;
    enum onecard_err err = scp_key_ready(s, s->mac, &key);
    if (!err)
        err = crypto_mac_start(&mac, &key, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, NULL);
    if (!err) {
        if (memcmp(s->chain, zeros, MAC_SIZE)) /* the first command's ICV is zeros as they are */
            crypto_mac_update(&mac, s->chain, MAC_SIZE);
        crypto_mac_update(&mac, header, header_len);
        crypto_mac_update(&mac, data, len);
        err = crypto_mac_finish(&mac, out, MAC_SIZE);
    }
    crypto_key_wipe(&key);
    return err;
}

/* Data were enciphered after the MAC was made over them in plain (E.4.6). A bad padding is told
 * after the MAC was looked at, like a bad MAC. */
static enum onecard_err decipher(const struct scp_session *s, uint8_t *data, uint32_t *len) {
    struct crypto_key key;
    size_t plain = *len;
    if (*len % 8)
        return ONECARD_E_FORMAT;
    enum onecard_err err = scp_key_ready(s, s->enc, &key);
    if (!err)
        err = crypto_cipher(&key, CRYPTO_CBC, CRYPTO_DECRYPT, NULL, data, data, *len);
    crypto_key_wipe(&key);
    if (!err)
        err = crypto_pad_strip(data, &plain, 8);
    *len = (uint32_t)plain;
    return err;
}

enum onecard_err scp02_unwrap(struct scp_session *s, const struct apdu *in, uint8_t *work,
                              struct apdu *out) {
    uint8_t header[7], right[MAC_SIZE], given[MAC_SIZE];
    if (in->lc < MAC_SIZE)
        return ONECARD_E_FORMAT;
    uint32_t len = in->lc - MAC_SIZE;
    memcpy(given, work + len, MAC_SIZE);
    enum onecard_err bad = ONECARD_OK;
    if (s->level & SCP_C_DECRYPTION && len)
        bad = decipher(s, work, &len);
    uint32_t header_len = scp_header(in, len + MAC_SIZE, header);
    enum onecard_err err = command_mac(s, header, header_len, work, len, right);
    if (err)
        return err;
    bool same = bytes_equal_ct(right, given, MAC_SIZE);
    if (!same || bad)
        return ONECARD_E_WRONG;
    memcpy(s->chain, right, MAC_SIZE);
    *out = *in;
    out->data = work;
    out->lc = len;
    return ONECARD_OK;
}

/* ---- R-MAC, E.4.5: over the command as it was before it was protected, then the answer with its
 * length. Between the two the MAC's state rests in r_chain: chain 8, tail 8. ---- */

enum onecard_err scp02_answer_begin(struct scp_session *s, const struct apdu *plain) {
    uint8_t header[7];
    struct crypto_key key;
    struct crypto_mac mac;
    uint32_t header_len = scp_header(plain, plain->lc, header);
    header[0] = plain->cla & (uint8_t)~0x07;
    enum onecard_err err = scp_key_ready(s, s->rmac, &key);
    if (!err)
        err = crypto_mac_start(&mac, &key, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, s->r_chain);
    if (!err) {
        crypto_mac_update(&mac, header, header_len);
        if (plain->lc)
            crypto_mac_update(&mac, plain->data, plain->lc);
        memcpy(s->r_chain, mac.chain, MAC_SIZE);
        memcpy(s->r_chain + MAC_SIZE, mac.tail, MAC_SIZE);
        s->r_used = mac.used;
        bytes_wipe(&mac, sizeof mac);
    }
    crypto_key_wipe(&key);
    return err;
}

enum onecard_err scp02_wrap(struct scp_session *s, struct apdu_answer *answer, uint16_t status,
                            bool tell) {
    uint8_t tail[2], length = (uint8_t)answer->len;
    struct crypto_key key;
    struct crypto_mac mac;
    put_be16(tail, status);
    enum onecard_err err = scp_key_ready(s, s->rmac, &key);
    if (!err)
        err = crypto_mac_start(&mac, &key, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, s->r_chain);
    if (!err) {
        memcpy(mac.tail, s->r_chain + MAC_SIZE, MAC_SIZE);
        mac.used = s->r_used;
        crypto_mac_update(&mac, &length, 1);
        crypto_mac_update(&mac, answer->data, answer->len);
        crypto_mac_update(&mac, tail, sizeof tail);
        err = crypto_mac_finish(&mac, s->r_chain, MAC_SIZE);
    }
    crypto_key_wipe(&key);
    if (!err && tell) {
        memcpy(answer->data + answer->len, s->r_chain, MAC_SIZE);
        answer->len += MAC_SIZE;
    }
    return err;
}
