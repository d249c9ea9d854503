/* A translated image, looked at in place. */
#include "vm/engine.h"
#include "vm/ops_gen.h"

static uint32_t round8(uint32_t n) {
    return (n + 7) & ~7u;
}

/* A table of count records lies inside the image. */
static bool inside(uint32_t offset, uint32_t count, uint32_t record, uint32_t size) {
    return offset % 4 == 0 && offset <= size && count <= (size - offset) / record;
}

static bool foot_sane(const struct vm_foot *f, uint32_t end) {
    return inside(f->funcs, f->func_count, sizeof(struct vm_func), end) &&
           inside(f->types, f->type_count, 4, end) &&
           inside(f->exports, f->export_count, sizeof(struct vm_export), end) &&
           inside(f->globals, f->global_slots, 4, end) &&
           inside(f->data, f->data_count, sizeof(struct vm_data), end) &&
           inside(f->elems, f->elem_count, sizeof(struct vm_elem), end) &&
           f->import_count <= f->func_count && f->memory_initial <= f->memory_max &&
           f->table_size <= VM_NO_FUNC && (f->start == VM_NONE || f->start < f->func_count);
}

enum onecard_err vm_image_open(struct vm_image *out_image, const uint8_t *data, uint32_t size) {
    struct vm_head head;
    struct vm_foot foot;
    if (((uintptr_t)data & 3) != 0)
        return ONECARD_E_PARAM;
    if (size < sizeof head + sizeof foot)
        return ONECARD_E_FOREIGN;
    memcpy(&head, data, sizeof head);
    if (head.magic != VM_MAGIC || head.version != VM_ENGINE_VERSION || head.handlers != VM_HANDLERS)
        return ONECARD_E_FOREIGN;
    if (size % 4 != 0)
        return ONECARD_E_CORRUPT;
    uint32_t end = size - (uint32_t)sizeof foot;
    memcpy(&foot, data + end, sizeof foot);
    if (foot.magic != VM_MAGIC || foot.version != VM_ENGINE_VERSION ||
        head.halt != TOKEN_HALT_S_0 || !foot_sane(&foot, end))
        return ONECARD_E_CORRUPT;

    memset(out_image, 0, sizeof *out_image);
    out_image->data = data;
    out_image->size = size;
    out_image->memory_initial = foot.memory_initial;
    out_image->memory_max = foot.memory_max;
    out_image->instance_size = round8((uint32_t)sizeof(struct vm_instance) + foot.global_slots * 4 +
                                      foot.table_size * 2 + foot.data_count + foot.elem_count);
    out_image->priv[0] = end;
    return ONECARD_OK;
}

static const struct vm_foot *image_foot(const struct vm_image *image) {
    return (const void *)(image->data + image->priv[0]);
}

static void type_at(const struct vm_image *image, uint32_t index, struct vm_type *out_type) {
    const uint32_t *types = (const void *)(image->data + image_foot(image)->types);
    const uint8_t *t = image->data + types[index];
    out_type->param_count = t[0];
    out_type->result_count = t[1];
    out_type->result = t[2];
    out_type->params = t + 3;
}

int vm_image_export(const struct vm_image *image, const char *name, struct vm_type *out_type) {
    const struct vm_foot *foot = image_foot(image);
    const struct vm_export *e = (const void *)(image->data + foot->exports);
    const struct vm_func *funcs = (const void *)(image->data + foot->funcs);
    size_t len = strlen(name);
    for (uint32_t i = 0; i < foot->export_count; i++, e++) {
        if (e->name_len != len || memcmp(image->data + e->name, name, len) != 0)
            continue;
        if (out_type)
            type_at(image, funcs[e->func].type, out_type);
        return e->func;
    }
    return -1;
}

const char *vm_trap_name(enum vm_trap trap) {
    static const char *const names[] = {
        [VM_TRAP_NONE] = "none",
        [VM_TRAP_UNREACHABLE] = "unreachable",
        [VM_TRAP_MEMORY] = "out of bounds memory access",
        [VM_TRAP_TABLE] = "out of bounds table access",
        [VM_TRAP_DIVIDE] = "integer divide by zero",
        [VM_TRAP_OVERFLOW] = "integer overflow",
        [VM_TRAP_UNDEFINED] = "undefined element",
        [VM_TRAP_UNINITIALIZED] = "uninitialized element",
        [VM_TRAP_TYPE] = "indirect call type mismatch",
        [VM_TRAP_STACK] = "stack exhausted",
        [VM_TRAP_FUEL] = "fuel exhausted",
        [VM_TRAP_HOST] = "ended by a host call",
    };
    return (unsigned)trap < sizeof names / sizeof names[0] ? names[trap] : "unknown";
}
