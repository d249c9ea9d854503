/* Instances on a blank card, through APDUs: INSTALL [for install], [for make selectable],
 * [for personalization], STORE DATA, DELETE, SET STATUS, and that what is refused leaves nothing
 * behind (F3, F6, F7, F8). GPCS 2.3.1 11.2, 11.5, 11.10, 11.11. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/content.h"

static struct package *hello, *probe, *files;

/* A blank card with the three packages on it, and no instance. */
static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_blank(t);
    hello = package_read("hello.cap");
    probe = package_read("test/probe.cap");
    files = package_read("test/files.cap");
    EXPECT_SW(load_package(t, hello->aid, &hello->load, 255), 0x9000);
    EXPECT_SW(load_package(t, probe->aid, &probe->load, 255), 0x9000);
    EXPECT_SW(load_package(t, files->aid, &files->load, 255), 0x9000);
    *state = t;
    return 0;
}

static int teardown(void **state) {
    package_free(hello);
    package_free(probe);
    package_free(files);
    test_card_free(*state);
    free(*state);
    return 0;
}

static unsigned install(struct test_card *t, const struct package *p, struct aid instance,
                        const char *parameters) {
    return install_as(t, 0x0C, p->aid, p->applet, instance, parameters);
}

/* head: CLA INS P1 P2, to which data with their length are put. */
static void expect_row(struct test_card *t, const char *head, const char *data, const char *answer,
                       const char *why) {
    char command[600];
    size_t digits = 0;
    for (const char *p = data; *p; p++)
        digits += *p != ' ';
    snprintf(command, sizeof command, digits ? "%s%02X%s" : "%s", head, (unsigned)(digits / 2),
             data);
    test_card_expect(t, command, answer, why, 0);
}

/* The same is on the card, in no more room: a package that was loaded again may lie better. */
static void expect_no_more(struct test_card *t, const struct content *before) {
    struct content now = content_now(t);
    assert_int_equal(now.packages, before->packages);
    assert_int_equal(now.instances, before->instances);
    assert_int_equal(now.objects, before->objects);
    assert_true(now.bytes_free >= before->bytes_free);
}

#define ONE AID_OF("\xF0\x01\x02\x03\x04\x01")
#define TWO AID_OF("\xF0\x01\x02\x03\x04\x02")
#define THREE AID_OF("\xF0\x01\x02\x03\x04\x03")

/* ---- INSTALL ---- */

#define HELLO_P "0AF06F6E65636172640150"
#define HELLO_A "09F06F6E656361726401"
#define PROBE_A "09F06F6E6563617264FF"

static void test_install_fields(void **state) {
    static const struct {
        const char *data, *answer, *why;
    } rows[] = {
        {"", "6700", "no data"},
        {"00", "6A80", "one empty field"},
        {HELLO_P, "6A80", "package alone"},
        {HELLO_P HELLO_A, "6A80", "no instance"},
        {HELLO_P HELLO_A HELLO_A, "6A80", "no privileges"},
        {HELLO_P HELLO_A HELLO_A "0100", "6A80", "no parameters"},
        {HELLO_P HELLO_A HELLO_A "010002C90001", "6A80", "token cut short"},
        {HELLO_P HELLO_A HELLO_A "010003C900", "6A80", "parameters eat the token and more"},
        {HELLO_P HELLO_A HELLO_A "010002C9000000", "6A80", "a byte behind the token"},
        {HELLO_P HELLO_A HELLO_A "040000000002C90000", "6A80", "privileges of 4 bytes"},
        {HELLO_P HELLO_A "04F06F6E65"
                         "010002C90000",
         "6A80", "instance of 4 bytes"},
        {HELLO_P HELLO_A "00010002C90000", "6A80", "instance of 0 bytes"},
        {HELLO_P HELLO_A "11F06F6E65636172640102030405060708"
                         "09"
                         "010002C90000",
         "6A80", "instance of 17 bytes"},
        {HELLO_P HELLO_A HELLO_A "010002C90500", "6A80", "C9 longer than the parameters"},
        {HELLO_P HELLO_A HELLO_A "010003C9000100", "6A80", "parameters: a byte behind C9"},
        {HELLO_P HELLO_A HELLO_A "010001C900", "6A80", "parameters: a tag without a length"},
        {"0AF06F6E65636172640151" HELLO_A HELLO_A "010002C90000", "6A88", "no such package"},
        {"09F06F6E656361726401" HELLO_A HELLO_A "010002C90000", "6A88", "package AID cut short"},
        {"00" HELLO_A HELLO_A "010002C90000", "6A88", "no package"},
        {HELLO_P PROBE_A HELLO_A "010002C90000", "6A88", "an applet of another package"},
        {HELLO_P "08F06F6E6563617264" HELLO_A "010002C90000", "6A88", "applet AID cut short"},
        {HELLO_P "00" HELLO_A "010002C90000", "6A88", "no applet"},
        {HELLO_P HELLO_A HELLO_P "010002C90000", "6985", "AID of its package"},
        {HELLO_P HELLO_A "0AF06F6E6563617264FF50"
                         "010002C90000",
         "6985", "AID of another package"},
        {HELLO_P HELLO_A "08A000000151000000"
                         "010002C90000",
         "6985", "AID of the issuer's domain"},
    };
    static const char *const heads[] = {"80E60C00", "80E60400"};
    struct test_card *t = *state;
    struct content before = content_now(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t k = 0; k < 2; k++) {
            expect_row(t, heads[k], rows[i].data, rows[i].answer, rows[i].why);
            EXPECT_CONTENT(t, &before);
        }
    }
    expect_row(t, "80E60C01", HELLO_P HELLO_A HELLO_A "010002C90000", "6A86", "P2");
    expect_row(t, "80E61C00", HELLO_P HELLO_A HELLO_A "010002C90000", "6A86", "P1");
    /* what is right: no parameters at all, privileges of 3 bytes, other tags beside C9 */
    expect_row(t, "80E60C00", HELLO_P HELLO_A "06F00102030401 0100 00 00", "009000", "");
    expect_row(t, "80E60C00", HELLO_P HELLO_A "06F00102030402 03000000 00 00", "009000", "");
    expect_row(t, "80E60C00", HELLO_P HELLO_A "06F00102030403 0100 06EF00C9020102 00", "009000",
               "");
    assert_int_equal(content_now(t).instances, 3);
    /* an install() that reads its parameters, of which there are none */
    expect_row(t, "80E60C00", "0AF06F6E6563617264FF50" PROBE_A "06F00102030404 0100 00 00",
               "009000", "");
}

/* The name of an instance is its own. */
static void test_instance_taken(void **state) {
    struct test_card *t = *state;
    EXPECT_SW(install(t, hello, ONE, ""), 0x9000);
    struct content before = content_now(t);
    EXPECT_SW(install(t, hello, ONE, ""), 0x6985);
    assert_non_null(strstr(t->last_trace, "AID is on the card already"));
    EXPECT_SW(install(t, probe, ONE, ""), 0x6985);
    EXPECT_SW(install_as(t, 0x04, hello->aid, hello->applet, ONE, ""), 0x6985);
    EXPECT_CONTENT(t, &before);
    assert_int_equal(hello_count(t, ONE), 1);
}

/* F8: install() that traps or refuses has made a file before; nothing of it stays. */
static void test_install_that_fails(void **state) {
    struct test_card *t = *state;
    struct content before = content_now(t);
    for (int i = 0; i < 20; i++) {
        EXPECT_SW(install(t, probe, ONE, "\1"), 0x6F00);
        assert_non_null(strstr(t->last_trace, "install()"));
        EXPECT_CONTENT(t, &before);
        EXPECT_SW(install(t, probe, ONE, "\2"), 0x6985);
        EXPECT_CONTENT(t, &before);
        EXPECT_SW(select_aid(t, ONE), 0x6A82);
    }
    test_card_reopen(t);
    EXPECT_CONTENT(t, &before);
    EXPECT_SW(install(t, probe, ONE, ""), 0x9000);
    EXPECT_SW(select_aid(t, ONE), 0x9000);
}

/* GPCS 5.3.1.2: INSTALLED is on the card, but cannot be selected until it is made selectable. */
static void test_make_selectable(void **state) {
    static const struct {
        const char *data, *answer, *why;
    } rows[] = {
        {"", "6700", "no data"},
        {"00", "6A80", "one empty field"},
        {"00 00", "6A80", "two empty fields"},
        {"01 00 00 06F00102030401 0100 00 00", "6A80", "a package that is no AID"},
        {"00 0100 06F00102030401 0100 00 00", "6A80", "an applet"},
        {"00 00 06F00102030401", "6A80", "no privileges"},
        {"00 00 06F00102030401 0100", "6A80", "no parameters"},
        {"00 00 06F00102030401 0100 00 00 00", "6A80", "a byte behind the token"},
        {"00 00 07F00102030401 0100 00", "6A88", "the AID eats the privileges' length"},
        {"00 00 06F00102030409 0100 00 00", "6A88", "an unknown instance"},
        {"00 00 05F001020304 0100 00 00", "6A88", "the instance's AID cut short"},
        {"00 00 00 0100 00 00", "6A88", "no instance"},
        {"00 00 0AF06F6E65636172640150 0100 00 00", "6A88", "a package"},
    };
    static const char right[] = "00 00 06F00102030401 0100 00 00";
    struct test_card *t = *state;
    struct content none = content_now(t);
    EXPECT_SW(install_as(t, 0x04, hello->aid, hello->applet, ONE, ""), 0x9000);
    struct content installed = content_now(t);
    assert_int_equal(installed.instances, none.instances + 1);
    EXPECT_SW(select_aid(t, ONE), 0x6A82);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect_row(t, "80E60800", rows[i].data, rows[i].answer, rows[i].why);
        EXPECT_SW(select_aid(t, ONE), 0x6A82);
    }
    EXPECT_CONTENT(t, &installed);
    test_card_reopen(t);
    EXPECT_SW(select_aid(t, ONE), 0x6A82);
    expect_row(t, "80E60801", right, "6A86", "P2");
    expect_row(t, "80E60800", right, "*9000", "");
    expect_row(t, "80E60800", right, "6985", "it is already");
    test_card_reopen(t);
    assert_int_equal(hello_count(t, ONE), 1);
    select_manager(t);
    /* one that was never made selectable can be deleted */
    EXPECT_SW(install_as(t, 0x04, hello->aid, hello->applet, TWO, ""), 0x9000);
    EXPECT_SW(delete_aid(t, TWO, false), 0x9000);
    EXPECT_SW(delete_aid(t, ONE, false), 0x9000);
    EXPECT_CONTENT(t, &none);
}

/* F3: each instance has its own data; one deleted takes nothing of another along (F7: nor leaves
 * anything for a later one of its name). */
static void test_instances_are_apart(void **state) {
    struct test_card *t = *state;
    EXPECT_SW(install(t, hello, ONE, ""), 0x9000);
    EXPECT_SW(install(t, hello, TWO, ""), 0x9000);
    EXPECT_SW(install(t, hello, THREE, ""), 0x9000);
    for (uint32_t i = 1; i <= 3; i++)
        assert_int_equal(hello_count(t, ONE), i);
    assert_int_equal(hello_count(t, TWO), 1);
    EXPECT(t, "80200000 03 414243", "9000"); /* a text in TWO */
    EXPECT_SW(select_aid(t, ONE), 0x9000);
    EXPECT(t, "8030000000", "9000"); /* ONE has none */
    select_manager(t);
    EXPECT_SW(delete_aid(t, TWO, false), 0x9000);
    assert_int_equal(hello_count(t, ONE), 4);
    assert_int_equal(hello_count(t, THREE), 1);
    assert_int_equal(hello_count(t, TWO), 0);
    select_manager(t);
    EXPECT_SW(install(t, hello, TWO, ""), 0x9000);
    test_card_reopen(t);
    EXPECT_SW(select_aid(t, TWO), 0x9000);
    EXPECT(t, "8030000000", "9000"); /* F7: the old text is gone */
    assert_int_equal(hello_count(t, TWO), 1);
    assert_int_equal(hello_count(t, ONE), 5);
    assert_int_equal(hello_count(t, THREE), 2);
}

/* F8: the registry has REGISTRY_MAX places, and says so when they are used up. */
static void test_registry_full(void **state) {
    struct test_card *t = *state;
    struct content before = content_now(t);
    struct aid aid = ONE;
    unsigned count = 0;
    for (; count < REGISTRY_MAX - before.packages; count++) {
        aid.value[5] = (uint8_t)count;
        EXPECT_SW(install(t, hello, aid, ""), 0x9000);
    }
    struct content full = content_now(t);
    aid.value[5] = 0xFF;
    EXPECT_SW(install(t, hello, aid, ""), 0x6A84);
    EXPECT_SW(install_for_load(t, aid), 0x6A84);
    EXPECT_CONTENT(t, &full);
    test_card_reopen(t);
    for (unsigned i = 0; i < count; i++) {
        aid.value[5] = (uint8_t)i;
        assert_int_equal(hello_count(t, aid), 1);
    }
    select_manager(t);
    EXPECT_SW(delete_aid(t, hello->aid, true), 0x9000);
    struct content rest = content_now(t);
    assert_int_equal(rest.instances, 0);
    assert_int_equal(rest.packages, before.packages - 1);
    EXPECT_SW(load_package(t, hello->aid, &hello->load, 255), 0x9000);
    expect_no_more(t, &before);
}

/* ---- INSTALL [for personalization] and STORE DATA ---- */

/* a transparent file of 4 bytes, FID 0001, read always (docs/personalisation.md) */
#define DGI_FILE "6200 17 6211 820101 83020001 80020004 8800 860201C0 5302 0A0B"
#define DGI_BAD "6200 03 620182"
#define DGI_PIN "8200 0D 800100 810101 840103 87021234"

static void for_personalisation(struct test_card *t) {
    EXPECT(t, "80E620000C000006F00102030401000000", "009000");
}

static void test_for_personalisation_fields(void **state) {
    static const struct {
        const char *data, *answer, *why;
    } rows[] = {
        {"", "6700", "no data"},
        {"00", "6A80", "one empty field"},
        {"00 00", "6A80", "two empty fields"},
        {"00 00 00 00 00 00", "6A88", "no instance"},
        {"00 00 06F00102030401", "6A80", "no privileges"},
        {"00 00 06F00102030401 00 00 00 00", "6A80", "a byte behind the token"},
        {"0100 00 06F00102030401 00 00 00", "6A80", "a package"},
        {"00 0100 06F00102030401 00 00 00", "6A80", "an applet"},
        {"00 00 06F00102030409 00 00 00", "6A88", "an unknown instance"},
        {"00 00 0AF06F6E65636172640150 00 00 00", "6A88", "a package"},
    };
    struct test_card *t = *state;
    EXPECT_SW(install(t, files, ONE, ""), 0x9000);
    struct content before = content_now(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for_personalisation(t); /* which the refusal ends */
        expect_row(t, "80E62000", rows[i].data, rows[i].answer, rows[i].why);
        expect_row(t, "80E28000", DGI_FILE, "6A80", rows[i].why);
    }
    EXPECT_CONTENT(t, &before);
}

static void test_store_data(void **state) {
    struct test_card *t = *state;
    expect_row(t, "80E28000", DGI_FILE, "6A80", "for whom?");
    EXPECT_SW(install(t, files, ONE, ""), 0x9000);
    struct content before;
    for (int i = 0; i < 30; i++) {
        expect_row(t, "80E28000", DGI_FILE, "6A80", "");
        for_personalisation(t);
        expect_row(t, "80E20000", DGI_FILE, "9000", "");
        expect_row(t, "80E28001", DGI_PIN, "9000", "");
        expect_row(t, "80E28002", DGI_PIN, "6A86", "the last one is over");
        EXPECT_SW(select_aid(t, ONE), 0x9000);
        EXPECT(t, "00A4000002000100", "*9000");
        EXPECT(t, "00B0000000", "0A0B0000 9000");
        EXPECT(t, "0020000002 1234", "9000");
        expect_row(t, "80E28000", DGI_FILE, "6A86", "F6: to the applet it is APPEND RECORD");
        select_manager(t);
        EXPECT_SW(delete_aid(t, ONE, false), 0x9000);
        EXPECT_SW(install(t, files, ONE, ""), 0x9000);
        if (i == 0) /* the first secret of a card takes a sector for all of them */
            before = content_now(t);
        EXPECT_CONTENT(t, &before);
    }
}

/* A group that is refused takes the whole STORE DATA along, and ends the personalisation; what
 * came before stays. */
static void test_store_data_refused(void **state) {
    static const struct {
        const char *data, *why;
    } rows[] = {
        {DGI_FILE "8200", "a group cut short"},
        {DGI_FILE DGI_BAD, "a good group, then a bad one"},
        {DGI_FILE DGI_FILE, "the same file twice"},
        {DGI_FILE "9FFF00", "an identifier that nobody knows"},
        {"", "no data"},
        {"62", "half an identifier"},
        {"6200 FF00", "half a length"},
        {"6200 01", "no data in it"},
    };
    struct test_card *t = *state;
    EXPECT_SW(install(t, files, ONE, ""), 0x9000);
    struct content before = content_now(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for_personalisation(t);
        char command[200];
        size_t digits = 0;
        for (const char *p = rows[i].data; *p; p++)
            digits += *p != ' ';
        snprintf(command, sizeof command, "80E20000%02X%s", (unsigned)(digits / 2), rows[i].data);
        const char *answer = test_card_send(t, command);
        if (strlen(answer) != 4 || answer[0] != '6')
            fail_msg("%s: %s", rows[i].why, answer);
        EXPECT_CONTENT(t, &before);
        expect_row(t, "80E28001", DGI_FILE, "6A86", "");
    }
    for_personalisation(t);
    expect_row(t, "80E20000", DGI_FILE, "9000", "");
    expect_row(t, "80E20001", DGI_BAD, "6A80", "");
    EXPECT_SW(select_aid(t, ONE), 0x9000);
    EXPECT(t, "00A4000002000100", "*9000");
}

/* Personalisation ends with SELECT, reset, power and any other INSTALL; an applet that has no STORE
 * DATA says so. */
static void test_personalisation_ends(void **state) {
    struct test_card *t = *state;
    uint8_t atr[ONECARD_ATR_MAX];
    EXPECT_SW(install(t, files, ONE, ""), 0x9000);
    struct content before = content_now(t);
    for (int how = 0; how < 5; how++) {
        for_personalisation(t);
        if (how == 0)
            select_manager(t);
        else if (how == 1)
            onecard_power_on(t->card, atr);
        else if (how == 2)
            test_card_reopen(t);
        else if (how == 3)
            EXPECT_SW(install_for_load(t, THREE), 0x9000);
        else
            EXPECT_SW(install(t, files, ONE, ""), 0x6985);
        expect_row(t, "80E28000", DGI_FILE, "6A80", "");
        EXPECT_CONTENT(t, &before);
    }
    EXPECT_SW(install(t, hello, TWO, ""), 0x9000);
    EXPECT(t, "80E620000C000006F00102030402000000", "009000");
    expect_row(t, "80E28000", DGI_FILE, "6D00", "");
    expect_row(t, "80E28000", DGI_FILE, "6A80", "");
}

/* F2: an instance that is deleted under personalisation gets no data, nor does the next one that
 * happens to get its context. */
static void test_personalised_and_deleted(void **state) {
    struct test_card *t = *state;
    struct content before = content_now(t);
    EXPECT_SW(install(t, files, ONE, ""), 0x9000);
    for_personalisation(t);
    EXPECT_SW(delete_aid(t, ONE, false), 0x9000);
    expect_row(t, "80E28000", DGI_FILE, "6A80", "");
    EXPECT_CONTENT(t, &before);
}

/* ---- DELETE ---- */

static void test_delete_fields(void **state) {
    static const struct {
        const char *head, *data, *answer, *why;
    } rows[] = {
        {"80E40000", "", "6A80", "no data"},
        {"80E40000", "4F", "6A80", "a tag alone"},
        {"80E40000", "4F00", "6A88", "no AID"},
        {"80E40000", "4F06F001020304", "6A80", "AID cut short"},
        {"80E40000", "5006F00102030401", "6A80", "another tag"},
        {"80E40000", "4F06F00102030401FF", "6A80", "a byte behind it"},
        {"80E40000", "4F05F001020304", "6A88", "the AID's beginning"},
        {"80E40000", "4F06F00102030409", "6A88", "nobody"},
        {"80E40000", "4F08A000000151000000", "6A88", "the issuer's domain stays (GPCS 9.5)"},
        {"80E40100", "4F06F00102030401", "6A86", "P1"},
        {"80E40001", "4F06F00102030401", "6A86", "P2"},
        {"80E40040", "4F06F00102030401", "6A86", "P2"},
        {"80E400FF", "4F06F00102030401", "6A86", "P2"},
        {"00E40000", "4F06F00102030401", "6D00", "class 00"},
        {"84E40000", "4F06F00102030401", "6982", "secure messaging without a session"},
        {"80E40000", "4F0AF06F6E65636172640150", "6985", "a package with an instance"},
    };
    struct test_card *t = *state;
    EXPECT_SW(install(t, hello, ONE, ""), 0x9000);
    struct content before = content_now(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect_row(t, rows[i].head, rows[i].data, rows[i].answer, rows[i].why);
        EXPECT_CONTENT(t, &before);
    }
    assert_int_equal(hello_count(t, ONE), 1);
    select_manager(t);
    /* P2 80 is for packages, but does no harm for an instance */
    EXPECT_SW(delete_aid(t, ONE, true), 0x9000);
    assert_int_equal(hello_count(t, ONE), 0);
}

/* DELETE with related objects: the package and its instances, nobody else's. */
static void test_delete_related(void **state) {
    struct test_card *t = *state;
    struct content before = content_now(t);
    EXPECT_SW(install(t, probe, AID_OF("\xF0\1\2\3\4\x0F"), ""), 0x9000);
    struct content other = content_now(t);
    EXPECT_SW(install(t, hello, ONE, ""), 0x9000);
    EXPECT_SW(install_as(t, 0x04, hello->aid, hello->applet, TWO, ""), 0x9000);
    EXPECT_SW(install(t, hello, THREE, ""), 0x9000);
    assert_int_equal(hello_count(t, THREE), 1);
    select_manager(t);
    EXPECT_SW(delete_aid(t, hello->aid, true), 0x9000);
    assert_int_equal(t->response[0], 0); /* no receipt (GPCS 11.2.3.1) */
    test_card_reopen(t);
    assert_int_equal(hello_count(t, ONE) + hello_count(t, THREE), 0);
    EXPECT_SW(select_aid(t, AID_OF("\xF0\1\2\3\4\x0F")), 0x9000);
    select_manager(t);
    EXPECT_SW(delete_aid(t, hello->aid, true), 0x6A88);
    EXPECT_SW(load_package(t, hello->aid, &hello->load, 255), 0x9000);
    expect_no_more(t, &other);
    EXPECT_SW(delete_aid(t, AID_OF("\xF0\1\2\3\4\x0F"), false), 0x9000);
    expect_no_more(t, &before);
}

/* ---- SET STATUS ---- */

/* GPCS 11.10 and figure 5-1: the card's life goes one way. */
static void test_set_status(void **state) {
    static const struct {
        const char *command, *answer, *why;
        uint8_t life_cycle;
    } rows[] = {
        {"80F0800100", "6985", "OP_READY it is", CARD_OP_READY},
        {"80F0807F00", "6985", "CARD_LOCKED from OP_READY", CARD_OP_READY},
        {"80F0800000", "6985", "no state", CARD_OP_READY},
        {"80F0800200", "6985", "no state", CARD_OP_READY},
        {"80F0000700", "6A86", "P1 00", CARD_OP_READY},
        {"80F0810700", "6A86", "P1 81", CARD_OP_READY},
        {"00F0800700", "6D00", "class 00", CARD_OP_READY},
        {"80F0800700", "9000", "INITIALIZED", CARD_INITIALIZED},
        {"80F0800700", "6985", "again", CARD_INITIALIZED},
        {"80F0800100", "6985", "back to OP_READY", CARD_INITIALIZED},
        {"80F0807F00", "6985", "CARD_LOCKED from INITIALIZED", CARD_INITIALIZED},
    };
    struct test_card *t = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_card_expect(t, rows[i].command, rows[i].answer, rows[i].why, (int)i);
        assert_int_equal(content_now(t).life_cycle, rows[i].life_cycle);
        test_card_reopen(t);
        assert_int_equal(content_now(t).life_cycle, rows[i].life_cycle);
    }
    /* still pre-issuance */
    EXPECT_SW(install(t, hello, ONE, ""), 0x9000);
    EXPECT(t, "80F0800F00", "9000");
    EXPECT_SW(install(t, hello, TWO, ""), 0x6982);
}

/* F6: SECURED ends pre-issuance for ever: whatever would change the card is refused, over reset,
 * SELECT and power cut; and what is on it works. */
static void test_f6_secured(void **state) {
    static const uint8_t instructions[] = {0xE2, 0xE4, 0xE6, 0xE8, 0xF0};
    struct test_card *t = *state;
    EXPECT_SW(install(t, hello, ONE, ""), 0x9000);
    EXPECT_SW(install_for_load(t, THREE), 0x9000); /* a load is open */
    EXPECT_SW(content_send(t, 0xE8, 0, 0, hello->load.bytes, 10), 0x9000);
    EXPECT(t, "80F0800F", "9000");
    EXPECT_SW(content_send(t, 0xE8, P1_LAST, 1, hello->load.bytes + 10, 100), 0x6982);
    struct content secured = content_now(t);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof instructions; i++) {
            for (unsigned p1 = 0; p1 < 256; p1++) {
                static const uint8_t p2[] = {0x00, 0x01, 0x07, 0x0F, 0x80, 0xFF};
                for (size_t k = 0; k < sizeof p2; k++)
                    EXPECT_SW(content_send(t, instructions[i], (uint8_t)p1, p2[k], NULL, 0),
                              0x6982);
            }
        }
        EXPECT_SW(install(t, hello, TWO, ""), 0x6982);
        EXPECT_SW(install_for_load(t, TWO), 0x6982);
        EXPECT_SW(delete_aid(t, ONE, false), 0x6982);
        EXPECT_SW(delete_aid(t, hello->aid, true), 0x6982);
        EXPECT(t, "90E6020000", "9000"); /* a chain of them */
        EXPECT(t, "80E6020000", "6982");
        /* nor through an applet */
        assert_int_equal(hello_count(t, ONE), round + 1);
        EXPECT_SW(install(t, hello, TWO, ""), 0x6D00);
        EXPECT_SW(delete_aid(t, ONE, false), 0x6D00);
        EXPECT_SW(content_send(t, 0xF0, 0x80, 0x01, NULL, 0), 0x6D00);
        test_card_reopen(t);
        EXPECT_CONTENT(t, &secured);
        assert_false(t->card->manager.registry.pre_issuance);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_install_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_instance_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(test_install_that_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(test_make_selectable, setup, teardown),
        cmocka_unit_test_setup_teardown(test_instances_are_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_registry_full, setup, teardown),
        cmocka_unit_test_setup_teardown(test_for_personalisation_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_store_data, setup, teardown),
        cmocka_unit_test_setup_teardown(test_store_data_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_personalisation_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(test_personalised_and_deleted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_delete_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_delete_related, setup, teardown),
        cmocka_unit_test_setup_teardown(test_set_status, setup, teardown),
        cmocka_unit_test_setup_teardown(test_f6_secured, setup, teardown),
    };
    return cmocka_run_group_tests_name("install", tests, NULL, NULL);
}
