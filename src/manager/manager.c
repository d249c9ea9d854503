#include "manager/manager.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "base/tlv.h"
#include "manager/code.h"

/* Instructions, GPCS 2.3.1 table 11-1. */
enum {
    INS_DELETE = 0xE4,
    INS_INSTALL = 0xE6,
    INS_LOAD = 0xE8,
    INS_SET_STATUS = 0xF0,
    INS_STORE_DATA = 0xE2,
};

/* INSTALL P1, GPCS table 11-42. */
enum {
    INSTALL_FOR_LOAD = 0x02,
    INSTALL_FOR_INSTALL = 0x04,
    INSTALL_MAKE_SELECTABLE = 0x08,
    INSTALL_FOR_PERSONALISATION = 0x20,
};

enum onecard_err manager_format(struct store *store) {
    enum onecard_err err = registry_format(store);
    return err ? err : store_commit(store);
}

/* Packages that a power cut or a refusal left half loaded go as if they had never come. */
static enum onecard_err remove_unfinished(struct manager *m) {
    struct registry *r = &m->registry;
    bool found = false;
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->entries[i].type != REGISTRY_LOADING)
            continue;
        enum onecard_err err = registry_remove(r, r->entries[i].context);
        if (err)
            return err;
        found = true;
    }
    if (!found)
        return ONECARD_OK;
    enum onecard_err err = store_commit(m->store);
    return err ? err : registry_load(r, m->store);
}

enum onecard_err manager_open(struct manager *m, const struct onecard_port *port,
                              struct store *store, struct pool *pool,
                              const struct upcalls *upcalls) {
    memset(m, 0, sizeof *m);
    m->port = port;
    m->store = store;
    m->pool = pool;
    m->upcalls = upcalls;
    enum onecard_err err = registry_load(&m->registry, store);
    return err ? err : remove_unfinished(m);
}

uint16_t manager_select(struct manager *m, struct manager_session *session,
                        struct apdu_answer *answer) {
    (void)session; /* the issuer's domain is the only one */
    uint8_t max[2];
    put_be16(max, (uint16_t)(m->port->command_max > 0xFFFF ? 0xFFFF : m->port->command_max));
    size_t len = 0;
    bool ok = tlv_put(answer->data, answer->capacity, &len, 0x84, ISD_AID, ISD_AID_LEN);
    size_t start = len;
    ok = ok && tlv_put(answer->data, answer->capacity, &len, 0x9F65, max, sizeof max) &&
         tlv_wrap(answer->data, answer->capacity, &len, start, 0xA5) &&
         tlv_wrap(answer->data, answer->capacity, &len, 0, 0x6F);
    answer->len = ok ? (uint32_t)len : 0;
    return m->registry.card_life_cycle == CARD_LOCKED ? SW_WARN_DEACTIVATED : SW_OK;
}

static void abandon_load(struct manager *m) {
    if (m->loader)
        store_large_abandon(m->store);
    m->loader = NULL;
}

void manager_deselect(struct manager *m, struct manager_session *session) {
    if (m->loader == session)
        abandon_load(m);
    bytes_wipe(session, sizeof *session);
}

void manager_forget_instance(struct manager_session *session, uint32_t context) {
    if (session->personalised == context)
        session->personalised = 0;
}

/* Why a load or install was refused, for the person who watches. */
static void tell_refused(const struct manager *m, const char *what, const char *reason,
                         uint32_t offset, bool has_offset) {
    if (!m->port->trace)
        return;
    struct text t;
    text_init(&t);
    text_add(&t, what);
    text_add(&t, ": ");
    text_add(&t, reason ? reason : "refused");
    if (has_offset) {
        text_add(&t, " at byte ");
        text_add_number(&t, offset);
        text_add(&t, " of the module");
    }
    m->port->trace(m->port->ctx, ONECARD_TRACE_REFUSED, t.line);
}

/* End a content command: commit if all went well, else forget everything it staged. */
static uint16_t finish(struct manager *m, enum onecard_err err) {
    if (!err)
        err = store_commit(m->store);
    else
        store_abort(m->store);
    enum onecard_err reload = registry_load(&m->registry, m->store);
    return apdu_status(err ? err : reload);
}

/* One name, one owner: the issuer's domain, a package or an instance has that AID already. */
static bool is_taken(struct manager *m, const char *what, const struct tlv *aid) {
    bool taken = (aid->len == ISD_AID_LEN && !memcmp(aid->value, ISD_AID, ISD_AID_LEN)) ||
                 registry_find(&m->registry, REGISTRY_PACKAGE, aid->value, aid->len) ||
                 registry_find(&m->registry, REGISTRY_INSTANCE, aid->value, aid->len);
    if (taken)
        tell_refused(m, what, "that AID is on the card already", 0, false);
    return taken;
}

/* INSTALL [for load], GPCS 11.5.2.3.1: load file AID, security domain AID, hash, parameters, token
 */
static uint16_t install_for_load(struct manager *m, struct manager_session *session,
                                 const struct apdu *c) {
    const uint8_t *p = c->data;
    const uint8_t *end = p + c->lc;
    struct tlv file, domain, hash, parameters, token;
    if (!tlv_take_lv(&p, end, &file) || !tlv_take_lv(&p, end, &domain) ||
        !tlv_take_lv(&p, end, &hash) || !tlv_take_lv(&p, end, &parameters) ||
        !tlv_take_lv(&p, end, &token) || p != end)
        return SW_WRONG_DATA;
    if (file.len < AID_MIN || file.len > AID_MAX)
        return SW_WRONG_DATA;
    if (domain.len && (domain.len != ISD_AID_LEN || memcmp(domain.value, ISD_AID, ISD_AID_LEN)))
        return SW_REFERENCE_NOT_FOUND;
    struct quota quota;
    if (quota_take(&parameters, &quota))
        return SW_WRONG_DATA;
    if (is_taken(m, "INSTALL [for load]", &file))
        return SW_CONDITIONS;
    if (!quota_code_fits(m->store, &quota)) {
        tell_refused(m, "INSTALL [for load]", "flash has no room for that much code", 0, false);
        return SW_NO_SPACE;
    }
    uint32_t context = registry_new_context(&m->registry);
    if (!context || m->registry.count == REGISTRY_MAX)
        return SW_NO_SPACE;
    struct aid package = {.len = (uint8_t)file.len};
    memcpy(package.value, file.value, file.len);
    load_file_begin(&m->load, m->store, context, &package);
    m->load.quota = quota;
    m->loader = session;
    m->next_block = 0;
    return SW_OK;
}

/* The module is in flash: make the package a fact, as one that is still LOADING. */
static enum onecard_err register_package(struct manager *m) {
    const struct load_file *f = &m->load;
    struct registry_entry e = {.context = (uint16_t)f->context,
                               .package = (uint16_t)f->context,
                               .type = REGISTRY_LOADING,
                               .life_cycle = PACKAGE_LOADED,
                               .aid = f->package};
    enum onecard_err err = store_large_finish(m->store);
    m->loader = NULL;
    if (!err)
        err = registry_add(&m->registry, &e, f->version_major, f->version_minor, f->modules,
                           f->module_count);
    if (!err)
        err = quota_save(m->store, f->context, &f->quota);
    return err ? err : store_commit(m->store);
}

/* Translate it, and make it whole in the same commit. */
static enum onecard_err translate_package(struct manager *m) {
    uint32_t wasm_len = 0;
    const uint8_t *wasm = store_map(m->store, STORE_NAME(m->load.context, KIND_WASM, 0), &wasm_len);
    struct vm_report report = {0};
    enum onecard_err err = ONECARD_E_CORRUPT;
    if (wasm && !quota_module_fits(&m->load.quota, wasm, wasm_len)) {
        report.reason = "the module needs more memory than its quota";
        err = ONECARD_E_FULL;
    } else if (wasm) {
        err = code_translate(m, m->load.context, wasm, wasm_len, &report);
    }
    if (!err)
        err = registry_complete(&m->registry, m->load.context);
    if (err)
        tell_refused(m, "LOAD", report.reason ? report.reason : onecard_err_text(err),
                     report.offset, report.reason != NULL);
    return err ? err : store_commit(m->store);
}

static uint16_t refuse_load(struct manager *m, enum onecard_err err) {
    tell_refused(m, "LOAD", m->load.reason, 0, false);
    abandon_load(m);
    return apdu_status(err);
}

/* All blocks came: validate, translate, and keep all of it or nothing. */
static uint16_t complete_load(struct manager *m) {
    enum onecard_err err = load_file_end(&m->load);
    if (err)
        return refuse_load(m, err);
    err = register_package(m);
    if (!err)
        err = translate_package(m);
    if (err)
        store_abort(m->store);
    enum onecard_err after = registry_load(&m->registry, m->store);
    if (!after)
        after = remove_unfinished(m);
    return apdu_status(err ? err : after);
}

/* LOAD, GPCS 11.6: P1 bit 8 marks the last block, P2 counts modulo 256. */
static uint16_t load(struct manager *m, struct manager_session *session, const struct apdu *c,
                     struct apdu_answer *answer) {
    if (m->loader != session)
        return SW_CONDITIONS;
    if (c->p1 & 0x7F || c->p2 != m->next_block) {
        abandon_load(m);
        return SW_WRONG_P1P2;
    }
    if (!c->lc) {
        abandon_load(m);
        return SW_WRONG_LENGTH;
    }
    m->next_block++;
    enum onecard_err err = load_file_feed(&m->load, c->data, c->lc);
    if (err)
        return refuse_load(m, err);
    if (!(c->p1 & 0x80))
        return SW_OK;
    uint16_t sw = complete_load(m);
    if (sw == SW_OK)
        answer->data[answer->len++] = 0; /* no receipt, GPCS 11.6.3.1 */
    return sw;
}

/* The first data object of that tag among well-formed ones; empty if there is none. false if not
 * all of the bytes are data objects. */
static bool find_in_all(const uint8_t *data, uint32_t len, uint32_t tag, struct tlv *out) {
    const uint8_t *end = data + len;
    struct tlv object;
    *out = (struct tlv){0};
    while (data != end) {
        if (!tlv_next(&data, end, &object))
            return false;
        if (object.tag == tag && !out->tag)
            *out = object;
    }
    return true;
}

/* INSTALL [for install], GPCS 11.5.2.3.2, taken apart. */
struct install_data {
    struct tlv file, module, instance, privileges, parameters, token;
    struct tlv applet_parameters; /* C9 */
    struct quota quota;
};

static bool take_install_data(const struct apdu *c, struct install_data *d) {
    const uint8_t *p = c->data;
    const uint8_t *end = p + c->lc;
    memset(d, 0, sizeof *d);
    if (!tlv_take_lv(&p, end, &d->file) || !tlv_take_lv(&p, end, &d->module) ||
        !tlv_take_lv(&p, end, &d->instance) || !tlv_take_lv(&p, end, &d->privileges) ||
        !tlv_take_lv(&p, end, &d->parameters) || !tlv_take_lv(&p, end, &d->token) || p != end)
        return false;
    if (d->instance.len < AID_MIN || d->instance.len > AID_MAX ||
        (d->privileges.len != 1 && d->privileges.len != 3))
        return false;
    return find_in_all(d->parameters.value, d->parameters.len, 0xC9, &d->applet_parameters) &&
           !quota_take(&d->parameters, &d->quota);
}

static uint16_t install_instance(struct manager *m, const struct apdu *c,
                                 struct apdu_answer *answer) {
    struct install_data d;
    if (!take_install_data(c, &d))
        return SW_WRONG_DATA;
    struct registry *r = &m->registry;
    struct registry_entry *package = registry_find(r, REGISTRY_PACKAGE, d.file.value, d.file.len);
    if (!package || !registry_has_module(r, package, d.module.value, d.module.len)) {
        tell_refused(m, "INSTALL", "no such package, or no such applet in it", 0, false);
        return SW_REFERENCE_NOT_FOUND;
    }
    if (is_taken(m, "INSTALL", &d.instance))
        return SW_CONDITIONS;
    /* Its code may have to be made anew, with a commit of its own: before anything is staged. */
    struct vm_image image;
    enum onecard_err err = manager_code(m, package, &image);
    if (err)
        return apdu_status(err);
    const char *reason = quota_refuses(r, package, &d.quota, image.memory_initial);
    if (reason) {
        tell_refused(m, "INSTALL", reason, 0, false);
        return SW_NO_SPACE;
    }
    uint32_t context = registry_new_context(r);
    if (!context)
        return SW_NO_SPACE;
    struct registry_entry e = {.context = (uint16_t)context,
                               .package = package->context,
                               .type = REGISTRY_INSTANCE,
                               .life_cycle = c->p1 & INSTALL_MAKE_SELECTABLE ? APPLET_SELECTABLE
                                                                             : APPLET_INSTALLED};
    memcpy(e.privileges, d.privileges.value, d.privileges.len);
    e.aid.len = (uint8_t)d.instance.len;
    memcpy(e.aid.value, d.instance.value, d.instance.len);
    struct aid module = {.len = (uint8_t)d.module.len};
    memcpy(module.value, d.module.value, d.module.len);
    err = registry_add(r, &e, 0, 0, &module, 1);
    if (!err)
        err = quota_save(m->store, context, &d.quota);
    if (!err)
        err = registry_load(r, m->store); /* the runtime finds the new instance in it */
    if (err)
        return finish(m, err);
    struct apdu parameters = {
        .ins = INS_INSTALL, .data = d.applet_parameters.value, .lc = d.applet_parameters.len};
    uint16_t sw =
        m->upcalls->run_instance(m->upcalls->runtime, context, APPLET_INSTALL, &parameters);
    if (sw != SW_OK) {
        finish(m, ONECARD_E_DENIED);
        return sw;
    }
    sw = finish(m, ONECARD_OK);
    if (sw == SW_OK)
        answer->data[answer->len++] = 0; /* no receipt */
    return sw;
}

/* The instance that the other kinds of INSTALL name: two empty fields, its AID, privileges,
 * parameters, token (GPCS 11.5.2.3.3, 11.5.2.3.6). */
static uint16_t find_installed(struct manager *m, const struct apdu *c,
                               struct registry_entry **out_entry) {
    const uint8_t *p = c->data;
    const uint8_t *end = p + c->lc;
    struct tlv package, module, aid, privileges, parameters, token;
    if (!tlv_take_lv(&p, end, &package) || package.len || !tlv_take_lv(&p, end, &module) ||
        module.len || !tlv_take_lv(&p, end, &aid) || !tlv_take_lv(&p, end, &privileges) ||
        !tlv_take_lv(&p, end, &parameters) || !tlv_take_lv(&p, end, &token) || p != end)
        return SW_WRONG_DATA;
    *out_entry = registry_find(&m->registry, REGISTRY_INSTANCE, aid.value, aid.len);
    return *out_entry ? SW_OK : SW_REFERENCE_NOT_FOUND;
}

/* [for make selectable] alone: the instance was installed before. */
static uint16_t make_selectable(struct manager *m, const struct apdu *c) {
    struct registry_entry *e;
    uint16_t sw = find_installed(m, c, &e);
    if (sw != SW_OK)
        return sw;
    if (e->life_cycle != APPLET_INSTALLED)
        return SW_CONDITIONS;
    return finish(m, registry_set_life_cycle(&m->registry, e->context, APPLET_SELECTABLE));
}

/* [for personalization]: what STORE DATA brings goes to this instance. */
static uint16_t install_for_personalisation(struct manager *m, struct manager_session *session,
                                            const struct apdu *c) {
    struct registry_entry *e;
    uint16_t sw = find_installed(m, c, &e);
    if (sw == SW_OK)
        session->personalised = e->context;
    return sw;
}

static uint16_t install(struct manager *m, struct manager_session *session, const struct apdu *c,
                        struct apdu_answer *answer) {
    abandon_load(m);
    session->personalised = 0;
    if (!c->lc)
        return SW_WRONG_LENGTH;
    if (c->p2)
        return SW_WRONG_P1P2;
    switch (c->p1) {
    case INSTALL_FOR_LOAD:
        return install_for_load(m, session, c);
    case INSTALL_FOR_INSTALL:
    case INSTALL_FOR_INSTALL | INSTALL_MAKE_SELECTABLE:
        return install_instance(m, c, answer);
    case INSTALL_MAKE_SELECTABLE:
        return make_selectable(m, c);
    case INSTALL_FOR_PERSONALISATION:
        return install_for_personalisation(m, session, c);
    default:
        return SW_WRONG_P1P2;
    }
}

/* STORE DATA, GPCS 11.11, forwarded whole to the instance under personalisation. */
static uint16_t store_data(struct manager *m, struct manager_session *session, const struct apdu *c,
                           struct apdu_answer *answer) {
    (void)answer;
    if (!session->personalised)
        return SW_CONDITIONS;
    uint16_t sw =
        m->upcalls->run_instance(m->upcalls->runtime, session->personalised, APPLET_PERSONALISE, c);
    if (c->p1 & 0x80 || sw != SW_OK) {
        if (sw != SW_OK)
            finish(m, ONECARD_E_DENIED);
        session->personalised = 0;
    }
    return sw == SW_OK ? finish(m, ONECARD_OK) : sw;
}

/* The applet is told; what it does then is undone, and its wish to stay is not binding for the
 * issuer (GPCS 9.5). */
static void say_goodbye(struct manager *m, uint32_t context) {
    static const struct apdu none = {0};
    m->upcalls->run_instance(m->upcalls->runtime, context, APPLET_UNINSTALL, &none);
    store_abort(m->store);
    m->upcalls->forget_instance(m->upcalls->runtime, context);
}

static uint16_t delete_instance(struct manager *m, uint32_t context) {
    say_goodbye(m, context);
    return finish(m, registry_remove(&m->registry, context));
}

/* A package, and with it its instances if that is allowed: all in one commit (S1). */
static uint16_t delete_package(struct manager *m, uint32_t package, bool related) {
    const struct registry *r = &m->registry;
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->entries[i].type != REGISTRY_INSTANCE || r->entries[i].package != package)
            continue;
        if (!related)
            return SW_CONDITIONS;
        say_goodbye(m, r->entries[i].context);
    }
    enum onecard_err err = registry_remove(&m->registry, package);
    for (uint32_t i = 0; i < r->count && !err; i++)
        if (r->entries[i].type == REGISTRY_INSTANCE && r->entries[i].package == package)
            err = registry_remove(&m->registry, r->entries[i].context);
    return finish(m, err);
}

/* DELETE, GPCS 11.2: 4F AID; P2 80 also deletes the instances of a package. */
static uint16_t delete_content(struct manager *m, struct manager_session *session,
                               const struct apdu *c, struct apdu_answer *answer) {
    (void)session;
    struct tlv aid;
    if (c->p1 || c->p2 & 0x7F)
        return SW_WRONG_P1P2;
    if (!find_in_all(c->data, c->lc, 0x4F, &aid) || !aid.tag)
        return SW_WRONG_DATA;
    struct registry *r = &m->registry;
    struct registry_entry *instance = registry_find(r, REGISTRY_INSTANCE, aid.value, aid.len);
    struct registry_entry *package = registry_find(r, REGISTRY_PACKAGE, aid.value, aid.len);
    if (!instance && !package)
        return SW_REFERENCE_NOT_FOUND;
    uint16_t sw = instance ? delete_instance(m, instance->context)
                           : delete_package(m, package->context, c->p2 & 0x80);
    if (sw == SW_OK)
        answer->data[answer->len++] = 0; /* no receipt */
    return sw;
}

/* SET STATUS for the card, GPCS 11.10: OP_READY -> INITIALIZED -> SECURED, never back. SECURED ends
 * pre-issuance for ever (F6). */
static uint16_t set_status(struct manager *m, struct manager_session *session, const struct apdu *c,
                           struct apdu_answer *answer) {
    (void)session;
    (void)answer;
    if (c->p1 != 0x80)
        return SW_WRONG_P1P2;
    uint8_t now = m->registry.card_life_cycle;
    if (!(now == CARD_OP_READY && c->p2 == CARD_INITIALIZED) &&
        !((now == CARD_OP_READY || now == CARD_INITIALIZED) && c->p2 == CARD_SECURED))
        return SW_CONDITIONS;
    return finish(m, registry_set_card(&m->registry, c->p2, c->p2 != CARD_SECURED));
}

static const struct {
    uint8_t ins;
    uint16_t (*run)(struct manager *m, struct manager_session *session, const struct apdu *c,
                    struct apdu_answer *answer);
} commands[] = {
    {INS_INSTALL, install},       {INS_LOAD, load},
    {INS_DELETE, delete_content}, {INS_SET_STATUS, set_status},
    {INS_STORE_DATA, store_data},
};

uint16_t manager_process(struct manager *m, struct manager_session *session, const struct apdu *c,
                         struct apdu_answer *answer) {
    if (c->cla == 0x00 && c->ins == 0xA4)
        return SW_FILE_NOT_FOUND; /* the domain has no files; names were looked up before */
    if (c->cla & 0x0C)
        return SW_SM_UNSUPPORTED; /* secure channels come with part 7 */
    if (c->cla != 0x80 && c->cla != 0x00)
        return SW_CLA_UNSUPPORTED;
    for (uint32_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (commands[i].ins != c->ins || c->cla != 0x80)
            continue;
        if (!m->registry.pre_issuance)
            return SW_SECURITY_STATUS; /* F6 */
        return commands[i].run(m, session, c, answer);
    }
    return SW_INS_UNSUPPORTED;
}

enum onecard_err manager_code(struct manager *m, struct registry_entry *package,
                              struct vm_image *out_image) {
    enum onecard_err err = code_open(m, package->context, !package->code_checked, out_image);
    if (!err)
        package->code_checked = true;
    return err;
}
