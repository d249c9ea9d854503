/* A card's description in YAML: what is loaded, installed and put in (docs/profiles.md). */
#ifndef ONECARD_PROFILE_H
#define ONECARD_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "cap_file.h"
#include "data_groups.h"
#include "profile_domain.h"
#include "manager/quota.h"

#define PROFILE_MESSAGE_MAX 512

struct profile_package {
    char *path; /* of the CAP file */
    struct cap cap;
    struct quota quota; /* of all its instances together */
    size_t line;
};

struct profile_instance {
    struct cap_aid applet; /* class */
    struct cap_aid aid;
    const struct profile_package *package;
    struct quota quota;
    uint8_t privileges[3]; /* GPCS 2.3.1 tables 11-7 to 11-9 */
    uint8_t *parameters;   /* the applet's own (C9) */
    size_t parameters_len;
    struct data_groups groups; /* its personalisation */
    size_t line;
};

struct profile {
    struct data_groups card;      /* for the issuer's domain */
    struct profile_domain domain; /* the issuer's */
    struct profile_package *packages;
    size_t package_count;
    struct profile_instance *instances;
    size_t instance_count;
};

/* Read a profile and the CAP files that it names. Returns 0; else message says what is wrong, with
 * file and line, and out_profile is empty. */
int profile_read(const char *path, struct profile *out_profile, char message[PROFILE_MESSAGE_MAX]);

void profile_free(struct profile *profile);

#endif
