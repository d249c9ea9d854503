/* How a purse begins, and that it never begins again: a card in pre-issuance, STORE DATA by hand.
 */
#include "../../tools/onecard/cap_file.h"
#include "transit/fixture.h"

/* INSTALL [for load], LOAD, INSTALL [for install and make selectable]. */
static void put_applet(struct test_card *t) {
    struct cap cap;
    char path[300], text[2 * 250 + 20];
    const char *build = getenv("BUILD_DIR");
    snprintf(path, sizeof path, "%s/applets/transit.cap", build ? build : "build");
    assert_null(cap_read(path, &cap));
    EXPECT(t, "80E602000E 09A00000063201010550 00000000", "009000");
    for (size_t at = 0, n = 0; at < cap.load_file_len; n++) {
        size_t step = cap.load_file_len - at < 200 ? cap.load_file_len - at : 200;
        size_t head = n ? 0 : 4;
        int len = sprintf(text, "80E8%02X%02X%02X", at + step == cap.load_file_len ? 0x80 : 0,
                          (unsigned)n & 0xFF, (unsigned)(head + step));
        if (!n)
            len += sprintf(text + len, "C482%04X", (unsigned)cap.load_file_len);
        for (size_t i = 0; i < step; i++)
            len += sprintf(text + len, "%02X", cap.load_file[at + i]);
        at += step;
        EXPECT(t, text, at == cap.load_file_len ? "009000" : "9000");
    }
    cap_free(&cap);
    EXPECT(t,
           "80E60C0022 09A00000063201010550 08A000000632010105 08A000000632010105 0100 02C900 00",
           "009000");
}

static int setup_blank(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_blank(t);
    EXPECT(t, "00A4040000", "*9000");
    put_applet(t);
    *state = t;
    return 0;
}

/* INSTALL [for personalization], then one STORE DATA. */
static void store(struct test_card *t, const char *p1p2, const char *groups, const char *answer) {
    char command[600];
    uint8_t bytes[300];
    EXPECT(t, "00A4040000", "*9000");
    EXPECT(t, "80E620000E 0000 08A000000632010105 000000", "009000");
    sprintf(command, "80E2%s%02X%s", p1p2, (unsigned)hex(bytes, groups), groups);
    EXPECT(t, command, answer);
}

#define FILE_INFO "62000F 620D 8002001E 820101 83020015 8600"
#define FILE_LOG "62000F 620D 82050600 0017 0A 83020018 8600"
#define INFO_SHORT "62000F 620D 8002001D 820101 83020015 8600"

static void test_order(void **state) {
    struct test_card *t = *state;
    EXPECT(t, SELECT, "6985"); /* nobody can use it yet */
    EXPECT(t, "805C000204", "6985");
}

static void test_files_must_be_there(void **state) {
    struct test_card *t = *state;
    store(t, "8000", FILE_LOG, "6985");   /* without file 15; nothing stays of it */
    store(t, "8000", INFO_SHORT, "6985"); /* too short, and no log */
    store(t, "0000", FILE_INFO, "9000");
    store(t, "8001", "7000 08 8002DF01 53021234", "6985"); /* still no log */
    store(t, "0002", FILE_LOG, "9000");
    store(t, "8003", "7000 08 8002DF01 53021234", "6A80"); /* initial values of another length */
    EXPECT(t, SELECT, "6985");
}

static void test_once_for_ever(void **state) {
    struct test_card *t = *state;
    store(t, "0000", FILE_INFO, "9000");
    store(t, "8001", FILE_LOG, "9000");
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "805C000204", "00000000 9000"); /* without DF01: empty */
    EXPECT(t, "805C000104", "00000000 9000");
    static const char *const late[] = {
        "7000 21 8002DF01 531B 00001000 0000 0000 00001000 0000 0000 000000 7FFFFFFF 7FFFFFFF",
        "8000 1D 80020300 810102 82020040 8710 00000000000000000000000000000000",
        "8200 0B 800100 810101 8703 123456",
        "6201 09 51020F01 5303 FFFFFF",
    };
    for (unsigned i = 0; i < 4; i++) {
        store(t, "0000", late[i], "6985");
        store(t, "8000", late[i], "6985");
    }
    test_card_reopen(t);
    store(t, "8000", late[0], "6985");
    EXPECT(t, SELECT, "*9000");
    EXPECT(t, "805C000204", "00000000 9000");
    EXPECT(t, VERIFY, "6A88"); /* no PIN came in */
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, setup_blank, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {EACH(test_order), EACH(test_files_must_be_there),
                                       EACH(test_once_for_ever)};
    return cmocka_run_group_tests_name("transit, personalisation", tests, NULL, NULL);
}
