#include "firewall/door.h"

#include "firewall/calls.h"
#include "firewall/handlers.h"

typedef int32_t handler(struct door *d, const struct call_argument *a);

/* A line of calls.def made ready: the letters of its arguments as a count, and a bit for each that
 * is a pointer and a length. */
struct entry {
    handler *handle;
    uint32_t cost;
    uint8_t privilege;
    uint8_t count, pointers;
};

#define POINTER(arguments, n) (((arguments "vvvvv")[n] != 'v') << (n))
#define POINTERS(arguments)                                                                        \
    (POINTER(arguments, 0) | POINTER(arguments, 1) | POINTER(arguments, 2) |                       \
     POINTER(arguments, 3) | POINTER(arguments, 4))
_Static_assert(CALL_ARGUMENTS_MAX == 5, "POINTERS");

static const struct entry entries[] = {
#define GROUP(text)
#define CALL(number, name, result, arguments, names, privilege, cost, text)                        \
    [number] = {handle_##name, cost, CALL_##privilege, sizeof arguments - 1, POINTERS(arguments)},
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
    if (number >= sizeof entries / sizeof *entries || !entries[number].handle)
        return VM_TRAP_HOST; /* the translator resolves known calls only */
    const struct entry *c = &entries[number];
    const struct vm_at_hand at_hand = *vm_at_hand(instance);
    struct call_argument a[CALL_ARGUMENTS_MAX];
    uint32_t fuel = c->cost;
    uint32_t pointers = c->pointers;
    for (uint32_t n = 0; n < c->count; n++, pointers >>= 1) {
        a[n].value = *args++;
        if (!(pointers & 1))
            continue;
        a[n].len = *args++;
        if (!range_ok(a[n].value, a[n].len, at_hand.memory_size))
            return VM_TRAP_HOST;
        a[n].bytes = at_hand.memory + a[n].value;
        fuel += a[n].len / 8;
    }
    if (!vm_instance_burn(instance, fuel))
        return VM_TRAP_FUEL;
    if (c->privilege & ~d->privileges[0]) {
        *result = (uint32_t)ONECARD_E_DENIED;
        return VM_TRAP_NONE;
    }
    int32_t r = c->handle(d, a);
    if (r == ONECARD_E_IO) {
        d->fault = ONECARD_E_IO; /* flash or entropy failed: nothing can go on */
        return VM_TRAP_HOST;
    }
    *result = (uint32_t)r;
    return VM_TRAP_NONE;
}
