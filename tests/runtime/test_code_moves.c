/* S3, S5: code that has fallen behind in wear moves to another place between commands, under the
 * applet that is selected and under others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "manager/code.h"
#include "runtime/runtime.h"
#include "store/format.h"
#include "support/card.h"

/* As after years: the sectors that take turns have been erased more often than those with code. */
static void age(struct test_card *t) {
    struct onecard_port *port = onecard_host_port(t->host);
    struct geometry g;
    assert_int_equal(store_format_geometry(&g, port), ONECARD_OK);
    for (uint32_t i = 0; i < g.sector_count; i++) {
        uint8_t *sector = (uint8_t *)(uintptr_t)port->flash.base + i * g.sector_size;
        struct mark mark;
        struct start start;
        bool code = store_format_start_read(&g, i, &start) && start.kind == START_CODE;
        if (!code && store_format_mark_read(&g, i, &mark))
            store_format_mark_write(&g, 40, sector);
    }
    test_card_reopen(t);
}

static void idle(struct test_card *t) {
    for (uint32_t steps = 0; onecard_idle(t->card); steps++)
        assert_true(steps < 10000);
}

static const uint8_t *place(const struct test_card *t, uint32_t context) {
    struct vm_image image;
    assert_int_equal(code_open(&t->card->manager, context, false, &image), ONECARD_OK);
    return image.data;
}

static void test_S3_code_moves_under_the_selected_applet(void **state) {
    (void)state;
    struct test_card *t = calloc(1, sizeof *t);
    test_card_make(t, "demo.yaml");
    age(t);
    uint32_t context = 0;
    EXPECT(t, HELLO_SELECT, "*9000");
    context = t->card->channels[0]->applet.code.package;
    const uint8_t *before = place(t, context);
    EXPECT(t, "80200000 04 01020304", "9000");
    uint32_t moved = 0, last = store_moves(t->card->store);
    for (uint32_t i = 0; i < 4000 && place(t, context) == before; i++) {
        char command[40];
        snprintf(command, sizeof command, "80200000 04 %08X", (unsigned)i);
        EXPECT(t, command, "9000"); /* the same instance, wherever its code lies */
        idle(t);
        moved += store_moves(t->card->store) - last;
        last = store_moves(t->card->store);
    }
    assert_true(moved > 0);
    assert_ptr_not_equal(place(t, context), before);
    assert_ptr_equal(t->card->channels[0]->applet.code.image.data, place(t, context));
    EXPECT(t, "80200000 04 0A0B0C0D", "9000");
    EXPECT(t, "8030000000", "0A0B0C0D 9000");
    EXPECT(t, "00A404000E325041592E5359532E444446303100",
           "*9000"); /* its code may have moved, too */
    EXPECT(t, HELLO_SELECT, "*9000");
    EXPECT(t, "8030000000", "0A0B0C0D 9000");
    test_card_reopen(t); /* and it is the same after a power-up */
    EXPECT(t, HELLO_SELECT, "*9000");
    EXPECT(t, "8030000000", "0A0B0C0D 9000");
    test_card_free(t);
    free(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_S3_code_moves_under_the_selected_applet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
