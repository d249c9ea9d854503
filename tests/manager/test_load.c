/* Loading packages through APDUs on a blank card: everything that LOAD can be given, and that a
 * load which does not end well leaves the card as it was (F6, F8, S1). GPCS 2.3.1 11.5.2.3.1
 * and 11.6; docs/cap.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/content.h"

static struct package *hello;

static int setup(void **state) {
    struct test_card *t = calloc(1, sizeof *t);
    test_card_blank(t);
    hello = package_read("hello.cap");
    *state = t;
    return 0;
}

static int teardown(void **state) {
    package_free(hello);
    test_card_free(*state);
    free(*state);
    return 0;
}

/* The package loads, its applet works, and all of it goes again. */
static void expect_loadable(struct test_card *t, const struct content *before, size_t block) {
    struct content loaded;
    select_manager(t);
    EXPECT_SW(load_package(t, hello->aid, &hello->load, block), 0x9000);
    assert_int_equal(t->response_len, 3); /* no receipt: one byte 00 (GPCS 11.6.3.1) */
    assert_int_equal(t->response[0], 0);
    loaded = content_now(t);
    assert_int_equal(loaded.packages, before->packages + 1);
    EXPECT_SW(install_as(t, 0x0C, hello->aid, hello->applet, hello->applet, ""), 0x9000);
    assert_int_equal(hello_count(t, hello->applet), 1);
    select_manager(t);
    EXPECT_SW(delete_aid(t, hello->applet, false), 0x9000);
    EXPECT_CONTENT(t, &loaded);
    EXPECT_SW(delete_aid(t, hello->aid, false), 0x9000);
    EXPECT_CONTENT(t, before);
}

/* GPCS 11.6: blocks of every size; their numbers start again after 255. */
static void test_blocks_of_every_size(void **state) {
    static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 13, 64, 127, 128, 200, 247, 254, 255};
    struct test_card *t = *state;
    struct content before = content_now(t);
    assert_true(hello->load.len > 2 * 256); /* so that numbers wrap at the small sizes */
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        expect_loadable(t, &before, sizes[i]);
    /* in one extended command, and in two */
    assert_true(hello->load.len <= onecard_host_port(t->host)->command_max);
    expect_loadable(t, &before, hello->load.len);
    expect_loadable(t, &before, hello->load.len - 1);
    expect_loadable(t, &before, 256);
}

/* A block may come as a chain of commands (ISO/IEC 7816-4 5.3.3): it is one block. */
static void test_block_in_a_chain(void **state) {
    struct test_card *t = *state;
    EXPECT_SW(install_for_load(t, hello->aid), 0x9000);
    uint8_t command[5 + 100] = {0x90, 0xE8, 0x80, 0x00, 100};
    size_t at = 0;
    for (; hello->load.len - at > 100; at += 100) {
        memcpy(command + 5, hello->load.bytes + at, 100);
        assert_int_equal(onecard_transmit(t->card, command, 105, t->response, &t->response_len), 0);
        assert_int_equal(t->response_len, 2);
        assert_memory_equal(t->response, "\x90\x00", 2);
    }
    EXPECT_SW(content_send(t, 0xE8, P1_LAST, 0, hello->load.bytes + at, hello->load.len - at),
              0x9000);
    EXPECT_SW(delete_aid(t, hello->aid, false), 0x9000);
}

/* INSTALL [for load]: length and value fields that are not what they should be. */
static void test_install_for_load_fields(void **state) {
    static const struct {
        const char *command, *answer, *why;
    } rows[] = {
        {"80E60200", "6700", "no data"},
        {"80E6020000", "6700", "no data, Le"},
        {"80E602000100", "6A80", "an empty AID, nothing else"},
        {"80E60200050000000000", "6A80", "no AID"},
        {"80E602000904F06F6E6500000000", "6A80", "AID of 4 bytes"},
        {"80E602001611F06F6E65636172640150F06F6E6563617200000000", "6A80", "AID of 17 bytes"},
        {"80E602000AFFF06F6E656361726401", "6A80", "AID longer than the data"},
        {"80E602000B0AF06F6E65636172640150", "6A80", "the AID alone"},
        {"80E602000D0AF06F6E656361726401500000", "6A80", "parameters and token missing"},
        {"80E602000F0AF06F6E6563617264015000000001", "6A80", "token cut short"},
        {"80E60200100AF06F6E656361726401500000000000", "6A80", "a byte behind the token"},
        {"80E602000F0AF06F6E6563617264015001000000", "6A88", "domain eats the next fields"},
        {"80E60200140AF06F6E6563617264015005F06F6E6563000000", "6A88", "an unknown domain"},
        {"80E60200170AF06F6E6563617264015008A000000151000001000000", "6A88",
         "almost the issuer's domain"},
        {"80E602010F0AF06F6E6563617264015000000000", "6A86", "P2"},
        {"80E603000F0AF06F6E6563617264015000000000", "6A86", "P1: RFU bit"},
        {"80E606000F0AF06F6E6563617264015000000000", "6A86", "P1: load and install at once"},
        {"80E600000F0AF06F6E6563617264015000000000", "6A86", "P1: for nothing"},
        {"80E610000F0AF06F6E6563617264015000000000", "6A88", "P1: for extradition"},
        {"00E602000F0AF06F6E6563617264015000000000", "6D00", "class 00"},
        {"84E602000F0AF06F6E6563617264015000000000", "6982", "secure messaging"},
        {"80E602000F0AF06F6E65636172640150000000", "6700", "Lc too long"},
        {"80E602000F0AF06F6E6563617264015008A000000151000000000000", "6700", "Lc too short"},
    };
    struct test_card *t = *state;
    struct content before = content_now(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_card_expect(t, rows[i].command, rows[i].answer, rows[i].why, (int)i);
        /* and no load has begun */
        test_card_expect(t, "80E80000010A", "6985", rows[i].why, (int)i);
    }
    EXPECT_CONTENT(t, &before);
    /* what is right: with and without the domain's name, AIDs of 5 and 16 bytes */
    EXPECT(t, "80E60200170AF06F6E6563617264015008A000000151000000000000", "009000");
    EXPECT(t, "80E602000F0AF06F6E65636172640150 00000000 00", "009000"); /* Le */
    EXPECT(t, "80E602000A05F06F6E656300000000", "009000");
    EXPECT(t, "80E602001510F06F6E65636172640150F06F6E65636100000000", "009000");
    EXPECT_CONTENT(t, &before);
}

/* One name, one owner: an AID that a package, an instance or the issuer's domain has is taken. */
static void test_aid_taken(void **state) {
    struct test_card *t = *state;
    struct content blank = content_now(t);
    EXPECT_SW(install_for_load(t, DOMAIN_AID), 0x6985);
    EXPECT_SW(load_package(t, hello->aid, &hello->load, 255), 0x9000);
    EXPECT_SW(install_for_load(t, hello->aid), 0x6985);
    assert_non_null(strstr(t->last_trace, "AID is on the card already"));
    EXPECT_SW(install_as(t, 0x0C, hello->aid, hello->applet, hello->applet, ""), 0x9000);
    EXPECT_SW(install_for_load(t, hello->applet), 0x6985);
    EXPECT_SW(delete_aid(t, hello->aid, true), 0x9000);
    EXPECT_CONTENT(t, &blank);
    /* the name is free again */
    EXPECT_SW(install_for_load(t, hello->applet), 0x9000);
    expect_loadable(t, &blank, 255);
}

/* ---- the load file ---- */

static const uint8_t header[] = {0xDE, 0xCA, 0xFF, 0xED, 1,    2,    4,    0,    1,    10,
                                 0xF0, 0x6F, 0x6E, 0x65, 0x63, 0x61, 0x72, 0x64, 0x01, 0x50};
static const uint8_t import[] = {1, 0, 1, 9, 0xF0, 0x6F, 0x6E, 0x65, 0x63, 0x61, 0x72, 0x64, 0x00};
static const uint8_t applet[] = {1, 9, 0xF0, 0x6F, 0x6E, 0x65, 0x63, 0x61, 0x72, 0x64, 0x01, 0, 0};

/* Header, Import, Applet and the given module, as short as a load file can be. */
static void load_small(struct load *l, const void *wasm, size_t wasm_len) {
    l->len = 0;
    load_component(l, CAP_HEADER, header, sizeof header);
    load_component(l, CAP_IMPORT, import, sizeof import);
    load_component(l, CAP_APPLET, applet, sizeof applet);
    load_component(l, CAP_METHOD, wasm, wasm_len);
}

static struct load made;

/* It is refused in the last block at the latest, the trace says why, the card is as before, and no
 * load is open. In blocks of 255 bytes and byte by byte. */
static void expect_refused(struct test_card *t, const struct load *l, unsigned want,
                           const char *reason, const char *why) {
    static const size_t blocks[] = {255, 1};
    struct content before = content_now(t);
    for (size_t i = 0; i < 2; i++) {
        t->last_trace[0] = 0;
        unsigned sw = load_package(t, hello->aid, l, blocks[i]);
        if (sw != want || !strstr(t->last_trace, reason))
            fail_msg("%s, blocks of %zu: %04X \"%s\" instead of %04X \"%s\"", why, blocks[i], sw,
                     t->last_trace, want, reason);
        EXPECT_CONTENT(t, &before);
        EXPECT_SW(content_send(t, 0xE8, P1_LAST, 0, "", 1), 0x6985);
    }
}

/* C4 and its BER length (GPCS 11.6.2.3, ISO/IEC 8825-1 8.1.3). */
static void test_lengths_of_the_load_file(void **state) {
    struct test_card *t = *state;
    struct content before = content_now(t);
    const struct {
        uint8_t head[8];
        size_t len;
        const char *reason;
    } bad[] = {
        {{0xC5, 0x82, 0, 60}, 4, "does not begin with tag C4"},
        {{0xE2, 0x00, 0xC4, 0x00}, 4, "a DAP block, but no hash"},
        {{0x00}, 1, "does not begin with tag C4"},
        {{0xC4, 0x80}, 2, "length is not one to three bytes"}, /* indefinite */
        {{0xC4, 0x84, 0, 0, 0, 60}, 6, "length is not one to three bytes"},
        {{0xC4, 0xFF}, 2, "length is not one to three bytes"},
        {{0xC4}, 1, "shorter than it says"},
        {{0xC4, 0x82}, 2, "shorter than it says"},
        {{0xC4, 0x83, 0, 1}, 4, "shorter than it says"},
        {{0xC4, 0x00}, 2, "component is missing"},
        {{0xC4, 0x81, 0x00}, 3, "component is missing"},
        {{0xC4, 0x00, 1}, 3, "bytes after the end"},
        {{0xC4, 0x01, 1}, 3, "shorter than it says"}, /* a component's tag, and the end */
        {{0xC4, 0x03, 1, 0, 0}, 5, "no DECAFFED magic"},
        {{0xC4, 0x03, 1, 0, 1}, 5, "longer than the load file"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        made.len = bad[i].len;
        memcpy(made.bytes, bad[i].head, bad[i].len);
        expect_refused(t, &made, 0x6A80, bad[i].reason, "head");
    }
    /* one byte too many or too few, in every form that can hold the length */
    for (unsigned form = 2; form <= 3; form++) {
        for (int more = -1; more <= 1; more++) {
            made.len = hello->cap.load_file_len;
            memcpy(made.bytes, hello->cap.load_file, made.len);
            load_head(&made, form, made.len + (size_t)more);
            if (more)
                expect_refused(t, &made, 0x6A80,
                               more < 0 ? "longer than the load file" : "shorter than it says",
                               "length off by one");
            else
                EXPECT_SW(load_package(t, hello->aid, &made, 255), 0x9000);
            if (!more)
                EXPECT_SW(delete_aid(t, hello->aid, false), 0x9000);
        }
    }
    /* bytes behind the end, in the last block and in one of their own */
    made = hello->load;
    made.bytes[made.len++] = 0;
    expect_refused(t, &made, 0x6A80, "bytes after the end", "a byte behind the end");
    EXPECT_SW(install_for_load(t, hello->aid), 0x9000);
    EXPECT_SW(content_send(t, 0xE8, 0, 0, hello->load.bytes, hello->load.len), 0x9000);
    EXPECT_SW(content_send(t, 0xE8, P1_LAST, 1, "", 1), 0x6A80);
    EXPECT_CONTENT(t, &before);
}

/* A module of nothing: 8 bytes, valid Wasm, but it has no process(). */
static const uint8_t empty_module[8] = {0, 'a', 's', 'm', 1, 0, 0, 0};

/* The short forms of the length need a package that is shorter than 128 or 256 bytes. */
static void test_short_load_file(void **state) {
    struct test_card *t = *state;
    struct content before = content_now(t);
    for (unsigned form = 0; form <= 3; form++) {
        /* memory section of no pages, exported: the least that the card's profile can want */
        static const uint8_t tiny[] = {0, 'a', 's', 'm', 1,   0,   0,   0,   5,   3,   1, 0, 1,
                                       7, 10,  1,   6,   'm', 'e', 'm', 'o', 'r', 'y', 2, 0};
        load_small(&made, tiny, sizeof tiny);
        assert_true(made.len < 128);
        load_head(&made, form, made.len);
        EXPECT_SW(load_package(t, hello->aid, &made, 20), 0x9000);
        EXPECT_SW(delete_aid(t, hello->aid, false), 0x9000);
        EXPECT_CONTENT(t, &before);
    }
}

struct component_row {
    const char *why;
    unsigned sw;
    const char *reason;
    struct {
        uint8_t tag;
        const char *hex; /* NULL: the right one */
    } parts[5];
};

static void put_part(struct load *l, uint8_t tag, const char *hex) {
    uint8_t bytes[300];
    size_t len = 0;
    if (!hex && tag == CAP_HEADER) {
        load_component(l, tag, header, sizeof header);
    } else if (!hex && tag == CAP_IMPORT) {
        load_component(l, tag, import, sizeof import);
    } else if (!hex && tag == CAP_APPLET) {
        load_component(l, tag, applet, sizeof applet);
    } else if (!hex && tag == CAP_METHOD) {
        load_component(l, tag, hello->cap.wasm, hello->cap.wasm_len);
    } else {
        for (; hex && *hex; hex += 2) {
            unsigned byte;
            assert_int_equal(sscanf(hex, "%2x", &byte), 1);
            bytes[len++] = (uint8_t)byte;
        }
        load_component(l, tag, bytes, len);
    }
}

#define MAGIC "DECAFFED"
#define PACKAGE "0AF06F6E65636172640150"
#define API "09F06F6E656361726400"
#define APPLET_1 "09F06F6E6563617264010000"

static const struct component_row component_rows[] = {
    {"Import first", 0x6A80, "first component is not Header", {{4, 0}, {1, 0}, {3, 0}, {7, 0}}},
    {"Method first", 0x6A80, "first component is not Header", {{7, 0}, {1, 0}, {4, 0}, {3, 0}}},
    {"Header twice", 0x6A80, "comes twice", {{1, 0}, {1, 0}, {4, 0}, {3, 0}, {7, 0}}},
    {"Import twice", 0x6A80, "comes twice", {{1, 0}, {4, 0}, {4, 0}, {3, 0}, {7, 0}}},
    {"Applet twice", 0x6A80, "comes twice", {{1, 0}, {4, 0}, {3, 0}, {3, 0}, {7, 0}}},
    {"Method twice", 0x6A80, "comes twice", {{1, 0}, {4, 0}, {3, 0}, {7, 0}, {7, 0}}},
    {"Debug twice", 0x6A80, "comes twice", {{1, 0}, {4, 0}, {12, "00"}, {7, 0}, {12, "00"}}},
    {"tag 0", 0x6A80, "unknown component", {{1, 0}, {4, 0}, {3, 0}, {7, 0}, {0, "00"}}},
    {"tag 13", 0x6A80, "unknown component", {{1, 0}, {4, 0}, {3, 0}, {7, 0}, {13, "00"}}},
    {"tag 33", 0x6A80, "unknown component", {{1, 0}, {33, "00"}, {4, 0}, {3, 0}, {7, 0}}},
    {"tag 255", 0x6A80, "unknown component", {{1, 0}, {255, "00"}, {4, 0}, {3, 0}, {7, 0}}},
    {"no Import", 0x6A80, "component is missing", {{1, 0}, {3, 0}, {7, 0}}},
    {"no Method", 0x6A80, "component is missing", {{1, 0}, {4, 0}, {3, 0}}},
    {"Header alone", 0x6A80, "component is missing", {{1, 0}}},
    {"magic", 0x6A80, "no DECAFFED magic", {{1, "DECAFFEE010204000105F06F6E6563"}, {4, 0}, {7, 0}}},
    {"Header of 9", 0x6A80, "no DECAFFED magic", {{1, MAGIC "0102040001"}, {4, 0}, {7, 0}}},
    {"AID of 4", 0x6A80, "not 5 to 16", {{1, MAGIC "010204000104F06F6E65"}, {4, 0}, {7, 0}}},
    {"AID cut", 0x6A80, "not 5 to 16", {{1, MAGIC "01020400010AF06F6E65"}, {4, 0}, {7, 0}}},
    {"AID of 17",
     0x6A80,
     "not 5 to 16",
     {{1, MAGIC "010204000111F06F6E65636172640150F06F6E65636172"}, {4, 0}, {7, 0}}},
    {"another AID",
     0x6A80,
     "not the package AID",
     {{1, MAGIC "01020400010AF06F6E65636172640151"}, {4, 0}, {7, 0}}},
    {"the AID's beginning",
     0x6A80,
     "not the package AID",
     {{1, MAGIC "010204000109F06F6E656361726401"}, {4, 0}, {7, 0}}},
    {"interface 2.0", 0x6A81, "another version", {{1, 0}, {4, "010002" API}, {3, 0}, {7, 0}}},
    {"interface 0.0", 0x6A81, "another version", {{1, 0}, {4, "010000" API}, {3, 0}, {7, 0}}},
    {"interface 1.2", 0x6A81, "another version", {{1, 0}, {4, "010201" API}, {3, 0}, {7, 0}}},
    {"interface 1.255", 0x6A81, "another version", {{1, 0}, {4, "01FF01" API}, {3, 0}, {7, 0}}},
    {"javacard.framework",
     0x6A81,
     "does not have",
     {{1, 0}, {4, "01010107A0000000620101"}, {3, 0}, {7, 0}}},
    {"ours, and another",
     0x6A81,
     "does not have",
     {{1, 0}, {4, "020001" API "000107A0000000620101"}, {3, 0}, {7, 0}}},
    {"Import of 1 byte", 0x6A80, "cut short", {{1, 0}, {4, "01"}, {3, 0}, {7, 0}}},
    {"Import cut", 0x6A80, "cut short", {{1, 0}, {4, "01000109F06F6E6563617264"}, {7, 0}}},
    {"Import of two, one there", 0x6A80, "cut short", {{1, 0}, {4, "020001" API}, {3, 0}, {7, 0}}},
    {"Import of none", 0x6A80, "names no card interface", {{1, 0}, {4, "00"}, {3, 0}, {7, 0}}},
    {"Import empty", 0x6A80, "names no card interface", {{1, 0}, {4, ""}, {3, 0}, {7, 0}}},
    {"Applet empty", 0x6A80, "Applet component", {{1, 0}, {4, 0}, {3, ""}, {7, 0}}},
    {"Applet of 9", 0x6A80, "too many", {{1, 0}, {4, 0}, {3, "09" APPLET_1}, {7, 0}}},
    {"Applet cut", 0x6A80, "cut short", {{1, 0}, {4, 0}, {3, "0109F06F6E65636172640100"}, {7, 0}}},
    {"Applet of two, one there", 0x6A80, "cut short", {{1, 0}, {4, 0}, {3, "02" APPLET_1}, {7, 0}}},
    {"Applet AID of 4", 0x6A80, "bad AID", {{1, 0}, {4, 0}, {3, "0104F06F6E650000"}, {7, 0}}},
    {"Method empty", 0x6A80, "LOAD: ", {{1, 0}, {4, 0}, {3, 0}, {7, ""}}},
};

/* JCVM 6, docs/cap.md: components, each in every way that it can be wrong. */
static void test_components(void **state) {
    struct test_card *t = *state;
    for (size_t i = 0; i < sizeof component_rows / sizeof *component_rows; i++) {
        const struct component_row *row = &component_rows[i];
        made.len = 0;
        for (size_t k = 0; k < 5 && (row->parts[k].tag || row->parts[k].hex); k++)
            put_part(&made, row->parts[k].tag, row->parts[k].hex);
        load_head(&made, 2, made.len);
        expect_refused(t, &made, row->sw, row->reason, row->why);
    }
    /* 256 bytes of a component that is looked at; 255 are taken */
    for (size_t len = 255; len <= 256; len++) {
        uint8_t padded[256] = {0};
        memcpy(padded, header, sizeof header);
        made.len = 0;
        load_component(&made, CAP_HEADER, padded, len);
        put_part(&made, CAP_IMPORT, NULL);
        put_part(&made, CAP_APPLET, NULL);
        put_part(&made, CAP_METHOD, NULL);
        load_head(&made, 2, made.len);
        if (len == 256)
            expect_refused(t, &made, 0x6700, "over 255 bytes", "Header of 256 bytes");
        else
            EXPECT_SW(load_package(t, hello->aid, &made, 255), 0x9000);
        if (len == 255)
            EXPECT_SW(delete_aid(t, hello->aid, false), 0x9000);
    }
    /* an order that clients may choose, and what we do not use: taken */
    static const uint8_t order[] = {CAP_HEADER, CAP_METHOD, CAP_DEBUG, CAP_APPLET, CAP_IMPORT};
    made.len = 0;
    for (size_t i = 0; i < sizeof order; i++)
        put_part(&made, order[i], NULL);
    load_head(&made, 2, made.len);
    EXPECT_SW(load_package(t, hello->aid, &made, 255), 0x9000);
    EXPECT_SW(delete_aid(t, hello->aid, false), 0x9000);
}

/* ---- the module ---- */

#define WASM "\0asm\1\0\0\0"
#define BYTES(text) text, sizeof(text) - 1

/* F1, F8: what the engine refuses never becomes a package, and the trace says why and where. */
static void test_module_refused(void **state) {
    static const struct {
        const char *why, *bytes;
        size_t len;
        const char *reason;
    } rows[] = {
        {"seven bytes", BYTES("\0asm\1\0\0"), ""},
        {"not a module",
         BYTES("\x7F"
               "ELF\1\0\0\0"),
         ""},
        {"version 2", BYTES("\0asm\2\0\0\0"), ""},
        {"a component", BYTES("\0asm\x0D\0\1\0"), ""},
        {"section over the end", BYTES(WASM "\1\5\1"), ""},
        {"section 13", BYTES(WASM "\x0D\0"), ""},
        {"sections out of order", BYTES(WASM "\3\1\0\1\1\0"), ""},
        {"type section twice", BYTES(WASM "\1\1\0\1\1\0"), ""},
        {"length that never ends", BYTES(WASM "\1\x80\x80\x80\x80\x80\x80"), ""},
        {"float parameter", BYTES(WASM "\1\5\1\x60\1\x7D\0"), ""},
        {"f32.const", BYTES(WASM "\1\4\1\x60\0\0\3\2\1\0\x0A\x0A\1\x08\0\x43\0\0\x80\x3F\x1A\x0B"),
         ""},
        {"f64.add", BYTES(WASM "\1\4\1\x60\0\0\3\2\1\0\x0A\5\1\3\0\xA0\x0B"), ""},
        {"SIMD", BYTES(WASM "\1\4\1\x60\0\0\3\2\1\0\x0A\6\1\4\0\xFD\x0C\x0B"), ""},
        {"atomics", BYTES(WASM "\1\4\1\x60\0\0\3\2\1\0\x0A\7\1\5\0\xFE\3\0\x0B"), ""},
        {"stack underflow", BYTES(WASM "\1\4\1\x60\0\0\3\2\1\0\x0A\5\1\3\0\x1A\x0B"), ""},
        {"no end", BYTES(WASM "\1\4\1\x60\0\0\3\2\1\0\x0A\4\1\2\0\1"), ""},
        {"code without function", BYTES(WASM "\x0A\4\1\2\0\x0B"), ""},
        {"import from env",
         BYTES(WASM "\1\4\1\x60\0\0\2\x09\1\3"
                    "env\1x\0\0"),
         "import"},
        {"import nobody has",
         BYTES(WASM "\1\4\1\x60\0\0\2\x0A\1\4"
                    "card\1x\0\0"),
         "import"},
        {"import of a wrong type",
         BYTES(WASM "\1\4\1\x60\0\0\2\x11\1\4"
                    "card\x08"
                    "apdu_lc!\0\0"),
         "import"},
        {"imported memory",
         BYTES(WASM "\2\x0B\1\4"
                    "card\1m\2\0\1"),
         ""},
    };
    struct test_card *t = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        load_small(&made, rows[i].bytes, rows[i].len);
        load_head(&made, 2, made.len);
        struct content before = content_now(t);
        t->last_trace[0] = 0;
        unsigned sw = load_package(t, hello->aid, &made, 255);
        if (sw != 0x6A80 && sw != 0x6A81)
            fail_msg("%s: %04X", rows[i].why, sw);
        if (strncmp(t->last_trace, "LOAD: ", 6) || !strstr(t->last_trace, rows[i].reason) ||
            !strstr(t->last_trace, " at byte ") || !strstr(t->last_trace, " of the module"))
            fail_msg("%s: the trace says \"%s\"", rows[i].why, t->last_trace);
        EXPECT_CONTENT(t, &before);
    }
    /* every shorter beginning of a good module, now and then */
    for (size_t len = 0; len < hello->cap.wasm_len; len += 97) {
        struct content before = content_now(t);
        load_small(&made, hello->cap.wasm, len);
        load_head(&made, 2, made.len);
        unsigned sw = load_package(t, hello->aid, &made, 255);
        if (sw == 0x9000) /* a module that ends between two sections may be whole */
            EXPECT_SW(delete_aid(t, hello->aid, false), 0x9000);
        else if (sw != 0x6A80 && sw != 0x6A81)
            fail_msg("the first %zu bytes: %04X", len, sw);
        EXPECT_CONTENT(t, &before);
    }
    load_small(&made, empty_module, sizeof empty_module);
    load_head(&made, 2, made.len);
    struct content before = content_now(t);
    if (load_package(t, hello->aid, &made, 255) == 0x9000) {
        /* it has no process(): its instance answers nothing, but harms nobody */
        EXPECT_SW(install_as(t, 0x0C, hello->aid, hello->applet, hello->applet, ""), 0x9000);
        EXPECT_SW(select_aid(t, hello->applet), 0x9000);
        EXPECT_SW(content_send(t, 0x10, 0, 0, NULL, 0), 0x6D00);
        select_manager(t);
        EXPECT_SW(delete_aid(t, hello->aid, true), 0x9000);
    }
    EXPECT_CONTENT(t, &before);
}

/* ---- the order of blocks ---- */

/* Numbers, P1 and lengths of LOAD: what is wrong ends the load, and nothing stays. */
static void test_block_order(void **state) {
    static const struct {
        const char *why;
        uint8_t p1, p2;
        size_t len;
        unsigned sw;
    } rows[] = {
        {"the same number again", 0x00, 1, 10, 0x6A86},
        {"one left out", 0x00, 3, 10, 0x6A86},
        {"from the beginning", 0x00, 0, 10, 0x6A86},
        {"number 255", 0x00, 255, 10, 0x6A86},
        {"P1 01", 0x01, 2, 10, 0x6A86},
        {"P1 81", 0x81, 2, 10, 0x6A86},
        {"P1 40", 0x40, 2, 10, 0x6A86},
        {"no data", 0x00, 2, 0, 0x6700},
        {"last, no data", 0x80, 2, 0, 0x6700},
        {"last too early", 0x80, 2, 10, 0x6A80},
    };
    struct test_card *t = *state;
    struct content before = content_now(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const uint8_t *bytes = hello->load.bytes;
        EXPECT_SW(install_for_load(t, hello->aid), 0x9000);
        EXPECT_SW(content_send(t, 0xE8, 0, 0, bytes, 200), 0x9000);
        EXPECT_SW(content_send(t, 0xE8, 0, 1, bytes + 200, 200), 0x9000);
        unsigned sw = content_send(t, 0xE8, rows[i].p1, rows[i].p2, bytes + 400, rows[i].len);
        if (sw != rows[i].sw)
            fail_msg("%s: %04X", rows[i].why, sw);
        EXPECT_SW(content_send(t, 0xE8, 0, 2, bytes + 400, 10), 0x6985);
        EXPECT_CONTENT(t, &before);
    }
    /* wrong from the first block on; after the last there is no more */
    EXPECT_SW(content_send(t, 0xE8, 0, 0, hello->load.bytes, 10), 0x6985);
    EXPECT_SW(install_for_load(t, hello->aid), 0x9000);
    EXPECT_SW(content_send(t, 0xE8, 0, 1, hello->load.bytes, 10), 0x6A86);
    EXPECT_SW(load_package(t, hello->aid, &hello->load, 255), 0x9000);
    EXPECT_SW(content_send(t, 0xE8, P1_LAST, 0, "", 1), 0x6985);
    EXPECT_SW(delete_aid(t, hello->aid, false), 0x9000);
    expect_loadable(t, &before, 255);
}

/* ---- interruptions ---- */

static void by_select_of_the_domain(struct test_card *t) {
    select_manager(t);
}
static void by_select_of_no_name(struct test_card *t) {
    EXPECT(t, "00A40400", "*9000");
}
static void by_reset(struct test_card *t) {
    uint8_t atr[ONECARD_ATR_MAX];
    onecard_power_on(t->card, atr);
}
static void by_power_off(struct test_card *t) {
    uint8_t atr[ONECARD_ATR_MAX];
    onecard_power_off(t->card);
    onecard_power_on(t->card, atr);
}
static void by_power_cut(struct test_card *t) {
    test_card_reopen(t);
}
static void by_another_load(struct test_card *t) {
    EXPECT_SW(install_for_load(t, AID_OF(PROBE_APPLET)), 0x9000);
    EXPECT_SW(content_send(t, 0xE8, 0, 7, "", 1), 0x6A86);
}
static void by_a_bad_install(struct test_card *t) {
    EXPECT(t, "80E602000100", "6A80");
}
static void by_install_for_personalisation(struct test_card *t) {
    EXPECT_SW(content_send(t, 0xE6, 0x20, 0, "\0\0\5\1\2\3\4\5\0\0\0", 11), 0x6A88);
}

/* S1, F8: a load that something else interrupts is as if it had never begun. */
static void test_interrupted(void **state) {
    static const struct {
        const char *why;
        void (*run)(struct test_card *t);
    } rows[] = {
        {"SELECT of the domain", by_select_of_the_domain},
        {"SELECT without a name", by_select_of_no_name},
        {"reset", by_reset},
        {"power off", by_power_off},
        {"power cut", by_power_cut},
        {"another INSTALL [for load]", by_another_load},
        {"a malformed INSTALL", by_a_bad_install},
        {"INSTALL [for personalization]", by_install_for_personalisation},
    };
    struct test_card *t = *state;
    struct content before = content_now(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        /* at the head, in the Header component, in the module, before the last byte */
        const size_t places[] = {1, 10, 300, hello->load.len - 1};
        for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
            print_message("%s after %zu bytes\n", rows[i].why, places[k]);
            EXPECT_SW(install_for_load(t, hello->aid), 0x9000);
            EXPECT_SW(content_send(t, 0xE8, 0, 0, hello->load.bytes, places[k]), 0x9000);
            rows[i].run(t);
            EXPECT_SW(content_send(t, 0xE8, P1_LAST, 1, hello->load.bytes + places[k],
                                   hello->load.len - places[k]),
                      0x6985);
            EXPECT_CONTENT(t, &before);
        }
        expect_loadable(t, &before, 255);
    }
}

/* A command between two blocks that is no INSTALL and selects nothing does no harm: the load goes
 * on and is whole, or it is over and leaves nothing. */
static void test_commands_in_between(void **state) {
    static const char *const commands[] = {
        "80E400000B4F09F06F6E6563617264FF",     /* DELETE of nothing */
        "80E400000D4F0BF06F6E6563617264EEFF01", /* DELETE, malformed length */
        "80E2800003010203",                     /* STORE DATA for nobody */
        "80F0800100",                           /* SET STATUS, refused */
        "80F08007",                             /* SET STATUS INITIALIZED */
        "80CA006600",                           /* GET DATA */
        "00A4040005F1F2F3F4F5",                 /* SELECT of nobody */
        "8010000000",                           /* what it does not know */
        "80E8",                                 /* malformed */
    };
    struct test_card *t = *state;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct content before = content_now(t);
        EXPECT_SW(install_for_load(t, hello->aid), 0x9000);
        EXPECT_SW(content_send(t, 0xE8, 0, 0, hello->load.bytes, 300), 0x9000);
        test_card_send(t, commands[i]);
        before.life_cycle = t->card->manager.registry.card_life_cycle;
        unsigned sw =
            content_send(t, 0xE8, P1_LAST, 1, hello->load.bytes + 300, hello->load.len - 300);
        if (sw == 0x9000) {
            EXPECT_SW(install_as(t, 0x0C, hello->aid, hello->applet, hello->applet, ""), 0x9000);
            assert_int_equal(hello_count(t, hello->applet), 1);
            select_manager(t);
            EXPECT_SW(delete_aid(t, hello->aid, true), 0x9000);
        } else if (sw != 0x6985) {
            fail_msg("after %s LOAD answered %04X", commands[i], sw);
        }
        EXPECT_CONTENT(t, &before);
    }
}

/* A load beside what is there already: a DELETE in its middle does not take its room or name. */
static void test_delete_in_between(void **state) {
    struct test_card *t = *state;
    struct content blank = content_now(t);
    struct package *probe = package_read("test/probe.cap");
    EXPECT_SW(load_package(t, probe->aid, &probe->load, 255), 0x9000);
    EXPECT_SW(install_for_load(t, hello->aid), 0x9000);
    EXPECT_SW(content_send(t, 0xE8, 0, 0, hello->load.bytes, 300), 0x9000);
    EXPECT_SW(delete_aid(t, probe->aid, true), 0x9000);
    unsigned sw = content_send(t, 0xE8, P1_LAST, 1, hello->load.bytes + 300, hello->load.len - 300);
    if (sw == 0x9000)
        EXPECT_SW(delete_aid(t, hello->aid, true), 0x9000);
    else
        EXPECT_SW(sw, 0x6985);
    EXPECT_CONTENT(t, &blank);
    expect_loadable(t, &blank, 255);
    package_free(probe);
}

/* S1: a power cut after every block, and again in the next attempt. */
static void test_power_cut_after_every_block(void **state) {
    struct test_card *t = *state;
    struct content before = content_now(t);
    for (size_t blocks = 1; blocks * 250 < hello->load.len; blocks++) {
        EXPECT_SW(install_for_load(t, hello->aid), 0x9000);
        for (size_t i = 0; i < blocks; i++)
            EXPECT_SW(content_send(t, 0xE8, 0, (uint8_t)i, hello->load.bytes + 250 * i, 250),
                      0x9000);
        test_card_reopen(t);
        EXPECT_CONTENT(t, &before);
    }
    EXPECT_SW(load_package(t, hello->aid, &hello->load, 250), 0x9000);
    struct content loaded = content_now(t);
    test_card_reopen(t); /* what was acknowledged is there */
    EXPECT_CONTENT(t, &loaded);
    EXPECT_SW(delete_aid(t, hello->aid, false), 0x9000);
    test_card_reopen(t);
    EXPECT_CONTENT(t, &before);
}

/* F8: a module that flash has no room for is refused, and the room comes back. */
static void test_no_room(void **state) {
    struct test_card *t = *state;
    struct content before = content_now(t);
    struct aid names[32];
    unsigned count = 0;
    unsigned sw = 0;
    for (; count < 32; count++) {
        /* hello with 40 KB in a custom section: the package's name is another each time */
        static uint8_t wasm[60000];
        size_t len = hello->cap.wasm_len;
        memcpy(wasm, hello->cap.wasm, len);
        const uint8_t custom[] = {0, 0xC3, 0xB8, 0x02, 1, 'x'}; /* 40003 bytes */
        memcpy(wasm + len, custom, sizeof custom);
        memset(wasm + len + sizeof custom, 0x55, 40001);
        len += 4 + 40003;
        uint8_t head[sizeof header];
        memcpy(head, header, sizeof head);
        head[sizeof head - 1] = (uint8_t)count;
        names[count] = hello->aid;
        names[count].value[names[count].len - 1] = (uint8_t)count;
        made.len = 0;
        load_component(&made, CAP_HEADER, head, sizeof head);
        put_part(&made, CAP_IMPORT, NULL);
        put_part(&made, CAP_APPLET, NULL);
        load_component(&made, CAP_METHOD, wasm, len);
        load_head(&made, 3, made.len);
        sw = load_package(t, names[count], &made, 255);
        if (sw != 0x9000)
            break;
    }
    EXPECT_SW(sw, 0x6A84);
    assert_true(count >= 8 && count < 16); /* of 512 KiB */
    test_card_reopen(t);
    assert_int_equal(content_now(t).packages, before.packages + count);
    while (count--)
        EXPECT_SW(delete_aid(t, names[count], false), 0x9000);
    EXPECT_CONTENT(t, &before);
    expect_loadable(t, &before, 255);
}

/* F8: nothing leaks, however often content comes and goes. */
static void test_no_leak(void **state) {
    struct test_card *t = *state;
    struct content before = content_now(t), loaded;
    for (int i = 0; i < 200; i++) {
        EXPECT_SW(load_package(t, hello->aid, &hello->load, 255), 0x9000);
        if (i == 0)
            loaded = content_now(t);
        EXPECT_SW(install_as(t, 0x0C, hello->aid, hello->applet, hello->applet, ""), 0x9000);
        assert_int_equal(hello_count(t, hello->applet), 1);
        select_manager(t);
        EXPECT_SW(delete_aid(t, hello->applet, false), 0x9000);
        EXPECT_CONTENT(t, &loaded);
        EXPECT_SW(delete_aid(t, hello->aid, false), 0x9000);
        EXPECT_CONTENT(t, &before);
        if (i % 50 == 49)
            test_card_reopen(t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_blocks_of_every_size, setup, teardown),
        cmocka_unit_test_setup_teardown(test_block_in_a_chain, setup, teardown),
        cmocka_unit_test_setup_teardown(test_install_for_load_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_aid_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lengths_of_the_load_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_short_load_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_components, setup, teardown),
        cmocka_unit_test_setup_teardown(test_module_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_block_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_interrupted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_commands_in_between, setup, teardown),
        cmocka_unit_test_setup_teardown(test_delete_in_between, setup, teardown),
        cmocka_unit_test_setup_teardown(test_power_cut_after_every_block, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_room, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_leak, setup, teardown),
    };
    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
