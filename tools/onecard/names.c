#include "names.h"

#include <stdio.h>
#include <string.h>

#include "base/apdu.h"

enum { PROPRIETARY_CLASS = 0x80 };

/* ---- commands ---- */

/* ISO/IEC 7816-4, -8 and -9; GlobalPlatform 2.3.1 clause 11; PBOC purse and debit/credit. The first
 * row that fits counts. */
static const struct command_name commands[] = {
    {FAMILY_ISO, false, 0x04, "DEACTIVATE FILE", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0x0C, "ERASE RECORD", PARAMETERS_RECORD, false},
    {FAMILY_ISO, false, 0x0E, "ERASE BINARY", PARAMETERS_BINARY, false},
    {FAMILY_ISO, false, 0x20, "VERIFY", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0x21, "VERIFY", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0x22, "MANAGE SECURITY ENVIRONMENT", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0x24, "CHANGE REFERENCE DATA", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0x25, "CHANGE REFERENCE DATA", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0x26, "DISABLE VERIFICATION", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0x28, "ENABLE VERIFICATION", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0x2A, "PERFORM SECURITY OPERATION", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0x2C, "RESET RETRY COUNTER", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0x2D, "RESET RETRY COUNTER", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0x44, "ACTIVATE FILE", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0x46, "GENERATE KEY PAIR", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0x70, "MANAGE CHANNEL", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0x82, "EXTERNAL AUTHENTICATE", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0x84, "GET CHALLENGE", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0x86, "GENERAL AUTHENTICATE", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0x88, "INTERNAL AUTHENTICATE", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0xA2, "SEARCH RECORD", PARAMETERS_RECORD, false},
    {FAMILY_ISO, false, 0xA4, "SELECT", PARAMETERS_SELECT, false},
    {FAMILY_ISO, false, 0xB0, "READ BINARY", PARAMETERS_BINARY, false},
    {FAMILY_ISO, false, 0xB2, "READ RECORD", PARAMETERS_RECORD, false},
    {FAMILY_ISO, false, 0xC0, "GET RESPONSE", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0xC2, "ENVELOPE", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0xCA, "GET DATA", PARAMETERS_TAG, false},
    {FAMILY_ISO, false, 0xCB, "GET DATA", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0xD0, "WRITE BINARY", PARAMETERS_BINARY, false},
    {FAMILY_ISO, false, 0xD2, "WRITE RECORD", PARAMETERS_RECORD, false},
    {FAMILY_ISO, false, 0xD6, "UPDATE BINARY", PARAMETERS_BINARY, false},
    {FAMILY_ISO, false, 0xDA, "PUT DATA", PARAMETERS_TAG, false},
    {FAMILY_ISO, false, 0xDB, "PUT DATA", PARAMETERS_PLAIN, true},
    {FAMILY_ISO, false, 0xDC, "UPDATE RECORD", PARAMETERS_RECORD, false},
    {FAMILY_ISO, false, 0xE0, "CREATE FILE", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0xE2, "APPEND RECORD", PARAMETERS_RECORD, true},
    {FAMILY_ISO, false, 0xE4, "DELETE FILE", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0xE6, "TERMINATE DF", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0xE8, "TERMINATE EF", PARAMETERS_PLAIN, false},
    {FAMILY_ISO, false, 0xFE, "TERMINATE CARD USAGE", PARAMETERS_PLAIN, false},

    {FAMILY_HELLO, true, 0x10, "GREET", PARAMETERS_PLAIN, false},
    {FAMILY_HELLO, true, 0x20, "STORE TEXT", PARAMETERS_PLAIN, false},
    {FAMILY_HELLO, true, 0x30, "READ TEXT", PARAMETERS_PLAIN, false},
    {FAMILY_HELLO, true, 0x40, "COUNT", PARAMETERS_PLAIN, false},

    {FAMILY_MANAGER, true, 0x50, "INITIALIZE UPDATE", PARAMETERS_PLAIN, false},
    {FAMILY_MANAGER, true, 0x82, "EXTERNAL AUTHENTICATE", PARAMETERS_PLAIN, false},
    {FAMILY_MANAGER, true, 0xCA, "GET DATA", PARAMETERS_TAG, false},
    {FAMILY_MANAGER, true, 0xD8, "PUT KEY", PARAMETERS_PLAIN, true},
    {FAMILY_MANAGER, true, 0xE2, "STORE DATA", PARAMETERS_BLOCK, true},
    {FAMILY_MANAGER, true, 0xE4, "DELETE", PARAMETERS_PLAIN, false},
    {FAMILY_MANAGER, true, 0xE6, "INSTALL", PARAMETERS_INSTALL, false},
    {FAMILY_MANAGER, true, 0xE8, "LOAD", PARAMETERS_BLOCK, false},
    {FAMILY_MANAGER, true, 0xF0, "SET STATUS", PARAMETERS_PLAIN, false},
    {FAMILY_MANAGER, true, 0xF2, "GET STATUS", PARAMETERS_PLAIN, false},

    {FAMILY_PURSE | FAMILY_PAYMENT, true, 0x16, "CARD BLOCK", PARAMETERS_PLAIN, false},
    {FAMILY_PURSE | FAMILY_PAYMENT, true, 0x18, "APPLICATION UNBLOCK", PARAMETERS_PLAIN, false},
    {FAMILY_PURSE | FAMILY_PAYMENT, true, 0x1E, "APPLICATION BLOCK", PARAMETERS_PLAIN, false},
    {FAMILY_PURSE | FAMILY_PAYMENT, true, 0x24, "PIN UNBLOCK", PARAMETERS_PLAIN, true},
    {FAMILY_PURSE, true, 0x50, "INITIALIZE TRANSACTION", PARAMETERS_PLAIN, false},
    {FAMILY_PURSE, true, 0x52, "CREDIT FOR LOAD", PARAMETERS_PLAIN, false},
    {FAMILY_PURSE, true, 0x54, "DEBIT", PARAMETERS_PLAIN, false},
    {FAMILY_PURSE, true, 0x58, "UPDATE OVERDRAW LIMIT", PARAMETERS_PLAIN, false},
    {FAMILY_PURSE | FAMILY_PAYMENT, true, 0x5A, "GET TRANSACTION PROVE", PARAMETERS_PLAIN, false},
    {FAMILY_PURSE, true, 0x5C, "GET BALANCE", PARAMETERS_PLAIN, false},
    {FAMILY_PURSE, true, 0x5E, "CHANGE OR RELOAD PIN", PARAMETERS_PLAIN, true},
    {FAMILY_PURSE | FAMILY_PAYMENT, true, 0xD4, "WRITE KEY", PARAMETERS_PLAIN, true},
    {FAMILY_PURSE, true, 0xDC, "UPDATE CAPP DATA CACHE", PARAMETERS_PLAIN, false},
    {FAMILY_PAYMENT, true, 0xA8, "GET PROCESSING OPTIONS", PARAMETERS_PLAIN, false},
    {FAMILY_PAYMENT, true, 0xAE, "GENERATE AC", PARAMETERS_PLAIN, false},
    {FAMILY_PAYMENT, true, 0xB4, "READ CAPP DATA", PARAMETERS_PLAIN, false},
    {FAMILY_PAYMENT, true, 0xCA, "GET DATA", PARAMETERS_TAG, false},
    {FAMILY_PAYMENT, true, 0xDE, "UPDATE CAPP DATA CACHE", PARAMETERS_PLAIN, false},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static bool class_is_proprietary(uint8_t cla) {
    return (cla & PROPRIETARY_CLASS) != 0;
}

const struct command_name *names_command(uint8_t families, uint8_t cla, uint8_t ins) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command_name *c = &commands[i];
        if (c->ins == ins && c->proprietary == class_is_proprietary(cla) &&
            (c->families & families) != 0)
            return c;
    }
    return NULL;
}

bool names_secret(uint8_t families, uint8_t cla, uint8_t ins) {
    const struct command_name *known = names_command(families, cla, ins);
    if (known && !(families & FAMILY_UNKNOWN))
        return known->secret;
    /* An applet may well give a PIN command a class byte of its own. */
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].ins == ins && commands[i].secret)
            return true;
    return false;
}

/* ---- applets ---- */

#define AID_TEXT(text) text, sizeof(text) - 1

static const struct applet_name {
    const char *aid; /* an AID that begins so; the first row that fits counts */
    size_t len;
    const char *name;
    uint8_t families;
} applets[] = {
    {AID_TEXT("\xF0\x6F\x6E\x65\x63\x61\x72\x64\x01"), "hello", FAMILY_HELLO},
    {AID_TEXT("\xA0\x00\x00\x01\x51\x00\x00\x00"), "card manager", FAMILY_MANAGER},
    {AID_TEXT("\xA0\x00\x00\x00\x03\x86\x98\x07\x01"), "ED/EP purse", FAMILY_PURSE},
    {AID_TEXT("\xA0\x00\x00\x06\x32\x01\x01\x05"), "T-Union purse", FAMILY_PURSE},
    {AID_TEXT("\xA0\x00\x00\x06\x32\x01\x01\x06"), "T-Union e-cash", FAMILY_PAYMENT},
    {AID_TEXT("\xA0\x00\x00\x03\x33\x01\x01\x01"), "PBOC debit", FAMILY_PAYMENT},
    {AID_TEXT("\xA0\x00\x00\x03\x33\x01\x01\x02"), "PBOC credit", FAMILY_PAYMENT},
    {AID_TEXT("\xA0\x00\x00\x03\x33\x01\x01\x03"), "PBOC quasi-credit", FAMILY_PAYMENT},
    {AID_TEXT("\xA0\x00\x00\x03\x33\x01\x01\x06"), "PBOC e-cash", FAMILY_PAYMENT},
    {AID_TEXT("2PAY.SYS.DDF01"), "PPSE", FAMILY_PAYMENT},
    {AID_TEXT("1PAY.SYS.DDF01"), "PSE", FAMILY_PAYMENT},
    {AID_TEXT("\xA0\x00\x00\x02\x48\x02"), "driver's licence", FAMILY_ISO},
    {AID_TEXT("sx1.sh."), "social security", FAMILY_ISO},
};

const char *names_applet(const uint8_t *aid, size_t len, uint8_t *out_families) {
    for (size_t i = 0; i < sizeof applets / sizeof applets[0]; i++) {
        const struct applet_name *a = &applets[i];
        if (len >= a->len && memcmp(aid, a->aid, a->len) == 0) {
            *out_families = a->families | FAMILY_ISO;
            return a->name;
        }
    }
    *out_families = FAMILY_ISO | FAMILY_MANAGER | FAMILY_UNKNOWN; /* the manager's are everywhere */
    return NULL;
}

/* ---- status words ---- */

static const struct status_name {
    uint16_t sw;
    uint16_t mask;    /* bits that must agree */
    const char *text; /* with %u for the others */
} statuses[] = {
    {SW_OK, 0xFFFF, "success"},
    {SW_BYTES_LEFT, 0xFFFF, "256 bytes or more left: GET RESPONSE"},
    {SW_BYTES_LEFT, 0xFF00, "%u bytes left: GET RESPONSE"},
    {0x6200, 0xFFFF, "warning"},
    {0x6281, 0xFFFF, "part of the data may be corrupted"},
    {SW_WARN_EOF, 0xFFFF, "end of file or record"},
    {SW_WARN_DEACTIVATED, 0xFFFF, "selected, but blocked"},
    {SW_WARN_TERMINATED, 0xFFFF, "selected, but terminated"},
    {SW_WARN_MORE_DATA, 0xFFFF, "more to come"},
    {SW_WARN_TRIES, 0xFFF0, "wrong; %u tries left"},
    {0x6300, 0xFFFF, "authentication failed"},
    {SW_EXECUTION, 0xFFFF, "execution error"},
    {SW_MEMORY_FAILURE, 0xFFFF, "memory failure"},
    {SW_WRONG_LENGTH, 0xFFFF, "wrong length"},
    {SW_CHANNEL_UNSUPPORTED, 0xFFFF, "logical channel not supported"},
    {SW_SM_UNSUPPORTED, 0xFFFF, "secure messaging not supported"},
    {SW_LAST_CHAINED_EXPECTED, 0xFFFF, "last command of the chain expected"},
    {SW_CHAINING_UNSUPPORTED, 0xFFFF, "command chaining not supported"},
    {SW_COMMAND_NOT_ALLOWED, 0xFFFF, "command not allowed"},
    {SW_STATE, 0xFFFF, "wrong state: command out of order"},
    {SW_FILE_STRUCTURE, 0xFFFF, "wrong kind of file"},
    {SW_SECURITY_STATUS, 0xFFFF, "security status not satisfied"},
    {SW_BLOCKED, 0xFFFF, "blocked"},
    {SW_DATA_INVALID, 0xFFFF, "reference data not usable"},
    {SW_CONDITIONS, 0xFFFF, "conditions of use not satisfied"},
    {SW_NO_CURRENT_EF, 0xFFFF, "no file selected"},
    {SW_SM_MISSING, 0xFFFF, "secure messaging objects missing"},
    {SW_SM_INCORRECT, 0xFFFF, "secure messaging incorrect"},
    {SW_APPLET_SELECT_FAILED, 0xFFFF, "the applet refused to be selected"},
    {SW_WRONG_DATA, 0xFFFF, "wrong data"},
    {SW_FUNCTION_UNSUPPORTED, 0xFFFF, "function not supported"},
    {SW_FILE_NOT_FOUND, 0xFFFF, "file or application not found"},
    {SW_RECORD_NOT_FOUND, 0xFFFF, "record not found"},
    {SW_NO_SPACE, 0xFFFF, "not enough memory"},
    {SW_NC_INCONSISTENT_TLV, 0xFFFF, "length inconsistent with its TLV"},
    {SW_WRONG_P1P2, 0xFFFF, "wrong P1 P2"},
    {SW_NC_INCONSISTENT_P1P2, 0xFFFF, "length inconsistent with P1 P2"},
    {SW_REFERENCE_NOT_FOUND, 0xFFFF, "referenced data not found"},
    {SW_FILE_EXISTS, 0xFFFF, "file exists already"},
    {SW_NAME_EXISTS, 0xFFFF, "name exists already"},
    {SW_OFFSET, 0xFFFF, "offset beyond the end"},
    {SW_WRONG_LE, 0xFFFF, "wrong Le; right is 256"},
    {SW_WRONG_LE, 0xFF00, "wrong Le; right is %u"},
    {SW_INS_UNSUPPORTED, 0xFFFF, "instruction not supported"},
    {SW_CLA_UNSUPPORTED, 0xFFFF, "class not supported"},
    {SW_UNKNOWN, 0xFFFF, "no precise diagnosis"},
    {0x9302, 0xFFFF, "purse: MAC wrong"},
    {0x9303, 0xFFFF, "purse: blocked for ever"},
    {0x9401, 0xFFFF, "purse: not enough money"},
    {0x9402, 0xFFFF, "purse: counter exhausted"},
    {0x9403, 0xFFFF, "purse: no such key index"},
    {0x9406, 0xFFFF, "purse: no such proof"},
    {0x9407, 0xFFFF, "purse: composite record locked"},
    {0x6200, 0xFF00, "warning, nothing changed"},
    {0x6300, 0xFF00, "warning, something changed"},
    {0x6500, 0xFF00, "error, memory changed"},
};

void names_status(uint16_t sw, char *text, size_t size) {
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        const struct status_name *s = &statuses[i];
        if ((sw & s->mask) != s->sw)
            continue;
        const char *number = strstr(s->text, "%u");
        if (number)
            snprintf(text, size, "%.*s%u%s", (int)(number - s->text), s->text,
                     (unsigned)(sw & ~s->mask), number + 2);
        else
            snprintf(text, size, "%s", s->text);
        return;
    }
    snprintf(text, size, "unknown status word");
}
