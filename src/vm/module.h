/* The translator's view of one module: what its sections said, and where the output goes. */
#ifndef VM_MODULE_H
#define VM_MODULE_H

#include "vm/engine.h"
#include "vm/reader.h"

/* Bounds of this engine; a module beyond them is refused as unsupported. */
#define VM_MAX_TYPES 1024u /* compared with each other: the time grows with the square */
#define VM_MAX_FUNCS 16384u
#define VM_MAX_EXPORTS 1024u /* likewise */
#define VM_MAX_SLOTS 16000u  /* of a function's parameters and locals */

#define VM_STAGE 128u

struct vm_module {
    struct vm_reader r; /* over the whole module */
    const struct vm_limits *limits;
    const struct vm_resolver *resolver;
    const struct vm_sink *sink;
    struct vm_report *report;

    uint8_t *free; /* scratch not yet in use */
    uint8_t *scratch_end;
    uint8_t *scratch;

    struct vm_type *types;
    uint16_t *canon; /* for each type the first equal one */
    uint32_t type_count;
    uint16_t *func_type;
    uint32_t *func_code; /* as struct vm_func has it */
    uint32_t func_count, import_count;
    uint16_t *globals; /* slot << 2 | VM_GLOBAL_* */
    uint32_t global_count, global_slots;
    bool has_table, has_memory, has_data_count;
    uint32_t table_size;
    uint32_t memory_pages, memory_max_pages;
    uint32_t memory_initial;
    uint32_t data_count; /* as the data count section says */
    uint32_t elem_count;
    uint32_t start;
    uint32_t code_count;

    /* sections read again when the tables are written */
    const uint8_t *global_at, *export_at, *elem_at;
    uint32_t export_count;

    uint32_t written;
    uint32_t staged;
    uint8_t stage[VM_STAGE];
};

#define VM_GLOBAL_MUTABLE 1u
#define VM_GLOBAL_I64 2u

static inline uint32_t vm_type_slots(uint8_t type) {
    return type == VM_I64 ? 2 : 1;
}

uint32_t vm_param_slots(const struct vm_type *type);

/* A value type of the profile, or 0 and a fault. */
uint8_t vm_module_value_type(struct vm_reader *r);

/* Zero-filled, 8-byte aligned; NULL and a fault if the scratch is used up. */
void *vm_module_alloc(struct vm_module *m, uint32_t size);
/* Bytes for the image. */
void vm_module_write(struct vm_module *m, const void *data, uint32_t len);

/* Validate one body and write its code. r: over the body's bytes alone. */
void vm_body_translate(struct vm_module *m, struct vm_reader *r, uint32_t func);

/* The value of an i32 constant expression. */
uint32_t vm_module_offset(struct vm_module *m);
uint64_t vm_module_global(struct vm_module *m, uint8_t *out_type, uint8_t *out_mutable);
/* Hand what is staged to the sink. */
void vm_module_flush(struct vm_module *m);

/* Element segments come before the code and go into the image after it: check now, write later. */
void vm_segments_check_elems(struct vm_module *m);
/* Data segments go into the image as they are met. Returns how many. */
uint32_t vm_segments_write_data(struct vm_module *m, struct vm_foot *foot);
void vm_segments_write_tables(struct vm_module *m, struct vm_foot *foot);

#endif
