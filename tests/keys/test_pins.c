/* PINs: formats, lengths, history, PUK, and the counter that nothing restores. */
#include "fs/fixture.h"

static struct fixture fx;

static int setup(void **state) {
    (void)state;
    fixture_start(&fx);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_stop(&fx);
    return 0;
}

static const struct pin_spec bcd = {PIN_BCD, 4, 12, 3, 0, PIN_NONE, NULL, 0};

static void make_pin_of(uint32_t owner, uint8_t number, const struct pin_spec *spec,
                        const char *value) {
    uint8_t bytes[16];
    const uint32_t len = from_hex(bytes, sizeof bytes, value);
    assert_int_equal(keys_pin_create(&fx.keys, owner, number, spec, bytes, len), ONECARD_OK);
    fixture_commit(&fx);
}

static void make_pin(uint8_t number, const struct pin_spec *spec, const char *value) {
    make_pin_of(OWNER, number, spec, value);
}

static enum onecard_err verify(uint8_t number, enum pin_format format, const char *value,
                               uint8_t *tries) {
    uint8_t bytes[32];
    const uint32_t len = from_hex(bytes, sizeof bytes, value);
    return keys_pin_verify(&fx.keys, OWNER, number, &fx.status, format, bytes, len, tries);
}

static uint8_t tries_left(uint8_t number) {
    struct pin_info info;
    assert_int_equal(keys_pin_info(&fx.keys, OWNER, number, &info), ONECARD_OK);
    return info.tries_left;
}

static void specifications(void **state) {
    (void)state;
    static const struct {
        struct pin_spec spec;
        uint8_t number;
        const char *value;
        enum onecard_err err;
    } table[] = {
        {{PIN_BCD, 4, 12, 3, 0, PIN_NONE, NULL, 0}, 0, "1234", ONECARD_OK},
        {{PIN_BCD, 4, 12, 3, 0, PIN_NONE, NULL, 0}, 0, "1234", ONECARD_E_EXISTS},
        {{PIN_RAW, 1, 16, 15, 8, 0, NULL, 0}, 31, "00", ONECARD_OK},
        {{PIN_BCD, 4, 12, 3, 0, PIN_NONE, NULL, 0}, 32, "1234", ONECARD_E_PARAM},
        {{9, 4, 12, 3, 0, PIN_NONE, NULL, 0}, 1, "1234", ONECARD_E_PARAM},
        {{PIN_BCD, 0, 12, 3, 0, PIN_NONE, NULL, 0}, 1, "1234", ONECARD_E_PARAM},
        {{PIN_BCD, 5, 4, 3, 0, PIN_NONE, NULL, 0}, 1, "1234", ONECARD_E_PARAM},
        {{PIN_BCD, 4, 17, 3, 0, PIN_NONE, NULL, 0}, 1, "1234", ONECARD_E_PARAM},
        {{PIN_BCD, 4, 12, 0, 0, PIN_NONE, NULL, 0}, 1, "1234", ONECARD_E_PARAM},
        {{PIN_BCD, 4, 12, 16, 0, PIN_NONE, NULL, 0}, 1, "1234", ONECARD_E_PARAM},
        {{PIN_BCD, 4, 12, 3, 9, PIN_NONE, NULL, 0}, 1, "1234", ONECARD_E_PARAM},
        {{PIN_BCD, 4, 12, 3, 0, 1, NULL, 0}, 1, "1234", ONECARD_E_PARAM}, /* its own PUK */
        {{PIN_BCD, 4, 12, 3, 0, PIN_NONE, (const uint8_t *)"\x01", 1}, 1, "1234", ONECARD_E_FORMAT},
        {{PIN_BCD, 4, 12, 3, 0, PIN_NONE, NULL, 0}, 1, "123F", ONECARD_E_RANGE},
        {{PIN_BCD, 4, 12, 3, 0, PIN_NONE, NULL, 0}, 1, "12A4", ONECARD_E_FORMAT},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint8_t bytes[16];
        const uint32_t len = from_hex(bytes, sizeof bytes, table[i].value);
        assert_int_equal(
            keys_pin_create(&fx.keys, OWNER, table[i].number, &table[i].spec, bytes, len),
            table[i].err);
    }
}

/* One PIN, 123456, as every format writes it. */
static void formats(void **state) {
    (void)state;
    static const struct {
        enum pin_format format;
        const char *value;
        enum onecard_err err;
    } table[] = {
        {PIN_BCD, "123456", ONECARD_OK},
        {PIN_BCD, "123456FFFFFFFFFF", ONECARD_OK},
        {PIN_BCD, "12345F", ONECARD_E_WRONG},
        {PIN_BCD, "12345678", ONECARD_E_WRONG},
        {PIN_BCD, "1234F6", ONECARD_E_FORMAT},
        {PIN_BCD, "12345A", ONECARD_E_FORMAT},
        {PIN_BCD, "FFFFFF", ONECARD_E_FORMAT},
        {PIN_BCD, "", ONECARD_E_FORMAT},
        {PIN_BCD, "123456789012345678", ONECARD_E_FORMAT}, /* longer than any PIN */
        {PIN_ASCII, "313233343536", ONECARD_OK},
        {PIN_ASCII, "313233343536FFFF", ONECARD_OK},
        {PIN_ASCII, "3132333435360000", ONECARD_OK},
        {PIN_ASCII, "313233343535", ONECARD_E_WRONG},
        {PIN_ASCII, "3132333435363A", ONECARD_E_FORMAT},
        {PIN_ASCII, "313233FF343536", ONECARD_E_FORMAT},
        {PIN_BLOCK_1, "16123456ABCDEF01", ONECARD_OK}, /* any transaction digits */
        {PIN_BLOCK_1, "1612345700000000", ONECARD_E_WRONG},
        {PIN_BLOCK_1, "26123456FFFFFFFF", ONECARD_E_FORMAT},
        {PIN_BLOCK_1, "1F12345600000000", ONECARD_E_FORMAT},
        {PIN_BLOCK_1, "16123A5600000000", ONECARD_E_FORMAT},
        {PIN_BLOCK_2, "26123456FFFFFFFF", ONECARD_OK},
        {PIN_BLOCK_2, "25123456FFFFFFFF", ONECARD_E_FORMAT}, /* the fill must be F */
        {PIN_BLOCK_2, "2512345FFFFFFFFF", ONECARD_E_WRONG},
        {PIN_BLOCK_2, "26123456FFFFFFF0", ONECARD_E_FORMAT},
        {PIN_BLOCK_2, "26123456FFFFFF", ONECARD_E_FORMAT},
        {PIN_BLOCK_2, "20FFFFFFFFFFFFFF", ONECARD_E_FORMAT},
        {PIN_RAW, "123456", ONECARD_E_FORMAT}, /* a PIN of digits is not bytes */
        {(enum pin_format)5, "123456", ONECARD_E_FORMAT},
    };
    make_pin(0, &bcd, "123456");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint8_t tries;
        fx.status.pins = 1;
        enum onecard_err err = verify(0, table[i].format, table[i].value, &tries);
        if (err != table[i].err)
            print_error("%d %s\n", table[i].format, table[i].value);
        assert_int_equal(err, table[i].err);
        assert_int_equal(fx.status.pins, err == ONECARD_OK); /* whatever fails clears it */
        assert_int_equal(tries, err == ONECARD_E_WRONG ? 2 : 3);
        assert_int_equal(tries_left(0), tries);
        assert_int_equal(verify(0, PIN_BCD, "123456", NULL), ONECARD_OK);
    }
    static const struct pin_spec raw = {PIN_RAW, 2, 8, 3, 0, PIN_NONE, NULL, 0};
    make_pin(1, &raw, "00FF0A");
    assert_int_equal(verify(1, PIN_RAW, "00FF0A", NULL), ONECARD_OK);
    assert_int_equal(verify(1, PIN_RAW, "00FF0A00", NULL), ONECARD_E_WRONG);
    assert_int_equal(verify(1, PIN_BCD, "00FF0A", NULL), ONECARD_E_FORMAT);
}

/* ---- F5 ---- */

static void F5_counter_and_states(void **state) {
    (void)state;
    uint8_t tries;
    make_pin(0, &bcd, "123456");
    make_pin(1, &bcd, "654321");
    assert_int_equal(verify(0, PIN_BCD, "123456", &tries), ONECARD_OK);
    assert_int_equal(verify(1, PIN_BCD, "654321", &tries), ONECARD_OK);
    assert_int_equal(fx.status.pins, 3);
    for (int left = 2; left >= 0; left--) {
        assert_int_equal(verify(1, PIN_BCD, "000000", &tries), ONECARD_E_WRONG);
        assert_int_equal(tries, left);
        assert_int_equal(fx.status.pins, 1);
    }
    assert_int_equal(verify(1, PIN_BCD, "654321", &tries), ONECARD_E_BLOCKED);
    assert_int_equal(verify(1, PIN_BCD, "000000", &tries), ONECARD_E_BLOCKED);
    fixture_tear(&fx);
    assert_int_equal(verify(1, PIN_BCD, "654321", &tries), ONECARD_E_BLOCKED);
    assert_int_equal(verify(2, PIN_BCD, "654321", &tries), ONECARD_E_NOT_FOUND);
}

/* No transaction gives a try back: aborted, torn, with other changes of the same PIN or without. */
static void F5_tries_through_aborts_and_tears(void **state) {
    (void)state;
    static const uint8_t old_value[] = {0x12, 0x34}, new_value[] = {0x56, 0x78};
    static const struct pin_spec patient = {PIN_BCD, 4, 12, 15, 2, PIN_NONE, NULL, 0};
    uint8_t left = 15;
    make_pin(0, &patient, "1234");
    fs_file file = make_file(&fx, FS_ROOT, "620B 80020010 820101 83020001");
    fixture_commit(&fx);
    for (int round = 0; round < 7; round++) {
        assert_int_equal(fs_binary_update(fx.store, OWNER, file, 0, "x", 1), ONECARD_OK);
        assert_int_equal(verify(0, PIN_BCD, "9999", NULL), ONECARD_E_WRONG);
        left--;
        if (round % 2 == 0)
            store_abort(fx.store);
        else
            fixture_tear(&fx);
        assert_int_equal(tries_left(0), left);
    }
    /* a change that is aborted: the old value again; the counter as the verification left it */
    assert_int_equal(
        keys_pin_change(&fx.keys, OWNER, 0, &fx.status, PIN_BCD, old_value, 2, new_value, 2, NULL),
        ONECARD_OK);
    assert_int_equal(verify(0, PIN_BCD, "5678", NULL), ONECARD_OK);
    assert_int_equal(verify(0, PIN_BCD, "1234", NULL), ONECARD_E_WRONG);
    store_abort(fx.store);
    assert_int_equal(tries_left(0), 14);
    assert_int_equal(verify(0, PIN_BCD, "5678", NULL), ONECARD_E_WRONG);
    assert_int_equal(verify(0, PIN_BCD, "1234", NULL), ONECARD_OK);
    /* and one that is committed */
    assert_int_equal(
        keys_pin_change(&fx.keys, OWNER, 0, &fx.status, PIN_BCD, old_value, 2, new_value, 2, NULL),
        ONECARD_OK);
    fixture_commit(&fx);
    fixture_tear(&fx);
    assert_int_equal(verify(0, PIN_BCD, "1234", NULL), ONECARD_E_WRONG);
    assert_int_equal(verify(0, PIN_BCD, "5678", NULL), ONECARD_OK);
}

/* The counter has fallen in flash before the comparison: what is there right after a failed
 * verification is there after a power cut at once. */
static void F5_counter_falls_first(void **state) {
    (void)state;
    struct onecard_host_counters before, after;
    make_pin(0, &bcd, "1234");
    onecard_host_counters(fx.host, &before);
    assert_int_equal(verify(0, PIN_BCD, "9999", NULL), ONECARD_E_WRONG);
    onecard_host_counters(fx.host, &after);
    assert_true(after.programs > before.programs);
    assert_false(store_dirty(fx.store));
    fixture_tear(&fx);
    assert_int_equal(tries_left(0), 2);
}

/* A PIN that the open transaction made cannot be tried: its counter could be taken back. */
static void F5_not_before_the_commit(void **state) {
    (void)state;
    static const uint8_t value[] = {0x12, 0x34};
    assert_int_equal(keys_pin_create(&fx.keys, OWNER, 0, &bcd, value, 2), ONECARD_OK);
    assert_int_not_equal(verify(0, PIN_BCD, "1234", NULL), ONECARD_OK);
    assert_int_equal(fx.status.pins, 0);
    fixture_commit(&fx);
    assert_int_equal(verify(0, PIN_BCD, "1234", NULL), ONECARD_OK);
}

/* ---- change, history, unblock, reset ---- */

static enum onecard_err change(const char *from, const char *to) {
    uint8_t old_value[16], new_value[16];
    const uint32_t old_len = from_hex(old_value, 16, from), new_len = from_hex(new_value, 16, to);
    enum onecard_err err = keys_pin_change(&fx.keys, OWNER, 0, &fx.status, PIN_BCD, old_value,
                                           old_len, new_value, new_len, NULL);
    if (err == ONECARD_OK)
        fixture_commit(&fx);
    return err;
}

static void change_and_history(void **state) {
    (void)state;
    static const struct pin_spec spec = {PIN_BCD, 4, 6, 3, 2, PIN_NONE, NULL, 0};
    make_pin(0, &spec, "1111");
    assert_int_equal(change("1111", "222F"), ONECARD_E_RANGE);
    assert_int_equal(change("1111", "22222222"), ONECARD_E_RANGE);
    assert_int_equal(change("1111", "2A22"), ONECARD_E_FORMAT);
    assert_int_equal(tries_left(0), 3); /* a bad new value costs nothing */
    assert_int_equal(change("1112", "2222"), ONECARD_E_WRONG);
    assert_int_equal(tries_left(0), 2);
    assert_int_equal(change("1111", "1111"), ONECARD_E_EXISTS);
    assert_int_equal(change("1111", "2222"), ONECARD_OK);
    assert_int_equal(change("2222", "1111"), ONECARD_E_EXISTS);
    assert_int_equal(change("2222", "3333"), ONECARD_OK);
    assert_int_equal(change("3333", "1111"), ONECARD_E_EXISTS);
    assert_int_equal(change("3333", "4444"), ONECARD_OK);
    assert_int_equal(change("4444", "2222"), ONECARD_E_EXISTS);
    assert_int_equal(change("4444", "1111"), ONECARD_OK); /* two are kept */
    assert_int_equal(verify(0, PIN_BCD, "1111", NULL), ONECARD_OK);
}

static void unblock_by_puk(void **state) {
    (void)state;
    static const struct pin_spec spec = {PIN_BCD, 4, 6, 2, 0, 5, NULL, 0};
    static const struct pin_spec code = {PIN_BCD, 8, 8, 2, 0, PIN_NONE, NULL, 0};
    static const uint8_t puk[] = {0x12, 0x34, 0x56, 0x78}, value[] = {0x99, 0x99};
    make_pin(0, &spec, "1111");
    make_pin(5, &code, "12345678");
    struct keys *k = &fx.keys;
    uint8_t tries;
    verify(0, PIN_BCD, "0000", NULL);
    verify(0, PIN_BCD, "0000", NULL);
    assert_int_equal(verify(0, PIN_BCD, "1111", NULL), ONECARD_E_BLOCKED);
    assert_int_equal(keys_pin_unblock(k, OWNER, 0, &fx.status, PIN_BCD, puk, 3, NULL, 0, &tries),
                     ONECARD_E_WRONG);
    assert_int_equal(tries, 1);
    assert_int_equal(tries_left(5), 1);
    assert_int_equal(keys_pin_unblock(k, OWNER, 0, &fx.status, PIN_BCD, puk, 4, NULL, 0, &tries),
                     ONECARD_OK);
    assert_int_equal(tries_left(0), 2);
    assert_int_equal(tries_left(5), 2);
    assert_int_equal(fx.status.pins, 0); /* neither is verified by this */
    assert_int_equal(verify(0, PIN_BCD, "1111", NULL), ONECARD_OK);
    assert_int_equal(keys_pin_unblock(k, OWNER, 0, &fx.status, PIN_BCD, puk, 4, value, 1, &tries),
                     ONECARD_E_RANGE);
    assert_int_equal(keys_pin_unblock(k, OWNER, 0, &fx.status, PIN_BCD, puk, 4, value, 2, &tries),
                     ONECARD_OK);
    fixture_commit(&fx);
    assert_int_equal(verify(0, PIN_BCD, "9999", NULL), ONECARD_OK);
    /* the PUK blocks too, and then nothing but the issuer helps */
    verify(0, PIN_BCD, "0000", NULL);
    verify(0, PIN_BCD, "0000", NULL);
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            keys_pin_unblock(k, OWNER, 0, &fx.status, PIN_BCD, value, 2, NULL, 0, NULL),
            ONECARD_E_WRONG);
    assert_int_equal(keys_pin_unblock(k, OWNER, 0, &fx.status, PIN_BCD, puk, 4, NULL, 0, NULL),
                     ONECARD_E_BLOCKED);
    assert_int_equal(keys_pin_reset(k, OWNER, 0, &fx.status, PIN_BCD, puk, 2), ONECARD_OK);
    fixture_commit(&fx);
    assert_int_equal(verify(0, PIN_BCD, "1234", NULL), ONECARD_OK);
    assert_int_equal(keys_pin_unblock(k, OWNER, 5, &fx.status, PIN_BCD, puk, 4, NULL, 0, NULL),
                     ONECARD_E_STATE);
}

static void value_comes_later(void **state) {
    (void)state;
    static const uint8_t value[] = {0x12, 0x34};
    make_pin(0, &bcd, "");
    assert_int_equal(verify(0, PIN_BCD, "1234", NULL), ONECARD_E_BLOCKED);
    assert_int_equal(keys_pin_reset(&fx.keys, OWNER, 0, &fx.status, PIN_BCD, NULL, 0),
                     ONECARD_E_STATE);
    assert_int_equal(keys_pin_reset(&fx.keys, OWNER, 0, &fx.status, PIN_BCD, value, 2), ONECARD_OK);
    fixture_commit(&fx);
    assert_int_equal(verify(0, PIN_BCD, "1234", NULL), ONECARD_OK);
}

static void limits_and_blocking(void **state) {
    (void)state;
    make_pin(0, &bcd, "1234");
    assert_int_equal(keys_pin_set_tries(&fx.keys, OWNER, 0, 0), ONECARD_E_PARAM);
    assert_int_equal(keys_pin_set_tries(&fx.keys, OWNER, 0, 16), ONECARD_E_PARAM);
    assert_int_equal(keys_pin_set_tries(&fx.keys, OWNER, 0, 9), ONECARD_OK);
    assert_int_equal(tries_left(0), 9);
    assert_int_equal(keys_pin_block(&fx.keys, OWNER, 0), ONECARD_OK);
    assert_int_equal(verify(0, PIN_BCD, "1234", NULL), ONECARD_E_BLOCKED);
    assert_int_equal(keys_pin_delete(&fx.keys, OWNER, 0), ONECARD_OK);
    assert_int_equal(verify(0, PIN_BCD, "1234", NULL), ONECARD_E_NOT_FOUND);
    assert_int_equal(keys_pin_delete(&fx.keys, OWNER, 32), ONECARD_E_NOT_FOUND);
}

static void F2_pins_belong_to_their_owner(void **state) {
    (void)state;
    static const uint8_t value[] = {0x12, 0x34};
    make_pin(0, &bcd, "1234");
    make_pin_of(0, 0, &bcd, "5678"); /* the card-wide PIN: the same code, owner 0 */
    struct security_status other = {0};
    assert_int_equal(keys_pin_verify(&fx.keys, STRANGER, 0, &other, PIN_BCD, value, 2, NULL),
                     ONECARD_E_NOT_FOUND);
    assert_int_equal(keys_pin_verify(&fx.keys, 0, 0, &other, PIN_BCD, value, 2, NULL),
                     ONECARD_E_WRONG);
    assert_int_equal(tries_left(0), 3);
}

/* ---- commands ---- */

static void verify_by_command(void **state) {
    (void)state;
    static const uint8_t contact[] = {ACCESS_VERIFY, 0x80};
    static const struct pin_spec guarded = {PIN_BCD, 4, 12, 3, 0, PIN_NONE, contact, 2};
    make_pin(0, &bcd, "123456");
    make_pin(3, &guarded, "1234");
    static const struct exchange table[] = {
        {"00200000", "63C3", "asking costs nothing"},
        {"0020000003 123456", "9000", "as the purse has it"},
        {"00200000", "9000", NULL},
        {"0020008003 123456", "9000", "specific reference"},
        {"0020000008 123456FFFFFFFFFF", "9000", NULL},
        {"0020000003 123457", "63C2", NULL},
        {"00200000", "63C2", NULL},
        {"0020000003 12345A", "6A80", NULL},
        {"00200000", "63C2", NULL},
        {"0020000002 1234", "63C1", "shorter: wrong"},
        {"0020000003 000000", "6983", "the last try"},
        {"0020000003 123456", "6983", NULL},
        {"00200000", "6983", NULL},
        {"0020000102 1234", "6A88", "no such PIN"},
        {"0020010003 123456", "6A86", NULL},
        {"0020002003 123456", "6A86", NULL},
        {"0020000302 1234", "9000", NULL},
        {"0020FF0301 00", "6700", NULL},
        {"0020FF03", "9000", "forget it"},
        {"00200003", "63C3", NULL},
        {"0420000302 1234", "6882", NULL},
        {"0021000302 1234", "6D00", NULL},
    };
    EXPECT_ALL(&fx, table);
    fx.status.contactless = true;
    EXPECT(&fx, "0020000302 1234", "6982");
}

static void change_and_reset_by_command(void **state) {
    (void)state;
    static const uint8_t rules[] = {
        ACCESS_VERIFY | ACCESS_CHANGE, 0xC0, ACCESS_RESET, 0xC2, ACCESS_WHEN_KEY, 4};
    static const struct pin_spec spec = {PIN_BCD, 4, 6, 3, 0, 5, rules, sizeof rules};
    static const struct pin_spec code = {PIN_BCD, 8, 8, 3, 0, PIN_NONE, NULL, 0};
    static const struct pin_spec block = {PIN_BLOCK_2, 4, 12, 3, 0, PIN_NONE, NULL, 0};
    static const uint8_t no_change[] = {ACCESS_VERIFY, 0xC0};
    static const struct pin_spec fixed = {PIN_BCD, 4, 12, 3, 0, PIN_NONE, no_change, 2};
    make_pin(0, &spec, "1111");
    make_pin(5, &code, "12345678");
    make_pin(6, &block, "241234FFFFFFFFFF");
    make_pin(7, &fixed, "1234");
    static const struct exchange table[] = {
        {"0024000004 1111 2222", "9000", "old and new"},
        {"0024000004 1111 3333", "63C2", NULL},
        {"0024000003 222233", "6A80", "too short"},
        {"0024000002 2222", "6A80", "no new one"},
        {"00240000", "6700", NULL},
        {"0024010002 3333", "6A86", "a first value comes with personalisation"},
        {"0024000010 2222FFFFFFFFFFFF 3333FFFFFFFFFFFF", "9000", "8 bytes each"},
        {"0020000002 3333", "9000", NULL},
        {"0024000610 241234FFFFFFFFFF 245678FFFFFFFFFF", "9000", "PIN blocks"},
        {"0020000608 245678FFFFFFFFFF", "9000", NULL},
        {"0024000704 1234 5678", "6982", NULL},
        {"0020000002 0000", "63C2", NULL},
        {"0020000002 0000", "63C1", NULL},
        {"0020000002 0000", "6983", NULL},
        {"002C000006 12345679 4444", "63C2", "wrong PUK"},
        {"002C000004 12345678", "6A80", "no new PIN"},
        {"0020000002 3333", "6983", "still"},
        {"002C000006 12345678 4444", "9000", NULL},
        {"0020000002 4444", "9000", NULL},
        {"002C010004 12345678", "9000", "PUK only: keeps the value"},
        {"00200000", "63C3", "and it is to be verified again"},
        {"0020000002 4444", "9000", NULL},
        {"002C0100", "6700", NULL},
        {"002C040004 12345678", "6A86", NULL},
        {"002C020002 5555", "6982", "the issuer's key is not authenticated"},
        {"002C0300", "6982", NULL},
        {"002C010604 12345678", "6985", "no PUK"},
    };
    EXPECT_ALL(&fx, table);
    fx.status.keys[0] = 1u << 4;
    static const struct exchange issuer[] = {
        {"002C020002 5555", "9000", NULL}, {"0020000002 5555", "9000", NULL},
        {"002C030001 00", "6700", NULL},   {"0020000002 0000", "63C2", NULL},
        {"002C0300", "9000", NULL},        {"00200000", "63C3", NULL},
    };
    EXPECT_ALL(&fx, issuer);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(specifications),
        T(formats),
        T(F5_counter_and_states),
        T(F5_tries_through_aborts_and_tears),
        T(F5_counter_falls_first),
        T(F5_not_before_the_commit),
        T(change_and_history),
        T(unblock_by_puk),
        T(value_comes_later),
        T(limits_and_blocking),
        T(F2_pins_belong_to_their_owner),
        T(verify_by_command),
        T(change_and_reset_by_command),
    };
    return cmocka_run_group_tests_name("pins", tests, NULL, NULL);
}
