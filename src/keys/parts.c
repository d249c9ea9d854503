/* MACs over a message that lies in several places: secure messaging puts a counter and a padded
 * header before what came. */
#include "base/bytes.h"
#include "keys/key.h"

static enum onecard_err mac_of(const struct key_view *view, enum crypto_mac_kind kind,
                               const struct keys_part *parts, uint32_t count, uint8_t *out,
                               uint32_t len) {
    struct crypto_mac mac;
    enum onecard_err err = len >= 4 && len <= view->key->info->block_size
                               ? crypto_mac_start(&mac, view->key, kind, CRYPTO_PAD_NONE, NULL)
                               : ONECARD_E_PARAM;
    if (err != ONECARD_OK)
        return err;
    for (uint32_t i = 0; i < count; i++)
        crypto_mac_update(&mac, parts[i].data, parts[i].len);
    return crypto_mac_finish(&mac, out, len);
}

enum onecard_err keys_mac_parts(struct keys *k, const struct key_ref *ref,
                                enum crypto_mac_kind kind, const struct keys_part *parts,
                                uint32_t count, uint8_t *out_mac, uint32_t mac_len) {
    struct key_view view;
    enum onecard_err err = key_use_cipher(k, ref, KEY_MAC, &view);
    return err == ONECARD_OK ? mac_of(&view, kind, parts, count, out_mac, mac_len) : err;
}

enum onecard_err keys_mac_parts_verify(struct keys *k, const struct key_ref *ref,
                                       enum crypto_mac_kind kind, const struct keys_part *parts,
                                       uint32_t count, const uint8_t *mac, uint32_t mac_len) {
    struct key_view view;
    uint8_t right[CRYPTO_BLOCK_MAX];
    enum onecard_err err = key_use_cipher(k, ref, KEY_MAC_VERIFY, &view);
    if (err == ONECARD_OK)
        err = mac_of(&view, kind, parts, count, right, mac_len);
    if (err == ONECARD_OK)
        err = key_compare_counted(k, &view, right, mac, mac_len);
    bytes_wipe(right, sizeof right);
    return err;
}
