/* Host calls: the secure channel of the applet's own security domain (GPCS 2.3.1 10.8). SELECT
 * applet, INITIALIZE UPDATE, EXTERNAL AUTHENTICATE, STORE DATA: the session is of this channel and
 * selection (F5), its keys are the domain's and stay in the card. */
#include "firewall/handlers.h"

int32_t handle_scp_command(struct door *d, const struct call_argument *a) {
    struct scp_domain domain;
    (void)a;
    if (!d->scp || d->nested || *d->doomed) /* it makes things durable */
        return SW_CONDITIONS;
    if (!scp_is_opening(d->command) && !d->scp_answering)
        return SW_INS_UNSUPPORTED;
    uint16_t status = d->upcalls->scp_domain(d->upcalls->runtime, d->owner, &domain);
    if (status != SW_OK) {
        scp_close(d->scp);
        return status;
    }
    return scp_command(d->scp, &domain, d->command, d->answer);
}

/* What the secure channel did to the command, as access rules know it. */
static uint8_t level_of(const struct scp_session *s) {
    const uint8_t level = scp_level(s);
    return (uint8_t)((level & SCP_C_MAC ? STATUS_SM_MAC : 0) |
                     (level & SCP_C_DECRYPTION ? STATUS_SM_ENCIPHERED : 0) |
                     (level & SCP_R_MAC ? STATUS_SM_ANSWER_MAC : 0) |
                     (level & SCP_R_ENCRYPTION ? STATUS_SM_ANSWER_ENCIPHERED : 0));
}

int32_t handle_scp_unwrap(struct door *d, const struct call_argument *a) {
    struct apdu inner;
    (void)a;
    if (!d->scp || !d->command_buffer || d->command == &d->inner ||
        d->answer->capacity < SCP_WRAP_MAX)
        return SW_CONDITIONS;
    d->unwrapping = true;
    uint16_t status =
        scp_unwrap(d->scp, d->command, d->command_buffer, d->command_buffer_size, &inner);
    if (status != SW_OK) {
        security_status_clear(d->status); /* F5 */
        return status;
    }
    d->inner = inner;
    d->command = &d->inner;
    d->status->sm = level_of(d->scp);
    d->answer->capacity -= SCP_WRAP_MAX;
    d->scp_answering = true;
    return SW_OK;
}

int32_t handle_scp_level(struct door *d, const struct call_argument *a) {
    (void)a;
    return d->scp ? scp_level(d->scp) : 0;
}

int32_t handle_scp_decrypt(struct door *d, const struct call_argument *a) {
    return d->scp ? (int32_t)scp_decrypt(d->scp, a[0].bytes, a[0].bytes, a[0].len)
                  : ONECARD_E_STATE;
}

/* The end of a command that scp_unwrap() took: its answer is protected as the session says. */
uint16_t door_scp_protect(struct door *d, struct apdu_answer *answer, uint16_t status) {
    d->scp_answering = false;
    answer->capacity += SCP_WRAP_MAX;
    if (status != SW_OK && status >> 8 != 0x62 && status >> 8 != 0x63)
        answer->len = 0; /* what an error leaves behind is not told, nor MACed */
    return scp_wrap(d->scp, d->inner.ins, answer, status);
}
