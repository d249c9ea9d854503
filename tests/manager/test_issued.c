/* The life of an issued card over its secure channels, as GlobalPlatform clients lead it: list,
 * load, install, personalise, use, lock, unlock, keys, delete; for each protocol at each security
 * level. GPCS 2.3.1 clause 11 (F6, F7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/content.h"
#include "support/gp_host.h"

static struct package *hello, *files;

static const struct kind {
    uint8_t protocol, key_len, version, type;
} kinds[] = {
    {0x02, 16, 0x20, 0x80}, {0x03, 16, 0x30, 0x88}, {0x03, 32, 0x32, 0x88}, {0xF3, 16, 0x38, 0x89}};
#define KINDS (sizeof kinds / sizeof *kinds)

static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    struct gp_host h;
    hello = package_read("hello.cap");
    files = package_read("test/files.cap");
    test_card_blank(t);
    for (size_t i = 0; i < KINDS; i++) {
        gp_default_keys(&h, kinds[i].protocol, kinds[i].key_len, kinds[i].version, 0);
        EXPECT_SW(gp_put_keys(t, NULL, true, 0, kinds[i].type, &h), 0x9000);
    }
    EXPECT(t, "80F0800F", "9000");
    test_card_reopen(t);
    *state = t;
    return 0;
}

static int teardown(void **state) {
    package_free(hello);
    package_free(files);
    test_card_free(*state);
    free(*state);
    return 0;
}

static void open_domain(struct test_card *t, struct gp_host *h, const struct kind *k,
                        uint8_t level) {
    select_manager(t);
    gp_default_keys(h, k->protocol, k->key_len, k->version, level);
    EXPECT_SW(gp_open(t, h), 0x9000);
}

/* ---- commands ---- */

static unsigned gp_load(struct test_card *t, struct gp_host *h, const struct package *p,
                        size_t block) {
    struct fields f = {.len = 0};
    fields_add(&f, p->aid.value, p->aid.len);
    fields_add(&f, ISD_AID, ISD_AID_LEN);
    for (int i = 0; i < 3; i++)
        fields_add(&f, NULL, 0);
    unsigned sw = gp_send(t, h, 0xE6, 0x02, 0, f.bytes, f.len);
    const uint8_t *bytes = p->load.bytes;
    size_t left = p->load.len;
    for (uint8_t number = 0; left && sw == 0x9000; number++) {
        size_t step = left < block ? left : block;
        sw = gp_send(t, h, 0xE8, step == left ? P1_LAST : 0, number, bytes, step);
        bytes += step;
        left -= step;
    }
    return sw;
}

static unsigned gp_install(struct test_card *t, struct gp_host *h, uint8_t p1,
                           const struct package *p, struct aid instance, const char *privileges,
                           size_t privileges_len) {
    struct fields f = {.len = 0};
    fields_add(&f, p->aid.value, p->aid.len);
    fields_add(&f, p->applet.value, p->applet.len);
    fields_add(&f, instance.value, instance.len);
    fields_add(&f, privileges, privileges_len);
    fields_add(&f, "\xC9", 2);
    fields_add(&f, NULL, 0);
    return gp_send(t, h, 0xE6, p1, 0, f.bytes, f.len);
}

static unsigned gp_delete(struct test_card *t, struct gp_host *h, struct aid aid, bool related) {
    struct fields f = {.bytes = {0x4F}, .len = 1};
    fields_add(&f, aid.value, aid.len);
    return gp_send(t, h, 0xE4, 0, related ? 0x80 : 0, f.bytes, f.len);
}

static void expect_data(const struct gp_host *h, const char *hex, const char *why) {
    char got[1024] = "";
    for (size_t i = 0; i < h->len; i++)
        sprintf(got + 2 * i, "%02X", h->data[i]);
    char want[1024];
    size_t n = 0;
    for (const char *p = hex; *p; p++)
        if (*p != ' ')
            want[n++] = *p;
    want[n] = 0;
    if (strcmp(got, want))
        fail_msg("%s: %s\n  instead of %s", why, got, want);
}

#define ONE AID_OF("\xF0\x01\x02\x03\x04\x01")
#define TWO AID_OF("\xF0\x01\x02\x03\x04\x02")

/* ---- the whole life, for each protocol and level ---- */

static void whole_life(struct test_card *t, const struct kind *k, uint8_t level) {
    struct gp_host h;
    open_domain(t, &h, k, level);
    EXPECT_SW(gp_load(t, &h, hello, 223), 0x9000);
    assert_int_equal(h.len, 1); /* no receipt */
    EXPECT_SW(gp_install(t, &h, 0x0C, hello, ONE, "", 1), 0x9000);
    EXPECT_SW(gp_install(t, &h, 0x04, hello, TWO, "\0\0", 3), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F00"), 0x9000);
    expect_data(&h,
                "E327 4F06F00102030401 9F700107 C503000000 C40AF06F6E65636172640150"
                "     CC08A000000151000000"
                "E327 4F06F00102030402 9F700103 C503000000 C40AF06F6E65636172640150"
                "     CC08A000000151000000",
                "applications");
    EXPECT_SW(gp_send_hex(t, &h, "E60800", "000006F0010203040201000000"), 0x9000);
    assert_int_equal(hello_count(t, ONE), 1);
    assert_int_equal(hello_count(t, TWO), 1);
    open_domain(t, &h, k, level);
    /* lock, and unlock */
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "F00102030401"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "F00102030401"), 0x6985);
    assert_int_equal(hello_count(t, ONE), 0);
    assert_int_equal(hello_count(t, TWO), 2);
    open_domain(t, &h, k, level);
    EXPECT_SW(gp_send_hex(t, &h, "F24000", "4F06F00102030401"), 0x9000);
    expect_data(&h, "06F00102030401 87 00", "locked, in the older form");
    EXPECT_SW(gp_send_hex(t, &h, "F04000", "F00102030401"), 0x9000);
    assert_int_equal(hello_count(t, ONE), 2);
    open_domain(t, &h, k, level);
    EXPECT_SW(gp_delete(t, &h, hello->aid, false), 0x6985);
    EXPECT_SW(gp_delete(t, &h, TWO, false), 0x9000);
    EXPECT_SW(gp_delete(t, &h, hello->aid, true), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F00"), 0x6A88);
}

static void test_whole_life(void **state) {
    static const uint8_t levels[] = {0x00, 0x01, 0x03, 0x11, 0x13, 0x33};
    struct test_card *t = *state;
    for (size_t k = 0; k < KINDS; k++)
        for (size_t l = 0; l < sizeof levels; l++)
            if (kinds[k].protocol != 0x02 || levels[l] != 0x33)
                whole_life(t, &kinds[k], levels[l]);
}

/* F6: with keys there, but no session, or one that only began, nothing changes the card. */
static void test_f6_needs_a_session(void **state) {
    static const char *const commands[] = {"80E602000F0AF06F6E6563617264015000000000",
                                           "80E8800001C4",
                                           "80E400000A4F08A000000151000000",
                                           "80F0807F",
                                           "80F2800202 4F00",
                                           "80D8008101 30",
                                           "80E2900005DF010101AA"};
    struct test_card *t = *state;
    struct gp_host h;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        EXPECT(t, commands[i], "6982");
        gp_default_keys(&h, 0x03, 16, 0x30, 0x01);
        EXPECT_SW(gp_initialize(t, &h), 0x9000);
        EXPECT(t, commands[i], "6982");
    }
}

/* ---- GET DATA ---- */

static void test_get_data(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    const uint8_t *s = onecard_host_port(t->host)->serial;
    char text[200];
    EXPECT(t, "80CA006600",
           "6658 7356 06072A864886FC6B01 600C060A2A864886FC6B02020301 63090607 2A864886FC6B03"
           "640B06092A864886FC6B040255 640B06092A864886FC6B040275 640B06092A864886FC6B040370"
           "640B06092A864886FC6B04F370 9000");
    EXPECT(t, "00CA00C100", "C1020000 9000");
    EXPECT(t, "80CA00C200", "C2020000 9000");
    EXPECT(t, "80CA00E000",
           "E048 C00401208010C00402208010C00403208010 C00401308810C00402308810C00403308810"
           "C00401328820C00402328820C00403328820 C00401388910C00402388910C00403388910 9000");
    EXPECT(t, "80CA2F0000", "2F0000 9000");
    EXPECT(t, "80CA006F00", "6F118408A000000151000000A5059F65021000 9000");
    EXPECT(t, "80CA004200", "6A88");
    EXPECT(t, "80CA123400", "6A88");
    sprintf(text, "4508%02X%02X%02X%02X%02X%02X%02X%02X9000", s[0], s[1], s[2], s[3], s[4], s[5],
            s[6], s[7]);
    EXPECT(t, "80CA004500", text);
    assert_int_equal(strlen(test_card_send(t, "80CA9F7F00")), 2 * (45 + 2));
    /* VISA2 derives from bytes 4 to 7 of CF, and clients from the serial number in CPLC: alike */
    assert_memory_equal(t->response + 3 + 12, s + 4, 4);
    sprintf(text, "CF0A0000%02X%02X%02X%02X%02X%02X%02X%02X9000", s[2], s[3], s[4], s[5], s[6],
            s[7], s[0], s[1]);
    EXPECT(t, "80CA00CF00", text);
    open_domain(t, &h, &kinds[1], 0x01);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4203112233 450412345678 CF0A00112233445566778899"),
              0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "CA0042", ""), 0x9000);
    expect_data(&h, "4203112233", "42");
    EXPECT_SW(gp_send_hex(t, &h, "CA00D3", ""), 0x9000);
    expect_data(&h, "D30181", "security level");
    select_manager(t);
    EXPECT(t, "80CA004500", "450412345678 9000");
    EXPECT(t, "80500000080102030405060708", "*9000");
    assert_memory_equal(t->response, "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99", 10);
    /* those that are the card's alone are not to be set */
    open_domain(t, &h, &kinds[1], 0x01);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "6600"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "CF0100"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4203112233 E000"), 0x6A80);
}

/* ---- GET STATUS ---- */

static void test_get_status(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    open_domain(t, &h, &kinds[1], 0x13);
    EXPECT_SW(gp_load(t, &h, hello, 200), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x9000);
    expect_data(&h, "E31D 4F08A000000151000000 9F70010F C5039EFE80 CC08A000000151000000",
                "issuer's domain");
    EXPECT_SW(gp_send_hex(t, &h, "F28000", "4F00"), 0x9000);
    expect_data(&h, "08A0000001510000000F9E", "older form");
    EXPECT_SW(gp_send_hex(t, &h, "F22002", "4F00"), 0x9000);
    expect_data(&h,
                "E31E 4F0AF06F6E65636172640150 9F700101 CE020100 CC08A000000151000000"
                "E31B 4F07A0000001515350 9F700101 CE020100 CC08A000000151000000",
                "load files");
    EXPECT_SW(gp_send_hex(t, &h, "F21002", "4F00"), 0x9000);
    expect_data(&h,
                "E329 4F0AF06F6E65636172640150 9F700101 CE020100 8409F06F6E656361726401"
                "     CC08A000000151000000"
                "E325 4F07A0000001515350 9F700101 CE020100 8408A000000151535041"
                "     CC08A000000151000000",
                "load files with modules");
    EXPECT_SW(gp_send_hex(t, &h, "F21000", "4F07A0000001515350"), 0x9000);
    expect_data(&h, "07A0000001515350 01 00 01 08A000000151535041", "older form, one");
    EXPECT_SW(gp_send_hex(t, &h, "F22002", "4F02F06F 5C039F70CE"), 0x9000);
    expect_data(&h, "E308 9F700101 CE020100", "tag list");
    EXPECT_SW(gp_send_hex(t, &h, "F2E002", "4F00"), 0x9000);
    expect_data(&h,
                "E31D 4F08A000000151000000 9F70010F C5039EFE80 CC08A000000151000000"
                "E31E 4F0AF06F6E65636172640150 9F700101 CE020100 CC08A000000151000000"
                "E31B 4F07A0000001515350 9F700101 CE020100 CC08A000000151000000",
                "several at once");
    EXPECT_SW(gp_send_hex(t, &h, "F2E000", "4F00"), 0x9000);
    expect_data(&h, "08A000000151000000 0F9E 0AF06F6E65636172640150 0100 07A0000001515350 0100",
                "several at once, older form");
    EXPECT_SW(gp_send_hex(t, &h, "F27000", "4F02F06F"), 0x9000);
    expect_data(&h, "0AF06F6E65636172640150 0100 01 09F06F6E656361726401", "modules rather");
    EXPECT_SW(gp_send_hex(t, &h, "F20002", "4F00"), 0x6A86);
    EXPECT_SW(gp_send_hex(t, &h, "F24802", "4F00"), 0x6A86);
    EXPECT_SW(gp_send_hex(t, &h, "F22003", "4F00"), 0x6985); /* no page before it */
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F00"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "F22002", "4F01A1"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "F22004", "4F00"), 0x6A86);
    EXPECT_SW(gp_send_hex(t, &h, "F22002", ""), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "F22002", "4F"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "F22002", "C500 4F00"), 0x6A80);
}

/* A full registry, page by page: each once, none left out, in both forms, at every level. */
static void test_get_status_pages(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    open_domain(t, &h, &kinds[1], 0x33);
    EXPECT_SW(gp_load(t, &h, hello, 200), 0x9000);
    struct aid aid = ONE;
    uint32_t count = 0;
    for (; count < REGISTRY_MAX - 1; count++) {
        aid.value[5] = (uint8_t)count;
        EXPECT_SW(gp_install(t, &h, 0x0C, hello, aid, "", 1), 0x9000);
    }
    EXPECT_SW(gp_install(t, &h, 0x0C, hello, TWO, "", 1), 0x6985);
    for (uint8_t form = 0; form <= 2; form += 2) {
        uint32_t seen = 0, pages = 0;
        unsigned sw = gp_send(t, &h, 0xF2, 0x40, form, "\x4F", 2);
        for (;; sw = gp_send(t, &h, 0xF2, 0x40, form | 1, "\x4F", 2)) {
            pages++;
            assert_true(h.len + 32 <= 256);
            for (size_t at = 0; at < h.len; seen++) {
                const uint8_t *name = h.data + at + (form ? 4 : 1);
                assert_int_equal(name[5], seen);
                at += form ? 2u + h.data[at + 1] : 9u;
            }
            if (sw != 0x6310)
                break;
        }
        EXPECT_SW(sw, 0x9000);
        assert_int_equal(seen, count);
        assert_true(pages > 2);
        EXPECT_SW(gp_send(t, &h, 0xF2, 0x40, form | 1, "\x4F", 2), 0x6985);
    }
}

/* ---- PUT KEY, DELETE of keys ---- */

static void new_keys(struct gp_host *keys, uint8_t protocol, uint8_t key_len, uint8_t version,
                     uint8_t seed) {
    gp_default_keys(keys, protocol, key_len, version, 0x01);
    for (uint8_t i = 0; i < 32; i++) {
        keys->enc[i] = (uint8_t)(seed + i);
        keys->mac[i] = (uint8_t)(seed + 0x40 + i);
        keys->dek[i] = (uint8_t)(seed + 0x80 + i);
    }
}

/* Keys of each kind under a channel of each kind: new, replaced in place, replaced with another
 * version; the old ones are gone. */
static void test_put_key(void **state) {
    struct test_card *t = *state;
    struct gp_host h, keys, old;
    for (size_t k = 0; k < KINDS; k++) {
        for (size_t n = 0; n < KINDS; n++) {
            new_keys(&keys, kinds[n].protocol, kinds[n].key_len, 0x01, (uint8_t)(16 * n + k));
            open_domain(t, &h, &kinds[k], 0x13);
            EXPECT_SW(gp_put_keys(t, &h, false, 0, kinds[n].type, &keys), 0x9000);
            assert_int_equal(h.len, 10);
            assert_int_equal(h.data[0], 0x01);
            EXPECT_SW(gp_put_keys(t, &h, false, 0, kinds[n].type, &keys), 0x6A80); /* there are */
            EXPECT_SW(gp_open(t, &keys), 0x9000);
            old = keys; /* in place, under their own channel */
            new_keys(&keys, kinds[n].protocol, kinds[n].key_len, 0x01, (uint8_t)(0x90 + n));
            EXPECT_SW(gp_put_keys(t, &old, false, 0x01, kinds[n].type, &keys), 0x9000);
            EXPECT_SW(gp_open(t, &keys), 0x9000);
            EXPECT_SW(gp_open(t, &old), 0xBAD0);
            keys.version = 0x02; /* with another version */
            EXPECT_SW(gp_open(t, &h), 0x9000);
            EXPECT_SW(gp_put_keys(t, &h, false, 0x01, kinds[n].type, &keys), 0x9000);
            EXPECT_SW(gp_open(t, &keys), 0x9000);
            EXPECT_SW(gp_open(t, &old), 0x6A88);
            EXPECT_SW(gp_open(t, &h), 0x9000);
            EXPECT_SW(gp_put_keys(t, &h, false, 0x01, kinds[n].type, &keys), 0x6A80);
            EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20102"), 0x9000);
            EXPECT_SW(gp_open(t, &keys), 0x6A88);
        }
    }
}

/* A version may change its algorithm, and the one that answers to 00 stays so. */
static void test_replacing_the_default(void **state) {
    struct test_card *t = *state;
    struct gp_host h, keys;
    gp_default_keys(&h, 0x02, 16, 0x00, 0x01);
    EXPECT_SW(gp_open(t, &h), 0x9000);
    assert_int_equal(h.used_version, 0x20); /* the lowest */
    EXPECT_SW(gp_send_hex(t, &h, "E28800", "8F100430700001"), 0x9000);
    gp_default_keys(&h, 0x03, 16, 0x00, 0x01);
    EXPECT_SW(gp_open(t, &h), 0x9000);
    assert_int_equal(h.used_version, 0x30);
    EXPECT(t, "80CA00C100", "6982");
    open_domain(t, &h, &kinds[1], 0x01);
    new_keys(&keys, 0x03, 24, 0x41, 7);
    EXPECT_SW(gp_put_keys(t, &h, false, 0x30, 0x88, &keys), 0x9000);
    keys.version = 0;
    EXPECT_SW(gp_open(t, &keys), 0x9000);
    assert_int_equal(keys.used_version, 0x41);
}

static void test_put_key_refused(void **state) {
    static const struct {
        const char *header, *data;
        unsigned sw;
        const char *why;
    } rows[] = {
        {"D80081", "", 0x6700, "no data"},
        {"D80081", "01", 0x6A80, "no keys"},
        {"D80081", "00 8010 00112233445566778899AABBCCDDEEFF 00", 0x6A80, "version 0"},
        {"D80081", "80 8010 00112233445566778899AABBCCDDEEFF 00", 0x6A80, "version 80"},
        {"D80001", "01 8010 00112233445566778899AABBCCDDEEFF 03010203", 0x6A80, "check value"},
        {"D80001", "01 8010 00112233445566778899AABBCCDDEEFF 020102", 0x6A80, "check of 2"},
        {"D80001", "01 8010 00112233445566778899AABBCCDDEE 00", 0x6A80, "cut short"},
        {"D80001", "01 8010 00112233445566778899AABBCCDDEEFF", 0x6A80, "no check length"},
        {"D80001", "01 8811 18 00112233445566778899AABBCCDDEEFF 00", 0x6A80, "AES-192 of 16"},
        {"D80001", "01 8811 0F 00112233445566778899AABBCCDDEEFF 00", 0x6A80, "AES of 15"},
        {"D80001", "01 9010 00112233445566778899AABBCCDDEEFF 00", 0x6A80, "type HMAC"},
        {"D80001", "01 8000 00", 0x6A80, "empty"},
        {"D800FF",
         "01 8010 00112233445566778899AABBCCDDEEFF 00 8010 00112233445566778899AABBCCDDEEFF 00",
         0x6A80, "identifier beyond 7F"},
        {"D80001", "73 A1 02 0102 A0 01 03 00", 0x6A80, "RSA of 16 bits"},
        {"D80001", "73 B0 03 040102 F00100 00", 0x6A80, "a point of 3 bytes"},
    };
    struct test_card *t = *state;
    struct gp_host h;
    open_domain(t, &h, &kinds[0], 0x03);
    EXPECT_SW(gp_send_hex(t, &h, "CA00E0", ""), 0x9000);
    uint8_t before[256];
    size_t before_len = h.len;
    memcpy(before, h.data, h.len);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned sw = gp_send_hex(t, &h, rows[i].header, rows[i].data);
        if (sw != rows[i].sw)
            fail_msg("%s: %04X", rows[i].why, sw);
        EXPECT_SW(gp_send_hex(t, &h, "CA00E0", ""), 0x9000);
        assert_int_equal(h.len, before_len);
        assert_memory_equal(h.data, before, before_len);
    }
}

/* DELETE of keys: one, a version, an identifier in all; the issuer's last way in stays. */
static void test_delete_keys(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    open_domain(t, &h, &kinds[1], 0x01);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20101"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D2020101"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "4F05A0A0A0A0A0 D20120"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D00103 D20120"), 0x9000);
    EXPECT(t, "80CA00E000", "6982"); /* in plain: over */
    gp_default_keys(&h, 0x02, 16, 0x20, 0x01);
    EXPECT_SW(gp_open(t, &h), 0x6A88); /* two keys open nothing */
    open_domain(t, &h, &kinds[1], 0x01);
    EXPECT_SW(gp_send_hex(t, &h, "E40080", "D00101"), 0x6985); /* of all versions */
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20132"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20138"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20130"), 0x6985);
    open_domain(t, &h, &kinds[1], 0x33);
    EXPECT_SW(gp_send_hex(t, &h, "CA00E0", ""), 0x9000);
    expect_data(&h, "E01E C00401308810C00402308810C00403308810 C00401208010C00402208010", "left");
}

/* ---- the card's life ---- */

static void test_card_life(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    open_domain(t, &h, &kinds[1], 0x13);
    EXPECT_SW(gp_load(t, &h, hello, 200), 0x9000);
    EXPECT_SW(gp_install(t, &h, 0x0C, hello, ONE, "", 1), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F08001", ""), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "F08007", ""), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "F0800F", ""), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "F0807F", ""), 0x9000);
    test_card_reopen(t);
    EXPECT(t, "00A4040008A000000151000000", "*6283");
    EXPECT_SW(select_aid(t, ONE), 0x6A81);
    gp_default_keys(&h, 0x03, 16, 0x30, 0x13);
    EXPECT(t, "00A4040008A000000151000000", "*6283");
    EXPECT_SW(gp_open(t, &h), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x9000);
    expect_data(&h, "E31D 4F08A000000151000000 9F70017F C5039EFE80 CC08A000000151000000", "locked");
    EXPECT_SW(gp_delete(t, &h, ONE, false), 0x6985);
    EXPECT_SW(gp_install(t, &h, 0x0C, hello, TWO, "", 1), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20120"), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "F00102030401"), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "F0800F", ""), 0x9000);
    assert_int_equal(hello_count(t, ONE), 1);
    open_domain(t, &h, &kinds[0], 0x01);
    EXPECT_SW(gp_send_hex(t, &h, "F080FF", ""), 0x9000);
    test_card_reopen(t);
    EXPECT(t, "80500000080102030405060708", "6985");
    assert_int_equal(strlen(test_card_send(t, "80CA9F7F00")), 2 * (45 + 2));
    assert_int_equal(hello_count(t, ONE), 0);
}

/* ---- personalisation ---- */

#define DGI_FILE "6200 17 6211 820101 83020001 80020004 8800 860201C0 5302 0A0B"

/* Forwarded STORE DATA, and the same with values enciphered under the data key. */
static void test_personalisation(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    for (size_t k = 0; k < KINDS; k++) {
        open_domain(t, &h, &kinds[k], 0x13);
        EXPECT_SW(gp_load(t, &h, files, 200), 0x9000);
        EXPECT_SW(gp_install(t, &h, 0x0C, files, ONE, "", 1), 0x9000);
        EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F00102030401000000"), 0x9000);
        EXPECT_SW(gp_send_hex(t, &h, "E20000", DGI_FILE), 0x9000);
        /* key 1: AES-128, to encipher, its whole data group under the data key */
        uint8_t value[64] = {0x80, 0x01, 0x01, 0x81, 0x01, 0x04,
                             0x82, 0x02, 0x04, 0x01, 0x87, 0x10};
        size_t len = 12;
        for (uint8_t i = 0; i < 16; i++)
            value[len++] = i;
        value[len++] = 0x80;
        size_t block = kinds[k].protocol == 0x02 ? 8 : 16;
        while (len % block)
            value[len++] = 0;
        uint8_t group[70] = {0x80, 0x00, (uint8_t)len};
        gp_encipher(&h, value, group + 3, len);
        EXPECT_SW(gp_send(t, &h, 0xE2, 0xE8, 0x01, group, 3 + len), 0x9000);
        EXPECT_SW(select_aid(t, ONE), 0x9000);
        EXPECT(t, "00A4000002000100", "*9000");
        EXPECT(t, "00B0000000", "0A0B0000 9000");
        /* INTERNAL AUTHENTICATE with it: AES of zeros under 00..0F */
        EXPECT(t, "0088000110 00000000000000000000000000000000 00",
               "C6A13B37878F5B826F4F8162A1C8D879 9000");
        open_domain(t, &h, &kinds[k], 0x01);
        EXPECT_SW(gp_delete(t, &h, files->aid, true), 0x9000);
    }
}

/* The domain's own STORE DATA comes in blocks, in order. */
static void test_store_data_blocks(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    open_domain(t, &h, &kinds[1], 0x03);
    EXPECT_SW(gp_send_hex(t, &h, "E21000", "DF0104 0102"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E29001", "0304 DF0201 AA"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "CADF01", ""), 0x9000);
    expect_data(&h, "DF010401020304", "in two blocks");
    EXPECT_SW(gp_send_hex(t, &h, "E21000", "DF0104 0102"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E29002", "0304"), 0x6A86); /* a block left out */
    EXPECT_SW(gp_send_hex(t, &h, "E29001", "0304"), 0x6A86); /* begin again */
    EXPECT_SW(gp_send_hex(t, &h, "E21000", "DF0104 0102"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E28801", "0304"), 0x6A86); /* another structure */
    EXPECT_SW(gp_send_hex(t, &h, "E28800", "0070 05 4203445566"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "CA0042", ""), 0x9000);
    expect_data(&h, "4203445566", "by data group");
    EXPECT_SW(gp_send_hex(t, &h, "E28800", "9999 00"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "CADF02", ""), 0x9000);
    expect_data(&h, "DF0201AA", "what was stored stays");
}

/* Privileges: which go together (6.6), and that there is one default application. */
static void test_privileges(void **state) {
    static const struct {
        const char *privileges;
        size_t len;
        unsigned sw;
    } rows[] = {
        {"\x04", 1, 0x9000},         {"\x02", 1, 0x9000},         {"\x10", 1, 0x9000},
        {"\x08", 1, 0x9000},         {"\x00\x02\x00", 3, 0x9000}, {"\x00\x10\x00", 3, 0x9000},
        {"\x80", 1, 0x6A80},         {"\x40", 1, 0x6A80},         {"\x20", 1, 0x6A80},
        {"\x01", 1, 0x6A80},         {"\x00\x40\x00", 3, 0x6A80}, {"\x00\x20\x00", 3, 0x6A80},
        {"\x00\x01\x00", 3, 0x6A80}, {"\x00\x00\x80", 3, 0x6A80}, {"\x00\x00\x40", 3, 0x6A80},
        {"\x00\x00\x01", 3, 0x6A80},
    };
    struct test_card *t = *state;
    struct gp_host h;
    open_domain(t, &h, &kinds[1], 0x03);
    EXPECT_SW(gp_load(t, &h, hello, 200), 0x9000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned sw = gp_install(t, &h, 0x0C, hello, ONE, rows[i].privileges, rows[i].len);
        if (sw != rows[i].sw)
            fail_msg("row %zu: %04X", i, sw);
        if (sw == 0x9000)
            EXPECT_SW(gp_delete(t, &h, ONE, false), 0x9000);
    }
    EXPECT_SW(gp_install(t, &h, 0x0C, hello, ONE, "\x04", 1), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x9000);
    expect_data(&h, "E31D 4F08A000000151000000 9F70010F C5039AFE80 CC08A000000151000000",
                "no longer the default");
    EXPECT_SW(gp_install(t, &h, 0x0C, hello, TWO, "\x04", 1), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F24000", "4F00"), 0x9000);
    expect_data(&h, "06F001020304010700 06F001020304020704", "the last one is it");
    /* "make default" of clients: [for make selectable] of one that is selectable already */
    EXPECT_SW(gp_send_hex(t, &h, "E60800", "000006F0010203040101040000"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F24000", "4F00"), 0x9000);
    expect_data(&h, "06F001020304010704 06F001020304020700", "now the first");
    /* and by [for registry update], with an implicit selection of its own */
    EXPECT_SW(gp_send_hex(t, &h, "E64000", "000006F00102030402 03000000 05EF03CF0141 00"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F06F00102030402 5C02CFC5"), 0x9000);
    expect_data(&h, "E308 C503000000 CF0141", "implicit selection");
}

/* ---- one card made in pre-issuance, one over a secure channel: the same to the byte ---- */

/* Everything but what channels count, secrets in plain. */
static void expect_same_store(const struct store *a, const struct store *b) {
    static uint8_t first[STORE_SIZE_MAX], second[STORE_SIZE_MAX];
    store_name at = 0, x, y;
    uint32_t count = 0;
    for (;; at = x + 1, count++) {
        enum onecard_err has_x = store_next(a, at, &x), has_y = store_next(b, at, &y);
        assert_int_equal(has_x, has_y);
        if (has_x)
            break;
        assert_int_equal(x, y);
        uint32_t size_x = 0, size_y = 0;
        store_size(a, x, &size_x);
        store_size(b, y, &size_y);
        assert_int_equal(size_x, size_y);
        assert_int_equal(store_read(a, x, 0, first, size_x), ONECARD_OK);
        assert_int_equal(store_read(b, y, 0, second, size_y), ONECARD_OK);
        if (STORE_KIND(x) != KIND_KEY_VERSION)
            assert_memory_equal(first, second, size_x);
    }
    assert_true(count > 8);
}

static void test_made_either_way(void **state) {
    static const char *const groups[] = {
        DGI_FILE, "8200 0D 800100 810101 840103 87021234",
        "8000 1C 800101 810104 82020401 8710 000102030405060708090A0B0C0D0E0F"};
    static const char *const talk[] = {"00A4000002000100", "00B0000000", "00200000021234",
                                       "00880001101122334455667788990011223344556600"};
    struct test_card *t = *state, *other = calloc(1, sizeof *other);
    struct gp_host h;
    char command[200];
    test_card_blank(other);
    for (size_t i = 0; i < KINDS; i++) {
        gp_default_keys(&h, kinds[i].protocol, kinds[i].key_len, kinds[i].version, 0);
        EXPECT_SW(gp_put_keys(other, NULL, true, 0, kinds[i].type, &h), 0x9000);
    }
    EXPECT_SW(load_package(other, files->aid, &files->load, 200), 0x9000);
    EXPECT_SW(install_as(other, 0x0C, files->aid, files->applet, ONE, ""), 0x9000);
    EXPECT(other, "80E620000C000006F00102030401000000", "009000");
    open_domain(t, &h, &kinds[1], 0x33);
    EXPECT_SW(gp_load(t, &h, files, 200), 0x9000);
    EXPECT_SW(gp_install(t, &h, 0x0C, files, ONE, "", 1), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F00102030401000000"), 0x9000);
    for (size_t i = 0; i < 3; i++) {
        size_t digits = 0;
        for (const char *p = groups[i]; *p; p++)
            digits += *p != ' ';
        snprintf(command, sizeof command, "80E2%s%02X%02X%s", i == 2 ? "80" : "00", (unsigned)i,
                 (unsigned)digits / 2, groups[i]);
        EXPECT(other, command, "9000");
        snprintf(command, sizeof command, "E2%s%02X", i == 2 ? "80" : "00", (unsigned)i);
        EXPECT_SW(gp_send_hex(t, &h, command, groups[i]), 0x9000);
    }
    EXPECT(other, "80F0800F", "9000");
    expect_same_store(t->card->store, other->card->store);
    EXPECT_SW(select_aid(t, ONE), select_aid(other, ONE));
    for (size_t i = 0; i < sizeof talk / sizeof *talk; i++)
        EXPECT(t, talk[i], test_card_send(other, talk[i]));
    test_card_free(other);
    free(other);
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(test_whole_life),
        EACH(test_f6_needs_a_session),
        EACH(test_get_data),
        EACH(test_get_status),
        EACH(test_get_status_pages),
        EACH(test_put_key),
        EACH(test_replacing_the_default),
        EACH(test_put_key_refused),
        EACH(test_delete_keys),
        EACH(test_card_life),
        EACH(test_personalisation),
        EACH(test_store_data_blocks),
        EACH(test_privileges),
        EACH(test_made_either_way),
    };
    return cmocka_run_group_tests_name("issued", tests, NULL, NULL);
}
