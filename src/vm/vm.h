/* The WebAssembly engine: integer profile, validated and translated once, then run in place.
 *
 * Three steps, each usable alone:
 *   vm_translate()  reads a Wasm module, validates it, and writes the translated image;
 *   vm_image_open() looks at a translated image (in flash, or anywhere) without copying it;
 *   vm_instance_*   makes an instance in memory that the caller gives, and runs its exports.
 * No allocation, no globals. The same image runs on every platform. */
#ifndef VM_VM_H
#define VM_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "onecard/error.h"
#include "base/arena.h"

/* Changes whenever an older translated image must not be run: it is made anew from the Wasm. */
#define VM_ENGINE_VERSION 1u

/* Value types, as Wasm encodes them. */
#define VM_I32 0x7Fu
#define VM_I64 0x7Eu

/* Why a run ended. Names by vm_trap_name(). */
enum vm_trap {
    VM_TRAP_NONE = 0,
    VM_TRAP_UNREACHABLE,
    VM_TRAP_MEMORY,        /* out of bounds memory access */
    VM_TRAP_TABLE,         /* out of bounds table access */
    VM_TRAP_DIVIDE,        /* integer divide by zero */
    VM_TRAP_OVERFLOW,      /* integer overflow */
    VM_TRAP_UNDEFINED,     /* undefined element (call_indirect beyond the table) */
    VM_TRAP_UNINITIALIZED, /* uninitialized element */
    VM_TRAP_TYPE,          /* indirect call type mismatch */
    VM_TRAP_STACK,         /* value stack or call depth exhausted */
    VM_TRAP_FUEL,          /* fuel exhausted */
    VM_TRAP_HOST,          /* a host call ended the run (firewall violation, or a wished end) */
};
const char *vm_trap_name(enum vm_trap trap);

/* ---- translate ---- */

struct vm_type {
    uint8_t param_count;
    uint8_t result_count;  /* 0 or 1 */
    uint8_t result;        /* VM_I32 or VM_I64 if result_count is 1 */
    const uint8_t *params; /* param_count value types */
};

/* Resolve an import. module and name are not NUL-terminated. Returns the host-call number
 * (0 to 1023), or a negative value if there is none of that name and type. */
struct vm_resolver {
    void *ctx;
    int (*resolve)(void *ctx, const uint8_t *module, uint32_t module_len, const uint8_t *name,
                   uint32_t name_len, const struct vm_type *type);
};

/* Where the image goes, in order. A failure ends the translation with that error. */
struct vm_sink {
    void *ctx;
    enum onecard_err (*write)(void *ctx, const void *data, uint32_t len);
};

struct vm_limits {
    uint32_t memory_max; /* bytes of linear memory a module may ask for at the start */
    uint32_t table_max;  /* elements */
};

/* What was wrong, for traces and for "onecard cap". */
struct vm_report {
    const char *reason; /* static text: what was wrong; NULL if nothing */
    uint32_t offset;    /* in the Wasm module */
    uint32_t function;  /* index, or UINT32_MAX outside of a function body */
    bool malformed; /* true: the binary format is broken; false: invalid or outside the profile */
    uint32_t image_size;   /* bytes written to the sink */
    uint32_t scratch_used; /* most bytes of scratch in use at once */
};

/* Validate and translate a whole module that is readable in memory (flash is memory).
 * scratch: working memory, VM_SCRATCH_MIN is enough for typical modules; ONECARD_E_NO_MEMORY if a
 *          function needs more.
 * The sink may have been given bytes when an error is returned; they are to be thrown away.
 * ONECARD_E_FORMAT: malformed or invalid; ONECARD_E_UNSUPPORTED: outside the profile or limits. */
#define VM_SCRATCH_MIN 16384u
enum onecard_err vm_translate(const uint8_t *wasm, uint32_t wasm_len,
                              const struct vm_limits *limits, const struct vm_resolver *resolver,
                              void *scratch, uint32_t scratch_size, const struct vm_sink *sink,
                              struct vm_report *out_report);

/* ---- look at an image ---- */

struct vm_image {
    const uint8_t *data; /* the translated image; must stay readable while in use */
    uint32_t size;
    uint32_t
        memory_initial; /* bytes of linear memory at the start (__heap_base rounded up, or pages) */
    uint32_t memory_max;    /* bytes that memory.grow may reach */
    uint32_t instance_size; /* bytes of struct vm_instance with globals and table */
    /* the engine's own fields follow as needed */
    uint32_t priv[12];
};

/* data: 4-byte aligned. ONECARD_E_FOREIGN: not an image of VM_ENGINE_VERSION; ONECARD_E_CORRUPT.
 * The image itself is trusted (it was authenticated, S6); only its header is looked at. */
enum onecard_err vm_image_open(struct vm_image *out_image, const uint8_t *data, uint32_t size);

/* Find an exported function. Returns its index, or -1. If type is not NULL it is filled. */
int vm_image_export(const struct vm_image *image, const char *name, struct vm_type *out_type);

/* ---- run ---- */

/* Value stack shared by all instances of a card: a nested run continues above the outer one. */
struct vm_stack {
    uint32_t *base;
    uint32_t *top;   /* first free slot */
    uint32_t *limit; /* end */
    uint32_t depth;  /* Wasm calls in progress */
    uint32_t depth_max;
};

struct vm_instance;

/* A host call: number as the resolver gave it; args in 4-byte slots, an i64 in two, low first.
 * Writes its result to result[0] (and [1]). Returns VM_TRAP_NONE, or ends the run. */
typedef enum vm_trap vm_host_fn(void *host_ctx, struct vm_instance *instance, uint32_t number,
                                const uint32_t *args, uint32_t *result);

/* Make an instance: clear memory, apply data and element segments, set globals, run the start
 * function. place:  image->instance_size bytes, 8-byte aligned. memory: memory_size bytes (>=
 * image->memory_initial; growth goes up to memory_size). */
enum vm_trap vm_instance_init(struct vm_instance **out_instance, const struct vm_image *image,
                              void *place, uint8_t *memory, uint32_t memory_size,
                              struct vm_stack *stack, vm_host_fn *host, void *host_ctx,
                              uint64_t *fuel);

/* The image has another place: image is where the same bytes lie now. Between runs only. */
void vm_instance_move(struct vm_instance *instance, const struct vm_image *image);

/* Call an exported function by index (of vm_image_export()). args and result as for host calls.
 * fuel: what may be burnt; what is left on return. */
enum vm_trap vm_instance_call(struct vm_instance *instance, uint32_t function, const uint32_t *args,
                              uint32_t *result, uint64_t *fuel);

/* What each host call needs of an instance, and every instance begins with. Valid until the
 * instance runs on. */
struct vm_at_hand {
    uint8_t *memory; /* linear memory */
    uint32_t memory_size;
    uint32_t fuel; /* a part of it: the rest is in reserve */
};
static inline struct vm_at_hand *vm_at_hand(struct vm_instance *instance) {
    return (struct vm_at_hand *)(void *)instance;
}

/* The fuel that the instance has left, from within a host call. */
uint64_t vm_instance_fuel(const struct vm_instance *instance);

/* Burn fuel from within a host call. false (and the fuel is 0) if there is not enough left. */
bool vm_instance_burn_reserve(struct vm_instance *instance, uint32_t amount);
static inline bool vm_instance_burn(struct vm_instance *instance, uint32_t amount) {
    struct vm_at_hand *at_hand = vm_at_hand(instance);
    if (at_hand->fuel < amount)
        return vm_instance_burn_reserve(instance, amount);
    at_hand->fuel -= amount;
    return true;
}

/* Where the last trap happened. */
struct vm_trap_info {
    enum vm_trap trap;
    uint32_t function; /* index in the Wasm module's function space */
    uint32_t offset;   /* in the translated code of that function, or the Wasm module if known */
};
void vm_instance_trap_info(const struct vm_instance *instance, struct vm_trap_info *out_info);

#endif
