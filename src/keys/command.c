/* VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER, GET CHALLENGE, EXTERNAL and INTERNAL
 * AUTHENTICATE (ISO/IEC 7816-4 clause 11.5) for any applet that hands them on. */
#include "keys/key.h"
#include "keys/pin_access.h"

#include "base/bytes.h"

struct keys_call {
    struct keys *k;
    uint32_t owner;
    struct security_status *status;
    const struct apdu *command;
    struct apdu_answer *answer;
};

/* ---- PINs ---- */

static uint8_t pin_number(const struct keys_call *call) {
    return call->command->p2 & 0x1F;
}

/* P2 has no bits but the PIN's number and "specific reference" (7816-4 table 92); the PIN is there,
 * and its rules allow the operation. */
static uint16_t pin_ready(const struct keys_call *call, uint8_t operation, struct pin_info *info) {
    if ((call->command->p2 & 0x60) != 0)
        return SW_WRONG_P1P2;
    enum onecard_err err = keys_pin_info(call->k, call->owner, pin_number(call), info);
    if (err != ONECARD_OK)
        return apdu_status(err);
    return pin_allowed(call->k, call->owner, pin_number(call), operation, call->status)
               ? SW_OK
               : SW_SECURITY_STATUS;
}

static uint16_t pin_status(enum onecard_err err, uint8_t tries) {
    static const struct {
        enum onecard_err err;
        uint16_t status;
    } table[] = {
        {ONECARD_E_RANGE, SW_WRONG_DATA},  /* length rules */
        {ONECARD_E_EXISTS, SW_WRONG_DATA}, /* used before */
    };
    if (err == ONECARD_E_WRONG)
        return tries != 0 ? (uint16_t)(SW_WARN_TRIES | tries) : SW_BLOCKED;
    for (uint32_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].err == err)
            return table[i].status;
    return apdu_status(err);
}

static uint16_t verify(struct keys_call *call) {
    const struct apdu *c = call->command;
    struct pin_info info;
    uint8_t tries = 0;
    if (c->p1 != 0x00 && c->p1 != 0xFF)
        return SW_WRONG_P1P2;
    uint16_t sw = pin_ready(call, ACCESS_VERIFY, &info);
    if (sw != SW_OK)
        return sw;
    const uint32_t bit = 1u << pin_number(call);
    if (c->p1 == 0xFF) { /* forget that it was verified */
        if (c->lc != 0)
            return SW_WRONG_LENGTH;
        call->status->pins &= ~bit;
        return SW_OK;
    }
    if (c->lc == 0) { /* only ask */
        if ((call->status->pins & bit) != 0)
            return SW_OK;
        return pin_status(ONECARD_E_WRONG, info.tries_left);
    }
    enum onecard_err err = keys_pin_verify(call->k, call->owner, pin_number(call), call->status,
                                           info.format, c->data, c->lc, &tries);
    return pin_status(err, tries);
}

/* Old and new stand side by side: 8 bytes each when that fits; else the old one takes what the PIN
 * (or PUK) now takes, and whoever does not know it is wrong anyway. */
static uint32_t first_part(struct keys_call *call, uint8_t number) {
    const uint32_t size = pin_value_size(call->k, call->owner, number);
    const uint32_t lc = call->command->lc;
    const uint32_t part = lc == 16 && size <= 8 ? 8 : size;
    return part < lc ? part : lc;
}

static uint16_t change_reference(struct keys_call *call) {
    const struct apdu *c = call->command;
    struct pin_info info;
    uint8_t tries = 0;
    if (c->p1 != 0x00)
        return SW_WRONG_P1P2;
    uint16_t sw = pin_ready(call, ACCESS_CHANGE, &info);
    if (sw == SW_OK && c->lc == 0)
        sw = SW_WRONG_LENGTH;
    if (sw != SW_OK)
        return sw;
    const uint32_t old = first_part(call, pin_number(call));
    enum onecard_err err =
        keys_pin_change(call->k, call->owner, pin_number(call), call->status, info.format, c->data,
                        old, c->data + old, c->lc - old, &tries);
    return pin_status(err, tries);
}

/* P1 00: PUK and new PIN; 01: PUK; 02: new PIN; 03: nothing. Without PUK the rules decide. */
static uint16_t reset_retry_counter(struct keys_call *call) {
    const struct apdu *c = call->command;
    struct pin_info info;
    uint8_t tries = 0;
    if (c->p1 > 0x03)
        return SW_WRONG_P1P2;
    const bool puk = c->p1 < 2, value = c->p1 % 2 == 0;
    if ((c->lc != 0) != (puk || value))
        return SW_WRONG_LENGTH;
    uint16_t sw = pin_ready(call, ACCESS_RESET, &info);
    if (sw == SW_SECURITY_STATUS && puk)
        sw = SW_OK; /* the PUK is the permission */
    if (sw != SW_OK)
        return sw;
    enum onecard_err err;
    if (puk) {
        const uint32_t part = value ? first_part(call, info.puk) : c->lc;
        if (value && part == c->lc)
            return SW_WRONG_DATA; /* no new PIN behind it */
        err = keys_pin_unblock(call->k, call->owner, pin_number(call), call->status, info.format,
                               c->data, part, c->data + part, c->lc - part, &tries);
    } else {
        err = keys_pin_reset(call->k, call->owner, pin_number(call), call->status, info.format,
                             c->data, c->lc);
    }
    return pin_status(err, tries);
}

/* ---- keys ---- */

static uint16_t get_challenge(struct keys_call *call) {
    const struct apdu *c = call->command;
    const uint32_t len = !c->has_le || c->ne > STATUS_CHALLENGE_MAX ? 8 : c->ne;
    if (c->p1 != 0 || c->p2 != 0)
        return SW_WRONG_P1P2;
    if (c->lc != 0 || len < 4 || len > call->answer->capacity ||
        (c->has_le && c->ne > STATUS_CHALLENGE_MAX && c->ne != 256 && c->ne != 65536))
        return SW_WRONG_LENGTH;
    enum onecard_err err = keys_challenge(call->k, call->status, call->answer->data, len);
    if (err == ONECARD_OK)
        call->answer->len = len;
    return apdu_status(err);
}

static uint16_t key_status(enum onecard_err err, uint8_t tries) {
    static const struct {
        enum onecard_err err;
        uint16_t status;
    } table[] = {
        {ONECARD_E_DENIED, SW_CONDITIONS}, /* not a key for this */
        {ONECARD_E_PARAM, SW_WRONG_LENGTH},
    };
    if (err == ONECARD_E_WRONG)
        return tries == 0 ? SW_BLOCKED : tries == 0xFF ? 0x6300 : SW_WARN_TRIES | (tries & 0x0F);
    for (uint32_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].err == err)
            return table[i].status;
    return apdu_status(err);
}

static uint16_t key_ready(const struct keys_call *call, const struct key_ref *ref,
                          struct key_info *info) {
    const struct apdu *c = call->command;
    if (c->p1 != 0)
        return SW_WRONG_P1P2;
    if (c->lc == 0)
        return SW_WRONG_LENGTH;
    enum onecard_err err = keys_info(call->k, ref, info);
    if (err != ONECARD_OK)
        return apdu_status(err);
    return key_allowed(call->k, call->owner, ref->number, call->status) ? SW_OK
                                                                        : SW_SECURITY_STATUS;
}

/* A key that may also derive works through a process key (social-security cards): the data end in
 * a random of one block, under which the key to use is derived. */
static enum onecard_err process_key(struct keys_call *call, const struct key_ref *ref,
                                    const struct key_info *info, uint16_t usage,
                                    struct key_session *session, uint32_t *out_len) {
    const struct apdu *c = call->command;
    *out_len = c->lc - info->block_size;
    if ((info->usage & usage) == 0)
        return ONECARD_E_DENIED;
    if (c->lc < 2u * info->block_size)
        return ONECARD_E_PARAM;
    return keys_derive(call->k, ref, KEYS_DERIVE_BLOCK, c->data + *out_len, info->block_size, usage,
                       session);
}

static uint16_t external_authenticate(struct keys_call *call) {
    const struct apdu *c = call->command;
    struct key_session session = {0};
    struct key_ref ref = {call->owner, c->p2, NULL};
    struct key_info info;
    uint32_t len = c->lc;
    uint16_t sw = key_ready(call, &ref, &info);
    if (sw != SW_OK)
        return sw;
    enum onecard_err err = ONECARD_OK;
    if ((info.usage & KEY_DERIVE) != 0) {
        err = process_key(call, &ref, &info, KEY_AUTH_EXTERNAL, &session, &len);
        ref.session = &session;
    }
    if (err == ONECARD_OK)
        err = keys_auth_external(call->k, &ref, call->status, c->data, len);
    ref.session = NULL;
    key_session_clear(&session);
    return key_status(err, err == ONECARD_E_WRONG ? key_tries(call->k, &ref) : 0);
}

/* Process key: the random stands first here, then the data. */
static uint16_t internal_authenticate(struct keys_call *call) {
    const struct apdu *c = call->command;
    struct key_session session = {0};
    struct key_ref ref = {call->owner, c->p2, NULL};
    struct key_info info;
    uint32_t skip = 0;
    uint16_t sw = key_ready(call, &ref, &info);
    if (sw != SW_OK)
        return sw;
    enum onecard_err err = ONECARD_OK;
    if ((info.usage & KEY_DERIVE) != 0) {
        skip = info.block_size;
        if ((info.usage & KEY_AUTH_INTERNAL) == 0)
            err = ONECARD_E_DENIED;
        else if (c->lc < 2 * skip)
            err = ONECARD_E_PARAM;
        else
            err = keys_derive(call->k, &ref, KEYS_DERIVE_BLOCK, c->data, skip, KEY_AUTH_INTERNAL,
                              &session);
        ref.session = &session;
    }
    if (err == ONECARD_OK && c->lc - skip > call->answer->capacity)
        err = ONECARD_E_PARAM;
    if (err == ONECARD_OK)
        err = keys_auth_internal(call->k, &ref, c->data + skip, c->lc - skip, call->answer->data);
    if (err == ONECARD_OK)
        call->answer->len = c->lc - skip;
    key_session_clear(&session);
    return key_status(err, 0);
}

/* ---- the table ---- */

uint16_t keys_command(struct keys *k, uint32_t owner, struct security_status *status,
                      const struct apdu *command, struct apdu_answer *answer) {
    static const struct {
        uint8_t ins;
        uint16_t (*handle)(struct keys_call *call);
    } commands[] = {
        {0x20, verify},        {0x24, change_reference},      {0x2C, reset_retry_counter},
        {0x84, get_challenge}, {0x82, external_authenticate}, {0x88, internal_authenticate},
    };
    struct keys_call call = {k, owner, status, command, answer};
    answer->len = 0;
    for (uint32_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (commands[i].ins != command->ins)
            continue;
        if (security_class_protected(command->cla) && status->sm == 0)
            return SW_SM_UNSUPPORTED;
        return commands[i].handle(&call);
    }
    return SW_INS_UNSUPPORTED;
}
