/* Function bodies: validation, and what to emit for each instruction, in one pass. */
#include "vm/body.h"

/* ---- variables and memory ---- */

static uint32_t local_index(struct vm_body *b) {
    uint32_t i = vm_reader_u32(b->r);
    if (!b->r->err && i >= b->local_count)
        vm_reader_invalid(b->r, "unknown local");
    return b->r->err ? 0 : i;
}

static void op_local(struct vm_body *b, uint8_t op) {
    uint32_t i = local_index(b);
    if (b->r->err)
        return;
    if (op == 0x20) {
        vm_emit_local_get(b, i);
        return;
    }
    uint8_t type = b->locals[i] & 1 ? VM_I64 : VM_I32;
    struct vm_entry value = vm_pop(b, type);
    vm_emit_local_set(b, i, value);
    if (op == 0x22) {
        if (value.kind == KIND_CONST && !b->dead)
            vm_push(b, type, KIND_CONST, value.v);
        else
            vm_emit_local_get(b, i);
    }
}

static void op_global(struct vm_body *b, uint8_t op) {
    uint32_t i = vm_reader_u32(b->r);
    if (b->r->err)
        return;
    if (i >= b->m->global_count) {
        vm_reader_invalid(b->r, "unknown global");
        return;
    }
    uint32_t info = b->m->globals[i];
    uint8_t type = info & VM_GLOBAL_I64 ? VM_I64 : VM_I32;
    if (op == 0x23) {
        vm_emit_global_get(b, info >> 2, type);
    } else if (!(info & VM_GLOBAL_MUTABLE)) {
        vm_reader_invalid(b->r, "global is immutable");
    } else {
        vm_emit_global_set(b, info >> 2, vm_pop(b, type));
    }
}

static bool need_memory(struct vm_body *b) {
    return b->m->has_memory || vm_reader_invalid(b->r, "unknown memory");
}

/* 0x28 to 0x3E: row, width and type of each; row 0 of width 0 is floating point. */
static const struct {
    uint8_t row, width, type;
} accesses[] = {
    {ROW_LOAD, 4, VM_I32},
    {ROW_LOAD64, 8, VM_I64},
    {0, 0, 0},
    {0, 0, 0},
    {ROW_LOAD8_S, 1, VM_I32},
    {ROW_LOAD8_U, 1, VM_I32},
    {ROW_LOAD16_S, 2, VM_I32},
    {ROW_LOAD16_U, 2, VM_I32},
    {ROW_LOAD64_8S, 1, VM_I64},
    {ROW_LOAD64_8U, 1, VM_I64},
    {ROW_LOAD64_16S, 2, VM_I64},
    {ROW_LOAD64_16U, 2, VM_I64},
    {ROW_LOAD64_32S, 4, VM_I64},
    {ROW_LOAD64_32U, 4, VM_I64},
    {ROW_STORE_S, 4, VM_I32},
    {ROW_STORE64_S, 8, VM_I64},
    {0, 0, 0},
    {0, 0, 0},
    {ROW_STORE8_S, 1, VM_I32},
    {ROW_STORE16_S, 2, VM_I32},
    {ROW_STORE8_S, 1, VM_I64},
    {ROW_STORE16_S, 2, VM_I64},
    {ROW_STORE_S, 4, VM_I64},
};

static void op_access(struct vm_body *b, uint8_t op) {
    uint8_t row = accesses[op - 0x28].row;
    uint8_t width = accesses[op - 0x28].width;
    uint8_t type = accesses[op - 0x28].type;
    if (width == 0) {
        vm_reader_unsupported(b->r, "floating point");
        return;
    }
    uint32_t align = vm_reader_u32(b->r);
    uint32_t offset = vm_reader_u32(b->r);
    if (b->r->err || !need_memory(b))
        return;
    if (align > 31 || 1u << align > width) {
        vm_reader_invalid(b->r, "alignment must not be larger than natural");
        return;
    }
    if (op < 0x36) {
        vm_emit_load(b, row, width, offset, vm_pop(b, VM_I32), type);
        return;
    }
    struct vm_entry value = vm_pop(b, type);
    struct vm_entry address = vm_pop(b, VM_I32);
    vm_emit_store(b, row, width, offset, address, value);
}

static void zero_byte(struct vm_body *b) {
    if (vm_reader_byte(b->r) != 0)
        vm_reader_malformed(b->r, "zero flag expected");
}

static void op_memory_size(struct vm_body *b, uint8_t op) {
    zero_byte(b);
    if (b->r->err || !need_memory(b))
        return;
    if (op == 0x3F)
        vm_emit_memory_size(b);
    else
        vm_emit_memory_grow(b, vm_pop(b, VM_I32));
}

/* The checks of one bulk instruction's immediates. */
static uint32_t bulk_immediates(struct vm_body *b, uint32_t op) {
    struct vm_module *m = b->m;
    uint32_t segment = 0;
    if (op == VM_MEMORY_INIT || op == VM_DATA_DROP) {
        segment = vm_reader_u32(b->r);
        if (op == VM_MEMORY_INIT)
            zero_byte(b);
        if (!b->r->err && !m->has_data_count)
            vm_reader_malformed(b->r, "data count section required");
        else if (!b->r->err && op == VM_MEMORY_INIT && !need_memory(b))
            return 0;
        else if (!b->r->err && segment >= m->data_count)
            vm_reader_invalid(b->r, "unknown data segment");
        return segment;
    }
    if (op == VM_TABLE_INIT || op == VM_ELEM_DROP)
        segment = vm_reader_u32(b->r);
    if (op != VM_ELEM_DROP)
        zero_byte(b);
    if (op == VM_MEMORY_COPY || op == VM_TABLE_COPY)
        zero_byte(b);
    if (b->r->err)
        return 0;
    if (op == VM_MEMORY_COPY || op == VM_MEMORY_FILL)
        need_memory(b);
    else if (op != VM_ELEM_DROP && !m->has_table)
        vm_reader_invalid(b->r, "unknown table");
    else if ((op == VM_TABLE_INIT || op == VM_ELEM_DROP) && segment >= m->elem_count)
        vm_reader_invalid(b->r, "unknown elem segment");
    return segment;
}

static void op_bulk(struct vm_body *b) {
    uint32_t code = vm_reader_u32(b->r);
    if (b->r->err)
        return;
    if (code < 8) {
        vm_reader_unsupported(b->r, "floating point");
        return;
    }
    if (code > 17) {
        vm_reader_malformed(b->r, "illegal opcode");
        return;
    }
    if (code > 14) {
        vm_reader_unsupported(b->r, "reference types");
        return;
    }
    uint32_t op = code - 8;
    uint32_t segment = bulk_immediates(b, op);
    uint32_t args = op == VM_DATA_DROP || op == VM_ELEM_DROP ? 0 : 3;
    if (b->r->err || !vm_args_there(b, args))
        return;
    vm_emit_bulk(b, op, args, segment);
    for (uint32_t i = 0; i < args; i++)
        vm_pop(b, VM_I32);
}

/* ---- numbers ---- */

/* Comparisons in Wasm's order: row, and whether the operands change places (a > b is b < a). */
static const struct {
    uint8_t row, swapped;
} compares[10] = {
    {ROW_EQ, 0},   {ROW_NE, 0},   {ROW_LT_S, 0}, {ROW_LT_U, 0}, {ROW_LT_S, 1},
    {ROW_LT_U, 1}, {ROW_GE_S, 1}, {ROW_GE_U, 1}, {ROW_GE_S, 0}, {ROW_GE_U, 0},
};

static void op_compare(struct vm_body *b, uint32_t which, uint8_t type) {
    struct vm_entry y = vm_pop(b, type);
    struct vm_entry x = vm_pop(b, type);
    uint8_t row = compares[which].row;
    bool swapped = compares[which].swapped;
    if (type == VM_I64) {
        row = (uint8_t)(row - ROW_EQ + ROW_EQ64);
        /* operands go to their slots in the order in which they stand */
        vm_emit_compare64(b, row, x, y, swapped);
    } else {
        vm_emit_binary(b, row, swapped ? y : x, swapped ? x : y, VM_I32);
    }
}

static void op_binary(struct vm_body *b, uint8_t row, uint8_t type) {
    struct vm_entry y = vm_pop(b, type);
    struct vm_entry x = vm_pop(b, type);
    if (type == VM_I64)
        vm_emit_binary64(b, row, x, y, VM_I64);
    else
        vm_emit_binary(b, row, x, y, VM_I32);
}

static void op_number(struct vm_body *b, uint8_t op) {
    if (op == 0x45) {
        vm_emit_eqz(b, vm_pop(b, VM_I32));
    } else if (op <= 0x4F) {
        op_compare(b, op - 0x46u, VM_I32);
    } else if (op == 0x50) {
        struct vm_entry zero = {.type = VM_I64, .kind = KIND_CONST};
        vm_emit_compare64(b, ROW_EQ64, vm_pop(b, VM_I64), zero, false);
    } else if (op <= 0x5A) {
        op_compare(b, op - 0x51u, VM_I64);
    } else if (op >= 0x67 && op <= 0x69) {
        vm_emit_unary(b, (uint8_t)(ROW_CLZ + (op - 0x67)), vm_pop(b, VM_I32), VM_I32);
    } else if (op >= 0x6A && op <= 0x78) {
        op_binary(b, (uint8_t)(ROW_ADD + (op - 0x6A)), VM_I32);
    } else if (op >= 0x79 && op <= 0x7B) {
        vm_emit_unary(b, (uint8_t)(ROW_CLZ64 + (op - 0x79)), vm_pop(b, VM_I64), VM_I64);
    } else if (op >= 0x7C && op <= 0x8A) {
        op_binary(b, (uint8_t)(ROW_ADD64 + (op - 0x7C)), VM_I64);
    } else if (op == 0xA7) {
        vm_emit_wrap(b, vm_pop(b, VM_I64));
    } else if (op == 0xAC || op == 0xAD) {
        vm_emit_unary(b, (uint8_t)(ROW_EXTEND_S + (op - 0xAC)), vm_pop(b, VM_I32), VM_I64);
    } else if (op == 0xC0 || op == 0xC1) {
        vm_emit_unary(b, (uint8_t)(ROW_EXT8 + (op - 0xC0)), vm_pop(b, VM_I32), VM_I32);
    } else if (op >= 0xC2 && op <= 0xC4) {
        vm_emit_unary(b, (uint8_t)(ROW_EXT64_8 + (op - 0xC2)), vm_pop(b, VM_I64), VM_I64);
    } else {
        vm_reader_unsupported(b->r, "floating point");
    }
}

static void op_select(struct vm_body *b) {
    struct vm_entry cond = vm_pop(b, VM_I32);
    struct vm_entry y = vm_pop_any(b);
    struct vm_entry x = vm_pop_any(b);
    uint8_t type = x.type == VM_UNKNOWN ? y.type : x.type;
    if (x.type != y.type && x.type != VM_UNKNOWN && y.type != VM_UNKNOWN)
        vm_reader_invalid(b->r, "type mismatch: the sides of select differ");
    if (type == VM_UNKNOWN)
        vm_push_dead(b, VM_UNKNOWN);
    else
        vm_emit_select(b, x, y, cond, type);
}

static void op_other(struct vm_body *b, uint8_t op) {
    struct vm_reader *r = b->r;
    switch (op) {
    case 0x06:
    case 0x07:
    case 0x08:
    case 0x09:
    case 0x0A:
    case 0x18:
    case 0x19:
        vm_reader_unsupported(r, "exceptions");
        break;
    case 0x12:
    case 0x13:
        vm_reader_unsupported(r, "tail calls");
        break;
    case 0x1C:
    case 0x25:
    case 0x26:
    case 0xD0:
    case 0xD1:
    case 0xD2:
        vm_reader_unsupported(r, "reference types");
        break;
    case 0x43:
    case 0x44:
        vm_reader_unsupported(r, "floating point");
        break;
    case 0xFD:
        vm_reader_unsupported(r, "SIMD");
        break;
    case 0xFE:
        vm_reader_unsupported(r, "threads");
        break;
    default:
        vm_reader_malformed(r, "illegal opcode");
    }
}

/* One instruction; false at the end of the function. After a fault nothing can be read any more, so
 * that the next one ends it. */
static inline bool instruction(struct vm_body *b, struct vm_reader *r) {
    if (r->at == r->end)
        return vm_reader_malformed(r, "unexpected end");
    uint8_t op = *r->at++;
    b->ops++;
    switch (op) {
    case 0x00:
        vm_emit_plain(b, ROW_UNREACHABLE);
        vm_set_unreachable(b);
        break;
    case 0x01:
        break;
    case 0x02:
        vm_op_block(b, BLOCK_PLAIN);
        break;
    case 0x03:
        vm_op_block(b, BLOCK_LOOP);
        break;
    case 0x04:
        vm_op_if(b);
        break;
    case 0x05:
        vm_op_else(b);
        break;
    case 0x0B:
        return vm_op_end(b);
    case 0x0C:
        vm_op_br(b);
        break;
    case 0x0D:
        vm_op_br_if(b);
        break;
    case 0x0E:
        vm_op_br_table(b);
        break;
    case 0x0F:
        vm_op_return(b);
        break;
    case 0x10:
        vm_op_call(b);
        break;
    case 0x11:
        vm_op_call_indirect(b);
        break;
    case 0x1A:
        vm_emit_drop(b, vm_pop_any(b));
        break;
    case 0x1B:
        op_select(b);
        break;
    case 0x20:
    case 0x21:
    case 0x22:
        op_local(b, op);
        break;
    case 0x23:
    case 0x24:
        op_global(b, op);
        break;
    case 0x3F:
    case 0x40:
        op_memory_size(b, op);
        break;
    case 0x41: {
        int32_t v = vm_reader_s32(r);
        vm_push(b, VM_I32, b->dead ? KIND_TEMP : KIND_CONST, (uint32_t)v);
        break;
    }
    case 0x42:
        vm_emit_const64(b, vm_reader_s64(r));
        break;
    case 0xFC:
        op_bulk(b);
        break;
    default:
        if (op >= 0x28 && op <= 0x3E)
            op_access(b, op);
        else if (op >= 0x45 && op <= 0xC4)
            op_number(b, op);
        else
            op_other(b, op);
    }
    return true;
}

/* ---- the whole body ---- */

static void add_locals(struct vm_body *b, uint32_t n, uint8_t type, uint32_t *slot) {
    uint32_t size = vm_type_slots(type);
    if (n > VM_MAX_SLOTS || *slot + n * size > VM_MAX_SLOTS) {
        vm_reader_unsupported(b->r, "too many locals");
        return;
    }
    if ((uintptr_t)(b->locals + b->local_count + n) > (uintptr_t)b->sp) {
        vm_reader_fault(b->r, ONECARD_E_NO_MEMORY, false, "function too large for the scratch");
        return;
    }
    for (uint32_t i = 0; i < n; i++, *slot += size)
        b->locals[b->local_count++] = (uint16_t)(*slot << 1 | (type == VM_I64));
}

/* Lay out parameters, saved words and locals; read the declarations. */
static void declare(struct vm_body *b, const struct vm_type *type) {
    uint32_t slot = 0;
    for (uint32_t i = 0; i < type->param_count; i++)
        add_locals(b, 1, type->params[i], &slot);
    b->saved = slot;
    slot += VM_SAVED;
    uint64_t total = 0;
    for (uint32_t groups = vm_reader_count(b->r); groups > 0 && !b->r->err; groups--) {
        uint32_t n = vm_reader_u32(b->r);
        uint8_t t = vm_module_value_type(b->r);
        total += n;
        if (total > UINT32_MAX)
            vm_reader_malformed(b->r, "too many locals");
        if (!b->r->err)
            add_locals(b, n, t, &slot);
    }
    b->height = b->height_max = slot;
}

static void note_scratch(struct vm_body *b) {
    struct vm_module *m = b->m;
    uint32_t used = (uint32_t)((uint8_t *)(b->code + b->count) - m->scratch) +
                    (uint32_t)(m->scratch_end - (uint8_t *)b->sp);
    if (used > m->report->scratch_used)
        m->report->scratch_used = used;
}

void vm_body_translate(struct vm_module *m, struct vm_reader *r, uint32_t func) {
    const struct vm_type *type = &m->types[m->func_type[func]];
    struct vm_body body = {.m = m, .r = r, .acc_slot = NO_SLOT};
    struct vm_body *b = &body;
    b->sp = (struct vm_entry *)(void *)m->scratch_end;
    b->locals = (uint16_t *)(void *)m->free;
    declare(b, type);
    if (r->err)
        return;
    b->code = b->locals + b->local_count;
    b->count = VM_ENTRY_UNITS;
    if ((uintptr_t)(b->code + b->count + 64) > (uintptr_t)b->sp) {
        vm_reader_fault(r, ONECARD_E_NO_MEMORY, false, "function too large for the scratch");
        return;
    }
    vm_push_ctl(b, BLOCK_FUNC, type->result_count ? type->result : 0);
    const struct vm_entry *deepest = (struct vm_entry *)(void *)m->scratch_end;
    while (instruction(b, r)) {
        if (b->sp < deepest || (b->ops & 63) == 0) {
            deepest = b->sp < deepest ? b->sp : deepest;
            note_scratch(b);
        }
    }
    note_scratch(b);
    if (!r->err && r->at != r->end)
        vm_reader_malformed(r, "unexpected bytes after the end of a body");
    if (!r->err && b->height_max > 0xFFF0)
        vm_reader_unsupported(r, "frame too large");
    if (r->err)
        return;
    b->code[VM_ENTRY_PARAMS] = (uint16_t)b->saved;
    b->code[VM_ENTRY_FRAME] = (uint16_t)(b->height_max + 2);
    b->code[VM_ENTRY_LOCALS] = (uint16_t)0;
    b->code[VM_ENTRY_COST] = (uint16_t)(b->ops < 0xFFFF ? b->ops : 0xFFFF);
    uint32_t slots = 0;
    for (uint32_t i = type->param_count; i < b->local_count; i++)
        slots += b->locals[i] & 1 ? 2 : 1;
    b->code[VM_ENTRY_LOCALS] = (uint16_t)slots;
    m->func_code[func] = (m->written + m->staged) / 2;
    vm_module_write(m, b->code, b->count * 2);
}
