/* What the issuer may do to a purse, PINs, and who may do what to its files. */
#include "transit/fixture.h"

/* ---- PIN ---- */

static void test_verify(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "0020000003123456", "9000");
    EXPECT(t, "0020000008123456FFFFFFFFFF", "9000"); /* filled with F */
    EXPECT(t, "0020000003123457", "63C2");
    EXPECT(t, "805000020B 01 00000001" TERMINAL "00", "6982"); /* a wrong one takes it back */
    EXPECT(t, "00200000021234", "63C1");
    EXPECT(t, "0020000003123456", "9000"); /* and a right one gives the tries back */
    EXPECT(t, "0020000003123457", "63C2");
    EXPECT(t, "0020000003123457", "63C1");
    EXPECT(t, "0020000003123457", "6983");
    EXPECT(t, "0020000003123456", "6983");
    EXPECT(t, "002000000312345A", "6A80"); /* no PIN at all */
    test_card_reopen(t);
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "0020000003123456", "6983");
}

static void test_change_pin(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "805E010007 123456 FF 654321", "9000");
    EXPECT(t, "0020000003123456", "63C2");
    EXPECT(t, "0020000003654321", "9000");
    EXPECT(t, "805E010007 123456 FF 111111", "63C2");
    EXPECT(t, "805E010007 123456 FF 111111", "63C1");
    EXPECT(t, "805E01000A 654321FFFF FF 1234FFFF", "9000"); /* both filled with F */
    EXPECT(t, "00200000021234", "9000");
    EXPECT(t, "805E010004 1234 FF 12", "6A80"); /* too short */
    EXPECT(t, "805E010006 12345678 FF 12", "6A80");
    EXPECT(t, "805E010003 123412", "6A80"); /* no FF */
    EXPECT(t, "805E010003 1234FF", "6A80");
    EXPECT(t, "805E010003 FF1234", "6A80");
    EXPECT(t, "805E010001 12", "6700");
    EXPECT(t, "805E02000312FF12", "6A86");
    for (int i = 2; i >= 0; i--)
        assert_int_equal(send_status(t, "805E010006 123499 FF 5678"), i ? 0x63C0 + i : 0x6983);
    EXPECT(t, "805E010005 1234 FF 5678", "6983");
}

/* RELOAD PIN: the new PIN with a MAC under the folded key. */
static void reload(struct test_card *t, const char *pin, char command[64]) {
    uint8_t key[16], bytes[16], mac[4];
    hex(key, KEY_PIN_RELOAD);
    size_t len = hex(bytes, pin);
    terminal_folded_mac(key, bytes, len, mac);
    sprintf(command, "805E0000%02X%s%02X%02X%02X%02X", (unsigned)len + 4, pin, mac[0], mac[1],
            mac[2], mac[3]);
    (void)t;
}

static void test_reload_pin(void **state) {
    struct test_card *t = *state;
    char command[64];
    EXPECT(t, SELECT, "*9000");
    for (int i = 0; i < 3; i++)
        test_card_send(t, "0020000003000000");
    EXPECT(t, VERIFY, "6983");
    reload(t, "888888", command);
    EXPECT(t, command, "9000");
    EXPECT(t, VERIFY, "63C2");
    EXPECT(t, "0020000003888888", "9000");
    reload(t, "12", command);
    EXPECT(t, command, "6A80");
    EXPECT(t, "805E000004 00000000", "6700");
    EXPECT(t, "805E00000B 00000000000000 00000000", "6700");
    for (int i = 0; i < 3; i++)
        EXPECT(t, "805E000007 999999 00000000", "9302");
    reload(t, "999999", command);
    EXPECT(t, command, "6985"); /* the reload key is used up */
    EXPECT(t, "0020000003888888", "9000");
}

/* PIN UNBLOCK: length, PIN, 80.. in ECB, and a MAC. */
static unsigned unblock(struct test_card *t, const char *plain, const char *key) {
    uint8_t k[16], block[8];
    char command[64] = "8424000008";
    hex(k, KEY_PIN_UNBLOCK);
    hex(block, plain);
    terminal_tdes(k, block, block);
    for (int i = 0; i < 8; i++)
        sprintf(command + 10 + 2 * i, "%02X", block[i]);
    return send_secure(t, key, command);
}

static void test_pin_unblock(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    for (int i = 0; i < 3; i++)
        test_card_send(t, "0020000003000000");
    EXPECT(t, VERIFY, "6983");
    assert_int_equal(unblock(t, "03 222222 80000000", KEY_PIN_UNBLOCK), 0x9000);
    EXPECT(t, VERIFY, "63C2");
    EXPECT(t, "0020000003222222", "9000");
    assert_int_equal(unblock(t, "03 222222 00000000", KEY_PIN_UNBLOCK), 0x6A80); /* padding */
    assert_int_equal(unblock(t, "03 222222 80000001", KEY_PIN_UNBLOCK), 0x6A80);
    assert_int_equal(unblock(t, "08 222222 80000000", KEY_PIN_UNBLOCK), 0x6A80); /* length */
    assert_int_equal(unblock(t, "07 22222222222222", KEY_PIN_UNBLOCK), 0x6A80);  /* too long */
    assert_int_equal(unblock(t, "00 800000 00000000", KEY_PIN_UNBLOCK), 0x6A80);
    EXPECT(t, "8424000204 00000000", "6A86");
    EXPECT(t, "0024000006 222222 111111", "6D00"); /* CHANGE REFERENCE DATA is not a purse's */
    for (int i = 0; i < 3; i++)
        assert_int_equal(unblock(t, "03 222222 80000000", KEY_PIN_RELOAD), 0x6988);
    assert_int_equal(unblock(t, "03 222222 80000000", KEY_PIN_UNBLOCK), 0x6983);
}

/* ---- authentication ---- */

static void test_authenticate(void **state) {
    struct test_card *t = *state;
    uint8_t key[16], block[8], out[8];
    char command[64], answer[64];
    EXPECT(t, SELECT, "*9000");
    hex(key, "03030303030303030404040404040404");
    hex(block, "0011223344556677");
    terminal_tdes(key, block, out);
    for (int i = 0; i < 8; i++)
        sprintf(answer + 2 * i, "%02X", out[i]);
    strcat(answer, "9000");
    EXPECT(t, "0088000208001122334455667700", answer);
    EXPECT(t, "0082000108 0000000000000000", "6985"); /* no challenge */
    for (int size = 4; size <= 8; size += 4) {
        memset(block, 0, 8);
        sprintf(command, "00840000%02X", (unsigned)size);
        assert_int_equal(send_status(t, command), 0x9000);
        memcpy(block, t->response, (size_t)size);
        hex(key, "01010101010101010202020202020202");
        terminal_tdes(key, block, out);
        strcpy(command, "0082000108");
        for (int i = 0; i < 8; i++)
            sprintf(command + 10 + 2 * i, "%02X", out[i]);
        EXPECT(t, command, "9000");
    }
    EXPECT(t, "0084000008", "*9000");
    EXPECT(t, "0082000108 0000000000000000", "63C2");
    EXPECT(t, "0082000508 0000000000000000", "6A88");
    EXPECT(t, "0088000108001122334455667700", "6985"); /* not what that key is for */
    EXPECT(t, "0088010108001122334455667700", "6A86"); /* purse keys cannot be named */
}

/* ---- blocking ---- */

static void test_block(void **state) {
    struct test_card *t = *state;
    static const struct {
        const char *command, *answer;
    } rows[] = {
        {"805C000204", "00000064 9000"},
        {"00B095001E", "*9000"},
        {"805A0002020001", "*9000"},
        {VERIFY, "6985"},
        {"805001020B 01 00000001" TERMINAL "00", "6985"},
        {"805000020B 01 00000001" TERMINAL "00", "6985"},
        {"805E010007 123456 FF 654321", "6985"},
        {"00D6950001 00", "6985"},
        {"0082000108 0000000000000000", "6985"},
        {"80DC27D008 27017D0101000102", "6985"},
        {"84D6950004 00000000", "6985"},
    };
    EXPECT(t, SELECT, "*9000");
    load(t, 2, 100);
    EXPECT(t, "841E000004 00000000", "6984"); /* no challenge */
    assert_int_equal(send_secure(t, KEY_PIN_UNBLOCK, "841E000000"), 0x6988);
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "841E000000"), 0x9000);
    EXPECT(t, "805001020B 01 00000001" TERMINAL "00", "6985"); /* at once */
    EXPECT(t, SELECT, "*6283");
    assert_int_equal(t->response[0], 0x6F); /* with its FCI */
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        test_card_expect(t, rows[i].command, rows[i].answer, "blocked", (int)i);
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "8418000000"), 0x9000);
    EXPECT(t, "805001020B 01 00000001" TERMINAL "00", "*9000");
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, VERIFY, "9000");
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "841E000100"), 0x9000);
    EXPECT(t, "0084000008", "9303"); /* nothing brings it back */
    EXPECT(t, "8418000004 00000000", "9303");
    EXPECT(t, "841E000004 00000000", "9303");
    EXPECT(t, "00B095001E", "9303");
    EXPECT(t, SELECT, "9303");
    EXPECT(t, "805C000204", "6985"); /* nothing is selected */
    EXPECT(t, "0084000008", "6985");
    test_card_reopen(t);
    EXPECT(t, SELECT, "9303");
    EXPECT(t, "8418000004 00000000", "6985");
}

/* CARD BLOCK: the whole card, and only by the issuer. */
static void test_card_block(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "8416000004 00000000", "6984"); /* no challenge */
    EXPECT(t, "8416000104 00000000", "6A86");
    EXPECT(t, "8416000003 000000", "6700");
    assert_int_equal(send_secure(t, KEY_PIN_UNBLOCK, "8416000000"), 0x6988);
    EXPECT(t, SELECT, "*9000");
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "8416000000"), 0x9000);
    EXPECT(t, SELECT, "6A81");
    test_card_reopen(t);
    EXPECT(t, SELECT, "6A81");
    EXPECT(t, "00A4040000", "*6283");
}

/* ---- secure messaging and access rules ---- */

static void test_secure_updates(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04D6950804 AABBCCDD"), 0x9000);
    EXPECT(t, "00B0950804", "AABBCCDD 9000");
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "84D6950801 03"), 0x9000);
    EXPECT(t, "00B0950804", "03BBCCDD 9000");
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04DC02D408 27017D0000010000"), 0x9000);
    EXPECT(t, "00B202D400", "27017D0000010000 9000"); /* a variable record takes its new length */
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04D6980001 00"), 0x6981); /* no binary file */
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04DC01C401 00"), 0x6982); /* the log: never */
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04D6951E01 00"), 0x6B00);
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04D6890001 00"), 0x6A82);
    EXPECT(t, "04D6950803 000000", "6700"); /* not even a MAC */
    EXPECT(t, "04D6950804 00000000", "6984");
    EXPECT(t, "0084000010", "*9000"); /* a challenge of 16 bytes is not a purse's */
    EXPECT(t, "04D6950804 00000000", "6984");
    /* a MAC is good once, and for the command it came with */
    uint8_t key[16], challenge[8], command[40];
    hex(key, KEY_MAINTENANCE);
    assert_int_equal(send_status(t, "0084000004"), 0x9000);
    memcpy(challenge, t->response, 4);
    size_t len = hex(command, "04D6950801 77");
    len = terminal_secure(key, challenge, 4, command, len);
    command[3] ^= 1;
    send_bytes(t, command, len);
    assert_int_equal(status_of(t), 0x6988);
    command[3] ^= 1;
    send_bytes(t, command, len);
    assert_int_equal(status_of(t), 0x6984);
    /* F5: a wrong one takes back what was proven */
    EXPECT(t, VERIFY, "9000");
    EXPECT(t, "805000020B 01 00000001" TERMINAL "00", "*9000");
    assert_int_equal(send_secure(t, KEY_PIN_UNBLOCK, "04D6950801 66"), 0x6988);
    EXPECT(t, "805000020B 01 00000001" TERMINAL "00", "6982");
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04D6950801 03"), 0x9000);
    /* three wrong ones: the key is gone */
    assert_int_equal(send_secure(t, KEY_PIN_UNBLOCK, "04D6950801 66"), 0x6988);
    assert_int_equal(send_secure(t, KEY_PIN_UNBLOCK, "04D6950801 66"), 0x6988);
    assert_int_equal(send_secure(t, KEY_PIN_UNBLOCK, "04D6950801 66"), 0x6988);
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04D6950801 66"), 0x6983);
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "841E000000"), 0x6983);
    EXPECT(t, "00B0950801", "03 9000");
}

/* The data of an UPDATE enciphered: length, data, and 80 00.. if the last block is not full, in
 * ECB under the maintenance key. padded: as it is, to be wrong. */
static unsigned send_padded(struct test_card *t, const char *header, const char *padded) {
    uint8_t k[16], bytes[64];
    char command[160];
    hex(k, KEY_MAINTENANCE);
    const size_t len = hex(bytes, padded);
    int at = sprintf(command, "%s%02X", header, (unsigned)len);
    for (size_t i = 0; i + 8 <= len; i += 8)
        terminal_tdes(k, bytes + i, bytes + i);
    for (size_t i = 0; i < len; i++)
        at += sprintf(command + at, "%02X", bytes[i]);
    return send_secure(t, KEY_MAINTENANCE, command);
}

static unsigned send_enciphered(struct test_card *t, const char *header, const char *data) {
    char padded[160];
    uint8_t bytes[64];
    const size_t len = hex(bytes, data);
    int at = sprintf(padded, "%02X%s", (unsigned)len, data);
    for (size_t n = 1 + len; n % 8 != 0; n++)
        at += sprintf(padded + at, "%s", n == 1 + len ? "80" : "00");
    return send_padded(t, header, padded);
}

/* Files 0B and 0C want their contents enciphered, 0D the PIN as well. */
static void test_enciphered_updates(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "*9000");
    assert_int_equal(send_enciphered(t, "04D68B02", "AABBCC"), 0x9000);
    EXPECT(t, "00B08B0106", "00 AABBCC 0000 9000");
    assert_int_equal(send_enciphered(t, "84D68B00", "11223344556677"), 0x9000); /* a full block */
    assert_int_equal(send_enciphered(t, "84D68B20", "0102030405060708"), 0x9000);
    EXPECT(t, "00B08B0009", "11223344556677 0000 9000");
    EXPECT(t, "00B08B2008", "0102030405060708 9000");
    assert_int_equal(send_enciphered(t, "04DC0164", "0908070605"), 0x9000);
    EXPECT(t, "00B2016400", "0908070605 9000");
    /* a MAC alone is not enough, whatever the data look like */
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04D68B0003 AABBCC"), 0x6982);
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04D68B0008 0102030405060708"), 0x6982);
    /* lengths and padding */
    assert_int_equal(send_padded(t, "04D68B00", "0311111180000000"), 0x9000);
    assert_int_equal(send_padded(t, "04D68B00", "0922222280000000"), 0x6982);
    assert_int_equal(send_padded(t, "04D68B00", "0322222281000000"), 0x6982);
    assert_int_equal(send_padded(t, "04D68B00", "0322222280000001"), 0x6982);
    assert_int_equal(send_padded(t, "04D68B00", "03222222800000008000000000000000"), 0x6982);
    assert_int_equal(send_padded(t, "04D68B00", "03222222"), 0x6982);
    EXPECT(t, "00B08B0003", "111111 9000");
    assert_int_equal(send_enciphered(t, "04D68B26", "112233"), 0x6A84);
    /* encipherment opens no rule that asks for more */
    assert_int_equal(send_enciphered(t, "04D68D00", "112233"), 0x6982);
    EXPECT(t, VERIFY, "9000");
    assert_int_equal(send_enciphered(t, "04D68D00", "112233"), 0x9000);
    EXPECT(t, "00B08D0003", "112233 9000");
    assert_int_equal(send_enciphered(t, "04DC01C4", "00"), 0x6982); /* the log: never */
    /* where a MAC is enough the data are taken as they are */
    assert_int_equal(send_secure(t, KEY_MAINTENANCE, "04D6950808 0300000000000000"), 0x9000);
    EXPECT(t, "00B0950808", "0300000000000000 9000");
}

/* Who may do what: by SFI, with PIN and without. */
static void test_access(void **state) {
    struct test_card *t = *state;
    static const struct {
        const char *command, *answer;
    } rows[] = {
        {"00B095001E", "*9000"},
        {"00B0950000", "*9000"},
        {"00B097000B", "00000156 3100 2900 0001 00 9000"},
        {"00B201D400", "*9000"},
        {"00B201C417", "6A83"},
        {"00B201F430", "6A83"},
        {"00D6950001 00", "6982"},
        {"00D6970001 00", "6982"},
        {"00DC01D401 00", "6982"},
        {"00E200C017 0000000000000000000000000000000000000000000000", "6982"},
        {"00E200F001 00", "6982"},
        {"000E950000", "6982"},
        {"00A4000C023F00", "9000"},
        {"00A4000C020018", "9000"},
        {"00A40000020F01", "*9000"}, /* the purse's own file is there, and closed: */
        {"00B0000001", "6982"},
        {"00D6000001 00", "6982"},
        {"00E000000A 6208 82010183020099 00", "6982"},
        {"00E4000002 0015", "6982"},
        {"0044000002 0015", "6982"},
        {"00CADF0100", "6A88"}, /* initial values are gone */
        {"04B0950000", "6D00"},
        {"0CB0950000", "6E00"},
        {"80CA9F7F00", "6D00"},
    };
    EXPECT(t, SELECT, "*9000");
    for (int pin = 0; pin < 2; pin++) {
        for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
            test_card_expect(t, rows[i].command, rows[i].answer, pin ? "with PIN" : "without PIN",
                             (int)i);
        EXPECT(t, VERIFY, "9000");
    }
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        EACH(test_verify),      EACH(test_change_pin),     EACH(test_reload_pin),
        EACH(test_pin_unblock), EACH(test_authenticate),   EACH(test_block),
        EACH(test_card_block),  EACH(test_secure_updates), EACH(test_enciphered_updates),
        EACH(test_access),
    };
    return cmocka_run_group_tests_name("transit, issuer", tests, NULL, NULL);
}
