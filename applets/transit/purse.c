/* What lasts: balances, counters and proofs in file 0F01, the log in file 18. */
#include "transit.h"

static uint32_t state_file, log_file;

int32_t state_open(void) {
    int32_t state = card_file_find(CARD_FILE_ROOT, FID_STATE);
    int32_t log = card_file_find(CARD_FILE_ROOT, FID_LOG);
    state_file = (uint32_t)state;
    log_file = (uint32_t)log;
    return state < 0 ? state : log;
}

int32_t state_read(struct state *state) {
    return card_file_read(state_file, 0, state, sizeof *state);
}

int32_t state_write(uint32_t offset, const void *data, uint32_t len) {
    return card_file_write(state_file, offset, data, len);
}

uint32_t proof_offset(uint8_t type) {
    return sizeof(struct state) + (type - 1u) * sizeof(struct proof);
}

int32_t log_append(const void *record, uint32_t len) {
    return card_record_append(log_file, record, len);
}

static uint32_t above(uint32_t a, uint32_t b) {
    return a > b ? a - b : 0;
}

/* P1: 00 all that can be spent, 01 overdraft limit, 02 overdraft used, 03 own money. */
int32_t get_balance(void) {
    struct state state;
    uint8_t answer[4], limit_bytes[4] = {0};
    uint32_t p1 = sdk_p1p2() >> 8, p2 = sdk_p1p2() & 0xFF;
    if (p1 > 3 || p2 < 1 || p2 > 2)
        return CARD_SW_P1P2;
    if (card_apdu_lc() != 0)
        return CARD_SW_LENGTH;
    int32_t result = state_read(&state);
    if (result < 0)
        return sdk_status(result);
    if (p2 - 1 == ED)
        sdk_copy(limit_bytes + 1, state.overdraft, 3);
    uint32_t limit = sdk_get_be32(limit_bytes);
    uint32_t balance = sdk_get_be32(state.purses[p2 - 1].balance);
    sdk_put_be32(answer, p1 == 0   ? balance
                         : p1 == 1 ? limit
                         : p1 == 2 ? above(limit, balance)
                                   : above(balance, limit));
    card_apdu_reply(answer, sizeof answer);
    return CARD_SW_OK;
}

/* GET TRANSACTION PROVE: P2 is the type, the data a counter after its increment. */
int32_t get_proof(void) {
    struct proof proof;
    uint8_t counter[2];
    uint32_t type = sdk_p1p2();
    if (type < 1 || type > TYPE_MAX)
        return CARD_SW_P1P2;
    if (card_apdu_lc() != sizeof counter)
        return CARD_SW_LENGTH;
    card_apdu_data(0, counter, sizeof counter);
    int32_t result = card_file_read(state_file, proof_offset((uint8_t)type), &proof, sizeof proof);
    if (result < 0)
        return sdk_status(result);
    uint32_t asked = sdk_get_be16(counter);
    if (asked == 0 || asked != sdk_get_be16(proof.counter))
        return SW_NO_PROOF;
    card_apdu_reply(proof.mac, sizeof proof.mac + sizeof proof.tac);
    return CARD_SW_OK;
}
