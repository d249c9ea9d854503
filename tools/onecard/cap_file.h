/* The CAP container, as GlobalPlatform clients read it: a ZIP of components, with the Wasm module
 * in the place of Method (docs/cap.md). */
#ifndef ONECARD_CAP_FILE_H
#define ONECARD_CAP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAP_AID_MAX 16u
#define CAP_APPLETS_MAX 8u
#define CAP_LOAD_FILE_MAX 131072u /* bytes; the module is at most 65,535 of them */

struct cap_aid {
    uint8_t len;
    uint8_t value[CAP_AID_MAX];
};

/* What a CAP says of itself. */
struct cap_description {
    struct cap_aid package;
    uint8_t major, minor;         /* version of the package */
    uint8_t api_major, api_minor; /* version of the card interface it was built for */
    struct cap_aid applets[CAP_APPLETS_MAX];
    size_t applet_count;
};

/* Read what a module says of itself: the custom section "onecard" that CARD_PACKAGE makes.
 * Returns NULL, or what is wrong (static text). */
const char *cap_describe_module(const uint8_t *wasm, size_t wasm_len,
                                struct cap_description *out_description);

/* The same as far as it goes: what it does not say is zero, and nothing is demanded. */
const char *cap_read_section(const uint8_t *wasm, size_t wasm_len,
                             struct cap_description *out_description);

/* Write a CAP file. name: of the folder in it. Returns NULL, or what is wrong. */
const char *cap_write(const char *path, const char *name, const struct cap_description *description,
                      const uint8_t *wasm, size_t wasm_len);

struct cap {
    struct cap_description description;
    uint8_t *load_file; /* the components in the order of loading, without C4 and length */
    size_t load_file_len;
    const uint8_t *wasm; /* in load_file */
    size_t wasm_len;
};

/* Read a CAP file. Returns NULL, or what is wrong; free with cap_free(). */
const char *cap_read(const char *path, struct cap *out_cap);
void cap_free(struct cap *cap);

/* Take a load file (as cap.load_file) apart. Returns NULL, or what is wrong. */
const char *cap_parse(const uint8_t *load_file, size_t len, struct cap *out_cap);

/* Read a version like 1.0. */
bool cap_version_parse(const char *text, size_t len, uint8_t *major, uint8_t *minor);

/* Read an AID in hex. false: not 5 to 16 bytes of hex. */
bool cap_aid_parse(const char *text, size_t len, struct cap_aid *out_aid);

#endif
