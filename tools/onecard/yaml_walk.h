/* Walking a YAML document with messages that name file and line. */
#ifndef ONECARD_YAML_WALK_H
#define ONECARD_YAML_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yaml.h>

struct yaml_walk {
    const char *path; /* of the file, for messages */
    yaml_document_t document;
    bool loaded;
    char *message; /* the first thing that was wrong */
    size_t message_size;
};

/* Load the one document of a file. false with the message set. */
bool yaml_walk_open(struct yaml_walk *w, const char *path, char *message, size_t message_size);
void yaml_walk_close(struct yaml_walk *w);

/* Set the message "FILE:LINE: ..." (the first one stays). Always false, to be returned. */
bool yaml_walk_wrong(struct yaml_walk *w, const yaml_node_t *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

size_t yaml_walk_line(const yaml_node_t *node);

/* What a mapping may hold: each word once. */
struct yaml_field {
    const char *word;
    bool required;
    yaml_node_t *value; /* set by yaml_walk_fields(); NULL if it is not there */
};

/* Take a mapping apart. false: not a mapping, an unknown or doubled word, a required one missing.
 */
bool yaml_walk_fields(struct yaml_walk *w, yaml_node_t *node, const char *what,
                      struct yaml_field *fields, size_t count);

/* Items of a sequence; an absent (NULL) or empty node has none. false: not a sequence. */
bool yaml_walk_items(struct yaml_walk *w, yaml_node_t *node, const char *what, size_t *out_count);
yaml_node_t *yaml_walk_item(struct yaml_walk *w, yaml_node_t *node, size_t index);

/* A scalar's text (in the document's memory). */
bool yaml_walk_text(struct yaml_walk *w, yaml_node_t *node, const char *what,
                    const char **out_text);

/* Hex digits, blanks allowed; malloc'd. */
bool yaml_walk_hex(struct yaml_walk *w, yaml_node_t *node, const char *what, uint8_t **out_bytes,
                   size_t *out_len);

/* A file's path, from the folder of the document; malloc'd, NULL: out of memory. */
char *yaml_walk_relative(const struct yaml_walk *w, const char *name);

/* A number, decimal or 0x hex, within bounds. */
bool yaml_walk_number(struct yaml_walk *w, yaml_node_t *node, const char *what, uint32_t min,
                      uint32_t max, uint32_t *out_number);

#endif
