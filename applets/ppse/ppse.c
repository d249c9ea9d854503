/* ppse: the directories by which a terminal finds what is on the card (EMV Contactless Book B 3.3,
 * EMV Book 1 clause 12). One package, an instance for each:
 *   2PAY.SYS.DDF01  contactless: the whole directory in its FCI
 *   1PAY.SYS.DDF01  contact: the FCI names a file of records 70 {61 {4F, 50, 87}}
 * Personalisation fills both (docs/ppse.md). */
#include "sdk.h"

CARD_PACKAGE("325041592E5359532E", "1.0", "325041592E5359532E4444463031");

enum { TAG_FCI = 0xA5, FCI_MAX = 240 };

/* select() ran: what comes now is from a terminal. */
static uint8_t selected;

/* 6F{84 name, A5 as personalised} */
CARD_ENTRY(select) {
    uint8_t aid[16], directory[FCI_MAX - 20], fci[FCI_MAX];
    int32_t size = card_object_size(TAG_FCI);
    if (size < 0 || (uint32_t)size > sizeof directory)
        return CARD_SW_CONDITIONS; /* not personalised */
    card_object_read(TAG_FCI, 0, directory, (uint32_t)size);
    uint32_t at = sdk_tlv_put(fci, 0, 0x84, aid, (uint32_t)card_self_aid(aid, sizeof aid));
    at = sdk_tlv_put(fci, at, TAG_FCI, directory, (uint32_t)size);
    at = sdk_tlv_wrap(fci, 0, at, 0x6F);
    card_apdu_reply(fci, at);
    selected = 1;
    return CARD_SW_OK;
}

/* STORE DATA comes from the card manager only, and at any time: the directory changes when
 * applications come and go. */
CARD_ENTRY(process) {
    if (!selected)
        return card_apdu_header() >> 16 == 0x80E2 ? card_perso_command() : CARD_SW_CONDITIONS;
    return sdk_cla() == 0x00 ? card_file_command() : CARD_SW_CLA;
}
