/* What is on the card: packages and applet instances, their names, states and contexts.
 *
 * Each has a context number (1 to 4095), the owner of its objects in the store (F2, F3). The
 * records are objects of owner 0; a copy of what SELECT needs is kept in RAM.
 *
 * Record in the store, STORE_NAME(0, KIND_REGISTRY, context), integers little-endian:
 *   0 type 1 | 1 life cycle | 2 AID length | 3 AID 16 | 19 package context 2 | 21 privileges 3
 *   24 version major 1 | 25 version minor 1 | 26 count of modules 1 | 27 modules: length, AID each
 * For an instance the package context is its package's, and the one module is its class.
 * Context 0 has the card's own record, and ISSUER_NUMBER the AID of the issuer's domain once it has
 * been renamed: see registry.c. */
#ifndef MANAGER_REGISTRY_H
#define MANAGER_REGISTRY_H

#include "onecard/port.h"
#include "store/store.h"

/* Kinds of objects in the store that the manager owns; fs and keys have theirs from 4 on. */
enum {
    KIND_REGISTRY = 0, /* owner 0, number = context */
    KIND_WASM = 1,     /* owner = package: the module as it was loaded */
    KIND_IMAGE = 2,    /* owner = package: its translation, then IMAGE_TAG_SIZE bytes of CMAC */
    KIND_QUOTA = 3,    /* owner = package or instance: quota.h; a domain: policy.c */
};
#define IMAGE_TAG_SIZE 16u

/* The issuer's domain, context 0, as long as nobody gives it another name. */
#define ISD_AID "\xA0\x00\x00\x01\x51\x00\x00\x00"
#define ISD_AID_LEN 8u

#define CONTEXT_MAX 4095u
#define REGISTRY_MAX 64u /* packages and instances together */
#define AID_MIN 5u       /* ISO/IEC 7816-4 8.2.1.2 */
#define AID_MAX 16u
#define MODULES_MAX 8u /* applet classes in one package */

enum registry_type {
    REGISTRY_PACKAGE = 1,
    REGISTRY_INSTANCE = 2,
    /* A package whose combined Load, Install and Make Selectable process has not come to its end
     * (GPCS 9.3.8): a power cut ends it. */
    REGISTRY_LOADING = 3,
    REGISTRY_DOMAIN = 4, /* a supplementary security domain */
};

/* Life cycles, GlobalPlatform Card Specification 2.3.1 tables 11-3 to 11-6. */
enum card_life_cycle {
    CARD_OP_READY = 0x01,
    CARD_INITIALIZED = 0x07,
    CARD_SECURED = 0x0F,
    CARD_LOCKED = 0x7F,
    CARD_TERMINATED = 0xFF,
};
enum applet_life_cycle {
    PACKAGE_LOADED = 0x01,
    APPLET_INSTALLED = 0x03,
    APPLET_SELECTABLE = 0x07,
    DOMAIN_PERSONALIZED = 0x0F,
    APPLET_LOCKED = 0x80, /* a bit */
};

/* Privileges, GPCS tables 6-1 and 11-7 to 11-9, as the 24 bits of their three bytes. */
enum privilege {
    PRIVILEGE_DOMAIN = 0x800000,
    PRIVILEGE_DAP = 0x400000,
    PRIVILEGE_DELEGATED = 0x200000,
    PRIVILEGE_CARD_LOCK = 0x100000,
    PRIVILEGE_CARD_TERMINATE = 0x080000,
    PRIVILEGE_CARD_RESET = 0x040000, /* selected by default */
    PRIVILEGE_CVM = 0x020000,
    PRIVILEGE_MANDATED_DAP = 0x010000,
    PRIVILEGE_TRUSTED_PATH = 0x008000,
    PRIVILEGE_AUTHORIZED = 0x004000,
    PRIVILEGE_TOKENS = 0x002000,
    PRIVILEGE_GLOBAL_DELETE = 0x001000,
    PRIVILEGE_GLOBAL_LOCK = 0x000800,
    PRIVILEGE_GLOBAL_REGISTRY = 0x000400,
    PRIVILEGE_FINAL = 0x000200,
    PRIVILEGE_RECEIPTS = 0x000080,
};

/* Implicit selection parameter, table 11-51 (tag CF): an interface bit, or both, and a channel. */
enum { IMPLICIT_CONTACTLESS = 0x80, IMPLICIT_CONTACT = 0x40, IMPLICIT_CHANNEL = 0x1F };

struct aid {
    uint8_t len;
    uint8_t value[AID_MAX];
};

struct registry_entry {
    uint16_t context;
    uint16_t package; /* context of the package; its own for a package; 0 for a domain */
    uint16_t domain;  /* it is associated with */
    uint8_t implicit; /* IMPLICIT_ bits, 0: none */
    uint8_t type;
    uint8_t life_cycle;
    uint8_t privileges[3];
    struct aid aid;
    bool limited;      /* it, or its package, has a quota */
    bool code_checked; /* the package's image was authenticated since the card was opened (S6) */
};

struct registry {
    struct store *store;
    uint8_t card_life_cycle;
    bool pre_issuance;   /* F6 */
    struct aid issuer;   /* of the issuer's domain */
    uint32_t generation; /* counts registry_load(): what was looked up before may be gone */
    uint32_t count;
    struct registry_entry entries[REGISTRY_MAX]; /* in order of contexts */
};

/* Write the card's own record of a blank card (staged). */
enum onecard_err registry_format(struct store *store);

/* Read all records. code_checked survives for packages that were there before. */
enum onecard_err registry_load(struct registry *r, struct store *store);

/* The entry of that context, or NULL. */
struct registry_entry *registry_entry(struct registry *r, uint32_t context);

const struct registry_entry *registry_find_context(const struct registry *r, uint32_t context);

/* The entry with exactly that AID, of that type, or NULL. */
struct registry_entry *registry_find(struct registry *r, enum registry_type type,
                                     const uint8_t *aid, uint32_t aid_len);

static inline uint32_t registry_privileges(const struct registry_entry *e) {
    return (uint32_t)e->privileges[0] << 16 | (uint32_t)e->privileges[1] << 8 | e->privileges[2];
}

/* The entry with exactly that AID, of whatever type, or NULL. */
struct registry_entry *registry_find_any(struct registry *r, const uint8_t *aid, uint32_t aid_len);

/* The first selectable instance or domain of a context above `after` whose AID begins with aid
 * (ISO/IEC 7816-4 11.1.1, partial DF name). NULL if there is none. */
struct registry_entry *registry_select(struct registry *r, const uint8_t *aid, uint32_t aid_len,
                                       uint32_t after);

/* The selectable instance or domain that is implicitly selected on that channel (GPCS 6.4.2.1.1):
 * by its parameter CF, or on the basic channel by the Card Reset privilege. NULL if there is none.
 */
struct registry_entry *registry_implicit(struct registry *r, uint32_t channel, bool contactless);

/* Does the package have an applet class of that AID? */
bool registry_has_module(const struct registry *r, const struct registry_entry *package,
                         const uint8_t *aid, uint32_t aid_len);

/* What a record says beside the entry: version and modules (of an instance its class). */
struct registry_detail {
    uint8_t version_major, version_minor;
    uint32_t module_count;
    struct aid modules[MODULES_MAX];
};
enum onecard_err registry_detail(const struct registry *r, uint32_t context,
                                 struct registry_detail *out_detail);

/* A context number that nobody has; 0 if there is none. */
uint32_t registry_new_context(const struct registry *r);

/* Stage a new record. modules: count AIDs. ONECARD_E_FULL if REGISTRY_MAX is reached. */
enum onecard_err registry_add(struct registry *r, const struct registry_entry *entry,
                              uint8_t version_major, uint8_t version_minor,
                              const struct aid *modules, uint32_t module_count);

/* Stage the removal of a record and of everything its context owns (F7). */
enum onecard_err registry_remove(struct registry *r, uint32_t context);

/* Stage that a package is no longer LOADING: it is whole. */
enum onecard_err registry_complete(struct registry *r, uint32_t context);

/* The life cycle of an instance, or of the card (context 0), with what is staged. NOT_FOUND. */
enum onecard_err registry_life_cycle(const struct registry *r, uint32_t context,
                                     uint8_t *out_life_cycle);

/* Stage a new life cycle of a package or instance. */
enum onecard_err registry_set_life_cycle(struct registry *r, uint32_t context, uint8_t life_cycle);

/* Stage other privileges, another domain, another implicit selection. */
enum onecard_err registry_set_privileges(struct registry *r, uint32_t context, uint32_t privileges);
enum onecard_err registry_set_domain(struct registry *r, uint32_t context, uint32_t domain);
enum onecard_err registry_set_implicit(struct registry *r, uint32_t context, uint8_t implicit);

/* Stage another AID of the issuer's domain. */
enum onecard_err registry_set_issuer(struct registry *r, const struct aid *aid);

/* Stage a new life cycle of the card; pre_issuance can only go from true to false (F6). */
enum onecard_err registry_set_card(struct registry *r, uint8_t life_cycle, bool pre_issuance);

#endif
