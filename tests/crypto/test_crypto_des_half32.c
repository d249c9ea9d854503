/* The same tests with halves of 32 bits, as on boards. */
#define CRYPTO_DES_32
#define CASES 1000
#include "../../src/crypto/des.c"
#include "../../src/crypto/des_block.c"

#include "test_crypto_des.c"
