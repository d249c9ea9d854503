/* From reset to main() on QEMU's mps2-an386, with semihosting for files and output. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

extern uint32_t qemu_data_load[], qemu_data_begin[], qemu_data_end[], qemu_bss_begin[],
    qemu_bss_end[];
extern uint8_t qemu_stack_top[];
void initialise_monitor_handles(void); /* newlib's semihosting */
int main(int argc, char **argv);
void qemu_reset(void);
/* newlib calls them if it is asked to run constructors; there are none */
void _init(void);
void _fini(void);

void _init(void) {}

void _fini(void) {}

static void fault(void) {
    printf("the processor faulted\n0 passed, 1 failed\n");
    exit(1);
}

void qemu_reset(void) {
    static char name[] = "firmware";
    static char *argv[] = {name, NULL};
    uint32_t *from = qemu_data_load;
    for (uint32_t *to = qemu_data_begin; to < qemu_data_end;)
        *to++ = *from++;
    for (uint32_t *to = qemu_bss_begin; to < qemu_bss_end;)
        *to++ = 0;
    initialise_monitor_handles();
    exit(main(1, argv));
}

typedef void (*vector)(void);
__attribute__((section(".vectors"), used)) static const struct {
    const void *stack;
    vector entries[15];
} vectors = {qemu_stack_top, {qemu_reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault}};
