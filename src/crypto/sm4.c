/* SM4 in the table: which of its ways runs is asked from the processor each time, so that no global
 * state is needed. */
#include "crypto/sm4.h"

#include "base/bytes.h"
#include "crypto/block.h"

static void crypt(const uint32_t round_keys[32], const uint8_t *in, uint8_t *out, size_t blocks) {
#ifdef CRYPTO_SM4_AESNI
    if (sm4_aesni_present()) {
        sm4_aesni_crypt(round_keys, in, out, blocks);
        return;
    }
#endif
    sm4_plain_crypt(round_keys, in, out, blocks);
}

static enum onecard_err sm4_set(struct crypto_key *key, const uint8_t *bytes) {
#ifdef CRYPTO_SM4_AESNI
    if (sm4_aesni_present()) {
        sm4_aesni_key(key->u.sm4, bytes);
        return ONECARD_OK;
    }
#endif
    sm4_plain_key(key->u.sm4, bytes);
    return ONECARD_OK;
}

static void sm4_encrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                        size_t blocks) {
    crypt(key->u.sm4, in, out, blocks);
}

static void sm4_decrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                        size_t blocks) {
    uint32_t backwards[32];
    for (int i = 0; i < 32; i++)
        backwards[i] = key->u.sm4[31 - i];
    crypt(backwards, in, out, blocks);
    bytes_wipe(backwards, sizeof backwards);
}

const struct crypto_block_ops crypto_sm4_ops = {
    .set = sm4_set, .encrypt = sm4_encrypt, .decrypt = sm4_decrypt};
