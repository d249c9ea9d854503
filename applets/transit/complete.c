/* The closing commands: check everything, then stage everything. All of it becomes durable together
 * when process() returns, before the answer leaves. */
#include "transit.h"

/* The TAC's key is the fold of KEY_TAC, made once in a selection. */
static uint8_t tac_ready;

static int32_t tac_derive(void) {
    int32_t result = card_key_derive(KEY_TAC, CARD_DERIVE_FOLD, NULL, 0, CARD_USE_MAC, SLOT_TAC);
    tac_ready = result >= 0;
    return result;
}

static inline int32_t tac_prepare(void) {
    return tac_ready ? 0 : tac_derive();
}

static int32_t tac_mac(const void *data, uint32_t len, uint8_t mac[4]) {
    if (tac_prepare() < 0)
        return CARD_E_STATE;
    return card_key_mac(CARD_KEY_SESSION(SLOT_TAC), CARD_MAC_CBC | CARD_PAD_80, NULL, 0, data, len,
                        mac, 4);
}

/* The open transaction, if this command closes it. It is closed from here on, whatever comes. */
static inline const struct kind *take_kind(uint8_t ins) {
    const struct kind *kind = transaction.kind;
    transaction.kind = NULL;
    return kind && kind->close_ins == ins && kind->close == p1p2() ? kind : NULL;
}

/* The purse is still as INITIALIZE saw it; or, if only its balance is another, still fit for the
 * amount. Proofs and limits do not change without the counter that is compared here. */
static inline int32_t read_again(const struct kind *kind) {
    struct purse *purse = transaction.purse;
    int32_t result = state_read_part(purse->balance, purse->overdraft);
    if (result < 0)
        return sdk_status(result);
    if (raw16(purse->counters[kind->counter]) != raw16(transaction.record.counter))
        return CARD_SW_CONDITIONS;
    if (raw32(purse->balance) == raw32(transaction.seen))
        return CARD_SW_OK;
    transaction.balance = sdk_get_be32(purse->balance);
    return check_amount(kind);
}

/* The purse's bytes from the proof to the balance and what belongs to it, or the other way round.
 */
static inline int32_t write_purse(const struct kind *kind, const struct proof *proof) {
    struct purse *purse = transaction.purse;
    return kind->proof < 2 ? state_write(proof, purse->overdraft)
                           : state_write(purse->balance, proof + 1);
}

/* One more on the counter, the new balance, proof, log: all or nothing. */
static int32_t finish(const struct kind *kind, uint32_t balance) {
    struct purse *purse = transaction.purse;
    struct proof *proof = proof_of(kind, purse);
    uint8_t *counter = purse->counters[kind->counter];
    sdk_put_be32(purse->balance, balance);
    if (++counter[1] == 0)
        counter[0]++;
    sdk_copy(proof->counter, counter, 2);
    sdk_copy(proof->mac, transaction.closing.mac, 4);
    sdk_copy(proof->tac, transaction.closing.tac, 4);
    int32_t result = write_purse(kind, proof);
    if (result >= 0)
        result = card_record_append(log_file, &transaction.record, sizeof transaction.record);
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
static int32_t finish_online(const struct kind *kind, uint32_t balance, uint32_t skip) {
    struct log_record *record = &transaction.record;
    uint8_t message[6 + 18];
    sdk_put_be32(message, balance);
    sdk_copy(message + 4, record->counter, 2);
    memcpy(message + 6, record->amount + skip, 18 - skip);
    uint32_t len = sizeof message - skip;
    if (tac_mac(message, len, transaction.closing.tac) < 0)
        return CARD_SW_FAILED;
    if (kind->close_ins == INS_DEBIT && session_mac(message, len, transaction.closing.mac) < 0)
        return CARD_SW_FAILED; /* MAC3 */
    return finish(kind, balance);
}

/* date 4, time 3, MAC2 4 at the end of the data; MAC2 is over amount, type, terminal, date, time */
static int32_t check_mac2(const uint8_t *data, uint32_t skip) {
    struct log_record *record = &transaction.record;
    sdk_copy(record->date, data, 7);
    sdk_copy(transaction.closing.mac, data + 7, 4);
    return session_verify(record->amount + skip, 18 - skip, transaction.closing.mac);
}

/* What an online kind's closing command brings. */
static uint8_t online[14];
enum { ONLINE_DATA = 11 };

int32_t credit_for_load(void) {
    const struct kind *kind = take_kind(INS_CREDIT);
    if (!kind)
        return SW_STATE;
    if (card_apdu_lc() != ONLINE_DATA)
        return CARD_SW_LENGTH;
    card_apdu_data(0, online, ONLINE_DATA);
    int32_t sw = read_again(kind);
    if (sw == CARD_SW_OK)
        sw = check_mac2(online, 0);
    if (sw != CARD_SW_OK)
        return sw;
    sw = finish_online(kind, transaction.balance + transaction.amount, 0);
    if (sw == CARD_SW_OK)
        card_apdu_reply(transaction.closing.tac, 4);
    return sw;
}

static int32_t debit_for_unload(const struct kind *kind) {
    if (card_apdu_lc() != ONLINE_DATA)
        return CARD_SW_LENGTH;
    card_apdu_data(0, online, ONLINE_DATA);
    int32_t sw = check_mac2(online, 0);
    if (sw != CARD_SW_OK)
        return sw;
    sw = finish_online(kind, transaction.balance - transaction.amount, 0);
    if (sw == CARD_SW_OK)
        card_apdu_reply(transaction.closing.mac, 4);
    return sw;
}

/* New limit 3, date, time, MAC2. The balance moves along with the limit, of which it is a part. */
int32_t update_overdraft(void) {
    const struct kind *kind = take_kind(INS_UPDATE_OVERDRAFT);
    if (!kind)
        return SW_STATE;
    if (card_apdu_lc() != sizeof online)
        return CARD_SW_LENGTH;
    card_apdu_data(0, online, sizeof online);
    int32_t sw = read_again(kind);
    struct log_record *record = &transaction.record;
    uint32_t old = sdk_get_be32(record->amount); /* byte 0 is 00 */
    sdk_copy(record->amount + 1, online, 3);
    if (sw == CARD_SW_OK)
        sw = check_mac2(online + 3, 1);
    if (sw != CARD_SW_OK)
        return sw;
    uint32_t limit = sdk_get_be32(record->amount);
    uint32_t balance = transaction.balance;
    if (limit < old && balance < old - limit)
        return CARD_SW_CONDITIONS; /* more of it is used already */
    uint32_t after = balance - old + limit;
    if (limit > old && (after < balance || after > sdk_get_be32(state.purses[ED].balance_max)))
        return CARD_SW_CONDITIONS;
    sdk_copy(state.purses[ED].overdraft, online, 3);
    sdk_copy(record->overdraft, online, 3);
    sw = finish_online(kind, after, 1);
    if (sw == CARD_SW_OK)
        card_apdu_reply(transaction.closing.tac, 4);
    return sw;
}

/* ---- offline: purchase, withdrawal, composite purchase ---- */

enum { PURCHASE_DATA = 15 }; /* counter, date, time, MAC1 */

/* MAC1, and under it what answers: TAC and MAC2, in one call. In a run of bytes from the record's
 * amount to the time that the TAC covers: */
enum { AT_TAC = 18, TAC_SIZE = 22 };
static const uint8_t purchase_macs[] = {
    CARD_MAC_ENTRY(SLOT_TRANSACTION, CARD_MAC_VERIFY + 4, CARD_MAC_CBC | CARD_PAD_80, 0, 18),
    CARD_MAC_ENTRY(SLOT_TAC, 4, CARD_MAC_CBC | CARD_PAD_80, AT_TAC, TAC_SIZE),
    CARD_MAC_ENTRY(SLOT_TRANSACTION, 4, CARD_MAC_CBC | CARD_PAD_80, 0, 4),
};

static int32_t debit_offline(const struct kind *kind) {
    struct log_record *record = &transaction.record;
    struct closing *closing = &transaction.closing;
    /* one byte more, to see what is too long; it falls where the TAC will be */
    if (card_apdu_data(0, closing->counter, PURCHASE_DATA + 1) != PURCHASE_DATA)
        return CARD_SW_LENGTH;
    sdk_copy(record->date, closing->date, 7);
    sdk_copy(closing->head, record->amount, 11);
    if (session_derive(closing->counter + 2) < 0 || tac_prepare() < 0)
        return CARD_SW_FAILED;
    int32_t result = card_key_macs(purchase_macs, sizeof purchase_macs, record->amount,
                                   AT_TAC + TAC_SIZE, closing->mac1, 3 * 4);
    if (result < 0)
        return wrong_mac(result);
    int32_t sw = finish(kind, transaction.balance - transaction.amount);
    if (sw == CARD_SW_OK)
        card_apdu_reply(closing->tac, 2 * 4); /* TAC, MAC2 */
    return sw;
}

int32_t debit(void) {
    const struct kind *kind = take_kind(INS_DEBIT);
    if (!kind)
        return SW_STATE;
    int32_t sw = read_again(kind);
    if (sw != CARD_SW_OK)
        return sw;
    return kind->counter == OFFLINE ? debit_offline(kind) : debit_for_unload(kind);
}
