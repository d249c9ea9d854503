/* Quotas in force while an instance runs (F8). What they limit is enforced where it is used: by the
 * store, by the VM's stack and fuel, by the size of linear memory. */
#include "runtime/runtime.h"

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

void limits_enter(struct onecard *card, const struct applet *a, struct limits *outer,
                  uint64_t *fuel) {
    struct vm_stack *stack = &card->stack;
    struct store_limit limit = {a->context, STORE_NO_LIMIT, STORE_NO_LIMIT, STORE_NO_LIMIT};
    outer->stack_limit = stack->limit;
    outer->depth_max = stack->depth_max;
    if (a->limited) {
        struct registry *r = &card->manager.registry;
        struct quota q;
        quota_of(r, registry_entry(r, a->context), &q);
        const uint32_t staged = store_staged(card->store), *most = q.most;
        if (most[QUOTA_FUEL] < *fuel)
            *fuel = most[QUOTA_FUEL];
        stack->limit =
            stack->top + smaller(most[QUOTA_STACK], (uint32_t)(stack->limit - stack->top));
        stack->depth_max =
            stack->depth + smaller(most[QUOTA_DEPTH], stack->depth_max - stack->depth);
        limit.bytes = most[QUOTA_FLASH];
        limit.objects = most[QUOTA_OBJECTS];
        if (most[QUOTA_TRANSACTION] < STORE_NO_LIMIT - staged)
            limit.transaction = staged + most[QUOTA_TRANSACTION];
    }
    outer->store = store_limit(card->store, &limit);
}

void limits_leave(struct onecard *card, const struct limits *outer) {
    card->stack.limit = outer->stack_limit;
    card->stack.depth_max = outer->depth_max;
    store_limit(card->store, &outer->store);
}
