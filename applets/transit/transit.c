/* Entries, and the table of commands. */
#include "transit.h"

CARD_PACKAGE("A00000063201010550", "1.0", "A000000632010105");

/* select() ran: what comes now is from a terminal, and not from the card manager. */
static uint8_t selected;

uint8_t life;
uint32_t header;

/* 6F{84 AID, A5{9F08 version, 9F0C file 15}} */
static int32_t answer_fci(void) {
    uint8_t aid[16], info[30], fci[80];
    int32_t file = card_file_find(CARD_FILE_ROOT, FID_INFO);
    int32_t result = card_file_read((uint32_t)file, 0, info, sizeof info);
    if (result < 0)
        return sdk_status(result);
    uint32_t at = sdk_tlv_put(fci, 0, 0x84, aid, (uint32_t)card_self_aid(aid, sizeof aid));
    uint32_t from = at;
    at = sdk_tlv_put(fci, at, 0x9F08, info + 9, 1); /* application version */
    at = sdk_tlv_put(fci, at, 0x9F0C, info, sizeof info);
    at = sdk_tlv_wrap(fci, from, at, 0xA5);
    at = sdk_tlv_wrap(fci, 0, at, 0x6F);
    card_apdu_reply(fci, at);
    return CARD_SW_OK;
}

CARD_ENTRY(select) {
    if (state_open() < 0 || state_read() < 0 || state.life == LIFE_NEW)
        return CARD_SW_CONDITIONS; /* not personalised */
    if (state.life == LIFE_BLOCKED_FOREVER)
        return SW_BLOCKED_FOREVER;
    selected = 1;
    life = state.life;
    int32_t sw = answer_fci();
    return sw == CARD_SW_OK && life == LIFE_BLOCKED ? SW_DEACTIVATED : sw;
}

/* ---- commands ---- */

enum {
    KEEPS = 1,   /* an open transaction stays open */
    BLOCKED = 2, /* answered although the application is blocked for a time */
};

static int32_t file_command(void) {
    return card_file_command();
}

static int32_t security_command(void) {
    return card_security_command();
}

/* class, instruction, flags, what answers it */
#define COMMANDS                                                                                   \
    COMMAND(0x80, 0x50, 0, initialise)                                                             \
    COMMAND(0x80, INS_DEBIT, KEEPS, debit)                                                         \
    COMMAND(0x80, INS_CREDIT, KEEPS, credit_for_load)                                              \
    COMMAND(0x80, INS_UPDATE_OVERDRAFT, KEEPS, update_overdraft)                                   \
    COMMAND(0x80, 0xDC, KEEPS, composite_update)                                                   \
    COMMAND(0x80, 0x5A, KEEPS | BLOCKED, get_proof)                                                \
    COMMAND(0x80, 0x5C, KEEPS | BLOCKED, get_balance)                                              \
    COMMAND(0x80, 0x5E, 0, pin_command)                                                            \
    COMMAND(0x84, 0x24, 0, pin_unblock)                                                            \
    COMMAND(0x84, 0x1E, BLOCKED, application_block)                                                \
    COMMAND(0x84, 0x18, BLOCKED, application_unblock)                                              \
    COMMAND(0x84, 0x16, BLOCKED, card_block)                                                       \
    COMMAND(0x84, 0xD6, 0, secure_file_command)                                                    \
    COMMAND(0x84, 0xDC, 0, secure_file_command)                                                    \
    COMMAND(0x04, 0xD6, 0, secure_file_command)                                                    \
    COMMAND(0x04, 0xDC, 0, secure_file_command)                                                    \
    COMMAND(0x00, 0xB0, KEEPS | BLOCKED, file_command)                                             \
    COMMAND(0x00, 0xB2, KEEPS | BLOCKED, file_command)                                             \
    COMMAND(0x00, 0xA4, BLOCKED, file_command)                                                     \
    COMMAND(0x00, 0x84, BLOCKED, security_command)                                                 \
    COMMAND(0x00, 0x20, 0, security_command)                                                       \
    COMMAND(0x00, 0x82, 0, security_command)                                                       \
    COMMAND(0x00, 0x88, 0, security_command)

/* Before a command of ours: is it answered now? */
static inline int may_run(uint32_t flags) {
    if (!(flags & KEEPS))
        transaction.kind = NULL;
    return life == LIFE_IN_USE || flags & BLOCKED;
}

/* None of these: another standard command with class 00, or none of ours. */
static int32_t run_other(void) {
    transaction.kind = NULL;
    uint32_t cla = header >> 24;
    if (cla == 0x00)
        return life == LIFE_IN_USE ? card_file_command() : CARD_SW_CONDITIONS;
    return cla == 0x80 || cla == 0x84 || cla == 0x04 ? CARD_SW_INS : CARD_SW_CLA;
}

/* Every command for this applet comes here; what it changed is durable before the answer leaves. */
CARD_ENTRY(process) {
    header = card_apdu_header();
    if (!selected)
        return header >> 16 == 0x80E2 ? personalise() : CARD_SW_CONDITIONS;
    if (life == LIFE_BLOCKED_FOREVER)
        return SW_BLOCKED_FOREVER;
    switch (header >> 16) {
#define COMMAND(cla, ins, flags, answer)                                                           \
    case cla << 8 | ins:                                                                           \
        return may_run(flags) ? answer() : CARD_SW_CONDITIONS;
        COMMANDS
#undef COMMAND
    default:
        return run_other();
    }
}
