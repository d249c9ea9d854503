/* Files and data objects of ISO/IEC 7816-4, one tree for each owner (F2).
 *
 * Three users:
 *   personalisation creates files (fs_file_create, and fs_perso_dgi in fs/perso.h);
 *   applets use their own files by number, without access rules: they are the owner's code;
 *   fs_command() is the standard file commands as one component, with access rules, for any
 *   applet that hands a command on.
 *
 * Nothing here keeps state: the store keeps the files, struct fs_selection (caller-owned, one for
 * each channel and selection) what a SELECT chose. Changes are staged in the store's open
 * transaction; the caller commits. owner always comes from the runtime. docs/files.md has the
 * layout of every object and the status words. */
#ifndef FS_FS_H
#define FS_FS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/apdu.h"
#include "keys/status.h"
#include "store/store.h"

#define FS_KIND_FILE 4u   /* store kind: one object for each file, header and body */
#define FS_KIND_OBJECT 5u /* store kind: data objects */

#define FS_NAME_MAX 16u      /* bytes of a DF name */
#define FS_DF_MAX 64u        /* DFs of one owner, the root included */
#define FS_RECORD_MAX 65535u /* bytes of one record; 254 records at most can be addressed */
#define FS_RECORDS_MAX 254u
#define FS_OBJECT_MAX 65000u /* bytes of the value of one data object */

/* A file's number, within its owner. FS_ROOT is the root (MF, or the applet's ADF). A file keeps
 * its number until it is deleted. */
typedef uint16_t fs_file;
#define FS_ROOT ((fs_file)0)
#define FS_NONE ((fs_file)0xFFFF)

enum fs_type { /* file descriptor byte (7816-4 table 12) without shareable bit and TLV structure */
               FS_TRANSPARENT = 0x01,
               FS_LINEAR_FIXED = 0x02,
               FS_LINEAR_VARIABLE = 0x04,
               FS_CYCLIC = 0x06,
               FS_DF = 0x38,
};

enum fs_life {                          /* life cycle status byte (7816-4 table 13) */
               FS_LIFE_CREATION = 0x01, /* access rules do not apply yet */
               FS_LIFE_INITIALISATION = 0x03,
               FS_LIFE_ACTIVATED = 0x05,
               FS_LIFE_DEACTIVATED = 0x04,
               FS_LIFE_TERMINATED = 0x0C,
};

struct fs_info {
    uint8_t type; /* enum fs_type */
    uint8_t life; /* enum fs_life */
    uint16_t fid;
    uint8_t sfi;           /* 0: none */
    fs_file parent;        /* the DF it lies in; FS_ROOT for the root itself */
    uint32_t size;         /* transparent: bytes; records: bytes of all records there; DF: 0 */
    uint16_t record_size;  /* bytes of a record, or of the longest one possible */
    uint16_t record_count; /* records there */
    uint16_t record_max;   /* records possible */
};

/* ---- creating, finding, life cycle: low level ---- */

/* Create a file from an FCP template (tag 62, 7816-4 5.3.3). Tags read:
 *   82 descriptor (1), or with coding byte, record size (2) and number of records (1 or 2);
 *   80 bytes of body (transparent; linear variable: bytes of all records);
 *   83 FID (for a DF with name: optional); 84 DF name; 88 SFI (absent: low 5 bits of the FID, if
 *   they are 1 to 30 and free; empty: none); 8A life cycle (absent: activated);
 *   86 access rules (keys/status.h); A5 proprietary template, given back in FCI and FCP.
 * Records: the file begins with none; record 1 of a cyclic file is the newest.
 * parent: a DF's number. The first creation makes the root (3F00, no rules) if there is none;
 * a DF with FID 3F00, or parent FS_NONE, is the root itself.
 * Errors: FORMAT (the template), EXISTS (FID, name or SFI taken), NOT_FOUND (parent), FULL,
 * TOO_BIG, UNSUPPORTED (a file kind that is not there). */
enum onecard_err fs_file_create(struct store *s, uint32_t owner, fs_file parent, const uint8_t *fcp,
                                uint32_t len, fs_file *out_file);

/* Delete a file; a DF goes with all below it. NOT_FOUND. */
enum onecard_err fs_file_delete(struct store *s, uint32_t owner, fs_file file);

/* Find in a DF by FID (EFs and DFs directly below it), or by short identifier 1 to 30.
 * NOT_FOUND. */
enum onecard_err fs_file_find(const struct store *s, uint32_t owner, fs_file df, uint16_t fid,
                              fs_file *out_file);
enum onecard_err fs_file_find_sfi(const struct store *s, uint32_t owner, fs_file df, uint8_t sfi,
                                  fs_file *out_file);

/* Follow a path of FIDs (2 bytes each) from a DF. NOT_FOUND, PARAM (odd or no bytes). */
enum onecard_err fs_file_find_path(const struct store *s, uint32_t owner, fs_file df,
                                   const uint8_t *path, uint32_t len, fs_file *out_file);

/* The nth DF (from 0) whose name begins with these bytes, in order of numbers. NOT_FOUND. */
enum onecard_err fs_file_find_name(const struct store *s, uint32_t owner, const uint8_t *name,
                                   uint32_t len, uint32_t nth, fs_file *out_file);

/* NOT_FOUND. */
enum onecard_err fs_file_info(const struct store *s, uint32_t owner, fs_file file,
                              struct fs_info *out_info);

/* Set the life cycle. A terminated file stays so (STATE). */
enum onecard_err fs_file_set_life(struct store *s, uint32_t owner, fs_file file, enum fs_life life);

/* ---- transparent files ---- */

/* Copy or stage len bytes at offset. NOT_FOUND, UNSUPPORTED (not transparent), RANGE (nothing
 * done), and store_write()'s. */
enum onecard_err fs_binary_read(const struct store *s, uint32_t owner, fs_file file,
                                uint32_t offset, void *buf, uint32_t len);
enum onecard_err fs_binary_update(struct store *s, uint32_t owner, fs_file file, uint32_t offset,
                                  const void *data, uint32_t len);

/* ---- records: number is 1 to record_count; of a cyclic file, 1 is the newest ---- */

/* Bytes of a record. NOT_FOUND (file or record), UNSUPPORTED (not a record file). */
enum onecard_err fs_record_size(const struct store *s, uint32_t owner, fs_file file,
                                uint32_t number, uint32_t *out_size);

/* Copy len bytes of a record from offset. As fs_record_size(), and RANGE. */
enum onecard_err fs_record_read(const struct store *s, uint32_t owner, fs_file file,
                                uint32_t number, uint32_t offset, void *buf, uint32_t len);

/* Replace a record. A fixed record takes exactly record_size bytes (RANGE); a variable one up to
 * record_size; FULL if the file has no room for the growth. */
enum onecard_err fs_record_update(struct store *s, uint32_t owner, fs_file file, uint32_t number,
                                  const void *data, uint32_t len);

/* Change len bytes within a record, at offset; only these are staged. RANGE. */
enum onecard_err fs_record_patch(struct store *s, uint32_t owner, fs_file file, uint32_t number,
                                 uint32_t offset, const void *data, uint32_t len);

/* Add a record: as the last of a linear file (FULL), as the first of a cyclic one (the oldest
 * gives way). Stages the record and four bytes. */
enum onecard_err fs_record_append(struct store *s, uint32_t owner, fs_file file, const void *data,
                                  uint32_t len);

/* First record >= from that holds these bytes at offset. NOT_FOUND. key_len <= 16 (PARAM). */
enum onecard_err fs_record_find(const struct store *s, uint32_t owner, fs_file file, uint32_t from,
                                uint32_t offset, const uint8_t *key, uint32_t key_len,
                                uint32_t *out_number);

/* ---- data objects: tags of 1 to 3 bytes as a number (0x5A, 0x9F79, 0xDF8101) ---- */

enum fs_object_flags {
    FS_OBJECT_VALUE_ONLY = 0x01, /* GET DATA (even INS) answers the value without tag and length */
};

/* A new, empty object. size_max: most bytes PUT DATA may give it, 0 for FS_OBJECT_MAX.
 * rules: access rules (keys/status.h), copied. PARAM (tag), FORMAT (rules), EXISTS, FULL. */
enum onecard_err fs_object_create(struct store *s, uint32_t owner, uint32_t tag, uint8_t flags,
                                  uint32_t size_max, const uint8_t *rules, uint32_t rules_len);

/* Bytes of the value. NOT_FOUND. */
enum onecard_err fs_object_size(const struct store *s, uint32_t owner, uint32_t tag,
                                uint32_t *out_size);

/* Copy len bytes of the value from offset. NOT_FOUND, RANGE. */
enum onecard_err fs_object_read(const struct store *s, uint32_t owner, uint32_t tag,
                                uint32_t offset, void *buf, uint32_t len);

/* Replace the value. An object that does not exist is created without rules (only its applet can
 * use it then). TOO_BIG beyond size_max. */
enum onecard_err fs_object_write(struct store *s, uint32_t owner, uint32_t tag, const void *data,
                                 uint32_t len);

/* Change len bytes of the value at offset; only these are staged. NOT_FOUND, RANGE. */
enum onecard_err fs_object_patch(struct store *s, uint32_t owner, uint32_t tag, uint32_t offset,
                                 const void *data, uint32_t len);

/* NOT_FOUND. */
enum onecard_err fs_object_delete(struct store *s, uint32_t owner, uint32_t tag);

/* ---- the standard commands as one component ---- */

struct fs_selection {
    fs_file df;      /* current DF; FS_ROOT after SELECT of the applet */
    fs_file ef;      /* current EF, FS_NONE if none */
    uint16_t record; /* record pointer: 0 undefined */
};

/* What SELECT of the applet makes: the root, no EF. */
void fs_selection_reset(struct fs_selection *selection);

/* Answer one standard command: SELECT (A4), READ/UPDATE/WRITE/ERASE BINARY (B0 B1, D6 D7, D0, 0E
 * 0F), READ/UPDATE/WRITE/APPEND RECORD (B2 B3, DC DD, D2, E2), GET/PUT DATA (CA CB, DA DB), CREATE,
 * DELETE, ACTIVATE, DEACTIVATE, TERMINATE FILE (E0, E4, 44, 04, E6, E8).
 * The class byte is the applet's business, but for one thing: a class that announces secure
 * messaging while status->sm is 0 gets 6882, so that nobody takes a MAC for data.
 * answer: len is set; a short Le with more data than 256 bytes fills it further, the runtime
 * cuts. Returns the status word; 6D00: not one of these commands, the applet's own then.
 * Changes are staged only if the answer is 9000, 62xx or 63xx. */
uint16_t fs_command(struct store *s, uint32_t owner, struct fs_selection *selection,
                    const struct security_status *status, const struct apdu *command,
                    struct apdu_answer *answer);

#endif
