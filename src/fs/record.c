/* Records of linear fixed, linear variable and cyclic files (ISO/IEC 7816-4 7.3, 5.3.1). */
#include "fs/file.h"

#include <string.h>

/* Records move in pieces of this size when a variable one changes its length. */
#define MOVE_BYTES 64u

/* ---- where records lie ---- */

/* A variable file's body: the end of each record (2 bytes), record_max of them, then the records
 * without gaps. Ends count from the first record. */
static uint32_t ends_of(const struct fs_head *head, uint32_t number) {
    return head->body + 2 * (number - 1);
}

static uint32_t first_record(const struct fs_head *head) {
    return head->body + 2u * head->record_max;
}

static uint32_t room_for_records(const struct fs_head *head) {
    return head->body_size - 2u * head->record_max;
}

static enum onecard_err locate_variable(const struct store *s, const struct fs_head *head,
                                        uint32_t number, uint32_t *offset, uint32_t *size) {
    uint8_t ends[4] = {0};
    enum onecard_err err = number == 1
                               ? store_read(s, head->name, ends_of(head, 1), ends + 2, 2)
                               : store_read(s, head->name, ends_of(head, number - 1), ends, 4);
    if (err != ONECARD_OK)
        return err;
    const uint32_t from = get_be16(ends), to = get_be16(ends + 2);
    if (to < from || to > room_for_records(head))
        return ONECARD_E_CORRUPT;
    *offset = first_record(head) + from;
    *size = to - from;
    return ONECARD_OK;
}

enum onecard_err fs_record_locate(const struct store *s, const struct fs_head *head,
                                  uint32_t number, uint32_t *out_offset, uint32_t *out_size) {
    if (!fs_is_record_type(head->type))
        return ONECARD_E_UNSUPPORTED;
    if (number == 0 || number > head->record_count)
        return ONECARD_E_NOT_FOUND;
    if (head->type == FS_LINEAR_VARIABLE)
        return locate_variable(s, head, number, out_offset, out_size);
    uint32_t slot = number - 1;
    if (head->type == FS_CYCLIC)
        slot = ((uint32_t)head->newest + head->record_max - slot) % head->record_max;
    *out_offset = head->body + slot * head->record_size;
    *out_size = head->record_size;
    return ONECARD_OK;
}

/* ---- growing and shrinking a variable record ---- */

/* Move `len` bytes at `from` to `to`; the pieces go in the order that overlaps allow. */
static enum onecard_err move_bytes(struct store *s, store_name name, uint32_t from, uint32_t to,
                                   uint32_t len) {
    uint8_t piece[MOVE_BYTES];
    for (uint32_t done = 0; done < len;) {
        const uint32_t n = len - done < MOVE_BYTES ? len - done : MOVE_BYTES;
        const uint32_t at = to < from ? done : len - done - n;
        enum onecard_err err = store_read(s, name, from + at, piece, n);
        if (err == ONECARD_OK)
            err = store_write(s, name, to + at, piece, n);
        if (err != ONECARD_OK)
            return err;
        done += n;
    }
    return ONECARD_OK;
}

static enum onecard_err shift_ends(struct store *s, const struct fs_head *head, uint32_t number,
                                   int32_t delta) {
    uint8_t ends[MOVE_BYTES];
    enum onecard_err err = ONECARD_OK;
    while (number <= head->record_count && err == ONECARD_OK) {
        const uint32_t left = head->record_count - (number - 1u);
        const uint32_t n = left < MOVE_BYTES / 2 ? left : MOVE_BYTES / 2;
        err = store_read(s, head->name, ends_of(head, number), ends, 2 * n);
        for (uint32_t i = 0; i < n; i++)
            put_be16(ends + 2 * i, (uint16_t)(get_be16(ends + 2 * i) + delta));
        if (err == ONECARD_OK)
            err = store_write(s, head->name, ends_of(head, number), ends, 2 * n);
        number += n;
    }
    return err;
}

static enum onecard_err resize_record(struct store *s, const struct fs_head *head, uint32_t number,
                                      uint32_t offset, uint32_t size, uint32_t len) {
    uint32_t last, last_size;
    enum onecard_err err = fs_record_locate(s, head, head->record_count, &last, &last_size);
    if (err != ONECARD_OK)
        return err;
    const uint32_t tail = offset + size, end = last + last_size;
    const uint32_t pieces = (end - tail + 2u * head->record_count) / MOVE_BYTES + 4;
    if (end - first_record(head) - size + len > room_for_records(head))
        return ONECARD_E_FULL;
    if (store_room(s) < (end - tail) + len + 2u * head->record_count + pieces * FS_ROOM_SLACK)
        return ONECARD_E_TOO_BIG;
    err = move_bytes(s, head->name, tail, offset + len, end - tail);
    return err == ONECARD_OK ? shift_ends(s, head, number, (int32_t)len - (int32_t)size) : err;
}

/* ---- changing ---- */

enum onecard_err fs_record_replace(struct store *s, const struct fs_head *head, uint32_t number,
                                   const void *data, uint32_t len) {
    uint32_t offset, size;
    enum onecard_err err = fs_record_locate(s, head, number, &offset, &size);
    if (err != ONECARD_OK)
        return err;
    if (head->type != FS_LINEAR_VARIABLE ? len != size : len > head->record_size)
        return ONECARD_E_RANGE;
    if (len != size)
        err = resize_record(s, head, number, offset, size, len);
    return err != ONECARD_OK || len == 0 ? err : store_write(s, head->name, offset, data, len);
}

static enum onecard_err append_variable(struct store *s, const struct fs_head *head,
                                        const void *data, uint32_t len) {
    uint32_t offset = first_record(head), size = 0;
    uint8_t end[2];
    if (len > head->record_size)
        return ONECARD_E_RANGE;
    if (head->record_count == head->record_max)
        return ONECARD_E_FULL;
    enum onecard_err err = ONECARD_OK;
    if (head->record_count != 0)
        err = fs_record_locate(s, head, head->record_count, &offset, &size);
    offset += size;
    if (err == ONECARD_OK && offset - first_record(head) + len > room_for_records(head))
        err = ONECARD_E_FULL;
    if (err == ONECARD_OK && len != 0)
        err = store_write(s, head->name, offset, data, len);
    put_be16(end, (uint16_t)(offset - first_record(head) + len));
    if (err == ONECARD_OK)
        err = store_write(s, head->name, ends_of(head, head->record_count + 1u), end, sizeof end);
    return err;
}

static enum onecard_err append_fixed(struct store *s, const struct fs_head *head, uint32_t slot,
                                     const void *data, uint32_t len) {
    if (len != head->record_size)
        return ONECARD_E_RANGE;
    return store_write(s, head->name, head->body + slot * head->record_size, data, len);
}

enum onecard_err fs_record_add(struct store *s, const struct fs_head *head, const void *data,
                               uint32_t len) {
    const bool cyclic = head->type == FS_CYCLIC;
    const bool full = head->record_count == head->record_max;
    /* count and newest lie side by side: one small write */
    uint8_t after[2] = {(uint8_t)(full ? head->record_count : head->record_count + 1u),
                        head->newest};
    enum onecard_err err = ONECARD_E_UNSUPPORTED;
    if (full && !cyclic)
        return fs_is_record_type(head->type) ? ONECARD_E_FULL : ONECARD_E_UNSUPPORTED;
    if (store_room(s) < len + 3 * FS_ROOM_SLACK)
        return ONECARD_E_TOO_BIG;
    if (cyclic) {
        after[1] = (uint8_t)((head->newest + 1u) % head->record_max);
        err = append_fixed(s, head, after[1], data, len);
    } else if (head->type == FS_LINEAR_FIXED) {
        err = append_fixed(s, head, head->record_count, data, len);
    } else if (head->type == FS_LINEAR_VARIABLE) {
        err = append_variable(s, head, data, len);
    }
    return err == ONECARD_OK ? store_write(s, head->name, FS_HEAD_COUNT, after, sizeof after) : err;
}

/* ---- by file number ---- */

static enum onecard_err load_record(const struct store *s, uint32_t owner, fs_file file,
                                    uint32_t number, struct fs_head *head, uint32_t *offset,
                                    uint32_t *size) {
    enum onecard_err err = fs_head_load(s, owner, file, head);
    return err == ONECARD_OK ? fs_record_locate(s, head, number, offset, size) : err;
}

enum onecard_err fs_record_size(const struct store *s, uint32_t owner, fs_file file,
                                uint32_t number, uint32_t *out_size) {
    struct fs_head head;
    uint32_t offset;
    return load_record(s, owner, file, number, &head, &offset, out_size);
}

enum onecard_err fs_record_read(const struct store *s, uint32_t owner, fs_file file,
                                uint32_t number, uint32_t offset, void *buf, uint32_t len) {
    struct fs_head head;
    uint32_t at, size;
    enum onecard_err err = load_record(s, owner, file, number, &head, &at, &size);
    if (err != ONECARD_OK)
        return err;
    if (offset > size || len > size - offset)
        return ONECARD_E_RANGE;
    return store_read(s, head.name, at + offset, buf, len);
}

enum onecard_err fs_record_patch(struct store *s, uint32_t owner, fs_file file, uint32_t number,
                                 uint32_t offset, const void *data, uint32_t len) {
    struct fs_head head;
    uint32_t at, size;
    enum onecard_err err = load_record(s, owner, file, number, &head, &at, &size);
    if (err != ONECARD_OK)
        return err;
    if (offset > size || len > size - offset)
        return ONECARD_E_RANGE;
    return store_write(s, head.name, at + offset, data, len);
}

enum onecard_err fs_record_update(struct store *s, uint32_t owner, fs_file file, uint32_t number,
                                  const void *data, uint32_t len) {
    struct fs_head head;
    enum onecard_err err = fs_head_load(s, owner, file, &head);
    return err == ONECARD_OK ? fs_record_replace(s, &head, number, data, len) : err;
}

enum onecard_err fs_record_append(struct store *s, uint32_t owner, fs_file file, const void *data,
                                  uint32_t len) {
    struct fs_head head;
    enum onecard_err err = fs_head_load(s, owner, file, &head);
    return err == ONECARD_OK ? fs_record_add(s, &head, data, len) : err;
}

enum onecard_err fs_record_find(const struct store *s, uint32_t owner, fs_file file, uint32_t from,
                                uint32_t offset, const uint8_t *key, uint32_t key_len,
                                uint32_t *out_number) {
    struct fs_head head;
    uint8_t held[16];
    uint32_t at, size;
    if (key_len > sizeof held || offset > FS_RECORD_MAX)
        return ONECARD_E_PARAM;
    enum onecard_err err = fs_head_load(s, owner, file, &head);
    if (err == ONECARD_OK && !fs_is_record_type(head.type))
        err = ONECARD_E_UNSUPPORTED;
    for (uint32_t n = from; err == ONECARD_OK; n++) {
        err = fs_record_locate(s, &head, n, &at, &size);
        if (err != ONECARD_OK || offset + key_len > size)
            continue;
        err = store_read(s, head.name, at + offset, held, key_len);
        if (err == ONECARD_OK && memcmp(held, key, key_len) == 0) {
            *out_number = n;
            return ONECARD_OK;
        }
    }
    return err;
}
