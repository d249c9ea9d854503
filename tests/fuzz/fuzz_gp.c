/* Answers of unknown cards to "onecard gp": registries in both forms, card recognition data,
 * INITIALIZE UPDATE, and answers under a secure channel. The first byte says which. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/onecard/gp_channel.h"
#include "../../tools/onecard/gp_sign.h"
#include "../../tools/onecard/gp_status.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

static void check_aid(const struct gp_aid *aid) {
    if (aid->len > GP_AID_MAX)
        abort();
}

static void registry(const uint8_t *data, size_t len, bool tlv, bool with_modules) {
    size_t at = 0, before = 0;
    struct gp_entry e;
    bool any = true;
    while (!gp_entry_next(data, len, &at, tlv, with_modules, &e, &any) && any) {
        if (at <= before || at > len || e.module_count > GP_MODULES_MAX || e.privileges_len > 3 ||
            e.version_len > 2)
            abort();
        before = at;
        check_aid(&e.aid);
        check_aid(&e.domain);
        check_aid(&e.package);
        for (unsigned i = 0; i < e.module_count; i++)
            check_aid(&e.modules[i]);
    }
}

static void recognition(const uint8_t *data, size_t len) {
    struct gp_recognition r;
    (void)gp_recognition_parse(data, len, &r);
    if (r.channel_count > 8)
        abort();
}

static void initialize(const uint8_t *data, size_t len) {
    static const struct gp_keys keys = {{.len = 16}, {.len = 16}, {.len = 16}};
    static const uint8_t host[GP_CHALLENGE_MAX];
    struct gp_initialize init;
    struct gp_session session;
    uint8_t cryptogram[GP_CHALLENGE_MAX];
    if (gp_initialize_parse(data, len, &init))
        return;
    if (init.size > GP_CHALLENGE_MAX || init.challenge_len > GP_CHALLENGE_MAX ||
        init.sequence_len > 3)
        abort();
    (void)gp_session_begin(&session, &keys, &init, host, 0x01, cryptogram);
}

/* An answer of any length, in memory of just that length. */
static void answer(const uint8_t *data, size_t len, uint8_t scp, uint8_t level) {
    static const uint8_t sent[] = {0x80, 0xF2, 0x40, 0x02, 0x02, 0x4F, 0x00, 0x00};
    struct gp_session s = {.open = true,
                           .scp = scp,
                           .level = level,
                           .size = 8,
                           .enc = {.len = 16},
                           .mac = {.len = 16},
                           .rmac = {.len = 16}};
    uint8_t *copy = malloc(len ? len : 1);
    size_t out_len = len;
    if (!copy)
        return;
    memcpy(copy, data, len);
    (void)gp_session_unwrap(&s, sent, sizeof sent, copy, &out_len);
    if (out_len > len)
        abort();
    free(copy);
}

static void receipt(const uint8_t *data, size_t len) {
    struct gp_receipt r;
    if (gp_receipt_parse(data, len, &r) || !r.mac)
        return;
    if (r.mac < data || r.mac + r.mac_len > data + len || r.confirmed < data ||
        r.confirmed + r.confirmed_len > data + len || r.card + r.card_len > data + len)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size) {
    if (size < 1)
        return 0;
    const uint8_t *data = input + 1;
    size_t len = size - 1;
    switch (input[0] % 9) {
    case 0:
        registry(data, len, true, false);
        break;
    case 1:
        registry(data, len, false, false);
        break;
    case 2:
        registry(data, len, false, true);
        break;
    case 3:
        recognition(data, len);
        break;
    case 4:
        initialize(data, len);
        break;
    case 5:
        answer(data, len, 2, 0x13);
        break;
    case 6:
        answer(data, len, 3, 0x33);
        break;
    case 8:
        receipt(data, len);
        break;
    default:
        answer(data, len, 3, 0x11);
        break;
    }
    return 0;
}
