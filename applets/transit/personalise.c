/* How a purse begins: STORE DATA that the card manager hands on, never one from a terminal. The
 * last one (P1 bit 8, GPCS 11.11) ends personalisation for ever. */
#include "transit.h"

enum {
    TAG_INITIAL = 0xDF01,
    INFO_SIZE = 30,
    INITIAL_SIZE = __builtin_offsetof(struct state, life)
};

CARD_ENTRY(install) {
    int32_t result = sdk_file_new(FID_STATE, STATE_SIZE);
    return result < 0 ? sdk_status(result) : CARD_SW_OK;
}

/* Data object DF01, if there is one, holds balances, counters and limits to begin with. */
static int32_t begin(struct state *state) {
    memset(state, 0, sizeof *state);
    for (uint32_t i = 0; i < 2; i++)
        sdk_put_be32(state->balance_max[i], 0x7FFFFFFF);
    int32_t size = card_object_size(TAG_INITIAL);
    if (size == CARD_E_NOT_FOUND)
        return 0;
    if (size != INITIAL_SIZE)
        return size < 0 ? size : CARD_E_FORMAT;
    int32_t result = card_object_read(TAG_INITIAL, 0, state, INITIAL_SIZE);
    return result < 0 ? result : card_object_delete(TAG_INITIAL);
}

static int32_t end_personalisation(void) {
    struct state state;
    int32_t info = card_file_find(CARD_FILE_ROOT, FID_INFO);
    if (info < 0 || card_file_size((uint32_t)info) < INFO_SIZE || state_open() < 0)
        return CARD_SW_CONDITIONS;
    if (begin(&state) < 0)
        return CARD_SW_DATA;
    state.life = LIFE_IN_USE;
    int32_t result = state_write(0, &state, sizeof state);
    return result < 0 ? sdk_status(result) : CARD_SW_OK;
}

int32_t personalise(void) {
    struct state state;
    state_open(); /* file 18 may not be there yet */
    int32_t result = state_read(&state);
    if (result < 0)
        return sdk_status(result);
    if (state.life != LIFE_NEW)
        return CARD_SW_CONDITIONS;
    uint32_t last = sdk_p1p2() & 0x8000;
    int32_t sw = last && card_apdu_lc() == 0 ? CARD_SW_OK : card_perso_command();
    return sw == CARD_SW_OK && last ? end_personalisation() : sw;
}
