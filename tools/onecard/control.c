#include "control.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "commands.h"

enum { REQUEST_MS = 5000 };

/* ---- the socket ---- */

static int address_of(const char *command, const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path)
        return complain(EXIT_FAILED, command, "%s: a socket's name has at most %zu bytes", path,
                        sizeof address->sun_path - 1);
    strcpy(address->sun_path, path);
    return EXIT_OK;
}

static int dial(const struct sockaddr_un *address) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) != 0) {
        int err = errno;
        close(fd);
        errno = err;
        fd = -1;
    }
    return fd;
}

int control_connect(const char *command, const char *path) {
    struct sockaddr_un address;
    if (address_of(command, path, &address))
        return -1;
    int fd = dial(&address);
    if (fd < 0)
        complain(EXIT_FAILED, command, "%s: %s; is it the --control of a running onecard serve?",
                 path, strerror(errno));
    return fd;
}

/* A socket that is left over from a process that was killed. */
static void remove_leftover(const struct sockaddr_un *address) {
    struct stat st;
    if (lstat(address->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
        return;
    int fd = dial(address);
    if (fd >= 0)
        close(fd);
    else if (errno == ECONNREFUSED)
        unlink(address->sun_path);
}

int control_listen(const char *command, const char *path) {
    struct sockaddr_un address;
    if (address_of(command, path, &address))
        return -1;
    remove_leftover(&address);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0177); /* whoever may write there may take cards out */
    bool ok =
        fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 8) == 0;
    int err = errno;
    umask(before);
    if (ok)
        return fd;
    if (fd >= 0)
        close(fd);
    complain(EXIT_FAILED, command, "--control %s: %s", path,
             err == EADDRINUSE ? "it exists and is in use" : strerror(err));
    return -1;
}

/* ---- requests ---- */

static int insert(struct slots *slots, char *arguments, FILE *out) {
    char *what = strchr(arguments, ' ');
    char *end;
    unsigned number;
    if (!what)
        return complain(EXIT_FAILED, slots->command, "insert: SLOT or -, and an image, are wanted");
    *what++ = '\0';
    long slot = strcmp(arguments, "-") == 0 ? -1 : strtol(arguments, &end, 10);
    if (slot >= 0 && (*end || !*arguments || slot >= SLOTS_MAX))
        return complain(EXIT_FAILED, slots->command, "there is no slot %s", arguments);
    int status = slots_insert(slots, what, slot < 0 ? -1 : (int)slot, true, &number);
    if (!status)
        fprintf(out, "slot %u at %s:%s\n", number, slots->slot[number]->host,
                slots->slot[number]->port);
    return status;
}

static int take_out(struct slots *slots, const char *which, FILE *out) {
    unsigned number;
    int status = slots_remove(slots, which, &number);
    if (!status)
        fprintf(out, "slot %u\n", number);
    return status;
}

static int obey(struct slots *slots, char *line, FILE *out) {
    if (strcmp(line, "list") == 0) {
        slots_list(slots, out);
        return EXIT_OK;
    }
    if (strncmp(line, "insert ", 7) == 0)
        return insert(slots, line + 7, out);
    if (strncmp(line, "remove ", 7) == 0)
        return take_out(slots, line + 7, out);
    return complain(EXIT_FAILED, slots->command, "no such request: %s", line);
}

/* A whole line, without its end; false if there will be none. */
static bool receive_line(int fd, int stop_fd, char *line, size_t size) {
    size_t len = 0;
    for (;;) {
        struct pollfd polled[2] = {{.fd = stop_fd, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
        int n = poll(polled, 2, REQUEST_MS);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || polled[0].revents)
            return false;
        ssize_t got = recv(fd, line + len, size - 1 - len, 0);
        if (got <= 0)
            return false;
        len += (size_t)got;
        line[len] = '\0';
        char *end = strchr(line, '\n');
        if (end) {
            *end = '\0';
            return true;
        }
        if (len == size - 1 || strlen(line) != len)
            return false;
    }
}

static void send_text(int fd, const char *text, size_t len) {
    while (len > 0) {
        ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* the client went away; what it asked for is done */
        text += n;
        len -= (size_t)n;
    }
}

void control_serve(int listener, int stop_fd, struct slots *slots) {
    char line[CONTROL_LINE_MAX], why[1024] = "";
    char *text = NULL;
    size_t size;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    FILE *out = open_memstream(&text, &size);
    if (out && receive_line(fd, stop_fd, line, sizeof line)) {
        complain_into(why, sizeof why);
        int status = obey(slots, line, out);
        complain_into(NULL, 0);
        if (status)
            fprintf(out, "error: %s\n", why);
        else
            fputs("ok\n", out);
    }
    if (out && fclose(out) == 0)
        send_text(fd, text, size);
    free(text);
    close(fd);
}
