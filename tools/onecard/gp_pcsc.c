#include "gp_pcsc.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winscard.h>

static const char LIBRARY[] = "libpcsclite.so.1";

/* The library's function of that name; its type is the declaration's. */
#define FUNCTION(p, name) ((__typeof__(&name))(uintptr_t)dlsym((p)->library, #name))

static bool fail(char *message, size_t size, const char *doing, LONG result,
                 const struct gp_pcsc *p) {
    const char *(*text)(const LONG) = FUNCTION(p, pcsc_stringify_error);
    snprintf(message, size, "%s: %s", doing, text ? text(result) : "PC/SC failed");
    return false;
}

static bool load(struct gp_pcsc *p, char *message, size_t size) {
    static const char *const names[] = {"SCardEstablishContext", "SCardReleaseContext",
                                        "SCardListReaders",      "SCardConnect",
                                        "SCardDisconnect",       "SCardTransmit"};
    p->library = dlopen(LIBRARY, RTLD_NOW);
    bool whole = p->library;
    for (size_t i = 0; whole && i < sizeof names / sizeof *names; i++)
        whole = dlsym(p->library, names[i]);
    if (!whole)
        snprintf(message, size, "cannot use %s (Debian: libpcsclite1)", LIBRARY);
    return whole;
}

/* Names one after the other, each with its zero, and an empty one; NULL if there are none. */
static char *list_readers(struct gp_pcsc *p) {
    DWORD size = 0;
    if (FUNCTION(p, SCardListReaders)(p->context, NULL, NULL, &size) != SCARD_S_SUCCESS)
        return NULL;
    char *names = calloc(1, size + 2);
    if (names && FUNCTION(p, SCardListReaders)(p->context, NULL, names, &size) == SCARD_S_SUCCESS)
        return names;
    free(names);
    return NULL;
}

/* Try every reader of that name. result: of the last attempt. */
static bool connect(struct gp_pcsc *p, const char *names, const char *reader, LONG *result) {
    for (const char *name = names; *name; name += strlen(name) + 1) {
        DWORD protocol;
        SCARDHANDLE card;
        if (!strstr(name, reader))
            continue;
        *result =
            FUNCTION(p, SCardConnect)(p->context, name, SCARD_SHARE_EXCLUSIVE,
                                      SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol);
        if (*result == SCARD_S_SUCCESS) {
            p->card = card;
            p->protocol = protocol;
            p->connected = true;
            return true;
        }
    }
    return false;
}

static bool no_reader(const char *names, const char *reader, char *message, size_t size) {
    int n = snprintf(message, size, "no reader's name contains \"%s\"; there %s", reader,
                     names && *names ? "are:" : "is none");
    for (const char *name = names; name && *name; name += strlen(name) + 1)
        if (n > 0 && (size_t)n < size)
            n += snprintf(message + n, size - (size_t)n, " \"%s\"", name);
    return false;
}

bool gp_pcsc_open(struct gp_pcsc *p, const char *reader, char *message, size_t message_size) {
    SCARDCONTEXT context;
    LONG result;
    if (!load(p, message, message_size))
        return false;
    result = FUNCTION(p, SCardEstablishContext)(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
    if (result != SCARD_S_SUCCESS)
        return fail(message, message_size, "no PC/SC service", result, p);
    p->context = context;
    p->has_context = true;
    char *names = list_readers(p);
    result = SCARD_E_UNKNOWN_READER;
    bool connected = names && connect(p, names, reader, &result);
    if (!connected && result == (LONG)SCARD_E_UNKNOWN_READER)
        no_reader(names, reader, message, message_size);
    else if (!connected)
        fail(message, message_size, "cannot use the card", result, p);
    free(names);
    return connected;
}

bool gp_pcsc_transmit(struct gp_pcsc *p, const uint8_t *command, size_t command_len,
                      uint8_t *answer, size_t *len, char *message, size_t message_size) {
    const SCARD_IO_REQUEST request = {p->protocol, sizeof request};
    DWORD room = *len;
    LONG result =
        FUNCTION(p, SCardTransmit)(p->card, &request, command, command_len, NULL, answer, &room);
    if (result != SCARD_S_SUCCESS)
        return fail(message, message_size, "the card gave no answer", result, p);
    *len = room;
    return true;
}

void gp_pcsc_close(struct gp_pcsc *p) {
    if (p->connected)
        FUNCTION(p, SCardDisconnect)(p->card, SCARD_RESET_CARD);
    if (p->has_context)
        FUNCTION(p, SCardReleaseContext)(p->context);
    if (p->library)
        dlclose(p->library);
    memset(p, 0, sizeof *p);
}
