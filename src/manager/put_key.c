/* PUT KEY (GPCS 2.3.1 11.8; Amendment D 7.2): keys come enciphered under the session's data key, or
 * in plain in pre-issuance, where no session is open. */
#include "base/bytes.h"
#include "manager/inside.h"

#define KEYS_MAX 6u /* in one command */

/* One key data field, taken apart. */
struct key_field {
    bool symmetric;
    enum crypto_alg algorithm;
    enum scp_public_type type;
    uint8_t value[KEYS_SIZE_MAX]; /* symmetric, deciphered */
    uint32_t len;
    struct tlv n, e;
    bool has_check;
    uint8_t check[3]; /* as given; then as computed */
    bool extended;    /* format 2 (11.8.2.3.2): every type behind FF, usage and access at the end */
    struct scp_key_attributes attributes;
};

/* A length as it stands in key data: BER, or 80 meaning 128, as some clients have it. */
static bool take_length(const uint8_t **p, const uint8_t *end, uint32_t *out) {
    if (*p == end)
        return false;
    uint32_t len = *(*p)++;
    if (len == 0x81 || len == 0x82) {
        uint32_t more = len & 0x7F;
        if ((uint32_t)(end - *p) < more)
            return false;
        for (len = 0; more; more--)
            len = len << 8 | *(*p)++;
    }
    *out = len;
    return len <= (uint32_t)(end - *p);
}

/* Is a component of that type next? */
static bool is_next(const struct key_field *k, const uint8_t *p, const uint8_t *end, uint8_t type) {
    if (!k->extended)
        return p != end && *p == type;
    return end - p > 1 && p[0] == SCP_TYPE_EXTENDED && p[1] == type;
}

static bool take_component(const struct key_field *k, const uint8_t **p, const uint8_t *end,
                           uint8_t type, struct tlv *out) {
    uint32_t len;
    if (!is_next(k, *p, end, type))
        return false;
    *p += k->extended ? 2 : 1;
    if (!take_length(p, end, &len))
        return false;
    *out = (struct tlv){.tag = type, .len = len, .value = *p};
    *p += len;
    return true;
}

static enum crypto_alg algorithm_of(uint8_t type, uint32_t len) {
    switch (type) {
    case SCP_TYPE_DES:
    case 0x81: /* two older names of the same */
    case 0x82:
        return len == 24   ? CRYPTO_TDES3
               : len == 16 ? CRYPTO_TDES2
               : len == 8  ? CRYPTO_DES
                           : CRYPTO_NONE;
    case SCP_TYPE_AES:
        return len == 16   ? CRYPTO_AES128
               : len == 24 ? CRYPTO_AES192
               : len == 32 ? CRYPTO_AES256
                           : CRYPTO_NONE;
    case SCP_TYPE_SM4:
        return len == 16 ? CRYPTO_SM4 : CRYPTO_NONE;
    default:
        return CRYPTO_NONE;
    }
}

/* The value, enciphered, and with AES and SM4 its true length in front (table 11-68), as some have
 * it with DES too. What is behind the true length is padding, of as many blocks as a client likes.
 */
static uint16_t take_symmetric(const struct manager_session *s, uint8_t type, const uint8_t *value,
                               uint32_t len, struct key_field *out) {
    uint32_t true_len = len;
    if (len % 8 == 1) {
        true_len = *value++;
        len--;
    }
    uint32_t block = scp_block(&s->scp) ? scp_block(&s->scp) : 1;
    if (true_len > len || true_len > KEYS_SIZE_MAX || len % block)
        return SW_WRONG_DATA;
    len = (true_len + block - 1) / block * block;
    out->symmetric = true;
    out->len = true_len;
    out->algorithm = algorithm_of(type, true_len);
    if (out->algorithm == CRYPTO_NONE)
        return SW_WRONG_DATA;
    enum onecard_err err = ONECARD_OK;
    if (block == 1)
        memcpy(out->value, value, len);
    else
        err = scp_decrypt(&s->scp, value, out->value, len);
    return apdu_status(err);
}

static bool take_bytes(const uint8_t **p, const uint8_t *end, uint8_t *out, uint32_t max,
                       uint8_t *out_len) {
    uint32_t len;
    if (!take_length(p, end, &len) || len > max)
        return false;
    if (len)
        memcpy(out, *p, len);
    *out_len = (uint8_t)len;
    *p += len;
    return true;
}

/* What stands behind a key: its check value, and in the extended format usage and access, of which
 * some leave the last one out. */
static bool take_tail(const uint8_t **p, const uint8_t *end, struct key_field *out) {
    uint8_t len;
    struct scp_key_attributes *a = &out->attributes;
    if (!take_bytes(p, end, out->check, sizeof out->check, &len) || (len && len != 3))
        return false;
    out->has_check = len != 0;
    if (!out->extended)
        return true;
    if (!take_bytes(p, end, a->usage, sizeof a->usage, &a->usage_len))
        return false;
    return *p == end || **p == SCP_TYPE_EXTENDED ||
           take_bytes(p, end, &a->access, 1, &a->access_len);
}

/* Which curve, by number (F0; table B-2, F8 is ours) or by all of its parameters (B2 to B7, table
 * 11-69), of which the coefficient b tells those curves apart that are here. */
static bool curve_of(const struct tlv *part, enum scp_public_type *out) {
    static const uint8_t p256_b[32] = {0x5A, 0xC6, 0x35, 0xD8, 0xAA, 0x3A, 0x93, 0xE7,
                                       0xB3, 0xEB, 0xBD, 0x55, 0x76, 0x98, 0x86, 0xBC,
                                       0x65, 0x1D, 0x06, 0xB0, 0xCC, 0x53, 0xB0, 0xF6,
                                       0x3B, 0xCE, 0x3C, 0x3E, 0x27, 0xD2, 0x60, 0x4B};
    static const uint8_t sm2_b[32] = {0x28, 0xE9, 0xFA, 0x9E, 0x9D, 0x9F, 0x5E, 0x34,
                                      0x4D, 0x5A, 0x9E, 0x4B, 0xCF, 0x65, 0x09, 0xA7,
                                      0xF3, 0x97, 0x89, 0xF5, 0x15, 0xAB, 0x8F, 0x92,
                                      0xDD, 0xBC, 0xBD, 0x41, 0x4D, 0x94, 0x0E, 0x93};
    const bool number = part->tag == SCP_TYPE_EC_PARAMETERS;
    if (part->len != (number ? 1 : sizeof p256_b))
        return false;
    if (number ? part->value[0] == SCP_CURVE_SM2 : !memcmp(part->value, sm2_b, sizeof sm2_b)) {
        *out = SCP_PUBLIC_SM2;
        return true;
    }
    return number ? part->value[0] == 0x00 : !memcmp(part->value, p256_b, sizeof p256_b);
}

static bool curve_is_next(const struct key_field *k, const uint8_t *p, const uint8_t *end) {
    for (uint32_t type = SCP_TYPE_EC_FIELD; type <= SCP_TYPE_EC_COFACTOR; type++)
        if (is_next(k, p, end, (uint8_t)type))
            return true;
    return is_next(k, p, end, SCP_TYPE_EC_PARAMETERS);
}

static uint16_t take_curve(const uint8_t **p, const uint8_t *end, struct key_field *out) {
    struct tlv part, curve = {0};
    bool given = false;
    while (curve_is_next(out, *p, end)) {
        if (!take_component(out, p, end, (*p)[out->extended], &part))
            return SW_WRONG_DATA;
        given = true;
        if (part.tag == SCP_TYPE_EC_PARAMETERS || part.tag == SCP_TYPE_EC_B)
            curve = part;
    }
    return !given || curve_of(&curve, &out->type) ? SW_OK : SW_FUNCTION_UNSUPPORTED;
}

static uint16_t take_public(const uint8_t **p, const uint8_t *end, uint8_t type,
                            struct key_field *out) {
    out->symmetric = false;
    if (!take_component(out, p, end, type, &out->n))
        return SW_WRONG_DATA;
    if (type == SCP_TYPE_RSA_N || type == SCP_TYPE_RSA_E) {
        /* the empty check value, and what else there is, that some put behind each component */
        if (!is_next(out, *p, end, type ^ 1) && !take_tail(p, end, out))
            return SW_WRONG_DATA;
        if (out->has_check || !take_component(out, p, end, type ^ 1, &out->e))
            return SW_WRONG_DATA;
        if (type == SCP_TYPE_RSA_E) {
            const struct tlv exponent = out->n;
            out->n = out->e;
            out->e = exponent;
        }
        out->type = SCP_PUBLIC_RSA;
        return SW_OK;
    }
    out->type = type == SCP_TYPE_SM2 ? SCP_PUBLIC_SM2 : SCP_PUBLIC_P256;
    uint16_t status = take_curve(p, end, out);
    if (status != SW_OK)
        return status;
    if (out->n.len == 65 && out->n.value[0] == 0x04) { /* the uncompressed point */
        out->n.value++;
        out->n.len = 64;
    }
    return out->n.len == 64 ? SW_OK : SW_WRONG_DATA;
}

static uint16_t take_key(const struct manager_session *s, const uint8_t **p, const uint8_t *end,
                         struct key_field *out) {
    uint32_t len;
    uint16_t status;
    if (*p == end)
        return SW_WRONG_DATA;
    memset(out, 0, sizeof *out);
    out->extended = **p == SCP_TYPE_EXTENDED;
    if (out->extended && end - *p < 2)
        return SW_WRONG_DATA;
    uint8_t type = (*p)[out->extended];
    if (type == SCP_TYPE_RSA_N || type == SCP_TYPE_RSA_E || type == SCP_TYPE_EC ||
        type == SCP_TYPE_SM2) {
        status = take_public(p, end, type, out);
    } else {
        *p += out->extended ? 2 : 1;
        if (!take_length(p, end, &len) || !len)
            return SW_WRONG_DATA;
        status = take_symmetric(s, type, *p, len, out);
        *p += len;
    }
    if (status != SW_OK)
        return status;
    return take_tail(p, end, out) ? SW_OK : SW_WRONG_DATA;
}

/* The check value as it should be; what was given has to match. */
static uint16_t settle_check(struct key_field *k) {
    uint8_t right[3];
    if (!k->symmetric)
        return SW_OK;
    if (scp_check_value(k->algorithm, k->value, k->len, right))
        return SW_WRONG_DATA;
    if (k->has_check && !bytes_equal_ct(right, k->check, sizeof right))
        return SW_WRONG_DATA;
    memcpy(k->check, right, sizeof right);
    return SW_OK;
}

static enum onecard_err put(struct manager *m, uint32_t domain, uint8_t version, uint8_t id,
                            const struct key_field *k) {
    enum onecard_err err =
        k->symmetric ? scp_key_put(m->keys, domain, version, id, k->algorithm, k->value, k->len)
                     : scp_public_put(m->keys, domain, version, id, k->type, k->n.value, k->n.len,
                                      k->e.value, k->e.len);
    return err || !k->extended ? err
                               : scp_attributes_put(m->keys, domain, version, id, &k->attributes);
}

static bool exists(struct manager *m, uint32_t domain, uint8_t version, uint8_t id) {
    struct scp_key_info info;
    uint16_t number = scp_number(version, id);
    return scp_key_next(m->keys, domain, number, &info) == ONECARD_OK && info.number == number;
}

static bool version_exists(struct manager *m, uint32_t domain, uint8_t version) {
    struct scp_key_info info;
    return scp_key_next(m->keys, domain, scp_number(version, 0), &info) == ONECARD_OK &&
           info.number >> 8 == version;
}

/* P1 00: keys that were not there. P1 a version: these keys of it get new values, and the version's
 * number becomes the one in the data. */
static uint16_t check_versions(struct manager *m, uint32_t domain, uint8_t old, uint8_t new,
                               uint8_t id, uint32_t count) {
    if (new < 1 || new > SCP_VERSION_MAX || id + count - 1 > SCP_ID_MAX)
        return SW_WRONG_DATA;
    if (old && old != new &&version_exists(m, domain, new))
        return SW_WRONG_DATA;
    for (uint32_t i = 0; i < count; i++)
        if (exists(m, domain, old ? old : new, (uint8_t)(id + i)) != (old != 0))
            return old ? SW_REFERENCE_NOT_FOUND : SW_WRONG_DATA;
    return SW_OK;
}

/* The version whose keys get new values, 0 for none. To a domain without keys of its own some
 * clients "replace" those that the one above lends it. */
static uint8_t version_before(struct manager *m, uint32_t domain, uint8_t p1, uint8_t new) {
    bool lent = domain && p1 == new && !scp_has_keys(m->keys, domain);
    return lent && !version_exists(m, domain, new) ? 0 : p1;
}

/* The version's number changes: its keys go, and who answered to 00 goes on doing so. */
static enum onecard_err drop_version(struct manager *m, uint32_t domain, uint8_t old, uint8_t new,
                                     uint8_t id, uint32_t count) {
    uint8_t answering;
    enum onecard_err err = scp_default_version(m->keys, domain, &answering);
    bool is_default = !err && answering == old;
    err = ONECARD_OK;
    for (uint32_t i = 0; i < count && !err; i++)
        err = scp_key_delete(m->keys, domain, old, (uint8_t)(id + i));
    if (!err && version_exists(m, domain, old)) /* all of its keys have to come along */
        err = ONECARD_E_PARAM;
    if (!err && is_default)
        err = scp_default_set(m->keys, domain, new);
    return err;
}

/* Sessions with the keys that were replaced end, but for the one that did it (it may have to delete
 * the old version, say). So do those with the keys above, once a domain has its own. */
static void end_sessions(struct manager *m, const struct manager_session *s, uint8_t old,
                         uint8_t id) {
    uint8_t gone[SCP_VERSIONS_SIZE] = {0};
    if (old && id <= SCP_KEY_DEK)
        scp_versions_add(gone, old);
    m->upcalls->review_channels(m->upcalls->runtime, s->domain, gone, &s->scp);
}

/* A domain that can be opened with keys of its own has what it needs: it moves itself to
 * PERSONALIZED (5.3.2.3), for good. */
static enum onecard_err settle_domain(struct manager *m, uint32_t domain) {
    const struct registry_entry *e = domain ? registry_entry(&m->registry, domain) : NULL;
    if (!e || e->life_cycle != APPLET_SELECTABLE || !scp_has_keys(m->keys, domain))
        return ONECARD_OK;
    return registry_set_life_cycle(&m->registry, domain, DOMAIN_PERSONALIZED);
}

static uint16_t put_all(struct manager *m, const struct manager_session *s, const struct apdu *c,
                        struct key_field *keys, uint32_t *out_count) {
    const uint8_t *p = c->data + 1, *end = c->data + c->lc;
    uint8_t id = c->p2 & 0x7F, new = c->data[0];
    uint32_t count = 0;
    while (p != end) {
        if (count == KEYS_MAX) /* P2 bit 8 announces more than one; not all clients set it */
            return SW_WRONG_DATA;
        uint16_t status = take_key(s, &p, end, &keys[count]);
        if (status == SW_OK)
            status = settle_check(&keys[count]);
        if (status == SW_OK &&
            !scp_attributes_fit(new, (uint8_t)(id + count), &keys[count].attributes))
            status = SW_WRONG_DATA;
        if (status != SW_OK)
            return status;
        count++;
    }
    *out_count = count;
    const uint8_t old = version_before(m, s->domain, c->p1, new);
    uint16_t status = count ? check_versions(m, s->domain, old, new, id, count) : SW_WRONG_DATA;
    if (status != SW_OK)
        return status;
    struct scp_version before, now;
    bool had = c->p1 && scp_version_get(m->keys, s->domain, c->p1, &before) == ONECARD_OK;
    enum onecard_err err = ONECARD_OK;
    if (c->p1 && c->p1 != new)
        err = drop_version(m, s->domain, c->p1, new, id, count);
    for (uint32_t i = 0; i < count && !err; i++)
        err = put(m, s->domain, new, (uint8_t)(id + i), &keys[i]);
    /* options and lowest level belong to the domain's policy, not to the values of keys */
    if (!err && had && !scp_version_get(m->keys, s->domain, new, &now)) {
        now.level_min = before.level_min;
        if ((now.options & 0x0F) == (before.options & 0x0F))
            now.options = before.options;
        err = scp_version_set(m->keys, s->domain, new, &now);
    }
    if (!err)
        err = settle_domain(m, s->domain);
    status = content_finish(m, err);
    if (status == SW_OK)
        end_sessions(m, s, c->p1, id);
    return status;
}

uint16_t domain_put_key(struct manager *m, struct manager_session *s, const struct apdu *c,
                        struct apdu_answer *answer) {
    struct key_field keys[KEYS_MAX];
    uint32_t count = 0;
    if (c->p1 > SCP_VERSION_MAX)
        return SW_WRONG_P1P2;
    if (!c->lc)
        return SW_WRONG_LENGTH;
    uint16_t status = put_all(m, s, c, keys, &count);
    if (status == SW_OK) {
        answer->data[answer->len++] = c->data[0];
        for (uint32_t i = 0; i < count; i++) {
            if (!keys[i].symmetric)
                continue;
            memcpy(answer->data + answer->len, keys[i].check, 3);
            answer->len += 3;
        }
    } else {
        store_abort(m->store);
        keys_forget(m->keys);
    }
    bytes_wipe(keys, sizeof keys);
    return status;
}
