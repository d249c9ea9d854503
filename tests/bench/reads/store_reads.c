/* What the store reads of flash for each operation. Flash is mapped: a read is a load through a
 * pointer, and every load of the core in this build is looked at (watch.c). What the simulated chip
 * reads to check its rules does not count, nor does RAM. Same chip as in bench_store. */
#include "../bench_store.h"

#include "watch.h"

enum { OPERATIONS = 2000 };

struct operation {
    const char *what;
    uint32_t size; /* of each of three files, in the purse of the first */
    void (*prepare)(struct bench *b, uint32_t size);
    void (*stage)(struct bench *b, uint32_t size, uint32_t i);
};

static void print(const char *what, struct reads command, struct reads all, uint32_t count) {
    printf("%-44s %8.1f reads %9.1f B by the command, %8.1f reads %9.1f B in all\n", what,
           (double)command.count / count, (double)command.bytes / count, (double)all.count / count,
           (double)all.bytes / count);
}

static void watch(const struct bench *b) {
    const struct onecard_flash *f = &b->port->flash;
    watch_begin(f->base, (size_t)f->sector_size * f->sector_count);
}

static void add(struct reads *sum) {
    const struct reads r = watch_take();
    sum->count += r.count;
    sum->bytes += r.bytes;
}

static void measure(const struct operation *o) {
    struct bench b;
    struct reads command = {0, 0}, idle = {0, 0};
    begin(&b, 64, NULL);
    o->prepare(&b, o->size);
    must(store_commit(b.s), "prepare");
    fill(&b, 50);
    watch(&b);
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        o->stage(&b, o->size, i);
        must(store_commit(b.s), "commit");
        add(&command);
        while (store_idle(b.s))
            ;
        add(&idle);
    }
    idle.count += command.count;
    idle.bytes += command.bytes;
    print(o->what, command, idle, OPERATIONS);
    end(&b);
}

/* ---- operations ---- */

static void files(struct bench *b, uint32_t size) {
    for (uint32_t i = 0; i < 3; i++)
        must(store_create(b->s, STORE_NAME(1, 1, i), size, STORE_PLAIN), "create");
}

static void update(struct bench *b, uint32_t file, uint32_t size, uint32_t i) {
    uint8_t data[16];
    memset(data, (int)i, sizeof data);
    must(store_write(b->s, STORE_NAME(1, 1, file), below(size / 16) * 16, data, sizeof data),
         "write");
}

static void update_one(struct bench *b, uint32_t size, uint32_t i) {
    update(b, 0, size, i);
}

static void update_three(struct bench *b, uint32_t size, uint32_t i) {
    for (uint32_t file = 0; file < 3; file++)
        update(b, file, size, i);
}

enum { RECORD = 23, RECORDS = 10 };

static void cyclic_make(struct bench *b, uint32_t size) {
    must(store_create(b->s, STORE_NAME(1, 1, 1), size, STORE_PLAIN), "create");
    must(store_create(b->s, STORE_NAME(1, 1, 2), 1 + RECORDS * RECORD, STORE_PLAIN), "create");
}

/* The new record, and which is the newest. */
static void cyclic_append(struct bench *b, uint32_t size, uint32_t i) {
    uint8_t slot = (uint8_t)(i % RECORDS), record[RECORD];
    (void)size;
    memset(record, (int)i, sizeof record);
    must(store_write(b->s, STORE_NAME(1, 1, 2), 0, &slot, 1), "write");
    must(store_write(b->s, STORE_NAME(1, 1, 2), 1 + slot * (uint32_t)RECORD, record, RECORD),
         "write");
}

static void debit(struct bench *b, uint32_t size, uint32_t i) {
    uint8_t balance[12];
    must(store_read(b->s, STORE_NAME(1, 1, 1), 0, balance, size), "read");
    memcpy(balance, &i, sizeof i);
    must(store_write(b->s, STORE_NAME(1, 1, 1), 0, balance, size), "write");
    cyclic_append(b, size, i);
}

static void secret_make(struct bench *b, uint32_t size) {
    must(store_create(b->s, STORE_NAME(1, 1, 1), size, STORE_SECRET), "create");
}

static void secret_write(struct bench *b, uint32_t size, uint32_t i) {
    (void)size;
    must(store_write(b->s, STORE_NAME(1, 1, 1), 0, &i, sizeof i), "write");
}

static void secret_read(struct bench *b, uint32_t size, uint32_t i) {
    uint8_t buf[16];
    (void)i;
    must(store_read(b->s, STORE_NAME(1, 1, 1), 0, buf, size), "read");
}

static void file_read(struct bench *b, uint32_t size, uint32_t i) {
    uint8_t buf[32];
    must(store_read(b->s, STORE_NAME(9, 0, i % 100), i % 64, buf, size), "read");
}

/* ---- power-up ---- */

static void power_up(uint32_t sectors, uint32_t objects) {
    struct bench b;
    struct reads all = {0, 0};
    char what[60];
    uint8_t data[100] = {1};
    begin_with(&b, sectors, NULL, objects > sectors * 4 ? objects : 0);
    for (uint32_t i = 0; i < objects; i++) {
        must(store_create(b.s, STORE_NAME(1, 0, i), sizeof data, STORE_PLAIN), "create");
        must(store_write(b.s, STORE_NAME(1, 0, i), 0, data, sizeof data), "write");
        must(store_commit(b.s), "commit");
    }
    for (uint32_t i = 0; i < sectors * 200; i++) { /* the log goes round */
        must(store_write(b.s, STORE_NAME(1, 0, i % objects), 0, &i, sizeof i), "write");
        must(store_commit(b.s), "commit");
        while (store_idle(b.s))
            ;
    }
    watch(&b);
    open_store(&b);
    add(&all);
    snprintf(what, sizeof what, "power-up, %u KiB, %u objects", (unsigned)(sectors * 4),
             (unsigned)objects);
    print(what, all, all, 1);
    end(&b);
}

int main(void) {
    static const struct operation operations[] = {
        {"16 bytes in a file of 64", 64, files, update_one},
        {"16 bytes in a file of 256", 256, files, update_one},
        {"16 bytes in a file of 1024", 1024, files, update_one},
        {"16 bytes in three files at once", 1024, files, update_three},
        {"purse debit: balance and cyclic log", 12, cyclic_make, debit},
        {"append 23 bytes to a cyclic log", 12, cyclic_make, cyclic_append},
        {"a secret of 16 bytes, wiped", 16, secret_make, secret_write},
        {"read 32 bytes", 32, files, file_read},
        {"read a secret of 16 bytes", 16, secret_make, secret_read},
    };
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        measure(&operations[i]);
    power_up(64, 50);
    power_up(64, 400);
    power_up(256, 50);
    power_up(256, 400);
    return 0;
}
