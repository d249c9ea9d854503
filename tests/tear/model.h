/* What the store should hold: a plain model of it, and random histories that drive both.
 *
 * The model keeps two states, the committed one and the one with the open transaction on top. After
 * a power cut the store must hold one of them, and the model is told which. */
#ifndef TESTS_TEAR_MODEL_H
#define TESTS_TEAR_MODEL_H

#include "store/store.h"

#define MODEL_OBJECTS 40u

struct rng {
    uint64_t state;
};
uint32_t rng_next(struct rng *r);
uint32_t rng_below(struct rng *r, uint32_t n);

struct model_object {
    bool exists, secret, large;
    bool staged; /* pending only: the open transaction has changed it */
    uint32_t size;
    uint8_t *data; /* STORE_SIZE_MAX bytes are never needed: model_limit of them */
};

struct model_state {
    struct model_object objects[MODEL_OBJECTS];
};

struct model {
    struct model_state committed, pending;
    /* A commit under way that leaves the open transaction alone: the committed state after it. */
    struct model_state alternative;
    bool in_commit; /* the store is making pending (or alternative) durable right now */
    bool now;       /* it is alternative */
    uint32_t limit; /* largest object */
    uint32_t large_limit;
    uint32_t budget; /* bytes that all objects may take, about */
};

void model_init(struct model *m, uint32_t limit, uint32_t large_limit, uint32_t budget);
void model_free(struct model *m);
store_name model_name(uint32_t i);

/* Does the store hold exactly that? NULL, or what differs. */
const char *model_compare(const struct model_state *state, const struct store *s);
bool model_same(const struct model_state *a, const struct model_state *b);

/* After a power cut: the store holds one of the states that the cut allows, and the model follows.
 * NULL, or what is wrong. */
const char *model_settle(struct model *m, const struct store *s);
/* The power went: the open transaction is gone. */
void model_power_off(struct model *m);

/* One random operation on both. ONECARD_E_IO when the power went; *wrong: the store misbehaved. */
enum onecard_err model_step(struct model *m, struct store *s, struct rng *r, const char **wrong);
/* Commit on both. */
enum onecard_err model_commit(struct model *m, struct store *s, const char **wrong);

#endif
