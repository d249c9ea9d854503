/* Options and help, the same for every command: a command describes itself in a struct usage, and
 * its help and its refusals come from that. */
#ifndef ONECARD_OPTIONS_H
#define ONECARD_OPTIONS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct option {
    const char *name;  /* "--trace" */
    const char *value; /* what its value is called in the help ("FILE"); NULL for a flag */
    const char *help;
    bool *flag;        /* set to true, for a flag */
    const char **text; /* set to the value, for the others */
};

struct usage {
    const char *command;   /* "apdu" */
    const char *arguments; /* "IMAGE HEX ..." */
    const char *text;      /* what it does; whole lines */
    const struct option *options;
    size_t option_count;
    int arguments_min;
    int arguments_max; /* -1: any number */
};

/* Take the options out of argv and leave the arguments, in order, at argv[0] to
 * argv[*out_count - 1]. "--" ends the options; "--name=value" and "--name value" are the same.
 * Returns true to go on. Else help was asked for and printed (*out_status 0), or the call was wrong
 * and a line on standard error said how (*out_status 2): return *out_status. */
bool options_parse(const struct usage *usage, int argc, char **argv, int *out_count,
                   int *out_status);

/* One line "onecard COMMAND: ..." on standard error. Returns status, to be returned. */
int complain(int status, const char *command, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* From now on this thread's complaints go there, without their "onecard COMMAND: ", and not to
 * standard error; NULL ends that. */
void complain_into(char *text, size_t size);

#endif
