/* Data objects: one for each tag of an owner (ISO/IEC 7816-4 7.4). */
#include "fs/object.h"

#include "base/bytes.h"

#define OBJECT_ROOM_SLACK 128u

/* Three-byte tags share the numbers that no one- or two-byte tag has (low byte 80 and up, high byte
 * not 0); up to this many may fall on the same number. */
#define OBJECT_PROBES 4u

/* ---- tags and names ---- */

bool fs_tag_take(const uint8_t **cursor, const uint8_t *end, uint32_t *out_tag) {
    const uint8_t *p = *cursor;
    if (p == end || *p == 0 || *p == 0xFF)
        return false;
    uint32_t tag = *p++;
    if ((tag & 0x1F) == 0x1F) {
        do {
            if (p == end || tag > 0xFFFF)
                return false;
            tag = tag << 8 | *p;
        } while ((*p++ & 0x80) != 0);
    }
    *cursor = p;
    *out_tag = tag;
    return true;
}

static bool is_tag(uint32_t tag) {
    uint8_t bytes[4];
    put_be32(bytes, tag);
    const uint8_t *p = bytes + (tag > 0xFFFF ? 1 : tag > 0xFF ? 2 : 3);
    uint32_t parsed;
    return tag <= 0xFFFFFF && fs_tag_take(&p, bytes + 4, &parsed) && p == bytes + 4;
}

static store_name name_of(uint32_t owner, uint32_t tag, uint32_t probe) {
    uint32_t number = tag;
    if (tag > 0xFFFF) {
        const uint32_t high = (tag >> 21 << 7 | (tag >> 8 & 0x7F)) + probe;
        number = (high % 255 + 1) << 8 | 0x80 | (tag & 0x7F);
    }
    return STORE_NAME(owner, FS_KIND_OBJECT, number);
}

/* ---- loading ---- */

static enum onecard_err load_named(const struct store *s, store_name name, struct fs_object *out) {
    uint8_t raw[FS_OBJECT_HEAD];
    uint32_t size;
    enum onecard_err err = store_size(s, name, &size);
    if (err == ONECARD_OK)
        err = store_read(s, name, 0, raw, sizeof raw);
    if (err != ONECARD_OK)
        return err == ONECARD_E_RANGE ? ONECARD_E_CORRUPT : err;
    out->name = name;
    out->flags = raw[0];
    out->rules_len = raw[1];
    out->tag = get_be32(raw + 2) >> 8;
    out->size_max = get_be16(raw + 6);
    out->value = FS_OBJECT_HEAD + out->rules_len;
    if (size < out->value)
        return ONECARD_E_CORRUPT;
    out->size = size - out->value;
    return ONECARD_OK;
}

enum onecard_err fs_object_load(const struct store *s, uint32_t owner, uint32_t tag,
                                struct fs_object *out) {
    const uint32_t probes = tag > 0xFFFF ? OBJECT_PROBES : 1;
    if (!is_tag(tag))
        return ONECARD_E_NOT_FOUND;
    for (uint32_t i = 0; i < probes; i++) {
        enum onecard_err err = load_named(s, name_of(owner, tag, i), out);
        if (err != ONECARD_E_NOT_FOUND && (err != ONECARD_OK || out->tag == tag))
            return err;
    }
    return ONECARD_E_NOT_FOUND;
}

enum onecard_err fs_object_next(const struct store *s, uint32_t owner, uint32_t *cursor,
                                struct fs_object *out) {
    store_name name;
    if (*cursor > 0xFFFF)
        return ONECARD_E_NOT_FOUND;
    enum onecard_err err = store_next(s, STORE_NAME(owner, FS_KIND_OBJECT, *cursor), &name);
    if (err != ONECARD_OK)
        return err;
    if (STORE_OWNER(name) != owner || STORE_KIND(name) != FS_KIND_OBJECT)
        return ONECARD_E_NOT_FOUND;
    *cursor = STORE_NUMBER(name) + 1;
    return load_named(s, name, out);
}

/* ---- changing ---- */

enum onecard_err fs_object_create(struct store *s, uint32_t owner, uint32_t tag, uint8_t flags,
                                  uint32_t size_max, const uint8_t *rules, uint32_t rules_len) {
    struct fs_object other;
    uint8_t raw[FS_OBJECT_HEAD + 1] = {flags, (uint8_t)rules_len};
    if (!is_tag(tag) || size_max > FS_OBJECT_MAX || (flags & ~FS_OBJECT_VALUE_ONLY) != 0)
        return ONECARD_E_PARAM;
    if (!access_rules_valid(rules, rules_len))
        return ONECARD_E_FORMAT;
    if (fs_object_load(s, owner, tag, &other) == ONECARD_OK)
        return ONECARD_E_EXISTS;
    if (store_room(s) < FS_OBJECT_HEAD + rules_len + 2 * OBJECT_ROOM_SLACK)
        return ONECARD_E_TOO_BIG;
    put_be32(raw + 2, tag << 8);
    put_be16(raw + 6, (uint16_t)(size_max != 0 ? size_max : FS_OBJECT_MAX));
    const uint32_t probes = tag > 0xFFFF ? OBJECT_PROBES : 1;
    enum onecard_err err = ONECARD_E_EXISTS;
    store_name name = 0;
    for (uint32_t i = 0; i < probes && err == ONECARD_E_EXISTS; i++) {
        name = name_of(owner, tag, i);
        err = store_create(s, name, FS_OBJECT_HEAD + rules_len, STORE_PLAIN);
    }
    if (err != ONECARD_OK)
        return err == ONECARD_E_EXISTS ? ONECARD_E_FULL : err;
    err = store_write(s, name, 0, raw, FS_OBJECT_HEAD);
    if (err == ONECARD_OK && rules_len != 0)
        err = store_write(s, name, FS_OBJECT_HEAD, rules, rules_len);
    if (err != ONECARD_OK)
        store_delete(s, name);
    return err;
}

enum onecard_err fs_object_put(struct store *s, const struct fs_object *object, const void *data,
                               uint32_t len) {
    if (len > object->size_max)
        return ONECARD_E_TOO_BIG;
    if (store_room(s) < len + OBJECT_ROOM_SLACK)
        return ONECARD_E_TOO_BIG;
    enum onecard_err err = ONECARD_OK;
    if (len != object->size)
        err = store_resize(s, object->name, object->value + len);
    return err != ONECARD_OK || len == 0 ? err
                                         : store_write(s, object->name, object->value, data, len);
}

enum onecard_err fs_object_write(struct store *s, uint32_t owner, uint32_t tag, const void *data,
                                 uint32_t len) {
    struct fs_object object;
    enum onecard_err err = fs_object_load(s, owner, tag, &object);
    const bool fresh = err == ONECARD_E_NOT_FOUND;
    if (fresh) {
        err = fs_object_create(s, owner, tag, 0, 0, NULL, 0);
        if (err == ONECARD_OK)
            err = fs_object_load(s, owner, tag, &object);
    }
    if (err != ONECARD_OK)
        return err;
    err = fs_object_put(s, &object, data, len);
    if (err != ONECARD_OK && fresh)
        store_delete(s, object.name); /* no empty object is left behind */
    return err;
}

enum onecard_err fs_object_patch(struct store *s, uint32_t owner, uint32_t tag, uint32_t offset,
                                 const void *data, uint32_t len) {
    struct fs_object object;
    enum onecard_err err = fs_object_load(s, owner, tag, &object);
    if (err != ONECARD_OK)
        return err;
    if (offset > object.size || len > object.size - offset)
        return ONECARD_E_RANGE;
    return store_write(s, object.name, object.value + offset, data, len);
}

enum onecard_err fs_object_delete(struct store *s, uint32_t owner, uint32_t tag) {
    struct fs_object object;
    enum onecard_err err = fs_object_load(s, owner, tag, &object);
    return err == ONECARD_OK ? store_delete(s, object.name) : err;
}

/* ---- reading ---- */

enum onecard_err fs_object_size(const struct store *s, uint32_t owner, uint32_t tag,
                                uint32_t *out_size) {
    struct fs_object object;
    enum onecard_err err = fs_object_load(s, owner, tag, &object);
    if (err == ONECARD_OK)
        *out_size = object.size;
    return err;
}

enum onecard_err fs_object_read(const struct store *s, uint32_t owner, uint32_t tag,
                                uint32_t offset, void *buf, uint32_t len) {
    struct fs_object object;
    enum onecard_err err = fs_object_load(s, owner, tag, &object);
    if (err != ONECARD_OK)
        return err;
    if (offset > object.size || len > object.size - offset)
        return ONECARD_E_RANGE;
    return store_read(s, object.name, object.value + offset, buf, len);
}
