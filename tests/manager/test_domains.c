/* Supplementary security domains: a bank, a transit operator, an issuer; their keys, applications,
 * extradition, delegated management with tokens and receipts, DAP of load files. GPCS 2.3.1 7, 9,
 * appendix C (F2, F6). Signatures are OpenSSL's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/domains.h"

/* ---- what a domain is ---- */

static void test_a_domain(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    make_bank(t, "\x80", 1);
    EXPECT(t, "00A4040006D1560000010100", "6F0F8406D15600000101A5059F65021000 9000");
    EXPECT(t, "80CA00E000", "E012C00401018810C00402018810C00403018810 9000");
    EXPECT(t, "80CA9F7F00", "*9000");
    EXPECT(t, "80CA2F0000", "2F000A61084F06D15600000101 9000");
    /* only its own keys open it now */
    gp_default_keys(&h, 0x03, 16, 0x30, 0x01);
    EXPECT_SW(gp_open(t, &h), 0x6A88);
    open_bank(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F00"), 0x9000);
    expect_data(&h, "E31B 4F06D15600000101 9F70010F C503800000 CC08A000000151000000", "itself");
    EXPECT_SW(gp_send_hex(t, &h, "F22002", "4F00"), 0x6A88);
    /* without a privilege for it, it changes no content */
    EXPECT_SW(load_into(t, &h, hello, BANK), 0x6985);
    EXPECT_SW(install(t, &h, hello, ONE), 0x6985);
    EXPECT_SW(make_domain(t, &h, METRO, "\x80", 1), 0x6985);
    EXPECT_SW(move(t, &h, BANK, BANK), 0x6985);
    EXPECT_SW(gp_delete(t, &h, ONE, false), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "F0807F", ""), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "F080FF", ""), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "A000000151000000"), 0x6A88);
    /* but its keys and data are its own */
    EXPECT_SW(gp_send_hex(t, &h, "E29000", "4203AABBCC"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "CA0042", ""), 0x9000);
    expect_data(&h, "4203AABBCC", "its own");
    select_manager(t);
    EXPECT(t, "80CA004200", "6A88"); /* F2 */
    open_bank(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20101"), 0x9000);
    open_with(t, &h, BANK, 0x02, 0x20); /* the issuer's keys again, SCP02 as well */
}

/* What comes of the ways to make one. */
static void test_making_domains(void **state) {
    static const struct {
        const char *privileges;
        size_t len;
        unsigned sw;
    } rows[] = {
        {"\x00", 1, 0x6A80},         {"\x80", 1, 0x9000},         {"\xC0", 1, 0x9000},
        {"\xC1", 1, 0x9000},         {"\x81", 1, 0x6A80},         {"\xA0", 1, 0x9000},
        {"\x80\x40\x00", 3, 0x9000}, {"\xA0\x40\x00", 3, 0x6A80}, {"\x80\x3E\x80", 3, 0x9000},
        {"\x80\x01\x00", 3, 0x6A80}, {"\x80\x00\x40", 3, 0x6A80}, {"\x9E\x00\x00", 3, 0x9000},
        {"\x80\x40", 2, 0x9000},     {"\xA0\x40", 2, 0x6A80},
    };
    struct test_card *t = *state;
    struct gp_host h;
    open_issuer(t, &h);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned sw = make_domain(t, &h, BANK, rows[i].privileges, rows[i].len);
        if (sw != rows[i].sw)
            fail_msg("row %zu: %04X", i, sw);
        if (sw == 0x9000) {
            EXPECT_SW(make_domain(t, &h, BANK, "\x80", 1), 0x6985); /* taken */
            EXPECT_SW(gp_delete(t, &h, BANK, false), 0x9000);
        }
    }
    EXPECT_SW(make_domain(t, &h, AID_OF("\xA0\x00\x00\x01\x51\x53\x50"), "\x80", 1), 0x6985);
    EXPECT_SW(gp_delete(t, &h, AID_OF("\xA0\x00\x00\x01\x51\x53\x50"), true), 0x6A88);
    EXPECT_SW(gp_delete(t, &h, DOMAIN_AID, false), 0x6A88);
}

/* An application moves from the issuer to the bank: then it is the bank's, and personalised over
 * the bank's channel alone; the issuer can still lock and delete it (6.6.2.5, 6.6.2.7). */
static void test_extradition(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    make_bank(t, "\x80\x40\x00", 3);
    open_issuer(t, &h);
    EXPECT_SW(load_into(t, &h, files, DOMAIN_AID), 0x9000);
    EXPECT_SW(install(t, &h, files, ONE), 0x9000);
    EXPECT_SW(install(t, &h, files, TWO), 0x9000);
    EXPECT_SW(move(t, &h, ONE, METRO), 0x6A88);
    EXPECT_SW(move(t, &h, METRO, BANK), 0x6A88);
    EXPECT_SW(move(t, &h, ONE, BANK), 0x9000);
    EXPECT_SW(move(t, &h, ONE, BANK), 0x6985); /* it is not the issuer's any more */
    EXPECT_SW(move(t, &h, ONE, DOMAIN_AID), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F06F00102030401 5C024FCC"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F00102030401000000"), 0x6A88); /* F2 */
    open_bank(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F06F00102030402"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F00102030402000000"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F00102030401000000"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E28000",
                          "6200 17 6211 820101 83020001 80020004 8800 860201C0 5302 0A0B"),
              0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "F00102030402"), 0x6A88);
    EXPECT_SW(gp_delete(t, &h, TWO, false), 0x6A88);
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "F00102030401"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F04000", "F00102030401"), 0x9000);
    EXPECT_SW(gp_delete(t, &h, BANK, true), 0x6985); /* not itself */
    open_issuer(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "F00102030401"), 0x9000); /* global lock */
    EXPECT_SW(gp_send_hex(t, &h, "F04000", "F00102030401"), 0x9000);
    EXPECT_SW(gp_delete(t, &h, BANK, false), 0x6985); /* it has an application */
    EXPECT_SW(gp_delete(t, &h, BANK, true), 0x9000);  /* and with it */
    EXPECT_SW(select_aid(t, ONE), 0x6A82);
    EXPECT_SW(select_aid(t, BANK), 0x6A82);
    EXPECT_SW(select_aid(t, TWO), 0x9000);
    /* F7: a new domain of that name has none of the old one's keys */
    open_issuer(t, &h);
    EXPECT_SW(make_domain(t, &h, BANK, "\x80", 1), 0x9000);
    EXPECT_SW(select_aid(t, BANK), 0x9000);
    EXPECT(t, "80CA00E000", "E000 9000");
}

/* A domain with authorized management runs its own part of the card; one that was extradited to
 * itself is out of the issuer's reach but for the global privileges. */
static void test_authorized_management(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    make_bank(t, "\x80\x40\x00", 3);
    open_bank(t, &h);
    EXPECT_SW(load_into(t, &h, hello, BANK), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(make_domain(t, &h, METRO, "\x80", 1), 0x9000);
    EXPECT_SW(make_domain(t, &h, TWO, "\x80\x02\x00", 3),
              0x6A80); /* final: not the bank's to give */
    EXPECT_SW(move(t, &h, ONE, METRO), 0x9000);
    EXPECT_SW(move(t, &h, METRO, METRO), 0x6985); /* without keys nobody could open it any more */
    EXPECT_SW(select_aid(t, METRO), 0x9000);      /* the bank's open it */
    bank_keys(&h);
    EXPECT_SW(gp_open(t, &h), 0x9000);
    struct gp_host keys;
    bank_keys(&keys);
    memset(keys.enc, 0xC1, 16);
    EXPECT_SW(gp_put_keys(t, &h, false, 0, 0x88, &keys), 0x9000);
    open_bank(t, &h);
    EXPECT_SW(move(t, &h, METRO, METRO), 0x9000); /* its own root now */
    EXPECT_SW(gp_send_hex(t, &h, "F24000", "4F00"), 0x9000);
    expect_data(&h, "06D15600000101 0F 80", "the bank sees itself alone");
    EXPECT_SW(gp_delete(t, &h, ONE, false), 0x6A88);
    EXPECT_SW(gp_delete(t, &h, hello->aid, false), 0x6985);
    EXPECT_SW(select_aid(t, METRO), 0x9000);
    EXPECT_SW(gp_open(t, &keys), 0x9000);
    EXPECT_SW(gp_send_hex(t, &keys, "F24002", "4F06F00102030401"), 0x9000);
}

/* 9.3.6: an application belongs to the domain of its package, whoever installs it. One that has no
 * keys yet is SELECTABLE; the first whole set makes it PERSONALIZED (5.3.2.3). */
static void test_inheritance(void **state) {
    struct test_card *t = *state;
    struct gp_host h, keys;
    open_issuer(t, &h);
    EXPECT_SW(make_domain(t, &h, BANK, "\xC0", 1), 0x9000);
    open_with(t, &h, BANK, 0x03, 0x00);
    EXPECT_SW(gp_send_hex(t, &h, "F24000", "4F06D15600000101"), 0x9000);
    expect_data(&h, "06D15600000101 07 C0", "no keys");
    bank_keys(&keys);
    EXPECT_SW(gp_put_keys(t, &h, false, 2, 0x88, &keys), 0x6A88);
    EXPECT_SW(gp_put_keys(t, &h, false, 1, 0x88, &keys), 0x9000); /* those that it was lent */
    keys.version = 2;
    EXPECT_SW(gp_put_keys(t, &h, false, 2, 0x88, &keys), 0x6A88); /* it has some now */
    EXPECT_SW(gp_send_hex(t, &h, "F24000", "4F06D15600000101"), 0x9000);
    expect_data(&h, "06D15600000101 0F C0", "keys");
    open_bank(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20101"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F24000", "4F06D15600000101"), 0x9000);
    expect_data(&h, "06D15600000101 0F C0", "for good");
    open_issuer(t, &h);
    EXPECT_SW(make_domain(t, &h, METRO, "\x80", 1), 0x9000);
    EXPECT_SW(load_into(t, &h, hello, METRO), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F06F00102030401 5C024FCC"), 0x9000);
    expect_data(&h, "E310 4F06F00102030401 CC06D15600000102", "whose it is");
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F00102030401000000"), 0x6A88);
    /* 9.4.1: a package does not get past a domain's DAP by extradition */
    EXPECT_SW(load_into(t, &h, files, DOMAIN_AID), 0x9000);
    EXPECT_SW(move(t, &h, files->aid, BANK), 0x6985);
    EXPECT_SW(move(t, &h, files->aid, METRO), 0x9000);
}

/* Some clients leave the token's field out where there is none. */
static void test_no_token_field(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    struct fields f;
    make_bank(t, "\xA0", 1);
    open_issuer(t, &h);
    load_fields(&f, hello, DOMAIN_AID, NULL, 0);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x02, 0, f.bytes, f.len), 0x9000);
    EXPECT_SW(send_blocks(t, &h, hello->load.bytes, hello->load.len), 0x9000);
    install_fields(&f, hello, ONE);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x04, 0, f.bytes, f.len - 3), 0x6A80); /* nor more */
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x04, 0, f.bytes, f.len), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E60800", "000006F001020304010000"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "E62000", "000006F001020304010000"), 0x9000);
    move_fields(&f, ONE, BANK);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x10, 0, f.bytes, f.len), 0x9000);
    open_bank(t, &h); /* who needs one is refused without */
    move_fields(&f, ONE, DOMAIN_AID);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x10, 0, f.bytes, f.len), 0x6985);
}

/* Locking a domain, alone and with all below it; also while it is selected on another channel. */
static void test_locked_domain(void **state) {
    struct test_card *t = *state;
    struct gp_host h, bank;
    make_bank(t, "\x80\x40\x00", 3);
    open_bank(t, &h);
    EXPECT_SW(load_into(t, &h, hello, BANK), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F0400F", "D15600000101"), 0x9000); /* as it is, with its keys */
    EXPECT_SW(gp_send_hex(t, &h, "F04007", "D15600000101"), 0x6985); /* and no way back */
    EXPECT_SW(gp_send_hex(t, &h, "F04007", "F00102030401"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F0400F", "F00102030401"), 0x6985);
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "01A4040006D15600000101", "*9000");
    bank_keys(&bank);
    bank.channel = 1;
    EXPECT_SW(gp_open(t, &bank), 0x9000);
    open_issuer(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "F06080", "F00102030401"), 0x6A88); /* not a domain */
    EXPECT_SW(gp_send_hex(t, &h, "F04080", "D15600000101"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &bank, "F24002", "4F00"), 0x6982); /* its session is over */
    EXPECT_SW(select_aid(t, BANK), 0x6A82);
    assert_int_equal(hello_count(t, ONE), 1);
    open_issuer(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "F04000", "D15600000101"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &h, "F24000", "4F06D15600000101"), 0x9000);
    expect_data(&h, "06D15600000101 0F 80", "as it was");
    EXPECT_SW(gp_send_hex(t, &h, "F06080", "D15600000101"), 0x9000);
    assert_int_equal(hello_count(t, ONE), 0);
    open_issuer(t, &h);
    EXPECT_SW(gp_send_hex(t, &h, "F06000", "D15600000101"), 0x9000);
    assert_int_equal(hello_count(t, ONE), 2);
}

/* Commands too long for one are protected as a whole, then cut; P1 bit 8 in all parts but the last
 * (11.1.5.1): PUT KEY of RSA-2048, as clients send it. */
static unsigned send_in_parts(struct test_card *t, struct gp_host *h, uint8_t ins, uint8_t p1,
                              uint8_t p2, const void *data, size_t len) {
    uint8_t whole[700];
    size_t total = gp_wrap(h, ins, p1, p2, data, len, whole) - 2; /* extended Le */
    unsigned sw = 0;
    for (size_t at = 7; at < total; at += 255) {
        size_t step = total - at < 255 ? total - at : 255;
        bool last = at + step == total;
        uint8_t command[262] = {whole[0], ins, (uint8_t)(last ? p1 : p1 | 0x80), p2, (uint8_t)step};
        memcpy(command + 5, whole + at, step);
        command[5 + step] = 0;
        assert_int_equal(
            onecard_transmit(t->card, command, 6 + step, t->response, &t->response_len), 0);
        sw = (unsigned)t->response[t->response_len - 2] << 8 | t->response[t->response_len - 1];
        if (sw != 0x9000)
            break;
    }
    return sw;
}

static void test_parts(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    uint8_t data[300] = {0x70, 0xA1, 0x82, 0x01, 0x00};
    EVP_PKEY *key = rsa_key(2048);
    BIGNUM *n = NULL;
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n);
    BN_bn2bin(n, data + 5);
    BN_free(n);
    EVP_PKEY_free(key);
    memcpy(data + 261, "\xA0\x03\x01\x00\x01\x00", 6);
    for (int round = 0; round < 4; round++) {
        open_with(t, &h, DOMAIN_AID, round % 2 ? 0x02 : 0x03, round % 2 ? 0x20 : 0x30);
        h.r_mac = false;
        h.level = round < 2 ? 0x01 : 0x03;
        EXPECT_SW(gp_open(t, &h), 0x9000);
        EXPECT_SW(send_in_parts(t, &h, 0xD8, 0x00, 0x01, data, 267), 0x9000);
        EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20170"), 0x9000);
        /* another command between: the parts are forgotten, and so is the session's chain */
        EXPECT(t, "84D8800105 0102030405", "9000");
        EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x9000);
        EXPECT(t, "84D8800105 0102030405", "9000");
        EXPECT(t, "84D8000105 0102030405", "6982"); /* together they carry no right MAC */
        EXPECT_SW(gp_send_hex(t, &h, "F28002", "4F00"), 0x6982);
    }
    EXPECT(t, "84D8800105 0102030405",
           "6982"); /* F6: nothing is kept for those without a session */
}

/* A key on P-256 with all of the curve's parameters instead of its number (table 11-69). */
static void test_curve_by_parameters(void **state) {
#define P256_P "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"
#define P256_A "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC"
#define P256_B "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"
#define P256_X "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
#define P256_Y "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
#define P256_N "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"
#define POINT "B041 04" P256_X P256_Y
    static const struct {
        const char *data;
        unsigned sw;
    } rows[] = {
        {"70" POINT "B220" P256_P "B320" P256_A "B420" P256_B "B541 04" P256_X P256_Y "B620" P256_N
         "00",
         0x9000},
        {"70" POINT "B220" P256_P "B320" P256_A "B420" P256_B "B541 04" P256_X P256_Y "B620" P256_N
         "B70101 00",
         0x9000},
        {"70" POINT "B220" P256_P "B320" P256_A "B420" P256_A "B541 04" P256_X P256_Y "B620" P256_N
         "00",
         0x6A81}, /* another curve */
        {"70" POINT "B220" P256_P "00", 0x6A81},
        {"70" POINT "B411" P256_B "00", 0x6A81},
        {"70" POINT "B420", 0x6A80},
        {"70" POINT "F0 01 01 00", 0x6A81},
        {"70" POINT "F0 00 00", 0x6A81},
        {"70" POINT "00", 0x9000},
    };
    struct test_card *t = *state;
    struct gp_host h;
    open_issuer(t, &h);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned sw = gp_send_hex(t, &h, "D80001", rows[i].data);
        if (sw != rows[i].sw)
            fail_msg("row %zu: %04X", i, sw);
        if (sw != 0x9000)
            continue;
        assert_int_equal(h.len, 1);
        EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20170"), 0x9000);
    }
}

/* ---- DAP ---- */

/* Load with a hash and DAP blocks in front. */
static unsigned load_with_dap(struct test_card *t, struct gp_host *h, const struct package *p,
                              struct aid domain, const uint8_t *hash, size_t hash_len,
                              struct aid signer, const uint8_t *signature, size_t len) {
    static uint8_t file[70000];
    struct fields f;
    size_t at = 0;
    load_fields(&f, p, domain, hash, hash_len);
    fields_add(&f, NULL, 0);
    unsigned sw = gp_send(t, h, 0xE6, 0x02, 0, f.bytes, f.len);
    if (sw != 0x9000)
        return sw;
    if (signature) {
        size_t value = 2u + signer.len + (len > 127 ? len > 255 ? 4 : 3 : 2) + len;
        file[at++] = 0xE2;
        if (value > 255)
            file[at++] = 0x82, file[at++] = (uint8_t)(value >> 8);
        else if (value > 127)
            file[at++] = 0x81;
        file[at++] = (uint8_t)value;
        file[at++] = 0x4F;
        file[at++] = signer.len;
        memcpy(file + at, signer.value, signer.len);
        at += signer.len;
        file[at++] = 0xC3;
        if (len > 255)
            file[at++] = 0x82, file[at++] = (uint8_t)(len >> 8);
        else if (len > 127)
            file[at++] = 0x81;
        file[at++] = (uint8_t)len;
        memcpy(file + at, signature, len);
        at += len;
    }
    memcpy(file + at, p->load.bytes, p->load.len);
    return send_blocks(t, h, file, at + p->load.len);
}

static void remove_hello(struct test_card *t) {
    struct gp_host h;
    open_issuer(t, &h);
    EXPECT_SW(gp_delete(t, &h, hello->aid, true), 0x9000);
}

/* Each algorithm; right, and wrong in signature, hash and key. */
static void test_dap(void **state) {
    static const struct {
        enum how how;
        int bits;
        const char *hash;
    } rows[] = {{RSA_SHA1, 1024, "SHA1"},  {RSA_SHA256, 1024, "SHA256"},
                {RSA_PSS, 2048, "SHA256"}, {RSA_PSS, 2048, "SHA512"},
                {P256, 0, "SHA256"},       {P256, 0, "SHA384"},
                {SM2, 0, "SM3"},           {SM2, 0, "SHA256"}};
    struct test_card *t = *state;
    struct gp_host h;
    uint8_t hash[64], signature[300];
    make_bank(t, "\xC0", 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        EVP_PKEY *key = rows[i].bits ? rsa_key(rows[i].bits) : ec_key(rows[i].how == SM2);
        size_t hash_len = digest(rows[i].hash, hello, hash);
        size_t len = sign(key, rows[i].how, hash, hash_len, signature);
        open_issuer(t, &h); /* into the bank, before it has a key: the DAP cannot be right */
        EXPECT_SW(load_with_dap(t, &h, hello, BANK, hash, hash_len, BANK, signature, len), 0x6985);
        open_bank(t, &h);
        EXPECT_SW(put_public(t, &h, 0x73, key, rows[i].how == SM2), 0x9000);
        open_issuer(t, &h);
        EXPECT_SW(load_into(t, &h, hello, BANK), 0x6985); /* none */
        EXPECT_SW(load_with_dap(t, &h, hello, BANK, hash, hash_len, METRO, signature, len), 0x6985);
        signature[len - 1] ^= 1;
        EXPECT_SW(load_with_dap(t, &h, hello, BANK, hash, hash_len, BANK, signature, len), 0x6985);
        signature[len - 1] ^= 1;
        hash[0] ^= 1;
        EXPECT_SW(load_with_dap(t, &h, hello, BANK, hash, hash_len, BANK, signature, len), 0x6A80);
        hash[0] ^= 1;
        EXPECT_SW(load_with_dap(t, &h, hello, BANK, hash, hash_len, BANK, signature, len), 0x9000);
        remove_hello(t);
        /* elsewhere it need not be there, but has to be right if it is */
        open_issuer(t, &h);
        EXPECT_SW(load_into(t, &h, hello, DOMAIN_AID), 0x9000);
        remove_hello(t);
        open_issuer(t, &h);
        signature[0] ^= 1;
        EXPECT_SW(load_with_dap(t, &h, hello, DOMAIN_AID, hash, hash_len, BANK, signature, len),
                  0x6985);
        open_bank(t, &h);
        EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20173"), 0x9000);
        EVP_PKEY_free(key);
    }
}

/* An AES key makes MACs for DAPs; the mandated one is needed for every load. */
static void test_mandated_dap(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    uint8_t hash[64], mac[16], key[16], field[40];
    make_bank(t, "\xC1", 1);
    memset(key, 0x5A, sizeof key);
    size_t hash_len = digest("SHA256", hello, hash);
    gp_cmac(0x03, key, 16, hash, hash_len, mac);
    open_bank(t, &h);
    field[0] = 0x73;
    size_t len = 1 + gp_key_field(&h, 0x88, key, 16, field + 1);
    EXPECT_SW(gp_send(t, &h, 0xD8, 0x00, 0x01, field, len), 0x9000);
    open_issuer(t, &h);
    EXPECT_SW(load_into(t, &h, hello, DOMAIN_AID), 0x6985);
    EXPECT_SW(load_with_dap(t, &h, hello, DOMAIN_AID, hash, hash_len, BANK, mac, 8), 0x6985);
    mac[3] ^= 0x10;
    EXPECT_SW(load_with_dap(t, &h, hello, DOMAIN_AID, hash, hash_len, BANK, mac, 16), 0x6985);
    mac[3] ^= 0x10;
    EXPECT_SW(load_with_dap(t, &h, hello, DOMAIN_AID, hash, hash_len, BANK, mac, 16), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x9000);
    assert_int_equal(hello_count(t, ONE), 1);
}

/* ---- delegated management ---- */

/* Load, install, move and delete by a bank that may do so with the issuer's tokens. */
static void delegated(struct test_card *t, EVP_PKEY *key, enum how how, const uint8_t *receipts) {
    struct gp_host h;
    struct fields f;
    uint8_t hash[64];
    uint16_t counter = 0;
    size_t hash_len = digest("SHA256", hello, hash);
    open_bank(t, &h);
    EXPECT_SW(load_into(t, &h, hello, BANK), 0x6A80); /* no hash */
    load_fields(&f, hello, BANK, hash, hash_len);
    fields_add(&f, NULL, 0);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x02, 0, f.bytes, f.len), 0x6985); /* no token */
    load_fields(&f, hello, BANK, hash, hash_len);
    add_token(&f, 0x02, key, how);
    f.bytes[2] ^= 1; /* for another file */
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x02, 0, f.bytes, f.len), 0x6985);
    f.bytes[2] ^= 1;
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x02, 0, f.bytes, f.len), 0x9000);
    EXPECT_SW(send_blocks(t, &h, hello->load.bytes, hello->load.len), 0x9000);
    struct aid names[3] = {hello->aid, BANK};
    if (receipts)
        expect_receipt(&h, receipts, ++counter, names, 2);
    else
        assert_int_equal(h.len, 1);
    EXPECT_SW(install(t, &h, hello, ONE), 0x6985);
    install_fields(&f, hello, ONE);
    add_token(&f, 0x04, key, how); /* allows [for install] alone */
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x0C, 0, f.bytes, f.len), 0x6985);
    install_fields(&f, hello, ONE);
    add_token(&f, 0x0C, key, how);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x0C, 0, f.bytes, f.len), 0x9000);
    names[1] = ONE;
    if (receipts)
        expect_receipt(&h, receipts, ++counter, names, 2);
    EXPECT_SW(move(t, &h, ONE, DOMAIN_AID), 0x6985);
    move_fields(&f, ONE, DOMAIN_AID);
    add_token(&f, 0x10, key, how);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x10, 0, f.bytes, f.len), 0x9000);
    names[0] = BANK, names[1] = ONE, names[2] = DOMAIN_AID;
    if (receipts)
        expect_receipt(&h, receipts, ++counter, names, 3);
    assert_int_equal(hello_count(t, ONE), 1);
    open_issuer(t, &h);
    EXPECT_SW(gp_delete(t, &h, ONE, false), 0x9000);
    assert_int_equal(h.len, 1); /* nothing delegated in that */
    open_bank(t, &h);
    EXPECT_SW(gp_delete(t, &h, hello->aid, false), 0x9000);
    names[0] = hello->aid;
    if (receipts)
        expect_receipt(&h, receipts, ++counter, names, 1);
    if (receipts) {
        select_manager(t);
        EXPECT(t, "80CA00C200", "C2020004 9000");
    }
}

static void test_tokens(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    EVP_PKEY *keys[] = {rsa_key(1024), ec_key(false), ec_key(true)};
    static const enum how hows[] = {RSA_SHA1, P256, SM2};
    make_bank(t, "\xA0", 1);
    for (size_t i = 0; i < 3; i++) {
        open_issuer(t, &h);
        EXPECT_SW(put_public(t, &h, 0x70, keys[i], hows[i] == SM2), 0x9000);
        delegated(t, keys[i], hows[i], NULL);
        open_issuer(t, &h);
        EXPECT_SW(gp_send_hex(t, &h, "E40000", "D20170"), 0x9000);
        EVP_PKEY_free(keys[i]);
    }
}

/* Some clients write the length of a token as one byte, 80 for 128. What is signed is the same. */
static void test_token_length_in_one_byte(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    struct fields f;
    uint8_t hash[64];
    EVP_PKEY *key = rsa_key(1024);
    make_bank(t, "\xA0", 1);
    open_issuer(t, &h);
    EXPECT_SW(put_public(t, &h, 0x70, key, false), 0x9000);
    open_bank(t, &h);
    load_fields(&f, hello, BANK, hash, digest("SHA256", hello, hash));
    size_t before = f.len;
    add_token(&f, 0x02, key, RSA_SHA1);
    assert_int_equal(f.bytes[before], 0x81);
    memmove(f.bytes + before, f.bytes + before + 1, --f.len - before);
    f.bytes[2] ^= 1;
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x02, 0, f.bytes, f.len), 0x6985);
    f.bytes[2] ^= 1;
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x02, 0, f.bytes, f.len), 0x9000);
    EXPECT_SW(send_blocks(t, &h, hello->load.bytes, hello->load.len), 0x9000);
    EVP_PKEY_free(key);
}

static void test_receipts(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    EVP_PKEY *key = rsa_key(1024);
    uint8_t receipts[16], field[40] = {0x71};
    memset(receipts, 0x77, sizeof receipts);
    make_bank(t, "\xA0", 1);
    open_issuer(t, &h);
    EXPECT_SW(put_public(t, &h, 0x70, key, false), 0x9000);
    size_t len = 1 + gp_key_field(&h, 0x88, receipts, 16, field + 1);
    EXPECT_SW(gp_send(t, &h, 0xD8, 0x00, 0x01, field, len), 0x9000);
    delegated(t, key, RSA_SHA1, receipts);
    EVP_PKEY_free(key);
}

/* ---- an applet that is personalised by itself, over its domain's channel ---- */

#define DGI_FILE "6200 17 6211 820101 83020001 80020004 8800 860201C0 5302 0A0B"

static void personalise_by_itself(struct test_card *t, struct gp_host *h, uint8_t level) {
    h->level = level;
    EXPECT_SW(select_aid(t, ONE), 0x9000);
    EXPECT(t, "80E2000000", "6982"); /* no channel yet */
    EXPECT_SW(gp_open(t, h), 0x9000);
    EXPECT_SW(gp_send_hex(t, h, "100000", ""), 0x9000);
    assert_int_equal(h->len, 1);
    assert_int_equal(h->data[0], 0x80 | level);
    EXPECT_SW(gp_send_hex(t, h, "E20000", DGI_FILE), 0x9000);
    /* a key under the data key */
    uint8_t value[48] = {0x80, 0x01, 0x01, 0x81, 0x01, 0x04, 0x82, 0x02, 0x04, 0x01, 0x87, 0x10};
    uint8_t group[60] = {0x80, 0x00, 32};
    for (uint8_t i = 0; i < 16; i++)
        value[12 + i] = i;
    value[28] = 0x80;
    gp_encipher(h, value, group + 3, 32);
    EXPECT_SW(gp_send(t, h, 0xE2, 0xE0, 0x01, group, 35), 0x9000);
    EXPECT_SW(gp_send(t, h, 0xE2, 0xE0, 0x02, group, 34), 0x6A80);
    EXPECT_SW(gp_send_hex(t, h, "100000", ""), 0x9000);
    if (level & 0x01) { /* in plain: the channel is over, and what came through it is not */
        EXPECT(t, "8010000000", "6982");
        h->r_mac = false;
        EXPECT_SW(gp_send_hex(t, h, "100000", ""), 0x6982);
    }
    EXPECT_SW(select_aid(t, ONE), 0x9000);
    EXPECT(t, "8010000000", "00 9000"); /* F5 */
    EXPECT(t, "00A4000002000100", "*9000");
    EXPECT(t, "00B0000000", "0A0B0000 9000");
    EXPECT(t, "0088000110 00000000000000000000000000000000 00",
           "C6A13B37878F5B826F4F8162A1C8D879 9000");
}

static void test_applet_with_channel(void **state) {
    static const uint8_t levels[] = {0x00, 0x01, 0x03, 0x11, 0x13, 0x33};
    struct test_card *t = *state;
    struct gp_host h;
    open_issuer(t, &h);
    EXPECT_SW(load_into(t, &h, channel, DOMAIN_AID), 0x9000);
    for (size_t i = 0; i < 2 * sizeof levels; i++) {
        bool des = i % 2;
        if (des && levels[i / 2] == 0x33)
            continue;
        open_issuer(t, &h);
        EXPECT_SW(install(t, &h, channel, ONE), 0x9000);
        gp_default_keys(&h, des ? 0x02 : 0x03, 16, des ? 0x20 : 0x30, 0);
        personalise_by_itself(t, &h, levels[i / 2]);
        open_issuer(t, &h);
        EXPECT_SW(gp_delete(t, &h, ONE, false), 0x9000);
    }
    /* one that is the bank's asks for the bank's keys */
    make_bank(t, "\x80", 1);
    open_issuer(t, &h);
    EXPECT_SW(install(t, &h, channel, ONE), 0x9000);
    EXPECT_SW(move(t, &h, ONE, BANK), 0x9000);
    EXPECT_SW(select_aid(t, ONE), 0x9000);
    gp_default_keys(&h, 0x03, 16, 0x30, 0x01);
    EXPECT_SW(gp_open(t, &h), 0x6A88);
    bank_keys(&h);
    personalise_by_itself(t, &h, 0x13);
    /* a trap ends it */
    EXPECT_SW(gp_open(t, &h), 0x9000);
    h.r_mac = false;
    EXPECT_SW(gp_send_hex(t, &h, "120000", ""), 0x6F00);
    EXPECT_SW(gp_send_hex(t, &h, "100000", ""), 0x6985);
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(test_a_domain),
        EACH(test_making_domains),
        EACH(test_extradition),
        EACH(test_authorized_management),
        EACH(test_inheritance),
        EACH(test_no_token_field),
        EACH(test_locked_domain),
        EACH(test_parts),
        EACH(test_curve_by_parameters),
        EACH(test_dap),
        EACH(test_mandated_dap),
        EACH(test_tokens),
        EACH(test_token_length_in_one_byte),
        EACH(test_receipts),
        EACH(test_applet_with_channel),
    };
    return cmocka_run_group_tests_name("domains", tests, NULL, NULL);
}
