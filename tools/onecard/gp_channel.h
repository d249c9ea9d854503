/* The host's end of a GlobalPlatform secure channel: SCP02 (GPCS 2.3.1 appendix E, i = 15, 55, 35,
 * 75) and SCP03 (amendment D). Bytes in, bytes out; gp_link.h moves them. */
#ifndef ONECARD_GP_CHANNEL_H
#define ONECARD_GP_CHANNEL_H

#include "gp_crypto.h"

/* Bits of the security level (GPCS 10.6). */
enum gp_level {
    GP_LEVEL_MAC = 0x01,
    GP_LEVEL_ENCRYPTION = 0x02,
    GP_LEVEL_ANSWER_MAC = 0x10,
    GP_LEVEL_ANSWER_ENCRYPTION = 0x20,
};

enum {
    GP_DATA_MAX = 600, /* of a command, before it is secured */
    GP_COMMAND_MAX = 7 + GP_DATA_MAX + 2 * 16 + 2,
    GP_ANSWER_MAX = 65536 + 2,
    GP_CHALLENGE_MAX = 16,
    GP_SCP03_SM4 =
        0xF3, /* SCP03 with SM4 in the place of AES, of our own (docs/globalplatform.md) */
};

/* What the card says to INITIALIZE UPDATE. */
struct gp_initialize {
    uint8_t diversification[10];
    uint8_t version; /* of its keys */
    uint8_t scp;     /* 2 or 3, or GP_SCP03_SM4 */
    uint8_t i;       /* SCP03; 55 for SCP02, which does not say */
    uint8_t size;    /* of challenges and cryptograms: 8, or 16 for SCP03 in its S16 form */
    uint8_t sequence[3];
    uint8_t sequence_len; /* 2, 3, or 0 */
    uint8_t challenge[GP_CHALLENGE_MAX];
    uint8_t challenge_len;
    uint8_t cryptogram[GP_CHALLENGE_MAX];
};

/* Outside bytes; without the status word. Returns NULL, or what is wrong. */
const char *gp_initialize_parse(const uint8_t *data, size_t len, struct gp_initialize *out);

/* Static keys of a security domain. */
struct gp_keys {
    struct gp_key enc, mac, dek;
};

enum gp_diversification { GP_DIVERSIFY_NONE, GP_DIVERSIFY_EMV, GP_DIVERSIFY_VISA2 };

/* The card's keys from master keys and what it said to INITIALIZE UPDATE. 3DES masters (16 bytes)
 * only. Returns NULL, or what is wrong. */
const char *gp_keys_diversify(struct gp_keys *keys, enum gp_diversification how,
                              const uint8_t diversification[10]);

struct gp_session {
    bool open;
    uint8_t scp; /* 2 or 3 */
    uint8_t level, size;
    struct gp_key enc, mac, rmac;
    struct gp_key dek;       /* of the session (SCP02), or the static one (SCP03) */
    uint8_t chain[16];       /* SCP03: MAC chaining value; SCP02: last MAC, 8 bytes */
    uint8_t answer_chain[8]; /* SCP02 */
    uint8_t counter[16];     /* SCP03: commands enciphered */
};

/* Derive the session's keys, check the card's cryptogram, and make the data of EXTERNAL
 * AUTHENTICATE: *out_len is init->size. Returns NULL, or what is wrong. */
const char *gp_session_begin(struct gp_session *s, const struct gp_keys *keys,
                             const struct gp_initialize *init, const uint8_t *host_challenge,
                             uint8_t level, uint8_t host_cryptogram[GP_CHALLENGE_MAX]);

/* Most data bytes that a short command can carry under a level. */
size_t gp_session_room(const struct gp_session *s);

/* Secure a command, case 1 to 4, short or extended, of at most GP_DATA_MAX bytes of data; with more
 * than gp_session_room() of them the result has extended lengths. EXTERNAL AUTHENTICATE is sent
 * through this too. out: GP_COMMAND_MAX bytes; returns the length, 0 if it is no such command. */
size_t gp_session_wrap(struct gp_session *s, const uint8_t *command, size_t len, uint8_t *out);

/* Take the protection off an answer, in place; len includes the status word and changes. sent: the
 * command before it was secured. Returns NULL, or what is wrong. */
const char *gp_session_unwrap(struct gp_session *s, const uint8_t *sent, size_t sent_len,
                              uint8_t *answer, size_t *len);

void gp_session_end(struct gp_session *s);

#endif
