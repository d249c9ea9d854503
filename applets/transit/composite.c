/* UPDATE CAPP DATA CACHE: records wait in memory until DEBIT writes them with the purchase. No MAC
 * covers them, so only the files made for it take them: variable records in 17, 19 and 1A, and the
 * ride log 1E, which grows. */
#include "transit.h"

enum { ENTRIES = 4, BYTES = 320, RECORD_MAX = 128, RIDE = 48 };
enum { APPEND = 0 }; /* instead of a record number */

struct entry {
    uint32_t file;
    uint8_t number;
    uint8_t len;
};

static struct {
    uint32_t used; /* of bytes, while there is an entry */
    struct entry entries[ENTRIES];
    uint8_t bytes[BYTES];
} cache;

uint32_t composite_count;

/* Keeps the command's data for the end. */
static int32_t keep(uint32_t file, uint8_t number, uint32_t len) {
    if (composite_count == 0)
        cache.used = 0;
    if (composite_count == ENTRIES || len > BYTES - cache.used)
        return CARD_SW_NO_SPACE;
    card_apdu_data(0, cache.bytes + cache.used, len);
    cache.entries[composite_count++] = (struct entry){file, number, (uint8_t)len};
    cache.used += len;
    return CARD_SW_OK;
}

int32_t composite_write(void) {
    const uint8_t *bytes = cache.bytes;
    int32_t result = 0;
    for (uint32_t i = 0; i < composite_count && result >= 0; i++) {
        const struct entry *e = &cache.entries[i];
        result = e->number == APPEND ? card_record_append(e->file, bytes, e->len)
                                     : card_record_patch(e->file, e->number, 0, bytes, e->len);
        bytes += e->len;
    }
    composite_clear();
    return result;
}

/* ---- records: id, length, lock, payload ---- */

/* Bytes of the id: the length byte behind it says which form it is. 27 01 7D .. has two (and
 * validity, interoperation, lock), AA 29 .. has one (and the lock). */
static uint32_t id_size(const uint8_t *head, uint32_t size) {
    return head[1] == size - 2 ? 1 : head[2] == size - 3 ? 2 : 1;
}

static uint8_t lock_of(const uint8_t *head, uint32_t size) {
    return id_size(head, size) == 2 ? head[5] : head[2];
}

static int32_t read_head(uint32_t file, uint32_t number, uint8_t head[6], uint32_t *size) {
    int32_t result = card_record_size(file, number);
    if (result < 6)
        return result < 0 ? result : CARD_E_RANGE;
    *size = (uint32_t)result;
    return card_record_read(file, number, 0, head, 6);
}

/* The record whose id begins with that byte; or else, whose id of two bytes ends with it. */
static int32_t find(uint32_t file, uint8_t id) {
    uint8_t head[6];
    uint32_t size;
    int32_t count = card_record_count(file);
    for (int32_t i = 0; i < 2 * count; i++) {
        uint32_t second = i >= count, number = (uint32_t)i % (uint32_t)count + 1;
        if (read_head(file, number, head, &size) >= 0 && second < id_size(head, size) &&
            head[second] == id)
            return (int32_t)number;
    }
    return CARD_E_NOT_FOUND;
}

/* The new record has the same id and length, and the old one is not locked. */
static int32_t check(uint32_t file, uint8_t number, uint32_t lc) {
    uint8_t head[6], new[3];
    uint32_t size;
    if (read_head(file, number, head, &size) < 0)
        return 0x6A83;
    if (lock_of(head, size))
        return SW_RECORD_LOCKED;
    if (lc < 6 || lc > size || lc > RECORD_MAX)
        return CARD_SW_LENGTH;
    card_apdu_data(0, new, sizeof new);
    return memcmp(new, head, id_size(head, size) + 1) == 0 ? CARD_SW_OK : CARD_SW_DATA;
}

static int32_t change(uint32_t file, uint32_t p1, uint32_t p2, uint32_t lc) {
    int32_t number = p2 & 4 ? (int32_t)p1 : find(file, (uint8_t)p1);
    if (number < 1)
        return 0x6A83;
    int32_t sw = check(file, (uint8_t)number, lc);
    return sw == CARD_SW_OK ? keep(file, (uint8_t)number, lc) : sw;
}

/* P1 id or, with bit 3 of P2, number of a record; P2 SFI << 3. P1 00, P2 F0: a new ride. */
int32_t composite_update(void) {
    uint32_t p1 = p1p2() >> 8, p2 = p1p2() & 0xFF, sfi = p2 >> 3;
    uint32_t lc = card_apdu_lc();
    if (!transaction.kind || transaction.kind->type != TYPE_COMPOSITE)
        return SW_STATE;
    uint32_t rides = sfi == FID_RIDES;
    if ((p2 & 3) || (rides ? p1 || p2 & 4 : sfi != 0x17 && sfi != 0x19 && sfi != 0x1A))
        return CARD_SW_P1P2;
    int32_t file = card_file_find(CARD_FILE_ROOT, sfi);
    if (file < 0)
        return CARD_SW_NOT_FOUND;
    if (!rides)
        return change((uint32_t)file, p1, p2, lc);
    return lc == RIDE ? keep((uint32_t)file, APPEND, lc) : CARD_SW_LENGTH;
}
