#include "firewall/door.h"

#include "firewall/calls.h"
#include "firewall/handlers.h"

typedef int32_t handler(struct door *d, const struct call_argument *a);

static handler *const handlers[] = {
#define GROUP(text)
#define CALL(number, name, result, arguments, names, privilege, cost, text)                        \
    [number] = handle_##name,
#include "firewall/calls.def"
#undef CALL
#undef GROUP
};

/* F1: the one place where a pointer and length from an applet are checked. Both ends are compared
 * without adding, so that nothing wraps. */
static bool range_ok(uint32_t pointer, uint32_t len, uint32_t memory_size) {
    return len <= memory_size && pointer <= memory_size - len;
}

enum vm_trap door_call(void *host_ctx, struct vm_instance *instance, uint32_t number,
                       const uint32_t *args, uint32_t *result) {
    struct door *d = host_ctx;
    const struct call *c = calls_find(number);
    if (!c)
        return VM_TRAP_HOST; /* the translator resolves known calls only */
    struct call_argument a[CALL_ARGUMENTS_MAX];
    uint32_t memory_size;
    uint8_t *memory = vm_instance_memory(instance, &memory_size);
    uint32_t fuel = c->cost;
    uint32_t n = 0;
    for (const char *kind = c->arguments; *kind; kind++, n++) {
        a[n].value = *args++;
        if (*kind == 'v')
            continue;
        a[n].len = *args++;
        if (!range_ok(a[n].value, a[n].len, memory_size))
            return VM_TRAP_HOST;
        a[n].bytes = memory + a[n].value;
        fuel += a[n].len / 8;
    }
    if (!vm_instance_burn(instance, fuel))
        return VM_TRAP_FUEL;
    if (c->privilege & ~d->privileges[0]) {
        *result = (uint32_t)ONECARD_E_DENIED;
        return VM_TRAP_NONE;
    }
    int32_t r = handlers[number](d, a);
    if (r == ONECARD_E_IO) {
        d->fault = ONECARD_E_IO; /* flash or entropy failed: nothing can go on */
        return VM_TRAP_HOST;
    }
    *result = (uint32_t)r;
    return VM_TRAP_NONE;
}
