#include "manager/quota.h"

#include "base/bytes.h"
#include "vm/module_info.h"

#define QUOTA_SIZE (4u * QUOTA_KINDS) /* of the object: the numbers, little-endian */

static store_name quota_name(uint32_t context) {
    return STORE_NAME(context, KIND_QUOTA, 0);
}

void quota_clear(struct quota *q) {
    for (uint32_t i = 0; i < QUOTA_KINDS; i++)
        q->most[i] = QUOTA_NONE;
}

bool quota_empty(const struct quota *q) {
    bool empty = true;
    for (uint32_t i = 0; i < QUOTA_KINDS; i++)
        empty = empty && q->most[i] == QUOTA_NONE;
    return empty;
}

/* ---- parameters ---- */

static enum onecard_err take_number(const struct tlv *object, uint32_t len_min, uint32_t *out) {
    uint32_t v = 0;
    if (object->len < len_min || object->len > 4 || (len_min == 2 && object->len == 3))
        return ONECARD_E_FORMAT;
    for (uint32_t i = 0; i < object->len; i++)
        v = v << 8 | object->value[i];
    *out = v ? v : QUOTA_NONE;
    return ONECARD_OK;
}

static enum onecard_err take_system(const struct tlv *system, struct quota *out) {
    static const struct {
        uint32_t tag;
        uint8_t kind, len_min;
    } tags[] = {
        {0xC6, QUOTA_CODE, 2},      {0xC7, QUOTA_MEMORY, 2},  {0xC8, QUOTA_FLASH, 2},
        {0xDF61, QUOTA_OBJECTS, 1}, {0xDF62, QUOTA_FUEL, 1},  {0xDF63, QUOTA_TRANSACTION, 1},
        {0xDF64, QUOTA_STACK, 1},   {0xDF65, QUOTA_DEPTH, 1},
    };
    const uint8_t *p = system->value, *end = p + system->len;
    struct tlv object;
    while (p != end) {
        if (!tlv_next(&p, end, &object))
            return ONECARD_E_FORMAT;
        for (uint32_t i = 0; i < sizeof tags / sizeof *tags; i++) {
            if (tags[i].tag != object.tag)
                continue;
            enum onecard_err err = take_number(&object, tags[i].len_min, &out->most[tags[i].kind]);
            if (err)
                return err;
        }
    }
    return ONECARD_OK;
}

enum onecard_err quota_take(const struct tlv *parameters, struct quota *out) {
    const uint8_t *p = parameters->value, *end = p + parameters->len;
    struct tlv object;
    quota_clear(out);
    while (p != end) {
        if (!tlv_next(&p, end, &object))
            return ONECARD_E_FORMAT;
        enum onecard_err err = object.tag == 0xEF ? take_system(&object, out) : ONECARD_OK;
        if (err)
            return err;
    }
    return ONECARD_OK;
}

/* ---- told early ---- */

bool quota_code_fits(const struct store *s, const struct quota *q) {
    struct store_info info;
    store_info(s, &info);
    return q->most[QUOTA_CODE] == QUOTA_NONE || q->most[QUOTA_CODE] <= info.bytes_free;
}

bool quota_module_fits(const struct quota *q, const uint8_t *wasm, uint32_t wasm_len) {
    struct vm_module_info info;
    if (q->most[QUOTA_MEMORY] == QUOTA_NONE || vm_module_info(wasm, wasm_len, NULL, &info))
        return true; /* what is malformed the translator refuses with a reason */
    return (info.has_heap_base ? info.heap_base : info.memory_pages * 65536u) <=
           q->most[QUOTA_MEMORY];
}

/* ---- in the store ---- */

enum onecard_err quota_save(struct store *s, uint32_t context, const struct quota *q) {
    uint8_t bytes[QUOTA_SIZE];
    if (quota_empty(q))
        return ONECARD_OK;
    for (uint32_t i = 0; i < QUOTA_KINDS; i++)
        put_le32(bytes + 4 * i, q->most[i]);
    enum onecard_err err = store_create(s, quota_name(context), sizeof bytes, STORE_PLAIN);
    return err ? err : store_write(s, quota_name(context), 0, bytes, sizeof bytes);
}

void quota_load(const struct store *s, uint32_t context, struct quota *out) {
    uint8_t bytes[QUOTA_SIZE];
    quota_clear(out);
    if (store_read(s, quota_name(context), 0, bytes, sizeof bytes))
        return;
    for (uint32_t i = 0; i < QUOTA_KINDS; i++)
        out->most[i] = get_le32(bytes + 4 * i);
}

/* ---- what holds ---- */

/* What the package's instances have, that one left out. */
static struct store_usage used_beside(const struct registry *r, uint32_t package,
                                      const struct registry_entry *instance) {
    struct store_usage sum = {0, 0};
    for (uint32_t i = 0; i < r->count; i++) {
        const struct registry_entry *e = &r->entries[i];
        if (e->type != REGISTRY_INSTANCE || e->package != package || e == instance)
            continue;
        const struct store_usage usage = store_usage(r->store, e->context);
        sum.bytes += usage.bytes;
        sum.objects += usage.objects;
    }
    return sum;
}

static uint32_t left_of(uint32_t most, uint32_t used) {
    return most == QUOTA_NONE ? most : most > used ? most - used : 0;
}

void quota_of(const struct registry *r, const struct registry_entry *instance, struct quota *out) {
    struct quota package;
    quota_load(r->store, instance->context, out);
    quota_load(r->store, instance->package, &package);
    if (package.most[QUOTA_FLASH] != QUOTA_NONE || package.most[QUOTA_OBJECTS] != QUOTA_NONE) {
        const struct store_usage beside = used_beside(r, instance->package, instance);
        package.most[QUOTA_FLASH] = left_of(package.most[QUOTA_FLASH], beside.bytes);
        package.most[QUOTA_OBJECTS] = left_of(package.most[QUOTA_OBJECTS], beside.objects);
    }
    for (uint32_t i = 0; i < QUOTA_KINDS; i++)
        if (package.most[i] < out->most[i])
            out->most[i] = package.most[i];
}

const char *quota_refuses(const struct registry *r, const struct registry_entry *package,
                          const struct quota *own, uint32_t memory) {
    struct quota q;
    quota_load(r->store, package->context, &q);
    if (memory > own->most[QUOTA_MEMORY] || memory > q.most[QUOTA_MEMORY])
        return "its memory is more than its quota";
    const struct store_usage used = used_beside(r, package->context, NULL);
    if (used.bytes >= q.most[QUOTA_FLASH] || used.objects >= q.most[QUOTA_OBJECTS])
        return "the package's other instances have used up its quota";
    return NULL;
}
