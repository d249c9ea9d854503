#include "secure/scp_keys.h"

#include <string.h>

#include "base/bytes.h"
#include "secure/scp.h"

enum { AT_OPTIONS = 0, AT_LEVEL = 1, AT_FAILURES = 2, AT_SEQUENCE = 3, VERSION_SIZE = 8 };

static store_name version_name(uint32_t domain, uint8_t version) {
    return STORE_NAME(domain, KIND_KEY_VERSION, version);
}

static store_name public_name(uint32_t domain, uint16_t number) {
    return STORE_NAME(domain, KIND_PUBLIC_KEY, number);
}

static bool valid(uint8_t version, uint8_t id) {
    return version >= 1 && version <= SCP_VERSION_MAX && id <= SCP_ID_MAX;
}

/* ---- what a version counts ---- */

enum onecard_err scp_version_get(struct keys *k, uint32_t domain, uint8_t version,
                                 struct scp_version *out) {
    uint8_t record[VERSION_SIZE];
    enum onecard_err err =
        store_read(k->store, version_name(domain, version), 0, record, sizeof record);
    if (err)
        return err;
    out->options = record[AT_OPTIONS];
    out->level_min = record[AT_LEVEL];
    out->failures = record[AT_FAILURES];
    out->sequence = (uint32_t)record[AT_SEQUENCE] << 16 | get_be16(record + AT_SEQUENCE + 1);
    return ONECARD_OK;
}

enum onecard_err scp_version_set(struct keys *k, uint32_t domain, uint8_t version,
                                 const struct scp_version *value) {
    uint8_t record[VERSION_SIZE] = {value->options, value->level_min, value->failures,
                                    (uint8_t)(value->sequence >> 16)};
    put_be16(record + AT_SEQUENCE + 1, (uint16_t)value->sequence);
    return store_write(k->store, version_name(domain, version), 0, record, sizeof record);
}

static bool exists(struct keys *k, store_name name) {
    uint32_t size;
    return store_size(k->store, name, &size) == ONECARD_OK;
}

enum onecard_err scp_default_version(struct keys *k, uint32_t domain, uint8_t *out_version) {
    uint8_t version = 0;
    if (!store_read(k->store, version_name(domain, 0), 0, &version, 1) && version &&
        exists(k, version_name(domain, version))) {
        *out_version = version;
        return ONECARD_OK;
    }
    store_name name;
    enum onecard_err err = store_next(k->store, version_name(domain, 1), &name);
    if (err || STORE_OWNER(name) != domain || STORE_KIND(name) != KIND_KEY_VERSION ||
        STORE_NUMBER(name) > SCP_VERSION_MAX)
        return ONECARD_E_NOT_FOUND;
    *out_version = (uint8_t)STORE_NUMBER(name);
    return ONECARD_OK;
}

enum onecard_err scp_default_set(struct keys *k, uint32_t domain, uint8_t version) {
    store_name name = version_name(domain, 0);
    enum onecard_err err = ONECARD_OK;
    if (!exists(k, name))
        err = store_create(k->store, name, 1, STORE_PLAIN);
    return err ? err : store_write(k->store, name, 0, &version, 1);
}

bool scp_has_keys(struct keys *k, uint32_t domain) {
    uint8_t version;
    return scp_default_version(k, domain, &version) == ONECARD_OK;
}

/* ---- symmetric keys ---- */

/* What a key may be used for follows from where it stands. */
static uint16_t usage_of(uint8_t version, uint8_t id) {
    if (version >= SCP_VERSION_TOKEN)
        return version == SCP_VERSION_RECEIPT ? KEY_MAC : KEY_MAC_VERIFY;
    switch (id) {
    case SCP_KEY_ENC:
    case SCP_KEY_MAC:
        return KEY_DERIVE;
    case SCP_KEY_DEK:
        return KEY_DERIVE | KEY_DECRYPT;
    default:
        return KEY_MAC | KEY_MAC_VERIFY | KEY_ENCRYPT | KEY_DECRYPT;
    }
}

static enum onecard_err algorithm_of(struct keys *k, uint32_t domain, uint8_t version, uint8_t id,
                                     uint8_t *out) {
    const struct key_ref ref = {domain, scp_number(version, id), NULL};
    struct key_info info;
    enum onecard_err err = keys_info(k, &ref, &info);
    if (!err)
        *out = info.algorithm;
    return err;
}

static uint8_t default_options(uint8_t algorithm) {
    return algorithm == CRYPTO_TDES2 ? SCP02_DEFAULT : SCP03_DEFAULT;
}

/* Are keys 1 to 3 of one algorithm that a secure channel can have? */
static bool is_complete(struct keys *k, uint32_t domain, uint8_t version, uint8_t *out_algorithm) {
    uint8_t algorithm[3];
    for (uint8_t id = 1; id <= 3; id++)
        if (algorithm_of(k, domain, version, id, &algorithm[id - 1]))
            return false;
    *out_algorithm = algorithm[0];
    return version < SCP_VERSION_TOKEN && algorithm[0] == algorithm[1] &&
           algorithm[0] == algorithm[2] &&
           (algorithm[0] == CRYPTO_TDES2 || algorithm[0] == CRYPTO_AES128 ||
            algorithm[0] == CRYPTO_AES192 || algorithm[0] == CRYPTO_AES256 ||
            algorithm[0] == CRYPTO_SM4);
}

/* Keep the version's counters in step with its keys. A new value of any of the three begins the
 * sequence anew (Amendment D 6.2.2.1): nothing of old sessions can be replayed under it. */
static enum onecard_err settle_version(struct keys *k, uint32_t domain, uint8_t version) {
    uint8_t algorithm;
    struct scp_version counts = {0};
    bool there = scp_version_get(k, domain, version, &counts) == ONECARD_OK;
    if (!is_complete(k, domain, version, &algorithm))
        return there ? store_delete(k->store, version_name(domain, version)) : ONECARD_OK;
    if (!there) {
        enum onecard_err err =
            store_create(k->store, version_name(domain, version), VERSION_SIZE, STORE_PLAIN);
        if (err)
            return err;
        counts.options = default_options(algorithm);
    }
    /* options of another protocol mean nothing */
    if ((counts.options & 0x0F) != (default_options(algorithm) & 0x0F))
        counts.options = default_options(algorithm);
    counts.sequence = 0;
    counts.failures = 0;
    return scp_version_set(k, domain, version, &counts);
}

/* ---- what the extended format says ---- */

enum { ATTRIBUTES_SIZE = 5 };

static store_name attributes_name(uint32_t domain, uint16_t number) {
    return STORE_NAME(domain, KIND_KEY_VERSION, 0x8000u | number);
}

/* Bits of the first byte of a key's usage. */
enum {
    USAGE_VERIFY = 0x80,  /* or encipher */
    USAGE_COMPUTE = 0x40, /* or decipher */
    USAGE_COMMANDS = 0x10,
    USAGE_CONFIDENTIALITY = 0x08,
    USAGE_CHECKSUM = 0x04,
};

static uint8_t usage_needed(uint8_t version, uint8_t id) {
    if (version >= SCP_VERSION_TOKEN)
        return version == SCP_VERSION_RECEIPT                               ? USAGE_COMPUTE
               : version == SCP_VERSION_TOKEN || version == SCP_VERSION_DAP ? USAGE_VERIFY
                                                                            : 0;
    switch (id) {
    case SCP_KEY_ENC:
        return USAGE_COMMANDS | USAGE_CONFIDENTIALITY;
    case SCP_KEY_MAC:
        return USAGE_COMMANDS | USAGE_CHECKSUM;
    case SCP_KEY_DEK:
        return USAGE_CONFIDENTIALITY;
    default:
        return 0;
    }
}

bool scp_attributes_fit(uint8_t version, uint8_t id, const struct scp_key_attributes *a) {
    const uint8_t needed = usage_needed(version, id);
    if (a->usage_len > 2 || a->access_len > 1 || (a->usage_len && (a->usage[0] & needed) != needed))
        return false;
    /* 00: the domain and its applications, 01: the domain; an application has no way to a key */
    return !a->access_len || a->access <= 1;
}

enum onecard_err scp_attributes_put(struct keys *k, uint32_t domain, uint8_t version, uint8_t id,
                                    const struct scp_key_attributes *a) {
    const uint8_t record[ATTRIBUTES_SIZE] = {a->usage_len, a->usage[0], a->usage[1], a->access_len,
                                             a->access};
    store_name name = attributes_name(domain, scp_number(version, id));
    enum onecard_err err = store_create(k->store, name, sizeof record, STORE_PLAIN);
    return err ? err : store_write(k->store, name, 0, record, sizeof record);
}

enum onecard_err scp_attributes_get(struct keys *k, uint32_t domain, uint16_t number,
                                    struct scp_key_attributes *out) {
    uint8_t record[ATTRIBUTES_SIZE];
    enum onecard_err err =
        store_read(k->store, attributes_name(domain, number), 0, record, sizeof record);
    if (!err && (record[0] > 2 || record[3] > 1))
        err = ONECARD_E_CORRUPT;
    if (!err)
        *out = (struct scp_key_attributes){record[0], {record[1], record[2]}, record[3], record[4]};
    return err;
}

/* ---- one key ---- */

static enum onecard_err drop_key(struct keys *k, uint32_t domain, uint16_t number) {
    const store_name attributes = attributes_name(domain, number);
    if (exists(k, attributes)) {
        enum onecard_err err = store_delete(k->store, attributes);
        if (err)
            return err;
    }
    enum onecard_err err = keys_delete(k, domain, number);
    return err == ONECARD_E_NOT_FOUND ? store_delete(k->store, public_name(domain, number)) : err;
}

enum onecard_err scp_key_put(struct keys *k, uint32_t domain, uint8_t version, uint8_t id,
                             enum crypto_alg algorithm, const uint8_t *value, uint32_t len) {
    static const uint8_t never[1];
    if (!valid(version, id))
        return ONECARD_E_PARAM;
    const struct key_spec spec = {.algorithm = (uint8_t)algorithm,
                                  .version = version,
                                  .usage = usage_of(version, id),
                                  .rules = never, /* not for the standard commands */
                                  .rules_len = 0};
    enum onecard_err err = drop_key(k, domain, scp_number(version, id));
    if (err && err != ONECARD_E_NOT_FOUND)
        return err;
    err = keys_create(k, domain, scp_number(version, id), &spec, value, len);
    return err || id < 1 || id > 3 ? err : settle_version(k, domain, version);
}

enum onecard_err scp_key_delete(struct keys *k, uint32_t domain, uint8_t version, uint8_t id) {
    enum onecard_err err = drop_key(k, domain, scp_number(version, id));
    return err ? err : settle_version(k, domain, version);
}

/* ---- public keys ---- */

static enum onecard_err check_rsa(const uint8_t *n, uint32_t n_len, const uint8_t *e,
                                  uint32_t e_len) {
    struct crypto_rsa rsa;
    enum onecard_err err = crypto_rsa_open_public(&rsa, n, n_len, e, e_len);
    crypto_rsa_close(&rsa);
    return err;
}

enum onecard_err scp_public_put(struct keys *k, uint32_t domain, uint8_t version, uint8_t id,
                                enum scp_public_type type, const uint8_t *n, uint32_t n_len,
                                const uint8_t *e, uint32_t e_len) {
    uint8_t object[SCP_PUBLIC_MAX];
    uint32_t len = 1;
    if (!valid(version, id))
        return ONECARD_E_PARAM;
    object[0] = (uint8_t)type;
    enum onecard_err err;
    if (type == SCP_PUBLIC_RSA) {
        if (n_len > 256 || e_len < 1 || e_len > 4)
            return ONECARD_E_PARAM;
        err = check_rsa(n, n_len, e, e_len);
        put_be16(object + 1, (uint16_t)n_len);
        object[3] = (uint8_t)e_len;
        len = 4 + n_len + e_len;
        memcpy(object + 4, n, n_len);
        memcpy(object + 4 + n_len, e, e_len);
    } else {
        if (n_len != 64)
            return ONECARD_E_PARAM;
        err = type == SCP_PUBLIC_SM2 ? crypto_sm2_check(n) : crypto_p256_check(n);
        memcpy(object + 1, n, 64);
        len = 65;
    }
    if (err)
        return err;
    err = drop_key(k, domain, scp_number(version, id));
    if (err && err != ONECARD_E_NOT_FOUND)
        return err;
    store_name name = public_name(domain, scp_number(version, id));
    err = store_create(k->store, name, len, STORE_SECRET);
    return err ? err : store_write(k->store, name, 0, object, len);
}

enum onecard_err scp_public_get(struct keys *k, uint32_t domain, uint16_t number,
                                uint8_t out[SCP_PUBLIC_MAX], uint32_t *out_len) {
    store_name name = public_name(domain, number);
    enum onecard_err err = store_size(k->store, name, out_len);
    if (!err && *out_len > SCP_PUBLIC_MAX)
        err = ONECARD_E_CORRUPT;
    return err ? err : store_read(k->store, name, 0, out, *out_len);
}

/* ---- listing ---- */

/* The first object of that kind at or above from, or NOT_FOUND. */
static bool next_number(struct keys *k, uint32_t domain, uint32_t kind, uint32_t from,
                        uint16_t *out) {
    store_name name;
    if (from > 0xFFFF || store_next(k->store, STORE_NAME(domain, kind, from), &name) ||
        STORE_OWNER(name) != domain || STORE_KIND(name) != kind)
        return false;
    *out = (uint16_t)STORE_NUMBER(name);
    return true;
}

static uint8_t type_of(uint8_t algorithm) {
    switch (algorithm) {
    case CRYPTO_AES128:
    case CRYPTO_AES192:
    case CRYPTO_AES256:
        return SCP_TYPE_AES;
    case CRYPTO_SM4:
        return SCP_TYPE_SM4;
    default:
        return SCP_TYPE_DES;
    }
}

static enum onecard_err public_info(struct keys *k, uint32_t domain, struct scp_key_info *out) {
    uint8_t object[SCP_PUBLIC_MAX];
    uint32_t len;
    enum onecard_err err = scp_public_get(k, domain, out->number, object, &len);
    if (err)
        return err;
    out->symmetric = false;
    out->type = object[0] == SCP_PUBLIC_RSA   ? SCP_TYPE_RSA_N
                : object[0] == SCP_PUBLIC_SM2 ? SCP_TYPE_SM2
                                              : SCP_TYPE_EC;
    out->size = object[0] == SCP_PUBLIC_RSA ? get_be16(object + 1) : 65;
    out->exponent_size = object[0] == SCP_PUBLIC_RSA ? object[3] : 0;
    return ONECARD_OK;
}

enum onecard_err scp_key_next(struct keys *k, uint32_t domain, uint32_t from,
                              struct scp_key_info *out) {
    uint16_t symmetric = 0, asymmetric = 0;
    bool has_symmetric = next_number(k, domain, KEYS_KIND_KEY, from, &symmetric);
    bool has_asymmetric = next_number(k, domain, KIND_PUBLIC_KEY, from, &asymmetric);
    if (!has_symmetric && !has_asymmetric)
        return ONECARD_E_NOT_FOUND;
    if (!has_symmetric || (has_asymmetric && asymmetric < symmetric)) {
        out->number = asymmetric;
        return public_info(k, domain, out);
    }
    const struct key_ref ref = {domain, symmetric, NULL};
    struct key_info info;
    enum onecard_err err = keys_info(k, &ref, &info);
    if (err)
        return err;
    *out = (struct scp_key_info){
        .number = symmetric, .type = type_of(info.algorithm), .size = info.size, .symmetric = true};
    return ONECARD_OK;
}

enum onecard_err scp_check_value(enum crypto_alg algorithm, const uint8_t *value, uint32_t len,
                                 uint8_t out[3]) {
    uint8_t block[CRYPTO_BLOCK_MAX];
    struct crypto_key key;
    enum onecard_err err = crypto_key_set(&key, algorithm, value, len);
    if (err)
        return err;
    memset(block, key.info->block_size == 8 ? 0 : 1, sizeof block);
    err = crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, block, block, key.info->block_size);
    crypto_key_wipe(&key);
    memcpy(out, block, 3);
    return err;
}
