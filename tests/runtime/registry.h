/* Changes of the registry that no command makes yet, for tests of what the runtime makes of them.
 */
#ifndef RUNTIME_TEST_REGISTRY_H
#define RUNTIME_TEST_REGISTRY_H

#include "runtime/runtime.h"
#include "support/card.h"

static inline uint32_t context_of(struct test_card *t, const char *aid, uint32_t len) {
    struct registry_entry *e =
        registry_find_any(&t->card->manager.registry, (const uint8_t *)aid, len);
    assert_non_null(e);
    return e->context;
}

/* Commit what was staged, and power up again. */
static inline void registry_done(struct test_card *t) {
    assert_int_equal(store_commit(t->card->store), ONECARD_OK);
    test_card_reopen(t);
}

static inline void set_life_cycle(struct test_card *t, uint32_t context, uint8_t life_cycle) {
    struct registry *r = &t->card->manager.registry;
    assert_int_equal(registry_set_life_cycle(r, context, life_cycle), ONECARD_OK);
    registry_done(t);
}

static inline void set_privileges(struct test_card *t, uint32_t context, uint32_t privileges) {
    struct registry *r = &t->card->manager.registry;
    assert_int_equal(registry_set_privileges(r, context, privileges), ONECARD_OK);
    registry_done(t);
}

static inline void set_implicit(struct test_card *t, uint32_t context, uint8_t implicit) {
    struct registry *r = &t->card->manager.registry;
    assert_int_equal(registry_set_implicit(r, context, implicit), ONECARD_OK);
    registry_done(t);
}

static inline void set_card_life(struct test_card *t, uint8_t life_cycle) {
    struct registry *r = &t->card->manager.registry;
    assert_int_equal(registry_set_card(r, life_cycle, false), ONECARD_OK);
    registry_done(t);
}

#endif
