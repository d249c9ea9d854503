#include "vm/bits.h"
#include "vm/emit.h"

static const struct {
    uint16_t base;
    uint16_t mask;
} rows[ROW_COUNT] = {VM_ROWS};

static bool has_form(uint8_t row, unsigned form, unsigned variant) {
    return rows[row].mask >> (form * 2 + variant) & 1;
}

static void put(struct vm_body *b, uint32_t unit) {
    if ((uintptr_t)(b->code + b->count + 1) > (uintptr_t)b->sp) {
        vm_reader_fault(b->r, ONECARD_E_NO_MEMORY, false, "function too large for the scratch");
        return;
    }
    b->code[b->count++] = (uint16_t)unit;
}

static void put32(struct vm_body *b, uint32_t value) {
    put(b, value & 0xFFFF);
    put(b, value >> 16);
}

static void put_token(struct vm_body *b, uint8_t row, unsigned form, unsigned variant) {
    unsigned bit = form * 2 + variant;
    put(b, rows[row].base + popcount32(rows[row].mask & ((1u << bit) - 1)));
}

/* Which operands a form has in its units. */
static bool form_has_a(uint8_t form) {
    return form == FORM_SS || form == FORM_SI || form == FORM_SA || form == FORM_S;
}

static bool form_has_b(uint8_t form) {
    return form == FORM_SS || form == FORM_AS;
}

static bool form_has_imm(uint8_t form) {
    return form == FORM_SI || form == FORM_AI || form == FORM_I;
}

static void put_insn(struct vm_body *b, const struct vm_insn *i, unsigned variant, uint32_t dest) {
    put_token(b, i->row, i->form, variant);
    if (dest != NO_SLOT)
        put(b, dest);
    if (form_has_a(i->form))
        put(b, i->a);
    if (form_has_b(i->form))
        put(b, i->b);
    if (form_has_imm(i->form))
        put32(b, i->imm);
    for (unsigned k = 0; k < i->extras; k++)
        put(b, i->extra[k]);
}

/* ---- the pending instruction ---- */

static bool row_is_wide(uint8_t row) {
    return (row >= ROW_LOAD64 && row <= ROW_LOAD64_32U) ||
           (row >= ROW_ADD64 && row <= ROW_ROTR64) || (row >= ROW_CLZ64 && row <= ROW_EXTEND_U) ||
           row == ROW_SELECT64 || row == ROW_GLOBAL_GET64;
}

/* A slot got a value that the accumulator does not have. */
static void slot_changed(struct vm_body *b, uint32_t slot, uint32_t slots) {
    if (b->acc_slot >= slot && b->acc_slot < slot + slots)
        b->acc_slot = NO_SLOT;
}

static void flush_to(struct vm_body *b, uint32_t slot) {
    put_insn(b, &b->pend, 0, slot);
    if (row_is_wide(b->pend.row))
        slot_changed(b, slot, 2);
    else
        b->acc_slot = slot;
    b->pending = false;
}

void vm_emit_flush(struct vm_body *b) {
    if (!b->pending)
        return;
    flush_to(b, b->pend.home);
    b->pend_entry->kind = KIND_TEMP;
}

/* Emit the pending instruction for a consumer that takes the accumulator. */
static void flush_to_acc(struct vm_body *b) {
    if (has_form(b->pend.row, b->pend.form, 1)) {
        put_insn(b, &b->pend, 1, NO_SLOT);
        b->acc_slot = NO_SLOT;
        b->pending = false;
    } else {
        flush_to(b, b->pend.home);
    }
}

struct vm_entry *vm_push(struct vm_body *b, uint8_t type, uint8_t kind, uint32_t v) {
    struct vm_entry *e = b->sp - 1;
    if ((uintptr_t)e < (uintptr_t)(b->code + b->count) + sizeof *e || b->height > 0xFFF0) {
        vm_reader_fault(b->r, ONECARD_E_NO_MEMORY, false, "function too large for the scratch");
        return b->sp; /* never used: reading has stopped */
    }
    b->sp = e;
    e->type = type;
    e->kind = kind;
    e->home = (uint16_t)b->height;
    e->v = v;
    b->height += vm_type_slots(type);
    if (b->height > b->height_max)
        b->height_max = b->height;
    if (kind == KIND_LOCAL)
        b->lazy++;
    return e;
}

static void push_pending(struct vm_body *b, const struct vm_insn *i, uint8_t type) {
    struct vm_entry *e = vm_push(b, type, KIND_PENDING, 0);
    b->pend = *i;
    b->pend.home = e->home;
    b->pend_entry = e;
    b->pending = true;
}

/* ---- operands ---- */

static uint32_t entry_slot(const struct vm_entry *e) {
    return e->kind == KIND_LOCAL ? e->v : e->home;
}

static void put_move(struct vm_body *b, uint32_t slot, const struct vm_entry *e) {
    bool wide = e->type == VM_I64;
    if (e->kind == KIND_CONST) {
        put_token(b, wide ? ROW_MOVE64 : ROW_MOVE, FORM_I, 0);
        put(b, slot);
        put32(b, e->v);
    } else if (!wide && entry_slot(e) == b->acc_slot) {
        put_token(b, ROW_MOVE, FORM_A, 0);
        put(b, slot);
        return; /* the accumulator has both; keep the older name */
    } else if (!wide && b->move_at == b->count && b->r->err == ONECARD_OK) {
        /* the second move of a pair */
        b->code[b->count - 3] = rows[ROW_MOVE2].base;
        put(b, slot);
        put(b, entry_slot(e));
    } else {
        put_token(b, wide ? ROW_MOVE64 : ROW_MOVE, FORM_S, 0);
        put(b, slot);
        put(b, entry_slot(e));
        if (!wide)
            b->move_at = b->count;
    }
    slot_changed(b, slot, vm_type_slots(e->type));
}

void vm_emit_move(struct vm_body *b, uint32_t slot, struct vm_entry value) {
    if (b->dead)
        return;
    if (value.kind == KIND_PENDING) {
        flush_to(b, slot);
        return;
    }
    vm_emit_flush(b);
    if (value.kind == KIND_CONST || entry_slot(&value) != slot)
        put_move(b, slot, &value);
}

/* Give an entry, popped or not, its home slot. The pending instruction may read slots from its own
 * home upwards, so it goes first if it lies below. */
static void settle(struct vm_body *b, struct vm_entry *e) {
    if (e->kind == KIND_PENDING) {
        flush_to(b, b->pend.home);
    } else if (e->kind != KIND_TEMP) {
        if (b->pending && b->pend.home < e->home)
            vm_emit_flush(b);
        put_move(b, e->home, e);
    }
    e->kind = KIND_TEMP;
}

void vm_emit_home(struct vm_body *b, struct vm_entry *e) {
    if (b->dead)
        return;
    if (e->kind == KIND_LOCAL)
        b->lazy--;
    settle(b, e);
}

void vm_emit_settle(struct vm_body *b) {
    if (b->dead)
        return;
    vm_emit_flush(b);
    if (b->lazy == 0)
        return;
    for (struct vm_entry *e = b->sp; e < (struct vm_entry *)b->ctl; e++)
        if (e->kind == KIND_LOCAL)
            vm_emit_home(b, e);
}

/* A slot that holds the value of a popped entry. */
static uint32_t to_slot(struct vm_body *b, struct vm_entry *e) {
    if (e->kind == KIND_PENDING || e->kind == KIND_CONST)
        settle(b, e);
    return entry_slot(e);
}

/* A 32-bit operand for an instruction with forms for the accumulator and a slot: FORM_A or FORM_S,
 * everything pending is emitted. */
static uint8_t acc_or_slot(struct vm_body *b, struct vm_entry *e, uint32_t *slot) {
    if (e->kind == KIND_PENDING) {
        flush_to_acc(b);
        return FORM_A;
    }
    if (e->kind == KIND_CONST)
        settle(b, e);
    vm_emit_flush(b);
    *slot = entry_slot(e);
    return *slot == b->acc_slot ? FORM_A : FORM_S;
}

/* ---- arithmetic ---- */

static bool row_commutes(uint8_t row) {
    return row == ROW_ADD || row == ROW_MUL || row == ROW_AND || row == ROW_OR || row == ROW_XOR ||
           row == ROW_EQ || row == ROW_NE;
}

/* Comparisons stand in pairs of opposites. */
static uint8_t opposite(uint8_t row) {
    uint8_t first = row >= ROW_EQ64 ? ROW_EQ64 : row >= ROW_BR_EQ ? ROW_BR_EQ : ROW_EQ;
    return (uint8_t)(((row - first) ^ 1) + first);
}

static uint8_t outer_of(uint8_t row) {
    return row == ROW_ADD ? 0 : row == ROW_XOR ? 1 : row == ROW_OR ? 2 : 3;
}

/* A pending shift to the right, then a mask: one field of a word. */
static bool fuse_field(struct vm_body *b, uint32_t mask) {
    const struct vm_insn *p = &b->pend;
    struct vm_insn i = {.row = ROW_SHR_U_AND, .a = p->a, .extras = 3};
    i.form = p->form == FORM_AI ? FORM_A : FORM_S;
    i.extra[0] = p->imm & 31;
    i.extra[1] = (uint16_t)mask;
    i.extra[2] = (uint16_t)(mask >> 16);
    push_pending(b, &i, VM_I32);
    return true;
}

/* Absorb a pending shift, rotation, multiplication or mask by a constant into an addition, xor or
 * or. x is the pending one. */
static bool fuse_inner(struct vm_body *b, uint8_t row, const struct vm_entry *y) {
    static const uint8_t inner[5] = {ROW_SHL, ROW_SHR_U, ROW_ROTL, ROW_MUL, ROW_AND};
    const struct vm_insn *p = &b->pend;
    uint8_t outer = outer_of(row);
    unsigned k = 0;
    if (row == ROW_AND && p->row == ROW_SHR_U && y->kind == KIND_CONST &&
        (p->form == FORM_SI || p->form == FORM_AI))
        return fuse_field(b, y->v);
    if (outer == 3 || (p->form != FORM_SI && p->form != FORM_AI))
        return false;
    while (k < 5 && inner[k] != p->row)
        k++;
    if (k == 5 || (k == 2 && (p->imm & 31) == 0))
        return false;
    struct vm_insn i = {.row = (uint8_t)(ROW_SHL_ADD + k * 3 + outer), .a = p->a};
    uint32_t slot = entry_slot(y);
    if (y->kind == KIND_CONST) {
        if (!has_form(i.row, p->form, 0))
            return false;
        i.form = p->form;
        i.imm = y->v;
    } else if (p->form == FORM_AI) {
        i.form = FORM_AS;
        i.b = (uint16_t)slot;
    } else if (slot == b->acc_slot) {
        i.form = FORM_SA;
    } else {
        i.form = FORM_SS;
        i.b = (uint16_t)slot;
    }
    if (k < 3) {
        i.extras = 1;
        i.extra[0] = p->imm & 31;
    } else {
        i.extras = 2;
        i.extra[0] = (uint16_t)p->imm;
        i.extra[1] = (uint16_t)(p->imm >> 16);
    }
    push_pending(b, &i, VM_I32);
    return true;
}

static void swap(struct vm_entry *x, struct vm_entry *y) {
    struct vm_entry t = *x;
    *x = *y;
    *y = t;
}

/* Rewrite so that a constant stands on the right and the row has a form for it. */
static uint8_t normalise(uint8_t row, struct vm_entry *x, struct vm_entry *y) {
    if (row_commutes(row) &&
        (x->kind == KIND_CONST || (y->kind == KIND_PENDING && x->kind != KIND_PENDING)))
        swap(x, y);
    if (y->kind == KIND_CONST && row == ROW_SUB) {
        row = ROW_ADD;
        y->v = -y->v;
    } else if (y->kind == KIND_CONST && row == ROW_ROTR) {
        row = ROW_ROTL;
        y->v = -y->v & 31;
    } else if (x->kind == KIND_CONST && y->kind != KIND_CONST) {
        /* c < y is y >= c + 1, and c >= y is y < c + 1, unless c is the greatest */
        bool is_signed = row == ROW_LT_S || row == ROW_GE_S;
        bool is_unsigned = row == ROW_LT_U || row == ROW_GE_U;
        if ((is_signed && x->v != INT32_MAX) || (is_unsigned && x->v != UINT32_MAX)) {
            x->v++;
            swap(x, y);
            row = opposite(row);
        }
    }
    return row;
}

void vm_emit_binary(struct vm_body *b, uint8_t row, struct vm_entry x, struct vm_entry y,
                    uint8_t type) {
    if (b->dead) {
        vm_push(b, type, KIND_TEMP, 0);
        return;
    }
    row = normalise(row, &x, &y);
    if (x.kind == KIND_PENDING && fuse_inner(b, row, &y))
        return;
    if (x.kind == KIND_CONST) {
        if (b->pending && y.kind == KIND_PENDING)
            settle(b, &y);
        settle(b, &x);
    }
    struct vm_insn i = {.row = row};
    bool constant = y.kind == KIND_CONST;
    if (constant && !has_form(row, FORM_SI, 0)) {
        if (x.kind == KIND_PENDING)
            settle(b, &x);
        settle(b, &y);
        constant = false;
    }
    if (x.kind == KIND_PENDING && has_form(row, constant ? FORM_AI : FORM_AS, 0)) {
        flush_to_acc(b);
        i.form = constant ? FORM_AI : FORM_AS;
    } else if (y.kind == KIND_PENDING && has_form(row, FORM_SA, 0)) {
        flush_to_acc(b);
        i.form = FORM_SA;
    } else {
        if (x.kind == KIND_PENDING)
            settle(b, &x);
        if (y.kind == KIND_PENDING)
            settle(b, &y);
        vm_emit_flush(b);
        i.form = constant ? FORM_SI : FORM_SS;
        if (entry_slot(&x) == b->acc_slot && has_form(row, constant ? FORM_AI : FORM_AS, 0)) {
            i.form = constant ? FORM_AI : FORM_AS;
        } else if (!constant && entry_slot(&y) == b->acc_slot) {
            if (has_form(row, FORM_SA, 0)) {
                i.form = FORM_SA;
            } else if (row_commutes(row)) {
                swap(&x, &y);
                i.form = FORM_AS;
            }
        }
    }
    i.a = (uint16_t)entry_slot(&x);
    if (constant)
        i.imm = y.v;
    else
        i.b = (uint16_t)entry_slot(&y);
    push_pending(b, &i, type);
}

void vm_emit_binary64(struct vm_body *b, uint8_t row, struct vm_entry x, struct vm_entry y,
                      uint8_t type) {
    if (b->dead) {
        vm_push(b, type, KIND_TEMP, 0);
        return;
    }
    struct vm_insn i = {.row = row, .form = FORM_SS};
    if (y.kind == KIND_CONST && has_form(row, FORM_SI, 0)) {
        i.form = FORM_SI;
        i.imm = y.v;
    }
    /* the one below first: the other's home lies above it */
    i.a = (uint16_t)to_slot(b, &x);
    if (i.form == FORM_SS)
        i.b = (uint16_t)to_slot(b, &y);
    vm_emit_flush(b);
    push_pending(b, &i, type);
}

/* swapped: y against x; both go to their slots in the order in which they stand. */
void vm_emit_compare64(struct vm_body *b, uint8_t row, struct vm_entry x, struct vm_entry y,
                       bool swapped) {
    if (!swapped || b->dead) {
        vm_emit_binary64(b, row, x, y, VM_I32);
        return;
    }
    to_slot(b, &x);
    to_slot(b, &y);
    vm_emit_binary64(b, row, y, x, VM_I32);
}

void vm_emit_unary(struct vm_body *b, uint8_t row, struct vm_entry x, uint8_t type) {
    if (b->dead) {
        vm_push(b, type, KIND_TEMP, 0);
        return;
    }
    struct vm_insn i = {.row = row};
    uint32_t slot = 0;
    if (has_form(row, FORM_A, 0)) {
        i.form = acc_or_slot(b, &x, &slot);
    } else {
        slot = to_slot(b, &x);
        vm_emit_flush(b);
        i.form = FORM_S;
    }
    i.a = (uint16_t)slot;
    push_pending(b, &i, type);
}

void vm_emit_eqz(struct vm_body *b, struct vm_entry x) {
    uint8_t row = b->pend.row;
    if (!b->dead && x.kind == KIND_PENDING &&
        ((row >= ROW_EQ && row <= ROW_GE_U) || (row >= ROW_EQ64 && row <= ROW_GE64_U))) {
        struct vm_insn i = b->pend;
        i.row = opposite(row);
        push_pending(b, &i, VM_I32);
        return;
    }
    struct vm_entry zero = {.type = VM_I32, .kind = KIND_CONST, .home = x.home};
    vm_emit_binary(b, ROW_EQ, x, zero, VM_I32);
}

/* The low slot of a pair is the wrapped value already. */
void vm_emit_wrap(struct vm_body *b, struct vm_entry x) {
    if (b->dead) {
        vm_push(b, VM_I32, KIND_TEMP, 0);
        return;
    }
    if (x.kind == KIND_PENDING)
        settle(b, &x);
    vm_push(b, VM_I32, x.kind, x.v);
}

void vm_emit_select(struct vm_body *b, struct vm_entry x, struct vm_entry y, struct vm_entry cond,
                    uint8_t type) {
    if (b->dead) {
        vm_push(b, type, KIND_TEMP, 0);
        return;
    }
    uint32_t slot = 0;
    uint32_t xs = to_slot(b, &x);
    uint32_t ys = to_slot(b, &y);
    struct vm_insn i = {.row = type == VM_I64 ? ROW_SELECT64 : ROW_SELECT};
    i.form = acc_or_slot(b, &cond, &slot);
    if (i.form == FORM_S) {
        i.a = (uint16_t)xs;
        i.extra[0] = (uint16_t)ys;
        i.extra[1] = (uint16_t)slot;
    } else {
        i.extra[0] = (uint16_t)xs;
        i.extra[1] = (uint16_t)ys;
    }
    i.extras = 2;
    push_pending(b, &i, type);
}

/* ---- memory ---- */

/* An offset too far for its unit: add it beforehand, with the same trap. */
static void add_far_offset(struct vm_body *b, struct vm_entry *address, uint32_t offset) {
    struct vm_insn i = {.row = ROW_ADDRESS, .form = FORM_SI, .imm = offset};
    i.a = (uint16_t)to_slot(b, address);
    vm_emit_flush(b);
    put_insn(b, &i, 0, address->home);
    b->acc_slot = address->home;
    address->kind = KIND_TEMP;
}

/* Fill in the address part. The value's part of the row's forms has been chosen. */
static void put_address(struct vm_body *b, struct vm_insn *i, struct vm_entry *address,
                        uint32_t last, uint32_t width) {
    i->extras = 1;
    i->extra[0] = (uint16_t)last;
    if (address->kind == KIND_CONST && has_form(i->row, FORM_I, 0) &&
        address->v <= UINT32_MAX - last) {
        vm_emit_flush(b);
        i->form = FORM_I;
        i->imm = address->v + last;
        i->extras = 0;
        return;
    }
    bool plain = address->kind == KIND_PENDING && last == width - 1;
    if (plain && b->pend.row == ROW_ADD && (b->pend.form == FORM_SI || b->pend.form == FORM_AI) &&
        has_form(i->row, b->pend.form, 0)) {
        i->form = b->pend.form;
        i->a = b->pend.a;
        i->imm = b->pend.imm;
        i->extras = 0;
        b->pending = false;
        return;
    }
    if (plain && i->row == ROW_LOAD && b->pend.row == ROW_SHL_ADD &&
        (b->pend.form == FORM_SI || b->pend.form == FORM_AI)) {
        i->row = ROW_LOAD_INDEXED;
        i->form = b->pend.form == FORM_SI ? FORM_S : FORM_A;
        i->a = b->pend.a;
        i->extras = 3;
        i->extra[0] = b->pend.extra[0];
        i->extra[1] = (uint16_t)b->pend.imm;
        i->extra[2] = (uint16_t)(b->pend.imm >> 16);
        b->pending = false;
        return;
    }
    if (address->kind == KIND_PENDING && b->pend.row == ROW_ADD &&
        (b->pend.form == FORM_SS || b->pend.form == FORM_AS) && has_form(i->row, b->pend.form, 0)) {
        i->form = b->pend.form;
        i->a = b->pend.a;
        i->b = b->pend.b;
        b->pending = false;
        return;
    }
    uint32_t slot = 0;
    if (has_form(i->row, FORM_A, 0)) {
        i->form = acc_or_slot(b, address, &slot);
    } else {
        slot = to_slot(b, address);
        vm_emit_flush(b);
        i->form = FORM_S;
    }
    i->a = (uint16_t)slot;
}

void vm_emit_load(struct vm_body *b, uint8_t row, uint32_t width, uint32_t offset,
                  struct vm_entry address, uint8_t type) {
    if (b->dead) {
        vm_push(b, type, KIND_TEMP, 0);
        return;
    }
    if (offset > 0xFFFF - (width - 1)) {
        add_far_offset(b, &address, offset);
        offset = 0;
    }
    struct vm_insn i = {.row = row};
    put_address(b, &i, &address, offset + width - 1, width);
    push_pending(b, &i, type);
}

static void store_wide(struct vm_body *b, uint32_t offset, struct vm_entry address,
                       struct vm_entry value) {
    struct vm_insn i = {.row = ROW_STORE64_S, .form = FORM_S, .extras = 2};
    if (address.kind == KIND_PENDING)
        settle(b, &address);
    uint32_t slot = to_slot(b, &value);
    i.a = (uint16_t)to_slot(b, &address);
    vm_emit_flush(b);
    i.extra[0] = (uint16_t)(offset + 7);
    i.extra[1] = (uint16_t)slot;
    put_insn(b, &i, 0, NO_SLOT);
}

void vm_emit_store(struct vm_body *b, uint8_t row, uint32_t width, uint32_t offset,
                   struct vm_entry address, struct vm_entry value) {
    if (b->dead)
        return;
    if (offset > 0xFFFF - (width - 1)) {
        if (address.kind == KIND_PENDING)
            settle(b, &address);
        to_slot(b, &value);
        add_far_offset(b, &address, offset);
        offset = 0;
    }
    if (row == ROW_STORE64_S) {
        store_wide(b, offset, address, value);
        return;
    }
    /* rows stand in the order slot, accumulator, immediate */
    struct vm_insn i = {.row = row};
    if (value.kind == KIND_PENDING) {
        if (value.type == VM_I64 || row_is_wide(b->pend.row)) {
            settle(b, &value);
        } else {
            flush_to_acc(b);
            i.row = row + 1;
            if (address.kind == KIND_CONST && address.v > UINT32_MAX - (offset + width - 1))
                settle(b, &address);
        }
    }
    if (value.kind == KIND_CONST) {
        i.row = row + 2;
        if (address.kind == KIND_PENDING && b->pend.row == ROW_ADD && b->pend.form == FORM_AS) {
            flush_to_acc(b);
            i.form = FORM_A;
            i.extras = 1;
            i.extra[0] = (uint16_t)(offset + width - 1);
            address.kind = KIND_TEMP;
            goto addressed;
        }
    } else if (i.row == row && address.kind != KIND_PENDING) {
        vm_emit_flush(b);
        if (entry_slot(&value) == b->acc_slot)
            i.row = row + 1;
    }
    put_address(b, &i, &address, offset + width - 1, width);
addressed:
    if (i.row == row) {
        i.extra[i.extras++] = (uint16_t)entry_slot(&value);
    } else if (i.row == row + 2) {
        i.extra[i.extras++] = (uint16_t)value.v;
        i.extra[i.extras++] = (uint16_t)(value.v >> 16);
    }
    put_insn(b, &i, 0, NO_SLOT);
}

/* ---- variables ---- */

void vm_emit_local_get(struct vm_body *b, uint32_t local) {
    uint8_t type = b->locals[local] & 1 ? VM_I64 : VM_I32;
    vm_push(b, type, b->dead ? KIND_TEMP : KIND_LOCAL, b->locals[local] >> 1);
}

void vm_emit_local_set(struct vm_body *b, uint32_t local, struct vm_entry value) {
    if (b->dead)
        return;
    uint32_t slot = b->locals[local] >> 1;
    if (value.kind != KIND_PENDING)
        vm_emit_flush(b);
    if (value.kind == KIND_LOCAL && value.v == slot)
        return;
    if (b->lazy > 0)
        for (struct vm_entry *e = b->sp; e < (struct vm_entry *)b->ctl; e++)
            if (e->kind == KIND_LOCAL && e->v == slot)
                vm_emit_home(b, e);
    vm_emit_move(b, slot, value);
}

void vm_emit_drop(struct vm_body *b, struct vm_entry value) {
    /* the instruction may trap: it stays */
    if (!b->dead && value.kind == KIND_PENDING)
        flush_to_acc(b);
}

void vm_emit_global_get(struct vm_body *b, uint32_t slot, uint8_t type) {
    if (b->dead) {
        vm_push(b, type, KIND_TEMP, 0);
        return;
    }
    struct vm_insn i = {.row = type == VM_I64 ? ROW_GLOBAL_GET64 : ROW_GLOBAL_GET,
                        .form = FORM_S,
                        .a = (uint16_t)slot};
    vm_emit_flush(b);
    push_pending(b, &i, type);
}

void vm_emit_global_set(struct vm_body *b, uint32_t slot, struct vm_entry value) {
    if (b->dead)
        return;
    struct vm_insn i = {.row = ROW_GLOBAL_SET, .extras = 1};
    uint32_t from = 0;
    i.extra[0] = (uint16_t)slot;
    if (value.type == VM_I64) {
        i.row = ROW_GLOBAL_SET64;
        i.form = FORM_S;
        from = to_slot(b, &value);
        vm_emit_flush(b);
    } else if (value.kind == KIND_CONST) {
        vm_emit_flush(b);
        i.form = FORM_I;
        i.imm = value.v;
    } else {
        i.form = acc_or_slot(b, &value, &from);
    }
    i.a = (uint16_t)from;
    put_insn(b, &i, 0, NO_SLOT);
}

void vm_emit_const64(struct vm_body *b, int64_t value) {
    if (value == (int32_t)value) {
        vm_push(b, VM_I64, b->dead ? KIND_TEMP : KIND_CONST, (uint32_t)value);
        return;
    }
    vm_emit_flush(b);
    struct vm_entry *e = vm_push(b, VM_I64, KIND_TEMP, 0);
    if (b->dead)
        return;
    put_token(b, ROW_CONST64, FORM_I, 0);
    put(b, e->home);
    put32(b, (uint32_t)value);
    put32(b, (uint32_t)((uint64_t)value >> 32));
    slot_changed(b, e->home, 2);
}

void vm_emit_memory_size(struct vm_body *b) {
    vm_emit_flush(b);
    struct vm_entry *e = vm_push(b, VM_I32, KIND_TEMP, 0);
    if (b->dead)
        return;
    put_token(b, ROW_MEMORY_SIZE, FORM_S, 0);
    put(b, e->home);
    b->acc_slot = e->home;
}

void vm_emit_memory_grow(struct vm_body *b, struct vm_entry pages) {
    if (!b->dead) {
        settle(b, &pages);
        vm_emit_flush(b);
        put_token(b, ROW_MEMORY_GROW, FORM_S, 0);
        put(b, pages.home);
        b->acc_slot = pages.home;
    }
    vm_push(b, VM_I32, KIND_TEMP, 0);
}

/* The top args entries, into their homes. Returns the home of the first. */
static uint32_t settle_args(struct vm_body *b, uint32_t args) {
    vm_emit_flush(b);
    for (uint32_t k = args; k > 0; k--)
        vm_emit_home(b, b->sp + k - 1);
    return args > 0 ? b->sp[args - 1].home : b->height;
}

void vm_emit_bulk(struct vm_body *b, uint32_t op, uint32_t args, uint32_t segment) {
    if (b->dead)
        return;
    uint32_t at = settle_args(b, args);
    put_token(b, ROW_BULK, FORM_S, 0);
    put(b, op);
    put(b, at);
    put(b, segment);
}

/* ---- control ---- */

void vm_emit_plain(struct vm_body *b, uint8_t row) {
    if (b->dead)
        return;
    vm_emit_flush(b);
    put_token(b, row, FORM_S, 0);
}

void vm_emit_distance(struct vm_body *b, uint32_t at, uint32_t target) {
    int32_t distance = (int32_t)(target - at);
    if (distance != (int16_t)distance)
        vm_reader_unsupported(b->r, "function too large: a branch goes too far");
    if (at < b->count)
        b->code[at] = (uint16_t)distance;
}

void vm_emit_fix(struct vm_body *b, uint32_t *fix) {
    uint32_t at = b->count;
    put(b, *fix);
    if (at > 0xFFFF)
        vm_reader_unsupported(b->r, "function too large: a branch goes too far");
    *fix = at;
}

void vm_emit_bind(struct vm_body *b, uint32_t fix) {
    vm_emit_label(b);
    while (fix != 0 && b->r->err == ONECARD_OK) {
        uint32_t next = b->code[fix];
        vm_emit_distance(b, fix, b->count);
        fix = next;
    }
}

/* The distance, and for a back edge the cost, at the end of a branch. The cost need not exceed
 * what a function can emit. */
static void put_target(struct vm_body *b, struct vm_ctl *to, uint32_t *fix) {
    if (!to || to->kind != BLOCK_LOOP) {
        vm_emit_fix(b, to ? &to->fix : fix);
        return;
    }
    uint32_t at = b->count;
    uint32_t cost = b->ops - to->ops;
    put(b, 0);
    vm_emit_distance(b, at, to->label);
    put(b, cost < 0xFFFF ? cost : 0xFFFF);
}

void vm_emit_jump(struct vm_body *b, struct vm_ctl *to) {
    if (b->dead)
        return;
    vm_emit_flush(b);
    put_token(b, ROW_JUMP, FORM_S, to->kind == BLOCK_LOOP);
    put_target(b, to, NULL);
}

void vm_emit_branch(struct vm_body *b, struct vm_ctl *to, uint32_t *fix, struct vm_entry cond,
                    bool negate) {
    if (b->dead)
        return;
    struct vm_insn i = {.row = negate ? ROW_BR_Z : ROW_BR_NZ};
    bool back = to && to->kind == BLOCK_LOOP;
    uint32_t slot = 0;
    if (cond.kind == KIND_PENDING && b->pend.row >= ROW_EQ && b->pend.row <= ROW_GE_U) {
        i = b->pend;
        i.row = (uint8_t)(ROW_BR_EQ + (i.row - ROW_EQ));
        if (negate)
            i.row = opposite(i.row);
        if (form_has_imm(i.form) && i.imm == 0 && (i.row == ROW_BR_EQ || i.row == ROW_BR_NE)) {
            i.row = i.row == ROW_BR_EQ ? ROW_BR_Z : ROW_BR_NZ;
            i.form = i.form == FORM_SI ? FORM_S : FORM_A;
        }
        b->pending = false;
    } else {
        i.form = acc_or_slot(b, &cond, &slot);
        i.a = (uint16_t)slot;
    }
    put_insn(b, &i, back, NO_SLOT);
    put_target(b, to, fix);
}

void vm_emit_table(struct vm_body *b, struct vm_entry index, uint32_t last) {
    if (b->dead)
        return;
    struct vm_insn i = {.row = ROW_BR_TABLE, .extras = 1};
    uint32_t slot = 0;
    i.form = acc_or_slot(b, &index, &slot);
    i.a = (uint16_t)slot;
    i.extra[0] = (uint16_t)last;
    put_insn(b, &i, 0, NO_SLOT);
}

void vm_emit_return(struct vm_body *b, uint8_t type, struct vm_entry value) {
    if (b->dead)
        return;
    if (type == 0) {
        vm_emit_flush(b);
        put_token(b, ROW_RETURN_VOID, FORM_S, 0);
        put(b, b->saved);
    } else if (type == VM_I64) {
        uint32_t slot = to_slot(b, &value);
        vm_emit_flush(b);
        put_token(b, ROW_RETURN64, FORM_S, 0);
        put(b, b->saved);
        put(b, slot);
    } else if (value.kind == KIND_CONST) {
        vm_emit_flush(b);
        put_token(b, ROW_RETURN, FORM_I, 0);
        put(b, b->saved);
        put32(b, value.v);
    } else {
        uint32_t slot = 0;
        uint8_t form = acc_or_slot(b, &value, &slot);
        put_token(b, ROW_RETURN, form, 0);
        put(b, b->saved);
        if (form == FORM_S)
            put(b, slot);
    }
}

static void called(struct vm_body *b, uint32_t at, const struct vm_type *type) {
    b->acc_slot = type->result_count > 0 && type->result == VM_I32 ? at : NO_SLOT;
}

void vm_emit_call(struct vm_body *b, uint32_t func, uint32_t args, const struct vm_type *type) {
    if (b->dead)
        return;
    uint32_t at = settle_args(b, args);
    if (func < b->m->import_count) {
        put_token(b, ROW_CALL_HOST, FORM_S, 0);
        put(b, b->m->func_code[func]);
        put(b, at);
        put(b, vm_param_slots(type));
        put(b, type->result_count ? vm_type_slots(type->result) : 0);
    } else {
        put_token(b, ROW_CALL, FORM_S, 0);
        put(b, func);
        put(b, at);
    }
    called(b, at, type);
}

void vm_emit_call_indirect(struct vm_body *b, struct vm_entry index, uint32_t canon, uint32_t args,
                           const struct vm_type *type) {
    if (b->dead)
        return;
    uint32_t slot = to_slot(b, &index);
    uint32_t at = settle_args(b, args);
    put_token(b, ROW_CALL_INDIRECT, FORM_S, 0);
    put(b, slot);
    put(b, canon);
    put(b, at);
    called(b, at, type);
}
