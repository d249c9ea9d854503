/* transit: the electronic purse of city and transit cards (T-Union, City Union; JR/T 0025 ED and
 * EP). docs/transit.md describes files, keys, commands and what was decided.
 *
 * transit.c has the entries and the table of commands; purse.c what lasts and GET BALANCE;
 * initialise.c opens a transaction, complete.c closes it; composite.c collects records of a
 * composite purchase; issuer.c is what the issuer may do; personalise.c how a purse begins. */
#ifndef TRANSIT_TRANSIT_H
#define TRANSIT_TRANSIT_H

#include "sdk.h"

/* Status words of JR/T 0025 besides those of ISO/IEC 7816-4. */
enum transit_status {
    SW_DEACTIVATED = 0x6283, /* SELECT: blocked for a time */
    SW_STATE = 0x6901,
    SW_BLOCKED = 0x6983,
    SW_WRONG_MAC = 0x9302,
    SW_BLOCKED_FOREVER = 0x9303,
    SW_NO_MONEY = 0x9401,
    SW_COUNTER = 0x9402,
    SW_KEY_INDEX = 0x9403,
    SW_NO_PROOF = 0x9406,
    SW_RECORD_LOCKED = 0x9407,
};

/* Numbers of keys; those with an index have it in the low byte. Numbers below 100 are for EXTERNAL
 * and INTERNAL AUTHENTICATE. */
enum transit_key {
    KEY_PURCHASE = 0x0100,
    KEY_LOAD = 0x0200,
    KEY_TAC = 0x0300,
    KEY_UNLOAD = 0x0400,
    KEY_OVERDRAFT = 0x0500,
    KEY_MAINTENANCE = 0x0600,
    KEY_PIN_UNBLOCK = 0x0700,
    KEY_PIN_RELOAD = 0x0800,
};

/* Session slots. */
enum { SLOT_TRANSACTION = 0, SLOT_TAC = 1, SLOT_RELOAD = 2 };

enum { PIN = 0, PIN_MAX = 6 };

enum { FID_INFO = 0x15, FID_LOG = 0x18, FID_RIDES = 0x1E, FID_STATE = 0x0F01 };

/* CLA, INS, P1, P2 of the current command. */
extern uint32_t header;
static inline uint32_t p1p2(void) {
    return (uint16_t)header;
}

/* Bytes as they lie, to copy and to compare. */
static inline uint32_t raw32(const uint8_t *p) {
    uint32_t v;
    sdk_copy(&v, p, 4);
    return v;
}
static inline uint16_t raw16(const uint8_t *p) {
    uint16_t v;
    sdk_copy(&v, p, 2);
    return v;
}

/* ---- purse.c: what lasts ---- */

enum purse_id { ED = 0, EP = 1 }; /* passbook (01), purse (02) */
enum counter { ONLINE = 0, OFFLINE = 1 };

/* What a terminal may ask for after a torn transaction. */
struct proof {
    uint8_t counter[2]; /* after increment; 0: none */
    uint8_t mac[4];
    uint8_t tac[4];
};

/* One purse. What a transaction changes lies side by side, so that it is one write: the frequent
 * kinds' proofs next to the balance. */
struct purse {
    struct proof before[2];
    uint8_t balance[4]; /* with the overdraft limit */
    uint8_t counters[2][2];
    uint8_t overdraft[3]; /* limit; of ED only */
    struct proof after[3];
    uint8_t balance_max[4];
};

enum life { LIFE_NEW = 0, LIFE_IN_USE = 1, LIFE_BLOCKED = 2, LIFE_BLOCKED_FOREVER = 3 };
extern uint8_t life; /* as it is in flash */

/* File 0F01. */
struct state {
    struct purse purses[2];
    uint8_t life;
};

/* As it was read last, and what is to be written of it. Everything that many commands use has a
 * fixed place in memory: addresses are constants then, and constants cost next to nothing. */
extern struct state state;
extern uint32_t state_file, log_file;

/* Finds the purse's files, once in a selection. */
int32_t state_open(void);
static inline int32_t state_read(void) {
    return card_file_read(state_file, 0, &state, sizeof state);
}
/* Reads some of it again, from one address to another. */
static inline int32_t state_read_part(void *from, const void *to) {
    uint8_t *first = from;
    return card_file_read(state_file, (uint32_t)(first - (const uint8_t *)&state), from,
                          (uint32_t)((const uint8_t *)to - first));
}
/* Writes the bytes of the state from one address to another. */
static inline int32_t state_write(const void *from, const void *to) {
    const uint8_t *first = from, *end = to;
    return card_file_write(state_file, (uint32_t)(first - (const uint8_t *)&state), from,
                           (uint32_t)(end - first));
}

int32_t get_balance(void);
int32_t get_proof(void);

/* ---- initialise.c: a transaction begins ---- */

/* As the log (file 18) keeps it. From amount on it is also what MACs are made of. */
struct log_record {
    uint8_t counter[2]; /* before increment */
    uint8_t overdraft[3];
    uint8_t amount[4];
    uint8_t type;
    uint8_t terminal[6];
    uint8_t date[4];
    uint8_t time[3];
};

/* A kind of transaction: how it is opened, and how it is closed. */
struct kind {
    uint16_t open;   /* P1 P2 of INITIALIZE */
    uint8_t type;    /* in MACs, log and proofs */
    uint8_t proof;   /* where its proof is: 0, 1 before the balance, 2 to 4 after it */
    uint8_t purse;   /* enum purse_id */
    uint8_t counter; /* enum counter */
    uint8_t needs_pin;
    uint16_t key;      /* enum transit_key */
    uint8_t close_ins; /* closing command */
    uint16_t close;    /* its P1 P2 */
};

enum { TYPE_OVERDRAFT = 0x07, TYPE_COMPOSITE = 0x09 };
enum { INS_CREDIT = 0x52, INS_DEBIT = 0x54, INS_UPDATE_OVERDRAFT = 0x58 };

/* What a purchase's closing command brings, and the MACs that answer it. */
struct closing {
    /* What the TAC covers: amount, type, terminal; the terminal's counter, date, time. */
    uint8_t head[11], counter[4], date[4], time[3];
    uint8_t mac1[4];
    uint8_t tac[4], mac[4]; /* of other kinds too */
};

/* What lies between INITIALIZE and the closing command; in memory only. */
struct transaction {
    const struct kind *kind; /* NULL: none is open */
    struct purse *purse;     /* in state */
    uint32_t key;            /* with its index */
    uint32_t amount;         /* as record.amount; so long as the balance is what it was, allowed */
    uint32_t balance;        /* of the purse, as INITIALIZE saw it */
    uint8_t seen[4];         /* the same, as it lies in the purse */
    struct {
        uint8_t random[4], counter[2], tail[2];
    } session; /* what the session key is made of */
    struct log_record record;
    struct closing closing; /* behind the record: what MACs cover is one run of bytes */
};
extern struct transaction transaction;

/* NULL if there is no such kind. */
const struct kind *kind_of_type(uint8_t type);

int32_t initialise(void);
static inline struct proof *proof_of(const struct kind *kind, struct purse *purse) {
    return kind->proof < 2 ? &purse->before[kind->proof] : &purse->after[kind->proof - 2];
}

/* Is there enough money, or room for more? Asked at the beginning, and at the end if the balance
 * has changed. */
int32_t check_amount(const struct kind *kind);

/* The session key: 3DES(key, random, counter, tail 2). */
static inline int32_t session_derive(const uint8_t *tail) {
    sdk_copy(transaction.session.tail, tail, 2);
    return card_key_derive(transaction.key, CARD_DERIVE_BLOCK, &transaction.session,
                           sizeof transaction.session, CARD_USE_MAC | CARD_USE_MAC_VERIFY,
                           SLOT_TRANSACTION);
}
static inline int32_t session_mac(const void *data, uint32_t len, uint8_t mac[4]) {
    return card_key_mac(CARD_KEY_SESSION(SLOT_TRANSACTION), CARD_MAC_CBC | CARD_PAD_80, NULL, 0,
                        data, len, mac, 4);
}
/* MAC over some bytes of a message: a status word, 9302 if it is wrong. */
int32_t wrong_mac(int32_t result);
static inline int32_t session_verify(const void *data, uint32_t len, const uint8_t *mac) {
    int32_t result = card_key_mac_verify(CARD_KEY_SESSION(SLOT_TRANSACTION),
                                         CARD_MAC_CBC | CARD_PAD_80, NULL, 0, data, len, mac, 4);
    return result == 0 ? CARD_SW_OK : wrong_mac(result);
}

/* ---- complete.c: a transaction ends ---- */

int32_t credit_for_load(void);
int32_t debit(void);
int32_t update_overdraft(void);

/* ---- composite.c ---- */

extern uint32_t composite_count; /* of collected records */

/* Forgets them. */
static inline void composite_clear(void) {
    composite_count = 0;
}
int32_t composite_update(void);
/* Stages all that was collected. */
int32_t composite_write(void);

/* ---- issuer.c ---- */

int32_t pin_command(void); /* CHANGE PIN, RELOAD PIN */
int32_t pin_unblock(void);
int32_t application_block(void);
int32_t application_unblock(void);
int32_t card_block(void);
int32_t secure_file_command(void);

/* ---- personalise.c ---- */

int32_t personalise(void);

#endif
