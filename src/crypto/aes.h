/* Inside src/crypto: AES (FIPS 197) with the instructions of x86-64, under schedules of mbedtls. */
#ifndef CRYPTO_AES_H
#define CRYPTO_AES_H

#include <stddef.h>
#include <stdint.h>

#include <mbedtls/version.h>

/* mbedtls 3 hides where the schedule is. CRYPTO_AES_MBEDTLS leaves the rounds to mbedtls on any
 * machine (tests). */
#if defined(__x86_64__) && defined(__GNUC__) && MBEDTLS_VERSION_MAJOR == 2 &&                      \
    !defined(CRYPTO_AES_MBEDTLS)
#define CRYPTO_AES_AESNI 1
#endif

#ifdef CRYPTO_AES_AESNI
#include <stdbool.h>

/* The round keys in their order of use, as the bytes of FIPS 197; those of decipherment for the
 * equivalent inverse cipher (5.3.5). */
struct aes_schedule {
    const uint32_t *keys;
    int rounds; /* 10, 12 or 14; there is a key more */
};

/* True if the processor has what aes_aesni_* need. */
bool aes_aesni_present(void);

/* ECB over whole blocks; in and out are equal or apart. */
void aes_aesni_encrypt(const struct aes_schedule *s, const uint8_t *in, uint8_t *out,
                       size_t blocks);
void aes_aesni_decrypt(const struct aes_schedule *s, const uint8_t *in, uint8_t *out,
                       size_t blocks);

/* chain = the last block of a CBC that begins with chain, over at least one block. */
void aes_aesni_chain(const struct aes_schedule *s, uint8_t chain[16], const uint8_t *data,
                     size_t blocks);
#endif

#endif
