/* An instance: memory, table and globals of a running module, and the way in and out. */
#include "vm/engine.h"

/* ---- bulk operations ---- */

/* One unit of fuel moves this many bytes or elements. */
#define BULK_STEP 8u

static bool in_range(uint32_t at, uint32_t len, uint32_t size) {
    return at <= size && len <= size - at;
}

static enum vm_trap memory_init(struct vm_instance *vm, const uint32_t *args, uint32_t segment) {
    const struct vm_data *d = (const struct vm_data *)vm_at(vm, vm->foot->data) + segment;
    uint32_t len = vm->dropped[segment] ? 0 : d->len;
    if (!in_range(args[1], args[2], len) || !in_range(args[0], args[2], vm->at_hand.memory_size))
        return VM_TRAP_MEMORY;
    if (args[2] > 0)
        memcpy(vm->at_hand.memory + args[0], (const uint8_t *)vm_at(vm, d->from) + args[1],
               args[2]);
    return VM_TRAP_NONE;
}

static enum vm_trap table_init(struct vm_instance *vm, const uint32_t *args, uint32_t segment) {
    const struct vm_elem *e = (const struct vm_elem *)vm_at(vm, vm->foot->elems) + segment;
    uint32_t count = vm->dropped[vm->foot->data_count + segment] ? 0 : e->count;
    if (!in_range(args[1], args[2], count) || !in_range(args[0], args[2], vm->foot->table_size))
        return VM_TRAP_TABLE;
    if (args[2] > 0)
        memcpy(vm->table + args[0], (const uint16_t *)vm_at(vm, e->from) + args[1], args[2] * 2);
    return VM_TRAP_NONE;
}

static enum vm_trap bulk(struct vm_instance *vm, uint32_t op, const uint32_t *args,
                         uint32_t segment) {
    switch (op) {
    case VM_MEMORY_INIT:
        return memory_init(vm, args, segment);
    case VM_TABLE_INIT:
        return table_init(vm, args, segment);
    case VM_TABLE_COPY:
        if (!in_range(args[0], args[2], vm->foot->table_size) ||
            !in_range(args[1], args[2], vm->foot->table_size))
            return VM_TRAP_TABLE;
        memmove(vm->table + args[0], vm->table + args[1], args[2] * sizeof *vm->table);
        return VM_TRAP_NONE;
    case VM_MEMORY_COPY:
        if (!in_range(args[0], args[2], vm->at_hand.memory_size) ||
            !in_range(args[1], args[2], vm->at_hand.memory_size))
            return VM_TRAP_MEMORY;
        if (args[2] > 0)
            memmove(vm->at_hand.memory + args[0], vm->at_hand.memory + args[1], args[2]);
        return VM_TRAP_NONE;
    default: /* VM_MEMORY_FILL */
        if (!in_range(args[0], args[2], vm->at_hand.memory_size))
            return VM_TRAP_MEMORY;
        if (args[2] > 0)
            memset(vm->at_hand.memory + args[0], (int)(args[1] & 0xFF), args[2]);
        return VM_TRAP_NONE;
    }
}

enum vm_trap vm_bulk_run(struct vm_instance *vm, uint32_t op, const uint32_t *args,
                         uint32_t segment) {
    if (op == VM_DATA_DROP || op == VM_ELEM_DROP) {
        vm->dropped[op == VM_DATA_DROP ? segment : vm->foot->data_count + segment] = 1;
        return VM_TRAP_NONE;
    }
    /* the length is charged afterwards: it is in bounds then, and what is out of bounds says so
     * however little fuel there is */
    enum vm_trap trap = bulk(vm, op, args, segment);
    if (trap == VM_TRAP_NONE && !vm_instance_burn(vm, args[2] / BULK_STEP))
        trap = VM_TRAP_FUEL;
    return trap;
}

/* A module that stated __heap_base has less than its pages; to itself it looks whole. */
uint32_t vm_memory_pages(const struct vm_instance *vm) {
    uint32_t pages = vm->at_hand.memory_size / VM_PAGE;
    return pages < vm->foot->memory_pages ? vm->foot->memory_pages : pages;
}

uint32_t vm_memory_grow(struct vm_instance *vm, uint32_t pages) {
    uint32_t old = vm_memory_pages(vm);
    if (pages == 0)
        return old;
    uint32_t max = vm->foot->memory_max < vm->memory_cap ? vm->foot->memory_max : vm->memory_cap;
    if (old > max / VM_PAGE || pages > max / VM_PAGE - old)
        return UINT32_MAX;
    uint32_t size = (old + pages) * VM_PAGE;
    memset(vm->at_hand.memory + vm->at_hand.memory_size, 0, size - vm->at_hand.memory_size);
    vm->at_hand.memory_size = size;
    return old;
}

/* ---- making one ---- */

static enum vm_trap apply_segments(struct vm_instance *vm) {
    const struct vm_foot *foot = vm->foot;
    const struct vm_elem *e = vm_at(vm, foot->elems);
    for (uint32_t i = 0; i < foot->elem_count; i++) {
        uint32_t args[3] = {e[i].to, 0, e[i].count};
        if (!e[i].active)
            continue;
        enum vm_trap trap = table_init(vm, args, i);
        if (trap != VM_TRAP_NONE)
            return trap;
        vm->dropped[foot->data_count + i] = 1;
    }
    const struct vm_data *d = vm_at(vm, foot->data);
    for (uint32_t i = 0; i < foot->data_count; i++) {
        uint32_t args[3] = {d[i].to, 0, d[i].len};
        if (!d[i].active)
            continue;
        enum vm_trap trap = memory_init(vm, args, i);
        if (trap != VM_TRAP_NONE)
            return trap;
        vm->dropped[i] = 1;
    }
    return VM_TRAP_NONE;
}

void vm_instance_move(struct vm_instance *instance, const struct vm_image *image) {
    const struct vm_foot *foot = (const void *)(image->data + image->priv[0]);
    instance->code = (const void *)image->data;
    instance->foot = foot;
    instance->funcs = (const void *)(image->data + foot->funcs);
}

enum vm_trap vm_instance_init(struct vm_instance **out_instance, const struct vm_image *image,
                              void *place, uint8_t *memory, uint32_t memory_size,
                              struct vm_stack *stack, vm_host_fn *host, void *host_ctx,
                              uint64_t *fuel) {
    struct vm_instance *vm = place;
    memset(vm, 0, sizeof *vm);
    vm_instance_move(vm, image);
    const struct vm_foot *foot = vm->foot;
    vm->at_hand.memory = memory;
    vm->at_hand.memory_size = foot->memory_initial;
    vm->memory_cap = memory_size;
    vm->globals = (uint32_t *)(vm + 1);
    vm->table = (uint16_t *)(vm->globals + foot->global_slots);
    vm->dropped = (uint8_t *)(vm->table + foot->table_size);
    vm->stack = stack;
    vm->host = host;
    vm->host_ctx = host_ctx;
    vm->trap_func = VM_NONE;
    *out_instance = vm;
    if (memory_size < foot->memory_initial)
        return VM_TRAP_MEMORY;

    if (foot->memory_initial > 0)
        memset(memory, 0, foot->memory_initial);
    memcpy(vm->globals, vm_at(vm, foot->globals), foot->global_slots * 4);
    memset(vm->table, 0xFF, foot->table_size * 2);
    memset(vm->dropped, 0, foot->data_count + foot->elem_count);
    enum vm_trap trap = apply_segments(vm);
    if (trap != VM_TRAP_NONE) {
        vm->trap = trap;
        return trap;
    }
    if (foot->start == VM_NONE)
        return VM_TRAP_NONE;
    return vm_instance_call(vm, foot->start, NULL, NULL, fuel);
}

/* ---- the way in and out ---- */

static enum vm_trap call_import(struct vm_instance *vm, const struct vm_func *func,
                                const uint32_t *args) {
    uint32_t result[2] = {0, 0};
    enum vm_trap trap = vm->host(vm->host_ctx, vm, func->code, args, result);
    memcpy(vm->stack->top, result, func->results * sizeof *result);
    return trap;
}

enum vm_trap vm_instance_call(struct vm_instance *instance, uint32_t function, const uint32_t *args,
                              uint32_t *result, uint64_t *fuel) {
    struct vm_instance *vm = instance;
    const struct vm_func *func = &vm->funcs[function];
    struct vm_stack *stack = vm->stack;
    uint32_t *top = stack->top;
    uint32_t depth = stack->depth;
    enum vm_trap trap;

    /* An instance may be entered again from one of its own host calls. */
    uint32_t outer_fuel = vm->at_hand.fuel;
    uint64_t outer_reserve = vm->reserve;
    vm->reserve = *fuel;
    vm->at_hand.fuel = 0;

    size_t room = (size_t)(stack->limit - top);
    uint32_t params = func->params;
    if (room < params + 2u) {
        trap = VM_TRAP_STACK;
        vm->trap_func = function;
    } else if (function < vm->foot->import_count) {
        trap = call_import(vm, func, args);
        vm->trap_func = function;
    } else {
        for (uint32_t i = 0; i < params; i++)
            top[i] = args[i];
        trap = vm_run(vm, top, function);
    }
    *fuel = vm->reserve + vm->at_hand.fuel;
    vm->at_hand.fuel = outer_fuel;
    vm->reserve = outer_reserve;
    stack->top = top;
    stack->depth = depth;
    vm->trap = trap;
    if (trap == VM_TRAP_NONE && func->results > 0) {
        result[0] = top[0];
        if (func->results > 1)
            result[1] = top[1];
    }
    return trap;
}

uint64_t vm_instance_fuel(const struct vm_instance *instance) {
    return instance->reserve + instance->at_hand.fuel;
}

bool vm_instance_burn_reserve(struct vm_instance *instance, uint32_t amount) {
    uint64_t left = instance->reserve + instance->at_hand.fuel;
    if (left < amount) {
        instance->reserve = 0;
        instance->at_hand.fuel = 0;
        return false;
    }
    left -= amount;
    instance->at_hand.fuel = left < UINT32_MAX ? (uint32_t)left : UINT32_MAX;
    instance->reserve = left - instance->at_hand.fuel;
    return true;
}

void vm_instance_trap_info(const struct vm_instance *instance, struct vm_trap_info *out_info) {
    const struct vm_foot *foot = instance->foot;
    out_info->trap = (enum vm_trap)instance->trap;
    out_info->function = instance->trap_func;
    out_info->offset = 0;
    if (instance->trap_func != VM_NONE)
        return;
    /* Functions lie in the image in their order: the last one that begins before the place. */
    uint32_t low = foot->import_count;
    for (uint32_t high = foot->func_count; high - low > 1;) {
        uint32_t middle = low + (high - low) / 2;
        if (instance->funcs[middle].code <= instance->trap_at)
            low = middle;
        else
            high = middle;
    }
    if (low < foot->func_count) {
        out_info->function = low;
        out_info->offset = (instance->trap_at - instance->funcs[low].code) * 2;
    }
}
