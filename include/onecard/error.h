/* One enum of errors for everything inside the card and for the faces that embed it.
 *
 * Functions return ONECARD_OK (0) or one of the negative codes. ISO 7816 status words exist only
 * at the edge: src/runtime/status.h holds the one table from these codes to status words. */
#ifndef ONECARD_ERROR_H
#define ONECARD_ERROR_H

enum onecard_err {
    ONECARD_OK = 0,
    ONECARD_E_PARAM = -1,        /* an argument is outside what the function states */
    ONECARD_E_NOT_FOUND = -2,    /* no object, key, file or applet of that name */
    ONECARD_E_EXISTS = -3,       /* the name is taken */
    ONECARD_E_RANGE = -4,        /* offset or length beyond the object */
    ONECARD_E_FULL = -5,         /* no room in flash, or a quota is used up */
    ONECARD_E_NO_MEMORY = -6,    /* the arena or pool is used up */
    ONECARD_E_TOO_BIG = -7,      /* larger than a transaction, buffer or format field can hold */
    ONECARD_E_DENIED = -8,       /* the security status or the owner forbids it */
    ONECARD_E_BLOCKED = -9,      /* a try counter is at zero */
    ONECARD_E_WRONG = -10,       /* a PIN, MAC or signature does not match */
    ONECARD_E_STATE = -11,       /* not in this state (no transaction, wrong life cycle, ...) */
    ONECARD_E_FORMAT = -12,      /* outside bytes that do not follow their format */
    ONECARD_E_UNSUPPORTED = -13, /* well formed, but this build or card does not do it */
    ONECARD_E_CORRUPT = -14,     /* stored data fail their checksum or authentication */
    ONECARD_E_FOREIGN = -15,     /* not a onecard image, or of another version or geometry */
    ONECARD_E_BUSY = -16,        /* somebody else holds it (image open in another process) */
    ONECARD_E_IO = -17,          /* the port could not do it: flash, disk, entropy */
    ONECARD_E_TRAP = -18,        /* an applet trapped or ran out of fuel */
    ONECARD_E_ROLLED_BACK = -19, /* the image is not the one that the monotonic counter knows */
};

/* A short English name for a code ("not found"), for messages; never NULL. */
const char *onecard_err_text(enum onecard_err err);

#endif
