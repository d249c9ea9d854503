/* Signatures by others, tokens and DAPs, and what the card confirms (GPCS 2.3.1 appendices B and
 * C). */
#include <string.h>

#include "base/bytes.h"
#include "manager/inside.h"

/* ---- one key ---- */

/* GPCS B.3: PKCS #1 v1.5 with SHA-1, which most tools make, or with SHA-256; PSS with SHA-256. */
static enum onecard_err check_rsa(const uint8_t *key, const uint8_t *data, uint32_t len,
                                  const uint8_t *signature, uint32_t signature_len) {
    static const struct {
        enum crypto_rsa_scheme scheme;
        enum crypto_alg digest;
    } kinds[] = {{CRYPTO_RSA_PKCS1, CRYPTO_SHA1},
                 {CRYPTO_RSA_PKCS1, CRYPTO_SHA256},
                 {CRYPTO_RSA_PSS, CRYPTO_SHA256}};
    uint32_t n_len = get_be16(key + 1), e_len = key[3];
    uint8_t digest[CRYPTO_DIGEST_MAX];
    struct crypto_rsa rsa;
    if (signature_len != n_len)
        return ONECARD_E_WRONG;
    enum onecard_err err = crypto_rsa_open_public(&rsa, key + 4, n_len, key + 4 + n_len, e_len);
    if (!err)
        err = ONECARD_E_WRONG;
    for (uint32_t i = 0; err == ONECARD_E_WRONG && i < sizeof kinds / sizeof *kinds; i++) {
        err = crypto_digest_once(kinds[i].digest, data, len, digest);
        if (!err)
            err = crypto_rsa_verify(&rsa, kinds[i].scheme, kinds[i].digest, digest, signature);
    }
    crypto_rsa_close(&rsa);
    return err;
}

static enum onecard_err check_p256(const uint8_t *point, const uint8_t *data, uint32_t len,
                                   const uint8_t *signature) {
    uint8_t digest[32];
    enum onecard_err err = crypto_digest_once(CRYPTO_SHA256, data, len, digest);
    return err ? err : crypto_p256_verify(point, digest, sizeof digest, signature);
}

/* GB/T 32918.2 with the default identity. */
static enum onecard_err check_sm2(const uint8_t *point, const uint8_t *data, uint32_t len,
                                  const uint8_t *signature) {
    static const uint8_t id[16] = {'1', '2', '3', '4', '5', '6', '7', '8',
                                   '1', '2', '3', '4', '5', '6', '7', '8'};
    uint8_t z[32], digest[32];
    struct crypto_digest d;
    enum onecard_err err = crypto_sm2_z(id, sizeof id, point, z);
    if (!err)
        err = crypto_digest_start(&d, CRYPTO_SM3);
    if (err)
        return err;
    crypto_digest_update(&d, z, sizeof z);
    crypto_digest_update(&d, data, len);
    crypto_digest_finish(&d, digest);
    return crypto_sm2_verify(point, digest, signature);
}

static enum onecard_err check_public(struct manager *m, uint32_t domain, uint16_t number,
                                     const uint8_t *data, uint32_t len, const uint8_t *signature,
                                     uint32_t signature_len) {
    uint8_t key[SCP_PUBLIC_MAX];
    uint32_t key_len;
    enum onecard_err err = scp_public_get(m->keys, domain, number, key, &key_len);
    if (err)
        return err;
    if (key[0] == SCP_PUBLIC_RSA)
        return check_rsa(key, data, len, signature, signature_len);
    if (signature_len != 64)
        return ONECARD_E_WRONG;
    return key[0] == SCP_PUBLIC_SM2 ? check_sm2(key + 1, data, len, signature)
                                    : check_p256(key + 1, data, len, signature);
}

/* CMAC of AES or SM4, the retail MAC of 3DES, in full length (B.1.2.2, B.2.2). */
static enum onecard_err check_mac(struct manager *m, uint32_t domain, uint16_t number,
                                  const uint8_t *data, uint32_t len, const uint8_t *mac,
                                  uint32_t mac_len) {
    const struct key_ref ref = {domain, number, NULL};
    struct key_info info;
    enum onecard_err err = keys_info(m->keys, &ref, &info);
    if (err || mac_len != info.block_size)
        return err ? err : ONECARD_E_WRONG;
    bool des = info.block_size == 8;
    return keys_mac_verify(m->keys, &ref, des ? CRYPTO_MAC_RETAIL : CRYPTO_MAC_CMAC,
                           des ? CRYPTO_PAD_80 : CRYPTO_PAD_NONE, NULL, data, len, mac, mac_len);
}

enum onecard_err trust_check(struct manager *m, uint32_t domain, uint8_t version,
                             const uint8_t *data, uint32_t len, const uint8_t *signature,
                             uint32_t signature_len) {
    struct scp_key_info info;
    uint32_t from = scp_number(version, 0);
    enum onecard_err result = ONECARD_E_NOT_FOUND;
    while (scp_key_next(m->keys, domain, from, &info) == ONECARD_OK &&
           info.number >> 8 == version) {
        from = info.number + 1u;
        result = info.symmetric
                     ? check_mac(m, domain, info.number, data, len, signature, signature_len)
                     : check_public(m, domain, info.number, data, len, signature, signature_len);
        if (!result || result == ONECARD_E_IO)
            return result;
    }
    return result == ONECARD_E_NOT_FOUND ? result : ONECARD_E_WRONG;
}

/* ---- tokens ---- */

uint32_t trust_token_data(const struct apdu *c, const uint8_t *end, uint8_t *out) {
    uint32_t len = (uint32_t)(end - c->data), head = len > 255 ? 5 : 3;
    out[0] = c->p1;
    out[1] = c->p2;
    out[2] = (uint8_t)len;
    if (head == 5) {
        out[2] = 0;
        put_be16(out + 3, (uint16_t)len);
    }
    memcpy(out + head, c->data, len);
    return head + len;
}

uint16_t trust_token(struct manager *m, uint32_t domain, const struct tlv *first,
                     const struct apdu *c, const uint8_t *end, const struct tlv *token) {
    uint32_t verifier = domain_with(m, domain, PRIVILEGE_TOKENS);
    enum onecard_err err = ONECARD_E_NO_MEMORY;
    if (!token->len || verifier == DOMAIN_NONE) {
        content_tell(m, "token", "there is none, and the domain needs one", 0, false);
        return SW_CONDITIONS;
    }
    uint8_t *data = pool_take(m->pool, first->len + TRUST_HEAD_MAX + (uint32_t)(end - c->data));
    if (data) {
        if (first->len)
            memcpy(data, first->value, first->len);
        uint32_t len = first->len + trust_token_data(c, end, data + first->len);
        err = trust_check(m, verifier, SCP_VERSION_TOKEN, data, len, token->value, token->len);
        pool_give(m->pool, data);
    }
    if (!err)
        return SW_OK;
    content_tell(m, "token", "it is not right, or there is no key for it", 0, false);
    return err == ONECARD_E_NO_MEMORY || err == ONECARD_E_IO ? apdu_status(err) : SW_CONDITIONS;
}

/* ---- confirmations ---- */

uint16_t trust_counter(struct manager *m, uint32_t domain) {
    uint8_t counter[2] = {0};
    enum onecard_err err = store_read(
        m->store, STORE_NAME(domain, KIND_KEY_VERSION, CONFIRMATION_NUMBER), 0, counter, 2);
    return err ? 0 : get_be16(counter);
}

static enum onecard_err set_counter(struct manager *m, uint32_t domain, uint16_t value) {
    const store_name name = STORE_NAME(domain, KIND_KEY_VERSION, CONFIRMATION_NUMBER);
    uint8_t counter[2];
    uint32_t size;
    put_be16(counter, value);
    enum onecard_err err = ONECARD_OK;
    if (store_size(m->store, name, &size))
        err = store_create(m->store, name, sizeof counter, STORE_PLAIN);
    return err ? err : store_write(m->store, name, 0, counter, sizeof counter);
}

/* The first MAC key of that version. */
static bool receipt_key(struct manager *m, uint32_t domain, struct key_ref *out,
                        struct key_info *info) {
    struct scp_key_info found;
    uint32_t from = scp_number(SCP_VERSION_RECEIPT, 0);
    if (scp_key_next(m->keys, domain, from, &found) || found.number >> 8 != SCP_VERSION_RECEIPT ||
        !found.symmetric)
        return false;
    *out = (struct key_ref){domain, found.number, NULL};
    return keys_info(m->keys, out, info) == ONECARD_OK;
}

#define RECEIPT_DATA_MAX (3u + 11u + 3u * (1u + AID_MAX) + 1u + 3u + 2u + 255u)

/* Length, receipt with its length, then what tells receipts apart: counter and card (table 11-11).
 */
enum onecard_err trust_confirm(struct manager *m, uint32_t domain, bool delegated,
                               const struct aid *names, uint32_t count, const struct tlv *fields,
                               uint32_t field_count, struct apdu_answer *answer) {
    struct key_ref ref;
    struct key_info info;
    uint8_t data[RECEIPT_DATA_MAX], mac[CRYPTO_BLOCK_MAX];
    uint32_t len = 0;
    uint32_t signer = delegated ? domain_with(m, domain, PRIVILEGE_RECEIPTS) : DOMAIN_NONE;
    if (signer == DOMAIN_NONE || !receipt_key(m, signer, &ref, &info)) {
        answer->data[answer->len++] = 0;
        return ONECARD_OK;
    }
    uint16_t counter = (uint16_t)(trust_counter(m, signer) + 1);
    if (!counter)
        return ONECARD_E_STATE; /* each value once */
    data[len++] = 2;
    put_be16(data + len, counter);
    len += 2;
    data[len++] = 10; /* of the domain, or of the card */
    data_diversification(m, domain, data + len);
    len += 10;
    const uint32_t confirmation = len;
    for (uint32_t i = 0; i < count; i++) {
        data[len++] = names[i].len;
        memcpy(data + len, names[i].value, names[i].len);
        len += names[i].len;
    }
    for (uint32_t i = 0; i < field_count; i++) {
        if (fields[i].len > 255 || fields[i].len + 2 > sizeof data - len)
            return ONECARD_E_FORMAT;
        if (fields[i].len > 127)
            data[len++] = 0x81;
        data[len++] = (uint8_t)fields[i].len;
        memcpy(data + len, fields[i].value, fields[i].len);
        len += fields[i].len;
    }
    const bool des = info.block_size == 8;
    enum onecard_err err =
        keys_mac(m->keys, &ref, des ? CRYPTO_MAC_RETAIL : CRYPTO_MAC_CMAC,
                 des ? CRYPTO_PAD_80 : CRYPTO_PAD_NONE, NULL, data, len, mac, info.block_size);
    if (!err)
        err = set_counter(m, signer, counter);
    if (err)
        return err;
    uint8_t *out = answer->data + answer->len;
    *out++ = (uint8_t)(1 + info.block_size + confirmation);
    *out++ = info.block_size;
    memcpy(out, mac, info.block_size);
    memcpy(out + info.block_size, data, confirmation);
    answer->len += 2u + info.block_size + confirmation;
    return ONECARD_OK;
}
