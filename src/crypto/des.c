/* DES and 3DES in the table. FIPS 46-3, SP 800-67.
 *
 * A key keeps the schedules in their order for encryption; decryption runs them backwards. */
#include "crypto/block.h"

#include <string.h>

#include "base/bytes.h"
#include "crypto/des.h"

enum { SINGLE = 1, TRIPLE = 3, KEYS = TRIPLE * DES_ROUNDS };

static enum onecard_err des_set(struct crypto_key *key, const uint8_t *bytes) {
    des_schedule(key->u.des, bytes);
    return ONECARD_OK;
}

/* E(K1) D(K2) E(K3): the middle schedule runs backwards. */
static void set_middle(uint64_t sk[DES_ROUNDS], const uint8_t key[8]) {
    uint64_t middle[DES_ROUNDS];
    des_schedule(middle, key);
    for (unsigned i = 0; i < DES_ROUNDS; i++)
        sk[i] = middle[DES_ROUNDS - 1 - i];
    bytes_wipe(middle, sizeof middle);
}

static enum onecard_err tdes2_set(struct crypto_key *key, const uint8_t *bytes) {
    des_schedule(key->u.des, bytes);
    set_middle(key->u.des + DES_ROUNDS, bytes + 8);
    memcpy(key->u.des + 2 * DES_ROUNDS, key->u.des, DES_ROUNDS * sizeof *key->u.des);
    return ONECARD_OK;
}

static enum onecard_err tdes3_set(struct crypto_key *key, const uint8_t *bytes) {
    des_schedule(key->u.des, bytes);
    set_middle(key->u.des + DES_ROUNDS, bytes + 8);
    des_schedule(key->u.des + 2 * DES_ROUNDS, bytes + 16);
    return ONECARD_OK;
}

static void des_encrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                        size_t blocks) {
    des_blocks(&(struct des_keys){key->u.des, SINGLE, 1}, in, out, blocks);
}

static void des_decrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                        size_t blocks) {
    des_blocks(&(struct des_keys){key->u.des + DES_ROUNDS - 1, SINGLE, -1}, in, out, blocks);
}

static void des3_encrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                         size_t blocks) {
    des_blocks(&(struct des_keys){key->u.des, TRIPLE, 1}, in, out, blocks);
}

static void des3_decrypt(const struct crypto_key *key, const uint8_t *in, uint8_t *out,
                         size_t blocks) {
    des_blocks(&(struct des_keys){key->u.des + KEYS - 1, TRIPLE, -1}, in, out, blocks);
}

static void des_mac(const struct crypto_key *key, uint8_t *chain, const uint8_t *data,
                    size_t blocks) {
    des_chain(key->u.des, SINGLE, SINGLE, chain, data, blocks);
}

static void des3_mac(const struct crypto_key *key, uint8_t *chain, const uint8_t *data,
                     size_t blocks) {
    des_chain(key->u.des, TRIPLE, TRIPLE, chain, data, blocks);
}

/* The retail MAC's output transformation, D(K2) and E(K3) after the last E(K1) (9797-1, 7.3), is
 * together a 3DES block. The first schedule is K1's. */
static void des3_retail(const struct crypto_key *key, uint8_t *chain, const uint8_t *data,
                        size_t blocks, bool last) {
    des_chain(key->u.des, SINGLE, last ? TRIPLE : SINGLE, chain, data, blocks);
}

#ifdef DES_HALF_64

static void des_together(const struct crypto_chain *chains, size_t count) {
    struct des_lane lanes[CRYPTO_CHAINS];
    _Static_assert(CRYPTO_CHAINS <= DES_LANES, "lanes");
    for (size_t i = 0; i < count; i++) {
        const struct crypto_chain *c = &chains[i];
        const unsigned passes = c->key->info->key_size == DES_BLOCK ? SINGLE : TRIPLE;
        lanes[i] = (struct des_lane){
            c->key->u.des, c->retail ? SINGLE : passes, passes, c->chain, c->data, c->blocks};
    }
    des_chains(lanes, (unsigned)count);
}

#else /* nothing waits there that another chain could fill */
#define des_together NULL
#endif

const struct crypto_block_ops crypto_des_ops = {.set = des_set,
                                                .encrypt = des_encrypt,
                                                .decrypt = des_decrypt,
                                                .chain = des_mac,
                                                .together = des_together};
const struct crypto_block_ops crypto_tdes2_ops = {.set = tdes2_set,
                                                  .encrypt = des3_encrypt,
                                                  .decrypt = des3_decrypt,
                                                  .chain = des3_mac,
                                                  .retail = des3_retail,
                                                  .together = des_together};
const struct crypto_block_ops crypto_tdes3_ops = {.set = tdes3_set,
                                                  .encrypt = des3_encrypt,
                                                  .decrypt = des3_decrypt,
                                                  .chain = des3_mac,
                                                  .retail = des3_retail,
                                                  .together = des_together};
