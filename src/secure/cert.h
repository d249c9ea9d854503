/* Certificates of the e-CNY style wallet: 156 bytes, SM2 (specs/ecny.md 1; docs/certificates.md).
 * This is the project's own format; the e-CNY's is not public.
 *
 *     version 1 | roles 1 | class 1 | capabilities 1 | subject 8 | issuer key 4 | serial 4 |
 *     not before 2 | not after 2 | policy 2 | RFU 2 | public key 64 | signature r s 64
 *
 * The signature is over SM3(Z | the first 92 bytes), Z of the issuer's key with the default
 * identity. A key is named by the first four bytes of SM3 of its x y. Days count from 2020-01-01.
 *
 * An applet has up to two roots. A certificate is signed by a root, or by an operator's CA that a
 * root has signed: depth two. Verified CAs are kept in flash, CERT_CACHED at most and by the hash
 * of the whole certificate, so that a tap costs one verification; nothing replaces them but a new
 * revocation list or root, so that nobody can wear the flash out with certificates.
 *
 * Changes are staged in the store's open transaction. Everything belongs to an owner (F2) and rests
 * sealed, as keys do (S6). */
#ifndef SECURE_CERT_H
#define SECURE_CERT_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/crypto.h"
#include "store/store.h"

#define CERT_KIND 12u /* store kind */

#define CERT_SIZE 156u
#define CERT_BODY 92u /* what is signed */
#define CERT_VERSION 0x01u
#define CERT_ROOTS 2u
#define CERT_CACHED 4u
#define CERT_DAY_UNKNOWN 0xFFFFu /* the card has no clock: validity is then not looked at */

enum cert_layout {
    CERT_AT_VERSION = 0,
    CERT_AT_ROLES = 1,
    CERT_AT_CLASS = 2,
    CERT_AT_CAPABILITIES = 3,
    CERT_AT_SUBJECT = 4,
    CERT_AT_ISSUER = 12,
    CERT_AT_SERIAL = 16,
    CERT_AT_NOT_BEFORE = 20,
    CERT_AT_NOT_AFTER = 22,
    CERT_AT_POLICY = 24,
    CERT_AT_RFU = 26,
    CERT_AT_KEY = 28,
    CERT_AT_SIGNATURE = 92,
};

enum cert_role {
    CERT_ROLE_CARD = 0x01,
    CERT_ROLE_MERCHANT = 0x02,
    CERT_ROLE_GATEWAY = 0x04, /* the issuer's */
    CERT_ROLE_INDUSTRY = 0x08,
    CERT_ROLE_HEALTH = 0x10,
    CERT_ROLE_CA = 0x80, /* alone */
    CERT_ROLE_ALL = 0x9F,
};

/* A certificate, or a revocation list's head, taken apart: views into the bytes given. */
struct cert {
    uint8_t roles;
    const uint8_t *issuer, *serial; /* 4 bytes each */
    uint16_t not_before, not_after; /* days */
    const uint8_t *public_key, *signature;
    const uint8_t *body; /* CERT_BODY bytes */
};

/* ONECARD_E_FORMAT: length, version, roles (none, unknown, CA among others), RFU not 0, dates the
 * wrong way round. The point is looked at when it is used. */
enum onecard_err cert_parse(const uint8_t *bytes, uint32_t len, struct cert *out);

/* The name of a key: the first four bytes of SM3 of x y. */
enum onecard_err cert_key_name(const uint8_t public_key[CRYPTO_SM2_PUBLIC], uint8_t name[4]);

/* ONECARD_E_WRONG: not signed with that key. ONECARD_E_FORMAT: no point on the curve. */
enum onecard_err cert_check_signature(const uint8_t issuer_key[CRYPTO_SM2_PUBLIC],
                                      const uint8_t *body, uint32_t len,
                                      const uint8_t signature[CRYPTO_SM2_SIGNATURE]);

/* Set root n, or delete it (len 0). The cache is emptied. PARAM (n, len), FORMAT (no point on the
 * curve), NOT_FOUND (deleting none), FULL. */
enum onecard_err cert_root_set(struct store *s, uint32_t owner, uint32_t n, const uint8_t *key,
                               uint32_t len);

/* Verify a certificate (CERT_SIZE bytes), or a CA's and behind it one that the CA has signed.
 * roles: one of these must be among those of the last one. day: today, or CERT_DAY_UNKNOWN.
 * out_public_key: of the last one. Errors:
 *   FORMAT     not a certificate; a chain that does not begin with a CA or goes on with one
 *   NOT_FOUND  nobody knows the issuer: no root, no CA that was verified before or came along
 *   WRONG      the signature
 *   DENIED     its roles; or a CA that a CA has signed
 *   STATE      not yet valid that day, or no longer
 *   BLOCKED    revoked, it or its CA */
enum onecard_err cert_verify(struct store *s, uint32_t owner, const uint8_t *certificates,
                             uint32_t len, uint8_t roles, uint16_t day,
                             uint8_t out_public_key[CRYPTO_SM2_PUBLIC]);

/* ---- revocation lists ----
 *
 *     C2 | 01 | version 2 | issuer key 4 (a root) | count 2 | count x entry | signature r s 64
 *     entry: issuer key 4, serial from 4, serial to 4 (both included)
 *
 * signed like a certificate, over everything before the signature. A list replaces the one before;
 * its version is greater. */
#define CERT_LIST_TAG 0xC2u
#define CERT_LIST_FORMAT 0x01u
#define CERT_LIST_HEAD 10u
#define CERT_LIST_ENTRY 12u
#define CERT_LIST_ENTRIES 32u

/* Take a list. The cache is emptied. FORMAT, NOT_FOUND (no such root), WRONG (signature), STATE (an
 * older version, or another list of the same version; the same list again is ONECARD_OK). */
enum onecard_err cert_list_set(struct store *s, uint32_t owner, const uint8_t *list, uint32_t len);

/* The version of the list; 0: none was taken yet. */
enum onecard_err cert_list_version(const struct store *s, uint32_t owner, uint16_t *out_version);

#endif
