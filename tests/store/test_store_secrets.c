/* S6 and F7: how secrets rest. */
#include "store/fixture.h"
#include "store/inspect.h"

#define NAME STORE_NAME(3, 2, 1)
#define SECRET "thirty-two bytes of a secret key"

/* The ciphertext of a secret lies where show says. */
static uint32_t where(struct bench *b, store_name name) {
    struct store_object_info info;
    assert_int_equal(store_inspect_object(b->s, name, &info), ONECARD_OK);
    assert_int_equal(info.name, name);
    assert_int_equal(info.rest, STORE_REST_SECRET);
    return info.address;
}

static void make(struct bench *b, store_name name, const char *text) {
    assert_int_equal(store_create(b->s, name, 32, STORE_SECRET), ONECARD_OK);
    assert_int_equal(store_write(b->s, name, 0, text, 32), ONECARD_OK);
    assert_int_equal(store_commit(b->s), ONECARD_OK);
}

static const struct onecard_host_options geometries[] = {
    {.programs_per_word = 2},
    {.programs_per_word = 1},
    {.sector_size = 131072, .sector_count = 8, .program_max = 4},
    {.word_size = 16, .programs_per_word = 1},
};
#define GEOMETRIES (sizeof geometries / sizeof geometries[0])

static void secrets_never_rest_in_plain(void **state) {
    (void)state;
    for (uint32_t i = 0; i < GEOMETRIES; i++) {
        struct bench b;
        uint8_t buf[32];
        set_up(&b, &geometries[i]);
        make(&b, NAME, SECRET);
        assert_int_equal(bench_find(&b, SECRET, 8), UINT32_MAX);
        power_up(&b);
        assert_int_equal(store_read(b.s, NAME, 0, buf, 32), ONECARD_OK);
        assert_memory_equal(buf, SECRET, 32);
        tear_down(&b);
    }
}

/* F7: overwritten or erased before the answer, on every kind of flash. */
static void old_secrets_are_gone_at_once(void **state) {
    (void)state;
    for (uint32_t i = 0; i < GEOMETRIES; i++) {
        struct bench b;
        uint8_t old[32], now[8] = "changed";
        set_up(&b, &geometries[i]);
        make(&b, NAME + 1, "another secret that stays where ");
        make(&b, NAME, SECRET);
        memcpy(old, bench_flash(&b) + where(&b, NAME) + 36, sizeof old);
        assert_int_not_equal(bench_find(&b, old, 16), UINT32_MAX);
        assert_int_equal(store_write(b.s, NAME, 0, now, sizeof now), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        assert_int_equal(bench_find(&b, old, 16), UINT32_MAX);
        memcpy(old, bench_flash(&b) + where(&b, NAME) + 36, sizeof old);
        assert_int_equal(store_write_now(b.s, NAME, 0, now, 1), ONECARD_OK);
        assert_int_equal(bench_find(&b, old, 16), UINT32_MAX);
        memcpy(old, bench_flash(&b) + where(&b, NAME) + 36, sizeof old);
        assert_int_equal(store_delete_owner(b.s, STORE_OWNER(NAME)), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        assert_int_equal(bench_find(&b, old, 16), UINT32_MAX);
        tear_down(&b);
    }
}

/* The whole area of one secret in the place of another: version, tag and bytes. */
static void a_secret_moved_to_another_name_is_refused(void **state) {
    (void)state;
    struct bench b;
    uint8_t buf[32];
    set_up(&b, NULL);
    make(&b, NAME, SECRET);
    make(&b, NAME + 1, "another secret, of another owner");
    memcpy(bench_flash(&b) + where(&b, NAME), bench_flash(&b) + where(&b, NAME + 1), 56);
    assert_int_equal(store_read(b.s, NAME, 0, buf, 32), ONECARD_E_CORRUPT);
    power_up(&b);
    assert_int_equal(store_read(b.s, NAME, 0, buf, 32), ONECARD_E_CORRUPT);
    tear_down(&b);
}

/* An older version of the same secret, every byte of it genuine. */
static void an_older_version_is_refused(void **state) {
    (void)state;
    struct bench b;
    uint8_t old[56], buf[32];
    set_up(&b, NULL);
    make(&b, NAME, SECRET);
    memcpy(old, bench_flash(&b) + where(&b, NAME), sizeof old);
    store_write(b.s, NAME, 0, "x", 1);
    assert_int_equal(store_commit(b.s), ONECARD_OK);
    /* Later commits, so that this is not the torn end of the log. */
    for (uint32_t i = 0; i < 4; i++)
        make(&b, NAME + 1 + i, SECRET);
    memcpy(bench_flash(&b) + where(&b, NAME), old, sizeof old);
    power_up(&b);
    assert_int_equal(store_read(b.s, NAME, 0, buf, 32), ONECARD_E_CORRUPT);
    tear_down(&b);
}

static void another_device_key_opens_nothing(void **state) {
    (void)state;
    struct bench b;
    struct store *s;
    set_up(&b, NULL);
    make(&b, NAME, SECRET);
    char path[] = "/tmp/onecard-key-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    fputs("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", file);
    fclose(file);
    struct onecard_host *other;
    char message[200];
    struct onecard_host_options options = {.device_key_file = path};
    assert_int_equal(onecard_host_memory(&options, &other, message, sizeof message), ONECARD_OK);
    remove(path);
    assert_false(onecard_host_development_key(other));
    struct onecard_port port = *onecard_host_port(other);
    port.flash = b.port->flash;
    struct arena arena = bench_arena(&b);
    assert_int_equal(store_open(&port, &arena, &s), ONECARD_E_FOREIGN);
    onecard_host_close(other);
    tear_down(&b);
}

/* Code until no more goes on. */
static void crowd(struct bench *b) {
    static uint8_t code[60000];
    for (uint32_t n = 0; store_large_begin(b->s, NAME + 100 + n, sizeof code) == ONECARD_OK; n++) {
        assert_int_equal(store_large_append(b->s, code, sizeof code), ONECARD_OK);
        assert_int_equal(store_large_finish(b->s), ONECARD_OK);
        assert_int_equal(store_commit(b->s), ONECARD_OK);
    }
}

/* S1, F7: on a crowded chip whose words take one program, wiping means moving what is left in the
 * sector. Cuts must not use up the room for that, and whoever is refused must have changed nothing:
 * once a deletion was durable and yet answered with FULL. */
static void test_S1_room_to_wipe_survives_cuts(void **state) {
    (void)state;
    static const struct onecard_host_options options = {
        .sector_size = 131072, .sector_count = 8, .word_size = 8, .programs_per_word = 1};
    struct bench b;
    struct failing f;
    set_up(&b, &options);
    for (uint32_t i = 0; i < 4; i++)
        make(&b, NAME + i, SECRET);
    crowd(&b);
    failing_port(&b, &f);
    for (uint32_t i = 0; i < 80; i++) {
        uint8_t byte = (uint8_t)i;
        uint32_t size;
        failing_power_up(&b, &f, i % 40);
        (void)store_write_now(b.s, NAME + i % 3, i % 32, &byte, 1);
        failing_power_up(&b, &f, UINT32_MAX);
        assert_int_equal(store_delete(b.s, NAME + 3), ONECARD_OK);
        assert_int_equal(store_commit(b.s), ONECARD_OK);
        assert_int_equal(store_size(b.s, NAME + 3, &size), ONECARD_E_NOT_FOUND);
        make(&b, NAME + 3, SECRET);
    }
    tear_down(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_never_rest_in_plain),
        cmocka_unit_test(old_secrets_are_gone_at_once),
        cmocka_unit_test(a_secret_moved_to_another_name_is_refused),
        cmocka_unit_test(an_older_version_is_refused),
        cmocka_unit_test(another_device_key_opens_nothing),
        cmocka_unit_test(test_S1_room_to_wipe_survives_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
