/* Write an applet: everything a Wasm module may ask of the card.
 *
 * Written by "make gen" from src/firewall/calls.def and tools/gen/applet.h.in: change those.
 *
 * An applet is a C program without main(). It exports entries that the card calls, each with a
 * status word (ISO/IEC 7816-4 5.6) as its result:
 *   install   once, when the instance is made: create files; apdu_data() gives the parameters (C9)
 *   select    it was chosen by SELECT; may put its FCI into the answer
 *   process   a command for it
 *   deselect  another is chosen; nothing is answered
 *   uninstall it is about to be deleted
 * Its memory is fresh at every SELECT and wiped afterwards; what must last is in files, data
 * objects and keys. All changes that an entry makes become durable together when it returns, or not
 * at all (a trap, a power cut, card_tx_abort()). docs/applets.md is the guide, docs/host-calls.md
 * the reference. */
#ifndef ONECARD_APPLET_H
#define ONECARD_APPLET_H

#include <stdint.h>

/* Version of this interface; a module says which one it was built for (CARD_PACKAGE). */
#define CARD_API_VERSION "1.0"

/* Results below zero. The numbers are those of include/onecard/error.h. */
enum card_error {
    CARD_E_PARAM = -1,
    CARD_E_NOT_FOUND = -2,
    CARD_E_EXISTS = -3,
    CARD_E_RANGE = -4,
    CARD_E_FULL = -5,
    CARD_E_NO_MEMORY = -6,
    CARD_E_TOO_BIG = -7,
    CARD_E_DENIED = -8,
    CARD_E_BLOCKED = -9,
    CARD_E_WRONG = -10,
    CARD_E_STATE = -11,
    CARD_E_FORMAT = -12,
    CARD_E_UNSUPPORTED = -13,
    CARD_E_CORRUPT = -14,
};

/* Status words that most applets need. */
enum card_status {
    CARD_SW_OK = 0x9000,
    CARD_SW_LENGTH = 0x6700,
    CARD_SW_SECURITY = 0x6982,
    CARD_SW_CONDITIONS = 0x6985,
    CARD_SW_DATA = 0x6A80,
    CARD_SW_NOT_FOUND = 0x6A82,
    CARD_SW_NO_SPACE = 0x6A84,
    CARD_SW_P1P2 = 0x6A86,
    CARD_SW_INS = 0x6D00,
    CARD_SW_CLA = 0x6E00,
    CARD_SW_FAILED = 0x6F00,
};

#define CARD_FILE_ROOT 0u /* the applet's own directory, in file_create() and file_find() */

/* Before an entry: CARD_ENTRY(process) { ... return CARD_SW_OK; } */
#define CARD_ENTRY(name)                                                                           \
    __attribute__((export_name(#name))) int32_t card_entry_##name(void);                           \
    int32_t card_entry_##name(void)

/* Once in an applet: the AIDs (hex) of its package and of the applet in it, and its version. The
 * CAP file is made from this. */
#define CARD_PACKAGE(package_aid, version, applet_aid)                                             \
    __asm__(".section .custom_section.onecard,\"\",@\n"                                            \
            ".ascii \"api=" CARD_API_VERSION "\\npackage=" package_aid "\\nversion=" version       \
            "\\napplet=" applet_aid "\\n\"\n"                                                      \
            ".text\n")

#define CARD_CALL(name) __attribute__((import_module("card"), import_name(name)))

/* ---- The command and its answer ---- */

/* The command's CLA, INS, P1 and P2, from the highest byte down. 0 while the applet is
 * installed. */
CARD_CALL("apdu_header")
uint32_t card_apdu_header(void);

/* Bytes of command data; of install parameters in install(). */
CARD_CALL("apdu_lc")
uint32_t card_apdu_lc(void);

/* Bytes of answer the command asks for at most: 0 without Le, 256 or 65536 for Le = 0. */
CARD_CALL("apdu_ne")
uint32_t card_apdu_ne(void);

/* Copies command data from offset on; as much as there is and fits. Returns the bytes copied. */
CARD_CALL("apdu_data")
int32_t card_apdu_data(uint32_t offset, void *data, uint32_t data_len);

/* Appends to the answer. CARD_E_TOO_BIG beyond the card's longest answer. An answer longer
 * than a short Le asks for is not sent: the command is undone and 6Cxx tells the right Le. */
CARD_CALL("apdu_reply")
int32_t card_apdu_reply(const void *data, uint32_t data_len);

/* Shortens the answer to length bytes. CARD_E_RANGE if it is shorter already. */
CARD_CALL("apdu_reply_cut")
int32_t card_apdu_reply_cut(uint32_t length);

/* 0 on contact, 1 contactless. */
CARD_CALL("apdu_interface")
uint32_t card_apdu_interface(void);

/* This instance's AID, 5 to 16 bytes. Returns its length. CARD_E_RANGE if it does not fit. */
CARD_CALL("self_aid")
int32_t card_self_aid(void *aid, uint32_t aid_len);

/* ---- Transactions ---- */

/* Makes all changes so far durable now. Without it they become durable when the entry
 * returns. CARD_E_FULL: they are undone instead. CARD_E_STATE in install() and uninstall():
 * the card manager decides. */
CARD_CALL("tx_commit")
int32_t card_tx_commit(void);

/* Undoes all changes since the command began or the last tx_commit(). CARD_E_STATE in
 * install() and uninstall(). */
CARD_CALL("tx_abort")
int32_t card_tx_abort(void);

/* Bytes that the transaction can still take. */
CARD_CALL("tx_room")
uint32_t card_tx_room(void);

/* ---- Files ---- */

/* A new file below DF parent from a file control parameter template (62, ISO/IEC 7816-4 table
 * 10; docs/files.md). Returns its number. CARD_E_FORMAT, CARD_E_EXISTS, CARD_E_FULL. */
CARD_CALL("file_create")
int32_t card_file_create(uint32_t parent, const void *fcp, uint32_t fcp_len);

/* Deletes a file, a DF with all below it. */
CARD_CALL("file_delete")
int32_t card_file_delete(uint32_t file);

/* The file of that identifier in a DF (CARD_FILE_ROOT: the applet's own). CARD_E_NOT_FOUND. */
CARD_CALL("file_find")
int32_t card_file_find(uint32_t df, uint32_t fid);

/* Bytes of a transparent file; of all records of a record file. */
CARD_CALL("file_size")
int32_t card_file_size(uint32_t file);

/* Fills data from a transparent file. CARD_E_RANGE beyond its end: nothing is copied. */
CARD_CALL("file_read")
int32_t card_file_read(uint32_t file, uint32_t offset, void *data, uint32_t data_len);

/* Changes a transparent file. CARD_E_RANGE, CARD_E_TOO_BIG (transaction), CARD_E_FULL. */
CARD_CALL("file_write")
int32_t card_file_write(uint32_t file, uint32_t offset, const void *data, uint32_t data_len);

/* Records in a record file. */
CARD_CALL("record_count")
int32_t card_record_count(uint32_t file);

/* Bytes of a record. */
CARD_CALL("record_size")
int32_t card_record_size(uint32_t file, uint32_t number);

/* Fills data from a record. Records count from 1; 1 is the newest of a cyclic file. */
CARD_CALL("record_read")
int32_t card_record_read(uint32_t file, uint32_t number, uint32_t offset, void *data, uint32_t
                         data_len);

/* Replaces a record. */
CARD_CALL("record_update")
int32_t card_record_update(uint32_t file, uint32_t number, const void *data, uint32_t data_len);

/* Changes bytes within a record. */
CARD_CALL("record_patch")
int32_t card_record_patch(uint32_t file, uint32_t number, uint32_t offset, const void *data,
                          uint32_t data_len);

/* Adds a record: the last of a linear file, the newest of a cyclic one. */
CARD_CALL("record_append")
int32_t card_record_append(uint32_t file, const void *data, uint32_t data_len);

/* The first record from number `from` on that has these bytes at offset. CARD_E_NOT_FOUND. */
CARD_CALL("record_find")
int32_t card_record_find(uint32_t file, uint32_t from, uint32_t offset, const void *key, uint32_t
                         key_len);

/* Lets the card answer the current command as a standard file command (ISO/IEC 7816-4:
 * SELECT, READ, UPDATE, APPEND ...), access rules included. Returns the status word;
 * CARD_SW_INS if it is none of them. */
CARD_CALL("file_command")
int32_t card_file_command(void);

/* ---- Data objects ---- */

/* A new, empty data object with access rules (docs/files.md). */
CARD_CALL("object_create")
int32_t card_object_create(uint32_t tag, uint32_t flags, uint32_t size_max, const void *rules,
                           uint32_t rules_len);

/* Bytes of its value. */
CARD_CALL("object_size")
int32_t card_object_size(uint32_t tag);

/* Fills data from its value. */
CARD_CALL("object_read")
int32_t card_object_read(uint32_t tag, uint32_t offset, void *data, uint32_t data_len);

/* Replaces its value; an object that does not exist is created for the applet's own use. */
CARD_CALL("object_write")
int32_t card_object_write(uint32_t tag, const void *data, uint32_t data_len);

/* Changes bytes within its value. */
CARD_CALL("object_patch")
int32_t card_object_patch(uint32_t tag, uint32_t offset, const void *data, uint32_t data_len);

/* Deletes it. */
CARD_CALL("object_delete")
int32_t card_object_delete(uint32_t tag);

/* ---- Random numbers and messages to a person ---- */

/* Fills data with random bytes. */
CARD_CALL("random")
int32_t card_random(void *data, uint32_t data_len);

/* Shows a line of text in the card's trace. Never give it secrets. */
CARD_CALL("trace")
int32_t card_trace(const void *text, uint32_t text_len);
#endif
