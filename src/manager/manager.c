/* A security domain as an application: opened, selected, and which command goes where. */
#include "manager/manager.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "manager/code.h"
#include "manager/inside.h"

/* Instructions, GPCS 2.3.1 table 11-1. */
enum {
    INS_BEGIN_R_MAC = 0x7A,
    INS_END_R_MAC = 0x78,
    INS_SELECT = 0xA4,
    INS_GET_DATA = 0xCA,
    INS_PUT_KEY = 0xD8,
    INS_STORE_DATA = 0xE2,
    INS_DELETE = 0xE4,
    INS_INSTALL = 0xE6,
    INS_LOAD = 0xE8,
    INS_SET_STATUS = 0xF0,
    INS_GET_STATUS = 0xF2,
};

/* ---- the life of the manager ---- */

enum onecard_err manager_format(struct store *store) {
    enum onecard_err err = registry_format(store);
    return err ? err : store_commit(store);
}

/* Packages that a power cut left half loaded, in an earlier version, go as if they had never come.
 */
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

enum onecard_err manager_open(struct manager *m, const struct manager_parts *parts) {
    memset(m, 0, sizeof *m);
    m->port = parts->port;
    m->store = parts->store;
    m->pool = parts->pool;
    m->keys = parts->keys;
    m->upcalls = parts->upcalls;
    m->work = parts->work;
    m->work_size = parts->work_size;
    enum onecard_err err = registry_load(&m->registry, m->store);
    return err ? err : remove_unfinished(m);
}

/* ---- what the commands share ---- */

void content_tell(const struct manager *m, const char *what, const char *reason, uint32_t offset,
                  bool has_offset) {
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

uint16_t content_finish(struct manager *m, enum onecard_err err) {
    if (!err)
        err = store_commit(m->store);
    else
        store_abort(m->store);
    enum onecard_err reload = registry_load(&m->registry, m->store);
    return apdu_status(err ? err : reload);
}

static bool is_same(const struct tlv *aid, const char *value, uint32_t len) {
    return aid->len == len && !memcmp(aid->value, value, len);
}

bool content_is_taken(struct manager *m, const char *what, const struct tlv *aid) {
    bool taken = is_same(aid, ISD_AID, ISD_AID_LEN) ||
                 is_same(aid, DOMAIN_PACKAGE, DOMAIN_PACKAGE_LEN) ||
                 registry_find_any(&m->registry, aid->value, aid->len);
    if (taken)
        content_tell(m, what, "that AID is on the card already", 0, false);
    return taken;
}

bool content_find(const uint8_t *data, uint32_t len, uint32_t tag, struct tlv *out) {
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

static bool take_field(const uint8_t **cursor, const uint8_t *end, bool ber, struct tlv *out) {
    const uint8_t *p = *cursor;
    if (p == end)
        return false;
    uint32_t len = *p++;
    if (ber && len > 0x7F) {
        uint32_t more = len & 0x7F;
        if (more < 1 || more > 2 || (uint32_t)(end - p) < more)
            return false;
        for (len = 0; more; more--)
            len = len << 8 | *p++;
    }
    if (len > (uint32_t)(end - p))
        return false;
    *out = (struct tlv){.len = len, .value = p};
    *cursor = p + len;
    return true;
}

bool content_fields(const struct apdu *c, struct tlv *fields, uint32_t count) {
    const uint8_t *end = c->data + c->lc;
    for (int ber = 1; ber >= 0; ber--) {
        const uint8_t *p = c->data;
        uint32_t i = 0;
        while (i < count && take_field(&p, end, ber, &fields[i]))
            i++;
        if (i == count && p == end)
            return true;
    }
    return false;
}

/* ---- selected and deselected ---- */

uint16_t manager_select(struct manager *m, struct manager_session *s, struct apdu_answer *answer) {
    if (!data_fci(m, s->domain, answer))
        answer->len = 0;
    return m->registry.card_life_cycle == CARD_LOCKED ? SW_WARN_DEACTIVATED : SW_OK;
}

void manager_deselect(struct manager *m, struct manager_session *s) {
    if (m->loader == s)
        load_abandon(m);
    store_data_forget(m, s);
    bytes_wipe(s, sizeof *s);
}

void manager_forget_instance(struct manager_session *s, uint32_t context) {
    if (s->personalised == context)
        s->personalised = 0;
}

/* ---- which command goes where ---- */

enum {
    OPEN = 1,        /* needs no secure channel */
    WHEN_LOCKED = 2, /* possible while the card is locked */
    WHEN_DEAD = 4,   /* and when it is terminated */
};

static const struct command {
    uint8_t ins;
    uint8_t flags;
    uint16_t (*run)(struct manager *m, struct manager_session *s, const struct apdu *c,
                    struct apdu_answer *answer);
} commands[] = {
    {INS_INSTALL, 0, domain_install},
    {INS_LOAD, 0, domain_load},
    {INS_DELETE, 0, domain_delete},
    {INS_SET_STATUS, WHEN_LOCKED, domain_set_status},
    {INS_GET_STATUS, WHEN_LOCKED, domain_get_status},
    {INS_STORE_DATA, 0, domain_store_data},
    {INS_PUT_KEY, 0, domain_put_key},
    {INS_GET_DATA, OPEN | WHEN_LOCKED | WHEN_DEAD, domain_get_data},
};

static const struct command *find_command(const struct apdu *c) {
    for (uint32_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].ins == c->ins && (c->cla == 0x80 || commands[i].flags & OPEN))
            return &commands[i];
    return NULL;
}

/* F6: content commands need the secure channel of this domain; the one exception is the issuer's
 * domain in pre-issuance. */
static uint16_t allowed(const struct manager *m, const struct manager_session *s,
                        const struct command *command) {
    const struct registry *r = &m->registry;
    const struct registry_entry *domain = registry_find_context(r, s->domain);
    if (r->card_life_cycle == CARD_TERMINATED && !(command->flags & WHEN_DEAD))
        return SW_CONDITIONS;
    if (domain && domain->life_cycle & APPLET_LOCKED && !(command->flags & WHEN_DEAD))
        return SW_CONDITIONS; /* it was locked while it is selected here */
    if (command->flags & OPEN || scp_level(&s->scp) & SCP_AUTHENTICATED)
        return r->card_life_cycle == CARD_LOCKED && !(command->flags & WHEN_LOCKED) ? SW_CONDITIONS
                                                                                    : SW_OK;
    return r->pre_issuance && s->domain == 0 ? SW_OK : SW_SECURITY_STATUS;
}

static uint16_t run(struct manager *m, struct manager_session *s, const struct apdu *c,
                    struct apdu_answer *answer) {
    if (c->cla != 0x80 && c->cla != 0x00)
        return SW_CLA_UNSUPPORTED;
    if (c->cla == 0x80 && (c->ins == INS_BEGIN_R_MAC || c->ins == INS_END_R_MAC)) {
        struct scp_domain d;
        manager_scp_domain(m, s->domain, &d);
        return scp_command(&s->scp, &d, c, answer);
    }
    const struct command *command = find_command(c);
    if (!command)
        return SW_INS_UNSUPPORTED;
    uint16_t status = allowed(m, s, command);
    return status == SW_OK ? command->run(m, s, c, answer) : status;
}

/* What takes several commands takes them in one session: what the one before began is dropped. */
static void begin_anew(struct manager *m, struct manager_session *s) {
    if (m->loader == s)
        load_abandon(m);
    store_data_forget(m, s);
    s->personalised = 0;
    s->status_p1 = 0;
}

static uint16_t open_channel(struct manager *m, struct manager_session *s, const struct apdu *c,
                             struct apdu_answer *answer) {
    struct scp_domain d;
    if (m->registry.card_life_cycle == CARD_TERMINATED)
        return SW_CONDITIONS;
    begin_anew(m, s);
    manager_scp_domain(m, s->domain, &d);
    uint16_t status = scp_command(&s->scp, &d, c, answer);
    if (status == SW_MEMORY_FAILURE)
        store_abort(m->store);
    return status;
}

/* ---- INSTALL, DELETE and PUT KEY in parts (11.1.5.1): P1 bit 8 says that more is to come. They
 * are one command, which was protected before it was cut. ---- */

#define P1_MORE 0x80u

static bool comes_in_parts(const struct apdu *c) {
    return c->cla & 0x80 &&
           (c->ins == INS_INSTALL || c->ins == INS_DELETE || c->ins == INS_PUT_KEY);
}

static uint16_t take_part(struct manager *m, struct manager_session *s, const struct apdu *c) {
    if (!c->lc)
        return SW_WRONG_LENGTH;
    if (!s->store_data)
        s->store_data = pool_take(m->pool, STORE_DATA_MAX);
    if (!s->store_data || c->lc > STORE_DATA_MAX - s->store_len)
        return SW_NO_SPACE;
    memcpy(s->store_data + s->store_len, c->data, c->lc);
    s->store_len += c->lc;
    s->chain_ins = c->ins;
    s->chain_p2 = c->p2;
    return SW_OK;
}

/* Returns a status word to answer with, or 0: *whole is the command to carry out. */
static uint16_t join_parts(struct manager *m, struct manager_session *s, const struct apdu *c,
                           struct apdu *whole) {
    *whole = *c;
    bool more = comes_in_parts(c) && c->p1 & P1_MORE &&
                (scp_level(&s->scp) || (m->registry.pre_issuance && !s->domain));
    bool fits = s->chain_ins == c->ins && s->chain_p2 == c->p2;
    if (s->chain_ins ? !fits : more)
        store_data_forget(m, s); /* something else lies there */
    if (!more && !s->chain_ins)
        return 0;
    uint16_t status = take_part(m, s, c);
    if (status != SW_OK)
        store_data_forget(m, s);
    if (status != SW_OK || more)
        return status;
    whole->data = s->store_data;
    whole->lc = s->store_len;
    return 0;
}

static uint16_t process_whole(struct manager *m, struct manager_session *s, const struct apdu *c,
                              struct apdu_answer *answer) {
    struct apdu plain;
    uint16_t status = scp_unwrap(&s->scp, c, m->work, m->work_size, &plain);
    if (status != SW_OK)
        return status;
    status = run(m, s, &plain, answer);
    if (status != SW_OK && status >> 8 != 0x62 && status >> 8 != 0x63)
        answer->len = 0;
    return scp_wrap(&s->scp, plain.ins, answer, status);
}

uint16_t manager_process(struct manager *m, struct manager_session *s, const struct apdu *c,
                         struct apdu_answer *answer) {
    if (c->cla == 0x00 && c->ins == INS_SELECT)
        return SW_FILE_NOT_FOUND; /* the domain has no files; names were looked up before */
    if (scp_is_opening(c))
        return open_channel(m, s, c, answer);
    struct apdu whole;
    uint16_t status = join_parts(m, s, c, &whole);
    if (status)
        return status;
    const bool joined = whole.data != c->data;
    if (joined) { /* INSTALL empties the buffer: the command lies in work from here on */
        if (whole.lc > m->work_size)
            status = SW_WRONG_LENGTH;
        else
            memcpy(m->work, whole.data, whole.lc);
        whole.data = m->work;
        store_data_forget(m, s);
    }
    return status ? status : process_whole(m, s, &whole, answer);
}

enum onecard_err manager_code(struct manager *m, struct registry_entry *package,
                              struct vm_image *out_image) {
    enum onecard_err err = code_open(m, package->context, !package->code_checked, out_image);
    if (!err)
        package->code_checked = true;
    return err;
}
