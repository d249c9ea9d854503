/* Whatever a reader sends goes through the trace, too, and so does whatever people call hex. The
 * first byte of the input chooses the applet; what a command with secrets carries must not be
 * shown. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/onecard/hex.h"
#include "../../tools/onecard/names.h"
#include "../../tools/onecard/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

enum { HEADER_SIZE = 4, SECRET_MIN = 8 };

static const uint8_t hello[] = {0xF0, 0x6F, 0x6E, 0x65, 0x63, 0x61, 0x72, 0x64, 0x01};
static const uint8_t manager[] = {0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00};
static const uint8_t purse[] = {0xA0, 0x00, 0x00, 0x06, 0x32, 0x01, 0x01, 0x05};
static const uint8_t stranger[] = {0xF0, 0x01, 0x02, 0x03, 0x04, 0x05};

static const struct applet {
    const uint8_t *aid;
    size_t len;
} applets[] = {
    {hello, sizeof hello}, {manager, sizeof manager},
    {purse, sizeof purse}, {stranger, sizeof stranger},
    {stranger, 0},
};

/* VERIFY and PUT KEY are secret for every applet that is not known to mean something else. */
static void check_masked(const struct applet *applet, const uint8_t *command, size_t len,
                         const char *text) {
    char secret[2 * SECRET_MIN + 1];
    bool verify = command[0] < 0x80 && command[1] == 0x20;
    bool put_key = applet->aid == manager && command[0] == 0x80 && command[1] == 0xD8;
    if ((!verify && !put_key) || len < HEADER_SIZE + 1 + SECRET_MIN)
        return;
    for (int i = 0; i < SECRET_MIN; i++)
        snprintf(secret + 2 * i, 3, "%02X", command[HEADER_SIZE + 1 + i]);
    if (strstr(text, secret))
        abort();
}

static void fuzz_trace(const struct applet *applet, const uint8_t *command, size_t len) {
    char *text = NULL;
    size_t text_len = 0;
    struct trace trace = {.out = open_memstream(&text, &text_len)};
    struct trace_exchange exchange = {{0, 0}};
    if (!trace.out)
        return;
    trace_command(&trace, applet->aid, applet->len, command, len);
    fflush(trace.out);
    if (len >= HEADER_SIZE)
        check_masked(applet, command, len, text);
    trace_end(&trace, &exchange, ONECARD_OK, command, len); /* any bytes will do for an answer */
    fclose(trace.out);
    free(text);
}

static void fuzz_hex(const uint8_t *input, size_t size) {
    char *text = malloc(size + 1);
    uint8_t *bytes = malloc(size / 2 + 1);
    size_t len, column;
    if (text && bytes) {
        memcpy(text, input, size);
        text[size] = '\0';
        const char *wrong = hex_parse(text, bytes, HEX_BYTES_MAX(strlen(text)), &len, &column);
        if (wrong ? column < 1 || column > strlen(text) + 1 : len < 1 || len > size / 2)
            abort();
    }
    free(text);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size) {
    if (size < 1)
        return 0;
    fuzz_trace(&applets[input[0] % (sizeof applets / sizeof applets[0])], input + 1, size - 1);
    fuzz_hex(input + 1, size - 1);
    return 0;
}
