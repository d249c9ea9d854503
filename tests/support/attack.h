/* A frame for attacks through the door: the test drives tests/applets/attack, an applet that makes
 * any host call with any arguments, and sees what came of it. The table of host calls itself is
 * here too, so that attacks can be generated from it: new calls are attacked without new tests. */
#ifndef SUPPORT_ATTACK_H
#define SUPPORT_ATTACK_H

#include "support/card.h"

/* ---- the table ---- */

enum attack_number {
#define GROUP(text)
#define CALL(number, name, result, arguments, names, privilege, cost, text) HOST_##name = number,
#include "firewall/calls.def"
#undef CALL
#undef GROUP
};

struct attack_row {
    const char *name;
    const char *arguments; /* letters of calls.def */
    uint32_t number;
    bool free; /* needs no privilege */
};
extern const struct attack_row attack_rows[];
extern const size_t attack_row_count;

/* Slots that the arguments of a row take: one for v, two for r and w. */
unsigned attack_slots(const struct attack_row *row);

/* ---- the applet ---- */

#define ATTACK_PACKAGE "F06F6E6563617264FF60"
#define ATTACK_SLOTS 10u
#define ATTACK_SCRATCH 2048u /* bytes in the applet's memory for the test's buffers */

/* How an entry misbehaves; the applet's misbehave(). */
enum attack_how {
    HOW_WELL = 0,
    HOW_TRAP = 1,
    HOW_REFUSE = 2, /* 6985 */
    HOW_LOOP = 3,   /* until the fuel is gone */
    HOW_RECURSE = 4,
    HOW_READ = 5, /* beyond its memory */
    HOW_WRITE = 6,
    HOW_POINTER = 7, /* gives one to the card */
    HOW_DIVIDE = 8,
    HOW_INDIRECT = 9,
    HOW_STATUS = 10, /* an impossible status word */
    HOW_COUNT,
};

struct attack {
    struct test_card t;
    unsigned instance; /* the one that is selected, 1 and up */
    unsigned channel;  /* that commands go to, 0 to 3 */
    uint32_t scratch;  /* address of the scratch bytes */
    uint32_t size;     /* bytes of the applet's memory */
};

/* A card from a profile with instances ATTACK_PACKAGE 01, 02, ...; the first is selected. */
void attack_open(struct attack *a, const char *profile);
void attack_close(struct attack *a);

/* SELECT an instance; fails the test if it refuses. */
void attack_select(struct attack *a, unsigned instance);

/* Open the next logical channel, and send what follows there. Give `channel` another value to go
 * back to one that is open. */
void attack_open_channel(struct attack *a);

/* What a call does to its command. */
enum attack_mode {
    ATTACK_KEEP = 0, /* it ends well: committed */
    ATTACK_UNDO = 1, /* it ends with 6F00: undone */
    ATTACK_TRAP = 2, /* the applet traps after the call: undone, selected again */
};

struct attack_outcome {
    bool trapped;    /* the call itself ended the command; the instance is selected again */
    int32_t result;  /* what it returned; 0 if it trapped, or the mode is ATTACK_TRAP */
    uint16_t status; /* of the command */
};

/* One host call. arguments: ATTACK_SLOTS of them, or fewer in a compound literal padded by C. */
struct attack_outcome attack_call(struct attack *a, enum attack_mode mode, uint32_t number,
                                  const uint32_t arguments[ATTACK_SLOTS]);

/* A file (FID 0101, 32 bytes, rules that allow all), a data object (tag 9F01), keys 0 (AES, for all
 * uses) and 1 (3DES, for all), PINs 0 ("1234", its PUK is 1) and 1 ("87654321"), a biometric gate,
 * and session slot 0: what there is to attack. All counters start at 9 (keys) and 5. */
void attack_furnish(struct attack *a);
#define ATTACK_FID 0x0101u
#define ATTACK_TAG 0x9F01u

/* The usual case: it does not trap, and is kept. Returns its result. */
#define HOST(a, name, ...)                                                                         \
    attack_host(a, HOST_##name, (const uint32_t[ATTACK_SLOTS]){__VA_ARGS__}, __FILE__, __LINE__)
int32_t attack_host(struct attack *a, uint32_t number, const uint32_t arguments[ATTACK_SLOTS],
                    const char *file, int line);

/* Bytes into, and out of, the scratch at offset. */
void attack_put(struct attack *a, uint32_t offset, const void *bytes, uint32_t len);
void attack_get(struct attack *a, uint32_t offset, void *bytes, uint32_t len);

#endif
