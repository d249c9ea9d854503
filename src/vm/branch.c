/* Branches, calls and returns. */
#include "vm/pending.h"

void vm_emit_plain(struct vm_body *b, uint8_t row) {
    if (b->dead)
        return;
    vm_emit_flush(b);
    vm_put_token(b, row, FORM_S, 0);
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
    vm_put(b, *fix);
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
    vm_put(b, 0);
    vm_emit_distance(b, at, to->label);
    vm_put(b, cost < 0xFFFF ? cost : 0xFFFF);
}

void vm_emit_jump(struct vm_body *b, struct vm_ctl *to) {
    if (b->dead)
        return;
    vm_emit_flush(b);
    vm_put_token(b, ROW_JUMP, FORM_S, to->kind == BLOCK_LOOP);
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
            i.row = vm_row_opposite(i.row);
        if (vm_form_has_imm(i.form) && i.imm == 0 && (i.row == ROW_BR_EQ || i.row == ROW_BR_NE)) {
            i.row = i.row == ROW_BR_EQ ? ROW_BR_Z : ROW_BR_NZ;
            i.form = i.form == FORM_SI ? FORM_S : FORM_A;
        }
        b->pending = false;
    } else {
        i.form = vm_acc_or_slot(b, &cond, &slot);
        i.a = (uint16_t)slot;
    }
    vm_put_insn(b, &i, back, NO_SLOT);
    put_target(b, to, fix);
}

void vm_emit_table(struct vm_body *b, struct vm_entry index, uint32_t last) {
    if (b->dead)
        return;
    struct vm_insn i = {.row = ROW_BR_TABLE, .extras = 1};
    uint32_t slot = 0;
    i.form = vm_acc_or_slot(b, &index, &slot);
    i.a = (uint16_t)slot;
    i.extra[0] = (uint16_t)last;
    vm_put_insn(b, &i, 0, NO_SLOT);
}

void vm_emit_return(struct vm_body *b, uint8_t type, struct vm_entry value) {
    if (b->dead)
        return;
    if (type == 0) {
        vm_emit_flush(b);
        vm_put_token(b, ROW_RETURN_VOID, FORM_S, 0);
        vm_put(b, b->saved);
    } else if (type == VM_I64) {
        uint32_t slot = vm_to_slot(b, &value);
        vm_emit_flush(b);
        vm_put_token(b, ROW_RETURN64, FORM_S, 0);
        vm_put(b, b->saved);
        vm_put(b, slot);
    } else if (value.kind == KIND_CONST) {
        vm_emit_flush(b);
        vm_put_token(b, ROW_RETURN, FORM_I, 0);
        vm_put(b, b->saved);
        vm_put32(b, value.v);
    } else {
        uint32_t slot = 0;
        uint8_t form = vm_acc_or_slot(b, &value, &slot);
        vm_put_token(b, ROW_RETURN, form, 0);
        vm_put(b, b->saved);
        if (form == FORM_S)
            vm_put(b, slot);
    }
}

static void called(struct vm_body *b, uint32_t at, const struct vm_type *type) {
    b->acc_slot = type->result_count > 0 && type->result == VM_I32 ? at : NO_SLOT;
}

void vm_emit_call(struct vm_body *b, uint32_t func, uint32_t args, const struct vm_type *type) {
    if (b->dead)
        return;
    uint32_t at = vm_settle_args(b, args);
    if (func < b->m->import_count) {
        vm_put_token(b, ROW_CALL_HOST, FORM_S, 0);
        vm_put(b, b->m->func_code[func]);
        vm_put(b, at);
        vm_put(b, vm_param_slots(type));
        vm_put(b, type->result_count ? vm_type_slots(type->result) : 0);
    } else {
        vm_put_token(b, ROW_CALL, FORM_S, 0);
        vm_put(b, func);
        vm_put(b, at);
    }
    called(b, at, type);
}

void vm_emit_call_indirect(struct vm_body *b, struct vm_entry index, uint32_t canon, uint32_t args,
                           const struct vm_type *type) {
    if (b->dead)
        return;
    uint32_t slot = vm_to_slot(b, &index);
    uint32_t at = vm_settle_args(b, args);
    vm_put_token(b, ROW_CALL_INDIRECT, FORM_S, 0);
    vm_put(b, slot);
    vm_put(b, canon);
    vm_put(b, at);
    called(b, at, type);
}
