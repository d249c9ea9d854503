/* GET STATUS with search criteria beside 4F (GPCS 2.3.1 11.4.2.3, table 11-36), and what a domain
 * with Global Registry sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/domains.h"

#define THREE AID_OF("\xF0\x01\x02\x03\x04\x03")

/* Two applications of the issuer's and one of the bank's, which may do all and has keys. */
static void fill(struct test_card *t, struct gp_host *h) {
    make_bank(t, "\x80\x40\x00", 3);
    open_issuer(t, h);
    EXPECT_SW(load_into(t, h, hello, DOMAIN_AID), 0x9000);
    EXPECT_SW(load_into(t, h, files, BANK), 0x9000);
    EXPECT_SW(install(t, h, hello, ONE), 0x9000);
    EXPECT_SW(install(t, h, files, TWO), 0x9000);
    EXPECT_SW(install(t, h, hello, THREE), 0x9000);
    EXPECT_SW(gp_send_hex(t, h, "F04080", "F00102030403"), 0x9000);
    EXPECT_SW(gp_send_hex(t, h, "E64000", "00 00 06F00102030401 0104 05EF03CF0141 00"), 0x9000);
}

static void test_criteria(void **state) {
    static const struct {
        const char *p1, *data, *found; /* last bytes of the AIDs; NULL: 6A80 */
    } rows[] = {
        {"40", "4F00", "01 01 02 03"}, /* the bank, then the three */
        {"40", "4F06F00102030401", "01"},
        {"40", "9F700107 4F00", "01 02"},
        {"40", "4F00 9F700187", "03"},
        {"40", "4F00 9F70010F", "01"}, /* the bank: it has keys */
        {"40", "4F00 C50180", "01"},
        {"40", "4F00 C50104", "01"},
        {"40", "4F00 C50184", ""},
        {"40", "4F00 C503804000", "01"},
        {"40", "4F00 C503002000", ""},
        {"40", "4F00 CC08A000000151000000", "01 01 03"},
        {"40", "4F00 CC06D15600000101", "02"},
        {"40", "4F00 CC02D156", "02"}, /* a beginning, as of 4F */
        {"40", "4F00 CC07D1560000010102", ""},
        {"40", "4F00 C40AF06F6E65636172640150", "01 03"},
        {"40", "4F00 C400", "01 02 03"}, /* the bank came from no file */
        {"40", "4F00 CF0141", "01"},
        {"40", "4F00 CF0142", ""},
        {"40", "4F00 CF0100", ""},
        {"40", "4F00 CE020100", ""}, /* of files alone */
        {"40", "4F00 8400", ""},
        {"40", "4F05F001020304 CC08A000000151000000 9F700107", "01"},
        {"40", "CC06D15600000101 5C014F 4F00", "02"},
        {"20", "4F00 CC06D15600000101", "50"},
        {"20", "4F00 CE0101", "50 50 50"},
        {"20", "4F00 CE020100", "50 50 50"},
        {"20", "4F00 CE0102", ""},
        {"20", "4F00 C50100", ""},
        {"20", "4F00 9F700101", "50 50 50"},
        {"10", "4F00 8409F06F6E656361726401", "50"},
        {"10", "4F00 8407A0000001515350", "50"},
        {"80", "4F06F00102030401", "00"}, /* ignored: there is one */
        {"80", "4F00 9F700107", "00"},
        {"40", "9F700107", NULL}, /* 4F is to be there */
        {"40", "4F00 9F70020707", NULL},
        {"40", "4F00 C500", NULL},
        {"40", "4F00 C5020000", NULL},
        {"40", "4F00 CF00", NULL},
        {"40", "4F00 CC11D15600000101D15600000101D156000001", NULL},
        {"40", "4F00 4200", NULL},
    };
    struct test_card *t = *state;
    struct gp_host h;
    fill(t, &h);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char header[7] = "F2", got[100] = "";
        strcat(strcat(header, rows[i].p1), "02");
        unsigned sw = gp_send_hex(t, &h, header, rows[i].data);
        for (size_t at = 0; sw == 0x9000 && at < h.len; at += 2u + h.data[at + 1])
            sprintf(got + strlen(got), *got ? " %02X" : "%02X", h.data[at + 3 + h.data[at + 3]]);
        const char *want = rows[i].found ? rows[i].found : "";
        unsigned want_sw = !rows[i].found ? 0x6A80 : *want ? 0x9000 : 0x6A88;
        if (sw != want_sw || strcmp(got, want))
            fail_msg("P1 %s %s: %04X %s instead of %s", rows[i].p1, rows[i].data, sw, got, want);
    }
}

/* What a domain sees: its own; all of it with Global Registry; without keys the same, through the
 * keys above. */
static void test_who_sees_what(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    fill(t, &h);
    open_bank(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "F22000", "4F00"), 0x9000);
    expect_data(&h, "0AF06F6E6563617264F150 01 00", "its own files");
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F00 CC08A000000151000000 5C014F"), 0x9000);
    expect_data(&h, "E308 4F06D15600000101", "itself is the issuer's");
    open_issuer(t, &h);
    EXPECT_SW(make_domain(t, &h, METRO, "\x80\x04\x00", 3), 0x9000);
    open_with(t, &h, METRO, 0x03, 0x00); /* with the issuer's keys */
    EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00 5C014F"), 0x9000);
    expect_data(&h, "E30A 4F08A000000151000000", "the issuer's domain");
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F00 CC06D15600000101 5C014F"), 0x9000);
    expect_data(&h, "E308 4F06F00102030402", "the bank's");
    EXPECT_SW(gp_send_hex(t, &h, "F22002", "4F07A0000001515350 5C014F"), 0x9000);
    open_issuer(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "E64000", "00 00 06D15600000102 03800000 00 00"), 0x9000);
    open_with(t, &h, METRO, 0x03, 0x00);
    EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F00 5C014F"), 0x9000);
    expect_data(&h, "E308 4F06D15600000102", "itself alone");
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {EACH(test_criteria), EACH(test_who_sees_what)};
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
