/* What a domain lets others do with what is its own, and what a registry update is confirmed with;
 * a domain that is personalised through the one that it is associated with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/domains.h"

/* A domain with C9 81 02 03 70, then these parameters. */
static unsigned make_with(struct test_card *t, struct gp_host *h, struct aid aid,
                          const char *privileges, size_t len, const char *policies,
                          size_t policies_len) {
    char parameters[40] = "\xC9";
    parameters[1] = (char)(4 + policies_len);
    memcpy(parameters + 2, "\x81\x02\x03\x70", 4);
    memcpy(parameters + 6, policies, policies_len);
    return make_domain_with(t, h, aid, privileges, len, parameters, 6 + policies_len);
}

/* The bank with its keys, made by the issuer. */
static void bank_with(struct test_card *t, const char *privileges, size_t len, const char *policies,
                      size_t policies_len) {
    struct gp_host h, keys;
    open_issuer(t, &h);
    EXPECT_SW(make_with(t, &h, BANK, privileges, len, policies, policies_len), 0x9000);
    open_with(t, &h, BANK, 0x03, 0x00);
    bank_keys(&keys);
    EXPECT_SW(gp_put_keys(t, &h, false, 0, 0x88, &keys), 0x9000);
}

/* Parameters that are malformed are refused, and nothing is made. */
static void test_malformed(void **state) {
    static const struct {
        const char *policies;
        size_t len;
        unsigned sw;
    } rows[] = {
        {"\x82\x01\x20\x83\x01\x20\x87\x01\x20", 9, 0x9000},
        {"\x82\x02\x20\x20\x87\x02\xF0\xF0", 8, 0x9000}, /* as one client has it */
        {"\x82\x02\x20\x21", 4, 0x6A80},
        {"\x82\x00", 2, 0x6A80},
        {"\x87\x03\x20\x20\x20", 5, 0x6A80},
        {"\x87\x02\x20", 3, 0x6A80},
    };
    struct test_card *t = *state;
    struct gp_host h;
    open_issuer(t, &h);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned sw = make_with(t, &h, BANK, "\x80", 1, rows[i].policies, rows[i].len);
        if (sw != rows[i].sw)
            fail_msg("row %zu: %04X", i, sw);
        EXPECT_SW(gp_delete(t, &h, BANK, false), sw == 0x9000 ? 0x9000 : 0x6A88);
    }
}

/* 87: who else extradites away. Nothing stated: nobody. */
static void test_away(void **state) {
    static const struct {
        const char *policies;
        size_t len;
        unsigned sw; /* for the issuer, who is above and has Authorized Management */
    } rows[] = {
        {"", 0, 0x6985},
        {"\x87\x01\x00", 3, 0x6985},
        {"\x87\x01\x08", 3, 0x6985}, /* delegated, which it is not */
        {"\x87\x01\x20", 3, 0x9000},
        {"\x87\x01\x80", 3, 0x9000},
        {"\x87\x01\x40", 3, 0x9000},
        {"\x87\x01\x10", 3, 0x9000},
        {"\x82\x01\xFF", 3, 0x6985}, /* the other policy */
    };
    struct test_card *t = *state;
    struct gp_host h;
    open_issuer(t, &h);
    EXPECT_SW(load_into(t, &h, hello, DOMAIN_AID), 0x9000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
        EXPECT_SW(make_with(t, &h, BANK, "\x80", 1, rows[i].policies, rows[i].len), 0x9000);
        EXPECT_SW(move(t, &h, ONE, BANK), 0x9000);
        unsigned sw = move(t, &h, ONE, DOMAIN_AID);
        if (sw != rows[i].sw)
            fail_msg("row %zu: %04X", i, sw);
        EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F00102030401000000"),
                  sw == 0x9000 ? 0x9000 : 0x6A88); /* whose it is now */
        EXPECT_SW(gp_delete(t, &h, ONE, false), 0x9000);
        EXPECT_SW(gp_delete(t, &h, BANK, false), 0x9000);
        /* F7: a domain of that name later has no policy of the old one */
    }
}

/* 82: who extradites to it. Nothing stated: whoever may give the thing away. */
static void test_here(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    bank_with(t, "\x80\x40\x00", 3, "", 0);
    open_issuer(t, &h);
    EXPECT_SW(make_with(t, &h, METRO, "\x80", 1, "\x82\x01\x20", 3), 0x9000);
    EXPECT_SW(load_into(t, &h, hello, DOMAIN_AID), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(install(t, &h, hello, TWO), 0x9000);
    EXPECT_SW(move(t, &h, ONE, BANK), 0x9000);
    EXPECT_SW(move(t, &h, TWO, METRO), 0x9000); /* the issuer may */
    open_bank(t, &h);
    EXPECT_SW(move(t, &h, ONE, METRO), 0x6985); /* the bank may not */
    open_issuer(t, &h);
    EXPECT_SW(gp_delete(t, &h, METRO, true), 0x9000);
    EXPECT_SW(make_with(t, &h, METRO, "\x80", 1, "\x82\x01\x10", 3), 0x9000);
    open_bank(t, &h); /* any with Authorized Management */
    EXPECT_SW(move(t, &h, ONE, METRO), 0x9000);
    open_issuer(t, &h);
    EXPECT_SW(gp_delete(t, &h, METRO, true), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(make_with(t, &h, METRO, "\x80", 1, "\x82\x01\x00", 3), 0x9000);
    EXPECT_SW(move(t, &h, ONE, METRO), 0x6985); /* nobody */
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F00102030401000000"), 0x9000);
}

/* 83: who deletes what is its own. Without it the domains above do; Global Delete is above all. */
static void test_delete(void **state) {
    struct test_card *t = *state;
    struct gp_host h, keys;
    bank_with(t, "\x80\x40\x00", 3, "", 0);
    open_bank(t, &h);
    EXPECT_SW(load_into(t, &h, hello, BANK), 0x9000);
    EXPECT_SW(make_with(t, &h, METRO, "\x80", 1, "\x83\x01\x00", 3), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(install(t, &h, hello, TWO), 0x9000);
    EXPECT_SW(move(t, &h, ONE, METRO), 0x9000);
    EXPECT_SW(gp_delete(t, &h, ONE, false), 0x6A88);
    EXPECT_SW(gp_delete(t, &h, TWO, false), 0x9000);
    EXPECT_SW(gp_delete(t, &h, hello->aid, false), 0x6985); /* an instance is left */
    open_issuer(t, &h);
    EXPECT_SW(gp_delete(t, &h, ONE, false), 0x9000);
    EXPECT_SW(gp_delete(t, &h, METRO, false), 0x9000);
    /* one that is its own root lets the bank, which has Authorized Management, delete */
    open_bank(t, &h);
    EXPECT_SW(make_with(t, &h, METRO, "\x80", 1, "\x84\x01\x10\x87\x01\x30", 6), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(move(t, &h, ONE, METRO), 0x9000);
    EXPECT_SW(select_aid(t, METRO), 0x9000);
    bank_keys(&h);
    EXPECT_SW(gp_open(t, &h), 0x9000);
    bank_keys(&keys);
    memset(keys.enc, 0xC1, 16);
    EXPECT_SW(gp_put_keys(t, &h, false, 0, 0x88, &keys), 0x9000);
    open_bank(t, &h);
    EXPECT_SW(move(t, &h, METRO, METRO), 0x9000);
    EXPECT_SW(gp_delete(t, &h, METRO, true), 0x6A88); /* not itself, only what it has */
    EXPECT_SW(move(t, &h, METRO, BANK), 0x6985);      /* nor is it taken back */
    EXPECT_SW(move(t, &h, ONE, BANK), 0x9000);
    EXPECT_SW(move(t, &h, ONE, METRO), 0x9000);
    EXPECT_SW(gp_delete(t, &h, ONE, false), 0x9000);
    open_issuer(t, &h);
    EXPECT_SW(move(t, &h, METRO, DOMAIN_AID), 0x6985);
}

/* A receipt of a registry update covers old domain, application, new domain, privileges and
 * parameters (C.5). */
static void test_registry_update(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    struct fields f;
    EVP_PKEY *key = rsa_key(1024);
    uint8_t receipts[16], field[40] = {0x71};
    struct aid names[3] = {BANK, ONE, BANK};
    memset(receipts, 0x77, sizeof receipts);
    bank_with(t, "\xA0", 1, "\x87\x01\x20", 3);
    open_issuer(t, &h);
    EXPECT_SW(put_public(t, &h, 0x70, key, false), 0x9000);
    size_t len = 1 + gp_key_field(&h, 0x88, receipts, 16, field + 1);
    EXPECT_SW(gp_send(t, &h, 0xD8, 0x00, 0x01, field, len), 0x9000);
    EXPECT_SW(load_into(t, &h, hello, DOMAIN_AID), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(move(t, &h, ONE, BANK), 0x9000);
    open_bank(t, &h);
    for (int twice = 0; twice < 2; twice++) {
        struct fields update = {.len = 0};
        fields_add(&update, BANK.value, twice ? BANK.len : 0);
        fields_add(&update, NULL, 0);
        fields_add(&update, ONE.value, ONE.len);
        fields_add(&update, "\x10", 1);
        fields_add(&update, "\xEF\x03\xCF\x01\x40", twice ? 5 : 0);
        f = update;
        fields_add(&f, NULL, 0);
        EXPECT_SW(gp_send(t, &h, 0xE6, 0x40, 0, f.bytes, f.len), 0x6985); /* no token */
        f = update;
        add_token(&f, 0x40, key, RSA_SHA1);
        EXPECT_SW(gp_send(t, &h, 0xE6, 0x40, 0, f.bytes, f.len), 0x9000);
        expect_receipt_with(&h, receipts, (uint16_t)(1 + twice), names, 3,
                            twice ? "\x01\x10\x05\xEF\x03\xCF\x01\x40" : "\x01\x10\x00",
                            twice ? 8 : 3);
    }
    /* with a move in it */
    struct fields update = {.len = 0};
    fields_add(&update, DOMAIN_AID.value, DOMAIN_AID.len);
    fields_add(&update, NULL, 0);
    fields_add(&update, ONE.value, ONE.len);
    fields_add(&update, NULL, 0);
    fields_add(&update, NULL, 0);
    add_token(&update, 0x40, key, RSA_SHA1);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x40, 0, update.bytes, update.len), 0x9000);
    names[2] = DOMAIN_AID;
    expect_receipt_with(&h, receipts, 3, names, 3, "\0\0", 2);
    EVP_PKEY_free(key);
}

/* INSTALL [for personalization] of a domain: STORE DATA goes to it, through the domain that it is
 * associated with; and to that one itself. */
static void test_personalised_domain(void **state) {
    struct test_card *t = *state;
    struct gp_host h, keys;
    open_issuer(t, &h);
    EXPECT_SW(make_with(t, &h, BANK, "\x80", 1, "", 0), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006D15600000101000000"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E21000", "42031122"), 0x9000); /* in two blocks */
    EXPECT_SW(gp_send_hex(t, &h, "E29001", "33"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4203445566"), 0x9000); /* its own again */
    EXPECT_SW(gp_send_hex(t, &h, "CA0042", ""), 0x9000);
    expect_data(&h, "4203445566", "the issuer's");
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000008A000000151000000000000"), 0x9000); /* itself */
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4203AABBCC"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "CA0042", ""), 0x9000);
    expect_data(&h, "4203AABBCC", "the issuer's");
    /* enciphered under the sender's data key; a fault ends it and stores nothing */
    uint8_t plain[16] = {0x45, 0x02, 0x12, 0x34, 0x80}, group[19] = {0x00, 0x70, 16};
    gp_encipher(&h, plain, group + 3, 16);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006D15600000101000000"), 0x9000);
    EXPECT_SW(gp_send(t, &h, 0xE2, 0xE8, 0x00, group, sizeof group), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006D15600000101000000"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4203778899 E000"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006D15600000101000000"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E29001", "4203778899"), 0x6A86); /* begins with block 0 */
    EXPECT_SW(gp_send_hex(t, &h, "CA0042", ""), 0x9000);
    expect_data(&h, "4203AABBCC", "the issuer's");
    /* F2: not another's */
    EXPECT_SW(make_with(t, &h, METRO, "\x80", 1, "", 0), 0x9000);
    open_with(t, &h, BANK, 0x03, 0x00);
    bank_keys(&keys);
    EXPECT_SW(gp_put_keys(t, &h, false, 0, 0x88, &keys), 0x9000);
    open_bank(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "CA0042", ""), 0x9000);
    expect_data(&h, "4203112233", "the bank's");
    EXPECT_SW(gp_send_hex(t, &h, "CA0045", ""), 0x9000);
    expect_data(&h, "45021234", "the bank's");
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006D15600000102000000"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000008A000000151000000000000"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006D15600000101000000"), 0x9000); /* itself */
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4203010203"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "CA0042", ""), 0x9000);
    expect_data(&h, "4203010203", "the bank's");
    /* F2: one that has keys is nobody else's any more, be it that it gets them meanwhile */
    open_issuer(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006D15600000101000000"), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006D15600000102000000"), 0x9000);
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "01A4040006D15600000102", "*9000");
    struct gp_host other;
    gp_default_keys(&other, 0x03, 16, 0x00, 0x13);
    other.channel = 1;
    EXPECT_SW(gp_open(t, &other), 0x9000);
    EXPECT_SW(gp_put_keys(t, &other, false, 0, 0x88, &keys), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4203778899"), 0x6985);
    /* a locked one is not personalised, nor one that is locked meanwhile */
    EXPECT_SW(make_with(t, &h, ONE, "\x80", 1, "", 0), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F00102030401000000"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "F00102030401"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4203778899"), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F00102030401000000"), 0x6985);
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(test_malformed),
        EACH(test_away),
        EACH(test_here),
        EACH(test_delete),
        EACH(test_registry_update),
        EACH(test_personalised_domain),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
