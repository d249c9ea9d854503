/* bench_start ONECARD IMAGE: time from starting the program to the card's ATR, as a reader sees it,
 * and the memory of the process once an applet has run. We are the reader: no pcscd. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>

enum { RUNS = 101 };

static const double GOAL_MS = 5.0;

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void fail(const char *doing) {
    fprintf(stderr, "bench_start: %s: %s\n", doing, strerror(errno));
    exit(1);
}

static pid_t start(char *const argv[]) {
    posix_spawn_file_actions_t quiet;
    pid_t pid;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    errno = posix_spawn(&pid, argv[0], &quiet, NULL, argv, environ);
    if (errno)
        fail(argv[0]);
    posix_spawn_file_actions_destroy(&quiet);
    return pid;
}

static int listen_anywhere(char *address, size_t size) {
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, 1) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) != 0)
        fail("listen");
    snprintf(address, size, "127.0.0.1:%u", ntohs(at.sin_port));
    return fd;
}

/* One message out; its answer's length, which is read and dropped. */
static size_t ask(int fd, const void *message, uint8_t len) {
    static uint8_t answer[65535];
    uint8_t out[64] = {0, len}, in[2];
    memcpy(out + 2, message, len);
    if (send(fd, out, 2u + len, MSG_NOSIGNAL) != 2 + len || recv(fd, in, 2, MSG_WAITALL) != 2)
        fail("the card does not answer");
    size_t size = (size_t)(in[0] << 8 | in[1]);
    if (size > 0 && recv(fd, answer, size, MSG_WAITALL) != (ssize_t)size)
        fail("the card does not answer");
    return size;
}

static int accept_card(int listener) {
    const int on = 1;
    int fd = accept(listener, NULL, NULL);
    if (fd < 0)
        fail("accept");
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void stop(pid_t pid) {
    int status;
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
}

static double time_to_atr(int listener, char *const argv[]) {
    double begin = now_ms();
    pid_t pid = start(argv);
    int fd = accept_card(listener);
    if (ask(fd, "\x04", 1) == 0)
        fail("no ATR");
    double time = now_ms() - begin;
    close(fd);
    stop(pid);
    return time;
}

static double time_to_end(char *const argv[]) {
    int status;
    double begin = now_ms();
    pid_t pid = start(argv);
    waitpid(pid, &status, 0);
    if (status != 0)
        fail("the program failed");
    return now_ms() - begin;
}

static void print_memory(pid_t pid) {
    char path[64], line[128];
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *f = fopen(path, "r");
    if (!f)
        fail(path);
    printf("memory of the serving process, hello selected and run:");
    while (fgets(line, sizeof line, f)) {
        unsigned long kib;
        char name[32];
        if (sscanf(line, "%31[^:]: %lu", name, &kib) == 2 &&
            (!strcmp(name, "Rss") || !strcmp(name, "Pss") || !strcmp(name, "Private_Dirty")))
            printf("  %s %lu KiB", name, kib);
    }
    putchar('\n');
    fclose(f);
}

static void measure_memory(int listener, char *const argv[]) {
    pid_t pid = start(argv);
    int fd = accept_card(listener);
    ask(fd,
        "\x00\xA4\x04\x00\x09\xF0one\x63"
        "ard\x01",
        14);
    ask(fd, "\x80\x10\x00\x00\x00", 5);
    print_memory(pid);
    close(fd);
    stop(pid);
}

/* Sorts the samples, so that the best comes first. */
static double median(double *samples) {
    qsort(samples, RUNS, sizeof samples[0], by_value);
    return samples[RUNS / 2];
}

int main(int argc, char **argv) {
    char address[32], serve_word[] = "serve", apdu_word[] = "apdu", reset_word[] = "reset";
    char vpcd_option[] = "--vpcd", true_program[] = "/bin/true";
    static double serve_ms[RUNS], apdu_ms[RUNS], true_ms[RUNS];
    if (argc != 3) {
        fputs("usage: bench_start ONECARD IMAGE\n", stderr);
        return 2;
    }
    int listener = listen_anywhere(address, sizeof address);
    char *const serve[] = {argv[1], serve_word, argv[2], vpcd_option, address, NULL};
    char *const apdu[] = {argv[1], apdu_word, argv[2], reset_word, NULL};
    char *const nothing[] = {true_program, NULL};
    for (int i = 0; i < RUNS; i++) { /* taking turns, so that the machine's moods hit all */
        serve_ms[i] = time_to_atr(listener, serve);
        apdu_ms[i] = time_to_end(apdu);
        true_ms[i] = time_to_end(nothing);
    }
    double to_atr = median(serve_ms);
    printf("process start to ATR at the reader: median %.2f ms, best %.2f ms, goal under %.0f ms: "
           "%s\n",
           to_atr, serve_ms[0], GOAL_MS, to_atr < GOAL_MS ? "met" : "MISSED");
    printf("  for comparison: onecard apdu IMAGE reset, start to end %.2f ms; /bin/true %.2f ms\n",
           median(apdu_ms), median(true_ms));
    measure_memory(listener, serve);
    close(listener);
    return 0;
}
