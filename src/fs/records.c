/* READ, UPDATE, WRITE and APPEND RECORD (ISO/IEC 7816-4 7.3). */
#include "fs/command.h"

#include <string.h>

enum mode { /* P2 bits 3-1 (7816-4 table 49) */
            MODE_FIRST = 0,
            MODE_LAST = 1,
            MODE_NEXT = 2,
            MODE_PREVIOUS = 3,
            MODE_NUMBER = 4,
            MODE_FROM = 5, /* all from P1 up to the last */
            MODE_BACK = 6, /* all from the last down to P1 */
};

/* ---- which record ---- */

/* P2 bits 8-4 are an SFI; the file has records and the operation is allowed. */
static uint16_t load(struct fs_call *call, uint8_t operation) {
    uint16_t sw = fs_call_load_sfi(call, call->command->p2 >> 3);
    if (sw == SW_OK && !fs_is_record_type(call->head.type))
        sw = SW_FILE_STRUCTURE;
    return sw == SW_OK ? fs_call_allowed(call, operation) : sw;
}

/* Does a record begin with this identifier? 0 is any. */
static bool is_identified(const struct fs_call *call, uint32_t number, uint8_t identifier) {
    uint32_t offset, size;
    uint8_t first;
    if (identifier == 0)
        return true;
    return fs_record_locate(call->store, &call->head, number, &offset, &size) == ONECARD_OK &&
           size != 0 && store_read(call->store, call->head.name, offset, &first, 1) == ONECARD_OK &&
           first == identifier;
}

/* First, last, next or previous occurrence; next to nothing is first, previous to nothing last.
 * 0 if there is none. */
static uint32_t find_occurrence(const struct fs_call *call, enum mode mode, uint8_t identifier) {
    const uint32_t count = call->head.record_count;
    const bool down = mode == MODE_LAST || mode == MODE_PREVIOUS;
    uint32_t at = call->selection->record;
    if (mode == MODE_FIRST || mode == MODE_LAST || at == 0)
        at = down ? count + 1 : 0;
    for (at = down ? at - 1 : at + 1; at >= 1 && at <= count; at = down ? at - 1 : at + 1)
        if (is_identified(call, at, identifier))
            return at;
    return 0;
}

/* The number of the one record that P1 P2 name. Only a search moves the record pointer. */
static uint16_t find_one(struct fs_call *call, enum mode mode, uint32_t *number) {
    const uint8_t p1 = call->command->p1;
    if (mode == MODE_NUMBER) {
        *number = p1 != 0 ? p1 : call->selection->record;
        return *number != 0 && *number <= call->head.record_count ? SW_OK : SW_RECORD_NOT_FOUND;
    }
    *number = find_occurrence(call, mode, p1);
    if (*number == 0)
        return SW_RECORD_NOT_FOUND;
    call->selection->record = (uint16_t)*number;
    return SW_OK;
}

static uint16_t record_status(enum onecard_err err) {
    return err == ONECARD_E_NOT_FOUND ? SW_RECORD_NOT_FOUND
           : err == ONECARD_E_RANGE   ? SW_WRONG_LENGTH
                                      : fs_call_status(err);
}

static uint16_t locate(struct fs_call *call, uint32_t number, uint32_t *offset, uint32_t *size) {
    enum onecard_err err = fs_record_locate(call->store, &call->head, number, offset, size);
    return err == ONECARD_OK ? SW_OK : record_status(err);
}

static uint16_t append_bytes(struct fs_call *call, uint32_t offset, uint32_t len) {
    struct apdu_answer *a = call->answer;
    enum onecard_err err = store_read(call->store, call->head.name, offset, a->data + a->len, len);
    if (err != ONECARD_OK)
        return record_status(err);
    a->len += len;
    return SW_OK;
}

/* ---- READ ---- */

/* A record of fixed length is read whole (6Cxx); of a variable one, Le may ask for the beginning.
 */
static uint16_t read_one(struct fs_call *call, enum mode mode) {
    uint32_t number, offset, size;
    bool short_of;
    const uint16_t pointer = call->selection->record;
    uint16_t sw = find_one(call, mode, &number);
    if (sw == SW_OK)
        sw = locate(call, number, &offset, &size);
    if (sw == SW_OK && call->head.type != FS_LINEAR_VARIABLE)
        sw = fs_call_whole(call, size);
    if (sw != SW_OK) {
        call->selection->record = pointer;
        return sw;
    }
    sw = append_bytes(call, offset, fs_call_take(call, size, &short_of));
    return sw == SW_OK && short_of ? SW_WARN_EOF : sw;
}

static uint16_t read_many(struct fs_call *call, bool back) {
    const uint32_t count = call->head.record_count;
    const uint32_t first = call->command->p1 != 0 ? call->command->p1 : call->selection->record;
    uint32_t total = 0, offset, size, left;
    bool short_of = false;
    uint16_t sw = SW_OK;
    if (first == 0 || first > count)
        return SW_RECORD_NOT_FOUND;
    for (uint32_t n = first; n <= count && sw == SW_OK; n++) {
        sw = locate(call, n, &offset, &size);
        total += size;
    }
    left = sw == SW_OK ? fs_call_take(call, total, &short_of) : 0;
    for (uint32_t i = 0; left != 0 && sw == SW_OK; i++) {
        sw = locate(call, back ? count - i : first + i, &offset, &size);
        const uint32_t n = size < left ? size : left;
        if (sw == SW_OK)
            sw = append_bytes(call, offset, n);
        left -= n;
    }
    return sw == SW_OK && short_of ? SW_WARN_EOF : sw;
}

uint16_t fs_read_record(struct fs_call *call) {
    const enum mode mode = call->command->p2 & 7;
    if (call->command->lc != 0)
        return SW_WRONG_LENGTH;
    if (mode > MODE_BACK)
        return SW_WRONG_P1P2;
    uint16_t sw = load(call, ACCESS_READ);
    if (sw != SW_OK)
        return sw;
    return mode < MODE_FROM ? read_one(call, mode) : read_many(call, mode == MODE_BACK);
}

/* Part of one record, from an offset. Le counts the data object 53 around it. */
uint16_t fs_read_record_odd(struct fs_call *call) {
    uint32_t skip, number, offset, size;
    bool short_of = false;
    const enum mode mode = call->command->p2 & 7;
    uint16_t sw = fs_call_offset_data(call, &skip, false, NULL, NULL);
    if (sw == SW_OK && mode > MODE_NUMBER)
        sw = SW_WRONG_P1P2;
    if (sw == SW_OK)
        sw = load(call, ACCESS_READ);
    if (sw == SW_OK)
        sw = find_one(call, mode, &number);
    if (sw == SW_OK)
        sw = locate(call, number, &offset, &size);
    if (sw == SW_OK && skip >= size)
        sw = SW_OFFSET;
    if (sw != SW_OK)
        return sw;
    sw = append_bytes(call, offset + skip, fs_call_take_wrapped(call, size - skip, &short_of));
    if (sw == SW_OK)
        sw = fs_call_wrap(call);
    return sw == SW_OK && short_of ? SW_WARN_EOF : sw;
}

/* ---- APPEND, UPDATE, WRITE ---- */

static uint16_t append(struct fs_call *call) {
    const struct apdu *c = call->command;
    enum onecard_err err = fs_record_add(call->store, &call->head, c->data, c->lc);
    if (err == ONECARD_OK)
        call->selection->record = call->head.type == FS_CYCLIC ? 1u : call->head.record_count + 1u;
    return err == ONECARD_OK ? SW_OK : record_status(err);
}

uint16_t fs_append_record(struct fs_call *call) {
    const struct apdu *c = call->command;
    if (c->p1 != 0 || (c->p2 & 7) != 0)
        return SW_WRONG_P1P2;
    if (c->lc == 0)
        return SW_WRONG_LENGTH;
    uint16_t sw = load(call, ACCESS_APPEND);
    return sw == SW_OK ? append(call) : sw;
}

/* 7816-4 7.3.4, 7.3.5: by number, or first, last, next, previous with P1 = 00. "Previous" in a
 * cyclic file appends. */
static uint16_t load_for_change(struct fs_call *call, uint32_t *number, bool *appends) {
    const struct apdu *c = call->command;
    const enum mode mode = c->p2 & 7;
    *appends = false;
    if (mode > MODE_NUMBER || (mode != MODE_NUMBER && c->p1 != 0))
        return SW_WRONG_P1P2;
    if (c->lc == 0)
        return SW_WRONG_LENGTH;
    uint16_t sw = load(call, ACCESS_UPDATE);
    if (sw != SW_OK)
        return sw;
    *appends = mode == MODE_PREVIOUS && call->head.type == FS_CYCLIC;
    return *appends ? SW_OK : find_one(call, mode, number);
}

static uint16_t replace(struct fs_call *call, uint32_t number, const uint8_t *data, uint32_t len) {
    enum onecard_err err = fs_record_replace(call->store, &call->head, number, data, len);
    if (err == ONECARD_E_RANGE && call->head.type == FS_LINEAR_VARIABLE)
        return SW_NO_SPACE;
    return err == ONECARD_OK ? SW_OK : record_status(err);
}

uint16_t fs_update_record(struct fs_call *call) {
    uint32_t number;
    bool appends;
    uint16_t sw = load_for_change(call, &number, &appends);
    if (sw != SW_OK)
        return sw;
    return appends ? append(call) : replace(call, number, call->command->data, call->command->lc);
}

uint16_t fs_write_record(struct fs_call *call) {
    uint8_t old[FS_WRITE_MAX];
    uint32_t number, offset, size;
    bool appends;
    uint16_t sw = load_for_change(call, &number, &appends);
    if (sw != SW_OK)
        return sw;
    if (appends)
        return append(call);
    sw = locate(call, number, &offset, &size);
    if (sw == SW_OK && (call->command->lc != size || size > sizeof old))
        sw = SW_WRONG_LENGTH;
    if (sw != SW_OK)
        return sw;
    enum onecard_err err = store_read(call->store, call->head.name, offset, old, size);
    sw = err == ONECARD_OK ? fs_call_merge(call, old, call->command->data, size)
                           : record_status(err);
    return sw == SW_OK ? replace(call, number, old, size) : sw;
}

/* Part of one record: offset 54, bytes 53. */
uint16_t fs_update_record_odd(struct fs_call *call) {
    const uint8_t *data;
    uint32_t number, skip, len, offset, size;
    bool appends;
    uint16_t sw = fs_call_offset_data(call, &skip, true, &data, &len);
    if (sw == SW_OK)
        sw = load_for_change(call, &number, &appends);
    if (sw == SW_OK && appends)
        sw = SW_WRONG_P1P2; /* part of a record that is not there yet */
    if (sw == SW_OK)
        sw = locate(call, number, &offset, &size);
    if (sw != SW_OK)
        return sw;
    if (skip >= size || len == 0)
        return len == 0 ? SW_WRONG_LENGTH : SW_OFFSET;
    if (len > size - skip)
        return SW_NO_SPACE;
    enum onecard_err err = store_write(call->store, call->head.name, offset + skip, data, len);
    return err == ONECARD_OK ? SW_OK : record_status(err);
}
