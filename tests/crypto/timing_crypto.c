/* A statistical timing test (after dudect: Reparaz, Balasch, Verbauwhede 2017) of everything that
 * handles secrets. Two classes of input, one fixed and one random, are measured in random order; if
 * Welch's t between the classes' times is large, the time depends on the secret.
 *
 * Usage: timing_crypto [seconds for each primitive]. Exit 1 if a primitive that must be constant is
 * not. Those marked "known" look up tables: docs/crypto.md says why that is accepted. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "crypto/asymmetric.h"
#include "crypto/crypto.h"
#include "crypto/hex.h"
#include "crypto/sm2.h"
#include "crypto/sm2_scalar.h"
#include "crypto/sm4.h"

#ifdef __x86_64__
#include <x86intrin.h>
static uint64_t ticks(void) {
    unsigned cpu;
    _mm_lfence();
    uint64_t t = __rdtscp(&cpu);
    _mm_lfence();
    return t;
}
#else
static uint64_t ticks(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
#endif

enum { BATCH = 400, INPUT = 96, CROPS = 8 };

/* A primitive: prepare is not timed; run is. */
struct primitive {
    const char *name;
    void (*prepare)(const uint8_t input[INPUT]);
    void (*run)(void);
    enum { CONSTANT, KNOWN_TABLES, CONTROL } expected;
};

static struct noise noise = {61};
static struct crypto_random rng;

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return ONECARD_OK;
}

/* ---- the primitives ---- */

static uint8_t input_bytes[INPUT], output[INPUT + 256];
static struct crypto_key key;
static struct sm2_num scalar, other, blind;
static struct sm2_affine base_point;
static uint8_t reference[16];

static void prepare_key(enum crypto_alg alg, const uint8_t *input) {
    crypto_key_set(&key, alg, input, crypto_alg_find(alg)->key_size);
    memcpy(input_bytes, input + 32, 64);
}
static void prepare_sm4(const uint8_t *input) {
    prepare_key(CRYPTO_SM4, input);
}
static void prepare_aes(const uint8_t *input) {
    prepare_key(CRYPTO_AES128, input);
}
static void prepare_tdes(const uint8_t *input) {
    prepare_key(CRYPTO_TDES2, input);
}
static void prepare_bytes(const uint8_t *input) {
    memcpy(input_bytes, input, INPUT);
}
static void run_one_block(void) {
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, input_bytes, output, 16);
}
static void run_four_blocks(void) {
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, input_bytes, output, 64);
}
static void run_sm4_plain(void) {
    sm4_plain_crypt(key.u.sm4, input_bytes, output, 1);
}
static void run_sm4_key(void) {
    struct crypto_key k;
    crypto_key_set(&k, CRYPTO_SM4, input_bytes, 16);
}
static void run_sm4_plain_key(void) {
    uint32_t rk[32];
    sm4_plain_key(rk, input_bytes);
}
static void run_sm3(void) {
    crypto_digest_once(CRYPTO_SM3, input_bytes, INPUT, output);
}
static void run_hmac_sm3(void) {
    crypto_hmac_once(CRYPTO_SM3, input_bytes, 32, input_bytes + 32, 64, output);
}
static void run_pad_strip(void) {
    size_t len = 16;
    (void)crypto_pad_strip(input_bytes, &len, 16);
}
static void run_compare(void) {
    output[0] = bytes_equal_ct(input_bytes, reference, 16);
}
static void prepare_scalars(const uint8_t *input) {
    uint8_t wide[64];
    memcpy(wide, input, 64);
    sm2_scalar_from_wide(&scalar, wide);
    sm2_num_from_bytes(&other, input + 64);
    sm2_scalar_reduce(&other, &other);
    /* the factor that hides coordinates is random in both classes */
    noise_fill(&noise, wide, 32);
    wide[0] &= 0x7F;
    sm2_num_from_bytes(&blind, wide);
}
static void run_field_mul(void) {
    struct sm2_num r = scalar;
    for (int i = 0; i < 20; i++)
        sm2_field_mul(&r, &r, &other);
    memcpy(output, &r, sizeof r);
}
static void run_field_add(void) {
    struct sm2_num r = scalar;
    for (int i = 0; i < 40; i++) {
        sm2_field_add(&r, &r, &other);
        sm2_field_sub(&r, &other, &r);
    }
    memcpy(output, &r, sizeof r);
}
static void run_field_inv(void) {
    sm2_field_inv(&other, &scalar);
}
static void run_scalar_inv(void) {
    sm2_scalar_inv(&other, &scalar);
}
static void run_base(void) {
    struct sm2_point r;
    sm2_point_base(&r, &scalar, &blind);
}
static void run_product(void) {
    struct sm2_point r;
    sm2_point_mul(&r, &scalar, &base_point, &blind);
}
/* Verification may depend on its input, which is public: if the test does not see that, it is
 * blind. */
static void run_verification(void) {
    (void)sm2_point_verify(&scalar, &other, &base_point, &scalar);
}
static void run_sign(void) {
    struct sm2_nonce nonce = {other, blind};
    sm2_sign_with(&scalar, output + 64, &nonce, output);
}

/* ---- RSA and P-256, by mbedtls ---- */

enum { RSA_KEYS = 8, RSA_BYTES = 128 };
static uint8_t rsa_bytes[RSA_KEYS][4 + 3 * RSA_BYTES / 2];
static struct crypto_rsa rsa_open[RSA_KEYS];
static struct crypto_rsa *rsa;
static uint8_t block[RSA_BYTES];
static struct crypto_rsa_substitute substitute;

static bool make_rsa_keys(void) {
    for (int i = 0; i < RSA_KEYS; i++) {
        uint8_t *b = rsa_bytes[i];
        const size_t half = RSA_BYTES / 2;
        if (crypto_pk_generate(&rng, CRYPTO_RSA, RSA_BYTES, 65537, b) != ONECARD_OK ||
            crypto_rsa_open_crt(&rsa_open[i], b + 4, b + 4 + half, b + 4 + 2 * half, half, 65537) !=
                ONECARD_OK)
            return false;
    }
    return true;
}
/* One key, fixed or random number. */
static void prepare_rsa_input(const uint8_t *input) {
    rsa = &rsa_open[0];
    memset(block, 0, sizeof block);
    memcpy(block + RSA_BYTES - INPUT, input, INPUT);
    block[1] = 0x55; /* the same length for both classes */
}
/* One of the keys (the first for the fixed class), any number. */
static void prepare_rsa_key(const uint8_t *input) {
    rsa = &rsa_open[input[0] % RSA_KEYS];
    noise_fill(&noise, block, sizeof block);
    block[0] &= 0x3F;
}
static void run_rsa_private(void) {
    (void)crypto_rsa_raw_private(&rng, rsa, block, output);
}
/* A block with right padding and its message at one place, or any block: mostly wrong ones, zeros
 * at any place. */
static void prepare_unpad(const uint8_t *input) {
    memset(block, 0xAA, sizeof block);
    memcpy(block + RSA_BYTES - INPUT, input, INPUT);
    block[0] = 0;
    block[1] = 2;
    block[20] = input[1];
    substitute.len = input[2];
}
static void run_unpad(void) {
    (void)crypto_rsa_unpad(block, RSA_BYTES, &substitute, output);
}

static uint8_t p256_private[32], p256_public[64], p256_peer[64], p256_digest[32];
static void prepare_p256(const uint8_t *input) {
    memcpy(p256_private, input + 32, 32);
    p256_private[0] &= 0x7F; /* below n */
    p256_private[31] |= 1;   /* not 0 */
}
/* The check before release works with the public key, and is quicker if that is the base point: the
 * fixed key is another one than 1. */
static void prepare_p256_sign(const uint8_t *input) {
    uint8_t other_input[INPUT];
    for (int i = 0; i < INPUT; i++)
        other_input[i] = input[i] ^ (uint8_t)(0x5A + i);
    prepare_p256(other_input);
    noise_fill(&noise, p256_digest, sizeof p256_digest);
    crypto_p256_public(&rng, p256_private, p256_public);
}
static void run_p256_public(void) {
    (void)crypto_p256_public(&rng, p256_private, output);
}
static void run_p256_agree(void) {
    (void)crypto_p256_agree(&rng, p256_private, p256_peer, output);
}
static void run_p256_sign(void) {
    (void)crypto_p256_sign(&rng, p256_private, p256_public, p256_digest, 32, output);
}

static const struct primitive primitives[] = {
    {"bytes_equal_ct", prepare_bytes, run_compare, CONSTANT},
    {"padding removed", prepare_bytes, run_pad_strip, CONSTANT},
    {"SM3 96 bytes", prepare_bytes, run_sm3, CONSTANT},
    {"HMAC-SM3", prepare_bytes, run_hmac_sm3, CONSTANT},
    {"SM4 one block", prepare_sm4, run_one_block, CONSTANT},
    {"SM4 four blocks", prepare_sm4, run_four_blocks, CONSTANT},
    {"SM4 key set-up", prepare_bytes, run_sm4_key, CONSTANT},
    {"SM4 circuit", prepare_sm4, run_sm4_plain, CONSTANT},
    {"SM4 circuit key set-up", prepare_bytes, run_sm4_plain_key, CONSTANT},
    {"AES-128 one block", prepare_aes, run_one_block, CONSTANT},
    {"3DES two blocks", prepare_tdes, run_one_block, KNOWN_TABLES},
    {"SM2 field products", prepare_scalars, run_field_mul, CONSTANT},
    {"SM2 field sums", prepare_scalars, run_field_add, CONSTANT},
    {"SM2 field inverse", prepare_scalars, run_field_inv, CONSTANT},
    {"SM2 scalar inverse", prepare_scalars, run_scalar_inv, CONSTANT},
    {"SM2 base product", prepare_scalars, run_base, CONSTANT},
    {"SM2 product", prepare_scalars, run_product, CONSTANT},
    {"SM2 signature", prepare_scalars, run_sign, CONSTANT},
    {"RSA-1024 private, number", prepare_rsa_input, run_rsa_private, CONSTANT},
    {"RSA-1024 private, key", prepare_rsa_key, run_rsa_private, CONSTANT},
    {"PKCS #1 padding removed", prepare_unpad, run_unpad, CONSTANT},
    {"P-256 base product", prepare_p256, run_p256_public, CONSTANT},
    {"P-256 agreement", prepare_p256, run_p256_agree, CONSTANT},
    {"P-256 signature", prepare_p256_sign, run_p256_sign, CONSTANT},
    {"control: SM2 verification", prepare_scalars, run_verification, CONTROL},
};

/* ---- statistics ---- */

/* Mean and variance of a class, updated one by one (Welford). */
struct moments {
    double count, mean, squares;
};

static void moments_add(struct moments *m, double x) {
    m->count++;
    double d = x - m->mean;
    m->mean += d / m->count;
    m->squares += d * (x - m->mean);
}

static double welch_t(const struct moments *a, const struct moments *b) {
    if (a->count < 100 || b->count < 100)
        return 0;
    double va = a->squares / (a->count - 1) / a->count, vb = b->squares / (b->count - 1) / b->count;
    return va + vb > 0 ? (a->mean - b->mean) / sqrt(va + vb) : 0;
}

static int compare_u64(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Inputs with fixed bytes for class 0, random ones for class 1, in random order, prepared alike. */
static void measure_batch(const struct primitive *p, const uint8_t fixed[INPUT],
                          uint64_t times[BATCH], uint8_t classes[BATCH]) {
    for (int i = 0; i < BATCH; i++) {
        uint8_t drawn[INPUT], input[INPUT];
        noise_fill(&noise, drawn, INPUT);
        classes[i] = (uint8_t)(noise_next(&noise) >> 40 & 1);
        uint8_t mask = (uint8_t)(0 - classes[i]);
        for (int j = 0; j < INPUT; j++)
            input[j] = (uint8_t)((drawn[j] & mask) | (fixed[j] & ~mask));
        p->prepare(input);
        uint64_t start = ticks();
        p->run();
        times[i] = ticks() - start;
    }
}

/* The largest |t| over all cuts: interruptions make long tails, which the cuts leave out. */
static double test_once(const struct primitive *p, double seconds, double *samples) {
    static uint64_t times[BATCH], sorted[BATCH];
    static uint8_t classes[BATCH], fixed[INPUT];
    struct moments m[CROPS][2];
    uint64_t cuts[CROPS];
    struct timespec begin, t;
    memset(m, 0, sizeof m);
    memset(fixed, 0, sizeof fixed); /* the most special input: zeros, with a bit set for scalars */
    fixed[63] = 1;
    fixed[95] = 1;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int round = 0;; round++) {
        measure_batch(p, fixed, times, classes);
        if (round == 0) { /* a warm-up, which sets the cuts */
            memcpy(sorted, times, sizeof sorted);
            qsort(sorted, BATCH, sizeof sorted[0], compare_u64);
            for (int c = 0; c < CROPS; c++)
                cuts[c] = c == CROPS - 1 ? UINT64_MAX : sorted[BATCH * (c + 3) / (CROPS + 4)];
            continue;
        }
        for (int i = 0; i < BATCH; i++)
            for (int c = 0; c < CROPS; c++)
                if (times[i] <= cuts[c])
                    moments_add(&m[c][classes[i]], (double)times[i]);
        clock_gettime(CLOCK_MONOTONIC, &t);
        if ((double)(t.tv_sec - begin.tv_sec) + (double)(t.tv_nsec - begin.tv_nsec) * 1e-9 >
            seconds)
            break;
    }
    double worst = 0;
    *samples = m[CROPS - 1][0].count + m[CROPS - 1][1].count;
    for (int c = 0; c < CROPS; c++)
        if (fabs(welch_t(&m[c][0], &m[c][1])) > worst)
            worst = fabs(welch_t(&m[c][0], &m[c][1]));
    return worst;
}

/* Beyond this, the two classes differ for certain (dudect's own threshold is 4.5 "maybe", 10
 * "sure"). A primitive above it is measured again: a leak stays, a disturbed measurement goes away.
 */
#define T_LIMIT 10.0

int main(int argc, char **argv) {
    double seconds = argc > 1 ? atof(argv[1]) : 2;
    struct noise seed = {62};
    struct sm2_num one = SM2_NUM(1, 0, 0, 0, 0, 0, 0, 0);
    struct sm2_point g;
    int failures = 0;
    if (crypto_random_open(&rng, entropy, &seed, NULL, 0) != ONECARD_OK)
        return 2;
    sm2_point_base(&g, &one, &sm2_field_one);
    sm2_point_to_affine(&base_point, &g);
    uint8_t peer[32];
    if (!make_rsa_keys() || crypto_p256_generate(&rng, peer, p256_peer) != ONECARD_OK)
        return 2;
    printf("%-26s %12s %8s\n", "primitive", "samples", "max |t|");
    for (size_t i = 0; i < sizeof primitives / sizeof primitives[0]; i++) {
        const struct primitive *p = &primitives[i];
        double samples, t = test_once(p, seconds, &samples);
        for (int again = 0; again < 2 && t > T_LIMIT && p->expected == CONSTANT; again++)
            t = test_once(p, seconds, &samples);
        bool bad = p->expected == CONSTANT ? t > T_LIMIT : p->expected == CONTROL && t <= T_LIMIT;
        const char *verdict = t <= T_LIMIT ? "no difference" : "differs";
        const char *note = p->expected == CONTROL        ? ", as it must"
                           : p->expected == KNOWN_TABLES ? " (tables)"
                                                         : "";
        printf("%-26s %12.0f %8.2f  %s%s\n", p->name, samples, t, verdict, bad ? ": FAILED" : note);
        fflush(stdout);
        failures += bad;
    }
    for (int i = 0; i < RSA_KEYS; i++)
        crypto_rsa_close(&rsa_open[i]);
    crypto_random_close(&rng);
    return failures != 0;
}
