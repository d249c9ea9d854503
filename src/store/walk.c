/* Which records of a sector count: the one place that decides it, for start-up, collection and
 * inspection alike.
 *
 * A record that is followed by another one was accepted in its time, so its seal is enough (and if
 * a cut left the seal weak, its checksum). Only where the log breaks off is the checksum verified
 * and a RESUME record looked for, which says that the log goes on from there. The last such record
 * wins: a recovery that was itself cut is followed by another. */
#include "store/format.h"

void store_walk_begin(struct walk *w, const struct geometry *g, uint32_t sector, uint32_t seq,
                      uint32_t end) {
    w->g = g;
    w->sector = format_sector(g, sector);
    w->seed = store_format_seed(g, seq);
    w->pos = g->first;
    w->last = g->first;
    w->open_end = end == 0;
    w->end = end ? end : g->sector_size;
    w->check = false;
}

static bool followed(const struct walk *w, const struct record *r) {
    if (r->next == w->end && !w->open_end)
        return true;
    return r->next + w->g->unit <= w->end && !store_format_blank(w->sector + r->next, w->g->unit);
}

static bool resumes(const struct walk *w, const struct record *r, uint32_t a, uint32_t b) {
    uint32_t offset = 0;
    struct entry e;
    return store_format_entry_next(r->entries, r->len, &offset, &e) && e.op == OP_RESUME &&
           (e.name == a || e.name == b) && store_format_record_intact(w->g, w->sector, w->seed, r);
}

static bool find_resume(const struct walk *w, uint32_t from, uint32_t a, uint32_t b, bool settled,
                        struct record *out);

/* Was it accepted for good? Sealed, or the log went on from it: right behind, or after a cut that
 * followed. (A seal may be weak: present once, missing the next time.) */
static bool is_settled(const struct walk *w, const struct record *r) {
    struct record next;
    return store_format_record_sealed(w->g, w->sector, w->seed, r) || followed(w, r) ||
           find_resume(w, r->next, r->next, r->next, true, &next);
}

/* The last record behind from that resumes the log from a or b. settled: it must be sealed or
 * followed; else it may be in doubt. */
static bool find_resume(const struct walk *w, uint32_t from, uint32_t a, uint32_t b, bool settled,
                        struct record *out) {
    bool found = false;
    struct record r;
    for (uint32_t pos = from; pos < w->end; pos += w->g->unit) {
        if (!store_format_record_parse(w->g, w->sector, pos, w->end, &r) || !resumes(w, &r, a, b))
            continue;
        if (settled && !is_settled(w, &r))
            continue;
        *out = r;
        found = true;
    }
    return found;
}

/* Where a recovery writes when last is the first byte behind all that shows: the operation after
 * the last visible one may have begun, and a seal may follow it; one more unit stays blank, so that
 * nothing before seems to be followed by a record. */
uint32_t store_walk_behind(const struct geometry *g, uint32_t last) {
    return align_up(((last - 1) & ~(g->chunk - 1)) + 2 * g->chunk, g->unit) + 2 * g->unit;
}

static bool deliver(struct walk *w, const struct record *r, struct record *out) {
    *out = *r;
    w->last = r->pos;
    w->pos = r->next;
    return true;
}

bool store_walk_next(struct walk *w, struct record *out) {
    const struct geometry *g = w->g;
    struct record r, resume;
    if (w->pos >= w->end)
        return false;
    bool shaped = store_format_record_parse(g, w->sector, w->pos, w->end, &r);
    bool sealed = shaped && store_format_record_sealed(g, w->sector, w->seed, &r);
    if (shaped && followed(w, &r)) {
        if (sealed && !w->check)
            return deliver(w, &r, out);
        if (store_format_record_intact(g, w->sector, w->seed, &r))
            return deliver(w, &r, out);
    } else if (shaped && store_format_record_intact(g, w->sector, w->seed, &r)) {
        bool resumed = find_resume(w, r.next, w->pos, r.next, true, &resume);
        if (resumed && get_le32(resume.entries) == w->pos)
            return deliver(w, &resume, out); /* the recovery restates or drops r */
        if (resumed || sealed)
            return deliver(w, &r, out);
        return false;
    }
    if (find_resume(w, w->pos + g->unit, w->pos, w->pos, true, &resume))
        return deliver(w, &resume, out);
    return false;
}

bool store_walk_doubtful(const struct walk *w, struct record *out) {
    if (find_resume(w, w->pos + w->g->unit, w->pos, w->pos, false, out))
        return true;
    return store_format_record_parse(w->g, w->sector, w->pos, w->end, out) &&
           store_format_record_intact(w->g, w->sector, w->seed, out);
}
