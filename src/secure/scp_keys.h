/* The keys of a security domain: key versions of GlobalPlatform (GPCS 2.3.1 11.8, table 11-16),
 * kept by src/keys under the domain's context, number = version * 256 + identifier.
 *
 * A version whose keys 1, 2 and 3 are of one block cipher opens secure channels: ENC, MAC and DEK.
 * What such a version counts rests in one object, STORE_NAME(domain, KIND_KEY_VERSION, version):
 *   0 implementation options i 1 | 1 lowest security level 1 | 2 failed authentications in a row 1
 *   | 3 sequence counter 3, big-endian | 6 zero 2
 * and STORE_NAME(domain, KIND_KEY_VERSION, 0) holds the version that answers to 00, in 1 byte.
 * STORE_NAME(domain, KIND_KEY_VERSION, 8000 + number) holds what the extended format says of a key:
 * bytes of usage 1 | usage 2 | bytes of access 1 | access 1. Keys put in the basic one have none.
 * Public keys (tokens, DAP) are secret objects STORE_NAME(domain, KIND_PUBLIC_KEY, number): type 1
 * (enum scp_public_type), then modulus and exponent, or the 64 bytes of a point. */
#ifndef SECURE_SCP_KEYS_H
#define SECURE_SCP_KEYS_H

#include "keys/keys.h"

#define KIND_KEY_VERSION 8u /* store kinds */
#define KIND_PUBLIC_KEY 9u

#define SCP_VERSION_MAX 0x7Fu /* of keys; GPCS 11.8.2.3 */
#define SCP_ID_MAX 0x7Fu

/* Key identifiers in a version that opens secure channels. */
enum { SCP_KEY_ENC = 1, SCP_KEY_MAC = 2, SCP_KEY_DEK = 3 };

/* Key versions with a purpose of their own (GPCS 11.1.9 and table 11-17's usage). */
enum {
    SCP_VERSION_TOKEN = 0x70,
    SCP_VERSION_RECEIPT = 0x71,
    SCP_VERSION_DAP = 0x73,
};

/* Key types of table 11-16; those of the national algorithms are ours (docs/globalplatform.md). */
enum {
    SCP_TYPE_DES = 0x80,
    SCP_TYPE_AES = 0x88,
    SCP_TYPE_SM4 = 0x89,
    SCP_TYPE_RSA_E = 0xA0,
    SCP_TYPE_RSA_N = 0xA1,
    SCP_TYPE_EC = 0xB0,
    SCP_TYPE_EC_FIELD = 0xB2, /* the first of a curve's parameters, */
    SCP_TYPE_EC_B = 0xB4,
    SCP_TYPE_EC_COFACTOR = 0xB7, /* and the last */
    SCP_TYPE_SM2 = 0xB8,
    SCP_TYPE_EC_PARAMETERS = 0xF0,
    SCP_TYPE_EXTENDED = 0xFF, /* the type follows, and usage and access behind the value */
};
#define SCP_CURVE_SM2 0xF8u /* key parameter reference (table B-2): ours */

enum scp_public_type { SCP_PUBLIC_RSA = 1, SCP_PUBLIC_P256 = 2, SCP_PUBLIC_SM2 = 3 };
#define SCP_PUBLIC_MAX (4u + 256u + 4u) /* type, sizes of modulus 2 and exponent 1, both */

struct scp_version {
    uint8_t options;   /* i */
    uint8_t level_min; /* security level that EXTERNAL AUTHENTICATE must ask for at least */
    uint8_t failures;
    uint32_t sequence;
};

/* A set of key versions. */
#define SCP_VERSIONS_SIZE 16u
static inline void scp_versions_add(uint8_t set[SCP_VERSIONS_SIZE], uint8_t version) {
    set[version >> 3] |= (uint8_t)(1u << (version & 7));
}
static inline bool scp_versions_has(const uint8_t set[SCP_VERSIONS_SIZE], uint8_t version) {
    return set[version >> 3] & 1u << (version & 7);
}

static inline uint16_t scp_number(uint8_t version, uint8_t id) {
    return (uint16_t)(version << 8 | id);
}

/* Stage a new key, or a new value of one. usage follows from version and identifier. A version
 * that has keys 1 to 3 of a cipher then opens secure channels, its counter at zero. PARAM: version,
 * identifier, or a size that is not the algorithm's; FULL. */
enum onecard_err scp_key_put(struct keys *k, uint32_t domain, uint8_t version, uint8_t id,
                             enum crypto_alg algorithm, const uint8_t *value, uint32_t len);

/* A public key: type, then n_len bytes of modulus and e_len of exponent (RSA), or 64 bytes of a
 * point and none. PARAM, FORMAT (not a key). */
enum onecard_err scp_public_put(struct keys *k, uint32_t domain, uint8_t version, uint8_t id,
                                enum scp_public_type type, const uint8_t *n, uint32_t n_len,
                                const uint8_t *e, uint32_t e_len);

/* Read it: *out_len bytes as above. NOT_FOUND. */
enum onecard_err scp_public_get(struct keys *k, uint32_t domain, uint16_t number,
                                uint8_t out[SCP_PUBLIC_MAX], uint32_t *out_len);

/* Key usage (table 11-17) and key access (table 11-18) as the extended format brings them; of 0
 * bytes: nothing is said. */
struct scp_key_attributes {
    uint8_t usage_len, usage[2];
    uint8_t access_len, access;
};

/* May a key of that place have them: is it allowed what it is there for, and the domain to use it?
 */
bool scp_attributes_fit(uint8_t version, uint8_t id, const struct scp_key_attributes *a);

/* Stage them for a key that was just put; a new value of the key, or its end, takes them away. */
enum onecard_err scp_attributes_put(struct keys *k, uint32_t domain, uint8_t version, uint8_t id,
                                    const struct scp_key_attributes *a);

/* NOT_FOUND: the key came in the basic format. */
enum onecard_err scp_attributes_get(struct keys *k, uint32_t domain, uint16_t number,
                                    struct scp_key_attributes *out);

/* Stage the deletion of one key; the version's counters go with its last key. NOT_FOUND. */
enum onecard_err scp_key_delete(struct keys *k, uint32_t domain, uint8_t version, uint8_t id);

/* The first key with a number of at least `from`, in order: its number, and type and size for the
 * key information template (GPCS 11.3.3.1): type of table 11-16, size in bytes. NOT_FOUND. */
struct scp_key_info {
    uint16_t number;
    uint8_t type;
    uint16_t size;         /* of the value, modulus or point */
    uint8_t exponent_size; /* RSA */
    bool symmetric;
};
enum onecard_err scp_key_next(struct keys *k, uint32_t domain, uint32_t from,
                              struct scp_key_info *out_info);

/* What a version counts. NOT_FOUND if it does not open secure channels. */
enum onecard_err scp_version_get(struct keys *k, uint32_t domain, uint8_t version,
                                 struct scp_version *out_version);
enum onecard_err scp_version_set(struct keys *k, uint32_t domain, uint8_t version,
                                 const struct scp_version *value);

/* The version that answers to 00: the one that was set, else the lowest there is. NOT_FOUND. */
enum onecard_err scp_default_version(struct keys *k, uint32_t domain, uint8_t *out_version);
enum onecard_err scp_default_set(struct keys *k, uint32_t domain, uint8_t version);

/* Can the domain open a secure channel with keys of its own? */
bool scp_has_keys(struct keys *k, uint32_t domain);

/* First 3 bytes of the encipherment of zeros (3DES) or of bytes 01 (AES, SM4). GPCS B.5, B.6. */
enum onecard_err scp_check_value(enum crypto_alg algorithm, const uint8_t *value, uint32_t len,
                                 uint8_t out[3]);

#endif
