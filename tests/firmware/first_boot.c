/* The first program for a Cortex-M4 (QEMU's mps2-an386): mbedtls's self tests, the WebAssembly
 * suite, and the benchmark kernels with exact instruction counts. Files come by semihosting from
 * the directory where QEMU was started: suite/, kernels.wasm and what the host made of it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mbedtls/aes.h>
#include <mbedtls/cmac.h>
#include <mbedtls/des.h>
#include <mbedtls/ecp.h>
#include <mbedtls/rsa.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include "bench/vm/kernels.h"
#include "port/qemu/counter.h"
#include "vm/vm.h"

int suite_main(int argc, char **argv); /* tests/vm/suite_runner.c */

static unsigned passed, failed;

static void judge(bool good, const char *what) {
    printf("%-40s %s\n", what, good ? "good" : "FAILED");
    if (good)
        passed++;
    else
        failed++;
}

/* ---- crypto ---- */

static void self_tests(void) {
    static const struct {
        const char *name;
        int (*run)(int verbose);
    } tests[] = {
        {"mbedtls AES", mbedtls_aes_self_test},
        {"mbedtls DES", mbedtls_des_self_test},
        {"mbedtls SHA-1", mbedtls_sha1_self_test},
        {"mbedtls SHA-256", mbedtls_sha256_self_test},
        {"mbedtls SHA-512", mbedtls_sha512_self_test},
        {"mbedtls CMAC", mbedtls_cmac_self_test},
        {"mbedtls big numbers", mbedtls_mpi_self_test},
        {"mbedtls ECP", mbedtls_ecp_self_test},
        {"mbedtls RSA", mbedtls_rsa_self_test},
    };
    for (unsigned i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        qemu_counter_start();
        bool good = tests[i].run(0) == 0;
        uint64_t count = qemu_counter_read();
        char line[64];
        snprintf(line, sizeof line, "%s, %" PRIu32 " thousand", tests[i].name,
                 (uint32_t)(count / 1000));
        judge(good, line);
    }
}

static void crypto_benchmarks(void) {
    static uint8_t data[1024], out[64];
    mbedtls_aes_context aes;
    mbedtls_des3_context des;
    mbedtls_aes_init(&aes);
    mbedtls_aes_setkey_enc(&aes, data, 128);
    qemu_counter_start();
    for (unsigned i = 0; i < sizeof data; i += 16)
        mbedtls_aes_crypt_ecb(&aes, MBEDTLS_AES_ENCRYPT, data + i, data + i);
    printf("AES-128          %7" PRIu32 " instructions a block\n",
           (uint32_t)(qemu_counter_read() / 64));
    mbedtls_des3_init(&des);
    mbedtls_des3_set2key_enc(&des, data);
    qemu_counter_start();
    for (unsigned i = 0; i < sizeof data; i += 8)
        mbedtls_des3_crypt_ecb(&des, data + i, data + i);
    printf("3DES             %7" PRIu32 " instructions a block\n",
           (uint32_t)(qemu_counter_read() / 128));
    qemu_counter_start();
    mbedtls_sha256_ret(data, sizeof data, out, 0);
    printf("SHA-256          %7" PRIu32 " instructions a block\n",
           (uint32_t)(qemu_counter_read() / 17));
}

/* ---- the VM ---- */

static uint8_t *read_file(const char *name, uint32_t *out_len) {
    FILE *f = fopen(name, "rb");
    uint8_t *data = malloc(1 << 16);
    if (!f || !data) {
        printf("cannot read %s\n0 passed, 1 failed\n", name);
        exit(1);
    }
    *out_len = (uint32_t)fread(data, 1, (1 << 16) - 1, f);
    data[*out_len] = 0;
    fclose(f);
    return data;
}

static uint8_t image[32768];
static uint32_t image_len;
static uint64_t scratch[VM_SCRATCH_MIN / 8];

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

static const struct {
    const char *name;
    uint32_t (*native)(uint32_t n);
} kernels[] = {
    {"kernel_crc32", kernel_crc32}, {"kernel_sm4", kernel_sm4},   {"kernel_tdes", kernel_tdes},
    {"kernel_tlv", kernel_tlv},     {"kernel_sort", kernel_sort}, {"kernel_sha256", kernel_sha256},
    {"kernel_calls", kernel_calls}, {"kernel_mix", kernel_mix},
};

/* A number that stands behind a name in a file of lines. */
static uint32_t number_of(const char *lines, const char *name) {
    const char *at = strstr(lines, name);
    return at ? (uint32_t)strtoul(at + strlen(name), NULL, 10) : 0;
}

/* The image and the fuel are the same as on the host. */
static void compare_with_host(struct vm_instance *instance, const struct vm_image *opened) {
    uint32_t len, fuel_len;
    uint8_t *made = read_file("kernels.image", &len);
    char *fuels = (char *)read_file("kernels.fuel", &fuel_len);
    judge(len == image_len && memcmp(made, image, len) == 0, "the image is the host's");
    bool same = true;
    for (unsigned i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        uint32_t two = 2, result[2];
        uint64_t fuel = 1ull << 40;
        int func = vm_image_export(opened, kernels[i].name, NULL);
        vm_instance_call(instance, (uint32_t)func, &two, result, &fuel);
        same = same && number_of(fuels, kernels[i].name) == (uint32_t)((1ull << 40) - fuel);
    }
    judge(same, "the fuel burnt is the host's");
    free(made);
    free(fuels);
}

/* Instructions for one round more, after a first that sets tables up. */
static uint64_t measure(unsigned i, struct vm_instance *instance, int func, uint32_t *out) {
    uint64_t counts[3];
    for (uint32_t k = 0; k < 3; k++) {
        uint32_t n = k < 2 ? 1 : 2;
        uint64_t fuel = 1ull << 40;
        uint32_t result[2] = {0, 0};
        qemu_counter_start();
        if (!instance)
            result[0] = kernels[i].native(n);
        else if (vm_instance_call(instance, (uint32_t)func, &n, result, &fuel) != VM_TRAP_NONE)
            return 0;
        counts[k] = qemu_counter_read();
        *out = result[0];
    }
    return counts[2] - counts[1];
}

static void vm_benchmarks(void) {
    struct vm_limits limits = {.memory_max = 65536, .table_max = 64};
    struct vm_resolver resolver = {NULL, resolve};
    struct vm_sink sink = {NULL, keep};
    struct vm_report report;
    struct vm_image opened;
    struct vm_stack stack;
    struct vm_instance *instance;
    uint32_t len, counts_len;
    uint64_t fuel = 1 << 20;
    uint8_t *wasm = read_file("kernels.wasm", &len);
    char *counts = (char *)read_file("kernels.counts", &counts_len);
    qemu_counter_start();
    enum onecard_err err =
        vm_translate(wasm, len, &limits, &resolver, scratch, sizeof scratch, &sink, &report);
    uint64_t loading = qemu_counter_read();
    judge(err == ONECARD_OK && vm_image_open(&opened, image, image_len) == ONECARD_OK,
          "kernels.wasm loads");
    if (err != ONECARD_OK)
        return;
    printf("loading          %7" PRIu32 " instructions a byte\n", (uint32_t)(loading / len));
    stack.base = stack.top = malloc(16384);
    stack.limit = stack.base + 4096;
    stack.depth = 0;
    stack.depth_max = 1000;
    void *place = malloc(opened.instance_size);
    uint8_t *memory = malloc(opened.memory_initial);
    qemu_counter_start();
    enum vm_trap trap = vm_instance_init(&instance, &opened, place, memory, opened.memory_initial,
                                         &stack, host, NULL, &fuel);
    printf("instance, %" PRIu32 " bytes %7" PRIu32 " instructions\n", opened.memory_initial,
           (uint32_t)qemu_counter_read());
    judge(trap == VM_TRAP_NONE, "kernels.wasm starts");
    compare_with_host(instance, &opened);
    for (unsigned i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        int func = vm_image_export(&opened, kernels[i].name, NULL);
        uint32_t here = 0, native = 1;
        uint64_t ours = measure(i, instance, func, &here), theirs = measure(i, NULL, 0, &native);
        judge(here == native, kernels[i].name);
        uint32_t ratio = theirs ? (uint32_t)(ours * 100 / theirs) : 0;
        uint32_t count = number_of(counts, kernels[i].name);
        uint32_t per = count ? (uint32_t)(ours * 100 / count) : 0;
        printf("  %9" PRIu32 " instructions, native %8" PRIu32 ", x%" PRIu32 ".%02" PRIu32
               ", for each Wasm instruction %" PRIu32 ".%02" PRIu32 "\n",
               (uint32_t)ours, (uint32_t)theirs, ratio / 100, ratio % 100, per / 100, per % 100);
    }
}

int main(void) {
    char name[] = "suite_runner", directory[] = "suite";
    char *argv[] = {name, directory, NULL};
    setvbuf(stdout, NULL, _IOLBF, 0);
    self_tests();
    crypto_benchmarks();
    vm_benchmarks();
    judge(suite_main(2, argv) == 0, "the WebAssembly suite");
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}
