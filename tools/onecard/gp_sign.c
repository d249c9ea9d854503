#include "gp_sign.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <mbedtls/ecdsa.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include "base/bytes.h"
#include "crypto/crypto.h"
#include "hex.h"
#include "pem_key.h"

#define FILE_MAX 8000u
#define RSA_PKCS1_MAX 128u /* bytes of a modulus; above it is PSS (B.3) */

static int from_system(void *ctx, unsigned char *out, size_t len) {
    (void)ctx;
    return getrandom(out, len, 0) == (ssize_t)len ? 0 : -1;
}

static enum onecard_err entropy(void *ctx, void *out, size_t len) {
    return from_system(ctx, out, len) ? ONECARD_E_IO : ONECARD_OK;
}

/* ---- keys in PEM ---- */

static const char *sign_rsa(mbedtls_rsa_context *rsa, const uint8_t *data, size_t len, uint8_t *out,
                            size_t *out_len) {
    uint8_t digest[32];
    const size_t size = mbedtls_rsa_get_len(rsa);
    int err;
    if (size > GP_SIGNATURE_MAX)
        return "an RSA key has at most 2048 bits";
    if (size <= RSA_PKCS1_MAX) {
        err = mbedtls_sha1_ret(data, len, digest);
        mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V15, MBEDTLS_MD_NONE);
    } else {
        err = mbedtls_sha256_ret(data, len, digest, 0);
        mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V21, MBEDTLS_MD_SHA256);
    }
    const bool old = size <= RSA_PKCS1_MAX;
    if (!err)
        err = mbedtls_rsa_pkcs1_sign(rsa, from_system, NULL, MBEDTLS_RSA_PRIVATE,
                                     old ? MBEDTLS_MD_SHA1 : MBEDTLS_MD_SHA256, old ? 20 : 32,
                                     digest, out);
    *out_len = size;
    return err ? "signing with the RSA key failed" : NULL;
}

static const char *sign_p256(const uint8_t key[32], const uint8_t *data, size_t len, uint8_t *out,
                             size_t *out_len) {
    uint8_t digest[32];
    mbedtls_ecp_group group;
    mbedtls_mpi d, r, s;
    mbedtls_ecp_group_init(&group);
    mbedtls_mpi_init(&d);
    mbedtls_mpi_init(&r);
    mbedtls_mpi_init(&s);
    bool good = !mbedtls_sha256_ret(data, len, digest, 0) &&
                !mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1) &&
                !mbedtls_mpi_read_binary(&d, key, 32) &&
                !mbedtls_ecdsa_sign(&group, &r, &s, &d, digest, 32, from_system, NULL) &&
                !mbedtls_mpi_write_binary(&r, out, 32) &&
                !mbedtls_mpi_write_binary(&s, out + 32, 32);
    mbedtls_mpi_free(&s);
    mbedtls_mpi_free(&r);
    mbedtls_mpi_free(&d);
    mbedtls_ecp_group_free(&group);
    *out_len = 64;
    return good ? NULL : "signing with the P-256 key failed";
}

/* mbedtls has no SM2: here client and card are of one make. */
static const char *sign_sm2(const uint8_t key[32], const uint8_t *data, size_t len, uint8_t *out,
                            size_t *out_len) {
    struct crypto_random random;
    struct crypto_digest d;
    uint8_t public_key[64], digest[32];
    if (crypto_random_open(&random, entropy, NULL, NULL, 0))
        return "no random numbers";
    bool good = !crypto_sm2_public(&random, key, public_key) &&
                !crypto_sm2_digest_start(&d, NULL, 0, public_key);
    if (good) {
        crypto_digest_update(&d, data, len);
        crypto_digest_finish(&d, digest);
        good = !crypto_sm2_sign(&random, key, public_key, digest, out);
    }
    crypto_random_close(&random);
    *out_len = 64;
    return good ? NULL : "signing with the SM2 key failed";
}

static const char *sign_pem(const char *path, const uint8_t *data, size_t len, uint8_t *out,
                            size_t *out_len) {
    uint8_t value[CRYPTO_PK_VALUE_MAX];
    size_t value_len;
    mbedtls_pk_context pk;
    mbedtls_pk_init(&pk);
    const char *wrong = "";
    if (!mbedtls_pk_parse_keyfile(&pk, path, NULL) && mbedtls_pk_get_type(&pk) == MBEDTLS_PK_RSA)
        wrong = sign_rsa(mbedtls_pk_rsa(pk), data, len, out, out_len);
    mbedtls_pk_free(&pk);
    if (!wrong || *wrong)
        return wrong;
    wrong = "not a private key of RSA, P-256 or SM2 in PEM";
    if (!pem_key_read(path, CRYPTO_P256, false, value, &value_len))
        wrong = sign_p256(value, data, len, out, out_len);
    else if (!pem_key_read(path, CRYPTO_SM2, false, value, &value_len))
        wrong = sign_sm2(value, data, len, out, out_len);
    bytes_wipe(value, sizeof value);
    return wrong;
}

/* ---- keys for MACs ---- */

static const char *read_text(const char *path, char text[FILE_MAX + 1]) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return "no such file";
    size_t len = fread(text, 1, FILE_MAX, file);
    fclose(file);
    while (len && isspace((unsigned char)text[len - 1]))
        len--;
    text[len] = 0;
    return NULL;
}

static const char *parse_mac_key(const char *text, struct gp_key *key, bool *out_des) {
    size_t len, column;
    const char *blank = strchr(text, ' ');
    const size_t name = blank ? (size_t)(blank - text) : 0;
    const bool aes = name == 3 && !memcmp(text, "aes", 3);
    *out_des = name == 4 && !memcmp(text, "3des", 4);
    *key = (struct gp_key){.sm4 = name == 3 && !memcmp(text, "sm4", 3)};
    if (!aes && !key->sm4 && !*out_des)
        return "neither a key in PEM nor a line \"aes HEX\", \"sm4 HEX\" or \"3des HEX\"";
    if (hex_parse(blank + 1, key->value, sizeof key->value, &len, &column) ||
        (len != 16 && (!aes || (len != 24 && len != 32))))
        return "its key is not of the right length, in hex";
    key->len = (uint8_t)len;
    return NULL;
}

static const char *sign_mac(const char *text, const uint8_t *data, size_t len, uint8_t out[16],
                            size_t *out_len) {
    static const uint8_t zero[8];
    struct gp_key key;
    bool des;
    const char *wrong = parse_mac_key(text, &key, &des);
    if (!wrong && des)
        gp_des_retail_mac(key.value, zero, data, len, out);
    else if (!wrong)
        gp_aes_cmac(&key, data, len, out);
    *out_len = des ? 8 : 16;
    bytes_wipe(&key, sizeof key);
    return wrong;
}

const char *gp_mac_key_read(const char *path, struct gp_key *out_key, bool *out_des) {
    char text[FILE_MAX + 1];
    const char *wrong = read_text(path, text);
    if (!wrong)
        wrong = parse_mac_key(text, out_key, out_des);
    bytes_wipe(text, sizeof text);
    return wrong;
}

const char *gp_sign_mac(const char *path, const uint8_t *data, size_t len, uint8_t out[16],
                        size_t *out_len) {
    char text[FILE_MAX + 1];
    const char *wrong = read_text(path, text);
    if (!wrong)
        wrong = sign_mac(text, data, len, out, out_len);
    bytes_wipe(text, sizeof text);
    return wrong;
}

const char *gp_sign(const char *path, const uint8_t *data, size_t len,
                    uint8_t out[GP_SIGNATURE_MAX], size_t *out_len) {
    char text[FILE_MAX + 1];
    const char *wrong = read_text(path, text);
    if (!wrong)
        wrong = strstr(text, "-----BEGIN") ? sign_pem(path, data, len, out, out_len)
                                           : sign_mac(text, data, len, out, out_len);
    bytes_wipe(text, sizeof text);
    return wrong;
}

/* ---- hashes ---- */

const char *gp_hash(const char *name, const uint8_t *data, size_t len, uint8_t out[GP_HASH_MAX],
                    size_t *out_len) {
    static const struct {
        const char *name;
        mbedtls_md_type_t type;
    } kinds[] = {{"sha1", MBEDTLS_MD_SHA1},
                 {"sha256", MBEDTLS_MD_SHA256},
                 {"sha384", MBEDTLS_MD_SHA384},
                 {"sha512", MBEDTLS_MD_SHA512}};
    if (!strcmp(name, "sm3")) {
        *out_len = 32;
        return crypto_digest_once(CRYPTO_SM3, data, len, out) ? "no SM3" : NULL;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(name, kinds[i].name) != 0)
            continue;
        const mbedtls_md_info_t *info = mbedtls_md_info_from_type(kinds[i].type);
        *out_len = info ? mbedtls_md_get_size(info) : 0;
        return info && !mbedtls_md(info, data, len, out) ? NULL : "not in this build of mbedtls";
    }
    return "sha1, sha256, sha384, sha512 or sm3 are wanted";
}

/* ---- receipts ---- */

/* A length of one byte, or 81 and one, and that many bytes. */
static bool take(const uint8_t **p, const uint8_t *end, const uint8_t **out, size_t *out_len) {
    if (*p == end)
        return false;
    size_t len = *(*p)++;
    if (len == 0x81) {
        if (*p == end)
            return false;
        len = *(*p)++;
    }
    if (len > (size_t)(end - *p))
        return false;
    *out = *p;
    *out_len = len;
    *p += len;
    return true;
}

const char *gp_receipt_parse(const uint8_t *answer, size_t len, struct gp_receipt *out) {
    const uint8_t *p = answer, *whole, *counter;
    size_t whole_len, counter_len;
    memset(out, 0, sizeof *out);
    if (!len || (len == 1 && !answer[0]))
        return NULL;
    if (!take(&p, answer + len, &whole, &whole_len))
        return "the confirmation is cut short";
    p = whole;
    const uint8_t *end = whole + whole_len;
    if (!take(&p, end, &out->mac, &out->mac_len) || !out->mac_len)
        return "the confirmation has no receipt";
    out->confirmed = p;
    out->confirmed_len = (size_t)(end - p);
    if (!take(&p, end, &counter, &counter_len) || counter_len != 2 ||
        !take(&p, end, &out->card, &out->card_len)) {
        out->mac = NULL;
        return "the confirmation has no counter, or does not name its card";
    }
    out->counter = (unsigned)counter[0] << 8 | counter[1];
    return NULL;
}

const char *gp_receipt_check(const struct gp_receipt *r, const char *key_path,
                             const struct gp_aid *names, unsigned count) {
    uint8_t data[512], mac[16];
    size_t len = r->confirmed_len, mac_len;
    if (!r->mac)
        return "the card sent no receipt";
    if (len + count * (1u + GP_AID_MAX) > sizeof data)
        return "the confirmation is longer than any that is known";
    memcpy(data, r->confirmed, len);
    for (unsigned i = 0; i < count; i++) {
        data[len++] = names[i].len;
        memcpy(data + len, names[i].value, names[i].len);
        len += names[i].len;
    }
    const char *wrong = gp_sign_mac(key_path, data, len, mac, &mac_len);
    if (wrong)
        return wrong;
    return mac_len == r->mac_len && gp_same(mac, r->mac, mac_len) ? NULL
                                                                  : "the receipt is not right";
}
