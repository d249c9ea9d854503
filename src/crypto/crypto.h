/* Cryptography: the one face that the rest of the card sees.
 *
 * mbedtls does AES, RSA, P-256 and SHA; DES, SM2, SM3 and SM4 are ours (docs/crypto.md says what
 * was chosen and why). Every context is owned by the caller, has a fixed size and needs no memory
 * from anywhere; only RSA and P-256 allocate, inside mbedtls, for the length of a call.
 *
 * Contexts must not be copied or moved once they are set up: mbedtls keeps pointers into them.
 * Wipe them when done. Sizes and lengths are in bytes. in and out may be the same buffer, but must
 * not overlap otherwise. Pointers may be NULL only where that is said, or where their length is 0.
 */
#ifndef CRYPTO_CRYPTO_H
#define CRYPTO_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mbedtls/aes.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/rsa.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include "onecard/error.h"

/* ---- algorithms: one table, src/crypto/alg.c ---- */

/* These numbers rest in flash and stand in the applets' interface: never renumber. */
enum crypto_alg {
    CRYPTO_NONE = 0,
    /* block ciphers */
    CRYPTO_DES = 1,   /* key 8, block 8; parity bits are ignored */
    CRYPTO_TDES2 = 2, /* key 16: K1, K2, K3 = K1 */
    CRYPTO_TDES3 = 3, /* key 24 */
    CRYPTO_AES128 = 4,
    CRYPTO_AES192 = 5,
    CRYPTO_AES256 = 6,
    CRYPTO_SM4 = 7, /* key 16, block 16 */
    /* digests */
    CRYPTO_SHA1 = 16,
    CRYPTO_SHA224 = 17,
    CRYPTO_SHA256 = 18,
    CRYPTO_SHA384 = 19,
    CRYPTO_SHA512 = 20,
    CRYPTO_SM3 = 21,
    /* asymmetric */
    CRYPTO_RSA = 32,
    CRYPTO_P256 = 33,
    CRYPTO_SM2 = 34,
};

enum crypto_kind {
    CRYPTO_KIND_CIPHER = 1,
    CRYPTO_KIND_DIGEST = 2,
    CRYPTO_KIND_ASYMMETRIC = 3,
};

struct crypto_block_ops;
struct crypto_digest_ops;
struct crypto_pk_ops;

struct crypto_alg_info {
    const char *name; /* "AES-128" */
    uint8_t kind;     /* enum crypto_kind */
    uint8_t key_size; /* ciphers: of the key; elliptic curves: of a private key; else 0 */
    uint8_t block_size;
    uint8_t digest_size; /* digests only */
    const struct crypto_block_ops *block;
    const struct crypto_digest_ops *digest;
    const struct crypto_pk_ops *pk; /* crypto/pk.h */
};

/* The table's entry, NULL if there is no such algorithm in this build. */
const struct crypto_alg_info *crypto_alg_find(enum crypto_alg alg);

#define CRYPTO_BLOCK_MAX 16  /* largest cipher block */
#define CRYPTO_KEY_MAX 32    /* largest symmetric key */
#define CRYPTO_DIGEST_MAX 64 /* largest digest */

/* ---- keys of block ciphers ---- */

/* A key made ready: its schedule. Set it up once, use it often; about 400 bytes. */
struct crypto_key {
    const struct crypto_alg_info *info; /* NULL: empty */
    union {
        uint64_t des[3 * 16]; /* K1; for 3DES also K2 backwards, K3 */
        struct {
            mbedtls_aes_context ctx; /* encryption */
            uint8_t raw[32];         /* for the decryption schedule, made when needed */
        } aes;
        uint32_t sm4[32];
    } u;
};

/* Make key ready from len bytes. key needs no preparation; what it held is overwritten.
 * ONECARD_E_PARAM: not a block cipher, or len is not its key size (the key is then empty). */
enum onecard_err crypto_key_set(struct crypto_key *key, enum crypto_alg alg, const uint8_t *bytes,
                                size_t len);

/* Wipe the schedule; the key is empty afterwards. */
void crypto_key_wipe(struct crypto_key *key);

/* ---- encipherment ---- */

enum crypto_mode { CRYPTO_ECB = 1, CRYPTO_CBC = 2, CRYPTO_CTR = 3 };
enum crypto_direction { CRYPTO_ENCRYPT = 1, CRYPTO_DECRYPT = 2 };

/* Encipher or decipher len bytes.
 * iv: one block, NULL for ECB; for CBC NULL means zeros. It is moved on, so that the next call
 * continues the same stream (CTR: only if len was a multiple of the block). The CTR counter is the
 * whole block, big-endian.
 * ONECARD_E_PARAM: empty key, unknown mode, CTR without iv, or len not a multiple of the block
 * (ECB, CBC). */
enum onecard_err crypto_cipher(const struct crypto_key *key, enum crypto_mode mode,
                               enum crypto_direction direction, uint8_t *iv, const uint8_t *in,
                               uint8_t *out, size_t len);

/* ---- padding ---- */

enum crypto_pad {
    CRYPTO_PAD_NONE = 0, /* the length must already be a multiple of the block */
    CRYPTO_PAD_ZERO = 1, /* ISO/IEC 9797-1 method 1: zeros up to a multiple; an empty message
                            becomes one block */
    CRYPTO_PAD_80 = 2,   /* ISO/IEC 9797-1 method 2: 80, then zeros; always added */
};

/* Pad the *len bytes in buf, which has room for capacity, to a multiple of block, a power of two;
 * *len grows. ONECARD_E_TOO_BIG: no room. ONECARD_E_PARAM: PAD_NONE and not a multiple. */
enum onecard_err crypto_pad_add(uint8_t *buf, size_t *len, size_t capacity, size_t block,
                                enum crypto_pad pad);

/* *len loses the padding of method 2. ONECARD_E_FORMAT: there is none within the last block.
 * Time depends on *len and block only. */
enum onecard_err crypto_pad_strip(const uint8_t *buf, size_t *len, size_t block);

/* ---- message authentication codes ---- */

enum crypto_mac_kind {
    CRYPTO_MAC_CBC = 1,    /* ISO/IEC 9797-1 algorithm 1, any cipher: the last block of CBC */
    CRYPTO_MAC_RETAIL = 2, /* ISO/IEC 9797-1 algorithm 3: DES with K1, the last block with K1 K2 K1
                              (TDES2 keys), or K1 K2 K3 (TDES3 keys) */
    CRYPTO_MAC_CMAC = 3,   /* NIST SP 800-38B; padding and iv are its own: CRYPTO_PAD_NONE, NULL */
};

/* A MAC in progress. It points to the key, which must stay until it is finished. */
struct crypto_mac {
    const struct crypto_key *key;
    uint8_t kind, pad, used;
    uint8_t chain[CRYPTO_BLOCK_MAX];
    uint8_t tail[CRYPTO_BLOCK_MAX]; /* bytes that may be the last block */
};

/* Begin. iv: one block, NULL means zeros.
 * ONECARD_E_PARAM: empty key, unknown kind or padding, a kind that the cipher cannot do. */
enum onecard_err crypto_mac_start(struct crypto_mac *mac, const struct crypto_key *key,
                                  enum crypto_mac_kind kind, enum crypto_pad pad,
                                  const uint8_t *iv);

/* Take in len bytes. */
void crypto_mac_update(struct crypto_mac *mac, const uint8_t *data, size_t len);

/* The leftmost out_len bytes, 1 to the block size; mac is wiped.
 * ONECARD_E_PARAM: out_len, or PAD_NONE with an empty message or part of a block. */
enum onecard_err crypto_mac_finish(struct crypto_mac *mac, uint8_t *out, size_t out_len);

/* Compare with len bytes expected, 4 to the block size, in constant time; mac is wiped.
 * ONECARD_E_WRONG if they differ; ONECARD_E_PARAM as above. */
enum onecard_err crypto_mac_check(struct crypto_mac *mac, const uint8_t *expected, size_t len);

/* All three in one call, with the shortest way for a short message under a ready key. */
enum onecard_err crypto_mac_once(const struct crypto_key *key, enum crypto_mac_kind kind,
                                 enum crypto_pad pad, const uint8_t *iv, const uint8_t *data,
                                 size_t len, uint8_t *out, size_t out_len);

/* One of several MACs, with an iv of zeros. */
struct crypto_mac_job {
    const struct crypto_key *key;
    enum crypto_mac_kind kind;
    enum crypto_pad pad;
    const uint8_t *data;
    size_t len;
    uint8_t mac[CRYPTO_BLOCK_MAX]; /* comes out: a whole block */
};

/* Several MACs that do not depend on each other. Short ones under keys of DES and 3DES take hardly
 * longer than the longest of them. ONECARD_E_PARAM as for one; macs are then not to be used. */
enum onecard_err crypto_macs(struct crypto_mac_job *jobs, size_t count);

/* ---- digests ---- */

struct crypto_sm3 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    uint8_t block[64];
};

struct crypto_digest {
    const struct crypto_alg_info *info;
    union {
        mbedtls_sha1_context sha1;
        mbedtls_sha256_context sha256;
        mbedtls_sha512_context sha512;
        struct crypto_sm3 sm3;
    } u;
};

/* Begin. ONECARD_E_PARAM: alg is not a digest. A digest may be copied while it runs. */
enum onecard_err crypto_digest_start(struct crypto_digest *digest, enum crypto_alg alg);

/* Take in len bytes. */
void crypto_digest_update(struct crypto_digest *digest, const void *data, size_t len);

/* The digest, info->digest_size bytes; the context is wiped. */
void crypto_digest_finish(struct crypto_digest *digest, uint8_t *out);

/* All in one. out: the digest's size. ONECARD_E_PARAM: alg is not a digest. */
enum onecard_err crypto_digest_once(enum crypto_alg alg, const void *data, size_t len,
                                    uint8_t *out);

/* HMAC (FIPS 198-1) with any digest and a key of any length. */
struct crypto_hmac {
    struct crypto_digest inner;
    uint8_t outer_pad[128]; /* key XOR 5C.. */
};

enum onecard_err crypto_hmac_start(struct crypto_hmac *hmac, enum crypto_alg alg,
                                   const uint8_t *key, size_t key_len);
void crypto_hmac_update(struct crypto_hmac *hmac, const void *data, size_t len);
/* The code, of the digest's size; hmac is wiped. */
void crypto_hmac_finish(struct crypto_hmac *hmac, uint8_t *out);
enum onecard_err crypto_hmac_once(enum crypto_alg alg, const uint8_t *key, size_t key_len,
                                  const void *data, size_t len, uint8_t *out);

/* ---- random numbers ---- */

/* Fills buf with len bytes of entropy; struct onecard_port's function has this shape. */
typedef enum onecard_err (*crypto_entropy)(void *ctx, void *buf, size_t len);

#define CRYPTO_RANDOM_POOL 64u

/* The card's generator: CTR-DRBG with AES-256 (NIST SP 800-90A), seeded and reseeded from the
 * port, whose bytes pass the health tests of SP 800-90B 4.4 first. One for each card. */
struct crypto_random {
    mbedtls_ctr_drbg_context drbg;
    crypto_entropy entropy;
    void *entropy_ctx;
    struct {
        uint8_t last, window_value;
        uint16_t repeats, window_used, window_hits;
        bool failed;
    } health;
    uint8_t pool[CRYPTO_RANDOM_POOL]; /* generated ahead for short requests; wiped as it is used */
    uint8_t pool_used;
#ifdef ONECARD_REPEATABLE
    const uint8_t *forced;
    size_t forced_len;
#endif
};

/* Seed the generator. personal: bytes that differ from card to card (a serial number), not secret,
 * at most 64; may be NULL. ONECARD_E_IO: the entropy source fails, or its health test does. */
enum onecard_err crypto_random_open(struct crypto_random *random, crypto_entropy entropy,
                                    void *entropy_ctx, const uint8_t *personal,
                                    size_t personal_len);

/* len random bytes. ONECARD_E_IO: reseeding failed; buf is then zeros, and must not be used. */
enum onecard_err crypto_random_bytes(struct crypto_random *random, void *buf, size_t len);

/* Mix in fresh entropy now. */
enum onecard_err crypto_random_reseed(struct crypto_random *random);

/* Wipe and release. */
void crypto_random_close(struct crypto_random *random);

#ifdef ONECARD_REPEATABLE
/* Tests only; product builds have neither the function nor the field. The next len bytes drawn are
 * these (bytes must stay), then the generator goes on. With a repeatable entropy function all of
 * the generator repeats. */
void crypto_random_force(struct crypto_random *random, const uint8_t *bytes, size_t len);
#endif

/* ---- SM2 (GB/T 32918) ----
 *
 * Private keys are 32 bytes, 1 to n - 2; public keys 64 bytes x y; signatures 64 bytes r s; all
 * big-endian. Everything secret is handled in constant time, and its numbers are hidden by factors
 * from random. ONECARD_E_IO: the generator failed, or a computation did not agree with itself. */

#define CRYPTO_SM2_PRIVATE 32
#define CRYPTO_SM2_PUBLIC 64
#define CRYPTO_SM2_SIGNATURE 64
#define CRYPTO_SM2_OVERHEAD 97 /* ciphertext over plaintext: 04 x y, then the tag C3 */

/* A new key pair. */
enum onecard_err crypto_sm2_generate(struct crypto_random *random, uint8_t private_key[32],
                                     uint8_t public_key[64]);

/* The public key of a private one. ONECARD_E_PARAM: it is not in 1 to n - 2. */
enum onecard_err crypto_sm2_public(struct crypto_random *random, const uint8_t private_key[32],
                                   uint8_t public_key[64]);

/* ONECARD_E_FORMAT if the coordinates are not below p, or the point is not on the curve. Every
 * function that takes a public key checks this itself. */
enum onecard_err crypto_sm2_check(const uint8_t public_key[64]);

/* Z of a signer: the digest of its identity, the curve and its public key. id NULL: the default
 * 1234567812345678. ONECARD_E_PARAM: id is longer than 8191 bytes. */
enum onecard_err crypto_sm2_z(const uint8_t *id, size_t id_len, const uint8_t public_key[64],
                              uint8_t z[32]);

/* Begin the digest of a message to be signed or verified: SM3 that has taken in Z. Update it with
 * the message; its 32 bytes go to the functions below. */
enum onecard_err crypto_sm2_digest_start(struct crypto_digest *digest, const uint8_t *id,
                                         size_t id_len, const uint8_t public_key[64]);

/* Sign. public_key belongs to private_key. The signature is checked before it is given out: on
 * ONECARD_E_IO it is zeros. ONECARD_E_PARAM: private_key is not in range. */
enum onecard_err crypto_sm2_sign(struct crypto_random *random, const uint8_t private_key[32],
                                 const uint8_t public_key[64], const uint8_t digest[32],
                                 uint8_t signature[64]);

/* ONECARD_E_WRONG: not its signature. ONECARD_E_FORMAT: public_key is not on the curve. */
enum onecard_err crypto_sm2_verify(const uint8_t public_key[64], const uint8_t digest[32],
                                   const uint8_t signature[64]);

/* Encipher len bytes, at least 1, to len + CRYPTO_SM2_OVERHEAD bytes 04 C1 C3 C2. message and out
 * must not overlap. ONECARD_E_FORMAT: public_key is not on the curve. */
enum onecard_err crypto_sm2_encrypt(struct crypto_random *random, const uint8_t public_key[64],
                                    const uint8_t *message, size_t len, uint8_t *out);

/* Decipher in_len bytes to in_len - CRYPTO_SM2_OVERHEAD. ONECARD_E_FORMAT: too short, or its point
 * is not on the curve; ONECARD_E_WRONG: the tag does not match (out is zeros); ONECARD_E_PARAM:
 * private_key is not in range. */
enum onecard_err crypto_sm2_decrypt(struct crypto_random *random, const uint8_t private_key[32],
                                    const uint8_t *in, size_t in_len, uint8_t *out);

/* Key agreement: what one side knows. Ephemeral pairs come from crypto_sm2_generate and are used
 * once. */
struct crypto_sm2_agreement {
    bool initiator;
    const uint8_t *own_private, *own_ephemeral_private, *own_ephemeral_public;
    const uint8_t *peer_public, *peer_ephemeral_public;
    const uint8_t *own_z, *peer_z; /* crypto_sm2_z of each side */
};

/* key_len bytes of common key, and the tags of the optional confirmation: send own_tag, and compare
 * what comes with peer_tag (bytes_equal_ct). ONECARD_E_FORMAT: a point of the peer is bad. */
enum onecard_err crypto_sm2_agree(struct crypto_random *random,
                                  const struct crypto_sm2_agreement *agreement, uint8_t *key,
                                  size_t key_len, uint8_t own_tag[32], uint8_t peer_tag[32]);

/* ---- RSA (PKCS #1 v2.2) ----
 *
 * The private operation is ours; keys are made and signatures verified by mbedtls. */

#define CRYPTO_RSA_MIN 64 /* bytes of modulus */
#define CRYPTO_RSA_MAX 256

/* A key made ready. It holds memory of mbedtls until it is closed. */
struct crypto_rsa {
    mbedtls_rsa_context ctx; /* the public half */
    bool has_private;
    uint32_t exponent;
    uint8_t secret[CRYPTO_RSA_MAX / 2 * 3]; /* p, q, 1/q mod p */
};

enum crypto_rsa_scheme { CRYPTO_RSA_PKCS1 = 1, CRYPTO_RSA_PSS = 2 };

/* A public key: modulus and exponent, big-endian, without leading zeros in n. Close it even after
 * an error. ONECARD_E_PARAM: modulus too short or long. ONECARD_E_FORMAT: not an RSA key. */
enum onecard_err crypto_rsa_open_public(struct crypto_rsa *rsa, const uint8_t *n, size_t n_len,
                                        const uint8_t *e, size_t e_len);

/* A private key from its two primes, of prime_len bytes each. e is below 2^31. Errors as above. */
enum onecard_err crypto_rsa_open_private(struct crypto_rsa *rsa, const uint8_t *p, const uint8_t *q,
                                         size_t prime_len, const uint8_t *e, size_t e_len);

/* The same at once, with what crypto_rsa_crt() found: inverse is 1/q mod p, of prime_len bytes. */
enum onecard_err crypto_rsa_open_crt(struct crypto_rsa *rsa, const uint8_t *p, const uint8_t *q,
                                     const uint8_t *inverse, size_t prime_len, uint32_t e);

/* 1/q mod p, prime_len bytes. FORMAT: there is none. */
enum onecard_err crypto_rsa_crt(const uint8_t *p, const uint8_t *q, size_t prime_len,
                                uint8_t *inverse);

/* The public exponent from p and d mod (p - 1). FORMAT: it is not one that a key can have. */
enum onecard_err crypto_rsa_exponent(const uint8_t *p, const uint8_t *dp, size_t prime_len,
                                     uint32_t *out_e);

/* Wipe and release. */
void crypto_rsa_close(struct crypto_rsa *rsa);

/* Bytes of the modulus: of every input, output and signature below. */
size_t crypto_rsa_size(const struct crypto_rsa *rsa);

/* The modulus, crypto_rsa_size() bytes. */
enum onecard_err crypto_rsa_modulus(const struct crypto_rsa *rsa, uint8_t *n);

/* New primes, modulus_bits / 16 bytes each; modulus_bits is a multiple of 16, e odd and at least 3.
 * Takes from a tenth of a second to seconds on a host, minutes on a board. */
enum onecard_err crypto_rsa_generate(struct crypto_random *random, size_t modulus_bits, uint32_t e,
                                     uint8_t *p, uint8_t *q);

/* The bare operations. ONECARD_E_PARAM: in is not below the modulus, or rsa has no private part.
 * The private one takes constant time, hides its numbers, and is checked: ONECARD_E_IO, and zeros,
 * if the result is not right; ONECARD_E_FORMAT if its numbers are no key. */
enum onecard_err crypto_rsa_raw_public(struct crypto_rsa *rsa, const uint8_t *in, uint8_t *out);
enum onecard_err crypto_rsa_raw_private(struct crypto_random *random, struct crypto_rsa *rsa,
                                        const uint8_t *in, uint8_t *out);

/* Sign or verify a finished digest; PSS with MGF1 of the same digest, salt of its size.
 * ONECARD_E_PARAM: no SHA digest, or no private part. ONECARD_E_WRONG: not its signature. */
enum onecard_err crypto_rsa_sign(struct crypto_random *random, struct crypto_rsa *rsa,
                                 enum crypto_rsa_scheme scheme, enum crypto_alg digest_alg,
                                 const uint8_t *digest, uint8_t *signature);
enum onecard_err crypto_rsa_verify(struct crypto_rsa *rsa, enum crypto_rsa_scheme scheme,
                                   enum crypto_alg digest_alg, const uint8_t *digest,
                                   const uint8_t *signature);

/* PKCS #1 v1.5 encryption, block type 2. A message has at most crypto_rsa_size() - 11 bytes
 * (PARAM).
 *
 * Deciphering never tells whether the padding was right: where it is not, *out_len and out are what
 * HMAC-SHA-256 makes of the key and the cryptogram ("implicit rejection"), and all that follows
 * takes the same time. out has room for crypto_rsa_size() - 11 bytes, all of which are written. */
enum onecard_err crypto_rsa_encrypt(struct crypto_random *random, struct crypto_rsa *rsa,
                                    const uint8_t *message, size_t len, uint8_t *out);
enum onecard_err crypto_rsa_decrypt(struct crypto_random *random, struct crypto_rsa *rsa,
                                    const uint8_t *in, uint8_t *out, size_t *out_len);

/* ---- P-256, by mbedtls; sizes as SM2. ONECARD_E_NO_MEMORY: mbedtls found none. ---- */

#define CRYPTO_P256_PUBLIC 64
#define CRYPTO_P256_SIGNATURE 64

enum onecard_err crypto_p256_generate(struct crypto_random *random, uint8_t private_key[32],
                                      uint8_t public_key[64]);
/* ONECARD_E_PARAM: private_key is not in 1 to n - 1. */
enum onecard_err crypto_p256_public(struct crypto_random *random, const uint8_t private_key[32],
                                    uint8_t public_key[64]);
/* ONECARD_E_FORMAT: not on the curve. */
enum onecard_err crypto_p256_check(const uint8_t public_key[64]);
/* ECDSA over a digest of len bytes, r s; verified before it is given out (ONECARD_E_IO). */
enum onecard_err crypto_p256_sign(struct crypto_random *random, const uint8_t private_key[32],
                                  const uint8_t public_key[64], const uint8_t *digest, size_t len,
                                  uint8_t signature[64]);
/* ONECARD_E_WRONG: not its signature. ONECARD_E_FORMAT: public_key is not on the curve. */
enum onecard_err crypto_p256_verify(const uint8_t public_key[64], const uint8_t *digest, size_t len,
                                    const uint8_t signature[64]);
/* ECDH: the x coordinate of the common point. ONECARD_E_FORMAT: peer_public is not on the curve. */
enum onecard_err crypto_p256_agree(struct crypto_random *random, const uint8_t private_key[32],
                                   const uint8_t peer_public[64], uint8_t shared[32]);

#endif
