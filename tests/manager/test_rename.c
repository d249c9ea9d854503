/* The issuer's domain under another name: STORE DATA with tag 4F (GPCS 2.3.1 11.11.3.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/domains.h"

#define NAME "A00000025101"
#define NAMED AID_OF("\xA0\x00\x00\x02\x51\x01")
#define FCI "6F0F8406" NAME "A5059F65021000 9000"

static unsigned rename_to(struct test_card *t, struct gp_host *h, struct aid aid) {
    struct fields f = {.bytes = {0x4F}, .len = 1};
    fields_add(&f, aid.value, aid.len);
    return gp_send(t, h, 0xE2, 0x90, 0x00, f.bytes, f.len);
}

static void issuer_open(struct test_card *t, struct gp_host *h, uint8_t protocol) {
    EXPECT_SW(select_aid(t, NAMED), 0x9000);
    gp_default_keys(h, protocol, 16, protocol == 0x02 ? 0x20 : 0x30, 0x13);
    EXPECT_SW(gp_open(t, h), 0x9000);
}

static void expect_named(struct test_card *t) {
    EXPECT(t, "80CA006F00", FCI);             /* selected by default */
    EXPECT(t, "00A4040000", FCI);             /* without a name */
    EXPECT(t, "00A4040005A00000025100", FCI); /* by a beginning */
    EXPECT(t, "00A4040006" NAME "00", FCI);
    EXPECT(t, "00A4040008A00000015100000000", "6A82");
    EXPECT(t, "00A4040005A00000015100", "6A82");
    EXPECT(t, "00A4040007" NAME "0200", "6A82");
}

/* All that knows its name: FCI, SELECT, GET STATUS, associations, both protocols' challenges (which
 * are over the AID), the session that renamed it; after a reset and for ever. */
static void test_renamed(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    uint8_t aid[16];
    open_issuer(t, &h);
    EXPECT_SW(load_into(t, &h, hello, DOMAIN_AID), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(rename_to(t, &h, NAMED), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x9000);
    expect_data(&h, "E319 4F06" NAME " 9F70010F C5039EFE80 CC06" NAME,
                "GET STATUS, in the same session");
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F06F00102030401 5C01CC"), 0x9000);
    expect_data(&h, "E308 CC06" NAME, "what is associated with it");
    assert_int_equal(onecard_selected(t->card, aid), 6);
    for (int round = 0; round < 3; round++) {
        test_card_reopen(t);
        expect_named(t);
    }
    issuer_open(t, &h, 0x03);
    issuer_open(t, &h, 0x02);
    assert_int_equal(hello_count(t, ONE), 1);
    /* INSTALL [for load] names it by its new name alone */
    issuer_open(t, &h, 0x03);
    EXPECT_SW(load_into(t, &h, files, DOMAIN_AID), 0x6A88);
    EXPECT_SW(load_into(t, &h, files, NAMED), 0x9000);
    EXPECT_SW(gp_delete(t, &h, NAMED, false), 0x6A88);
    /* and back */
    EXPECT_SW(rename_to(t, &h, DOMAIN_AID), 0x9000);
    EXPECT_SW(select_aid(t, NAMED), 0x6A82);
    open_issuer(t, &h);
}

/* A name is nobody else's, of 5 to 16 bytes, and the issuer's domain alone gets one. */
static void test_refused(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    make_bank(t, "\x80\x40\x00", 3);
    open_issuer(t, &h);
    EXPECT_SW(load_into(t, &h, hello, DOMAIN_AID), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(rename_to(t, &h, BANK), 0x6A80);
    EXPECT_SW(rename_to(t, &h, ONE), 0x6A80);
    EXPECT_SW(rename_to(t, &h, hello->aid), 0x6A80);
    EXPECT_SW(rename_to(t, &h, AID_OF("\xA0\x00\x00\x01\x51\x53\x50")), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4F00"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4F04A0000001"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4F11A000000151000000A0000001510000000A"), 0x6A80);
    EXPECT_SW(rename_to(t, &h, DOMAIN_AID), 0x9000); /* its own is no other's */
    /* with something wrong behind it nothing of it is done (S1) */
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4F06" NAME "5F0100"), 0x6A80);
    EXPECT_SW(select_aid(t, NAMED), 0x6A82);
    open_bank(t, &h);
    EXPECT_SW(rename_to(t, &h, NAMED), 0x6A80);
    EXPECT(t, "80E29000084F06" NAME, "6982"); /* F6 */
    EXPECT_SW(select_aid(t, NAMED), 0x6A82);
}

/* The old name is free for others, the new one taken; several names in a row, of every length. */
static void test_names(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    struct aid aid = {.value = {0xA0, 0x00, 0x00, 0x02, 0x51, 0x01}};
    open_issuer(t, &h);
    EXPECT_SW(load_into(t, &h, hello, DOMAIN_AID), 0x9000);
    for (aid.len = 5; aid.len <= 16; aid.len++) {
        EXPECT_SW(rename_to(t, &h, aid), 0x9000);
        EXPECT_SW(install(t, &h, hello, aid), 0x6985);
        EXPECT_SW(make_domain(t, &h, aid, "\x80", 1), 0x6985);
    }
    EXPECT_SW(rename_to(t, &h, NAMED), 0x9000);
    EXPECT_SW(make_domain(t, &h, DOMAIN_AID, "\x80", 1), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(move(t, &h, ONE, DOMAIN_AID), 0x9000);
    EXPECT_SW(rename_to(t, &h, DOMAIN_AID), 0x6A80);
    EXPECT_SW(select_aid(t, DOMAIN_AID), 0x9000);
    EXPECT(t, "80CA2F0000", "2F0016 610A 4F08A000000151000000 6108 4F06F00102030401 9000");
}

/* A locked card still answers to the name (11.9.3). */
static void test_locked_card(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    open_issuer(t, &h);
    EXPECT_SW(rename_to(t, &h, NAMED), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F0807F", ""), 0x9000);
    EXPECT(t, "00A4040006" NAME "00", "*6283");
    EXPECT(t, "00A4040008A00000015100000000", "6A81");
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(test_renamed),
        EACH(test_refused),
        EACH(test_names),
        EACH(test_locked_card),
    };
    return cmocka_run_group_tests_name("rename", tests, NULL, NULL);
}
