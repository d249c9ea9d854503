/* What is in a Wasm module, without loading it: for tools that show or pack one. */
#ifndef VM_MODULE_INFO_H
#define VM_MODULE_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "onecard/error.h"

/* Kinds of imports and exports, as Wasm has them: 0 function, 1 table, 2 memory, 3 global. Names
 * are not NUL-terminated and point into the module. */
struct vm_module_import {
    const uint8_t *module, *name;
    uint32_t module_len, name_len;
    uint8_t kind;
    uint32_t type; /* of a function: index of its type */
};

struct vm_module_export {
    const uint8_t *name;
    uint32_t name_len;
    uint8_t kind;
    uint32_t index;
};

/* Either function may be NULL. */
struct vm_module_visitor {
    void *ctx;
    void (*import)(void *ctx, const struct vm_module_import *import);
    void (*export)(void *ctx, const struct vm_module_export *export);
};

struct vm_module_info {
    uint32_t import_count, export_count;
    uint32_t function_count; /* defined ones */
    uint32_t code_size;      /* bytes of the code section */
    uint32_t data_size;      /* bytes of the data section */
    bool has_memory;
    uint32_t memory_pages, memory_pages_max; /* max: UINT32_MAX if not stated */
    bool has_heap_base;                      /* exported immutable i32 global __heap_base */
    uint32_t heap_base;
};

/* Reads the sections that tell; visitor may be NULL. Does not validate: a module that passes here
 * may still be refused by vm_translate(). ONECARD_E_FORMAT if the sections cannot be followed. */
enum onecard_err vm_module_info(const uint8_t *wasm, uint32_t wasm_len,
                                const struct vm_module_visitor *visitor,
                                struct vm_module_info *out_info);

#endif
