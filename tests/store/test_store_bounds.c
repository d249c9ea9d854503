/* S5: the most work that one command causes, on a chip that is full and never idle, in every
 * geometry; docs/store.md states these bounds. And a full chip stays usable. */
#include "store/fixture.h"

#define NAME STORE_NAME(5, 1, 0)
#define SECRET STORE_NAME(6, 2, 0)
#define CODE STORE_NAME(7, 3, 0)

struct work {
    uint64_t programs, bytes, erases;
};

static const struct {
    const char *text;
    struct onecard_host_options o;
} geometries[] = {
    {"64 of 4 KiB, words of 4", {.sector_count = 64}},
    {"16 of 4 KiB, words of 4", {.sector_count = 16}},
    {"32 of 4 KiB, words of 8, once", {.sector_count = 32, .word_size = 8, .programs_per_word = 1}},
    {"48 of 1 KiB, words of 1, once",
     {.sector_size = 1024,
      .sector_count = 48,
      .word_size = 1,
      .programs_per_word = 1,
      .program_max = 16}},
    {"12 of 16 KiB, words of 4", {.sector_size = 16384, .sector_count = 12}},
    {"8 of 128 KiB, words of 8, once",
     {.sector_size = 131072, .sector_count = 8, .word_size = 8, .programs_per_word = 1}},
};
#define GEOMETRIES (sizeof geometries / sizeof geometries[0])

static struct onecard_host_counters mark;

static void begin(struct bench *b) {
    onecard_host_counters(b->host, &mark);
}

static void end(struct bench *b, struct work *most) {
    struct onecard_host_counters now;
    onecard_host_counters(b->host, &now);
    struct work w = {now.programs - mark.programs, now.program_bytes - mark.program_bytes,
                     now.erases - mark.erases};
    most->programs = w.programs > most->programs ? w.programs : most->programs;
    most->bytes = w.bytes > most->bytes ? w.bytes : most->bytes;
    most->erases = w.erases > most->erases ? w.erases : most->erases;
}

/* Keys first, then files until no more go in. Returns how many files. */
static uint32_t fill(struct bench *b, uint32_t size) {
    uint8_t data[1000];
    uint32_t n = 0;
    memset(data, 0x5A, sizeof data);
    for (uint32_t i = 0; i < 8; i++) {
        assert_int_equal(store_create(b->s, SECRET + i, 24, STORE_SECRET), ONECARD_OK);
        assert_int_equal(store_commit(b->s), ONECARD_OK);
    }
    while (store_create(b->s, NAME + n, size, STORE_PLAIN) == ONECARD_OK &&
           store_write(b->s, NAME + n, 0, data, size) == ONECARD_OK &&
           store_commit(b->s) == ONECARD_OK)
        n++;
    store_abort(b->s);
    return n;
}

static void small_update(struct bench *b, uint32_t i, uint32_t files, uint32_t size) {
    uint8_t data[16] = {(uint8_t)i};
    assert_int_equal(store_write(b->s, NAME + i * 7 % files, i % (size - 16), data, sizeof data),
                     ONECARD_OK);
    assert_int_equal(store_commit(b->s), ONECARD_OK);
}

static void counter_update(struct bench *b, uint32_t i, uint32_t files, uint32_t size) {
    (void)files;
    (void)size;
    assert_int_equal(store_write_now(b->s, SECRET, 0, &i, sizeof i), ONECARD_OK);
}

/* As much as one transaction takes, all over the files. */
static void largest_transaction(struct bench *b, uint32_t i, uint32_t files, uint32_t size) {
    uint8_t data[64];
    memset(data, (int)i, sizeof data);
    for (uint32_t n = 0; store_room(b->s) >= sizeof data; n++)
        assert_int_equal(store_write(b->s, NAME + (i + n * 5) % files,
                                     (i * 3 + n * 64) % (size - sizeof data), data, sizeof data),
                         ONECARD_OK);
    assert_int_equal(store_commit(b->s), ONECARD_OK);
}

static void all_secrets(struct bench *b, uint32_t i, uint32_t files, uint32_t size) {
    (void)files;
    (void)size;
    for (uint32_t n = 0; n < 8; n++)
        assert_int_equal(store_write(b->s, SECRET + n, n, &i, sizeof i), ONECARD_OK);
    assert_int_equal(store_commit(b->s), ONECARD_OK);
}

static const struct {
    const char *text;
    void (*run)(struct bench *b, uint32_t i, uint32_t files, uint32_t size);
    uint32_t count;
    uint32_t bytes, erases; /* docs/store.md states these bounds */
} commands[] = {
    {"16 bytes", small_update, 6000, 4096, 2},
    {"try counter", counter_update, 1500, 48 * 1024, 4},
    {"largest transaction", largest_transaction, 400, 96 * 1024, 24},
    {"8 secrets", all_secrets, 400, 24 * 1024, 4},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static void work_is_bounded(void **state) {
    (void)state;
    for (uint32_t g = 0; g < GEOMETRIES; g++) {
        uint32_t sector = geometries[g].o.sector_size ? geometries[g].o.sector_size : 4096;
        uint32_t size = sector < 4096 ? 300 : 1000;
        for (uint32_t c = 0; c < COMMANDS; c++) {
            struct bench b;
            struct work most = {0, 0, 0};
            set_up(&b, &geometries[g].o);
            uint32_t files = fill(&b, size);
            for (uint32_t i = 0; i < commands[c].count; i++) {
                begin(&b);
                commands[c].run(&b, i, files, size);
                end(&b, &most);
            }
            print_message("%-32s %-20s %6u programs %6u bytes %u erases\n", geometries[g].text,
                          commands[c].text, (unsigned)most.programs, (unsigned)most.bytes,
                          (unsigned)most.erases);
            assert_true(most.bytes <= commands[c].bytes);
            assert_true(most.erases <= commands[c].erases);
            tear_down(&b);
        }
    }
}

/* Code into what is free, a block a command. */
static void loading_is_bounded(void **state) {
    (void)state;
    static uint8_t code[240];
    for (uint32_t g = 0; g < GEOMETRIES; g++) {
        struct work first = {0, 0, 0}, block = {0, 0, 0}, last = {0, 0, 0};
        struct bench b;
        set_up(&b, &geometries[g].o);
        uint32_t sector = b.port->flash.sector_size, loads = 0;
        for (uint32_t i = 0; i < 20; i++) { /* something to collect around */
            store_create(b.s, NAME + i, 300, STORE_PLAIN);
            assert_int_equal(store_commit(b.s), ONECARD_OK);
        }
        for (uint32_t i = 0; i < 3000; i++)
            small_update(&b, i, 20, 300);
        uint32_t step = sector < 24576 ? sector / 3 : 8192;
        for (uint32_t size = step; size < 3 * sector && size <= 40000; size += step) {
            begin(&b);
            enum onecard_err err = store_large_begin(b.s, CODE + loads, size);
            end(&b, &first);
            if (err == ONECARD_E_FULL)
                break;
            assert_int_equal(err, ONECARD_OK);
            for (uint32_t at = 0; at < size; at += sizeof code) {
                uint32_t n = size - at < sizeof code ? size - at : (uint32_t)sizeof code;
                begin(&b);
                assert_int_equal(store_large_append(b.s, code, n), ONECARD_OK);
                end(&b, &block);
            }
            begin(&b);
            assert_int_equal(store_large_finish(b.s), ONECARD_OK);
            assert_int_equal(store_commit(b.s), ONECARD_OK);
            end(&b, &last);
            loads++;
        }
        print_message("%-32s load: begin %u bytes %u erases; block %u, %u; end %u, %u\n",
                      geometries[g].text, (unsigned)first.bytes, (unsigned)first.erases,
                      (unsigned)block.bytes, (unsigned)block.erases, (unsigned)last.bytes,
                      (unsigned)last.erases);
        assert_true(loads > 0);
        assert_true(block.erases <= 1);
        assert_true(block.bytes <= 240 + 2 * 16 + 16);
        tear_down(&b);
    }
}

/* Refusals are clean, what is there can be changed and read, and deleting gives room. */
static void a_full_chip_stays_usable(void **state) {
    (void)state;
    for (uint32_t g = 0; g < GEOMETRIES; g++) {
        struct bench b;
        struct store_info info;
        set_up(&b, &geometries[g].o);
        uint32_t size = b.port->flash.sector_size < 4096 ? 300 : 1000;
        uint32_t files = fill(&b, size), round = 0;
        for (; round < 3; round++) {
            assert_int_equal(store_create(b.s, NAME + files, size, STORE_PLAIN), ONECARD_E_FULL);
            assert_int_equal(store_large_begin(b.s, CODE, 20000), ONECARD_E_FULL);
            for (uint32_t i = 0; i < 50; i++) {
                small_update(&b, i, files, size);
                counter_update(&b, i, files, size);
                largest_transaction(&b, i, files, size);
                all_secrets(&b, i, files, size);
            }
            power_up(&b);
            assert_int_equal(store_create(b.s, NAME + files, size, STORE_PLAIN), ONECARD_E_FULL);
            store_info(b.s, &info);
            assert_int_equal(info.objects, files + 8);
        }
        for (uint32_t i = 0; i < files / 2; i++) { /* no idle time in between either */
            assert_int_equal(store_delete(b.s, NAME + i), ONECARD_OK);
            assert_int_equal(store_commit(b.s), ONECARD_OK);
        }
        for (uint32_t i = 0; i < files / 3; i++) {
            assert_int_equal(store_create(b.s, NAME + i, size, STORE_PLAIN), ONECARD_OK);
            assert_int_equal(store_commit(b.s), ONECARD_OK);
        }
        assert_int_equal(store_delete_owner(b.s, STORE_OWNER(NAME)), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        store_info(b.s, &info);
        assert_int_equal(info.objects, 8);
        tear_down(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_bounded),
        cmocka_unit_test(loading_is_bounded),
        cmocka_unit_test(a_full_chip_stays_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
