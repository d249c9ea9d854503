/* READ, UPDATE, WRITE and ERASE BINARY (ISO/IEC 7816-4 7.2). */
#include "fs/command.h"

#include <string.h>

#include "base/tlv.h"

#define ERASE_PIECE 64u

/* ---- what they share ---- */

/* Even instructions: P1 with bit 8 names an SFI and P2 the offset; else P1 P2 is an offset of 15
 * bits in the current EF. */
static uint16_t load_even(struct fs_call *call, uint32_t *offset) {
    const struct apdu *c = call->command;
    uint8_t sfi = 0;
    *offset = (uint32_t)(c->p1 << 8 | c->p2);
    if ((c->p1 & 0x80) != 0) {
        sfi = c->p1 & 0x1F;
        *offset = c->p2;
        if ((c->p1 & 0x60) != 0 || sfi == 0)
            return SW_WRONG_P1P2;
    }
    return fs_call_load_sfi(call, sfi);
}

/* The loaded file is transparent, the operation allowed, and the offset inside. */
static uint16_t ready(const struct fs_call *call, uint8_t operation, uint32_t offset) {
    if (call->head.type != FS_TRANSPARENT)
        return SW_FILE_STRUCTURE;
    uint16_t sw = fs_call_allowed(call, operation);
    if (sw == SW_OK && offset >= call->head.body_size)
        sw = SW_OFFSET;
    return sw;
}

static uint16_t append_body(struct fs_call *call, uint32_t offset, uint32_t len) {
    struct apdu_answer *a = call->answer;
    enum onecard_err err =
        store_read(call->store, call->head.name, call->head.body + offset, a->data + a->len, len);
    if (err != ONECARD_OK)
        return fs_call_status(err);
    a->len += len;
    return SW_OK;
}

/* ---- READ ---- */

uint16_t fs_read_binary(struct fs_call *call) {
    uint32_t offset;
    bool short_of = false;
    if (call->command->lc != 0)
        return SW_WRONG_LENGTH;
    uint16_t sw = load_even(call, &offset);
    if (sw == SW_OK)
        sw = ready(call, ACCESS_READ, offset);
    if (sw == SW_OK)
        sw =
            append_body(call, offset, fs_call_take(call, call->head.body_size - offset, &short_of));
    return sw == SW_OK && short_of ? SW_WARN_EOF : sw;
}

uint16_t fs_read_binary_odd(struct fs_call *call) {
    uint32_t offset;
    bool short_of = false;
    uint16_t sw = fs_call_offset_data(call, &offset, false, NULL, NULL);
    if (sw == SW_OK)
        sw = fs_call_load_p1p2(call);
    if (sw == SW_OK)
        sw = ready(call, ACCESS_READ, offset);
    if (sw != SW_OK)
        return sw;
    sw = append_body(call, offset,
                     fs_call_take_wrapped(call, call->head.body_size - offset, &short_of));
    if (sw == SW_OK)
        sw = fs_call_wrap(call);
    return sw == SW_OK && short_of ? SW_WARN_EOF : sw;
}

/* ---- UPDATE, WRITE ---- */

static uint16_t update(struct fs_call *call, uint32_t offset, const uint8_t *data, uint32_t len) {
    if (len == 0)
        return SW_WRONG_LENGTH;
    uint16_t sw = ready(call, ACCESS_UPDATE, offset);
    if (sw != SW_OK)
        return sw;
    if (len > call->head.body_size - offset)
        return SW_NO_SPACE;
    enum onecard_err err =
        store_write(call->store, call->head.name, call->head.body + offset, data, len);
    return err == ONECARD_OK ? SW_OK : fs_call_status(err);
}

static uint16_t merge(struct fs_call *call, uint32_t offset, const uint8_t *data, uint32_t len) {
    uint8_t old[FS_WRITE_MAX];
    if (len == 0 || len > sizeof old)
        return SW_WRONG_LENGTH;
    uint16_t sw = ready(call, ACCESS_UPDATE, offset);
    if (sw == SW_OK && len > call->head.body_size - offset)
        sw = SW_NO_SPACE;
    if (sw != SW_OK)
        return sw;
    enum onecard_err err =
        store_read(call->store, call->head.name, call->head.body + offset, old, len);
    if (err != ONECARD_OK)
        return fs_call_status(err);
    sw = fs_call_merge(call, old, data, len);
    return sw == SW_OK ? update(call, offset, old, len) : sw;
}

typedef uint16_t change_fn(struct fs_call *call, uint32_t offset, const uint8_t *data,
                           uint32_t len);

static uint16_t change_even(struct fs_call *call, change_fn *change) {
    const struct apdu *c = call->command;
    uint32_t offset;
    if (c->lc == 0)
        return SW_WRONG_LENGTH;
    uint16_t sw = load_even(call, &offset);
    return sw == SW_OK ? change(call, offset, c->data, c->lc) : sw;
}

static uint16_t change_odd(struct fs_call *call, change_fn *change) {
    const uint8_t *data;
    uint32_t offset, len;
    uint16_t sw = fs_call_offset_data(call, &offset, true, &data, &len);
    if (sw == SW_OK)
        sw = fs_call_load_p1p2(call);
    return sw == SW_OK ? change(call, offset, data, len) : sw;
}

uint16_t fs_update_binary(struct fs_call *call) {
    return change_even(call, update);
}

uint16_t fs_update_binary_odd(struct fs_call *call) {
    return change_odd(call, update);
}

uint16_t fs_write_binary(struct fs_call *call) {
    return change_even(call, merge);
}

uint16_t fs_write_binary_odd(struct fs_call *call) {
    return change_odd(call, merge);
}

/* ---- ERASE: to the logical erased state, which is zeros ---- */

static uint16_t erase(struct fs_call *call, uint32_t from, uint32_t to) {
    static const uint8_t zeros[ERASE_PIECE];
    uint16_t sw = ready(call, ACCESS_UPDATE, from);
    if (sw != SW_OK)
        return sw;
    if (to <= from || to > call->head.body_size)
        return SW_OFFSET;
    const uint32_t pieces = (to - from) / ERASE_PIECE + 2;
    if (store_room(call->store) < to - from + pieces * FS_ROOM_SLACK)
        return SW_NO_SPACE;
    for (uint32_t n; from < to; from += n) {
        n = to - from < ERASE_PIECE ? to - from : ERASE_PIECE;
        enum onecard_err err =
            store_write(call->store, call->head.name, call->head.body + from, zeros, n);
        if (err != ONECARD_OK)
            return fs_call_status(err);
    }
    return SW_OK;
}

/* Data: the offset behind the last byte to erase; none: to the end of the file. */
uint16_t fs_erase_binary(struct fs_call *call) {
    const struct apdu *c = call->command;
    uint32_t from;
    if (c->lc != 0 && c->lc != 2)
        return SW_WRONG_LENGTH;
    uint16_t sw = load_even(call, &from);
    return sw == SW_OK ? erase(call, from, c->lc != 0 ? get_be16(c->data) : call->head.body_size)
                       : sw;
}

/* None, one or two offset data objects: from, and the offset behind the last. */
uint16_t fs_erase_binary_odd(struct fs_call *call) {
    const struct apdu *c = call->command;
    const uint8_t *p = c->data, *end = c->lc != 0 ? p + c->lc : p;
    uint32_t offsets[2] = {0, 0}, count = 0;
    for (; p != end; count++) {
        struct tlv t;
        if (!tlv_next(&p, end, &t) || t.tag != 0x54 || t.len < 1 || t.len > 4 || count == 2)
            return SW_WRONG_DATA;
        for (uint32_t i = 0; i < t.len; i++)
            offsets[count] = offsets[count] << 8 | t.value[i];
    }
    uint16_t sw = fs_call_load_p1p2(call);
    return sw == SW_OK ? erase(call, offsets[0], count == 2 ? offsets[1] : call->head.body_size)
                       : sw;
}
