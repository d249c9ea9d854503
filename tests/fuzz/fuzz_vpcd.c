/* Whatever comes from a reader, in whatever pieces: the link keeps to its buffers, answers what has
 * an answer, and never stops asking for more. The first byte of the input says how it is cut. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "transport/vpcd_link.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

static size_t power_on(void *ctx, uint8_t atr[ONECARD_ATR_MAX]) {
    (void)ctx;
    memset(atr, 0x3B, ONECARD_ATR_MAX);
    return ONECARD_ATR_MAX;
}

static void power_off(void *ctx) {
    (void)ctx;
}

/* Reads the whole command; answers with the longest answer, or none, as its bytes say. */
static bool transmit(void *ctx, const uint8_t *command, size_t command_len, uint8_t *response,
                     size_t *response_len) {
    uint8_t sum = 0;
    (void)ctx;
    for (size_t i = 0; i < command_len; i++)
        sum ^= command[i];
    *response_len = sum & 1 ? VPCD_MESSAGE_MAX : 2;
    memset(response, sum, *response_len);
    return command[0] != 0xFF;
}

static bool idle(void *ctx) {
    (void)ctx;
    return false;
}

static void obey(struct vpcd_link *link) {
    enum vpcd_step step;
    while ((step = vpcd_link_step(link)) != VPCD_WAIT)
        if (step == VPCD_SEND && (link->out_len < 2 || link->out_len > sizeof link->out ||
                                  (size_t)(link->out[0] << 8 | link->out[1]) != link->out_len - 2))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size) {
    static struct vpcd_link link;
    const struct vpcd_card card = {NULL,     power_on, power_off,
                                   transmit, idle,     {.contactless = true, .ats_len = 5}};
    if (size < 1)
        return 0;
    size_t piece = input[0] ? input[0] : 65536;
    vpcd_link_insert(&link, &card);
    for (size_t at = 1; at < size;) {
        uint8_t *to;
        size_t room = vpcd_link_room(&link, &to);
        if (room == 0)
            abort();
        size_t n = size - at < piece ? size - at : piece;
        n = n < room ? n : room;
        memcpy(to, input + at, n);
        vpcd_link_received(&link, n);
        at += n;
        obey(&link);
    }
    vpcd_link_remove(&link);
    return 0;
}
