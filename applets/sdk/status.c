#include "sdk.h"

int32_t sdk_status(int32_t error) {
    switch (error) {
    case CARD_E_FULL:
    case CARD_E_NO_MEMORY:
        return CARD_SW_NO_SPACE;
    case CARD_E_TOO_BIG:
    case CARD_E_RANGE:
        return CARD_SW_LENGTH;
    case CARD_E_NOT_FOUND:
        return CARD_SW_NOT_FOUND;
    case CARD_E_DENIED:
        return CARD_SW_SECURITY;
    default:
        return CARD_SW_FAILED;
    }
}
