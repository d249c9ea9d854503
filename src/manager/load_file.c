#include "manager/load_file.h"

#include <string.h>

#include "base/bytes.h"

static enum onecard_err refuse(struct load_file *f, enum onecard_err err, const char *reason) {
    f->reason = reason;
    return err;
}

void load_file_begin(struct load_file *f, struct store *store, uint32_t context,
                     const struct aid *package) {
    memset(f, 0, sizeof *f);
    f->store = store;
    f->context = context;
    f->package = *package;
    quota_clear(&f->quota);
}

/* Header, JCVM 6.4, without tag and size: magic 4, minor, major, flags, package minor, major, AID
 */
static enum onecard_err take_header(struct load_file *f) {
    static const uint8_t magic[4] = {0xDE, 0xCA, 0xFF, 0xED};
    const uint8_t *p = f->small;
    if (f->small_len < 10 || memcmp(p, magic, 4))
        return refuse(f, ONECARD_E_FORMAT, "Header component: no DECAFFED magic");
    uint8_t len = p[9];
    if (len < AID_MIN || len > AID_MAX || f->small_len < 10u + len)
        return refuse(f, ONECARD_E_FORMAT, "Header component: package AID is not 5 to 16 bytes");
    if (len != f->package.len || memcmp(p + 10, f->package.value, len))
        return refuse(f, ONECARD_E_FORMAT,
                      "Header component: not the package AID that INSTALL [for load] announced");
    f->version_minor = p[7];
    f->version_major = p[8];
    return ONECARD_OK;
}

/* Import, JCVM 6.7: count, then minor, major, AID length, AID each. */
static enum onecard_err take_import(struct load_file *f) {
    uint32_t at = 1;
    if (!f->small_len || !f->small[0])
        return refuse(f, ONECARD_E_FORMAT, "Import component: names no card interface");
    for (uint32_t i = 0; i < f->small[0]; i++) {
        if (at + 3 > f->small_len || at + 3 + f->small[at + 2] > f->small_len)
            return refuse(f, ONECARD_E_FORMAT, "Import component: cut short");
        const uint8_t *p = f->small + at;
        at += 3u + p[2];
        if (p[2] != CARD_API_AID_LEN || memcmp(p + 3, CARD_API_AID, CARD_API_AID_LEN))
            return refuse(f, ONECARD_E_UNSUPPORTED,
                          "Import component: a package that this card does not have");
        if (p[1] != CARD_API_MAJOR || p[0] > CARD_API_MINOR)
            return refuse(f, ONECARD_E_UNSUPPORTED,
                          "Import component: built for another version of the card interface");
    }
    return ONECARD_OK;
}

/* Applet, JCVM 6.6: count, then AID length, AID, install method offset 2 each. */
static enum onecard_err take_applets(struct load_file *f) {
    uint32_t at = 1;
    if (f->small_len < 1 || f->small[0] > MODULES_MAX)
        return refuse(f, ONECARD_E_FORMAT, "Applet component: empty, or too many applets");
    for (uint32_t i = 0; i < f->small[0]; i++) {
        uint32_t len = at < f->small_len ? f->small[at] : 0;
        if (len < AID_MIN || len > AID_MAX || at + 1 + len + 2 > f->small_len)
            return refuse(f, ONECARD_E_FORMAT, "Applet component: cut short, or a bad AID");
        f->modules[i].len = (uint8_t)len;
        memcpy(f->modules[i].value, f->small + at + 1, len);
        at += 1 + len + 2;
    }
    f->module_count = f->small[0];
    return ONECARD_OK;
}

static enum onecard_err begin_component(struct load_file *f, uint8_t tag, uint32_t size) {
    if (tag < CAP_HEADER || tag > CAP_DEBUG)
        return refuse(f, ONECARD_E_FORMAT, "an unknown component tag");
    if (f->seen & 1u << tag)
        return refuse(f, ONECARD_E_FORMAT, "a component comes twice");
    if (!f->seen && tag != CAP_HEADER)
        return refuse(f, ONECARD_E_FORMAT, "the first component is not Header");
    if (size > f->expected - f->received)
        return refuse(f, ONECARD_E_FORMAT, "a component is longer than the load file");
    if ((tag == CAP_HEADER || tag == CAP_IMPORT || tag == CAP_APPLET) && size > CAP_SMALL_MAX)
        return refuse(f, ONECARD_E_TOO_BIG, "Header, Import or Applet component over 255 bytes");
    if (tag == CAP_METHOD && size > f->quota.most[QUOTA_CODE])
        return refuse(f, ONECARD_E_FULL, "the module is longer than its quota");
    if (tag == CAP_METHOD) {
        enum onecard_err err =
            store_large_begin(f->store, STORE_NAME(f->context, KIND_WASM, 0), size);
        if (err)
            return refuse(f, err, "no room in flash for the module");
        f->wasm_size = size;
    }
    f->seen |= 1u << tag;
    f->component = tag;
    f->component_left = size;
    f->small_len = 0;
    return ONECARD_OK;
}

static enum onecard_err end_component(struct load_file *f) {
    uint8_t tag = f->component;
    f->component = 0;
    switch (tag) {
    case CAP_HEADER:
        return take_header(f);
    case CAP_IMPORT:
        return take_import(f);
    case CAP_APPLET:
        return take_applets(f);
    default:
        return ONECARD_OK; /* what a Java Card needs beside, and we do not */
    }
}

enum onecard_err load_file_expect(struct load_file *f, struct load_check *check,
                                  const uint8_t *hash, uint32_t len) {
    static const struct {
        uint8_t len, algorithm[2];
    } kinds[] = {{20, {CRYPTO_SHA1, 0}},
                 {32, {CRYPTO_SHA256, CRYPTO_SM3}},
                 {48, {CRYPTO_SHA384, 0}},
                 {64, {CRYPTO_SHA512, 0}}};
    memset(check, 0, sizeof *check);
    for (uint32_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].len != len)
            continue;
        check->digest_count = kinds[i].algorithm[1] ? 2 : 1;
        for (uint32_t k = 0; k < check->digest_count; k++)
            if (crypto_digest_start(&check->digest[k], kinds[i].algorithm[k]))
                return ONECARD_E_UNSUPPORTED; /* not in this build */
        memcpy(check->hash, hash, len);
        check->hash_len = (uint8_t)len;
        f->check = check;
        return ONECARD_OK;
    }
    return ONECARD_E_UNSUPPORTED;
}

static enum onecard_err begin_dap(struct load_file *f, uint32_t len) {
    if (!f->check)
        return refuse(f, ONECARD_E_FORMAT, "a DAP block, but no hash in INSTALL [for load]");
    if (len > LOAD_DAP_MAX - f->check->dap_len)
        return refuse(f, ONECARD_E_TOO_BIG, "more DAP blocks than fit");
    f->dap_left = len;
    return ONECARD_OK;
}

static void take_dap(struct load_file *f, const uint8_t *data, uint32_t len) {
    if (!f->check) /* begin_dap() has seen to it */
        return;
    memcpy(f->check->dap + f->check->dap_len, data, len);
    f->check->dap_len += len;
    f->dap_left -= len;
}

static enum onecard_err begin_file(struct load_file *f, uint32_t len) {
    f->expected = len;
    f->in_file = true;
    if (f->room && len > f->room)
        return refuse(f, ONECARD_E_FULL, "the load file is larger than what flash has room for");
    return ONECARD_OK;
}

/* The tag C4, or E2 in front of it, and a BER length (GPCS 11.6.2.3). Takes one byte. */
static enum onecard_err take_file_head(struct load_file *f, uint8_t byte) {
    f->head[f->head_len++] = byte;
    if (f->head[0] != 0xC4 && f->head[0] != 0xE2)
        return refuse(f, ONECARD_E_FORMAT, "the load file does not begin with tag C4");
    if (f->head_len < 2)
        return ONECARD_OK;
    uint32_t more = f->head[1] < 0x80 ? 0 : f->head[1] & 0x7Fu;
    if (more > 3 || f->head[1] == 0x80)
        return refuse(f, ONECARD_E_FORMAT, "the load file's length is not one to three bytes");
    if (f->head_len < 2 + more)
        return ONECARD_OK;
    uint32_t len = more ? 0 : f->head[1];
    for (uint32_t i = 0; i < more; i++)
        len = len << 8 | f->head[2 + i];
    f->head_len = 0;
    return f->head[0] == 0xE2 ? begin_dap(f, len) : begin_file(f, len);
}

static enum onecard_err take_component_head(struct load_file *f, uint8_t byte) {
    f->head[f->head_len++] = byte;
    f->received++;
    if (f->head_len < 3)
        return ONECARD_OK;
    f->head_len = 0;
    enum onecard_err err = begin_component(f, f->head[0], get_be16(f->head + 1));
    if (!err && f->component_left == 0)
        err = end_component(f);
    return err;
}

static enum onecard_err take_content(struct load_file *f, const uint8_t *data, uint32_t len) {
    enum onecard_err err = ONECARD_OK;
    if (f->component == CAP_METHOD) {
        err = store_large_append(f->store, data, len);
        if (err)
            return refuse(f, err, "writing the module to flash failed");
    } else if (f->component == CAP_HEADER || f->component == CAP_IMPORT ||
               f->component == CAP_APPLET) {
        memcpy(f->small + f->small_len, data, len);
        f->small_len += len;
    }
    f->received += len;
    f->component_left -= len;
    return f->component_left ? ONECARD_OK : end_component(f);
}

enum onecard_err load_file_feed(struct load_file *f, const uint8_t *data, uint32_t len) {
    enum onecard_err err = ONECARD_OK;
    while (len && !err) {
        uint32_t step = 1;
        bool in_file = f->in_file;
        if (f->dap_left) {
            step = len < f->dap_left ? len : f->dap_left;
            take_dap(f, data, step);
        } else if (!f->in_file) {
            err = take_file_head(f, *data);
            in_file = false;
        } else if (f->received == f->expected) {
            return refuse(f, ONECARD_E_FORMAT, "bytes after the end of the load file");
        } else if (!f->component) {
            err = take_component_head(f, *data);
        } else {
            step = len < f->component_left ? len : f->component_left;
            err = take_content(f, data, step);
        }
        if (in_file && f->check)
            for (uint32_t i = 0; i < f->check->digest_count; i++)
                crypto_digest_update(&f->check->digest[i], data, step);
        data += step;
        len -= step;
    }
    return err;
}

/* Is it the file that was announced? */
static bool hash_fits(struct load_check *check) {
    uint8_t digest[CRYPTO_DIGEST_MAX];
    bool same = false;
    for (uint32_t i = 0; i < check->digest_count; i++) {
        crypto_digest_finish(&check->digest[i], digest);
        same |= bytes_equal_ct(digest, check->hash, check->hash_len);
    }
    check->digest_count = 0;
    return same;
}

enum onecard_err load_file_end(struct load_file *f) {
    if (!f->in_file || f->component || f->head_len || f->received != f->expected)
        return refuse(f, ONECARD_E_FORMAT, "the load file is shorter than it says");
    uint32_t needed = 1u << CAP_HEADER | 1u << CAP_IMPORT | 1u << CAP_METHOD;
    if ((f->seen & needed) != needed)
        return refuse(f, ONECARD_E_FORMAT, "Header, Import or Method component is missing");
    if (f->check && !hash_fits(f->check))
        return refuse(f, ONECARD_E_FORMAT, "the load file's hash is not the one announced");
    return ONECARD_OK;
}
