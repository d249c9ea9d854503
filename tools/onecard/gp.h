/* Inside "onecard gp": one call of it, and its commands. */
#ifndef ONECARD_GP_H
#define ONECARD_GP_H

#include "gp_link.h"
#include "gp_status.h"

struct gp_options {
    const char *reader;                /* --reader */
    const char *key, *enc, *mac, *dek; /* hex */
    const char *kvn;                   /* key version, hex */
    const char *diversify;             /* none, emv, visa2 */
    const char *level;                 /* plain, mac, enc, rmac, renc, or hex */
    const char *domain;                /* AID of the security domain to talk to */
    const char *privileges;            /* hex, 1 or 3 bytes, or names with commas */
    const char *parameters;            /* hex: C9 of what is installed */
    const char *new_kvn;               /* put-key: version of the new keys */
    const char *type;                  /* put-key: 3des, aes, sm4 */
    const char *dap;                   /* key file that signs the load file's hash */
    const char *dap_domain;            /* AID of the domain whose DAP that is */
    const char *hash;                  /* of the load file: sha1, sha256, ... */
    const char *token;                 /* key file that makes tokens */
    const char *receipt_key;           /* key file that receipts are checked with */
    bool related, verbose, plain;
};

struct gp {
    struct gp_options options;
    struct image_options image;
    struct gp_link link;
    struct gp_keys keys;  /* the static ones, diversified once the session is open */
    struct gp_aid domain; /* selected; of 0 bytes: the default one */
    struct gp_aid named;  /* as the selected one says that it is called */
    struct gp_initialize init;
};

/* ---- gp_open.c ---- */

/* SELECT the security domain. */
int gp_select(struct gp *gp);

/* Authenticate at the level asked for. A card in pre-issuance needs none (--plain). */
int gp_open_channel(struct gp *gp);

/* A byte in hex; what: the option that it is for. */
int gp_byte_parse(const char *what, const char *text, uint8_t *out);

/* Keys in hex: 16, 24 or 32 bytes. */
int gp_key_parse(const char *what, const char *hex, struct gp_key *out);

/* ---- gp_show.c ---- */
int gp_info(struct gp *gp);
int gp_list(struct gp *gp);

/* The life cycle state in words; kind: P1 of GET STATUS. */
const char *gp_life_cycle_text(uint8_t kind, uint8_t state);

/* ---- gp_content.c ---- */
int gp_load(struct gp *gp, int count, char **words);
int gp_install(struct gp *gp, int count, char **words);
int gp_domain(struct gp *gp, int count, char **words);
int gp_delete(struct gp *gp, int count, char **words);
int gp_extradite(struct gp *gp, int count, char **words);

/* ---- gp_manage.c ---- */
int gp_lock(struct gp *gp, int count, char **words);
int gp_unlock(struct gp *gp, int count, char **words);
int gp_state(struct gp *gp, int count, char **words);
int gp_rename(struct gp *gp, int count, char **words);
int gp_put_key(struct gp *gp, int count, char **words);
int gp_store_data(struct gp *gp, int count, char **words);
int gp_send_raw(struct gp *gp, int count, char **words);

/* Command data in the making. */
struct gp_field {
    uint8_t bytes[GP_DATA_MAX];
    size_t len;
    bool full;
};
void gp_field_add(struct gp_field *f, const void *bytes, size_t len);
void gp_field_byte(struct gp_field *f, size_t value);
void gp_field_value(struct gp_field *f, const void *bytes, size_t len); /* with its length */

/* The command with that data, as gp_link_must(). */
int gp_send_field(struct gp *gp, const char *doing, uint8_t ins, uint8_t p1, uint8_t p2,
                  const struct gp_field *f);

/* ---- gp_delegate.c ---- */

/* Put the token behind the field, for a command of that P1 and what is in it (GPCS C.4): with its
 * length; of length 0 without --token. tag: that stands in front of it, 0 for none. */
int gp_add_token(struct gp *gp, struct gp_field *f, uint8_t p1, uint8_t p2, uint8_t tag);

/* The load file's hash, with its length: if a DAP, a token or --hash wants one. */
int gp_add_hash(struct gp *gp, struct gp_field *f, const uint8_t *load_file, size_t len);

/* The DAP block E2 for it (GPCS 11.6.2.3), of 0 bytes without --dap. */
enum { GP_DAP_MAX = 300 };
int gp_make_dap(struct gp *gp, const uint8_t *load_file, size_t len, uint8_t out[GP_DAP_MAX],
                size_t *out_len);

/* Show the receipt in the last answer, if there is one, and check it with --receipt-key. names:
 * what the command was about (C.5). */
int gp_show_receipt(struct gp *gp, const struct gp_aid *names, unsigned count);

/* An AID in hex; says what is wrong. */
int gp_aid_parse(const char *text, struct gp_aid *out);

/* Privileges of --privileges: 1 or 3 bytes; *out_len 1 and 00 if there are none. */
int gp_privileges(const struct gp *gp, uint8_t out[3], size_t *out_len);

#endif
