/* Inside src/manager: what the commands of a security domain share. One file for each command or
 * subject; manager.c takes a command apart and finds which. */
#ifndef MANAGER_INSIDE_H
#define MANAGER_INSIDE_H

#include <string.h>

#include "base/tlv.h"
#include "manager/manager.h"
#include "manager/quota.h"

/* A command that passed the secure channel; s->domain is the domain that it was sent to. */
#define DOMAIN_COMMAND(name)                                                                       \
    uint16_t name(struct manager *m, struct manager_session *s, const struct apdu *c,              \
                  struct apdu_answer *answer)

DOMAIN_COMMAND(domain_delete);     /* delete.c */
DOMAIN_COMMAND(domain_get_data);   /* data.c */
DOMAIN_COMMAND(domain_get_status); /* status.c */
DOMAIN_COMMAND(domain_set_status); /* life.c */
DOMAIN_COMMAND(domain_install);    /* install.c */
DOMAIN_COMMAND(domain_load);       /* load.c */
DOMAIN_COMMAND(domain_put_key);    /* put_key.c */
DOMAIN_COMMAND(domain_store_data); /* store_data.c */

/* ---- manager.c ---- */

/* End a content command: commit if all went well, else forget everything it staged. */
uint16_t content_finish(struct manager *m, enum onecard_err err);

/* Why something was refused, for the person who watches; offset: of the module, if has_offset. */
void content_tell(const struct manager *m, const char *what, const char *reason, uint32_t offset,
                  bool has_offset);

/* One name, one owner: has the issuer's domain, its package, or anything else that AID already? */
bool content_is_taken(struct manager *m, const char *what, const struct tlv *aid);

/* The first data object of that tag among well-formed ones; empty if there is none. false if not
 * all of the bytes are data objects. */
bool content_find(const uint8_t *data, uint32_t len, uint32_t tag, struct tlv *out);

/* Take count fields "length, value" that fill the data (GPCS 11.5.2.3). Lengths are BER; where that
 * does not come out even, one byte each, as some clients have it. */
bool content_fields(const struct apdu *c, struct tlv *fields, uint32_t count);

static inline struct aid content_aid(const struct tlv *from) {
    struct aid aid = {.len = (uint8_t)from->len};
    memcpy(aid.value, from->value, from->len);
    return aid;
}

/* ---- domain.c: who stands above whom, and who may what ---- */

#define DOMAIN_NONE 0xFFFFFFFFu

/* The package and module that supplementary domains are instances of; they are part of the card. */
#define DOMAIN_PACKAGE "\xA0\x00\x00\x01\x51\x53\x50"
#define DOMAIN_PACKAGE_LEN 7u
#define DOMAIN_MODULE "\xA0\x00\x00\x01\x51\x53\x50\x41"
#define DOMAIN_MODULE_LEN 8u

/* What of the privileges there is nothing behind: global service, ciphered load files, contactless
 * activation. */
#define PRIVILEGES_SUPPORTED 0xFFFE80u

/* The domain of that AID, its context; DOMAIN_NONE. len 0: `otherwise`. */
uint32_t domain_find(struct manager *m, const uint8_t *aid, uint32_t len, uint32_t otherwise);

void domain_aid(struct manager *m, uint32_t domain, struct aid *out);
uint32_t domain_privileges(struct manager *m, uint32_t domain);

/* Is `upper` that domain itself, or one above it? */
bool domain_above(struct manager *m, uint32_t upper, uint32_t domain);

/* The topmost one above that domain; itself if there is none. */
uint32_t domain_root(struct manager *m, uint32_t domain);

/* The nearest domain from `domain` upwards that has the privilege, DOMAIN_NONE. */
uint32_t domain_with(struct manager *m, uint32_t domain, uint32_t privilege);

/* May the session's domain change the card's content, and does it need a token? 9000, or why not,
 * which whoever watches is told. */
uint16_t domain_may_manage(struct manager *m, const struct manager_session *s, const char *what,
                           bool *out_delegated);

/* Is the entry within reach of the session's domain: its own, or below it? */
bool domain_reaches(struct manager *m, const struct manager_session *s,
                    const struct registry_entry *e);

/* ---- policy.c ---- */

enum policy_kind { POLICY_HERE, POLICY_DELETE, POLICY_AWAY, POLICIES };

/* Whom a domain lets extradite to it, delete what is its own, and extradite away from it. */
struct policy {
    uint8_t stated;       /* a bit for each kind */
    uint8_t by[POLICIES]; /* whom: policy.c */
};

/* From a new domain's parameters C9: 82 (here), 83 or 84 (delete), 87 (away). false if malformed.
 */
bool policy_take(const struct tlv *applet, struct policy *out);

/* Stage what is stated. */
enum onecard_err policy_save(struct manager *m, uint32_t domain, const struct policy *p);

/* May the domain `who` do that with what belongs to `domain`? Itself it always may; where nothing
 * is stated: otherwise. */
bool policy_admits(struct manager *m, uint32_t domain, enum policy_kind kind, uint32_t who,
                   bool otherwise);

/* The same for an entry of that domain's. A domain that is its own root is nobody's: its policies
 * are about what it has, not about itself. */
bool policy_admits_to(struct manager *m, const struct registry_entry *e, enum policy_kind kind,
                      uint32_t who, bool otherwise);

/* ---- privileges.c ---- */

/* One or three bytes; none at all, or two, is what clients send that cut zeros off the end. */
bool privileges_take(const struct tlv *field, uint32_t *out);

/* Do they go together, and with an application or a domain? */
bool privileges_fit(uint32_t p, bool domain);

/* Are they the session's domain's to give? delegated: it acts with the issuer's token. */
bool privileges_may_give(struct manager *m, const struct manager_session *s, uint32_t p,
                         bool delegated);

/* There is one default application, and one final one: who had the privilege loses it. */
enum onecard_err privileges_take_over(struct manager *m, uint32_t context, uint32_t privileges);

/* ---- trust.c: signatures of others, and the card's receipts ---- */

/* Is signature one over data, by any of the keys of that version in the domain? WRONG, NOT_FOUND
 * (no key). */
enum onecard_err trust_check(struct manager *m, uint32_t domain, uint8_t version,
                             const uint8_t *data, uint32_t len, const uint8_t *signature,
                             uint32_t signature_len);

/* The token of a delegated command: over P1, P2, length and data up to the token's length (GPCS
 * C.4). end: where the token's length stands in the data. first: of the combined process the same
 * bytes of its first command, which go in front (C.4.7); else empty. 9000, or 6985. */
uint16_t trust_token(struct manager *m, uint32_t domain, const struct tlv *first,
                     const struct apdu *c, const uint8_t *end, const struct tlv *token);

/* P1, P2, length and data up to end, as a token covers them; TRUST_HEAD_MAX more than the data.
 * Returns their number. */
#define TRUST_HEAD_MAX 5u
uint32_t trust_token_data(const struct apdu *c, const uint8_t *end, uint8_t *out);

/* The confirmation of a delegated command (GPCS 11.1.6, C.5): a receipt if a domain above has the
 * privilege and a key for it, else one byte of zeros. fields: of the command, behind the names, as
 * a registry update has it (C.5.5); NULL and 0 for the others. Stages the counter. FORMAT: the
 * fields are longer than a receipt can cover. */
enum onecard_err trust_confirm(struct manager *m, uint32_t domain, bool delegated,
                               const struct aid *names, uint32_t count, const struct tlv *fields,
                               uint32_t field_count, struct apdu_answer *answer);

/* The confirmation counter of a domain. */
#define CONFIRMATION_NUMBER 0x100u /* of KIND_KEY_VERSION */
uint16_t trust_counter(struct manager *m, uint32_t domain);

/* ---- load.c ---- */

/* A load or a combined process ends. What is in flash of it is left to manager_tidy(). */
void load_abandon(struct manager *m);
bool load_is_of(const struct manager *m, const struct manager_session *s);
uint16_t install_for_load(struct manager *m, struct manager_session *s, const struct apdu *c);

/* The combined Load, Install and Make Selectable process (9.3.8): the first INSTALL, the blocks,
 * the last INSTALL. What came of it is on the card when the last one is answered, or nothing is. */

/* The context of the package that all blocks of have come and that waits for its last INSTALL; 0 */
uint32_t load_waiting(const struct manager *m);

/* The same, if it is that session's, with the token's data of the first INSTALL: from P1 to the
 * token's length. */
uint32_t load_of_combined(const struct manager *m, const struct manager_session *s,
                          struct tlv *out_first);

/* ---- data.c ---- */

/* Append the FCI of a domain. */
bool data_fci(struct manager *m, uint32_t domain, struct apdu_answer *answer);

/* Parts of CPLC that STORE DATA brings one by one: who, 2 bytes, the day, 2, and the equipment, 4.
 */
#define DATA_PERSONALISER 0x9F66u
#define DATA_PREPERSONALISER 0x9F67u
#define DATA_PERSONALISER_LEN 8u

/* Ten bytes that tell cards apart, for deriving a card's keys: object CF, or from the serial. */
void data_diversification(struct manager *m, uint32_t domain, uint8_t out[10]);

/* ---- store_data.c ---- */

/* May the session's domain personalise that application or domain (7.3.3)? */
bool content_may_personalise(struct manager *m, const struct manager_session *s,
                             const struct registry_entry *e);

void store_data_forget(struct manager *m, struct manager_session *s);

#endif
