/* Access rules as a table: each kind of rule, each operation, both interfaces. */
#include "fs/fixture.h"

static struct fixture fx;

static int setup(void **state) {
    (void)state;
    fixture_start(&fx);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_stop(&fx);
    return 0;
}

/* What a terminal may have proven. */
enum proof {
    NOTHING = 0x00,
    PIN_2 = 0x01,
    PIN_3 = 0x02,
    KEY_9 = 0x04,
    KEY_200 = 0x08,
    SM_MAC = 0x10,
    SM_BOTH = 0x20,
    CARD_PIN = 0x40,
    FINGER = 0x80,
    ALL_PROOFS = 0x100,
};

static void prove(struct security_status *status, unsigned proofs, bool contactless) {
    memset(status, 0, sizeof *status);
    status->contactless = contactless;
    status->pins = (proofs & PIN_2 ? 4u : 0) | (proofs & PIN_3 ? 8u : 0);
    status->keys[0] = proofs & KEY_9 ? 1u << 9 : 0;
    status->keys[200 / 32] = proofs & KEY_200 ? 1u << 200 % 32 : 0;
    status->sm = proofs & SM_BOTH  ? STATUS_SM_MAC | STATUS_SM_ENCIPHERED
                 : proofs & SM_MAC ? STATUS_SM_MAC
                                   : 0;
    status->card_pin = (proofs & CARD_PIN) != 0;
    status->biometric = (proofs & FINGER) != 0;
}

/* A model of a rule: entries of {conditions that must all be proven, interfaces}. */
struct model {
    const char *rules; /* hex; XX stands for the operation */
    struct {
        unsigned need;
        bool contact, contactless;
    } entries[3];
    unsigned count;
};

static const struct model models[] = {
    {"", {{0, false, false}}, 0},
    {"XXC0", {{NOTHING, true, true}}, 1},
    {"XX80", {{NOTHING, true, false}}, 1},
    {"XX40", {{NOTHING, false, true}}, 1},
    {"XX00", {{NOTHING, false, false}}, 1},
    {"XXC20000", {{ALL_PROOFS, true, true}}, 1}, /* never */
    {"XXC20102", {{PIN_2, true, true}}, 1},
    {"XXC20209", {{KEY_9, true, true}}, 1},
    {"XXC202C8", {{KEY_200, true, true}}, 1},
    {"XXC20301", {{SM_MAC, true, true}}, 1},
    {"XXC20303", {{SM_BOTH, true, true}}, 1},
    {"XXC20400", {{CARD_PIN, true, true}}, 1},
    {"XXC20500", {{FINGER, true, true}}, 1},
    {"XXC401020103", {{PIN_2 | PIN_3, true, true}}, 1},                   /* AND */
    {"XXC20102 XXC20103", {{PIN_2, true, true}, {PIN_3, true, true}}, 2}, /* OR */
    {"XXC401020209 XXC202C8", {{PIN_2 | KEY_9, true, true}, {KEY_200, true, true}}, 2},
    {"XX80 XX420102", {{NOTHING, true, false}, {PIN_2, false, true}}, 2}, /* per interface */
    {"XX820209 XX4403010102", {{KEY_9, true, false}, {SM_MAC | PIN_2, false, true}}, 2},
    {"XXC20000 XXC20209 XX40",
     {{ALL_PROOFS, true, true}, {KEY_9, true, true}, {NOTHING, false, true}},
     3},
};
#define MODELS (sizeof models / sizeof *models)

static const uint8_t operations[] = {ACCESS_READ,   ACCESS_UPDATE, ACCESS_APPEND,
                                     ACCESS_CREATE, ACCESS_DELETE, ACCESS_LIFE};
#define OPERATIONS (sizeof operations / sizeof *operations)

static uint32_t rules_for(const struct model *m, uint8_t operation, uint8_t *out) {
    char text[64], op[3];
    strcpy(text, m->rules);
    sprintf(op, "%02X", operation);
    for (char *x; (x = strstr(text, "XX")) != NULL;)
        memcpy(x, op, 2);
    return from_hex(out, ACCESS_RULES_MAX, text);
}

static bool model_allows(const struct model *m, unsigned proofs, bool contactless) {
    if (proofs & SM_BOTH)
        proofs |= SM_MAC;
    for (unsigned i = 0; i < m->count; i++)
        if ((contactless ? m->entries[i].contactless : m->entries[i].contact) &&
            (m->entries[i].need & ~proofs) == 0)
            return true;
    return false;
}

static void rules_against_their_model(void **state) {
    (void)state;
    for (size_t m = 0; m < MODELS; m++) {
        for (size_t op = 0; op < OPERATIONS; op++) {
            uint8_t rules[ACCESS_RULES_MAX];
            const uint32_t len = rules_for(&models[m], operations[op], rules);
            assert_true(access_rules_valid(rules, len));
            for (unsigned proofs = 0; proofs < 0x100; proofs++) {
                for (int contactless = 0; contactless < 2; contactless++) {
                    struct security_status status;
                    prove(&status, proofs, contactless != 0);
                    for (size_t asked = 0; asked < OPERATIONS; asked++)
                        assert_int_equal(access_allowed(rules, len, operations[asked], &status),
                                         asked == op &&
                                             model_allows(&models[m], proofs, contactless != 0));
                }
            }
        }
    }
}

/* The command that stands for each operation, on EF 0001 (transparent), 0002 (linear fixed with a
 * record) or the DF 00DF that is current; all leave the files as they are, or are undone. */
static const struct {
    uint8_t operation;
    const char *fcp, *before, *command;
} through_commands[] = {
    {ACCESS_READ, "80020002 820101 83020001", "", "00B0810001"},
    {ACCESS_READ, "82050201000104 83020002", "00A4000C020002", "00B2010400"},
    {ACCESS_READ, "82050201000104 83020002", "00A4000C020002", "00B3010403540100"},
    {ACCESS_READ, "80020002 820101 83020001", "", "00B1000103540100"},
    {ACCESS_UPDATE, "80020002 820101 83020001", "", "00D6810001AA"},
    {ACCESS_UPDATE, "80020002 820101 83020001", "", "00D70001065401005301AA"},
    {ACCESS_UPDATE, "80020002 820101 83020001", "", "000E8100"},
    {ACCESS_UPDATE, "80020002 820101 83020001", "", "00D0810001AA"},
    {ACCESS_UPDATE, "82050201000104 83020002", "00A4000C020002", "00DC010401AA"},
    {ACCESS_UPDATE, "82050201000104 83020002", "00A4000C020002", "00D2010401AA"},
    {ACCESS_UPDATE, "82050201000104 83020002", "00A4000C020002", "00DD0104065401005301AA"},
    {ACCESS_APPEND, "82050201000104 83020002", "00A4000C020002", "00E2000001AA"},
    {ACCESS_DELETE, "80020002 820101 83020001", "", "00E40000020001"},
    {ACCESS_LIFE, "80020002 820101 83020001", "", "00040000020001"},
    {ACCESS_LIFE, "80020002 820101 83020001", "", "00440000020001"},
    {ACCESS_LIFE, "80020002 820101 83020001", "", "00E80000020001"},
    {ACCESS_CREATE, "820138 830200DF", "00A4000C0200DF", "00E000000D620B80020002 82010183020001"},
};

static void rules_through_commands(void **state) {
    (void)state;
    static const unsigned proofs[] = {NOTHING, PIN_2,         PIN_3,         KEY_9,
                                      KEY_200, SM_MAC,        SM_BOTH,       CARD_PIN,
                                      FINGER,  PIN_2 | PIN_3, PIN_2 | KEY_9, PIN_2 | SM_MAC};
    for (size_t c = 0; c < sizeof through_commands / sizeof *through_commands; c++) {
        for (size_t m = 0; m < MODELS; m++) {
            char fcp[200], rules_text[2 * ACCESS_RULES_MAX + 1];
            uint8_t rules[ACCESS_RULES_MAX], body[128];
            const uint32_t len = rules_for(&models[m], through_commands[c].operation, rules);
            to_hex(rules_text, rules, len);
            sprintf(fcp, "%s 86%02X%s", through_commands[c].fcp, (unsigned)len, rules_text);
            const uint32_t size = from_hex(body, sizeof body, fcp);
            sprintf(rules_text, "62%02X", (unsigned)size);
            memmove(fcp + 4, fcp, strlen(fcp) + 1);
            memcpy(fcp, rules_text, 4);
            fs_file file = make_file(&fx, FS_ROOT, fcp);
            fs_record_append(fx.store, OWNER, file, "\0", 1);
            fixture_commit(&fx);
            for (size_t p = 0; p < sizeof proofs / sizeof *proofs; p++) {
                for (int contactless = 0; contactless < 2; contactless++) {
                    prove(&fx.status, proofs[p], contactless != 0);
                    fs_selection_reset(&fx.selection);
                    if (through_commands[c].before[0] != 0)
                        assert_int_equal(send(&fx, through_commands[c].before), SW_OK);
                    const uint16_t sw = send(&fx, through_commands[c].command);
                    const bool allowed = model_allows(&models[m], proofs[p], contactless != 0);
                    if (sw != (allowed ? SW_OK : SW_SECURITY_STATUS))
                        print_error("%s under %s, proofs %02X: %04X\n", through_commands[c].command,
                                    models[m].rules, proofs[p], sw);
                    assert_int_equal(sw, allowed ? SW_OK : SW_SECURITY_STATUS);
                    assert_true(allowed || !store_dirty(fx.store));
                    store_abort(fx.store);
                }
            }
            assert_int_equal(store_delete_owner(fx.store, OWNER), ONECARD_OK);
        }
    }
}

static void rules_of_data_objects(void **state) {
    (void)state;
    for (size_t m = 0; m < MODELS; m++) {
        uint8_t rules[2 * ACCESS_RULES_MAX];
        uint32_t len = rules_for(&models[m], ACCESS_READ | ACCESS_UPDATE, rules);
        assert_int_equal(fs_object_create(fx.store, OWNER, 0x9F79, 0, 0, rules, len), ONECARD_OK);
        fixture_commit(&fx);
        for (unsigned proofs = 0; proofs < 0x100; proofs += 3) {
            for (int contactless = 0; contactless < 2; contactless++) {
                static const char *const commands[] = {
                    "80CA9F7900", "80DA9F7901AA", "00CB3FFF045C029F7900", "00DB3FFF049F7901BB"};
                prove(&fx.status, proofs, contactless != 0);
                const uint16_t want =
                    model_allows(&models[m], proofs, contactless != 0) ? SW_OK : SW_SECURITY_STATUS;
                for (size_t i = 0; i < 4; i++)
                    assert_int_equal(send(&fx, commands[i]), want);
                store_abort(fx.store);
            }
        }
        assert_int_equal(fs_object_delete(fx.store, OWNER, 0x9F79), ONECARD_OK);
    }
}

static void malformed_rules(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "01",          /* half an entry */
        "01C1",        /* length beyond the end */
        "01C100",      /* half a condition */
        "01C20102 01", /* something behind */
        "01C20120",    /* PIN 32 */
        "01C20310",    /* no such secure-messaging bit */
        "01C20600",    /* no such condition */
        "01C20001",    /* never has no number */
    };
    struct security_status status;
    prove(&status, 0xFF, false);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint8_t rules[ACCESS_RULES_MAX];
        const uint32_t len = from_hex(rules, sizeof rules, wrong[i]);
        assert_false(access_rules_valid(rules, len));
        if (i < 3)
            assert_false(access_allowed(rules, len, ACCESS_READ, &status));
    }
    uint8_t long_rules[ACCESS_RULES_MAX + 2] = {0};
    assert_false(access_rules_valid(long_rules, sizeof long_rules));
    assert_true(access_rules_valid(NULL, 0));
}

/* A file in creation state is open to its maker; then its rules begin. */
static void rules_begin_with_activation(void **state) {
    (void)state;
    make_file(&fx, FS_ROOT, "620E 80020002 820101 83020001 8A0101");
    EXPECT(&fx, "00D6810001AA", "9000");
    EXPECT(&fx, "00440000020001", "9000");
    EXPECT(&fx, "00D6810001AA", "6982");
    EXPECT(&fx, "00B0810001", "6982");
}

static void F5_clearing_the_status_keeps_the_interface(void **state) {
    (void)state;
    struct security_status status;
    prove(&status, 0xFF, true);
    status.challenge_len = 8;
    security_status_clear(&status);
    assert_true(status.contactless);
    assert_int_equal(status.pins, 0);
    assert_int_equal(status.challenge_len, 0);
    assert_false(status.biometric);
    for (size_t i = 0; i < STATUS_KEYS / 32; i++)
        assert_int_equal(status.keys[i], 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(rules_against_their_model),   T(rules_through_commands),
        T(rules_of_data_objects),       T(malformed_rules),
        T(rules_begin_with_activation), T(F5_clearing_the_status_keeps_the_interface),
    };
    return cmocka_run_group_tests_name("fs_access", tests, NULL, NULL);
}
