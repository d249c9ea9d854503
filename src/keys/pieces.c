/* An RSA key that comes in pieces, as personalisation systems of EMV send it (CPS: DGIs 8201 to
 * 8205). What came is kept as a secret object until p, q and d mod (p - 1) are there. */
#include "keys/key.h"

#include <string.h>

#include "base/bytes.h"

/* The object, kind KEYS_KIND_PIECES, number 0. */
enum pieces_layout {
    PIECES_AT_HAVE = 0, /* bits of enum pieces_have */
    PIECES_AT_HALF = 1, /* bytes of a prime, 0: not known yet */
    PIECES_AT_NUMBER = 2,
    PIECES_AT_VERSION = 4,
    PIECES_AT_TRIES = 5,
    PIECES_AT_USAGE = 6,
    PIECES_AT_RULES_LEN = 8,
    PIECES_AT_RULES = 9,
    PIECES_AT_P = PIECES_AT_RULES + ACCESS_RULES_MAX,
    PIECES_AT_Q = PIECES_AT_P + CRYPTO_RSA_MAX / 2,
    PIECES_AT_DP = PIECES_AT_Q + CRYPTO_RSA_MAX / 2,
    PIECES_SIZE = PIECES_AT_DP + CRYPTO_RSA_MAX / 2,
};

enum pieces_have { HAVE_P = 1, HAVE_Q = 2, HAVE_DP = 4, HAVE_ALL = 7, HAVE_RULES = 0x80 };

static store_name pieces_name(uint32_t owner) {
    return STORE_NAME(owner, KEYS_KIND_PIECES, 0);
}

enum onecard_err keys_pieces_begin(struct keys *k, uint32_t owner, uint16_t number,
                                   const struct key_spec *spec) {
    uint8_t object[PIECES_SIZE] = {0};
    const store_name name = pieces_name(owner);
    if (spec->algorithm != CRYPTO_RSA || spec->usage == 0 || (spec->usage & ~KEY_USAGE_ALL) != 0)
        return ONECARD_E_PARAM;
    if (spec->rules != NULL && !access_rules_valid(spec->rules, spec->rules_len))
        return ONECARD_E_FORMAT;
    put_be16(object + PIECES_AT_NUMBER, number);
    object[PIECES_AT_VERSION] = spec->version;
    object[PIECES_AT_TRIES] = spec->tries_max;
    put_be16(object + PIECES_AT_USAGE, spec->usage);
    if (spec->rules != NULL) {
        object[PIECES_AT_HAVE] = HAVE_RULES;
        object[PIECES_AT_RULES_LEN] = spec->rules_len;
        memcpy(object + PIECES_AT_RULES, spec->rules, spec->rules_len);
    }
    enum onecard_err err = store_delete(k->store, name); /* one that was never finished */
    if (err == ONECARD_OK || err == ONECARD_E_NOT_FOUND)
        err = store_create(k->store, name, PIECES_SIZE, STORE_SECRET);
    return err == ONECARD_OK ? store_write(k->store, name, 0, object, sizeof object) : err;
}

/* All is there: the key is made, and the pieces go. */
static enum onecard_err finish(struct keys *k, uint32_t owner, const uint8_t *object) {
    uint8_t value[CRYPTO_PK_VALUE_MAX];
    uint32_t exponent;
    const uint32_t half = object[PIECES_AT_HALF];
    const struct key_spec spec = {
        .algorithm = CRYPTO_RSA,
        .version = object[PIECES_AT_VERSION],
        .usage = get_be16(object + PIECES_AT_USAGE),
        .tries_max = object[PIECES_AT_TRIES],
        .rules = object[PIECES_AT_HAVE] & HAVE_RULES ? object + PIECES_AT_RULES : NULL,
        .rules_len = object[PIECES_AT_RULES_LEN],
    };
    enum onecard_err err =
        crypto_rsa_exponent(object + PIECES_AT_P, object + PIECES_AT_DP, half, &exponent);
    if (err != ONECARD_OK)
        return err;
    put_be32(value, exponent);
    memcpy(value + 4, object + PIECES_AT_P, half);
    memcpy(value + 4 + half, object + PIECES_AT_Q, half);
    err = keys_create(k, owner, get_be16(object + PIECES_AT_NUMBER), &spec, value, 4 + 2 * half);
    bytes_wipe(value, sizeof value);
    return err == ONECARD_OK ? store_delete(k->store, pieces_name(owner)) : err;
}

enum onecard_err keys_piece(struct keys *k, uint32_t owner, enum key_piece piece,
                            const uint8_t *bytes, uint32_t len) {
    static const struct {
        uint8_t have;
        uint16_t at;
    } table[] = {
        [KEY_PIECE_DP] = {HAVE_DP, PIECES_AT_DP},
        [KEY_PIECE_Q] = {HAVE_Q, PIECES_AT_Q},
        [KEY_PIECE_P] = {HAVE_P, PIECES_AT_P},
    };
    uint8_t object[PIECES_SIZE];
    const store_name name = pieces_name(owner);
    enum onecard_err err = store_read(k->store, name, 0, object, sizeof object);
    if (err != ONECARD_OK)
        return err;
    if (len == 0 || len > CRYPTO_RSA_MAX / 2 ||
        (object[PIECES_AT_HALF] != 0 && object[PIECES_AT_HALF] != len))
        err = ONECARD_E_FORMAT;
    if (err == ONECARD_OK && table[piece].have != 0) { /* the others follow from these */
        object[PIECES_AT_HAVE] |= table[piece].have;
        memcpy(object + table[piece].at, bytes, len);
    }
    object[PIECES_AT_HALF] = (uint8_t)len;
    if (err == ONECARD_OK)
        err = (object[PIECES_AT_HAVE] & HAVE_ALL) == HAVE_ALL
                  ? finish(k, owner, object)
                  : store_write(k->store, name, 0, object, sizeof object);
    bytes_wipe(object, sizeof object);
    return err;
}
