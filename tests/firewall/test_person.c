/* The person: the card-wide PIN as a service, the biometric gate, the screen. Rules F5 (states and
 * try counters) and S1 as a person sees it: what is shown is committed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "keys/cvm.h"
#include "runtime/runtime.h"
#include "support/attack.h"

enum { NOT_FOUND = -2, TOO_BIG = -7, DENIED = -8, BLOCKED = -9, WRONG = -10, STATE = -11 };
enum { PARAM = -1, FORMAT = -12, UNSUPPORTED = -13, MANAGER = 3, BCD = 1, ASCII = 2 };

/* What the person and the screen are; the port's functions look here. */
struct person {
    struct attack a;
    enum onecard_biometric finger;
    unsigned asked;
    unsigned shown;
    char text[ONECARD_SCREEN_TEXT_MAX + 1];
    uint32_t marks;
    uint8_t aid_last;
};
static struct person *person; /* of the test under way: the host's port has a ctx of its own */

static enum onecard_biometric ask(void *ctx) {
    (void)ctx;
    person->asked++;
    return person->finger;
}

static void show(void *ctx, const struct onecard_screen *screen) {
    (void)ctx;
    person->shown++;
    snprintf(person->text, sizeof person->text, "%s", screen->text);
    person->marks = screen->marks;
    person->aid_last = screen->aid_len ? screen->aid[screen->aid_len - 1] : 0;
}

static int setup(void **state) {
    person = calloc(1, sizeof *person);
    attack_open(&person->a, "test/attack.yaml");
    struct onecard_port *port = onecard_host_port(person->a.t.host);
    port->biometric = ask;
    port->display = show;
    test_card_reopen(&person->a.t);
    attack_select(&person->a, 1);
    *state = &person->a;
    return 0;
}

static int teardown(void **state) {
    (void)state;
    attack_close(&person->a);
    free(person);
    return 0;
}

/* ---- the card-wide PIN ---- */

static int32_t verify(struct attack *a, const char *digits) {
    attack_put(a, 0, digits, (uint32_t)strlen(digits));
    return HOST(a, cvm_verify, ASCII, a->scratch, (uint32_t)strlen(digits));
}

static int32_t update(struct attack *a, uint32_t tries, const char *digits) {
    attack_put(a, 0, digits, (uint32_t)strlen(digits));
    return HOST(a, cvm_update, ASCII, tries, a->scratch, (uint32_t)strlen(digits));
}

/* State, tries left. */
static void expect_cvm(struct attack *a, int32_t state, uint8_t tries) {
    uint8_t info[7];
    assert_int_equal(HOST(a, cvm_info, a->scratch, sizeof info), state);
    attack_get(a, 0, info, sizeof info);
    assert_int_equal(info[0], state);
    assert_int_equal(info[4], tries);
}

static void have_cvm(struct attack *a) {
    attack_select(a, MANAGER);
    assert_int_equal(update(a, 3, "1234"), 0);
}

/* Who may manage it: only an instance with the privilege; all may verify and ask. */
static void test_cvm_privilege(void **state) {
    struct attack *a = *state;
    expect_cvm(a, 0, 0);
    assert_int_equal(verify(a, "1234"), NOT_FOUND);
    assert_int_equal(update(a, 3, "1234"), DENIED);
    assert_int_equal(HOST(a, cvm_block, 0), DENIED);
    assert_int_equal(HOST(a, cvm_unblock, 0), DENIED);
    expect_cvm(a, 0, 0);
    attack_select(a, MANAGER);
    assert_int_equal(HOST(a, cvm_unblock, 0), NOT_FOUND);
    assert_int_equal(update(a, 3, "123"), -4); /* too short */
    assert_int_equal(update(a, 16, "1234"), PARAM);
    assert_int_equal(HOST(a, cvm_update, 9, 3, a->scratch, 4), PARAM);
    assert_int_equal(HOST(a, cvm_update, ASCII, 3, a->scratch, 0), FORMAT);
    assert_int_equal(update(a, 3, "1234"), 0);
    expect_cvm(a, 1, 3);
    attack_select(a, 2);
    assert_int_equal(verify(a, "1234"), 0);
    assert_int_equal(HOST(a, cvm_block, 0), DENIED);
    expect_cvm(a, 3, 3);
}

/* F5: its verified state is the whole card's: it survives SELECT and a trap, and ends with a reset,
 * a wrong try, and whoever takes it back. */
static void test_f5_cvm_state(void **state) {
    struct attack *a = *state;
    uint8_t atr[ONECARD_ATR_MAX];
    have_cvm(a);
    attack_select(a, 1);
    assert_int_equal(verify(a, "1234"), 0);
    attack_select(a, 2);
    expect_cvm(a, 3, 3);
    attack_call(a, ATTACK_TRAP, HOST_cvm_info, (const uint32_t[ATTACK_SLOTS]){a->scratch, 7});
    expect_cvm(a, 3, 3);
    onecard_power_on(a->t.card, atr);
    attack_select(a, 2);
    expect_cvm(a, 1, 3);
    assert_int_equal(verify(a, "1234"), 0);
    assert_int_equal(verify(a, "1235"), WRONG);
    expect_cvm(a, 2, 2);
    attack_select(a, 1);
    expect_cvm(a, 2, 2);
    assert_int_equal(HOST(a, cvm_reset, 0), 0);
    expect_cvm(a, 1, 2);
    assert_int_equal(verify(a, "1234"), 0);
    expect_cvm(a, 3, 3);
    assert_int_equal(HOST(a, cvm_reset, 0), 0);
    expect_cvm(a, 1, 3);
    test_card_reopen(&a->t);
    attack_select(a, 1);
    expect_cvm(a, 1, 3);
}

/* F5: no abort and no trap gives a try back; at zero it is blocked for all until it is unblocked.
 */
static void test_f5_cvm_tries(void **state) {
    struct attack *a = *state;
    const uint32_t wrong[ATTACK_SLOTS] = {ASCII, a->scratch, 4};
    have_cvm(a);
    attack_select(a, 1);
    attack_put(a, 0, "9999", 4);
    assert_int_equal(attack_call(a, ATTACK_UNDO, HOST_cvm_verify, wrong).result, WRONG);
    expect_cvm(a, 2, 2);
    attack_put(a, 0, "9999", 4);
    attack_call(a, ATTACK_TRAP, HOST_cvm_verify, wrong);
    expect_cvm(a, 2, 1);
    test_card_reopen(&a->t);
    attack_select(a, 2);
    expect_cvm(a, 1, 1);
    assert_int_equal(verify(a, "9999"), WRONG);
    expect_cvm(a, 4, 0);
    assert_int_equal(verify(a, "1234"), BLOCKED);
    attack_select(a, MANAGER);
    assert_int_equal(verify(a, "1234"), BLOCKED);
    assert_int_equal(HOST(a, cvm_unblock, 0), 0);
    expect_cvm(a, 1, 3);
    assert_int_equal(verify(a, "1234"), 0);
    assert_int_equal(HOST(a, cvm_block, 0), 0);
    expect_cvm(a, 4, 0);
    assert_int_equal(update(a, 5, "777777"), 0); /* a new value starts it again */
    expect_cvm(a, 1, 5);
    assert_int_equal(verify(a, "1234"), WRONG);
    assert_int_equal(verify(a, "777777"), 0);
}

/* Every format of the digits; a malformed value costs no try but is not "verified" either. */
static void test_cvm_formats(void **state) {
    struct attack *a = *state;
    static const struct {
        uint32_t format, len;
        uint8_t value[8];
        int32_t result;
    } rows[] = {
        {1, 2, {0x12, 0x34}, 0},
        {1, 4, {0x12, 0x34, 0xFF, 0xFF}, 0},
        {2, 4, "1234", 0},
        {3, 8, {0x14, 0x12, 0x34, 0x5A, 0x77, 0x01, 0x02, 0x03}, 0},
        {4, 8, {0x24, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, 0},
        {4, 8, {0x24, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xF0}, FORMAT},
        {3, 7, {0x14, 0x12, 0x34, 0, 0, 0, 0}, FORMAT},
        {1, 2, {0x12, 0xA4}, FORMAT},
        {0, 4, "1234", FORMAT}, /* bytes for a PIN of digits */
        {5, 4, "1234", PARAM},
    };
    have_cvm(a);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        attack_put(a, 0, rows[i].value, rows[i].len);
        assert_int_equal(HOST(a, cvm_verify, rows[i].format, a->scratch, rows[i].len),
                         rows[i].result);
        if (rows[i].result == 0)
            expect_cvm(a, 3, 3);
    }
    assert_int_equal(HOST(a, cvm_info, a->scratch, 6), -4);
}

/* An abort takes back a new value, but nothing of the counter. */
static void test_cvm_abort(void **state) {
    struct attack *a = *state;
    have_cvm(a);
    attack_put(a, 0, "5555", 4);
    assert_int_equal(attack_call(a, ATTACK_UNDO, HOST_cvm_update,
                                 (const uint32_t[ATTACK_SLOTS]){ASCII, 2, a->scratch, 4})
                         .result,
                     0);
    assert_int_equal(verify(a, "5555"), WRONG);
    assert_int_equal(verify(a, "1234"), 0);
}

/* Access rules see it: a file that may be read after the card-wide PIN, in whichever applet. */
static void test_f5_cvm_access_rule(void **state) {
    struct attack *a = *state;
    struct test_card *t = &a->t;
    have_cvm(a);
    attack_select(a, 1);
    /* 62: transparent file 0102 of 4 bytes, read when the card-wide PIN is verified */
    EXPECT(t, "80E2800016 6200 13 6211 820101 83020102 80020004 8604 01C20400", "*9000");
    EXPECT(t, "00B0820004", "6982");
    EXPECT(t, "00A40000020102", "*9000");
    EXPECT(t, "00B0000004", "6982");
    assert_int_equal(verify(a, "1234"), 0);
    EXPECT(t, "00B0000004", "00000000 9000");
    attack_select(a, 2);
    assert_int_equal(verify(a, "4321"), WRONG);
    attack_select(a, 1);
    EXPECT(t, "00A40000020102", "*9000");
    EXPECT(t, "00B0000004", "6982");
    attack_select(a, 2);
    assert_int_equal(verify(a, "1234"), 0);
    attack_select(a, 1);
    EXPECT(t, "00A40000020102", "*9000");
    EXPECT(t, "00B0000004", "00000000 9000");
    /* it is not the applet's own PIN 0 */
    assert_int_equal(HOST(a, security_pins, 0), 0);
}

/* The issuer's ways: a profile, and STORE DATA to its domain, which also unblocks. */
static void test_cvm_by_the_issuer(void **state) {
    (void)state;
    struct attack *b = calloc(1, sizeof *b);
    attack_open(b, "test/card-pin.yaml");
    expect_cvm(b, 1, 4);
    assert_int_equal(verify(b, "1234"), WRONG);
    assert_int_equal(verify(b, "2468"), 0);
    assert_int_equal(HOST(b, cvm_block, 0), DENIED);
    /* not in plain, once the card is issued (F6) */
    EXPECT(&b->t, "00A4040008A000000151000000", "*9000");
    EXPECT(&b->t, "80E288000D 8200 0A 800100 810101 87021357", "6982");
    attack_select(b, 1);
    expect_cvm(b, 3, 4);
    attack_close(b);

    test_card_blank(&b->t);
    struct test_card *t = &b->t;
    EXPECT(t, "80E288000D 8200 0A 800100 810101 87021357", "9000");
    EXPECT(t, "80E288000D 8200 0A 800101 810101 87021357", "6A80"); /* of the card there is one */
    EXPECT(t, "80E288000A 8200 07 810101 87021357", "6A80");
    EXPECT(t, "80E288000D 8200 0A 800100 810101 8702FFFF", "6A80");
    struct keys *k = &t->card->keys;
    struct security_status status = {0};
    assert_int_equal(keys_cvm_verify(k, &status, PIN_ASCII, (const uint8_t *)"1357", 4), 0);
    assert_true(status.card_pin);
    EXPECT(t, "80E2880010 8200 0D 800100 810101 84010F 87022468", "9000");
    assert_int_equal(keys_cvm_state(k), 1); /* a new one is to be verified anew */
    assert_int_equal(keys_cvm_verify(k, &status, PIN_ASCII, (const uint8_t *)"1357", 4), WRONG);
    assert_int_equal(keys_cvm_verify(k, &status, PIN_ASCII, (const uint8_t *)"2468", 4), 0);
    assert_int_equal(keys_cvm_block(k, &status), 0);
    EXPECT(t, "80E288000D 8200 0A 800100 810101 87022468", "9000"); /* unblocked so */
    assert_int_equal(keys_cvm_verify(k, &status, PIN_ASCII, (const uint8_t *)"2468", 4), 0);
    test_card_free(t);
    free(b);
}

/* ---- the biometric gate ---- */

static void test_f5_gate(void **state) {
    struct attack *a = *state;
    assert_int_equal(HOST(a, biometric_tries, 0), NOT_FOUND);
    assert_int_equal(HOST(a, biometric_verify, 0), NOT_FOUND);
    assert_int_equal(HOST(a, biometric_set, 0), NOT_FOUND);
    assert_int_equal(HOST(a, biometric_set, 16), PARAM);
    assert_int_equal(person->asked, 0);
    assert_int_equal(HOST(a, biometric_set, 3), 0);
    person->finger = ONECARD_BIOMETRIC_MATCH;
    assert_int_equal(HOST(a, biometric_verify, 0), 0);
    assert_int_equal(HOST(a, biometric_tries, 0), 3);
    person->finger = ONECARD_BIOMETRIC_NO_MATCH;
    assert_int_equal(HOST(a, biometric_verify, 0), WRONG);
    assert_int_equal(HOST(a, biometric_tries, 0), 2);
    person->finger = ONECARD_BIOMETRIC_NO_SENSOR; /* costs nothing */
    assert_int_equal(HOST(a, biometric_verify, 0), UNSUPPORTED);
    assert_int_equal(HOST(a, biometric_tries, 0), 2);
    /* no abort, trap or power cut gives a try back */
    const uint32_t none[ATTACK_SLOTS] = {0};
    person->finger = ONECARD_BIOMETRIC_NO_MATCH;
    assert_int_equal(attack_call(a, ATTACK_UNDO, HOST_biometric_verify, none).result, WRONG);
    assert_int_equal(HOST(a, biometric_tries, 0), 1);
    attack_call(a, ATTACK_TRAP, HOST_biometric_verify, none);
    assert_int_equal(HOST(a, biometric_tries, 0), 0);
    test_card_reopen(&a->t);
    attack_select(a, 1);
    /* blocked: the sensor is not even asked */
    const unsigned asked = person->asked;
    person->finger = ONECARD_BIOMETRIC_MATCH;
    assert_int_equal(HOST(a, biometric_verify, 0), BLOCKED);
    assert_int_equal(person->asked, asked);
    /* another instance has a gate of its own (F2, F3) */
    attack_select(a, 2);
    assert_int_equal(HOST(a, biometric_tries, 0), NOT_FOUND);
    assert_int_equal(HOST(a, biometric_set, 2), 0);
    attack_select(a, 1);
    assert_int_equal(HOST(a, biometric_tries, 0), 0);
    assert_int_equal(HOST(a, biometric_set, 5), 0);
    assert_int_equal(HOST(a, biometric_verify, 0), 0);
    assert_int_equal(HOST(a, biometric_tries, 0), 5);
}

/* F5: "match" holds for one selection; access rules see it. */
static void test_f5_gate_access_rule(void **state) {
    struct attack *a = *state;
    struct test_card *t = &a->t;
    EXPECT(t, "80E2800016 6200 13 6211 820101 83020102 80020004 8604 01C20500", "*9000");
    assert_int_equal(HOST(a, biometric_set, 3), 0);
    EXPECT(t, "00A40000020102", "*9000");
    EXPECT(t, "00B0000004", "6982");
    person->finger = ONECARD_BIOMETRIC_MATCH;
    assert_int_equal(HOST(a, biometric_verify, 0), 0);
    EXPECT(t, "00B0000004", "00000000 9000");
    attack_select(a, 1);
    EXPECT(t, "00A40000020102", "*9000");
    EXPECT(t, "00B0000004", "6982");
    assert_int_equal(HOST(a, biometric_verify, 0), 0);
    EXPECT(t, "00B0000004", "00000000 9000");
    person->finger = ONECARD_BIOMETRIC_NO_MATCH;
    assert_int_equal(HOST(a, biometric_verify, 0), WRONG);
    EXPECT(t, "00B0000004", "6982");
}

/* A gate made in the open transaction is not asked: an abort would take its counter with it. */
static void test_f5_gate_in_transaction(void **state) {
    struct attack *a = *state;
    person->finger = ONECARD_BIOMETRIC_MATCH;
    assert_int_equal(
        attack_call(a, ATTACK_UNDO, HOST_biometric_set, (const uint32_t[ATTACK_SLOTS]){3}).result,
        0);
    assert_int_equal(HOST(a, biometric_tries, 0), NOT_FOUND);
}

/* ---- the screen ---- */

static struct attack_outcome say(struct attack *a, enum attack_mode mode, uint32_t marks,
                                 const char *text) {
    attack_put(a, 0, text, (uint32_t)strlen(text));
    return attack_call(a, mode, HOST_display_show,
                       (const uint32_t[ATTACK_SLOTS]){marks, a->scratch, (uint32_t)strlen(text)});
}

/* S1 for the eye: only what was committed is shown. */
static void test_screen_is_committed(void **state) {
    struct attack *a = *state;
    assert_int_equal(say(a, ATTACK_KEEP, 0x41, "-3.50\nbalance 20.00").result, 0);
    assert_int_equal(person->shown, 1);
    assert_string_equal(person->text, "-3.50\nbalance 20.00");
    assert_int_equal(person->marks, 0x41);
    assert_int_equal(person->aid_last, 0x01); /* who speaks */
    assert_int_equal(say(a, ATTACK_UNDO, 1, "never").result, 0);
    assert_int_equal(person->shown, 1);
    say(a, ATTACK_TRAP, 1, "never");
    assert_int_equal(person->shown, 1);
    /* an answer that did not fit: the command is undone, and comes again */
    attack_put(a, 0, "once", 4);
    char command[128];
    snprintf(command, sizeof command, "801000002A%04X%08X%08X%08X%056X01", HOST_display_show, 0u,
             (unsigned)a->scratch, 4u, 0u);
    EXPECT(&a->t, command, "6C04");
    assert_int_equal(person->shown, 1);
    attack_select(a, 2);
    assert_int_equal(say(a, ATTACK_KEEP, 0, "two").result, 0);
    assert_int_equal(person->shown, 2);
    assert_int_equal(person->aid_last, 0x02);
}

/* F7: what an applet wants to show while it is deleted is not shown; what another one shows stays,
 * and what it shows itself goes. */
static void test_f7_screen_of_who_goes(void **state) {
    struct attack *a = *state;
    const struct onecard_port *port = onecard_host_port(a->t.host);
    static const uint8_t aid[5] = {1, 2, 3, 4, 5};
    struct screen s = {0};
    assert_int_equal(screen_stage(&s, 7, aid, 5, (const uint8_t *)"stays", 5, 0), ONECARD_OK);
    screen_commit(&s, port);
    assert_string_equal(person->text, "stays");
    assert_int_equal(screen_stage(&s, 9, aid, 5, (const uint8_t *)"last words", 10, 0), ONECARD_OK);
    screen_forget(&s, 9);
    screen_commit(&s, port);
    assert_string_equal(person->text, "stays");
    screen_forget(&s, 7);
    screen_forget(&s, 9); /* deleted with it */
    screen_commit(&s, port);
    assert_string_equal(person->text, "");
}

/* A commit that fails shows nothing: the flash breaks under it. */
static enum onecard_err (*good_program)(void *ctx, uint32_t offset, const void *data, uint32_t len);
static enum onecard_err broken_program(void *ctx, uint32_t offset, const void *data, uint32_t len) {
    (void)ctx;
    (void)offset;
    (void)data;
    (void)len;
    return ONECARD_E_IO;
}

static void test_screen_after_failed_commit(void **state) {
    struct attack *a = *state;
    struct onecard_port *port = onecard_host_port(a->t.host);
    good_program = port->flash_program;
    port->flash_program = broken_program;
    test_card_reopen(&a->t);
    attack_select(a, 1);
    attack_put(a, 0, "paid", 4);
    /* perso of a data object and text in one command: by the applet's object_write, then show */
    const unsigned shown = person->shown;
    char command[128];
    snprintf(command, sizeof command, "801000002A%04X%08X%08X%08X%056X00", HOST_object_write,
             0x9F01u, (unsigned)a->scratch, 4u, 0u);
    uint8_t bytes[64];
    size_t n = 0;
    for (const char *p = command; *p; p += 2)
        sscanf(p, "%2hhx", &bytes[n++]);
    assert_int_equal(onecard_transmit(a->t.card, bytes, n, a->t.response, &a->t.response_len),
                     ONECARD_E_IO);
    assert_int_equal(person->shown, shown);
    port->flash_program = good_program;
    test_card_reopen(&a->t);
    attack_select(a, 1);
    assert_int_equal(say(a, ATTACK_KEEP, 0, "again").result, 0);
    assert_string_equal(person->text, "again");
}

static void test_screen_refuses(void **state) {
    struct attack *a = *state;
    static const struct {
        const char *text;
        uint32_t marks;
        int32_t result;
    } rows[] = {
        {"", 0, 0},
        {"\xE4\xBD\x99\xE9\xA2\x9D \xC2\xA5"
         "35.00",
         0xFF, 0},
        {"\xF0\x9F\x9A\x8C", 0, 0},
        {"a", 0x100, PARAM},
        {"a", 0x80000000, PARAM},
        {"bell\x07", 0, FORMAT},
        {"\x1B[2J", 0, FORMAT},
        {"del\x7F", 0, FORMAT},
        {"\xC2\x85", 0, FORMAT},         /* a control character of two bytes */
        {"\xC0\xAF", 0, FORMAT},         /* overlong */
        {"\xE0\x80\xAF", 0, FORMAT},     /* overlong */
        {"\xED\xA0\x80", 0, FORMAT},     /* a surrogate */
        {"\xF4\x90\x80\x80", 0, FORMAT}, /* beyond Unicode */
        {"\xE4\xBD", 0, FORMAT},         /* cut */
        {"\x80", 0, FORMAT},
        {"\xFF", 0, FORMAT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const unsigned shown = person->shown;
        assert_int_equal(say(a, ATTACK_KEEP, rows[i].marks, rows[i].text).result, rows[i].result);
        assert_int_equal(person->shown, shown + (rows[i].result == 0));
    }
    char text[98];
    memset(text, 'x', 97);
    text[97] = 0;
    assert_int_equal(say(a, ATTACK_KEEP, 0, text).result, TOO_BIG);
    text[96] = 0;
    assert_int_equal(say(a, ATTACK_KEEP, 0, text).result, 0);
    assert_string_equal(person->text, text);
}

/* No screen, no sensor. */
static void test_absent(void **state) {
    struct attack *a = *state;
    struct onecard_port *port = onecard_host_port(a->t.host);
    port->display = NULL;
    port->biometric = NULL;
    test_card_reopen(&a->t);
    attack_select(a, 1);
    assert_int_equal(say(a, ATTACK_KEEP, 0, "x").result, UNSUPPORTED);
    assert_int_equal(HOST(a, biometric_set, 1), 0);
    assert_int_equal(HOST(a, biometric_verify, 0), UNSUPPORTED);
    assert_int_equal(HOST(a, biometric_tries, 0), 1);
}

/* The host's own screen and sensor: files. */
static void test_host_files(void **state) {
    (void)state;
    char screen[] = "/tmp/onecard-screen-XXXXXX", sensor[] = "/tmp/onecard-sensor-XXXXXX";
    int screen_fd = mkstemp(screen), sensor_fd = mkstemp(sensor);
    assert_true(screen_fd >= 0 && sensor_fd >= 0);
    close(screen_fd);
    close(sensor_fd);
    struct onecard_host_options options = {.screen_file = screen, .sensor_file = sensor};
    struct onecard_host *host;
    char message[200], line[200];
    assert_int_equal(onecard_host_memory(&options, &host, message, sizeof message), 0);
    struct onecard_port *port = onecard_host_port(host);
    port->display(port->ctx, &(struct onecard_screen){.text = "20.00", .marks = 0x05});
    FILE *file = fopen(screen, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "[done] [warning]\n");
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "20.00\n");
    fclose(file);
    static const struct {
        const char *word;
        enum onecard_biometric says;
    } rows[] = {{"match\n", ONECARD_BIOMETRIC_MATCH},
                {"no-match", ONECARD_BIOMETRIC_NO_MATCH},
                {"", ONECARD_BIOMETRIC_NO_SENSOR},
                {"matching", ONECARD_BIOMETRIC_NO_SENSOR}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        file = fopen(sensor, "w");
        assert_non_null(file);
        fputs(rows[i].word, file);
        fclose(file);
        assert_int_equal(port->biometric(port->ctx), rows[i].says);
    }
    unlink(sensor);
    assert_int_equal(port->biometric(port->ctx), ONECARD_BIOMETRIC_NO_SENSOR);
    unlink(screen);
    onecard_host_close(host);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_cvm_privilege),
        TEST(test_f5_cvm_state),
        TEST(test_f5_cvm_tries),
        TEST(test_cvm_formats),
        TEST(test_cvm_abort),
        TEST(test_f5_cvm_access_rule),
        cmocka_unit_test(test_cvm_by_the_issuer),
        TEST(test_f5_gate),
        TEST(test_f5_gate_access_rule),
        TEST(test_f5_gate_in_transaction),
        TEST(test_screen_is_committed),
        TEST(test_screen_after_failed_commit),
        TEST(test_f7_screen_of_who_goes),
        TEST(test_screen_refuses),
        TEST(test_absent),
        cmocka_unit_test(test_host_files),
    };
    return cmocka_run_group_tests_name("person", tests, NULL, NULL);
}
