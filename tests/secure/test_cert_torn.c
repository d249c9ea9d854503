/* S1 for certificates: the power fails at every flash operation of taking a list, keeping a CA and
 * changing a root. Afterwards list, cache and root are those before or those after, together, and
 * stay so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "secure/cert.h"
#include "secure/cert_issuer.h"
#include "tear/flash.h"

#define OWNER 7u

static struct rig {
    struct tear_flash flash;
    uint8_t *snapshot;
    void *memory;
    size_t memory_size;
    struct store *store;
} rig;

static struct issuer root, next_root, ca, card;
static uint8_t chain[2 * CERT_SIZE], other[CERT_SIZE], second_list[512];
static size_t second_len;

static enum onecard_err power_up(void) {
    struct arena arena;
    arena_init(&arena, rig.memory, rig.memory_size);
    return store_open(&rig.flash.port, &arena, &rig.store);
}

static enum onecard_err verify(const uint8_t *certificates, uint32_t len) {
    uint8_t key[64];
    return cert_verify(rig.store, OWNER, certificates, len, CERT_ROLE_ALL, 100, key);
}

static enum onecard_err commit(enum onecard_err err) {
    return err == ONECARD_OK ? store_commit(rig.store) : err;
}

/* Root, list of version 1, the CA kept. */
static int setup(void **state) {
    (void)state;
    static const struct onecard_flash geometry = {4096, 16, 4, 256, 2, NULL};
    static const struct wish ca_wish = {CERT_ROLE_CA, 1, 0, 999},
                             wish = {CERT_ROLE_CARD, 2, 0, 999}, ca_2 = {CERT_ROLE_CA, 3, 0, 999};
    uint8_t list[512];
    struct arena arena;
    struct issuer *all[4] = {&root, &next_root, &ca, &card};
    for (size_t i = 0; i < 4; i++)
        issuer_make(all[i]);
    issuer_certify(&root, &ca, &ca_wish, chain);
    issuer_certify(&ca, &card, &wish, chain + CERT_SIZE);
    issuer_certify(&root, &card, &ca_2, other);
    const struct revoked nobody[] = {{&ca, 9, 9}}, it[] = {{&ca, 9, 9}, {&ca, 2, 2}};
    const size_t len = issuer_revoke(&root, 1, nobody, 1, list);
    second_len = issuer_revoke(&root, 2, it, 2, second_list);
    tear_flash_init(&rig.flash, &geometry, 815);
    rig.memory_size = store_memory_size(&rig.flash.port) + 64;
    rig.memory = malloc(rig.memory_size);
    rig.snapshot = malloc(tear_flash_snapshot_size(&rig.flash));
    arena_init(&arena, rig.memory, rig.memory_size);
    assert_int_equal(store_format(&rig.flash.port, &arena), ONECARD_OK);
    assert_int_equal(power_up(), ONECARD_OK);
    assert_int_equal(commit(cert_root_set(rig.store, OWNER, 0, root.public_key, 64)), ONECARD_OK);
    assert_int_equal(commit(cert_list_set(rig.store, OWNER, list, (uint32_t)len)), ONECARD_OK);
    assert_int_equal(commit(verify(chain, sizeof chain)), ONECARD_OK);
    tear_flash_save(&rig.flash, rig.snapshot);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    struct issuer *all[4] = {&root, &next_root, &ca, &card};
    for (size_t i = 0; i < 4; i++)
        issuer_free(all[i]);
    tear_flash_free(&rig.flash);
    free(rig.memory);
    free(rig.snapshot);
    return 0;
}

/* ---- what is torn ---- */

static enum onecard_err take_list(void) {
    return commit(cert_list_set(rig.store, OWNER, second_list, (uint32_t)second_len));
}

static enum onecard_err keep_ca(void) {
    return commit(verify(other, sizeof other));
}

static enum onecard_err change_root(void) {
    return commit(cert_root_set(rig.store, OWNER, 0, next_root.public_key, 64));
}

/* What a card in that state says to the CA, to the card with its CA, and to the list; and how many
 * objects it keeps. */
struct view {
    enum onecard_err alone, with_ca;
    uint16_t version;
    unsigned kept;
};

static struct view look(void) {
    struct view v = {0};
    store_name name = STORE_NAME(OWNER, CERT_KIND, 0);
    v.alone = verify(chain + CERT_SIZE, CERT_SIZE);
    v.with_ca = verify(chain, sizeof chain);
    store_abort(rig.store);
    assert_int_equal(cert_list_version(rig.store, OWNER, &v.version), ONECARD_OK);
    while (store_next(rig.store, name, &name) == ONECARD_OK && STORE_OWNER(name) == OWNER &&
           STORE_KIND(name) == CERT_KIND) {
        v.kept++;
        name++;
    }
    return v;
}

static bool same(const struct view *a, const struct view *b) {
    return a->alone == b->alone && a->with_ca == b->with_ca && a->version == b->version &&
           a->kept == b->kept;
}

static const struct {
    const char *name;
    enum onecard_err (*run)(void);
    struct view after;
} cases[] = {
    {"list", take_list, {ONECARD_E_BLOCKED, ONECARD_E_BLOCKED, 2, 2}},
    {"another CA", keep_ca, {ONECARD_OK, ONECARD_OK, 1, 4}},
    {"root", change_root, {ONECARD_E_NOT_FOUND, ONECARD_E_NOT_FOUND, 1, 2}},
};
static const struct view before = {ONECARD_OK, ONECARD_OK, 1, 3};

/* Cut at operation n of the case. false: it needs no more than n operations. */
static bool cut(size_t i, uint64_t n, enum tear_mode mode) {
    tear_flash_restore(&rig.flash, rig.snapshot);
    tear_flash_power_up(&rig.flash);
    assert_int_equal(power_up(), ONECARD_OK);
    tear_flash_cut(&rig.flash, n, mode);
    const enum onecard_err err = cases[i].run();
    const bool torn = rig.flash.off;
    tear_flash_power_up(&rig.flash);
    assert_int_equal(power_up(), ONECARD_OK);
    const struct view v = look();
    if (!same(&v, &cases[i].after) && (err == ONECARD_OK || !same(&v, &before)))
        fail_msg("%s, operation %u, %s: neither before nor after", cases[i].name, (unsigned)n,
                 tear_mode_name(mode));
    tear_flash_power_up(&rig.flash); /* what it gave once, it gives for ever */
    assert_int_equal(power_up(), ONECARD_OK);
    const struct view again = look();
    assert_true(same(&v, &again));
    assert_string_equal(rig.flash.violation, "");
    return torn;
}

static void S1_at_every_operation(void **state) {
    (void)state;
    unsigned cuts = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int mode = TEAR_NOT_BEGUN; mode < TEAR_REORDERED; mode++)
            for (uint64_t n = 0; cut(i, n, (enum tear_mode)mode); n++)
                cuts++;
    print_message("%u cuts\n", cuts);
    assert_true(cuts > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(S1_at_every_operation, setup, teardown),
    };
    return cmocka_run_group_tests_name("cert_torn", tests, NULL, NULL);
}
