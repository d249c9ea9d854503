/* channel: personalised by itself over the secure channel of its security domain, as EMV
 * personalisation systems do: SELECT, INITIALIZE UPDATE, EXTERNAL AUTHENTICATE, STORE DATA. */
#include "sdk.h"

CARD_PACKAGE("F06F6E6563617264F550", "1.0", "F06F6E6563617264F5");

CARD_ENTRY(install) {
    return CARD_SW_OK;
}

static void reply_level(void) {
    uint8_t level = (uint8_t)card_scp_level();
    card_apdu_reply(&level, 1);
}

CARD_ENTRY(process) {
    int32_t status = card_scp_command();
    if (status != CARD_SW_INS)
        return status;
    status = card_scp_unwrap();
    if (status != CARD_SW_OK)
        return status;
    switch (card_apdu_header() >> 16) {
    case 0x80E2:
        return card_scp_level() & 0x80 ? card_perso_command() : 0x6982;
    case 0x8010: /* its level */
        reply_level();
        return CARD_SW_OK;
    case 0x807A: /* R-MAC sessions */
    case 0x8078:
        return card_scp_command();
    case 0x8012: /* a trap, with the channel open */
        __builtin_trap();
    default:
        status = card_security_command();
        return status == CARD_SW_INS ? card_file_command() : status;
    }
}
