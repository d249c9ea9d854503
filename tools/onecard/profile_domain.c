#include "profile_domain.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/tlv.h"
#include "secure/scp.h"

static const struct {
    const char *word;
    uint8_t type, size;
} algorithms[] = {{"3des", 0x80, 16},
                  {"aes-128", 0x88, 16},
                  {"aes-192", 0x88, 24},
                  {"aes-256", 0x88, 32},
                  {"sm4", 0x89, 16}};

static bool read_algorithm(struct yaml_walk *w, yaml_node_t *node, struct profile_domain_key *k) {
    const char *text;
    if (!yaml_walk_text(w, node, "algorithm", &text))
        return false;
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        if (strcmp(text, algorithms[i].word))
            continue;
        k->type = algorithms[i].type;
        k->size = algorithms[i].size;
        return true;
    }
    return yaml_walk_wrong(w, node, "algorithm: '%s' opens no secure channel", text);
}

static bool read_value(struct yaml_walk *w, yaml_node_t *node, const char *what, uint8_t size,
                       uint8_t value[32]) {
    uint8_t *bytes;
    size_t len;
    if (!yaml_walk_hex(w, node, what, &bytes, &len))
        return false;
    bool good = len == size;
    if (good)
        memcpy(value, bytes, len);
    bytes_wipe(bytes, len);
    free(bytes);
    return good || yaml_walk_wrong(w, node, "%s: a key of this algorithm has %u bytes", what, size);
}

static bool read_values(struct yaml_walk *w, yaml_node_t *node, const struct yaml_field *all,
                        const struct yaml_field parts[3], struct profile_domain_key *k) {
    for (size_t i = 0; i < 3; i++) {
        const struct yaml_field *f = parts[i].value ? &parts[i] : all;
        if (!f->value)
            return yaml_walk_wrong(w, node, "neither value nor %s is there", parts[i].word);
        if (!read_value(w, f->value, f->word, k->size, k->value[i]))
            return false;
    }
    return true;
}

static bool read_answers(struct yaml_walk *w, yaml_node_t *node, bool *out) {
    const char *text;
    if (!yaml_walk_text(w, node, "default", &text))
        return false;
    *out = !strcmp(text, "yes");
    return *out || !strcmp(text, "no") || yaml_walk_wrong(w, node, "default: yes or no");
}

static bool read_key(struct yaml_walk *w, yaml_node_t *node, struct profile_domain_key *k) {
    enum { VERSION, ALGORITHM, VALUE, ENC, MAC, DEK, OPTIONS, LEVEL, DEFAULT, FIELDS };
    struct yaml_field f[FIELDS] = {[VERSION] = {.word = "version", .required = true},
                                   [ALGORITHM] = {.word = "algorithm", .required = true},
                                   [VALUE] = {.word = "value"},
                                   [ENC] = {.word = "enc"},
                                   [MAC] = {.word = "mac"},
                                   [DEK] = {.word = "dek"},
                                   [OPTIONS] = {.word = "options"},
                                   [LEVEL] = {.word = "level"},
                                   [DEFAULT] = {.word = "default"}};
    uint32_t version, options, level = 0;
    k->line = yaml_walk_line(node);
    if (!yaml_walk_fields(w, node, "keys of the domain", f, FIELDS) ||
        !yaml_walk_number(w, f[VERSION].value, "version", 1, SCP_VERSION_TOKEN - 1, &version) ||
        !read_algorithm(w, f[ALGORITHM].value, k) || !read_values(w, node, &f[VALUE], &f[ENC], k))
        return false;
    k->version = (uint8_t)version;
    options = k->type == 0x80 ? SCP02_DEFAULT : SCP03_DEFAULT;
    if (f[OPTIONS].value && !yaml_walk_number(w, f[OPTIONS].value, "options", 0, 0xFF, &options))
        return false;
    if (f[LEVEL].value && !yaml_walk_number(w, f[LEVEL].value, "level", 0, 0x33, &level))
        return false;
    if (f[DEFAULT].value && !read_answers(w, f[DEFAULT].value, &k->answers))
        return false;
    k->has_options = f[OPTIONS].value || f[LEVEL].value || k->answers;
    k->options = (uint8_t)options;
    k->level = (uint8_t)level;
    return true;
}

static bool read_object(struct yaml_walk *w, const struct yaml_field *f, uint32_t tag, size_t exact,
                        struct profile_domain *out) {
    uint8_t *bytes;
    size_t len;
    if (!f->value)
        return true;
    if (!yaml_walk_hex(w, f->value, f->word, &bytes, &len))
        return false;
    bool good = (!exact || len == exact) &&
                tlv_put(out->objects, sizeof out->objects, &out->objects_len, tag, bytes, len);
    free(bytes);
    return good || yaml_walk_wrong(w, f->value, "%s: not of a length that it can have", f->word);
}

bool profile_domain_read(struct yaml_walk *w, yaml_node_t *node, struct profile_domain *out) {
    enum { KEYS, IIN, CIN, DIVERSIFICATION, FIELDS };
    struct yaml_field f[FIELDS] = {[KEYS] = {.word = "keys"},
                                   [IIN] = {.word = "iin"},
                                   [CIN] = {.word = "cin"},
                                   [DIVERSIFICATION] = {.word = "diversification"}};
    size_t count;
    memset(out, 0, sizeof *out);
    if (!node)
        return true;
    if (!yaml_walk_fields(w, node, "the domain", f, FIELDS) ||
        !yaml_walk_items(w, f[KEYS].value, "keys", &count) ||
        !read_object(w, &f[IIN], 0x42, 0, out) || !read_object(w, &f[CIN], 0x45, 0, out) ||
        !read_object(w, &f[DIVERSIFICATION], 0xCF, 10, out))
        return false;
    out->keys = calloc(count + 1, sizeof *out->keys);
    if (!out->keys)
        return yaml_walk_wrong(w, node, "out of memory");
    for (size_t i = 0; i < count; i++) {
        yaml_node_t *item = yaml_walk_item(w, f[KEYS].value, i);
        if (!read_key(w, item, &out->keys[out->key_count++]))
            return false;
        for (size_t k = 0; k < i; k++)
            if (out->keys[k].version == out->keys[i].version)
                return yaml_walk_wrong(w, item, "the keys of line %zu have that version already",
                                       out->keys[k].line);
    }
    return true;
}

void profile_domain_free(struct profile_domain *domain) {
    if (domain->keys)
        bytes_wipe(domain->keys, domain->key_count * sizeof *domain->keys);
    free(domain->keys);
    memset(domain, 0, sizeof *domain);
}
