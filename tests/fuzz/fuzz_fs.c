/* Any commands, templates and data groups to files, keys and PINs of one owner: always a status
 * word or an error, never a byte too far, and what is there can be read after a power cut. */
#include <stdlib.h>
#include <string.h>

#include "fs/perso.h"
#include "onecard/host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OWNER 7u

struct rig {
    struct onecard_host *host;
    void *memory;
    struct store *store;
    struct crypto_random random;
    struct keys keys;
    struct security_status status;
    struct fs_selection selection;
};

static void check(bool good) {
    if (!good)
        abort();
}

static void rig_open(struct rig *r, bool format) {
    const struct onecard_port *port = onecard_host_port(r->host);
    const size_t size = store_memory_size(port) + 64;
    struct arena arena;
    arena_init(&arena, r->memory, size);
    check(!format || store_format(port, &arena) == ONECARD_OK);
    arena_init(&arena, r->memory, size);
    check(store_open(port, &arena, &r->store) == ONECARD_OK);
    memset(&r->status, 0, sizeof r->status);
    fs_selection_reset(&r->selection);
    keys_open(&r->keys, r->store, &r->random);
}

static void rig_start(struct rig *r) {
    static const uint8_t seed[] = "fuzz";
    const struct onecard_host_options options = {
        .sector_count = 16, .seed = seed, .seed_len = sizeof seed, .no_sync = true};
    char message[160];
    memset(r, 0, sizeof *r);
    check(onecard_host_memory(&options, &r->host, message, sizeof message) == ONECARD_OK);
    const struct onecard_port *port = onecard_host_port(r->host);
    r->memory = malloc(store_memory_size(port) + 64);
    check(r->memory != NULL);
    check(crypto_random_open(&r->random, port->entropy, port->ctx, NULL, 0) == ONECARD_OK);
    rig_open(r, true);
}

static void rig_stop(struct rig *r) {
    keys_forget(&r->keys);
    crypto_random_close(&r->random);
    onecard_host_close(r->host);
    free(r->memory);
}

static void run_command(struct rig *r, const uint8_t *data, uint32_t len, uint8_t how) {
    static uint8_t buffer[2048];
    struct apdu c = {0};
    struct apdu_answer a = {.data = buffer, .capacity = how & 0x40 ? 300 : sizeof buffer};
    if (len < 4)
        return;
    c.cla = data[0];
    c.ins = data[1];
    c.p1 = data[2];
    c.p2 = data[3];
    c.lc = len - 4;
    c.data = c.lc != 0 ? data + 4 : NULL;
    c.has_le = (how & 0x10) != 0;
    c.extended = (how & 0x20) != 0;
    c.ne = !c.has_le ? 0 : c.extended ? 65536 : how & 0x80 ? 256 : (uint32_t)(how & 0x0F) + 1;
    uint16_t sw = fs_command(r->store, OWNER, &r->selection, &r->status, &c, &a);
    if (sw == SW_INS_UNSUPPORTED)
        sw = keys_command(&r->keys, OWNER, &r->status, &c, &a);
    check(sw >> 12 == 6 || sw >> 12 == 9);
    check(a.len <= a.capacity);
}

/* Input: a series of {what 1, how 1, length 1, bytes}. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct rig r;
    rig_start(&r);
    while (size >= 3) {
        const uint8_t what = data[0], how = data[1];
        const uint32_t len = data[2] < size - 3 ? data[2] : (uint32_t)(size - 3);
        uint8_t *bytes = malloc(len + 1); /* exactly as long, for the sanitizer */
        fs_file file;
        check(bytes != NULL);
        memcpy(bytes, data + 3, len);
        bytes = realloc(bytes, len != 0 ? len : 1);
        if (what < 0x80)
            run_command(&r, bytes, len, how);
        else if (what < 0xA0)
            (void)fs_file_create(r.store, OWNER, (fs_file)(how << 10), bytes, len, &file);
        else if (what < 0xE0 && len >= 2)
            (void)fs_perso_dgi(&r.keys, OWNER, (uint16_t)(bytes[0] << 8 | bytes[1]), bytes + 2,
                               len - 2);
        else if (what < 0xF0)
            (void)store_commit(r.store);
        else if (what < 0xF8)
            store_abort(r.store);
        else
            rig_open(&r, false);
        free(bytes);
        data += 3 + len;
        size -= 3 + len;
    }
    rig_stop(&r);
    return 0;
}
