#include "profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "manager/registry.h"
#include "yaml_walk.h"

/* How much of the card it may use (docs/profiles.md). */
static bool read_quota(struct yaml_walk *w, yaml_node_t *node, bool package, struct quota *out) {
    struct yaml_field f[QUOTA_KINDS] = {
        [QUOTA_CODE] = {.word = "code"},   [QUOTA_MEMORY] = {.word = "memory"},
        [QUOTA_FLASH] = {.word = "flash"}, [QUOTA_OBJECTS] = {.word = "objects"},
        [QUOTA_FUEL] = {.word = "fuel"},   [QUOTA_TRANSACTION] = {.word = "transaction"},
        [QUOTA_STACK] = {.word = "stack"}, [QUOTA_DEPTH] = {.word = "depth"},
    };
    quota_clear(out);
    if (!node)
        return true;
    if (!yaml_walk_fields(w, node, "a quota", f, QUOTA_KINDS))
        return false;
    if (f[QUOTA_CODE].value && !package)
        return yaml_walk_wrong(w, f[QUOTA_CODE].value, "code: only a package has a quota of code");
    for (size_t i = 0; i < QUOTA_KINDS; i++)
        if (f[i].value &&
            !yaml_walk_number(w, f[i].value, f[i].word, 1, QUOTA_NONE - 1, &out->most[i]))
            return false;
    return true;
}

/* A path, or a mapping with the path and a quota. */
static bool read_package(struct yaml_walk *w, yaml_node_t *node, struct profile *profile) {
    enum { CAP, QUOTA, FIELDS };
    struct yaml_field f[FIELDS] = {
        [CAP] = {.word = "cap", .required = true}, [QUOTA] = {.word = "quota"}};
    const char *name;
    struct quota quota;
    yaml_node_t *path = node;
    if (node->type == YAML_MAPPING_NODE) {
        if (!yaml_walk_fields(w, node, "a package", f, FIELDS))
            return false;
        path = f[CAP].value;
    }
    if (!yaml_walk_text(w, path, "a package", &name) ||
        !read_quota(w, f[QUOTA].value, true, &quota))
        return false;
    struct profile_package *p = &profile->packages[profile->package_count];
    memset(p, 0, sizeof *p);
    p->quota = quota;
    p->line = yaml_walk_line(node);
    p->path = yaml_walk_relative(w, name);
    if (!p->path)
        return yaml_walk_wrong(w, node, "out of memory");
    profile->package_count++;
    const char *wrong = cap_read(p->path, &p->cap);
    return !wrong || yaml_walk_wrong(w, node, "%s: %s", p->path, wrong);
}

static bool read_aid(struct yaml_walk *w, yaml_node_t *node, const char *what,
                     struct cap_aid *out) {
    const char *text;
    return yaml_walk_text(w, node, what, &text) &&
           (cap_aid_parse(text, strlen(text), out) ||
            yaml_walk_wrong(w, node, "%s: '%s' is not 5 to 16 bytes of hex", what, text));
}

static bool same_aid(const struct cap_aid *a, const struct cap_aid *b) {
    return a->len == b->len && !memcmp(a->value, b->value, a->len);
}

static const struct profile_package *find_package(const struct profile *profile,
                                                  const struct cap_aid *applet) {
    for (size_t i = 0; i < profile->package_count; i++) {
        const struct cap_description *d = &profile->packages[i].cap.description;
        for (size_t k = 0; k < d->applet_count; k++)
            if (same_aid(&d->applets[k], applet))
                return &profile->packages[i];
    }
    return NULL;
}

/* What an applet may be allowed beyond its own objects (GPCS 2.3.1 tables 11-7 to 11-9). */
static bool read_privileges(struct yaml_walk *w, yaml_node_t *node, uint8_t out[3]) {
    static const struct {
        const char *word;
        uint8_t byte, bit;
    } words[] = {
        {"card-lock", 0, 0x10},       {"card-terminate", 0, 0x08},    {"default-selected", 0, 0x04},
        {"cvm-management", 0, 0x02},  {"global-delete", 1, 0x10},     {"global-lock", 1, 0x08},
        {"global-registry", 1, 0x04}, {"final-application", 1, 0x02}, {"global-service", 1, 0x01}};
    size_t count;
    if (!yaml_walk_items(w, node, "privileges", &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        yaml_node_t *item = yaml_walk_item(w, node, i);
        const char *text;
        size_t k = 0;
        if (!yaml_walk_text(w, item, "a privilege", &text))
            return false;
        while (k < sizeof words / sizeof *words && strcmp(text, words[k].word) != 0)
            k++;
        if (k == sizeof words / sizeof *words)
            return yaml_walk_wrong(w, item, "'%s' is no privilege; see docs/profiles.md", text);
        out[words[k].byte] |= words[k].bit;
    }
    return true;
}

static bool read_instance(struct yaml_walk *w, yaml_node_t *node, struct profile *profile) {
    enum { APPLET, AID, PRIVILEGES, QUOTA, PARAMETERS, FILES, KEYS, PINS, OBJECTS, GROUPS, FIELDS };
    struct yaml_field f[FIELDS] = {[APPLET] = {.word = "applet", .required = true},
                                   [AID] = {.word = "aid"},
                                   [PRIVILEGES] = {.word = "privileges"},
                                   [QUOTA] = {.word = "quota"},
                                   [PARAMETERS] = {.word = "parameters"},
                                   [FILES] = {.word = "files"},
                                   [KEYS] = {.word = "keys"},
                                   [PINS] = {.word = "pins"},
                                   [OBJECTS] = {.word = "objects"},
                                   [GROUPS] = {.word = "groups"}};
    if (!yaml_walk_fields(w, node, "an instance", f, FIELDS))
        return false;
    struct profile_instance *i = &profile->instances[profile->instance_count++];
    memset(i, 0, sizeof *i);
    i->line = yaml_walk_line(node);
    if (!read_aid(w, f[APPLET].value, "applet", &i->applet))
        return false;
    i->aid = i->applet;
    if (f[AID].value && !read_aid(w, f[AID].value, "aid", &i->aid))
        return false;
    if (!read_privileges(w, f[PRIVILEGES].value, i->privileges) ||
        !read_quota(w, f[QUOTA].value, false, &i->quota))
        return false;
    i->package = find_package(profile, &i->applet);
    if (!i->package)
        return yaml_walk_wrong(w, f[APPLET].value, "no package of this profile has that applet");
    for (size_t k = 0; k + 1 < profile->instance_count; k++)
        if (same_aid(&profile->instances[k].aid, &i->aid))
            return yaml_walk_wrong(w, node, "the instance of line %zu has that AID already",
                                   profile->instances[k].line);
    struct data_group_nodes nodes = {.files = f[FILES].value,
                                     .keys = f[KEYS].value,
                                     .pins = f[PINS].value,
                                     .objects = f[OBJECTS].value,
                                     .groups = f[GROUPS].value};
    if (!data_groups_read(w, &nodes, &i->groups))
        return false;
    if (!f[PARAMETERS].value)
        return true;
    if (!yaml_walk_hex(w, f[PARAMETERS].value, "parameters", &i->parameters, &i->parameters_len))
        return false;
    return i->parameters_len <= 127 ||
           yaml_walk_wrong(w, f[PARAMETERS].value, "parameters: more than 127 bytes");
}

static bool read_root(struct yaml_walk *w, struct profile *profile) {
    enum { DOMAIN, CARD_PIN, PACKAGES, INSTANCES, FIELDS };
    struct yaml_field f[FIELDS] = {[DOMAIN] = {.word = "domain"},
                                   [CARD_PIN] = {.word = "card-pin"},
                                   [PACKAGES] = {.word = "packages", .required = true},
                                   [INSTANCES] = {.word = "instances", .required = true}};
    size_t packages, instances;
    if (!yaml_walk_fields(w, yaml_document_get_root_node(&w->document), "a profile", f, FIELDS) ||
        !profile_domain_read(w, f[DOMAIN].value, &profile->domain) ||
        !yaml_walk_items(w, f[PACKAGES].value, "packages", &packages) ||
        !yaml_walk_items(w, f[INSTANCES].value, "instances", &instances))
        return false;
    if (f[CARD_PIN].value && !data_groups_card_pin(w, f[CARD_PIN].value, &profile->card))
        return false;
    if (packages + instances > REGISTRY_MAX)
        return yaml_walk_wrong(w, yaml_document_get_root_node(&w->document),
                               "more than %u packages and instances together", REGISTRY_MAX);
    profile->packages = calloc(packages + 1, sizeof *profile->packages);
    profile->instances = calloc(instances + 1, sizeof *profile->instances);
    if (!profile->packages || !profile->instances)
        return yaml_walk_wrong(w, yaml_document_get_root_node(&w->document), "out of memory");
    for (size_t i = 0; i < packages; i++)
        if (!read_package(w, yaml_walk_item(w, f[PACKAGES].value, i), profile))
            return false;
    for (size_t i = 0; i < instances; i++)
        if (!read_instance(w, yaml_walk_item(w, f[INSTANCES].value, i), profile))
            return false;
    return true;
}

int profile_read(const char *path, struct profile *out_profile, char message[PROFILE_MESSAGE_MAX]) {
    struct yaml_walk w;
    memset(out_profile, 0, sizeof *out_profile);
    if (!yaml_walk_open(&w, path, message, PROFILE_MESSAGE_MAX))
        return -1;
    bool good = read_root(&w, out_profile);
    yaml_walk_close(&w);
    if (!good)
        profile_free(out_profile);
    return good ? 0 : -1;
}

void profile_free(struct profile *profile) {
    for (size_t i = 0; i < profile->package_count; i++) {
        free(profile->packages[i].path);
        cap_free(&profile->packages[i].cap);
    }
    for (size_t i = 0; i < profile->instance_count; i++) {
        free(profile->instances[i].parameters);
        data_groups_free(&profile->instances[i].groups);
    }
    data_groups_free(&profile->card);
    profile_domain_free(&profile->domain);
    free(profile->packages);
    free(profile->instances);
    memset(profile, 0, sizeof *profile);
}
