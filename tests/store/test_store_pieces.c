/* The index: which entries of the log hold an object's bytes. Whatever is written over what, cut
 * off and grown again, collected and powered up anew, reading gives what a plain array would. */
#include "store/fixture.h"
#include "store/inspect.h"

#define NAME STORE_NAME(5, 1, 1)
#define SIZE 1000u

static uint32_t random_state = 7;
static uint32_t below(uint32_t n) {
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)random_state * n >> 32);
}

static void create(struct bench *b, store_name name, uint32_t size) {
    assert_int_equal(store_create(b->s, name, size, STORE_PLAIN), ONECARD_OK);
    assert_int_equal(store_commit(b->s), ONECARD_OK);
}

static void idle(struct bench *b) {
    for (uint32_t steps = 0; store_idle(b->s); steps++)
        assert_true(steps < 2000);
}

static uint32_t pieces(struct bench *b, store_name name) {
    struct store_object_info info;
    assert_int_equal(store_inspect_object(b->s, name, &info), ONECARD_OK);
    assert_int_equal(info.name, name);
    return info.pieces;
}

static void same(struct bench *b, store_name name, const uint8_t *expected, uint32_t size) {
    static uint8_t got[8192];
    uint32_t stored = 0;
    assert_int_equal(store_size(b->s, name, &stored), ONECARD_OK);
    assert_int_equal(stored, size);
    assert_int_equal(store_read(b->s, name, 0, got, size), ONECARD_OK);
    assert_memory_equal(got, expected, size);
}

/* Updates of another file, so that the log goes round. */
static void turn(struct bench *b, uint32_t count, bool with_idle) {
    for (uint32_t i = 0; i < count; i++) {
        store_write(b->s, NAME + 100, 0, &i, sizeof i);
        assert_int_equal(store_commit(b->s), ONECARD_OK);
        if (with_idle)
            idle(b);
    }
}

/* A change takes one piece wherever it falls; what it hides altogether gives its piece back. */
static void a_change_takes_one_piece(void **state) {
    (void)state;
    uint8_t data[SIZE];
    struct bench b;
    set_up(&b, NULL);
    memset(data, 1, sizeof data);
    create(&b, NAME, SIZE);
    assert_int_equal(pieces(&b, NAME), 0);
    static const struct {
        uint32_t from, to, pieces;
    } steps[] = {
        {0, SIZE, 1},  {100, 116, 2}, {108, 124, 3},  /* all of them partly seen */
        {104, 112, 4},                                /* within two of them */
        {100, 116, 3},                                /* hides the first and that one */
        {100, 108, 4}, {108, 116, 4},                 /* together they hide [100, 116) */
        {90, 130, 2},  {0, 90, 3},    {130, SIZE, 3}, /* nothing of the whole is left */
        {0, SIZE, 1},
    };
    for (uint32_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        memset(data + steps[i].from, (int)i + 2, steps[i].to - steps[i].from);
        store_write(b.s, NAME, steps[i].from, data + steps[i].from, steps[i].to - steps[i].from);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        same(&b, NAME, data, SIZE);
        assert_int_equal(pieces(&b, NAME), steps[i].pieces);
    }
    power_up(&b);
    same(&b, NAME, data, SIZE);
    assert_int_equal(pieces(&b, NAME), 1);
    tear_down(&b);
}

/* Bytes that were cut off are zeros when the object grows again: at once, after power-up, and after
 * the log has gone round, when the entries that said so have been collected. */
static void what_is_cut_off_stays_away(void **state) {
    (void)state;
    static const uint32_t shrink[] = {0, 1, 99, 100, 101, 150, 199};
    for (uint32_t i = 0; i < sizeof shrink / sizeof shrink[0]; i++) {
        uint8_t data[300];
        struct bench b;
        set_up(&b, NULL);
        create(&b, NAME + 100, 4);
        create(&b, NAME, 200);
        memset(data, 0xEE, sizeof data);
        store_write(b.s, NAME, 0, data, 200);
        store_commit(b.s);
        store_write(b.s, NAME, 100, data, 100);
        store_commit(b.s);
        assert_int_equal(store_resize(b.s, NAME, shrink[i]), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        assert_int_equal(store_resize(b.s, NAME, 300), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        memset(data + shrink[i], 0, sizeof data - shrink[i]);
        same(&b, NAME, data, 300);
        power_up(&b);
        same(&b, NAME, data, 300);
        if (shrink[i] > 0) { /* newer than the end, on both sides of it */
            memset(data + shrink[i] - 1, 0x77, 2);
            store_write(b.s, NAME, shrink[i] - 1, data + shrink[i] - 1, 2);
            assert_int_equal(store_commit(b.s), ONECARD_OK);
            same(&b, NAME, data, 300);
        }
        for (uint32_t round = 0; round < 3; round++) {
            turn(&b, 2500, round % 2 == 0);
            same(&b, NAME, data, 300);
            power_up(&b);
            same(&b, NAME, data, 300);
        }
        tear_down(&b);
    }
}

/* Everything together, against an array: sizes below and above what moves in one entry. */
static void histories_agree_with_an_array(void **state) {
    (void)state;
    static const struct onecard_host_options geometry[] = {
        {.sector_count = 24},
        {.sector_count = 40, .sector_size = 1024, .word_size = 8, .programs_per_word = 1}};
    static uint8_t expected[3][6000];
    static uint8_t data[6000];
    for (uint32_t g = 0; g < 2; g++) {
        uint32_t size[3] = {200, 900, g == 0 ? 6000 : 2500};
        const uint32_t most[3] = {400, 1024, size[2]};
        struct bench b;
        set_up(&b, &geometry[g]);
        memset(expected, 0, sizeof expected);
        for (uint32_t i = 0; i < 3; i++)
            create(&b, NAME + i, size[i]);
        create(&b, NAME + 100, 4);
        for (uint32_t step = 0; step < 6000; step++) {
            const uint32_t i = below(3);
            if (below(40) == 0) {
                const uint32_t to = below(most[i]) + 1;
                assert_int_equal(store_resize(b.s, NAME + i, to), ONECARD_OK);
                if (to > size[i])
                    memset(expected[i] + size[i], 0, to - size[i]);
                size[i] = to;
            } else {
                const uint32_t longest = below(30) ? 24 : 500;
                const uint32_t at = below(size[i]);
                uint32_t len = below(longest) + 1;
                len = len < size[i] - at ? len : size[i] - at;
                memset(data, (int)step, len);
                assert_int_equal(store_write(b.s, NAME + i, at, data, len), ONECARD_OK);
                memcpy(expected[i] + at, data, len);
            }
            if (below(3))
                assert_int_equal(store_commit(b.s), ONECARD_OK);
            if (below(2))
                idle(&b);
            if (below(100) == 0) {
                assert_int_equal(store_commit(b.s), ONECARD_OK);
                power_up(&b);
            }
            if (step % 16 == 0)
                same(&b, NAME + i, expected[i], size[i]);
        }
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        for (uint32_t i = 0; i < 3; i++)
            same(&b, NAME + i, expected[i], size[i]);
        tear_down(&b);
    }
}

/* A file that changes everywhere in the smallest bits does not become slow: idle time, or else the
 * commands, join its pieces. */
static void pieces_do_not_pile_up(void **state) {
    (void)state;
    for (uint32_t with_idle = 0; with_idle < 2; with_idle++) {
        uint8_t data[SIZE] = {0};
        uint32_t most = 0;
        struct bench b;
        set_up(&b, NULL);
        create(&b, NAME, SIZE);
        for (uint32_t i = 0; i < 3000; i++) {
            const uint32_t at = i * 7 % (SIZE - 2);
            data[at] = (uint8_t)i;
            data[at + 1] = (uint8_t)(i >> 8);
            store_write(b.s, NAME, at, data + at, 2);
            assert_int_equal(store_commit(b.s), ONECARD_OK);
            if (with_idle)
                idle(&b);
            const uint32_t n = pieces(&b, NAME);
            most = n > most ? n : most;
        }
        assert_true(most <= (with_idle ? 80 : 160));
        same(&b, NAME, data, SIZE);
        power_up(&b);
        same(&b, NAME, data, SIZE);
        tear_down(&b);
    }
}

/* S5: 16 bytes anywhere in all files of a half-full chip, collection included: 0.025 erases. */
static void test_S5_changes_everywhere_wear_little(void **state) {
    (void)state;
    struct onecard_host_counters before, after;
    struct store_info info;
    uint8_t data[1024] = {0};
    uint32_t files = 0;
    struct bench b;
    set_up(&b, NULL);
    for (store_info(b.s, &info); info.bytes_live * 2 < info.bytes_total; files++) {
        create(&b, NAME + files, sizeof data);
        memset(data, (int)files, sizeof data);
        store_write(b.s, NAME + files, 0, data, sizeof data);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        idle(&b);
        store_info(b.s, &info);
    }
    const uint32_t count = 60000;
    for (uint32_t i = 0; i < 2 * count; i++) {
        if (i == count)
            onecard_host_counters(b.host, &before);
        memset(data, (int)i, 16);
        store_write(b.s, NAME + below(files), below(sizeof data - 16), data, 16);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        idle(&b);
    }
    onecard_host_counters(b.host, &after);
    const double erases = (double)(after.erases - before.erases) / count;
    print_message("16 bytes anywhere in %u files: %.4f erases, %.1f bytes\n", (unsigned)files,
                  erases, (double)(after.program_bytes - before.program_bytes) / count);
    assert_true(erases <= 0.025);
    tear_down(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_takes_one_piece),
        cmocka_unit_test(what_is_cut_off_stays_away),
        cmocka_unit_test(histories_agree_with_an_array),
        cmocka_unit_test(pieces_do_not_pile_up),
        cmocka_unit_test(test_S5_changes_everywhere_wear_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
