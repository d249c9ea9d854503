/* Inside src/crypto, and for its tests and benchmarks: the steps of SM2 that the face puts
 * together. */
#ifndef CRYPTO_SM2_H
#define CRYPTO_SM2_H

#include "crypto/crypto.h"
#include "crypto/sm2_point.h"

/* A secret scalar 1 to n - 1 and a factor that hides coordinates (sm2_point_base). */
struct sm2_nonce {
    struct sm2_num k, blind;
};

/* HMAC-SM3 under the secret (32 bytes, may be NULL) of fresh random bytes and the message (32
 * bytes): a generator that repeats or leaks gives nothing away, and equal messages differ. */
enum onecard_err sm2_nonce_make(struct crypto_random *random, const uint8_t *secret,
                                const uint8_t message[32], struct sm2_nonce *out);

/* The signature of digest with this nonce, not yet checked. False if this nonce gives none. */
bool sm2_sign_with(const struct sm2_num *d, const uint8_t digest[32], const struct sm2_nonce *nonce,
                   uint8_t signature[64]);

/* True if the signature is right and d belongs to the public key: a fault anywhere would show. It
 * costs two comb products, less than a verification, and checks the same equation:
 * s G + t P = (s + t d) G, and d G = P. */
bool sm2_sign_consistent(const struct sm2_num *d, const uint8_t public_key[64],
                         const uint8_t digest[32], const uint8_t signature[64],
                         const struct sm2_num *blind);

/* d: 1 to n - 2 (GB/T 32918.1, 6.1; 1 + d must have an inverse). False and 0 otherwise. */
bool sm2_private_from_bytes(struct sm2_num *d, const uint8_t bytes[32]);

/* KDF of GB/T 32918.3, 5.4.3, XORed into out: a digest that has taken in Z goes in. Returns the OR
 * of all bytes of the key stream. */
uint8_t sm2_kdf_xor(const struct crypto_digest *z, uint8_t *out, size_t len);

#endif
