/* SCP03 (Amendment D 1.2): AES, or SM4 in its place; NIST SP 800-108 in counter mode with CMAC. */
#include <string.h>

#include "base/bytes.h"
#include "secure/scp_inside.h"

#define BLOCK 16u

/* Data derivation constants, table 4-1. */
enum {
    FOR_CARD_CRYPTOGRAM = 0x00,
    FOR_HOST_CRYPTOGRAM = 0x01,
    FOR_CHALLENGE = 0x02,
    FOR_ENC = 0x04,
    FOR_MAC = 0x06,
    FOR_RMAC = 0x07,
};

/* label 11, constant, separator, L 2, counter, context: 16 bytes before the context */
#define DATA_MAX (16u + 32u)

static uint32_t derivation_data(uint8_t constant, uint32_t bytes, const uint8_t *context,
                                uint32_t context_len, uint8_t out[DATA_MAX]) {
    memset(out, 0, 16);
    out[11] = constant;
    put_be16(out + 13, (uint16_t)(8 * bytes));
    out[15] = 1;
    memcpy(out + 16, context, context_len);
    return 16 + context_len;
}

static enum onecard_err session_key(struct scp_session *s, const struct scp_domain *d, uint8_t id,
                                    uint8_t constant, const uint8_t *context, uint8_t *out) {
    uint8_t data[DATA_MAX];
    uint32_t len = derivation_data(constant, s->key_size, context, 2u * s->size, data);
    return scp_derive(s, d, id, KEYS_DERIVE_CMAC, data, len, out, s->key_size);
}

static enum onecard_err cryptogram(const struct scp_session *s, uint8_t constant,
                                   const uint8_t *context, uint8_t *out) {
    uint8_t data[DATA_MAX];
    struct crypto_key key;
    uint32_t len = derivation_data(constant, s->size, context, 2u * s->size, data);
    enum onecard_err err = scp_key_ready(s, s->mac, &key);
    if (!err)
        err =
            crypto_mac_once(&key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, data, len, out, s->size);
    crypto_key_wipe(&key);
    return err;
}

/* Random, or computed from the sequence counter and the AID (6.2.2.1). */
static enum onecard_err card_challenge(struct scp_session *s, const struct scp_domain *d,
                                       struct scp_version *counts, uint8_t *out) {
    if (!(s->options & SCP03_PSEUDO))
        return crypto_random_bytes(d->keys->random, out, s->size);
    uint8_t context[3 + 16], data[DATA_MAX];
    /* No challenge comes twice: it is counted before it is given. */
    if (counts->sequence == 0xFFFFFF)
        return ONECARD_E_STATE;
    counts->sequence++;
    enum onecard_err err = scp_version_set(d->keys, d->owner, s->version, counts);
    if (!err)
        err = store_commit(d->keys->store);
    if (err)
        return err;
    context[0] = (uint8_t)(counts->sequence >> 16);
    put_be16(context + 1, (uint16_t)counts->sequence);
    memcpy(context + 3, d->aid, d->aid_len);
    uint32_t len = derivation_data(FOR_CHALLENGE, s->size, context, 3u + d->aid_len, data);
    return scp_derive(s, d, SCP_KEY_ENC, KEYS_DERIVE_CMAC, data, len, out, s->size);
}

enum onecard_err scp03_begin(struct scp_session *s, const struct scp_domain *d,
                             struct scp_version *counts, const uint8_t *challenge,
                             struct apdu_answer *answer) {
    uint8_t context[32];
    uint8_t *out = answer->data + answer->len;
    *out++ = s->options | (s->size == 16 ? SCP03_S16 : 0);
    memcpy(context, challenge, s->size);
    enum onecard_err err = card_challenge(s, d, counts, context + s->size);
    if (!err)
        err = session_key(s, d, SCP_KEY_ENC, FOR_ENC, context, s->enc);
    if (!err)
        err = session_key(s, d, SCP_KEY_MAC, FOR_MAC, context, s->mac);
    if (!err)
        err = session_key(s, d, SCP_KEY_MAC, FOR_RMAC, context, s->rmac);
    if (!err)
        err = scp_derive(s, d, SCP_KEY_DEK, KEYS_DERIVE_COPY, NULL, 0, s->dek, s->key_size);
    memcpy(out, context + s->size, s->size);
    out += s->size;
    if (!err)
        err = cryptogram(s, FOR_CARD_CRYPTOGRAM, context, out);
    if (!err)
        err = cryptogram(s, FOR_HOST_CRYPTOGRAM, context, s->cryptogram);
    out += s->size;
    if (s->options & SCP03_PSEUDO) {
        *out++ = (uint8_t)(counts->sequence >> 16);
        put_be16(out, (uint16_t)counts->sequence);
        out += 2;
    }
    answer->len = (uint32_t)(out - answer->data);
    return err;
}

/* CMAC over the chaining value and up to three pieces. */
static enum onecard_err chained_mac(const struct scp_session *s, const uint8_t *raw,
                                    const uint8_t *a, uint32_t a_len, const uint8_t *b,
                                    uint32_t b_len, uint8_t out[BLOCK]) {
    struct crypto_key key;
    struct crypto_mac mac;
    enum onecard_err err = scp_key_ready(s, raw, &key);
    if (!err)
        err = crypto_mac_start(&mac, &key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL);
    if (!err) {
        crypto_mac_update(&mac, s->chain, BLOCK);
        crypto_mac_update(&mac, a, a_len);
        crypto_mac_update(&mac, b, b_len);
        err = crypto_mac_finish(&mac, out, BLOCK);
    }
    crypto_key_wipe(&key);
    return err;
}

/* The ICV is the enciphered counter, its first byte 80 for answers (6.2.6, 6.2.7). */
static enum onecard_err cipher(const struct scp_session *s, enum crypto_direction direction,
                               uint8_t *data, uint32_t len) {
    uint8_t iv[BLOCK] = {direction == CRYPTO_ENCRYPT ? 0x80 : 0x00};
    struct crypto_key key;
    put_be32(iv + 12, s->counter);
    enum onecard_err err = scp_key_ready(s, s->enc, &key);
    if (!err)
        err = crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, iv, iv, BLOCK);
    if (!err)
        err = crypto_cipher(&key, CRYPTO_CBC, direction, iv, data, data, len);
    crypto_key_wipe(&key);
    return err;
}

static enum onecard_err decipher(struct scp_session *s, uint8_t *data, uint32_t *len) {
    size_t plain = *len;
    if (*len % BLOCK)
        return ONECARD_E_FORMAT;
    enum onecard_err err = cipher(s, CRYPTO_DECRYPT, data, *len);
    if (!err)
        err = crypto_pad_strip(data, &plain, BLOCK);
    *len = (uint32_t)plain;
    return err;
}

enum onecard_err scp03_unwrap(struct scp_session *s, const struct apdu *in, uint8_t *work,
                              struct apdu *out) {
    uint8_t header[7], right[BLOCK];
    if (in->lc < s->size)
        return ONECARD_E_FORMAT;
    uint32_t len = in->lc - s->size;
    uint32_t header_len = scp_header(in, in->lc, header);
    enum onecard_err err = chained_mac(s, s->mac, header, header_len, work, len, right);
    if (err)
        return err;
    if (!bytes_equal_ct(right, work + len, s->size))
        return ONECARD_E_WRONG;
    memcpy(s->chain, right, BLOCK);
    if (s->level & SCP_C_DECRYPTION) {
        if (++s->counter == 0)
            return ONECARD_E_STATE;
        if (len)
            err = decipher(s, work, &len);
    }
    *out = *in;
    out->data = work;
    out->lc = len;
    return err;
}

enum onecard_err scp03_wrap(struct scp_session *s, struct apdu_answer *answer, uint16_t status) {
    uint8_t tail[2], mac[BLOCK];
    enum onecard_err err = ONECARD_OK;
    put_be16(tail, status);
    if (s->level & SCP_R_ENCRYPTION && answer->len) {
        size_t len = answer->len;
        err = crypto_pad_add(answer->data, &len, answer->capacity, BLOCK, CRYPTO_PAD_80);
        if (!err)
            err = cipher(s, CRYPTO_ENCRYPT, answer->data, (uint32_t)len);
        answer->len = (uint32_t)len;
    }
    if (!err)
        err = chained_mac(s, s->rmac, answer->data, answer->len, tail, sizeof tail, mac);
    if (err)
        return err;
    memcpy(answer->data + answer->len, mac, s->size);
    answer->len += s->size;
    return ONECARD_OK;
}
