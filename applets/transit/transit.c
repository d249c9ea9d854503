/* Entries, and the table of commands. */
#include "transit.h"

CARD_PACKAGE("A00000063201010550", "1.0", "A000000632010105");

/* select() ran: what comes now is from a terminal, and not from the card manager. */
static uint8_t selected;

uint8_t life;

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
    struct state state;
    if (state_open() < 0 || state_read(&state) < 0 || state.life == LIFE_NEW)
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

static const struct command {
    uint8_t cla, ins, flags;
    int32_t (*run)(void);
} commands[] = {
    {0x80, 0x50, 0, initialise},
    {0x80, INS_DEBIT, KEEPS, debit},
    {0x80, INS_CREDIT, KEEPS, credit_for_load},
    {0x80, INS_UPDATE_OVERDRAFT, KEEPS, update_overdraft},
    {0x80, 0xDC, KEEPS, composite_update},
    {0x80, 0x5A, KEEPS | BLOCKED, get_proof},
    {0x80, 0x5C, KEEPS | BLOCKED, get_balance},
    {0x80, 0x5E, 0, pin_command},
    {0x84, 0x24, 0, pin_unblock},
    {0x84, 0x1E, BLOCKED, application_block},
    {0x84, 0x18, BLOCKED, application_unblock},
    {0x84, 0x16, BLOCKED, card_block},
    {0x84, 0xD6, 0, secure_file_command},
    {0x84, 0xDC, 0, secure_file_command},
    {0x04, 0xD6, 0, secure_file_command},
    {0x04, 0xDC, 0, secure_file_command},
    {0x00, 0xB0, KEEPS | BLOCKED, file_command},
    {0x00, 0xB2, KEEPS | BLOCKED, file_command},
    {0x00, 0xA4, BLOCKED, file_command},
    {0x00, 0x84, BLOCKED, security_command},
    {0x00, 0x20, 0, security_command},
    {0x00, 0x82, 0, security_command},
    {0x00, 0x88, 0, security_command},
};

static const struct command *command_find(uint32_t header) {
    uint8_t cla = (uint8_t)(header >> 24), ins = (uint8_t)(header >> 16);
    for (uint32_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].ins == ins && commands[i].cla == cla)
            return &commands[i];
    return NULL;
}

/* No row: another standard command with class 00, or none of ours. */
static int32_t run_other(uint32_t header) {
    transaction.kind = NULL;
    uint32_t cla = header >> 24;
    if (cla == 0x00)
        return life == LIFE_IN_USE ? card_file_command() : CARD_SW_CONDITIONS;
    return cla == 0x80 || cla == 0x84 || cla == 0x04 ? CARD_SW_INS : CARD_SW_CLA;
}

/* Every command for this applet comes here; what it changed is durable before the answer leaves. */
CARD_ENTRY(process) {
    uint32_t header = card_apdu_header();
    if (!selected)
        return header >> 16 == 0x80E2 ? personalise() : CARD_SW_CONDITIONS;
    if (life == LIFE_BLOCKED_FOREVER)
        return SW_BLOCKED_FOREVER;
    const struct command *command = command_find(header);
    if (!command)
        return run_other(header);
    if (!(command->flags & KEEPS))
        transaction.kind = NULL;
    if (life != LIFE_IN_USE && !(command->flags & BLOCKED))
        return CARD_SW_CONDITIONS;
    return command->run();
}
