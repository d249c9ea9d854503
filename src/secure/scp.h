/* Secure channels of GlobalPlatform, seen from the card: SCP02 (GPCS 2.3.1 appendix E; i = 15, 35,
 * 55, 75), SCP03 (Amendment D 1.2; i = 00 to 70, S8 and S16, AES-128 to -256), and SCP03 with SM4
 * in the place of AES (protocol number F3, ours: docs/globalplatform.md).
 *
 * A session belongs to one logical channel and one selection. It is closed by SELECT and reset, by
 * a new INITIALIZE UPDATE, and by any command that is not protected as the session says. Failed
 * authentications are counted in flash before cryptograms are compared; from the fourth in a row on
 * the card waits longer and longer before it answers INITIALIZE UPDATE (port.h: delay). */
#ifndef SECURE_SCP_H
#define SECURE_SCP_H

#include "base/apdu.h"
#include "onecard/port.h"
#include "secure/scp_keys.h"

enum scp_protocol { SCP_02 = 0x02, SCP_03 = 0x03, SCP_03_SM4 = 0xF3 };

/* Implementation options i: SCP02 (table E-1) and SCP03 (Amendment D table 5-1). */
enum {
    SCP02_BASE = 0x15, /* 3 keys, MAC on the modified command, explicit, ICV enciphered */
    SCP02_R_MAC = 0x20,
    SCP02_PSEUDO = 0x40, /* the card's challenge is computed */
    SCP03_S16 = 0x01,    /* challenges, cryptograms and MACs of 16 bytes */
    SCP03_PSEUDO = 0x10,
    SCP03_R_MAC = 0x20,
    SCP03_R_ENC = 0x40,
};
#define SCP02_DEFAULT (SCP02_BASE | SCP02_R_MAC | SCP02_PSEUDO)
#define SCP03_DEFAULT (SCP03_PSEUDO | SCP03_R_MAC | SCP03_R_ENC)

/* Security level (GPCS 10.4.2, tables 10-1 and E-10). */
enum scp_level {
    SCP_C_MAC = 0x01,
    SCP_C_DECRYPTION = 0x02,
    SCP_R_MAC = 0x10,
    SCP_R_ENCRYPTION = 0x20,
    SCP_AUTHENTICATED = 0x80,
};

#define SCP_FREE_FAILURES 3u /* in a row, before the card takes its time */
#define SCP_DELAY_FIRST 50u  /* milliseconds; doubled by each further one */
#define SCP_DELAY_MAX 1600u

/* One for each logical channel; zero means closed. About 300 bytes. */
struct scp_session {
    uint8_t state;    /* 0 closed, 1 challenge given, 2 open */
    uint8_t protocol; /* enum scp_protocol */
    uint8_t options;  /* i of the key version */
    uint8_t version;  /* of the keys */
    uint8_t level;    /* enum scp_level bits, without SCP_AUTHENTICATED */
    uint8_t algorithm;
    uint8_t key_size;
    uint8_t size;      /* bytes of challenges, cryptograms and MACs: 8 or 16 */
    uint8_t r_session; /* R-MAC session: 0 none, 1 the MAC is told at its end, 2 with each answer */
    uint8_t r_before;  /* level bits that END R-MAC SESSION returns to */
    bool r_now;        /* this command's answer is in the R-MAC session */
    uint8_t r_used;    /* bytes of the tail */
    uint16_t owner;    /* context of the domain whose keys these are */
    uint32_t counter;  /* SCP03: of deciphered commands */
    /* session keys; of SCP03 the DEK is the version's own, as it was when the session began */
    uint8_t enc[KEYS_SIZE_MAX], mac[KEYS_SIZE_MAX], rmac[KEYS_SIZE_MAX], dek[KEYS_SIZE_MAX];
    uint8_t chain[16]; /* of C-MACs */
    union {
        uint8_t cryptogram[16]; /* that EXTERNAL AUTHENTICATE must bring */
        uint8_t r_chain[16];    /* then: of SCP02's R-MACs, and of the one being made its tail */
    };
};

/* Whose keys, and for whom. */
struct scp_domain {
    struct keys *keys;
    const struct onecard_port *port;
    uint32_t owner;     /* context of the domain that has the keys */
    const uint8_t *aid; /* of the application that is selected */
    uint8_t aid_len;
    uint8_t diversification[10];
};

/* Wipe it. */
void scp_close(struct scp_session *s);

/* INITIALIZE UPDATE or EXTERNAL AUTHENTICATE? They go to scp_command() as they came; all others
 * pass scp_unwrap() first. */
bool scp_is_opening(const struct apdu *c);

/* Carry out one of those two, or BEGIN and END R-MAC SESSION; 6D00: it is none of them. What it
 * changes (sequence and failure counters) is durable when it returns. */
uint16_t scp_command(struct scp_session *s, const struct scp_domain *d, const struct apdu *c,
                     struct apdu_answer *answer);

/* Take the protection off a command that came while a session is open (or no session: then it must
 * have none). work: room for capacity bytes of data, may be where the data is. *out then points
 * into work. SW_OK; else the session is closed: 6982 for a MAC that is wrong or missing. */
uint16_t scp_unwrap(struct scp_session *s, const struct apdu *in, uint8_t *work, uint32_t capacity,
                    struct apdu *out);

/* Put the protection on the answer to a command that scp_unwrap() took: ins its instruction.
 * Returns the status word to send. An answer that gets too long becomes 6F00, the session closed.
 */
uint16_t scp_wrap(struct scp_session *s, uint8_t ins, struct apdu_answer *answer, uint16_t status);

/* Bytes that scp_wrap() adds at most. */
#define SCP_WRAP_MAX 32u

/* enum scp_level bits; 0 without an open session. */
uint8_t scp_level(const struct scp_session *s);

/* Decipher sensitive data that came in a command: SCP02 ECB under the session's DEK, SCP03 CBC
 * with zeros under the key version's DEK. len: a multiple of the block. in and out may be the same.
 * STATE: no session is open. PARAM. */
enum onecard_err scp_decrypt(const struct scp_session *s, const uint8_t *in, uint8_t *out,
                             uint32_t len);

/* Bytes of a block of that cipher; 0 without an open session. */
uint32_t scp_block(const struct scp_session *s);

#endif
