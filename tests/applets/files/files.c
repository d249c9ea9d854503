/* files: an applet for tests that has no commands of its own: personalisation while it is not
 * selected, then the standard commands on its PINs, keys, files and data objects. */
#include "sdk.h"

CARD_PACKAGE("F06F6E6563617264F150", "1.0", "F06F6E6563617264F1");

static uint8_t selected;

CARD_ENTRY(install) {
    return CARD_SW_OK;
}

CARD_ENTRY(select) {
    selected = 1;
    return CARD_SW_OK;
}

CARD_ENTRY(process) {
    if (!selected)
        return card_apdu_header() >> 16 == 0x80E2 ? card_perso_command() : CARD_SW_INS;
    int32_t status = card_security_command();
    return status == CARD_SW_INS ? card_file_command() : status;
}
