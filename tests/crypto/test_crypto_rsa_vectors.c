/* RSA Laboratories' vectors (Debian's python3-cryptography-vectors): PKCS #1 v1.5 signatures and
 * encryption, PSS, with the private keys, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "crypto/hex.h"
#include "crypto/pk.h"

#define VECTORS "/usr/lib/python3/dist-packages/cryptography_vectors/asymmetric/RSA/"

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return ONECARD_OK;
}

static struct noise seed = {73};
static struct crypto_random rng;

static int setup(void **state) {
    (void)state;
    return crypto_random_open(&rng, entropy, &seed, NULL, 0) != ONECARD_OK;
}

static int teardown(void **state) {
    (void)state;
    crypto_random_close(&rng);
    return 0;
}

/* ---- the files: "# Label:" and lines of hex ---- */

struct piece {
    uint8_t bytes[512];
    size_t len;
};

/* What is known of the key and the example under way. */
struct example {
    struct piece modulus, exponent, primes[2], message, seed, result;
    bool usable;
    uint8_t key[CRYPTO_PK_PRIVATE_MAX];
};

static struct piece *piece_of(struct example *x, const char *label) {
    static const struct {
        const char *label;
        size_t at;
    } table[] = {
        {"# Modulus:", offsetof(struct example, modulus)},
        {"# Public exponent:", offsetof(struct example, exponent)},
        {"# Prime 1:", offsetof(struct example, primes)},
        {"# Prime 2:", offsetof(struct example, primes) + sizeof(struct piece)},
        {"# Message", offsetof(struct example, message)},
        {"# Seed:", offsetof(struct example, seed)},
        {"# Salt:", offsetof(struct example, seed)},
        {"# Signature:", offsetof(struct example, result)},
        {"# Encryption:", offsetof(struct example, result)},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strncmp(label, table[i].label, strlen(table[i].label)) == 0)
            return (struct piece *)(void *)((uint8_t *)x + table[i].at);
    return NULL;
}

static void add_hex(struct piece *p, const char *line) {
    for (unsigned byte; sscanf(line, "%2x", &byte) == 1; line += 3) {
        assert_true(p->len < sizeof p->bytes);
        p->bytes[p->len++] = (uint8_t)byte;
        if (line[2] != ' ')
            break;
    }
}

/* The key of a new heading: once both primes are known. The card takes sizes in steps of 16 bits.
 */
static void open_key(struct example *x) {
    uint8_t value[CRYPTO_PK_VALUE_MAX];
    const size_t half = x->primes[0].len;
    x->usable =
        x->modulus.len == 2 * half && x->primes[1].len == half && (x->modulus.bytes[0] & 0x80) != 0;
    if (!x->usable)
        return;
    memset(value, 0, 4);
    memcpy(value + 4 - x->exponent.len, x->exponent.bytes, x->exponent.len);
    memcpy(value + 4, x->primes[0].bytes, half);
    memcpy(value + 4 + half, x->primes[1].bytes, half);
    assert_int_equal(crypto_pk_import(&rng, CRYPTO_RSA, value, (uint32_t)(4 + 2 * half), x->key),
                     ONECARD_OK);
    const struct crypto_pk_key key = {CRYPTO_RSA, true, (uint16_t)x->modulus.len, x->key};
    uint8_t public_key[CRYPTO_PK_PUBLIC_MAX];
    assert_int_equal(crypto_pk_public(&key, public_key), ONECARD_OK);
    assert_memory_equal(public_key + 4, x->modulus.bytes, x->modulus.len);
}

typedef void handler(const struct example *x, const struct crypto_pk_key *key);

static unsigned run_file(const char *name, handler *handle) {
    static struct example x;
    char line[200];
    unsigned done = 0;
    struct piece *current = NULL;
    snprintf(line, sizeof line, VECTORS "%s", name);
    FILE *file = fopen(line, "r");
    if (file == NULL)
        fail_msg("%s is missing: tools/setup/install.sh installs it", line);
    memset(&x, 0, sizeof x);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] != '#') {
            if (current != NULL)
                add_hex(current, line);
            continue;
        }
        if (current == &x.result && x.result.len > 0 && x.usable) {
            const struct crypto_pk_key key = {CRYPTO_RSA, true, (uint16_t)x.modulus.len, x.key};
            handle(&x, &key);
            done++;
        }
        if (current == &x.primes[1])
            open_key(&x);
        current = piece_of(&x, line);
        if (current != NULL)
            current->len = 0;
    }
    if (current == &x.result && x.usable) {
        const struct crypto_pk_key key = {CRYPTO_RSA, true, (uint16_t)x.modulus.len, x.key};
        handle(&x, &key);
        done++;
    }
    fclose(file);
    return done;
}

/* ---- what is done with them ---- */

static void sign(const struct example *x, const struct crypto_pk_key *key,
                 enum crypto_scheme scheme) {
    uint8_t digest[20], signature[256];
    uint32_t len = sizeof signature;
    crypto_digest_once(CRYPTO_SHA1, x->message.bytes, x->message.len, digest);
    assert_int_equal(
        crypto_pk_sign(&rng, key, scheme, CRYPTO_SHA1, digest, sizeof digest, signature, &len),
        ONECARD_OK);
    assert_int_equal(len, x->result.len);
    assert_memory_equal(signature, x->result.bytes, len);
    assert_int_equal(crypto_pk_verify(key, scheme, CRYPTO_SHA1, digest, sizeof digest,
                                      x->result.bytes, (uint32_t)x->result.len),
                     ONECARD_OK);
}

static void sign_pkcs1(const struct example *x, const struct crypto_pk_key *key) {
    sign(x, key, CRYPTO_PK_PKCS1);
}

/* The salt is the next that the generator gives. */
static void sign_pss(const struct example *x, const struct crypto_pk_key *key) {
    assert_int_equal(x->seed.len, 20);
    crypto_random_force(&rng, x->seed.bytes, x->seed.len);
    sign(x, key, CRYPTO_PK_PSS);
}

static void encrypt(const struct example *x, const struct crypto_pk_key *key) {
    uint8_t out[256];
    uint32_t len = sizeof out;
    assert_int_equal(crypto_pk_decrypt(&rng, key, CRYPTO_PK_PKCS1, x->result.bytes,
                                       (uint32_t)x->result.len, out, &len),
                     ONECARD_OK);
    assert_int_equal(len, x->message.len);
    assert_memory_equal(out, x->message.bytes, len);
    /* the padding is what the generator gives next */
    crypto_random_force(&rng, x->seed.bytes, x->seed.len);
    len = sizeof out;
    assert_int_equal(crypto_pk_encrypt(&rng, key, CRYPTO_PK_PKCS1, x->message.bytes,
                                       (uint32_t)x->message.len, out, &len),
                     ONECARD_OK);
    crypto_random_force(&rng, NULL, 0);
    assert_int_equal(len, x->result.len);
    assert_memory_equal(out, x->result.bytes, len);
}

static void test_pkcs1_signatures(void **state) {
    (void)state;
    assert_int_equal(run_file("pkcs1v15sign-vectors.txt", sign_pkcs1), 8 * 20);
}

static void test_pss_signatures(void **state) {
    (void)state;
    assert_in_range(run_file("pkcs-1v2-1d2-vec/pss-vect.txt", sign_pss), 12, 60);
}

static void test_pkcs1_encryption(void **state) {
    (void)state;
    assert_int_equal(run_file("pkcs1v15crypt-vectors.txt", encrypt), 8 * 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pkcs1_signatures),
        cmocka_unit_test(test_pss_signatures),
        cmocka_unit_test(test_pkcs1_encryption),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
