/* make bench: crossing the door. A module that does nothing but call the card; the loop around the
 * calls is measured alone and taken off. What is left is the way from the applet's instruction
 * through all checks to a handler, and back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "firewall/calls.h"
#include "firewall/door.h"

/* (import "card" "apdu_ne" (func $ne (result i32)))
 * (import "card" "apdu_data" (func $data (param i32 i32 i32) (result i32)))
 * (memory (export "memory") 1)
 * Three exports (param i32) (result i32), a loop that many times around
 *   "empty"   nothing
 *   "plain"   (drop (call $ne))
 *   "ranged"  (drop (call $data (i32.const 0) (i32.const 16) (i32.const 8))) */
static const uint8_t wasm[] = {
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x11, 0x03, 0x60, 0x00, 0x01, 0x7f, 0x60,
    0x03, 0x7f, 0x7f, 0x7f, 0x01, 0x7f, 0x60, 0x01, 0x7f, 0x01, 0x7f, 0x02, 0x21, 0x02, 0x04, 0x63,
    0x61, 0x72, 0x64, 0x07, 0x61, 0x70, 0x64, 0x75, 0x5f, 0x6e, 0x65, 0x00, 0x00, 0x04, 0x63, 0x61,
    0x72, 0x64, 0x09, 0x61, 0x70, 0x64, 0x75, 0x5f, 0x64, 0x61, 0x74, 0x61, 0x00, 0x01, 0x03, 0x04,
    0x03, 0x02, 0x02, 0x02, 0x05, 0x03, 0x01, 0x00, 0x01, 0x07, 0x23, 0x04, 0x06, 0x6d, 0x65, 0x6d,
    0x6f, 0x72, 0x79, 0x02, 0x00, 0x05, 0x65, 0x6d, 0x70, 0x74, 0x79, 0x00, 0x02, 0x05, 0x70, 0x6c,
    0x61, 0x69, 0x6e, 0x00, 0x03, 0x06, 0x72, 0x61, 0x6e, 0x67, 0x65, 0x64, 0x00, 0x04, 0x0a, 0x40,
    0x03, 0x10, 0x00, 0x03, 0x40, 0x20, 0x00, 0x41, 0x01, 0x6b, 0x22, 0x00, 0x0d, 0x00, 0x0b, 0x20,
    0x00, 0x0b, 0x13, 0x00, 0x03, 0x40, 0x10, 0x00, 0x1a, 0x20, 0x00, 0x41, 0x01, 0x6b, 0x22, 0x00,
    0x0d, 0x00, 0x0b, 0x20, 0x00, 0x0b, 0x19, 0x00, 0x03, 0x40, 0x41, 0x00, 0x41, 0x10, 0x41, 0x08,
    0x10, 0x01, 0x1a, 0x20, 0x00, 0x41, 0x01, 0x6b, 0x22, 0x00, 0x0d, 0x00, 0x0b, 0x20, 0x00, 0x0b};

enum { MEMORY = 65536, STACK = 512, CALLS = 100000, ROUNDS = 40, GOAL_NS = 30 };

static struct bench {
    _Alignas(8) uint8_t image[4096];
    _Alignas(8) uint8_t place[1024];
    _Alignas(8) uint8_t scratch[VM_SCRATCH_MIN];
    uint8_t memory[MEMORY];
    uint32_t slots[STACK];
    uint32_t image_len;
    struct vm_image opened;
    struct vm_stack stack;
    struct vm_instance *instance;
    struct apdu command;
    struct door door;
} b;

static void must(bool good, const char *what) {
    if (good)
        return;
    fprintf(stderr, "bench_door: %s\n", what);
    exit(1);
}

static enum onecard_err keep(void *ctx, const void *data, uint32_t len) {
    (void)ctx;
    if (len > sizeof b.image - b.image_len)
        return ONECARD_E_FULL;
    memcpy(b.image + b.image_len, data, len);
    b.image_len += len;
    return ONECARD_OK;
}

static void prepare(void) {
    const struct vm_limits limits = {.memory_max = MEMORY, .table_max = 1};
    const struct vm_resolver resolver = {NULL, calls_resolve};
    const struct vm_sink sink = {NULL, keep};
    struct vm_report report;
    uint64_t fuel = 1000;
    static const uint8_t data[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    must(!vm_translate(wasm, sizeof wasm, &limits, &resolver, b.scratch, sizeof b.scratch, &sink,
                       &report),
         "the module was refused");
    must(!vm_image_open(&b.opened, b.image, b.image_len) &&
             b.opened.instance_size <= sizeof b.place,
         "no image");
    b.command = (struct apdu){.lc = sizeof data, .data = data, .ne = 256};
    b.door = (struct door){.command = &b.command};
    b.stack = (struct vm_stack){b.slots, b.slots, b.slots + STACK, 0, 16};
    must(!vm_instance_init(&b.instance, &b.opened, b.place, b.memory, MEMORY, &b.stack, door_call,
                           &b.door, &fuel),
         "no instance");
}

/* Nanoseconds of one turn of the loop, the best of many rounds. */
static double measure(const char *export) {
    int function = vm_image_export(&b.opened, export, NULL);
    double best = 1e9;
    must(function >= 0, export);
    for (int round = 0; round < ROUNDS; round++) {
        const uint32_t calls = CALLS;
        uint64_t fuel = 1000000000;
        uint32_t left;
        struct timespec start, end;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
        enum vm_trap trap = vm_instance_call(b.instance, (uint32_t)function, &calls, &left, &fuel);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
        must(trap == VM_TRAP_NONE && left == 0, vm_trap_name(trap));
        double ns =
            ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) /
            CALLS;
        if (ns < best)
            best = ns;
    }
    return best;
}

static void print(const char *what, double ns) {
    printf("  %-44s %10.1f ns   goal %d: %s\n", what, ns, GOAL_NS, ns < GOAL_NS ? "met" : "MISSED");
}

int main(void) {
    prepare();
    const double loop = measure("empty");
    puts("crossing the door, processor time");
    print("no arguments", measure("plain") - loop);
    print("a range checked, 8 bytes copied", measure("ranged") - loop);
    return 0;
}
