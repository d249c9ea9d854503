/* The combined Load, Install and Make Selectable process (GPCS 2.3.1 9.3.8, 11.5.2.1, 11.5.2.2): a
 * first INSTALL with P1 P2 0E 01, the load file, a last INSTALL with 0E 03. All of it is on the
 * card when the last one is answered 9000, and nothing of it before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/domains.h"

static unsigned first(struct test_card *t, struct gp_host *h, const struct package *p,
                      struct aid domain, const uint8_t *hash, size_t hash_len) {
    struct fields f;
    load_fields(&f, p, domain, hash, hash_len);
    fields_add(&f, NULL, 0);
    return gp_send(t, h, 0xE6, 0x0E, 0x01, f.bytes, f.len);
}

static unsigned blocks(struct test_card *t, struct gp_host *h, const struct package *p) {
    return send_blocks(t, h, p->load.bytes, p->load.len);
}

static unsigned last(struct test_card *t, struct gp_host *h, const struct package *p,
                     struct aid instance) {
    struct fields f;
    install_fields(&f, p, instance);
    fields_add(&f, NULL, 0);
    return gp_send(t, h, 0xE6, 0x0E, 0x03, f.bytes, f.len);
}

static void expect_nothing(struct test_card *t, struct gp_host *h) {
    EXPECT_SW(gp_send_hex(t, h, "F24002", "4F00"), 0x6A88);
    EXPECT_SW(gp_send_hex(t, h, "F22002", "4F0AF06F6E65636172640150"), 0x6A88);
}

/* The package is there when the last INSTALL says so, not when its blocks have come. */
static void test_whole(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    open_issuer(t, &h);
    EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
    expect_data(&h, "00", "nothing to confirm yet");
    EXPECT_SW(blocks(t, &h, hello), 0x9000);
    expect_data(&h, "00", "nor now");
    expect_nothing(t, &h);
    EXPECT_SW(gp_delete(t, &h, hello->aid, false), 0x6A88); /* there is none */
    EXPECT_SW(last(t, &h, hello, ONE), 0x9000);
    expect_data(&h, "00", "it was not delegated");
    EXPECT_SW(gp_send_hex(t, &h, "F24000", "4F00"), 0x9000);
    expect_data(&h, "06F00102030401 07 00", "selectable");
    assert_int_equal(hello_count(t, ONE), 1);
    test_card_reopen(t);
    assert_int_equal(hello_count(t, ONE), 2);
    /* one more instance of it, and the package may go, like any other */
    open_issuer(t, &h);
    EXPECT_SW(install(t, &h, hello, TWO), 0x9000);
    EXPECT_SW(gp_delete(t, &h, hello->aid, true), 0x9000);
    /* the last INSTALL need not name the package once more */
    struct fields f = {.len = 0};
    EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
    EXPECT_SW(blocks(t, &h, hello), 0x9000);
    fields_add(&f, NULL, 0);
    fields_add(&f, hello->applet.value, hello->applet.len);
    fields_add(&f, ONE.value, ONE.len);
    fields_add(&f, "\x04", 1); /* selected by default */
    fields_add(&f, "\xC9", 2);
    fields_add(&f, NULL, 0);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x0E, 0x03, f.bytes, f.len), 0x9000);
    test_card_reopen(t);
    EXPECT(t, "8040000004", "*9000");
}

/* P1 and P2 go together. */
static void test_parameters(void **state) {
    static const uint8_t wrong[][2] = {{0x0E, 0x00}, {0x0E, 0x02}, {0x0E, 0x04}, {0x02, 0x01},
                                       {0x0C, 0x03}, {0x06, 0x01}, {0x06, 0x00}, {0x0A, 0x01}};
    struct test_card *t = *state;
    struct gp_host h;
    struct fields f;
    open_issuer(t, &h);
    load_fields(&f, hello, DOMAIN_AID, NULL, 0);
    fields_add(&f, NULL, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        EXPECT_SW(gp_send(t, &h, 0xE6, wrong[i][0], wrong[i][1], f.bytes, f.len), 0x6A86);
    EXPECT_SW(gp_send_hex(t, &h, "E60E01", "00"), 0x6A80);
    EXPECT_SW(gp_send_hex(t, &h, "E60E01", ""), 0x6700);
    f.len--; /* a token of its own the first one has not: one stands for all, in the last (C.4.7) */
    fields_add(&f, "12345678", 8);
    EXPECT_SW(gp_send(t, &h, 0xE6, 0x0E, 0x01, f.bytes, f.len), 0x6A80);
}

/* Out of order: the process is over, and nothing of it is left. */
static void test_order(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    open_issuer(t, &h);
    struct content before = content_now(t);
    EXPECT_SW(last(t, &h, hello, ONE), 0x6985); /* without a first one */
    EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
    EXPECT_SW(last(t, &h, hello, ONE), 0x6985); /* without blocks */
    EXPECT_SW(blocks(t, &h, hello), 0x6985);
    EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
    EXPECT_SW(gp_send(t, &h, 0xE8, 0, 0, hello->load.bytes, 100), 0x9000);
    EXPECT_SW(last(t, &h, hello, ONE), 0x6985); /* in the middle of them */
    EXPECT_SW(install(t, &h, hello, ONE), 0x6A88);
    EXPECT_CONTENT(t, &before);
    /* another INSTALL than the last one */
    EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
    EXPECT_SW(blocks(t, &h, hello), 0x9000);
    EXPECT_SW(install(t, &h, hello, ONE), 0x6A88);
    EXPECT_CONTENT(t, &before);
    EXPECT_SW(last(t, &h, hello, ONE), 0x6985);
    /* twice the last one */
    EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
    EXPECT_SW(blocks(t, &h, hello), 0x9000);
    EXPECT_SW(gp_send(t, &h, 0xE8, 0x80, 0, hello->load.bytes, 100), 0x6985);
    EXPECT_SW(last(t, &h, hello, ONE), 0x9000);
    EXPECT_SW(last(t, &h, hello, TWO), 0x6985);
    EXPECT_SW(gp_send_hex(t, &h, "F24002", "4F06F00102030401"), 0x9000);
    /* a second process with the same package */
    EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x6985);
    EXPECT_SW(gp_delete(t, &h, hello->aid, true), 0x9000);
    EXPECT_CONTENT(t, &before);
}

/* What the last INSTALL refuses takes the package along. */
static void test_last_refused(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    struct fields f;
    open_issuer(t, &h);
    EXPECT_SW(load_into(t, &h, files, DOMAIN_AID), 0x9000);
    struct content before = content_now(t);
    static const struct {
        struct aid package, module, instance;
        const char *privileges;
        unsigned sw;
    } rows[] = {
        {{5, "\xF0\x01\x02\x03\x04"}, {0, ""}, {0, ""}, "", 0x6A88},
        {{0, ""}, {5, "\xF0\x01\x02\x03\x04"}, {0, ""}, "", 0x6A88},
        {{0, ""}, {0, ""}, {8, ISD_AID}, "", 0x6985},
        {{0, ""}, {0, ""}, {4, "\xF0\x01\x02\x03"}, "", 0x6A80},
        {{0, ""}, {0, ""}, {0, ""}, "\x80", 0x6A80},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
        EXPECT_SW(blocks(t, &h, hello), 0x9000);
        const struct aid package = rows[i].package.len ? rows[i].package : hello->aid;
        const struct aid module = rows[i].module.len ? rows[i].module : hello->applet;
        const struct aid instance = rows[i].instance.len ? rows[i].instance : ONE;
        f.len = 0;
        fields_add(&f, package.value, package.len);
        fields_add(&f, module.value, module.len);
        fields_add(&f, instance.value, instance.len);
        fields_add(&f, rows[i].privileges, 1);
        fields_add(&f, "\xC9", 2);
        fields_add(&f, NULL, 0);
        EXPECT_SW(gp_send(t, &h, 0xE6, 0x0E, 0x03, f.bytes, f.len), rows[i].sw);
        EXPECT_CONTENT(t, &before);
    }
    /* another package than the one that was loaded; the applet's own refusal */
    EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
    EXPECT_SW(blocks(t, &h, hello), 0x9000);
    EXPECT_SW(last(t, &h, files, ONE), 0x6A88);
    EXPECT_CONTENT(t, &before);
}

/* SELECT, a new session, a power cut, another channel's INSTALL: it is abandoned. Commands that
 * have nothing to do with it are not in its way. */
static void test_abandoned(void **state) {
    struct test_card *t = *state;
    struct gp_host h, beside;
    open_issuer(t, &h);
    struct content before = content_now(t);
    for (int how = 0; how < 5; how++) {
        EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
        EXPECT_SW(blocks(t, &h, hello), 0x9000);
        if (how == 0)
            EXPECT_SW(select_aid(t, DOMAIN_AID), 0x9000);
        if (how == 1)
            test_card_reopen(t);
        if (how == 2) { /* a reset without a power cut of the whole machine */
            uint8_t atr[ONECARD_ATR_MAX];
            onecard_power_on(t->card, atr);
        }
        if (how == 3) /* a command in plain ends the session */
            EXPECT(t, "80F24000024F00", "6982");
        open_issuer(t, &h);
        EXPECT_SW(last(t, &h, hello, ONE), 0x6985);
        expect_nothing(t, &h);
        EXPECT_CONTENT(t, &before);
    }
    EXPECT(t, "0070000001", "01 9000");
    EXPECT(t, "01A4040008A000000151000000", "*9000");
    gp_default_keys(&beside, 0x03, 16, 0x30, 0x13);
    beside.channel = 1;
    EXPECT_SW(gp_open(t, &beside), 0x9000);
    EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
    EXPECT_SW(blocks(t, &h, hello), 0x9000);
    EXPECT_SW(gp_send_hex(t, &beside, "E29000", "DF0001AA"), 0x9000);
    EXPECT_SW(gp_send_hex(t, &beside, "F04080", "F00102030401"), 0x6A88);
    EXPECT_SW(last(t, &beside, hello, ONE), 0x6985); /* it is not that one's to end */
    EXPECT_SW(last(t, &h, hello, ONE), 0x6985);
    EXPECT_SW(first(t, &h, hello, DOMAIN_AID, NULL, 0), 0x9000);
    EXPECT_SW(blocks(t, &h, hello), 0x9000);
    EXPECT_SW(gp_send_hex(t, &beside, "E29000", "DF0001AB"), 0x9000);
    EXPECT_SW(last(t, &h, hello, ONE), 0x9000);
    assert_int_equal(hello_count(t, ONE), 1);
}

/* Delegated: a hash in the first command, one token for both in the last (C.4.7), one receipt. */
static void test_delegated(void **state) {
    struct test_card *t = *state;
    struct gp_host h;
    struct fields f;
    uint8_t hash[64], receipts[16], field[40] = {0x71}, data[600], token[300];
    EVP_PKEY *key = rsa_key(1024);
    size_t hash_len = digest("SHA256", hello, hash);
    memset(receipts, 0x77, sizeof receipts);
    make_bank(t, "\xA0", 1);
    open_issuer(t, &h);
    EXPECT_SW(put_public(t, &h, 0x70, key, false), 0x9000);
    size_t len = 1 + gp_key_field(&h, 0x88, receipts, 16, field + 1);
    EXPECT_SW(gp_send(t, &h, 0xD8, 0x00, 0x01, field, len), 0x9000);
    open_bank(t, &h);
    EXPECT_SW(first(t, &h, hello, BANK, NULL, 0), 0x6A80); /* no hash */
    for (int round = 0; round < 4; round++) {
        EXPECT_SW(first(t, &h, hello, BANK, hash, hash_len), 0x9000);
        EXPECT_SW(blocks(t, &h, hello), 0x9000);
        load_fields(&f, hello, BANK, hash, hash_len);
        data[0] = 0x0E, data[1] = 0x01, data[2] = (uint8_t)f.len;
        memcpy(data + 3, f.bytes, f.len);
        size_t at = 3 + f.len;
        data[8] ^= (uint8_t)(round == 1); /* for another file */
        install_fields(&f, hello, ONE);
        data[at] = 0x0E, data[at + 1] = 0x03, data[at + 2] = (uint8_t)f.len;
        memcpy(data + at + 3, f.bytes, f.len);
        /* none, another first command, the last command alone, the right one */
        const uint8_t *from = round == 2 ? data + at : data;
        size_t token_len =
            round ? sign(key, RSA_SHA1, from, (size_t)(data + at + 3 + f.len - from), token) : 0;
        if (token_len > 127)
            f.bytes[f.len++] = 0x81;
        f.bytes[f.len++] = (uint8_t)token_len;
        memcpy(f.bytes + f.len, token, token_len);
        f.len += token_len;
        EXPECT_SW(gp_send(t, &h, 0xE6, 0x0E, 0x03, f.bytes, f.len), round == 3 ? 0x9000 : 0x6985);
    }
    const struct aid names[2] = {hello->aid, ONE};
    expect_receipt(&h, receipts, 1, names, 2);
    assert_int_equal(hello_count(t, ONE), 1);
    EVP_PKEY_free(key);
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(test_whole),        EACH(test_parameters), EACH(test_order),
        EACH(test_last_refused), EACH(test_abandoned),  EACH(test_delegated),
    };
    return cmocka_run_group_tests_name("combined", tests, NULL, NULL);
}
