/* The table of host calls as data: names and types for the VM's import resolution. */
#ifndef FIREWALL_CALLS_H
#define FIREWALL_CALLS_H

#include "vm/vm.h"

#define CALL_ARGUMENTS_MAX 5u

/* What an instance must have been given to use a call: bits of the first byte of privileges (GPCS
 * 2.3.1 table 11-7). Without them the call answers CARD_E_DENIED. */
enum call_privilege {
    CALL_FREE = 0,
    CALL_CVM = 0x02,
    CALL_TERMINATE = 0x08,
    CALL_LOCK = 0x10,
};
enum call_result { RESULT_N = 0, RESULT_U = 1 }; /* as in calls.def */

struct call {
    const char *name;
    const char *arguments; /* letters of calls.def */
    uint8_t name_len;
    uint8_t result; /* enum call_result */
    uint8_t privilege;
    uint32_t cost;
};

/* The call of that number, NULL if there is none. */
const struct call *calls_find(uint32_t number);
uint32_t calls_count(void);

/* For struct vm_resolver: the number of an import "card" "<name>" of the right type, or -1. */
int calls_resolve(void *ctx, const uint8_t *module, uint32_t module_len, const uint8_t *name,
                  uint32_t name_len, const struct vm_type *type);

#endif
