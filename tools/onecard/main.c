/* The program onecard: one table of commands, each in a file of its own. */
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"new", command_new, "make a card image with the demo applets on it"},
    {"serve", command_serve, "put cards into a virtual PC/SC reader"},
    {"control", command_control, "put cards in and out while serve runs"},
    {"apdu", command_apdu, "send commands to a card and print its answers"},
    {"gp", command_gp, "manage a card as GlobalPlatform says, in an image or a reader"},
    {"show", command_show, "show what is in a card image"},
    {"check", command_check, "check whether a card image is sound"},
    {"cap", command_cap, "make and inspect load files (CAP)"},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static const struct command *find_command(const char *name) {
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static void print_commands(FILE *to) {
    fputs("usage: onecard COMMAND [OPTIONS] ARGUMENTS\n\nCommands:\n", to);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(to, "  %-7s %s\n", commands[i].name, commands[i].summary);
    fputs("\nHelp for one of them: onecard COMMAND --help\n", to);
}

static int run_help(const char *name) {
    const struct command *command = name ? find_command(name) : NULL;
    if (command) {
        char word[16], option[] = "--help";
        snprintf(word, sizeof word, "%s", name);
        char *argv[] = {word, option, NULL};
        return command->run(2, argv);
    }
    if (name) {
        fprintf(stderr, "onecard: no such command: %s\n", name);
        return EXIT_USAGE;
    }
    print_commands(stdout);
    return EXIT_OK;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        print_commands(stderr);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return run_help(argc > 2 ? argv[2] : NULL);
    const struct command *command = find_command(word);
    if (!command) {
        fprintf(stderr, "onecard: no such command: %s; see: onecard --help\n", word);
        return EXIT_USAGE;
    }
    return command->run(argc - 1, argv + 1);
}
