/* The kernels as wasm2c compiles them. Names: order of the table in bench_vm.c. */
#include "kernels_w2c.h"

u32 w2c_run(unsigned kernel, u32 n);

u32 w2c_run(unsigned kernel, u32 n) {
    static u32 (*const kernels[])(Z_kernels_instance_t *, u32) = {
        Z_kernelsZ_kernel_crc32, Z_kernelsZ_kernel_sm4,  Z_kernelsZ_kernel_tdes,
        Z_kernelsZ_kernel_tlv,   Z_kernelsZ_kernel_sort, Z_kernelsZ_kernel_sha256,
        Z_kernelsZ_kernel_calls, Z_kernelsZ_kernel_mix,
    };
    static Z_kernels_instance_t instance;
    static int ready;
    if (!ready) {
        wasm_rt_init();
        Z_kernels_init_module();
        Z_kernels_instantiate(&instance);
        ready = 1;
    }
    return kernels[kernel](&instance, n);
}
