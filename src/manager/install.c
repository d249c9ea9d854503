/* INSTALL (GPCS 2.3.1 11.5): instances, domains, extradition, registry update, personalisation. */
#include <string.h>

#include "manager/code.h"
#include "manager/inside.h"

/* P1, table 11-42. */
enum {
    FOR_LOAD = 0x02,
    FOR_INSTALL = 0x04,
    MAKE_SELECTABLE = 0x08,
    COMBINED = FOR_LOAD | FOR_INSTALL | MAKE_SELECTABLE,
    FOR_EXTRADITION = 0x10,
    FOR_PERSONALISATION = 0x20,
    FOR_REGISTRY_UPDATE = 0x40,
};

/* P2, 11.5.2.2: with COMBINED, the first and the last of its process. */
enum { P2_BEGIN = 0x01, P2_END = 0x03 };

/* The fields of all but [for load] (11.5.2.3.2 to .6). */
enum { AT_PACKAGE, AT_MODULE, AT_AID, AT_PRIVILEGES, AT_PARAMETERS, AT_TOKEN, FIELDS };

/* ---- parameters: C9 the application's own, EF the system's (table 11-49) ---- */

struct parameters {
    struct tlv applet;   /* C9 */
    struct tlv implicit; /* CF in EF */
};

static bool take_parameters(const struct tlv *field, struct parameters *out) {
    struct tlv system;
    memset(out, 0, sizeof *out);
    if (!content_find(field->value, field->len, 0xC9, &out->applet) ||
        !content_find(field->value, field->len, 0xEF, &system))
        return false;
    if (!system.tag)
        return true;
    return content_find(system.value, system.len, 0xCF, &out->implicit) &&
           (!out->implicit.tag || out->implicit.len == 1);
}

static uint8_t implicit_of(const struct parameters *p) {
    return p->implicit.tag ? p->implicit.value[0] : 0;
}

/* ---- [for install] ---- */

struct install {
    struct tlv f[FIELDS];
    struct parameters parameters;
    struct quota quota;
    uint32_t privileges;
    bool delegated;
    uint32_t loaded; /* context of the package of a combined process; else 0 */
};

static bool take_install(const struct apdu *c, struct install *i) {
    return content_fields(c, i->f, FIELDS) && i->f[AT_AID].len >= AID_MIN &&
           i->f[AT_AID].len <= AID_MAX && privileges_take(&i->f[AT_PRIVILEGES], &i->privileges) &&
           take_parameters(&i->f[AT_PARAMETERS], &i->parameters) &&
           !quota_take(&i->f[AT_PARAMETERS], &i->quota);
}

static uint16_t check_combined_token(struct manager *m, const struct manager_session *s,
                                     const struct apdu *c, const struct tlv f[FIELDS],
                                     bool delegated, const struct tlv *first) {
    const struct tlv *before = &f[AT_TOKEN - 1];
    if (!delegated && !f[AT_TOKEN].len)
        return SW_OK;
    return trust_token(m, s->domain, first, c, before->value + before->len, &f[AT_TOKEN]);
}

static uint16_t check_token(struct manager *m, const struct manager_session *s,
                            const struct apdu *c, const struct tlv f[FIELDS], bool delegated) {
    static const struct tlv alone = {0};
    return check_combined_token(m, s, c, f, delegated, &alone);
}

static struct registry_entry new_entry(const struct manager_session *s, const struct apdu *c,
                                       const struct install *i, uint32_t context,
                                       enum registry_type type) {
    struct registry_entry e = {
        .context = (uint16_t)context,
        .type = (uint8_t)type,
        .domain = (uint16_t)s->domain,
        .implicit = implicit_of(&i->parameters),
        .life_cycle = c->p1 & MAKE_SELECTABLE ? APPLET_SELECTABLE : APPLET_INSTALLED,
        .privileges = {(uint8_t)(i->privileges >> 16), (uint8_t)(i->privileges >> 8),
                       (uint8_t)i->privileges},
        .aid = content_aid(&i->f[AT_AID])};
    return e;
}

static uint16_t confirm_install(struct manager *m, const struct manager_session *s,
                                const struct install *i, struct apdu_answer *answer) {
    struct aid names[2] = {content_aid(&i->f[AT_PACKAGE]), content_aid(&i->f[AT_AID])};
    if (i->loaded) /* it need not be named once more */
        names[0] = registry_entry(&m->registry, i->loaded)->aid;
    enum onecard_err err = trust_confirm(m, s->domain, i->delegated, names, 2, NULL, 0, answer);
    return content_finish(m, err);
}

/* What a domain is made with: C9 may say which protocol it will speak (81), and what it lets others
 * do (policy.c). */
static bool domain_parameters_fit(const struct tlv *applet, struct policy *out_policy) {
    struct tlv protocol;
    if (!policy_take(applet, out_policy))
        return false;
    if (applet->len <= 1) /* a byte alone is how older cards wanted it; it says nothing to us */
        return true;
    if (!content_find(applet->value, applet->len, 0x81, &protocol))
        return false;
    for (uint32_t i = 0; i + 1 < protocol.len; i += 2)
        if (protocol.value[i] == SCP_02 || protocol.value[i] == SCP_03)
            return true;
    return !protocol.len;
}

static bool is_domain_module(const struct install *i) {
    return i->f[AT_PACKAGE].len == DOMAIN_PACKAGE_LEN &&
           !memcmp(i->f[AT_PACKAGE].value, DOMAIN_PACKAGE, DOMAIN_PACKAGE_LEN) &&
           i->f[AT_MODULE].len == DOMAIN_MODULE_LEN &&
           !memcmp(i->f[AT_MODULE].value, DOMAIN_MODULE, DOMAIN_MODULE_LEN);
}

static uint16_t install_domain(struct manager *m, struct manager_session *s, const struct apdu *c,
                               const struct install *i, struct apdu_answer *answer) {
    struct policy policy;
    if (!domain_parameters_fit(&i->parameters.applet, &policy)) {
        content_tell(m, "INSTALL",
                     "the domain's parameters are malformed, or name a protocol that is not there",
                     0, false);
        return SW_WRONG_DATA;
    }
    uint32_t context = registry_new_context(&m->registry);
    if (!context)
        return SW_NO_SPACE;
    struct registry_entry e = new_entry(s, c, i, context, REGISTRY_DOMAIN);
    const struct aid module = content_aid(&i->f[AT_MODULE]);
    enum onecard_err err = registry_add(&m->registry, &e, 0, 0, &module, 1);
    if (!err)
        err = policy_save(m, context, &policy);
    if (!err)
        err = privileges_take_over(m, context, i->privileges);
    return err ? content_finish(m, err) : confirm_install(m, s, i, answer);
}

/* The package to install from: in a combined process the one that it loaded, and no other. */
static struct registry_entry *find_package(struct manager *m, const struct install *i) {
    const struct tlv *file = &i->f[AT_PACKAGE];
    if (!i->loaded)
        return registry_find(&m->registry, REGISTRY_PACKAGE, file->value, file->len);
    struct registry_entry *e = registry_entry(&m->registry, i->loaded);
    bool same = e && e->aid.len == file->len && !memcmp(e->aid.value, file->value, file->len);
    return same || !file->len ? e : NULL;
}

static uint16_t install_instance(struct manager *m, struct manager_session *s, const struct apdu *c,
                                 const struct install *i, struct apdu_answer *answer) {
    struct registry *r = &m->registry;
    const struct tlv *module = &i->f[AT_MODULE];
    struct registry_entry *package = find_package(m, i);
    if (!package || !domain_reaches(m, s, package) ||
        !registry_has_module(r, package, module->value, module->len)) {
        content_tell(m, "INSTALL", "no such package, or no such applet in it", 0, false);
        return SW_REFERENCE_NOT_FOUND;
    }
    if (content_is_taken(m, "INSTALL", &i->f[AT_AID]))
        return SW_CONDITIONS;
    /* Its code may have to be made anew, with a commit of its own: before anything is staged. */
    struct vm_image image;
    enum onecard_err err = manager_code(m, package, &image);
    if (err)
        return apdu_status(err);
    const char *reason = quota_refuses(r, package, &i->quota, image.memory_initial);
    if (reason) {
        content_tell(m, "INSTALL", reason, 0, false);
        return SW_NO_SPACE;
    }
    uint32_t context = registry_new_context(r);
    if (!context)
        return SW_NO_SPACE;
    struct registry_entry e = new_entry(s, c, i, context, REGISTRY_INSTANCE);
    e.package = package->context;
    e.domain = package->domain; /* 9.3.6: inherited, whoever installs */
    const struct aid class = content_aid(module);
    err = registry_add(r, &e, 0, 0, &class, 1);
    if (!err)
        err = quota_save(m->store, context, &i->quota);
    if (!err)
        err = privileges_take_over(m, context, i->privileges);
    if (!err && i->loaded)
        err = registry_complete(r, i->loaded);
    if (!err)
        err = registry_load(r, m->store); /* the runtime finds the new instance in it */
    if (err)
        return content_finish(m, err);
    struct apdu parameters = {
        .ins = c->ins, .data = i->parameters.applet.value, .lc = i->parameters.applet.len};
    uint16_t status =
        m->upcalls->run_instance(m->upcalls->runtime, context, APPLET_INSTALL, &parameters);
    if (status != SW_OK) {
        content_finish(m, ONECARD_E_DENIED);
        return status;
    }
    return confirm_install(m, s, i, answer);
}

/* loaded, first: of a combined process; else 0, and empty. */
static uint16_t install_new(struct manager *m, struct manager_session *s, const struct apdu *c,
                            uint32_t loaded, const struct tlv *first, struct apdu_answer *answer) {
    struct install i;
    if (!take_install(c, &i))
        return SW_WRONG_DATA;
    i.loaded = loaded;
    uint16_t status = domain_may_manage(m, s, "INSTALL", &i.delegated);
    if (status != SW_OK)
        return status;
    bool domain = !loaded && is_domain_module(&i);
    if (!privileges_fit(i.privileges, domain) ||
        !privileges_may_give(m, s, i.privileges, i.delegated)) {
        content_tell(m, "INSTALL", "privileges that do not go together, or not to this one", 0,
                     false);
        return SW_WRONG_DATA;
    }
    status = check_combined_token(m, s, c, i.f, i.delegated, first);
    if (status != SW_OK)
        return status;
    if (!domain)
        return install_instance(m, s, c, &i, answer);
    return content_is_taken(m, "INSTALL", &i.f[AT_AID]) ? SW_CONDITIONS
                                                        : install_domain(m, s, c, &i, answer);
}

/* The end of a combined process (9.3.8): package and instance become facts in one commit, or
 * neither does. */
static uint16_t install_combined(struct manager *m, struct manager_session *s, const struct apdu *c,
                                 struct apdu_answer *answer) {
    struct tlv first;
    uint32_t loaded = load_of_combined(m, s, &first);
    uint16_t status =
        loaded ? install_new(m, s, c, loaded, &first, answer) : (uint16_t)SW_CONDITIONS;
    load_abandon(m);
    if (status == SW_OK)
        return status;
    answer->len = 0;
    enum onecard_err err = manager_tidy(m);
    return err ? apdu_status(err) : status;
}

/* ---- what is installed already ---- */

static struct registry_entry *find_application(struct manager *m, const struct tlv *aid) {
    struct registry_entry *e = registry_find_any(&m->registry, aid->value, aid->len);
    return e && (e->type == REGISTRY_INSTANCE || e->type == REGISTRY_DOMAIN) ? e : NULL;
}

/* New privileges and implicit selection, as [for make selectable] and [for registry update] bring
 * them. An application cannot become a domain, nor the other way round. */
static uint16_t stage_changes(struct manager *m, const struct manager_session *s,
                              const struct registry_entry *e, const struct tlv *privileges,
                              const struct parameters *parameters, bool delegated,
                              enum onecard_err *err) {
    uint32_t p = 0;
    *err = ONECARD_OK;
    if (privileges->len) {
        if (!privileges_take(privileges, &p) || !privileges_fit(p, e->type == REGISTRY_DOMAIN) ||
            !privileges_may_give(m, s, p, delegated))
            return SW_WRONG_DATA;
        *err = privileges_take_over(m, e->context, p);
        if (!*err)
            *err = registry_set_privileges(&m->registry, e->context, p);
    }
    if (!*err && parameters->implicit.tag)
        *err = registry_set_implicit(&m->registry, e->context, implicit_of(parameters));
    return SW_OK;
}

/* [for make selectable], 11.5.2.3.3: the application was installed before. One that is selectable
 * already can be made the default so. */
static uint16_t make_selectable(struct manager *m, struct manager_session *s, const struct apdu *c,
                                struct apdu_answer *answer) {
    struct tlv f[FIELDS];
    struct parameters parameters;
    bool delegated;
    if (!content_fields(c, f, FIELDS) || f[AT_PACKAGE].len || f[AT_MODULE].len ||
        !take_parameters(&f[AT_PARAMETERS], &parameters))
        return SW_WRONG_DATA;
    uint16_t status = domain_may_manage(m, s, "INSTALL", &delegated);
    if (status != SW_OK)
        return status;
    const struct registry_entry *e = find_application(m, &f[AT_AID]);
    if (!e || !domain_reaches(m, s, e))
        return SW_REFERENCE_NOT_FOUND;
    uint32_t privileges = 0;
    if (f[AT_PRIVILEGES].len && !privileges_take(&f[AT_PRIVILEGES], &privileges))
        return SW_WRONG_DATA;
    bool fresh = e->life_cycle == APPLET_INSTALLED;
    if (!fresh && !(privileges & PRIVILEGE_CARD_RESET))
        return SW_CONDITIONS;
    status = check_token(m, s, c, f, delegated);
    if (status != SW_OK)
        return status;
    enum onecard_err err;
    const struct tlv none = {0};
    /* zeros leave the privileges of [for install] as they are */
    if (e->type == REGISTRY_DOMAIN && privileges)
        privileges |= PRIVILEGE_DOMAIN;
    status = stage_changes(m, s, e, privileges ? &f[AT_PRIVILEGES] : &none, &parameters, delegated,
                           &err);
    if (status != SW_OK) {
        store_abort(m->store);
        return status;
    }
    if (!err && fresh)
        err = registry_set_life_cycle(&m->registry, e->context, APPLET_SELECTABLE);
    const struct aid names[2] = {{0}, content_aid(&f[AT_AID])};
    if (!err)
        err = trust_confirm(m, s->domain, delegated, names, 2, NULL, 0, answer);
    return content_finish(m, err);
}

/* Why what e names cannot go from the domain that it is associated with to that one; NULL. */
static const char *extradition_refused(struct manager *m, const struct manager_session *s,
                                       const struct registry_entry *e, uint32_t to) {
    const struct registry_entry *target = to ? registry_entry(&m->registry, to) : NULL;
    if (!policy_admits_to(m, e, POLICY_AWAY, s->domain, false)) /* 9.4.1 */
        return "the domain that it is associated with does not let this one extradite it";
    if (!policy_admits(m, to, POLICY_HERE, s->domain, true))
        return "the domain that it is to go to does not accept it from this one";
    if (target && target->life_cycle & APPLET_LOCKED)
        return "the domain that it is to go to is locked";
    if (target && e->type == REGISTRY_PACKAGE && registry_privileges(target) & PRIVILEGE_DAP)
        return "code gets past a domain's DAP by LOAD alone"; /* 9.4.1 */
    if (to == e->context && !scp_has_keys(m->keys, to))
        return "a domain that is to be its own needs keys";
    if (e->type == REGISTRY_DOMAIN && to != e->context && domain_above(m, e->context, to))
        return "a domain does not go below itself";
    return NULL;
}

/* The one to be extradited: an application or domain, or a package with P1 10. out_names, of a
 * receipt: the domain that had it, itself, the domain that gets it. */
static uint16_t extradite(struct manager *m, const struct manager_session *s,
                          const struct tlv f[FIELDS], struct aid out_names[3],
                          enum onecard_err *err) {
    uint32_t to = domain_find(m, f[AT_PACKAGE].value, f[AT_PACKAGE].len, DOMAIN_NONE);
    const struct registry_entry *e =
        registry_find_any(&m->registry, f[AT_AID].value, f[AT_AID].len);
    if (to == DOMAIN_NONE || !e)
        return SW_REFERENCE_NOT_FOUND;
    const char *refused = extradition_refused(m, s, e, to);
    if (refused) {
        content_tell(m, "extradition", refused, 0, false);
        return SW_CONDITIONS;
    }
    domain_aid(m, e->domain, &out_names[0]);
    out_names[1] = e->aid;
    domain_aid(m, to, &out_names[2]);
    *err = registry_set_domain(&m->registry, e->context, to);
    return SW_OK;
}

/* What went to another domain is opened with that one's keys from now on. */
static uint16_t finish_move(struct manager *m, const struct manager_session *s,
                            enum onecard_err err) {
    uint16_t status = content_finish(m, err);
    if (status == SW_OK)
        m->upcalls->review_channels(m->upcalls->runtime, s->domain, NULL, &s->scp);
    return status;
}

/* [for extradition], 11.5.2.3.4: domain, empty, AID, empty, parameters, token. */
static uint16_t for_extradition(struct manager *m, struct manager_session *s, const struct apdu *c,
                                struct apdu_answer *answer) {
    struct tlv f[FIELDS];
    struct aid names[3];
    bool delegated;
    enum onecard_err err = ONECARD_OK;
    if (!content_fields(c, f, FIELDS) || f[AT_MODULE].len || f[AT_PRIVILEGES].len)
        return SW_WRONG_DATA;
    uint16_t status = domain_may_manage(m, s, "INSTALL", &delegated);
    if (status == SW_OK)
        status = check_token(m, s, c, f, delegated);
    if (status == SW_OK)
        status = extradite(m, s, f, names, &err);
    if (status == SW_OK && !err)
        err = trust_confirm(m, s->domain, delegated, names, 3, NULL, 0, answer);
    return status == SW_OK ? finish_move(m, s, err) : status;
}

/* [for registry update], 11.5.2.3.5: domain or empty, empty, AID, privileges, parameters, token. */
static uint16_t for_registry_update(struct manager *m, struct manager_session *s,
                                    const struct apdu *c, struct apdu_answer *answer) {
    struct tlv f[FIELDS];
    struct parameters parameters;
    bool delegated;
    if (!content_fields(c, f, FIELDS) || f[AT_MODULE].len ||
        !take_parameters(&f[AT_PARAMETERS], &parameters))
        return SW_WRONG_DATA;
    uint16_t status = domain_may_manage(m, s, "INSTALL", &delegated);
    if (status != SW_OK)
        return status;
    const struct registry_entry *e = find_application(m, &f[AT_AID]);
    if (!e || !domain_reaches(m, s, e))
        return SW_REFERENCE_NOT_FOUND;
    status = check_token(m, s, c, f, delegated);
    if (status != SW_OK)
        return status;
    enum onecard_err err;
    status = stage_changes(m, s, e, &f[AT_PRIVILEGES], &parameters, delegated, &err);
    struct aid names[3];
    domain_aid(m, e->domain, &names[0]);
    names[1] = e->aid;
    names[2] = names[0];
    uint32_t to = domain_find(m, f[AT_PACKAGE].value, f[AT_PACKAGE].len, e->domain);
    if (status == SW_OK && !err && to != e->domain)
        status = extradite(m, s, f, names, &err);
    if (status == SW_OK && !err) /* covers privileges and parameters, too */
        err = trust_confirm(m, s->domain, delegated, names, 3, &f[AT_PRIVILEGES], 2, answer);
    if (status == SW_OK)
        return finish_move(m, s, err);
    store_abort(m->store);
    return status;
}

/* [for personalization], 11.5.2.3.6: what STORE DATA brings goes to this instance, or to this
 * domain. It has to be the session's domain's own (7.3.3); naming that one itself is as good as
 * naming none. */
static uint16_t for_personalisation(struct manager *m, struct manager_session *s,
                                    const struct apdu *c) {
    struct tlv f[FIELDS];
    if (!content_fields(c, f, FIELDS) || f[AT_PACKAGE].len || f[AT_MODULE].len)
        return SW_WRONG_DATA;
    if (domain_find(m, f[AT_AID].value, f[AT_AID].len, DOMAIN_NONE) == s->domain)
        return SW_OK;
    const struct registry_entry *e = find_application(m, &f[AT_AID]);
    if (!e || e->domain != s->domain)
        return SW_REFERENCE_NOT_FOUND;
    if (!content_may_personalise(m, s, e)) {
        content_tell(m, "INSTALL", "it is locked, or a domain with keys of its own", 0, false);
        return SW_CONDITIONS;
    }
    s->personalised = e->context;
    return SW_OK;
}

/* A byte 00: no confirmation comes with this one (11.5.3.1). */
static uint16_t nothing_to_confirm(uint16_t status, struct apdu_answer *answer) {
    if (status == SW_OK)
        answer->data[answer->len++] = 0;
    return status;
}

static bool is_combined(const struct apdu *c, uint8_t p2) {
    return c->p1 == COMBINED && c->p2 == p2 && c->lc;
}

uint16_t domain_install(struct manager *m, struct manager_session *s, const struct apdu *c,
                        struct apdu_answer *answer) {
    static const struct tlv alone = {0};
    store_data_forget(m, s);
    s->personalised = 0;
    if (is_combined(c, P2_END))
        return install_combined(m, s, c, answer);
    load_abandon(m);
    enum onecard_err err = manager_tidy(m);
    if (err)
        return apdu_status(err);
    if (!c->lc)
        return SW_WRONG_LENGTH;
    if (is_combined(c, P2_BEGIN))
        return nothing_to_confirm(install_for_load(m, s, c), answer);
    if (c->p2)
        return SW_WRONG_P1P2;
    switch (c->p1) {
    case FOR_LOAD:
        return nothing_to_confirm(install_for_load(m, s, c), answer);
    case FOR_INSTALL:
    case FOR_INSTALL | MAKE_SELECTABLE:
        return install_new(m, s, c, 0, &alone, answer);
    case MAKE_SELECTABLE:
        return make_selectable(m, s, c, answer);
    case FOR_EXTRADITION:
        return for_extradition(m, s, c, answer);
    case FOR_PERSONALISATION:
        return nothing_to_confirm(for_personalisation(m, s, c), answer);
    case FOR_REGISTRY_UPDATE:
        return for_registry_update(m, s, c, answer);
    default:
        return SW_WRONG_P1P2;
    }
}
