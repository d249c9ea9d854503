#include "tear/flash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISK_BLOCK 512u /* what a disk writes at once */

const char *tear_mode_name(enum tear_mode mode) {
    static const char *const names[TEAR_MODES] = {"not begun", "done", "some bits", "weak",
                                                  "reordered"};
    return names[mode];
}

static uint32_t draw(struct tear_flash *t) {
    t->random = t->random * 6364136223846793005ull + 1442695040888963407ull;
    uint64_t v = t->random;
    v ^= v >> 33;
    v *= 0xFF51AFD7ED558CCDull;
    return (uint32_t)(v >> 32);
}

static void violate(struct tear_flash *t, const char *what, uint32_t offset) {
    if (!t->violation[0])
        snprintf(t->violation, sizeof t->violation, "flash rule broken: %s at %u", what,
                 (unsigned)offset);
}

/* ---- the ways of failing ---- */

/* A byte on its way from old to new. */
static uint8_t between(struct tear_flash *t, uint8_t old, uint8_t new) {
    uint8_t mask = (uint8_t)draw(t);
    return (uint8_t)((old & mask) | (new & ~mask));
}

static void touch_words(struct tear_flash *t, uint32_t from, uint32_t to) {
    uint32_t word = t->port.flash.word_size;
    for (uint32_t i = from / word; i * word < to; i++)
        if (t->programs[i] < 255)
            t->programs[i]++;
}

/* Some parts program word by word, others a page at once; *from, *to: what is half done. */
static void half_done(struct tear_flash *t, uint32_t offset, const uint8_t *new, uint32_t len,
                      uint32_t *from, uint32_t *to) {
    uint32_t word = t->port.flash.word_size;
    *from = offset;
    *to = offset + len;
    if (draw(t) & 1) {
        *from = offset + draw(t) % (len / word) * word;
        *to = *from + word;
        memcpy(t->data + offset, new, *from - offset);
    }
}

static void tear_program(struct tear_flash *t, uint32_t offset, const uint8_t *new, uint32_t len) {
    uint32_t from, to;
    half_done(t, offset, new, len, &from, &to);
    memcpy(t->before + from, t->data + from, to - from);
    memcpy(t->after + from, new + (from - offset), to - from);
    touch_words(t, offset, to);
    if (t->mode == TEAR_WEAK) {
        static const uint32_t grains[] = {0, 1, 4, 256};
        t->weak_from = from;
        t->weak_to = to;
        t->weak_grain = grains[draw(t) % 4];
    }
    for (uint32_t i = from; i < to; i++)
        t->data[i] = between(t, t->before[i], t->after[i]);
}

static void tear_erase(struct tear_flash *t, uint32_t offset, uint32_t len) {
    uint32_t style = draw(t) % 3;
    uint32_t at = draw(t) % len;
    if (t->mode == TEAR_WEAK) {
        memcpy(t->before + offset, t->data + offset, len);
        memset(t->after + offset, 0xFF, len);
        t->weak_from = offset;
        t->weak_to = offset + len;
        t->weak_grain = draw(t) & 1 ? 0 : 64;
    }
    if (style == 0) /* everything is set, but not surely */
        memset(t->data + offset, 0xFF, len);
    for (uint32_t i = offset; i < offset + len && style > 0; i++)
        if (style == 1 || i - offset < at)
            t->data[i] = style == 1 ? between(t, t->data[i], 0xFF) : 0xFF;
    memset(t->programs + offset / t->port.flash.word_size, 1, len / t->port.flash.word_size);
}

/* ---- the journal: what a disk may not have written yet ---- */

static void journal_add(struct tear_flash *t, uint32_t offset, const uint8_t *new, uint32_t len) {
    if (t->write_count == t->write_cap) {
        t->write_cap = t->write_cap * 2 + 64;
        t->writes = realloc(t->writes, t->write_cap * sizeof *t->writes);
    }
    while (t->journal_len + 2 * len > t->journal_cap) {
        t->journal_cap = t->journal_cap * 2 + 4096;
        t->journal = realloc(t->journal, t->journal_cap);
    }
    t->writes[t->write_count++] = (struct tear_write){offset, len, t->journal_len};
    memcpy(t->journal + t->journal_len, t->data + offset, len);
    memcpy(t->journal + t->journal_len + len, new, len);
    t->journal_len += 2 * len;
}

static void undo_all(struct tear_flash *t) {
    for (uint32_t i = t->write_count; i-- > 0;) {
        const struct tear_write *w = &t->writes[i];
        memcpy(t->data + w->offset, t->journal + w->bytes, w->len);
    }
}

/* The part of write w that lies in [from, to). */
static void redo(struct tear_flash *t, const struct tear_write *w, uint32_t from, uint32_t to) {
    uint32_t a = w->offset > from ? w->offset : from;
    uint32_t b = w->offset + w->len < to ? w->offset + w->len : to;
    if (a < b)
        memcpy(t->data + a, t->journal + w->bytes + w->len + (a - w->offset), b - a);
}

/* Either each disk block is as some moment since the barrier left it, or each write is there or
 * not. */
static void reorder(struct tear_flash *t) {
    undo_all(t);
    if (draw(t) & 1) {
        for (uint32_t block = 0; block < t->size; block += DISK_BLOCK) {
            uint32_t moment = draw(t) % (t->write_count + 1);
            for (uint32_t i = 0; i < moment; i++)
                redo(t, &t->writes[i], block, block + DISK_BLOCK);
        }
    } else {
        uint32_t often = draw(t) % 5;
        for (uint32_t i = 0; i < t->write_count; i++)
            if (draw(t) % 4 < often)
                redo(t, &t->writes[i], 0, t->size);
    }
    /* A disk file knows what was programmed from what it reads. */
    uint32_t word = t->port.flash.word_size;
    for (uint32_t i = 0; i < t->write_count; i++)
        for (uint32_t at = t->writes[i].offset; at < t->writes[i].offset + t->writes[i].len;
             at += word) {
            bool blank = true;
            for (uint32_t b = 0; b < word; b++)
                blank &= t->data[at + b] == 0xFF;
            t->programs[at / word] = !blank;
        }
}

/* ---- the port ---- */

/* Count an operation; true if the power fails in it. */
static bool fails_now(struct tear_flash *t) {
    if (t->operations++ != t->cut_at)
        return false;
    t->off = true;
    return true;
}

static enum onecard_err check_program(struct tear_flash *t, uint32_t offset, const uint8_t *new,
                                      uint32_t len) {
    const struct onecard_flash *f = &t->port.flash;
    if (len == 0 || (offset | len) % f->word_size != 0 || offset + len > t->size ||
        offset / f->program_max != (offset + len - 1) / f->program_max) {
        violate(t, "misaligned program", offset);
        return ONECARD_E_IO;
    }
    bool zeros = true;
    for (uint32_t i = 0; i < len; i++)
        zeros &= new[i] == 0;
    for (uint32_t i = offset / f->word_size; i < (offset + len) / f->word_size; i++)
        if (t->programs[i] >= f->programs_per_word) {
            /* Zeros over a word that an earlier cut may have used up: the store may try. */
            if (!zeros)
                violate(t, "word programmed too often", offset);
            return ONECARD_E_IO;
        }
    for (uint32_t i = 0; i < len; i++)
        if (new[i] & ~t->data[offset + i]) {
            violate(t, "bit raised", offset + i);
            return ONECARD_E_IO;
        }
    return ONECARD_OK;
}

static enum onecard_err program(void *ctx, uint32_t offset, const void *data, uint32_t len) {
    struct tear_flash *t = ctx;
    if (t->off)
        return ONECARD_E_IO;
    enum onecard_err err = check_program(t, offset, data, len);
    if (err)
        return err;
    bool cut = fails_now(t);
    if (cut && t->mode == TEAR_NOT_BEGUN)
        return ONECARD_E_IO;
    if (cut && (t->mode == TEAR_SOME_BITS || t->mode == TEAR_WEAK)) {
        tear_program(t, offset, data, len);
        return ONECARD_E_IO;
    }
    if (t->journalled)
        journal_add(t, offset, data, len);
    /* Bits that are weak from an earlier cut stay weak where this program leaves them alone; the
     * store must not care, since it never programs over them but with zeros. */
    for (uint32_t i = 0; i < len; i++) {
        uint32_t at = offset + i;
        t->data[at] = ((const uint8_t *)data)[i];
        if (at >= t->weak_from && at < t->weak_to) {
            t->before[at] &= t->data[at];
            t->after[at] &= t->data[at];
        }
    }
    touch_words(t, offset, offset + len);
    if (cut && t->mode == TEAR_REORDERED)
        reorder(t);
    return cut ? ONECARD_E_IO : ONECARD_OK;
}

static enum onecard_err erase(void *ctx, uint32_t sector) {
    struct tear_flash *t = ctx;
    uint32_t len = t->port.flash.sector_size, offset = sector * len;
    if (t->off)
        return ONECARD_E_IO;
    if (sector >= t->port.flash.sector_count) {
        violate(t, "erase beyond the end", sector);
        return ONECARD_E_IO;
    }
    bool cut = fails_now(t);
    if (cut && t->mode == TEAR_NOT_BEGUN)
        return ONECARD_E_IO;
    if (cut && (t->mode == TEAR_SOME_BITS || t->mode == TEAR_WEAK)) {
        tear_erase(t, offset, len);
        return ONECARD_E_IO;
    }
    if (t->journalled) {
        uint8_t *blank = malloc(len);
        memset(blank, 0xFF, len);
        journal_add(t, offset, blank, len);
        free(blank);
    }
    memset(t->data + offset, 0xFF, len);
    memset(t->programs + offset / t->port.flash.word_size, 0, len / t->port.flash.word_size);
    if (t->weak_from >= offset && t->weak_to <= offset + len)
        t->weak_from = t->weak_to = 0;
    if (cut && t->mode == TEAR_REORDERED)
        reorder(t);
    return cut ? ONECARD_E_IO : ONECARD_OK;
}

static enum onecard_err barrier(void *ctx) {
    struct tear_flash *t = ctx;
    if (t->off)
        return ONECARD_E_IO;
    t->write_count = t->journal_len = 0;
    return ONECARD_OK;
}

static enum onecard_err counter_read(void *ctx, uint32_t *out_value) {
    struct tear_flash *t = ctx;
    if (t->off)
        return ONECARD_E_IO;
    *out_value = t->counter;
    return ONECARD_OK;
}

static enum onecard_err counter_raise(void *ctx, uint32_t value) {
    struct tear_flash *t = ctx;
    if (t->off)
        return ONECARD_E_IO;
    if (value != t->counter + 1)
        violate(t, "counter not raised by one", value);
    bool cut = fails_now(t);
    bool half = t->mode == TEAR_SOME_BITS || t->mode == TEAR_WEAK;
    if (cut && (t->mode == TEAR_NOT_BEGUN || (half && draw(t) & 1)))
        return ONECARD_E_IO;
    t->counter = value;
    return cut ? ONECARD_E_IO : ONECARD_OK;
}

void tear_flash_count(struct tear_flash *t, uint32_t interval) {
    t->port.counter_read = counter_read;
    t->port.counter_raise = counter_raise;
    t->port.counter_interval = interval;
}

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    struct tear_flash *t = ctx;
    for (size_t i = 0; i < len; i++)
        ((uint8_t *)buf)[i] = (uint8_t)draw(t);
    return ONECARD_OK;
}

static enum onecard_err device_key(void *ctx, uint8_t key[ONECARD_DEVICE_KEY_SIZE]) {
    (void)ctx;
    memcpy(key, "the key of the tear machine ####", ONECARD_DEVICE_KEY_SIZE);
    return ONECARD_OK;
}

void tear_flash_init(struct tear_flash *t, const struct onecard_flash *geometry, uint64_t seed) {
    memset(t, 0, sizeof *t);
    t->size = geometry->sector_size * geometry->sector_count;
    t->data = malloc(t->size);
    t->programs = calloc(t->size / geometry->word_size, 1);
    t->before = malloc(t->size);
    t->after = malloc(t->size);
    memset(t->data, 0xFF, t->size);
    t->random = seed;
    t->cut_at = UINT64_MAX;
    t->port = (struct onecard_port){
        .ctx = t,
        .flash = *geometry,
        .flash_program = program,
        .flash_erase = erase,
        .flash_barrier = barrier,
        .entropy = entropy,
        .device_key = device_key,
        .command_max = 2048,
        .response_max = 2048,
        .pool_size = 256 * 1024,
        .fuel_per_command = 50u * 1000 * 1000,
    };
    t->port.flash.base = t->data;
}

void tear_flash_free(struct tear_flash *t) {
    free(t->data);
    free(t->programs);
    free(t->before);
    free(t->after);
    free(t->writes);
    free(t->journal);
}

void tear_flash_cut(struct tear_flash *t, uint64_t ahead, enum tear_mode mode) {
    t->cut_at = t->operations + ahead;
    t->mode = mode;
}

void tear_flash_power_up(struct tear_flash *t) {
    uint32_t grain = t->weak_grain;
    t->off = false;
    t->cut_at = UINT64_MAX;
    t->write_count = t->journal_len = 0;
    for (uint32_t i = t->weak_from; i < t->weak_to; i += grain ? grain : 1) {
        uint32_t to = grain && i + grain < t->weak_to ? i + grain : grain ? t->weak_to : i + 1;
        const uint8_t *which = draw(t) & 1 ? t->after : t->before;
        if (grain)
            memcpy(t->data + i, which + i, to - i);
        else
            t->data[i] = between(t, t->before[i], t->after[i]);
    }
}

size_t tear_flash_snapshot_size(const struct tear_flash *t) {
    return t->size + t->size / t->port.flash.word_size;
}

void tear_flash_save(const struct tear_flash *t, uint8_t *to) {
    memcpy(to, t->data, t->size);
    memcpy(to + t->size, t->programs, t->size / t->port.flash.word_size);
}

void tear_flash_restore(struct tear_flash *t, const uint8_t *from) {
    memcpy(t->data, from, t->size);
    memcpy(t->programs, from + t->size, t->size / t->port.flash.word_size);
    t->weak_from = t->weak_to = 0;
    t->write_count = t->journal_len = 0;
    t->off = false;
    t->cut_at = UINT64_MAX;
}
