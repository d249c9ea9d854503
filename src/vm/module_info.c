#include "vm/module_info.h"

#include <string.h>

#include "vm/reader.h"

static void skip_limits(struct vm_reader *r, uint32_t *out_min, uint32_t *out_max) {
    uint8_t flags = vm_reader_byte(r);
    *out_min = vm_reader_u32(r);
    *out_max = flags & 1 ? vm_reader_u32(r) : UINT32_MAX;
}

static void read_imports(struct vm_reader *r, const struct vm_module_visitor *v,
                         struct vm_module_info *info) {
    uint32_t min, max;
    info->import_count = vm_reader_count(r);
    for (uint32_t i = 0; i < info->import_count && !r->err; i++) {
        struct vm_module_import m = {0};
        m.module = vm_reader_bytes(r, &m.module_len);
        m.name = vm_reader_bytes(r, &m.name_len);
        m.kind = vm_reader_byte(r);
        if (m.kind == 0) {
            m.type = vm_reader_u32(r);
        } else if (m.kind == 1) {
            vm_reader_byte(r);
            skip_limits(r, &min, &max);
        } else if (m.kind == 2) {
            skip_limits(r, &min, &max);
        } else if (m.kind == 3) {
            vm_reader_byte(r);
            vm_reader_byte(r);
        } else {
            vm_reader_malformed(r, "malformed import kind");
        }
        if (!r->err && v && v->import)
            v->import(v->ctx, &m);
    }
}

static bool is_heap_base(const struct vm_module_export *e) {
    return e->kind == 3 && e->name_len == 11 && memcmp(e->name, "__heap_base", 11) == 0;
}

/* out_heap_base: the index of the global, or UINT32_MAX */
static void read_exports(struct vm_reader *r, const struct vm_module_visitor *v,
                         struct vm_module_info *info, uint32_t *out_heap_base) {
    info->export_count = vm_reader_count(r);
    for (uint32_t i = 0; i < info->export_count && !r->err; i++) {
        struct vm_module_export e = {0};
        e.name = vm_reader_bytes(r, &e.name_len);
        e.kind = vm_reader_byte(r);
        e.index = vm_reader_u32(r);
        if (r->err)
            return;
        if (is_heap_base(&e))
            *out_heap_base = e.index;
        if (v && v->export)
            v->export(v->ctx, &e);
    }
}

/* The value of an immutable i32 global that is a plain constant. */
static void read_heap_base(struct vm_reader r, uint32_t wanted, struct vm_module_info *info) {
    uint32_t count = vm_reader_count(&r);
    for (uint32_t i = 0; i < count && i <= wanted && !r.err; i++) {
        uint8_t type = vm_reader_byte(&r);
        uint8_t is_mutable = vm_reader_byte(&r);
        uint8_t op = vm_reader_byte(&r);
        int64_t value = op == 0x41 || op == 0x42 ? vm_reader_s64(&r) : 0;
        if (op == 0x23)
            vm_reader_u32(&r);
        else if (op == 0x43 || op == 0x44)
            r.at += (uint32_t)(r.end - r.at) < 4u * (op - 0x42u) ? 0 : 4u * (op - 0x42u);
        if (vm_reader_byte(&r) != 0x0B)
            return;
        if (i == wanted && type == 0x7F && !is_mutable && op == 0x41 && !r.err) {
            info->has_heap_base = true;
            info->heap_base = (uint32_t)value;
        }
    }
}

enum onecard_err vm_module_info(const uint8_t *wasm, uint32_t wasm_len,
                                const struct vm_module_visitor *visitor,
                                struct vm_module_info *out_info) {
    static const uint8_t magic[8] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    struct vm_reader r = {.base = wasm, .at = wasm + 8, .end = wasm + wasm_len};
    struct vm_reader globals = {0};
    uint32_t heap_base = UINT32_MAX;
    memset(out_info, 0, sizeof *out_info);
    if (wasm_len < 8 || memcmp(wasm, magic, 8) != 0)
        return ONECARD_E_FORMAT;
    while (!r.err && r.at < r.end) {
        uint8_t id = vm_reader_byte(&r);
        uint32_t len;
        const uint8_t *content = vm_reader_bytes(&r, &len);
        if (r.err)
            break;
        struct vm_reader s = {.base = wasm, .at = content, .end = content + len};
        if (id == 2)
            read_imports(&s, visitor, out_info);
        else if (id == 3)
            out_info->function_count = vm_reader_count(&s);
        else if (id == 5 && vm_reader_count(&s) > 0) {
            out_info->has_memory = true;
            skip_limits(&s, &out_info->memory_pages, &out_info->memory_pages_max);
        } else if (id == 6)
            globals = s;
        else if (id == 7)
            read_exports(&s, visitor, out_info, &heap_base);
        else if (id == 10)
            out_info->code_size = len;
        else if (id == 11)
            out_info->data_size = len;
        if (s.err)
            return s.err;
    }
    if (heap_base != UINT32_MAX && globals.at)
        read_heap_base(globals, heap_base, out_info);
    return r.err;
}
