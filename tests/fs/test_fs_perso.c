/* Personalisation: DGIs make files, objects, keys and PINs; what is wrong makes nothing. */
#include "fs/fixture.h"
#include "crypto/rsa_keys.h"
#include "fs/perso.h"

#define CURVE_VALUE "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"

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

static enum onecard_err dgi(uint16_t id, const char *data) {
    uint8_t text[512];
    const uint32_t len = from_hex(text, sizeof text, data);
    uint8_t *bytes = malloc(len + 1);
    memcpy(bytes, text, len);
    enum onecard_err err = fs_perso_dgi(&fx.keys, OWNER, id, bytes, len);
    free(bytes);
    return err;
}

/* A whole applet as a profile would make it; then a reader looks at it. */
static void a_small_purse(void **state) {
    (void)state;
    static const struct {
        uint16_t id;
        const char *data;
    } groups[] = {
        {0x6200, "620A 820138 83023F00 8401AA"}, /* root with a name */
        {0x6200, "620F 80020004 820101 83020015 860201C0 5302 0102 5302 0304"}, /* contents */
        {0x6200, "6211 82050621000203 83020018 8604 01C0 0680 5302 0001 5302 0002"},
        {0x6200, "620D 820138 8302DF01 8404 64660031"},
        {0x6200, "5102DF01 620F 80020008 820101 8302EF05 860201C0"},
        {0x6201, "5104DF01EF05 540102 5302 BEEF"},
        {0x6201, "51020018 5302 0003"},
        {0x1801, "00AA"}, /* EMV CPS: record 1 of SFI 18 */
        {0x7000, "80029F79 8202 0006 8604 01C0 02C0 5306 000000005000"},
        {0x7000, "8003DF8101 810101 860201C0 5303 414243"},
        {0x7001, "9F7906 000000006000 4F01AA"},
        {0x8000, "8001 05 8101 02 8202 0040 8301 01 8710 11223344556677888877665544332211"},
        {0x8000, "8002 0105 8101 02 8202 0200 8301 02 8401 03 8602 01C0 8710 "
                 "11223344556677888877665544332211"},
        {0x8000, "8001 06 8101 02 8202 0100 8710 11223344556677888877665544332211"},
        {0x8000, "8001 07 8101 01 8202 0001 8801 06 8908 9B1D924E05595603"},
        {0x8000, "8001 05 8301 09 8710 11223344556677888877665544332212"}, /* a new value */
        {0x8000, "8001 08 8101 20 8202 0010 8781 84" RSA_1024},
        {0x8000, "8001 09 8101 22 8202 0010 8720 " CURVE_VALUE},
        {0x8000, "8001 0A 8101 21 8202 0010 8B02 0020"}, /* made on the card */
        {0x8000, "8001 0B 8101 04 8202 0004 8B02 0000"},
        {0x8200, "8001 00 8101 01 8703 123456"},
        {0x8200, "8001 01 8101 02 8201 08 8301 08 8401 05 8501 02 8708 3132333435363738"},
        {0x8200, "8001 02 8101 01 8801 01 8604 03C0 04C0"},
    };
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        enum onecard_err err = dgi(groups[i].id, groups[i].data);
        if (err != ONECARD_OK)
            print_error("%04X %s: %s\n", groups[i].id, groups[i].data, onecard_err_text(err));
        assert_int_equal(err, ONECARD_OK);
        fixture_commit(&fx);
    }
    static const struct exchange reads[] = {
        {"00A4040001AA", "6F03 8401AA 9000", NULL},
        {"00B0950000", "01020304 9000", NULL},
        {"00B201C400", "00AA 9000", NULL},
        {"00B202C500", "0002 0001 9000", NULL},
        {"00A4040004 64660031", "6F06 840464660031 9000", NULL},
        {"00B0850000", "0000BEEF00000000 9000", NULL},
        {"00CA9F7900", "9F7906 000000006000 9000", NULL},
        {"00DA9F7906 000000007000", "9000", NULL},
        {"00DA9F7907 00000000700000", "6700", NULL},
        {"00CB3FFF055C03DF810100", "DF810103414243 9000", NULL},
        {"00CA004F00", "6982", "it was made without rules"},
        {"0020000003 123456", "9000", NULL},
        {"0020000108 3132333435363738", "9000", NULL},
        {"00200002", "6983", "no value yet"},
        {"002C020002 1234", "6982", NULL},
        {"002C020202 1234", "9000", NULL},
        {"0020000202 1234", "9000", NULL},
    };
    EXPECT_ALL(&fx, reads);
    const struct key_ref ref = {OWNER, 5, NULL}, second = {OWNER, 0x0105, NULL};
    struct key_info info;
    assert_int_equal(keys_info(&fx.keys, &ref, &info), ONECARD_OK);
    assert_int_equal(info.version, 9);
    assert_int_equal(info.usage, KEY_DERIVE);
    assert_int_equal(keys_info(&fx.keys, &second, &info), ONECARD_OK);
    assert_int_equal(info.tries_max, 3);
    static const struct {
        uint8_t number, algorithm;
        uint16_t size;
    } made[] = {
        {8, CRYPTO_RSA, 128}, {9, CRYPTO_SM2, 32}, {10, CRYPTO_P256, 32}, {11, CRYPTO_AES128, 16}};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        const struct key_ref one = {OWNER, made[i].number, NULL};
        assert_int_equal(keys_info(&fx.keys, &one, &info), ONECARD_OK);
        assert_int_equal(info.algorithm, made[i].algorithm);
        assert_int_equal(info.size, made[i].size);
    }
}

/* EMV CPS 8201 to 8205: the pieces of an RSA key, in any order, over several commits. */
static const struct {
    uint16_t id;
    const char *data;
} pieces[] = {
    {0x8205, RSA_1024_P},  {0x8204, RSA_1024_Q},       {0x8203, RSA_1024_DP},
    {0x8202, RSA_1024_DQ}, {0x8201, RSA_1024_INVERSE},
};

static void an_rsa_key_in_pieces(void **state) {
    (void)state;
    static const uint8_t orders[][5] = {{4, 3, 2, 1, 0}, {0, 1, 2, 3, 4}, {2, 0, 4, 1, 3}};
    uint8_t want[CRYPTO_PK_PUBLIC_MAX], got[CRYPTO_PK_PUBLIC_MAX];
    uint32_t len = sizeof want;
    assert_int_equal(dgi(0x8000, "8001 08 8101 20 8202 0010 8781 84" RSA_1024), ONECARD_OK);
    const struct key_ref whole = {OWNER, 8, NULL}, assembled = {OWNER, 9, NULL};
    assert_int_equal(keys_public(&fx.keys, &whole, want, &len), ONECARD_OK);
    assert_int_equal(dgi(pieces[0].id, pieces[0].data), ONECARD_E_NOT_FOUND); /* not begun */
    for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
        assert_int_equal(dgi(0x8000, "8001 63 8101 20 8202 0010 8C00"), ONECARD_OK); /* forgotten */
        assert_int_equal(dgi(0x8000, "8001 09 8101 20 8202 0010 8301 05 8401 03 8602 01C0 8C00"),
                         ONECARD_OK);
        for (size_t i = 0; i < 5; i++) {
            fixture_commit(&fx);
            fixture_tear(&fx); /* what came before lasts */
            enum onecard_err err = dgi(pieces[orders[o][i]].id, pieces[orders[o][i]].data);
            /* what is not needed may come when the key is there already */
            if (err != ONECARD_E_NOT_FOUND || orders[o][i] < 3)
                assert_int_equal(err, ONECARD_OK);
        }
        fixture_commit(&fx);
        struct key_info info;
        assert_int_equal(keys_info(&fx.keys, &assembled, &info), ONECARD_OK);
        assert_int_equal(info.version, 5);
        assert_int_equal(info.tries_max, 3);
        len = sizeof got;
        assert_int_equal(keys_public(&fx.keys, &assembled, got, &len), ONECARD_OK);
        assert_memory_equal(got, want, len);
        uint32_t size; /* nothing of the pieces is left (F7) */
        assert_int_equal(store_size(fx.store, STORE_NAME(OWNER, KEYS_KIND_PIECES, 0), &size),
                         ONECARD_E_NOT_FOUND);
        assert_int_equal(keys_delete(&fx.keys, OWNER, 9), ONECARD_OK);
    }
}

static void pieces_that_are_no_key(void **state) {
    (void)state;
    static const char begin[] = "8001 09 8101 20 8202 0010 8C00";
    assert_int_equal(dgi(0x8000, "8001 09 8101 22 8202 0010 8C00"), ONECARD_E_PARAM);
    assert_int_equal(dgi(0x8000, "8001 09 8101 20 8202 0000 8C00"), ONECARD_E_PARAM);
    assert_int_equal(dgi(0x8000, "8001 09 8101 20 8202 0010 8602 01C2 8C00"), ONECARD_E_FORMAT);
    assert_int_equal(dgi(0x8000, "8001 09 8C00"), ONECARD_E_FORMAT);
    assert_int_equal(dgi(0x8000, begin), ONECARD_OK);
    assert_int_equal(dgi(0x8205, ""), ONECARD_E_FORMAT);
    assert_int_equal(dgi(0x8205, RSA_1024_P), ONECARD_OK);
    assert_int_equal(dgi(0x8204, RSA_1024_Q "00"), ONECARD_E_FORMAT); /* another length */
    assert_int_equal(dgi(0x8204, RSA_1024_P), ONECARD_OK);            /* p twice */
    assert_int_equal(dgi(0x8203, RSA_1024_DP), ONECARD_E_FORMAT);
    assert_int_equal(dgi(0x8204, RSA_1024_Q), ONECARD_OK); /* q instead */
    assert_int_equal(dgi(0x8203, RSA_1024_INVERSE), ONECARD_E_FORMAT);
    assert_int_equal(dgi(0x8203, RSA_1024_DP), ONECARD_OK);
    assert_int_equal(dgi(0x8206, RSA_1024_P), ONECARD_E_UNSUPPORTED);
    /* every length up to the longest, and beyond */
    static char longer[2 * 140 + 1];
    for (size_t len = 1; len < 140; len++) {
        memset(longer, '0', 2 * len);
        longer[2 * len] = 0;
        assert_int_equal(dgi(0x8000, begin), ONECARD_OK);
        assert_int_equal(dgi(0x8205, longer), len > 128 ? ONECARD_E_FORMAT : ONECARD_OK);
        store_abort(fx.store);
    }
}

static void what_is_wrong(void **state) {
    (void)state;
    static const struct {
        uint16_t id;
        const char *data;
        enum onecard_err err;
    } table[] = {
        {0x6202, "00", ONECARD_E_UNSUPPORTED}, /* the applet's own */
        {0x0100, "00", ONECARD_E_UNSUPPORTED},
        {0x01FF, "00", ONECARD_E_UNSUPPORTED},
        {0x1F01, "00", ONECARD_E_UNSUPPORTED},
        {0x9102, "", ONECARD_E_UNSUPPORTED},
        {0x6200, "", ONECARD_E_FORMAT},
        {0x6200, "51023F", ONECARD_E_FORMAT},
        {0x6200, "5102DF01", ONECARD_E_NOT_FOUND},
        {0x6200, "5101DF", ONECARD_E_FORMAT},
        {0x6200, "5100", ONECARD_E_FORMAT},     /* nothing made */
        {0x6200, "5302AABB", ONECARD_E_FORMAT}, /* contents of nothing */
        {0x6200, "620B 80020002 820101 83020001 5303AABBCC", ONECARD_E_RANGE},
        {0x6200, "620B 80020002 820101 83020001 6200", ONECARD_E_FORMAT},
        {0x6200, "620B 80020002 820101 83020001 5400", ONECARD_E_FORMAT},
        {0x6201, "51020009 5301AA", ONECARD_E_NOT_FOUND},
        {0x0101, "AA", ONECARD_E_NOT_FOUND},
        {0x7000, "8002 9F79 8202 0001 5302AABB", ONECARD_E_TOO_BIG},
        {0x7000, "5302AABB", ONECARD_E_FORMAT},        /* no tag */
        {0x7000, "8001DF", ONECARD_E_FORMAT},          /* half a tag */
        {0x7000, "8001 5A 8001 5A", ONECARD_E_FORMAT}, /* twice */
        {0x7000, "8001 5A 8501 00", ONECARD_E_FORMAT}, /* no such field */
        {0x7000, "5301AA 8001 5A", ONECARD_E_FORMAT},  /* the value comes last */
        {0x7000, "8001 5A 8602 01C2", ONECARD_E_FORMAT},
        {0x7001, "5A", ONECARD_E_FORMAT},
        {0x8000, "8001 05", ONECARD_E_FORMAT}, /* no value */
        {0x8000, "8101 02 8202 0040 8710 11223344556677888877665544332211", ONECARD_E_FORMAT},
        {0x8000, "8001 05 8101 02 8202 0040 8708 1122334455667788", ONECARD_E_PARAM},
        {0x8000, "8001 05 8101 02 8202 0000 8710 11223344556677888877665544332211",
         ONECARD_E_PARAM},
        {0x8000, "8001 05 8301 02 8710 11223344556677888877665544332211", ONECARD_E_NOT_FOUND},
        {0x8000, "8001 05 8101 02 8202 0040 8910 11223344556677888877665544332211",
         ONECARD_E_FORMAT}, /* under which key? */
        {0x8000, "8001 05 8101 02 8202 0040 8801 63 8910 11223344556677888877665544332211",
         ONECARD_E_NOT_FOUND},
        {0x8000, "8001 05 8101 22 8202 0010 8B03 002000", ONECARD_E_FORMAT},
        {0x8000, "8001 05 8101 22 8202 0010 8B02 0021", ONECARD_E_PARAM},
        {0x8000, "8001 05 8101 20 8202 0010 8B06 0080 00000004", ONECARD_E_PARAM},
        {0x8000, "8001 05 8B02 0020", ONECARD_E_FORMAT}, /* what kind of key? */
        {0x8000, "8001 05 8101 22 8202 0010 8B02 0020 8720 " CURVE_VALUE, ONECARD_E_FORMAT},
        {0x8000,
         "8001 05 8101 22 8202 0010 871F 11223344556677888877665544332211"
         "112233445566778888776655443322",
         ONECARD_E_PARAM},
        {0x8000, "8001 05 8101 A2 8202 0020 8740 " CURVE_VALUE CURVE_VALUE, ONECARD_E_FORMAT},
        {0x8200, "8101 01 8702 1234", ONECARD_E_FORMAT},
        {0x8200, "8001 00 8101 01 8702 123F", ONECARD_E_RANGE},
        {0x8200, "8001 00 8101 01 8702 12AB", ONECARD_E_FORMAT},
        {0x8200, "8001 20 8101 01 8702 1234", ONECARD_E_PARAM},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        enum onecard_err err = dgi(table[i].id, table[i].data);
        if (err != table[i].err)
            print_error("%04X %s: %s\n", table[i].id, table[i].data, onecard_err_text(err));
        assert_int_equal(err, table[i].err);
        store_abort(fx.store);
    }
}

static void cutting_store_data(void **state) {
    (void)state;
    static const struct {
        const char *data;
        unsigned groups;
        enum onecard_err end;
    } table[] = {
        {"", 0, ONECARD_E_NOT_FOUND},
        {"0101 00", 1, ONECARD_E_NOT_FOUND},
        {"0101 02AABB 8000 FF0001CC", 2, ONECARD_E_NOT_FOUND},
        {"0101 02AA", 0, ONECARD_E_FORMAT},
        {"0101 00 01", 1, ONECARD_E_FORMAT},
        {"0101 00 0102", 1, ONECARD_E_FORMAT},
        {"8000 FF00", 0, ONECARD_E_FORMAT},
        {"8000 FF0002CC", 0, ONECARD_E_FORMAT},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint8_t bytes[32];
        const uint8_t *p = bytes, *value;
        uint32_t len = from_hex(bytes, sizeof bytes, table[i].data), value_len;
        uint16_t id;
        unsigned groups = 0;
        enum onecard_err err;
        while ((err = fs_perso_next(&p, &len, &id, &value, &value_len)) == ONECARD_OK)
            groups++;
        assert_int_equal(groups, table[i].groups);
        assert_int_equal(err, table[i].end);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {T(a_small_purse), T(an_rsa_key_in_pieces),
                                       T(pieces_that_are_no_key), T(what_is_wrong),
                                       T(cutting_store_data)};
    return cmocka_run_group_tests_name("fs_perso", tests, NULL, NULL);
}
