#include "secure/sm.h"

#include <string.h>

#include "base/bytes.h"
#include "base/tlv.h"

/* Data objects (7816-4 table 46 and 47); odd tags are under the MAC. */
enum {
    DO_PLAIN = 0x81,
    DO_CRYPTOGRAM_ODD = 0x85, /* odd INS: without padding indicator */
    DO_CRYPTOGRAM = 0x87,     /* padding indicator, cryptogram */
    DO_MAC = 0x8E,
    DO_LE = 0x97,
    DO_STATUS = 0x99,
};

enum { PADDING_ISO = 0x01 }; /* indicator: 80 00.. */

#define BLOCK_DES 8u
#define MAC_DEFAULT 8u

/* ---- sessions ---- */

void sm_close(struct sm_session *session) {
    bytes_wipe(session, sizeof *session);
}

static bool may(const struct key_info *info, uint16_t usage) {
    return (info->usage & usage) == usage;
}

static uint32_t mac_length(const struct sm_session *session) {
    uint32_t len = session->how & SM_MAC_LENGTH;
    return len ? len : MAC_DEFAULT;
}

static enum onecard_err check_keys(const struct sm_keys *keys, bool has_enc, uint8_t *block) {
    struct key_info mac, enc;
    enum onecard_err err = keys_info(keys->keys, &keys->mac, &mac);
    if (err == ONECARD_OK && has_enc)
        err = keys_info(keys->keys, &keys->enc, &enc);
    if (err != ONECARD_OK)
        return err;
    if (!may(&mac, KEY_MAC | KEY_MAC_VERIFY) || (has_enc && !may(&enc, KEY_ENCRYPT | KEY_DECRYPT)))
        return ONECARD_E_DENIED;
    if (mac.block_size == 0 || mac.algorithm == CRYPTO_DES ||
        (has_enc && mac.algorithm != enc.algorithm))
        return ONECARD_E_PARAM;
    *block = mac.block_size;
    return ONECARD_OK;
}

enum onecard_err sm_open(struct sm_session *session, const struct sm_keys *keys, uint16_t how,
                         const uint8_t *counter, uint32_t counter_len) {
    const uint32_t mac_len = how & SM_MAC_LENGTH;
    uint8_t block = 0;
    session->open = session->answering = false;
    if ((how & ~SM_HOW_ALL) != 0 || (mac_len != 0 && (mac_len < 4 || mac_len > MAC_DEFAULT)))
        return ONECARD_E_PARAM;
    if ((how & SM_ENCIPHERED_ONLY) != 0 && session->enc == SM_NO_KEY)
        return ONECARD_E_PARAM;
    enum onecard_err err = check_keys(keys, session->enc != SM_NO_KEY, &block);
    if (err == ONECARD_OK && counter_len != block)
        err = ONECARD_E_PARAM;
    if (err != ONECARD_OK)
        return err;
    session->how = how;
    session->block = block;
    memcpy(session->counter, counter, block);
    session->open = true;
    return ONECARD_OK;
}

/* The next message. A counter that begins anew would let old messages pass: then it is over. */
static bool count(struct sm_session *session) {
    for (uint32_t i = session->block; i-- > 0;)
        if (++session->counter[i] != 0)
            return true;
    return false;
}

static enum crypto_mac_kind mac_kind(const struct sm_session *session) {
    return session->block == BLOCK_DES ? CRYPTO_MAC_RETAIL : CRYPTO_MAC_CMAC;
}

/* 80 00.. up to the next block; a whole block where nothing is left open (9797-1 method 2). */
static const uint8_t padding[CRYPTO_BLOCK_MAX] = {0x80};

static uint32_t padding_length(const struct sm_session *session, uint32_t len) {
    return session->block - len % session->block;
}

static enum onecard_err make_iv(const struct sm_session *session, const struct sm_keys *keys,
                                uint8_t iv[CRYPTO_BLOCK_MAX]) {
    memset(iv, 0, CRYPTO_BLOCK_MAX);
    if (session->block == BLOCK_DES)
        return ONECARD_OK;
    return keys_cipher(keys->keys, &keys->enc, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, session->counter,
                       iv, session->block);
}

static enum onecard_err cipher(const struct sm_session *session, const struct sm_keys *keys,
                               enum crypto_direction direction, uint8_t *inout, uint32_t len) {
    uint8_t iv[CRYPTO_BLOCK_MAX];
    enum onecard_err err = make_iv(session, keys, iv);
    return err == ONECARD_OK
               ? keys_cipher(keys->keys, &keys->enc, CRYPTO_CBC, direction, iv, inout, inout, len)
               : err;
}

/* ---- commands ---- */

/* The data objects of a command. */
struct objects {
    const uint8_t *covered; /* those under the MAC */
    uint32_t covered_len;
    struct tlv data, le, mac; /* tag 0: it is not there */
};

static bool is_data(uint32_t tag) {
    return tag == DO_PLAIN || tag == DO_CRYPTOGRAM_ODD || tag == DO_CRYPTOGRAM;
}

/* [81 | 85 | 87] [97] 8E, in this order, each once, and nothing else. */
static bool take_apart(const struct apdu *outer, struct objects *out) {
    const uint8_t *at = outer->data, *end = outer->data + outer->lc;
    struct tlv object;
    memset(out, 0, sizeof *out);
    out->covered = at;
    while (at != end) {
        const uint8_t *before = at;
        if (out->mac.tag || !tlv_next(&at, end, &object))
            return false;
        if (is_data(object.tag) && !out->data.tag && !out->le.tag) {
            out->data = object;
        } else if (object.tag == DO_LE && !out->le.tag) {
            out->le = object;
        } else if (object.tag == DO_MAC) {
            out->mac = object;
            out->covered_len = (uint32_t)(before - out->covered);
        } else {
            return false;
        }
    }
    return true;
}

/* How the class says that the command is protected. */
enum protection { PROTECTED_NOT, PROTECTED_DATA, PROTECTED_HEADER };

static enum protection protection(uint8_t cla) {
    switch (cla & 0x0C) {
    case 0x0C:
        return PROTECTED_HEADER;
    case 0x08:
        return PROTECTED_DATA;
    default: /* 00: not at all; 04: a way of its own */
        return PROTECTED_NOT;
    }
}

static enum onecard_err verify(const struct sm_session *session, const struct sm_keys *keys,
                               const struct apdu *outer, bool with_header,
                               const struct objects *objects) {
    uint8_t header[CRYPTO_BLOCK_MAX] = {outer->sent_cla, outer->ins, outer->p1, outer->p2, 0x80};
    struct keys_part parts[4] = {{session->counter, session->block}};
    uint32_t n = 1;
    if (with_header)
        parts[n++] = (struct keys_part){header, session->block};
    if (objects->covered_len != 0) {
        parts[n++] = (struct keys_part){objects->covered, objects->covered_len};
        parts[n++] = (struct keys_part){padding, padding_length(session, objects->covered_len)};
    }
    return keys_mac_parts_verify(keys->keys, &keys->mac, mac_kind(session), parts, n,
                                 objects->mac.value, objects->mac.len);
}

/* Formats that can be told before the MAC is looked at. */
static uint16_t check_objects(const struct sm_session *session, const struct apdu *outer,
                              const struct objects *o) {
    const bool odd = (outer->ins & 1) != 0;
    if (!o->mac.tag)
        return SW_SM_MISSING;
    if (o->mac.len != mac_length(session))
        return SW_SM_INCORRECT;
    if (o->le.tag && o->le.len != 1 && o->le.len != 2)
        return SW_SM_INCORRECT;
    if (!o->data.tag)
        return SW_OK;
    if (o->data.len == 0)
        return SW_SM_INCORRECT;
    if (o->data.tag == DO_PLAIN)
        return (session->how & SM_ENCIPHERED_ONLY) != 0 ? SW_SM_MISSING : SW_OK;
    const uint32_t indicator = odd ? 0 : 1;
    const bool fits = o->data.tag == (odd ? DO_CRYPTOGRAM_ODD : DO_CRYPTOGRAM) &&
                      session->enc != SM_NO_KEY && o->data.len > indicator &&
                      (o->data.len - indicator) % session->block == 0 &&
                      (odd || o->data.value[0] == PADDING_ISO);
    return fits ? SW_OK : SW_SM_INCORRECT;
}

static enum onecard_err take_data(const struct sm_session *session, const struct sm_keys *keys,
                                  const struct tlv *data, uint8_t *buffer, uint32_t capacity,
                                  struct apdu *inner) {
    inner->data = data->value;
    inner->lc = data->len;
    if (!data->tag || data->tag == DO_PLAIN)
        return ONECARD_OK;
    const uint32_t indicator = data->tag == DO_CRYPTOGRAM ? 1 : 0;
    size_t len = data->len - indicator;
    if (len > capacity)
        return ONECARD_E_TOO_BIG;
    memmove(buffer, data->value + indicator, len);
    enum onecard_err err = cipher(session, keys, CRYPTO_DECRYPT, buffer, (uint32_t)len);
    if (err == ONECARD_OK)
        err = crypto_pad_strip(buffer, &len, session->block);
    inner->data = buffer;
    inner->lc = (uint32_t)len;
    return err;
}

static uint32_t expected_length(const struct tlv *le) {
    if (!le->tag)
        return 0;
    const uint32_t v = le->len == 1 ? le->value[0] : get_be16(le->value);
    return v ? v : le->len == 1 ? 256 : 65536;
}

static uint16_t status_of(enum onecard_err err) {
    switch (err) {
    case ONECARD_OK:
        return SW_OK;
    case ONECARD_E_WRONG:
    case ONECARD_E_FORMAT:
        return SW_SM_INCORRECT;
    case ONECARD_E_BLOCKED:
        return SW_BLOCKED;
    case ONECARD_E_TOO_BIG:
        return SW_WRONG_LENGTH;
    default: /* a key that is gone, or no longer may */
        return SW_CONDITIONS;
    }
}

static uint16_t unwrap(struct sm_session *session, const struct sm_keys *keys,
                       const struct apdu *outer, uint8_t *buffer, uint32_t capacity,
                       struct apdu *inner, uint8_t *level) {
    struct objects objects;
    const enum protection how = protection(outer->cla);
    if (!session->open)
        return SW_CONDITIONS;
    if (how == PROTECTED_NOT || (how == PROTECTED_DATA && (session->how & SM_HEADER_FREE) == 0))
        return SW_SM_MISSING;
    if (outer->has_le && outer->ne != 256 && outer->ne != 65536)
        return SW_WRONG_LENGTH; /* how long the answer gets is for 97 to say */
    if (!take_apart(outer, &objects) || !count(session))
        return SW_SM_INCORRECT;
    uint16_t status = check_objects(session, outer, &objects);
    if (status != SW_OK)
        return status;
    status = status_of(verify(session, keys, outer, how == PROTECTED_HEADER, &objects));
    if (status != SW_OK)
        return status;
    *inner = *outer;
    inner->cla = outer->cla & (uint8_t)~0x0C;
    inner->has_le = objects.le.tag != 0;
    inner->ne = expected_length(&objects.le);
    status = status_of(take_data(session, keys, &objects.data, buffer, capacity, inner));
    *level = STATUS_SM_MAC | STATUS_SM_ANSWER_MAC;
    if (objects.data.tag && objects.data.tag != DO_PLAIN)
        *level |= STATUS_SM_ENCIPHERED;
    if (session->enc != SM_NO_KEY)
        *level |= STATUS_SM_ANSWER_ENCIPHERED;
    return status;
}

uint16_t sm_unwrap(struct sm_session *session, const struct sm_keys *keys, const struct apdu *outer,
                   uint8_t *buffer, uint32_t capacity, struct apdu *out_inner, uint8_t *out_level) {
    const uint16_t status = unwrap(session, keys, outer, buffer, capacity, out_inner, out_level);
    if (status != SW_OK) {
        sm_close(session);
        return status;
    }
    session->answering = true;
    session->ins = outer->ins;
    return status;
}

/* ---- answers ---- */

/* 7816-4 5.6: an error has no data. */
static bool carries_data(uint16_t status) {
    const uint8_t sw1 = (uint8_t)(status >> 8);
    return sw1 >= 0x90 || sw1 == 0x61 || sw1 == 0x62 || sw1 == 0x63;
}

/* The answer's data become 87, 85 or 81. */
static enum onecard_err wrap_data(const struct sm_session *session, const struct sm_keys *keys,
                                  struct apdu_answer *answer) {
    size_t len = answer->len;
    uint32_t tag = DO_PLAIN;
    enum onecard_err err = ONECARD_OK;
    if (len == 0)
        return ONECARD_OK;
    if (session->enc != SM_NO_KEY) {
        tag = (session->ins & 1) != 0 ? DO_CRYPTOGRAM_ODD : DO_CRYPTOGRAM;
        err = crypto_pad_add(answer->data, &len, answer->capacity, session->block, CRYPTO_PAD_80);
        if (err == ONECARD_OK)
            err = cipher(session, keys, CRYPTO_ENCRYPT, answer->data, (uint32_t)len);
        if (err == ONECARD_OK && tag == DO_CRYPTOGRAM) {
            if (len == answer->capacity)
                return ONECARD_E_TOO_BIG;
            memmove(answer->data + 1, answer->data, len++);
            answer->data[0] = PADDING_ISO;
        }
    }
    if (err == ONECARD_OK && !tlv_wrap(answer->data, answer->capacity, &len, 0, tag))
        err = ONECARD_E_TOO_BIG;
    answer->len = (uint32_t)len;
    return err;
}

static enum onecard_err wrap_mac(const struct sm_session *session, const struct sm_keys *keys,
                                 struct apdu_answer *answer) {
    uint8_t mac[CRYPTO_BLOCK_MAX];
    const struct keys_part parts[3] = {{session->counter, session->block},
                                       {answer->data, answer->len},
                                       {padding, padding_length(session, answer->len)}};
    const uint32_t mac_len = mac_length(session);
    size_t len = answer->len;
    enum onecard_err err =
        keys_mac_parts(keys->keys, &keys->mac, mac_kind(session), parts, 3, mac, mac_len);
    if (err == ONECARD_OK && !tlv_put(answer->data, answer->capacity, &len, DO_MAC, mac, mac_len))
        err = ONECARD_E_TOO_BIG;
    answer->len = (uint32_t)len;
    return err;
}

static enum onecard_err wrap(struct sm_session *session, const struct sm_keys *keys,
                             struct apdu_answer *answer, uint16_t status) {
    uint8_t word[2];
    put_be16(word, status);
    if (!carries_data(status))
        answer->len = 0;
    if (!count(session))
        return ONECARD_E_STATE;
    enum onecard_err err = wrap_data(session, keys, answer);
    size_t len = answer->len;
    if (err == ONECARD_OK && !tlv_put(answer->data, answer->capacity, &len, DO_STATUS, word, 2))
        err = ONECARD_E_TOO_BIG;
    answer->len = (uint32_t)len;
    return err == ONECARD_OK ? wrap_mac(session, keys, answer) : err;
}

uint16_t sm_wrap(struct sm_session *session, const struct sm_keys *keys, struct apdu_answer *answer,
                 uint16_t status) {
    session->answering = false;
    if (wrap(session, keys, answer, status) == ONECARD_OK)
        return status;
    sm_close(session);
    answer->len = 0;
    return SW_UNKNOWN;
}
