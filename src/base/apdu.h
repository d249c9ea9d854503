/* A command APDU taken apart, and the answer being built (ISO/IEC 7816-4 clause 5). */
#ifndef BASE_APDU_H
#define BASE_APDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct apdu {
    uint8_t cla, ins, p1, p2; /* once the runtime has taken the class apart: cla as it would be on
                                 the basic channel, without the chaining bit */
    uint8_t sent_cla;         /* the class byte as it came */
    uint8_t channel;          /* logical channel, 0 to 19 */
    bool has_le;
    bool extended;       /* Lc or Le came in the long form */
    uint32_t lc;         /* bytes of data, 0 if none */
    uint32_t ne;         /* bytes expected; 0 if there is no Le; 256 or 65536 for Le = 0 */
    const uint8_t *data; /* command data, lc bytes */
};

/* Take a command APDU of any of the seven forms apart (5.2). out->data points into bytes.
 * false: it is none of them, 6700. */
bool apdu_parse(const uint8_t *bytes, size_t len, struct apdu *out);

struct apdu_answer {
    uint8_t *data; /* capacity bytes; owned by whoever made the answer */
    uint32_t capacity;
    uint32_t len;
    bool keep; /* data go back beside an error too: it is protected */
};

/* Status words that the card gives (ISO/IEC 7816-4 5.6, GlobalPlatform 2.3.1 11.1.3). */
#define SW_OK 0x9000u
#define SW_BYTES_LEFT 0x6100u /* 61xx */
#define SW_WARN_NO_INFORMATION 0x6200u
#define SW_WARN_EOF 0x6282u         /* end of file or record reached before Ne bytes */
#define SW_WARN_DEACTIVATED 0x6283u /* selected file or applet is blocked */
#define SW_WARN_TERMINATED 0x6285u
#define SW_WARN_MORE_DATA 0x6310u /* GET STATUS: more to come */
#define SW_WARN_TRIES 0x63C0u     /* 63Cx: x tries left */
#define SW_EXECUTION 0x6400u
#define SW_MEMORY_FAILURE 0x6581u
#define SW_WRONG_LENGTH 0x6700u
#define SW_CHANNEL_UNSUPPORTED 0x6881u
#define SW_SM_UNSUPPORTED 0x6882u
#define SW_LAST_CHAINED_EXPECTED 0x6883u
#define SW_CHAINING_UNSUPPORTED 0x6884u
#define SW_COMMAND_NOT_ALLOWED 0x6900u
#define SW_STATE 0x6901u          /* purse: command out of order */
#define SW_FILE_STRUCTURE 0x6981u /* command incompatible with file structure */
#define SW_SECURITY_STATUS 0x6982u
#define SW_BLOCKED 0x6983u
#define SW_DATA_INVALID 0x6984u
#define SW_CONDITIONS 0x6985u
#define SW_NO_CURRENT_EF 0x6986u
#define SW_SM_MISSING 0x6987u
#define SW_SM_INCORRECT 0x6988u
#define SW_APPLET_SELECT_FAILED 0x6999u
#define SW_WRONG_DATA 0x6A80u
#define SW_FUNCTION_UNSUPPORTED 0x6A81u
#define SW_FILE_NOT_FOUND 0x6A82u
#define SW_RECORD_NOT_FOUND 0x6A83u
#define SW_NO_SPACE 0x6A84u
#define SW_NC_INCONSISTENT_TLV 0x6A85u
#define SW_WRONG_P1P2 0x6A86u
#define SW_NC_INCONSISTENT_P1P2 0x6A87u
#define SW_REFERENCE_NOT_FOUND 0x6A88u
#define SW_FILE_EXISTS 0x6A89u
#define SW_NAME_EXISTS 0x6A8Au
#define SW_OFFSET 0x6B00u
#define SW_WRONG_LE 0x6C00u /* 6Cxx: xx is the right Le */
#define SW_INS_UNSUPPORTED 0x6D00u
#define SW_CLA_UNSUPPORTED 0x6E00u
#define SW_UNKNOWN 0x6F00u

/* Status word for an error that reached the edge: the one table. */
uint16_t apdu_status(int err);

#endif
