#include "onecard/error.h"

const char *onecard_err_text(enum onecard_err err) {
    switch (err) {
    case ONECARD_OK:
        return "ok";
    case ONECARD_E_PARAM:
        return "bad argument";
    case ONECARD_E_NOT_FOUND:
        return "not found";
    case ONECARD_E_EXISTS:
        return "exists already";
    case ONECARD_E_RANGE:
        return "out of range";
    case ONECARD_E_FULL:
        return "no room left";
    case ONECARD_E_NO_MEMORY:
        return "out of memory";
    case ONECARD_E_TOO_BIG:
        return "too big";
    case ONECARD_E_DENIED:
        return "not allowed";
    case ONECARD_E_BLOCKED:
        return "blocked";
    case ONECARD_E_WRONG:
        return "does not match";
    case ONECARD_E_STATE:
        return "wrong state";
    case ONECARD_E_FORMAT:
        return "bad format";
    case ONECARD_E_UNSUPPORTED:
        return "not supported";
    case ONECARD_E_CORRUPT:
        return "damaged";
    case ONECARD_E_FOREIGN:
        return "foreign or of another version";
    case ONECARD_E_BUSY:
        return "in use";
    case ONECARD_E_IO:
        return "input/output failure";
    case ONECARD_E_TRAP:
        return "applet trapped";
    case ONECARD_E_ROLLED_BACK:
        return "an older image than the last one";
    }
    return "unknown error";
}
