/* Sector headers, records and entries: shapes and checksums. */
#include "store/format.h"

static bool power_of_two(uint32_t v) {
    return v != 0 && (v & (v - 1)) == 0;
}

enum onecard_err store_format_geometry(struct geometry *g, const struct onecard_port *port) {
    const struct onecard_flash *f = &port->flash;
    if (!power_of_two(f->sector_size) || f->sector_size < 1024 || f->sector_size > 128 * 1024 ||
        f->sector_count < 4 || f->sector_count > 65535 || !power_of_two(f->word_size) ||
        f->word_size > 16 || !power_of_two(f->program_max) || f->program_max < f->word_size ||
        f->program_max > f->sector_size || f->programs_per_word == 0 || !f->base ||
        (uint64_t)f->sector_size * f->sector_count > UINT32_MAX)
        return ONECARD_E_PARAM;
    g->base = f->base;
    g->sector_size = f->sector_size;
    g->sector_count = f->sector_count;
    g->word = f->word_size;
    g->unit = f->word_size < 4 ? 4 : f->word_size;
    g->chunk = min_u32(f->program_max, 256);
    g->programs_per_word = f->programs_per_word;
    g->first = FORMAT_START_AT + g->unit + align_up(FORMAT_START_SIZE, g->unit) + g->unit;
    g->salt = 0;
    return ONECARD_OK;
}

bool store_format_blank(const uint8_t *p, uint32_t len) {
    uint64_t all = UINT64_MAX;
    while (len >= 64) {
        for (int i = 0; i < 8; i++, p += 8) {
            uint64_t v;
            memcpy(&v, p, 8);
            all &= v;
        }
        if (all != UINT64_MAX)
            return false;
        len -= 64;
    }
    while (len--)
        all &= (uint64_t)*p++ | ~(uint64_t)0xFF;
    return all == UINT64_MAX;
}

static uint32_t log2_u32(uint32_t v) {
    uint32_t n = 0;
    while (v >>= 1)
        n++;
    return n;
}

void store_format_mark_write(const struct geometry *g, uint32_t erases,
                             uint8_t out[FORMAT_MARK_SIZE]) {
    put_le32(out, FORMAT_MARK_MAGIC);
    put_le32(out + 4, erases);
    out[8] = (uint8_t)log2_u32(g->sector_size);
    out[9] = (uint8_t)log2_u32(g->word);
    put_le16(out + 10, (uint16_t)g->sector_count);
    put_le32(out + 12, ~store_crc32_update(UINT32_MAX, out, 12));
}

bool store_format_mark_read(const struct geometry *g, uint32_t sector, struct mark *out) {
    const uint8_t *p = format_sector(g, sector);
    if (get_le32(p) != FORMAT_MARK_MAGIC ||
        get_le32(p + 12) != (uint32_t)~store_crc32_update(UINT32_MAX, p, 12) || p[8] > 17 ||
        p[9] > 4)
        return false;
    out->erases = get_le32(p + 4);
    out->sector_size = 1u << p[8];
    out->word = 1u << p[9];
    out->sector_count = get_le16(p + 10);
    return true;
}

/* Two rounds of a multiply-and-shift mixer (the finaliser of MurmurHash3). The salt is secret; what
 * comes out is never shown outside the flash. */
static uint32_t mix(uint64_t v) {
    v ^= v >> 33;
    v *= 0xFF51AFD7ED558CCDull;
    v ^= v >> 33;
    v *= 0xC4CEB9FE1A85EC53ull;
    v ^= v >> 33;
    return (uint32_t)v;
}

uint32_t store_format_seed(const struct geometry *g, uint32_t seq) {
    return mix(g->salt + seq * 0x9E3779B97F4A7C15ull);
}

/* A seal must differ from an erased word. */
static uint32_t not_blank(uint32_t v) {
    return v == UINT32_MAX ? v ^ 0x80000000u : v;
}

uint32_t store_format_start_seal(const struct geometry *g, uint32_t seq, uint32_t crc) {
    return not_blank(crc ^ store_format_seed(g, ~seq));
}

uint32_t store_format_record_seal(uint32_t seed, uint32_t pos, uint32_t crc) {
    return not_blank((crc << 13 | crc >> 19) ^ seed ^ pos);
}

void store_format_start_write(const struct start *start, uint8_t out[FORMAT_START_SIZE]) {
    put_le32(out, start->seq);
    put_le16(out + 4, (uint16_t)start->prev);
    put_le16(out + 6, (uint16_t)(start->prev_end / 4));
    put_le32(out + 8, start->tail);
    put_le32(out + 12, 0);
    out[16] = (uint8_t)start->kind;
    out[17] = FORMAT_VERSION;
    put_le16(out + 18, 0);
    put_le32(out + 20, ~store_crc32_update(UINT32_MAX, out, 20));
}

bool store_format_start_read(const struct geometry *g, uint32_t sector, struct start *out) {
    const uint8_t *p = format_sector(g, sector) + FORMAT_START_AT + g->unit;
    uint32_t crc = get_le32(p + 20);
    if (p[17] != FORMAT_VERSION ||
        (p[16] != START_LOG && p[16] != START_VAULT && p[16] != START_CODE) ||
        crc != (uint32_t)~store_crc32_update(UINT32_MAX, p, 20))
        return false;
    out->seq = get_le32(p);
    out->prev = get_le16(p + 4);
    out->prev_end = (uint32_t)get_le16(p + 6) * 4;
    out->tail = get_le32(p + 8);
    out->kind = p[16];
    const uint8_t *seal = format_sector(g, sector) + g->first - g->unit;
    out->sealed = get_le32(seal) == store_format_start_seal(g, out->seq, crc);
    return true;
}

/* Bits 0-15 length, 16-23 type, 24-31 a check of the three bytes before. */
uint32_t store_format_head(uint32_t len, uint32_t type) {
    uint32_t check = (len ^ len >> 8 ^ type * 29u ^ 0xA5u) & 0xFFu;
    return len | type << 16 | check << 24;
}

bool store_format_record_parse(const struct geometry *g, const uint8_t *sector, uint32_t pos,
                               uint32_t end, struct record *out) {
    if (end < 2 * g->unit + 12 || pos > end - (2 * g->unit + 12) || get_le32(sector + pos) != 0)
        return false;
    const uint8_t *p = sector + pos + g->unit;
    uint32_t head = get_le32(p);
    out->len = head & 0xFFFFu;
    out->type = head >> 16 & 0xFFu;
    out->pos = pos;
    out->entries = p + FORMAT_HEAD_SIZE;
    out->next = pos + format_record_size(g, out->len);
    if (head != store_format_head(out->len, out->type) || out->len < FORMAT_ENTRY_SIZE ||
        out->type < RECORD_COMMIT || out->type > RECORD_RECOVERY || out->next > end)
        return false;
    return true;
}

static uint32_t stored_crc(const struct record *r) {
    return get_le32(r->entries + r->len);
}

bool store_format_record_sealed(const struct geometry *g, const uint8_t *sector, uint32_t seed,
                                const struct record *r) {
    const uint8_t *seal = sector + r->pos + format_record_size(g, r->len) - g->unit;
    return get_le32(seal) == store_format_record_seal(seed, r->pos, stored_crc(r));
}

bool store_format_record_intact(const struct geometry *g, const uint8_t *sector, uint32_t seed,
                                const struct record *r) {
    (void)g;
    (void)sector;
    uint32_t crc = store_crc32_update(~seed ^ r->pos, r->entries - FORMAT_HEAD_SIZE,
                                      FORMAT_HEAD_SIZE + r->len);
    return (uint32_t)~crc == stored_crc(r);
}

void store_format_entry_write(uint8_t out[FORMAT_ENTRY_SIZE], store_name name, uint32_t a,
                              uint32_t op, uint32_t len) {
    put_le32(out, name);
    put_le16(out + 4, (uint16_t)a);
    put_le16(out + 6, (uint16_t)(op << 12 | len));
}

bool store_format_entry_next(const uint8_t *entries, uint32_t len, uint32_t *offset,
                             struct entry *out) {
    if (len - *offset < FORMAT_ENTRY_SIZE)
        return false;
    const uint8_t *p = entries + *offset;
    uint32_t op_len = get_le16(p + 6);
    out->name = get_le32(p);
    out->a = get_le16(p + 4);
    out->op = op_len >> 12;
    out->len = op_len & 0xFFFu;
    out->data = p + FORMAT_ENTRY_SIZE;
    if (out->len > len - *offset - FORMAT_ENTRY_SIZE)
        return false;
    *offset += FORMAT_ENTRY_SIZE + out->len;
    return true;
}
