/* F2: objects belong to the context that made them; another's has no name to ask by.
 * F3: two instances of one package are strangers too.
 *
 * The attack is one of interference: whatever a spy asks, with any name, the answers on a card
 * where another instance has files, objects, keys and PINs are those of a card where it has none.
 */
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

enum { NOT_FOUND = -2, SAME_PACKAGE = 2, OTHER_PACKAGE = 4 };

static int setup(void **state) {
    struct attack *a = calloc(2, sizeof *a);
    attack_open(&a[0], "test/attack.yaml");
    attack_open(&a[1], "test/attack.yaml");
    attack_furnish(&a[0]); /* instance 1 of the first card alone */
    *state = a;
    return 0;
}

static int teardown(void **state) {
    struct attack *a = *state;
    attack_close(&a[0]);
    attack_close(&a[1]);
    free(a);
    return 0;
}

static uint32_t random_state;
static uint32_t random_next(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* Names of what instance 1 has, of what nobody has, and numbers that would wrap into them. */
static uint32_t name_value(void) {
    static const uint32_t names[] = {
        0,          1,          2,          3,          0x0101,     0x9F01,     0x3F00,
        0x8000,     0x8200,     0x10000,    0x10001,    0x10101,    0x19F01,    0xFFFF,
        0x01000000, 0x01000001, 0x01000101, 0x01009F01, 0x80000000, 0xFFFF0000, 0xFFFFFFFF,
        0x00100000, 0x00100001, 0x00100101, 0x00109F01, 0x00200000, 0x00200101, 0x00300101,
        0x00080000, 0x00060000, 0x00070000, 0x00060001, 0x00070100, 0x0100,     32};
    return names[random_next() % (sizeof names / sizeof *names)];
}

/* Their answers differ from card to card anyway. */
static bool by_chance(const struct attack_row *row) {
    return !strcmp(row->name, "random") || !strcmp(row->name, "challenge") ||
           !strcmp(row->name, "challenge_take");
}

static void interfere(struct attack *a, unsigned spy) {
    random_state = 1234567 + spy;
    attack_select(&a[0], spy);
    attack_select(&a[1], spy);
    uint8_t bytes[2][256];
    for (unsigned k = 0; k < sizeof bytes[0]; k++)
        bytes[0][k] = (uint8_t)(k * 7);
    for (size_t i = 0; i < attack_row_count; i++) {
        const struct attack_row *row = &attack_rows[i];
        const unsigned tries = strchr(row->arguments, 'v') ? 120 : 4;
        if (by_chance(row))
            continue;
        attack_put(&a[0], 0, bytes[0], sizeof bytes[0]);
        attack_put(&a[1], 0, bytes[0], sizeof bytes[0]);
        for (unsigned n = 0; n < tries; n++) {
            static const uint32_t lens[] = {0, 1, 4, 8, 16};
            uint32_t arguments[ATTACK_SLOTS] = {0};
            unsigned at = 0;
            for (const char *p = row->arguments; *p; p++) {
                arguments[at] = *p == 'v' ? name_value() : a->scratch + 16 * at;
                at++;
                if (*p != 'v')
                    arguments[at++] = lens[random_next() % 5];
            }
            struct attack_outcome o[2];
            for (unsigned c = 0; c < 2; c++)
                o[c] = attack_call(&a[c], ATTACK_UNDO, row->number, arguments);
            if (o[0].result != o[1].result || o[0].trapped != o[1].trapped)
                fail_msg("%s(%X, %X, %X): %d beside instance 1's objects, %d without them",
                         row->name, (unsigned)arguments[0], (unsigned)arguments[1],
                         (unsigned)arguments[2], (int)o[0].result, (int)o[1].result);
        }
        attack_get(&a[0], 0, bytes[0], sizeof bytes[0]);
        attack_get(&a[1], 0, bytes[1], sizeof bytes[1]);
        if (memcmp(bytes[0], bytes[1], sizeof bytes[0]) != 0)
            fail_msg("%s gave other bytes beside instance 1's objects", row->name);
    }
}

static void test_f2_no_interference(void **state) {
    interfere(*state, OTHER_PACKAGE);
}

static void test_f3_no_interference(void **state) {
    interfere(*state, SAME_PACKAGE);
}

/* And what the spy makes under the same names is its own: instance 1 keeps what it had. */
static void same_names(struct attack *a, unsigned spy) {
    uint8_t bytes[8];
    attack_select(a, spy);
    attack_furnish(a);
    attack_put(a, 0, "\xEE\xEE\xEE\xEE\xEE\xEE\xEE\xEE", 8);
    const int32_t file = HOST(a, file_find, 0, ATTACK_FID);
    assert_true(file >= 0);
    assert_int_equal(HOST(a, file_write, (uint32_t)file, 0, a->scratch, 8), 0);
    assert_int_equal(HOST(a, object_write, ATTACK_TAG, a->scratch, 8), 0);
    assert_int_equal(HOST(a, key_delete, 0), 0);
    assert_int_equal(HOST(a, pin_block, 0), 0);
    assert_int_equal(HOST(a, biometric_set, 0), 0);
    attack_select(a, 1);
    assert_int_equal(HOST(a, object_read, ATTACK_TAG, 0, a->scratch, 8), 0);
    attack_get(a, 0, bytes, sizeof bytes);
    assert_memory_equal(bytes, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
    const int32_t own = HOST(a, file_find, 0, ATTACK_FID);
    assert_int_equal(HOST(a, file_read, (uint32_t)own, 0, a->scratch, 8), 0);
    attack_get(a, 0, bytes, sizeof bytes);
    assert_memory_equal(bytes, "\0\0\0\0\0\0\0\0", 8);
    assert_int_equal(HOST(a, key_info, 0, a->scratch, 8), 0);
    attack_put(a, 0, "1234", 4);
    assert_int_equal(HOST(a, pin_verify, 0, 2, a->scratch, 4), 0);
    assert_int_equal(HOST(a, biometric_tries, 0), 5);
}

static void test_f2_same_names(void **state) {
    same_names(*state, OTHER_PACKAGE);
}

static void test_f3_same_names(void **state) {
    same_names(*state, SAME_PACKAGE);
}

/* F2: a session slot is its selection's: neither the next applet's nor the same one's later on. */
static void test_f2_f5_stale_session_slots(void **state) {
    struct attack *a = *state;
    const uint32_t slot = 0x10000;
    assert_int_equal(HOST(a, key_info, slot, a->scratch, 8), 0);
    for (unsigned spy = 1; spy <= 4; spy++) {
        attack_select(a, spy);
        for (uint32_t s = slot; s < slot + 6; s++) {
            assert_int_equal(HOST(a, key_info, s, a->scratch, 8), NOT_FOUND);
            assert_int_equal(
                HOST(a, key_mac, s, 0x0203, a->scratch, 0, a->scratch, 16, a->scratch + 32, 8),
                NOT_FOUND);
            attack_put(a, 0, (const uint8_t[6]){(uint8_t)s, 8, 0x02, 0x03, 0, 16}, 6);
            assert_int_equal(HOST(a, key_macs, a->scratch, 6, a->scratch, 16, a->scratch + 32, 8),
                             NOT_FOUND);
            assert_int_equal(HOST(a, key_cipher, s, 0x0101, a->scratch, 0, a->scratch, 16),
                             NOT_FOUND);
            assert_int_equal(HOST(a, key_derive, s, 7, a->scratch, 0, 1, 0), NOT_FOUND);
        }
        attack_select(a, 1);
        assert_int_equal(HOST(a, key_derive, 0, 7, a->scratch, 0, 0x0FFF, 0), 0);
    }
}

/* Names of what was deleted: at once, after the commit, and after an abort they name it again. */
static void test_f2_stale_names(void **state) {
    struct attack *a = *state;
    const uint32_t file = (uint32_t)HOST(a, file_find, 0, ATTACK_FID);
    const uint32_t at = a->scratch;
    assert_int_equal(
        attack_call(a, ATTACK_UNDO, HOST_file_delete, (const uint32_t[ATTACK_SLOTS]){file}).result,
        0);
    assert_int_equal(HOST(a, file_size, file), 32);
    assert_int_equal(HOST(a, file_delete, file), 0);
    assert_int_equal(HOST(a, file_size, file), NOT_FOUND);
    assert_int_equal(HOST(a, file_read, file, 0, at, 1), NOT_FOUND);
    assert_int_equal(HOST(a, file_write, file, 0, at, 1), NOT_FOUND);
    assert_int_equal(HOST(a, file_delete, file), NOT_FOUND);
    assert_int_equal(HOST(a, file_find, 0, ATTACK_FID), NOT_FOUND);
    assert_int_equal(HOST(a, object_delete, ATTACK_TAG), 0);
    assert_int_equal(HOST(a, object_read, ATTACK_TAG, 0, at, 1), NOT_FOUND);
    assert_int_equal(HOST(a, object_patch, ATTACK_TAG, 0, at, 1), NOT_FOUND);
    /* a key that was used, so that its schedule was cached */
    assert_int_equal(HOST(a, key_cipher, 0, 0x0101, at, 0, at, 16), 0);
    assert_int_equal(HOST(a, key_delete, 0), 0);
    assert_int_equal(HOST(a, key_cipher, 0, 0x0101, at, 0, at, 16), NOT_FOUND);
    assert_int_equal(HOST(a, key_mac, 0, 0x0203, at, 0, at, 16, at + 32, 8), NOT_FOUND);
    assert_int_equal(HOST(a, auth_internal, 0, at, 16, at, 16), NOT_FOUND);
    assert_int_equal(HOST(a, key_derive, 0, 7, at, 0, 1, 1), NOT_FOUND);
    /* and a file made anew under an old number is empty */
    attack_put(a, 0, "\x62\x0B\x82\x01\x01\x83\x02\x01\x01\x80\x02\x00\x20", 13);
    const int32_t again = HOST(a, file_create, 0, at, 13);
    assert_true(again >= 0);
    assert_int_equal(HOST(a, file_read, (uint32_t)again, 0, at, 8), 0);
    uint8_t bytes[8];
    attack_get(a, 0, bytes, 8);
    assert_memory_equal(bytes, "\0\0\0\0\0\0\0\0", 8);
}

/* F2, F7: a context number is given out again after DELETE; the new instance inherits nothing. */
static void test_f2_f7_reused_context(void **state) {
    struct attack *a = *state; /* only for its memory */
    struct package *p = package_read("test/attack.cap");
    attack_close(&a[1]);
    memset(&a[1], 0, sizeof a[1]);
    struct attack *b = &a[1];
    test_card_blank(&b->t);
    EXPECT_SW(load_package(&b->t, p->aid, &p->load, 255), 0x9000);
    struct aid one = AID_OF("\xF0\x6F\x6E\x65\x63\x61\x72\x64\xFF\x60\x01\x01");
    struct aid two = AID_OF("\xF0\x6F\x6E\x65\x63\x61\x72\x64\xFF\x60\x01\x02");
    EXPECT_SW(install_as(&b->t, 0x0C, p->aid, p->applet, one, ""), 0x9000);
    struct content fresh = content_now(&b->t);
    b->scratch = a->scratch;
    b->size = a->size;
    attack_select(b, 1);
    attack_furnish(b);
    assert_int_equal(HOST(b, key_cipher, 0, 0x0101, b->scratch, 0, b->scratch, 16), 0);
    const uint32_t context = b->t.card->manager.registry.entries[1].context;
    select_manager(&b->t);
    EXPECT_SW(delete_aid(&b->t, one, false), 0x9000);
    EXPECT_SW(install_as(&b->t, 0x0C, p->aid, p->applet, two, ""), 0x9000);
    assert_int_equal(b->t.card->manager.registry.entries[1].context, context);
    assert_int_equal(content_now(&b->t).objects, fresh.objects);
    attack_select(b, 2);
    const uint32_t at = b->scratch;
    assert_int_equal(HOST(b, file_find, 0, ATTACK_FID), NOT_FOUND);
    assert_int_equal(HOST(b, object_size, ATTACK_TAG), NOT_FOUND);
    for (uint32_t key = 0; key < 4; key++) {
        assert_int_equal(HOST(b, key_info, key, at, 8), NOT_FOUND);
        assert_int_equal(HOST(b, key_cipher, key, 0x0101, at, 0, at, 16), NOT_FOUND);
        assert_int_equal(HOST(b, pin_info, key, at, 7), NOT_FOUND);
    }
    assert_int_equal(HOST(b, biometric_tries, 0), NOT_FOUND);
    package_free(p);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_f2_no_interference),
        TEST(test_f3_no_interference),
        TEST(test_f2_same_names),
        TEST(test_f3_same_names),
        TEST(test_f2_f5_stale_session_slots),
        TEST(test_f2_stale_names),
        TEST(test_f2_f7_reused_context),
    };
    return cmocka_run_group_tests_name("F2 and F3", tests, NULL, NULL);
}
