/* Certificates, chains and revocation lists from anybody, and EMV's recovered blocks with any
 * content: an error or a result, nothing read too far, and nothing kept that no root has signed.
 * Input: what 1, day 2, bytes. What bit 1: sign the body (and the second one) with the root and the
 * CA, whose keys are known here. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "onecard/host.h"
#include "secure/cert.h"
#include "secure/cert_emv.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WHAT_SIGN = 1, WHAT_LIST = 2, WHAT_EMV = 4, WHAT_SECOND_CA = 8 };
enum { OWNER = 7, MOST = 600, EMV_SIZE = 104 };

static struct {
    struct onecard_host *host;
    void *memory;
    struct store *store;
    struct crypto_random random;
    struct crypto_rsa rsa;
    struct cert_emv_key emv;
    uint8_t root[32], root_public[64], ca[32], ca_public[64];
} rig;

static void check(bool good) {
    if (!good)
        abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    static const uint8_t seed[] = "certificates";
    const struct onecard_host_options options = {
        .sector_count = 16, .seed = seed, .seed_len = sizeof seed, .no_sync = true};
    char message[160];
    struct arena arena;
    check(onecard_host_memory(&options, &rig.host, message, sizeof message) == ONECARD_OK);
    const struct onecard_port *port = onecard_host_port(rig.host);
    const size_t size = store_memory_size(port) + 64;
    rig.memory = malloc(size);
    check(rig.memory != NULL);
    check(crypto_random_open(&rig.random, port->entropy, port->ctx, NULL, 0) == ONECARD_OK);
    arena_init(&arena, rig.memory, size);
    check(store_format(port, &arena) == ONECARD_OK);
    arena_init(&arena, rig.memory, size);
    check(store_open(port, &arena, &rig.store) == ONECARD_OK);
    check(crypto_sm2_generate(&rig.random, rig.root, rig.root_public) == ONECARD_OK);
    check(crypto_sm2_generate(&rig.random, rig.ca, rig.ca_public) == ONECARD_OK);
    uint8_t p[EMV_SIZE / 2], q[EMV_SIZE / 2];
    check(crypto_rsa_generate(&rig.random, EMV_SIZE * 8, 3, p, q) == ONECARD_OK);
    rig.emv = (struct cert_emv_key){.modulus_len = EMV_SIZE, .exponent = {3}, .exponent_len = 1};
    check(crypto_rsa_open_private(&rig.rsa, p, q, sizeof p, rig.emv.exponent, 1) == ONECARD_OK);
    check(crypto_rsa_modulus(&rig.rsa, rig.emv.modulus) == ONECARD_OK);
    check(cert_root_set(rig.store, OWNER, 0, rig.root_public, 64) == ONECARD_OK);
    check(store_commit(rig.store) == ONECARD_OK);
    return 0;
}

static void sign(const uint8_t private_key[32], const uint8_t public_key[64], const uint8_t *body,
                 uint32_t len, uint8_t *signature) {
    struct crypto_digest digest;
    uint8_t value[CRYPTO_DIGEST_MAX];
    check(crypto_sm2_digest_start(&digest, NULL, 0, public_key) == ONECARD_OK);
    crypto_digest_update(&digest, body, len);
    crypto_digest_finish(&digest, value);
    check(crypto_sm2_sign(&rig.random, private_key, public_key, value, signature) == ONECARD_OK);
}

/* Make certificates that are signed: the first by the root, the second by the CA, if the first is
 * one. The key and issuer fields are put right, the rest stays as it came. */
static void complete(uint8_t *bytes, uint32_t len, bool second_ca) {
    if (len < CERT_SIZE)
        return;
    bytes[CERT_AT_VERSION] = CERT_VERSION;
    memcpy(bytes + CERT_AT_KEY, rig.ca_public, 64);
    check(cert_key_name(rig.root_public, bytes + CERT_AT_ISSUER) == ONECARD_OK);
    sign(rig.root, rig.root_public, bytes, CERT_BODY, bytes + CERT_BODY);
    if (len < 2 * CERT_SIZE)
        return;
    uint8_t *second = bytes + CERT_SIZE;
    second[CERT_AT_VERSION] = CERT_VERSION;
    if (second_ca)
        second[CERT_AT_ROLES] = CERT_ROLE_CA;
    memcpy(second + CERT_AT_KEY, rig.root_public, 64); /* any point */
    check(cert_key_name(rig.ca_public, second + CERT_AT_ISSUER) == ONECARD_OK);
    sign(rig.ca, rig.ca_public, second, CERT_BODY, second + CERT_BODY);
}

static void run_certificates(uint8_t *bytes, uint32_t len, uint8_t what, uint16_t day) {
    uint8_t key[64];
    if (what & WHAT_SIGN)
        complete(bytes, len, what & WHAT_SECOND_CA);
    const enum onecard_err err = cert_verify(rig.store, OWNER, bytes, len, CERT_ROLE_ALL, day, key);
    if (err == ONECARD_OK)
        check(what & WHAT_SIGN && crypto_sm2_check(key) == ONECARD_OK);
    if (!(what & WHAT_SIGN))
        check(!store_dirty(rig.store)); /* nothing is kept that no root has signed */
}

static void run_list(uint8_t *bytes, uint32_t len, uint8_t what) {
    if (what & WHAT_SIGN && len >= CERT_LIST_HEAD + 64) {
        check(cert_key_name(rig.root_public, bytes + 4) == ONECARD_OK);
        sign(rig.root, rig.root_public, bytes, len - 64, bytes + len - 64);
    }
    const enum onecard_err err = cert_list_set(rig.store, OWNER, bytes, len);
    check(err != ONECARD_OK || what & WHAT_SIGN);
    uint16_t version = 0;
    check(cert_list_version(rig.store, OWNER, &version) == ONECARD_OK);
    check((err == ONECARD_OK) == (version != 0));
}

/* The block is signed with a key that is known here: 6A, content as it came, the hash over it and
 * what belongs to its format, BC. What is left over is remainder, static and terminal data at once.
 */
static void run_emv(const uint8_t *bytes, uint32_t len) {
    static struct cert_emv_key out;
    uint8_t block[EMV_SIZE] = {0x6A}, signature[EMV_SIZE], data[CERT_EMV_MODULUS_MAX], hash[64];
    uint32_t out_len = 0;
    if (len < EMV_SIZE - 22)
        return;
    const struct cert_emv_bytes rest = {bytes + EMV_SIZE - 22, len - (EMV_SIZE - 22)},
                                exponent = {(const uint8_t *)"\3", 1}, it = {signature, EMV_SIZE};
    struct crypto_digest digest;
    memcpy(block + 1, bytes, EMV_SIZE - 22);
    check(crypto_digest_start(&digest, CRYPTO_SHA1) == ONECARD_OK);
    crypto_digest_update(&digest, bytes, len);
    if (block[1] == 0x02 || block[1] == 0x04)
        crypto_digest_update(&digest, exponent.data, 1);
    if (block[1] == 0x04)
        crypto_digest_update(&digest, rest.data, rest.len);
    crypto_digest_finish(&digest, hash);
    memcpy(block + EMV_SIZE - 21, hash, 20);
    block[EMV_SIZE - 1] = 0xBC;
    check(crypto_rsa_raw_private(&rig.random, &rig.rsa, block, signature) == ONECARD_OK);
    const enum onecard_err issuer = cert_emv_issuer(&rig.emv, it, rest, exponent, &out);
    check(issuer != ONECARD_OK || out.modulus_len <= sizeof out.modulus);
    cert_emv_card(&rig.emv, it, rest, exponent, rest, &out);
    cert_emv_static(&rig.emv, it, rest, data);
    if (cert_emv_dynamic(&rig.emv, it, rest, data, &out_len) == ONECARD_OK)
        check(out_len <= EMV_SIZE - 25);
    cert_emv_issuer_fits(bytes, bytes + 4, len - 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 3 || size > 3 + MOST)
        return 0;
    const uint32_t len = (uint32_t)size - 3;
    uint8_t *bytes = malloc(len + 1); /* exact, for the sanitiser to watch */
    check(bytes != NULL);
    memcpy(bytes, data + 3, len);
    if (data[0] & WHAT_EMV)
        run_emv(bytes, len);
    else if (data[0] & WHAT_LIST)
        run_list(bytes, len, data[0]);
    else
        run_certificates(bytes, len, data[0], get_be16(data + 1));
    store_abort(rig.store);
    free(bytes);
    return 0;
}
