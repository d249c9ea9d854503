/* Secure messaging through the door: sessions of an applet (tests/applets/secure), what its access
 * rules make of them, how they end; and EMV scripts in both formats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "secure/sm_terminal.h"
#include "support/card.h"

#define SELECT "00A4040009F06F6E6563617264F2"

static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_make(t, "test/secure.yaml");
    *state = t;
    return 0;
}

static int teardown(void **state) {
    test_card_free(*state);
    free(*state);
    return 0;
}

static size_t hex(uint8_t *out, const char *text) {
    size_t n = 0;
    unsigned byte;
    for (; *text; text += 2) {
        while (*text == ' ')
            text++;
        assert_int_equal(sscanf(text, "%2x", &byte), 1);
        out[n++] = (uint8_t)byte;
    }
    return n;
}

static const char *send_bytes(struct test_card *t, const uint8_t *command, size_t len) {
    static char text[8000];
    for (size_t i = 0; i < len; i++)
        sprintf(text + 2 * i, "%02X", command[i]);
    return test_card_send(t, text);
}

static unsigned outer_status(const struct test_card *t) {
    return (unsigned)(t->response[t->response_len - 2] << 8 | t->response[t->response_len - 1]);
}

/* A session with stored keys. p2 as the applet has it. */
static struct sm_terminal begin(struct test_card *t, unsigned key, unsigned p2) {
    struct sm_terminal s = {.encipher = true, .mac_len = 8, .key_len = 16, .block = 16};
    char command[64];
    s.cipher = key == 0x01 ? "DES-EDE" : key == 0x11 ? "AES-128" : "SM4";
    if (key == 0x01) {
        s.block = 8;
        hex(s.mac, "F1CB1F1FB5ADF208806B89DC579DC1F8");
        hex(s.enc, "979EC13B1CBFE9DCD01AB0FED307EAE5");
    } else {
        for (unsigned i = 0; i < 16; i++) {
            s.mac[i] = (uint8_t)((key & 0x20 ? 0x20 : 0) + i);
            s.enc[i] = (uint8_t)(s.mac[i] + 0x10);
        }
    }
    memset(s.counter, 0x5A, s.block);
    sprintf(command, "8050%02X%02X%02X%s", key, p2, (unsigned)s.block,
            s.block == 8 ? "5A5A5A5A5A5A5A5A" : "5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A");
    EXPECT(t, command, "00000000 9000");
    return s;
}

/* Send a protected command; its answer must be protected by the same session. Returns the bytes of
 * data in out, *status what 99 says, which is said outside too. */
static int exchange(struct test_card *t, struct sm_terminal *s, const char *header_hex,
                    const char *data_hex, int le, uint8_t *out, unsigned *status) {
    uint8_t header[4], data[1024], command[2048];
    hex(header, header_hex);
    const size_t len = hex(data, data_hex);
    send_bytes(t, command, terminal_protect(s, header, data, len, le, command));
    static uint8_t whole[8192];
    size_t n = t->response_len - 2;
    memcpy(whole, t->response, n);
    while (outer_status(t) >> 8 == 0x61) {
        test_card_send(t, "00C0000000");
        memcpy(whole + n, t->response, t->response_len - 2);
        n += t->response_len - 2;
    }
    const int got = terminal_open(s, header[1], whole, n, out, status);
    if (got >= 0)
        assert_int_equal(outer_status(t), *status);
    return got;
}

static void expect(struct test_card *t, struct sm_terminal *s, const char *header, const char *data,
                   int le, const char *answer, unsigned status) {
    uint8_t out[4096], right[1024];
    unsigned said = 0;
    const int n = exchange(t, s, header, data, le, out, &said);
    if (n < 0)
        fail_msg("%s: answer not protected: %s", header, t->hex);
    assert_int_equal(said, status);
    assert_int_equal(n, hex(right, answer));
    assert_memory_equal(out, right, (size_t)n);
}

/* ---- what the applet sees ---- */

static void inner_command(void **state) {
    struct test_card *t = *state;
    static const unsigned keys[] = {0x01, 0x11, 0x21};
    for (size_t i = 0; i < 3; i++) {
        EXPECT(t, SELECT, "*9000");
        struct sm_terminal s = begin(t, keys[i], 0);
        expect(t, &s, "8C100102", "", 0, "80100102 00000000 00000100", 0x9000);
        expect(t, &s, "8C100304", "A1A2A3", 0, "80100304 00000003 00000100 A1A2A3", 0x9000);
        expect(t, &s, "8C100304", "A1A2A3", 15, "80100304 00000003 0000000F A1A2A3", 0x9000);
        s.encipher = false;
        expect(t, &s, "8C100304", "A1A2A3", 256, "80100304 00000003 00000100 A1A2A3", 0x9000);
    }
}

static void access_rules(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "00A40000020102", "*9000");
    EXPECT(t, "00B0000004", "6982");
    EXPECT(t, "00D60000021122", "6982");
    struct sm_terminal s = begin(t, 0x11, 0);
    expect(t, &s, "0CA4000C", "0102", -1, "", 0x9000);
    expect(t, &s, "0CD60000", "1122334455", -1, "", 0x9000);
    expect(t, &s, "0CB00000", "", 6, "112233445500", 0x9000);
    s.encipher = false; /* a MAC is not enough to write here */
    expect(t, &s, "0CD60000", "99", -1, "", 0x6982);
    expect(t, &s, "0CB00000", "", 2, "1122", 0x9000);
    expect(t, &s, "0CA4000C", "0101", -1, "", 0x9000);
    expect(t, &s, "0CD60000", "99", -1, "", 0x9000);
    EXPECT(t, "00B0000002", "9900 9000"); /* in plain, beside the session */
    EXPECT(t, "00D60000021122", "6982");  /* a level is of one command only */
    expect(t, &s, "0CB00000", "", 1, "99", 0x9000);
}

/* Errors, wrong lengths and warnings of the command within are protected too. */
static void protected_errors(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    struct sm_terminal s = begin(t, 0x21, 0);
    expect(t, &s, "8C126A82", "", 0, "", 0x6A82);
    expect(t, &s, "8C1263C2", "", 0, "41", 0x63C2);
    expect(t, &s, "8C109999", "", 5, "", 0x6C0C); /* 97 asks for less than there is */
    expect(t, &s, "8C770000", "", 0, "", 0x6D00);
    expect(t, &s, "8C160000", "", 0, "00006985", 0x9000); /* a command is unwrapped once */
    expect(t, &s, "8C1A0000", "", 0, "FFFFFFF5", 0x9000); /* no other session while it is due */
    expect(t, &s, "8C1C0000", "", 0, "FFFFFFF5", 0x9000);
    expect(t, &s, "8C100000", "", 0, "80100000 00000000 00000100", 0x9000);
}

/* Answers beyond what a short Le takes come by GET RESPONSE, protected as a whole. */
static void long_answers(void **state) {
    struct test_card *t = *state;
    uint8_t out[8192];
    unsigned status;
    EXPECT(t, SELECT, "*9000");
    struct sm_terminal s = begin(t, 0x21, 0);
    for (unsigned len = 200; len < 1000; len += 37) {
        char header[9];
        sprintf(header, "8C18%04X", len);
        assert_int_equal(exchange(t, &s, header, "", 256, out, &status), len);
        assert_int_equal(status, 0x9000);
        assert_int_equal(out[len - 1], 'A');
    }
    /* more than the card's longest answer takes */
    assert_int_equal(exchange(t, &s, "8C18FFFF", "", 256, out, &status), 0);
    assert_int_equal(status, 0x6A84);
    expect(t, &s, "8C100000", "", 0, "80100000 00000000 00000100", 0x9000);
}

/* Chained commands are one protected command (ISO/IEC 7816-4 5.3.3 and 10). */
static void chained(void **state) {
    struct test_card *t = *state;
    uint8_t header[4] = {0x8C, 0x10, 0, 0}, data[200], command[1024], out[1024];
    unsigned status;
    EXPECT(t, SELECT, "*9000");
    struct sm_terminal s = begin(t, 0x11, 0);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)i;
    const size_t n = terminal_protect(&s, header, data, sizeof data, 0, command) - 1 - 5;
    uint8_t first[5 + 100] = {0x9C, 0x10, 0, 0, 100}, last[512] = {0x8C, 0x10, 0, 0};
    memcpy(first + 5, command + 5, 100);
    send_bytes(t, first, sizeof first);
    assert_int_equal(outer_status(t), 0x9000);
    last[4] = (uint8_t)(n - 100);
    memcpy(last + 5, command + 105, n - 100);
    send_bytes(t, last, 5 + n - 100 + 1);
    assert_int_equal(terminal_open(&s, 0x10, t->response, t->response_len - 2, out, &status), 212);
    assert_memory_equal(out + 12, data, sizeof data);
}

/* On another channel the class says so, and the MAC covers it as it was sent. A chain that waits on
 * the basic channel gives its buffer away, and says so. */
static void other_channel(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "01A4040009F06F6E6563617264F2", "6985"); /* it is selected on the basic channel */
    EXPECT(t, "00A4040000", "*9000");
    EXPECT(t, "01A4040009F06F6E6563617264F2", "*9000");
    struct sm_terminal s = {.cipher = "DES-EDE", .key_len = 16, .block = 8, .mac_len = 8};
    s.encipher = true;
    hex(s.mac, "F1CB1F1FB5ADF208806B89DC579DC1F8");
    hex(s.enc, "979EC13B1CBFE9DCD01AB0FED307EAE5");
    memset(s.counter, 0x5A, 8);
    EXPECT(t, "8150010008 5A5A5A5A5A5A5A5A", "00000000 9000");
    expect(t, &s, "8D100102", "A1", 0, "80100102 00000001 00000100 A1", 0x9000);
    EXPECT(t, "9010000001 11", "9000"); /* the basic channel, more to come */
    expect(t, &s, "8D100102", "A2", 0, "80100102 00000001 00000100 A2", 0x9000);
    EXPECT(t, "8010000001 22", "6883");
}

/* A right MAC over contents that have no padding: the buffer was used, and a chain that waits on
 * the basic channel is lost as well. */
static void bad_contents(void **state) {
    struct test_card *t = *state;
    uint8_t header[4] = {0x8D, 0x10, 0, 0}, block[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    uint8_t value[9] = {0x01}, objects[64], mac[16], command[64];
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "01A4040009F06F6E6563617264F2", "*9000");
    EXPECT(t, "0120000008 241234FFFFFFFFFF", "9000");
    EXPECT(t, "8150010008 5A5A5A5A5A5A5A5A", "00000000 9000");
    struct sm_terminal s = {.cipher = "DES-EDE", .key_len = 16, .block = 8, .mac_len = 8};
    hex(s.mac, "F1CB1F1FB5ADF208806B89DC579DC1F8");
    hex(s.enc, "979EC13B1CBFE9DCD01AB0FED307EAE5");
    memset(s.counter, 0x5A, 8);
    terminal_count(&s);
    terminal_cipher(&s, true, block, 8);
    memcpy(value + 1, block, 8);
    size_t n = terminal_object(objects, 0x87, value, 9);
    terminal_mac_objects(&s, header, objects, n, mac);
    n += terminal_object(objects + n, 0x8E, mac, 8);
    memcpy(command, header, 4);
    command[4] = (uint8_t)n;
    memcpy(command + 5, objects, n);
    EXPECT(t, "90E2000001 11", "9000"); /* the basic channel, more to come */
    send_bytes(t, command, 5 + n);
    assert_int_equal(t->response_len, 2);
    assert_int_equal(outer_status(t), 0x6988);
    EXPECT(t, "80E2000001 22", "6883");
    EXPECT(t, "01200000", "63C3"); /* F5 */
}

/* ---- how a session ends ---- */

static void is_over(struct test_card *t, struct sm_terminal *s) {
    uint8_t header[4] = {0x8C, 0x10, 0, 0}, command[64];
    send_bytes(t, command, terminal_protect(s, header, NULL, 0, 0, command));
    assert_int_equal(t->response_len, 2);
    assert_int_equal(outer_status(t), 0x6985);
}

/* F5: a wrong message ends the session and takes back what was proven. */
static void f5_wrong_message(void **state) {
    struct test_card *t = *state;
    uint8_t header[4] = {0x8C, 0x10, 0, 0}, command[64];
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "0020000008 241234FFFFFFFFFF", "9000");
    EXPECT(t, "00200000", "9000");
    struct sm_terminal s = begin(t, 0x11, 0);
    size_t n = terminal_protect(&s, header, NULL, 0, 0, command);
    command[n - 2] ^= 1;
    send_bytes(t, command, n);
    assert_int_equal(outer_status(t), 0x6988);
    EXPECT(t, "00200000", "63C3"); /* not verified any more */
    is_over(t, &s);
    /* the key counts: two more, and it is gone, power cut or not */
    for (int left = 1; left >= 0; left--) {
        test_card_reopen(t);
        EXPECT(t, SELECT, "*9000");
        s = begin(t, 0x11, 0);
        n = terminal_protect(&s, header, NULL, 0, 0, command);
        command[n - 2] ^= 1;
        send_bytes(t, command, n);
        assert_int_equal(outer_status(t), 0x6988);
    }
    EXPECT(t, "8050110010 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A", "00000000 9000");
    command[n - 2] ^= 1;
    send_bytes(t, command, n);
    assert_int_equal(outer_status(t), 0x6983);
}

/* F5: of one selection. */
static void f5_selection_ends_it(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    struct sm_terminal s = begin(t, 0x01, 0);
    EXPECT(t, SELECT, "*9000");
    is_over(t, &s);
    s = begin(t, 0x01, 0);
    test_card_reopen(t);
    EXPECT(t, SELECT, "*9000");
    is_over(t, &s);
    s = begin(t, 0x01, 0); /* a trap: nothing is selected, nothing is protected */
    uint8_t header[4] = {0x8C, 0x14, 0, 0}, command[64];
    send_bytes(t, command, terminal_protect(&s, header, NULL, 0, 0, command));
    EXPECT(t, "8010000000", "6985");
    EXPECT(t, SELECT, "*9000");
    is_over(t, &s);
    s = begin(t, 0x01, 0);
    EXPECT(t, "801C000000", "00000000 9000"); /* the applet closes it */
    is_over(t, &s);
}

static void other_ways_to_begin(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "8050010010 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A", "FFFFFFFF 9000"); /* block of 8 */
    EXPECT(t, "8050310008 5A5A5A5A5A5A5A5A", "FFFFFFFE 9000");                 /* no such key */
    EXPECT(t, "8050020108 5A5A5A5A5A5A5A5A", "FFFFFFF8 9000");                 /* not a MAC key */
    EXPECT(t, "8050010508 5A5A5A5A5A5A5A5A", "FFFFFFFF 9000"); /* enciphered without a key */
    struct sm_terminal s = begin(t, 0x21, 0x41);               /* MACs of 4 bytes alone */
    s.mac_len = 4;
    s.encipher = false;
    uint8_t header[4] = {0x8C, 0x10, 0, 0}, command[64];
    send_bytes(t, command, terminal_protect(&s, header, NULL, 0, 0, command));
    assert_int_equal(t->response_len - 2, 14 + 4 + 6); /* 81 with 12 bytes, 99, 8E with 4 */
    terminal_count(&s);
    s = begin(t, 0x21, 0x02); /* class 88: the header is not covered */
    expect(t, &s, "88100102", "A1", 0, "80100102 00000001 00000100 A1", 0x9000);
}

/* Keys agreed on in the session slots (the example of docs/secure-messaging.md). */
static void agreed_keys(void **state) {
    struct test_card *t = *state;
    struct sm_terminal master = {.cipher = "SM4", .key_len = 16, .block = 16}, s;
    uint8_t label[17];
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "8052000008 C1C2C3C4C5C6C7C8", "6985"); /* without a challenge */
    test_card_send(t, "0084000008");
    memcpy(label + 1, t->response, 8);
    hex(label + 9, "C1C2C3C4C5C6C7C8");
    EXPECT(t, "8052000008 C1C2C3C4C5C6C7C8", "9000");
    hex(master.mac, "404142434445464748494A4B4C4D4E4F");
    s = (struct sm_terminal){
        .cipher = "SM4", .key_len = 16, .block = 16, .mac_len = 8, .encipher = true};
    label[0] = 1;
    terminal_mac_of(&master, label, sizeof label, s.mac);
    label[0] = 2;
    terminal_mac_of(&master, label, sizeof label, s.enc);
    memcpy(s.counter, label + 1, 16);
    expect(t, &s, "0CA4000C", "0102", -1, "", 0x9000);
    expect(t, &s, "0CD60010", "CAFE", -1, "", 0x9000);
    expect(t, &s, "0CB0000F", "", 4, "00CAFE00", 0x9000);
}

/* ---- EMV scripts ---- */

#define TRANSACTION "0123 A1A2A3A4A5A6A7A8" /* ATC, ARQC */

struct script {
    bool sm4;
    size_t mac_len;
    struct sm_terminal mac, enc; /* session keys, in .mac and .enc */
};

/* EMV Book 2 A1.3 as specs/pboc.md has it: 0^6 ATC and 0^6 NOT ATC under the card key. */
static void script_key(bool sm4, const char *card_key, uint8_t out[16]) {
    uint8_t key[16];
    hex(key, card_key);
    hex(out, "0000000000000123 000000000000FEDC");
    terminal_evp(sm4 ? "SM4-ECB" : "DES-EDE-ECB", key, NULL, true, out, 16, out);
}

static struct script begin_script(struct test_card *t, bool sm4, size_t mac_len) {
    struct script s = {.sm4 = sm4, .mac_len = mac_len};
    char command[64];
    script_key(sm4, sm4 ? "707172737475767778797A7B7C7D7E7F" : "505152535455565758595A5B5C5D5E5F",
               s.mac.mac);
    script_key(sm4, sm4 ? "808182838485868788898A8B8C8D8E8F" : "606162636465666768696A6B6C6D6E6F",
               s.enc.enc);
    sprintf(command, "80F0%02X%02X0A" TRANSACTION, sm4, (unsigned)mac_len);
    EXPECT(t, command, "9000");
    return s;
}

/* header and Lc, ATC, ARQC, data; the leftmost bytes. SM4: CBC-MAC, the last block of CBC. */
static void script_mac(const struct script *s, const uint8_t *header, const uint8_t *data,
                       size_t len, uint8_t mac[16]) {
    uint8_t message[320];
    const size_t block = s->sm4 ? 16 : 8;
    memcpy(message, header, 5);
    size_t n = 5 + hex(message + 5, TRANSACTION);
    memcpy(message + n, data, len);
    n += len;
    message[n++] = 0x80;
    while (n % block != 0)
        message[n++] = 0;
    if (!s->sm4) {
        terminal_retail(s->mac.mac, message, n, mac);
        return;
    }
    const uint8_t iv[16] = {0};
    terminal_evp("SM4-CBC", s->mac.mac, iv, true, message, n, message);
    memcpy(mac, message + n - 16, 16);
}

/* data: as it goes over the air (objects in format 1). */
static unsigned send_script(struct test_card *t, const struct script *s, const char *header_hex,
                            const uint8_t *data, size_t len) {
    uint8_t command[300], mac[16];
    hex(command, header_hex);
    const bool format_1 = (command[0] & 0x0F) == 0x0C;
    memcpy(command + 5, data, len);
    command[4] = (uint8_t)(len + s->mac_len + (format_1 ? 2 : 0));
    script_mac(s, command, command + 5, len, mac);
    size_t n = 5 + len;
    if (format_1)
        n += terminal_object(command + n, 0x8E, mac, s->mac_len);
    else
        memcpy(command + n, mac, s->mac_len), n += s->mac_len;
    send_bytes(t, command, n);
    return outer_status(t);
}

static unsigned send_script_hex(struct test_card *t, const struct script *s, const char *header,
                                const char *data) {
    uint8_t bytes[256];
    return send_script(t, s, header, bytes, hex(bytes, data));
}

/* Format 2: length, data, 80.. in ECB. */
static unsigned send_counted(struct test_card *t, const struct script *s, const char *header,
                             const char *data) {
    uint8_t bytes[256];
    const size_t block = s->sm4 ? 16 : 8;
    size_t n = 1 + hex(bytes + 1, data);
    bytes[0] = (uint8_t)(n - 1);
    if (n % block != 0)
        bytes[n++] = 0x80;
    while (n % block != 0)
        bytes[n++] = 0;
    terminal_evp(s->sm4 ? "SM4-ECB" : "DES-EDE-ECB", s->enc.enc, NULL, true, bytes, n, bytes);
    return send_script(t, s, header, bytes, n);
}

/* Format 1: 87 with 01 and data, 80.. in CBC. */
static unsigned send_object(struct test_card *t, const struct script *s, const char *header,
                            const char *data) {
    uint8_t bytes[256] = {0x01}, object[300];
    const uint8_t iv[16] = {0};
    const size_t block = s->sm4 ? 16 : 8;
    size_t n = hex(bytes + 1, data);
    bytes[1 + n++] = 0x80;
    while (n % block != 0)
        bytes[1 + n++] = 0;
    terminal_evp(s->sm4 ? "SM4-CBC" : "DES-EDE-CBC", s->enc.enc, iv, true, bytes + 1, n, bytes + 1);
    return send_script(t, s, header, object, terminal_object(object, 0x87, bytes, n + 1));
}

static void scripts(void **state) {
    struct test_card *t = *state;
    for (int sm4 = 0; sm4 < 2; sm4++) {
        for (size_t mac_len = 4; mac_len <= 8; mac_len++) {
            EXPECT(t, SELECT, "*9000");
            EXPECT(t, "00A40000020101", "*9000");
            const struct script s = begin_script(t, sm4, mac_len);
            assert_int_equal(send_script_hex(t, &s, "04D60000", "A1A2A3"), 0x9000);
            EXPECT(t, "00B0000003", "A1A2A3 9000");
            assert_int_equal(send_script_hex(t, &s, "0CD60000", "8103 B1B2B3"), 0x9000);
            EXPECT(t, "00B0000003", "B1B2B3 9000");
            EXPECT(t, "00A40000020102", "*9000"); /* must be enciphered */
            assert_int_equal(send_script_hex(t, &s, "04D60000", "A1A2A3"), 0x6982);
            assert_int_equal(send_script_hex(t, &s, "0CD60000", "8103 B1B2B3"), 0x6982);
            assert_int_equal(send_counted(t, &s, "04D60000", "C1C2C3C4"), 0x9000);
            assert_int_equal(send_script_hex(t, &s, "04B00000", ""), 0x9000);
            assert_int_equal(t->response[0], 0xC1);
            assert_int_equal(t->response[3], 0xC4);
            assert_int_equal(send_object(t, &s, "0CD60000", "D1D2D3D4D5D6D7D8"), 0x9000);
            assert_int_equal(send_script_hex(t, &s, "0CB00000", ""), 0x9000);
            assert_int_equal(t->response[7], 0xD8);
            /* PIN CHANGE: a PIN block, enciphered */
            assert_int_equal(send_counted(t, &s, "84240000", "265566FFFFFFFFFF"), 0x6A80);
            assert_int_equal(send_counted(t, &s, "84240000", "245566FFFFFFFFFF"), 0x9000);
            EXPECT(t, "0020000008 245566FFFFFFFFFF", "9000");
            assert_int_equal(send_object(t, &s, "8C240000", "247788FFFFFFFFFF"), 0x9000);
            EXPECT(t, "0020000008 247788FFFFFFFFFF", "9000");
            EXPECT(t, "8412900001 00", "6987"); /* no room for a MAC */
        }
    }
}

/* PIN CHANGE of PBOC, P2 = 02: the block is hidden under the card's key (bytes 4 to 7 of its left
 * half), then enciphered. block: as it is before that. */
static unsigned send_counterpart(struct test_card *t, const struct script *s, const char *block) {
    uint8_t bytes[8];
    static const uint8_t card_key[8] = {0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97};
    char text[17];
    hex(bytes, block);
    for (size_t i = 0; i < 8; i++)
        sprintf(text + 2 * i, "%02X", i < 4 ? bytes[i] : bytes[i] ^ card_key[i]);
    return send_counted(t, s, "84240002", text);
}

static void pin_counterparts(void **state) {
    struct test_card *t = *state;
    for (int sm4 = 0; sm4 < 2; sm4++) {
        EXPECT(t, SELECT, "*9000");
        const struct script s = begin_script(t, sm4, 4);
        assert_int_equal(send_counterpart(t, &s, "069876 54 FFFFFFFF"), 0x9000);
        EXPECT(t, "0020000008 26987654FFFFFFFF", "9000");
        assert_int_equal(send_counterpart(t, &s, "045511 FF FFFFFFFF"), 0x9000);
        EXPECT(t, "0020000008 245511FFFFFFFFFF", "9000");
        /* no PIN block, another format, too short a PIN, not hidden under the card's key */
        assert_int_equal(send_counterpart(t, &s, "24551234FFFFFFFF"), 0x6A80);
        assert_int_equal(send_counterpart(t, &s, "0455A2FFFFFFFFFF"), 0x6A80);
        assert_int_equal(send_counterpart(t, &s, "0355 1F FFFFFFFFFF"), 0x6A80);
        assert_int_equal(send_counted(t, &s, "84240002", "045522FFFFFFFFFF"), 0x6A80);
        assert_int_equal(send_counted(t, &s, "84240002", "045522FFFFFFFF"), 0x6A80);
        assert_int_equal(send_script_hex(t, &s, "84240002", "045522FFFFFFFFFF"), 0x6A80);
        EXPECT(t, "0020000008 245511FFFFFFFFFF", "9000");
    }
}

static void wrong_scripts(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "00A40000020101", "*9000");
    struct script s = begin_script(t, false, 4);
    static const struct {
        const char *what, *command;
        unsigned status;
    } rows[] = {
        {"wrong MAC", "04D6000005 A1 00000000", 0x6988},
        {"objects without MAC", "0CD6000003 8101A1", 0x6987},
        {"no objects", "0CD60000", 0x6987},
        {"other object", "0CD6000009 9901A1 8E0400000000", 0x6988},
        {"MAC of another length", "0CD6000007 8E050000000000", 0x6988},
        {"something behind the MAC", "0CD6000008 8E0400000000 8100", 0x6988},
        {"empty object", "0CD6000008 8100 8E0400000000", 0x6988},
        {"cut object", "0CD6000003 8105A1", 0x6988},
        {"cut length", "0CD6000002 8181", 0x6988},
        {"bad length", "0CD6000003 818200", 0x6988},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_card_send(t, rows[i].command);
        if (outer_status(t) != rows[i].status)
            fail_msg("%s: %s", rows[i].what, t->hex);
    }
    /* of another transaction: another session key, another cryptogram */
    uint8_t command[64], mac[16];
    hex(command, "04D6000005 A1");
    script_mac(&s, command, command + 5, 1, mac);
    memcpy(command + 6, mac, 4);
    EXPECT(t, "80F000040A 0123 A1A2A3A4A5A6A7A9", "9000");
    send_bytes(t, command, 10);
    assert_int_equal(outer_status(t), 0x6988);
    EXPECT(t, "80F000040A 0124 A1A2A3A4A5A6A7A8", "9000");
    send_bytes(t, command, 10);
    assert_int_equal(outer_status(t), 0x6988);
    EXPECT(t, "80F000040A " TRANSACTION, "9000");
    send_bytes(t, command, 10);
    assert_int_equal(outer_status(t), 0x9000);
    /* F5: wrong MACs count on the card key that the session came from */
    for (int tries = 0; tries < 15; tries++)
        EXPECT(t, "04D6000005 A1 00000000", "6988");
    EXPECT(t, "04D6000005 A1 00000000", "6983");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(inner_command, setup, teardown),
        cmocka_unit_test_setup_teardown(access_rules, setup, teardown),
        cmocka_unit_test_setup_teardown(protected_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(long_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(chained, setup, teardown),
        cmocka_unit_test_setup_teardown(other_channel, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_contents, setup, teardown),
        cmocka_unit_test_setup_teardown(f5_wrong_message, setup, teardown),
        cmocka_unit_test_setup_teardown(f5_selection_ends_it, setup, teardown),
        cmocka_unit_test_setup_teardown(other_ways_to_begin, setup, teardown),
        cmocka_unit_test_setup_teardown(agreed_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(scripts, setup, teardown),
        cmocka_unit_test_setup_teardown(pin_counterparts, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_scripts, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
