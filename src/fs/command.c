/* Standard commands: the table, and what the handlers share. */
#include "fs/command.h"

#include "base/tlv.h"

/* ISO/IEC 7816-4 table 4; 7816-9 for the life cycle. Sorted by how often readers ask. */
static const struct {
    uint8_t ins;
    uint16_t (*handle)(struct fs_call *call);
} commands[] = {
    {0xB0, fs_read_binary},      {0xB2, fs_read_record},       {0xA4, fs_select},
    {0xD6, fs_update_binary},    {0xDC, fs_update_record},     {0xE2, fs_append_record},
    {0xCA, fs_get_data},         {0xDA, fs_put_data},          {0xB1, fs_read_binary_odd},
    {0xB3, fs_read_record_odd},  {0xD7, fs_update_binary_odd}, {0xDD, fs_update_record_odd},
    {0xCB, fs_get_data_odd},     {0xDB, fs_put_data_odd},      {0x0E, fs_erase_binary},
    {0x0F, fs_erase_binary_odd}, {0xD0, fs_write_binary},      {0xD1, fs_write_binary_odd},
    {0xD2, fs_write_record},     {0xE0, fs_create_file},       {0xE4, fs_delete_file},
    {0x44, fs_activate_file},    {0x04, fs_deactivate_file},   {0xE8, fs_terminate_ef},
    {0xE6, fs_terminate_df},
};

void fs_selection_reset(struct fs_selection *selection) {
    selection->df = FS_ROOT;
    selection->ef = FS_NONE;
    selection->record = 0;
}

uint16_t fs_command(struct store *s, uint32_t owner, struct fs_selection *selection,
                    const struct security_status *status, const struct apdu *command,
                    struct apdu_answer *answer) {
    struct fs_call call;
    answer->len = 0;
    for (uint32_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (commands[i].ins != command->ins)
            continue;
        if (security_class_protected(command->cla) && status->sm == 0)
            return SW_SM_UNSUPPORTED;
        call.store = s;
        call.owner = owner;
        call.selection = selection;
        call.status = status;
        call.command = command;
        call.answer = answer;
        uint16_t sw = commands[i].handle(&call);
        if (sw >= 0x6400 && sw != SW_OK)
            answer->len = 0;
        return sw;
    }
    return SW_INS_UNSUPPORTED;
}

/* ---- which file ---- */

uint16_t fs_call_status(enum onecard_err err) {
    static const struct {
        enum onecard_err err;
        uint16_t status;
    } table[] = {
        {ONECARD_E_NOT_FOUND, SW_FILE_NOT_FOUND},
        {ONECARD_E_UNSUPPORTED, SW_FILE_STRUCTURE},
        {ONECARD_E_TOO_BIG, SW_NO_SPACE},
    };
    for (uint32_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].err == err)
            return table[i].status;
    return apdu_status(err);
}

uint16_t fs_call_load(struct fs_call *call, fs_file file) {
    call->file = file;
    enum onecard_err err = fs_head_load(call->store, call->owner, file, &call->head);
    return err == ONECARD_OK ? SW_OK : fs_call_status(err);
}

/* 7816-4 7.1.2: an EF that a command names by SFI becomes the current one, without a record. */
static void make_current(struct fs_call *call) {
    if (call->selection->ef == call->file)
        return;
    call->selection->ef = call->file;
    call->selection->record = 0;
}

uint16_t fs_call_load_sfi(struct fs_call *call, uint8_t sfi) {
    if (sfi == 0 && call->selection->ef == FS_NONE)
        return SW_NO_CURRENT_EF;
    if (sfi > FS_SFI_MAX)
        return SW_WRONG_P1P2;
    const fs_file file =
        sfi == 0 ? call->selection->ef : fs_number(fs_df_index(call->selection->df), sfi);
    uint16_t sw = fs_call_load(call, file);
    if (sw == SW_OK)
        make_current(call);
    else if (sfi == 0 && sw == SW_FILE_NOT_FOUND)
        sw = SW_NO_CURRENT_EF; /* deleted since it was selected */
    return sw;
}

uint16_t fs_call_load_p1p2(struct fs_call *call) {
    const struct apdu *c = call->command;
    fs_file file;
    if (c->p1 == 0 && c->p2 <= FS_SFI_MAX)
        return fs_call_load_sfi(call, c->p2);
    const uint16_t fid = (uint16_t)(c->p1 << 8 | c->p2);
    enum onecard_err err = fs_file_find(call->store, call->owner, call->selection->df, fid, &file);
    uint16_t sw = err == ONECARD_OK ? fs_call_load(call, file) : fs_call_status(err);
    if (sw == SW_OK && call->head.type == FS_DF)
        sw = SW_FILE_STRUCTURE;
    if (sw == SW_OK)
        make_current(call);
    return sw;
}

/* ---- may it ---- */

uint16_t fs_call_allowed(const struct fs_call *call, uint8_t operation) {
    uint8_t buf[ACCESS_RULES_MAX];
    const struct fs_head *head = &call->head;
    const uint8_t *rules = head->rules;
    if (head->life == FS_LIFE_CREATION)
        return SW_OK;
    if (head->life == FS_LIFE_TERMINATED)
        return SW_CONDITIONS;
    if (head->life == FS_LIFE_DEACTIVATED && operation != ACCESS_LIFE && operation != ACCESS_DELETE)
        return SW_CONDITIONS;
    if (head->rules_len > sizeof buf)
        return SW_SECURITY_STATUS;
    if (head->rules_len > sizeof head->rules) {
        rules = buf;
        if (store_read(call->store, head->name, FS_HEAD_SIZE, buf, head->rules_len) != ONECARD_OK)
            return SW_MEMORY_FAILURE;
    }
    return access_allowed(rules, head->rules_len, operation, call->status) ? SW_OK
                                                                           : SW_SECURITY_STATUS;
}

/* ---- how much ---- */

/* Le absent or all zeros: as much as there is. */
static bool le_is_open(const struct apdu *c) {
    return !c->has_le || c->ne == (c->extended ? 65536u : 256u);
}

uint32_t fs_call_take(const struct fs_call *call, uint32_t available, bool *warn) {
    const struct apdu *c = call->command;
    uint32_t n = c->has_le ? c->ne : 256;
    *warn = false;
    if (available < n) {
        *warn = !le_is_open(c);
        n = available;
    }
    const uint32_t room = call->answer->capacity - call->answer->len;
    return n < room ? n : room;
}

/* The header of a data object 53 takes 2 bytes, from 128 bytes on 3, from 256 on 4. */
uint32_t fs_call_take_wrapped(const struct fs_call *call, uint32_t available, bool *warn) {
    const uint32_t header = available > 255 ? 4 : available > 127 ? 3 : 2;
    const uint32_t n = fs_call_take(call, available + header, warn);
    return n - (n > 259 ? 4 : n > 130 ? 3 : n > 2 ? 2 : n);
}

uint16_t fs_call_wrap(const struct fs_call *call) {
    size_t len = call->answer->len;
    if (!tlv_wrap(call->answer->data, call->answer->capacity, &len, 0, 0x53))
        return SW_WRONG_LENGTH;
    call->answer->len = (uint32_t)len;
    return SW_OK;
}

uint16_t fs_call_whole(const struct fs_call *call, uint32_t len) {
    if (len > call->answer->capacity)
        return SW_WRONG_LENGTH;
    if (le_is_open(call->command) || call->command->ne >= len)
        return SW_OK;
    return len <= 256 ? (uint16_t)(SW_WRONG_LE | (len & 0xFF)) : SW_WRONG_LENGTH;
}

/* ---- data ---- */

uint16_t fs_call_merge(const struct fs_call *call, uint8_t *old, const uint8_t *data,
                       uint32_t len) {
    enum { WRITE_ONCE = 0, WRITE_PROPRIETARY = 1, WRITE_OR = 2, WRITE_AND = 3 };
    const uint8_t behaviour = call->head.coding >> 5 & 3;
    uint8_t used = 0;
    if (behaviour == WRITE_PROPRIETARY)
        return SW_FILE_STRUCTURE;
    for (uint32_t i = 0; i < len; i++) {
        used |= old[i];
        old[i] = (uint8_t)(behaviour == WRITE_AND ? old[i] & data[i] : old[i] | data[i]);
    }
    return behaviour == WRITE_ONCE && used != 0 ? SW_CONDITIONS : SW_OK;
}

uint16_t fs_call_offset_data(const struct fs_call *call, uint32_t *offset, bool with_data,
                             const uint8_t **data, uint32_t *len) {
    const struct apdu *c = call->command;
    const uint8_t *p = c->data;
    struct tlv t;
    if (c->lc == 0)
        return SW_WRONG_LENGTH;
    const uint8_t *end = p + c->lc;
    if (!tlv_next(&p, end, &t) || t.tag != 0x54 || t.len < 1 || t.len > 4)
        return SW_WRONG_DATA;
    *offset = 0;
    for (uint32_t i = 0; i < t.len; i++)
        *offset = *offset << 8 | t.value[i];
    if (with_data) {
        if (!tlv_next(&p, end, &t) || (t.tag != 0x53 && t.tag != 0x73))
            return SW_WRONG_DATA;
        *data = t.value;
        *len = t.len;
    }
    return p == end ? SW_OK : SW_WRONG_DATA;
}
