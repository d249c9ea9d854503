/* Secure messaging of ISO/IEC 7816-4 against the worked example of ICAO Doc 9303-11, against
 * OpenSSL, and against everything that may be wrong with a message. */
#include "fs/fixture.h"

#include "base/bytes.h"
#include "secure/sm.h"
#include "secure/sm_terminal.h"

enum { MAC = 1, ENC = 2, OTHER = 3 };

static struct fixture fx;
static struct sm_session session;
static struct sm_keys keys;
static uint8_t buffer[2048], answer_bytes[2048];

static int setup(void **state) {
    (void)state;
    fixture_start(&fx);
    memset(&session, 0, sizeof session);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_stop(&fx);
    return 0;
}

static void make_key(uint16_t number, uint8_t algorithm, uint16_t usage, uint8_t tries,
                     const uint8_t *value) {
    const struct key_spec spec = {algorithm, 1, usage, tries, NULL, 0};
    assert_int_equal(
        keys_create(&fx.keys, OWNER, number, &spec, value, crypto_alg_find(algorithm)->key_size),
        ONECARD_OK);
}

static void bind(bool enc) {
    keys = (struct sm_keys){.keys = &fx.keys, .mac = {OWNER, MAC, NULL}, .enc = {OWNER, ENC, NULL}};
    session.mac = MAC;
    session.enc = enc ? ENC : SM_NO_KEY;
}

static struct sm_terminal begin(uint8_t algorithm, const char *name, uint16_t how, uint8_t tries) {
    struct sm_terminal t = {.cipher = name, .encipher = true};
    const struct crypto_alg_info *info = crypto_alg_find(algorithm);
    t.key_len = info->key_size;
    t.block = info->block_size;
    t.mac_len = how & SM_MAC_LENGTH ? how & SM_MAC_LENGTH : 8;
    for (size_t i = 0; i < t.key_len; i++) {
        t.mac[i] = (uint8_t)(0x11 * i + 1);
        t.enc[i] = (uint8_t)(0x23 * i + 7);
    }
    for (size_t i = 0; i < t.block; i++)
        t.counter[i] = (uint8_t)(0xF0 + i);
    make_key(MAC, algorithm, KEY_MAC | KEY_MAC_VERIFY, tries, t.mac);
    make_key(ENC, algorithm, KEY_ENCRYPT | KEY_DECRYPT, 0, t.enc);
    fixture_commit(&fx);
    bind(true);
    assert_int_equal(sm_open(&session, &keys, how, t.counter, (uint32_t)t.block), ONECARD_OK);
    return t;
}

/* What the card makes of these bytes. */
static uint16_t unwrap(const uint8_t *command, size_t len, struct apdu *inner, uint8_t *level) {
    static uint8_t bytes[4096];
    struct apdu outer;
    memcpy(bytes, command, len);
    assert_true(apdu_parse(bytes, len, &outer));
    return sm_unwrap(&session, &keys, &outer, buffer, sizeof buffer, inner, level);
}

static uint16_t unwrap_hex(const char *text, struct apdu *inner, uint8_t *level) {
    uint8_t bytes[512];
    return unwrap(bytes, from_hex(bytes, sizeof bytes, text), inner, level);
}

static struct apdu_answer answer_of(const uint8_t *data, uint32_t len) {
    memcpy(answer_bytes, data, len);
    return (struct apdu_answer){.data = answer_bytes, .capacity = sizeof answer_bytes, .len = len};
}

static void assert_hex(const uint8_t *data, uint32_t len, const char *text) {
    uint8_t expected[512];
    assert_int_equal(len, from_hex(expected, sizeof expected, text));
    assert_memory_equal(data, expected, len);
}

/* ---- ICAO Doc 9303-11, appendix D.4 ---- */

static void icao_example(void **state) {
    (void)state;
    static const struct {
        const char *command;
        uint8_t cla, ins, p1, p2, lc;
        uint32_t ne;
        const char *data, *answer, *protected;
    } steps[] = {
        {"0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", 0x00, 0xA4, 0x02, 0x0C, 2, 0,
         "011E", "", "990290008E08FA855A5D4C50A8ED"},
        {"0CB000000D9701048E08ED6705417E96BA5500", 0x00, 0xB0, 0x00, 0x00, 0, 4, "", "60145F01",
         "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED"},
        {"0CB000040D9701128E082EA28A70F3C7B53500", 0x00, 0xB0, 0x00, 0x04, 0, 18, "",
         "04303130365F36063034303030305C026175",
         "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D74"},
    };
    uint8_t bytes[64];
    from_hex(bytes, 16, "F1CB1F1FB5ADF208806B89DC579DC1F8");
    make_key(MAC, CRYPTO_TDES2, KEY_MAC | KEY_MAC_VERIFY, 0, bytes);
    from_hex(bytes, 16, "979EC13B1CBFE9DCD01AB0FED307EAE5");
    make_key(ENC, CRYPTO_TDES2, KEY_ENCRYPT | KEY_DECRYPT, 0, bytes);
    bind(true);
    from_hex(bytes, 8, "887022120C06C226");
    assert_int_equal(sm_open(&session, &keys, 0, bytes, 8), ONECARD_OK);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct apdu inner = {0};
        uint8_t level;
        assert_int_equal(unwrap_hex(steps[i].command, &inner, &level), SW_OK);
        assert_int_equal(inner.cla, steps[i].cla);
        assert_int_equal(inner.ins, steps[i].ins);
        assert_int_equal(inner.p1, steps[i].p1);
        assert_int_equal(inner.p2, steps[i].p2);
        assert_hex(inner.data, inner.lc, steps[i].data);
        assert_int_equal(inner.ne, steps[i].ne);
        assert_int_equal(level & STATUS_SM_ENCIPHERED, steps[i].lc ? STATUS_SM_ENCIPHERED : 0);
        const uint32_t len = from_hex(bytes, sizeof bytes, steps[i].answer);
        struct apdu_answer answer = answer_of(bytes, len);
        assert_int_equal(sm_wrap(&session, &keys, &answer, SW_OK), SW_OK);
        assert_hex(answer.data, answer.len, steps[i].protected);
    }
}

/* ---- every cipher, lengths, Le, both instruction parities, beside OpenSSL ---- */

static const struct {
    uint8_t algorithm;
    const char *name;
} suites[] = {{CRYPTO_TDES2, "DES-EDE"},
              {CRYPTO_AES128, "AES-128"},
              {CRYPTO_AES192, "AES-192"},
              {CRYPTO_AES256, "AES-256"},
              {CRYPTO_SM4, "SM4"}};

static void exchange(struct sm_terminal *t, const uint8_t header[4], size_t len, int le,
                     size_t answer_len, uint16_t status) {
    uint8_t data[1024], command[2048], opened[2048], level = 0;
    struct apdu inner = {0};
    unsigned said = 0;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + len);
    const size_t n = terminal_protect(t, header, data, len, le, command);
    assert_int_equal(unwrap(command, n, &inner, &level), SW_OK);
    assert_int_equal(inner.lc, len);
    assert_memory_equal(inner.data, data, len);
    assert_int_equal(inner.cla, header[0] & 0xF3);
    assert_int_equal(inner.has_le, le >= 0);
    assert_int_equal(inner.ne, le < 0 ? 0 : le == 0 ? 256 : le);
    uint8_t right = STATUS_SM_MAC | STATUS_SM_ANSWER_MAC;
    right |= session.enc != SM_NO_KEY ? STATUS_SM_ANSWER_ENCIPHERED : 0;
    right |= t->encipher && len ? STATUS_SM_ENCIPHERED : 0;
    assert_int_equal(level, right);
    struct apdu_answer answer = answer_of(data, (uint32_t)answer_len);
    answer.capacity = (uint32_t)answer_len + SM_OVERHEAD;
    assert_int_equal(sm_wrap(&session, &keys, &answer, status), status);
    const int got = terminal_open(t, header[1], answer.data, answer.len, opened, &said);
    assert_int_equal(got, answer_len);
    assert_memory_equal(opened, data, answer_len);
    assert_int_equal(said, status);
}

static void suites_beside_openssl(void **state) {
    (void)state;
    static const uint8_t even[4] = {0x0C, 0xD6, 0x12, 0x34}, odd[4] = {0x8C, 0xD7, 0x56, 0x78};
    static const uint16_t hows[] = {0, 4, 6 | SM_HEADER_FREE};
    for (size_t s = 0; s < sizeof suites / sizeof *suites; s++) {
        for (size_t h = 0; h < sizeof hows / sizeof *hows; h++) {
            struct sm_terminal t = begin(suites[s].algorithm, suites[s].name, hows[h], 0);
            for (size_t len = 0; len <= 34; len++)
                exchange(&t, len % 3 ? even : odd, len, (int)len % 5 ? -1 : (int)len,
                         (len * 5) % 37, SW_OK);
            exchange(&t, even, 239, 0, 256, SW_OK);
            exchange(&t, odd, 800, 256, 1000, SW_WARN_EOF);
            keys_delete(&fx.keys, OWNER, MAC);
            keys_delete(&fx.keys, OWNER, ENC);
        }
    }
}

/* MACs alone; what came in plain goes back in plain. */
static void without_encipherment(void **state) {
    (void)state;
    static const uint8_t header[4] = {0x0C, 0xB0, 0, 0};
    struct sm_terminal t = begin(CRYPTO_SM4, "SM4", 0, 0);
    t.encipher = false;
    exchange(&t, header, 20, 0, 10, SW_OK); /* the answer is enciphered: there is a key for it */
    bind(false);
    assert_int_equal(sm_open(&session, &keys, 0, t.counter, 16), ONECARD_OK);
    exchange(&t, header, 20, 0, 10, SW_OK);
    t.encipher = true; /* 87 without a key */
    uint8_t command[128], level;
    struct apdu inner = {0};
    const size_t n = terminal_protect(&t, header, header, 4, 0, command);
    assert_int_equal(unwrap(command, n, &inner, &level), SW_SM_INCORRECT);
}

/* An error says itself in 99 and carries no data; the session goes on. */
static void errors_are_protected(void **state) {
    (void)state;
    static const uint8_t header[4] = {0x0C, 0xB0, 0, 0};
    struct sm_terminal t = begin(CRYPTO_AES128, "AES-128", 0, 0);
    uint8_t command[128], out[64], level;
    unsigned said = 0;
    struct apdu inner = {0};
    const size_t n = terminal_protect(&t, header, NULL, 0, 0, command);
    assert_int_equal(unwrap(command, n, &inner, &level), SW_OK);
    struct apdu_answer answer = answer_of(header, 4);
    assert_int_equal(sm_wrap(&session, &keys, &answer, SW_FILE_NOT_FOUND), SW_FILE_NOT_FOUND);
    assert_int_equal(answer.len, 14);
    assert_int_equal(terminal_open(&t, 0xB0, answer.data, answer.len, out, &said), 0);
    assert_int_equal(said, SW_FILE_NOT_FOUND);
    exchange(&t, header, 0, 0, 4, SW_OK);
}

/* ---- what may be wrong ---- */

/* The command with these objects (hex) before its MAC, which is right for them; `after` stands
 * behind the MAC. */
static uint16_t with_objects(struct sm_terminal *t, const char *objects, const char *after,
                             size_t mac_len, uint8_t cla) {
    static const uint8_t ins_p1_p2[3] = {0xD6, 0x00, 0x00};
    uint8_t command[512] = {cla}, mac[16], level;
    struct apdu inner = {0};
    memcpy(command + 1, ins_p1_p2, 3);
    uint8_t *p = command + 5;
    size_t n = from_hex(p, 256, objects);
    terminal_count(t);
    terminal_mac_objects(t, (cla & 0x0C) == 0x0C ? command : NULL, p, n, mac);
    if (mac_len)
        n += terminal_object(p + n, 0x8E, mac, mac_len);
    n += from_hex(p + n, 256, after);
    command[4] = (uint8_t)n;
    p[n] = 0;
    return unwrap(command, n ? 5 + n + 1 : 5, &inner, &level);
}

static void wrong_objects(void **state) {
    (void)state;
    static const struct {
        const char *what, *objects, *after;
        size_t mac_len;
        uint8_t cla;
        uint16_t status;
    } table[] = {
        {"good", "8103010203", "", 8, 0x0C, SW_OK},
        {"good, with Le", "8103010203970100", "", 8, 0x0C, SW_OK},
        {"good, no objects but the MAC", "", "", 8, 0x0C, SW_OK},
        {"no MAC", "8103010203", "", 0, 0x0C, SW_SM_MISSING},
        {"no objects", "", "", 0, 0x0C, SW_SM_MISSING},
        {"MAC twice", "8103010203", "8E080000000000000000", 8, 0x0C, SW_SM_INCORRECT},
        {"MAC too short", "8103010203", "", 4, 0x0C, SW_SM_INCORRECT},
        {"data behind the MAC", "970100", "8103010203", 8, 0x0C, SW_SM_INCORRECT},
        {"Le behind the MAC", "8103010203", "970100", 8, 0x0C, SW_SM_INCORRECT},
        {"Le before data", "9701008103010203", "", 8, 0x0C, SW_SM_INCORRECT},
        {"data twice", "81030102038103010203", "", 8, 0x0C, SW_SM_INCORRECT},
        {"data plain and enciphered", "81030102038711010000000000000000000000000000000000", "", 8,
         0x0C, SW_SM_INCORRECT},
        {"Le twice", "970100970100", "", 8, 0x0C, SW_SM_INCORRECT},
        {"Le of no bytes", "9700", "", 8, 0x0C, SW_SM_INCORRECT},
        {"Le of three bytes", "9703000000", "", 8, 0x0C, SW_SM_INCORRECT},
        {"status in a command", "99029000", "", 8, 0x0C, SW_SM_INCORRECT},
        {"unknown object", "8001008103010203", "", 8, 0x0C, SW_SM_INCORRECT},
        {"data of no bytes", "8100", "", 8, 0x0C, SW_SM_INCORRECT},
        {"cryptogram of no bytes", "8700", "", 8, 0x0C, SW_SM_INCORRECT},
        {"padding indicator alone", "870101", "", 8, 0x0C, SW_SM_INCORRECT},
        {"other padding", "87110200000000000000000000000000000000", "", 8, 0x0C, SW_SM_INCORRECT},
        {"part of a block", "870A01000000000000000000", "", 8, 0x0C, SW_SM_INCORRECT},
        {"odd cryptogram with an even INS", "851000000000000000000000000000000000", "", 8, 0x0C,
         SW_SM_INCORRECT},
        {"object longer than the command", "8105010203", "", 0, 0x0C, SW_SM_INCORRECT},
        {"tag without length", "81", "", 0, 0x0C, SW_SM_INCORRECT},
        {"plain class", "8103010203", "", 8, 0x00, SW_SM_MISSING},
        {"class of another way", "8103010203", "", 8, 0x04, SW_SM_MISSING},
        {"header not covered", "8103010203", "", 8, 0x08, SW_SM_MISSING},
        {"further class, header not covered", "8103010203", "", 8, 0x60, SW_SM_MISSING},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct sm_terminal t = begin(CRYPTO_AES128, "AES-128", 0, 0);
        const uint16_t got =
            with_objects(&t, table[i].objects, table[i].after, table[i].mac_len, table[i].cla);
        if (got != table[i].status)
            fail_msg("%s: %04X", table[i].what, got);
        assert_int_equal(session.open, table[i].status == SW_OK);
        keys_delete(&fx.keys, OWNER, MAC);
        keys_delete(&fx.keys, OWNER, ENC);
    }
}

/* Padding that is not there, under a right MAC. */
static void wrong_padding(void **state) {
    (void)state;
    struct sm_terminal t = begin(CRYPTO_TDES2, "DES-EDE", 0, 0);
    uint8_t block[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    char objects[64];
    terminal_cipher(&t, true, block, 8);
    snprintf(objects, sizeof objects, "870901%02X%02X%02X%02X%02X%02X%02X%02X", block[0], block[1],
             block[2], block[3], block[4], block[5], block[6], block[7]);
    assert_int_equal(with_objects(&t, objects, "", 8, 0x0C), SW_SM_INCORRECT);
    assert_false(session.open);
}

/* Each bit of a protected command counts, and the first wrong one ends the session. */
static void any_flipped_bit(void **state) {
    (void)state;
    static const uint8_t header[4] = {0x0C, 0xD6, 0x00, 0x05};
    struct sm_terminal t = begin(CRYPTO_SM4, "SM4", 0, 0);
    const struct sm_session fresh = session;
    uint8_t command[128], level;
    struct apdu inner = {0};
    const size_t n = terminal_protect(&t, header, (const uint8_t *)"secret", 6, 0, command);
    for (size_t bit = 0; bit < n * 8; bit++) {
        uint8_t changed[128];
        struct apdu outer;
        memcpy(changed, command, n);
        changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (!apdu_parse(changed, n, &outer))
            continue;
        session = fresh;
        assert_int_not_equal(
            sm_unwrap(&session, &keys, &outer, buffer, sizeof buffer, &inner, &level), SW_OK);
        assert_false(session.open);
    }
    session = fresh;
    assert_int_equal(unwrap(command, n, &inner, &level), SW_OK);
}

/* A message counts once, in its place. */
static void replay(void **state) {
    (void)state;
    static const uint8_t header[4] = {0x0C, 0xB0, 0, 0};
    struct sm_terminal t = begin(CRYPTO_AES256, "AES-256", 0, 0);
    const struct sm_session fresh = session;
    uint8_t first[128], second[128], level;
    struct apdu inner = {0};
    const size_t first_len = terminal_protect(&t, header, NULL, 0, 0, first);
    terminal_count(&t); /* the answer */
    const size_t second_len = terminal_protect(&t, header, NULL, 0, 0, second);
    assert_int_equal(unwrap(second, second_len, &inner, &level), SW_SM_INCORRECT); /* left out */
    session = fresh;
    assert_int_equal(unwrap(first, first_len, &inner, &level), SW_OK);
    struct apdu_answer answer = answer_of(header, 4);
    assert_int_equal(sm_wrap(&session, &keys, &answer, SW_OK), SW_OK);
    const struct sm_session between = session;
    assert_int_equal(unwrap(first, first_len, &inner, &level), SW_SM_INCORRECT); /* again */
    assert_int_equal(unwrap(second, second_len, &inner, &level), SW_CONDITIONS); /* it is over */
    session = between;
    assert_int_equal(unwrap(second, second_len, &inner, &level), SW_OK);
}

/* The counter does not begin anew. */
static void counter_ends(void **state) {
    (void)state;
    static const uint8_t header[4] = {0x0C, 0xB0, 0, 0};
    uint8_t command[64], level;
    struct apdu inner = {0};
    struct sm_terminal t = begin(CRYPTO_TDES2, "DES-EDE", 0, 0);
    memset(t.counter, 0xFF, 8);
    t.counter[7] = 0xFE;
    assert_int_equal(sm_open(&session, &keys, 0, t.counter, 8), ONECARD_OK);
    const size_t n = terminal_protect(&t, header, NULL, 0, 0, command);
    assert_int_equal(unwrap(command, n, &inner, &level), SW_OK);
    struct apdu_answer answer = answer_of(header, 0);
    assert_int_equal(sm_wrap(&session, &keys, &answer, SW_OK), SW_UNKNOWN);
    assert_false(session.open);
}

/* F5: a wrong MAC takes a try before it is compared, whatever transaction is open. */
static void f5_wrong_mac_counts(void **state) {
    (void)state;
    static const uint8_t header[4] = {0x0C, 0xB0, 0, 0};
    uint8_t command[64], level;
    struct apdu inner = {0};
    struct key_info info;
    struct sm_terminal t = begin(CRYPTO_AES128, "AES-128", 0, 2);
    const struct sm_session fresh = session;
    const size_t n = terminal_protect(&t, header, NULL, 0, 0, command);
    for (uint8_t left = 1; left != 0xFF; left--) {
        command[n - 2] ^= 1;
        session = fresh;
        assert_int_equal(unwrap(command, n, &inner, &level), SW_SM_INCORRECT);
        store_abort(fx.store);
        fixture_tear(&fx);
        bind(true);
        assert_int_equal(keys_info(&fx.keys, &keys.mac, &info), ONECARD_OK);
        assert_int_equal(info.tries_left, left);
        command[n - 2] ^= 1;
        session = fresh;
        if (left != 0) /* a right one gives them back: not here */
            continue;
        assert_int_equal(unwrap(command, n, &inner, &level), SW_BLOCKED);
        break;
    }
}

static void how_it_may_begin(void **state) {
    (void)state;
    static const uint8_t value[32] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const struct {
        uint8_t mac_algorithm, enc_algorithm;
        uint16_t mac_usage, enc_usage, how;
        uint8_t counter_len;
        enum onecard_err err;
    } table[] = {
        {CRYPTO_SM4, CRYPTO_SM4, 0x000C, 0x0003, 0, 16, ONECARD_OK},
        {CRYPTO_TDES3, CRYPTO_TDES3, 0x000C, 0x0003, 0x0304, 8, ONECARD_OK},
        {CRYPTO_SM4, CRYPTO_SM4, 0x0004, 0x0003, 0, 16, ONECARD_E_DENIED},
        {CRYPTO_SM4, CRYPTO_SM4, 0x0008, 0x0003, 0, 16, ONECARD_E_DENIED},
        {CRYPTO_SM4, CRYPTO_SM4, 0x000C, 0x0001, 0, 16, ONECARD_E_DENIED},
        {CRYPTO_SM4, CRYPTO_SM4, 0x000C, 0x0002, 0, 16, ONECARD_E_DENIED},
        {CRYPTO_SM4, CRYPTO_AES128, 0x000C, 0x0003, 0, 16, ONECARD_E_PARAM},
        {CRYPTO_DES, CRYPTO_DES, 0x000C, 0x0003, 0, 8, ONECARD_E_PARAM},
        {CRYPTO_SM4, CRYPTO_SM4, 0x000C, 0x0003, 0, 8, ONECARD_E_PARAM},
        {CRYPTO_SM4, CRYPTO_SM4, 0x000C, 0x0003, 3, 16, ONECARD_E_PARAM},
        {CRYPTO_SM4, CRYPTO_SM4, 0x000C, 0x0003, 9, 16, ONECARD_E_PARAM},
        {CRYPTO_SM4, CRYPTO_SM4, 0x000C, 0x0003, 0x0400, 16, ONECARD_E_PARAM},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        make_key(MAC, table[i].mac_algorithm, table[i].mac_usage, 0, value);
        make_key(ENC, table[i].enc_algorithm, table[i].enc_usage, 0, value);
        bind(true);
        assert_int_equal(sm_open(&session, &keys, table[i].how, value, table[i].counter_len),
                         table[i].err);
        assert_int_equal(session.open, table[i].err == ONECARD_OK);
        sm_close(&session);
        keys_delete(&fx.keys, OWNER, MAC);
        bind(true);
        assert_int_equal(sm_open(&session, &keys, 0, value, 16), ONECARD_E_NOT_FOUND);
        keys_delete(&fx.keys, OWNER, ENC);
    }
}

/* Enciphered data or nothing, where the session says so. */
static void enciphered_only(void **state) {
    (void)state;
    static const uint8_t header[4] = {0x0C, 0xD6, 0, 0};
    struct sm_terminal t = begin(CRYPTO_AES128, "AES-128", SM_ENCIPHERED_ONLY, 0);
    exchange(&t, header, 5, -1, 0, SW_OK);
    exchange(&t, header, 0, 0, 5, SW_OK);
    t.encipher = false;
    uint8_t command[64], level;
    struct apdu inner = {0};
    const size_t n = terminal_protect(&t, header, header, 4, -1, command);
    assert_int_equal(unwrap(command, n, &inner, &level), SW_SM_MISSING);
    bind(false);
    assert_int_equal(sm_open(&session, &keys, SM_ENCIPHERED_ONLY, t.counter, 16), ONECARD_E_PARAM);
}

/* Le of the protected command is 00: the length is for 97 to say. */
static void outer_le(void **state) {
    (void)state;
    static const uint8_t header[4] = {0x0C, 0xB0, 0, 0};
    struct sm_terminal t = begin(CRYPTO_AES128, "AES-128", 0, 0);
    uint8_t command[64], level;
    struct apdu inner = {0};
    const size_t n = terminal_protect(&t, header, NULL, 0, 4, command);
    command[n - 1] = 0x20;
    assert_int_equal(unwrap(command, n, &inner, &level), SW_WRONG_LENGTH);
    assert_false(session.open);
}

/* An answer that has no room left is not sent in part. */
static void no_room(void **state) {
    (void)state;
    static const uint8_t header[4] = {0x0C, 0xB0, 0, 0};
    for (uint32_t room = 0; room < SM_OVERHEAD - 8; room++) {
        struct sm_terminal t = begin(CRYPTO_AES128, "AES-128", 0, 0);
        uint8_t command[64], level;
        struct apdu inner = {0};
        const size_t n = terminal_protect(&t, header, NULL, 0, 0, command);
        assert_int_equal(unwrap(command, n, &inner, &level), SW_OK);
        uint8_t *exact = malloc(16 + room); /* for the sanitiser to watch */
        memset(exact, 0x55, 16 + room);
        struct apdu_answer answer = {.data = exact, .capacity = 16 + room, .len = 16};
        const uint16_t status = sm_wrap(&session, &keys, &answer, SW_OK);
        assert_true(status == SW_UNKNOWN ? answer.len == 0 : answer.len <= answer.capacity);
        free(exact);
        keys_delete(&fx.keys, OWNER, MAC);
        keys_delete(&fx.keys, OWNER, ENC);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(icao_example, setup, teardown),
        cmocka_unit_test_setup_teardown(suites_beside_openssl, setup, teardown),
        cmocka_unit_test_setup_teardown(without_encipherment, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_are_protected, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_objects, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_padding, setup, teardown),
        cmocka_unit_test_setup_teardown(any_flipped_bit, setup, teardown),
        cmocka_unit_test_setup_teardown(replay, setup, teardown),
        cmocka_unit_test_setup_teardown(counter_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(f5_wrong_mac_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(how_it_may_begin, setup, teardown),
        cmocka_unit_test_setup_teardown(enciphered_only, setup, teardown),
        cmocka_unit_test_setup_teardown(outer_le, setup, teardown),
        cmocka_unit_test_setup_teardown(no_room, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
