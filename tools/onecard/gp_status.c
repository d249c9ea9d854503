#include "gp_status.h"

#include <string.h>

/* ---- BER-TLV: what is needed of it, for bytes that may be anything ---- */

struct tlv {
    uint32_t tag;
    const uint8_t *value;
    size_t len;
};

/* false: the bytes from *at on are no object. */
static bool tlv_next(const uint8_t *data, size_t len, size_t *at, struct tlv *out) {
    size_t i = *at;
    if (i >= len)
        return false;
    out->tag = data[i++];
    if ((out->tag & 0x1F) == 0x1F) {
        if (i >= len || (data[i] & 0x80))
            return false;
        out->tag = out->tag << 8 | data[i++];
    }
    if (i >= len)
        return false;
    size_t n = data[i++];
    if (n >= 0x80) {
        size_t bytes = n & 0x7F;
        if (bytes == 0 || bytes > 3 || len - i < bytes)
            return false;
        for (n = 0; bytes > 0; bytes--)
            n = n << 8 | data[i++];
    }
    if (n > len - i)
        return false;
    out->value = data + i;
    out->len = n;
    *at = i + n;
    return true;
}

bool gp_tlv_value(const uint8_t *data, size_t len, uint32_t tag, const uint8_t **out_value,
                  size_t *out_len) {
    struct tlv t;
    size_t at = 0;
    if (!tlv_next(data, len, &at, &t) || t.tag != tag)
        return false;
    *out_value = t.value;
    *out_len = t.len;
    return true;
}

/* ---- GET STATUS ---- */

static bool take_aid(const uint8_t *value, size_t len, struct gp_aid *out) {
    if (len > GP_AID_MAX)
        return false;
    out->len = (uint8_t)len;
    memcpy(out->value, value, len);
    return true;
}

static const char *entry_object(const struct tlv *t, struct gp_entry *e) {
    bool ok = true;
    switch (t->tag) {
    case 0x4F:
        ok = take_aid(t->value, t->len, &e->aid);
        break;
    case 0x9F70:
        ok = t->len >= 1;
        e->life_cycle = ok ? t->value[0] : 0;
        break;
    case 0xC5:
        ok = t->len == 1 || t->len == 3;
        e->privileges_len = ok ? (uint8_t)t->len : 0;
        memcpy(e->privileges, t->value, e->privileges_len);
        break;
    case 0xCC:
        ok = take_aid(t->value, t->len, &e->domain);
        break;
    case 0xC4:
        ok = take_aid(t->value, t->len, &e->package);
        break;
    case 0xCE:
        e->version_len = (uint8_t)(t->len < 2 ? t->len : 2);
        memcpy(e->version, t->value, e->version_len);
        break;
    case 0x84:
        ok = e->module_count == GP_MODULES_MAX ||
             take_aid(t->value, t->len, &e->modules[e->module_count++]);
        break;
    default: /* others may come: CF, and whatever a card adds */
        break;
    }
    return ok ? NULL : "an object in an entry has an impossible length";
}

static const char *tlv_entry(const uint8_t *data, size_t len, size_t *at, struct gp_entry *e) {
    struct tlv outer, inner;
    size_t inside = 0;
    if (!tlv_next(data, len, at, &outer))
        return "it is not a list of objects";
    if (outer.tag != 0xE3)
        return "an entry is not a template E3";
    while (inside < outer.len) {
        if (!tlv_next(outer.value, outer.len, &inside, &inner))
            return "an entry is not a list of objects";
        const char *wrong = entry_object(&inner, e);
        if (wrong)
            return wrong;
    }
    return e->aid.len ? NULL : "an entry has no AID";
}

/* A length and so many bytes of AID. */
static bool old_aid(const uint8_t *data, size_t len, size_t *at, struct gp_aid *out) {
    if (*at >= len || data[*at] > len - *at - 1 || !take_aid(data + *at + 1, data[*at], out))
        return false;
    *at += 1u + out->len;
    return true;
}

static const char *old_entry(const uint8_t *data, size_t len, size_t *at, bool with_modules,
                             struct gp_entry *e) {
    if (!old_aid(data, len, at, &e->aid) || len - *at < 2)
        return "an entry is cut short";
    e->life_cycle = data[*at];
    e->privileges_len = 1;
    e->privileges[0] = data[*at + 1];
    *at += 2;
    if (!with_modules)
        return NULL;
    if (*at >= len)
        return "an entry is cut short";
    unsigned count = data[(*at)++];
    for (unsigned i = 0; i < count; i++) {
        struct gp_aid module;
        if (!old_aid(data, len, at, &module))
            return "an entry is cut short";
        if (e->module_count < GP_MODULES_MAX)
            e->modules[e->module_count++] = module;
    }
    return NULL;
}

const char *gp_entry_next(const uint8_t *data, size_t len, size_t *at, bool tlv, bool with_modules,
                          struct gp_entry *out, bool *out_any) {
    memset(out, 0, sizeof *out);
    *out_any = *at < len;
    if (!*out_any)
        return NULL;
    return tlv ? tlv_entry(data, len, at, out) : old_entry(data, len, at, with_modules, out);
}

/* ---- card recognition data ---- */

/* The object identifiers of GlobalPlatform: 1.2.840.114283 and what follows. */
static const uint8_t gp_oid[] = {0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B};

static bool oid_tail(const struct tlv *t, const uint8_t **out_tail, size_t *out_len) {
    if (t->tag != 0x06 || t->len <= sizeof gp_oid || memcmp(t->value, gp_oid, sizeof gp_oid) != 0)
        return false;
    *out_tail = t->value + sizeof gp_oid;
    *out_len = t->len - sizeof gp_oid;
    return true;
}

/* GPCS H.2: arc 2 is the version, arc 4 a secure channel (protocol, i; i may take two bytes). */
static void recognise(const uint8_t *tail, size_t len, struct gp_recognition *out) {
    if (tail[0] == 2 && len >= 2) {
        for (size_t i = 1; i < len && i <= 3; i++)
            out->version[i - 1] = tail[i];
        out->known = true;
    } else if (tail[0] == 4 && len >= 3 && out->channel_count < 8) {
        unsigned i = tail[2];
        if ((i & 0x80) && len >= 4)
            i = (i & 0x7F) << 7 | tail[3];
        out->channels[out->channel_count].scp = tail[1];
        out->channels[out->channel_count++].i = (uint8_t)i;
    }
}

const char *gp_recognition_parse(const uint8_t *data, size_t len, struct gp_recognition *out) {
    const uint8_t *value;
    size_t size, at = 0;
    struct tlv outer, inner;
    memset(out, 0, sizeof *out);
    if (!gp_tlv_value(data, len, 0x66, &value, &size) ||
        !gp_tlv_value(value, size, 0x73, &data, &len))
        return "it is not a template 66 with a template 73 in it";
    while (at < len) {
        const uint8_t *tail;
        size_t tail_len, inside = 0;
        if (!tlv_next(data, len, &at, &outer))
            return "its objects are cut short";
        if ((outer.tag & 0xE0) != 0x60) /* application templates 60 to 6F hold an OID each */
            continue;
        if (tlv_next(outer.value, outer.len, &inside, &inner) && oid_tail(&inner, &tail, &tail_len))
            recognise(tail, tail_len, out);
    }
    return NULL;
}
