/* Using keys of ciphers: encipherment, MACs, authentication. */
#include "keys/key.h"

#include <string.h>

#include "base/bytes.h"

/* ---- encipherment, MACs ---- */

enum onecard_err keys_cipher(struct keys *k, const struct key_ref *ref, enum crypto_mode mode,
                             enum crypto_direction direction, uint8_t *iv, const uint8_t *in,
                             uint8_t *out, uint32_t len) {
    struct key_view view;
    const uint16_t usage = direction == CRYPTO_ENCRYPT ? KEY_ENCRYPT : KEY_DECRYPT;
    enum onecard_err err = key_use_cipher(k, ref, usage, &view);
    return err == ONECARD_OK ? crypto_cipher(view.key, mode, direction, iv, in, out, len) : err;
}

static bool mac_length_fits(const struct key_view *view, uint32_t mac_len) {
    return mac_len >= 4 && mac_len <= view->key->info->block_size;
}

enum onecard_err keys_mac(struct keys *k, const struct key_ref *ref, enum crypto_mac_kind kind,
                          enum crypto_pad pad, const uint8_t *iv, const uint8_t *data, uint32_t len,
                          uint8_t *out_mac, uint32_t mac_len) {
    struct key_view view;
    enum onecard_err err = key_use_cipher(k, ref, KEY_MAC, &view);
    if (err == ONECARD_OK && !mac_length_fits(&view, mac_len))
        err = ONECARD_E_PARAM;
    return err == ONECARD_OK ? crypto_mac_once(view.key, kind, pad, iv, data, len, out_mac, mac_len)
                             : err;
}

enum onecard_err key_compare_counted(struct keys *k, const struct key_view *view,
                                     const uint8_t *right, const uint8_t *given, uint32_t len) {
    enum onecard_err err = key_try_spend(k, view);
    if (err != ONECARD_OK)
        return err;
    if (!bytes_equal_ct(right, given, len))
        return ONECARD_E_WRONG;
    return key_try_restore(k, view);
}

enum onecard_err keys_mac_verify(struct keys *k, const struct key_ref *ref,
                                 enum crypto_mac_kind kind, enum crypto_pad pad, const uint8_t *iv,
                                 const uint8_t *data, uint32_t len, const uint8_t *mac,
                                 uint32_t mac_len) {
    struct key_view view;
    uint8_t right[CRYPTO_BLOCK_MAX];
    enum onecard_err err = key_use_cipher(k, ref, KEY_MAC_VERIFY, &view);
    if (err == ONECARD_OK && !mac_length_fits(&view, mac_len))
        err = ONECARD_E_PARAM;
    if (err == ONECARD_OK)
        err = crypto_mac_once(view.key, kind, pad, iv, data, len, right, mac_len);
    if (err == ONECARD_OK)
        err = key_compare_counted(k, &view, right, mac, mac_len);
    bytes_wipe(right, sizeof right);
    return err;
}

/* Slots stay where they are while several are looked at; cached keys would not. */
static enum onecard_err prepare(struct keys *k, const struct key_mac_job *job,
                                struct key_view *out_view, struct crypto_mac_job *out_mac) {
    const uint16_t usage = job->verify ? KEY_MAC_VERIFY : KEY_MAC;
    if (job->ref.session == NULL)
        return ONECARD_E_PARAM;
    enum onecard_err err = key_use_cipher(k, &job->ref, usage, out_view);
    if (err == ONECARD_OK && !mac_length_fits(out_view, job->mac_len))
        err = ONECARD_E_PARAM;
    out_mac->key = out_view->key;
    out_mac->kind = job->kind;
    out_mac->pad = job->pad;
    out_mac->data = job->data;
    out_mac->len = job->len;
    return err;
}

enum onecard_err keys_macs(struct keys *k, const struct key_mac_job *jobs, uint32_t count) {
    struct key_view views[KEYS_MACS_MAX];
    struct crypto_mac_job macs[KEYS_MACS_MAX];
    if (count > KEYS_MACS_MAX)
        return ONECARD_E_PARAM;
    enum onecard_err err = ONECARD_OK;
    for (uint32_t i = 0; i < count && err == ONECARD_OK; i++)
        err = prepare(k, &jobs[i], &views[i], &macs[i]);
    if (err != ONECARD_OK)
        return err;
    err = crypto_macs(macs, count);
    for (uint32_t i = 0; i < count && err == ONECARD_OK; i++)
        if (jobs[i].verify)
            err = key_compare_counted(k, &views[i], macs[i].mac, jobs[i].mac, jobs[i].mac_len);
    for (uint32_t i = 0; i < count; i++) {
        if (err == ONECARD_OK && !jobs[i].verify)
            memcpy(jobs[i].mac, macs[i].mac, jobs[i].mac_len);
        bytes_wipe(macs[i].mac, sizeof macs[i].mac);
    }
    return err;
}

/* ---- authentication ---- */

enum onecard_err keys_challenge(struct keys *k, struct security_status *status, uint8_t *out,
                                uint32_t len) {
    if (len < 4 || len > STATUS_CHALLENGE_MAX)
        return ONECARD_E_PARAM;
    status->challenge_len = 0;
    enum onecard_err err = crypto_random_bytes(k->random, status->challenge, len);
    if (err != ONECARD_OK)
        return err;
    status->challenge_len = (uint8_t)len;
    memcpy(out, status->challenge, len);
    return ONECARD_OK;
}

/* What the outside should have sent. */
static enum onecard_err right_cryptogram(const struct key_view *view,
                                         const struct security_status *status, uint8_t *out,
                                         uint32_t len) {
    const uint32_t block = view->key->info->block_size;
    if (len != (status->challenge_len + block - 1) / block * block)
        return ONECARD_E_PARAM;
    memset(out, 0, STATUS_CHALLENGE_MAX);
    memcpy(out, status->challenge, status->challenge_len);
    return crypto_cipher(view->key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, out, out, len);
}

enum onecard_err keys_auth_external(struct keys *k, const struct key_ref *ref,
                                    struct security_status *status, const uint8_t *cryptogram,
                                    uint32_t len) {
    struct key_view view;
    uint8_t right[STATUS_CHALLENGE_MAX];
    if (ref->number >= STATUS_KEYS)
        return ONECARD_E_PARAM;
    enum onecard_err err = key_use_cipher(k, ref, KEY_AUTH_EXTERNAL, &view);
    if (err != ONECARD_OK)
        return err;
    if (status->challenge_len == 0)
        return ONECARD_E_STATE;
    err = right_cryptogram(&view, status, right, len);
    if (err == ONECARD_OK)
        err = key_compare_counted(k, &view, right, cryptogram, len);
    bytes_wipe(right, sizeof right);
    status->challenge_len = 0;
    if (err == ONECARD_OK)
        status->keys[ref->number / 32] |= 1u << ref->number % 32;
    else if (err == ONECARD_E_WRONG || err == ONECARD_E_BLOCKED)
        security_status_clear(status);
    return err;
}

enum onecard_err keys_auth_internal(struct keys *k, const struct key_ref *ref, const uint8_t *data,
                                    uint32_t len, uint8_t *out) {
    struct key_view view;
    enum onecard_err err = key_use_cipher(k, ref, KEY_AUTH_INTERNAL, &view);
    if (err == ONECARD_OK && len == 0)
        err = ONECARD_E_PARAM;
    return err == ONECARD_OK
               ? crypto_cipher(view.key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, data, out, len)
               : err;
}
