/* The control socket of "onecard serve": a stream socket in the file system, one request a
 * connection. A request is one line:
 *   list
 *   insert SLOT WHAT     SLOT is a number or "-"; WHAT as on serve's command line, an absolute path
 *   remove WHICH         a slot's number, or an image's absolute path
 * The answer is any number of lines, and a last one "ok" or "error: WHY". */
#ifndef ONECARD_CONTROL_H
#define ONECARD_CONTROL_H

#include "slots.h"

enum { CONTROL_LINE_MAX = 8192 };

/* Listen at path. A socket that nobody listens at any more is replaced. Returns the descriptor, or
 * -1 after a line on standard error. */
int control_listen(const char *command, const char *path);

/* Connect, as a client. The same. */
int control_connect(const char *command, const char *path);

/* Take one connection and answer it; what does not send a whole request soon is hung up on, and so
 * is everybody once stop_fd is readable. */
void control_serve(int listener, int stop_fd, struct slots *slots);

#endif
