/* Where "onecard gp" finds its card: an image, in this process, or a PC/SC reader; and the exchange
 * of commands with it, over a secure channel once one is open. */
#ifndef ONECARD_GP_LINK_H
#define ONECARD_GP_LINK_H

#include "gp_channel.h"
#include "gp_pcsc.h"
#include "image.h"
#include "trace.h"

struct gp_link {
    struct image image; /* image.card NULL: the card is in a reader */
    struct gp_pcsc pcsc;
    bool verbose;
    struct trace trace;
    struct gp_session session;
    uint8_t *answer; /* GP_ANSWER_MAX bytes */
    size_t len;      /* of the answer's data, without its status word */
    uint16_t sw;
};

/* Open and power up. reader: a name or a part of it, NULL for the image at path. Returns 0, or an
 * exit status after a line on standard error, like all below. */
int gp_link_open_image(struct gp_link *link, const char *path, const struct image_options *options);
int gp_link_open_reader(struct gp_link *link, const char *reader);
void gp_link_close(struct gp_link *link);

/* One command of at most gp_session_room() bytes of data, and up to GP_DATA_MAX for INSTALL, DELETE
 * and PUT KEY, which are sent in parts then (GPCS 11.1.5.1: secured as one, P1 bit 8 set in all but
 * the last); the answer's data and status word are in the link then. with_le: Le = 00 is sent. A
 * status word of any value is no error here. */
int gp_link_send(struct gp_link *link, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2,
                 const uint8_t *data, size_t len, bool with_le);

/* The same; a status word other than 9000 is refused with what was being done. */
int gp_link_must(struct gp_link *link, const char *doing, uint8_t cla, uint8_t ins, uint8_t p1,
                 uint8_t p2, const uint8_t *data, size_t len, bool with_le);

/* "doing: 6A88 referenced data not found" */
int gp_link_refused(const struct gp_link *link, const char *doing);

#endif
