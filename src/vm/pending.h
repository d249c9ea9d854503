/* The pending instruction and the operands around it: what the emitters share. */
#ifndef VM_PENDING_H
#define VM_PENDING_H

#include "vm/emit.h"

/* The first of an operation's tokens, and a bit for each that it has: form * 2 + variant. */
struct vm_tokens {
    uint16_t base;
    uint16_t mask;
};
extern const struct vm_tokens vm_tokens_of[ROW_COUNT];

static inline bool vm_row_has_form(uint8_t row, unsigned form, unsigned variant) {
    return vm_tokens_of[row].mask >> (form * 2 + variant) & 1;
}

void vm_put(struct vm_body *b, uint32_t unit);

void vm_put32(struct vm_body *b, uint32_t value);

void vm_put_token(struct vm_body *b, uint8_t row, unsigned form, unsigned variant);

static inline bool vm_form_has_imm(uint8_t form) {
    return (1u << FORM_SI | 1u << FORM_AI | 1u << FORM_I) >> form & 1;
}

void vm_put_insn(struct vm_body *b, const struct vm_insn *i, unsigned variant, uint32_t dest);

bool vm_row_is_wide(uint8_t row);

/* A slot got a value that the accumulator does not have. */
static inline void vm_slot_changed(struct vm_body *b, uint32_t slot, uint32_t slots) {
    if (b->acc_slot >= slot && b->acc_slot < slot + slots)
        b->acc_slot = NO_SLOT;
}

void vm_flush_to(struct vm_body *b, uint32_t slot);

/* Emit the pending instruction for a consumer that takes the accumulator. */
void vm_flush_to_acc(struct vm_body *b);

void vm_push_pending(struct vm_body *b, const struct vm_insn *i, uint8_t type);

static inline uint32_t vm_entry_slot(const struct vm_entry *e) {
    return e->kind == KIND_LOCAL ? e->v : e->home;
}

/* Give an entry, popped or not, its home slot. The pending instruction may read slots from its own
 * home upwards, so it goes first if it lies below. */
void vm_settle(struct vm_body *b, struct vm_entry *e);

/* A slot that holds the value of a popped entry. */
uint32_t vm_to_slot(struct vm_body *b, struct vm_entry *e);

/* A 32-bit operand for an instruction with forms for the accumulator and a slot: FORM_A or FORM_S,
 * everything pending is emitted. */
uint8_t vm_acc_or_slot(struct vm_body *b, struct vm_entry *e, uint32_t *slot);

/* The top args entries, into their homes. Returns the home of the first. */
uint32_t vm_settle_args(struct vm_body *b, uint32_t args);

/* Comparisons stand in pairs of opposites. */
uint8_t vm_row_opposite(uint8_t row);

#endif
