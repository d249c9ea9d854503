/* bench_secure: secure messaging of ISO/IEC 7816-4 and certificates of the wallet, in process. A
 * protected exchange is UPDATE BINARY with 16 bytes enciphered, and an answer of 16 bytes; a
 * certificate is verified with its CA known before, and with both new. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "onecard/host.h"
#include "secure/cert.h"
#include "secure/sm.h"

static void must(int good, const char *what) {
    if (good)
        return;
    fprintf(stderr, "bench_secure: %s\n", what);
    exit(1);
}

#define assert_int_equal(a, b) must((a) == (b), #a)
#define assert_non_null(a) must((a) != NULL, #a)
#include "secure/cert_issuer.h"
#include "secure/sm_terminal.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void tell(const char *what, double count, double seconds) {
    printf("%-44s %12.0f /s  %8.2f us\n", what, count / seconds, seconds / count * 1e6);
}

/* ---- secure messaging ---- */

enum { COMMANDS = 4000, ROUNDS = 10, COMMAND_MAX = 80 };

static struct sm_terminal terminal_of(const char *cipher, uint8_t algorithm) {
    const struct crypto_alg_info *info = crypto_alg_find(algorithm);
    struct sm_terminal t = {.cipher = cipher,
                            .key_len = info->key_size,
                            .block = info->block_size,
                            .encipher = true,
                            .mac_len = 8};
    for (size_t i = 0; i < t.key_len; i++) {
        t.mac[i] = (uint8_t)(3 * i + 1);
        t.enc[i] = (uint8_t)(5 * i + 2);
    }
    return t;
}

static void slot_make(struct key_session *slot, uint8_t algorithm, uint16_t usage,
                      const uint8_t *value, size_t len) {
    memset(slot, 0, sizeof *slot);
    slot->usage = usage;
    slot->algorithm = algorithm;
    must(crypto_key_set(&slot->key, algorithm, value, len) == ONECARD_OK, "key");
}

static void exchange(struct sm_session *session, const struct sm_keys *keys, const uint8_t *command,
                     size_t len) {
    struct apdu outer, inner;
    uint8_t buffer[COMMAND_MAX], answer_bytes[16 + SM_OVERHEAD] = {0}, level;
    must(apdu_parse(command, len, &outer), "command");
    must(sm_unwrap(session, keys, &outer, buffer, sizeof buffer, &inner, &level) == SW_OK,
         "unwrap");
    struct apdu_answer answer = {
        .data = answer_bytes, .capacity = sizeof answer_bytes, .len = inner.lc};
    must(sm_wrap(session, keys, &answer, SW_OK) == SW_OK, "wrap");
}

static void bench_sm(const char *name, const char *cipher, uint8_t algorithm) {
    static uint8_t commands[COMMANDS][COMMAND_MAX];
    static size_t lens[COMMANDS];
    static struct key_session mac, enc;
    static const uint8_t header[4] = {0x0C, 0xD6, 0, 0}, data[16] = {1};
    struct sm_terminal t = terminal_of(cipher, algorithm);
    struct keys no_store = {0};
    struct sm_session start = {.enc = 1};
    slot_make(&mac, algorithm, KEY_MAC | KEY_MAC_VERIFY, t.mac, t.key_len);
    slot_make(&enc, algorithm, KEY_ENCRYPT | KEY_DECRYPT, t.enc, t.key_len);
    const struct sm_keys keys = {&no_store, {0, 0, &mac}, {0, 0, &enc}};
    must(sm_open(&start, &keys, 0, t.counter, (uint32_t)t.block) == ONECARD_OK, "open");
    for (size_t i = 0; i < COMMANDS; i++) {
        lens[i] = terminal_protect(&t, header, data, sizeof data, -1, commands[i]);
        terminal_count(&t); /* the answer */
    }
    const double from = now();
    for (int round = 0; round < ROUNDS; round++) {
        struct sm_session session = start;
        for (size_t i = 0; i < COMMANDS; i++)
            exchange(&session, &keys, commands[i], lens[i]);
    }
    tell(name, COMMANDS * ROUNDS, now() - from);
}

/* ---- certificates ---- */

enum { OWNER = 7, VERIFICATIONS = 2000 };

static struct store *open_store(void) {
    const struct onecard_host_options options = {.sector_count = 64, .no_sync = true};
    struct onecard_host *host;
    char message[160];
    struct arena arena;
    struct store *store;
    must(onecard_host_memory(&options, &host, message, sizeof message) == ONECARD_OK, message);
    const struct onecard_port *port = onecard_host_port(host);
    const size_t size = store_memory_size(port) + 64;
    void *memory = malloc(size);
    must(memory != NULL, "out of memory");
    arena_init(&arena, memory, size);
    must(store_format(port, &arena) == ONECARD_OK, "format");
    arena_init(&arena, memory, size);
    must(store_open(port, &arena, &store) == ONECARD_OK, "open");
    return store; /* until the end of the program */
}

static void verify(struct store *store, const uint8_t *certificates, uint32_t len) {
    uint8_t key[64];
    must(cert_verify(store, OWNER, certificates, len, CERT_ROLE_CARD, 2500, key) == ONECARD_OK,
         "verify");
}

static void bench_certificates(void) {
    static const struct wish ca_wish = {CERT_ROLE_CA, 1, 0, 9999},
                             wish = {CERT_ROLE_CARD, 2, 0, 9999};
    struct issuer root, ca, card;
    uint8_t chain[2 * CERT_SIZE];
    struct store *store = open_store();
    issuer_make(&root);
    issuer_make(&ca);
    issuer_make(&card);
    issuer_certify(&root, &ca, &ca_wish, chain);
    issuer_certify(&ca, &card, &wish, chain + CERT_SIZE);
    must(cert_root_set(store, OWNER, 0, root.public_key, 64) == ONECARD_OK, "root");
    must(store_commit(store) == ONECARD_OK, "commit");
    double from = now();
    for (int i = 0; i < VERIFICATIONS; i++) {
        verify(store, chain, sizeof chain);
        store_abort(store); /* the CA is not kept */
    }
    tell("chain of two, both new", VERIFICATIONS, now() - from);
    verify(store, chain, sizeof chain);
    must(store_commit(store) == ONECARD_OK, "commit");
    from = now();
    for (int i = 0; i < VERIFICATIONS; i++)
        verify(store, chain, sizeof chain);
    tell("chain of two, its CA known", VERIFICATIONS, now() - from);
    from = now();
    for (int i = 0; i < VERIFICATIONS; i++)
        verify(store, chain + CERT_SIZE, CERT_SIZE);
    tell("certificate alone, its CA known", VERIFICATIONS, now() - from);
    issuer_free(&root);
    issuer_free(&ca);
    issuer_free(&card);
}

int main(void) {
    bench_sm("protected exchange, 3DES", "DES-EDE", CRYPTO_TDES2);
    bench_sm("protected exchange, AES-128", "AES-128", CRYPTO_AES128);
    bench_sm("protected exchange, SM4", "SM4", CRYPTO_SM4);
    bench_certificates();
    return 0;
}
