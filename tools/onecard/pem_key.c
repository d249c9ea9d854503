#include "pem_key.h"

#include <stdio.h>
#include <string.h>

#include <mbedtls/pem.h>
#include <mbedtls/pk.h>

#include "base/bytes.h"

#define FILE_MAX 8000u

/* ---- RSA: mbedtls reads all forms ---- */

static const char *read_rsa(const uint8_t *text, size_t len, bool public_only, uint8_t *out,
                            size_t *out_len) {
    const char *wrong = NULL;
    mbedtls_pk_context pk;
    mbedtls_pk_init(&pk);
    if (public_only ? mbedtls_pk_parse_public_key(&pk, text, len) != 0
                    : mbedtls_pk_parse_key(&pk, text, len, NULL, 0) != 0)
        wrong = public_only ? "not a public key in PEM" : "not a private key in PEM";
    else if (mbedtls_pk_get_type(&pk) != MBEDTLS_PK_RSA)
        wrong = "not an RSA key";
    if (!wrong) {
        mbedtls_rsa_context *rsa = mbedtls_pk_rsa(pk);
        const size_t size = mbedtls_rsa_get_len(rsa);
        *out_len = 4 + size;
        if (!crypto_pk_value_len(CRYPTO_RSA, (uint32_t)size))
            wrong = "RSA keys have 1024 to 2048 bits";
        else if (mbedtls_mpi_size(&rsa->E) > 4)
            wrong = "its exponent has more than 32 bits";
        else if (mbedtls_rsa_export_raw(rsa, public_only ? out + 4 : NULL, size, NULL, 0, NULL, 0,
                                        NULL, 0, out, 4) != 0 ||
                 (!public_only &&
                  mbedtls_rsa_export_raw(rsa, NULL, 0, out + 4, size / 2, out + 4 + size / 2,
                                         size / 2, NULL, 0, NULL, 0) != 0))
            wrong = "its primes are not of half its length";
    }
    mbedtls_pk_free(&pk);
    return wrong;
}

/* ---- curves: mbedtls does not know SM2; both look the same ---- */

static const uint8_t *find(const uint8_t *data, size_t len, const uint8_t *what, size_t what_len) {
    for (size_t at = 0; at + what_len <= len; at++)
        if (!memcmp(data + at, what, what_len))
            return data + at;
    return NULL;
}

/* SEC 1 or PKCS #8: ECPrivateKey version 1 and 32 bytes. SubjectPublicKeyInfo: 66 bytes of bits,
 * uncompressed. */
static const char *read_curve(const uint8_t *der, size_t len, enum crypto_alg algorithm,
                              bool public_only, uint8_t *out, size_t *out_len) {
    static const uint8_t p256[] = {0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
    static const uint8_t sm2[] = {0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D};
    static const uint8_t private_head[] = {0x02, 0x01, 0x01, 0x04, 0x20};
    static const uint8_t public_head[] = {0x03, 0x42, 0x00, 0x04};
    if (!find(der, len, algorithm == CRYPTO_SM2 ? sm2 : p256, sizeof p256))
        return algorithm == CRYPTO_SM2 ? "not an SM2 key" : "not a P-256 key";
    *out_len = public_only ? 64 : 32;
    const uint8_t *at = public_only ? find(der, len, public_head, sizeof public_head)
                                    : find(der, len, private_head, sizeof private_head);
    const size_t head = public_only ? sizeof public_head : sizeof private_head;
    if (!at || (size_t)(der + len - at) < head + *out_len)
        return public_only ? "not a public key" : "not a private key";
    memcpy(out, at + head, *out_len);
    return NULL;
}

static const char *read_curve_pem(const uint8_t *text, enum crypto_alg algorithm, bool public_only,
                                  uint8_t *out, size_t *out_len) {
    static const struct {
        const char *begin, *end;
        bool is_public;
    } kinds[] = {
        {"-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", false},
        {"-----BEGIN EC PRIVATE KEY-----", "-----END EC PRIVATE KEY-----", false},
        {"-----BEGIN SM2 PRIVATE KEY-----", "-----END SM2 PRIVATE KEY-----", false},
        {"-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", true},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        mbedtls_pem_context pem;
        size_t used;
        if (kinds[i].is_public != public_only)
            continue;
        mbedtls_pem_init(&pem);
        const int err =
            mbedtls_pem_read_buffer(&pem, kinds[i].begin, kinds[i].end, text, NULL, 0, &used);
        const char *wrong =
            err ? "bad PEM" : read_curve(pem.buf, pem.buflen, algorithm, public_only, out, out_len);
        mbedtls_pem_free(&pem);
        if (err != MBEDTLS_ERR_PEM_NO_HEADER_FOOTER_PRESENT)
            return wrong;
    }
    return public_only ? "not a public key in PEM" : "not a private key in PEM";
}

const char *pem_key_read(const char *path, enum crypto_alg algorithm, bool public_only,
                         uint8_t out_value[CRYPTO_PK_VALUE_MAX], size_t *out_len) {
    uint8_t text[FILE_MAX + 1];
    FILE *file = fopen(path, "rb");
    if (!file)
        return "no such file";
    const size_t len = fread(text, 1, FILE_MAX, file);
    fclose(file);
    text[len] = 0;
    const char *wrong = algorithm == CRYPTO_RSA
                            ? read_rsa(text, len + 1, public_only, out_value, out_len)
                            : read_curve_pem(text, algorithm, public_only, out_value, out_len);
    bytes_wipe(text, sizeof text);
    return wrong;
}
