/* F5 on flash that loses power: at every single flash operation of a verification, in every way
 * that flash fails, no try comes back, and nobody hears of a comparison that was not counted first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "keys/pin.h"
#include "tear/flash.h"

#define OWNER 7u
#define TRIES 3u

static struct rig {
    struct tear_flash flash;
    uint8_t *snapshot;
    void *memory;
    size_t memory_size;
    struct store *store;
    struct keys keys;
    struct security_status status;
} rig;

static const uint8_t key_value[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
static const uint8_t right[3] = {0x12, 0x34, 0x56}, wrong[4] = {0x12, 0x34, 0x57, 0xFF};
static const uint8_t other[3] = {0x65, 0x43, 0x21};

/* Any point of the curve: its base point. */
static const uint8_t sm2_public[64] = {
    0x32, 0xC4, 0xAE, 0x2C, 0x1F, 0x19, 0x81, 0x19, 0x5F, 0x99, 0x04, 0x46, 0x6A, 0x39, 0xC9, 0x94,
    0x8F, 0xE3, 0x0B, 0xBF, 0xF2, 0x66, 0x0B, 0xE1, 0x71, 0x5A, 0x45, 0x89, 0x33, 0x4C, 0x74, 0xC7,
    0xBC, 0x37, 0x36, 0xA2, 0xF4, 0xF6, 0x77, 0x9C, 0x59, 0xBD, 0xCE, 0xE3, 0x6B, 0x69, 0x21, 0x53,
    0xD0, 0xA9, 0x87, 0x7C, 0xC6, 0x2A, 0x47, 0x40, 0x02, 0xDF, 0x32, 0xE5, 0x21, 0x39, 0xF0, 0xA0};

static enum onecard_err power_up(void) {
    struct arena arena;
    arena_init(&arena, rig.memory, rig.memory_size);
    enum onecard_err err = store_open(&rig.flash.port, &arena, &rig.store);
    memset(&rig.status, 0, sizeof rig.status);
    keys_open(&rig.keys, rig.store, NULL);
    return err;
}

static int setup(void **state) {
    (void)state;
    static const struct onecard_flash geometry = {4096, 16, 4, 256, 2, NULL};
    static const struct pin_spec pin = {PIN_BCD, 4, 12, TRIES, 1, 1, NULL, 0};
    static const struct pin_spec puk = {PIN_BCD, 4, 12, TRIES, 0, PIN_NONE, NULL, 0};
    static const struct key_spec key = {CRYPTO_TDES2, 1, KEY_MAC_VERIFY, TRIES, NULL, 0};
    static const struct key_spec half = {
        CRYPTO_SM2 | KEY_PUBLIC_ONLY, 1, KEY_VERIFY, TRIES, NULL, 0};
    struct arena arena;
    tear_flash_init(&rig.flash, &geometry, 4711);
    rig.memory_size = store_memory_size(&rig.flash.port) + 64;
    rig.memory = malloc(rig.memory_size);
    rig.snapshot = malloc(tear_flash_snapshot_size(&rig.flash));
    arena_init(&arena, rig.memory, rig.memory_size);
    assert_int_equal(store_format(&rig.flash.port, &arena), ONECARD_OK);
    assert_int_equal(power_up(), ONECARD_OK);
    assert_int_equal(keys_pin_create(&rig.keys, OWNER, 0, &pin, right, 3), ONECARD_OK);
    assert_int_equal(keys_pin_create(&rig.keys, OWNER, 1, &puk, right, 3), ONECARD_OK);
    assert_int_equal(keys_create(&rig.keys, OWNER, 0, &key, key_value, 16), ONECARD_OK);
    assert_int_equal(keys_create(&rig.keys, OWNER, 1, &half, sm2_public, 64), ONECARD_OK);
    assert_int_equal(store_create(rig.store, STORE_NAME(OWNER, 4, 1), 16, STORE_PLAIN), ONECARD_OK);
    assert_int_equal(store_commit(rig.store), ONECARD_OK);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    tear_flash_free(&rig.flash);
    free(rig.memory);
    free(rig.snapshot);
    return 0;
}

static uint8_t pin_tries(uint8_t number) {
    struct pin_info info;
    assert_int_equal(keys_pin_info(&rig.keys, OWNER, number, &info), ONECARD_OK);
    return info.tries_left;
}

static uint8_t tries_of_number(uint16_t number) {
    struct key_info info;
    const struct key_ref ref = {OWNER, number, NULL};
    assert_int_equal(keys_info(&rig.keys, &ref, &info), ONECARD_OK);
    return info.tries_left;
}

static uint8_t key_tries(void) {
    return tries_of_number(0);
}

static uint8_t public_key_tries(void) {
    return tries_of_number(1);
}

/* ---- what is torn ---- */

static enum onecard_err verify_right(void) {
    return keys_pin_verify(&rig.keys, OWNER, 0, &rig.status, PIN_BCD, right, 3, NULL);
}

static enum onecard_err verify_wrong(void) {
    return keys_pin_verify(&rig.keys, OWNER, 0, &rig.status, PIN_BCD, wrong, 3, NULL);
}

/* With a transaction open around it, which must not take the counter along. */
static enum onecard_err verify_wrong_inside(void) {
    enum onecard_err err = store_write(rig.store, STORE_NAME(OWNER, 4, 1), 0, "staged", 6);
    if (err == ONECARD_OK)
        err = verify_wrong();
    store_abort(rig.store);
    return err;
}

static enum onecard_err change(void) {
    enum onecard_err err =
        keys_pin_change(&rig.keys, OWNER, 0, &rig.status, PIN_BCD, right, 3, other, 3, NULL);
    return err == ONECARD_OK ? store_commit(rig.store) : err;
}

static enum onecard_err unblock_wrong(void) {
    return keys_pin_unblock(&rig.keys, OWNER, 0, &rig.status, PIN_BCD, wrong, 3, NULL, 0, NULL);
}

static enum onecard_err mac_wrong(void) {
    const struct key_ref ref = {OWNER, 0, NULL};
    return keys_mac_verify(&rig.keys, &ref, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, NULL, right, 3, wrong,
                           4);
}

static enum onecard_err signature_wrong(void) {
    const struct key_ref ref = {OWNER, 1, NULL};
    const struct key_how how = {CRYPTO_PK_SM2, CRYPTO_SM3, false};
    return keys_verify(&rig.keys, &ref, &how, right, 3, sm2_public, 64);
}

static uint8_t tries_of_pin(void) {
    return pin_tries(0);
}

static uint8_t tries_of_puk(void) {
    return pin_tries(1);
}

static const struct {
    const char *name;
    enum onecard_err (*run)(void);
    uint8_t (*tries)(void);
    enum onecard_err answer; /* when the power stays */
    uint8_t after;           /* tries when that answer was given */
    uint8_t least, most;     /* tries that may be left when it was not */
} cases[] = {
    {"verify wrong", verify_wrong, tries_of_pin, ONECARD_E_WRONG, 1, 1, 2},
    {"verify wrong in a transaction", verify_wrong_inside, tries_of_pin, ONECARD_E_WRONG, 1, 1, 2},
    {"verify right", verify_right, tries_of_pin, ONECARD_OK, 3, 1, 3},
    {"change", change, tries_of_pin, ONECARD_OK, 3, 1, 3},
    {"wrong PUK", unblock_wrong, tries_of_puk, ONECARD_E_WRONG, 2, 2, 3},
    {"wrong MAC", mac_wrong, key_tries, ONECARD_E_WRONG, 2, 2, 3},
    {"wrong signature", signature_wrong, public_key_tries, ONECARD_E_WRONG, 2, 2, 3},
};

/* Cut at operation n of the case. false: it needs no more than n operations. */
static bool cut(size_t i, uint64_t n, enum tear_mode mode) {
    tear_flash_restore(&rig.flash, rig.snapshot);
    tear_flash_power_up(&rig.flash);
    assert_int_equal(power_up(), ONECARD_OK);
    tear_flash_cut(&rig.flash, n, mode);
    const enum onecard_err err = cases[i].run();
    const bool torn = rig.flash.off;
    tear_flash_power_up(&rig.flash);
    assert_int_equal(power_up(), ONECARD_OK);
    const uint8_t tries = cases[i].tries();
    const bool answered = err == cases[i].answer;
    if (answered ? tries != cases[i].after : tries < cases[i].least || tries > cases[i].most)
        print_error("%s, operation %u, %s: %u tries after \"%s\"\n", cases[i].name, (unsigned)n,
                    tear_mode_name(mode), tries, onecard_err_text(err));
    assert_true(answered ? tries == cases[i].after
                         : tries >= cases[i].least && tries <= cases[i].most);
    assert_true(answered || torn);
    /* S1: what it gave once, it gives for ever */
    tear_flash_power_up(&rig.flash);
    assert_int_equal(power_up(), ONECARD_OK);
    assert_int_equal(cases[i].tries(), tries);
    assert_string_equal(rig.flash.violation, "");
    return torn;
}

static void F5_at_every_operation(void **state) {
    (void)state;
    unsigned cuts = 0;
    assert_int_equal(verify_wrong(), ONECARD_E_WRONG); /* the PIN begins with two tries */
    assert_int_equal(pin_tries(0), 2);
    tear_flash_save(&rig.flash, rig.snapshot);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int mode = TEAR_NOT_BEGUN; mode < TEAR_REORDERED; mode++)
            for (uint64_t n = 0; cut(i, n, (enum tear_mode)mode); n++)
                cuts++;
    print_message("%u cuts\n", cuts);
    assert_true(cuts > 40);
}

/* Whoever cuts the power at will still hears of no more comparisons than there are tries. */
static void F5_guessing_with_the_hand_on_the_power(void **state) {
    (void)state;
    tear_flash_save(&rig.flash, rig.snapshot);
    uint32_t random = 99;
    for (int round = 0; round < 40; round++) {
        unsigned heard = 0;
        tear_flash_restore(&rig.flash, rig.snapshot);
        tear_flash_power_up(&rig.flash);
        assert_int_equal(power_up(), ONECARD_OK);
        for (int guess = 0; guess < 60; guess++) {
            random = random * 1103515245 + 12345;
            tear_flash_cut(&rig.flash, random >> 16 & 7, (enum tear_mode)(random >> 24 & 3));
            heard += verify_wrong() == ONECARD_E_WRONG;
            tear_flash_power_up(&rig.flash);
            assert_int_equal(power_up(), ONECARD_OK);
        }
        assert_true(heard <= TRIES);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(F5_at_every_operation),
        T(F5_guessing_with_the_hand_on_the_power),
    };
    return cmocka_run_group_tests_name("tries_torn", tests, NULL, NULL);
}
