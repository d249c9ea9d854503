/* Write an applet: everything a Wasm module may ask of the card.
 *
 * Written by "make gen" from src/firewall/calls.def and tools/gen/applet.h.in: change those.
 *
 * An applet is a C program without main(). It exports entries that the card calls, each with a
 * status word (ISO/IEC 7816-4 5.6) as its result:
 *   install   once, when the instance is made: create files; apdu_data() gives the parameters (C9)
 *   select    it was chosen by SELECT; may put its FCI into the answer
 *   select_again  instead of select(), while it is selected on another logical channel; an applet
 *             without it can be selected on one at a time
 *   process   a command for it
 *   share     another applet calls: share_caller() tells who, apdu_header() the operation,
 *             apdu_data() what it gives, apdu_reply() answers; 0, or a CARD_E_ code to refuse
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
#define CARD_API_VERSION "1.1"

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
    CARD_E_TRAP = -18,
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

/* Keys: 0 to FFFF are stored ones; a session slot is named so. */
#define CARD_KEY_SESSION(slot) (0x10000u + (slot))

/* Algorithms of keys and digests. */
enum card_algorithm {
    CARD_DES = 1,
    CARD_TDES2 = 2,
    CARD_TDES3 = 3,
    CARD_AES128 = 4,
    CARD_AES192 = 5,
    CARD_AES256 = 6,
    CARD_SM4 = 7,
    CARD_SHA1 = 16,
    CARD_SHA224 = 17,
    CARD_SHA256 = 18,
    CARD_SHA384 = 19,
    CARD_SHA512 = 20,
    CARD_SM3 = 21,
    CARD_RSA = 32,
    CARD_P256 = 33,
    CARD_SM2 = 34,
};

#define CARD_PUBLIC_ONLY 0x80u /* in a key's algorithm: without its private half */

/* What a key may be used for; the mask in key_create() and key_derive(). */
enum card_usage {
    CARD_USE_ENCRYPT = 0x0001,
    CARD_USE_DECRYPT = 0x0002,
    CARD_USE_MAC = 0x0004,
    CARD_USE_MAC_VERIFY = 0x0008,
    CARD_USE_SIGN = 0x0010,
    CARD_USE_VERIFY = 0x0020,
    CARD_USE_DERIVE = 0x0040,
    CARD_USE_WRAP = 0x0080,
    CARD_USE_UNWRAP = 0x0100,
    CARD_USE_AUTH_EXTERNAL = 0x0200,
    CARD_USE_AUTH_INTERNAL = 0x0400,
    CARD_USE_AGREE = 0x0800,
};

/* how, in key_sign() and key_verify(), with a digest; alone in key_encrypt() and key_decrypt(). */
enum card_sign {
    CARD_SIGN_RAW = 0x01,        /* RSA: bytes of the modulus's length as they are */
    CARD_SIGN_PKCS1 = 0x02,      /* RSA: PKCS #1 v1.5 */
    CARD_SIGN_PSS = 0x03,        /* RSA */
    CARD_SIGN_ECDSA = 0x04,      /* P-256 */
    CARD_SIGN_SM2 = 0x05,        /* with CARD_SM3; the default identity unless digested */
    CARD_SIGN_DIGESTED = 0x10000 /* data is the finished digest */
};
#define CARD_SIGN_WITH(digest) ((uint32_t)(digest) << 8)

/* how, in key_agree(). */
enum card_agree {
    CARD_AGREE_SM2 = 0x05,
    CARD_AGREE_ECDH = 0x06, /* P-256; ANSI X9.63 with SHA-256 */
};

/* how, in key_cipher(). */
enum card_cipher {
    CARD_CIPHER_ECB_ENCRYPT = 0x0101,
    CARD_CIPHER_CBC_ENCRYPT = 0x0102,
    CARD_CIPHER_CTR = 0x0103,
    CARD_CIPHER_ECB_DECRYPT = 0x0201,
    CARD_CIPHER_CBC_DECRYPT = 0x0202,
};

/* how, in key_mac() and key_mac_verify(): one of each. */
enum card_mac {
    CARD_MAC_CBC = 0x0001,    /* ISO/IEC 9797-1 algorithm 1 */
    CARD_MAC_RETAIL = 0x0002, /* algorithm 3 */
    CARD_MAC_CMAC = 0x0003,
    CARD_PAD_NONE = 0x0000,
    CARD_PAD_ZERO = 0x0100, /* ISO/IEC 9797-1 method 1 */
    CARD_PAD_80 = 0x0200,   /* method 2 */
};

/* An entry of key_macs()'s list: bytes of an array's initialiser. size: of the MAC; CARD_MAC_VERIFY
 * + size: it stands in macs, and is to be verified. */
#define CARD_MAC_ENTRY(slot, size, how, offset, length)                                            \
    (slot), (size), (uint8_t)((how) >> 8), (uint8_t)(how), (offset), (length)
#define CARD_MAC_VERIFY 0x80

/* method, in key_derive(); docs/keys.md says what each computes. */
enum card_derivation {
    CARD_DERIVE_DIVERSIFY = 1,
    CARD_DERIVE_BLOCK = 2,
    CARD_DERIVE_FOLD = 3,
    CARD_DERIVE_EMV = 4,
    CARD_DERIVE_CBC = 5,
    CARD_DERIVE_CMAC = 6,
    CARD_DERIVE_COPY = 7,
};

/* format of PIN values. */
enum card_pin {
    CARD_PIN_RAW = 0,
    CARD_PIN_BCD = 1,
    CARD_PIN_ASCII = 2,
    CARD_PIN_BLOCK_1 = 3,
    CARD_PIN_BLOCK_2 = 4,
};

/* State of the card-wide PIN, in cvm_info(). */
enum card_cvm {
    CARD_CVM_NONE = 0,
    CARD_CVM_ACTIVE = 1,
    CARD_CVM_INVALID = 2, /* the last submission was wrong */
    CARD_CVM_VALIDATED = 3,
    CARD_CVM_BLOCKED = 4,
};

/* marks, in display_show(). */
enum card_mark {
    CARD_MARK_DONE = 0x0001,
    CARD_MARK_FAILED = 0x0002,
    CARD_MARK_WARNING = 0x0004,
    CARD_MARK_LOCKED = 0x0008,
    CARD_MARK_CONTACTLESS = 0x0010,
    CARD_MARK_RECEIVED = 0x0020,
    CARD_MARK_PAID = 0x0040,
    CARD_MARK_BATTERY_LOW = 0x0080,
};

/* level, in security_messaging(). */
enum card_sm {
    CARD_SM_MAC = 0x01,
    CARD_SM_ENCIPHERED = 0x02,
    CARD_SM_ANSWER_MAC = 0x04,
    CARD_SM_ANSWER_ENCIPHERED = 0x08,
};

/* how, in sm_open(), besides the length of MACs (4 to 8; 0: 8). */
enum card_sm_how {
    CARD_SM_HEADER_FREE = 0x0100,     /* classes x8 too: the MAC does not cover the header */
    CARD_SM_ENCIPHERED_ONLY = 0x0200, /* command data must come enciphered */
};
#define CARD_SM_NO_KEY 0xFFFFFFFFu

/* A certificate of the wallet, and where its fields begin (docs/certificates.md). */
#define CARD_CERT_SIZE 156u
#define CARD_DAY_UNKNOWN 0xFFFFu
enum card_cert {
    CARD_CERT_ROLES = 1,
    CARD_CERT_CLASS = 2,
    CARD_CERT_CAPABILITIES = 3,
    CARD_CERT_SUBJECT = 4, /* 8 */
    CARD_CERT_ISSUER = 12, /* 4 */
    CARD_CERT_SERIAL = 16, /* 4 */
    CARD_CERT_NOT_BEFORE = 20,
    CARD_CERT_NOT_AFTER = 22,
    CARD_CERT_POLICY = 24,
    CARD_CERT_KEY = 28, /* 64 */
};
enum card_cert_role {
    CARD_ROLE_CARD = 0x01,
    CARD_ROLE_MERCHANT = 0x02,
    CARD_ROLE_GATEWAY = 0x04,
    CARD_ROLE_INDUSTRY = 0x08,
    CARD_ROLE_HEALTH = 0x10,
    CARD_ROLE_CA = 0x80,
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

/* The logical channel of the command, 0 to 19. */
CARD_CALL("apdu_channel")
uint32_t card_apdu_channel(void);

/* The class byte as it came. apdu_header() gives it as on the basic channel, without the
 * chaining bit: 81 is 80 there, and E0 is 84. */
CARD_CALL("apdu_class")
uint32_t card_apdu_class(void);

/* ---- Transactions ---- */

/* Makes all changes so far durable now, and begins anew: tx_abort() goes back to here.
 * Without it they become durable when the entry returns. CARD_E_FULL: they are undone
 * instead. CARD_E_STATE in install(), uninstall() and share(), where somebody else decides,
 * and after a callee trapped. */
CARD_CALL("tx_commit")
int32_t card_tx_commit(void);

/* Undoes all changes since the command began or the last tx_commit(). CARD_E_STATE in
 * install(), uninstall() and share(). */
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
int32_t card_record_read(uint32_t file, uint32_t number, uint32_t offset, void *data,
                         uint32_t data_len);

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
int32_t card_record_find(uint32_t file, uint32_t from, uint32_t offset, const void *key,
                         uint32_t key_len);

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

/* ---- Keys ---- */

/* A new key (docs/keys.md). spec: algorithm 1, version 1, usage 2, tries 1, then access
 * rules; value: exactly the algorithm's key size. CARD_E_EXISTS, CARD_E_PARAM, CARD_E_FULL. */
CARD_CALL("key_create")
int32_t card_key_create(uint32_t number, const void *spec, uint32_t spec_len, const void *value,
                        uint32_t value_len);

/* Replaces the value and version of a key; its try counter starts again. */
CARD_CALL("key_update")
int32_t card_key_update(uint32_t number, uint32_t version, const void *value, uint32_t value_len);

/* Replaces a key by a value enciphered (ECB) under key wrap; check: the first bytes of the
 * new key's encryption of zeros, or none. CARD_E_WRONG if they do not match. */
CARD_CALL("key_import")
int32_t card_key_import(uint32_t wrap, uint32_t number, uint32_t version, const void *wrapped,
                        uint32_t wrapped_len, const void *check, uint32_t check_len);

/* Deletes a key; its value is overwritten. */
CARD_CALL("key_delete")
int32_t card_key_delete(uint32_t number);

/* Puts the key's try counter to zero, at once. */
CARD_CALL("key_block")
int32_t card_key_block(uint32_t number);

/* Starts the key's try counter again. */
CARD_CALL("key_unblock")
int32_t card_key_unblock(uint32_t number);

/* info, 8 bytes: algorithm, version, usage 2, size, block size, tries left, tries at most. An
 * asymmetric key has its size in two bytes, and algorithm + 80 if it is a public one. */
CARD_CALL("key_info")
int32_t card_key_info(uint32_t key, void *info, uint32_t info_len);

/* Derives a session key into slot 0 to 3 (CARD_KEY_SESSION(slot) names it then). It is gone
 * at deselect and reset. */
CARD_CALL("key_derive")
int32_t card_key_derive(uint32_t key, uint32_t method, const void *data, uint32_t data_len,
                        uint32_t usage, uint32_t slot);

/* Enciphers or deciphers data in place. how: CARD_CIPHER_*. iv: one block, moved on, or empty
 * for zeros. */
CARD_CALL("key_cipher")
int32_t card_key_cipher(uint32_t key, uint32_t how, void *iv, uint32_t iv_len, void *data,
                        uint32_t data_len);

/* Message authentication code, cut to mac's length. how: CARD_MAC_* + CARD_PAD_*. iv: one
 * block, or empty for zeros. */
CARD_CALL("key_mac")
int32_t card_key_mac(uint32_t key, uint32_t how, const void *iv, uint32_t iv_len, const void *data,
                     uint32_t data_len, void *mac, uint32_t mac_len);

/* Compares in constant time. CARD_E_WRONG (a counted key loses a try), CARD_E_BLOCKED. */
CARD_CALL("key_mac_verify")
int32_t card_key_mac_verify(uint32_t key, uint32_t how, const void *iv, uint32_t iv_len,
                            const void *data, uint32_t data_len, const void *mac, uint32_t mac_len);

/* Up to four MACs at once, which take hardly longer than the longest of them. list, 6 bytes
 * each: session slot 1; length of the MAC 1, + 80 to verify it; how 2, as in key_mac();
 * offset and length of its message in data, 1 each. macs: the MACs, one behind another. Those
 * to verify stand there, and only if they are right are the others written. CARD_E_WRONG (a
 * counted key loses a try), CARD_E_BLOCKED, CARD_E_PARAM. */
CARD_CALL("key_macs")
int32_t card_key_macs(const void *list, uint32_t list_len, const void *data, uint32_t data_len,
                      void *macs, uint32_t macs_len);

/* Digest of data. out takes all of it, or its first bytes. */
CARD_CALL("digest")
int32_t card_digest(uint32_t algorithm, const void *data, uint32_t data_len, void *out,
                    uint32_t out_len);

/* ---- Asymmetric keys ---- */

/* A new key that nobody knows: a stored one (number), or of a cipher or curve in a session
 * slot. spec as in key_create(). size: bytes of RSA's modulus, 32 for curves, 0 for ciphers
 * and in slots; exponent: RSA's, 0: 65537. CARD_E_PARAM, CARD_E_EXISTS. */
CARD_CALL("key_generate")
int32_t card_key_generate(uint32_t key, const void *spec, uint32_t spec_len, uint32_t size,
                          uint32_t exponent);

/* The public part: x y of a curve (64 bytes), exponent 4 and modulus of RSA. Returns its
 * length. CARD_E_RANGE if it does not fit. */
CARD_CALL("key_public")
int32_t card_key_public(uint32_t key, void *public, uint32_t public_len);

/* Puts a public key into a session slot, for CARD_USE_VERIFY, _ENCRYPT, _WRAP. The applet has
 * made sure whose it is. CARD_E_FORMAT: it is none. */
CARD_CALL("key_load_public")
int32_t card_key_load_public(uint32_t slot, uint32_t algorithm, uint32_t usage, const void *public,
                             uint32_t public_len);

/* Signs data. how: CARD_SIGN_* + CARD_SIGN_WITH(digest), + CARD_SIGN_DIGESTED if data is the
 * finished digest. Returns the signature's length (64; RSA: the modulus's). */
CARD_CALL("key_sign")
int32_t card_key_sign(uint32_t key, uint32_t how, const void *data, uint32_t data_len,
                      void *signature, uint32_t signature_len);

/* CARD_E_WRONG if it is not the signature of data (a counted key loses a try). */
CARD_CALL("key_verify")
int32_t card_key_verify(uint32_t key, uint32_t how, const void *data, uint32_t data_len,
                        const void *signature, uint32_t signature_len);

/* Enciphers with a public key. how: CARD_SIGN_RAW, _PKCS1, _SM2. Returns the length. data and
 * out must not overlap. */
CARD_CALL("key_encrypt")
int32_t card_key_encrypt(uint32_t key, uint32_t how, const void *data, uint32_t data_len, void *out,
                         uint32_t out_len);

/* Deciphers with a private key. PKCS #1 gives other bytes instead of an error where the
 * padding is wrong (docs/crypto.md), and needs room for the modulus less 11 bytes. */
CARD_CALL("key_decrypt")
int32_t card_key_decrypt(uint32_t key, uint32_t how, const void *data, uint32_t data_len, void *out,
                         uint32_t out_len);

/* Agrees on a session key. how: CARD_AGREE_*. spec: algorithm 1, version 1, usage 2, slot 1;
 * then for ECDH what both know, for SM2 as in docs/keys.md. peer: its public key; SM2: and
 * its ephemeral one. tags: empty; SM2: own tag 32, and what the peer's must be 32. */
CARD_CALL("key_agree")
int32_t card_key_agree(uint32_t key, uint32_t how, const void *spec, uint32_t spec_len,
                       const void *peer, uint32_t peer_len, void *tags, uint32_t tags_len);

/* Enciphers the key that key_generate() made in a slot for somebody else, as key_import()
 * takes it. Returns the length. CARD_E_DENIED: the slot's key was not made so. */
CARD_CALL("key_wrap")
int32_t card_key_wrap(uint32_t wrap, uint32_t slot, void *out, uint32_t out_len);

/* The digest (32 bytes) that SM2 signs, of data and the key's identity (empty: the default). */
CARD_CALL("sm2_digest")
int32_t card_sm2_digest(uint32_t key, const void *identity, uint32_t identity_len, const void *data,
                        uint32_t data_len, void *digest, uint32_t digest_len);

/* ---- PINs, authentication, security status ---- */

/* Lets the card answer the current command as VERIFY, CHANGE REFERENCE DATA, RESET RETRY
 * COUNTER, GET CHALLENGE, EXTERNAL or INTERNAL AUTHENTICATE. Returns the status word;
 * CARD_SW_INS if it is none of them. */
CARD_CALL("security_command")
int32_t card_security_command(void);

/* Compares a PIN; its try counter is written before. CARD_E_WRONG, CARD_E_BLOCKED. */
CARD_CALL("pin_verify")
int32_t card_pin_verify(uint32_t number, uint32_t format, const void *value, uint32_t value_len);

/* Verifies the old value and sets the new one. */
CARD_CALL("pin_change")
int32_t card_pin_change(uint32_t number, uint32_t format, const void *old, uint32_t old_len,
                        const void *new, uint32_t new_len);

/* Starts the try counter again with the PIN's PUK; an empty new keeps the value. */
CARD_CALL("pin_unblock")
int32_t card_pin_unblock(uint32_t number, uint32_t format, const void *puk, uint32_t puk_len,
                         const void *new, uint32_t new_len);

/* The issuer's reset: the applet has made sure that it is the issuer. Empty: the value stays. */
CARD_CALL("pin_reset")
int32_t card_pin_reset(uint32_t number, uint32_t format, const void *new, uint32_t new_len);

/* Puts the try counter to zero, at once. */
CARD_CALL("pin_block")
int32_t card_pin_block(uint32_t number);

/* info, 7 bytes: format, least and most length, tries left, tries at most, PUK's number, is
 * it set. */
CARD_CALL("pin_info")
int32_t card_pin_info(uint32_t number, void *info, uint32_t info_len);

/* Bit n: PIN n was verified in this selection. */
CARD_CALL("security_pins")
uint32_t card_security_pins(void);

/* 1 if an EXTERNAL AUTHENTICATE with this key succeeded in this selection, else 0. */
CARD_CALL("security_key")
int32_t card_security_key(uint32_t number);

/* Forgets verified PINs, authenticated keys and the open challenge. */
CARD_CALL("security_clear")
int32_t card_security_clear(void);

/* Random bytes (4 to 16) that EXTERNAL AUTHENTICATE or a secure message must answer to. */
CARD_CALL("challenge")
int32_t card_challenge(void *random, uint32_t random_len);

/* The open challenge, which is used up by this. Returns its length. CARD_E_STATE: there is
 * none. */
CARD_CALL("challenge_take")
int32_t card_challenge_take(void *random, uint32_t random_len);

/* Checks a cryptogram of the open challenge and marks key `number` as authenticated. */
CARD_CALL("auth_external")
int32_t card_auth_external(uint32_t key, uint32_t number, const void *cryptogram,
                           uint32_t cryptogram_len);

/* Enciphers data to prove the key. */
CARD_CALL("auth_internal")
int32_t card_auth_internal(uint32_t key, const void *data, uint32_t data_len, void *out,
                           uint32_t out_len);

/* Says how the current command was secured (CARD_SM_*), for access rules; 0 at its start. */
CARD_CALL("security_messaging")
int32_t card_security_messaging(uint32_t level);

/* ---- Personalisation ---- */

/* Carries out the data groups of the current STORE DATA command: files, contents, keys, PINs
 * (docs/personalisation.md). Returns the status word. */
CARD_CALL("perso_command")
int32_t card_perso_command(void);

/* Carries out one data group. CARD_E_UNSUPPORTED: the identifier is not one of the card's. */
CARD_CALL("perso_group")
int32_t card_perso_group(uint32_t identifier, const void *data, uint32_t data_len);

/* ---- The secure channel of the applet's domain (GlobalPlatform) ---- */

/* Lets the card answer the current command as INITIALIZE UPDATE or EXTERNAL AUTHENTICATE (or
 * BEGIN and END R-MAC SESSION, after scp_unwrap()) with the keys of the applet's security
 * domain. Returns the status word; CARD_SW_INS if it is none of them. Changes so far become
 * durable. */
CARD_CALL("scp_command")
int32_t card_scp_command(void);

/* Checks the current command as the open secure channel demands and takes its protection off:
 * from here on the command is the one inside, and the answer will be protected. Returns the
 * status word: CARD_SW_OK, without a channel for commands in plain too; 6982 ends the
 * channel. */
CARD_CALL("scp_unwrap")
int32_t card_scp_unwrap(void);

/* Security level of the channel: 80 authenticated, 01 C-MAC, 02 C-DECRYPTION, 10 R-MAC, 20
 * R-ENCRYPTION; 0 if none is open. */
CARD_CALL("scp_level")
uint32_t card_scp_level(void);

/* Deciphers sensitive data in place under the channel's data key (whole blocks).
 * CARD_E_STATE: no channel is open. perso_command() does so by itself where P1 says that
 * values are enciphered. */
CARD_CALL("scp_decrypt")
int32_t card_scp_decrypt(void *data, uint32_t data_len);

/* ---- Secure messaging (ISO/IEC 7816-4) ---- */

/* Begins a session (docs/secure-messaging.md) under two keys, CARD_SM_NO_KEY for no
 * encipherment, with this send sequence counter of one block. how: CARD_SM_* and the MAC's
 * length. It ends at deselect, reset and the first message that is wrong. CARD_E_DENIED:
 * usage. */
CARD_CALL("sm_open")
int32_t card_sm_open(uint32_t how, uint32_t mac_key, uint32_t cipher_key, const void *counter,
                     uint32_t counter_len);

/* Ends the session. CARD_E_STATE while the answer of an unwrapped command is due. */
CARD_CALL("sm_close")
int32_t card_sm_close(void);

/* Takes the current command out of its data objects: from here on the calls of the group
 * above and file_command() see the command within, the access rules see its level, and the
 * card protects the answer, status word included, when the entry returns. Returns a status
 * word: 6985, 6987, 6988, 6983, 6700; the session is then over. */
CARD_CALL("sm_unwrap")
int32_t card_sm_unwrap(void);

/* ---- A new PIN in a script ---- */

/* Resets a PIN (pin_reset()) to the one that the issuer's 16 bytes hide under a session key
 * and the card's key (PIN CHANGE of PBOC; docs/secure-messaging.md). The applet has checked
 * the MAC. CARD_E_FORMAT, CARD_E_DENIED (usage). */
CARD_CALL("pin_counterpart")
int32_t card_pin_counterpart(uint32_t number, uint32_t cipher_key, uint32_t card_key,
                             const void *data, uint32_t data_len);

/* ---- Certificates of the wallet ---- */

/* Sets root 0 or 1, an SM2 public key, or deletes it (empty); verified CAs are forgotten. The
 * applet has made sure that it may be. CARD_E_FORMAT: no key. docs/certificates.md. */
CARD_CALL("cert_root")
int32_t card_cert_root(uint32_t root, const void *key, uint32_t key_len);

/* Takes a revocation list signed by a root; verified CAs are forgotten. Empty: takes none.
 * Returns the version of the list that is in force, 0 without one. CARD_E_WRONG,
 * CARD_E_NOT_FOUND (root), CARD_E_STATE (not newer), CARD_E_FORMAT. */
CARD_CALL("cert_list")
int32_t card_cert_list(const void *list, uint32_t list_len);

/* Verifies a certificate of 156 bytes, or a CA's and one that it signed, for one of these
 * roles on that day (CARD_DAY_UNKNOWN: not looked at), and puts its key into a session slot,
 * to verify and to encipher with. CARD_E_NOT_FOUND (issuer), CARD_E_WRONG, CARD_E_DENIED
 * (roles, depth), CARD_E_STATE (day), CARD_E_BLOCKED (revoked), CARD_E_FORMAT: the slot is as
 * it was. */
CARD_CALL("cert_verify")
int32_t card_cert_verify(uint32_t slot, uint32_t roles, uint32_t day, const void *certificates,
                         uint32_t certificates_len);

/* ---- Commands that an applet has unwrapped ---- */

/* As file_command(), with this as the command's data: what is left of it after the applet has
 * checked a MAC (and deciphered); level says so to the access rules (CARD_SM_*, not 0). */
CARD_CALL("file_command_unwrapped")
int32_t card_file_command_unwrapped(uint32_t level, const void *data, uint32_t data_len);

/* ---- Life cycles ---- */

/* This instance's life cycle state: 03 installed, 07 selectable, up to 7F its own; bit 8:
 * locked. */
CARD_CALL("self_state")
int32_t card_self_state(void);

/* Sets this instance's own state: 07 to 7F with the three low bits set. 80 locks it: it stays
 * selected, but nobody selects it again before the card manager unlocks it. CARD_E_PARAM,
 * CARD_E_STATE: it is not selectable yet. */
CARD_CALL("self_set_state")
int32_t card_self_set_state(uint32_t state);

/* Locks the card (CARD_LOCKED): after this command only the final application answers, until
 * the card manager unlocks it. CARD_E_STATE: it is not SECURED. */
CARD_CALL("lock")
int32_t card_lock(void);

/* Ends the card's life for ever. CARD_E_STATE: before it was issued, or if it is so already. */
CARD_CALL("terminate")
int32_t card_terminate(void);

/* The card's life cycle state: 01 OP_READY, 07 INITIALIZED, 0F SECURED, 7F CARD_LOCKED, FF
 * TERMINATED. */
CARD_CALL("state")
int32_t card_state(void);

/* ---- Sharing ---- */

/* Calls share() of the applet with that AID, in a memory of its own; data and answer are
 * copied and must not overlap (CARD_E_PARAM). Returns the bytes of answer. Both have one
 * transaction, and the callee burns the caller's fuel. CARD_E_NOT_FOUND: no such applet, or
 * it is not for this caller. CARD_E_STATE: it runs already, or too many calls within calls.
 * CARD_E_NO_MEMORY. CARD_E_TRAP: it trapped, and the transaction can only abort. Else the
 * code it returned. */
CARD_CALL("share_call")
int32_t card_share_call(const void *aid, uint32_t aid_len, uint32_t operation, const void *data,
                        uint32_t data_len, void *answer, uint32_t answer_len);

/* In share(): the caller's AID. Returns its length. CARD_E_RANGE if it does not fit;
 * CARD_E_STATE in other entries. */
CARD_CALL("share_caller")
int32_t card_share_caller(void *aid, uint32_t aid_len);

/* Says who may call share() of this instance; without a list nobody. Each entry: a byte with
 * the length, then an AID (5 to 16 bytes); length + 80: all AIDs that begin so (1 to 16
 * bytes); a single 00: anybody. At most 136 bytes; it replaces the list before, empty ends
 * it. CARD_E_FORMAT, CARD_E_TOO_BIG. */
CARD_CALL("share_allow")
int32_t card_share_allow(const void *list, uint32_t list_len);

/* ---- The card-wide PIN ---- */

/* Compares the card-wide PIN (GlobalPlatform CVM); its try counter is written before. What it
 * proves holds for the whole card until a reset or a wrong try. CARD_E_WRONG, CARD_E_BLOCKED,
 * CARD_E_NOT_FOUND: the card has none. */
CARD_CALL("cvm_verify")
int32_t card_cvm_verify(uint32_t format, const void *value, uint32_t value_len);

/* info, 7 bytes: state (CARD_CVM_*), format, least and most length, tries left, tries at
 * most, is it set. Returns the state. */
CARD_CALL("cvm_info")
int32_t card_cvm_info(void *info, uint32_t info_len);

/* Forgets that the card-wide PIN was verified, on the whole card. */
CARD_CALL("cvm_reset")
int32_t card_cvm_reset(void);

/* A new value of the card-wide PIN; its tries start again and are at most `tries` (1 to 15;
 * 0: as before). The first value makes the PIN, of 4 to 12 digits. */
CARD_CALL("cvm_update")
int32_t card_cvm_update(uint32_t format, uint32_t tries, const void *value, uint32_t value_len);

/* Starts the tries of the card-wide PIN again. */
CARD_CALL("cvm_unblock")
int32_t card_cvm_unblock(void);

/* Puts the tries of the card-wide PIN to zero, at once. */
CARD_CALL("cvm_block")
int32_t card_cvm_block(void);

/* ---- The biometric gate ---- */

/* Asks the card's sensor about the person; the gate's try counter is written before.
 * CARD_E_WRONG: no match. CARD_E_BLOCKED. CARD_E_NOT_FOUND: no gate was set up.
 * CARD_E_UNSUPPORTED: the card has no sensor, no try is lost. */
CARD_CALL("biometric_verify")
int32_t card_biometric_verify(void);

/* Tries that the gate has left. CARD_E_NOT_FOUND: it was not set up. */
CARD_CALL("biometric_tries")
int32_t card_biometric_tries(void);

/* Sets up this instance's gate with that many tries (1 to 15), or starts the count again: the
 * applet has made sure that this may be. 0 blocks it, at once. */
CARD_CALL("biometric_set")
int32_t card_biometric_set(uint32_t tries);

/* ---- The screen ---- */

/* Shows text (UTF-8, at most 96 bytes, line feeds allowed) and marks (CARD_MARK_*) on a
 * visible card, once the changes so far are durable; dropped if they are undone.
 * CARD_E_UNSUPPORTED: no screen. CARD_E_FORMAT, CARD_E_TOO_BIG, CARD_E_PARAM. */
CARD_CALL("display_show")
int32_t card_display_show(uint32_t marks, const void *text, uint32_t text_len);
#endif
