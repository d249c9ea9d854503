/* Message authentication codes: ISO/IEC 9797-1 algorithms 1 and 3, CMAC (NIST SP 800-38B).
 *
 * All are CBC chains that differ in how the last block ends. So the run keeps one full block back
 * (tail) until it knows that more follows. */
#include "crypto/block.h"

#include <string.h>

#include "base/bytes.h"

/* chain = E(chain XOR block) over whole blocks; the last one of all ends a retail MAC. */
static void absorb(struct crypto_mac *mac, const uint8_t *data, size_t blocks, bool last) {
    const struct crypto_alg_info *info = mac->key->info;
    if (mac->kind == CRYPTO_MAC_RETAIL) {
        info->block->retail(mac->key, mac->chain, data, blocks, last);
        return;
    }
    if (info->block->chain != NULL) {
        info->block->chain(mac->key, mac->chain, data, blocks);
        return;
    }
    for (; blocks > 0; blocks--, data += info->block_size) {
        crypto_xor(mac->chain, mac->chain, data, info->block_size);
        info->block->encrypt(mac->key, mac->chain, mac->chain, 1);
    }
}

static bool kind_fits(const struct crypto_key *key, enum crypto_mac_kind kind, enum crypto_pad pad,
                      const uint8_t *iv) {
    switch (kind) {
    case CRYPTO_MAC_CBC:
        return true;
    case CRYPTO_MAC_RETAIL:
        return key->info->block->retail != NULL;
    case CRYPTO_MAC_CMAC:
        return pad == CRYPTO_PAD_NONE && iv == NULL;
    }
    return false;
}

enum onecard_err crypto_mac_start(struct crypto_mac *mac, const struct crypto_key *key,
                                  enum crypto_mac_kind kind, enum crypto_pad pad,
                                  const uint8_t *iv) {
    mac->key = NULL;
    if (key->info == NULL || (unsigned)pad > CRYPTO_PAD_80 || !kind_fits(key, kind, pad, iv))
        return ONECARD_E_PARAM;
    mac->key = key;
    mac->kind = (uint8_t)kind;
    mac->pad = (uint8_t)pad;
    mac->used = 0;
    if (iv != NULL)
        memcpy(mac->chain, iv, key->info->block_size);
    else
        memset(mac->chain, 0, sizeof mac->chain);
    return ONECARD_OK;
}

void crypto_mac_update(struct crypto_mac *mac, const uint8_t *data, size_t len) {
    if (mac->key == NULL)
        return;
    const size_t block = mac->key->info->block_size;
    while (len > 0) {
        if (mac->used == block) {
            absorb(mac, mac->tail, 1, false);
            mac->used = 0;
        }
        if (mac->used == 0 && len > block) {
            const size_t whole = crypto_blocks(len - 1, block); /* one at least stays behind */
            absorb(mac, data, whole, false);
            data += whole * block;
            len -= whole * block;
        }
        size_t n = block - mac->used < len ? block - mac->used : len;
        memcpy(mac->tail + mac->used, data, n);
        mac->used = (uint8_t)(mac->used + n);
        data += n;
        len -= n;
    }
}

/* Multiply by x in GF(2^64) or GF(2^128) (SP 800-38B, 6.1), without a branch on the secret. */
static void double_block(uint8_t *b, size_t block) {
    const uint8_t reduction = block == 8 ? 0x1B : 0x87;
    const uint8_t carry = (uint8_t)(reduction & (0 - (b[0] >> 7)));
    uint32_t below = 0;
    for (size_t i = block; i > 0; i -= 4) {
        const uint32_t word = get_be32(b + i - 4);
        put_be32(b + i - 4, word << 1 | below);
        below = word >> 31;
    }
    b[block - 1] ^= carry;
}

/* Turn the tail into the last block of CMAC: masked with K1 if whole, padded and with K2 if not. */
static void cmac_mask_tail(struct crypto_mac *mac) {
    const size_t block = mac->key->info->block_size;
    uint8_t mask[CRYPTO_BLOCK_MAX] = {0};
    mac->key->info->block->encrypt(mac->key, mask, mask, 1);
    double_block(mask, block);
    if (mac->used < block) {
        double_block(mask, block);
        memset(mac->tail + mac->used, 0, block - mac->used);
        mac->tail[mac->used] = 0x80;
    }
    crypto_xor(mac->tail, mac->tail, mask, block);
    bytes_wipe(mask, sizeof mask);
}

/* Complete tail to the last block, absorbing a whole one before it where padding adds a block. */
static enum onecard_err pad_tail(struct crypto_mac *mac) {
    const size_t block = mac->key->info->block_size;
    if (mac->pad == CRYPTO_PAD_80) {
        if (mac->used == block) {
            absorb(mac, mac->tail, 1, false);
            mac->used = 0;
        }
        mac->tail[mac->used++] = 0x80;
    } else if (mac->pad == CRYPTO_PAD_NONE && mac->used != block) {
        return ONECARD_E_PARAM;
    }
    memset(mac->tail + mac->used, 0, block - mac->used);
    return ONECARD_OK;
}

/* The whole last block, in mac->chain. */
static enum onecard_err finish_chain(struct crypto_mac *mac) {
    if (mac->kind == CRYPTO_MAC_CMAC) {
        cmac_mask_tail(mac);
    } else {
        enum onecard_err err = pad_tail(mac);
        if (err != ONECARD_OK)
            return err;
    }
    absorb(mac, mac->tail, 1, true);
    return ONECARD_OK;
}

enum onecard_err crypto_mac_finish(struct crypto_mac *mac, uint8_t *out, size_t out_len) {
    enum onecard_err err = ONECARD_E_PARAM;
    if (mac->key != NULL && out_len >= 1 && out_len <= mac->key->info->block_size) {
        err = finish_chain(mac);
        if (err == ONECARD_OK)
            memcpy(out, mac->chain, out_len);
    }
    bytes_wipe(mac, sizeof *mac);
    return err;
}

enum onecard_err crypto_mac_check(struct crypto_mac *mac, const uint8_t *expected, size_t len) {
    uint8_t made[CRYPTO_BLOCK_MAX];
    if (len < 4 || len > sizeof made) {
        bytes_wipe(mac, sizeof *mac);
        return ONECARD_E_PARAM;
    }
    enum onecard_err err = crypto_mac_finish(mac, made, len);
    if (err == ONECARD_OK && !bytes_equal_ct(made, expected, len))
        err = ONECARD_E_WRONG;
    bytes_wipe(made, sizeof made);
    return err;
}

/* A short message is padded in one piece: a purse's MACs are of 4 to 24 bytes. */
#define SHORT_MAX 64u

static bool is_short(enum crypto_mac_kind kind, size_t len) {
    return kind != CRYPTO_MAC_CMAC && len > 0 && len <= SHORT_MAX - CRYPTO_BLOCK_MAX;
}

/* message: zeros. Returns its blocks; 0: it needs padding and has none. */
static size_t pad_short(uint8_t message[SHORT_MAX], const uint8_t *data, size_t len,
                        enum crypto_pad pad, size_t block) {
    if (pad == CRYPTO_PAD_NONE && crypto_beyond(len, block) != 0)
        return 0;
    memcpy(message, data, len);
    if (pad == CRYPTO_PAD_80)
        message[len++] = 0x80;
    return crypto_blocks(len + block - 1, block);
}

static enum onecard_err once_short(struct crypto_mac *mac, const uint8_t *data, size_t len,
                                   uint8_t *out, size_t out_len) {
    const size_t block = mac->key->info->block_size;
    uint8_t message[SHORT_MAX] = {0};
    const size_t blocks = pad_short(message, data, len, (enum crypto_pad)mac->pad, block);
    if (out_len < 1 || out_len > block || blocks == 0)
        return ONECARD_E_PARAM;
    absorb(mac, message, blocks, true);
    memcpy(out, mac->chain, out_len);
    bytes_wipe(message, sizeof message);
    bytes_wipe(mac->chain, sizeof mac->chain);
    return ONECARD_OK;
}

enum onecard_err crypto_mac_once(const struct crypto_key *key, enum crypto_mac_kind kind,
                                 enum crypto_pad pad, const uint8_t *iv, const uint8_t *data,
                                 size_t len, uint8_t *out, size_t out_len) {
    struct crypto_mac mac;
    enum onecard_err err = crypto_mac_start(&mac, key, kind, pad, iv);
    if (err != ONECARD_OK)
        return err;
    if (is_short(kind, len))
        return once_short(&mac, data, len, out, out_len);
    crypto_mac_update(&mac, data, len);
    return crypto_mac_finish(&mac, out, out_len);
}

/* ---- several at once ---- */

/* Chains that wait until there are enough of them. */
struct gathered {
    void (*together)(const struct crypto_chain *chains, size_t count);
    size_t count;
    struct crypto_chain chains[CRYPTO_CHAINS];
    uint8_t messages[CRYPTO_CHAINS][SHORT_MAX];
};

static void run_gathered(struct gathered *g) {
    if (g->count > 0)
        g->together(g->chains, g->count);
    bytes_wipe(g->messages, g->count * sizeof *g->messages);
    g->count = 0;
}

/* false: the job is not of those that go together, or wrong. */
static bool gather(struct gathered *g, struct crypto_mac_job *job) {
    const struct crypto_alg_info *info = job->key->info;
    if (info == NULL || info->block->together == NULL || !is_short(job->kind, job->len) ||
        (unsigned)job->pad > CRYPTO_PAD_80 || !kind_fits(job->key, job->kind, job->pad, NULL))
        return false;
    if (g->count == CRYPTO_CHAINS || (g->count > 0 && g->together != info->block->together))
        run_gathered(g);
    uint8_t *message = g->messages[g->count];
    memset(message, 0, SHORT_MAX);
    const size_t blocks = pad_short(message, job->data, job->len, job->pad, info->block_size);
    if (blocks == 0)
        return false;
    g->together = info->block->together;
    g->chains[g->count++] =
        (struct crypto_chain){job->key, job->mac, message, blocks, job->kind == CRYPTO_MAC_RETAIL};
    return true;
}

enum onecard_err crypto_macs(struct crypto_mac_job *jobs, size_t count) {
    struct gathered g;
    g.count = 0;
    enum onecard_err err = ONECARD_OK;
    for (size_t i = 0; i < count && err == ONECARD_OK; i++) {
        struct crypto_mac_job *job = &jobs[i];
        if (!gather(&g, job))
            err = job->key->info == NULL
                      ? ONECARD_E_PARAM
                      : crypto_mac_once(job->key, job->kind, job->pad, NULL, job->data, job->len,
                                        job->mac, job->key->info->block_size);
    }
    run_gathered(&g);
    return err;
}
