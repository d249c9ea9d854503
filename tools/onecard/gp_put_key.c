/* onecard gp put-key: PUT KEY (GPCS 11.8), of a channel's keys, and of one key that verifies or
 * makes signatures. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "commands.h"
#include "gp.h"
#include "gp_sign.h"
#include "pem_key.h"

static const char COMMAND[] = "gp";

enum {
    INS_PUT_KEY = 0xD8,
    TYPE_3DES = 0x80,
    TYPE_AES = 0x88,
    TYPE_SM4 = 0x89,
    TYPE_RSA_EXPONENT = 0xA0,
    TYPE_RSA_MODULUS = 0xA1,
    TYPE_POINT = 0xB0,
    TYPE_CURVE = 0xF0,
    CURVE_P256 = 0x00,
    CURVE_SM2 = 0xF8, /* ours */
};

/* --new-kvn, if it is given: versions are 01 to 7F (GPCS 11.8.2.3). */
static int new_version(const struct gp *gp, uint8_t *out) {
    const char *text = gp->options.new_kvn;
    int status = text ? gp_byte_parse("--new-kvn", text, out) : EXIT_OK;
    if (!status && text && (*out < 0x01 || *out > 0x7F))
        status = complain(EXIT_USAGE, COMMAND, "--new-kvn %s: versions are 01 to 7F", text);
    return status;
}

/* ---- the keys of a channel ---- */

/* Type, length, enciphered value, check value (GPCS 11.8.2.3). */
static void put_component(const struct gp_session *s, const struct gp_key *key, uint8_t type,
                          uint8_t *out, size_t *at) {
    static const uint8_t zero[16];
    uint8_t value[GP_KEY_MAX] = {0};
    size_t len = key->len;
    bool aes = type != TYPE_3DES;
    memcpy(value, key->value, len);
    if (s->scp == 2) {
        for (size_t i = 0; i < len; i += 8)
            gp_des_cbc(s->dek.value, 16, true, NULL, value + i, 8, value + i);
    } else {
        len = (len + 15u) / 16 * 16;
        gp_aes_cbc(&s->dek, true, zero, value, len, value);
    }
    out[(*at)++] = type;
    out[(*at)++] = (uint8_t)(len + aes);
    if (aes)
        out[(*at)++] = key->len;
    memcpy(out + *at, value, len);
    *at += len;
    out[(*at)++] = 3;
    gp_key_check(key, aes, out + *at);
    *at += 3;
    bytes_wipe(value, sizeof value);
}

/* Key types of GPCS table 11-16; SM4's is of our own. 0 after a line on standard error. */
static uint8_t key_type(const struct gp *gp) {
    static const struct {
        const char *name;
        uint8_t type;
    } types[] = {{"3des", TYPE_3DES}, {"aes", TYPE_AES}, {"sm4", TYPE_SM4}};
    const struct gp_session *s = &gp->link.session;
    const char *name = gp->options.type;
    if (!name)
        return s->scp == 2 ? TYPE_3DES : s->dek.sm4 ? TYPE_SM4 : TYPE_AES;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(name, types[i].name) == 0)
            return types[i].type;
    complain(EXIT_USAGE, COMMAND, "--type %s: 3des, aes or sm4 are wanted", name);
    return 0;
}

/* A whole set, numbers 1 to 3, of version --new-kvn (that of the session's keys if it is not given,
 * which are replaced then). */
static int put_set(struct gp *gp, int count, char **words) {
    struct gp_session *s = &gp->link.session;
    struct gp_key keys[3];
    uint8_t data[255];
    size_t len = 0;
    if (count == 2)
        return complain(EXIT_USAGE, COMMAND, "put-key: one key for all three, or three");
    for (int i = 0; i < 3; i++) {
        int status = gp_key_parse("put-key", words[count == 3 ? i : 0], &keys[i]);
        if (status)
            return status;
    }
    uint8_t type = key_type(gp);
    if (!type)
        return EXIT_USAGE;
    for (int i = 0; i < 3; i++) {
        keys[i].sm4 = type == TYPE_SM4;
        if (keys[i].len != 16 && type != TYPE_AES && (keys[i].len == 32 || type == TYPE_SM4))
            return complain(EXIT_USAGE, COMMAND,
                            "a key of %u bytes is not of that type; see --type", keys[i].len);
    }
    uint8_t version = gp->init.version;
    int status = new_version(gp, &version);
    if (status)
        return status;
    const uint8_t old = version == gp->init.version ? version : 0x00; /* else beside the others */
    data[len++] = version;
    for (int i = 0; i < 3; i++)
        put_component(s, &keys[i], type, data, &len);
    if (len > gp_session_room(s))
        status = complain(EXIT_FAILED, COMMAND, "the keys do not fit into one command");
    if (!status)
        status = gp_link_must(&gp->link, "PUT KEY", 0x80, INS_PUT_KEY, old, 0x81, data, len, true);
    bytes_wipe(data, sizeof data);
    bytes_wipe(keys, sizeof keys);
    return status;
}

/* ---- one key out of a file ---- */

/* 4 bytes of exponent, then the modulus, as src/crypto/pk.h has it. */
static void add_rsa(struct gp_field *f, const uint8_t *value, size_t len) {
    size_t skip = 0;
    while (skip < 3 && !value[skip])
        skip++;
    gp_field_byte(f, TYPE_RSA_MODULUS);
    gp_field_value(f, value + 4, len - 4);
    gp_field_byte(f, TYPE_RSA_EXPONENT);
    gp_field_value(f, value + skip, 4 - skip);
}

static void add_point(struct gp_field *f, const uint8_t point[64], uint8_t curve) {
    gp_field_byte(f, TYPE_POINT);
    gp_field_byte(f, 65);
    gp_field_byte(f, 0x04); /* uncompressed */
    gp_field_add(f, point, 64);
    gp_field_byte(f, TYPE_CURVE);
    gp_field_byte(f, 1);
    gp_field_byte(f, curve);
}

/* The public part of a file in PEM. false: it is none. */
static bool add_public(struct gp_field *f, const char *path) {
    static const enum crypto_alg algorithms[] = {CRYPTO_RSA, CRYPTO_P256, CRYPTO_SM2};
    uint8_t value[CRYPTO_PK_VALUE_MAX];
    size_t len;
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        if (pem_key_read(path, algorithms[i], true, value, &len))
            continue;
        if (algorithms[i] == CRYPTO_RSA)
            add_rsa(f, value, len);
        else
            add_point(f, value, algorithms[i] == CRYPTO_SM2 ? CURVE_SM2 : CURVE_P256);
        gp_field_byte(f, 0); /* no check value */
        return true;
    }
    return false;
}

static int put_file(struct gp *gp, const char *path) {
    const struct gp_options *o = &gp->options;
    struct gp_field f = {.len = 0};
    struct gp_key key;
    bool des = false;
    uint8_t version = 0;
    if (!o->new_kvn)
        return complain(
            EXIT_USAGE, COMMAND,
            "put-key %s: of what version, say --new-kvn (73 verifies DAPs, 70 tokens; 71 "
            "is for receipts)",
            path);
    int status = new_version(gp, &version);
    if (status)
        return status;
    gp_field_byte(&f, version);
    if (!add_public(&f, path)) {
        const char *wrong = gp_mac_key_read(path, &key, &des);
        if (wrong)
            return complain(EXIT_FAILED, COMMAND, "%s: not a public key in PEM, and %s", path,
                            wrong);
        put_component(&gp->link.session, &key,
                      des       ? TYPE_3DES
                      : key.sm4 ? TYPE_SM4
                                : TYPE_AES,
                      f.bytes, &f.len);
        bytes_wipe(&key, sizeof key);
    }
    status = gp_send_field(gp, "PUT KEY", INS_PUT_KEY, 0x00, 0x01, &f);
    bytes_wipe(&f, sizeof f);
    return status;
}

static bool is_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file)
        fclose(file);
    return file != NULL;
}

/* put-key KEY, put-key ENC MAC DEK, or put-key KEYFILE. */
int gp_put_key(struct gp *gp, int count, char **words) {
    if (!gp->link.session.open)
        return complain(EXIT_USAGE, COMMAND, "put-key wants a secure channel");
    return count == 1 && is_file(words[0]) ? put_file(gp, words[0]) : put_set(gp, count, words);
}
