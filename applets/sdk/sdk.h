/* What applets share: small things on top of the host calls (include/onecard/applet.h). */
#ifndef SDK_SDK_H
#define SDK_SDK_H

#include "onecard/applet.h"

typedef __SIZE_TYPE__ size_t;
#ifndef NULL
#define NULL ((void *)0)
#endif

void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int value, size_t len);
int memcmp(const void *a, const void *b, size_t len);

/* The command's header byte by byte. */
static inline uint8_t sdk_cla(void) {
    return (uint8_t)(card_apdu_header() >> 24);
}
static inline uint8_t sdk_ins(void) {
    return (uint8_t)(card_apdu_header() >> 16);
}
static inline uint16_t sdk_p1p2(void) {
    return (uint16_t)card_apdu_header();
}

static inline void sdk_put_be32(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}
static inline uint32_t sdk_get_be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void sdk_put_be16(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}
static inline uint32_t sdk_get_be16(const uint8_t *p) {
    return (uint32_t)p[0] << 8 | p[1];
}

/* Copies a fixed number of bytes by plain loads and stores: shorter and faster than memcpy() for
 * the small fields of messages. */
#define sdk_copy(to, from, constant) __builtin_memcpy(to, from, constant)

/* Appends a data object (tag of one or two bytes, at most 255 bytes of value) at to + at. Returns
 * where the next goes. */
uint32_t sdk_tlv_put(uint8_t *to, uint32_t at, uint32_t tag, const void *value, uint32_t len);

/* Makes a data object of the bytes from..at, which move behind its header. Returns the new end. */
uint32_t sdk_tlv_wrap(uint8_t *to, uint32_t from, uint32_t at, uint32_t tag);

/* ---- Secure messaging as purses and PBOC cards have it (JR/T 0025, class 04 and 84), and as EMV
 * scripts have it (Book 2, 9). docs/secure-messaging.md has the layouts to the byte; the calls
 * sm_open() and sm_unwrap() are the way of ISO/IEC 7816-4. ---- */

#define SDK_MAC 4u
#define SDK_CRYPTOGRAM 8u /* bytes of an application cryptogram */

/* A command taken apart. */
struct sdk_secure {
    uint8_t *data; /* without MAC; within command */
    uint32_t len;
    uint8_t object; /* EMV format 1: 81, 87, or 0 if there was no data; else 0 */
    uint8_t command[5 + 2 + SDK_CRYPTOGRAM + 255];
};

/* Takes the current command, whose last four bytes are a MAC (ISO/IEC 9797-1 algorithm 3, padding
 * 2) over header, Lc and data; the initial vector is the open challenge of 4 or 8 bytes, which is
 * used up. Returns a status word: 6984 without challenge, 6988 for a wrong MAC (a counted key loses
 * a try), 6983 for a blocked key. */
int32_t sdk_secure_open(uint32_t key, struct sdk_secure *s);

/* Takes a script command: its MAC (mac_len bytes, 4 to 8, under a session key of the script) is
 * over header, Lc, atc 2, cryptogram 8, data; the cryptogram is the ARQC of the transaction. Class
 * x4: data and MAC as they are (format 2); class xC: data objects 81 or 87, and 8E (format 1). 3DES
 * keys: ISO/IEC 9797-1 algorithm 3; SM4 and AES: CBC-MAC. Returns a status word: 6987 without MAC,
 * 6988, 6983. */
int32_t sdk_script_open(uint32_t key, uint32_t mac_len, const uint8_t *atc,
                        const uint8_t *cryptogram, struct sdk_secure *s);

/* Deciphers its data. As they are (ECB): length 1, data, and 80 00.. up to a block if it is not
 * full; in an object 87 (CBC): 01, data, 80 00... */
int32_t sdk_secure_decipher(uint32_t key, struct sdk_secure *s);

/* Carries out a standard file command that sdk_secure_open() or sdk_script_open() has taken, with
 * its data enciphered under key if the file's rules ask for that (docs/files.md). */
int32_t sdk_secure_file_command(uint32_t key, struct sdk_secure *s);

/* ---- Signed dynamic data of EMV and PBOC cards (EMV Book 2, 6.5 and 6.6; docs/certificates.md)
 * ----
 */

#define SDK_EMV_MODULUS_MAX 248u
#define SDK_EMV_TERMINAL_MAX 252u

/* Signs dynamic data (at most the modulus less 25 bytes) and what the terminal gave (DDOL; CDA: the
 * unpredictable number) with an RSA key of usage CARD_USE_SIGN: format 05, SHA-1. out takes the
 * modulus's length. Returns it, or a CARD_E_ code; CARD_E_TOO_BIG if something does not fit. */
int32_t sdk_emv_sign(uint32_t key, const void *dynamic, uint32_t len, const void *terminal,
                     uint32_t terminal_len, uint8_t *out, uint32_t out_len);

/* The dynamic data of CDA: the card's dynamic number (2 to 8 bytes) with its length, cryptogram
 * information, application cryptogram, SHA-1 of the transaction's data. Returns its length. */
uint32_t sdk_emv_cda(const void *number, uint32_t len, uint8_t information,
                     const uint8_t cryptogram[SDK_CRYPTOGRAM], const uint8_t transaction[20],
                     uint8_t out[1 + 8 + 1 + SDK_CRYPTOGRAM + 20]);

/* A new transparent file of size bytes (at most 65535), all zero, in the applet's root. Only the
 * applet itself can reach it: standard file commands are never allowed. Returns its number or a
 * CARD_E_ code. */
int32_t sdk_file_new(uint16_t fid, uint32_t size);

/* The status word for a result below zero, as most commands answer it. */
int32_t sdk_status(int32_t error);

#endif
