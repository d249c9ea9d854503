/* What lasts: balances, counters and proofs in file 0F01, the log in file 18. */
#include "transit.h"

struct state state;
uint32_t state_file, log_file;

int32_t state_open(void) {
    int32_t state = card_file_find(CARD_FILE_ROOT, FID_STATE);
    int32_t log = card_file_find(CARD_FILE_ROOT, FID_LOG);
    state_file = (uint32_t)state;
    log_file = (uint32_t)log;
    return state < 0 ? state : log;
}

static uint32_t above(uint32_t a, uint32_t b) {
    return a > b ? a - b : 0;
}

/* P1: 00 all that can be spent, 01 overdraft limit, 02 overdraft used, 03 own money. */
int32_t get_balance(void) {
    uint8_t answer[4];
    uint32_t p1 = p1p2() >> 8, p2 = p1p2() & 0xFF;
    if (p1 > 3 || p2 < 1 || p2 > 2)
        return CARD_SW_P1P2;
    if (card_apdu_lc() != 0)
        return CARD_SW_LENGTH;
    int32_t result = state_read();
    if (result < 0)
        return sdk_status(result);
    const struct purse *purse = &state.purses[p2 - 1];
    uint32_t limit = (uint32_t)purse->overdraft[0] << 16 | sdk_get_be16(purse->overdraft + 1);
    uint32_t balance = sdk_get_be32(purse->balance);
    sdk_put_be32(answer, p1 == 0   ? balance
                         : p1 == 1 ? limit
                         : p1 == 2 ? above(limit, balance)
                                   : above(balance, limit));
    card_apdu_reply(answer, sizeof answer);
    return CARD_SW_OK;
}

/* GET TRANSACTION PROVE: P2 is the type, the data a counter after its increment. */
int32_t get_proof(void) {
    uint8_t counter[2];
    const struct kind *kind = p1p2() <= 0xFF ? kind_of_type((uint8_t)p1p2()) : NULL;
    if (!kind)
        return CARD_SW_P1P2;
    if (card_apdu_lc() != sizeof counter)
        return CARD_SW_LENGTH;
    card_apdu_data(0, counter, sizeof counter);
    int32_t result = state_read();
    if (result < 0)
        return sdk_status(result);
    const struct proof *proof = proof_of(kind, &state.purses[kind->purse]);
    uint32_t asked = sdk_get_be16(counter);
    if (asked == 0 || asked != sdk_get_be16(proof->counter))
        return SW_NO_PROOF;
    card_apdu_reply(proof->mac, sizeof proof->mac + sizeof proof->tac);
    return CARD_SW_OK;
}
