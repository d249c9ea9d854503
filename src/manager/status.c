/* GET STATUS (GPCS 2.3.1 11.4): the registry, told page by page. */
#include "base/bytes.h"
#include "manager/inside.h"

enum {
    SCOPE_ISSUER = 0x80,
    SCOPE_APPLICATIONS = 0x40,
    SCOPE_FILES = 0x20,
    SCOPE_MODULES = 0x10,
    SCOPES = 0xF0,
};

/* What is told of one entry of the registry, and of the two that are not in it. */
struct line {
    struct aid aid;
    uint8_t life_cycle;
    uint32_t privileges;
    uint8_t implicit;
    uint32_t domain;        /* it is associated with; the issuer's with itself (7.2) */
    uint32_t package;       /* 0: none */
    bool is_file, built_in; /* the package of supplementary domains has no record */
    uint32_t context;
};

#define BUILT_IN 0xFFFFu /* its place behind all contexts */

/* A page with secure messaging around it fits a short answer. */
#define PAGE_MAX (256u - SCP_WRAP_MAX)

/* ---- which ones ---- */

static bool take_entry(struct manager *m, const struct manager_session *s, uint8_t scope,
                       uint32_t context, struct line *out) {
    const struct registry_entry *e = registry_entry(&m->registry, context);
    if (!e)
        return false;
    bool file = e->type == REGISTRY_PACKAGE;
    bool application = e->type == REGISTRY_INSTANCE || e->type == REGISTRY_DOMAIN;
    bool all = domain_privileges(m, s->domain) & PRIVILEGE_GLOBAL_REGISTRY;
    if (scope == SCOPE_APPLICATIONS ? !application : !file)
        return false;
    if (!all && !domain_reaches(m, s, e))
        return false;
    *out = (struct line){.aid = e->aid,
                         .life_cycle = e->life_cycle,
                         .privileges = registry_privileges(e),
                         .implicit = e->implicit,
                         .domain = e->domain,
                         .package = application ? e->package : 0,
                         .is_file = file,
                         .context = context};
    return true;
}

static void take_issuer(struct manager *m, struct line *out) {
    *out = (struct line){.life_cycle = m->registry.card_life_cycle,
                         .privileges = domain_privileges(m, 0)};
    domain_aid(m, 0, &out->aid);
}

static void take_built_in(struct line *out) {
    *out = (struct line){.aid = {.len = DOMAIN_PACKAGE_LEN},
                         .life_cycle = PACKAGE_LOADED,
                         .is_file = true,
                         .built_in = true};
    memcpy(out->aid.value, DOMAIN_PACKAGE, DOMAIN_PACKAGE_LEN);
}

/* The first line at or above *context, which moves behind it. What is above a domain it sees with
 * Global Registry alone (6.6.2.6). */
static bool next_line(struct manager *m, const struct manager_session *s, uint8_t scope,
                      uint32_t *context, struct line *out) {
    const bool all = domain_privileges(m, s->domain) & PRIVILEGE_GLOBAL_REGISTRY;
    if (scope == SCOPE_ISSUER) {
        if (*context || !all)
            return false;
        *context = 1;
        take_issuer(m, out);
        return true;
    }
    for (; *context < BUILT_IN; (*context)++) {
        /* contexts are dense: skip to the end once the registry is behind */
        const struct registry *r = &m->registry;
        if (!r->count || *context > r->entries[r->count - 1].context)
            *context = BUILT_IN - 1;
        else if (take_entry(m, s, scope, *context, out)) {
            (*context)++;
            return true;
        }
    }
    if (*context != BUILT_IN || scope == SCOPE_APPLICATIONS || !all)
        return false;
    (*context)++;
    take_built_in(out);
    return true;
}

/* ---- how they are told ---- */

struct request {
    uint8_t scopes;      /* P1 */
    uint8_t scope;       /* the one of them that is being told */
    bool tags;           /* E3 templates, else the form of GlobalPlatform 2.1.1 */
    struct tlv criteria; /* all of the data field */
    struct tlv tag_list; /* 5C; empty: all there is */
};

static bool is_wanted(const struct request *q, uint32_t tag) {
    if (!q->tag_list.tag)
        return true;
    const uint8_t *p = q->tag_list.value, *end = p + q->tag_list.len;
    while (p != end) {
        uint32_t listed = *p++;
        if ((listed & 0x1F) == 0x1F && p != end)
            listed = listed << 8 | *p++;
        if (listed == tag)
            return true;
    }
    return false;
}

struct writer {
    uint8_t *data;
    size_t capacity, len;
    const struct request *request;
    bool ok;
};

static void put(struct writer *w, uint32_t tag, const void *value, size_t len) {
    if (is_wanted(w->request, tag))
        w->ok = w->ok && tlv_put(w->data, w->capacity, &w->len, tag, value, len);
}

static void put_aid(struct writer *w, uint32_t tag, const struct aid *aid) {
    put(w, tag, aid->value, aid->len);
}

/* Version and modules: those of a package, or of the one that the card was born with. */
static void detail_of(struct manager *m, const struct line *line, struct registry_detail *out) {
    memset(out, 0, sizeof *out);
    if (!line->built_in) {
        if (registry_detail(&m->registry, line->context, out))
            memset(out, 0, sizeof *out);
        return;
    }
    out->version_major = 1;
    out->module_count = 1;
    out->modules[0].len = DOMAIN_MODULE_LEN;
    memcpy(out->modules[0].value, DOMAIN_MODULE, DOMAIN_MODULE_LEN);
}

/* Table 11-36. */
static bool put_template(struct manager *m, const struct line *line, struct writer *w) {
    size_t start = w->len;
    uint8_t privileges[3] = {(uint8_t)(line->privileges >> 16), (uint8_t)(line->privileges >> 8),
                             (uint8_t)line->privileges};
    struct registry_detail detail;
    put_aid(w, 0x4F, &line->aid);
    put(w, 0x9F70, &line->life_cycle, 1);
    if (!line->is_file)
        put(w, 0xC5, privileges, sizeof privileges);
    if (line->implicit)
        put(w, 0xCF, &line->implicit, 1);
    if (line->package)
        put_aid(w, 0xC4, &registry_entry(&m->registry, line->package)->aid);
    if (line->is_file) {
        detail_of(m, line, &detail);
        const uint8_t version[2] = {detail.version_major, detail.version_minor};
        put(w, 0xCE, version, sizeof version);
        for (uint32_t i = 0; w->request->scope == SCOPE_MODULES && i < detail.module_count; i++)
            put_aid(w, 0x84, &detail.modules[i]);
    }
    struct aid domain;
    domain_aid(m, line->domain, &domain);
    put_aid(w, 0xCC, &domain);
    return w->ok && tlv_wrap(w->data, w->capacity, &w->len, start, 0xE3);
}

static void put_bytes(struct writer *w, const void *value, size_t len) {
    w->ok = w->ok && len <= w->capacity - w->len;
    if (!w->ok)
        return;
    memcpy(w->data + w->len, value, len);
    w->len += len;
}

/* Tables 11-34 and 11-35. */
static bool put_short(struct manager *m, const struct line *line, struct writer *w) {
    uint8_t state[2] = {line->life_cycle, (uint8_t)(line->privileges >> 16)};
    struct registry_detail detail;
    put_bytes(w, &line->aid.len, 1);
    put_bytes(w, line->aid.value, line->aid.len);
    put_bytes(w, state, sizeof state);
    if (w->request->scope != SCOPE_MODULES)
        return w->ok;
    detail_of(m, line, &detail);
    uint8_t count = (uint8_t)detail.module_count;
    put_bytes(w, &count, 1);
    for (uint32_t i = 0; i < detail.module_count; i++) {
        put_bytes(w, &detail.modules[i].len, 1);
        put_bytes(w, detail.modules[i].value, detail.modules[i].len);
    }
    return w->ok;
}

/* ---- search criteria (11.4.2.3): 4F, and data objects of table 11-36 ---- */

static bool criterion_fits(const struct tlv *object) {
    switch (object->tag) {
    case 0x5C:
        return true;
    case 0x4F: /* names, or beginnings of names */
    case 0x84:
    case 0xC4:
    case 0xCC:
        return object->len <= AID_MAX;
    case 0xC5:
        return object->len == 1 || object->len == 3;
    case 0xCE:
        return object->len == 1 || object->len == 2;
    case 0x9F70:
    case 0xCF:
        return object->len == 1;
    default:
        return false;
    }
}

static bool begins(const struct aid *aid, const struct tlv *with) {
    return with->len <= aid->len && !memcmp(aid->value, with->value, with->len);
}

static bool has_module(struct manager *m, const struct line *line, const struct tlv *aid) {
    struct registry_detail detail;
    detail_of(m, line, &detail);
    for (uint32_t i = 0; i < detail.module_count; i++)
        if (begins(&detail.modules[i], aid))
            return true;
    return false;
}

static bool has_version(struct manager *m, const struct line *line, const struct tlv *version) {
    struct registry_detail detail;
    detail_of(m, line, &detail);
    return detail.version_major == version->value[0] &&
           (version->len == 1 || detail.version_minor == version->value[1]);
}

/* What an entry has not, it does not match. */
static bool fits(struct manager *m, const struct line *line, const struct tlv *c) {
    struct aid aid;
    uint32_t privileges = 0;
    switch (c->tag) {
    case 0x4F:
        return begins(&line->aid, c);
    case 0x9F70:
        return line->life_cycle == c->value[0];
    case 0xC5: /* it has all of these */
        for (uint32_t i = 0; i < c->len; i++)
            privileges |= (uint32_t)c->value[i] << (16 - 8 * i);
        return !line->is_file && (line->privileges & privileges) == privileges;
    case 0xCF:
        return line->implicit && line->implicit == c->value[0];
    case 0xC4:
        return line->package && begins(&registry_entry(&m->registry, line->package)->aid, c);
    case 0xCC:
        domain_aid(m, line->domain, &aid);
        return begins(&aid, c);
    case 0xCE:
        return line->is_file && has_version(m, line, c);
    case 0x84:
        return line->is_file && has_module(m, line, c);
    default:
        return true;
    }
}

/* All of them together; of the issuer's domain alone they are ignored (table 11-32). */
static bool matches(struct manager *m, const struct request *q, const struct line *line) {
    const uint8_t *p = q->criteria.value, *end = p + q->criteria.len;
    struct tlv c;
    while (q->scopes != SCOPE_ISSUER && p != end && tlv_next(&p, end, &c))
        if (!fits(m, line, &c))
            return false;
    return true;
}

/* P1 is one scope. Clients ask for several at once, as GlobalPlatform 2.1.1 had it (E0: all there
 * is): then they are told one after the other, files with their modules if that is among them. */
static bool next_scope(struct request *q, uint32_t *context) {
    uint8_t scopes = q->scopes & SCOPE_MODULES ? q->scopes & (uint8_t)~SCOPE_FILES : q->scopes;
    for (uint32_t scope = q->scope ? q->scope >> 1 : SCOPE_ISSUER; scope & SCOPES; scope >>= 1) {
        if (!(scopes & scope))
            continue;
        q->scope = (uint8_t)scope;
        *context = scope == SCOPE_ISSUER ? 0 : 1;
        return true;
    }
    return false;
}

static uint16_t tell_page(struct manager *m, struct manager_session *s, struct request *q,
                          uint32_t context, struct apdu_answer *answer) {
    struct writer w = {.data = answer->data,
                       .capacity = answer->capacity < PAGE_MAX ? answer->capacity : PAGE_MAX,
                       .request = q,
                       .ok = true};
    struct line line;
    s->status_p1 = 0;
    for (;;) {
        uint32_t here = context;
        size_t before = w.len;
        if (!next_line(m, s, q->scope, &context, &line)) {
            if (next_scope(q, &context))
                continue;
            break;
        }
        if (!matches(m, q, &line))
            continue;
        if (q->tags ? put_template(m, &line, &w) : put_short(m, &line, &w))
            continue;
        if (!before) /* one that no page can hold */
            return SW_UNKNOWN;
        answer->len = (uint32_t)before;
        s->status_p1 = q->scopes;
        s->status_scope = q->scope;
        s->status_next = here;
        return SW_WARN_MORE_DATA;
    }
    answer->len = (uint32_t)w.len;
    return w.len ? SW_OK : SW_REFERENCE_NOT_FOUND;
}

uint16_t domain_get_status(struct manager *m, struct manager_session *s, const struct apdu *c,
                           struct apdu_answer *answer) {
    struct request q = {
        .scopes = c->p1, .tags = c->p2 & 0x02, .criteria = {.len = c->lc, .value = c->data}};
    const uint8_t *p = c->data, *end = p + c->lc;
    bool named = false;
    if (!c->p1 || c->p1 & ~SCOPES || c->p2 & ~0x03)
        return SW_WRONG_P1P2;
    struct tlv object;
    while (p != end) {
        if (!tlv_next(&p, end, &object) || !criterion_fits(&object))
            return SW_WRONG_DATA;
        named |= object.tag == 0x4F;
        if (object.tag == 0x5C)
            q.tag_list = object;
    }
    if (!named)
        return SW_WRONG_DATA;
    uint32_t context = 0;
    if (!(c->p2 & 0x01)) {
        next_scope(&q, &context);
        return tell_page(m, s, &q, context, answer);
    }
    if (s->status_p1 != c->p1)
        return SW_CONDITIONS;
    q.scope = s->status_scope;
    return tell_page(m, s, &q, s->status_next, answer);
}
