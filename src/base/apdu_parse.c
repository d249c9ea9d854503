#include "base/apdu.h"
#include "base/bytes.h"

/* ISO/IEC 7816-4 5.2, the seven forms of a body after the four bytes of the header. */
bool apdu_parse(const uint8_t *bytes, size_t len, struct apdu *out) {
    if (len < 4)
        return false;
    *out = (struct apdu){
        .cla = bytes[0], .ins = bytes[1], .p1 = bytes[2], .p2 = bytes[3], .sent_cla = bytes[0]};
    const uint8_t *body = bytes + 4;
    out->data = body; /* never NULL, also where there is none of it */
    len -= 4;
    if (len == 0)
        return true; /* case 1 */
    if (len == 1) {  /* case 2, short */
        out->has_le = true;
        out->ne = body[0] ? body[0] : 256;
        return true;
    }
    size_t head = 1, le_size = 1;
    uint32_t lc = body[0];
    if (lc == 0) {
        if (len < 3)
            return false;
        head = 3;
        le_size = 2;
        out->extended = true;
        lc = get_be16(body + 1);
        if (len == 3) { /* case 2, extended */
            out->has_le = true;
            out->ne = lc ? lc : 65536;
            return true;
        }
        if (lc == 0)
            return false;
    }
    if (len != head + lc && len != head + lc + le_size)
        return false;
    out->lc = lc;
    out->data = body + head;
    if (len == head + lc)
        return true; /* case 3 */
    const uint8_t *le = body + head + lc;
    out->has_le = true;
    out->ne = le_size == 1 ? le[0] : get_be16(le);
    if (out->ne == 0)
        out->ne = le_size == 1 ? 256 : 65536;
    return true; /* case 4 */
}
