/* A port of plain memory, for fuzz targets and benchmarks: no rules are checked, nothing is
 * counted, and the whole flash can be put back to an earlier state. */
#ifndef SUPPORT_RAM_PORT_H
#define SUPPORT_RAM_PORT_H

#include "onecard/port.h"

#define RAM_PORT_SIZE (256u * 1024u)

struct ram_port {
    struct onecard_port port;
    uint8_t *flash;    /* RAM_PORT_SIZE bytes */
    uint8_t *snapshot; /* RAM_PORT_SIZE bytes */
    uint64_t random;   /* state of a repeatable generator */
};

/* Erased flash, 4 KiB sectors. Aborts the program if there is no memory. */
void ram_port_open(struct ram_port *p);

/* Remember the flash, and put it back. */
void ram_port_keep(struct ram_port *p);
void ram_port_restore(struct ram_port *p);

#endif
