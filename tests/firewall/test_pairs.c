/* Asymmetric keys through the door: two instances of an applet sign, verify, encipher, agree on
 * keys and give keys away, each through host calls only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/rsa_keys.h"
#include "support/card.h"

#define ALICE "00A404000AF06F6E6563617264FD0100"
#define BOB "00A404000AF06F6E6563617264FD0200"

/* The call's arguments, as the applet takes them. */
#define SLOT(n) "0001000" #n
#define MESSAGE "0007 61747461636B21"

static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_make(t, "test/pairs.yaml");
    *state = t;
    return 0;
}

static int teardown(void **state) {
    test_card_free(*state);
    free(*state);
    return 0;
}

/* Sends a call (extended length); returns the answer's hex without the status word. */
static const char *call(struct test_card *t, unsigned ins, const char *format, ...) {
    static char data[4000], command[4100];
    va_list args;
    size_t len = 0;
    va_start(args, format);
    vsnprintf(data, sizeof data, format, args);
    va_end(args);
    for (const char *p = data; *p; p++)
        if (*p != ' ')
            data[len++] = *p;
    data[len] = 0;
    snprintf(command, sizeof command, "80%02X000000%04X%s0000", ins, (unsigned)(len / 2), data);
    char *answer = (char *)(uintptr_t)test_card_send(t, command);
    const size_t n = strlen(answer);
    if (n < 12 || strcmp(answer + n - 4, "9000"))
        fail_msg("%.60s answered %s", command, answer);
    answer[n - 4] = 0;
    return answer;
}

static int32_t result_of(const char *answer) {
    unsigned v;
    assert_int_equal(sscanf(answer, "%8x", &v), 1);
    return (int32_t)v;
}

#define CALL(t, ins, ...) result_of(call(t, ins, __VA_ARGS__))

/* The bytes that a call wrote: with their length in front, ready to be an argument. */
static void keep(char *out, size_t size, const char *answer) {
    assert_in_range(result_of(answer), 0, 2000);
    snprintf(out, size, "%04X%s", (unsigned)(strlen(answer) - 8) / 2, answer + 8);
}

enum { CREATE = 0x21, IMPORT, INFO, MAC, DELETE };
enum { GENERATE = 83, PUBLIC, LOAD, SIGN, VERIFY, ENCRYPT, DECRYPT, AGREE, WRAP, SM2_DIGEST };

static void make_rsa(struct test_card *t, const char *usage) {
    assert_int_equal(CALL(t, CREATE, "00000001 0005 20 01 %s 00 %04X %s", usage,
                          (unsigned)strlen(RSA_1024) / 2, RSA_1024),
                     0);
}

/* Each kind signs; the other side checks with the public key alone. */
static void test_signatures(void **state) {
    struct test_card *t = *state;
    static const struct {
        const char *spec; /* usage: sign */
        const char *algorithm, *how, *wrong_how;
        unsigned public_len, signature_len;
    } kinds[] = {
        {"", "00000020", "00001202", "00001503", 132, 128},                 /* RSA, SHA-256; SM3 */
        {"", "00000020", "00001003", "00000104", 132, 128},                 /* PSS, SHA-1 */
        {"0005 21 01 0010 00", "00000021", "00001204", "00001202", 64, 64}, /* P-256 */
        {"0005 22 01 0010 00", "00000022", "00001505", "00001205", 64, 64}, /* SM2 */
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char public_key[700], signature[700];
        EXPECT(t, ALICE, "*9000");
        if (i < 2)
            make_rsa(t, "0010");
        else
            assert_int_equal(CALL(t, GENERATE, "00000001 %s 00000020 00000000", kinds[i].spec), 0);
        keep(public_key, sizeof public_key, call(t, PUBLIC, "00000001 0200"));
        keep(signature, sizeof signature,
             call(t, SIGN, "00000001 %s" MESSAGE "0100", kinds[i].how));
        assert_int_equal(strlen(public_key), 4 + 2 * kinds[i].public_len);
        assert_int_equal(strlen(signature), 4 + 2 * kinds[i].signature_len);
        assert_int_equal(CALL(t, SIGN, "00000001 %s" MESSAGE "0100", kinds[i].wrong_how), -1);
        assert_int_equal(CALL(t, SIGN, "00000001 %s" MESSAGE "003F", kinds[i].how), -4);
        assert_int_equal(CALL(t, VERIFY, "00000001 %s" MESSAGE "%s", kinds[i].how, signature), -8);
        assert_int_equal(CALL(t, PUBLIC, "00000001 003F"), -4);
        EXPECT(t, BOB, "*9000");
        assert_int_equal(CALL(t, VERIFY, SLOT(2) "%s" MESSAGE "%s", kinds[i].how, signature), -2);
        assert_int_equal(CALL(t, LOAD, "00000002 %s 00000020 %s", kinds[i].algorithm, public_key),
                         0);
        assert_int_equal(CALL(t, VERIFY, SLOT(2) "%s" MESSAGE "%s", kinds[i].how, signature), 0);
        assert_int_equal(
            CALL(t, VERIFY, SLOT(2) "%s 0007 61747461636B20 %s", kinds[i].how, signature), -10);
        const char digit = signature[40];
        signature[40] = digit == '0' ? '1' : '0';
        assert_int_equal(CALL(t, VERIFY, SLOT(2) "%s" MESSAGE "%s", kinds[i].how, signature), -10);
        /* F5: a slot does not outlive its selection; F2: Alice has no such key in hers */
        EXPECT(t, BOB, "*9000");
        signature[40] = digit;
        assert_int_equal(CALL(t, VERIFY, SLOT(2) "%s" MESSAGE "%s", kinds[i].how, signature), -2);
        assert_int_equal(CALL(t, SIGN, "00000001 %s" MESSAGE "0100", kinds[i].how), -2);
        EXPECT(t, ALICE, "*9000");
        assert_int_equal(CALL(t, DELETE, "00000001"), 0);
        assert_int_equal(CALL(t, SIGN, "00000001 %s" MESSAGE "0100", kinds[i].how), -2);
    }
}

/* An identity that is not the default one: the digest comes first. */
static void test_sm2_identities(void **state) {
    struct test_card *t = *state;
    char digest[100], signature[200];
    EXPECT(t, ALICE, "*9000");
    assert_int_equal(CALL(t, GENERATE, "00000001 0005 22 01 0030 00 00000020 00000000"), 0);
    keep(digest, sizeof digest, call(t, SM2_DIGEST, "00000001 0003 626F62" MESSAGE "0020"));
    keep(signature, sizeof signature, call(t, SIGN, "00000001 00011505 %s 0040", digest));
    assert_int_equal(CALL(t, VERIFY, "00000001 00011505 %s %s", digest, signature), 0);
    assert_int_equal(CALL(t, VERIFY, "00000001 00001505" MESSAGE "%s", signature), -10);
    keep(digest, sizeof digest, call(t, SM2_DIGEST, "00000001 0000" MESSAGE "0020"));
    keep(signature, sizeof signature, call(t, SIGN, "00000001 00011505 %s 0040", digest));
    assert_int_equal(CALL(t, VERIFY, "00000001 00001505" MESSAGE "%s", signature), 0);
    assert_int_equal(CALL(t, SM2_DIGEST, "00000001 0000" MESSAGE "001F"), -1);
    assert_int_equal(CALL(t, SIGN, "00000001 00021505 %s 0040", digest), -1);
}

static void test_encipherment(void **state) {
    struct test_card *t = *state;
    static const struct {
        const char *algorithm, *how;
    } kinds[] = {{"00000020", "00000002"}, {"00000022", "00000005"}};
    for (size_t i = 0; i < 2; i++) {
        char public_key[700], cryptogram[700];
        EXPECT(t, ALICE, "*9000");
        if (i == 0)
            make_rsa(t, "0002");
        else
            assert_int_equal(CALL(t, GENERATE, "00000001 0005 22 01 0002 00 00000020 00000000"), 0);
        keep(public_key, sizeof public_key, call(t, PUBLIC, "00000001 0200"));
        assert_int_equal(CALL(t, ENCRYPT, "00000001 %s" MESSAGE "0100", kinds[i].how), -8);
        EXPECT(t, BOB, "*9000");
        assert_int_equal(CALL(t, LOAD, "00000000 %s 00000001 %s", kinds[i].algorithm, public_key),
                         0);
        keep(cryptogram, sizeof cryptogram,
             call(t, ENCRYPT, SLOT(0) "%s" MESSAGE "0100", kinds[i].how));
        assert_int_equal(CALL(t, DECRYPT, SLOT(0) "%s %s 0100", kinds[i].how, cryptogram), -8);
        EXPECT(t, ALICE, "*9000");
        assert_string_equal(call(t, DECRYPT, "00000001 %s %s 0100", kinds[i].how, cryptogram),
                            "0000000761747461636B21");
        assert_int_equal(CALL(t, 0x2F, "00000001 %s %s", kinds[i].how, cryptogram), -1);
        assert_int_equal(CALL(t, DECRYPT, "00000001 00000003 %s 0100", cryptogram), -1);
        assert_int_equal(CALL(t, DELETE, "00000001"), 0);
    }
}

/* Two parties, one key; its MACs agree. The key itself is never in their memory. */
static void test_agreement(void **state) {
    struct test_card *t = *state;
    for (int sm2 = 0; sm2 < 2; sm2++) {
        static const char *const select[2] = {ALICE, BOB};
        char static_public[2][200], once_public[2][200], tags[2][200], mac[2][50];
        for (int side = 0; side < 2; side++) {
            EXPECT(t, select[side], "*9000");
            assert_int_equal(CALL(t, GENERATE, "00000005 0005 %s 01 0800 00 00000020 00000000",
                                  sm2 ? "22" : "21"),
                             0);
            keep(static_public[side], 200, call(t, PUBLIC, "00000005 0040"));
        }
        /* Both ephemeral keys must live at once: on two logical channels this would be a
         * conversation; here Bob's is a stored key. */
        EXPECT(t, BOB, "*9000");
        if (sm2) {
            assert_int_equal(CALL(t, GENERATE, "00000006 0005 22 01 0800 00 00000020 00000000"), 0);
            keep(once_public[1], 200, call(t, PUBLIC, "00000006 0040"));
        }
        EXPECT(t, ALICE, "*9000");
        if (sm2) {
            assert_int_equal(CALL(t, GENERATE, SLOT(1) "0005 22 01 0800 00 00000000 00000000"), 0);
            keep(once_public[0], 200, call(t, PUBLIC, SLOT(1) "0040"));
            keep(tags[0], 200,
                 call(t, AGREE,
                      "00000005 00000005 0012 07 01 000C 02  00 00010001  05 616C696365 01 62"
                      "0080 %s%s 0040",
                      static_public[1] + 4, once_public[1] + 4));
            /* once: the slot is empty now */
            assert_int_equal(CALL(t, PUBLIC, SLOT(1) "0040"), -2);
        } else {
            assert_int_equal(CALL(t, AGREE, "00000005 00000006 0009 07 01 000C 02 61626364 %s 0000",
                                  static_public[1]),
                             0);
            assert_int_equal(
                CALL(t, AGREE, "00000005 00000006 0005 07 01 0010 02 %s 0000", static_public[1]),
                -8); /* no session key signs */
            assert_int_equal(
                CALL(t, AGREE, "00000005 00000006 0005 07 01 000C 04 %s 0000", static_public[1]),
                -1); /* no such slot */
        }
        keep(mac[0], 50, call(t, MAC, SLOT(2) "00000003" MESSAGE));
        EXPECT(t, BOB, "*9000");
        if (sm2)
            keep(tags[1], 200,
                 call(t, AGREE,
                      "00000005 00000005 0012 07 01 000C 02  01 00000006  01 62 05 616C696365"
                      "0080 %s%s 0040",
                      static_public[0] + 4, once_public[0] + 4));
        else
            assert_int_equal(CALL(t, AGREE, "00000005 00000006 0009 07 01 000C 02 61626364 %s 0000",
                                  static_public[0]),
                             0);
        keep(mac[1], 50, call(t, MAC, SLOT(2) "00000003" MESSAGE));
        assert_string_equal(mac[0], mac[1]);
        if (sm2) {
            assert_memory_equal(tags[0] + 4, tags[1] + 68, 64);
            assert_memory_equal(tags[0] + 68, tags[1] + 4, 64);
        }
        for (int side = 0; side < 2; side++) {
            EXPECT(t, select[side], "*9000");
            assert_int_equal(CALL(t, DELETE, "00000005"), 0);
        }
    }
}

/* A fresh key for the other side, under its public key; only a fresh one goes (F7). */
static void test_a_key_for_another(void **state) {
    struct test_card *t = *state;
    char public_key[700], wrapped[700], mac[50];
    EXPECT(t, BOB, "*9000");
    make_rsa(t, "0100");
    keep(public_key, sizeof public_key, call(t, PUBLIC, "00000001 0200"));
    assert_int_equal(CALL(t, CREATE, "00000002 0005 07 01 000C 00 0010 %032d", 0), 0);
    EXPECT(t, ALICE, "*9000");
    assert_int_equal(CALL(t, LOAD, "00000000 00000020 00000080 %s", public_key), 0);
    assert_int_equal(CALL(t, GENERATE, SLOT(1) "0005 07 01 0004 00 00000000 00000000"), 0);
    keep(wrapped, sizeof wrapped, call(t, WRAP, SLOT(0) "00000001 0100"));
    keep(mac, sizeof mac, call(t, MAC, SLOT(1) "00000003" MESSAGE));
    assert_int_equal(CALL(t, WRAP, SLOT(0) "00000000 0100"), -8);
    assert_int_equal(CALL(t, WRAP, SLOT(0) "00000003 0100"), -2);
    EXPECT(t, BOB, "*9000");
    assert_int_equal(CALL(t, IMPORT, "00000001 00000002 00000009 %s 0000", wrapped), 0);
    char other[50];
    keep(other, sizeof other, call(t, MAC, "00000002 00000003" MESSAGE));
    assert_string_equal(mac, other);
    assert_string_equal(call(t, INFO, "00000002") + 8, "0709000C10100000");
}

/* What key_info() says of asymmetric keys. */
static void test_info(void **state) {
    struct test_card *t = *state;
    EXPECT(t, ALICE, "*9000");
    make_rsa(t, "0030");
    assert_string_equal(call(t, INFO, "00000001"), "00000000"
                                                   "2001003000800000");
    assert_int_equal(CALL(t, GENERATE, "00000002 0005 22 07 0810 03 00000020 00000000"), 0);
    assert_string_equal(call(t, INFO, "00000002"), "00000000"
                                                   "2207081000200303");
    assert_int_equal(CALL(t, GENERATE, "00000002 0005 22 07 0810 03 00000020 00000000"), -3);
    assert_int_equal(CALL(t, GENERATE, "00000003 0005 22 07 0810 03 00000021 00000000"), -1);
    assert_int_equal(CALL(t, GENERATE, "00000003 0004 22 07 0810 00000020 00000000"), -1);
    assert_int_equal(CALL(t, GENERATE, SLOT(0) "0005 20 07 0810 00 00000000 00000000"), -1);
    assert_int_equal(CALL(t, GENERATE, SLOT(0) "0005 22 07 0800 00 00000020 00000000"), -1);
    assert_int_equal(CALL(t, GENERATE, SLOT(4) "0005 22 07 0800 00 00000000 00000000"), -1);
    assert_int_equal(CALL(t, LOAD, "00000004 00000022 00000020 0000"), -1);
    assert_int_equal(CALL(t, LOAD, "00000000 000000A2 00000020 0000"), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_signatures, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sm2_identities, setup, teardown),
        cmocka_unit_test_setup_teardown(test_encipherment, setup, teardown),
        cmocka_unit_test_setup_teardown(test_agreement, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_key_for_another, setup, teardown),
        cmocka_unit_test_setup_teardown(test_info, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
