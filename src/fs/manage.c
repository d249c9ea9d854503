/* CREATE, DELETE, ACTIVATE, DEACTIVATE and TERMINATE FILE (ISO/IEC 7816-9 clause 9). */
#include "fs/command.h"

/* ---- CREATE ---- */

/* Below the current DF, if its rules allow it; the new file becomes the current one. */
uint16_t fs_create_file(struct fs_call *call) {
    const struct apdu *c = call->command;
    struct fs_info info;
    fs_file file;
    if (c->p1 != 0 || c->p2 != 0)
        return SW_WRONG_P1P2;
    if (c->lc == 0)
        return SW_WRONG_LENGTH;
    uint16_t sw = fs_call_load(call, call->selection->df);
    if (sw == SW_OK)
        sw = fs_call_allowed(call, ACCESS_CREATE);
    if (sw != SW_OK)
        return sw;
    enum onecard_err err =
        fs_file_create(call->store, call->owner, call->selection->df, c->data, c->lc, &file);
    if (err == ONECARD_OK)
        err = fs_file_info(call->store, call->owner, file, &info);
    if (err != ONECARD_OK)
        return err == ONECARD_E_UNSUPPORTED ? SW_FUNCTION_UNSUPPORTED : fs_call_status(err);
    call->selection->df = fs_df_of(file);
    call->selection->ef = info.type == FS_DF ? FS_NONE : file;
    call->selection->record = 0;
    return SW_OK;
}

/* ---- the others name a file ---- */

/* By FID in the current DF, or, without data, the current file. */
static uint16_t load_named(struct fs_call *call, uint8_t operation) {
    const struct apdu *c = call->command;
    const struct fs_selection *at = call->selection;
    fs_file file = at->ef != FS_NONE ? at->ef : at->df;
    if (c->p1 > 2 || c->p2 != 0)
        return SW_WRONG_P1P2;
    if (c->lc != 0 && c->lc != 2)
        return SW_WRONG_LENGTH;
    if (c->lc == 2) {
        enum onecard_err err =
            fs_file_find(call->store, call->owner, at->df, get_be16(c->data), &file);
        if (err != ONECARD_OK)
            return fs_call_status(err);
    }
    uint16_t sw = fs_call_load(call, file);
    return sw == SW_OK ? fs_call_allowed(call, operation) : sw;
}

uint16_t fs_delete_file(struct fs_call *call) {
    struct fs_selection *at = call->selection;
    uint16_t sw = load_named(call, ACCESS_DELETE);
    if (sw != SW_OK)
        return sw;
    if (call->file == FS_ROOT)
        return SW_CONDITIONS; /* it goes with the applet */
    const bool df = call->head.type == FS_DF;
    const uint8_t parent = call->head.record_max;
    enum onecard_err err = fs_file_delete(call->store, call->owner, call->file);
    if (err != ONECARD_OK)
        return fs_call_status(err);
    if (df && at->df == call->file)
        at->df = fs_number(parent, 0);
    if (df || at->ef == call->file)
        at->ef = FS_NONE;
    at->record = 0;
    return SW_OK;
}

static uint16_t set_life(struct fs_call *call, enum fs_life life) {
    uint16_t sw = load_named(call, ACCESS_LIFE);
    if (sw != SW_OK)
        return sw;
    enum onecard_err err = fs_file_set_life(call->store, call->owner, call->file, life);
    return err == ONECARD_OK ? SW_OK : fs_call_status(err);
}

uint16_t fs_activate_file(struct fs_call *call) {
    return set_life(call, FS_LIFE_ACTIVATED);
}

uint16_t fs_deactivate_file(struct fs_call *call) {
    return set_life(call, FS_LIFE_DEACTIVATED);
}

static uint16_t terminate(struct fs_call *call, bool df) {
    uint16_t sw = load_named(call, ACCESS_LIFE);
    if (sw == SW_OK && (call->head.type == FS_DF) != df)
        sw = SW_FILE_STRUCTURE;
    return sw == SW_OK ? set_life(call, FS_LIFE_TERMINATED) : sw;
}

uint16_t fs_terminate_ef(struct fs_call *call) {
    return terminate(call, false);
}

uint16_t fs_terminate_df(struct fs_call *call) {
    return terminate(call, true);
}
