/* Any values, public keys, signatures, cryptograms and points from outside to the asymmetric keys
 * of one owner: an error or a result that fits its room, never a byte too far, never a fault. */
#include <stdlib.h>
#include <string.h>

#include "fs/perso.h"
#include "onecard/host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OWNER 7u
#define SLOTS 4u

struct rig {
    struct onecard_host *host;
    void *memory;
    struct store *store;
    struct crypto_random random;
    struct keys keys;
    struct key_session slots[SLOTS];
};

static void check(bool good) {
    if (!good)
        abort();
}

static void rig_start(struct rig *r) {
    static const uint8_t seed[] = "fuzz";
    const struct onecard_host_options options = {
        .sector_count = 16, .seed = seed, .seed_len = sizeof seed, .no_sync = true};
    char message[160];
    struct arena arena;
    memset(r, 0, sizeof *r);
    check(onecard_host_memory(&options, &r->host, message, sizeof message) == ONECARD_OK);
    const struct onecard_port *port = onecard_host_port(r->host);
    const size_t size = store_memory_size(port) + 64;
    r->memory = malloc(size);
    check(r->memory != NULL);
    check(crypto_random_open(&r->random, port->entropy, port->ctx, NULL, 0) == ONECARD_OK);
    arena_init(&arena, r->memory, size);
    check(store_format(port, &arena) == ONECARD_OK);
    arena_init(&arena, r->memory, size);
    check(store_open(port, &arena, &r->store) == ONECARD_OK);
    keys_open(&r->keys, r->store, &r->random);
}

static void rig_stop(struct rig *r) {
    for (unsigned i = 0; i < SLOTS; i++)
        key_session_clear(&r->slots[i]);
    keys_forget(&r->keys);
    crypto_random_close(&r->random);
    onecard_host_close(r->host);
    free(r->memory);
}

/* One operation's input: bytes taken from its front. */
struct input {
    const uint8_t *p;
    uint32_t len;
};

static uint8_t take(struct input *in) {
    if (in->len == 0)
        return 0;
    in->len--;
    return *in->p++;
}

static struct input take_bytes(struct input *in) {
    const uint32_t n = take(in);
    const struct input out = {in->p, n < in->len ? n : in->len};
    in->p += out.len;
    in->len -= out.len;
    return out;
}

static struct key_ref key_of(struct rig *r, uint8_t n) {
    const struct key_ref ref = {OWNER, n & 7u, n & 8u ? &r->slots[n & (SLOTS - 1)] : NULL};
    return ref;
}

static struct key_spec spec_of(uint8_t algorithm, uint16_t usage) {
    const struct key_spec spec = {algorithm, 1, usage, 0, NULL, 0};
    return spec;
}

/* A group that makes an RSA key on the card takes seconds: it is not asked for. */
static bool takes_long(const struct input *in) {
    return memchr(in->p, 0x8B, in->len) != NULL && memchr(in->p, CRYPTO_RSA, in->len) != NULL;
}

static enum onecard_err agree(struct rig *r, uint8_t n, struct input *in) {
    uint8_t tags[CRYPTO_PK_TAGS];
    const struct key_ref ref = key_of(r, n), ephemeral = key_of(r, take(in));
    const enum crypto_scheme scheme = (enum crypto_scheme)take(in);
    const uint8_t slot = take(in) & (SLOTS - 1);
    const struct key_spec spec = spec_of(take(in), KEY_MAC);
    const struct input id = take_bytes(in);
    const struct crypto_pk_agreement with = {
        .peer = in->p,
        .peer_len = in->len,
        .info = id.p,
        .info_len = id.len,
        .own_id = id.p,
        .own_id_len = id.len,
        .initiator = (n & 0x10) != 0,
    };
    return keys_agree(&r->keys, &ref, scheme, &with, scheme == CRYPTO_PK_SM2 ? &ephemeral : NULL,
                      &spec, &r->slots[slot], tags);
}

static enum onecard_err run(struct rig *r, uint8_t op, uint8_t n, struct input in) {
    uint32_t room = n & 0x80 ? 40 : 400;
    const uint32_t capacity = room;
    uint8_t *out = malloc(room);
    enum onecard_err err = ONECARD_OK;
    const struct key_ref ref = key_of(r, n);
    check(out != NULL);
    if (op == 0) {
        const struct key_spec spec = spec_of(take(&in), KEY_USAGE_ALL);
        err = keys_create(&r->keys, OWNER, ref.number, &spec, in.p, in.len);
    } else if (op == 1) {
        const uint8_t algorithm = take(&in) & 0x7F;
        err = keys_load_public(&r->keys, OWNER, algorithm, KEY_VERIFY | KEY_ENCRYPT | KEY_WRAP,
                               in.p, in.len, &r->slots[n & (SLOTS - 1)]);
    } else if (op == 2) {
        const struct key_how how = {take(&in), take(&in), (n & 0x40) != 0};
        const struct input message = take_bytes(&in);
        err = keys_verify(&r->keys, &ref, &how, message.p, message.len, in.p, in.len);
    } else if (op == 3) {
        const enum crypto_scheme scheme = (enum crypto_scheme)take(&in);
        err = keys_pk_decrypt(&r->keys, &ref, scheme, in.p, in.len, out, &room);
    } else if (op == 4) {
        const enum crypto_scheme scheme = (enum crypto_scheme)take(&in);
        err = keys_pk_encrypt(&r->keys, &ref, scheme, in.p, in.len, out, &room);
    } else if (op == 5) {
        err = agree(r, n, &in);
    } else if (op == 6) {
        const struct key_spec spec = spec_of(take(&in), KEY_USAGE_ALL);
        const struct input check_value = take_bytes(&in);
        err = keys_import(&r->keys, &ref, take(&in) & 7u, n & 0x40 ? NULL : &spec, 1, in.p, in.len,
                          check_value.p, check_value.len);
    } else if (op == 7) {
        const struct key_spec spec = spec_of(take(&in), KEY_USAGE_ALL);
        err = ref.session != NULL
                  ? keys_generate_session(&r->keys, OWNER, &spec, ref.session)
                  : keys_generate(&r->keys, OWNER, ref.number, &spec, take(&in) & 0x3Fu, 0);
    } else if (op == 8) {
        err = keys_wrap(&r->keys, &ref, &r->slots[take(&in) & (SLOTS - 1)], out, &room);
    } else if (op == 9) {
        const struct key_how how = {take(&in), take(&in), (n & 0x40) != 0};
        err = keys_sign(&r->keys, &ref, &how, in.p, in.len, out, &room);
    } else if (op == 10) {
        err = keys_public(&r->keys, &ref, out, &room);
    } else if (op == 11) {
        err = keys_delete(&r->keys, OWNER, ref.number);
    } else if (op == 12 && (n & 0x40) != 0) {
        err = fs_perso_dgi(&r->keys, OWNER, (uint16_t)(FS_DGI_PIN + 1 + n % KEY_PIECE_P), in.p,
                           in.len);
    } else if (op == 12 && !takes_long(&in)) {
        err = fs_perso_dgi(&r->keys, OWNER, FS_DGI_KEY, in.p, in.len);
    } else if (op == 13) {
        err = store_commit(r->store);
    }
    check(err != ONECARD_OK || room <= capacity);
    check(err != ONECARD_E_IO && err != ONECARD_E_CORRUPT && err <= ONECARD_OK);
    free(out);
    return err;
}

/* Input: a series of {operation 1, key 1, length 2, bytes}. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct rig r;
    rig_start(&r);
    for (int steps = 0; size >= 4 && steps < 12; steps++) {
        const uint32_t asked = (uint32_t)data[2] << 8 | data[3];
        const uint32_t len = asked < size - 4 ? asked : (uint32_t)(size - 4);
        uint8_t *bytes = malloc(len != 0 ? len : 1); /* exactly as long, for the sanitizer */
        check(bytes != NULL);
        memcpy(bytes, data + 4, len);
        (void)run(&r, data[0] % 14, data[1], (struct input){bytes, len});
        free(bytes);
        data += 4 + len;
        size -= 4 + len;
    }
    rig_stop(&r);
    return 0;
}
