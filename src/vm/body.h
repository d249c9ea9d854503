/* What the two halves of the validator share. */
#ifndef VM_BODY_H
#define VM_BODY_H

#include "vm/emit.h"

/* What comes off the stack where the block has put nothing there: a fault in code that runs. */
struct vm_entry vm_pop_nothing(struct vm_body *b);

static inline struct vm_entry vm_pop_any(struct vm_body *b) {
    if (b->sp == (struct vm_entry *)b->ctl)
        return vm_pop_nothing(b);
    const struct vm_entry *e = b->sp++;
    b->height = e->home;
    b->lazy -= e->kind == KIND_LOCAL;
    return *e;
}

/* What is not of that type: a fault, or unknown in code that is never run. */
struct vm_entry vm_pop_odd(struct vm_body *b, uint8_t type);

static inline struct vm_entry vm_pop(struct vm_body *b, uint8_t type) {
    if (b->sp == (struct vm_entry *)b->ctl || b->sp->type != type)
        return vm_pop_odd(b, type);
    return vm_pop_any(b);
}

void vm_push_dead(struct vm_body *b, uint8_t type);

/* What follows is never run. */
void vm_set_unreachable(struct vm_body *b);

void vm_push_ctl(struct vm_body *b, enum vm_block kind, uint8_t result);

/* true if the operands are there, so that code may be emitted for them */
bool vm_args_there(struct vm_body *b, uint32_t count);

void vm_op_block(struct vm_body *b, enum vm_block kind);

void vm_op_if(struct vm_body *b);

void vm_op_else(struct vm_body *b);

bool vm_op_end(struct vm_body *b);

void vm_op_br(struct vm_body *b);

void vm_op_br_if(struct vm_body *b);

void vm_op_br_table(struct vm_body *b);

void vm_op_return(struct vm_body *b);

void vm_op_call(struct vm_body *b);

void vm_op_call_indirect(struct vm_body *b);

#endif
