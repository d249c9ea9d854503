/* Entropy: the system's, or a stream that repeats byte for byte. */
#include "port/host/image.h"
#include "base/bytes.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "mbedtls/sha256.h"

void entropy_seed(struct onecard_host *host, const uint8_t *seed, size_t seed_len) {
    uint8_t key[32];
    mbedtls_sha256_ret(seed, seed_len, key, 0);
    mbedtls_aes_init(&host->random_key);
    mbedtls_aes_setkey_enc(&host->random_key, key, 256);
    mbedtls_sha256_ret(key, sizeof key, key, 0);
    memcpy(host->seed_serial, key, sizeof host->seed_serial);
    bytes_wipe(key, sizeof key);
    host->seeded = true;
}

enum onecard_err entropy_serial(struct onecard_host *host, uint8_t serial[ONECARD_SERIAL_SIZE]) {
    if (!host->seeded)
        return entropy_fill(host, serial, ONECARD_SERIAL_SIZE);
    /* Not from the stream: whoever creates and whoever opens gets the same random numbers. */
    memcpy(serial, host->seed_serial, ONECARD_SERIAL_SIZE);
    return ONECARD_OK;
}

static enum onecard_err seeded_fill(struct onecard_host *host, uint8_t *out, size_t len) {
    while (len > 0) {
        if (host->random_left == 0) {
            uint8_t counter[16] = {0};
            put_be32(counter + 8, (uint32_t)(host->random_block >> 32));
            put_be32(counter + 12, (uint32_t)host->random_block);
            host->random_block++;
            if (mbedtls_aes_crypt_ecb(&host->random_key, MBEDTLS_AES_ENCRYPT, counter,
                                      host->random_pool) != 0)
                return ONECARD_E_IO;
            host->random_left = sizeof host->random_pool;
        }
        size_t n = len < host->random_left ? len : host->random_left;
        memcpy(out, host->random_pool + sizeof host->random_pool - host->random_left, n);
        host->random_left -= n;
        out += n;
        len -= n;
    }
    return ONECARD_OK;
}

enum onecard_err entropy_fill(void *ctx, void *buf, size_t len) {
    struct onecard_host *host = ctx;
    uint8_t *out = buf;
    if (host->seeded)
        return seeded_fill(host, out, len);
    while (len > 0) {
        ssize_t n = getrandom(out, len, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ONECARD_E_IO;
        out += n;
        len -= (size_t)n;
    }
    return ONECARD_OK;
}
