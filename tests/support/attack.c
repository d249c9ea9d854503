#include "support/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

const struct attack_row attack_rows[] = {
#define GROUP(text)
#define CALL(number, name, result, arguments, names, privilege, cost, text)                        \
    {#name, arguments, number, sizeof #privilege == sizeof "FREE" && *#privilege == 'F'},
#include "firewall/calls.def"
#undef CALL
#undef GROUP
};
const size_t attack_row_count = sizeof attack_rows / sizeof *attack_rows;

unsigned attack_slots(const struct attack_row *row) {
    unsigned n = 0;
    for (const char *p = row->arguments; *p; p++)
        n += *p == 'v' ? 1 : 2;
    return n;
}

/* ---- commands ---- */

static uint16_t send(struct attack *a, uint8_t ins, uint8_t p1, const uint8_t *data, size_t len) {
    struct test_card *t = &a->t;
    uint8_t command[6 + 255] = {(uint8_t)(0x80 | a->channel), ins, p1, 0, (uint8_t)len};
    assert_true(len <= 255);
    size_t n = 4;
    if (len) {
        memcpy(command + 5, data, len);
        n = 5 + len;
    }
    command[n++] = 0; /* Le */
    enum onecard_err err = onecard_transmit(t->card, command, n, t->response, &t->response_len);
    assert_int_equal(err, ONECARD_OK);
    assert_true(t->response_len >= 2);
    while (onecard_idle(t->card))
        ;
    return get_be16(t->response + t->response_len - 2);
}

void attack_select(struct attack *a, unsigned instance) {
    char command[64];
    snprintf(command, sizeof command, "%02XA404000C" ATTACK_PACKAGE "01%02X00", a->channel,
             instance);
    EXPECT(&a->t, command, "*9000");
    a->instance = instance;
}

void attack_open_channel(struct attack *a) {
    a->channel = 0;
    EXPECT(&a->t, "0070000001", "*9000");
    a->channel = a->t.response[0];
    assert_in_range(a->channel, 1, 3);
}

/* One load there: does it trap? */
static bool outside(struct attack *a, uint32_t address) {
    uint8_t data[4];
    put_be32(data, address);
    if (send(a, 0x15, 0, data, sizeof data) == 0x9000)
        return false;
    attack_select(a, a->instance);
    return true;
}

static void measure(struct attack *a) {
    uint32_t low = 0, high = 0x10000;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (outside(a, middle))
            high = middle;
        else
            low = middle + 1;
    }
    a->size = low;
    assert_int_equal(send(a, 0x14, 0, NULL, 0), 0x9000);
    a->scratch = get_be32(a->t.response);
    assert_true(a->size >= a->scratch + ATTACK_SCRATCH);
}

void attack_open(struct attack *a, const char *profile) {
    memset(a, 0, sizeof *a);
    test_card_make(&a->t, profile);
    attack_select(a, 1);
    measure(a);
}

void attack_close(struct attack *a) {
    test_card_free(&a->t);
}

struct attack_outcome attack_call(struct attack *a, enum attack_mode mode, uint32_t number,
                                  const uint32_t arguments[ATTACK_SLOTS]) {
    uint8_t data[2 + 4 * ATTACK_SLOTS];
    struct attack_outcome o = {.trapped = false};
    put_be16(data, (uint16_t)number);
    for (unsigned i = 0; i < ATTACK_SLOTS; i++)
        put_be32(data + 2 + 4 * i, arguments[i]);
    o.status = send(a, 0x10, (uint8_t)mode, data, sizeof data);
    if (mode == ATTACK_KEEP && o.status == 0x9000) {
        /* what the call itself put into the answer stands before its result */
        o.result = (int32_t)get_be32(a->t.response + a->t.response_len - 6);
        return o;
    }
    if (send(a, 0x11, 0, NULL, 0) == 0x9000) {
        o.result = (int32_t)get_be32(a->t.response);
        return o;
    }
    o.trapped = true;
    attack_select(a, a->instance);
    return o;
}

int32_t attack_host(struct attack *a, uint32_t number, const uint32_t arguments[ATTACK_SLOTS],
                    const char *file, int line) {
    struct attack_outcome o = attack_call(a, ATTACK_KEEP, number, arguments);
    if (o.trapped || o.status != 0x9000) {
        print_error("host call %u answered %04X (%s)\n", (unsigned)number, o.status,
                    a->t.last_trace);
        _fail(file, line);
    }
    return o.result;
}

void attack_put(struct attack *a, uint32_t offset, const void *bytes, uint32_t len) {
    const uint8_t *p = bytes;
    assert_true(offset + len <= ATTACK_SCRATCH);
    for (uint32_t step; len; len -= step, p += step, offset += step) {
        uint8_t data[4 + 240];
        step = len < 240 ? len : 240;
        put_be32(data, a->scratch + offset);
        memcpy(data + 4, p, step);
        assert_int_equal(send(a, 0x13, 0, data, 4 + step), 0x9000);
    }
}

void attack_get(struct attack *a, uint32_t offset, void *bytes, uint32_t len) {
    uint8_t *p = bytes;
    assert_true(offset + len <= ATTACK_SCRATCH);
    for (uint32_t step; len; len -= step, p += step, offset += step) {
        uint8_t data[6];
        step = len < 240 ? len : 240;
        put_be32(data, a->scratch + offset);
        put_be16(data + 4, (uint16_t)step);
        assert_int_equal(send(a, 0x12, 0, data, sizeof data), 0x9000);
        assert_int_equal(a->t.response_len, step + 2);
        memcpy(p, a->t.response, step);
    }
}

/* ---- something to attack ---- */

static void group(struct attack *a, uint32_t dgi, const char *hex) {
    uint8_t bytes[128];
    uint32_t len = 0;
    for (const char *p = hex; *p; p++) {
        unsigned byte;
        if (*p == ' ')
            continue;
        assert_int_equal(sscanf(p++, "%2x", &byte), 1);
        bytes[len++] = (uint8_t)byte;
    }
    attack_put(a, 0, bytes, len);
    assert_int_equal(HOST(a, perso_group, dgi, a->scratch, len), 0);
}

void attack_furnish(struct attack *a) {
    group(a, 0x6200, "6214 820101 83020101 80020020 8604 3FC00000 880108");
    group(a, 0x7000, "8002 9F01 8604 3FC00000 5308 0102030405060708");
    group(a, 0x8000,
          "80020000 810104 82020FFF 830101 840109 8710 A0A1A2A3A4A5A6A7A8A9AAABACADAEAF");
    group(a, 0x8000,
          "80020001 810102 82020FFF 830101 840109 8710 B0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF");
    group(a, 0x8200, "800101 810102 840105 8708 3837363534333231");
    group(a, 0x8200, "800100 810102 840105 8704 31323334 880101");
    assert_int_equal(HOST(a, biometric_set, 5), 0);
    assert_int_equal(HOST(a, key_derive, 0, 7, a->scratch, 0, 0x0FFF, 0), 0);
}
