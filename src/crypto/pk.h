/* Asymmetric keys as bytes: one shape for RSA, P-256 and SM2, as they rest in flash and pass the
 * door. The functions of crypto.h do the work; here each algorithm is a line of the table in alg.c
 * with the functions of one file (pk_rsa.c, pk_p256.c, pk_sm2.c).
 *
 *              value that comes in    private key at rest            public key
 *     RSA      e 4, p, q              e 4, p, q, 1/q mod p           e 4, n
 *     curves   d 32                   d 32, x 32, y 32               x 32, y 32
 *
 * All numbers are big-endian. An RSA modulus has an even number of bytes and its first bit set; p
 * and q have half of its length. The size of a key is the length of its modulus, or 32.
 * Nothing is kept between calls; what is secret is wiped before they return. RSA and P-256 take
 * memory of mbedtls for the length of a call (ONECARD_E_NO_MEMORY). */
#ifndef CRYPTO_PK_H
#define CRYPTO_PK_H

#include "crypto/crypto.h"

#define CRYPTO_PK_VALUE_MAX (4u + CRYPTO_RSA_MAX)
#define CRYPTO_PK_PRIVATE_MAX (4u + CRYPTO_RSA_MAX / 2u * 3u)
#define CRYPTO_PK_PUBLIC_MAX (4u + CRYPTO_RSA_MAX)
#define CRYPTO_PK_OUT_MAX CRYPTO_RSA_MAX /* of a signature; of a plaintext under RSA */
#define CRYPTO_PK_RSA_MIN 128u           /* bytes of modulus that a card's key may have */

/* What is done with a key. These numbers stand in the applets' interface: never renumber. */
enum crypto_scheme {
    CRYPTO_PK_NONE = 0,
    CRYPTO_PK_RAW = 1,   /* RSA: the bare operation on bytes of the modulus's length */
    CRYPTO_PK_PKCS1 = 2, /* RSA: PKCS #1 v1.5; SHA digests */
    CRYPTO_PK_PSS = 3,   /* RSA: PSS, MGF1 of the same digest, salt of its length */
    CRYPTO_PK_ECDSA = 4, /* P-256, any digest */
    CRYPTO_PK_SM2 = 5,   /* signatures over SM3 with Z; encryption C1 C3 C2; key agreement */
    CRYPTO_PK_ECDH = 6,  /* P-256: key agreement */
};

struct crypto_pk_ops;

/* A key in memory of the caller. */
struct crypto_pk_key {
    uint8_t alg; /* enum crypto_alg, an asymmetric one */
    bool has_private;
    uint16_t size;        /* bytes of the modulus, or 32 */
    const uint8_t *bytes; /* private key at rest, or public key, as above */
};

/* Lengths for a key of that algorithm and size; 0 if there can be none. */
uint32_t crypto_pk_value_len(enum crypto_alg alg, uint32_t size);
uint32_t crypto_pk_private_len(enum crypto_alg alg, uint32_t size);
uint32_t crypto_pk_public_len(enum crypto_alg alg, uint32_t size);

/* The size of a key whose value, or public key, has len bytes; 0: none has. */
uint32_t crypto_pk_size_of_value(enum crypto_alg alg, uint32_t len);
uint32_t crypto_pk_size_of_public(enum crypto_alg alg, uint32_t len);

/* The scheme under which keys are enciphered for this one; 0: it cannot encipher. */
enum crypto_scheme crypto_pk_wrap_scheme(enum crypto_alg alg);

/* A new private key at rest. exponent: RSA's, 0 means 65537; 0 for curves. PARAM, IO. */
enum onecard_err crypto_pk_generate(struct crypto_random *random, enum crypto_alg alg,
                                    uint32_t size, uint32_t exponent, uint8_t *out_private);

/* A private key at rest from its value. PARAM: the length. FORMAT: not a key (a number out of
 * range, e not odd, e without inverse, p or q even, their product too short). */
enum onecard_err crypto_pk_import(struct crypto_random *random, enum crypto_alg alg,
                                  const uint8_t *value, uint32_t len, uint8_t *out_private);

/* Is it a public key? PARAM: the length. FORMAT: not on the curve; not an odd modulus. */
enum onecard_err crypto_pk_check(enum crypto_alg alg, const uint8_t *public_key, uint32_t len);

/* The public key; crypto_pk_public_len() bytes. */
enum onecard_err crypto_pk_public(const struct crypto_pk_key *key, uint8_t *out_public);

/* Sign a finished digest (RAW: size bytes below the modulus). out: size bytes for RSA, else 64. The
 * signature is checked before it is given out (IO). PARAM: the scheme or digest is not this
 * algorithm's, the length is wrong, or key has no private part. */
enum onecard_err crypto_pk_sign(struct crypto_random *random, const struct crypto_pk_key *key,
                                enum crypto_scheme scheme, enum crypto_alg digest_alg,
                                const uint8_t *digest, uint32_t len, uint8_t *out,
                                uint32_t *out_len);

/* WRONG: not its signature. PARAM as above, but for the signature's length, which is WRONG. */
enum onecard_err crypto_pk_verify(const struct crypto_pk_key *key, enum crypto_scheme scheme,
                                  enum crypto_alg digest_alg, const uint8_t *digest, uint32_t len,
                                  const uint8_t *signature, uint32_t signature_len);

/* Encipher; in and out must not overlap. *out_len: room for the result comes in, its length goes
 * out. RANGE: no room. PARAM: as above; the message is too long (PKCS1: size - 11), or empty (SM2).
 */
enum onecard_err crypto_pk_encrypt(struct crypto_random *random, const struct crypto_pk_key *key,
                                   enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                   uint8_t *out, uint32_t *out_len);

/* Decipher, with the room and length of crypto_pk_encrypt().
 * PKCS1 never says that the padding was wrong, not by its result and not by its time: out is then
 * some bytes that depend on key and cryptogram, so that nobody learns anything from asking (what
 * RFC 8017 7.2.2 warns of). *out_len must come in as size - 11 at least.
 * SM2: WRONG if the tag does not match; FORMAT for a bad point. */
enum onecard_err crypto_pk_decrypt(struct crypto_random *random, const struct crypto_pk_key *key,
                                   enum crypto_scheme scheme, const uint8_t *in, uint32_t len,
                                   uint8_t *out, uint32_t *out_len);

/* What one side of a key agreement brings besides its own key. */
struct crypto_pk_agreement {
    const uint8_t *peer; /* its public key; SM2: and its ephemeral one behind it */
    uint32_t peer_len;
    const uint8_t *info; /* ECDH: what both sides know, taken in by the derivation; may be NULL */
    uint32_t info_len;
    /* SM2 only */
    const struct crypto_pk_key *ephemeral; /* own pair, for this agreement alone */
    const uint8_t *own_id, *peer_id;       /* NULL: the default */
    uint32_t own_id_len, peer_id_len;
    bool initiator;
};

#define CRYPTO_PK_TAGS 64u /* SM2: own tag, to be sent; then the tag that the peer must send */

/* key_len bytes of common key. SM2: GB/T 32918.3, with both confirmation tags; ECDH: the common x
 * through the derivation of ANSI X9.63 with SHA-256, and tags (may be NULL) is not touched.
 * PARAM: scheme, lengths, no private part. FORMAT: a point of the peer's is bad. */
enum onecard_err crypto_pk_agree(struct crypto_random *random, const struct crypto_pk_key *key,
                                 enum crypto_scheme scheme, const struct crypto_pk_agreement *with,
                                 uint8_t *out_key, uint32_t key_len, uint8_t tags[CRYPTO_PK_TAGS]);

#endif
