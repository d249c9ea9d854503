#include "gp_link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "commands.h"
#include "hex.h"
#include "names.h"

static const char COMMAND[] = "gp";

/* What the trace takes the selected application for: names and secrets are a security domain's. */
static const uint8_t domain_aid[] = {0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00};

/* ---- opening ---- */

static int prepare(struct gp_link *link) {
    link->trace.out = stderr;
    link->answer = malloc(GP_ANSWER_MAX);
    return link->answer ? EXIT_OK : complain(EXIT_FAILED, COMMAND, "out of memory");
}

static void card_says(void *ctx, enum onecard_trace_kind kind, const char *text) {
    struct gp_link *link = ctx;
    trace_note(&link->trace, kind, text);
}

int gp_link_open_image(struct gp_link *link, const char *path,
                       const struct image_options *options) {
    struct image_options own = *options;
    uint8_t atr[ONECARD_ATR_MAX];
    own.trace = card_says; /* why something was refused is worth a line at any time */
    own.trace_ctx = link;
    int status = prepare(link);
    if (!status)
        status = image_open(&link->image, COMMAND, path, &own);
    if (!status && onecard_power_on(link->image.card, atr) == 0)
        status = complain(EXIT_FAILED, COMMAND, "%s: the card is mute", path);
    return status;
}

int gp_link_open_reader(struct gp_link *link, const char *reader) {
    char message[256];
    int status = prepare(link);
    if (!status && !gp_pcsc_open(&link->pcsc, reader, message, sizeof message))
        status = complain(EXIT_FAILED, COMMAND, "%s", message);
    return status;
}

void gp_link_close(struct gp_link *link) {
    gp_session_end(&link->session);
    image_close(&link->image);
    gp_pcsc_close(&link->pcsc);
    free(link->answer);
    link->answer = NULL;
}

/* ---- exchange ---- */

/* One command and its answer as they go over the wire. */
static int transmit(struct gp_link *link, const uint8_t *command, size_t len, size_t *out_len) {
    *out_len = 0;
    if (link->image.card) {
        enum onecard_err err =
            onecard_transmit(link->image.card, command, len, link->answer, out_len);
        while (!err && onecard_idle(link->image.card))
            ;
        if (err)
            return complain(EXIT_FAILED, COMMAND, "the card gave no answer: %s",
                            onecard_err_text(err));
    } else {
        char message[256];
        *out_len = GP_ANSWER_MAX;
        if (!gp_pcsc_transmit(&link->pcsc, command, len, link->answer, out_len, message,
                              sizeof message))
            return complain(EXIT_FAILED, COMMAND, "%s", message);
    }
    if (*out_len < 2)
        return complain(EXIT_FAILED, COMMAND, "the card's answer has no status word");
    return EXIT_OK;
}

/* Answers that come in parts (61xx), and a wrong Le (6Cxx); both only where no MAC is broken by it.
 */
static int follow(struct gp_link *link, uint8_t *command, size_t len, size_t *out_len) {
    uint8_t *whole = NULL;
    size_t whole_len = 0;
    int status = transmit(link, command, len, out_len);
    if (!status && link->answer[*out_len - 2] == 0x6C && !link->session.open && len == 5) {
        command[4] = link->answer[*out_len - 1];
        status = transmit(link, command, len, out_len);
    }
    while (!status && link->answer[*out_len - 2] == 0x61) {
        const uint8_t more[] = {0x00, 0xC0, 0x00, 0x00, link->answer[*out_len - 1]};
        uint8_t *longer = whole_len > GP_ANSWER_MAX ? NULL : realloc(whole, whole_len + *out_len);
        if (!longer) {
            free(whole);
            return complain(EXIT_FAILED, COMMAND, "the card's answer has no end");
        }
        whole = longer;
        memcpy(whole + whole_len, link->answer, *out_len - 2);
        whole_len += *out_len - 2;
        status = transmit(link, more, sizeof more, out_len);
    }
    if (!status && whole_len + *out_len > GP_ANSWER_MAX)
        status = complain(EXIT_FAILED, COMMAND, "the card's answer is too long");
    if (!status && whole_len) {
        memmove(link->answer + whole_len, link->answer, *out_len);
        memcpy(link->answer, whole, whole_len);
        *out_len += whole_len;
    }
    free(whole);
    return status;
}

static void show_wire(const struct gp_link *link, const char *mark, const uint8_t *bytes,
                      size_t len) {
    if (!link->verbose)
        return;
    fprintf(link->trace.out, "        wire %s ", mark);
    hex_print(link->trace.out, bytes, len);
    fputc('\n', link->trace.out);
}

/* A secured command of extended length, cut up: INSTALL, DELETE, PUT KEY say in P1 that more comes.
 * A part that is not taken ends it; the answer is that one's. */
static int send_parts(struct gp_link *link, const uint8_t *wire, size_t wire_len, size_t *out_len) {
    const size_t lc = (size_t)(wire[5] << 8 | wire[6]);
    const bool with_le = wire_len > 7 + lc;
    size_t at = 0, n;
    int status;
    do {
        uint8_t part[5 + 255 + 1] = {wire[0], wire[1], wire[2], wire[3]};
        n = lc - at < 255 ? lc - at : 255;
        const bool last = at + n == lc;
        if (!last)
            part[2] |= 0x80;
        part[4] = (uint8_t)n;
        memcpy(part + 5, wire + 7 + at, n); /* and Le 00 behind it, if it is asked for */
        status = follow(link, part, 5 + n + (last && with_le), out_len);
        at += n;
    } while (!status && at < lc && get_be16(link->answer + *out_len - 2) == 0x9000);
    return status;
}

static bool may_be_cut(uint8_t ins) {
    return ins == 0xE6 || ins == 0xE4 || ins == 0xD8;
}

/* The command in plain; returns its length, 0 if it is too long. */
static size_t put_together(const uint8_t head[4], const uint8_t *data, size_t len, bool with_le,
                           uint8_t out[GP_COMMAND_MAX]) {
    const bool extended = len > 255;
    size_t at = 4;
    if (len > (may_be_cut(head[1]) ? GP_DATA_MAX : 255u))
        return 0;
    memcpy(out, head, 4);
    if (extended) {
        out[at++] = 0;
        out[at++] = (uint8_t)(len >> 8);
    }
    if (len) {
        out[at++] = (uint8_t)len;
        memcpy(out + at, data, len);
        at += len;
    }
    if (with_le)
        out[at++] = 0x00;
    if (with_le && extended)
        out[at++] = 0x00;
    return at;
}

int gp_link_send(struct gp_link *link, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2,
                 const uint8_t *data, size_t len, bool with_le) {
    const uint8_t head[4] = {cla, ins, p1, p2};
    uint8_t plain[GP_COMMAND_MAX], wire[GP_COMMAND_MAX];
    size_t answer_len;
    struct trace_exchange exchange;
    if (len > gp_session_room(&link->session) && !may_be_cut(ins) && ins != 0x82)
        return complain(EXIT_FAILED, COMMAND, "a command with %zu bytes of data is too long", len);
    size_t plain_len = put_together(head, data, len, with_le, plain);
    size_t wire_len = plain_len ? gp_session_wrap(&link->session, plain, plain_len, wire) : 0;
    if (!wire_len)
        return complain(EXIT_FAILED, COMMAND, "a command with %zu bytes of data is too long", len);
    const bool cut = wire_len > 7 && wire[4] == 0;
    bool secured = wire_len != plain_len;
    if (link->verbose) {
        trace_command(&link->trace, domain_aid, sizeof domain_aid, plain, plain_len);
        if (secured)
            show_wire(link, ">", wire, wire_len);
    }
    clock_gettime(CLOCK_MONOTONIC, &exchange.start);
    int status = cut ? send_parts(link, wire, wire_len, &answer_len)
                     : follow(link, wire, wire_len, &answer_len);
    bytes_wipe(wire, sizeof wire);
    if (status)
        return status;
    size_t raw_len = answer_len;
    if (link->session.open && (link->session.level & GP_LEVEL_ANSWER_MAC) && ins != 0x82)
        show_wire(link, "<", link->answer, answer_len);
    const char *wrong = ins == 0x82 ? NULL
                                    : gp_session_unwrap(&link->session, plain, plain_len,
                                                        link->answer, &answer_len);
    bytes_wipe(plain, sizeof plain);
    if (wrong)
        return complain(EXIT_FAILED, COMMAND, "%s (%zu bytes)", wrong, raw_len);
    if (link->verbose)
        trace_end(&link->trace, &exchange, ONECARD_OK, link->answer, answer_len);
    link->len = answer_len - 2;
    link->sw = get_be16(link->answer + link->len);
    return EXIT_OK;
}

int gp_link_refused(const struct gp_link *link, const char *doing) {
    char words[80];
    names_status(link->sw, words, sizeof words);
    return complain(EXIT_FAILED, COMMAND, "%s: %04X %s", doing, link->sw, words);
}

int gp_link_must(struct gp_link *link, const char *doing, uint8_t cla, uint8_t ins, uint8_t p1,
                 uint8_t p2, const uint8_t *data, size_t len, bool with_le) {
    int status = gp_link_send(link, cla, ins, p1, p2, data, len, with_le);
    if (!status && link->sw != 0x9000)
        status = gp_link_refused(link, doing);
    return status;
}
