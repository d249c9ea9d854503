/* nullcard PORT: a card for vpcd that answers 9000 to every command and does nothing else. It shows
 * what readers and the machine cost by themselves, and shares no code with the card. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONTROL_ATR = 4 };

static int connect_reader(uint16_t port) {
    const int on = 1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static int receive(int fd, uint8_t *at, size_t len) {
    const int on = 1;
    while (len > 0) {
        ssize_t n = recv(fd, at, len, 0);
        if (n <= 0)
            return -1;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

static void serve(int fd) {
    static const uint8_t atr[] = {0x00, 0x05, 0x3B, 0x80, 0x80, 0x01, 0x01};
    static const uint8_t ok[] = {0x00, 0x02, 0x90, 0x00};
    static uint8_t message[65535];
    uint8_t length[2];
    while (receive(fd, length, sizeof length) == 0) {
        size_t len = (size_t)(length[0] << 8 | length[1]);
        if (receive(fd, message, len) != 0)
            return;
        ssize_t sent = 0;
        if (len == 1 && message[0] == CONTROL_ATR)
            sent = send(fd, atr, sizeof atr, MSG_NOSIGNAL);
        else if (len > 1)
            sent = send(fd, ok, sizeof ok, MSG_NOSIGNAL);
        if (sent < 0)
            return;
    }
}

int main(int argc, char **argv) {
    const struct timespec pause = {.tv_nsec = 20000000};
    long port = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    if (port < 1 || port > 65535) {
        fputs("usage: nullcard PORT\n", stderr);
        return 2;
    }
    for (;;) {
        int fd = connect_reader((uint16_t)port);
        if (fd >= 0) {
            serve(fd);
            close(fd);
        }
        nanosleep(&pause, NULL);
    }
}
