/* make bench-vm: the kernels natively, here, as wasm2c compiles them and in wasm-interp,
 * interleaved, CPU time. DIRECTORY holds kernels.wasm, caller.wasm and alone_NAME.wasm (see
 * tests/vm/rules.mk). */
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "bench/vm/kernels.h"
#include "vm/vm.h"

/* in kernels_w2c.c, which wasm2c makes; by name, so that this file needs none of its headers */
uint32_t w2c_run(unsigned kernel, uint32_t n);

typedef uint32_t kernel_fn(uint32_t n);

static const struct {
    const char *name;
    kernel_fn *native;
    uint32_t n;     /* for the interpreter */
    uint32_t many;  /* times more natively */
    uint32_t alone; /* for wasm-interp: KERNEL_TIMES of rules.mk */
    bool recursive;
} kernels[] = {
    {"crc32", kernel_crc32, 400, 8, KERNEL_TIMES, false},
    {"sm4", kernel_sm4, 30, 8, KERNEL_TIMES, false},
    {"tdes", kernel_tdes, 50, 8, KERNEL_TIMES, false},
    {"tlv", kernel_tlv, 1000, 8, KERNEL_TIMES, false},
    {"sort", kernel_sort, 30, 8, KERNEL_TIMES, false},
    {"sha256", kernel_sha256, 30, 8, KERNEL_TIMES, false},
    {"calls", kernel_calls, 60, 8, KERNEL_TIMES, true},
    {"mix", kernel_mix, 50, 8, KERNEL_TIMES, false},
};
#define KERNELS (sizeof kernels / sizeof kernels[0])
#define ROUNDS 9

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct bytes {
    uint8_t *data;
    uint32_t len, cap;
};

static enum onecard_err keep(void *ctx, const void *data, uint32_t len) {
    struct bytes *b = ctx;
    if (len > b->cap - b->len)
        return ONECARD_E_NO_MEMORY;
    memcpy(b->data + b->len, data, len);
    b->len += len;
    return ONECARD_OK;
}

static int resolve(void *ctx, const uint8_t *module, uint32_t module_len, const uint8_t *name,
                   uint32_t name_len, const struct vm_type *type) {
    (void)ctx, (void)module, (void)module_len, (void)name, (void)name_len, (void)type;
    return 1;
}

static enum vm_trap host(void *ctx, struct vm_instance *instance, uint32_t number,
                         const uint32_t *args, uint32_t *result) {
    (void)ctx, (void)instance, (void)number;
    result[0] = args[0] + 1;
    return VM_TRAP_NONE;
}

static struct bytes image = {.cap = 1 << 20};
static uint8_t scratch[64 * 1024];
static struct vm_image opened;
static struct vm_instance *instance;
static struct vm_stack stack;

static uint8_t *read_file(const char *directory, const char *name, uint32_t *out_len) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *f = fopen(path, "rb");
    uint8_t *data = malloc(1 << 20);
    if (!f || !data) {
        fprintf(stderr, "bench-vm: cannot read %s\n", path);
        exit(2);
    }
    *out_len = (uint32_t)fread(data, 1, 1 << 20, f);
    fclose(f);
    return data;
}

static void load(const uint8_t *wasm, uint32_t len, bool say) {
    struct vm_limits limits = {.memory_max = 1 << 20, .table_max = 1024};
    struct vm_resolver resolver = {NULL, resolve};
    struct vm_sink sink = {&image, keep};
    struct vm_report report;
    image.len = 0;
    enum onecard_err err =
        vm_translate(wasm, len, &limits, &resolver, scratch, sizeof scratch, &sink, &report);
    if (err != ONECARD_OK || vm_image_open(&opened, image.data, image.len) != ONECARD_OK) {
        fprintf(stderr, "bench-vm: %s\n", report.reason);
        exit(2);
    }
    if (say)
        printf("module %u bytes, image %u bytes (%.2f for each), scratch %u, memory %u\n", len,
               image.len, (double)image.len / len, report.scratch_used, opened.memory_initial);
}

static uint32_t call(const char *name, uint32_t n) {
    char full[64];
    uint32_t result[2] = {0, 0};
    uint64_t fuel = 1ull << 60;
    snprintf(full, sizeof full, "kernel_%s", name);
    int func = vm_image_export(&opened, full, NULL);
    if (func < 0 || vm_instance_call(instance, (uint32_t)func, &n, result, &fuel) != VM_TRAP_NONE) {
        fprintf(stderr, "bench-vm: %s trapped\n", name);
        exit(2);
    }
    return result[0];
}

static double least(double a, double b) {
    return a < b ? a : b;
}

/* Seconds of CPU time of wasm-interp for the times that alone_NAME.wasm was made for. */
static double interp(const char *directory, const char *name) {
    extern char **environ;
    char path[512];
    snprintf(path, sizeof path, "%s/alone_%s.wasm", directory, name);
    char program[] = "wasm-interp", all[] = "--run-all-exports";
    char *const argv[] = {program, path, all, NULL};
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
    pid_t pid;
    int status = posix_spawnp(&pid, argv[0], &quiet, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&quiet);
    struct rusage usage;
    if (status != 0 || wait4(pid, &status, 0, &usage) < 0 || status != 0)
        return 0;
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec * 1e-6;
}

/* One kernel: best time of each engine per unit of work. Returns ours over native. */
static double run(unsigned i, const char *directory, double *out_w2c, double *out_interp) {
    double native = 1e9, ours = 1e9, compiled = 1e9;
    uint32_t n = kernels[i].n, many = kernels[i].n * kernels[i].many;
    for (int round = 0; round < ROUNDS; round++) {
        double t = now();
        uint32_t a = kernels[i].native(many);
        native = least(native, (now() - t) / many);
        t = now();
        uint32_t b = call(kernels[i].name, n);
        ours = least(ours, (now() - t) / n);
        if (round == 0 && kernels[i].native(n) != b) {
            fprintf(stderr, "bench-vm: %s: results differ\n", kernels[i].name);
            exit(2);
        }
        (void)a;
        t = now();
        w2c_run(i, many);
        compiled = least(compiled, (now() - t) / many);
    }
    double interpreted =
        least(interp(directory, kernels[i].name), interp(directory, kernels[i].name));
    *out_w2c = compiled / native;
    *out_interp = interpreted / kernels[i].alone / native;
    printf("%-8s native %9.2f us  onecard %9.2f us  x%6.2f", kernels[i].name, native * 1e6,
           ours * 1e6, ours / native);
    printf("  wasm2c x%5.2f", compiled / native);
    printf("  wasm-interp x%4.0f\n", *out_interp);
    return ours / native;
}

/* Small costs, in nanoseconds; the best of some rounds. */
static void small_costs(const uint8_t *wasm, uint32_t len, const uint8_t *caller,
                        uint32_t caller_len) {
    static _Alignas(8) uint8_t place[4096], first_place[4096];
    static uint8_t memory[65536], first_memory[65536];
    double enter = 1e9, out = 1e9, init = 1e9, loading = 1e9, first = 1e9;
    uint64_t fuel = 1ull << 60;
    int nothing = vm_image_export(&opened, "kernel_nothing", NULL);
    uint32_t arg = 1, result[2];
    for (int round = 0; round < 20; round++) {
        double t = now();
        for (int i = 0; i < 20000; i++)
            vm_instance_call(instance, (uint32_t)nothing, &arg, result, &fuel);
        enter = least(enter, (now() - t) / 20000);
        t = now();
        for (int i = 0; i < 100; i++) {
            vm_image_open(&opened, image.data, image.len);
            vm_instance_init(&instance, &opened, first_place, first_memory, sizeof first_memory,
                             &stack, host, NULL, &fuel);
            vm_instance_call(instance, (uint32_t)vm_image_export(&opened, "kernel_nothing", NULL),
                             &arg, result, &fuel);
        }
        first = least(first, (now() - t) / 100);
        t = now();
        for (int i = 0; i < 10; i++)
            load(wasm, len, false);
        loading = least(loading, (now() - t) / 10);
    }
    load(caller, caller_len, false);
    struct vm_instance *small;
    for (int round = 0; round < 20; round++) {
        double t = now();
        for (int i = 0; i < 2000; i++)
            vm_instance_init(&small, &opened, place, memory, sizeof memory, &stack, host, NULL,
                             &fuel);
        init = least(init, (now() - t) / 2000);
        uint32_t times = 20000;
        t = now();
        vm_instance_call(small, (uint32_t)vm_image_export(&opened, "call_out", NULL), &times,
                         result, &fuel);
        out = least(out, (now() - t) / times);
    }
    printf("enter and leave an export %.1f ns\n", enter * 1e9);
    printf("host call and its loop %.1f ns\n", out * 1e9);
    printf("instance with %u bytes of memory %.3f us\n", opened.memory_initial, init * 1e6);
    printf("first use of the translated kernels (open, instance, find and call) %.3f us\n",
           first * 1e6);
    printf("loading %u bytes %.0f us\n", len, loading * 1e6);
}

int main(int argc, char **argv) {
    uint32_t len;
    double sum = 0, sum_w2c = 0, sum_interp = 0, w2c_ratio, interp_ratio;
    unsigned counted = 0;
    uint64_t fuel = 1ull << 60;
    if (argc < 2) {
        fprintf(stderr, "usage: bench_vm DIRECTORY [KERNEL]\n");
        return 2;
    }
    uint8_t *wasm = read_file(argv[1], "kernels.wasm", &len);
    image.data = malloc(image.cap);
    stack.base = stack.top = malloc(65536 * 4);
    stack.limit = stack.base + 65536;
    stack.depth_max = 10000;
    load(wasm, len, true);
    if (vm_instance_init(&instance, &opened, malloc(opened.instance_size),
                         malloc(opened.memory_initial + 1), opened.memory_initial, &stack, host,
                         NULL, &fuel) != VM_TRAP_NONE)
        return 2;
    for (unsigned i = 0; i < KERNELS; i++) {
        if (argc > 2 && strcmp(argv[2], kernels[i].name) != 0)
            continue;
        double ratio = run(i, argv[1], &w2c_ratio, &interp_ratio);
        if (kernels[i].recursive)
            continue;
        sum += log(ratio);
        sum_w2c += log(w2c_ratio);
        sum_interp += log(interp_ratio);
        counted++;
    }
    printf("geomean over native (without calls): onecard %.2f", exp(sum / counted));
    printf(", wasm2c %.2f", exp(sum_w2c / counted));
    printf(", wasm-interp %.0f\n", exp(sum_interp / counted));
    if (argc == 2) {
        uint32_t caller_len;
        uint8_t *caller = read_file(argv[1], "caller.wasm", &caller_len);
        small_costs(wasm, len, caller, caller_len);
    }
    return 0;
}
