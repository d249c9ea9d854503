/* The loop that runs translated code. Everything that validation promised is taken for granted
 * here; what remains are the checks that depend on values: memory and table bounds, division,
 * fuel, stack and depth. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE_SIZE__)
/* For size gcc would merge the handlers' jumps into one, which costs 40 % in time to save 2 KB.
 * Before the headers, whose small functions are to be part of the loop. */
#pragma GCC optimize("O2")
#endif

#include "vm/bits.h"
#include "vm/engine.h"
#include "vm/ops_gen.h"

/* Each handler ends with a jump of its own to the next: that is what branch predictors like. */
#define GOTO_NEXT goto *handlers[*pc]

/* Fuel comes to the loop in portions of 32 bits: a 64-bit counter is slow on a small machine. */
static uint32_t take_fuel(struct vm_instance *vm, uint32_t fuel) {
    uint64_t room = UINT32_MAX - fuel;
    uint64_t take = vm->reserve < room ? vm->reserve : room;
    vm->reserve -= take;
    return fuel + (uint32_t)take;
}

static inline enum vm_trap call_host(struct vm_instance *vm, uint32_t number, uint32_t *args,
                                     uint32_t params, uint32_t results) {
    uint32_t result[2] = {0, 0};
    vm->stack->top = args + params;
    enum vm_trap trap = vm->host(vm->host_ctx, vm, number, args, result);
    if (results > 0)
        args[0] = result[0];
    if (results > 1)
        args[1] = result[1];
    return trap;
}

/* One function, so that the machine's state stays in registers.
 * NOLINTNEXTLINE(readability-function-size) */
enum vm_trap vm_run(struct vm_instance *vm, uint32_t *fp, uint32_t function) {
    /* Labels as values are a GNU extension; both compilers we use have it. */
    __extension__ static const void *const handlers[TOKEN_COUNT] = {VM_HANDLER_LABELS};

    const uint16_t *const code = vm->code;
    uint8_t *const mem = vm->at_hand.memory;
    uint32_t *const globals = vm->globals;
    size_t size = vm->at_hand.memory_size;
    uint32_t fuel = vm->at_hand.fuel;
    uint32_t acc = 0;
    uint32_t *const limit = vm->stack->limit;
    uint32_t depth = vm->stack->depth_max - vm->stack->depth;
    enum vm_trap trap;
    /* of the handlers; declared here so that no handler has a scope to leave */
    uint32_t x, y, r, k, o, cost, index, last;
    uint64_t wide_x, wide_y;
    size_t e;
    const struct vm_func *func;
    const uint16_t *entry;
    const uint32_t *saved;
    uint32_t *frame;

    /* The first call returns to the HALT in the head of the image. */
    const uint16_t *pc = code + VM_HALT_UNIT;
    const uint16_t *back = pc;
    uint32_t step = 0;
    vm->trap_func = function;

enter : {
    entry = code + vm->funcs[function].code;
    cost = entry[VM_ENTRY_COST];
    frame = fp + step;
    if ((size_t)(limit - frame) < entry[VM_ENTRY_FRAME] || depth == 0)
        goto trap_stack;
    if (fuel < cost) {
        fuel = take_fuel(vm, fuel);
        if (fuel < cost)
            goto trap_fuel;
    }
    fuel -= cost;
    depth--;
    fp = frame;
    frame += entry[VM_ENTRY_PARAMS];
    frame[0] = (uint32_t)(back - code);
    frame[1] = step;
    frame += VM_SAVED;
    for (x = entry[VM_ENTRY_LOCALS]; x > 0; x--) {
        *frame++ = 0;
        __asm__("" : "+r"(frame)); /* a handful: gcc would call memset */
    }
    pc = entry + VM_ENTRY_UNITS;
    GOTO_NEXT;
}

call_s_0:
    function = pc[1];
    step = pc[2];
    back = pc + 3;
    vm->trap_func = VM_NONE;
    goto enter;

call_indirect_s_0 : {
    index = fp[pc[1]];
    if (index >= vm->foot->table_size)
        goto trap_undefined;
    function = vm->table[index];
    if (function == VM_NO_FUNC)
        goto trap_uninitialized;
    func = &vm->funcs[function];
    if (func->type != pc[2])
        goto trap_type;
    step = pc[3];
    back = pc + 4;
    vm->trap_func = VM_NONE;
    if (function >= vm->foot->import_count)
        goto enter;
    frame = fp + step;
    x = func->code;
    y = func->params;
    r = func->results;
    goto call_out;
}

call_host_s_0 : {
    frame = fp + pc[2];
    x = pc[1];
    y = pc[3];
    r = pc[4];
    back = pc + 5;
    vm->trap_func = VM_NONE;
}
call_out: /* arguments at frame, y slots; r slots of results take their place */
    vm->at_hand.fuel = fuel;
    vm->stack->depth = vm->stack->depth_max - depth;
    trap = call_host(vm, x, frame, y, r);
    fuel = vm->at_hand.fuel;
    size = vm->at_hand.memory_size;
    if (trap != VM_TRAP_NONE)
        goto trapped;
    acc = frame[0];
    pc = back;
    GOTO_NEXT;

return_s_0:
    acc = fp[pc[2]];
    goto return_acc;
return_i_0:
    acc = imm32(pc + 2);
    goto return_acc;
return_a_0:
return_acc : {
    saved = fp + pc[1];
    pc = code + saved[0];
    step = saved[1];
    fp[0] = acc;
    fp -= step;
    depth++;
    GOTO_NEXT;
}

return64_s_0 : {
    saved = fp + pc[1];
    wide_x = get64(fp + pc[2]);
    pc = code + saved[0];
    step = saved[1];
    put64(fp, wide_x);
    fp -= step;
    depth++;
    GOTO_NEXT;
}

return_void_s_0 : {
    saved = fp + pc[1];
    pc = code + saved[0];
    fp -= saved[1];
    depth++;
    GOTO_NEXT;
}

halt_s_0:
    vm->at_hand.fuel = fuel;
    return VM_TRAP_NONE;

br_table_s_0 : {
    index = fp[pc[1]];
    last = pc[2];
    pc += 3 + (index < last ? index : last);
    pc += (int16_t)*pc;
    GOTO_NEXT;
}

br_table_a_0 : {
    last = pc[1];
    pc += 2 + (acc < last ? acc : last);
    pc += (int16_t)*pc;
    GOTO_NEXT;
}

memory_size_s_0:
    acc = vm_memory_pages(vm);
    fp[pc[1]] = acc;
    pc += 2;
    GOTO_NEXT;

memory_grow_s_0:
    acc = vm_memory_grow(vm, fp[pc[1]]);
    fp[pc[1]] = acc;
    size = vm->at_hand.memory_size;
    pc += 2;
    GOTO_NEXT;

bulk_s_0:
    vm->at_hand.fuel = fuel;
    trap = vm_bulk_run(vm, pc[1], fp + pc[2], pc[3]);
    fuel = vm->at_hand.fuel;
    if (trap != VM_TRAP_NONE)
        goto trapped;
    pc += 4;
    GOTO_NEXT;

#include "vm/run_gen.h"

    /* A back edge had too little at hand: fetch more and run the instruction again. Every
     * instruction that comes here can be repeated from its start. */
refuel : {
    x = fuel;
    fuel = take_fuel(vm, fuel);
    if (fuel == x)
        goto trap_fuel;
    GOTO_NEXT;
}

unreachable_s_0:
    trap = VM_TRAP_UNREACHABLE;
    goto trapped_here;
trap_memory:
    trap = VM_TRAP_MEMORY;
    goto trapped_here;
trap_divide:
    trap = VM_TRAP_DIVIDE;
    goto trapped_here;
trap_overflow:
    trap = VM_TRAP_OVERFLOW;
    goto trapped_here;
trap_undefined:
    trap = VM_TRAP_UNDEFINED;
    goto trapped_here;
trap_uninitialized:
    trap = VM_TRAP_UNINITIALIZED;
    goto trapped_here;
trap_type:
    trap = VM_TRAP_TYPE;
trapped_here:
    vm->trap_func = VM_NONE;
    goto trapped;
trap_stack:
    trap = VM_TRAP_STACK;
    goto trapped;
trap_fuel:
    trap = VM_TRAP_FUEL;
    fuel = 0;
    vm->reserve = 0;
trapped:
    vm->at_hand.fuel = fuel;
    vm->trap_at = (uint32_t)(pc - code);
    return trap;
}
