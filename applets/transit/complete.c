/* The closing commands: check everything, then stage everything. All of it becomes durable together
 * when process() returns, before the answer leaves. */
#include "transit.h"

/* The TAC's key is the fold of KEY_TAC, made once in a selection. */
static int32_t tac_mac(const void *data, uint32_t len, uint8_t mac[4]) {
    static uint8_t ready;
    if (!ready) {
        int32_t result =
            card_key_derive(KEY_TAC, CARD_DERIVE_FOLD, NULL, 0, CARD_USE_MAC, SLOT_TAC);
        if (result < 0)
            return result;
        ready = 1;
    }
    return card_key_mac(CARD_KEY_SESSION(SLOT_TAC), CARD_MAC_CBC | CARD_PAD_80, NULL, 0, data, len,
                        mac, 4);
}

/* The open transaction, if this command closes it. It is closed from here on, whatever comes. */
static const struct kind *take_kind(uint8_t ins) {
    const struct kind *kind = transaction.kind;
    transaction.kind = NULL;
    return kind && kind->close_ins == ins && kind->close == sdk_p1p2() ? kind : NULL;
}

/* The purse is still as INITIALIZE saw it. */
static int32_t read_again(const struct kind *kind, struct state *state) {
    int32_t result = state_read(state);
    if (result < 0)
        return sdk_status(result);
    const uint8_t *counter = state->purses[kind->purse].counters[kind->counter];
    if (memcmp(counter, transaction.record.counter, 2) != 0)
        return CARD_SW_CONDITIONS;
    return check_amount(kind, state);
}

/* The purse's bytes from the proof to the balance and what belongs to it, or the other way round.
 */
static int32_t write_purse(const struct kind *kind, struct state *state) {
    struct purse *purse = &state->purses[kind->purse];
    struct proof *proof = proof_of(state, kind);
    return kind->proof < 2 ? state_write(state, proof, purse->overdraft)
                           : state_write(state, purse->balance, proof + 1);
}

/* One more on the counter, the new balance, proof, log: all or nothing. */
static int32_t finish(const struct kind *kind, struct state *state, uint32_t balance,
                      struct proof *proof) {
    struct purse *purse = &state->purses[kind->purse];
    uint8_t *counter = purse->counters[kind->counter];
    sdk_put_be32(purse->balance, balance);
    sdk_put_be16(counter, sdk_get_be16(counter) + 1);
    sdk_copy(proof->counter, counter, 2);
    *proof_of(state, kind) = *proof;
    int32_t result = write_purse(kind, state);
    if (result >= 0)
        result = log_append(&transaction.record, sizeof transaction.record);
    if (result >= 0 && kind->type == TYPE_COMPOSITE)
        result = composite_write();
    if (result >= 0)
        return CARD_SW_OK;
    card_tx_abort();
    return sdk_status(result);
}

/* ---- online: load, unload, overdraft limit ---- */

/* After the terminal's MAC2: new balance, counter, amount, type, terminal, date, time. The MAC of
 * it under the TAC's key, and, for unload, under the session key. skip: a limit has three bytes. */
static int32_t finish_online(const struct kind *kind, struct state *state, uint32_t balance,
                             struct proof *proof, uint32_t skip) {
    struct log_record *record = &transaction.record;
    uint8_t message[6 + 18];
    sdk_put_be32(message, balance);
    sdk_copy(message + 4, record->counter, 2);
    memcpy(message + 6, record->amount + skip, 18 - skip);
    uint32_t len = sizeof message - skip;
    if (tac_mac(message, len, proof->tac) < 0)
        return CARD_SW_FAILED;
    if (kind->close_ins == INS_DEBIT && session_mac(message, len, proof->mac) < 0)
        return CARD_SW_FAILED; /* MAC3 */
    return finish(kind, state, balance, proof);
}

/* date 4, time 3, MAC2 4 at the end of the data; MAC2 is over amount, type, terminal, date, time */
static int32_t check_mac2(const uint8_t *data, uint32_t skip, struct proof *proof) {
    struct log_record *record = &transaction.record;
    sdk_copy(record->date, data, 7);
    sdk_copy(proof->mac, data + 7, 4);
    return session_verify(record->amount + skip, 18 - skip, proof->mac);
}

int32_t credit_for_load(void) {
    struct state state;
    struct proof proof;
    uint8_t data[11];
    const struct kind *kind = take_kind(INS_CREDIT);
    if (!kind)
        return SW_STATE;
    if (card_apdu_lc() != sizeof data)
        return CARD_SW_LENGTH;
    card_apdu_data(0, data, sizeof data);
    int32_t sw = read_again(kind, &state);
    if (sw == CARD_SW_OK)
        sw = check_mac2(data, 0, &proof);
    if (sw != CARD_SW_OK)
        return sw;
    uint32_t balance = sdk_get_be32(state.purses[kind->purse].balance);
    uint32_t amount = sdk_get_be32(transaction.record.amount);
    sw = finish_online(kind, &state, balance + amount, &proof, 0);
    if (sw == CARD_SW_OK)
        card_apdu_reply(proof.tac, sizeof proof.tac);
    return sw;
}

static int32_t debit_for_unload(const struct kind *kind, struct state *state) {
    struct proof proof;
    uint8_t data[11];
    if (card_apdu_lc() != sizeof data)
        return CARD_SW_LENGTH;
    card_apdu_data(0, data, sizeof data);
    int32_t sw = check_mac2(data, 0, &proof);
    if (sw != CARD_SW_OK)
        return sw;
    uint32_t balance = sdk_get_be32(state->purses[kind->purse].balance);
    uint32_t amount = sdk_get_be32(transaction.record.amount);
    sw = finish_online(kind, state, balance - amount, &proof, 0);
    if (sw == CARD_SW_OK)
        card_apdu_reply(proof.mac, sizeof proof.mac);
    return sw;
}

/* New limit 3, date, time, MAC2. The balance moves along with the limit, of which it is a part. */
int32_t update_overdraft(void) {
    struct state state;
    struct proof proof;
    uint8_t data[14];
    const struct kind *kind = take_kind(INS_UPDATE_OVERDRAFT);
    if (!kind)
        return SW_STATE;
    if (card_apdu_lc() != sizeof data)
        return CARD_SW_LENGTH;
    card_apdu_data(0, data, sizeof data);
    int32_t sw = read_again(kind, &state);
    struct log_record *record = &transaction.record;
    uint32_t old = sdk_get_be32(record->amount); /* byte 0 is 00 */
    sdk_copy(record->amount + 1, data, 3);
    if (sw == CARD_SW_OK)
        sw = check_mac2(data + 3, 1, &proof);
    if (sw != CARD_SW_OK)
        return sw;
    uint32_t limit = sdk_get_be32(record->amount);
    uint32_t balance = sdk_get_be32(state.purses[ED].balance);
    if (limit < old && balance < old - limit)
        return CARD_SW_CONDITIONS; /* more of it is used already */
    uint32_t after = balance - old + limit;
    if (limit > old && (after < balance || after > sdk_get_be32(state.purses[ED].balance_max)))
        return CARD_SW_CONDITIONS;
    sdk_copy(state.purses[ED].overdraft, data, 3);
    sdk_copy(record->overdraft, data, 3);
    sw = finish_online(kind, &state, after, &proof, 1);
    if (sw == CARD_SW_OK)
        card_apdu_reply(proof.tac, sizeof proof.tac);
    return sw;
}

/* ---- offline: purchase, withdrawal, composite purchase ---- */

/* amount, type, terminal, terminal's counter, date, time */
static int32_t offline_tac(const uint8_t *data, uint8_t tac[4]) {
    uint8_t message[11 + 11];
    sdk_copy(message, transaction.record.amount, 11);
    sdk_copy(message + 11, data, 11);
    return tac_mac(message, sizeof message, tac);
}

/* data: terminal's counter 4, date 4, time 3, MAC1 4 */
static int32_t debit_offline(const struct kind *kind, struct state *state) {
    struct log_record *record = &transaction.record;
    uint8_t data[15];
    struct {
        struct proof proof;
        uint8_t mac2[4]; /* the answer has TAC and MAC2 in this order */
    } out;
    if (card_apdu_lc() != sizeof data)
        return CARD_SW_LENGTH;
    card_apdu_data(0, data, sizeof data);
    sdk_copy(record->date, data + 4, 7);
    if (session_derive(data + 2) < 0)
        return CARD_SW_FAILED;
    int32_t sw = session_verify(record->amount, 18, data + 11);
    if (sw != CARD_SW_OK)
        return sw;
    uint32_t balance = sdk_get_be32(state->purses[kind->purse].balance);
    uint32_t amount = sdk_get_be32(record->amount);
    if (session_mac(record->amount, 4, out.mac2) < 0 || offline_tac(data, out.proof.tac) < 0)
        return CARD_SW_FAILED;
    sdk_copy(out.proof.mac, out.mac2, 4);
    sw = finish(kind, state, balance - amount, &out.proof);
    if (sw == CARD_SW_OK)
        card_apdu_reply(out.proof.tac, 8);
    return sw;
}

int32_t debit(void) {
    struct state state;
    const struct kind *kind = take_kind(INS_DEBIT);
    if (!kind)
        return SW_STATE;
    int32_t sw = read_again(kind, &state);
    if (sw != CARD_SW_OK)
        return sw;
    return kind->counter == OFFLINE ? debit_offline(kind, &state) : debit_for_unload(kind, &state);
}
