/* For tests of files and keys: a store on flash in memory, without the card around it, and commands
 * in hex. One owner is the applet under test; another one shows that it sees nothing (F2). */
#ifndef TESTS_FS_FIXTURE_H
#define TESTS_FS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fs/fs.h"
#include "keys/pin.h"
#include "onecard/host.h"

#define OWNER 7u
#define STRANGER 8u

struct fixture {
    struct onecard_host *host;
    void *memory;
    struct arena arena;
    struct store *store;
    struct crypto_random random;
    struct keys keys;
    struct security_status status;
    struct fs_selection selection;
    uint8_t answer[4096];
    uint32_t answer_len;
};

static inline void fixture_open(struct fixture *f) {
    const struct onecard_port *port = onecard_host_port(f->host);
    size_t size = store_memory_size(port) + 64;
    free(f->memory);
    f->memory = malloc(size);
    arena_init(&f->arena, f->memory, size);
    assert_int_equal(store_open(port, &f->arena, &f->store), ONECARD_OK);
    memset(&f->status, 0, sizeof f->status);
    fs_selection_reset(&f->selection);
    keys_open(&f->keys, f->store, &f->random);
}

static inline void fixture_start(struct fixture *f) {
    static const uint8_t seed[] = "files and keys";
    const struct onecard_host_options options = {
        .sector_count = 128, .seed = seed, .seed_len = sizeof seed, .no_sync = true};
    char message[200];
    memset(f, 0, sizeof *f);
    assert_int_equal(onecard_host_memory(&options, &f->host, message, sizeof message), ONECARD_OK);
    const struct onecard_port *port = onecard_host_port(f->host);
    size_t size = store_memory_size(port) + 64;
    f->memory = malloc(size);
    arena_init(&f->arena, f->memory, size);
    assert_int_equal(store_format(port, &f->arena), ONECARD_OK);
    assert_int_equal(crypto_random_open(&f->random, port->entropy, port->ctx, NULL, 0), ONECARD_OK);
    fixture_open(f);
}

static inline void fixture_stop(struct fixture *f) {
    keys_forget(&f->keys);
    crypto_random_close(&f->random);
    onecard_host_close(f->host);
    free(f->memory);
}

/* Power cut: what was not committed is gone. */
static inline void fixture_tear(struct fixture *f) {
    fixture_open(f);
}

static inline void fixture_commit(struct fixture *f) {
    assert_int_equal(store_commit(f->store), ONECARD_OK);
}

/* ---- hex ---- */

static inline uint32_t from_hex(uint8_t *out, uint32_t capacity, const char *text) {
    uint32_t n = 0;
    for (; *text != 0; text++) {
        unsigned byte = 0;
        if (*text == ' ')
            continue;
        assert_true(n < capacity && sscanf(text, "%2x", &byte) == 1);
        out[n++] = (uint8_t)byte;
        text++;
    }
    return n;
}

static inline void to_hex(char *out, const uint8_t *data, uint32_t len) {
    for (uint32_t i = 0; i < len; i++)
        sprintf(out + 2 * i, "%02X", data[i]);
    out[2 * len] = 0;
}

/* ---- commands ---- */

static inline void parse_command(struct apdu *c, const uint8_t *p, uint32_t len) {
    memset(c, 0, sizeof *c);
    c->cla = p[0];
    c->ins = p[1];
    c->p1 = p[2];
    c->p2 = p[3];
    p += 4;
    len -= 4;
    c->extended = len >= 3 && p[0] == 0;
    if (len == 1) {
        c->has_le = true;
        c->ne = p[0] != 0 ? p[0] : 256;
    } else if (c->extended && len == 3) {
        c->has_le = true;
        c->ne = (p[1] << 8 | p[2]) != 0 ? (uint32_t)(p[1] << 8 | p[2]) : 65536;
    } else if (len > 1) {
        const uint32_t head = c->extended ? 3 : 1;
        c->lc = c->extended ? (uint32_t)(p[1] << 8 | p[2]) : p[0];
        c->data = p + head;
        assert_true(head + c->lc <= len);
        c->has_le = head + c->lc < len;
        if (c->has_le && c->extended)
            c->ne = (p[len - 2] << 8 | p[len - 1]) != 0 ? (uint32_t)(p[len - 2] << 8 | p[len - 1])
                                                        : 65536;
        else if (c->has_le)
            c->ne = p[len - 1] != 0 ? p[len - 1] : 256;
    }
}

/* Files first, then PINs and keys, as an applet does. The command lies in memory of its exact size,
 * so that the sanitizer sees a byte too many. */
static inline uint16_t send(struct fixture *f, const char *command) {
    static uint8_t text[4096];
    const uint32_t len = from_hex(text, sizeof text, command);
    uint8_t *bytes = malloc(len);
    memcpy(bytes, text, len);
    struct apdu c;
    struct apdu_answer a = {.data = f->answer, .capacity = sizeof f->answer};
    parse_command(&c, bytes, len);
    uint16_t sw = fs_command(f->store, OWNER, &f->selection, &f->status, &c, &a);
    if (sw == SW_INS_UNSUPPORTED)
        sw = keys_command(&f->keys, OWNER, &f->status, &c, &a);
    f->answer_len = a.len;
    free(bytes);
    return sw;
}

/* Command and whole answer, status word last, in hex. */
#define EXPECT(f, command, answer) expect(f, command, answer, __FILE__, __LINE__)
static inline void expect(struct fixture *f, const char *command, const char *answer,
                          const char *file, int line) {
    char got[2 * sizeof f->answer + 5], want[2 * sizeof f->answer + 5];
    uint8_t bytes[sizeof f->answer + 2];
    const uint16_t sw = send(f, command);
    to_hex(got, f->answer, f->answer_len);
    sprintf(got + strlen(got), "%04X", sw);
    to_hex(want, bytes, from_hex(bytes, sizeof bytes, answer));
    if (strcmp(got, want) != 0) {
        print_error("%s\n  expected %s\n  got      %s\n", command, want, got);
        _fail(file, line);
    }
}

struct exchange {
    const char *command, *answer, *why;
};

#define EXPECT_ALL(f, table) expect_all(f, table, sizeof table / sizeof *table, __FILE__, __LINE__)
static inline void expect_all(struct fixture *f, const struct exchange *table, size_t count,
                              const char *file, int line) {
    for (size_t i = 0; i < count; i++)
        expect(f, table[i].command, table[i].answer, file, line);
}

/* A file from a template in hex. */
static inline fs_file make_file(struct fixture *f, fs_file parent, const char *fcp) {
    uint8_t bytes[512];
    fs_file file = FS_NONE;
    const uint32_t len = from_hex(bytes, sizeof bytes, fcp);
    assert_int_equal(fs_file_create(f->store, OWNER, parent, bytes, len, &file), ONECARD_OK);
    return file;
}

#define FREE_READ_UPDATE "8602 07C0" /* read, update and append, always, both interfaces */

#endif
