/* Asymmetric keys in the key layer: making, importing, every operation against every usage and
 * algorithm, counting, deleting. */
#include "fs/fixture.h"

#include "base/bytes.h"
#include "crypto/rsa_keys.h"

static struct fixture fx;

static int setup(void **state) {
    (void)state;
    fixture_start(&fx);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_stop(&fx);
    return 0;
}

/* d of the curves; any number will do */
#define CURVE_VALUE "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"

static const struct {
    uint8_t algorithm;
    uint8_t scheme, encryption, agreement; /* 0: it cannot */
    uint8_t digest;
    const char *value;
} kinds[] = {
    {CRYPTO_RSA, CRYPTO_PK_PKCS1, CRYPTO_PK_PKCS1, 0, CRYPTO_SHA256, RSA_1024},
    {CRYPTO_P256, CRYPTO_PK_ECDSA, 0, CRYPTO_PK_ECDH, CRYPTO_SHA256, CURVE_VALUE},
    {CRYPTO_SM2, CRYPTO_PK_SM2, CRYPTO_PK_SM2, CRYPTO_PK_SM2, CRYPTO_SM3, CURVE_VALUE},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static struct key_ref stored(uint16_t number) {
    const struct key_ref ref = {OWNER, number, NULL};
    return ref;
}

static void make_key(uint16_t number, size_t kind, uint16_t usage, uint8_t tries) {
    uint8_t value[300];
    const struct key_spec spec = {kinds[kind].algorithm, 1, usage, tries, NULL, 0};
    const uint32_t len = from_hex(value, sizeof value, kinds[kind].value);
    assert_int_equal(keys_create(&fx.keys, OWNER, number, &spec, value, len), ONECARD_OK);
}

/* The public part of one key as a key of its own. */
static void make_public(uint16_t number, uint16_t from, size_t kind, uint16_t usage,
                        uint8_t tries) {
    uint8_t bytes[CRYPTO_PK_PUBLIC_MAX];
    uint32_t len = sizeof bytes;
    const struct key_ref ref = stored(from);
    const struct key_spec spec = {
        (uint8_t)(kinds[kind].algorithm | KEY_PUBLIC_ONLY), 1, usage, tries, NULL, 0};
    assert_int_equal(keys_public(&fx.keys, &ref, bytes, &len), ONECARD_OK);
    assert_int_equal(keys_create(&fx.keys, OWNER, number, &spec, bytes, len), ONECARD_OK);
}

static struct key_how how_of(size_t kind) {
    const struct key_how how = {kinds[kind].scheme, kinds[kind].digest, false};
    return how;
}

/* ---- making ---- */

static void values(void **state) {
    (void)state;
    static const struct {
        uint8_t algorithm;
        const char *value;
        enum onecard_err err;
    } table[] = {
        {CRYPTO_RSA, RSA_1024, ONECARD_OK},
        {CRYPTO_RSA, RSA_1152_E3, ONECARD_OK},
        {CRYPTO_RSA, RSA_1536, ONECARD_OK},
        {CRYPTO_RSA, RSA_2048, ONECARD_OK},
        {CRYPTO_P256, CURVE_VALUE, ONECARD_OK},
        {CRYPTO_SM2, CURVE_VALUE, ONECARD_OK},
        {CRYPTO_P256, CURVE_VALUE "00", ONECARD_E_PARAM},
        {CRYPTO_SM2, "00", ONECARD_E_PARAM},
        {CRYPTO_SM2, "", ONECARD_E_PARAM},
        {CRYPTO_RSA, CURVE_VALUE, ONECARD_E_PARAM},
        /* 0, n, n - 1 */
        {CRYPTO_P256, "0000000000000000000000000000000000000000000000000000000000000000",
         ONECARD_E_FORMAT},
        {CRYPTO_P256, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
         ONECARD_E_FORMAT},
        {CRYPTO_P256, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550",
         ONECARD_OK},
        {CRYPTO_SM2, "0000000000000000000000000000000000000000000000000000000000000000",
         ONECARD_E_FORMAT},
        {CRYPTO_SM2, "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123",
         ONECARD_E_FORMAT},
        {CRYPTO_SM2, "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54122",
         ONECARD_E_FORMAT}, /* 1 + d has no inverse */
        {CRYPTO_SM2, "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54121",
         ONECARD_OK},
        {CRYPTO_SHA256, CURVE_VALUE, ONECARD_E_PARAM},
        {CRYPTO_AES128 | KEY_PUBLIC_ONLY, "00112233445566778899AABBCCDDEEFF", ONECARD_E_PARAM},
        {CRYPTO_P256 | KEY_PUBLIC_ONLY, CURVE_VALUE, ONECARD_E_PARAM},
        {CRYPTO_P256 | KEY_PUBLIC_ONLY, CURVE_VALUE CURVE_VALUE, ONECARD_E_FORMAT},
        {CRYPTO_SM2 | KEY_PUBLIC_ONLY, CURVE_VALUE CURVE_VALUE, ONECARD_E_FORMAT},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint8_t value[300];
        const uint32_t len = from_hex(value, sizeof value, table[i].value);
        const struct key_spec spec = {table[i].algorithm, 7, KEY_SIGN, 3, NULL, 0};
        const struct key_ref ref = stored((uint16_t)i);
        struct key_info info;
        enum onecard_err err = keys_create(&fx.keys, OWNER, (uint16_t)i, &spec, value, len);
        if (err != table[i].err)
            fail_msg("value %zu: %d", i, err);
        assert_int_equal(keys_info(&fx.keys, &ref, &info),
                         err == ONECARD_OK ? ONECARD_OK : ONECARD_E_NOT_FOUND);
        if (err == ONECARD_OK) {
            assert_int_equal(info.algorithm, table[i].algorithm);
            assert_int_equal(info.size, crypto_pk_size_of_value(table[i].algorithm, len));
            assert_int_equal(info.block_size, 0);
            assert_int_equal(keys_create(&fx.keys, OWNER, (uint16_t)i, &spec, value, len),
                             ONECARD_E_EXISTS);
        }
    }
}

/* RSA values that are no keys: each byte string has the right length. */
static void rsa_values_that_are_no_keys(void **state) {
    (void)state;
    uint8_t good[300], value[300];
    const uint32_t len = from_hex(good, sizeof good, RSA_1024), half = (len - 4) / 2;
    const struct key_spec spec = {CRYPTO_RSA, 1, KEY_SIGN, 0, NULL, 0};
    for (int wrong = 0; wrong < 9; wrong++) {
        memcpy(value, good, len);
        switch (wrong) {
        case 0: /* exponents: 1, even, none, beyond 31 bits */
            put_be32(value, 1);
            break;
        case 1:
            put_be32(value, 65536);
            break;
        case 2:
            put_be32(value, 0);
            break;
        case 3:
            put_be32(value, 0xFFFFFFFF);
            break;
        case 4: /* p even */
            value[4 + half - 1] &= 0xFE;
            break;
        case 5: /* p not a prime */
            value[4 + half - 1] ^= 0x06;
            break;
        case 6: /* q = p: 1/q mod p does not exist */
            memcpy(value + 4 + half, value + 4, half);
            break;
        case 7: /* the modulus is short */
            value[4] = 0;
            break;
        default:
            memset(value + 4, 0, 2 * half);
        }
        enum onecard_err err = keys_create(&fx.keys, OWNER, 1, &spec, value, len);
        if (err != ONECARD_E_FORMAT)
            fail_msg("wrong value %d: %d", wrong, err);
    }
}

static void generated_on_the_card(void **state) {
    (void)state;
    static const uint16_t sizes[KINDS] = {128, 32, 32};
    for (size_t i = 0; i < KINDS; i++) {
        const struct key_spec spec = {kinds[i].algorithm, 9, KEY_SIGN | KEY_VERIFY, 0, NULL, 0};
        const struct key_ref ref = stored((uint16_t)i);
        const struct key_how how = how_of(i);
        uint8_t signature[256];
        uint32_t len = sizeof signature;
        assert_int_equal(keys_generate(&fx.keys, OWNER, (uint16_t)i, &spec, sizes[i] + 1, 0),
                         ONECARD_E_PARAM);
        assert_int_equal(
            keys_generate(&fx.keys, OWNER, (uint16_t)i, &spec, sizes[i], i == 0 ? 4 : 3),
            ONECARD_E_PARAM);
        assert_int_equal(keys_generate(&fx.keys, OWNER, (uint16_t)i, &spec, sizes[i], 0),
                         ONECARD_OK);
        assert_int_equal(keys_generate(&fx.keys, OWNER, (uint16_t)i, &spec, sizes[i], 0),
                         ONECARD_E_EXISTS);
        fixture_commit(&fx);
        assert_int_equal(
            keys_sign(&fx.keys, &ref, &how, (const uint8_t *)"abc", 3, signature, &len),
            ONECARD_OK);
        assert_int_equal(
            keys_verify(&fx.keys, &ref, &how, (const uint8_t *)"abc", 3, signature, len),
            ONECARD_OK);
        assert_int_equal(
            keys_verify(&fx.keys, &ref, &how, (const uint8_t *)"abd", 3, signature, len),
            ONECARD_E_WRONG);
    }
    /* a cipher's key, which nobody has seen */
    const struct key_spec aes = {CRYPTO_AES128, 1, KEY_MAC, 0, NULL, 0};
    uint8_t mac[2][16];
    for (uint16_t n = 0; n < 2; n++) {
        const struct key_ref ref = stored((uint16_t)(10 + n));
        assert_int_equal(keys_generate(&fx.keys, OWNER, (uint16_t)(10 + n), &aes, 0, 0),
                         ONECARD_OK);
        assert_int_equal(
            keys_mac(&fx.keys, &ref, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, mac[0], 0, mac[n], 16),
            ONECARD_OK);
    }
    assert_memory_not_equal(mac[0], mac[1], 16);
    assert_int_equal(keys_generate(&fx.keys, OWNER, 12, &aes, 16, 0), ONECARD_E_PARAM);
}

/* ---- wrong uses fail in a stated way ---- */

/* Good inputs for a kind, made with a key of all usages. */
static struct {
    uint8_t signature[256], cryptogram[256], wrapped[256], peer[128];
    uint32_t signature_len, cryptogram_len, wrapped_len;
} good;

#define HELPER 200u /* the same key with all usages */

static void make_inputs(size_t kind) {
    const struct key_ref helper = stored(HELPER);
    const struct key_how how = how_of(kind);
    const uint8_t message[16] = "attack at dawn.";
    make_key(HELPER, kind, KEY_USAGE_ALL, 0);
    good.signature_len = good.cryptogram_len = good.wrapped_len = 256;
    assert_int_equal(
        keys_sign(&fx.keys, &helper, &how, message, 16, good.signature, &good.signature_len),
        ONECARD_OK);
    if (kinds[kind].encryption != 0)
        assert_int_equal(keys_pk_encrypt(&fx.keys, &helper,
                                         (enum crypto_scheme)kinds[kind].encryption, message, 16,
                                         good.cryptogram, &good.cryptogram_len),
                         ONECARD_OK);
    uint32_t len = 64;
    if (kinds[kind].agreement != 0)
        assert_int_equal(keys_public(&fx.keys, &helper, good.peer, &len), ONECARD_OK);
    memcpy(good.peer + 64, good.peer, 64);
}

static enum onecard_err op_sign(const struct key_ref *ref, size_t kind) {
    uint8_t signature[256];
    uint32_t len = sizeof signature;
    const struct key_how how = how_of(kind);
    return keys_sign(&fx.keys, ref, &how, (const uint8_t *)"attack at dawn.", 16, signature, &len);
}

static enum onecard_err op_verify(const struct key_ref *ref, size_t kind) {
    const struct key_how how = how_of(kind);
    return keys_verify(&fx.keys, ref, &how, (const uint8_t *)"attack at dawn.", 16, good.signature,
                       good.signature_len);
}

static enum onecard_err op_encrypt(const struct key_ref *ref, size_t kind) {
    uint8_t out[256];
    uint32_t len = sizeof out;
    return keys_pk_encrypt(&fx.keys, ref, (enum crypto_scheme)kinds[kind].encryption,
                           (const uint8_t *)"abc", 3, out, &len);
}

static enum onecard_err op_decrypt(const struct key_ref *ref, size_t kind) {
    uint8_t out[256];
    uint32_t len = sizeof out;
    enum onecard_err err =
        keys_pk_decrypt(&fx.keys, ref, (enum crypto_scheme)kinds[kind].encryption, good.cryptogram,
                        kinds[kind].encryption ? good.cryptogram_len : 128, out, &len);
    if (err == ONECARD_OK) {
        assert_int_equal(len, 16);
        assert_memory_equal(out, "attack at dawn.", 16);
    }
    return err;
}

static enum onecard_err op_agree(const struct key_ref *ref, size_t kind) {
    struct key_session slot = {0}, own = {0};
    const struct key_ref ephemeral = {ref->owner, 0, &own};
    const struct key_spec spec = {CRYPTO_SM4, 1, KEY_MAC, 0, NULL, 0};
    const struct key_spec own_spec = {kinds[kind].algorithm, 1, KEY_AGREE, 0, NULL, 0};
    const bool sm2 = kinds[kind].algorithm == CRYPTO_SM2;
    const struct crypto_pk_agreement with = {.peer = good.peer, .peer_len = sm2 ? 128 : 64};
    uint8_t tags[CRYPTO_PK_TAGS];
    if (sm2)
        assert_int_equal(keys_generate_session(&fx.keys, ref->owner, &own_spec, &own), ONECARD_OK);
    enum onecard_err err = keys_agree(&fx.keys, ref, (enum crypto_scheme)kinds[kind].agreement,
                                      &with, sm2 ? &ephemeral : NULL, &spec, &slot, tags);
    assert_int_equal(slot.key.info != NULL, err == ONECARD_OK);
    assert_null(own.key.info); /* used once, whatever came of it */
    key_session_clear(&slot);
    return err;
}

static enum onecard_err op_wrap(const struct key_ref *ref, size_t kind) {
    struct key_session slot = {0};
    const struct key_spec spec = {CRYPTO_SM4, 1, KEY_MAC, 0, NULL, 0};
    (void)kind;
    assert_int_equal(keys_generate_session(&fx.keys, ref->owner, &spec, &slot), ONECARD_OK);
    uint32_t len = sizeof good.wrapped;
    enum onecard_err err = keys_wrap(&fx.keys, ref, &slot, good.wrapped, &len);
    if (err == ONECARD_OK)
        good.wrapped_len = len;
    key_session_clear(&slot);
    return err;
}

static enum onecard_err op_unwrap(const struct key_ref *ref, size_t kind) {
    const struct key_spec spec = {CRYPTO_AES128, 1, KEY_MAC, 0, NULL, 0};
    enum onecard_err err = keys_import(&fx.keys, ref, 0x7777, &spec, 1, good.cryptogram,
                                       kinds[kind].encryption ? good.cryptogram_len : 128, NULL, 0);
    if (err == ONECARD_OK)
        keys_delete(&fx.keys, OWNER, 0x7777);
    return err;
}

/* Operations of ciphers, on an asymmetric key: whatever its usage says, they cannot. */
static enum onecard_err op_cipher(const struct key_ref *ref, size_t kind) {
    uint8_t data[16] = {0};
    (void)kind;
    return keys_cipher(&fx.keys, ref, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, data, data, 16);
}

static enum onecard_err op_mac(const struct key_ref *ref, size_t kind) {
    uint8_t mac[4];
    (void)kind;
    return keys_mac(&fx.keys, ref, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, mac, 0, mac, 4);
}

static enum onecard_err op_mac_verify(const struct key_ref *ref, size_t kind) {
    uint8_t mac[4] = {0};
    (void)kind;
    return keys_mac_verify(&fx.keys, ref, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, mac, 0, mac, 4);
}

static enum onecard_err op_derive(const struct key_ref *ref, size_t kind) {
    struct key_session slot = {0};
    (void)kind;
    return keys_derive(&fx.keys, ref, KEYS_DERIVE_EMV, good.peer, 2, KEY_MAC, &slot);
}

static enum onecard_err op_auth_internal(const struct key_ref *ref, size_t kind) {
    uint8_t out[16];
    (void)kind;
    return keys_auth_internal(&fx.keys, ref, out, 16, out);
}

static enum onecard_err op_auth_external(const struct key_ref *ref, size_t kind) {
    uint8_t challenge[8];
    (void)kind;
    keys_challenge(&fx.keys, &fx.status, challenge, 8);
    return keys_auth_external(&fx.keys, ref, &fx.status, challenge, 8);
}

enum { NEEDS_PRIVATE = 1, NEEDS_ENCRYPTION = 2, NEEDS_AGREEMENT = 4, NEEDS_CIPHER = 8 };

static const struct {
    uint16_t usage;
    uint8_t needs;
    enum onecard_err (*run)(const struct key_ref *ref, size_t kind);
} operations[] = {
    {KEY_SIGN, NEEDS_PRIVATE, op_sign},
    {KEY_VERIFY, 0, op_verify},
    {KEY_ENCRYPT, NEEDS_ENCRYPTION, op_encrypt},
    {KEY_DECRYPT, NEEDS_PRIVATE | NEEDS_ENCRYPTION, op_decrypt},
    {KEY_WRAP, NEEDS_ENCRYPTION, op_wrap},
    {KEY_UNWRAP, NEEDS_PRIVATE | NEEDS_ENCRYPTION, op_unwrap},
    {KEY_AGREE, NEEDS_PRIVATE | NEEDS_AGREEMENT, op_agree},
    {KEY_ENCRYPT, NEEDS_CIPHER, op_cipher},
    {KEY_MAC, NEEDS_CIPHER, op_mac},
    {KEY_MAC_VERIFY, NEEDS_CIPHER, op_mac_verify},
    {KEY_DERIVE, NEEDS_CIPHER, op_derive},
    {KEY_AUTH_INTERNAL, NEEDS_CIPHER, op_auth_internal},
    {KEY_AUTH_EXTERNAL, NEEDS_CIPHER, op_auth_external},
};
#define OPERATIONS (sizeof operations / sizeof *operations)

/* What the operation must say for a key of this kind with that usage. */
static enum onecard_err stated(size_t op, size_t kind, uint16_t usage, bool has_private) {
    const uint8_t needs = operations[op].needs;
    if (!(usage & operations[op].usage))
        return ONECARD_E_DENIED;
    if ((needs & NEEDS_CIPHER) || ((needs & NEEDS_PRIVATE) && !has_private) ||
        ((needs & NEEDS_ENCRYPTION) && kinds[kind].encryption == 0) ||
        ((needs & NEEDS_AGREEMENT) && kinds[kind].agreement == 0))
        return ONECARD_E_PARAM;
    return ONECARD_OK;
}

static void check_all(const struct key_ref *ref, size_t kind, uint16_t usage, bool has_private) {
    for (size_t op = 0; op < OPERATIONS; op++) {
        enum onecard_err err = operations[op].run(ref, kind);
        if (err != stated(op, kind, usage, has_private))
            fail_msg("kind %zu, usage %04X, %s: operation %zu gives %d, not %d", kind, usage,
                     has_private ? "private" : "public", op, err,
                     stated(op, kind, usage, has_private));
    }
}

/* Every operation x every usage (alone, and all but it) x every algorithm x private and public. */
static void key_confusion_pairs(void **state) {
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++) {
        make_inputs(kind);
        for (unsigned bit = 0; bit < 12; bit++)
            for (int others = 0; others < 2; others++) {
                const uint16_t usage =
                    (uint16_t)(others ? KEY_USAGE_ALL & ~(1u << bit) : 1u << bit);
                const struct key_ref pair = stored(1), half = stored(2);
                make_key(1, kind, usage, 0);
                check_all(&pair, kind, usage, true);
                make_public(2, 1, kind, usage, 0);
                check_all(&half, kind, usage, false);
                assert_int_equal(keys_delete(&fx.keys, OWNER, 1), ONECARD_OK);
                assert_int_equal(keys_delete(&fx.keys, OWNER, 2), ONECARD_OK);
                fixture_commit(&fx);
            }
        store_delete_owner(fx.store, OWNER);
        keys_forget_owner(&fx.keys, OWNER);
        fixture_commit(&fx);
    }
}

/* A cipher's key and asymmetric operations. */
static void ciphers_do_not_sign(void **state) {
    (void)state;
    const struct key_spec spec = {CRYPTO_AES128, 1, KEY_USAGE_ALL, 0, NULL, 0};
    const uint8_t value[16] = {1};
    make_inputs(2);
    assert_int_equal(keys_create(&fx.keys, OWNER, 1, &spec, value, 16), ONECARD_OK);
    const struct key_ref aes = stored(1);
    uint8_t out[300];
    uint32_t len = sizeof out;
    for (size_t op = 0; op < OPERATIONS; op++)
        if (!(operations[op].needs & NEEDS_CIPHER) && operations[op].usage != KEY_WRAP &&
            operations[op].usage != KEY_UNWRAP)
            assert_int_equal(operations[op].run(&aes, 2), ONECARD_E_PARAM);
    assert_int_equal(keys_public(&fx.keys, &aes, out, &len), ONECARD_E_PARAM);
    assert_int_equal(keys_sm2_digest(&fx.keys, &aes, NULL, 0, value, 16, out), ONECARD_E_PARAM);
}

/* F2: another owner's key, or slot, is not there. A deleted one is not there either (F7). */
static void F2_F7_nobody_else_and_never_again(void **state) {
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++) {
        make_inputs(kind);
        make_key(1, kind, KEY_USAGE_ALL, 0);
        fixture_commit(&fx);
        struct key_ref ref = {STRANGER, 1, NULL};
        for (int deleted = 0; deleted < 2; deleted++) {
            for (size_t op = 0; op < OPERATIONS; op++)
                assert_int_equal(operations[op].run(&ref, kind), ONECARD_E_NOT_FOUND);
            ref.owner = OWNER;
            assert_int_equal(keys_delete(&fx.keys, OWNER, 1),
                             deleted ? ONECARD_E_NOT_FOUND : ONECARD_OK);
            fixture_commit(&fx);
        }
        assert_int_equal(keys_delete(&fx.keys, OWNER, HELPER), ONECARD_OK);
    }
}

/* Private parts are nowhere in flash in plain (S6), and a deleted key's area is gone (F7). */
static bool flash_has(const uint8_t *bytes, size_t len) {
    const struct onecard_port *port = onecard_host_port(fx.host);
    const size_t size = (size_t)port->flash.sector_size * port->flash.sector_count;
    for (size_t at = 0; at + len <= size; at++)
        if (!memcmp(port->flash.base + at, bytes, len))
            return true;
    return false;
}

static void S6_private_parts_rest_encrypted(void **state) {
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++) {
        uint8_t value[300];
        const uint32_t len = from_hex(value, sizeof value, kinds[kind].value);
        make_key(1, kind, KEY_SIGN, 0);
        fixture_commit(&fx);
        for (uint32_t at = len % 16; at + 16 <= len; at += 16)
            assert_false(flash_has(value + at, 16));
        keys_delete(&fx.keys, OWNER, 1);
        fixture_commit(&fx);
    }
}

/* ---- counting, versions, replacing ---- */

static uint8_t tries_left(uint16_t number) {
    const struct key_ref ref = stored(number);
    struct key_info info;
    assert_int_equal(keys_info(&fx.keys, &ref, &info), ONECARD_OK);
    return info.tries_left;
}

/* F5: a wrong signature costs a try before the comparison; no abort gives it back. */
static void F5_wrong_signatures_block(void **state) {
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++) {
        make_inputs(kind);
        make_public(1, HELPER, kind, KEY_VERIFY, 3);
        fixture_commit(&fx);
        const struct key_ref ref = stored(1);
        good.signature[10] ^= 1;
        assert_int_equal(op_verify(&ref, kind), ONECARD_E_WRONG);
        assert_int_equal(tries_left(1), 2);
        good.signature[10] ^= 1;
        assert_int_equal(op_verify(&ref, kind), ONECARD_OK);
        assert_int_equal(tries_left(1), 3);
        /* a mistake of the applet's own is none of the outside */
        const struct key_how wrong = {CRYPTO_PK_ECDH, CRYPTO_SHA256, false};
        assert_int_equal(
            keys_verify(&fx.keys, &ref, &wrong, good.peer, 4, good.signature, good.signature_len),
            ONECARD_E_PARAM);
        assert_int_equal(tries_left(1), 3);
        good.signature_len--; /* too short is wrong */
        for (int i = 3; i > 0; i--) {
            assert_int_equal(op_verify(&ref, kind), ONECARD_E_WRONG);
            store_abort(fx.store);
            assert_int_equal(tries_left(1), i - 1);
        }
        good.signature_len++;
        assert_int_equal(op_verify(&ref, kind), ONECARD_E_BLOCKED);
        assert_int_equal(keys_unblock(&fx.keys, OWNER, 1), ONECARD_OK);
        assert_int_equal(op_verify(&ref, kind), ONECARD_OK);
        assert_int_equal(keys_block(&fx.keys, OWNER, 1), ONECARD_OK);
        assert_int_equal(op_verify(&ref, kind), ONECARD_E_BLOCKED);
        uint8_t bytes[CRYPTO_PK_PUBLIC_MAX]; /* what is public stays so */
        uint32_t len = sizeof bytes;
        assert_int_equal(keys_public(&fx.keys, &ref, bytes, &len), ONECARD_OK);
        keys_delete(&fx.keys, OWNER, 1);
        keys_delete(&fx.keys, OWNER, HELPER);
        fixture_commit(&fx);
    }
}

static void wrong_cryptograms_count(void **state) {
    (void)state;
    make_inputs(2);
    make_key(1, 2, KEY_DECRYPT | KEY_UNWRAP, 2);
    fixture_commit(&fx);
    const struct key_ref ref = stored(1);
    good.cryptogram[good.cryptogram_len - 1] ^= 1;
    assert_int_equal(op_decrypt(&ref, 2), ONECARD_E_WRONG);
    assert_int_equal(tries_left(1), 1);
    good.cryptogram[good.cryptogram_len - 1] ^= 1;
    assert_int_equal(op_decrypt(&ref, 2), ONECARD_OK);
    assert_int_equal(tries_left(1), 2);
    good.cryptogram[5] ^= 1; /* not on the curve */
    assert_int_equal(op_decrypt(&ref, 2), ONECARD_E_FORMAT);
    assert_int_equal(op_unwrap(&ref, 2), ONECARD_E_WRONG);
    good.cryptogram[5] ^= 1;
    assert_int_equal(op_decrypt(&ref, 2), ONECARD_E_BLOCKED);
    assert_int_equal(op_unwrap(&ref, 2), ONECARD_E_BLOCKED);
}

static void replaced(void **state) {
    (void)state;
    uint8_t value[300], before[CRYPTO_PK_PUBLIC_MAX], after[CRYPTO_PK_PUBLIC_MAX];
    uint32_t len = from_hex(value, sizeof value, CURVE_VALUE), out_len = sizeof before;
    struct key_info info;
    make_key(1, 2, KEY_SIGN, 3);
    fixture_commit(&fx);
    const struct key_ref ref = stored(1);
    assert_int_equal(keys_public(&fx.keys, &ref, before, &out_len), ONECARD_OK);
    value[31] ^= 1;
    assert_int_equal(keys_update(&fx.keys, OWNER, 1, 2, value, 31), ONECARD_E_PARAM);
    assert_int_equal(keys_update(&fx.keys, OWNER, 1, 2, value, len), ONECARD_OK);
    assert_int_equal(keys_public(&fx.keys, &ref, after, &out_len), ONECARD_OK);
    assert_memory_not_equal(before, after, 64);
    assert_int_equal(keys_info(&fx.keys, &ref, &info), ONECARD_OK);
    assert_int_equal(info.version, 2);
    store_abort(fx.store);
    assert_int_equal(keys_public(&fx.keys, &ref, after, &out_len), ONECARD_OK);
    assert_memory_equal(before, after, 64);
    /* another size is another key */
    make_key(2, 0, KEY_SIGN, 0);
    len = from_hex(value, sizeof value, RSA_1536);
    assert_int_equal(keys_update(&fx.keys, OWNER, 2, 2, value, len), ONECARD_E_PARAM);
    memset(value, 0, 32);
    assert_int_equal(keys_update(&fx.keys, OWNER, 1, 2, value, 32), ONECARD_E_FORMAT);
}

/* ---- import ---- */

static uint32_t encipher_padded(const struct key_ref *wrap, const char *text, uint8_t *out) {
    size_t len = from_hex(out, 300, text);
    assert_int_equal(crypto_pad_add(out, &len, 320, 16, CRYPTO_PAD_80), ONECARD_OK);
    assert_int_equal(
        keys_cipher(&fx.keys, wrap, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, out, out, (uint32_t)len),
        ONECARD_OK);
    return (uint32_t)len;
}

/* A private key that comes enciphered under a transport key signs as the same key in plain. */
static void imported_under_a_transport_key(void **state) {
    (void)state;
    const uint8_t transport[16] = {9, 8, 7};
    const struct key_spec aes = {CRYPTO_AES128, 1, KEY_UNWRAP | KEY_ENCRYPT, 0, NULL, 0};
    assert_int_equal(keys_create(&fx.keys, OWNER, 100, &aes, transport, 16), ONECARD_OK);
    const struct key_ref wrap = stored(100), imported = stored(2), plain = stored(1);
    for (size_t kind = 0; kind < KINDS; kind++) {
        const struct key_spec spec = {kinds[kind].algorithm, 4, KEY_SIGN, 0, NULL, 0};
        uint8_t wrapped[320], check[32], a[CRYPTO_PK_PUBLIC_MAX], b[CRYPTO_PK_PUBLIC_MAX];
        uint32_t a_len = sizeof a, b_len = sizeof b;
        make_key(1, kind, KEY_SIGN, 0);
        assert_int_equal(keys_public(&fx.keys, &plain, a, &a_len), ONECARD_OK);
        crypto_digest_once(CRYPTO_SHA256, a, a_len, check);
        const uint32_t len = encipher_padded(&wrap, kinds[kind].value, wrapped);
        check[2] ^= 1;
        assert_int_equal(keys_import(&fx.keys, &wrap, 2, &spec, 0, wrapped, len, check, 3),
                         ONECARD_E_WRONG);
        check[2] ^= 1;
        assert_int_equal(keys_import(&fx.keys, &wrap, 2, &spec, 0, wrapped, len - 16, check, 3),
                         ONECARD_E_WRONG); /* the padding is cut off */
        assert_int_equal(keys_import(&fx.keys, &wrap, 2, &spec, 0, wrapped, len - 1, check, 3),
                         ONECARD_E_PARAM);
        assert_int_equal(keys_import(&fx.keys, &wrap, 2, &spec, 0, wrapped, len, check, 3),
                         ONECARD_OK);
        assert_int_equal(keys_public(&fx.keys, &imported, b, &b_len), ONECARD_OK);
        assert_int_equal(a_len, b_len);
        assert_memory_equal(a, b, a_len);
        keys_delete(&fx.keys, OWNER, 1);
        keys_delete(&fx.keys, OWNER, 2);
    }
}

/* A symmetric key under RSA and SM2: the card gives its public key, and takes what comes. */
static void imported_under_a_public_key(void **state) {
    (void)state;
    static const size_t wrapping[] = {0, 2};
    for (size_t i = 0; i < 2; i++) {
        const size_t kind = wrapping[i];
        const uint8_t value[16] = {1, 2, 3, 4, 5};
        uint8_t wrapped[256], zeros[16] = {0}, check[16], iv[16] = {0};
        uint32_t len = sizeof wrapped;
        const struct key_spec spec = {CRYPTO_SM4, 1, KEY_ENCRYPT, 0, NULL, 0};
        make_key(1, kind, KEY_UNWRAP | KEY_DECRYPT, 3);
        make_public(2, 1, kind, KEY_ENCRYPT, 0);
        fixture_commit(&fx);
        const struct key_ref wrap = stored(1), outside = stored(2), imported = stored(3);
        assert_int_equal(keys_pk_encrypt(&fx.keys, &outside,
                                         (enum crypto_scheme)kinds[kind].encryption, value, 16,
                                         wrapped, &len),
                         ONECARD_OK);
        struct crypto_key key;
        crypto_key_set(&key, CRYPTO_SM4, value, 16);
        crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, zeros, check, 16);
        check[0] ^= 1;
        assert_int_equal(keys_import(&fx.keys, &wrap, 3, &spec, 0, wrapped, len, check, 3),
                         ONECARD_E_WRONG);
        assert_int_equal(tries_left(1), 2);
        check[0] ^= 1;
        assert_int_equal(keys_import(&fx.keys, &wrap, 3, &spec, 0, wrapped, len, check, 3),
                         ONECARD_OK);
        assert_int_equal(tries_left(1), 3);
        assert_int_equal(
            keys_cipher(&fx.keys, &imported, CRYPTO_ECB, CRYPTO_ENCRYPT, iv, zeros, zeros, 16),
            ONECARD_OK);
        assert_memory_equal(zeros, check, 16);
        /* a value that is no key of this algorithm is as wrong as a bad cryptogram */
        const struct key_spec longer = {CRYPTO_AES256, 1, KEY_ENCRYPT, 0, NULL, 0};
        assert_int_equal(keys_import(&fx.keys, &wrap, 4, &longer, 0, wrapped, len, NULL, 0),
                         ONECARD_E_WRONG);
        /* bad padding under RSA gives other bytes, not an error: the check value tells */
        wrapped[len - 1] ^= 1;
        assert_int_equal(keys_import(&fx.keys, &wrap, 4, &longer, 0, wrapped, len, check, 3),
                         ONECARD_E_WRONG);
        for (uint16_t n = 1; n < 4; n++)
            assert_int_equal(keys_delete(&fx.keys, OWNER, n), ONECARD_OK);
        fixture_commit(&fx);
    }
}

/* ---- session slots ---- */

/* Only what keys_generate_session() made may be given away; and the other side gets it. */
static void wrapped_for_another(void **state) {
    (void)state;
    const uint8_t transport[16] = {5};
    const struct key_spec des = {CRYPTO_TDES2, 1, KEY_WRAP | KEY_UNWRAP | KEY_DERIVE, 0, NULL, 0};
    const struct key_spec fresh = {CRYPTO_AES192, 1, KEY_MAC | KEY_ENCRYPT, 0, NULL, 0};
    struct key_session slot = {0}, copy = {0};
    const struct key_ref wrap = stored(1), in_slot = {OWNER, 0, &slot}, other = stored(9);
    const struct key_ref counterpart[] = {stored(1), stored(2), stored(3)};
    assert_int_equal(keys_create(&fx.keys, OWNER, 1, &des, transport, 16), ONECARD_OK);
    make_key(2, 0, KEY_WRAP | KEY_UNWRAP, 0);
    make_key(3, 2, KEY_WRAP | KEY_UNWRAP, 0);
    uint8_t out[256], a[16], b[16], zeros[16] = {0};
    for (size_t i = 0; i < 3; i++) {
        uint32_t len = sizeof out;
        assert_int_equal(keys_generate_session(&fx.keys, OWNER, &fresh, &slot), ONECARD_OK);
        assert_int_equal(keys_wrap(&fx.keys, &counterpart[i], &slot, out, &len), ONECARD_OK);
        assert_int_equal(keys_import(&fx.keys, &counterpart[i], 9, &fresh, 0, out, len, NULL, 0),
                         ONECARD_OK);
        assert_int_equal(
            keys_mac(&fx.keys, &in_slot, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, zeros, 16, a, 16),
            ONECARD_OK);
        assert_int_equal(
            keys_mac(&fx.keys, &other, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, zeros, 16, b, 16),
            ONECARD_OK);
        assert_memory_equal(a, b, 16);
        keys_delete(&fx.keys, OWNER, 9);
        len = 7;
        assert_int_equal(keys_wrap(&fx.keys, &counterpart[i], &slot, out, &len), ONECARD_E_RANGE);
    }
    /* F7: a stored key does not come out by way of a slot */
    uint32_t len = sizeof out;
    assert_int_equal(keys_derive(&fx.keys, &wrap, KEYS_DERIVE_COPY, NULL, 0, KEY_DERIVE, &copy),
                     ONECARD_OK);
    assert_int_equal(keys_wrap(&fx.keys, &wrap, &copy, out, &len), ONECARD_E_DENIED);
    key_session_clear(&copy);
    assert_int_equal(keys_wrap(&fx.keys, &wrap, &copy, out, &len), ONECARD_E_NOT_FOUND);
    slot.owner = STRANGER;
    assert_int_equal(keys_wrap(&fx.keys, &wrap, &slot, out, &len), ONECARD_E_NOT_FOUND);
    /* nor a pair */
    const struct key_spec pair = {CRYPTO_SM2, 1, KEY_AGREE, 0, NULL, 0};
    assert_int_equal(keys_generate_session(&fx.keys, OWNER, &pair, &slot), ONECARD_OK);
    assert_int_equal(keys_wrap(&fx.keys, &wrap, &slot, out, &len), ONECARD_E_PARAM);
    const struct key_spec rsa = {CRYPTO_RSA, 1, KEY_SIGN, 0, NULL, 0};
    assert_int_equal(keys_generate_session(&fx.keys, OWNER, &rsa, &slot), ONECARD_E_PARAM);
    key_session_clear(&slot);
}

/* A public key that came with a certificate, in a slot. */
static void public_keys_in_slots(void **state) {
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++) {
        uint8_t bytes[CRYPTO_PK_PUBLIC_MAX];
        uint32_t len = sizeof bytes;
        struct key_session slot = {0};
        const uint8_t alg = kinds[kind].algorithm;
        make_inputs(kind);
        const struct key_ref helper = stored(HELPER), ref = {OWNER, 0, &slot};
        assert_int_equal(keys_public(&fx.keys, &helper, bytes, &len), ONECARD_OK);
        assert_int_equal(keys_load_public(&fx.keys, OWNER, alg, KEY_SIGN, bytes, len, &slot),
                         ONECARD_E_DENIED);
        assert_int_equal(keys_load_public(&fx.keys, OWNER, alg, 0, bytes, len, &slot),
                         ONECARD_E_PARAM);
        assert_int_equal(keys_load_public(&fx.keys, OWNER, alg, KEY_VERIFY, bytes, len - 1, &slot),
                         ONECARD_E_PARAM);
        assert_int_equal(
            keys_load_public(&fx.keys, OWNER, CRYPTO_AES128, KEY_VERIFY, bytes, 16, &slot),
            ONECARD_E_PARAM);
        bytes[len - 1] ^= 1; /* even, or off the curve */
        assert_int_equal(keys_load_public(&fx.keys, OWNER, alg, KEY_VERIFY, bytes, len, &slot),
                         ONECARD_E_FORMAT);
        bytes[len - 1] ^= 1;
        assert_null(slot.key.info);
        const uint16_t usages[] = {KEY_VERIFY, KEY_ENCRYPT, KEY_WRAP,
                                   KEY_VERIFY | KEY_ENCRYPT | KEY_WRAP};
        for (size_t u = 0; u < 4; u++) {
            assert_int_equal(keys_load_public(&fx.keys, OWNER, alg, usages[u], bytes, len, &slot),
                             ONECARD_OK);
            check_all(&ref, kind, usages[u], false);
            uint8_t back[CRYPTO_PK_PUBLIC_MAX];
            uint32_t back_len = sizeof back;
            assert_int_equal(keys_public(&fx.keys, &ref, back, &back_len), ONECARD_OK);
            assert_int_equal(back_len, len);
            assert_memory_equal(back, bytes, len);
            const struct key_ref stranger = {STRANGER, 0, &slot};
            assert_int_equal(op_verify(&stranger, kind), ONECARD_E_NOT_FOUND);
        }
        key_session_clear(&slot);
        assert_int_equal(op_verify(&ref, kind), ONECARD_E_NOT_FOUND);
        keys_delete(&fx.keys, OWNER, HELPER);
    }
}

/* Two sides with keys of their own agree on the same one, and nobody else's tags fit. */
static void agreement(void **state) {
    (void)state;
    static const size_t able[] = {1, 2};
    for (size_t i = 0; i < 2; i++) {
        const size_t kind = able[i];
        const bool sm2 = kinds[kind].algorithm == CRYPTO_SM2;
        const struct key_spec own = {kinds[kind].algorithm, 1, KEY_AGREE, 0, NULL, 0};
        const struct key_spec common = {CRYPTO_AES128, 3, KEY_MAC, 0, NULL, 0};
        struct key_session ephemeral[2] = {{0}, {0}}, result[2] = {{0}, {0}};
        uint8_t publics[2][128], tags[2][CRYPTO_PK_TAGS], mac[2][16];
        for (uint16_t side = 0; side < 2; side++) {
            const struct key_ref ref = stored((uint16_t)(1 + side));
            const struct key_ref once = {OWNER, 0, &ephemeral[side]};
            uint32_t len = 64;
            assert_int_equal(keys_generate(&fx.keys, OWNER, ref.number, &own, 32, 0), ONECARD_OK);
            assert_int_equal(keys_public(&fx.keys, &ref, publics[side], &len), ONECARD_OK);
            assert_int_equal(keys_generate_session(&fx.keys, OWNER, &own, &ephemeral[side]),
                             ONECARD_OK);
            assert_int_equal(keys_public(&fx.keys, &once, publics[side] + 64, &len), ONECARD_OK);
        }
        for (uint16_t side = 0; side < 2; side++) {
            const struct key_ref ref = stored((uint16_t)(1 + side));
            const struct key_ref once = {OWNER, 0, &ephemeral[side]};
            const struct key_ref slot = {OWNER, 0, &result[side]};
            const struct crypto_pk_agreement with = {
                .peer = publics[1 - side],
                .peer_len = sm2 ? 128 : 64,
                .info = (const uint8_t *)"info",
                .info_len = 4,
                .initiator = side == 0,
                .own_id = (const uint8_t *)(side ? "bob" : "alice"),
                .own_id_len = side ? 3 : 5,
                .peer_id = (const uint8_t *)(side ? "alice" : "bob"),
                .peer_id_len = side ? 5 : 3,
            };
            const struct key_spec too_much = {CRYPTO_AES128, 3, KEY_SIGN, 0, NULL, 0};
            const struct key_ref kept = {OWNER, 0, NULL};
            (void)kept;
            assert_int_equal(keys_agree(&fx.keys, &ref, (enum crypto_scheme)kinds[kind].agreement,
                                        &with, NULL, &too_much, &result[side], tags[side]),
                             ONECARD_E_DENIED);
            assert_int_equal(keys_agree(&fx.keys, &ref, (enum crypto_scheme)kinds[kind].agreement,
                                        &with, sm2 ? &once : NULL, &common, &result[side],
                                        tags[side]),
                             ONECARD_OK);
            assert_int_equal(keys_mac(&fx.keys, &slot, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL,
                                      publics[0], 16, mac[side], 16),
                             ONECARD_OK);
        }
        assert_memory_equal(mac[0], mac[1], 16);
        if (sm2) {
            assert_memory_equal(tags[0], tags[1] + 32, 32);
            assert_memory_equal(tags[0] + 32, tags[1], 32);
            assert_memory_not_equal(tags[0], tags[1], 32);
        }
        for (uint16_t side = 0; side < 2; side++) {
            key_session_clear(&result[side]);
            key_session_clear(&ephemeral[side]);
            keys_delete(&fx.keys, OWNER, (uint16_t)(1 + side));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values, setup, teardown),
        cmocka_unit_test_setup_teardown(rsa_values_that_are_no_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(generated_on_the_card, setup, teardown),
        cmocka_unit_test_setup_teardown(key_confusion_pairs, setup, teardown),
        cmocka_unit_test_setup_teardown(ciphers_do_not_sign, setup, teardown),
        cmocka_unit_test_setup_teardown(F2_F7_nobody_else_and_never_again, setup, teardown),
        cmocka_unit_test_setup_teardown(S6_private_parts_rest_encrypted, setup, teardown),
        cmocka_unit_test_setup_teardown(F5_wrong_signatures_block, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_cryptograms_count, setup, teardown),
        cmocka_unit_test_setup_teardown(replaced, setup, teardown),
        cmocka_unit_test_setup_teardown(imported_under_a_transport_key, setup, teardown),
        cmocka_unit_test_setup_teardown(imported_under_a_public_key, setup, teardown),
        cmocka_unit_test_setup_teardown(wrapped_for_another, setup, teardown),
        cmocka_unit_test_setup_teardown(public_keys_in_slots, setup, teardown),
        cmocka_unit_test_setup_teardown(agreement, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
