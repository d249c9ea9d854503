/* Work of the kind that cards do, for native compilers and for Wasm: no libc, no imports. Each
 * kernel does its work n times and returns a value that depends on all of it. */
#ifndef BENCH_KERNELS_H
#define BENCH_KERNELS_H

#include <stdint.h>

#if defined(__wasm__) && !defined(KERNEL_ALONE)
#define KERNEL(name) __attribute__((export_name(#name))) uint32_t name(uint32_t n)
#else
#define KERNEL(name) uint32_t name(uint32_t n)
#endif

KERNEL(kernel_crc32);
KERNEL(kernel_sm4);
KERNEL(kernel_tdes);
KERNEL(kernel_tlv);
KERNEL(kernel_sort);
KERNEL(kernel_sha256);
KERNEL(kernel_calls);
KERNEL(kernel_mix);
KERNEL(kernel_nothing);

#endif
