#include "manager/code.h"

#include <string.h>

#include "base/bytes.h"
#include "crypto/crypto.h"
#include "firewall/calls.h"

/* Working space of the translator: what the pool can give in one block, but no more than this. */
#define SCRATCH_MAX 65536u
#define SCRATCH_LEAST 6144u /* that is left to it beside a draft of the image */

static const struct vm_limits limits = {.memory_max = CODE_MEMORY_MAX, .table_max = CODE_TABLE_MAX};

static store_name image_name(uint32_t context) {
    return STORE_NAME(context, KIND_IMAGE, 0);
}

/* ---- translating ---- */

static enum onecard_err run_translator(struct manager *m, const uint8_t *wasm, uint32_t wasm_len,
                                       const struct vm_sink *sink, struct vm_report *report) {
    uint32_t size = pool_largest(m->pool);
    if (size > SCRATCH_MAX)
        size = SCRATCH_MAX;
    void *scratch = pool_take(m->pool, size);
    if (!scratch) {
        memset(report, 0, sizeof *report);
        report->reason = "no working memory for the translator";
        return ONECARD_E_NO_MEMORY;
    }
    static const struct vm_resolver resolver = {NULL, calls_resolve};
    enum onecard_err err =
        vm_translate(wasm, wasm_len, &limits, &resolver, scratch, size, sink, report);
    pool_give(m->pool, scratch);
    return err;
}

/* The image as it is made: counted, and kept as far as there is room. */
struct draft {
    uint8_t *data; /* from the pool; NULL: only counted */
    uint32_t room, size;
};

/* Images are not longer than this as a rule; one that is gets translated twice. */
static uint32_t usual_size(uint32_t wasm_len) {
    return wasm_len + wasm_len / 2 + 256;
}

static enum onecard_err sink_draft(void *ctx, const void *data, uint32_t len) {
    struct draft *d = ctx;
    if (d->data && d->size <= d->room && len <= d->room - d->size)
        memcpy(d->data + d->size, data, len);
    d->size += len;
    return ONECARD_OK;
}

static enum onecard_err sink_store(void *ctx, const void *data, uint32_t len) {
    return store_large_append(ctx, data, len);
}

/* Compares what is translated with what rests in flash. */
struct compare {
    const uint8_t *image;
    uint32_t size;
    uint32_t at;
};

static enum onecard_err sink_compare(void *ctx, const void *data, uint32_t len) {
    struct compare *c = ctx;
    if (len > c->size - c->at || memcmp(c->image + c->at, data, len))
        return ONECARD_E_CORRUPT;
    c->at += len;
    return ONECARD_OK;
}

/* ---- authentication: AES-256 CMAC under a key derived from the device key ---- */

/* tail: bytes of the image behind those at image, which are not in flash yet. */
static enum onecard_err image_tag(const struct manager *m, uint32_t context, const uint8_t *image,
                                  uint32_t size, const uint8_t *tail, uint32_t tail_len,
                                  uint8_t tag[IMAGE_TAG_SIZE]) {
    static const uint8_t label[16] = "onecard image v1"; /* fills the block, no end needed */
    uint8_t raw[ONECARD_DEVICE_KEY_SIZE], derived[32], binding[8];
    struct crypto_key key;
    enum onecard_err err = m->port->device_key(m->port->ctx, raw);
    if (!err)
        err = crypto_key_set(&key, CRYPTO_AES256, raw, sizeof raw);
    if (!err) {
        /* Two blocks of a counter-mode derivation (NIST SP 800-108), counter in the first byte. */
        uint8_t block[17];
        memcpy(block + 1, label, sizeof label);
        for (uint8_t i = 0; i < 2 && !err; i++) {
            block[0] = (uint8_t)(i + 1);
            err = crypto_mac_once(&key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, block, sizeof block,
                                  derived + 16 * i, 16);
        }
        crypto_key_wipe(&key);
    }
    if (!err)
        err = crypto_key_set(&key, CRYPTO_AES256, derived, sizeof derived);
    if (!err) {
        struct crypto_mac mac;
        put_le32(binding, context); /* an image moved to another package does not pass */
        put_le32(binding + 4, size + tail_len);
        err = crypto_mac_start(&mac, &key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL);
        if (!err) {
            crypto_mac_update(&mac, binding, sizeof binding);
            crypto_mac_update(&mac, image, size);
            if (tail_len)
                crypto_mac_update(&mac, tail, tail_len);
            err = crypto_mac_finish(&mac, tag, IMAGE_TAG_SIZE);
        }
        crypto_key_wipe(&key);
    }
    bytes_wipe(raw, sizeof raw);
    bytes_wipe(derived, sizeof derived);
    return err;
}

/* ---- the two faces ---- */

/* See that the module is right and how long its image gets. */
static enum onecard_err make_draft(struct manager *m, const uint8_t *wasm, uint32_t wasm_len,
                                   struct draft *draft, struct vm_report *report) {
    struct vm_sink sink = {draft, sink_draft};
    *draft = (struct draft){.room = usual_size(wasm_len)};
    if (pool_largest(m->pool) >= draft->room + SCRATCH_LEAST)
        draft->data = pool_take(m->pool, draft->room);
    enum onecard_err err = run_translator(m, wasm, wasm_len, &sink, report);
    if (err != ONECARD_E_NO_MEMORY || !draft->data)
        return err;
    pool_give(m->pool, draft->data); /* the translator needs all there is */
    *draft = (struct draft){0};
    return run_translator(m, wasm, wasm_len, &sink, report);
}

/* Into flash: what was kept, or made once more. Gives the draft's memory back. */
static enum onecard_err store_draft(struct manager *m, const uint8_t *wasm, uint32_t wasm_len,
                                    struct draft *draft, struct vm_report *report) {
    const struct vm_sink sink = {m->store, sink_store};
    bool kept = draft->data && draft->size <= draft->room;
    enum onecard_err err =
        kept ? store_large_append(m->store, draft->data, draft->size) : ONECARD_OK;
    pool_give(m->pool, draft->data);
    draft->data = NULL;
    return kept ? err : run_translator(m, wasm, wasm_len, &sink, report);
}

enum onecard_err code_translate(struct manager *m, uint32_t context, const uint8_t *wasm,
                                uint32_t wasm_len, struct vm_report *report) {
    struct draft draft;
    enum onecard_err err = make_draft(m, wasm, wasm_len, &draft, report);
    if (!err)
        err = store_large_begin(m->store, image_name(context), draft.size + IMAGE_TAG_SIZE);
    if (err) {
        pool_give(m->pool, draft.data);
        return err;
    }
    err = store_draft(m, wasm, wasm_len, &draft, report);
    uint8_t tag[IMAGE_TAG_SIZE];
    if (!err) {
        uint32_t len = 0, tail_len = 0;
        const uint8_t *image = store_large_data(m->store, &len);
        const uint8_t *tail = store_large_tail(m->store, &tail_len);
        err = image_tag(m, context, image, len, tail, tail_len, tag);
    }
    if (!err)
        err = store_large_append(m->store, tag, sizeof tag);
    if (!err)
        err = store_large_finish(m->store);
    if (err)
        store_large_abandon(m->store);
    return err;
}

static enum onecard_err check_image(struct manager *m, uint32_t context, const uint8_t *image,
                                    uint32_t size) {
    if (m->port->device_key_published) {
        uint32_t wasm_len = 0;
        const uint8_t *wasm = store_map(m->store, STORE_NAME(context, KIND_WASM, 0), &wasm_len);
        if (!wasm)
            return ONECARD_E_CORRUPT;
        struct compare compare = {image, size, 0};
        struct vm_sink sink = {&compare, sink_compare};
        struct vm_report report;
        enum onecard_err err = run_translator(m, wasm, wasm_len, &sink, &report);
        if (err == ONECARD_E_NO_MEMORY)
            return err;
        return err || compare.at != size ? ONECARD_E_CORRUPT : ONECARD_OK;
    }
    uint8_t tag[IMAGE_TAG_SIZE];
    enum onecard_err err = image_tag(m, context, image, size, NULL, 0, tag);
    if (!err && !bytes_equal_ct(tag, image + size, IMAGE_TAG_SIZE))
        err = ONECARD_E_CORRUPT;
    return err;
}

/* The engine is another one than at load: make the image anew. Not while a transaction is open: its
 * changes would be committed along with the image, and a caller could not take them back (F4). */
static enum onecard_err renew(struct manager *m, uint32_t context) {
    uint32_t wasm_len = 0;
    if (store_dirty(m->store))
        return ONECARD_E_STATE;
    const uint8_t *wasm = store_map(m->store, STORE_NAME(context, KIND_WASM, 0), &wasm_len);
    if (!wasm)
        return ONECARD_E_CORRUPT;
    struct vm_report report;
    enum onecard_err err = store_delete(m->store, image_name(context));
    err = err && err != ONECARD_E_NOT_FOUND ? err : store_commit(m->store);
    if (!err)
        err = code_translate(m, context, wasm, wasm_len, &report);
    if (!err)
        return store_commit(m->store);
    store_abort(m->store);
    return err;
}

enum onecard_err code_open(struct manager *m, uint32_t context, bool check,
                           struct vm_image *out_image) {
    uint32_t size = 0;
    const uint8_t *image = store_map(m->store, image_name(context), &size);
    enum onecard_err err = ONECARD_E_FOREIGN; /* a power cut while it was made anew */
    if (image && size < IMAGE_TAG_SIZE)
        return ONECARD_E_CORRUPT;
    size -= IMAGE_TAG_SIZE;
    if (image)
        err = vm_image_open(out_image, image, size);
    if (err == ONECARD_E_FOREIGN) {
        err = renew(m, context);
        if (err)
            return err;
        return code_open(m, context, false, out_image);
    }
    if (!err && check)
        err = check_image(m, context, image, size);
    return err;
}
