/* S1 for content management: at every single flash operation of LOAD (last block), INSTALL, STORE
 * DATA, DELETE and SET STATUS, in every way that flash fails, the card is then as before the
 * command or as after it, never a third, stays so, and takes the command (again). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manager/content.h"
#include "tear/flash.h"

static struct rig {
    struct tear_flash flash;
    uint8_t *snapshot;
    struct test_card card;
} rig;

static struct package *hello, *files;

static void power_up(void) {
    uint8_t atr[ONECARD_ATR_MAX];
    tear_flash_power_up(&rig.flash);
    onecard_close(rig.card.card);
    rig.card.card = NULL;
    assert_int_equal(
        onecard_open(&rig.flash.port, rig.card.memory, rig.card.memory_size, &rig.card.card),
        ONECARD_OK);
    onecard_power_on(rig.card.card, atr);
}

static int setup(void **state) {
    static const struct onecard_flash geometry = {4096, 32, 4, 256, 2, NULL};
    memset(&rig, 0, sizeof rig);
    tear_flash_init(&rig.flash, &geometry, 1966);
    rig.card.memory_size = onecard_memory_size(&rig.flash.port);
    rig.card.memory = malloc(rig.card.memory_size);
    rig.card.response = malloc(ONECARD_RESPONSE_APDU_MAX(&rig.flash.port));
    rig.snapshot = malloc(tear_flash_snapshot_size(&rig.flash));
    assert_int_equal(onecard_format(&rig.flash.port, rig.card.memory, rig.card.memory_size), 0);
    hello = package_read("hello.cap");
    files = package_read("test/files.cap");
    power_up();
    *state = &rig;
    return 0;
}

static int teardown(void **state) {
    (void)state;
    onecard_close(rig.card.card);
    tear_flash_free(&rig.flash);
    free(rig.snapshot);
    free(rig.card.memory);
    free(rig.card.response);
    package_free(hello);
    package_free(files);
    return 0;
}

/* All that is in the store, secrets in plain, in one number (FNV-1a). */
static uint64_t fingerprint(void) {
    static uint8_t content[STORE_SIZE_MAX];
    const struct store *s = rig.card.card->store;
    uint64_t hash = 14695981039346656037u;
    store_name name = 0;
    while (store_next(s, name, &name) == ONECARD_OK) {
        uint32_t size = 0;
        assert_int_equal(store_size(s, name, &size), ONECARD_OK);
        assert_int_equal(store_read(s, name, 0, content, size), ONECARD_OK);
        for (uint32_t i = 0; i < 4; i++)
            hash = (hash ^ (uint8_t)(name >> 8 * i)) * 1099511628211u;
        for (uint32_t i = 0; i < size; i++)
            hash = (hash ^ content[i]) * 1099511628211u;
        name++;
    }
    return hash;
}

/* ---- what is torn ---- */

#define ONE AID_OF("\xF0\x01\x02\x03\x04\x01")
#define TWO AID_OF("\xF0\x01\x02\x03\x04\x02")

static void with_nothing(struct test_card *t) {
    (void)t;
}
static void with_hello(struct test_card *t) {
    EXPECT_SW(load_package(t, hello->aid, &hello->load, 255), 0x9000);
}
static void with_instances(struct test_card *t) {
    with_hello(t);
    EXPECT_SW(install_as(t, 0x0C, hello->aid, hello->applet, ONE, ""), 0x9000);
    EXPECT_SW(install_as(t, 0x04, hello->aid, hello->applet, TWO, ""), 0x9000);
    assert_int_equal(hello_count(t, ONE), 1);
    select_manager(t);
}
static void with_files(struct test_card *t) {
    EXPECT_SW(load_package(t, files->aid, &files->load, 255), 0x9000);
    EXPECT_SW(install_as(t, 0x0C, files->aid, files->applet, ONE, ""), 0x9000);
}

#define KEY16 "8010 404142434445464748494A4B4C4D4E4F 00"
#define KEYS_20 "20" KEY16 KEY16 KEY16
#define MAKE_BANK                                                                                  \
    "80E60C00 20 07A0000001515350 08A000000151535041 06D15600000101 03804000 02C900 00"

static void with_keys(struct test_card *t) {
    EXPECT(t, "80D800813A " KEYS_20, "*9000");
}
static void with_bank(struct test_card *t) {
    with_instances(t);
    EXPECT(t, MAKE_BANK, "00 9000");
    EXPECT(t, "80E6100012 06D15600000101 00 06F00102030401 00 00 00", "00 9000");
}

static void with_name(struct test_card *t) {
    EXPECT(t, "80E290000A 4F08A000000151000001", "9000");
}

static void all_blocks_but_one(struct test_card *t) {
    EXPECT_SW(install_for_load(t, hello->aid), 0x9000);
    EXPECT_SW(content_send(t, 0xE8, 0, 0, hello->load.bytes, hello->load.len - 4), 0x9000);
}
static void combined_load(struct test_card *t) {
    EXPECT(t, "80E60E0117 0AF06F6E65636172640150 08A000000151000000 00 00 00", "009000");
    EXPECT_SW(load_blocks(t, hello->load.bytes, hello->load.len, 200), 0x9000);
}
static void for_personalisation(struct test_card *t) {
    EXPECT(t, "80E620000C000006F00102030401000000", "009000");
}

static const struct {
    const char *name;
    void (*state)(struct test_card *t); /* what is on the card */
    void (*open)(struct test_card *t);  /* commands before it since power-up; nothing lasts */
    const char *command;                /* NULL: the last block of hello */
} cases[] = {
    {"LOAD, last block", with_nothing, all_blocks_but_one, NULL},
    {"INSTALL", with_hello, with_nothing,
     "80E60C0024 0AF06F6E65636172640150 09F06F6E656361726401 06F00102030401 0100 02C900 00"},
    {"INSTALL, the end of a combined process", with_nothing, combined_load,
     "80E60E0324 00 09F06F6E656361726401 06F00102030401 0100 02C900 00"},
    {"make selectable", with_instances, with_nothing, "80E608000D 00 00 06F00102030402 0100 00 00"},
    {"STORE DATA", with_files, for_personalisation,
     "80E280002A 6200 17 6211 820101 83020001 80020004 8800 860201C0 5302 0A0B"
     "8200 0D 800100 810101 840103 87021234"},
    {"DELETE", with_instances, with_nothing, "80E4000008 4F06F00102030401"},
    {"DELETE of a package", with_hello, with_nothing, "80E400000C 4F0AF06F6E65636172640150"},
    {"DELETE with related objects", with_instances, with_nothing,
     "80E400800C 4F0AF06F6E65636172640150"},
    {"PUT KEY", with_nothing, with_nothing, "80D8008100 " KEYS_20},
    {"PUT KEY, another version", with_keys, with_nothing, "80D8208100 30" KEY16 KEY16 KEY16},
    {"PUT KEY, other values", with_keys, with_nothing,
     "80D8208100 20 8010 00112233445566778899AABBCCDDEEFF 00" KEY16 KEY16},
    {"DELETE of a key version", with_keys, with_nothing, "80E4000000 D20120"},
    {"STORE DATA of the domain", with_keys, with_nothing, "80E2880000 8F10 04 20550101"},
    {"INSTALL of a domain", with_instances, with_nothing, MAKE_BANK},
    {"extradition", with_bank, with_nothing,
     "80E6100000 06D15600000101 00 06F00102030402 00 00 00"},
    {"SET STATUS, lock", with_instances, with_nothing, "80F0408000 F00102030401"},
    {"DELETE of a domain and all of it", with_bank, with_nothing, "80E4008000 4F06D15600000101"},
    {"STORE DATA, another name of the issuer's domain", with_bank, with_nothing,
     "80E2900000 4F09A00000015100000001"},
    {"and another one", with_name, with_nothing, "80E2900000 4F05A000000251"},
    {"SET STATUS INITIALIZED", with_hello, with_nothing, "80F08007"},
    {"SET STATUS SECURED", with_hello, with_nothing, "80F0800F"},
};

static size_t make_command(size_t i, uint8_t *command) {
    if (!cases[i].command) {
        memcpy(command, "\x80\xE8\x80\x01\x04", 5);
        memcpy(command + 5, hello->load.bytes + hello->load.len - 4, 4);
        return 9;
    }
    size_t len = 0;
    for (const char *p = cases[i].command; *p; p += *p == ' ' ? 1 : 2) {
        unsigned byte;
        if (*p == ' ')
            continue;
        assert_int_equal(sscanf(p, "%2x", &byte), 1);
        command[len++] = (uint8_t)byte;
    }
    /* the length is counted here, so that it need not be above */
    if (len > 5)
        command[4] = (uint8_t)(len - 5);
    return len;
}

/* Is the last answer 9000? */
static bool run(size_t i) {
    uint8_t command[300];
    struct test_card *t = &rig.card;
    size_t len = make_command(i, command);
    if (onecard_transmit(t->card, command, len, t->response, &t->response_len))
        return false;
    return !memcmp(t->response + t->response_len - 2, "\x90\x00", 2);
}

/* Cut at operation n of the case. false: it needs no more than n operations. */
static bool cut(size_t i, uint64_t n, enum tear_mode mode, uint64_t before, uint64_t after) {
    tear_flash_restore(&rig.flash, rig.snapshot);
    power_up();
    cases[i].open(&rig.card);
    tear_flash_cut(&rig.flash, n, mode);
    bool done = run(i);
    bool torn = rig.flash.off;
    power_up();
    uint64_t now = fingerprint();
    if (now != before && now != after)
        print_error("%s, operation %u, %s: a third state\n", cases[i].name, (unsigned)n,
                    tear_mode_name(mode));
    assert_true(now == before || now == after);
    assert_true(!done || now == after); /* what was acknowledged is there */
    assert_true(done || torn);
    power_up(); /* what it gave once, it gives for ever */
    assert_true(fingerprint() == now);
    if (now == before) {
        cases[i].open(&rig.card);
        assert_true(run(i));
        assert_true(fingerprint() == after);
    }
    assert_string_equal(rig.flash.violation, "");
    return torn;
}

static void tear(size_t i) {
    unsigned cuts = 0;
    cases[i].state(&rig.card);
    power_up();
    tear_flash_save(&rig.flash, rig.snapshot);
    uint64_t before = fingerprint();
    cases[i].open(&rig.card);
    power_up();
    assert_true(fingerprint() == before); /* nothing of that lasts */
    cases[i].open(&rig.card);
    assert_true(run(i));
    uint64_t after = fingerprint();
    assert_true(after != before);
    power_up();
    assert_true(fingerprint() == after);
    for (int mode = TEAR_NOT_BEGUN; mode < TEAR_REORDERED; mode++)
        for (uint64_t n = 0; cut(i, n, (enum tear_mode)mode, before, after); n++)
            cuts++;
    print_message("%s: %u cuts\n", cases[i].name, cuts);
    assert_true(cuts >= 4);
}

static void S1_at_every_operation(void **state) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setup(state);
        tear(i);
        teardown(state);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S1_at_every_operation),
    };
    return cmocka_run_group_tests_name("content torn", tests, NULL, NULL);
}
