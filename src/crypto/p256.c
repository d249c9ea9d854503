/* ECDSA and ECDH on P-256 (FIPS 186-4, SP 800-56A) by mbedtls. Its numbers allocate during a call.
 */
#include "crypto/crypto.h"

#include <string.h>

#include <mbedtls/ecdh.h>
#include <mbedtls/ecdsa.h>

#include "base/bytes.h"
#include "crypto/asymmetric.h"

/* The curve, a private number and a point: what all functions work with. */
struct work {
    mbedtls_ecp_group group;
    mbedtls_mpi d;
    mbedtls_ecp_point point;
};

static int work_open(struct work *w) {
    mbedtls_ecp_group_init(&w->group);
    mbedtls_mpi_init(&w->d);
    mbedtls_ecp_point_init(&w->point);
    return mbedtls_ecp_group_load(&w->group, MBEDTLS_ECP_DP_SECP256R1);
}

static void work_close(struct work *w) {
    mbedtls_ecp_point_free(&w->point);
    mbedtls_mpi_free(&w->d);
    mbedtls_ecp_group_free(&w->group);
}

/* 0, or what the number is not. */
static int load_private(struct work *w, const uint8_t private_key[32]) {
    int err = mbedtls_mpi_read_binary(&w->d, private_key, 32);
    return err != 0 ? err : mbedtls_ecp_check_privkey(&w->group, &w->d);
}

static int load_public(struct work *w, const uint8_t public_key[64]) {
    uint8_t raw[65] = {0x04};
    memcpy(raw + 1, public_key, 64);
    int err = mbedtls_ecp_point_read_binary(&w->group, &w->point, raw, sizeof raw);
    return err != 0 ? err : mbedtls_ecp_check_pubkey(&w->group, &w->point);
}

static int store_public(struct work *w, uint8_t public_key[64]) {
    uint8_t raw[65];
    size_t len = 0;
    int err = mbedtls_ecp_point_write_binary(&w->group, &w->point, MBEDTLS_ECP_PF_UNCOMPRESSED,
                                             &len, raw, sizeof raw);
    if (err == 0)
        memcpy(public_key, raw + 1, 64);
    return err;
}

static enum onecard_err error_of(int mbedtls) {
    switch (mbedtls) {
    case 0:
        return ONECARD_OK;
    case MBEDTLS_ERR_MPI_ALLOC_FAILED:
        return ONECARD_E_NO_MEMORY;
    default:
        return ONECARD_E_IO;
    }
}

enum onecard_err crypto_p256_generate(struct crypto_random *random, uint8_t private_key[32],
                                      uint8_t public_key[64]) {
    struct work w;
    int err = work_open(&w);
    if (err == 0)
        err = mbedtls_ecp_gen_keypair(&w.group, &w.d, &w.point, crypto_random_mbedtls, random);
    if (err == 0)
        err = mbedtls_mpi_write_binary(&w.d, private_key, 32);
    if (err == 0)
        err = store_public(&w, public_key);
    work_close(&w);
    return error_of(err);
}

enum onecard_err crypto_p256_public(struct crypto_random *random, const uint8_t private_key[32],
                                    uint8_t public_key[64]) {
    struct work w;
    int err = work_open(&w);
    bool good = err == 0 && load_private(&w, private_key) == 0;
    if (good)
        err = mbedtls_ecp_mul(&w.group, &w.point, &w.d, &w.group.G, crypto_random_mbedtls, random);
    if (good && err == 0)
        err = store_public(&w, public_key);
    work_close(&w);
    return err != 0 || good ? error_of(err) : ONECARD_E_PARAM;
}

enum onecard_err crypto_p256_check(const uint8_t public_key[64]) {
    struct work w;
    bool good = work_open(&w) == 0 && load_public(&w, public_key) == 0;
    work_close(&w);
    return good ? ONECARD_OK : ONECARD_E_FORMAT;
}

/* The nonce depends on message and key (RFC 6979), so that a weak generator cannot leak the key. */
static int sign_once(struct crypto_random *random, struct work *w, const uint8_t *digest,
                     size_t len, mbedtls_mpi *r, mbedtls_mpi *s) {
#ifdef MBEDTLS_ECDSA_DETERMINISTIC
    return mbedtls_ecdsa_sign_det_ext(&w->group, r, s, &w->d, digest, len, MBEDTLS_MD_SHA256,
                                      crypto_random_mbedtls, random);
#else
    return mbedtls_ecdsa_sign(&w->group, r, s, &w->d, digest, len, crypto_random_mbedtls, random);
#endif
}

enum onecard_err crypto_p256_sign(struct crypto_random *random, const uint8_t private_key[32],
                                  const uint8_t public_key[64], const uint8_t *digest, size_t len,
                                  uint8_t signature[64]) {
    struct work w;
    mbedtls_mpi r, s;
    mbedtls_mpi_init(&r);
    mbedtls_mpi_init(&s);
    int err = work_open(&w);
    bool good = err == 0 && load_private(&w, private_key) == 0 && load_public(&w, public_key) == 0;
    if (good)
        err = sign_once(random, &w, digest, len, &r, &s);
    if (good && err == 0) /* a fault, or a key that is not the pair of the other */
        err = mbedtls_ecdsa_verify(&w.group, digest, len, &w.point, &r, &s);
    if (good && err == 0)
        err = mbedtls_mpi_write_binary(&r, signature, 32);
    if (good && err == 0)
        err = mbedtls_mpi_write_binary(&s, signature + 32, 32);
    mbedtls_mpi_free(&r);
    mbedtls_mpi_free(&s);
    work_close(&w);
    return err != 0 || good ? error_of(err) : ONECARD_E_PARAM;
}

enum onecard_err crypto_p256_verify(const uint8_t public_key[64], const uint8_t *digest, size_t len,
                                    const uint8_t signature[64]) {
    struct work w;
    mbedtls_mpi r, s;
    mbedtls_mpi_init(&r);
    mbedtls_mpi_init(&s);
    int err = work_open(&w);
    if (err == 0)
        err = load_public(&w, public_key);
    enum onecard_err result = err == 0 ? ONECARD_E_WRONG : ONECARD_E_FORMAT;
    if (err == 0)
        err = mbedtls_mpi_read_binary(&r, signature, 32);
    if (err == 0)
        err = mbedtls_mpi_read_binary(&s, signature + 32, 32);
    if (err == 0)
        err = mbedtls_ecdsa_verify(&w.group, digest, len, &w.point, &r, &s);
    if (err == 0 || err == MBEDTLS_ERR_MPI_ALLOC_FAILED)
        result = error_of(err);
    mbedtls_mpi_free(&r);
    mbedtls_mpi_free(&s);
    work_close(&w);
    return result;
}

enum onecard_err crypto_p256_agree(struct crypto_random *random, const uint8_t private_key[32],
                                   const uint8_t peer_public[64], uint8_t shared[32]) {
    struct work w;
    mbedtls_mpi z;
    mbedtls_mpi_init(&z);
    int err = work_open(&w);
    enum onecard_err result = error_of(err);
    if (err == 0 && load_private(&w, private_key) != 0)
        result = ONECARD_E_PARAM;
    else if (err == 0 && load_public(&w, peer_public) != 0)
        result = ONECARD_E_FORMAT;
    if (result == ONECARD_OK) {
        err = mbedtls_ecdh_compute_shared(&w.group, &z, &w.point, &w.d, crypto_random_mbedtls,
                                          random);
        if (err == 0)
            err = mbedtls_mpi_write_binary(&z, shared, 32);
        result = error_of(err);
    }
    mbedtls_mpi_free(&z);
    work_close(&w);
    return result;
}
