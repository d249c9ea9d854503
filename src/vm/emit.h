/* From a stack machine to register code: what stands on the Wasm stack need not exist yet.
 *
 * An entry of the operand stack is a temporary in its home slot, a local not yet read, a constant,
 * or the result of the one pending instruction. The pending instruction is kept as a struct until
 * its consumer is known: then its result goes into the accumulator only, straight into a local, or
 * it is absorbed (compare and branch, address and load, shift and xor). */
#ifndef VM_EMIT_H
#define VM_EMIT_H

#include "vm/module.h"
#include "vm/ops_gen.h"

enum vm_kind {
    KIND_TEMP,
    KIND_LOCAL, /* v: slot */
    KIND_CONST, /* v: value; an i64 is its sign extension */
    KIND_PENDING
};

#define VM_UNKNOWN 0u /* type of what comes off the stack in unreachable code */

struct vm_entry {
    uint8_t type;
    uint8_t kind;
    uint16_t home;
    uint32_t v;
};

enum vm_block { BLOCK_FUNC, BLOCK_PLAIN, BLOCK_LOOP, BLOCK_IF, BLOCK_ELSE };

struct vm_ctl {
    _Alignas(8) uint8_t kind;
    uint8_t result;      /* type or 0 */
    uint8_t unreachable; /* the stack is polymorphic from here on */
    uint8_t dead;        /* nothing was emitted even before the block */
    uint16_t home;       /* of the result; height at entry */
    uint32_t label;      /* a loop's position */
    uint32_t fix;        /* chain of branches to the end */
    uint32_t else_fix;
    uint32_t ops;
    struct vm_ctl *outer;
};

struct vm_insn {
    uint8_t row;
    uint8_t form;
    uint8_t extras;
    uint16_t a, b;
    uint32_t imm;
    uint16_t extra[3];
    uint16_t home;
};

#define NO_SLOT 0x1FFFFu

struct vm_body {
    struct vm_module *m;
    struct vm_reader *r;
    uint16_t *code; /* grows up in the scratch; the stack grows down towards it */
    uint32_t count;
    struct vm_entry *sp;
    struct vm_ctl *ctl;
    uint16_t *locals; /* slot << 1 | is i64 */
    uint32_t local_count;
    uint32_t height, height_max;
    uint32_t saved; /* slot of the saved words: after the parameters */
    uint32_t ops;
    uint32_t lazy;     /* entries of KIND_LOCAL on the stack */
    uint32_t move_at;  /* end of the last instruction, if that was a move that can take another */
    uint32_t acc_slot; /* slot whose value the accumulator also has */
    bool dead;         /* no code is emitted here */
    bool pending;
    struct vm_insn pend;
    struct vm_entry *pend_entry;
};

/* ---- stack ---- */
/* The stack would meet the code, or the frame gets too large: a fault. */
struct vm_entry *vm_push_refused(struct vm_body *b);

static inline struct vm_entry *vm_push(struct vm_body *b, uint8_t type, uint8_t kind, uint32_t v) {
    struct vm_entry *e = b->sp - 1;
    if ((uintptr_t)e < (uintptr_t)(b->code + b->count) + sizeof *e || b->height > 0xFFF0)
        return vm_push_refused(b);
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

/* ---- instructions; entries were popped by the caller, results are pushed ---- */
void vm_emit_binary(struct vm_body *b, uint8_t row, struct vm_entry x, struct vm_entry y,
                    uint8_t type);
void vm_emit_binary64(struct vm_body *b, uint8_t row, struct vm_entry x, struct vm_entry y,
                      uint8_t type);
void vm_emit_compare64(struct vm_body *b, uint8_t row, struct vm_entry x, struct vm_entry y,
                       bool swapped);
void vm_emit_unary(struct vm_body *b, uint8_t row, struct vm_entry x, uint8_t type);
void vm_emit_eqz(struct vm_body *b, struct vm_entry x);
void vm_emit_wrap(struct vm_body *b, struct vm_entry x);
void vm_emit_load(struct vm_body *b, uint8_t row, uint32_t width, uint32_t offset,
                  struct vm_entry address, uint8_t type);
/* row: that of the slot form */
void vm_emit_store(struct vm_body *b, uint8_t row, uint32_t width, uint32_t offset,
                   struct vm_entry address, struct vm_entry value);
void vm_emit_select(struct vm_body *b, struct vm_entry x, struct vm_entry y, struct vm_entry cond,
                    uint8_t type);
void vm_emit_local_get(struct vm_body *b, uint32_t local);
void vm_emit_local_set(struct vm_body *b, uint32_t local, struct vm_entry value);
void vm_emit_drop(struct vm_body *b, struct vm_entry value);
void vm_emit_global_get(struct vm_body *b, uint32_t slot, uint8_t type);
void vm_emit_global_set(struct vm_body *b, uint32_t slot, struct vm_entry value);
void vm_emit_const64(struct vm_body *b, int64_t value);
/* memory.size, memory.grow: the operand, if any, is on the stack still */
void vm_emit_memory_size(struct vm_body *b);
void vm_emit_memory_grow(struct vm_body *b, struct vm_entry pages);
void vm_emit_bulk(struct vm_body *b, uint32_t op, uint32_t args, uint32_t segment);

/* ---- control ---- */
void vm_flush_home(struct vm_body *b);
static inline void vm_emit_flush(struct vm_body *b) {
    if (b->pending)
        vm_flush_home(b);
}
/* Bring the locals of the current block's stack into their homes. */
void vm_emit_settle(struct vm_body *b);
/* Bring one entry, still on the stack, into its home. */
void vm_emit_home(struct vm_body *b, struct vm_entry *e);
/* Copy a value to a slot; it may be pending. */
void vm_emit_move(struct vm_body *b, uint32_t slot, struct vm_entry value);
void vm_emit_jump(struct vm_body *b, struct vm_ctl *to);
/* Branch to a block (NULL: chain in *fix) if cond is not zero, or if it is zero when negate. */
void vm_emit_branch(struct vm_body *b, struct vm_ctl *to, uint32_t *fix, struct vm_entry cond,
                    bool negate);
/* The opening of a branch table; the targets follow as units. */
void vm_emit_table(struct vm_body *b, struct vm_entry index, uint32_t last);
/* Chain a unit that will hold a branch distance. */
void vm_emit_fix(struct vm_body *b, uint32_t *fix);
/* A label stands here: what was emitted before is not to be changed. */
static inline void vm_emit_label(struct vm_body *b) {
    b->move_at = 0;
}
void vm_emit_bind(struct vm_body *b, uint32_t fix);
void vm_emit_distance(struct vm_body *b, uint32_t at, uint32_t target);
void vm_emit_return(struct vm_body *b, uint8_t type, struct vm_entry value);
/* args entries on the stack become the arguments; popped by the caller afterwards */
void vm_emit_call(struct vm_body *b, uint32_t func, uint32_t args, const struct vm_type *type);
void vm_emit_call_indirect(struct vm_body *b, struct vm_entry index, uint32_t canon, uint32_t args,
                           const struct vm_type *type);
void vm_emit_plain(struct vm_body *b, uint8_t row);

#endif
