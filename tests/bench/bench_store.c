/* What the store costs: bytes programmed, sectors erased and time for each operation, wear,
 * start-up and RAM. Flash in memory unless a line says otherwise; the geometry is the default one,
 * 64 sectors of 4 KiB, and half of the chip is filled with files that nobody touches.
 *
 * usage: bench_store [directory for the image on a disk] */
#include "bench_store.h"

#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

/* What a card with applets carries and nobody touches: code in place, and keys. */
static void furnish(struct bench *b) {
    static const uint32_t sizes[] = {1339, 1824, 10578, 15568, 829, 1104, 24000};
    static uint8_t code[24000];
    for (uint32_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        memset(code, (int)i, sizeof code);
        must(store_large_begin(b->s, STORE_NAME(8, 0, i), sizes[i]), "code");
        must(store_large_append(b->s, code, sizes[i]), "code");
        must(store_large_finish(b->s), "code");
        must(store_commit(b->s), "code");
    }
    for (uint32_t i = 0; i < 12; i++) {
        must(store_create(b->s, STORE_NAME(8, 1, i), 26, STORE_SECRET), "key");
        must(store_commit(b->s), "key");
    }
}

static void measure(struct bench *b) {
    onecard_host_counters(b->host, &b->before);
    b->start = now();
}

static void report(struct bench *b, const char *what, uint32_t count, uint32_t command_bytes) {
    double seconds = now() - b->start;
    struct onecard_host_counters c;
    uint32_t least = UINT32_MAX, most = 0;
    onecard_host_counters(b->host, &c);
    for (uint32_t i = 0; i < b->port->flash.sector_count; i++) {
        uint32_t n = onecard_host_sector_erases(b->host, i);
        least = n < least ? n : least;
        most = n > most ? n : most;
    }
    double erases = (double)(c.erases - b->before.erases) / count;
    printf("%-44s %4u B %6.1f B %8.5f erases %8.0f ns  wear %u to %u\n", what,
           (unsigned)command_bytes, (double)(c.program_bytes - b->before.program_bytes) / count,
           erases, seconds / count * 1e9, (unsigned)least, (unsigned)most);
}

/* Bytes that the next commit programs itself. */
static uint32_t commit_bytes(struct bench *b) {
    struct onecard_host_counters c, d;
    onecard_host_counters(b->host, &c);
    must(store_commit(b->s), "commit");
    onecard_host_counters(b->host, &d);
    return (uint32_t)(d.program_bytes - c.program_bytes);
}

static void updates(uint32_t size, bool idle, bool code, uint32_t count) {
    struct bench b;
    uint8_t data[16];
    char what[80];
    begin(&b, 64, NULL);
    must(store_create(b.s, STORE_NAME(1, 1, 1), size, STORE_PLAIN), "create");
    if (code)
        furnish(&b);
    fill(&b, 50);
    store_write(b.s, STORE_NAME(1, 1, 1), size / 2, "sixteen bytes..", 16);
    uint32_t command = commit_bytes(&b);
    measure(&b);
    for (uint32_t i = 0; i < count; i++) {
        memset(data, (int)i, sizeof data);
        store_write(b.s, STORE_NAME(1, 1, 1), below(size / 16) * 16, data, sizeof data);
        must(store_commit(b.s), "commit");
        if (idle)
            while (store_idle(b.s))
                ;
    }
    snprintf(what, sizeof what, "16 bytes in a file of %u%s%s", (unsigned)size,
             idle ? "" : ", no idle time", code ? ", applets and keys" : "");
    report(&b, what, count, command);
    end(&b);
}

static void everywhere(uint32_t count, uint32_t objects) {
    struct bench b;
    uint8_t data[16];
    store_name names[512];
    uint32_t n = 0;
    begin_with(&b, 64, NULL, objects);
    fill(&b, 50);
    for (store_name name = 0; store_next(b.s, name, &name) == ONECARD_OK; name++)
        names[n++] = name;
    measure(&b);
    for (uint32_t i = 0; i < count; i++) {
        memset(data, (int)i, sizeof data);
        store_write(b.s, names[below(n)], below(1024 - 16), data, sizeof data);
        must(store_commit(b.s), "commit");
        while (store_idle(b.s))
            ;
    }
    report(&b, objects ? "16 bytes anywhere, large tables" : "16 bytes anywhere in all files",
           count, 40);
    end(&b);
}

static void three_objects(uint32_t count) {
    struct bench b;
    uint8_t data[16];
    uint32_t command = 0;
    begin(&b, 64, NULL);
    for (uint32_t i = 0; i < 3; i++)
        must(store_create(b.s, STORE_NAME(1, 1, i), 1024, STORE_PLAIN), "create");
    fill(&b, 50);
    measure(&b);
    for (uint32_t i = 0; i < count; i++) {
        memset(data, (int)i, sizeof data);
        for (uint32_t j = 0; j < 3; j++)
            store_write(b.s, STORE_NAME(1, 1, j), below(63) * 16, data, sizeof data);
        if (i == 0)
            command = commit_bytes(&b);
        must(store_commit(b.s), "commit");
        while (store_idle(b.s))
            ;
    }
    report(&b, "16 bytes in three files at once", count, command);
    end(&b);
}

/* A purse: balance and counter in one small file, a record in a cyclic log of ten. */
static void purse(uint32_t count, bool idle, bool code) {
    struct bench b;
    uint8_t balance[12] = {0}, record[23];
    uint32_t command = 0;
    begin(&b, 64, NULL);
    must(store_create(b.s, STORE_NAME(1, 1, 1), sizeof balance, STORE_PLAIN), "create");
    must(store_create(b.s, STORE_NAME(1, 1, 2), 1 + 10 * sizeof record, STORE_PLAIN), "create");
    if (code)
        furnish(&b);
    fill(&b, 50);
    measure(&b);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t slot = (uint8_t)(i % 10);
        store_read(b.s, STORE_NAME(1, 1, 1), 0, balance, sizeof balance);
        memcpy(balance, &i, sizeof i);
        memset(record, (int)i, sizeof record);
        store_write(b.s, STORE_NAME(1, 1, 1), 0, balance, sizeof balance);
        store_write(b.s, STORE_NAME(1, 1, 2), 0, &slot, 1);
        store_write(b.s, STORE_NAME(1, 1, 2), 1 + slot * (uint32_t)sizeof record, record,
                    sizeof record);
        if (i == 0)
            command = commit_bytes(&b);
        must(store_commit(b.s), "commit");
        if (idle)
            while (store_idle(b.s))
                ;
    }
    report(&b,
           code   ? "purse debit, applets and keys on the card"
           : idle ? "purse debit: balance and cyclic log"
                  : "purse debit, no idle time",
           count, command);
    struct onecard_host_counters c;
    onecard_host_counters(b.host, &c);
    double per = (double)(c.erases - b.before.erases) / count;
    if (idle || code)
        printf("  a chip of 64 sectors and 10,000 erases lasts %.0f years at 50 taps a day\n",
               64.0 * 10000 / per / 50 / 365);
    end(&b);
}

/* A cyclic file of ten records: the new record, and which is the newest. */
static void cyclic_log(uint32_t count) {
    struct bench b;
    uint8_t record[23];
    uint32_t command = 0;
    begin(&b, 64, NULL);
    must(store_create(b.s, STORE_NAME(1, 1, 2), 1 + 10 * sizeof record, STORE_PLAIN), "create");
    fill(&b, 50);
    measure(&b);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t slot = (uint8_t)(i % 10);
        memset(record, (int)i, sizeof record);
        store_write(b.s, STORE_NAME(1, 1, 2), 0, &slot, 1);
        store_write(b.s, STORE_NAME(1, 1, 2), 1 + slot * (uint32_t)sizeof record, record,
                    sizeof record);
        if (i == 0)
            command = commit_bytes(&b);
        must(store_commit(b.s), "commit");
        while (store_idle(b.s))
            ;
    }
    report(&b, "append 23 bytes to a cyclic log", count, command);
    end(&b);
}

static void secret(uint32_t count) {
    struct bench b;
    uint32_t command = 0;
    begin(&b, 64, NULL);
    must(store_create(b.s, STORE_NAME(1, 1, 1), 16, STORE_SECRET), "create");
    must(store_commit(b.s), "commit");
    fill(&b, 50);
    measure(&b);
    for (uint32_t i = 0; i < count; i++) {
        store_write(b.s, STORE_NAME(1, 1, 1), 0, &i, sizeof i);
        if (i == 0)
            command = commit_bytes(&b);
        must(store_commit(b.s), "commit");
        while (store_idle(b.s))
            ;
    }
    report(&b, "a secret of 16 bytes, wiped", count, command);
    end(&b);
}

static void reads(uint32_t count) {
    struct bench b;
    uint8_t buf[32];
    begin(&b, 64, NULL);
    fill(&b, 50);
    must(store_create(b.s, STORE_NAME(1, 1, 2), 16, STORE_SECRET), "create");
    must(store_commit(b.s), "commit");
    double start = now();
    for (uint32_t i = 0; i < count; i++)
        store_read(b.s, STORE_NAME(9, 0, i % 100), i % 64, buf, sizeof buf);
    printf("%-44s %35.1f ns\n", "read 32 bytes", (now() - start) / count * 1e9);
    start = now();
    for (uint32_t i = 0; i < count; i++)
        store_read(b.s, STORE_NAME(1, 1, 2), 0, buf, 16);
    printf("%-44s %35.1f ns\n", "read a secret of 16 bytes", (now() - start) / count * 1e9);
    start = now();
    for (uint32_t i = 0; i < count; i++)
        store_commit(b.s);
    printf("%-44s %35.1f ns\n", "commit with nothing staged", (now() - start) / count * 1e9);
    end(&b);
}

static void start_up(uint32_t sectors, uint32_t objects) {
    struct bench b;
    uint8_t data[100];
    begin_with(&b, sectors, NULL, objects > sectors * 4 ? objects : 0);
    for (uint32_t i = 0; i < objects; i++) {
        memset(data, (int)i, sizeof data);
        must(store_create(b.s, STORE_NAME(1 + i % 9, 0, i), sizeof data, STORE_PLAIN), "create");
        must(store_write(b.s, STORE_NAME(1 + i % 9, 0, i), 0, data, sizeof data), "write");
        must(store_commit(b.s), "commit");
    }
    for (uint32_t i = 0; i < sectors * 200; i++) { /* the log goes round */
        store_write(b.s, STORE_NAME(1 + i % objects % 9, 0, i % objects), 0, &i, sizeof i);
        must(store_commit(b.s), "commit");
        while (store_idle(b.s))
            ;
    }
    double start = now();
    for (uint32_t i = 0; i < 100; i++)
        open_store(&b);
    printf("start-up, %4u KiB, %3u objects: %7.1f us, %zu bytes of RAM\n", (unsigned)(sectors * 4),
           (unsigned)objects, (now() - start) / 100 * 1e6, store_memory_size(b.port));
    end(&b);
}

static void disk(const char *directory) {
    struct bench b;
    char path[500];
    snprintf(path, sizeof path, "%s/bench-store-%d.card", directory, (int)getpid());
    begin(&b, 64, path);
    must(store_create(b.s, STORE_NAME(1, 1, 1), 64, STORE_PLAIN), "create");
    must(store_commit(b.s), "commit");
    double start = now();
    const uint32_t count = 2000;
    for (uint32_t i = 0; i < count; i++) {
        store_write(b.s, STORE_NAME(1, 1, 1), 0, &i, sizeof i);
        must(store_commit(b.s), "commit");
        while (store_idle(b.s))
            ;
    }
    printf("%-44s %35.1f us\n", "durable commit on a disk", (now() - start) / count * 1e6);
    end(&b);
    unlink(path);
}

int main(int argc, char **argv) {
    printf("%-44s %6s %8s\n", "store", "command", "in all");
    updates(64, true, false, 1000000);
    updates(256, true, false, 1000000);
    updates(1024, true, false, 1000000);
    updates(1024, true, true, 1000000);
    updates(1024, false, false, 300000);
    everywhere(1000000, 0);
    everywhere(1000000, 2048);
    three_objects(300000);
    purse(1000000, true, false);
    purse(1000000, true, true);
    purse(300000, false, false);
    cyclic_log(300000);
    secret(100000);
    reads(1000000);
    start_up(64, 50);
    start_up(64, 400);
    start_up(256, 50);
    start_up(256, 400);
    disk(argc > 1 ? argv[1] : ".");
    return 0;
}
