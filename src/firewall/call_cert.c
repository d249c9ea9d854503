/* Host calls: certificates. What was verified becomes a public key in a session slot, for
 * key_verify() and key_encrypt(). */
#include "firewall/handlers.h"
#include "secure/cert.h"

int32_t handle_cert_root(struct door *d, const struct call_argument *a) {
    return cert_root_set(d->store, d->owner, a[0].value, a[1].bytes, a[1].len);
}

int32_t handle_cert_list(struct door *d, const struct call_argument *a) {
    uint16_t version;
    enum onecard_err err =
        a[0].len ? cert_list_set(d->store, d->owner, a[0].bytes, a[0].len) : ONECARD_OK;
    if (err == ONECARD_OK)
        err = cert_list_version(d->store, d->owner, &version);
    return err == ONECARD_OK ? version : (int32_t)err;
}

int32_t handle_cert_verify(struct door *d, const struct call_argument *a) {
    uint8_t key[CRYPTO_SM2_PUBLIC];
    if (a[0].value >= DOOR_SESSIONS || a[1].value > 0xFF || a[2].value > 0xFFFF)
        return ONECARD_E_PARAM;
    enum onecard_err err = cert_verify(d->store, d->owner, a[3].bytes, a[3].len,
                                       (uint8_t)a[1].value, (uint16_t)a[2].value, key);
    if (err != ONECARD_OK)
        return err;
    struct key_session *slot = door_session(d, a[0].value, true);
    if (!slot)
        return ONECARD_E_NO_MEMORY;
    return keys_load_public(d->keys, d->owner, CRYPTO_SM2, KEY_VERIFY | KEY_ENCRYPT | KEY_WRAP, key,
                            sizeof key, slot);
}
