/* F7: no key, PIN or dead applet's data can be read back. F6, as far as an applet and plain
 * commands go: after pre-issuance nothing changes what is on the card. And the usage of keys: every
 * use with every usage bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "manager/content.h"
#include "support/attack.h"

enum { NOT_FOUND = -2, DENIED = -8, CONDITIONS = 0x6985 };

static int setup(void **state) {
    struct attack *a = calloc(1, sizeof *a);
    attack_open(a, "test/attack.yaml");
    attack_furnish(a);
    *state = a;
    return 0;
}

static int teardown(void **state) {
    attack_close(*state);
    free(*state);
    return 0;
}

static bool contains(const uint8_t *in, size_t in_len, const void *what, size_t len) {
    for (size_t i = 0; i + len <= in_len; i++)
        if (in[i] == *(const uint8_t *)what && !memcmp(in + i, what, len))
            return true;
    return false;
}

static bool in_flash(const struct attack *a, const void *what, size_t len) {
    const struct onecard_flash *f = &onecard_host_port(a->t.host)->flash;
    return contains(f->base, (size_t)f->sector_size * f->sector_count, what, len);
}

static bool in_memory(const struct attack *a, const void *what, size_t len) {
    return contains(a->t.memory, a->t.memory_size, what, len);
}

static const uint8_t key_value[16] = {0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7,
                                      0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF};
static const uint8_t puk_digits[8] = {8, 7, 6, 5, 4, 3, 2, 1}; /* as the card keeps them */

/* ---- keys and PINs ---- */

/* They never rest in plain, and no call copies one into memory: the whole memory of the applet is
 * searched after every call with every key and PIN. */
static void test_f7_no_call_gives_a_key(void **state) {
    struct attack *a = *state;
    static uint8_t seen[ATTACK_SCRATCH];
    assert_false(in_flash(a, key_value, sizeof key_value));
    assert_false(in_flash(a, puk_digits, sizeof puk_digits));
    assert_false(in_flash(a, "87654321", 8));
    for (size_t i = 0; i < attack_row_count; i++) {
        const struct attack_row *row = &attack_rows[i];
        for (uint32_t first = 0; first < 4 && *row->arguments; first++) {
            for (uint32_t how = 0; how < 8; how++) {
                static const uint32_t hows[] = {0, 1, 2, 3, 4, 7, 0x0101, 0x0203};
                uint32_t arguments[ATTACK_SLOTS] = {0};
                unsigned at = 0;
                for (const char *p = row->arguments; *p; p++) {
                    if (*p == 'v') {
                        arguments[at] = at ? hows[how] : first == 3 ? 0x10000 : first;
                        at++;
                        continue;
                    }
                    arguments[at] = a->scratch + 32 * at;
                    arguments[at + 1] = 32;
                    at += 2;
                }
                attack_call(a, ATTACK_UNDO, row->number, arguments);
            }
        }
        attack_get(a, 0, seen, sizeof seen);
        if (contains(seen, sizeof seen, key_value, 8) ||
            contains(seen, sizeof seen, puk_digits, sizeof puk_digits))
            fail_msg("F7: %s gave a key or PIN", row->name);
    }
    /* nor does any standard command */
    for (unsigned ins = 0; ins < 256; ins += 2) {
        for (unsigned p2 = 0; p2 < 4; p2++) {
            char command[32];
            snprintf(command, sizeof command, "00%02X00%02X00", ins, p2);
            if ((ins & 0xF0) == 0x70 || ins == 0xA4)
                continue;
            test_card_send(&a->t, command);
            assert_false(contains(a->t.response, a->t.response_len, key_value, 8));
            assert_false(contains(a->t.response, a->t.response_len, puk_digits, sizeof puk_digits));
        }
    }
}

/* After power-off the card's memory holds nothing of a key that was used, or of what an applet had
 * in its memory. */
static void test_f7_memory_after_power_off(void **state) {
    struct attack *a = *state;
    attack_put(a, 0, "a secret of the applet's own", 28);
    assert_int_equal(HOST(a, key_cipher, 0, 0x0101, a->scratch, 0, a->scratch + 64, 16), 0);
    assert_true(in_memory(a, "a secret of the applet's own", 28));
    onecard_power_off(a->t.card);
    assert_false(in_memory(a, "a secret of the applet's own", 28));
    assert_false(in_memory(a, key_value, sizeof key_value));
    assert_false(in_memory(a, puk_digits, sizeof puk_digits));
    uint8_t atr[ONECARD_ATR_MAX];
    onecard_power_on(a->t.card, atr);
}

/* Another applet selected: the memory of the one before is gone at once. */
static void test_f7_memory_after_select(void **state) {
    struct attack *a = *state;
    attack_put(a, 0, "a secret of the applet's own", 28);
    /* a command without it, so that no buffer of the transport's holds it either */
    EXPECT(&a->t, HELLO_SELECT, HELLO_FCI "9000");
    assert_false(in_memory(a, "a secret of the applet's own", 28));
}

/* ---- deletion ---- */

/* What an instance leaves behind: no object, no key that still works, no secret in flash. */
static void test_f7_deletion(void **state) {
    (void)state;
    struct package *p = package_read("test/attack.cap");
    struct attack *b = calloc(1, sizeof *b);
    test_card_blank(&b->t);
    EXPECT_SW(load_package(&b->t, p->aid, &p->load, 255), 0x9000);
    struct content before = content_now(&b->t);
    struct aid one = AID_OF("\xF0\x6F\x6E\x65\x63\x61\x72\x64\xFF\x60\x01\x01");
    EXPECT_SW(install_as(&b->t, 0x0C, p->aid, p->applet, one, ""), 0x9000);
    attack_select(b, 1);
    EXPECT(&b->t, "80140000", "*9000");
    b->scratch = (uint32_t)b->t.response[2] << 8 | b->t.response[3];
    attack_furnish(b);
    assert_int_equal(HOST(b, key_cipher, 0, 0x0101, b->scratch, 0, b->scratch, 16), 0);
    select_manager(&b->t);
    EXPECT_SW(delete_aid(&b->t, one, false), 0x9000);
    assert_false(in_memory(b, key_value, sizeof key_value)); /* nor in the cache of schedules */
    struct content after = content_now(&b->t);
    assert_int_equal(after.objects, before.objects);
    assert_int_equal(after.instances, 0);
    EXPECT_SW(select_aid(&b->t, one), 0x6A82);
    test_card_free(&b->t);
    free(b);
    package_free(p);
}

/* ---- usage ---- */

enum { ENCRYPT = 1, DECRYPT = 2, MAC = 4, MAC_VERIFY = 8, DERIVE = 0x40, UNWRAP = 0x100 };
enum { AUTH_EXTERNAL = 0x200, AUTH_INTERNAL = 0x400, USES = 0x0FFF };

static void make_key(struct attack *a, uint32_t number, uint32_t usage) {
    uint8_t spec[5] = {4 /* AES-128 */, 1, (uint8_t)(usage >> 8), (uint8_t)usage, 0};
    attack_put(a, 0, spec, sizeof spec);
    attack_put(a, 16, key_value, sizeof key_value);
    assert_int_equal(HOST(a, key_create, number, a->scratch, 5, a->scratch + 16, 16), 0);
}

/* Each use, and the bit it needs. key stands for the key's name. */
static int32_t use(struct attack *a, unsigned which, uint32_t key, uint32_t *out_needs) {
    const uint32_t at = a->scratch + 64, out = a->scratch + 128;
    switch (which) {
    case 0:
        *out_needs = ENCRYPT;
        return HOST(a, key_cipher, key, 0x0101, at, 0, out, 16);
    case 1:
        *out_needs = DECRYPT;
        return HOST(a, key_cipher, key, 0x0201, at, 0, out, 16);
    case 2:
        *out_needs = ENCRYPT;
        return HOST(a, key_cipher, key, 0x0102, at, 16, out, 16);
    case 3:
        *out_needs = DECRYPT;
        return HOST(a, key_cipher, key, 0x0202, at, 16, out, 16);
    case 4:
        *out_needs = MAC;
        return HOST(a, key_mac, key, 0x0003, at, 0, at, 16, out, 8);
    case 5:
        *out_needs = MAC_VERIFY;
        return HOST(a, key_mac_verify, key, 0x0003, at, 0, at, 16, out, 8);
    case 6:
        *out_needs = DERIVE;
        return HOST(a, key_derive, key, 1, at, 8, ENCRYPT, 3);
    case 7:
        *out_needs = UNWRAP;
        return HOST(a, key_import, key, 0x0101, 1, at, 16, at, 0);
    case 8:
        *out_needs = AUTH_INTERNAL;
        return key > 0xFFFF ? DENIED : HOST(a, auth_internal, key, at, 16, out, 16);
    case 9:
        *out_needs = AUTH_EXTERNAL;
        if (key > 0xFFFF)
            return DENIED;
        assert_int_equal(HOST(a, challenge, at, 8), 0);
        return HOST(a, auth_external, key, 1, at, 16);
    default:
        return 1;
    }
}

static void expect_uses(struct attack *a, uint32_t key, uint32_t usage) {
    for (unsigned which = 0; which < 10; which++) {
        uint32_t needs = 0;
        const int32_t result = use(a, which, key, &needs);
        const bool named = key <= 0xFFFF || (needs != AUTH_EXTERNAL && needs != AUTH_INTERNAL);
        if (named && (result == DENIED) != ((usage & needs) == 0))
            fail_msg("F7: use %u of a key for %03X answered %d", which, (unsigned)usage,
                     (int)result);
    }
}

/* Every use with a key for one thing alone, and with one for everything but that. */
static void test_f7_every_use_every_usage(void **state) {
    struct attack *a = *state;
    make_key(a, 0x0101, USES); /* what import replaces */
    for (uint32_t bit = 1; bit <= 0x0800; bit <<= 1) {
        for (unsigned inverted = 0; inverted < 2; inverted++) {
            const uint32_t usage = inverted ? USES & ~bit : bit;
            make_key(a, 2, usage);
            expect_uses(a, 2, usage);
            /* a session never has more than its parent: copied as it is, or not at all */
            assert_int_equal(HOST(a, key_derive, 2, 7, a->scratch, 0, usage, 0), 0);
            expect_uses(a, 0x10000, usage);
            for (uint32_t more = 1; more <= 0x0800; more <<= 1)
                if (!(usage & more))
                    assert_int_equal(HOST(a, key_derive, 2, 7, a->scratch, 0, usage | more, 1),
                                     DENIED);
            assert_int_equal(HOST(a, key_delete, 2), 0);
        }
    }
}

/* The same through the standard commands. */
static void test_f7_commands_and_usage(void **state) {
    struct attack *a = *state;
    make_key(a, 2, USES & ~(AUTH_EXTERNAL | AUTH_INTERNAL | DERIVE));
    EXPECT(&a->t, "00880002 10 00112233445566778899AABBCCDDEEFF 10", "6985");
    EXPECT(&a->t, "0084000008", "*9000");
    EXPECT(&a->t, "00820002 10 00112233445566778899AABBCCDDEEFF", "6985");
}

/* ---- F6 ---- */

/* After pre-issuance no command in plain changes the card: every class and instruction to the
 * issuer's domain, with data that would have done something before. */
static void test_f6_plain_commands_change_nothing(void **state) {
    struct attack *a = *state;
    struct test_card *t = &a->t;
    static const char *const data[] = {
        "",
        "0E4F0CF06F6E6563617264FF600101",         /* DELETE */
        "0AF06F6E6563617264FF6200000000",         /* INSTALL [for load] */
        "1A00000CF06F6E6563617264FF600101000000", /* for personalization */
        "08000102030405060708",
    };
    static const uint8_t classes[] = {0x00, 0x80, 0x84, 0x04, 0x0C, 0x8C, 0xC0, 0xE0, 0xA0};
    select_manager(t);
    const struct content before = content_now(t);
    for (size_t c = 0; c < sizeof classes; c++) {
        for (unsigned ins = 0; ins < 256; ins++) {
            if (ins == 0x70 || ins == 0xA4)
                continue; /* channels and selection change nothing that lasts */
            for (size_t d = 0; d < sizeof data / sizeof *data; d++) {
                static const char *const parameters[] = {"0000", "0200", "0C00", "2000",
                                                         "8000", "800F", "407F", "8001"};
                char command[128];
                snprintf(command, sizeof command, "%02X%02X%s%s", classes[c], ins,
                         parameters[(ins + d) % 8], data[d]);
                if (ins == 0xE6 || ins == 0xE4 || ins == 0xF0 || ins == 0xE2 || ins == 0xE8)
                    for (size_t p = 0; p < 8; p++) {
                        snprintf(command, sizeof command, "%02X%02X%s%s", classes[c], ins,
                                 parameters[p], data[d]);
                        test_card_send(t, command);
                    }
                test_card_send(t, command);
            }
        }
        test_card_reopen(t); /* an open chain ends here */
        select_manager(t);
    }
    const struct content after = content_now(t);
    assert_int_equal(after.packages, before.packages);
    assert_int_equal(after.instances, before.instances);
    assert_int_equal(after.life_cycle, before.life_cycle);
    assert_false(t->card->manager.registry.pre_issuance);
    for (unsigned i = 1; i <= 4; i++)
        attack_select(a, i);
    attack_select(a, 1);
    assert_int_equal(HOST(a, object_size, ATTACK_TAG), 8);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_f7_no_call_gives_a_key),           TEST(test_f7_memory_after_power_off),
        TEST(test_f7_memory_after_select),           cmocka_unit_test(test_f7_deletion),
        TEST(test_f7_every_use_every_usage),         TEST(test_f7_commands_and_usage),
        TEST(test_f6_plain_commands_change_nothing),
    };
    return cmocka_run_group_tests_name("F6 and F7", tests, NULL, NULL);
}
