#include "maker.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/tlv.h"
#include "names.h"

#define BLOCK_MAX 247u /* bytes of load file in a block: fits a short command under any channel */

struct maker {
    struct onecard *card;
    uint8_t *response;
    char *message;
    enum onecard_err err; /* of the last command, if the card did not answer */
};

/* One command to the card, time between commands included. Returns the status word, 0 if there was
 * no answer. */
static uint16_t transmit(struct maker *m, const uint8_t header[4], const uint8_t *data,
                         size_t len) {
    uint8_t command[4 + 1 + 255];
    size_t response_len = 0;
    memcpy(command, header, 4);
    command[4] = (uint8_t)len;
    if (len)
        memcpy(command + 5, data, len);
    m->err = onecard_transmit(m->card, command, len ? 5 + len : 4, m->response, &response_len);
    bytes_wipe(command, sizeof command); /* keys may have been in it */
    while (!m->err && onecard_idle(m->card))
        ;
    return m->err ? 0 : get_be16(m->response + response_len - 2);
}

/* Send a command, chained if it is long (ISO/IEC 7816-4 5.3.3). format: what it is for, in the
 * message when the card refuses. */
static bool send(struct maker *m, const uint8_t header[4], const uint8_t *data, size_t len,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

static bool send(struct maker *m, const uint8_t header[4], const uint8_t *data, size_t len,
                 const char *format, ...) {
    uint8_t part[4] = {header[0] | 0x10, header[1], header[2], header[3]};
    uint16_t status = 0x9000;
    while (len > 255 && status == 0x9000) {
        status = transmit(m, part, data, 255);
        data += 255;
        len -= 255;
    }
    if (status == 0x9000)
        status = transmit(m, header, data, len);
    if (status == 0x9000)
        return true;
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(m->message, PROFILE_MESSAGE_MAX, format, arguments);
    va_end(arguments);
    if (n < 0 || n >= PROFILE_MESSAGE_MAX)
        return false;
    char words[100];
    names_status(status, words, sizeof words);
    if (m->err)
        snprintf(m->message + n, PROFILE_MESSAGE_MAX - (size_t)n, ": %s", onecard_err_text(m->err));
    else
        snprintf(m->message + n, PROFILE_MESSAGE_MAX - (size_t)n, ": the card says %04X, %s",
                 status, words);
    return false;
}

static size_t put_lv(uint8_t *to, size_t at, const uint8_t *value, size_t len) {
    to[at++] = (uint8_t)len;
    if (len)
        memcpy(to + at, value, len);
    return at + len;
}

/* EF with the quota, as the card manager takes it (docs/firewall.md); nothing if it is empty.
 */
static size_t put_quota(uint8_t *to, size_t at, size_t capacity, const struct quota *q) {
    static const uint32_t tags[QUOTA_KINDS] = {
        [QUOTA_CODE] = 0xC6,      [QUOTA_MEMORY] = 0xC7,  [QUOTA_FLASH] = 0xC8,
        [QUOTA_OBJECTS] = 0xDF61, [QUOTA_FUEL] = 0xDF62,  [QUOTA_TRANSACTION] = 0xDF63,
        [QUOTA_STACK] = 0xDF64,   [QUOTA_DEPTH] = 0xDF65,
    };
    size_t start = at;
    for (size_t i = 0; i < QUOTA_KINDS; i++) {
        uint8_t bytes[4];
        put_be32(bytes, q->most[i]);
        if (q->most[i] != QUOTA_NONE)
            tlv_put(to, capacity, &at, tags[i], bytes, sizeof bytes);
    }
    if (at != start)
        tlv_wrap(to, capacity, &at, start, 0xEF);
    return at;
}

static bool load_package(struct maker *m, const struct profile_package *p) {
    static const uint8_t install_for_load[4] = {0x80, 0xE6, 0x02, 0x00};
    const struct cap_aid *aid = &p->cap.description.package;
    uint8_t data[128], parameters[80];
    size_t len = put_lv(data, 0, aid->value, aid->len);
    len = put_lv(data, len, NULL, 0); /* domain, hash: none */
    len = put_lv(data, len, NULL, 0);
    len = put_lv(data, len, parameters, put_quota(parameters, 0, sizeof parameters, &p->quota));
    len = put_lv(data, len, NULL, 0); /* no token */
    if (!send(m, install_for_load, data, len, "%s: INSTALL [for load]", p->path))
        return false;

    size_t total = p->cap.load_file_len, at = 0;
    uint8_t block[BLOCK_MAX], number = 0;
    /* C4 and the length in front of the first block (GPCS 11.6.2.3) */
    size_t used = 0;
    block[used++] = 0xC4;
    if (total > 0xFFFF) {
        block[used++] = 0x83;
        block[used++] = (uint8_t)(total >> 16);
    } else {
        block[used++] = 0x82;
    }
    put_be16(block + used, (uint16_t)total);
    used += 2;
    while (at < total) {
        size_t step = total - at < BLOCK_MAX - used ? total - at : BLOCK_MAX - used;
        memcpy(block + used, p->cap.load_file + at, step);
        at += step;
        uint8_t header[4] = {0x80, 0xE8, at == total ? 0x80 : 0x00, number++};
        if (!send(m, header, block, used + step, "%s: LOAD block %u", p->path, number - 1u))
            return false;
        used = 0;
    }
    return true;
}

static bool install_instance(struct maker *m, const struct profile_instance *i) {
    static const uint8_t install[4] = {0x80, 0xE6, 0x0C, 0x00};
    const struct cap_aid *package = &i->package->cap.description.package;
    uint8_t data[255], parameters[200];
    size_t len = put_lv(data, 0, package->value, package->len);
    len = put_lv(data, len, i->applet.value, i->applet.len);
    len = put_lv(data, len, i->aid.value, i->aid.len);
    /* one byte says it all, unless there is something in the others (GPCS 11.1.2) */
    len = put_lv(data, len, i->privileges, i->privileges[1] | i->privileges[2] ? 3 : 1);
    parameters[0] = 0xC9;
    size_t parameters_len = put_lv(parameters, 1, i->parameters, i->parameters_len);
    parameters_len = put_quota(parameters, parameters_len, sizeof parameters, &i->quota);
    len = put_lv(data, len, parameters, parameters_len);
    len = put_lv(data, len, NULL, 0); /* no token */
    return send(m, install, data, len, "INSTALL of the instance on line %zu", i->line);
}

/* One data group in a STORE DATA of its own. */
static bool send_group(struct maker *m, const struct data_group *g, uint8_t p1, uint8_t number) {
    const uint8_t header[4] = {0x80, 0xE2, p1, number};
    uint8_t *group = malloc(g->len + 5);
    if (!group)
        return false;
    size_t at = 2;
    put_be16(group, g->id);
    if (g->len >= 0xFF) {
        group[at++] = 0xFF;
        put_be16(group + at, (uint16_t)g->len);
        at += 2;
    } else {
        group[at++] = (uint8_t)g->len;
    }
    memcpy(group + at, g->data, g->len);
    bool good =
        send(m, header, group, at + g->len, "STORE DATA of what stands on line %zu", g->line);
    bytes_wipe(group, at + g->len);
    free(group);
    return good;
}

/* What the card itself is given: to the issuer's domain, whole in one command each. */
static bool personalise_card(struct maker *m, const struct data_groups *groups) {
    bool good = true;
    for (size_t k = 0; good && k < groups->count; k++)
        good = send_group(m, &groups->groups[k], 0x88, 0);
    return good;
}

/* INSTALL [for personalization], then each group in a STORE DATA of its own, so that a refusal
 * names the line of the profile. */
static bool personalise(struct maker *m, const struct profile_instance *i) {
    static const uint8_t install[4] = {0x80, 0xE6, 0x20, 0x00};
    uint8_t data[32];
    size_t len = put_lv(data, 0, NULL, 0);
    len = put_lv(data, len, NULL, 0);
    len = put_lv(data, len, i->aid.value, i->aid.len);
    for (int k = 0; k < 3; k++)
        len = put_lv(data, len, NULL, 0);
    if (!i->groups.count)
        return true;
    if (!send(m, install, data, len, "INSTALL [for personalization] of the instance on line %zu",
              i->line))
        return false;
    for (size_t k = 0; k < i->groups.count; k++) {
        const uint8_t p1 = k + 1 == i->groups.count ? 0x80 : 0x00;
        if (!send_group(m, &i->groups.groups[k], p1, (uint8_t)k))
            return false;
    }
    return true;
}

/* PUT KEY of a version's three keys, in plain: the card is in pre-issuance. Check values are the
 * card's to compute. */
static bool put_keys(struct maker *m, const struct profile_domain_key *k) {
    static const uint8_t put_key[4] = {0x80, 0xD8, 0x00, 0x81};
    uint8_t data[1 + 3 * (4 + 32)];
    size_t len = 0;
    data[len++] = k->version;
    for (int i = 0; i < 3; i++) {
        data[len++] = k->type;
        data[len++] = (uint8_t)(k->size + (k->type != 0x80));
        if (k->type != 0x80)
            data[len++] = k->size;
        memcpy(data + len, k->value[i], k->size);
        len += k->size;
        data[len++] = 0; /* no check value */
    }
    bool good = send(m, put_key, data, len, "PUT KEY of the keys on line %zu", k->line);
    bytes_wipe(data, sizeof data);
    return good;
}

/* How the version works: data group 8F10 (docs/globalplatform.md). */
static bool set_version(struct maker *m, const struct profile_domain_key *k) {
    static const uint8_t store_data[4] = {0x80, 0xE2, 0x88, 0x00};
    const uint8_t group[7] = {0x8F, 0x10, 4, k->version, k->options, k->level, k->answers};
    return !k->has_options ||
           send(m, store_data, group, sizeof group, "STORE DATA of the keys on line %zu", k->line);
}

static bool personalise_domain(struct maker *m, const struct profile_domain *domain) {
    static const uint8_t store_data[4] = {0x80, 0xE2, 0x90, 0x00};
    bool good = true;
    for (size_t i = 0; good && i < domain->key_count; i++)
        good = put_keys(m, &domain->keys[i]) && set_version(m, &domain->keys[i]);
    return good && (!domain->objects_len || send(m, store_data, domain->objects,
                                                 domain->objects_len, "STORE DATA of the domain"));
}

int maker_run(struct onecard *card, const struct onecard_port *port, const struct profile *profile,
              char message[PROFILE_MESSAGE_MAX]) {
    static const uint8_t select_domain[4] = {0x00, 0xA4, 0x04, 0x00};
    static const uint8_t domain[] = {0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00};
    static const uint8_t end_pre_issuance[4] = {0x80, 0xF0, 0x80, 0x0F};
    uint8_t atr[ONECARD_ATR_MAX];
    struct maker m = {
        .card = card, .response = malloc(ONECARD_RESPONSE_APDU_MAX(port)), .message = message};
    message[0] = 0;
    if (!m.response) {
        snprintf(message, PROFILE_MESSAGE_MAX, "out of memory");
        return -1;
    }
    onecard_power_on(card, atr);
    bool good = send(&m, select_domain, domain, sizeof domain, "SELECT of the security domain");
    good = good && personalise_card(&m, &profile->card);
    good = good && personalise_domain(&m, &profile->domain);
    for (size_t i = 0; good && i < profile->package_count; i++)
        good = load_package(&m, &profile->packages[i]);
    for (size_t i = 0; good && i < profile->instance_count; i++)
        good =
            install_instance(&m, &profile->instances[i]) && personalise(&m, &profile->instances[i]);
    good = good && send(&m, end_pre_issuance, NULL, 0, "SET STATUS, the end of pre-issuance");
    onecard_power_off(card);
    free(m.response);
    return good ? 0 : -1;
}
