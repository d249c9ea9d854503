#include "options.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const char HELP_OPTION[] = "--help";

static _Thread_local char *complaint;
static _Thread_local size_t complaint_size;

void complain_into(char *text, size_t size) {
    complaint = text;
    complaint_size = size;
}

int complain(int status, const char *command, const char *format, ...) {
    va_list args;
    va_start(args, format);
    if (complaint) {
        vsnprintf(complaint, complaint_size, format, args);
        va_end(args);
        return status;
    }
    fprintf(stderr, "onecard %s: ", command);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return status;
}

/* ---- help ---- */

static size_t option_width(const struct option *o) {
    return strlen(o->name) + (o->value ? 1 + strlen(o->value) : 0);
}

static void print_help(const struct usage *u) {
    size_t width = strlen(HELP_OPTION);
    for (size_t i = 0; i < u->option_count; i++)
        if (option_width(&u->options[i]) > width)
            width = option_width(&u->options[i]);

    printf("usage: onecard %s [OPTIONS] %s\n\n%s\nOptions:\n", u->command, u->arguments, u->text);
    for (size_t i = 0; i < u->option_count; i++) {
        const struct option *o = &u->options[i];
        int pad = (int)(width - option_width(o));
        printf("  %s%s%s%*s  %s\n", o->name, o->value ? " " : "", o->value ? o->value : "", pad, "",
               o->help);
    }
    printf("  %-*s  this text\n", (int)width, HELP_OPTION);
}

/* ---- refusals that help ---- */

/* Edits (insert, delete, replace) that turn a into b; both are short. */
static unsigned edit_distance(const char *a, const char *b) {
    enum { LONGEST = 31 };
    unsigned row[LONGEST + 1];
    size_t b_len = strlen(b);
    if (strlen(a) > LONGEST || b_len > LONGEST)
        return UINT32_MAX;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; a[i - 1]; i++) {
        unsigned corner = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            unsigned best = corner + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            corner = row[j];
            row[j] = best;
        }
    }
    return row[b_len];
}

static const char *nearest_option(const struct usage *u, const char *name) {
    const char *best = NULL;
    unsigned best_distance = 4; /* more edits than this are another word */
    for (size_t i = 0; i < u->option_count; i++) {
        unsigned distance = edit_distance(name, u->options[i].name);
        if (distance < best_distance) {
            best_distance = distance;
            best = u->options[i].name;
        }
    }
    return best;
}

static int refuse_option(const struct usage *u, const char *name) {
    const char *near = nearest_option(u, name);
    if (near)
        return complain(EXIT_USAGE, u->command, "unknown option %s; is it %s?", name, near);
    return complain(EXIT_USAGE, u->command, "unknown option %s; see: onecard %s --help", name,
                    u->command);
}

static int refuse_arguments(const struct usage *u, int count) {
    return complain(EXIT_USAGE, u->command, "too %s arguments; usage: onecard %s [OPTIONS] %s",
                    count < u->arguments_min ? "few" : "many", u->command, u->arguments);
}

/* ---- parsing ---- */

static const struct option *find_option(const struct usage *u, const char *name, size_t name_len) {
    for (size_t i = 0; i < u->option_count; i++)
        if (strlen(u->options[i].name) == name_len &&
            memcmp(u->options[i].name, name, name_len) == 0)
            return &u->options[i];
    return NULL;
}

/* Take the option at argv[at]. Returns how many words it took, or 0 after a refusal. */
static int take_option(const struct usage *u, int argc, char **argv, int at) {
    char *word = argv[at];
    size_t name_len = strcspn(word, "=");
    const char *value = word[name_len] ? word + name_len + 1 : NULL;
    const struct option *o = find_option(u, word, name_len);
    if (!o) {
        word[name_len] = '\0';
        refuse_option(u, word);
        return 0;
    }
    if (!o->value) {
        if (value) {
            complain(EXIT_USAGE, u->command, "%s takes no value", o->name);
            return 0;
        }
        *o->flag = true;
        return 1;
    }
    int taken = 1;
    if (!value && at + 1 < argc) {
        value = argv[at + 1];
        taken = 2;
    }
    if (!value || !*value) {
        complain(EXIT_USAGE, u->command, "%s needs a value: %s %s", o->name, o->name, o->value);
        return 0;
    }
    *o->text = value;
    return taken;
}

bool options_parse(const struct usage *u, int argc, char **argv, int *out_count, int *out_status) {
    int count = 0;
    bool options_end = false;
    *out_status = EXIT_USAGE;
    for (int i = 1; i < argc;) {
        const char *word = argv[i];
        if (options_end || word[0] != '-' || word[1] == '\0') { /* "-" is an argument */
            argv[count++] = argv[i++];
        } else if (strcmp(word, "--") == 0) {
            options_end = true;
            i++;
        } else if (strcmp(word, HELP_OPTION) == 0 || strcmp(word, "-h") == 0) {
            print_help(u);
            *out_status = EXIT_OK;
            return false;
        } else {
            int taken = take_option(u, argc, argv, i);
            if (taken == 0)
                return false;
            i += taken;
        }
    }
    if (count < u->arguments_min || (u->arguments_max >= 0 && count > u->arguments_max)) {
        refuse_arguments(u, count);
        return false;
    }
    *out_count = count;
    return true;
}
