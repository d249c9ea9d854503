/* Counts the instructions of SM2, SM3, SM4 and RSA on a Cortex-M4: runs in QEMU with -icount
 * shift=0, where every instruction takes one nanosecond, and reads the time from SysTick, which
 * counts 25 MHz. So one tick is 40 instructions. No library, no interrupts; output by semihosting.
 */
#include <stdint.h>
#include <string.h>

#include "crypto/block.h"
#include "crypto/rsa_keys.h"
#include "crypto/rsa_private.h"
#include "crypto/sm2.h"
#include "crypto/sm2_scalar.h"
#include "crypto/sm4.h"

#define SYST_CSR (*(volatile uint32_t *)0xE000E010)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018)
#define INSTRUCTIONS_PER_TICK 40u

int main(void);
_Noreturn void board_reset(void);

static void semihost(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}

static void put_text(const char *text) {
    semihost(0x04, text); /* SYS_WRITE0 */
}

static void put_number(uint32_t v) {
    char text[12], *p = text + 11;
    *p = 0;
    do {
        *--p = (char)('0' + v % 10);
        v /= 10;
    } while (v != 0);
    for (long i = p - text; i > 0; i--)
        put_text(" ");
    put_text(p);
}

static _Noreturn void leave(int good) {
    semihost(0x18, (const void *)(good ? 0x20026u : 0x20023u)); /* SYS_EXIT: done, or failed */
    for (;;)
        ;
}

_Noreturn void board_reset(void) {
    leave(main() == 0);
}

static _Noreturn void board_fault(void) {
    put_text("fault\n");
    leave(0);
}

__attribute__((section(".vectors"), used)) static const struct {
    void *stack;
    void (*handlers[15])(void);
} vectors = {(void *)0x20400000,
             {board_reset, board_fault, board_fault, board_fault, board_fault, board_fault}};

static void count(const char *name, void (*run)(void)) {
    SYST_RVR = 0xFFFFFF;
    SYST_CVR = 0;
    SYST_CSR = 5;
    uint32_t start = SYST_CVR;
    run();
    uint32_t ticks = (start - SYST_CVR) & 0xFFFFFF;
    SYST_CSR = 0;
    put_number(ticks * INSTRUCTIONS_PER_TICK);
    put_text("  ");
    put_text(name);
    put_text("\n");
}

static struct sm2_num d, field_a;
static struct sm2_nonce nonce;
static uint8_t public_key[64], digest[32] = {1, 2, 3}, signature[64], block[64];
static uint32_t round_keys[32];
static int good = 1;

static void run_sign(void) {
    good &= sm2_sign_with(&d, digest, &nonce, signature);
}

static void run_check(void) {
    good &= sm2_sign_consistent(&d, public_key, digest, signature, &nonce.blind);
}

static void run_verify(void) {
    good &= crypto_sm2_verify(public_key, digest, signature) == ONECARD_OK;
}

static void run_product(void) {
    struct sm2_affine a;
    struct sm2_point r;
    good &= sm2_affine_from_bytes(&a, public_key);
    sm2_point_mul(&r, &nonce.k, &a, &nonce.blind);
}

static void run_field_100(void) {
    for (int i = 0; i < 100; i++)
        sm2_field_mul(&field_a, &field_a, &nonce.blind);
}

static void run_scalar_inv(void) {
    struct sm2_num r;
    sm2_scalar_inv(&r, &d);
}

static void run_field_inv(void) {
    struct sm2_num r;
    sm2_field_inv(&r, &nonce.blind);
}

static void run_sm3(void) {
    struct crypto_digest sm3;
    crypto_sm3_ops.start(&sm3);
    crypto_sm3_ops.update(&sm3, block, 64);
}

static void run_sm4_key(void) {
    sm4_plain_key(round_keys, digest);
}

static void run_sm4(void) {
    sm4_plain_crypt(round_keys, block, block, 1);
}

/* ---- RSA ---- */

static uint8_t rsa_bytes[4 + 3 * CRYPTO_RSA_MAX / 2], rsa_in[CRYPTO_RSA_MAX],
    rsa_out[CRYPTO_RSA_MAX];
static struct rsa_private rsa_key;

/* There is no mbedtls here, and no generator: any changing bytes will do for counting. */
enum onecard_err crypto_random_bytes(struct crypto_random *random, void *buf, size_t len) {
    static uint32_t state = 0x2545F491;
    (void)random;
    for (size_t i = 0; i < len; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        ((uint8_t *)buf)[i] = (uint8_t)state;
    }
    return ONECARD_OK;
}

static uint8_t *put_hex(uint8_t *out, const char *text) {
    for (; text[0] != 0; text += 2) {
        uint8_t byte = 0;
        for (int i = 0; i < 2; i++)
            byte = (uint8_t)(byte << 4 | (text[i] <= '9' ? text[i] - '0' : text[i] - 'A' + 10));
        *out++ = byte;
    }
    return out;
}

static void rsa_load(const char *value, const char *inverse) {
    const uint8_t *end = put_hex(put_hex(rsa_bytes, value), inverse);
    const uint32_t half = (uint32_t)(end - rsa_bytes - 4) / 3;
    rsa_key = (struct rsa_private){rsa_bytes + 4, rsa_bytes + 4 + half, rsa_bytes + 4 + 2 * half,
                                   half, 65537};
    rsa_in[0] = 0;
    rsa_in[1] = 2;
}

static void run_rsa(void) {
    good &= rsa_private_power(NULL, &rsa_key, rsa_in, rsa_out) == ONECARD_OK;
}

int main(void) {
    struct sm2_point p;
    struct sm2_affine a;
    for (unsigned i = 0; i < 8; i++) {
        d.v[i] = 0x12345678u * (2 * i + 1) >> 1;
        nonce.k.v[i] = 0x9ABCDEF1u * (2 * i + 3) >> 1;
        nonce.blind.v[i] = 0x0FEDCBA9u * (2 * i + 5) >> 1;
    }
    field_a = sm2_field_one;
    sm2_point_base(&p, &d, &nonce.blind);
    good &= sm2_point_to_affine(&a, &p);
    sm2_affine_to_bytes(public_key, &a);
    put_text("instructions on a Cortex-M4 (QEMU's count)\n");
    count("SM2 sign, bare", run_sign);
    count("SM2 check of a signature before release", run_check);
    count("SM2 verify", run_verify);
    count("SM2 product of any point", run_product);
    count("100 SM2 field products", run_field_100);
    count("SM2 field inverse", run_field_inv);
    count("SM2 scalar inverse", run_scalar_inv);
    count("SM3 of one block", run_sm3);
    count("SM4 key set-up", run_sm4_key);
    count("SM4 of one block", run_sm4);
    rsa_load(RSA_1024, RSA_1024_INVERSE);
    count("RSA-1024 private, hidden and checked", run_rsa);
    rsa_load(RSA_2048, RSA_2048_INVERSE);
    count("RSA-2048 private, hidden and checked", run_rsa);
    put_text(good ? "" : "a result is wrong\n");
    return good ? 0 : 1;
}
