/* Executes the scripts that suite.py makes of .wast files, on a desktop or on a board: one command
 * a line, values as type:hex. Prints one line a script and the lines of what failed.
 *
 *   module LINE FILE NAME              instantiate; later commands speak to it, by name or "-"
 *   invoke|return|trap|exhaust LINE NAME FIELD ARGS RESULT-OR-TEXT   FIELD in hex, ARGS by commas
 *   invalid|malformed|refused LINE FILE TEXT
 *   left LINE REASON                   what suite.py left out
 *   drop LINE REASON                   a module that suite.py left out; there is no current one now
 *   taint LINE NAME                    a module that was left out shares the state of this one
 * Imports: the print functions of "spectest", and all of "card"; they do nothing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/vm.h"

#define MODULES 40
#define FUEL 400000000u
#define STACK_SLOTS 16384u
#define REASONS 24
#ifndef MEMORY_MAX /* a board has less */
#define MEMORY_MAX (64u << 20)
#endif

struct module {
    char name[64];
    uint8_t *image, *place, *memory;
    struct vm_image opened;
    struct vm_instance *instance;
    bool tainted; /* its state depends on what was left out */
};

struct tally {
    unsigned passed, failed, left;
    struct {
        char text[48];
        unsigned count;
    } reasons[REASONS];
};

struct suite {
    const char *directory;
    struct module modules[MODULES];
    unsigned module_count;
    struct module *current;
    struct vm_stack stack;
    uint8_t *scratch;
    uint32_t scratch_size;
    struct tally now, all;
    uint8_t *out;
    uint32_t out_len, out_cap;
    unsigned files;
};

/* print, print_i32 and so on: the name says the parameters. Those with floating point in their name
 * were given an empty type by suite.py. */
static bool print_fits(const char *name, const struct vm_type *type) {
    char expected[64] = "print";
    if (type->result_count > 0 || type->param_count > 4)
        return false;
    if (type->param_count == 0 && strchr(name, 'f'))
        return true;
    for (unsigned i = 0; i < type->param_count; i++)
        strcat(expected, type->params[i] == VM_I32 ? "_i32" : "_i64");
    return strcmp(name, expected) == 0;
}

static int resolve(void *ctx, const uint8_t *module, uint32_t module_len, const uint8_t *name,
                   uint32_t name_len, const struct vm_type *type) {
    char text[64];
    (void)ctx;
    if (module_len == 4 && memcmp(module, "card", 4) == 0)
        return 1;
    if (module_len != 8 || memcmp(module, "spectest", 8) != 0 || name_len >= sizeof text)
        return -1;
    memcpy(text, name, name_len);
    text[name_len] = 0;
    return print_fits(text, type) ? 1 : -1;
}

static enum vm_trap host(void *ctx, struct vm_instance *instance, uint32_t number,
                         const uint32_t *args, uint32_t *result) {
    (void)ctx;
    (void)instance;
    (void)number;
    (void)args;
    (void)result;
    return VM_TRAP_NONE;
}

static enum onecard_err keep(void *ctx, const void *data, uint32_t len) {
    struct suite *s = ctx;
    if (len > s->out_cap - s->out_len) {
        s->out_cap = (s->out_len + len) * 2;
        s->out = realloc(s->out, s->out_cap);
        if (!s->out)
            return ONECARD_E_NO_MEMORY;
    }
    memcpy(s->out + s->out_len, data, len);
    s->out_len += len;
    return ONECARD_OK;
}

static uint8_t *read_file(const char *directory, const char *name, uint32_t *out_len) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "vm-suite: cannot open %s\n", path);
        exit(2);
    }
    uint32_t cap = 4096, len = 0;
    uint8_t *data = malloc(cap + 1);
    for (size_t n; (n = fread(data + len, 1, cap - len, f)) > 0;) {
        len += (uint32_t)n;
        if (len == cap)
            data = realloc(data, (cap *= 2) + 1);
    }
    fclose(f);
    data[len] = 0;
    *out_len = len;
    return data;
}

static void left_out(struct suite *s, const char *reason) {
    s->now.left++;
    for (unsigned i = 0; i < REASONS; i++) {
        if (s->now.reasons[i].count == 0)
            snprintf(s->now.reasons[i].text, sizeof s->now.reasons[i].text, "%s", reason);
        if (strncmp(s->now.reasons[i].text, reason, sizeof s->now.reasons[i].text - 1) == 0) {
            s->now.reasons[i].count++;
            return;
        }
    }
}

static void judge(struct suite *s, bool good, const char *line, const char *said) {
    if (good) {
        s->now.passed++;
        return;
    }
    s->now.failed++;
    printf("  line %s: %s\n", line, said);
}

static enum onecard_err translate(struct suite *s, const char *file, struct vm_report *report) {
    struct vm_limits limits = {.memory_max = 64u << 20, .table_max = 65000};
    struct vm_resolver resolver = {NULL, resolve};
    struct vm_sink sink = {s, keep};
    uint32_t len;
    uint8_t *wasm = read_file(s->directory, file, &len);
    s->out_len = 0;
    enum onecard_err err =
        vm_translate(wasm, len, &limits, &resolver, s->scratch, s->scratch_size, &sink, report);
    free(wasm);
    return err;
}

static void forget(struct module *m) {
    free(m->image);
    free(m->place);
    free(m->memory);
    memset(m, 0, sizeof *m);
}

/* The current module again gets a free place; named ones stay. */
static struct module *new_module(struct suite *s, const char *name) {
    struct module *m = NULL;
    for (unsigned i = 0; i < s->module_count && !m; i++)
        if (strcmp(s->modules[i].name, "-") == 0)
            m = &s->modules[i];
    if (!m && s->module_count < MODULES)
        m = &s->modules[s->module_count++];
    if (!m)
        exit(2);
    forget(m);
    snprintf(m->name, sizeof m->name, "%s", name);
    return m;
}

static enum vm_trap instantiate(struct suite *s, struct module *m) {
    uint64_t fuel = FUEL;
    m->image = malloc(s->out_len);
    memcpy(m->image, s->out, s->out_len);
    if (vm_image_open(&m->opened, m->image, s->out_len) != ONECARD_OK)
        return VM_TRAP_HOST;
    uint32_t size = m->opened.memory_max < MEMORY_MAX ? m->opened.memory_max : MEMORY_MAX;
    if (size < m->opened.memory_initial)
        size = m->opened.memory_initial;
    m->place = malloc(m->opened.instance_size);
    m->memory = malloc(size + 1);
    return vm_instance_init(&m->instance, &m->opened, m->place, m->memory, size, &s->stack, host,
                            NULL, &fuel);
}

static void do_module(struct suite *s, char **w) {
    struct vm_report report;
    enum onecard_err err = translate(s, w[2], &report);
    s->current = NULL;
    if (err == ONECARD_E_UNSUPPORTED) {
        left_out(s, report.reason);
        return;
    }
    if (err != ONECARD_OK) {
        judge(s, false, w[1], report.reason);
        return;
    }
    s->current = new_module(s, w[3]);
    enum vm_trap trap = instantiate(s, s->current);
    judge(s, trap == VM_TRAP_NONE, w[1], vm_trap_name(trap));
}

static struct module *find(struct suite *s, const char *name) {
    if (strcmp(name, "-") == 0)
        return s->current;
    for (unsigned i = 0; i < s->module_count; i++)
        if (strcmp(s->modules[i].name, name) == 0)
            return &s->modules[i];
    return NULL;
}

static unsigned parse_values(char *text, uint32_t *slots) {
    unsigned n = 0;
    if (text[0] == '-')
        return 0;
    for (char *p = strtok(text, ","); p; p = strtok(NULL, ",")) {
        uint64_t v = strtoull(p + 4, NULL, 16);
        slots[n++] = (uint32_t)v;
        if (p[1] == '6')
            slots[n++] = (uint32_t)(v >> 32);
    }
    return n;
}

/* The spec's words for a trap begin with ours, or ours with its. */
static bool same_trap(enum vm_trap trap, const char *text) {
    const char *name = vm_trap_name(trap);
    size_t n = strlen(name) < strlen(text) ? strlen(name) : strlen(text);
    if (n == 0)
        return trap != VM_TRAP_NONE;
    if (trap == VM_TRAP_MEMORY || trap == VM_TRAP_TABLE)
        return strstr(text, "out of bounds") != NULL || strstr(text, "undefined") != NULL ||
               strstr(text, "does not fit") != NULL;
    if (trap == VM_TRAP_STACK || trap == VM_TRAP_TYPE) /* older words */
        return strstr(text, "exhausted") != NULL || strstr(text, "mismatch") != NULL;
    return strncmp(name, text, n) == 0;
}

static void do_invoke(struct suite *s, char **w) {
    struct module *m = find(s, w[2]);
    char field[512], said[640];
    uint32_t args[256], expected[2] = {0, 0}, result[2] = {0, 0};
    size_t n = strlen(w[3]) / 2;
    if (!m || !m->instance) {
        left_out(s, "its module was left out");
        return;
    }
    if (m->tainted) {
        left_out(s, "depends on what was left out");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        unsigned c;
        sscanf(w[3] + 2 * i, "%2x", &c);
        field[i] = (char)c;
    }
    field[n] = 0;
    if (memchr(field, 0, n)) {
        left_out(s, "export name with a zero byte");
        return;
    }
    int func = vm_image_export(&m->opened, field, NULL);
    if (func < 0) {
        judge(s, false, w[1], "no such export");
        return;
    }
    parse_values(w[4], args);
    uint64_t fuel = FUEL;
    enum vm_trap trap = vm_instance_call(m->instance, (uint32_t)func, args, result, &fuel);
    if (strcmp(w[0], "trap") == 0) {
        snprintf(said, sizeof said, "expected trap %s, got %s", w[5], vm_trap_name(trap));
        judge(s, same_trap(trap, w[5]), w[1], said);
    } else if (strcmp(w[0], "exhaust") == 0) {
        judge(s, trap == VM_TRAP_STACK || trap == VM_TRAP_FUEL, w[1], vm_trap_name(trap));
    } else if (trap != VM_TRAP_NONE) {
        snprintf(said, sizeof said, "%s: %s", field, vm_trap_name(trap));
        judge(s, false, w[1], said);
    } else {
        unsigned slots = parse_values(w[5], expected);
        bool good = memcmp(expected, result, slots * 4) == 0;
        if (!good && result[0] == UINT32_MAX && strstr(field, "grow")) {
            left_out(s, "needs more memory than there is here");
            m->tainted = true;
            return;
        }
        snprintf(said, sizeof said,
                 "%s: expected %" PRIx32 " %" PRIx32 ", got %" PRIx32 " %" PRIx32, field,
                 expected[1], expected[0], result[1], result[0]);
        judge(s, good, w[1], said);
    }
}

/* invalid, malformed: must not load. refused: must not load or not instantiate. */
static void do_refusal(struct suite *s, char **w) {
    struct vm_report report;
    char said[200];
    enum onecard_err err = translate(s, w[2], &report);
    if (err == ONECARD_E_UNSUPPORTED && strcmp(report.reason, "floating point") == 0) {
        left_out(s, "floating point");
        return;
    }
    if (strcmp(w[0], "refused") == 0 && err == ONECARD_OK) {
        struct module m = {.name = "-"};
        enum vm_trap trap = instantiate(s, &m);
        judge(s, trap != VM_TRAP_NONE, w[1], "was instantiated");
        forget(&m);
        return;
    }
    snprintf(said, sizeof said, "was accepted (%s)", w[3]);
    judge(s, err == ONECARD_E_FORMAT || err == ONECARD_E_UNSUPPORTED, w[1], said);
}

static const struct {
    const char *name;
    int words;
} commands[] = {
    {"module", 4},    {"invoke", 6},  {"return", 6}, {"trap", 6}, {"exhaust", 6}, {"invalid", 4},
    {"malformed", 4}, {"refused", 4}, {"left", 3},   {"drop", 3}, {"taint", 3},
};

static void run_line(struct suite *s, char *line) {
    char none[1] = "";
    char *w[6] = {line, none, none, none, none, none};
    int words = 0;
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        size_t n = strlen(commands[i].name);
        if (strncmp(line, commands[i].name, n) == 0 && line[n] == ' ')
            words = commands[i].words;
    }
    for (int i = 1; i < words; i++) {
        char *space = strchr(w[i - 1], ' ');
        if (!space)
            break;
        *space = 0;
        w[i] = space + 1;
    }
    if (strcmp(w[0], "left") == 0) {
        left_out(s, w[2]);
    } else if (strcmp(w[0], "drop") == 0) {
        left_out(s, w[2]);
        s->current = NULL;
    } else if (strcmp(w[0], "taint") == 0) {
        struct module *m = find(s, w[2]);
        if (m)
            m->tainted = true;
    } else if (strcmp(w[0], "module") == 0) {
        do_module(s, w);
    } else if (words == 4) {
        do_refusal(s, w);
    } else if (words == 6) {
        do_invoke(s, w);
    } else {
        judge(s, false, w[1], "unknown command");
    }
}

static void run_script(struct suite *s, const char *name) {
    uint32_t len;
    char *text = (char *)read_file(s->directory, name, &len);
    memset(&s->now, 0, sizeof s->now);
    for (char *line = text, *next; line < text + len; line = next) {
        char *end = strchr(line, '\n');
        next = end ? end + 1 : text + len;
        if (end)
            *end = 0;
        if (line[0])
            run_line(s, line);
    }
    free(text);
    for (unsigned i = 0; i < s->module_count; i++)
        forget(&s->modules[i]);
    s->module_count = 0;
    s->current = NULL;
    printf("%-28s ran %5u  passed %5u  failed %u  left out %u", name, s->now.passed + s->now.failed,
           s->now.passed, s->now.failed, s->now.left);
    for (unsigned i = 0; i < REASONS && s->now.reasons[i].count > 0; i++)
        printf("%s%s: %u", i ? ", " : " (", s->now.reasons[i].text, s->now.reasons[i].count);
    printf("%s\n", s->now.left ? ")" : "");
    s->all.passed += s->now.passed;
    s->all.failed += s->now.failed;
    s->all.left += s->now.left;
    s->files++;
}

int main(int argc, char **argv) {
    static struct suite s;
    uint32_t len;
    if (argc < 2) {
        fprintf(stderr, "usage: vm-suite DIRECTORY (with a file \"scripts\")\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    s.directory = argv[1];
    s.scratch_size = 256 * 1024;
    s.scratch = malloc(s.scratch_size);
    s.stack.base = s.stack.top = malloc(STACK_SLOTS * 4);
    s.stack.limit = s.stack.base + STACK_SLOTS;
    s.stack.depth_max = 2000;
    char *list = (char *)read_file(s.directory, "scripts", &len);
    for (char *name = list, *end; *name && (end = strchr(name, '\n')); name = end + 1) {
        *end = 0;
        run_script(&s, name);
    }
    char *skipped = (char *)read_file(s.directory, "skipped", &len);
    printf("%s", skipped);
    free(skipped);
    printf("%u files; %u left out\n%u passed, %u failed\n", s.files, s.all.left, s.all.passed,
           s.all.failed);
    free(list);
    free(s.scratch);
    free(s.stack.base);
    free(s.out);
    return s.all.failed != 0;
}
