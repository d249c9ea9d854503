/* The security status of one channel and one selection (F5), and the rules that ask for it
 * (ISO/IEC 7816-4 clause 9; our rule encoding travels in tag 86, "proprietary format").
 *
 * The status is caller-owned. The runtime clears it at reset, SELECT and deselect, sets the
 * interface and the card-wide PIN before each command, and whoever unwraps secure messaging sets
 * the level of that command. Only src/keys sets the rest. */
#ifndef KEYS_STATUS_H
#define KEYS_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#define STATUS_PINS 32u          /* PIN numbers 0 to 31 of the selected owner */
#define STATUS_KEYS 256u         /* key numbers 0 to 255 can be authenticated */
#define STATUS_CHALLENGE_MAX 16u /* bytes */

/* Secure messaging of the current command and its answer; bits of security_status.sm. */
enum status_sm {
    STATUS_SM_MAC = 0x01,        /* the command carried a right MAC */
    STATUS_SM_ENCIPHERED = 0x02, /* its data came enciphered */
    STATUS_SM_ANSWER_MAC = 0x04, /* the answer will carry a MAC */
    STATUS_SM_ANSWER_ENCIPHERED = 0x08,
};

struct security_status {
    uint32_t pins;                   /* bit n: PIN n was verified */
    uint32_t keys[STATUS_KEYS / 32]; /* bit n: an EXTERNAL AUTHENTICATE with key n succeeded */
    uint8_t sm;                      /* of the current command only: enum status_sm */
    bool contactless;                /* the interface */
    bool card_pin;                   /* the card-wide PIN (GlobalPlatform CVM) is verified */
    bool biometric;                  /* the biometric gate said "match" (keys/gate.h) */
    uint8_t challenge_len;           /* 0: no GET CHALLENGE is open */
    uint8_t challenge[STATUS_CHALLENGE_MAX];
};

/* Forget everything that was proven and the open challenge; the interface stays. */
void security_status_clear(struct security_status *status);

/* Does a class byte announce secure messaging? 7816-4 5.4.1: bits 4-3 of the first interindustry
 * class, bit 6 of the further one; proprietary classes follow (purse, PBOC, GlobalPlatform: 84). */
bool security_class_protected(uint8_t cla);

/* ---- access rules ----
 *
 * Rules are a byte string of at most ACCESS_RULES_MAX bytes, a list of entries:
 *     operations 1   bits of the operations the entry allows (ACCESS_*)
 *     header 1       bit 8: on contact, bit 7: on contactless, bits 6-1: bytes of conditions
 *     conditions     pairs {kind, number}, all of which must hold (AND); none: always
 * An operation is allowed if any entry for it and the interface holds (OR). An operation that no
 * entry names is never allowed. ACCESS_WHEN_NEVER says "never" for readers of a profile. */
#define ACCESS_RULES_MAX 64u
#define ACCESS_CONTACT 0x80u
#define ACCESS_CONTACTLESS 0x40u
#define ACCESS_LENGTH_MASK 0x3Fu

enum access_when {
    ACCESS_WHEN_NEVER = 0x00,     /* number: 0 */
    ACCESS_WHEN_PIN = 0x01,       /* PIN number is verified */
    ACCESS_WHEN_KEY = 0x02,       /* key number is authenticated */
    ACCESS_WHEN_SM = 0x03,        /* number: enum status_sm bits, all of which are needed */
    ACCESS_WHEN_CARD_PIN = 0x04,  /* the card-wide PIN is verified; number: 0 */
    ACCESS_WHEN_BIOMETRIC = 0x05, /* number: 0 */
};

/* Operations on files and data objects. */
#define ACCESS_READ 0x01u   /* READ BINARY, READ RECORD, GET DATA */
#define ACCESS_UPDATE 0x02u /* UPDATE, ERASE, WRITE; PUT DATA */
#define ACCESS_APPEND 0x04u /* APPEND RECORD */
#define ACCESS_CREATE 0x08u /* on a DF: CREATE FILE below it */
#define ACCESS_DELETE 0x10u /* DELETE FILE */
#define ACCESS_LIFE 0x20u   /* ACTIVATE, DEACTIVATE, TERMINATE */
/* Operations on PINs and keys, through the standard commands. */
#define ACCESS_VERIFY 0x01u /* VERIFY */
#define ACCESS_CHANGE 0x02u /* CHANGE REFERENCE DATA */
#define ACCESS_RESET 0x04u  /* RESET RETRY COUNTER without the PUK */
#define ACCESS_USE 0x01u    /* EXTERNAL and INTERNAL AUTHENTICATE */

/* Are the rules well formed? To be asked before rules are stored. */
bool access_rules_valid(const uint8_t *rules, uint32_t len);

/* Is the operation (one ACCESS_ bit) allowed now? Malformed rules allow nothing. */
bool access_allowed(const uint8_t *rules, uint32_t len, uint8_t operation,
                    const struct security_status *status);

#endif
