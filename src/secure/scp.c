/* What SCP02 and SCP03 have in common: the two commands that open a session, the state, the level.
 */
#include "secure/scp.h"

#include <string.h>

#include "base/bytes.h"
#include "secure/scp_inside.h"

enum {
    INS_INITIALIZE_UPDATE = 0x50,
    INS_EXTERNAL_AUTHENTICATE = 0x82,
    INS_END_R_MAC = 0x78,
    INS_BEGIN_R_MAC = 0x7A,
};

enum { AT_FAILURES = 2 }; /* in the record of a version: see scp_keys.h */

void scp_close(struct scp_session *s) {
    bytes_wipe(s, sizeof *s);
}

uint8_t scp_level(const struct scp_session *s) {
    return s->state == SCP_OPEN ? (uint8_t)(SCP_AUTHENTICATED | s->level) : 0;
}

uint32_t scp_block(const struct scp_session *s) {
    return s->state != SCP_OPEN ? 0 : s->protocol == SCP_02 ? 8 : 16;
}

/* ---- class bytes (GPCS 11.1.4), as the runtime gives them: 80 and 84 on whatever channel ---- */

static bool is_protected(const struct apdu *c) {
    return (c->cla & 0x0C) != 0;
}

/* GlobalPlatform's own secure messaging: bits 4 and 3 are 01 (table 11-12). Not with a class Ax or
 * Bx: the MAC would not cover all of it. */
static bool is_gp_protected(const struct apdu *c) {
    return (c->cla & 0x2C) == 0x04;
}

uint32_t scp_header(const struct apdu *c, uint32_t lc, uint8_t out[7]) {
    /* the class that was sent, its channel taken to be 0 (E.4.4) */
    out[0] = c->sent_cla & 0x40 ? (c->sent_cla & 0x80) | 0x60 : (c->sent_cla & 0x80) | 0x04;
    out[1] = c->ins;
    out[2] = c->p1;
    out[3] = c->p2;
    if (!c->extended && lc <= 255) {
        out[4] = (uint8_t)lc;
        return 5;
    }
    out[4] = 0;
    put_be16(out + 5, (uint16_t)lc);
    return 7;
}

/* ---- deriving ---- */

enum onecard_err scp_derive(const struct scp_session *s, const struct scp_domain *d, uint8_t id,
                            enum key_derivation derivation, const uint8_t *data, uint32_t data_len,
                            uint8_t *out, uint32_t len) {
    const struct key_ref parent = {d->owner, scp_number(s->version, id), NULL};
    struct key_session slot;
    memset(&slot, 0, sizeof slot);
    const uint16_t usage = derivation == KEYS_DERIVE_COPY ? KEY_DECRYPT : KEY_MAC;
    enum onecard_err err = keys_derive(d->keys, &parent, derivation, data, data_len, usage, &slot);
    if (!err)
        memcpy(out, slot.raw, len);
    key_session_clear(&slot);
    return err;
}

/* ---- INITIALIZE UPDATE ---- */

static uint8_t protocol_of(uint8_t algorithm) {
    return algorithm == CRYPTO_TDES2 ? SCP_02 : algorithm == CRYPTO_SM4 ? SCP_03_SM4 : SCP_03;
}

/* Who failed before has to wait (GPCS 10.2.3 leaves the policy to the card). */
static void slow_down(const struct onecard_port *port, uint8_t failures) {
    if (failures < SCP_FREE_FAILURES || !port->delay)
        return;
    uint32_t wait = SCP_DELAY_FIRST;
    for (uint8_t i = SCP_FREE_FAILURES; i < failures && wait < SCP_DELAY_MAX; i++)
        wait *= 2;
    port->delay(port->ctx, wait < SCP_DELAY_MAX ? wait : SCP_DELAY_MAX);
}

static enum onecard_err pick_keys(struct scp_session *s, const struct scp_domain *d,
                                  uint8_t version, struct scp_version *counts) {
    enum onecard_err err = ONECARD_OK;
    if (!version)
        err = scp_default_version(d->keys, d->owner, &version);
    if (!err)
        err = scp_version_get(d->keys, d->owner, version, counts);
    if (err)
        return err;
    const struct key_ref ref = {d->owner, scp_number(version, SCP_KEY_ENC), NULL};
    struct key_info info = {0};
    err = keys_info(d->keys, &ref, &info);
    s->version = version;
    s->algorithm = info.algorithm;
    s->key_size = info.size;
    s->protocol = protocol_of(info.algorithm);
    s->options = counts->options;
    s->owner = (uint16_t)d->owner;
    return err;
}

static uint16_t initialize_update(struct scp_session *s, const struct scp_domain *d,
                                  const struct apdu *c, struct apdu_answer *answer) {
    struct scp_version counts;
    scp_close(s);
    if (c->p2 > 1) /* 00; some put the identifier of the first key */
        return SW_WRONG_P1P2;
    if (c->lc != 8 && c->lc != 16)
        return SW_WRONG_LENGTH;
    enum onecard_err err = pick_keys(s, d, c->p1, &counts);
    if (err == ONECARD_E_NOT_FOUND)
        return SW_REFERENCE_NOT_FOUND;
    if (!err && s->protocol == SCP_02 && c->lc != 8) {
        scp_close(s);
        return SW_WRONG_LENGTH;
    }
    slow_down(d->port, err ? 0 : counts.failures);
    s->size = (uint8_t)c->lc;
    if (!err) {
        memcpy(answer->data, d->diversification, SCP_DIVERSIFICATION);
        answer->data[10] = s->version;
        answer->data[11] = s->protocol;
        answer->len = 12;
        err = s->protocol == SCP_02 ? scp02_begin(s, d, &counts, c->data, answer)
                                    : scp03_begin(s, d, &counts, c->data, answer);
    }
    if (err) {
        scp_close(s);
        answer->len = 0;
        return apdu_status(err);
    }
    s->state = SCP_CHALLENGED;
    return SW_OK;
}

/* ---- EXTERNAL AUTHENTICATE ---- */

/* Tables E-10 and Amendment D 7-6: which levels there are. */
static bool level_fits(const struct scp_session *s, uint8_t level) {
    static const uint8_t levels[] = {0x00, 0x01, 0x03, 0x10, 0x11, 0x13, 0x33};
    bool known = false;
    for (uint32_t i = 0; i < sizeof levels; i++)
        known |= levels[i] == level;
    if (level & SCP_R_MAC && !(s->options & SCP03_R_MAC)) /* the same bit in SCP02 */
        return false;
    if (s->protocol == SCP_02)
        return known && !(level & SCP_R_ENCRYPTION);
    return known && level != 0x10 && (!(level & SCP_R_ENCRYPTION) || s->options & SCP03_R_ENC);
}

/* One more failure, or none any more: durable at once, whatever becomes of the transaction. */
static enum onecard_err count_failures(const struct scp_session *s, const struct scp_domain *d,
                                       uint8_t failures) {
    return store_write_now(d->keys->store, STORE_NAME(d->owner, KIND_KEY_VERSION, s->version),
                           AT_FAILURES, &failures, 1);
}

/* SCP02 counts sessions that were opened (E.1.2.2). */
static enum onecard_err count_session(const struct scp_session *s, const struct scp_domain *d,
                                      struct scp_version *counts) {
    counts->failures = 0;
    if (s->protocol != SCP_02)
        return count_failures(s, d, 0);
    counts->sequence++;
    enum onecard_err err = scp_version_set(d->keys, d->owner, s->version, counts);
    return err ? err : store_commit(d->keys->store);
}

/* Both proofs are looked at, in the same time whichever is wrong. */
static uint16_t authenticate(struct scp_session *s, const struct scp_domain *d,
                             const struct apdu *c, struct scp_version *counts) {
    uint8_t data[32];
    struct apdu plain;
    if (c->lc != 2u * s->size)
        return SW_WRONG_LENGTH;
    memcpy(data, c->data, c->lc);
    struct apdu mine = *c;
    mine.data = data;
    enum onecard_err err = s->protocol == SCP_02 ? scp02_unwrap(s, &mine, data, &plain)
                                                 : scp03_unwrap(s, &mine, data, &plain);
    bool right = bytes_equal_ct(data, s->cryptogram, s->size);
    if (err)
        return SW_SECURITY_STATUS;
    if (!right)
        return 0x6300; /* authentication of the host's cryptogram failed (tables E-12, D 7-8) */
    return apdu_status(count_session(s, d, counts));
}

static uint16_t external_authenticate(struct scp_session *s, const struct scp_domain *d,
                                      const struct apdu *c) {
    struct scp_version counts;
    bool due = s->state == SCP_CHALLENGED && s->owner == d->owner;
    s->state = 0;
    if (!due) {
        scp_close(s);
        return SW_CONDITIONS;
    }
    enum onecard_err err = scp_version_get(d->keys, d->owner, s->version, &counts);
    uint16_t status = err                                              ? apdu_status(err)
                      : !is_gp_protected(c)                            ? SW_SECURITY_STATUS
                      : c->p2 || !level_fits(s, c->p1)                 ? SW_WRONG_P1P2
                      : (c->p1 & counts.level_min) != counts.level_min ? SW_SECURITY_STATUS
                                                                       : SW_OK;
    if (status == SW_OK) {
        uint8_t more = counts.failures < 0xFF ? (uint8_t)(counts.failures + 1) : 0xFF;
        err = count_failures(s, d, more);
        status = err ? apdu_status(err) : authenticate(s, d, c, &counts);
    }
    if (status != SW_OK) {
        scp_close(s);
        return status;
    }
    s->state = SCP_OPEN;
    s->level = c->p1;
    s->r_session = s->level & SCP_R_MAC ? 2 : 0;
    s->r_before = s->level;
    memcpy(s->r_chain, s->chain, sizeof s->r_chain);
    return SW_OK;
}

/* ---- R-MAC sessions (E.5.3, E.5.4; Amendment D 7.1.3) ---- */

static uint16_t begin_r_mac(struct scp_session *s, const struct apdu *c) {
    if (s->state != SCP_OPEN || s->r_session)
        return SW_CONDITIONS;
    if (!(s->options & SCP03_R_MAC))
        return SW_FUNCTION_UNSUPPORTED;
    bool enciphered = s->protocol != SCP_02 && c->p1 == 0x30 && s->options & SCP03_R_ENC &&
                      s->level & SCP_C_DECRYPTION;
    if ((c->p1 != 0x00 && c->p1 != 0x10 && !enciphered) || c->p2 != 0x01 ||
        (s->protocol != SCP_02 && c->p1 == 0x00))
        return SW_WRONG_P1P2;
    /* data: a length and that many bytes; their only use is that they are in the chain */
    if (c->lc && (c->data[0] != c->lc - 1 || c->lc > 25))
        return SW_WRONG_DATA;
    s->r_before = s->level;
    s->level |= c->p1;
    s->r_session = c->p1 ? 2 : 1;
    if (s->level & SCP_C_MAC)
        memcpy(s->r_chain, s->chain, sizeof s->r_chain);
    else
        memset(s->r_chain, 0, sizeof s->r_chain);
    return SW_OK;
}

static uint16_t end_r_mac(struct scp_session *s, const struct apdu *c) {
    if (s->state != SCP_OPEN || !s->r_session)
        return SW_CONDITIONS;
    if (c->p1 || (c->p2 != 0x01 && c->p2 != 0x03))
        return SW_WRONG_P1P2;
    if (c->lc)
        return SW_WRONG_LENGTH;
    if (c->p2 == 0x01) { /* tell it and go on */
        s->r_now = true;
        return SW_OK;
    }
    s->level = s->r_before & (uint8_t) ~(SCP_R_MAC | SCP_R_ENCRYPTION);
    s->r_session = 3; /* over once this answer carries its MAC */
    s->r_now = true;
    return SW_OK;
}

bool scp_is_opening(const struct apdu *c) {
    return c->cla & 0x80 &&
           (c->ins == INS_INITIALIZE_UPDATE || c->ins == INS_EXTERNAL_AUTHENTICATE);
}

uint16_t scp_command(struct scp_session *s, const struct scp_domain *d, const struct apdu *c,
                     struct apdu_answer *answer) {
    switch (c->ins) {
    case INS_INITIALIZE_UPDATE:
        return is_protected(c) ? SW_SM_UNSUPPORTED : initialize_update(s, d, c, answer);
    case INS_EXTERNAL_AUTHENTICATE:
        return external_authenticate(s, d, c);
    case INS_BEGIN_R_MAC:
        return begin_r_mac(s, c);
    case INS_END_R_MAC:
        return end_r_mac(s, c);
    default:
        return SW_INS_UNSUPPORTED;
    }
}

/* ---- protected commands and answers ---- */

/* The command is as it will be carried out: SCP02 MACs it together with the answer. */
static uint16_t taken(struct scp_session *s, const struct apdu *plain) {
    if (!s->r_now || s->protocol != SCP_02)
        return SW_OK;
    enum onecard_err err = scp02_answer_begin(s, plain);
    if (err)
        scp_close(s);
    return apdu_status(err);
}

uint16_t scp_unwrap(struct scp_session *s, const struct apdu *in, uint8_t *work, uint32_t capacity,
                    struct apdu *out) {
    *out = *in;
    if (in->lc > capacity)
        return SW_WRONG_LENGTH;
    if (s->state != SCP_OPEN) {
        bool was = s->state != 0;
        scp_close(s); /* between the two commands nothing may come (10.2.3) */
        return is_protected(in) || was ? SW_SECURITY_STATUS : SW_OK;
    }
    s->r_now = s->r_session != 0;
    if (!(s->level & SCP_C_MAC)) {
        if (!is_protected(in))
            return taken(s, out);
    } else if (is_gp_protected(in)) {
        if (in->lc)
            memmove(work, in->data, in->lc);
        struct apdu mine = *in;
        mine.data = work;
        enum onecard_err err = s->protocol == SCP_02 ? scp02_unwrap(s, &mine, work, out)
                                                     : scp03_unwrap(s, &mine, work, out);
        if (!err) {
            out->cla = in->cla & (uint8_t)~0x0C;
            return taken(s, out);
        }
    }
    scp_close(s);
    return SW_SECURITY_STATUS;
}

/* 9000, 62xx and 63xx are not errors (Amendment D 6.2.5). */
static bool is_good(uint16_t status) {
    return status == SW_OK || (status >> 8) == 0x62 || (status >> 8) == 0x63;
}

uint16_t scp_wrap(struct scp_session *s, uint8_t ins, struct apdu_answer *answer, uint16_t status) {
    if (s->state != SCP_OPEN || !s->r_now)
        return status;
    s->r_now = false;
    bool tell = s->r_session >= 2 || ins == INS_END_R_MAC;
    bool over = s->r_session == 3;
    enum onecard_err err = ONECARD_OK;
    if (s->protocol == SCP_02)
        err = answer->capacity - answer->len < SCP_WRAP_MAX ? ONECARD_E_TOO_BIG
                                                            : scp02_wrap(s, answer, status, tell);
    else if (is_good(status) && tell)
        err = answer->capacity - answer->len < SCP_WRAP_MAX ? ONECARD_E_TOO_BIG
                                                            : scp03_wrap(s, answer, status);
    if (over)
        s->r_session = 0;
    if (!err) {
        answer->keep = true;
        return status;
    }
    scp_close(s);
    answer->len = 0;
    return SW_UNKNOWN;
}

enum onecard_err scp_decrypt(const struct scp_session *s, const uint8_t *in, uint8_t *out,
                             uint32_t len) {
    if (s->state != SCP_OPEN)
        return ONECARD_E_STATE;
    struct crypto_key key;
    enum onecard_err err = scp_key_ready(s, s->dek, &key);
    if (!err)
        err = crypto_cipher(&key, s->protocol == SCP_02 ? CRYPTO_ECB : CRYPTO_CBC, CRYPTO_DECRYPT,
                            NULL, in, out, len);
    crypto_key_wipe(&key);
    return err;
}
