/* Commands in pieces (P1 bit 8), as clients cut up what does not fit 255 bytes, and keys in the
 * words of different clients (GPCS 2.3.1 11.1.5, 11.8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/content.h"
#include "support/gp_host.h"

enum { P1_MORE = 0x80, INS_PUT = 0xD8, DES = 0x20, AES = 0x30 };

static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    struct gp_host h;
    test_card_blank(t);
    gp_default_keys(&h, 0x02, 16, DES, 0);
    EXPECT_SW(gp_put_keys(t, NULL, true, 0, 0x80, &h), 0x9000);
    gp_default_keys(&h, 0x03, 16, AES, 0);
    EXPECT_SW(gp_put_keys(t, NULL, true, 0, 0x88, &h), 0x9000);
    EXPECT(t, "80F0800F", "9000");
    test_card_reopen(t);
    *state = t;
    return 0;
}

static int teardown(void **state) {
    test_card_free(*state);
    free(*state);
    return 0;
}

static void open_domain(struct test_card *t, struct gp_host *h, uint8_t version, uint8_t level) {
    select_manager(t);
    gp_default_keys(h, version == DES ? 0x02 : 0x03, 16, version, level);
    EXPECT_SW(gp_open(t, h), 0x9000);
}

/* PUT KEY of an RSA public key: version, modulus of that many bytes, exponent, no check value. */
static size_t rsa_key(uint8_t version, size_t modulus, uint8_t *out) {
    size_t n = 0;
    out[n++] = version;
    out[n++] = 0xA1;
    out[n++] = 0x82;
    out[n++] = (uint8_t)(modulus >> 8);
    out[n++] = (uint8_t)modulus;
    for (size_t i = 0; i < modulus; i++)
        out[n++] = (uint8_t)(0x81 + 2 * i);
    memcpy(out + n, "\xA0\x03\x01\x00\x01\x00", 6);
    return n + 6;
}

static unsigned raw(struct test_card *t, const uint8_t *command, size_t len) {
    assert_int_equal(onecard_transmit(t->card, command, len, t->response, &t->response_len),
                     ONECARD_OK);
    return (unsigned)t->response[t->response_len - 2] << 8 | t->response[t->response_len - 1];
}

static unsigned piece(struct test_card *t, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2,
                      const uint8_t *data, size_t len) {
    uint8_t command[5 + 255] = {cla, ins, p1, p2, (uint8_t)len};
    memcpy(command + 5, data, len);
    return raw(t, command, 5 + len);
}

/* Protect it as one command, send it as several. */
static unsigned in_pieces(struct test_card *t, struct gp_host *h, uint8_t ins, uint8_t p1,
                          uint8_t p2, const uint8_t *data, size_t len, size_t step) {
    uint8_t wrapped[2400];
    size_t total = gp_wrap(h, ins, p1, p2, data, len, wrapped);
    const bool extended = wrapped[4] == 0;
    const uint8_t *body = wrapped + (extended ? 7 : 5);
    size_t left = total - (extended ? 9 : 6);
    unsigned sw = 0x9000;
    for (; left > step && sw == 0x9000; body += step, left -= step)
        sw = piece(t, wrapped[0], ins, p1 | P1_MORE, p2, body, step);
    return sw == 0x9000 ? piece(t, wrapped[0], ins, p1, p2, body, left) : sw;
}

static bool has_version(struct test_card *t, struct gp_host *h, uint8_t version) {
    EXPECT_SW(gp_send_hex(t, h, "CA00E0", ""), 0x9000);
    for (size_t i = 2; i + 5 < h->len; i += 2u + h->data[i + 1])
        if (h->data[i + 3] == version)
            return true;
    return false;
}

/* ---- put together ---- */

static void test_whole_in_pieces(void **state) {
    static const struct {
        uint8_t version, level;
        size_t step;
    } rows[] = {{DES, 0x00, 255}, {DES, 0x01, 255}, {DES, 0x03, 247}, {AES, 0x01, 255},
                {AES, 0x03, 16},  {AES, 0x01, 1},   {AES, 0x01, 137}};
    struct test_card *t = *state;
    struct gp_host h;
    uint8_t data[600];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = rsa_key((uint8_t)(0x71 + i), 256, data);
        open_domain(t, &h, rows[i].version, rows[i].level);
        EXPECT_SW(in_pieces(t, &h, INS_PUT, 0x00, 0x01, data, len, rows[i].step), 0x9000);
        assert_true(has_version(t, &h, (uint8_t)(0x71 + i))); /* and the session goes on */
    }
    /* INSTALL and DELETE as well: what they say is about the whole */
    open_domain(t, &h, AES, 0x03);
    EXPECT_SW(in_pieces(t, &h, 0xE4, 0x00, 0x00, (const uint8_t *)"\xD2\x01\x71", 3, 10), 0x9000);
    assert_false(has_version(t, &h, 0x71));
    EXPECT_SW(in_pieces(t, &h, 0xE6, 0x20, 0x00,
                        (const uint8_t *)"\0\0\5\xF0\xF1\xF2\xF3\xF4\0\0\0", 11, 10),
              0x6A88);
}

/* ---- not put together ---- */

/* What comes in between ends the chain; what is left of the command is no command. */
static void test_pieces_that_do_not_fit(void **state) {
    static const struct {
        uint8_t ins, p1, p2;
        const char *why;
    } rows[] = {{0xCA, 0x00, 0x45, "GET DATA"},
                {0xE2, 0x00, 0x00, "STORE DATA"},
                {0xE4, 0x80, 0x00, "a piece of DELETE"},
                {INS_PUT, 0x80, 0x02, "another P2"},
                {INS_PUT, 0x81, 0x01, "another P1"}};
    struct test_card *t = *state;
    uint8_t data[600], wrapped[2400];
    struct gp_host h;
    size_t len = rsa_key(0x71, 256, data);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        open_domain(t, &h, AES, 0x00);
        size_t total = gp_wrap(&h, INS_PUT, 0x00, 0x01, data, len, wrapped);
        EXPECT_SW(piece(t, 0x80, INS_PUT, P1_MORE, 0x01, wrapped + 7, 200), 0x9000);
        piece(t, 0x80, rows[i].ins, rows[i].p1, rows[i].p2, data, 1);
        if (piece(t, 0x80, INS_PUT, 0x00, 0x01, wrapped + 207, total - 9 - 200) == 0x9000)
            fail_msg("%s in between was not noticed", rows[i].why);
        assert_false(has_version(t, &h, 0x71));
    }
}

/* F6: nobody who is not known fills the card's memory, and a wrong MAC of the whole ends all. */
static void test_pieces_of_strangers(void **state) {
    struct test_card *t = *state;
    uint8_t data[600], wrapped[2400];
    struct gp_host h;
    size_t len = rsa_key(0x71, 256, data);
    select_manager(t);
    EXPECT_SW(piece(t, 0x80, INS_PUT, P1_MORE, 0x01, data, 200), 0x6982);
    EXPECT_SW(piece(t, 0x84, INS_PUT, P1_MORE, 0x01, data, 200), 0x6982);
    open_domain(t, &h, AES, 0x01);
    size_t total = gp_wrap(&h, INS_PUT, 0x00, 0x01, data, len, wrapped);
    wrapped[100] ^= 1;
    EXPECT_SW(piece(t, 0x84, INS_PUT, P1_MORE, 0x01, wrapped + 7, 250), 0x9000);
    EXPECT_SW(piece(t, 0x84, INS_PUT, 0x00, 0x01, wrapped + 257, total - 9 - 250), 0x6982);
    EXPECT(t, "80F28002024F0000", "6982");
    EXPECT_SW(piece(t, 0x84, INS_PUT, P1_MORE, 0x01, wrapped + 7, 250), 0x6982);
}

/* Too much is refused at the piece that is too much, and forgotten: the memory is there again. */
static void test_pieces_without_end(void **state) {
    struct test_card *t = *state;
    uint8_t data[255] = {0x71};
    struct gp_host h;
    open_domain(t, &h, AES, 0x00);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 8; i++)
            EXPECT_SW(piece(t, 0x80, INS_PUT, P1_MORE, 0x01, data, 255), 0x9000);
        EXPECT_SW(piece(t, 0x80, INS_PUT, P1_MORE, 0x01, data, 255), 0x6A84);
    }
    EXPECT_SW(piece(t, 0x80, INS_PUT, P1_MORE, 0x01, data, 0), 0x6700);
    for (int i = 0; i < 40; i++) { /* deselected in the middle, again and again */
        open_domain(t, &h, AES, 0x00);
        EXPECT_SW(piece(t, 0x80, INS_PUT, P1_MORE, 0x01, data, 255), 0x9000);
    }
}

/* ---- the words of clients ---- */

/* An empty check value behind each component of an RSA key, and a cipher's key behind it, where P2
 * does not say that there is more than one. */
static void test_keys_in_one_clients_words(void **state) {
    struct test_card *t = *state;
    uint8_t data[255] = {0x70, 0xA1, 0x80, 0xC5}, key[16] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct gp_host h;
    open_domain(t, &h, DES, 0x01);
    memset(data + 4, 0x35, 127);
    memcpy(data + 131, "\0\xA0\3\1\0\1\0", 7);
    size_t len = 138 + gp_key_field(&h, 0x80, key, sizeof key, data + 138);
    EXPECT_SW(gp_send(t, &h, INS_PUT, 0x00, 0x01, data, len), 0x9000);
    assert_int_equal(h.len, 4); /* version, and the check value of the cipher's key */
    assert_memory_equal(h.data + 1, data + len - 3, 3);
    EXPECT_SW(gp_send_hex(t, &h, "CA00E0", ""), 0x9000);
    const uint8_t rsa[8] = {0xC0, 0x06, 0x01, 0x70, 0xA1, 0x80, 0xA0, 0x03};
    const uint8_t des[6] = {0xC0, 0x04, 0x02, 0x70, 0x80, 0x10};
    assert_memory_equal(h.data + h.len - 14, rsa, sizeof rsa);
    assert_memory_equal(h.data + h.len - 6, des, sizeof des);
}

/* The true length before a DES key too, and more padding than is needed. */
static void test_lengths_before_keys(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    uint8_t data[255], plain[240], key[24], field[64];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(7 * i + 1);
    open_domain(t, &h, AES, 0x03);
    size_t check = gp_key_field(&h, 0x80, key, 16, field); /* its last three bytes */
    memcpy(data, "\x11\x80\x11\x10", 4);
    gp_encipher(&h, key, data + 4, 16);
    data[20] = 3;
    memcpy(data + 21, field + check - 3, 3);
    EXPECT_SW(gp_send(t, &h, INS_PUT, 0x00, 0x01, data, 24), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "CA00E0", ""), 0x9000);
    const uint8_t des[6] = {0xC0, 0x04, 0x01, 0x11, 0x80, 0x10};
    assert_memory_equal(h.data + 2 + 3 * sizeof des, des, sizeof des); /* behind 00's version */

    check = gp_key_field(&h, 0x88, key, 24, field);
    memset(plain, 0xA5, sizeof plain);
    memcpy(plain, key, 24);
    memcpy(data, "\x12\x88\xD1\x18", 4);
    gp_encipher(&h, plain, data + 4, 208);
    data[212] = 3;
    memcpy(data + 213, field + check - 3, 3);
    EXPECT_SW(gp_send(t, &h, INS_PUT, 0x00, 0x01, data, 216), 0x9000);
    assert_memory_equal(h.data + 1, field + check - 3, 3);
    data[3] = 0x19; /* no length of AES */
    data[0] = 0x13;
    EXPECT_SW(gp_send(t, &h, INS_PUT, 0x00, 0x01, data, 216), 0x6A80);
    memcpy(data, "\x13\x88\x11\x18", 4); /* longer than what is there */
    EXPECT_SW(gp_send(t, &h, INS_PUT, 0x00, 0x01, data, 24), 0x6A80);
}

/* One AID in a DELETE; another behind it is not passed over. */
static void test_one_name_to_delete(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    open_domain(t, &h, AES, 0x01);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "4F05F0F1F2F3F4 4F05F0F1F2F3F5"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "4F05F0F1F2F3F4"), 0x6A88);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        EACH(test_whole_in_pieces),           EACH(test_pieces_that_do_not_fit),
        EACH(test_pieces_of_strangers),       EACH(test_pieces_without_end),
        EACH(test_keys_in_one_clients_words), EACH(test_lengths_before_keys),
        EACH(test_one_name_to_delete),
    };
    return cmocka_run_group_tests_name("pieces", tests, NULL, NULL);
}
