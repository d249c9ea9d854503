/* onecard gp: a GlobalPlatform client, for a card in an image or in a PC/SC reader. */
#include "gp.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "commands.h"

static const char COMMAND[] = "gp";

static struct gp gp;

static const struct option options[] = {
    {"--reader", "NAME", "the card in the reader whose name contains this, not an image", NULL,
     &gp.options.reader},
    {"--domain", "AID", "the security domain to talk to; else the card's default", NULL,
     &gp.options.domain},
    {"--key", "HEX", "its keys, all three alike (404142...4F)", NULL, &gp.options.key},
    {"--enc", "HEX", "its encryption key", NULL, &gp.options.enc},
    {"--mac", "HEX", "its MAC key", NULL, &gp.options.mac},
    {"--dek", "HEX", "its key for keys", NULL, &gp.options.dek},
    {"--kvn", "HEX", "version of the keys (00: the card chooses)", NULL, &gp.options.kvn},
    {"--diversify", "HOW", "make the keys from these: none, emv, visa2", NULL,
     &gp.options.diversify},
    {"--level", "LEVEL", "auth, mac (default), enc, rmac, full; or a byte in hex", NULL,
     &gp.options.level},
    {"--plain", NULL, "no secure channel: for a card in pre-issuance", &gp.options.plain, NULL},
    {"--privileges", "LIST", "install, domain: names with commas, or hex", NULL,
     &gp.options.privileges},
    {"--parameters", "HEX", "install, domain: for the applet (C9)", NULL, &gp.options.parameters},
    {"--related", NULL, "delete: a package with its instances; lock: a domain with its own",
     &gp.options.related, NULL},
    {"--new-kvn", "HEX", "put-key: version of the new keys", NULL, &gp.options.new_kvn},
    {"--type", "TYPE", "put-key: 3des, aes or sm4; else as the channel's own keys", NULL,
     &gp.options.type},
    {"--dap", "KEYFILE", "load, install: sign the load file for a domain that verifies DAPs", NULL,
     &gp.options.dap},
    {"--dap-domain", "AID", "that domain; else the one of --domain", NULL, &gp.options.dap_domain},
    {"--hash", "NAME", "load, install: sha1, sha256 (with --dap, --token), sha384, sha512, sm3",
     NULL, &gp.options.hash},
    {"--token", "KEYFILE", "load, install, extradite, delete: a domain does so with tokens", NULL,
     &gp.options.token},
    {"--receipt-key", "KEYFILE", "check the receipts of that", NULL, &gp.options.receipt_key},
    {"--verbose", NULL, "explain each command on standard error", &gp.options.verbose, NULL},
    IMAGE_DEVICE_KEY_OPTION(gp.image),
    IMAGE_SEED_OPTION(gp.image),
};

static const struct usage usage = {
    .command = "gp",
    .arguments = "IMAGE COMMAND ... | --reader NAME COMMAND ...",
    .text =
        "Manages the card in IMAGE or in a PC/SC reader, a real one too, as GlobalPlatform says.\n"
        "SCP02 or SCP03 is what the card answers with. Commands:\n"
        "\n"
        "  info                          what the card says of itself, without any key\n"
        "  list                          security domains, applets, packages\n"
        "  load CAP                      load a package\n"
        "  install CAP                   load it, and an instance of each of its applets\n"
        "  install PACKAGE APPLET [AID]  an instance of a loaded applet, under another AID\n"
        "  domain AID [PACKAGE MODULE]   a security domain of its own\n"
        "  extradite AID DOMAIN          an applet goes under another security domain\n"
        "  delete AID ...                applets, packages\n"
        "  lock AID|card, unlock AID|card\n"
        "  state initialized|secured|terminated\n"
        "  rename AID                    the issuer's domain gets another AID\n"
        "  put-key KEY | put-key ENC MAC DEK | put-key KEYFILE\n"
        "  store-data AID HEX ...        personalise; \"-\" for the domain itself\n"
        "  send HEX ...                  any commands, over the secure channel\n"
        "\n"
        "KEYFILE: a private key of RSA, P-256 or SM2 in PEM (put-key: a public one), or a line\n"
        "\"aes HEX\", \"sm4 HEX\", \"3des HEX\". Keys of the channel that are wrong cost the card "
        "a\n"
        "try: they are sent once only.\n"
        "Exit status: 0, 1 when something failed or was refused, 2 for a wrong call.\n",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .arguments_min = 1,
    .arguments_max = -1,
};

static int run_list(struct gp *g, int count, char **words) {
    (void)count;
    (void)words;
    return gp_list(g);
}

static const struct {
    const char *name;
    int arguments_min, arguments_max; /* -1: any number */
    int (*run)(struct gp *gp, int count, char **words);
} commands[] = {
    {"info", 0, 0, NULL}, /* before any authentication */
    {"list", 0, 0, run_list},
    {"load", 1, 1, gp_load},
    {"install", 1, 3, gp_install},
    {"domain", 1, 3, gp_domain},
    {"extradite", 2, 2, gp_extradite},
    {"delete", 1, -1, gp_delete},
    {"lock", 1, 1, gp_lock},
    {"unlock", 1, 1, gp_unlock},
    {"state", 1, 1, gp_state},
    {"rename", 1, 1, gp_rename},
    {"put-key", 1, 3, gp_put_key},
    {"store-data", 2, -1, gp_store_data},
    {"send", 1, -1, gp_send_raw},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

/* Which command, or -1 after a line on standard error. */
static int find(int count, char **words) {
    if (count < 1 || !words[0]) {
        complain(EXIT_USAGE, COMMAND, "which command? see: onecard gp --help");
        return -1;
    }
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, words[0]) != 0)
            continue;
        int given = count - 1;
        if (given >= commands[i].arguments_min &&
            (commands[i].arguments_max < 0 || given <= commands[i].arguments_max))
            return i;
        complain(EXIT_USAGE, COMMAND, "%s: too %s arguments; see: onecard gp --help", words[0],
                 given < commands[i].arguments_min ? "few" : "many");
        return -1;
    }
    complain(EXIT_USAGE, COMMAND, "no such command: %s; see: onecard gp --help", words[0]);
    return -1;
}

static int run(const char *path, int which, int count, char **words) {
    gp.link.verbose = gp.options.verbose;
    int status = path ? gp_link_open_image(&gp.link, path, &gp.image)
                      : gp_link_open_reader(&gp.link, gp.options.reader);
    if (!status)
        status = gp_select(&gp);
    if (status)
        return status;
    if (!commands[which].run)
        return gp_info(&gp);
    status = gp_open_channel(&gp);
    return status ? status : commands[which].run(&gp, count, words);
}

int command_gp(int argc, char **argv) {
    int count, status;
    if (!options_parse(&usage, argc, argv, &count, &status))
        return status;
    const char *path = gp.options.reader ? NULL : argv[0];
    char **words = path ? argv + 1 : argv;
    count -= path ? 1 : 0;
    int which = find(count, words);
    if (which < 0)
        return EXIT_USAGE;
    status = run(path, which, count - 1, words + 1);
    gp_link_close(&gp.link);
    bytes_wipe(&gp.keys, sizeof gp.keys);
    if (fflush(stdout) != 0)
        status = complain(EXIT_FAILED, COMMAND, "standard output: %s", strerror(errno));
    return status;
}
