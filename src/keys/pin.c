/* PINs: values, formats, and the counter that falls first (F5). */
#include "keys/pin_access.h"

#include <string.h>

#include "base/bytes.h"

/* The secret object: PIN_HEAD bytes, former values (PIN_ENTRY each), the access rules. */
enum pin_layout {
    PIN_AT_TRIES_LEFT = 0, /* first, so that counting touches one byte */
    PIN_AT_TRIES_MAX = 1,
    PIN_AT_FORMAT = 2,
    PIN_AT_LENGTH_MIN = 3,
    PIN_AT_LENGTH_MAX = 4,
    PIN_AT_PUK = 5,
    PIN_AT_HISTORY = 6, /* former values that are kept */
    PIN_AT_RULES_LEN = 7,
    PIN_AT_OLDEST = 8, /* the former value to overwrite next */
    PIN_AT_VALUE = 9,  /* an entry: length 1 (0: no value), digits or bytes, zeros */
    PIN_ENTRY = 1 + PIN_LENGTH_MAX,
    PIN_HEAD = PIN_AT_VALUE + PIN_ENTRY,
    PIN_OBJECT_MAX = PIN_HEAD + PIN_HISTORY_MAX * PIN_ENTRY + ACCESS_RULES_MAX,
};

static store_name pin_name(uint32_t owner, uint8_t number) {
    return STORE_NAME(owner, KEYS_KIND_PIN, number);
}

/* ---- formats ---- */

static bool add_digit(uint8_t *entry, uint8_t digit) {
    if (digit > 9 || entry[0] == PIN_LENGTH_MAX)
        return false;
    entry[1 + entry[0]++] = digit;
    return true;
}

static uint8_t nibble(const uint8_t *p, uint32_t i) {
    return (uint8_t)(i % 2 == 0 ? p[i / 2] >> 4 : p[i / 2] & 0x0F);
}

static bool parse_raw(const uint8_t *p, uint32_t len, uint8_t *entry) {
    if (len > PIN_LENGTH_MAX)
        return false;
    memcpy(entry + 1, p, len);
    entry[0] = (uint8_t)len;
    return true;
}

static bool parse_bcd(const uint8_t *p, uint32_t len, uint8_t *entry) {
    uint32_t i = 0;
    while (i < 2 * len && nibble(p, i) != 0x0F)
        if (!add_digit(entry, nibble(p, i++)))
            return false;
    while (i < 2 * len)
        if (nibble(p, i++) != 0x0F)
            return false;
    return true;
}

static bool parse_ascii(const uint8_t *p, uint32_t len, uint8_t *entry) {
    uint32_t i = 0;
    while (i < len && p[i] != 0xFF && p[i] != 0x00)
        if (!add_digit(entry, (uint8_t)(p[i++] - '0')))
            return false;
    while (i < len)
        if (p[i] != 0xFF && p[i] != 0x00)
            return false;
        else
            i++;
    return true;
}

static bool parse_block(const uint8_t *p, uint32_t len, uint8_t *entry, uint8_t control) {
    if (len != 8 || p[0] >> 4 != control)
        return false;
    const uint32_t digits = p[0] & 0x0F;
    for (uint32_t i = 2; i < 16; i++) {
        if (i < 2 + digits ? !add_digit(entry, nibble(p, i)) : control == 2 && nibble(p, i) != 0x0F)
            return false;
    }
    return digits <= 14;
}

static bool parse_block_1(const uint8_t *p, uint32_t len, uint8_t *entry) {
    return parse_block(p, len, entry, 1);
}

static bool parse_block_2(const uint8_t *p, uint32_t len, uint8_t *entry) {
    return parse_block(p, len, entry, 2);
}

/* By enum pin_format. All write an entry; digits become one byte each, 0 to 9. */
static bool (*const parsers[])(const uint8_t *p, uint32_t len, uint8_t *entry) = {
    parse_raw, parse_bcd, parse_ascii, parse_block_1, parse_block_2};
#define FORMATS (sizeof parsers / sizeof *parsers)

/* FORMAT: not in that format, empty, or bytes for a PIN of digits. */
static enum onecard_err parse(const uint8_t *object, enum pin_format format, const uint8_t *value,
                              uint32_t len, uint8_t entry[PIN_ENTRY]) {
    memset(entry, 0, PIN_ENTRY);
    if ((uint32_t)format >= FORMATS || (format == PIN_RAW) != (object[PIN_AT_FORMAT] == PIN_RAW))
        return ONECARD_E_FORMAT;
    if (len == 0 || !parsers[format](value, len, entry) || entry[0] == 0)
        return ONECARD_E_FORMAT;
    return ONECARD_OK;
}

static bool length_fits(const uint8_t *object, const uint8_t *entry) {
    return entry[0] >= object[PIN_AT_LENGTH_MIN] && entry[0] <= object[PIN_AT_LENGTH_MAX];
}

/* RANGE: the length rules. */
static enum onecard_err parse_new(const uint8_t *object, enum pin_format format,
                                  const uint8_t *value, uint32_t len, uint8_t *entry) {
    enum onecard_err err = parse(object, format, value, len, entry);
    return err == ONECARD_OK && !length_fits(object, entry) ? ONECARD_E_RANGE : err;
}

/* ---- the object ---- */

static enum onecard_err load(const struct keys *k, uint32_t owner, uint8_t number,
                             uint8_t object[PIN_HEAD]) {
    if (number >= STATUS_PINS)
        return ONECARD_E_NOT_FOUND;
    return store_read(k->store, pin_name(owner, number), 0, object, PIN_HEAD);
}

static enum onecard_err write_tries(struct keys *k, uint32_t owner, uint8_t number, uint8_t tries) {
    return store_write_now(k->store, pin_name(owner, number), PIN_AT_TRIES_LEFT, &tries, 1);
}

static bool spec_fits(uint8_t number, const struct pin_spec *spec) {
    return number < STATUS_PINS && spec->format < FORMATS && spec->length_min >= 1 &&
           spec->length_min <= spec->length_max && spec->length_max <= PIN_LENGTH_MAX &&
           spec->tries_max >= 1 && spec->tries_max <= 15 && spec->history <= PIN_HISTORY_MAX &&
           (spec->puk == PIN_NONE || (spec->puk < STATUS_PINS && spec->puk != number));
}

/* Fill a whole object, the rules behind the empty history; *out_size are its bytes. */
static enum onecard_err make_object(const struct pin_spec *spec, const uint8_t *value, uint32_t len,
                                    uint8_t object[PIN_OBJECT_MAX], uint32_t *out_size) {
    static const uint8_t usual[2] = {ACCESS_VERIFY | ACCESS_CHANGE,
                                     ACCESS_CONTACT | ACCESS_CONTACTLESS};
    const uint8_t *rules = spec->rules != NULL ? spec->rules : usual;
    const uint8_t rules_len = spec->rules != NULL ? spec->rules_len : sizeof usual;
    const uint32_t rules_at = PIN_HEAD + (uint32_t)spec->history * PIN_ENTRY;
    if (!access_rules_valid(rules, rules_len))
        return ONECARD_E_FORMAT;
    memset(object, 0, PIN_OBJECT_MAX);
    object[PIN_AT_TRIES_LEFT] = len != 0 ? spec->tries_max : 0;
    object[PIN_AT_TRIES_MAX] = spec->tries_max;
    object[PIN_AT_FORMAT] = spec->format;
    object[PIN_AT_LENGTH_MIN] = spec->length_min;
    object[PIN_AT_LENGTH_MAX] = spec->length_max;
    object[PIN_AT_PUK] = spec->puk;
    object[PIN_AT_HISTORY] = spec->history;
    object[PIN_AT_RULES_LEN] = rules_len;
    memcpy(object + rules_at, rules, rules_len);
    *out_size = rules_at + rules_len;
    return len == 0 ? ONECARD_OK
                    : parse_new(object, spec->format, value, len, object + PIN_AT_VALUE);
}

enum onecard_err keys_pin_create(struct keys *k, uint32_t owner, uint8_t number,
                                 const struct pin_spec *spec, const uint8_t *value, uint32_t len) {
    uint8_t object[PIN_OBJECT_MAX];
    uint32_t size = 0;
    if (!spec_fits(number, spec))
        return ONECARD_E_PARAM;
    const store_name name = pin_name(owner, number);
    enum onecard_err err = make_object(spec, value, len, object, &size);
    if (err == ONECARD_OK)
        err = store_create(k->store, name, size, STORE_SECRET);
    if (err == ONECARD_OK) {
        err = store_write(k->store, name, 0, object, size);
        if (err != ONECARD_OK)
            store_delete(k->store, name); /* no PIN of zeros is left behind */
    }
    bytes_wipe(object, sizeof object);
    return err;
}

enum onecard_err keys_pin_info(struct keys *k, uint32_t owner, uint8_t number,
                               struct pin_info *out_info) {
    uint8_t object[PIN_HEAD];
    enum onecard_err err = load(k, owner, number, object);
    if (err == ONECARD_OK) {
        out_info->format = object[PIN_AT_FORMAT];
        out_info->length_min = object[PIN_AT_LENGTH_MIN];
        out_info->length_max = object[PIN_AT_LENGTH_MAX];
        out_info->tries_left = object[PIN_AT_TRIES_LEFT];
        out_info->tries_max = object[PIN_AT_TRIES_MAX];
        out_info->puk = object[PIN_AT_PUK];
        out_info->set = object[PIN_AT_VALUE] != 0;
    }
    bytes_wipe(object, sizeof object);
    return err;
}

uint32_t pin_value_size(struct keys *k, uint32_t owner, uint8_t number) {
    uint8_t object[PIN_HEAD];
    if (load(k, owner, number, object) != ONECARD_OK)
        return 0;
    const uint32_t digits = object[PIN_AT_VALUE];
    const uint8_t format = object[PIN_AT_FORMAT];
    bytes_wipe(object, sizeof object);
    return format == PIN_BCD ? (digits + 1) / 2 : format >= PIN_BLOCK_1 ? 8 : digits;
}

bool pin_allowed(struct keys *k, uint32_t owner, uint8_t number, uint8_t operation,
                 const struct security_status *status) {
    uint8_t head[PIN_AT_OLDEST], rules[ACCESS_RULES_MAX];
    const store_name name = pin_name(owner, number);
    if (store_read(k->store, name, 0, head, sizeof head) != ONECARD_OK ||
        head[PIN_AT_RULES_LEN] > sizeof rules ||
        store_read(k->store, name, PIN_HEAD + (uint32_t)head[PIN_AT_HISTORY] * PIN_ENTRY, rules,
                   head[PIN_AT_RULES_LEN]) != ONECARD_OK)
        return false;
    return access_allowed(rules, head[PIN_AT_RULES_LEN], operation, status);
}

/* ---- comparing ---- */

static void set_verified(struct security_status *status, uint8_t number, bool verified) {
    const uint32_t bit = 1u << number;
    status->pins = verified ? status->pins | bit : status->pins & ~bit;
}

/* The counter falls in flash, then the entry is compared; only then may the counter rise. */
static enum onecard_err compare(struct keys *k, uint32_t owner, uint8_t number,
                                const uint8_t *object, const uint8_t *entry, uint8_t *tries_left) {
    const uint8_t tries = object[PIN_AT_TRIES_LEFT];
    *tries_left = 0;
    if (tries == 0 || object[PIN_AT_VALUE] == 0)
        return ONECARD_E_BLOCKED;
    enum onecard_err err = write_tries(k, owner, number, (uint8_t)(tries - 1));
    if (err != ONECARD_OK)
        return err;
    *tries_left = (uint8_t)(tries - 1);
    if (!bytes_equal_ct(object + PIN_AT_VALUE, entry, PIN_ENTRY))
        return ONECARD_E_WRONG;
    *tries_left = object[PIN_AT_TRIES_MAX];
    return write_tries(k, owner, number, *tries_left);
}

enum onecard_err keys_pin_verify(struct keys *k, uint32_t owner, uint8_t number,
                                 struct security_status *status, enum pin_format format,
                                 const uint8_t *value, uint32_t len, uint8_t *out_tries_left) {
    uint8_t object[PIN_HEAD], entry[PIN_ENTRY], tries = 0;
    enum onecard_err err = load(k, owner, number, object);
    if (err != ONECARD_OK)
        return err;
    set_verified(status, number, false);
    err = parse(object, format, value, len, entry);
    if (err == ONECARD_OK)
        err = compare(k, owner, number, object, entry, &tries);
    else
        tries = object[PIN_AT_TRIES_LEFT];
    if (err == ONECARD_OK)
        set_verified(status, number, true);
    if (out_tries_left != NULL)
        *out_tries_left = tries;
    bytes_wipe(object, sizeof object);
    bytes_wipe(entry, sizeof entry);
    return err;
}

/* ---- new values ---- */

static uint32_t former_at(uint32_t i) {
    return PIN_HEAD + i * PIN_ENTRY;
}

/* EXISTS: the value, or a former one that is kept. */
static enum onecard_err check_history(const struct keys *k, store_name name, const uint8_t *object,
                                      const uint8_t *entry) {
    uint8_t former[PIN_ENTRY];
    bool known =
        object[PIN_AT_HISTORY] != 0 && bytes_equal_ct(object + PIN_AT_VALUE, entry, PIN_ENTRY);
    for (uint32_t i = 0; i < object[PIN_AT_HISTORY]; i++) {
        enum onecard_err err = store_read(k->store, name, former_at(i), former, PIN_ENTRY);
        if (err != ONECARD_OK)
            return err;
        known = bytes_equal_ct(former, entry, PIN_ENTRY) || known;
    }
    bytes_wipe(former, sizeof former);
    return known ? ONECARD_E_EXISTS : ONECARD_OK;
}

/* Stage the new value, and the present one as a former one. */
static enum onecard_err stage_value(struct keys *k, store_name name, const uint8_t *object,
                                    const uint8_t *entry) {
    const uint8_t history = object[PIN_AT_HISTORY], oldest = object[PIN_AT_OLDEST];
    enum onecard_err err = ONECARD_OK;
    if (history != 0 && object[PIN_AT_VALUE] != 0) {
        const uint8_t next = (uint8_t)((oldest + 1u) % history);
        err = store_write(k->store, name, former_at(oldest), object + PIN_AT_VALUE, PIN_ENTRY);
        if (err == ONECARD_OK)
            err = store_write(k->store, name, PIN_AT_OLDEST, &next, 1);
    }
    return err == ONECARD_OK ? store_write(k->store, name, PIN_AT_VALUE, entry, PIN_ENTRY) : err;
}

enum onecard_err keys_pin_change(struct keys *k, uint32_t owner, uint8_t number,
                                 struct security_status *status, enum pin_format format,
                                 const uint8_t *old_value, uint32_t old_len,
                                 const uint8_t *new_value, uint32_t new_len,
                                 uint8_t *out_tries_left) {
    uint8_t object[PIN_HEAD], entry[PIN_ENTRY];
    const store_name name = pin_name(owner, number);
    enum onecard_err err = load(k, owner, number, object);
    if (err == ONECARD_OK)
        err = parse_new(object, format, new_value, new_len, entry);
    if (err == ONECARD_OK)
        err = keys_pin_verify(k, owner, number, status, format, old_value, old_len, out_tries_left);
    if (err == ONECARD_OK)
        err = check_history(k, name, object, entry);
    if (err == ONECARD_OK)
        err = stage_value(k, name, object, entry);
    bytes_wipe(object, sizeof object);
    bytes_wipe(entry, sizeof entry);
    return err;
}

/* ---- starting again ---- */

static enum onecard_err restart(struct keys *k, uint32_t owner, uint8_t number,
                                struct security_status *status, const uint8_t *object,
                                const uint8_t *entry) {
    enum onecard_err err = ONECARD_OK;
    set_verified(status, number, false);
    if (entry != NULL)
        err = stage_value(k, pin_name(owner, number), object, entry);
    else if (object[PIN_AT_VALUE] == 0)
        err = ONECARD_E_STATE; /* nothing to verify */
    if (err == ONECARD_OK && object[PIN_AT_TRIES_LEFT] != object[PIN_AT_TRIES_MAX])
        err = write_tries(k, owner, number, object[PIN_AT_TRIES_MAX]);
    return err;
}

enum onecard_err keys_pin_unblock(struct keys *k, uint32_t owner, uint8_t number,
                                  struct security_status *status, enum pin_format format,
                                  const uint8_t *puk, uint32_t puk_len, const uint8_t *new_value,
                                  uint32_t new_len, uint8_t *out_tries_left) {
    uint8_t object[PIN_HEAD], entry[PIN_ENTRY];
    enum onecard_err err = load(k, owner, number, object);
    if (err == ONECARD_OK && object[PIN_AT_PUK] == PIN_NONE)
        err = ONECARD_E_STATE;
    if (err == ONECARD_OK && new_len != 0)
        err = parse_new(object, format, new_value, new_len, entry);
    if (err == ONECARD_OK)
        err = keys_pin_verify(k, owner, object[PIN_AT_PUK], status, format, puk, puk_len,
                              out_tries_left);
    if (err == ONECARD_OK) {
        set_verified(status, object[PIN_AT_PUK], false); /* it was good for this once */
        err = restart(k, owner, number, status, object, new_len != 0 ? entry : NULL);
    }
    bytes_wipe(object, sizeof object);
    bytes_wipe(entry, sizeof entry);
    return err;
}

enum onecard_err keys_pin_reset(struct keys *k, uint32_t owner, uint8_t number,
                                struct security_status *status, enum pin_format format,
                                const uint8_t *new_value, uint32_t new_len) {
    uint8_t object[PIN_HEAD], entry[PIN_ENTRY];
    enum onecard_err err = load(k, owner, number, object);
    if (err == ONECARD_OK && new_len != 0)
        err = parse_new(object, format, new_value, new_len, entry);
    if (err == ONECARD_OK)
        err = restart(k, owner, number, status, object, new_len != 0 ? entry : NULL);
    bytes_wipe(object, sizeof object);
    bytes_wipe(entry, sizeof entry);
    return err;
}

enum onecard_err keys_pin_set_tries(struct keys *k, uint32_t owner, uint8_t number,
                                    uint8_t tries_max) {
    uint8_t object[PIN_HEAD];
    const uint8_t both[2] = {tries_max, tries_max};
    if (tries_max == 0 || tries_max > 15)
        return ONECARD_E_PARAM;
    enum onecard_err err = load(k, owner, number, object);
    bytes_wipe(object, sizeof object);
    return err == ONECARD_OK
               ? store_write_now(k->store, pin_name(owner, number), PIN_AT_TRIES_LEFT, both, 2)
               : err;
}

enum onecard_err keys_pin_block(struct keys *k, uint32_t owner, uint8_t number) {
    uint8_t object[PIN_HEAD];
    enum onecard_err err = load(k, owner, number, object);
    bytes_wipe(object, sizeof object);
    return err == ONECARD_OK ? write_tries(k, owner, number, 0) : err;
}

enum onecard_err keys_pin_delete(struct keys *k, uint32_t owner, uint8_t number) {
    if (number >= STATUS_PINS)
        return ONECARD_E_NOT_FOUND;
    return store_delete(k->store, pin_name(owner, number));
}
