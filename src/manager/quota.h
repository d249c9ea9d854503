/* Quotas (F8): how much of the card a package and each of its instances may use.
 *
 * They come with INSTALL [for load] and [for install], in the system's parameters EF (GPCS 2.3.1
 * table 11-49, and tags of our own; docs/firewall.md), rest as an object of the package or
 * instance, and go with it. Of what a package and its instance both limit, the smaller holds; flash
 * and objects of a package are what all its instances have together. */
#ifndef MANAGER_QUOTA_H
#define MANAGER_QUOTA_H

#include "base/tlv.h"
#include "manager/registry.h"

#define QUOTA_NONE 0xFFFFFFFFu

/* One number each, QUOTA_NONE for no limit but the card's. */
enum quota_kind {
    QUOTA_CODE,        /* bytes of the module (packages only) */
    QUOTA_MEMORY,      /* bytes of linear memory */
    QUOTA_FLASH,       /* bytes of objects, STORE_OBJECT_COST for each included */
    QUOTA_OBJECTS,     /* files, data objects, keys, PINs */
    QUOTA_FUEL,        /* of one command */
    QUOTA_TRANSACTION, /* bytes staged */
    QUOTA_STACK,       /* 4-byte slots of the value stack */
    QUOTA_DEPTH,       /* calls within calls */
    QUOTA_KINDS,
};

struct quota {
    uint32_t most[QUOTA_KINDS];
};

void quota_clear(struct quota *q);
bool quota_empty(const struct quota *q);

/* From the parameters field of INSTALL: in EF, C6 C7 C8 of 2 or 4 bytes, DF61 to DF65 of 1 to 4;
 * zeros, and tags that are not there, limit nothing. FORMAT. */
enum onecard_err quota_take(const struct tlv *parameters, struct quota *out);

/* Is there, right now, as much free flash as code is announced (C6)? Told before the load begins.
 */
bool quota_code_fits(const struct store *s, const struct quota *q);

/* Does a module need no more linear memory than the quota gives it? */
bool quota_module_fits(const struct quota *q, const uint8_t *wasm, uint32_t wasm_len);

/* May an instance be made whose code needs that much memory: by its own quota, its package's, and
 * by what the other instances of the package leave? Else why not, as a static text. */
const char *quota_refuses(const struct registry *r, const struct registry_entry *package,
                          const struct quota *own, uint32_t memory);

/* Stage the quota of a new package or instance; nothing if it is empty. */
enum onecard_err quota_save(struct store *s, uint32_t context, const struct quota *q);

/* What was saved; empty if nothing was. */
void quota_load(const struct store *s, uint32_t context, struct quota *out);

/* What holds for an instance at this moment: of the flash and objects of its package it gets what
 * the other instances leave. */
void quota_of(const struct registry *r, const struct registry_entry *instance, struct quota *out);

#endif
