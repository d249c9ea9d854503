/* Personalisation: one DGI (data grouping identifier, EMV CPS) at a time makes files, contents,
 * data objects, keys and PINs of an owner. An applet hands each STORE DATA's DGIs on to it;
 * docs/personalisation.md has the formats. */
#ifndef FS_PERSO_H
#define FS_PERSO_H

#include "fs/fs.h"
#include "keys/pin.h"

/* What one DGI asks for is staged; the caller commits.
 * Errors: UNSUPPORTED (an id that is not in the table: the applet's own), FORMAT (its data), and
 * those of what it creates. */
enum onecard_err fs_perso_dgi(struct keys *k, uint32_t owner, uint16_t dgi, const uint8_t *data,
                              uint32_t len);

/* Cut a STORE DATA data field into DGIs: id 2, length 1 (or FF and 2), data. FORMAT. */
enum onecard_err fs_perso_next(const uint8_t **data, uint32_t *len, uint16_t *out_dgi,
                               const uint8_t **out_value, uint32_t *out_len);

#endif
