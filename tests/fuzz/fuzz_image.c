/* Whatever a flash holds, opening, checking and using it must stay within bounds.
 *
 * The input is laid over a store that was made properly (an input that does not begin with its
 * headers would rarely get past them): pairs of offset and bytes, with the checksums of the records
 * and starts that were hit made right again if the input asks for it. */
#include "onecard/host.h"
#include "store/format.h"
#include "store/inspect.h"
#include "store/seal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FLASH_SIZE (16u * 1024u)

static struct onecard_host *host;
static uint8_t *memory;
static size_t memory_size;
static uint8_t good[FLASH_SIZE];
static struct geometry geometry;

static void make_good(void) {
    struct onecard_host_options options = {.sector_size = 1024, .sector_count = 16};
    struct arena arena;
    struct store *s;
    uint8_t code[300] = {1, 2, 3};
    if (onecard_host_memory(&options, &host, NULL, 0))
        abort();
    struct onecard_port *port = onecard_host_port(host);
    memory_size = store_memory_size(port) + 16;
    memory = malloc(memory_size);
    arena_init(&arena, memory, memory_size);
    if (store_format(port, &arena) || store_open(port, &arena, &s))
        abort();
    for (uint32_t i = 0; i < 60; i++) {
        store_create(s, STORE_NAME(1 + i % 3, i % 2, i % 7), 40,
                     i % 5 ? STORE_PLAIN : STORE_SECRET);
        store_write(s, STORE_NAME(1 + i % 3, i % 2, i % 7), i % 30, &i, sizeof i);
        if (i == 20 && store_large_begin(s, STORE_NAME(9, 0, 0), sizeof code) == ONECARD_OK) {
            store_large_append(s, code, sizeof code);
            store_large_finish(s);
        }
        store_commit(s);
        store_idle(s);
    }
    memcpy(good, port->flash.base, FLASH_SIZE);
    struct seal seal;
    if (store_format_geometry(&geometry, port) || store_seal_init(&seal, port))
        abort();
    geometry.salt = store_seal_salt(&seal);
}

static uint8_t *flash(void) {
    return (uint8_t *)(uintptr_t)geometry.base;
}

/* Make the checksums and seals of whatever looks like a record right. */
static void mend(uint32_t sector) {
    struct start start;
    struct record r;
    uint8_t *base = flash() + (size_t)sector * geometry.sector_size;
    if (!store_format_start_read(&geometry, sector, &start))
        return;
    uint32_t seed = store_format_seed(&geometry, start.seq);
    for (uint32_t pos = geometry.first;
         store_format_record_parse(&geometry, base, pos, geometry.sector_size, &r); pos = r.next) {
        uint8_t *head = base + pos + geometry.unit;
        uint32_t crc = ~store_crc32_update(~seed ^ pos, head, FORMAT_HEAD_SIZE + r.len);
        put_le32(head + FORMAT_HEAD_SIZE + r.len, crc);
        put_le32(base + r.next - geometry.unit, store_format_record_seal(seed, pos, crc));
    }
}

static void mend_start(uint32_t sector) {
    uint8_t *body =
        flash() + (size_t)sector * geometry.sector_size + FORMAT_START_AT + geometry.unit;
    put_le32(body + 20, ~store_crc32_update(UINT32_MAX, body, 20));
    put_le32(body + FORMAT_START_SIZE,
             store_format_start_seal(&geometry, get_le32(body), get_le32(body + 20)));
}

/* Patches: offset (2 bytes), length (1 byte, low 5 bits), bytes. */
static void patch(const uint8_t *data, size_t size) {
    while (size >= 4) {
        uint32_t at = get_le16(data) % FLASH_SIZE;
        uint32_t len = 1 + (data[2] & 31u);
        data += 3;
        size -= 3;
        for (uint32_t i = 0; i < len && i < size && at + i < FLASH_SIZE; i++)
            flash()[at + i] = data[i];
        data += len < size ? len : size;
        size -= len < size ? len : size;
    }
}

static void ignore(void *ctx, const struct store_finding *finding) {
    (void)ctx;
    (void)store_finding_text(finding->kind);
}

static void use(struct store *s) {
    uint8_t buf[64];
    uint32_t size;
    store_name name = 0;
    for (uint32_t i = 0; i < 50 && store_next(s, name, &name) == ONECARD_OK; i++, name++) {
        if (store_size(s, name, &size) == ONECARD_OK)
            (void)store_read(s, name, 0, buf, size < sizeof buf ? size : (uint32_t)sizeof buf);
        (void)store_map(s, name, &size);
        (void)store_write(s, name, 0, "x", 1);
        if (i % 4 == 0)
            (void)store_resize(s, name, i * 3);
        if (i % 8 == 7)
            (void)store_delete(s, name);
        if (i % 5 == 0)
            (void)store_commit(s);
        if (name == UINT32_MAX)
            break;
    }
    (void)store_write_now(s, STORE_NAME(1, 1, 1), 0, "y", 1);
    (void)store_create(s, STORE_NAME(7, 7, 7), 100, STORE_SECRET);
    (void)store_commit(s);
    for (uint32_t i = 0; i < 20 && store_idle(s); i++)
        ;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena;
    struct store *s;
    if (!host)
        make_good();
    if (size == 0 || size > 4096)
        return 0;
    const struct onecard_port *port = onecard_host_port(host);
    for (uint32_t i = 0; i < geometry.sector_count; i++)
        (void)port->flash_erase(port->ctx, i); /* puts the counters of programs back, too */
    memcpy(flash(), good, FLASH_SIZE);
    patch(data + 1, size - 1);
    for (uint32_t i = 0; i < geometry.sector_count; i++) {
        if (data[0] & 2)
            mend_start(i);
        if (data[0] & 1)
            mend(i);
    }
    arena_init(&arena, memory, memory_size);
    (void)store_check(port, &arena, ignore, NULL);
    if (store_open(port, &arena, &s) == ONECARD_OK)
        use(s);
    return 0;
}
