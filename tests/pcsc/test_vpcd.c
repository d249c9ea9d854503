/* The card's end of the vpcd protocol: messages, and connections that come and go. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "transport/vpcd.h"

enum { PATIENCE_MS = 60000 }; /* for what must happen */

/* ---- a card that tells what was done to it ---- */

struct probe {
    unsigned power_ons, power_offs, commands;
    atomic_uint idles;
    unsigned idle_steps; /* left to do */
    sem_t *idle_gate;    /* each idle step waits for one; NULL: none waits */
    bool mute;
    size_t last_len;
    size_t answer_len; /* 0: answer with the command itself */
};

static size_t probe_power_on(void *ctx, uint8_t atr[ONECARD_ATR_MAX]) {
    struct probe *p = ctx;
    p->power_ons++;
    atr[0] = 0x3B;
    atr[1] = (uint8_t)p->power_ons;
    return 2;
}

static void probe_power_off(void *ctx) {
    ((struct probe *)ctx)->power_offs++;
}

static bool probe_transmit(void *ctx, const uint8_t *command, size_t command_len, uint8_t *response,
                           size_t *response_len) {
    struct probe *p = ctx;
    p->commands++;
    p->last_len = command_len;
    *response_len = p->answer_len ? p->answer_len : command_len;
    if (p->answer_len)
        memset(response, 0x5A, p->answer_len);
    else
        memcpy(response, command, command_len);
    return !p->mute;
}

static bool probe_idle(void *ctx) {
    struct probe *p = ctx;
    atomic_fetch_add(&p->idles, 1);
    if (p->idle_gate)
        sem_wait(p->idle_gate);
    if (p->idle_steps > 0)
        p->idle_steps--;
    return p->idle_steps > 0;
}

static struct vpcd_card probe_card(struct probe *p) {
    static const struct reader_view view = {
        .contactless = true, .uid = {0x1F, 2, 3, 4}, .ats_len = 5, .ats = {5, 0x78, 0x80, 0x70, 2}};
    return (struct vpcd_card){p, probe_power_on, probe_power_off, probe_transmit, probe_idle, view};
}

/* ---- messages ---- */

struct fixture {
    struct probe probe;
    struct vpcd_link link;
};

static int link_setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    struct vpcd_card card = probe_card(&f->probe);
    vpcd_link_insert(&f->link, &card);
    *state = f;
    return 0;
}

static int link_teardown(void **state) {
    struct fixture *f = *state;
    vpcd_link_remove(&f->link);
    free(f);
    return 0;
}

static void feed(struct vpcd_link *link, const void *bytes, size_t len) {
    uint8_t *at;
    assert_true(vpcd_link_room(link, &at) >= len);
    memcpy(at, bytes, len);
    vpcd_link_received(link, len);
}

static void atr_is_answered_and_the_other_controls_are_not(void **state) {
    struct fixture *f = *state;
    assert_int_equal(f->probe.power_ons, 1); /* inserted means powered */

    feed(&f->link, "\x00\x01\x04", 3);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_SEND);
    assert_int_equal(f->link.out_len, 4);
    assert_memory_equal(f->link.out, "\x00\x02\x3B\x01", 4);

    feed(&f->link, "\x00\x01\x00\x00\x01\x01\x00\x01\x02\x00\x01\x03\x00\x00", 14);
    for (int i = 0; i < 5; i++) /* off, on, reset, one without meaning, an empty message */
        assert_int_equal(vpcd_link_step(&f->link), VPCD_DONE);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_WAIT);
    assert_int_equal(f->probe.power_ons, 3);
    assert_int_equal(f->probe.power_offs, 1);
}

static void atr_is_there_while_the_power_is_off(void **state) {
    struct fixture *f = *state;
    feed(&f->link, "\x00\x01\x00\x00\x01\x04", 6); /* the reader looks whether a card is there */
    assert_int_equal(vpcd_link_step(&f->link), VPCD_DONE);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_SEND);
    assert_int_equal(f->link.out_len, 4);
    assert_int_equal(f->probe.power_ons, 1);
}

static void messages_may_come_in_any_pieces(void **state) {
    struct fixture *f = *state;
    static const uint8_t stream[] = {0, 1, 4, 0, 5, 0x80, 0x10, 0, 0, 0, 0, 1, 1, 0, 4, 1, 2, 3, 4};
    unsigned sends = 0, dones = 0;
    for (size_t i = 0; i < sizeof stream; i++) {
        enum vpcd_step step;
        feed(&f->link, &stream[i], 1);
        while ((step = vpcd_link_step(&f->link)) != VPCD_WAIT) {
            sends += step == VPCD_SEND;
            dones += step == VPCD_DONE;
        }
    }
    assert_int_equal(sends, 3);
    assert_int_equal(dones, 1);
    assert_int_equal(f->probe.commands, 2);
    assert_memory_equal(f->link.out, "\x00\x04\x01\x02\x03\x04", 6);
    assert_true(vpcd_link_quiet(&f->link));
}

static void longest_message_passes_both_ways(void **state) {
    struct fixture *f = *state;
    static uint8_t message[VPCD_LENGTH_SIZE + VPCD_MESSAGE_MAX];
    memset(message, 0xFF, VPCD_LENGTH_SIZE);
    message[2] = 0x42;
    feed(&f->link, message, 100);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_WAIT);
    assert_false(vpcd_link_quiet(&f->link));
    feed(&f->link, message + 100, sizeof message - 100);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_SEND);
    assert_int_equal(f->probe.last_len, VPCD_MESSAGE_MAX);
    assert_int_equal(f->link.out_len, sizeof message);
    assert_memory_equal(f->link.out, message, sizeof message);
}

static void command_without_power_or_answer_is_mute(void **state) {
    struct fixture *f = *state;
    feed(&f->link, "\x00\x01\x00\x00\x04\x00\xA4\x04\x00", 9);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_DONE);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_MUTE);
    assert_int_equal(f->probe.commands, 0);

    f->probe.mute = true;
    feed(&f->link, "\x00\x01\x01\x00\x04\x00\xA4\x04\x00", 9);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_DONE);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_MUTE);
    assert_int_equal(f->probe.commands, 1);
}

/* PC/SC part 3, 3.2.2.1.3: FF CA is for the reader, whether the card has power or not. */
static void reader_is_asked_for_uid_and_ats(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *command;
        size_t len;
        const char *answer;
        size_t answer_len;
    } cases[] = {
        {"\xFF\xCA\0\0\0", 5, "\x1F\2\3\4\x90\0", 6},
        {"\xFF\xCA\0\0\4", 5, "\x1F\2\3\4\x90\0", 6},
        {"\xFF\xCA\0\0\0\0\0", 7, "\x1F\2\3\4\x90\0", 6},
        {"\xFF\xCA\0\0\7", 5, "\x1F\2\3\4\x62\x82", 6},
        {"\xFF\xCA\0\0\2", 5, "\x6C\4", 2},
        {"\xFF\xCA\1\0\0", 5, "\5\x78\x80\x70\2\x90\0", 7},
        {"\xFF\xCA\2\0\0", 5, "\x6B\0", 2},
        {"\xFF\xCA\0\1\0", 5, "\x6B\0", 2},
        {"\xFF\xCA\0\0", 4, "\x67\0", 2},
        {"\xFF\xCA\0\0\1\0", 6, "\x67\0", 2},
        {"\xFF\xCA\0\0\5\0", 6, "\x67\0", 2},
    };
    feed(&f->link, "\0\1\0", 3);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_DONE);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t head[2] = {0, (uint8_t)cases[i].len};
        feed(&f->link, head, 2);
        feed(&f->link, cases[i].command, cases[i].len);
        assert_int_equal(vpcd_link_step(&f->link), VPCD_SEND);
        assert_int_equal(f->link.out_len, 2 + cases[i].answer_len);
        assert_memory_equal(f->link.out + 2, cases[i].answer, cases[i].answer_len);
    }
    assert_int_equal(f->probe.commands, 0);
    f->link.card.view = (struct reader_view){.contactless = false};
    feed(&f->link, "\0\5\xFF\xCA\0\0\0", 7);
    assert_int_equal(vpcd_link_step(&f->link), VPCD_SEND);
    assert_memory_equal(f->link.out, "\0\2\x6A\x81", 4);
}

static void uid_stays_with_the_chip(void **state) {
    (void)state;
    uint8_t uid[READER_UID_SIZE], again[READER_UID_SIZE], other[READER_UID_SIZE];
    reader_uid((const uint8_t *)"serial 1", uid);
    reader_uid((const uint8_t *)"serial 1", again);
    reader_uid((const uint8_t *)"serial 2", other);
    assert_memory_equal(uid, again, sizeof uid);
    assert_memory_not_equal(uid, other, sizeof uid);
    for (unsigned first = 0; first < 256; first++) { /* ISO/IEC 14443-3 table 7: 1F to EF, 0F */
        const uint8_t serial[ONECARD_SERIAL_SIZE] = {(uint8_t)first};
        reader_uid(serial, uid);
        assert_int_equal(uid[0] & 0x0F, 0x0F);
        assert_int_not_equal(uid[0], 0xFF);
    }
}

/* ---- connections: a reader of our own, the card in a thread ---- */

struct scene {
    struct probe probe;
    struct vpcd_options options;
    char port[8];
    struct sockaddr_in address;
    int listener;
    int stop[2];
    int events[2]; /* one byte for each event */
    pthread_t thread;
    enum onecard_err result;
};

static void on_event(void *ctx, enum vpcd_event event, const char *detail) {
    struct scene *s = ctx;
    uint8_t byte = (uint8_t)event;
    assert_non_null(detail);
    (void)!write(s->events[1], &byte, 1);
}

static enum vpcd_event next_event(struct scene *s) {
    uint8_t byte = 0xFF;
    struct pollfd p = {.fd = s->events[0], .events = POLLIN};
    assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
    assert_int_equal(read(s->events[0], &byte, 1), 1);
    return (enum vpcd_event)byte;
}

static int listen_at(struct sockaddr_in *address) {
    const int on = 1;
    socklen_t size = sizeof *address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    assert_int_equal(bind(fd, (struct sockaddr *)address, size), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)address, &size), 0);
    return fd;
}

static int scene_setup(void **state) {
    struct scene *s = calloc(1, sizeof *s);
    s->address.sin_family = AF_INET;
    s->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listener = listen_at(&s->address);
    snprintf(s->port, sizeof s->port, "%u", ntohs(s->address.sin_port));
    if (pipe(s->stop) != 0 || pipe(s->events) != 0)
        return -1;
    s->options = (struct vpcd_options){VPCD_HOST, s->port, s->stop[0], on_event, s};
    *state = s;
    return 0;
}

static int scene_teardown(void **state) {
    struct scene *s = *state;
    int all[] = {s->listener, s->stop[0], s->stop[1], s->events[0], s->events[1]};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] >= 0)
            close(all[i]);
    free(s);
    return 0;
}

static void *serve_thread(void *arg) {
    struct scene *s = arg;
    struct vpcd_card card = probe_card(&s->probe);
    s->result = vpcd_serve(&card, &s->options);
    return NULL;
}

static void start_card(struct scene *s) {
    assert_int_equal(pthread_create(&s->thread, NULL, serve_thread, s), 0);
}

static void stop_card(struct scene *s) {
    assert_int_equal(write(s->stop[1], "x", 1), 1);
    assert_int_equal(pthread_join(s->thread, NULL), 0);
    assert_int_equal(s->result, ONECARD_OK);
}

static int accept_card(struct scene *s) {
    struct pollfd p = {.fd = s->listener, .events = POLLIN};
    assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
    int fd = accept(s->listener, NULL, NULL);
    assert_true(fd >= 0);
    return fd;
}

static void ask(int fd, const char *message, size_t len, const char *answer, size_t answer_len) {
    uint8_t got[64];
    assert_int_equal(send(fd, message, len, MSG_NOSIGNAL), len);
    assert_int_equal(recv(fd, got, answer_len, MSG_WAITALL), answer_len);
    assert_memory_equal(got, answer, answer_len);
}

static void card_waits_for_a_reader_and_for_the_next_one(void **state) {
    struct scene *s = *state;
    close(s->listener);
    start_card(s);
    assert_int_equal(next_event(s), VPCD_NO_READER);

    s->listener = listen_at(&s->address);
    int fd = accept_card(s);
    assert_int_equal(next_event(s), VPCD_INSERTED);
    ask(fd, "\x00\x01\x04", 3, "\x00\x02\x3B\x01", 4);

    close(fd);
    assert_int_equal(next_event(s), VPCD_REMOVED);
    fd = accept_card(s);
    assert_int_equal(next_event(s), VPCD_INSERTED);
    ask(fd, "\x00\x01\x04", 3, "\x00\x02\x3B\x02", 4);

    stop_card(s);
    close(fd);
    assert_int_equal(s->probe.power_offs, 2); /* taken out means powered off */
}

static void stop_ends_a_card_without_reader(void **state) {
    struct scene *s = *state;
    close(s->listener);
    s->listener = -1;
    start_card(s);
    assert_int_equal(next_event(s), VPCD_NO_READER);
    stop_card(s);
}

static void mute_card_leaves_and_comes_back(void **state) {
    struct scene *s = *state;
    s->probe.mute = true;
    start_card(s);
    int fd = accept_card(s);
    uint8_t byte;
    assert_int_equal(send(fd, "\x00\x04\x00\xA4\x04\x00", 6, MSG_NOSIGNAL), 6);
    assert_int_equal(recv(fd, &byte, 1, 0), 0); /* closed */
    close(fd);
    fd = accept_card(s);
    ask(fd, "\x00\x01\x04", 3, "\x00\x02\x3B\x02", 4);
    stop_card(s);
    close(fd);
}

/* S5: transports call idle while no command is there, and only then. Each step waits until we let
 * it go on, so that we know where the card is. */
static void idle_runs_between_commands_until_done(void **state) {
    struct scene *s = *state;
    sem_t gate;
    sem_init(&gate, 0, 0);
    s->probe.idle_steps = 3;
    s->probe.idle_gate = &gate;
    start_card(s);
    int fd = accept_card(s);
    for (int i = 0; i < 3; i++)
        sem_post(&gate); /* the third says that nothing is left: the card waits for the reader */
    ask(fd, "\x00\x02\x90\x00", 4, "\x00\x02\x90\x00", 4);
    sem_post(&gate);                                        /* after a command it asks again */
    assert_int_equal(send(fd, "\x00", 1, MSG_NOSIGNAL), 1); /* half a length: a command begins */
    /* A step within the message would wait for ever, and so should we. */
    ask(fd, "\x02\x90\x00", 3, "\x00\x02\x90\x00", 4);
    assert_true(atomic_load(&s->probe.idles) <= 6); /* not in a busy loop */
    for (int i = 0; i < 3; i++)
        sem_post(&gate);
    stop_card(s);
    assert_true(atomic_load(&s->probe.idles) >= 3);
    close(fd);
    sem_destroy(&gate);
}

static void long_answers_go_through_a_slow_reader(void **state) {
    struct scene *s = *state;
    s->probe.answer_len = VPCD_MESSAGE_MAX;
    start_card(s);
    int fd = accept_card(s);
    enum { COMMANDS = 64 }; /* 4 MiB of answers: more than sockets buffer */
    for (int i = 0; i < COMMANDS; i++)
        assert_int_equal(send(fd, "\x00\x02\x90\x00", 4, MSG_NOSIGNAL), 4);
    static uint8_t got[VPCD_LENGTH_SIZE + VPCD_MESSAGE_MAX];
    for (int i = 0; i < COMMANDS; i++) {
        assert_int_equal(recv(fd, got, sizeof got, MSG_WAITALL), sizeof got);
        assert_memory_equal(got, "\xFF\xFF\x5A", 3);
    }
    stop_card(s);
    close(fd);
}

int main(void) {
    const struct CMUnitTest messages[] = {
        cmocka_unit_test_setup_teardown(atr_is_answered_and_the_other_controls_are_not, link_setup,
                                        link_teardown),
        cmocka_unit_test_setup_teardown(atr_is_there_while_the_power_is_off, link_setup,
                                        link_teardown),
        cmocka_unit_test_setup_teardown(messages_may_come_in_any_pieces, link_setup, link_teardown),
        cmocka_unit_test_setup_teardown(longest_message_passes_both_ways, link_setup,
                                        link_teardown),
        cmocka_unit_test_setup_teardown(command_without_power_or_answer_is_mute, link_setup,
                                        link_teardown),
        cmocka_unit_test_setup_teardown(reader_is_asked_for_uid_and_ats, link_setup, link_teardown),
        cmocka_unit_test(uid_stays_with_the_chip),
    };
    const struct CMUnitTest connections[] = {
        cmocka_unit_test_setup_teardown(card_waits_for_a_reader_and_for_the_next_one, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(stop_ends_a_card_without_reader, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(mute_card_leaves_and_comes_back, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(idle_runs_between_commands_until_done, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(long_answers_go_through_a_slow_reader, scene_setup,
                                        scene_teardown),
    };
    return cmocka_run_group_tests_name("vpcd messages", messages, NULL, NULL) +
           cmocka_run_group_tests_name("vpcd connections", connections, NULL, NULL);
}
