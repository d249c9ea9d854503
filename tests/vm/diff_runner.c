/* diff_runner --image MODULE IMAGE FUEL: writes the image, and the fuel that each export burns with
 * the argument 2, for a board to compare with its own.
 *
 * diff_runner MODULE...: runs every export without parameters of the modules named on the command
 * line, in order, and prints what wasm-interp --run-all-exports would: the other half is diff.py.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/module_info.h"
#include "vm/vm.h"

static uint8_t image[1 << 20], wasm[1 << 18], scratch[1 << 18], memory[4 * 65536];
static _Alignas(8) uint8_t place[16384];
static uint32_t image_len, wasm_len, slots[65536];

static enum onecard_err keep(void *ctx, const void *data, uint32_t len) {
    (void)ctx;
    if (len > sizeof image - image_len)
        return ONECARD_E_FULL;
    memcpy(image + image_len, data, len);
    image_len += len;
    return ONECARD_OK;
}

static int resolve(void *ctx, const uint8_t *module, uint32_t module_len, const uint8_t *name,
                   uint32_t name_len, const struct vm_type *type) {
    (void)ctx, (void)module, (void)module_len, (void)name, (void)name_len, (void)type;
    return -1;
}

static enum vm_trap host(void *ctx, struct vm_instance *instance, uint32_t number,
                         const uint32_t *args, uint32_t *result) {
    (void)ctx, (void)instance, (void)number, (void)args, (void)result;
    return VM_TRAP_HOST;
}

struct run {
    FILE *out;
    struct vm_image opened;
    struct vm_instance *instance;
};

static void call(void *ctx, const struct vm_module_export *e) {
    struct run *r = ctx;
    struct vm_type type;
    char name[32];
    uint32_t result[2] = {0, 0};
    uint64_t fuel = 1ull << 34;
    if (e->kind != 0 || e->name_len >= sizeof name)
        return;
    memcpy(name, e->name, e->name_len);
    name[e->name_len] = 0;
    int func = vm_image_export(&r->opened, name, &type);
    enum vm_trap trap = vm_instance_call(r->instance, (uint32_t)func, NULL, result, &fuel);
    if (trap != VM_TRAP_NONE)
        printf("%s %s\n", name, vm_trap_name(trap));
    else if (type.result_count == 0)
        printf("%s\n", name);
    else if (type.result == VM_I32)
        printf("%s i32:%" PRIu32 "\n", name, result[0]);
    else
        printf("%s i64:%" PRIu64 "\n", name, (uint64_t)result[1] << 32 | result[0]);
}

/* The module into wasm, its image into image. 1 and a line if it is refused. */
static int load(const char *path) {
    struct vm_limits limits = {.memory_max = sizeof memory, .table_max = 1000};
    struct vm_resolver resolver = {NULL, resolve};
    struct vm_sink sink = {NULL, keep};
    struct vm_report report;
    FILE *f = fopen(path, "rb");
    if (!f)
        return 2;
    wasm_len = (uint32_t)fread(wasm, 1, sizeof wasm, f);
    fclose(f);
    image_len = 0;
    if (vm_translate(wasm, wasm_len, &limits, &resolver, scratch, sizeof scratch, &sink, &report) ==
        ONECARD_OK)
        return 0;
    printf("refused: %s at %u\n", report.reason, (unsigned)report.offset);
    return 1;
}

static int run_file(const char *path) {
    struct vm_stack stack = {slots, slots, slots + 65536, 0, 1000};
    struct vm_module_info info;
    struct run r;
    struct vm_module_visitor visitor = {&r, NULL, call};
    uint64_t fuel = 1 << 20;
    printf("%s\n", path);
    int loaded = load(path);
    if (loaded != 0)
        return loaded == 1 ? 0 : loaded;
    if (vm_image_open(&r.opened, image, image_len) != ONECARD_OK ||
        r.opened.instance_size > sizeof place)
        return 2;
    enum vm_trap trap = vm_instance_init(&r.instance, &r.opened, place, memory, sizeof memory,
                                         &stack, host, NULL, &fuel);
    if (trap != VM_TRAP_NONE)
        printf("start %s\n", vm_trap_name(trap));
    else
        vm_module_info(wasm, wasm_len, &visitor, &info);
    return 0;
}

static void burn(void *ctx, const struct vm_module_export *e) {
    struct run *r = ctx;
    char name[32];
    uint32_t two = 2, result[2];
    const uint64_t full = 1ull << 40;
    uint64_t fuel = full;
    if (e->kind != 0 || e->name_len >= sizeof name)
        return;
    memcpy(name, e->name, e->name_len);
    name[e->name_len] = 0;
    int func = vm_image_export(&r->opened, name, NULL);
    vm_instance_call(r->instance, (uint32_t)func, &two, result, &fuel);
    fprintf(r->out, "%s %" PRIu64 "\n", name, full - fuel);
}

static int write_image(const char *image_path, const char *fuel_path) {
    struct run r;
    struct vm_stack stack = {slots, slots, slots + 65536, 0, 1000};
    struct vm_module_visitor visitor = {&r, NULL, burn};
    struct vm_module_info info;
    uint64_t fuel = 0;
    FILE *f = fopen(image_path, "wb");
    r.out = fopen(fuel_path, "w");
    if (!f || !r.out || fwrite(image, 1, image_len, f) != image_len || fclose(f) != 0)
        return 2;
    if (vm_image_open(&r.opened, image, image_len) != ONECARD_OK ||
        vm_instance_init(&r.instance, &r.opened, place, memory, sizeof memory, &stack, host, NULL,
                         &fuel) != VM_TRAP_NONE)
        return 2;
    vm_module_info(wasm, wasm_len, &visitor, &info);
    return fclose(r.out) != 0;
}

int main(int argc, char **argv) {
    if (argc == 5 && strcmp(argv[1], "--image") == 0)
        return load(argv[2]) != 0 ? 2 : write_image(argv[3], argv[4]);
    for (int i = 1; i < argc; i++)
        if (run_file(argv[i]) != 0)
            return 2;
    return 0;
}
