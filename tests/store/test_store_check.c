/* Looking at a store (show, check), the work one command may cause (S5), and wear. */
#include "store/fixture.h"
#include "store/inspect.h"

#include <unistd.h>

#define NAME STORE_NAME(5, 1, 1)

static struct store_finding last;
static void note(void *ctx, const struct store_finding *finding) {
    (void)ctx;
    last = *finding;
}

static uint32_t check(struct bench *b) {
    struct arena arena = bench_arena(b);
    memset(&last, 0xFF, sizeof last);
    return store_check(b->port, &arena, note, NULL);
}

/* Something of every kind. */
static void furnish(struct bench *b) {
    static uint8_t code[3000];
    memset(code, 0x5A, sizeof code);
    set_up(b, NULL);
    store_create(b->s, NAME, 100, STORE_PLAIN);
    store_write(b->s, NAME, 0, "some text to be found again", 27);
    store_create(b->s, NAME + 1, 16, STORE_SECRET);
    assert_int_equal(store_commit(b->s), ONECARD_OK);
    store_large_begin(b->s, NAME + 2, sizeof code);
    store_large_append(b->s, code, sizeof code);
    store_large_finish(b->s);
    assert_int_equal(store_commit(b->s), ONECARD_OK);
    for (uint32_t i = 0; i < 3; i++) {
        store_write(b->s, NAME, 50, &i, sizeof i);
        assert_int_equal(store_commit(b->s), ONECARD_OK);
    }
}

static void a_sound_store_passes(void **state) {
    (void)state;
    struct bench b;
    struct store_object_info info;
    struct store_sector_info sector;
    struct store_record_info records[3];
    struct onecard_host_counters before, after;
    furnish(&b);
    onecard_host_counters(b.host, &before);
    assert_int_equal(check(&b), 0);
    struct arena arena = bench_arena(&b);
    assert_int_equal(store_look(b.port, &arena, &b.s), ONECARD_OK);
    assert_int_equal(store_inspect_object(b.s, 0, &info), ONECARD_OK);
    assert_int_equal(info.name, NAME);
    assert_int_equal(info.rest, STORE_REST_PLAIN);
    assert_int_equal(store_inspect_object(b.s, NAME + 2, &info), ONECARD_OK);
    assert_int_equal(info.rest, STORE_REST_LARGE);
    assert_int_equal(info.size, 3000);
    assert_int_equal(store_inspect_object(b.s, NAME + 3, &info), ONECARD_E_NOT_FOUND);
    assert_int_equal(store_inspect_sector(b.s, 0, &sector), ONECARD_OK);
    assert_int_equal(sector.use, STORE_SECTOR_LOG);
    assert_int_equal(store_inspect_sector(b.s, 64, &sector), ONECARD_E_RANGE);
    assert_int_equal(store_inspect_records(b.s, records, 3), 3);
    assert_string_equal(records[2].first_op, "write");
    assert_int_equal(records[2].first, NAME);
    assert_int_equal(store_write(b.s, NAME, 0, "x", 1), ONECARD_OK);
    assert_int_equal(store_commit(b.s), ONECARD_E_STATE); /* looking changes nothing */
    onecard_host_counters(b.host, &after);
    assert_memory_equal(&before, &after, sizeof before);
    tear_down(&b);
}

static void damage_is_found_where_it_is(void **state) {
    (void)state;
    struct bench b;
    struct store_object_info info;
    furnish(&b);
    uint32_t at = bench_find(&b, "some text to be found again", 27);
    bench_flash(&b)[at + 3] ^= 4;
    assert_int_equal(check(&b), 1);
    assert_int_equal(last.kind, STORE_FOUND_RECORD);
    assert_int_equal(last.sector, at / 4096);
    bench_flash(&b)[at + 3] ^= 4;
    store_inspect_object(b.s, NAME + 2, &info);
    bench_flash(&b)[info.address + 1000] ^= 1;
    assert_int_equal(check(&b), 1);
    assert_int_equal(last.kind, STORE_FOUND_LARGE);
    assert_int_equal(last.name, NAME + 2);
    bench_flash(&b)[info.address + 1000] ^= 1;
    store_inspect_object(b.s, NAME + 1, &info);
    bench_flash(&b)[info.address + 20] ^= 1;
    assert_int_equal(check(&b), 2); /* the secret itself, and the set of all */
    bench_flash(&b)[info.address + 20] ^= 1;
    assert_int_equal(check(&b), 0);
    memset(bench_flash(&b), 0xFF, bench_flash_size(&b));
    assert_int_equal(check(&b), 1);
    assert_int_equal(last.kind, STORE_FOUND_NO_STORE);
    tear_down(&b);
}

/* S5: what one command of 16 bytes programs, whatever the file's size. */
static void a_small_change_stays_small(void **state) {
    (void)state;
    struct onecard_host_counters before, after;
    uint8_t data[16] = {1};
    struct bench b;
    set_up(&b, NULL);
    for (uint32_t i = 0; i < 3; i++) {
        store_create(b.s, NAME + i, 64u << 2 * i, STORE_PLAIN);
        store_commit(b.s);
    }
    for (uint32_t i = 0; i < 3; i++) {
        onecard_host_counters(b.host, &before);
        store_write(b.s, NAME + i, 32, data, sizeof data);
        store_commit(b.s);
        onecard_host_counters(b.host, &after);
        assert_true(after.program_bytes - before.program_bytes <= 48);
        assert_int_equal(after.erases, before.erases);
    }
    onecard_host_counters(b.host, &before);
    for (uint32_t i = 0; i < 3; i++)
        store_write(b.s, NAME + i, 16, data, sizeof data);
    store_commit(b.s);
    onecard_host_counters(b.host, &after);
    assert_true(after.program_bytes - before.program_bytes <= 120);
    tear_down(&b);
}

/* Without any idle time, on a full chip: docs/store.md states these bounds. */
static void work_of_a_command_is_bounded(void **state) {
    (void)state;
    static const struct onecard_host_options geometry[] = {
        {.sector_count = 64}, {.sector_count = 16}, {.sector_size = 16384, .sector_count = 16}};
    for (uint32_t g = 0; g < 3; g++) {
        struct onecard_host_counters before, after;
        uint8_t data[1000] = {0};
        uint32_t n = 0;
        uint64_t most_bytes = 0, most_erases = 0;
        struct bench b;
        set_up(&b, &geometry[g]);
        while (store_create(b.s, NAME + n, sizeof data, STORE_PLAIN) == ONECARD_OK &&
               store_write(b.s, NAME + n, 0, data, sizeof data) == ONECARD_OK &&
               store_commit(b.s) == ONECARD_OK)
            n++;
        store_abort(b.s);
        for (uint32_t i = 0; i < 20000; i++) {
            onecard_host_counters(b.host, &before);
            memcpy(data, &i, sizeof i);
            store_write(b.s, NAME + i * 7 % n, i % 980, data, 16);
            assert_int_equal(store_commit(b.s), ONECARD_OK);
            onecard_host_counters(b.host, &after);
            if (after.program_bytes - before.program_bytes > most_bytes)
                most_bytes = after.program_bytes - before.program_bytes;
            if (after.erases - before.erases > most_erases)
                most_erases = after.erases - before.erases;
        }
        print_message("full chip of %u sectors of %u: at most %u bytes, %u erases a command\n",
                      (unsigned)b.port->flash.sector_count, (unsigned)b.port->flash.sector_size,
                      (unsigned)most_bytes, (unsigned)most_erases);
        assert_true(most_erases <= 3);
        assert_true(most_bytes <= 2 * 4096);
        tear_down(&b);
    }
}

/* docs/store.md states these sizes: a whole card is to fit into 64 KiB of RAM. */
static void tables_fit_the_flash(void **state) {
    (void)state;
    struct bench b;
    set_up(&b, NULL);
    assert_true(store_memory_size(b.port) <= 20 * 1024);
    tear_down(&b);
    struct onecard_host_options large = {.sector_count = 256};
    set_up(&b, &large);
    assert_true(store_memory_size(b.port) <= 62 * 1024);
    for (uint32_t i = 0; i < 1024; i++) {
        assert_int_equal(store_create(b.s, STORE_NAME(1, 0, i), 16, STORE_PLAIN), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
    }
    assert_int_equal(store_create(b.s, STORE_NAME(2, 0, 0), 1, STORE_PLAIN), ONECARD_E_FULL);
    tear_down(&b);
}

/* S3: code and keys that nobody touches take their part, too. */
static void wear_is_spread(void **state) {
    (void)state;
    static const uint32_t sizes[] = {900, 3000, 10000, 20000};
    static uint8_t code[20000];
    uint32_t least = UINT32_MAX, most = 0;
    struct bench b;
    set_up(&b, NULL);
    for (uint32_t i = 0; i < 4; i++) {
        memset(code, (int)i + 1, sizes[i]);
        store_large_begin(b.s, NAME + 200 + i, sizes[i]);
        store_large_append(b.s, code, sizes[i]);
        store_large_finish(b.s);
        store_create(b.s, NAME + 300 + i, 16, STORE_SECRET);
        store_write(b.s, NAME + 300 + i, 0, &i, sizeof i);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
    }
    for (uint32_t i = 0; i < 60; i++) { /* files that nobody touches again */
        store_create(b.s, NAME + 1 + i, 1000, STORE_PLAIN);
        store_write(b.s, NAME + 1 + i, 0, &i, sizeof i);
        store_commit(b.s);
    }
    store_create(b.s, NAME, 16, STORE_PLAIN);
    for (uint32_t i = 0; i < 400000; i++) {
        store_write(b.s, NAME, 0, &i, sizeof i);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        for (uint32_t steps = 0; store_idle(b.s); steps++)
            assert_true(steps < 2000);
    }
    assert_true(store_moves(b.s) >= 4);
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 4; i++) {
            uint32_t size = 0, value = 0;
            const uint8_t *map = store_map(b.s, NAME + 200 + i, &size);
            memset(code, (int)i + 1, sizes[i]);
            assert_int_equal(size, sizes[i]);
            assert_memory_equal(map, code, size);
            store_read(b.s, NAME + 300 + i, 0, &value, sizeof value);
            assert_int_equal(value, i);
        }
        assert_int_equal(check(&b), 0);
        power_up(&b);
    }
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t n = onecard_host_sector_erases(b.host, i);
        least = n < least ? n : least;
        most = n > most ? n : most;
    }
    print_message("after 400,000 updates sectors were erased %u to %u times\n", (unsigned)least,
                  (unsigned)most);
    assert_true(most - least <= 18 + most / 20); /* twice six, and some turns of search */
    tear_down(&b);
}

/* The unmarked sectors of a long object remember their wear through power-ups and moves. */
static void wear_of_code_is_remembered(void **state) {
    (void)state;
    static uint8_t code[9000];
    struct bench b;
    struct store_object_info info;
    struct store_sector_info sector;
    set_up(&b, NULL);
    for (uint32_t i = 0; i < 30; i++) { /* the same sectors or others: all are counted */
        store_large_begin(b.s, NAME, sizeof code);
        store_large_append(b.s, code, sizeof code);
        store_large_finish(b.s);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        power_up(&b);
        assert_int_equal(store_inspect_object(b.s, NAME, &info), ONECARD_OK);
        for (uint32_t j = info.address / 4096; j <= (info.address + info.size - 1) / 4096; j++) {
            assert_int_equal(store_inspect_sector(b.s, j, &sector), ONECARD_OK);
            /* What formatting found erased was counted as one. */
            assert_int_equal(sector.erases, onecard_host_sector_erases(b.host, j) + 1);
        }
        store_delete(b.s, NAME);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        while (store_idle(b.s))
            ;
    }
    tear_down(&b);
}

/* S5: shared sectors that are half empty are joined, and their room is given back. */
static void sectors_of_code_are_joined(void **state) {
    (void)state;
    static uint8_t code[1200];
    struct bench b;
    struct store_info before, after;
    set_up(&b, NULL);
    for (uint32_t i = 0; i < 24; i++) { /* three to a sector */
        memset(code, (int)i, sizeof code);
        store_large_begin(b.s, NAME + i, sizeof code);
        store_large_append(b.s, code, sizeof code);
        store_large_finish(b.s);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
    }
    for (uint32_t i = 0; i < 24; i++)
        if (i % 3)
            store_delete(b.s, NAME + i);
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    store_info(b.s, &before);
    for (uint32_t steps = 0; store_idle(b.s); steps++)
        assert_true(steps < 2000);
    store_info(b.s, &after);
    assert_true(before.bytes_live - after.bytes_live >= 5 * 4096);
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 24; i += 3) {
            uint32_t size = 0;
            const uint8_t *map = store_map(b.s, NAME + i, &size);
            memset(code, (int)i, sizeof code);
            assert_int_equal(size, sizeof code);
            assert_memory_equal(map, code, size);
        }
        power_up(&b);
    }
    tear_down(&b);
}

/* S3: on a full chip there is no place to move code to. Looking for one neither goes on for ever
 * nor wears the chip out. */
static void levelling_gives_up(void **state) {
    (void)state;
    static const uint32_t counts[] = {16, 64};
    static uint8_t code[20000];
    for (uint32_t c = 0; c < 2; c++) {
        struct onecard_host_options options = {.sector_count = counts[c]};
        struct onecard_host_counters before, after;
        double erases[2];
        for (uint32_t with = 0; with < 2; with++) { /* code that could move; or files instead */
            struct bench b;
            uint32_t n = 0;
            set_up(&b, &options);
            for (uint32_t i = 0; i < 5 && with; i++) {
                store_large_begin(b.s, NAME + 900 + i, counts[c] == 16 ? 5000 : sizeof code);
                store_large_append(b.s, code, counts[c] == 16 ? 5000 : sizeof code);
                if (store_large_finish(b.s) == ONECARD_OK)
                    assert_int_equal(store_commit(b.s), ONECARD_OK);
            }
            while (store_create(b.s, NAME + n, 1000, STORE_PLAIN) == ONECARD_OK &&
                   store_write(b.s, NAME + n, 0, code, 1000) == ONECARD_OK &&
                   store_commit(b.s) == ONECARD_OK)
                n++;
            store_abort(b.s);
            onecard_host_counters(b.host, &before);
            for (uint32_t i = 0; i < 30000; i++) {
                store_write(b.s, NAME, i % 900, &i, sizeof i);
                assert_int_equal(store_commit(b.s), ONECARD_OK);
                for (uint32_t steps = 0; store_idle(b.s); steps++)
                    assert_true(steps < 4000);
            }
            onecard_host_counters(b.host, &after);
            erases[with] = (double)(after.erases - before.erases) / 30000;
            tear_down(&b);
        }
        print_message("full chip of %u: %.4f erases an update with code, %.4f without\n",
                      (unsigned)counts[c], erases[1], erases[0]);
        assert_true(erases[1] < erases[0] * 1.5);
    }
}

/* S5: idle work ends, however much is left of the newest sector (an object that moves whole once
 * did not fit, and nothing else was tried). */
static void idle_work_ends(void **state) {
    (void)state;
    uint8_t data[240];
    for (uint32_t size = 60; size <= 240; size += 20) {
        struct bench b;
        struct onecard_host_options options = {.sector_count = 12};
        set_up(&b, &options);
        memset(data, (int)size, sizeof data);
        for (uint32_t i = 0; i < 3; i++) {
            store_create(b.s, NAME + i, size, STORE_PLAIN);
            store_write(b.s, NAME + i, 0, data, size);
            assert_int_equal(store_commit(b.s), ONECARD_OK);
        }
        for (uint32_t i = 0; i < 6000; i++) {
            store_write(b.s, NAME, i % 40, data, 1 + i % 19);
            assert_int_equal(store_commit(b.s), ONECARD_OK);
            for (uint32_t steps = 0; store_idle(b.s); steps++)
                assert_true(steps < 500);
        }
        tear_down(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_store_passes),
        cmocka_unit_test(damage_is_found_where_it_is),
        cmocka_unit_test(a_small_change_stays_small),
        cmocka_unit_test(work_of_a_command_is_bounded),
        cmocka_unit_test(tables_fit_the_flash),
        cmocka_unit_test(wear_is_spread),
        cmocka_unit_test(wear_of_code_is_remembered),
        cmocka_unit_test(sectors_of_code_are_joined),
        cmocka_unit_test(levelling_gives_up),
        cmocka_unit_test(idle_work_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
