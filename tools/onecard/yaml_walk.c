#include "yaml_walk.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"

/* The file has one document, and is YAML to its end. */
static bool nothing_follows(struct yaml_walk *w, yaml_parser_t *parser) {
    yaml_document_t more;
    if (!yaml_document_get_root_node(&w->document))
        return true;
    if (!yaml_parser_load(parser, &more))
        return false;
    yaml_node_t *root = yaml_document_get_root_node(&more);
    if (root)
        yaml_walk_wrong(w, root, "a second document: only one can be in a file");
    yaml_document_delete(&more);
    return !root;
}

bool yaml_walk_open(struct yaml_walk *w, const char *path, char *message, size_t message_size) {
    memset(w, 0, sizeof *w);
    w->path = path;
    w->message = message;
    w->message_size = message_size;
    message[0] = 0;
    FILE *f = fopen(path, "rb");
    if (!f) {
        snprintf(message, message_size, "%s: %s", path, strerror(errno));
        return false;
    }
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        fclose(f);
        snprintf(message, message_size, "%s: out of memory", path);
        return false;
    }
    yaml_parser_set_input_file(&parser, f);
    w->loaded = yaml_parser_load(&parser, &w->document);
    bool good = w->loaded && nothing_follows(w, &parser);
    if (!good && !message[0])
        snprintf(message, message_size, "%s:%zu: not YAML: %s", path, parser.problem_mark.line + 1,
                 parser.problem ? parser.problem : "unreadable");
    if (!good)
        yaml_walk_close(w);
    yaml_parser_delete(&parser);
    fclose(f);
    if (w->loaded && !yaml_document_get_root_node(&w->document)) {
        snprintf(message, message_size, "%s: empty", path);
        yaml_walk_close(w);
    }
    return w->loaded;
}

void yaml_walk_close(struct yaml_walk *w) {
    if (w->loaded)
        yaml_document_delete(&w->document);
    w->loaded = false;
}

size_t yaml_walk_line(const yaml_node_t *node) {
    return node->start_mark.line + 1;
}

bool yaml_walk_wrong(struct yaml_walk *w, const yaml_node_t *node, const char *format, ...) {
    if (w->message[0])
        return false;
    int n = snprintf(w->message, w->message_size, "%s:%zu: ", w->path, yaml_walk_line(node));
    if (n < 0 || (size_t)n >= w->message_size)
        return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(w->message + n, w->message_size - (size_t)n, format, arguments);
    va_end(arguments);
    return false;
}

static yaml_node_t *node_of(struct yaml_walk *w, int id) {
    return yaml_document_get_node(&w->document, id);
}

/* "files, keys, pins": for the message about an unknown word. */
static void list_words(const struct yaml_field *fields, size_t count, char *out, size_t size) {
    size_t len = 0;
    out[0] = 0;
    for (size_t i = 0; i < count && len < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", i ? ", " : "", fields[i].word);
}

static bool take_field(struct yaml_walk *w, yaml_node_t *key, yaml_node_t *value, const char *what,
                       struct yaml_field *fields, size_t count) {
    const char *word = "";
    if (!yaml_walk_text(w, key, "a word", &word))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, fields[i].word))
            continue;
        if (fields[i].value)
            return yaml_walk_wrong(w, key, "'%s' stands twice in %s", word, what);
        fields[i].value = value;
        return true;
    }
    char known[200];
    list_words(fields, count, known, sizeof known);
    return yaml_walk_wrong(w, key, "%s cannot have '%s' (it can have: %s)", what, word, known);
}

bool yaml_walk_fields(struct yaml_walk *w, yaml_node_t *node, const char *what,
                      struct yaml_field *fields, size_t count) {
    for (size_t i = 0; i < count; i++)
        fields[i].value = NULL;
    if (node->type != YAML_MAPPING_NODE)
        return yaml_walk_wrong(w, node, "%s must be a list of 'word: value'", what);
    for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top;
         p++)
        if (!take_field(w, node_of(w, p->key), node_of(w, p->value), what, fields, count))
            return false;
    for (size_t i = 0; i < count; i++)
        if (fields[i].required && !fields[i].value)
            return yaml_walk_wrong(w, node, "%s needs '%s'", what, fields[i].word);
    return true;
}

bool yaml_walk_items(struct yaml_walk *w, yaml_node_t *node, const char *what, size_t *out_count) {
    *out_count = 0;
    if (!node)
        return true;
    if (node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0)
        return true;
    if (node->type != YAML_SEQUENCE_NODE)
        return yaml_walk_wrong(w, node, "%s must be a list, each item after '- '", what);
    *out_count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    return true;
}

yaml_node_t *yaml_walk_item(struct yaml_walk *w, yaml_node_t *node, size_t index) {
    return node_of(w, node->data.sequence.items.start[index]);
}

bool yaml_walk_text(struct yaml_walk *w, yaml_node_t *node, const char *what,
                    const char **out_text) {
    if (node->type != YAML_SCALAR_NODE)
        return yaml_walk_wrong(w, node, "%s must be a single value", what);
    if (strlen((const char *)node->data.scalar.value) != node->data.scalar.length)
        return yaml_walk_wrong(w, node, "%s has a zero byte in it", what);
    *out_text = (const char *)node->data.scalar.value;
    return true;
}

char *yaml_walk_relative(const struct yaml_walk *w, const char *name) {
    const char *slash = name[0] == '/' ? NULL : strrchr(w->path, '/');
    size_t folder = slash ? (size_t)(slash - w->path) + 1 : 0;
    char *path = malloc(folder + strlen(name) + 1);
    if (path) {
        memcpy(path, w->path, folder);
        strcpy(path + folder, name);
    }
    return path;
}

bool yaml_walk_hex(struct yaml_walk *w, yaml_node_t *node, const char *what, uint8_t **out_bytes,
                   size_t *out_len) {
    const char *text = "";
    if (!yaml_walk_text(w, node, what, &text))
        return false;
    size_t max = HEX_BYTES_MAX(strlen(text)), column;
    uint8_t *bytes = malloc(max + 1);
    if (!bytes)
        return yaml_walk_wrong(w, node, "out of memory");
    const char *wrong = hex_parse(text, bytes, max, out_len, &column);
    if (wrong) {
        free(bytes);
        return yaml_walk_wrong(w, node, "%s: character %zu %s", what, column, wrong);
    }
    *out_bytes = bytes;
    return true;
}

bool yaml_walk_number(struct yaml_walk *w, yaml_node_t *node, const char *what, uint32_t min,
                      uint32_t max, uint32_t *out_number) {
    const char *text = "";
    if (!yaml_walk_text(w, node, what, &text))
        return false;
    char *end;
    errno = 0;
    /* never octal: 010 is ten */
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    unsigned long long v = strtoull(text, &end, hex ? 16 : 10);
    if (*text < '0' || *text > '9' || *end || errno)
        return yaml_walk_wrong(w, node, "%s: '%s' is not a number", what, text);
    if (v < min || v > max)
        return yaml_walk_wrong(w, node, "%s: %s is not between %u and %u", what, text, min, max);
    *out_number = (uint32_t)v;
    return true;
}
