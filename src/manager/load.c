/* INSTALL [for load] and LOAD (GPCS 2.3.1 11.5.2.3.1, 11.6): the way of a package onto the card. */
#include <string.h>

#include "manager/code.h"
#include "manager/inside.h"

enum { AT_FILE, AT_DOMAIN, AT_HASH, AT_PARAMETERS, AT_TOKEN, FIELDS };

/* INSTALL [for load, install and make selectable] (11.5.2.1, 11.5.2.2) */
enum { P1_COMBINED = 0x0E };

/* A combined process between its first and its last INSTALL. */
struct combined {
    const struct manager_session *session;
    uint32_t waiting; /* context of the package once all blocks are there */
    uint32_t len;
    uint8_t first[]; /* of the first INSTALL what the token of the last one covers (C.4.7) */
};

/* What a load needs while blocks come. */
static void end_blocks(struct manager *m) {
    if (m->loader)
        store_large_abandon(m->store);
    m->loader = NULL;
    if (m->load)
        pool_give(m->pool, m->load->check);
    pool_give(m->pool, m->load);
    m->load = NULL;
}

void load_abandon(struct manager *m) {
    end_blocks(m);
    pool_give(m->pool, m->combined);
    m->combined = NULL;
}

bool load_is_of(const struct manager *m, const struct manager_session *s) {
    return m->loader == s || (m->combined && m->combined->session == s);
}

uint32_t load_waiting(const struct manager *m) {
    return m->combined ? m->combined->waiting : 0;
}

uint32_t load_of_combined(const struct manager *m, const struct manager_session *s,
                          struct tlv *out_first) {
    if (!m->combined || m->combined->session != s)
        return 0;
    *out_first = (struct tlv){.len = m->combined->len, .value = m->combined->first};
    return m->combined->waiting;
}

/* The whole process has one token, and it comes with the last INSTALL. */
static uint16_t begin_combined(struct manager *m, const struct manager_session *s,
                               const struct apdu *c, const struct tlv f[FIELDS]) {
    const uint8_t *end = f[AT_PARAMETERS].value + f[AT_PARAMETERS].len;
    if (f[AT_TOKEN].len)
        return SW_WRONG_DATA;
    m->combined = pool_take(m->pool, (uint32_t)sizeof *m->combined + TRUST_HEAD_MAX +
                                         (uint32_t)(end - c->data));
    if (!m->combined)
        return SW_NO_SPACE;
    m->combined->session = s;
    m->combined->waiting = 0;
    m->combined->len = trust_token_data(c, end, m->combined->first);
    return SW_OK;
}

/* A load file that is longer than free flash is refused at its first bytes. */
static uint32_t room_for(struct manager *m) {
    struct store_info info;
    store_info(m->store, &info);
    return info.bytes_free ? info.bytes_free : 1;
}

/* A package goes to the domain that loads it, or to one below it (9.3.5). */
static uint16_t pick_domain(struct manager *m, const struct manager_session *s,
                            const struct tlv *aid, uint32_t *out_domain) {
    *out_domain = domain_find(m, aid->value, aid->len, s->domain);
    if (*out_domain == DOMAIN_NONE)
        return SW_REFERENCE_NOT_FOUND;
    return domain_above(m, s->domain, *out_domain) ? SW_OK : SW_CONDITIONS;
}

static uint16_t expect_hash(struct manager *m, const struct tlv *hash) {
    if (!hash->len)
        return SW_OK;
    struct load_check *check = pool_take(m->pool, sizeof *check);
    if (!check)
        return SW_NO_SPACE;
    if (load_file_expect(m->load, check, hash->value, hash->len) == ONECARD_OK)
        return SW_OK;
    pool_give(m->pool, check);
    content_tell(m, "INSTALL [for load]", "the hash is of no length that is known", 0, false);
    return SW_WRONG_DATA;
}

uint16_t install_for_load(struct manager *m, struct manager_session *s, const struct apdu *c) {
    static const char what[] = "INSTALL [for load]";
    struct tlv f[FIELDS];
    struct quota quota;
    bool delegated;
    uint32_t domain;
    if (!content_fields(c, f, FIELDS) || f[AT_FILE].len < AID_MIN || f[AT_FILE].len > AID_MAX ||
        quota_take(&f[AT_PARAMETERS], &quota))
        return SW_WRONG_DATA;
    uint16_t status = domain_may_manage(m, s, what, &delegated);
    if (status == SW_OK)
        status = pick_domain(m, s, &f[AT_DOMAIN], &domain);
    if (status != SW_OK)
        return status;
    if (content_is_taken(m, what, &f[AT_FILE]))
        return SW_CONDITIONS;
    if (delegated && !f[AT_HASH].len) /* 9.3.9: what a token allows is this file and no other */
        return SW_WRONG_DATA;
    const bool combined = c->p1 == P1_COMBINED;
    if (!combined && (delegated || f[AT_TOKEN].len)) {
        static const struct tlv alone = {0};
        const struct tlv *before = &f[AT_TOKEN - 1];
        status = trust_token(m, s->domain, &alone, c, before->value + before->len, &f[AT_TOKEN]);
        if (status != SW_OK)
            return status;
    }
    if (!quota_code_fits(m->store, &quota)) {
        content_tell(m, what, "flash has no room for that much code", 0, false);
        return SW_NO_SPACE;
    }
    uint32_t context = registry_new_context(&m->registry);
    if (!context || m->registry.count == REGISTRY_MAX)
        return SW_NO_SPACE;
    struct aid package = content_aid(&f[AT_FILE]);
    m->load = pool_take(m->pool, sizeof *m->load);
    if (!m->load)
        return SW_NO_SPACE;
    load_file_begin(m->load, m->store, context, &package);
    m->load->quota = quota;
    m->load->room = room_for(m);
    m->load_domain = (uint16_t)domain;
    m->load_delegated = delegated;
    status = expect_hash(m, &f[AT_HASH]);
    if (status == SW_OK && combined)
        status = begin_combined(m, s, c, f);
    if (status != SW_OK) {
        load_abandon(m);
        return status;
    }
    m->loader = s;
    m->next_block = 0;
    return SW_OK;
}

/* ---- DAP (9.2.1, C.3) ---- */

/* The signature that a DAP block has for the domain. */
static bool find_dap(const struct load_check *check, const struct aid *domain, struct tlv *out) {
    const uint8_t *p = check->dap, *end = p + check->dap_len;
    struct tlv aid;
    while (p != end) {
        if (!tlv_next(&p, end, &aid) || aid.tag != 0x4F || !tlv_next(&p, end, out) ||
            out->tag != 0xC3)
            return false;
        if (aid.len == domain->len && !memcmp(aid.value, domain->value, aid.len))
            return true;
    }
    return false;
}

/* All blocks name a domain that is there, and are well formed. */
static bool dap_blocks_fit(struct manager *m, const struct load_check *check) {
    const uint8_t *p = check->dap, *end = p + check->dap_len;
    struct tlv aid, signature;
    while (p != end) {
        if (!tlv_next(&p, end, &aid) || aid.tag != 0x4F || !tlv_next(&p, end, &signature) ||
            signature.tag != 0xC3)
            return false;
        uint32_t domain = domain_find(m, aid.value, aid.len, DOMAIN_NONE);
        if (domain == DOMAIN_NONE || !(domain_privileges(m, domain) & PRIVILEGE_DAP))
            return false;
    }
    return true;
}

static bool dap_right(struct manager *m, uint32_t domain, const struct load_check *check) {
    struct aid aid;
    struct tlv signature;
    domain_aid(m, domain, &aid);
    return find_dap(check, &aid, &signature) &&
           trust_check(m, domain, SCP_VERSION_DAP, check->hash, check->hash_len, signature.value,
                       signature.len) == ONECARD_OK;
}

/* Every DAP block there is has to be right; one is needed of each domain with mandated DAP, and of
 * the domain that the package goes to if that verifies DAPs. */
static const char *check_daps(struct manager *m) {
    const struct load_check *check = m->load->check;
    if (check && !dap_blocks_fit(m, check))
        return "a DAP block is malformed, or of a domain that verifies none";
    for (uint32_t i = 0; i < m->registry.count; i++) {
        const struct registry_entry *e = &m->registry.entries[i];
        uint32_t p = registry_privileges(e);
        struct tlv signature;
        if (e->type != REGISTRY_DOMAIN || !(p & PRIVILEGE_DAP))
            continue;
        bool needed = p & PRIVILEGE_MANDATED_DAP || m->load_domain == e->context;
        bool given = check && find_dap(check, &e->aid, &signature);
        if (needed && !given)
            return "the DAP that a domain demands is missing";
        if (given && !dap_right(m, e->context, check))
            return "a DAP is not right";
    }
    return NULL;
}

/* ---- the end of a load ---- */

/* Stage the package: its entry in the registry and what it may take. In a combined process it is
 * LOADING until the last INSTALL completes it. */
static enum onecard_err register_package(struct manager *m) {
    const struct load_file *f = m->load;
    struct registry_entry e = {.context = (uint16_t)f->context,
                               .package = (uint16_t)f->context,
                               .domain = m->load_domain,
                               .type = m->combined ? REGISTRY_LOADING : REGISTRY_PACKAGE,
                               .life_cycle = PACKAGE_LOADED,
                               .aid = f->package};
    enum onecard_err err = registry_add(&m->registry, &e, f->version_major, f->version_minor,
                                        f->modules, f->module_count);
    return err ? err : quota_save(m->store, f->context, &f->quota);
}

/* The module is in flash: stage it and its translation, which validates it. */
static enum onecard_err translate_package(struct manager *m) {
    struct vm_report report = {0};
    uint32_t wasm_len = 0;
    enum onecard_err err = store_large_finish(m->store);
    const uint8_t *wasm = store_large_data(m->store, &wasm_len);
    if (!err && !quota_module_fits(&m->load->quota, wasm, wasm_len)) {
        report.reason = "the module needs more memory than its quota";
        err = ONECARD_E_FULL;
    } else if (!err) {
        err = code_translate(m, m->load->context, wasm, wasm_len, &report);
    }
    if (err)
        content_tell(m, "LOAD", report.reason ? report.reason : onecard_err_text(err),
                     report.offset, report.reason != NULL);
    return err;
}

static uint16_t refuse_load(struct manager *m, enum onecard_err err) {
    content_tell(m, "LOAD", m->load->reason, 0, false);
    load_abandon(m);
    return apdu_status(err);
}

static enum onecard_err confirm_load(struct manager *m, uint32_t domain,
                                     struct apdu_answer *answer) {
    struct aid names[2] = {m->load->package, {0}};
    domain_aid(m, m->load_domain, &names[1]);
    return trust_confirm(m, domain, m->load_delegated, names, 2, NULL, 0, answer);
}

/* All blocks came: validate, translate, and keep all of it or nothing. */
static uint16_t complete_load(struct manager *m, const struct manager_session *s,
                              struct apdu_answer *answer) {
    enum onecard_err err = load_file_end(m->load);
    if (!err) {
        m->load->reason = check_daps(m);
        err = m->load->reason ? ONECARD_E_STATE : ONECARD_OK;
    }
    if (err)
        return refuse_load(m, err);
    err = translate_package(m);
    if (!err)
        err = register_package(m);
    if (!err && m->combined) {
        m->combined->waiting = m->load->context;
        answer->data[answer->len++] = 0; /* what there is to confirm is told at the end */
    } else if (!err) {
        err = confirm_load(m, s->domain, answer);
    }
    if (err) /* a combined process is over, too */
        load_abandon(m);
    uint16_t status = content_finish(m, err);
    end_blocks(m);
    return status;
}

/* P1 bit 8 marks the last block, P2 counts modulo 256. */
uint16_t domain_load(struct manager *m, struct manager_session *s, const struct apdu *c,
                     struct apdu_answer *answer) {
    if (m->loader != s)
        return SW_CONDITIONS;
    if (c->p1 & 0x7F || c->p2 != m->next_block) {
        load_abandon(m);
        return SW_WRONG_P1P2;
    }
    if (!c->lc) {
        load_abandon(m);
        return SW_WRONG_LENGTH;
    }
    m->next_block++;
    enum onecard_err err = load_file_feed(m->load, c->data, c->lc);
    if (err)
        return refuse_load(m, err);
    return c->p1 & 0x80 ? complete_load(m, s, answer) : SW_OK;
}
