/* The person at a desktop: the card's screen as a file and a line of trace, the biometric sensor as
 * a file with its answer. */
#include "port/host/image.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_SCREEN 640 /* text, all marks by name, AID */

static void add(char *line, const char *text) {
    const size_t len = strlen(line);
    snprintf(line + len, LINE_MAX_SCREEN - len, "%s", text);
}

static void add_marks(char *line, uint32_t marks) {
    static const struct {
        uint32_t mark;
        const char *name;
    } names[] = {
        {ONECARD_MARK_DONE, " [done]"},
        {ONECARD_MARK_FAILED, " [failed]"},
        {ONECARD_MARK_WARNING, " [warning]"},
        {ONECARD_MARK_LOCKED, " [locked]"},
        {ONECARD_MARK_CONTACTLESS, " [contactless]"},
        {ONECARD_MARK_RECEIVED, " [received]"},
        {ONECARD_MARK_PAID, " [paid]"},
        {ONECARD_MARK_BATTERY_LOW, " [battery low]"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (marks & names[i].mark)
            add(line, names[i].name);
}

/* "text / second line [mark] ..." for a trace. */
static void tell(const struct onecard_host *host, const struct onecard_screen *screen) {
    char line[LINE_MAX_SCREEN] = "";
    add(line, *screen->text ? screen->text : "(no text)");
    for (char *p = line; *p; p++)
        if (*p == '\n')
            *p = '/';
    add_marks(line, screen->marks);
    host->trace(host->trace_ctx, ONECARD_TRACE_SCREEN, line);
}

/* The marks on the first line, the text below: the whole file is what the screen shows now. It is
 * replaced at once, so that a reader never sees half of it. */
static void write_file(const struct onecard_host *host, const struct onecard_screen *screen) {
    char line[LINE_MAX_SCREEN] = "";
    char path[4096];
    const int n = snprintf(path, sizeof path, "%s.new", host->screen_file);
    FILE *file = n > 0 && (size_t)n < sizeof path ? fopen(path, "w") : NULL;
    add_marks(line, screen->marks);
    bool good = file && fprintf(file, "%s\n%s\n", *line ? line + 1 : line, screen->text) > 0;
    if (file && fclose(file))
        good = false;
    if ((!good || rename(path, host->screen_file)) && host->trace)
        host->trace(host->trace_ctx, ONECARD_TRACE_NOTE, "the screen's file cannot be written");
}

void screen_show(void *ctx, const struct onecard_screen *screen) {
    const struct onecard_host *host = ctx;
    if (host->trace)
        tell(host, screen);
    if (host->screen_file)
        write_file(host, screen);
}

enum onecard_biometric sensor_ask(void *ctx) {
    const struct onecard_host *host = ctx;
    char word[16] = "";
    FILE *file = fopen(host->sensor_file, "r");
    if (!file)
        return ONECARD_BIOMETRIC_NO_SENSOR;
    const bool read = fscanf(file, "%15s", word) == 1;
    fclose(file);
    if (read && !strcmp(word, "match"))
        return ONECARD_BIOMETRIC_MATCH;
    return read && !strcmp(word, "no-match") ? ONECARD_BIOMETRIC_NO_MATCH
                                             : ONECARD_BIOMETRIC_NO_SENSOR;
}
