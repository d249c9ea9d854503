/* Many cards in one process (docs/many-cards.md): a small dose of tests/bench/bench_many.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/card.h"
#include "support/many.h"

enum { CARDS = 200 };

static const uint8_t select_hello[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xF0, 0x6F, 0x6E,
                                       0x65, 0x63, 0x61, 0x72, 0x64, 0x01, 0x00};
static const uint8_t count[] = {0x80, 0x40, 0x00, 0x00, 0x04};

static struct onecard_host_template *make_template(const char *profile) {
    struct onecard_host_template *template;
    struct test_card *t = malloc(sizeof *t);
    assert_non_null(t);
    test_card_make(t, profile);
    onecard_close(t->card);
    t->card = NULL;
    assert_int_equal(onecard_host_template_make(t->host, &template, NULL, 0), ONECARD_OK);
    test_card_free(t);
    free(t);
    return template;
}

/* Each has its own state, and none holds a descriptor. */
static void two_hundred_cards_live_side_by_side(void **state) {
    (void)state;
    struct many_card cards[CARDS];
    struct onecard_host_template *template = make_template("demo.yaml");
    size_t descriptors = many_measure().descriptors;
    for (int i = 0; i < CARDS; i++)
        assert_null(many_clone(&cards[i], template));
    assert_int_equal(many_measure().descriptors, descriptors);
    for (int i = 0; i < CARDS; i++) {
        assert_true(many_send(&cards[i], select_hello, sizeof select_hello, NULL));
        for (int n = 0; n <= i % 7; n++) {
            uint8_t answer[64];
            assert_true(many_send(&cards[i], count, sizeof count, answer));
            assert_int_equal(answer[3], n + 1);
        }
    }
    onecard_host_template_close(template); /* the clones go on */
    for (int i = 0; i < CARDS; i++) {
        uint8_t answer[64];
        assert_true(many_send(&cards[i], count, sizeof count, answer));
        assert_int_equal(answer[3], i % 7 + 2);
        many_free(&cards[i]);
    }
}

/* Same contents, but another chip: its serial number, and its random numbers. */
static void clones_are_different_chips(void **state) {
    (void)state;
    static const uint8_t get_challenge[] = {0x00, 0x84, 0x00, 0x00, 0x08};
    static const uint8_t select_transit[] = {0x00, 0xA4, 0x04, 0x00, 0x08, 0xA0, 0x00,
                                             0x00, 0x06, 0x32, 0x01, 0x01, 0x05, 0x00};
    struct many_card cards[2];
    uint8_t random[2][64] = {{0}};
    struct onecard_host_template *template = make_template("demo.yaml");
    for (int i = 0; i < 2; i++) {
        assert_null(many_clone(&cards[i], template));
        assert_true(many_send(&cards[i], select_transit, sizeof select_transit, NULL));
        assert_true(many_send(&cards[i], get_challenge, sizeof get_challenge, random[i]));
    }
    assert_memory_not_equal(random[0], random[1], 8);
    assert_memory_not_equal(onecard_host_port(cards[0].host)->serial,
                            onecard_host_port(cards[1].host)->serial, ONECARD_SERIAL_SIZE);
    for (int i = 0; i < 2; i++)
        many_free(&cards[i]);
    onecard_host_template_close(template);
}

static void a_clone_of_a_clone_has_what_that_one_wrote(void **state) {
    (void)state;
    struct many_card first, second;
    struct onecard_host_template *template = make_template("test/hello.yaml"), *again;
    uint8_t answer[64];
    assert_null(many_clone(&first, template));
    assert_true(many_send(&first, select_hello, sizeof select_hello, NULL));
    assert_true(many_send(&first, count, sizeof count, NULL));
    onecard_close(first.card);
    first.card = NULL;
    assert_int_equal(onecard_host_template_make(first.host, &again, NULL, 0), ONECARD_OK);
    assert_null(many_clone(&second, again));
    assert_true(many_send(&second, select_hello, sizeof select_hello, NULL));
    assert_true(many_send(&second, count, sizeof count, answer));
    assert_int_equal(answer[3], 2);
    many_free(&second);
    many_free(&first);
    onecard_host_template_close(again);
    onecard_host_template_close(template);
}

/* Under 64 KiB beside the flash, reserved and not only in use. */
static void memory_of_a_card_is_bounded(void **state) {
    (void)state;
    struct onecard_host *host;
    assert_int_equal(onecard_host_memory(NULL, &host, NULL, 0), ONECARD_OK);
    assert_true(onecard_memory_size(onecard_host_port(host)) < 64 * 1024);
    onecard_host_close(host);
}

/* A blank card occupies a few pages of its flash: what was not written costs nothing. */
static void unwritten_sectors_cost_nothing(void **state) {
    (void)state;
    struct onecard_host *host;
    struct many_memory before = many_measure();
    assert_int_equal(onecard_host_memory(NULL, &host, NULL, 0), ONECARD_OK);
    const struct onecard_port *port = onecard_host_port(host);
    size_t size = onecard_memory_size(port);
    void *memory = malloc(size);
    assert_non_null(memory);
    assert_int_equal(onecard_format(port, memory, size), ONECARD_OK);
    struct many_memory after = many_measure();
    assert_int_equal(after.flashes, before.flashes + 1);
    assert_true(after.flash - before.flash > 0);
    assert_true(after.flash - before.flash <= 8 * 4096);
    for (uint32_t i = 0; i < port->flash.sector_count; i++) /* erasing what is erased neither */
        assert_int_equal(port->flash_erase(port->ctx, i), ONECARD_OK);
    assert_true(many_measure().flash - before.flash <= 8 * 4096);
    free(memory);
    onecard_host_close(host);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_hundred_cards_live_side_by_side),
        cmocka_unit_test(clones_are_different_chips),
        cmocka_unit_test(a_clone_of_a_clone_has_what_that_one_wrote),
        cmocka_unit_test(memory_of_a_card_is_bounded),
        cmocka_unit_test(unwritten_sectors_cost_nothing),
    };
    return cmocka_run_group_tests_name("many cards", tests, NULL, NULL);
}
