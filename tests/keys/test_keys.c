/* Keys: making, using, deriving, counting, deleting. */
#include "fs/fixture.h"

#include "base/bytes.h"

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

static const uint8_t sample[32] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x88, 0x77, 0x66,
                                   0x55, 0x44, 0x33, 0x22, 0x11, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6,
                                   0xA7, 0xA8, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8};

static struct key_ref stored(uint16_t number) {
    const struct key_ref ref = {OWNER, number, NULL};
    return ref;
}

static void make_key(uint16_t number, uint8_t algorithm, uint16_t usage, uint8_t tries) {
    const struct key_spec spec = {algorithm, 1, usage, tries, NULL, 0};
    assert_int_equal(
        keys_create(&fx.keys, OWNER, number, &spec, sample, crypto_alg_find(algorithm)->key_size),
        ONECARD_OK);
}

static void make_key_hex(uint16_t number, uint8_t algorithm, uint16_t usage, const char *value) {
    uint8_t bytes[32];
    const struct key_spec spec = {algorithm, 1, usage, 0, NULL, 0};
    const uint32_t len = from_hex(bytes, sizeof bytes, value);
    assert_int_equal(keys_create(&fx.keys, OWNER, number, &spec, bytes, len), ONECARD_OK);
}

/* ---- making ---- */

static void specifications(void **state) {
    (void)state;
    static const struct {
        uint8_t algorithm, len;
        uint16_t usage;
        const char *rules;
        enum onecard_err err;
    } table[] = {
        {CRYPTO_DES, 8, KEY_MAC, "", ONECARD_OK},
        {CRYPTO_TDES2, 16, KEY_MAC, "", ONECARD_OK},
        {CRYPTO_TDES3, 24, KEY_MAC, "", ONECARD_OK},
        {CRYPTO_AES128, 16, KEY_MAC, "", ONECARD_OK},
        {CRYPTO_AES192, 24, KEY_MAC, "", ONECARD_OK},
        {CRYPTO_AES256, 32, KEY_MAC, "", ONECARD_OK},
        {CRYPTO_SM4, 16, KEY_MAC, "01C20102", ONECARD_OK},
        {CRYPTO_TDES2, 15, KEY_MAC, "", ONECARD_E_PARAM},
        {CRYPTO_TDES2, 24, KEY_MAC, "", ONECARD_E_PARAM},
        {CRYPTO_AES128, 0, KEY_MAC, "", ONECARD_E_PARAM},
        {CRYPTO_NONE, 16, KEY_MAC, "", ONECARD_E_PARAM},
        {CRYPTO_SHA1, 20, KEY_MAC, "", ONECARD_E_PARAM},
        {CRYPTO_RSA, 16, KEY_SIGN, "", ONECARD_E_PARAM},
        {0xEE, 16, KEY_MAC, "", ONECARD_E_PARAM},
        {CRYPTO_AES128, 16, 0, "", ONECARD_E_PARAM},
        {CRYPTO_AES128, 16, 0x1000, "", ONECARD_E_PARAM},
        {CRYPTO_AES128, 16, KEY_MAC, "01C2", ONECARD_E_FORMAT},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint8_t rules[8];
        const uint32_t rules_len = from_hex(rules, sizeof rules, table[i].rules);
        const struct key_spec spec = {table[i].algorithm, 7, table[i].usage, 3, rules,
                                      (uint8_t)rules_len};
        assert_int_equal(keys_create(&fx.keys, OWNER, (uint16_t)i, &spec, sample, table[i].len),
                         table[i].err);
        struct key_ref ref = stored((uint16_t)i);
        struct key_info info;
        if (table[i].err != ONECARD_OK) {
            assert_int_equal(keys_info(&fx.keys, &ref, &info), ONECARD_E_NOT_FOUND);
            continue;
        }
        assert_int_equal(keys_create(&fx.keys, OWNER, (uint16_t)i, &spec, sample, table[i].len),
                         ONECARD_E_EXISTS);
        assert_int_equal(keys_info(&fx.keys, &ref, &info), ONECARD_OK);
        assert_int_equal(info.algorithm, table[i].algorithm);
        assert_int_equal(info.size, table[i].len);
        assert_int_equal(info.version, 7);
        assert_int_equal(info.usage, table[i].usage);
        assert_int_equal(info.tries_left, 3);
        assert_int_equal(info.tries_max, 3);
    }
}

/* ---- wrong uses fail in a stated way ---- */

/* Every operation, with the usage that it needs. */
static enum onecard_err op_encrypt(const struct key_ref *ref) {
    uint8_t data[16] = {0};
    return keys_cipher(&fx.keys, ref, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, data, data, 16);
}

static enum onecard_err op_decrypt(const struct key_ref *ref) {
    uint8_t data[16] = {0};
    return keys_cipher(&fx.keys, ref, CRYPTO_ECB, CRYPTO_DECRYPT, NULL, data, data, 16);
}

static enum onecard_err op_mac(const struct key_ref *ref) {
    uint8_t mac[4];
    return keys_mac(&fx.keys, ref, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, sample, 5, mac, 4);
}

static enum onecard_err op_mac_verify(const struct key_ref *ref) {
    uint8_t mac[4] = {0};
    enum onecard_err err =
        keys_mac_verify(&fx.keys, ref, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, sample, 5, mac, 4);
    return err == ONECARD_E_WRONG ? ONECARD_OK : err;
}

static enum onecard_err op_derive(const struct key_ref *ref) {
    struct key_session slot = {0};
    enum onecard_err err = keys_derive(&fx.keys, ref, KEYS_DERIVE_EMV, sample, 2, KEY_MAC, &slot);
    key_session_clear(&slot);
    return err;
}

static enum onecard_err op_unwrap(const struct key_ref *ref) {
    const struct key_spec spec = {CRYPTO_AES128, 1, KEY_MAC, 0, NULL, 0};
    enum onecard_err err = keys_import(&fx.keys, ref, 0x7777, &spec, 1, sample, 16, NULL, 0);
    if (err == ONECARD_OK)
        keys_delete(&fx.keys, OWNER, 0x7777);
    return err;
}

static enum onecard_err op_auth_external(const struct key_ref *ref) {
    uint8_t challenge[8], cryptogram[16] = {0};
    struct key_info info;
    enum onecard_err err = keys_info(&fx.keys, ref, &info);
    if (err != ONECARD_OK)
        return err;
    keys_challenge(&fx.keys, &fx.status, challenge, 8);
    err = keys_auth_external(&fx.keys, ref, &fx.status, cryptogram, info.block_size);
    return err == ONECARD_E_WRONG ? ONECARD_OK : err;
}

static enum onecard_err op_auth_internal(const struct key_ref *ref) {
    uint8_t out[16];
    return keys_auth_internal(&fx.keys, ref, sample, 16, out);
}

static const struct {
    uint16_t usage;
    enum onecard_err (*run)(const struct key_ref *ref);
} operations[] = {
    {KEY_ENCRYPT, op_encrypt},
    {KEY_DECRYPT, op_decrypt},
    {KEY_MAC, op_mac},
    {KEY_MAC_VERIFY, op_mac_verify},
    {KEY_DERIVE, op_derive},
    {KEY_UNWRAP, op_unwrap},
    {KEY_AUTH_EXTERNAL, op_auth_external},
    {KEY_AUTH_INTERNAL, op_auth_internal},
};
#define OPERATIONS (sizeof operations / sizeof *operations)

static void key_confusion(void **state) {
    (void)state;
    static const uint8_t algorithms[] = {CRYPTO_TDES2, CRYPTO_AES128, CRYPTO_SM4};
    for (size_t a = 0; a < sizeof algorithms; a++) {
        for (size_t right = 0; right < OPERATIONS; right++) {
            for (int others = 0; others < 2; others++) {
                /* a key for one use only, or for all but one */
                const uint16_t usage = others ? (uint16_t)(KEY_USAGE_ALL & ~operations[right].usage)
                                              : operations[right].usage;
                make_key(5, algorithms[a], usage, 0);
                const struct key_ref ref = stored(5);
                for (size_t op = 0; op < OPERATIONS; op++)
                    assert_int_equal(operations[op].run(&ref),
                                     usage & operations[op].usage ? ONECARD_OK : ONECARD_E_DENIED);
                store_abort(fx.store);
            }
        }
    }
}

static void key_confusion_in_slots(void **state) {
    (void)state;
    make_key(1, CRYPTO_TDES2, KEY_USAGE_ALL, 0);
    const struct key_ref parent = stored(1);
    for (size_t right = 0; right < OPERATIONS; right++) {
        struct key_session slot = {0};
        assert_int_equal(keys_derive(&fx.keys, &parent, KEYS_DERIVE_DIVERSIFY, sample, 8,
                                     operations[right].usage, &slot),
                         ONECARD_OK);
        const struct key_ref ref = {OWNER, 1, &slot};
        for (size_t op = 0; op < OPERATIONS; op++)
            assert_int_equal(operations[op].run(&ref), op == right ? ONECARD_OK : ONECARD_E_DENIED);
        /* another owner's, though it holds the slot in its hands (F2) */
        const struct key_ref other = {STRANGER, 1, &slot};
        for (size_t op = 0; op < OPERATIONS; op++)
            assert_int_equal(operations[op].run(&other), ONECARD_E_NOT_FOUND);
        key_session_clear(&slot);
        for (size_t op = 0; op < OPERATIONS; op++)
            assert_int_equal(operations[op].run(&ref), ONECARD_E_NOT_FOUND);
    }
}

/* A single use's parameters, one wrong at a time. */
static void wrong_parameters(void **state) {
    (void)state;
    uint8_t out[32], iv[16] = {0};
    struct key_session slot = {0};
    struct keys *k = &fx.keys;
    make_key(1, CRYPTO_TDES2, KEY_USAGE_ALL, 0);
    make_key(2, CRYPTO_AES128, KEY_USAGE_ALL, 0);
    make_key(3, CRYPTO_DES, KEY_USAGE_ALL, 0);
    make_key(4, CRYPTO_AES128, KEY_ENCRYPT | KEY_DERIVE, 0);
    const struct key_ref des = stored(1), aes = stored(2), single = stored(3), some = stored(4);
    assert_int_equal(keys_cipher(k, &des, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, sample, out, 7),
                     ONECARD_E_PARAM);
    assert_int_equal(keys_cipher(k, &aes, CRYPTO_CBC, CRYPTO_ENCRYPT, iv, sample, out, 8),
                     ONECARD_E_PARAM);
    assert_int_equal(keys_cipher(k, &aes, CRYPTO_CTR, CRYPTO_ENCRYPT, NULL, sample, out, 8),
                     ONECARD_E_PARAM);
    assert_int_equal(keys_cipher(k, &aes, (enum crypto_mode)9, CRYPTO_ENCRYPT, iv, sample, out, 16),
                     ONECARD_E_PARAM);
    assert_int_equal(keys_mac(k, &des, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, sample, 8, out, 3),
                     ONECARD_E_PARAM);
    assert_int_equal(keys_mac(k, &des, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, sample, 8, out, 9),
                     ONECARD_E_PARAM);
    assert_int_equal(keys_mac(k, &aes, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, NULL, sample, 8, out, 8),
                     ONECARD_E_PARAM);
    assert_int_equal(
        keys_mac_verify(k, &des, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, sample, 8, out, 3),
        ONECARD_E_PARAM);
    static const struct {
        unsigned key;
        enum key_derivation derivation;
        uint32_t len;
        uint16_t usage;
        enum onecard_err err;
    } derivations[] = {
        {1, KEYS_DERIVE_DIVERSIFY, 7, KEY_MAC, ONECARD_E_PARAM},
        {1, KEYS_DERIVE_BLOCK, 16, KEY_MAC, ONECARD_E_PARAM},
        {1, KEYS_DERIVE_FOLD, 1, KEY_MAC, ONECARD_E_PARAM},
        {1, KEYS_DERIVE_EMV, 8, KEY_MAC, ONECARD_E_PARAM},
        {1, KEYS_DERIVE_CMAC, 16, KEY_MAC, ONECARD_E_PARAM},
        {1, (enum key_derivation)99, 8, KEY_MAC, ONECARD_E_PARAM},
        {1, (enum key_derivation)0, 8, KEY_MAC, ONECARD_E_PARAM},
        {2, KEYS_DERIVE_FOLD, 0, KEY_MAC, ONECARD_E_PARAM}, /* no TAC key from AES */
        {2, KEYS_DERIVE_CMAC, 65, KEY_MAC, ONECARD_E_PARAM},
        {2, KEYS_DERIVE_CMAC, 0, KEY_MAC, ONECARD_E_PARAM},
        {3, KEYS_DERIVE_BLOCK, 8, KEY_MAC, ONECARD_E_PARAM}, /* nothing from single DES */
        {1, KEYS_DERIVE_BLOCK, 8, 0, ONECARD_E_PARAM},
        {1, KEYS_DERIVE_BLOCK, 8, KEY_DERIVE, ONECARD_E_DENIED}, /* a session is the end */
        {1, KEYS_DERIVE_FOLD, 0, KEY_UNWRAP, ONECARD_E_DENIED},
        {1, KEYS_DERIVE_DIVERSIFY, 8, KEY_SIGN, ONECARD_E_DENIED},
        {4, KEYS_DERIVE_COPY, 0, KEY_ENCRYPT, ONECARD_OK},
        {4, KEYS_DERIVE_COPY, 0, KEY_DECRYPT, ONECARD_E_DENIED}, /* never more than the parent */
        {4, KEYS_DERIVE_COPY, 0, KEY_ENCRYPT | KEY_MAC, ONECARD_E_DENIED},
    };
    (void)some;
    for (size_t i = 0; i < sizeof derivations / sizeof *derivations; i++) {
        const struct key_ref ref = stored((uint16_t)derivations[i].key);
        key_session_clear(&slot);
        assert_int_equal(keys_derive(k, &ref, derivations[i].derivation, sample, derivations[i].len,
                                     derivations[i].usage, &slot),
                         derivations[i].err);
        assert_int_equal(slot.key.info != NULL, derivations[i].err == ONECARD_OK);
    }
    key_session_clear(&slot);
    uint8_t small[3];
    assert_int_equal(keys_challenge(k, &fx.status, small, 3), ONECARD_E_PARAM);
    assert_int_equal(keys_challenge(k, &fx.status, out, 17), ONECARD_E_PARAM);
    fx.status.challenge_len = 0;
    assert_int_equal(keys_auth_external(k, &single, &fx.status, out, 8), ONECARD_E_STATE);
    const struct key_ref high = stored(256);
    assert_int_equal(keys_auth_external(k, &high, &fx.status, out, 8), ONECARD_E_PARAM);
    const struct key_ref none = stored(99);
    for (size_t op = 0; op < OPERATIONS; op++)
        assert_int_equal(operations[op].run(&none), ONECARD_E_NOT_FOUND);
}

/* ---- several MACs at once ---- */

static struct key_mac_job job_of(struct key_session *slot, bool verify, uint32_t len,
                                 uint8_t *mac) {
    return (struct key_mac_job){.ref = {OWNER, 0, slot},
                                .kind = CRYPTO_MAC_CBC,
                                .pad = CRYPTO_PAD_80,
                                .data = sample,
                                .len = len,
                                .mac = mac,
                                .mac_len = 4,
                                .verify = verify};
}

static void right_mac(struct key_session *slot, uint32_t len, uint8_t *mac) {
    const struct key_ref ref = {OWNER, 0, slot};
    assert_int_equal(
        keys_mac(&fx.keys, &ref, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, sample, len, mac, 4),
        ONECARD_OK);
}

/* As a purse: one to verify, and under it two that are made, of which one has another key. */
static void macs_at_once(void **state) {
    (void)state;
    static const uint8_t zeros[8];
    struct keys *k = &fx.keys;
    struct key_session slots[2] = {{.size = 0}};
    uint8_t macs[KEYS_MACS_MAX + 1][4] = {{0}}, want[3][4];
    make_key(1, CRYPTO_TDES2, KEY_DERIVE, 2);
    fixture_commit(&fx);
    const struct key_ref parent = stored(1);
    assert_int_equal(
        keys_derive(k, &parent, KEYS_DERIVE_BLOCK, sample, 8, KEY_MAC | KEY_MAC_VERIFY, &slots[0]),
        ONECARD_OK);
    assert_int_equal(keys_derive(k, &parent, KEYS_DERIVE_FOLD, sample, 0, KEY_MAC, &slots[1]),
                     ONECARD_OK);
    right_mac(&slots[0], 18, want[0]);
    right_mac(&slots[1], 22, want[1]);
    right_mac(&slots[0], 4, want[2]);
    struct key_mac_job jobs[] = {
        job_of(&slots[0], true, 18, macs[0]), job_of(&slots[1], false, 22, macs[1]),
        job_of(&slots[0], false, 4, macs[2]), job_of(&slots[0], false, 4, macs[3]),
        job_of(&slots[0], false, 4, macs[4])};
    assert_int_equal(keys_macs(k, jobs, 5), ONECARD_E_PARAM);
    memcpy(macs[0], want[0], 4);
    assert_int_equal(keys_macs(k, jobs, 3), ONECARD_OK);
    assert_memory_equal(macs, want, sizeof want);
    /* what is refused writes nothing */
    memset(macs[1], 0, 8);
    jobs[1].verify = true;
    assert_int_equal(keys_macs(k, jobs, 3), ONECARD_E_DENIED);
    jobs[1].verify = false;
    jobs[2].ref.session = NULL;
    assert_int_equal(keys_macs(k, jobs, 3), ONECARD_E_PARAM);
    jobs[2].ref.session = &slots[0];
    jobs[2].mac_len = 3;
    assert_int_equal(keys_macs(k, jobs, 3), ONECARD_E_PARAM);
    jobs[2].mac_len = 4;
    jobs[2].ref.owner = STRANGER;
    assert_int_equal(keys_macs(k, jobs, 3), ONECARD_E_NOT_FOUND);
    jobs[2].ref.owner = OWNER;
    for (unsigned left = 2; left > 0; left--) {
        struct key_info info;
        macs[0][3] = (uint8_t)(want[0][3] ^ 1);
        assert_int_equal(keys_macs(k, jobs, 3), ONECARD_E_WRONG);
        assert_int_equal(keys_info(k, &parent, &info), ONECARD_OK);
        assert_int_equal(info.tries_left, left - 1);
    }
    memcpy(macs[0], want[0], 4);
    assert_int_equal(keys_macs(k, jobs, 3), ONECARD_E_BLOCKED);
    assert_memory_equal(macs[1], zeros, sizeof zeros);
    key_session_clear(&slots[0]);
    key_session_clear(&slots[1]);
}

static void F2_keys_belong_to_their_owner(void **state) {
    (void)state;
    make_key(1, CRYPTO_TDES2, KEY_USAGE_ALL, 0);
    const struct key_ref own = stored(1), foreign = {STRANGER, 1, NULL};
    for (size_t op = 0; op < OPERATIONS; op++) {
        if (operations[op].usage == KEY_UNWRAP)
            continue;
        assert_int_equal(operations[op].run(&own), ONECARD_OK);
        assert_int_equal(operations[op].run(&foreign), ONECARD_E_NOT_FOUND);
    }
    assert_int_equal(keys_delete(&fx.keys, STRANGER, 1), ONECARD_E_NOT_FOUND);
    assert_int_equal(keys_update(&fx.keys, STRANGER, 1, 1, sample, 16), ONECARD_E_NOT_FOUND);
}

/* ---- deriving: the worked examples of vectors.json ---- */

static void expect_session_mac(uint16_t number, enum key_derivation derivation, const char *data,
                               const char *session, const char *input, const char *mac) {
    uint8_t bytes[64], want[16], got[8];
    struct key_session slot = {0};
    const struct key_ref parent = stored(number), ref = {OWNER, 0, &slot};
    uint32_t len = from_hex(bytes, sizeof bytes, data);
    assert_int_equal(
        keys_derive(&fx.keys, &parent, derivation, bytes, len, KEY_MAC | KEY_MAC_VERIFY, &slot),
        ONECARD_OK);
    len = from_hex(want, sizeof want, session);
    assert_memory_equal(slot.raw, want, len);
    if (input != NULL) {
        len = from_hex(bytes, sizeof bytes, input);
        const uint32_t mac_len = from_hex(want, sizeof want, mac);
        assert_int_equal(
            keys_mac(&fx.keys, &ref, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, bytes, len, got, mac_len),
            ONECARD_OK);
        assert_memory_equal(got, want, mac_len);
        assert_int_equal(keys_mac_verify(&fx.keys, &ref, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, bytes,
                                         len, want, mac_len),
                         ONECARD_OK);
        want[mac_len - 1] ^= 1;
        assert_int_equal(keys_mac_verify(&fx.keys, &ref, CRYPTO_MAC_CBC, CRYPTO_PAD_80, NULL, bytes,
                                         len, want, mac_len),
                         ONECARD_E_WRONG);
    }
    key_session_clear(&slot);
}

static void purse_sessions(void **state) {
    (void)state;
    const uint16_t usage = KEY_DERIVE;
    make_key_hex(1, CRYPTO_TDES2, usage, "11223344556677888877665544332211");
    make_key_hex(2, CRYPTO_TDES2, usage, "3F3F3F3F3F3F3F3F1122334455667788");
    make_key_hex(3, CRYPTO_TDES2, usage, "3F013F013F013F013F013F013F013F01");
    /* load: random 4, online seq 2, 8000; MAC1: balance, amount, type, terminal */
    expect_session_mac(1, KEYS_DERIVE_BLOCK, "11223344 0000 8000", "9b1d924e05595603",
                       "00000000 00001000 01 001122334455", "2988ae5a");
    /* its MAC2: amount, type, terminal, date, time */
    expect_session_mac(1, KEYS_DERIVE_BLOCK, "11223344 0000 8000", "9b1d924e05595603",
                       "00001000 01 001122334455 20111221214822", "3a845bf0");
    expect_session_mac(2, KEYS_DERIVE_BLOCK, "4E066548 0000 8000", "3b75c79cfa8c2327",
                       "00000000 00000010 02 666666666666", "0d39adbb");
    expect_session_mac(3, KEYS_DERIVE_BLOCK, "F9CABA91 0000 8000", "03015bea347ea231",
                       "00000000 00001234 02 000000000001", "6c394d64");
    /* purchase: random 4, offline seq 2, low 2 of the terminal's; MAC1, MAC2 */
    expect_session_mac(1, KEYS_DERIVE_BLOCK, "11223344 0000 0001", "003238abc57659dd",
                       "00001000 06 001122334455 20120229135100", "f15cab75");
    expect_session_mac(1, KEYS_DERIVE_BLOCK, "11223344 0000 0001", "003238abc57659dd", "00001000",
                       "56988a13");
    make_key_hex(4, CRYPTO_TDES2, usage, "00112233445566778899aabbccddeeff");
    expect_session_mac(4, KEYS_DERIVE_FOLD, "", "8888888888888888", NULL, NULL);
}

static void pboc_cryptogram_keys(void **state) {
    (void)state;
    struct key_session udk = {0};
    uint8_t y[8], atc[2], want[16];
    make_key_hex(1, CRYPTO_TDES2, KEY_DERIVE, "c4d689158ad9fb9d23105b91ce046d0e");
    const struct key_ref master = stored(1), card = {OWNER, 0, &udk};
    from_hex(y, sizeof y, "2011000270735501");
    assert_int_equal(keys_derive(&fx.keys, &master, KEYS_DERIVE_DIVERSIFY, y, 8, KEY_DERIVE, &udk),
                     ONECARD_OK);
    from_hex(want, sizeof want, "b8a15da5f7043c317d9fd8f8dfe2bd75");
    assert_memory_equal(udk.raw, want, 16);
    /* from the slot into itself */
    from_hex(atc, sizeof atc, "03d3");
    assert_int_equal(keys_derive(&fx.keys, &card, KEYS_DERIVE_EMV, atc, 2, KEY_MAC, &udk),
                     ONECARD_OK);
    from_hex(want, sizeof want, "4a43440b2d932acdc4e2776ed562ee43");
    assert_memory_equal(udk.raw, want, 16);
    key_session_clear(&udk);
}

static void capp_record_mac(void **state) {
    (void)state;
    uint8_t iv[8], record[10], want[4], got[4];
    make_key_hex(1, CRYPTO_TDES2, KEY_MAC, "d5f1fe4a7f8c20fdec49150ba2e00edf");
    const struct key_ref ref = stored(1);
    from_hex(iv, sizeof iv, "1234567812345678");
    from_hex(record, sizeof record, "05700700000000000000");
    from_hex(want, sizeof want, "1c895f11");
    assert_int_equal(
        keys_mac(&fx.keys, &ref, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, iv, record, 10, got, 4),
        ONECARD_OK);
    assert_memory_equal(got, want, 4);
}

/* Rows without a published example: from the block cipher itself. */
static void derivations_from_their_words(void **state) {
    (void)state;
    static const uint8_t algorithms[] = {CRYPTO_AES128, CRYPTO_SM4};
    for (size_t a = 0; a < sizeof algorithms; a++) {
        struct key_session slot = {0};
        struct crypto_key key;
        uint8_t in[32], want[32];
        const uint16_t number = (uint16_t)(10 + a);
        make_key(number, algorithms[a], KEY_DERIVE, 0);
        const struct key_ref ref = stored(number);
        assert_int_equal(crypto_key_set(&key, algorithms[a], sample, 16), ONECARD_OK);
        for (int i = 0; i < 8; i++) {
            in[i] = sample[16 + i];
            in[8 + i] = (uint8_t)~sample[16 + i];
        }
        crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, in, want, 16);
        assert_int_equal(
            keys_derive(&fx.keys, &ref, KEYS_DERIVE_DIVERSIFY, sample + 16, 8, KEY_MAC, &slot),
            ONECARD_OK);
        assert_memory_equal(slot.raw, want, 16);
        assert_int_equal(slot.algorithm, algorithms[a]);
        static const uint8_t emv[16] = {0, 0, 0, 0, 0, 0, 0x01, 0x02, 0, 0, 0, 0, 0, 0, 0xFE, 0xFD};
        crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, emv, want, 16);
        assert_int_equal(keys_derive(&fx.keys, &ref, KEYS_DERIVE_EMV, emv + 6, 2, KEY_MAC, &slot),
                         ONECARD_OK);
        assert_memory_equal(slot.raw, want, 16);
        crypto_mac_once(&key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, sample, 32, want, 16);
        assert_int_equal(keys_derive(&fx.keys, &ref, KEYS_DERIVE_CMAC, sample, 32, KEY_MAC, &slot),
                         ONECARD_OK);
        assert_memory_equal(slot.raw, want, 16);
        key_session_clear(&slot);
        crypto_key_wipe(&key);
    }
    /* AES-256: two blocks, the counter in byte 15 */
    struct key_session slot = {0};
    struct crypto_key key;
    uint8_t in[32], want[32];
    make_key(20, CRYPTO_AES256, KEY_DERIVE, 0);
    const struct key_ref ref = stored(20);
    crypto_key_set(&key, CRYPTO_AES256, sample, 32);
    memcpy(in, sample, 32);
    crypto_mac_once(&key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, in, 32, want, 16);
    in[15]++;
    crypto_mac_once(&key, CRYPTO_MAC_CMAC, CRYPTO_PAD_NONE, NULL, in, 32, want + 16, 16);
    assert_int_equal(keys_derive(&fx.keys, &ref, KEYS_DERIVE_CMAC, sample, 32, KEY_MAC, &slot),
                     ONECARD_OK);
    assert_memory_equal(slot.raw, want, 32);
    key_session_clear(&slot);
    crypto_key_wipe(&key);
}

/* ---- import ---- */

static void import(void **state) {
    (void)state;
    uint8_t wrapped[32], check[16] = {0};
    struct crypto_key key;
    make_key(1, CRYPTO_TDES2, KEY_UNWRAP, 2);
    fixture_commit(&fx);
    const struct key_ref wrap = stored(1), made = stored(2);
    crypto_key_set(&key, CRYPTO_TDES2, sample, 16);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, sample + 16, wrapped, 16);
    crypto_key_set(&key, CRYPTO_AES128, sample + 16, 16);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, check, check, 16);
    const struct key_spec spec = {CRYPTO_AES128, 9, KEY_ENCRYPT, 0, NULL, 0};
    struct keys *k = &fx.keys;
    assert_int_equal(keys_import(k, &wrap, 2, &spec, 9, wrapped, 15, check, 3), ONECARD_E_PARAM);
    assert_int_equal(keys_import(k, &wrap, 2, &spec, 9, wrapped, 16, check, 2), ONECARD_E_PARAM);
    assert_int_equal(keys_import(k, &wrap, 2, NULL, 9, wrapped, 16, check, 3), ONECARD_E_NOT_FOUND);
    assert_int_equal(keys_import(k, &wrap, 2, &spec, 9, wrapped, 16, check, 3), ONECARD_OK);
    uint8_t out[16] = {0};
    assert_int_equal(keys_cipher(k, &made, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, out, out, 16),
                     ONECARD_OK);
    assert_memory_equal(out, check, 16);
    /* replacing it keeps algorithm and usage */
    assert_int_equal(keys_import(k, &wrap, 2, NULL, 10, wrapped, 16, NULL, 0), ONECARD_OK);
    struct key_info info;
    assert_int_equal(keys_info(k, &made, &info), ONECARD_OK);
    assert_int_equal(info.version, 10);
    assert_int_equal(info.usage, KEY_ENCRYPT);
    /* wrong check values cost the wrapping key's tries */
    check[0] ^= 1;
    assert_int_equal(keys_import(k, &wrap, 3, &spec, 9, wrapped, 16, check, 3), ONECARD_E_WRONG);
    assert_int_equal(keys_import(k, &wrap, 3, &spec, 9, wrapped, 16, check, 3), ONECARD_E_WRONG);
    check[0] ^= 1;
    assert_int_equal(keys_import(k, &wrap, 3, &spec, 9, wrapped, 16, check, 3), ONECARD_E_BLOCKED);
    crypto_key_wipe(&key);
}

/* ---- try counters ---- */

static uint8_t tries_of(uint16_t number) {
    struct key_info info;
    const struct key_ref ref = stored(number);
    assert_int_equal(keys_info(&fx.keys, &ref, &info), ONECARD_OK);
    return info.tries_left;
}

static enum onecard_err verify_mac(const struct key_ref *ref, bool right) {
    uint8_t mac[8];
    struct crypto_key key;
    crypto_key_set(&key, CRYPTO_TDES2, sample, 16);
    crypto_mac_once(&key, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, NULL, sample, 5, mac, 4);
    crypto_key_wipe(&key);
    mac[0] ^= (uint8_t)!right;
    return keys_mac_verify(&fx.keys, ref, CRYPTO_MAC_RETAIL, CRYPTO_PAD_80, NULL, sample, 5, mac,
                           4);
}

static void F5_key_tries(void **state) {
    (void)state;
    make_key(1, CRYPTO_TDES2, KEY_USAGE_ALL, 3);
    fixture_commit(&fx);
    const struct key_ref ref = stored(1);
    assert_int_equal(verify_mac(&ref, false), ONECARD_E_WRONG);
    assert_int_equal(tries_of(1), 2);
    store_abort(fx.store);
    assert_int_equal(tries_of(1), 2);
    fixture_tear(&fx);
    assert_int_equal(tries_of(1), 2);
    assert_int_equal(verify_mac(&ref, true), ONECARD_OK);
    assert_int_equal(tries_of(1), 3);
    /* a session counts on its parent */
    struct key_session slot = {0};
    assert_int_equal(keys_derive(&fx.keys, &ref, KEYS_DERIVE_COPY, NULL, 0, KEY_MAC_VERIFY, &slot),
                     ONECARD_OK);
    const struct key_ref session = {OWNER, 1, &slot};
    assert_int_equal(verify_mac(&session, false), ONECARD_E_WRONG);
    assert_int_equal(verify_mac(&session, false), ONECARD_E_WRONG);
    assert_int_equal(tries_of(1), 1);
    assert_int_equal(verify_mac(&session, true), ONECARD_OK);
    assert_int_equal(tries_of(1), 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(verify_mac(&session, false), ONECARD_E_WRONG);
    assert_int_equal(verify_mac(&session, true), ONECARD_E_BLOCKED);
    key_session_clear(&slot);
    /* blocked: for every use, over a tear too, until the owner decides otherwise */
    for (int round = 0; round < 2; round++) {
        for (size_t op = 0; op < OPERATIONS; op++)
            assert_int_equal(operations[op].run(&ref), ONECARD_E_BLOCKED);
        fixture_tear(&fx);
    }
    assert_int_equal(keys_unblock(&fx.keys, OWNER, 1), ONECARD_OK);
    assert_int_equal(verify_mac(&ref, true), ONECARD_OK);
    assert_int_equal(keys_block(&fx.keys, OWNER, 1), ONECARD_OK);
    assert_int_equal(verify_mac(&ref, true), ONECARD_E_BLOCKED);
    make_key(2, CRYPTO_TDES2, KEY_MAC, 0);
    assert_int_equal(keys_block(&fx.keys, OWNER, 2), ONECARD_E_STATE);
}

/* The counter does not come back with an abort, whatever else the transaction held. */
static void F5_tries_through_aborts(void **state) {
    (void)state;
    make_key(1, CRYPTO_TDES2, KEY_USAGE_ALL, 5);
    make_key(2, CRYPTO_TDES2, KEY_USAGE_ALL, 0);
    fixture_commit(&fx);
    const struct key_ref ref = stored(1);
    for (uint8_t left = 4; left > 0; left--) {
        assert_int_equal(keys_update(&fx.keys, OWNER, 2, left, sample, 16), ONECARD_OK);
        assert_int_equal(verify_mac(&ref, false), ONECARD_E_WRONG);
        store_abort(fx.store);
        assert_int_equal(tries_of(1), left);
    }
    /* other bytes of the same key are staged: they go, the count stays */
    assert_int_equal(keys_unblock(&fx.keys, OWNER, 1), ONECARD_OK);
    assert_int_equal(keys_update(&fx.keys, OWNER, 1, 9, sample + 16, 16), ONECARD_OK);
    assert_int_equal(verify_mac(&ref, true), ONECARD_E_WRONG); /* it has a new value */
    assert_int_equal(tries_of(1), 4);
    store_abort(fx.store);
    assert_int_equal(tries_of(1), 4);
    assert_int_equal(verify_mac(&ref, true), ONECARD_OK); /* and its old one again */
}

/* ---- the cache tells nothing but the truth ---- */

static void expect_first_byte(uint16_t number, const uint8_t *value, enum onecard_err err) {
    uint8_t got[8] = {0}, want[8] = {0};
    struct crypto_key key;
    const struct key_ref ref = stored(number);
    assert_int_equal(keys_cipher(&fx.keys, &ref, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, got, got, 8),
                     err);
    if (err != ONECARD_OK)
        return;
    crypto_key_set(&key, CRYPTO_TDES2, value, 16);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, want, want, 8);
    crypto_key_wipe(&key);
    assert_memory_equal(got, want, 8);
}

static void cache_and_transactions(void **state) {
    (void)state;
    make_key(1, CRYPTO_TDES2, KEY_ENCRYPT, 0);
    expect_first_byte(1, sample, ONECARD_OK); /* staged */
    store_abort(fx.store);
    expect_first_byte(1, sample, ONECARD_E_NOT_FOUND);
    make_key(1, CRYPTO_TDES2, KEY_ENCRYPT, 0);
    fixture_commit(&fx);
    expect_first_byte(1, sample, ONECARD_OK);
    keys_update(&fx.keys, OWNER, 1, 2, sample + 16, 16);
    expect_first_byte(1, sample + 16, ONECARD_OK);
    store_abort(fx.store);
    expect_first_byte(1, sample, ONECARD_OK);
    keys_update(&fx.keys, OWNER, 1, 2, sample + 16, 16);
    expect_first_byte(1, sample + 16, ONECARD_OK);
    fixture_commit(&fx);
    expect_first_byte(1, sample + 16, ONECARD_OK);
    assert_int_equal(keys_delete(&fx.keys, OWNER, 1), ONECARD_OK);
    expect_first_byte(1, sample, ONECARD_E_NOT_FOUND); /* F7: at once */
    store_abort(fx.store);
    expect_first_byte(1, sample + 16, ONECARD_OK);
    store_delete_owner(fx.store, OWNER);
    keys_forget_owner(&fx.keys, OWNER);
    expect_first_byte(1, sample, ONECARD_E_NOT_FOUND);
    store_abort(fx.store);
    expect_first_byte(1, sample + 16, ONECARD_OK);
    store_delete_owner(fx.store, OWNER); /* and if nobody tells the cache */
    expect_first_byte(1, sample, ONECARD_E_NOT_FOUND);
    make_key(1, CRYPTO_TDES2, KEY_ENCRYPT, 0);
    expect_first_byte(1, sample, ONECARD_OK);
    store_abort(fx.store);
    expect_first_byte(1, sample + 16, ONECARD_OK);
    /* more keys than the cache holds, in turn */
    for (uint16_t i = 10; i < 10 + 3 * KEYS_CACHE_SIZE; i++)
        make_key(i, CRYPTO_TDES2, KEY_ENCRYPT, 0);
    fixture_commit(&fx);
    for (int round = 0; round < 3; round++)
        for (uint16_t i = 10; i < 10 + 3 * KEYS_CACHE_SIZE; i++)
            expect_first_byte(i, sample, ONECARD_OK);
}

/* F7: after reset and clearing, no byte of a key is left in the card's memory. */
static void F7_memory_is_wiped(void **state) {
    (void)state;
    static const uint8_t zeros[64];
    struct key_session slot = {0};
    make_key(1, CRYPTO_TDES2, KEY_USAGE_ALL, 0);
    fixture_commit(&fx);
    const struct key_ref ref = stored(1);
    assert_int_equal(keys_derive(&fx.keys, &ref, KEYS_DERIVE_COPY, NULL, 0, KEY_MAC, &slot),
                     ONECARD_OK);
    key_session_clear(&slot);
    keys_forget(&fx.keys);
    assert_memory_equal(slot.raw, zeros, sizeof slot.raw);
    const uint8_t *bytes = (const uint8_t *)fx.keys.cache;
    for (size_t i = 0; i < sizeof fx.keys.cache; i++)
        assert_int_equal(bytes[i], 0);
}

/* F7: flash holds neither the value of a key nor, after deletion, anything of it in plain. */
static bool flash_has(const uint8_t *bytes, size_t len) {
    const struct onecard_port *port = onecard_host_port(fx.host);
    const size_t size = (size_t)port->flash.sector_size * port->flash.sector_count;
    for (size_t i = 0; i + len <= size; i++)
        if (memcmp(port->flash.base + i, bytes, len) == 0)
            return true;
    return false;
}

static void F7_flash_has_no_key_in_plain(void **state) {
    (void)state;
    const struct pin_spec spec = {PIN_ASCII, 4, 16, 3, 2, PIN_NONE, NULL, 0};
    make_key(1, CRYPTO_AES256, KEY_USAGE_ALL, 3);
    assert_int_equal(keys_pin_create(&fx.keys, OWNER, 1, &spec, (const uint8_t *)"1927364555", 10),
                     ONECARD_OK);
    fixture_commit(&fx);
    static const uint8_t digits[] = {1, 9, 2, 7, 3, 6, 4, 5, 5, 5};
    assert_false(flash_has(sample, 16));
    assert_false(flash_has(digits, sizeof digits));
    assert_false(flash_has((const uint8_t *)"1927364555", 10));
    assert_int_equal(keys_update(&fx.keys, OWNER, 1, 2, sample, 32), ONECARD_OK);
    fixture_commit(&fx);
    assert_int_equal(keys_delete(&fx.keys, OWNER, 1), ONECARD_OK);
    assert_int_equal(keys_pin_delete(&fx.keys, OWNER, 1), ONECARD_OK);
    fixture_commit(&fx);
    assert_false(flash_has(sample, 16));
    assert_false(flash_has(digits, sizeof digits));
}

/* ---- authentication ---- */

static void authentication(void **state) {
    (void)state;
    uint8_t challenge[16], cryptogram[16];
    struct crypto_key key;
    make_key(9, CRYPTO_TDES2, KEY_AUTH_EXTERNAL, 2);
    fixture_commit(&fx);
    const struct key_ref ref = stored(9);
    crypto_key_set(&key, CRYPTO_TDES2, sample, 16);
    assert_int_equal(keys_challenge(&fx.keys, &fx.status, challenge, 8), ONECARD_OK);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, challenge, cryptogram, 8);
    assert_int_equal(keys_auth_external(&fx.keys, &ref, &fx.status, cryptogram, 8), ONECARD_OK);
    assert_int_equal(fx.status.keys[0], 1u << 9);
    /* the challenge is used up */
    assert_int_equal(keys_auth_external(&fx.keys, &ref, &fx.status, cryptogram, 8),
                     ONECARD_E_STATE);
    /* a short one is filled with zeros */
    memset(challenge, 0, sizeof challenge);
    assert_int_equal(keys_challenge(&fx.keys, &fx.status, challenge, 4), ONECARD_OK);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, challenge, cryptogram, 8);
    assert_int_equal(keys_auth_external(&fx.keys, &ref, &fx.status, cryptogram, 8), ONECARD_OK);
    /* F5: a failure takes all that was proven, PINs too, and a try */
    fx.status.pins = 0xFF;
    assert_int_equal(keys_challenge(&fx.keys, &fx.status, challenge, 8), ONECARD_OK);
    assert_int_equal(keys_auth_external(&fx.keys, &ref, &fx.status, cryptogram, 8),
                     ONECARD_E_WRONG);
    assert_int_equal(fx.status.keys[0], 0);
    assert_int_equal(fx.status.pins, 0);
    assert_int_equal(tries_of(9), 1);
    crypto_key_wipe(&key);
}

static void authentication_by_command(void **state) {
    (void)state;
    char command[64], text[40];
    uint8_t cryptogram[16];
    struct crypto_key key;
    static const uint8_t pin_2[] = {ACCESS_USE, 0xC2, ACCESS_WHEN_PIN, 2};
    make_key(9, CRYPTO_TDES2, KEY_AUTH_EXTERNAL, 2);
    make_key(10, CRYPTO_TDES2, KEY_AUTH_INTERNAL, 0);
    make_key(11, CRYPTO_TDES2, KEY_AUTH_INTERNAL | KEY_DERIVE, 0); /* process key */
    make_key(12, CRYPTO_TDES2, KEY_MAC, 0);
    const struct key_spec guarded = {CRYPTO_TDES2, 1, KEY_AUTH_INTERNAL, 0, pin_2, sizeof pin_2};
    assert_int_equal(keys_create(&fx.keys, OWNER, 13, &guarded, sample, 16), ONECARD_OK);
    fixture_commit(&fx);
    static const struct exchange table[] = {
        {"0082000908 0000000000000000", "6985", "no challenge"},
        {"0084000003", "6700", NULL},
        {"0084000011", "6700", NULL},
        {"0084000104", "6A86", NULL},
        {"00820009", "6700", NULL},
        {"0082010908 0000000000000000", "6A86", NULL},
        {"0082006308 0000000000000000", "6A88", "no such key"},
        {"0088006308 0000000000000000", "6A88", NULL},
        {"0088000908 0000000000000000", "6985", "a key for something else"},
        {"0088000C08 0000000000000000", "6985", NULL},
        {"0088000D08 0000000000000000", "6982", "its rules want PIN 2"},
        {"0088000A07 00000000000000", "6700", NULL},
        {"0088000B08 0000000000000000", "6700", "random and data"},
    };
    EXPECT_ALL(&fx, table);
    assert_int_equal(send(&fx, "0084000008"), SW_OK);
    assert_int_equal(fx.answer_len, 8);
    EXPECT(&fx, "0082000908 0000000000000000", "63C1");
    assert_int_equal(send(&fx, "00840000"), SW_OK);
    assert_int_equal(fx.answer_len, 8);
    crypto_key_set(&key, CRYPTO_TDES2, sample, 16);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, fx.answer, cryptogram, 8);
    to_hex(text, cryptogram, 8);
    sprintf(command, "0082000908%s", text);
    EXPECT(&fx, command, "9000");
    assert_int_equal(fx.status.keys[0], 1u << 9);
    send(&fx, "0084000004");
    EXPECT(&fx, "0082000908 0000000000000000", "63C1");
    send(&fx, "0084000004");
    EXPECT(&fx, "0082000908 0000000000000000", "6983");
    send(&fx, "0084000004");
    EXPECT(&fx, "0082000908 0000000000000000", "6983");
    /* INTERNAL AUTHENTICATE, plain and by a process key: DES(3DES(key, random), data) */
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, sample, cryptogram, 8);
    to_hex(text, cryptogram, 8);
    sprintf(command, "%s9000", text);
    EXPECT(&fx, "0088000A08 1122334455667788", command);
    fx.status.pins = 4;
    EXPECT(&fx, "0088000D08 1122334455667788", command);
    crypto_key_set(&key, CRYPTO_DES, cryptogram, 8);
    crypto_cipher(&key, CRYPTO_ECB, CRYPTO_ENCRYPT, NULL, sample + 8, cryptogram, 8);
    to_hex(text, cryptogram, 8);
    sprintf(command, "%s9000", text);
    EXPECT(&fx, "0088000B10 1122334455667788 8877665544332211", command);
    crypto_key_wipe(&key);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(specifications),
        T(key_confusion),
        T(key_confusion_in_slots),
        T(wrong_parameters),
        T(macs_at_once),
        T(F2_keys_belong_to_their_owner),
        T(purse_sessions),
        T(pboc_cryptogram_keys),
        T(capp_record_mac),
        T(derivations_from_their_words),
        T(import),
        T(F5_key_tries),
        T(F5_tries_through_aborts),
        T(cache_and_transactions),
        T(F7_memory_is_wiped),
        T(F7_flash_has_no_key_in_plain),
        T(authentication),
        T(authentication_by_command),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
