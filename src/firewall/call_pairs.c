/* Host calls: asymmetric keys, and fresh ones. Private halves and agreed keys stay inside (F7). */
#include <string.h>

#include "base/bytes.h"
#include "firewall/call_keys.h"

/* A session slot to be filled. */
static int32_t slot_of(struct door *d, uint32_t slot, struct key_session **out) {
    if (slot >= DOOR_SESSIONS)
        return ONECARD_E_PARAM;
    *out = door_session(d, slot, true);
    return *out ? ONECARD_OK : ONECARD_E_NO_MEMORY;
}

/* How many bytes were written, or what went wrong. By pointer: the call that sets len and this
 * one's arguments have no order between them. */
static int32_t length_or(enum onecard_err err, const uint32_t *len) {
    return err ? (int32_t)err : (int32_t)*len;
}

static bool overlap(const struct call_argument *a, const struct call_argument *b) {
    return a->len && b->len && a->value < b->value + b->len && b->value < a->value + a->len;
}

int32_t handle_key_generate(struct door *d, const struct call_argument *a) {
    struct key_spec spec;
    struct key_session *slot;
    int32_t err = key_spec_of(&a[1], &spec);
    if (err)
        return err;
    if (a[0].value < KEY_SESSION_BASE)
        return keys_generate(d->keys, d->owner, (uint16_t)a[0].value, &spec, a[2].value,
                             a[3].value);
    if (a[2].value || a[3].value)
        return ONECARD_E_PARAM;
    err = slot_of(d, a[0].value - KEY_SESSION_BASE, &slot);
    return err ? err : keys_generate_session(d->keys, d->owner, &spec, slot);
}

int32_t handle_key_public(struct door *d, const struct call_argument *a) {
    struct key_ref ref;
    uint32_t len = a[1].len;
    int32_t err = key_of(d, a[0].value, &ref);
    return err ? err : length_or(keys_public(d->keys, &ref, a[1].bytes, &len), &len);
}

int32_t handle_key_load_public(struct door *d, const struct call_argument *a) {
    struct key_session *slot;
    if (a[1].value > 0x7F || a[2].value > KEY_USAGE_ALL)
        return ONECARD_E_PARAM;
    int32_t err = slot_of(d, a[0].value, &slot);
    return err ? err
               : keys_load_public(d->keys, d->owner, (uint8_t)a[1].value, (uint16_t)a[2].value,
                                  a[3].bytes, a[3].len, slot);
}

/* scheme 1, digest 1, then one bit: the data is digested */
static int32_t how_of(uint32_t value, struct key_how *how) {
    if (value > 0x1FFFF)
        return ONECARD_E_PARAM;
    how->scheme = (uint8_t)value;
    how->digest = (uint8_t)(value >> 8);
    how->is_digested = value >> 16 != 0;
    return ONECARD_OK;
}

int32_t handle_key_sign(struct door *d, const struct call_argument *a) {
    struct key_ref ref;
    struct key_how how;
    uint32_t len = a[3].len;
    int32_t err = key_of(d, a[0].value, &ref);
    if (!err)
        err = how_of(a[1].value, &how);
    return err ? err
               : length_or(keys_sign(d->keys, &ref, &how, a[2].bytes, a[2].len, a[3].bytes, &len),
                           &len);
}

int32_t handle_key_verify(struct door *d, const struct call_argument *a) {
    struct key_ref ref;
    struct key_how how;
    int32_t err = key_of(d, a[0].value, &ref);
    if (!err)
        err = how_of(a[1].value, &how);
    return err ? err : keys_verify(d->keys, &ref, &how, a[2].bytes, a[2].len, a[3].bytes, a[3].len);
}

typedef enum onecard_err crypt(struct keys *k, const struct key_ref *ref, enum crypto_scheme scheme,
                               const uint8_t *in, uint32_t len, uint8_t *out, uint32_t *out_len);

static int32_t run_crypt(struct door *d, const struct call_argument *a, crypt *function) {
    struct key_ref ref;
    uint32_t len = a[3].len;
    int32_t err = key_of(d, a[0].value, &ref);
    if (!err && (a[1].value > 0xFF || overlap(&a[2], &a[3])))
        err = ONECARD_E_PARAM;
    return err ? err
               : length_or(function(d->keys, &ref, (enum crypto_scheme)a[1].value, a[2].bytes,
                                    a[2].len, a[3].bytes, &len),
                           &len);
}

int32_t handle_key_encrypt(struct door *d, const struct call_argument *a) {
    return run_crypt(d, a, keys_pk_encrypt);
}

int32_t handle_key_decrypt(struct door *d, const struct call_argument *a) {
    return run_crypt(d, a, keys_pk_decrypt);
}

/* ---- key agreement ---- */

#define AGREE_HEAD 5u /* algorithm, version, usage 2, slot */

/* Of SM2: role 1 (0 begins, 1 answers), ephemeral key 4, own identity and the peer's, each with its
 * length in a byte; length 0, or nothing at all: the default. */
static int32_t sm2_fields(struct door *d, const uint8_t *p, uint32_t len, struct key_ref *ephemeral,
                          struct crypto_pk_agreement *with) {
    if (len < 5 || p[0] > 1)
        return ONECARD_E_PARAM;
    with->initiator = p[0] == 0;
    int32_t err = key_of(d, get_be32(p + 1), ephemeral);
    p += 5;
    len -= 5;
    if (err || !len)
        return err;
    if (len < 2u + p[0] || len != 2u + p[0] + p[1 + p[0]])
        return ONECARD_E_PARAM;
    with->own_id_len = p[0];
    with->own_id = p[0] ? p + 1 : NULL;
    p += 1 + p[0];
    with->peer_id_len = p[0];
    with->peer_id = p[0] ? p + 1 : NULL;
    return ONECARD_OK;
}

int32_t handle_key_agree(struct door *d, const struct call_argument *a) {
    struct key_ref ref, ephemeral;
    struct key_session *slot;
    const uint8_t *p = a[2].bytes;
    const bool sm2 = a[1].value == CRYPTO_PK_SM2;
    int32_t err = key_of(d, a[0].value, &ref);
    if (err)
        return err;
    if (a[1].value > 0xFF || a[2].len < AGREE_HEAD || a[4].len != (sm2 ? CRYPTO_PK_TAGS : 0))
        return ONECARD_E_PARAM;
    const struct key_spec spec = {
        .algorithm = p[0], .version = p[1], .usage = get_be16(p + 2), .tries_max = 0};
    struct crypto_pk_agreement with = {.peer = a[3].bytes,
                                       .peer_len = a[3].len,
                                       .info = p + AGREE_HEAD,
                                       .info_len = a[2].len - AGREE_HEAD};
    if (sm2)
        err = sm2_fields(d, p + AGREE_HEAD, a[2].len - AGREE_HEAD, &ephemeral, &with);
    if (!err)
        err = slot_of(d, p[4], &slot);
    uint8_t tags[CRYPTO_PK_TAGS]; /* not into memory that peer or identities lie in */
    if (!err)
        err = keys_agree(d->keys, &ref, (enum crypto_scheme)a[1].value, &with,
                         sm2 ? &ephemeral : NULL, &spec, slot, tags);
    if (!err)
        memcpy(a[4].bytes, tags, a[4].len);
    return err;
}

int32_t handle_key_wrap(struct door *d, const struct call_argument *a) {
    struct key_ref ref;
    uint32_t len = a[2].len;
    int32_t err = key_of(d, a[0].value, &ref);
    if (err)
        return err;
    struct key_session *slot = door_session(d, a[1].value, false);
    if (!slot)
        return ONECARD_E_NOT_FOUND;
    return length_or(keys_wrap(d->keys, &ref, slot, a[2].bytes, &len), &len);
}

int32_t handle_sm2_digest(struct door *d, const struct call_argument *a) {
    struct key_ref ref;
    uint8_t digest[32];
    int32_t err = key_of(d, a[0].value, &ref);
    if (err)
        return err;
    if (a[3].len != sizeof digest)
        return ONECARD_E_PARAM;
    err = keys_sm2_digest(d->keys, &ref, a[1].len ? a[1].bytes : NULL, a[1].len, a[2].bytes,
                          a[2].len, digest);
    if (!err)
        memcpy(a[3].bytes, digest, sizeof digest);
    return err;
}
