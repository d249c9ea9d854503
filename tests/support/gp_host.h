/* The other side of a GlobalPlatform secure channel, for tests: SCP02, SCP03, and SCP03 with SM4,
 * on OpenSSL alone, so that nothing of the card's own cryptography checks itself. Programs that use
 * it link -lcrypto. */
#ifndef SUPPORT_GP_HOST_H
#define SUPPORT_GP_HOST_H

#include "support/card.h"

struct gp_host {
    /* static keys and what is asked for; set these, then gp_open() */
    uint8_t protocol; /* 02, 03, F3 */
    uint8_t key_len;
    uint8_t enc[32], mac[32], dek[32];
    uint8_t version, level;
    uint8_t size;      /* 8, or 16 for S16 of SCP03 */
    uint8_t challenge; /* fills the host's challenge */
    uint8_t channel;   /* logical channel, 0 to 3 */
    /* what came of it */
    uint8_t options, used_version;
    uint8_t card_challenge[16];
    uint32_t sequence;
    uint8_t s_enc[32], s_mac[32], s_rmac[32], s_dek[32];
    uint8_t chain[16], r_chain[16];
    uint8_t counter[16];
    uint32_t answer_len; /* of INITIALIZE UPDATE */
    bool r_mac;          /* answers carry a MAC now */
    /* the last answer, protection taken off */
    uint8_t data[4200];
    size_t len;
};

/* The keys that everybody knows, 40 41 .. 4F (and on, for longer ones), in all three places. */
void gp_default_keys(struct gp_host *h, uint8_t protocol, uint8_t key_len, uint8_t version,
                     uint8_t level);

/* INITIALIZE UPDATE and EXTERNAL AUTHENTICATE. Returns the first status word that is not 9000; the
 * card's cryptogram is checked (fails the test). */
unsigned gp_open(struct test_card *t, struct gp_host *h);
unsigned gp_initialize(struct test_card *t, struct gp_host *h);
unsigned gp_authenticate(struct test_card *t, struct gp_host *h);

/* One command through the channel; the answer's MAC is checked (fails the test), h->data and h->len
 * are the plain answer. Returns the status word. */
unsigned gp_send(struct test_card *t, struct gp_host *h, uint8_t ins, uint8_t p1, uint8_t p2,
                 const void *data, size_t len);

/* The same, data in hex with blanks. */
unsigned gp_send_hex(struct test_card *t, struct gp_host *h, const char *header, const char *data);

/* Only wrap: bytes of the command into out, its length. */
size_t gp_wrap(struct gp_host *h, uint8_t ins, uint8_t p1, uint8_t p2, const void *data, size_t len,
               uint8_t *out);

/* Encipher under the data key, len a multiple of the block. */
void gp_encipher(const struct gp_host *h, const uint8_t *in, uint8_t *out, size_t len);

/* A PUT KEY field of a symmetric key: type 80, 88 or 89. Returns its length. */
size_t gp_key_field(const struct gp_host *h, uint8_t type, const uint8_t *key, size_t len,
                    uint8_t *out);

/* PUT KEY of three keys at once; in plain if h is not open (h->s_enc unset is the caller's). */
unsigned gp_put_keys(struct test_card *t, struct gp_host *h, bool plain, uint8_t old, uint8_t type,
                     const struct gp_host *keys);

/* Primitives, for vectors: CMAC, 3DES MACs. cipher: 02, 03, F3. */
void gp_cmac(uint8_t protocol, const uint8_t *key, size_t key_len, const uint8_t *data, size_t len,
             uint8_t mac[16]);
void gp_retail_mac(const uint8_t key[16], const uint8_t iv[8], const uint8_t *data, size_t len,
                   uint8_t mac[8]);

#endif
