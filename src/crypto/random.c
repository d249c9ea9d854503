/* Random numbers: CTR-DRBG (NIST SP 800-90A) by mbedtls over the port's entropy, whose health is
 * watched as SP 800-90B 4.4 says. */
#include "crypto/crypto.h"

#include <string.h>

#include "base/bytes.h"

#define SEED_BYTES 48 /* SP 800-90A table 3: AES-256 without derivation function needs no more */
#define SHORT_REQUEST 16

/* The tests assume at least one bit of entropy in a byte, and fail a good source once in 2^30
 * tries (SP 800-90B 4.4.1: C = 1 + 30 / H; 4.4.2: W = 512, C = 1 + critbinom(W, 1/2, 1 - 2^-30)).
 */
#define REPETITION_CUTOFF 31
#define PROPORTION_WINDOW 512
#define PROPORTION_CUTOFF 325

static void health_feed(struct crypto_random *random, uint8_t sample) {
    if (random->health.repeats > 0 && sample == random->health.last) {
        if (++random->health.repeats >= REPETITION_CUTOFF)
            random->health.failed = true;
    } else {
        random->health.last = sample;
        random->health.repeats = 1;
    }
    if (random->health.window_used == 0) {
        random->health.window_value = sample;
        random->health.window_hits = 0;
    }
    if (sample == random->health.window_value && ++random->health.window_hits >= PROPORTION_CUTOFF)
        random->health.failed = true;
    if (++random->health.window_used == PROPORTION_WINDOW)
        random->health.window_used = 0;
}

/* mbedtls's shape of an entropy source. A failed health test stays failed until the next open. */
static int entropy_for_drbg(void *ctx, unsigned char *buf, size_t len) {
    struct crypto_random *random = ctx;
    if (random->health.failed || random->entropy(random->entropy_ctx, buf, len) != ONECARD_OK)
        return MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED;
    for (size_t i = 0; i < len; i++)
        health_feed(random, buf[i]);
    return random->health.failed ? MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED : 0;
}

enum onecard_err crypto_random_open(struct crypto_random *random, crypto_entropy entropy,
                                    void *entropy_ctx, const uint8_t *personal,
                                    size_t personal_len) {
    memset(random, 0, sizeof *random);
    if (personal_len > 64)
        return ONECARD_E_PARAM;
    random->entropy = entropy;
    random->entropy_ctx = entropy_ctx;
    random->pool_used = CRYPTO_RANDOM_POOL;
    mbedtls_ctr_drbg_init(&random->drbg);
    mbedtls_ctr_drbg_set_entropy_len(&random->drbg, SEED_BYTES);
    if (mbedtls_ctr_drbg_set_nonce_len(&random->drbg, 0) != 0 ||
        mbedtls_ctr_drbg_seed(&random->drbg, entropy_for_drbg, random, personal, personal_len) !=
            0) {
        crypto_random_close(random);
        return ONECARD_E_IO;
    }
    return ONECARD_OK;
}

static bool draw(struct crypto_random *random, uint8_t *buf, size_t len) {
    while (len > 0) {
        size_t n = len < MBEDTLS_CTR_DRBG_MAX_REQUEST ? len : MBEDTLS_CTR_DRBG_MAX_REQUEST;
        if (mbedtls_ctr_drbg_random(&random->drbg, buf, n) != 0)
            return false;
        buf += n;
        len -= n;
    }
    return true;
}

/* Challenges of 4 to 16 bytes are the card's daily need: generating four or more at once saves most
 * of the generator's work. What was handed out is wiped from the pool. */
static bool draw_short(struct crypto_random *random, uint8_t *buf, size_t len) {
    if (CRYPTO_RANDOM_POOL - random->pool_used < len) {
        if (!draw(random, random->pool, CRYPTO_RANDOM_POOL))
            return false;
        random->pool_used = 0;
    }
    memcpy(buf, random->pool + random->pool_used, len);
    bytes_wipe(random->pool + random->pool_used, len);
    random->pool_used = (uint8_t)(random->pool_used + len);
    return true;
}

#ifdef ONECARD_REPEATABLE
void crypto_random_force(struct crypto_random *random, const uint8_t *bytes, size_t len) {
    random->forced = bytes;
    random->forced_len = len;
}

static size_t draw_forced(struct crypto_random *random, uint8_t *buf, size_t len) {
    size_t n = len < random->forced_len ? len : random->forced_len;
    if (n > 0) {
        memcpy(buf, random->forced, n);
        random->forced += n;
        random->forced_len -= n;
    }
    return n;
}
#else
static size_t draw_forced(struct crypto_random *random, uint8_t *buf, size_t len) {
    (void)random;
    (void)buf;
    (void)len;
    return 0;
}
#endif

enum onecard_err crypto_random_bytes(struct crypto_random *random, void *buf, size_t len) {
    size_t forced = draw_forced(random, buf, len);
    uint8_t *rest = (uint8_t *)buf + forced;
    size_t rest_len = len - forced;
    bool ok =
        random->entropy != NULL && (rest_len <= SHORT_REQUEST ? draw_short(random, rest, rest_len)
                                                              : draw(random, rest, rest_len));
    if (!ok) {
        bytes_wipe(buf, len);
        return ONECARD_E_IO;
    }
    return ONECARD_OK;
}

enum onecard_err crypto_random_reseed(struct crypto_random *random) {
    if (random->entropy == NULL || mbedtls_ctr_drbg_reseed(&random->drbg, NULL, 0) != 0)
        return ONECARD_E_IO;
    bytes_wipe(random->pool, sizeof random->pool);
    random->pool_used = CRYPTO_RANDOM_POOL;
    return ONECARD_OK;
}

void crypto_random_close(struct crypto_random *random) {
    mbedtls_ctr_drbg_free(&random->drbg);
    bytes_wipe(random, sizeof *random);
}
