/* Inside src/fs: data objects. One store object each: a head of FS_OBJECT_HEAD bytes, the access
 * rules, the value up to the end. */
#ifndef FS_OBJECT_H
#define FS_OBJECT_H

#include "fs/fs.h"

#define FS_OBJECT_HEAD 8u

struct fs_object {
    store_name name;
    uint32_t tag;
    uint32_t value; /* offset of the value */
    uint32_t size;  /* bytes of the value */
    uint32_t size_max;
    uint8_t flags, rules_len;
};

/* NOT_FOUND, CORRUPT. */
enum onecard_err fs_object_load(const struct store *s, uint32_t owner, uint32_t tag,
                                struct fs_object *out);

/* Replace the value of one that is there. */
enum onecard_err fs_object_put(struct store *s, const struct fs_object *object, const void *data,
                               uint32_t len);

/* The next object of the owner from *cursor (0 at first) on; *cursor moves behind it. NOT_FOUND. */
enum onecard_err fs_object_next(const struct store *s, uint32_t owner, uint32_t *cursor,
                                struct fs_object *out);

/* Take a tag of 1 to 3 bytes off the front of [*cursor, end). false: none stands there. */
bool fs_tag_take(const uint8_t **cursor, const uint8_t *end, uint32_t *out_tag);

#endif
