/* The loader with mutated modules, and whatever it accepts, run: nothing may be read or written
 * beyond the module, the scratch, the image, the stack and the linear memory (ASan, UBSan). */
#include <stdlib.h>
#include <string.h>

#include "vm/module_info.h"
#include "vm/vm.h"

#define SCRATCH 8192u
#define SLOTS 2048u
#define MEMORY_MAX (4u * 65536u)

struct out {
    uint8_t *data;
    uint32_t len, cap;
};

static enum onecard_err keep(void *ctx, const void *data, uint32_t len) {
    struct out *o = ctx;
    if (len > o->cap - o->len)
        return ONECARD_E_FULL;
    memcpy(o->data + o->len, data, len);
    o->len += len;
    return ONECARD_OK;
}

static int resolve(void *ctx, const uint8_t *module, uint32_t module_len, const uint8_t *name,
                   uint32_t name_len, const struct vm_type *type) {
    (void)ctx, (void)module, (void)module_len, (void)name;
    return type->param_count <= 8 ? (int)(name_len & 1023) : -1;
}

static enum vm_trap host(void *ctx, struct vm_instance *instance, uint32_t number,
                         const uint32_t *args, uint32_t *result) {
    (void)ctx, (void)args;
    result[0] = number;
    return vm_instance_burn(instance, 10) ? VM_TRAP_NONE : VM_TRAP_FUEL;
}

struct exports {
    struct vm_image *image;
    struct vm_instance *instance;
};

static void run(void *ctx, const struct vm_module_export *e) {
    struct exports *x = ctx;
    char name[64];
    uint32_t args[512] = {1, 2, 3, 65530, 5}, result[2];
    uint64_t fuel = 20000;
    if (e->kind != 0 || e->name_len >= sizeof name)
        return;
    memcpy(name, e->name, e->name_len);
    name[e->name_len] = 0;
    int func = vm_image_export(x->image, name, NULL);
    if (func >= 0)
        vm_instance_call(x->instance, (uint32_t)func, args, result, &fuel);
    struct vm_trap_info info;
    vm_instance_trap_info(x->instance, &info);
}

static void execute(const uint8_t *wasm, uint32_t len, const uint8_t *data, uint32_t image_len) {
    struct vm_image image;
    uint64_t fuel = 20000;
    if (vm_image_open(&image, data, image_len) != ONECARD_OK)
        abort(); /* the loader made what it does not take back */
    uint32_t size = image.memory_max < MEMORY_MAX ? image.memory_max : MEMORY_MAX;
    uint8_t *memory = malloc(size), *place = malloc(image.instance_size);
    uint32_t *slots = malloc(SLOTS * sizeof *slots);
    struct vm_stack stack = {slots, slots, slots + SLOTS, 0, 60};
    struct exports x = {&image, NULL};
    enum vm_trap trap =
        vm_instance_init(&x.instance, &image, place, memory, size, &stack, host, NULL, &fuel);
    struct vm_module_visitor visitor = {&x, NULL, run};
    struct vm_module_info info;
    if (trap == VM_TRAP_NONE)
        vm_module_info(wasm, len, &visitor, &info);
    free(slots);
    free(place);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct vm_limits limits = {.memory_max = MEMORY_MAX, .table_max = 256};
    struct vm_resolver resolver = {NULL, resolve};
    struct vm_report report;
    struct vm_module_info info;
    struct out out = {malloc(65536), 0, 65536};
    struct vm_sink sink = {&out, keep};
    uint8_t *scratch = malloc(SCRATCH);
    vm_module_info(data, (uint32_t)size, NULL, &info);
    enum onecard_err err =
        vm_translate(data, (uint32_t)size, &limits, &resolver, scratch, SCRATCH, &sink, &report);
    free(scratch);
    if (err == ONECARD_OK) {
        uint8_t *image = malloc(out.len); /* exactly as long, so that ASan sees its end */
        memcpy(image, out.data, out.len);
        execute(data, (uint32_t)size, image, out.len);
        free(image);
    } else if (!report.reason) {
        abort(); /* every refusal says why */
    }
    free(out.data);
    return 0;
}
