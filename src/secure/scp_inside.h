/* Inside src/secure: what scp.c shares with the two protocols. */
#ifndef SECURE_SCP_INSIDE_H
#define SECURE_SCP_INSIDE_H

#include "secure/scp.h"

#define SCP_CHALLENGED 1u
#define SCP_OPEN 2u

/* Where things stand in the answer to INITIALIZE UPDATE (tables E-13, Amendment D 7-4). */
#define SCP_DIVERSIFICATION 10u

/* Session keys and cryptograms from the static keys. challenge: the host's, s->size bytes. Puts the
 * card's challenge and cryptogram (and SCP03: sequence counter) behind what is in answer. counts is
 * what the version counts; SCP03 moves its sequence on. */
enum onecard_err scp02_begin(struct scp_session *s, const struct scp_domain *d,
                             const struct scp_version *counts, const uint8_t *challenge,
                             struct apdu_answer *answer);
enum onecard_err scp03_begin(struct scp_session *s, const struct scp_domain *d,
                             struct scp_version *counts, const uint8_t *challenge,
                             struct apdu_answer *answer);

/* Check the MAC at the end of a command and take it and the encipherment off, within work. in->data
 * is in work. WRONG, FORMAT: then the session is to be closed. */
enum onecard_err scp02_unwrap(struct scp_session *s, const struct apdu *in, uint8_t *work,
                              struct apdu *out);
enum onecard_err scp03_unwrap(struct scp_session *s, const struct apdu *in, uint8_t *work,
                              struct apdu *out);

/* Encipher and MAC an answer, in place; there is room for SCP_WRAP_MAX more bytes. */
enum onecard_err scp02_wrap(struct scp_session *s, struct apdu_answer *answer, uint16_t status,
                            bool tell);
enum onecard_err scp03_wrap(struct scp_session *s, struct apdu_answer *answer, uint16_t status);

/* SCP02's R-MAC covers the command as well: begin it while its data are there. */
enum onecard_err scp02_answer_begin(struct scp_session *s, const struct apdu *plain);

/* A session key made ready. */
static inline enum onecard_err scp_key_ready(const struct scp_session *s, const uint8_t *raw,
                                             struct crypto_key *key) {
    return crypto_key_set(key, s->algorithm, raw, s->key_size);
}

/* The header that is MACed: class with the mark of secure messaging, without the channel, and Lc of
 * the data with the MAC. Returns its length, 5 or 7. */
uint32_t scp_header(const struct apdu *c, uint32_t lc, uint8_t out[7]);

/* One derived key's bytes (the first len of it), from key number `id` of the session's version. */
enum onecard_err scp_derive(const struct scp_session *s, const struct scp_domain *d, uint8_t id,
                            enum key_derivation derivation, const uint8_t *data, uint32_t data_len,
                            uint8_t *out, uint32_t len);

#endif
