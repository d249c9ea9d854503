/* Host calls: files and data objects, always of the owner that the runtime named (F2). */
#include "firewall/handlers.h"

/* A file number or tag that does not fit its type names nothing. */
static bool fits16(uint32_t v) {
    return v <= 0xFFFF;
}

int32_t handle_file_create(struct door *d, const struct call_argument *a) {
    if (!fits16(a[0].value))
        return ONECARD_E_NOT_FOUND;
    fs_file file;
    enum onecard_err err =
        fs_file_create(d->store, d->owner, (fs_file)a[0].value, a[1].bytes, a[1].len, &file);
    return err ? (int32_t)err : file;
}

int32_t handle_file_delete(struct door *d, const struct call_argument *a) {
    return fits16(a[0].value) ? fs_file_delete(d->store, d->owner, (fs_file)a[0].value)
                              : ONECARD_E_NOT_FOUND;
}

int32_t handle_file_find(struct door *d, const struct call_argument *a) {
    if (!fits16(a[0].value) || !fits16(a[1].value))
        return ONECARD_E_NOT_FOUND;
    fs_file file;
    enum onecard_err err =
        fs_file_find(d->store, d->owner, (fs_file)a[0].value, (uint16_t)a[1].value, &file);
    return err ? (int32_t)err : file;
}

static int32_t file_info(struct door *d, uint32_t file, struct fs_info *info) {
    return fits16(file) ? fs_file_info(d->store, d->owner, (fs_file)file, info)
                        : ONECARD_E_NOT_FOUND;
}

int32_t handle_file_size(struct door *d, const struct call_argument *a) {
    struct fs_info info;
    int32_t err = file_info(d, a[0].value, &info);
    return err ? err : (int32_t)info.size;
}

int32_t handle_file_read(struct door *d, const struct call_argument *a) {
    return fits16(a[0].value) ? fs_binary_read(d->store, d->owner, (fs_file)a[0].value, a[1].value,
                                               a[2].bytes, a[2].len)
                              : ONECARD_E_NOT_FOUND;
}

int32_t handle_file_write(struct door *d, const struct call_argument *a) {
    return fits16(a[0].value) ? fs_binary_update(d->store, d->owner, (fs_file)a[0].value,
                                                 a[1].value, a[2].bytes, a[2].len)
                              : ONECARD_E_NOT_FOUND;
}

int32_t handle_record_count(struct door *d, const struct call_argument *a) {
    struct fs_info info;
    int32_t err = file_info(d, a[0].value, &info);
    return err ? err : (int32_t)info.record_count;
}

int32_t handle_record_size(struct door *d, const struct call_argument *a) {
    if (!fits16(a[0].value))
        return ONECARD_E_NOT_FOUND;
    uint32_t size;
    enum onecard_err err =
        fs_record_size(d->store, d->owner, (fs_file)a[0].value, a[1].value, &size);
    return err ? (int32_t)err : (int32_t)size;
}

int32_t handle_record_read(struct door *d, const struct call_argument *a) {
    return fits16(a[0].value) ? fs_record_read(d->store, d->owner, (fs_file)a[0].value, a[1].value,
                                               a[2].value, a[3].bytes, a[3].len)
                              : ONECARD_E_NOT_FOUND;
}

int32_t handle_record_update(struct door *d, const struct call_argument *a) {
    return fits16(a[0].value) ? fs_record_update(d->store, d->owner, (fs_file)a[0].value,
                                                 a[1].value, a[2].bytes, a[2].len)
                              : ONECARD_E_NOT_FOUND;
}

int32_t handle_record_patch(struct door *d, const struct call_argument *a) {
    return fits16(a[0].value) ? fs_record_patch(d->store, d->owner, (fs_file)a[0].value, a[1].value,
                                                a[2].value, a[3].bytes, a[3].len)
                              : ONECARD_E_NOT_FOUND;
}

int32_t handle_record_append(struct door *d, const struct call_argument *a) {
    return fits16(a[0].value)
               ? fs_record_append(d->store, d->owner, (fs_file)a[0].value, a[1].bytes, a[1].len)
               : ONECARD_E_NOT_FOUND;
}

int32_t handle_record_find(struct door *d, const struct call_argument *a) {
    if (!fits16(a[0].value))
        return ONECARD_E_NOT_FOUND;
    uint32_t number;
    enum onecard_err err = fs_record_find(d->store, d->owner, (fs_file)a[0].value, a[1].value,
                                          a[2].value, a[3].bytes, a[3].len, &number);
    return err ? (int32_t)err : (int32_t)number;
}

int32_t handle_file_command(struct door *d, const struct call_argument *a) {
    (void)a;
    return fs_command(d->store, d->owner, d->selection, d->status, d->command, d->answer);
}

int32_t handle_file_command_unwrapped(struct door *d, const struct call_argument *a) {
    if (a[0].value == 0 || a[0].value > 0x0F)
        return ONECARD_E_PARAM;
    struct apdu inner = *d->command;
    inner.data = a[1].bytes;
    inner.lc = a[1].len;
    d->status->sm = (uint8_t)a[0].value;
    int32_t status = fs_command(d->store, d->owner, d->selection, d->status, &inner, d->answer);
    d->status->sm = 0;
    return status;
}

int32_t handle_object_create(struct door *d, const struct call_argument *a) {
    if (a[1].value > 0xFF)
        return ONECARD_E_PARAM;
    return fs_object_create(d->store, d->owner, a[0].value, (uint8_t)a[1].value, a[2].value,
                            a[3].bytes, a[3].len);
}

int32_t handle_object_size(struct door *d, const struct call_argument *a) {
    uint32_t size;
    enum onecard_err err = fs_object_size(d->store, d->owner, a[0].value, &size);
    return err ? (int32_t)err : (int32_t)size;
}

int32_t handle_object_read(struct door *d, const struct call_argument *a) {
    return fs_object_read(d->store, d->owner, a[0].value, a[1].value, a[2].bytes, a[2].len);
}

int32_t handle_object_write(struct door *d, const struct call_argument *a) {
    return fs_object_write(d->store, d->owner, a[0].value, a[1].bytes, a[1].len);
}

int32_t handle_object_patch(struct door *d, const struct call_argument *a) {
    return fs_object_patch(d->store, d->owner, a[0].value, a[1].value, a[2].bytes, a[2].len);
}

int32_t handle_object_delete(struct door *d, const struct call_argument *a) {
    return fs_object_delete(d->store, d->owner, a[0].value);
}
