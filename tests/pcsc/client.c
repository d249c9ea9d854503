/* client READER HEX ...: a libpcsclite program as people write them. Prints the ATR, then a line in
 * hex for each answer. Exit status 1 when PC/SC reports an error. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <winscard.h>

enum { MESSAGE_MAX = 65535 + 2 };

static bool ok(const char *doing, LONG result) {
    if (result == SCARD_S_SUCCESS)
        return true;
    fprintf(stderr, "%s: %s\n", doing, pcsc_stringify_error(result));
    return false;
}

static void print(const uint8_t *bytes, size_t len) {
    for (size_t i = 0; i < len; i++)
        printf("%02X", bytes[i]);
    putchar('\n');
}

static size_t parse(const char *hex, uint8_t *out) {
    size_t len = 0;
    unsigned value;
    while (sscanf(hex + 2 * len, "%2x", &value) == 1)
        out[len++] = (uint8_t)value;
    return len;
}

static bool print_atr(SCARDHANDLE card) {
    uint8_t atr[MAX_ATR_SIZE];
    DWORD atr_len = sizeof atr, name_len = 0, state, protocol;
    if (!ok("SCardStatus", SCardStatus(card, NULL, &name_len, &state, &protocol, atr, &atr_len)))
        return false;
    print(atr, atr_len);
    return true;
}

static bool exchange(SCARDHANDLE card, const char *hex) {
    static uint8_t command[MESSAGE_MAX], response[MESSAGE_MAX];
    DWORD len = sizeof response;
    size_t command_len = parse(hex, command);
    if (!ok("SCardTransmit",
            SCardTransmit(card, SCARD_PCI_T1, command, command_len, NULL, response, &len)))
        return false;
    print(response, len);
    return true;
}

int main(int argc, char **argv) {
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
    if (argc < 2 || !ok("SCardEstablishContext",
                        SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context)))
        return 1;
    bool good = ok("SCardConnect", SCardConnect(context, argv[1], SCARD_SHARE_EXCLUSIVE,
                                                SCARD_PROTOCOL_T1, &card, &protocol));
    if (good) {
        good = print_atr(card);
        for (int i = 2; i < argc && good; i++)
            good = exchange(card, argv[i]);
        good = ok("SCardDisconnect", SCardDisconnect(card, SCARD_RESET_CARD)) && good;
    }
    SCardReleaseContext(context);
    return good ? 0 : 1;
}
