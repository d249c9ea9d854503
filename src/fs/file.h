/* Inside src/fs: how a file lies in its store object, and where it is found.
 *
 * A file's number is its DF's index and a slot: the DF itself is slot 0, EFs with a short
 * identifier are slots 1 to 30, so that a look-up by SFI is arithmetic; other EFs lie at a slot
 * computed from their FID, or, when that is taken, at the next free one. */
#ifndef FS_FILE_H
#define FS_FILE_H

#include "base/bytes.h"
#include "fs/fs.h"

#define FS_SLOT_BITS 10u
#define FS_SLOT_MASK 0x3FFu
#define FS_SLOT_OTHERS 32u /* first slot of EFs without SFI */
#define FS_SLOT_LAST 1022u /* 1023 of the last DF would be FS_NONE */
#define FS_SFI_MAX 30u
#define FS_FID_MF 0x3F00u

#define FS_HEAD_SIZE 16u
#define FS_PREFIX_SIZE 32u /* head and the first rules: no file is shorter, one read gets them */
#define FS_HEAD_LIFE 1u    /* offsets of what changes */
#define FS_HEAD_COUNT 10u
#define FS_TEMPLATE_MAX 255u /* bytes of a proprietary template */
#define FS_BODY_MAX (STORE_SIZE_MAX - 1024u)

/* What a change may cost in the transaction beside its bytes: for the check that a change of
 * several parts will fit before its first part is staged. */
#define FS_ROOM_SLACK 96u

/* The first FS_HEAD_SIZE bytes of the object, taken apart. docs/files.md has the table. */
struct fs_head {
    store_name name;
    uint8_t type, life, sfi;
    uint8_t rules_len;
    uint8_t coding;     /* EF: data coding byte; DF: bytes of its name */
    uint8_t record_max; /* EF: records possible; DF: index of its parent */
    uint8_t record_count;
    uint8_t newest; /* cyclic: the slot of record 1 */
    uint16_t fid;
    uint16_t record_size;
    uint16_t body; /* offset of the body; rules, name and template lie before it */
    uint16_t body_size;
    uint8_t rules[FS_PREFIX_SIZE - FS_HEAD_SIZE]; /* the first of them; most files have no more */
};

static inline fs_file fs_number(uint32_t df, uint32_t slot) {
    return (fs_file)(df << FS_SLOT_BITS | slot);
}

static inline uint32_t fs_df_index(fs_file file) {
    return (uint32_t)file >> FS_SLOT_BITS;
}

/* The DF that a file lies in; a DF gives itself. */
static inline fs_file fs_df_of(fs_file file) {
    return (fs_file)(file & ~FS_SLOT_MASK);
}

static inline store_name fs_store_name(uint32_t owner, fs_file file) {
    return STORE_NAME(owner, FS_KIND_FILE, file);
}

/* NOT_FOUND, CORRUPT. */
enum onecard_err fs_head_load(const struct store *s, uint32_t owner, fs_file file,
                              struct fs_head *out);
void fs_head_put(const struct fs_head *head, uint8_t out[FS_HEAD_SIZE]);

/* Offset of the DF's name and of its proprietary template in the object. */
static inline uint32_t fs_head_name(const struct fs_head *head) {
    return FS_HEAD_SIZE + head->rules_len;
}

static inline uint32_t fs_head_template(const struct fs_head *head) {
    return fs_head_name(head) + (head->type == FS_DF ? head->coding : 0u);
}

static inline bool fs_is_record_type(uint8_t type) {
    return type == FS_LINEAR_FIXED || type == FS_LINEAR_VARIABLE || type == FS_CYCLIC;
}

/* The DF objects of an owner, in order: the first with an index >= *df. NOT_FOUND at the end. */
enum onecard_err fs_df_next(const struct store *s, uint32_t owner, uint32_t *df,
                            struct fs_head *out);

/* Where a record lies in the object. NOT_FOUND, UNSUPPORTED. */
enum onecard_err fs_record_locate(const struct store *s, const struct fs_head *head,
                                  uint32_t number, uint32_t *out_offset, uint32_t *out_size);

/* The same operations as fs.h's, on a head that is loaded. */
enum onecard_err fs_record_replace(struct store *s, const struct fs_head *head, uint32_t number,
                                   const void *data, uint32_t len);
enum onecard_err fs_record_add(struct store *s, const struct fs_head *head, const void *data,
                               uint32_t len);

#endif
