#include "cap_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/bytes.h"
#include "manager/load_file.h"

/* ---- what a module says of itself ---- */

bool cap_aid_parse(const char *text, size_t len, struct cap_aid *out_aid) {
    if (len % 2 || len < 2 * AID_MIN || len > 2 * AID_MAX)
        return false;
    for (size_t i = 0; i < len; i += 2) {
        char digits[3] = {text[i], text[i + 1], 0};
        char *end;
        if (!strchr("0123456789abcdefABCDEF", digits[0]) || !digits[0] ||
            !strchr("0123456789abcdefABCDEF", digits[1]) || !digits[1])
            return false;
        out_aid->value[i / 2] = (uint8_t)strtoul(digits, &end, 16);
    }
    out_aid->len = (uint8_t)(len / 2);
    return true;
}

bool cap_version_parse(const char *text, size_t len, uint8_t *major, uint8_t *minor) {
    unsigned a, b;
    char copy[8], rest;
    if (len >= sizeof copy)
        return false;
    memcpy(copy, text, len);
    copy[len] = 0;
    if (sscanf(copy, "%u.%u%c", &a, &b, &rest) != 2 || a > 255 || b > 255)
        return false;
    *major = (uint8_t)a;
    *minor = (uint8_t)b;
    return true;
}

static const char *take_line(struct cap_description *d, const char *line, size_t len) {
    const char *equals = memchr(line, '=', len);
    if (!equals)
        return "a line of the section \"onecard\" has no '='";
    size_t key_len = (size_t)(equals - line);
    const char *value = equals + 1;
    size_t value_len = len - key_len - 1;
    if (key_len == 3 && !memcmp(line, "api", 3))
        return cap_version_parse(value, value_len, &d->api_major, &d->api_minor)
                   ? NULL
                   : "api= is not a version like 1.0";
    if (key_len == 7 && !memcmp(line, "package", 7))
        return cap_aid_parse(value, value_len, &d->package) ? NULL
                                                            : "package= is not an AID in hex";
    if (key_len == 7 && !memcmp(line, "version", 7))
        return cap_version_parse(value, value_len, &d->major, &d->minor)
                   ? NULL
                   : "version= is not a version like 1.0";
    if (key_len == 6 && !memcmp(line, "applet", 6)) {
        if (d->applet_count == CAP_APPLETS_MAX)
            return "more than 8 applets";
        return cap_aid_parse(value, value_len, &d->applets[d->applet_count++])
                   ? NULL
                   : "applet= is not an AID in hex";
    }
    return "an unknown word in the section \"onecard\"";
}

static bool take_leb(const uint8_t **p, const uint8_t *end, uint32_t *out) {
    uint32_t v = 0;
    for (int shift = 0; shift < 35 && *p < end; shift += 7) {
        uint8_t byte = *(*p)++;
        v |= (uint32_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            *out = v;
            return true;
        }
    }
    return false;
}

const char *cap_read_section(const uint8_t *wasm, size_t wasm_len,
                             struct cap_description *out_description) {
    static const uint8_t magic[8] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    static const char name[] = "onecard";
    struct cap_description d = {0};
    if (wasm_len < sizeof magic || memcmp(wasm, magic, sizeof magic))
        return "not a WebAssembly module (version 1)";
    const uint8_t *p = wasm + sizeof magic;
    const uint8_t *end = wasm + wasm_len;
    while (p < end) {
        uint8_t id = *p++;
        uint32_t size, len;
        if (!take_leb(&p, end, &size) || size > (size_t)(end - p))
            return "a section runs over the end of the module";
        const uint8_t *section = p, *section_end = p + size;
        p = section_end;
        if (id != 0 || !take_leb(&section, section_end, &len) || len != sizeof name - 1 ||
            len > (size_t)(section_end - section) || memcmp(section, name, len))
            continue;
        const char *line = (const char *)section + len;
        while (line < (const char *)section_end) {
            const char *stop = memchr(line, '\n', (size_t)((const char *)section_end - line));
            if (!stop)
                stop = (const char *)section_end;
            const char *wrong = stop > line ? take_line(&d, line, (size_t)(stop - line)) : NULL;
            if (wrong)
                return wrong;
            line = stop + 1;
        }
    }
    *out_description = d;
    return NULL;
}

const char *cap_describe_module(const uint8_t *wasm, size_t wasm_len,
                                struct cap_description *out_description) {
    struct cap_description d;
    const char *wrong = cap_read_section(wasm, wasm_len, &d);
    if (!wrong && (!d.package.len || !d.applet_count || !d.api_major))
        wrong = "the module does not say its package and applet AIDs (CARD_PACKAGE in its source)";
    if (!wrong)
        *out_description = d;
    return wrong;
}

/* ---- writing: Java Card VM specification 6, CAP format 2.1 ---- */

struct component {
    uint8_t tag;
    const char *name; /* of the file in the ZIP */
    bool loaded;      /* part of the load file */
};

/* In the order of loading (readers drop Descriptor and Debug). */
static const struct component components[] = {
    {CAP_HEADER, "Header.cap", true},
    {CAP_DIRECTORY, "Directory.cap", true},
    {CAP_IMPORT, "Import.cap", true},
    {CAP_APPLET, "Applet.cap", true},
    {CAP_CLASS, "Class.cap", true},
    {CAP_METHOD, "Method.cap", true},
    {CAP_STATIC_FIELD, "StaticField.cap", true},
    {CAP_EXPORT, "Export.cap", true},
    {CAP_CONSTANT_POOL, "ConstantPool.cap", true},
    {CAP_REFERENCE_LOCATION, "RefLocation.cap", true},
    {CAP_DESCRIPTOR, "Descriptor.cap", false},
};
#define COMPONENTS (sizeof components / sizeof *components)

struct bytes {
    uint8_t data[CAP_LOAD_FILE_MAX];
    size_t len;
};

static void put(struct bytes *b, const void *data, size_t len) {
    memcpy(b->data + b->len, data, len);
    b->len += len;
}

static void put_u1(struct bytes *b, unsigned v) {
    b->data[b->len++] = (uint8_t)v;
}

static void put_u2(struct bytes *b, unsigned v) {
    put_u1(b, v >> 8 & 0xFF);
    put_u1(b, v & 0xFF);
}

static void put_aid(struct bytes *b, const struct cap_aid *aid) {
    put_u1(b, aid->len);
    put(b, aid->value, aid->len);
}

static void put_content(struct bytes *b, uint8_t tag, const struct cap_description *d,
                        const uint8_t *wasm, size_t wasm_len, const uint16_t sizes[13]) {
    static const struct cap_aid api = {CARD_API_AID_LEN, CARD_API_AID};
    static const uint8_t directory_order[11] = {
        CAP_HEADER, CAP_DIRECTORY,     CAP_APPLET,
        CAP_IMPORT, CAP_CONSTANT_POOL, CAP_CLASS,
        CAP_METHOD, CAP_STATIC_FIELD,  CAP_REFERENCE_LOCATION,
        CAP_EXPORT, CAP_DESCRIPTOR};
    switch (tag) {
    case CAP_HEADER:
        put(b, "\xDE\xCA\xFF\xED\x01\x02\x04", 7); /* magic, CAP 2.1, has applets */
        put_u1(b, d->minor);
        put_u1(b, d->major);
        put_aid(b, &d->package);
        break;
    case CAP_DIRECTORY:
        for (size_t i = 0; i < sizeof directory_order; i++)
            put_u2(b, sizes[directory_order[i]]);
        put(b, "\0\0\0\0\0\0", 6); /* no static fields */
        put_u1(b, 1);              /* imports */
        put_u1(b, (unsigned)d->applet_count);
        put_u1(b, 0); /* custom components */
        break;
    case CAP_IMPORT:
        put_u1(b, 1);
        put_u1(b, d->api_minor);
        put_u1(b, d->api_major);
        put_aid(b, &api);
        break;
    case CAP_APPLET:
        put_u1(b, (unsigned)d->applet_count);
        for (size_t i = 0; i < d->applet_count; i++) {
            put_aid(b, &d->applets[i]);
            put_u2(b, 0); /* install method: the export "install" */
        }
        break;
    case CAP_METHOD:
        put(b, wasm, wasm_len);
        break;
    case CAP_STATIC_FIELD:
        put(b, "\0\0\0\0\0\0\0\0\0\0", 10);
        break;
    case CAP_CONSTANT_POOL:
        put_u2(b, 0);
        break;
    case CAP_REFERENCE_LOCATION:
        put_u2(b, 0);
        put_u2(b, 0);
        break;
    case CAP_DESCRIPTOR:
        put(b, "\0\0\0", 3);
        break;
    default: /* Class: no classes */
        break;
    }
}

static void put_component(struct bytes *b, uint8_t tag, const struct cap_description *d,
                          const uint8_t *wasm, size_t wasm_len, const uint16_t sizes[13]) {
    size_t start = b->len;
    put_u1(b, tag);
    put_u2(b, 0);
    put_content(b, tag, d, wasm, wasm_len, sizes);
    put_be16(b->data + start + 1, (uint16_t)(b->len - start - 3));
}

static const char *add_entry(zip_t *zip, const char *folder, const char *file, const uint8_t *data,
                             size_t len) {
    char name[300];
    snprintf(name, sizeof name, "%s/javacard/%s", folder, file);
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy)
        return "out of memory";
    memcpy(copy, data, len);
    zip_source_t *source = zip_source_buffer(zip, copy, len, 1);
    zip_int64_t index = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        if (source)
            zip_source_free(source);
        else
            free(copy);
        return "writing the ZIP failed";
    }
    /* A fixed date: the same module always makes the same file. */
    zip_file_set_dostime(zip, (zip_uint64_t)index, 0, 0x0021, 0);
    return NULL;
}

const char *cap_write(const char *path, const char *name, const struct cap_description *description,
                      const uint8_t *wasm, size_t wasm_len) {
    if (wasm_len > 0xFFFF)
        return "the module is larger than 65,535 bytes, which a CAP component can hold";
    struct bytes *b = calloc(1, sizeof *b);
    if (!b)
        return "out of memory";
    uint16_t sizes[13] = {0};
    for (int pass = 0; pass < 2; pass++) { /* the sizes stand in Directory: they come first */
        for (size_t i = 0; i < COMPONENTS; i++) {
            b->len = 0;
            if (components[i].tag == CAP_EXPORT)
                continue;
            put_component(b, components[i].tag, description, wasm, wasm_len, sizes);
            sizes[components[i].tag] = (uint16_t)(b->len - 3);
        }
    }
    int code;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    const char *wrong = zip ? NULL : "cannot write there";
    for (size_t i = 0; i < COMPONENTS && !wrong; i++) {
        if (components[i].tag == CAP_EXPORT)
            continue;
        b->len = 0;
        put_component(b, components[i].tag, description, wasm, wasm_len, sizes);
        wrong = add_entry(zip, name, components[i].name, b->data, b->len);
    }
    free(b);
    if (zip && (wrong || zip_close(zip))) {
        zip_discard(zip);
        wrong = wrong ? wrong : "writing the ZIP failed";
    }
    return wrong;
}

/* ---- reading ---- */

static const char *parse_header(const uint8_t *p, size_t len, struct cap_description *d) {
    if (len < 10 || memcmp(p, "\xDE\xCA\xFF\xED", 4))
        return "the Header component has no DECAFFED magic";
    if (p[9] < AID_MIN || p[9] > AID_MAX || len < 10u + p[9])
        return "the package AID in the Header component is not 5 to 16 bytes";
    d->minor = p[7];
    d->major = p[8];
    d->package.len = p[9];
    memcpy(d->package.value, p + 10, p[9]);
    return NULL;
}

static const char *parse_import(const uint8_t *p, size_t len, struct cap_description *d) {
    size_t at = 1;
    for (unsigned i = 0; len && i < p[0]; i++) {
        if (at + 3 > len || at + 3 + p[at + 2] > len)
            return "the Import component is cut short";
        if (p[at + 2] == CARD_API_AID_LEN && !memcmp(p + at + 3, CARD_API_AID, CARD_API_AID_LEN)) {
            d->api_minor = p[at];
            d->api_major = p[at + 1];
        }
        at += 3u + p[at + 2];
    }
    return NULL;
}

static const char *parse_applets(const uint8_t *p, size_t len, struct cap_description *d) {
    size_t at = 1;
    if (!len || p[0] > CAP_APPLETS_MAX)
        return "the Applet component is empty or has too many applets";
    for (unsigned i = 0; i < p[0]; i++) {
        if (at >= len || p[at] < AID_MIN || p[at] > AID_MAX || at + 3u + p[at] > len)
            return "the Applet component is cut short or has a bad AID";
        d->applets[i].len = p[at];
        memcpy(d->applets[i].value, p + at + 1, p[at]);
        at += 3u + p[at];
    }
    d->applet_count = p[0];
    return NULL;
}

const char *cap_parse(const uint8_t *load_file, size_t len, struct cap *out_cap) {
    size_t at = 0;
    const char *wrong = NULL;
    memset(&out_cap->description, 0, sizeof out_cap->description);
    out_cap->wasm = NULL;
    while (at < len && !wrong) {
        if (len - at < 3 || get_be16(load_file + at + 1) > len - at - 3)
            return "a component runs over the end of the load file";
        const uint8_t *content = load_file + at + 3;
        size_t size = get_be16(load_file + at + 1);
        switch (load_file[at]) {
        case CAP_HEADER:
            wrong = parse_header(content, size, &out_cap->description);
            break;
        case CAP_IMPORT:
            wrong = parse_import(content, size, &out_cap->description);
            break;
        case CAP_APPLET:
            wrong = parse_applets(content, size, &out_cap->description);
            break;
        case CAP_METHOD:
            out_cap->wasm = content;
            out_cap->wasm_len = size;
            break;
        default:
            break;
        }
        at += 3 + size;
    }
    if (!wrong && (!out_cap->description.package.len || !out_cap->wasm))
        wrong = "Header or Method component is missing";
    return wrong;
}

/* The folder of the first entry that ends in Header.cap, as clients look for it. */
static bool find_folder(zip_t *zip, char *folder, size_t size) {
    zip_int64_t count = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; i < count; i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        size_t len = name ? strlen(name) : 0;
        if (len < 10 || strcmp(name + len - 10, "Header.cap") || len - 10 >= size)
            continue;
        memcpy(folder, name, len - 10);
        folder[len - 10] = 0;
        return true;
    }
    return false;
}

static const char *append_entry(zip_t *zip, const char *name, uint8_t *to, size_t *len) {
    zip_stat_t stat;
    if (zip_stat(zip, name, 0, &stat))
        return NULL; /* optional, as far as the ZIP goes */
    if (!(stat.valid & ZIP_STAT_SIZE) || stat.size > CAP_LOAD_FILE_MAX - *len)
        return "the CAP is larger than a card can take";
    zip_file_t *file = zip_fopen(zip, name, 0);
    zip_int64_t got = file ? zip_fread(file, to + *len, stat.size) : -1;
    if (file)
        zip_fclose(file);
    if (got < 0 || (zip_uint64_t)got != stat.size)
        return "a component cannot be read";
    *len += stat.size;
    return NULL;
}

const char *cap_read(const char *path, struct cap *out_cap) {
    memset(out_cap, 0, sizeof *out_cap);
    int code;
    zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
    if (!zip)
        return code == ZIP_ER_NOENT ? "no such file" : "not a CAP file (a ZIP)";
    char folder[256], name[300];
    const char *wrong = find_folder(zip, folder, sizeof folder) ? NULL : "no Header.cap in it";
    out_cap->load_file = malloc(CAP_LOAD_FILE_MAX);
    if (!out_cap->load_file)
        wrong = "out of memory";
    for (size_t i = 0; i < COMPONENTS && !wrong; i++) {
        if (!components[i].loaded)
            continue;
        snprintf(name, sizeof name, "%s%s", folder, components[i].name);
        wrong = append_entry(zip, name, out_cap->load_file, &out_cap->load_file_len);
    }
    zip_discard(zip);
    if (!wrong)
        wrong = cap_parse(out_cap->load_file, out_cap->load_file_len, out_cap);
    if (wrong)
        cap_free(out_cap);
    return wrong;
}

void cap_free(struct cap *cap) {
    free(cap->load_file);
    memset(cap, 0, sizeof *cap);
}
