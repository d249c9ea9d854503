/* The tests of ciphers with AES by mbedtls alone, as on boards. */
#define CRYPTO_AES_MBEDTLS
#include "../../src/crypto/aes.c"

#include "test_crypto_cipher.c"
