/* Personalisation: one DGI (data grouping identifier, EMV CPS) at a time makes files, contents,
 * data objects, keys and PINs of an owner. An applet hands each STORE DATA's DGIs on to it;
 * docs/personalisation.md has the formats. */
#ifndef FS_PERSO_H
#define FS_PERSO_H

#include "fs/fs.h"
#include "keys/pin.h"

enum fs_dgi {
    /* 0101 to 1EFE: record (low byte) of the file with that SFI (high byte) in the root */
    FS_DGI_FILE = 0x6200,     /* a file, with contents */
    FS_DGI_CONTENTS = 0x6201, /* contents of a file that is there */
    FS_DGI_OBJECT = 0x7000,   /* a data object */
    FS_DGI_VALUES = 0x7001,   /* values of data objects, one behind the other */
    FS_DGI_KEY = 0x8000,      /* a key, or a new value of one */
    FS_DGI_PIN = 0x8200,      /* a PIN */
    /* 8201 to 8205: the pieces of an RSA key (enum key_piece) that 8000 began */
};

/* What one DGI asks for is staged; the caller commits, or aborts after an error.
 * Errors: UNSUPPORTED (an id that is not in the table: the applet's own), FORMAT (its data), and
 * those of what it creates. */
enum onecard_err fs_perso_dgi(struct keys *k, uint32_t owner, uint16_t dgi, const uint8_t *data,
                              uint32_t len);

/* Cut a STORE DATA data field into DGIs: id 2, length 1 (or FF and 2), data. *data and *len move
 * on. NOT_FOUND: nothing left; FORMAT: cut short. */
enum onecard_err fs_perso_next(const uint8_t **data, uint32_t *len, uint16_t *out_dgi,
                               const uint8_t **out_value, uint32_t *out_len);

#endif
