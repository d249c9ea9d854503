/* Translated code at rest (S6): what is not as the loader wrote it does not run; what another
 * engine wrote is made anew. Once with a device key (CMAC), once with the published one (translated
 * again and compared). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../tools/onecard/maker.h"
#include "../../tools/onecard/profile.h"
#include "runtime/runtime.h"
#include "support/ram_port.h"
#include "vm/engine.h"

struct fixture {
    struct ram_port ram;
    struct onecard *card;
    void *memory;
    size_t size;
    uint8_t *answer;
};

static const uint8_t select_hello[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xF0, 0x6F, 0x6E,
                                       0x65, 0x63, 0x61, 0x72, 0x64, 0x01, 0x00};
static const uint8_t select_probe[] = {0x00, 0xA4, 0x04, 0x00, 0x0A, 0xF0, 0x6F, 0x6E,
                                       0x65, 0x63, 0x61, 0x72, 0x64, 0xFF, 0x01, 0x00};

static void power_up(struct fixture *f) {
    uint8_t atr[ONECARD_ATR_MAX];
    assert_int_equal(onecard_open(&f->ram.port, f->memory, f->size, &f->card), ONECARD_OK);
    onecard_power_on(f->card, atr);
}

static uint16_t send(struct fixture *f, const uint8_t *command, size_t len) {
    size_t answer_len;
    assert_int_equal(onecard_transmit(f->card, command, len, f->answer, &answer_len), ONECARD_OK);
    return (uint16_t)(f->answer[answer_len - 2] << 8 | f->answer[answer_len - 1]);
}

static void make(struct fixture *f, bool published) {
    char path[300], message[PROFILE_MESSAGE_MAX];
    const char *build = getenv("BUILD_DIR");
    struct profile profile;
    snprintf(path, sizeof path, "%s/applets/test/probe.yaml", build ? build : "build");
    if (profile_read(path, &profile, message))
        fail_msg("%s", message);
    ram_port_open(&f->ram);
    f->ram.port.device_key_published = published;
    f->size = onecard_memory_size(&f->ram.port);
    f->memory = malloc(f->size);
    f->answer = malloc(ONECARD_RESPONSE_APDU_MAX(&f->ram.port));
    assert_non_null(f->memory);
    assert_non_null(f->answer);
    assert_int_equal(onecard_format(&f->ram.port, f->memory, f->size), ONECARD_OK);
    power_up(f);
    if (maker_run(f->card, &f->ram.port, &profile, message))
        fail_msg("%s", message);
    profile_free(&profile);
    power_up(f);
    ram_port_keep(&f->ram);
}

static void release(struct fixture *f) {
    onecard_close(f->card);
    free(f->memory);
    free(f->answer);
    free(f->ram.flash);
    free(f->ram.snapshot);
}

/* Where the translated code of hello's package rests. */
static uint8_t *hello_image(struct fixture *f, uint32_t *size) {
    struct registry *r = &f->card->manager.registry;
    const struct registry_entry *e = registry_find(r, REGISTRY_INSTANCE, select_hello + 5, 9);
    assert_non_null(e);
    const uint8_t *image = store_map(f->card->store, STORE_NAME(e->package, KIND_IMAGE, 0), size);
    assert_non_null(image);
    return f->ram.flash + (image - f->ram.flash);
}

/* S6: any byte of the code or its tag that was changed keeps it from running, and only it. */
static void tamper(bool published) {
    struct fixture f;
    uint32_t size;
    make(&f, published);
    assert_int_equal(send(&f, select_hello, sizeof select_hello), 0x9000);
    hello_image(&f, &size);
    uint32_t end = published ? size - IMAGE_TAG_SIZE : size; /* nothing asks for the tag then */
    /* The first bytes name the engine: code of another one is made anew, see below. */
    for (uint32_t at = sizeof(struct vm_head); at < end; at += at < end - 24 ? 37 : 1) {
        ram_port_restore(&f.ram);
        hello_image(&f, &size)[at] ^= 0x10;
        power_up(&f);
        uint16_t status = send(&f, select_hello, sizeof select_hello);
        if (status == 0x9000)
            fail_msg("byte %u was changed, and the applet runs", (unsigned)at);
        assert_int_equal(send(&f, select_probe, sizeof select_probe), 0x9000);
    }
    release(&f);
}

static void test_s6_tampered_with_device_key(void **state) {
    (void)state;
    tamper(false);
}

static void test_s6_tampered_with_published_key(void **state) {
    (void)state;
    tamper(true);
}

/* An image of another engine is made anew from the Wasm, and then rests as one of this engine. */
static void test_other_engine(void **state) {
    (void)state;
    struct fixture f;
    uint32_t size;
    make(&f, false);
    uint8_t *image = hello_image(&f, &size);
    uint8_t before[64];
    memcpy(before, image, sizeof before);
    image[4] ^= 0x40; /* the version in the header */
    power_up(&f);
    assert_int_equal(send(&f, select_hello, sizeof select_hello), 0x9000);
    assert_memory_equal(hello_image(&f, &size), before, sizeof before);
    power_up(&f);
    assert_int_equal(send(&f, select_hello, sizeof select_hello), 0x9000);
    release(&f);
}

/* S1: making code anew has a commit of its own. It waits while somebody's transaction is open: a
 * shared call must not make half of its caller's changes durable. */
static void test_s1_other_engine_and_open_transaction(void **state) {
    (void)state;
    struct fixture f;
    struct vm_image image;
    uint32_t size;
    make(&f, false);
    hello_image(&f, &size)[4] ^= 0x40;
    power_up(&f);
    struct registry *r = &f.card->manager.registry;
    const uint32_t context = registry_find(r, REGISTRY_INSTANCE, select_hello + 5, 9)->package;
    const store_name staged = STORE_NAME(context, KIND_QUOTA, 7);
    assert_int_equal(store_create(f.card->store, staged, 4, STORE_PLAIN), ONECARD_OK);
    assert_int_equal(manager_code(&f.card->manager, registry_entry(r, context), &image),
                     ONECARD_E_STATE);
    power_up(&f);
    assert_int_equal(store_size(f.card->store, staged, &size), ONECARD_E_NOT_FOUND);
    assert_int_equal(send(&f, select_hello, sizeof select_hello), 0x9000);
    release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_s6_tampered_with_device_key),
        cmocka_unit_test(test_s6_tampered_with_published_key),
        cmocka_unit_test(test_other_engine),
        cmocka_unit_test(test_s1_other_engine_and_open_transaction),
    };
    return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}
