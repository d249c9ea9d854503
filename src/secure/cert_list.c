/* Revocation lists. */
#include <string.h>

#include "base/bytes.h"
#include "secure/cert_store.h"

enum { AT_VERSION = 2, AT_ISSUER = 4, AT_COUNT = 8 };

#define LIST_MAX (CERT_LIST_HEAD + CERT_LIST_ENTRIES * CERT_LIST_ENTRY)

static store_name list_name(uint32_t owner) {
    return STORE_NAME(owner, CERT_KIND, CERT_NUMBER_LIST);
}

enum onecard_err cert_list_version(const struct store *s, uint32_t owner, uint16_t *out_version) {
    uint8_t bytes[2] = {0, 0};
    enum onecard_err err = store_read(s, list_name(owner), AT_VERSION, bytes, sizeof bytes);
    *out_version = get_be16(bytes);
    return err == ONECARD_E_NOT_FOUND ? ONECARD_OK : err;
}

/* The bytes before the signature; 0: not a list. */
static uint32_t list_length(const uint8_t *list, uint32_t len) {
    if (len < CERT_LIST_HEAD + CRYPTO_SM2_SIGNATURE || list[0] != CERT_LIST_TAG ||
        list[1] != CERT_LIST_FORMAT || get_be16(list + AT_VERSION) == 0)
        return 0;
    const uint32_t count = get_be16(list + AT_COUNT);
    const uint32_t body = CERT_LIST_HEAD + count * CERT_LIST_ENTRY;
    if (count > CERT_LIST_ENTRIES || len != body + CRYPTO_SM2_SIGNATURE)
        return 0;
    for (const uint8_t *entry = list + CERT_LIST_HEAD; entry < list + body;
         entry += CERT_LIST_ENTRY)
        if (get_be32(entry + 4) > get_be32(entry + 8))
            return 0;
    return body;
}

/* Is it the list that is here? */
static enum onecard_err same_list(const struct store *s, uint32_t owner, const uint8_t *list,
                                  uint32_t body, bool *out_same) {
    uint8_t here[LIST_MAX];
    uint32_t size;
    *out_same = false;
    enum onecard_err err = store_size(s, list_name(owner), &size);
    if (err != ONECARD_OK || size != body)
        return err == ONECARD_E_NOT_FOUND ? ONECARD_OK : err;
    err = store_read(s, list_name(owner), 0, here, size);
    *out_same = err == ONECARD_OK && memcmp(here, list, size) == 0;
    return err;
}

enum onecard_err cert_list_set(struct store *s, uint32_t owner, const uint8_t *list, uint32_t len) {
    const uint32_t body = list_length(list, len);
    uint8_t root[CRYPTO_SM2_PUBLIC];
    uint16_t version;
    bool same;
    if (body == 0)
        return ONECARD_E_FORMAT;
    enum onecard_err err = cert_root_find(s, owner, list + AT_ISSUER, root);
    if (err == ONECARD_OK)
        err = cert_check_signature(root, list, body, list + body);
    if (err == ONECARD_OK)
        err = same_list(s, owner, list, body, &same);
    if (err == ONECARD_OK && same)
        return ONECARD_OK;
    if (err == ONECARD_OK)
        err = cert_list_version(s, owner, &version);
    if (err == ONECARD_OK && get_be16(list + AT_VERSION) <= version)
        err = ONECARD_E_STATE;
    if (err == ONECARD_OK)
        err = cert_cache_clear(s, owner);
    return err == ONECARD_OK ? cert_put(s, list_name(owner), list, body) : err;
}

enum onecard_err cert_list_check(const struct store *s, uint32_t owner, const uint8_t issuer[4],
                                 const uint8_t serial[4]) {
    uint8_t entry[CERT_LIST_ENTRY];
    uint32_t size;
    enum onecard_err err = store_size(s, list_name(owner), &size);
    if (err == ONECARD_E_NOT_FOUND)
        return ONECARD_OK;
    const uint32_t number = get_be32(serial);
    for (uint32_t at = CERT_LIST_HEAD; err == ONECARD_OK && at + CERT_LIST_ENTRY <= size;
         at += CERT_LIST_ENTRY) {
        err = store_read(s, list_name(owner), at, entry, sizeof entry);
        if (err == ONECARD_OK && memcmp(entry, issuer, 4) == 0 && get_be32(entry + 4) <= number &&
            number <= get_be32(entry + 8))
            err = ONECARD_E_BLOCKED;
    }
    return err;
}
