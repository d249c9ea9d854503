/* Files from FCP templates (ISO/IEC 7816-4 5.3.3, 7816-9 6). */
#include "fs/file.h"

#include <string.h>

#include "base/tlv.h"

/* What a template says; values point into it. */
struct fcp {
    uint8_t type, coding, life, sfi;
    bool has_fid, has_sfi, has_size;
    uint16_t fid, record_size, record_max;
    uint32_t size;
    struct tlv name, rules, proprietary;
};

static bool parse_number(const struct tlv *t, uint32_t *out) {
    if (t->len < 1 || t->len > 3)
        return false;
    *out = 0;
    for (uint32_t i = 0; i < t->len; i++)
        *out = *out << 8 | t->value[i];
    return true;
}

static bool parse_size(struct fcp *f, const struct tlv *t) {
    f->has_size = true;
    return parse_number(t, &f->size);
}

static bool parse_descriptor(struct fcp *f, const struct tlv *t) {
    if (t->len < 1 || t->len > 6)
        return false;
    f->type = (uint8_t)(t->value[0] & ~0x40u); /* shareable or not: the runtime's business */
    if (f->type == 0x03 || f->type == 0x05 || f->type == 0x07)
        f->type--; /* records are SIMPLE-TLV: they are opaque here */
    if (t->len >= 2)
        f->coding = t->value[1];
    if (t->len >= 3)
        f->record_size = t->len == 3 ? t->value[2] : get_be16(t->value + 2);
    if (t->len >= 5)
        f->record_max = t->len == 5 ? t->value[4] : get_be16(t->value + 4);
    return true;
}

static bool parse_fid(struct fcp *f, const struct tlv *t) {
    f->has_fid = t->len == 2;
    if (f->has_fid)
        f->fid = get_be16(t->value);
    return f->has_fid;
}

static bool parse_name(struct fcp *f, const struct tlv *t) {
    f->name = *t;
    return t->len >= 1 && t->len <= FS_NAME_MAX;
}

static bool parse_rules(struct fcp *f, const struct tlv *t) {
    f->rules = *t;
    return access_rules_valid(t->value, t->len);
}

/* Kept with its tag and length: it says itself how long it is. */
static bool parse_proprietary(struct fcp *f, const struct tlv *t) {
    const uint32_t front = t->len > 255 ? 4 : t->len > 127 ? 3 : 2;
    f->proprietary.value = t->value - front;
    f->proprietary.len = t->len + front;
    return t->len <= FS_TEMPLATE_MAX && f->proprietary.value[0] == 0xA5;
}

static bool parse_sfi(struct fcp *f, const struct tlv *t) {
    f->has_sfi = true;
    if (t->len == 0)
        return true;
    f->sfi = (uint8_t)(t->value[0] >> 3);
    return t->len == 1 && (t->value[0] & 7) == 0 && f->sfi >= 1 && f->sfi <= FS_SFI_MAX;
}

static bool parse_life(struct fcp *f, const struct tlv *t) {
    f->life = t->len == 1 ? t->value[0] : 0;
    return f->life == FS_LIFE_CREATION || f->life == FS_LIFE_INITIALISATION ||
           (f->life & 0xFC) == 0x04;
}

static const struct {
    uint8_t tag;
    bool (*parse)(struct fcp *f, const struct tlv *t);
} fields[] = {
    {0x80, parse_size},  {0x82, parse_descriptor}, {0x83, parse_fid},  {0x84, parse_name},
    {0x86, parse_rules}, {0x88, parse_sfi},        {0x8A, parse_life}, {0xA5, parse_proprietary},
};

static enum onecard_err parse_fcp(struct fcp *f, const uint8_t *data, uint32_t len) {
    const uint8_t *p = data, *end = data + len;
    struct tlv t;
    memset(f, 0, sizeof *f);
    f->coding = 0x01; /* the standard's default: one-time write, data units of a byte */
    f->life = FS_LIFE_ACTIVATED;
    if (!tlv_next(&p, end, &t) || t.tag != 0x62 || p != end)
        return ONECARD_E_FORMAT;
    for (p = t.value, end = p + t.len; p != end;) {
        if (!tlv_next(&p, end, &t))
            return ONECARD_E_FORMAT;
        for (uint32_t i = 0; i < sizeof fields / sizeof *fields; i++)
            if (fields[i].tag == t.tag && !fields[i].parse(f, &t))
                return ONECARD_E_FORMAT;
    }
    /* 05 and 07 are activated, 04 and 06 deactivated */
    if ((f->life & 0xFC) == 0x04)
        f->life &= (uint8_t)~0x02u;
    return ONECARD_OK;
}

/* ---- the body ---- */

static enum onecard_err body_of_records(const struct fcp *f, struct fs_head *head,
                                        uint32_t *out_size) {
    uint32_t max = f->record_max;
    const bool variable = f->type == FS_LINEAR_VARIABLE;
    if (max == 0 && f->record_size != 0 && f->has_size)
        max = f->size / f->record_size;
    if (max > FS_RECORDS_MAX)
        return ONECARD_E_FORMAT;
    uint32_t size = max * f->record_size;
    if (variable && f->has_size) {
        size = f->size;
        if (max == 0)
            max = size / 4 < FS_RECORDS_MAX ? size / 4 : FS_RECORDS_MAX;
    }
    if (max == 0 || size == 0 || (!variable && f->record_size == 0))
        return ONECARD_E_FORMAT;
    head->record_max = (uint8_t)max;
    head->record_size = f->record_size != 0 || size > 0xFFFF ? f->record_size : (uint16_t)size;
    head->newest = f->type == FS_CYCLIC ? (uint8_t)(max - 1) : 0;
    *out_size = variable ? 2 * max + size : size;
    return ONECARD_OK;
}

static enum onecard_err make_body(const struct fcp *f, struct fs_head *head) {
    enum onecard_err err = ONECARD_OK;
    uint32_t size = f->type == FS_TRANSPARENT ? f->size : 0;
    if (f->type == FS_TRANSPARENT && !f->has_size)
        return ONECARD_E_FORMAT;
    if (fs_is_record_type(f->type))
        err = body_of_records(f, head, &size);
    if (err == ONECARD_OK && size > FS_BODY_MAX)
        err = ONECARD_E_TOO_BIG;
    head->body_size = (uint16_t)size;
    return err;
}

/* ---- the number ---- */

static bool is_taken(const struct store *s, uint32_t owner, fs_file file) {
    uint32_t size;
    return store_size(s, fs_store_name(owner, file), &size) == ONECARD_OK;
}

static enum onecard_err choose_df(const struct store *s, uint32_t owner, const struct fcp *f,
                                  fs_file *out_file) {
    fs_file other;
    if (f->name.len != 0) {
        struct fs_head head;
        uint32_t nth = 0;
        while (fs_file_find_name(s, owner, f->name.value, f->name.len, nth, &other) == ONECARD_OK) {
            if (fs_head_load(s, owner, other, &head) != ONECARD_OK || head.coding == f->name.len)
                return ONECARD_E_EXISTS;
            nth++;
        }
    }
    for (uint32_t df = 1; df < FS_DF_MAX; df++) {
        *out_file = fs_number(df, 0);
        if (!is_taken(s, owner, *out_file))
            return ONECARD_OK;
    }
    return ONECARD_E_FULL;
}

static enum onecard_err choose_ef(const struct store *s, uint32_t owner, uint32_t df, struct fcp *f,
                                  fs_file *out_file) {
    if (!f->has_sfi) {
        f->sfi = (uint8_t)(f->fid & 0x1F);
        if (f->sfi > FS_SFI_MAX || is_taken(s, owner, fs_number(df, f->sfi)))
            f->sfi = 0;
    }
    *out_file = fs_number(df, f->sfi);
    if (f->sfi != 0)
        return is_taken(s, owner, *out_file) ? ONECARD_E_EXISTS : ONECARD_OK;
    const uint32_t slots = FS_SLOT_LAST - FS_SLOT_OTHERS + 1;
    for (uint32_t i = 0; i < slots; i++) {
        *out_file = fs_number(df, FS_SLOT_OTHERS + (f->fid + i) % slots);
        if (!is_taken(s, owner, *out_file))
            return ONECARD_OK;
    }
    return ONECARD_E_FULL;
}

/* ---- writing it ---- */

static enum onecard_err write_part(struct store *s, store_name name, uint32_t *offset,
                                   const struct tlv *t) {
    enum onecard_err err =
        t->len == 0 ? ONECARD_OK : store_write(s, name, *offset, t->value, t->len);
    *offset += t->len;
    return err;
}

static enum onecard_err write_file(struct store *s, uint32_t owner, fs_file file,
                                   const struct fcp *f, struct fs_head *head) {
    uint8_t raw[FS_HEAD_SIZE];
    const store_name name = fs_store_name(owner, file);
    const struct tlv empty = {0, 0, NULL};
    const bool df = f->type == FS_DF;
    const uint32_t front = FS_HEAD_SIZE + f->rules.len + f->name.len + f->proprietary.len;
    head->body = (uint16_t)(front > FS_PREFIX_SIZE ? front : FS_PREFIX_SIZE);
    head->rules_len = (uint8_t)f->rules.len;
    fs_head_put(head, raw);
    if (store_room(s) < head->body + 3 * FS_ROOM_SLACK)
        return ONECARD_E_TOO_BIG;
    enum onecard_err err =
        store_create(s, name, (uint32_t)head->body + head->body_size, STORE_PLAIN);
    uint32_t offset = FS_HEAD_SIZE;
    if (err == ONECARD_OK)
        err = store_write(s, name, 0, raw, sizeof raw);
    if (err == ONECARD_OK)
        err = write_part(s, name, &offset, &f->rules);
    if (err == ONECARD_OK)
        err = write_part(s, name, &offset, df ? &f->name : &empty);
    if (err == ONECARD_OK)
        err = write_part(s, name, &offset, &f->proprietary);
    if (err != ONECARD_OK && err != ONECARD_E_EXISTS)
        store_delete(s, name); /* no half-made file is left behind */
    return err;
}

static enum onecard_err make_root(struct store *s, uint32_t owner) {
    struct fcp f;
    struct fs_head head = {0};
    memset(&f, 0, sizeof f);
    f.type = head.type = FS_DF;
    head.life = FS_LIFE_ACTIVATED;
    head.fid = FS_FID_MF;
    return write_file(s, owner, FS_ROOT, &f, &head);
}

static enum onecard_err choose_number(struct store *s, uint32_t owner, fs_file parent,
                                      struct fcp *f, fs_file *out_file) {
    struct fs_head head;
    fs_file other;
    if (!is_taken(s, owner, FS_ROOT)) {
        enum onecard_err err = parent == FS_ROOT ? make_root(s, owner) : ONECARD_E_NOT_FOUND;
        if (err != ONECARD_OK)
            return err;
    }
    if ((parent & FS_SLOT_MASK) != 0 || fs_head_load(s, owner, parent, &head) != ONECARD_OK)
        return ONECARD_E_NOT_FOUND;
    if (f->has_fid && fs_file_find(s, owner, parent, f->fid, &other) == ONECARD_OK)
        return ONECARD_E_EXISTS;
    if (f->type == FS_DF)
        return choose_df(s, owner, f, out_file);
    return choose_ef(s, owner, fs_df_index(parent), f, out_file);
}

enum onecard_err fs_file_create(struct store *s, uint32_t owner, fs_file parent, const uint8_t *fcp,
                                uint32_t len, fs_file *out_file) {
    struct fcp f;
    struct fs_head head = {0};
    enum onecard_err err = parse_fcp(&f, fcp, len);
    if (err != ONECARD_OK)
        return err;
    const bool df = f.type == FS_DF;
    if (!df && f.type != FS_TRANSPARENT && !fs_is_record_type(f.type))
        return ONECARD_E_UNSUPPORTED;
    if (!f.has_fid && (!df || (f.name.len == 0 && parent != FS_NONE)))
        return ONECARD_E_FORMAT;
    if (!df && (f.name.len != 0 || f.fid == FS_FID_MF || f.fid == 0x3FFF || f.fid == 0xFFFF))
        return ONECARD_E_FORMAT;
    err = make_body(&f, &head);
    if (err != ONECARD_OK)
        return err;
    const bool root = df && (parent == FS_NONE || f.fid == FS_FID_MF);
    *out_file = FS_ROOT;
    if (root && is_taken(s, owner, FS_ROOT))
        return ONECARD_E_EXISTS;
    if (!root)
        err = choose_number(s, owner, parent, &f, out_file);
    if (err != ONECARD_OK)
        return err;
    head.type = f.type;
    head.life = f.life;
    head.fid = root && !f.has_fid ? FS_FID_MF : f.fid;
    head.sfi = df ? 0 : f.sfi;
    head.coding = df ? (uint8_t)f.name.len : f.coding;
    if (df)
        head.record_max = root ? 0 : (uint8_t)fs_df_index(parent);
    return write_file(s, owner, *out_file, &f, &head);
}
