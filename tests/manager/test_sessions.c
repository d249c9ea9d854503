/* When a secure channel ends without having been asked: its keys are replaced or deleted, its
 * domain is locked, its application goes to another domain (F6; GPCS 2.3.1 5.3.2, 7.3.2, 11.8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/domains.h"

#define LIST "F24002", "4F00"

/* Select an application on channel 1 and open it there with those keys. */
static void open_beside(struct test_card *t, struct gp_host *h, struct aid aid,
                        void (*keys)(struct gp_host *h)) {
    uint8_t command[5 + AID_MAX] = {0x01, 0xA4, 0x04, 0x00, aid.len};
    memcpy(command + 5, aid.value, aid.len);
    assert_int_equal(
        onecard_transmit(t->card, command, 5u + aid.len, t->response, &t->response_len), 0);
    assert_int_equal(t->response[t->response_len - 2], 0x90);
    keys(h);
    h->channel = 1;
    EXPECT_SW(gp_open(t, h), 0x9000);
}

static void issuer_keys(struct gp_host *h) {
    gp_default_keys(h, 0x03, 16, 0x30, 0x13);
}

static void new_keys(struct gp_host *h, uint8_t version) {
    bank_keys(h);
    h->version = version;
    memset(h->enc, 0xC1, 16);
}

static void expect_over(struct test_card *t, struct gp_host *h) {
    EXPECT_SW(gp_send_hex(t, h, LIST), 0x6982);
}

/* Replaced in place, under another version, deleted: the session that did it goes on and deletes
 * the old version with it; others with those keys are over, others with other keys are not. */
static void test_keys_replaced(void **state) {
    struct test_card *t = *state;
    struct gp_host h, beside, keys;
    make_bank(t, "\x80", 1);
    EXPECT(t, "0070000001", "01 9000");
    open_bank(t, &h);
    open_beside(t, &beside, BANK, bank_keys);
    EXPECT_SW(gp_send_hex(t, &beside, LIST), 0x9000);
    new_keys(&keys, 0x02);
    EXPECT_SW(gp_put_keys(t, &h, false, 0, 0x88, &keys), 0x9000); /* beside the old ones */
    EXPECT_SW(gp_send_hex(t, &beside, LIST), 0x9000);
    new_keys(&keys, 0x01);
    EXPECT_SW(gp_put_keys(t, &h, false, 0x01, 0x88, &keys), 0x9000); /* in place */
    EXPECT_SW(gp_send_hex(t, &h, LIST), 0x9000);
    expect_over(t, &beside);
    EXPECT(t, "01A4040006D15600000101", "*9000");
    new_keys(&beside, 0x02);
    beside.channel = 1;
    EXPECT_SW(gp_open(t, &beside), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20101"), 0x9000); /* its own keys go */
    EXPECT_SW(gp_send_hex(t, &h, LIST), 0x9000);
    EXPECT_SW(gp_send_hex(t, &beside, LIST), 0x9000);
    new_keys(&keys, 0x03);
    EXPECT_SW(gp_put_keys(t, &h, false, 0x02, 0x88, &keys), 0x9000); /* under another version */
    expect_over(t, &beside);
    EXPECT_SW(gp_send_hex(t, &h, LIST), 0x9000);
    new_keys(&beside, 0x03);
    beside.channel = 1;
    EXPECT_SW(gp_open(t, &beside), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D00101D20103"),
              0x9000); /* one of the three is enough */
    expect_over(t, &beside);
}

/* A challenge from the old keys is no way in, and a key that opens nothing ends nothing. */
static void test_challenges_and_other_keys(void **state) {
    struct test_card *t = *state;
    struct gp_host h, beside, keys;
    uint8_t field[40] = {0x01};
    make_bank(t, "\x80", 1);
    EXPECT(t, "0070000001", "01 9000");
    open_bank(t, &h);
    open_beside(t, &beside, BANK, bank_keys);
    size_t len = 1 + gp_key_field(&h, 0x88, h.enc, 16, field + 1);
    EXPECT_SW(gp_send(t, &h, 0xD8, 0x00, 0x05, field, len), 0x9000); /* number 5, new */
    len = 1 + gp_key_field(&h, 0x88, h.mac, 16, field + 1);
    EXPECT_SW(gp_send(t, &h, 0xD8, 0x01, 0x05, field, len), 0x9000); /* and replaced */
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D00105D20101"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &beside, LIST), 0x9000);
    EXPECT_SW(gp_initialize(t, &beside), 0x9000);
    new_keys(&keys, 0x01);
    EXPECT_SW(gp_put_keys(t, &h, false, 0x01, 0x88, &keys), 0x9000);
    EXPECT_SW(gp_authenticate(t, &beside), 0x6985);
}

/* A refusal changes nothing. */
static void test_refused(void **state) {
    struct test_card *t = *state;
    struct gp_host h, beside;
    make_bank(t, "\x80", 1);
    EXPECT(t, "0070000001", "01 9000");
    open_bank(t, &h);
    open_beside(t, &beside, BANK, bank_keys);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20109"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "D80181", "01 88 00"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &beside, LIST), 0x9000);
    open_issuer(t, &h); /* its last way in cannot be deleted */
    open_beside(t, &beside, DOMAIN_AID, issuer_keys);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D00101"), 0x6985);
    EXPECT_SW(gp_send_hex(t, &beside, LIST), 0x9000);
}

/* The first keys of its own end what was opened with those above (7.3.2), but not the session that
 * brings them; a load that was under way on the other channel is over, too. */
static void test_first_keys(void **state) {
    struct test_card *t = *state;
    struct gp_host h, beside, keys;
    struct fields f;
    open_issuer(t, &h);
    EXPECT_SW(make_domain(t, &h, BANK, "\x80\x40\x00", 3), 0x9000);
    EXPECT(t, "0070000001", "01 9000");
    open_beside(t, &beside, BANK, issuer_keys);
    load_fields(&f, hello, BANK, NULL, 0);
    fields_add(&f, NULL, 0);
    EXPECT_SW(gp_send(t, &beside, 0xE6, 0x02, 0, f.bytes, f.len), 0x9000);
    EXPECT_SW(gp_send(t, &beside, 0xE8, 0x00, 0, hello->load.bytes, 100), 0x9000);
    EXPECT_SW(select_aid(t, BANK), 0x9000);
    issuer_keys(&h);
    EXPECT_SW(gp_open(t, &h), 0x9000);
    bank_keys(&keys);
    EXPECT_SW(gp_put_keys(t, &h, false, 0, 0x88, &keys), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, LIST), 0x9000);
    EXPECT_SW(gp_send(t, &beside, 0xE8, 0x00, 1, hello->load.bytes + 100, 100), 0x6982);
    open_beside(t, &beside, BANK, bank_keys);
    EXPECT_SW(gp_send(t, &beside, 0xE8, 0x00, 1, hello->load.bytes + 100, 100), 0x6985);
}

static void channel_keys(struct gp_host *h) {
    bank_keys(h);
    h->level = 0x01;
}

/* An application of the bank's opens no channel while the bank is locked, and what it had is over;
 * so it is for a domain without keys below. The application itself goes on. */
static void test_locked_domain(void **state) {
    struct test_card *t = *state;
    struct gp_host h, beside;
    make_bank(t, "\x80\x40\x00", 3);
    open_bank(t, &h);
    EXPECT_SW(load_into(t, &h, channel, BANK), 0x9000);
    EXPECT_SW(install(t, &h, channel, ONE), 0x9000);
    EXPECT_SW(make_domain(t, &h, METRO, "\x80", 1), 0x9000);
    EXPECT(t, "0070000001", "01 9000");
    open_beside(t, &beside, ONE, channel_keys);
    EXPECT_SW(gp_send_hex(t, &beside, "100000", ""), 0x9000);
    open_issuer(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "D15600000101"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &beside, "100000", ""), 0x6982);
    EXPECT(t, "8110000000", "00 9000"); /* it is there, without a channel */
    EXPECT_SW(gp_initialize(t, &beside), 0x6985);
    EXPECT(t, "01A4040006D15600000102", "*9000");
    EXPECT_SW(gp_initialize(t, &beside), 0x6985);
    EXPECT(t, "01A4040006D15600000101", "6A82");
    EXPECT_SW(gp_send_hex(t, &h, "F04000", "D15600000101"), 0x9000);
    EXPECT_SW(gp_open(t, &beside), 0x9000);
    open_beside(t, &beside, ONE, channel_keys);
    EXPECT_SW(gp_send_hex(t, &beside, "100000", ""), 0x9000);
    /* the whole of it, while its session has only been challenged */
    EXPECT_SW(gp_initialize(t, &beside), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F06080", "D15600000101"), 0x9000);
    EXPECT_SW(gp_authenticate(t, &beside), 0x6985);
}

/* A domain that locks itself answers under the session that asked for it, and nothing after. */
static void test_locks_itself(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    make_bank(t, "\x80\x40\x00", 3);
    open_bank(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "D15600000101"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F04000", "D15600000101"), 0x6982);
    EXPECT_SW(gp_initialize(t, &h), 0x6985);
    EXPECT(t, "80CA00E000", "*9000"); /* it is still selected, and says what anybody may know */
}

/* What goes to the bank is opened with the bank's keys, at once. */
static void test_moved(void **state) {
    struct test_card *t = *state;
    struct gp_host h, beside;
    make_bank(t, "\x80", 1);
    open_issuer(t, &h);
    EXPECT_SW(load_into(t, &h, channel, DOMAIN_AID), 0x9000);
    EXPECT_SW(install(t, &h, channel, ONE), 0x9000);
    EXPECT_SW(install(t, &h, channel, TWO), 0x9000);
    EXPECT(t, "0070000001", "01 9000");
    open_beside(t, &beside, ONE, issuer_keys);
    EXPECT_SW(move(t, &h, TWO, BANK), 0x9000);
    EXPECT_SW(gp_send_hex(t, &beside, "100000", ""), 0x9000);
    EXPECT_SW(move(t, &h, ONE, BANK), 0x9000);
    EXPECT_SW(gp_send_hex(t, &beside, "100000", ""), 0x6982);
    open_beside(t, &beside, ONE, channel_keys);
    EXPECT_SW(gp_send_hex(t, &beside, "100000", ""), 0x9000);
}

/* The domain goes, with its application: nothing is selected there any more, no key is left. */
static void test_deleted(void **state) {
    struct test_card *t = *state;
    struct gp_host h, beside, third;
    make_bank(t, "\x80\x40\x00", 3);
    open_bank(t, &h);
    EXPECT_SW(load_into(t, &h, channel, BANK), 0x9000);
    EXPECT_SW(install(t, &h, channel, ONE), 0x9000);
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "0070000002", "02 9000");
    open_beside(t, &beside, BANK, bank_keys);
    EXPECT(t, "02A4040006F00102030401", "*9000");
    channel_keys(&third);
    third.channel = 2;
    EXPECT_SW(gp_open(t, &third), 0x9000);
    open_issuer(t, &h);
    EXPECT_SW(gp_delete(t, &h, BANK, true), 0x9000);
    EXPECT_SW(gp_send_hex(t, &beside, LIST), 0x6985);
    EXPECT_SW(gp_send_hex(t, &third, "100000", ""), 0x6985);
    EXPECT_SW(gp_initialize(t, &beside), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, LIST), 0x6A88);
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(test_keys_replaced), EACH(test_challenges_and_other_keys),
        EACH(test_refused),       EACH(test_first_keys),
        EACH(test_locked_domain), EACH(test_locks_itself),
        EACH(test_moved),         EACH(test_deleted),
    };
    return cmocka_run_group_tests_name("sessions", tests, NULL, NULL);
}
