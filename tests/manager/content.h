/* What the tests of content management share: packages as they are built, load files in the making,
 * the commands of GPCS 2.3.1 clause 11 in binary, and what is on the card in numbers. */
#ifndef MANAGER_CONTENT_H
#define MANAGER_CONTENT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/runtime.h"
#include "support/card.h"

#include "../../tools/onecard/cap_file.h"

#define HELLO_PACKAGE "\xF0\x6F\x6E\x65\x63\x61\x72\x64\x01\x50"
#define HELLO_APPLET "\xF0\x6F\x6E\x65\x63\x61\x72\x64\x01"
#define PROBE_APPLET "\xF0\x6F\x6E\x65\x63\x61\x72\x64\xFF"
#define AID_OF(text) ((struct aid){sizeof(text) - 1, text})

enum { P1_LAST = 0x80 };

/* ---- commands ---- */

/* One command with idle time behind it; extended where it is long. Returns the status word. */
static inline unsigned content_send(struct test_card *t, uint8_t ins, uint8_t p1, uint8_t p2,
                                    const void *data, size_t len) {
    uint8_t *command = malloc(len + 7);
    assert_non_null(command);
    const uint8_t header[4] = {0x80, ins, p1, p2};
    memcpy(command, header, 4);
    size_t at = 4;
    if (len > 255)
        command[at++] = 0, command[at++] = (uint8_t)(len >> 8);
    if (len)
        command[at++] = (uint8_t)len;
    if (len)
        memcpy(command + at, data, len);
    enum onecard_err err =
        onecard_transmit(t->card, command, at + len, t->response, &t->response_len);
    free(command);
    assert_int_equal(err, ONECARD_OK);
    while (onecard_idle(t->card))
        ;
    assert_true(t->response_len >= 2);
    return (unsigned)t->response[t->response_len - 2] << 8 | t->response[t->response_len - 1];
}

#define EXPECT_SW(got, want) expect_sw(got, want, #got, __FILE__, __LINE__)
static inline void expect_sw(unsigned got, unsigned want, const char *what, const char *file,
                             int line) {
    if (got != want) {
        print_error("%s answered %04X, not %04X\n", what, got, want);
        _fail(file, line);
    }
}

struct fields {
    uint8_t bytes[255];
    size_t len;
};

static inline void fields_add(struct fields *f, const void *value, size_t len) {
    f->bytes[f->len++] = (uint8_t)len;
    if (len)
        memcpy(f->bytes + f->len, value, len);
    f->len += len;
}

static inline unsigned install_for_load(struct test_card *t, struct aid package) {
    struct fields f = {.len = 0};
    fields_add(&f, package.value, package.len);
    for (int i = 0; i < 4; i++)
        fields_add(&f, NULL, 0);
    return content_send(t, 0xE6, 0x02, 0, f.bytes, f.len);
}

/* INSTALL [for install (and make selectable)]; parameters are the applet's (C9). */
static inline unsigned install_as(struct test_card *t, uint8_t p1, struct aid package,
                                  struct aid applet, struct aid instance, const char *parameters) {
    struct fields f = {.len = 0}, c9 = {.bytes = {0xC9}, .len = 1};
    fields_add(&c9, parameters, strlen(parameters));
    fields_add(&f, package.value, package.len);
    fields_add(&f, applet.value, applet.len);
    fields_add(&f, instance.value, instance.len);
    fields_add(&f, "", 1);
    fields_add(&f, c9.bytes, c9.len);
    fields_add(&f, NULL, 0);
    return content_send(t, 0xE6, p1, 0, f.bytes, f.len);
}

static inline unsigned delete_aid(struct test_card *t, struct aid aid, bool related) {
    struct fields f = {.bytes = {0x4F}, .len = 1};
    fields_add(&f, aid.value, aid.len);
    return content_send(t, 0xE4, 0, related ? 0x80 : 0, f.bytes, f.len);
}

static inline unsigned select_aid(struct test_card *t, struct aid aid) {
    uint8_t command[5 + AID_MAX] = {0x00, 0xA4, 0x04, 0x00, aid.len};
    memcpy(command + 5, aid.value, aid.len);
    assert_int_equal(
        onecard_transmit(t->card, command, 5u + aid.len, t->response, &t->response_len),
        ONECARD_OK);
    return (unsigned)t->response[t->response_len - 2] << 8 | t->response[t->response_len - 1];
}

#define DOMAIN_AID AID_OF(ISD_AID)

static inline void select_manager(struct test_card *t) {
    EXPECT_SW(select_aid(t, DOMAIN_AID), 0x9000);
}

/* ---- load files ---- */

struct load {
    uint8_t bytes[70000]; /* from tag C4 on */
    size_t len;
};

/* Put C4 and a length of size_bytes bytes (0: the short form) in front of the components. */
static inline void load_head(struct load *l, unsigned size_bytes, size_t says) {
    uint8_t head[8] = {0xC4};
    size_t n = 1;
    if (size_bytes)
        head[n++] = (uint8_t)(0x80 | size_bytes);
    for (unsigned i = size_bytes ? size_bytes : 1; i--;)
        head[n++] = (uint8_t)(says >> 8 * i);
    memmove(l->bytes + n, l->bytes, l->len);
    memcpy(l->bytes, head, n);
    l->len += n;
}

static inline void load_component(struct load *l, uint8_t tag, const void *data, size_t len) {
    assert_true(l->len + 3 + len + 8 <= sizeof l->bytes);
    l->bytes[l->len++] = tag;
    l->bytes[l->len++] = (uint8_t)(len >> 8);
    l->bytes[l->len++] = (uint8_t)len;
    if (len)
        memcpy(l->bytes + l->len, data, len);
    l->len += len;
}

/* Send the blocks of a load file. Stops at the first refusal. */
static inline unsigned load_blocks(struct test_card *t, const uint8_t *bytes, size_t len,
                                   size_t block) {
    unsigned sw = 0;
    for (uint8_t number = 0; len; number++) {
        size_t step = len < block ? len : block;
        sw = content_send(t, 0xE8, step == len ? P1_LAST : 0, number, bytes, step);
        if (sw != 0x9000)
            return sw;
        bytes += step;
        len -= step;
    }
    return sw;
}

static inline unsigned load_package(struct test_card *t, struct aid package, const struct load *l,
                                    size_t block) {
    unsigned sw = install_for_load(t, package);
    return sw == 0x9000 ? load_blocks(t, l->bytes, l->len, block) : sw;
}

/* ---- packages of the build ---- */

struct package {
    struct cap cap;
    struct aid aid, applet;
    struct load load;
};

static inline struct aid aid_of(const struct cap_aid *from) {
    struct aid aid = {.len = from->len};
    memcpy(aid.value, from->value, from->len);
    return aid;
}

static inline struct package *package_read(const char *name) {
    char path[300];
    const char *build = getenv("BUILD_DIR");
    snprintf(path, sizeof path, "%s/applets/%s", build ? build : "build", name);
    struct package *p = calloc(1, sizeof *p);
    assert_non_null(p);
    const char *wrong = cap_read(path, &p->cap);
    if (wrong)
        fail_msg("%s: %s", path, wrong);
    p->aid = aid_of(&p->cap.description.package);
    p->applet = aid_of(&p->cap.description.applets[0]);
    memcpy(p->load.bytes, p->cap.load_file, p->cap.load_file_len);
    p->load.len = p->cap.load_file_len;
    load_head(&p->load, 2, p->load.len);
    return p;
}

static inline void package_free(struct package *p) {
    cap_free(&p->cap);
    free(p);
}

/* ---- what is on the card ---- */

struct content {
    uint32_t packages, instances; /* and nothing half loaded */
    uint32_t objects, bytes_live, bytes_free;
    uint32_t pool; /* the largest block */
    uint8_t life_cycle;
};

static inline struct content content_now(struct test_card *t) {
    struct content c;
    memset(&c, 0, sizeof c);
    while (onecard_idle(t->card))
        ;
    struct store_info info;
    store_info(t->card->store, &info);
    c.objects = info.objects;
    c.bytes_live = info.bytes_live;
    c.bytes_free = info.bytes_free;
    c.pool = pool_largest(&t->card->pool);
    if (t->card->manager.load) /* under way: a block with its header, given back at its end */
        c.pool += (uint32_t)sizeof *t->card->manager.load + 8;
    const struct registry *r = &t->card->manager.registry;
    c.life_cycle = r->card_life_cycle;
    for (uint32_t i = 0; i < r->count; i++) {
        assert_int_not_equal(r->entries[i].type, REGISTRY_LOADING);
        c.packages += r->entries[i].type == REGISTRY_PACKAGE;
        c.instances += r->entries[i].type == REGISTRY_INSTANCE;
    }
    assert_int_equal(c.packages + c.instances, r->count);
    return c;
}

#define EXPECT_CONTENT(t, before) content_expect(t, before, __FILE__, __LINE__)

/* The card holds exactly what it held then. */
static inline void content_expect(struct test_card *t, const struct content *before,
                                  const char *file, int line) {
    struct content now = content_now(t);
    if (memcmp(&now, before, sizeof now)) {
        print_error("packages %u, instances %u, objects %u, live %u, free %u, pool %u\n"
                    "  before %u, %u, %u, %u, %u, %u\n",
                    now.packages, now.instances, now.objects, now.bytes_live, now.bytes_free,
                    now.pool, before->packages, before->instances, before->objects,
                    before->bytes_live, before->bytes_free, before->pool);
        _fail(file, line);
    }
}

/* ---- hello, as a witness that the card works ---- */

/* hello's counter, one higher each time; 0 if it does not answer. */
static inline uint32_t hello_count(struct test_card *t, struct aid instance) {
    if (select_aid(t, instance) != 0x9000)
        return 0;
    if (content_send(t, 0x40, 0, 0, NULL, 0) != 0x9000 || t->response_len != 6)
        return 0;
    const uint8_t *r = t->response;
    return (uint32_t)r[0] << 24 | (uint32_t)r[1] << 16 | (uint32_t)r[2] << 8 | r[3];
}

#endif
