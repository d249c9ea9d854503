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

/* ---- session key ---- */

int32_t session_derive(const uint8_t *tail) {
    uint8_t data[8];
    sdk_copy(data, transaction.random, 4);
    sdk_copy(data + 4, transaction.record.counter, 2);
    sdk_copy(data + 6, tail, 2);
    return card_key_derive(transaction.key, CARD_DERIVE_BLOCK, data, sizeof data,
                           CARD_USE_MAC | CARD_USE_MAC_VERIFY, SLOT_TRANSACTION);
}

int32_t session_mac(const void *data, uint32_t len, uint8_t mac[4]) {
    return card_key_mac(CARD_KEY_SESSION(SLOT_TRANSACTION), CARD_MAC_CBC | CARD_PAD_80, NULL, 0,
                        data, len, mac, 4);
}

int32_t session_verify(const void *data, uint32_t len, const uint8_t *mac) {
    int32_t result = card_key_mac_verify(CARD_KEY_SESSION(SLOT_TRANSACTION),
                                         CARD_MAC_CBC | CARD_PAD_80, NULL, 0, data, len, mac, 4);
    return result == 0                ? CARD_SW_OK
           : result == CARD_E_WRONG   ? SW_WRONG_MAC
           : result == CARD_E_BLOCKED ? SW_BLOCKED
                                      : CARD_SW_FAILED;
}

/* ---- the command ---- */

int32_t check_amount(const struct kind *kind, const struct state *state) {
    uint32_t balance = sdk_get_be32(state->purses[kind->purse].balance);
    uint32_t amount = sdk_get_be32(transaction.record.amount);
    if (kind->close_ins == INS_DEBIT)
        return amount <= balance ? CARD_SW_OK : SW_NO_MONEY;
    if (kind->close_ins == INS_UPDATE_OVERDRAFT)
        return CARD_SW_OK; /* no amount yet */
    uint32_t most = sdk_get_be32(state->purses[kind->purse].balance_max);
    return balance <= most && amount <= most - balance ? CARD_SW_OK : CARD_SW_CONDITIONS;
}

/* MAC1 of the online kinds: old balance, amount (or old limit), type, terminal. */
static int32_t put_mac1(const struct kind *kind, const struct state *state, uint8_t *mac) {
    static const uint8_t tail[2] = {0x80, 0x00};
    uint8_t message[4 + 11];
    uint32_t skip = kind->type == TYPE_OVERDRAFT ? 1 : 0; /* a limit has three bytes */
    sdk_copy(message + skip, state->purses[kind->purse].balance, 4);
    memcpy(message + skip + 4, transaction.record.amount + skip, 11 - skip);
    int32_t result = session_derive(tail);
    return result < 0 ? result : session_mac(message + skip, sizeof message - skip, mac);
}

/* balance, counter, [limit: offline and update], key version, algorithm, random, [MAC1: online] */
static int32_t answer(const struct kind *kind, const struct state *state, uint8_t version) {
    uint8_t bytes[4 + 2 + 3 + 2 + 4 + 4];
    uint32_t at = 6;
    sdk_copy(bytes, state->purses[kind->purse].balance, 4);
    sdk_copy(bytes + 4, transaction.record.counter, 2);
    if (kind->counter == OFFLINE || kind->type == TYPE_OVERDRAFT) {
        sdk_copy(bytes + at, transaction.record.overdraft, 3);
        at += 3;
    }
    bytes[at] = version;
    bytes[at + 1] = 0; /* 3DES */
    sdk_copy(bytes + at + 2, transaction.random, 4);
    at += 6;
    if (kind->counter == ONLINE) {
        if (put_mac1(kind, state, bytes + at) < 0)
            return CARD_SW_FAILED;
        at += 4;
    }
    card_apdu_reply(bytes, at);
    return CARD_SW_OK;
}

/* Key index 1, amount 4 (not for the overdraft limit), terminal 6. */
static int32_t take_data(const struct kind *kind, const struct purse *purse) {
    struct log_record *record = &transaction.record;
    uint8_t data[11];
    uint32_t size = kind->type == TYPE_OVERDRAFT ? 7 : 11;
    if (card_apdu_lc() != size)
        return CARD_SW_LENGTH;
    card_apdu_data(0, data, sizeof data);
    transaction.key = (uint32_t)kind->key | data[0];
    sdk_copy(record->counter, purse->counters[kind->counter], 2);
    sdk_copy(record->overdraft, purse->overdraft, 3);
    if (kind->type == TYPE_OVERDRAFT) {
        record->amount[0] = 0;
        sdk_copy(record->amount + 1, purse->overdraft, 3);
    } else {
        sdk_copy(record->amount, data + 1, 4);
    }
    record->type = kind->type;
    memcpy(record->terminal, data + size - 6, 6);
    return CARD_SW_OK;
}

int32_t initialise(void) {
    struct state state;
    uint8_t info[8];
    const struct kind *kind = kind_find(sdk_p1p2());
    if (!kind)
        return CARD_SW_P1P2;
    int32_t result = state_read(&state);
    if (result < 0)
        return sdk_status(result);
    int32_t sw = take_data(kind, &state.purses[kind->purse]);
    if (sw != CARD_SW_OK)
        return sw;
    if (kind->needs_pin && !(card_security_pins() & 1u << PIN))
        return CARD_SW_SECURITY;
    if (card_key_info(transaction.key, info, sizeof info) < 0)
        return SW_KEY_INDEX;
    if (info[7] && !info[6])
        return SW_BLOCKED; /* its tries are used up */
    if (sdk_get_be16(transaction.record.counter) == 0xFFFF)
        return SW_COUNTER;
    sw = check_amount(kind, &state);
    if (sw != CARD_SW_OK)
        return sw;
    card_random(transaction.random, sizeof transaction.random);
    sw = answer(kind, &state, info[1]);
    if (sw == CARD_SW_OK) {
        composite_clear();
        transaction.kind = kind;
    }
    return sw;
}
