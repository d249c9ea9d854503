/* Host calls: personalisation. Data groups go straight from the command to files, keys and PINs. */
#include "firewall/handlers.h"
#include "fs/perso.h"

int32_t handle_perso_command(struct door *d, const struct call_argument *a) {
    (void)a;
    const uint8_t *data = d->command->data;
    uint32_t len = d->command->lc;
    if (!len)
        return SW_WRONG_LENGTH;
    while (len) {
        uint16_t dgi;
        const uint8_t *value;
        uint32_t value_len;
        enum onecard_err err = fs_perso_next(&data, &len, &dgi, &value, &value_len);
        if (!err)
            err = fs_perso_dgi(d->keys, d->owner, dgi, value, value_len);
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
