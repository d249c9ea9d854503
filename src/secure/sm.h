/* Secure messaging of ISO/IEC 7816-4 clause 10, with the profile of ICAO Doc 9303-11 9.8 (and BSI
 * TR-03110-3 F): a command is taken out of its data objects, the answer is put into some. The keys
 * stay in src/keys; docs/secure-messaging.md has the layouts to the byte.
 *
 *              3DES                          AES, SM4
 *   MAC        9797-1 algorithm 3, pad 80    CMAC over the message padded with 80
 *   cipher     CBC, IV zeros                 CBC, IV = E(key, send sequence counter)
 *   counter    8 bytes                       16 bytes
 *
 * The counter grows by one before each command and each answer, so that nothing can be replayed,
 * left out or put in another order. The first thing that is wrong ends the session. */
#ifndef SECURE_SM_H
#define SECURE_SM_H

#include "base/apdu.h"
#include "keys/keys.h"

/* how, at the beginning of a session: the low byte is the MAC's length, 4 to 8 (0: 8). */
enum sm_how {
    SM_MAC_LENGTH = 0x00FF,
    /* Classes x8 too, whose header the MAC does not cover (7816-4 5.4.1). Without it only xC. */
    SM_HEADER_FREE = 0x0100,
    /* Command data must come enciphered. */
    SM_ENCIPHERED_ONLY = 0x0200,
    SM_HOW_ALL = 0x03FF,
};

#define SM_NO_KEY 0xFFFFFFFFu

/* Bytes that an answer grows by at most: 87 with its length, indicator and padding; 99; 8E. */
#define SM_OVERHEAD (1u + 4 + 1 + 16 + 4 + 2 + 8)

/* One for each selection. Zero: none is open. Holds no keys, only the numbers that the applet
 * knows them by. */
struct sm_session {
    bool open;
    bool answering; /* a command was taken out; its answer is still to be protected */
    uint8_t ins;    /* of that command */
    uint8_t block;  /* bytes of the cipher's block, and of the counter */
    uint16_t how;
    uint32_t mac, enc; /* key numbers; enc may be SM_NO_KEY */
    uint8_t counter[CRYPTO_BLOCK_MAX];
};

/* The session's keys, found by its numbers. */
struct sm_keys {
    struct keys *keys;
    struct key_ref mac, enc;
};

/* Begin. counter: one block of the keys' cipher. keys->enc is looked at only if session->enc names
 * a key; session->mac and ->enc are set by the caller. ONECARD_E_PARAM: how, lengths, keys of
 * different algorithms or of one that cannot do it (DES). ONECARD_E_DENIED: the MAC key needs
 * KEY_MAC and KEY_MAC_VERIFY, the other KEY_ENCRYPT and KEY_DECRYPT. NOT_FOUND, BLOCKED. */
enum onecard_err sm_open(struct sm_session *session, const struct sm_keys *keys, uint16_t how,
                         const uint8_t *counter, uint32_t counter_len);

/* End it. */
void sm_close(struct sm_session *session);

/* Take a command out of its data objects. buffer takes deciphered data; the command may lie in it.
 * out_inner: the command as if it had come in plain; its data lie in buffer or in outer's.
 * out_level: enum status_sm bits. Returns SW_OK or what is wrong; the session is then closed:
 *   6985 no session is open         6987 a data object (MAC, encipherment) or the class is missing
 *   6988 wrong MAC, or objects that are unknown, doubled, in another order or badly made
 *   6983 the key is blocked         6700 Le of the protected command is not 00 */
uint16_t sm_unwrap(struct sm_session *session, const struct sm_keys *keys, const struct apdu *outer,
                   uint8_t *buffer, uint32_t capacity, struct apdu *out_inner, uint8_t *out_level);

/* Put the answer to the command that was taken out, and its status word, into data objects.
 * answer->capacity has SM_OVERHEAD bytes to spare. Returns the status word to send beside it: the
 * same; 6F00 and no data if that cannot be done (the session is then closed). */
uint16_t sm_wrap(struct sm_session *session, const struct sm_keys *keys, struct apdu_answer *answer,
                 uint16_t status);

#endif
