#include "access_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys/status.h"

static const struct {
    const char *word;
    uint8_t kind;
    bool numbered;
    uint8_t number; /* if it is not numbered */
} conditions[] = {
    {"pin", ACCESS_WHEN_PIN, true, 0},
    {"key", ACCESS_WHEN_KEY, true, 0},
    {"mac", ACCESS_WHEN_SM, false, STATUS_SM_MAC},
    {"enciphered", ACCESS_WHEN_SM, false, STATUS_SM_MAC | STATUS_SM_ENCIPHERED},
    {"card-pin", ACCESS_WHEN_CARD_PIN, false, 0},
    {"biometric", ACCESS_WHEN_BIOMETRIC, false, 0},
    {"never", ACCESS_WHEN_NEVER, false, 0},
};

#define CONDITIONS_MAX 8u

/* One alternative: conditions that must hold together. */
struct alternative {
    uint8_t pairs[2 * CONDITIONS_MAX];
    size_t len;
};

/* Take "pin 0" or "mac" from *text. false if no condition stands there. */
static bool take_condition(const char **text, struct alternative *a) {
    char word[16];
    int used = 0;
    if (sscanf(*text, " %15[a-z-]%n", word, &used) != 1 || a->len == sizeof a->pairs)
        return false;
    *text += used;
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        if (strcmp(word, conditions[i].word))
            continue;
        unsigned number = conditions[i].number;
        if (conditions[i].numbered) {
            if (sscanf(*text, " %3u%n", &number, &used) != 1 || number > 255)
                return false;
            *text += used;
        }
        a->pairs[a->len++] = conditions[i].kind;
        a->pairs[a->len++] = (uint8_t)number;
        return true;
    }
    return false;
}

/* Take "and" or "or"; 0 at the end, -1 if something else stands there. */
static int take_joint(const char **text) {
    char word[4] = "";
    int used = 0;
    if (sscanf(*text, " %3[a-z]%n", word, &used) != 1) {
        while (**text == ' ')
            (*text)++;
        return **text ? -1 : 0;
    }
    *text += used;
    return !strcmp(word, "and") ? 'a' : !strcmp(word, "or") ? 'o' : -1;
}

static bool put_entry(struct access_bytes *rules, uint8_t operation, uint8_t interfaces,
                      const struct alternative *a) {
    if (rules->len + 2 + a->len > sizeof rules->bytes)
        return false;
    rules->bytes[rules->len++] = operation;
    rules->bytes[rules->len++] = (uint8_t)(interfaces | a->len);
    memcpy(rules->bytes + rules->len, a->pairs, a->len);
    rules->len += a->len;
    return true;
}

static bool read_text(struct yaml_walk *w, yaml_node_t *node, const char *what, uint8_t operation,
                      uint8_t interfaces, struct access_bytes *rules) {
    const char *text;
    if (!yaml_walk_text(w, node, what, &text))
        return false;
    const char *at = text;
    struct alternative a = {.len = 0};
    int joint = !strcmp(text, "always") ? 0 : 'a';
    while (joint) {
        if (!take_condition(&at, &a))
            return yaml_walk_wrong(w, node,
                                   "%s: '%s' is not an access rule (always, never, pin N, key N, "
                                   "mac, enciphered, card-pin, biometric, joined by 'and', 'or')",
                                   what, text);
        joint = take_joint(&at);
        if (joint < 0)
            return yaml_walk_wrong(w, node, "%s: '%s': only 'and' or 'or' can stand at '%s'", what,
                                   text, at);
        if (joint == 'o') {
            if (!put_entry(rules, operation, interfaces, &a))
                return yaml_walk_wrong(w, node, "%s: too many rules for one file", what);
            a.len = 0;
        }
    }
    return put_entry(rules, operation, interfaces, &a) ||
           yaml_walk_wrong(w, node, "%s: too many rules for one file", what);
}

bool access_words_read(struct yaml_walk *w, yaml_node_t *node, const char *what, uint8_t operation,
                       struct access_bytes *rules) {
    if (!node)
        return true;
    if (node->type == YAML_SCALAR_NODE)
        return read_text(w, node, what, operation, ACCESS_CONTACT | ACCESS_CONTACTLESS, rules);
    struct yaml_field f[2] = {{.word = "contact"}, {.word = "contactless"}};
    return yaml_walk_fields(w, node, what, f, 2) &&
           (!f[0].value || read_text(w, f[0].value, what, operation, ACCESS_CONTACT, rules)) &&
           (!f[1].value || read_text(w, f[1].value, what, operation, ACCESS_CONTACTLESS, rules));
}
