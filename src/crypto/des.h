/* Inside src/crypto: the key schedule of DES in mbedtls's layout. */
#ifndef CRYPTO_DES_H
#define CRYPTO_DES_H

#include <stdint.h>

/* 16 round keys of two words each, in the order of encryption. */
void des_schedule(uint32_t sk[32], const uint8_t key[8]);

#endif
