/* The store without power cuts: its face, and random histories against the model (S3, S4, S5). */
#include "store/fixture.h"
#include "tear/model.h"

#define NAME STORE_NAME(7, 1, 5)
#define CODE STORE_NAME(7, 2, 1)

static void objects_are_made_and_changed(void **state) {
    (void)state;
    struct bench b;
    uint8_t buf[32];
    uint32_t size;
    store_name name;
    set_up(&b, NULL);
    assert_false(store_dirty(b.s));
    assert_int_equal(store_create(b.s, NAME, 20, STORE_PLAIN), ONECARD_OK);
    assert_int_equal(store_create(b.s, NAME, 20, STORE_PLAIN), ONECARD_E_EXISTS);
    assert_int_equal(store_write(b.s, NAME, 4, "hello", 5), ONECARD_OK);
    assert_int_equal(store_write(b.s, NAME, 16, "hello", 5), ONECARD_E_RANGE);
    assert_true(store_dirty(b.s));
    assert_int_equal(store_read(b.s, NAME, 0, buf, 20), ONECARD_OK);
    assert_memory_equal(buf, "\0\0\0\0hello\0\0\0\0\0\0\0\0\0\0\0", 20);
    store_abort(b.s);
    assert_int_equal(store_size(b.s, NAME, &size), ONECARD_E_NOT_FOUND);
    assert_int_equal(store_create(b.s, NAME, 20, STORE_PLAIN), ONECARD_OK);
    assert_int_equal(store_write(b.s, NAME, 0, "01234567890123456789", 20), ONECARD_OK);
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    assert_int_equal(store_next(b.s, 0, &name), ONECARD_OK);
    assert_int_equal(name, NAME);
    const uint8_t *map = store_map(b.s, NAME, &size);
    assert_non_null(map);
    assert_memory_equal(map, "01234567890123456789", 20);
    power_up(&b);
    assert_int_equal(store_write(b.s, NAME, 3, "abc", 3), ONECARD_OK);
    assert_null(store_map(b.s, NAME, &size));
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    power_up(&b);
    assert_int_equal(store_read(b.s, NAME, 0, buf, 20), ONECARD_OK);
    assert_memory_equal(buf, "012abc67890123456789", 20);
    assert_int_equal(store_delete(b.s, NAME), ONECARD_OK);
    assert_int_equal(store_size(b.s, NAME, &size), ONECARD_E_NOT_FOUND);
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    power_up(&b);
    assert_int_equal(store_size(b.s, NAME, &size), ONECARD_E_NOT_FOUND);
    tear_down(&b);
}

static void write_now_leaves_the_transaction_alone(void **state) {
    (void)state;
    struct bench b;
    uint8_t buf[8];
    set_up(&b, NULL);
    store_create(b.s, NAME, 8, STORE_SECRET);
    store_create(b.s, NAME + 1, 8, STORE_PLAIN);
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    assert_int_equal(store_write(b.s, NAME + 1, 0, "staged", 6), ONECARD_OK);
    assert_int_equal(store_write_now(b.s, NAME, 0, "\3", 1), ONECARD_OK);
    assert_true(store_dirty(b.s));
    store_abort(b.s); /* F5: the counter stays */
    assert_int_equal(store_read(b.s, NAME, 0, buf, 1), ONECARD_OK);
    assert_int_equal(buf[0], 3);
    power_up(&b);
    assert_int_equal(store_read(b.s, NAME, 0, buf, 1), ONECARD_OK);
    assert_int_equal(buf[0], 3);
    assert_int_equal(store_read(b.s, NAME + 1, 0, buf, 1), ONECARD_OK);
    assert_int_equal(buf[0], 0);
    tear_down(&b);
}

static void large_objects_run_in_place(void **state) {
    (void)state;
    struct bench b;
    uint32_t size;
    static uint8_t code[20000];
    for (uint32_t i = 0; i < sizeof code; i++)
        code[i] = (uint8_t)(i * 7 + (i >> 8));
    set_up(&b, NULL);
    assert_int_equal(store_large_begin(b.s, NAME, 3000), ONECARD_OK);
    assert_int_equal(store_large_append(b.s, code, 1001), ONECARD_OK);
    assert_int_equal(store_large_append(b.s, code, 2000), ONECARD_E_RANGE);
    assert_int_equal(store_large_append(b.s, code + 1001, 1999), ONECARD_OK);
    assert_int_equal(store_large_finish(b.s), ONECARD_OK);
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    assert_int_equal(store_large_begin(b.s, NAME, 3000), ONECARD_E_EXISTS);
    assert_int_equal(store_large_begin(b.s, NAME + 1, sizeof code), ONECARD_OK);
    assert_int_equal(store_large_append(b.s, code, sizeof code), ONECARD_OK);
    assert_int_equal(store_large_finish(b.s), ONECARD_OK);
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    const uint8_t *map = store_map(b.s, NAME + 1, &size);
    assert_int_equal(size, sizeof code);
    assert_memory_equal(map, code, sizeof code);
    for (int i = 0; i < 20000; i++) { /* the log turns; the code stays where it is */
        if (i == 0)
            store_create(b.s, NAME + 2, 16, STORE_PLAIN);
        store_write(b.s, NAME + 2, 0, &i, sizeof i);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        store_idle(b.s);
    }
    assert_ptr_equal(store_map(b.s, NAME + 1, &size), map);
    assert_memory_equal(map, code, sizeof code);
    map = store_map(b.s, NAME, &size);
    assert_int_equal(size, 3000);
    assert_memory_equal(map, code, 3000);
    power_up(&b);
    map = store_map(b.s, NAME, &size);
    assert_memory_equal(map, code, 3000);
    tear_down(&b);
}

static void write_large(struct store *s, store_name name, const uint8_t *code, uint32_t len) {
    assert_int_equal(store_large_begin(s, name, len), ONECARD_OK);
    assert_int_equal(store_large_append(s, code, len), ONECARD_OK);
    assert_int_equal(store_large_finish(s), ONECARD_OK);
}

static void assert_large(struct store *s, store_name name, const uint8_t *code, uint32_t len) {
    uint32_t size;
    const uint8_t *map = store_map(s, name, &size);
    assert_non_null(map);
    assert_int_equal(size, len);
    assert_memory_equal(map, code, len);
}

/* In one sector, in sectors of their own, and one of each. */
static void two_large_objects_make_one_commit(void **state) {
    (void)state;
    static const uint32_t sizes[][2] = {{900, 1100}, {9000, 5000}, {700, 9000}, {9000, 701}};
    static uint8_t code[9000], other[9000];
    struct bench b;
    uint32_t len;
    for (uint32_t i = 0; i < sizeof code; i++) {
        code[i] = (uint8_t)(i * 7 + (i >> 8));
        other[i] = (uint8_t)(i * 5 + (i >> 7));
    }
    set_up(&b, NULL);
    for (uint32_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        write_large(b.s, NAME, code, sizes[i][0]);
        assert_int_equal(store_large_begin(b.s, NAME + 1, sizes[i][1]), ONECARD_OK);
        assert_int_equal(store_large_begin(b.s, NAME + 2, 10), ONECARD_E_STATE);
        assert_int_equal(store_large_append(b.s, other, sizes[i][1]), ONECARD_OK);
        assert_memory_equal(store_large_data(b.s, &len), other, sizes[i][1]);
        store_large_abandon(b.s); /* both */
        assert_false(store_dirty(b.s));
        assert_null(store_map(b.s, NAME, &len));

        write_large(b.s, NAME, code, sizes[i][0]);
        write_large(b.s, NAME + 1, other, sizes[i][1]);
        assert_int_equal(store_large_begin(b.s, NAME + 2, 10), ONECARD_E_STATE);
        store_abort(b.s);
        assert_null(store_map(b.s, NAME, &len));
        assert_null(store_map(b.s, NAME + 1, &len));

        write_large(b.s, NAME, code, sizes[i][0]);
        write_large(b.s, NAME + 1, other, sizes[i][1]);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        assert_large(b.s, NAME, code, sizes[i][0]);
        write_large(b.s, NAME + 2, code, 10);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        power_up(&b);
        assert_large(b.s, NAME, code, sizes[i][0]);
        assert_large(b.s, NAME + 1, other, sizes[i][1]);
        assert_large(b.s, NAME + 2, code, 10);
        for (store_name name = NAME; name <= NAME + 2; name++)
            assert_int_equal(store_delete(b.s, name), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
    }
    tear_down(&b);
}

static void a_full_card_refuses_and_can_be_emptied(void **state) {
    (void)state;
    struct bench b;
    uint32_t n = 0;
    struct store_info info;
    static uint8_t data[1000];
    set_up(&b, &(struct onecard_host_options){.sector_count = 16});
    enum onecard_err err = ONECARD_OK;
    while (!err) {
        err = store_create(b.s, NAME + n, sizeof data, STORE_PLAIN);
        memset(data, (int)n, sizeof data);
        if (!err)
            err = store_write(b.s, NAME + n, 0, data, sizeof data);
        if (!err)
            err = store_commit(b.s);
        n += !err;
    }
    assert_int_equal(err, ONECARD_E_FULL);
    store_abort(b.s);
    store_info(b.s, &info);
    assert_true(n >= 38);
    /* Changing what is there still works, at length, without idle time. */
    for (uint32_t i = 0; i < 3000; i++) {
        memcpy(data, &i, 4);
        assert_int_equal(store_write(b.s, NAME + i % n, i % 900, data, 16), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
    }
    power_up(&b);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(store_delete(b.s, NAME + i), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
    }
    assert_int_equal(store_create(b.s, NAME, 4000, STORE_PLAIN), ONECARD_OK);
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    tear_down(&b);
}

static void history(const struct onecard_host_options *options, uint64_t seed, uint32_t steps,
                    uint32_t limit, uint32_t large) {
    struct bench b;
    struct model m;
    struct rng r = {seed};
    set_up(&b, options);
    struct store_info info;
    store_info(b.s, &info);
    model_init(&m, limit, large, info.bytes_free * 3 / 4);
    for (uint32_t i = 0; i < steps; i++) {
        const char *wrong = NULL;
        enum onecard_err err = model_step(&m, b.s, &r, &wrong);
        if (!wrong && (i % 64 == 0 || steps < 500))
            wrong = model_compare(&m.pending, b.s);
        if (err && err != ONECARD_E_FULL && err != ONECARD_E_TOO_BIG)
            wrong = onecard_err_text(err);
        if (wrong)
            fail_msg("seed %u, step %u: %s", (unsigned)seed, (unsigned)i, wrong);
        if (rng_below(&r, 200) == 0) {
            model_power_off(&m);
            power_up(&b);
            wrong = model_settle(&m, b.s);
            if (wrong)
                fail_msg("seed %u, step %u, after power-up: %s", (unsigned)seed, (unsigned)i,
                         wrong);
        }
    }
    model_free(&m);
    tear_down(&b);
}

static void histories_agree_with_the_model(void **state) {
    (void)state;
    static const struct onecard_host_options geometry[] = {
        {.sector_size = 4096, .sector_count = 32, .word_size = 4, .programs_per_word = 2},
        {.sector_size = 4096, .sector_count = 32, .word_size = 4, .program_max = 4},
        {.sector_size = 1024, .sector_count = 64, .word_size = 1, .programs_per_word = 1},
        {.sector_size = 16384, .sector_count = 12, .word_size = 8, .programs_per_word = 1},
        {.sector_size = 131072, .sector_count = 8, .word_size = 4, .programs_per_word = 4},
        {.sector_size = 4096, .sector_count = 40, .word_size = 16, .programs_per_word = 1},
        {.sector_size = 2048, .sector_count = 60, .word_size = 2, .program_max = 64},
    };
    for (uint32_t i = 0; i < sizeof geometry / sizeof geometry[0]; i++)
        for (uint64_t seed = 1; seed <= 4; seed++)
            history(&geometry[i], seed, 6000, 3000, 20000);
}

static void load(struct bench *b, uint8_t with, uint32_t len) {
    uint8_t code[900];
    memset(code, with, sizeof code);
    if (store_large_begin(b->s, CODE, len) || store_large_append(b->s, code, len) ||
        store_large_finish(b->s))
        return;
    (void)store_commit(b->s);
}

/* S1: one transaction deletes an object and makes it anew, in the place where the power-up after a
 * cut finds it and restates it. Then its sector must not be free. */
static void test_S1_an_object_made_anew_in_doubt(void **state) {
    (void)state;
    static const struct onecard_host_options small = {.sector_count = 8};
    for (uint32_t cut = 0; cut < 30; cut++) {
        struct bench b;
        struct failing f;
        uint32_t size;
        set_up(&b, &small);
        failing_port(&b, &f);
        assert_int_equal(store_create(b.s, CODE, 10, STORE_PLAIN), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        failing_power_up(&b, &f, cut);
        assert_int_equal(store_delete(b.s, CODE), ONECARD_OK);
        load(&b, 7, 900);
        failing_power_up(&b, &f, UINT32_MAX);
        for (uint32_t i = 0; i < 1000; i++) { /* every free sector takes its turn */
            assert_int_equal(store_create(b.s, NAME, 4, STORE_PLAIN), ONECARD_OK);
            assert_int_equal(store_delete(b.s, NAME), ONECARD_OK);
            assert_int_equal(store_commit(b.s), ONECARD_OK);
            (void)store_idle(b.s);
        }
        for (uint32_t again = 0; again < 2; again++) {
            assert_int_equal(store_size(b.s, CODE, &size), ONECARD_OK);
            const uint8_t *code = size == 900 ? store_map(b.s, CODE, &size) : NULL;
            assert_true(size == 10 || (code && code[0] == 7 && code[899] == 7));
            failing_power_up(&b, &f, UINT32_MAX);
        }
        tear_down(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_made_and_changed),
        cmocka_unit_test(write_now_leaves_the_transaction_alone),
        cmocka_unit_test(large_objects_run_in_place),
        cmocka_unit_test(two_large_objects_make_one_commit),
        cmocka_unit_test(a_full_card_refuses_and_can_be_emptied),
        cmocka_unit_test(histories_agree_with_the_model),
        cmocka_unit_test(test_S1_an_object_made_anew_in_doubt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
