/* Keys of block ciphers: setting up and wiping. */
#include "crypto/block.h"

#include "base/bytes.h"

enum onecard_err crypto_key_set(struct crypto_key *key, enum crypto_alg alg, const uint8_t *bytes,
                                size_t len) {
    const struct crypto_alg_info *info = crypto_alg_find(alg);
    key->info = NULL;
    if (info == NULL || info->kind != CRYPTO_KIND_CIPHER || len != info->key_size)
        return ONECARD_E_PARAM;
    enum onecard_err err = info->block->set(key, bytes);
    if (err == ONECARD_OK)
        key->info = info;
    else
        crypto_key_wipe(key);
    return err;
}

void crypto_key_wipe(struct crypto_key *key) {
    bytes_wipe(key, sizeof *key);
}
