/* attack: an applet that does whatever a test asks: any host call with any arguments, any byte of
 * its memory, and every kind of misbehaviour in every entry. tests/support/attack.h drives it. */
#include "sdk.h"

CARD_PACKAGE(ATTACK_PACKAGE_AID, "1.0", ATTACK_APPLET_AID);

/* Every line of the table of host calls; new ones come by themselves. */
struct host_call {
    void (*function)(void); /* of type (i32 x params) -> i32 */
    uint32_t number;
    const char *arguments;
};
#define GROUP(text)
#define CALL(number, name, result, arguments, names, privilege, cost, text)                        \
    {(void (*)(void))card_##name, number, arguments},
static const struct host_call calls[] = {
#include "../../../src/firewall/calls.def"
};
#undef CALL
#undef GROUP
#define CALLS (sizeof calls / sizeof *calls)

enum { TAG_HOW = 0x9F71 }; /* data object: misbehaviour of select, deselect, uninstall, share */
enum { SELECT, DESELECT, UNINSTALL, SHARE };

static int32_t last_result;
static uint8_t scratch[2048]; /* for buffers of the test's own */

typedef uint32_t u;
typedef int32_t call_0(void);
typedef int32_t call_1(u);
typedef int32_t call_2(u, u);
typedef int32_t call_3(u, u, u);
typedef int32_t call_4(u, u, u, u);
typedef int32_t call_5(u, u, u, u, u);
typedef int32_t call_6(u, u, u, u, u, u);
typedef int32_t call_7(u, u, u, u, u, u, u);
typedef int32_t call_8(u, u, u, u, u, u, u, u);
typedef int32_t call_9(u, u, u, u, u, u, u, u, u);
typedef int32_t call_10(u, u, u, u, u, u, u, u, u, u);

static int32_t invoke(const struct host_call *c, const uint32_t *a) {
    uint32_t n = 0;
    for (const char *p = c->arguments; *p; p++)
        n += *p == 'v' ? 1 : 2;
    void (*f)(void) = c->function;
    switch (n) {
    case 0:
        return ((call_0 *)f)();
    case 1:
        return ((call_1 *)f)(a[0]);
    case 2:
        return ((call_2 *)f)(a[0], a[1]);
    case 3:
        return ((call_3 *)f)(a[0], a[1], a[2]);
    case 4:
        return ((call_4 *)f)(a[0], a[1], a[2], a[3]);
    case 5:
        return ((call_5 *)f)(a[0], a[1], a[2], a[3], a[4]);
    case 6:
        return ((call_6 *)f)(a[0], a[1], a[2], a[3], a[4], a[5]);
    case 7:
        return ((call_7 *)f)(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    case 8:
        return ((call_8 *)f)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    case 9:
        return ((call_9 *)f)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
    default:
        return ((call_10 *)f)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]);
    }
}

static uint32_t recurse(volatile uint32_t depth) {
    return depth ? 1 + recurse(depth - 1) * 2 : card_apdu_lc();
}

static uint32_t wild(void) {
    return 0xFFFFFFF0u + card_apdu_lc() % 2; /* not for the compiler to know */
}

/* 0 returns; the others do not, or refuse. Numbers are those of enum attack_how in attack.h. */
static int32_t misbehave(uint8_t how) {
    switch (how) {
    case 0:
        return CARD_SW_OK;
    case 1:
        __builtin_trap();
    case 2:
        return CARD_SW_CONDITIONS;
    case 3:
        for (volatile uint32_t i = 0;; i++)
            ;
    case 4:
        return (int32_t)recurse(0xFFFFF);
    case 5:
        return *(volatile uint8_t *)wild();
    case 6:
        *(volatile uint8_t *)wild() = 1;
        return CARD_SW_OK;
    case 7:
        return card_apdu_reply((void *)wild(), 1);
    case 8: { /* division by zero */
        volatile uint32_t zero = 0;
        return (int32_t)(0x9000u / zero);
    }
    case 9: { /* a call through a pointer that is none */
        call_0 *volatile none = (call_0 *)wild();
        return none();
    }
    case 10: /* a result that is no status word */
        return 0x7FFFFFFF;
    default:
        return CARD_SW_DATA;
    }
}

static uint8_t how_of(uint32_t entry) {
    uint8_t how = 0;
    return card_object_read(TAG_HOW, entry, &how, 1) < 0 ? 0 : how;
}

static int32_t reply_number(int32_t v) {
    uint8_t bytes[4];
    sdk_put_be32(bytes, (uint32_t)v);
    card_apdu_reply(bytes, 4);
    return CARD_SW_OK;
}

static uint32_t argument(uint32_t offset) {
    uint8_t bytes[4] = {0};
    card_apdu_data(offset, bytes, 4);
    return sdk_get_be32(bytes);
}

/* P1 1: the command is undone afterwards (6F00), P1 2: it traps afterwards. */
static int32_t call(void) {
    uint8_t number[2] = {0};
    uint32_t arguments[10];
    card_apdu_data(0, number, 2);
    for (uint32_t i = 0; i < 10; i++)
        arguments[i] = argument(2 + 4 * i);
    for (uint32_t i = 0; i < CALLS; i++) {
        if (calls[i].number != (uint32_t)(number[0] << 8 | number[1]))
            continue;
        last_result = invoke(&calls[i], arguments);
        if (sdk_p1p2() >> 8 == 2)
            __builtin_trap();
        return sdk_p1p2() >> 8 ? CARD_SW_FAILED : reply_number(last_result);
    }
    return CARD_SW_NOT_FOUND;
}

/* Called by another: operation 0 misbehaves, 1 says who called, 2 makes the host call that the data
 * name and answers with its result, 3 answers with as many bytes as the data's first four say. */
CARD_ENTRY(share) {
    uint8_t bytes[16];
    int32_t len;
    switch (card_apdu_header()) {
    case 0: {
        int32_t status = misbehave(how_of(SHARE));
        return status == CARD_SW_OK ? 0 : status;
    }
    case 1:
        len = card_share_caller(bytes, sizeof bytes);
        return len < 0 ? len : card_apdu_reply(bytes, (uint32_t)len);
    case 2: /* what follows the arguments is put into the scratch before */
        card_apdu_data(2 + 4 * 10, scratch, sizeof scratch);
        call();
        return 0;
    case 3:
        for (uint32_t i = argument(0); i; i--)
            if (card_apdu_reply("x", 1) < 0)
                return CARD_E_TOO_BIG;
        return 0;
    default:
        return CARD_E_UNSUPPORTED;
    }
}

CARD_ENTRY(install) {
    uint8_t how = 0;
    uint8_t four[4] = {0};
    card_apdu_data(0, &how, 1);
    if (card_object_write(TAG_HOW, four, 4) < 0)
        return CARD_SW_NO_SPACE;
    return misbehave(how);
}

CARD_ENTRY(select) {
    return misbehave(how_of(SELECT));
}

CARD_ENTRY(select_again) { /* on a second channel at the same time */
    return misbehave(how_of(SELECT));
}

CARD_ENTRY(deselect) {
    return misbehave(how_of(DESELECT));
}

CARD_ENTRY(uninstall) {
    return misbehave(how_of(UNINSTALL));
}

CARD_ENTRY(process) {
    uint32_t p1 = sdk_p1p2() >> 8;
    switch (sdk_ins()) {
    case 0x10:
        return call();
    case 0x11:
        return reply_number(last_result);
    case 0x12: { /* bytes of memory: address 4, length 2 */
        uint32_t len = argument(4) >> 16;
        return card_apdu_reply((void *)argument(0), len) < 0 ? CARD_SW_DATA : CARD_SW_OK;
    }
    case 0x13: { /* address 4, bytes */
        uint8_t *to = (uint8_t *)argument(0);
        return card_apdu_data(4, to, card_apdu_lc() - 4) < 0 ? CARD_SW_DATA : CARD_SW_OK;
    }
    case 0x14:
        return reply_number((int32_t)(uint32_t)scratch);
    case 0x15: /* one load */
        return reply_number(*(volatile uint8_t *)argument(0));
    case 0x16: /* misbehave now */
        return misbehave((uint8_t)p1);
    case 0x17: { /* how the entries will: 4 bytes */
        uint8_t four[4] = {0};
        card_apdu_data(0, four, 4);
        return card_object_write(TAG_HOW, four, 4) < 0 ? CARD_SW_FAILED : CARD_SW_OK;
    }
    case 0x18: /* recursion, P1P2 deep */
        return reply_number((int32_t)recurse(sdk_p1p2()));
    case 0xE2:
        return card_perso_command();
    default: {
        int32_t status = card_security_command();
        return status == CARD_SW_INS ? card_file_command() : status;
    }
    }
}
