/* S6: the host's monotonic counter in a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "onecard/host.h"

static char image[64], counter[64], message[300];

static int setup(void **state) {
    (void)state;
    snprintf(image, sizeof image, "/tmp/onecard-counter-%d.card", (int)getpid());
    snprintf(counter, sizeof counter, "/tmp/onecard-counter-%d.count", (int)getpid());
    unlink(image);
    unlink(counter);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    unlink(image);
    unlink(counter);
    return 0;
}

static enum onecard_err open_host(bool create, struct onecard_host **host) {
    struct onecard_host_options options = {.counter_file = counter, .no_sync = true};
    return create ? onecard_host_create(image, true, &options, host, message, sizeof message)
                  : onecard_host_open(image, false, &options, host, message, sizeof message);
}

static uint32_t value_of(struct onecard_host *host) {
    const struct onecard_port *port = onecard_host_port(host);
    uint32_t value = 0;
    assert_int_equal(port->counter_read(port->ctx, &value), ONECARD_OK);
    return value;
}

static void test_S6_it_counts_and_remembers(void **state) {
    (void)state;
    struct onecard_host *host;
    assert_int_equal(open_host(true, &host), ONECARD_OK);
    for (uint32_t i = 1; i <= 5; i++) {
        const struct onecard_port *port = onecard_host_port(host);
        assert_int_equal(value_of(host), i - 1);
        assert_int_equal(port->counter_raise(port->ctx, i), ONECARD_OK);
        assert_int_equal(port->counter_raise(port->ctx, i), ONECARD_E_IO); /* it only rises */
        assert_int_equal(port->counter_raise(port->ctx, i - 1), ONECARD_E_IO);
        onecard_host_close(host);
        assert_int_equal(open_host(false, &host), ONECARD_OK);
    }
    struct onecard_host *other;
    assert_int_equal(open_host(false, &other), ONECARD_E_BUSY);
    onecard_host_close(host);
}

static void test_S6_missing_and_foreign_files(void **state) {
    (void)state;
    struct onecard_host *host;
    assert_int_equal(open_host(true, &host), ONECARD_OK);
    onecard_host_close(host);
    unlink(counter);
    assert_int_equal(open_host(false, &host), ONECARD_E_NOT_FOUND);
    assert_non_null(strstr(message, counter));
    FILE *file = fopen(counter, "w");
    assert_non_null(file);
    fputs("something else\n", file);
    fclose(file);
    assert_int_equal(open_host(false, &host), ONECARD_E_FORMAT);
    file = fopen(counter, "w");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(open_host(false, &host), ONECARD_OK);
    assert_int_equal(value_of(host), 0);
    onecard_host_close(host);
}

/* A write that fails in the middle spoils one of two lines: the value before counts. */
static void test_S1_a_spoilt_line(void **state) {
    (void)state;
    struct onecard_host *host;
    assert_int_equal(open_host(true, &host), ONECARD_OK);
    const struct onecard_port *port = onecard_host_port(host);
    for (uint32_t i = 1; i <= 7; i++)
        assert_int_equal(port->counter_raise(port->ctx, i), ONECARD_OK);
    onecard_host_close(host);
    FILE *file = fopen(counter, "r+");
    assert_non_null(file);
    fseek(file, 4096 + 20, SEEK_SET); /* odd values */
    fputs("9", file);
    fclose(file);
    assert_int_equal(open_host(false, &host), ONECARD_OK);
    assert_int_equal(value_of(host), 6);
    onecard_host_close(host);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_S6_it_counts_and_remembers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_S6_missing_and_foreign_files, setup, teardown),
        cmocka_unit_test_setup_teardown(test_S1_a_spoilt_line, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
