/* The vectors of Debian's python3-cryptography-vectors: NIST's CAVP files, RFCs, OSCCA's SM3, and
 * SM4 of draft-ribose-cfrg-sm4. They are blocks of "NAME = VALUE" lines under [SECTION] headings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "crypto/crypto.h"
#include "crypto/hex.h"

#define VECTORS "/usr/lib/python3/dist-packages/cryptography_vectors/"

enum { FIELDS = 24, LONGEST = 32768 };

struct record {
    const char *section;
    size_t count;
    char *names[FIELDS], *values[FIELDS];
};

/* What the handlers need to know of the file, and what they did. */
struct job {
    const char *path;
    void (*handle)(struct job *job, const struct record *r);
    enum crypto_mode mode;
    enum crypto_alg alg;
    enum crypto_rsa_scheme scheme;
    size_t at_least; /* records that must be there */
    size_t done;
    char modulus[1100]; /* RSA: stands in a block of its own */
};

static const char *field(const struct record *r, const char *name) {
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->names[i], name) == 0)
            return r->values[i];
    return NULL;
}

static int nibble(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* The bytes of a field; odd numbers of digits get a leading zero. */
static size_t bytes_of(const char *text, uint8_t *out, size_t capacity) {
    size_t digits = strlen(text), n = (digits + 1) / 2;
    assert_true(n <= capacity);
    memset(out, 0, n);
    for (size_t i = 0; i < digits; i++)
        out[n - 1 - i / 2] |= (uint8_t)(nibble(text[digits - 1 - i]) << 4 * (i % 2));
    return n;
}

static size_t need(const struct record *r, const char *name, uint8_t *out, size_t capacity) {
    const char *text = field(r, name);
    if (text == NULL)
        fail_msg("field %s is missing", name);
    return bytes_of(text, out, capacity);
}

/* Exactly 32 bytes, without leading zeros too many. False if it is larger. */
static bool number_of(const struct record *r, const char *name, uint8_t out[32]) {
    uint8_t bytes[80];
    size_t n = need(r, name, bytes, sizeof bytes), extra = n > 32 ? n - 32 : 0;
    memset(out, 0, 32);
    for (size_t i = 0; i < extra; i++)
        if (bytes[i] != 0)
            return false;
    memcpy(out + 32 - (n - extra), bytes + extra, n - extra);
    return true;
}

static char *trim(char *s) {
    while (*s == ' ')
        s++;
    size_t n = strlen(s);
    while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\r'))
        s[--n] = 0;
    return s;
}

static void finish_record(struct job *job, struct record *r) {
    if (r->count > 0)
        job->handle(job, r);
    r->count = 0;
}

static void read_lines(struct job *job, char *text) {
    struct record r = {.section = ""};
    for (char *line = text, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = 0;
        line = trim(line);
        char *equals = strchr(line, '=');
        if (line[0] == '#')
            continue;
        if (line[0] == 0 || line[0] == '[') {
            finish_record(job, &r);
            if (line[0] == '[')
                r.section = line;
        } else if (equals != NULL && r.count < FIELDS) {
            *equals = 0;
            r.names[r.count] = trim(line);
            r.values[r.count++] = trim(equals + 1);
        }
    }
    finish_record(job, &r);
}

static void run_job(struct job *job) {
    char path[300];
    snprintf(path, sizeof path, VECTORS "%s", job->path);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s is missing: tools/setup/install.sh installs it", path);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(size + 1);
    assert_int_equal(fread(text, 1, size, file), size);
    fclose(file);
    text[size] = 0;
    read_lines(job, text);
    free(text);
    if (job->done < job->at_least)
        fail_msg("%s: only %zu vectors", job->path, job->done);
}

/* ---- handlers ---- */

/* KEY; or KEYs, three times the same; or KEY1 KEY2 KEY3. */
static size_t key_of(const struct record *r, uint8_t key[32]) {
    if (field(r, "KEY") != NULL)
        return need(r, "KEY", key, 32);
    if (field(r, "KEYs") != NULL) {
        need(r, "KEYs", key, 8);
        memcpy(key + 8, key, 8);
        memcpy(key + 16, key, 8);
        return 24;
    }
    need(r, "KEY1", key, 8);
    need(r, "KEY2", key + 8, 8);
    need(r, "KEY3", key + 16, 8);
    return 24;
}

static void set_key(const struct job *job, const struct record *r, struct crypto_key *key) {
    uint8_t raw[32];
    size_t len = key_of(r, raw);
    enum crypto_alg alg = job->alg;
    if (alg == CRYPTO_AES128 && len != 16)
        alg = len == 24 ? CRYPTO_AES192 : CRYPTO_AES256;
    assert_int_equal(crypto_key_set(key, alg, raw, len), ONECARD_OK);
}

static void cipher_vector(struct job *job, const struct record *r) {
    static uint8_t plain[LONGEST], cipher[LONGEST], out[LONGEST];
    uint8_t iv[16] = {0}, copy[16];
    struct crypto_key key;
    if (field(r, "PLAINTEXT") == NULL)
        return;
    set_key(job, r, &key);
    size_t len = need(r, "PLAINTEXT", plain, LONGEST);
    assert_int_equal(need(r, "CIPHERTEXT", cipher, LONGEST), len);
    if (job->mode != CRYPTO_ECB)
        need(r, "IV", iv, 16);
    memcpy(copy, iv, 16);
    assert_int_equal(crypto_cipher(&key, job->mode, CRYPTO_ENCRYPT, copy, plain, out, len), 0);
    assert_memory_equal(out, cipher, len);
    memcpy(copy, iv, 16);
    assert_int_equal(crypto_cipher(&key, job->mode, CRYPTO_DECRYPT, copy, cipher, out, len), 0);
    assert_memory_equal(out, plain, len);
    job->done++;
}

static void cmac_vector(struct job *job, const struct record *r) {
    uint8_t message[200], want[16], got[16];
    struct crypto_key key;
    set_key(job, r, &key);
    size_t len = need(r, "MESSAGE", message, sizeof message);
    size_t mac_len = need(r, "OUTPUT", want, sizeof want);
    assert_int_equal(
        crypto_mac_once(&key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, message, len, got, mac_len),
        ONECARD_OK);
    assert_memory_equal(got, want, mac_len);
    job->done++;
}

static void digest_vector(struct job *job, const struct record *r) {
    static uint8_t message[LONGEST];
    uint8_t want[64], got[64];
    if (field(r, "Msg") == NULL)
        return;
    need(r, "Msg", message, LONGEST);
    size_t bits = strtoul(field(r, "Len"), NULL, 10);
    size_t n = need(r, "MD", want, sizeof want);
    if (field(r, "Key") != NULL) {
        uint8_t key[200];
        size_t key_len = need(r, "Key", key, sizeof key);
        size_t len = bytes_of(field(r, "Msg"), message, LONGEST);
        crypto_hmac_once(job->alg, key, key_len, message, len, got);
    } else {
        crypto_digest_once(job->alg, message, bits / 8, got);
    }
    assert_memory_equal(got, want, n);
    job->done++;
}

static enum crypto_alg sha_of(const char *text) {
    static const struct {
        const char *digits;
        enum crypto_alg alg;
    } names[] = {{"224", CRYPTO_SHA224},
                 {"256", CRYPTO_SHA256},
                 {"384", CRYPTO_SHA384},
                 {"512", CRYPTO_SHA512}};
    for (size_t i = 0; i < 4; i++)
        if (strstr(text, names[i].digits) != NULL)
            return names[i].alg;
    return CRYPTO_SHA1;
}

static void ecdsa_vector(struct job *job, const struct record *r) {
    uint8_t message[300], digest[64], q[64], signature[64];
    if (strncmp(r->section, "[P-256", 6) != 0)
        return;
    bool good = field(r, "Result")[0] == 'P', in_range = true;
    in_range &= number_of(r, "Qx", q);
    in_range &= number_of(r, "Qy", q + 32);
    if (field(r, "Msg") == NULL) { /* PKV.rsp: is the key good? */
        assert_int_equal(in_range && crypto_p256_check(q) == ONECARD_OK, good);
        job->done++;
        return;
    }
    in_range &= number_of(r, "R", signature);
    in_range &= number_of(r, "S", signature + 32);
    enum crypto_alg alg = sha_of(r->section + 7);
    size_t len = need(r, "Msg", message, sizeof message);
    crypto_digest_once(alg, message, len, digest);
    bool ours = in_range && crypto_p256_verify(q, digest, crypto_alg_find(alg)->digest_size,
                                               signature) == ONECARD_OK;
    assert_int_equal(ours, good);
    job->done++;
}

static struct crypto_random rng;

static void ecdh_vector(struct job *job, const struct record *r) {
    uint8_t d[32], q[64], want[32], got[32];
    if (strncmp(r->section, "[EC", 3) != 0 || field(r, "Z") == NULL)
        return;
    /* Errors of kinds 3 and 4 change our own public key, or the hash: nothing we look at. */
    bool good = number_of(r, "dsIUT", d) && number_of(r, "QsCAVSx", q) &&
                number_of(r, "QsCAVSy", q + 32) && crypto_p256_agree(&rng, d, q, got) == ONECARD_OK;
    if (field(r, "Result")[0] == 'P') {
        assert_true(good && number_of(r, "Z", want));
        assert_memory_equal(got, want, 32);
    }
    job->done++;
}

static void rsa_vector(struct job *job, const struct record *r) {
    uint8_t n[512], e[512], message[300], digest[64], signature[512];
    if (field(r, "n") != NULL)
        snprintf(job->modulus, sizeof job->modulus, "%s", field(r, "n"));
    if (field(r, "Msg") == NULL)
        return;
    struct crypto_rsa rsa;
    size_t n_len = bytes_of(job->modulus, n, sizeof n);
    size_t e_len = need(r, "e", e, sizeof e);
    if (n_len > CRYPTO_RSA_MAX)
        return;
    enum crypto_alg alg = sha_of(field(r, "SHAAlg"));
    size_t len = need(r, "Msg", message, sizeof message);
    crypto_digest_once(alg, message, len, digest);
    bool ours = crypto_rsa_open_public(&rsa, n, n_len, e, e_len) == ONECARD_OK &&
                need(r, "S", signature, sizeof signature) == n_len &&
                crypto_rsa_verify(&rsa, job->scheme, alg, digest, signature) == ONECARD_OK;
    crypto_rsa_close(&rsa);
    assert_int_equal(ours, field(r, "Result")[0] == 'P');
    job->done++;
}

/* ---- files ---- */

static void run_family(const char *format, const char *const *names, struct job job) {
    for (; *names != NULL; names++) {
        char path[200];
        struct job one = job;
        snprintf(path, sizeof path, format, *names);
        one.path = path;
        run_job(&one);
    }
}

static void test_aes(void **state) {
    (void)state;
    static const char *const sets[] = {"GFSbox128",  "GFSbox192",  "GFSbox256", "KeySbox128",
                                       "KeySbox192", "KeySbox256", "MMT128",    "MMT192",
                                       "MMT256",     "VarKey128",  "VarKey192", "VarKey256",
                                       "VarTxt128",  "VarTxt192",  "VarTxt256", NULL};
    static const char *const sizes[] = {"128", "192", "256", NULL};
    struct job job = {.handle = cipher_vector, .alg = CRYPTO_AES128, .at_least = 5};
    job.mode = CRYPTO_ECB;
    run_family("ciphers/AES/ECB/ECB%s.rsp", sets, job);
    job.mode = CRYPTO_CBC;
    run_family("ciphers/AES/CBC/CBC%s.rsp", sets, job);
    job.mode = CRYPTO_CTR;
    job.at_least = 3;
    run_family("ciphers/AES/CTR/aes-%s-ctr.txt", sizes, job);
}

static void test_3des(void **state) {
    (void)state;
    static const char *const sets[] = {"MMT1",   "MMT2",   "MMT3",    "invperm", "permop",
                                       "subtab", "varkey", "vartext", NULL};
    struct job job = {.handle = cipher_vector, .alg = CRYPTO_TDES3, .at_least = 10};
    job.mode = CRYPTO_ECB;
    run_family("ciphers/3DES/ECB/TECB%s.rsp", sets, job);
    job.mode = CRYPTO_CBC;
    run_family("ciphers/3DES/CBC/TCBC%s.rsp", sets, job);
}

static void test_sm4(void **state) {
    (void)state;
    static const char *const modes[] = {"ecb", "cbc", "ctr"};
    for (int i = 0; i < 3; i++) {
        struct job job = {.handle = cipher_vector, .alg = CRYPTO_SM4, .at_least = 1};
        const char *const name[] = {modes[i], NULL};
        job.mode = (enum crypto_mode)(CRYPTO_ECB + i);
        run_family("ciphers/SM4/draft-ribose-cfrg-sm4-10-%s.txt", name, job);
    }
}

static void test_cmac(void **state) {
    (void)state;
    static const char *const aes[] = {"aes128", "aes192", "aes256", NULL};
    static const char *const des[] = {"3des", NULL};
    struct job job = {.handle = cmac_vector, .alg = CRYPTO_AES128, .at_least = 4};
    run_family("CMAC/nist-800-38b-%s.txt", aes, job);
    job.alg = CRYPTO_TDES3;
    run_family("CMAC/nist-800-38b-%s.txt", des, job);
}

static void test_digests(void **state) {
    (void)state;
    static const struct {
        enum crypto_alg alg;
        const char *path;
    } files[] = {
        {CRYPTO_SHA1, "hashes/SHA1/SHA1ShortMsg.rsp"},
        {CRYPTO_SHA1, "hashes/SHA1/SHA1LongMsg.rsp"},
        {CRYPTO_SHA224, "hashes/SHA2/SHA224ShortMsg.rsp"},
        {CRYPTO_SHA224, "hashes/SHA2/SHA224LongMsg.rsp"},
        {CRYPTO_SHA256, "hashes/SHA2/SHA256ShortMsg.rsp"},
        {CRYPTO_SHA256, "hashes/SHA2/SHA256LongMsg.rsp"},
        {CRYPTO_SHA384, "hashes/SHA2/SHA384ShortMsg.rsp"},
        {CRYPTO_SHA384, "hashes/SHA2/SHA384LongMsg.rsp"},
        {CRYPTO_SHA512, "hashes/SHA2/SHA512ShortMsg.rsp"},
        {CRYPTO_SHA512, "hashes/SHA2/SHA512LongMsg.rsp"},
        {CRYPTO_SM3, "hashes/SM3/oscca.txt"},
        {CRYPTO_SHA1, "HMAC/rfc-2202-sha1.txt"},
        {CRYPTO_SHA224, "HMAC/rfc-4231-sha224.txt"},
        {CRYPTO_SHA256, "HMAC/rfc-4231-sha256.txt"},
        {CRYPTO_SHA384, "HMAC/rfc-4231-sha384.txt"},
        {CRYPTO_SHA512, "HMAC/rfc-4231-sha512.txt"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct job job = {.handle = digest_vector, .at_least = 6};
        job.alg = files[i].alg;
        job.path = files[i].path;
        run_job(&job);
    }
}

static void test_p256(void **state) {
    (void)state;
    static const char *const ecdsa[] = {"FIPS_186-3/SigVer", "FIPS_186-3/PKV", NULL};
    static const char *const ecdh[] = {"init", "resp", NULL};
    struct job job = {.handle = ecdsa_vector, .at_least = 10};
    run_family("asymmetric/ECDSA/%s.rsp", ecdsa, job);
    job.handle = ecdh_vector;
    run_family("asymmetric/ECDH/KASValidityTest_ECCStaticUnified_NOKC_ZZOnly_%s.fax", ecdh, job);
}

static void test_rsa(void **state) {
    (void)state;
    static const char *const v15[] = {"SigVer15_186-3", NULL}, *const pss[] = {"SigVerPSS_186-3",
                                                                               NULL};
    struct job job = {.handle = rsa_vector, .at_least = 60};
    job.scheme = CRYPTO_RSA_PKCS1;
    run_family("asymmetric/RSA/FIPS_186-2/%s.rsp", v15, job);
    job.scheme = CRYPTO_RSA_PSS;
    run_family("asymmetric/RSA/FIPS_186-2/%s.rsp", pss, job);
}

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return ONECARD_OK;
}

static struct noise seed = {71};

static int setup(void **state) {
    (void)state;
    return crypto_random_open(&rng, entropy, &seed, NULL, 0) != ONECARD_OK;
}

static int teardown(void **state) {
    (void)state;
    crypto_random_close(&rng);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aes),  cmocka_unit_test(test_3des),    cmocka_unit_test(test_sm4),
        cmocka_unit_test(test_cmac), cmocka_unit_test(test_digests), cmocka_unit_test(test_p256),
        cmocka_unit_test(test_rsa),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
