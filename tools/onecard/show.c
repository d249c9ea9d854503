/* onecard show: what is in an image, without secrets and without writing. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "fs/fs.h"
#include "hex.h"
#include "look.h"
#include "manager/quota.h"
#include "names.h"

static struct image_options image_options;

static const struct option options[] = {
    IMAGE_DEVICE_KEY_OPTION(image_options),
    IMAGE_SEED_OPTION(image_options),
};

static const struct usage usage = {
    .command = "show",
    .arguments = "IMAGE",
    .text =
        "Prints what is in IMAGE: the card's state, packages and instances, their objects and\n"
        "files with sizes, free space, wear of each sector, the last transactions. Contents and\n"
        "secrets are not shown. Nothing is written.\n",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .arguments_min = 1,
    .arguments_max = 1,
};

static const char *card_state(uint8_t life_cycle) {
    switch (life_cycle) {
    case CARD_OP_READY:
        return "OP_READY";
    case CARD_INITIALIZED:
        return "INITIALIZED";
    case CARD_SECURED:
        return "SECURED";
    case CARD_LOCKED:
        return "CARD_LOCKED";
    case CARD_TERMINATED:
        return "TERMINATED";
    default:
        return "unknown";
    }
}

static const char *entry_state(const struct registry_entry *e) {
    if (e->type == REGISTRY_LOADING)
        return "LOADING";
    if (e->type == REGISTRY_PACKAGE)
        return "LOADED";
    if (e->life_cycle & APPLET_LOCKED)
        return "LOCKED";
    if (e->type == REGISTRY_DOMAIN && e->life_cycle == DOMAIN_PERSONALIZED)
        return "PERSONALIZED";
    return e->life_cycle == APPLET_INSTALLED ? "INSTALLED" : "SELECTABLE";
}

static void show_file(const struct store *s, uint32_t owner, uint32_t number) {
    static const struct {
        uint8_t type;
        const char *text;
    } types[] = {{FS_TRANSPARENT, "transparent"},
                 {FS_LINEAR_FIXED, "linear fixed"},
                 {FS_LINEAR_VARIABLE, "linear variable"},
                 {FS_CYCLIC, "cyclic"},
                 {FS_DF, "directory"}};
    struct fs_info info;
    if (fs_file_info(s, owner, (fs_file)number, &info))
        return;
    const char *type = "?";
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].type == info.type)
            type = types[i].text;
    printf("  FID %04X", info.fid);
    if (info.sfi)
        printf(" SFI %02X", info.sfi);
    printf(", %s", type);
    if (info.type == FS_TRANSPARENT)
        printf(", %u bytes", (unsigned)info.size);
    else if (info.type != FS_DF)
        printf(", %u of %u records of %u bytes", info.record_count, info.record_max,
               info.record_size);
}

static void show_objects(const struct store *s, uint32_t owner) {
    static const char *const rests[] = {"", " secret", " in place"};
    struct store_object_info info;
    store_name name = STORE_NAME(owner, 0, 0);
    uint32_t count = 0, bytes = 0;
    while (!store_inspect_object(s, name, &info) && STORE_OWNER(info.name) == owner) {
        char text[48];
        look_name(info.name, text, sizeof text);
        printf("    %-22s %6u bytes%s", text, (unsigned)info.size, rests[info.rest]);
        if (info.pieces > 1)
            printf(" in %u pieces", (unsigned)info.pieces);
        if (STORE_KIND(info.name) == FS_KIND_FILE)
            show_file(s, owner, STORE_NUMBER(info.name));
        printf("\n");
        count++;
        bytes += info.size;
        name = info.name + 1;
    }
    printf("    %u objects, %u bytes\n", (unsigned)count, (unsigned)bytes);
}

/* "quota: flash 412 of 2000, objects 7 of 10, fuel 100000 ..." */
static void show_quota(const struct store *s, const struct registry_entry *e) {
    static const char *const words[QUOTA_KINDS] = {
        [QUOTA_CODE] = "code",       [QUOTA_MEMORY] = "memory", [QUOTA_FLASH] = "flash",
        [QUOTA_OBJECTS] = "objects", [QUOTA_FUEL] = "fuel",     [QUOTA_TRANSACTION] = "transaction",
        [QUOTA_STACK] = "stack",     [QUOTA_DEPTH] = "depth",
    };
    struct quota q;
    quota_load(s, e->context, &q);
    if (quota_empty(&q))
        return;
    const struct store_usage used = store_usage(s, e->context);
    const char *between = "    quota: ";
    for (size_t i = 0; i < QUOTA_KINDS; i++) {
        if (q.most[i] == QUOTA_NONE)
            continue;
        printf("%s%s ", between, words[i]);
        if (e->type == REGISTRY_INSTANCE && (i == QUOTA_FLASH || i == QUOTA_OBJECTS))
            printf("%u of ", (unsigned)(i == QUOTA_FLASH ? used.bytes : used.objects));
        printf("%u", (unsigned)q.most[i]);
        between = ", ";
    }
    printf("\n");
}

static void show_registry(const struct store *s, const struct registry *r) {
    printf("card: %s%s\n", card_state(r->card_life_cycle),
           r->pre_issuance ? ", in pre-issuance: takes content commands in plain" : "");
    printf("issuer's domain ");
    hex_print(stdout, r->issuer.value, r->issuer.len);
    printf("\n");
    for (uint32_t i = 0; i < r->count; i++) {
        const struct registry_entry *e = &r->entries[i];
        uint8_t families;
        const char *name = names_applet(e->aid.value, e->aid.len, &families);
        printf("\n%s ", e->type == REGISTRY_INSTANCE ? "instance"
                        : e->type == REGISTRY_DOMAIN ? "domain  "
                                                     : "package ");
        hex_print(stdout, e->aid.value, e->aid.len);
        printf("  %s, context %u", entry_state(e), e->context);
        if (e->type == REGISTRY_INSTANCE)
            printf(" of package %u", e->package);
        if (e->domain)
            printf(", of domain %u", e->domain);
        printf("%s%s\n", name ? ", " : "", name ? name : "");
        show_quota(s, e);
        show_objects(s, e->context);
    }
    printf("\nthe card itself\n");
    show_objects(s, 0);
}

static void show_space(const struct look *look, const struct store *s) {
    struct store_info info;
    struct onecard_host_counters counters;
    store_info(s, &info);
    onecard_host_counters(look->host, &counters);
    printf("\nspace: %u objects; %u bytes of flash, %u live, %u free\n", (unsigned)info.objects,
           (unsigned)info.bytes_total, (unsigned)info.bytes_live, (unsigned)info.bytes_free);
    printf("since it was made: %llu programs of %llu bytes, %llu erases\n",
           (unsigned long long)counters.programs, (unsigned long long)counters.program_bytes,
           (unsigned long long)counters.erases);
}

static void show_sectors(const struct look *look, const struct store *s) {
    printf("\nsectors (number, erases, use):\n");
    struct store_sector_info info;
    for (uint32_t i = 0; !store_inspect_sector(s, i, &info); i++)
        printf("%5u %6u %-8s%s", (unsigned)i, (unsigned)onecard_host_sector_erases(look->host, i),
               store_sector_use_text(info.use), i % 4 == 3 ? "\n" : " ");
    printf("\n");
}

static void show_records(const struct store *s) {
    struct store_record_info records[8];
    uint32_t count = store_inspect_records(s, records, 8);
    printf("\nlast transactions, oldest first:\n");
    for (uint32_t i = 0; i < count; i++) {
        char text[48];
        look_name(records[i].first, text, sizeof text);
        printf("  sector %u offset %-5u %-9s %4u bytes, %u entries", (unsigned)records[i].sector,
               (unsigned)records[i].offset, records[i].type, (unsigned)records[i].bytes,
               (unsigned)records[i].entries);
        if (records[i].entries && records[i].first_op)
            printf("; first: %s of context %u's %s", records[i].first_op,
                   (unsigned)STORE_OWNER(records[i].first), text);
        printf("\n");
    }
}

int command_show(int argc, char **argv) {
    int count, status;
    if (!options_parse(&usage, argc, argv, &count, &status))
        return status;
    struct look look;
    status = look_open(&look, "show", argv[0], &image_options);
    if (status)
        return status;
    struct store *s;
    static struct registry registry;
    memset(&registry, 0, sizeof registry);
    enum onecard_err err = store_look(onecard_host_port(look.host), &look.arena, &s);
    if (!err)
        err = registry_load(&registry, s);
    if (err) {
        status = complain(EXIT_FAILED, "show", "%s: %s; 'onecard check' says more", argv[0],
                          onecard_err_text(err));
    } else {
        show_registry(s, &registry);
        show_space(&look, s);
        show_sectors(&look, s);
        show_records(s);
    }
    look_close(&look);
    return status;
}
