/* PINs: a secret that a person knows, with a try counter that no abort, trap or tear restores (F5).
 *
 * The counter is written to flash before each comparison, outside of any transaction, and restored
 * after success. Comparison takes the same time for every wrong value. PIN numbers are 0 to 31 per
 * owner; owner 0 holds the card-wide PIN (GlobalPlatform CVM). PIN values are staged like any
 * change; a PIN created in the open transaction cannot be verified before the commit (STATE). */
#ifndef KEYS_PIN_H
#define KEYS_PIN_H

#include "keys/keys.h"

#define PIN_LENGTH_MAX 16u /* bytes, or digits */
#define PIN_HISTORY_MAX 8u
#define PIN_NONE 0xFFu

/* How the outside writes the value. All but raw are digits; a PIN is compared by its digits, so
 * one PIN may be given in any of the digit formats. */
enum pin_format {
    PIN_RAW = 0,     /* bytes as they are */
    PIN_BCD = 1,     /* two digits a byte, filled with F */
    PIN_ASCII = 2,   /* one digit a byte, '0' to '9', maybe filled with FF or 00 */
    PIN_BLOCK_1 = 3, /* ISO 9564-1 format 1: 8 bytes, 1 | length | digits | transaction digits */
    PIN_BLOCK_2 = 4, /* ISO 9564-1 format 2: 8 bytes, 2 | length | digits | F.. */
};

struct pin_spec {
    uint8_t format;     /* enum pin_format that the standard commands use */
    uint8_t length_min; /* digits (raw: bytes), 1 to PIN_LENGTH_MAX */
    uint8_t length_max;
    uint8_t tries_max;    /* 1 to 15 */
    uint8_t history;      /* how many former values CHANGE refuses, 0 to PIN_HISTORY_MAX */
    uint8_t puk;          /* PIN number of the unblocking code, PIN_NONE: none */
    const uint8_t *rules; /* ACCESS_VERIFY, _CHANGE, _RESET for the standard commands; NULL: VERIFY
                             and CHANGE always, RESET never */
    uint8_t rules_len;
};

struct pin_info {
    uint8_t format, length_min, length_max, tries_left, tries_max, puk;
    bool set; /* it has a value */
};

/* Create. value in spec->format; len 0: no value yet, blocked until a reset gives one.
 * PARAM (spec, number), FORMAT (rules, value not in the format), RANGE (length), EXISTS, FULL. */
enum onecard_err keys_pin_create(struct keys *k, uint32_t owner, uint8_t number,
                                 const struct pin_spec *spec, const uint8_t *value, uint32_t len);

/* NOT_FOUND. */
enum onecard_err keys_pin_info(struct keys *k, uint32_t owner, uint8_t number,
                               struct pin_info *out_info);

/* Compare, and set or clear the PIN's bit in status. format: how value is written; PIN_RAW given to
 * a digit PIN is FORMAT. A value that does not follow its format is FORMAT, and no try is lost; a
 * well-formed one of a wrong length is a wrong PIN.
 * WRONG (out_tries_left, may be NULL, says what is left), BLOCKED, NOT_FOUND, STATE, IO. */
enum onecard_err keys_pin_verify(struct keys *k, uint32_t owner, uint8_t number,
                                 struct security_status *status, enum pin_format format,
                                 const uint8_t *value, uint32_t len, uint8_t *out_tries_left);

/* Verify the old value as above, then set the new one. RANGE: length rules; EXISTS: in history.
 * The new value is looked at first: a bad one costs no try. */
enum onecard_err keys_pin_change(struct keys *k, uint32_t owner, uint8_t number,
                                 struct security_status *status, enum pin_format format,
                                 const uint8_t *old_value, uint32_t old_len,
                                 const uint8_t *new_value, uint32_t new_len,
                                 uint8_t *out_tries_left);

/* Start the try counter again with the PUK of the PIN; new_len 0 keeps the value. The tries are the
 * PUK's. STATE: the PIN has no PUK. */
enum onecard_err keys_pin_unblock(struct keys *k, uint32_t owner, uint8_t number,
                                  struct security_status *status, enum pin_format format,
                                  const uint8_t *puk, uint32_t puk_len, const uint8_t *new_value,
                                  uint32_t new_len, uint8_t *out_tries_left);

/* The issuer's reset: start the try counter again, and set a new value if new_len is not 0. The
 * caller has made sure that it is the issuer. */
enum onecard_err keys_pin_reset(struct keys *k, uint32_t owner, uint8_t number,
                                struct security_status *status, enum pin_format format,
                                const uint8_t *new_value, uint32_t new_len);

/* The issuer's reset with the counterpart of a new PIN (PIN CHANGE of PBOC and VIS, P2 = 02), 16
 * bytes: ECB(cipher, 08 | block | 80 00..), block = (0 N digits F..) XOR (00000000 | bytes 4 to 7
 * of mask). cipher: a key with KEY_DECRYPT, mostly a session; mask: the card key for application
 * cryptograms, 16 bytes, with KEY_DERIVE. FORMAT: what comes out is no PIN block; else as
 * keys_pin_reset() and keys_cipher(). The caller has checked the command's MAC. */
enum onecard_err keys_pin_counterpart(struct keys *k, uint32_t owner, uint8_t number,
                                      struct security_status *status, const struct key_ref *cipher,
                                      const struct key_ref *mask, const uint8_t *data,
                                      uint32_t len);

/* Change the number of tries; the counter starts again. PARAM. */
enum onecard_err keys_pin_set_tries(struct keys *k, uint32_t owner, uint8_t number,
                                    uint8_t tries_max);

/* Put the try counter at zero, now. */
enum onecard_err keys_pin_block(struct keys *k, uint32_t owner, uint8_t number);

/* Delete; overwritten at commit (F7). NOT_FOUND. */
enum onecard_err keys_pin_delete(struct keys *k, uint32_t owner, uint8_t number);

#endif
