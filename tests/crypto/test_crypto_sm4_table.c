/* The tests of ciphers with SM4 by table, as on boards. */
#define CRYPTO_SM4_TABLE 1
#include "../../src/crypto/sm4_plain.c"

#include "test_crypto_cipher.c"
