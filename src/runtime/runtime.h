/* The card's own state. Everything hangs off one struct onecard (include/onecard/card.h).
 *
 * The way of a command: transmit.c takes it apart and joins chains; dispatch.c finds who answers;
 * channel.c opens and closes logical channels; select.c changes who is selected on one; applet.c
 * runs a Wasm entry; answer.c shapes what goes back. */
#ifndef RUNTIME_RUNTIME_H
#define RUNTIME_RUNTIME_H

#include "base/pool.h"
#include "crypto/crypto.h"
#include "firewall/door.h"
#include "manager/manager.h"
#include "manager/quota.h"
#include "onecard/card.h"

/* ---- applets ---- */

/* The exports of a module that the card knows (docs/applets.md). */
enum applet_export {
    EXPORT_INSTALL,
    EXPORT_SELECT,
    EXPORT_SELECT_AGAIN, /* selected while it is so on another channel already */
    EXPORT_PROCESS,
    EXPORT_SHARE,
    EXPORT_DESELECT,
    EXPORT_UNINSTALL,
    EXPORT_COUNT,
};

/* Code that is ready to run: looked up once, used at every SELECT. */
struct applet_code {
    uint16_t package;    /* context; 0: empty */
    uint32_t generation; /* of the registry when it was looked up */
    struct vm_image image;
    int exports[EXPORT_COUNT]; /* function index or -1 */
};
#define APPLET_CODES 8u

/* An instance with its transient memory, one block of the pool. */
struct applet {
    uint16_t context;
    bool limited;            /* it has quotas */
    struct applet_code code; /* its own copy: the card's may give way to another's */
    void *block;             /* NULL: not open */
    struct vm_instance *instance;
    struct door door;
    struct applet *outer; /* while it runs: who runs around it (a caller), or NULL */
};

#define SHARE_DEPTH 4u /* shared calls within each other */

/* ---- channels ---- */

enum selected {
    SELECTED_NOTHING, /* an applet failed: 6985 until the next SELECT */
    SELECTED_DOMAIN,  /* a security domain: session.domain says which */
    SELECTED_APPLET,
};

/* A logical channel that is open; from the pool, but for the basic one. */
struct channel {
    uint8_t number;
    bool chain_lost; /* another channel's chain took the buffer: 6883 to the next part */
    enum selected selected;
    struct manager_session session; /* while a domain is selected; scp with an applet too */
    struct applet applet;           /* while an applet is selected */
    struct security_status status;  /* F5: of this channel and selection */
    struct fs_selection selection;
};
#define CHANNELS_MAX 20u
#define CHANNELS_DEFAULT 4u

/* What is kept in the card's one buffer, which holds a single thing: an unfinished chain, or a
 * command that is joined or was unwrapped, or the rest of an answer. Whoever needs it takes it from
 * the others.
 *
 * A chain of commands being joined (ISO/IEC 7816-4 5.3.3): */
struct chain {
    bool open;
    uint8_t channel;
    uint8_t sent_cla, ins, p1, p2; /* class byte without the chaining bit */
    uint32_t len;                  /* bytes in onecard.buffer */
};

/* An answer of which a part is still to be fetched by GET RESPONSE on its channel: */
struct pending {
    uint8_t channel;
    uint32_t at, len; /* in onecard.buffer; nothing waits if at = len */
    uint16_t status;
};

struct onecard {
    struct onecard_port port; /* a copy: the caller's may go */
    struct arena arena;
    size_t arena_start; /* what is used by struct onecard alone */
    struct store *store;
    struct crypto_random random;
    struct keys keys;
    struct screen screen; /* what the command under way wants to show */
    struct pool pool;
    struct vm_stack stack;
    struct upcalls upcalls;
    struct manager manager;
    struct applet_code codes[APPLET_CODES];
    uint32_t codes_next;    /* the slot that gives way next */
    struct applet *running; /* the innermost that runs; NULL between commands */
    bool doomed;            /* a callee trapped: the open transaction can only abort (F4) */
    bool powered;
    bool locked;            /* CARD_LOCKED or TERMINATED is being enforced */
    bool registry_staged;   /* an applet changed a life cycle: read the registry anew at the end */
    enum onecard_err fault; /* the port failed: nothing is answered until power-on */
    struct channel basic;
    struct channel *channels[CHANNELS_MAX]; /* by number; NULL: not open; [0] is the basic one */
    struct chain chain;
    struct pending pending;
    uint8_t *buffer; /* the longer of port.command_max and port.response_max bytes */
};

/* ---- applet.c ---- */

/* Make an instance of the applet of that context ready, in memory from the pool: cleared, with its
 * data in place. fuel: for its start function. ONECARD_E_NO_MEMORY, ONECARD_E_CORRUPT (code),
 * ONECARD_E_TRAP. */
enum onecard_err applet_open(struct onecard *card, struct applet *a, uint32_t context,
                             uint64_t *fuel);

/* Does the instance allow to be selected on several channels at once: has it select_again? */
bool applet_selects_again(struct onecard *card, uint32_t context);

/* Wipe its memory and session keys and give them back. */
void applet_close(struct onecard *card, struct applet *a);

/* The store has given code another place (store_moves()): follow it. */
void applet_code_moved(struct onecard *card);

/* Run one export. Returns its status word (SW_OK for one that the module does not have, but
 * SW_INS_UNSUPPORTED for process), or 6F00 after a trap with *out_trapped set: the caller then
 * closes the applet and aborts. status and selection may be NULL outside of a selection. */
uint16_t applet_run(struct onecard *card, struct applet *a, enum applet_export entry,
                    const struct apdu *command, struct apdu_answer *answer, struct channel *channel,
                    bool nested, bool *out_trapped);

/* Has its module an entry "share"? */
bool applet_shares(struct onecard *card, uint32_t context);

/* Run the entry "share" for the caller that stands in its door. Returns whether it trapped, else
 * its result; burns of *fuel. */
bool applet_share(struct onecard *card, struct applet *a, const struct apdu *command,
                  struct apdu_answer *answer, uint64_t *fuel, int32_t *out_result);

/* The runtime's side of struct upcalls. */
uint16_t applet_run_outside(void *runtime, uint32_t context, enum applet_entry entry,
                            const struct apdu *command);
uint16_t applet_personalise(void *runtime, uint32_t context, const struct apdu *command,
                            struct scp_session *scp);
void applet_forget_instance(void *runtime, uint32_t context);
uint16_t applet_scp_domain(void *runtime, uint32_t context, struct scp_domain *out_domain);
void applet_review_channels(void *runtime, uint32_t owner, const uint8_t *gone,
                            const struct scp_session *except);

/* ---- limits.c ---- */

/* What held before an instance ran: a shared call runs within another's limits. */
struct limits {
    struct store_limit store;
    uint32_t *stack_limit;
    uint32_t depth_max;
};

/* Put the quotas of an instance in force for one run, with the fuel that it may burn at most
 * (lowered to its quota); leave gives back what held before. */
void limits_enter(struct onecard *card, const struct applet *a, struct limits *outer,
                  uint64_t *fuel);
void limits_leave(struct onecard *card, const struct limits *outer);

/* ---- select.c ---- */

/* SELECT by name (P1 = 04). */
uint16_t select_by_name(struct onecard *card, struct channel *channel, const struct apdu *command,
                        struct apdu_answer *answer);

/* Volatile state of a fresh channel, and what is selected on it by default (GPCS 6.4.2.1.1,
 * 6.4.3.1): the application that is implicitly selected on this interface and channel, else the
 * issuer security domain; on a locked card the final application. */
void select_default(struct onecard *card, struct channel *channel);

/* Close whatever is selected. tell: run its deselect entry first. */
void select_close(struct onecard *card, struct channel *channel, bool tell);

/* Is the instance selected on another channel than this one (NULL: on any)? */
bool select_elsewhere(const struct onecard *card, const struct channel *channel, uint32_t context);

/* Select what a channel just opened begins with: the issuer security domain if origin is the basic
 * channel, else what is selected on origin. */
uint16_t select_first(struct onecard *card, struct channel *channel, const struct channel *origin);

/* Is the instance selected on another channel than this one? */
bool select_elsewhere(const struct onecard *card, const struct channel *channel, uint32_t context);

/* Select what a channel just opened begins with (GPCS 6.4.3.1): what is selected by default if it
 * was opened from the basic channel, else what is selected on origin. 9000, or why not. */
uint16_t select_first(struct onecard *card, struct channel *channel, const struct channel *origin);

/* ---- channel.c ---- */

/* A class byte taken apart (ISO/IEC 7816-4 5.4.1; GPCS 11.1.4 for those with bit 8). */
struct class_byte {
    uint8_t base; /* as on the basic channel, without the chaining bit */
    uint8_t channel;
    bool chained;
};

/* false: a class that the standard reserves, 6E00. */
bool channel_class(uint8_t cla, struct class_byte *out);

/* How many channels the card has, the basic one included. */
uint32_t channel_count(const struct onecard *card);

/* MANAGE CHANNEL (ISO/IEC 7816-4 11.1.2; GPCS 11.7). */
uint16_t channel_manage(struct onecard *card, const struct apdu *command,
                        struct apdu_answer *answer);

/* Close every channel but the basic one, without a word to applets: at reset and power-off. */
void channel_close_all(struct onecard *card);

/* ---- share.c ---- */

/* The runtime's side of struct upcalls. */
int32_t share_call(void *runtime, const struct share_call *call);

/* ---- life.c ---- */

/* Is the card CARD_LOCKED or TERMINATED? */
bool life_locked(const struct onecard *card);

/* The context of the application with the Final Application privilege; 0: the issuer's domain. */
uint32_t life_final(const struct onecard *card);

/* At the end of a command: if the card was locked or terminated by it, nobody but the final
 * application stays selected. Channels that are closed by this are gone. */
void life_enforce(struct onecard *card);

/* After a commit or abort: the registry as it is now, if an applet changed a life cycle. */
enum onecard_err life_refresh(struct onecard *card);

/* The runtime's side of struct upcalls. */
int32_t life_get(void *runtime, uint32_t context);
int32_t life_set(void *runtime, uint32_t context, uint8_t state);

/* ---- dispatch.c ---- */

/* Answer one whole command on a channel. Commits or aborts. */
uint16_t dispatch_command(struct onecard *card, struct channel *channel, const struct apdu *command,
                          struct apdu_answer *answer);

/* Make staged changes durable at the end of a command, or undo them; notes a failed port. */
uint16_t dispatch_commit(struct onecard *card, uint16_t status);

/* Undo them: nothing of the command remains. */
void dispatch_abort(struct onecard *card);

/* ---- transmit.c ---- */

/* Take the buffer for something new: an unfinished chain is lost, and its channel will be told; an
 * answer that waits in it is gone. */
void transmit_take_buffer(struct onecard *card);

/* ---- answer.c ---- */

/* Would this answer be refused for a short Le (6Cxx)? Then the status word, else 0. */
uint16_t answer_wrong_le(const struct apdu *command, uint32_t len);

/* Cut the answer to what the command asked for and keep the rest for GET RESPONSE. */
uint16_t answer_shape(struct onecard *card, const struct apdu *command, struct apdu_answer *answer,
                      uint16_t status);

/* Does a part of an answer wait on that channel? */
bool answer_waits(const struct onecard *card, uint8_t channel);

/* Forget what waits on that channel. */
void answer_forget(struct onecard *card, uint8_t channel);

/* GET RESPONSE (ISO/IEC 7816-4 11.5.1). */
uint16_t answer_get_response(struct onecard *card, const struct apdu *command,
                             struct apdu_answer *answer);

/* ---- atr.c ---- */

/* The ATR for the port's interface. */
size_t atr_make(const struct onecard *card, uint8_t atr[ONECARD_ATR_MAX]);

#endif
