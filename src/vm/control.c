/* Structured control and calls: the stacks of the validator, and where branches go. */
#include "vm/body.h"

/* ---- the stacks ---- */

struct vm_entry vm_pop_nothing(struct vm_body *b) {
    struct vm_entry unknown = {.type = VM_UNKNOWN, .home = (uint16_t)b->height};
    if (!b->ctl->unreachable)
        vm_reader_invalid(b->r, "type mismatch: the stack is empty");
    return unknown;
}

struct vm_entry vm_pop_odd(struct vm_body *b, uint8_t type) {
    struct vm_entry e = vm_pop_any(b);
    if (e.type != type && e.type != VM_UNKNOWN)
        vm_reader_invalid(b->r, "type mismatch");
    return e;
}

void vm_push_dead(struct vm_body *b, uint8_t type) {
    vm_push(b, type, KIND_TEMP, 0);
}

/* What follows is never run. */
void vm_set_unreachable(struct vm_body *b) {
    while (b->sp < (struct vm_entry *)b->ctl)
        vm_pop_any(b);
    b->height = b->ctl->home;
    b->ctl->unreachable = 1;
    b->dead = true;
    b->pending = false;
    b->acc_slot = NO_SLOT;
}

void vm_push_ctl(struct vm_body *b, enum vm_block kind, uint8_t result) {
    struct vm_ctl *c = (struct vm_ctl *)(void *)b->sp - 1;
    if ((uintptr_t)c < (uintptr_t)(b->code + b->count) + sizeof *c) {
        vm_reader_fault(b->r, ONECARD_E_NO_MEMORY, false, "function too large for the scratch");
        return;
    }
    memset(c, 0, sizeof *c);
    c->kind = (uint8_t)kind;
    c->result = result;
    c->dead = b->dead;
    c->home = (uint16_t)b->height;
    c->ops = b->ops;
    c->label = b->count;
    c->outer = b->ctl;
    b->ctl = c;
    b->sp = (struct vm_entry *)(void *)c;
}

static struct vm_ctl *label(struct vm_body *b, uint32_t depth) {
    struct vm_ctl *c = b->ctl;
    while (c && depth-- > 0)
        c = c->outer;
    if (!c)
        vm_reader_invalid(b->r, "unknown label");
    return c;
}

/* The type that a branch to the label carries. */
static uint8_t label_type(const struct vm_ctl *c) {
    return c->kind == BLOCK_LOOP ? 0 : c->result;
}

static uint8_t block_type(struct vm_body *b) {
    struct vm_reader *r = b->r;
    uint8_t t = r->at < r->end ? *r->at : 0;
    switch (t) {
    case 0x40:
        r->at++;
        return 0;
    case VM_I32:
    case VM_I64:
        r->at++;
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
        if (t & 0x40)
            vm_reader_malformed(r, "invalid block type");
        else
            vm_reader_unsupported(r, "multi-value blocks");
        return 0;
    }
}

/* ---- control ---- */

void vm_op_block(struct vm_body *b, enum vm_block kind) {
    uint8_t result = block_type(b);
    vm_emit_settle(b);
    if (kind == BLOCK_LOOP) {
        b->acc_slot = NO_SLOT;
        vm_emit_label(b);
    }
    vm_push_ctl(b, kind, result);
}

void vm_op_if(struct vm_body *b) {
    uint8_t result = block_type(b);
    struct vm_entry cond = vm_pop(b, VM_I32);
    uint32_t fix = 0;
    /* locals below move without disturbing a pending condition */
    if (cond.kind != KIND_PENDING)
        vm_emit_settle(b);
    else if (!b->dead && b->lazy > 0)
        for (struct vm_entry *e = b->sp; e < (struct vm_entry *)b->ctl; e++)
            if (e->kind == KIND_LOCAL)
                vm_emit_home(b, e);
    vm_emit_branch(b, NULL, &fix, cond, true);
    vm_push_ctl(b, BLOCK_IF, result);
    b->ctl->else_fix = fix;
}

/* The value at the end of a block goes to the block's home. */
static void end_value(struct vm_body *b) {
    struct vm_ctl *c = b->ctl;
    if (c->result) {
        struct vm_entry e = vm_pop(b, c->result);
        if (c->kind != BLOCK_FUNC || c->fix)
            vm_emit_move(b, c->home, e);
        else
            vm_emit_return(b, c->result, e);
    } else {
        vm_emit_flush(b);
    }
    if (b->sp != (struct vm_entry *)c)
        vm_reader_invalid(b->r, "type mismatch: values remain at the end of a block");
}

void vm_op_else(struct vm_body *b) {
    struct vm_ctl *c = b->ctl;
    if (c->kind != BLOCK_IF) {
        vm_reader_malformed(b->r, "else without if");
        return;
    }
    end_value(b);
    vm_emit_jump(b, c);
    vm_emit_bind(b, c->else_fix);
    c->else_fix = 0;
    c->kind = BLOCK_ELSE;
    c->unreachable = 0;
    b->dead = c->dead;
    b->pending = false;
    b->acc_slot = NO_SLOT;
    b->height = c->home;
}

/* The last end: return, from here and from all branches to the function's label. */
static void end_function(struct vm_body *b) {
    struct vm_ctl *c = b->ctl;
    struct vm_entry value = {.type = c->result, .kind = KIND_TEMP, .home = c->home};
    bool branched = c->fix != 0;
    if (b->dead && !branched)
        return;
    if (branched) {
        vm_emit_bind(b, c->fix);
        b->dead = false;
        b->acc_slot = NO_SLOT;
        if (c->result)
            b->height_max = b->height_max > c->home + 2u ? b->height_max : c->home + 2u;
    } else if (c->result) {
        return; /* end_value() has returned already */
    }
    vm_emit_return(b, c->result, value);
}

bool vm_op_end(struct vm_body *b) {
    struct vm_ctl *c = b->ctl;
    end_value(b);
    if (b->r->err)
        return false;
    if (c->kind == BLOCK_IF && c->result) {
        vm_reader_invalid(b->r, "type mismatch: if without else has a result");
        return false;
    }
    if (c->kind == BLOCK_FUNC) {
        end_function(b);
        b->ctl = NULL;
        return false;
    }
    if (c->kind == BLOCK_IF && c->else_fix) {
        vm_emit_bind(b, c->else_fix);
        b->dead = c->dead;
        b->acc_slot = NO_SLOT;
    }
    if (c->fix) {
        vm_emit_bind(b, c->fix);
        b->dead = c->dead;
        b->acc_slot = NO_SLOT;
    }
    b->height = c->home;
    b->sp = (struct vm_entry *)(void *)(c + 1);
    b->ctl = c->outer;
    if (c->result) {
        uint8_t result = c->result;
        vm_push(b, result, KIND_TEMP, 0);
    }
    return true;
}

void vm_op_br(struct vm_body *b) {
    struct vm_ctl *to = label(b, vm_reader_u32(b->r));
    if (!to)
        return;
    uint8_t type = label_type(to);
    struct vm_entry value = {.type = 0};
    if (type)
        value = vm_pop(b, type);
    if (to->kind == BLOCK_FUNC) {
        vm_emit_return(b, type, value);
    } else {
        if (type)
            vm_emit_move(b, to->home, value);
        vm_emit_jump(b, to);
    }
    vm_set_unreachable(b);
}

/* A value that a branch carries to another slot than its own moves only if the branch is taken. */
static void branch_with_move(struct vm_body *b, struct vm_ctl *to, struct vm_entry cond,
                             struct vm_entry *value) {
    uint32_t skip = 0;
    if (value->kind == KIND_PENDING)
        vm_emit_home(b, value);
    vm_emit_branch(b, NULL, &skip, cond, true);
    vm_emit_move(b, to->home, *value);
    vm_emit_jump(b, to);
    vm_emit_bind(b, skip);
}

void vm_op_br_if(struct vm_body *b) {
    struct vm_ctl *to = label(b, vm_reader_u32(b->r));
    struct vm_entry cond = vm_pop(b, VM_I32);
    if (!to)
        return;
    uint8_t type = label_type(to);
    if (type) {
        struct vm_entry value = vm_pop(b, type);
        /* back on the stack: it stays there if the branch is not taken */
        struct vm_entry *e = vm_push(b, type, value.kind, value.v);
        if (b->r->err)
            return;
        if (value.kind == KIND_PENDING)
            b->pend_entry = e;
        if (b->dead)
            return;
        if (e->home != to->home) {
            branch_with_move(b, to, cond, e);
            /* the accumulator differs between the two ways; only the fall through goes on here */
            return;
        }
        vm_emit_home(b, e);
    }
    vm_emit_branch(b, to, NULL, cond, false);
}

/* A stub carries what a table entry cannot: a moved value, or the cost of a back edge. */
#define STUBS 8u

struct stubs {
    uint32_t depth[STUBS];
    uint32_t at[STUBS];
    uint32_t count;
};

static uint32_t make_stub(struct vm_body *b, struct stubs *stubs, uint32_t depth, struct vm_ctl *to,
                          const struct vm_entry *value) {
    for (uint32_t i = 0; i < stubs->count && i < STUBS; i++)
        if (stubs->depth[i] == depth)
            return stubs->at[i];
    uint32_t at = b->count;
    vm_emit_label(b);
    if (label_type(to))
        vm_emit_move(b, to->home, *value);
    vm_emit_jump(b, to);
    stubs->depth[stubs->count % STUBS] = depth;
    stubs->at[stubs->count % STUBS] = at;
    stubs->count++;
    return at;
}

static bool needs_stub(const struct vm_ctl *to, const struct vm_entry *value) {
    return to->kind == BLOCK_LOOP || (label_type(to) && to->home != value->home);
}

/* Check the targets of a branch table against the default's type; the reader ends behind them. */
static uint8_t table_type(struct vm_body *b, uint32_t last) {
    struct vm_reader *r = b->r;
    uint8_t type = 0;
    for (uint32_t i = 0; i <= last && r->err == ONECARD_OK; i++) {
        struct vm_ctl *to = label(b, vm_reader_u32(r));
        uint8_t t = to ? label_type(to) : 0;
        if (i == 0)
            type = t;
        else if (t != type)
            vm_reader_invalid(r, "type mismatch: targets of br_table differ");
    }
    return type;
}

void vm_op_br_table(struct vm_body *b) {
    struct vm_reader *r = b->r;
    uint32_t last = vm_reader_count(r);
    const uint8_t *targets = r->at;
    struct vm_entry index = vm_pop(b, VM_I32);
    uint8_t type = table_type(b, last);
    struct vm_entry value = {.type = 0};
    if (type)
        value = vm_pop(b, type);
    if (r->err)
        return;
    if (last > 0x7FFF) {
        vm_reader_unsupported(r, "branch table too large");
        return;
    }
    if (!b->dead) {
        const uint8_t *after = r->at;
        struct stubs stubs = {.count = 0};
        if (type && value.kind != KIND_TEMP) {
            struct vm_entry moved = value;
            moved.kind = KIND_TEMP;
            vm_emit_move(b, value.home, value);
            value = moved;
        }
        vm_emit_table(b, index, last);
        uint32_t table = b->count;
        r->at = targets;
        for (uint32_t i = 0; i <= last && !r->err; i++) {
            struct vm_ctl *to = label(b, vm_reader_u32(r));
            uint32_t none = 0;
            vm_emit_fix(b, needs_stub(to, &value) ? &none : &to->fix);
        }
        r->at = r->err ? r->end : targets;
        for (uint32_t i = 0; i <= last && !r->err; i++) {
            uint32_t depth = vm_reader_u32(r);
            struct vm_ctl *to = label(b, depth);
            if (needs_stub(to, &value))
                vm_emit_distance(b, table + i, make_stub(b, &stubs, depth, to, &value));
        }
        if (!r->err)
            r->at = after;
    }
    vm_set_unreachable(b);
}

void vm_op_return(struct vm_body *b) {
    struct vm_ctl *c = b->ctl;
    while (c->outer)
        c = c->outer;
    struct vm_entry value = {.type = 0};
    if (c->result)
        value = vm_pop(b, c->result);
    vm_emit_return(b, c->result, value);
    vm_set_unreachable(b);
}

/* ---- calls ---- */

/* Check and pop arguments after the call was emitted, then push the result. */
static void finish_call(struct vm_body *b, const struct vm_type *type) {
    for (uint32_t i = type->param_count; i > 0; i--)
        vm_pop(b, type->params[i - 1]);
    if (type->result_count)
        vm_push(b, type->result, KIND_TEMP, 0);
}

/* true if the operands are there, so that code may be emitted for them */
bool vm_args_there(struct vm_body *b, uint32_t count) {
    if (b->dead)
        return true;
    if ((size_t)((struct vm_entry *)b->ctl - b->sp) >= count)
        return true;
    return vm_reader_invalid(b->r, "type mismatch: too few arguments");
}

void vm_op_call(struct vm_body *b) {
    uint32_t func = vm_reader_u32(b->r);
    if (b->r->err)
        return;
    if (func >= b->m->func_count) {
        vm_reader_invalid(b->r, "unknown function");
        return;
    }
    const struct vm_type *type = &b->m->types[b->m->func_type[func]];
    if (!vm_args_there(b, type->param_count))
        return;
    vm_emit_call(b, func, type->param_count, type);
    finish_call(b, type);
}

void vm_op_call_indirect(struct vm_body *b) {
    uint32_t index = vm_reader_u32(b->r);
    if (vm_reader_byte(b->r) != 0)
        vm_reader_malformed(b->r, "zero flag expected");
    else if (!b->m->has_table)
        vm_reader_invalid(b->r, "unknown table");
    else if (index >= b->m->type_count)
        vm_reader_invalid(b->r, "unknown type");
    if (b->r->err)
        return;
    const struct vm_type *type = &b->m->types[index];
    struct vm_entry element = vm_pop(b, VM_I32);
    if (!vm_args_there(b, type->param_count))
        return;
    vm_emit_call_indirect(b, element, b->m->canon[index], type->param_count, type);
    finish_call(b, type);
}
