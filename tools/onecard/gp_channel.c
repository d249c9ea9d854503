#include "gp_channel.h"

#include <string.h>

#include "base/bytes.h"

enum {
    HEADER = 4,
    EXTENDED_HEADER = 7,
    SCP02_MAC = 8,
    CLA_SECURED = 0x04,
    DIVERSIFICATION = 10,
};

/* ---- INITIALIZE UPDATE ---- */

static const char *parse_scp02(const uint8_t *data, size_t len, struct gp_initialize *out) {
    if (len != 28)
        return "an answer of SCP02 has 28 bytes";
    out->i = 0x55;
    out->size = 8;
    out->sequence_len = 2;
    memcpy(out->sequence, data + 12, 2);
    out->challenge_len = 6;
    memcpy(out->challenge, data + 14, 6);
    memcpy(out->cryptogram, data + 20, 8);
    return NULL;
}

static const char *parse_scp03(const uint8_t *data, size_t len, struct gp_initialize *out) {
    if (len != 29 && len != 32 && len != 45 && len != 48)
        return "an answer of SCP03 has 29 or 32 bytes, or 45 or 48 in the S16 form";
    out->i = data[12];
    out->size = len < 45 ? 8 : 16;
    out->challenge_len = out->size;
    memcpy(out->challenge, data + 13, out->size);
    memcpy(out->cryptogram, data + 13 + out->size, out->size);
    size_t rest = len - 13 - 2u * out->size;
    out->sequence_len = (uint8_t)rest;
    memcpy(out->sequence, data + len - rest, rest);
    return NULL;
}

const char *gp_initialize_parse(const uint8_t *data, size_t len, struct gp_initialize *out) {
    memset(out, 0, sizeof *out);
    if (len < DIVERSIFICATION + 2)
        return "it is too short";
    memcpy(out->diversification, data, DIVERSIFICATION);
    out->version = data[10];
    out->scp = data[11];
    if (out->scp == 2)
        return parse_scp02(data, len, out);
    if (out->scp == 3 || out->scp == GP_SCP03_SM4)
        return parse_scp03(data, len, out);
    return "the card has neither SCP02 nor SCP03";
}

/* ---- keys ---- */

static void diversify(struct gp_key *key, uint8_t number, enum gp_diversification how,
                      const uint8_t *d) {
    uint8_t data[16];
    for (unsigned half = 0; half < 2; half++) {
        uint8_t *p = data + 8 * half;
        if (how == GP_DIVERSIFY_EMV) {
            memcpy(p, d + 4, 6);
        } else { /* Visa GP 2.1.1 */
            memcpy(p, d, 2);
            memcpy(p + 2, d + 4, 4);
        }
        p[6] = half ? 0x0F : 0xF0;
        p[7] = number;
    }
    for (unsigned half = 0; half < 2; half++) /* ECB */
        gp_des_cbc(key->value, 16, true, NULL, data + 8 * half, 8, data + 8 * half);
    memcpy(key->value, data, sizeof data);
    bytes_wipe(data, sizeof data);
}

const char *gp_keys_diversify(struct gp_keys *keys, enum gp_diversification how,
                              const uint8_t d[10]) {
    struct gp_key *all[] = {&keys->enc, &keys->mac, &keys->dek};
    if (how == GP_DIVERSIFY_NONE)
        return NULL;
    for (unsigned i = 0; i < 3; i++) {
        if (all[i]->len != 16)
            return "diversification is for 3DES keys of 16 bytes";
        diversify(all[i], (uint8_t)(i + 1), how, d);
    }
    return NULL;
}

/* ---- beginning ---- */

static void scp02_derive(const struct gp_key *key, uint16_t constant, const uint8_t *sequence,
                         struct gp_key *out) {
    uint8_t data[16] = {0};
    put_be16(data, constant);
    memcpy(data + 2, sequence, 2);
    out->len = 16;
    gp_des_cbc(key->value, 16, true, NULL, data, sizeof data, out->value);
}

static const char *scp02_begin(struct gp_session *s, const struct gp_keys *keys,
                               const struct gp_initialize *init, const uint8_t *host,
                               uint8_t *host_cryptogram) {
    uint8_t data[16], mac[8];
    if (keys->enc.len != 16 || keys->mac.len != 16 || keys->dek.len != 16)
        return "SCP02 takes keys of 16 bytes";
    scp02_derive(&keys->mac, 0x0101, init->sequence, &s->mac);
    scp02_derive(&keys->mac, 0x0102, init->sequence, &s->rmac);
    scp02_derive(&keys->enc, 0x0182, init->sequence, &s->enc);
    scp02_derive(&keys->dek, 0x0181, init->sequence, &s->dek);
    memcpy(data, host, 8);
    memcpy(data + 8, init->sequence, 2);
    memcpy(data + 10, init->challenge, 6);
    gp_des_full_mac(s->enc.value, data, sizeof data, mac);
    if (!gp_same(mac, init->cryptogram, sizeof mac))
        return "the card's cryptogram is wrong: these are not its keys";
    memcpy(data, init->sequence, 2);
    memcpy(data + 2, init->challenge, 6);
    memcpy(data + 8, host, 8);
    gp_des_full_mac(s->enc.value, data, sizeof data, host_cryptogram);
    return NULL;
}

static void scp03_derive(const struct gp_key *key, uint8_t constant, const uint8_t *context,
                         size_t context_len, struct gp_key *out) {
    out->len = key->len;
    out->sm4 = key->sm4;
    gp_aes_derive(key, constant, context, context_len, out->value, key->len);
}

static const char *scp03_begin(struct gp_session *s, const struct gp_keys *keys,
                               const struct gp_initialize *init, const uint8_t *host,
                               uint8_t *host_cryptogram) {
    uint8_t context[2 * GP_CHALLENGE_MAX], card[GP_CHALLENGE_MAX];
    size_t size = init->size;
    memcpy(context, host, size);
    memcpy(context + size, init->challenge, size);
    scp03_derive(&keys->enc, 0x04, context, 2 * size, &s->enc);
    scp03_derive(&keys->mac, 0x06, context, 2 * size, &s->mac);
    scp03_derive(&keys->mac, 0x07, context, 2 * size, &s->rmac);
    s->dek = keys->dek;
    gp_aes_derive(&s->mac, 0x00, context, 2 * size, card, size);
    if (!gp_same(card, init->cryptogram, size))
        return "the card's cryptogram is wrong: these are not its keys";
    gp_aes_derive(&s->mac, 0x01, context, 2 * size, host_cryptogram, size);
    return NULL;
}

const char *gp_session_begin(struct gp_session *s, const struct gp_keys *keys,
                             const struct gp_initialize *init, const uint8_t *host, uint8_t level,
                             uint8_t host_cryptogram[GP_CHALLENGE_MAX]) {
    struct gp_keys own = *keys;
    memset(s, 0, sizeof *s);
    s->scp = init->scp == 2 ? 2 : 3;
    s->size = init->size;
    own.enc.sm4 = own.mac.sm4 = own.dek.sm4 = init->scp == GP_SCP03_SM4;
    if (own.enc.sm4 && (own.enc.len != 16 || own.mac.len != 16 || own.dek.len != 16))
        return "SM4 takes keys of 16 bytes";
    const char *wrong = s->scp == 2 ? scp02_begin(s, keys, init, host, host_cryptogram)
                                    : scp03_begin(s, &own, init, host, host_cryptogram);
    bytes_wipe(&own, sizeof own);
    if (!wrong && s->scp == 2 && (level & GP_LEVEL_ANSWER_ENCRYPTION))
        wrong = "SCP02 does not encipher answers";
    if (wrong) {
        gp_session_end(s);
        return wrong;
    }
    s->open = true;
    s->level = level;
    return NULL;
}

void gp_session_end(struct gp_session *s) {
    bytes_wipe(s, sizeof *s);
}

/* ---- commands ---- */

size_t gp_session_room(const struct gp_session *s) {
    if (!s->open || !(s->level & GP_LEVEL_MAC))
        return 255;
    size_t block = s->scp == 2 ? 8 : 16, room = 255u - s->size;
    if (s->level & GP_LEVEL_ENCRYPTION)
        room = room / block * block - 1; /* padding takes a byte at least */
    return room;
}

static bool is_authentication(const uint8_t *command) {
    return command[1] == 0x82;
}

/* A command, short or extended, taken apart. */
struct parts {
    const uint8_t *data; /* NULL: none */
    size_t lc, le_len;
    uint8_t le; /* its last byte */
};

static bool take_apart(const uint8_t *command, size_t len, struct parts *out) {
    const bool extended = len > EXTENDED_HEADER && command[4] == 0;
    size_t header = extended ? EXTENDED_HEADER : HEADER + 1;
    memset(out, 0, sizeof *out);
    if (len < HEADER)
        return false;
    if (len > HEADER + 1)
        out->lc = extended ? (size_t)(command[5] << 8 | command[6]) : command[4];
    if (!out->lc) { /* Le alone, or nothing */
        out->le_len = len - HEADER;
        out->le = out->le_len ? command[HEADER] : 0;
        return out->le_len <= 1;
    }
    if (len < header + out->lc || out->lc > GP_DATA_MAX)
        return false;
    out->data = command + header;
    out->le_len = len - header - out->lc;
    out->le = out->le_len ? command[len - 1] : 0;
    return out->le_len == 0 || out->le_len == (extended ? 2 : 1);
}

/* CLA to Lc, in one byte or in three; returns its length. */
static size_t put_header(const uint8_t *command, bool secured, size_t lc,
                         uint8_t out[EXTENDED_HEADER]) {
    memcpy(out, command, HEADER);
    if (secured)
        out[0] |= CLA_SECURED;
    if (lc <= 255) {
        out[4] = (uint8_t)lc;
        return HEADER + 1;
    }
    out[4] = 0;
    out[5] = (uint8_t)(lc >> 8);
    out[6] = (uint8_t)lc;
    return EXTENDED_HEADER;
}

/* Encipher data in place; returns its new length. */
static size_t encipher(struct gp_session *s, uint8_t *data, size_t len) {
    static const uint8_t zero[16];
    uint8_t iv[16];
    if (s->scp == 2) {
        if (len == 0)
            return 0;
        len = gp_pad(data, len, 8);
        gp_des_cbc(s->enc.value, 16, true, NULL, data, len, data);
        return len;
    }
    for (int i = 15; i >= 0 && ++s->counter[i] == 0; i--) /* counts commands without data too */
        ;
    if (len == 0)
        return 0;
    gp_aes_cbc(&s->enc, true, zero, s->counter, 16, iv);
    len = gp_pad(data, len, 16);
    gp_aes_cbc(&s->enc, true, iv, data, len, data);
    return len;
}

/* GPCS E.4.4: over the plain data; the chaining value is enciphered under half the MAC key. */
static void scp02_mac(struct gp_session *s, const uint8_t *command, const struct parts *c,
                      bool first, uint8_t mac[8]) {
    uint8_t data[EXTENDED_HEADER + GP_DATA_MAX], iv[8];
    size_t n = put_header(command, true, c->lc + SCP02_MAC, data);
    if (c->data)
        memcpy(data + n, c->data, c->lc);
    if (first)
        memset(iv, 0, sizeof iv);
    else
        gp_des_cbc(s->mac.value, 8, true, NULL, s->chain, 8, iv);
    gp_des_retail_mac(s->mac.value, iv, data, n + c->lc, mac);
    memcpy(s->chain, mac, 8);
    if (first)
        memcpy(s->answer_chain, mac, 8);
}

/* Amendment D 6.2.4: over the data as sent. */
static void scp03_mac(struct gp_session *s, const uint8_t *command, size_t len, uint8_t *mac) {
    uint8_t data[16 + EXTENDED_HEADER + GP_DATA_MAX + GP_BLOCK_MAX];
    memcpy(data, s->chain, 16);
    memcpy(data + 16, command, len);
    gp_aes_cmac(&s->mac, data, 16 + len, s->chain);
    memcpy(mac, s->chain, s->size);
}

size_t gp_session_wrap(struct gp_session *s, const uint8_t *command, size_t len, uint8_t *out) {
    const bool first = is_authentication(command);
    uint8_t body[GP_DATA_MAX + GP_BLOCK_MAX] = {0}, mac[GP_CHALLENGE_MAX];
    struct parts c;
    if (!take_apart(command, len, &c))
        return 0;
    if (!s->open || (!first && !(s->level & GP_LEVEL_MAC))) {
        memcpy(out, command, len);
        return len;
    }
    if (c.data)
        memcpy(body, c.data, c.lc);
    if (s->scp == 2)
        scp02_mac(s, command, &c, first, mac);
    size_t lc = c.lc;
    if (!first && (s->level & GP_LEVEL_ENCRYPTION))
        lc = encipher(s, body, lc);
    size_t n = put_header(command, true, lc + s->size, out);
    memcpy(out + n, body, lc);
    if (s->scp == 3)
        scp03_mac(s, out, n + lc, mac);
    memcpy(out + n + lc, mac, s->size);
    len = n + lc + s->size;
    if (c.le_len) {
        if (n == EXTENDED_HEADER)
            out[len++] = 0;
        out[len++] = c.le;
    }
    bytes_wipe(body, sizeof body);
    return len;
}

/* ---- answers ---- */

/* GPCS E.4.5: the command as it was, Lc 00 if it had no data; the answer with its length. */
static void scp02_answer_mac(struct gp_session *s, const uint8_t *sent, size_t sent_len,
                             const uint8_t *answer, size_t data_len, uint8_t mac[8]) {
    uint8_t data[EXTENDED_HEADER + GP_DATA_MAX + 1 + 256 + 2];
    struct parts c;
    (void)take_apart(sent, sent_len, &c);
    size_t n = put_header(sent, false, c.lc, data);
    data[0] &= 0xF8; /* without secure messaging and channel */
    if (c.data)
        memcpy(data + n, c.data, c.lc);
    n += c.lc;
    data[n++] = (uint8_t)data_len;
    memcpy(data + n, answer, data_len);
    n += data_len;
    memcpy(data + n, answer + data_len + 8, 2);
    n += 2;
    gp_des_retail_mac(s->rmac.value, s->answer_chain, data, n, mac);
    memcpy(s->answer_chain, mac, 8);
}

static void scp03_answer_mac(const struct gp_session *s, const uint8_t *answer, size_t data_len,
                             uint8_t mac[16]) {
    uint8_t data[16 + 256 + 2];
    memcpy(data, s->chain, 16);
    memcpy(data + 16, answer, data_len);
    memcpy(data + 16 + data_len, answer + data_len + s->size, 2);
    gp_aes_cmac(&s->rmac, data, 16 + data_len + 2, mac);
}

static const char *decipher(const struct gp_session *s, uint8_t *data, size_t *len) {
    static const uint8_t zero[16];
    uint8_t iv[16];
    if (*len == 0)
        return NULL;
    if (*len % 16)
        return "the answer is enciphered, but not in whole blocks";
    memcpy(iv, s->counter, sizeof iv);
    iv[0] |= 0x80;
    gp_aes_cbc(&s->enc, true, zero, iv, 16, iv);
    gp_aes_cbc(&s->enc, false, iv, data, *len, data);
    return gp_unpad(data, len) ? NULL : "the answer's padding is wrong";
}

const char *gp_session_unwrap(struct gp_session *s, const uint8_t *sent, size_t sent_len,
                              uint8_t *answer, size_t *len) {
    uint8_t mac[16];
    if (!s->open || !(s->level & GP_LEVEL_ANSWER_MAC) || *len < 2)
        return NULL;
    uint8_t sw1 = answer[*len - 2];
    bool plain_error = sw1 != 0x90 && sw1 != 0x62 && sw1 != 0x63;
    if (plain_error && *len == 2)
        return NULL; /* errors come without */
    if (*len < 2u + s->size || *len > 256u + 2)
        return "the answer has no MAC";
    size_t data_len = *len - 2 - s->size;
    if (s->scp == 2)
        scp02_answer_mac(s, sent, sent_len, answer, data_len, mac);
    else
        scp03_answer_mac(s, answer, data_len, mac);
    if (!gp_same(mac, answer + data_len, s->size))
        return "the answer's MAC is wrong";
    uint8_t status[2] = {sw1, answer[*len - 1]};
    const char *wrong = NULL;
    if (s->level & GP_LEVEL_ANSWER_ENCRYPTION)
        wrong = decipher(s, answer, &data_len);
    memcpy(answer + data_len, status, 2);
    *len = data_len + 2;
    return wrong;
}
