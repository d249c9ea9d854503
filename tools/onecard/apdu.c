/* onecard apdu: commands in, answers out, one power-up a call. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "hex.h"
#include "image.h"
#include "options.h"
#include "trace.h"

static const char COMMAND[] = "apdu";

static struct image_options image_options;
static bool traced;

static const struct option options[] = {
    {"--trace", NULL, "explain each command on standard error", &traced, NULL},
    {"--screen", "FILE", "keep what the card's screen shows in this file", NULL,
     &image_options.screen},
    {"--sensor", "FILE", "a biometric sensor: 'match' or 'no-match' in this file", NULL,
     &image_options.sensor},
    IMAGE_DEVICE_KEY_OPTION(image_options),
    IMAGE_COUNTER_OPTION(image_options),
    IMAGE_SEED_OPTION(image_options),
};

static const struct usage usage = {
    .command = "apdu",
    .arguments = "IMAGE HEX ... | IMAGE -",
    .text =
        "Powers the card in IMAGE up, sends it each command, and prints one line for each: answer\n"
        "data and status word in hex. \"reset\" in place of a command resets the card and prints\n"
        "nothing. With \"-\", commands come from standard input, one a line; empty lines and what\n"
        "follows a # are skipped. Answers 61xx and 6Cxx are shown, not followed.\n"
        "\n"
        "Exit status: 0 whatever the card answers, 1 if the card cannot be used, 2 for bad hex.\n",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .arguments_min = 2,
    .arguments_max = -1,
};

/* One call: the card, powered, and where answers go. */
struct session {
    struct image image;
    struct trace trace;
    uint8_t *response;
    uint8_t *command; /* command_max bytes */
    size_t command_max;
};

static int reset(struct session *s) {
    uint8_t atr[ONECARD_ATR_MAX];
    size_t len = onecard_power_on(s->image.card, atr);
    if (traced)
        trace_power_on(&s->trace, atr, len);
    return EXIT_OK;
}

static int transmit(struct session *s, const uint8_t *command, size_t len) {
    size_t response_len = 0;
    struct trace_exchange exchange;
    if (traced)
        trace_begin(&s->trace, &exchange, s->image.card, command, len);
    enum onecard_err err =
        onecard_transmit(s->image.card, command, len, s->response, &response_len);
    if (traced)
        trace_end(&s->trace, &exchange, err, s->response, response_len);
    if (err)
        return complain(EXIT_FAILED, COMMAND, "the card gave no answer: %s", onecard_err_text(err));
    hex_print(stdout, s->response, response_len);
    putchar('\n');
    if (fflush(stdout) != 0)
        return complain(EXIT_FAILED, COMMAND, "standard output: %s", strerror(errno));
    while (onecard_idle(s->image.card)) {
    }
    return EXIT_OK;
}

/* One word of the call or line of standard input; where and number name it in messages.
 * send: false only checks it. */
static int obey(struct session *s, const char *text, const char *where, size_t number, bool send) {
    if (strcmp(text + strspn(text, " \t"), "reset") == 0)
        return send ? reset(s) : EXIT_OK;
    size_t need = HEX_BYTES_MAX(strlen(text)), len, column;
    if (need > s->command_max) {
        uint8_t *larger = realloc(s->command, need);
        if (!larger)
            return complain(EXIT_FAILED, COMMAND, "out of memory");
        s->command = larger;
        s->command_max = need;
    }
    const char *wrong = hex_parse(text, s->command, s->command_max, &len, &column);
    if (wrong)
        return complain(EXIT_USAGE, COMMAND, "%s %zu: character %zu %s", where, number, column,
                        wrong);
    return send ? transmit(s, s->command, len) : EXIT_OK;
}

static int obey_arguments(struct session *s, int count, char **words, bool send) {
    int status = EXIT_OK;
    for (int i = 0; i < count && status == EXIT_OK; i++)
        status = obey(s, words[i], "command", (size_t)i + 1, send);
    return status;
}

/* Cut comment and blanks off the end; blanks at the start stay, so that columns can be told. */
static void trim(char *line) {
    line[strcspn(line, "#\r\n")] = '\0';
    size_t len = strlen(line);
    while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        line[--len] = '\0';
}

static int obey_input(struct session *s) {
    char *line = NULL;
    size_t size = 0;
    int status = EXIT_OK;
    for (size_t number = 1; status == EXIT_OK; number++) {
        ssize_t len = getline(&line, &size, stdin);
        if (len < 0)
            break;
        if (strlen(line) != (size_t)len)
            status = complain(EXIT_USAGE, COMMAND, "line %zu: character %zu is not a hex digit",
                              number, strlen(line) + 1);
        trim(line);
        if (status == EXIT_OK && *line)
            status = obey(s, line, "line", number, true);
    }
    if (status == EXIT_OK && ferror(stdin))
        status = complain(EXIT_FAILED, COMMAND, "standard input: %s", strerror(errno));
    free(line);
    return status;
}

/* Open the card, power it up, and obey. */
static int run(struct session *s, int count, char **words) {
    const char *path = words[0];
    bool from_input = count == 2 && strcmp(words[1], "-") == 0;
    int status = from_input ? EXIT_OK : obey_arguments(s, count - 1, words + 1, false);
    if (status == EXIT_OK)
        status = image_open(&s->image, COMMAND, path, &image_options);
    if (status != EXIT_OK)
        return status;
    s->response = malloc(ONECARD_RESPONSE_APDU_MAX(onecard_host_port(s->image.host)));
    if (!s->response)
        return complain(EXIT_FAILED, COMMAND, "out of memory");
    reset(s);
    return from_input ? obey_input(s) : obey_arguments(s, count - 1, words + 1, true);
}

static void say(void *ctx, enum onecard_trace_kind kind, const char *text) {
    trace_note(ctx, kind, text);
}

int command_apdu(int argc, char **argv) {
    int count, status;
    if (!options_parse(&usage, argc, argv, &count, &status))
        return status;
    struct session session = {.trace = {.out = stderr}};
    image_options.trace = say;
    image_options.trace_ctx = &session.trace;
    status = run(&session, count, argv);
    image_close(&session.image);
    free(session.response);
    free(session.command);
    return status;
}
