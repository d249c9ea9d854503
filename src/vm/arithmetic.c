/* Numbers: which form an instruction takes, and what it absorbs. */
#include "vm/pending.h"

static bool row_commutes(uint8_t row) {
    return row == ROW_ADD || row == ROW_MUL || row == ROW_AND || row == ROW_OR || row == ROW_XOR ||
           row == ROW_EQ || row == ROW_NE;
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
    vm_push_pending(b, &i, VM_I32);
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
    uint32_t slot = vm_entry_slot(y);
    if (y->kind == KIND_CONST) {
        if (!vm_row_has_form(i.row, p->form, 0))
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
    vm_push_pending(b, &i, VM_I32);
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
            row = vm_row_opposite(row);
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
            vm_settle(b, &y);
        vm_settle(b, &x);
    }
    struct vm_insn i = {.row = row};
    bool constant = y.kind == KIND_CONST;
    if (constant && !vm_row_has_form(row, FORM_SI, 0)) {
        if (x.kind == KIND_PENDING)
            vm_settle(b, &x);
        vm_settle(b, &y);
        constant = false;
    }
    if (x.kind == KIND_PENDING && vm_row_has_form(row, constant ? FORM_AI : FORM_AS, 0)) {
        vm_flush_to_acc(b);
        i.form = constant ? FORM_AI : FORM_AS;
    } else if (y.kind == KIND_PENDING && vm_row_has_form(row, FORM_SA, 0)) {
        vm_flush_to_acc(b);
        i.form = FORM_SA;
    } else {
        if (x.kind == KIND_PENDING)
            vm_settle(b, &x);
        if (y.kind == KIND_PENDING)
            vm_settle(b, &y);
        vm_emit_flush(b);
        i.form = constant ? FORM_SI : FORM_SS;
        if (vm_entry_slot(&x) == b->acc_slot &&
            vm_row_has_form(row, constant ? FORM_AI : FORM_AS, 0)) {
            i.form = constant ? FORM_AI : FORM_AS;
        } else if (!constant && vm_entry_slot(&y) == b->acc_slot) {
            if (vm_row_has_form(row, FORM_SA, 0)) {
                i.form = FORM_SA;
            } else if (row_commutes(row)) {
                swap(&x, &y);
                i.form = FORM_AS;
            }
        }
    }
    i.a = (uint16_t)vm_entry_slot(&x);
    if (constant)
        i.imm = y.v;
    else
        i.b = (uint16_t)vm_entry_slot(&y);
    vm_push_pending(b, &i, type);
}

void vm_emit_binary64(struct vm_body *b, uint8_t row, struct vm_entry x, struct vm_entry y,
                      uint8_t type) {
    if (b->dead) {
        vm_push(b, type, KIND_TEMP, 0);
        return;
    }
    struct vm_insn i = {.row = row, .form = FORM_SS};
    if (y.kind == KIND_CONST && vm_row_has_form(row, FORM_SI, 0)) {
        i.form = FORM_SI;
        i.imm = y.v;
    }
    /* the one below first: the other's home lies above it */
    i.a = (uint16_t)vm_to_slot(b, &x);
    if (i.form == FORM_SS)
        i.b = (uint16_t)vm_to_slot(b, &y);
    vm_emit_flush(b);
    vm_push_pending(b, &i, type);
}

/* swapped: y against x; both go to their slots in the order in which they stand. */
void vm_emit_compare64(struct vm_body *b, uint8_t row, struct vm_entry x, struct vm_entry y,
                       bool swapped) {
    if (!swapped || b->dead) {
        vm_emit_binary64(b, row, x, y, VM_I32);
        return;
    }
    vm_to_slot(b, &x);
    vm_to_slot(b, &y);
    vm_emit_binary64(b, row, y, x, VM_I32);
}

void vm_emit_unary(struct vm_body *b, uint8_t row, struct vm_entry x, uint8_t type) {
    if (b->dead) {
        vm_push(b, type, KIND_TEMP, 0);
        return;
    }
    struct vm_insn i = {.row = row};
    uint32_t slot = 0;
    if (vm_row_has_form(row, FORM_A, 0)) {
        i.form = vm_acc_or_slot(b, &x, &slot);
    } else {
        slot = vm_to_slot(b, &x);
        vm_emit_flush(b);
        i.form = FORM_S;
    }
    i.a = (uint16_t)slot;
    vm_push_pending(b, &i, type);
}

void vm_emit_eqz(struct vm_body *b, struct vm_entry x) {
    uint8_t row = b->pend.row;
    if (!b->dead && x.kind == KIND_PENDING &&
        ((row >= ROW_EQ && row <= ROW_GE_U) || (row >= ROW_EQ64 && row <= ROW_GE64_U))) {
        struct vm_insn i = b->pend;
        i.row = vm_row_opposite(row);
        vm_push_pending(b, &i, VM_I32);
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
        vm_settle(b, &x);
    vm_push(b, VM_I32, x.kind, x.v);
}

void vm_emit_select(struct vm_body *b, struct vm_entry x, struct vm_entry y, struct vm_entry cond,
                    uint8_t type) {
    if (b->dead) {
        vm_push(b, type, KIND_TEMP, 0);
        return;
    }
    uint32_t slot = 0;
    uint32_t xs = vm_to_slot(b, &x);
    uint32_t ys = vm_to_slot(b, &y);
    struct vm_insn i = {.row = type == VM_I64 ? ROW_SELECT64 : ROW_SELECT};
    i.form = vm_acc_or_slot(b, &cond, &slot);
    if (i.form == FORM_S) {
        i.a = (uint16_t)xs;
        i.extra[0] = (uint16_t)ys;
        i.extra[1] = (uint16_t)slot;
    } else {
        i.extra[0] = (uint16_t)xs;
        i.extra[1] = (uint16_t)ys;
    }
    i.extras = 2;
    vm_push_pending(b, &i, type);
}
