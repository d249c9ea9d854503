/* Certificates of the wallet: chains, the cache of verified CAs, revocation lists; signed by
 * OpenSSL. */
#include "fs/fixture.h"

#include "base/bytes.h"
#include "secure/cert.h"
#include "secure/cert_issuer.h"

enum { TODAY = 2500, ANY = CERT_ROLE_ALL };

static struct fixture fx;
static struct issuer root, other_root, ca, ca2, card, terminal, nobody;

static int make_issuers(void **state) {
    (void)state;
    struct issuer *all[7] = {&root, &other_root, &ca, &ca2, &card, &terminal, &nobody};
    for (size_t i = 0; i < 7; i++)
        issuer_make(all[i]);
    return 0;
}

static int free_issuers(void **state) {
    (void)state;
    struct issuer *all[7] = {&root, &other_root, &ca, &ca2, &card, &terminal, &nobody};
    for (size_t i = 0; i < 7; i++)
        issuer_free(all[i]);
    return 0;
}

static int setup(void **state) {
    (void)state;
    fixture_start(&fx);
    assert_int_equal(cert_root_set(fx.store, OWNER, 0, root.public_key, 64), ONECARD_OK);
    fixture_commit(&fx);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_stop(&fx);
    return 0;
}

static const struct wish ca_wish = {CERT_ROLE_CA, 10, 2000, 3000},
                         card_wish = {CERT_ROLE_CARD, 77, 2400, 2600},
                         terminal_wish = {CERT_ROLE_MERCHANT | CERT_ROLE_HEALTH, 78, 2400, 2600};

static enum onecard_err verify(const uint8_t *certificates, uint32_t len, uint8_t roles,
                               uint16_t day, const struct issuer *subject) {
    uint8_t key[64] = {0};
    enum onecard_err err = cert_verify(fx.store, OWNER, certificates, len, roles, day, key);
    if (err == ONECARD_OK)
        assert_memory_equal(key, subject->public_key, 64);
    return err;
}

/* Objects that certificates have in flash. */
static unsigned kept(void) {
    store_name name = STORE_NAME(OWNER, CERT_KIND, 0);
    unsigned n = 0;
    while (store_next(fx.store, name, &name) == ONECARD_OK && STORE_OWNER(name) == OWNER &&
           STORE_KIND(name) == CERT_KIND) {
        n++;
        name++;
    }
    return n;
}

/* ---- chains ---- */

static void chain_of_two(void **state) {
    (void)state;
    uint8_t chain[2 * CERT_SIZE];
    issuer_certify(&root, &ca, &ca_wish, chain);
    issuer_certify(&ca, &card, &card_wish, chain + CERT_SIZE);
    /* the CA is not known yet */
    assert_int_equal(verify(chain + CERT_SIZE, CERT_SIZE, ANY, TODAY, &card), ONECARD_E_NOT_FOUND);
    assert_int_equal(verify(chain, sizeof chain, CERT_ROLE_CARD, TODAY, &card), ONECARD_OK);
    assert_int_equal(kept(), 2);
    /* now it is, after a power cut too, and also when it comes again */
    fixture_commit(&fx);
    fixture_tear(&fx);
    assert_int_equal(verify(chain + CERT_SIZE, CERT_SIZE, ANY, TODAY, &card), ONECARD_OK);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_OK);
    assert_int_equal(verify(chain, CERT_SIZE, ANY, TODAY, &ca), ONECARD_OK);
    assert_int_equal(kept(), 2);
    assert_false(store_dirty(fx.store)); /* a tap writes nothing */
}

static void chain_of_one(void **state) {
    (void)state;
    uint8_t c[CERT_SIZE];
    issuer_certify(&root, &terminal, &terminal_wish, c);
    assert_int_equal(verify(c, CERT_SIZE, CERT_ROLE_HEALTH, TODAY, &terminal), ONECARD_OK);
    assert_false(store_dirty(fx.store));
}

/* Only a root makes CAs. */
static void no_third_level(void **state) {
    (void)state;
    uint8_t first[CERT_SIZE], chain[2 * CERT_SIZE];
    issuer_certify(&root, &ca, &ca_wish, first);
    issuer_certify(&ca, &ca2, &ca_wish, chain);
    issuer_certify(&ca2, &card, &card_wish, chain + CERT_SIZE);
    assert_int_equal(verify(first, CERT_SIZE, ANY, TODAY, &ca), ONECARD_OK);
    assert_int_equal(verify(chain, CERT_SIZE, ANY, TODAY, &ca2), ONECARD_E_DENIED);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_E_DENIED);
    memmove(chain + CERT_SIZE, chain, CERT_SIZE);
    memcpy(chain, first, CERT_SIZE);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &ca2), ONECARD_E_DENIED);
    /* a card is no CA, whatever it signs */
    issuer_certify(&ca, &card, &card_wish, chain);
    issuer_certify(&card, &terminal, &terminal_wish, chain + CERT_SIZE);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &terminal), ONECARD_E_FORMAT);
    assert_int_equal(verify(chain, CERT_SIZE, ANY, TODAY, &card), ONECARD_OK);
    assert_int_equal(verify(chain + CERT_SIZE, CERT_SIZE, ANY, TODAY, &terminal),
                     ONECARD_E_NOT_FOUND);
}

static void roles(void **state) {
    (void)state;
    uint8_t c[CERT_SIZE];
    issuer_certify(&root, &terminal, &terminal_wish, c);
    assert_int_equal(verify(c, CERT_SIZE, CERT_ROLE_MERCHANT, TODAY, &terminal), ONECARD_OK);
    assert_int_equal(verify(c, CERT_SIZE, CERT_ROLE_CARD | CERT_ROLE_HEALTH, TODAY, &terminal),
                     ONECARD_OK);
    assert_int_equal(verify(c, CERT_SIZE, CERT_ROLE_CARD, TODAY, &terminal), ONECARD_E_DENIED);
    assert_int_equal(verify(c, CERT_SIZE, CERT_ROLE_CA, TODAY, &terminal), ONECARD_E_DENIED);
    assert_int_equal(verify(c, CERT_SIZE, 0, TODAY, &terminal), ONECARD_E_DENIED);
}

static void dates(void **state) {
    (void)state;
    static const struct {
        uint16_t day;
        enum onecard_err err;
    } table[] = {{1999, ONECARD_E_STATE},
                 {2000, ONECARD_E_STATE},
                 {2399, ONECARD_E_STATE},
                 {2400, ONECARD_OK},
                 {2600, ONECARD_OK},
                 {2601, ONECARD_E_STATE},
                 {CERT_DAY_UNKNOWN, ONECARD_OK}};
    uint8_t chain[2 * CERT_SIZE];
    issuer_certify(&root, &ca, &ca_wish, chain);
    issuer_certify(&ca, &card, &card_wish, chain + CERT_SIZE);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(verify(chain, sizeof chain, ANY, table[i].day, &card), table[i].err);
    /* a cached CA that has ended in the meantime certifies nobody */
    const struct wish longer = {CERT_ROLE_CARD, 77, 2400, 4000};
    issuer_certify(&ca, &card, &longer, chain + CERT_SIZE);
    assert_int_equal(verify(chain + CERT_SIZE, CERT_SIZE, ANY, 3000, &card), ONECARD_OK);
    assert_int_equal(verify(chain + CERT_SIZE, CERT_SIZE, ANY, 3001, &card), ONECARD_E_STATE);
    assert_int_equal(verify(chain, sizeof chain, ANY, 3001, &card), ONECARD_E_STATE);
}

/* ---- what may be wrong with a certificate ---- */

static void formats(void **state) {
    (void)state;
    static const struct {
        const char *what;
        uint8_t at, value;
    } table[] = {{"version", CERT_AT_VERSION, 2},
                 {"no role", CERT_AT_ROLES, 0},
                 {"role of no meaning", CERT_AT_ROLES, 0x21},
                 {"CA among others", CERT_AT_ROLES, 0x81},
                 {"dates the wrong way round", CERT_AT_NOT_AFTER, 0},
                 {"RFU", CERT_AT_RFU + 1, 1}};
    uint8_t c[CERT_SIZE + 1];
    struct cert parsed;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        issuer_certify(&root, &card, &card_wish, c);
        assert_int_equal(cert_parse(c, CERT_SIZE, &parsed), ONECARD_OK);
        c[table[i].at] = table[i].value;
        issuer_sign(&root, c, CERT_BODY, c + CERT_BODY); /* a right signature helps nobody */
        if (verify(c, CERT_SIZE, ANY, TODAY, &card) != ONECARD_E_FORMAT)
            fail_msg("%s", table[i].what);
    }
    issuer_certify(&root, &card, &card_wish, c);
    for (uint32_t len = 0; len <= CERT_SIZE + 1; len++)
        assert_int_equal(verify(c, len, ANY, TODAY, &card),
                         len == CERT_SIZE ? ONECARD_OK : ONECARD_E_FORMAT);
}

/* Each bit counts. */
static void any_flipped_bit(void **state) {
    (void)state;
    uint8_t c[CERT_SIZE];
    issuer_certify(&root, &card, &card_wish, c);
    for (unsigned bit = 0; bit < CERT_SIZE * 8; bit += 5) {
        c[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(verify(c, CERT_SIZE, ANY, CERT_DAY_UNKNOWN, &card), ONECARD_OK);
        c[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(verify(c, CERT_SIZE, ANY, TODAY, &card), ONECARD_OK);
}

static void wrong_issuers(void **state) {
    (void)state;
    uint8_t chain[2 * CERT_SIZE];
    struct issuer false_root = nobody; /* says that it is the root */
    memcpy(false_root.name, root.name, 4);
    issuer_certify(&nobody, &card, &card_wish, chain);
    assert_int_equal(verify(chain, CERT_SIZE, ANY, TODAY, &card), ONECARD_E_NOT_FOUND);
    issuer_certify(&false_root, &card, &card_wish, chain);
    assert_int_equal(verify(chain, CERT_SIZE, ANY, TODAY, &card), ONECARD_E_WRONG);
    issuer_certify(&false_root, &ca, &ca_wish, chain);
    issuer_certify(&ca, &card, &card_wish, chain + CERT_SIZE);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_E_WRONG);
    assert_int_equal(kept(), 1); /* a CA with a wrong signature is not kept */
    /* the CA that came along is not the one that signed */
    issuer_certify(&root, &ca, &ca_wish, chain);
    issuer_certify(&ca2, &card, &card_wish, chain + CERT_SIZE);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_E_NOT_FOUND);
    struct issuer false_ca = ca2;
    memcpy(false_ca.name, ca.name, 4);
    issuer_certify(&false_ca, &card, &card_wish, chain + CERT_SIZE);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_E_WRONG);
    /* another owner's root is nobody's (F2) */
    issuer_certify(&root, &card, &card_wish, chain);
    uint8_t key[64];
    assert_int_equal(cert_verify(fx.store, STRANGER, chain, CERT_SIZE, ANY, TODAY, key),
                     ONECARD_E_NOT_FOUND);
}

/* A key that is no point gets no further than its own certificate. */
static void point_off_the_curve(void **state) {
    (void)state;
    uint8_t c[CERT_SIZE];
    struct issuer bad = card;
    bad.public_key[63] ^= 1;
    issuer_certify(&root, &bad, &card_wish, c);
    assert_int_equal(verify(c, CERT_SIZE, ANY, TODAY, &card), ONECARD_E_FORMAT);
    assert_int_equal(cert_root_set(fx.store, OWNER, 1, bad.public_key, 64), ONECARD_E_FORMAT);
}

/* ---- roots ---- */

static void two_roots(void **state) {
    (void)state;
    uint8_t c[CERT_SIZE], d[CERT_SIZE], with[CERT_SIZE];
    issuer_certify(&root, &card, &card_wish, c);
    issuer_certify(&other_root, &terminal, &terminal_wish, d);
    issuer_certify(&root, &ca, &ca_wish, with);
    assert_int_equal(cert_root_set(fx.store, OWNER, 2, other_root.public_key, 64), ONECARD_E_PARAM);
    assert_int_equal(cert_root_set(fx.store, OWNER, 1, other_root.public_key, 63), ONECARD_E_PARAM);
    assert_int_equal(cert_root_set(fx.store, OWNER, 1, NULL, 0), ONECARD_E_NOT_FOUND);
    assert_int_equal(verify(d, CERT_SIZE, ANY, TODAY, &terminal), ONECARD_E_NOT_FOUND);
    assert_int_equal(cert_root_set(fx.store, OWNER, 1, other_root.public_key, 64), ONECARD_OK);
    assert_int_equal(verify(c, CERT_SIZE, ANY, TODAY, &card), ONECARD_OK);
    assert_int_equal(verify(d, CERT_SIZE, ANY, TODAY, &terminal), ONECARD_OK);
    /* rollover: the root goes, and with it the CA that it had signed */
    assert_int_equal(verify(with, CERT_SIZE, ANY, TODAY, &ca), ONECARD_OK);
    assert_int_equal(kept(), 3);
    assert_int_equal(cert_root_set(fx.store, OWNER, 0, NULL, 0), ONECARD_OK);
    assert_int_equal(kept(), 1);
    assert_int_equal(verify(c, CERT_SIZE, ANY, TODAY, &card), ONECARD_E_NOT_FOUND);
    assert_int_equal(cert_root_set(fx.store, OWNER, 0, nobody.public_key, 64), ONECARD_OK);
    assert_int_equal(cert_root_set(fx.store, OWNER, 0, root.public_key, 64), ONECARD_OK);
    assert_int_equal(verify(c, CERT_SIZE, ANY, TODAY, &card), ONECARD_OK);
    fixture_commit(&fx);
    fixture_tear(&fx);
    assert_int_equal(verify(c, CERT_SIZE, ANY, TODAY, &card), ONECARD_OK);
}

/* ---- the cache ---- */

/* It fills up and then stays: certificates cannot wear the flash out. */
static void full_cache(void **state) {
    (void)state;
    uint8_t chain[2 * CERT_SIZE];
    for (uint32_t serial = 1; serial <= CERT_CACHED + 3; serial++) {
        const struct wish wish = {CERT_ROLE_CA, serial, 2000, 3000};
        issuer_certify(&root, &ca, &wish, chain);
        issuer_certify(&ca, &card, &card_wish, chain + CERT_SIZE);
        assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_OK);
        assert_int_equal(kept(), 1 + (serial < CERT_CACHED ? serial : CERT_CACHED));
        if (serial > CERT_CACHED)
            assert_false(store_dirty(fx.store));
        fixture_commit(&fx);
    }
    issuer_certify(&root, &ca2, &ca_wish, chain); /* not kept, but it can come along */
    issuer_certify(&ca2, &card, &card_wish, chain + CERT_SIZE);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_OK);
    assert_int_equal(verify(chain + CERT_SIZE, CERT_SIZE, ANY, TODAY, &card), ONECARD_E_NOT_FOUND);
}

/* What was verified in a command that is undone is not kept. */
static void undone_with_the_command(void **state) {
    (void)state;
    uint8_t chain[2 * CERT_SIZE];
    issuer_certify(&root, &ca, &ca_wish, chain);
    issuer_certify(&ca, &card, &card_wish, chain + CERT_SIZE);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_OK);
    store_abort(fx.store);
    assert_int_equal(verify(chain + CERT_SIZE, CERT_SIZE, ANY, TODAY, &card), ONECARD_E_NOT_FOUND);
}

/* ---- revocation ---- */

static void revocation(void **state) {
    (void)state;
    uint8_t chain[2 * CERT_SIZE], direct[CERT_SIZE], list[512];
    uint16_t version = 1;
    issuer_certify(&root, &ca, &ca_wish, chain);
    issuer_certify(&ca, &card, &card_wish, chain + CERT_SIZE);
    issuer_certify(&root, &terminal, &terminal_wish, direct);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_OK);
    assert_int_equal(cert_list_version(fx.store, OWNER, &version), ONECARD_OK);
    assert_int_equal(version, 0);
    /* serials of the CA around the card's, and the terminal's serial of somebody else */
    const struct revoked beside[] = {{&ca, 0, 76}, {&ca, 78, UINT32_MAX}, {&ca, 78, 78}};
    size_t len = issuer_revoke(&root, 1, beside, 3, list);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_OK);
    assert_int_equal(kept(), 2); /* the cache is empty, the list is there */
    assert_int_equal(verify(chain + CERT_SIZE, CERT_SIZE, ANY, TODAY, &card), ONECARD_E_NOT_FOUND);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_OK);
    assert_int_equal(verify(direct, CERT_SIZE, ANY, TODAY, &terminal), ONECARD_OK);
    /* the card itself */
    const struct revoked it[] = {{&root, 78, 78}, {&ca, 77, 77}};
    len = issuer_revoke(&root, 2, it, 2, list);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_OK);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_E_BLOCKED);
    assert_int_equal(verify(direct, CERT_SIZE, ANY, TODAY, &terminal), ONECARD_E_BLOCKED);
    /* its CA: all that it certified */
    const struct revoked it_all[] = {{&root, 0, 10}};
    len = issuer_revoke(&root, 3, it_all, 1, list);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_OK);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_E_BLOCKED);
    assert_int_equal(verify(chain + CERT_SIZE, CERT_SIZE, ANY, TODAY, &card), ONECARD_E_NOT_FOUND);
    /* an empty list takes it back; it stays over a power cut */
    len = issuer_revoke(&root, 4, NULL, 0, list);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_OK);
    fixture_commit(&fx);
    fixture_tear(&fx);
    assert_int_equal(verify(chain, sizeof chain, ANY, TODAY, &card), ONECARD_OK);
    assert_int_equal(cert_list_version(fx.store, OWNER, &version), ONECARD_OK);
    assert_int_equal(version, 4);
}

/* Versions go up; the same list twice is once. */
static void list_versions(void **state) {
    (void)state;
    uint8_t list[512], again[512];
    const struct revoked one[] = {{&ca, 1, 1}}, two[] = {{&ca, 1, 2}};
    const size_t len = issuer_revoke(&root, 5, one, 1, list);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_OK);
    fixture_commit(&fx);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_OK);
    assert_false(store_dirty(fx.store));
    assert_int_equal(issuer_revoke(&root, 5, two, 1, again), len);
    assert_int_equal(cert_list_set(fx.store, OWNER, again, (uint32_t)len), ONECARD_E_STATE);
    issuer_revoke(&root, 4, two, 1, again);
    assert_int_equal(cert_list_set(fx.store, OWNER, again, (uint32_t)len), ONECARD_E_STATE);
    issuer_revoke(&root, 6, two, 1, again);
    assert_int_equal(cert_list_set(fx.store, OWNER, again, (uint32_t)len), ONECARD_OK);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_E_STATE);
}

static void wrong_lists(void **state) {
    (void)state;
    uint8_t list[1024];
    struct revoked many[CERT_LIST_ENTRIES + 1];
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
        many[i] = (struct revoked){&ca, (uint32_t)i, (uint32_t)i};
    size_t len = issuer_revoke(&root, 1, many, CERT_LIST_ENTRIES + 1, list);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_E_FORMAT);
    len = issuer_revoke(&nobody, 1, many, 1, list);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_E_NOT_FOUND);
    len = issuer_revoke(&ca, 1, many, 1, list); /* a CA makes no lists */
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_E_NOT_FOUND);
    len = issuer_revoke(&root, 0, many, 1, list);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_E_FORMAT);
    const struct revoked backwards[] = {{&ca, 2, 1}};
    len = issuer_revoke(&root, 1, backwards, 1, list);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_E_FORMAT);
    len = issuer_revoke(&root, 1, many, CERT_LIST_ENTRIES, list);
    for (uint32_t cut = 0; cut < len; cut++)
        assert_int_equal(cert_list_set(fx.store, OWNER, list, cut), ONECARD_E_FORMAT);
    for (size_t at = 0; at < len; at += 3) {
        list[at] ^= 0x10;
        assert_int_not_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_OK);
        list[at] ^= 0x10;
    }
    assert_int_equal(kept(), 1);
    assert_int_equal(cert_list_set(fx.store, OWNER, list, (uint32_t)len), ONECARD_OK);
    fixture_commit(&fx);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        EACH(chain_of_two),    EACH(chain_of_one),  EACH(no_third_level),
        EACH(roles),           EACH(dates),         EACH(formats),
        EACH(any_flipped_bit), EACH(wrong_issuers), EACH(point_off_the_curve),
        EACH(two_roots),       EACH(full_cache),    EACH(undone_with_the_command),
        EACH(revocation),      EACH(list_versions), EACH(wrong_lists),
    };
    return cmocka_run_group_tests(tests, make_issuers, free_issuers);
}
