/* Element and data segments, and the tables at the end of the image. */
#include "vm/module.h"

static void align4(struct vm_module *m) {
    static const uint8_t zero[4];
    vm_module_write(m, zero, -(m->written + m->staged) & 3);
}

static uint32_t position(const struct vm_module *m) {
    return m->written + m->staged;
}

/* ---- elements ---- */

struct segment {
    bool active, expressions;
    bool declared; /* neither active nor usable */
    uint32_t to;
    uint32_t count;
};

static void read_elem_head(struct vm_module *m, struct segment *s) {
    struct vm_reader *r = &m->r;
    uint32_t flags = vm_reader_u32(r);
    if (!r->err && flags > 7)
        vm_reader_malformed(r, "malformed element segment flags");
    s->active = !(flags & 1);
    s->expressions = (flags & 4) != 0;
    s->declared = (flags & 3) == 3;
    s->to = 0;
    if (s->active) {
        uint32_t table = flags & 2 ? vm_reader_u32(r) : 0;
        if (!r->err && (table != 0 || !m->has_table))
            vm_reader_invalid(r, "unknown table");
        s->to = vm_module_offset(m);
    }
    if (flags & 3) {
        uint8_t kind = vm_reader_byte(r);
        if (!r->err && s->expressions && kind == 0x6F)
            vm_reader_unsupported(r, "reference types");
        else if (!r->err && kind != (s->expressions ? 0x70 : 0x00))
            vm_reader_malformed(r, "malformed element kind");
    }
    s->count = vm_reader_count(r);
}

/* A function index, or VM_NO_FUNC for a null. */
static uint16_t read_elem(struct vm_module *m, bool expression) {
    struct vm_reader *r = &m->r;
    uint32_t func = VM_NO_FUNC;
    if (expression) {
        uint8_t op = vm_reader_byte(r);
        if (op == 0xD0 && !r->err) {
            uint8_t type = vm_reader_byte(r);
            if (!r->err && type != 0x70)
                vm_reader_unsupported(r, "reference types");
        } else if (op == 0xD2 && !r->err) {
            func = vm_reader_u32(r);
            if (!r->err && func >= m->func_count)
                vm_reader_invalid(r, "unknown function");
        } else {
            vm_reader_invalid(r, "constant expression required");
        }
        if (vm_reader_byte(r) != 0x0B)
            vm_reader_invalid(r, "constant expression required");
    } else {
        func = vm_reader_u32(r);
        if (!r->err && func >= m->func_count)
            vm_reader_invalid(r, "unknown function");
    }
    return (uint16_t)func;
}

void vm_segments_check_elems(struct vm_module *m) {
    m->elem_count = vm_reader_count(&m->r);
    m->elem_at = m->r.at;
    for (uint32_t i = 0; i < m->elem_count && !m->r.err; i++) {
        struct segment s;
        read_elem_head(m, &s);
        while (s.count-- > 0 && !m->r.err)
            read_elem(m, s.expressions);
    }
}

/* The segments were checked before; reading them again cannot fail. */
static void write_elems(struct vm_module *m, struct vm_foot *foot) {
    struct vm_reader keep = m->r;
    uint32_t contents = position(m);
    m->r.at = m->elem_at;
    for (uint32_t i = 0; i < m->elem_count && !m->r.err; i++) {
        struct segment s;
        read_elem_head(m, &s);
        while (s.count-- > 0 && !m->r.err) {
            uint16_t func = read_elem(m, s.expressions);
            vm_module_write(m, &func, sizeof func);
        }
    }
    align4(m);
    foot->elems = position(m);
    foot->elem_count = m->elem_count;
    m->r.at = m->elem_at;
    for (uint32_t i = 0; i < m->elem_count && !m->r.err; i++) {
        struct segment s;
        read_elem_head(m, &s);
        struct vm_elem e = {contents, s.declared ? 0 : s.count, s.to, s.active};
        contents += s.count * 2;
        while (s.count-- > 0 && !m->r.err)
            read_elem(m, s.expressions);
        vm_module_write(m, &e, sizeof e);
    }
    if (!m->r.err)
        m->r = keep;
}

/* ---- data ---- */

static const uint8_t *read_data(struct vm_module *m, struct vm_data *out) {
    struct vm_reader *r = &m->r;
    uint32_t flags = vm_reader_u32(r);
    if (!r->err && flags > 2)
        vm_reader_malformed(r, "malformed data segment flags");
    out->active = !(flags & 1);
    out->to = 0;
    if (out->active) {
        uint32_t memory = flags == 2 ? vm_reader_u32(r) : 0;
        if (!r->err && (memory != 0 || !m->has_memory))
            vm_reader_invalid(r, "unknown memory");
        out->to = vm_module_offset(m);
    }
    return vm_reader_bytes(r, &out->len);
}

uint32_t vm_segments_write_data(struct vm_module *m, struct vm_foot *foot) {
    struct vm_reader *r = &m->r;
    uint32_t count = vm_reader_count(r);
    const uint8_t *at = r->at;
    align4(m);
    uint32_t contents = position(m);
    for (uint32_t i = 0; i < count && !r->err; i++) {
        struct vm_data d;
        const uint8_t *bytes = read_data(m, &d);
        if (!r->err)
            vm_module_write(m, bytes, d.len);
    }
    const uint8_t *end = r->at;
    align4(m);
    foot->data = position(m);
    foot->data_count = count;
    r->at = r->err ? r->end : at;
    for (uint32_t i = 0; i < count && !r->err; i++) {
        struct vm_data d;
        read_data(m, &d);
        d.from = contents;
        contents += d.len;
        vm_module_write(m, &d, sizeof d);
    }
    if (!r->err)
        r->at = end;
    return count;
}

/* ---- tables ---- */

static void write_types(struct vm_module *m, struct vm_foot *foot) {
    uint32_t at = position(m);
    for (uint32_t i = 0; i < m->type_count; i++) {
        uint8_t fixed[3] = {m->types[i].param_count, m->types[i].result_count, m->types[i].result};
        vm_module_write(m, fixed, sizeof fixed);
        vm_module_write(m, m->types[i].params, m->types[i].param_count);
    }
    align4(m);
    foot->types = position(m);
    foot->type_count = m->type_count;
    for (uint32_t i = 0; i < m->type_count; i++) {
        vm_module_write(m, &at, sizeof at);
        at += 3u + m->types[i].param_count;
    }
}

static void write_funcs(struct vm_module *m, struct vm_foot *foot) {
    foot->funcs = position(m);
    foot->func_count = m->func_count;
    foot->import_count = m->import_count;
    for (uint32_t i = 0; i < m->func_count; i++) {
        const struct vm_type *t = &m->types[m->func_type[i]];
        struct vm_func f = {
            .code = m->func_code[i],
            .type = m->canon[m->func_type[i]],
            .params = vm_param_slots(t),
            .results = (uint16_t)(t->result_count ? vm_type_slots(t->result) : 0),
        };
        vm_module_write(m, &f, sizeof f);
    }
}

static void write_exports(struct vm_module *m, struct vm_foot *foot) {
    struct vm_reader r = {.base = m->r.base, .at = m->export_at, .end = m->r.end};
    uint32_t names = position(m), len;
    for (uint32_t i = 0; i < m->export_count; i++) {
        const uint8_t *name = vm_reader_bytes(&r, &len);
        uint8_t kind = vm_reader_byte(&r);
        vm_reader_u32(&r);
        if (kind == 0)
            vm_module_write(m, name, len);
    }
    align4(m);
    foot->exports = position(m);
    r.at = m->export_at;
    for (uint32_t i = 0; i < m->export_count; i++) {
        vm_reader_bytes(&r, &len);
        uint8_t kind = vm_reader_byte(&r);
        uint32_t index = vm_reader_u32(&r);
        if (kind != 0)
            continue;
        struct vm_export e = {names, (uint16_t)len, (uint16_t)index};
        names += len;
        vm_module_write(m, &e, sizeof e);
        foot->export_count++;
    }
}

static void write_globals(struct vm_module *m, struct vm_foot *foot) {
    struct vm_reader keep = m->r;
    foot->globals = position(m);
    foot->global_slots = m->global_slots;
    m->r.at = m->global_at;
    for (uint32_t i = 0; i < m->global_count; i++) {
        uint8_t type, is_mutable;
        uint64_t value = vm_module_global(m, &type, &is_mutable);
        vm_module_write(m, &value, vm_type_slots(type) * 4);
    }
    if (!m->r.err)
        m->r = keep;
}

void vm_segments_write_tables(struct vm_module *m, struct vm_foot *foot) {
    align4(m);
    write_elems(m, foot);
    write_types(m, foot);
    write_funcs(m, foot);
    write_exports(m, foot);
    write_globals(m, foot);
    align4(m);
    uint64_t max = (uint64_t)m->memory_max_pages * VM_PAGE;
    foot->table_size = m->table_size;
    foot->memory_initial = m->memory_initial;
    foot->memory_max = m->has_memory ? (uint32_t)max : 0;
    foot->memory_pages = m->memory_pages;
    foot->start = m->start;
    foot->version = VM_ENGINE_VERSION;
    foot->magic = VM_MAGIC;
    vm_module_write(m, foot, sizeof *foot);
    vm_module_flush(m);
}
