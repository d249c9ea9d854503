/* Host calls: keys. Values go in, or never come near linear memory; none comes out (F7). */
#include <string.h>

#include "base/bytes.h"
#include "firewall/call_keys.h"

int32_t key_of(struct door *d, uint32_t key, struct key_ref *ref) {
    *ref = (struct key_ref){.owner = d->owner};
    if (key < KEY_SESSION_BASE) {
        ref->number = (uint16_t)key;
        return ONECARD_OK;
    }
    ref->session = door_session(d, key - KEY_SESSION_BASE, false);
    return ref->session ? ONECARD_OK : ONECARD_E_NOT_FOUND;
}

/* The initial vector: one block of the key, or nothing. */
static int32_t iv_of(struct door *d, const struct key_ref *ref, const struct call_argument *iv,
                     uint8_t **out_iv) {
    struct key_info info;
    *out_iv = NULL;
    if (!iv->len)
        return ONECARD_OK;
    enum onecard_err err = keys_info(d->keys, ref, &info);
    if (err)
        return err;
    if (iv->len != info.block_size)
        return ONECARD_E_PARAM;
    *out_iv = iv->bytes;
    return ONECARD_OK;
}

int32_t key_spec_of(const struct call_argument *a, struct key_spec *spec) {
    const uint8_t *p = a->bytes;
    if (a->len < 5 || a->len - 5 > ACCESS_RULES_MAX)
        return ONECARD_E_PARAM;
    *spec = (struct key_spec){.algorithm = p[0],
                              .version = p[1],
                              .usage = get_be16(p + 2),
                              .tries_max = p[4],
                              .rules = a->len > 5 ? p + 5 : NULL,
                              .rules_len = (uint8_t)(a->len - 5)};
    return ONECARD_OK;
}

int32_t handle_key_create(struct door *d, const struct call_argument *a) {
    struct key_spec spec;
    if (a[0].value > 0xFFFF || key_spec_of(&a[1], &spec) != ONECARD_OK)
        return ONECARD_E_PARAM;
    return keys_create(d->keys, d->owner, (uint16_t)a[0].value, &spec, a[2].bytes, a[2].len);
}

int32_t handle_key_update(struct door *d, const struct call_argument *a) {
    if (a[0].value > 0xFFFF || a[1].value > 0xFF)
        return ONECARD_E_PARAM;
    return keys_update(d->keys, d->owner, (uint16_t)a[0].value, (uint8_t)a[1].value, a[2].bytes,
                       a[2].len);
}

int32_t handle_key_import(struct door *d, const struct call_argument *a) {
    struct key_ref wrap;
    int32_t err = key_of(d, a[0].value, &wrap);
    if (err)
        return err;
    if (a[1].value > 0xFFFF || a[2].value > 0xFF)
        return ONECARD_E_PARAM;
    return keys_import(d->keys, &wrap, (uint16_t)a[1].value, NULL, (uint8_t)a[2].value, a[3].bytes,
                       a[3].len, a[4].bytes, a[4].len);
}

int32_t handle_key_delete(struct door *d, const struct call_argument *a) {
    return a[0].value > 0xFFFF ? ONECARD_E_NOT_FOUND
                               : keys_delete(d->keys, d->owner, (uint16_t)a[0].value);
}

int32_t handle_key_block(struct door *d, const struct call_argument *a) {
    return a[0].value > 0xFFFF ? ONECARD_E_NOT_FOUND
                               : keys_block(d->keys, d->owner, (uint16_t)a[0].value);
}

int32_t handle_key_unblock(struct door *d, const struct call_argument *a) {
    return a[0].value > 0xFFFF ? ONECARD_E_NOT_FOUND
                               : keys_unblock(d->keys, d->owner, (uint16_t)a[0].value);
}

int32_t handle_key_info(struct door *d, const struct call_argument *a) {
    struct key_ref ref;
    struct key_info info;
    int32_t err = key_of(d, a[0].value, &ref);
    if (!err)
        err = keys_info(d->keys, &ref, &info);
    if (err)
        return err;
    if (a[1].len < 8)
        return ONECARD_E_RANGE;
    uint8_t out[8] = {
        info.algorithm,  info.version,   0, 0, (uint8_t)info.size, info.block_size,
        info.tries_left, info.tries_max,
    };
    put_be16(out + 2, info.usage);
    if (info.block_size == 0)
        put_be16(out + 4, info.size);
    memcpy(a[1].bytes, out, sizeof out);
    return ONECARD_OK;
}

int32_t handle_key_derive(struct door *d, const struct call_argument *a) {
    struct key_ref ref;
    int32_t err = key_of(d, a[0].value, &ref);
    if (err)
        return err;
    if (a[3].value > KEY_USAGE_ALL || a[4].value >= DOOR_SESSIONS)
        return ONECARD_E_PARAM;
    struct key_session *slot = door_session(d, a[4].value, true);
    if (!slot)
        return ONECARD_E_NO_MEMORY;
    return keys_derive(d->keys, &ref, (enum key_derivation)a[1].value, a[2].bytes, a[2].len,
                       (uint16_t)a[3].value, slot);
}

/* What cipher and MAC calls have in common: key, how (two bytes), iv. */
static int32_t use_of(struct door *d, const struct call_argument *a, struct key_ref *ref,
                      uint8_t **out_iv) {
    int32_t err = key_of(d, a[0].value, ref);
    if (!err)
        err = iv_of(d, ref, &a[2], out_iv);
    return err || a[1].value <= 0xFFFF ? err : ONECARD_E_PARAM;
}

int32_t handle_key_cipher(struct door *d, const struct call_argument *a) {
    struct key_ref ref;
    uint8_t *iv;
    int32_t err = use_of(d, a, &ref, &iv);
    return err ? err
               : keys_cipher(d->keys, &ref, (enum crypto_mode)(a[1].value & 0xFF),
                             (enum crypto_direction)(a[1].value >> 8), iv, a[3].bytes, a[3].bytes,
                             a[3].len);
}

int32_t handle_key_mac(struct door *d, const struct call_argument *a) {
    struct key_ref ref;
    uint8_t *iv;
    int32_t err = use_of(d, a, &ref, &iv);
    return err ? err
               : keys_mac(d->keys, &ref, (enum crypto_mac_kind)(a[1].value & 0xFF),
                          (enum crypto_pad)(a[1].value >> 8), iv, a[3].bytes, a[3].len, a[4].bytes,
                          a[4].len);
}

int32_t handle_key_mac_verify(struct door *d, const struct call_argument *a) {
    struct key_ref ref;
    uint8_t *iv;
    int32_t err = use_of(d, a, &ref, &iv);
    return err ? err
               : keys_mac_verify(d->keys, &ref, (enum crypto_mac_kind)(a[1].value & 0xFF),
                                 (enum crypto_pad)(a[1].value >> 8), iv, a[3].bytes, a[3].len,
                                 a[4].bytes, a[4].len);
}

/* An entry of key_macs()'s list, with the buffers it is about. mac: on by its length. */
static int32_t mac_job_of(struct door *d, const uint8_t entry[6], const struct call_argument *data,
                          uint8_t **mac, const uint8_t *mac_end, struct key_mac_job *out) {
    int32_t err = key_of(d, KEY_SESSION_BASE + entry[0], &out->ref);
    if (err)
        return err;
    out->mac_len = entry[1] & 0x7Fu;
    out->verify = entry[1] >> 7;
    out->pad = (enum crypto_pad)entry[2];
    out->kind = (enum crypto_mac_kind)entry[3];
    out->len = entry[5];
    if (entry[4] > data->len || out->len > data->len - entry[4] ||
        out->mac_len > (size_t)(mac_end - *mac))
        return ONECARD_E_PARAM;
    out->data = data->bytes + entry[4];
    out->mac = *mac;
    *mac += out->mac_len;
    return ONECARD_OK;
}

int32_t handle_key_macs(struct door *d, const struct call_argument *a) {
    struct key_mac_job jobs[KEYS_MACS_MAX];
    const uint8_t *entry = a[0].bytes, *const end = entry + a[0].len;
    uint8_t *mac = a[2].bytes, *const mac_end = mac + a[2].len;
    uint32_t count = 0;
    for (; end - entry >= 6 && count < KEYS_MACS_MAX; entry += 6) {
        int32_t err = mac_job_of(d, entry, &a[1], &mac, mac_end, &jobs[count++]);
        if (err)
            return err;
    }
    return entry == end && mac == mac_end ? keys_macs(d->keys, jobs, count) : ONECARD_E_PARAM;
}

int32_t handle_digest(struct door *d, const struct call_argument *a) {
    (void)d;
    uint8_t out[CRYPTO_DIGEST_MAX];
    const struct crypto_alg_info *info = crypto_alg_find((enum crypto_alg)a[0].value);
    if (!info || info->kind != CRYPTO_KIND_DIGEST || a[2].len > info->digest_size)
        return ONECARD_E_PARAM;
    enum onecard_err err =
        crypto_digest_once((enum crypto_alg)a[0].value, a[1].bytes, a[1].len, out);
    if (!err)
        memcpy(a[2].bytes, out, a[2].len);
    bytes_wipe(out, sizeof out);
    return err;
}
