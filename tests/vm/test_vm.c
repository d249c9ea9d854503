/* The VM's C interface: what the suite does not reach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vm/module_info.h"
#include "vm/vm.h"

/* A module as sections by hand: (func (export "f") (param i32) (result i32) BODY), memory 1,
 * import card.host (i32)->(i32) as function 0. */
struct card {
    uint8_t wasm[512];
    uint32_t wasm_len;
    _Alignas(8) uint8_t image[4096];
    uint32_t image_len;
    struct vm_image opened;
    _Alignas(8) uint8_t place[1024];
    uint8_t memory[131072];
    uint32_t slots[512];
    struct vm_stack stack;
    struct vm_instance *instance;
    struct vm_report report;
    unsigned depth;
    uint64_t inner_fuel;
};

static int resolve(void *ctx, const uint8_t *module, uint32_t module_len, const uint8_t *name,
                   uint32_t name_len, const struct vm_type *type) {
    (void)ctx;
    (void)name;
    (void)name_len;
    assert_int_equal(type->param_count, 1);
    return module_len == 4 && memcmp(module, "card", 4) == 0 ? 7 : -1;
}

static enum onecard_err keep(void *ctx, const void *data, uint32_t len) {
    struct card *c = ctx;
    if (len > sizeof c->image - c->image_len)
        return ONECARD_E_FULL;
    memcpy(c->image + c->image_len, data, len);
    c->image_len += len;
    return ONECARD_OK;
}

static void wrap(struct card *c, const uint8_t *body, uint32_t len, bool heap_base) {
    static const uint8_t before[] = {
        0,   'a', 's', 'm', 1, 0,   0,   0,   1,   6, 1, 0x60, 1, 0x7F, 1, 0x7F, 2, 13, 1, 4,
        'c', 'a', 'r', 'd', 4, 'h', 'o', 's', 't', 0, 0, 3,    2, 1,    0, 5,    3, 1,  0, 1};
    static const uint8_t plain[] = {7, 5, 1, 1, 'f', 0, 1};
    static const uint8_t base[] = {6,   8,   1,   0x7F, 0,   0x41, 0x80, 0xC0, 0,   0x0B, 7,
                                   19,  2,   1,   'f',  0,   1,    11,   '_',  '_', 'h',  'e',
                                   'a', 'p', '_', 'b',  'a', 's',  'e',  3,    0};
    uint8_t *p = c->wasm;
    memcpy(p, before, sizeof before);
    p += sizeof before;
    memcpy(p, heap_base ? base : plain, heap_base ? sizeof base : sizeof plain);
    p += heap_base ? sizeof base : sizeof plain;
    *p++ = 10;
    *p++ = (uint8_t)(len + 4);
    *p++ = 1;
    *p++ = (uint8_t)(len + 2);
    *p++ = 0;
    memcpy(p, body, len);
    p += len;
    *p++ = 0x0B;
    c->wasm_len = (uint32_t)(p - c->wasm);
}

static enum vm_trap host(void *ctx, struct vm_instance *instance, uint32_t number,
                         const uint32_t *args, uint32_t *result) {
    struct card *c = ctx;
    assert_int_equal(number, 7);
    if (args[0] == 99)
        return VM_TRAP_HOST;
    if (args[0] == 55 && !vm_instance_burn(instance, 1000))
        return VM_TRAP_FUEL;
    if (args[0] > 1000 && c->depth < 3) {
        /* the same instance again, above the frame that called */
        uint32_t inner = args[0] - 1000, out = 0;
        c->depth++;
        c->inner_fuel = 500;
        assert_int_equal(vm_instance_call(instance, 1, &inner, &out, &c->inner_fuel), VM_TRAP_NONE);
        c->depth--;
        result[0] = out * 2;
        return VM_TRAP_NONE;
    }
    result[0] = args[0] + 1;
    return VM_TRAP_NONE;
}

static enum onecard_err translate(struct card *c, uint32_t scratch_size, uint32_t memory_max) {
    struct vm_limits limits = {.memory_max = memory_max, .table_max = 16};
    struct vm_resolver resolver = {c, resolve};
    struct vm_sink sink = {c, keep};
    uint8_t *scratch = malloc(scratch_size);
    c->image_len = 0;
    enum onecard_err err = vm_translate(c->wasm, c->wasm_len, &limits, &resolver, scratch,
                                        scratch_size, &sink, &c->report);
    free(scratch);
    return err;
}

static void start(struct card *c, const uint8_t *body, uint32_t len, bool heap_base) {
    uint64_t fuel = 1000;
    memset(c, 0, sizeof *c);
    wrap(c, body, len, heap_base);
    assert_int_equal(translate(c, VM_SCRATCH_MIN, 65536), ONECARD_OK);
    assert_int_equal(vm_image_open(&c->opened, c->image, c->image_len), ONECARD_OK);
    assert_true(c->opened.instance_size <= sizeof c->place);
    c->stack = (struct vm_stack){c->slots, c->slots, c->slots + 512, 0, 100};
    assert_int_equal(vm_instance_init(&c->instance, &c->opened, c->place, c->memory,
                                      heap_base ? 8192 : 65536, &c->stack, host, c, &fuel),
                     VM_TRAP_NONE);
}

#define START(c, heap_base, ...)                                                                   \
    start(c, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), heap_base)

static enum vm_trap call(struct card *c, uint32_t arg, uint64_t *fuel, uint32_t *out) {
    int f = vm_image_export(&c->opened, "f", NULL);
    assert_int_equal(f, 1);
    enum vm_trap trap = vm_instance_call(c->instance, (uint32_t)f, &arg, out, fuel);
    assert_ptr_equal(c->stack.top, c->slots);
    assert_int_equal(c->stack.depth, 0);
    return trap;
}

static void test_host_calls_pass_values_and_end_runs(void **state) {
    struct card *c = *state;
    uint64_t fuel = 100;
    uint32_t out = 0;
    START(c, false, 0x20, 0, 0x10, 0); /* host(arg) */
    assert_int_equal(call(c, 41, &fuel, &out), VM_TRAP_NONE);
    assert_int_equal(out, 42);
    fuel = 100;
    assert_int_equal(call(c, 99, &fuel, &out), VM_TRAP_HOST);
    struct vm_trap_info info;
    vm_instance_trap_info(c->instance, &info);
    assert_int_equal(info.trap, VM_TRAP_HOST);
    assert_int_equal(info.function, 1);
}

static void test_an_instance_may_be_entered_again(void **state) {
    struct card *c = *state;
    uint64_t fuel = 100;
    uint32_t out = 0;
    START(c, false, 0x20, 0, 0x10, 0);
    assert_int_equal(call(c, 2005, &fuel, &out), VM_TRAP_NONE);
    assert_int_equal(out, 2 * 2 * 6);
    assert_true(fuel < 100 && fuel > 80); /* the inner runs had fuel of their own */
}

static void test_fuel_is_exact_and_named(void **state) {
    struct card *c = *state;
    uint64_t fuel = 1000000, used;
    uint32_t out = 0;
    /* loop: arg = arg - 1, br_if 0 */
    START(c, false, 0x03, 0x40, 0x20, 0, 0x41, 1, 0x6B, 0x22, 0, 0x0D, 0, 0x0B, 0x20, 0);
    assert_int_equal(call(c, 1000, &fuel, &out), VM_TRAP_NONE);
    used = 1000000 - fuel;
    assert_true(used >= 4 * 1000);
    fuel = used;
    assert_int_equal(call(c, 1000, &fuel, &out), VM_TRAP_NONE);
    assert_int_equal(fuel, 0);
    fuel = used - 1;
    assert_int_equal(call(c, 1000, &fuel, &out), VM_TRAP_FUEL);
    assert_int_equal(fuel, 0);
    fuel = 0;
    assert_int_equal(call(c, 1, &fuel, &out), VM_TRAP_FUEL);
    /* more than 32 bits of it */
    fuel = 1ull << 40;
    assert_int_equal(call(c, 1000, &fuel, &out), VM_TRAP_NONE);
    assert_true(fuel == (1ull << 40) - used);
}

static void test_a_host_call_burns_fuel(void **state) {
    struct card *c = *state;
    uint64_t fuel = 1500;
    uint32_t out = 0;
    START(c, false, 0x20, 0, 0x10, 0);
    assert_int_equal(call(c, 55, &fuel, &out), VM_TRAP_NONE);
    assert_true(fuel < 500);
    assert_int_equal(call(c, 55, &fuel, &out), VM_TRAP_FUEL);
    assert_int_equal(fuel, 0);
}

static void test_recursion_ends_at_the_stack_and_at_the_depth(void **state) {
    struct card *c = *state;
    uint64_t fuel = 1000000;
    uint32_t out = 0;
    START(c, false, 0x20, 0, 0x10, 1); /* f(arg) = f(arg) */
    assert_int_equal(call(c, 1, &fuel, &out), VM_TRAP_STACK);
    c->stack.depth_max = 5;
    assert_int_equal(call(c, 1, &fuel, &out), VM_TRAP_STACK);
    c->stack.depth_max = 100;
    c->stack.limit = c->slots + 2;
    assert_int_equal(call(c, 1, &fuel, &out), VM_TRAP_STACK);
    struct vm_trap_info info;
    vm_instance_trap_info(c->instance, &info);
    assert_int_equal(info.function, 1);
}

static void test_heap_base_bounds_the_memory(void **state) {
    struct card *c = *state;
    uint64_t fuel = 1000;
    uint32_t out = 0, size;
    START(c, true, 0x20, 0, 0x2D, 0, 0); /* load8_u */
    assert_int_equal(c->opened.memory_initial, 8192);
    size = vm_at_hand(c->instance)->memory_size;
    assert_int_equal(size, 8192);
    assert_int_equal(call(c, 8191, &fuel, &out), VM_TRAP_NONE);
    assert_int_equal(call(c, 8192, &fuel, &out), VM_TRAP_MEMORY);
    struct vm_trap_info info;
    vm_instance_trap_info(c->instance, &info);
    assert_int_equal(info.function, 1);
    assert_true(info.offset > 0 && info.offset < 64);
}

static void test_memory_is_fresh_at_each_start(void **state) {
    struct card *c = *state;
    uint64_t fuel = 1000;
    uint32_t out = 0;
    START(c, true, 0x20, 0, 0x2D, 0, 0);
    memset(c->memory, 0xEE, sizeof c->memory);
    assert_int_equal(vm_instance_init(&c->instance, &c->opened, c->place, c->memory, 8192,
                                      &c->stack, host, c, &fuel),
                     VM_TRAP_NONE);
    assert_int_equal(call(c, 8191, &fuel, &out), VM_TRAP_NONE);
    assert_int_equal(out, 0);
    assert_int_equal(c->memory[8192], 0xEE);
    assert_int_equal(vm_instance_init(&c->instance, &c->opened, c->place, c->memory, 8191,
                                      &c->stack, host, c, &fuel),
                     VM_TRAP_MEMORY);
}

static void test_only_images_of_this_engine_open(void **state) {
    struct card *c = *state;
    struct vm_image image;
    START(c, false, 0x20, 0);
    assert_int_equal(vm_image_open(&image, c->image, 8), ONECARD_E_FOREIGN);
    assert_int_equal(vm_image_open(&image, c->image, c->image_len - 4), ONECARD_E_CORRUPT);
    assert_int_equal(vm_image_open(&image, c->image, c->image_len - 3), ONECARD_E_CORRUPT);
    assert_int_equal(vm_image_open(&image, c->image + 1, c->image_len), ONECARD_E_PARAM);
    c->image[4]++;
    assert_int_equal(vm_image_open(&image, c->image, c->image_len), ONECARD_E_FOREIGN);
    c->image[4]--;
    for (uint32_t i = c->image_len - 84; i < c->image_len; i += 4) {
        /* a size or offset beyond the image, whichever field it is, must not open or must be small
         */
        uint8_t keep_byte = c->image[i + 3];
        c->image[i + 3] = 0x7F;
        enum onecard_err err = vm_image_open(&image, c->image, c->image_len);
        if (err == ONECARD_OK)
            assert_true(image.memory_initial <= image.memory_max);
        c->image[i + 3] = keep_byte;
    }
    assert_int_equal(vm_image_open(&image, c->image, c->image_len), ONECARD_OK);
}

static void test_exports_by_name(void **state) {
    struct card *c = *state;
    struct vm_type type;
    START(c, false, 0x20, 0);
    assert_int_equal(vm_image_export(&c->opened, "f", &type), 1);
    assert_int_equal(type.param_count, 1);
    assert_int_equal(type.params[0], VM_I32);
    assert_int_equal(type.result, VM_I32);
    assert_int_equal(vm_image_export(&c->opened, "", NULL), -1);
    assert_int_equal(vm_image_export(&c->opened, "ff", NULL), -1);
}

static void test_refusals_say_why(void **state) {
    struct card *c = *state;
    static const uint8_t body[] = {0x20, 0};
    static const uint8_t floating[] = {0x43, 0, 0, 0, 0, 0x1A, 0x20, 0};
    memset(c, 0, sizeof *c);
    wrap(c, body, sizeof body, false);
    assert_int_equal(translate(c, VM_SCRATCH_MIN, 65535), ONECARD_E_UNSUPPORTED);
    assert_string_equal(c->report.reason, "memory larger than the limit");
    uint32_t scratch = 100; /* with too little it says so, and writes nothing beyond (ASan) */
    while (translate(c, scratch, 65536) == ONECARD_E_NO_MEMORY)
        scratch += 12;
    assert_null(c->report.reason);
    assert_true(scratch > 300 && scratch < VM_SCRATCH_MIN);
    wrap(c, floating, sizeof floating, false);
    assert_int_equal(translate(c, VM_SCRATCH_MIN, 65536), ONECARD_E_UNSUPPORTED);
    assert_string_equal(c->report.reason, "floating point");
    assert_int_equal(c->report.function, 1);
    wrap(c, body, 1, false);
    assert_int_equal(translate(c, VM_SCRATCH_MIN, 65536), ONECARD_E_FORMAT);
    assert_true(c->report.offset > 40);
}

/* Every shorter piece of a module is refused, and nothing is read beyond it (ASan watches). */
static void test_truncated_modules(void **state) {
    struct card *c = *state;
    static const uint8_t body[] = {0x20, 0, 0x10, 0};
    memset(c, 0, sizeof *c);
    wrap(c, body, sizeof body, true);
    uint32_t whole = c->wasm_len;
    for (uint32_t len = 0; len < whole; len++) {
        struct vm_limits limits = {.memory_max = 65536, .table_max = 16};
        struct vm_resolver resolver = {c, resolve};
        struct vm_sink sink = {c, keep};
        uint8_t *scratch = malloc(VM_SCRATCH_MIN), *piece = malloc(len + 1);
        memcpy(piece, c->wasm, len);
        c->image_len = 0;
        enum onecard_err err = vm_translate(piece, len, &limits, &resolver, scratch, VM_SCRATCH_MIN,
                                            &sink, &c->report);
        /* cut between sections, what is left may be a module of its own */
        if (err == ONECARD_OK)
            assert_true(len == 8 || len == 16 || len == 31);
        free(piece);
        free(scratch);
    }
}

static void count_import(void *ctx, const struct vm_module_import *import) {
    unsigned *n = ctx;
    assert_memory_equal(import->module, "card", 4);
    assert_memory_equal(import->name, "host", 4);
    assert_int_equal(import->kind, 0);
    n[0]++;
}

static void count_export(void *ctx, const struct vm_module_export *e) {
    unsigned *n = ctx;
    n[1]++;
    if (e->kind == 0)
        assert_memory_equal(e->name, "f", 1);
    else
        assert_int_equal(e->kind, 3);
}

static void test_module_info(void **state) {
    struct card *c = *state;
    static const uint8_t body[] = {0x20, 0};
    unsigned n[2] = {0, 0};
    struct vm_module_visitor visitor = {n, count_import, count_export};
    struct vm_module_info info;
    wrap(c, body, sizeof body, true);
    assert_int_equal(vm_module_info(c->wasm, c->wasm_len, &visitor, &info), ONECARD_OK);
    assert_int_equal(n[0], 1);
    assert_int_equal(n[1], 2);
    assert_int_equal(info.function_count, 1);
    assert_int_equal(info.memory_pages, 1);
    assert_int_equal(info.heap_base, 8192);
    assert_true(info.has_memory && info.has_heap_base);
    assert_int_equal(vm_module_info(c->wasm, c->wasm_len - 1, NULL, &info), ONECARD_E_FORMAT);
}

int main(void) {
    static struct card card;
    struct card *c = &card;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_host_calls_pass_values_and_end_runs, c),
        cmocka_unit_test_prestate(test_an_instance_may_be_entered_again, c),
        cmocka_unit_test_prestate(test_fuel_is_exact_and_named, c),
        cmocka_unit_test_prestate(test_a_host_call_burns_fuel, c),
        cmocka_unit_test_prestate(test_recursion_ends_at_the_stack_and_at_the_depth, c),
        cmocka_unit_test_prestate(test_heap_base_bounds_the_memory, c),
        cmocka_unit_test_prestate(test_memory_is_fresh_at_each_start, c),
        cmocka_unit_test_prestate(test_only_images_of_this_engine_open, c),
        cmocka_unit_test_prestate(test_exports_by_name, c),
        cmocka_unit_test_prestate(test_refusals_say_why, c),
        cmocka_unit_test_prestate(test_truncated_modules, c),
        cmocka_unit_test_prestate(test_module_info, c),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
