#include "firewall/calls.h"

#include <string.h>

static const struct call table[] = {
#define GROUP(text)
#define CALL(number, name, result, arguments, names, privilege, cost, text)                        \
    [number] = {#name, arguments, sizeof #name - 1, RESULT_##result, CALL_##privilege, cost},
#include "firewall/calls.def"
#undef CALL
#undef GROUP
};

uint32_t calls_count(void) {
    return sizeof table / sizeof *table;
}

const struct call *calls_find(uint32_t number) {
    return number < calls_count() && table[number].name ? &table[number] : NULL;
}

static bool type_fits(const struct call *c, const struct vm_type *type) {
    uint32_t params = 0;
    for (const char *a = c->arguments; *a; a++)
        params += *a == 'v' ? 1 : 2;
    if (type->param_count != params || type->result_count != 1 || type->result != VM_I32)
        return false;
    for (uint32_t i = 0; i < params; i++)
        if (type->params[i] != VM_I32)
            return false;
    return true;
}

int calls_resolve(void *ctx, const uint8_t *module, uint32_t module_len, const uint8_t *name,
                  uint32_t name_len, const struct vm_type *type) {
    (void)ctx;
    if (module_len != 4 || memcmp(module, "card", 4))
        return -1;
    for (uint32_t i = 0; i < calls_count(); i++) {
        const struct call *c = &table[i];
        if (c->name && c->name_len == name_len && !memcmp(c->name, name, name_len))
            return type_fits(c, type) ? (int)i : -1;
    }
    return -1;
}
