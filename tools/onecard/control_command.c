/* onecard control: asks a running "onecard serve" to put cards in and out. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "commands.h"
#include "control.h"
#include "options.h"

static const char COMMAND[] = "control";

static const struct usage usage = {
    .command = "control",
    .arguments = "SOCKET list | insert IMAGE[@HOST:PORT] [SLOT] | remove SLOT|IMAGE",
    .text =
        "Asks the \"onecard serve\" that was started with --control SOCKET:\n"
        "\n"
        "  list    prints a line for each slot: number, state (empty, waiting for a reader,\n"
        "          in-reader), the reader's address, the image\n"
        "  insert  puts a card in: into the slot of that number or address, else the first\n"
        "          empty one, else a new one; prints which\n"
        "  remove  takes a card out, once the command under way is answered; its image is free\n"
        "          for others then\n"
        "\n"
        "Exit status: 0, 1 when it was refused, 2 for a wrong call.\n",
    .arguments_min = 2,
    .arguments_max = 4,
};

/* The other process may stand in another folder. Of IMAGE@HOST:PORT the part before @ is the path.
 */
static int absolute(const char *what, char *out, size_t size) {
    char folder[PATH_MAX];
    int n = -1;
    if (what[0] == '/')
        n = snprintf(out, size, "%s", what);
    else if (getcwd(folder, sizeof folder))
        n = snprintf(out, size, "%s/%s", folder, what);
    if (n < 0 || (size_t)n >= size || strchr(what, '\n'))
        return complain(EXIT_FAILED, COMMAND, "%s: not a usable name", what);
    return EXIT_OK;
}

static int wrong_call(void) {
    return complain(EXIT_USAGE, COMMAND, "usage: onecard control %s", usage.arguments);
}

static bool is_number(const char *text) {
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* The request for the words of the call. */
static int make_request(int count, char **words, char *line, size_t size) {
    char path[CONTROL_LINE_MAX / 2];
    if (strcmp(words[0], "list") == 0 && count == 1) {
        snprintf(line, size, "list\n");
        return EXIT_OK;
    }
    if (strcmp(words[0], "insert") == 0 && (count == 2 || (count == 3 && is_number(words[2])))) {
        int status = absolute(words[1], path, sizeof path);
        snprintf(line, size, "insert %.9s %s\n", count == 3 ? words[2] : "-", path);
        return status;
    }
    if (strcmp(words[0], "remove") == 0 && count == 2) {
        int status = is_number(words[1]) ? EXIT_OK : absolute(words[1], path, sizeof path);
        snprintf(line, size, "remove %s\n", is_number(words[1]) ? words[1] : path);
        return status;
    }
    return wrong_call();
}

/* Prints the answer's lines but the last, which says how it went. */
static int print_answer(int fd) {
    FILE *in = fdopen(fd, "r");
    char *line = NULL;
    size_t size = 0;
    int status = -1;
    while (in && status < 0 && getline(&line, &size, in) > 0) {
        if (strcmp(line, "ok\n") == 0) {
            status = EXIT_OK;
        } else if (strncmp(line, "error: ", 7) == 0) {
            line[strcspn(line, "\n")] = '\0';
            status = complain(EXIT_FAILED, COMMAND, "%s", line + 7);
        } else {
            fputs(line, stdout);
        }
    }
    if (status < 0)
        status = complain(EXIT_FAILED, COMMAND, "it ended before it had answered");
    free(line);
    if (in)
        fclose(in);
    return status;
}

int command_control(int argc, char **argv) {
    char line[CONTROL_LINE_MAX];
    int count, status;
    if (!options_parse(&usage, argc, argv, &count, &status))
        return status;
    status = make_request(count - 1, argv + 1, line, sizeof line);
    if (status)
        return status;
    int fd = control_connect(COMMAND, argv[0]);
    if (fd < 0)
        return EXIT_FAILED;
    if (send(fd, line, strlen(line), MSG_NOSIGNAL) != (ssize_t)strlen(line)) {
        close(fd);
        return complain(EXIT_FAILED, COMMAND, "%s: %s", argv[0], strerror(errno));
    }
    status = print_answer(fd);
    if (fflush(stdout) != 0)
        status = complain(EXIT_FAILED, COMMAND, "standard output: %s", strerror(errno));
    return status;
}
