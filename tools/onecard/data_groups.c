#include "data_groups.h"

#include <stdlib.h>
#include <string.h>

#include "access_words.h"
#include "base/bytes.h"
#include "base/tlv.h"
#include "crypto/crypto.h"
#include "fs/fs.h"
#include "keys/keys.h"
#include "keys/pin.h"
#include "pem_key.h"

enum { DGI_FILE = 0x6200, DGI_OBJECT = 0x7000, DGI_KEY = 0x8000, DGI_PIN = 0x8200 };

#define GROUP_MAX 4000u /* bytes of one group: it goes to the card in one (chained) command */

/* ---- bytes in the making ---- */

struct builder {
    uint8_t bytes[GROUP_MAX];
    size_t len;
    bool full;
};

static void put(struct builder *b, uint32_t tag, const void *value, size_t len) {
    if (!tlv_put(b->bytes, sizeof b->bytes, &b->len, tag, value, len))
        b->full = true;
}

static void put_number(struct builder *b, uint32_t tag, uint32_t v, size_t size) {
    uint8_t bytes[4];
    put_be32(bytes, v);
    put(b, tag, bytes + 4 - size, size);
}

static bool add_group(struct yaml_walk *w, yaml_node_t *node, struct data_groups *g, uint16_t id,
                      const struct builder *b) {
    if (b->full)
        return yaml_walk_wrong(w, node, "this is more than %u bytes", GROUP_MAX);
    struct data_group *more = realloc(g->groups, (g->count + 1) * sizeof *more);
    uint8_t *copy = malloc(b->len + 1);
    if (more)
        g->groups = more;
    if (!more || !copy) {
        free(copy);
        return yaml_walk_wrong(w, node, "out of memory");
    }
    memcpy(copy, b->bytes, b->len);
    g->groups[g->count++] = (struct data_group){id, copy, b->len, yaml_walk_line(node)};
    return true;
}

/* ---- words with a meaning ---- */

struct word {
    const char *text;
    uint32_t value;
};

static bool read_word(struct yaml_walk *w, yaml_node_t *node, const char *what,
                      const struct word *words, uint32_t *out_value) {
    const char *text;
    if (!yaml_walk_text(w, node, what, &text))
        return false;
    char known[256] = "";
    for (; words->text; words++) {
        if (!strcmp(text, words->text)) {
            *out_value = words->value;
            return true;
        }
        if (strlen(known) + strlen(words->text) + 3 < sizeof known) {
            strcat(known, known[0] ? ", " : "");
            strcat(known, words->text);
        }
    }
    return yaml_walk_wrong(w, node, "%s: '%s' is none of: %s", what, text, known);
}

static const struct word file_kinds[] = {
    {"transparent", FS_TRANSPARENT},
    {"linear-fixed", FS_LINEAR_FIXED},
    {"linear-variable", FS_LINEAR_VARIABLE},
    {"cyclic", FS_CYCLIC},
    {"directory", FS_DF},
    {NULL, 0},
};

static const struct word algorithms[] = {
    {"des", CRYPTO_DES},
    {"3des", CRYPTO_TDES2},
    {"3des-24", CRYPTO_TDES3},
    {"aes-128", CRYPTO_AES128},
    {"aes-192", CRYPTO_AES192},
    {"aes-256", CRYPTO_AES256},
    {"sm4", CRYPTO_SM4},
    {"rsa", CRYPTO_RSA},
    {"p-256", CRYPTO_P256},
    {"sm2", CRYPTO_SM2},
    {"rsa-public", CRYPTO_RSA | KEY_PUBLIC_ONLY},
    {"p-256-public", CRYPTO_P256 | KEY_PUBLIC_ONLY},
    {"sm2-public", CRYPTO_SM2 | KEY_PUBLIC_ONLY},
    {NULL, 0},
};

static const struct word usages[] = {
    {"encrypt", KEY_ENCRYPT},
    {"decrypt", KEY_DECRYPT},
    {"mac", KEY_MAC},
    {"mac-verify", KEY_MAC_VERIFY},
    {"sign", KEY_SIGN},
    {"verify", KEY_VERIFY},
    {"derive", KEY_DERIVE},
    {"agree", KEY_AGREE},
    {"wrap", KEY_WRAP},
    {"unwrap", KEY_UNWRAP},
    {"authenticate-external", KEY_AUTH_EXTERNAL},
    {"authenticate-internal", KEY_AUTH_INTERNAL},
    {NULL, 0},
};

static const struct word pin_formats[] = {
    {"raw", PIN_RAW},         {"bcd", PIN_BCD},         {"ascii", PIN_ASCII},
    {"block-1", PIN_BLOCK_1}, {"block-2", PIN_BLOCK_2}, {NULL, 0},
};

/* A number if it is there; *out keeps its default if not. */
static bool read_number(struct yaml_walk *w, const struct yaml_field *f, uint32_t min, uint32_t max,
                        uint32_t *out) {
    return !f->value || yaml_walk_number(w, f->value, f->word, min, max, out);
}

/* Two hex digits a byte, exactly len bytes: file identifiers and tags. */
static bool read_hex_number(struct yaml_walk *w, yaml_node_t *node, const char *what, size_t min,
                            size_t max, uint32_t *out, size_t *out_len) {
    uint8_t *bytes;
    size_t len;
    if (!yaml_walk_hex(w, node, what, &bytes, &len))
        return false;
    bool good = len >= min && len <= max;
    *out = 0;
    for (size_t i = 0; good && i < len; i++)
        *out = *out << 8 | bytes[i];
    *out_len = len;
    free(bytes);
    return good ||
           yaml_walk_wrong(w, node, "%s: %zu to %zu bytes of hex are needed", what, min, max);
}

static bool put_hex(struct yaml_walk *w, struct builder *b, uint32_t tag, yaml_node_t *node,
                    const char *what) {
    uint8_t *bytes;
    size_t len;
    if (!yaml_walk_hex(w, node, what, &bytes, &len))
        return false;
    put(b, tag, bytes, len);
    free(bytes);
    return true;
}

/* ---- files ---- */

enum {
    FILE_FID,
    FILE_KIND,
    FILE_SIZE,
    FILE_RECORD_SIZE,
    FILE_RECORDS,
    FILE_SFI,
    FILE_NAME,
    FILE_PATH,
    FILE_READ,
    FILE_UPDATE,
    FILE_APPEND,
    FILE_CREATE,
    FILE_DELETE,
    FILE_LIFE,
    FILE_FCI,
    FILE_CONTENTS,
    FILE_FIELDS
};

static bool put_file_rules(struct yaml_walk *w, struct builder *b, const struct yaml_field *f) {
    static const uint8_t operations[] = {ACCESS_READ,   ACCESS_UPDATE, ACCESS_APPEND,
                                         ACCESS_CREATE, ACCESS_DELETE, ACCESS_LIFE};
    struct access_bytes rules = {.len = 0};
    for (size_t i = 0; i < sizeof operations; i++)
        if (!access_words_read(w, f[FILE_READ + i].value, f[FILE_READ + i].word, operations[i],
                               &rules))
            return false;
    if (rules.len)
        put(b, 0x86, rules.bytes, rules.len);
    return true;
}

static bool put_file_template(struct yaml_walk *w, yaml_node_t *node, struct builder *b,
                              const struct yaml_field *f) {
    uint32_t kind, fid = 0, size = 0, record_size = 0, records = 0, sfi = 0;
    size_t len;
    if (!read_word(w, f[FILE_KIND].value, "kind", file_kinds, &kind) ||
        (f[FILE_FID].value && !read_hex_number(w, f[FILE_FID].value, "fid", 2, 2, &fid, &len)) ||
        !read_number(w, &f[FILE_SIZE], 1, 65000, &size) ||
        !read_number(w, &f[FILE_RECORD_SIZE], 1, 65535, &record_size) ||
        !read_number(w, &f[FILE_RECORDS], 1, 254, &records) ||
        !read_number(w, &f[FILE_SFI], 0, 30, &sfi))
        return false;
    bool by_records = kind == FS_LINEAR_FIXED || kind == FS_CYCLIC || kind == FS_LINEAR_VARIABLE;
    if ((kind == FS_TRANSPARENT || kind == FS_LINEAR_VARIABLE) && !size)
        return yaml_walk_wrong(w, node, "a %s file needs 'size'",
                               kind == FS_TRANSPARENT ? "transparent" : "linear-variable");
    if (by_records && (!record_size || !records))
        return yaml_walk_wrong(w, node, "a file of records needs 'record-size' and 'records'");
    size_t start = b->len;
    uint8_t descriptor[] = {(uint8_t)kind, 0x41, (uint8_t)(record_size >> 8), (uint8_t)record_size,
                            (uint8_t)records};
    put(b, 0x82, descriptor, by_records ? sizeof descriptor : 1);
    if (f[FILE_FID].value)
        put_number(b, 0x83, fid, 2);
    if (size)
        put_number(b, 0x80, size, 2);
    if (f[FILE_NAME].value && !put_hex(w, b, 0x84, f[FILE_NAME].value, "name"))
        return false;
    if (f[FILE_SFI].value)
        put_number(b, 0x88, sfi << 3, sfi ? 1 : 0);
    if (f[FILE_FCI].value && !put_hex(w, b, 0xA5, f[FILE_FCI].value, "fci"))
        return false;
    if (!put_file_rules(w, b, f))
        return false;
    if (!tlv_wrap(b->bytes, sizeof b->bytes, &b->len, start, 0x62))
        b->full = true;
    return true;
}

static bool read_file(struct yaml_walk *w, yaml_node_t *node, struct data_groups *g) {
    struct yaml_field f[FILE_FIELDS] = {
        [FILE_FID] = {.word = "fid"},         [FILE_KIND] = {.word = "kind", .required = true},
        [FILE_SIZE] = {.word = "size"},       [FILE_RECORD_SIZE] = {.word = "record-size"},
        [FILE_RECORDS] = {.word = "records"}, [FILE_SFI] = {.word = "sfi"},
        [FILE_NAME] = {.word = "name"},       [FILE_PATH] = {.word = "path"},
        [FILE_READ] = {.word = "read"},       [FILE_UPDATE] = {.word = "update"},
        [FILE_APPEND] = {.word = "append"},   [FILE_CREATE] = {.word = "create"},
        [FILE_DELETE] = {.word = "delete"},   [FILE_LIFE] = {.word = "life"},
        [FILE_FCI] = {.word = "fci"},         [FILE_CONTENTS] = {.word = "contents"},
    };
    static struct builder b;
    b = (struct builder){.len = 0};
    if (!yaml_walk_fields(w, node, "a file", f, FILE_FIELDS))
        return false;
    if (f[FILE_PATH].value && !put_hex(w, &b, 0x51, f[FILE_PATH].value, "path"))
        return false;
    if (!put_file_template(w, node, &b, f))
        return false;
    yaml_node_t *contents = f[FILE_CONTENTS].value;
    if (contents && contents->type == YAML_SCALAR_NODE) {
        if (!put_hex(w, &b, 0x53, contents, "contents"))
            return false;
    } else if (contents) {
        size_t count;
        if (!yaml_walk_items(w, contents, "contents", &count))
            return false;
        for (size_t i = 0; i < count; i++)
            if (!put_hex(w, &b, 0x53, yaml_walk_item(w, contents, i), "contents"))
                return false;
    }
    return add_group(w, node, g, DGI_FILE, &b);
}

/* ---- keys ---- */

static bool read_usage(struct yaml_walk *w, yaml_node_t *node, uint32_t *out_usage) {
    size_t count;
    *out_usage = 0;
    if (!yaml_walk_items(w, node, "usage", &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        uint32_t bit;
        if (!read_word(w, yaml_walk_item(w, node, i), "usage", usages, &bit))
            return false;
        *out_usage |= bit;
    }
    return *out_usage || yaml_walk_wrong(w, node, "usage: a key needs at least one");
}

/* Is that a length that a key of this algorithm can have? */
static bool key_length_fits(uint32_t algorithm, size_t len) {
    const enum crypto_alg alg = (enum crypto_alg)(algorithm & ~KEY_PUBLIC_ONLY);
    const struct crypto_alg_info *info = crypto_alg_find(alg);
    if (info->kind == CRYPTO_KIND_CIPHER)
        return len == info->key_size;
    return algorithm & KEY_PUBLIC_ONLY ? crypto_pk_size_of_public(alg, (uint32_t)len) != 0
                                       : crypto_pk_size_of_value(alg, (uint32_t)len) != 0;
}

static bool put_key_value(struct yaml_walk *w, struct builder *b, yaml_node_t *node,
                          uint32_t algorithm) {
    uint8_t *value;
    size_t len;
    if (!yaml_walk_hex(w, node, "value", &value, &len))
        return false;
    put(b, 0x87, value, len);
    bytes_wipe(value, len);
    free(value);
    if (key_length_fits(algorithm, len))
        return true;
    const struct crypto_alg_info *info = crypto_alg_find((enum crypto_alg)algorithm);
    if (info && info->kind == CRYPTO_KIND_CIPHER)
        return yaml_walk_wrong(w, node, "value: a key of this algorithm has %u bytes",
                               info->key_size);
    return yaml_walk_wrong(w, node, "value: no key of this algorithm has %zu bytes", len);
}

static bool put_key_pem(struct yaml_walk *w, struct builder *b, yaml_node_t *node,
                        uint32_t algorithm) {
    const char *name;
    uint8_t value[CRYPTO_PK_VALUE_MAX];
    size_t len;
    if (!yaml_walk_text(w, node, "pem", &name))
        return false;
    if (crypto_alg_find((enum crypto_alg)(algorithm & ~KEY_PUBLIC_ONLY))->kind !=
        CRYPTO_KIND_ASYMMETRIC)
        return yaml_walk_wrong(w, node, "pem: not for keys of this algorithm");
    char *path = yaml_walk_relative(w, name);
    if (!path)
        return yaml_walk_wrong(w, node, "out of memory");
    const char *wrong = pem_key_read(path, (enum crypto_alg)(algorithm & ~KEY_PUBLIC_ONLY),
                                     (algorithm & KEY_PUBLIC_ONLY) != 0, value, &len);
    if (wrong)
        yaml_walk_wrong(w, node, "pem: %s: %s", path, wrong);
    else
        put(b, 0x87, value, len);
    bytes_wipe(value, sizeof value);
    free(path);
    return !wrong;
}

/* Made on the card: so many bits. */
static bool put_key_generate(struct yaml_walk *w, struct builder *b, yaml_node_t *node,
                             uint32_t algorithm) {
    uint32_t bits;
    const enum crypto_alg alg = (enum crypto_alg)algorithm;
    const struct crypto_alg_info *info = crypto_alg_find(alg);
    if (!yaml_walk_number(w, node, "generate", 56, 2048, &bits))
        return false;
    const bool is_cipher = info && info->kind == CRYPTO_KIND_CIPHER;
    if (!info || bits % 8 ||
        (is_cipher ? bits / 8 != info->key_size : !crypto_pk_private_len(alg, bits / 8)))
        return yaml_walk_wrong(w, node, "generate: no key of this algorithm has %u bits", bits);
    put_number(b, 0x8B, is_cipher ? 0 : bits / 8, 2);
    return true;
}

static bool read_key(struct yaml_walk *w, yaml_node_t *node, struct data_groups *g) {
    enum { NUMBER, ALGORITHM, USAGE, VERSION, TRIES, ACCESS, VALUE, PEM, GENERATE, FIELDS };
    struct yaml_field f[FIELDS] = {
        [NUMBER] = {.word = "number", .required = true},
        [ALGORITHM] = {.word = "algorithm", .required = true},
        [USAGE] = {.word = "usage", .required = true},
        [VERSION] = {.word = "version"},
        [TRIES] = {.word = "tries"},
        [ACCESS] = {.word = "access"},
        [VALUE] = {.word = "value"},
        [PEM] = {.word = "pem"},
        [GENERATE] = {.word = "generate"},
    };
    static struct builder b;
    b = (struct builder){.len = 0};
    uint32_t number, algorithm, usage, version = 0, tries = 0;
    if (!yaml_walk_fields(w, node, "a key", f, FIELDS) ||
        !yaml_walk_number(w, f[NUMBER].value, "number", 0, 65535, &number) ||
        !read_word(w, f[ALGORITHM].value, "algorithm", algorithms, &algorithm) ||
        !read_usage(w, f[USAGE].value, &usage) || !read_number(w, &f[VERSION], 0, 255, &version) ||
        !read_number(w, &f[TRIES], 0, 255, &tries))
        return false;
    put_number(&b, 0x80, number, 2);
    put_number(&b, 0x81, algorithm, 1);
    put_number(&b, 0x82, usage, 2);
    put_number(&b, 0x83, version, 1);
    if (tries)
        put_number(&b, 0x84, tries, 1);
    struct access_bytes rules = {.len = 0};
    if (!access_words_read(w, f[ACCESS].value, "access", ACCESS_USE, &rules))
        return false;
    if (rules.len)
        put(&b, 0x86, rules.bytes, rules.len);
    if (!f[VALUE].value + !f[PEM].value + !f[GENERATE].value != 2)
        return yaml_walk_wrong(w, node, "a key needs 'value', or 'pem', or 'generate'");
    bool good = f[VALUE].value ? put_key_value(w, &b, f[VALUE].value, algorithm)
                : f[PEM].value ? put_key_pem(w, &b, f[PEM].value, algorithm)
                               : put_key_generate(w, &b, f[GENERATE].value, algorithm);
    good = good && add_group(w, node, g, DGI_KEY, &b);
    bytes_wipe(&b, sizeof b);
    return good;
}

/* ---- PINs ---- */

static bool read_pin(struct yaml_walk *w, yaml_node_t *node, struct data_groups *g) {
    enum {
        NUMBER,
        FORMAT,
        SHORTEST,
        LONGEST,
        TRIES,
        HISTORY,
        PUK,
        VERIFY,
        CHANGE,
        RESET,
        VALUE,
        FIELDS
    };
    struct yaml_field f[FIELDS] = {
        [NUMBER] = {.word = "number", .required = true},
        [FORMAT] = {.word = "format", .required = true},
        [SHORTEST] = {.word = "shortest"},
        [LONGEST] = {.word = "longest"},
        [TRIES] = {.word = "tries"},
        [HISTORY] = {.word = "history"},
        [PUK] = {.word = "puk"},
        [VERIFY] = {.word = "verify"},
        [CHANGE] = {.word = "change"},
        [RESET] = {.word = "reset"},
        [VALUE] = {.word = "value"},
    };
    static struct builder b;
    b = (struct builder){.len = 0};
    uint32_t number, format, shortest = 4, longest = 12, tries = 3, history = 0, puk = PIN_NONE;
    if (!yaml_walk_fields(w, node, "a PIN", f, FIELDS) ||
        !yaml_walk_number(w, f[NUMBER].value, "number", 0, STATUS_PINS - 1, &number) ||
        !read_word(w, f[FORMAT].value, "format", pin_formats, &format) ||
        !read_number(w, &f[SHORTEST], 1, PIN_LENGTH_MAX, &shortest) ||
        !read_number(w, &f[LONGEST], 1, PIN_LENGTH_MAX, &longest) ||
        !read_number(w, &f[TRIES], 1, 15, &tries) ||
        !read_number(w, &f[HISTORY], 0, PIN_HISTORY_MAX, &history) ||
        !read_number(w, &f[PUK], 0, STATUS_PINS - 1, &puk))
        return false;
    put_number(&b, 0x80, number, 1);
    put_number(&b, 0x81, format, 1);
    put_number(&b, 0x82, shortest, 1);
    put_number(&b, 0x83, longest, 1);
    put_number(&b, 0x84, tries, 1);
    put_number(&b, 0x85, history, 1);
    struct access_bytes rules = {.len = 0};
    if (!access_words_read(w, f[VERIFY].value, "verify", ACCESS_VERIFY, &rules) ||
        !access_words_read(w, f[CHANGE].value, "change", ACCESS_CHANGE, &rules) ||
        !access_words_read(w, f[RESET].value, "reset", ACCESS_RESET, &rules))
        return false;
    if (rules.len)
        put(&b, 0x86, rules.bytes, rules.len);
    if (f[VALUE].value && !put_hex(w, &b, 0x87, f[VALUE].value, "value"))
        return false;
    if (puk != PIN_NONE)
        put_number(&b, 0x88, puk, 1);
    bool good = add_group(w, node, g, DGI_PIN, &b);
    bytes_wipe(&b, sizeof b);
    return good;
}

bool data_groups_card_pin(struct yaml_walk *w, yaml_node_t *node, struct data_groups *out_groups) {
    enum { FORMAT, SHORTEST, LONGEST, TRIES, HISTORY, VALUE, FIELDS };
    struct yaml_field f[FIELDS] = {
        [FORMAT] = {.word = "format", .required = true},
        [SHORTEST] = {.word = "shortest"},
        [LONGEST] = {.word = "longest"},
        [TRIES] = {.word = "tries"},
        [HISTORY] = {.word = "history"},
        [VALUE] = {.word = "value", .required = true},
    };
    static struct builder b;
    b = (struct builder){.len = 0};
    uint32_t format, shortest = 4, longest = 12, tries = 3, history = 0;
    if (!yaml_walk_fields(w, node, "the card's PIN", f, FIELDS) ||
        !read_word(w, f[FORMAT].value, "format", pin_formats, &format) ||
        !read_number(w, &f[SHORTEST], 1, PIN_LENGTH_MAX, &shortest) ||
        !read_number(w, &f[LONGEST], 1, PIN_LENGTH_MAX, &longest) ||
        !read_number(w, &f[TRIES], 1, 15, &tries) ||
        !read_number(w, &f[HISTORY], 0, PIN_HISTORY_MAX, &history))
        return false;
    put_number(&b, 0x80, 0, 1);
    put_number(&b, 0x81, format, 1);
    put_number(&b, 0x82, shortest, 1);
    put_number(&b, 0x83, longest, 1);
    put_number(&b, 0x84, tries, 1);
    put_number(&b, 0x85, history, 1);
    bool good = put_hex(w, &b, 0x87, f[VALUE].value, "value") &&
                add_group(w, node, out_groups, DGI_PIN, &b);
    bytes_wipe(&b, sizeof b);
    return good;
}

/* ---- data objects, and groups of the applet's own ---- */

static bool read_object(struct yaml_walk *w, yaml_node_t *node, struct data_groups *g) {
    enum { TAG, VALUE_ONLY, SIZE, READ, UPDATE, VALUE, FIELDS };
    struct yaml_field f[FIELDS] = {
        [TAG] = {.word = "tag", .required = true},
        [VALUE_ONLY] = {.word = "value-only"},
        [SIZE] = {.word = "size"},
        [READ] = {.word = "read"},
        [UPDATE] = {.word = "update"},
        [VALUE] = {.word = "value"},
    };
    static struct builder b;
    b = (struct builder){.len = 0};
    uint32_t tag, size = 0, value_only = 0;
    size_t tag_len;
    static const struct word yes_no[] = {{"yes", 1}, {"no", 0}, {NULL, 0}};
    if (!yaml_walk_fields(w, node, "an object", f, FIELDS) ||
        !read_hex_number(w, f[TAG].value, "tag", 1, 3, &tag, &tag_len) ||
        !read_number(w, &f[SIZE], 1, 65000, &size) ||
        (f[VALUE_ONLY].value &&
         !read_word(w, f[VALUE_ONLY].value, "value-only", yes_no, &value_only)))
        return false;
    put_number(&b, 0x80, tag, tag_len);
    put_number(&b, 0x81, value_only ? FS_OBJECT_VALUE_ONLY : 0, 1);
    if (size)
        put_number(&b, 0x82, size, 2);
    struct access_bytes rules = {.len = 0};
    if (!access_words_read(w, f[READ].value, "read", ACCESS_READ, &rules) ||
        !access_words_read(w, f[UPDATE].value, "update", ACCESS_UPDATE, &rules))
        return false;
    if (rules.len)
        put(&b, 0x86, rules.bytes, rules.len);
    if (f[VALUE].value && !put_hex(w, &b, 0x53, f[VALUE].value, "value"))
        return false;
    return add_group(w, node, g, DGI_OBJECT, &b);
}

static bool read_own(struct yaml_walk *w, yaml_node_t *node, struct data_groups *g) {
    enum { ID, DATA, FIELDS };
    struct yaml_field f[FIELDS] = {
        [ID] = {.word = "id", .required = true}, [DATA] = {.word = "data", .required = true}};
    static struct builder b;
    b = (struct builder){.len = 0};
    uint32_t id;
    size_t id_len, len;
    uint8_t *data;
    if (!yaml_walk_fields(w, node, "a group", f, FIELDS) ||
        !read_hex_number(w, f[ID].value, "id", 2, 2, &id, &id_len) ||
        !yaml_walk_hex(w, f[DATA].value, "data", &data, &len))
        return false;
    if (len <= sizeof b.bytes) {
        memcpy(b.bytes, data, len);
        b.len = len;
    } else {
        b.full = true;
    }
    free(data);
    return add_group(w, node, g, (uint16_t)id, &b);
}

bool data_groups_read(struct yaml_walk *w, const struct data_group_nodes *nodes,
                      struct data_groups *out_groups) {
    const struct {
        yaml_node_t *node;
        const char *what;
        bool (*read)(struct yaml_walk *w, yaml_node_t *node, struct data_groups *g);
    } lists[] = {
        {nodes->pins, "pins", read_pin},     {nodes->keys, "keys", read_key},
        {nodes->files, "files", read_file},  {nodes->objects, "objects", read_object},
        {nodes->groups, "groups", read_own},
    };
    *out_groups = (struct data_groups){NULL, 0};
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        size_t count;
        if (!yaml_walk_items(w, lists[l].node, lists[l].what, &count))
            return false;
        for (size_t i = 0; i < count; i++)
            if (!lists[l].read(w, yaml_walk_item(w, lists[l].node, i), out_groups))
                return false;
    }
    return true;
}

void data_groups_free(struct data_groups *groups) {
    for (size_t i = 0; i < groups->count; i++) {
        bytes_wipe(groups->groups[i].data, groups->groups[i].len);
        free(groups->groups[i].data);
    }
    free(groups->groups);
    *groups = (struct data_groups){NULL, 0};
}
