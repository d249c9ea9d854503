/* Host calls: secure messaging, and PINs that come by it. The session is of this channel and
 * selection (F5); its keys are the applet's own, and stay where they are. */
#include "firewall/call_keys.h"
#include "firewall/handlers.h"

static int32_t session_keys(struct door *d, const struct sm_session *session, struct sm_keys *out) {
    *out = (struct sm_keys){.keys = d->keys};
    int32_t err = key_of(d, session->mac, &out->mac);
    return err || session->enc == SM_NO_KEY ? err : key_of(d, session->enc, &out->enc);
}

int32_t handle_sm_open(struct door *d, const struct call_argument *a) {
    struct sm_keys keys;
    if (a[0].value & ~(uint32_t)SM_HOW_ALL)
        return ONECARD_E_PARAM;
    if (d->sm.answering)
        return ONECARD_E_STATE; /* the answer belongs to the session that is open */
    sm_close(&d->sm);
    d->sm.mac = a[1].value;
    d->sm.enc = a[2].value;
    int32_t err = session_keys(d, &d->sm, &keys);
    return err ? err : (int32_t)sm_open(&d->sm, &keys, (uint16_t)a[0].value, a[3].bytes, a[3].len);
}

int32_t handle_sm_close(struct door *d, const struct call_argument *a) {
    (void)a;
    if (d->sm.answering)
        return ONECARD_E_STATE;
    sm_close(&d->sm);
    return ONECARD_OK;
}

int32_t handle_sm_unwrap(struct door *d, const struct call_argument *a) {
    (void)a;
    struct sm_keys keys;
    struct apdu inner;
    uint8_t level;
    if (!d->command_buffer || !d->sm.open || d->sm.answering || d->answer->capacity < SM_OVERHEAD)
        return SW_CONDITIONS;
    uint16_t status = SW_CONDITIONS;
    d->unwrapping = true;
    if (session_keys(d, &d->sm, &keys) == ONECARD_OK)
        status = sm_unwrap(&d->sm, &keys, d->command, d->command_buffer, d->command_buffer_size,
                           &inner, &level);
    if (status != SW_OK) {
        sm_close(&d->sm);
        security_status_clear(d->status); /* F5 */
        return status;
    }
    d->inner = inner;
    d->command = &d->inner;
    d->status->sm = level;
    d->answer->capacity -= SM_OVERHEAD;
    return SW_OK;
}

int32_t handle_pin_counterpart(struct door *d, const struct call_argument *a) {
    struct key_ref cipher, mask;
    int32_t err = a[0].value < STATUS_PINS ? ONECARD_OK : ONECARD_E_NOT_FOUND;
    if (!err)
        err = key_of(d, a[1].value, &cipher);
    if (!err)
        err = key_of(d, a[2].value, &mask);
    return err ? err
               : keys_pin_counterpart(d->keys, d->owner, (uint8_t)a[0].value, d->status, &cipher,
                                      &mask, a[3].bytes, a[3].len);
}

uint16_t door_protect(struct door *d, struct apdu_answer *answer, uint16_t status) {
    struct sm_keys keys;
    if (d->scp_answering)
        return door_scp_protect(d, answer, status);
    if (!d->sm.answering)
        return status;
    answer->capacity += SM_OVERHEAD;
    answer->keep = true;
    if (session_keys(d, &d->sm, &keys) == ONECARD_OK)
        return sm_wrap(&d->sm, &keys, answer, status);
    sm_close(&d->sm);
    answer->len = 0;
    return SW_UNKNOWN;
}
