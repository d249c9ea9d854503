/* What commands, applets and status words are called: tables for traces. */
#ifndef ONECARD_NAMES_H
#define ONECARD_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whose proprietary commands an applet understands; a set of bits. */
enum family {
    FAMILY_ISO = 1, /* ISO/IEC 7816-4: every applet */
    FAMILY_MANAGER = 2,
    FAMILY_PURSE = 4,
    FAMILY_PAYMENT = 8,
    FAMILY_HELLO = 16,
    FAMILY_UNKNOWN = 32, /* of an applet that the tables do not know: anything */
};

/* What the parameters of a command mean, as far as a trace shows it. */
enum parameters {
    PARAMETERS_PLAIN,
    PARAMETERS_SELECT,
    PARAMETERS_TAG,     /* P1 P2 name a data object */
    PARAMETERS_BINARY,  /* offset, perhaps with a short file identifier */
    PARAMETERS_RECORD,  /* record number and short file identifier */
    PARAMETERS_INSTALL, /* GlobalPlatform INSTALL, P1 */
    PARAMETERS_BLOCK,   /* LOAD and STORE DATA: last block, block number */
};

struct command_name {
    uint8_t families;
    bool proprietary; /* class byte 80 to FE */
    uint8_t ins;
    const char *name;
    enum parameters parameters;
    bool secret; /* its data are PINs or keys, or may be */
};

/* NULL if no table knows it. */
const struct command_name *names_command(uint8_t families, uint8_t cla, uint8_t ins);

/* Must the data of such a command stay out of a trace? When in doubt, yes. */
bool names_secret(uint8_t families, uint8_t cla, uint8_t ins);

/* A friendly name for an AID, or NULL. *out_families: what its applet understands. */
const char *names_applet(const uint8_t *aid, size_t len, uint8_t *out_families);

/* A status word in words, into text. */
void names_status(uint16_t sw, char *text, size_t size);

#endif
