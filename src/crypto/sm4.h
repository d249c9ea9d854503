/* Inside src/crypto: the ways SM4 (GB/T 32907-2016) can run. All take the same 32 round keys;
 * deciphering is enciphering with the round keys backwards. */
#ifndef CRYPTO_SM4_H
#define CRYPTO_SM4_H

#include <stddef.h>
#include <stdint.h>

/* On a microcontroller without a data cache a table lookup takes the same time for every index, so
 * the table is as safe as a circuit there, and faster. docs/crypto.md names the boards. */
#if !defined(CRYPTO_SM4_TABLE) && defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' &&      \
    !defined(CRYPTO_NO_TABLES)
#define CRYPTO_SM4_TABLE 1
#endif

#if !defined(CRYPTO_SM4_AESNI) && defined(__x86_64__) && defined(__GNUC__)
/* sm4_aesni.c */
#define CRYPTO_SM4_AESNI 1
#endif

/* Portable: circuit or table. */
void sm4_plain_key(uint32_t round_keys[32], const uint8_t key[16]);
void sm4_plain_crypt(const uint32_t round_keys[32], const uint8_t *in, uint8_t *out, size_t blocks);

#ifdef CRYPTO_SM4_AESNI
#include <stdbool.h>

/* True if the processor has what sm4_aesni_* need. */
bool sm4_aesni_present(void);
void sm4_aesni_key(uint32_t round_keys[32], const uint8_t key[16]);
void sm4_aesni_crypt(const uint32_t round_keys[32], const uint8_t *in, uint8_t *out, size_t blocks);
#endif

/* FK of clause 7.3.2. */
#define SM4_FK0 0xA3B1BAC6u
#define SM4_FK1 0x56AA3350u
#define SM4_FK2 0x677D9197u
#define SM4_FK3 0xB27022DCu

/* CK_i of clause 7.3.2: byte j is (4 i + j) * 7 mod 256. */
static inline uint32_t sm4_ck(unsigned i) {
    uint32_t ck = 0;
    for (unsigned j = 0; j < 4; j++)
        ck = ck << 8 | ((4 * i + j) * 7 & 0xFF);
    return ck;
}

#endif
