/* Host calls: the command and its answer. */
#include <string.h>

#include "base/bytes.h"
#include "firewall/handlers.h"

int32_t handle_apdu_header(struct door *d, const struct call_argument *a) {
    (void)a;
    const struct apdu *c = d->command;
    uint8_t header[4] = {c->cla, c->ins, c->p1, c->p2};
    return (int32_t)get_be32(header);
}

int32_t handle_apdu_lc(struct door *d, const struct call_argument *a) {
    (void)a;
    return (int32_t)d->command->lc;
}

int32_t handle_apdu_ne(struct door *d, const struct call_argument *a) {
    (void)a;
    return (int32_t)d->command->ne;
}

int32_t handle_apdu_data(struct door *d, const struct call_argument *a) {
    uint32_t offset = a[0].value;
    if (offset >= d->command->lc)
        return 0;
    uint32_t len = d->command->lc - offset;
    if (len > a[1].len)
        len = a[1].len;
    memcpy(a[1].bytes, d->command->data + offset, len);
    return (int32_t)len;
}

int32_t handle_apdu_reply(struct door *d, const struct call_argument *a) {
    struct apdu_answer *answer = d->answer;
    if (a[0].len > answer->capacity - answer->len)
        return ONECARD_E_TOO_BIG;
    memcpy(answer->data + answer->len, a[0].bytes, a[0].len);
    answer->len += a[0].len;
    return ONECARD_OK;
}

int32_t handle_apdu_reply_cut(struct door *d, const struct call_argument *a) {
    if (a[0].value > d->answer->len)
        return ONECARD_E_RANGE;
    d->answer->len = a[0].value;
    return ONECARD_OK;
}

int32_t handle_apdu_interface(struct door *d, const struct call_argument *a) {
    (void)a;
    return d->port->interface;
}

int32_t handle_apdu_channel(struct door *d, const struct call_argument *a) {
    (void)a;
    return d->command->channel;
}

int32_t handle_apdu_class(struct door *d, const struct call_argument *a) {
    (void)a;
    return d->command->sent_cla;
}

int32_t handle_self_aid(struct door *d, const struct call_argument *a) {
    if (a[0].len < d->aid_len)
        return ONECARD_E_RANGE;
    memcpy(a[0].bytes, d->aid, d->aid_len);
    return d->aid_len;
}
