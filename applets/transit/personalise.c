/* How a purse begins: STORE DATA that the card manager hands on, never one from a terminal. The
 * last one (P1 bit 8, GPCS 11.11) ends personalisation for ever. */
#include "transit.h"

enum { TAG_INITIAL = 0xDF01, INFO_SIZE = 30 };

/* Its value: how the purses begin. */
struct initial {
    uint8_t purses[2][8]; /* balance, counters */
    uint8_t overdraft[3];
    uint8_t balance_max[2][4];
};

CARD_ENTRY(install) {
    int32_t result = sdk_file_new(FID_STATE, sizeof(struct state));
    return result < 0 ? sdk_status(result) : CARD_SW_OK;
}

/* Object DF01, which goes then; or empty purses that may hold much. */
static int32_t take_initial(struct initial *initial) {
    memset(initial, 0, sizeof *initial);
    initial->balance_max[ED][0] = initial->balance_max[EP][0] = 0x7F;
    int32_t size = card_object_size(TAG_INITIAL);
    if (size == CARD_E_NOT_FOUND)
        return 0;
    if (size != sizeof *initial)
        return size < 0 ? size : CARD_E_FORMAT;
    int32_t result = card_object_read(TAG_INITIAL, 0, initial, sizeof *initial);
    return result < 0 ? result : card_object_delete(TAG_INITIAL);
}

static void begin(const struct initial *initial) {
    memset(&state, 0, sizeof state);
    for (uint32_t i = 0; i < 2; i++) {
        sdk_copy(state.purses[i].balance, initial->purses[i], 4);
        sdk_copy(state.purses[i].counters, initial->purses[i] + 4, 4);
        sdk_copy(state.purses[i].balance_max, initial->balance_max[i], 4);
    }
    sdk_copy(state.purses[ED].overdraft, initial->overdraft, 3);
    state.life = LIFE_IN_USE;
}

static int32_t end_personalisation(void) {
    struct initial initial;
    int32_t info = card_file_find(CARD_FILE_ROOT, FID_INFO);
    if (info < 0 || card_file_size((uint32_t)info) < INFO_SIZE || state_open() < 0)
        return CARD_SW_CONDITIONS;
    if (take_initial(&initial) < 0)
        return CARD_SW_DATA;
    begin(&initial);
    int32_t result = state_write(&state, &state + 1);
    return result < 0 ? sdk_status(result) : CARD_SW_OK;
}

int32_t personalise(void) {
    state_open(); /* file 18 may not be there yet */
    int32_t result = state_read();
    if (result < 0)
        return sdk_status(result);
    if (state.life != LIFE_NEW)
        return CARD_SW_CONDITIONS;
    uint32_t last = p1p2() & 0x8000;
    int32_t sw = last && card_apdu_lc() == 0 ? CARD_SW_OK : card_perso_command();
    return sw == CARD_SW_OK && last ? end_personalisation() : sw;
}
