/* Personalisation: what each DGI makes. */
#include "fs/perso.h"

#include <string.h>

#include "base/bytes.h"
#include "base/tlv.h"
#include "fs/object.h"

enum onecard_err fs_perso_next(const uint8_t **data, uint32_t *len, uint16_t *out_dgi,
                               const uint8_t **out_value, uint32_t *out_len) {
    const uint8_t *p = *data;
    if (*len == 0)
        return ONECARD_E_NOT_FOUND;
    const uint32_t head = *len > 2 && p[2] == 0xFF ? 5 : 3;
    if (*len < head)
        return ONECARD_E_FORMAT;
    *out_dgi = get_be16(p);
    *out_len = head == 5 ? get_be16(p + 3) : p[2];
    *out_value = p + head;
    if (*out_len > *len - head)
        return ONECARD_E_FORMAT;
    *data = p + head + *out_len;
    *len -= head + *out_len;
    return ONECARD_OK;
}

/* ---- fields 80 to 8F of objects, keys and PINs ---- */

struct field {
    uint8_t tag;
    uint16_t len_min, len_max;
};

struct fields {
    struct tlv t[16]; /* by the tag's low nibble; value NULL: missing */
};

/* FORMAT: a tag that is not in the table, comes twice, or has a wrong length. */
static enum onecard_err parse(struct fields *f, const uint8_t *data, uint32_t len,
                              const struct field *table, uint32_t count) {
    const uint8_t *p = data, *end = p + len;
    struct tlv t;
    memset(f, 0, sizeof *f);
    while (p != end) {
        uint32_t i = 0;
        if (!tlv_next(&p, end, &t))
            return ONECARD_E_FORMAT;
        while (i < count && table[i].tag != t.tag)
            i++;
        if (i == count || t.len < table[i].len_min || t.len > table[i].len_max ||
            f->t[t.tag & 0x0F].value != NULL)
            return ONECARD_E_FORMAT;
        f->t[t.tag & 0x0F] = t;
    }
    return ONECARD_OK;
}

static const struct tlv *field(const struct fields *f, uint8_t tag) {
    return &f->t[tag & 0x0F];
}

static bool has(const struct fields *f, uint8_t tag) {
    return field(f, tag)->value != NULL;
}

/* A number of 1 or 2 bytes. */
static uint16_t number(const struct fields *f, uint8_t tag, uint16_t usual) {
    const struct tlv *t = field(f, tag);
    if (t->value == NULL)
        return usual;
    return t->len == 1 ? t->value[0] : get_be16(t->value);
}

static uint8_t byte(const struct fields *f, uint8_t tag, uint8_t usual) {
    return (uint8_t)number(f, tag, usual);
}

/* ---- files ---- */

/* Contents: a transparent file takes them at the offset, a record file as a new record. */
static enum onecard_err add_contents(struct store *s, uint32_t owner, fs_file file,
                                     uint32_t *offset, const struct tlv *contents) {
    struct fs_info info;
    enum onecard_err err = fs_file_info(s, owner, file, &info);
    if (err != ONECARD_OK)
        return err;
    if (info.type != FS_TRANSPARENT)
        return fs_record_append(s, owner, file, contents->value, contents->len);
    err = fs_binary_update(s, owner, file, *offset, contents->value, contents->len);
    *offset += contents->len;
    return err;
}

static enum onecard_err find_path(const struct store *s, uint32_t owner, const struct tlv *path,
                                  fs_file *out) {
    *out = FS_ROOT;
    if (path->len == 0)
        return ONECARD_OK;
    enum onecard_err err = fs_file_find_path(s, owner, FS_ROOT, path->value, path->len, out);
    return err == ONECARD_E_PARAM ? ONECARD_E_FORMAT : err;
}

/* Both file DGIs: 51 path, 62 template (only for a new file), 54 offset, 53 contents, several
 * times; in this order. */
static enum onecard_err walk_file(struct store *s, uint32_t owner, const uint8_t *data,
                                  uint32_t len, bool create) {
    const uint8_t *p = data, *end = p + len;
    struct tlv t;
    fs_file file = FS_ROOT;
    uint32_t offset = 0;
    bool created = !create;
    while (p != end) {
        const uint8_t *start = p;
        enum onecard_err err = ONECARD_E_FORMAT;
        if (!tlv_next(&p, end, &t))
            return ONECARD_E_FORMAT;
        if (t.tag == 0x51 && start == data) {
            err = find_path(s, owner, &t, &file);
        } else if (t.tag == 0x62 && !created) {
            err = fs_file_create(s, owner, file, start, (uint32_t)(p - start), &file);
            created = true;
        } else if (t.tag == 0x54 && created && t.len >= 1 && t.len <= 2) {
            offset = t.len == 1 ? t.value[0] : get_be16(t.value);
            err = ONECARD_OK;
        } else if (t.tag == 0x53 && created) {
            err = add_contents(s, owner, file, &offset, &t);
        }
        if (err != ONECARD_OK)
            return err;
    }
    return created ? ONECARD_OK : ONECARD_E_FORMAT;
}

static enum onecard_err make_file(struct keys *k, uint32_t owner, const uint8_t *data,
                                  uint32_t len) {
    return walk_file(k->store, owner, data, len, true);
}

static enum onecard_err fill_file(struct keys *k, uint32_t owner, const uint8_t *data,
                                  uint32_t len) {
    return walk_file(k->store, owner, data, len, false);
}

/* As EMV CPS has it: the record number must be one that is there, or the next. */
static enum onecard_err put_record(struct keys *k, uint32_t owner, uint16_t dgi,
                                   const uint8_t *data, uint32_t len) {
    fs_file file;
    struct fs_info info;
    const uint8_t sfi = (uint8_t)(dgi >> 8), record = (uint8_t)dgi;
    enum onecard_err err = fs_file_find_sfi(k->store, owner, FS_ROOT, sfi, &file);
    if (err == ONECARD_OK)
        err = fs_file_info(k->store, owner, file, &info);
    if (err != ONECARD_OK)
        return err;
    if (record > info.record_count + 1)
        return ONECARD_E_FORMAT;
    return record <= info.record_count ? fs_record_update(k->store, owner, file, record, data, len)
                                       : fs_record_append(k->store, owner, file, data, len);
}

/* ---- data objects ---- */

static enum onecard_err make_object(struct keys *k, uint32_t owner, const uint8_t *data,
                                    uint32_t len) {
    static const struct field table[] = {
        {0x80, 1, 3}, {0x81, 1, 1}, {0x82, 2, 2}, {0x86, 0, ACCESS_RULES_MAX}};
    struct fields f;
    struct tlv value = {0, 0, NULL};
    const uint8_t *p = data, *end = p + len;
    uint32_t tag;
    uint32_t head = 0; /* up to the value, which comes last */
    while (p != end && value.value == NULL) {
        if (!tlv_next(&p, end, &value))
            return ONECARD_E_FORMAT;
        if (value.tag != 0x53) {
            value.value = NULL;
            head = (uint32_t)(p - data);
        }
    }
    if (p != end)
        return ONECARD_E_FORMAT;
    enum onecard_err err = parse(&f, data, head, table, sizeof table / sizeof *table);
    if (err != ONECARD_OK)
        return err;
    p = field(&f, 0x80)->value;
    if (p == NULL || !fs_tag_take(&p, p + field(&f, 0x80)->len, &tag))
        return ONECARD_E_FORMAT;
    err = fs_object_create(k->store, owner, tag, byte(&f, 0x81, 0), number(&f, 0x82, 0),
                           field(&f, 0x86)->value, field(&f, 0x86)->len);
    return err == ONECARD_OK && value.value != NULL
               ? fs_object_write(k->store, owner, tag, value.value, value.len)
               : err;
}

static enum onecard_err put_values(struct keys *k, uint32_t owner, const uint8_t *data,
                                   uint32_t len) {
    const uint8_t *p = data, *end = p + len;
    enum onecard_err err = ONECARD_OK;
    while (p != end && err == ONECARD_OK) {
        struct tlv t;
        if (!tlv_next(&p, end, &t))
            return ONECARD_E_FORMAT;
        err = fs_object_write(k->store, owner, t.tag, t.value, t.len);
    }
    return err;
}

/* ---- keys ---- */

#define VALUE_MAX CRYPTO_PK_VALUE_MAX
#define WRAPPED_MAX (VALUE_MAX + CRYPTO_SM2_OVERHEAD)

static enum onecard_err import_key(struct keys *k, uint32_t owner, const struct fields *f,
                                   const struct key_spec *spec) {
    const struct key_ref wrap = {owner, number(f, 0x88, 0), NULL};
    const struct tlv *wrapped = field(f, 0x89), *check = field(f, 0x8A);
    return keys_import(k, &wrap, number(f, 0x80, 0), spec, byte(f, 0x83, 0), wrapped->value,
                       wrapped->len, check->value, check->len);
}

/* Made on the card: bytes of modulus (32 for curves, 0 for ciphers), then RSA's exponent. */
static enum onecard_err generate_key(struct keys *k, uint32_t owner, const struct fields *f,
                                     const struct key_spec *spec) {
    const struct tlv *how = field(f, 0x8B);
    if (how->len != 2 && how->len != 6)
        return ONECARD_E_FORMAT;
    return keys_generate(k, owner, number(f, 0x80, 0), spec, get_be16(how->value),
                         how->len == 6 ? get_be32(how->value + 2) : 0);
}

/* With algorithm and usage: a new key. Without: a new value and version for one that is there. */
static enum onecard_err make_key(struct keys *k, uint32_t owner, const uint8_t *data,
                                 uint32_t len) {
    static const struct field table[] = {
        {0x80, 1, 2},                /* number */
        {0x81, 1, 1},                /* algorithm: enum crypto_alg */
        {0x82, 2, 2},                /* usage: enum key_usage */
        {0x83, 1, 1},                /* version */
        {0x84, 1, 1},                /* tries */
        {0x86, 0, ACCESS_RULES_MAX}, /* access rules */
        {0x87, 8, VALUE_MAX},        /* value in plain */
        {0x88, 1, 2},                /* number of the key it is enciphered under */
        {0x89, 8, WRAPPED_MAX},      /* value enciphered */
        {0x8A, 3, 3},                /* check value */
        {0x8B, 2, 6},                /* instead of a value: made on the card */
        {0x8C, 0, 0},                /* instead of a value: it comes in pieces */
    };
    struct fields f;
    struct key_spec spec;
    enum onecard_err err = parse(&f, data, len, table, sizeof table / sizeof *table);
    if (err != ONECARD_OK)
        return err;
    const struct tlv *value = field(&f, 0x87);
    const bool create = has(&f, 0x81) || has(&f, 0x82), wrapped = has(&f, 0x89);
    const bool generated = has(&f, 0x8B), pieces = has(&f, 0x8C);
    if (!has(&f, 0x80) || has(&f, 0x87) + wrapped + generated + pieces != 1 ||
        wrapped != has(&f, 0x88) || (!wrapped && has(&f, 0x8A)) ||
        ((generated || pieces) && !create))
        return ONECARD_E_FORMAT;
    spec.algorithm = byte(&f, 0x81, 0);
    spec.usage = number(&f, 0x82, 0);
    spec.version = byte(&f, 0x83, 0);
    spec.tries_max = byte(&f, 0x84, 0);
    spec.rules = field(&f, 0x86)->value;
    spec.rules_len = (uint8_t)field(&f, 0x86)->len;
    if (generated)
        return generate_key(k, owner, &f, &spec);
    if (pieces)
        return keys_pieces_begin(k, owner, number(&f, 0x80, 0), &spec);
    if (wrapped)
        return import_key(k, owner, &f, create ? &spec : NULL);
    if (create)
        return keys_create(k, owner, number(&f, 0x80, 0), &spec, value->value, value->len);
    return keys_update(k, owner, number(&f, 0x80, 0), spec.version, value->value, value->len);
}

/* ---- PINs ---- */

static enum onecard_err make_pin(struct keys *k, uint32_t owner, const uint8_t *data,
                                 uint32_t len) {
    static const struct field table[] = {
        {0x80, 1, 1},                /* number */
        {0x81, 1, 1},                /* format: enum pin_format */
        {0x82, 1, 1},                /* shortest */
        {0x83, 1, 1},                /* longest */
        {0x84, 1, 1},                /* tries */
        {0x85, 1, 1},                /* history */
        {0x86, 0, ACCESS_RULES_MAX}, /* access rules */
        {0x87, 1, PIN_LENGTH_MAX},   /* value, in the PIN's format */
        {0x88, 1, 1},                /* number of its PUK */
    };
    struct fields f;
    struct pin_spec spec;
    enum onecard_err err = parse(&f, data, len, table, sizeof table / sizeof *table);
    if (err != ONECARD_OK)
        return err;
    if (!has(&f, 0x80) || !has(&f, 0x81))
        return ONECARD_E_FORMAT;
    spec.format = byte(&f, 0x81, 0);
    spec.length_min = byte(&f, 0x82, 4);
    spec.length_max = byte(&f, 0x83, 12);
    spec.tries_max = byte(&f, 0x84, 3);
    spec.history = byte(&f, 0x85, 0);
    spec.puk = byte(&f, 0x88, PIN_NONE);
    spec.rules = field(&f, 0x86)->value;
    spec.rules_len = (uint8_t)field(&f, 0x86)->len;
    return keys_pin_create(k, owner, byte(&f, 0x80, 0), &spec, field(&f, 0x87)->value,
                           field(&f, 0x87)->len);
}

/* ---- the table ---- */

enum onecard_err fs_perso_dgi(struct keys *k, uint32_t owner, uint16_t dgi, const uint8_t *data,
                              uint32_t len) {
    static const struct {
        uint16_t dgi;
        enum onecard_err (*make)(struct keys *k, uint32_t owner, const uint8_t *data, uint32_t len);
    } table[] = {
        {FS_DGI_FILE, make_file},    {FS_DGI_CONTENTS, fill_file}, {FS_DGI_OBJECT, make_object},
        {FS_DGI_VALUES, put_values}, {FS_DGI_KEY, make_key},       {FS_DGI_PIN, make_pin},
    };
    const uint8_t sfi = (uint8_t)(dgi >> 8), record = (uint8_t)dgi;
    for (uint32_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].dgi == dgi)
            return len == 0 ? ONECARD_E_FORMAT : table[i].make(k, owner, data, len);
    if (dgi > FS_DGI_PIN && dgi <= FS_DGI_PIN + KEY_PIECE_P)
        return keys_piece(k, owner, (enum key_piece)(dgi - FS_DGI_PIN), data, len);
    if (sfi >= 1 && sfi <= 0x1E && record >= 1 && record <= FS_RECORDS_MAX)
        return put_record(k, owner, dgi, data, len);
    return ONECARD_E_UNSUPPORTED;
}
