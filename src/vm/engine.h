/* What the parts of the engine share: the translated image, the instance, and bits of arithmetic.
 *
 * The image, little-endian, 4-byte aligned, sizes in bytes unless said otherwise:
 *   head      magic, engine version, a HALT token (unit VM_HALT_UNIT), padding
 *   code      for each defined function: four units (VM_ENTRY_*), then its instructions
 *   contents  of data segments, element segments (16-bit function indices)
 *   tables    types, functions, exports, globals, segments
 *   foot      struct vm_foot, says where everything is
 * Code positions count 16-bit units from the start of the image. */
#ifndef VM_ENGINE_H
#define VM_ENGINE_H

#include <string.h>

#include "vm/vm.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "images and linear memories are used in place: little-endian machines only"
#endif

#define VM_MAGIC 0x314D564Fu /* "OVM1" */
#define VM_PAGE 65536u
#define VM_NONE UINT32_MAX
#define VM_NO_FUNC 0xFFFFu /* an empty table element */
#define VM_HALT_UNIT 4u

/* The units before a function's first instruction. */
enum {
    VM_ENTRY_PARAMS, /* slots of parameters; the two saved words follow them in the frame */
    VM_ENTRY_FRAME,  /* slots of the whole frame */
    VM_ENTRY_LOCALS, /* slots of locals to clear, after the saved words */
    VM_ENTRY_COST,   /* fuel for one straight pass through the body */
    VM_ENTRY_UNITS
};
#define VM_SAVED 2u /* frame words that a call saves: return position, frame step */

struct vm_head {
    uint32_t magic;
    uint32_t version;
    uint16_t halt;
    uint16_t zero;
    uint32_t handlers; /* VM_HANDLERS of the engine that made it */
};

struct vm_func {
    uint32_t code;    /* position of its entry units; for an import, the host-call number */
    uint16_t type;    /* the first type equal to its type */
    uint16_t results; /* slots */
    uint32_t params;  /* slots */
};

struct vm_export {
    uint32_t name; /* offset in the image */
    uint16_t name_len;
    uint16_t func;
};

struct vm_data {
    uint32_t from; /* offset in the image */
    uint32_t len;
    uint32_t to;     /* in linear memory */
    uint32_t active; /* 1: applied at the start */
};

struct vm_elem {
    uint32_t from;
    uint32_t count;
    uint32_t to;
    uint32_t active;
};

struct vm_foot {
    uint32_t funcs, func_count, import_count;
    uint32_t types,
        type_count; /* offsets (u32) of types: param count, result count, result, params */
    uint32_t exports, export_count;
    uint32_t globals, global_slots; /* initial values */
    uint32_t data, data_count;
    uint32_t elems, elem_count;
    uint32_t table_size;
    uint32_t memory_initial, memory_max, memory_pages;
    uint32_t start; /* function index or VM_NONE */
    uint32_t version;
    uint32_t magic;
};

struct vm_instance {
    struct vm_at_hand at_hand; /* first: vm_at_hand() */
    const uint16_t *code;      /* the image */
    const struct vm_func *funcs;
    const struct vm_foot *foot;
    uint32_t memory_cap;
    uint32_t *globals;
    uint16_t *table;
    uint8_t *dropped; /* a byte for each data segment, then for each element segment */
    struct vm_stack *stack;
    vm_host_fn *host;
    void *host_ctx;
    uint64_t reserve; /* fuel not yet handed to the loop */
    uint32_t trap;
    uint32_t trap_at;   /* code position */
    uint32_t trap_func; /* VM_NONE: to be found from trap_at */
};

enum vm_bulk {
    VM_MEMORY_INIT,
    VM_DATA_DROP,
    VM_MEMORY_COPY,
    VM_MEMORY_FILL,
    VM_TABLE_INIT,
    VM_ELEM_DROP,
    VM_TABLE_COPY
};

/* Run a defined function whose arguments stand at fp; its result replaces them. */
enum vm_trap vm_run(struct vm_instance *vm, uint32_t *fp, uint32_t function);

/* Slow paths of the loop. */
enum vm_trap vm_bulk_run(struct vm_instance *vm, uint32_t op, const uint32_t *args,
                         uint32_t segment);
uint32_t vm_memory_grow(struct vm_instance *vm, uint32_t pages);
uint32_t vm_memory_pages(const struct vm_instance *vm);

static inline const void *vm_at(const struct vm_instance *vm, uint32_t offset) {
    return (const uint8_t *)vm->code + offset;
}

#endif
