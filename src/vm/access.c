/* Linear memory, locals and globals. */
#include "vm/pending.h"

/* An offset too far for its unit: add it beforehand, with the same trap. */
static void add_far_offset(struct vm_body *b, struct vm_entry *address, uint32_t offset) {
    struct vm_insn i = {.row = ROW_ADDRESS, .form = FORM_SI, .imm = offset};
    i.a = (uint16_t)vm_to_slot(b, address);
    vm_emit_flush(b);
    vm_put_insn(b, &i, 0, address->home);
    b->acc_slot = address->home;
    address->kind = KIND_TEMP;
}

/* Fill in the address part. The value's part of the row's forms has been chosen. */
static void put_address(struct vm_body *b, struct vm_insn *i, struct vm_entry *address,
                        uint32_t last, uint32_t width) {
    i->extras = 1;
    i->extra[0] = (uint16_t)last;
    if (address->kind == KIND_CONST && vm_row_has_form(i->row, FORM_I, 0) &&
        address->v <= UINT32_MAX - last) {
        vm_emit_flush(b);
        i->form = FORM_I;
        i->imm = address->v + last;
        i->extras = 0;
        return;
    }
    bool plain = address->kind == KIND_PENDING && last == width - 1;
    if (plain && b->pend.row == ROW_ADD && (b->pend.form == FORM_SI || b->pend.form == FORM_AI) &&
        vm_row_has_form(i->row, b->pend.form, 0)) {
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
        (b->pend.form == FORM_SS || b->pend.form == FORM_AS) &&
        vm_row_has_form(i->row, b->pend.form, 0)) {
        i->form = b->pend.form;
        i->a = b->pend.a;
        i->b = b->pend.b;
        b->pending = false;
        return;
    }
    uint32_t slot = 0;
    if (vm_row_has_form(i->row, FORM_A, 0)) {
        i->form = vm_acc_or_slot(b, address, &slot);
    } else {
        slot = vm_to_slot(b, address);
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
    vm_push_pending(b, &i, type);
}

static void store_wide(struct vm_body *b, uint32_t offset, struct vm_entry address,
                       struct vm_entry value) {
    struct vm_insn i = {.row = ROW_STORE64_S, .form = FORM_S, .extras = 2};
    if (address.kind == KIND_PENDING)
        vm_settle(b, &address);
    uint32_t slot = vm_to_slot(b, &value);
    i.a = (uint16_t)vm_to_slot(b, &address);
    vm_emit_flush(b);
    i.extra[0] = (uint16_t)(offset + 7);
    i.extra[1] = (uint16_t)slot;
    vm_put_insn(b, &i, 0, NO_SLOT);
}

void vm_emit_store(struct vm_body *b, uint8_t row, uint32_t width, uint32_t offset,
                   struct vm_entry address, struct vm_entry value) {
    if (b->dead)
        return;
    if (offset > 0xFFFF - (width - 1)) {
        if (address.kind == KIND_PENDING)
            vm_settle(b, &address);
        vm_to_slot(b, &value);
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
        if (value.type == VM_I64 || vm_row_is_wide(b->pend.row)) {
            vm_settle(b, &value);
        } else {
            vm_flush_to_acc(b);
            i.row = row + 1;
            if (address.kind == KIND_CONST && address.v > UINT32_MAX - (offset + width - 1))
                vm_settle(b, &address);
        }
    }
    if (value.kind == KIND_CONST) {
        i.row = row + 2;
    } else if (i.row == row && address.kind != KIND_PENDING) {
        vm_emit_flush(b);
        if (vm_entry_slot(&value) == b->acc_slot)
            i.row = row + 1;
    }
    put_address(b, &i, &address, offset + width - 1, width);
    if (i.row == row) {
        i.extra[i.extras++] = (uint16_t)vm_entry_slot(&value);
    } else if (i.row == row + 2) {
        i.extra[i.extras++] = (uint16_t)value.v;
        i.extra[i.extras++] = (uint16_t)(value.v >> 16);
    }
    vm_put_insn(b, &i, 0, NO_SLOT);
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
        vm_flush_to_acc(b);
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
    vm_push_pending(b, &i, type);
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
        from = vm_to_slot(b, &value);
        vm_emit_flush(b);
    } else if (value.kind == KIND_CONST) {
        vm_emit_flush(b);
        i.form = FORM_I;
        i.imm = value.v;
    } else {
        i.form = vm_acc_or_slot(b, &value, &from);
    }
    i.a = (uint16_t)from;
    vm_put_insn(b, &i, 0, NO_SLOT);
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
    vm_put_token(b, ROW_CONST64, FORM_I, 0);
    vm_put(b, e->home);
    vm_put32(b, (uint32_t)value);
    vm_put32(b, (uint32_t)((uint64_t)value >> 32));
    vm_slot_changed(b, e->home, 2);
}

void vm_emit_memory_size(struct vm_body *b) {
    vm_emit_flush(b);
    struct vm_entry *e = vm_push(b, VM_I32, KIND_TEMP, 0);
    if (b->dead)
        return;
    vm_put_token(b, ROW_MEMORY_SIZE, FORM_S, 0);
    vm_put(b, e->home);
    b->acc_slot = e->home;
}

void vm_emit_memory_grow(struct vm_body *b, struct vm_entry pages) {
    if (!b->dead) {
        vm_settle(b, &pages);
        vm_emit_flush(b);
        vm_put_token(b, ROW_MEMORY_GROW, FORM_S, 0);
        vm_put(b, pages.home);
        b->acc_slot = pages.home;
    }
    vm_push(b, VM_I32, KIND_TEMP, 0);
}

void vm_emit_bulk(struct vm_body *b, uint32_t op, uint32_t args, uint32_t segment) {
    if (b->dead)
        return;
    uint32_t at = vm_settle_args(b, args);
    vm_put_token(b, ROW_BULK, FORM_S, 0);
    vm_put(b, op);
    vm_put(b, at);
    vm_put(b, segment);
}
