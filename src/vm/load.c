/* A module's sections, in order: validation, and the image around the translated bodies. */
#include "vm/module.h"
#include "vm/ops_gen.h"

/* ---- scratch and output ---- */

void *vm_module_alloc(struct vm_module *m, uint32_t size) {
    size = (size + 7) & ~7u;
    if (size > (size_t)(m->scratch_end - m->free)) {
        vm_reader_fault(&m->r, ONECARD_E_NO_MEMORY, false, "module too large for the scratch");
        return NULL;
    }
    void *p = m->free;
    memset(p, 0, size);
    m->free += size;
    uint32_t used = (uint32_t)(m->free - m->scratch);
    if (used > m->report->scratch_used)
        m->report->scratch_used = used;
    return p;
}

static void sink_write(struct vm_module *m, const void *data, uint32_t len) {
    enum onecard_err err = m->sink->write(m->sink->ctx, data, len);
    if (err != ONECARD_OK)
        vm_reader_fault(&m->r, err, false, "the sink failed");
    m->written += len;
}

void vm_module_write(struct vm_module *m, const void *data, uint32_t len) {
    const uint8_t *p = data;
    if (m->r.err != ONECARD_OK)
        return;
    if (m->staged + len > VM_STAGE) {
        /* fill the stage, so that the sink sees whole words whatever the pieces are */
        uint32_t part = VM_STAGE - m->staged;
        memcpy(m->stage + m->staged, p, part);
        sink_write(m, m->stage, VM_STAGE);
        p += part;
        len -= part;
        m->staged = 0;
        uint32_t direct = len & ~(VM_STAGE - 1);
        if (direct > 0 && m->r.err == ONECARD_OK)
            sink_write(m, p, direct);
        p += direct;
        len -= direct;
    }
    memcpy(m->stage + m->staged, p, len);
    m->staged += len;
}

void vm_module_flush(struct vm_module *m) {
    if (m->r.err == ONECARD_OK && m->staged > 0)
        sink_write(m, m->stage, m->staged);
    m->staged = 0;
}

/* ---- types ---- */

uint32_t vm_param_slots(const struct vm_type *type) {
    uint32_t slots = 0;
    for (uint32_t i = 0; i < type->param_count; i++)
        slots += vm_type_slots(type->params[i]);
    return slots;
}

uint8_t vm_module_value_type(struct vm_reader *r) {
    uint8_t t = vm_reader_byte(r);
    switch (t) {
    case VM_I32:
    case VM_I64:
        return t;
    case 0x7D:
    case 0x7C:
        vm_reader_unsupported(r, "floating point");
        return 0;
    case 0x7B:
        vm_reader_unsupported(r, "SIMD");
        return 0;
    case 0x70:
    case 0x6F:
        vm_reader_unsupported(r, "reference types");
        return 0;
    default:
        vm_reader_malformed(r, "invalid value type");
        return 0;
    }
}

static bool same_type(const struct vm_type *a, const struct vm_type *b) {
    return a->param_count == b->param_count && a->result_count == b->result_count &&
           a->result == b->result &&
           (a->param_count == 0 || memcmp(a->params, b->params, a->param_count) == 0);
}

static void read_type(struct vm_reader *r, struct vm_type *t) {
    uint8_t form = vm_reader_byte(r);
    if (!r->err && form != 0x60)
        vm_reader_malformed(r, "invalid function type");
    uint32_t params = vm_reader_count(r);
    t->params = r->at;
    for (uint32_t i = 0; i < params && !r->err; i++)
        vm_module_value_type(r);
    uint32_t results = vm_reader_count(r);
    if (!r->err && params > UINT8_MAX)
        vm_reader_unsupported(r, "more than 255 parameters");
    if (!r->err && results > 1)
        vm_reader_unsupported(r, "multi-value results");
    t->param_count = (uint8_t)params;
    t->result_count = (uint8_t)results;
    if (results > 0)
        t->result = vm_module_value_type(r);
}

static void read_types(struct vm_module *m) {
    m->type_count = vm_reader_count(&m->r);
    if (m->type_count > VM_MAX_TYPES) {
        vm_reader_unsupported(&m->r, "too many types");
        return;
    }
    m->types = vm_module_alloc(m, m->type_count * (uint32_t)sizeof *m->types);
    m->canon = vm_module_alloc(m, m->type_count * (uint32_t)sizeof *m->canon);
    for (uint32_t i = 0; i < m->type_count && !m->r.err; i++) {
        read_type(&m->r, &m->types[i]);
        uint32_t first = 0;
        while (first < i && !same_type(&m->types[first], &m->types[i]))
            first++;
        m->canon[i] = (uint16_t)first;
    }
}

static uint32_t read_type_index(struct vm_module *m) {
    uint32_t t = vm_reader_u32(&m->r);
    if (!m->r.err && t >= m->type_count)
        vm_reader_invalid(&m->r, "unknown type");
    return m->r.err ? 0 : t;
}

/* ---- imports and functions ---- */

/* Functions that are imported and those that are defined share two arrays; the imports come first
 * in the module, so the arrays grow once when the function section is met. */
static bool add_funcs(struct vm_module *m, uint32_t count) {
    uint32_t all = m->func_count + count;
    if (all > VM_MAX_FUNCS)
        return vm_reader_unsupported(&m->r, "too many functions");
    uint16_t *types = vm_module_alloc(m, all * (uint32_t)sizeof *types);
    uint32_t *code = vm_module_alloc(m, all * (uint32_t)sizeof *code);
    if (m->r.err)
        return false;
    for (uint32_t i = 0; i < m->func_count; i++) {
        types[i] = m->func_type[i];
        code[i] = m->func_code[i];
    }
    m->func_type = types;
    m->func_code = code;
    return true;
}

static void read_import(struct vm_module *m) {
    struct vm_reader *r = &m->r;
    uint32_t module_len, name_len;
    const uint8_t *module = vm_reader_name(r, &module_len);
    const uint8_t *name = vm_reader_name(r, &name_len);
    uint8_t kind = vm_reader_byte(r);
    if (r->err)
        return;
    if (kind > 4) {
        vm_reader_malformed(r, "malformed import kind");
        return;
    }
    if (kind != 0) {
        vm_reader_unsupported(r, "imports other than functions");
        return;
    }
    uint32_t type = read_type_index(m);
    if (r->err)
        return;
    int number =
        m->resolver->resolve(m->resolver->ctx, module, module_len, name, name_len, &m->types[type]);
    if (number < 0) {
        vm_reader_unsupported(r, "unknown import");
        return;
    }
    m->func_type[m->func_count] = (uint16_t)type;
    m->func_code[m->func_count] = (uint32_t)number;
    m->func_count++;
}

static void read_imports(struct vm_module *m) {
    uint32_t count = vm_reader_count(&m->r);
    if (m->r.err || !add_funcs(m, count))
        return;
    while (count-- > 0 && !m->r.err)
        read_import(m);
    m->import_count = m->func_count;
}

static void read_functions(struct vm_module *m) {
    uint32_t count = vm_reader_count(&m->r);
    if (m->r.err || !add_funcs(m, count))
        return;
    while (count-- > 0 && !m->r.err)
        m->func_type[m->func_count++] = (uint16_t)read_type_index(m);
}

/* ---- table, memory, globals ---- */

static uint32_t read_limits(struct vm_reader *r, bool memory, uint32_t *out_max) {
    uint8_t flags = vm_reader_byte(r);
    *out_max = UINT32_MAX;
    if (!r->err && flags > 1) {
        if (flags <= 3 && memory)
            vm_reader_unsupported(r, "threads: shared memory");
        else if (flags < 8 && flags & 4)
            vm_reader_unsupported(r, "64-bit memory");
        else
            vm_reader_malformed(r, "malformed limits flags");
    }
    uint32_t min = vm_reader_u32(r);
    if (flags & 1) {
        *out_max = vm_reader_u32(r);
        if (!r->err && *out_max < min)
            vm_reader_invalid(r, "size minimum must not be greater than maximum");
        if (!r->err && memory && *out_max > VM_PAGE)
            vm_reader_invalid(r, "memory size must be at most 65536 pages (4GiB)");
    }
    return min;
}

static void read_tables(struct vm_module *m) {
    struct vm_reader *r = &m->r;
    uint32_t max, count = vm_reader_count(r);
    if (r->err || count == 0)
        return;
    if (count > 1) {
        vm_reader_unsupported(r, "more than one table (reference types)");
        return;
    }
    uint8_t type = vm_reader_byte(r);
    if (!r->err && type == 0x6F)
        vm_reader_unsupported(r, "reference types");
    else if (!r->err && type != 0x70)
        vm_reader_malformed(r, "malformed table element type");
    m->table_size = read_limits(r, false, &max);
    m->has_table = true;
    if (!r->err && (m->table_size > m->limits->table_max || m->table_size > VM_NO_FUNC))
        vm_reader_unsupported(r, "table larger than the limit");
}

static void read_memories(struct vm_module *m) {
    struct vm_reader *r = &m->r;
    uint32_t max, count = vm_reader_count(r);
    if (r->err || count == 0)
        return;
    if (count > 1) {
        vm_reader_unsupported(r, "more than one memory");
        return;
    }
    uint32_t pages = read_limits(r, true, &max);
    if (!r->err && pages > VM_PAGE)
        vm_reader_invalid(r, "memory size must be at most 65536 pages (4GiB)");
    if (!r->err && pages == VM_PAGE)
        vm_reader_unsupported(r, "memory larger than the limit");
    m->has_memory = true;
    m->memory_pages = pages;
    m->memory_max_pages = max < VM_PAGE - 1 ? max : VM_PAGE - 1;
    m->memory_initial = pages * VM_PAGE;
}

/* A constant expression of the given type. */
static uint64_t read_constant(struct vm_reader *r, uint8_t type, uint32_t global_count) {
    uint64_t v = 0;
    uint8_t op = vm_reader_byte(r);
    if (r->err)
        return 0;
    switch (op) {
    case 0x41:
        v = (uint32_t)vm_reader_s32(r);
        if (!r->err && type != VM_I32)
            vm_reader_invalid(r, "type mismatch in a constant expression");
        break;
    case 0x42:
        v = (uint64_t)vm_reader_s64(r);
        if (!r->err && type != VM_I64)
            vm_reader_invalid(r, "type mismatch in a constant expression");
        break;
    case 0x23:
        /* only imported globals may be read here, and the profile has none */
        if (vm_reader_u32(r) >= global_count)
            vm_reader_invalid(r, "unknown global");
        else
            vm_reader_invalid(r, "constant expression required");
        break;
    case 0x43:
    case 0x44:
        vm_reader_unsupported(r, "floating point");
        break;
    case 0x0B:
        vm_reader_invalid(r, "type mismatch: empty constant expression");
        break;
    default:
        vm_reader_invalid(r, "constant expression required");
    }
    uint8_t end = vm_reader_byte(r);
    if (!r->err && end != 0x0B)
        vm_reader_invalid(r, "constant expression of one instruction required");
    return v;
}

uint32_t vm_module_offset(struct vm_module *m) {
    return (uint32_t)read_constant(&m->r, VM_I32, 0);
}

uint64_t vm_module_global(struct vm_module *m, uint8_t *out_type, uint8_t *out_mutable) {
    struct vm_reader *r = &m->r;
    *out_type = vm_module_value_type(r);
    *out_mutable = vm_reader_byte(r);
    if (!r->err && *out_mutable > 1)
        vm_reader_malformed(r, "malformed mutability");
    return r->err ? 0 : read_constant(r, *out_type, 0);
}

static void read_globals(struct vm_module *m) {
    struct vm_reader *r = &m->r;
    uint32_t count = vm_reader_count(r);
    if (r->err)
        return;
    if (count > VM_MAX_TYPES) {
        vm_reader_unsupported(r, "too many globals");
        return;
    }
    m->globals = vm_module_alloc(m, count * (uint32_t)sizeof *m->globals);
    m->global_at = r->at;
    for (; m->global_count < count && !r->err; m->global_count++) {
        uint8_t type, is_mutable;
        vm_module_global(m, &type, &is_mutable);
        if (r->err)
            return;
        uint32_t flags =
            (is_mutable ? VM_GLOBAL_MUTABLE : 0) | (type == VM_I64 ? VM_GLOBAL_I64 : 0);
        m->globals[m->global_count] = (uint16_t)(m->global_slots << 2 | flags);
        m->global_slots += vm_type_slots(type);
    }
}

/* ---- exports ---- */

/* What an export names must exist. */
static void check_export(struct vm_module *m, uint8_t kind, uint32_t index) {
    static const char *const unknown[] = {"unknown function", "unknown table", "unknown memory",
                                          "unknown global"};
    uint32_t counts[4] = {m->func_count, m->has_table, m->has_memory, m->global_count};
    if (kind > 3)
        vm_reader_malformed(&m->r, "malformed export kind");
    else if (index >= counts[kind])
        vm_reader_invalid(&m->r, unknown[kind]);
}

/* An immutable i32 global of this name tells how much memory the module really needs. */
static void note_heap_base(struct vm_module *m, const uint8_t *name, uint32_t len, uint32_t index) {
    static const char heap_base[] = "__heap_base";
    if (len != sizeof heap_base - 1 || memcmp(name, heap_base, len) != 0 || !m->has_memory ||
        m->globals[index] & (VM_GLOBAL_MUTABLE | VM_GLOBAL_I64))
        return;
    struct vm_reader keep = m->r;
    uint64_t value = 0;
    m->r.at = m->global_at;
    for (uint32_t i = 0; i <= index; i++) {
        uint8_t type, is_mutable;
        value = vm_module_global(m, &type, &is_mutable);
    }
    m->r = keep;
    if (value < m->memory_initial)
        m->memory_initial = ((uint32_t)value + 15) & ~15u;
}

static bool seen_before(const struct vm_module *m, uint32_t index, const uint8_t *name,
                        uint32_t len) {
    struct vm_reader r = {.base = m->r.base, .at = m->export_at, .end = m->r.end};
    for (uint32_t i = 0; i < index; i++) {
        uint32_t other_len;
        const uint8_t *other = vm_reader_bytes(&r, &other_len);
        vm_reader_byte(&r);
        vm_reader_u32(&r);
        if (other_len == len && (len == 0 || memcmp(other, name, len) == 0))
            return true;
    }
    return false;
}

static void read_exports(struct vm_module *m) {
    struct vm_reader *r = &m->r;
    m->export_count = vm_reader_count(r);
    m->export_at = r->at;
    if (m->export_count > VM_MAX_EXPORTS) {
        vm_reader_unsupported(r, "too many exports");
        return;
    }
    for (uint32_t i = 0; i < m->export_count && !r->err; i++) {
        uint32_t len;
        const uint8_t *name = vm_reader_name(r, &len);
        uint8_t kind = vm_reader_byte(r);
        uint32_t index = vm_reader_u32(r);
        if (r->err)
            return;
        check_export(m, kind, index);
        if (!r->err && seen_before(m, i, name, len))
            vm_reader_invalid(r, "duplicate export name");
        if (!r->err && kind == 3)
            note_heap_base(m, name, len, index);
    }
}

static void read_start(struct vm_module *m) {
    m->start = vm_reader_u32(&m->r);
    if (m->r.err)
        return;
    if (m->start >= m->func_count) {
        vm_reader_invalid(&m->r, "unknown function");
        return;
    }
    const struct vm_type *t = &m->types[m->func_type[m->start]];
    if (t->param_count || t->result_count)
        vm_reader_invalid(&m->r, "start function");
}

/* ---- code ---- */

static void read_code(struct vm_module *m) {
    struct vm_reader *r = &m->r;
    m->code_count = vm_reader_count(r);
    if (!r->err && m->code_count != m->func_count - m->import_count)
        vm_reader_malformed(r, "function and code section have inconsistent lengths");
    for (uint32_t i = m->import_count; i < m->func_count && !r->err; i++) {
        uint32_t len;
        const uint8_t *body = vm_reader_bytes(r, &len);
        if (r->err)
            return;
        struct vm_reader inner = {.base = r->base, .at = body, .end = body + len};
        vm_body_translate(m, &inner, i);
        if (inner.err && r->err == ONECARD_OK) {
            r->at = r->end; /* the offset that counts is the one inside */
            vm_reader_fault(r, inner.err, inner.malformed, inner.reason);
            r->reason_at = inner.reason_at;
            m->report->function = i;
        }
    }
}

/* ---- the order of sections ---- */

static void head(struct vm_module *m) {
    static const uint8_t magic[8] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    struct vm_reader *r = &m->r;
    if (r->end - r->at < 4 || memcmp(r->at, magic, 4) != 0) {
        vm_reader_malformed(r, "magic header not detected");
        return;
    }
    if (r->end - r->at < 8 || memcmp(r->at + 4, magic + 4, 4) != 0) {
        vm_reader_malformed(r, "unknown binary version");
        return;
    }
    r->at += 8;
    struct vm_head h = {.magic = VM_MAGIC,
                        .version = VM_ENGINE_VERSION,
                        .halt = TOKEN_HALT_S_0,
                        .handlers = VM_HANDLERS};
    vm_module_write(m, &h, sizeof h);
}

static void section(struct vm_module *m, uint8_t id, uint32_t *data_segments,
                    struct vm_foot *foot) {
    switch (id) {
    case 1:
        read_types(m);
        break;
    case 2:
        read_imports(m);
        break;
    case 3:
        read_functions(m);
        break;
    case 4:
        read_tables(m);
        break;
    case 5:
        read_memories(m);
        break;
    case 6:
        read_globals(m);
        break;
    case 7:
        read_exports(m);
        break;
    case 8:
        read_start(m);
        break;
    case 9:
        vm_segments_check_elems(m);
        break;
    case 12:
        m->data_count = vm_reader_u32(&m->r);
        m->has_data_count = true;
        break;
    case 10:
        read_code(m);
        break;
    case 11:
        *data_segments = vm_segments_write_data(m, foot);
        break;
    default:
        break;
    }
}

/* Where each section stands in the order; custom sections have no place. */
static uint8_t section_rank(uint8_t id) {
    static const uint8_t ranks[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10};
    return id < sizeof ranks ? ranks[id] : 0;
}

static void finish(struct vm_module *m, uint32_t data_segments, struct vm_foot *foot) {
    struct vm_reader *r = &m->r;
    if (m->code_count != m->func_count - m->import_count)
        vm_reader_malformed(r, "function and code section have inconsistent lengths");
    else if (m->has_data_count && m->data_count != data_segments)
        vm_reader_malformed(r, "data count and data section have inconsistent lengths");
    else if (m->memory_initial > m->limits->memory_max)
        vm_reader_unsupported(r, "memory larger than the limit");
    if (!r->err)
        vm_segments_write_tables(m, foot);
}

static void read_sections(struct vm_module *m, struct vm_foot *foot) {
    struct vm_reader *r = &m->r;
    const uint8_t *end = r->end;
    uint8_t rank = 0;
    uint32_t data_segments = 0;
    while (!r->err && r->at < end) {
        uint8_t id = vm_reader_byte(r);
        uint32_t len = vm_reader_count(r);
        if (r->err)
            return;
        if (id > 12) {
            if (id == 13)
                vm_reader_unsupported(r, "exceptions");
            else
                vm_reader_malformed(r, "malformed section id");
            return;
        }
        r->end = r->at + len;
        if (id == 0) {
            uint32_t name_len;
            vm_reader_name(r, &name_len);
            r->at = r->end;
        } else if (section_rank(id) <= rank) {
            vm_reader_malformed(r, "unexpected content after last section");
        } else {
            rank = section_rank(id);
            section(m, id, &data_segments, foot);
        }
        if (!r->err && r->at != r->end)
            vm_reader_malformed(r, "section size mismatch");
        r->end = end;
    }
    if (!r->err)
        finish(m, data_segments, foot);
}

enum onecard_err vm_translate(const uint8_t *wasm, uint32_t wasm_len,
                              const struct vm_limits *limits, const struct vm_resolver *resolver,
                              void *scratch, uint32_t scratch_size, const struct vm_sink *sink,
                              struct vm_report *out_report) {
    uint32_t skew = (uint32_t)(-(uintptr_t)scratch & 7);
    struct vm_report report = {.function = UINT32_MAX};
    struct vm_foot foot = {.start = VM_NONE};
    *out_report = report;
    if (scratch_size < sizeof(struct vm_module) + skew + 256) {
        out_report->reason = "scratch too small";
        return ONECARD_E_NO_MEMORY;
    }
    struct vm_module *m = (struct vm_module *)(void *)((uint8_t *)scratch + skew);
    memset(m, 0, sizeof *m);
    m->r = (struct vm_reader){.base = wasm, .at = wasm, .end = wasm + wasm_len};
    m->limits = limits;
    m->resolver = resolver;
    m->sink = sink;
    m->report = out_report;
    m->scratch = (uint8_t *)scratch;
    m->scratch_end = (uint8_t *)m + ((scratch_size - skew) & ~7u);
    m->free = (uint8_t *)m + ((sizeof *m + 7) & ~(size_t)7);
    m->start = VM_NONE;

    head(m);
    if (!m->r.err)
        read_sections(m, &foot);
    out_report->reason = m->r.reason;
    out_report->offset = m->r.err ? m->r.reason_at : 0;
    out_report->malformed = m->r.malformed;
    out_report->image_size = m->written;
    return m->r.err;
}
