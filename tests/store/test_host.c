/* The host port: image files, the rules of flash (S3), locking, entropy, device keys. */
#include "store/fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"

static char directory[] = "/tmp/onecard-host-XXXXXX";
static char path[64];
static char message[300];

static int make_directory(void **state) {
    (void)state;
    if (!mkdtemp(directory))
        return 1;
    snprintf(path, sizeof path, "%s/test.card", directory);
    return 0;
}

static int remove_directory(void **state) {
    (void)state;
    unlink(path);
    return rmdir(directory);
}

static struct onecard_host *create(const struct onecard_host_options *options) {
    struct onecard_host *host = NULL;
    assert_int_equal(onecard_host_create(path, true, options, &host, message, sizeof message),
                     ONECARD_OK);
    return host;
}

static enum onecard_err open_error(bool read_only) {
    struct onecard_host *host = NULL;
    enum onecard_err err = onecard_host_open(path, read_only, NULL, &host, message, sizeof message);
    onecard_host_close(host);
    return err;
}

static void contents_and_counters_survive(void **state) {
    (void)state;
    struct onecard_host_counters c;
    struct onecard_host *host = create(NULL);
    struct onecard_port *port = onecard_host_port(host);
    assert_int_equal(port->flash_program(port->ctx, 4096, "abcd", 4), ONECARD_OK);
    assert_int_equal(port->flash_erase(port->ctx, 3), ONECARD_OK);
    assert_int_equal(port->flash_barrier(port->ctx), ONECARD_OK);
    onecard_host_close(host);
    assert_int_equal(onecard_host_create(path, false, NULL, &host, message, sizeof message),
                     ONECARD_E_EXISTS);
    assert_int_equal(onecard_host_open(path, true, NULL, &host, message, sizeof message),
                     ONECARD_OK);
    port = onecard_host_port(host);
    assert_memory_equal(port->flash.base + 4096, "abcd\xFF", 5);
    onecard_host_counters(host, &c);
    assert_int_equal(c.programs, 1);
    assert_int_equal(c.program_bytes, 4);
    assert_int_equal(onecard_host_sector_erases(host, 3), 1);
    /* Opened for reading only: nothing is ever written. */
    assert_int_equal(port->flash_program(port->ctx, 8192, "abcd", 4), ONECARD_E_IO);
    assert_int_equal(port->flash_erase(port->ctx, 3), ONECARD_E_IO);
    assert_int_equal(open_error(true), ONECARD_OK); /* readers share */
    assert_int_equal(open_error(false), ONECARD_E_BUSY);
    onecard_host_close(host);
}

static void rules_of_flash_are_enforced(void **state) {
    (void)state;
    struct onecard_host *host;
    static const uint8_t ones[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    assert_int_equal(onecard_host_memory(NULL, &host, message, sizeof message), ONECARD_OK);
    struct onecard_port *port = onecard_host_port(host);
    assert_int_equal(port->flash_program(port->ctx, 2, "ab", 2), ONECARD_E_IO);
    assert_int_equal(port->flash_program(port->ctx, 0, "abc", 3), ONECARD_E_IO);
    assert_int_equal(port->flash_program(port->ctx, 252, "abcdefgh", 8), ONECARD_E_IO);
    assert_int_equal(port->flash_program(port->ctx, 64 * 4096, "abcd", 4), ONECARD_E_IO);
    assert_int_equal(port->flash_program(port->ctx, 0, "abcd", 4), ONECARD_OK);
    assert_int_equal(port->flash_program(port->ctx, 0, ones, 4), ONECARD_E_IO); /* 0 to 1 */
    assert_int_equal(port->flash_program(port->ctx, 0, "\0\0\0\0", 4), ONECARD_OK);
    assert_int_equal(port->flash_program(port->ctx, 0, "\0\0\0\0", 4), ONECARD_E_IO); /* third */
    assert_int_equal(port->flash_erase(port->ctx, 0), ONECARD_OK);
    assert_int_equal(port->flash_program(port->ctx, 0, "abcd", 4), ONECARD_OK);
    assert_int_equal(port->flash_erase(port->ctx, 64), ONECARD_E_IO);
    onecard_host_close(host);
}

static void two_cannot_have_one_image(void **state) {
    (void)state;
    struct onecard_host *host = create(NULL);
    assert_int_equal(open_error(false), ONECARD_E_BUSY);
    assert_non_null(strstr(message, "in use"));
    struct onecard_host *other = NULL;
    assert_int_equal(onecard_host_create(path, true, NULL, &other, message, sizeof message),
                     ONECARD_E_BUSY);
    onecard_host_close(host);
    assert_int_equal(open_error(false), ONECARD_OK);
}

static void patch_file(long offset, int byte) {
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    fseek(file, offset, SEEK_SET);
    fputc(byte, file);
    fclose(file);
}

static void bad_images_are_refused_with_the_reason(void **state) {
    (void)state;
    unlink(path);
    assert_int_equal(open_error(false), ONECARD_E_NOT_FOUND);
    onecard_host_close(create(NULL));
    assert_int_equal(truncate(path, 100000), 0);
    assert_int_equal(open_error(false), ONECARD_E_CORRUPT);
    assert_non_null(strstr(message, "cut short"));
    onecard_host_close(create(NULL));
    patch_file(26, 7);
    assert_int_equal(open_error(false), ONECARD_E_CORRUPT);
    assert_non_null(strstr(message, "header is damaged"));
    onecard_host_close(create(NULL));
    patch_file(16, 9);
    assert_int_equal(open_error(false), ONECARD_E_FOREIGN);
    assert_non_null(strstr(message, "version 9"));
    patch_file(0, 'x');
    assert_int_equal(open_error(false), ONECARD_E_FOREIGN);
    assert_non_null(strstr(message, "not a card image"));
    struct onecard_host *host;
    struct onecard_host_options odd = {.sector_size = 3000};
    assert_int_equal(onecard_host_memory(&odd, &host, message, sizeof message), ONECARD_E_PARAM);
}

static void a_seed_repeats_byte_for_byte(void **state) {
    (void)state;
    uint8_t first[100], again[100];
    struct onecard_host_options options = {.seed = (const uint8_t *)"seed", .seed_len = 4};
    for (int i = 0; i < 2; i++) {
        struct onecard_host *host;
        assert_int_equal(onecard_host_memory(&options, &host, message, sizeof message), ONECARD_OK);
        struct onecard_port *port = onecard_host_port(host);
        uint8_t *to = i ? again : first;
        assert_int_equal(port->entropy(port->ctx, to, 33), ONECARD_OK);
        assert_int_equal(port->entropy(port->ctx, to + 33, 67), ONECARD_OK);
        onecard_host_close(host);
    }
    assert_memory_equal(first, again, sizeof first);
    options.seed = (const uint8_t *)"Seed";
    struct onecard_host *host;
    assert_int_equal(onecard_host_memory(&options, &host, message, sizeof message), ONECARD_OK);
    struct onecard_port *port = onecard_host_port(host);
    port->entropy(port->ctx, again, sizeof again);
    assert_memory_not_equal(first, again, sizeof first);
    onecard_host_close(host);
}

static void device_keys_come_from_files(void **state) {
    (void)state;
    uint8_t key[ONECARD_DEVICE_KEY_SIZE];
    char key_path[80];
    struct onecard_host *host;
    snprintf(key_path, sizeof key_path, "%s/key", directory);
    FILE *file = fopen(key_path, "w");
    for (int i = 0; i < 32; i++)
        fprintf(file, "%02X", i);
    fclose(file);
    struct onecard_host_options options = {.device_key_file = key_path};
    assert_int_equal(onecard_host_memory(&options, &host, message, sizeof message), ONECARD_OK);
    struct onecard_port *port = onecard_host_port(host);
    port->device_key(port->ctx, key);
    assert_int_equal(key[31], 31);
    assert_false(onecard_host_development_key(host));
    onecard_host_close(host);
    assert_int_equal(truncate(key_path, 63), 0);
    assert_int_equal(onecard_host_memory(&options, &host, message, sizeof message),
                     ONECARD_E_FORMAT);
    assert_non_null(strstr(message, "64 hex digits"));
    unlink(key_path);
    assert_int_equal(onecard_host_memory(NULL, &host, message, sizeof message), ONECARD_OK);
    assert_true(onecard_host_development_key(host));
    onecard_host_close(host);
}

/* Ten thousand cards in one process: memory for what was written only, and no descriptors. */
static void many_flashes_cost_little(void **state) {
    (void)state;
    enum { COUNT = 10000 };
    static struct onecard_host *hosts[COUNT];
    for (uint32_t i = 0; i < COUNT; i++)
        assert_int_equal(onecard_host_memory(NULL, &hosts[i], message, sizeof message), ONECARD_OK);
    struct onecard_port *a = onecard_host_port(hosts[0]), *b = onecard_host_port(hosts[1]);
    assert_int_equal(a->flash_program(a->ctx, 0, "abcd", 4), ONECARD_OK);
    assert_int_equal(b->flash.base[0], 0xFF);
    for (uint32_t i = 0; i < COUNT; i++)
        onecard_host_close(hosts[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contents_and_counters_survive),
        cmocka_unit_test(rules_of_flash_are_enforced),
        cmocka_unit_test(two_cannot_have_one_image),
        cmocka_unit_test(bad_images_are_refused_with_the_reason),
        cmocka_unit_test(a_seed_repeats_byte_for_byte),
        cmocka_unit_test(device_keys_come_from_files),
        cmocka_unit_test(many_flashes_cost_little),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
