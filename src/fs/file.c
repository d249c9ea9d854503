/* Files: heads, look-up, life cycle, deletion, transparent bodies. */
#include "fs/file.h"

#include <string.h>

enum onecard_err fs_head_load(const struct store *s, uint32_t owner, fs_file file,
                              struct fs_head *out) {
    uint8_t p[FS_PREFIX_SIZE];
    out->name = fs_store_name(owner, file);
    enum onecard_err err = store_read(s, out->name, 0, p, sizeof p);
    if (err != ONECARD_OK)
        return err == ONECARD_E_RANGE ? ONECARD_E_CORRUPT : err;
    out->type = p[0];
    out->life = p[1];
    out->fid = get_be16(p + 2);
    out->sfi = p[4];
    out->rules_len = p[5];
    out->coding = p[6];
    out->record_max = p[7];
    out->record_size = get_be16(p + 8);
    out->record_count = p[10];
    out->newest = p[11];
    out->body = get_be16(p + 12);
    out->body_size = get_be16(p + 14);
    memcpy(out->rules, p + FS_HEAD_SIZE, sizeof out->rules);
    return ONECARD_OK;
}

void fs_head_put(const struct fs_head *head, uint8_t out[FS_HEAD_SIZE]) {
    out[0] = head->type;
    out[1] = head->life;
    put_be16(out + 2, head->fid);
    out[4] = head->sfi;
    out[5] = head->rules_len;
    out[6] = head->coding;
    out[7] = head->record_max;
    put_be16(out + 8, head->record_size);
    out[10] = head->record_count;
    out[11] = head->newest;
    put_be16(out + 12, head->body);
    put_be16(out + 14, head->body_size);
}

/* ---- look-up ---- */

enum onecard_err fs_df_next(const struct store *s, uint32_t owner, uint32_t *df,
                            struct fs_head *out) {
    while (*df < FS_DF_MAX) {
        store_name found;
        enum onecard_err err = store_next(s, fs_store_name(owner, fs_number(*df, 0)), &found);
        if (err != ONECARD_OK)
            return err;
        if (STORE_OWNER(found) != owner || STORE_KIND(found) != FS_KIND_FILE)
            return ONECARD_E_NOT_FOUND;
        *df = fs_df_index((fs_file)STORE_NUMBER(found));
        if ((STORE_NUMBER(found) & FS_SLOT_MASK) == 0)
            return fs_head_load(s, owner, fs_number(*df, 0), out);
        ++*df; /* files whose DF is gone: cannot be reached */
    }
    return ONECARD_E_NOT_FOUND;
}

static bool is_ef_with(const struct store *s, uint32_t owner, fs_file file, uint16_t fid) {
    struct fs_head head;
    return fs_head_load(s, owner, file, &head) == ONECARD_OK && head.fid == fid;
}

/* An EF that is neither at the slot of its natural SFI nor at the computed one. */
static enum onecard_err find_ef_slowly(const struct store *s, uint32_t owner, fs_file df,
                                       uint16_t fid, fs_file *out_file) {
    store_name at = fs_store_name(owner, df) + 1;
    const store_name end = fs_store_name(owner, df) + FS_SLOT_MASK;
    while (store_next(s, at, &at) == ONECARD_OK && at <= end) {
        if (is_ef_with(s, owner, (fs_file)STORE_NUMBER(at), fid)) {
            *out_file = (fs_file)STORE_NUMBER(at);
            return ONECARD_OK;
        }
        at++;
    }
    return ONECARD_E_NOT_FOUND;
}

static uint32_t slot_of_fid(uint16_t fid) {
    return FS_SLOT_OTHERS + fid % (FS_SLOT_LAST - FS_SLOT_OTHERS + 1);
}

enum onecard_err fs_file_find(const struct store *s, uint32_t owner, fs_file df, uint16_t fid,
                              fs_file *out_file) {
    const uint32_t index = fs_df_index(df);
    const uint32_t natural[2] = {fid & 0x1Fu, slot_of_fid(fid)};
    for (int i = 0; i < 2; i++) {
        if (natural[i] == 0 || natural[i] == 31)
            continue;
        *out_file = fs_number(index, natural[i]);
        if (is_ef_with(s, owner, *out_file, fid))
            return ONECARD_OK;
    }
    struct fs_head head;
    for (uint32_t child = 1; fs_df_next(s, owner, &child, &head) == ONECARD_OK; child++) {
        if (head.fid == fid && head.record_max == index) {
            *out_file = fs_number(child, 0);
            return ONECARD_OK;
        }
    }
    return find_ef_slowly(s, owner, fs_number(index, 0), fid, out_file);
}

enum onecard_err fs_file_find_sfi(const struct store *s, uint32_t owner, fs_file df, uint8_t sfi,
                                  fs_file *out_file) {
    struct fs_head head;
    if (sfi == 0 || sfi > FS_SFI_MAX)
        return ONECARD_E_NOT_FOUND;
    *out_file = fs_number(fs_df_index(df), sfi);
    return fs_head_load(s, owner, *out_file, &head);
}

enum onecard_err fs_file_find_path(const struct store *s, uint32_t owner, fs_file df,
                                   const uint8_t *path, uint32_t len, fs_file *out_file) {
    fs_file at = fs_df_of(df);
    if (len == 0 || len % 2 != 0)
        return ONECARD_E_PARAM;
    for (uint32_t i = 0; i < len; i += 2) {
        if ((at & FS_SLOT_MASK) != 0)
            return ONECARD_E_NOT_FOUND; /* an EF has nothing below it */
        enum onecard_err err = fs_file_find(s, owner, at, get_be16(path + i), &at);
        if (err != ONECARD_OK)
            return err;
    }
    *out_file = at;
    return ONECARD_OK;
}

enum onecard_err fs_file_find_name(const struct store *s, uint32_t owner, const uint8_t *name,
                                   uint32_t len, uint32_t nth, fs_file *out_file) {
    struct fs_head head;
    uint8_t held[FS_NAME_MAX];
    for (uint32_t df = 0; fs_df_next(s, owner, &df, &head) == ONECARD_OK; df++) {
        if (head.coding == 0 || head.coding < len || head.coding > FS_NAME_MAX)
            continue;
        enum onecard_err err = store_read(s, head.name, fs_head_name(&head), held, len);
        if (err != ONECARD_OK)
            return err;
        if ((len == 0 || memcmp(held, name, len) == 0) && nth-- == 0) {
            *out_file = fs_number(df, 0);
            return ONECARD_OK;
        }
    }
    return ONECARD_E_NOT_FOUND;
}

/* ---- about a file ---- */

static uint32_t records_size(const struct store *s, const struct fs_head *head) {
    uint32_t offset, size;
    if (head->type != FS_LINEAR_VARIABLE)
        return (uint32_t)head->record_count * head->record_size;
    if (head->record_count == 0 ||
        fs_record_locate(s, head, head->record_count, &offset, &size) != ONECARD_OK)
        return 0;
    return offset + size - (head->body + 2u * head->record_max);
}

enum onecard_err fs_file_info(const struct store *s, uint32_t owner, fs_file file,
                              struct fs_info *out_info) {
    struct fs_head head;
    enum onecard_err err = fs_head_load(s, owner, file, &head);
    if (err != ONECARD_OK)
        return err;
    const bool df = head.type == FS_DF;
    out_info->type = head.type;
    out_info->life = head.life;
    out_info->fid = head.fid;
    out_info->sfi = head.sfi;
    out_info->parent = df ? fs_number(head.record_max, 0) : fs_df_of(file);
    out_info->size = df                             ? 0
                     : fs_is_record_type(head.type) ? records_size(s, &head)
                                                    : head.body_size;
    out_info->record_size = head.record_size;
    out_info->record_count = head.record_count;
    out_info->record_max = df ? 0 : head.record_max;
    return ONECARD_OK;
}

enum onecard_err fs_file_set_life(struct store *s, uint32_t owner, fs_file file,
                                  enum fs_life life) {
    struct fs_head head;
    enum onecard_err err = fs_head_load(s, owner, file, &head);
    if (err != ONECARD_OK)
        return err;
    if (head.life == FS_LIFE_TERMINATED && life != FS_LIFE_TERMINATED)
        return ONECARD_E_STATE;
    const uint8_t byte = (uint8_t)life;
    return store_write(s, head.name, FS_HEAD_LIFE, &byte, 1);
}

/* ---- deletion ---- */

static enum onecard_err delete_files_of(struct store *s, uint32_t owner, uint32_t df) {
    const store_name first = fs_store_name(owner, fs_number(df, 0));
    store_name at;
    while (store_next(s, first, &at) == ONECARD_OK && at <= first + FS_SLOT_MASK) {
        enum onecard_err err = store_delete(s, at);
        if (err != ONECARD_OK)
            return err;
    }
    return ONECARD_OK;
}

/* A DF goes with all DFs below it. Found first, deleted then: a half-deleted tree has no paths. */
static uint64_t tree_of(const struct store *s, uint32_t owner, uint32_t top) {
    uint64_t tree = (uint64_t)1 << top, before;
    struct fs_head head;
    do {
        before = tree;
        for (uint32_t df = 1; fs_df_next(s, owner, &df, &head) == ONECARD_OK; df++)
            if (head.record_max < FS_DF_MAX && (tree >> head.record_max & 1) != 0)
                tree |= (uint64_t)1 << df;
    } while (tree != before);
    return tree;
}

enum onecard_err fs_file_delete(struct store *s, uint32_t owner, fs_file file) {
    struct fs_head head;
    enum onecard_err err = fs_head_load(s, owner, file, &head);
    if (err != ONECARD_OK)
        return err;
    if (head.type != FS_DF)
        return store_delete(s, head.name);
    const uint64_t tree = tree_of(s, owner, fs_df_index(file));
    for (uint32_t df = 0; df < FS_DF_MAX && err == ONECARD_OK; df++)
        if ((tree >> df & 1) != 0)
            err = delete_files_of(s, owner, df);
    return err;
}

/* ---- transparent bodies ---- */

static enum onecard_err load_binary(const struct store *s, uint32_t owner, fs_file file,
                                    uint32_t offset, uint32_t len, struct fs_head *out) {
    enum onecard_err err = fs_head_load(s, owner, file, out);
    if (err != ONECARD_OK)
        return err;
    if (out->type != FS_TRANSPARENT)
        return ONECARD_E_UNSUPPORTED;
    if (offset > out->body_size || len > out->body_size - offset)
        return ONECARD_E_RANGE;
    return ONECARD_OK;
}

enum onecard_err fs_binary_read(const struct store *s, uint32_t owner, fs_file file,
                                uint32_t offset, void *buf, uint32_t len) {
    struct fs_head head;
    enum onecard_err err = load_binary(s, owner, file, offset, len, &head);
    return err == ONECARD_OK ? store_read(s, head.name, head.body + offset, buf, len) : err;
}

enum onecard_err fs_binary_update(struct store *s, uint32_t owner, fs_file file, uint32_t offset,
                                  const void *data, uint32_t len) {
    struct fs_head head;
    enum onecard_err err = load_binary(s, owner, file, offset, len, &head);
    return err == ONECARD_OK ? store_write(s, head.name, head.body + offset, data, len) : err;
}
