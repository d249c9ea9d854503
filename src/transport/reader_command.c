#include "transport/reader_command.h"

#include <string.h>

#include "base/apdu.h"
#include "base/bytes.h"

enum { CLA_READER = 0xFF, INS_GET_DATA = 0xCA };

void reader_uid(const uint8_t serial[ONECARD_SERIAL_SIZE], uint8_t uid[READER_UID_SIZE]) {
    memset(uid, 0, READER_UID_SIZE);
    for (unsigned i = 0; i < ONECARD_SERIAL_SIZE; i++)
        uid[i % READER_UID_SIZE] ^= serial[i];
    uid[0] = (uint8_t)((uid[0] & 0xF0) | 0x0F);
    if (uid[0] == 0xFF) /* reserved */
        uid[0] = 0xEF;
}

/* Status words as in PC/SC part 3, table 3-9. Le may ask for all there is (0), for exactly that, or
 * for more. */
static uint16_t give(const uint8_t *value, size_t len, const struct apdu *c, uint8_t *response,
                     size_t *out_len) {
    if (len == 0)
        return SW_FUNCTION_UNSUPPORTED;
    if (c->lc || !c->ne)
        return SW_WRONG_LENGTH;
    if (c->ne < len)
        return (uint16_t)(0x6C00 | len);
    memcpy(response, value, len);
    *out_len = len;
    bool any = c->ne == 256 || c->ne == 65536;
    return any || c->ne == len ? SW_OK : SW_WARN_EOF;
}

static uint16_t get_data(const struct reader_view *view, const struct apdu *c, uint8_t *response,
                         size_t *out_len) {
    if (!view->contactless)
        return SW_FUNCTION_UNSUPPORTED;
    if (c->p1 == 0 && c->p2 == 0)
        return give(view->uid, sizeof view->uid, c, response, out_len);
    if (c->p1 == 1 && c->p2 == 0)
        return give(view->ats, view->ats_len, c, response, out_len);
    return SW_OFFSET;
}

bool reader_command(const struct reader_view *view, const uint8_t *command, size_t len,
                    uint8_t *response, size_t *out_len) {
    struct apdu c;
    size_t data_len = 0;
    if (len < 4 || command[0] != CLA_READER || command[1] != INS_GET_DATA)
        return false;
    uint16_t status = apdu_parse(command, len, &c) ? get_data(view, &c, response, &data_len)
                                                   : (uint16_t)SW_WRONG_LENGTH;
    put_be16(response + data_len, status);
    *out_len = data_len + 2;
    return true;
}
