/* A load file as it streams in: the components of a CAP one after the other, the Wasm module in the
 * place of Method (docs/cap.md). Small components are looked at, the module goes into flash as it
 * comes; nothing is ever held whole in RAM. */
#ifndef MANAGER_LOAD_FILE_H
#define MANAGER_LOAD_FILE_H

#include "crypto/crypto.h"
#include "manager/quota.h"

/* CAP component tags, Java Card VM specification 6.2. */
enum cap_component {
    CAP_HEADER = 1,
    CAP_DIRECTORY = 2,
    CAP_APPLET = 3,
    CAP_IMPORT = 4,
    CAP_CONSTANT_POOL = 5,
    CAP_CLASS = 6,
    CAP_METHOD = 7,
    CAP_STATIC_FIELD = 8,
    CAP_REFERENCE_LOCATION = 9,
    CAP_EXPORT = 10,
    CAP_DESCRIPTOR = 11,
    CAP_DEBUG = 12,
};

/* The interface that a module was built for stands in Import, as this package's version:
 * major must be equal, minor at most ours. */
#define CARD_API_AID "\xF0\x6F\x6E\x65\x63\x61\x72\x64\x00"
#define CARD_API_AID_LEN 9u
#define CARD_API_MAJOR 1u
#define CARD_API_MINOR 1u

#define CAP_SMALL_MAX 255u /* bytes of a component that is looked at */

/* What a load file has to prove, from the pool of the card: its hash was announced, and DAP blocks
 * (tag E2, GPCS 11.6.2.3) may stand in front of it. */
#define LOAD_DAP_MAX 640u /* bytes of all DAP blocks: two of RSA-2048 */
struct load_check {
    uint8_t hash[64]; /* as announced */
    uint8_t hash_len;
    uint8_t digest_count;
    struct crypto_digest digest[2]; /* 32 bytes may be SHA-256 or SM3 */
    uint32_t dap_len;
    uint8_t dap[LOAD_DAP_MAX]; /* the values of the E2 blocks, each as 4F and C3 */
};

struct load_file {
    struct store *store;
    struct load_check *check; /* NULL: no hash was announced */
    uint32_t dap_left;        /* bytes of the DAP block that is coming in */
    uint32_t room;            /* bytes that flash has for it at most */
    uint32_t context;         /* of the new package */
    struct aid package;       /* as INSTALL [for load] announced it */
    struct quota quota;       /* likewise; empty after load_file_begin() */
    uint32_t expected;        /* bytes of the load file, from its C4 length */
    uint32_t received;
    uint32_t seen; /* bit per component tag */
    /* the C4 tag and length, or a component's tag and size, as far as they have come */
    uint8_t head[5];
    uint8_t head_len;
    bool in_file;      /* the C4 header is complete */
    uint8_t component; /* 0 between components */
    uint32_t component_left;
    uint8_t small[CAP_SMALL_MAX];
    uint32_t small_len;
    /* what was found */
    uint8_t version_major, version_minor;
    uint32_t module_count;
    struct aid modules[MODULES_MAX];
    uint32_t wasm_size;
    const char *reason; /* what was wrong, for the trace */
};

void load_file_begin(struct load_file *f, struct store *store, uint32_t context,
                     const struct aid *package);

/* The hash that was announced, 20, 32, 48 or 64 bytes; check must stay. UNSUPPORTED: another
 * length. */
enum onecard_err load_file_expect(struct load_file *f, struct load_check *check,
                                  const uint8_t *hash, uint32_t len);

/* Take the next bytes. ONECARD_E_FORMAT and the like with f->reason set; the load is then over. */
enum onecard_err load_file_feed(struct load_file *f, const uint8_t *data, uint32_t len);

/* All blocks came: is it complete? The module then stands in store_large_data(). */
enum onecard_err load_file_end(struct load_file *f);

#endif
