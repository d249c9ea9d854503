/* The security status and the access rules. */
#include "keys/status.h"

#include "base/bytes.h"

void security_status_clear(struct security_status *status) {
    status->pins = 0;
    for (uint32_t i = 0; i < STATUS_KEYS / 32; i++)
        status->keys[i] = 0;
    status->biometric = false;
    status->challenge_len = 0;
    bytes_wipe(status->challenge, sizeof status->challenge);
}

bool security_class_protected(uint8_t cla) {
    return (cla & 0x40) != 0 ? (cla & 0x20) != 0 : (cla & 0x0C) != 0;
}

/* ---- conditions ---- */

static bool never(uint8_t number, const struct security_status *status) {
    (void)number;
    (void)status;
    return false;
}

static bool pin(uint8_t number, const struct security_status *status) {
    return number < STATUS_PINS && (status->pins >> number & 1) != 0;
}

static bool key(uint8_t number, const struct security_status *status) {
    return (status->keys[number / 32] >> number % 32 & 1) != 0;
}

static bool sm(uint8_t number, const struct security_status *status) {
    return (status->sm & number) == number;
}

static bool card_pin(uint8_t number, const struct security_status *status) {
    (void)number;
    return status->card_pin;
}

static bool biometric(uint8_t number, const struct security_status *status) {
    (void)number;
    return status->biometric;
}

/* By enum access_when. */
static const struct {
    bool (*holds)(uint8_t number, const struct security_status *status);
    uint8_t number_max;
} conditions[] = {
    {never, 0}, {pin, STATUS_PINS - 1}, {key, STATUS_KEYS - 1},
    {sm, 0x0F}, {card_pin, 0},          {biometric, 0},
};
#define CONDITIONS (sizeof conditions / sizeof *conditions)

static bool all_hold(const uint8_t *pairs, uint32_t len, const struct security_status *status) {
    bool good = len % 2 == 0;
    for (uint32_t i = 0; i + 1 < len; i += 2)
        good = good && pairs[i] < CONDITIONS && conditions[pairs[i]].holds(pairs[i + 1], status);
    return good;
}

/* ---- rules ---- */

bool access_rules_valid(const uint8_t *rules, uint32_t len) {
    if (len > ACCESS_RULES_MAX)
        return false;
    for (uint32_t at = 0; at < len;) {
        if (len - at < 2)
            return false;
        const uint32_t size = rules[at + 1] & ACCESS_LENGTH_MASK;
        if (size % 2 != 0 || size > len - at - 2)
            return false;
        for (uint32_t i = at + 2; i < at + 2 + size; i += 2)
            if (rules[i] >= CONDITIONS || rules[i + 1] > conditions[rules[i]].number_max)
                return false;
        at += 2 + size;
    }
    return true;
}

bool access_allowed(const uint8_t *rules, uint32_t len, uint8_t operation,
                    const struct security_status *status) {
    const uint8_t interface = status->contactless ? ACCESS_CONTACTLESS : ACCESS_CONTACT;
    for (uint32_t at = 0; len - at >= 2 && at < len;) {
        const uint32_t size = rules[at + 1] & ACCESS_LENGTH_MASK;
        if (size > len - at - 2)
            return false;
        if ((rules[at] & operation) != 0 && (rules[at + 1] & interface) != 0 &&
            all_hold(rules + at + 2, size, status))
            return true;
        at += 2 + size;
    }
    return false;
}
