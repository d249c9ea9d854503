/* Deriving session keys: one table of derivations. Adding one is a row, and a function if its shape
 * is new. docs/keys.md names the protocols that use each. */
#include "keys/key.h"

#include <string.h>

#include "base/bytes.h"

#define DERIVE_DATA_MAX 64u

/* What comes out of a derivation. */
struct derived {
    uint8_t algorithm;
    uint8_t bytes[KEYS_SIZE_MAX];
};

typedef enum onecard_err derive_fn(const struct key_view *parent, const uint8_t *data, uint32_t len,
                                   struct derived *out);

static enum onecard_err encrypt(const struct key_view *parent, uint8_t *inout, uint32_t len) {
    return crypto_cipher(parent->key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, inout, inout, len);
}

static void invert(uint8_t *out, const uint8_t *in, uint32_t len) {
    for (uint32_t i = 0; i < len; i++)
        out[i] = (uint8_t)~in[i];
}

/* ---- shapes ---- */

/* E(D) | E(~D) with 8-byte blocks, E(D | ~D) with 16: the same bytes go in. */
static enum onecard_err derive_diversify(const struct key_view *parent, const uint8_t *data,
                                         uint32_t len, struct derived *out) {
    memcpy(out->bytes, data, len);
    invert(out->bytes + len, data, len);
    return encrypt(parent, out->bytes, 2 * len);
}

/* 0^6 D | 0^6 ~D */
static enum onecard_err derive_emv(const struct key_view *parent, const uint8_t *data, uint32_t len,
                                   struct derived *out) {
    memset(out->bytes, 0, 16);
    memcpy(out->bytes + 6, data, len);
    invert(out->bytes + 14, data, len);
    return encrypt(parent, out->bytes, 16);
}

static enum onecard_err derive_block(const struct key_view *parent, const uint8_t *data,
                                     uint32_t len, struct derived *out) {
    memcpy(out->bytes, data, len);
    return encrypt(parent, out->bytes, len);
}

static enum onecard_err derive_fold(const struct key_view *parent, const uint8_t *data,
                                    uint32_t len, struct derived *out) {
    (void)data;
    (void)len;
    for (uint32_t i = 0; i < 8; i++)
        out->bytes[i] = (uint8_t)(parent->raw[i] ^ parent->raw[8 + i]);
    return ONECARD_OK;
}

static enum onecard_err derive_cbc(const struct key_view *parent, const uint8_t *data, uint32_t len,
                                   struct derived *out) {
    return crypto_cipher(parent->key, CRYPTO_CBC, CRYPTO_ENCRYPT, NULL, data, out->bytes, len);
}

/* NIST SP 800-108 in counter mode; D carries the counter in byte 15, as SCP03 has it. */
static enum onecard_err derive_cmac(const struct key_view *parent, const uint8_t *data,
                                    uint32_t len, struct derived *out) {
    uint8_t input[DERIVE_DATA_MAX];
    enum onecard_err err = ONECARD_OK;
    memcpy(input, data, len);
    for (uint32_t at = 0; at < parent->size && err == ONECARD_OK; at += 16) {
        err = crypto_mac_once(parent->key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, input, len,
                              out->bytes + at, 16);
        if (len > 15)
            input[15]++;
    }
    return err;
}

static enum onecard_err derive_copy(const struct key_view *parent, const uint8_t *data,
                                    uint32_t len, struct derived *out) {
    (void)data;
    (void)len;
    memcpy(out->bytes, parent->raw, parent->size);
    return ONECARD_OK;
}

/* ---- the table ---- */

#define USE_ALL KEY_USAGE_SESSION
#define USE_MESSAGES (USE_ALL & ~(KEY_DERIVE | KEY_WRAP | KEY_UNWRAP))
#define SAME 0xFFu /* the parent's algorithm */

static const struct derivation {
    uint8_t id;        /* enum key_derivation */
    uint8_t parent;    /* enum crypto_alg */
    uint8_t algorithm; /* of the derived key */
    uint8_t data_min, data_max;
    uint16_t usage; /* what the derived key may be used for */
    derive_fn *derive;
} derivations[] = {
    {KEYS_DERIVE_BLOCK, CRYPTO_TDES2, CRYPTO_DES, 8, 8, USE_MESSAGES, derive_block},
    {KEYS_DERIVE_BLOCK, CRYPTO_TDES3, CRYPTO_DES, 8, 8, USE_MESSAGES, derive_block},
    {KEYS_DERIVE_BLOCK, CRYPTO_AES128, SAME, 16, 16, USE_ALL, derive_block},
    {KEYS_DERIVE_BLOCK, CRYPTO_SM4, SAME, 16, 16, USE_ALL, derive_block},
    {KEYS_DERIVE_FOLD, CRYPTO_TDES2, CRYPTO_DES, 0, 0, USE_MESSAGES, derive_fold},
    {KEYS_DERIVE_DIVERSIFY, CRYPTO_TDES2, SAME, 8, 8, USE_ALL, derive_diversify},
    {KEYS_DERIVE_DIVERSIFY, CRYPTO_AES128, SAME, 8, 8, USE_ALL, derive_diversify},
    {KEYS_DERIVE_DIVERSIFY, CRYPTO_SM4, SAME, 8, 8, USE_ALL, derive_diversify},
    {KEYS_DERIVE_EMV, CRYPTO_TDES2, SAME, 2, 2, USE_MESSAGES, derive_emv},
    {KEYS_DERIVE_EMV, CRYPTO_AES128, SAME, 2, 2, USE_MESSAGES, derive_emv},
    {KEYS_DERIVE_EMV, CRYPTO_SM4, SAME, 2, 2, USE_MESSAGES, derive_emv},
    {KEYS_DERIVE_CBC, CRYPTO_TDES2, SAME, 16, 16, USE_ALL, derive_cbc},
    {KEYS_DERIVE_CBC, CRYPTO_AES128, SAME, 16, 16, USE_ALL, derive_cbc},
    {KEYS_DERIVE_CBC, CRYPTO_SM4, SAME, 16, 16, USE_ALL, derive_cbc},
    {KEYS_DERIVE_CMAC, CRYPTO_AES128, SAME, 1, DERIVE_DATA_MAX, USE_ALL, derive_cmac},
    {KEYS_DERIVE_CMAC, CRYPTO_AES192, SAME, 16, DERIVE_DATA_MAX, USE_ALL, derive_cmac},
    {KEYS_DERIVE_CMAC, CRYPTO_AES256, SAME, 16, DERIVE_DATA_MAX, USE_ALL, derive_cmac},
    {KEYS_DERIVE_CMAC, CRYPTO_SM4, SAME, 1, DERIVE_DATA_MAX, USE_ALL, derive_cmac},
    /* any algorithm: the derived key can do no more than its parent */
    {KEYS_DERIVE_COPY, CRYPTO_NONE, SAME, 0, 0, KEY_USAGE_ALL, derive_copy},
};

static const struct derivation *find(enum key_derivation id, uint8_t parent) {
    for (uint32_t i = 0; i < sizeof derivations / sizeof *derivations; i++)
        if (derivations[i].id == id &&
            (derivations[i].parent == parent || derivations[i].parent == CRYPTO_NONE))
            return &derivations[i];
    return NULL;
}

enum onecard_err key_session_fill(struct key_session *slot, uint32_t owner, uint8_t algorithm,
                                  uint8_t version, uint16_t usage, store_name counter,
                                  const uint8_t *bytes) {
    const uint32_t size = crypto_alg_find((enum crypto_alg)algorithm)->key_size;
    enum onecard_err err = crypto_key_set(&slot->key, (enum crypto_alg)algorithm, bytes, size);
    if (err != ONECARD_OK) {
        key_session_clear(slot);
        return err;
    }
    memcpy(slot->raw, bytes, size);
    slot->size = 0;
    slot->fresh = false;
    slot->usage = usage;
    slot->algorithm = algorithm;
    slot->version = version;
    slot->owner = (uint16_t)owner;
    slot->parent = counter;
    return ONECARD_OK;
}

enum onecard_err keys_derive(struct keys *k, const struct key_ref *parent,
                             enum key_derivation derivation, const uint8_t *data, uint32_t len,
                             uint16_t usage, struct key_session *out_session) {
    struct key_view view;
    struct derived derived;
    const uint16_t needed = derivation == KEYS_DERIVE_COPY ? usage : KEY_DERIVE;
    enum onecard_err err = key_use_cipher(k, parent, needed, &view);
    if (err != ONECARD_OK)
        return err;
    const struct derivation *row = find(derivation, view.algorithm);
    if (row == NULL || len < row->data_min || len > row->data_max || usage == 0)
        return ONECARD_E_PARAM;
    if ((usage & ~row->usage) != 0)
        return ONECARD_E_DENIED;
    derived.algorithm = row->algorithm == SAME ? view.algorithm : row->algorithm;
    err = row->derive(&view, data, len, &derived);
    if (err == ONECARD_OK) /* the parent may lie in this very slot: nothing of it is needed now */
        err = key_session_fill(out_session, parent->owner, derived.algorithm, view.version, usage,
                               view.counter, derived.bytes);
    bytes_wipe(&derived, sizeof derived);
    return err;
}
