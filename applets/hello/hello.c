/* hello: the smallest complete applet, and the model for new ones.
 *
 *   80 10 00 00 Le        answers a greeting in ASCII
 *   80 20 00 00 Lc text   stores a text of up to 64 bytes in a file
 *   80 30 00 00 Le        answers it
 *   80 40 00 00 Le        adds one to a persistent counter and answers its 4 bytes
 */
#include "sdk.h"

CARD_PACKAGE("F06F6E65636172640150", "1.0", "F06F6E656361726401");

enum { INS_GREET = 0x10, INS_STORE = 0x20, INS_RECALL = 0x30, INS_COUNT = 0x40 };

enum { FID_TEXT = 0x0001, FID_COUNTER = 0x0002 };

#define TEXT_MAX 64u

/* The file of the text: its length, then its bytes. */
struct text {
    uint8_t len;
    uint8_t bytes[TEXT_MAX];
};

/* Once, when the instance is made: the files exist from then on. */
CARD_ENTRY(install) {
    int32_t result = sdk_file_new(FID_TEXT, sizeof(struct text));
    if (result >= 0)
        result = sdk_file_new(FID_COUNTER, 4);
    return result < 0 ? sdk_status(result) : CARD_SW_OK;
}

static int32_t greet(void) {
    static const char greeting[] = "Hello from onecard!";
    card_apdu_reply(greeting, sizeof greeting - 1);
    return CARD_SW_OK;
}

static int32_t store(void) {
    struct text text;
    text.len = (uint8_t)card_apdu_data(0, text.bytes, TEXT_MAX);
    /* Length and text in one write: after a power cut both are old, or both are new. */
    int32_t file = card_file_find(CARD_FILE_ROOT, FID_TEXT);
    int32_t result = card_file_write((uint32_t)file, 0, &text, 1u + text.len);
    return result < 0 ? sdk_status(result) : CARD_SW_OK;
}

static int32_t recall(void) {
    struct text text;
    int32_t file = card_file_find(CARD_FILE_ROOT, FID_TEXT);
    int32_t result = card_file_read((uint32_t)file, 0, &text, sizeof text);
    if (result < 0)
        return sdk_status(result);
    card_apdu_reply(text.bytes, text.len);
    return CARD_SW_OK;
}

static int32_t count(void) {
    uint8_t counter[4];
    int32_t file = card_file_find(CARD_FILE_ROOT, FID_COUNTER);
    int32_t result = card_file_read((uint32_t)file, 0, counter, sizeof counter);
    if (result < 0)
        return sdk_status(result);
    uint32_t value = sdk_get_be32(counter);
    if (value == UINT32_MAX)
        return CARD_SW_CONDITIONS; /* at its end: it never starts again */
    sdk_put_be32(counter, value + 1);
    result = card_file_write((uint32_t)file, 0, counter, sizeof counter);
    if (result < 0)
        return sdk_status(result);
    card_apdu_reply(counter, sizeof counter);
    return CARD_SW_OK;
}

/* Every command for this applet comes here; what it changed is durable before the answer leaves. */
CARD_ENTRY(process) {
    uint32_t lc = card_apdu_lc();
    if (sdk_cla() != 0x80)
        return CARD_SW_CLA;
    uint8_t ins = sdk_ins();
    if (ins != INS_GREET && ins != INS_STORE && ins != INS_RECALL && ins != INS_COUNT)
        return CARD_SW_INS;
    if (sdk_p1p2() != 0)
        return CARD_SW_P1P2;
    if (ins == INS_STORE)
        return lc >= 1 && lc <= TEXT_MAX ? store() : CARD_SW_LENGTH;
    if (lc != 0)
        return CARD_SW_LENGTH;
    return ins == INS_GREET ? greet() : ins == INS_RECALL ? recall() : count();
}
