#include "firewall/share.h"

#include <string.h>

enum { ANYBODY = 0x00, BEGINS_SO = 0x80, LENGTH = 0x7F, AID_SHORTEST = 5, AID_LONGEST = 16 };

static store_name list_name(uint32_t owner) {
    return STORE_NAME(owner, SHARE_KIND, 0);
}

static bool well_formed(const uint8_t *list, uint32_t len) {
    for (uint32_t at = 0; at < len;) {
        uint8_t head = list[at++];
        uint32_t aid_len = head & LENGTH;
        if (head == ANYBODY)
            continue;
        if (aid_len < (head & BEGINS_SO ? 1u : AID_SHORTEST) || aid_len > AID_LONGEST ||
            aid_len > len - at)
            return false;
        at += aid_len;
    }
    return true;
}

enum onecard_err share_allow(struct store *s, uint32_t owner, const uint8_t *list, uint32_t len) {
    if (len > SHARE_LIST_MAX)
        return ONECARD_E_TOO_BIG;
    if (!well_formed(list, len))
        return ONECARD_E_FORMAT;
    uint32_t before;
    enum onecard_err err = store_size(s, list_name(owner), &before);
    bool exists = !err;
    if (err && err != ONECARD_E_NOT_FOUND)
        return err;
    if (!len)
        return exists ? store_delete(s, list_name(owner)) : ONECARD_OK;
    err = exists ? store_resize(s, list_name(owner), len)
                 : store_create(s, list_name(owner), len, STORE_PLAIN);
    return err ? err : store_write(s, list_name(owner), 0, list, len);
}

static bool matches(uint8_t head, const uint8_t *entry, const uint8_t *aid, uint32_t aid_len) {
    uint32_t len = head & LENGTH;
    if (head == ANYBODY)
        return true;
    return (head & BEGINS_SO ? aid_len >= len : aid_len == len) && !memcmp(entry, aid, len);
}

bool share_allowed(const struct store *s, uint32_t owner, const uint8_t *aid, uint32_t aid_len) {
    uint8_t list[SHARE_LIST_MAX];
    uint32_t len;
    if (store_size(s, list_name(owner), &len) || len > sizeof list ||
        store_read(s, list_name(owner), 0, list, len) || !well_formed(list, len))
        return false;
    for (uint32_t at = 0; at < len; at += 1u + (list[at] & LENGTH))
        if (matches(list[at], list + at + 1, aid, aid_len))
            return true;
    return false;
}
