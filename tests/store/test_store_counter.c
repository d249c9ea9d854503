/* S6: where the port has a monotonic counter, an older image of the whole flash is refused; and no
 * power cut between flash and counter, in either order, makes a sound one look so. */
#include "store/fixture.h"

#define NAME STORE_NAME(5, 1, 1)
#define SECRET STORE_NAME(5, 2, 1)

static struct {
    uint32_t value, raises;
    bool cut_before, cut_after; /* the power fails before or after the next raise takes effect */
} counter;

static enum onecard_err counter_read(void *ctx, uint32_t *out_value) {
    (void)ctx;
    *out_value = counter.value;
    return ONECARD_OK;
}

static enum onecard_err counter_raise(void *ctx, uint32_t value) {
    (void)ctx;
    bool before = counter.cut_before, after = counter.cut_after;
    counter.cut_before = counter.cut_after = false;
    if (before)
        return ONECARD_E_IO;
    assert_int_equal(value, counter.value + 1);
    counter.value = value;
    counter.raises++;
    return after ? ONECARD_E_IO : ONECARD_OK;
}

static void count(struct bench *b, uint32_t interval) {
    b->port->counter_read = counter_read;
    b->port->counter_raise = counter_raise;
    b->port->counter_interval = interval;
}

static enum onecard_err reopen(struct bench *b) {
    struct arena arena = bench_arena(b);
    return store_open(b->port, &arena, &b->s);
}

/* A card with a counter from its first day, a file and a key. */
static void set_up_counted(struct bench *b, uint32_t interval) {
    memset(&counter, 0, sizeof counter);
    counter.value = 41; /* the chip has had other cards */
    set_up(b, NULL);
    count(b, interval);
    struct arena arena = bench_arena(b);
    assert_int_equal(store_format(b->port, &arena), ONECARD_OK);
    assert_int_equal(counter.value, 42);
    assert_int_equal(reopen(b), ONECARD_OK);
    store_create(b->s, NAME, 16, STORE_PLAIN);
    store_create(b->s, SECRET, 16, STORE_SECRET);
    assert_int_equal(store_commit(b->s), ONECARD_OK);
}

static void write_file(struct bench *b, uint32_t value, enum onecard_err expected) {
    assert_int_equal(store_write(b->s, NAME, 0, &value, sizeof value), ONECARD_OK);
    assert_int_equal(store_commit(b->s), expected);
}

static uint32_t read_file(struct bench *b) {
    uint32_t value = 0;
    assert_int_equal(store_read(b->s, NAME, 0, &value, sizeof value), ONECARD_OK);
    return value;
}

static uint8_t *keep(struct bench *b) {
    uint8_t *copy = malloc(bench_flash_size(b));
    memcpy(copy, bench_flash(b), bench_flash_size(b));
    return copy;
}

static void put_back(struct bench *b, uint8_t *copy) {
    memcpy(bench_flash(b), copy, bench_flash_size(b));
    free(copy);
}

static void test_S6_an_older_image_is_refused(void **state) {
    (void)state;
    struct bench b;
    set_up_counted(&b, 0);
    write_file(&b, 1, ONECARD_OK);
    uint8_t *older = keep(&b);
    write_file(&b, 2, ONECARD_OK); /* one commit is enough */
    uint8_t *newest = keep(&b);
    put_back(&b, older);
    assert_int_equal(reopen(&b), ONECARD_E_ROLLED_BACK);
    put_back(&b, newest);
    assert_int_equal(reopen(&b), ONECARD_OK);
    assert_int_equal(read_file(&b), 2);
    counter.value++; /* as if commits were missing; or another chip's counter */
    assert_int_equal(reopen(&b), ONECARD_E_ROLLED_BACK);
    counter.value = 0; /* the counter was lost */
    assert_int_equal(reopen(&b), ONECARD_E_ROLLED_BACK);
    tear_down(&b);
}

/* An image from before the chip's last format is none of this card. */
static void test_S6_a_former_life_is_refused(void **state) {
    (void)state;
    struct bench b;
    set_up_counted(&b, 0);
    uint8_t *former = keep(&b);
    struct arena arena = bench_arena(&b);
    assert_int_equal(store_format(b.port, &arena), ONECARD_OK);
    put_back(&b, former);
    assert_int_equal(reopen(&b), ONECARD_E_ROLLED_BACK);
    tear_down(&b);
}

/* S1: flash holds the commit, the counter does not know: after. And the counter is told at once. */
static void test_S1_cut_between_flash_and_counter(void **state) {
    (void)state;
    struct bench b;
    set_up_counted(&b, 0);
    for (uint32_t i = 1; i < 20; i++) {
        uint32_t before = counter.value;
        counter.cut_before = i & 1;
        counter.cut_after = !(i & 1);
        write_file(&b, i, ONECARD_E_IO);
        assert_int_equal(store_write(b.s, NAME, 0, &i, sizeof i), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_E_IO); /* nothing works until power-up */
        counter.cut_before = i & 1; /* where it was not raised, the next power-up is cut, too */
        if (i & 1)
            assert_int_equal(reopen(&b), ONECARD_E_IO);
        assert_int_equal(reopen(&b), ONECARD_OK);
        assert_int_equal(read_file(&b), i);
        assert_int_equal(counter.value, before + 1);
        assert_int_equal(reopen(&b), ONECARD_OK); /* and that is for good */
        assert_int_equal(counter.value, before + 1);
    }
    tear_down(&b);
}

/* A port may spare its counter; secrets, try counters and power-ups are counted all the same. */
static void test_S6_the_interval(void **state) {
    (void)state;
    struct bench b;
    uint32_t tries = 3;
    set_up_counted(&b, 10);
    counter.raises = 0;
    for (uint32_t i = 0; i < 100; i++)
        write_file(&b, i, ONECARD_OK);
    assert_int_equal(counter.raises, 10);
    assert_int_equal(store_write_now(b.s, SECRET, 0, &tries, sizeof tries), ONECARD_OK);
    assert_int_equal(counter.raises, 11);
    assert_int_equal(store_write_now(b.s, NAME, 0, &tries, sizeof tries), ONECARD_OK);
    assert_int_equal(counter.raises, 12);
    assert_int_equal(store_write(b.s, SECRET, 0, &tries, sizeof tries), ONECARD_OK);
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    assert_int_equal(counter.raises, 13);
    uint8_t *older = keep(&b);
    assert_int_equal(reopen(&b), ONECARD_OK);
    assert_int_equal(counter.raises, 13); /* reading costs nothing */
    write_file(&b, 1, ONECARD_OK);
    assert_int_equal(counter.raises, 14);
    put_back(&b, older);
    assert_int_equal(reopen(&b), ONECARD_E_ROLLED_BACK);
    tear_down(&b);
}

/* The value is bound to the secrets: a newer one written into an older image gives none of them. */
static void test_S6_the_value_cannot_be_written(void **state) {
    (void)state;
    struct bench b;
    uint8_t buf[16];
    uint32_t tries = 2;
    set_up_counted(&b, 10);
    for (uint32_t i = 0; i < 5; i++) /* the entry lies deep enough not to be verified any more */
        write_file(&b, i, ONECARD_OK);
    uint8_t *older = keep(&b);
    uint32_t first = counter.value;
    assert_int_equal(store_write_now(b.s, SECRET, 0, &tries, sizeof tries), ONECARD_OK);
    put_back(&b, older);
    assert_int_equal(reopen(&b), ONECARD_E_ROLLED_BACK);
    uint8_t word[4] = {(uint8_t)first, 0, 0, 0};
    uint32_t at = 0, last = 0;
    uint8_t *flash = bench_flash(&b);
    for (; at + 12 <= bench_flash_size(&b); at++) /* the newest ROOT entry: see docs/store.md */
        if (memcmp(flash + at + 16, word, 4) == 0 && flash[at + 6] == 12 && flash[at + 7] == 0xA0)
            last = at;
    assert_int_not_equal(last, 0);
    flash[last + 16]++;
    assert_int_equal(reopen(&b), ONECARD_OK); /* the counter alone is content */
    assert_int_equal(store_read(b.s, SECRET, 0, buf, sizeof buf), ONECARD_E_CORRUPT);
    tear_down(&b);
}

/* Images from before the counter: taken over by a fresh one, refused by one that has counted. */
static void test_S6_images_without_a_value(void **state) {
    (void)state;
    struct bench b;
    memset(&counter, 0, sizeof counter);
    set_up(&b, NULL);
    store_create(b.s, NAME, 16, STORE_PLAIN);
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    uint8_t *older = keep(&b);
    count(&b, 0);
    assert_int_equal(reopen(&b), ONECARD_OK);
    write_file(&b, 7, ONECARD_OK);
    assert_int_equal(counter.value, 1);
    assert_int_equal(reopen(&b), ONECARD_OK);
    put_back(&b, older);
    assert_int_equal(reopen(&b), ONECARD_E_ROLLED_BACK);
    tear_down(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_S6_an_older_image_is_refused),
        cmocka_unit_test(test_S6_a_former_life_is_refused),
        cmocka_unit_test(test_S1_cut_between_flash_and_counter),
        cmocka_unit_test(test_S6_the_interval),
        cmocka_unit_test(test_S6_the_value_cannot_be_written),
        cmocka_unit_test(test_S6_images_without_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
