#include "tear/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t rng_next(struct rng *r) {
    r->state = r->state * 6364136223846793005ull + 1442695040888963407ull;
    uint64_t v = r->state;
    v ^= v >> 33;
    v *= 0xFF51AFD7ED558CCDull;
    return (uint32_t)(v >> 32);
}

uint32_t rng_below(struct rng *r, uint32_t n) {
    return (uint32_t)((uint64_t)rng_next(r) * n >> 32);
}

store_name model_name(uint32_t i) {
    return STORE_NAME(1 + i % 4, i / 4 % 3, i);
}

static void state_init(struct model_state *s, uint32_t size) {
    memset(s, 0, sizeof *s);
    for (uint32_t i = 0; i < MODEL_OBJECTS; i++)
        s->objects[i].data = calloc(1, size);
}

static void state_free(struct model_state *s) {
    for (uint32_t i = 0; i < MODEL_OBJECTS; i++)
        free(s->objects[i].data);
}

static void state_copy(struct model_state *to, const struct model_state *from) {
    for (uint32_t i = 0; i < MODEL_OBJECTS; i++) {
        struct model_object *t = &to->objects[i];
        const struct model_object *f = &from->objects[i];
        uint8_t *data = t->data;
        *t = *f;
        t->staged = false;
        t->data = data;
        if (f->exists)
            memcpy(data, f->data, f->size);
    }
}

void model_init(struct model *m, uint32_t limit, uint32_t large_limit, uint32_t budget) {
    uint32_t size = limit > large_limit ? limit : large_limit;
    memset(m, 0, sizeof *m);
    m->limit = limit;
    m->large_limit = large_limit;
    m->budget = budget;
    state_init(&m->committed, size);
    state_init(&m->pending, size);
    state_init(&m->alternative, size);
}

void model_free(struct model *m) {
    state_free(&m->committed);
    state_free(&m->pending);
    state_free(&m->alternative);
}

static const char *complain(const char *what, store_name name, uint32_t at) {
    static _Thread_local char text[160];
    snprintf(text, sizeof text, "%s (object %08X, byte %u)", what, (unsigned)name, (unsigned)at);
    return text;
}

static const char *compare_object(const struct model_object *o, const struct store *s,
                                  store_name name) {
    uint32_t size, mapped;
    enum onecard_err err = store_size(s, name, &size);
    if (!o->exists)
        return err == ONECARD_E_NOT_FOUND ? NULL : complain("is there and should not", name, 0);
    if (err)
        return complain("is missing", name, 0);
    if (size != o->size)
        return complain("has a wrong size", name, size);
    uint8_t *buf = malloc(size + 1);
    err = store_read(s, name, 0, buf, size);
    const char *wrong = err ? complain("cannot be read", name, (uint32_t)-err) : NULL;
    for (uint32_t i = 0; i < size && !wrong; i++)
        if (buf[i] != o->data[i])
            wrong = complain("has a wrong byte", name, i);
    free(buf);
    const uint8_t *map = store_map(s, name, &mapped);
    if (!wrong && map && (mapped != size || (size && memcmp(map, o->data, size) != 0)))
        wrong = complain("is mapped wrongly", name, 0);
    if (!wrong && !map && o->large && !store_dirty(s))
        wrong = complain("is large and not mapped", name, 0);
    return wrong;
}

const char *model_compare(const struct model_state *state, const struct store *s) {
    uint32_t count = 0;
    store_name name = 0;
    for (uint32_t i = 0; i < MODEL_OBJECTS; i++) {
        const char *wrong = compare_object(&state->objects[i], s, model_name(i));
        if (wrong)
            return wrong;
        count += state->objects[i].exists;
    }
    for (; store_next(s, name, &name) == ONECARD_OK; name++)
        count--;
    return count == 0 ? NULL : complain("objects that nobody made", name, count);
}

bool model_same(const struct model_state *a, const struct model_state *b) {
    for (uint32_t i = 0; i < MODEL_OBJECTS; i++) {
        const struct model_object *x = &a->objects[i], *y = &b->objects[i];
        if (x->exists != y->exists)
            return false;
        if (x->exists && (x->size != y->size || memcmp(x->data, y->data, x->size) != 0))
            return false;
    }
    return true;
}

const char *model_settle(struct model *m, const struct store *s) {
    const char *before = model_compare(&m->committed, s);
    if (before && m->in_commit) {
        struct model_state *after = m->now ? &m->alternative : &m->pending;
        const char *wrong = model_compare(after, s);
        if (wrong)
            return wrong;
        state_copy(&m->committed, after);
        before = NULL;
    }
    m->in_commit = false;
    if (!before)
        state_copy(&m->pending, &m->committed);
    return before;
}

void model_power_off(struct model *m) {
    if (!m->in_commit)
        state_copy(&m->pending, &m->committed);
}

enum onecard_err model_commit(struct model *m, struct store *s, const char **wrong) {
    m->in_commit = true;
    m->now = false;
    enum onecard_err err = store_commit(s);
    if (err == ONECARD_E_IO)
        return err;
    m->in_commit = false;
    if (err == ONECARD_OK)
        state_copy(&m->committed, &m->pending);
    else if (err == ONECARD_E_FULL || err == ONECARD_E_TOO_BIG)
        state_copy(&m->pending, &m->committed);
    else
        *wrong = complain("commit failed", 0, (uint32_t)-err);
    return err;
}

static uint32_t total(const struct model_state *s) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < MODEL_OBJECTS; i++)
        if (s->objects[i].exists)
            sum += s->objects[i].size + 32;
    return sum;
}

/* Errors that are an answer, not a failure; the model then does nothing. */
static bool refused(enum onecard_err err) {
    return err == ONECARD_E_FULL || err == ONECARD_E_TOO_BIG;
}

static enum onecard_err step_create(struct model *m, struct store *s, struct rng *r, uint32_t i,
                                    const char **wrong) {
    struct model_object *o = &m->pending.objects[i];
    bool secret = rng_below(r, 4) == 0;
    uint32_t most = secret ? 64 : rng_below(r, 3) ? 100 : m->limit;
    uint32_t size = rng_below(r, most + 1);
    if (total(&m->pending) + size > m->budget)
        return ONECARD_OK;
    enum onecard_err err =
        store_create(s, model_name(i), size, secret ? STORE_SECRET : STORE_PLAIN);
    if (o->exists) {
        if (err != ONECARD_E_EXISTS)
            *wrong = complain("was created twice", model_name(i), 0);
        return ONECARD_OK;
    }
    if (err)
        return refused(err) ? ONECARD_OK : err;
    o->exists = true;
    o->secret = secret;
    o->large = false;
    o->staged = true;
    o->size = size;
    memset(o->data, 0, size);
    return ONECARD_OK;
}

static void fill(struct rng *r, uint8_t *buf, uint32_t len) {
    for (uint32_t i = 0; i < len; i++)
        buf[i] = rng_below(r, 8) ? (uint8_t)rng_next(r) : (uint8_t)(0u - (rng_next(r) & 1u));
}

static enum onecard_err step_write(struct model *m, struct store *s, struct rng *r, uint32_t i,
                                   bool now, const char **wrong) {
    struct model_object *o = &m->pending.objects[i];
    uint8_t buf[300];
    uint32_t size = o->size;
    if (!o->exists || o->large || size == 0 || (now && o->staged))
        return ONECARD_OK;
    uint32_t offset = rng_below(r, size);
    uint32_t len = 1 + rng_below(r, rng_below(r, 4) ? 16 : sizeof buf);
    if (len > size - offset)
        len = size - offset;
    fill(r, buf, len);
    if (!now) {
        enum onecard_err err = store_write(s, model_name(i), offset, buf, len);
        if (err)
            return refused(err) ? ONECARD_OK : err;
        memcpy(o->data + offset, buf, len);
        o->staged = true;
        return ONECARD_OK;
    }
    state_copy(&m->alternative, &m->committed);
    memcpy(m->alternative.objects[i].data + offset, buf, len);
    m->in_commit = m->now = true;
    enum onecard_err err = store_write_now(s, model_name(i), offset, buf, len);
    if (err == ONECARD_E_IO)
        return err;
    m->in_commit = false;
    if (err == ONECARD_OK) {
        state_copy(&m->committed, &m->alternative);
        memcpy(o->data + offset, buf, len);
    } else if (!refused(err))
        *wrong = complain("write_now failed", model_name(i), (uint32_t)-err);
    return ONECARD_OK;
}

static enum onecard_err step_resize(struct model *m, struct store *s, struct rng *r, uint32_t i) {
    struct model_object *o = &m->pending.objects[i];
    if (!o->exists || o->large || o->secret)
        return ONECARD_OK;
    uint32_t size = rng_below(r, m->limit + 1);
    if (rng_below(r, 2))
        size = rng_below(r, o->size + 1);
    if (size > o->size && total(&m->pending) + size > m->budget)
        return ONECARD_OK;
    enum onecard_err err = store_resize(s, model_name(i), size);
    if (err)
        return refused(err) ? ONECARD_OK : err;
    if (size > o->size)
        memset(o->data + o->size, 0, size - o->size);
    o->size = size;
    o->staged = true;
    return ONECARD_OK;
}

/* What was finished before it goes too, and with it all that is staged. */
static void abandon_large(struct model *m, struct store *s) {
    bool dirty = store_dirty(s);
    store_large_abandon(s);
    if (dirty && !store_dirty(s))
        state_copy(&m->pending, &m->committed);
}

static enum onecard_err step_large(struct model *m, struct store *s, struct rng *r, uint32_t i,
                                   const char **wrong) {
    struct model_object *o = &m->pending.objects[i];
    uint32_t size = 1 + rng_below(r, rng_below(r, 3) ? 1500 : m->large_limit);
    if (size > m->large_limit)
        size = m->large_limit;
    uint32_t used = size - (rng_below(r, 3) ? 0 : rng_below(r, size));
    if (o->exists || total(&m->pending) + size > m->budget)
        return ONECARD_OK;
    enum onecard_err err = store_large_begin(s, model_name(i), size);
    if (err)
        return refused(err) || err == ONECARD_E_STATE ? ONECARD_OK : err;
    fill(r, o->data, used);
    for (uint32_t done = 0; done < used && !err;) {
        uint32_t n = 1 + rng_below(r, 250);
        if (n > used - done)
            n = used - done;
        err = store_large_append(s, o->data + done, n);
        done += n;
    }
    if (err)
        return err;
    if (rng_below(r, 5) == 0) {
        abandon_large(m, s);
        return ONECARD_OK;
    }
    err = store_large_finish(s);
    if (err) {
        abandon_large(m, s);
        return refused(err) ? ONECARD_OK : err;
    }
    uint32_t len;
    const uint8_t *data = store_large_data(s, &len);
    if (!data || len != used || memcmp(data, o->data, used) != 0)
        *wrong = complain("was not loaded rightly", model_name(i), len);
    o->exists = o->large = true;
    o->secret = false;
    o->size = used;
    o->staged = true;
    return rng_below(r, 2) ? model_commit(m, s, wrong) : ONECARD_OK; /* another may join it */
}

static enum onecard_err step_delete(struct model *m, struct store *s, uint32_t i, bool owner,
                                    const char **wrong) {
    store_name name = model_name(i);
    enum onecard_err err = owner ? store_delete_owner(s, STORE_OWNER(name)) : store_delete(s, name);
    if (err == ONECARD_E_NOT_FOUND && !m->pending.objects[i].exists)
        return ONECARD_OK;
    if (err) {
        if (!refused(err))
            *wrong = complain("could not be deleted", name, (uint32_t)-err);
        return ONECARD_OK;
    }
    for (uint32_t j = 0; j < MODEL_OBJECTS; j++)
        if (j == i || (owner && STORE_OWNER(model_name(j)) == STORE_OWNER(name)))
            m->pending.objects[j] =
                (struct model_object){.staged = true, .data = m->pending.objects[j].data};
    return ONECARD_OK;
}

enum onecard_err model_step(struct model *m, struct store *s, struct rng *r, const char **wrong) {
    uint32_t i = rng_below(r, MODEL_OBJECTS);
    uint32_t what = rng_below(r, 100);
    if (what < 15)
        return step_create(m, s, r, i, wrong);
    if (what < 45)
        return step_write(m, s, r, i, false, wrong);
    if (what < 55)
        return step_write(m, s, r, i, true, wrong);
    if (what < 60)
        return step_resize(m, s, r, i);
    if (what < 64)
        return step_large(m, s, r, i, wrong);
    if (what < 67)
        return step_delete(m, s, i, rng_below(r, 8) == 0, wrong);
    if (what < 69) {
        store_abort(s);
        state_copy(&m->pending, &m->committed);
        return ONECARD_OK;
    }
    if (what < 85)
        return model_commit(m, s, wrong);
    for (uint32_t n = rng_below(r, 6); n > 0 && store_idle(s); n--)
        ;
    return ONECARD_OK;
}
