/* Instructions since the counter was started. With -icount shift=0 an instruction takes a
 * nanosecond of QEMU's time, and the board's timer counts that time at 25 MHz: 40 instructions a
 * tick. */
#ifndef PORT_QEMU_COUNTER_H
#define PORT_QEMU_COUNTER_H

#include <stdint.h>

#define QEMU_TIMER ((volatile uint32_t *)0x40000000)
#define QEMU_TICK 40u

static inline void qemu_counter_start(void) {
    QEMU_TIMER[0] = 0;
    QEMU_TIMER[2] = UINT32_MAX; /* reload */
    QEMU_TIMER[1] = UINT32_MAX; /* value */
    QEMU_TIMER[0] = 1;
}

static inline uint64_t qemu_counter_read(void) {
    return (uint64_t)(UINT32_MAX - QEMU_TIMER[1]) * QEMU_TICK;
}

#endif
