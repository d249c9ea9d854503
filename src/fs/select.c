/* SELECT (ISO/IEC 7816-4 7.1.1) and the control parameters it answers. */
#include "fs/command.h"

#include <string.h>

#include "base/tlv.h"

/* ---- control parameters (7816-4 5.3.3, 7.4) ---- */

struct sheet { /* the answer as it grows */
    struct apdu_answer *answer;
    size_t len;
    bool ok;
};

static void put(struct sheet *sheet, uint32_t tag, const void *value, uint32_t len) {
    if (sheet->ok)
        sheet->ok =
            tlv_put(sheet->answer->data, sheet->answer->capacity, &sheet->len, tag, value, len);
}

static void put_number(struct sheet *sheet, uint32_t tag, uint16_t value) {
    uint8_t bytes[2];
    put_be16(bytes, value);
    put(sheet, tag, bytes, sizeof bytes);
}

/* Bytes that the object holds, as they are. */
static void put_stored(struct sheet *sheet, const struct fs_call *call, uint32_t tag,
                       uint32_t offset, uint32_t len) {
    uint8_t buf[ACCESS_RULES_MAX];
    if (len == 0)
        return;
    if (len > sizeof buf ||
        store_read(call->store, call->head.name, offset, buf, len) != ONECARD_OK)
        sheet->ok = false;
    else
        put(sheet, tag, buf, len);
}

static void put_descriptor(struct sheet *sheet, const struct fs_head *head) {
    uint8_t bytes[5] = {head->type, head->coding, 0, 0, head->record_max};
    if (head->type == FS_DF) {
        put(sheet, 0x82, bytes, 1);
        return;
    }
    put_be16(bytes + 2, head->record_size);
    put(sheet, 0x82, bytes, fs_is_record_type(head->type) ? 5 : 2);
}

static void put_name(struct sheet *sheet, const struct fs_call *call) {
    if (call->head.type == FS_DF)
        put_stored(sheet, call, 0x84, fs_head_name(&call->head), call->head.coding);
}

static void put_proprietary(struct sheet *sheet, const struct fs_call *call) {
    uint8_t buf[FS_TEMPLATE_MAX + 3];
    const uint32_t at = fs_head_template(&call->head);
    const uint32_t len = at < call->head.body ? call->head.body - at : 0;
    struct tlv t;
    if (len == 0)
        return;
    if (len > sizeof buf || store_read(call->store, call->head.name, at, buf, len) != ONECARD_OK)
        sheet->ok = false;
    else if (tlv_find(buf, len, 0xA5, &t)) /* else it is the fill of a short head */
        put(sheet, 0xA5, t.value, t.len);
}

static void put_control_parameters(struct sheet *sheet, const struct fs_call *call) {
    const struct fs_head *head = &call->head;
    const uint8_t sfi = (uint8_t)(head->sfi << 3);
    if (head->type != FS_DF)
        put_number(sheet, 0x80, head->body_size);
    put_descriptor(sheet, head);
    put_number(sheet, 0x83, head->fid);
    put_name(sheet, call);
    if (head->type != FS_DF)
        put(sheet, 0x88, &sfi, head->sfi != 0 ? 1 : 0);
    put(sheet, 0x8A, &head->life, 1);
    put_stored(sheet, call, 0x86, FS_HEAD_SIZE, head->rules_len);
}

static void fill_fcp(struct sheet *sheet, const struct fs_call *call) {
    put_control_parameters(sheet, call);
    put_proprietary(sheet, call);
}

/* File management data: the name and what the issuer put there. */
static void fill_fmd(struct sheet *sheet, const struct fs_call *call) {
    put_name(sheet, call);
    put_proprietary(sheet, call);
}

/* A DF with a name answers as payment readers expect an ADF to: 84 and A5 only. */
static void fill_fci(struct sheet *sheet, const struct fs_call *call) {
    if (call->head.type == FS_DF && call->head.coding != 0)
        fill_fmd(sheet, call);
    else
        fill_fcp(sheet, call);
}

static uint16_t answer_template(struct fs_call *call) {
    static const struct {
        uint32_t tag;
        void (*fill)(struct sheet *sheet, const struct fs_call *call);
    } templates[] = {{0x6F, fill_fci}, {0x62, fill_fcp}, {0x64, fill_fmd}};
    struct sheet sheet = {call->answer, 0, true};
    const uint8_t which = call->command->p2 >> 2 & 3;
    if (which == 3)
        return SW_OK;
    templates[which].fill(&sheet, call);
    if (!sheet.ok ||
        !tlv_wrap(call->answer->data, call->answer->capacity, &sheet.len, 0, templates[which].tag))
        return SW_WRONG_LENGTH;
    call->answer->len = (uint32_t)sheet.len;
    return fs_call_whole(call, call->answer->len);
}

/* ---- finding ---- */

static enum onecard_err parent_of(const struct fs_call *call, fs_file df, fs_file *out) {
    struct fs_head head;
    enum onecard_err err = fs_head_load(call->store, call->owner, df, &head);
    *out = fs_number(head.record_max, 0);
    return err;
}

static bool has_fid(const struct fs_call *call, fs_file file, uint16_t fid) {
    struct fs_head head;
    return fs_head_load(call->store, call->owner, file, &head) == ONECARD_OK && head.fid == fid;
}

static enum onecard_err find_in(struct fs_call *call, fs_file df, uint16_t fid) {
    return fs_file_find(call->store, call->owner, df, fid, &call->file);
}

/* MF, DF or EF by FID: below the current DF, the DF itself, its parent, its siblings. */
static enum onecard_err find_by_fid(struct fs_call *call) {
    const struct apdu *c = call->command;
    const fs_file df = call->selection->df;
    fs_file parent;
    call->file = FS_ROOT;
    if (c->lc == 0)
        return ONECARD_OK;
    if (c->lc != 2)
        return ONECARD_E_TOO_BIG;
    const uint16_t fid = get_be16(c->data);
    if (fid == FS_FID_MF)
        return ONECARD_OK;
    if (find_in(call, df, fid) == ONECARD_OK)
        return ONECARD_OK;
    call->file = df;
    if (has_fid(call, df, fid))
        return ONECARD_OK;
    enum onecard_err err = parent_of(call, df, &parent);
    call->file = parent;
    if (err != ONECARD_OK || has_fid(call, parent, fid))
        return err;
    err = find_in(call, parent, fid);
    if (err == ONECARD_OK && (call->file & FS_SLOT_MASK) != 0)
        err = ONECARD_E_NOT_FOUND; /* the parent's EFs are not in reach */
    return err;
}

/* Below the current DF, and of the kind wanted: a DF (P1 01) or an EF (P1 02). */
static enum onecard_err find_child(struct fs_call *call) {
    const struct apdu *c = call->command;
    if (c->lc != 2)
        return ONECARD_E_TOO_BIG;
    enum onecard_err err = find_in(call, call->selection->df, get_be16(c->data));
    if (err != ONECARD_OK)
        return err;
    const bool df = (call->file & FS_SLOT_MASK) == 0;
    return df == (c->p1 == 0x01) ? ONECARD_OK : ONECARD_E_NOT_FOUND;
}

static enum onecard_err find_parent(struct fs_call *call) {
    if (call->command->lc != 0)
        return ONECARD_E_TOO_BIG;
    if (call->selection->df == FS_ROOT)
        return ONECARD_E_NOT_FOUND;
    return parent_of(call, call->selection->df, &call->file);
}

static enum onecard_err find_from(struct fs_call *call, fs_file df) {
    const struct apdu *c = call->command;
    if (c->lc == 0 || c->lc % 2 != 0)
        return ONECARD_E_TOO_BIG;
    return fs_file_find_path(call->store, call->owner, df, c->data, c->lc, &call->file);
}

/* The MF's own FID does not belong to the path, but many readers send it. */
static enum onecard_err find_path_from_mf(struct fs_call *call) {
    struct apdu shorter = *call->command;
    const struct apdu *whole = call->command;
    if (whole->lc < 2 || get_be16(whole->data) != FS_FID_MF)
        return find_from(call, FS_ROOT);
    call->file = FS_ROOT;
    if (whole->lc == 2)
        return ONECARD_OK;
    shorter.data += 2;
    shorter.lc -= 2;
    call->command = &shorter;
    enum onecard_err err = find_from(call, FS_ROOT);
    call->command = whole;
    return err;
}

static enum onecard_err find_path_from_df(struct fs_call *call) {
    return find_from(call, call->selection->df);
}

/* By name, full or its beginning; P2 says which of several: first, last, next or previous from the
 * current DF on. */
static enum onecard_err find_by_name(struct fs_call *call) {
    enum { FIRST = 0, LAST = 1, NEXT = 2, PREVIOUS = 3 };
    const struct apdu *c = call->command;
    const uint8_t which = c->p2 & 3;
    fs_file at, found = FS_NONE;
    if (c->lc == 0 || c->lc > FS_NAME_MAX)
        return ONECARD_E_TOO_BIG;
    for (uint32_t nth = 0;; nth++) {
        enum onecard_err err =
            fs_file_find_name(call->store, call->owner, c->data, c->lc, nth, &at);
        if (err != ONECARD_OK && err != ONECARD_E_NOT_FOUND)
            return err;
        if (err != ONECARD_OK || (which == PREVIOUS && at >= call->selection->df))
            break;
        if (which == NEXT && at <= call->selection->df)
            continue;
        found = at;
        if (which == FIRST || which == NEXT)
            break;
    }
    call->file = found;
    return found == FS_NONE ? ONECARD_E_NOT_FOUND : ONECARD_OK;
}

/* ---- the command ---- */

static uint16_t life_warning(uint8_t life) {
    return life == FS_LIFE_DEACTIVATED  ? SW_WARN_DEACTIVATED
           : life == FS_LIFE_TERMINATED ? SW_WARN_TERMINATED
                                        : SW_OK;
}

uint16_t fs_select(struct fs_call *call) {
    static const struct {
        uint8_t p1;
        enum onecard_err (*find)(struct fs_call *call);
    } ways[] = {
        {0x00, find_by_fid},       {0x01, find_child},   {0x02, find_child},
        {0x03, find_parent},       {0x04, find_by_name}, {0x08, find_path_from_mf},
        {0x09, find_path_from_df},
    };
    const struct apdu *c = call->command;
    uint32_t i = 0;
    while (i < sizeof ways / sizeof *ways && ways[i].p1 != c->p1)
        i++;
    if (i == sizeof ways / sizeof *ways || (c->p2 & 0xF0) != 0 || (c->p1 != 4 && (c->p2 & 3) != 0))
        return SW_WRONG_P1P2;
    enum onecard_err err = ways[i].find(call);
    if (err == ONECARD_E_TOO_BIG)
        return SW_WRONG_LENGTH;
    uint16_t sw = err == ONECARD_OK ? fs_call_load(call, call->file) : fs_call_status(err);
    if (sw == SW_OK)
        sw = answer_template(call);
    if (sw != SW_OK)
        return sw; /* the selection stays what it was */
    const bool df = call->head.type == FS_DF;
    call->selection->df = fs_df_of(call->file);
    call->selection->ef = df ? FS_NONE : call->file;
    call->selection->record = 0;
    return life_warning(call->head.life);
}
