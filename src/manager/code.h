/* Translated code at rest: made from the Wasm at load, authenticated with the device key, made anew
 * when the engine's version changes (S6, docs/vm.md). */
#ifndef MANAGER_CODE_H
#define MANAGER_CODE_H

#include "manager/manager.h"

/* What a module may ask for; quotas of its package may narrow it further. */
#define CODE_MEMORY_MAX 65536u /* bytes of linear memory */
#define CODE_TABLE_MAX 1024u   /* elements */

/* Translate wasm and stage the image of package `context`. On a refusal report says why. */
enum onecard_err code_translate(struct manager *m, uint32_t context, const uint8_t *wasm,
                                uint32_t wasm_len, struct vm_report *report);

/* Find the image of package `context`. check: also make sure that it is what code_translate()
 * wrote: by its CMAC, or, where only a published key protects the image, by translating again and
 * comparing. An image of another engine version is made anew and committed;
 * ONECARD_E_STATE if it has to be while a transaction is open. */
enum onecard_err code_open(struct manager *m, uint32_t context, bool check,
                           struct vm_image *out_image);

#endif
