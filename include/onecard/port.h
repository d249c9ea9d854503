/* What a platform owns, and the only seam between the card and it.
 *
 * A port fills one struct onecard_port and hands it to onecard_open() (card.h). The card never
 * calls the operating system in any other way. All functions are called from the thread that
 * calls into the card. The struct and everything it points to must outlive the card. */
#ifndef ONECARD_PORT_H
#define ONECARD_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "onecard/error.h"

#define ONECARD_DEVICE_KEY_SIZE 32 /* bytes; AES-256, see S6 in docs/DESIGN.md */
#define ONECARD_SERIAL_SIZE 8      /* bytes */

/* Geometry of the card's flash. An erased byte reads FF; programming only clears bits. */
struct onecard_flash {
    uint32_t sector_size;       /* bytes an erase clears; a power of two, 1 KiB to 128 KiB */
    uint32_t sector_count;      /* 4 to 65535 */
    uint32_t word_size;         /* smallest program unit in bytes: 1, 2, 4, 8 or 16 */
    uint32_t program_max;       /* most bytes one program operation takes, a multiple of word_size;
                                   an operation never crosses a multiple of this */
    uint32_t programs_per_word; /* how often a word may be programmed between erases, at least 1 */
    const uint8_t *base;        /* the whole area, mapped for reading: reads are plain loads */
};

/* Events for a person who watches the card. They carry no keys or PINs. */
enum onecard_trace_kind {
    ONECARD_TRACE_TRAP,    /* an applet trapped: text names kind, function and offset */
    ONECARD_TRACE_REFUSED, /* something was refused: text says why (module, load file, ...) */
    ONECARD_TRACE_NOTE,    /* anything else worth a line */
    ONECARD_TRACE_SCREEN,  /* what a visible card shows now (the host port tells it so) */
};

/* What the sensor of a biometric gate says about the person who holds the card. */
enum onecard_biometric {
    ONECARD_BIOMETRIC_NO_SENSOR = 0, /* there is none, or it is not ready: nothing was compared */
    ONECARD_BIOMETRIC_NO_MATCH = 1,
    ONECARD_BIOMETRIC_MATCH = 2,
};

/* What a visible card shows: a little text and simple marks. Draw them as the screen can. */
#define ONECARD_SCREEN_TEXT_MAX 96 /* bytes of UTF-8 */
enum onecard_mark {                /* numbers stand in the applets' interface: never renumber */
                    ONECARD_MARK_DONE = 0x0001,   /* a check mark */
                    ONECARD_MARK_FAILED = 0x0002, /* a cross */
                    ONECARD_MARK_WARNING = 0x0004,
                    ONECARD_MARK_LOCKED = 0x0008,
                    ONECARD_MARK_CONTACTLESS = 0x0010,
                    ONECARD_MARK_RECEIVED = 0x0020, /* money or rights came in */
                    ONECARD_MARK_PAID = 0x0040,     /* and went out */
                    ONECARD_MARK_BATTERY_LOW = 0x0080,
                    ONECARD_MARK_ALL = 0x00FF,
};
struct onecard_screen {
    const char *text;   /* NUL-terminated UTF-8, lines parted by line feeds; empty: nothing */
    uint32_t marks;     /* enum onecard_mark bits */
    const uint8_t *aid; /* of the applet that speaks; aid_len 0: the card itself */
    uint8_t aid_len;
};

struct onecard_port {
    void *ctx; /* handed to every function below */

    struct onecard_flash flash;

    /* Simulated flash, in which an erased sector costs nothing before it is written: then
     * formatting does not write to one only to say that it is erased. */
    bool flash_sparse;

    /* Program len bytes at offset (both multiples of flash.word_size, within one program_max
     * block). Bits go from 1 to 0 only. ONECARD_E_IO if the hardware reports a failure or the
     * flash rules are broken. */
    enum onecard_err (*flash_program)(void *ctx, uint32_t offset, const void *data, uint32_t len);

    /* Erase one sector to FF. */
    enum onecard_err (*flash_erase)(void *ctx, uint32_t sector);

    /* Everything programmed or erased before is durable when this returns (S3). On real flash
     * it does nothing; on a disk it is a flush. */
    enum onecard_err (*flash_barrier)(void *ctx);

    /* Fill buf with len bytes of entropy. ONECARD_E_IO if the source fails its health test. */
    enum onecard_err (*entropy)(void *ctx, void *buf, size_t len);

    /* A counter outside of flash that nobody can turn back; both NULL if there is none, and then
     * nobody can tell whether the whole image was replaced by an older one (S6). raise makes value,
     * one more than was read last, durable. counter_interval: how many commits pass between raises
     * (0 means 1); a counter that wears may state more, and then an image as old as that passes.
     * The first commit after power-up and each that changes a secret raise it anyway. */
    enum onecard_err (*counter_read)(void *ctx, uint32_t *out_value);
    enum onecard_err (*counter_raise)(void *ctx, uint32_t value);
    uint32_t counter_interval;

    /* The key under which secrets rest in flash (S6). */
    enum onecard_err (*device_key)(void *ctx, uint8_t key[ONECARD_DEVICE_KEY_SIZE]);

    /* true if that key is a published one: then nothing in flash can be trusted for being
     * authenticated, and translated code is checked against its Wasm instead (S6). */
    bool device_key_published;

    /* The chip's serial number, which stays as long as the chip does and which no other chip has;
     * zeros if there is none. Not a secret. */
    uint8_t serial[ONECARD_SERIAL_SIZE];

    /* Where the card is: 0 contact, 1 contactless (ISO/IEC 14443). Access rules may tell. */
    uint8_t interface;

    /* Logical channels, the basic one included: 1 to 20; 0 means 4. An open one takes under 1 KiB
     * of the pool, and the memory of what is selected on it. */
    uint32_t channels;

    /* Tell a person something; may be NULL. text is NUL-terminated and valid only in the call. */
    void (*trace)(void *ctx, enum onecard_trace_kind kind, const char *text);

    /* Show this until the next one; may be NULL: not a visible card. Called after the commit of
     * what is shown, never before. Valid only in the call. */
    void (*display)(void *ctx, const struct onecard_screen *screen);

    /* Ask the sensor about the person, now; may be NULL: no sensor. Waiting is the port's. */
    enum onecard_biometric (*biometric)(void *ctx);

    /* Let so many milliseconds pass, extending the waiting time of the transport as needed; may be
     * NULL. The card asks for it where somebody keeps guessing keys. */
    void (*delay)(void *ctx, uint32_t milliseconds);

    /* Longest command and answer data field in bytes, 256 to 65535; longer commands get 6700. */
    uint32_t command_max;
    uint32_t response_max;

    /* Bytes of the pool from which applet memories and stacks come (board: 40 KiB). */
    uint32_t pool_size;

    /* Fuel (Wasm operations, roughly) that one command may burn before it traps. */
    uint64_t fuel_per_command;

    /* Capacity of the store's tables and of one transaction; 0 means the store's default: an object
     * for each KiB of flash, 4096 bytes. */
    uint32_t store_objects;
    uint32_t store_transaction; /* bytes */
};

#endif
