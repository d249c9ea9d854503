#include "trace.h"

#include <stdbool.h>

#include "base/apdu.h"
#include "base/bytes.h"
#include "hex.h"
#include "names.h"

enum {
    HEADER_SIZE = 4, /* CLA INS P1 P2 */
    SHOWN_MAX = 64,  /* bytes of a long field that are shown */
    AID_MAX = 16,
};

/* Indents under the time of day, "12:34:56.789 ". */
static const char INDENT[] = "             ";

static void print_time(const struct trace *trace) {
    FILE *out = trace->out;
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &parts);
    fprintf(out, "%02d:%02d:%02d.%03ld ", parts.tm_hour, parts.tm_min, parts.tm_sec,
            now.tv_nsec / 1000000);
    if (trace->label)
        fprintf(out, "%s: ", trace->label);
}

static void print_bytes(FILE *out, const uint8_t *bytes, size_t len) {
    hex_print(out, bytes, len < SHOWN_MAX ? len : SHOWN_MAX);
    if (len > SHOWN_MAX)
        fprintf(out, "... (%zu bytes)", len);
}

/* ISO/IEC 7816-4 5.4.1: the first and the further interindustry class bytes, and as GlobalPlatform
 * 11.1.4 has the proprietary ones. */
static unsigned channel_of(uint8_t cla) {
    if ((cla & 0xE0) == 0xA0)
        return 0; /* the applet's own, on the basic channel */
    return (cla & 0x40) ? (cla & 0x0Fu) + 4 : cla & 0x03u;
}

/* ---- parameters ---- */

static void print_name(FILE *out, const uint8_t *aid, size_t len) {
    uint8_t families;
    const char *name = names_applet(aid, len, &families);
    hex_print(out, aid, len);
    if (name)
        fprintf(out, " (%s)", name);
}

static void print_select(FILE *out, const struct apdu *c) {
    static const char *const occurrences[] = {"first or only", "last", "next", "previous"};
    static const char *const kinds[] = {"by file identifier", "child DF", "EF under the current DF",
                                        "parent DF"};
    if (c->p1 == 0x04)
        fprintf(out, "by name, %s", occurrences[c->p2 & 3]);
    else if (c->p1 < 4)
        fputs(kinds[c->p1], out);
    else
        fprintf(out, "P1 %02X", c->p1);
    if ((c->p2 & 0x0C) == 0x0C)
        fputs(", no answer data", out);
    if (c->lc > 0 && c->lc <= AID_MAX) {
        fputs(c->p1 == 0x04 ? ", AID " : ", ", out);
        print_name(out, c->data, c->lc);
    }
}

static void print_binary(FILE *out, uint8_t p1, uint8_t p2) {
    if (p1 & 0x80)
        fprintf(out, "SFI %02X, offset %u", p1 & 0x1Fu, p2);
    else
        fprintf(out, "offset %u", (unsigned)p1 << 8 | p2);
}

static void print_record(FILE *out, uint8_t p1, uint8_t p2) {
    fprintf(out, "record %u of ", p1);
    if (p2 >> 3)
        fprintf(out, "SFI %02X", p2 >> 3);
    else
        fputs("the current file", out);
}

/* GlobalPlatform 2.3.1 11.5.2.1: P1 is a set of roles, and says whether the command goes on in
 * another one; with the first three, P2 is the place in their process. */
static void print_install(FILE *out, uint8_t p1, uint8_t p2) {
    static const struct {
        uint8_t bit;
        const char *role;
    } roles[] = {{0x02, "load"},        {0x04, "install"},         {0x08, "make selectable"},
                 {0x10, "extradition"}, {0x20, "personalization"}, {0x40, "registry update"}};
    const char *before = "for ";
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (p1 & roles[i].bit) {
            fprintf(out, "%s%s", before, roles[i].role);
            before = " and ";
        }
    }
    if ((p1 & 0x0E) == 0x0E && p2)
        fputs(p2 == 0x01 ? ", the first" : p2 == 0x03 ? ", the last" : ", P2 unknown", out);
    if (p1 & 0x80)
        fputs(", a part", out);
}

static void print_parameters(FILE *out, enum parameters kind, const struct apdu *c) {
    switch (kind) {
    case PARAMETERS_SELECT:
        print_select(out, c);
        break;
    case PARAMETERS_TAG:
        fprintf(out, "tag %0*X", c->p1 ? 4 : 2, (unsigned)c->p1 << 8 | c->p2);
        break;
    case PARAMETERS_BINARY:
        print_binary(out, c->p1, c->p2);
        break;
    case PARAMETERS_RECORD:
        print_record(out, c->p1, c->p2);
        break;
    case PARAMETERS_INSTALL:
        print_install(out, c->p1, c->p2);
        break;
    case PARAMETERS_BLOCK:
        fprintf(out, "block %u%s", c->p2, c->p1 & 0x80 ? ", the last" : "");
        break;
    case PARAMETERS_PLAIN:
        fprintf(out, "P1 %02X P2 %02X", c->p1, c->p2);
        break;
    }
}

/* ---- lines ---- */

static void print_title(FILE *out, const struct command_name *name, const struct apdu *c,
                        bool whole) {
    if (name)
        fprintf(out, "%s  ", name->name);
    else
        fprintf(out, "INS %02X  ", c->ins);
    if (channel_of(c->cla) != 0)
        fprintf(out, "channel %u, ", channel_of(c->cla));
    print_parameters(out, name ? name->parameters : PARAMETERS_PLAIN, c);
    if (!whole)
        fputs(", lengths do not agree", out);
    if (c->lc)
        fprintf(out, ", Lc %u", (unsigned)c->lc);
    if (c->ne)
        fprintf(out, ", Le %u", (unsigned)c->ne);
    fputc('\n', out);
}

/* Header, Lc, data and Le with blanks between them. */
static void print_command(FILE *out, const uint8_t *command, size_t len, const struct apdu *c) {
    const uint8_t *body = command + HEADER_SIZE, *end = command + len;
    hex_print(out, command, HEADER_SIZE);
    if (body < end)
        fputc(' ', out);
    if (c->lc) {
        const uint8_t *le = c->data + c->lc;
        hex_print(out, body, (size_t)(c->data - body));
        fputc(' ', out);
        print_bytes(out, c->data, c->lc);
        if (le < end)
            fputc(' ', out);
        body = le;
    }
    print_bytes(out, body, (size_t)(end - body));
    fputc('\n', out);
}

static void print_masked(FILE *out, const uint8_t *command, size_t len) {
    hex_print(out, command, HEADER_SIZE);
    fprintf(out, " (%zu bytes masked)\n", len - HEADER_SIZE);
}

/* A command of which at least the header is there. */
static void print_exchange(FILE *out, uint8_t families, const uint8_t *command, size_t len) {
    struct apdu c;
    bool whole = apdu_parse(command, len, &c);
    if (!whole)
        c = (struct apdu){.cla = command[0], .ins = command[1], .p1 = command[2], .p2 = command[3]};
    print_title(out, names_command(families, c.cla, c.ins), &c, whole);
    fprintf(out, "%s> ", INDENT);
    if (names_secret(families, c.cla, c.ins) && (c.lc || !whole))
        print_masked(out, command, len);
    else
        print_command(out, command, len, &c);
}

void trace_command(struct trace *trace, const uint8_t *aid, size_t aid_len, const uint8_t *command,
                   size_t len) {
    FILE *out = trace->out;
    uint8_t families;
    const char *applet = names_applet(aid, aid_len, &families);
    print_time(trace);
    if (applet) {
        fprintf(out, "[%s] ", applet);
    } else {
        fputc('[', out);
        hex_print(out, aid, aid_len);
        fputs(aid_len ? "] " : "nothing selected] ", out);
    }
    if (len < HEADER_SIZE) {
        fprintf(out, "%zu bytes are not a command\n%s> ", len, INDENT);
        hex_print(out, command, len);
        fputc('\n', out);
    } else {
        print_exchange(out, families, command, len);
    }
}

void trace_begin(struct trace *trace, struct trace_exchange *exchange, const struct onecard *card,
                 const uint8_t *command, size_t len) {
    uint8_t aid[AID_MAX];
    size_t aid_len = onecard_selected_on(card, len ? channel_of(command[0]) : 0, aid);
    trace_command(trace, aid, aid_len, command, len);
    clock_gettime(CLOCK_MONOTONIC, &exchange->start);
}

static double microseconds_since(const struct timespec *start) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) * 1e6 +
           (double)(now.tv_nsec - start->tv_nsec) / 1e3;
}

void trace_end(struct trace *trace, const struct trace_exchange *exchange, enum onecard_err err,
               const uint8_t *response, size_t len) {
    double time = microseconds_since(&exchange->start);
    FILE *out = trace->out;
    fprintf(out, "%s< ", INDENT);
    if (err || len < 2) {
        fprintf(out, "no answer: %s", onecard_err_text(err));
    } else {
        char words[80];
        uint16_t sw = get_be16(response + len - 2);
        names_status(sw, words, sizeof words);
        print_bytes(out, response, len - 2);
        fprintf(out, "%s%04X %s", len > 2 ? " " : "", sw, words);
    }
    fprintf(out, "  (%.1f us)\n", time);
    fflush(out);
}

void trace_power_on(struct trace *trace, const uint8_t *atr, size_t atr_len) {
    print_time(trace);
    fputs("power on or reset, ATR ", trace->out);
    hex_print(trace->out, atr, atr_len);
    fputc('\n', trace->out);
    fflush(trace->out);
}

void trace_power_off(struct trace *trace) {
    print_time(trace);
    fputs("power off\n", trace->out);
    fflush(trace->out);
}

void trace_note(struct trace *trace, enum onecard_trace_kind kind, const char *text) {
    static const char *const words[] = {[ONECARD_TRACE_TRAP] = "trap",
                                        [ONECARD_TRACE_REFUSED] = "refused",
                                        [ONECARD_TRACE_NOTE] = "",
                                        [ONECARD_TRACE_SCREEN] = "screen"};
    fprintf(trace->out, "%s! %s%s%s\n", INDENT, words[kind], *words[kind] ? ": " : "", text);
    fflush(trace->out);
}
