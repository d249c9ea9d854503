/* Inside src/fs: one standard command on its way through. */
#ifndef FS_COMMAND_H
#define FS_COMMAND_H

#include "fs/file.h"
#include "fs/object.h"

struct fs_call {
    struct store *store;
    uint32_t owner;
    struct fs_selection *selection;
    const struct security_status *status;
    const struct apdu *command;
    struct apdu_answer *answer;
    fs_file file; /* what the command is about, once it is known */
    struct fs_head head;
};

/* Handlers return the status word. */
uint16_t fs_select(struct fs_call *call);
uint16_t fs_read_binary(struct fs_call *call);
uint16_t fs_read_binary_odd(struct fs_call *call);
uint16_t fs_update_binary(struct fs_call *call);
uint16_t fs_update_binary_odd(struct fs_call *call);
uint16_t fs_write_binary(struct fs_call *call);
uint16_t fs_write_binary_odd(struct fs_call *call);
uint16_t fs_erase_binary(struct fs_call *call);
uint16_t fs_erase_binary_odd(struct fs_call *call);
uint16_t fs_read_record(struct fs_call *call);
uint16_t fs_read_record_odd(struct fs_call *call);
uint16_t fs_update_record(struct fs_call *call);
uint16_t fs_update_record_odd(struct fs_call *call);
uint16_t fs_write_record(struct fs_call *call);
uint16_t fs_append_record(struct fs_call *call);
uint16_t fs_get_data(struct fs_call *call);
uint16_t fs_get_data_odd(struct fs_call *call);
uint16_t fs_put_data(struct fs_call *call);
uint16_t fs_put_data_odd(struct fs_call *call);
uint16_t fs_create_file(struct fs_call *call);
uint16_t fs_delete_file(struct fs_call *call);
uint16_t fs_activate_file(struct fs_call *call);
uint16_t fs_deactivate_file(struct fs_call *call);
uint16_t fs_terminate_ef(struct fs_call *call);
uint16_t fs_terminate_df(struct fs_call *call);

/* ---- what handlers share ---- */

/* Load the file of that number. 9000 or the status word. */
uint16_t fs_call_load(struct fs_call *call, fs_file file);

/* The EF with this SFI in the current DF, which becomes the current EF; SFI 0 is the current EF. */
uint16_t fs_call_load_sfi(struct fs_call *call, uint8_t sfi);

/* The EF that an odd instruction names in P1 P2: 0000 the current one, an SFI, or a FID. */
uint16_t fs_call_load_p1p2(struct fs_call *call);

/* Do life cycle and access rules of the loaded file allow the operation? 9000, 6982, 6985. */
uint16_t fs_call_allowed(const struct fs_call *call, uint8_t operation);

/* Bytes to answer when `available` could be: as many as Le asks for and the answer holds.
 * *warn: Le asked for a number that is larger. */
uint32_t fs_call_take(const struct fs_call *call, uint32_t available, bool *warn);

/* The same for data that will stand in a data object 53, whose header Le counts; and put that
 * header in front of the answer. */
uint32_t fs_call_take_wrapped(const struct fs_call *call, uint32_t available, bool *warn);
uint16_t fs_call_wrap(const struct fs_call *call);

/* Does Le ask for exactly so many bytes that an answer of `len`, which is whole or nothing, would
 * be cut? Then 6Cxx, else 9000. */
uint16_t fs_call_whole(const struct fs_call *call, uint32_t len);

/* What WRITE BINARY and WRITE RECORD leave behind, by the file's data coding byte
 * (7816-4 table 14): old becomes the new content. 9000, 6981, 6985. */
uint16_t fs_call_merge(const struct fs_call *call, uint8_t *old, const uint8_t *data, uint32_t len);
#define FS_WRITE_MAX 255u /* bytes of one WRITE command */

/* Command data of odd instructions: an offset data object 54, and, if with_data, 53 or 73. */
uint16_t fs_call_offset_data(const struct fs_call *call, uint32_t *offset, bool with_data,
                             const uint8_t **data, uint32_t *len);

/* The status word of an error about files, where that differs from the one table. */
uint16_t fs_call_status(enum onecard_err err);

#endif
