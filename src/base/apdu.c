#include "base/apdu.h"

#include "onecard/error.h"

uint16_t apdu_status(int err) {
    static const struct {
        int8_t err;
        uint16_t status;
    } table[] = {
        {ONECARD_OK, SW_OK},
        {ONECARD_E_PARAM, SW_WRONG_DATA},
        {ONECARD_E_NOT_FOUND, SW_REFERENCE_NOT_FOUND},
        {ONECARD_E_EXISTS, SW_FILE_EXISTS},
        {ONECARD_E_RANGE, SW_OFFSET},
        {ONECARD_E_FULL, SW_NO_SPACE},
        {ONECARD_E_NO_MEMORY, SW_NO_SPACE},
        {ONECARD_E_TOO_BIG, SW_WRONG_LENGTH},
        {ONECARD_E_DENIED, SW_SECURITY_STATUS},
        {ONECARD_E_BLOCKED, SW_BLOCKED},
        {ONECARD_E_WRONG, SW_WARN_TRIES & 0xFF00u},
        {ONECARD_E_STATE, SW_CONDITIONS},
        {ONECARD_E_FORMAT, SW_WRONG_DATA},
        {ONECARD_E_UNSUPPORTED, SW_FUNCTION_UNSUPPORTED},
        {ONECARD_E_CORRUPT, SW_MEMORY_FAILURE},
        {ONECARD_E_FOREIGN, SW_MEMORY_FAILURE},
        {ONECARD_E_BUSY, SW_CONDITIONS},
        {ONECARD_E_IO, SW_MEMORY_FAILURE},
        {ONECARD_E_TRAP, SW_UNKNOWN},
    };
    for (unsigned i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].err == err)
            return table[i].status;
    return SW_UNKNOWN;
}
