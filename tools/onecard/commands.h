/* The commands of the program onecard, each in the file of its name. A command gets the words from
 * its own name on (argv[0] is "apdu"), prints its own help for --help, and returns the exit status:
 * 0, 1 when something failed, 2 when it was called wrongly. main.c holds the table. */
#ifndef ONECARD_COMMANDS_H
#define ONECARD_COMMANDS_H

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

int command_new(int argc, char **argv);
int command_cap(int argc, char **argv);
int command_apdu(int argc, char **argv);
int command_gp(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_control(int argc, char **argv);
int command_show(int argc, char **argv);
int command_check(int argc, char **argv);

#endif
