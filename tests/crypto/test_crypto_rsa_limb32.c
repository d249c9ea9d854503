/* The board's arithmetic of RSA, 32-bit limbs, on the host: whatever the host's says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The board's functions beside the host's. */
#define SM2_LIMB_32
#define rsa_modulus_set rsa32_modulus_set
#define rsa_mul rsa32_mul
#define rsa_enter rsa32_enter
#define rsa_leave rsa32_leave
#define rsa_sub rsa32_sub
#define rsa_power rsa32_power
#define rsa_power_public rsa32_power_public
#define rsa_multiply_add rsa32_multiply_add
#define rsa_from_bytes rsa32_from_bytes
#define rsa_to_bytes rsa32_to_bytes
#define rsa_private_modulus rsa32_private_modulus
#define rsa_private_power rsa32_private_power
#include "crypto/rsa_math.c"
#include "crypto/rsa_private.c"

#include "crypto/hex.h"
#include "crypto/pk.h"
#include "crypto/rsa_keys.h"

static enum onecard_err entropy(void *ctx, void *buf, size_t len) {
    noise_fill(ctx, buf, len);
    return ONECARD_OK;
}

static struct noise seed = {81}, noise = {82};
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

static void test_the_same_as_the_host(void **state) {
    (void)state;
    static const char *const keys[] = {RSA_1024, RSA_1152_E3, RSA_1536, RSA_2048};
    for (size_t i = 0; i < 4; i++) {
        uint8_t value[CRYPTO_PK_VALUE_MAX], bytes[CRYPTO_PK_PRIVATE_MAX], in[256], a[256], b[256];
        const uint32_t len = (uint32_t)hex(value, sizeof value, keys[i]), size = len - 4;
        assert_int_equal(crypto_pk_import(&rng, CRYPTO_RSA, value, len, bytes), ONECARD_OK);
        const struct crypto_pk_key key = {CRYPTO_RSA, true, (uint16_t)size, bytes};
        const struct rsa_private same = {bytes + 4, bytes + 4 + size / 2, bytes + 4 + size,
                                         size / 2, get_be32(bytes)};
        uint8_t n[256], public_key[CRYPTO_PK_PUBLIC_MAX];
        assert_int_equal(crypto_pk_public(&key, public_key), ONECARD_OK);
        assert_int_equal(rsa32_private_modulus(&same, n), ONECARD_OK);
        assert_memory_equal(n, public_key + 4, size);
        for (int round = 0; round < 12; round++) {
            uint32_t out_len = sizeof a;
            noise_fill(&noise, in, size);
            in[0] &= 0x7F;
            if (round < 3) { /* 0, 1, n - 1 */
                memset(in, 0, size);
                in[size - 1] = (uint8_t)round;
                if (round == 2) {
                    memcpy(in, n, size);
                    in[size - 1]--;
                }
            }
            assert_int_equal(
                crypto_pk_sign(&rng, &key, CRYPTO_PK_RAW, CRYPTO_NONE, in, size, a, &out_len),
                ONECARD_OK);
            assert_int_equal(rsa32_private_power(&rng, &same, in, b), ONECARD_OK);
            assert_memory_equal(a, b, size);
        }
        assert_int_equal(rsa32_private_power(&rng, &same, n, b), ONECARD_E_PARAM);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_as_the_host),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
