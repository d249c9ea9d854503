#include "vm/pending.h"

#include "vm/bits.h"

const struct vm_tokens vm_tokens_of[ROW_COUNT] = {VM_ROWS};

void vm_put(struct vm_body *b, uint32_t unit) {
    if ((uintptr_t)(b->code + b->count + 1) > (uintptr_t)b->sp) {
        vm_reader_fault(b->r, ONECARD_E_NO_MEMORY, false, "function too large for the scratch");
        return;
    }
    b->code[b->count++] = (uint16_t)unit;
}

void vm_put32(struct vm_body *b, uint32_t value) {
    vm_put(b, value & 0xFFFF);
    vm_put(b, value >> 16);
}

static inline uint32_t token_of(uint8_t row, unsigned form, unsigned variant) {
    const uint32_t below = vm_tokens_of[row].mask & ((1u << (form * 2 + variant)) - 1);
    return below ? vm_tokens_of[row].base + popcount32(below) : vm_tokens_of[row].base;
}

void vm_put_token(struct vm_body *b, uint8_t row, unsigned form, unsigned variant) {
    vm_put(b, token_of(row, form, variant));
}

/* An instruction is written into the code in one go if there is room for the longest. If not, it
 * is made beside it, and what fits goes there unit by unit. */
#define INSN_UNITS 9u /* token, destination, a, b, immediate 2, extras 3 */

static uint16_t *begin_units(const struct vm_body *b, uint16_t beside[INSN_UNITS]) {
    uint16_t *at = b->code + b->count;
    return (uintptr_t)(at + INSN_UNITS) <= (uintptr_t)b->sp ? at : beside;
}

/* Apart, so that what nearly never happens costs nothing where it does not. */
__attribute__((noinline)) static void put_units(struct vm_body *b, const uint16_t *begin,
                                                const uint16_t *end) {
    for (; begin < end; begin++)
        vm_put(b, *begin);
}

static inline void end_units(struct vm_body *b, const uint16_t *begin, const uint16_t *end) {
    if (begin == b->code + b->count)
        b->count += (uint32_t)(end - begin);
    else
        put_units(b, begin, end);
}

/* Which operands a form has in its units: a bit for each form. */
#define FORMS_A (1u << FORM_SS | 1u << FORM_SI | 1u << FORM_SA | 1u << FORM_S)
#define FORMS_B (1u << FORM_SS | 1u << FORM_AS)

static void set_imm(uint16_t *p, uint32_t value) {
    p[0] = (uint16_t)value;
    p[1] = (uint16_t)(value >> 16);
}

/* What the form has not is written too, and then written over: quicker than to ask. */
void vm_put_insn(struct vm_body *b, const struct vm_insn *i, unsigned variant, uint32_t dest) {
    uint16_t beside[INSN_UNITS], *const begin = begin_units(b, beside), *p = begin;
    const unsigned form = i->form;
    *p++ = (uint16_t)token_of(i->row, form, variant);
    *p = (uint16_t)dest;
    p += dest != NO_SLOT;
    *p = i->a;
    p += FORMS_A >> form & 1;
    *p = i->b;
    p += FORMS_B >> form & 1;
    set_imm(p, i->imm);
    p += vm_form_has_imm(i->form) ? 2 : 0;
    memcpy(p, i->extra, sizeof i->extra);
    end_units(b, begin, p + i->extras);
}

/* ---- the pending instruction ---- */

bool vm_row_is_wide(uint8_t row) {
    return (row >= ROW_LOAD64 && row <= ROW_LOAD64_32U) ||
           (row >= ROW_ADD64 && row <= ROW_ROTR64) || (row >= ROW_CLZ64 && row <= ROW_EXTEND_U) ||
           row == ROW_SELECT64 || row == ROW_GLOBAL_GET64;
}

void vm_flush_to(struct vm_body *b, uint32_t slot) {
    vm_put_insn(b, &b->pend, 0, slot);
    if (vm_row_is_wide(b->pend.row))
        vm_slot_changed(b, slot, 2);
    else
        b->acc_slot = slot;
    b->pending = false;
}

void vm_flush_home(struct vm_body *b) {
    vm_flush_to(b, b->pend.home);
    b->pend_entry->kind = KIND_TEMP;
}

/* Emit the pending instruction for a consumer that takes the accumulator. */
void vm_flush_to_acc(struct vm_body *b) {
    if (vm_row_has_form(b->pend.row, b->pend.form, 1)) {
        vm_put_insn(b, &b->pend, 1, NO_SLOT);
        b->acc_slot = NO_SLOT;
        b->pending = false;
    } else {
        vm_flush_to(b, b->pend.home);
    }
}

struct vm_entry *vm_push_refused(struct vm_body *b) {
    vm_reader_fault(b->r, ONECARD_E_NO_MEMORY, false, "function too large for the scratch");
    return b->sp; /* never used: reading has stopped */
}

void vm_push_pending(struct vm_body *b, const struct vm_insn *i, uint8_t type) {
    struct vm_entry *e = vm_push(b, type, KIND_PENDING, 0);
    b->pend = *i;
    b->pend.home = e->home;
    b->pend_entry = e;
    b->pending = true;
}

/* ---- operands ---- */

static void put_move(struct vm_body *b, uint32_t slot, const struct vm_entry *e) {
    bool wide = e->type == VM_I64;
    uint16_t beside[INSN_UNITS], *const begin = begin_units(b, beside), *p = begin;
    if (e->kind == KIND_CONST) {
        *p++ = (uint16_t)(wide ? token_of(ROW_MOVE64, FORM_I, 0) : token_of(ROW_MOVE, FORM_I, 0));
        *p++ = (uint16_t)slot;
        set_imm(p, e->v);
        end_units(b, begin, p + 2);
    } else if (!wide && vm_entry_slot(e) == b->acc_slot) {
        *p++ = (uint16_t)token_of(ROW_MOVE, FORM_A, 0);
        *p++ = (uint16_t)slot;
        end_units(b, begin, p);
        return; /* the accumulator has both; keep the older name */
    } else {
        bool second = !wide && b->move_at == b->count && b->r->err == ONECARD_OK;
        if (second) /* of a pair */
            b->code[b->count - 3] = vm_tokens_of[ROW_MOVE2].base;
        else
            *p++ =
                (uint16_t)(wide ? token_of(ROW_MOVE64, FORM_S, 0) : token_of(ROW_MOVE, FORM_S, 0));
        *p++ = (uint16_t)slot;
        *p++ = (uint16_t)vm_entry_slot(e);
        end_units(b, begin, p);
        if (!wide && !second)
            b->move_at = b->count;
    }
    vm_slot_changed(b, slot, vm_type_slots(e->type));
}

void vm_emit_move(struct vm_body *b, uint32_t slot, struct vm_entry value) {
    if (b->dead)
        return;
    if (value.kind == KIND_PENDING) {
        vm_flush_to(b, slot);
        return;
    }
    vm_emit_flush(b);
    if (value.kind == KIND_CONST || vm_entry_slot(&value) != slot)
        put_move(b, slot, &value);
}

/* Give an entry, popped or not, its home slot. The pending instruction may read slots from its own
 * home upwards, so it goes first if it lies below. */
void vm_settle(struct vm_body *b, struct vm_entry *e) {
    if (e->kind == KIND_PENDING) {
        vm_flush_to(b, b->pend.home);
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
    vm_settle(b, e);
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
uint32_t vm_to_slot(struct vm_body *b, struct vm_entry *e) {
    if (e->kind == KIND_PENDING || e->kind == KIND_CONST)
        vm_settle(b, e);
    return vm_entry_slot(e);
}

/* A 32-bit operand for an instruction with forms for the accumulator and a slot: FORM_A or FORM_S,
 * everything pending is emitted. */
uint8_t vm_acc_or_slot(struct vm_body *b, struct vm_entry *e, uint32_t *slot) {
    if (e->kind == KIND_PENDING) {
        vm_flush_to_acc(b);
        return FORM_A;
    }
    if (e->kind == KIND_CONST)
        vm_settle(b, e);
    vm_emit_flush(b);
    *slot = vm_entry_slot(e);
    return *slot == b->acc_slot ? FORM_A : FORM_S;
}

/* The top args entries, into their homes. Returns the home of the first. */
uint32_t vm_settle_args(struct vm_body *b, uint32_t args) {
    vm_emit_flush(b);
    for (uint32_t k = args; k > 0; k--)
        vm_emit_home(b, b->sp + k - 1);
    return args > 0 ? b->sp[args - 1].home : b->height;
}

/* Comparisons stand in pairs of opposites. */
uint8_t vm_row_opposite(uint8_t row) {
    uint8_t first = row >= ROW_EQ64 ? ROW_EQ64 : row >= ROW_BR_EQ ? ROW_BR_EQ : ROW_EQ;
    return (uint8_t)(((row - first) ^ 1) + first);
}
