/* GET DATA (GPCS 2.3.1 11.3) and the file control information of a domain. */
#include "base/bytes.h"
#include "fs/fs.h"
#include "manager/inside.h"

#define OBJECT_MAX 512u /* bytes of a stored object that GET DATA gives */

/* {globalPlatform 1}, .. {globalPlatform 4}: 1.2.840.114283 (H.2) */
#define GP "\x2A\x86\x48\x86\xFC\x6B"
#define GP_LEN 6u

struct out {
    struct apdu_answer *answer;
    size_t len;
    bool ok;
};

static void put(struct out *o, uint32_t tag, const void *value, size_t len) {
    o->ok = o->ok && tlv_put(o->answer->data, o->answer->capacity, &o->len, tag, value, len);
}

static void wrap(struct out *o, size_t start, uint32_t tag) {
    o->ok = o->ok && tlv_wrap(o->answer->data, o->answer->capacity, &o->len, start, tag);
}

bool data_fci(struct manager *m, uint32_t domain, struct apdu_answer *answer) {
    uint8_t max[2];
    struct aid aid;
    struct out o = {.answer = answer, .ok = true};
    put_be16(max, (uint16_t)(m->port->command_max > 0xFFFF ? 0xFFFF : m->port->command_max));
    domain_aid(m, domain, &aid);
    put(&o, 0x84, aid.value, aid.len);
    size_t start = o.len;
    put(&o, 0x9F65, max, sizeof max);
    wrap(&o, start, 0xA5);
    wrap(&o, 0, 0x6F);
    answer->len = o.ok ? (uint32_t)o.len : 0;
    return o.ok;
}

void data_diversification(struct manager *m, uint32_t domain, uint8_t out[10]) {
    uint32_t size;
    memset(out, 0, 10);
    if (!fs_object_size(m->store, domain, 0xCF, &size) && size == 10 &&
        !fs_object_read(m->store, domain, 0xCF, 0, out, 10))
        return;
    /* the IC's serial number, as CPLC has it, stands where VISA2 looks for it */
    memcpy(out + 2, m->port->serial + 2, ONECARD_SERIAL_SIZE - 2);
    memcpy(out + ONECARD_SERIAL_SIZE, m->port->serial, 2);
}

/* ---- one object each ---- */

/* Who (pre-)personalised the card, when and with what: the parts of CPLC that come last, which are
 * stored one by one. */
static void put_personaliser(struct manager *m, uint32_t domain, uint32_t tag, uint8_t *out) {
    uint32_t size;
    if (!fs_object_size(m->store, domain, tag, &size) && size == DATA_PERSONALISER_LEN)
        (void)fs_object_read(m->store, domain, tag, 0, out, size);
}

/* Card production life cycle data. What is not known is zero: there was no chip that was made, and
 * no day on which; only the serial number is the card's. */
static void get_cplc(struct manager *m, uint32_t domain, struct out *o) {
    uint8_t cplc[42] = {0};
    memcpy(cplc + 12, m->port->serial + 4, 4); /* serial number of the IC */
    memcpy(cplc + 16, m->port->serial + 2, 2); /* batch */
    put_personaliser(m, domain, DATA_PREPERSONALISER, cplc + 26);
    put_personaliser(m, domain, DATA_PERSONALISER, cplc + 34);
    put(o, 0x9F7F, cplc, sizeof cplc);
}

/* The domain's name, which some derive a card's keys from. */
static void get_aid(struct manager *m, uint32_t domain, struct out *o) {
    struct aid aid;
    domain_aid(m, domain, &aid);
    put(o, 0x4F, aid.value, aid.len);
}

static void get_card_image_number(struct manager *m, uint32_t domain, struct out *o) {
    (void)domain;
    put(o, 0x45, m->port->serial, ONECARD_SERIAL_SIZE);
}

/* {globalPlatform n ...} in an application tag. */
static void put_oid(struct out *o, uint32_t tag, const uint8_t *arcs, size_t len) {
    uint8_t oid[GP_LEN + 4];
    size_t start = o->len;
    memcpy(oid, GP, GP_LEN);
    memcpy(oid + GP_LEN, arcs, len);
    put(o, 0x06, oid, GP_LEN + len);
    if (tag)
        wrap(o, start, tag);
}

static uint8_t protocol_of(struct manager *m, uint32_t owner, uint8_t version) {
    const struct key_ref ref = {owner, scp_number(version, SCP_KEY_ENC), NULL};
    struct key_info info;
    if (keys_info(m->keys, &ref, &info))
        return 0;
    return info.block_size == 8 ? SCP_02 : info.algorithm == CRYPTO_SM4 ? SCP_03_SM4 : SCP_03;
}

/* One protocol, once. A card that can do R-MACs in SCP02 is as well one that does none. */
static void put_protocol(struct out *o, uint8_t protocol, uint8_t options, uint32_t *seen) {
    for (int plain = protocol == SCP_02 && options & SCP02_R_MAC; plain >= 0; plain--) {
        uint8_t i = plain ? options & (uint8_t)~SCP02_R_MAC : options;
        const uint8_t arcs[3] = {4, protocol, i};
        uint32_t bit = 1u << ((protocol == SCP_02 ? 0 : protocol == SCP_03 ? 8 : 16) + (i >> 4));
        if (*seen & bit)
            continue;
        *seen |= bit;
        put_oid(o, 0x64, arcs, sizeof arcs);
    }
}

/* Those that the domain's keys really open, the one that version 00 means first. */
static void put_protocols(struct manager *m, uint32_t domain, struct out *o) {
    struct scp_domain d;
    struct scp_version v;
    uint8_t first;
    uint32_t seen = 0;
    manager_scp_domain(m, domain, &d);
    if (scp_default_version(m->keys, d.owner, &first))
        return;
    for (uint32_t version = 0; version <= SCP_VERSION_MAX; version++) {
        uint8_t number = version ? (uint8_t)version : first;
        if (!scp_version_get(m->keys, d.owner, number, &v))
            put_protocol(o, protocol_of(m, d.owner, number), v.options, &seen);
    }
}

/* Card data with the card recognition data (H.2): what the card really is. */
static void get_card_data(struct manager *m, uint32_t domain, struct out *o) {
    static const uint8_t recognition[1] = {1}, version[4] = {2, 2, 3, 1}, scheme[1] = {3};
    size_t start = o->len;
    put_oid(o, 0, recognition, sizeof recognition);
    put_oid(o, 0x60, version, sizeof version);
    put_oid(o, 0x63, scheme, sizeof scheme);
    put_protocols(m, domain, o);
    wrap(o, start, 0x73);
    wrap(o, start, 0x66);
}

/* Card capability information (H.4). */
static void get_capabilities(struct manager *m, uint32_t domain, struct out *o) {
    static const uint8_t scp02[1] = {SCP_02}, scp02_i[4] = {0x15, 0x35, 0x55, 0x75};
    static const uint8_t scp03[1] = {SCP_03}, scp03_i[6] = {0x00, 0x10, 0x20, 0x30, 0x60, 0x70};
    static const uint8_t aes[1] = {0x07};
    static const uint8_t domains[3] = {0xFF, 0xFE, 0x80}, applications[3] = {0x1E, 0x9E, 0x00};
    static const uint8_t hashes[4] = {0x01, 0x02, 0x03, 0x04};
    /* RSA with SHA-1, RSA-PSS, DES MAC, CMACs, ECDSA P-256; receipts by MACs alone */
    static const uint8_t signatures[2] = {0x7F, 0x00}, receipts[2] = {0x3C, 0x00};
    static const uint8_t curves[1] = {0x00};
    (void)m;
    (void)domain;
    size_t start = o->len;
    put(o, 0x80, scp02, sizeof scp02);
    put(o, 0x81, scp02_i, sizeof scp02_i);
    wrap(o, start, 0xA0);
    size_t second = o->len;
    put(o, 0x80, scp03, sizeof scp03);
    put(o, 0x81, scp03_i, sizeof scp03_i);
    put(o, 0x82, aes, sizeof aes);
    wrap(o, second, 0xA0);
    put(o, 0x81, domains, sizeof domains);
    put(o, 0x82, applications, sizeof applications);
    put(o, 0x83, hashes, sizeof hashes);
    put(o, 0x85, signatures, sizeof signatures);
    put(o, 0x86, receipts, sizeof receipts);
    put(o, 0x87, signatures, sizeof signatures);
    put(o, 0x88, curves, sizeof curves);
    wrap(o, start, 0x67);
}

static void get_sequence(struct manager *m, uint32_t domain, struct out *o) {
    struct scp_domain d;
    struct scp_version v;
    uint8_t version, counter[3];
    manager_scp_domain(m, domain, &d);
    if (scp_default_version(m->keys, d.owner, &version) ||
        scp_version_get(m->keys, d.owner, version, &v))
        return;
    counter[0] = (uint8_t)(v.sequence >> 16);
    put_be16(counter + 1, (uint16_t)v.sequence);
    bool two = protocol_of(m, d.owner, version) == SCP_02;
    put(o, 0xC1, two ? counter + 1 : counter, two ? 2 : 3);
}

static void get_confirmation(struct manager *m, uint32_t domain, struct out *o) {
    uint8_t counter[2];
    put_be16(counter, trust_counter(m, domain));
    put(o, 0xC2, counter, sizeof counter);
}

static void get_diversification(struct manager *m, uint32_t domain, struct out *o) {
    uint8_t data[10];
    data_diversification(m, domain, data);
    put(o, 0xCF, data, sizeof data);
}

/* Type and length of a part of a key: tables 11-28 and 11-29. */
static size_t put_part(uint8_t *at, uint8_t type, uint32_t size, bool extended) {
    size_t len = 0;
    if (extended) {
        at[len++] = SCP_TYPE_EXTENDED;
        at[len++] = type;
        at[len++] = (uint8_t)(size >> 8);
    } else {
        at[len++] = type;
    }
    at[len++] = (uint8_t)size;
    return len;
}

/* Identifier, version, then type and length of each part. Keys that came in the extended format are
 * told in it. */
static void put_key_info(struct manager *m, uint32_t domain, const struct scp_key_info *info,
                         struct out *o) {
    struct scp_key_attributes a = {0};
    uint8_t part[2 + 8 + 5] = {(uint8_t)info->number, (uint8_t)(info->number >> 8)};
    bool extended = !scp_attributes_get(m->keys, domain, info->number, &a);
    size_t len = 2 + put_part(part + 2, info->type, info->size, extended);
    if (info->type == SCP_TYPE_RSA_N)
        len += put_part(part + len, SCP_TYPE_RSA_E, info->exponent_size, extended);
    if (extended) {
        part[len++] = a.usage_len;
        memcpy(part + len, a.usage, a.usage_len);
        len += a.usage_len;
        part[len++] = a.access_len;
        if (a.access_len)
            part[len++] = a.access;
    }
    put(o, 0xC0, part, len);
}

/* Is it of the version that 00 means? */
static bool is_default(struct manager *m, uint32_t domain, uint32_t number) {
    uint8_t first;
    return !scp_default_version(m->keys, domain, &first) && number >> 8 == first;
}

/* Key information template (11.3.3.1). The version that 00 means comes first, as some clients take
 * that for the one to replace. */
static void get_keys(struct manager *m, uint32_t domain, struct out *o) {
    struct scp_key_info info;
    size_t start = o->len;
    for (int first = 1; first >= 0; first--) {
        for (uint32_t from = 0; !scp_key_next(m->keys, domain, from, &info);
             from = info.number + 1u) {
            if (is_default(m, domain, info.number) == (first != 0))
                put_key_info(m, domain, &info, o);
        }
    }
    wrap(o, start, 0xE0);
}

/* The applications that the domain sees. */
static void get_applications(struct manager *m, uint32_t domain, struct out *o) {
    const struct manager_session here = {.domain = domain};
    bool all = domain_privileges(m, domain) & PRIVILEGE_GLOBAL_REGISTRY;
    size_t start = o->len;
    for (uint32_t i = 0; i < m->registry.count; i++) {
        const struct registry_entry *e = &m->registry.entries[i];
        if ((e->type != REGISTRY_INSTANCE && e->type != REGISTRY_DOMAIN) ||
            !(all || domain_reaches(m, &here, e)))
            continue;
        size_t one = o->len;
        put(o, 0x4F, e->aid.value, e->aid.len);
        wrap(o, one, 0x61);
    }
    wrap(o, start, 0x2F00);
}

/* Extended card resources (ETSI TS 102 226 8.2.1.7): applications, bytes of flash and of RAM. */
static void get_resources(struct manager *m, uint32_t domain, struct out *o) {
    struct store_info info;
    uint8_t count = 0, bytes[4];
    (void)domain;
    store_info(m->store, &info);
    for (uint32_t i = 0; i < m->registry.count; i++)
        count += m->registry.entries[i].type == REGISTRY_INSTANCE;
    size_t start = o->len;
    put(o, 0x81, &count, 1);
    put_be32(bytes, info.bytes_free);
    put(o, 0x82, bytes, sizeof bytes);
    put_be32(bytes, pool_largest(m->pool));
    put(o, 0x83, bytes, sizeof bytes);
    wrap(o, start, 0xFF21);
}

/* What STORE DATA brought. */
static void get_stored(struct manager *m, uint32_t domain, uint32_t tag, struct out *o) {
    uint8_t value[OBJECT_MAX];
    uint32_t size;
    if (fs_object_size(m->store, domain, tag, &size) || size > sizeof value ||
        fs_object_read(m->store, domain, tag, 0, value, size))
        return;
    put(o, tag, value, size);
}

uint16_t domain_get_data(struct manager *m, struct manager_session *s, const struct apdu *c,
                         struct apdu_answer *answer) {
    static const struct {
        uint16_t tag;
        void (*get)(struct manager *m, uint32_t domain, struct out *o);
    } objects[] = {
        {0x9F7F, get_cplc},         {0x0045, get_card_image_number}, {0x004F, get_aid},
        {0x0066, get_card_data},    {0x0067, get_capabilities},      {0x00C1, get_sequence},
        {0x00C2, get_confirmation}, {0x00CF, get_diversification},   {0x00E0, get_keys},
        {0x2F00, get_applications}, {0xFF21, get_resources}};
    const uint16_t tag = (uint16_t)(c->p1 << 8 | c->p2);
    struct out o = {.answer = answer, .ok = true};
    if (tag == 0x006F)
        return data_fci(m, s->domain, answer) ? SW_OK : SW_UNKNOWN;
    if (tag == 0x00D3) {
        uint8_t level = scp_level(&s->scp);
        put(&o, 0xD3, &level, 1);
    }
    get_stored(m, s->domain, tag, &o); /* it goes before what the card makes up */
    for (uint32_t i = 0; !o.len && i < sizeof objects / sizeof *objects; i++)
        if (objects[i].tag == tag)
            objects[i].get(m, s->domain, &o);
    answer->len = o.ok ? (uint32_t)o.len : 0;
    return !o.ok ? SW_UNKNOWN : o.len ? SW_OK : SW_REFERENCE_NOT_FOUND;
}
