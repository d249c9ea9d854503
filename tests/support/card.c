#include "support/card.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../tools/onecard/maker.h"
#include "../../tools/onecard/profile.h"

#ifndef BUILD_DIR
#define BUILD_DIR "build"
#endif

static void keep_trace(void *ctx, enum onecard_trace_kind kind, const char *text) {
    struct test_card *t = ctx;
    (void)kind;
    snprintf(t->last_trace, sizeof t->last_trace, "%s", text);
}

void test_card_blank(struct test_card *t) {
    static const uint8_t seed[] = "onecard tests";
    memset(t, 0, sizeof *t);
    struct onecard_host_options options = {.seed = seed,
                                           .seed_len = sizeof seed,
                                           .sector_count = 128,
                                           .trace = keep_trace,
                                           .trace_ctx = t};
    char message[200];
    assert_int_equal(onecard_host_memory(&options, &t->host, message, sizeof message), 0);
    struct onecard_port *port = onecard_host_port(t->host);
    port->pool_size = 48 * 1024; /* tests fill it, channel by channel */
    t->memory_size = onecard_memory_size(port);
    t->memory = malloc(t->memory_size);
    t->response = malloc(ONECARD_RESPONSE_APDU_MAX(port));
    assert_non_null(t->memory);
    assert_non_null(t->response);
    assert_int_equal(onecard_format(port, t->memory, t->memory_size), ONECARD_OK);
    test_card_reopen(t);
}

void test_card_make(struct test_card *t, const char *profile_name) {
    char path[300], message[PROFILE_MESSAGE_MAX];
    const char *build = getenv("BUILD_DIR");
    snprintf(path, sizeof path, "%s/applets/%s", build ? build : BUILD_DIR, profile_name);
    struct profile profile;
    if (profile_read(path, &profile, message))
        fail_msg("%s", message);
    test_card_blank(t);
    if (maker_run(t->card, onecard_host_port(t->host), &profile, message))
        fail_msg("%s (%s)", message, t->last_trace);
    profile_free(&profile);
    test_card_reopen(t);
}

void test_card_reopen(struct test_card *t) {
    uint8_t atr[ONECARD_ATR_MAX];
    onecard_close(t->card);
    t->card = NULL;
    enum onecard_err err =
        onecard_open(onecard_host_port(t->host), t->memory, t->memory_size, &t->card);
    assert_int_equal(err, ONECARD_OK);
    onecard_power_on(t->card, atr);
}

void test_card_free(struct test_card *t) {
    onecard_close(t->card);
    onecard_host_close(t->host);
    free(t->memory);
    free(t->response);
    memset(t, 0, sizeof *t);
}

static size_t from_hex(const char *hex, uint8_t *out) {
    size_t len = 0;
    while (*hex) {
        if (isspace((unsigned char)*hex)) {
            hex++;
            continue;
        }
        unsigned byte;
        assert_int_equal(sscanf(hex, "%2x", &byte), 1);
        out[len++] = (uint8_t)byte;
        hex += 2;
    }
    return len;
}

const char *test_card_send(struct test_card *t, const char *command_hex) {
    size_t max = strlen(command_hex) / 2 + 1;
    uint8_t *command = malloc(max);
    assert_non_null(command);
    size_t len = from_hex(command_hex, command);
    enum onecard_err err = onecard_transmit(t->card, command, len, t->response, &t->response_len);
    free(command);
    assert_int_equal(err, ONECARD_OK);
    assert_true(t->response_len * 2 < sizeof t->hex);
    for (size_t i = 0; i < t->response_len; i++)
        sprintf(t->hex + 2 * i, "%02X", t->response[i]);
    while (onecard_idle(t->card))
        ;
    return t->hex;
}

void test_card_expect(struct test_card *t, const char *command_hex, const char *answer_hex,
                      const char *file, int line) {
    char *want = calloc(1, strlen(answer_hex) + 1);
    assert_non_null(want);
    bool end_only = answer_hex[0] == '*';
    size_t n = 0;
    for (const char *p = answer_hex + end_only; *p; p++)
        if (!isspace((unsigned char)*p))
            want[n++] = (char)toupper((unsigned char)*p);
    const char *got = test_card_send(t, command_hex);
    size_t got_len = strlen(got);
    bool same = end_only ? got_len >= n && !strcmp(got + got_len - n, want) : !strcmp(got, want);
    if (!same) {
        print_error("%.80s\n  answered %.200s\n  expected %.200s\n", command_hex, got, answer_hex);
        free(want);
        _fail(file, line);
    }
    free(want);
}
