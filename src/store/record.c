/* Programming: words, records, seals.
 *
 * A record goes to flash in three steps that no cut can mix up: a mark of zeros, the same for every
 * record (so that marking twice where a cut left weak bits does no harm); the body; the seal. */
#include "store/state.h"

static enum onecard_err program(struct store *s, uint32_t addr, const uint8_t *data, uint32_t len) {
    while (len > 0) {
        uint32_t n = min_u32(len, s->g.chunk - (addr & (s->g.chunk - 1)));
        enum onecard_err err = s->port->flash_program(s->port->ctx, addr, data, n);
        if (err)
            return err;
        addr += n;
        data += n;
        len -= n;
    }
    return ONECARD_OK;
}

enum onecard_err store_flash_write(struct store *s, uint32_t addr, const void *data, uint32_t len) {
    if (s->broken || s->look)
        return s->look ? ONECARD_E_STATE : ONECARD_E_IO;
    if (program(s, addr, data, len) == ONECARD_OK)
        return ONECARD_OK;
    s->broken = true;
    return ONECARD_E_IO;
}

enum onecard_err store_flash_write_zeros(struct store *s, uint32_t addr, uint32_t len) {
    static const uint8_t zeros[256];
    enum onecard_err err = ONECARD_OK;
    if (s->broken || s->look)
        return s->look ? ONECARD_E_STATE : ONECARD_E_IO;
    while (len > 0 && !err) {
        uint32_t n = min_u32(len, sizeof zeros);
        err = program(s, addr, zeros, n);
        addr += n;
        len -= n;
    }
    return err;
}

enum onecard_err store_flash_sync(struct store *s) {
    if (s->broken)
        return ONECARD_E_IO;
    if (s->port->flash_barrier(s->port->ctx) != ONECARD_OK) {
        s->broken = true;
        return ONECARD_E_IO;
    }
    s->sync_due = false;
    return ONECARD_OK;
}

enum onecard_err store_mark_write(struct store *s, uint32_t addr) {
    static const uint8_t zeros[16];
    if (s->broken || s->look)
        return s->look ? ONECARD_E_STATE : ONECARD_E_IO;
    return program(s, addr, zeros, s->g.unit);
}

static enum onecard_err out_flush(struct store *s) {
    enum onecard_err err = store_flash_write(s, s->out_at, s->out, s->out_len);
    s->out_at += s->out_len;
    s->out_len = 0;
    return err;
}

static enum onecard_err out_put(struct store *s, const uint8_t *data, uint32_t len) {
    while (len > 0) {
        uint32_t room = 256u - ((s->out_at + s->out_len) & 255u);
        uint32_t n = min_u32(len, room);
        memcpy(s->out + s->out_len, data, n);
        s->out_len += n;
        data += n;
        len -= n;
        if (n == room) {
            enum onecard_err err = out_flush(s);
            if (err)
                return err;
        }
    }
    return ONECARD_OK;
}

enum onecard_err store_record_put(struct store *s, const void *data, uint32_t len) {
    s->out_crc = store_crc32_update(s->out_crc, data, len);
    return out_put(s, data, len);
}

enum onecard_err store_record_entry(struct store *s, store_name name, uint32_t a, uint32_t op,
                                    const void *data, uint32_t len) {
    uint8_t head[FORMAT_ENTRY_SIZE];
    store_format_entry_write(head, name, a, op, len);
    enum onecard_err err = store_record_put(s, head, sizeof head);
    return err ? err : store_record_put(s, data, len);
}

/* Cuts may have used up a word's programs without leaving a trace; the port refuses it then. Such
 * words are skipped, and a RESUME entry says so. */

enum onecard_err store_record_begin(struct store *s, uint32_t type, uint32_t len) {
    uint32_t base = s->head * s->g.sector_size;
    enum onecard_err err = ONECARD_E_IO;
    for (int i = 0; i <= (int)RECORD_SKIPS; i++) {
        uint32_t total = len + (s->pos != s->log_end ? FORMAT_ENTRY_SIZE : 0);
        if (s->pos + format_record_size(&s->g, total) > s->g.sector_size)
            break;
        err = store_mark_write(s, base + s->pos);
        if (err != ONECARD_E_IO)
            break;
        s->pos += s->g.unit;
    }
    if (err) {
        s->broken = true;
        return err;
    }
    bool resume = s->pos != s->log_end;
    s->out_at = base + s->pos + s->g.unit;
    s->out_len = 0;
    s->out_crc = ~s->head_seed ^ s->pos;
    s->out_total = len + (resume ? FORMAT_ENTRY_SIZE : 0);
    uint8_t head[4];
    put_le32(head, store_format_head(s->out_total, type));
    err = store_record_put(s, head, sizeof head);
    if (!err && resume)
        err = store_record_entry(s, s->log_end, 0, OP_RESUME, NULL, 0);
    return err;
}

static enum onecard_err record_seal(struct store *s, uint32_t crc) {
    uint8_t seal[16] = {0};
    put_le32(seal, store_format_record_seal(s->head_seed, s->pos, crc));
    return store_flash_write(s, s->out_at, seal, s->g.unit);
}

/* What a cut leaves behind the valid log fits into the newest sector with the recovery's decision
 * if it is one record without a seal at most. When hardly a free sector is left for more, a barrier
 * before and behind each seal sees to that. Only power-up gets that far. */
static enum onecard_err settle(struct store *s) {
    return s->free_sectors < s->keep_recovery ? store_flash_sync(s) : ONECARD_OK;
}

enum onecard_err store_record_end(struct store *s, const uint8_t **out_entries, uint32_t *out_len) {
    static const uint8_t padding[16] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    uint8_t word[4];
    uint32_t crc = ~s->out_crc;
    put_le32(word, crc);
    enum onecard_err err = out_put(s, word, sizeof word);
    uint32_t odd = (s->out_at + s->out_len) & (s->g.unit - 1);
    if (!err && odd)
        err = out_put(s, padding, s->g.unit - odd);
    if (!err && s->out_len)
        err = out_flush(s);
    if (!err)
        err = settle(s);
    if (!err)
        err = record_seal(s, crc);
    if (!err)
        err = settle(s);
    if (err)
        return err;
    uint32_t skip = s->pos != s->log_end ? FORMAT_ENTRY_SIZE : 0;
    const uint8_t *at = format_sector(&s->g, s->head) + s->pos + s->g.unit + FORMAT_HEAD_SIZE;
    *out_entries = at + skip;
    *out_len = s->out_total - skip;
    s->pos += format_record_size(&s->g, s->out_total);
    s->log_end = s->pos;
    return ONECARD_OK;
}
