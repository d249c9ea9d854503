/* INITIALIZE FOR ...: checks what can be checked before the terminal proves itself. Writes nothing.
 */
#include "transit.h"

struct transaction transaction;

/* JR/T 0025.1: what each INITIALIZE begins. */
static const struct kind kinds[] = {
    {0x0102, 0x06, 1, EP, OFFLINE, 0, KEY_PURCHASE, INS_DEBIT, 0x0100},
    {0x0302, TYPE_COMPOSITE, 0, EP, OFFLINE, 0, KEY_PURCHASE, INS_DEBIT, 0x0100},
    {0x0002, 0x02, 2, EP, ONLINE, 1, KEY_LOAD, INS_CREDIT, 0x0000},
    {0x0001, 0x01, 2, ED, ONLINE, 1, KEY_LOAD, INS_CREDIT, 0x0000},
    {0x0101, 0x05, 1, ED, OFFLINE, 1, KEY_PURCHASE, INS_DEBIT, 0x0100},
    {0x0201, 0x04, 0, ED, OFFLINE, 1, KEY_PURCHASE, INS_DEBIT, 0x0100},
    {0x0501, 0x03, 3, ED, ONLINE, 1, KEY_UNLOAD, INS_DEBIT, 0x0300},
    {0x0401, TYPE_OVERDRAFT, 4, ED, ONLINE, 1, KEY_OVERDRAFT, INS_UPDATE_OVERDRAFT, 0x0000},
};

const struct kind *kind_of_type(uint8_t type) {
    for (uint32_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].type == type)
            return &kinds[i];
    return NULL;
}

static const struct kind *kind_find(uint16_t open) {
    for (uint32_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].open == open)
            return &kinds[i];
    return NULL;
}

int32_t wrong_mac(int32_t result) {
    return result == CARD_E_WRONG     ? SW_WRONG_MAC
           : result == CARD_E_BLOCKED ? SW_BLOCKED
                                      : CARD_SW_FAILED;
}

/* ---- the command ---- */

int32_t check_amount(const struct kind *kind) {
    uint32_t balance = transaction.balance, amount = transaction.amount;
    if (kind->close_ins == INS_DEBIT)
        return amount <= balance ? CARD_SW_OK : SW_NO_MONEY;
    if (kind->close_ins == INS_UPDATE_OVERDRAFT)
        return CARD_SW_OK; /* no amount yet */
    uint32_t most = sdk_get_be32(transaction.purse->balance_max);
    return balance <= most && amount <= most - balance ? CARD_SW_OK : CARD_SW_CONDITIONS;
}

/* balance, counter, [limit: offline and update], key version, algorithm, random, [MAC1: online] */
static uint8_t answer[4 + 2 + 3 + 2 + 4 + 4];

/* MAC1 of the online kinds: old balance, amount (or old limit), type, terminal. */
static int32_t put_mac1(const struct kind *kind, uint8_t *mac) {
    static const uint8_t tail[2] = {0x80, 0x00};
    static uint8_t message[4 + 11];
    uint32_t skip = kind->type == TYPE_OVERDRAFT ? 1 : 0; /* a limit has three bytes */
    sdk_copy(message + skip, transaction.seen, 4);
    memcpy(message + skip + 4, transaction.record.amount + skip, 11 - skip);
    int32_t result = session_derive(tail);
    return result < 0 ? result : session_mac(message + skip, sizeof message - skip, mac);
}

static int32_t send_answer(const struct kind *kind, uint8_t version) {
    uint8_t *to = answer + 6;
    sdk_copy(answer, transaction.seen, 4);
    sdk_copy(answer + 4, transaction.record.counter, 2);
    if (kind->counter == OFFLINE || kind->type == TYPE_OVERDRAFT) {
        sdk_copy(to, transaction.record.overdraft, 3);
        to += 3;
    }
    to[0] = version;
    to[1] = 0; /* 3DES */
    sdk_copy(to + 2, transaction.session.random, 4);
    to += 6;
    if (kind->counter == ONLINE) {
        if (put_mac1(kind, to) < 0)
            return CARD_SW_FAILED;
        to += 4;
    }
    card_apdu_reply(answer, (uint32_t)(to - answer));
    return CARD_SW_OK;
}

/* Key index 1, amount 4 (not for the overdraft limit), terminal 6; and the purse as it is. */
static int32_t take_data(const struct kind *kind) {
    static uint8_t data[12]; /* one more, to see what is too long */
    struct log_record *record = &transaction.record;
    struct purse *purse = transaction.purse;
    int32_t size = card_apdu_data(0, data, sizeof data);
    if (size != (kind->type == TYPE_OVERDRAFT ? 7 : 11))
        return CARD_SW_LENGTH;
    transaction.key = (uint32_t)kind->key | data[0];
    sdk_copy(transaction.seen, purse->balance, 4);
    transaction.balance = sdk_get_be32(transaction.seen);
    sdk_copy(record->counter, purse->counters[kind->counter], 2);
    sdk_copy(transaction.session.counter, record->counter, 2);
    sdk_copy(record->overdraft, purse->overdraft, 3);
    record->type = kind->type;
    if (kind->type == TYPE_OVERDRAFT) {
        record->amount[0] = 0;
        sdk_copy(record->amount + 1, record->overdraft, 3);
        sdk_copy(record->terminal, data + 1, 6);
    } else {
        sdk_copy(record->amount, data + 1, 4);
        sdk_copy(record->terminal, data + 5, 6);
    }
    transaction.amount = sdk_get_be32(record->amount);
    return CARD_SW_OK;
}

int32_t initialise(void) {
    static uint8_t info[8];
    const struct kind *kind = kind_find((uint16_t)header);
    if (!kind)
        return CARD_SW_P1P2;
    int32_t result = state_read();
    if (result < 0)
        return sdk_status(result);
    transaction.purse = &state.purses[kind->purse];
    int32_t sw = take_data(kind);
    if (sw != CARD_SW_OK)
        return sw;
    if (kind->needs_pin && !(card_security_pins() & 1u << PIN))
        return CARD_SW_SECURITY;
    if (card_key_info(transaction.key, info, sizeof info) < 0)
        return SW_KEY_INDEX;
    if (info[7] && !info[6])
        return SW_BLOCKED; /* its tries are used up */
    if (raw16(transaction.record.counter) == 0xFFFF)
        return SW_COUNTER;
    sw = check_amount(kind);
    if (sw != CARD_SW_OK)
        return sw;
    card_random(transaction.session.random, sizeof transaction.session.random);
    sw = send_answer(kind, info[1]);
    if (sw == CARD_SW_OK) {
        composite_clear();
        transaction.kind = kind;
    }
    return sw;
}
