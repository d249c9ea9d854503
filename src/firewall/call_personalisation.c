/* Host calls: personalisation. Data groups go straight from the command to files, keys and PINs. */
#include "firewall/handlers.h"
#include "fs/perso.h"

enum { P1_ENCIPHERED = 0x60 }; /* GPCS 2.3.1 table 11-91 */

/* A group's value that came enciphered under the data key of the secure channel, with padding of
 * method 2. */
static enum onecard_err enciphered_group(struct door *d, uint16_t dgi, const uint8_t *value,
                                         uint32_t len) {
    size_t plain = len;
    if (!d->scp || !scp_level(d->scp))
        return ONECARD_E_STATE;
    uint8_t *copy = pool_take(d->pool, len ? len : 1);
    if (!copy)
        return ONECARD_E_NO_MEMORY;
    enum onecard_err err = scp_decrypt(d->scp, value, copy, len);
    if (!err)
        err = crypto_pad_strip(copy, &plain, scp_block(d->scp));
    if (!err)
        err = fs_perso_dgi(d->keys, d->owner, dgi, copy, (uint32_t)plain);
    pool_give(d->pool, copy); /* wiped */
    return err;
}

int32_t handle_perso_command(struct door *d, const struct call_argument *a) {
    (void)a;
    const uint8_t *data = d->command->data;
    uint32_t len = d->command->lc;
    const bool enciphered = (d->command->p1 & P1_ENCIPHERED) == P1_ENCIPHERED;
    if (!len)
        return SW_WRONG_LENGTH;
    while (len) {
        uint16_t dgi;
        const uint8_t *value;
        uint32_t value_len;
        enum onecard_err err = fs_perso_next(&data, &len, &dgi, &value, &value_len);
        if (!err)
            err = enciphered ? enciphered_group(d, dgi, value, value_len)
                             : fs_perso_dgi(d->keys, d->owner, dgi, value, value_len);
        if (err == ONECARD_E_IO)
            return err;
        if (err)
            return err == ONECARD_E_UNSUPPORTED ? SW_REFERENCE_NOT_FOUND : apdu_status(err);
    }
    return SW_OK;
}

int32_t handle_perso_group(struct door *d, const struct call_argument *a) {
    if (a[0].value > 0xFFFF)
        return ONECARD_E_UNSUPPORTED;
    return fs_perso_dgi(d->keys, d->owner, (uint16_t)a[0].value, a[1].bytes, a[1].len);
}
